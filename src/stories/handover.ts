import { lastPart, regionOf } from '../arn.ts';
import type { FirstFailure, Inputs, Place, RecoveryInputs } from '../inputs/types.ts';
import { defined, type JsonObject, type ScheduleMove, type ServiceState } from '../model.ts';
import type { OutcomeKind, ServiceResult } from '../outcome.ts';
import type { Clock, Runner, StateName } from '../ports.ts';
import type { ScalingIntent } from '../service/autoscaling.ts';
import { carrierOf, type Deployment, provenRevision } from '../service/deployment.ts';
import type { TaskIntent } from '../tasks/stop.ts';

/** Reads a state that main saved; empty when it did not. */
type SavedState = (name: StateName) => string;

/**
 * What post needs of main's inputs. The runner evaluates `with:` and `env:` again for post, and a later step may have changed
 * what they are made of; so post works with what main used. Secrets are not in it: state is a plain file.
 */
export interface Handover {
  readonly place: Place;
  readonly onCancel: RecoveryInputs['onCancel'];
  /** Names of the services that are deployed, in the order of the input; absent for one. */
  readonly services?: readonly string[];
}

/** Saved before main does anything that post may have to follow up. */
export const saveHandover = (
  { aws, service, github, recovery }: Place & { readonly recovery: Pick<RecoveryInputs, 'onCancel'> },
  { saveState }: Pick<Runner, 'saveState'>,
  names: readonly string[] = [],
): void => {
  const { token: _, ...publicGithub } = github;
  const handover: Handover = {
    place: { aws: withoutExternalId(aws), service, github: publicGithub },
    onCancel: recovery.onCancel,
    ...(names.length > 1 ? { services: names } : {}),
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
  const { place, onCancel, services }: Handover = JSON.parse(saved);
  const { role } = place.aws;
  return {
    onCancel,
    ...defined({ services }),
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
 * What main is about to do to the service, saved before UpdateService: whatever happens to main, post can determine the result.
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
  /** The service has never run a task well, or does not exist: what is done with it where the deployment fails. */
  readonly first?: FirstFailure;
  /** What a rollback sends beside the revision (`Deployment.settingsBefore`). */
  readonly settingsBefore?: JsonObject;
  /** Of a service that CodeDeploy deploys: names of its application and deployment group. */
  readonly codeDeploy?: { readonly application: string; readonly deploymentGroup: string };
}

/** What an intent says of a service that CodeDeploy deploys. */
export const codeDeployIn = ({ codeDeploy }: ServiceState): Pick<Intent, 'codeDeploy'> =>
  codeDeploy?.kind === 'known'
    ? { codeDeploy: { application: codeDeploy.application, deploymentGroup: codeDeploy.name } }
    : {};

type StateWorld = { readonly runner: Pick<Runner, 'saveState'> };

/** Written again when more is known; the runner keeps the last. */
export const saveIntent = (
  intent: Omit<Intent, 'at'>,
  { runner, clock }: StateWorld & { readonly clock: Pick<Clock, 'now'> },
): void => runner.saveState('rollout', JSON.stringify({ ...intent, at: clock.now() } satisfies Intent));

/** What was announced has come to its end. */
export const markSettled = ({ runner }: StateWorld): void => runner.saveState('settled', 'yes');

/** What had come to its end is about to be changed again, such as a service that is rolled back with its group: post reports it where this run ends meanwhile. */
export const markUnsettled = ({ runner }: StateWorld): void => runner.saveState('settled', '');

/** The one-off task that is about to run, or runs; undefined once it has ended. */
export const saveTask = (intent: TaskIntent | undefined, { runner }: StateWorld): void =>
  runner.saveState('task', intent ? JSON.stringify(intent) : '');

/** The tasks that main left running. */
export const tasksLeft = (state: SavedState): readonly TaskIntent[] =>
  countOf(state).flatMap((index) => {
    const saved = state(stateName('task', index));
    return saved === '' ? [] : [JSON.parse(saved)];
  });

/** Saved before the scale-in is suspended; undefined once it is resumed. */
export const saveScaling = (intent: ScalingIntent | undefined, { runner }: StateWorld): void =>
  runner.saveState('autoscaling', intent ? JSON.stringify(intent) : '');

/** The scale-ins that main left suspended. */
export const scalingLeft = (state: SavedState): readonly ScalingIntent[] =>
  countOf(state).flatMap((index) => {
    const saved = state(stateName('autoscaling', index));
    return saved === '' ? [] : [JSON.parse(saved)];
  });

/** Schedules that main was about to move when it saved them. */
export interface ScheduleIntent {
  /** Whose deployment they follow; absent for `mode: register`. */
  readonly service?: { readonly cluster: string; readonly service: string };
  /** ARN of the revision that they get. */
  readonly to: string;
  readonly moves: readonly ScheduleMove[];
}

/** Undefined once all are moved, or moved back. */
export const saveSchedules = (intent: ScheduleIntent | undefined, { runner }: StateWorld): void =>
  runner.saveState('schedules', intent ? JSON.stringify(intent) : '');

/** The schedules that main left on their way. */
export const schedulesLeft = (state: SavedState): readonly ScheduleIntent[] =>
  countOf(state).flatMap((index) => {
    const saved = state(stateName('schedules', index));
    return saved === '' ? [] : [JSON.parse(saved)];
  });

/** A daemon task definition that main registers, saved before it does and until a deployment brings it. */
export interface DaemonIntent {
  /** ARN. */
  readonly daemon: string;
  readonly family: string;
  /** ARN of the newest of the family before; absent where there was none. */
  readonly newest?: string;
  /** ARN, once ECS has answered. */
  readonly definition?: string;
}

/** Undefined once it is deployed, or deleted. */
export const saveDaemon = (intent: DaemonIntent | undefined, { runner }: StateWorld): void =>
  runner.saveState('daemon', intent ? JSON.stringify(intent) : '');

/** The daemon task definition that main left behind. */
export function daemonLeft(state: SavedState): DaemonIntent | undefined {
  const saved = state('daemon');
  return saved === '' ? undefined : JSON.parse(saved);
}

/** What is left for post of one service; undefined when main had not come so far, or has settled it. */
export function intentOf(state: SavedState, index = 0): Intent | undefined {
  const announced = state(stateName('rollout', index));
  return announced === '' || state(stateName('settled', index)) !== '' ? undefined : JSON.parse(announced);
}

/** What is left for post of all services of the run. */
export const intentsOf = (state: SavedState): readonly Intent[] =>
  countOf(state).flatMap((index) => intentOf(state, index) ?? []);

/** What was announced and has come to its end: such a service may run a revision that another one shares. */
export const settledOf = (state: SavedState): readonly Intent[] =>
  countOf(state).flatMap((index) => {
    const announced = state(stateName('rollout', index));
    return announced === '' || state(stateName('settled', index)) === '' ? [] : [JSON.parse(announced) as Intent];
  });

/** How one of several services ended, as far as main came with it. */
interface SavedEnd {
  readonly kind: OutcomeKind | 'skipped';
  readonly headline: string;
}

/** Of one of several services: the page that post writes shows all of them. */
export const saveEnd = ({ end }: Pick<ServiceResult, 'end'>, { runner }: StateWorld): void =>
  runner.saveState('ended', JSON.stringify(savedEndOf(end)));

function savedEndOf(end: ServiceResult['end']): SavedEnd {
  switch (end.kind) {
    case 'ended':
      return { kind: end.outcome.kind, headline: end.outcome.headline };
    case 'failed':
      return { kind: 'failed', headline: end.failure.message };
    case 'skipped':
      return { kind: 'skipped', headline: end.why };
  }
}

/** One of several services as main left it. */
export interface LeftMember {
  readonly name: string;
  /** What was announced of it, settled or not; absent where main did not come so far. */
  readonly announced?: Intent;
  /** It came to its end, and how: post does nothing about it. Absent for one that is left to post, or had not started. */
  readonly end?: SavedEnd;
  readonly left: boolean;
}

/** All services of the run, in the order of the input; none where the run is of one service. */
export function membersOf(state: SavedState): readonly LeftMember[] {
  const { services = [] }: Partial<Handover> = JSON.parse(state('handover') || '{}');
  return services.map((name, index) => {
    const [announced, end] = [state(stateName('rollout', index)), state(stateName('ended', index))];
    return {
      name,
      left: intentOf(state, index) !== undefined,
      ...(announced === '' ? {} : { announced: JSON.parse(announced) as Intent }),
      ...(end === '' ? {} : { end: JSON.parse(end) as SavedEnd }),
    };
  });
}

/** 0, 1, ... for each service of the run. */
function countOf(state: SavedState): readonly number[] {
  const saved = state('handover');
  const { services = [''] }: Partial<Handover> = saved === '' ? {} : JSON.parse(saved);
  return services.map((_, index) => index);
}

/** Each service has states of its own: together they would be larger than an environment variable may be. */
const stateName = (name: (typeof OF_A_SERVICE)[number], index: number): StateName =>
  index === 0 ? name : `${name}-${index}`;
const OF_A_SERVICE = ['rollout', 'settled', 'ended', 'task', 'schedules', 'autoscaling'] as const;

const isOfAService = (name: StateName): name is (typeof OF_A_SERVICE)[number] =>
  (OF_A_SERVICE as readonly StateName[]).includes(name);

/** The runner for one of several services, which saves its state beside that of the others. */
export const runnerOf = (runner: Runner, index: number): Runner => ({
  ...runner,
  saveState: (name, value) => runner.saveState(isOfAService(name) ? stateName(name, index) : name, value),
});

/** How to undo a deployment by hand, as a sentence: another one may follow, so the command has its own marks; nothing where no revision is known to have run before. */
export function undoOf({
  cluster,
  service,
  proven,
  deployment,
}: Pick<Intent, 'cluster' | 'service' | 'proven' | 'deployment'>): string {
  if (proven === undefined) return '';
  const region = regionOf(cluster);
  if (deployment !== undefined && carrierOf({ id: deployment }) === 'CodeDeploy')
    return ` To undo it while it is under way: \`aws deploy stop-deployment ${region ? `--region ${region} ` : ''}--deployment-id ${deployment} --auto-rollback-enabled\`.`;
  return ` To undo it: \`aws ecs update-service ${region ? `--region ${region} ` : ''}--cluster ${lastPart(cluster)} --service ${service} --task-definition ${lastPart(proven)}\`.`;
}

/** The same for a deployment that has started. */
export const undo = ({ cluster, service, id: deployment, previousTaskDefinitionArn: proven }: Deployment): string =>
  undoOf({ cluster, service, deployment, ...defined({ proven }) });

/** What an intent says of the service before anything is changed. */
export function provenIn(service: ServiceState): Pick<Intent, 'proven'> {
  const proven = provenRevision(service);
  return proven === undefined ? {} : { proven };
}
