import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/**
 * Tags that move, through the bundle: ECR by its API, and a registry with a login by the distribution API, as the job's Docker
 * configuration has it.
 */
const clock = new VirtualClock();
const simulator = new Simulator(clock);
const { registry } = simulator;
const folder = mkdtempSync(join(tmpdir(), 'moved-tags-'));
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
let server: { endpoint: string; close(): Promise<void> };
let time: SharedTime;
let loopback = '';

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  loopback = simulator.ecr.host;
  registry.create('team/web', false);
});
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  simulator.wire.calls.length = 0;
});

function push(tag: string, content: string): string {
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', content }));
  registry.blobs.set(registry.digestOf(config), config);
  const body = JSON.stringify({ schemaVersion: 2, config: { digest: registry.digestOf(config) }, layers: [] });
  const repository = registry.repositories.get('team/web') ?? registry.create('team/web', false);
  return registry.put(repository, tag, {
    body: Buffer.from(body),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
  });
}

const definition = (family: string, image: string) => ({
  family,
  containerDefinitions: [{ name: 'app', image, memory: 64 }],
});

/** A service of that name that runs the image, steady. */
function running(name: string, image: string): void {
  simulator.call('RegisterTaskDefinition', definition(name, image));
  createDependencies(simulator, definition(name, image));
  simulator.call('CreateService', { serviceName: name, taskDefinition: name, desiredCount: 1 });
  clock.advance(120);
}

function run(service: string, image: string, inputs: Readonly<Record<string, string>>, password?: string) {
  const auth = Buffer.from(`AWS:${password}`).toString('base64');
  writeFileSync(join(folder, 'config.json'), JSON.stringify(password ? { auths: { [loopback]: { auth } } } : {}));
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition(service, image)));
  return runAction({
    inputs: { service, 'task-definition': 'task-definition.json', ...inputs },
    cwd: folder,
    env: {
      ...time.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      DOCKER_CONFIG: folder,
    },
  });
}

const updates = () => simulator.wire.calls.filter(({ operation }) => operation === 'UpdateService');
const end = ({ exitCode, outputs }: ActionRun) => [exitCode, outputs.outcome];
const digests = ({ outputs }: ActionRun): unknown => JSON.parse(outputs.summary ?? '{}').running?.digests;

test('ECR: the digest is pinned, and a tag that moved is deployed', async () => {
  simulator.ecr.host = ECR;
  const image = `${ECR}/team/web:latest`;
  push('latest', 'one');
  running('pinned', image);
  const two = push('latest', 'two');
  const plan = await run('pinned', image, { mode: 'plan' });
  expect([plan.outputs.changed, updates()]).toEqual(['true', []]);
  expect(plan.summary).toContain(`+ web@${two}`);
  const deployed = await run('pinned', image, {});
  expect([...end(deployed), digests(deployed)]).toEqual([0, 'deployed', { app: two }]);
  expect(deployed.log).toContain(`${image} is ${two.slice(0, 19)}`);
  expect(end(await run('pinned', image, {}))).toEqual([0, 'unchanged']);
});

test('a registry with a login: the tag is asked for, and one that moved is deployed again', async () => {
  simulator.ecr.host = loopback;
  const image = `${loopback}/team/web:main`;
  const { password } = registry;
  push('main', 'one');
  running('asked', image);
  const first = await run('asked', image, {}, password);
  expect([...end(first), updates()]).toEqual([0, 'unchanged', []]);
  expect(first.log).toContain(`::add-mask::${password}`);

  const two = push('main', 'two');
  const plan = await run('asked', image, { mode: 'plan' }, password);
  expect(plan.outputs.changed).toBe('true');
  expect(plan.summary).toContain('A new deployment would be forced');
  const kept = await run('asked', image, { 'force-new-deployment': 'false' }, password);
  expect([...end(kept), updates()]).toEqual([0, 'unchanged', []]);
  expect(kept.log).toMatch(/^::warning.*team\/web:main/m);
  expect(kept.summary).toContain('keeps the tasks that run');
  const deployed = await run('asked', image, {}, password);
  expect([...end(deployed), digests(deployed)]).toEqual([0, 'deployed', { app: two }]);
  expect(updates()).toEqual([
    expect.objectContaining({ input: expect.objectContaining({ forceNewDeployment: true }) }),
  ]);
});

test('a registry that does not know the login: the same revision is deployed again, and the log says why', async () => {
  simulator.ecr.host = loopback;
  const image = `${loopback}/team/web:closed`;
  push('closed', 'one');
  running('closed', image);
  const run1 = await run('closed', image, {}, 'wrong-password');
  expect(end(run1)).toEqual([0, 'deployed']);
  expect(run1.log).toContain('does not let this job read team/web (HTTP 401)');
  expect(run1.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('wrong-password');
});

test('an image that arrives empty is a warning, once in the log and in the summary', async () => {
  simulator.ecr.host = ECR;
  const image = `${ECR}/team/web@${push('fixed', 'one')}`;
  running('empty', image);
  const kept = await run('empty', image, { image: '' });
  expect(end(kept)).toEqual([0, 'unchanged']);
  expect(kept.log.match(/^::warning.*/gm)).toEqual([expect.stringContaining('arrived empty')]);
  expect(kept.summary).toContain('arrived empty');
});
