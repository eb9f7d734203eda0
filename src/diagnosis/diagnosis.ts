import type { ApplicationKind } from './application-classes.ts';

/** Where a message of AWS, buildx or a container stood. */
export const SURFACES = [
  'task.stoppedReason',
  'container.reason',
  'container.exitCode',
  'container.log',
  'service.event',
  'deployment.rolloutStateReason',
  'api.ecs',
  'api.ecr',
  'api.sts',
  'buildx.stderr',
] as const;
export type Surface = (typeof SURFACES)[number];

/** Whose words a message is. */
export type Producer =
  | 'scheduler'
  | 'agent'
  | 'runtime'
  | 'log-driver'
  | 'registry'
  | 'buildkit'
  | 'step'
  | 'cache'
  | 'docker-cli'
  | 'aws'
  | 'sts'
  | 'github'
  | 'application';

/** Where a task runs: what is true of a container instance is never claimed of Fargate. */
export type Launch = 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES';

/** What was being done when it failed. */
export type Phase =
  | 'login'
  | 'call'
  | 'build'
  | 'build-step'
  | 'cache'
  | 'push'
  | 'placing'
  | 'network'
  | 'logs'
  | 'secrets'
  | 'environment-files'
  | 'volumes'
  | 'pulling'
  | 'creating'
  | 'starting'
  | 'running'
  | 'health'
  | 'rollout'
  | 'task';

/** What failed. */
export type Subject =
  | 'image'
  | 'registry-login'
  | 'registry'
  | 'secret'
  | 'environment-file'
  | 'logs'
  | 'volume'
  | 'network-interface'
  | 'load-balancer'
  | 'health-check'
  | 'service-discovery'
  | 'placement'
  | 'capacity'
  | 'permission'
  | 'credentials'
  | 'task-definition'
  | 'service'
  | 'deployment'
  | 'alarm'
  | 'host'
  | 'container'
  | 'application'
  | 'request'
  | 'base-image'
  | 'build'
  | 'build-step'
  | 'cache'
  | 'none';

/** How it failed. */
export type Fault =
  | 'missing'
  | 'denied'
  | 'unreachable'
  | 'throttled'
  | 'invalid'
  | 'conflict'
  | 'timed-out'
  | 'exhausted'
  | 'crashed'
  | 'stopped'
  | 'internal'
  | 'failed'
  | 'none';

/** One message and the fields that stood beside it (exitCode, stopCode, essential, launchType, operation, ...). */
export interface Evidence {
  readonly surface: Surface;
  readonly text: string;
  readonly context: { readonly [field: string]: unknown };
}

/**
 * How a cause behaves, which decides how fast the watcher gives up:
 * - permanent: fails on the first stopped task of ours, unless a sibling of the same revision already runs
 * - ambiguous: needs two matching failures on two tasks; after one it is "suspected"
 * - transient: only reported (Spot, maintenance, throttling, one ENI time-out, drain, autoscaling)
 * - unplaceable: placement that waits; whether it can heal depends on the service (managed scaling, minimum percent)
 * - symptom: true, but never a root cause by itself (circuit breaker texts, "essential container exited")
 * - normal: ordinary progress
 * - unknown: a text we do not know, shown as it is
 */
export type Nature = 'permanent' | 'ambiguous' | 'transient' | 'unplaceable' | 'symptom' | 'normal' | 'unknown';

