import { deny, tokenBuckets } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import { gistOf } from '../../src/report/gist.ts';
import { phasesOf, tookOf } from '../../src/report/phases.ts';
import { schedulesLeft } from '../../src/stories/handover.ts';
import { settleSchedules } from '../../src/stories/post.ts';
import { killAt } from '../support/killed.ts';
import { addRule, addSchedule, ecsTarget, revisionsOf } from '../support/schedules.ts';
import { deployServices, endsOf, listOf, postServices, runs, stageWith } from '../support/services.ts';
import { definitionOf } from '../support/task-definition.ts';
import { CONTEXT } from '../support/world.ts';

const THREE = ['api', 'worker', 'cron'];
/** The application of a service's new revision ends at once, again and again. */
const crash = (stage: ReturnType<typeof stageWith>, name: string): void => {
  stage.simulator.model.behaviours.set(`${name}:2`, { exit: { afterSeconds: 2, code: 1 } });
};

test('three services are deployed side by side, each with its own revision', async () => {
  const stage = stageWith(THREE);
  const results = await deployServices(stage, listOf(THREE));
  expect(endsOf(results)).toEqual(['api: deployed', 'worker: deployed', 'cron: deployed']);
  expect(THREE.map((name) => runs(stage, name))).toEqual(['api:2', 'worker:2', 'cron:2']);
  // Nothing is left for post.
  expect(await postServices(stage)).toEqual([]);
  expect(stage.lines.join('\n')).toMatch(/worker \|.*deploying worker:2 in place of worker:1/);
});

test('what several ask is asked once: ten services in one call, and the time of one deployment', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const alone = stageWith(['s0']);
  await deployServices(alone, listOf(['s0']));
  const stage = stageWith(names);
  const start = stage.clock.now();
  const results = await deployServices(stage, listOf(names));
  expect(new Set(endsOf(results).map((end) => end.split(': ')[1]))).toEqual(new Set(['deployed']));
  expect(stage.clock.now() - start).toBeLessThan(120);
  // Ten times as many services, and not even twice the calls.
  for (const operation of ['DescribeServices', 'DescribeServiceDeployments', 'DescribeTasks', 'ListTasks'])
    expect([operation, stage.count(operation)]).toEqual([operation, expect.any(Number)]);
  const polls = (of: typeof stage): number =>
    ['DescribeServices', 'DescribeServiceDeployments', 'DescribeTasks', 'ListTasks'].reduce(
      (sum, operation) => sum + of.count(operation),
      0,
    );
  expect(polls(stage)).toBeLessThan(2 * polls(alone));
});

test('equal definitions are registered once, for services of two clusters', async () => {
  const stage = stageWith(['web2'], ['default', 'blue']);
  const entry = (cluster: string): string => `- {name: ${cluster}, service: web2, cluster: ${cluster}}\n`;
  const results = await deployServices(stage, entry('default') + entry('blue'), {
    given: { 'task-definition': 'web2.json' },
  });
  expect(endsOf(results)).toEqual(['default: deployed', 'blue: deployed']);
  expect(stage.count('RegisterTaskDefinition')).toBe(1);
  expect([runs(stage, 'web2'), runs(stage, 'web2', 'blue')]).toEqual(['web2:2', 'web2:2']);
});

