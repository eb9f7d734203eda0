import type { DeploymentState, ServiceState } from '../../src/model.ts';
import { beganAt, isOf, losesTasks, primaryOf, provenRevision, replacedBy } from '../../src/service/deployment.ts';
import { service as made, ours } from '../report/made.ts';

const arn = (n: number): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${n}`;
/** The deployment `ecs-svc/n` of web:n, made at n. */
const of = (n: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  ours({ id: `ecs-svc/${n}`, taskDefinitionArn: arn(n), createdAt: n, status: 'ACTIVE', ...more });
const done = (n: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  of(n, { rolloutState: 'COMPLETED', runningCount: 2, ...more });
const PRIMARY = { status: 'PRIMARY' } as const;

test('a deployment is timed by the clock of ECS, where that is known', () => {
  expect(beganAt({ createdAt: 5, startedAt: 9 })).toBe(5);
  expect(beganAt({ startedAt: 9 })).toBe(9);
});

test('the PRIMARY deployment is where the service is going, wherever it stands in the list', () => {
  expect(primaryOf({ deployments: [of(1), of(2, PRIMARY)] })?.id).toBe('ecs-svc/2');
  expect(primaryOf({ deployments: [of(1)] })).toBeUndefined();
});

test.each<[string, DeploymentState[], string | undefined]>([
  ['there is no other', [], undefined],
  ['another deployment of the same revision', [of(8, { taskDefinitionArn: arn(9) })], undefined],
  ['the completed one', [of(7), done(3), of(8)], 'ecs-svc/3'],
  ['the newest of two completed ones', [done(3), done(7)], 'ecs-svc/7'],
  ['the newest, where none is complete', [of(3), of(7), of(5)], 'ecs-svc/7'],
])('what a deployment replaces: %s', (_, others, id) => {
  const newest = of(9, PRIMARY);
  expect(replacedBy(newest, made([newest, ...others]))?.id).toBe(id);
  expect(replacedBy(newest, made([...others, newest]))?.id).toBe(id);
});

type Service = Pick<ServiceState, 'deployments' | 'events' | 'createdAt'>;
const started = { id: 'e', at: 0, message: '', taskIds: [], kind: 'tasks-started', count: 1 } as const;
const steady = { id: 'e', at: 0, message: '', taskIds: [], kind: 'steady' } as const;

test.each<[string, DeploymentState[], Partial<Service>, number | undefined]>([
  ['nothing, where there is nothing', [], {}, undefined],
  ['nothing that ECS has not completed', [of(2, PRIMARY), of(1, { rolloutState: 'FAILED' })], {}, undefined],
  ['the completed one beside the newest', [of(2, PRIMARY), done(1)], {}, 1],
  ['the PRIMARY one, when it is complete', [done(2, PRIMARY), done(1)], {}, 2],
  ['PRIMARY before newer', [done(3), done(2, PRIMARY)], {}, 2],
  ['one that runs tasks before the PRIMARY one without', [done(2, { ...PRIMARY, runningCount: 0 }), done(1)], {}, 1],
  ['one without tasks, where there is no other', [done(1, { runningCount: 0 })], {}, 1],
  ['the newest of two', [done(1), done(2)], {}, 2],
  ['what ECS rolls back to right now', [of(2, { rolloutState: 'FAILED' }), of(1, PRIMARY)], {}, 1],
  [
    'not what fails while ECS rolls back to it',
    [of(2, { rolloutState: 'FAILED' }), of(1, { ...PRIMARY, failedTasks: 1 })],
    {},
    undefined,
  ],
  ['not what is not PRIMARY', [of(2, { rolloutState: 'FAILED' }), of(1)], {}, undefined],
  ['not what has failed', [of(2), of(1, { ...PRIMARY, rolloutState: 'FAILED' })], {}, undefined],
  [
    'not a placeholder: the service was made with it, and it never started a task',
    [done(5, { runningCount: 0 })],
    { createdAt: 0, events: [steady] },
    undefined,
  ],
  ['one that was deployed later', [done(6, { runningCount: 0 })], { createdAt: 0 }, 6],
  ['one that has started tasks', [done(5, { runningCount: 0 })], { createdAt: 0, events: [steady, started] }, 5],
  ['one that runs tasks', [done(5, { runningCount: 1 })], { createdAt: 0 }, 5],
  ['one of a service whose age is not known', [done(5, { runningCount: 0 })], {}, 5],
])('what is known to have run well: %s', (_, deployments, more, n) => {
  const service: Service = { deployments, events: [], ...more };
  expect(provenRevision(service)).toBe(n === undefined ? undefined : arn(n));
  expect(provenRevision({ ...service, deployments: deployments.toReversed() })).toBe(
    n === undefined ? undefined : arn(n),
  );
});

const begun = (at: number, count: number, more: object = {}) => ({ ...started, at, count, ...more });
const restored = { ...steady, kind: 'rolling-back', to: 'ecs-svc/1', at: 9 } as const;
const newer = of(3, { rolloutState: 'FAILED' });

test.each<[string, Partial<DeploymentState>, DeploymentState[], ServiceState['events'], boolean]>([
  ['nothing has happened', {}, [], [], false],
  ['ECS counts failures', { failedTasks: 1 }, [], [], true],
  ['as many were started as are wanted', {}, [], [begun(2, 1), begun(3, 1)], false],
  ['one more was started: one ran and exited', {}, [], [begun(2, 2), begun(3, 1)], true],
  ['the others were started before it', {}, [], [begun(0, 2), begun(2, 2)], false],
  ['one was started for a zone', {}, [], [begun(2, 2), begun(3, 1, { rebalancing: true })], false],
  [
    'more run than are wanted any more',
    { desiredCount: 1, runningCount: 1, pendingCount: 1 },
    [],
    [begun(2, 2)],
    false,
  ],
  ['it is restored, and had started others before', {}, [newer], [begun(2, 2), restored, begun(10, 2)], false],
  ['it is restored, in vain', {}, [newer], [restored, begun(10, 2), begun(12, 1)], true],
  ['it is restored, and since when is not known', {}, [newer], [begun(2, 2), begun(10, 2)], false],
])('a deployment loses tasks: %s', (_, more, others, events, expected) => {
  const one = of(1, { ...PRIMARY, desiredCount: 2, ...more });
  expect(losesTasks(one, { deployments: [one, ...others], events })).toBe(expected);
});

test.each([
  ['arn:aws:ecs:eu-west-1:1:service-revision/shop/web/42', true],
  ['arn:aws:ecs:eu-west-1:1:service-revision/shop/web/142', false],
  ['arn:aws:ecs:eu-west-1:1:service-revision/shop/web/43', false],
])('the service deployment that brings %s is of ecs-svc/42: %s', (targetServiceRevisionArn, expected) => {
  expect(isOf({ targetServiceRevisionArn }, { id: 'ecs-svc/42' })).toBe(expected);
});

test('a service deployment that names no revision is of none', () => {
  expect(isOf({}, { id: 'ecs-svc/42' })).toBe(false);
});
