import { ApiException } from '../../../simulator/wire/service.ts';
import { Failure } from '../../../src/failure.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import type { DaemonInputs } from '../../../src/inputs/types.ts';
import type { DaemonRun } from '../../../src/outcome.ts';
import type { World } from '../../../src/ports.ts';
import { reportDaemon } from '../../../src/report/report.ts';
import { RunLog } from '../../../src/report/run-log.ts';
import { daemon } from '../../../src/stories/daemon.ts';
import { daemonLeft } from '../../../src/stories/handover.ts';
import { settleDaemon } from '../../../src/stories/post.ts';
import { parseYaml } from '../../../src/taskdef/yaml.ts';
import { killAt } from '../../support/killed.ts';
import { CONTEXT, Stage } from '../../support/world.ts';

const HOME = 'arn:aws:ecs:eu-west-1:123456789012';
const DAEMON = `${HOME}:daemon/default/agent`;
const PROVIDER = `${HOME}:capacity-provider/managed`;
const revision = (number: number): string => `${HOME}:daemon-task-definition/agent:${number}`;
const agent = (image: string) => ({
  family: 'agent',
  containerDefinitions: [{ name: 'agent', image, essential: true }],
  cpu: '256',
  memory: '512',
});

/** The same with a log group in CloudWatch. */
const logging = (image: string) => {
  const { containerDefinitions, ...rest } = agent(image);
  const options = { 'awslogs-group': '/daemons/agent', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' };
  const logConfiguration = { logDriver: 'awslogs', options };
  return { ...rest, containerDefinitions: containerDefinitions.map((one) => ({ ...one, logConfiguration })) };
};

function inputsOf(given: Readonly<Record<string, string>>): DaemonInputs {
  const raw = new Map(Object.entries({ 'aws-region': 'eu-west-1', 'pin-images': 'false', daemon: 'agent', ...given }));
  return parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as DaemonInputs;
}

const rollOut = (
  stage: Stage,
  given: Readonly<Record<string, string>>,
  world: World = stage.world,
): Promise<DaemonRun> => daemon({ inputs: inputsOf(given), world, progress: new RunLog(world) });

const requests = (stage: Stage, operation: string): Record<string, unknown>[] =>
  stage.simulator.wire.calls
    .filter((call) => call.operation === operation)
    .map(({ input }) => input as Record<string, unknown>);

/** ARN of the definition that the daemon runs on all instances, else nothing. */
function running(stage: Stage): unknown {
  const { daemon: shown } = stage.simulator.call('DescribeDaemon', { daemonArn: DAEMON }) as unknown as {
    daemon: { currentRevisions: { arn: string; totalRunningCount: number }[] };
  };
  const [only, ...others] = shown.currentRevisions.filter(({ totalRunningCount }) => totalRunningCount > 0);
  if (!only || others.length > 0) return undefined;
  const { daemonRevisions } = stage.simulator.call('DescribeDaemonRevisions', {
    daemonRevisionArns: [only.arn],
  }) as unknown as { daemonRevisions: { daemonTaskDefinitionArn: string }[] };
  return daemonRevisions[0]?.daemonTaskDefinitionArn;
}

/** The job summary of the run; its output `summary` is in the outputs of the stage. */
async function reported(stage: Stage, run: DaemonRun): Promise<string> {
  const pages: string[] = [];
  const runner = { ...stage.world.runner, writeSummary: async (page: string) => void pages.push(page) };
  await reportDaemon(run, { ...stage.world, runner });
  return pages.join('\n');
}
const summaryIn = (stage: Stage): unknown => JSON.parse(stage.outputs.get('summary') ?? '{}');

/** The daemon `agent` runs agent:1 on four instances. */
function existing(
  given: Readonly<Record<string, unknown>> = {},
  definition: object = agent('example.com/agent:1'),
): Stage {
  const stage = new Stage();
  stage.simulator.call('RegisterDaemonTaskDefinition', definition as never);
  stage.simulator.call('CreateDaemon', {
    daemonName: 'agent',
    clusterArn: `${HOME}:cluster/default`,
    daemonTaskDefinitionArn: revision(1),
    capacityProviderArns: [PROVIDER],
    ...given,
  });
  stage.clock.advance(900);
  stage.simulator.wire.calls.length = 0;
  return stage;
}

describe('a daemon', () => {
  test('gets the image of a commit, and is followed to the last instance', async () => {
    const stage = existing();
    const run = await rollOut(stage, { image: 'example.com/agent:2' });
    expect(run).toMatchObject({
      kind: 'deployed',
      revision: revision(2),
      previous: revision(1),
      headline: 'agent:2 runs on 4 instances.',
    });
    expect(running(stage)).toBe(revision(2));
    await reported(stage, run);
    expect(summaryIn(stage)).toMatchObject({
      version: 1,
      outcome: 'deployed',
      daemon: { name: 'agent', arn: DAEMON },
      taskDefinition: revision(2),
      previousTaskDefinition: revision(1),
      causes: [],
      gist: {
        where: 'agent in default/eu-west-1',
        title: 'agent:2 is deployed',
        what: 'agent:2 runs on 4 instances.',
      },
    });
    expect(requests(stage, 'UpdateDaemon')).toEqual([
      expect.objectContaining({
        daemonArn: DAEMON,
        daemonTaskDefinitionArn: revision(2),
        capacityProviderArns: [PROVIDER],
      }),
    ]);
  });

  test('a secret in clear text in its definition is a warning without the value, once and not for what an input sets', async () => {
    const [container] = agent('example.com/agent:1').containerDefinitions as readonly object[];
    const environment = [
      { name: 'API_KEY', value: 'hunter2-correct-horse' },
      { name: 'DB_PASSWORD', value: 'hunter3-correct-horse' },
      { name: 'TOKEN_TTL', value: '3600' },
    ];
    const definition = { ...agent('example.com/agent:1'), containerDefinitions: [{ ...container, environment }] };
    const stage = existing({}, definition);
    await rollOut(stage, {
      image: 'example.com/agent:2',
      'environment-variables': 'DB_PASSWORD=hunter4-correct-horse',
    });
    const told = stage.lines.filter((line) => line.includes('in clear text'));
    expect(told).toEqual([
      expect.stringMatching(
        /^environment of the container agent in \S+: `API_KEY` seems .*ecs:DescribeDaemonTaskDefinition/,
      ),
    ]);
    expect(stage.lines.join('\n')).not.toMatch(/hunter/);
  });

  test('keeps what the inputs do not name, as UpdateDaemon takes what it is not sent for its default', async () => {
    const stage = existing({
      propagateTags: 'DAEMON',
      critical: false,
      deploymentConfiguration: { drainPercent: 50, bakeTimeInMinutes: 2 },
    });
    await rollOut(stage, { image: 'example.com/agent:2', 'drain-percent': '100' });
    expect(requests(stage, 'UpdateDaemon')[0]).toMatchObject({
      propagateTags: 'DAEMON',
      critical: false,
      deploymentConfiguration: { drainPercent: 100, bakeTimeInMinutes: 2 },
    });
  });

  test('of which no instance runs is deployed, and the page says that nothing was verified', async () => {
    const stage = existing();
    stage.simulator.ecs.daemons.instances = 0;
    const run = await rollOut(stage, { image: 'example.com/agent:2' });
    expect(run).toMatchObject({
      kind: 'deployed',
      headline: expect.stringContaining('no task runs, so nothing was verified'),
      warnings: ['No instance runs agent:2: nothing was verified.'],
    });
    const page = await reported(stage, run);
    expect(page).toContain('nothing was verified');
    expect(page).toMatch(/^## ✅ agent in default\/eu-west-1: `agent:\d` is deployed\n/);
  });

  test('that runs the same already is not touched', async () => {
    const stage = existing();
    expect(await rollOut(stage, { image: 'example.com/agent:1' })).toMatchObject({
      kind: 'unchanged',
      revision: revision(1),
    });
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
    expect(requests(stage, 'UpdateDaemon')).toEqual([]);
  });

  test('whose tasks do not start is rolled back by ECS, fails in its words, and leaves no definition', async () => {
    const stage = existing();
    stage.simulator.script.image('agent:2', { exit: { afterSeconds: 2, code: 3 } });
    const run = await rollOut(stage, { image: 'example.com/agent:2', 'deregister-failed-revision': 'true' });
    expect(run).toMatchObject({ kind: 'rolled-back', revision: revision(2) });
    expect(run.headline).toContain('Deployment circuit breaker');
    expect(running(stage)).toBe(revision(1));
    expect(requests(stage, 'DeleteDaemonTaskDefinition')).toEqual([{ daemonTaskDefinition: revision(2) }]);
  });

  test('without `wait-for-service-stability` is started', async () => {
    const stage = existing();
    expect(await rollOut(stage, { image: 'example.com/agent:2', 'wait-for-service-stability': 'false' })).toMatchObject(
      { kind: 'started' },
    );
  });
});

describe('a deployment that does not end well', () => {
  test('an alarm that goes off in the bake time is no success', async () => {
    const stage = existing();
    stage.simulator.script.alarm('agent-errors', 'ALARM', 400);
    const run = await rollOut(stage, {
      image: 'example.com/agent:2',
      alarms: 'agent-errors',
      'bake-time-minutes': '10',
      'drain-percent': '50',
    });
    expect(run).toMatchObject({ kind: 'rolled-back', headline: expect.stringContaining('agent-errors') });
    expect(running(stage)).toBe(revision(1));
  });

  test('that another client replaces with its own is a failure, and the other is left alone', async () => {
    const stage = existing();
    stage.simulator.call('RegisterDaemonTaskDefinition', agent('example.com/agent:9'));
    stage.clock.after(90, () =>
      stage.simulator.call('UpdateDaemon', {
        daemonArn: DAEMON,
        daemonTaskDefinitionArn: revision(2),
        capacityProviderArns: [PROVIDER],
      }),
    );
    const run = await rollOut(stage, { image: 'example.com/agent:2' });
    expect(run).toMatchObject({ kind: 'failed', headline: expect.stringContaining('A newer deployment took over') });
    expect(requests(stage, 'UpdateDaemon').length).toBe(1);
  });

  test('the time limit rolls back to what ran, unless that is turned off', async () => {
    const given = { image: 'example.com/agent:2', 'wait-for-minutes': '2', 'drain-percent': '1' };
    const stage = existing();
    const run = await rollOut(stage, given);
    expect(run).toMatchObject({ kind: expect.stringMatching(/^(rolled-back|failed)$/) });
    expect(requests(stage, 'UpdateDaemon').at(-1)).toMatchObject({ daemonTaskDefinitionArn: revision(1) });
    const other = existing();
    const kept = await rollOut(other, { ...given, 'rollback-on-failure': 'false' });
    expect(kept).toMatchObject({ kind: 'failed', headline: expect.stringContaining('Nothing was rolled back') });
    expect(requests(other, 'UpdateDaemon').length).toBe(1);
  });

  test('a cancelled run says that ECS continues; the next run follows the same deployment', async () => {
    const stage = existing();
    stage.clock.after(30, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({
      code: 'CANCELLED',
      state: expect.stringContaining('ECS continues to roll out agent:2'),
    });
    const world = { ...stage.world, signal: new AbortController().signal };
    const again = await rollOut(stage, { image: 'example.com/agent:2' }, world);
    expect(again).toMatchObject({ kind: 'deployed', revision: revision(2) });
    expect(requests(stage, 'UpdateDaemon').length).toBe(1);
  });

  test('an UpdateDaemon whose answer is lost is not sent again', async () => {
    const stage = existing();
    let lost = false;
    stage.simulator.wire.faults.push(({ operation, input }) => {
      if (operation !== 'UpdateDaemon' || lost) return undefined;
      lost = true;
      stage.simulator.call('UpdateDaemon', input as never);
      return new ApiException('ServerException', 'Service Unavailable.', 500);
    });
    expect(await rollOut(stage, { image: 'example.com/agent:2' })).toMatchObject({ kind: 'deployed' });
    expect(requests(stage, 'UpdateDaemon').length).toBeLessThanOrEqual(2);
    expect(running(stage)).toBe(revision(2));
  });
});

describe('the tasks of a deployment that fails', () => {
  test.each<[string, object, string, RegExp]>([
    [
      'an image that is gone',
      { failToStart: 'CannotPullContainerError: failed to resolve ref {image}: not found' },
      'image-not-found',
      /example\.com\/agent:2/,
    ],
    ['an exit code', { exit: { afterSeconds: 2, code: 137 } }, 'sigkill-stop-timeout', /137/],
    [
      'a secret that it must not read',
      {
        failToStart:
          'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/abc is not authorized to perform: secretsmanager:GetSecretValue on resource: db because no identity-based policy allows the secretsmanager:GetSecretValue action',
      },
      'secret-access-denied',
      /secretsmanager:GetSecretValue/,
    ],
  ])(
    '%s: the cause and the remedy of a task, beside the words of the circuit breaker',
    async (_, behaviour, rule, words) => {
      const stage = existing();
      stage.simulator.script.image('agent:2', behaviour);
      const run = await rollOut(stage, { image: 'example.com/agent:2' });
      expect(run.kind).toBe('rolled-back');
      expect(run.diagnoses.map((one) => one.rule)).toEqual([rule]);
      expect(run.headline).toMatch(/Deployment circuit breaker/);
      expect(run.headline).toMatch(words);
      expect(stage.lines.join('\n')).toMatch(words);
    },
  );

  test('a crash: the line of the application, and its last lines', async () => {
    const stage = existing({}, logging('example.com/agent:1'));
    stage.simulator.script.image('agent:2', { exit: { afterSeconds: 2, code: 1 } });
    stage.simulator.ecs.daemons.tasks.onEnd = ({ id }) => {
      for (const message of ['agent starts', 'Error: connect ECONNREFUSED 10.0.12.7:4317'])
        stage.simulator.logs.append('/daemons/agent', `ecs/agent/${id}`, { message, atSeconds: stage.clock.now() });
    };
    const run = await rollOut(stage, { image: 'example.com/agent:2' });
    expect(run.headline).toContain('ECONNREFUSED 10.0.12.7:4317');
    const log = stage.lines.join('\n');
    expect(log).toMatch(/last log lines of agent:2, container agent/);
    expect(log).toMatch(/agent starts/);
    // It is said when ECS counts the first failure, not at the end alone.
    expect(log.indexOf('agent:2: ')).toBeLessThan(log.indexOf('ROLLBACK_IN_PROGRESS'));
    const page = await reported(stage, run);
    const [title = '', ...screen] = page.split('<details><summary>Service')[0]?.split('\n\n') ?? [];
    expect(title).toBe('## ❌ agent in default/eu-west-1: `agent:2` failed and was rolled back');
    expect(screen.join('\n\n')).toMatch(
      /ECONNREFUSED[\s\S]*\*\*Done:\*\* ECS rolled back to `agent:1`\.\n> - \*\*Next:\*\* Check host and port .* Then deploy again\.[\s\S]*log-group\/\$252Fdaemons\$252Fagent\/log-events\/ecs\$252Fagent\$252F[0-9a-f]{32}">log stream<[\s\S]*agent starts/,
    );
  });

  test.each([
    ['ListTasks', 'AccessDeniedException', 'not authorized to perform: ecs:ListTasks'],
    ['DescribeTasks', 'ThrottlingException', 'Rate exceeded'],
    ['GetLogEvents', 'AccessDeniedException', 'not authorized to perform: logs:GetLogEvents'],
  ])('%s that fails costs the explanation alone', async (operation, code, message) => {
    const stage = existing({}, logging('example.com/agent:1'));
    stage.simulator.script.image('agent:2', { exit: { afterSeconds: 2, code: 1 } });
    stage.simulator.wire.faults.push((call) =>
      call.operation === operation ? new ApiException(code, message) : undefined,
    );
    const run = await rollOut(stage, { image: 'example.com/agent:2' });
    expect(run.kind).toBe('rolled-back');
    expect(run.headline).toContain('ECS rolled back to agent:1');
  });

  test('tasks of an earlier deployment of the same definition say nothing of this one', async () => {
    const stage = existing();
    stage.simulator.script.image('agent:2', { exit: { afterSeconds: 2, code: 3 } });
    await rollOut(stage, { image: 'example.com/agent:2' });
    stage.simulator.script.image('agent:2', {});
    stage.clock.advance(600);
    stage.simulator.script.alarm('agent-errors', 'ALARM', 100);
    const run = await rollOut(stage, { image: 'example.com/agent:2', alarms: 'agent-errors' });
    expect(run).toMatchObject({ kind: 'rolled-back', diagnoses: [] });
  });
});

describe('polls that fail', () => {
  const silence = (stage: Stage, seconds: number, code = 'ServerException') => {
    stage.clock.after(40, () => {
      const fault = ({ operation }: { operation: string }) =>
        operation === 'DescribeDaemonDeployments'
          ? new ApiException(code, 'Service Unavailable.', code === 'ServerException' ? 500 : 400)
          : undefined;
      stage.simulator.wire.faults.push(fault);
      stage.clock.after(
        seconds,
        () => void stage.simulator.wire.faults.splice(stage.simulator.wire.faults.indexOf(fault), 1),
      );
    });
  };

  test.each(['ServerException', 'ThrottlingException'])(
    'five minutes of %s are outlasted, as those of a service are',
    async (code) => {
      const stage = existing();
      silence(stage, 300, code);
      expect(await rollOut(stage, { image: 'example.com/agent:2' })).toMatchObject({ kind: 'deployed' });
    },
  );

  test('silence longer than `no-progress-minutes` ends the run, which says that ECS continues', async () => {
    const stage = existing();
    silence(stage, 3600);
    await expect(rollOut(stage, { image: 'example.com/agent:2', 'no-progress-minutes': '5' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      state: expect.stringContaining('ECS continues to roll out agent:2'),
    });
  });

  test('a daemon that is deleted meanwhile is no rollout that continues', async () => {
    const stage = existing();
    stage.clock.after(40, () => stage.simulator.call('DeleteDaemon', { daemonArn: DAEMON }));
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      state: expect.stringContaining('deleted meanwhile'),
    });
  });
});

describe('a deployment of another client', () => {
  const other = (stage: Stage): void => {
    stage.simulator.call('RegisterDaemonTaskDefinition', agent('example.com/agent:9'));
    stage.simulator.call('UpdateDaemon', {
      daemonArn: DAEMON,
      daemonTaskDefinitionArn: revision(2),
      capacityProviderArns: [PROVIDER],
    });
    stage.simulator.wire.calls.length = 0;
  };

  test('is replaced with a warning', async () => {
    const stage = existing();
    other(stage);
    expect(await rollOut(stage, { image: 'example.com/agent:3' })).toMatchObject({
      kind: 'deployed',
      revision: revision(3),
    });
    expect(stage.lines.join('\n')).toMatch(/is under way: .* with agent:2\. Ours takes its place/);
  });

  test('is waited for', async () => {
    const stage = existing();
    other(stage);
    const run = await rollOut(stage, { image: 'example.com/agent:3', 'on-active-deployment': 'wait' });
    expect(run).toMatchObject({ kind: 'deployed', previous: revision(2) });
  });

  test('ends the run with `fail`, before anything is registered; one of the same image is followed', async () => {
    const stage = existing();
    other(stage);
    const given = { 'on-active-deployment': 'fail' };
    await expect(rollOut(stage, { ...given, image: 'example.com/agent:3' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
    expect(await rollOut(stage, { ...given, image: 'example.com/agent:9' })).toMatchObject({
      kind: 'deployed',
      revision: revision(2),
    });
    expect(requests(stage, 'UpdateDaemon')).toEqual([]);
  });

  test('that begins while this run prepares is not undone: the definition of this run is deleted', async () => {
    const stage = existing();
    let begun = false;
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation !== 'RegisterDaemonTaskDefinition' || begun) return undefined;
      begun = true;
      other(stage);
      return undefined;
    });
    await expect(rollOut(stage, { image: 'example.com/agent:3' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(requests(stage, 'UpdateDaemon')).toEqual([]);
    expect(active(stage)).toEqual([revision(1), revision(2)]);
    stage.clock.advance(900);
    expect(running(stage)).toBe(revision(2));
  });

  test('an answer of the rollback that gets lost does not read as one', async () => {
    const stage = existing();
    let calls = 0;
    stage.simulator.wire.faults.push(({ operation, input }) => {
      if (operation !== 'UpdateDaemon' || ++calls !== 2) return undefined;
      stage.simulator.ecs.daemons.instances = 1;
      stage.simulator.call('UpdateDaemon', input as never);
      return new ApiException('ServerException', 'Service Unavailable.', 500);
    });
    const given = { image: 'example.com/agent:2', 'wait-for-minutes': '2' };
    expect(await rollOut(stage, given)).toMatchObject({
      kind: 'rolled-back',
      headline: expect.stringContaining('Rolled back to agent:1'),
    });
  });

  test('a setting that changes while the same definition is rolled out begins a deployment', async () => {
    const stage = existing();
    stage.clock.after(30, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toThrow();
    const world = { ...stage.world, signal: new AbortController().signal };
    await rollOut(stage, { image: 'example.com/agent:2', 'drain-percent': '100' }, world);
    expect(requests(stage, 'UpdateDaemon').at(-1)).toMatchObject({ deploymentConfiguration: { drainPercent: 100 } });
  });
});

describe('errors', () => {
  test('a daemon that does not exist, with the one that is meant', async () => {
    const stage = existing();
    await expect(rollOut(stage, { daemon: 'agnt', image: 'example.com/agent:2' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringContaining('Did you mean `agent`?'),
    });
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
  });

  test('an UpdateDaemon that AWS refuses leaves no definition', async () => {
    const stage = existing();
    stage.simulator.wire.faults.push(({ operation }) =>
      operation === 'UpdateDaemon'
        ? new ApiException('InvalidParameterException', 'Invalid capacity provider.')
        : undefined,
    );
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toThrow('Invalid capacity provider');
    expect(requests(stage, 'DeleteDaemonTaskDefinition')).toEqual([{ daemonTaskDefinition: revision(2) }]);
    expect(running(stage)).toBe(revision(1));
  });

  test('members that a daemon task definition does not have, before anything is changed', async () => {
    const stage = existing();
    stage.files.set('agent.json', JSON.stringify({ ...agent('x'), networkMode: 'awsvpc' }));
    await expect(
      rollOut(stage, { 'task-definition': 'agent.json', image: 'example.com/agent:2' }),
    ).rejects.toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
  });

  test.each([
    [{ daemon: 'agent', service: 'web' }, 'both say what to deploy to'],
    [{ daemon: 'agent', 'desired-count': '2' }, 'is not for a daemon'],
    [{ daemon: 'agent', 'on-cancel': 'rollback' }, 'no call of ECS stops its deployment'],
    [{ daemon: 'agent', 'on-pause': 'stop' }, 'is not for a daemon'],
    [{ daemon: 'agent', 'run-task-launch-type': 'EC2' }, 'is not for a daemon'],
    [{ daemon: '', mode: 'deploy', service: 'web', 'drain-percent': '5' }, 'is for `mode: daemon`'],
  ])('inputs %j', (given, message) => {
    const raw = new Map(Object.entries({ 'aws-region': 'eu-west-1', image: 'example.com/agent:2', ...given }));
    const read = () => parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml });
    expect(read).toThrow(
      expect.objectContaining({
        mistakes: expect.arrayContaining([expect.objectContaining({ problem: expect.stringContaining(message) })]),
      }),
    );
  });
});

/** Daemon task definitions that are ACTIVE. */
const active = (stage: Stage): string[] =>
  [1, 2, 3, 4].map(revision).filter((daemonTaskDefinition) => {
    try {
      const shown = stage.simulator.call('DescribeDaemonTaskDefinition', { daemonTaskDefinition }) as unknown as {
        daemonTaskDefinition: { status: string };
      };
      return shown.daemonTaskDefinition.status === 'ACTIVE';
    } catch {
      return false;
    }
  });

/** What post does with what main saved: its sentence, or nothing. */
async function post(stage: Stage): Promise<string | undefined> {
  const left = daemonLeft((name) => stage.states.get(name) ?? '');
  return left && settleDaemon(left, { ...stage.world, signal: new AbortController().signal });
}

describe('a definition that was registered and that no deployment brings', () => {
  test('is deleted where another deployment begins meanwhile', async () => {
    const stage = existing();
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation !== 'UpdateDaemon') return undefined;
      stage.simulator.call('RegisterDaemonTaskDefinition', agent('example.com/agent:9'));
      stage.simulator.call('UpdateDaemon', {
        daemonArn: DAEMON,
        daemonTaskDefinitionArn: revision(3),
        capacityProviderArns: [PROVIDER],
      });
      return new ApiException('ServerException', 'Service Unavailable.', 500);
    });
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(active(stage)).toEqual([revision(1), revision(3)]);
    expect(await post(stage)).toBe(undefined);
  });

  test('is deleted where no UpdateDaemon gets through', async () => {
    const stage = existing();
    stage.simulator.wire.faults.push(({ operation }) =>
      operation === 'UpdateDaemon' ? new ApiException('ServerException', 'Service Unavailable.', 500) : undefined,
    );
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(active(stage)).toEqual([revision(1)]);
    expect(await post(stage)).toBe(undefined);
  });

  test('is deleted by post where the run is cancelled before UpdateDaemon', async () => {
    const stage = existing();
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation === 'UpdateDaemon') {
        stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.'));
        return new ApiException('ServerException', 'Service Unavailable.', 500);
      }
      return undefined;
    });
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toThrow();
    expect(active(stage)).toEqual([revision(1), revision(2)]);
    expect(await post(stage)).toBe('The run ended early; agent was not changed. The unused agent:2 was deleted.');
    expect(active(stage)).toEqual([revision(1)]);
  });

  test('is named by post where it cannot be deleted', async () => {
    const stage = existing();
    stage.simulator.wire.faults.push(({ operation }) =>
      ['UpdateDaemon', 'DeleteDaemonTaskDefinition'].includes(operation)
        ? new ApiException('AccessDeniedException', `not authorized to perform: ecs:${operation}`)
        : undefined,
    );
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await post(stage)).toMatch(/agent:2 may be left without use: .*delete-daemon-task-definition .*agent:2$/);
  });

  test('is left alone by post with the credentials of another account', async () => {
    const stage = existing();
    const left = { daemon: DAEMON.replace('123456789012', '999999999999'), family: 'agent', definition: revision(1) };
    expect(await settleDaemon(left, stage.world)).toContain('agent:1 may be left without use');
    expect(requests(stage, 'DeleteDaemonTaskDefinition')).toEqual([]);
  });
});

