/**
 * `npm run demo`: the whole job on an embedded AWS. A commit is built for two platforms, pushed, and rolled out as real
 * containers; then a broken commit is deployed, explained, and rolled back. The bundle runs as on GitHub's runner.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../simulator/clock.ts';
import { ContainerRuntime } from '../simulator/containers.ts';
import { Logs } from '../simulator/logs.ts';
import { REGION, Simulator } from '../simulator/simulator.ts';
import { bringEngine } from './engine.ts';
import { type ActionRun, runAction } from './run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from './sample-app.ts';

const say = (text: string): void => console.log(`\n\u001b[1m# ${text}\u001b[0m`);
const began = performance.now();

say('A Docker engine with buildx, for real builds and real containers');
const engine = bringEngine();
if ('missing' in engine) {
  console.error(
    `There is none: ${engine.missing}.\nThe demo builds a real image, so it needs one. \`npm test\` runs without.`,
  );
  process.exit(1);
}
Object.assign(process.env, engine.env);
const folder = mkdtempSync(join(tmpdir(), 'demo-'));
const dockerConfig = join(folder, 'docker');
const logs = new Logs();
const clock = new RealClock();
const runtime = new ContainerRuntime({ ...process.env, DOCKER_CONFIG: dockerConfig }, logs, () => clock.now());
const simulator = new Simulator(clock, { runtime, logs, timings: { settleSeconds: 2, completeSeconds: 1 } });
const server = await simulator.listen();
const host = server.endpoint.replace('http://', '');
console.log(`AWS answers at ${server.endpoint}: ECS, ECR, CloudWatch Logs, STS.`);

const definition = {
  ...SAMPLE_TASK_DEFINITION,
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: SAMPLE_TASK_DEFINITION.containerDefinitions.map((container) => ({
    ...container,
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
    },
  })),
};
let failed = false;
try {
  writeSampleApp(folder, process.env, definition);
  simulator.registry.create('web', false);
  mkdirSync(dockerConfig);
  const auth = Buffer.from(`AWS:${simulator.registry.password}`).toString('base64');
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  simulator.call('RegisterTaskDefinition', {
    family: 'web',
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'app', image: `${host}/web:none`, memory: 64 }],
  });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));

  say('A good commit: build for linux/amd64 and linux/arm64, push, register, roll out');
  const good = await deploy('a1b2c3d', { 'desired-count': '2' });
  say('The job summary of that run');
  console.log(good.summary);

  say('A broken commit: it starts, says why it cannot run, and ends');
  const bad = await deploy('badc0de', { 'build-args': 'COMMAND=echo DATABASE_URL is not set; exit 3' });
  say('The job summary of that run');
  console.log(bad.summary);
  failed = good.outputs.outcome !== 'deployed' || bad.outputs.outcome !== 'rolled-back';
} finally {
  await runtime.close();
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
say(
  failed
    ? 'The demo did not end as it should'
    : `Deployed, and a broken commit rolled back, in ${Math.round((performance.now() - began) / 1000)} s.`,
);
process.exitCode = failed ? 1 : 0;

function deploy(sha: string, inputs: Readonly<Record<string, string>>): Promise<ActionRun> {
  writeFileSync(join(folder, 'commit'), sha);
  return runAction({
    inputs: {
      service: 'web',
      repository: 'web',
      platforms: 'linux/amd64,linux/arm64',
      'task-definition': 'task-definition.json',
      'container-name': 'app',
      ...inputs,
    },
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'DEMO',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_REGION: REGION,
      GITHUB_SHA: sha,
      GITHUB_REF_NAME: 'main',
      DOCKER_HOST: process.env.DOCKER_HOST ?? '',
    },
    cwd: folder,
    onText: (text) => void process.stdout.write(text),
  });
}
