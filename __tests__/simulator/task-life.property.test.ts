import fc from 'fast-check';
import type { Behaviour } from '../../simulator/runtime/model.ts';
import { type Answer, balanced, fargate, type Loose, onInstances, Play } from './world.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
const ORDER = [
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
  'RUNNING',
  'DEACTIVATING',
  'STOPPING',
  'DEPROVISIONING',
  'STOPPED',
];
const PENDING = ['PROVISIONING', 'PENDING', 'ACTIVATING'];
const RUNNING = ['RUNNING', 'DEACTIVATING'];

const behaviours: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({ startSeconds: fc.integer({ min: 0, max: 20 }), stopSeconds: fc.integer({ min: 0, max: 30 }) }),
  fc.record({
    startSeconds: fc.integer({ min: 1, max: 20 }),
    failToStart: fc.constant('CannotPullContainerError: no'),
  }),
  fc.record({ exit: fc.record({ afterSeconds: fc.integer({ min: 0, max: 60 }), code: fc.constantFrom(0, 1, 137) }) }),
  fc.record({ unhealthy: fc.constant('target' as const), unhealthySeconds: fc.integer({ min: 1, max: 40 }) }),
);
type Happening = { readonly at: number; readonly what: 'deploy' | 'scale' | 'kill' | 'stop a task' | 'run a task' };
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({
    at: fc.integer({ min: 1, max: 150 }),
    what: fc.constantFrom(
      'deploy' as const,
      'scale' as const,
      'kill' as const,
      'stop a task' as const,
      'run a task' as const,
    ),
  }),
  { maxLength: 5 },
);

/** Every task that the API shows, page by page. */
function allTasks(play: Play, more: Loose = {}): Answer[] {
  const list = (desiredStatus: string): string[] => {
    const arns: string[] = [];
    let token: Loose = {};
    do {
      const { taskArns, nextToken } = play.call('ListTasks', { desiredStatus, ...more, ...token });
      arns.push(...taskArns);
      token = nextToken === undefined ? {} : { nextToken };
    } while ('nextToken' in token);
    return arns;
  };
  const arns = [...list('RUNNING'), ...list('STOPPED')];
  const pages = Array.from({ length: Math.ceil(arns.length / 100) }, (_, i) => arns.slice(i * 100, i * 100 + 100));
  return pages.flatMap((tasks) => play.call('DescribeTasks', { tasks }).tasks);
}

const count = (tasks: readonly Answer[], statuses: readonly string[]): number =>
  tasks.filter(
    ({ lastStatus, executionStoppedAt }) =>
      statuses.includes(lastStatus) && !(lastStatus === 'DEACTIVATING' && executionStoppedAt !== undefined),
  ).length;

/** What the views of this moment say differently from each other. */
function contradictions(play: Play): string[] {
  const found: string[] = [];
  const same = (claim: string, one: unknown, other: unknown): void => {
    if (one !== other) found.push(`${claim}: ${String(one)}, but ${String(other)}`);
  };
  const { service } = play;
  const tasks = allTasks(play);
  const own = tasks.filter(({ group }) => group === 'service:web');
  same('runningCount of the service', service.runningCount, count(own, RUNNING));
  same('pendingCount of the service', service.pendingCount, count(own, PENDING));
  same('tasks of the service', allTasks(play, { serviceName: 'web' }).length, own.length);
  for (const { id, runningCount, pendingCount, desiredCount, status } of service.deployments) {
    const ours = own.filter(({ startedBy }) => startedBy === id);
    same(`runningCount of ${id}`, runningCount, count(ours, RUNNING));
    same(`pendingCount of ${id}`, pendingCount, count(ours, PENDING));
    const wanted = ours.filter(({ desiredStatus }) => desiredStatus === 'RUNNING').length;
    same(`desiredCount of ${id}`, desiredCount, status === 'PRIMARY' ? service.desiredCount : wanted);
  }
  for (const [i, { runningTaskCount, pendingTaskCount }] of service.currentServiceRevisions.entries()) {
    same(`running tasks of revision ${i}`, runningTaskCount, service.deployments[i].runningCount);
    same(`pending tasks of revision ${i}`, pendingTaskCount, service.deployments[i].pendingCount);
  }
  const [cluster] = play.call('DescribeClusters', {}).clusters;
  same('running tasks of the cluster', cluster.runningTasksCount, count(tasks, RUNNING));
  same('pending tasks of the cluster', cluster.pendingTasksCount, count(tasks, PENDING));
  for (const task of tasks) found.push(...oddities(task));
  return found;
}

