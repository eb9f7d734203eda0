import { breakDown, deny, throttle } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import type { Fault } from '../../simulator/wire/wire.ts';
import { Failure } from '../../src/failure.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import type { Shell } from '../../src/ports.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { fetchService } from '../../src/stories/run.ts';
import { runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

const app = (image: string, more: Readonly<Record<string, unknown>> = {}) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image, ...more }],
});

/** ECS refuses so many registrations with the message, as a ClientException. */
function collision(message: string, times: number): Fault {
  let left = times;
  return ({ operation }) =>
    operation === 'RegisterTaskDefinition' && left-- > 0 ? new ApiException('ClientException', message) : undefined;
}

test('a new revision is registered, rolled out, proven and reported', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('deployed');
  expect(outcome.headline).toContain('web:2');
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
  expect(Object.fromEntries(stage.outputs)).toMatchObject({
    'task-definition-arn': expect.stringMatching(/web:2$/),
    'previous-task-definition-arn': expect.stringMatching(/web:1$/),
    'deployment-id': expect.stringMatching(/^ecs-svc\//),
  });
});

test('what runs already is proven healthy and not deployed again', async () => {
  const stage = new Stage().withService();
  stage.template();
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('unchanged');
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  // Nothing was deployed, and what happened long ago is no news.
  const log = stage.lines.join('\n');
  expect(log).toMatch(/no health check: 2 tasks run web:1/);
  expect(log).not.toMatch(/deployed:|has started|PENDING/);
});

test('force-new-deployment deploys the same revision again', async () => {
  const stage = new Stage().withService();
  stage.template();
  const outcome = await stage.deploy({ 'force-new-deployment': 'true' });
  expect(outcome.kind).toBe('deployed');
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 1]);
});

test('without a template the live revision gets the new image', async () => {
  const stage = new Stage().withService();
  const outcome = await stage.deploy({ 'task-definition': '', image: 'example.com/app:7' });
  expect(outcome.kind).toBe('deployed');
  expect(outcome.revision).toMatchObject({ definition: { containerDefinitions: [{ image: 'example.com/app:7' }] } });
});

test('an image that is not there fails on the first task, and the service is rolled back', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:nope', {
    failToStart:
      'CannotPullContainerError: failed to resolve ref example.com/app:nope: example.com/app:nope: not found',
  });
  stage.template(app('example.com/app:nope'));
  const start = stage.clock.now();
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.diagnoses[0]).toMatchObject({ rule: 'image-not-found', cause: expect.stringContaining('app:nope') });
  expect(outcome.headline).toContain('Rolled back to web:1');
  expect(stage.clock.now() - start).toBeLessThan(120);
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
});

test('one crash is only suspected; a revision that then stays up is a success', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', (start) => (start === 0 ? { exit: { afterSeconds: 2, code: 1 } } : {}));
  stage.template(app('example.com/app:2'));
  expect((await stage.deploy({})).kind).toBe('deployed');
});

test('two crashes fail the rollout and are rolled back', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.headline).toContain('exit code 3');
});

describe('a crash loop that no breaker ends is judged by ourselves, and fast', () => {
  const breaker = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });
  const balanced = {
    loadBalancers: [
      {
        targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef',
        containerName: 'app',
        containerPort: 8080,
      },
    ],
  };
  const checked = { healthCheck: { command: ['CMD-SHELL', 'true'] } };
  const breakers = {
    'without a breaker': undefined,
    'breaker: roll back': breaker(true),
    'breaker: fail': breaker(false),
  };
  const checks = {
    'no health check': [{}, {}],
    'a load balancer': [balanced, {}],
    'a container check': [{}, checked],
  } as const;
  const cases = Object.entries(breakers).flatMap(([how, deploymentConfiguration]) =>
    Object.entries(checks).map(
      ([check, [settings, container]]) => [how, check, { deploymentConfiguration, settings, container }] as const,
    ),
  );

  test.each(cases)('%s, %s', async (_, __, { deploymentConfiguration, settings, container }) => {
    const stage = new Stage().withService({
      ...settings,
      ...(deploymentConfiguration ? { deploymentConfiguration } : {}),
    });
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 8, exit: { afterSeconds: 3, code: 3 } });
    stage.template(app('example.com/app:2', container));
    const start = stage.clock.now();
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('rolled-back');
    expect(outcome.headline).toContain('exit code 3');
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
    // ECS counted nothing and would have gone on: the rollback is ours.
    expect(stage.count('StopServiceDeployment')).toBe(1);
    expect(stage.clock.now() - start).toBeLessThan(90);
  });
});

