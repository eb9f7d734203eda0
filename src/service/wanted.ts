import { asFailure, Failure } from '../failure.ts';
import { parseReference } from '../image/reference.ts';
import { didYouMean } from '../spelling.ts';
import { type Ecr, type Ecs, nameOf, type Revision, type ServiceState } from '../world.ts';
import { ecrPlace, entryBefore, familyOf, type History, historyOf, problemsOf, targetsOf } from './targets.ts';

/** What `rollback-to` says, taken apart. */
export type Wanted =
  | { readonly kind: 'last-good' }
  /** `42`: a revision of the live family; where there is none, a tag that is a number. */
  | { readonly kind: 'number'; readonly text: string }
  /** An ARN or `family:42`. */
  | { readonly kind: 'revision'; readonly reference: string }
  | { readonly kind: 'digest'; readonly digest: string }
  /** An image tag, a commit (its first 7 letters at least), a release tag or a whole ref. */
  | { readonly kind: 'name'; readonly text: string };

/** @param text the input `rollback-to` */
export function readWanted(text: string | undefined): Wanted {
  if (text === undefined) return { kind: 'last-good' };
  if (/^\d{1,9}$/.test(text)) return { kind: 'number', text };
  if (/^arn:[\w-]+:ecs:[^/]+:task-definition\/[\w-]+:\d+$/.test(text)) return { kind: 'revision', reference: text };
  const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
  if (digest) return { kind: 'digest', digest };
  if (/^[\w-]+:\d+$/.test(text)) return { kind: 'revision', reference: text };
  // A whole image reference means its tag; only that can be looked up.
  const slash = text.lastIndexOf('/');
  const tag = slash > 0 && !text.startsWith('refs/') ? /:([\w][\w.-]{0,127})$/.exec(text)?.[1] : undefined;
  return { kind: 'name', text: tag ?? text };
}

/** How a revision that we deployed is known: read off its tags by the caller. */
export interface Known {
  readonly commits: readonly string[];
  readonly ref?: string;
}

/** Whether people may mean this revision by that name. */
export function isNamed(text: string, revision: Revision, known: Known, digests: readonly string[]): boolean {
  const commit = /^[0-9a-f]{7,40}$/.test(text) && known.commits.some((one) => one.startsWith(text));
  const ref = known.ref !== undefined && [text, `refs/tags/${text}`, `refs/heads/${text}`].includes(known.ref);
  return commit || ref || revision.definition.containerDefinitions.some(({ image }) => bears(image, text, digests));
}

function bears(image: string, text: string, digests: readonly string[]): boolean {
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  if (digest !== undefined && digests.includes(digest)) return true;
  const name = image.replace(/@.*$/, '');
  return name.slice(name.lastIndexOf('/') + 1).split(':')[1] === text;
}

export interface Search {
  readonly service: ServiceState;
  readonly live: Revision;
  /** What the revision's tags say of how it was made. */
  readonly known: (revision: Revision) => Known;
}

/** The revision to go back to. */
export interface Found {
  readonly revision: Revision;
  /** What the user should know of the choice. */
  readonly warnings: readonly string[];
}

/** Revisions described at a time while looking for a name. */
const AT_A_TIME = 10;

/**
 * The revision that `rollback-to` means, proven to be deployable: ACTIVE, and its images still in ECR.
 * @throws Failure NOT_FOUND when there is none, CONFLICT when it cannot be deployed; both list what can
 */
export async function findTarget(
  wanted: Wanted,
  search: Search,
  ports: { readonly ecs: Ecs; readonly ecr: Pick<Ecr, 'getImage'> },
): Promise<Found> {
  const history = await historyOf(search.service, search.live.family, ports.ecs);
  const listed = (): Promise<string> => usable(search, history, ports);
  const found = await lookUp(wanted, search, history, ports, listed);
  const problems = await problemsOf(found.revision, ports.ecr);
  if (problems.length > 0) {
    throw new Failure('CONFLICT', `${nameOf(found.revision)} cannot be gone back to: ${problems.join(', and ')}.`, {
      remedy: await listed(),
    });
  }
  return found;
}

