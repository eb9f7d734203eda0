import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { deny, REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/** What the other modes tell the runner: exit codes, outputs, summaries; and that they change nothing. */
const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'modes-'));
/** By digest, as `app:2` would have to be asked of Docker Hub. */
const byDigest = (image: string): string => image.replace(/^app:(\d)$/, (_, n: string) => `app@sha256:${n.repeat(64)}`);
const definition = (image: string) => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: byDigest(image), memory: 64 }],
});
/** GitHub, as far as deployments and comments of a commit go. */
const asked: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
const comments: string[] = [];
const hub = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  const path = (request.url ?? '').replace(/\?.*/, '');
  if (request.method !== 'GET') asked.push({ path, body });
  if (typeof body.body === 'string') comments[0] = body.body;
  const answer = request.method === 'GET' ? comments.map((text, id) => ({ id, body: text })) : { id: 7 };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
});
const COMMIT = 'badc0de000000000000000000000000000000000';
let server: { endpoint: string; close(): Promise<void> };
let time: SharedTime;

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  simulator.call('RegisterTaskDefinition', {
    ...definition('app:1'),
    tags: [{ key: 'ecs-rollout:commit', value: COMMIT }],
  });
  simulator.call('RegisterTaskDefinition', definition('app:2'));
  createDependencies(simulator, definition('app:2'));
  simulator.call('CreateService', { serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 });
  clock.advance(120);
  simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  clock.advance(120);
});
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  await new Promise((resolve) => hub.close(resolve).closeAllConnections());
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  simulator.wire.faults.length = 0;
  simulator.wire.calls.length = 0;
});

function run(inputs: Readonly<Record<string, string>>, image = 'app:2'): Promise<ActionRun> {
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition(image)));
  const template = inputs.mode === 'plan' ? { 'task-definition': 'task-definition.json' } : {};
  return runAction({
    inputs: { service: 'web', ...template, ...inputs },
    cwd: folder,
    env: {
      ...time.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_API_URL: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
      GITHUB_RUN_ID: '42',
    },
  });
}
const nothingChanged = (): void =>
  expect(
    simulator.wire.calls.filter(({ operation }) => /^(Register|Update|Stop|Deregister|Tag|Delete)/.test(operation)),
  ).toEqual([]);

test.each([
  ['no change', 'app:2', {}, 0, 'false'],
  ['no change, detailed', 'app:2', { 'detailed-exitcode': 'true' }, 0, 'false'],
  ['no difference, but forced', 'app:2', { 'force-new-deployment': 'true' }, 0, 'true'],
  ['no difference, but tags', 'app:2', { 'task-definition-tags': 'team=a', 'detailed-exitcode': 'true' }, 2, 'true'],
  ['a change', 'app:3', {}, 0, 'true'],
  ['a change, detailed', 'app:3', { 'detailed-exitcode': 'true' }, 2, 'true'],
  ['a mistake', 'app:3', { memory: 'much' }, 1, undefined],
])('mode: plan with %s', async (_, image, inputs, exitCode, changed) => {
  const planned = await run({ mode: 'plan', ...inputs }, image);
  expect([planned.exitCode, planned.outputs.changed]).toEqual([exitCode, changed]);
  if (changed !== undefined)
    expect(planned.summary).toMatch(changed === 'true' ? /: (?:would change|1 to change)/ : /: would not change/);
  nothingChanged();
});

const MISSING = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:none';

test('a plan that could not be deployed is an error that says why, once', async () => {
  const planned = await run({ mode: 'plan', image: MISSING });
  expect([planned.exitCode, planned.outputs.outcome]).toEqual([1, 'planned']);
  expect(planned.log.match(/^::error.*/gm)).toEqual([expect.stringContaining(MISSING)]);
  expect(planned.log.match(/^ {2}✗ .*/gm)).toEqual([expect.stringContaining(MISSING)]);
  expect(planned.summary).toContain('could not be deployed');
  nothingChanged();
});

test('the comment of a plan follows every later run, also one that fails for its inputs', async () => {
  const told = async (inputs: Readonly<Record<string, string>>) => {
    await run({ mode: 'plan', comment: 'true', 'github-token': 'token', ...inputs });
    return comments.join('\n---\n');
  };
  const plan = await told({});
  expect(plan).toContain('would not change');
  const marker = plan.split('\n')[0];
  for (const [inputs, says] of [
    [{ memory: 'much' }, 'memory'],
    [{ image: MISSING }, 'could not be deployed'],
    [{ 'task-definition': 'gone.json' }, 'gone.json'],
    [{}, 'would not change'],
  ] as const) {
    const now = await told(inputs);
    expect(now.split('\n')[0]).toBe(marker);
    expect(now).toContain(says);
  }
});

test('mode: register hands over the revision, and whether it is new; no service is asked for', async () => {
  writeFileSync(join(folder, 'batch.json'), JSON.stringify({ ...definition('app:2'), family: 'batch' }));
  const given = { mode: 'register', service: '', 'task-definition': 'batch.json' };
  const [first, again] = [await run(given), await run(given)];
  expect([first.exitCode, first.post, again.exitCode]).toEqual([0, { exitCode: 0, log: '' }, 0]);
  expect(first.outputs).toMatchObject({
    outcome: 'registered',
    changed: 'true',
    'task-definition-arn': expect.stringMatching(/:task-definition\/batch:1$/),
  });
  expect(again.outputs).toMatchObject({
    changed: 'false',
    'task-definition-arn': first.outputs['task-definition-arn'],
  });
  expect([first.log, again.log]).toEqual([
    expect.stringContaining('✓ Registered batch:1; no service was updated.'),
    expect.stringContaining('✓ batch:1 is this revision already; nothing was registered.'),
  ]);
  expect(first.summary).toContain('## ✅ Registered `batch:1`');
  const asked = new Set(simulator.wire.calls.map(({ operation }) => operation));
  expect([asked.has('DescribeServices'), asked.has('UpdateService')]).toEqual([false, false]);
}, 30_000);

