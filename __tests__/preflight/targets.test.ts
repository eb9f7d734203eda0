import type { JsonObject, LoadBalancer, TargetGroup } from '../../src/model.ts';
import type { Answer } from '../../src/preflight/check.ts';
import { judgePortNames, judgeTargets, targetGroupsOf } from '../../src/preflight/targets.ts';
import { ACCOUNT, TARGETS } from './account.ts';
import { container, denied, found, subject } from './made.ts';

const GROUP: TargetGroup = {
  arn: TARGETS,
  targetType: 'ip',
  protocol: 'HTTP',
  port: 80,
  healthCheckPort: 'traffic-port',
  attached: true,
} as TargetGroup;
const ports = (...portMappings: JsonObject[]) => container({ portMappings });
interface Situation {
  readonly balancer?: Partial<LoadBalancer>;
  readonly classic?: true;
  readonly group?: Partial<TargetGroup>;
  readonly answer?: Answer<TargetGroup | undefined>;
  readonly definition?: object;
  readonly mode?: string;
  readonly express?: true;
}

function said({ balancer, classic, group, answer, definition, mode, express }: Situation): string {
  const arn = balancer?.targetGroupArn ?? TARGETS;
  const one = { ...(classic ? {} : { targetGroupArn: arn }), containerName: 'app', containerPort: 8080, ...balancer };
  const about = subject({
    ...(definition || mode
      ? { definition: { ...(definition ?? container({})), ...(mode ? { networkMode: mode } : {}) } }
      : {}),
    service: { loadBalancers: [one], ...(express ? { express } : {}) },
  });
  const [check] = judgeTargets(about, new Map([[arn, answer ?? found({ ...GROUP, ...group })]]));
  return `${check?.status} ${check?.text}`;
}

test.each<[string, Situation, string]>([
  ['all well', {}, 'ok target group web: HTTP, type ip, sends to `app`:8080.'],
  [
    'no such container',
    { balancer: { containerName: 'ap' } },
    "bad target group web: the service sends to the container `ap`, which the task definition does not have. Rename the container (is it `app`?), or change the service's load balancer.",
  ],
  [
    'no such container, and none like it',
    { balancer: { containerName: 'nginx' } },
    'Rename the container (it has app), or',
  ],
  [
    'no such port',
    { balancer: { containerPort: 80 } },
    'bad target group web: the service sends to port 80 of `app`, which has no such containerPort in portMappings. It has 8080.',
  ],
  [
    'another port of an Express Mode service, which ECS moves to it',
    { express: true, balancer: { containerPort: 80 } },
    'ok target group web: HTTP, type ip, sends to `app`:8080.',
  ],
  [
    'no port at all',
    { definition: ports({ containerPortRange: '80-90' }) },
    'Add `{"containerPort": 8080}` to its `portMappings`, or change the port',
  ],
  [
    'a Classic Load Balancer',
    { classic: true },
    'skip load balancer: sends to `app`:8080, which is there; the Classic Load Balancer itself is not checked.',
  ],
  [
    'another account',
    { balancer: { targetGroupArn: TARGETS.replace(ACCOUNT, '999999999999') } },
    'skip target group web: belongs to account 999999999999',
  ],
  [
    'what is not an ARN',
    { balancer: { targetGroupArn: 'web-targets' } },
    'bad target group web-targets: its ARN names no account.',
  ],
  [
    'denied',
    { answer: denied('elasticloadbalancing:DescribeTargetGroups') },
    'skip target group web: not checked: IAM denies it',
  ],
  [
    'gone',
    { answer: found(undefined) },
    `bad target group web: target group ${TARGETS} does not exist, so no task could be registered with it. Create it again`,
  ],
  ['attached to nothing', { group: { attached: false } }, 'warn target group web: is attached to no load balancer'],
  [
    'by instance',
    { group: { targetType: 'instance' } },
    'bad target group web: has the target type instance, but tasks with the network mode awsvpc need ip. A target type cannot be changed: create a target group of type ip',
  ],
  [
    'by IP in bridge mode',
    { mode: 'bridge' },
    'has the target type ip, but tasks with the network mode bridge need instance.',
  ],
  [
    'by instance in bridge mode',
    { mode: 'bridge', group: { targetType: 'instance' } },
    'ok target group web: HTTP, type instance',
  ],
])('a load balancer: %s', (_, situation, text) => expect(said(situation)).toContain(text));

const udp = ports({ containerPort: 8080, protocol: 'udp' });
test.each<[string, 'tcp' | 'udp', string | undefined]>([
  ['HTTP', 'tcp', undefined],
  ['TCP', 'tcp', undefined],
  [
    'TLS',
    'udp',
    'bad target group web: speaks TLS, but the mapping of `app`:8080 is for udp. Write `"protocol": "tcp"` in the port mapping.',
  ],
  ['UDP', 'udp', undefined],
  ['QUIC', 'udp', undefined],
  [
    'UDP',
    'tcp',
    'bad target group web: speaks UDP, but the mapping of `app`:8080 is for tcp. Write `"protocol": "udp"` in the port mapping.',
  ],
  ['TCP_UDP', 'tcp', undefined],
  ['TCP_UDP', 'udp', undefined],
  ['TCP_QUIC', 'tcp', undefined],
])('%s to a port of %s', (protocol, port, text) => {
  expect(said({ group: { protocol } as never, ...(port === 'udp' ? { definition: udp } : {}) })).toContain(
    text ?? 'ok target group web',
  );
});

