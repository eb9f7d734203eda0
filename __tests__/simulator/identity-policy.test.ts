import { pushTinyImage } from '../../scripts/tiny-image.ts';
import { allowOnly, allows, permissionsOf } from '../../simulator/services/identity-policy.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';

const US = `arn:aws:ecs:${REGION}:123456789012`;
const HOME = { partition: 'aws', region: REGION, accountId: '123456789012' };
const FACTS = {
  roleArn: (name: string) => `arn:aws:iam::123456789012:role/team/${name}`,
  groupOf: () => undefined,
  hasObject: () => false,
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
test.each<
  [service: string, operation: string, input: object, needs: readonly (readonly [string, readonly string[]])[]]
>([
  ['ecs', 'UpdateService', { cluster: 'main', service: 'web' }, [['ecs:UpdateService', [`${US}:service/main/web`]]]],
  [
    'ecs',
    'DescribeServices',
    { services: ['a', `${US}:service/default/b`] },
    [['ecs:DescribeServices', [`${US}:service/default/a`, `${US}:service/default/b`]]],
  ],
  ['ecs', 'DescribeTaskDefinition', { taskDefinition: 'web:1' }, [['ecs:DescribeTaskDefinition', ['*']]]],
  [
    'ecs',
    'RegisterTaskDefinition',
    { family: 'web', executionRoleArn: 'arn:role/a', tags: [{ key: 'a', value: 'b' }] },
    [
      ['ecs:RegisterTaskDefinition', [`${US}:task-definition/web:*`]],
      ['ecs:TagResource', [`${US}:task-definition/web:*`]],
      ['iam:PassRole', ['arn:role/a']],
    ],
  ],
  [
    'ecs',
    'StopServiceDeployment',
    { serviceDeploymentArn: `${US}:service-deployment/main/web/abc` },
    [['ecs:StopServiceDeployment', [`${US}:service/main/web`, `${US}:service-deployment/main/web/abc`]]],
  ],
  [
    'ecs',
    'DescribeTasks',
    { cluster: `${US}:cluster/main`, tasks: ['abc'] },
    [['ecs:DescribeTasks', [`${US}:task/main/abc`]]],
  ],
  ['ecr', 'GetAuthorizationToken', {}, [['ecr:GetAuthorizationToken', ['*']]]],
  [
    'ecr',
    'BatchGetImage',
    { repositoryName: 'team/web', registryId: '999999999999' },
    [['ecr:BatchGetImage', [`arn:aws:ecr:${REGION}:999999999999:repository/team/web`]]],
  ],
  ['iam', 'GetRole', { RoleName: 'web' }, [['iam:GetRole', ['arn:aws:iam::123456789012:role/team/web']]]],
  [
    's3',
    'HEAD',
    { path: '/config/a/web.env' },
    [
      ['s3:GetObject', ['arn:aws:s3:::config/a/web.env']],
      ['s3:ListBucket', ['arn:aws:s3:::config']],
    ],
  ],
  ['sts', 'GetCallerIdentity', {}, []],
])('%s:%s needs what AWS documents', (service, operation, input, needs) => {
  const permissions = permissionsOf({ service, operation, input: input as never }, HOME, FACTS);
  expect(permissions.map(({ action, resources }) => [action, resources])).toEqual(needs);
});

const statement = (more: object): object => ({
  Statement: [{ Effect: 'Allow', Action: 'ecs:*', Resource: `${US}:service/main/*`, ...more }],
});
const UPDATE = { action: 'ecs:UpdateService', values: new Map([['ecs:cluster', [`${US}:cluster/main`]]]) };

test.each<[string, object, boolean]>([
  ['a pattern of actions and resources', statement({}), true],
  ['another resource', statement({ Resource: `${US}:service/other/*` }), false],
  ['another action', statement({ Action: ['ecs:Describe*', 'ecr:*'] }), false],
  ['a condition that holds', statement({ Condition: { ArnLike: { 'ecs:cluster': `${US}:cluster/*` } } }), true],
  [
    'a condition that does not',
    statement({ Condition: { ArnEquals: { 'ecs:cluster': `${US}:cluster/other` } } }),
    false,
  ],
  [
    'a statement that denies',
    {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'ecs:UpdateService', Resource: '*' },
      ],
    },
    false,
  ],
  ['no statement', {}, false],
])('%s: %j', (_, policy, allowed) => {
  expect(allows(policy, UPDATE, `${US}:service/main/web`)).toBe(allowed);
});

const PUSH = ['InitiateLayerUpload', 'CompleteLayerUpload', 'PutImage'];

test.each([undefined, ...PUSH])('a push over the registry asks for its permissions: without %s', async (missing) => {
  const simulator = new Simulator();
  const server = await simulator.listen();
  try {
    simulator.registry.create('web', false);
    const policy = {
      Statement: [
        {
          Effect: 'Allow',
          Action: PUSH.filter((one) => one !== missing).map((one) => `ecr:${one}`),
          Resource: `arn:aws:ecr:${REGION}:123456789012:repository/web`,
        },
      ],
    };
    const lift = allowOnly(simulator, policy);
    const { password } = simulator.registry;
    const pushing = pushTinyImage({ registry: server.endpoint, repository: 'web', tag: '1', password }, 'a page');
    if (missing === undefined) await expect(pushing).resolves.toMatch(/^sha256:/);
    else await expect(pushing).rejects.toThrow();
    expect(simulator.registry.repositories.get('web')?.tags.has('1')).toBe(missing === undefined);
    lift();
    await expect(
      pushTinyImage({ registry: server.endpoint, repository: 'web', tag: '2', password }, 'a page'),
    ).resolves.toMatch(/^sha256:/);
  } finally {
    await server.close();
  }
});
