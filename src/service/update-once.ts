import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { ServiceState, ServiceUpdate } from '../model.ts';
import type { Clock, Ecs } from '../ports.ts';
import { primaryOf } from './deployment.ts';

export interface UpdateWorld {
  readonly ecs: Pick<Ecs, 'updateService' | 'describeServices'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
}

/**
 * Between a lost answer and the look at what became of the call: DescribeServices may be some seconds behind. The later
 * ones also wait for ECS to recover.
 */
const LOOK_AFTER_SECONDS = [3, 4, 6, 8, 16, 16];
/** A revision is known everywhere within some seconds of its registration. */
const PROPAGATION_SECONDS = [1, 2, 4, 8];
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (ClientException) */
const UNKNOWN_REVISION = /task ?definition (?:was )?not found|unable to describe task definition/i;

/**
 * UpdateService so that it happens once. An answer that got lost (a reset connection, an error of the server, silence)
 * says nothing of what ECS did: the service does, and only a call that left no trace is sent again.
 * @param before the service before the call
 * @returns the service after it
 * @throws Failure CONFLICT when another deployment began meanwhile, UNAVAILABLE when it is not known what ECS did
 */
export async function updateOnce(
  update: ServiceUpdate,
  before: ServiceState,
  world: UpdateWorld,
): Promise<ServiceState> {
  for (const pause of LOOK_AFTER_SECONDS) {
    try {
      return await sendUpdate(update, world);
    } catch (thrown) {
      if (asFailure(thrown).code !== 'UNAVAILABLE') throw thrown;
      const cancelled = world.signal?.aborted ?? false;
      if (!cancelled) await world.clock.sleep(pause, world.signal).catch(() => {});
      const begun = await begunMeanwhile(update, before, world.ecs);
      if (begun) return begun;
      if (cancelled || world.signal?.aborted) throw thrown;
    }
  }
  return sendUpdate(update, world);
}

/** The revision was registered, or read, moments ago: that ECS does not find it is a matter of seconds. */
async function sendUpdate(update: ServiceUpdate, { ecs, clock, signal }: UpdateWorld): Promise<ServiceState> {
  for (const pause of update.taskDefinition === undefined ? [] : PROPAGATION_SECONDS) {
    try {
      return await ecs.updateService(update);
    } catch (thrown) {
      if (!UNKNOWN_REVISION.test(asFailure(thrown).message)) throw thrown;
      await clock.sleep(pause, signal);
    }
  }
  return ecs.updateService(update);
}

/** The service with the deployment that this update began; undefined when it shows none. */
async function begunMeanwhile(
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
    `Another deployment of ${before.name} began while UpdateService was under way: ${primary.id} with ${lastPart(primary.taskDefinitionArn)}.`,
    { remedy: 'Let one deploy of a service run at a time (`concurrency`), and deploy again.' },
  );
}
