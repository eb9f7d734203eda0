import { setTimeout } from 'node:timers/promises';
import { RealClock } from '../../simulator/clock.ts';

/** Nothing runs in this process meanwhile. */
const stall = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test('a process that is held up catches up: everything at its own instant, in order', async () => {
  const clock = new RealClock(1000);
  clock.hold();
  const start = clock.now();
  const seen: (readonly [string, number])[] = [];
  const note = (name: string) => void seen.push([name, Math.round(clock.now() - start)]);
  clock.after(120, () => note('last'));
  clock.after(20, () => {
    note('first');
    clock.after(50, () => note('of the first'));
  });
  clock.after(90, () => note('third'));
  clock.go();
  stall(200);
  const late = clock.now();
  while (seen.length < 4) await setTimeout(1);
  expect(seen).toEqual([
    ['first', 20],
    ['of the first', 70],
    ['third', 90],
    ['last', 120],
  ]);
  expect(clock.now()).toBeGreaterThanOrEqual(late);
  clock.close();
});

test('a world that stands still continues where it stood', async () => {
  const clock = new RealClock(1000);
  let rung = 0;
  clock.after(30, () => rung++);
  clock.hold();
  const stood = clock.now();
  await setTimeout(60);
  expect([clock.now(), rung]).toEqual([stood, 0]);
  clock.after(10, () => {
    rung++;
    clock.hold();
  });
  clock.go();
  while (rung === 0) await setTimeout(1);
  expect(clock.now()).toBeCloseTo(stood + 10, 3);
  await setTimeout(60);
  expect(rung).toBe(1);
  clock.go();
  while (rung === 1) await setTimeout(1);
  expect(clock.now()).toBeGreaterThanOrEqual(stood + 29);
  clock.close();
});

test('after its end nothing happens, and nothing keeps the process alive', async () => {
  const clock = new RealClock(1000);
  let rung = 0;
  clock.after(5, () => rung++);
  clock.close();
  clock.after(5, () => rung++);
  await setTimeout(30);
  expect(rung).toBe(0);
});
