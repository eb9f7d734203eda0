import type { Diagnosis, Traits } from '../../src/diagnosis/diagnosis.ts';
import { ruleOf } from '../../src/diagnosis/rules.ts';
import type { DeploymentState, ServiceEvent, ServiceState, TaskState } from '../../src/model.ts';
import { certainFailure, deadlocked, mayFailAgain, placementImpossible } from '../../src/watch/failures.ts';
import type { Snapshot, Trouble, View } from '../../src/watch/snapshot.ts';
import { deployment, diagnosis, look, old, ours, START, service, TASK_A, TASK_B, task } from '../report/made.ts';
import { viewOf } from '../support/explained.ts';

/** Each limit from both sides and each half of a conjunction alone, on views made by hand. */
interface Seen extends Partial<Snapshot> {
  readonly counts?: Partial<DeploymentState>;
  readonly others?: readonly DeploymentState[];
  readonly settings?: Partial<ServiceState>;
}

function viewed(seconds: number, { counts, others = [], settings, ...rest }: Seen = {}): View {
  const deployments = [ours(counts), ...others];
  const snapshot = look(seconds, deployments, { troubles: [], service: service(deployments, settings), ...rest });
  return viewOf(snapshot, deployment, START + seconds);
}

type Ended = Partial<Record<'createdAt' | 'startedAt' | 'stoppedAt', number>> & Partial<TaskState>;

/** A stopped task; its instants are seconds of the rollout. */
function stopped(id: string, { createdAt, startedAt, stoppedAt, ...rest }: Ended): TaskState {
  const { createdAt: _, ...bare } = task(id, 'STOPPED', rest);
  return {
    ...bare,
    ...(createdAt === undefined ? {} : { createdAt: START + createdAt }),
    ...(startedAt === undefined ? {} : { startedAt: START + startedAt }),
    ...(stoppedAt === undefined ? {} : { stoppedAt: START + stoppedAt }),
  };
}

/** What the watch decides by of the row with this id; none for an id of a test's own. */
function traitsOf(id: string): Traits {
  const { end, needs, afterStart, propagates }: Traits = ruleOf(id) ?? {};
  return JSON.parse(JSON.stringify({ end, needs, afterStart, propagates }));
}
const of = (from: Trouble['from'], rest: Partial<Diagnosis> = {}, at?: number): Trouble => ({
  from,
  diagnosis: diagnosis({ ...traitsOf(rest.rule ?? ''), ...rest }),
  ...(at === undefined ? {} : { at: START + at }),
});
const end = (id: string, ended: Ended, rest: Partial<Diagnosis> = {}): Trouble => ({
  ...of('task', rest),
  task: stopped(id, ended),
});
const running = (seconds: number, rest: Partial<TaskState> = {}): TaskState =>
  task(TASK_B, 'RUNNING', { startedAt: START + seconds, ...rest });
const named = (seconds: number, taskIds: readonly string[]) => ({
  id: `${seconds}`,
  at: START + seconds,
  message: '',
  taskIds,
});
const started = (seconds: number, ...taskIds: readonly string[]): ServiceEvent => ({
  ...named(seconds, taskIds),
  kind: 'tasks-started',
  count: 1,
});
const other = (seconds: number, ...taskIds: readonly string[]): ServiceEvent => ({
  ...named(seconds, taskIds),
  kind: 'steady',
});
const reasonIn = (view: View): string | undefined => {
  const verdict = certainFailure(view);
  return verdict && 'reason' in verdict ? verdict.reason : undefined;
};
const fails = (seconds: number, seen: Seen): boolean => certainFailure(viewed(seconds, seen)) !== undefined;

const CAUSE = diagnosis().cause;
const NETWORK = { rule: 'net', nature: 'ambiguous', failure: 'unreachable', subject: 'secret' } as const;

