import { lastPart, regionOf } from '../arn.ts';
import type { Inputs, Place, RecoveryInputs } from '../inputs/types.ts';
import { defined, type ServiceState } from '../model.ts';
import type { Clock, Runner, StateName } from '../ports.ts';
import { type Deployment, provenRevision } from '../service/deployment.ts';
import type { TaskIntent } from '../tasks/stop.ts';

/** Reads a state that main saved; empty when it did not. */
type SavedState = (name: StateName) => string;

/**
 * What post needs of main's inputs. The runner evaluates `with:` and `env:` again for post, and a later step may have changed
 * what they are made of; so post works with what main used. Secrets are not in it: state is a plain file.
 */
interface Handover {
  readonly place: Place;
  readonly onCancel: RecoveryInputs['onCancel'];
}

/** Saved before main does anything that post may have to follow up. */
export const saveHandover = (
  { aws, service, github, recovery }: Pick<Inputs, 'aws' | 'service' | 'github' | 'recovery'>,
  { saveState }: Pick<Runner, 'saveState'>,
): void => {
  const { token: _, ...publicGithub } = github;
  const handover: Handover = {
    place: { aws: withoutExternalId(aws), service, github: publicGithub },
    onCancel: recovery.onCancel,
  };
  saveState('handover', JSON.stringify(handover));
};

/**
 * @param secrets what is not saved: the inputs of this step as the runner evaluates them now
 * @returns undefined when main ended before it had read its inputs
 */
export function handoverOf(
  state: SavedState,
  secrets: { readonly token: string | undefined; readonly externalId: string | undefined },
): Handover | undefined {
  const saved = state('handover');
  if (saved === '') return undefined;
  const { place, onCancel }: Handover = JSON.parse(saved);
  const { role } = place.aws;
  return {
    onCancel,
    place: {
      ...place,
      aws: role && secrets.externalId ? { ...place.aws, role: { ...role, externalId: secrets.externalId } } : place.aws,
      github: secrets.token ? { ...place.github, token: secrets.token } : place.github,
    },
  };
}

function withoutExternalId(aws: Inputs['aws']): Inputs['aws'] {
  if (!aws.role) return aws;
  const { externalId: _, ...role } = aws.role;
  return { ...aws, role };
}

/**
 * What main is about to do to the service, saved before UpdateService: whatever happens to main, post can find out what
 * became of it.
 */
export interface Intent {
  /** ARN. */
  readonly cluster: string;
  readonly service: string;
  /** ARN of the revision that the service had before. */
  readonly previous: string;
  /** ARN of the revision that may be rolled back to; absent where nothing is known to have run (`provenRevision`). */
  readonly proven?: string;
  /** ARN of the revision to be deployed. */
  readonly next: string;
  /** This run registered `next`, so no other run uses it. */
  readonly registered: boolean;
  readonly at: number;
  /** ecs-svc/N, once ECS has answered. */
  readonly deployment?: string;
}

type StateWorld = { readonly runner: Pick<Runner, 'saveState'> };

/** Written again when more is known; the runner keeps the last. */
export const saveIntent = (
  intent: Omit<Intent, 'at'>,
  { runner, clock }: StateWorld & { readonly clock: Pick<Clock, 'now'> },
): void => runner.saveState('rollout', JSON.stringify({ ...intent, at: clock.now() } satisfies Intent));

/** What was announced has come to its end. */
export const markSettled = ({ runner }: StateWorld): void => runner.saveState('settled', 'yes');

/** The one-off task that is about to run, or runs; undefined once it has ended. */
export const saveTask = (intent: TaskIntent | undefined, { runner }: StateWorld): void =>
  runner.saveState('task', intent ? JSON.stringify(intent) : '');

/** The task that main left running; undefined where there is none. */
export function taskLeft(state: SavedState): TaskIntent | undefined {
  const saved = state('task');
  return saved === '' ? undefined : JSON.parse(saved);
}

/** What is left for post; undefined when main had not come so far, or has settled it. */
export function intentOf(state: SavedState): Intent | undefined {
  const announced = state('rollout');
  return announced === '' || state('settled') !== '' ? undefined : JSON.parse(announced);
}

/** How to undo a deployment by hand; nothing where no revision is known to have run before. */
export function undoOf({ cluster, service, proven }: Pick<Intent, 'cluster' | 'service' | 'proven'>): string {
  if (proven === undefined) return '';
  const region = regionOf(cluster);
  return ` To undo it: aws ecs update-service ${region ? `--region ${region} ` : ''}--cluster ${lastPart(cluster)} --service ${service} --task-definition ${lastPart(proven)}`;
}

/** The same for a deployment that has begun. */
export const undo = ({ cluster, service, previousTaskDefinitionArn: proven }: Deployment): string =>
  undoOf({ cluster, service, ...defined({ proven }) });

/** What an intent says of the service before anything is changed. */
export function provenIn(service: ServiceState): Pick<Intent, 'proven'> {
  const proven = provenRevision(service);
  return proven === undefined ? {} : { proven };
}
