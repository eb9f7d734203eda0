import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { World } from '../ports.ts';
import { moveBack, moveOn, undoneText } from '../schedules/move.ts';
import { movedText } from '../schedules/schedules.ts';
import { primaryOf } from '../service/deployment.ts';
import type { ScheduleIntent } from './handover.ts';
import { refuseOtherCredentials } from './post.ts';

/**
 * What post does with schedules whose move main has begun: main began it because the deployment was good, so it is finished where the
 * service still runs that revision, and undone where it does not.
 * @returns what they run now, in a sentence; nothing is thrown
 */
export async function settleSchedules({ service, to, moves }: ScheduleIntent, world: World): Promise<string> {
  const early = 'The run ended early, while its schedules were moved.';
  try {
    await refuseOtherCredentials({ cluster: to, what: `moved schedules to ${lastPart(to)}` }, world);
    const port = await world.schedules();
    const serves = service === undefined || (await runs(service, to, world));
    const problems = serves ? await moveOn(moves, port) : await moveBack(moves, port);
    if (problems.length > 0) return `${early} ${problems.join(' ')}`;
    return serves
      ? `${early} It was finished: ${movedText(moves, to)}.`
      : `${early} ${service?.service} does not run ${lastPart(to)}. ${undoneText(moves)}`;
  } catch (thrown) {
    const names = `Some may run ${lastPart(to)} and some ${lastPart(moves[0]?.from)}`;
    return `${early} ${names}, which could not be determined: ${asFailure(thrown).message} Run the job again to move all of them.`;
  }
}

/** Whether the service has the revision, and nothing takes its place. */
async function runs(
  { cluster, service }: NonNullable<ScheduleIntent['service']>,
  revision: string,
  { ecs }: World,
): Promise<boolean> {
  const [found] = await ecs.describeServices(cluster, [service]);
  const primary = found && primaryOf(found);
  return primary?.taskDefinitionArn === revision && primary.rolloutState === 'COMPLETED';
}
