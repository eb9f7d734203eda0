import { type Conditions, IDEAL, slowDown, watchersClock } from '../../simulator/wire/faults.ts';
import { tellingTime } from '../../src/adapters/aws.ts';
import { createEcs } from '../../src/adapters/ecs.ts';
import { byServerTime, ServerTime } from '../../src/adapters/time.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import type { FinalVerdict, Verdict } from '../../src/watch/verdict.ts';
import { watch } from '../../src/watch/watch.ts';
import { SDK } from '../support/world.ts';
import { directEcs } from './direct.ts';
import { HEALTHY, KINDS, makeWorld, type World } from './worlds.ts';

/** Enough for each kind of world and each end several times over; ROLLOUTS=1500 for a change of the watch. */
const ROLLOUTS = Number(process.env.ROLLOUTS ?? 500);
const FIRST_SEED = Number(process.env.SEED ?? 1);
/** Over the SDK and the wire, to hold the short cut honest. */
const BY_WIRE_EVERY = 40;
const LIMITS = { timeoutSeconds: 1800, noProgressSeconds: 600 };
/** AWS refills 20 a second for all callers of an account together: a dozen watchers side by side shall fit with ease. */
const CALLS_A_MINUTE = 120;
const SUCCESS_WITHIN_SECONDS = 5;
const FAILURE_WITHIN_SECONDS = 15;

const SAMPLE_SECONDS = 1;
/** Refused calls delay what they would have told. */
const HAMPERED_SECONDS = 100;

interface Watched {
  readonly verdict: FinalVerdict;
  /** The first instant at which it was sure. */
  readonly sureAt: number;
  readonly busiestMinute: number;
  readonly calls: number;
  readonly seconds: number;
  /** Whether the world ran web:2 in full at an instant that the last look may have seen; since when it does. */
  readonly whole: boolean;
  readonly wholeSince: number;
  /** ecs-svc/N */
  readonly ours: string;
  /** Whether there is a newer deployment than ours. */
  readonly replaced: boolean;
}

/** Who may not see tasks sees only the counts, in which one that is about to be stopped still runs. */
const wholeNow = ({ simulator, enoughPercent, blind }: World, id: string): boolean => {
  const { deploymentId, desiredCount, rolloutState } = simulator.script.truth('web');
  const running = simulator.script
    .service('web')
    .tasks.filter(
      (task) =>
        task.deploymentId === id &&
        /RUNNING|DEACTIVATING/.test(task.lastStatus) &&
        task.executionStoppedAt === undefined &&
        (blind || task.desiredStatus === 'RUNNING'),
    );
  const enough = Math.ceil((desiredCount * enoughPercent) / 100);
  return deploymentId === id && running.length >= enough && (rolloutState === 'COMPLETED' || desiredCount === 0);
};

