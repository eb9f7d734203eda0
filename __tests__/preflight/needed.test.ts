import { neededResources } from '../../src/preflight/needed.ts';
import { ACCOUNT, REGION, role, SECRET, TARGETS } from './account.ts';
import { container, onInstances, service, subject, WHOLE } from './made.ts';

/** What is going to be asked, from a task definition and a service alone. */
const wantedFrom = (...change: Parameters<typeof subject>) => neededResources(subject(...change));

test('one thing of each kind', () => {
  const wanted = wantedFrom();
  expect(wanted.roles.map(({ arn, name, as }) => [arn, name, as])).toEqual([
    [role('task'), 'task', ['task role']],
    [role('execution'), 'execution', ['execution role']],
  ]);
  expect(wanted.images).toEqual([
    {
      reference: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`,
      containers: ['app'],
      repository: { registryId: ACCOUNT, region: REGION, name: 'web' },
      tag: '1',
    },
  ]);
  expect(wanted.secrets).toEqual([
    {
      kind: 'secret',
      where: 'container app, PASSWORD',
      arn: SECRET,
      region: REGION,
      account: ACCOUNT,
      jsonKey: 'password',
    },
  ]);
  expect(wanted.parameters).toMatchObject([{ where: 'container app, FLAG', names: ['/web/flag'], region: REGION }]);
  expect(wanted.logGroups).toEqual([{ name: '/ecs/web', region: REGION, containers: ['app'], create: false }]);
  expect(wanted.files).toMatchObject([{ bucket: 'settings', key: 'web.env' }]);
  expect(wanted.targetGroups).toEqual([TARGETS]);
  expect(wanted.alarms).toEqual(['web-5xx']);
  expect(wanted.instances).toBe(false);
  expect(wanted.rights).toEqual([
    { action: 'secretsmanager:GetSecretValue', resources: [SECRET] },
    { action: 'ssm:GetParameters', resources: [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/web/flag`] },
    { action: 'ecr:BatchGetImage', resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/web`] },
    { action: 's3:GetObject', resources: ['arn:aws:s3:::settings/web.env'] },
  ]);
});

test('nothing for a definition that refers to nothing', () => {
  const wanted = wantedFrom({
    definition: { family: 'web', containerDefinitions: [{ name: 'app', image: 'nginx' }] },
    service: { loadBalancers: [], alarms: { names: ['off'], enable: false, rollback: false } },
  });
  const { images, home: _, cluster: __, ...rest } = wanted;
  expect(images).toEqual([{ reference: 'nginx', containers: ['app'] }]);
  expect(Object.values(rest).flat()).toEqual([false]);
});

describe('a valueFrom', () => {
  const arn = 'arn:aws:secretsmanager:us-east-2:123456789012:secret:a/b-AbCdEf';
  test.each([
    ['a secret', arn, { kind: 'secret', arn, region: 'us-east-2' }],
    ['a key', `${arn}:key::`, { jsonKey: 'key' }],
    ['a stage', `${arn}::AWSPREVIOUS:`, { stage: 'AWSPREVIOUS' }],
    ['a version', `${arn}:::11111111-2222`, { versionId: '11111111-2222' }],
    ['a key of a staged version', `${arn}:key:AWSPENDING:v`, { jsonKey: 'key', stage: 'AWSPENDING', versionId: 'v' }],
    [
      'China',
      'arn:aws-cn:secretsmanager:cn-north-1:1:secret:x',
      { arn: 'arn:aws-cn:secretsmanager:cn-north-1:1:secret:x', region: 'cn-north-1' },
    ],
    [
      'a parameter of a path',
      'arn:aws:ssm:us-east-2:123456789012:parameter/a/b',
      { kind: 'parameter', names: ['/a/b'], region: 'us-east-2' },
    ],
    [
      'a parameter without one',
      'arn:aws:ssm:us-east-2:123456789012:parameter/a',
      { kind: 'parameter', names: ['a', '/a'] },
    ],
    ['a version of a parameter', 'arn:aws:ssm:us-east-2:1:parameter/a:3', { kind: 'parameter', names: ['a', '/a'] }],
    ['a parameter by name', 'flag', { kind: 'parameter', names: ['flag'], region: REGION, account: ACCOUNT }],
    ['a labelled parameter by name', '/flag:live', { kind: 'parameter', names: ['/flag'] }],
    ['something else', 'arn:aws:s3:::bucket/key', { kind: 'invalid' }],
    ['no secret of Secrets Manager', 'arn:aws:secretsmanager:us-east-2:1:policy:x', { kind: 'invalid' }],
  ])('%s', (_, valueFrom, expected) => {
    const { secrets, parameters, invalid } = wantedFrom({
      definition: container({ secrets: [{ name: 'X', valueFrom }] }),
    });
    expect([...secrets, ...parameters, ...invalid]).toEqual([expect.objectContaining(expected)]);
  });
});

test('secrets of log drivers, registries and file shares', () => {
  const definition = {
    ...WHOLE,
    volumes: [
      {
        name: 'share',
        fsxWindowsFileServerVolumeConfiguration: { authorizationConfig: { credentialsParameter: `${SECRET}3` } },
      },
    ],
    containerDefinitions: [
      {
        name: 'app',
        image: 'private.example.com/app:1',
        repositoryCredentials: { credentialsParameter: `${SECRET}1` },
        logConfiguration: { logDriver: 'splunk', secretOptions: [{ name: 'splunk-token', valueFrom: `${SECRET}2` }] },
      },
    ],
  };
  expect(wantedFrom({ definition }).secrets.map(({ where, arn }) => [where, arn])).toEqual([
    ['container app, log option splunk-token', `${SECRET}2`],
    ['container app, repositoryCredentials', `${SECRET}1`],
    ['volume share', `${SECRET}3`],
  ]);
});

test('what several containers share is wanted once', () => {
  const [app] = WHOLE.containerDefinitions;
  const wanted = wantedFrom({ definition: { ...WHOLE, containerDefinitions: [app, { ...app, name: 'sidecar' }] } });
  expect(wanted.images).toHaveLength(1);
  expect(wanted.logGroups).toMatchObject([{ containers: ['app', 'sidecar'] }]);
  expect(wanted.files).toMatchObject([{ as: ['environment file of app', 'environment file of sidecar'] }]);
});

test('one role for both purposes is wanted once', () => {
  const wanted = wantedFrom({ definition: { ...WHOLE, taskRoleArn: role('execution') } });
  expect(wanted.roles.map(({ as }) => as)).toEqual([['task role', 'execution role']]);
});

test('a role by its bare name is one of the account', () => {
  const [first] = wantedFrom({ definition: { ...WHOLE, taskRoleArn: 'task' } }).roles;
  expect(first).toMatchObject({ arn: role('task'), account: ACCOUNT, pathKnown: false });
});

test('rights of an execution role of another account are not simulated', () => {
  const definition = { ...WHOLE, executionRoleArn: 'arn:aws:iam::999999999999:role/execution' };
  expect(wantedFrom({ definition }).rights).toEqual([]);
});

test('a group that tasks create adds the right to do so, in both forms in which IAM is asked', () => {
  const logConfiguration = { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-create-group': 'true' } };
  const { logGroups, rights } = wantedFrom({ definition: container({ logConfiguration }) });
  expect(logGroups).toMatchObject([{ name: 'g', region: REGION, create: true }]);
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:g`;
  expect(rights.at(-1)).toEqual({ action: 'logs:CreateLogGroup', resources: [arn, `${arn}:log-stream:`] });
});

test('alarms of the inputs stand in for those of the service', () => {
  expect(wantedFrom({ inputs: { alarms: ['a', 'b', 'a'] } }).alarms).toEqual(['a', 'b']);
  expect(wantedFrom({ inputs: { alarms: [] } }).alarms).toEqual([]);
});

test('an image that is being built, or known already, is not looked up', () => {
  const reference = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`;
  expect(wantedFrom({ subject: { standIn: reference } }).images).toEqual([]);
  const image = { repository: reference.slice(0, -2), tags: ['1'], platforms: ['linux/amd64'] };
  for (const known of [reference, `${image.repository}@sha256:${'1'.repeat(64)}`]) {
    // The definition may still have the tag that the user gave, when the image is known by its digest.
    const [use] = wantedFrom({ subject: { image: { ...image, reference: known } } }).images;
    expect(use?.known?.platforms).toEqual(['linux/amd64']);
  }
});

test('a service on instances wants them, and its capacity providers', () => {
  const wanted = wantedFrom(onInstances({ service: { launchType: 'EC2', capacityProviders: ['spot'] } }));
  expect(wanted).toMatchObject({ instances: true, capacityProviders: ['spot'] });
  expect(wantedFrom({ service: { ...service(), capacityProviders: ['FARGATE_SPOT'] } })).toMatchObject({
    instances: false,
    capacityProviders: [],
  });
});
