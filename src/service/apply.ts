import { lastPart } from '../arn.ts';
import { asFailure, Failure, type FailureCode } from '../failure.ts';
import type { WatchInputs } from '../inputs/types.ts';
import { defined, type ExpressUpdate, type ServiceCreation, type ServiceState, type ServiceUpdate } from '../model.ts';
import type { Clock, Ecs } from '../ports.ts';
import { type Deployment, primaryOf, provenRevision } from './deployment.ts';

/**
 * Calls UpdateService and pins the deployment that it started: the PRIMARY's id in its answer. An id that was there
 * before means that ECS started none (only settings changed); undefined then.
 */
export async function apply(
  update: ServiceUpdate,
  { before, limits }: { readonly before: ServiceState; readonly limits: WatchInputs },
  world: UpdateWorld & { readonly clock: Clock },
): Promise<Deployment | undefined> {
  const startedAt = world.clock.now();
  const after = await updateOnce(update, before, world);
  const primary = primaryOf(after);
  if (!primary) throw new Failure('INTERNAL', `UpdateService of ${before.name} answered without a PRIMARY deployment.`);
  if (before.deployments.some(({ id }) => id === primary.id)) return undefined;
  const { previousTaskDefinitionArn: _, foundUnderWay: __, ...deployment } = pinned(after, limits, startedAt);
  const proven = provenRevision(before);
  // One that was being replaced, and is deployed again: a rollback does not go to it. The same revision once more is a restart, and does.
  const again = proven === primary.taskDefinitionArn && before.taskDefinitionArn !== proven;
  return { ...deployment, ...defined({ previousTaskDefinitionArn: again ? undefined : proven }) };
}

/**
 * The deployment that is PRIMARY in this state, to be watched from now on. While it is under way, what ran before is the
 * completed deployment beside it.
 */
