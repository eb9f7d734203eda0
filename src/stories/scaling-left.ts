import { asFailure } from '../failure.ts';
import type { World } from '../ports.ts';
import { resume, type ScalingIntent } from '../service/resume-scaling.ts';
import { refuseOtherCredentials } from './post.ts';

/**
 * What post does with a scale-in that main has suspended and not resumed: it resumes it at once, because ECS itself turns scale-in off
 * while its deployment continues. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 * @returns the result, in a sentence; nothing is thrown
 */
export async function settleScaling(intent: ScalingIntent, world: World): Promise<string> {
  const { resource, target } = intent;
  try {
    await refuseOtherCredentials({ cluster: target, what: `suspended the scale-in of ${resource}` }, world);
    await resume(intent, await world.autoscaling());
    return `The run ended early; the scale-in of ${resource} is resumed.`;
  } catch (thrown) {
    return `The run ended early, and the scale-in of ${resource} may still be suspended: ${asFailure(thrown).message} The next run with \`autoscaling\` resumes it; or: aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${resource} --suspended-state DynamicScalingInSuspended=${intent.before.dynamicIn},DynamicScalingOutSuspended=${intent.before.dynamicOut},ScheduledScalingSuspended=${intent.before.scheduled}`;
  }
}
