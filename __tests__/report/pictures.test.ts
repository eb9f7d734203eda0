import type { DeploymentState } from '../../src/model.ts';
import type { Moment, Outcome } from '../../src/outcome.ts';
import { phaseOf, phasesOf, tookOf, tookText } from '../../src/report/phases.ts';
import { picturesOf, revisionTable, rolloutBars } from '../../src/report/pictures.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import { render, tagsOf, textOf } from '../support/gfm.ts';
import {
  deployment,
  diagnosis,
  event,
  look,
  old,
  ours,
  outcome,
  revisionArn,
  START,
  service,
  TASK_A,
  task,
} from './made.ts';

const moment = (seconds: number, rest: Partial<Moment> = {}): Moment => ({
  at: START + seconds,
  kind: 'counts',
  severity: 'normal',
  text: 'x',
  ...rest,
});
const counts = (seconds: number, now: number, before: number, rest: Partial<Moment> = {}): Moment =>
  moment(seconds, { running: { 'web:42': now, 'web:41': before }, ...rest });
const well = [
  counts(0, 0, 4, { begins: 'starting' }),
  counts(30, 2, 4, { begins: 'checking' }),
  counts(60, 4, 4, { begins: 'draining' }),
  counts(90, 4, 0),
  moment(120, { kind: 'verdict' }),
];

const phases = (timeline: readonly Moment[], rest: Partial<Outcome> = {}) =>
  phasesOf(outcome({ ...rest, timeline }), START).map(({ name, from, to }) => [name, from - START, to - START]);

test('the phases end where the next begins, and nothing comes after a rollback', () => {
  expect(phases(well)).toEqual([
    ['tasks start', 0, 30],
    ['health checks', 30, 60],
    ['old tasks stop', 60, 120],
  ]);
  expect(
    phases([
      moment(12, { begins: 'failing' }),
      moment(12, { begins: 'rolling-back' }),
      moment(14, { begins: 'checking' }),
      moment(24),
    ]),
  ).toEqual([
    ['tasks start', 0, 12],
    ['rollback', 12, 24],
  ]);
  // A replacement starts, and the failures go on.
  expect(
    phases([
      moment(12, { begins: 'failing' }),
      moment(14, { begins: 'starting' }),
      moment(24, { begins: 'draining' }),
      moment(30),
    ]),
  ).toEqual([
    ['tasks start', 0, 12],
    ['tasks fail', 12, 24],
    ['old tasks stop', 24, 30],
  ]);
  expect(phases([])).toEqual([]);
  expect(phases([moment(0.4)])).toEqual([]);
});

describe('how it ended is marked where it did', () => {
  const back = [moment(12, { begins: 'rolling-back' }), moment(24)];
  const crash = diagnosis({ subject: 'container', failure: 'crashed', end: 'crashed' });
  test.each<[string, Partial<Outcome>, readonly Moment[], readonly string[]]>([
    ['a crash', { diagnoses: [crash] }, back, ['tasks start', '✗ tasks crashed', 'rollback']],
    [
      'failures that took time',
      { diagnoses: [crash] },
      [moment(4, { begins: 'failing' }), ...back],
      ['tasks start', '✗ tasks crashed', 'rollback'],
    ],
    ['an image', { diagnoses: [diagnosis()] }, back, ['tasks start', '✗ image not pulled', 'rollback']],
    [
      'a health check',
      { diagnoses: [diagnosis({ subject: 'health-check', healthCheck: 'load-balancer' })] },
      [moment(4, { begins: 'checking' }), ...back],
      ['tasks start', 'health checks', '✗ health checks failed', 'rollback'],
    ],
    [
      'no room',
      { diagnoses: [diagnosis({ subject: 'placement', nature: 'unplaceable' })] },
      [moment(0, { begins: 'unplaced' }), ...back],
      ['✗ no room for tasks', 'rollback'],
    ],
    [
      'a quota',
      { diagnoses: [diagnosis({ subject: 'capacity', needs: 'quota' })] },
      back,
      ['tasks start', '✗ no room for tasks', 'rollback'],
    ],
    [
      'a secret',
      { diagnoses: [diagnosis({ subject: 'secret' })] },
      back,
      ['tasks start', '✗ secret not read', 'rollback'],
    ],
    [
      'a network',
      { diagnoses: [diagnosis({ subject: 'network-interface' })] },
      back,
      ['tasks start', '✗ tasks did not start', 'rollback'],
    ],
    [
      'memory',
      { diagnoses: [diagnosis({ subject: 'container', end: 'out-of-memory' })] },
      back,
      ['tasks start', '✗ out of memory', 'rollback'],
    ],
    [
      'an alarm in the bake time',
      { diagnoses: [diagnosis({ subject: 'alarm' })] },
      [moment(4, { begins: 'draining' }), moment(8, { begins: 'baking' }), ...back],
      ['tasks start', 'old tasks stop', 'bake time', '✗ alarm', 'rollback'],
    ],
    [
      'the time-out',
      { verdict: { kind: 'timed-out', reason: '', causes: [] } },
      back,
      ['tasks start', '✗ time is up', 'rollback'],
    ],
    [
      'a stop',
      { kind: 'failed', verdict: { kind: 'stopped', reason: '' } },
      [moment(12)],
      ['tasks start', '✗ stopped'],
    ],
    ['a cancel', { kind: 'cancelled' }, [moment(12)], ['tasks start', '✗ cancelled']],
    ['a newer deployment', { kind: 'superseded' }, [moment(12)], ['tasks start', 'superseded']],
    ['a pause', { kind: 'paused' }, [moment(4, { begins: 'paused' }), moment(12)], ['tasks start', 'paused']],
    ['nothing that is known', { kind: 'failed' }, [moment(12)], ['tasks start', '✗ failed']],
    [
      'a rollback that failed as well',
      { kind: 'failed', diagnoses: [crash], failedRollback: { to: revisionArn(41), cause: 'x', targets: [] } },
      back,
      ['tasks start', '✗ tasks crashed', 'rollback', '✗ rollback failed'],
    ],
  ])('%s', (_, rest, timeline, names) => {
    expect(phases(timeline, { kind: 'rolled-back', ...rest }).map(([name]) => name)).toEqual(names);
  });
});

