/** The phases of a rollout: which one a snapshot is in, and what they were when it has ended. */

import { type Diagnosis, isPlacement } from '../diagnosis/diagnosis.ts';
import { duration, secondsBetween } from '../duration.ts';
import type { Instant } from '../model.ts';
import type { Outcome, RolloutPhase } from '../outcome.ts';
import type { Deployment } from '../service/deployment.ts';
import { endedBadly } from '../service/tally.ts';
import { oursIn, type Snapshot } from '../watch/snapshot.ts';
import { healthyCount, isRollingBack, replacesTasks } from './ecs-lines.ts';
import { isFailure, isGood } from './gist.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES: Readonly<Record<string, RolloutPhase>> = {
  TEST_TRAFFIC_SHIFT: 'testing',
  POST_TEST_TRAFFIC_SHIFT: 'testing',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'shifting',
  PRODUCTION_TRAFFIC_SHIFT: 'shifting',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'shifting',
  BAKE_TIME: 'baking',
  CLEAN_UP: 'draining',
  // Of CodeDeploy: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
  AllowTestTraffic: 'testing',
  AfterAllowTestTraffic: 'testing',
  BeforeAllowTraffic: 'shifting',
  AllowTraffic: 'shifting',
  AfterAllowTraffic: 'shifting',
  // The old tasks run on beside the new ones, which have all the traffic.
  TERMINATION_WAIT: 'keeping',
};

/** What the rollout is doing now: by ECS's stage and hooks where it has some, else by the tasks. */
export function phaseOf(snapshot: Snapshot, deployment: Deployment): RolloutPhase {
  if (isRollingBack(snapshot)) return 'rolling-back';
  const { serviceDeployment, service, othersRan = false } = snapshot;
  const hooks = (serviceDeployment?.hooks ?? []).map(({ status }) => status);
  if (hooks.includes('AWAITING_ACTION')) return 'paused';
  if (hooks.includes('IN_PROGRESS')) return 'hook';
  const stage = serviceDeployment?.lifecycleStage ?? '';
  const ours = oursIn(service, deployment);
  const wanted = ours?.desiredCount ?? 0;
  const ready = readyCount(snapshot, deployment);
  const isWhole = wanted > 0 && ready >= wanted;
  // ECS may count a target as healthy before the load balancer shows it.
  const byStage = Object.hasOwn(STAGES, stage) ? STAGES[stage] : undefined;
  if (byStage && byStage !== 'draining') return byStage;
  if (byStage && isWhole) return replacesTasks(snapshot, deployment) ? byStage : 'completing';
  if (isWhole) return afterAllRun();
  const running = ours?.runningCount ?? 0;
  if (isUnplaced()) return 'unplaced';
  const failed = snapshot.tasks.filter(endedBadly).length;
  if (failed > 0 && failed >= running) return 'failing';
  return running > 0 ? whileRunning() : 'starting';

  function afterAllRun(): RolloutPhase {
    const others = service.deployments.filter(({ id }) => id !== deployment.id);
    const left = others.reduce((sum, { runningCount }) => sum + runningCount, 0);
    const kept = others.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
    if (left > 0) return kept >= left ? whileRunning() : 'draining';
    return othersRan ? 'draining' : 'completing';
  }

  function whileRunning(): RolloutPhase {
    return service.loadBalancers.length > 0 || healthyCount(snapshot) !== undefined ? 'checking' : 'running';
  }

  /** ECS's last word on the tasks that lack is that it has no room for one. */
  function isUnplaced(): boolean {
    if (!ours || ours.runningCount + ours.pendingCount >= ours.desiredCount) return false;
    const last = (snapshot.troubles ?? []).findLast(({ diagnosis }) => isPlacement(diagnosis));
    const at = last?.at ?? Number.NEGATIVE_INFINITY;
    return last !== undefined && !snapshot.events.some((event) => event.kind === 'tasks-started' && event.at > at);
  }
}

/** Tasks of ours that run and that no health check has anything against. */
export function readyCount(snapshot: Snapshot, deployment: Deployment): number {
  const running = oursIn(snapshot.service, deployment)?.runningCount ?? 0;
  return Math.min(running, healthyCount(snapshot) ?? running);
}

const NAMES: Readonly<Record<RolloutPhase, string>> = {
  starting: 'tasks start',
  unplaced: 'no room for tasks',
  running: 'tasks run',
  checking: 'health checks',
  failing: 'tasks fail',
  testing: 'test traffic',
  shifting: 'traffic shifts',
  baking: 'bake time',
  hook: 'lifecycle hook',
  paused: 'paused',
  keeping: 'old tasks are kept',
  draining: 'old tasks stop',
  completing: 'ECS completes',
  deployed: 'deployed',
  verifying: 'verify',
  after: 'post-deploy',
  holding: 'hold',
  'rolling-back': 'rollback',
};

