import type { ContainerState, DeploymentState, ServiceDeployment, ServiceState, TaskState } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import type { Snapshot, Trouble } from '../../src/watch/snapshot.ts';
import { troublesOf } from '../../src/watch/troubles.ts';
import {
  deployment,
  event,
  look,
  OLD,
  OURS,
  old,
  ours,
  START,
  service,
  serviceDeployment,
  TASK_A,
  TASK_B,
  task,
} from '../report/made.ts';

interface Known extends Partial<Snapshot> {
  readonly counts?: Partial<DeploymentState>;
  readonly others?: readonly DeploymentState[];
  readonly settings?: Partial<ServiceState>;
  readonly of?: Partial<Deployment>;
}
function troubles({ counts, others = [old(2)], settings, of, ...rest }: Known): Trouble[] {
  const deployments = [ours(counts), ...others];
  return troublesOf(look(60, deployments, { service: service(deployments, settings), ...rest }), {
    ...deployment,
    ...of,
  });
}
const rules = (known: Known): string[] => troubles(known).map(({ from, diagnosis }) => `${from}: ${diagnosis.rule}`);

const container = (name: string, exitCode?: number, rest: Partial<ContainerState> = {}): ContainerState => ({
  name,
  image: 'x',
  lastStatus: 'STOPPED',
  healthStatus: 'UNKNOWN',
  ...(exitCode === undefined ? {} : { exitCode }),
  ...rest,
});
const exited = (exitCode: number, rest: Partial<TaskState> = {}): TaskState =>
  task(TASK_A, 'STOPPED', {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [container('app', exitCode)],
    ...rest,
  });
