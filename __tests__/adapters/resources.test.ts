import { deny } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import { ACCOUNT, Account, REGION, role, SECRET, TARGETS } from '../preflight/account.ts';
import { subject } from '../preflight/made.ts';

/** Each adapter over the real wire protocol of its service, against the simulator. */
const withAll = (): Account => new Account().withEverything();
const failureOf = (question: Promise<unknown>): Promise<Failure> =>
  question.then(
    () => Promise.reject(new Error('there was an answer')),
    (thrown) => (thrown instanceof Failure ? thrown : Promise.reject(thrown)),
  );

describe('IAM', () => {
  test('gives a role with its trust policy, decoded', async () => {
    const account = withAll();
    account.simulator.iam.roles.set('odd', { path: '/team/', trust: { Statement: [{ Sid: "a b'(c)*/é" }] } });
    expect(await account.resources.role('odd')).toEqual({
      arn: `arn:aws:iam::${ACCOUNT}:role/team/odd`,
      trustPolicy: { Statement: [{ Sid: "a b'(c)*/é" }] },
    });
  });

  test('knows no role of that name', async () => {
    expect(await withAll().resources.role('nobody')).toBeUndefined();
  });

  test('simulates a role, page by page', async () => {
    const account = withAll();
    account.simulator.iam.roles.set('narrow', {
      trust: {},
      allows: [['s3:GetObject', 'arn:aws:s3:::mine/']],
      denies: [['s3:GetObject', 'arn:aws:s3:::mine/secret']],
    });
    const resources = [
      ...Array.from({ length: 70 }, (_, i) => `arn:aws:s3:::other/${i}`),
      'arn:aws:s3:::mine/a',
      'arn:aws:s3:::mine/secret',
    ];
    const refusals = await account.resources.refusals({ roleArn: role('narrow'), action: 's3:GetObject', resources });
    expect(refusals).toHaveLength(71);
    expect(refusals.filter(({ decision }) => decision === 'explicitDeny')).toEqual([
      { resource: 'arn:aws:s3:::mine/secret', decision: 'explicitDeny' },
    ]);
  });
});

test('a refusal that hangs on a value which only a real call has is not known', async () => {
  const { simulator, resources } = withAll();
  simulator.iam.roles.set('vpc-only', { trust: {}, denies: [['*', '']], conditions: ['aws:SourceVpce'] });
  expect(await resources.refusals({ roleArn: role('vpc-only'), action: 's3:GetObject', resources: ['*'] })).toEqual([
    { resource: '*', decision: 'unknown' },
  ]);
});

describe('Secrets Manager', () => {
  test('describes a secret without its value', async () => {
    const account = withAll();
    expect(await account.resources.secret(REGION, SECRET)).toEqual({
      versions: { v1: ['AWSCURRENT'] },
      deleted: false,
    });
    expect(account.simulator.wire.count('GetSecretValue')).toBe(0);
  });

  test('a secret that is going to be deleted, or is not there', async () => {
    const account = withAll();
    account.simulator.secretsManager.secrets.set(SECRET, { versions: {}, deletedAt: 1_800_000_000 });
    expect(await account.resources.secret(REGION, SECRET)).toEqual({ versions: {}, deleted: true });
    expect(await account.resources.secret(REGION, `${SECRET}x`)).toBeUndefined();
  });

  test('gives the names in a JSON secret, and masks its value first', async () => {
    const account = withAll();
    expect(await account.resources.secretKeys(REGION, { arn: SECRET })).toEqual({
      kind: 'keys',
      keys: ['password', 'user'],
    });
    expect(account.masked).toEqual(['{"password":"correct horse","user":"web"}']);
  });

  test.each([
    ['plain text', 'correct horse', 'no-object'],
    ['a JSON list', '["correct horse"]', 'no-object'],
    ['no such version', undefined, 'none'],
  ])('finds no names in %s', async (_, value, kind) => {
    const account = withAll();
    const stages = [value === undefined ? 'AWSPREVIOUS' : 'AWSCURRENT'];
    account.simulator.secretsManager.secrets.set(SECRET, { versions: { v1: { stages, value: value ?? '' } } });
    expect(await account.resources.secretKeys(REGION, { arn: SECRET })).toEqual({ kind });
  });

  test('hands a secret over to be masked whole; the masker knows what of it is one', async () => {
    const account = withAll();
    const value = JSON.stringify({ password: 'correct horse' }, undefined, 2);
    account.simulator.secretsManager.secrets.set(SECRET, { versions: { v1: { stages: ['AWSCURRENT'], value } } });
    await account.resources.secretKeys(REGION, { arn: SECRET });
    expect(account.masked).toEqual([value]);
  });

  test('asks for the version that is meant', async () => {
    const account = withAll();
    account.simulator.secretsManager.secrets.set(SECRET, {
      versions: {
        v1: { stages: ['AWSPREVIOUS'], value: '{"old":1}' },
        v2: { stages: ['AWSCURRENT'], value: '{"new":1}' },
      },
    });
    const keysOf = (version: object) => account.resources.secretKeys(REGION, { arn: SECRET, ...version });
    expect(await keysOf({ stage: 'AWSPREVIOUS' })).toEqual({ kind: 'keys', keys: ['old'] });
    expect(await keysOf({ versionId: 'v1' })).toEqual({ kind: 'keys', keys: ['old'] });
    expect(await keysOf({})).toEqual({ kind: 'keys', keys: ['new'] });
  });
});