test('rollback-on-failure: false leaves the service as ECS has it', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({ 'rollback-on-failure': 'false' });
  expect(outcome.kind).toBe('failed');
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
});

test('a newer deployment of another client: superseded, with its id', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(8, () => {
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:3') });
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:3' });
  });
  const outcome = await stage.deploy({});
  expect(outcome).toMatchObject({ kind: 'superseded', headline: expect.stringContaining('web:3') });
});

test('nothing is registered when the template is wrong, and every mistake is reported', async () => {
  const stage = new Stage().withService();
  stage.template({ memory: '513', ...app('example.com/app:2', { memoryReservaton: 64 }) });
  await expect(stage.deploy({})).rejects.toMatchObject({
    code: 'INVALID_TASK_DEFINITION',
    mistakes: expect.arrayContaining([
      expect.objectContaining({
        subject: 'containerDefinitions[0].memoryReservaton',
        remedy: 'Did you mean `memoryReservation`?',
      }),
      expect.objectContaining({ subject: 'memory' }),
    ]),
  });
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
});

test('a rolling setting that can never move is refused with the sums, before anything is registered', async () => {
  const stage = new Stage().withService({ desiredCount: 1 });
  stage.template(app('example.com/app:2'));
  await expect(stage.deploy({ 'maximum-percent': '150' })).rejects.toMatchObject({
    code: 'IMPOSSIBLE_ROLLOUT',
    message: expect.stringContaining('floor(1 * 150 / 100) = 1'),
  });
  expect(stage.count('RegisterTaskDefinition')).toBe(0);
});

test('only what the user set is sent', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  await stage.deploy({ 'minimum-healthy-percent': '50' });
  const update = stage.simulator.wire.calls.find(({ operation }) => operation === 'UpdateService');
  expect(Object.keys(update?.input ?? {}).sort()).toEqual([
    'cluster',
    'deploymentConfiguration',
    'service',
    'taskDefinition',
  ]);
  expect(update?.input.deploymentConfiguration).toEqual({ minimumHealthyPercent: 50 });
});

test('what the service has beside the settings that are sent stays as it is', async () => {
  const breaker = { enable: true, rollback: true, resetOnHealthyTask: false };
  const stage = new Stage().withService({
    deploymentConfiguration: { deploymentCircuitBreaker: breaker, bakeTimeInMinutes: 1 },
  });
  stage.template();
  await stage.deploy({ 'maximum-percent': '150', 'circuit-breaker': 'on' });
  const update = stage.simulator.wire.calls.find(({ operation }) => operation === 'UpdateService');
  expect(update?.input.deploymentConfiguration).toEqual({
    maximumPercent: 150,
    deploymentCircuitBreaker: { ...breaker, rollback: false },
  });
  expect(stage.service()).toMatchObject({
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150, bakeTimeInMinutes: 1 },
  });
});

test('throttling slows the watch down and does not fail it', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(5, () => stage.simulator.wire.faults.push(throttle('DescribeServices', 3)));
  expect((await stage.deploy({})).kind).toBe('deployed');
});