describe('what a rollout is doing', () => {
  const balanced = { loadBalancers: [{}] } as unknown as Parameters<typeof service>[1];
  const placed = { from: 'event', at: START + 5, diagnosis: diagnosis({ nature: 'unplaceable' }) } as const;
  const crashed = task(TASK_A, 'STOPPED', { stopCode: 'EssentialContainerExited' });
  const stage = (lifecycleStage: string, hooks: readonly object[] = []) =>
    ({
      serviceDeployment: { status: 'IN_PROGRESS', hooks, lifecycleStage, sources: [] },
    }) as unknown as Partial<Snapshot>;
  test.each<[string, readonly DeploymentState[], Partial<Snapshot>, string, Parameters<typeof service>[1]?]>([
    ['no task runs', [ours(), old(2)], {}, 'starting'],
    ['ECS does not show it yet', [old(2)], {}, 'starting'],
    ['ECS has no room', [ours(), old(2)], { troubles: [placed] }, 'unplaced'],
    ['a task waits for a machine', [ours({ pendingCount: 2 }), old(2)], { troubles: [placed] }, 'starting'],
    [
      'ECS has started one since',
      [ours(), old(2)],
      { troubles: [placed], events: [event(9, `has started 1 tasks: (task ${TASK_A}).`)] },
      'starting',
    ],
    ['some run', [ours({ runningCount: 1 }), old(2)], {}, 'running'],
    ['all run, and old tasks stay', [ours({ runningCount: 2 }), old(2)], {}, 'running'],
    ['some run behind a load balancer', [ours({ runningCount: 1 }), old(2)], {}, 'checking', balanced],
    ['one has crashed, and none runs', [ours(), old(2)], { tasks: [crashed] }, 'failing'],
    [
      'one has crashed, and two run',
      [ours({ runningCount: 2, desiredCount: 4 }), old(2)],
      { tasks: [crashed] },
      'running',
    ],
    ['old tasks stop', [ours({ runningCount: 2 }), old(1, { desiredCount: 0 })], {}, 'draining'],
    ['old tasks have stopped', [ours({ runningCount: 2 })], { othersRan: true }, 'draining'],
    ['there never were old tasks', [ours({ runningCount: 2 })], {}, 'completing'],
    ['test traffic', [ours({ runningCount: 2 }), old(2)], stage('TEST_TRAFFIC_SHIFT'), 'testing'],
    ['production traffic', [ours({ runningCount: 2 }), old(2)], stage('PRODUCTION_TRAFFIC_SHIFT'), 'shifting'],
    ['bake time', [ours({ runningCount: 2 }), old(2)], stage('BAKE_TIME'), 'baking'],
    ['clean-up', [ours({ runningCount: 2 }), old(2)], stage('CLEAN_UP'), 'draining'],
    ['clean-up, while a new task is not healthy', [ours({ runningCount: 1 })], stage('CLEAN_UP'), 'running'],
    ['an unknown stage', [ours({ runningCount: 1 }), old(2)], stage('constructor'), 'running'],
    ['a hook runs', [ours(), old(2)], stage('PRE_SCALE_UP', [{ status: 'IN_PROGRESS' }]), 'hook'],
    ['a pause', [ours({ runningCount: 2 }), old(2)], stage('BAKE_TIME', [{ status: 'AWAITING_ACTION' }]), 'paused'],
    [
      'a rollback',
      [ours(), old(2)],
      { serviceDeployment: { status: 'ROLLBACK_IN_PROGRESS', hooks: [] } as never },
      'rolling-back',
    ],
  ])('%s', (_, deployments, known, expected, settings = {}) => {
    expect(phaseOf(look(10, deployments, { service: service(deployments, settings), ...known }), deployment)).toBe(
      expected,
    );
  });
});

