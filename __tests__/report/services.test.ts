import { Failure } from '../../src/failure.ts';
import type { Outcome, OutcomeKind, ServiceResult } from '../../src/outcome.ts';
import {
  annotationsOfServices,
  areGood,
  overallOf,
  servicesCommentParts,
  servicesLines,
  servicesOutputs,
  servicesSummaryOf,
} from '../../src/report/services.ts';
import { liveTable } from '../../src/report/services-log.ts';
import { orderText, type Sequence } from '../../src/report/services-plan.ts';
import { CONTEXT } from '../support/world.ts';
import { service } from './made.ts';

const outcome = (name: string, kind: OutcomeKind, headline = `${name} ${kind}.`): Outcome =>
  ({
    kind,
    headline,
    differences: [],
    diagnoses: [],
    warnings: [],
    timeline: [],
    revision: {
      arn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}:2`,
      family: name,
      revision: 2,
      status: 'ACTIVE',
      definition: { family: name, containerDefinitions: [] },
      tags: [],
    },
  }) as Outcome;
const ended = (name: string, kind: OutcomeKind, headline?: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'ended', outcome: outcome(name, kind, headline) },
});
const skipped = (name: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'skipped', why: 'api was not deployed, which has to come first.' },
});
const broken = (name: string): ServiceResult => ({
  name,
  service: name,
  cluster: 'main',
  end: { kind: 'failed', failure: new Failure('ACCESS_DENIED', `${name} is denied.`, { remedy: 'Allow it.' }) },
});

test.each<[readonly ServiceResult[], OutcomeKind, boolean]>([
  [[ended('a', 'deployed'), ended('b', 'unchanged')], 'deployed', true],
  [[ended('a', 'unchanged'), ended('b', 'unchanged')], 'unchanged', true],
  [[ended('a', 'started'), ended('b', 'unchanged')], 'started', true],
  [[ended('a', 'deployed'), ended('b', 'rolled-back'), skipped('c')], 'rolled-back', false],
  [[ended('a', 'rolled-back'), broken('b')], 'failed', false],
  [[ended('a', 'superseded'), skipped('b')], 'superseded', false],
  [[ended('a', 'cancelled'), ended('b', 'deployed')], 'cancelled', false],
])('the worst of all is the outcome (%#)', (results, kind, good) => {
  expect([overallOf(results).kind, areGood(results)]).toEqual([kind, good]);
});

test('outputs: one object for each, and what is the same for all', () => {
  const outputs = servicesOutputs([ended('api', 'deployed'), skipped('worker')], []);
  expect(JSON.parse(outputs.services ?? '')).toEqual([
    {
      name: 'api',
      service: 'api',
      cluster: 'main',
      outcome: 'deployed',
      headline: 'api deployed.',
      'task-definition-arn': 'arn:aws:ecs:eu-west-1:123456789012:task-definition/api:2',
    },
    {
      name: 'worker',
      service: 'worker',
      cluster: 'main',
      outcome: 'skipped',
      headline: 'Not deployed: api was not deployed, which has to come first.',
    },
  ]);
  expect(outputs['task-definition-arn']).toBe('arn:aws:ecs:eu-west-1:123456789012:task-definition/api:2');
  expect(servicesOutputs([ended('a', 'deployed'), ended('b', 'deployed')], [])['task-definition-arn']).toBeUndefined();
});

test('200 failed services with long words stay below what GitHub and an environment variable take', () => {
  const words = 'CannotPullContainerError: not found '.repeat(300);
  const results = Array.from({ length: 200 }, (_, index) => ended(`service-${index}`, 'failed', `${index}. ${words}`));
  expect(Buffer.byteLength(servicesSummaryOf(results))).toBeLessThan(1_000_000);
  expect(servicesCommentParts(results, CONTEXT).length).toBeLessThan(65_000);
  const { services = '', summary = '' } = servicesOutputs(results, []);
  for (const text of [services, summary]) expect(Buffer.byteLength(text)).toBeLessThan(128 * 1024);
  expect(JSON.parse(services)).toHaveLength(200);
  const annotations = annotationsOfServices(results).filter(({ kind }) => kind === 'error');
  expect(annotations).toHaveLength(10);
  expect(annotations.at(-1)?.text).toBe('191 more errors: see the job summary.');
});

describe('services that failed in the same way', () => {
  const crashed = (name: string, words = 'It crashed') =>
    ended(name, 'failed', `${words} (Seen on two tasks: fa8cfc37, 36fbefaa.) See ${name}.`);
  test('are one block that names them all, and one error; what is of each alone is folded', () => {
    const results = [crashed('api'), crashed('worker'), ended('web', 'deployed'), crashed('cron', 'It hung')];
    const page = servicesSummaryOf(results);
    expect(page.match(/^### .*$/gm)).toEqual([
      '### `api` and `worker`: the same cause',
      '### `cron`: revision `cron:2` was not deployed',
    ]);
    expect(page).toContain('Failed in the same way: `api` and `worker`. Shown is `api`.');
    const folded = page.slice(page.indexOf('<summary><code>worker</code>: details and timeline</summary>'));
    expect(folded).toContain('See worker.');
    expect(page.slice(0, page.indexOf('<details>'))).not.toContain('See worker.');
    expect(page.match(/See api\./g)).toHaveLength(1);
    const comment = servicesCommentParts(results, CONTEXT);
    expect(comment).toContain('#### `api` and `worker`: the same cause\n\nFailed in the same way: `api` and `worker`.');
    expect(comment).not.toContain('See worker.');
    const errors = annotationsOfServices(results);
    expect(errors.map(({ title }) => title)).toEqual([
      'revision api:2 was not deployed; 1 more service in the same way',
      'revision cron:2 was not deployed',
    ]);
    expect(errors[0]?.text).toMatch(/^Failed in the same way: api and worker\. Of api:\nIt crashed/);
  });
  test('of many the heading has how many', () => {
    const names = Array.from({ length: 25 }, (_, index) => `s${index}`);
    const page = servicesSummaryOf(names.map((name) => crashed(name)));
    expect(page).toContain('### 25 services: the same cause');
    expect(page.indexOf('the same cause')).toBeLessThan(page.indexOf('<table>'));
    const differing = servicesSummaryOf(names.map((name) => crashed(name, `Reason ${name.slice(1)}`)));
    expect(differing.indexOf('<table>')).toBeLessThan(differing.indexOf('### '));
    for (const name of names) expect(page).toContain(`\`${name}\``);
    const [error, ...more] = annotationsOfServices(names.map((name) => crashed(name)));
    expect(more).toEqual([]);
    expect(error?.title).toContain('24 more services in the same way');
    expect(error?.text).toContain('s19 and 5 more. Of s0:');
  });
  test('another next step, another end or an end that is not known is another cause', () => {
    expect(servicesSummaryOf([crashed('a'), ended('b', 'cancelled', 'x'), broken('c'), broken('d')])).not.toContain(
      'the same cause',
    );
  });
});

