import type { DaemonDeployment } from '../../src/model.ts';
import { changedConfiguration, daemonLine, judgeDaemon } from '../../src/service/daemon.ts';

const deployment = (given: Partial<DaemonDeployment>): DaemonDeployment => ({
  arn: 'arn:aws:ecs:eu-west-1:123456789012:daemon-deployment/default/agent/1',
  status: 'IN_PROGRESS',
  sources: [],
  triggeredAlarms: [],
  configuration: {},
  ...given,
});
const count = (running: number, without = 0) => ({ arn: 'revision', running, without, draining: 0 });

test.each<[Partial<DaemonDeployment>, object]>([
  [{ status: 'PENDING' }, { kind: 'going' }],
  [{ status: 'IN_PROGRESS' }, { kind: 'going' }],
  [{ status: 'STOP_REQUESTED' }, { kind: 'going' }],
  // One that ECS adds later is not taken for a success.
  [{ status: 'BAKING' }, { kind: 'going' }],
  [{ status: '' }, { kind: 'going' }],
  [
    { status: 'SUCCESSFUL', target: count(3, 1) },
    { kind: 'succeeded', running: 3, without: 1 },
  ],
  [{ status: 'SUCCESSFUL' }, { kind: 'succeeded', running: 0, without: 0 }],
  [
    { status: 'SUCCESSFUL', target: count(0, 2) },
    { kind: 'failed', reason: 'It runs on none of 2 instances: its tasks did not start.' },
  ],
  [
    { status: 'ROLLBACK_IN_PROGRESS', reason: 'words' },
    { kind: 'rolling-back', reason: 'words.' },
  ],
  [
    { status: 'ROLLBACK_SUCCESSFUL', rollback: { reason: 'because' } },
    { kind: 'rolled-back', reason: 'because.' },
  ],
  [
    { status: 'ROLLBACK_FAILED', triggeredAlarms: ['a', 'b'] },
    { kind: 'failed', reason: 'The alarm a, b was triggered. ECS could not roll back.' },
  ],
  [
    { status: 'STOPPED', breaker: { failures: 3, threshold: 3 } },
    { kind: 'failed', reason: '3 daemon tasks failed.' },
  ],
  [{ status: 'STOPPED' }, { kind: 'failed', reason: 'ECS gave no reason.' }],
])('%j', (given, verdict) => {
  expect(judgeDaemon(deployment(given))).toEqual(verdict);
});

test.each<[object, object, object | undefined]>([
  [{}, { drainPercent: 25 }, undefined],
  [{ drainPercent: 25 }, { drainPercent: 25, bakeTimeInMinutes: 0 }, undefined],
  [{ drainPercent: 50 }, { drainPercent: 25 }, { drainPercent: 50 }],
  [{ bakeTimeInMinutes: 1 }, {}, { bakeTimeInMinutes: 1 }],
  // Neither order says anything.
  [
    { alarms: { alarmNames: ['a', 'b'], enable: true } },
    { alarms: { enable: true, alarmNames: ['b', 'a'] } },
    undefined,
  ],
  [
    { alarms: { alarmNames: [], enable: false } },
    { alarms: { enable: true, alarmNames: ['a'] } },
    { alarms: { alarmNames: [], enable: false } },
  ],
])('of %j the last deployment with %j lacks %j', (wanted, configuration, lacks) => {
  expect(changedConfiguration(wanted as never, { configuration: configuration as never })).toEqual(lacks);
});

test('one poll in one line', () => {
  const line = daemonLine(
    'agent:2',
    deployment({
      target: count(1, 1),
      sources: [{ ...count(2), draining: 1 }],
      breaker: { failures: 1, threshold: 3 },
    }),
  );
  expect(line).toBe(
    'agent:2 on 1 instance, 1 instance without it, the revision before on 2, 1 draining (IN_PROGRESS); 1 of 3 failures',
  );
});
