import type { Alarm, ClusterState, ServiceState } from '../../src/model.ts';
import type { Answer, Check } from '../../src/preflight/check.ts';
import {
  alarmsOf,
  judgeAlarms,
  judgeCluster,
  judgeExec,
  judgeHealth,
  judgeNetwork,
  judgePlatformVersion,
  judgeService,
  judgeSize,
  judgeVolumes,
  problemOf,
} from '../../src/preflight/service.ts';
import { type Change, denied, found, onInstances, subject, WHOLE } from './made.ts';

const texts = (checks: readonly Check[]): string[] => checks.map(({ status, text }) => `${status} ${text}`);

test.each<[string[], RegExp]>([
  [['CMD_SHELL', 'curl x'], /`CMD_SHELL`/],
  [['cmd-shell', 'curl x'], /`cmd-shell`/],
  [['CMD-SHELL, curl -f http://localhost/ || exit 1'], /console/],
  [['CMD-SHELL curl -f http://localhost/'], /one element/],
  [['CMD', 'curl -f http://localhost/ || exit 1'], /follows `CMD`/],
  [['CMD', 'curl', '-f', 'http://localhost/', '||', 'exit', '1'], /no shell/],
  [['CMD', 'curl', 'http://localhost/ || exit 1'], /no shell/],
  [['CMD'], /only `CMD`/],
  [['CMD-SHELL'], /only `CMD-SHELL`/],
  [['CMD-SHELL', 'curl', '-f', 'http://localhost/'], /3 elements/],
  [['curl'], /neither `CMD` nor/],
  [['CMD , curl x'], /console/],
  [['CMD, curl x'], /console/],
  [['CMD-SHELL  , curl x'], /console/],
  [['xCMD, curl x'], /neither/],
  [['xCMD-SHELL, curl x'], /neither/],
  [['cmd shell', 'curl x'], /`cmd shell`/],
  [['CMDSHELL', 'curl x'], /`CMDSHELL`/],
  [['cmd-shells', 'curl x'], /neither/],
  [['xcmd-shell', 'curl x'], /neither/],
  [['CMD curl'], /one element/],
  [['xCMD curl'], /neither/],
  [['CMD', 'curl', 'x', '2>&1'], /no shell/],
  [['CMD', 'curl', '>', '/dev/null'], /no shell/],
  [['CMD', 'curl', '>>', '/dev/null'], /no shell/],
  [['CMD', 'curl', ' | ', 'grep', 'x'], /no shell/],
  [['CMD', 'curl', 'x', '&'], /no shell/],
  [['CMD', 'curl', 'x&&y'], /no shell/],
  [['CMD-SHELL', 'a', 'b'], /2 elements/],
  [['curl -f http://localhost/ || exit 1'], /neither `CMD` nor/],
])('%j cannot work', (command, words) => {
  expect(problemOf(command)?.problem).toMatch(words);
});

test.each<[string[]]>([
  [['CMD-SHELL', 'curl -f http://localhost/ || exit 1']],
  [['CMD', ' /bin/healthcheck ']],
  [['CMD', 'curl', 'a||b', 'c']],
  [['CMD', 'curl', 'x;y', 'x>']],
  [['CMD', '/bin/healthcheck']],
  [['CMD', 'curl', '-f', 'http://localhost/?a=1&b=2']],
  [['CMD', 'node', '-e', 'fetch("http://localhost").then((r) => process.exit(r.ok ? 0 : 1))']],
  [['NONE']],
  [[]],
])('%j is left alone', (command) => {
  expect(problemOf(command)).toBeUndefined();
});

test('a warning that names the container and not the command', () => {
  const definition = {
    family: 'web',
    containerDefinitions: [
      { name: 'app', image: 'app:1', healthCheck: { command: ['CMD', 'curl -H "Token: hunter2" x'] } },
      { name: 'other', image: 'other:1' },
    ],
  };
  const checks = judgeHealth({ definition } as unknown as Parameters<typeof judgeHealth>[0]);
  expect(checks).toHaveLength(1);
  expect(checks[0]).toMatchObject({ status: 'warn', subject: 'health check of app' });
  expect(checks[0]?.text).not.toContain('hunter2');
});

