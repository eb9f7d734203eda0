import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/** The guard of `lifecycle-policy` with images that real buildx built for two platforms, by the bundle. */
const whenEngine = process.env.ENGINE_BUSYBOX_AMD64 === undefined ? describe.skip : describe;
const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'lifecycle-'));
const aside = mkdtempSync(join(tmpdir(), 'lifecycle-aside-'));
let server: { endpoint: string; close(): Promise<void> };
let time: SharedTime;

const keepLast = (countNumber: number): string =>
  `rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: ${countNumber} }, action: { type: expire } }]`;
const called = (operation: string): number =>
  simulator.wire.calls.filter((call) => call.operation === operation).length;

function deploy(commit: string, inputs: Readonly<Record<string, string>> = {}) {
  writeFileSync(join(folder, 'content.txt'), commit);
  return runAction({
    inputs: {
      cluster: 'default',
      service: 'web',
      'container-name': 'app',
      repository: 'web',
      platforms: 'linux/amd64,linux/arm64',
      cache: 'none',
      preflight: 'false',
      ...inputs,
    },
    env: {
      PATH: process.env.PATH ?? '',
      ...time.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: commit.repeat(40),
      GITHUB_REPOSITORY: 'octo/shop',
      DOCKER_CONFIG: join(aside, 'config'),
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
  });
}

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  simulator.registry.create('web', false);
  simulator.call('RegisterTaskDefinition', {
    ...SAMPLE_TASK_DEFINITION,
    containerDefinitions: [{ name: 'app', image: 'old:1' }],
  });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  clock.advance(120);
  if (process.env.ENGINE_BUSYBOX_AMD64 === undefined) return;
  writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  mkdirSync(join(aside, 'config'));
}, 60_000);
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  for (const one of [folder, aside]) rmSync(one, { recursive: true, force: true });
});

whenEngine('lifecycle-policy with images that this action built', () => {
  test('a policy that removes a rollback target is not applied, and nothing is registered; one that keeps them is', async () => {
    const built = [];
    for (const commit of ['1', '2']) {
      const run = await deploy(commit);
      expect(run.outputs.outcome).toBe('deployed');
      built.push(run.outputs['image-digest'] ?? '');
    }
    const registered = called('RegisterTaskDefinition');

    const refused = await deploy('3', { 'lifecycle-policy': keepLast(1) });
    expect(refused.exitCode).toBe(1);
    // An index is safe while a service uses it, and so are the images of its platforms.
    expect(refused.log).toMatch(new RegExp(`::error.*would remove .*${built[0]}`));
    expect(refused.log).toContain('web:2');
    expect(called('PutLifecyclePolicy')).toBe(0);
    expect(called('RegisterTaskDefinition')).toBe(registered);

    const planned = await deploy('3', { mode: 'plan', 'lifecycle-policy': keepLast(1) });
    expect(planned.exitCode).toBe(1);
    expect(planned.log).toMatch(new RegExp(`lifecycle-policy: .*would remove .*${built[0]}`));
    expect(called('PutLifecyclePolicy')).toBe(0);

    const kept = await deploy('3', { 'lifecycle-policy': keepLast(30) });
    expect(kept.log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([]);
    expect(kept.outputs.outcome).toBe('deployed');
    expect(called('PutLifecyclePolicy')).toBe(1);

    const again = await deploy('3', { 'lifecycle-policy': keepLast(30) });
    expect(again.outputs.outcome).toBe('unchanged');
    expect(called('PutLifecyclePolicy')).toBe(1);
  }, 180_000);
});
