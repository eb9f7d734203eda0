/**
 * What a run reports while it goes, and what it ends with: the values that stories hand to the report, and the port `Progress`
 * between them.
 */

import type { Denied } from './diagnosis/denial.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';
import type { Failure } from './failure.ts';
import type { Image } from './image/image.ts';
import type { ScanVerdict } from './image/scan.ts';
import type {
  Instant,
  LiveRevision,
  Revision,
  ScheduleMove,
  ServiceState,
  TaskDefinition,
  TaskState,
} from './model.ts';
import type { Console } from './ports.ts';
import type { CheckLine } from './preflight/check.ts';
import type { Deployment } from './service/deployment.ts';
import type { Target } from './service/rollback-targets.ts';
import { type ServiceCondition, type Serving, servingText } from './service/serving.ts';
import type { RevisionTally } from './service/tally.ts';
import type { Difference } from './taskdef/diff.ts';
import type { TaskPhase } from './tasks/request.ts';
import type { Snapshot } from './watch/snapshot.ts';
import type { FinalVerdict } from './watch/verdict.ts';
import type { Listener } from './watch/watch.ts';

/** One thing that happened during a run, as the log and the summary report it. */
export interface Moment {
  readonly at: Instant;
  readonly kind: 'step' | 'counts' | 'task' | 'event' | 'log' | 'diagnosis' | 'verdict' | 'heartbeat';
  readonly severity: 'normal' | 'good' | 'warning' | 'failure';
  /** One line; of kind `log` a title and then the lines of the log. Of kind `task` without the task's id. */
  readonly text: string;
  /** For kind `task` and `log`: whose it is. */
  readonly taskId?: string;
  /** For kind `task`: PROVISIONING, PENDING, RUNNING, HEALTHY, UNHEALTHY or STOPPED. */
  readonly state?: string;
  /** A phase of the rollout that begins at this moment. */
  readonly begins?: RolloutPhase;
  /** For kind `counts` and `verdict`: tasks that run, by revision (`web:42`). */
  readonly running?: Readonly<Record<string, number>>;
}

/**
 * What a rollout is doing:
 * - `starting`: ECS starts tasks of the new revision, none of them runs
 * - `unplaced`: ECS has no room for a task
 * - `running`: some run, and nothing checks their health
 * - `checking`: some run, and the others start or are not healthy yet
 * - `failing`: as many have failed as run
 * - `testing`, `shifting`, `baking`, `hook`, `paused`: stages of the strategy
 * - `draining`: all are healthy, and old tasks stop
 * - `completing`: all are healthy, and there is no old task
 * - `deployed`: ECS has completed it, and this run waits (for `services`, until all are)
 * - `verifying`: complete, and checked from outside (`verify`)
 * - `after`: complete, and the tasks of `post-deploy` run
 * - `holding`: complete, and watched for a while (`hold-minutes`)
 * - `rolling-back`
 */
export type RolloutPhase =
  | 'starting'
  | 'unplaced'
  | 'running'
  | 'checking'
  | 'failing'
  | 'testing'
  | 'shifting'
  | 'baking'
  | 'keeping'
  | 'hook'
  | 'paused'
  | 'draining'
  | 'completing'
  | 'deployed'
  | 'verifying'
  | 'after'
  | 'holding'
  | 'rolling-back';

/** What a deploy would do; made by `mode: plan`, which changes nothing. */
export interface Plan {
  readonly service: ServiceState;
  readonly image: PlannedImage;
  /** ARN of the revision that runs now. */
  readonly running?: string;
  /** To the revision that runs now. */
  readonly differences: readonly Difference[];
  /** What a deploy would do although no difference shows it; one sentence each. */
  readonly reasons: readonly string[];
  /** To the service's settings. */
  readonly settings: readonly Difference[];
  /** Whether a deploy would create the service. */
  readonly creates?: true;
  /** Whether a deploy would call UpdateService, or CreateService. */
  readonly updates: boolean;
  /** Whether that call would start a deployment: most settings ECS takes over without replacing a task. */
  readonly starts?: boolean;
  /** The strategy, and how many tasks it replaces at a time. */
  readonly rollout?: string;
  readonly checks: readonly CheckLine[];
}

/** Where the image would come from: the build, the input `image` (by digest where it is known), or the task definition. */
export type PlannedImage =
  /** `why` no existing image is reused; absent where something stops the deploy before. */
  | { readonly kind: 'built'; readonly why?: string }
  /** An image with the same fingerprint exists; by digest. */
  | { readonly kind: 'reused'; readonly reference: string }
  | { readonly kind: 'given'; readonly reference: string }
  | { readonly kind: 'template' };

