import { parseArn } from '../arn.ts';
import { actionOf, asFailure, Failure } from '../failure.ts';
import { PULL_THROUGH_CACHE, ruleFor } from '../image/pin.ts';
import { platformsOf } from '../image/resolve.ts';
import type {
  Alarm,
  CapacityProvider,
  ClusterState,
  ContainerInstance,
  Refusal,
  Role,
  Secret,
  SecretKeys,
  TargetGroup,
} from '../model.ts';
import type { Ecr, Resources } from '../ports.ts';
import type { Existing } from '../spelling.ts';
import type { Answer } from './check.ts';
import type { FoundImage, ImageUse } from './images.ts';
import type { NeededResources } from './needed.ts';
import { type LogGroupUse, logGroupFolder, versionKey } from './references.ts';

/** What came back, by the key of the question; nothing for what was not asked. */
export interface Answers {
  readonly cluster: Answer<ClusterState | undefined>;
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Answer<Role | undefined>>;
  /** Of the execution role, by action. */
  readonly refusals: ReadonlyMap<string, Answer<readonly Refusal[]>>;
  /** By reference. */
  readonly images: ReadonlyMap<string, Answer<FoundImage | undefined>>;
  /** By ARN. */
  readonly secrets: ReadonlyMap<string, Answer<Secret | undefined>>;
  /** By `versionKey`. */
  readonly secretKeys: ReadonlyMap<string, Answer<SecretKeys>>;
  /** The names that exist, by region. */
  readonly parameters: ReadonlyMap<string, Answer<readonly string[]>>;
  /** By `REGION:NAME`. */
  readonly logGroups: ReadonlyMap<string, Answer<boolean>>;
  /** Beside those that have to exist and do not, by Region and name. */
  readonly logGroupNames?: ReadonlyMap<string, Existing>;
  /** By ARN. */
  readonly files: ReadonlyMap<string, Answer<boolean>>;
  /** By ARN. */
  readonly targetGroups: ReadonlyMap<string, Answer<TargetGroup | undefined>>;
  readonly alarms: Answer<readonly Alarm[]> | undefined;
  /** Of the Region; asked only where one of the alarms does not exist. */
  readonly alarmNames?: Existing;
  readonly instances: Answer<readonly ContainerInstance[]> | undefined;
  readonly capacityProviders: Answer<readonly CapacityProvider[]> | undefined;
}

/**
 * Asks for everything at once, each thing once: one round trip, two where an answer names what to ask next (an
 * image's config, the cluster's instances). What is of another account is not asked. Nothing is thrown but a cancel.
 */
export async function ask(
  needed: NeededResources,
  resources: Resources,
  ecr: Pick<Ecr, 'getImage' | 'getBlob' | 'pullThroughRules'>,
): Promise<Answers> {
  const { home, executionRole } = needed;
  const ours = <T extends { readonly account: string }>(uses: readonly T[]): T[] =>
    uses.filter(({ account }) => account === home.account);
  const secrets = ours(needed.secrets);
  const [cluster, instances, capacityProviders, alarms, ...maps] = await Promise.all([
    answered(() => resources.cluster(needed.cluster)),
    needed.instances ? answered(() => resources.containerInstances(needed.cluster)) : undefined,
    needed.capacityProviders.length > 0
      ? answered(() => resources.capacityProviders(needed.capacityProviders))
      : undefined,
    needed.alarms.length > 0 ? askAlarms(needed, resources) : undefined,
    each(
      ours(needed.roles),
      ({ arn }) => arn,
      ({ name }) => resources.role(name),
    ),
    each(
      executionRole ? needed.rights : [],
      ({ action }) => action,
      (right) => resources.refusals({ ...right, roleArn: executionRole?.arn ?? '' }),
    ),
    each(
      needed.images.filter(({ repository, known }) => repository && !known),
      ({ reference }) => reference,
      (use) => imageIn(ecr, use),
    ),
    each(
      secrets,
      ({ arn }) => arn,
      ({ region, arn }) => resources.secret(region, arn),
    ),
    each(
      secrets.filter(({ jsonKey }) => jsonKey !== undefined),
      versionKey,
      (use) => resources.secretKeys(use.region, use),
    ),
    byRegion(
      ours(needed.parameters).flatMap(({ region, names }) => names.map((name) => ({ region, item: name }))),
      (region, names) => resources.parameters(region, names),
    ),
    each(
      needed.logGroups,
      ({ region, name }) => `${region}:${name}`,
      ({ region, name }) => resources.hasLogGroup(region, name),
    ),
    each(
      needed.files,
      ({ arn }) => arn,
      ({ bucket, key }) => resources.hasObject(bucket, key),
    ),
    targetGroupsOf(needed, resources),
  ]);
  const [roles, refusals, images, described, secretKeys, parameters, logGroups, files, targetGroups] = maps;
  return {
    cluster,
    instances,
    capacityProviders,
    alarms: alarms?.alarms,
    alarmNames: alarms?.alarmNames,
    roles,
    refusals,
    images,
    secrets: described,
    secretKeys,
    parameters,
    logGroups,
    logGroupNames: await namesBeside(needed.logGroups, logGroups, resources),
    files,
    targetGroups,
  };
}

