import { Failure } from '../../src/failure.ts';
import type { TaskRun } from '../../src/outcome.ts';
import { reportTask } from '../../src/report/report.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

/** `mode: task`: a task without a deployment, as the service's tasks are placed or by the inputs of the official action. */
const BATCH = { ...TASK_DEFINITION, family: 'batch' };
const PLACED = { cluster: 'default', 'run-task-launch-type': 'FARGATE', 'run-task-subnets': 'subnet-7' };

function stageWith(): Stage {
  const stage = new Stage();
  stage.simulator.script
    .command('fine', { startSeconds: 10, exit: { afterSeconds: 20, code: 0 } })
    .command('faulty', { startSeconds: 10, exit: { afterSeconds: 5, code: 3 } });
  stage.withService();
  stage.simulator.call('RegisterTaskDefinition', BATCH);
  stage.files.set('batch.json', JSON.stringify(BATCH));
  stage.simulator.wire.calls.length = 0;
  return stage;
}
const asked = (stage: Stage) => stage.simulator.wire.calls.find(({ operation }) => operation === 'RunTask')?.input;

test('an existing family with the inputs of the official action: nothing is registered, everything reaches RunTask', async () => {
  const stage = stageWith();
  const run = await stage.task({
    ...PLACED,
    'task-definition-family': 'batch',
    'run-task-container-overrides': '[{"name": "app", "command": ["fine"], "cpu": 128}]',
    'run-task-security-groups': 'sg-1, sg-2',
    'run-task-assign-public-ip': 'ENABLED',
    'run-task-started-by': 'nightly',
    'run-task-tags': '[{"key": "team", "value": "web"}]',
  });
  expect(run).toMatchObject({
    kind: 'ran',
    headline: expect.stringMatching(/^The task [0-9a-f]+ of batch:1 succeeded: exit code 0\.$/),
    results: [{ phase: 'task', succeeded: true, exitCode: 0, exitCodes: { app: 0 } }],
  });
  expect(stage.count('RegisterTaskDefinition')).toBe(0);
  expect(asked(stage)).toMatchObject({
    cluster: 'default',
    taskDefinition: expect.stringMatching(/batch:1$/),
    launchType: 'FARGATE',
    startedBy: 'nightly',
    tags: [{ key: 'team', value: 'web' }],
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-7'], securityGroups: ['sg-1', 'sg-2'], assignPublicIp: 'ENABLED' },
    },
    overrides: { containerOverrides: [{ name: 'app', command: ['fine'], cpu: 128 }] },
  });
});

test('roles and sizes of a task that starts from a revision are its own: the latest revision of the family stays as it is', async () => {
  const roles = {
    'task-role-arn': 'arn:aws:iam::123456789012:role/migrator',
    'execution-role-arn': 'arn:aws:iam::123456789012:role/execution',
  };
  for (const from of [{ service: 'web' }, { ...PLACED, 'task-definition-family': 'batch' }]) {
    const stage = stageWith();
    const run = await stage.task({ ...from, ...roles, cpu: '512', memory: '1 GB', command: 'fine' });
    expect([run.kind, stage.count('RegisterTaskDefinition')]).toEqual(['ran', 0]);
    expect(asked(stage)).toMatchObject({
      overrides: {
        containerOverrides: [{ name: 'app', command: ['fine'] }],
        cpu: '512',
        memory: '1 GB',
        taskRoleArn: roles['task-role-arn'],
        executionRoleArn: roles['execution-role-arn'],
      },
    });
  }
  // Of a file they belong to the family that it registers.
  const stage = stageWith();
  const run = await stage.task({
    ...PLACED,
    'task-definition': 'batch.json',
    cpu: '512',
    memory: '1024',
    command: 'fine',
  });
  expect(run.revision.definition).toMatchObject({ cpu: '512', memory: '1024' });
  expect(asked(stage)?.overrides).toEqual({ containerOverrides: [{ name: 'app', command: ['fine'] }] });
});

