import { AWS_TIMINGS } from '../../simulator/ecs/timings.ts';
import type { Behaviours } from '../../simulator/runtime/model.ts';
import { REGION } from '../../simulator/simulator.ts';
import { createTargets } from '../../src/adapters/logs-and-targets.ts';
import { type Answer, balanced, fargate, GROUP, type Loose, type Options, Play, REGISTRY } from './world.ts';

const breaker = (rollback: boolean, more: Loose = {}): Loose => ({
  deploymentCircuitBreaker: { enable: true, rollback, ...more },
});
const NOPE = 'CannotPullContainerError: example.com/app:2: not found';
const addressOf = ({ attachments }: Answer): string =>
  attachments[0].details.find(({ name }: Answer) => name === 'privateIPv4Address').value;
const runningOf = (play: Play): Record<string, number> =>
  Object.fromEntries(
    play.service.deployments.map(({ taskDefinition, runningCount }: Answer) => [
      taskDefinition.split('/')[1],
      runningCount,
    ]),
  );

/** Of the service in AWS Cloud Map that `Play` makes. */
const registered: Loose = { serviceRegistries: [{ registryArn: REGISTRY }] };

test('tasks are instances in AWS Cloud Map, with their health', () => {
  const play = new Play(registered);
  const { cloudMap, context } = play.simulator;
  const ask = (operation: string, input: Loose): Answer => cloudMap.handle(operation, input, context);
  const id = REGISTRY.split('/')[1];
  play.script.image('app:2', { unhealthy: 'registry' });
  play.deploy('web:2');
  play.until(() => play.tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length === 2);
  const { Instances } = ask('ListInstances', { ServiceId: id });
  expect(Instances.map(({ Attributes }: Answer) => Attributes.AWS_INSTANCE_IPV4)).toEqual(play.tasks.map(addressOf));
  expect(Object.values(ask('GetInstancesHealthStatus', { ServiceId: id }).Status)).toEqual(['HEALTHY', 'UNKNOWN']);
  play.until(() => play.stopped.length > 0);
  expect(play.stopped[0].stoppedReason).toBe('Task failed AWS Cloud Map health checks');
  expect(play.truth.healthy.size).toBe(1);
});

test('a target that crashes is deregistered before it is gone, and does not count as running meanwhile', () => {
  const play = new Play({ desiredCount: 1, ...balanced });
  const [{ taskArn }] = play.tasks;
  const seen: string[] = [];
  play.script.kill('web', { stopCode: 'EssentialContainerExited', reason: 'Essential container in task exited' });
  expect(play.service.runningCount).toBe(0);
  play.until(() => {
    const { lastStatus } = play.call('DescribeTasks', { tasks: [taskArn] }).tasks[0];
    if (seen.at(-1) !== lastStatus) seen.push(lastStatus);
    return lastStatus === 'STOPPED';
  });
  expect(seen).toEqual(['DEACTIVATING', 'DEPROVISIONING', 'STOPPED']);
  expect(play.tasks).toHaveLength(1);
});

test('a rolling update within its waves: 4 tasks, 50 to 100 percent, two at a time', () => {
  const play = new Play({
    desiredCount: 4,
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 100 },
  });
  play.deploy('web:2');
  expect(play.service.deployments.map(({ desiredCount }: Answer) => desiredCount)).toEqual([4, 2]);
  const seconds = play.until(() => play.rollout.status === 'SUCCESSFUL');
  expect(seconds).toBeGreaterThanOrEqual(40);
  expect(play.service.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 4, desiredCount: 4, failedTasks: 0 },
  ]);
  expect(play.events.slice(-2)).toEqual([
    `(service web) (deployment ${play.service.deployments[0].id}) deployment completed.`,
    '(service web) has reached a steady state.',
  ]);
});

