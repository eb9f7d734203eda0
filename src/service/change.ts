import { Failure, type Mistake } from '../failure.ts';
import type { ServiceInputs, WatchInputs } from '../inputs/types.ts';
import type { JsonObject, ServiceCreation, ServiceState, ServiceUpdate, Tags } from '../model.ts';
import { defined } from '../model.ts';
import type { Difference } from '../taskdef/diff.ts';
import { foreignCodeDeploy } from './controller.ts';
import { primaryOf } from './deployment.ts';
import { expressMistakes } from './express.ts';
import {
  describeTraffic,
  namesOf,
  presentConfiguration,
  STRATEGY_INPUTS,
  type Strategy,
  strategyConfiguration,
  strategyMistakes,
  strategyOf,
  TRAFFIC_INPUTS,
  withTraffic,
} from './strategy.ts';

/** What UpdateService changes, decided before anything is called. */
export interface Change {
  /** Undefined: the service already is what the inputs ask for. */
  readonly update?: ServiceUpdate;
  /** Settings of the service that differ from what the inputs ask for; the revision is not among them. */
  readonly settings: readonly Difference[];
  readonly desiredCount: number;
  readonly rolling: RollingPlan;
  /** The service does not exist: what CreateService is called with beside names and revision. */
  readonly create?: Pick<ServiceCreation, 'settings' | 'tags'>;
  /** Tags of the service to add or overwrite. */
  readonly tags?: Tags;
  /** Keys of tags of the service to remove. */
  readonly untag?: readonly string[];
  /** Of the settings that belong to a deployment and that the update changes: what the service has now, for a rollback. */
  readonly before?: JsonObject;
}

/** Whether anything is called for it. */
export const isChange = ({ update, create, tags, untag }: Change): boolean =>
  [update, create, tags, untag].some((part) => part !== undefined);

function plannedStrategy(inputs: ServiceInputs, state: ServiceState): Pick<RollingSettings, 'strategy' | 'traffic'> {
  const traffic = strategyOf(state, inputs.strategy);
  return { strategy: traffic.kind, traffic };
}

/**
 * Tasks that the service is to run: Application Auto Scaling moves a count that is outside of the capacity which the inputs set before the
 * deployment begins. A count of 0 was set on purpose.
 */
function plannedCount(
  { desiredCount, scaling }: Pick<ServiceInputs, 'desiredCount' | 'scaling'>,
  state: Pick<ServiceState, 'desiredCount'>,
): number {
  const wanted = desiredCount ?? state.desiredCount;
  const { minCapacity = 0, maxCapacity = Number.POSITIVE_INFINITY } = scaling ?? {};
  return wanted === 0 ? 0 : Math.min(Math.max(wanted, minCapacity), maxCapacity);
}

/** The service as it will be, where the inputs set something; for the arithmetic and its refusal. */
export function plannedRolling(inputs: ServiceInputs, state: ServiceState): RollingPlan {
  return planRolling({
    desiredCount: plannedCount(inputs, state),
    minimumHealthyPercent: inputs.minimumHealthyPercent ?? state.minimumHealthyPercent,
    maximumPercent: inputs.maximumPercent ?? state.maximumPercent,
    schedulingStrategy: state.schedulingStrategy,
    ...plannedStrategy(inputs, state),
  });
}

/**
 * Whether this service can be deployed to in this way at all. To be called before anything is registered.
 * @throws Failure INVALID_INPUT, IMPOSSIBLE_ROLLOUT or CONFLICT
 */
