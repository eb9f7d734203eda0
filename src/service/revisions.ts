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

/** `in-use`: another service of this run has the revision, which is kept. */
export type Deregistration = { readonly kind: 'done' | 'in-use' } | { readonly kind: 'failed'; readonly why: string };

/** Deregisters a revision that this run registered and no deployment uses. The outcome of the run does not depend on it. */
export async function deregisterUnused(
  { arn }: Pick<Revision, 'arn'>,
  ecs: Pick<Ecs, 'deregisterTaskDefinition'>,
): Promise<Deregistration> {
  try {
    return { kind: (await ecs.deregisterTaskDefinition(arn)) === 'in-use' ? 'in-use' : 'done' };
  } catch (thrown) {
    return { kind: 'failed', why: asFailure(thrown).message };
  }
}
