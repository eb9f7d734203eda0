import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';

/** Inputs and files that stop the run: through the bundle, with AWS asked nothing, or nothing that changes anything. */
const clock = new RealClock(40);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'inputs-'));
const definition = { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64 }] };
let server: { endpoint: string; close(): Promise<void> };

beforeAll(async () => {
  server = await simulator.listen();
  simulator.call('RegisterTaskDefinition', definition);
  createDependencies(simulator, definition);
  simulator.call('CreateService', { serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 });
  mkdirSync(join(folder, 'deploy'));
  writeFileSync(join(folder, 'deploy', 'task-definition.json'), JSON.stringify(definition));
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void simulator.wire.calls.splice(0));

const run = (inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
  runAction({
    inputs: { service: 'web', ...inputs },
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
      ...env,
    },
  });
const changes = () =>
  simulator.wire.calls
    .map(({ operation }) => operation)
    .filter((operation) => !/^(Describe|List|Get|BatchGet)/.test(operation));

test.each<[situation: string, inputs: Readonly<Record<string, string>>, words: readonly string[]]>([
  ['a dry run', { 'dry-run': 'true', image: 'app:2' }, ['dry-run: ', 'Set `mode: plan`']],
  ['no push', { push: 'false', repository: 'web' }, ['push: ', 'always pushes']],
  ['a task to run', { 'run-task': 'true' }, ['run-task: ', '`pre-deploy`', 'mode: task']],
  ['a revision', { 'task-definition-revision': '3' }, ['task-definition-arn: FAMILY:REVISION']],
  [
    'several at once',
    { clutser: 'prod', 'codedeploy-apspec': 'a.yml', 'environment-variables': '- A=1\nB: 2' },
    ['`cluster`', '`codedeploy-appspec`', 'without the dash', 'colon after `B`'],
  ],
  [
    'a key on plain lines',
    {
      repository: 'web',
      'build-secrets': 'key=-----BEGIN PRIVATE KEY-----\nhunter2hunter2=\n-----END PRIVATE KEY-----',
    },
    ['`key<<EOF`'],
  ],
])('%s stops the run before AWS is asked anything', async (_, inputs, words) => {
  const { exitCode, log, outputs, post } = await run(inputs);
  expect([exitCode, outputs.outcome, post.exitCode]).toEqual([1, 'failed', 0]);
  expect(simulator.wire.calls).toEqual([]);
  expect(log.match(/^::error/gm)).toHaveLength(1);
  expect(log).not.toContain('hunter2');
  for (const word of words) expect(log).toContain(word);
});

test('a variable of the runner itself is a warning, and the deployment continues', async () => {
  const { exitCode, log } = await run(
    { 'wait-for-service-stability': 'false', preflight: 'false' },
    { INPUT_JFROG_URL: 'x' },
  );
  expect(exitCode).toBe(0);
  expect(log).toMatch(/^::warning::`jfrog_url` is not an input of this action.*INPUT_JFROG_URL/m);
});

test('files of the build that are missing stop the run before anything is built or changed', async () => {
  const { exitCode, log } = await run({
    repository: 'web',
    file: 'Dockerfil',
    'build-contexts': 'a=./nothing',
    'build-secret-files': 'key=key.pem',
  });
  expect(exitCode).toBe(1);
  for (const word of ['File Dockerfil does not exist', './nothing', '`key` names a file that does not exist'])
    expect(log).toContain(word);
  expect(changes()).toEqual([]);
});

test.each<[situation: string, name: string, make: (path: string) => void, words: RegExp]>([
  ['a pipe', 'pipe.json', (path) => execFileSync('mkfifo', [path]), /is a named pipe/],
  ['a device', 'zero.json', (path) => symlinkSync('/dev/zero', path), /is a device/],
  ['20 MiB of YAML', 'large.yaml', (path) => writeFileSync(path, 'a: [b, c]\n'.repeat(2_000_000)), /at most 1 MiB/],
  ['3,000 levels', 'deep.json', (path) => writeFileSync(path, '{"a":'.repeat(3000)), /more than 100 levels/],
  ['UTF-16', 'utf16.json', (path) => writeFileSync(path, '\uFEFF{}', 'utf16le'), /UTF-16LE, not in UTF-8/],
  [
    'another case',
    'Other.json',
    (path) => writeFileSync(path.replace('Other', 'other'), '{}'),
    /Did you mean `other.json`/,
  ],
])('a template that is %s is refused at once', async (_, name, make, words) => {
  make(join(folder, name));
  const { exitCode, log } = await run({ 'task-definition': name });
  expect(exitCode).toBe(1);
  expect(log).toMatch(words);
  expect(changes()).toEqual([]);
});

test.each([
  ['GITHUB_STATE', '/nowhere/state', 'does not exist'],
  ['GITHUB_OUTPUT', '/nowhere/output', 'does not exist'],
  ['GITHUB_STATE', '/', 'EISDIR'],
])('%s at %s: one error, no stack, and nothing is asked of AWS', (name, path, why) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '../../dist/main.js')], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      GITHUB_ACTIONS: 'true',
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: REGION,
      INPUT_SERVICE: 'web',
      [name]: path,
    },
  });
  expect(status).toBe(1);
  expect(stderr).toBe('');
  expect(stdout.match(/^::error.*/gm)).toEqual([
    expect.stringMatching(`${name} of the runner .${path}. cannot be written: ${why}`),
  ]);
  expect(stdout).not.toMatch(/^\s+at |::warning/m);
  expect(simulator.wire.calls).toEqual([]);
});
