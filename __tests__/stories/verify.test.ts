import { breakDown, deny } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { fetchService } from '../../src/stories/run.ts';
import { killAt } from '../support/killed.ts';
import { runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

/** `verify` and `hold-minutes`: what comes after ECS says that the deployment is complete. */
const URL_ = 'https://app.example.com/health';
function stageWith(settings: Readonly<Record<string, unknown>> = {}): Stage {
  const stage = new Stage().withService(settings);
  const [container] = TASK_DEFINITION.containerDefinitions;
  stage.template({ containerDefinitions: [{ ...container, image: 'example.com/app:2' }] });
  return stage;
}
const page =
  (status: number, body = '') =>
  () => ({ status, body });
const log = (stage: Stage): string => stage.lines.join('\n');

test('a page that is right proves the deployment, after some that were not', async () => {
  const stage = stageWith();
  let asked = 0;
  stage.pages.set(URL_, () => ({ status: asked++ < 2 ? 503 : 200, body: 'version 2' }));
  const outcome = await stage.deploy({ verify: `{url: "${URL_}", status: 200, body: version 2, successes: 3}` });
  expect(outcome.kind).toBe('deployed');
  expect(asked).toBe(5);
  expect(log(stage)).toMatch(
    /verify https:\/\/app\.example\.com\/health: status 503, expected 200\n.*passed \(3 successes in a row\)/,
  );
});

test.each([
  [page(500), /last: status 500, expected 2xx/],
  [page(200, 'old'), /last: the body does not contain `new`/],
  [undefined, /last: no answer \(ECONNREFUSED\)/],
] as const)('one that is never right rolls the service back', async (answer, why) => {
  const stage = stageWith();
  if (answer) stage.pages.set(URL_, answer);
  const body = answer?.().body === 'old' ? 'body: new, ' : '';
  const outcome = await stage.deploy({ verify: `{url: "${URL_}", ${body}timeout-minutes: 2}` });
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.headline).toMatch(
    /^web:2 was deployed, but verify https:\/\/app\.example\.com\/health did not succeed/,
  );
  expect(outcome.headline).toMatch(why);
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('a command of the runner: its exit code counts, its last line is the reason', async () => {
  const stage = stageWith();
  const shell = {
    run: async (program: string, args: readonly string[]) => ({
      exitCode: 1,
      stdout: `${program} ${args.join(' ')}\n`,
      stderr: 'expected 3 items, got 2\n',
    }),
  };
  Object.assign(stage.world, { shell });
  stage.files.set('./smoke.sh', '');
  const outcome = await stage.deploy({ verify: './smoke.sh --fast', 'rollback-on-failure': 'false' });
  expect(outcome.kind).toBe('failed');
  expect(outcome.headline).toContain('verify ./smoke.sh --fast did not succeed');
  expect(outcome.headline).toContain('exit code 1: expected 3 items, got 2');
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
});

test('for-seconds: a page that breaks within them does not pass', async () => {
  const stage = stageWith();
  const from = stage.clock.now();
  stage.pages.set(URL_, () => ({ status: stage.clock.now() - from < 90 ? 200 : 500, body: '' }));
  const outcome = await stage.deploy({ verify: `{url: "${URL_}", for-seconds: 120, timeout-minutes: 1}` });
  expect(outcome.headline).toMatch(/did not succeed \(for 120 s\)/);
});

test('in bake time: a failure ends the deployment while ECS can still move the traffic back', async () => {
  const settings = {
    deploymentConfiguration: {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 10,
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
  };
  const bad = stageWith(settings);
  bad.clock.advance(900);
  const outcome = await bad.deploy({ verify: `{url: "${URL_}", timeout-minutes: 1}` });
  expect(log(bad)).toContain('bake time: verifying the deployment');
  expect([outcome.kind, outcome.headline]).toEqual(['rolled-back', expect.stringContaining('did not succeed')]);
  expect(bad.count('StopServiceDeployment')).toBe(1);
  expect(bad.count('UpdateService')).toBe(1);
  const good = stageWith(settings);
  good.clock.advance(900);
  good.pages.set(URL_, page(204));
  expect((await good.deploy({ verify: URL_ })).kind).toBe('deployed');
  expect(log(good).indexOf('passed (1 success)')).toBeLessThan(log(good).indexOf('✓ deployed:'));
});

test('hold-minutes: a crash after the deployment was complete rolls back; without one the run ends well', async () => {
  const stage = stageWith();
  stage.simulator.script.revision('web:2', { exit: { afterSeconds: 100, code: 1 } });
  const outcome = await stage.deploy({ 'hold-minutes': '5' });
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.headline).toMatch(/^A task of web:2 failed (?:\d+ min )?\d+ s after the deployment was complete: /);
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
  // The task is counted, and the log shows how it ended before it shows the rollback.
  expect(outcome.tally?.map(({ taskDefinitionArn: arn, failed }) => [arn.replace(/.*\//, ''), failed])).toEqual([
    ['web:2', expect.any(Number)],
    ['web:1', 0],
  ]);
  expect(outcome.tally?.[0]?.failed).toBeGreaterThan(0);
  expect(log(stage)).toMatch(/web:2 STOPPED[\s\S]*✗ failed: A task of web:2 failed[\s\S]*rolling back to web:1/);

  const calm = stageWith();
  expect((await calm.deploy({ 'hold-minutes': '5' })).kind).toBe('deployed');
  expect(log(calm)).toContain('held for 5 min: no task failed');
});

test('hold-minutes: nothing is concluded from polls that ECS does not answer', async () => {
  const crash = { exit: { afterSeconds: 100, code: 1 } };
  // Silent to the end and beyond: not known.
  const silent = stageWith();
  silent.simulator.script.revision('web:2', crash);
  silent.simulator.script.at(45, () => silent.simulator.wire.faults.push(breakDown('DescribeServices', 100_000)));
  await expect(silent.deploy({ 'hold-minutes': '2', 'rollback-on-failure': 'false' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(
      /^Whether a task of web:2 failed within 2 min is not known: ECS did not show its tasks after/,
    ),
  });
  // Silent for the last minute: what happened meanwhile is looked at.
  const late = stageWith();
  late.simulator.script.revision('web:2', crash);
  const fault = breakDown('DescribeServices', 100_000);
  late.simulator.script.at(45, () => late.simulator.wire.faults.push(fault));
  late.simulator.script.at(170, () => late.simulator.wire.faults.splice(late.simulator.wire.faults.indexOf(fault), 1));
  const outcome = await late.deploy({ 'hold-minutes': '2' });
  expect([outcome.kind, outcome.headline]).toEqual(['rolled-back', expect.stringMatching(/^A task of web:2 failed/)]);
});

test('hold-minutes: nothing is concluded where only the tasks cannot be seen', async () => {
  const crash = { exit: { afterSeconds: 100, code: 1 } };
  const given = { 'hold-minutes': '4', 'rollback-on-failure': 'false' };
  for (const operation of ['DescribeTasks', 'ListTasks']) {
    const silent = stageWith();
    silent.simulator.script.at(45, () => {
      silent.simulator.script.revision('web:2', crash);
      silent.simulator.wire.faults.push(breakDown('ListTasks', 100_000), breakDown('DescribeTasks', 100_000));
    });
    await expect(silent.deploy(given)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // Denied: ECS's events show that a task was replaced, and not why.
    const denied = stageWith();
    denied.simulator.wire.faults.push(deny(`ecs:${operation}`));
    denied.simulator.script.revision('web:2', (start) => (start < 2 ? crash : {}));
    const outcome = await denied.deploy(given);
    expect([outcome.kind, outcome.headline]).toEqual([
      'failed',
      expect.stringMatching(
        /^ECS replaced 2 tasks of web:2 within .* Allow ecs:ListTasks and ecs:DescribeTasks to see the reason\./,
      ),
    ]);
    const calm = stageWith();
    calm.simulator.wire.faults.push(deny(`ecs:${operation}`));
    calm.simulator.script.update(120, { service: 'web', desiredCount: 4 });
    expect((await calm.deploy(given)).kind).toBe('deployed');
  }
});

test('hold-minutes: a refusal that ends it does not call the complete deployment one that continues', async () => {
  for (const [rollback, words] of [
    ['true', /could not be started: .* web:2 stays deployed\. To undo it: /],
    ['false', /^ECS has deployed web:2 \(ecs-svc\/\d+\), which is not verified to its end\. To undo it: /],
  ] as const) {
    const stage = stageWith();
    stage.simulator.script.at(100, () => void stage.simulator.wire.faults.push(deny('ecs:DescribeServices')));
    await expect(stage.deploy({ 'hold-minutes': '5', 'rollback-on-failure': rollback })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      state: expect.stringMatching(words),
    });
  }
});

test('hold-minutes: a service that is deleted has failed, one that is scaled to 0 proves nothing', async () => {
  const deleted = stageWith();
  deleted.simulator.script.at(120, () => void deleted.simulator.call('DeleteService', { service: 'web', force: true }));
  const outcome = await deleted.deploy({ 'hold-minutes': '5' });
  expect([outcome.kind, outcome.headline]).toEqual([
    'failed',
    expect.stringMatching(/^The service web was deleted within \d+ s after its deployment was complete\. Now nothing/),
  ]);
  const empty = stageWith();
  empty.simulator.script.update(120, { service: 'web', desiredCount: 0 });
  const { kind, warnings } = await empty.deploy({ 'hold-minutes': '5' });
  expect([kind, warnings]).toEqual(['deployed', [expect.stringMatching(/^web was scaled to 0 while it was held/)]]);
});

test('hold-minutes: scaling in and a newer deployment are no failures', async () => {
  const stage = stageWith();
  stage.simulator.script.update(120, { service: 'web', desiredCount: 1 });
  expect((await stage.deploy({ 'hold-minutes': '5' })).kind).toBe('deployed');
  const newer = stageWith();
  newer.simulator.script.at(150, () => {
    newer.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
    newer.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web' });
  });
  expect((await newer.deploy({ 'hold-minutes': '5' })).kind).toBe('superseded');
});

test('a cancel during the verification leaves the deployment, and says so', async () => {
  const stage = stageWith();
  const cancel = new AbortController();
  stage.simulator.script.at(100, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
  const outcome = await stage.deploy({ verify: `{url: "${URL_}", timeout-minutes: 30}` }, cancel.signal);
  expect(outcome.kind).toBe('cancelled');
  expect(outcome.headline).toMatch(/^Cancelled; ECS has deployed web:2, which is not verified to its end\. To undo it/);
});

test('a re-run whose earlier attempt ended before it was verified verifies it, and holds', async () => {
  for (const denied of [[], [deny('ecs:TagResource')]]) {
    const stage = stageWith();
    stage.simulator.wire.faults.push(...denied);
    const cancel = new AbortController();
    stage.simulator.script.at(100, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
    const given = { verify: `{url: "${URL_}", timeout-minutes: 2}`, 'hold-minutes': '1' };
    expect((await stage.deploy(given, cancel.signal)).kind).toBe('cancelled');
    const kept = { ...given, 'rollback-on-failure': 'false' };
    const bad = await stage.deployAs({ runAttempt: '2' }, kept);
    expect([bad.kind, bad.headline]).toEqual(['failed', expect.stringContaining('did not succeed')]);
    stage.pages.set(URL_, page(200));
    expect((await stage.deployAs({ runAttempt: '3' }, given)).kind).toBe('unchanged');
    expect(log(stage)).toContain('passed (1 success)');
    expect(log(stage)).toContain('held for 1 min');
    // Another run of the workflow deploys nothing, and so verifies nothing.
    stage.pages.delete(URL_);
    if (denied.length === 0) expect((await stage.deployAs({ runId: '43' }, given)).kind).toBe('unchanged');
  }
});

const VERIFY = { verify: `{url: "${URL_}", timeout-minutes: 2}` };

/** Its first attempt ends while it verifies web:2. */
async function endedInVerify(): Promise<Stage> {
  const stage = stageWith();
  const cancel = new AbortController();
  stage.simulator.script.at(100, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
  expect((await stage.deploy(VERIFY, cancel.signal)).kind).toBe('cancelled');
  return stage;
}

test('a re-run whose verification fails rolls back as the first attempt would have', async () => {
  const stage = await endedInVerify();
  const outcome = await stage.deployAs({ runAttempt: '2' }, VERIFY);
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.done).toBe(
    'Rolled back to web:1. Only the revision was rolled back: settings that an earlier attempt of this run changed stay as they are.',
  );
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
});

test('a re-run that verifies well asks for no history', async () => {
  const stage = await endedInVerify();
  stage.pages.set(URL_, page(200));
  const asked = () => stage.count('ListServiceDeployments') + stage.count('DescribeServiceRevisions');
  const callsOf = async (runAttempt: string, given: Readonly<Record<string, string>>): Promise<number> => {
    const before = asked();
    expect((await stage.deployAs({ runAttempt }, given)).kind).toBe('unchanged');
    return asked() - before;
  };
  expect(await callsOf('2', VERIFY)).toBe(await callsOf('3', {}));
});

test.each<[string, (stage: Stage) => Promise<unknown>, string, RegExp]>([
  [
    'a history that is denied',
    async (stage) => stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments')),
    '42',
    /Not rolled back: ecs:ListServiceDeployments is denied\. To roll back, run `mode: rollback`, or: aws ecs update-service .*--task-definition web:NUMBER$/,
  ],
  [
    'a revision that this run found deployed already',
    async (stage) => expect((await stage.deployAs({ runId: '43' }, VERIFY)).kind).toBe('unchanged'),
    '43',
    /Not rolled back: the tags of the revision do not prove that this run deployed it\. To roll back/,
  ],
])('a re-run rolls nothing back without certainty: %s', async (_, given, runId, why) => {
  const stage = await endedInVerify();
  await given(stage);
  const updates = stage.count('UpdateService');
  const outcome = await stage.deployAs({ runId, runAttempt: '2' }, VERIFY);
  expect([outcome.kind, outcome.done]).toEqual(['failed', expect.stringMatching(why)]);
  expect(outcome.headline).toContain(outcome.done);
  expect(stage.count('UpdateService')).toBe(updates);
  expect(stage.service().taskDefinition).toMatch(/web:2$/);
});

/** A deploy of web:2 that verify fails, killed at its n-th call of an operation; post, and at once the next attempt of the job. */
async function killedInRollback(
  operation: string,
  { nth = 1, later = 0 }: { readonly nth?: number; readonly later?: number } = {},
): Promise<{ readonly told: string | undefined; readonly again: Outcome; readonly stage: Stage }> {
  const start = (stage: Stage, world: World): Promise<Outcome> => {
    const inputs = stage.inputs(VERIFY) as DeployInputs;
    return deploy(runOf(inputs, world), fetchService(inputs, world));
  };
  const whole = stageWith();
  await start(whole, whole.world);
  const calls = whole.simulator.wire.calls.map((call) => call.operation);
  const found = calls.flatMap((call, index) => (call === operation ? [index + 1] : []));
  const stage = stageWith();
  const call = (found[nth - 1] ?? 0) + later;
  expect(await killAt(stage, { call, when: 'answered' }, (world) => start(stage, world))).toBe('killed');
  const told = await stage.post();
  stage.states.clear();
  return { told: told?.headline, again: await stage.deployAs({ runAttempt: '2' }, VERIFY), stage };
}

describe('the next attempt of a job that was killed', () => {
  test('while a rollback by UpdateService was under way: post follows it, and the attempt does not "roll back" to what failed', async () => {
    for (const later of [0, 12, 30]) {
      const { told, again, stage } = await killedInRollback('UpdateService', { nth: 2, later });
      expect(told).toBe('The run ended early; web was rolled back to web:1. Now web:1 serves: 2 of 2.');
      expect([again.kind, again.done]).toEqual(['rolled-back', 'Rolled back to web:1.']);
      expect(stage.service().taskDefinition).toMatch(/web:1$/);
    }
  });

  test('once the old tasks were gone, with the deployment still under way: what ECS has recorded is rolled back to', async () => {
    const stage = stageWith();
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.clock.advance(25);
    expect(stage.service().deployments).toEqual([
      expect.objectContaining({ rolloutState: 'IN_PROGRESS', runningCount: 2 }),
    ]);
    const again = await stage.deployAs({ runAttempt: '2' }, VERIFY);
    expect([again.kind, again.done]).toEqual(['rolled-back', 'Rolled back to web:1.']);
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
  });

  test('where a rollback is under way and post was prevented: the attempt does not "roll back" to what failed', async () => {
    const stage = stageWith();
    await stage.deploy({});
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:1' });
    stage.clock.advance(3);
    const outcome = await stage.deployAs({ runAttempt: '2' }, VERIFY);
    expect([outcome.kind, outcome.done]).toEqual(['rolled-back', 'Rolled back to web:1.']);
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
  });
});

test('a check that fails where only settings were changed: they stay, and that is said', async () => {
  const stage = new Stage().withService();
  stage.template();
  const outcome = await stage.deploy({ ...VERIFY, 'desired-count': '4' });
  expect([outcome.kind, outcome.done]).toEqual([
    'failed',
    'Nothing was rolled back: only settings of web were changed, and they stay.',
  ]);
});

test('nothing was deployed: nothing is verified', async () => {
  const stage = stageWith();
  await stage.deploy({});
  expect((await stage.deploy({ verify: URL_, 'hold-minutes': '5' })).kind).toBe('unchanged');
});

test.each<[string, RegExp]>([
  ['{url: ftp://x}', /`url` that is not an address/],
  ['{url: "https://x", command: y}', /takes either `url` or `command`/],
  ['{command: x, status: 200}', /has `status`, which a command does not have/],
  ['{url: "https://x", status: ok}', /has the `status` `ok`/],
  ['{url: "https://x", latency: 5}', /`latency`, which is not known\. Did you mean `latency-ms`\?/],
  ['{url: "https://x", successes: 0}', /has `successes: 0`, which is out of range/],
  ['- 5', /neither a URL nor a command/],
])('refused: %s', async (verify, message) => {
  const failure = await (async () => stageWith().deploy({ verify }))().catch((thrown: unknown) => thrown);
  expect((failure as { describe(): string }).describe()).toMatch(message);
});

test('the log shows how far a check and a hold are, and calls nothing deployed before they have passed', async () => {
  const stage = stageWith();
  stage.pages.set(URL_, page(200));
  const outcome = await stage.deploy({
    verify: `{url: "${URL_}", successes: 5, every-seconds: 15}`,
    'hold-minutes': '2',
  });
  expect(outcome.kind).toBe('deployed');
  expect(log(stage)).toMatch(/complete: 2 tasks run web:2.*`verify` is next/);
  expect(log(stage)).toMatch(/still verifying https:\/\/app\.example\.com\/health, 5 in a row: \d so far; gives up in/);
  expect(log(stage)).toMatch(/still holding: no task failed so far; \d+ s left/);
  expect(log(stage)).not.toContain('✓ deployed');
  const begun = outcome.timeline.flatMap(({ begins }) => begins ?? []);
  expect(begun.slice(begun.indexOf('deployed'))).toEqual(expect.arrayContaining(['deployed', 'verifying', 'holding']));
});

test.each<[string, RegExp | undefined]>([
  ['./smoke.sh', /verify: the program `\.\/smoke\.sh` does not exist in the workspace\. Check its path/],
  ['smoke --fast', /verify: the program `smoke` is not on this runner \(PATH\)\. Install it/],
  ['app.example.com/health', /To ask a URL write all of it: `https:\/\/app\.example\.com\/health`/],
  [
    '/health',
    /verify: the program `\/health` does not exist on this runner\. To ask a URL write all of it: `https:\/\/app\.example\.com\/health`, with the host of the service/,
  ],
  ['/', /write all of it: `https:\/\/app\.example\.com\/`/],
  ['localhost:8080', /write all of it: `http:\/\/localhost:8080`/],
  ['- curl https://a.example.com\n- smoke', /the program `smoke`/],
  ['curl https://a.example.com', undefined],
])('a program that is not on the runner is known before anything is changed: %s', async (verify, problem) => {
  const stage = stageWith();
  const sources = {
    ...stage.world.sources,
    variable: (name: string) => (name === 'PATH' ? '/usr/bin:/bin' : undefined),
  };
  const shell = { run: async () => ({ exitCode: 0, stdout: '', stderr: '' }) };
  Object.assign(stage.world, { sources, shell });
  stage.files.set('/bin/curl', '');
  const run = stage.deploy({ verify }).catch((thrown: Failure) => thrown.describe());
  if (problem === undefined) expect(await run).toMatchObject({ kind: 'deployed' });
  else {
    expect(await run).toMatch(problem);
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  }
});
