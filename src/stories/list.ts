import { defined, type ServiceState } from '../model.ts';
import type { Listing } from '../outcome.ts';
import { historyOf } from '../service/history.ts';
import { targetsOf } from '../service/rollback-targets.ts';
import { knownBy } from './rollback.ts';
import type { Run } from './run.ts';

/** The revisions to choose from for a rollback; changes nothing. */
export async function list({ world }: Pick<Run, 'world'>, fetching: Promise<ServiceState>): Promise<Listing> {
  const service = await fetching;
  const live = await world.ecs.describeTaskDefinition(service.taskDefinitionArn);
  const history = await historyOf(service, live.family, world);
  const targets = await targetsOf(service, history, world);
  return {
    service,
    targets: targets.map((target) => ({ ...target, ...knownBy(target.revision) })),
    ...defined({ guessed: history.guessed }),
  };
}