/** What a task says of itself that does not fit together. */
function oddities(task: Answer): string[] {
  const { lastStatus, desiredStatus, startedAt, stoppingAt, stoppedAt, stopCode, stoppedReason, attachments } = task;
  const crashed = lastStatus === 'DEACTIVATING' && task.executionStoppedAt !== undefined;
  const over = crashed || lastStatus === 'DEPROVISIONING' || lastStatus === 'STOPPED';
  const leaving = ORDER.indexOf(lastStatus) > ORDER.indexOf('RUNNING');
  const states = new Set(task.containers.map((one: Answer) => one.lastStatus));
  const times = [task.createdAt, task.pullStartedAt, task.pullStoppedAt, startedAt, stoppingAt, stoppedAt].filter(
    (time) => time !== undefined,
  );
  const claims: Record<string, boolean> = {
    'what leaves is to stop': !leaving || desiredStatus === 'STOPPED',
    'what is to stop leaves': desiredStatus === 'RUNNING' || leaving,
    'it says since when and why it leaves': leaving === (stoppingAt !== undefined && stopCode !== undefined),
    'and in words': leaving === (stoppedReason !== undefined),
    'it has a time of its end with its end': (lastStatus === 'STOPPED') === (stoppedAt !== undefined),
    'what runs was started': lastStatus !== 'RUNNING' || startedAt !== undefined,
    'instants follow each other': times.every((time, i) => i === 0 || time >= times[i - 1]),
    'containers have ended with the task, and not before':
      states.has('STOPPED') === over && (!over || states.size === 1),
    'containers run while the task does': lastStatus !== 'RUNNING' || (states.size === 1 && states.has('RUNNING')),
    'only a task with an interface of its own is DEPROVISIONING':
      lastStatus !== 'DEPROVISIONING' || attachments.length > 0,
    'the interface is gone with the task': attachments.every(
      (one: Answer) => (one.status === 'DELETED') === (lastStatus === 'STOPPED'),
    ),
  };
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [`${claim} (${JSON.stringify(task)})`]));
}

test.each<[string, (image: string) => Loose, Loose]>([
  ['Fargate', fargate, {}],
  ['Fargate behind a load balancer', fargate, balanced],
  ['instances, bridge', onInstances, {}],
])('%s: the views agree at every moment, and tasks go through their states in order', (_, definition, settings) => {
  fc.assert(
    fc.property(
      fc.array(behaviours, { minLength: 1, maxLength: 6 }),
      happenings,
      fc.boolean(),
      (some, plan, rollback) => {
        const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback } };
        const play = new Play({ desiredCount: 3, deploymentConfiguration, ...settings }, { definition });
        play.script.image('app:2', (start) => some[start % some.length] ?? {}).image('app:3', some[0] ?? {});
        for (const { at, what } of plan) play.script.at(at, () => act(play, what));
        play.deploy('web:2');
        const before = new Map<string, number>();
        for (let tick = 0; tick < 400; tick++) {
          play.clock.advance(0.5);
          const found = contradictions(play);
          for (const { taskArn, lastStatus } of allTasks(play)) {
            const now = ORDER.indexOf(lastStatus);
            if (now < (before.get(taskArn) ?? 0))
              found.push(`${taskArn} is ${lastStatus} after ${ORDER[before.get(taskArn) ?? 0]}`);
            before.set(taskArn, now);
          }
          if (found.length > 0) throw new Error(`After ${tick / 2} s: ${found.join('\n')}`);
        }
      },
    ),
    { numRuns: 15, seed: 20_261_126 },
  );
});

