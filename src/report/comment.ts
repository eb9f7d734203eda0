/** The comment on the pull request or the commit: how an entry is found and written again, and that of a run that could not continue. */
import { accountOf, lastPart } from '../arn.ts';
import { asFailure, type Failure } from '../failure.ts';
import type { Place, RunContext } from '../inputs/types.ts';
import type { World } from '../ports.ts';
import { whereOfPlace } from './about.ts';
import { commitOf, factRows, runUrl } from './blocks.ts';
import { failureParts, failureTitle } from './failed.ts';
import { code, linked, prose } from './markdown.ts';
import { holdsEntry, mergeEntry, sharedMarker } from './shared-comment.ts';
import { oneLine } from './text.ts';

/** GitHub refuses a comment of more than 65,536 characters; the comment that jobs share adds a few. */
export const LIMIT = 65_000;
export const TOO_LONG = 'The rest is too long for a comment; the job summary has it.';

/**
 * The hidden first line by which a later run finds what it wrote in the comment: one for each service and job, so that two services (or a
 * plan and a deploy) on one pull request do not overwrite each other. It is made of the inputs alone: a run that fails
 * before it reaches AWS has the same. The account is not always among them; then role or environment distinguishes two.
 */
export function commentMarker({ aws, service, github }: Place, { workflow, job }: RunContext): string {
  const [only, ...more] = aws.allowedAccountIds;
  const account = [service.cluster, aws.role?.arn].flatMap((arn) => accountOf(arn) ?? []);
  const key = [
    aws.region,
    account[0] ?? (more.length === 0 ? only : undefined),
    github.deployment?.environment,
    lastPart(service.cluster),
    service.service,
    workflow,
    job,
  ];
  // In an HTML comment neither `>` nor `--` may stand.
  const encoded = (part: string): string => encodeURIComponent(part.toWellFormed()).replaceAll('-', '%2D');
  return `<!-- ecs-rollout ${key.map((part) => (part ? encoded(part) : '-')).join(' ')} -->`;
}

export function commentBody(marker: string, parts: readonly string[], run: RunContext): string {
  const from = `<sub>From ${linked(`run ${run.runId}`, runUrl(run))} of ${code(run.workflow)}.</sub>`;
  return [marker, ...parts, from].filter((part) => part !== '').join('\n\n');
}

/** A run that could not continue, where its plan or its outcome would stand: what an earlier run wrote there is outdated. */
export function failureComment(failure: Failure, place: Place, run: RunContext): string {
  const described = failure.describe();
  const facts = factRows([['Commit', commitOf(run)]]);
  const marker = commentMarker(place, run);
  const title = `### ❌ ${prose(failureTitle(described, whereOfPlace(place)))}`;
  const text = (lines: number): string => commentBody(marker, [title, ...failureParts(described, lines), facts], run);
  const whole = text(50);
  return whole.length <= LIMIT ? whole : text(5);
}

/** GitHub is beside the deploy: what fails there is a warning. */
export interface GithubWorld extends Pick<World, 'github' | 'console'> {
  readonly runner: Pick<World['runner'], 'context'>;
}

/**
 * The comment for a run that could not continue: a plan of an earlier commit must not stand there as if it held. Not for
 * a cancelled run, which most often makes way for one that will write it.
 */
export async function commentFailure(place: Place, failure: Failure, world: GithubWorld): Promise<void> {
  if (!place.github.comment || place.service.service === '' || failure.code === 'CANCELLED') return;
  await put(failureComment(failure, place, world.runner.context), world);
}

export async function put(body: string, world: GithubWorld): Promise<void> {
  const { workflow } = world.runner.context;
  const entry = body.trimEnd();
  const permission = world.runner.context.pullRequest === undefined ? 'contents: write' : 'pull-requests: write';
  await withGithub({ what: 'The comment', permission }, world, (github) =>
    github.putComment({
      marker: sharedMarker(workflow),
      write: (before) => mergeEntry(before, entry, workflow),
      holds: (after) => holdsEntry(after, entry),
    }),
  );
}

export async function withGithub<T>(
  { what, permission }: { readonly what: string; readonly permission: string },
  { github, console }: Pick<GithubWorld, 'github' | 'console'>,
  act: (github: NonNullable<World['github']>) => Promise<T>,
): Promise<T | undefined> {
  if (!github) {
    console.notice(
      `${what} is skipped: \`github-token\` is not set. Set \`github-token: \${{ github.token }}\` and give the job \`permissions: ${permission}\`.`,
    );
    return undefined;
  }
  try {
    return await act(github);
  } catch (thrown) {
    const { message, remedy } = asFailure(thrown);
    console.warning(oneLine(`${what} is missing. ${message} ${remedy ?? ''}`, 1000));
    return undefined;
  }
}
