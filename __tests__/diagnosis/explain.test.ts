import type { Diagnosis, Evidence } from '../../src/diagnosis/diagnosis.ts';
import { diagnose, readLog } from '../../src/diagnosis/explain.ts';

const of = (surface: Evidence['surface'], text: string, context: Evidence['context'] = {}): Diagnosis =>
  diagnose({ surface, text, context });
const OOM = 'OutOfMemoryError: Container killed due to memory usage';
const EXITED = 'Essential container in task exited';
const step = (line: string): string =>
  `${line}ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`;

describe('a message, by the row that answers', () => {
  test.each<[Evidence['surface'], string, Evidence['context'], string]>([
    ['container.exitCode', '137', {}, 'sigkill-stop-timeout'],
    ['container.exitCode', '', { exitCode: 137 }, 'sigkill-stop-timeout'],
    ['container.exitCode', '', { exitCode: null }, 'unknown'],
    ['container.exitCode', '', {}, 'unknown'],
    ['container.exitCode', '-1', {}, 'app-crash'],
    ['container.exitCode', 'x137', {}, 'unknown'],
    ['container.exitCode', '137x', {}, 'unknown'],
    ['task.stoppedReason', '137', {}, 'unknown'],
    ['task.stoppedReason', EXITED, {}, 'essential-container-exited'],
    ['task.stoppedReason', 'It broke', {}, 'unknown'],
    // The other fields of describe-tasks are not the reason.
    [
      'task.stoppedReason',
      '"attachments":[{"type":"eni","details":[{"name":"networkInterfaceId","value":"eni-0"}]}],"stoppedReason":"Task failed to start"',
      {},
      'task-start-failed-unknown',
    ],
    // A vague row, unless the phase and the fault say more.
    ['task.stoppedReason', 'CannotPullContainerError: it broke', {}, 'image-pull-unknown'],
    ['task.stoppedReason', 'CannotPullContainerError: it broke: no space left', {}, 'disk-full'],
    ['task.stoppedReason', 'ResourceInitializationError: it broke', {}, 'resource-initialization-failed'],
    // No row, and yet the phase and the fault.
    ['task.stoppedReason', 'while reading environment files: it broke: AccessDenied', {}, 'env-file-denied'],
    ['api.ecs', 'it broke', {}, 'unknown'],
    ['buildx.stderr', 'it broke', {}, 'unknown'],
    // Lines that a terminal cut are read as one.
    [
      'buildx.stderr',
      'denied: Your authorization token has\nexpired. Reauthenticate and try again.',
      {},
      'ecr-token-expired',
    ],
    ['buildx.stderr', 'a\nb', {}, 'unknown'],
    ['buildx.stderr', step(''), {}, 'build-command-failed'],
  ])('%s %j %j: %s', (surface, text, context, rule) => {
    const diagnosis = of(surface, text, context);
    expect(diagnosis.rule).toBe(rule);
    expect(diagnosis.evidence).toEqual({ surface, text, context });
  });

  test('that no row knows is shown as it is', () =>
    expect(of('task.stoppedReason', 'It broke')).toMatchObject({
      nature: 'unknown',
      subject: 'none',
      failure: 'failed',
      severity: 'failure',
      transient: false,
      cause: expect.stringMatching(
        /^ECS itself gives no reason in these words: most likely a caller .*"It broke"$/,
      ) as string,
    }));

  test.each<[string, Evidence['surface'], string, Diagnosis['nature'], Diagnosis['severity'], boolean]>([
    [
      'fails',
      'task.stoppedReason',
      'CannotPullContainerError: pull access denied for shop/web',
      'permanent',
      'failure',
      false,
    ],
    [
      'waits',
      'service.event',
      '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 has insufficient memory available.',
      'unplaceable',
      'failure',
      true,
    ],
    [
      'heals',
      'service.event',
      '(service web) operations are being throttled on elb. Will try again later.',
      'transient',
      'warning',
      true,
    ],
    ['is progress', 'service.event', '(service web) has reached a steady state.', 'normal', 'normal', false],
    ['is a symptom', 'task.stoppedReason', EXITED, 'symptom', 'failure', false],
  ])('that %s', (_, surface, text, nature, severity, transient) =>
    expect(of(surface, text)).toMatchObject({ nature, severity, transient }),
  );

  test('names what users named, and the status of a server', () => {
    expect(of('container.exitCode', '1').end).toBe('crashed');
    expect(of('task.stoppedReason', EXITED)).not.toHaveProperty('status');
    const health =
      '(service firelens-app) (task 1) failed health checks: [code: Health checks failed with these codes: [502]]';
    expect(of('service.event', health).status).toBe(502);
    expect(of('service.event', '(service firelens-app) has reached a steady state.').rule).not.toMatch(/^log/);
  });
});

test.each([
  [undefined, 'insufficient-memory'],
  ['EC2', 'insufficient-memory'],
  ['FARGATE', 'placement-failed'],
])('no row answers for another launch type: %s', (launchType, rule) => {
  const text =
    '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0123 has insufficient memory available.';
  expect(of('service.event', text, { launchType }).rule).toBe(rule);
});

