import { ACCOUNT, REGION, role, SECRET, TARGETS } from './account.ts';
import { type Change, container, denied, found, lines, onInstances, TRUST, troubles, WHOLE } from './made.ts';

/** What is said of each answer. Every case starts from a deployment with which all is well, and changes one thing. */
const said = (...given: Parameters<typeof lines>): string[] => troubles(lines(...given));
const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`;

test('a deployment with which all is well', () => {
  expect(lines().map(({ text }) => text)).toEqual([
    'cluster default: is ACTIVE.',
    'service web: is ACTIVE.',
    'rolling update: at most 4 running, at least 2 healthy, 2 at a time.',
    'Fargate size: 256 CPU units with 512 MiB is a size that Fargate has.',
    'Fargate quota: for a while up to 2 tasks more than now take 0.5 vCPU; not checked: all tasks of the account share it, and only ECS counts them.',
    'network: network mode awsvpc, and the service has 1 subnet and sg-1.',
    'routes and security groups: not checked: this action does not call EC2.',
    'task role task: exists and trusts ecs-tasks.amazonaws.com.',
    'execution role execution: exists and trusts ecs-tasks.amazonaws.com.',
    'execution role execution: its own policies allow secretsmanager:GetSecretValue, ssm:GetParameters, ecr:BatchGetImage, s3:GetObject where the task needs it.',
    `image ${IMAGE}: exists for linux/amd64, linux/arm64; the task runs on linux/amd64.`,
    'secret db-AbCdEf (container app, PASSWORD): exists, with the key password.',
    'parameter /web/flag (container app, FLAG): exists.',
    'file s3://settings/web.env: exists (environment file of app).',
    `log group /ecs/web: exists in ${REGION}.`,
    'target group web: HTTP, type ip, sends to `app`:8080.',
    'alarm: web-5xx: not in ALARM.',
  ]);
  expect(said()).toEqual([]);
});

test('all that is denied is one line a right, with everything that it hides', () => {
  const second = { name: 'TWO', valueFrom: `${SECRET.replace('db', 'two')}` };
  const change = { definition: container({ secrets: [...(WHOLE.containerDefinitions[0]?.secrets ?? []), second] }) };
  const hide = 'secretsmanager:DescribeSecret';
  expect(
    said(change, {
      secrets: new Map([SECRET, second.valueFrom].map((arn) => [arn, denied(hide)])),
      secretKeys: new Map(),
    }),
  ).toEqual([
    `skip secret db-AbCdEf, secret two-AbCdEf: not checked: IAM denies it to this job. Allow ${hide} to enable this check.`,
  ]);
});

test('what could not be reached is skipped with its reason', () => {
  expect(said({}, { cluster: { kind: 'unknown', reason: 'ecs:DescribeClusters failed: ENOTFOUND' } })).toEqual([
    'skip cluster default: not checked (ecs:DescribeClusters failed: ENOTFOUND).',
  ]);
});

describe('cluster and service', () => {
  test.each<[string, Change, object, RegExp]>([
    ['a cluster that is gone', {}, { cluster: found(undefined) }, /^bad cluster default: is not there\. .*`cluster`/],
    [
      'a cluster that is going',
      {},
      { cluster: found({ name: 'default', status: 'DEPROVISIONING', registeredInstances: 0 }) },
      /^bad cluster default: is DEPROVISIONING/,
    ],
    ['a service that drains', { service: { status: 'DRAINING' } }, {}, /^bad service web: is DRAINING/],
    ['percents that never move', { service: { maximumPercent: 100 } }, {}, /^bad rolling update: .*none may start/],
    ['awsvpc without subnets', { service: { subnets: [] } }, {}, /^bad network: .*has no subnets/],
    [
      'bridge with subnets',
      onInstances({ service: { subnets: ['subnet-1'] } }),
      {},
      /^bad network: .*network mode bridge, but the service has a network configuration/,
    ],
  ])('%s', (_, change, answers, expected) => {
    expect(said(change, answers)).toEqual([expect.stringMatching(expected)]);
  });

  test('tasks without a public IP: where people look when nothing can be pulled', () => {
    const [routes] = lines({ service: { assignPublicIp: false } }).filter(({ subject }) =>
      subject.startsWith('routes'),
    );
    expect(routes).toMatchObject({ status: 'skip', text: expect.stringContaining('NAT gateway or VPC endpoints') });
  });
});

describe('roles', () => {
  const only = { definition: { ...WHOLE, executionRoleArn: role('task') } };
  const with_ = (value: object | undefined) => ({ roles: new Map([[role('task'), found(value as undefined)]]) });
  const trusting = (statement: object) =>
    with_({
      arn: role('task'),
      trustPolicy: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }] },
    });
  const tasks = { Principal: { Service: 'ecs-tasks.amazonaws.com' } };
  const name = 'task role and execution role task';

  test.each<[string, object, string | RegExp]>([
    [
      'missing',
      with_(undefined),
      `bad ${name}: role ${role('task')} does not exist. Create it, or correct it in the template or by the input \`task-role-arn\` or \`execution-role-arn\`.`,
    ],
    [
      'under another path',
      with_({ arn: role('team/task'), trustPolicy: TRUST }),
      /^bad .*its ARN is arn:aws:iam::123456789012:role\/team\/task/,
    ],
    [
      'for EC2',
      trusting({ Principal: { Service: ['ec2.amazonaws.com', 'ecs.amazonaws.com'] } }),
      /no task can assume it: it trusts ec2\.amazonaws\.com, ecs\.amazonaws\.com, not ecs-tasks\.amazonaws\.com\. Let its trust policy allow sts:AssumeRole/,
    ],
    ['for an account alone', trusting({ Principal: { AWS: 'arn:aws:iam::1:root' } }), /it trusts no service, not/],
    ['for another action', trusting({ ...tasks, Action: 'sts:TagSession' }), /not ecs-tasks/],
    [
      'for another account',
      trusting({ ...tasks, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }),
      /^bad .*only for aws:SourceAccount 1, and the service is in 123456789012/,
    ],
    [
      'for another region',
      trusting({ ...tasks, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-1:${ACCOUNT}:*` } } }),
      /^bad .*only for aws:SourceArn .*begins with arn:aws:ecs:eu-west-1:123456789012:/,
    ],
    [
      'with a Deny',
      with_({
        arn: role('task'),
        trustPolicy: { Statement: [...[TRUST.Statement], { Effect: 'Deny', Action: '*', Principal: '*' }] },
      }),
      /^bad .*its trust policy denies/,
    ],
    ['without a policy to read', with_({ arn: role('task') }), /^skip .*could not be read/],
  ])('%s', (_, answers, expected) => {
    expect(said(only, answers)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });

  test.each<[string, object]>([
    ['one statement, not in a list', { arn: role('task'), trustPolicy: TRUST }],
    ['for the right account', { ...tasks, Condition: { StringEquals: { 'aws:sourceaccount': [ACCOUNT, '1'] } } }],
    ['for any region', { ...tasks, Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:ecs:*:${ACCOUNT}:*` } } }],
    [
      'for this region',
      { ...tasks, Condition: { StringLike: { 'aws:SourceArn': `arn:aws:ecs:${REGION}:${ACCOUNT}:*` } } },
    ],
    ['for every action', { ...tasks, Action: ['sts:*'] }],
    ['in China', { Principal: { Service: 'ecs-tasks.amazonaws.com.cn' } }],
  ])('good: %s', (_, given) => {
    expect(said(only, 'arn' in given ? with_(given) : trusting(given))).toEqual([]);
  });

  test('of another account', () => {
    const definition = { ...WHOLE, taskRoleArn: 'arn:aws:iam::999999999999:role/theirs' };
    expect(said({ definition })).toEqual([
      expect.stringMatching(/^bad task role theirs: .*is not of the service's account 123456789012/),
    ]);
  });
});