/** The log groups beside those that do not exist and that no task creates. */
async function namesBeside(
  uses: readonly LogGroupUse[],
  exist: Answers['logGroups'],
  resources: Resources,
): Promise<ReadonlyMap<string, Existing>> {
  const absent = uses.filter(({ region, name, create }) => {
    const answer = exist.get(`${region}:${name}`);
    return !create && answer?.kind === 'found' && !answer.value;
  });
  return new Map(
    await Promise.all(
      absent.map(async ({ region, name }) => {
        const names = await existingOf(() => resources.logGroupNames(region, logGroupFolder(name)));
        return [`${region}:${name}`, names] as const;
      }),
    ),
  );
}

const existingOf = async (question: () => Promise<readonly string[]>): Promise<Existing> => {
  const answer = await answered(question);
  if (answer.kind === 'found') return answer.value;
  return answer.kind === 'denied' ? { denied: answer.permission } : undefined;
};

/** The alarms, and, where one of them does not exist, the names of those that do. */
async function askAlarms(
  { home: { region }, alarms: names }: NeededResources,
  resources: Resources,
): Promise<Pick<Answers, 'alarms' | 'alarmNames'>> {
  const alarms = await answered(() => resources.alarms(region, names));
  const found = alarms.kind === 'found' ? alarms.value.map(({ name }) => name) : names;
  return names.every((name) => found.includes(name))
    ? { alarms }
    : { alarms, alarmNames: await existingOf(() => resources.alarmNames(region)) };
}

/** @throws Failure CANCELLED only: what else goes wrong is an answer too */
async function answered<T>(question: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: 'found', value: await question() };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED') throw failure;
    if (failure.code === 'ACCESS_DENIED') return { kind: 'denied', permission: permissionOf(failure) };
    return { kind: 'unknown', reason: failure.message };
  }
}

/** As IAM writes it. */
function permissionOf({ api }: Failure): string {
  if (api?.detail === 'kms') return 'kms:Decrypt';
  return api ? actionOf(api) : 'it';
}

/** One question for each different key, side by side. */
async function each<Use, T>(
  uses: readonly Use[],
  keyOf: (use: Use) => string,
  question: (use: Use) => Promise<T>,
): Promise<ReadonlyMap<string, Answer<T>>> {
  const different = new Map(uses.map((use) => [keyOf(use), use]));
  const answers = await Promise.all(
    [...different].map(async ([key, use]) => [key, await answered(() => question(use))] as const),
  );
  return new Map(answers);
}

/** One question a region for all of its items. */
async function byRegion<T>(
  asked: readonly { readonly region: string; readonly item: string }[],
  question: (region: string, items: readonly string[]) => Promise<T>,
): Promise<ReadonlyMap<string, Answer<T>>> {
  const regions = [...Map.groupBy(asked, ({ region }) => region)];
  return each(
    regions,
    ([region]) => region,
    ([region, members]) => question(region, [...new Set(members.map(({ item }) => item))]),
  );
}

/** Asked in batches, reported one by one. */
async function targetGroupsOf(
  { targetGroups, home }: NeededResources,
  resources: Resources,
): Promise<Answers['targetGroups']> {
  const asked = targetGroups.flatMap((arn) => {
    // A name is of the service's own Region and account.
    if (!arn.startsWith('arn:')) return [{ region: home.region, item: arn }];
    const { region = '', account = '' } = parseArn(arn) ?? {};
    return account === home.account ? [{ region, item: arn }] : [];
  });
  const answers = await byRegion(asked, (region, arns) => resources.targetGroups(region, arns));
  const one = (region: string, item: string): Answer<TargetGroup | undefined> => {
    const answer = answers.get(region) ?? { kind: 'unknown', reason: 'no answer' };
    return answer.kind === 'found'
      ? { kind: 'found', value: answer.value.find(({ arn }) => arn === item || arn.split('/')[1] === item) }
      : answer;
  };
  return new Map(asked.map(({ region, item }) => [item, one(region, item)]));
}

async function imageIn(
  ecr: Pick<Ecr, 'getImage' | 'getBlob' | 'pullThroughRules'>,
  { repository, tag, digest }: ImageUse,
): Promise<FoundImage | undefined> {
  if (!repository) return undefined;
  const found = await ecr
    .getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' })
    .catch((thrown: unknown) => {
      if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') return undefined; // no such repository
      throw thrown;
    });
  if (!found) return digest === undefined ? missingIn(ecr, repository) : undefined;
  try {
    return { platforms: await platformsOf(found.manifest, repository, ecr) };
  } catch (thrown) {
    // The image is there; its config is one right more (ecr:GetDownloadUrlForLayer).
    if (thrown instanceof Failure && thrown.code !== 'CANCELLED') return {};
    throw thrown;
  }
}

/** Whether a pull-through cache gets it. Where the rules cannot be read, the namespaces that ECR proposes may have one. */
async function missingIn(
  ecr: Pick<Ecr, 'pullThroughRules'>,
  repository: NonNullable<ImageUse['repository']>,
): Promise<FoundImage | undefined> {
  try {
    const rule = ruleFor(repository.name, await ecr.pullThroughRules(repository));
    return rule && { cache: rule };
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'CANCELLED') throw thrown;
    return PULL_THROUGH_CACHE.test(repository.name) ? { cache: 'perhaps' } : undefined;
  }
}