export function checkService(
  { service: inputs, watch }: { readonly service: ServiceInputs; readonly watch: WatchInputs },
  state: ServiceState,
): RollingPlan {
  if (state.status !== 'ACTIVE') {
    const was = state.status === 'INACTIVE' ? 'was deleted' : 'is being deleted';
    throw new Failure(
      'CONFLICT',
      `The service ${state.name} ${was} (it is ${state.status}), so nothing can be deployed to it.`,
      { remedy: 'Correct the input `service`, or create it again: `service-definition` does it in the same step.' },
    );
  }
  const mistakes: Mistake[] = [];
  if (state.deploymentController === 'CODE_DEPLOY') mistakes.push(...codeDeployMistakes(inputs, state));
  else if (state.deploymentController !== 'ECS') {
    throw new Failure(
      'INVALID_INPUT',
      `The service ${state.name} is deployed by ${state.deploymentController}, not by ECS itself.`,
      {
        remedy:
          'Change its deployment controller to ECS (aws ecs update-service --deployment-controller type=ECS), or deploy with that controller.',
      },
    );
  }
  mistakes.push(...foreignCodeDeploy(inputs, state));
  if (state.schedulingStrategy === 'DAEMON') {
    if (inputs.desiredCount !== undefined) {
      mistakes.push({
        subject: 'desired-count',
        problem: 'is not for a DAEMON service, which runs one task per instance.',
        remedy: 'Leave it out.',
      });
    }
    if ((inputs.maximumPercent ?? 100) > 100) {
      mistakes.push({
        subject: 'maximum-percent',
        problem: 'must be 100 for a DAEMON service.',
        remedy: 'Leave it out.',
      });
    }
  }
  if (inputs.healthCheckGracePeriodSeconds !== undefined && state.loadBalancers.length === 0) {
    mistakes.push({
      subject: 'health-check-grace-period-seconds',
      problem: 'is only for a service behind a load balancer.',
      remedy: 'Use the startPeriod of the container health check instead.',
    });
  }
  mistakes.push(...expressMistakes(inputs, state));
  const hasStrategy = state.deploymentController === 'ECS' || mistakes.length === 0;
  if (hasStrategy && !state.express) mistakes.push(...strategyMistakes({ service: inputs, watch }, state));
  if (mistakes.length > 0) {
    throw new Failure('INVALID_INPUT', `The service ${state.name} does not take these inputs; nothing was changed.`, {
      mistakes,
    });
  }
  const rolling = plannedRolling(inputs, state);
  if (rolling.stuck) {
    throw new Failure('IMPOSSIBLE_ROLLOUT', rolling.sentence, { remedy: 'Change the percents; nothing was changed.' });
  }
  return rolling;
}

/**
 * What neither UpdateService nor an AppSpec changes of a service that CodeDeploy deploys, and where it is changed. "Only the desired
 * count, deployment configuration, health check grace period, task placement constraints and strategies, enable ECS managed tags
 * option, and propagate tags can be updated": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
function codeDeployMistakes(inputs: ServiceInputs, state: ServiceState): Mistake[] {
  const mistakes: Mistake[] = [];
  const refuse = (subject: string, remedy: string): void =>
    void mistakes.push({ subject, problem: `cannot be set for ${state.name}, which CodeDeploy deploys.`, remedy });
  const differs = <T>(wanted: T | undefined, now: T): boolean => wanted !== undefined && wanted !== now;
  for (const name of inputs.strategy ? namesOf(inputs.strategy) : [])
    refuse(
      name,
      'Traffic moves as set in the deployment configuration of CodeDeploy (`codedeploy-deployment-config`). To use the strategies of ECS, change the deployment controller first (docs/codedeploy.md).',
    );
  if (inputs.circuitBreaker)
    refuse(
      'circuit-breaker',
      'Remove it: this action stops a deployment whose tasks fail, and CodeDeploy rolls it back.',
    );
  if (inputs.alarms) refuse('alarms', 'Set them in the deployment group (alarmConfiguration).');
  if (differs(inputs.enableExecuteCommand, state.enableExecuteCommand))
    refuse('enable-execute-command', 'UpdateService does not take it: recreate the service with it, or leave it out.');
  for (const [name, wanted, now] of [
    ['minimum-healthy-percent', inputs.minimumHealthyPercent, state.minimumHealthyPercent],
    ['maximum-percent', inputs.maximumPercent, state.maximumPercent],
  ] as const)
    if (differs(wanted, now))
      refuse(name, 'A whole second task set runs beside the first one, whatever the percents: leave it out.');
  return mistakes;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html: "This parameter triggers a new service deployment." */
