import { Failure } from '../../src/failure.ts';
import { BestEffort } from '../../src/watch/observe.ts';

/** A clock that a call moves on, and an action that fails after so many seconds. */
class Scene {
  seconds = 1000;
  calls = 0;
  readonly asking = new BestEffort({ now: () => this.seconds });

  async fails(code: Failure['code'], after: number): Promise<unknown> {
    return this.asking.ask('ecs:ListTasks', async () => {
      this.calls++;
      this.seconds += after;
      throw new Failure(code, 'no answer');
    });
  }
  async answers(): Promise<unknown> {
    return this.asking.ask('ecs:ListTasks', async () => {
      this.calls++;
      return 'answer';
    });
  }
}

test('the first time-out is followed by another attempt, the second by a pause of 60 s', async () => {
  const scene = new Scene();
  expect(await scene.fails('UNAVAILABLE', 15)).toBeUndefined();
  await scene.fails('UNAVAILABLE', 15);
  expect(scene.calls).toBe(2);
  scene.seconds += 59;
  expect(await scene.answers()).toBeUndefined();
  expect(scene.calls).toBe(2);
  scene.seconds += 1;
  expect(await scene.answers()).toBe('answer');
});

test('the pauses double up to 300 s, so that a call which hangs for ever costs 15 s in five minutes', async () => {
  const scene = new Scene();
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) {
    await scene.fails('UNAVAILABLE', 15);
    const from = scene.seconds;
    const { calls } = scene;
    while (scene.calls === calls && scene.seconds < from + 1000) {
      await scene.asking.ask('ecs:ListTasks', async () => {
        scene.calls++;
        throw new Failure('UNAVAILABLE', 'at once');
      });
      if (scene.calls === calls) scene.seconds += 1;
    }
    pauses.push(scene.seconds - from);
  }
  expect(pauses).toEqual([0, 60, 120, 240, 300, 300]);
});

test('an answer forgets the time-outs, and other actions are asked meanwhile', async () => {
  const scene = new Scene();
  await scene.fails('UNAVAILABLE', 15);
  await scene.answers();
  await scene.fails('UNAVAILABLE', 15);
  expect(await scene.answers()).toBe('answer');
  await scene.fails('UNAVAILABLE', 15);
  await scene.fails('UNAVAILABLE', 15);
  expect(await scene.answers()).toBeUndefined();
  expect(await scene.asking.ask('ecs:DescribeTasks', async () => 1)).toBe(1);
});

test.each([
  ['UNAVAILABLE', 4.9, true],
  ['THROTTLED', 15, true],
  ['NOT_FOUND', 15, false],
] as const)('%s after %d s is no time-out', async (code, after, slowed) => {
  const scene = new Scene();
  for (let i = 0; i < 3; i++) await scene.fails(code, after);
  expect(scene.calls).toBe(3);
  expect(scene.asking.slowed).toBe(slowed);
  expect(await scene.answers()).toBe('answer');
});

test('calls that were under way together are one time-out', async () => {
  const scene = new Scene();
  let fail = (): void => {};
  const both = new Promise<never>((_, reject) => {
    fail = () => reject(new Failure('UNAVAILABLE', 'no answer'));
  });
  const asked = [1, 2].map(() => scene.asking.ask('ecs:ListTasks', () => both));
  scene.seconds += 15;
  fail();
  expect(await Promise.all(asked)).toEqual([undefined, undefined]);
  expect(await scene.answers()).toBe('answer');
});

test('a denied or a refused action is not asked again', async () => {
  for (const code of ['ACCESS_DENIED', 'REFUSED'] as const) {
    const scene = new Scene();
    await scene.fails(code, 1);
    expect(await scene.answers()).toBeUndefined();
    expect([...scene.asking.denied]).toEqual(code === 'ACCESS_DENIED' ? ['ecs:ListTasks'] : []);
    expect(scene.asking.slowed).toBe(false);
  }
});

test('what ends the run is thrown', async () => {
  await expect(new Scene().fails('CREDENTIALS', 1)).rejects.toThrow('no answer');
  await expect(new Scene().fails('CANCELLED', 1)).rejects.toThrow('no answer');
});
