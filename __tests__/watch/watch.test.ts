import { deny, throttle } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import type { TaskDefinition } from '../../src/model.ts';
import { pinned } from '../../src/service/apply.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import type { WatchWorld } from '../../src/watch/observe.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import type { Verdict } from '../../src/watch/verdict.ts';
import { watch } from '../../src/watch/watch.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const LIMITS = {
  wait: true,
  timeoutSeconds: 1800,
  noProgressSeconds: 600,
  logLines: 5,
  timeoutGiven: true,
  onPause: 'wait' as const,
};
type Service = Parameters<typeof pinned>[0];

/** web:2 in place of web:1, begun but not watched. */
async function begun(stage: Stage, more: Readonly<Record<string, unknown>> = {}): Promise<Deployment> {
  const definition = {
    ...TASK_DEFINITION,
    containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2', ...more }],
  };
  stage.simulator.call('RegisterTaskDefinition', definition);
  const now = stage.clock.now();
  // By the port: it waits out throttling until it has begun a deployment.
  await stage.world.ecs.updateService({ cluster: 'default', service: 'web', taskDefinition: 'web:2' });
  const [service] = (await stage.world.ecs.describeServices('default', ['web'])) as [Service];
  stage.simulator.wire.calls.length = 0;
  return {
    ...pinned(service, LIMITS, now),
    definition: definition as unknown as TaskDefinition,
    previousTaskDefinitionArn: service.taskDefinitionArn.replace(/:2$/, ':1'),
  };
}

async function watched(stage: Stage, deployment: Deployment, world: WatchWorld = stage.world) {
  const looks: { readonly at: number; readonly snapshot: Snapshot; readonly verdict: Verdict }[] = [];
  const { verdict, snapshot } = await watch(deployment, world, (seen, now) =>
    looks.push({ at: stage.clock.now() - deployment.startedAt, snapshot: seen, verdict: now }),
  );
  return { verdict, snapshot, looks, seconds: stage.clock.now() - deployment.startedAt };
}

test('a success is reported within 5 s of its completion, with the digest that runs', async () => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  const { verdict, looks } = await watched(stage, deployment);
  expect(verdict.kind).toBe('succeeded');
  const gaps = looks.map(({ at }, i) => at - (looks[i - 1]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
});

test.each([
  ['DescribeServices', 6],
  ['ListTasks', 3],
  ['DescribeTasks', 3],
  ['ListServiceDeployments', 4],
  ['DescribeServiceDeployments', 4],
  ['DescribeServiceRevisions', 2],
])('throttled %s slows the watcher down and fails nothing', async (operation, times) => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  stage.simulator.wire.faults.push(throttle(operation, times));
  expect((await watched(stage, deployment)).verdict.kind).toBe('succeeded');
});

test('an outage of 90 s is waited out, asked more rarely than in good times, and never more than 5 s apart', async () => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  const until = stage.clock.now() + 90;
  const asked: number[] = [];
  stage.simulator.wire.faults.push(({ operation }) => {
    if (stage.clock.now() >= until) return undefined;
    if (operation === 'DescribeServices') asked.push(stage.clock.now());
    return new ApiException('ServerException', 'Service Unavailable', 503);
  });
  const { verdict } = await watched(stage, deployment);
  expect(verdict.kind).toBe('succeeded');
  const gaps = asked.slice(2).map((at, index) => at - (asked[index + 1] ?? 0));
  expect(gaps.length).toBeGreaterThan(10);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
  expect(Math.min(...gaps)).toBeGreaterThan(3);
  expect(stage.lines).toEqual([]);
});

test.each([
  ['AccessDeniedException', 'User: x is not authorized to perform: ecs:DescribeServices', 'ACCESS_DENIED'],
  ['ExpiredTokenException', 'The security token included in the request is expired', 'CREDENTIALS'],
])('%s while watching ends the run at once and names the call', async (name, message, code) => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  stage.clock.after(12, () =>
    stage.simulator.wire.faults.push(({ operation }) =>
      operation === 'DescribeServices' ? new ApiException(name, message) : undefined,
    ),
  );
  await expect(watched(stage, deployment)).rejects.toMatchObject({
    code,
    message: expect.stringContaining('ecs:DescribeServices'),
  });
  expect(stage.clock.now() - deployment.startedAt).toBeLessThanOrEqual(17);
});

