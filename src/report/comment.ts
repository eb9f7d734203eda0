import type { RunContext } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import type { ServiceState } from '../world.ts';
import { factsTable, runUrl, titleOf, verdictBlock } from './blocks.ts';
import { code, linked } from './escape.ts';
import { type Plan, planParts, planTitle } from './plan.ts';

/** GitHub refuses a longer comment. */
const LIMIT = 65_536;

/**
 * The hidden first line by which a later run finds its comment: one for each service and job, so that two
 * services (or a plan and a deploy) on one pull request do not overwrite each other.
 */
export function commentMarker(service: Pick<ServiceState, 'arn'>, { workflow, job }: RunContext): string {
  // In an HTML comment neither `>` nor `--` may stand.
  const key = [service.arn, workflow, job].map((part) => encodeURIComponent(part).replaceAll('-', '%2D')).join(' ');
  return `<!-- ecs-rollout ${key} -->`;
}

/** The outcome as a comment: what happened, why, and where to read more. */
export function outcomeComment(outcome: Outcome & { readonly service: ServiceState }, run: RunContext): string {
  const parts = [`### ${titleOf(outcome)}`, verdictBlock(outcome), factsTable(outcome, run)];
  return comment(commentMarker(outcome.service, run), parts, run);
}

/** The plan as a comment, with the differences, which is what a reviewer wants to see. */
export function planComment(plan: Plan, run: RunContext): string {
  const marker = commentMarker(plan.service, run);
  const title = `### ${planTitle(plan)}`;
  for (const limit of [100, 30, 10]) {
    const parts = planParts(plan, run, { differences: 2 * limit, checks: limit });
    const text = comment(marker, [title, ...parts], run);
    if (text.length <= LIMIT) return text;
  }
  return comment(marker, [title, 'The plan is too long for a comment; the job summary has it.'], run);
}

function comment(marker: string, parts: readonly string[], run: RunContext): string {
  const from = `<sub>From ${linked(`run ${run.runId}`, runUrl(run))} of ${code(run.workflow)}.</sub>`;
  return [marker, ...parts, from].join('\n\n');
}
