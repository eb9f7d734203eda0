import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import type { Call } from '../../simulator/wire/wire.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { letTimePass, type SharedTime, shareTime } from '../support/shared-time.ts';
import { definitionOf } from '../support/task-definition.ts';

/** The bundle with three services, over the wire. */
const NAMES = ['api', 'worker', 'cron'];
const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'services-'));
const comments: string[] = [];
let github: Server;
let server: { endpoint: string; close(): Promise<void> };
let env: Record<string, string>;
let time: SharedTime;

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  // GitHub's API: comments are found, made and replaced.
  github = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST' || request.method === 'PATCH') comments.push(JSON.parse(body).body ?? '');
      // What was put is found again.
      const stored = comments.slice(-1).map((text) => ({ id: 1, body: text }));
      const found = request.method === 'GET' ? stored : { id: 1, body: comments.at(-1) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
    });
  });
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
  env = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: 'TEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    GITHUB_SHA: 'c0ffee',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '7',
    GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
  };
  for (const name of NAMES) {
    const definition = definitionOf(name, `example.com/${name}:1`);
    createDependencies(simulator, definition);
    simulator.call('RegisterTaskDefinition', definition);
    simulator.call('CreateService', {
      serviceName: name,
      taskDefinition: name,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
  }
  clock.advance(120);
});
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  github.closeAllConnections();
  github.close();
  rmSync(folder, { recursive: true, force: true });
});

const release = (version: number): void => {
  for (const name of NAMES)
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(definitionOf(name, `example.com/${name}:${version}`)));
};
const LIST = NAMES.map((name) => `- {service: ${name}, task-definition: ${name}.json}`).join('\n');
const run = (inputs: Readonly<Record<string, string>>, more: object = {}): Promise<ActionRun> =>
  runAction({ inputs: { services: LIST, ...inputs }, env: { ...env, ...time.env }, cwd: folder, ...more });
/** Of a main that is killed, in real time; from the call on the world stands still, however long post takes to start. */
async function killedAt(call: (call: Call) => boolean, when: RegExp, inputs: Readonly<Record<string, string>> = {}) {
  const stop = letTimePass(clock);
  simulator.wire.disturbances.push((one) => {
    if (call(one)) stop();
    return undefined;
  });
  const killed = await run(inputs, { env, interrupt: { when, signal: 'SIGKILL' } });
  simulator.wire.disturbances.length = 0;
  stop();
  return killed;
}
const rowsOf = ({ outputs }: ActionRun): Record<string, string>[] => JSON.parse(outputs.services ?? '[]');
const runs = (name: string): string => {
  const { services } = simulator.call('DescribeServices', { services: [name] }) as unknown as {
    services: { taskDefinition: string }[];
  };
  return services[0]?.taskDefinition.split('/').at(-1) ?? '';
};