const GROUP = '(target-group arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1)';
const unhealthy = (rest: Partial<TaskState> = {}): TaskState =>
  task(TASK_A, 'STOPPED', {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in ${GROUP}`,
    ...rest,
  });
const unhealthyTarget = (id: string, reason: string) =>
  event(30, `(task ${id}) (port 80) is unhealthy in ${GROUP} due to (reason ${reason}).`);
const NOT_FOUND =
  'CannotPullContainerError: failed to resolve ref 1.dkr.ecr.eu-central-1.amazonaws.com/app:nope: not found';
const UNPULLED = event(30, `was unable to place a task. Reason: ${NOT_FOUND}`);
const NO_MEMORY = event(
  30,
  'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 0a1b) has insufficient memory available.',
);
const NO_CAPACITY = event(
  30,
  'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
);
const printed = (...lines: readonly string[]): Known => ({ logs: new Map([[`${TASK_A}/app`, lines]]) });

describe('a task', () => {
  test.each<[string, TaskState, readonly string[]]>([
    ['that stopped', exited(1), ['task: app-crash']],
    ['that is to stop, for a reason', exited(1, { lastStatus: 'DEPROVISIONING' }), ['task: app-crash']],
    ['that runs on', exited(1, { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }), []],
    ['that is to stop, for no reason yet', task(TASK_A, 'RUNNING', { desiredStatus: 'STOPPED' }), []],
    ['that stopped, for no reason known', task(TASK_A, 'STOPPED'), []],
    [
      'that ECS scaled in',
      task(TASK_A, 'STOPPED', { stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)' }),
      [],
    ],
  ])('%s', (_, one, expected) => {
    expect(rules({ tasks: [one] })).toEqual(expected);
  });
  test('goes with its trouble, and when it stopped', () => {
    const dated = exited(1, { stoppedAt: START + 40 });
    expect(troubles({ tasks: [dated] })).toMatchObject([{ from: 'task', task: dated, at: START + 40 }]);
    expect(troubles({ tasks: [exited(1)] })[0]).not.toHaveProperty('at');
  });
  test('is explained by the containers that the task definition calls essential, as all are unless it says no', () => {
    const both = exited(0, { containers: [container('helper', 1), container('app', 0)] });
    const definition = (helper: object) => ({
      family: 'web',
      containerDefinitions: [
        { name: 'helper', image: 'x', ...helper },
        { name: 'app', image: 'x', essential: true },
      ],
    });
    const blamed = (of: Partial<Deployment>) =>
      troubles({ tasks: [both], of }).map(({ diagnosis }) => diagnosis.container);
    expect(blamed({ definition: definition({ essential: false }) })).toEqual(['app']);
    expect(blamed({ definition: definition({}) })).toEqual(['helper']);
    expect(blamed({})).toEqual(['helper']);
  });
  test('is explained by the container that others depend on', () => {
    const both = exited(1, { containers: [container('app', 1), container('database', 1)] });
    const definition = {
      family: 'web',
      containerDefinitions: [
        { name: 'app', image: 'x', dependsOn: [{ containerName: 'database', condition: 'START' }] },
        { name: 'database', image: 'x' },
      ],
    };
    expect(troubles({ tasks: [both], of: { definition } })).toMatchObject([{ diagnosis: { container: 'database' } }]);
  });
});

test('a message that names no Region gets the one of the service', () => {
  const stoppedReason =
    'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed';
  const tasks = [task(TASK_A, 'STOPPED', { stoppedReason })];
  const remedy = (region: string) => troubles({ tasks, settings: { region } })[0]?.diagnosis.remedy;
  expect(remedy('eu-west-3')).toContain('com.amazonaws.eu-west-3.logs');
  expect(remedy('eu-west-3')).not.toContain('REGION');
  expect(remedy('')).toContain('com.amazonaws.REGION.logs');
  const [crash] = troubles({ tasks: [exited(1)] });
  expect(crash?.diagnosis.cause).toBe('The application in the container `app` ended with exit code 1 (its own error).');
});

describe('a vague end', () => {
  const FORMAT = 'exec /app/run.sh: exec format error';
  const ROLE = "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::1:role/x').";
  const logsRead = (key: string, line: string): Known => ({ logs: new Map([[key, [line]]]) });
  test.each<[string, TaskState, Known, readonly string[]]>([
    ['of a container whose log names a sure cause', exited(1), printed(FORMAT), ['task: image-platform-mismatch']],
    ['of another container than the log is of', exited(1), logsRead(`${TASK_A}/proxy`, FORMAT), ['task: app-crash']],
    ['of no container: any log of the task tells', unhealthy(), printed(FORMAT), ['task: image-platform-mismatch']],
    [
      'of no container, and a log of another task',
      unhealthy(),
      logsRead(`${TASK_B}/app`, FORMAT),
      ['task: elb-health-check'],
    ],
    [
      'whose log names no sure cause',
      unhealthy(),
      printed('Error: connect ECONNREFUSED 10.0.0.5:5432'),
      ['task: elb-health-check'],
    ],
    [
      'and a sure end, which no log overrules',
      task(TASK_A, 'STOPPED', { stoppedReason: NOT_FOUND }),
      printed(FORMAT),
      ['task: image-not-found'],
    ],
    ['of a segmentation fault', exited(139), printed(FORMAT), ['task: image-platform-mismatch']],
    [
      'that only says that a container exited',
      exited(0, { containers: [container('app')] }),
      printed(FORMAT),
      ['task: image-platform-mismatch'],
    ],
    [
      'of an unknown reason',
      task(TASK_A, 'STOPPED', { stoppedReason: 'Odd.' }),
      printed(FORMAT),
      ['task: image-platform-mismatch'],
    ],
    ['of no memory, which no log overrules', exited(137), printed(FORMAT), ['task: sigkill-stop-timeout']],

    [
      'whose event tells how the target failed',
      unhealthy(),
      { events: [unhealthyTarget(TASK_A, 'Request timed out')] },
      ['task: elb-unreachable'],
    ],
    [
      'and the event of another task',
      unhealthy(),
      { events: [unhealthyTarget(TASK_B, 'Request timed out')], tasks: [unhealthy(), task(TASK_B, 'RUNNING')] },
      ['task: elb-health-check', 'event: elb-unreachable'],
    ],
    [
      'whose first event is ordinary',
      unhealthy(),
      { events: [event(20, `has started 1 tasks: (task ${TASK_A}).`), unhealthyTarget(TASK_A, 'Request timed out')] },
      ['task: elb-unreachable'],
    ],
    [
      'of a crash, which a failed health check does not explain',
      exited(1),
      { events: [unhealthyTarget(TASK_A, 'Request timed out')] },
      ['task: app-crash', 'event: elb-unreachable'],
    ],
    [
      'of a crash, whose event names a sure cause',
      exited(1),
      { events: [event(30, `(task ${TASK_A}) ${ROLE}`)] },
      ['task: role-assume-failed'],
    ],
  ])('%s', (_, one, known, expected) => {
    expect(rules({ tasks: [one], ...known })).toEqual(expected);
  });
  test('keeps its task and container, whatever explains it', () => {
    expect(troubles({ tasks: [exited(1)], ...printed(FORMAT) })).toMatchObject([
      { diagnosis: { taskId: TASK_A, container: 'app', rule: 'image-platform-mismatch' } },
    ]);
    const [event] = troubles({ tasks: [unhealthy()], events: [unhealthyTarget(TASK_A, 'Request timed out')] });
    expect(event?.diagnosis.taskId).toBe(TASK_A);
    expect(event?.diagnosis).not.toHaveProperty('container');
  });
  test('gets the HTTP status that the event knows, once', () => {
    const cause = (...reasons: readonly string[]) =>
      troubles({ tasks: [unhealthy()], events: reasons.map((reason) => unhealthyTarget(TASK_A, reason)) })[0]?.diagnosis
        .cause;
    expect(cause('Health checks failed with these codes: [503]')).toContain('HTTP status 503');
    expect(cause('Health checks failed')).toBe('The load balancer finds the task unhealthy: its health check fails.');
    const known = unhealthy({ stoppedReason: `Task failed ELB health checks in ${GROUP} (code 502)` });
    const [trouble] = troubles({
      tasks: [known],
      events: [unhealthyTarget(TASK_A, 'Health checks failed with these codes: [503]')],
    });
    expect(trouble?.diagnosis.status).toBe(502);
  });
});

describe('one failure of several tasks has one cause, whichever of them it is known of', () => {
  const LINE = 'Error: connect ECONNREFUSED 10.0.0.5:5432';
  const sibling = (exitCode: number, name = 'app') =>
    exited(exitCode, { id: TASK_B, containers: [container(name, exitCode)] });
  const causes = (known: Known) => new Set(troubles(known).map(({ diagnosis: { cause } }) => cause));
  test.each<[string, TaskState, TaskState, number]>([
    ['the log of the second cannot be read yet', exited(1), sibling(1), 1],
    ['the same, in the other order', sibling(1), exited(1), 1],
    ['another exit code of a crash', exited(1), sibling(2), 1],
    ['a segmentation fault is another crash', exited(1), sibling(139), 2],
    ['a kill is not a crash', exited(1), sibling(137), 2],
    ['another container has a cause of its own', exited(1), sibling(1, 'proxy'), 2],
  ])('%s', (_, one, other, count) => {
    const known = { tasks: [one, other], ...printed(LINE) };
    expect(causes(known).size).toBe(count);
    const words = troubles(known).find(({ diagnosis }) => diagnosis.taskId === TASK_A);
    // What is quoted is of the task that printed it.
    expect(words?.diagnosis.evidence.text).toBe(LINE);
  });
  test('a log that has come in part says no more than the whole one of a sibling', () => {
    const logs = new Map([
      [`${TASK_A}/app`, [LINE]],
      [`${TASK_B}/app`, ['Starting on port 8080']],
    ]);
    expect(causes({ tasks: [sibling(1), exited(1)], logs }).size).toBe(1);
  });
  test('a target of which ECS reports the status later', () => {
    const other = unhealthy({ id: TASK_B, arn: `${unhealthy().arn}b` });
    const events = [unhealthyTarget(TASK_A, 'Health checks failed with these codes: [502]')];
    expect(causes({ tasks: [unhealthy(), other], events }).size).toBe(1);
  });
});

describe('what a container printed before it ended', () => {
  const explained = (exitCode: number, known: Known) => troubles({ tasks: [exited(exitCode)], ...known })[0]?.diagnosis;
  test('is the cause, with exit code and line', () => {
    const line = 'Error: connect ECONNREFUSED 10.0.0.5:5432';
    expect(explained(1, printed('starting', line))).toMatchObject({
      rule: 'app-crash',
      nature: 'ambiguous',
      subject: 'application',
      cause: `10.0.0.5:5432 refused the connection of the application \`app\`: the host answers, but nothing listens on that port (exit code 1; \`${line}\`).`,
      remedy: expect.stringContaining('Check host and port'),
      evidence: { surface: 'container.log', text: line },
    });
  });
  test('is not repeated where the cause has it, and is cut at 240 characters', () => {
    expect(explained(1, printed('panic: strange'))?.cause).toBe(
      'The application `app` ended with an error: panic: strange (exit code 1).',
    );
    const long = `Error: connect ECONNREFUSED 10.0.0.5:5432 ${'x'.repeat(300)}`;
    expect(explained(139, printed(long))?.cause).toMatch(/\(exit code 139; `Error: connect [^)]*x`\)\.$/);
    expect(explained(139, printed(long))?.cause).toContain(`; \`${long.slice(0, 240)}\`)`);
  });
  test('that looks like no error is shown after the exit code: the last line that is not blank', () => {
    expect(explained(1, printed('starting', ' listening ', ' '))?.evidence.text).toBe('exit code 1, after: listening');
    expect(explained(1, printed(' ', ''))?.evidence.text).toBe('exit code 1');
    expect(explained(1, {})?.evidence.text).toBe('exit code 1');
  });
  test('is only shown where the exit code knows the cause', () => {
    expect(explained(137, printed('panic: strange'))).toMatchObject({
      cause: expect.stringContaining('SIGKILL'),
      evidence: { surface: 'container.log', text: 'panic: strange' },
    });
  });
  test('is looked for in all that was read, not in what is shown alone', () => {
    const known = { ...printed('bye'), logsRead: new Map([[`${TASK_A}/app`, ['panic: strange', 'bye']]]) };
    expect(explained(1, known)?.evidence.text).toBe('panic: strange');
    expect(
      rules({ tasks: [unhealthy()], ...known, logsRead: new Map([[`${TASK_A}/app`, ['exec /x: exec format error']]]) }),
    ).toEqual(['task: image-platform-mismatch']);
  });
  test('says nothing of a task that no exit code explains', () => {
    const pulled = task(TASK_A, 'STOPPED', { stoppedReason: NOT_FOUND, containers: [container('app', 1)] });
    expect(troubles({ tasks: [pulled], ...printed('panic: strange') })[0]?.diagnosis.evidence.surface).toBe(
      'task.stoppedReason',
    );
  });
});

