import { explainParameters } from '../../src/diagnosis/parameters.ts';

const REGISTER = 'RegisterTaskDefinition';

describe('a field that a client or the API refuses', () => {
  test.each<[text: string, operation: string | undefined, cause: string, remedy: string]>([
    [
      'Unknown parameter in containerDefinitions[0].portMappings[0]: "appProtocol", must be one of: hostPort',
      undefined,
      'too old for `containerDefinitions[0].portMappings[0].appProtocol`',
      'Update the tool',
    ],
    ["Unexpected key 'enableFaultInjection' found in params", REGISTER, 'too old for `enableFaultInjection`', 'Update'],
    [
      'Unknown parameter in input: "portMappings", must be one of: family',
      REGISTER,
      '`portMappings` stands in the wrong place: the top level',
      'Move it to `containerDefinitions[].portMappings`',
    ],
    [
      'Unknown key in containerDefinitions[0]: "family"',
      REGISTER,
      '`family` stands in the wrong place: `containerDefinitions[0]`',
      'Move it to `family`',
    ],
    [
      'Unknown parameter in containerDefinitions[0].secrets[1]: "value", must be one of: name, valueFrom',
      REGISTER,
      '`secrets` takes the ARN',
      'valueFrom',
    ],
    [
      "Unexpected key 'valueFrom' found in params.containerDefinitions[0].environment[2]",
      REGISTER,
      '`environment` takes plain values',
      'Move the entry to `secrets`',
    ],
    [
      "Unexpected key 'Name' found in params.containerDefinitions[0].environment[2]",
      REGISTER,
      'no field `containerDefinitions[0].environment[2].Name`',
      'Write `containerDefinitions[0].environment[2].name` instead',
    ],
    [
      'unexpected value at params[:task_definition_arn]',
      REGISTER,
      'describe-task-definition prints',
      'Remove `taskDef',
    ],
    ["Unexpected key 'zzqq' found in params", REGISTER, 'has no field `zzqq`', 'allowed there are family'],
    [
      "Unexpected key 'foo' found in params",
      'UpdateService',
      'does not know the field `foo` of UpdateService',
      'update',
    ],
    ['Unknown parameter in input: "foo"', undefined, 'does not know the field `foo`:', 'Compare the place'],
    [
      'Missing required parameter in containerDefinitions[0].portMappings[1].x: "containerPort"',
      REGISTER,
      'lacks the required field `containerDefinitions[0].portMappings[1].x.containerPort`',
      'Add `',
    ],
    ["Missing required key 'family' in params", REGISTER, 'lacks the required field `family`', 'a string in quotes'],
    [
      'InvalidParameter: 1 validation error(s) found. - missing required field, CreateServiceInput.ServiceName.',
      'CreateService',
      'CreateService lacks the required field `ServiceName`',
      'Give `ServiceName` a value',
    ],
    [
      'Invalid length for parameter cluster, value: 0, valid min length: 1',
      'DescribeServices',
      'the value of `cluster` is not allowed (its length or value is 0); the rule: min length: 1',
      'Correct `cluster` in the request',
    ],
    [
      "1 validation error detected: Value 'X' at 'containerDefinitions.1.member.ulimits.2.member.name' failed to satisfy constraint: Member must satisfy enum value set: [core, cpu]",
      REGISTER,
      '`containerDefinitions[0].ulimits[1].name` is not allowed; the rule: satisfy enum value set: [core, cpu]',
      'Correct `containerDefinitions[0]',
    ],
  ])('%s', (text, operation, cause, remedy) => {
    const told = explainParameters(text, operation);
    expect(told?.cause).toContain(cause);
    expect(told?.remedy).toContain(remedy);
  });
  test.each(['Role is not valid', 'Container.image should not be null', ''])('"%s" is none', (text) => {
    expect(explainParameters(text, REGISTER)).toBeUndefined();
  });
});

