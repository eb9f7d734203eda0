import { familyAndNumber, lastPart, parseArn, placeOf } from '../arn.ts';
import { Failure } from '../failure.ts';
import { parseReference } from '../image/reference.ts';
import { inTurns } from '../in-turns.ts';
import { nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Ecr } from '../ports.ts';
import { didYouMean } from '../spelling.ts';
import { taggable } from '../tags.ts';
import { primaryOf } from './deployment.ts';
import {
  type AwsPorts,
  entryBefore,
  familyOf,
  familyRevisions,
  type History,
  historyOf,
  isBelow,
  successesNotRolledBack,
  wasJustRolledBack,
} from './history.ts';
import { DELETED, describeRevision, ecrPlace, offeredTargets, problemsOf, targetsOf } from './rollback-targets.ts';

/** What `rollback-to` says, taken apart. */
export type RequestedTarget =
  | { readonly kind: 'last-good' }
  /** `42`: a revision of the live family; where there is none, a tag that is a number. */
  | { readonly kind: 'number'; readonly text: string }
  /** An ARN or `family:42`. */
  | { readonly kind: 'revision'; readonly reference: string }
  | { readonly kind: 'digest'; readonly digest: string }
  /** An image tag, a commit (its first 7 letters at least), a release tag or a whole ref. */
  | { readonly kind: 'name'; readonly text: string };

const ARN = /^arn:([\w-]+):ecs:([^:/]+):(\d+):task-definition\/[\w-]+:\d+$/;

/**
 * @param text the input `rollback-to`
 * @throws Failure INVALID_INPUT for the ARN of something else
 */
export function parseTarget(text: string | undefined): RequestedTarget {
  if (text === undefined) return { kind: 'last-good' };
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'number', text };
  if (ARN.test(text)) return { kind: 'revision', reference: text };
  if (/^arn:/.test(text)) {
    throw new Failure('INVALID_INPUT', `rollback-to: \`${text}\` is not the ARN of a task definition's revision.`, {
      remedy: 'Write it as arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:NUMBER, or FAMILY:NUMBER.',
    });
  }
  const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
  if (digest) return { kind: 'digest', digest };
  if (/^[\w-]+:\d+$/.test(text)) return { kind: 'revision', reference: text };
  // A whole image reference means its tag; only that can be looked up.
  const slash = text.lastIndexOf('/');
  const tag = slash > 0 && !text.startsWith('refs/') ? /:([\w][\w.-]{0,127})$/.exec(text)?.[1] : undefined;
  return { kind: 'name', text: tag ?? text };
}

/**
 * The revision that `rollback-to` means, proven to be deployable: ACTIVE, and its images still in ECR.
 * @throws Failure NOT_FOUND when there is none, CONFLICT when it cannot be deployed; both list what can
 */
export async function findTarget(requested: RequestedTarget, search: Search, ports: AwsPorts): Promise<Found> {
  const history = await historyOf(search.service, search.live.family, ports);
  const query: TargetQuery = { search, history, ports };
  const found = await lookUp(requested, query);
  const problems = await problemsOf(found.revision, ports.ecr);
  if (problems.length > 0) throw await unusableTarget(nameOf(found.revision), problems, query);
  return found;
}

async function lookUp(requested: RequestedTarget, query: TargetQuery): Promise<Found> {
  const { live } = query.search;
  switch (requested.kind) {
    case 'last-good':
      return lastGood(query);
    case 'revision': {
      refuseElsewhere(requested.reference, live.arn);
      const revision = await describeRevision(requested.reference, query.ports.ecs);
      if (!revision) {
        const { family } = familyAndNumber(requested.reference);
        const other =
          family === live.family ? '' : ` Revisions of ${query.search.service.name} are of the family ${live.family}.`;
        throw await notFound(`Revision ${requested.reference} does not exist${placeOf(live.arn)}.${other}`, query);
      }
      const other = `${nameOf(revision)} is of another family than ${nameOf(live)}.`;
      return { revision, warnings: revision.family === live.family ? [] : [other] };
    }
    case 'number': {
      const revision = await describeRevision(`${live.family}:${requested.text}`, query.ports.ecs);
      if (!revision) return findByName(requested.text, query);
      const { matches } = await matching([{ text: requested.text, digests: [] }], query);
      const others = matches.filter((one) => one.revision.arn !== revision.arn);
      const both = `${requested.text} is the number of ${nameOf(revision)}, which is used, and also matches ${namesOf(others)}. Write \`family:number\` to be sure.`;
      return { revision, warnings: others.length > 0 ? [both] : [] };
    }
    case 'digest':
      return findByName(requested.digest, query);
    case 'name':
      return findByName(requested.text, query);
  }
}

