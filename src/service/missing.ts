import { lastPart } from '../arn.ts';
import { Failure, type Mistake } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { World } from '../ports.ts';
import { didYouMean } from '../spelling.ts';

/** What exists is a help: the run has failed already, and does not wait longer for it. */
const LIMIT_SECONDS = 5;
const SHOWN = 8;

/**
 * A service or cluster that ECS does not find: where it was looked for (cluster, region, account, role), which of these may be wrong,
 * and what exists under nearly the same name, as far as the credentials may list it.
 */
export async function explainMissing(
  failure: Failure,
  { service: { service, cluster }, aws: { region, role } }: Pick<Inputs, 'service' | 'aws'>,
  world: Pick<World, 'ecs' | 'clock' | 'signal' | 'identity'>,
): Promise<Failure> {
  const clusterIsMissing = failure.api !== undefined;
  const subject = clusterIsMissing ? 'cluster' : 'service';
  const wanted = lastPart(clusterIsMissing ? cluster : service);
  const [account, existing] = await Promise.all([
    within(world, async () => (await world.identity.caller()).accountId),
    within(world, () => (clusterIsMissing ? world.ecs.listClusters() : world.ecs.listServices(cluster))),
  ]);
  const place = `region ${region}${account === undefined ? '' : `, account ${account}`}${role ? `, with ${role.arn}` : ''}`;
  const isDefault = cluster === 'default' ? ['Without the input `cluster` that is the cluster `default`.'] : [];
  const remedy = [
    ...isDefault,
    ...(existing
      ? [
          whatExists(
            wanted,
            existing.map((arn) => lastPart(arn)),
            subject,
          ),
        ]
      : []),
  ].join(' ');
  const mistake: Mistake = {
    subject,
    problem: `ECS looked for ${service === '' ? '' : `the service ${service} in `}the cluster ${cluster} of ${place}.`,
    ...defined({ remedy: remedy || undefined }),
  };
  return new Failure(failure.code, failure.message, {
    mistakes: [...failure.mistakes, mistake],
    cause: failure,
    ...defined({ remedy: failure.remedy, api: failure.api }),
  });
}

function whatExists(wanted: string, names: readonly string[], subject: 'cluster' | 'service'): string {
  const where = subject === 'service' ? 'The cluster' : 'The account';
  if (names.length === 0) return `${where} has no ${subject}s in this region.`;
  const meant = names.includes(wanted) ? undefined : didYouMean(wanted, names);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const shown = names.toSorted().slice(0, SHOWN);
  const more = names.length - shown.length;
  return `${where} has ${shown.map((name) => `\`${name}\``).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** The answer, where it comes in time and IAM allows the question. */
async function within<T>(
  { clock, signal }: Pick<World, 'clock' | 'signal'>,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  const done = new AbortController();
  const late = clock.sleep(LIMIT_SECONDS, AbortSignal.any([signal, done.signal])).then(
    () => undefined,
    () => undefined,
  );
  const answer = ask().catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    done.abort();
  }
}
