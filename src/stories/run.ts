import { asFailure, Failure, type Mistake } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { ServiceState } from '../model.ts';
import { defined } from '../model.ts';
import type { Progress } from '../outcome.ts';
import type { Ecs, World } from '../ports.ts';
import { refuseOtherAccount } from '../service/change.ts';

/** What every part of a story works with. */
export interface Run<Given extends Inputs = Inputs> {
  readonly inputs: Given;
  readonly world: World;
  readonly progress: Progress;
}

/**
 * The service as it is: what every story needs first. Nothing heavy is imported here, so that the request is sent before the
 * rest of the story is loaded.
 * @throws Failure NOT_FOUND, or INVALID_INPUT for a service of another account than the inputs say
 */
export async function fetchService(
  { service, aws }: Pick<Inputs, 'service' | 'aws'>,
  { ecs }: { readonly ecs: Pick<Ecs, 'describeServices'> },
): Promise<ServiceState> {
  const [found] = await ecs.describeServices(service.cluster, [service.service]).catch((thrown: unknown) => {
    throw withPlace(asFailure(thrown), service, aws);
  });
  if (!found) throw new Failure('NOT_FOUND', `Service ${service.service} does not exist.`);
  refuseOtherAccount(service, found);
  return found;
}

/** Adds the cluster, region and role of the search, which ECS's answer does not contain: the cause is often one of these. */
function withPlace(
  failure: Failure,
  { service, cluster }: Inputs['service'],
  { region, role }: Inputs['aws'],
): Failure {
  if (failure.code !== 'NOT_FOUND') return failure;
  const place: Mistake = {
    subject: failure.api ? 'cluster' : 'service',
    problem: `ECS looked for the service ${service} in the cluster ${cluster} of region ${region}${role ? `, with ${role.arn}` : ''}.`,
    ...(cluster === 'default' ? { remedy: 'Without the input `cluster` that is the cluster `default`.' } : {}),
  };
  return new Failure(failure.code, failure.message, {
    mistakes: [...failure.mistakes, place],
    cause: failure,
    ...defined({ remedy: failure.remedy, api: failure.api }),
  });
}

/** Runs both side by side. When one fails, the other is stopped, and the first failure counts. */
export async function allOrAbort<Given extends Inputs, A, B>(
  run: Run<Given>,
  start: (run: Run<Given>) => readonly [Promise<A>, Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([run.world.signal, stop.signal]);
  const both = start({ ...run, world: { ...run.world, signal } });
  try {
    return await Promise.all(both);
  } catch (first) {
    stop.abort(new Failure('CANCELLED', 'Stopped, because another part of the run failed.'));
    await Promise.allSettled(both);
    throw first;
  }
}