test.each([
  ['DescribeServices', 6],
  ['DescribeTaskDefinition', 6],
  ['RegisterTaskDefinition', 6],
  ['UpdateService', 6],
])('%s, throttled %d times before anything moves, delays the deploy and does not end it', async (operation, times) => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.simulator.wire.faults.push(throttle(operation, times));
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect(stage.lines.join('\n')).toContain(`ecs:${operation} failed: Rate exceeded. Trying again in 2 s.`);
});

test.each<[string, Fault]>([
  ['errors of its own', breakDown('UpdateService', 5)],
  [
    'another registration of the family',
    collision('Too many concurrent attempts to create a new revision of the specified family.', 3),
  ],
])('%s of ECS are waited out', async (_, fault) => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.simulator.wire.faults.push(fault);
  expect((await stage.deploy({})).kind).toBe('deployed');
});

test('throttling without an end fails after a minute or so, and the revision is not left behind', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const start = stage.clock.now();
  stage.simulator.wire.faults.push(throttle('UpdateService', 1000));
  await expect(stage.deploy({})).rejects.toMatchObject({ code: 'THROTTLED' });
  expect(stage.clock.now() - start).toBeGreaterThan(55);
  expect(stage.clock.now() - start).toBeLessThan(90);
  expect(stage.revisions()).toEqual(['web:1']);
});

test('a cancel is not held up by throttling', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  const start = stage.clock.now();
  stage.simulator.wire.faults.push(throttle('RegisterTaskDefinition', 1000));
  stage.clock.after(5, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  await expect(stage.deploy({})).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(stage.clock.now() - start).toBeLessThan(12);
});

test('a denied DescribeServices while watching fails at once and names the action', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(5, () => stage.simulator.wire.faults.push(deny('ecs:DescribeServices')));
  await expect(stage.deploy({})).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    remedy: expect.stringContaining('ecs:DescribeServices'),
  });
});

test('a revision whose deployment ECS refuses is not left behind', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.simulator.wire.faults.push(deny('ecs:UpdateService'));
  await expect(stage.deploy({})).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  expect(stage.simulator.call('ListTaskDefinitions', { familyPrefix: 'web' })).toMatchObject({
    taskDefinitionArns: [expect.stringMatching(/web:1$/)],
  });
});

