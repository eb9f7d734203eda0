import type { ServiceState } from '../model.ts';
import { historyOf } from '../service/history.ts';
import { type Target, targetsOf } from '../service/rollback-targets.ts';
import { knownBy } from './rollback.ts';
import type { Run } from './run.ts';

/** What a service can be brought back to. */
export interface Listing {
  readonly service: ServiceState;
  readonly targets: readonly ListedTarget[];
  /** Why it is a guess, where ECS's history cannot be read. */
  readonly guessed?: string;
}

export interface ListedTarget extends Target {
  readonly commits: readonly string[];
  /** As a tag holds them, newest first. */
  readonly refs: readonly string[];
}

/** The revisions to choose from for a rollback; changes nothing. */
export async function list({ world }: Pick<Run, 'world'>, fetching: Promise<ServiceState>): Promise<Listing> {
  const service = await fetching;
  const live = await world.ecs.describeTaskDefinition(service.taskDefinitionArn);
  const history = await historyOf(service, live.family, world);
  const targets = await targetsOf(service, history, world);
  return {
    service,
    targets: targets.map((target) => ({ ...target, ...knownBy(target.revision) })),
    ...(history.guessed === undefined ? {} : { guessed: history.guessed }),
  };
}
