import { Failure } from '../failure.ts';
import { parseReference } from '../image/reference.ts';
import { nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Ecr } from '../ports.ts';
import { didYouMean } from '../spelling.ts';
import { primaryOf } from './deployment.ts';
import { familyOf, type History, isBelow, standing } from './history.ts';
import { type Known, type Name, namedBy, otherSpelling, type Sureness } from './named.ts';
import { type AwsPorts, described, ecrPlace, familyRevisions, offeredOf, targetsOf } from './targets.ts';

export interface Search {
  readonly service: ServiceState;
  readonly live: Revision;
  /** What the revision's tags say of how it was made. */
  readonly known: (revision: Revision) => Known;
  /** Whether an earlier attempt of this run went to that revision already. */
  readonly chosen: (revision: Revision) => boolean;
  /** `again`: an earlier attempt of this run may have chosen a revision that is not the live one any more. */
  readonly attempt: 'first' | 'again';
}

/** The revision to go back to. */
export interface Found {
  readonly revision: Revision;
  /** What the user should know of the choice. */
  readonly warnings: readonly string[];
}

/** Revisions described at a time while looking for a name. */
const AT_A_TIME = 20;
const NAMED_AT_MOST = 5;

/** All that a search has at hand. */
export interface Seeker {
  readonly search: Search;
  readonly history: History;
  readonly ports: AwsPorts;
}

export interface Match {
  readonly revision: Revision;
  readonly sureness: Sureness;
}

/** What ran well comes first: of several revisions with one name, the one that is known to run. */
export async function named(text: string, seeker: Seeker): Promise<Found> {
  const { search, ports } = seeker;
  const { live, service } = search;
  const spellings = [text, otherSpelling(text)].filter((one) => one !== undefined);
  const names = await Promise.all(
    spellings.map(async (one): Promise<Name> => ({ text: one, digests: await digestsOf(one, live, ports.ecr) })),
  );
  const { matches, heard } = await matching(names, seeker);
  const sure = matches.filter(({ sureness }) => sureness === 'itself');
  const taken = preferred(sure.length > 0 ? sure : matches, seeker);
  if (taken) {
    const others = matches.filter((one) => one !== taken);
    const told = `${text} names ${namesOf(others)} as well as ${nameOf(taken.revision)}, which is taken. Give \`rollback-to\` a revision to choose another.`;
    return { revision: taken.revision, warnings: others.length > 0 ? [told] : [] };
  }
  const meant = didYouMean(text, heard);
  const inEcr = names.some(({ digests }) => digests.length > 0);
  const what =
    inEcr && !text.startsWith('sha256:')
      ? `ECR has an image tagged ${text}, but no revision of ${live.family} runs it. Deploy it with the input \`image\`.`
      : `No revision of ${service.name} has the image tag or digest, commit or release tag ${text}.`;
  throw await nothing(`${what}${meant ? ` Did you mean ${meant}?` : ''}`, seeker);
}

/**
 * Of those that one name means: where an earlier attempt of this run went, else back and not forward, so that a branch never
 * brings what a rollback has just left. What runs now comes last.
 */
function preferred(matches: readonly Match[], { search, history }: Seeker): Match | undefined {
  const { service, chosen } = search;
  const present = primaryOf(service)?.taskDefinitionArn ?? service.taskDefinitionArn;
  const stands = standing([...history.successes, present]);
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
 * All revisions that bear the first of these names that any bears, what ran last first; and every name that was heard on
 * the way.
 */
export async function matching(
  names: readonly Name[],
  { search, history, ports }: Seeker,
): Promise<{ readonly matches: readonly Match[]; readonly heard: readonly string[] }> {
  const { service, live, known } = search;
  const { arns: family } = await familyRevisions(live.family, ports.ecs);
  const arns = [...new Set([...history.entries.map(({ arn }) => arn), ...family])];
  const heard = new Set<string>();
  const matches = names.map((): Match[] => []);
  for (let i = 0; i < arns.length; i += AT_A_TIME) {
    const some = await Promise.all(
      arns.slice(i, i + AT_A_TIME).map((arn) => (arn === live.arn ? live : described(arn, ports.ecs))),
    );
    for (const revision of some) {
      if (!revision) continue;
      const how = known(revision);
      for (const [n, name] of names.entries()) {
        const sureness = namedBy(name, revision, how, service);
        if (sureness) matches[n]?.push({ revision, sureness });
      }
      for (const ref of how.refs) heard.add(ref.replace(/^refs\/(?:tags|heads)\//, ''));
      for (const commit of how.commits) heard.add(commit);
    }
  }
  return { matches: matches.find((some) => some.length > 0) ?? [], heard: [...heard] };
}

export const namesOf = (matches: readonly Match[]): string =>
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

export const nothing = async (message: string, seeker: Seeker): Promise<Failure> =>
  new Failure('NOT_FOUND', message, await remedyOf(seeker));

export const unusable = async (name: string, problems: readonly string[], seeker: Seeker): Promise<Failure> =>
  new Failure('CONFLICT', `${name} cannot be gone back to: ${problems.join(', and ')}.`, await remedyOf(seeker));

/** What can be gone back to, for people who named what cannot. That this cannot be told is no reason to tell nothing else. */
async function remedyOf({ search, history, ports }: Seeker): Promise<{ readonly remedy?: string }> {
  const { service, live } = search;
  try {
    const targets = offeredOf(await targetsOf(service, history, ports));
    const names = targets.slice(0, 10).map(({ revision }) => nameOf(revision));
    return {
      remedy:
        names.length === 0
          ? `No revision of ${familyOf(live.arn)} can be gone back to: deploy a mended one (mode: deploy).`
          : `Use one of these as \`rollback-to\`: ${names.join(', ')}. \`mode: list\` tells more of them.`,
    };
  } catch {
    return {};
  }
}
