/**
 * A service that CodeDeploy deploys, in the words that hold for every service: its task sets are its deployments, known by the id of the
 * deployment in CodeDeploy that made them, and that deployment is its service deployment. So everything that watches, judges, rolls
 * back and reports knows one kind of service.
 */
import {
  type CodeDeployment,
  type CodeDeployTarget,
  type DeploymentGroup,
  type DeploymentState,
  defined,
  type Instant,
  type LifecycleEvent,
  type LoadBalancer,
  type RevisionCount,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
  type ServiceState,
  type TaskSetState,
  type TrafficRouting,
} from '../model.ts';
import { revisionIn } from './app-spec.ts';

/** Statuses of a deployment that has not come to its end. */
export const OPEN: readonly string[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];
export const isOpen = ({ status }: Pick<CodeDeployment, 'status'>): boolean => OPEN.includes(status);
/** Statuses of one that can change no more. A status that AWS adds is in neither list. */
const ENDED: readonly string[] = ['Succeeded', 'Failed', 'Stopped'];
export const hasEnded = ({ status }: { readonly status: string }): boolean => ENDED.includes(status);

/** The newest deployment of a service, and the one that rolls it back. */
export interface Current {
  readonly deployment: CodeDeployment;
  readonly target?: CodeDeployTarget;
  readonly rollback?: CodeDeployment;
  /** A rollback was asked for and is not shown yet. */
  readonly rollbackRequested?: boolean;
}

/** What is known of the deployments of a service. */
export interface Known {
  readonly group?: DeploymentGroup;
  readonly routing?: TrafficRouting;
  readonly current?: Current;
  /** The run waits for the end of the original task set. */
  readonly untilTermination: boolean;
}

/** A rollback that CodeDeploy begins automatically appears within this time. */
const ROLLBACK_APPEARS_SECONDS = 60;
/** The same for one that another client may have asked for with its stop: until then a stop is not known to be one without a rollback. */
const STOP_SETTLES_SECONDS = 15;
/** What stands in front of the id in the place of a service revision's ARN. */
const REVISION = 'code-deploy/';

/** The id by which a task set is known: of the deployment that made it; the first one of a service has its own. */
export const idOf = ({ id, externalId }: Pick<TaskSetState, 'id' | 'externalId'>): string => externalId ?? id;

export const revisionArnOf = (id: string): string => `${REVISION}${id}`;
export const idIn = (arn: string): string | undefined =>
  arn.startsWith(REVISION) ? arn.slice(REVISION.length) : undefined;

/** The service with its task sets as deployments. @param now by AWS's clock */
export function asDeployed(service: ServiceState, known: Known, now: Instant): ServiceState {
  const { group, routing, untilTermination } = known;
  const sets = service.taskSets ?? [];
  const ids = new Map(sets.map((set) => [set.id, idOf(set)]));
  const deployments = deploymentsOf(service, known, now);
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const bakeTimeMinutes = untilTermination ? group?.terminationMinutes : undefined;
  return {
    ...service,
    deployments,
    events: service.events.map((event) =>
      event.deploymentId === undefined
        ? event
        : { ...event, deploymentId: ids.get(event.deploymentId) ?? event.deploymentId },
    ),
    taskDefinitionArn: primary?.taskDefinitionArn ?? service.taskDefinitionArn,
    loadBalancers: balancersOf(service),
    ...strategyOf(routing),
    ...defined({ bakeTimeMinutes }),
    ...(group ? { codeDeploy: { kind: 'known', ...group, ...defined({ newest: newestOf(known) }) } as const } : {}),
  };
}

/** The group is not asked for again while a deployment is under way. */
const newestOf = ({ current, group }: Known): DeploymentGroup['newest'] =>
  current ? { id: current.deployment.id, status: current.deployment.status } : group?.newest;

