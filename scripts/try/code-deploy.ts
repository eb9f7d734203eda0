/** A service that CodeDeploy deploys: both target groups, the listeners, the application and the deployment group. */
import type { VirtualClock } from '../../simulator/clock.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { AnyInputs, CodeDeployInputs } from '../../src/inputs/types.ts';
import { openPort } from './templates.ts';
import type { Controller, Target } from './trial.ts';

type Input = Readonly<Record<string, unknown>>;

/** What CodeDeploy knows of a service, and what the account has for it. */
export interface CodeDeploySetup {
  readonly application: string;
  readonly group: string;
  readonly configName: string;
  readonly container: { readonly name: string; readonly port: number };
  readonly targetGroups: readonly [blue: string, green: string];
  readonly listeners: { readonly production: string; readonly test: string };
}

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const ALL_AT_ONCE = 'CodeDeployDefault.ECSAllAtOnce';
/** Of a deployment configuration of the account, whose name alone the step has. */
const MADE_UP = { type: 'TimeBasedCanary', percent: 10, minutes: 5 } as const;
/** The original task set stays for this time; CodeDeploy can go back to it until then. */
const TERMINATION_MINUTES = 5;
/** "The maximum wait is 2 days"; the step comes long before. API_DeploymentReadyOption.html */
const APPROVAL_MINUTES = 60;
/** Until the replacement is healthy and its first deployment waits for the approval. */
const INSTALLED_SECONDS = 180;
/** The longest of CodeDeploy's own configurations shifts traffic for 27 minutes; then the original task set ends. */
const ENDED_SECONDS = 3600;
const UNDER_WAY_SECONDS = 5;

const codeDeployOf = (inputs: AnyInputs | undefined): CodeDeployInputs | undefined =>
  inputs && 'service' in inputs ? inputs.service.codeDeploy : undefined;

/** By its inputs, unless the user names the controller. */
export const isCodeDeployed = ({ inputs }: Target, controller: Controller | undefined): boolean =>
  controller === undefined ? codeDeployOf(inputs) !== undefined : controller === 'CODE_DEPLOY';

/**
 * @param definition the task definition of the service, whose first container with a port gets the traffic
 * @throws an error that names the file, where no container has a port
 */
export function codeDeploySetup(
  simulator: Simulator,
  { inputs, cluster, template: { file } }: Target,
  { service, definition }: { readonly service: string; readonly definition: Input },
): CodeDeploySetup {
  const { partition, region, accountId } = simulator.context;
  const elb = `arn:${partition}:elasticloadbalancing:${region}:${accountId}`;
  const short = service.slice(0, 26);
  const listener = (id: string): string => `${elb}:listener/app/${short}/0123456789abcdef/${id}`;
  const { application, deploymentGroup, configName = ALL_AT_ONCE } = codeDeployOf(inputs) ?? {};
  return {
    // The names that the console gives, and that aws-actions/amazon-ecs-deploy-task-definition assumes.
    application: application ?? `AppECS-${cluster}-${service}`,
    group: deploymentGroup ?? `DgpECS-${cluster}-${service}`,
    configName,
    container: openPort(definition, { file, why: 'CodeDeploy' }),
    targetGroups: [
      `${elb}:targetgroup/${short}-blue/0123456789abcdef`,
      `${elb}:targetgroup/${short}-green/fedcba9876543210`,
    ],
    listeners: { production: listener('0123456789abcdef'), test: listener('fedcba9876543210') },
  };
}

/** Members of CreateService. */
export const codeDeploySettings = ({ targetGroups: [blue], container: { name, port } }: CodeDeploySetup): Input => ({
  deploymentController: { type: 'CODE_DEPLOY' },
  loadBalancers: [{ targetGroupArn: blue, containerName: name, containerPort: port }],
});

/**
 * The application and the deployment group, once the service is there.
 * @param mode `continue` finds a deployment that waits for its approval
 * @returns what the account has, in words
 */
export async function createGroup(
  simulator: Simulator,
  setup: CodeDeploySetup,
  {
    cluster,
    service,
    definition,
    mode,
  }: {
    readonly cluster: string;
    readonly service: string;
    readonly definition: Input;
    readonly mode: string;
  },
): Promise<string> {
  const { codeDeploy, context, loadBalancing } = simulator;
  const { application, group, configName, targetGroups, listeners, container } = setup;
  const targetType = definition.networkMode === 'awsvpc' ? 'ip' : 'instance';
  for (const arn of targetGroups) loadBalancing.targetGroups.set(arn, { targetType, port: container.port });
  const isOwn = !codeDeploy.configs.has(configName);
  if (isOwn) codeDeploy.configs.set(configName, MADE_UP);
  // Services of one step may share the application.
  if (!codeDeploy.applications.has(application))
    await codeDeploy.handle('CreateApplication', { applicationName: application, computePlatform: 'ECS' }, context);
  await codeDeploy.handle(
    'CreateDeploymentGroup',
    {
      applicationName: application,
      deploymentGroupName: group,
      serviceRoleArn: `arn:${context.partition}:iam::${context.accountId}:role/ecsCodeDeployRole`,
      deploymentConfigName: configName,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      blueGreenDeploymentConfiguration: {
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: TERMINATION_MINUTES,
        },
        deploymentReadyOption:
          mode === 'continue'
            ? { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: APPROVAL_MINUTES }
            : { actionOnTimeout: 'CONTINUE_DEPLOYMENT', waitTimeInMinutes: 0 },
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: targetGroups.map((arn) => ({ name: arn.split('/')[1] })),
            prodTrafficRoute: { listenerArns: [listeners.production] },
            testTrafficRoute: { listenerArns: [listeners.test] },
          },
        ],
      },
      ecsServices: [{ clusterName: cluster, serviceName: service }],
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
    },
    context,
  );
  const config = isOwn
    ? `${configName}, made up: ${MADE_UP.percent} percent for ${MADE_UP.minutes} minutes`
    : configName;
  return `${service}: deployed by CodeDeploy, application ${application}, deployment group ${group} (${config})`;
}

/** A second release, as a run before this one deployed it. @param mode what the step that follows begins with */
export async function deployByCodeDeploy(
  simulator: Simulator,
  { application, group, container }: CodeDeploySetup,
  { taskDefinition, mode }: { readonly taskDefinition: string; readonly mode: string },
): Promise<void> {
  const { partition, region, accountId } = simulator.context;
  const content = JSON.stringify({
    version: 0,
    Resources: [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: `arn:${partition}:ecs:${region}:${accountId}:task-definition/${taskDefinition}`,
            LoadBalancerInfo: { ContainerName: container.name, ContainerPort: container.port },
          },
        },
      },
    ],
  });
  await simulator.codeDeploy.handle(
    'CreateDeployment',
    {
      applicationName: application,
      deploymentGroupName: group,
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content } },
    },
    simulator.context,
  );
  const seconds = { watch: UNDER_WAY_SECONDS, continue: INSTALLED_SECONDS }[mode] ?? ENDED_SECONDS;
  (simulator.clock as VirtualClock).advance(seconds);
}

/** The revision that an AppSpec in YAML or JSON deploys, such as `web:2`; empty where it names none. */
export function revisionOfAppSpec({ revision }: Input): string {
  const { appSpecContent } = (revision ?? {}) as { readonly appSpecContent?: { readonly content?: string } };
  return /task-definition\/([\w-]+:\d+)/.exec(appSpecContent?.content ?? '')?.[1] ?? '';
}
