import type { Outcome } from '../../src/outcome.ts';
import { gistBlock } from '../../src/report/blocks.ts';
import { gistOf } from '../../src/report/gist.ts';
import { summaryOf } from '../../src/report/summary.ts';
import type { Difference } from '../../src/taskdef/diff.ts';
import { deployment, diagnosis, outcome, revisionArn, TASK_A } from './made.ts';

const breaker: Difference = { subject: 'circuit-breaker', kind: 'changed', before: 'off', after: 'on' };
const network: Difference = {
  subject: 'networkConfiguration.awsvpcConfiguration.subnets',
  kind: 'changed',
  before: 'subnet-1',
  after: 'subnet-2',
  effect: 'starts a deployment',
};
const tag: Difference = { subject: 'tag team', kind: 'added', after: 'web', effect: 'in place' };
const move = {
  id: { kind: 'schedule', container: 'default', name: 'nightly' },
  from: revisionArn(41),
  to: revisionArn(42),
} as const;

describe('the way back says what it leaves', () => {
  const next = (rest: Partial<Outcome>, about = {}) => gistOf(outcome(rest), about).next?.text;
  test('nothing, where the run changed nothing but the revision', () => {
    expect(next({})).toBe('To roll back to web:41:');
    expect(next({ kind: 'failed' })).toBe('Roll back to web:41:');
  });
  test.each<[Partial<Outcome>, string]>([
    [
      { settings: [breaker] },
      'To roll back to web:41. The command leaves the setting `circuit-breaker` as this run set it:',
    ],
    [
      { settings: [breaker, network] },
      'To roll back to web:41. The command leaves the settings `circuit-breaker` and `networkConfiguration.awsvpcConfiguration.subnets` as this run set them:',
    ],
    [{ schedules: [move] }, 'To roll back to web:41. The command leaves schedule/default/nightly on web:42:'],
    [
      { kind: 'failed', settings: [tag], schedules: [move] },
      'Roll back to web:41. The command leaves the setting `tag team` as this run set it, and schedule/default/nightly on web:42:',
    ],
  ])('%j', (rest, text) => expect(next(rest)).toBe(text));
  test('a rollback workflow may move the schedules', () => {
    const rollbackWorkflow = { file: 'rollback.yml', target: 'to', values: {} };
    expect(next({ schedules: [move] }, { rollbackWorkflow })).toMatch(
      /nightly on web:42, unless the workflow moves it with `schedules`:$/,
    );
  });
  test('of many settings the first four', () => {
    const settings = Array.from({ length: 7 }, (_, i) => ({ ...breaker, subject: `s${i}` }));
    expect(next({ settings })).toContain('`s0`, `s1`, `s2`, `s3` and 3 more as');
  });
});

describe('a deployment that was rolled back', () => {
  const rolledBack = (rest: Partial<Outcome>) =>
    outcome({ kind: 'rolled-back', reason: 'It crashed.', done: 'Rolled back to web:41.', ...rest });
  test('marks each setting: rolled back with the deployment, or left as the run set it', () => {
    const of = rolledBack({ settings: [breaker, network, tag] });
    const text = summaryOf(of);
    expect(text).toContain('<summary>3 settings of the service changed: 1 rolled back, 2 stay</summary>');
    expect(text).toContain('+ circuit-breaker: on (stays)');
    expect(text).toContain('+ networkConfiguration.awsvpcConfiguration.subnets: subnet-2 (rolled back)');
    expect(gistOf(of).done).toBe(
      'Rolled back to web:41. Of 3 settings that this run changed, the setting `networkConfiguration.awsvpcConfiguration.subnets` went back with the revision; `circuit-breaker` and `tag team` stay as this run set them.',
    );
    expect(summaryOf(outcome({ settings: [network] }))).toContain('subnet-2 (starts a deployment)');
  });
  test('says of its schedules that they stay', () => {
    const of = rolledBack({ unmoved: ['schedule/default/nightly (web:41)'] });
    expect(gistOf(of).done).toBe(
      'Rolled back to web:41. The schedules were not moved: schedule/default/nightly (web:41).',
    );
    expect(summaryOf(of)).toContain(
      '<b>Schedules</b></td><td>not moved: <code>schedule/default/nightly (web:41)</code>',
    );
  });
  test('has its cause once on the page', () => {
    const cause = 'The application exploded in a way that nobody had seen before.';
    const tally = [
      { taskDefinitionArn: revisionArn(42), running: 0, pending: 0, failed: 2 },
      { taskDefinitionArn: revisionArn(41), running: 2, pending: 0, failed: 0 },
    ];
    const text = summaryOf(rolledBack({ reason: cause, diagnoses: [diagnosis({ cause })], tally }));
    expect(text.split(cause)).toHaveLength(2);
    expect(text).toContain('image not pulled; does not serve');
  });
});

describe('a first deployment that failed', () => {
  const { previousTaskDefinitionArn: _, ...first } = deployment;
  const failed = (rest: Partial<Outcome>) => {
    const { previous: __, ...known } = outcome({ kind: 'failed', reason: 'It crashed.', deployment: first, ...rest });
    return known;
  };
  test('says once that there is nothing to roll back to', () => {
    const done =
      'web was scaled to 0 tasks: no deployment of it has ever succeeded, so there is nothing to roll back to.';
    for (const more of [{ done }, {}] as const) {
      const of = failed({ ...more, firstFailure: 'scaled-to-zero' });
      expect(
        gistBlock(of, gistOf(of))
          .join('\n')
          .match(/nothing to roll back to/g),
      ).toHaveLength(1);
    }
  });
  test('links to no page of a service that was deleted', () => {
    const of = failed({ firstFailure: 'deleted', done: 'web was deleted.' });
    expect(summaryOf(of)).not.toMatch(/services\/web\/(?:health|deployments)/);
    expect(summaryOf(failed({ firstFailure: 'scaled-to-zero' }))).toMatch(/services\/web\/health/);
  });
});

test('a container that never started has no log stream to link to', () => {
  const containerDefinitions = [
    {
      name: 'app',
      image: 'shop/web:2',
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ];
  const links = (neverStarted: object) =>
    gistOf(
      outcome({
        kind: 'failed',
        deployment: { ...deployment, definition: { family: 'web', containerDefinitions } },
        diagnoses: [diagnosis({ taskId: TASK_A, container: 'app', ...neverStarted })],
      } as Partial<Outcome>),
    ).links.map(({ name }) => name);
  expect(links({})).toEqual(['log', 'task', 'console']);
  expect(links({ neverStarted: true })).toEqual(['task', 'console']);
});