async function lookUp(
  wanted: Wanted,
  search: Search,
  history: History,
  ports: { readonly ecs: Ecs; readonly ecr: Pick<Ecr, 'getImage'> },
  listed: () => Promise<string>,
): Promise<Found> {
  const { service, live } = search;
  switch (wanted.kind) {
    case 'last-good': {
      const entry = entryBefore(service, history);
      if (!entry) {
        throw new Failure(
          'NOT_FOUND',
          `There is nothing to go back to: ${nameOf(live)} is the only revision that ${service.name} is known to have run.`,
          {
            remedy: 'Deploy a mended revision (mode: deploy), or name one in `rollback-to`.',
          },
        );
      }
      const revision = await ports.ecs.describeTaskDefinition(entry.arn);
      const guess = `${history.guessed}, so ${nameOf(revision)} is the revision before the present one, not proven to have run well. Allow ecs:ListServiceDeployments and ecs:DescribeServiceRevisions for a proven choice.`;
      return { revision, warnings: history.guessed === undefined ? [] : [guess] };
    }
    case 'revision': {
      const revision = await described(wanted.reference, ports.ecs);
      if (!revision) throw await nothing(`There is no revision ${wanted.reference}.`, listed);
      const other = `${nameOf(revision)} is of another family than ${nameOf(live)}.`;
      return { revision, warnings: revision.family === live.family ? [] : [other] };
    }
    case 'number': {
      const revision = await described(`${live.family}:${wanted.text}`, ports.ecs);
      return revision ? { revision, warnings: [] } : named(wanted.text, search, history, ports, listed);
    }
    case 'digest':
      return named(wanted.digest, search, history, ports, listed);
    case 'name':
      return named(wanted.text, search, history, ports, listed);
  }
}

/** What ran well comes first: of several revisions with one name, the one that is known to run. */
async function named(
  text: string,
  { service, live, known }: Search,
  history: History,
  { ecs, ecr }: { readonly ecs: Ecs; readonly ecr: Pick<Ecr, 'getImage'> },
  listed: () => Promise<string>,
): Promise<Found> {
  const [digests, family] = await Promise.all([digestsOf(text, live, ecr), ecs.listTaskDefinitions(live.family, 100)]);
  const arns = [...new Set([...history.entries.map(({ arn }) => arn), ...family])];
  const names = new Set<string>();
  for (let i = 0; i < arns.length; i += AT_A_TIME) {
    const some = await Promise.all(arns.slice(i, i + AT_A_TIME).map((arn) => described(arn, ecs)));
    for (const revision of some) {
      if (!revision) continue;
      const how = known(revision);
      if (isNamed(text, revision, how, digests)) return { revision, warnings: [] };
      for (const name of [how.ref?.replace(/^refs\/(?:tags|heads)\//, ''), ...how.commits]) if (name) names.add(name);
    }
  }
  const meant = didYouMean(text, [...names]);
  const what =
    digests.length > 0 && !text.startsWith('sha256:')
      ? `ECR has an image tagged ${text}, but no revision of ${live.family} runs it. Deploy it with the input \`image\`.`
      : `No revision of ${service.name} has the image tag or digest, commit or release tag ${text}.`;
  throw await nothing(`${what}${meant ? ` Did you mean ${meant}?` : ''}`, listed);
}

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

async function described(reference: string, ecs: Ecs): Promise<Revision | undefined> {
  try {
    return await ecs.describeTaskDefinition(reference);
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined;
    throw thrown;
  }
}

const nothing = async (message: string, listed: () => Promise<string>): Promise<Failure> =>
  new Failure('NOT_FOUND', message, { remedy: await listed() });

/** What can be gone back to, for people who named what cannot. */
async function usable(
  { service, live }: Search,
  history: History,
  ports: { readonly ecs: Ecs; readonly ecr: Pick<Ecr, 'getImage'> },
): Promise<string> {
  const targets = (await targetsOf(service, history, ports)).filter(
    ({ problems, current }) => problems.length === 0 && !current,
  );
  if (targets.length === 0)
    return `No revision of ${familyOf(live.arn)} can be gone back to: deploy a new one (mode: deploy).`;
  const names = targets.slice(0, 10).map(({ revision }) => nameOf(revision));
  return `Use one of these as \`rollback-to\`: ${names.join(', ')}. \`mode: list\` tells more of them.`;
}