describe('nothing is changed before all services can be deployed', () => {
  test('all that is wrong with any of them is reported at once', async () => {
    const stage = stageWith(THREE);
    const broken = stage.files.get('cron.json')?.replace('"512"', '"513"') ?? '';
    stage.files.set('cron.json', broken);
    const services = `${listOf(['api', 'cron'])}- service: workr\n  task-definition: worker.json\n- service: worker\n  task-definition: none.json\n`;
    await expect(deployServices(stage, services)).rejects.toMatchObject({
      message: '3 of 4 services cannot be deployed; nothing was changed in ECS.',
      mistakes: expect.arrayContaining([
        expect.objectContaining({ subject: 'workr', problem: expect.stringContaining('workr does not exist') }),
        expect.objectContaining({ subject: 'worker', problem: expect.stringContaining('none.json') }),
        expect.objectContaining({ subject: expect.stringMatching(/^cron/) }),
      ]),
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
    expect(await postServices(stage)).toEqual([]);
  });

  test('a single mistake names its service', async () => {
    const stage = stageWith(THREE);
    await expect(
      deployServices(stage, `${listOf(['api'])}- service: nowhere\n  task-definition: api.json\n`),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(/^nowhere: /) });
  });
});

describe('order', () => {
  const startOf = (stage: ReturnType<typeof stageWith>): string[] =>
    stage.simulator.wire.calls.flatMap(({ operation, input }) =>
      operation === 'UpdateService' ? [String(input.service)] : [],
    );

  test('`after` waits for the deployment of the other', async () => {
    const stage = stageWith(THREE);
    const results = await deployServices(stage, listOf(THREE, { api: 'after: [worker]', worker: 'after: cron' }));
    expect(endsOf(results)).toEqual(['api: deployed', 'worker: deployed', 'cron: deployed']);
    expect(startOf(stage)).toEqual(['cron', 'worker', 'api']);
  });

  test('the canary goes first, and where it fails nothing else is touched', async () => {
    const stage = stageWith(THREE);
    crash(stage, 'worker');
    const results = await deployServices(stage, listOf(THREE), { given: { canary: 'worker' } });
    expect(endsOf(results)).toEqual(['api: skipped', 'worker: rolled-back', 'cron: skipped']);
    expect(startOf(stage).filter((name) => name !== 'worker')).toEqual([]);
    expect(stage.count('RegisterTaskDefinition')).toBe(1);
    expect(THREE.map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:1']);
  });

  test('max-parallel: one at a time', async () => {
    const stage = stageWith(THREE);
    const results = await deployServices(stage, listOf(THREE), { given: { 'max-parallel': '1' } });
    expect(endsOf(results)).toEqual(['api: deployed', 'worker: deployed', 'cron: deployed']);
    expect(startOf(stage)).toEqual(THREE);
    const updates = stage.simulator.wire.calls.flatMap(({ operation }, at) =>
      operation === 'UpdateService' ? [at] : [],
    );
    const [first = 0, second = 0] = updates;
    // The first was watched to its end before the second started.
    expect(
      stage.simulator.wire.calls.slice(first, second).filter(({ operation }) => operation === 'DescribeServices')
        .length,
    ).toBeGreaterThan(3);
  });

  test('a service that waits for one that failed is not deployed, and neither is what waits for it', async () => {
    const stage = stageWith(THREE);
    crash(stage, 'api');
    const services = listOf(THREE, { worker: 'after: api', cron: 'after: worker' });
    const results = await deployServices(stage, services, { given: { 'rollback-scope': 'service' } });
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: skipped', 'cron: skipped']);
    expect(results[1]?.end).toMatchObject({ why: 'api was not deployed, which has to come first.' });
    expect(results[2]?.end).toMatchObject({ why: 'worker was not deployed, which has to come first.' });
  });
});

describe('the scope of a rollback', () => {
  test('service: the others stay', async () => {
    const stage = stageWith(THREE);
    crash(stage, 'worker');
    const results = await deployServices(stage, listOf(THREE), { given: { 'rollback-scope': 'service' } });
    expect(endsOf(results)).toEqual(['api: deployed', 'worker: rolled-back', 'cron: deployed']);
  });

  test('group: those of the same group are rolled back, deployed or on the way', async () => {
    const stage = stageWith([...THREE, 'docs']);
    crash(stage, 'worker');
    stage.simulator.model.behaviours.set('cron:2', { startSeconds: 300 });
    const services = listOf([...THREE, 'docs'], { api: 'group: shop', worker: 'group: shop', cron: 'group: shop' });
    const results = await deployServices(stage, services);
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: rolled-back', 'docs: deployed']);
    expect([...THREE, 'docs'].map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:1', 'docs:2']);
    const [api] = results;
    expect(api?.end).toMatchObject({
      outcome: {
        headline: expect.stringMatching(
          /^worker failed \(`rollback-scope: group`\)\. api:2 was rolled back to api:1\./,
        ),
      },
    });
    // The end, not what ran before the rollback; and who is to blame.
    const arn = (name: string, revision: number) => expect.stringMatching(new RegExp(`/${name}:${revision}$`));
    for (const name of ['api', 'cron'])
      expect(results.find((one) => one.name === name)?.end).toMatchObject({
        outcome: {
          rolledBackWith: 'worker',
          tally: [
            { taskDefinitionArn: arn(name, 2), running: 0, pending: 0, failed: 0 },
            { taskDefinitionArn: arn(name, 1), running: 2, pending: 0, failed: 0 },
          ],
        },
      });
    expect(results[1]?.end).not.toMatchObject({ outcome: { rolledBackWith: expect.anything() } });
    // What the run itself asked ECS for is no failure in the log.
    const timelines = results.flatMap(({ name, end }) =>
      end.kind === 'ended' ? [{ name, lines: end.outcome.timeline }] : [],
    );
    for (const { name, lines } of timelines) {
      expect([name, lines.filter(({ text }) => /as it was asked to|stopped by the user/i.test(text))]).toEqual([
        name,
        [],
      ]);
      if (name !== 'worker') expect([name, lines.filter(({ severity }) => severity === 'failure')]).toEqual([name, []]);
    }
    expect(await postServices(stage)).toEqual([]);
  });

  test('group: services that are connected by `after` are one; a finished one is rolled back', async () => {
    const stage = stageWith(THREE);
    crash(stage, 'worker');
    const results = await deployServices(stage, listOf(THREE, { worker: 'after: api' }));
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: deployed']);
    expect(THREE.map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:2']);
  });

  test('a finished service that is rolled back: its wait is a phase, nothing of before is left, and the desired count is explained', async () => {
    const stage = stageWith(['api', 'worker']);
    crash(stage, 'worker');
    const services = listOf(['api', 'worker'], { api: 'desired-count: 3', worker: 'after: api' });
    const [api] = await deployServices(stage, services, { given: { 'rollback-scope': 'all' } });
    const outcome = api?.end.kind === 'ended' ? api.end.outcome : undefined;
    if (!outcome?.deployment) throw new Error('api has no outcome');
    expect(outcome.verdict).toBeUndefined();
    expect(phasesOf(outcome, outcome.deployment.startedAt).map(({ name }) => name)).toEqual([
      'tasks start',
      'tasks run',
      'old tasks stop',
      'deployed',
      'rollback',
    ]);
    // Nothing was at work on it while it waited.
    const took = tookOf(outcome);
    const waited = phasesOf(outcome, outcome.deployment.startedAt).find(({ name }) => name === 'deployed');
    const whole = (outcome.timeline.at(-1)?.at ?? 0) - outcome.deployment.startedAt;
    expect(took?.parts.map(({ name }) => name)).toEqual(['rollout', 'rollback']);
    expect((waited?.to ?? 0) - (waited?.from ?? 0)).toBeGreaterThan(5);
    expect(Math.abs((took?.seconds ?? 0) - whole + (waited?.to ?? 0) - (waited?.from ?? 0))).toBeLessThan(2);
    expect(gistOf(outcome).done).toBe(
      'api:2 was rolled back to api:1. The desired count stays 3, as set by `desired-count` (2 before).',
    );
    expect(stage.lines.join('\n')).toContain('service setting desired-count: 2 -> 3');
  });

  test('all: everything goes back, and what has not begun does not begin', async () => {
    const stage = stageWith([...THREE, 'docs']);
    crash(stage, 'worker');
    const services = listOf([...THREE, 'docs'], { docs: 'after: worker' });
    const results = await deployServices(stage, services, { given: { 'rollback-scope': 'all' } });
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: rolled-back', 'docs: skipped']);
    expect([...THREE, 'docs'].map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:1', 'docs:1']);
    // The table is not behind the lines of the services.
    for (const name of THREE) {
      const rolledBack = stage.lines.findIndex((line) => line.startsWith(name) && line.includes('rolled back to'));
      expect(rolledBack).toBeGreaterThan(0);
      const later = stage.lines.slice(rolledBack).filter((line) => line.startsWith(`        ${name} `));
      expect(later.filter((line) => !/rolled back (?:to|with) |failed, rolled back/.test(line))).toEqual([]);
    }
  });

  test('all: what has its turn and no deployment is `starting` in the log, with its revision, and is skipped', async () => {
    const stage = stageWith(THREE);
    // Not before a table was logged.
    stage.simulator.model.behaviours.set('api:2', { exit: { afterSeconds: 20, code: 1 } });
    stage.simulator.script.command('slow', { startSeconds: 10, exit: { afterSeconds: 600, code: 0 } });
    const services = listOf(THREE, { worker: 'pre-deploy: migrate-slow', cron: 'pre-deploy: migrate-slow' });
    const results = await deployServices(stage, services, { given: { 'rollback-scope': 'all' } });
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: skipped', 'cron: skipped']);
    expect(results[1]?.end).toMatchObject({ why: 'api failed (`rollback-scope: all`).' });
    const rows = (name: string) => stage.lines.filter((line) => line.startsWith(`        ${name} `)).join('\n');
    expect(rows('api')).toMatch(/ api +rolling back to api:1 +api:2 .* watched for \d+ min at most/);
    expect(rows('api')).not.toMatch(/rolling back.*gives up/);
    for (const name of ['worker', 'cron']) {
      expect(rows(name)).toMatch(new RegExp(` ${name} +starting +${name}:2 `));
      expect(rows(name)).not.toContain('deploying');
    }
  });

  describe('the others start back as soon as one has failed, not when its own rollback has ended', () => {
    /** When ECS was asked to roll each service back, by StopServiceDeployment or a second UpdateService. */
    const backs = (stage: ReturnType<typeof stageWith>): ReadonlyMap<string, number> => {
      const at = new Map<string, number>();
      const updated = new Set<string>();
      stage.simulator.wire.faults.push(({ operation, input }) => {
        const stopped = /service-deployment\/[^/]+\/([^/]+)\//.exec(String(input.serviceDeploymentArn));
        const name = operation === 'UpdateService' ? String(input.service) : (stopped?.[1] ?? '');
        const isBack = operation === 'StopServiceDeployment' || (operation === 'UpdateService' && updated.has(name));
        if (operation === 'UpdateService') updated.add(name);
        if (isBack && !at.has(name)) at.set(name, stage.clock.now());
        return undefined;
      });
      return at;
    };
    /** worker:2 crashes, and ECS cannot start worker:1 again for seven minutes. */
    const slowBack = (given: object = {}): ReturnType<typeof stageWith> => {
      const stage = stageWith(THREE);
      crash(stage, 'worker');
      stage.simulator.model.behaviours.set('worker:1', { startSeconds: 400 });
      stage.simulator.call('UpdateService', {
        service: 'worker',
        deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100, ...given },
      });
      stage.simulator.wire.calls.length = 0;
      return stage;
    };
    test.each([
      ['that this run rolls back', {}],
      ['that ECS rolls back', { deploymentCircuitBreaker: { enable: true, rollback: true } }],
    ])('%s', async (_, breaker) => {
      const stage = slowBack(breaker);
      const start = stage.clock.now();
      const back = backs(stage);
      const results = await deployServices(stage, listOf(THREE), { given: { 'rollback-scope': 'all' } });
      const took = stage.clock.now() - start;
      expect(took).toBeGreaterThan(400);
      // Rows that have not changed are not logged again.
      expect(stage.lines.filter((line) => /3 services: .*; as before$/.test(line)).length).toBeGreaterThan(2);
      for (const name of ['api', 'cron']) {
        expect((back.get(name) ?? Number.POSITIVE_INFINITY) - start).toBeLessThan(120);
        expect(runs(stage, name)).toBe(`${name}:1`);
      }
      expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: rolled-back']);
      expect(await postServices(stage)).toEqual([]);
    });
    test('a rollback that never ends hides no result of another one', async () => {
      const stage = slowBack();
      stage.simulator.model.behaviours.set('worker:1', { startSeconds: 100_000 });
      const results = await deployServices(stage, listOf(THREE), {
        given: { 'rollback-scope': 'all', 'no-progress-minutes': '5' },
      });
      expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: failed', 'cron: rolled-back']);
      const lineOf = (name: string, words: RegExp): number =>
        stage.lines.findIndex((line) => line.startsWith(name) && words.test(line));
      const worker = lineOf('worker', /(?:stuck|timed out|failed): /);
      for (const name of ['api', 'cron']) {
        const other = lineOf(name, /rolled back/);
        expect(other).toBeGreaterThan(0);
        expect(other).toBeLessThan(worker);
      }
    });
    test('two that fail at one moment roll back each by itself, with its own cause', async () => {
      const stage = stageWith(THREE);
      crash(stage, 'worker');
      crash(stage, 'api');
      const results = await deployServices(stage, listOf(THREE), { given: { 'rollback-scope': 'all' } });
      expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: rolled-back']);
      expect(THREE.map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:1']);
      for (const { name, end } of results)
        if (name !== 'cron')
          expect(end).toMatchObject({ outcome: { diagnoses: [expect.objectContaining({ rule: 'app-crash' })] } });
    });
    test('one that was failing when another one failed names its cause as well', async () => {
      const stage = stageWith(THREE);
      // One failure alone proves nothing: the second task starts too late.
      stage.simulator.model.behaviours.set('api:2', { exit: { afterSeconds: 2, code: 7 } });
      stage.simulator.model.behaviours.set('worker:2', { exit: { afterSeconds: 8, code: 1 } });
      const services = listOf(THREE, { api: 'desired-count: 1' });
      const results = await deployServices(stage, services, { given: { 'rollback-scope': 'all' } });
      expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: rolled-back']);
      const said = results.flatMap(({ end }) =>
        end.kind === 'ended' ? [gistOf(end.outcome).what, ...end.outcome.warnings] : [],
      );
      expect(said.join(' ')).toContain('exit code 7');
    });
  });

  test('rollback-on-failure: false leaves everything', async () => {
    const stage = stageWith(THREE);
    crash(stage, 'worker');
    const given = { 'rollback-on-failure': 'false', 'rollback-scope': 'all' };
    expect(endsOf(await deployServices(stage, listOf(THREE), { given }))).toEqual([
      'api: deployed',
      'worker: failed',
      'cron: deployed',
    ]);
  });

  test('a refused UpdateService of one undoes the others of its group', async () => {
    const stage = stageWith(THREE);
    const denied = deny('ecs:UpdateService');
    stage.simulator.wire.faults.push((call) => (call.input.service === 'cron' ? denied(call) : undefined));
    const results = await deployServices(stage, listOf(THREE), { given: { 'rollback-scope': 'all' } });
    expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back', 'cron: failed']);
    expect(THREE.map((name) => runs(stage, name))).toEqual(['api:1', 'worker:1', 'cron:1']);
  });
});

test('a cancelled run settles every service in post', async () => {
  const stage = stageWith(THREE);
  for (const name of THREE) stage.simulator.model.behaviours.set(`${name}:2`, { startSeconds: 120 });
  const running = deployServices(stage, listOf(THREE), { given: { 'on-cancel': 'rollback' } });
  stage.clock.after(30, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
  const results = await running;
  expect(endsOf(results)).toEqual(['api: cancelled', 'worker: cancelled', 'cron: cancelled']);
  stage.clock.advance(5);
  const told = await postServices(stage, 'rollback');
  expect(told.map(({ headline }) => headline)).toEqual(
    THREE.map((name) => expect.stringContaining(`${name} was rolled back to ${name}:1`)),
  );
});

test('killed at any call: post reports each service that was begun, and a re-run of the job reaches the same end', async () => {
  const names = ['api', 'worker'];
  const total = stageWith(names);
  await deployServices(total, listOf(names));
  const all = total.simulator.wire.calls.length;
  let killed = 0;
  for (let n = 1; n <= all; n += 1) {
    const stage = stageWith(names);
    const end = await killAt(stage, { call: n, when: 'answered' }, (world) =>
      deployServices(stage, listOf(names), { world }),
    );
    if (end === 'ended') continue;
    killed++;
    const where = `killed at call ${n} of ${all} (${stage.simulator.wire.calls.at(-1)?.operation})`;
    const begun = names.filter((name) => runs(stage, name) === `${name}:2`);
    const told = await postServices(stage);
    // Whatever was begun is reported.
    const reported = told.map(({ service }) => service?.name);
    expect([where, begun.filter((name) => !reported.includes(name))]).toEqual([where, []]);
    const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' });
    const again = await deployServices(stage, listOf(names), { world });
    expect([where, endsOf(again)]).toEqual([
      where,
      names.map((name) => expect.stringMatching(new RegExp(`^${name}: (deployed|unchanged)$`))),
    ]);
    stage.clock.advance(600);
    // No orphan: the revision that runs, and the one before.
    for (const name of names) {
      const { taskDefinitionArns } = stage.simulator.call('ListTaskDefinitions', { familyPrefix: name }) as unknown as {
        taskDefinitionArns: string[];
      };
      expect([where, name, taskDefinitionArns.length]).toEqual([where, name, 2]);
    }
  }
  expect(killed).toBeGreaterThan(8);
});

test('thirty services stay inside the API buckets of ECS, and are deployed as fast as one', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
  const stage = stageWith(names);
  let throttled = 0;
  const buckets = tokenBuckets(stage.clock);
  stage.simulator.wire.faults.push((call) => {
    const refused = buckets(call);
    if (refused) throttled++;
    return refused;
  });
  const start = stage.clock.now();
  const results = await deployServices(stage, listOf(names));
  expect(new Set(endsOf(results).map((end) => end.split(': ')[1]))).toEqual(new Set(['deployed']));
  expect(throttled).toBe(0);
  expect(stage.clock.now() - start).toBeLessThan(180);
});

test('schedules of a service that is rolled back with its group go back with it', async () => {
  const stage = stageWith(['api', 'worker']);
  await addSchedule(stage.simulator, 'nightly', 'api:1');
  stage.simulator.model.behaviours.set('worker:2', { exit: { afterSeconds: 2, code: 1 } });
  const results = await deployServices(
    stage,
    listOf(['api', 'worker'], { api: 'schedules: [nightly]', worker: 'after: api' }),
    {
      given: { 'rollback-scope': 'all' },
    },
  );
  expect(endsOf(results)).toEqual(['api: rolled-back', 'worker: rolled-back']);
  const log = stage.lines.join('\n');
  expect(log).toContain('schedule/default/nightly: api:1 -> api:2');
  expect(log).toContain('Moved back: schedule/default/nightly (api:1).');
  expect(await revisionsOf(stage.simulator, 'schedule/default/nightly')).toEqual(['api:1']);
});

describe('a finished service that is rolled back with its group', () => {
  const NAMES = ['api', 'worker'];
  const LIST = listOf(NAMES, { api: 'schedules: [nightly, rule/hourly]', worker: 'after: api' });
  const given = { 'rollback-scope': 'all' };
  async function failing(): Promise<ReturnType<typeof stageWith>> {
    const stage = stageWith(NAMES);
    await addSchedule(stage.simulator, 'nightly', 'api:1');
    await addRule(stage.simulator, 'hourly', [ecsTarget('one', 'api:1')]);
    stage.simulator.model.behaviours.set('worker:2', { exit: { afterSeconds: 2, code: 1 } });
    stage.simulator.wire.calls.length = 0;
    return stage;
  }
  const moved = (stage: ReturnType<typeof stageWith>): Promise<string[]> =>
    revisionsOf(stage.simulator, 'schedule/default/nightly', 'rule/hourly');

  test('and the run is killed meanwhile: post reports it, and its schedules run what it runs', async () => {
    const whole = await failing();
    await deployServices(whole, LIST, { given });
    const calls = whole.simulator.wire.calls.map(({ operation }) => operation);
    const last = (operation: string): number => calls.lastIndexOf(operation) + 1;
    const update = last('UpdateService');
    const moments = [
      [update, 'asked'],
      [update, 'answered'],
      [last('UpdateSchedule'), 'answered'],
      [update + 12, 'answered'],
    ] as const;
    for (const [call, when] of moments) {
      const stage = await failing();
      const where = `${calls[call - 1]} is ${when}`;
      await killAt(stage, { call, when }, (world) => deployServices(stage, LIST, { given, world }));
      const told = await postServices(stage);
      const [intent] = schedulesLeft((name) => stage.states.get(name) ?? '');
      const words = intent ? await settleSchedules(intent, stage.world) : '';
      const end = runs(stage, 'api');
      // Both go back side by side, and which of them has ended first is open.
      expect([where, told.map(({ service }) => service?.name).filter((name) => name !== 'worker')]).toEqual([
        where,
        ['api'],
      ]);
      expect([where, told.find(({ service }) => service?.name === 'api')?.headline]).toEqual([
        where,
        expect.stringMatching(
          end === 'api:1' ? /; api was rolled back to api:1\. Now / : /ECS continued: api:2 is deployed/,
        ),
      ]);
      expect([where, await moved(stage)]).toEqual([where, [end, end]]);
      expect([where, words]).toEqual([where, expect.stringContaining('while its schedules were moved')]);
    }
  }, 60_000);

  test('but not where an earlier attempt of the run deployed it, and that is said', async () => {
    const stage = await failing();
    await killAt(stage, { call: 70, when: 'asked' }, (world) => deployServices(stage, LIST, { given, world }));
    stage.clock.advance(300);
    stage.states.clear();
    const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' });
    const [api, worker] = await deployServices(stage, LIST, { given, world });
    expect([api, worker].map((one) => one?.end.kind === 'ended' && one.end.outcome.kind)).toEqual([
      'unchanged',
      'rolled-back',
    ]);
    expect(api?.end.kind === 'ended' && api.end.outcome.warnings).toContain(
      'worker failed (`rollback-scope: all`). An earlier attempt of this run deployed api:2 to api, and it stays. To roll back, run `mode: rollback`.',
    );
  });

  test('and its rollback is refused: its schedules stay with it, and what serves is said', async () => {
    const stage = await failing();
    stage.simulator.wire.faults.push((call) =>
      call.operation === 'UpdateService' && String(call.input.taskDefinition).endsWith('api:1')
        ? deny('ecs:UpdateService')(call)
        : undefined,
    );
    const [api] = await deployServices(stage, LIST, { given });
    const outcome = api?.end.kind === 'ended' ? api.end.outcome : undefined;
    expect(outcome?.headline).toMatch(/could not be started: ecs:UpdateService failed: .*Now api:2 serves: 2 of 2\.$/);
    expect(outcome?.schedules).toHaveLength(2);
    expect(await moved(stage)).toEqual(['api:2', 'api:2']);
  });
});

describe('a revision that several services share, and one of them fails before its deployment', () => {
  const SAME = ['api', 'worker'].map((name) => `- service: ${name}\n  task-definition: same.json\n`);
  const [api = '', worker = ''] = SAME;
  const LIST = `${api}  pre-deploy: migrate\n${worker}`;
  function sharing(exit: { readonly afterSeconds: number; readonly code: number }) {
    const stage = stageWith(['api', 'worker']);
    stage.files.set('same.json', JSON.stringify(definitionOf('same', 'example.com/same:2')));
    stage.simulator.script.command('migrate', { startSeconds: 5, exit });
    return stage;
  }
  const active = (stage: ReturnType<typeof stageWith>): unknown =>
    stage.simulator.call('ListTaskDefinitions', { familyPrefix: 'same' }).taskDefinitionArns;

  test('side by side: it stays, and the log does not say otherwise', async () => {
    const stage = sharing({ afterSeconds: 20, code: 1 });
    const results = await deployServices(stage, LIST);
    expect(endsOf(results)).toEqual(['api: failed', 'worker: deployed']);
    expect(active(stage)).toEqual([expect.stringMatching(/same:1$/)]);
    expect(stage.lines.join('\n')).toContain('same:1 stays registered: another service of this run has it');
    expect(stage.lines.join('\n')).not.toContain('deregistered same:1');
  });

  test('one after another: the next gets one of its own', async () => {
    const stage = sharing({ afterSeconds: 20, code: 1 });
    const given = { 'max-parallel': '1', 'rollback-scope': 'service' };
    expect(endsOf(await deployServices(stage, LIST, { given }))).toEqual(['api: failed', 'worker: deployed']);
    expect([runs(stage, 'worker'), active(stage)]).toEqual(['same:2', [expect.stringMatching(/same:2$/)]]);
  });

  test('cancelled: post leaves what the finished one runs', async () => {
    const stage = sharing({ afterSeconds: 2000, code: 0 });
    stage.simulator.script.at(120, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const results = await deployServices(stage, LIST);
    expect(endsOf(results)).toEqual(['api: failed', 'worker: deployed']);
    const [left] = await postServices(stage);
    expect(left?.headline).toBe(
      'The run ended early. same:1 was not deployed; api runs api:1. Now api:1 serves: 2 of 2.',
    );
    expect([runs(stage, 'worker'), active(stage)]).toEqual(['same:1', [expect.stringMatching(/same:1$/)]]);
  });
});