describe('what the execution role may do', () => {
  const refused = (decision: 'implicitDeny' | 'explicitDeny') => ({
    refusals: new Map([['secretsmanager:GetSecretValue', found([{ resource: SECRET, decision }])]]),
  });
  test('no policy of its own allows it: perhaps one of the secret does', () => {
    expect(said({}, refused('implicitDeny'))).toEqual([
      `warn execution role execution: its policies do not allow secretsmanager:GetSecretValue on ${SECRET}. Allow it there, unless the policy of that resource does.`,
    ]);
  });
  test('a Deny is certain', () => {
    expect(said({}, refused('explicitDeny'))).toEqual([
      expect.stringMatching(/^bad execution role execution: a policy denies it secretsmanager:GetSecretValue/),
    ]);
  });
  test('simulating is denied: one line for all of it', () => {
    const right = 'iam:SimulatePrincipalPolicy';
    expect(
      said({}, (wanted) => ({ refusals: new Map(wanted.rights.map(({ action }) => [action, denied(right)])) })),
    ).toEqual([
      `skip what the execution role execution may do: not checked: IAM denies it to this job. Allow ${right} to enable this check.`,
    ]);
  });
});

describe('images', () => {
  const answer = (value: object | undefined) => ({ images: new Map([[IMAGE, found(value)]]) });
  test('missing', () => {
    expect(said({}, answer(undefined))).toEqual([
      `bad image ${IMAGE}: ECR has no such image, so the container \`app\` could not be pulled. Push it, or correct tag, region and account in the template or by the inputs \`image\` and \`images\`.`,
    ]);
  });
  test('for another platform', () => {
    expect(said({}, answer({ platforms: ['linux/arm64'] }))).toEqual([
      expect.stringMatching(
        /^bad image .*container app: its image is built for linux\/arm64, but the task runs on linux\/amd64/,
      ),
    ]);
  });
  test('whose platforms cannot be read is there, and no more is claimed', () => {
    expect(said({}, answer({}))).toEqual([
      expect.stringMatching(/^skip image .*exists; its platforms could not be read/),
    ]);
  });
  test('that a pull-through cache may get', () => {
    const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/docker-hub/library/nginx:1`;
    expect(
      said({ definition: container({ image }) }, { images: new Map([[image, found({ cache: 'perhaps' as const })]]) }),
    ).toEqual([expect.stringMatching(/^warn .*pull-through cache/)]);
  });
  test('of another registry', () => {
    expect(said({ definition: container({ image: 'public.ecr.aws/nginx/nginx:1' }) })).toEqual([
      'skip image public.ecr.aws/nginx/nginx:1: not checked: it is not in a private ECR repository.',
    ]);
  });
  test('that this run knows already, for the wrong platform', () => {
    const image = { reference: IMAGE, repository: IMAGE.slice(0, -2), tags: ['1'], platforms: ['linux/arm64'] };
    expect(said({ subject: { image } }, { images: new Map() })).toEqual([expect.stringMatching(/^bad image/)]);
  });
});

describe('secrets', () => {
  const described = (value: object | undefined) => ({ secrets: new Map([[SECRET, found(value as undefined)]]) });
  const from = (ending: string) => ({
    definition: container({ secrets: [{ name: 'X', valueFrom: `${SECRET}${ending}` }] }),
  });
  const name = 'secret db-AbCdEf (container app, X)';
  const versions = { v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] };

  test.each<[string, string, object, string | RegExp]>([
    [
      'missing',
      '',
      described(undefined),
      `bad ${name}: secret ${SECRET} does not exist. Create it in ${REGION}, or correct its ARN in the template or in the input \`secrets\`.`,
    ],
    [
      'going to be deleted',
      '',
      described({ versions, deleted: true }),
      /^bad .*scheduled for deletion.*restore-secret/,
    ],
    ['without a value', '', described({ versions: {}, deleted: false }), /^bad .*has no value yet/],
    [
      'a stage it does not have',
      '::AWSPREVIOSU:',
      described({ versions, deleted: false }),
      /has the stage AWSPREVIOSU\. Did you mean AWSPREVIOUS\?/,
    ],
    [
      'a version nobody lists',
      ':::v3',
      described({ versions, deleted: false }),
      /^warn .*its version v3 has no stage, or is not there/,
    ],
    [
      'a version that is not of the stage',
      '::AWSCURRENT:v1',
      described({ versions, deleted: false }),
      /its version v1 is not AWSCURRENT\. It is AWSPREVIOUS/,
    ],
    [
      'a key it does not have',
      ':pasword::',
      { secretKeys: new Map([[`${SECRET}::`, found({ kind: 'keys', keys: ['password', 'user'] } as const)]]) },
      `bad ${name}: its value has no key pasword. Did you mean \`password\`?`,
    ],
    [
      'a key of no object',
      ':k::',
      { secretKeys: new Map([[`${SECRET}::`, found({ kind: 'no-object' } as const)]]) },
      /not a JSON object, so it does not have the key k/,
    ],
    [
      'a key of no value',
      ':k::',
      { secretKeys: new Map([[`${SECRET}::`, found({ kind: 'none' } as const)]]) },
      /^bad .*has no value in version AWSCURRENT/,
    ],
    [
      'a key that nobody may look for',
      ':k::',
      { secretKeys: new Map([[`${SECRET}::`, denied('secretsmanager:GetSecretValue')]]) },
      `skip key k of ${name}: not checked: IAM denies it to this job. Allow secretsmanager:GetSecretValue to enable this check, and only to a role that no pull request may assume: it can read the values.`,
    ],
  ])('%s', (_, ending, answers, expected) => {
    expect(said(from(ending), answers)).toEqual([
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    ]);
  });

  test('whoever may read the value needs no right to describe the secret', () => {
    const answers = { secrets: new Map([[SECRET, denied('secretsmanager:DescribeSecret')]]) };
    expect(said(from(':k::'), answers)).toEqual([]);
    expect(said(from(''), answers)).toHaveLength(1);
  });

  test('of another account', () => {
    const valueFrom = `arn:aws:secretsmanager:${REGION}:999999999999:secret:x`;
    expect(
      said(
        { definition: container({ secrets: [{ name: 'X', valueFrom }] }) },
        { secrets: new Map(), secretKeys: new Map() },
      ),
    ).toEqual([expect.stringMatching(/^skip secret x \(container app, X\): belongs to account 999999999999/)]);
  });

  test('neither secret nor parameter', () => {
    const valueFrom = 'arn:aws:s3:::bucket/key';
    expect(said({ definition: container({ secrets: [{ name: 'X', valueFrom }] }) })).toEqual([
      expect.stringMatching(/^bad container app, X: `arn:aws:s3:::bucket\/key` is neither a secret nor a parameter/),
    ]);
  });
});