describe('in a deployment that was found under way, what was begun before', () => {
  const crash = { rule: 'app-crash', nature: 'ambiguous' } as const;
  const twice = [
    end(TASK_A, { startedAt: 10, stoppedAt: 12 }, crash),
    end(TASK_B, { startedAt: 20, stoppedAt: 22 }, crash),
  ];
  test.each<[string, readonly string[], readonly Trouble[], boolean]>([
    ['proves nothing by itself', [TASK_A, TASK_B], twice, false],
    ['proves it together with one that was begun since', [TASK_A], twice, true],
    ['proves nothing by a permanent cause either', [TASK_A], [end(TASK_A, { stoppedAt: 12 })], false],
    ['is not what has begun since', [TASK_B], [end(TASK_A, { stoppedAt: 12 })], true],
  ])('%s', (_, before, troubles, proven) => {
    expect(fails(60, { troubles, begunBeforehand: new Set(before) })).toBe(proven);
  });

  // Those that failed ran for 2 s each: 1.5 times that, and 10 s more, are 13 s.
  const once = [end(TASK_A, { startedAt: 10, stoppedAt: 12 }, crash)];
  const permanent = [end(TASK_A, { stoppedAt: 12 })];
  test.each<[string, number, Pick<Seen, 'troubles' | 'tasks'>, boolean]>([
    ['may fail again while what runs is young', 52, { troubles: twice, tasks: [running(40)] }, true],
    [
      'may fail again while one of those that run is young',
      52,
      { troubles: twice, tasks: [running(0), running(40)] },
      true,
    ],
    ['is disproved once all have outlived it', 53, { troubles: twice, tasks: [running(0), running(40)] }, false],
    ['was not certain after one crash', 52, { troubles: once, tasks: [running(40)] }, false],
    [
      'is disproved by a task that starts where one could not',
      52,
      { troubles: permanent, tasks: [running(42)] },
      false,
    ],
  ])('%s', (_, seconds, seen, again) => {
    const view = viewed(seconds, { ...seen, counts: { runningCount: 1 }, begunBeforehand: new Set([TASK_A, TASK_B]) });
    expect(mayFailAgain(view) !== undefined).toBe(again);
    const { begunBeforehand, ...snapshot } = view.snapshot;
    expect(begunBeforehand?.size).toBe(2);
    expect(mayFailAgain({ ...view, snapshot })).toBeUndefined();
  });
});

describe('permanent', () => {
  test('needs our deployment', () => {
    const view = viewed(60, { troubles: [of('task')] });
    expect(certainFailure({ ...view, ours: undefined })).toBeUndefined();
    expect(certainFailure(view)).toEqual({ kind: 'failed', reason: CAUSE, causes: [diagnosis()] });
  });
  test.each<[string, Trouble, Seen, boolean]>([
    ['on a task', of('task'), {}, true],
    ['in an event', of('event'), {}, true],
    ['said of the deployment', of('deployment'), {}, false],
    ['a network in a first deployment', of('task', NETWORK), {}, true],
    ['a network where others ran', of('task', NETWORK), { othersRan: true }, false],
    ['a network where others run', of('task', NETWORK), { others: [old(1)] }, false],
    ['a network where others ran nothing', of('task', NETWORK), { others: [old(0)] }, true],
    ['a network where some others run', of('task', NETWORK), { others: [old(0), old(1, { id: 'ecs-svc/3' })] }, false],
    [
      'a network where ours alone run',
      of('task', { ...NETWORK, rule: 'target-group-missing' }),
      { counts: { runningCount: 1 } },
      true,
    ],
    ['a health check without an answer', of('task', { ...NETWORK, subject: 'health-check' }), {}, false],
    ['ambiguous, and no network', of('task', { ...NETWORK, failure: 'failed' }), {}, false],
    ['a network that heals', of('task', { ...NETWORK, nature: 'transient' }), {}, false],
  ])('%s', (_, trouble, seen, expected) => {
    expect(fails(60, { troubles: [trouble], ...seen })).toBe(expected);
  });
  test.each([
    ['lb-permission-denied', true],
    ['target-group-missing', true],
    ['target-group-not-attached', true],
    ['target-type-mismatch', true],
    ['image-not-found', false],
  ])('%s, while a sibling runs', (rule, expected) => {
    const seen = { counts: { runningCount: 1 }, tasks: [running(0)] };
    expect(fails(60, { troubles: [of('task', { rule })], ...seen })).toBe(expected);
  });
});

describe('a role that is refused', () => {
  const role = (at?: number) => of('event', { rule: 'role-assume-failed' }, at);
  test.each<[string, number, readonly Trouble[], Seen, boolean]>([
    ['once, for less than 150 s', 179, [role(30)], {}, false],
    ['once, for 150 s', 180, [role(30)], {}, true],
    ['again within 60 s', 100, [role(30), role(89)], {}, false],
    ['again after 60 s', 100, [role(30), role(90)], {}, true],
    ['in whichever order', 100, [role(90), role(30)], {}, true],
    ['at an unknown time', 1000, [role()], {}, false],
    ['beside one at an unknown time', 180, [role(), role(30)], {}, true],
    ['long after something else', 120, [of('event', { nature: 'symptom' }, 30), role(100)], {}, false],
    ['before a start', 200, [role(30)], { events: [started(31, TASK_A)] }, false],
    ['in the second of a start', 200, [role(30)], { events: [started(30, TASK_A)] }, false],
    ['after a start', 200, [role(30)], { events: [started(29, TASK_A)] }, true],
    ['before another event', 200, [role(30)], { events: [other(31)] }, true],
    ['while one runs', 200, [role(30)], { counts: { runningCount: 1 } }, false],
    ['while one is pending', 200, [role(30)], { counts: { pendingCount: 1 } }, false],
  ])('%s', (_, seconds, troubles, seen, expected) => {
    expect(fails(seconds, { troubles, ...seen })).toBe(expected);
  });
});