const STARTS: readonly string[] = [
  'taskDefinition',
  'forceNewDeployment',
  'networkConfiguration',
  'platformVersion',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'loadBalancers',
  // Not documented, and each is part of a service revision.
  'gatewayConnectors',
  'monitoring',
  // Of an Express Mode service: another configuration of its target groups.
  'healthCheckPath',
];

/** Whether ECS answers this call with a new deployment, which replaces every task. */
export const startsDeployment = (update: ServiceUpdate): boolean =>
  Object.keys({ ...update, ...update.settings }).some((field) => STARTS.includes(field));

/**
 * The UpdateService call that brings the service to the inputs and the revision: only what the user set and what
 * differs.
 */
export function planChange(inputs: ServiceInputs, taskDefinitionArn: string, state: ServiceState): Change {
  const settings: Difference[] = [];
  const changed: Compare = (name, wanted, now) => {
    const differ = wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(now);
    if (differ) settings.push(difference(name, wanted, now));
    return differ;
  };
  const newRevision = taskDefinitionArn !== primaryRevision(state);
  const configuration = deploymentConfiguration(inputs, state, changed);
  // A deployment that has failed comes to nothing any more, and ECS begins none for the same revision unless it is forced to.
  const dead = !newRevision && primaryOf(state)?.rolloutState === 'FAILED';
  const forced = inputs.forceNewDeployment || dead;
  const { enableExecuteCommand, enableEcsManagedTags, propagateTags, platformVersion, desiredCount } = inputs;
  const balancers = inputs.strategy && withTraffic(inputs.strategy, state);
  const grace = inputs.healthCheckGracePeriodSeconds;
  const update = {
    ...(newRevision || forced ? { taskDefinition: taskDefinitionArn } : {}),
    ...defined({ forceNewDeployment: forced ? (true as const) : undefined, deploymentConfiguration: configuration }),
    ...(changed('desired-count', desiredCount, state.desiredCount) && desiredCount !== undefined
      ? { desiredCount }
      : {}),
    ...(changed('health-check-grace-period-seconds', grace, state.healthCheckGracePeriodSeconds) && grace !== undefined
      ? { healthCheckGracePeriodSeconds: grace }
      : {}),
    ...(changed('enable-execute-command', enableExecuteCommand, state.enableExecuteCommand) &&
    enableExecuteCommand !== undefined
      ? { enableExecuteCommand }
      : {}),
    ...(changed('enable-ecs-managed-tags', enableEcsManagedTags, state.enableEcsManagedTags) &&
    enableEcsManagedTags !== undefined
      ? { enableECSManagedTags: enableEcsManagedTags }
      : {}),
    ...(changed('propagate-tags', propagateTags, state.propagateTags) && propagateTags ? { propagateTags } : {}),
    ...(changed('platform-version', platformVersion, state.platformVersion) && platformVersion
      ? { platformVersion }
      : {}),
    ...(balancers && changedTraffic(inputs, state, changed) ? { loadBalancers: balancers } : {}),
  };
  return {
    settings,
    desiredCount: desiredCount ?? state.desiredCount,
    rolling: plannedRolling(inputs, state),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html: LATEST where a service names none.
    ...('platformVersion' in update ? { before: { platformVersion: state.platformVersion ?? 'LATEST' } } : {}),
    ...(Object.keys(update).length > 0
      ? { update: { cluster: state.clusterArn, service: state.name, ...update } }
      : {}),
  };
}

/** Whether a setting is to be changed; notes it when it is. */
type Compare = <T>(name: string, wanted: T | undefined, now: T | undefined) => boolean;

/** Each input of the traffic by its own name: the load balancer as a whole is a text of 400 characters. */
function changedTraffic({ strategy }: ServiceInputs, { loadBalancers }: ServiceState, changed: Compare): boolean {
  const [balancer] = loadBalancers;
  return (
    TRAFFIC_INPUTS.filter(([member, input]) =>
      changed(input, strategy?.traffic?.[member], balancer?.advanced?.[member]),
    ).length > 0
  );
}