describe('the parameter store', () => {
  test('which of many names exist, through empty pages, without values', async () => {
    const account = withAll();
    const names = Array.from({ length: 120 }, (_, i) => `/web/${i}`);
    for (const name of names.slice(0, 100)) account.simulator.ssm.parameters.add(name);
    expect(await account.resources.parameters(REGION, names)).toEqual(names.slice(0, 100));
    expect(new Set(account.simulator.wire.calls.map(({ operation }) => operation))).toEqual(
      new Set(['DescribeParameters']),
    );
  });
});

describe('CloudWatch Logs', () => {
  test('knows a group by its whole name', async () => {
    const { simulator, resources } = withAll();
    simulator.logs.groups.set('/ecs/web-two', new Map());
    expect(await resources.hasLogGroup(REGION, '/ecs/web')).toBe(true);
    expect(await resources.hasLogGroup(REGION, '/ecs/web-')).toBe(false);
    expect(await resources.hasLogGroup(REGION, '/ecs')).toBe(false);
  });
});

describe('S3', () => {
  test('knows whether an object is there', async () => {
    const { resources } = withAll();
    expect(await resources.hasObject('settings', 'web.env')).toBe(true);
    expect(await resources.hasObject('settings', 'wbe.env')).toBe(false);
    expect(await resources.hasObject('nowhere', 'web.env')).toBe(false);
  });

  test('follows a bucket into its region', async () => {
    const { simulator, resources } = withAll();
    simulator.s3.buckets.set('far', { region: 'us-east-2', keys: ['a b/ü.env'] });
    expect(await resources.hasObject('far', 'a b/ü.env')).toBe(true);
  });

  test('is denied without the right, and without the right to list for what is not there', async () => {
    const { simulator, resources } = withAll();
    simulator.s3.buckets.set('closed', { region: REGION, keys: ['web.env'], forbidden: true });
    simulator.s3.buckets.set('unlisted', { region: REGION, keys: [], listable: false });
    for (const bucket of ['closed', 'unlisted']) {
      expect((await failureOf(resources.hasObject(bucket, 'web.env'))).code).toBe('ACCESS_DENIED');
    }
  });
});

describe('load balancing', () => {
  test('describes target groups', async () => {
    const { simulator, resources } = withAll();
    simulator.loadBalancing.targetGroups.set(TARGETS, {
      targetType: 'instance',
      protocol: 'TCP',
      port: 81,
      healthCheckPort: '9000',
      loadBalancerArns: [],
    });
    expect(await resources.targetGroups(REGION, [TARGETS])).toEqual([
      {
        arn: TARGETS,
        targetType: 'instance',
        protocol: 'TCP',
        port: 81,
        vpcId: 'vpc-1',
        healthCheckPort: '9000',
        attached: false,
      },
    ]);
  });

  test('finds those that exist when another does not', async () => {
    const { resources, simulator } = withAll();
    const found = await resources.targetGroups(REGION, [TARGETS, `${TARGETS}2`]);
    expect(found.map(({ arn }) => arn)).toEqual([TARGETS]);
    expect(simulator.wire.count('DescribeTargetGroups')).toBe(3);
  });
});

