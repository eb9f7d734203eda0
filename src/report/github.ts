import { asFailure } from '../failure.ts';
import type { GithubInputs, RunContext } from '../inputs/types.ts';
import type { Outcome, OutcomeKind } from '../outcome.ts';
import type { GithubDeploymentState, World } from '../world.ts';
import { runUrl } from './blocks.ts';
import { outcomeComment, planComment } from './comment.ts';
import type { Plan } from './plan.ts';
import { oneLine } from './words.ts';

type GithubWorld = Pick<World, 'github' | 'console'>;

/** A GitHub deployment that we made, and where it goes. */
export interface Recorded {
  readonly deployment: number;
  readonly environment: string;
  readonly url?: string;
}

export const RECORD_STATE = 'github-deployment';

/** The record that main began, as post reads it. */
export const recordOf = (state: string): Recorded | undefined => (state === '' ? undefined : JSON.parse(state));

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
 */
export async function beginDeployment(
  inputs: GithubInputs,
  run: RunContext,
  world: GithubWorld & { readonly runner: Pick<World['runner'], 'saveState'> },
): Promise<Recorded | undefined> {
  const asked = inputs.deployment;
  if (!asked) return undefined;
  return withGithub('The GitHub deployment', world, async (github) => {
    const { environment, url, transient, production } = asked;
    const description = `ECS Rollout by ${run.workflow}`;
    const deployment = await github.createDeployment({ environment, transient, production, description });
    const recorded: Recorded = { deployment, environment, ...(url ? { url } : {}) };
    // So that post can end it, whatever happens to main.
    world.runner.saveState(RECORD_STATE, JSON.stringify(recorded));
    await github.setDeploymentStatus(statusOf(recorded, 'in_progress', 'Deploying', run));
    return recorded;
  });
}

/** Ends the record; `outcome` undefined for a run that broke before it had one. */
export async function endDeployment(
  recorded: Recorded | undefined,
  outcome: Pick<Outcome, 'kind' | 'headline'> | undefined,
  run: RunContext,
  world: GithubWorld,
): Promise<void> {
  if (!recorded) return;
  const state = outcome ? STATES[outcome.kind] : 'error';
  const description = oneLine(outcome?.headline ?? 'The run ended before the deployment began.', 140);
  await withGithub('The GitHub deployment', world, (github) =>
    github.setDeploymentStatus(statusOf(recorded, state, description, run)),
  );
}

const statusOf = (
  { deployment, environment, url }: Recorded,
  state: GithubDeploymentState,
  description: string,
  run: RunContext,
) => ({ deployment, state, description, environment, logUrl: runUrl(run), ...(url ? { environmentUrl: url } : {}) });

/** One comment with the outcome or the plan, where the user asked for it; the same one in every later run. */
export async function comment(
  inputs: GithubInputs,
  told: { readonly outcome: Outcome } | { readonly plan: Plan },
  run: RunContext,
  world: GithubWorld,
): Promise<void> {
  if (!inputs.comment) return;
  const body = 'plan' in told ? planComment(told.plan, run) : outcomeText(told.outcome, run);
  if (body === undefined) return;
  const marker = body.slice(0, body.indexOf('\n'));
  await withGithub('The comment', world, (github) => github.putComment({ marker, body }));
}

function outcomeText(outcome: Outcome, run: RunContext): string | undefined {
  const { service } = outcome;
  return service && outcomeComment({ ...outcome, service }, run);
}

async function withGithub<T>(
  what: string,
  { github, console }: GithubWorld,
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
