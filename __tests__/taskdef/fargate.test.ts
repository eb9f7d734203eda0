import type { JsonObject } from '../../src/model.ts';
import { checkFargate, cpuUnits, memoryMib } from '../../src/taskdef/fargate.ts';

/** Both sides of each limit, in the module that knows it. */
const TASK: JsonObject = { family: 'web', networkMode: 'awsvpc', cpu: '1024', memory: '2048' };
const subjects = (task: JsonObject, container: JsonObject = {}): string[] =>
  checkFargate({ ...TASK, ...task, containerDefinitions: [{ name: 'app', image: 'nginx', ...container }] }).map(
    ({ subject }) => subject,
  );

describe('Fargate', () => {
  test.each(['startTimeout', 'stopTimeout'])('%s is 2 to 120 seconds', (field) => {
    const at = `containerDefinitions[0].${field}`;
    for (const seconds of [0, 1, 121, 300]) expect(subjects({}, { [field]: seconds })).toEqual([at]);
    for (const seconds of [2, 3, 60, 119, 120]) expect(subjects({}, { [field]: seconds })).toEqual([]);
  });

  test('Windows tasks start at 1024 CPU units, Linux ones at 256', () => {
    const on = (operatingSystemFamily: string, cpu: string, memory: string) =>
      subjects({ cpu, memory, runtimePlatform: { operatingSystemFamily } });
    for (const family of ['WINDOWS_SERVER_2019_CORE', 'WINDOWS_SERVER_2022_FULL']) {
      expect(on(family, '256', '512')).toEqual(['cpu']);
      expect(on(family, '512', '1024')).toEqual(['cpu']);
      expect(on(family, '1024', '2048')).toEqual([]);
      expect(on(family, '2048', '4096')).toEqual([]);
    }
    expect(on('LINUX', '256', '512')).toEqual([]);
    expect(on('LINUX', '512', '1024')).toEqual([]);
  });
});

describe('sizes of a task', () => {
  /** By AWS's table, in GiB. */
  test.each<[cpu: number, from: number, to: number, step: number]>([
    [512, 1, 4, 1],
    [1024, 2, 8, 1],
    [2048, 4, 16, 1],
    [4096, 8, 30, 1],
    [8192, 16, 60, 4],
    [16384, 32, 120, 8],
  ])('%d CPU units take %d to %d GiB in steps of %d', (cpu, from, to, step) => {
    const at = (gib: number): string[] => subjects({ cpu: `${cpu}`, memory: `${gib * 1024}` });
    for (let gib = from; gib <= to; gib += step) expect(at(gib)).toEqual([]);
    for (const gib of [from - step, from + step / 2, to + step]) expect(at(gib)).toEqual(['memory']);
  });
  test('256 CPU units take 0.5, 1 or 2 GiB', () => {
    const at = (memory: string): string[] => subjects({ cpu: '256', memory });
    for (const memory of ['512', '1024', '2048', '0.5 GB', '2GB']) expect(at(memory)).toEqual([]);
    for (const memory of ['511', '1536', '3072']) expect(at(memory)).toEqual(['memory']);
  });

  test.each<[text: string, units: number | undefined]>([
    ['256', 256],
    [' .25 vCPU ', 256],
    ['1 vcpu', 1024],
    ['0.3 vCPU', undefined],
    ['1.5', undefined],
    ['vCPU', undefined],
    ['1 vCPUs', undefined],
    ['x1', undefined],
  ])('%j as CPU units', (text, units) => expect(cpuUnits(text)).toBe(units));
  test.each<[text: string, mib: number | undefined]>([
    ['512', 512],
    ['0.5 GB', 512],
    ['1gb', 1024],
    ['1 MB', undefined],
    ['0.3 GB', undefined],
    ['1x', undefined],
  ])('%j as MiB', (text, mib) => expect(memoryMib(text)).toBe(mib));
});
