import { lastPart } from '../arn.ts';
import { Failure, type Mistake } from '../failure.ts';
import type { InputName } from '../inputs/known.ts';
import type { CodeDeployInputs } from '../inputs/types.ts';
import { isObject, type ServiceState } from '../model.ts';

/** Those whose deployments are started, watched and rolled back here. */
const DEPLOYED: readonly string[] = ['ECS', 'CODE_DEPLOY'];

/**
 * Task sets of the EXTERNAL controller are created, scaled and shifted by a deployment tool of its owner, which nothing in ECS shows
 * apart from another one: two of them would undo each other's traffic. Refused before anything is changed, with the way to ECS's own
 * controller, which can be set in place.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
 * @throws Failure INVALID_INPUT with the command
 */
export function refuseController(state: ServiceState): void {
  const { name, deploymentController: controller } = state;
  if (DEPLOYED.includes(controller)) return;
  throw new Failure(
    'INVALID_INPUT',
    controller === 'EXTERNAL'
      ? `The service ${name} has the deployment controller EXTERNAL: a tool of yours deploys it by task sets, and this action does not; nothing was changed.`
      : `The service ${name} has the deployment controller ${controller}, which this action does not know; nothing was changed.`,
    {
      remedy: `Deploy it with that tool, or let ECS deploy it, once no deployment is under way and one task set is left: ${command(state)} (its strategies BLUE_GREEN, LINEAR and CANARY shift traffic as task sets do). \`mode: status\` and \`mode: task\` work with either.`,
    },
  );
}

/** Inputs `codedeploy-...` for a service that ECS deploys: none of them would have an effect. */
export function foreignCodeDeploy(
  { codeDeploy }: { readonly codeDeploy?: CodeDeployInputs },
  { name, deploymentController: controller }: Pick<ServiceState, 'name' | 'deploymentController'>,
): Mistake[] {
  if (codeDeploy === undefined || controller !== 'ECS') return [];
  return FIELDS.filter(([field]) => codeDeploy[field] !== undefined).map(([, subject]) => ({
    subject,
    problem: `is for a service that CodeDeploy deploys, and ${name} has the deployment controller ECS.`,
    remedy: 'Remove it; `strategy` is how ECS itself deploys blue/green.',
  }));
}

const FIELDS = [
  ['appSpec', 'codedeploy-appspec'],
  ['application', 'codedeploy-application'],
  ['deploymentGroup', 'codedeploy-deployment-group'],
  ['configName', 'codedeploy-deployment-config'],
  ['description', 'codedeploy-deployment-description'],
  ['waitFor', 'codedeploy-wait-for'],
] as const satisfies readonly (readonly [keyof CodeDeployInputs, InputName])[];

/** Of a service whose task sets have what UpdateService wants of the service then. */
function command({ region, clusterArn, name, taskDefinitionArn, settings = {} }: ServiceState): string {
  const { networkConfiguration, loadBalancers } = settings;
  const json = (option: string, value: unknown): string[] =>
    isObject(value as never) || (Array.isArray(value) && value.length > 0)
      ? [`--${option} '${JSON.stringify(value)}'`]
      : [];
  return [
    `aws ecs update-service --region ${region} --cluster ${lastPart(clusterArn)} --service ${name}`,
    '--deployment-controller type=ECS',
    `--task-definition ${lastPart(taskDefinitionArn) || 'FAMILY:REVISION'}`,
    ...json('network-configuration', networkConfiguration),
    ...json('load-balancers', loadBalancers),
  ].join(' ');
}