test('the output summary of a task that ran', async () => {
  const { exitCode, summary } = await reported(await stageWith().task({ service: 'web', command: 'fine' }));
  expect([exitCode, summary]).toEqual([
    0,
    expect.objectContaining({
      outcome: 'ran',
      causes: [],
      tasks: [expect.objectContaining({ succeeded: true, exitCode: 0, task: expect.stringContaining(':task/') })],
      gist: {
        where: 'web in default/eu-west-1',
        title: 'the task of web:1 ran',
        what: expect.stringMatching(/web:1/),
        links: [],
      },
    }),
  ]);
});

test('a file with an image: registered once, the command stays out of the revision', async () => {
  const stage = stageWith();
  const given = { ...PLACED, 'task-definition': 'batch.json', image: 'example.com/batch:2', command: 'fine job' };
  const run = await stage.task(given);
  expect(run.kind).toBe('ran');
  expect(run.revision).toMatchObject({ family: 'batch', revision: 2 });
  expect(run.revision.definition.containerDefinitions[0]).toMatchObject({ image: 'example.com/batch:2' });
  expect(run.revision.definition.containerDefinitions[0]?.command).toBeUndefined();
  expect((await stage.task(given, { runId: '43' })).revision.revision).toBe(2);
});

test('with a service: its revision, its network and its launch type', async () => {
  const stage = stageWith();
  const run = await stage.task({ service: 'web', command: 'fine' });
  expect([run.kind, run.revision.family]).toEqual(['ran', 'web']);
  expect(asked(stage)).toMatchObject({
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  expect(stage.count('UpdateService')).toBe(0);
});

test('a task that fails says why, with its exit code', async () => {
  const run = await stageWith().task({ service: 'web', command: 'faulty' });
  expect(run).toMatchObject({ kind: 'failed', results: [{ succeeded: false, exitCode: 3 }] });
  expect(run.headline).toMatch(/^The task of web:1 failed: .*\b3\b/);
  expect(run.diagnosis?.taskId).toBeDefined();
});

/** What the report of a run adds: its exit code, the page, the error and the lines of the log. */
async function reported(run: TaskRun) {
  const pages: string[] = [];
  const errors: string[] = [];
  const { world, lines } = new Stage();
  let summary = '';
  const runner = {
    ...world.runner,
    writeSummary: async (page: string) => void pages.push(page),
    setOutput: (name: string, value: string) => {
      if (name === 'summary') summary = value;
    },
  };
  const error = (text: string, title = ''): void => void errors.push(`${title}\n${text}`);
  const exitCode = await reportTask(run, { ...world, runner, console: { ...world.console, error } });
  return { exitCode, summary: JSON.parse(summary), page: pages.join('\n'), error: errors.join('\n'), lines };
}

test('the report of a task that failed has the first screen of a failed deploy, and has the cause once', async () => {
  const stage = stageWith();
  const log = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' };
  const containers = BATCH.containerDefinitions.map((one) => ({
    ...one,
    logConfiguration: { logDriver: 'awslogs', options: log },
  }));
  stage.files.set('batch.json', JSON.stringify({ ...BATCH, containerDefinitions: containers }));
  const given = { ...PLACED, 'task-definition': 'batch.json', command: 'faulty' };
  const { exitCode, page, error, lines, summary } = await reported(await stage.task(given));
  expect(exitCode).toBe(1);
  // The same for a chat message or an incident.
  expect(summary).toMatchObject({
    version: 1,
    outcome: 'failed',
    taskDefinition: expect.stringMatching(/task-definition\/batch:2$/),
    causes: [
      { rule: 'app-crash', cause: expect.stringMatching(/exit code 3/), task: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ],
    tasks: [{ succeeded: false, exitCode: 3 }],
    gist: {
      where: 'batch in default/eu-west-1',
      title: 'the task of batch:2 failed',
      what: expect.stringMatching(/exit code 3/),
      done: 'No service was changed.',
      next: { text: expect.any(String) },
      links: [{ name: 'log', text: 'log stream' }, { name: 'task' }],
    },
  });
  const stream = /#logsV2:log-groups\/log-group\/\$252Fecs\$252Fweb\/log-events\/ecs\$252Fapp\$252F[0-9a-f]{32}/;
  expect(page).toMatch(/^## ❌ batch in default\/eu-west-1: the task of `batch:2` failed\n/);
  const [screen = ''] = page.split('<details>');
  expect(screen.match(/exit code 3/g)).toHaveLength(1);
  expect(screen).toMatch(/\*\*Next:\*\*/);
  expect(screen).toMatch(stream);
  expect(screen).toContain('>log stream</a>');
  expect(error).toMatch(
    /^batch in default\/eu-west-1: the task of batch:2 failed\nThe application .* exit code 3\.\nNo service was changed\.\nNext: /,
  );
  expect(lines.slice(-3)).toEqual([
    '✗ the task of batch:2 failed',
    expect.stringMatching(stream),
    expect.stringMatching(/^ {2}task +https:/),
  ]);
});

test('a task that ran, and one without a log: the page names cluster and Region', async () => {
  const { exitCode, page } = await reported(await stageWith().task({ service: 'web', command: 'fine' }));
  expect([exitCode, page.split('\n')[0]]).toEqual([0, '## ✅ The task of `web:1` in default/eu-west-1 ran']);
  const failed = await reported(await stageWith().task({ service: 'web', command: 'faulty' }));
  expect(failed.page).toContain('aws logs create-log-group --region eu-west-1 --log-group-name /ecs/web');
  expect(failed.page).toContain('"awslogs-region": "eu-west-1"');
});

test('wait-for-task-stopped: false ends with the start', async () => {
  const stage = stageWith();
  const run = await stage.task({ service: 'web', command: 'fine', 'wait-for-task-stopped': 'false' });
  expect(run.headline).toMatch(/was started; not waiting/);
  expect(stage.count('DescribeTasks')).toBe(0);
  expect(stage.states.get('task')).toBe('');
});

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['no revision', PLACED, /task-definition: is missing/],
  ['a build', { service: 'web', repository: 'team/app' }, /repository: would build an image/],
  ['broken JSON', { service: 'web', 'run-task-tags': '[{' }, /run-task-tags: is not valid JSON/],
  [
    'both',
    {
      service: 'web',
      'run-task-launch-type': 'EC2',
      'run-task-capacity-provider-strategy': '[{"capacityProvider": "x"}]',
    },
    /exclude each other/,
  ],
  ['half a volume', { service: 'web', 'run-task-managed-ebs-volume-name': 'data' }, /belong together/],
  ['another mode', { service: 'web', mode: 'deploy', 'run-task-subnets': 'subnet-1' }, /is for `mode: task`/],
  ['beside a deployment', { service: 'web', mode: '', 'run-task': 'true' }, /Use `pre-deploy`/],
])('refused: %s', async (_, given, message) => {
  const failure = await (async () => stageWith().task(given))().catch((thrown: unknown) => thrown);
  expect((failure as { describe(): string }).describe()).toMatch(message);
});

test('the name of a role is refused where RunTask takes it', async () => {
  const failure = await (async () =>
    stageWith().task({ service: 'web', 'task-role-arn': 'migrator', command: 'fine' }))().catch(
    (thrown: unknown) => thrown,
  );
  expect((failure as { describe(): string }).describe()).toMatch(/task-role-arn: .*Expected the ARN of a role/);
});

test('no subnets for awsvpc: refused before RunTask', async () => {
  const failure = await stageWith()
    .task({ cluster: 'default', 'task-definition-family': 'batch', 'run-task-launch-type': 'FARGATE' })
    .catch((thrown: unknown) => thrown);
  expect((failure as { describe(): string }).describe()).toMatch(/run-task-subnets: .*no subnets are known.*`service`/);
});

test('a re-run starts again what has ended: no earlier task proves anything for the next', async () => {
  const stage = stageWith();
  const given = { service: 'web', command: 'fine' };
  await stage.task({ ...given, 'wait-for-task-stopped': 'false' });
  stage.simulator.wire.calls.length = 0;
  stage.clock.advance(40);
  expect((await stage.task(given, { runAttempt: '2' })).kind).toBe('ran');
  expect(stage.count('RunTask')).toBe(2);
});

test('two steps of one job with the same task run it twice, whether GitHub names the steps or not', async () => {
  for (const steps of [
    [{ step: '__self' }, { step: '__self_2' }],
    [{}, {}],
  ]) {
    const stage = stageWith();
    stage.simulator.script.command('quick', { startSeconds: 2, exit: { afterSeconds: 4, code: 0 } });
    for (const context of steps)
      expect((await stage.task({ service: 'web', command: 'quick' }, context)).kind).toBe('ran');
    const { tasks } = stage.simulator.ecs.clusters.get('default');
    expect(tasks).toHaveLength(2);
  }
});

describe('a revision with two essential containers', () => {
  const PAIR = {
    ...BATCH,
    family: 'pair',
    containerDefinitions: [
      BATCH.containerDefinitions[0],
      { name: 'side', image: 'example.com/side:1', command: ['serve'] },
    ],
  };
  const paired = (): Stage => {
    const stage = stageWith();
    stage.simulator.call('RegisterTaskDefinition', PAIR);
    stage.simulator.wire.calls.length = 0;
    return stage;
  };
  const given = { ...PLACED, 'task-definition-family': 'pair' };

  test.each([
    ['fine', 'ran', 'succeeded: exit code 0'],
    ['faulty', 'failed', 'exit code 3'],
  ])('overrides as for the official action, %s: all essential containers count', async (command, kind, words) => {
    const overrides = JSON.stringify([{ name: 'app', command: [command] }]);
    const run = await paired().task({ ...given, 'run-task-container-overrides': overrides });
    expect([run.kind, run.headline]).toEqual([kind, expect.stringContaining(words)]);
  });

  test('without a command of one container none has to be named', async () => {
    const stage = paired();
    stage.simulator.script.command('serve', { startSeconds: 5, exit: { afterSeconds: 5, code: 0, container: 'side' } });
    expect((await stage.task(given)).results).toMatchObject([{ succeeded: true, exitCode: 0 }]);
    stage.simulator.script.command('serve', { startSeconds: 5, exit: { afterSeconds: 5, code: 4, container: 'side' } });
    expect(await stage.task({ ...given, 'run-task-started-by': 'again' })).toMatchObject({
      kind: 'failed',
      headline: expect.stringContaining('`side` ended with exit code 4'),
    });
  });

  test('a command needs one, by the input that names it', async () => {
    await expect(paired().task({ ...given, command: 'fine' })).rejects.toMatchObject({
      mistakes: [expect.objectContaining({ remedy: 'Name one of `app`, `side` with `container-name`.' })],
    });
  });
});

test('a volume that the task definition leaves to the launch needs its settings, and no other takes any', async () => {
  const stage = stageWith();
  stage.simulator.call('RegisterTaskDefinition', {
    ...BATCH,
    family: 'stored',
    containerDefinitions: [
      { ...BATCH.containerDefinitions[0], mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] },
    ],
    volumes: [{ name: 'data', configuredAtLaunch: true }],
  });
  const given = { ...PLACED, 'task-definition-family': 'stored', command: 'fine' };
  const volume = (name: string) => ({
    'run-task-managed-ebs-volume-name': name,
    'run-task-managed-ebs-volume': '{"roleArn": "arn:aws:iam::123456789012:role/ebs", "sizeInGiB": 10}',
  });
  await expect(stage.task(given)).rejects.toMatchObject({
    mistakes: [expect.objectContaining({ problem: expect.stringContaining('its settings are missing') })],
  });
  await expect(stage.task({ ...given, ...volume('dat') })).rejects.toMatchObject({
    mistakes: [
      expect.objectContaining({
        problem: 'stored has no volume `dat` that is configured at launch.',
        remedy: 'It has `data`.',
      }),
    ],
  });
  expect(stage.count('RunTask')).toBe(0);
  expect((await stage.task({ ...given, ...volume('data') })).kind).toBe('ran');
});

test('a task that ends as the run is cancelled: whether it succeeded is said', async () => {
  for (const [command, words] of [
    ['fine', 'The task has ended well (exit code 0).'],
    ['faulty', 'The task has ended, and has failed.'],
  ] as const) {
    const stage = stageWith();
    const ends = command === 'fine' ? 31.5 : 16.5;
    stage.simulator.script.at(ends, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    await expect(stage.task({ service: 'web', command })).rejects.toMatchObject({ code: 'CANCELLED', state: words });
  }
});
