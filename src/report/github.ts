import { asFailure, type Failure } from '../failure.ts';
import type { GithubInputs, Place, RunContext } from '../inputs/types.ts';
import type { Outcome, OutcomeKind, Plan, RollbackTarget } from '../model.ts';
import type { GithubDeploymentState, World } from '../ports.ts';
import { runUrl } from './blocks.ts';
import { commentMarker, failureComment, outcomeComment, planComment } from './comment.ts';
import { oneLine } from './words.ts';

/** GitHub is beside the deploy: what fails there is a warning. */
export interface GithubWorld extends Pick<World, 'github' | 'console'> {
  readonly runner: Pick<World['runner'], 'context'>;
}

/** A GitHub deployment that we made, and where it goes. */
export interface Recorded {
  readonly deployment: number;
  readonly environment: string;
  readonly url?: string;
}

/** The record that main began, as post reads it. */
export const recordOf = (state: string): Recorded | undefined => (state === '' ? undefined : JSON.parse(state));

/** A commit, and no other name that a tag of AWS may hold. */
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

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
 * Records that a deploy has begun, where the user asked for it. GitHub is beside the deploy: what fails here is a
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
  return withGithub('The GitHub deployment', world, async (github) => {
    const { environment, url, transient, production } = asked;
    const description = back ? `Rollback to ${back.revision}` : `ECS Rollout by ${run.workflow}`;
    const asking = { environment, transient, production, description };
    const commit = back?.commit !== undefined && SHA.test(back.commit) ? back.commit : undefined;
    const deployment = await github
      .createDeployment({ ...asking, ...(commit === undefined ? {} : { ref: commit }) })
      .catch((thrown: unknown) => {
        // The commit may be gone from the repository, or never was in it; the description still tells what runs.
        if (commit === undefined || asFailure(thrown).code !== 'REFUSED') throw thrown;
        return github.createDeployment(asking);
      });
    const recorded: Recorded = { deployment, environment, ...(url ? { url } : {}) };
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
  const description = oneLine(outcome?.headline ?? 'The run ended before the deployment began.', 140);
  await withGithub('The GitHub deployment', world, (github) =>
    github.setDeploymentStatus(statusOf(recorded, { state, description }, world.runner.context)),
  );
}

const statusOf = (
  { deployment, environment, url }: Recorded,
  { state, description }: { readonly state: GithubDeploymentState; readonly description: string },
  run: RunContext,
) => ({ deployment, state, description, environment, logUrl: runUrl(run), ...(url ? { environmentUrl: url } : {}) });

/** One comment with the outcome or the plan, where the user asked for it; the same one in every later run. */
export async function comment(
  place: Place,
  told: { readonly outcome: Outcome } | { readonly plan: Plan },
  world: GithubWorld,
): Promise<void> {
  if (!place.github.comment) return;
  const run = world.runner.context;
  const body = 'plan' in told ? planComment(told.plan, place, run) : outcomeComment(told.outcome, place, run);
  await put(body, place, world);
}

/**
 * The same comment for a run that could not go on: a plan of an earlier commit must not stand there as if it held. Not for
 * a cancelled run, which most often makes way for one that will write it.
 */
export async function commentFailure(place: Place, failure: Failure, world: GithubWorld): Promise<void> {
  if (!place.github.comment || place.service.service === '' || failure.code === 'CANCELLED') return;
  await put(failureComment(failure, place, world.runner.context), place, world);
}

async function put(body: string, place: Place, world: GithubWorld): Promise<void> {
  const marker = commentMarker(place, world.runner.context);
  await withGithub('The comment', world, (github) => github.putComment({ marker, body }));
}

async function withGithub<T>(
  what: string,
  { github, console }: Pick<GithubWorld, 'github' | 'console'>,
  act: (github: NonNullable<World['github']>) => Promise<T>,
): Promise<T | undefined> {
  if (!github) {
    console.notice(`${what} is skipped: there is no \`github-token\`.`);
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
