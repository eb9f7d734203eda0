import { familyAndNumber, inPlace, lastPart, parseArn } from './arn.ts';
import { asFailure, deniedAction, Failure, type Mistake } from './failure.ts';
import type { Inputs } from './inputs/types.ts';
import { defined, type Revision } from './model.ts';
import type { World } from './ports.ts';
import { type Existing, type Listed, whatExists } from './spelling.ts';

/** What exists is a help: the run has failed already, and does not wait longer for it. */
const LIMIT_SECONDS = 5;

type Asking = Pick<World, 'clock' | 'signal' | 'identity'>;

/**
 * A service or cluster that ECS does not find: where it was looked for (cluster, region, account, role), which of these may be wrong,
 * and what exists under nearly the same name, as far as the credentials may list it.
 */
export async function explainMissing(
  failure: Failure,
  { service: { service, cluster }, aws: { region, role } }: Pick<Inputs, 'service' | 'aws'>,
  world: Pick<World, 'ecs'> & Asking,
): Promise<Failure> {
  const clusterIsMissing = failure.api !== undefined;
  const subject = clusterIsMissing ? 'cluster' : 'service';
  const [account, existing, others] = await Promise.all([
    accountOf(world),
    clusterIsMissing
      ? listed(world, async () => (await world.ecs.listClusters()).map(lastPart))
      : servicesIn(cluster, world),
    clusterIsMissing ? [] : clustersWith(service, { except: cluster }, world),
  ]);
  const place = `region ${region}${account === undefined ? '' : `, account ${account}`}${role ? `, with ${role.arn}` : ''}`;
  const isDefault = cluster === 'default' ? ['Without the input `cluster` that is the cluster `default`.'] : [];
  const wanted = lastPart(clusterIsMissing ? cluster : service);
  const owner = clusterIsMissing ? 'The account' : 'The cluster';
  const near =
    others.length > 0
      ? `${others.length > 1 ? 'The clusters' : 'The cluster'} ${others.map((one) => `\`${one}\``).join(', ')} ${others.length > 1 ? 'have' : 'has'} a service of that name: correct the input \`cluster\`.`
      : whatExists(wanted, existing, { owner, plural: `${subject}s` });
  const remedy = [...isDefault, near].join(' ').trim();
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

/** Clusters whose services are listed: of more the answer would come too late, and cost the calls of others. */
const CLUSTERS_SEARCHED = 10;

/** Other clusters of the Region that have a service of this name, as far as they are few and may be listed. */
async function clustersWith(
  service: string,
  { except }: { readonly except: string },
  world: Pick<World, 'ecs'> & Asking,
): Promise<readonly string[]> {
  const found = await within(world, async () => {
    const clusters = (await world.ecs.listClusters()).filter((one) => lastPart(one) !== lastPart(except));
    if (clusters.length > CLUSTERS_SEARCHED) return [];
    const names = await Promise.all(
      clusters.map(async (cluster) => {
        const services = await world.ecs.listServices(cluster).catch(() => []);
        return services.some((one) => lastPart(one) === lastPart(service)) ? [lastPart(cluster)] : [];
      }),
    );
    return names.flat();
  });
  return found ?? [];
}

/** Revisions of a family that are looked through for the newest. */
const NEWEST = 1;

/**
 * The revision that an input names.
 * @param reference `family`, `family:revision` or ARN
 * @throws Failure NOT_FOUND with the newest revision of the family, or the families that there are; of the call
 */
export async function describeNamed(
  reference: string,
  world: {
    readonly ecs: Pick<World['ecs'], 'describeTaskDefinition' | 'listTaskDefinitions' | 'listFamilies'>;
  } & Asking,
  region: string,
): Promise<Revision> {
  try {
    return await world.ecs.describeTaskDefinition(reference);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.api?.detail !== 'unknown-revision') throw failure;
    const { family } = familyAndNumber(reference);
    const named = parseArn(reference);
    const [account, revisions] = await Promise.all([
      named?.account ?? accountOf(world),
      listed(world, async () => (await world.ecs.listTaskDefinitions(family, NEWEST)).map(lastPart)),
    ]);
    const [newest] = Array.isArray(revisions) ? revisions : [];
    const families = newest === undefined ? await listed(world, () => world.ecs.listFamilies()) : undefined;
    const near =
      newest === undefined
        ? whatExists(family, families, { owner: 'The account', plural: 'task definition families' })
        : `The newest revision of ${family} is \`${newest}\`.`;
    const input = lastPart(reference).includes(':') ? 'task-definition-arn' : 'task-definition-family';
    throw new Failure(
      'NOT_FOUND',
      `The task definition ${lastPart(reference)} does not exist${inPlace({ region: named?.region || region, account })}, or is deleted.`,
      {
        cause: failure,
        remedy: `${near} Correct the input \`${input}\`, \`aws-region\` or the account of the credentials.`.trim(),
      },
    );
  }
}

/** Names of the services of a cluster, beside one that it does not have. */
export const servicesIn = (
  cluster: string,
  world: { readonly ecs: Pick<World['ecs'], 'listServices'> } & Pick<Asking, 'clock' | 'signal'>,
): Promise<Existing> => listed(world, async () => (await world.ecs.listServices(cluster)).map(lastPart));

/** The account of the credentials, where STS says it in time. */
export async function accountOf(world: Asking): Promise<string | undefined> {
  return within(world, async () => (await world.identity.caller()).accountId).catch(() => undefined);
}

/** Names that exist, for `whatExists`; a denial is an answer, and nothing else ends the run a second time. */
async function listed(
  world: Pick<World, 'clock' | 'signal'>,
  ask: () => Promise<readonly string[]>,
): Promise<Existing> {
  return within(world, () => listedNow(ask));
}

/** The same without a limit of time, where there is no clock. */
export async function listedNow<T>(ask: () => Promise<readonly T[]>): Promise<Listed<T>> {
  try {
    return await ask();
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw thrown;
    const denied = deniedAction(failure);
    return denied === undefined ? undefined : { denied };
  }
}

/** The answer, where it comes in time. */
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