test('a bar for each phase with its seconds, to scale, and the tasks of each revision over the same time', () => {
  expect(
    rolloutBars([{ outcome: outcome({ timeline: well }), about: {} }])
      .split('\n')
      .slice(1, -1),
  ).toEqual([
    'tasks start         30 s ████',
    'health checks       30 s     █████',
    'old tasks stop     1 min          ████████',
    'web:42         4 running ····▄▄▄▄█████████',
    'web:41         0 running █████████████····',
    '2 min in all; bars to scale',
  ]);
});

const failed = outcome({
  kind: 'rolled-back',
  diagnoses: [diagnosis()],
  timeline: well,
  tally: [
    { taskDefinitionArn: revisionArn(42), running: 0, pending: 1, failed: 3 },
    { taskDefinitionArn: revisionArn(41), running: 4, pending: 0, failed: 0 },
  ],
  serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
});
/** Cells of each row, as they are seen. */
const cells = (table: string): string[][] =>
  [...render(table).matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => textOf(cell)),
  );

test('the revisions as a compact table', () => {
  expect(cells(revisionTable([{ outcome: failed, about: {} }]))).toEqual([
    ['Revision', 'State', 'Running', 'Failed'],
    ['web:42', 'image not pulled; does not serve', '0, 1 pending', '3'],
    ['web:41', 'serves: 4 of 4', '4', '0'],
  ]);
  const failedRollback = { to: revisionArn(41), cause: 'It crashed.', targets: [] };
  const { serving: _, ...both } = failed;
  const rows = cells(revisionTable([{ outcome: { ...both, kind: 'failed', failedRollback }, about: {} }]));
  expect(rows[2]?.[1]).toBe('the rollback to it failed; does not serve');
  expect(revisionTable([{ outcome: outcome(), about: {} }])).toBe('');
});

test('counts that are 0 everywhere have no column, and a success without any has no table', () => {
  const kept = [
    { taskDefinitionArn: revisionArn(42), running: 2, pending: 0, failed: 0 },
    { taskDefinitionArn: revisionArn(41), running: 2, pending: 0, failed: 0 },
  ];
  const [head] = cells(revisionTable([{ outcome: { ...failed, tally: kept }, about: {} }]));
  expect(head).toEqual(['Revision', 'State', 'Running']);
  expect(revisionTable([{ outcome: outcome({ tally: kept }), about: {} }])).toBe('');
});

test('a service that was deleted has no task that runs', () => {
  const deleted = outcome({
    kind: 'failed',
    firstFailure: 'deleted',
    diagnoses: [diagnosis()],
    timeline: well,
    tally: [{ taskDefinitionArn: revisionArn(42), running: 2, pending: 1, failed: 3 }],
  });
  const [, row = []] = cells(revisionTable([{ outcome: deleted, about: {} }]));
  expect(row).toEqual(['web:42', expect.stringMatching(/; deleted with the service$/), '0', '3']);
  const bars = rolloutBars([{ outcome: deleted, about: {} }]);
  expect(bars).toMatch(/^web:42 +deleted [·▄█]+$/m);
  expect(bars).not.toMatch(/\d running/);
});

test('a revision that still starts or drains is in progress, and one that does not serve says so', () => {
  const inProgress = outcome({
    kind: 'cancelled',
    tally: [
      { taskDefinitionArn: revisionArn(42), running: 0, pending: 1, failed: 0 },
      { taskDefinitionArn: revisionArn(41), running: 4, pending: 0, failed: 0 },
    ],
    serving: { running: 4, desired: 4, revisions: [{ taskDefinitionArn: revisionArn(41), running: 4 }] },
    service: service([ours({ rolloutState: 'IN_PROGRESS' }), old(4)]),
  });
  expect(
    cells(revisionTable([{ outcome: { ...inProgress, kind: 'started' }, about: {} }])).map((row) => row[1]),
  ).toEqual(['State', 'does not serve, in progress', 'serves: 4 of 4']);
});

