import { lastPart, regionOf } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { Revision } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { carrierOf, type Deployment } from '../service/deployment.ts';
import { provenBefore } from '../service/history.ts';
import { wasDeployedBy } from '../tags.ts';
import { codeDeployIn, saveIntent } from './handover.ts';
import { ALONE, type Run } from './run.ts';
import type { Ended } from './settle.ts';

interface Retried {
  readonly ended: Ended;
  readonly revision: Revision;
  /** Makes the outcome, with what the verdict asks for. */
  readonly settling: (ended: Ended) => Promise<Outcome>;
}

/**
 * A revision that an earlier attempt of this run has deployed, and whose proof failed in this one: rolled back as in the first attempt
 * where ECS has a record of what ran before. A guess is never deployed. The settings before are not known, so the revision alone
 * goes back.
 * @returns the outcome, which says what was left or why nothing was rolled back, and how to do it
 */
export async function settleRetried({ ended, revision, settling }: Retried, run: Run): Promise<Outcome> {
  const { deployment } = ended.facts;
  const before = await revisionBefore(ended, revision, run);
  if ('unknown' in before) {
    const outcome = await settling(ended);
    return outcome.kind === 'failed'
      ? withDone(outcome, `Not rolled back: ${before.unknown.replace(/\.$/, '')}.${byHand(deployment)}`)
      : outcome;
  }
  // Until now this attempt had changed nothing, and announced nothing: post has to know of the rollback as of any other.
  saveIntent(
    {
      cluster: deployment.cluster,
      service: deployment.service,
      previous: before.arn,
      proven: before.arn,
      next: deployment.taskDefinitionArn,
      registered: false,
      deployment: deployment.id,
      ...codeDeployIn(ended.watched.snapshot.service),
    },
    run.world,
  );
  const outcome = await settling({
    ...ended,
    facts: { ...ended.facts, deployment: { ...deployment, previousTaskDefinitionArn: before.arn } },
    origin: { ...ended.origin, untouched: false },
  });
  return outcome.kind === 'rolled-back'
    ? withDone(
        outcome,
        'Only the revision was rolled back: settings that an earlier attempt of this run changed stay as they are.',
      )
    : outcome;
}

async function revisionBefore(
  { watched }: Ended,
  { tags }: Revision,
  { world: { ecs, runner }, together = ALONE }: Run,
): Promise<{ readonly arn: string } | { readonly unknown: string }> {
  // Another service of the run may have written the tags of a revision that they share.
  if (together !== ALONE) return { unknown: 'it is not certain which of several services an earlier attempt deployed' };
  if (!wasDeployedBy(tags, runner.context))
    return { unknown: 'the tags of the revision do not prove that this run deployed it' };
  try {
    return await provenBefore(watched.snapshot.service, ecs);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED' || failure.code === 'CREDENTIALS') throw thrown;
    return { unknown: `the history of the service could not be read (${failure.message.replace(/\.$/, '')})` };
  }
}

const withDone = (outcome: Outcome, text: string): Outcome => ({
  ...outcome,
  headline: `${outcome.headline} ${text}`,
  done: outcome.done === undefined ? text : `${outcome.done} ${text}`,
});

function byHand({ cluster, service, id, taskDefinitionArn }: Deployment): string {
  const start = ' To roll back, run `mode: rollback`';
  if (carrierOf({ id }) === 'CodeDeploy') return `${start}.`;
  const region = regionOf(cluster);
  const family = lastPart(taskDefinitionArn).replace(/:\d+$/, '');
  return `${start}, or: aws ecs update-service ${region ? `--region ${region} ` : ''}--cluster ${lastPart(cluster)} --service ${service} --task-definition ${family}:NUMBER`;
}