/** A stretch of a rollout, or, where it took no time, a mark of how it ended. */
export interface Phase {
  /** `tasks start`, `✗ tasks crashed` */
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

type Rollout = Pick<
  Outcome,
  'kind' | 'timeline' | 'diagnoses' | 'verdict' | 'failedRollback' | 'rolledBackWith' | 'tasks'
>;

/**
 * The phases of a rollout in their order, from the first task before it to its end; nothing after a rollback has started but the rollback.
 * How it failed stands where it did: before the rollback, or at the end. Instants are whole seconds (`secondsBetween`), so that the phases
 * add up to the whole, which is the one of `tookOf`.
 */
export function phasesOf(rollout: Rollout, start: Instant): readonly Phase[] {
  const startedAt = Math.round(start);
  const seconds = preDeploySeconds(rollout);
  const before: readonly Phase[] = seconds > 0 ? [{ name: PRE_DEPLOY, from: startedAt - seconds, to: startedAt }] : [];
  return [...before, ...ownPhases(rollout, startedAt)];
}

const PRE_DEPLOY = 'pre-deploy';
const preDeploySeconds = ({ tasks = [] }: Pick<Outcome, 'tasks'>): number =>
  tasks
    .filter(({ phase }) => phase === PRE_DEPLOY)
    .reduce((sum, { seconds = 0, tookSeconds = seconds }) => sum + Math.round(tookSeconds), 0);

function ownPhases(rollout: Rollout, startedAt: Instant): readonly Phase[] {
  const { timeline } = rollout;
  const end = Math.max(startedAt, Math.round(timeline.at(-1)?.at ?? startedAt));
  const begun: { phase: RolloutPhase; from: Instant }[] = [{ phase: 'starting', from: startedAt }];
  for (const { begins, at } of timeline) {
    const last = begun.at(-1);
    if (begins === undefined || last?.phase === 'rolling-back' || last?.phase === begins) continue;
    // A replacement that starts does not end the failures.
    if (last?.phase === 'failing' && WITHOUT_END.has(begins)) continue;
    begun.push({ phase: begins, from: Math.max(Math.round(at), startedAt) });
  }
  const all = asSeen(begun, rollout).map((one, index, those) => ({ ...one, to: those[index + 1]?.from ?? end }));
  const seen = merged(all.filter(({ from, to }) => to - from >= 1));
  const shown = seen.map(({ phase, from, to }): Phase => ({ name: NAMES[phase], from, to }));
  const mark = markOf(rollout);
  if (mark === undefined || seen.length === 0) return shown;
  const back = seen.findIndex(({ phase }) => phase === 'rolling-back');
  const before = seen.at(back < 0 ? -1 : back - 1);
  const index = back < 0 ? seen.length : back;
  const { failedRollback } = rollout;
  const marks = failedRollback ? [{ name: '✗ rollback failed', from: end, to: end }] : [];
  // Failures that took time are the mark themselves.
  const own = before && isFailure(rollout.kind) ? OWN_MARKS[before.phase] : undefined;
  if (before && index > 0 && (own !== undefined || before.phase === 'failing' || before.phase === 'unplaced'))
    return [...shown.slice(0, index - 1), { ...before, name: own ?? mark }, ...shown.slice(index), ...marks];
  const at = seen[back]?.from ?? end;
  return [...shown.slice(0, index), { name: mark, from: at, to: at }, ...shown.slice(index), ...marks];
}

/** ECS has completed a deployment that ran on to one of these. */
const AFTER_THE_END: ReadonlySet<RolloutPhase> = new Set(['deployed', 'verifying', 'after', 'holding']);

/** Where ECS completed nothing, all tasks ran for a while, and that is what was seen. */
function asSeen<P extends { readonly phase: RolloutPhase }>(begun: readonly P[], { kind }: Rollout): readonly P[] {
  if (isGood(kind) || begun.some(({ phase }) => AFTER_THE_END.has(phase))) return begun;
  const checked = begun.some(({ phase }) => phase === 'checking');
  return begun.map((one) => (one.phase === 'completing' ? { ...one, phase: checked ? 'checking' : 'running' } : one));
}

/** How long a run was at work on a service, and where the time went. */
export interface Took {
  readonly seconds: number;
  /** In their order: `pre-deploy`, `rollout`, `verify`, `post-deploy`, `hold`, `rollback`; one alone is the whole. */
  readonly parts: readonly { readonly name: string; readonly seconds: number }[];
}

/** Parts of their own within the time from the start of a deployment to the end of the run. */
const OWN_PARTS: ReadonlySet<RolloutPhase> = new Set(['verifying', 'after', 'holding', 'rolling-back']);

/**
 * From the first task before the deployment to the last thing that was done; not what came before (builds, checks), and not the wait for
 * other services. Undefined where nothing was done.
 */
export function tookOf({
  deployment,
  timeline,
  tasks = [],
  rolledBackWith,
}: Pick<Outcome, 'deployment' | 'timeline' | 'tasks' | 'rolledBackWith'>): Took | undefined {
  const before = preDeploySeconds({ tasks });
  const parts = before > 0 ? [{ name: PRE_DEPLOY, seconds: before }] : [];
  const end = timeline.at(-1)?.at;
  if (deployment && end !== undefined && end >= deployment.startedAt) {
    const cuts = timeline.flatMap(({ begins, at }) =>
      begins !== undefined && (OWN_PARTS.has(begins) || (begins === 'deployed' && rolledBackWith !== undefined))
        ? [{ name: NAMES[begins], at: Math.max(at, deployment.startedAt) }]
        : [],
    );
    const starts = [{ name: 'rollout', at: deployment.startedAt }, ...cuts];
    for (const [index, { name, at }] of starts.entries()) {
      // It was complete, and another service of the run had not failed yet.
      if (name === NAMES.deployed) continue;
      const seconds = secondsBetween(at, starts[index + 1]?.at ?? end);
      const last = parts.at(-1);
      if (last?.name === name) parts[parts.length - 1] = { name, seconds: last.seconds + seconds };
      else parts.push({ name, seconds });
    }
  }
  // Tasks that found no place have no time of their own.
  const [first] = timeline;
  if (parts.length === 0 && tasks.length > 0 && first && end !== undefined)
    parts.push({ name: PRE_DEPLOY, seconds: secondsBetween(first.at, end) });
  return parts.length === 0 ? undefined : { seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0), parts };
}

