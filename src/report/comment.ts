import { lastPart } from '../arn.ts';
import type { Failure } from '../failure.ts';
import type { Place, RunContext } from '../inputs/types.ts';
import type { Outcome, Plan } from '../model.ts';
import { commitOf, factsTable, runUrl, table, titleOf, verdictBlock } from './blocks.ts';
import { code, html, linked, prose } from './escape.ts';
import { planParts, planTitle } from './plan.ts';
import { counted, oneLine } from './words.ts';

/** GitHub refuses a longer comment. */
const LIMIT = 65_536;
const TOO_LONG = 'The rest is too long for a comment; the job summary has it.';

/**
 * The hidden first line by which a later run finds its comment: one for each service and job, so that two services (or a
 * plan and a deploy) on one pull request do not overwrite each other. It is made of the inputs alone: a run that fails
 * before it reaches AWS has the same. The account is not always among them; then role or environment tell two apart.
 */
export function commentMarker({ aws, service, github }: Place, { workflow, job }: RunContext): string {
  const [only, ...more] = aws.allowedAccountIds;
  const account = [service.cluster, aws.role?.arn].flatMap((arn) => arn?.split(':')[4] ?? []);
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

/** The outcome as a comment: what happened, why, and where to read more. */
export function outcomeComment(outcome: Outcome, place: Place, run: RunContext): string {
  const marker = commentMarker(place, run);
  const title = `### ${titleOf(outcome)}`;
  // Long words of AWS's or of a container: then the first cause alone, which is what matters.
  for (const told of [outcome, { ...outcome, diagnoses: outcome.diagnoses.slice(0, 1), warnings: [] }]) {
    const text = comment(marker, [title, verdictBlock(told), factsTable(told, run)], run);
    if (text.length <= LIMIT) return text;
  }
  return comment(marker, [title, TOO_LONG], run);
}

/** A run that could not go on, where its plan or its outcome would stand: what an earlier run said there holds no more. */
export function failureComment(failure: Failure, place: Place, run: RunContext): string {
  const [headline = '', ...rest] = failure.describe().split('\n');
  const { cluster, service } = place.service;
  const facts = table([
    ['Service', `${html.code(oneLine(service, 300))} in cluster ${html.code(oneLine(lastPart(cluster), 300))}`],
    ['Commit', commitOf(run)],
  ]);
  const marker = commentMarker(place, run);
  const text = (lines: number): string => {
    const told = rest.slice(0, lines).map((line) => `- ${prose(oneLine(line.replace(/^\s*-\s*/, ''), 1000))}`);
    const more = rest.length - told.length;
    const list = [...told, ...(more > 0 ? [`- and ${counted(more, 'line')} more, in the log of the step`] : [])];
    const parts = [`### ❌ The run for ${code(oneLine(service, 300))} failed`, prose(oneLine(headline, 1000))];
    return comment(marker, [...parts, ...(list.length > 0 ? [list.join('\n')] : []), facts], run);
  };
  const whole = text(50);
  return whole.length <= LIMIT ? whole : text(5);
}

/** The plan as a comment, with the differences, which is what a reviewer wants to see. */
export function planComment(plan: Plan, place: Place, run: RunContext): string {
  const marker = commentMarker(place, run);
  const title = `### ${planTitle(plan)}`;
  for (const limit of [100, 30, 10]) {
    const parts = planParts(plan, run, { differences: 2 * limit, checks: limit });
    const text = comment(marker, [title, ...parts], run);
    if (text.length <= LIMIT) return text;
  }
  return comment(marker, [title, TOO_LONG], run);
}

function comment(marker: string, parts: readonly string[], run: RunContext): string {
  const from = `<sub>From ${linked(`run ${run.runId}`, runUrl(run))} of ${code(run.workflow)}.</sub>`;
  return [marker, ...parts, from].join('\n\n');
}
