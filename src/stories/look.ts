import { Failure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { ServiceState } from '../model.ts';
import type { Ecs } from '../ports.ts';
import { refuseOtherAccount } from '../service/account.ts';

/**
 * The service as it is: the first thing that every story wants to know. A file of its own, so that the request is on its way
 * before the rest of the story is loaded.
 */
export async function look(
  { service }: Inputs,
  { ecs }: { readonly ecs: Pick<Ecs, 'describeServices'> },
): Promise<ServiceState> {
  const [found] = await ecs.describeServices(service.cluster, [service.service]);
  if (!found) throw new Failure('NOT_FOUND', `There is no service ${service.service}.`);
  refuseOtherAccount(service, found);
  return found;
}