describe('CloudWatch', () => {
  test('gives metric and composite alarms, and nothing for others', async () => {
    const { simulator, resources } = withAll();
    simulator.cloudwatch.alarms.set('all', { state: 'ALARM', composite: true });
    expect(await resources.alarms(REGION, ['web-5xx', 'all', 'none'])).toEqual([
      { name: 'web-5xx', state: 'OK' },
      { name: 'all', state: 'ALARM' },
    ]);
  });
});

describe('ECS', () => {
  test('describes a cluster, or none', async () => {
    const { resources } = withAll();
    expect(await resources.cluster('default')).toMatchObject({ name: 'default', status: 'ACTIVE' });
    expect(await resources.cluster('other')).toBeUndefined();
  });

  test('describes instances with what is free and which ports are taken', async () => {
    const { simulator, resources } = withAll();
    simulator.ecs.fleet.instances.push(
      {
        id: 'i-1',
        cpu: 2048,
        memory: 4000,
        freeCpu: 512,
        freeMemory: 100,
        gpus: ['a', 'b'],
        freeGpus: ['b'],
        usedPorts: [8080],
      },
      { id: 'i-2', cpu: 1024, memory: 2000, status: 'DRAINING', architecture: 'arm64', capacityProvider: 'spot' },
      { id: 'i-3', cpu: 1024, memory: 2000, agentConnected: false },
      { id: 'mi-4', cpu: 1024, memory: 2000, external: true, os: 'windows' },
    );
    const [first, second, third, fourth] = await resources.containerInstances('default');
    expect(first).toEqual({
      id: 'i-1',
      available: true,
      total: { cpu: 2048, memory: 4000, gpus: 2 },
      free: { cpu: 512, memory: 100, gpus: 1 },
      usedPorts: ['22/tcp', '2375/tcp', '2376/tcp', '51678/tcp', '51679/tcp', '8080/tcp'],
      architecture: 'x86_64',
      os: 'linux',
    });
    expect(second).toMatchObject({ available: false, architecture: 'arm64', capacityProvider: 'spot' });
    expect(third).toMatchObject({ available: false });
    expect(fourth).toMatchObject({ external: true, os: 'windows' });
  });

  test('asks nothing more of a cluster without instances', async () => {
    const { simulator, resources } = withAll();
    expect(await resources.containerInstances('default')).toEqual([]);
    expect(simulator.wire.count('DescribeContainerInstances')).toBe(0);
  });

  test('describes capacity providers', async () => {
    const { simulator, resources } = withAll();
    simulator.ecs.fleet.capacityProviders.set('grows', {});
    simulator.ecs.fleet.capacityProviders.set('fixed', { managedScaling: 'DISABLED' });
    const requirements = { vCpuCount: { min: 1, max: 8 }, memoryMiB: { min: 1024 }, cpuManufacturers: ['intel'] };
    simulator.script.capacityProvider({ name: 'managed', managedInstances: requirements });
    expect(await resources.capacityProviders(['grows', 'fixed', 'none', 'managed', 'FARGATE'])).toEqual([
      { name: 'grows', status: 'ACTIVE', compute: 'EC2', addsInstances: true },
      { name: 'fixed', status: 'ACTIVE', compute: 'EC2', addsInstances: false },
      {
        name: 'managed',
        status: 'ACTIVE',
        compute: 'MANAGED_INSTANCES',
        addsInstances: true,
        requirements: { vCpuMax: 8, cpuManufacturers: ['intel'] },
      },
      { name: 'FARGATE', status: 'ACTIVE', compute: 'FARGATE', addsInstances: false },
    ]);
  });
});