test.each<[string, Partial<Outcome>, string]>([
  [
    'the first cause in short: the page has it above',
    { diagnoses: [diagnosis(), diagnosis({ cause: 'Another.' })], reason: 'A reason.' },
    'image not pulled; does not serve',
  ],
  ['that it failed, where no cause is known', { diagnoses: [], reason: 'A reason.' }, 'failed; does not serve'],
])('the state of a revision that failed is %s', (_, more, state) => {
  const { reason: _reason, ...rest } = failed;
  expect(cells(revisionTable([{ outcome: { ...rest, ...more }, about: {} }]))[1]?.[1]).toBe(state);
});

describe('the bar of a rollout', () => {
  const bars = (timeline: readonly Moment[]) =>
    rolloutBars([{ outcome: outcome({ timeline }), about: {} }])
      .split('\n')
      .slice(1, -1);
  const names = ['checking', 'draining', 'testing', 'shifting', 'baking'] as const;

  test('of many phases fits on a phone, with a line for each', () => {
    const lines = bars([...names.map((begins, n) => counts(10 * (n + 1), n, 4, { begins })), moment(100)]);
    for (const label of ['health checks', 'old tasks stop', 'test traffic', 'traffic shifts', 'bake time'])
      expect(lines.filter((line) => line.startsWith(label))).toHaveLength(1);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(42);
  });

  test('has a column for what takes next to no time, within the picture', () => {
    const lines = bars([moment(1, { begins: 'checking' }), moment(3599, { begins: 'draining' }), moment(3600)]);
    const drawn = lines.slice(0, 3).map((line) => [...line].filter((one) => one === '█').length);
    expect(drawn[0]).toBe(1);
    expect(drawn[2]).toBe(1);
    expect(drawn[1]).toBeGreaterThan(10);
    expect(lines[2]?.length).toBe(lines[1]?.length);
  });

  test('a count holds from its instant on', () => {
    const now = bars([counts(0, 0, 4, { begins: 'starting' }), counts(50, 4, 4), counts(100, 4, 0)])[1] ?? '';
    const drawn = now.slice(now.indexOf('·'));
    expect(Math.abs(drawn.indexOf('█') - drawn.length / 2)).toBeLessThanOrEqual(1);
  });
});