/** Revisions that a service can be rolled back to. */
export interface Listing {
  readonly service: ServiceState;
  readonly targets: readonly ListedTarget[];
  /** Why it is a guess, where ECS's history cannot be read. */
  readonly guessed?: string;
}

interface ListedTarget extends Target {
  readonly commits: readonly string[];
  /** As a tag holds them, newest first. */
  readonly refs: readonly string[];
}

/** The revision that a rollback goes to. */
export interface RollbackTarget {
  /** `web:3` */
  readonly revision: string;
  /** The commit that the revision was made of, where it is known. */
  readonly commit?: string | undefined;
}

/** How the run ended; what the step's `outcome` output says. Only the first three let the step pass. */
export type OutcomeKind =
  | 'deployed' // proven: our deployment, complete, running what we pushed
  | 'unchanged' // the service already ran exactly this, healthy, and nothing was changed
  | 'started' // wait-for-service-stability is false: begun, not judged
  | 'rolled-back'
  | 'failed'
  | 'superseded'
  | 'cancelled'
  | 'paused';

/** A one-off task of the run, which has ended. */
export interface TaskResult {
  /** `pre-deploy task migrate` */
  readonly label: string;
  readonly phase: TaskPhase;
  readonly name: string;
  readonly succeeded: boolean;
  /** Of one that failed: what to do about it, where no diagnosis has it. */
  readonly remedy?: string;
  /** In place of that of its container. */
  readonly command?: readonly string[];
  /** ARN; absent where none could be placed. */
  readonly task?: string;
  /** Of the container that runs the command. */
  readonly exitCode?: number;
  /** By container. */
  readonly exitCodes: Readonly<Record<string, number>>;
  /** Its containers ran: `ranSeconds`. */
  readonly seconds?: number;
  /** How long the run was at it, in whole seconds: until it was placed, started, ended and seen to have ended. */
  readonly tookSeconds?: number;
}

/** What `mode: task` ends with. */
export interface TaskRun {
  readonly kind: 'ran' | 'failed';
  readonly headline: string;
  /** Why it failed: the part of the headline that is the cause. */
  readonly reason?: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly revision: Revision;
  readonly results: readonly TaskResult[];
  readonly diagnosis?: Diagnosis;
  readonly timeline: readonly Moment[];
}

