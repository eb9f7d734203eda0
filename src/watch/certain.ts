import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { DeploymentState, Instant, TaskState } from '../model.ts';
import { failed } from './say.ts';
import type { Trouble } from './snapshot.ts';
import type { Verdict } from './verdict.ts';
import type { View } from './view.ts';

/** A new role may fail for a minute until IAM has told everybody. */
const IAM_PROPAGATION_SECONDS = 60;
/** ECS tries again after a growing pause, and says the same thing only once: so long a silence is no pause any more. */
const ROLE_SILENCE_SECONDS = 150;
/** With no sight of tasks, only ECS's own counter of consecutive failures is left; its breaker trips at 3 at the earliest. */
const FAILURES_UNSEEN = 3;
/** A sibling is proof that the revision works when it has outlived the failed ones by so much. */
const OUTLIVED_FACTOR = 1.5;
const OUTLIVED_SECONDS = 10;

/**
 * Failures that no waiting heals: a hopeless cause on the first task of ours, unless a sibling of the same revision runs;
 * an ambiguous one on the second task that ended the same way, unless a sibling has lived through it.
 */
export function certainFailure(view: View): Verdict | undefined {
  const { ours, troubles } = view;
  if (!ours) return undefined;
  const hopeless = troubles.find((trouble) => isHopeless(trouble, view));
  if (hopeless) return failed(view, hopeless.diagnosis.cause, hopeless.diagnosis);
  const [first, second] = matching(view);
  if (first && second) {
    const both = [first, second].flatMap(({ task }) => (task ? [task.id.slice(0, 8)] : []));
    const seen = both.length === 2 ? `Seen on two tasks: ${both.join(', ')}.` : 'Seen twice.';
    return failed(view, `${first.diagnosis.cause} (${seen})`, first.diagnosis);
  }
  return unseenFailures(view, ours);
}

function isHopeless(trouble: Trouble, view: View): boolean {
  const { diagnosis, from, task } = trouble;
  if (from === 'deployment') return false;
  const hopeless = diagnosis.nature === 'hopeless' || (neverRan(view) && isNetwork(diagnosis));
  if (!hopeless) return false;
  if (diagnosis.rule === 'role-assume-failed') return roleStaysRefused(view);
  if (AFTER_START.has(diagnosis.rule)) return true;
  // A container that did start says little by running for a moment; one that could not be started says all.
  const sibling = task?.startedAt === undefined ? siblingRuns(view) : siblingOutlived([trouble], view);
  return !sibling || endsAgain(view.troubles.filter(sameEnd(trouble)), view) >= 2;
}

const askedForAt = ({ id }: TaskState, { snapshot: { events } }: View): Instant | undefined =>
  events.find(({ kind, taskIds }) => kind === 'tasks-started' && taskIds.includes(id))?.at;

const sameEnd =
  ({ diagnosis: { rule } }: Trouble) =>
  ({ from, diagnosis }: Trouble): boolean =>
    from === 'task' && diagnosis.rule === rule;

/** From an end to the next one, where ECS has not said when the later task began. */
const UNRELATED_SECONDS = 10;

/**
 * How many of them ended one after another, each begun when the one before had ended: tasks that ECS started together
 * and that end together are one event, whose replacements may do better.
 */
function endsAgain(ends: readonly Trouble[], view: View): number {
  const lives = ends.flatMap(({ task }) => {
    if (task?.stoppedAt === undefined) return [];
    const { stoppedAt: ended, createdAt = ended, startedAt } = task;
    const began = startedAt ?? Math.min(createdAt, askedForAt(task, view) ?? ended);
    return [{ began: began < ended ? began : ended - UNRELATED_SECONDS, ended }];
  });
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const { began, ended } of lives.sort((a, b) => a.ended - b.ended)) {
    if (began < last) continue;
    last = ended;
    count += 1;
  }
  return count;
}

/** What goes wrong between running tasks and their load balancer: that they run is no proof against it. */
const AFTER_START = new Set([
  'lb-permission-denied',
  'target-group-missing',
  'target-group-not-attached',
  'target-type-mismatch',
]);

/** Says that an address could not be reached. Temporary for a service that ran in the same subnets, else how it is set up. */
const isNetwork = ({ rule, nature }: Diagnosis): boolean => nature === 'ambiguous' && rule.endsWith('-network');

/** The service's first deployment: no earlier task has shown that image, secrets and logs can be reached. */
const neverRan = ({ snapshot: { service, othersRan = false }, deployment }: View): boolean =>
  !othersRan && service.deployments.every(({ id, runningCount }) => id === deployment.id || runningCount === 0);

/** Refused again a minute after the first time, or refused once and nothing was started for long. */
function roleStaysRefused({ troubles, snapshot, ours, now }: View): boolean {
  const times = troubles.flatMap(({ diagnosis, at }) => (diagnosis.rule === 'role-assume-failed' && at ? [at] : []));
  const first = Math.min(...times);
  const last = Math.max(...times);
  const startedSince = snapshot.events.some(({ at, kind }) => at >= last && kind === 'tasks-started');
  if (times.length === 0 || startedSince || (ours?.runningCount ?? 0) + (ours?.pendingCount ?? 0) > 0) return false;
  return last - first >= IAM_PROPAGATION_SECONDS || now - first >= ROLE_SILENCE_SECONDS;
}

const runningOf = ({ snapshot: { tasks } }: View): TaskState[] =>
  tasks.filter(
    ({ lastStatus, desiredStatus, healthStatus }) =>
      lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED' && healthStatus !== 'UNHEALTHY',
  );