/** Traffic moves as the deployment configuration says, which has the strategies of ECS under other names. */
function strategyOf(routing: TrafficRouting | undefined): Pick<ServiceState, 'strategy' | 'linear' | 'canary'> {
  const { kind, percent, minutes } = routing ?? {};
  if (kind === 'TimeBasedCanary')
    return { strategy: 'CANARY', canary: defined({ canaryPercent: percent, canaryBakeTimeInMinutes: minutes }) };
  if (kind === 'TimeBasedLinear')
    return { strategy: 'LINEAR', linear: defined({ stepPercent: percent, stepBakeTimeInMinutes: minutes }) };
  return { strategy: 'BLUE_GREEN' };
}

/** Each target group of the task sets once, the serving one first. */
function balancersOf({ taskSets = [], loadBalancers }: ServiceState): readonly LoadBalancer[] {
  const sorted = taskSets.toSorted((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY'));
  const all = [...sorted.flatMap((set) => set.loadBalancers), ...(taskSets.length > 0 ? [] : loadBalancers)];
  return all.filter(
    ({ targetGroupArn: arn }, index) => all.findIndex(({ targetGroupArn }) => targetGroupArn === arn) === index,
  );
}

/**
 * What the service is being brought to is PRIMARY here, as it is of ECS's own deployments: CodeDeploy's replacement from the moment that its
 * deployment begins, also before it has a task set; what serves after it has ended. A replacement that ended badly and that nothing
 * removes stays PRIMARY and FAILED, as with ECS: it has its tasks, and may have traffic, until the next deployment.
 */
function deploymentsOf(service: ServiceState, { current, untilTermination }: Known, now: Instant): DeploymentState[] {
  const { taskSets = [] } = service;
  const deployment = current?.deployment;
  const under = deployment !== undefined && isOpen(deployment);
  const ours = deployment && taskSets.find((set) => idOf(set) === deployment.id);
  const serving = taskSets.find(({ status }) => status === 'PRIMARY');
  const status = current && statusOf(current, now);
  const restoring = status !== undefined && !under && isRestoring(status);
  const isLeft =
    (status === 'STOPPED' || status === 'STOP_REQUESTED') && ours !== undefined && ours.status !== 'DRAINING';
  // Until traffic has returned, what it returns to is not PRIMARY in ECS.
  const restored =
    restoring && serving !== undefined && serving === ours ? taskSets.find((set) => set !== ours) : serving;
  const newest = taskSets.find(
    (set) => !current && set.status === 'ACTIVE' && set.createdAt > (serving?.createdAt ?? 0),
  );
  const wanted = under || isLeft ? deployment?.id : idOf(newest ?? restored ?? { id: '' });
  const states = taskSets.map((set): DeploymentState => {
    const id = idOf(set);
    return {
      id,
      status: id === wanted ? 'PRIMARY' : 'ACTIVE',
      taskDefinitionArn: set.taskDefinitionArn,
      desiredCount: set.desiredCount,
      runningCount: set.runningCount,
      pendingCount: set.pendingCount,
      failedTasks: 0,
      rolloutState: rolloutStateOf(set, { current, status, newest, ours: set === ours, untilTermination }),
      createdAt: set === ours ? (deployment?.createdAt ?? set.createdAt) : set.createdAt,
      updatedAt: set.updatedAt,
    };
  });
  if (!under || ours) return primaryFirst(states);
  return primaryFirst([
    {
      id: deployment.id,
      status: 'PRIMARY',
      taskDefinitionArn: revisionIn(deployment.appSpec) ?? '',
      desiredCount: service.desiredCount,
      runningCount: 0,
      pendingCount: 0,
      failedTasks: 0,
      rolloutState: 'IN_PROGRESS',
      createdAt: deployment.createdAt,
      updatedAt: deployment.createdAt,
    },
    ...states,
  ]);
}

const primaryFirst = (states: DeploymentState[]): DeploymentState[] =>
  states.sort((a, b) => Number(b.status === 'PRIMARY') - Number(a.status === 'PRIMARY') || b.createdAt - a.createdAt);

function rolloutStateOf(
  set: TaskSetState,
  {
    current,
    status,
    newest,
    ours,
    untilTermination,
  }: {
    readonly current: Current | undefined;
    readonly status: ServiceDeploymentStatus | undefined;
    readonly newest: TaskSetState | undefined;
    readonly ours: boolean;
    readonly untilTermination: boolean;
  },
): 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' {
  if (!ours || !current) return set === newest ? 'IN_PROGRESS' : 'COMPLETED';
  const { deployment } = current;
  if (deployment.status === 'Succeeded') return 'COMPLETED';
  if (!isOpen(deployment)) return status === 'STOP_REQUESTED' ? 'IN_PROGRESS' : 'FAILED';
  return isShifted(current) && set.status === 'PRIMARY' && !untilTermination ? 'COMPLETED' : 'IN_PROGRESS';
}

/** All traffic is at the replacement, and every hook has passed: what is left is the end of the original task set. */
const isShifted = ({ deployment, target }: Current): boolean =>
  deployment.terminationStarted ||
  (target !== undefined &&
    target.events.length > 0 &&
    target.events.every(({ status }) => status === 'Succeeded' || status === 'Skipped'));

const isRestoring = (status: ServiceDeploymentStatus): boolean =>
  status === 'ROLLBACK_REQUESTED' || status === 'ROLLBACK_IN_PROGRESS';

/** By error code, what an automatic rollback has to be enabled for: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AutoRollbackConfiguration.html */
const ROLLBACK_EVENTS: Readonly<Record<string, string>> = {
  ALARM_ACTIVE: 'DEPLOYMENT_STOP_ON_ALARM',
  MANUAL_STOP: 'DEPLOYMENT_STOP_ON_REQUEST',
};

/** A rollback of CodeDeploy is a deployment of its own: both together are one of ECS. */
export function statusOf({ deployment, rollback, rollbackRequested }: Current, now: Instant): ServiceDeploymentStatus {
  switch (deployment.status) {
    case 'Created':
    case 'Queued':
      return 'PENDING';
    case 'Succeeded':
      return 'SUCCESSFUL';
    case 'Failed':
    case 'Stopped':
      break;
    default:
      return 'IN_PROGRESS';
  }
  if (rollback) {
    if (isOpen(rollback)) return 'ROLLBACK_IN_PROGRESS';
    return rollback.status === 'Succeeded' ? 'ROLLBACK_SUCCESSFUL' : 'ROLLBACK_FAILED';
  }
  if (deployment.rolledBackBy !== undefined) return 'ROLLBACK_REQUESTED';
  const since = now - (deployment.finishedAt ?? now);
  const byUser = deployment.error?.code === 'MANUAL_STOP';
  const automatic = deployment.rollbackOn.includes(
    ROLLBACK_EVENTS[deployment.error?.code ?? ''] ?? 'DEPLOYMENT_FAILURE',
  );
  if (since < ROLLBACK_APPEARS_SECONDS && (rollbackRequested || automatic)) return 'ROLLBACK_REQUESTED';
  return byUser && !rollbackRequested && since < STOP_SETTLES_SECONDS ? 'STOP_REQUESTED' : 'STOPPED';
}

/**
 * The deployment as a service deployment.
 * @param service as `asDeployed` gives it
 */
export function serviceDeploymentOf(
  service: ServiceState,
  known: Known & { readonly current: Current },
  now: Instant,
): ServiceDeployment {
  const { current, group, routing, untilTermination } = known;
  const { deployment, target, rollback } = current;
  const status = statusOf(current, now);
  const ids = new Map((service.taskSets ?? []).map((set) => [set.id, idOf(set)]));
  const green = target?.taskSets.find(({ id, label }) => label === 'Green' || ids.get(id) === deployment.id);
  const counted = (set: CodeDeployTarget['taskSets'][number], id: string): RevisionCount => ({
    arn: revisionArnOf(id),
    requested: set.desired,
    running: set.running,
    pending: set.pending,
    // While nothing is shifted, a task set without traffic may be shown with no weight at all.
    trafficPercent: set.trafficPercent,
  });
  const reason = reasonOf(current);
  const ended = rollback?.finishedAt ?? deployment.finishedAt;
  const alarms = deployment.error?.alarms;
  const { strategy, linear, canary } = strategyOf(routing);
  return {
    arn: deployment.id,
    clusterArn: service.clusterArn,
    serviceArn: service.arn,
    status,
    createdAt: deployment.createdAt,
    targetServiceRevisionArn: revisionArnOf(deployment.id),
    sources: (target?.taskSets ?? []).flatMap((set) =>
      set === green ? [] : [counted(set, ids.get(set.id) ?? set.id)],
    ),
    hooks: waitFor(current, group),
    strategy,
    ...defined({
      linear,
      canary,
      bakeTimeMinutes: untilTermination ? group?.terminationMinutes : undefined,
      target: green && counted(green, deployment.id),
      statusReason: reason,
      statusCauses: deployment.error?.code === 'MANUAL_STOP' ? (['user'] as const) : undefined,
      startedAt: deployment.startedAt,
      finishedAt: ended,
      lifecycleStage: stageOf(current),
      rollback: rollback || status === 'ROLLBACK_REQUESTED' ? defined({ reason }) : undefined,
      alarms: alarms && { names: group?.alarms ?? alarms, triggered: alarms, status: 'TRIGGERED' },
    }),
    codeDeploy: {
      events: target?.events ?? [],
      ...defined({
        errorCode: deployment.error?.code,
        keepsOriginalUntil: originalUntil(current, group),
      }),
    },
  };
}

/** Where it is: the lifecycle event under way, or the wait between them. */
function stageOf(current: Current): string | undefined {
  const { deployment, target } = current;
  if (!isOpen(deployment)) return undefined;
  if (deployment.status === 'Ready') return 'READY_WAIT';
  const now =
    target?.events.find(({ status }) => status === 'InProgress') ??
    target?.events.find(({ status }) => status === 'Pending');
  return now?.name ?? (isShifted(current) ? 'TERMINATION_WAIT' : undefined);
}

/** The wait for an approval: ContinueDeployment is the answer. */
function waitFor({ deployment, target }: Current, group: DeploymentGroup | undefined): ServiceDeployment['hooks'] {
  if (deployment.status !== 'Ready') return [];
  const since = Math.max(0, ...(target?.events ?? []).flatMap(({ endedAt }) => endedAt ?? []));
  const expiresAt = since > 0 && group?.readyMinutes !== undefined ? since + group.readyMinutes * 60 : undefined;
  return [{ id: 'READY_WAIT', targetType: 'CodeDeploy', status: 'AWAITING_ACTION', ...defined({ expiresAt }) }];
}

function originalUntil(current: Current, group: DeploymentGroup | undefined): Instant | undefined {
  if (!isOpen(current.deployment) || !isShifted(current) || group?.terminationMinutes === undefined) return undefined;
  const shifted = Math.max(0, ...(current.target?.events ?? []).flatMap(({ endedAt }) => endedAt ?? []));
  return shifted > 0 ? shifted + group.terminationMinutes * 60 : undefined;
}

/** Why it ended, in CodeDeploy's words, with the hook that failed. */
function reasonOf({ deployment: { error }, target }: Current): string | undefined {
  if (!error) return undefined;
  const hook = target?.events.find(({ status }) => status === 'Failed');
  return `CodeDeploy ${error.code}: ${error.message}${hook ? hookWords(hook) : ''}`;
}

function hookWords({ name, function: lambda, message, logTail }: LifecycleEvent): string {
  if (lambda === undefined && message === undefined && logTail === undefined) return ` (event ${name})`;
  const words = [message, logTail && `its log ends with: ${logTail.trim()}`].filter(Boolean).join('; ');
  return ` (event ${name}${lambda === undefined ? '' : `, function ${lambda}`}${words === '' ? '' : `: ${words}`})`;
}