test('several services: rows and a bar for each', () => {
  const api: Outcome = outcome({
    timeline: well.slice(0, 2),
    service: service([], { name: 'api' }),
    deployment: { ...deployment, service: 'api' },
    tally: [{ taskDefinitionArn: revisionArn(42), running: 2, pending: 0, failed: 0 }],
  });
  const both = [failed, api].map((one) => ({ outcome: one, about: {} }));
  // Of one that is simply deployed, the table of the services has all of it.
  expect(cells(revisionTable(both)).map(([where]) => where)).toEqual([
    'Revision',
    'web in shop/eu-central-1web:42',
    'web in shop/eu-central-1web:41',
  ]);
  // A name that the revision has stands there once.
  const named = both.map((one, index) => ({ ...one, name: ['web', 'api'][index] ?? '' }));
  expect(cells(revisionTable(named)).map(([where]) => where)).toEqual(['Revision', 'web:42', 'web:41']);
  const lines = rolloutBars(both).split('\n').slice(1, -1);
  expect(lines).toEqual([
    'web in shop/eu-central-1     2 min ████████████',
    '  web:42                 4 running ···▄▄▄██████',
    '  web:41                 0 running █████████···',
    'api in shop/eu-central-1      30 s ███',
    '  web:42                 2 running ···▄▄▄▄▄▄▄▄▄',
    '  web:41                 4 running ████████████',
    '2 min in all; bars to scale',
  ]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(58);
  // Of many services those that did not succeed.
  const many = Array.from({ length: 6 }, (_, i) => ({
    outcome: i === 4 ? failed : outcome({ timeline: well }),
    about: {},
    name: `service-${i}`,
  }));
  expect(
    rolloutBars(many)
      .split('\n')
      .flatMap((line) => /^ *[\w:-]+/.exec(line) ?? []),
  ).toEqual([...[0, 1, 2, 3, 4].map((i) => `service-${i}`), '  web:42', '  web:41', 'service-5', '2']);
  expect(tagsOf(render(picturesOf(both).join('\n\n'))).filter((tag) => tag === 'pre')).toHaveLength(1);
});

test('an end that took no time has no bar: it is a line of words where it was', () => {
  const namesIn = (timeline: readonly Moment[], rest: Partial<Outcome>) =>
    rolloutBars([{ outcome: outcome({ timeline, deployment, ...rest }), about: {} }])
      .split('\n')
      .slice(1, -1)
      .map((line) => line.replace(/ +\d+ s? ?[█ ]*$/, ''));
  const crash = diagnosis({ subject: 'container', failure: 'crashed', end: 'crashed' });
  const back = [moment(12, { begins: 'rolling-back' }), moment(24)];
  const all = '24 s in all; bars to scale';
  expect(namesIn(back, { kind: 'rolled-back', diagnoses: [crash] })).toEqual([
    'tasks start',
    '✗ tasks crashed',
    'rollback',
    all,
  ]);
  const failedRollback = { to: revisionArn(41), cause: 'x', targets: [] };
  expect(namesIn(back, { kind: 'failed', diagnoses: [crash], failedRollback })).toEqual([
    'tasks start',
    '✗ tasks crashed',
    'rollback',
    '✗ rollback failed',
    all,
  ]);
  expect(namesIn([moment(12)], { kind: 'superseded' })).toEqual([
    'tasks start',
    'superseded',
    '12 s in all; bars to scale',
  ]);
  expect(namesIn([moment(0)], { kind: 'failed' })).toEqual([]);
});

test('what is checked after ECS has completed the deployment is a phase of its own, and its failure the name of it', () => {
  const timeline = [
    moment(30, { begins: 'deployed' }),
    moment(30, { begins: 'verifying' }),
    moment(60, { begins: 'verifying' }),
    moment(90, { begins: 'after' }),
    moment(100, { begins: 'holding' }),
    moment(160, { begins: 'rolling-back' }),
    moment(180),
  ];
  const names = (rest: Partial<Outcome>, end = timeline.length) =>
    phases([...timeline.slice(0, end), moment(180)], rest).map(([name]) => name);
  expect(names({ kind: 'deployed' }, 5)).toEqual(['tasks start', 'verify', 'post-deploy', 'hold']);
  expect(names({ kind: 'rolled-back' })).toEqual([
    'tasks start',
    'verify',
    'post-deploy',
    '✗ a task failed',
    'rollback',
  ]);
  expect(names({ kind: 'failed' }, 3)).toEqual(['tasks start', '✗ verify failed']);
  expect(names({ kind: 'failed' }, 4)).toEqual(['tasks start', 'verify', '✗ post-deploy failed']);
  expect(names({ kind: 'cancelled' }, 3)).toEqual(['tasks start', 'verify', '✗ cancelled']);
  expect(names({ kind: 'rolled-back', rolledBackWith: 'api' })).toEqual([
    'tasks start',
    'verify',
    'post-deploy',
    'hold',
    'rollback',
  ]);
});

test('nothing to draw', () => expect(picturesOf([{ outcome: outcome(), about: {} }])).toEqual([]));

describe('how long it took', () => {
  const before = {
    label: 'pre-deploy task',
    phase: 'pre-deploy',
    name: 'pre-deploy',
    succeeded: true,
    exitCodes: {},
  } as const;
  const at = (seconds: number, begins?: Moment['begins']): Moment => ({
    ...moment(seconds),
    ...(begins === undefined ? {} : { begins }),
  });
  test.each<[string, Partial<Outcome>, string | undefined]>([
    ['a rollout alone', { timeline: [at(0), at(90)] }, '1 min 30 s'],
    [
      'with tasks before it, which are not in its own time',
      { timeline: [at(-40), at(0), at(90)], tasks: [{ ...before, seconds: 30 }] },
      '2 min (pre-deploy 30 s, rollout 1 min 30 s)',
    ],
    [
      'with tasks before it, which took longer than they ran',
      { timeline: [at(-40), at(0), at(90)], tasks: [{ ...before, seconds: 6, tookSeconds: 25 }] },
      '1 min 55 s (pre-deploy 25 s, rollout 1 min 30 s)',
    ],
    [
      'with all that can come after it',
      { timeline: [at(0), at(60, 'deployed'), at(60, 'verifying'), at(80, 'after'), at(100, 'holding'), at(400)] },
      '6 min 40 s (rollout 1 min, verify 20 s, post-deploy 20 s, hold 5 min)',
    ],
    ['and a rollback', { timeline: [at(0), at(30, 'rolling-back'), at(45)] }, '45 s (rollout 30 s, rollback 15 s)'],
    ['nothing was done', { timeline: [] }, undefined],
  ])('%s', (_, rest, text) => {
    const took = tookOf(outcome(rest));
    expect(took && tookText(took)).toBe(text);
    expect(took?.parts.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(took?.seconds);
  });
});
