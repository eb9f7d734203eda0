import fc from 'fast-check';
import { active, running, type SimService } from '../../simulator/ecs/state.ts';
import type { Behaviour } from '../../simulator/runtime/model.ts';
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
const healthyOf = ({ simulator, script }: Play): number =>
  active(script.service('web')).filter((task) => simulator.health.isHealthy(task)).length;
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
        for (let second = 0; second < 600; second++) {
          play.clock.advance(1);
          const healthy = healthyOf(play);
          const now = active(service).length;
          if (healthy >= lo && now <= Math.max(hi, rollout.desiredCount)) continue;
          throw new Error(
            `After ${second} s ${healthy} of at least ${lo} are healthy, ${now} of at most ${hi} are there.`,
          );
        }
      },
    ),
    settings(300),
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
    settings(300),
  );
});

/** What does not hold at this moment, though it should at every one. `ended` remembers how deployments ended. */
function oddities(play: Play, service: SimService, ended: Map<string, string>): string[] {
  const odd: string[] = [];
  const hold = (claim: string, holds: boolean): void => void (holds || odd.push(claim));
  const { deployments, runningCount, pendingCount } = play.service;
  const [first, ...others] = deployments;
  const sum = (key: string): number => deployments.reduce((total: number, one: Answer) => total + one[key], 0);
  const ids = new Set(deployments.map(({ id }: Answer) => id));
  hold('the first deployment is PRIMARY', first.status === 'PRIMARY');
  hold(
    'no other is',
    others.every(({ status }: Answer) => status === 'ACTIVE'),
  );
  hold('running counts add up', sum('runningCount') === runningCount);
  hold('pending counts add up', sum('pendingCount') === pendingCount);
  hold('deployments have ids of their own', ids.size === deployments.length);
  hold(
    'no task is of a deployment that is not shown',
    running(service).every(({ deploymentId }) => ids.has(deploymentId)),
  );
  for (const { id, status, target, rollback, finishedAt } of service.serviceDeployments) {
    const terminal = TERMINAL.includes(status);
    hold('an end is final', !ended.has(id) || ended.get(id) === status);
    hold('what has ended is finished', terminal === (finishedAt !== undefined));
    hold('what goes on is the current one', terminal !== (service.current?.id === id));
    if (terminal) ended.set(id, status);
    if (!rollback) continue;
    const before = service.serviceDeployments.find((one) => one.target === rollback.to);
    hold('a rollback goes back, by the older id', rollback.to.createdAt < target.createdAt);
    hold('to one that was complete once', before?.status === 'SUCCESSFUL');
  }
  const complete = service.current === undefined && first.rolloutState === 'COMPLETED';
  hold('the next rollback would go to what is complete', !complete || service.lastCompleted?.id === first.id);
  return odd;
}

test('counts, ids and statuses agree at every moment of the wildest days', () => {
  fc.assert(
    fc.property(
      rollouts,
      fc.array(fc.oneof(calm, failing, dying), { minLength: 1, maxLength: 8 }),
      fc.oneof(calm, failing, dying),
      doings(['deploy', 'stop', 'alarm', 'scale', 'kill']),
      fc.constantFrom('ROLLING', 'ROLLING', 'BLUE_GREEN', 'CANARY'),
      (rollout, behaviours, at_last, plan, strategy) => {
        const canaryConfiguration = { canaryPercent: 10, canaryBakeTimeInMinutes: 1 };
        const play = playOf(rollout, strategy === 'CANARY' ? { strategy, canaryConfiguration } : { strategy });
        play.script
          .image('app:2', (start) => behaviours[start] ?? at_last)
          .image('app:3', (start) => behaviours[start] ?? {});
        happen(play, plan);
        play.deploy('web:2');
        const service = play.script.service('web');
        const ended = new Map<string, string>();
        let most = active(service).length;
        for (let second = 0; second < 500; second += 4) {
          play.clock.advance(4);
          const odd = oddities(play, service, ended);
          if (odd.length > 0) throw new Error(`After ${second} s it does not hold that ${odd.join('; ')}.`);
          // Whatever happens, it never grows beyond hi.
          const hi = Math.floor((service.desiredCount * rollout.max) / 100);
          const now = active(service).length;
          if (strategy === 'ROLLING' && now > most && now > Math.max(hi, service.desiredCount))
            throw new Error(`${now} tasks, ${hi} at most.`);
          most = now;
        }
      },
    ),
    settings(300),
  );
});

test('a success is never reported unless the world runs the new revision whole', () => {
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
          // Some may have died within this very second.
          const died = play.script
            .service('web')
            .tasks.filter((task) => task.deploymentId === id && (task.stoppingAt ?? 0) > play.clock.now() - 1);
          expect((healthy.get(id) ?? 0) + died.length).toBeGreaterThanOrEqual(rollout.desiredCount);
          return;
        }
      },
    ),
    settings(300),
  );
});
