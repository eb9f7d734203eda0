import fc from 'fast-check';
import type { Behaviour } from '../../simulator/model-runtime.ts';
import { active, running, type SimService } from '../../simulator/state.ts';
import { type Answer, balanced, type Loose, Play } from './world.ts';

const TERMINAL = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

interface Rollout {
  readonly desiredCount: number;
  readonly min: number;
  readonly max: number;
  readonly withTargets: boolean;
  readonly breaker: { readonly enable: boolean; readonly rollback: boolean };
}
const rollouts: fc.Arbitrary<Rollout> = fc
  .record({
    desiredCount: fc.integer({ min: 0, max: 12 }),
    min: fc.constantFrom(0, 25, 34, 50, 66, 75, 99, 100),
    max: fc.constantFrom(100, 101, 110, 125, 134, 150, 200, 300),
    withTargets: fc.boolean(),
    breaker: fc.constantFrom(
      { enable: false, rollback: false },
      { enable: true, rollback: false },
      { enable: true, rollback: true },
    ),
  })
  .filter(({ min, max }) => !(min === 100 && max === 100));

/** Slow or failing at first, and well for ever once it is healthy. */
const calm: fc.Arbitrary<Behaviour> = fc.record({
  startSeconds: fc.integer({ min: 1, max: 40 }),
  healthySeconds: fc.integer({ min: 0, max: 20 }),
  stopSeconds: fc.integer({ min: 0, max: 60 }),
});
const failing: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({
    failToStart: fc.constant('CannotPullContainerError: nope'),
    startSeconds: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    exit: fc.record({ afterSeconds: fc.integer({ min: 0, max: 4 }), code: fc.constant(1) }),
    startSeconds: fc.integer({ min: 1, max: 20 }),
    // Not before it ends.
    healthySeconds: fc.constant(5),
  }),
  fc.record({ unhealthy: fc.constant('target' as const), unhealthySeconds: fc.integer({ min: 1, max: 30 }) }),
);
const dying: fc.Arbitrary<Behaviour> = fc.record({
  exit: fc.record({ afterSeconds: fc.integer({ min: 10, max: 400 }), code: fc.constantFrom(0, 1, 137) }),
});

type Doing =
  | { readonly kind: 'deploy'; readonly to: 'web:2' | 'web:3' }
  | { readonly kind: 'scale'; readonly desiredCount: number }
  | { readonly kind: 'stop'; readonly stopType: 'ROLLBACK' | 'ABORT' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'alarm' };
const doings = (kinds: readonly Doing['kind'][]): fc.Arbitrary<{ readonly at: number; readonly doing: Doing }[]> =>
  fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 300 }),
      doing: fc
        .oneof(
          fc.record({ kind: fc.constant('deploy' as const), to: fc.constantFrom('web:2' as const, 'web:3' as const) }),
          fc.record({ kind: fc.constant('scale' as const), desiredCount: fc.integer({ min: 0, max: 14 }) }),
          fc.record({
            kind: fc.constant('stop' as const),
            stopType: fc.constantFrom('ROLLBACK' as const, 'ABORT' as const),
          }),
          fc.record({ kind: fc.constant('kill' as const) }),
          fc.record({ kind: fc.constant('alarm' as const) }),
        )
        .filter(({ kind }) => kinds.includes(kind)),
    }),
    { maxLength: 4 },
  );

function playOf({ desiredCount, min, max, withTargets, breaker }: Rollout, more: Loose = {}): Play {
  return new Play({
    desiredCount,
    ...(withTargets ? balanced : {}),
    deploymentConfiguration: {
      minimumHealthyPercent: min,
      maximumPercent: max,
      deploymentCircuitBreaker: breaker,
      alarms: { alarmNames: ['5xx'], enable: true, rollback: true },
      bakeTimeInMinutes: 1,
      ...more,
    },
  });
}

function happen(play: Play, plan: readonly { readonly at: number; readonly doing: Doing }[]): void {
  for (const { at, doing } of plan) {
    play.script.at(at, () => {
      switch (doing.kind) {
        case 'deploy':
          return void play.deploy(doing.to);
        case 'scale':
          return void play.call('UpdateService', { service: 'web', desiredCount: doing.desiredCount });
        case 'kill':
          return void play.script.kill('web');
        case 'alarm':
          return void play.script.alarm('5xx', 'ALARM').alarm('5xx', 'OK', 5);
        case 'stop': {
          const { serviceDeploymentArn, status } = play.rollout;
          if (status !== 'IN_PROGRESS') return;
          return void play.call('StopServiceDeployment', { serviceDeploymentArn, stopType: doing.stopType });
        }
      }
    });
  }
}

const bounds = ({ min, max, desiredCount }: Rollout): { lo: number; hi: number } => ({
  lo: Math.ceil((desiredCount * min) / 100),
  hi: Math.floor((desiredCount * max) / 100),
});
const healthyOf = (play: Play): number => [...play.script.truth('web').healthy.values()].reduce((sum, n) => sum + n, 0);
const settings = (numRuns: number): fc.Parameters<unknown> => ({ numRuns, seed: 20_261_121 });