/** `3 min 2 s (pre-deploy 42 s, rollout 2 min 20 s)` */
export function tookText({ seconds, parts }: Took): string {
  const shown = parts.filter((part) => part.seconds >= 1);
  const where = shown.map((part) => `${part.name} ${duration(part.seconds)}`);
  return shown.length < 2 ? duration(seconds) : `${duration(seconds)} (${where.join(', ')})`;
}

/** What failed in a phase in which ECS has nothing to report any more. */
const OWN_MARKS: Readonly<Partial<Record<RolloutPhase, string>>> = {
  verifying: '✗ verify failed',
  after: '✗ post-deploy failed',
  holding: '✗ a task failed',
};

const WITHOUT_END: ReadonlySet<RolloutPhase> = new Set(['starting', 'unplaced', 'running', 'checking']);

/** Phases that met when one between them was too short to be shown. */
function merged<P extends { phase: RolloutPhase; to: Instant }>(phases: readonly P[]): readonly P[] {
  const all: P[] = [];
  for (const phase of phases) {
    const last = all.at(-1);
    if (last?.phase === phase.phase) all[all.length - 1] = { ...last, to: phase.to };
    else all.push(phase);
  }
  return all;
}

/** How a rollout that did not succeed came to its end. */
function markOf({ kind, verdict, diagnoses: [cause], rolledBackWith }: Rollout): string | undefined {
  // Nothing was wrong with what is rolled back because another service failed.
  if (isGood(kind) || (rolledBackWith !== undefined && kind === 'rolled-back')) return undefined;
  switch (kind) {
    case 'superseded':
      return 'superseded';
    case 'cancelled':
      return '✗ cancelled';
    case 'paused':
      return undefined;
  }
  if (verdict?.kind === 'timed-out') return '✗ time is up';
  if (verdict?.kind === 'stopped') return '✗ stopped';
  if (cause) return `✗ ${failureName(cause)}`;
  return verdict?.kind === 'stuck' ? '✗ stuck' : '✗ failed';
}

/** `tasks crashed`: how a rollout failed, in two or three words. */
export const causeInShort = (rollout: Rollout): string => markOf(rollout)?.replace('✗ ', '') ?? 'failed';

/** What happened to the tasks, in two or three words. */
function failureName({ subject, failure, healthCheck, end, nature, needs, evidence: { surface } }: Diagnosis): string {
  if (healthCheck || subject === 'health-check') return 'health checks failed';
  if (end === 'out-of-memory') return 'out of memory';
  if (end !== undefined || surface === 'container.log' || surface === 'container.exitCode') return 'tasks crashed';
  if (nature === 'unplaceable' || needs) return 'no room for tasks';
  if (failure === 'crashed') return 'tasks crashed';
  switch (subject) {
    case 'alarm':
      return 'alarm';
    case 'image':
    case 'registry':
    case 'registry-login':
      return 'image not pulled';
    case 'secret':
      return 'secret not read';
    case 'deployment':
    case 'service':
      return 'failed';
  }
  return surface === 'deployment.rolloutStateReason' ? 'failed' : 'tasks did not start';
}