describe.each(['asked', 'answered'] as const)('killed at any call (when it is %s)', (when) => {
  test('and run again, it ends with the new revision on every instance, registered once', async () => {
    for (let call = 1; call < 40; call++) {
      const stage = existing();
      const ended = await killAt(stage, { call, when }, (world) =>
        rollOut(stage, { image: 'example.com/agent:2' }, world),
      );
      if (ended === 'ended') break;
      const run = await rollOut(stage, { image: 'example.com/agent:2' });
      expect(['deployed', 'unchanged']).toContain(run.kind);
      expect(running(stage)).toBe(revision(2));
      expect([call, active(stage)]).toEqual([call, [revision(1), revision(2)]]);
      expect([call, requests(stage, 'RegisterDaemonTaskDefinition').length]).toEqual([call, 1]);
    }
  });

  test('post deletes what no deployment brings, or names it', async () => {
    let deleted = 0;
    for (let call = 1; call < 40; call++) {
      const stage = existing();
      const ended = await killAt(stage, { call, when }, (world) =>
        rollOut(stage, { image: 'example.com/agent:2' }, world),
      );
      if (ended === 'ended') break;
      const words = await post(stage);
      const left = active(stage).filter((one) => one !== revision(1));
      const begun = requests(stage, 'UpdateDaemon').length > 0;
      if (words?.includes('was deleted')) deleted++;
      if (left.length > 0 && !begun) expect([call, words]).toEqual([call, expect.stringContaining('agent:2')]);
      if (begun) expect([call, left]).toEqual([call, [revision(2)]]);
      await rollOut(stage, { image: 'example.com/agent:2' });
      expect([call, active(stage).length]).toEqual([call, 2]);
    }
    if (when === 'asked') expect(deleted).toBeGreaterThan(0);
  });
});