async function lastGood(query: TargetQuery): Promise<Found> {
  const { search, history, ports } = query;
  const { service, live } = search;
  const before = await chosenBefore(query);
  if (before) return { revision: before, warnings: [] };
  const entry = entryBefore(service, history);
  // Where an earlier run requested it, the user does want to go further back.
  if (entry && !search.known(live).target && wasJustRolledBack(service, ports.clock.now())) {
    const further = lastPart(entry.arn);
    const warning = `ECS rolled back to ${nameOf(live)} a few minutes ago, so the service stays on it. To roll back further, set \`rollback-to: ${further}\`.`;
    return { revision: live, warnings: [warning] };
  }
  if (!entry) {
    const why = whyNone(service, live, history);
    throw await notFound(`There is no rollback target: ${why}`, query);
  }
  const revision = entry.arn === live.arn ? live : await describeRevision(entry.arn, ports.ecs);
  if (!revision) throw await unusableTarget(lastPart(entry.arn), [DELETED], query);
  const passed = (entry.passedOver ?? []).map(
    (arn) =>
      `${lastPart(arn)} ran before ${nameOf(live)} as well, but its newest deployment was rolled back, so it is skipped. Set \`rollback-to: ${lastPart(arn)}\` to choose it.`,
  );
  if (history.guessed === undefined || revision === live) return { revision, warnings: passed };
  const guess = `${history.guessed}, so ${nameOf(revision)} is the revision before the current one, not proven to have run well.`;
  const remedy = history.allow ? ` Allow ${history.allow} for a proven choice.` : '';
  return { revision, warnings: [`${guess}${remedy}`] };
}

/** A rollback that is run again is one of the last things that happened to the service. */
const REMEMBERED = 20;

/** A re-run goes where the first attempt went, however far that one came. */
async function chosenBefore({ search, history, ports }: TargetQuery): Promise<Revision | undefined> {
  const { live, chosen, attempt } = search;
  if (chosen(live)) return live;
  if (attempt === 'first') return undefined;
  const newest = history.entries.slice(0, REMEMBERED).filter(({ arn }) => arn !== live.arn);
  const revisions = await Promise.all(newest.map(({ arn }) => describeRevision(arn, ports.ecs)));
  return revisions.find((revision) => revision && chosen(revision));
}

/** ECS looks a revision up by family and number in the account and region of the credentials, whatever the ARN says. */
function refuseElsewhere(reference: string, live: string): void {
  const [, partition, region, account] = ARN.exec(reference) ?? [];
  if (account === undefined) return;
  const { partition: ourPartition, region: ourRegion, account: ourAccount } = parseArn(live) ?? {};
  if (partition === ourPartition && region === ourRegion && account === ourAccount) return;
  throw new Failure(
    'INVALID_INPUT',
    `rollback-to: ${reference} is in ${region} of account ${account}, but the service is in ${ourRegion} of account ${ourAccount}.`,
    {
      remedy:
        'A service runs revisions of its own Region and account alone: name one of those, or correct `aws-region`.',
    },
  );
}

interface Search {
  readonly service: ServiceState;
  readonly live: Revision;
  /** What the revision's tags say of how it was made. */
  readonly known: (revision: Revision) => Known;
  /** Whether an earlier attempt of this run went to that revision already. */
  readonly chosen: (revision: Revision) => boolean;
  /** `again`: an earlier attempt of this run may have chosen a revision that is not the live one any more. */
  readonly attempt: 'first' | 'again';
}

/** The rollback target. */
interface Found {
  readonly revision: Revision;
  /** What the user should know of the choice. */
  readonly warnings: readonly string[];
}

/** Revisions described at a time while looking for a name. */
const AT_A_TIME = 20;
const NAMED_AT_MOST = 5;

/** All that a search has at hand. */
interface TargetQuery {
  readonly search: Search;
  readonly history: History;
  readonly ports: AwsPorts;
}

interface Match {
  readonly revision: Revision;
  readonly strength: MatchStrength;
}

