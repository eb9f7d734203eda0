import { deny } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import { factsTable } from '../../src/report/blocks.ts';
import { gistOf } from '../../src/report/gist.ts';
import { repairOf } from '../../src/report/next-step.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { tasksLeft } from '../../src/stories/handover.ts';
import { stopLeft } from '../../src/stories/post.ts';
import { fetchService } from '../../src/stories/run.ts';
import { CONTEXT, runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

/** One-off tasks around a deployment, on a simulated AWS. */
const LOGGED = {
  containerDefinitions: [
    {
      ...TASK_DEFINITION.containerDefinitions[0],
      image: 'example.com/app:2',
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
};

/** web:1 runs, app:2 is to be deployed; commands that contain `fine`, `faulty` or `slow` end as they say. */
function stageWith(settings: Readonly<Record<string, unknown>> = {}): Stage {
  const stage = new Stage();
  stage.simulator.script
    .command('fine', { startSeconds: 10, exit: { afterSeconds: 20, code: 0 } })
    .command('faulty', { startSeconds: 10, exit: { afterSeconds: 5, code: 1 } })
    .command('slow', { startSeconds: 10, exit: { afterSeconds: 3600, code: 0 } });
  stage.simulator.logs.append('/ecs/web', 'ecs/app/before', { message: 'x', atSeconds: 0 });
  stage.withService(settings);
  stage.template(LOGGED);
  return stage;
}

interface Described {
  readonly taskArn: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly startedBy?: string;
  readonly stoppedReason?: string;
  readonly launchType?: string;
  readonly overrides?: { readonly containerOverrides?: readonly unknown[] };
}

/** Tasks of RunTask, oldest first. */
function oneOffTasks(stage: Stage): readonly Described[] {
  const cluster = stage.simulator.ecs.clusters.get('default');
  const arns = cluster.tasks.map(({ arn }: { readonly arn: string }) => arn);
  if (arns.length === 0) return [];
  return (stage.simulator.call('DescribeTasks', { tasks: arns }) as unknown as { tasks: Described[] }).tasks;
}

/** Lines that a task prints, a few seconds after its start. */
function printing(stage: Stage, lines: readonly string[], afterSeconds = 12): void {
  const cluster = stage.simulator.ecs.clusters.get('default');
  const watch = (): void => {
    const task = cluster.tasks.at(-1) as { readonly id: string } | undefined;
    if (!task) return void stage.simulator.script.at(1, watch);
    stage.simulator.script.at(afterSeconds, () => {
      for (const message of lines)
        stage.simulator.logs.append('/ecs/web', `ecs/app/${task.id}`, { message, atSeconds: stage.clock.now() });
    });
  };
  watch();
}

const given = (value: string): Readonly<Record<string, string>> => ({ 'pre-deploy': value });
const log = (stage: Stage): string => stage.lines.join('\n');

test('pre-deploy: the task of the new revision ends before the service is updated, its log is streamed', async () => {
  const stage = stageWith();
  printing(stage, ['migrating', 'DB_PASSWORD=hunter2hunter2', '2 migrations applied']);
  const outcome = await stage.deploy(given('npm run migrate-fine'));
  expect(outcome.kind).toBe('deployed');
  expect(outcome.tasks).toEqual([
    {
      label: 'pre-deploy task',
      phase: 'pre-deploy',
      command: ['npm', 'run', 'migrate-fine'],
      name: 'pre-deploy',
      succeeded: true,
      task: expect.stringContaining(':task/'),
      exitCode: 0,
      exitCodes: { app: 0 },
      seconds: expect.closeTo(20.5, -1),
      tookSeconds: expect.closeTo(33.2, -1),
    },
  ]);
  const operations = stage.simulator.wire.calls.map(({ operation }) => operation);
  expect(operations.indexOf('RunTask')).toBeLessThan(operations.indexOf('UpdateService'));
  expect(stage.simulator.wire.calls.find(({ operation }) => operation === 'RunTask')?.input).toMatchObject({
    taskDefinition: expect.stringMatching(/:task-definition\/web:2$/),
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    overrides: { containerOverrides: [{ name: 'app', command: ['npm', 'run', 'migrate-fine'] }] },
    startedBy: expect.stringMatching(/^ecs-rollout\/42\/pre-deploy\/pre-deploy-[0-9a-f]{8}$/),
    clientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(log(stage)).toMatch(
    /Log of the pre-deploy task \(task [0-9a-f]+\)\nmigrating\nDB_PASSWORD=\*\*\*\n2 migrations applied/,
  );
  expect(stage.states.get('task')).toBe('');
});

test('pre-deploy that fails: the service is untouched, the reason is the line of the application, the revision is gone', async () => {
  const stage = stageWith();
  printing(stage, ['migrating', 'Error: relation "users" does not exist'], 13);
  const outcome = await stage.deploy(given('migrate-faulty'));
  expect(outcome.kind).toBe('failed');
  expect(outcome.headline).toMatch(
    /^The pre-deploy task of web:2 failed: .*relation "users" does not exist.* web was not changed\. Now web:1 serves: 2 of 2/,
  );
  expect(outcome.deployment).toBeUndefined();
  expect(outcome.diagnoses[0]?.evidence.text).toContain('relation "users" does not exist');
  expect(stage.count('UpdateService')).toBe(0);
  expect(stage.revisions()).toEqual(['web:1']);
  expect(outcome.timeline.filter(({ kind }) => kind === 'log')).toHaveLength(1);
});

test('a list of tasks runs in its order, up to the first that fails; retries start it again', async () => {
  const stage = stageWith();
  let tries = 0;
  stage.simulator.script.command('flaky', () => ({ exit: { afterSeconds: 1, code: tries++ === 0 ? 1 : 0 } }));
  const outcome = await stage.deploy(
    given(
      [
        '- first-fine',
        '- name: seed',
        '  command: [flaky]',
        '  retries: 1',
        '  cpu: 512',
        '  memory: 1024',
        '  environment: {MODE: seed}',
        '  network: {subnets: [subnet-9], security-groups: sg-9, assign-public-ip: true}',
      ].join('\n'),
    ),
  );
  expect(outcome.kind).toBe('deployed');
  expect(outcome.tasks?.map(({ name, succeeded }) => [name, succeeded])).toEqual([
    ['pre-deploy-1', true],
    ['seed', true],
  ]);
  expect(stage.count('RunTask')).toBe(3);
  const tokens = stage.simulator.wire.calls.flatMap(({ operation, input }) =>
    operation === 'RunTask' ? [(input as { clientToken: string }).clientToken] : [],
  );
  expect(new Set(tokens).size).toBe(3);
  expect(stage.simulator.wire.calls.findLast(({ operation }) => operation === 'RunTask')?.input).toMatchObject({
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-9'], securityGroups: ['sg-9'], assignPublicIp: 'ENABLED' },
    },
    overrides: {
      cpu: '512',
      memory: '1024',
      containerOverrides: [{ name: 'app', command: ['flaky'], environment: [{ name: 'MODE', value: 'seed' }] }],
    },
  });
  expect(log(stage)).toContain('Starting it again (retry 1 of 1)');
});

test('post-deploy that fails rolls the service back, unless rollback-on-failure is off', async () => {
  for (const [rollback, kind, end] of [
    ['true', 'rolled-back', /web:1$/],
    ['false', 'failed', /web:2$/],
  ] as const) {
    const stage = stageWith();
    const outcome = await stage.deploy({ 'post-deploy': 'smoke-faulty', 'rollback-on-failure': rollback });
    expect(outcome.kind).toBe(kind);
    expect(outcome.headline).toMatch(/^web:2 was deployed, and then the post-deploy task failed: /);
    expect(stage.service().taskDefinition).toMatch(end);
    expect(outcome.tasks?.map(({ phase, succeeded }) => [phase, succeeded])).toEqual([['post-deploy', false]]);
  }
});

test('nothing to deploy: neither tasks before nor after it', async () => {
  const stage = stageWith();
  await stage.deploy({});
  stage.simulator.wire.calls.length = 0;
  const outcome = await stage.deploy({ 'pre-deploy': 'migrate-fine', 'post-deploy': 'smoke-fine' });
  expect(outcome.kind).toBe('unchanged');
  expect(stage.count('RunTask')).toBe(0);
});

test('no room: RunTask is tried again within the time limit, and its failure is explained', async () => {
  const settings = { launchType: 'EC2', networkConfiguration: undefined };
  const definition = { networkMode: 'bridge', requiresCompatibilities: ['EC2'], cpu: '1024', memory: '512' };
  const build = (): Stage => {
    const stage = new Stage();
    stage.simulator.script
      .command('fine', { exit: { afterSeconds: 20, code: 0 } })
      .instance({ cpu: 2048, memory: 4096 });
    stage.withService({ ...settings, desiredCount: 1 }, { ...TASK_DEFINITION, ...definition });
    stage.template({ ...LOGGED, ...definition, cpu: '1536' });
    return stage;
  };
  const late = build();
  late.simulator.script.at(60, () => late.simulator.script.instance({ cpu: 4096, memory: 8192 }));
  expect((await late.deploy({ ...given('migrate-fine'), preflight: 'false' })).kind).toBe('deployed');
  expect(log(late)).toMatch(/enough free CPU .*\(RunTask: RESOURCE:CPU\)\. It is tried again for up to 30 min\./);
  const never = build();
  const outcome = await never.deploy({
    ...given('- {name: migrate, command: migrate-fine, timeout-minutes: 2}'),
    preflight: 'false',
  });
  expect(outcome.headline).toMatch(
    /^The pre-deploy task migrate of web:2 failed: No container instance .*RESOURCE:CPU/,
  );
  expect(outcome.headline).toMatch(/It was tried 6 times in 95 s\. web was not changed\./);
  expect(never.count('UpdateService')).toBe(0);
});

test('a quota of the account: waited for as long as a deployment does, in a few lines, with what a task can do about it', async () => {
  const stage = stageWith();
  stage.simulator.script.fargateLimit(1);
  const outcome = await stage.deploy({ ...given('migrate-fine'), preflight: 'false' });
  expect(outcome.headline).toMatch(
    /quota is reached .* It was tried \d times in (?:9\d|1[01]\d) s\. web was not changed\./,
  );
  const [cause] = outcome.diagnoses;
  expect(cause?.remedy).toMatch(/Request a higher Fargate vCPU quota .* smaller size \(inputs `cpu`, `memory`\)\.$/);
  expect(gistOf(outcome).words).toBeUndefined();
  expect(factsTable(outcome, undefined)).toMatch(/<code>web:2<\/code> \(deregistered\)[\s\S]*<b>Took<\/b>/);
  expect(log(stage).match(/Fargate quota is reached/g)).toHaveLength(2);
  expect(log(stage)).toMatch(/still not placed after \d tries in \d+ s; gives up in \d+ s/);
});

test('a task that does not end in time is stopped', async () => {
  const stage = stageWith();
  const outcome = await stage.deploy(given('- {name: migrate, command: migrate-slow, timeout-minutes: 5}'));
  expect(outcome.headline).toMatch(
    /pre-deploy task migrate of web:2 failed: It did not end within 5 min and was stopped\./,
  );
  expect(oneOffTasks(stage)).toMatchObject([
    { lastStatus: 'STOPPED', stoppedReason: 'Stopped by ecs-rollout: its time limit is over.' },
  ]);
});

test('a task that serves is reported after a minute, and its end has the cause and the step', async () => {
  const stage = stageWith();
  printing(stage, ['starting', 'Server listening on port 3000']);
  const outcome = await stage.deploy(given('- {name: migrate, command: serve-slow, timeout-minutes: 5}'));
  expect(log(stage).match(/pre-deploy task migrate: still RUNNING after 6\d s: .* starts a server/g)).toHaveLength(1);
  expect(log(stage)).toContain('(`timeout-minutes` in `pre-deploy`)');
  expect(outcome.headline).toContain('it printed "Server listening on port 3000". web was not changed.');
  expect(outcome.tasks?.[0]?.remedy).toMatch(/^Change `pre-deploy` to a command that ends/);
  expect(repairOf(outcome, undefined)?.step.text).toMatch(/^Change `pre-deploy` to a command that ends/);
});

test('a cancelled run stops its task, and leaves the service as it is', async () => {
  const stage = stageWith();
  stage.simulator.script.at(60, () => stage.cancel.abort(Object.assign(new Error('cancelled'))));
  const { Failure } = await import('../../src/failure.ts');
  const cancelled = new AbortController();
  stage.simulator.script.at(60, () => cancelled.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
  const failure = await stage.deploy(given('migrate-slow'), cancelled.signal).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({
    code: 'CANCELLED',
    state: expect.stringMatching(/was asked to stop\. web was not changed\./),
  });
  stage.clock.advance(30);
  expect(oneOffTasks(stage)).toMatchObject([{ lastStatus: 'STOPPED' }]);
  expect(tasksLeft((name) => stage.states.get(name) ?? '')).toEqual([]);
  // Post takes the revision away, as nothing uses it.
  const outcome = await stage.post();
  expect(outcome?.headline).toContain('The unused web:2 was deregistered.');
});

test.each([
  ['RunTask', 'the answer of RunTask never came'],
  ['DescribeTasks', 'it followed its task'],
] as const)('a run that was killed (%s): post stops its task', async (operation, _) => {
  const stage = stageWith();
  await killedAt(stage, operation, 3);
  stage.clock.advance(20);
  const [left] = tasksLeft((name) => stage.states.get(name) ?? '');
  expect(left).toMatchObject({ label: 'pre-deploy task' });
  if (!left) return;
  expect(await stopLeft(left, stage.world)).toMatch(/^The pre-deploy task \([0-9a-f]+\) was asked to stop\.$/);
  stage.clock.advance(30);
  expect(oneOffTasks(stage)).toMatchObject([{ stoppedReason: 'Stopped by ecs-rollout: the run ended early.' }]);
  expect(await stopLeft(left, stage.world)).toBeUndefined();
});

describe('a run that was killed and is run again', () => {
  test('follows the task that still runs instead of starting a second one', async () => {
    const stage = stageWith();
    stage.simulator.script.command('long-fine', { exit: { afterSeconds: 300, code: 0 } });
    await killedAt(stage, 'DescribeTasks', 3, 'long-fine');
    stage.clock.advance(60);
    const outcome = await again(stage, 'long-fine');
    expect(outcome.kind).toBe('deployed');
    expect(oneOffTasks(stage)).toHaveLength(1);
    expect(log(stage)).toContain('an earlier attempt of this run started it');
  });

  test('does not run what an earlier attempt has finished well before the deployment', async () => {
    const stage = stageWith();
    await killedAt(stage, 'DescribeTasks', 3, 'migrate-fine');
    stage.clock.advance(120);
    expect((await again(stage, 'migrate-fine')).kind).toBe('deployed');
    expect(oneOffTasks(stage)).toHaveLength(1);
    expect(log(stage)).toContain('An earlier attempt of this run ran it in task');
  });

  test('starts again what has failed', async () => {
    const stage = stageWith();
    await killedAt(stage, 'DescribeTasks', 3, 'migrate-faulty');
    stage.clock.advance(120);
    stage.simulator.script.command('faulty', { exit: { afterSeconds: 1, code: 0 } });
    expect((await again(stage, 'migrate-faulty')).kind).toBe('deployed');
    expect(oneOffTasks(stage)).toHaveLength(2);
  });

  test('starts again what the earlier attempt has stopped, once that is gone', async () => {
    const stage = stageWith();
    // It takes its time to stop: the next attempt meets it on its way out.
    stage.simulator.script.command('stubborn', {
      startSeconds: 5,
      exit: { afterSeconds: 3600, code: 0 },
      stopSeconds: 60,
    });
    const cancel = new AbortController();
    stage.simulator.script.at(20, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
    await expect(stage.deploy(given('stubborn'), cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(oneOffTasks(stage)).toMatchObject([{ desiredStatus: 'STOPPED', lastStatus: 'STOPPING' }]);
    stage.simulator.script.command('stubborn', { startSeconds: 5, exit: { afterSeconds: 10, code: 0 } });
    expect((await again(stage, 'stubborn')).kind).toBe('deployed');
    expect(oneOffTasks(stage)).toHaveLength(2);
    expect(log(stage)).toContain('waiting for its end');
    expect(log(stage)).not.toContain('A user (or a tool of theirs) stopped the task');
  });

  test('waits for a task of another revision, and then runs its own', async () => {
    const stage = stageWith();
    stage.simulator.script.command('long-fine', { exit: { afterSeconds: 200, code: 0 } });
    await killedAt(stage, 'DescribeTasks', 3, 'long-fine');
    stage.simulator.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    stage.clock.advance(60);
    const outcome = await again(stage, 'long-fine');
    expect(outcome.kind).toBe('deployed');
    expect(outcome.revision?.revision).toBe(3);
    expect(log(stage)).toContain('waiting for its end');
    expect(oneOffTasks(stage)).toHaveLength(2);
  });

  test('verifies again what an earlier attempt deployed and did not verify', async () => {
    const stage = stageWith();
    await killedAt(stage, 'RunTask', 1, 'smoke-fine', 'post-deploy');
    stage.clock.advance(120);
    const outcome = await again(stage, 'smoke-fine', 'post-deploy');
    expect(outcome.kind).toBe('unchanged');
    expect(outcome.tasks).toMatchObject([{ phase: 'post-deploy', succeeded: true }]);
  });
});

test('what IAM denies ends the run with the service untouched', async () => {
  const stage = stageWith();
  stage.simulator.wire.faults.push(deny('ecs:RunTask'));
  const failure = await stage.deploy(given('migrate-fine')).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'ACCESS_DENIED', state: expect.stringContaining('web was not changed.') });
  expect(stage.revisions()).toEqual(['web:1']);
});

test.each([
  ['- {command: migrate, container: worker}', /has no container `worker`.*`app`/],
  [`- {command: migrate, environment: {BIG: ${'x'.repeat(9000)}}}`, /RunTask takes at most 8192/],
])('what could never run is refused before anything is built', async (text, message) => {
  const stage = stageWith();
  const failure = await stage.deploy(given(text)).catch((thrown: unknown) => thrown);
  expect((failure as { describe(): string }).describe()).toMatch(message);
  expect(stage.count('RegisterTaskDefinition')).toBe(0);
});

test('a plan names the tasks', async () => {
  const plan = await stageWith().plan({ 'pre-deploy': 'migrate', 'post-deploy': '- {name: smoke, command: test}' });
  expect(plan.reasons).toEqual(
    expect.arrayContaining([
      'The pre-deploy task would run before the service is updated.',
      'The post-deploy task smoke would run once the deployment is complete.',
    ]),
  );
});

type Input = 'pre-deploy' | 'post-deploy';

/** A run whose process is gone at its n-th call of that operation, after AWS has done what was asked. */
async function killedAt(
  stage: Stage,
  operation: string,
  ...[n, command = 'migrate-slow', input = 'pre-deploy']: [n: number, command?: string, input?: Input]
): Promise<void> {
  const inner = stage.simulator.wire.requestHandler();
  const wanted = operation === 'RunTask' ? 1 : n;
  let calls = 0;
  await new Promise<void>((resolve) => {
    const handler: typeof inner = {
      ...inner,
      handle: async (request) => {
        const own = String(request.headers['x-amz-target'] ?? '').endsWith(`.${operation}`);
        const answer = calls < wanted ? await inner.handle(request) : await new Promise<never>(() => {});
        if (own && ++calls === wanted) {
          resolve();
          return new Promise<never>(() => {});
        }
        return answer;
      },
    };
    const inputs = stage.inputs({ [input]: command }) as DeployInputs;
    const world = stage.attempt(handler);
    void deploy(runOf(inputs, world), fetchService(inputs, world));
  });
}

function again(stage: Stage, command: string, input: Input = 'pre-deploy') {
  stage.states.clear();
  return stage.deployAs({ ...CONTEXT, runAttempt: '2' }, { [input]: command });
}

test('beside an essential log router, the command runs in the container that gets the image', async () => {
  const stage = stageWith();
  const [app] = LOGGED.containerDefinitions;
  const router = { name: 'router', image: 'example.com/router:1', memory: 64, essential: true };
  stage.template({ containerDefinitions: [router, { ...app, image: '${IMAGE}' }] });
  const outcome = await stage.deploy({
    image: 'example.com/app:2',
    'pre-deploy': 'migrate fine',
    'post-deploy': 'smoke fine',
  });
  expect(outcome.tasks?.map(({ succeeded }) => succeeded)).toEqual([true, true]);
  expect(outcome.kind).toBe('deployed');
  expect(oneOffTasks(stage).map(({ overrides }) => overrides?.containerOverrides)).toEqual(
    expect.arrayContaining([
      [{ name: 'app', command: ['migrate', 'fine'] }],
      [{ name: 'app', command: ['smoke', 'fine'] }],
    ]),
  );
});