function difference(subject: string, wanted: unknown, now: unknown): Difference {
  const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (now === undefined) return { subject, kind: 'added', after: text(wanted) };
  return { subject, kind: 'changed', before: text(now), after: text(wanted) };
}

/** Where the service is going: the revision of its PRIMARY deployment, which `taskDefinition` names as well. */
const primaryRevision = (state: ServiceState): string => primaryOf(state)?.taskDefinitionArn ?? state.taskDefinitionArn;

/**
 * The members of the deployment configuration that the user set and that differ, none else: ECS leaves a member that is
 * not there as it is (what Terraform's aws_ecs_service lives by, which sends the changed ones alone too), and we do not
 * know them all: strategy, hooks, bake times. A member goes out whole, with what the service has for the parts of it
 * that have no input.
 */
function deploymentConfiguration(inputs: ServiceInputs, state: ServiceState, changed: Compare): JsonObject | undefined {
  const { circuitBreaker, alarms, minimumHealthyPercent, maximumPercent } = inputs;
  const { enable, rollback, threshold, resetOnHealthyTask } = state.circuitBreaker ?? {
    enable: false,
    rollback: false,
  };
  const breaker = circuitBreaker && { ...circuitBreaker, threshold: circuitBreaker.threshold ?? threshold };
  const watched = alarms && { names: alarms, enable: alarms.length > 0, rollback: alarms.length > 0 };
  const configuration = {
    ...(changed('minimum-healthy-percent', minimumHealthyPercent, state.minimumHealthyPercent) &&
    minimumHealthyPercent !== undefined
      ? { minimumHealthyPercent }
      : {}),
    ...(changed('maximum-percent', maximumPercent, state.maximumPercent) && maximumPercent !== undefined
      ? { maximumPercent }
      : {}),
    ...(changed('circuit-breaker', breaker, { enable, rollback, threshold }) && breaker
      ? {
          deploymentCircuitBreaker: {
            enable: breaker.enable,
            rollback: breaker.rollback,
            ...defined({
              thresholdConfiguration: breaker.threshold && {
                type: breaker.threshold.type,
                value: breaker.threshold.value,
              },
              resetOnHealthyTask,
            }),
          },
        }
      : {}),
    ...(changed('alarms', watched, state.alarms ?? { names: [], enable: false, rollback: false }) && watched
      ? { alarms: { alarmNames: watched.names, enable: watched.enable, rollback: watched.rollback } }
      : {}),
    ...changedStrategy(inputs, state, changed),
  };
  return Object.keys(configuration).length > 0 ? configuration : undefined;
}

function changedStrategy({ strategy }: ServiceInputs, state: ServiceState, changed: Compare): JsonObject {
  const present = presentConfiguration(state);
  const wanted = Object.entries(strategy ? strategyConfiguration(strategy, state) : {});
  return Object.fromEntries(
    wanted.filter(
      ([member, value]) =>
        (STRATEGY_INPUTS[member] ?? [[member]]).filter(([input, part]) =>
          changed(input, partOf(value, part), partOf(present[member], part)),
        ).length > 0,
    ),
  );
}

const partOf = (value: unknown, part: string | undefined): unknown =>
  part === undefined ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[part];

/**
 * The arithmetic of a deployment. A rolling update moves between lo = ceil(desired * minimum / 100) healthy tasks and
 * hi = floor(desired * maximum / 100) tasks at most. It can never move when neither a task may be stopped nor one
 * started: lo >= desired and hi <= desired.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 * The other strategies (BLUE_GREEN, LINEAR, CANARY) start a whole second set of tasks before any traffic moves, whatever the
 * percents say. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
interface RollingSettings {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** ROLLING when absent. */
  readonly strategy?: string;
  /** How the traffic moves, where that is known. */
  readonly traffic?: Strategy;
}

