import { enclosed, lastPart, placeOf } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { CapacityProvider, Instant, LoadBalancer, ServiceDeployment, ServiceState, TaskState } from '../model.ts';
import { defined } from '../model.ts';
import type { Clock, Ecs, Logs, Resources, Targets } from '../ports.ts';
import { isFargateProvider } from '../service/compute.ts';
import { beganAt, type Deployment, isOf } from '../service/deployment.ts';
import { isUntroubled, nextSnapshot } from './fold.ts';
import { logReader } from './log-tail.ts';
import { POLICY } from './policy.ts';
import { type Observed, oursIn, type Snapshot, type TargetHealth } from './snapshot.ts';

/** What the watch asks of the outside. */
export interface WatchWorld {
  readonly clock: Clock;
  readonly ecs: Ecs;
  readonly logs: Logs;
  /** Absent: how load balancers see the tasks is unknown. */
  readonly targets?: Targets;
  /** Absent: a capacity provider is taken to add machines. */
  readonly resources?: () => Promise<Pick<Resources, 'capacityProviders'>>;
  readonly signal: AbortSignal;
}

/** What one poll returned, and whether AWS throttled a call of it. */
interface Look extends Observed {
  readonly slowed: boolean;
  /** The state of the tasks was asked for and not answered, or is denied. */
  readonly blind: boolean;
}

/** A poll, folded into the snapshot. */
interface Polled extends Pick<Look, 'slowed' | 'blind'> {
  readonly snapshot: Snapshot;
}

/**
 * One poll after another, each folded into the snapshot and explained. What explains messages is the largest part of the action: the first
 * poll with something to explain loads it, and a deployment that succeeds mostly has none.
 */
export function poller(deployment: Deployment, world: WatchWorld): (previous: Snapshot | undefined) => Promise<Polled> {
  const observe = observer(deployment, world);
  return async (previous) => {
    const { slowed, blind, ...observed } = await observe(previous);
    const seen = nextSnapshot(previous, observed, deployment);
    if (isUntroubled(seen, deployment)) return { snapshot: { ...seen, troubles: [], diagnoses: [] }, slowed, blind };
    const { explain } = await import('./troubles.ts');
    return { snapshot: explain(seen, deployment), slowed, blind };
  };
}

/** One poll after another; keeps what costs calls and need not be requested again. */
export function observer(deployment: Deployment, world: WatchWorld): (previous: Snapshot | undefined) => Promise<Look> {
  const { clock, ecs } = world;
  const asking = new BestEffort(clock);
  const read = logReader(deployment, world, (action, question) => asking.ask(action, question));
  const findServiceDeployment = serviceDeploymentFinder(deployment, world, asking);
  const ourTasks = taskLister(deployment, world, asking);
  // Load balancers have limits of their own, and no word in how often ECS is asked.
  const aside = new BestEffort(clock);
  const targetHealth = targetAsker(world, aside);

  return async (previous) => {
    asking.slowed = false;
    // Before anything is asked: what ECS reports in this poll happened at this instant or later, or was known before.
    const at = clock.now();
    const [services, serviceDeployment] = await Promise.all([
      ecs.describeServices(deployment.cluster, [deployment.service]).catch((thrown: unknown): never => {
        const failure = asFailure(thrown);
        throw failure.code === 'NOT_FOUND' && failure.api === undefined ? deleted(deployment) : thrown;
      }),
      findServiceDeployment(),
    ]);
    const [service] = services;
    if (!service) throw deleted(deployment);
    const ours = oursIn(service, deployment);
    const done = serviceDeployment?.status === 'SUCCESSFUL' || ours?.rolloutState === 'COMPLETED';
    const target = serviceDeployment?.target?.arn;
    const stage = serviceDeployment?.lifecycleStage ?? '';
    // Side by side: where each call takes long, a success must not wait for one after the other.
    const [{ tasks, gone, blind, health, lastWords }, revisions, providers] = await Promise.all([
      ourTasks({ service, stage }, previous).then(async (seen) => {
        const known = (seen.tasks ?? previous?.tasks ?? []).filter(isOurs(deployment));
        const [health, lastWords] = await Promise.all([
          targetHealth({ service, stage, done }, known, previous),
          read(known),
        ]);
        return { ...seen, health, lastWords };
      }),
      done && target !== undefined && previous?.revision === undefined
        ? asking.ask('ecs:DescribeServiceRevisions', () => ecs.describeServiceRevisions([target]))
        : undefined,
      previous && previous.addsCapacity === undefined
        ? providersOf({ service, snapshot: previous }, world, asking)
        : undefined,
    ]);
    const [revision] = revisions ?? [];
    return {
      at,
      service,
      denied: [...asking.denied, ...aside.denied],
      slowed: asking.slowed,
      blind,
      ...lastWords,
      ...defined({ tasks, gone, serviceDeployment, revision, targetHealth: health, providers }),
    };
  };
}

const isOurs =
  ({ id }: Deployment) =>
  ({ startedBy }: TaskState): boolean =>
    startedBy === id;