describe('a task that could not start, beside a sibling', () => {
  const leaving = (status: string, rest: Partial<TaskState> = {}) =>
    task(TASK_B, status, { desiredStatus: 'STOPPED', startedAt: START, ...rest });
  const { startedAt: _, ...unstarted } = leaving('RUNNING');
  const unhealthy = running(0, { healthStatus: 'UNHEALTHY' });
  test.each<[string, number, readonly TaskState[], boolean]>([
    ['none', 0, [], true],
    ['none counted', 0, [running(0)], true],
    ['that runs', 1, [running(0)], false],
    ['that is counted, and not seen', 1, [], false],
    ['that is about to stop', 1, [leaving('RUNNING')], true],
    ['that is about to stop, one of two counted', 2, [leaving('RUNNING')], true],
    ['that is about to stop, without a start', 1, [unstarted], true],
    ['that is unhealthy', 1, [unhealthy], true],
    ['that is unhealthy, and one that runs', 2, [unhealthy, running(0)], false],
    ['that is unhealthy, and one that is pending', 1, [unhealthy, task(TASK_A, 'PENDING')], true],
    ['that has stopped', 1, [leaving('STOPPED')], false],
    ['that is leaving', 1, [leaving('DEACTIVATING')], true],
    ['that never started and is leaving', 1, [{ ...unstarted, lastStatus: 'DEACTIVATING' }], false],
    ['that is wanted', 1, [leaving('DEACTIVATING', { desiredStatus: 'RUNNING' })], false],
  ])('%s', (_, runningCount, tasks, expected) => {
    expect(fails(60, { troubles: [end(TASK_A, { stoppedAt: 30 })], counts: { runningCount }, tasks })).toBe(expected);
  });
});

describe('ends one after another, beside a sibling that has run for long', () => {
  const first = end(TASK_A, { createdAt: 0, stoppedAt: 30 });
  const second = (ended: Ended, rest: Partial<Diagnosis> = {}) => end(TASK_B, ended, rest);
  test.each<[string, readonly Trouble[], readonly ServiceEvent[], boolean]>([
    ['once', [first], [], false],
    ['created when the first had ended', [first, second({ createdAt: 30, stoppedAt: 60 })], [], true],
    ['created before', [first, second({ createdAt: 29, stoppedAt: 60 })], [], false],
    ['in the other order', [second({ createdAt: 30, stoppedAt: 60 }), first], [], true],
    ['started when it had', [first, second({ createdAt: 10, startedAt: 30, stoppedAt: 60 })], [], true],
    ['started before', [first, second({ createdAt: 10, startedAt: 29, stoppedAt: 60 })], [], false],
    ['asked for when it had', [first, second({ stoppedAt: 60 })], [started(30, TASK_B)], true],
    ['asked for before', [first, second({ stoppedAt: 60 })], [started(29, TASK_B)], false],
    [
      'asked for before it was created',
      [first, second({ createdAt: 40, stoppedAt: 60 })],
      [started(29, TASK_B)],
      false,
    ],
    [
      'created before it was asked for',
      [first, second({ createdAt: 29, stoppedAt: 60 })],
      [started(40, TASK_B)],
      false,
    ],
    ['another was asked for', [first, second({ createdAt: 30, stoppedAt: 60 })], [started(29, 'other')], true],
    ['another event names it', [first, second({ createdAt: 30, stoppedAt: 60 })], [other(29, TASK_B)], true],
    ['10 s apart', [first, second({ stoppedAt: 40 })], [], true],
    ['less than 10 s apart', [first, second({ stoppedAt: 39 })], [], false],
    ['created as it ended, 10 s apart', [first, second({ createdAt: 40, stoppedAt: 40 })], [], true],
    ['created as it ended, less apart', [first, second({ createdAt: 39, stoppedAt: 39 })], [], false],
    ['no end', [first, second({ createdAt: 30 })], [], false],
    ['of another rule', [first, second({ createdAt: 30, stoppedAt: 60 }, { rule: 'other' })], [], false],
    ['told by an event', [first, { ...second({ createdAt: 30, stoppedAt: 60 }), from: 'event' }], [], false],
  ])('%s', (_, troubles, events, expected) => {
    const sibling = running(0, { id: 'sibling' });
    expect(fails(300, { troubles, events, counts: { runningCount: 1 }, tasks: [sibling] })).toBe(expected);
  });
});