const QUESTIONS = [
  ['iam:GetRole', (account: Account) => account.resources.role('task')],
  [
    'iam:SimulatePrincipalPolicy',
    (account: Account) =>
      account.resources.refusals({ roleArn: role('task'), action: 's3:GetObject', resources: ['*'] }),
  ],
  ['secretsmanager:DescribeSecret', (account: Account) => account.resources.secret(REGION, SECRET)],
  ['secretsmanager:GetSecretValue', (account: Account) => account.resources.secretKeys(REGION, { arn: SECRET })],
  ['ssm:DescribeParameters', (account: Account) => account.resources.parameters(REGION, ['/web/flag'])],
  ['logs:DescribeLogGroups', (account: Account) => account.resources.hasLogGroup(REGION, '/ecs/web')],
  [
    'elasticloadbalancing:DescribeTargetGroups',
    (account: Account) => account.resources.targetGroups(REGION, [TARGETS]),
  ],
  ['cloudwatch:DescribeAlarms', (account: Account) => account.resources.alarms(REGION, ['web-5xx'])],
  ['ecs:DescribeClusters', (account: Account) => account.resources.cluster('default')],
  ['ecs:ListContainerInstances', (account: Account) => account.resources.containerInstances('default')],
  ['ecs:DescribeCapacityProviders', (account: Account) => account.resources.capacityProviders(['spot'])],
] as const;

test.each(QUESTIONS)('a denied %s is named', async (action, question) => {
  const account = withAll();
  account.simulator.wire.faults.push(deny(action));
  const { code, api } = await failureOf(question(account));
  expect(code).toBe('ACCESS_DENIED');
  expect(`${api?.service}:${api?.operation}`).toBe(action);
});

/** `{}` in the service's own protocol: what a broken proxy or an endpoint of something else may answer. */
function emptyAnswer({ headers, body }: { readonly headers: Record<string, string>; readonly body?: unknown }) {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (type.includes('cbor'))
    return { type: 'application/cbor', headers: { 'smithy-protocol': 'rpc-v2-cbor' }, body: Buffer.from([0xa0]) };
  if (!type.includes('urlencoded')) return { type: 'application/x-amz-json-1.1', headers: {}, body: Buffer.from('{}') };
  const action = /Action=(\w+)/.exec(String(body))?.[1];
  const xml = `<${action}Response><${action}Result></${action}Result></${action}Response>`;
  return { type: 'text/xml', headers: {}, body: Buffer.from(xml) };
}

/** Every request is answered with 200 and without any member. */
const emptied = (): Account =>
  new Account({
    handle: async (request: { headers: Record<string, string>; body?: unknown }) => {
      const { type, headers, body } = emptyAnswer(request);
      return { response: { statusCode: 200, headers: { 'content-type': type, ...headers }, body } };
    },
  } as never);

test.each([
  ...QUESTIONS,
  ['s3:HeadObject', (account: Account) => account.resources.hasObject('settings', 'a')] as const,
])('%s: an answer without its members is no answer', async (action, question) => {
  const { code, message } = await failureOf(question(emptied()));
  expect(code).toBe('UNAVAILABLE');
  expect(message).toMatch(`${action} failed: unexpected answer: \``);
});

test('such answers are never taken for things that do not exist', async () => {
  const checks = await preflight(subject({ inputs: { alarms: ['web-5xx'] } }), emptied().world);
  expect(checks.filter(({ status }) => status === 'bad')).toEqual([]);
  // 14 of the answers, and the quota and the routes, for which AWS is not called.
  expect(checks.filter(({ status }) => status === 'skip')).toHaveLength(16);
});

test('a secret without a value has no versions', async () => {
  const account = withAll();
  account.simulator.secretsManager.secrets.set(SECRET, { versions: {} });
  expect(await account.resources.secret(REGION, SECRET)).toEqual({ versions: {}, deleted: false });
});

test('an unknown parameter of a request is refused by the fakes', async () => {
  const account = withAll();
  const { SSMClient, DescribeParametersCommand } = await import('@aws-sdk/client-ssm');
  const bent = { ParameterFilters: [{ Key: 'Name', Values: [7 as unknown as string] }] };
  await expect(new SSMClient(account.config).send(new DescribeParametersCommand(bent))).rejects.toThrow(/not a string/);
});
