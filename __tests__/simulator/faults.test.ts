import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { VirtualClock } from '../../simulator/clock.ts';
import { breakDown, deny, expireCredentials, throttle, tokenBuckets } from '../../simulator/simulator.ts';
import type { Fault } from '../../simulator/wire/wire.ts';
import { Play } from './world.ts';

/** How so many calls end, one after another, with a pause between them. */
async function ends(play: Play, fault: Fault, calls: number, pauseSeconds = 0): Promise<string[]> {
  play.simulator.wire.faults.push(fault);
  const client = new ECSClient({
    region: 'eu-west-1',
    requestHandler: play.simulator.wire.requestHandler(),
    credentials: { accessKeyId: 'X', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const ended: string[] = [];
  for (let i = 0; i < calls; i++) {
    const call = client.send(new DescribeServicesCommand({ services: ['web'] }));
    ended.push(
      await call.then(
        () => 'ok',
        (thrown: Error) => thrown.name,
      ),
    );
    play.clock.advance(pauseSeconds);
  }
  return ended;
}

test('token buckets let a burst of 100 pass, then 20 a second; a share of them less', async () => {
  const play = new Play();
  const burst = await ends(play, tokenBuckets(play.clock), 110);
  expect(burst.filter((end) => end === 'ok')).toHaveLength(100);
  expect(burst.at(-1)).toBe('ThrottlingException');
  play.clock.advance(1);
  expect((await ends(play, () => undefined, 30)).filter((end) => end === 'ok')).toHaveLength(20);
  const shared = new Play();
  expect((await ends(shared, tokenBuckets(shared.clock, 0.1), 20)).filter((end) => end === 'ok')).toHaveLength(10);
});

test('one call every two seconds is never throttled', async () => {
  const play = new Play();
  expect(new Set(await ends(play, tokenBuckets(play.clock), 300, 2))).toEqual(new Set(['ok']));
});

test.each<[string, (clock: VirtualClock) => Fault, string[]]>([
  ['throttled', () => throttle('DescribeServices', 2), ['ThrottlingException', 'ThrottlingException', 'ok', 'ok']],
  ['broken down', () => breakDown('DescribeServices', 1), ['ServerException', 'ok', 'ok', 'ok']],
  ['denied', () => deny('ecs:DescribeServices'), Array(4).fill('AccessDeniedException')],
  ['denied elsewhere', () => deny('ecs:UpdateService'), Array(4).fill('ok')],
  [
    'called when the session has ended',
    (clock) => expireCredentials(clock, clock.now() + 2),
    ['ok', 'ok', 'ExpiredTokenException', 'ExpiredTokenException'],
  ],
])('a call that is %s', async (_, fault, expected) => {
  const play = new Play();
  expect(await ends(play, fault(play.clock), 4, 1)).toEqual(expected);
});

test('the virtual clock runs everything in the order of its time, and what is due together in the order of asking', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (delays) => {
      const clock = new VirtualClock(0);
      const ran: { readonly at: number; readonly i: number }[] = [];
      for (const [i, delay] of delays.entries()) {
        clock.after(delay, () => {
          ran.push({ at: clock.now(), i });
          // What is asked for on the way is run on the way.
          if (delay % 3 === 0) clock.after(1, () => ran.push({ at: clock.now(), i: delays.length + i }));
        });
      }
      clock.advance(30);
      const expected = delays
        .flatMap((delay, i) => [
          { at: delay, i },
          ...(delay % 3 === 0 ? [{ at: delay + 1, i: delays.length + i }] : []),
        ])
        .sort((a, b) => a.at - b.at);
      expect(ran.map(({ at }) => at)).toEqual(expected.map(({ at }) => at));
      expect(new Set(ran.map(({ i }) => i)).size).toBe(expected.length);
      const first = ran.filter(({ i }) => i < delays.length);
      for (const [n, { at, i }] of first.entries()) {
        const before = first[n - 1];
        if (before?.at === at) expect(before.i).toBeLessThan(i);
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});