test('a new deployment is PENDING, then IN_PROGRESS, and its ARN is not its revision', () => {
  const play = new Play({}, { timings: AWS_TIMINGS });
  const { deployments } = play.deploy('web:2');
  expect(play.rollout.status).toBe('PENDING');
  expect(play.tasks).toHaveLength(1);
  play.clock.advance(AWS_TIMINGS.pendingSeconds ?? 0);
  const { status, targetServiceRevision, serviceDeploymentArn, lifecycleStage } = play.rollout;
  expect({ status, lifecycleStage }).toEqual({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
  const number = deployments[0].id.split('/')[1];
  expect(targetServiceRevision.arn).toMatch(new RegExp(`service-revision/default/web/${number}$`));
  expect(serviceDeploymentArn).not.toContain(number);
});

describe('circuit breaker', () => {
  test('rolls back to the older deployment by its own id', () => {
    const play = new Play({ desiredCount: 2, deploymentConfiguration: breaker(true) });
    play.script.image('app:2', { failToStart: NOPE });
    const [{ id: old }] = play.service.deployments;
    const [{ id: broken }] = play.deploy('web:2').deployments;
    play.until(() => play.rollout.status === 'ROLLBACK_IN_PROGRESS');
    expect(play.service.deployments).toMatchObject([
      {
        id: old,
        status: 'PRIMARY',
        rolloutState: 'IN_PROGRESS',
        rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${old}.`,
      },
      {
        id: broken,
        rolloutState: 'FAILED',
        rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
    ]);
    expect(play.rollout).toMatchObject({
      statusReason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      rollback: { serviceRevisionArn: expect.stringContaining(old.split('/')[1]) },
    });
    // The old deployment's own attempt stays what it was.
    expect(play.statuses).toEqual(['ROLLBACK_IN_PROGRESS', 'SUCCESSFUL']);
    play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL');
    expect(play.service).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), deployments: [{ id: old }] });
    expect(play.events).toEqual(
      expect.arrayContaining([
        `(service web) was unable to place a task. Reason: ${NOPE}.`,
        `(service web) (deployment ${broken}) deployment failed: tasks failed to start.`,
        `(service web) rolling back to deployment ${old}.`,
        `(service web) (deployment ${old}) deployment completed.`,
      ]),
    );
  });

  test('without rollback stops, and starts no more tasks', () => {
    const play = new Play({ deploymentConfiguration: breaker(false) });
    play.script.image('app:2', { failToStart: NOPE });
    play.deploy('web:2');
    play.until(() => play.rollout.status === 'STOPPED');
    const known = play.stopped.length;
    play.clock.advance(600);
    expect(play.stopped).toHaveLength(known);
    expect(runningOf(play)).toEqual({ 'web:1': 1, 'web:2': 0 });
    expect(play.service.deployments[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'FAILED', failedTasks: 3 });
  });

  test('has nothing to go back to at the first deployment: the service stalls', () => {
    const play = new Play({ desiredCount: 'none yet' });
    play.script.image('app:1', { failToStart: NOPE });
    play.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      deploymentConfiguration: breaker(true),
    });
    play.until(() => play.rollout.status === 'ROLLBACK_FAILED');
    expect(play.service.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'FAILED' }]);
  });

  test.each([
    ['BOUNDED_PERCENT', 50, 4, 3],
    ['BOUNDED_PERCENT', 50, 20, 10],
    ['UNBOUNDED_PERCENT', 50, 4, 2],
    ['UNBOUNDED_PERCENT', 25, 2, 1],
    ['COUNT', 5, 2, 5],
  ])('threshold %s %i of %i tasks is %i', (type, value, desiredCount, threshold) => {
    const play = new Play({
      desiredCount,
      deploymentConfiguration: {
        minimumHealthyPercent: 0,
        maximumPercent: 100,
        ...breaker(false, { thresholdConfiguration: { type, value } }),
      },
    });
    // One at a time, so that the count stops exactly at the threshold.
    play.script.image('app:2', (start) => (start < 100 ? { startSeconds: start + 1, failToStart: NOPE } : {}));
    play.deploy('web:2');
    play.until(() => play.rollout.status === 'STOPPED');
    expect(play.rollout.deploymentCircuitBreaker).toEqual({ status: 'TRIGGERED', failureCount: threshold, threshold });
  });

  test.each([
    [true, 'SUCCESSFUL'],
    [false, 'STOPPED'],
  ])('a healthy task sets the count back when resetOnHealthyTask is %s', (resetOnHealthyTask, end) => {
    const play = new Play({ desiredCount: 1, deploymentConfiguration: breaker(false, { resetOnHealthyTask }) });
    // Two failures, one that lives for a while, another failure, then health.
    play.script.image('app:2', (start) => {
      if (start === 2) return { exit: { afterSeconds: 8, code: 1 } };
      return start < 4 ? { failToStart: NOPE } : {};
    });
    play.deploy('web:2');
    play.until(() => play.rollout.status === end);
  });

  const CHECKED = (image: string): Loose =>
    fargate(image, {
      containerDefinitions: [{ name: 'app', image, healthCheck: { command: ['CMD', 'true'] } }],
    });

  test.each<[string, Loose, Options]>([
    ['no health check at all', {}, {}],
    ['a load balancer', balanced, {}],
    ['a container health check', {}, { definition: CHECKED }],
  ])(
    'does not count tasks that ran and exited by themselves, with %s: the crash loop continues',
    (_, more, options) => {
      const play = new Play({ ...more, deploymentConfiguration: breaker(true) }, options);
      play.script.image('app:2', { startSeconds: 3, exit: { afterSeconds: 1, code: 1 } });
      play.deploy('web:2');
      play.clock.advance(3600);
      expect(play.stopped).toHaveLength(100); // one page of them
      expect(play.service.deployments[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', failedTasks: 0 });
      expect(play.rollout).toMatchObject({
        status: 'IN_PROGRESS',
        deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 0, threshold: 3 },
      });
      expect(play.events.join()).not.toContain('unable to consistently start');
    },
  );

  test.each<[string, 'container' | 'target' | 'registry', Loose, Options]>([
    ['a load balancer', 'target', balanced, {}],
    ['AWS Cloud Map', 'registry', registered, {}],
    ['a container health check', 'container', {}, { definition: CHECKED }],
  ])('counts tasks that are replaced because %s finds them unhealthy', (_, unhealthy, more, options) => {
    const play = new Play({ ...more, deploymentConfiguration: breaker(true) }, options);
    play.script.image('app:2', { unhealthy, unhealthySeconds: 20 });
    play.deploy('web:2');
    play.until(() => play.rollout.status === 'ROLLBACK_IN_PROGRESS');
    expect(play.rollout.deploymentCircuitBreaker).toEqual({ status: 'TRIGGERED', failureCount: 3, threshold: 3 });
  });

  test('failed starts and failed health checks count together, exits between them do not', () => {
    const play = new Play({ ...balanced, deploymentConfiguration: breaker(false) });
    play.script.image('app:2', (start) => {
      if (start % 2 === 1) return { exit: { afterSeconds: 2, code: 1 } };
      return start === 2 ? { unhealthy: 'target', unhealthySeconds: 10 } : { failToStart: NOPE };
    });
    play.deploy('web:2');
    play.until(() => play.rollout.status === 'STOPPED');
    expect(play.rollout.deploymentCircuitBreaker).toMatchObject({ status: 'TRIGGERED', failureCount: 3 });
    expect(play.stopped.filter(({ stopCode }) => stopCode === 'EssentialContainerExited')).toHaveLength(2);
  });
});

describe('the throttle of failing starts', () => {
  const attempts = (behaviour: Behaviours): number[] => {
    const play = new Play();
    play.script.image('app:2', behaviour);
    play.deploy('web:2');
    const times: number[] = [];
    for (let seconds = 0; seconds < 4 * 3600; seconds += 10) {
      play.clock.advance(10);
      const fresh = play.script.service('web').tasks.filter(({ createdAt }) => play.clock.now() - createdAt < 10);
      if (fresh.some(({ taskDefinitionArn }) => taskDefinitionArn.endsWith(':2'))) times.push(seconds);
    }
    return times;
  };
  const pauses = (times: readonly number[]): number[] => times.slice(1).map((at, i) => at - (times[i] ?? 0));

  test('tries ever more rarely, at least every 27 minutes, and never gives up', () => {
    const found = pauses(attempts({ startSeconds: 1, failToStart: NOPE }));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(Math.max(...found)).toBeLessThanOrEqual(27 * 60 + 10);
    expect(Math.max(...found)).toBeGreaterThan(26 * 60);
  });

  test('tasks that ran are replaced at once, for hours', () => {
    const found = pauses(attempts({ startSeconds: 1, exit: { afterSeconds: 1, code: 1 } }));
    expect(Math.max(...found)).toBeLessThanOrEqual(10);
  });

  test('one task that reaches RUNNING ends it, and it may begin again', () => {
    const play = new Play();
    play.script.image('app:2', (start) =>
      start === 6 ? { startSeconds: 1, exit: { afterSeconds: 1, code: 1 } } : { startSeconds: 1, failToStart: NOPE },
    );
    const throttled = (): number => play.events.filter((text) => text.includes('consistently start')).length;
    play.deploy('web:2');
    play.until(() => throttled() === 1);
    play.until(() => play.stopped.some(({ stopCode }) => stopCode === 'EssentialContainerExited'));
    expect(play.until(() => throttled() === 2)).toBeLessThan(30);
  });

  test('so does a new task definition, at once', () => {
    const play = new Play();
    play.script.image('app:2', { startSeconds: 1, failToStart: NOPE });
    play.deploy('web:2');
    play.clock.advance(3000);
    play.deploy('web:3');
    expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeLessThan(60);
  });
});

describe('alarms', () => {
  const alarms = { alarmNames: ['5xx', 'latency'], enable: true, rollback: true };

  test('one that goes off in the bake time rolls back, although all old tasks are gone', () => {
    const play = new Play({ desiredCount: 2, deploymentConfiguration: { alarms, bakeTimeInMinutes: 5 } });
    const [{ id: old }] = play.service.deployments;
    play.deploy('web:2');
    play.script.alarm('5xx', 'ALARM', 200);
    play.until(() => play.rollout.lifecycleStage === 'BAKE_TIME');
    expect(play.service.deployments).toHaveLength(1);
    expect(play.rollout.alarms).toEqual({
      status: 'MONITORING',
      alarmNames: ['5xx', 'latency'],
      triggeredAlarmNames: [],
    });
    play.until(() => play.rollout.status === 'ROLLBACK_IN_PROGRESS');
    expect(play.rollout.alarms).toMatchObject({ status: 'TRIGGERED', triggeredAlarmNames: ['5xx'] });
    expect(play.events.join()).toContain('deployment failed: alarm detected.');
    play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL');
    expect(play.service.deployments).toMatchObject([{ id: old, rolloutState: 'COMPLETED', runningCount: 2 }]);
  });

  test('without rollback stops', () => {
    const play = new Play({ deploymentConfiguration: { alarms: { ...alarms, rollback: false } } });
    play.deploy('web:2');
    play.script.alarm('latency', 'ALARM', 5);
    play.until(() => play.rollout.status === 'STOPPED');
    expect(play.service.deployments[0].rolloutState).toBe('FAILED');
  });

  test('one in ALARM before the deployment is not monitored, nor one after success', () => {
    const play = new Play({ deploymentConfiguration: { alarms, bakeTimeInMinutes: 1 } });
    play.script.alarm('5xx', 'ALARM');
    play.deploy('web:2');
    play.script.alarm('5xx', 'OK', 10).alarm('5xx', 'ALARM', 20);
    play.until(() => play.rollout.status === 'SUCCESSFUL');
    play.script.alarm('latency', 'ALARM');
    play.clock.advance(60);
    expect(play.rollout).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'MONITORING_COMPLETE' } });
  });
});

describe('lifecycle hooks', () => {
  const pausing = (stage: string, timeoutConfiguration?: Loose): Loose => ({
    lifecycleHooks: [
      { targetType: 'PAUSE', lifecycleStages: [stage], ...(timeoutConfiguration ? { timeoutConfiguration } : {}) },
    ],
  });
  const paused = (play: Play): Answer =>
    play.rollout.lifecycleHookDetails.find(({ status }: Answer) => status === 'AWAITING_ACTION');
  const answer = (play: Play, action: string): void => {
    const { serviceDeploymentArn } = play.rollout;
    play.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId: paused(play).hookId, action });
  };

  test('a pause before scaling up keeps the old revision whole until it is continued', () => {
    const play = new Play({ desiredCount: 2, deploymentConfiguration: {} });
    play.deploy('web:2', { deploymentConfiguration: pausing('PRE_SCALE_UP') });
    play.clock.advance(3600);
    expect(runningOf(play)).toEqual({ 'web:1': 2, 'web:2': 0 });
    expect(paused(play)).toMatchObject({
      targetType: 'PAUSE',
      timeoutAction: 'ROLLBACK',
      expiresAt: expect.any(Number),
    });
    play.script.kill('web');
    play.clock.advance(60);
    expect(runningOf(play)).toEqual({ 'web:1': 2, 'web:2': 0 });
    answer(play, 'CONTINUE');
    play.until(() => play.rollout.status === 'SUCCESSFUL');
    expect(play.rollout.lifecycleHookDetails).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test.each([
    ['is answered with ROLLBACK', undefined, 'ROLLBACK_SUCCESSFUL', 'FAILED'],
    ['times out', { timeoutInMinutes: 10 }, 'ROLLBACK_SUCCESSFUL', 'TIMED_OUT'],
    ['times out and is to continue', { timeoutInMinutes: 10, action: 'CONTINUE' }, 'SUCCESSFUL', 'SUCCEEDED'],
  ])('a pause after scaling up that %s', (_, timeout, end, hook) => {
    const play = new Play();
    play.deploy('web:2', { deploymentConfiguration: pausing('POST_SCALE_UP', timeout) });
    play.until(() => paused(play) !== undefined);
    expect(play.rollout.lifecycleStage).toBe('POST_SCALE_UP');
    if (!timeout) answer(play, 'ROLLBACK');
    play.until(() => play.rollout.status === end);
    expect(play.rollout.lifecycleHookDetails).toMatchObject([{ status: hook }]);
  });

  test('a function that refuses rolls back, in its words', () => {
    const hookTargetArn = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
    const play = new Play();
    play.script.hook(hookTargetArn, { result: 'FAILED', seconds: 30 });
    const lifecycleHooks = [{ hookTargetArn, lifecycleStages: ['PRE_SCALE_UP'], roleArn: 'arn:aws:iam::1:role/r' }];
    play.deploy('web:2', { deploymentConfiguration: { lifecycleHooks } });
    expect(play.rollout.lifecycleHookDetails).toMatchObject([{ status: 'IN_PROGRESS', targetArn: hookTargetArn }]);
    play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL');
    expect(play.rollout.statusReason).toBe(
      `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target ${hookTargetArn} returned FAILED status.`,
    );
    expect(play.stopped).toHaveLength(0);
  });
});

test.each([
  ['BLUE_GREEN', {}, [100]],
  ['CANARY', { canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 3 } }, [20, 100]],
  ['LINEAR', { linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 } }, [40, 80, 100]],
])('%s: green is whole beside blue, traffic shifts, blue goes after the bake time', (strategy, more, weights) => {
  const play = new Play({ desiredCount: 2, deploymentConfiguration: { strategy, bakeTimeInMinutes: 2, ...more } });
  play.deploy('web:2');
  const stages = new Set<string>();
  const shifted = new Set<number>();
  play.until(() => {
    const { lifecycleStage, status, targetServiceRevision } = play.rollout;
    stages.add(lifecycleStage);
    shifted.add(targetServiceRevision.requestedProductionTrafficWeight);
    if (lifecycleStage === 'BAKE_TIME') expect(runningOf(play)).toEqual({ 'web:1': 2, 'web:2': 2 });
    return status === 'SUCCESSFUL';
  });
  expect([...stages].filter((stage) => /SCALE_UP$|BAKE|CLEAN/.test(stage))).toEqual([
    'SCALE_UP',
    'BAKE_TIME',
    'CLEAN_UP',
  ]);
  expect([...shifted]).toEqual([0, ...weights]);
  expect(runningOf(play)).toEqual({ 'web:2': 2 });
});

test('blue/green: the target groups take turns, and a rollback leaves the tasks that serve where they are', () => {
  const GREEN = GROUP.replace('targetgroup/', 'targetgroup/green-');
  const advancedConfiguration = {
    alternateTargetGroupArn: GREEN,
    productionListenerRule:
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef',
    roleArn: 'arn:aws:iam::123456789012:role/ecs-load-balancer',
  };
  const play = new Play({ desiredCount: 2, ...balanced });
  play.simulator.loadBalancing.targetGroups.set(GREEN, { targetType: 'ip' });
  play.simulator.iam.roles.set('ecs-load-balancer', { trust: {} });
  const registered = (): unknown =>
    [GROUP, GREEN].map((group) => play.simulator.loadBalancing.targets(group)?.length ?? 0);
  expect(registered()).toEqual([2, 0]);
  const settings = {
    loadBalancers: [{ ...(balanced.loadBalancers as Answer[])[0], advancedConfiguration }],
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 },
  };
  play.deploy('web:2', settings);
  play.until(() => play.rollout.lifecycleStage === 'BAKE_TIME');
  expect(registered()).toEqual([2, 2]);
  expect(play.events.some((text: string) => text.includes(`registered 2 targets in (target-group ${GREEN})`))).toBe(
    true,
  );
  play.until(() => play.rollout.status === 'SUCCESSFUL');
  expect(registered()).toEqual([0, 2]);
  play.deploy('web:3');
  play.until(() => play.rollout.lifecycleStage === 'BAKE_TIME');
  expect(registered()).toEqual([2, 2]);
  play.call('StopServiceDeployment', { serviceDeploymentArn: play.rollout.serviceDeploymentArn, stopType: 'ROLLBACK' });
  play.until(() => /^ROLLBACK_SUCC/.test(play.rollout.status));
  expect(registered()).toEqual([0, 2]);
});

test('a blue/green deployment whose alarm goes off in the bake time is back on blue at once', () => {
  const alarms = { alarmNames: ['5xx'], enable: true, rollback: true };
  const play = new Play({
    desiredCount: 2,
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10, alarms },
  });
  play.until(() => play.rollout.status === 'SUCCESSFUL');
  play.deploy('web:2');
  play.until(() => play.rollout.lifecycleStage === 'BAKE_TIME');
  play.script.alarm('5xx', 'ALARM');
  expect(play.rollout).toMatchObject({
    status: 'ROLLBACK_IN_PROGRESS',
    targetServiceRevision: { requestedProductionTrafficWeight: 0 },
    sourceServiceRevisions: [{ requestedProductionTrafficWeight: 100 }],
  });
  expect(play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL')).toBeLessThan(30);
  expect(runningOf(play)).toEqual({ 'web:1': 2 });
  expect(play.stopped.map(({ taskDefinitionArn }: Answer) => taskDefinitionArn.split('/')[1])).toEqual([
    'web:2',
    'web:2',
  ]);
});

describe('StopServiceDeployment', () => {
  const stop = (play: Play, stopType: string): void => {
    const { serviceDeploymentArn } = play.rollout;
    play.call('StopServiceDeployment', { serviceDeploymentArn, stopType });
  };

  test('ROLLBACK goes back without a circuit breaker', () => {
    const play = new Play({ desiredCount: 2 });
    play.deploy('web:2');
    play.clock.advance(5);
    stop(play, 'ROLLBACK');
    expect(play.rollout).toMatchObject({ status: 'ROLLBACK_REQUESTED' });
    play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL');
    expect(play.rollout.statusReason).toBe('Service deployment was stopped by the user.');
    expect(runningOf(play)).toEqual({ 'web:1': 2 });
  });

  test('ABORT leaves the service as it is', () => {
    const play = new Play({ desiredCount: 4, deploymentConfiguration: { maximumPercent: 125 } });
    play.deploy('web:2');
    play.until(() => runningOf(play)['web:2'] === 2);
    stop(play, 'ABORT');
    expect(play.rollout.status).toBe('STOP_REQUESTED');
    play.clock.advance(300);
    expect(play.rollout.status).toBe('STOPPED');
    const { 'web:1': old = 0, 'web:2': next = 0 } = runningOf(play);
    expect(old).toBeGreaterThan(0);
    expect(old + next).toBeGreaterThanOrEqual(4);
  });

  test('ROLLBACK of the first deployment fails, and so does one whose old revision is broken by now', () => {
    const first = new Play({ desiredCount: 'none yet' });
    first.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    stop(first, 'ROLLBACK');
    first.until(() => first.rollout.status === 'ROLLBACK_FAILED');

    const play = new Play({
      desiredCount: 1,
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    });
    play.script.image('app:2', { healthySeconds: 1000, unhealthy: 'container' });
    play.script.image('app:1', { failToStart: 'CannotPullContainerError: example.com/app:1: not found' });
    play.deploy('web:2');
    play.clock.advance(6);
    stop(play, 'ROLLBACK');
    play.until(() => play.rollout.status === 'ROLLBACK_FAILED');
    expect(play.rollout.statusReason).toContain('failed: tasks failed to start.');
    expect(play.service.deployments[0]).toMatchObject({ rolloutState: 'FAILED', status: 'PRIMARY' });
  });

  test('an aborted rollback has failed; what is finished cannot be stopped', () => {
    const play = new Play({ desiredCount: 2 });
    play.deploy('web:2');
    play.until(() => (runningOf(play)['web:1'] ?? 0) < 2);
    stop(play, 'ROLLBACK');
    play.clock.advance(2);
    expect(play.rollout.status).toBe('ROLLBACK_IN_PROGRESS');
    expect(() => stop(play, 'ROLLBACK')).toThrow(expect.objectContaining({ name: 'ConflictException' }));
    stop(play, 'ABORT');
    expect(play.rollout.status).toBe('ROLLBACK_FAILED');
    expect(() => stop(play, 'ABORT')).toThrow(expect.objectContaining({ name: 'ConflictException' }));
  });
});

test('a newer deployment of another client supersedes; the rollback is to the last completed one', () => {
  const play = new Play({ desiredCount: 2, deploymentConfiguration: breaker(true) });
  const [{ id: completed }] = play.service.deployments;
  play.script.image('app:3', { failToStart: NOPE });
  play.deploy('web:2');
  play.script.update(12, { service: 'web', taskDefinition: 'web:3' });
  play.clock.advance(13);
  expect(play.statuses).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
  const brief = play.call('ListServiceDeployments', { service: 'web' }).serviceDeployments[1];
  expect(brief.statusReason).toBe('Replaced by a new service deployment.');
  play.until(() => play.rollout.status === 'ROLLBACK_SUCCESSFUL');
  expect(play.service.deployments).toMatchObject([{ id: completed }]);
});

test('a deployment during a rollback ends that rollback', () => {
  const play = new Play({ desiredCount: 2, deploymentConfiguration: breaker(true) });
  play.script.image('app:2', { failToStart: NOPE });
  play.deploy('web:2');
  play.until(() => play.rollout.status === 'ROLLBACK_IN_PROGRESS');
  play.deploy('web:3');
  expect(play.statuses).toEqual(['IN_PROGRESS', 'ROLLBACK_FAILED', 'SUCCESSFUL']);
  play.until(() => play.rollout.status === 'SUCCESSFUL');
});

test.each([
  ['up', 5],
  ['down', 1],
  ['to nothing', 0],
])('the desired count goes %s during a deployment, and it completes with %i', (_, desiredCount) => {
  const play = new Play({ desiredCount: 3 });
  play.deploy('web:2');
  play.script.update(8, { service: 'web', desiredCount });
  const seconds = play.until(() => play.rollout.status === 'SUCCESSFUL');
  expect(seconds).toBeLessThan(120);
  expect(play.service).toMatchObject({
    desiredCount,
    runningCount: desiredCount,
    deployments: [{ runningCount: desiredCount }],
  });
});

describe('early success', () => {
  const early = (sourceServiceRevisionCleanup: string): Loose => ({
    minimumHealthyPercent: 50,
    maximumPercent: 200,
    earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup },
  });
  const slowSecondHalf = (play: Play): void => {
    play.script.image('app:2', (start) => ({ startSeconds: start < 2 ? 5 : 500 }));
    play.script.image('app:1', { stopSeconds: 60 });
  };

  test('DEFERRED: successful with half of the tasks, the old ones go and the others come afterwards', () => {
    const play = new Play({ desiredCount: 4, deploymentConfiguration: early('DEFERRED') });
    slowSecondHalf(play);
    play.script.kill('web', { count: 4 });
    play.clock.advance(60);
    play.deploy('web:2');
    expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeLessThan(40);
    expect(runningOf(play)['web:2']).toBe(2);
    expect(play.rollout.deploymentConfiguration.earlySuccessCriteria.healthyPercent).toBe(50);
    play.until(() => runningOf(play)['web:2'] === 4);
    expect(play.rollout.status).toBe('SUCCESSFUL');
  });

  test('BLOCKING: the old tasks are gone first', () => {
    const play = new Play({ desiredCount: 4, deploymentConfiguration: early('BLOCKING') });
    slowSecondHalf(play);
    play.script.kill('web', { count: 4 });
    play.clock.advance(60);
    play.deploy('web:2');
    const seconds = play.until(() => play.rollout.status === 'SUCCESSFUL');
    expect(seconds).toBeGreaterThan(70);
    expect(seconds).toBeLessThan(150);
    expect(runningOf(play)).toEqual({ 'web:2': 2 });
  });
});

describe('load balancer', () => {
  test('bad health inside the grace period is shown and not acted upon; at its end it is', () => {
    const play = new Play({ ...balanced, healthCheckGracePeriodSeconds: 120 });
    play.script.image('app:2', { unhealthy: 'target', unhealthySeconds: 20, unhealthyReason: 'Request timed out' });
    play.deploy('web:2');
    const told = play.until(() => play.events.some((event) => event.includes('Request timed out')));
    expect(play.events.at(-1)).toMatch(
      /^\(service web\) \(task [0-9a-f]{32}\) \(port 8080\) is unhealthy in \(target-group arn:[^)]+\) due to \(reason Request timed out\)$/,
    );
    const replaced = play.until(() => play.tasks.length < 2 || play.stopped.length > 0);
    expect(told + replaced).toBeGreaterThanOrEqual(120);
    play.clock.advance(10);
    expect(play.stopped[0]).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: expect.stringMatching(/^Task failed ELB health checks in \(target-group arn:/),
    });
    expect(play.service.deployments[0].failedTasks).toBe(1);
  });

  test('shows its state of each task: first checks, well, unhealthy and why, draining', async () => {
    const play = new Play({ ...balanced, desiredCount: 1, healthCheckGracePeriodSeconds: 600 });
    const targets = createTargets({
      region: REGION,
      requestHandler: play.simulator.wire.requestHandler(),
      credentials: async () => ({ accessKeyId: 'X', secretAccessKey: 'x' }),
      maxAttempts: 1,
      customUserAgent: 'test',
    });
    const states = async (): Promise<(string | undefined)[][]> =>
      (await targets.health(GROUP)).map(({ id, state, reason }) => {
        expect(play.tasks.concat(play.stopped).map(addressOf)).toContain(id);
        return [state, reason];
      });
    expect(await states()).toEqual([['healthy', undefined]]);
    play.script.image('app:2', { unhealthy: 'target', unhealthySeconds: 60, unhealthyReason: 'Request timed out' });
    play.script.image('app:1', { stopSeconds: 300 });
    play.deploy('web:2');
    play.clock.advance(20);
    expect(await states()).toEqual([
      ['healthy', undefined],
      ['initial', 'Elb.InitialHealthChecking'],
    ]);
    play.clock.advance(60);
    expect((await states())[1]).toEqual(['unhealthy', 'Target.Timeout']);
    play.call('StopTask', { task: play.tasks[0].taskArn });
    expect((await states())[0]).toEqual(['draining', 'Target.DeregistrationInProgress']);
    await expect(targets.health(GROUP.replace('/web/', '/other/'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a slow drain shows DEACTIVATING tasks and keeps the deployment in progress', () => {
    const play = new Play({ ...balanced, desiredCount: 2 });
    play.script.image('app:1', { stopSeconds: 300 });
    play.script.kill('web', { count: 2 });
    play.clock.advance(60);
    play.deploy('web:2');
    play.clock.advance(60);
    expect(play.stopped.map(({ lastStatus }: Answer) => lastStatus)).toEqual(
      expect.arrayContaining(['DEACTIVATING', 'DEACTIVATING']),
    );
    expect(play.service.deployments[1]).toMatchObject({ status: 'ACTIVE', desiredCount: 0, runningCount: 2 });
    expect(play.rollout.status).toBe('IN_PROGRESS');
    expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeGreaterThan(200);
    expect(play.events.join('\n')).toMatch(
      /registered 2 targets in .*\n.*taskSet ecs-svc\/\d+\) has begun draining connections on 1 tasks/s,
    );
  });

  test('protected tasks stay until their protection ends', () => {
    const play = new Play({ desiredCount: 2 });
    play.script.image('app:1', { protectSeconds: 900 });
    play.script.kill('web', { count: 2 });
    play.clock.advance(30);
    play.deploy('web:2');
    play.clock.advance(300);
    expect(runningOf(play)).toEqual({ 'web:1': 2, 'web:2': 2 });
    expect(play.events.at(-1)).toMatch(
      /taskSet ecs-svc\/\d+\) was unable to scale in due to \(reason 2 tasks under protection\)$/,
    );
    expect(play.until(() => play.rollout.status === 'SUCCESSFUL')).toBeGreaterThan(500);
  });
});

test('a Spot interruption is replaced and counts as no failure', () => {
  const play = new Play({ desiredCount: 2, deploymentConfiguration: breaker(true) });
  play.script.image('app:2', (start) =>
    start < 6
      ? {
          exit: {
            afterSeconds: 1,
            code: 137,
            stopCode: 'SpotInterruption',
            stoppedReason: 'Your Spot Task was interrupted.',
          },
        }
      : {},
  );
  play.deploy('web:2');
  play.until(() => play.rollout.status === 'SUCCESSFUL');
  expect(play.stopped.filter(({ stopCode }) => stopCode === 'SpotInterruption')).toHaveLength(6);
  expect(play.rollout.deploymentCircuitBreaker.failureCount).toBe(0);
});

test('stopped tasks are forgotten after an hour, events beyond a hundred, and repetitions for six hours', () => {
  const play = new Play();
  play.script.image('app:2', { failToStart: NOPE });
  play.deploy('web:2');
  play.clock.advance(5000);
  const ages = play.stopped.map(({ stoppedAt }: Answer) => play.clock.now() - stoppedAt);
  expect(Math.max(...ages)).toBeLessThan(3600);
  const placing = (): number => play.events.filter((event) => event.includes('unable to place')).length;
  expect(placing()).toBe(1);
  play.clock.advance(6 * 3600);
  expect(placing()).toBe(2);
  play.script.image('app:2', { exit: { afterSeconds: 0.5, code: 1 } });
  play.clock.advance(5000);
  expect(play.events).toHaveLength(100);
});

test('reads lag behind writes where that is switched on; the answer of the write does not', () => {
  const play = new Play();
  play.simulator.consistency.staleSeconds = 5;
  const [{ id }] = play.deploy('web:2').deployments;
  expect(play.service.deployments.map((one: Answer) => one.id)).not.toContain(id);
  expect(play.statuses).toEqual(['SUCCESSFUL']);
  play.clock.advance(5);
  expect(play.service.deployments[0].id).toBe(id);
  expect(play.statuses).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
});

test.each(['BLUE_GREEN', 'CANARY', 'LINEAR'])(
  '%s of CreateService: a second deployment during the first one keeps what serves until the traffic has shifted',
  (strategy) => {
    const play = new Play({
      desiredCount: 2,
      ...balanced,
      deploymentConfiguration: { strategy, bakeTimeInMinutes: 30 },
    });
    // Its first deployment is in its bake time yet.
    expect(play.statuses).toEqual(['IN_PROGRESS']);
    play.deploy('web:2');
    play.until(() => play.rollout.lifecycleStage === 'BAKE_TIME');
    play.clock.advance(60);
    const counts = (): unknown => play.service.deployments.map(({ runningCount }: Answer) => runningCount);
    expect([play.rollout.lifecycleStage, counts()]).toEqual(['BAKE_TIME', [2, 2]]);
    play.until(() => play.rollout.status === 'SUCCESSFUL');
    expect(counts()).toEqual([2]);
  },
);
