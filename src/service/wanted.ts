import { lastPart } from '../arn.ts';
import { Failure } from '../failure.ts';
import { nameOf, type Revision } from '../model.ts';
import { entryBefore, wasJustPutBack } from './history.ts';
import { type Found, matching, named, namesOf, nothing, type Search, type Seeker, unusable } from './search.ts';
import { type AwsPorts, DELETED, described, historyOf, problemsOf } from './targets.ts';

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

const ARN = /^arn:([\w-]+):ecs:([^:/]+):(\d+):task-definition\/[\w-]+:\d+$/;

/**
 * @param text the input `rollback-to`
 * @throws Failure INVALID_INPUT for the ARN of something else
 */
export function readWanted(text: string | undefined): Wanted {
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
export async function findTarget(wanted: Wanted, search: Search, ports: AwsPorts): Promise<Found> {
  const history = await historyOf(search.service, search.live.family, ports);
  const seeker: Seeker = { search, history, ports };
  const found = await lookUp(wanted, seeker);
  const problems = await problemsOf(found.revision, ports.ecr);
  if (problems.length > 0) throw await unusable(nameOf(found.revision), problems, seeker);
  return found;
}

async function lookUp(wanted: Wanted, seeker: Seeker): Promise<Found> {
  const { live } = seeker.search;
  switch (wanted.kind) {
    case 'last-good':
      return lastGood(seeker);
    case 'revision': {
      refuseElsewhere(wanted.reference, live.arn);
      const revision = await described(wanted.reference, seeker.ports.ecs);
      if (!revision) throw await nothing(`There is no revision ${wanted.reference}.`, seeker);
      const other = `${nameOf(revision)} is of another family than ${nameOf(live)}.`;
      return { revision, warnings: revision.family === live.family ? [] : [other] };
    }
    case 'number': {
      const revision = await described(`${live.family}:${wanted.text}`, seeker.ports.ecs);
      if (!revision) return named(wanted.text, seeker);
      const { matches } = await matching([{ text: wanted.text, digests: [] }], seeker);
      const others = matches.filter((one) => one.revision.arn !== revision.arn);
      const both = `${wanted.text} is the number of ${nameOf(revision)}, which is taken, and names ${namesOf(others)} as well. Write \`family:number\` to be sure.`;
      return { revision, warnings: others.length > 0 ? [both] : [] };
    }
    case 'digest':
      return named(wanted.digest, seeker);
    case 'name':
      return named(wanted.text, seeker);
  }
}

async function lastGood(seeker: Seeker): Promise<Found> {
  const { search, history, ports } = seeker;
  const { service, live } = search;
  const before = await chosenBefore(seeker);
  if (before) return { revision: before, warnings: [] };
  const entry = entryBefore(service, history);
  // Where an earlier run asked ECS for it, somebody does want to go further.
  if (entry && !search.known(live).target && wasJustPutBack(service, ports.clock.now())) {
    const further = lastPart(entry.arn);
    const told = `ECS has rolled back to ${nameOf(live)} by itself a few minutes ago, so the service stays with it. To go further back, give \`rollback-to: ${further}\`.`;
    return { revision: live, warnings: [told] };
  }
  if (!entry) {
    const others = history.entries.some(({ arn }) => arn !== live.arn);
    const why =
      history.successes.length === 0 && history.guessed === undefined
        ? `no deployment of ${service.name} has succeeded yet.`
        : others
          ? `no revision is known to have run well before ${nameOf(live)} in ${service.name}.`
          : `${nameOf(live)} is the only revision that ${service.name} is known to have run.`;
    throw await nothing(`There is nothing to go back to: ${why}`, seeker);
  }
  const revision = entry.arn === live.arn ? live : await described(entry.arn, ports.ecs);
  if (!revision) throw await unusable(lastPart(entry.arn), [DELETED], seeker);
  const passed = (entry.passedOver ?? []).map(
    (arn) =>
      `${lastPart(arn)} ran before ${nameOf(live)} as well, but its newest deployment was rolled back, so it is passed over. Give \`rollback-to: ${lastPart(arn)}\` to choose it.`,
  );
  if (history.guessed === undefined || revision === live) return { revision, warnings: passed };
  const guess = `${history.guessed}, so ${nameOf(revision)} is the revision before the present one, not proven to have run well.`;
  const remedy = history.allow ? ` Allow ${history.allow} for a proven choice.` : '';
  return { revision, warnings: [`${guess}${remedy}`] };
}

/** A rollback that is run again is one of the last things that happened to the service. */
const REMEMBERED = 20;

/** A re-run goes where the first attempt went, however far that one came. */
async function chosenBefore({ search, history, ports }: Seeker): Promise<Revision | undefined> {
  const { live, chosen, attempt } = search;
  if (chosen(live)) return live;
  if (attempt === 'first') return undefined;
  const newest = history.entries.slice(0, REMEMBERED).filter(({ arn }) => arn !== live.arn);
  const revisions = await Promise.all(newest.map(({ arn }) => described(arn, ports.ecs)));
  return revisions.find((revision) => revision && chosen(revision));
}

/** ECS looks a revision up by family and number in the account and region of the credentials, whatever the ARN says. */
function refuseElsewhere(reference: string, live: string): void {
  const [, partition, region, account] = ARN.exec(reference) ?? [];
  if (account === undefined) return;
  const [, ourPartition, , ourRegion, ourAccount] = live.split(':');
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