describe('a daemon under a hostile API', () => {
  const OPERATIONS = [
    'ListDaemons',
    'DescribeDaemon',
    'DescribeDaemonDeployments',
    'DescribeDaemonRevisions',
    'DescribeDaemonTaskDefinition',
    'RegisterDaemonTaskDefinition',
    'UpdateDaemon',
  ];

  test.each(OPERATIONS)('%s is throttled three times: the deployment continues', async (operation) => {
    const stage = existing();
    let times = 3;
    stage.simulator.wire.faults.push((call) =>
      call.operation === operation && times-- > 0
        ? new ApiException('ThrottlingException', 'Rate exceeded')
        : undefined,
    );
    expect(await rollOut(stage, { image: 'example.com/agent:2' })).toMatchObject({ kind: 'deployed' });
    expect(active(stage)).toEqual([revision(1), revision(2)]);
  });

  test.each(OPERATIONS)('%s is denied: the error names it, and no definition is left over', async (operation) => {
    const stage = existing();
    stage.simulator.wire.faults.push((call) =>
      call.operation === operation
        ? new ApiException('AccessDeniedException', `User: x is not authorized to perform: ecs:${operation}`)
        : undefined,
    );
    const ended = await rollOut(stage, { image: 'example.com/agent:2' }).catch((thrown) => thrown);
    expect(ended).toMatchObject({ code: 'ACCESS_DENIED', message: expect.stringContaining(operation) });
    expect(requests(stage, 'UpdateDaemon').length).toBeLessThanOrEqual(operation === 'UpdateDaemon' ? 1 : 0);
    await post(stage);
    expect(active(stage)).toEqual([revision(1)]);
  });

  test('a daemon that is being deleted takes nothing', async () => {
    const stage = existing();
    stage.simulator.ecs.daemons.deleting(DAEMON);
    await expect(rollOut(stage, { image: 'example.com/agent:2' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('DELETE_IN_PROGRESS'),
    });
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
  });

  const HOME_OF = (region: string, account: string): string => `arn:aws:ecs:${region}:${account}`;
  test.each<[Readonly<Record<string, string>>, string, RegExp]>([
    [{ 'container-name': 'nope', image: 'example.com/agent:2' }, 'INVALID_TASK_DEFINITION', /no container `nope`/],
    [{ images: 'nope=example.com/agent:2' }, 'INVALID_TASK_DEFINITION', /no container `nope`/],
    [{ image: 'example.com/agent:2', cpu: 'many' }, 'INVALID_INPUT', /cpu: `many`/],
    [{ image: 'example.com/agent:2', memory: '-1' }, 'INVALID_INPUT', /memory: `-1`/],
    [
      { 'task-definition-family': 'other', image: 'example.com/agent:2' },
      'NOT_FOUND',
      /task definition other does not/,
    ],
    [{ 'task-definition-arn': `${HOME}:task-definition/agent:1` }, 'INVALID_INPUT', /daemon-task-definition/],
    [{ 'task-definition-arn': revision(9) }, 'NOT_FOUND', /agent:9 does not exist/],
    [
      { daemon: `${HOME_OF('us-east-1', '123456789012')}:daemon/default/agent` },
      'INVALID_INPUT',
      /in region us-east-1/,
    ],
    [{ daemon: `${HOME_OF('eu-west-1', '999999999999')}:daemon/default/agent` }, 'REFUSED', /DescribeDaemon/],
  ])('%j is refused before anything is changed', async (given, code, words) => {
    const stage = existing();
    const ended = await (async () => rollOut(stage, given))().catch((thrown) => thrown);
    expect(ended).toBeInstanceOf(Failure);
    expect([ended.code, ended.describe()]).toEqual([code, expect.stringMatching(words)]);
    expect(requests(stage, 'RegisterDaemonTaskDefinition')).toEqual([]);
  });

  test.each([[{ cpu: '0.5 vCPU', memory: '1 GB' }], [{ cpu: '512', memory: '1024' }]])(
    '%j is sent in units',
    async (given) => {
      const stage = existing();
      await rollOut(stage, { image: 'example.com/agent:2', ...(given as object) } as never);
      expect(requests(stage, 'RegisterDaemonTaskDefinition')[0]).toMatchObject({ cpu: '512', memory: '1024' });
    },
  );

  test('back to an earlier definition by its ARN', async () => {
    const stage = existing();
    await rollOut(stage, { image: 'example.com/agent:2' });
    const back = await rollOut(stage, { 'task-definition-arn': revision(1) });
    expect(back).toMatchObject({ kind: 'deployed', revision: revision(1) });
    expect(active(stage)).toEqual([revision(1), revision(2)]);
  });
});