test('mode: status of a service and of its cluster: table, summary and JSON', async () => {
  for (const given of [{}, { service: '', cluster: 'default' }]) {
    const { exitCode, outputs, log, summary, post } = await run({ mode: 'status', ...given });
    expect([exitCode, outputs.outcome, post]).toEqual([0, 'listed', { exitCode: 0, log: '' }]);
    expect(JSON.parse(outputs.status ?? '')).toEqual([
      expect.objectContaining({ service: 'web', condition: 'steady', revision: 'web:2', desired: 1, running: 1 }),
    ]);
    expect(log).toMatch(/^web +steady +1 of 1 +web:2/m);
    expect(summary).toMatch(/`web` in default\/eu-west-1 is steady|1 service of default\/eu-west-1: all steady/);
  }
  nothingChanged();
});

test('mode: list prints a table and hands over the same as JSON', async () => {
  const listed = await run({ mode: 'list' });
  expect(listed.exitCode).toBe(0);
  expect(listed.log).toMatch(/^web:2 .* runs now$/m);
  expect(listed.log).toMatch(/^web:1 .* usable$/m);
  expect(JSON.parse(listed.outputs.targets ?? '')).toMatchObject([
    { revision: 'web:2', current: true, usable: true },
    { revision: 'web:1', current: false, usable: true, images: [byDigest('app:1')] },
  ]);
  expect(listed.summary).toContain('Rollback targets of');
  nothingChanged();
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    'a service that is gone',
    { mode: 'rollback', service: 'vanished' },
    /Service vanished does not exist in the cluster default/,
  ],
  [
    'a revision that never was',
    { mode: 'rollback', 'rollback-to': 'web:99' },
    /Revision web:99 does not exist.*[\s\S]*web:1/,
  ],
  ['a target in a mode that has none', { 'rollback-to': 'web:1' }, /rollback-to.*is for `mode: rollback`/],
  ['a mode that is none', { mode: 'rolback' }, /Did you mean `rollback`\?/],
])('%s: a clear error, nothing changed', async (_, inputs, message) => {
  const refused = await run(inputs);
  expect(refused.exitCode).toBe(1);
  expect(refused.log).toMatch(message);
  expect(refused.outputs.outcome).toBe('failed');
  nothingChanged();
});

test('a denied call names the permission, and nothing is changed', async () => {
  simulator.wire.faults.push(deny('ecs:DescribeServices'));
  const refused = await run({ mode: 'rollback' });
  expect(refused.exitCode).toBe(1);
  expect(refused.log).toContain('Allow ecs:DescribeServices');
  nothingChanged();
});

test('a rollback needs no template, no build and no checkout', async () => {
  asked.length = 0;
  const back = await run({ mode: 'rollback', 'github-token': 'token', 'github-environment': 'production' });
  expect(back.log).not.toContain('::error');
  expect([back.exitCode, back.outputs.outcome]).toEqual([0, 'deployed']);
  expect(back.outputs['task-definition-arn']).toMatch(/web:1$/);
  expect(back.summary).toContain('Rolled back to');
  // GitHub is told of the commit that runs now, not of the one that the run was started from.
  expect(asked[0]).toMatchObject({
    path: '/repos/acme/web/deployments',
    body: { ref: COMMIT, description: 'Rollback to web:1' },
  });
  expect(asked.map(({ body }) => body.state)).toEqual([undefined, 'in_progress', 'success']);
});

describe('a service definition', () => {
  const create = (image: string, more: Readonly<Record<string, string>> = {}): Promise<ActionRun> => {
    writeFileSync(
      join(folder, 'service.yml'),
      'launchType: EC2\ndesiredCount: 1\ntags: [{key: team, value: "${TEAM}"}]\n',
    );
    const inputs = { service: 'api', 'service-definition': 'service.yml', variables: 'TEAM=web' };
    return run({ ...inputs, 'task-definition': 'task-definition.json', ...more }, image);
  };

  test('creates the service, and ends it where its first deployment fails', async () => {
    simulator.script.image('app@sha256:3', { exit: { afterSeconds: 2, code: 3 } });
    const planned = await create('app:3', { mode: 'plan' });
    expect([planned.exitCode, planned.summary]).toEqual([0, expect.stringContaining('service api would be created')]);
    const failed = await create('app:3');
    expect([failed.exitCode, failed.outputs.outcome, failed.outputs['service-created']]).toEqual([1, 'failed', 'true']);
    expect(failed.summary).toContain('api was scaled to 0 tasks: no deployment of it has ever succeeded');
    const good = await create('app:2');
    expect([good.exitCode, good.outputs.outcome]).toEqual([0, 'deployed']);
    const { services } = simulator.call('DescribeServices', { services: ['api'], include: ['TAGS'] }) as unknown as {
      services: unknown[];
    };
    expect(services).toEqual([
      expect.objectContaining({
        desiredCount: 1,
        runningCount: 1,
        tags: expect.arrayContaining([{ key: 'team', value: 'web' }]),
      }),
    ]);
  });
});