test("ECS's own rollback is followed, not doubled", async () => {
  const stage = new Stage().withService({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  stage.simulator.model.behaviours.set('app:2', { startSeconds: 1, exit: { afterSeconds: 0.2, code: 1 } });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({});
  expect(outcome.kind).toBe('rolled-back');
  expect(stage.count('UpdateService')).toBe(1);
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('a desired count of 0 is green but says that nothing was verified', async () => {
  const stage = new Stage().withService({ desiredCount: 0 });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({});
  expect(outcome).toMatchObject({ kind: 'deployed', warnings: [expect.stringContaining('nothing was verified')] });
  expect(outcome.headline).toMatch(/^web:2 is deployed with a desired count of 0: no task runs/);
  expect(outcome.headline).not.toContain('healthy');
});

test('a rollout that goes nowhere times out as asked', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', { startSeconds: 100_000 });
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({ 'wait-for-minutes': '5', 'rollback-on-failure': 'false' });
  expect(outcome).toMatchObject({ kind: 'failed', headline: expect.stringContaining('Not done after 5 min') });
});

test('a secret never reaches the log', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2', { environment: [{ name: 'TOKEN', value: 'hunter2-in-the-clear' }] }));
  await stage.deploy({});
  expect(stage.lines.join('\n')).toContain('TOKEN');
  expect(stage.lines.join('\n')).not.toContain('hunter2');
});

test('a cancelled run says what ECS continues and how to undo it', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(6, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  const outcome = await stage.deploy({});
  expect(outcome).toMatchObject({ kind: 'cancelled', headline: expect.stringContaining('--task-definition web:1') });
  expect(stage.count('UpdateService')).toBe(1);
});

test('on-cancel: rollback puts the old revision back', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(6, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  expect((await stage.deploy({ 'on-cancel': 'rollback' })).kind).toBe('cancelled');
  stage.clock.advance(300);
  expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
});

test('a re-run after a cancel watches the deployment that is under way instead of making another', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.clock.after(6, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  await stage.deploy({});
  const again = await stage.deploy({}, new AbortController().signal);
  expect(again.headline).toContain('web:2');
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([1, 1]);
});

test.each([
  ['fail', 'CONFLICT'],
  ['wait', 'deployed'],
])('on-active-deployment: %s', async (wish, expected) => {
  const stage = new Stage().withService();
  stage.simulator.call('UpdateService', { service: 'web', forceNewDeployment: true });
  stage.template(app('example.com/app:2'));
  const end = await stage.deploy({ 'on-active-deployment': wish }).then(
    ({ kind }) => kind,
    ({ code }) => code,
  );
  expect(end).toBe(expected);
});

test('deregister-failed-revision leaves no failed revision behind', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
  stage.template(app('example.com/app:2'));
  await stage.deploy({ 'deregister-failed-revision': 'true' });
  expect(stage.simulator.call('ListTaskDefinitions', { familyPrefix: 'web' })).toMatchObject({
    taskDefinitionArns: [expect.stringMatching(/web:1$/)],
  });
});

describe('what others do meanwhile is not ours to undo', () => {
  /** web:2 of ours fails late; web:3 of somebody else comes before we put anything back. */
  async function withHotfix(given: Readonly<Record<string, string>>, arrive: (stage: Stage) => void) {
    const stage = new Stage().withService();
    stage.template(app('example.com/app:2'));
    stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:3') });
    arrive(stage);
    const outcome = await stage.deploy(given);
    stage.clock.advance(900);
    return { stage, outcome };
  }
  const hotfix = (stage: Stage): void =>
    void stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });

  test('a cancel with on-cancel: rollback leaves a newer deployment alone', async () => {
    const { stage, outcome } = await withHotfix({ 'on-cancel': 'rollback' }, (stage) => {
      stage.clock.after(8.5, () => {
        hotfix(stage);
        stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).'));
      });
    });
    expect(outcome.kind).toMatch(/cancelled|superseded/);
    expect(stage.count('StopServiceDeployment')).toBe(0);
    expect(stage.service().taskDefinition).toMatch(/web:2$/);
  });
});

test('behind an unfinished deployment of another client, the rollback is to what ran well before it', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:slow', { startSeconds: 3600 });
  stage.simulator.model.behaviours.set('app:bad', { exit: { afterSeconds: 2, code: 3 } });
  stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:slow') });
  stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  stage.clock.advance(30);
  stage.simulator.wire.faults.push(deny('ecs:StopServiceDeployment'));
  stage.template(app('example.com/app:bad'));
  const outcome = await stage.deploy({});
  expect(outcome).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('Rolled back to web:1') });
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('an answer of UpdateService that gets lost is looked up: one deployment, which is watched', async () => {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  let lost = false;
  const world = stage.attempt({
    ...stage.simulator.wire.requestHandler(),
    handle: async (request) => {
      const answer = await stage.simulator.wire.requestHandler().handle(request);
      const update = String(request.headers['x-amz-target']).endsWith('.UpdateService');
      if (!update || lost) return answer;
      lost = true;
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    },
  });
  const inputs = stage.inputs({}) as DeployInputs;
  const outcome = await deploy(runOf(inputs, world), fetchService(inputs, world));
  expect(outcome.kind).toBe('deployed');
  expect(stage.revisions()).toEqual(['web:1', 'web:2']);
});