/** What ran well comes first: of several revisions with one name, the one that is known to run. */
async function findByName(text: string, query: TargetQuery): Promise<Found> {
  const { search, ports } = query;
  const { live, service } = search;
  const spellings = [text, otherSpelling(text)].filter((one) => one !== undefined);
  const names = await Promise.all(
    spellings.map(async (one): Promise<Name> => ({ text: one, digests: await digestsOf(one, live, ports.ecr) })),
  );
  const { matches, knownNames } = await matching(names, query);
  const sure = matches.filter(({ strength }) => strength === 'itself');
  const taken = preferred(sure.length > 0 ? sure : matches, query);
  if (taken) {
    const others = matches.filter((one) => one !== taken);
    const warning = `${text} matches ${namesOf(others)} as well as ${nameOf(taken.revision)}, which is used. Set \`rollback-to\` to a revision to choose another.`;
    return { revision: taken.revision, warnings: others.length > 0 ? [warning] : [] };
  }
  const [, number] = text.startsWith(`${live.family}-`)
    ? (/^-(\d{1,7})$/.exec(text.slice(live.family.length)) ?? [])
    : [];
  const meant =
    number === undefined ? didYouMean(text, knownNames) : `\`${live.family}:${number}\` (a revision has a colon)`;
  const inEcr = names.some(({ digests }) => digests.length > 0);
  const what =
    inEcr && !text.startsWith('sha256:')
      ? `ECR has an image tagged ${text}, but no revision of ${live.family} runs it. Deploy it with the input \`image\`.`
      : `No revision of ${service.name} has the image tag or digest, commit or release tag ${text}.`;
  throw await notFound(`${otherNotation(text) ?? what}${meant ? ` Did you mean ${meant}?` : ''}`, query);
}

/** Words of other tools and of git for "the one before", which no tag bears; undefined for other texts. */
function otherNotation(text: string): string | undefined {
  const way = 'Without `rollback-to`, the service is rolled back to its last successful deployment before this one.';
  if (/^(?:previous|prev|last|last-good|last-successful|stable|latest|auto|-?1)$/i.test(text))
    return `\`rollback-to: ${text}\` is read as a tag, commit or release tag, and no revision has it. ${way}`;
  return /^(?:HEAD|ORIG_HEAD|@)(?:[~^].*)?$|[~^]\d*$/.test(text)
    ? `\`rollback-to: ${text}\` is a name of git's, which means nothing to ECS: write the commit (\`git rev-parse ${text}\`). ${way}`
    : undefined;
}

/**
 * Of those that one name means: where an earlier attempt of this run went, else back and not forward, so that a branch never
 * brings what a rollback has just left. What runs now comes last.
 */
function preferred(matches: readonly Match[], { search, history }: TargetQuery): Match | undefined {
  const { service, chosen } = search;
  const present = primaryOf(service)?.taskDefinitionArn ?? service.taskDefinitionArn;
  const stands = successesNotRolledBack([...history.successes, present]);
  const ranks: readonly ((revision: Revision) => boolean)[] = [
    chosen,
    ({ arn }) => arn !== present && stands.includes(arn),
    ({ arn }) => isBelow(arn, present),
    ({ arn }) => arn !== present,
    () => true,
  ];
  for (const fits of ranks) {
    const found = matches.find(({ revision }) => fits(revision));
    if (found) return found;
  }
  return undefined;
}

/**
 * All revisions that bear the first of these names that any bears, what ran last first; and every name that was knownNames on
 * the way.
 */