function serviceDeploymentFinder(deployment: Deployment, { ecs, clock }: WatchWorld, asking: BestEffort) {
  let found: string | undefined;
  let searchedAt: Instant | undefined;
  return async (): Promise<ServiceDeployment | undefined> => {
    const now = clock.now();
    const eager = now - deployment.startedAt <= POLICY.searchEagerlySeconds;
    if (found === undefined && (searchedAt === undefined || eager || now - searchedAt >= POLICY.searchEverySeconds)) {
      searchedAt = now;
      const { cluster, service } = deployment;
      const briefs = await asking.ask('ecs:ListServiceDeployments', () =>
        ecs.listServiceDeployments({ cluster, service, createdAfter: beganAt(deployment) - 60 }),
      );
      found = briefs?.find((brief) => isOf(brief, deployment))?.arn;
    }
    const arn = found;
    if (arn === undefined) return undefined;
    return (await asking.ask('ecs:DescribeServiceDeployments', () => ecs.describeServiceDeployments([arn])))?.[0];
  };
}

function taskLister(deployment: Deployment, { ecs, clock }: WatchWorld, asking: BestEffort) {
  const query = { cluster: deployment.cluster, service: deployment.service };
  /** Tasks of which nothing new is known: those that have ended, and while they run, those of other deployments. */
  const ended = new Set<string>();
  const others = new Set<string>();
  let lastPicture = '';
  let askedAt: Instant = 0;
  let blind = false;
  return async (
    { service, stage }: Moved,
    previous: Snapshot | undefined,
  ): Promise<Pick<Observed, 'tasks' | 'gone'> & Pick<Look, 'blind'>> => {
    const ours = oursIn(service, deployment);
    const picture = JSON.stringify([
      service.deployments.map((d) => ({ ...d, updatedAt: 0 })),
      service.events[0]?.id,
      stage,
    ]);
    const changed = picture !== lastPicture;
    if (!changed && clock.now() - askedAt < POLICY.tasksEverySeconds) return { blind };
    lastPicture = picture;
    askedAt = clock.now();
    const live = (previous?.tasks ?? []).filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(({ arn }) => arn);
    const list = (desiredStatus: 'RUNNING' | 'STOPPED') =>
      asking.ask('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus }));
    const moving = ours !== undefined && ours.runningCount + ours.pendingCount > 0;
    // failedTasks counts only those that never ran: between two polls, one may end and another take its place.
    const whole = ours !== undefined && ours.failedTasks === 0 && ours.runningCount >= ours.desiredCount;
    // Of a deployment that was found under way, the first poll asks what has failed in it.
    const unknown = deployment.foundUnderWay && previous === undefined;
    const well = whole && !unknown && (!changed || ours.rolloutState === 'COMPLETED');
    const [running, stopped] = await Promise.all([moving ? list('RUNNING') : [], well ? [] : list('STOPPED')]);
    blind = running === undefined || stopped === undefined;
    const [run, stop] = [running ?? [], stopped ?? []];
    const arns = [...new Set([...live, ...run.filter((arn) => !others.has(arn)), ...stop])].filter(
      (arn) => !ended.has(arn),
    );
    if (arns.length === 0) return { tasks: [], blind };
    const tasks = await asking.ask('ecs:DescribeTasks', () => ecs.describeTasks(deployment.cluster, arns));
    for (const { arn, startedBy, lastStatus } of tasks ?? []) {
      if (lastStatus === 'STOPPED') ended.add(arn);
      else if (startedBy !== deployment.id) others.add(arn);
    }
    blind ||= tasks === undefined;
    if (!tasks) return { blind };
    const shown = new Set(tasks.map(({ arn }) => arn));
    return { tasks, gone: live.filter((arn) => !shown.has(arn)), blind };
  };
}

/** What a poll shows of the service and the stage of its deployment. */
interface Moved {
  readonly service: ServiceState;
  readonly stage: string;
}

/**
 * How the load balancer sees our running tasks, by task id; only tasks with their own address can be distinguished. Asked every 10 s, and
 * in a poll in which counts or the stage moved while a task was not healthy yet: what is shown together was seen together. Once the
 * deployment is complete, only in that case.
 */
function targetAsker({ targets, clock }: WatchWorld, asking: BestEffort) {
  let askedAt: Instant = 0;
  let silences = 0;
  let lastCounts = '';
  return async (
    { service: { loadBalancers, deployments }, stage, done }: Moved & { readonly done: boolean },
    tasks: readonly TaskState[],
    previous: Snapshot | undefined,
  ): Promise<ReadonlyMap<string, TargetHealth> | undefined> => {
    const byAddress = new Map(
      tasks.flatMap(({ id, lastStatus, privateIp }) =>
        lastStatus === 'RUNNING' && privateIp ? [[privateIp, id]] : [],
      ),
    );
    const groups = groupsOf(loadBalancers);
    if (!targets || groups.length === 0 || byAddress.size === 0 || silences > POLICY.targetSilences) return undefined;
    const counts = JSON.stringify([stage, deployments.map(({ id, runningCount }) => [id, runningCount])]);
    const moved = counts !== lastCounts;
    lastCounts = counts;
    const isWaiting = [...byAddress.values()].some((id) => previous?.targetHealth.get(id)?.state !== 'healthy');
    const isDue = !done && clock.now() - askedAt >= POLICY.targetsEverySeconds;
    if (!isDue && !(moved && isWaiting)) return undefined;
    askedAt = clock.now();
    const answers = await Promise.all(
      groups.map((group) => asking.ask('elasticloadbalancing:DescribeTargetHealth', () => targets.health(group))),
    );
    silences = answers.every((answer) => answer === undefined) ? silences + 1 : 0;
    const found = new Map(previous?.targetHealth);
    for (const { id, state, reason, description } of answers.flatMap((some) => some ?? [])) {
      const taskId = byAddress.get(id);
      if (taskId === undefined) continue;
      found.set(taskId, { state, ...defined({ reason: reason || undefined, description: description || undefined }) });
    }
    return found;
  };
}

/**
 * Blue and green: the tasks of every second deployment are in the alternate target group.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
const groupsOf = (balancers: readonly LoadBalancer[]): string[] => [
  ...new Set(
    balancers.flatMap(({ targetGroupArn, advanced }) => [
      ...(targetGroupArn === undefined ? [] : [targetGroupArn]),
      ...(advanced?.alternateTargetGroupArn === undefined ? [] : [advanced.alternateTargetGroupArn]),
    ]),
  ),
];

/** Asked once, when placement is blocked: which machines the capacity providers add. Fargate has none. */
async function providersOf(
  {
    service: { capacityProviders },
    snapshot: { diagnoses },
  }: { readonly service: ServiceState; readonly snapshot: Snapshot },
  { resources }: WatchWorld,
  asking: BestEffort,
): Promise<readonly CapacityProvider[] | undefined> {
  const names = capacityProviders.filter((name) => !isFargateProvider(name));
  if (!resources || names.length === 0 || !diagnoses.some(({ nature }) => nature === 'unplaceable')) return undefined;
  const found = await asking.ask('ecs:DescribeCapacityProviders', async () =>
    (await resources()).capacityProviders(names),
  );
  return found?.length === names.length ? found : undefined;
}

interface Timeouts {
  readonly inARow: number;
  /** When the last one was noticed: calls that were under way then are the same time-out. */
  readonly at: Instant;
  readonly resumeAt: Instant;
}

/**
 * Questions whose answer is a help, not a need: a denial is remembered, a refusal costs knowledge and never the deploy. A call that
 * keeps timing out is left out for 60 s, then 120 s, 240 s and 300 s, so that a runner that cannot reach one API does not wait 15 s
 * for it in every poll.
 */
export class BestEffort {
  readonly denied = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #timeouts = new Map<string, Timeouts>();
  readonly #clock: Pick<Clock, 'now'>;
  slowed = false;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  async ask<T>(action: string, question: () => Promise<T>): Promise<T | undefined> {
    const startedAt = this.#clock.now();
    const { resumeAt = startedAt } = this.#timeouts.get(action) ?? {};
    if (this.denied.has(action) || this.#unknown.has(action) || startedAt < resumeAt) return undefined;
    try {
      const answer = await question();
      this.#timeouts.delete(action);
      return answer;
    } catch (thrown) {
      const failure = asFailure(thrown);
      switch (failure.code) {
        case 'ACCESS_DENIED':
          this.denied.add(action);
          return undefined;
        case 'UNAVAILABLE':
          this.#noteTimeout(action, startedAt);
          this.slowed = true;
          return undefined;
        case 'THROTTLED':
          this.slowed = true;
          return undefined;
        case 'REFUSED':
        case 'NOT_FOUND':
          // Not in this partition, not for this kind of service, or gone in this moment.
          if (failure.code === 'REFUSED') this.#unknown.add(action);
          return undefined;
        default:
          throw failure;
      }
    }
  }

  #noteTimeout(action: string, startedAt: Instant): void {
    const now = this.#clock.now();
    const before = this.#timeouts.get(action);
    if (now - startedAt < POLICY.timeoutFromSeconds || startedAt < (before?.at ?? startedAt)) return;
    const inARow = (before?.inARow ?? 0) + 1;
    const pause = Math.min(
      POLICY.firstPauseSeconds * 2 ** (inARow - POLICY.timeoutsInARow),
      POLICY.longestPauseSeconds,
    );
    this.#timeouts.set(action, { inARow, at: now, resumeAt: inARow < POLICY.timeoutsInARow ? now : now + pause });
  }
}

/** A service that was there when the watch started. */
const deleted = ({ cluster, service }: Pick<Deployment, 'cluster' | 'service'>): Failure =>
  new Failure(
    'NOT_FOUND',
    `The service ${lastPart(service)} is gone: the cluster ${lastPart(cluster)}${enclosed(placeOf(cluster))} does not have it any more.`,
    {
      remedy:
        'It was deleted during the deployment. Find who deleted it (CloudTrail, DeleteService), and deploy again.',
    },
  );
