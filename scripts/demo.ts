/**
 * `npm run demo`: the whole job on an embedded AWS. A commit is built for two platforms, pushed, and rolled out as real
 * containers; then a broken commit is deployed, explained, and rolled back. The bundle runs as on GitHub's runner.
 * Where no Docker engine can be had (or with ENGINE=none) a small image is pushed instead, and its tasks are a model. Build steps and checks
 * are folded as on GitHub; the whole log and both summaries are files.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RealClock } from '../simulator/clock.ts';
import { ContainerRuntime } from '../simulator/runtime/containers.ts';
import { Logs } from '../simulator/services/logs.ts';
import { REGION, Simulator } from '../simulator/simulator.ts';
import { createDependencies } from '../simulator/world/dependencies.ts';
import { bringEngine } from './engine.ts';
import { type ActionRun, runAction } from './run-action.ts';
import { COLOUR, RunnerLog, takesColours } from './runner-log.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from './sample-app.ts';
import { pushTinyImage } from './tiny-image.ts';
import { pageOf, terminalText } from './try/page.ts';

const colours = takesColours();
const write = (text: string): void => void process.stdout.write(colours ? text : text.replaceAll(COLOUR, ''));
const say = (text: string): void => write(`\n\u001b[1m# ${text}\u001b[0m\n`);
const start = performance.now();

say('A Docker engine with buildx, for real builds and real containers');
if (process.env.ENGINE !== 'none') console.log('(`ENGINE=none npm run demo` does without one.)');
const engine = bringEngine((text) => console.log(text));
if ('env' in engine) Object.assign(process.env, engine.env);
const folder = mkdtempSync(join(tmpdir(), 'demo-'));
/** Stays behind. */
const pages = mkdtempSync(join(tmpdir(), 'ecs-rollout-demo-'));
const dockerConfig = join(folder, 'docker');
const logs = new Logs();
const clock = new RealClock();
const runtime =
  'env' in engine
    ? new ContainerRuntime({ ...process.env, DOCKER_CONFIG: dockerConfig }, logs, () => clock.now())
    : undefined;
const timings = { settleSeconds: 2, completeSeconds: 1 };
const simulator = new Simulator(clock, { logs, timings, ...(runtime ? { runtime } : {}) });
const server = await simulator.listen();
const host = server.endpoint.replace('http://', '');
if ('missing' in engine) {
  console.log(`There is none: ${engine.missing}.
So nothing is built: a small image that is ready-made is pushed, and a model plays its containers.`);
}
console.log(`AWS answers at ${server.endpoint}: ECS, ECR, CloudWatch Logs, STS and more.`);

const logConfiguration = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
};
const definition = {
  ...SAMPLE_TASK_DEFINITION,
  containerDefinitions: SAMPLE_TASK_DEFINITION.containerDefinitions.map((one) => ({ ...one, logConfiguration })),
};
const GOOD = 'a1b2c3d';
const BAD = 'badc0de';
let failed = false;
try {
  createDependencies(simulator, definition);
  simulator.registry.create('web', false);
  mkdirSync(dockerConfig);
  const auth = Buffer.from(`AWS:${simulator.registry.password}`).toString('base64');
  writeFileSync(join(dockerConfig, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  if (runtime) writeSampleApp(folder, process.env, definition);
  else writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition));
  simulator.call('RegisterTaskDefinition', {
    ...definition,
    containerDefinitions: [{ name: 'app', image: `${host}/web:none` }],
  });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  while (simulator.script.truth('web').rolloutState !== 'COMPLETED') await setTimeout(100); // the empty service becomes steady

  say(
    `A good commit, ${GOOD}: ${runtime ? 'build for linux/amd64 and linux/arm64, push,' : 'push,'} register, roll out`,
  );
  console.log(
    'The service exists with a desired count of 0, as infrastructure code creates it before there is an image; `desired-count: 2` starts its first tasks.',
  );
  const good = await deploy(GOOD, runtime ? {} : await pushed(GOOD), { 'desired-count': '2' });
  showSummary(good, 'deployed');

  say(`A broken commit, ${BAD}: it starts, logs why it cannot run, and exits`);
  const bad = await deploy(
    BAD,
    runtime ? { 'build-args': 'COMMAND=echo DATABASE_URL is not set; exit 3' } : await pushed(BAD),
    {},
  );
  showSummary(bad, 'rolled-back');
  failed = good.outputs.outcome !== 'deployed' || bad.outputs.outcome !== 'rolled-back';
} finally {
  await runtime?.close();
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
say(
  failed
    ? 'The demo did not end as it should'
    : `Deployed, and a broken commit rolled back, in ${Math.round((performance.now() - start) / 1000)} s.`,
);
console.log(`The whole log, and both summaries as on GitHub: ${pages}`);
process.exitCode = failed ? 1 : 0;

/** On GitHub it is a page: tables, folded parts, links. */
function showSummary({ summary, log }: ActionRun, name: string): void {
  const page = join(pages, `${name}.html`);
  writeFileSync(page, pageOf(name, { summary, comments: [], sections: [['Log', plainLog(log)]] }));
  say(`The job summary of that run; as a page: ${page}`);
  write(`${terminalText(summary)}\n`);
}

/** Without an engine: the commit's image, pushed by ourselves, and what its tasks will do. */
async function pushed(sha: string): Promise<Record<string, string>> {
  const { password } = simulator.registry;
  const destination = { registry: server.endpoint, repository: 'web', tag: sha, password };
  const digest = await pushTinyImage(destination, `<h1>${sha}</h1>\n`);
  simulator.model.behaviours.set(
    `${host}/web@${digest}`,
    sha === GOOD
      ? { startSeconds: 1, healthySeconds: 1, stopSeconds: 1 }
      : { startSeconds: 1, stopSeconds: 1, exit: { afterSeconds: 0.5, code: 3 } },
  );
  console.log(`pushed ${host}/web:${sha} for linux/amd64 and linux/arm64, ${digest}`);
  return { image: `${host}/web@${digest}` };
}

/** Without colours and the runner's masks. */
function plainLog(log: string): string {
  return log.replaceAll(COLOUR, '').replaceAll(/^::add-mask::.*\n/gm, '');
}

async function deploy(
  sha: string,
  image: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>>,
): Promise<ActionRun> {
  // GitHub's cache is not here, and the one of an engine is enough.
  const build = { repository: 'web', platforms: 'linux/amd64,linux/arm64', cache: 'none' };
  const run = await runAction({
    inputs: {
      service: 'web',
      'task-definition': 'task-definition.json',
      'container-name': 'app',
      ...(image.image === undefined ? build : {}),
      ...image,
      ...inputs,
    },
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'DEMO',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_REGION: REGION,
      GITHUB_SHA: sha,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_REF_NAME: 'main',
      GITHUB_REF_TYPE: 'branch',
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
    },
    cwd: folder,
    onText: new RunnerLog(write, { folds: true }).add,
  });
  appendFileSync(join(pages, 'log.txt'), plainLog(run.log));
  return run;
}