async function matching(
  names: readonly Name[],
  { search, history, ports }: TargetQuery,
): Promise<{ readonly matches: readonly Match[]; readonly knownNames: readonly string[] }> {
  const { service, live, known } = search;
  const { arns: family } = await familyRevisions(live.family, ports.ecs);
  const arns = [...new Set([...history.entries.map(({ arn }) => arn), ...family])];
  const knownNames = new Set<string>();
  const matches = names.map((): Match[] => []);
  const revisions = await inTurns(arns, AT_A_TIME, async (arn) =>
    arn === live.arn ? live : describeRevision(arn, ports.ecs),
  );
  for (const revision of revisions) {
    if (!revision) continue;
    const how = known(revision);
    for (const [n, name] of names.entries()) {
      const strength = namedBy(name, revision, { known: how, service });
      if (strength) matches[n]?.push({ revision, strength });
    }
    for (const ref of how.refs) knownNames.add(ref.replace(/^refs\/(?:tags|heads)\//, ''));
    for (const commit of how.commits) knownNames.add(commit);
  }
  return { matches: matches.find((some) => some.length > 0) ?? [], knownNames: [...knownNames] };
}

const namesOf = (matches: readonly Match[]): string =>
  `${matches
    .slice(0, NAMED_AT_MOST)
    .map(({ revision }) => nameOf(revision))
    .join(', ')}${matches.length > NAMED_AT_MOST ? ` and ${matches.length - NAMED_AT_MOST} more` : ''}`;

/** A service gets its image by digest, so a tag is looked up in the repositories of the live revision. */
async function digestsOf(text: string, live: Revision, ecr: Pick<Ecr, 'getImage'>): Promise<string[]> {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return [text];
  if (!/^[\w][\w.-]{0,127}$/.test(text)) return [];
  const repositories = new Map(
    live.definition.containerDefinitions.flatMap(({ image }) => {
      const place = ecrPlace(image);
      return place ? [[parseReference(image).path, place.repository] as const] : [];
    }),
  );
  const found = await Promise.all(
    [...repositories.values()].map((repository) => ecr.getImage(repository, { tag: text }).catch(() => undefined)),
  );
  return found.flatMap((image) => image?.digest ?? []);
}

const notFound = async (message: string, query: TargetQuery): Promise<Failure> =>
  new Failure('NOT_FOUND', message, await remedyOf(query));

const unusableTarget = async (name: string, problems: readonly string[], query: TargetQuery): Promise<Failure> =>
  new Failure('CONFLICT', `${name} is not a rollback target: ${problems.join(', and ')}.`, await remedyOf(query));

/** The rollback targets, for an error about one that does not fit. If they cannot be listed, the error is thrown without them. */
async function remedyOf({ search, history, ports }: TargetQuery): Promise<{ readonly remedy?: string }> {
  const { service, live } = search;
  try {
    const targets = offeredTargets(await targetsOf(service, history, ports));
    const names = targets.slice(0, 10).map(({ revision }) => nameOf(revision));
    return {
      remedy:
        names.length === 0
          ? `The service runs ${familyOf(live.arn)}:${live.revision}, and no other revision of it is a rollback target: deploy a fixed revision (\`mode: deploy\`).`
          : `Use one of these as \`rollback-to\`: ${names.join(', ')}. \`mode: list\` shows more of them.`,
    };
  } catch {
    return {};
  }
}

/** How a revision that we deployed is known: read off its tags by the caller. */
export interface Known {
  /** Newest first. */
  readonly commits: readonly string[];
  /** As a tag holds them (`taggable`), newest first. */
  readonly refs: readonly string[];
  /** Tags that were replaced by digests, by container. */
  readonly imageTags?: ReadonlyMap<string, string>;
  /** Whether a rollback, of whatever run, went to it. */
  readonly target: boolean;
}

/** The forms of a name: as written, and with or without the `v` of a version. */
interface Name {
  readonly text: string;
  /** Digests that ECR has under that name. */
  readonly digests: readonly string[];
}

/**
 * How surely the revision is what the name means: `itself` by a commit, a ref, or the image that the service is about;
 * `sidecar` by the image of another container alone.
 */
type MatchStrength = 'itself' | 'sidecar';

/** Undefined when the name cannot mean this revision. */
export function namedBy(
  { text, digests }: Name,
  revision: Revision,
  {
    known,
    service: { loadBalancers },
  }: {
    readonly known: Pick<Known, 'commits' | 'refs' | 'imageTags'>;
    readonly service: Pick<ServiceState, 'loadBalancers'>;
  },
): MatchStrength | undefined {
  const { containerDefinitions } = revision.definition;
  const commit = text.toLowerCase();
  if (/^[0-9a-f]{7,40}$/.test(commit) && known.commits.some((one) => one.startsWith(commit))) return 'itself';
  const refs = [text, `refs/tags/${text}`, `refs/heads/${text}`].map(taggable);
  if (known.refs.some((ref) => refs.includes(ref))) return 'itself';
  const tagged = containerDefinitions.filter(
    ({ name, image }) => known.imageTags?.get(name) === text || hasTag(image, text, digests),
  );
  if (tagged.length === 0) return undefined;
  // What the load balancer sends requests to; without one, what the task cannot do without.
  const balanced = containerDefinitions.filter(({ name }) =>
    loadBalancers.some(({ containerName }) => containerName === name),
  );
  const main = balanced.length > 0 ? balanced : containerDefinitions.filter(({ essential }) => essential !== false);
  return tagged.some((one) => main.includes(one)) ? 'itself' : 'sidecar';
}

function hasTag(image: string, text: string, digests: readonly string[]): boolean {
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  if (digest !== undefined && digests.includes(digest)) return true;
  const name = image.replace(/@.*/, '');
  return name.slice(name.lastIndexOf('/') + 1).split(':')[1] === text;
}

/** `v1.2` for `1.2` and the other way round; undefined for what is not a version. */
export function otherSpelling(text: string): string | undefined {
  const [, prefix = '', v, version] = /^(refs\/tags\/)?(v)?(\d+\..*)$/.exec(text) ?? [];
  return version === undefined ? undefined : `${prefix}${v === undefined ? 'v' : ''}${version}`;
}

/** Why no earlier revision can be the target. */
function whyNone(service: ServiceState, live: Revision, history: History): string {
  if (history.successes.length === 0 && history.guessed === undefined)
    return `no deployment of ${service.name} has succeeded yet.`;
  if (history.entries.some(({ arn }) => arn !== live.arn))
    return `no revision is known to have run well before ${nameOf(live)} in ${service.name}.`;
  return `${nameOf(live)} is the only revision that ${service.name} is known to have run.`;
}