describe('parameters', () => {
  const from = (valueFrom: string) => ({ definition: container({ secrets: [{ name: 'X', valueFrom }] }) });
  const exist = (...names: string[]) => ({ parameters: new Map([[REGION, found(names)]]) });
  test('missing', () => {
    expect(said(from('/flag'), exist())).toEqual([
      `bad parameter /flag (container app, X): parameter /flag does not exist in ${REGION}, account 123456789012. Create it (aws ssm put-parameter --type SecureString --name /flag --region ${REGION} --value ...), or correct it in the template or in the input \`secrets\`.`,
    ]);
  });
  test('by ARN, with or without a slash in its name', () => {
    const arn = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/flag`;
    expect(said(from(arn), exist('/flag'))).toEqual([]);
    expect(said(from(arn), exist('flag'))).toEqual([]);
    expect(said(from(arn), exist('flags'))).toHaveLength(1);
  });
  test('denied', () => {
    expect(said(from('/flag'), { parameters: new Map([[REGION, denied('ssm:DescribeParameters')]]) })).toEqual([
      expect.stringContaining('Allow ssm:DescribeParameters'),
    ]);
  });
  test('that are a way to a secret, or of another account', () => {
    expect(said(from('/aws/reference/secretsmanager/db'))).toEqual([expect.stringMatching(/^skip .*one of AWS's own/)]);
    expect(said(from(`arn:aws:ssm:${REGION}:999999999999:parameter/flag`))).toEqual([
      expect.stringMatching(/^skip .*belongs to account 999999999999/),
    ]);
  });
});

test('a file that is not there', () => {
  const arn = 'arn:aws:s3:::settings/web.env';
  expect(said({}, { files: new Map([[arn, found(false)]]) })).toEqual([
    `bad file s3://settings/web.env: object ${arn} (environment file of app) does not exist, so the task could not start. Upload it, or correct its ARN in the template or in the input \`env-files\`.`,
  ]);
});

