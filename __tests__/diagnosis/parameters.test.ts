import { explainParameters } from '../../src/diagnosis/parameters.ts';
import { quoted, unwrap } from '../../src/diagnosis/unwrap.ts';

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

describe('what stands around a message', () => {
  test.each([
    ['Error: Could not assume role with OIDC: getaddrinfo ENOTFOUND x', 'getaddrinfo ENOTFOUND x'],
    [
      'Error: creating ECS Service (web): operation error ECS: CreateService, https response error StatusCode: 400, RequestID: 9f, InvalidParameterException: x',
      'InvalidParameterException: x',
    ],
    ['Resource handler returned message: "x (Service: Ecs, Status Code: 400, Request ID: 1)" (RequestToken: 2)', 'x'],
    [
      'com.amazonaws.services.ecs.model.ClientException: x (Service: AmazonECS; Status Code: 400; Error Code: ClientException; Request ID: 1; Proxy: null)',
      'ClientException: x',
    ],
    ['ClientException: x status code: 400, request id: ab-1 "web"', 'ClientException: x'],
    ['Could not assume role with OIDC', 'Could not assume role with OIDC'],
  ])('%s', (text, inner) => {
    expect(unwrap(text, 'api.ecs')).toBe(inner);
  });
  test('an old Docker sends the words of runc as a header that it refuses', () => {
    const text = String.raw`CannotStartContainerError: API error (404): invalid header field value "oci runtime error: a\n\\"b`;
    expect(unwrap(text, 'container.reason')).toBe('CannotStartContainerError: oci runtime error: a "b');
    expect(unwrap(text, 'container.log')).toBe(text);
  });
  test('an event quotes an answer', () => {
    expect(quoted('(service web) failed to launch a task with (error Task Definition is inactive).')).toBe(
      'Task Definition is inactive',
    );
    expect(quoted('(service web) has reached a steady state.')).toBeUndefined();
  });
});
