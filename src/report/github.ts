import { asFailure } from '../failure.ts';
import type { GithubInputs, Place, RunContext } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Outcome, OutcomeKind, Plan, RollbackTarget } from '../outcome.ts';
import type { GithubDeploymentState, World } from '../ports.ts';
import type { About } from './about.ts';
import { factsTable, gistBlock, headingOf, restBlock, runUrl } from './blocks.ts';
import { commentBody, commentMarker, type GithubWorld, LIMIT, put, TOO_LONG, withGithub } from './comment.ts';
import { gistOf } from './gist.ts';
import { picturesOf } from './pictures.ts';
import { planParts, planTitle } from './plan.ts';
import { servicesLine } from './shared-comment.ts';
import { oneLine } from './text.ts';

/** The outcome as a comment: what happened, why, the one next step, and where to read more. */
export function outcomeComment(outcome: Outcome, place: Place, about: About & { readonly run: RunContext }): string {
  const { run } = about;
  const marker = commentMarker(place, run);
  const gist = gistOf(outcome, about);
  const title = `### ${headingOf(outcome, gist)}`;
  const first = gistBlock(outcome, gist);
  // Long words of AWS's or of a container: then the first screen alone, which is what matters.
  for (const more of [[...picturesOf([{ outcome, about }]), ...restBlock(outcome), factsTable(outcome, run)], []]) {
    const text = commentBody(marker, [title, ...first, ...more], run);
    if (text.length <= LIMIT) return text;
  }
  return commentBody(marker, [title, TOO_LONG], run);
}

/** The plan as a comment, with the differences, which is what a reviewer wants to see. */
export function planComment(plan: Plan, place: Place, run: RunContext): string {
  const marker = commentMarker(place, run);
  const title = `### ${planTitle(plan, defined({ environment: place.github.deployment?.environment }))}`;
  for (const limit of [100, 30, 10]) {
    const parts = planParts(plan, run, { differences: 2 * limit, checks: limit });
    const text = commentBody(marker, [title, ...parts], run);
    if (text.length <= LIMIT) return text;
  }
  return commentBody(marker, [title, TOO_LONG], run);
}

/** A GitHub deployment that we made, and where it goes. */
interface Recorded {
  readonly deployment: number;
  readonly environment: string;
  readonly url?: string;
}

/** The record that main started, as post reads it. */
export const recordOf = (state: string): Recorded | undefined => (state === '' ? undefined : JSON.parse(state));

/** A commit, and no other name that a tag of AWS may hold. */
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

const DEPLOYMENT = { what: 'The GitHub deployment', permission: 'deployments: write' } as const;

const STATES: Readonly<Record<OutcomeKind, GithubDeploymentState>> = {
  deployed: 'success',
  unchanged: 'success',
  started: 'in_progress',
  'rolled-back': 'failure',
  failed: 'failure',
  superseded: 'inactive',
  cancelled: 'error',
  paused: 'pending',
};

/**
 * Records that a deploy has started, where the user asked for it. GitHub is beside the deploy: what fails here is a
 * warning that names the permission, never the end of a deploy. Undefined when there is nothing to end later.
 * @param back for a rollback, whose run is of another commit than what will run; known once its target is found
 */
export async function beginDeployment(
  inputs: GithubInputs,
  world: GithubWorld & { readonly runner: Pick<World['runner'], 'saveState'> },
  back?: RollbackTarget,
): Promise<Recorded | undefined> {
  const run = world.runner.context;
  const asked = inputs.deployment;
  if (!asked) return undefined;
  return withGithub(DEPLOYMENT, world, async (github) => {
    const { environment, url, transient, production } = asked;
    const description = back ? `Rollback to ${back.revision}` : `ECS Rollout by ${run.workflow}`;
    const asking = { environment, transient, production, description };
    const commit = back?.commit !== undefined && SHA.test(back.commit) ? back.commit : undefined;
    const deployment = await github
      .createDeployment({ ...asking, ...defined({ ref: commit }) })
      .catch((thrown: unknown) => {
        // The commit may be gone from the repository, or never was in it; the description still names what runs.
        if (commit === undefined || asFailure(thrown).code !== 'REFUSED') throw thrown;
        return github.createDeployment(asking);
      });
    const recorded: Recorded = { deployment, environment, ...defined({ url: url || undefined }) };
    // So that post can end it, whatever happens to main.
    world.runner.saveState('github-deployment', JSON.stringify(recorded));
    const started = { state: 'in_progress', description: back ? description : 'Deploying' } as const;
    await github.setDeploymentStatus(statusOf(recorded, started, run));
    return recorded;
  });
}

/**
 * GitHub's record of a deploy or rollback that is under way. A rollback is recorded once it is known where to; it may end before
 * that, and then there is nothing to record.
 * @param rollout its end, good or bad, is not waited for when the target is known
 */
export async function recordRollout(
  inputs: GithubInputs,
  { rollout, target }: { readonly rollout: Promise<unknown>; readonly target: Promise<RollbackTarget> | undefined },
  world: GithubWorld & { readonly runner: Pick<World['runner'], 'saveState'> },
): Promise<Recorded | undefined> {
  if (!target) return beginDeployment(inputs, world);
  const ended = rollout.then(
    () => undefined,
    () => undefined,
  );
  const found = await Promise.race([target, ended]);
  return found && beginDeployment(inputs, world, found);
}

/** Ends the record; `outcome` undefined for a run that broke before it had one. */
export async function endDeployment(
  recorded: Recorded | undefined,
  outcome: Pick<Outcome, 'kind' | 'headline'> | undefined,
  world: GithubWorld,
): Promise<void> {
  if (!recorded) return;
  const state = outcome ? STATES[outcome.kind] : 'error';
  const description = oneLine(outcome?.headline ?? 'The run ended before the deployment started.', 140);
  await withGithub(DEPLOYMENT, world, (github) =>
    github.setDeploymentStatus(statusOf(recorded, { state, description }, world.runner.context)),
  );
}

const statusOf = (
  { deployment, environment, url }: Recorded,
  { state, description }: { readonly state: GithubDeploymentState; readonly description: string },
  run: RunContext,
) => ({
  deployment,
  state,
  description,
  environment,
  logUrl: runUrl(run),
  ...defined({ environmentUrl: url || undefined }),
});

/** One comment with the outcome or the plan, where the user asked for it; the same one in every later run. */
export async function comment(
  place: Place,
  result: { readonly outcome: Outcome; readonly about?: About } | { readonly plan: Plan },
  world: GithubWorld,
): Promise<void> {
  if (!place.github.comment) return;
  const run = world.runner.context;
  const body =
    'plan' in result
      ? planComment(result.plan, place, run)
      : outcomeComment(result.outcome, place, { ...result.about, run });
  await put(body, world);
}

/** The one comment of several services. @param written `text` without its marker, and short enough; `titles` of the services, a row each */
export async function putServicesComment(
  { text, titles }: { readonly text: string; readonly titles: readonly string[] },
  place: Place,
  world: GithubWorld,
): Promise<void> {
  if (!place.github.comment) return;
  const run = world.runner.context;
  await put(commentBody(`${commentMarker(place, run)}\n${servicesLine(titles)}`, [text], run), world);
}