interface RollingPlan {
  readonly strategy: string;
  /** Healthy tasks at least. */
  readonly lo: number;
  /** Tasks at most, old and new. */
  readonly hi: number;
  readonly stuck: boolean;
  /** Tasks that can be replaced at a time; 0 when stuck or when there is nothing to replace. */
  readonly batch: number;
  /** For the log; or, when stuck, the sums and the nearest settings that move. */
  readonly sentence: string;
}

export function planRolling(settings: RollingSettings): RollingPlan {
  const { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max, strategy = 'ROLLING' } = settings;
  if (strategy !== 'ROLLING') {
    const beside = `${strategy} deployment: ${tasks(desired)} of the new revision ${desired === 1 ? 'starts' : 'start'} beside the old ones, ${desired * 2} in all.${settings.traffic ? describeTraffic(settings.traffic) : ''}`;
    const sentence = desired === 0 ? `${strategy} deployment: the desired count is 0, so nothing is replaced.` : beside;
    return { strategy, lo: desired, hi: desired * 2, stuck: false, batch: desired, sentence };
  }
  if (settings.schedulingStrategy === 'DAEMON') {
    const stuck = min >= 100 && max <= 100 && desired > 0;
    const sentence = stuck
      ? `minimum-healthy-percent ${min} lets no daemon task stop, and maximum-percent ${max} lets none start beside it. Set minimum-healthy-percent below 100.`
      : `One daemon task per instance; ${min} % of them stay running.`;
    return { strategy, lo: Math.ceil((desired * min) / 100), hi: desired, stuck, batch: stuck ? 0 : 1, sentence };
  }
  const lo = Math.ceil((desired * min) / 100);
  const hi = Math.floor((desired * max) / 100);
  if (desired === 0)
    return { strategy, lo, hi, stuck: false, batch: 0, sentence: 'The desired count is 0, so nothing is replaced.' };
  const stuck = lo >= desired && hi <= desired;
  if (stuck) return { strategy, lo, hi, stuck, batch: 0, sentence: stuckSentence(settings, lo, hi) };
  const batch = Math.max(hi - desired, desired - lo);
  const bake = settings.traffic ? describeTraffic(settings.traffic) : '';
  return {
    strategy,
    lo,
    hi,
    stuck,
    batch,
    sentence: `At most ${hi} running, at least ${lo} healthy, ${batch} at a time.${bake}`,
  };
}

const tasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`;

function stuckSentence(
  { desiredCount, minimumHealthyPercent: min, maximumPercent: max }: RollingSettings,
  lo: number,
  hi: number,
): string {
  // One task more than desired, or one less: the nearest percents whose rounding gives it.
  const raise = Math.ceil(((desiredCount + 1) * 100) / desiredCount);
  const lower = Math.floor(((desiredCount - 1) * 100) / desiredCount);
  return (
    `With ${tasks(desiredCount)} wanted, minimum-healthy-percent ${min} keeps ceil(${desiredCount} * ${min} / 100) = ${lo} of them, ` +
    `so none may stop, and maximum-percent ${max} allows floor(${desiredCount} * ${max} / 100) = ${hi}, so none may start: ` +
    `this rollout could never move. Set maximum-percent to ${raise} or more, or minimum-healthy-percent to ${lower} or less.`
  );
}

/** `Rolling update: at most 4 running, ...`: with the strategy in front, as the log and a plan name it. */
export const describeRolling = ({ sentence, strategy }: RollingPlan): string =>
  strategy === 'ROLLING' ? `Rolling update: ${sentence[0]?.toLowerCase() ?? ''}${sentence.slice(1)}` : sentence;

/** The same for a service that is to be created. */
export const describeFirst = (
  { desiredCount: wanted }: Pick<ServiceInputs, 'desiredCount'>,
  { desiredCount, schedulingStrategy }: Pick<ServiceState, 'desiredCount' | 'schedulingStrategy'>,
): string =>
  schedulingStrategy === 'DAEMON'
    ? 'First deployment: one task per instance.'
    : `First deployment: ${tasks(wanted ?? desiredCount)}.`;