test('three services of one commit: one table, one summary, one comment, one output', async () => {
  release(2);
  const ended = await run({ comment: 'true', 'github-token': 'ghs_token', canary: 'api' });
  if (ended.exitCode !== 0) throw new Error(ended.log);
  expect(ended.outputs).toMatchObject({ outcome: 'deployed' });
  expect(ended.outputs['task-definition-arn']).toBeUndefined();
  expect(rowsOf(ended)).toEqual(
    NAMES.map((name) =>
      expect.objectContaining({
        name,
        service: name,
        cluster: 'default',
        outcome: 'deployed',
        'task-definition-arn': expect.stringMatching(new RegExp(`${name}:2$`)),
        'deployment-id': expect.stringMatching(/^ecs-svc\//),
      }),
    ),
  );
  expect(ended.summary).toContain('## ✅ default/eu-west-1: 3 services deployed');
  expect(ended.log).toMatch(/worker {2,}deployed {2,}worker:2/);
  expect(comments).toHaveLength(1);
  expect(comments[0]).toContain('### ✅ default/eu-west-1: 3 services deployed');
  expect(ended.post).toEqual({ exitCode: 0, log: '' });
});

test('a plan of all of them changes nothing', async () => {
  release(3);
  const before = simulator.wire.count('RegisterTaskDefinition');
  const planned = await run({ mode: 'plan', 'detailed-exitcode': 'true' });
  expect(planned.exitCode).toBe(2);
  expect(planned.outputs).toMatchObject({ outcome: 'planned', changed: 'true' });
  expect(rowsOf(planned)).toEqual(
    NAMES.map((name) => expect.objectContaining({ name, changed: true, blocked: false })),
  );
  expect(planned.summary).toContain('3 of 3 services would change');
  expect(simulator.wire.count('RegisterTaskDefinition')).toBe(before);
});

test('one that fails takes the others back (rollback-scope: all), and the step fails', async () => {
  release(4);
  simulator.model.behaviours.set('worker:4', { exit: { afterSeconds: 2, code: 3 } });
  const failed = await run({ 'rollback-scope': 'all' });
  expect(failed.exitCode).toBe(1);
  expect(failed.outputs).toMatchObject({ outcome: 'rolled-back' });
  expect(rowsOf(failed).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
    NAMES.map((name) => `${name} rolled-back`),
  );
  expect(failed.log).toMatch(/::error title=[^\n]*worker[^\n]*failed and was rolled back::/);
  expect(failed.log).toContain('exit code 3');
  const errors = [...failed.log.matchAll(/::error title=([^\n]*?)::/g)].map(([, title = '']) =>
    decodeURIComponent(title),
  );
  expect(errors).toEqual([
    expect.stringContaining('worker:3 failed and was rolled back'),
    expect.stringMatching(/api:3 was rolled back with worker; 1 more service in the same way$/),
  ]);
  expect(failed.log).toMatch(/Failed in the same way: api and cron\b/);
  // What the run asked for is no failure of its own.
  expect(failed.log).not.toMatch(/as it was asked to|stopped by the user/);
  expect(NAMES.map(runs)).toEqual(NAMES.map((name) => `${name}:2`));
  expect(failed.post).toEqual({ exitCode: 0, log: '' });
});

test('every mistake of every entry at once, before anything is asked of AWS; values of secrets are masked', async () => {
  const before = simulator.wire.calls.length;
  const services = `- {service: api, clutser: x}\n- service: worker\n  after: [apo]\n  environment-variables:\n    DB_PASSWORD: hunter2-hunter2\n`;
  const wrong = await run({ services, 'rollback-scope': 'grop' });
  expect(wrong.exitCode).toBe(1);
  expect(wrong.log).toContain('services[0] (api): `clutser` is not an input of a service. Did you mean `cluster`?');
  expect(wrong.log).toContain(
    'services[1] (worker): `after` names `apo`, which is not in `services`. Did you mean `api`?',
  );
  expect(wrong.log).toContain('Did you mean `group`?');
  expect(wrong.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('hunter2');
  expect(simulator.wire.calls.length).toBe(before);
});

test('killed while they are deployed: post reports each, and the next attempt ends well', async () => {
  release(5);
  const all = new RegExp(`^${NAMES.map((name) => `(?=[^]*${name} +\\|.*deploying ${name})`).join('')}`);
  const killed = await killedAt(({ operation }) => operation === 'UpdateService', all);
  for (const name of NAMES) expect(killed.post.log).toContain(`roll out ${name}:`);
  expect(killed.post.exitCode).toBe(0);
  const again = await run({}, { env: { ...env, ...time.env, GITHUB_RUN_ATTEMPT: '2' } });
  if (again.exitCode !== 0) throw new Error(again.log);
  expect(rowsOf(again).map(({ outcome }) => outcome)).toEqual(NAMES.map(() => 'deployed'));
});

test('a rollback takes all of them back, and a list shows the targets of each', async () => {
  const back = await run({ mode: 'rollback' });
  if (back.exitCode !== 0) throw new Error(back.log);
  expect(NAMES.map(runs)).toEqual(NAMES.map((name) => `${name}:2`));
  const listed = await run({ mode: 'list' });
  expect(listed.exitCode).toBe(0);
  const targets: { name: string; revision: string }[] = JSON.parse(listed.outputs.targets ?? '[]');
  expect(new Set(targets.map(({ name }) => name))).toEqual(new Set(NAMES));
});

test('killed while one of them is deployed: the comment shows those that had ended, and those that had not begun', async () => {
  release(6);
  const asked = { canary: 'api', 'max-parallel': '1', comment: 'true', 'github-token': 'ghs_token' };
  const atWorker = ({ operation, input }: Call): boolean => operation === 'UpdateService' && input.service === 'worker';
  const killed = await killedAt(atWorker, /worker +\|.*deploying worker/, asked);
  expect(killed.post.exitCode).toBe(0);
  const comment = comments.at(-1) ?? '';
  expect(comment).toContain('1 of 3 services cancelled, 1 not started');
  expect(comment).toMatch(/api.*✅ .*api:\d.*deployed/);
  expect(comment).toMatch(/worker.*cancelled/);
  expect(comment).toMatch(/cron.*skipped/);
});