async function observe(world: World, byWire: boolean, conditions: Conditions): Promise<Watched> {
  const { simulator, clock: virtual, startedAt, faults } = world;
  slowDown(simulator.wire, virtual, conditions);
  const own = watchersClock(virtual, conditions);
  const time = new ServerTime(own);
  const clock = byServerTime(own, time);
  const handler = simulator.wire.requestHandler();
  const service = simulator.script.service('web');
  const id = service.deployments[0]?.id ?? '';
  const times: number[] = [];
  const onCall = (): void => void times.push(virtual.now());
  simulator.wire.faults.push((call) => {
    onCall();
    return faults.map((fault) => fault(call)).find((refused) => refused !== undefined);
  });
  const config = {
    region: 'eu-west-1',
    requestHandler: { ...handler, handle: tellingTime(handler.handle, time) },
    ...SDK,
  };
  const ecs = byWire ? createEcs(config) : directEcs(simulator, onCall, faults, time);
  // As in a deploy, AWS has answered before UpdateService was called, so that its clock is known.
  time.observe(new Date(Math.floor(startedAt) * 1000).toUTCString(), own.now());
  const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${revision}`;
  const deployment: Deployment = {
    cluster: service.cluster.arn,
    service: 'web',
    id,
    taskDefinitionArn: arn(2),
    previousTaskDefinitionArn: arn(1),
    startedAt,
    ...LIMITS,
  };
  let wholeSince = Number.POSITIVE_INFINITY;
  let lastWhole = 0;
  let told = false;
  const look = (): void => {
    if (!wholeNow(world, id)) wholeSince = Number.POSITIVE_INFINITY;
    else {
      wholeSince = Math.min(wholeSince, virtual.now());
      lastWhole = virtual.now();
    }
    if (!told) virtual.after(SAMPLE_SECONDS, look);
  };
  look();
  let sure: number | undefined;
  const logs = { tail: async () => undefined, read: async () => undefined };
  const signal = new AbortController().signal;
  const { verdict } = await watch(deployment, { clock, ecs, logs, signal }, (_, now: Verdict) => {
    if ('pollAgainInSeconds' in now && now.kind !== 'rolling-back') sure = undefined;
    else sure ??= virtual.now();
  });
  told = true;
  const now = virtual.now();
  return {
    verdict,
    sureAt: (sure ?? now) - startedAt,
    busiestMinute: busiestMinuteOf(times),
    calls: times.length,
    seconds: now - startedAt,
    whole: wholeNow(world, id) || lastWhole >= now - world.staleSeconds - SAMPLE_SECONDS - slackOf(conditions),
    wholeSince: wholeSince - startedAt,
    ours: id,
    replaced: service.serviceDeployments.at(-1)?.target.id !== id,
  };
}

/** The most calls in any 60 seconds; `times` ascend. */
function busiestMinuteOf(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 60) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The same world, watched by nobody: when our deployment was complete, if it ever was in time. */
function leaveAlone({ simulator, clock, startedAt }: World): { readonly doneAt?: number } {
  const [ours] = simulator.script.service('web').serviceDeployments.slice(-1);
  while (ours && clock.now() < startedAt + LIMITS.timeoutSeconds && ours.finishedAt === undefined) clock.advance(10);
  return endOf({ simulator, startedAt }, ours?.target.id ?? '');
}

function endOf(
  { simulator, startedAt }: Pick<World, 'simulator' | 'startedAt'>,
  id: string,
): { readonly doneAt?: number } {
  const ours = simulator.script.service('web').serviceDeployments.find(({ target }) => target.id === id);
  return ours?.status === 'SUCCESSFUL' ? { doneAt: (ours.finishedAt ?? 0) - startedAt } : {};
}

/** ECS calls complete what is healthy for one moment, or scaled to nothing; a revision whose every task fails is not. */
const mayBeFailed = ({ kind }: World): boolean => kind === 'crashes' || kind === 'unhealthy' || kind === 'permanent';
/** When the first task of web:2 stopped. */
const firstStopOf = ({ simulator, startedAt }: World): number =>
  Math.min(
    ...simulator.script
      .service('web')
      .tasks.filter((task) => task.stopCode === 'TaskFailedToStart' && task.taskDefinitionArn.endsWith('web:2'))
      .map(({ stoppedAt = Number.POSITIVE_INFINITY }) => stoppedAt - startedAt),
  );

const isBad = ({ kind }: FinalVerdict): boolean =>
  ['failed', 'stuck', 'timed-out', 'rolled-back', 'stopped'].includes(kind);

/** What a call takes, four times one after another in a look, before and after what it tells became true. */
const slackOf = ({ latencySeconds }: Conditions): number => 8 * latencySeconds;
/** The cross product in turns: each condition gets its own rollouts, which the seed chooses. */
const SAMPLE = Number(process.env.SAMPLE ?? 30);
const CONDITIONS: readonly Conditions[] = [0, 0.05, 0.5, 2].flatMap((latencySeconds) =>
  [0, 600, -600].flatMap((clockOffsetSeconds) =>
    latencySeconds === 0 && clockOffsetSeconds === 0 ? [] : [{ latencySeconds, clockOffsetSeconds }],
  ),
);

test.each<[string, number, number, Conditions]>([
  ['in ideal conditions', ROLLOUTS, FIRST_SEED, IDEAL],
  ...CONDITIONS.map((conditions, index): [string, number, number, Conditions] => [
    `with calls of ${conditions.latencySeconds} s and a clock ${conditions.clockOffsetSeconds} s ahead`,
    SAMPLE,
    FIRST_SEED + 10_000 + index * SAMPLE,
    conditions,
  ]),
])(
  '%s none of %d random rollouts is judged wrongly',
  async (_, rollouts, firstSeed, conditions) => {
    const wrong: string[] = [];
    const ends = new Map<string, number>();
    const late: number[] = [];
    const busiest: number[] = [];
    const kinds = new Set<string>();
    let calls = 0;
    let seconds = 0;
    for (let seed = firstSeed; seed < firstSeed + rollouts; seed++) {
      const world = makeWorld(seed);
      const seen = await observe(world, seed % BY_WIRE_EVERY === 0, conditions);
      const { verdict } = seen;
      kinds.add(world.kind);
      // Whoever watches changes nothing, so the world that was watched tells of its own success.
      const alone = isBad(verdict) ? leaveAlone(makeWorld(seed)) : endOf(world, seen.ours);
      const complain = (what: string): void =>
        void wrong.push(
          `seed ${seed}: ${what}; told ${verdict.kind} at ${seen.sureAt} s (${'reason' in verdict ? verdict.reason : ''}), alone done at ${alone.doneAt} s; ${world.notes.join(' ')}`,
        );
      if (verdict.kind === 'succeeded' && !seen.whole) complain('a success that is none');
      if (isBad(verdict) && alone.doneAt !== undefined && !mayBeFailed(world))
        complain('a rollout that would have finished was failed');
      if (verdict.kind === 'superseded' && !seen.replaced) complain('nobody superseded it');
      if (verdict.kind === 'succeeded' && alone.doneAt !== undefined && !mayBeFailed(world)) {
        // Autoscaling or Spot may have come in the seconds between two looks: then it is true again later.
        const after = seen.sureAt - Math.max(alone.doneAt, Number.isFinite(seen.wholeSince) ? seen.wholeSince : 0);
        late.push(after);
        const slack = world.hampered ? HAMPERED_SECONDS : world.staleSeconds;
        if (after > SUCCESS_WITHIN_SECONDS + slack + slackOf(conditions) + SAMPLE_SECONDS)
          complain('a success told late');
      }
      const permanentAt = firstStopOf(world);
      const hidden = world.hampered || world.blind || verdict.kind === 'superseded';
      if (
        world.kind === 'permanent' &&
        !hidden &&
        permanentAt + FAILURE_WITHIN_SECONDS + world.staleSeconds + slackOf(conditions) < seen.sureAt
      )
        complain(`a permanent cause was seen at ${permanentAt} s`);
      if (seen.busiestMinute > CALLS_A_MINUTE) complain(`${seen.busiestMinute} calls in a minute`);
      const end = `${HEALTHY.includes(world.kind) ? 'may end well' : 'must not'.padEnd(12)} ${verdict.kind}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      busiest.push(seen.busiestMinute);
      calls += seen.calls;
      seconds += Math.max(60, seen.seconds);
    }
    const percentile = (values: number[], share: number): number =>
      values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
    process.stdout.write(
      [
        `\n${rollouts} rollouts from seed ${firstSeed}, calls of ${conditions.latencySeconds} s, clock ${conditions.clockOffsetSeconds} s ahead`,
        ...[...ends].sort().map(([end, count]) => `  ${end.padEnd(28)} ${count}`),
        `  a success is told after      ${percentile(late, 0.5).toFixed(1)} s (median), ${percentile(late, 0.95).toFixed(1)} s (95 %)`,
        `  calls a minute               ${((calls / seconds) * 60).toFixed(0)} on average, ${percentile(busiest, 0.5)} in the busiest minute (median), ${percentile(busiest, 1)} at most; budget ${CALLS_A_MINUTE}`,
        '',
      ].join('\n'),
    );
    expect(wrong.slice(0, 10)).toEqual([]);
    // A smaller sample still has every kind of world.
    if (rollouts >= 500) expect([...kinds].sort()).toEqual([...KINDS].sort());
  },
  180_000,
);