const CRASH = {
  rule: 'crash',
  nature: 'ambiguous',
  subject: 'application',
  failure: 'crashed',
  cause: 'It crashed.',
  container: 'app',
} as const;

describe('two ends that match', () => {
  const pair = (a: Partial<Diagnosis>, b: Partial<Diagnosis> = a, ended: Ended = {}) => [
    end(TASK_A, { startedAt: 20, stoppedAt: 30, ...ended }, { ...CRASH, ...a }),
    end(TASK_B, { startedAt: 40, stoppedAt: 50, ...ended }, { ...CRASH, ...b }),
  ];
  const { container: _, ...bare } = CRASH;
  test.each<[string, readonly Trouble[], boolean]>([
    ['one alone', pair({}).slice(1), false],
    ['ambiguous', pair({}), true],
    ['the last two of three', [end('0', {}, { ...CRASH, rule: 'first' }), ...pair({})], true],
    ['without a container', [of('task', bare), of('task', bare)], true],
    ['one of them without a container', [of('task', bare), of('task', CRASH)], false],
    ['told by events', [of('event', CRASH), of('event', CRASH)], false],
    ['other containers', pair({}, { container: 'proxy' }), false],
    ['other rules', pair({}, { rule: 'other' }), false],
    ['other rules of a health check', pair({ subject: 'health-check' }, { subject: 'health-check', rule: 'b' }), true],
    ['unplaceable', pair({ nature: 'unplaceable' }), false],
    ['transient', pair({ nature: 'transient' }), false],
    ['unknown', pair({ nature: 'unknown' }), true],
    ['unknown, other texts', pair({ nature: 'unknown' }, { nature: 'unknown', cause: 'Else.' }), false],
    ['unknown, other rules', pair({ nature: 'unknown' }, { nature: 'unknown', rule: 'b' }), true],
    ['symptoms', pair({ nature: 'symptom' }), true],
    [
      'symptoms of no task',
      [of('task', { ...CRASH, nature: 'symptom' }), of('task', { ...CRASH, nature: 'symptom' })],
      true,
    ],
    ['stopped by a user', pair({ nature: 'symptom' }, { nature: 'symptom' }, { stopCode: 'UserInitiated' }), false],
    ['unknown by a user', pair({ nature: 'unknown' }, { nature: 'unknown' }, { stopCode: 'UserInitiated' }), false],
    ['by a user, but ambiguous', pair({}, {}, { stopCode: 'UserInitiated' }), true],
    [
      'stopped by the scheduler',
      pair({ nature: 'symptom' }, { nature: 'symptom' }, { stopCode: 'ServiceSchedulerInitiated' }),
      false,
    ],
    [
      'by the scheduler, as unhealthy',
      pair(
        { nature: 'symptom' },
        { nature: 'symptom' },
        { stopCode: 'ServiceSchedulerInitiated', failedHealthCheck: true },
      ),
      true,
    ],
    [
      'stopped otherwise',
      pair({ nature: 'symptom' }, { nature: 'symptom' }, { stopCode: 'EssentialContainerExited' }),
      true,
    ],
  ])('%s', (_, troubles, expected) => {
    expect(fails(60, { troubles, othersRan: true })).toBe(expected);
  });
  test('names both tasks, where they are known', () => {
    const causes = [diagnosis(CRASH)];
    expect(certainFailure(viewed(60, { troubles: pair({}) }))).toEqual({
      kind: 'failed',
      reason: 'It crashed. (Seen on two tasks: 2c473733, 916b9b68.)',
      causes,
    });
    const [first] = pair({});
    expect(reasonIn(viewed(60, { troubles: first ? [first, of('task', CRASH)] : [] }))).toBe(
      'It crashed. (Seen twice.)',
    );
  });
  const throttled = (...lives: readonly (readonly [number, number])[]) =>
    lives.map(([createdAt, stoppedAt]) =>
      end(`${createdAt}`, { createdAt, stoppedAt }, { ...CRASH, failure: 'throttled' }),
    );
  test.each<[string, readonly Trouble[], boolean]>([
    ['twice', throttled([0, 10], [10, 20]), false],
    ['three times', throttled([0, 10], [10, 20], [20, 30]), true],
    ['three times, two together', throttled([0, 10], [10, 20], [11, 20]), false],
  ])('throttled %s in a row', (_, troubles, expected) => {
    expect(fails(60, { troubles, othersRan: true })).toBe(expected);
  });
});