describe('an event that names no task', () => {
  test.each<[string, Partial<DeploymentState>, readonly DeploymentState[], readonly string[]]>([
    ['is ours where no other deployment lacks a task', {}, [old(2)], ['event: image-not-found']],
    ['may be of the old one that lacks a task', {}, [old(1)], []],
    ['may be of one of two old ones', {}, [old(2), old(1, { id: 'x' })], []],
    ['is ours all the same when tasks of ours have failed', { failedTasks: 1 }, [old(1)], ['event: image-not-found']],
    ['is not ours once ours is complete', { rolloutState: 'COMPLETED' }, [old(2)], []],
    [
      'but is when tasks of ours have failed',
      { rolloutState: 'COMPLETED', failedTasks: 1 },
      [old(2)],
      ['event: image-not-found'],
    ],
    ['is ours where ours lacks a task', { desiredCount: 2, runningCount: 1 }, [old(2)], ['event: image-not-found']],
  ])('%s', (_, counts, others, expected) => {
    expect(rules({ counts, others, events: [UNPULLED] })).toEqual(expected);
  });
  test('says nothing of a deployment that ECS does not show', () => {
    expect(troublesOf(look(60, [old(2)], { events: [UNPULLED] }), deployment)).toEqual([]);
  });
  test('of a lack of room is kept for every deployment that lacks a task, with its time', () => {
    expect(rules({ others: [old(1)], events: [NO_MEMORY] })).toEqual(['event: insufficient-memory']);
    expect(troubles({ others: [old(1)], events: [NO_CAPACITY] })).toMatchObject([{ from: 'event', at: START + 30 }]);
    expect(rules({ others: [old(1)], events: [event(30, '(task x) has been throttled: Rate exceeded')] })).toEqual([]);
  });
  test('is read for the launch type of the service', () => {
    expect(rules({ events: [NO_MEMORY], settings: { launchType: 'EC2' } })).toEqual(['event: insufficient-memory']);
    expect(rules({ events: [NO_MEMORY], settings: { launchType: 'FARGATE' } })).toEqual(['event: placement-failed']);
  });
  test.each<[string, Partial<ServiceState>, RegExp]>([
    ['ROLLING', {}, /or lower minimumHealthyPercent/],
    ['BLUE_GREEN', { strategy: 'BLUE_GREEN' }, /or use `strategy: ROLLING` .* a BLUE_GREEN deployment keeps every old/],
    [
      'CODE_DEPLOY',
      { strategy: 'CANARY', deploymentController: 'CODE_DEPLOY' },
      /or lower the desired count .*CodeDeploy keeps/,
    ],
  ])('of a lack of room has the remedy for the strategy %s', (_, settings, remedy) => {
    expect(troubles({ events: [NO_MEMORY], settings })[0]?.diagnosis.remedy).toMatch(remedy);
  });
  test('that repeats the reason of a task is left out', () => {
    const failed = task(TASK_A, 'STOPPED', { stoppedReason: NOT_FOUND });
    expect(rules({ tasks: [failed], events: [UNPULLED, NO_MEMORY] })).toEqual([
      'task: image-not-found',
      'event: insufficient-memory',
    ]);
  });
});