test('deregister-failed-revision: what cannot be deregistered is a warning, and the first cause stays', async () => {
  const stage = new Stage().withService();
  stage.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
  stage.simulator.wire.faults.push(deny('ecs:DeregisterTaskDefinition'));
  stage.template(app('example.com/app:2'));
  const outcome = await stage.deploy({ 'deregister-failed-revision': 'true' });
  expect(outcome).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('exit code 3') });
  expect(outcome.warnings.join()).toContain('web:2 could not be deregistered');
});

test('deregister-failed-revision: also after a rollback of ECS itself, never a revision of another client', async () => {
  const stage = new Stage();
  stage.simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
  stage.withService();
  const alarms = { alarmNames: ['web-5xx'], enable: true, rollback: true };
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: { alarms, bakeTimeInMinutes: 5 } });
  stage.simulator.script.alarm('web-5xx', 'ALARM', 90);
  stage.template(app('example.com/app:2'));
  expect((await stage.deploy({ 'deregister-failed-revision': 'true' })).kind).toBe('rolled-back');
  expect(stage.revisions()).toEqual(['web:1']);

  const reused = new Stage().withService();
  reused.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
  reused.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:2') });
  reused.template(app('example.com/app:2'));
  await reused.deploy({ 'deregister-failed-revision': 'true' });
  expect(reused.revisions()).toContain('web:2');
});

test('not waiting for what is there already proves it in one look', async () => {
  const stage = new Stage().withService();
  stage.template();
  expect((await stage.deploy({ 'wait-for-service-stability': 'false' })).kind).toBe('unchanged');
});

test('platforms that do not fit the task are refused before the build', async () => {
  const stage = new Stage().withService();
  stage.simulator.registry.create('web', false);
  stage.files.set('Dockerfile', 'FROM scratch');
  stage.template(app('x'));
  /** Ends only where it is stopped. */
  const endless: Shell['run'] = (_, __, { signal } = {}) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const inputs = stage.inputs({ repository: 'web', platforms: 'linux/arm64' }) as DeployInputs;
  const world = { ...stage.world, shell: { run: endless } };
  await expect(deploy(runOf(inputs, world), fetchService(inputs, world))).rejects.toMatchObject({
    code: 'INVALID_TASK_DEFINITION',
    mistakes: [expect.objectContaining({ subject: 'container app', problem: expect.stringContaining('linux/arm64') })],
  });
});

test('a template that is not there ends the run before a build or a login', async () => {
  const stage = new Stage().withService();
  let commands = 0;
  const run = async () => {
    commands++;
    return { exitCode: 1, stdout: '', stderr: '' };
  };
  const inputs = stage.inputs({ repository: 'web', 'task-definition': 'gone.json' }) as DeployInputs;
  const world = { ...stage.world, shell: { run } };
  const looking = fetchService(inputs, world);
  await expect(deploy(runOf(inputs, world), looking)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await looking;
  expect([commands, stage.count('GetAuthorizationToken')]).toEqual([0, 0]);
});

test('a service that is not there: the error names the cluster, the region and the role it looked with', async () => {
  const stage = new Stage().withService();
  const inputs = stage.inputs({ service: 'vanished' }) as DeployInputs;
  await expect(fetchService(inputs, stage.world)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Service vanished does not exist in the cluster default'),
    mistakes: [
      {
        subject: 'service',
        problem: expect.stringMatching(/service vanished in the cluster default of region eu-/),
        remedy: expect.stringContaining('Without the input `cluster`'),
      },
    ],
  });
  const role = { arn: 'arn:aws:iam::123456789012:role/ci' };
  const elsewhere = {
    service: { ...inputs.service, cluster: 'production' },
    aws: { ...inputs.aws, role },
  } as DeployInputs;
  const failure = await fetchService(elsewhere, stage.world).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'NOT_FOUND' });
  expect((failure as Failure).mistakes).toEqual([
    {
      subject: 'cluster',
      remedy: 'The account has `default`.',
      problem: expect.stringMatching(/cluster production of region eu-.*, with arn:aws:iam::123456789012:role\/ci\.$/),
    },
  ]);
});