describe('a sibling that has outlived two ends', () => {
  /** 10 s each: outlived after 1.5 * 10 + 10 = 25 s. */
  const lives = (first: Ended = {}, second: Ended = {}) => [
    end(TASK_A, { startedAt: 20, stoppedAt: 30, ...first }, CRASH),
    end('c', { startedAt: 20, stoppedAt: 30, ...second }, CRASH),
  ];
  const target = (state: string, id = TASK_B) => ({ targetHealth: new Map([[id, { state }]]) });
  const { startedAt: _, ...unstarted } = running(0);
  const asked = [started(20, TASK_A, 'c')];
  const bare = { startedAt: undefined } as unknown as Ended;
  const unasked = lives(bare, bare);
  const byItself = { ...bare, stopCode: 'EssentialContainerExited' };
  test.each<[string, Seen, boolean]>([
    ['for 25 s', { tasks: [running(75)] }, false],
    ['for less', { tasks: [running(76)] }, true],
    ['one of two for 25 s', { tasks: [running(76, { id: 'x' }), running(75)] }, false],
    ['without a start', { tasks: [unstarted] }, true],
    ['and is not counted', { tasks: [running(0)], counts: { runningCount: 0 } }, true],
    ['and is healthy', { tasks: [running(75)], ...target('healthy') }, false],
    ['and is not healthy', { tasks: [running(75)], ...target('initial') }, true],
    ['beside an unhealthy target', { tasks: [running(75)], ...target('unhealthy', 'x') }, false],
    ['unseen for 25 s', { lastProgressAt: START + 75 }, false],
    ['unseen for less', { lastProgressAt: START + 76 }, true],
    ['unseen beside an unhealthy one', { tasks: [running(0, { healthStatus: 'UNHEALTHY' })] }, true],
    ['the longer life counts', { troubles: lives({}, { stoppedAt: 40 }), tasks: [running(61)] }, true],
    ['outlived the longer', { troubles: lives({}, { stoppedAt: 40 }), tasks: [running(60)] }, false],
    ['unknown lives: for 10 s', { troubles: unasked, events: asked, tasks: [running(90)] }, false],
    ['unknown lives: for less', { troubles: unasked, events: asked, tasks: [running(91)] }, true],
    [
      'lives since asked for: 25 s',
      { troubles: lives(byItself, byItself), events: asked, tasks: [running(75)] },
      false,
    ],
    ['lives since asked for: less', { troubles: lives(byItself, byItself), events: asked, tasks: [running(76)] }, true],
    [
      'ended before they started: 10 s',
      { troubles: lives({ startedAt: 40 }, { startedAt: 40 }), tasks: [running(90)] },
      false,
    ],
    [
      'ended before they started: less',
      { troubles: lives({ startedAt: 40 }, { startedAt: 40 }), tasks: [running(91)] },
      true,
    ],
  ])('%s', (_, seen, expected) => {
    expect(fails(100, { troubles: lives(), counts: { runningCount: 1 }, othersRan: true, ...seen })).toBe(expected);
  });
  test('an end without an instant lasts until now', () => {
    const { stoppedAt: _, ...open } = stopped(TASK_A, { startedAt: 20, stoppedAt: 30 });
    const troubles = [0, 1].map((): Trouble => ({ ...of('task', CRASH), task: open }));
    const seen = { troubles, counts: { runningCount: 1 }, othersRan: true };
    expect(fails(100, { ...seen, tasks: [running(-30)] })).toBe(false);
    expect(fails(100, { ...seen, tasks: [running(-29)] })).toBe(true);
  });

  const inARow = (rule: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      end(`t${index}`, { startedAt: 20 * index, stoppedAt: 20 * index + 10 }, { ...CRASH, rule }),
    );
  test.each<[string, number, number, boolean]>([
    ['app-crash', 2, 1, true],
    ['oom', 2, 1, true],
    ['segfault', 2, 1, true],
    ['essential-container-exited-zero', 2, 1, true],
    ['sigkill-stop-timeout', 2, 1, true],
    ['elb-health-check', 2, 1, false],
    ['app-crash', 2, 4, true],
    ['app-crash', 2, 5, false],
    ['app-crash', 3, 5, true],
    ['app-crash', 3, 10, false],
  ])('%s, %i in a row, beside %i', (rule, count, runningCount, expected) => {
    expect(fails(300, { troubles: inARow(rule, count), counts: { runningCount }, tasks: [running(0)] })).toBe(expected);
  });
  test('app-crash of tasks that ended together is no proof', () => {
    const together = [0, 1].map((n) => end(`t${n}`, { startedAt: 20, stoppedAt: 30 }, { ...CRASH, rule: 'app-crash' }));
    expect(fails(300, { troubles: together, counts: { runningCount: 1 }, tasks: [running(0)] })).toBe(false);
  });
});