describe('an event that names tasks or a deployment', () => {
  const target = unhealthyTarget(TASK_A, 'Request timed out');
  const started = event(20, `has started 1 tasks: (task ${TASK_A}).`);
  test.each<[string, Known, readonly string[]]>([
    [
      'a task of ours',
      { tasks: [task(TASK_B, 'RUNNING'), task(TASK_A, 'RUNNING')], events: [target] },
      ['event: elb-unreachable'],
    ],
    ['a task of others', { tasks: [task(TASK_B, 'RUNNING')], events: [target] }, []],
    ['a task of others, though started since', { tasks: [task(TASK_B, 'RUNNING')], events: [started, target] }, []],
    ['a task started since, where none is seen', { events: [started, target] }, ['event: elb-unreachable']],
    ['a task not started since, where none is seen', { events: [target] }, []],
    [
      'a task of which something else was said, where none is seen',
      { events: [event(20, `(task ${TASK_A}) has reached a steady state.`), target] },
      [],
    ],
    [
      'two tasks, one of ours',
      {
        tasks: [task(TASK_A, 'RUNNING')],
        events: [
          event(
            30,
            `(task ${TASK_B}) (task ${TASK_A}) (port 80) is unhealthy in ${GROUP} due to (reason Request timed out).`,
          ),
        ],
      },
      ['event: elb-unreachable'],
    ],
    [
      'our deployment',
      { events: [event(30, `deployment ${OURS} deployment failed: alarm detected.`)] },
      ['deployment: deployment-alarm'],
    ],
    ['another deployment', { events: [event(30, `deployment ${OLD} deployment failed: alarm detected.`)] }, []],
    ['our deployment, ordinarily', { events: [event(30, `deployment ${OURS} deployment completed.`)] }, []],
  ])('%s', (_, known, expected) => {
    expect(rules(known)).toEqual(expected);
  });
  test('has its time', () => {
    expect(troubles({ events: [event(30, `deployment ${OURS} deployment failed: alarm detected.`)] })[0]?.at).toBe(
      START + 30,
    );
    expect(troubles({ events: [started, target] })[0]?.at).toBe(START + 30);
  });
});

