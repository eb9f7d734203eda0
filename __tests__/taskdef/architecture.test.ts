import type { JsonObject } from '../../src/model.ts';
import { checkArchitecture, requestedPlatform, taskPlatform } from '../../src/taskdef/architecture.ts';

const told = (
  runtimePlatform: JsonObject | undefined,
  platforms: string[] | undefined,
  on: 'EC2' | 'FARGATE',
): string =>
  checkArchitecture(
    { family: 'web', ...(runtimePlatform ? { runtimePlatform } : {}) },
    { container: 'app', platforms },
    on === 'FARGATE',
  )
    .map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`)
    .join();

describe('the image against the task', () => {
  test.each<[string, JsonObject | undefined, string[] | undefined, 'EC2' | 'FARGATE', RegExp]>([
    ['the default of Fargate', undefined, ['linux/amd64'], 'FARGATE', /^$/],
    ['one of two platforms', { cpuArchitecture: 'ARM64' }, ['linux/amd64', 'linux/arm64'], 'FARGATE', /^$/],
    ['a variant of the architecture', { cpuArchitecture: 'ARM64' }, ['linux/arm64/v8'], 'EC2', /^$/],
    ['platforms that nobody knows', { cpuArchitecture: 'ARM64' }, undefined, 'FARGATE', /^$/],
    ['EC2 instances of any kind', undefined, ['linux/arm64'], 'EC2', /^$/],
    ['EC2 instances of any architecture under Linux', { operatingSystemFamily: 'LINUX' }, ['linux/arm64'], 'EC2', /^$/],
    [
      'arm64 where Fargate has X86_64 by default',
      undefined,
      ['linux/arm64'],
      'FARGATE',
      /^container app: its image is built for linux\/arm64, but the task runs on linux\/amd64 \(by default, as it has no runtimePlatform\)\. Build it for that too \(input `platforms: linux\/arm64,linux\/amd64`\), or set runtimePlatform\.cpuArchitecture to ARM64/,
    ],
    [
      'arm of 32 bits',
      undefined,
      ['linux/arm/v7'],
      'FARGATE',
      /linux\/arm\/v7, 32-bit ARM\. Fargate runs linux\/amd64 and linux\/arm64 only\. Did you mean `platforms: linux\/arm64`\? The task then needs .*ARM64/,
    ],
    [
      'arm of 32 bits where ARM64 is asked for',
      { cpuArchitecture: 'ARM64' },
      ['linux/arm'],
      'FARGATE',
      /Did you mean `platforms: linux\/arm64`\?$/,
    ],
    ['arm of 32 bits beside amd64', undefined, ['linux/arm/v7', 'linux/amd64'], 'FARGATE', /^$/],
    ['arm of 32 bits on instances', undefined, ['linux/arm/v7'], 'EC2', /^$/],
    [
      'amd64 where ARM64 is asked for',
      { cpuArchitecture: 'ARM64' },
      ['linux/amd64'],
      'EC2',
      /linux\/arm64 \(by runtimePlatform\.cpuArchitecture\).*to X86_64/,
    ],
    [
      'linux where Windows is asked for',
      { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
      ['linux/amd64'],
      'EC2',
      /windows\/amd64 \(by runtimePlatform\.operatingSystemFamily\)/,
    ],
  ])('%s', (_, runtimePlatform, platforms, on, expected) => {
    expect(told(runtimePlatform, platforms, on)).toMatch(expected);
  });
});

test.each<[JsonObject, boolean, string, string | undefined]>([
  [{}, true, 'linux/amd64', 'linux/amd64'],
  [{}, false, 'linux/amd64', undefined],
  [{ cpuArchitecture: 'X86_64' }, false, 'linux/amd64', 'linux/amd64'],
  [{ cpuArchitecture: 'ARM64' }, false, 'linux/arm64', 'linux/arm64'],
  [{ cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' }, true, 'linux/arm64', 'linux/arm64'],
  [{ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }, true, 'windows/amd64', undefined],
  [{ cpuArchitecture: 'RISCV' }, true, 'linux/riscv', undefined],
])('%j on Fargate (%s) runs on %s, and is built for %s', (runtimePlatform, fargate, platform, requested) => {
  const definition = { family: 'web', runtimePlatform };
  expect([taskPlatform(definition), requestedPlatform(definition, fargate)]).toEqual([platform, requested]);
});

test.each<[string, JsonObject | undefined, string[], 'EC2' | 'FARGATE', string]>([
  ['nothing is known of the image', undefined, [], 'FARGATE', ''],
  [
    'Linux under any architecture of EC2',
    { operatingSystemFamily: 'LINUX' },
    ['windows/amd64'],
    'EC2',
    'container app: its image is built for windows/amd64, but the task runs on linux/amd64 (by runtimePlatform.operatingSystemFamily). Build it for that too (input `platforms: windows/amd64,linux/amd64`).',
  ],
  ['ARM64 under any system of EC2', { cpuArchitecture: 'ARM64' }, ['windows/arm64'], 'EC2', ''],
  [
    'ARM64 on Fargate',
    { cpuArchitecture: 'ARM64' },
    ['linux/amd64', 'linux/s390x'],
    'FARGATE',
    'container app: its image is built for linux/amd64, linux/s390x, but the task runs on linux/arm64 (by runtimePlatform.cpuArchitecture). Build it for that too (input `platforms: linux/amd64,linux/s390x,linux/arm64`), or set runtimePlatform.cpuArchitecture to X86_64 in the task definition.',
  ],
  [
    'neither of both architectures',
    undefined,
    ['linux/s390x'],
    'FARGATE',
    '(by default, as it has no runtimePlatform). Build it for that too (input `platforms: linux/s390x,linux/amd64`).',
  ],
])('an image against its task: %s', (_, runtimePlatform, platforms, on, expected) => {
  const text = told(runtimePlatform, platforms, on);
  if (expected === '') expect(text).toBe('');
  else expect(text.endsWith(expected)).toBe(true);
});