describe('failures that only the counter and the events show', () => {
  const reported = of('event', CRASH);
  const counter = (failedTasks: number, runningCount = 0) => ({ counts: { failedTasks, runningCount } });
  const THREE = '3 tasks of the new revision failed one after another and none runs.';
  const ADVICE = ' Allow ecs:ListTasks and ecs:DescribeTasks to see the reason.';
  test.each<[string, Seen, string | undefined]>([
    ['an event and two failures', { troubles: [reported], ...counter(2) }, 'It crashed. (2 tasks failed.)'],
    ['an event and one failure', { troubles: [reported], ...counter(1) }, undefined],
    ['while one runs', { troubles: [reported], ...counter(3, 1) }, undefined],
    ['while a task tells', { troubles: [reported, of('task', { nature: 'transient' })], ...counter(3) }, undefined],
    ['an event that decides nothing', { troubles: [of('event', { nature: 'unplaceable' })], ...counter(2) }, undefined],
    ['said of the deployment', { troubles: [of('deployment', CRASH)], ...counter(2) }, undefined],
    ['three failures', counter(3), THREE],
    ['two failures', counter(2), undefined],
    ['while tasks are seen', { tasks: [task(TASK_A, 'PENDING')], ...counter(3) }, undefined],
    ['where listing is denied', { denied: ['ecs:ListTasks'], ...counter(3) }, `${THREE}${ADVICE}`],
    ['where describing is denied', { denied: ['a', 'ecs:DescribeTasks'], ...counter(3) }, `${THREE}${ADVICE}`],
    ['where something else is denied', { denied: ['logs:GetLogEvents'], ...counter(3) }, THREE],
  ])('%s', (_, seen, reason) => {
    expect(reasonIn(viewed(60, { othersRan: true, ...seen }))).toBe(reason);
  });
});