describe('fields of other requests', () => {
  test.each<[text: string, operation: string | undefined, cause: string, remedy: string]>([
    [
      'Unknown parameter in loadBalancers[0]: "advancedConfiguration", must be one of: targetGroupArn',
      'CreateService',
      'too old for `loadBalancers[0].advancedConfiguration`: CreateService has this field',
      'Update the tool',
    ],
    ['Unknown parameter in input: "bakeTimeInMinutes"', 'UpdateService', 'too old for `bakeTimeInMinutes`', 'Update'],
    [
      'Unknown parameter in input: "platformFamily", must be one of: cluster',
      'CreateService',
      '`platformFamily` is a field that describe-services prints and CreateService does not take',
      'Remove `platformFamily`',
    ],
    [
      'Unknown parameter in a: "platformFamily"',
      'CreateService',
      'does not know the field `a.platformFamily`',
      'Compare',
    ],
    ['Unknown parameter in input: "alarms"', 'RunTask', 'does not know the field `alarms` of RunTask', 'Compare'],
    [
      'Invalid length for parameter lifecyclePolicyText, value: 28, valid min length: 100',
      'PutLifecyclePolicy',
      'PutLifecyclePolicy: `lifecyclePolicyText` is only 28 characters long',
      'file://policy.json',
    ],
    [
      'Invalid length for parameter policyText, value: 20000, valid max length: 10240',
      undefined,
      'The request: the value of `policyText` is not allowed (its length or value is 20000); the rule: max length: 10240',
      'Correct `policyText` in the request so that it fits that rule.',
    ],
    [
      "Value '' at 'repositoryName' failed to satisfy constraint: Member must have length greater than or equal to 2",
      'DescribeRepositories',
      'the value of `repositoryName` is empty; the rule: have length greater than or equal to 2',
      'it is empty, so the input or variable behind it is empty too',
    ],
    [
      "Value 'A b' at 'repositoryName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
      'DescribeRepositories',
      'the value "A b" of `repositoryName` is not allowed; the rule: satisfy regular expression pattern: [a-z]+',
      'Correct `repositoryName` in the request so that it fits that rule.',
    ],
    [
      'minimum field size of 1, UpdateServiceInput.Service.',
      'UpdateService',
      'the value of `Service` is not allowed; the rule: minimum 1.',
      'Correct `Service` in the request',
    ],
    [
      'Expected params.family to have length less than 255',
      REGISTER,
      'the value of `family` is not allowed; the rule: length less than 255',
      'Correct `family` in the task definition (input `task-definition`)',
    ],
    [
      "Value null at 'containerDefinitions.1.member.name' failed to satisfy constraint: Member must not be null",
      undefined,
      'The request lacks the required field `containerDefinitions[0].name`',
      'Add `containerDefinitions[0].name` to the task definition',
    ],
  ])('%s', (text, operation, cause, remedy) => {
    const told = explainParameters(text, operation);
    expect(told?.cause).toContain(cause);
    expect(told?.remedy).toContain(remedy);
  });
});

test.each([
  ['portMappings', 'a list [...]'],
  ['name', 'a string in quotes'],
  ['cpu', 'a number without quotes'],
  ['essential', 'true or false'],
  ['healthCheck', 'a value of type HealthCheck'],
  ['zzqq', 'give it a value'],
])('what %s holds', (name, shape) => {
  const told = explainParameters(`Missing required parameter in containerDefinitions[0]: "${name}"`, REGISTER);
  expect(told).toEqual({
    rule: 'taskdef-missing-field',
    cause: `RegisterTaskDefinition lacks the required field \`containerDefinitions[0].${name}\`.`,
    remedy: `Add \`containerDefinitions[0].${name}\` to the task definition (input \`task-definition\`; the numbers in brackets count from 0): ${shape}.`,
  });
});

test.each<[text: string, operation: string | undefined, rule: string]>([
  ['Unknown parameter in input: "zz"', REGISTER, 'taskdef-malformed'],
  ['Unknown parameter in input: "zz"', 'RunTask', 'request-refused'],
  ['Unknown parameter in containerDefinitions[0]: "zz"', undefined, 'taskdef-malformed'],
  ['Unknown parameter in containerDefinitions[0]: "zz"', 'RunTask', 'request-refused'],
  ['Missing required key "cluster" in params', undefined, 'request-refused'],
  ['Unknown parameter in input: "alarms"', 'UpdateService', 'request-refused'],
  ['Unknown parameter in input: "platformFamily"', 'UpdateService', 'request-refused'],
  ['Invalid range for parameter cpu, value: -1, valid min value: 0', REGISTER, 'taskdef-malformed'],
  ['Invalid range for parameter count, value: 11, valid max value: 10', 'RunTask', 'request-refused'],
])('the row of %s (%s) is %s', (text, operation, rule) => expect(explainParameters(text, operation)?.rule).toBe(rule));