describe('what ECS says of the deployment', () => {
  const BREAKER = 'ECS deployment circuit breaker: tasks failed to start.';
  const ALARM = 'Service deployment rolled back because a deployment alarm was detected.';
  const stated = (rest: Partial<ServiceDeployment>): Known => ({ serviceDeployment: serviceDeployment(rest) });
  const rollback = (reason: string) =>
    ({ startedAt: START, reason }) as unknown as NonNullable<ServiceDeployment['rollback']>;
  test.each<[string, Known, readonly string[]]>([
    ['nothing', {}, []],
    ['of its rollout state', { counts: { rolloutStateReason: BREAKER } }, ['deployment: circuit-breaker']],
    ['of its status', stated({ statusReason: BREAKER }), ['deployment: circuit-breaker']],
    ['of its rollback', stated({ rollback: rollback(BREAKER) }), ['deployment: circuit-breaker']],
    [
      'three times the same',
      { ...stated({ statusReason: BREAKER, rollback: rollback(BREAKER) }), counts: { rolloutStateReason: BREAKER } },
      ['deployment: circuit-breaker'],
    ],
    [
      'each time something else',
      { ...stated({ statusReason: ALARM }), counts: { rolloutStateReason: BREAKER } },
      ['deployment: deployment-alarm', 'deployment: circuit-breaker'],
    ],
    ['of ordinary progress', { counts: { rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.' } }, []],
    ['what is not known', { counts: { rolloutStateReason: 'Something odd.' } }, []],
    [
      'that an alarm was triggered, and in no words',
      { ...stated({ alarms: { names: ['a'], triggered: ['a'] } }), counts: { rolloutStateReason: BREAKER } },
      ['deployment: deployment-alarm', 'deployment: circuit-breaker'],
    ],
    [
      'that an alarm was triggered, in words too',
      { ...stated({ alarms: { names: ['a'], triggered: ['a'] } }), counts: { rolloutStateReason: ALARM } },
      ['deployment: deployment-alarm'],
    ],
    ['that alarms are watched', stated({ alarms: { names: ['a'], triggered: [] } }), []],
  ])('%s', (_, known, expected) => {
    expect(rules(known)).toEqual(expected);
  });
  test('of alarms in its state alone: which', () => {
    expect(troubles(stated({ alarms: { names: ['a', 'b'], triggered: ['a', 'b'] } }))).toMatchObject([
      {
        diagnosis: {
          nature: 'permanent',
          cause: 'The CloudWatch alarms a, b went to ALARM during the deployment.',
          evidence: { surface: 'deployment.rolloutStateReason', text: 'alarms in ALARM: a, b', context: {} },
        },
      },
    ]);
  });
  const configured = (...names: readonly string[]): Known => ({
    settings: { alarms: { names, enable: true, rollback: true } },
  });
  test('of alarms that it names: those', () => {
    const statusReason = 'Service deployment rolled back because of alarms detected: [web-5xx].';
    const known = { ...configured('a'), ...stated({ statusReason, alarms: { names: [], triggered: ['web-5xx'] } }) };
    expect(troubles(known)[0]?.diagnosis.cause).toBe(
      'A CloudWatch alarm (web-5xx) went to ALARM during the deployment, which ended it.',
    );
  });
  test.each<[string, Known, string]>([
    [
      'the one triggered',
      { ...configured('a', 'b'), ...stated({ alarms: { names: ['a', 'b'], triggered: ['b'] } }) },
      'The CloudWatch alarm b went to ALARM during the deployment.',
    ],
    [
      'all triggered',
      stated({ alarms: { names: [], triggered: ['a', 'b'] } }),
      'The CloudWatch alarms a, b went to ALARM during the deployment.',
    ],
    [
      'one that is called as any word of the message',
      configured('ALARM'),
      'The CloudWatch alarm ALARM went to ALARM during the deployment.',
    ],
    ['the only one of the service', configured('a'), 'The CloudWatch alarm a went to ALARM during the deployment.'],
    [
      'one of those of the service',
      configured('a', 'b'),
      "One of the deployment's CloudWatch alarms (a, b) went to ALARM.",
    ],
    ['none, where none is known', {}, 'A CloudWatch alarm went to ALARM during the deployment, which ended it.'],
  ])('an alarm is named: %s', (_, known, cause) => {
    expect(troubles({ counts: { rolloutStateReason: ALARM }, ...known })[0]?.diagnosis.cause).toBe(cause);
    const events = [event(30, `deployment ${OURS} deployment failed: alarm detected.`)];
    expect(troubles({ events, ...known })[0]?.diagnosis.cause).toBe(cause);
  });
});