test.each<[string, Answer<ClusterState | undefined> | undefined, string]>([
  ['ACTIVE', found({ name: 'prod', status: 'ACTIVE', registeredInstances: 0 }), 'ok cluster prod: is ACTIVE.'],
  [
    'INACTIVE',
    found({ name: 'prod', status: 'INACTIVE', registeredInstances: 0 }),
    'bad cluster prod: is INACTIVE. Check the inputs `cluster` and `aws-region`',
  ],
  ['not there', found(undefined), 'bad cluster prod: is not there.'],
  ['denied', denied('ecs:DescribeClusters'), 'skip cluster prod: not checked: IAM denies it'],
])('a cluster that is %s', (_, answer, text) => expect(texts([judgeCluster('prod', answer)])[0]).toContain(text));

test.each<[string, Change, string[]]>([
  [
    'a rolling update',
    {},
    ['ok service web: is ACTIVE.', 'ok rolling update: at most 4 running, at least 2 healthy, 2 at a time.'],
  ],
  [
    'a service that is going',
    { service: { status: 'DRAINING' } },
    ['bad service web: is DRAINING. Create it again, or correct the input `service`.', 'ok rolling update'],
  ],
  ['another strategy', { service: { strategy: 'BLUE_GREEN' } }, ['ok service web: is ACTIVE.']],
  ['another strategy by the inputs', { inputs: { strategy: { kind: 'BLUE_GREEN' } } }, ['ok service web: is ACTIVE.']],
  [
    'one that can never move',
    { service: { maximumPercent: 100 } },
    ['ok service web', 'bad rolling update: With 2 tasks wanted'],
  ],
])('of the service: %s', (_, change, expected) => {
  expect(texts(judgeService(subject(change)))).toEqual(expected.map((text) => expect.stringContaining(text)));
});

const SIZE = 'ok Fargate size: 256 CPU units with 512 MiB is a size that Fargate has.';
test.each<[string, Change, string[]]>([
  [
    'a size with what runs more',
    {},
    [
      SIZE,
      'skip Fargate quota: for a while up to 2 tasks more than now take 0.5 vCPU; not checked: all tasks of the account share it, and only ECS counts them.',
    ],
  ],
  ['one with which nothing runs more', { service: { runningCount: 4 } }, [SIZE]],
  ['one with which more runs than may', { service: { runningCount: 9 } }, [SIZE]],
  ['none on instances', { subject: { fargate: false } }, []],
  ['none without CPU', { definition: { ...WHOLE, cpu: undefined } }, []],
  ['none without memory', { definition: { ...WHOLE, memory: undefined } }, []],
])('a size of Fargate: %s', (_, change, expected) => expect(texts(judgeSize(subject(change)))).toEqual(expected));

const ROUTES = 'skip routes and security groups: not checked: this action does not call EC2.';
const has = (what: string): string => `ok network: network mode awsvpc, and the service has ${what}.`;
test.each<[string, Change, string[]]>([
  ['one subnet', {}, [has('1 subnet and sg-1'), ROUTES]],
  ['two', { service: { subnets: ['a', 'b'], securityGroups: ['x', 'y'] } }, [has('2 subnets and x, y'), ROUTES]],
  ['no groups', { service: { securityGroups: [] } }, [has("1 subnet and the VPC's default security group"), ROUTES]],
  ['a public IP', { service: { assignPublicIp: true } }, [has('1 subnet and sg-1'), ROUTES]],
  [
    'no public IP',
    { service: { assignPublicIp: false } },
    [
      has('1 subnet and sg-1'),
      `${ROUTES} Without a public IP the subnets need a NAT gateway or VPC endpoints to reach ECR and the logs.`,
    ],
  ],
  [
    'no public IP of an instance',
    { service: { assignPublicIp: false }, subject: { fargate: false } },
    [has('1 subnet and sg-1'), ROUTES],
  ],
  [
    'a new Express Mode service without subnets',
    { service: { subnets: [], express: true } },
    [
      'skip network: no `subnets` are given, so ECS takes those of the default VPC; not checked: whether the Region has one (this action does not call EC2).',
    ],
  ],
  ['bridge', onInstances(), ["ok network: network mode bridge: the tasks use their instance's network."]],
])('the network: %s', (_, change, expected) => expect(texts(judgeNetwork(subject(change)))).toEqual(expected));

