import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionOptions, type ActionRun, runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { Iam } from '../../simulator/services/iam.ts';
import { Sts } from '../../simulator/services/sts.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { type Listening, Wire } from '../../simulator/wire/wire.ts';
import { steady } from '../support/steady.ts';

/**
 * The runner registers post before main starts, and evaluates its inputs and environment again. Whatever happens to main, post
 * follows up what main has announced, with main's own settings, in main's account; it never deploys.
 */
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'killed-'));
const definition = (image: string) => ({ family: 'web', containerDefinitions: [{ name: 'app', image, memory: 64 }] });
let server: Listening;

beforeAll(async () => {
  server = await simulator.listen();
  simulator.call('RegisterTaskDefinition', definition('app:1'));
  simulator.script.instance({});
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function withService(name: string): Promise<void> {
  simulator.call('CreateService', { serviceName: name, taskDefinition: 'web:1', desiredCount: 1 });
  await steady(simulator, name);
  simulator.wire.calls.length = 0;
}

function run(service: string, options: Partial<ActionOptions>): Promise<ActionRun> {
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition(`app:${service}`)));
  return runAction({
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
    },
    ...options,
    onMainEnd: async (files) => {
      // Requests that main had sent when it was killed are carried out, and are main's.
      await server.quiet();
      await options.onMainEnd?.(files);
    },
    inputs: { service, 'task-definition': 'task-definition.json', ...options.inputs },
  });
}

const callsTo = (wire: { readonly calls: readonly { readonly operation: string }[] }): string[] =>
  wire.calls.map(({ operation }) => operation);
const changesIn = (operations: readonly string[]): string[] =>
  operations.filter((operation) => /^(Register|Deregister|Update|Stop|Create|Delete|Tag)/.test(operation));

test('killed before its first line: post is silent, ends well and asks nothing of AWS', async () => {
  await withService('at-once');
  const killed = await run('at-once', { interrupt: { when: 0, signal: 'SIGKILL' } });
  expect(killed.outputs).toEqual({});
  expect(killed.post).toEqual({ exitCode: 0, log: '' });
  expect(callsTo(simulator.wire)).toEqual([]);
});

test('killed at any time before it has announced a change: post changes nothing', async () => {
  await withService('early');
  const seen = new Set<string>();
  for (const milliseconds of [5, 20, 40, 60, 90, 130, 180]) {
    let afterMain: string[] = [];
    let announced = false;
    const killed = await run('early', {
      interrupt: { when: milliseconds, signal: 'SIGKILL' },
      onMainEnd: (folder) => {
        afterMain = callsTo(simulator.wire);
        // Not by the calls: main announces before it calls, and a revision that exists is not registered again.
        announced = readFileSync(join(folder, 'state'), 'utf8').includes('rollout');
      },
    });
    expect(killed.post.exitCode).toBe(0);
    const byPost = callsTo(simulator.wire).slice(afterMain.length);
    if (announced) expect(changesIn(byPost).filter((name) => name !== 'DeregisterTaskDefinition')).toEqual([]);
    else {
      expect(changesIn(afterMain).filter((name) => name !== 'RegisterTaskDefinition')).toEqual([]);
      expect([milliseconds, byPost, killed.post.log]).toEqual([milliseconds, [], '']);
    }
    seen.add(afterMain[0] ?? 'nothing');
    simulator.wire.calls.length = 0;
  }
  expect(seen).toContain('nothing');
});

const begun = { when: /Deploying web:/, signal: 'SIGKILL' } as const;

test('credentials of another account: post says so, and asks that account for nothing but its name', async () => {
  await withService('elsewhere');
  const other = new Wire([new Sts(new Iam(), () => Date.now() / 1000)], '999988887777');
  const otherServer = await other.listen(0);
  try {
    let before = 0;
    const killed = await run('elsewhere', {
      interrupt: begun,
      inputs: { 'on-cancel': 'rollback' },
      postEnv: { AWS_ENDPOINT_URL: otherServer.endpoint, AWS_ACCESS_KEY_ID: 'OTHER' },
      onMainEnd: () => {
        before = simulator.wire.calls.length;
      },
    });
    expect(killed.post.exitCode).toBe(0);
    expect(killed.post.log).toMatch(
      /::warning::Could not determine the state of the deployment: The run deployed to elsewhere in account 123456789012, but the credentials of its post step \(arn:aws:sts::999988887777:.*\) belong to account 999988887777\./,
    );
    expect(killed.post.log).toMatch(/role-to-assume.* To undo it: `aws ecs update-service --region eu-west-1 /);
    expect(callsTo(other)).toEqual(['GetCallerIdentity']);
    expect(simulator.wire.calls.length).toBe(before);
  } finally {
    await otherServer.close();
  }
});

test('inputs and region that changed meanwhile: post works with those that main used', async () => {
  await withService('settings');
  simulator.script.image('app:settings', { startSeconds: 100_000 });
  const killed = await run('settings', {
    interrupt: begun,
    inputs: { 'on-cancel': 'rollback' },
    postEnv: {
      'INPUT_ON-CANCEL': 'leave',
      INPUT_SERVICE: 'at-once',
      INPUT_CLUSTER: '',
      INPUT_MODE: 'nonsense',
      AWS_REGION: 'us-east-1',
    },
  });
  expect(killed.post).toMatchObject({ exitCode: 0, log: expect.stringContaining('was rolled back to web:1') });
  expect(killed.summary).toContain('settings');
});

test("what main leaves for post holds no secret, neither the token nor the role's external id", async () => {
  await withService('secrets');
  let state = '';
  await run('secrets', {
    interrupt: begun,
    inputs: { 'github-token': 'canary-token-1234567890', comment: 'true' },
    onMainEnd: (folder) => {
      state = readFileSync(join(folder, 'state'), 'utf8');
    },
  });
  expect(state).toContain('handover');
  expect(state).not.toContain('canary');
});