test('the log ends with a table, what went wrong with whom, and the outcome', () => {
  const lines = servicesLines([ended('api', 'deployed'), broken('worker'), skipped('cron')]);
  expect(lines.at(-1)).toBe('✗ 1 of 3 services failed (worker), 1 not started.');
  expect(lines).toEqual(
    expect.arrayContaining([
      '✗ worker: worker is denied.',
      '- cron: Not deployed: api was not deployed, which has to come first.',
    ]),
  );
});

test('the heading counts what was wanted: deployed, being deployed, failed, or not started', () => {
  const title = (...results: readonly ServiceResult[]) => servicesSummaryOf(results).split('\n')[0];
  expect(title(ended('a', 'deployed'), ended('b', 'unchanged'))).toBe('## ✅ main: 2 services deployed');
  expect(title(ended('a', 'started'))).toBe('## 🚀 main: 1 service being deployed, not watched');
  expect(title(ended('a', 'deployed'), broken('b'), skipped('c'))).toBe(
    '## ❌ main: 1 of 3 services failed (b), 1 not started',
  );
  expect(title(broken('a'), skipped('b'), skipped('c'))).toBe('## ❌ main: 1 of 3 services failed (a), 2 not started');
  expect(title(skipped('b'), ended('a', 'cancelled'))).toBe('## ⚠️ main: 1 of 2 services cancelled, 1 not started');
});

const at = (name: string, more: Partial<Outcome> = {}): ServiceResult => ({
  ...ended(name, 'deployed'),
  end: { kind: 'ended', outcome: { ...outcome(name, 'deployed'), ...more } },
});
const STARTED = 1_800_000_000;
const deployment = {
  id: 'ecs-svc/2',
  cluster: 'main',
  service: 'api',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/api:2',
  startedAt: STARTED,
  timeoutSeconds: 60,
  noProgressSeconds: 60,
};
const moment = (seconds: number) => ({ at: STARTED + seconds, text: 'x', severity: 'normal' as const });