export function pinned(state: ServiceState, limits: WatchInputs, now: number): Deployment {
  const primary = primaryOf(state);
  if (!primary) throw new Failure('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
  const done = primary.rolloutState === 'COMPLETED';
  const proven = done ? undefined : provenRevision(state);
  return {
    cluster: state.clusterArn,
    service: state.name,
    id: primary.id,
    taskDefinitionArn: primary.taskDefinitionArn,
    ...(proven === undefined || proven === primary.taskDefinitionArn ? {} : { previousTaskDefinitionArn: proven }),
    startedAt: now,
    // Of one that ran before we came, only what happens from now on is ours to report.
    createdAt: done ? now : primary.createdAt,
    ...(done ? { endedBefore: true as const } : { foundUnderWay: true as const }),
    timeoutSeconds: limits.timeoutSeconds,
    noProgressSeconds: limits.noProgressSeconds,
    onPause: limits.onPause,
    logLines: limits.logLines,
  };
}

export interface UpdateWorld {
  readonly ecs: Pick<Ecs, 'updateService' | 'updateExpressService' | 'describeServices'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
}

/**
 * Between a lost answer and the check of its result: DescribeServices may be some seconds behind. The later
 * ones also wait for ECS to recover.
 */
const LOOK_AFTER_SECONDS = [3, 4, 6, 8, 16, 16];
/** A revision is known everywhere within some seconds of its registration. */
const PROPAGATION_SECONDS = [1, 2, 4, 8];

/**
 * UpdateService so that it happens once. An answer that got lost (a reset connection, an error of the server, silence)
 * says nothing of what ECS did: the service does, and only a call that left no trace is sent again.
 * @param before the service before the call
 * @returns the service after it
 * @throws Failure CONFLICT when another deployment started meanwhile, UNAVAILABLE when it is not known what ECS did
 */
export async function updateOnce(
  update: ServiceUpdate,
  before: ServiceState,
  world: UpdateWorld,
): Promise<ServiceState> {
  for (const pause of [...LOOK_AFTER_SECONDS, 0]) {
    let accepted: Accepted;
    try {
      accepted = await sendUpdate(update, before, world);
    } catch (thrown) {
      if (asFailure(thrown).code !== 'UNAVAILABLE' || pause === 0) throw thrown;
      const cancelled = world.signal?.aborted ?? false;
      if (!cancelled) await world.clock.sleep(pause, world.signal).catch(() => {});
      const begun = await findStartedDeployment(update, before, world.ecs);
      if (begun) return begun;
      if (cancelled || world.signal?.aborted) throw thrown;
      continue;
    }
    // Not in the loop: what ECS has accepted is not sent again.
    return accepted();
  }
  throw new Failure('INTERNAL', `UpdateService of ${before.name} was not sent.`);
}

/** The service with what ECS has accepted. */
type Accepted = () => Promise<ServiceState>;

/** The revision was registered, or read, moments ago: that ECS does not find it is a matter of seconds. */
async function sendUpdate(update: ServiceUpdate, before: ServiceState, world: UpdateWorld): Promise<Accepted> {
  const { ecs, clock, signal } = world;
  const express = before.express && expressCall(update, before);
  if (express) {
    const { serviceRevisionArn } = await onceKnown(() => ecs.updateExpressService(express), { clock, signal });
    return () => begunExpress(express, serviceRevisionArn, { before, world });
  }
  const send = (): Promise<ServiceState> => ecs.updateService(update);
  const after = update.taskDefinition === undefined ? await send() : await onceKnown(send, { clock, signal });
  return async () => after;
}

/**
 * UpdateExpressGatewayService for this change of a service: an Express Mode service takes its revision and the members of its own API.
 * Undefined where only UpdateService can do it: the same revision once more.
 */
function expressCall({ taskDefinition, settings }: ServiceUpdate, before: ServiceState): ExpressUpdate | undefined {
  const again = taskDefinition === undefined || taskDefinition === before.taskDefinitionArn;
  if (again && settings === undefined) return undefined;
  return { serviceArn: before.arn, ...defined({ taskDefinitionArn: again ? undefined : taskDefinition, settings }) };
}

/**
 * The answer of UpdateExpressGatewayService names the revision that it brings and not the deployment: the service shows that within seconds.
 * @throws Failure UNAVAILABLE where it does not, or cannot be read: whatever the reason, ECS has accepted the change
 */
async function begunExpress(
  update: ExpressUpdate,
  serviceRevisionArn: string | undefined,
  { before, world: { ecs, clock, signal } }: { readonly before: ServiceState; readonly world: UpdateWorld },
): Promise<ServiceState> {
  const known = (id: string): boolean => before.deployments.some((one) => one.id === id);
  // The number of a service revision is that of its deployment.
  const begins = serviceRevisionArn === undefined || !known(`ecs-svc/${lastPart(serviceRevisionArn)}`);
  let cause: unknown;
  for (const pause of [0, ...LOOK_AFTER_SECONDS]) {
    try {
      if (pause > 0) await clock.sleep(pause, signal);
      const [now] = await ecs.describeServices(before.clusterArn, [before.name]);
      const primary = now && primaryOf(now);
      if (now && (!begins || (primary && !known(primary.id)))) return now;
      if (now && update.taskDefinitionArn === undefined && serviceRevisionArn === undefined) return now;
    } catch (thrown) {
      cause = thrown;
      if (signal?.aborted || !['THROTTLED', 'UNAVAILABLE'].includes(asFailure(thrown).code)) break;
    }
  }
  const why = cause === undefined ? 'no deployment has begun within a minute' : asFailure(cause).message;
  throw new Failure(
    'UNAVAILABLE',
    `UpdateExpressGatewayService of ${before.name} was accepted, and ${why}`.replace(/\.?$/, '.'),
    {
      remedy: 'Look at the service in the ECS console; run this again once its deployment has ended.',
      ...defined({ cause }),
    },
  );
}

/** The call again while ECS does not find the revision. */
async function onceKnown<T>(
  call: () => Promise<T>,
  { clock, signal }: { readonly clock: Pick<Clock, 'sleep'>; readonly signal: AbortSignal | undefined },
): Promise<T> {
  for (const pause of PROPAGATION_SECONDS) {
    try {
      return await call();
    } catch (thrown) {
      if (asFailure(thrown).api?.detail !== 'unknown-revision') throw thrown;
      await clock.sleep(pause, signal);
    }
  }
  return call();
}

/**
 * CreateService so that it happens once: its client token makes a request that is sent again after a lost answer give the service that
 * the first one created. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 * @throws Failure CONFLICT when there is a service of that name by now, UNAVAILABLE when it is not known what ECS did
 */
export async function createOnce(
  creation: ServiceCreation,
  {
    ecs,
    clock,
    signal,
  }: { readonly ecs: Pick<Ecs, 'createService'>; readonly clock: Pick<Clock, 'sleep'>; readonly signal?: AbortSignal },
): Promise<ServiceState> {
  const create = (): Promise<ServiceState> =>
    ecs.createService(creation).catch((thrown: unknown) => {
      throw refusedCreation(asFailure(thrown), creation.serviceName) ?? thrown;
    });
  let lost: unknown;
  for (const pause of LOOK_AFTER_SECONDS) {
    try {
      return await onceKnown(create, { clock, signal });
    } catch (thrown) {
      // CANCELLED would say that nothing was created.
      if (signal?.aborted) throw lost ?? thrown;
      if (asFailure(thrown).code !== 'UNAVAILABLE') throw thrown;
      lost = thrown;
      await clock.sleep(pause, signal).catch(() => {});
      if (signal?.aborted) throw thrown;
    }
  }
  return onceKnown(create, { clock, signal });
}

function refusedCreation(failure: Failure, name: string): Failure | undefined {
  const parts = { cause: failure, ...defined({ api: failure.api }) };
  switch (failure.api?.detail) {
    case 'service-exists':
      return new Failure('CONFLICT', `The service ${name} was created by another run or client meanwhile.`, {
        ...parts,
        remedy: 'Let one deploy of a service run at a time (`concurrency`), and deploy again.',
      });
    case 'service-draining':
      return new Failure(
        'CONFLICT',
        `A service ${name} is still being deleted: its name is free once its tasks have stopped.`,
        {
          ...parts,
          remedy: 'Deploy again in a few minutes.',
        },
      );
    default:
      return undefined;
  }
}

/** The service with the deployment that this update started; undefined when it shows none. */
async function findStartedDeployment(
  { taskDefinition }: ServiceUpdate,
  before: ServiceState,
  ecs: Pick<Ecs, 'describeServices'>,
): Promise<ServiceState | undefined> {
  const [now] = await ecs.describeServices(before.clusterArn, [before.name]).catch(() => []);
  const primary = now && primaryOf(now);
  if (!primary || before.deployments.some(({ id }) => id === primary.id)) return undefined;
  const wanted = lastPart(taskDefinition ?? before.taskDefinitionArn);
  if (lastPart(primary.taskDefinitionArn) === wanted) return now;
  throw new Failure(
    'CONFLICT',
    `Another deployment of ${before.name} started while UpdateService was under way: ${primary.id} with ${lastPart(primary.taskDefinitionArn)}.`,
    { remedy: 'Let one deploy of a service run at a time (`concurrency`), and deploy again.' },
  );
}

/** How the deployment of a run came to be. */
export interface Begun {
  readonly deployment: Deployment;
  /** `created`: with its service; `found`: under way already; `untouched`: the service already was, and still is, what was asked for. */
  readonly how: 'begun' | 'created' | 'found' | 'untouched' | 'settings';
}

/**
 * The call changed nothing: ECS rejected it, or it was not sent (CANCELLED: a call that a cancel cut off is UNAVAILABLE, see `callOnce`;
 * CONFLICT: another deployment was faster). After any other failure (a lost answer) its effect is not known, and post finds out.
 */
export const REJECTED_CODES: readonly FailureCode[] = [
  'ACCESS_DENIED',
  'CANCELLED',
  'CONFLICT',
  'CREDENTIALS',
  'NOT_FOUND',
  'REFUSED',
  'THROTTLED',
];
