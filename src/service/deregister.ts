import { asFailure } from '../failure.ts';
import type { Revision } from '../model.ts';
import type { Ecs } from '../ports.ts';

/**
 * Deregisters a revision that this run registered and no deployment uses. The outcome of the run does not depend on it.
 * @returns why ECS did not do it; undefined when it did
 */
export async function deregisterUnused(
  { arn }: Pick<Revision, 'arn'>,
  ecs: Pick<Ecs, 'deregisterTaskDefinition'>,
): Promise<string | undefined> {
  try {
    await ecs.deregisterTaskDefinition(arn);
    return undefined;
  } catch (thrown) {
    return asFailure(thrown).message;
  }
}
