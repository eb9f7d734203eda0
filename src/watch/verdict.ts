import { lastPart } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { sentence } from '../failure.ts';
import type { DeploymentState, Instant } from '../model.ts';
import { POLICY } from './policy.ts';
import type { Trouble, View } from './snapshot.ts';

/**
 * What is true of our deployment now. Open kinds say when to poll again; the others are final.
 * `causes` come root cause first.
 */
export type Verdict =
  | {
      readonly kind: 'waiting';
      readonly waitingFor: string;
      readonly pollAgainInSeconds: number;
      readonly suspected: readonly Diagnosis[];
      /** When the rollout counts as stuck; absent while ECS has no task of ours to start. */
      readonly stuckAt?: Instant;
      /** What must happen before `stuckAt`: ECS places a task, where it could not, or a task becomes healthy. */
      readonly stuckUnless?: 'placed' | 'healthy';
    }
  | {
      readonly kind: 'awaiting-approval';
      readonly hook: string;
      /** To be answered by the run itself (`on-pause: continue`). */
      readonly answer?: { readonly serviceDeploymentArn: string; readonly hookId: string };
      readonly until?: Instant;
      readonly pollAgainInSeconds: number;
    }
  /** Already known as failed; ECS itself is restoring, which we follow to its end. */
  | {
      readonly kind: 'rolling-back';
      readonly to?: string;
      readonly reason: string;
      readonly causes: readonly Diagnosis[];
      readonly pollAgainInSeconds: number;
    }
  | {
      readonly kind: 'succeeded';
      readonly runningCount: number;
      readonly digests: Readonly<Record<string, string>>;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'rolled-back';
      readonly to?: string;
      readonly reason: string;
      readonly causes: readonly Diagnosis[];
    }
  /** Without a rollback by ECS, which would be `rolling-back`. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly causes: readonly Diagnosis[];
      /** The check of `verify` that failed, by its name, once ECS had completed the deployment. */
      readonly check?: string;
    }
  | { readonly kind: 'stopped'; readonly reason: string }
  /** The time is up while ECS waits for a request to continue or roll back; nothing is wrong. */
  | { readonly kind: 'paused'; readonly hook: string; readonly until?: Instant }
  | { readonly kind: 'superseded'; readonly byDeployment: string; readonly byTaskDefinition: string }
  /** Cannot make progress any more, although ECS does not report a failure. */
  | { readonly kind: 'stuck'; readonly reason: string; readonly causes: readonly Diagnosis[] }
  | { readonly kind: 'timed-out'; readonly reason: string; readonly causes: readonly Diagnosis[] };

type OpenVerdict = Extract<Verdict, { pollAgainInSeconds: number }>;
export type FinalVerdict = Exclude<Verdict, OpenVerdict>;

export function wait(
  waitingFor: string,
  more: Partial<
    Pick<Extract<Verdict, { kind: 'waiting' }>, 'pollAgainInSeconds' | 'suspected' | 'stuckAt' | 'stuckUnless'>
  > = {},
): Verdict {
  return { kind: 'waiting', waitingFor, pollAgainInSeconds: POLICY.pollSeconds, suspected: [], ...more };
}

/** The cause that decided comes first. */
function causes({ snapshot: { diagnoses } }: View, decisive: Diagnosis | undefined): readonly Diagnosis[] {
  if (!decisive) return diagnoses;
  return [decisive, ...diagnoses.filter(({ rule, cause }) => rule !== decisive.rule || cause !== decisive.cause)];
}

export const failed = (view: View, reason: string, decisive = rootOf(view)): Verdict => ({
  kind: 'failed',
  reason,
  causes: causes(view, decisive),
});

export const stuck = (view: View, reason: string, decisive = rootOf(view)): Verdict => ({
  kind: 'stuck',
  reason,
  causes: causes(view, decisive),
});

export const superseded = ({ id, taskDefinitionArn }: DeploymentState): Verdict => ({
  kind: 'superseded',
  byDeployment: id,
  byTaskDefinition: taskDefinitionArn,
});

export const rolledBack = (view: View): Verdict => ({
  kind: 'rolled-back',
  ...restoredTo(view),
  reason: reasonOf(view),
  causes: causes(view, rootOf(view)),
});

export const rollingBack = (view: View): Verdict => ({
  kind: 'rolling-back',
  ...restoredTo(view),
  reason: reasonOf(view),
  causes: causes(view, rootOf(view)),
  pollAgainInSeconds: POLICY.pollSeconds,
});

function restoredTo({ primary, deployment }: View): { to?: string } {
  const to = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : deployment.previousTaskDefinitionArn;
  return to === undefined ? {} : { to };
}

const WEIGHT = ['permanent', 'ambiguous', 'unplaceable', 'unknown', 'symptom'] as const;

/** What most likely ended the rollout: what ECS named itself (an alarm, a hook), else what most of our tasks ended of. */
function rootOf({ troubles }: View): Diagnosis | undefined {
  for (const nature of WEIGHT) {
    const alike = troubles.filter(
      ({ diagnosis, from }) => diagnosis.nature === nature && (nature !== 'symptom' || from === 'task'),
    );
    const named = alike.find(({ from, diagnosis }) => from === 'deployment' && diagnosis.nature === 'permanent');
    const found = named ?? mostFrequent(alike);
    if (found) return found.diagnosis;
  }
  return undefined;
}

function mostFrequent(troubles: readonly Trouble[]): Trouble | undefined {
  const groups = Object.values(Object.groupBy(troubles, ({ diagnosis }) => diagnosis.rule));
  return groups.sort((a, b) => (b?.length ?? 0) - (a?.length ?? 0))[0]?.[0];
}

/** Why the rollout ended, in one or two sentences; with the breaker's counts where it tripped. */
export function reasonOf(view: View): string {
  const { snapshot, ours, primary } = view;
  const { serviceDeployment } = snapshot;
  const breaker = serviceDeployment?.circuitBreaker;
  const tripped =
    breaker?.status === 'TRIGGERED' ? `The circuit breaker tripped after ${failuresOf(breaker)}.` : undefined;
  const cause = rootOf(view)?.cause;
  if (cause) return tripped ? `${sentence(cause)} ${tripped}` : cause;
  const reason = serviceDeployment?.rollback?.reason ?? serviceDeployment?.statusReason ?? ours?.rolloutStateReason;
  return tripped ?? reason ?? primary?.rolloutStateReason ?? 'ECS gave no reason.';
}

/** Those that fail while ECS acts on the threshold count, too: `4 failures, threshold 3`. */
export const failuresOf = ({
  failureCount,
  threshold,
}: {
  readonly failureCount: number;
  readonly threshold: number;
}): string =>
  failureCount > threshold
    ? `${failureCount} failures, threshold ${threshold}`
    : `${failureCount} of ${threshold} failures`;

/** Failed are tasks since the deployment started: those that run are others. */
export function progressOf({ runningCount, desiredCount, pendingCount, failedTasks }: DeploymentState): string {
  const [now, before] = failedTasks > 0 && runningCount > 0 ? [' now', ' before'] : ['', ''];
  return `${runningCount} of ${desiredCount} run${now}, ${pendingCount} pending, ${failedTasks} failed${before}`;
}
export const shortOf = (arn = 'the revision before'): string => lastPart(arn);
