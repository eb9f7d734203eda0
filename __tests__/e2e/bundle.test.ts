import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { deny } from '../../simulator/wire/faults.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { steady } from '../support/steady.ts';

/** The bundle, run as the runner runs it, on real buildx, real registries and real time (quickened in the simulator). */
const engine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined;
const whenEngine = engine ? test : test.skip;
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'app-'));
let server: { endpoint: string; close(): Promise<void> };
let aws: Record<string, string>;

beforeAll(async () => {
  server = await simulator.listen();
  aws = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: 'TEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    GITHUB_SHA: 'c0ffee',
    ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
  };
  createDependencies(simulator, SAMPLE_TASK_DEFINITION);
  simulator.registry.create('web', false);
  simulator.call('RegisterTaskDefinition', {
    ...SAMPLE_TASK_DEFINITION,
    containerDefinitions: [{ name: 'app', image: 'old:1' }],
  });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  if (engine) writeSampleApp(folder, process.env, SAMPLE_TASK_DEFINITION);
  await steady(simulator, 'web');
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const BUILD = {
  service: 'web',
  'task-definition': 'task-definition.json',
  'container-name': 'app',
  repository: 'web',
  platforms: 'linux/amd64,linux/arm64',
};

whenEngine(
  'a commit becomes a two-platform image by digest in a healthy service',
  async () => {
    const run = await runAction({ inputs: BUILD, env: aws, cwd: folder });
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    const { image = '', 'image-digest': digest = '' } = run.outputs;
    expect(run.outputs).toMatchObject({ outcome: 'deployed', 'image-tags': 'c0ffee' });
    expect(image).toBe(`${server.endpoint.slice('http://'.length)}/web@${digest}`);
    const index = JSON.parse(simulator.registry.find('web', 'c0ffee')?.body.toString('utf8') ?? '{}');
    expect(simulator.registry.find('web', 'c0ffee')?.digest).toBe(digest);
    const platforms = index.manifests.map(
      ({ platform }: { platform: { architecture: string } }) => platform.architecture,
    );
    expect(platforms).toEqual(expect.arrayContaining(['amd64', 'arm64']));
    expect(simulator.call('DescribeServices', { services: ['web'] })).toMatchObject({
      services: [{ taskDefinition: run.outputs['task-definition-arn'] }],
    });
    expect(run.summary).toContain('web:2');
    expect(run.log).not.toContain(simulator.registry.password.slice(0, 40).concat(' '));
    expect(run.post).toEqual({ exitCode: 0, log: '' });
  },
  180_000,
);

whenEngine(
  'a broken Dockerfile fails with its cause, and registers nothing',
  async () => {
    const before = simulator.wire.count('RegisterTaskDefinition');
    const run = await runAction({ inputs: { ...BUILD, target: 'nowhere' }, env: aws, cwd: folder });
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/::error.*nowhere/);
    expect(simulator.wire.count('RegisterTaskDefinition')).toBe(before);
  },
  180_000,
);

whenEngine(
  'the same build goes to a stock registry, and its digest is what imagetools sees',
  async () => {
    const registry = process.env.ENGINE_REGISTRY ?? '';
    const password = readFileSync(process.env.ENGINE_REGISTRY_PASSWORD_FILE ?? '', 'utf8');
    const config = mkdtempSync(join(tmpdir(), 'docker-'));
    const env = { ...process.env, DOCKER_CONFIG: config };
    expect(
      spawnSync('docker', ['login', '-u', 'AWS', '--password-stdin', registry], { input: password, env }).status,
    ).toBe(0);
    const run = await runAction({
      inputs: { ...BUILD, repository: `${registry}/web`, tags: `t${Date.now()}` },
      env: { ...aws, DOCKER_CONFIG: config },
      cwd: folder,
    });
    expect(run.exitCode).toBe(0);
    const seen = spawnSync('docker', ['buildx', 'imagetools', 'inspect', run.outputs.image ?? ''], {
      env,
      encoding: 'utf8',
    });
    expect(seen.stdout).toMatch(new RegExp(`^Digest: +${run.outputs['image-digest']}$`, 'm'));
    rmSync(config, { recursive: true, force: true });
  },
  180_000,
);

test('bad input ends before anything is asked of AWS, with every mistake at once', async () => {
  const before = simulator.wire.calls.length;
  const run = await runAction({ inputs: { clutser: 'x', 'maximum-percent': 'many' }, env: aws, cwd: folder });
  expect(run.exitCode).toBe(1);
  expect(run.log).toContain('Did you mean `cluster`?');
  expect(run.log).toContain('maximum-percent');
  expect(simulator.wire.calls.length).toBe(before);
});

test('what explains messages is loaded only where there is one to explain', async () => {
  const entries = mkdtempSync(join(tmpdir(), 'dist-'));
  cpSync('dist', entries, { recursive: true });
  const chunk = join(entries, 'diagnosis-diagnose.js');
  const said = 'The diagnosis is loaded.';
  writeFileSync(chunk, `console.log(${JSON.stringify(said)});\n${readFileSync(chunk, 'utf8')}`);
  const again = () =>
    runAction({ inputs: { service: 'web', 'force-new-deployment': 'true' }, env: aws, cwd: folder, entries });
  const deployed = await again();
  expect([deployed.exitCode, deployed.outputs.outcome]).toEqual([0, 'deployed']);
  expect(deployed.log + deployed.post.log).not.toContain(said);
  const fault = deny('ecs:UpdateService');
  simulator.wire.faults.push(fault);
  try {
    const refused = await again();
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toContain(said);
  } finally {
    simulator.wire.faults.splice(simulator.wire.faults.indexOf(fault), 1);
    rmSync(entries, { recursive: true, force: true });
  }
}, 60_000);