describe('placement', () => {
  const blocked = (rest: Partial<Diagnosis> = {}, from: Trouble['from'] = 'event', at?: number) =>
    of(
      from,
      {
        rule: 'insufficient-cpu',
        nature: 'unplaceable',
        failure: 'exhausted',
        cause: 'No CPU.',
        transient: true,
        ...rest,
      },
      at ?? 20,
    );
  const stuckAt = (seconds: number, troubles: readonly Trouble[], seen: Seen = {}) =>
    placementImpossible(viewed(seconds, { troubles, ...seen })) !== undefined;

  test.each([
    'insufficient-memory',
    'insufficient-cpu',
    'insufficient-gpu',
    'host-port-conflict',
    'eni-limit',
    'no-container-instances',
    'capacity-provider-empty',
    'placement-constraint',
    'missing-attribute',
  ])('%s needs room: stuck after 10 s', (rule) => {
    expect(stuckAt(29, [blocked({ rule })])).toBe(false);
    expect(stuckAt(30, [blocked({ rule })])).toBe(true);
  });
  test.each<[string, Partial<Diagnosis>, number, boolean]>([
    ['what passes', { rule: 'other' }, 1000, false],
    ['what does not pass, for less than 120 s', { rule: 'other', transient: false }, 139, false],
    ['what does not pass, for 120 s', { rule: 'other', transient: false }, 140, true],
    ['a quota, for less', { rule: 'fargate-quota', nature: 'ambiguous' }, 139, false],
    ['a quota, for 120 s', { rule: 'fargate-quota', nature: 'ambiguous' }, 140, true],
    ['what is not blocked', { nature: 'ambiguous' }, 1000, false],
  ])('%s', (_, rest, seconds, expected) => {
    expect(stuckAt(seconds, [blocked(rest)])).toBe(expected);
  });
  test('the last trouble decides, once its time is known', () => {
    expect(stuckAt(60, [])).toBe(false);
    expect(stuckAt(60, [blocked({ rule: 'other' }), blocked()])).toBe(true);
    expect(stuckAt(60, [blocked(), blocked({ rule: 'other' })])).toBe(false);
    expect(stuckAt(60, [blocked(), of('event', { nature: 'symptom' }, 59)])).toBe(true);
    const { at: _, ...timeless } = blocked();
    expect(stuckAt(60, [timeless])).toBe(false);
    expect(stuckAt(60, [{ ...timeless, task: stopped(TASK_A, { stoppedAt: 50 }) }])).toBe(true);
    expect(stuckAt(59, [{ ...timeless, task: stopped(TASK_A, { stoppedAt: 50 }) }])).toBe(false);
    expect(placementImpossible({ ...viewed(60, { troubles: [blocked()] }), ours: undefined })).toBeUndefined();
  });
  test.each<[string, Seen, boolean, Trouble['from']?]>([
    ['progress in the same second', { lastProgressAt: START + 20 }, true],
    ['progress since', { lastProgressAt: START + 21 }, false],
    ['a start in the same second', { events: [started(20)] }, true],
    ['a start since', { events: [started(21)] }, false],
    ['another event since', { events: [other(21)] }, true],
    ['a start since, told by a task', { events: [started(21)] }, true, 'task'],
    ['others moved in the same second', { othersMovedAt: START + 20 }, true],
    ['others moved since', { othersMovedAt: START + 21 }, false],
    ['ours run', { counts: { runningCount: 1 } }, false],
    ['ours are pending', { counts: { pendingCount: 1 } }, false],
    ['none is wanted', { counts: { desiredCount: 0 } }, false],
    ['a daemon', { settings: { schedulingStrategy: 'DAEMON' } }, false],
    ['old ones that all stay', { others: [old(2)] }, true],
    ['old ones that leave', { others: [old(2, { desiredCount: 1 })] }, false],
    ['old ones of which a pending one leaves', { others: [old(1, { pendingCount: 1, desiredCount: 1 })] }, false],
    ['some of the old ones leave', { others: [old(2), old(1, { id: 'x', desiredCount: 0 })] }, false],
    ['a provider that adds machines', { addsCapacity: true }, false],
    ['one that does not', { addsCapacity: false, settings: { capacityProviders: ['mine'] } }, true],
    ['a provider of our own', { settings: { capacityProviders: ['mine'] } }, false],
    ['Fargate and our own', { settings: { capacityProviders: ['FARGATE', 'mine'] } }, false],
    ['Fargate', { settings: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] } }, true],
    ['like Fargate', { settings: { capacityProviders: ['FARGATE_MINE'] } }, false],
    ['named after Fargate', { settings: { capacityProviders: ['MY_FARGATE'] } }, false],
    ['a task that waits for a machine', { tasks: [task(TASK_A, 'PROVISIONING')] }, false],
    ['one of two that waits', { tasks: [task(TASK_A, 'PENDING'), task(TASK_B, 'PROVISIONING')] }, false],
    ['a task that does not', { tasks: [task(TASK_A, 'PENDING')] }, true],
    ['others that drain', { othersDraining: 1 }, false],
    ['others that ran, and are no longer counted', { othersRan: true }, false],
    ['others that ran, and still do', { othersRan: true, others: [old(2)] }, true],
    ['an old one beyond the minimum', { settings: { minimumHealthyPercent: 50 }, others: [old(2)] }, false],
    ['exactly the minimum', { settings: { minimumHealthyPercent: 50 }, others: [old(1)] }, true],
    ['no old one, and no minimum', { settings: { minimumHealthyPercent: 0 }, others: [old(0)] }, true],
    ['a minimum that all of two old deployments exceed', { others: [old(2), old(1, { id: 'x' })] }, false],
  ])('with %s', (_, seen, expected, from = 'event') => {
    expect(stuckAt(60, [blocked({}, from)], seen)).toBe(expected);
  });
  test('others that left give 120 s more, from when they left', () => {
    const seen = { othersMovedAt: START + 25 };
    expect(stuckAt(144, [blocked()], seen)).toBe(false);
    expect(stuckAt(145, [blocked()], seen)).toBe(true);
  });
  test('ECS repeats its event, which does not move the limit', () => {
    const repeated = [20, 50, 80, 110, 139].map((at) =>
      blocked({ rule: 'fargate-quota', nature: 'ambiguous' }, 'event', at),
    );
    expect(stuckAt(139, repeated)).toBe(false);
    expect(stuckAt(140, repeated)).toBe(true);
    const after = { othersMovedAt: START + 60 };
    expect(stuckAt(199, repeated, after)).toBe(false);
    expect(stuckAt(200, repeated, after)).toBe(true);
    expect(stuckAt(199, repeated, { lastProgressAt: START + 60 })).toBe(false);
    expect(stuckAt(200, repeated, { lastProgressAt: START + 60 })).toBe(true);
  });
  test.each<[string, Partial<Diagnosis>, Seen, string]>([
    [
      'a quota of Fargate',
      { rule: 'fargate-quota', nature: 'ambiguous' },
      { settings: { capacityProviders: ['FARGATE_SPOT'] }, others: [old(2)] },
      'ECS placed no task for 3 min: minimum-healthy-percent 100 keeps every old task until a new one runs.',
    ],
    [
      'a quota of Fargate, in a deployment that keeps the old tasks whatever the percents are',
      { rule: 'fargate-quota', nature: 'ambiguous' },
      {
        settings: { strategy: 'BLUE_GREEN', minimumHealthyPercent: 0, capacityProviders: ['FARGATE'] },
        others: [old(2)],
      },
      'ECS placed no task for 3 min: a BLUE_GREEN deployment keeps every old task until the new ones have taken over.',
    ],
    [
      'a quota of Fargate, and no old task',
      { rule: 'fargate-quota', nature: 'ambiguous' },
      { settings: { launchType: 'FARGATE', capacityProviders: [] } },
      'ECS placed no task for 3 min.',
    ],
    [
      'an attribute, which no old task holds',
      { rule: 'missing-attribute', failure: 'missing' },
      { others: [old(2)] },
      'ECS placed no task for 3 min: no capacity provider adds container instances.',
    ],
  ])('%s', (_, rest, seen, expected) => {
    expect(placementImpossible(viewed(200, { troubles: [blocked(rest)], ...seen }))).toMatchObject({
      reason: `No CPU. ${expected}`,
    });
  });
  test('says what keeps the room', () => {
    const reason = (others: readonly DeploymentState[], counts: Partial<DeploymentState> = {}) =>
      placementImpossible(viewed(60, { troubles: [blocked()], others, counts }));
    expect(reason([])).toEqual({
      kind: 'stuck',
      reason: 'No CPU. ECS placed no task for 40 s: no capacity provider adds container instances.',
      causes: [blocked().diagnosis],
    });
    expect(reason([old(0)])).toMatchObject({ reason: expect.not.stringContaining('old task') });
    expect(reason([old(0), old(1, { id: 'x', desiredCount: 1 })])).toMatchObject({
      reason:
        'No CPU. ECS placed no task for 40 s: minimum-healthy-percent 100 keeps every old task until a new one runs, and no capacity provider adds container instances.',
    });
  });
});