test.each<[string, string, string, JsonObject, string | undefined]>([
  ['the port of the traffic', 'awsvpc', 'traffic-port', {}, undefined],
  ['the very port', 'awsvpc', '8080', {}, undefined],
  [
    'another port',
    'awsvpc',
    '9000',
    {},
    'warn target group web: its health check uses port 9000, and not 8080, to which it sends. Make sure',
  ],
  [
    'a port of the instance, dynamic',
    'bridge',
    '8080',
    {},
    'warn target group web: its health check uses port 8080 of the instance, but the tasks get a dynamic host port. Set the health check port to traffic-port',
  ],
  ['the traffic of a dynamic port', 'bridge', 'traffic-port', {}, undefined],
  ['the host port', 'bridge', '80', { hostPort: 80 }, undefined],
  ['not the host port', 'bridge', '8080', { hostPort: 80 }, 'uses port 8080, and not 80, to which it sends.'],
  ['the port of the host', 'host', '8080', {}, undefined],
])('a health check on %s, in mode %s', (_, mode, healthCheckPort, mapping, text) => {
  const group = { healthCheckPort, targetType: mode === 'awsvpc' ? 'ip' : 'instance' } as Partial<TargetGroup>;
  expect(said({ mode, group, definition: ports({ containerPort: 8080, ...mapping }) })).toContain(
    text ?? 'ok target group web',
  );
});

test('target groups of the service, each once', () => {
  const loadBalancers = [
    { targetGroupArn: 'a' },
    { containerName: 'x' },
    { targetGroupArn: 'b' },
    { targetGroupArn: 'a' },
  ];
  expect(targetGroupsOf(subject({ service: { loadBalancers } }))).toEqual(['a', 'b']);
});

test.each<[string, string[] | undefined, string[]]>([
  ['none are wanted', undefined, []],
  ['all are there', ['http', 'admin'], ['ok Service Connect: finds the ports http, admin.']],
  [
    'one is misspelt',
    ['htpp', 'admin'],
    [
      'bad Service Connect: the service wants a port mapping with the name `htpp`, which the task definition does not have. Give the port mapping that name in the template; it has `http`.',
    ],
  ],
  ['one is like no other', ['grpc-web'], ['Give the port mapping that name in the template.']],
])('ports by name: %s', (_, wanted, texts) => {
  const definition = ports(
    { containerPort: 80, name: 'http' },
    { containerPort: 81 },
    { containerPort: 82, name: 'admin' },
  );
  const checks = judgePortNames(subject({ definition, service: wanted ? { serviceConnectPorts: wanted } : {} }));
  expect(checks.map(({ status, text }) => `${status} ${text}`)).toEqual(
    texts.map((text) => expect.stringContaining(text)),
  );
});

describe('the alternate target group', () => {
  const ALTERNATE = TARGETS.replace('targetgroup/web/', 'targetgroup/green/');
  const one = { targetGroupArn: TARGETS, containerName: 'app', containerPort: 8080 };
  const divided = { ...one, advanced: { alternateTargetGroupArn: ALTERNATE } };
  const both = new Map<string, Answer<TargetGroup | undefined>>([
    [TARGETS, found(GROUP)],
    [ALTERNATE, found(undefined)],
  ]);
  const lines = (about: ReturnType<typeof subject>): string[] =>
    judgeTargets(about, both).map(({ status, text }) => `${status} ${text}`);

  test('is asked for and judged where the strategy divides traffic', () => {
    const about = subject({ service: { strategy: 'BLUE_GREEN', loadBalancers: [divided] } });
    expect(targetGroupsOf(about)).toEqual([TARGETS, ALTERNATE]);
    expect(lines(about)).toEqual([
      expect.stringMatching(/^ok target group web/),
      expect.stringMatching(/^bad target group green: target group \S+ does not exist/),
    ]);
  });

  test('of the input takes the place of the one that the service has', () => {
    const strategy = { kind: 'CANARY' as const, traffic: { alternateTargetGroupArn: ALTERNATE } };
    const about = subject({ service: { loadBalancers: [one] }, inputs: { strategy } });
    expect(targetGroupsOf(about)).toEqual([TARGETS, ALTERNATE]);
  });

  test('says nothing of a rolling update, and nothing twice of a port that is not there', () => {
    const rolling = subject({ service: { strategy: 'ROLLING', loadBalancers: [divided] } });
    expect([targetGroupsOf(rolling), lines(rolling).length]).toEqual([[TARGETS], 1]);
    const lost = subject({ service: { strategy: 'LINEAR', loadBalancers: [{ ...divided, containerPort: 80 }] } });
    expect(lines(lost)).toEqual([expect.stringMatching(/^bad target group web: the service sends to port 80/)]);
  });
});

test('ports of VPC Lattice by name', () => {
  const definition = ports({ containerPort: 80, name: 'http' });
  const said = (latticePorts: string[]): string[] =>
    judgePortNames(subject({ definition, service: { latticePorts } })).map(({ status, text }) => `${status} ${text}`);
  expect(said(['http'])).toEqual(['ok VPC Lattice: finds the ports http.']);
  expect(said(['htpp'])).toEqual([
    expect.stringMatching(/^bad VPC Lattice: the service wants a port mapping .*`http`/),
  ]);
});