test('expired credentials end the run whichever call meets them', async () => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  stage.simulator.wire.faults.push(({ operation }) =>
    operation === 'ListTasks' ? new ApiException('ExpiredTokenException', 'expired') : undefined,
  );
  await expect(watched(stage, deployment)).rejects.toMatchObject({ code: 'CREDENTIALS' });
});

test.each([
  [['ecs:ListServiceDeployments']],
  [['ecs:DescribeServiceDeployments']],
  [['ecs:DescribeServiceRevisions']],
  [['ecs:ListTasks']],
  [['ecs:DescribeTasks']],
  [['ecs:ListServiceDeployments', 'ecs:ListTasks', 'ecs:DescribeTasks']],
])('without %j a success is still proven, and the missing rights are known', async (actions) => {
  const stage = new Stage().withService();
  const deployment = await begun(stage);
  for (const action of actions) stage.simulator.wire.faults.push(deny(action));
  const { verdict, snapshot } = await watched(stage, deployment);
  expect(verdict).toMatchObject({ kind: 'succeeded', warnings: [] });
  const asked = (action: string): number => stage.count(action.split(':')[1] ?? '');
  for (const action of actions.filter((one) => asked(one) > 0)) expect(snapshot.denied).toContain(action);
  // Once denied, nobody asks again; the two lists of tasks are asked for side by side.
  expect(asked(actions[0] ?? '')).toBeLessThanOrEqual(2);
});

describe('the last words of a container', () => {
  const options = {
    'awslogs-group': '/ecs/web',
    'awslogs-region': 'eu-west-1',
    'awslogs-stream-prefix': 'ecs',
  };
  const crash = (stage: Stage) =>
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 8, exit: { afterSeconds: 2, code: 3 } });
  const speak = (stage: Stage, lines: readonly string[]) => {
    const tasks = stage.simulator.ecs.services.values().next().value?.tasks ?? [];
    for (const { id } of tasks)
      for (const line of lines)
        stage.simulator.logs.append('/ecs/web', `ecs/app/${id}`, { message: line, atSeconds: stage.clock.now() });
  };

  test('are read once it crashed, no more than asked for, with secrets masked', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const deployment = await begun(stage, {
      logConfiguration: { logDriver: 'awslogs', options },
      environment: [{ name: 'DB_PASSWORD', value: 'swordfish' }],
    });
    stage.clock.after(9, () =>
      speak(stage, ['1', '2', '3', 'postgres://app:hidden@db/x', 'tried swordfish', 'no route to db', 'bye']),
    );
    const { verdict, snapshot } = await watched(stage, deployment);
    expect(verdict.kind).toBe('failed');
    const said = [...snapshot.logs.values()][0] ?? [];
    expect(said).toEqual(['3', 'postgres://app:***@db/x', 'tried ***', 'no route to db', 'bye']);
  });

  test('stand in the evidence, with secrets masked, and differ from task to task without being another cause', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const deployment = await begun(stage, {
      logConfiguration: { logDriver: 'awslogs', options },
      environment: [{ name: 'DB_PASSWORD', value: 'swordfish' }],
    });
    for (const seconds of [9, 40]) {
      stage.clock.after(seconds, () => speak(stage, [`no swordfish at second ${seconds}`, '']));
    }
    const { verdict } = await watched(stage, deployment);
    const [cause] = verdict.kind === 'failed' ? verdict.causes : [];
    expect(cause).toMatchObject({ rule: 'app-crash', taskId: expect.any(String) });
    expect(cause?.evidence.text).toMatch(/^exit code 3, after: no \*\*\* at second \d+$/);
    expect(verdict).toMatchObject({ reason: expect.stringMatching(/Seen on two tasks/) });
  });

  test('are not read where no input asks for them', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const deployment = await begun(stage, { logConfiguration: { logDriver: 'awslogs', options } });
    const { snapshot } = await watched(stage, { ...deployment, logLines: 0 });
    expect([snapshot.logs.size, stage.count('GetLogEvents')]).toEqual([0, 0]);
  });

  test('may name the true cause', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const deployment = await begun(stage, { logConfiguration: { logDriver: 'awslogs', options } });
    stage.clock.after(9, () => speak(stage, ['exec /usr/local/bin/node: exec format error']));
    const { verdict } = await watched(stage, deployment);
    expect(verdict).toMatchObject({
      kind: 'failed',
      causes: expect.arrayContaining([expect.objectContaining({ rule: 'image-platform-mismatch' })]),
    });
  });

  test('are elsewhere with another driver: the place is named, and is not a log line', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const splunk = { 'splunk-url': 'https://splunk.example.com', 'splunk-token': 'token' };
    const deployment = await begun(stage, { logConfiguration: { logDriver: 'splunk', options: splunk } });
    const { snapshot } = await watched(stage, deployment);
    expect(snapshot.logs.size).toBe(0);
    expect(snapshot.logHints?.get('app')).toContain('splunk');
  });

  test('that may not be read cost nothing but themselves', async () => {
    const stage = new Stage().withService();
    crash(stage);
    const deployment = await begun(stage, { logConfiguration: { logDriver: 'awslogs', options } });
    stage.simulator.wire.faults.push(deny('logs:GetLogEvents'));
    const { verdict, snapshot } = await watched(stage, deployment);
    expect([verdict.kind, snapshot.denied]).toEqual(['failed', ['logs:GetLogEvents']]);
  });
});