describe('what stood beside a symptom', () => {
  test.each<[string, string, Evidence['context'], string]>([
    ['tells more', EXITED, { reason: OOM }, 'oom'],
    [
      'is read from each field',
      EXITED,
      { reason: 7, containerReason: EXITED, stoppedReason: 'x', statusReason: OOM },
      'oom',
    ],
    ['of the container', EXITED, { containerReason: OOM }, 'oom'],
    ['of the task', EXITED, { stoppedReason: OOM }, 'oom'],
    ['in another field is not read', EXITED, { x: OOM }, 'essential-container-exited'],
    ['is no better where it is unknown', EXITED, { reason: 'It broke' }, 'essential-container-exited'],
    ['is no better where it is an exit code', EXITED, { reason: 'exit code 1' }, 'essential-container-exited'],
    ['of an unknown message', 'It broke', { reason: OOM }, 'oom'],
    ['does not replace a cause', 'CannotPullContainerError: no space left', { reason: OOM }, 'disk-full'],
  ])('%s', (_, text, context, rule) => {
    const diagnosis = of('task.stoppedReason', text, context);
    expect([diagnosis.rule, diagnosis.evidence.text]).toEqual([rule, text]);
  });
  test('is read once: the symptom itself comes with its exit code', () => {
    const both = { reason: EXITED, stoppedReason: OOM };
    expect(of('task.stoppedReason', EXITED, both).rule).toBe('oom');
  });
  test('or beside an exit code, but not beside what says more', () => {
    expect(of('container.exitCode', '1', { reason: OOM }).rule).toBe('oom');
    expect(of('container.exitCode', '1', { reason: '1' }).rule).toBe('app-crash');
    expect(of('container.reason', OOM, { reason: 'CannotPullContainerError: no space left' }).rule).toBe('oom');
  });
});

describe('what a row knows too little about', () => {
  test('a step of a build, by what it printed', () => {
    expect(of('buildx.stderr', step(''))).toMatchObject({ vague: true });
    const better = of('buildx.stderr', step('#5 1.2 npm error ERESOLVE\n'));
    expect(better).toMatchObject({
      rule: 'build-command-failed',
      nature: 'permanent',
      severity: 'failure',
      transient: false,
    });
    expect(better.cause).toMatch(/^The build step `npm ci` failed: npm cannot resolve/);
    expect(better.remedy).toMatch(/^Align the versions/);
    expect(better).not.toHaveProperty('vague');
    expect(better).not.toHaveProperty('repeats');
    expect(of('buildx.stderr', step('#5 1.2 Killed\n'))).toMatchObject({ rule: 'build-oom', subject: 'build' });
  });
  test('a refusal of ECS, by its field and fault', () => {
    const better = of('api.ecs', 'InvalidParameterException: The platform version must be null.', {
      operation: 'UpdateService',
    });
    expect(better.cause).toMatch(/^UpdateService was refused: `platformVersion`/);
    expect(better.remedy).toMatch(/^Remove platformVersion/);
    expect(better).not.toHaveProperty('vague');
    expect(better).not.toHaveProperty('repeats');
    expect(
      of('api.ecs', 'InvalidParameterException: The platform version must be null.', { operation: 7 }).cause,
    ).toMatch(/^The request was refused/);
    expect(of('api.ecs', 'InvalidParameterException: it broke')).toMatchObject({
      rule: 'request-refused',
      vague: true,
      repeats: true,
    });
    expect(of('api.ecr', 'The platform version must be null.').cause).not.toContain('platformVersion');
  });
});

describe('a log of a container', () => {
  const REFUSED = 'Error: connect ECONNREFUSED 10.0.0.1:5432';
  test('is read by what the application says', () => {
    expect(of('container.log', REFUSED, { container: 'app' })).toMatchObject({
      rule: 'app-crash',
      nature: 'ambiguous',
      subject: 'application',
      failure: 'crashed',
      end: 'crashed',
      severity: 'failure',
      transient: false,
      cause: expect.stringMatching(/^10\.0\.0\.1:5432 refused the connection of the application `app`:/),
    });
    expect(of('container.log', REFUSED, { container: 7 }).cause).toContain('of the application:');
    expect(of('container.log', REFUSED)).not.toHaveProperty('link');
  });
  test.each([
    ['java.lang.OutOfMemoryError: Java heap space', 'oom', 'out-of-memory'],
    ['exec format error', 'image-platform-mismatch', undefined],
  ])('%s is %s on every surface', (text, rule, end) => {
    const { link, ...diagnosis } = of('container.log', text);
    expect(diagnosis).toMatchObject({ rule, ...(end ? { end } : {}) });
    expect('end' in diagnosis).toBe(end !== undefined);
    expect(link).toMatch(/^https:/);
    expect(diagnosis.subject).not.toBe('application');
  });
  test('without an error is shown by its last line', () => {
    const NO = 'The log of the container has no line that looks like an error';
    expect(of('container.log', 'hello\n  bye  \n \n').cause).toBe(`${NO}; its last line is: bye`);
    expect(of('container.log', ` \n${'x'.repeat(301)}`).cause).toBe(`${NO}: ${'x'.repeat(300)}`);
    expect(of('container.log', '')).toMatchObject({ rule: 'unknown', nature: 'unknown', cause: `${NO}: it is empty.` });
    expect(of('container.log', '').remedy).toMatch(/^Two places say more: the exit code/);
  });
  test('has the most specific line as its evidence', () => {
    const told = readLog(`a\n${REFUSED}\nb`, 'app');
    expect(told?.evidence).toEqual({ surface: 'container.log', text: REFUSED, context: { container: 'app' } });
    expect(told?.cause).toContain('application `app`');
    expect(readLog('x\nSomethingError: it broke\ny', 'app')?.evidence.text).toBe('SomethingError: it broke');
    expect(readLog('all is well', 'app')).toBeUndefined();
  });
});