/** What decisions rest on beside nature, subject and failure; never the spelling of an id. */
export interface Traits {
  /** How a container's program ended, where the message says no more than that. `helper`: one that is not essential. */
  readonly end?: 'crashed' | 'segfault' | 'out-of-memory' | 'exited' | 'killed' | 'terminated' | 'helper';
  /** Whose health check failed. */
  readonly healthCheck?: 'load-balancer' | 'container';
  /** What the placement of a task waits for: more machines or fewer tasks, or a higher quota of the account. */
  readonly needs?: 'room' | 'quota';
  /** Can go wrong while tasks run: a sibling that runs proves nothing. */
  readonly afterStart?: boolean;
  /** IAM answers so for up to a minute after a change that allows it, too. */
  readonly propagates?: boolean;
  /** What the container printed says more: its log is the next place to look. */
  readonly inLog?: boolean;
  /** Knows where it failed, and not why: any other cause is more specific. */
  readonly vague?: boolean;
  /** Repeats the message of AWS or the builder: where that is shown, it adds nothing. */
  readonly repeats?: boolean;
}

export interface Diagnosis extends Traits {
  /** Id of the rule that matched, or `unknown`: for outputs and users' tools, and to know whether two causes are the same. */
  readonly rule: string;
  readonly nature: Nature;
  /** What failed and how. */
  readonly subject: Subject;
  readonly failure: Fault;
  /** HTTP status that a server answered with, where the message has one. */
  readonly status?: number;
  readonly severity: 'normal' | 'warning' | 'failure';
  /** Often heals without a change. */
  readonly transient: boolean;
  /** One sentence that names the resource. */
  readonly cause: string;
  /** Concrete: which permission on which role, which endpoint, which input. */
  readonly remedy: string;
  /** Words of the remedy by which a deployment starts. */
  readonly deploys?: readonly string[];
  /** Class of what the application printed, where that is the cause. */
  readonly errorClass?: ApplicationKind;
  /** AWS's page. */
  readonly link?: string;
  /** The message, verbatim. */
  readonly evidence: Evidence;
  readonly taskId?: string;
  readonly container?: string;
  /** The container never ran, so that it has no log stream. */
  readonly neverStarted?: true;
}

/** A task waits for room: no fault of its revision. */
export const isPlacement = ({ nature, needs }: Pick<Diagnosis, 'nature' | 'needs'>): boolean =>
  nature === 'unplaceable' || needs === 'quota';

const RANK: readonly Nature[] = ['permanent', 'ambiguous', 'unplaceable', 'unknown', 'symptom', 'transient', 'normal'];

/** Root causes before symptoms, each cause once. */
export function rank(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  const first = new Map<string, Diagnosis>();
  for (const diagnosis of diagnoses) {
    // An application may word one and the same end differently each time (ids, times).
    const key = `${diagnosis.rule} ${diagnosis.subject === 'application' ? diagnosis.container : diagnosis.cause}`;
    if (!first.has(key)) first.set(key, diagnosis);
  }
  return [...first.values()].sort((a, b) => RANK.indexOf(a.nature) - RANK.indexOf(b.nature));
}

/** @returns whether `other` is the same failure, of the same container of another task, and its cause is known where that of `one` is not */
export function tellsMore(other: Diagnosis, one: Diagnosis): boolean {
  const from = (diagnosis: Diagnosis): Surface => diagnosis.evidence.surface;
  if (isBareCrash(one))
    return (
      from(other) === 'container.log' &&
      other.container === one.container &&
      (other.end === undefined || other.end === one.end)
    );
  // The task's own reason names no status and no port.
  const isOfTarget = one.healthCheck === 'load-balancer' && other.healthCheck === 'load-balancer';
  return isOfTarget && from(one) === 'task.stoppedReason' && from(other) === 'service.event';
}

/** @returns whether both failed with the same words; the same exit code alone may be chance */
export const isSameFailure = (one: Diagnosis, other: Diagnosis): boolean =>
  one.rule === other.rule && one.evidence.text === other.evidence.text && !isBareCrash(one);

/** Of which no more is known than the exit code: the log of the container does not show why. */
export const isBareCrash = (diagnosis: Diagnosis): boolean =>
  isCrash(diagnosis) && diagnosis.evidence.surface === 'container.exitCode';

/** The exit code knows no more than that the program failed. */
export const isCrash = ({ end }: Diagnosis): boolean => end === 'crashed' || end === 'segfault';