describe('how the load balancer sees the tasks', () => {
  const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a';
  const behind = () =>
    new Stage().withService({ loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }] });
  /** Every running task has an address in this world. */
  const addressed = (stage: Stage): WatchWorld => ({
    ...stage.world,
    ecs: {
      ...stage.world.ecs,
      describeTasks: async (cluster, arns) =>
        (await stage.world.ecs.describeTasks(cluster, arns)).map((task) => ({ ...task, privateIp: `ip-${task.id}` })),
    },
  });

  test('is asked while they run, and no more once the deployment is done', async () => {
    const stage = behind();
    const deployment = await begun(stage);
    let asked = 0;
    const world: WatchWorld = addressed(stage);
    const targets = {
      health: async () => {
        asked += 1;
        const tasks = stage.simulator.ecs.services.values().next().value?.tasks ?? [];
        return tasks.map(({ id }) => ({ id: `ip-${id}`, state: 'initial', description: 'Registration in progress' }));
      },
    };
    const { verdict, looks } = await watched(stage, deployment, { ...world, targets });
    expect(verdict.kind).toBe('succeeded');
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(looks.length);
    const seen = looks.flatMap(({ snapshot }) => [...snapshot.targetHealth.values()]);
    expect(seen).toContainEqual({ state: 'initial', description: 'Registration in progress' });
  });

  test('is asked of both target groups of a strategy that divides traffic: the new tasks are in either', async () => {
    const green = GROUP.replace('/web/', '/green/');
    const stage = behind();
    const deployment = await begun(stage);
    const world = addressed(stage);
    const asked = new Set<string>();
    const ecs: typeof world.ecs = {
      ...world.ecs,
      describeServices: async (...given) =>
        (await world.ecs.describeServices(...given)).map((service) => ({
          ...service,
          loadBalancers: service.loadBalancers.map((one) => ({ ...one, advanced: { alternateTargetGroupArn: green } })),
        })),
    };
    const health = async (group: string) => {
      asked.add(group);
      return [];
    };
    await watched(stage, deployment, { ...world, ecs, targets: { health } });
    expect([...asked]).toEqual([GROUP, green]);
  });

  test('may not be known: a denial is reported, and not asked again', async () => {
    const stage = behind();
    const deployment = await begun(stage);
    const { Failure } = await import('../../src/failure.ts');
    let asked = 0;
    const targets = {
      health: async () => {
        asked += 1;
        throw new Failure('ACCESS_DENIED', 'no');
      },
    };
    const { verdict, snapshot } = await watched(stage, deployment, { ...addressed(stage), targets });
    expect([verdict.kind, asked, snapshot.denied]).toEqual([
      'succeeded',
      1,
      ['elasticloadbalancing:DescribeTargetHealth'],
    ]);
  });
});
