import type { Failure } from '../../src/failure.ts';
import type { Json, JsonObject } from '../../src/model.ts';
import { readServiceTemplate, renderServiceDefinition, toServiceTemplate } from '../../src/servicedef/definition.ts';

const NAMES = { cluster: 'production', service: 'web' };
const rendered = (value: Json, variables: Readonly<Record<string, string>> = {}) =>
  renderServiceDefinition(
    toServiceTemplate(value, 'service.json'),
    { values: new Map(Object.entries(variables)), style: undefined },
    NAMES,
  );
const failure = (make: () => unknown): Failure => {
  try {
    make();
  } catch (thrown) {
    return thrown as Failure;
  }
  throw new Error('No failure.');
};
const mistakes = (value: Json, variables: Readonly<Record<string, string>> = {}): string[] =>
  failure(() => rendered(value, variables)).mistakes.map(
    ({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`,
  );

test('placeholders are filled, and take the type of their member', () => {
  const definition = rendered(
    {
      desiredCount: '${COUNT}',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['${SUBNET}'], assignPublicIp: '${PUBLIC:-DISABLED}' } },
      deploymentConfiguration: { canaryConfiguration: { canaryPercent: '${PERCENT}' } },
      tags: [{ key: 'stage', value: '${STAGE}' }],
      platformVersion: null,
    },
    { COUNT: '2', SUBNET: 'subnet-1', STAGE: 'prod', PERCENT: '2.5' },
  );
  expect(definition).toEqual({
    name: 'service.json',
    desiredCount: 2,
    tags: [{ key: 'stage', value: 'prod' }],
    placeholders: ['COUNT', 'SUBNET', 'PUBLIC', 'PERCENT', 'STAGE'],
    suspects: [],
    settings: {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } },
      deploymentConfiguration: { canaryConfiguration: { canaryPercent: 2.5 } },
    },
  });
});

test('an export of describe-services is taken as it is', () => {
  const exported = {
    serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
    serviceName: 'web',
    clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production',
    taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3',
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    healthCheckGracePeriodSeconds: 0,
    launchType: 'FARGATE',
    events: [],
    deployments: [
      { status: 'ACTIVE', serviceConnectConfiguration: { enabled: false } },
      { status: 'PRIMARY', serviceConnectConfiguration: { enabled: true }, volumeConfigurations: [{ name: 'data' }] },
    ],
  };
  const expected = {
    launchType: 'FARGATE',
    serviceConnectConfiguration: { enabled: true },
    volumeConfigurations: [{ name: 'data' }],
  };
  for (const file of [exported, { services: [exported], failures: [] }, { service: exported }]) {
    const { settings, desiredCount } = rendered(file as unknown as JsonObject);
    expect([settings, desiredCount]).toEqual([expected, 2]);
  }
  const daemon = { ...exported, launchType: 'EC2', schedulingStrategy: 'DAEMON', deployments: [] };
  expect(rendered(daemon as unknown as JsonObject).desiredCount).toBeUndefined();
});

test.each<[string, Json, RegExp]>([
  ['a list', [], /^service\.json is a list, not a service definition/],
  ['a text', 'x', /is not an object/],
  ['two services', { services: [{ serviceName: 'a' }, { serviceName: 'b' }] }, /is a list of services/],
  ['a task definition', { family: 'web', containerDefinitions: [] }, /is a task definition.*`task-definition`/],
  ['a CloudFormation template', { Resources: {} }, /is a CloudFormation template/],
  ['the spelling of CloudFormation', { DesiredCount: 2 }, /`DesiredCount`.*`desiredCount`/],
])('%s is no service definition', (_, value, message) => {
  const thrown = failure(() => rendered(value));
  expect(thrown.code).toBe('INVALID_INPUT');
  expect(`${thrown.message} ${thrown.remedy}`).toMatch(message);
});

test.each([
  'clusterArn',
  'status',
  'runningCount',
  'pendingCount',
  'taskDefinition',
  'taskSets',
  'deployments',
  'roleArn',
  'events',
  'createdAt',
  'createdBy',
])('%s of an export is dropped, and named as such', (member) => {
  const exported = { serviceArn: 'arn', serviceName: 'web', desiredCount: 1, [member]: 'x' };
  expect(toServiceTemplate(exported, 'a').dropped).toEqual(['serviceArn', member]);
  expect(rendered(exported).settings).toEqual({});
});

test('a count of tasks is kept as a number alone, and a grace period as it is', () => {
  const exported = { serviceArn: 'arn', healthCheckGracePeriodSeconds: 30 };
  expect(rendered(exported)).not.toHaveProperty('desiredCount');
  expect(rendered(exported).settings).toEqual({ healthCheckGracePeriodSeconds: 30 });
});

test.each<[string, Json]>([
  ['by its version alone', { AWSTemplateFormatVersion: '2010-09-09' }],
  ['by its resources alone', { Resources: {} }],
])('a CloudFormation template is known %s', (_, value) => {
  expect(failure(() => rendered(value)).message).toMatch(/is a CloudFormation template/);
});

test('an empty file says what belongs into it', async () => {
  const empty = readServiceTemplate('service.json', { files: { readText: async () => ' \n' } });
  await expect(empty).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'The service definition service.json is empty.',
    remedy: 'Write the members of CreateService in it.',
  });
});

test('every mistake is reported at once, each with what to write instead', () => {
  expect(
    mistakes({
      taskDefinition: 'web:1',
      clientToken: 'x',
      serviceName: 'api',
      cluster: 'test',
      desiredCont: 2,
      subnets: ['subnet-1'],
      launchType: 'FARGAT',
      desiredCount: '${COUNT}',
      loadBalancers: { targetGroupArn: 'x' },
      deploymentConfiguration: { maximumPercent: 'many', deploymentCircuitBreaker: { enable: true } },
    }),
  ).toEqual([
    expect.stringMatching(/^desiredCount: \$\{COUNT\} has no value/),
    expect.stringMatching(/^taskDefinition: is what this step registers\. Remove it; the input `task-definition`/),
    expect.stringMatching(/^clientToken: /),
    expect.stringMatching(/^serviceName: is `api`, but the input `service` is `web`/),
    expect.stringMatching(/^cluster: is `test`, but the step works in the cluster `production`/),
    'desiredCont: is not a field of a service definition here, and would not reach ECS. Did you mean `desiredCount`?',
    'subnets: is not a field of a service definition here, and would not reach ECS. It belongs into `networkConfiguration.awsvpcConfiguration`.',
    'launchType: `FARGAT` is not one of EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES. Did you mean `FARGATE`?',
    'loadBalancers: is an object, but ECS takes a list here. Put it in [ ].',
    'deploymentConfiguration.maximumPercent: is a string, but ECS takes an integer here. ',
    'deploymentConfiguration.deploymentCircuitBreaker.rollback: is missing, and ECS requires it. ',
  ]);
});

test('the names of the step may stand in the file', () => {
  expect(
    rendered({ serviceName: 'web', cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production' }).settings,
  ).toEqual({});
});

describe('the file', () => {
  const read = (path: string, text: string) => readServiceTemplate(path, { files: { readText: async () => text } });

  test('is JSON, or YAML by its name', async () => {
    const value = { platformVersion: '1.4.0' };
    expect(await read('service.json', JSON.stringify(value))).toMatchObject({
      name: 'service.json',
      value,
      mistakes: [],
    });
    for (const name of ['service.yml', 'service.YAML'])
      expect(await read(name, 'platformVersion: 1.4.0')).toMatchObject({ name, value });
    await expect(read('service.json', 'platformVersion: 1.4.0')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
  test('with an expression of GitHub has a mistake', async () => {
    const { mistakes: found } = await read('service.json', '{"platformVersion":"${{ inputs.version }}"}');
    expect(found).toEqual([expect.objectContaining({ subject: 'platformVersion' })]);
  });
  test('that is empty or not JSON is refused with its name and place', async () => {
    await expect(read('service.json', ' \n')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The service definition service.json is empty.',
    });
    const wrong = await read('service.json', '{\n  "a": }').catch((thrown: unknown) => thrown);
    expect(wrong).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^service\.json is not valid JSON: value expected at line 2/),
    });
  });
  test('that cannot be read fails as it is', async () => {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    const files = { readText: async () => Promise.reject(missing) };
    await expect(readServiceTemplate('service.json', { files })).rejects.toBe(missing);
  });
});

test('read-only members of a description are left out, each by name', () => {
  const { dropped, value } = toServiceTemplate(
    {
      services: [
        {
          serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
          serviceName: 'web',
          roleArn: 'arn:r',
          currentServiceDeployment: 'x',
          currentServiceRevisions: [],
          createdBy: 'me',
          platformVersion: '1.4.0',
        },
      ],
    },
    'service.json',
  );
  expect(value).toEqual({ serviceName: 'web', platformVersion: '1.4.0' });
  expect(dropped).toEqual(
    expect.arrayContaining(['roleArn', 'currentServiceDeployment', 'currentServiceRevisions', 'createdBy']),
  );
});

test('one mistake is not several; what the file leaves out adds no placeholder', () => {
  const one = failure(() => rendered({ clientToken: 'x' }));
  expect(one.message).toBe('The service definition service.json has one mistake; nothing was changed.');
  expect(failure(() => rendered({ clientToken: 'x', taskDefinition: 'y' })).message).toContain('has 2 mistakes');
  expect(rendered({}).placeholders).toEqual([]);
});

test('placeholders of other tools are refused where the member cannot hold them, and remarked elsewhere', () => {
  expect(
    mistakes({
      desiredCount: '{{ must_env `COUNT` }}',
      launchType: '<LAUNCH_TYPE>',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['$SUBNET', '#{SubnetB}#'] } },
      loadBalancers: [{ targetGroupArn: '<TARGET_GROUP>', containerName: '%APP%', containerPort: '@@PORT@@' }],
    }),
  ).toEqual([
    'desiredCount: `{{ must_env `COUNT` }}` is a placeholder that nothing has filled. Write `${COUNT}` and `COUNT=...` in the input `variables`.',
    'launchType: `<LAUNCH_TYPE>` is a placeholder that nothing has filled. Write `${LAUNCH_TYPE}` and `LAUNCH_TYPE=...` in the input `variables`.',
    'networkConfiguration.awsvpcConfiguration.subnets[0]: `$SUBNET` is a placeholder that nothing has filled. Write `${SUBNET}` and `SUBNET=...` in the input `variables`, or set `template-style: envsubst`, so that `$SUBNET` is a placeholder.',
    'networkConfiguration.awsvpcConfiguration.subnets[1]: `#{SubnetB}#` is a placeholder that nothing has filled. Write `${SUBNET_B}` and `SUBNET_B=...` in the input `variables`.',
    'loadBalancers[0].targetGroupArn: `<TARGET_GROUP>` is a placeholder that nothing has filled. Write `${TARGET_GROUP}` and `TARGET_GROUP=...` in the input `variables`.',
    'loadBalancers[0].containerName: `%APP%` is a placeholder that nothing has filled. Write `${APP}` and `APP=...` in the input `variables`.',
    'loadBalancers[0].containerPort: `@@PORT@@` is a placeholder that nothing has filled. Write `${PORT}` and `PORT=...` in the input `variables`.',
  ]);
  const { suspects } = rendered({
    propagateTags: 'SERVICE',
    capacityProviderStrategy: [{ capacityProvider: '__PROVIDER__' }],
  });
  expect(suspects).toEqual([
    {
      path: 'capacityProviderStrategy[0].capacityProvider',
      text: '__PROVIDER__',
      form: '${PROVIDER}',
      variable: 'PROVIDER',
    },
  ]);
});
