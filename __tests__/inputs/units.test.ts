import { CPU, MEMORY, wrongNumber } from '../../src/inputs/units.ts';

const MINUTES = { min: 0, max: 120, unit: 'minutes' };
const SECONDS = { min: 1, max: 3600, unit: 'seconds' };
const PERCENT = { min: 1, max: 100, unit: 'a percentage without the % sign' };
const TASKS = { min: 0, max: 100_000, unit: 'a number of tasks' };

test.each<[string, typeof MINUTES, string]>([
  ['5m', MINUTES, 'has a unit, but the input counts minutes. Write `5`.'],
  ['5 min', MINUTES, 'has a unit, but the input counts minutes. Write `5`.'],
  ['600s', MINUTES, 'has a unit, but the input counts minutes. Write `10`.'],
  ['1h', MINUTES, 'has a unit, but the input counts minutes. Write `60`.'],
  ['1h30m', MINUTES, 'has a unit, but the input counts minutes. Write `90`.'],
  ['1.5 hours', MINUTES, 'has a unit, but the input counts minutes. Write `90`.'],
  ['90s', MINUTES, 'is 1.5 minutes, and a whole number is needed. Write `1` or `2`.'],
  ['100s', MINUTES, 'is 1.667 minutes, and a whole number is needed. Write `1` or `2`.'],
  ['500ms', SECONDS, 'is 0.5 seconds, and a whole number is needed. Write `1`.'],
  ['1d', MINUTES, 'is 1440 minutes, which is out of range. Give minutes, from 0 to 120.'],
  ['2m', SECONDS, 'has a unit, but the input counts seconds. Write `120`.'],
  ['5 parsecs', MINUTES, 'is not a whole number. Give minutes, from 0 to 120.'],
  ['121', MINUTES, 'is out of range. Give minutes, from 0 to 120.'],
  ['-1', MINUTES, 'is out of range. Give minutes, from 0 to 120.'],
  ['2.0', MINUTES, 'is not written in digits alone. Write `2`.'],
  ['2.5', MINUTES, 'is 2.5, and a whole number is needed. Write `2` or `3`.'],
  ['50%', PERCENT, 'has `%` behind the number. Write `50`.'],
  ['150%', PERCENT, 'is 150, which is out of range. Give a percentage without the % sign, from 1 to 100.'],
  ['2 tasks', TASKS, 'has `tasks` behind the number. Write `2`.'],
  ['1_000', TASKS, 'is not written in digits alone. Write `1000`.'],
  ['1,000', TASKS, 'is not written in digits alone. Write `1000`.'],
  ['50%', TASKS, 'is not a whole number. Give a number of tasks, from 0 to 100000.'],
  ['5m', TASKS, 'is not a whole number. Give a number of tasks, from 0 to 100000.'],
])('%s: %j', (text, range, expected) => {
  const { problem, remedy } = wrongNumber(text, range);
  expect(`${problem} ${remedy}`).toBe(expected);
});

const meantOf = (shape: typeof CPU, text: string): string => {
  if (shape.pattern.test(text)) return 'right';
  const { problem, remedy } = shape.meant(text) ?? { problem: 'unknown', remedy: '' };
  return `${problem} ${remedy}`.trim();
};

test.each<[string, string]>([
  ['128', 'right'],
  ['256', 'right'],
  ['0.25 vCPU', 'right'],
  ['196608', 'right'],
  ['1', 'is one CPU unit; ECS takes 128 or more. 1 vCPU is 1024 CPU units. For 1 vCPU write `1024`.'],
  ['16', 'is 16 CPU units; ECS takes 128 or more. 1 vCPU is 1024 CPU units. For 16 vCPU write `16384`.'],
  ['0.5', 'is not written as ECS takes it. 1 vCPU is 1024 CPU units. For 0.5 vCPU write `512`.'],
  ['250m', 'is not written as ECS takes it. 1 vCPU is 1024 CPU units. For 0.25 vCPU write `256`.'],
  ['2 cpus', 'is not written as ECS takes it. 1 vCPU is 1024 CPU units. For 2 vCPU write `2048`.'],
  ['256m', 'unknown'],
  ['0', 'unknown'],
  ['much', 'unknown'],
])('the CPU %s: %s', (text, expected) => expect(meantOf(CPU, text)).toBe(expected));

test.each<[string, string]>([
  ['6', 'right'],
  ['512', 'right'],
  ['0.5 GB', 'right'],
  ['2', 'is 2 MiB; a container takes 6 or more. 1 GB is 1024 MiB. For 2 GB write `2048`.'],
  ['0.5', 'is not written as ECS takes it. 1 GB is 1024 MiB. For 0.5 GB write `512`.'],
  ['2Gi', 'is not written as ECS takes it. 1 GB is 1024 MiB. For 2 GB write `2048`.'],
  ['512Mi', 'is not written as ECS takes it. It takes MiB without a unit: write `512`.'],
  ['512 MB', 'is not written as ECS takes it. It takes MiB without a unit: write `512`.'],
  ['0', 'unknown'],
  ['little', 'unknown'],
])('the memory %s: %s', (text, expected) => expect(meantOf(MEMORY, text)).toBe(expected));