test('never fewer healthy tasks than lo nor more tasks than hi, whatever is deployed, stopped or rolled back', () => {
  fc.assert(
    fc.property(
      rollouts,
      fc.array(fc.oneof(calm, failing), { minLength: 1, maxLength: 6 }),
      calm,
      doings(['deploy', 'stop', 'alarm']),
      (rollout, behaviours, at_last, plan) => {
        const play = playOf(rollout);
        const { lo, hi } = bounds(rollout);
        play.script
          .image('app:2', (start) => behaviours[start] ?? at_last)
          .image('app:3', (start) => behaviours[start] ?? at_last);
        happen(play, plan);
        play.deploy('web:2');
        const service = play.script.service('web');
        for (let second = 0; second < 900; second++) {
          play.clock.advance(1);
          expect(healthyOf(play)).toBeGreaterThanOrEqual(Math.min(lo, rollout.desiredCount));
          expect(active(service).length).toBeLessThanOrEqual(Math.max(hi, rollout.desiredCount));
        }
      },
    ),
    settings(150),
  );
});

test('finishes when it can: not stuck, and failing for a while only; stuck ones never move', () => {
  fc.assert(
    fc.property(rollouts, fc.array(failing, { maxLength: 4 }), calm, (rollout, failures, at_last) => {
      const play = playOf({ ...rollout, breaker: { enable: false, rollback: false } });
      const { lo, hi } = bounds(rollout);
      const stuck = rollout.desiredCount > 0 && lo >= rollout.desiredCount && hi <= rollout.desiredCount;
      play.script.image('app:2', (start) => failures[start] ?? at_last);
      play.deploy('web:2');
      play.clock.advance(7200);
      expect(play.rollout.status).toBe(stuck ? 'IN_PROGRESS' : 'SUCCESSFUL');
      const { healthy, deploymentId, others } = play.script.truth('web');
      expect(healthy.get(deploymentId) ?? 0).toBe(stuck ? 0 : rollout.desiredCount);
      expect(others).toBe(stuck ? rollout.desiredCount : 0);
    }),
    settings(200),
  );
});

/** What holds at every moment, whatever happens. */
function sane(play: Play, service: SimService, ended: Map<string, string>): void {
  const { deployments, runningCount, pendingCount } = play.service;
  expect(deployments.filter(({ status }: Answer) => status === 'PRIMARY')).toHaveLength(1);
  expect(deployments[0].status).toBe('PRIMARY');
  const sum = (key: string): number => deployments.reduce((total: number, one: Answer) => total + one[key], 0);
  expect([sum('runningCount'), sum('pendingCount')]).toEqual([runningCount, pendingCount]);
  const ids = new Set(deployments.map(({ id }: Answer) => id));
  expect(ids.size).toBe(deployments.length);
  for (const { deploymentId } of running(service)) expect(ids).toContain(deploymentId);
  for (const { id, status, target, rollback, finishedAt } of service.serviceDeployments) {
    if (ended.has(id)) expect(status).toBe(ended.get(id));
    expect(TERMINAL.includes(status)).toBe(finishedAt !== undefined);
    if (!TERMINAL.includes(status)) expect(service.current?.id).toBe(id);
    else ended.set(id, status);
    if (rollback) {
      // Back to an older deployment, by its own id, that was complete once.
      expect(rollback.to.createdAt).toBeLessThan(target.createdAt);
      const first = service.serviceDeployments.find((one) => one.target === rollback.to);
      expect(first?.status).toBe('SUCCESSFUL');
    }
  }
  if (service.current === undefined && deployments[0].rolloutState === 'COMPLETED') {
    expect(service.lastCompleted?.id).toBe(deployments[0].id);
  }
}

test('counts, ids and statuses agree at every moment of the wildest days', () => {
  fc.assert(
    fc.property(
      rollouts,
      fc.array(fc.oneof(calm, failing, dying), { minLength: 1, maxLength: 8 }),
      fc.oneof(calm, failing, dying),
      doings(['deploy', 'stop', 'alarm', 'scale', 'kill']),
      (rollout, behaviours, at_last, plan) => {
        const play = playOf(rollout);
        play.script
          .image('app:2', (start) => behaviours[start] ?? at_last)
          .image('app:3', (start) => behaviours[start] ?? {});
        happen(play, plan);
        play.deploy('web:2');
        const service = play.script.service('web');
        const ended = new Map<string, string>();
        let most = active(service).length;
        for (let second = 0; second < 600; second += 2) {
          play.clock.advance(2);
          sane(play, service, ended);
          // Whatever happens, it never grows beyond hi.
          const hi = Math.floor((service.desiredCount * rollout.max) / 100);
          const now = active(service).length;
          if (now > most) expect(now).toBeLessThanOrEqual(Math.max(hi, service.desiredCount, 1));
          most = now;
        }
      },
    ),
    settings(150),
  );
});

test('a success is never told unless the world runs the new revision whole', () => {
  fc.assert(
    fc.property(
      rollouts,
      fc.array(fc.oneof(calm, failing, dying), { minLength: 1, maxLength: 6 }),
      (rollout, behaviours) => {
        const play = playOf(rollout, { bakeTimeInMinutes: 0 });
        play.script.image('app:2', (start) => behaviours[start % behaviours.length] ?? {});
        const [{ id }] = play.deploy('web:2').deployments;
        for (let second = 0; second < 1200; second++) {
          play.clock.advance(1);
          const { status } = play.rollout;
          if (status !== 'SUCCESSFUL') continue;
          const { healthy, others, deploymentId } = play.script.truth('web');
          expect({ deploymentId, others }).toEqual({ deploymentId: id, others: 0 });
          // One may have died within this very second.
          expect(healthy.get(id) ?? 0).toBeGreaterThanOrEqual(rollout.desiredCount - 1);
          return;
        }
      },
    ),
    settings(150),
  );
});