test('of what describe-task-definition prints, the rest is named too', () => {
  const told = explainParameters("Unexpected key 'registeredAt' found in params", REGISTER);
  expect(told?.cause).toBe(
    "`registeredAt` is a field that describe-task-definition prints and RegisterTaskDefinition does not take. The client says: Unexpected key 'registeredAt' found in params",
  );
  expect(told?.remedy).toMatch(
    /^Remove `registeredAt` .*with it remove taskDefinitionArn, revision, status, .*deregisteredAt, deleteRequestedAt where/,
  );
});

test('what the client says stands behind, without its heading', () =>
  expect(explainParameters('Parameter validation failed: Unknown parameter in input: "foo"', undefined)?.cause).toBe(
    'The client that made the request does not know the field `foo`: it stands in the wrong place or is misspelt, or the client is older than the field. The client says: Unknown parameter in input: "foo"',
  ));

test.each<[text: string, path: string]>([
  [
    'unexpected value at params[:container_definitions][0][:port_mappings][12][:zz]',
    'containerDefinitions[0].portMappings[12].zz',
  ],
  ['missing required field, RegisterTaskDefinitionInput.containerDefinitions[0].name.', 'containerDefinitions[0].name'],
  [
    "Value 'X' at 'containerDefinitions.12.member.name' failed to satisfy constraint: Member must satisfy x",
    'containerDefinitions[11].name',
  ],
  ["Value 'X' at 'a.member.13.b' failed to satisfy constraint: Member must be x", 'a[12].b'],
  [
    'Invalid length for parameter containerDefinitions[10].name value: 0 valid min length: 1',
    'containerDefinitions[10].name',
  ],
  ['Invalid range for parameter a.b, value: -5, valid min value: 0', 'a.b'],
  ['Invalid range for parameter a.b, value: -5, valid max value: 0', 'a.b'],
  ['maximum field value of 12, RunTaskInput.Count.', 'Count'],
])('the path in %s', (text, path) => expect(explainParameters(text, REGISTER)?.cause).toContain(`\`${path}\``));

test.each([
  ['Unknown parameter in containerDefinitions[0].secrets[1]: "value"', 'takes the ARN'],
  ['Unknown parameter in containerDefinitions[0].secrets[12]: "value"', 'takes the ARN'],
  ['Unknown parameter in containerDefinitions[0].secrets[1]: "values"', 'has no field'],
  ['Unknown parameter in containerDefinitions[0].environment[12]: "valueFrom"', 'takes plain values'],
  ['Unknown parameter in containerDefinitions[0].environment[1]: "valueFroms"', 'has no field'],
])('%s', (text, cause) => expect(explainParameters(text, REGISTER)?.cause).toContain(cause));

test('only CreateService and UpdateService have the fields of a service', () => {
  for (const operation of ['CreateServices', 'XUpdateService', undefined])
    expect(explainParameters('Unknown parameter in a: "alarms"', operation)?.cause).toMatch(/does not know the field/);
});
test('a path that leads nowhere lists no fields', () =>
  expect(explainParameters('Unknown parameter in zz.yy: "xx"', REGISTER)?.remedy).toBe(
    'Remove `zz.yy.xx` from the task definition, or correct its spelling.',
  ));
test('a missing field of a structure that is not known', () =>
  expect(explainParameters('Missing required parameter in zz.yy: "xx"', REGISTER)?.remedy).toMatch(
    /: give it a value\.$/,
  ));
test('what is wrong with a value of another request', () => {
  expect(explainParameters('Invalid length for parameter cluster, value: 0, valid min length: 1', 'RunTask')).toEqual({
    rule: 'request-refused',
    cause: 'RunTask: the value of `cluster` is not allowed (its length or value is 0); the rule: min length: 1.',
    remedy:
      'Correct `cluster` in the request (input `cluster`) so that it fits that rule; it is empty, so the input or variable behind it is empty too.',
  });
  expect(explainParameters('Invalid length for parameter policyText, value: 5, valid min length: 10', 'X')?.rule).toBe(
    'request-refused',
  );
});