describe('log groups', () => {
  const missing = { logGroups: new Map([[`${REGION}:/ecs/web`, found(false)]]) };
  const creating = container({
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/ecs/web', 'awslogs-region': REGION, 'awslogs-create-group': 'true' },
    },
  });
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/ecs/web`;
  const refusing = (...resources: string[]) => ({
    ...missing,
    refusals: new Map([
      ['logs:CreateLogGroup', found(resources.map((resource) => ({ resource, decision: 'implicitDeny' as const })))],
    ]),
  });

  test('missing', () => {
    expect(said({}, missing)).toEqual([
      expect.stringMatching(
        /^bad log group \/ecs\/web: does not exist in eu-west-1, account 123456789012, so the container `app` could not start\. Create it \(aws logs create-log-group .*awslogs-create-group/,
      ),
    ]);
  });
  test('missing, created by the first task', () => {
    expect(said({ definition: creating }, missing)).toEqual([]);
  });
  test('missing, and the execution role may create it by either form of its ARN', () => {
    expect(said({ definition: creating }, refusing(arn))).toEqual([]);
    expect(said({ definition: creating }, refusing(`${arn}:log-stream:`))).toEqual([]);
  });
  test('missing, and the execution role may not create it', () => {
    expect(said({ definition: creating }, refusing(arn, `${arn}:log-stream:`))).toEqual([
      expect.stringMatching(/^bad log group .*the execution role may not create it/),
    ]);
  });
  test('missing, and it cannot be determined whether the execution role may create it', () => {
    const answers = { ...missing, refusals: new Map([['logs:CreateLogGroup', denied('iam:SimulatePrincipalPolicy')]]) };
    expect(said({ definition: creating }, answers)).toEqual([
      'warn log group /ecs/web: does not exist in eu-west-1, account 123456789012 and is created by the first task: the execution role needs logs:CreateLogGroup.',
    ]);
  });
  test('on EC2 the instance role may do what the execution role may not', () => {
    const { definition } = { definition: { ...creating, networkMode: 'bridge' } };
    const change = onInstances({ definition });
    expect(
      said({ ...change, service: { ...change.service, loadBalancers: [] } }, refusing(arn, `${arn}:log-stream:`)),
    ).toEqual([expect.stringMatching(/^warn log group .*On EC2 the instance role may/)]);
  });
});

describe('load balancers', () => {
  const group = (change: object) => ({
    targetGroups: new Map([
      [
        TARGETS,
        found({
          arn: TARGETS,
          targetType: 'ip',
          protocol: 'HTTP',
          port: 80,
          healthCheckPort: 'traffic-port',
          attached: true,
          ...change,
        }),
      ],
    ]),
  });
  const balancer = (change: object): Change => ({
    service: { loadBalancers: [{ targetGroupArn: TARGETS, containerName: 'app', containerPort: 8080, ...change }] },
  });
  const udp = { definition: container({ portMappings: [{ containerPort: 8080, protocol: 'udp' }] }) };

  test.each<[string, Change, object, RegExp]>([
    [
      'a container that is not there',
      balancer({ containerName: 'ap' }),
      {},
      /^bad target group web: the service sends to the container `ap`.*is it `app`\?/,
    ],
    [
      'a port that is not there',
      balancer({ containerPort: 80 }),
      {},
      /^bad .*sends to port 80 of `app`.*It has 8080\./,
    ],
    [
      'no ports at all',
      { definition: container({ portMappings: [] }) },
      {},
      /Add `\{"containerPort": 8080\}` to its `portMappings`/,
    ],
    [
      'a target group that is gone',
      {},
      { targetGroups: new Map([[TARGETS, found(undefined)]]) },
      /^bad .*: target group .* does not exist/,
    ],
    [
      'targets by instance for awsvpc',
      {},
      group({ targetType: 'instance' }),
      /^bad .*target type instance, but tasks with the network mode awsvpc need ip/,
    ],
    [
      'UDP for a TCP port',
      {},
      group({ protocol: 'UDP' }),
      /^bad .*speaks UDP, but the mapping of `app`:8080 is for tcp.*"protocol": "udp"/,
    ],
    ['TCP for a UDP port', udp, group({ protocol: 'TCP' }), /^bad .*speaks TCP, but the mapping/],
    ['no load balancer', {}, group({ attached: false }), /^warn .*attached to no load balancer/],
    [
      'a health check elsewhere',
      {},
      group({ healthCheckPort: '9000' }),
      /^warn .*health check uses port 9000, and not 8080/,
    ],
    [
      'of another account',
      balancer({ targetGroupArn: TARGETS.replace(ACCOUNT, '999999999999') }),
      {},
      /^skip .*belongs to account 999999999999/,
    ],
    [
      'denied',
      {},
      { targetGroups: new Map([[TARGETS, denied('elasticloadbalancing:DescribeTargetGroups')]]) },
      /^skip target group web: .*elasticloadbalancing:DescribeTargetGroups/,
    ],
  ])('%s', (_, change, answers, expected) => {
    expect(said(change, answers)).toEqual([expect.stringMatching(expected)]);
  });

  test.each<[string, Change, object]>([
    ['both protocols', udp, group({ protocol: 'TCP_UDP' })],
    ['UDP for a UDP port', udp, group({ protocol: 'UDP' })],
    ['a health check on the very port', {}, group({ healthCheckPort: '8080' })],
  ])('good: %s', (_, change, answers) => {
    expect(said(change, answers)).toEqual([]);
  });

  test('a fixed health check port and dynamic host ports', () => {
    const bridge = onInstances({
      definition: {
        containerDefinitions: [{ name: 'app', image: 'x.dev/a', memory: 1, portMappings: [{ containerPort: 8080 }] }],
      },
      service: { loadBalancers: [{ targetGroupArn: TARGETS, containerName: 'app', containerPort: 8080 }] },
    });
    expect(
      said(bridge, group({ targetType: 'instance', healthCheckPort: '8080' })).filter((text) =>
        text.includes('target'),
      ),
    ).toEqual([expect.stringMatching(/^warn .*dynamic host port/)]);
  });

  test('Service Connect finds its ports by name', () => {
    expect(said({ service: { serviceConnectPorts: ['http'] } })).toEqual([]);
    expect(said({ service: { serviceConnectPorts: ['htpp'] } })).toEqual([
      'bad Service Connect: the service wants a port mapping with the name `htpp`, which the task definition does not have. Give the port mapping that name in the template; it has `http`.',
    ]);
  });
});

describe('alarms', () => {
  const state = (value: string) => ({ alarms: found([{ name: 'web-5xx', state: value }]) });
  test.each<[string, object, RegExp]>([
    [
      'in ALARM already',
      state('ALARM'),
      /^warn alarm web-5xx: is in ALARM already, so ECS will watch none of the alarms/,
    ],
    [
      'missing',
      { alarms: found([]) },
      /^bad alarm web-5xx: does not exist in eu-west-1, account 123456789012.*`alarms`/,
    ],
    ['denied', { alarms: denied('cloudwatch:DescribeAlarms') }, /^skip alarm web-5xx: .*cloudwatch:DescribeAlarms/],
  ])('%s', (_, answers, expected) => {
    expect(said({}, answers)).toEqual([expect.stringMatching(expected)]);
  });
  test('without data is no ALARM', () => {
    expect(said({}, state('INSUFFICIENT_DATA'))).toEqual([]);
  });
});