test.each<[string, Change, string]>([
  [
    'awsvpc without subnets',
    { service: { subnets: [] } },
    'bad network: the task definition has the network mode awsvpc, but the service has no subnets. Give it some (aws ecs update-service --cluster arn:aws:ecs:eu-west-1:123456789012:cluster/default --service web',
  ],
  [
    'bridge with subnets',
    onInstances({ service: { subnets: ['a'] } }),
    'bad network: the task definition has the network mode bridge, but the service has a network configuration (subnets), which goes with awsvpc alone.',
  ],
])('a network that ECS refuses: %s', (_, change, text) => {
  expect(texts(judgeNetwork(subject(change)))).toEqual([expect.stringContaining(text)]);
});

test.each<[string, Partial<ServiceState>, boolean | undefined, boolean, string[]]>([
  ['off', {}, undefined, false, []],
  ['on, with a role', { enableExecuteCommand: true }, undefined, true, []],
  [
    'on, without a role',
    { enableExecuteCommand: true },
    undefined,
    false,
    ['bad ECS Exec: is on for the service, but the task definition has no taskRoleArn'],
  ],
  ['turned on, without a role', {}, true, false, ['bad ECS Exec: the input `enable-execute-command` turns it on, but']],
  ['turned off, without a role', { enableExecuteCommand: true }, false, false, []],
])('ECS Exec that is %s', (_, service, asked, withRole, expected) => {
  const definition = { ...WHOLE, taskRoleArn: withRole ? WHOLE.taskRoleArn : undefined };
  const change = { definition, service, inputs: asked === undefined ? {} : { enableExecuteCommand: asked } };
  expect(texts(judgeExec(subject(change)))).toEqual(expected.map((text) => expect.stringContaining(text)));
});

const UPDATE =
  'aws ecs update-service --cluster arn:aws:ecs:eu-west-1:123456789012:cluster/default --service web --volume-configurations';
test.each<[string, object[], string[] | undefined, string[]]>([
  ['none', [], undefined, []],
  ['of the task alone', [{ name: 'a', host: {} }], [], []],
  [
    'in both',
    [
      { name: 'a', configuredAtLaunch: true },
      { name: 'b', configuredAtLaunch: false },
    ],
    ['a'],
    ['ok volume a: is configured by the service (volumeConfigurations).'],
  ],
  [
    'that the service does not have',
    [{ name: 'a', configuredAtLaunch: true }],
    [],
    [
      `bad volume a: is configured at launch (configuredAtLaunch), but the service has no volumeConfigurations of that name, so ECS refuses the update. Deploy it once with its EBS settings (${UPDATE} '[{"name":"a"`,
    ],
  ],
  [
    'of two names',
    [{ name: 'a', configuredAtLaunch: true }],
    ['x', 'y'],
    [
      'bad volume a: ',
      'bad volume x: the service configures this EBS volume',
      `bad volume y: the service configures this EBS volume`,
    ],
  ],
  ['that the task does not have', [], ['x'], [`or take it from the service (${UPDATE} '[]' with`]],
])('volumes %s', (_, volumes, configured, expected) => {
  const checks = texts(
    judgeVolumes(subject({ definition: { ...WHOLE, volumes }, service: configured ? { volumes: configured } : {} })),
  );
  expect(checks).toEqual(expected.map((text) => expect.stringContaining(text)));
  if (configured?.length === 2) expect(checks[0]).toContain('The service configures `x`, `y`: use one name in both.');
});