/** What `mode: daemon` ends with. */
export interface DaemonRun {
  readonly kind: 'deployed' | 'unchanged' | 'started' | 'rolled-back' | 'failed';
  readonly headline: string;
  /** Why it failed, and what this run or ECS did about it: parts of the headline. */
  readonly reason?: string;
  readonly done?: string;
  /** What runs after a failure, as far as that is known: `agent:1 runs on 4 instances`. */
  readonly serving?: string;
  /** What was rolled out, once it was watched. */
  readonly definition?: TaskDefinition;
  /** ARN. */
  readonly daemon: string;
  /** ARN of the daemon task definition. */
  readonly revision: string;
  /** ARN of what ran before. */
  readonly previous?: string;
  readonly image?: Image;
  readonly differences: readonly Difference[];
  /** Of its tasks, root cause first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly warnings: readonly string[];
  readonly timeline: readonly Moment[];
}

/** What `mode: register` ends with. */
export interface Registration {
  readonly revision: Revision;
  /** The revision existed already; nothing was registered. */
  readonly reused: boolean;
  /** The family's latest revision before; absent for a new family, and where it cannot be read. */
  readonly previous?: Revision;
  /** To `previous`. */
  readonly differences: readonly Difference[];
  readonly image?: Image;
  /** Schedules that run the revision now; absent where the input names none. */
  readonly schedules?: readonly ScheduleMove[];
  readonly warnings: readonly string[];
}

/** What a service runs now; made by `mode: status`, which changes nothing. */
export interface ServiceStatus {
  readonly service: ServiceState;
  readonly condition: ServiceCondition;
  /** What answers its requests. */
  readonly serving: Serving;
  /** Of its newest deployment. */
  readonly revision: LiveRevision;
  /** Commits that were deployed with the revision, newest first; as refs below. */
  readonly commits: readonly string[];
  readonly refs: readonly string[];
  /** Address of the run that deployed the revision last. */
  readonly run?: string;
  /** The newest deployment started. */
  readonly since?: Instant;
  /** Digests that its tasks run, by container: from the revision, else from ECS. */
  readonly digests: Readonly<Record<string, readonly string[]>>;
  /** Where one service is asked for. */
  readonly details?: {
    readonly tasks: readonly TaskState[];
    readonly targets: readonly ListedTarget[];
    readonly guessed?: string;
  };
}

/** Everything a report needs; finished values only. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** One line: what happened, or the root cause. */
  readonly headline: string;
  /** Why the deployment failed: the part of the headline that is the cause. */
  readonly reason?: string;
  /** What this run or ECS did about it: `Rolled back to web:1.` */
  readonly done?: string;
  readonly image?: Image;
  readonly service?: ServiceState;
  readonly revision?: LiveRevision;
  /** The revision was made by this run, which has deregistered it. */
  readonly deregistered?: true;
  readonly previous?: LiveRevision;
  readonly differences: readonly Difference[];
  /** Settings of the service that the run changed. */
  readonly settings?: readonly Difference[];
  /** ECS took the settings over without a deployment. */
  readonly settingsOnly?: true;
  readonly deployment?: Deployment;
  readonly serviceDeploymentArn?: string;
  readonly verdict?: FinalVerdict;
  /** The rollback that failed as well. */
  readonly failedRollback?: {
    /** ARN of the revision. */
    readonly to: string;
    readonly cause: string;
    /** Names of revisions that can still be rolled back to, `web:7`. */
    readonly targets: readonly string[];
    /** None of its tasks failed: some cannot be placed. */
    readonly unplaced?: boolean;
    /** Of its tasks, where they were seen: one of `diagnoses`, whose cause `cause` repeats. */
    readonly diagnosis?: Diagnosis;
  };
  /** Of `mode: rollback`: what the user wants to leave, which is no remedy when the rollback fails. */
  readonly rollback?: {
    /** Name of the revision, `web:42`; absent where the service ran the target already. */
    readonly leaves?: string;
    /** Once it has failed: names of other revisions that can be rolled back to, those that ran last first. */
    readonly targets: readonly string[];
  };
  /** ARN of what the run was asked to roll back to in place of the deployment (`continue-action: rollback`), once that is done. */
  readonly rolledBackTo?: string;
  /** This run created the service. */
  readonly created?: true;
  /** The service had never run a task well, and this is what was done when its deployment failed. */
  readonly firstFailure?: 'scaled-to-zero' | 'deleted';
  /** Name of the other service of the run that failed, and with which this one was to be rolled back. */
  readonly rolledBackWith?: string;
  /** What serves when the run ends, as the headline says. */
  readonly serving?: Serving;
  /** How many tasks of each revision run, start and have failed; absent where the rollout was not watched. */
  readonly tally?: readonly RevisionTally[];
  /** Root cause first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly warnings: readonly string[];
  /** What a load balancer asks the tasks for, once its health check has failed the deployment. */
  readonly healthCheck?: {
    readonly path: string;
    /** Status codes: `200-399`. */
    readonly wanted?: string;
    /** Of the container. */
    readonly port?: number;
  };
  /** URL at which an Express Mode service answers. */
  readonly endpoint?: string;
  /** One-off tasks, in the order in which they ran. */
  readonly tasks?: readonly TaskResult[];
  /** Schedules that run the revision now, and what they ran before; absent where the input names none. */
  readonly schedules?: readonly ScheduleMove[];
  /** Schedules that follow a deployment and did not, because it is not good: `schedule/default/nightly (web:41)`. */
  readonly unmoved?: readonly string[];
  readonly timeline: readonly Moment[];
  /** Rights that IAM denied and that the run continued without. */
  readonly denied?: readonly Denied[];
  /** The run ended before the service did: ECS continues the deployment, and post reads its state again. */
  readonly underWay?: true;
  /** The hook at which ECS has paused the deployment, or its rollback, until it is answered. */
  readonly awaits?: {
    readonly serviceDeploymentArn: string;
    readonly hookId: string;
    /** When the hook's time-out decides in place of an answer. */
    readonly until?: Instant;
  };
  /** Paused, and the run was to end there (`on-pause: stop`): the step passes. */
  readonly pausedOnRequest?: true;
}

/** How one of several services ended. */
export interface ServiceResult {
  /** As the run names it. */
  readonly name: string;
  /** As the inputs name them. */
  readonly cluster: string;
  readonly service: string;
  readonly end:
    | { readonly kind: 'ended'; readonly outcome: Outcome }
    /** It had started, and could not be followed to its end. */
    | { readonly kind: 'failed'; readonly failure: Failure }
    /** Nothing of it was changed: what serves is what served when the run started, where the service could be read. */
    | { readonly kind: 'skipped'; readonly why: string; readonly serving?: Serving };
}

