import { familyAndNumber } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { LiveRevision, Revision } from '../model.ts';
import type { Ecs } from '../ports.ts';

/** A revision by its ARN; its name alone where IAM does not let us read it. */
export async function liveRevision(arn: string, ecs: Pick<Ecs, 'describeTaskDefinition'>): Promise<LiveRevision> {
  try {
    return await ecs.describeTaskDefinition(arn);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return { arn, ...familyAndNumber(arn), unseen: true };
  }
}

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
