import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { furnish } from '../../simulator/furnish.ts';
import { deny, REGION, Simulator } from '../../simulator/simulator.ts';

/** What the other modes tell the runner: exit codes, outputs, summaries; and that they change nothing. */
const clock = new RealClock(40);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'modes-'));
const definition = (image: string) => ({ family: 'web', containerDefinitions: [{ name: 'app', image, memory: 64 }] });
let server: { endpoint: string; close(): Promise<void> };

beforeAll(async () => {
  server = await simulator.listen();
  simulator.call('RegisterTaskDefinition', definition('app:1'));
  simulator.call('RegisterTaskDefinition', definition('app:2'));
  furnish(simulator, definition('app:2'));
  simulator.call('CreateService', { serviceName: 'web', taskDefinition: 'web:1', desiredCount: 1 });
  const steady = () => new Promise((resolve) => globalThis.setTimeout(resolve, 2500));
  await steady();
  simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  await steady();
}, 20_000);
afterAll(async () => {
  clock.close();
  await server.close();
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
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
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
  ['a change', 'app:3', {}, 0, 'true'],
  ['a change, detailed', 'app:3', { 'detailed-exitcode': 'true' }, 2, 'true'],
  ['a mistake', 'app:3', { memory: 'much' }, 1, undefined],
])('mode: plan with %s', async (_, image, inputs, exitCode, changed) => {
  const planned = await run({ mode: 'plan', ...inputs }, image);
  expect([planned.exitCode, planned.outputs.changed]).toEqual([exitCode, changed]);
  if (changed !== undefined)
    expect(planned.summary).toContain(changed === 'true' ? 'would change' : 'would not change');
  nothingChanged();
});

test('mode: list prints a table and hands over the same as JSON', async () => {
  const listed = await run({ mode: 'list' });
  expect(listed.exitCode).toBe(0);
  expect(listed.log).toMatch(/^web:2 .* runs now$/m);
  expect(listed.log).toMatch(/^web:1 .* usable$/m);
  expect(JSON.parse(listed.outputs.targets ?? '')).toMatchObject([
    { revision: 'web:2', current: true, usable: true },
    { revision: 'web:1', current: false, usable: true, images: ['app:1'] },
  ]);
  expect(listed.summary).toContain('can go back to');
  nothingChanged();
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  [
    'a service that is gone',
    { mode: 'rollback', service: 'vanished' },
    /There is no service vanished in the cluster default/,
  ],
  [
    'a revision that never was',
    { mode: 'rollback', 'rollback-to': 'web:99' },
    /There is no revision web:99.*[\s\S]*web:1/,
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
  const back = await run({ mode: 'rollback' });
  expect(back.log).not.toContain('::error');
  expect([back.exitCode, back.outputs.outcome]).toEqual([0, 'deployed']);
  expect(back.outputs['task-definition-arn']).toMatch(/web:1$/);
  expect(back.summary).toContain('Rolled back to');
}, 30_000);