describe('a deadlock of the percents', () => {
  const deadlock = (seconds: number, seen: Seen = {}) =>
    deadlocked(viewed(seconds, { others: [old(2)], ...seen, settings: { maximumPercent: 100, ...seen.settings } }));
  test('names the arithmetic', () => {
    const verdict = deadlock(10);
    const sentence = expect.stringContaining('this rollout could never move');
    expect(verdict).toMatchObject({
      kind: 'stuck',
      reason: sentence,
      causes: [{ cause: sentence, evidence: { surface: 'service.event', text: sentence } }],
    });
    const [cause] = verdict?.kind === 'stuck' ? verdict.causes : [];
    expect(cause?.nature).not.toBe('unknown');
  });
  test.each<[string, number, Seen, boolean]>([
    ['for less than 10 s', 9, {}, false],
    ['for 10 s', 10, {}, true],
    ['while ours run', 60, { counts: { runningCount: 1 } }, false],
    ['while ours are pending', 60, { counts: { pendingCount: 1 } }, false],
    ['that may start more', 60, { settings: { maximumPercent: 200 } }, false],
    ['that lacks an old task', 60, { others: [old(1)] }, false],
    ['with an old task that is pending', 60, { others: [old(1, { pendingCount: 1 })] }, true],
    [
      'with one task in each of two',
      60,
      { others: [old(1, { desiredCount: 1 }), old(1, { id: 'x', desiredCount: 1 })] },
      true,
    ],
    ['with more old tasks', 60, { others: [old(3, { desiredCount: 3 })] }, true],
    ['whose old task is to stop', 60, { others: [old(2, { desiredCount: 1 })] }, false],
    ['without others', 60, { others: [] }, false],
  ])('%s', (_, seconds, seen, expected) => {
    expect(deadlock(seconds, seen) !== undefined).toBe(expected);
  });
  test('needs our deployment', () => {
    const view = viewed(60, { others: [old(2)], settings: { maximumPercent: 100 } });
    expect(deadlocked(view)?.kind).toBe('stuck');
    expect(deadlocked({ ...view, ours: undefined })).toBeUndefined();
  });
});