test('how long a deployment took is in its row; of one that was not watched there is no time', () => {
  const timed = at('api', { deployment, timeline: [moment(10), moment(95)] as never });
  expect(servicesLines([timed])[2]).toMatch(/^ +api +deployed +api:2 +1 min 35 s$/);
  expect(servicesLines([at('api', { deployment })])[2]).toMatch(/^ +api +deployed +api:2$/);
  expect(servicesLines([at('api', { timeline: [moment(95)] as never })])[2]).toMatch(/^ +api +deployed +api:2$/);
});

test('the revision is the registered one, else the deployed one, else none', () => {
  const { revision: _, ...unregistered } = outcome('api', 'deployed');
  const lines = (one: Outcome) =>
    servicesLines([{ ...ended('api', 'deployed'), end: { kind: 'ended', outcome: one } }])[2];
  expect(lines({ ...unregistered, deployment })).toMatch(/^ +api +deployed +api:2$/);
  expect(lines(unregistered)).toMatch(/^ +api +deployed$/);
});

test('a service that is known is linked, and one that differs shows how', () => {
  const difference = { subject: 'cpu', kind: 'changed', before: '256', after: '512' } as const;
  const page = servicesSummaryOf([at('api', { differences: [difference] })]);
  expect(page).toContain('<summary><code>api</code></summary>');
  expect(page).toContain('512');
  expect(servicesSummaryOf([at('api')])).not.toContain('512');
});

test('services that were not reached are listed with the reason, and are no part of the comment below its table', () => {
  const results = [broken('api'), skipped('worker'), skipped('cron')];
  expect(servicesSummaryOf(results)).toContain(
    '- `worker`: Not deployed: api was not deployed, which has to come first.\n- `cron`: Not deployed:',
  );
  const comment = servicesCommentParts(results, CONTEXT);
  expect(comment).toContain('#### `api`\n\napi is denied.');
  expect(comment).not.toContain('#### `worker`');
  expect(servicesSummaryOf([ended('api', 'deployed')])).not.toContain('Not deployed');
});

test('warnings are in the summary and the log, each with its service, and not in the comment', () => {
  const results = [at('api', { warnings: ['The tag moved.'] }), broken('worker')];
  expect(servicesLines(results)).toContain('! api: The tag moved.');
  expect(servicesSummaryOf(results)).toContain('The tag moved.');
  const failed = { ...outcome('api', 'failed'), warnings: ['The tag moved.'] } as Outcome;
  const bad: ServiceResult = { ...ended('api', 'failed'), end: { kind: 'ended', outcome: failed } };
  expect(servicesSummaryOf([bad])).toContain('The tag moved.');
  expect(servicesCommentParts([bad], CONTEXT)).not.toContain('The tag moved.');
});

test('what does not fit is left out whole, and counted', () => {
  const words = 'é'.repeat(1500);
  const results = Array.from({ length: 60 }, (_, n) => broken(`s${n}-${words}`));
  const comment = servicesCommentParts(results, CONTEXT);
  expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(60_100);
  expect(comment).toMatch(/\d+ parts more: see the log of the step\.$/);
  expect(servicesCommentParts([broken('api')], CONTEXT)).not.toContain('more: see the log');
});

test('the timeline is whole where the page has room for it, and shorter where it has not', () => {
  const steps = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...moment(n), kind: 'step', text: `step ${n}.` }));
  const long = (name: string, count: number) => at(name, { deployment, timeline: steps(count) as never });
  expect(servicesSummaryOf([long('api', 300)])).toContain('step 150.');
  const many = Array.from({ length: 80 }, (_, n) => long(`s${n}`, 400));
  const page = servicesSummaryOf(many);
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1_000_000);
  expect(page).toContain('<summary><code>s79</code></summary>');
  expect(page).not.toContain('step 150.');
});

test('annotations: an error of each that failed, none of those that were not reached', () => {
  const found = annotationsOfServices([broken('api'), skipped('worker'), at('web', { warnings: ['w'] })]);
  expect(found.map(({ kind, title }) => [kind, title])).toEqual([
    ['error', 'api: the deployment failed'],
    ['warning', expect.any(String)],
  ]);
});