const windows = { ...WHOLE, runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
test.each<[string | undefined, Change, string | undefined]>([
  [undefined, {}, undefined],
  ['LATEST', {}, 'ok platform version LATEST: is a platform version of Fargate for Linux.'],
  ['1.4.0', {}, 'ok platform version 1.4.0: is'],
  ['1.3.0', {}, 'ok platform version 1.3.0: is'],
  [
    '1.2.0',
    {},
    'warn platform version 1.2.0: has reached its end of life (2020): ECS may refuse it. Use LATEST or 1.4.0.',
  ],
  ['1.1.0', {}, 'warn'],
  ['1.0.0', {}, 'warn'],
  [
    '1.5.0',
    {},
    'bad platform version 1.5.0: Fargate for Linux has no such platform version, as far as this release knows. It has LATEST, 1.4.0, 1.3.0;',
  ],
  ['1.4.0', { definition: { ...WHOLE, runtimePlatform: { operatingSystemFamily: 'LINUX' } } }, 'for Linux.'],
  ['1.0.0', { definition: windows }, 'ok platform version 1.0.0: is a platform version of Fargate for Windows.'],
  ['1.4.0', { definition: windows }, 'bad platform version 1.4.0: Fargate for Windows has no such'],
  [
    'LATEST',
    onInstances(),
    'bad platform version LATEST: only Fargate has platform versions, and the service runs on EC2: ECS refuses the update. Leave out the input `platform-version`.',
  ],
])('the platform version %s', (platformVersion, change, text) => {
  const inputs = platformVersion === undefined ? {} : { platformVersion };
  expect(texts(judgePlatformVersion(subject({ ...change, inputs })))).toEqual(
    text === undefined ? [] : [expect.stringContaining(text)],
  );
});

test.each<[string, Change, string[]]>([
  ['those of the service', {}, ['web-5xx']],
  ['those of the input, each once', { inputs: { alarms: ['a', 'b', 'a'] } }, ['a', 'b']],
  ['none by the input', { inputs: { alarms: [] } }, []],
  ['those of the service that are off', { service: { alarms: { names: ['a'], enable: false, rollback: false } } }, []],
])('the alarms that watch: %s', (_, change, names) => expect(alarmsOf(subject(change))).toEqual(names));

test('without alarms of the service there are none', () => {
  const { alarms: _, ...service } = subject().service;
  expect(alarmsOf({ inputs: subject().inputs, service })).toEqual([]);
});

const alarm = (name: string, state = 'OK') => ({ name, state }) as Alarm;
test.each<[string, string[], Answer<readonly Alarm[]> | undefined, string[]]>([
  ['none', [], found([]), []],
  ['one', ['a'], found([alarm('a')]), ['ok alarm: a: not in ALARM.']],
  [
    'two, one without data',
    ['a', 'b'],
    found([alarm('a'), alarm('b', 'INSUFFICIENT_DATA')]),
    ['ok alarms: a, b (INSUFFICIENT_DATA): not in ALARM.'],
  ],
  [
    'one that is in ALARM',
    ['a', 'b'],
    found([alarm('a'), alarm('b', 'ALARM')]),
    ['warn alarm b: is in ALARM already, so ECS will watch none of the alarms', 'ok alarm: a: not in ALARM.'],
  ],
  [
    'one that is not there',
    ['web-5x'],
    found([alarm('web-5xx')]),
    [
      'bad alarm web-5x: does not exist in eu-west-1, account 123456789012, so it cannot guard a deployment. Create it in CloudWatch, or correct the input `alarms`. Did you mean `web-5xx`?',
    ],
  ],
  ['one that is like no other', ['abc'], found([alarm('web-5xx')]), ['bad alarm abc: does not exist in eu-west-1']],
  ['one that is denied', ['a'], denied('cloudwatch:DescribeAlarms'), ['skip alarm a: not checked']],
  ['two that are denied', ['a', 'b'], denied('cloudwatch:DescribeAlarms'), ['skip alarms a, b: not checked']],
])('alarms: %s', (_, names, answer, expected) => {
  const checks = texts(
    judgeAlarms(names, { alarms: answer }, { partition: 'aws', region: 'eu-west-1', account: '123456789012' }),
  );
  expect(checks).toEqual(expected.map((text) => expect.stringContaining(text)));
  if (names[0] === 'abc') expect(checks[0]).toMatch(/`alarms`\. The account has `web-5xx`\.$/);
});