function act(play: Play, what: Happening['what']): void {
  switch (what) {
    case 'deploy':
      return void play.deploy('web:3');
    case 'scale':
      return void play.call('UpdateService', { service: 'web', desiredCount: 5 });
    case 'kill':
      return void play.script.kill('web');
    case 'stop a task': {
      const [task] = play.tasks;
      return void (task && play.call('StopTask', { task: task.taskArn }));
    }
    case 'run a task': {
      const { networkConfiguration } = play.service;
      return void play.call('RunTask', {
        taskDefinition: 'web:2',
        ...(networkConfiguration ? { networkConfiguration } : {}),
      });
    }
  }
}

/** The states that the newest task of a family goes through, each once. */
function statesOf(play: Play, seconds: number, of: (tasks: readonly Answer[]) => Answer | undefined): string[] {
  const seen: string[] = [];
  for (let tick = 0; tick < seconds * 4; tick++) {
    const status = of(allTasks(play))?.lastStatus;
    if (status !== undefined && seen.at(-1) !== status) seen.push(status);
    play.clock.advance(0.25);
  }
  return seen;
}

test('a task behind a load balancer goes through all states', () => {
  const play = new Play({ ...balanced, desiredCount: 1 });
  const [{ taskArn }] = play.tasks;
  play.deploy('web:2');
  const newest = statesOf(play, 12, (tasks) => tasks.find((task) => task.taskDefinitionArn.endsWith('web:2')));
  const oldest = statesOf(play, 60, (tasks) => tasks.find((task) => task.taskArn === taskArn));
  expect([...newest, ...oldest.slice(oldest[0] === 'RUNNING' ? 1 : 0)]).toEqual(ORDER);
});

test('RunTask answers PROVISIONING where the task has an interface of its own, and the task vanishes an hour after its end', () => {
  const play = new Play();
  play.script.image('app:2', { exit: { afterSeconds: 5, code: 0 } });
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const [task] = play.call('RunTask', { taskDefinition: 'web:2', launchType: 'FARGATE', networkConfiguration }).tasks;
  expect(task).toMatchObject({
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    containers: [{ lastStatus: 'PENDING' }],
  });
  expect(task.attachments).toMatchObject([{ type: 'ElasticNetworkInterface', status: 'PRECREATED' }]);
  const { taskArn } = task;
  const states = statesOf(play, 30, (tasks) => tasks.find((one) => one.taskArn === taskArn));
  expect(states).toEqual(['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'DEPROVISIONING', 'STOPPED']);
  const look = (): Answer => play.call('DescribeTasks', { tasks: [taskArn] });
  const [{ stoppedAt }] = look().tasks;
  play.clock.advance(stoppedAt + 3599 - play.clock.now());
  expect(look().tasks).toMatchObject([{ lastStatus: 'STOPPED', containers: [{ lastStatus: 'STOPPED', exitCode: 0 }] }]);
  play.clock.advance(2);
  expect(look()).toEqual({ tasks: [], failures: [{ arn: taskArn, reason: 'MISSING' }] });
});

test('in bridge mode there is no interface to wait for', () => {
  const play = new Play({}, { definition: onInstances });
  play.script.image('app:2', { exit: { afterSeconds: 5, code: 0 } });
  const [{ taskArn, lastStatus }] = play.call('RunTask', { taskDefinition: 'web:2' }).tasks;
  expect(lastStatus).toBe('PENDING');
  const states = statesOf(play, 30, (tasks) => tasks.find((one) => one.taskArn === taskArn));
  expect(states).toEqual(['PENDING', 'ACTIVATING', 'RUNNING', 'STOPPED']);
});