test('a pause that was asked for is good, any other is not', () => {
  const paused = (more: Partial<Outcome>): ServiceResult => ({
    ...ended('api', 'paused'),
    end: { kind: 'ended', outcome: { ...outcome('api', 'paused'), ...more } },
  });
  expect(areGood([paused({ pausedOnRequest: true })])).toBe(true);
  expect(areGood([paused({})])).toBe(false);
});

test('the table has a head, and only what went wrong has a section of its own', () => {
  const page = servicesSummaryOf([ended('api', 'failed', 'It crashed.'), ended('web', 'deployed')]);
  expect(page).toContain('<th>Service</th><th>Outcome</th><th>Serving revision</th><th>Took</th>');
  expect(page).toMatch(/^### `api`: /m);
  expect(page).not.toContain('### `web`');
  expect(page).toContain('<summary><code>web</code></summary>');
});

test.each<[string, readonly ServiceResult[]]>([
  ['all well', [ended('api', 'deployed')]],
  ['one failed', [ended('api', 'failed'), ended('web', 'deployed')]],
  ['one skipped', [broken('api'), skipped('web')]],
])('no page has holes: %s', (_, results) => {
  for (const page of [servicesSummaryOf(results), servicesCommentParts(results, CONTEXT)])
    expect(page.trimEnd()).not.toMatch(/\n{3}/);
});

test('a section of the comment is the name, then what is known, with a line between', () => {
  const comment = servicesCommentParts([ended('api', 'failed', 'It crashed.')], CONTEXT);
  expect(comment.split('\n\n').slice(0, 4)).toEqual([
    '### ❌ main: 1 of 1 service failed (api)',
    expect.stringMatching(/^<table>/),
    '#### `api`: revision `api:2` was not deployed',
    expect.stringContaining('It crashed.'),
  ]);
});

test('who failed comes before those that were rolled back with it, which are not called failed', () => {
  const dragged = (kind: OutcomeKind): ServiceResult => ({
    name: 'api',
    service: 'api',
    cluster: 'main',
    end: { kind: 'ended', outcome: { ...outcome('api', kind), rolledBackWith: 'worker' } },
  });
  const results = [dragged('rolled-back'), ended('worker', 'rolled-back', 'It crashed.')];
  expect(overallOf(results).headline).toBe('2 services: 2 rolled-back. worker: It crashed.');
  expect(servicesLines(results).filter((line) => line.startsWith('✗'))).toEqual([
    '✗ worker: revision worker:2 failed and was rolled back',
    '✗ api: revision api:2 was rolled back with worker',
    '✗ 1 of 2 services failed (worker), 1 rolled back with it.',
  ]);
  expect(annotationsOfServices(results).map(({ title }) => title)).toEqual([
    'revision worker:2 failed and was rolled back',
    'revision api:2 was rolled back with worker',
  ]);
  const [page, comment] = [servicesSummaryOf(results), servicesCommentParts(results, CONTEXT)];
  expect(page.indexOf('It crashed.')).toBeLessThan(page.indexOf('Repair worker, then deploy again.'));
  expect(page).toContain('Repair worker, then deploy again.');
  // The table has it.
  expect(comment).toContain('rolled back with worker');
  expect(comment).not.toContain('Repair worker');
  expect(servicesCommentParts([dragged('failed')], CONTEXT)).toContain('#### `api`');
  expect(servicesLines([dragged('failed')])).toContain('✗ api: revision api:2 could not be rolled back with worker');
});

test('the JSON summary has the first cause of each service and what IAM denied', () => {
  const cause = {
    rule: 'oom',
    severity: 'failure',
    transient: false,
    cause: 'Out of memory.',
    remedy: 'Give more.',
    evidence: { surface: 'container.reason', text: 'OutOfMemoryError', context: {} },
  };
  const result = at('api', { diagnoses: [cause, { ...cause, rule: 'second' }] as never, warnings: ['w'] });
  const summary = JSON.parse(
    servicesOutputs([result, skipped('b')], [{ action: 'ecs:ListTasks', resource: '*' }]).summary ?? '',
  );
  expect(summary).toMatchObject({
    version: 1,
    outcome: 'cancelled',
    causes: [
      { rule: 'oom', cause: 'Out of memory.', evidence: { surface: 'container.reason', text: 'OutOfMemoryError' } },
    ],
    warnings: ['api: w'],
    denied: [{ action: 'ecs:ListTasks', resource: '*' }],
  });
  expect(summary.causes).toHaveLength(1);
  expect(JSON.parse(servicesOutputs([result], []).summary ?? '')).not.toHaveProperty('denied');
});

test('each service is a row of the table: name, outcome, revision, what serves, time', () => {
  const page = servicesSummaryOf([
    at('api', {
      deployment,
      timeline: [moment(95)] as never,
      serving: {
        running: 2,
        desired: 2,
        revisions: [{ taskDefinitionArn: deployment.taskDefinitionArn, running: 2 }],
      } as never,
    }),
    skipped('worker'),
  ]);
  expect(page).toContain(
    '<tr><td><code>api</code></td><td>✅ deployed</td><td><code>api:2</code>: 2 of 2</td><td>1 min 35 s</td></tr>',
  );
  expect(page).toContain('<tr><td><code>worker</code></td><td>⏭️ not started</td><td>not changed</td><td></td></tr>');
});

test('differences are those to the revision that ran before, by its name', () => {
  const difference = { subject: 'cpu', kind: 'changed', before: '256', after: '512' } as const;
  const previous = { ...outcome('api', 'deployed').revision, arn: deployment.taskDefinitionArn.replace(':2', ':1') };
  const page = servicesSummaryOf([at('api', { differences: [difference], previous: previous as never })]);
  expect(page).toContain('api:1');
});

test('only services that were not reached are in their list; the comment names the commit', () => {
  const page = servicesSummaryOf([broken('api'), skipped('worker'), ended('web', 'deployed')]);
  expect(page.match(/^- `/gm)).toHaveLength(1);
  expect(servicesCommentParts([ended('web', 'deployed')], CONTEXT)).toContain(CONTEXT.sha.slice(0, 7));
});

test('ten causes in the summary, and the state that a failed call left', () => {
  const cause = {
    rule: 'oom',
    severity: 'failure',
    transient: false,
    cause: 'x',
    remedy: '',
    evidence: { surface: 'service.event', text: '', context: {} },
  };
  const results = Array.from({ length: 12 }, (_, n) => at(`s${n}`, { diagnoses: [cause] as never }));
  expect(JSON.parse(servicesOutputs(results, []).summary ?? '').causes).toHaveLength(10);
  const failure = new Failure('UNAVAILABLE', 'The answer got lost.', { state: 'ECS continues.' });
  const result: ServiceResult = { ...broken('api'), end: { kind: 'failed', failure } };
  expect(servicesLines([result])).toContain('✗ api: The answer got lost. ECS continues.');
});

test('the live table counts the phases and shows first what moves', () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({
    name: `s${index}`,
    phase: index === 39 ? ('deploying' as const) : ('deployed' as const),
    revision: `s${index}:2`,
    tasks: '1 of 2',
    since: 100,
    limit: index === 39 ? 'gives up in 4 min' : '',
  }));
  const lines = liveTable(rows, { now: 160, startedAt: 40 });
  expect(lines[0]).toBe('   2:00 40 services: 39 deployed, 1 deploying');
  expect(lines[1]).toMatch(/^ {8}service +phase +revision +tasks +since +limit$/);
  // The time of the log at which the phase started, of those that ended as well.
  expect(lines[2]).toMatch(/^ {8}s39 +deploying +s39:2 +1 of 2 +1:00 +gives up in 4 min$/);
  expect(lines[3]).toMatch(/^ {8}s0 +deployed +s0:2 +1 of 2 +1:00$/);
  expect(lines.at(-1)).toBe('        and 10 more');
});

test('services that have no group together are not said to be rolled back together', () => {
  const targets = ['api', 'worker'].map((name) => ({ name, after: [], group: name }));
  expect(orderText({ targets, order: { maxParallel: 10, rollbackScope: 'group' } })).toBe(
    'api and worker. If one fails, the others stay.',
  );
});

test.each<[Partial<Sequence['order']>, string]>([
  [{}, 'api and docs, then worker, then cron. If one fails, the others stay.'],
  [
    { canary: 'docs', rollbackScope: 'all' },
    'docs (canary), then api, then worker, then cron. If one fails, all are rolled back.',
  ],
  [
    { maxParallel: 1, rollbackScope: 'group' },
    'api and docs, then worker, then cron; 1 at a time. If one fails, those of its group are rolled back with it.',
  ],
])('the order of the deployments: %j', (order, text) => {
  const target = (name: string, ...after: string[]) => ({ name, after, group: 'x' });
  const targets = [target('cron', 'worker'), target('api'), target('worker', 'api'), target('docs')];
  expect(orderText({ targets, order: { maxParallel: 10, rollbackScope: 'service', ...order } })).toBe(text);
});

describe('the summary of services of which one failed', () => {
  const TASK = 'fa8cfc37000000000000000000000000';
  const log = (at: number) => ({
    at: STARTED + at,
    kind: 'log',
    severity: 'normal',
    taskId: TASK,
    text: 'last log lines of task fa8cfc37, container app\nStarting on port 8080\nError: connect ECONNREFUSED 10.0.12.7:5432',
  });
  const failed = {
    ...outcome(
      'worker',
      'rolled-back',
      'The database refused it. Rolled back to worker:1. Now worker:1 serves: 2 of 2.',
    ),
    deployment: { ...deployment, service: 'worker' },
    reason: 'The database refused it.',
    done: 'Rolled back to worker:1.',
    serving: {
      running: 2,
      desired: 2,
      revisions: [{ taskDefinitionArn: deployment.taskDefinitionArn.replace('api:2', 'worker:1'), running: 2 }],
    },
    diagnoses: [
      {
        rule: 'app-crash',
        cause: 'The database refused it.',
        remedy: 'Allow it.',
        taskId: TASK,
        container: 'app',
        evidence: { surface: 'container.log', text: 'Error: connect ECONNREFUSED 10.0.12.7:5432', context: {} },
      },
    ],
    timeline: [{ ...moment(1), kind: 'step', text: 'it started' }, log(12)],
  } as unknown as Outcome;
  const results: readonly ServiceResult[] = [
    at('api', { timeline: [moment(3)] as never }),
    { ...ended('worker', 'rolled-back'), end: { kind: 'ended', outcome: failed } },
    { ...skipped('cron'), end: { kind: 'skipped', why: 'worker failed.', serving: failed.serving as never } },
  ];
  const run = { ...CONTEXT, action: { repository: 'acme/ecs-rollout', ref: 'v1' } };
  const page = servicesSummaryOf(results.map((result) => ({ ...result, about: { run } })));

  test('has its first screen as a page of one service has: cause, words, what serves, what was done, the next step, the log', () => {
    const parts = [
      '### `worker`: revision `worker:2` failed and was rolled back',
      'The database refused it.',
      'The application: `Error: connect ECONNREFUSED 10.0.12.7:5432`',
      '**Now:** revision `worker:1` serves: 2 of 2',
      '**Done:** Rolled back to `worker:1`.',
      '**Next:** Allow it. Then deploy again.',
      '/blob/v1/docs/troubleshooting/containers.md#app-crash',
      'Starting on port 8080',
      'it started',
    ];
    const places = parts.map((part) => page.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // The timeline is folded.
    expect(page.slice(0, page.indexOf('it started'))).toContain(
      '<summary><code>worker</code>: details and timeline</summary>',
    );
  });
  test('the log has the pages of the service that failed, and none of those that did not', () => {
    const known = (result: ServiceResult): ServiceResult =>
      result.end.kind === 'ended'
        ? {
            ...result,
            end: { kind: 'ended', outcome: { ...result.end.outcome, service: service([], { name: result.name }) } },
          }
        : result;
    const lines = servicesLines(results.map(known));
    const links = lines.slice(lines.findIndex((line) => line.startsWith('✗ worker: ')) + 1);
    expect(links[0]).toMatch(/^ {4}task {5}https:\/\/\S+fa8cfc37/);
    expect(links[1]).toMatch(/^ {4}console {2}https:\/\/\S+\/worker\//);
    expect(lines.filter((line) => /https:\/\/\S+\/api/.test(line))).toEqual([]);
  });
  test('and a service that was not reached has what still serves', () => {
    expect(page).toContain('<td><code>worker:1</code>: 2 of 2, not changed</td>');
  });
  test('the error of each has the link to its entry', () => {
    const [error] = annotationsOfServices(results.map((result) => ({ ...result, about: { run } })));
    expect(error?.text).toContain('/docs/troubleshooting/containers.md#app-crash');
  });
});