/** Counted as running, without those that are on their way out: ECS counts a task until it has left its load balancer. */
function countedRunning({ ours, snapshot: { tasks } }: View): number {
  const leaving = tasks.filter(
    ({ lastStatus, desiredStatus, startedAt }) =>
      desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED' && startedAt !== undefined,
  );
  return (ours?.runningCount ?? 0) - leaving.length;
}

const seesRunning = ({ snapshot: { tasks } }: View): boolean =>
  tasks.some(({ lastStatus }) => lastStatus === 'RUNNING');

const siblingRuns = (view: View): boolean =>
  countedRunning(view) > 0 && (runningOf(view).length > 0 || !seesRunning(view));

/** A healthy task of the same revision that has run for clearly longer than those that failed. */
function siblingOutlived(failures: readonly Trouble[], view: View): boolean {
  if (countedRunning(view) <= 0) return false;
  const lives = failures.map(({ task }) => lifetime(task, view));
  const needed = Math.max(...lives) * OUTLIVED_FACTOR + OUTLIVED_SECONDS;
  const siblings = runningOf(view);
  // Counted, and not seen: its age is that of the last growth of the count.
  if (siblings.length === 0) return !seesRunning(view) && view.now - view.snapshot.lastProgressAt >= needed;
  return siblings.some(({ id, startedAt }) => {
    const target = view.snapshot.targetHealth.get(id);
    if (target && target.state !== 'healthy') return false;
    return startedAt !== undefined && view.now - startedAt >= needed;
  });
}

/** How long it ran; where ECS has not said when it began, but that it ended by itself, since it was asked for. */
function lifetime(task: TaskState | undefined, view: View): number {
  const ran = task?.stopCode === 'EssentialContainerExited' ? askedForAt(task, view) : undefined;
  const began = task?.startedAt ?? ran;
  return began === undefined ? 0 : Math.max(0, (task?.stoppedAt ?? view.now) - began);
}

/**
 * Two tasks of ours that ended of the same cause in the same container. An end without a known cause counts as well:
 * twice the same unknown text, twice "essential container exited".
 */
function matching(view: View): readonly Trouble[] {
  const bad = view.troubles.filter(({ from, diagnosis: { nature }, task }) => {
    const vague = nature === 'unknown' || nature === 'symptom';
    return from === 'task' && (nature === 'ambiguous' || (vague && !wasAskedToStop(task)));
  });
  const groups = Object.values(Object.groupBy(bad, ({ diagnosis }) => keyOf(diagnosis)));
  return groups.find((group) => group && isProof(group, view)) ?? [];
}

/** Ends that the application brings about itself: that a sibling got through it does not help those that do not. */
const OWN_DOING = new Set(['app-crash', 'oom', 'segfault', 'essential-container-exited-zero', 'sigkill-stop-timeout']);
/** Among many siblings one place in which tasks crash says less than among few. */
const SIBLINGS_PER_FURTHER_CRASH = 5;

function isProof(group: readonly Trouble[], view: View): boolean {
  const [
    {
      diagnosis: { rule },
    } = { diagnosis: { rule: '' } },
  ] = group;
  if (group.length < 2 || (THROTTLED.test(rule) && endsAgain(group, view) < THROTTLED_IN_A_ROW)) return false;
  if (!siblingOutlived(group, view)) return true;
  const needed = 2 + Math.floor(countedRunning(view) / SIBLINGS_PER_FURTHER_CRASH);
  return OWN_DOING.has(rule) && endsAgain(group, view) >= needed;
}

/** Told to come back later: tasks that ask at the same time are refused together. */
const THROTTLED = /throttled|rate-limit/;
const THROTTLED_IN_A_ROW = 3;

const wasAskedToStop = (task: TaskState | undefined): boolean =>
  task?.stopCode === 'UserInitiated' ||
  (task?.stopCode === 'ServiceSchedulerInitiated' && !/health/i.test(task.stoppedReason ?? ''));

/** Answering wrongly and not answering are the same to a load balancer, which reports now one, now the other. */
const keyOf = ({ rule, container = '', nature, cause }: Diagnosis): string =>
  nature === 'unknown' ? cause : rule.startsWith('elb-') ? 'elb' : `${rule} ${container}`;

/** Where tasks may not be seen, or say nothing, ECS's counter and events are what is left. */
function unseenFailures(view: View, ours: DeploymentState): Verdict | undefined {
  const { snapshot, troubles } = view;
  if (ours.runningCount > 0 || troubles.some(({ from }) => from === 'task')) return undefined;
  const told = troubles.find(({ from, diagnosis }) => from === 'event' && diagnosis.nature === 'ambiguous');
  if (told && ours.failedTasks >= 2) {
    return failed(view, `${told.diagnosis.cause} (${ours.failedTasks} tasks failed.)`, told.diagnosis);
  }
  if (ours.failedTasks < FAILURES_UNSEEN || snapshot.tasks.length > 0) return undefined;
  const blind = snapshot.denied.some((action) => action === 'ecs:ListTasks' || action === 'ecs:DescribeTasks');
  const advice = blind ? ' Allow ecs:ListTasks and ecs:DescribeTasks to be told why.' : '';
  return failed(view, `${ours.failedTasks} tasks of the new revision failed one after another and none runs.${advice}`);
}

/** When the trouble was seen, as far as ECS says. */
export const timeOf = ({ at, task }: Trouble): Instant | undefined => at ?? task?.stoppedAt;