/** Effect of a setting that is part of a deployment, and that a rollback takes back with it. */
export const STARTS_DEPLOYMENT = 'starts a deployment';

/** Outcomes with which a service is as it was wanted. */
export const GOOD: readonly OutcomeKind[] = ['deployed', 'unchanged', 'started'];

/** Last sentence of the headline of an outcome that is unchanged. */
export const NOTHING_CHANGED = 'Nothing was changed.';

/** A headline that says in its place what was changed beside the revision. @param text whole sentences */
export const withChange = (headline: string, text: string): string =>
  headline.replace(` ${NOTHING_CHANGED}`, ` ${text}`);

/**
 * What one of several services is doing, or how it ended:
 * - `preparing`: reads and checks
 * - `waiting`: for its turn
 * - `starting`: its turn has come, and its deployment has not started
 * - `deploying`: its deployment has started
 * - `verifying`, `post-deploy`, `holding`: ECS has completed it, and the inputs want more of it
 * - `stopping`: another service failed before its deployment had started
 */
export type ServicePhase =
  | 'preparing'
  | 'waiting'
  | 'starting'
  | 'deploying'
  | 'verifying'
  | 'post-deploy'
  | 'holding'
  | 'stopping'
  | 'rolling back'
  | 'skipped'
  | OutcomeKind;

/** What the stories of several services report. */
export interface ServicesProgress {
  /** Of the run as a whole: the image that they share. */
  readonly whole: Progress;
  /** @param name of the service in this run */
  of(name: string): Progress;
  console(name: string): Console;
  phase(name: string, phase: ServicePhase): void;
}

/** What serves is part of every outcome: beside the headline, and as its last sentence. */
export const withServing = (outcome: Outcome, serving: Serving): Outcome => ({
  ...outcome,
  serving,
  headline: `${outcome.headline} Now ${servingText(serving)}.`,
});

/** What a story reports while it runs; src/report is its only implementation. */
export interface Progress {
  /** A step of the run itself. @param begins the phase of the rollout that begins with it */
  step(text: string, severity?: Moment['severity'], begins?: Moment['begins']): void;
  /** What AWS records as having happened at that instant. */
  moved(text: string, at: Instant): void;
  /** What is still waited for, and until when; after a silence, each time a longer one (`beatsIn`). */
  heartbeat(text: string): void;
  /** Differences to the revision that runs now, `web:41`. */
  diff(differences: readonly Difference[], from: string): void;
  /** Results of the preflight: one line per check, or how many of each status. */
  checks(checks: readonly CheckLine[], detail: 'lines' | 'counts'): void;
  /** The findings of a scan of the image. @param gate the mildest severity that stops an image */
  scanned(verdict: ScanVerdict, gate: string): Promise<void>;
  /** Facts as soon as they are known. */
  known(facts: Partial<Outcome>): void;
  /** The revision that was made known is deregistered. */
  withdrawn(): void;
  /** Where a rollback goes. */
  target(target: RollbackTarget): void;
  /** The deployment has started. */
  started(start: RolloutStart): void;
  /**
   * For `watch`: logs what changed from one poll to the next.
   * @param then what still has to succeed once ECS has completed the deployment
   */
  watching(deployment: Deployment, then?: Then): Listener;
  /** The last snapshot of a deployment that was watched. */
  lastSeen(deployment: Pick<Deployment, 'id'>): Snapshot | undefined;
  /** The log of a one-off task, as it comes. */
  taskLog(title: string): OpenLog;
  /** The last lines of a container, below the failure that they explain. */
  tail(title: string, lines: readonly string[], taskId: string): void;
  /** Everything so far; grows with the run. */
  readonly timeline: readonly Moment[];
}

/** What a deployment that is complete still has to pass, by its input. */
export type Then = 'verify' | 'post-deploy' | 'hold-minutes';

/** Lines that belong together; two logs never mix. */
export interface OpenLog {
  lines(lines: readonly string[]): void;
  end(): void;
}

export interface RolloutStart {
  readonly service: ServiceState;
  /** Revisions: `web:41`, `web:42`; of a service that was just created only the latter. */
  readonly from?: string;
  readonly to: string;
  /** The strategy, and how many tasks it replaces at a time. */
  readonly rollout: string;
  /** Of `mode: rollback`. */
  readonly isRollback?: boolean;
}
