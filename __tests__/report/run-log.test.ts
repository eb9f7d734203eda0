import { Masker } from '../../src/masker.ts';
import { RunLog } from '../../src/report/run-log.ts';
import type { Difference } from '../../src/taskdef/diff.ts';
import {
  deployment,
  event,
  listening,
  look,
  OLD,
  ours,
  outcome,
  revisionArn,
  START,
  service,
  waiting,
} from './made.ts';

let now = START;
function started() {
  const console = listening();
  const outputs: Record<string, string> = {};
  const masker = new Masker();
  masker.add('hunter22');
  now = START;
  const log = new RunLog({
    console,
    masker,
    clock: { now: () => now, sleep: async () => undefined, random: () => 0 },
    runner: {
      setOutput: (name, value) => void Object.assign(outputs, { [name]: value }),
      writeSummary: async () => {},
    },
  });
  return { log, lines: console.lines, outputs };
}

test('a step is logged with the time since the first, kept, and masked', () => {
  const { log, lines } = started();
  log.step('a hunter22');
  now += 65;
  log.step('b', 'warning');
  expect(lines).toEqual(['   0:00   a ***', '   1:05 ! b']);
  expect(log.timeline).toEqual([
    { at: START, kind: 'step', severity: 'normal', text: 'a ***' },
    { at: START + 65, kind: 'step', severity: 'warning', text: 'b' },
  ]);
});

test('checks are counted by their status, and listed where they are asked for', () => {
  const check = (status: 'ok' | 'warn' | 'skip' | 'bad') => ({ status, text: `is ${status}` });
  const checks = [check('bad'), check('ok'), check('warn'), check('ok'), check('skip')];
  const { log, lines } = started();
  log.checks(checks, 'counts');
  log.checks(checks.slice(1, 3), 'lines');
  expect(lines).toEqual([
    '   0:00   preflight: 2 passed, 1 warning, 1 not checked, 1 failed',
    '   0:00   preflight: 1 passed, 1 warning',
    '::group::Preflight checks that passed',
    '  ✓ is ok',
    '::endgroup::',
    '  ! is warn',
  ]);
});

test('differences and the start', () => {
  const { log, lines } = started();
  const differences: Difference[] = [{ subject: 'cpu', kind: 'added', after: '256' }];
  log.diff(differences, 'web:41');
  expect(lines.splice(0)).toEqual(['1 difference to web:41', '  + cpu  256']);
  const start = { from: 'web:41', to: 'web:42', rollout: 'two at a time' };
  log.started({ service: service([]), ...start });
  expect(lines.splice(0)).toEqual([
    '',
    'Deploying web:42 to service web, cluster shop in place of web:41',
    '  rollout  two at a time',
    expect.stringMatching(/^ {2}console {2}https:\/\/eu-central-1\.console\.aws\.amazon\.com\/ecs\/\S+\/web\/health/),
    '',
  ]);
  log.started({ service: service([], { arn: 'none' }), ...start });
  expect(lines).toHaveLength(4);
});

test('outputs as soon as they are known, and withdrawn again', () => {
  const { log, outputs } = started();
  const { revision } = outcome();
  log.known(revision ? { revision } : {});
  expect(outputs['task-definition-arn']).toBe(revisionArn(42));
  log.withdrawn();
  expect(outputs['task-definition-arn']).toBe('');
});

test('the target of a rollback', async () => {
  const { log } = started();
  log.target({ revision: 'web:3' });
  await expect(log.rollbackTarget).resolves.toEqual({ revision: 'web:3' });
});

test('of two looks only what changed is logged, also when a deployment is watched again', () => {
  const { log, lines } = started();
  expect(log.lastSeen(deployment)).toBeUndefined();
  const first = look(5, [ours({ runningCount: 1 })]);
  log.watching(deployment)(first, waiting());
  expect(lines.length).toBeGreaterThan(0);
  expect(log.lastSeen(deployment)).toBe(first);
  expect(log.lastSeen({ id: 'another' })).toBeUndefined();
  const count = lines.length;
  log.watching(deployment)(look(8, [ours({ runningCount: 1 })]), waiting());
  expect(lines).toHaveLength(count);
  log.watching(deployment)(look(11, [ours({ runningCount: 2 })]), waiting());
  expect(lines.length).toBeGreaterThan(count);
});

test('an event of ECS is logged once, although a later look at another deployment shows it too', () => {
  const { log, lines } = started();
  const back = { ...deployment, id: OLD, taskDefinitionArn: revisionArn(41) };
  const [first, second] = [event(5, 'has reached a steady state.'), event(9, 'was unable to place a task.')];
  log.watching(back)(look(6, [], { events: [first] }), waiting());
  const steady = (): number => lines.filter((line) => line.includes('steady state')).length;
  expect(steady()).toBe(1);
  log.watching(deployment)(look(10, [], { events: [first, second] }), waiting());
  expect(steady()).toBe(1);
  expect(lines.filter((line) => line.includes('place a task'))).toHaveLength(1);
});
