import { explainRefusal, explainSentence } from '../../src/diagnosis/refusal.ts';
import { oneOf } from '../../src/diagnosis/statements.ts';

const of = (text: string, operation: string | undefined = 'UpdateService') => explainRefusal(text, operation);

/** Each field with its owner, and the input that sets it. */
const FIELDS: readonly (readonly [owner: string, ...fields: string[]])[] = [
  [
    'service',
    'volumeConfigurations serviceConnectConfiguration serviceRegistries capacityProviderStrategy deploymentController',
    'lifecycleHooks=lifecycle-hooks networkConfiguration placementStrategy schedulingStrategy= launchType=',
    'availabilityZoneRebalancing loadBalancers healthCheckGracePeriodSeconds=health-check-grace-period-seconds',
    'deploymentCircuitBreaker=circuit-breaker platformVersion=platform-version propagateTags=propagate-tags',
    'enableExecuteCommand=enable-execute-command desiredCount=desired-count',
  ],
  ['load balancer entry', 'loadBalancerName targetGroupArn'],
  ['request (UpdateService)', 'clientToken overrides tags=task-definition-tags taskDefinition=task-definition'],
  ['request (UpdateService)', 'cluster=cluster service=service'],
  [
    'container definition',
    'repositoryCredentials resourceRequirements firelensConfiguration logConfiguration=log-configuration-log-driver',
    'linuxParameters restartPolicy healthCheck portMappings dependsOn mountPoints volumesFrom stopTimeout startTimeout',
    'environmentFiles=env-files secrets=secrets environment=environment-variables dockerLabels=docker-labels',
    'dockerSecurityOptions systemControls extraHosts privileged links entryPoint command=command image=image essential',
    'versionConsistency',
  ],
  [
    'task definition',
    'ephemeralStorage runtimePlatform requiresCompatibilities proxyConfiguration volumes networkMode ipcMode pidMode',
    'executionRoleArn=execution-role-arn taskRoleArn=task-role-arn memory=memory cpu=cpu',
  ],
];
/** What no input of its own sets, the definition of the service does; `=`: UpdateService does not have it. */
const OF_FILE = new Set(['service', 'load balancer entry']);
const EACH = FIELDS.flatMap(([owner, ...fields]) =>
  fields.flatMap((some) =>
    some.split(' ').map((one): [string, string, string] => {
      const [name = '', input = OF_FILE.has(owner) ? 'service-definition' : ''] = one.split('=');
      return [owner, name, input];
    }),
  ),
);

test.each(EACH)('of the %s: %s', (owner, name, input = '') => {
  const spaced = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  for (const text of [`${name} is invalid.`, `The ${spaced} is invalid.`]) {
    const { cause, remedy } = of(`InvalidParameterException: ${text}`) ?? { cause: '', remedy: '' };
    expect(cause).toBe(
      `UpdateService was refused: the value of \`${name}\` of the ${owner} is not accepted. ECS says: "${text}"`,
    );
    expect(remedy).toMatch(/^Correct \w+/);
    expect(remedy.startsWith(`Correct ${name}${input ? ` (input \`${input}\`)` : ''}.`)).toBe(true);
  }
  const { cause = '' } = of(`${name} is invalid.`, 'RegisterTaskDefinition') ?? {};
  expect(cause.includes(`\`${name}\``)).toBe(owner !== 'service' && owner !== 'load balancer entry');
});

/** Other words for a field, separated by `|`. */
const WORDS: Readonly<Record<string, string>> = {
  volumeConfigurations: 'volume configuration',
  serviceConnectConfiguration: 'SC service|discovery name|client alias|serviceconnect|discoveryname|clientalias',
  serviceRegistries: 'service registry|service discovery|cloud map|namespace|cloudmap|serviceregistry',
  deploymentConfiguration: 'minimum healthy percent|maximum percent|minimumhealthypercent|maximumpercent',
  deploymentController: 'CODE_DEPLOY|EXTERNAL controller|blue/green|blue-green',
  lifecycleHooks: 'pause hook',
  networkConfiguration: 'subnet|subnets|security group|securitygroups|assign public ip|assignpublicip',
  schedulingStrategy: 'DAEMON',
  loadBalancerName: 'classic load balancer|classic loadbalancer',
  resourceRequirements: 'GPU|inference accelerator|inferenceaccelerator',
  firelensConfiguration: 'fluent-bit|fluentbit|fluentd',
  logConfiguration: 'log driver|log group|awslogs|splunk',
  linuxParameters:
    'tmpfs|shared memory size|sharedmemorysize|devices|swap|swappiness|init process|initprocess|capability',
  restartPolicy: 'restart attempt|restartattempt',
  portMappings: 'host port|hostport|container port|containerport|app protocol|appprotocol|port mapping',
  dependsOn: 'dependency',
  mountPoints: 'mount point|source volume|sourcevolume',
  environmentFiles: 'env file|envfiles|environment file',
  secrets: 'secret|value from|valuefrom',
  systemControls: 'sysctl|system control',
  runtimePlatform: 'operating system family|operatingsystemfamily|cpu architecture|cpuarchitecture',
  proxyConfiguration: 'app mesh|appmesh',
  volumes: 'volume|EFS|bind mount',
  'volumes\\[\\]\\.host\\.sourcePath': 'host.source path|hostsourcepath',
  'volumes\\[\\]\\.efsVolumeConfiguration': 'access point|accesspoint',
  networkMode: 'awsvpc',
  executionRoleArn: 'execution role|executionrole',
  taskRoleArn: 'task role|taskrole',
  memory: 'memoryreservation',
  tags: 'tag|tagging',
  overrides: 'override',
  taskDefinition: 'revision|task definition',
  containerDefinitions: 'containers|container named|override for container',
};
test.each(
  Object.entries(WORDS).flatMap(([name, words]) => words.split('|').map((word): [string, string] => [word, name])),
)('the %s is of %s', (word, name) =>
  expect(of(`The ${word} is odd`)?.cause).toMatch(new RegExp(` names \`${name}(?:\`|\\.)`)),
);

/** What is said of platformVersion, by the words of each fault. */
const FAULTS: readonly (readonly [text: string, cause: string, remedy: string])[] = [
  ['must force a new deployment', 'this change needs a new deployment', 'Set `force-new-deployment: true`'],
  ['needs forceNewDeployment', 'this change needs', 'Set'],
  ['is being deleted', 'what % names is still being deleted', 'Wait until it is gone'],
  ['is currently drained', 'what % names is still', 'Wait'],
  ['is still draining', 'what % names is still', 'Wait'],
  ['exceeds 5', '% is over a limit', 'Use fewer or smaller values for %'],
  ['has at most 5', '% is over a limit', 'Use fewer'],
  ['has more than 5', '% is over a limit', 'Use fewer'],
  ['is too long', '% is over a limit', 'Use fewer'],
  ['is there more than once', '% has the same thing twice', 'Keep one of the entries in %'],
  ['must be unique', '% has the same thing twice', 'Keep one'],
  ['is in use', '% names something that another', 'Choose a different name or value for %'],
  ['is associated with x', '% names something that another', 'Choose'],
  ['already exists', 'something of that name exists already', 'Update what exists'],
  ['already exist', 'something of that name exists already', 'Update what exists'],
  ['of another account', '% belongs to another account', 'Name a resource of the same account'],
  ['accountId mismatch', '% belongs to another account', 'Name'],
  ['is not supported', '% is not supported', 'Remove platformVersion (input `platform-version`) from the service'],
  ["isn't supported", '% is not supported', 'Remove'],
  ['is unsupported', '% is not supported', 'Remove'],
  ['must be null', '% is not supported', 'Remove'],
  ["can't be changed", '% cannot be changed in what exists', 'Leave platformVersion'],
  ['is not supported in this zone', '% is not supported', 'Choose for platformVersion'],
  ['is not supported in this Region by Fargate', '% is not supported', 'Remove'],
  ['or x, but not both', '% conflicts with another setting', 'Keep only one of what the message names'],
  ['is required', '% is missing or empty', 'Add platformVersion (input `platform-version`): set it in the service'],
  ['must be provided', '% is missing or empty', 'Add'],
  ['cannot be empty', '% is missing or empty', 'Add platformVersion (input `platform-version`): give it a value'],
  ['does not exist', '% names something that does not exist', 'Correct platformVersion (input `platform-version`), or'],
  ["doesn't exist", '% names something that does not exist', 'Correct'],
  ['was not found', '% names something that does not exist', 'Correct'],
  [
    'is malformed',
    'the value of % is not accepted',
    'Correct platformVersion (input `platform-version`). Expected: LATEST',
  ],
  ['must match x', '% has characters that are not allowed there', 'Use only what is allowed in platformVersion'],
  ['must be at most 3 characters', '% is longer or shorter', 'Change platformVersion (input `platform-version`) so'],
  ['must be between 1 and 2', 'the value of % is outside of what is allowed', 'Set platformVersion'],
  [
    'must be one of: A, B.',
    '% has a value that is not one of those',
    'Set platformVersion (input `platform-version`) in the service to one of: A, B.',
  ],
];
const PLACE = '`platformVersion` of the service';
test.each(FAULTS)('platformVersion %s: %s', (text, cause, remedy) => {
  const told = of(`platformVersion ${text}`);
  expect(told?.cause).toContain(`UpdateService was refused: ${cause.replace('%', PLACE)}`);
  expect(told?.remedy.startsWith(remedy.replace('%', PLACE))).toBe(true);
});

test('without its form a field is corrected, and no form is claimed', () =>
  expect(of('launchType is malformed')?.remedy).toBe('Correct launchType.'));

test.each([
  ['When networkMode=awsvpc, stopTimeout is invalid', 'stopTimeout'],
  ['when the `networkMode` is x, stopTimeout is invalid', 'stopTimeout'],
  ['containerDefinitions[0].portMappings[1].hostPort is invalid', 'containerDefinitions[0].portMappings[1].hostPort'],
  ['the fooBar is invalid', 'fooBar'],
  ['a/fooBar has an invalid cpu', 'cpu'],
])('%s: the field is %s', (text, field) => expect(of(text)?.cause).toContain(`\`${field}\``));
test.each([
  ['RegisterTaskDefinition', 'task definition'],
  ['UpdateService', 'service'],
  ['DescribeTasks', 'request (DescribeTasks)'],
  ['UpdateServices', 'request (UpdateServices)'],
])('a field that is not known is of what %s is about', (operation, owner) =>
  expect(of('fooBar is invalid', operation)?.cause).toContain(`\`fooBar\` of the ${owner} is`),
);

describe('where only one of both is known', () => {
  test('the field', () => {
    expect(of('odd platformVersion')).toEqual({
      cause: `UpdateService was refused; what ECS says names ${PLACE}: "odd platformVersion"`,
      remedy:
        'Compare platformVersion (input `platform-version`) with what the message says, then the settings that belong to it. Expected: LATEST or 1.4.0, and only with Fargate.',
    });
    expect(explainRefusal('odd platformVersion', undefined)?.cause).toMatch(
      /^The request was refused; what ECS says names/,
    );
    expect(of('odd launchType')?.remedy).toBe(
      'Compare launchType with what the message says, then the settings that belong to it.',
    );
    expect(explainRefusal('odd tags', undefined)?.cause).toContain('`tags` of the request: ');
  });
  test('the account', () => {
    expect(of('Identifier is for 123456789012.')?.cause).toBe(
      'UpdateService was refused: it names a resource of another account (123456789012) than the credentials are of. ECS says: "Identifier is for 123456789012."',
    );
    expect(explainRefusal('Identifier is for another account.', undefined)?.cause).toMatch(
      /^The request was refused: it names a resource of another account than/,
    );
  });
  test('neither', () => {
    expect(of('odd')).toBeUndefined();
    expect(of('is invalid')).toBeUndefined();
  });
});

test.each([
  'InvalidParameterException: ',
  'Error: ',
  'com.x.ClientException: Error: ',
  'Failed to register task definition in ECS: ',
  'An error occurred (X) when calling the UpdateService operation: ',
])('what a client writes before the words is left out: %s', (before) =>
  expect(of(`${before} ${'x'.repeat(300)} odd cpu`)?.cause).toMatch(/: "x{300}"$/),
);

test.each([
  ['Expected params.cpu to be a string', 'cpu', 'a string', 'Put the value in quotes'],
  [
    'Expected containerDefinitions[0].cpu to be an integer',
    'containerDefinitions[0].cpu',
    'a number',
    'Write the value without',
  ],
  ['Expected x.y to be a list', 'x.y', 'a list', 'Write it as a list'],
  ['Expected x.y to be a structure', 'x.y', 'an object', 'Write it as an object'],
  ['Expected x.y to be a boolean', 'x.y', 'true or false', 'Write the value without'],
  [
    "Invalid type for parameter cpu, value: 256, type: <class 'int'>, valid types: <class 'str'>",
    'cpu',
    'a string',
    'Put',
  ],
])('%s', (text, path, wanted, remedy) => {
  const told = of(text, 'RegisterTaskDefinition');
  expect(told?.cause).toBe(`RegisterTaskDefinition: \`${path}\` has the wrong JSON type; it must be ${wanted}.`);
  expect(told?.remedy.startsWith(remedy)).toBe(true);
  expect(explainRefusal(text, undefined)?.cause).toMatch(/^The request: /);
});

describe('a rule about several entries', () => {
  test.each<[string, string | undefined]>([
    ['Only one rule can select Untagged images.', 'rule that can select Untagged images'],
    ['At most one load balancer may be of it; x', 'load balancer that may be of it'],
    ['No more than one target with the same id', 'target with the same id'],
    ['just one target.', 'target'],
    ['There is more than one target group with this name', 'target group with this name'],
    ['more than one container that is essential', 'container that is essential'],
    ["more than one 'x", undefined],
    ['one rule can select images', undefined],
    ['commonly one rule can select images', undefined],
    ['Only one rule can be used', 'rule'],
    ['Only one rule may be specified', 'rule'],
    ['More than one rule for this is permitted', 'rule for this'],
    ['Only one rule, please', undefined],
    ['Only one rule', 'rule'],
    ['more than one rule', 'rule'],
    ['Only one rule for each image is allowed', 'rule for each image'],
    ['More than one rule that can be used', 'rule'],
  ])('%s', (sentence, kept) => {
    expect(oneOf(sentence)).toBe(kept);
    expect(explainSentence({ text: sentence, message: sentence, operation: 'PutRule', service: undefined })).toEqual(
      kept && {
        cause: `PutRule was refused: each entry may be right by itself; together they break a rule about all of them. EventBridge says: "${sentence}"`,
        remedy: `Keep one ${kept}, and merge the others into it or remove them.`,
      },
    );
  });
});

/** Of a service whose requests are not known here: what the sentence itself names. */
describe('what a sentence states', () => {
  const stated = (sentence: string, operation: string | undefined = 'PutTargets') =>
    explainSentence({ text: sentence, message: sentence, operation, service: undefined });
  test.each([
    ['Parameter Input is required.', 'Input is missing or empty.', 'Add Input: set it in the request (PutTargets).'],
    ["'EcsParameters' must be specified.", 'EcsParameters is missing or empty.', 'Add EcsParameters: set it'],
    [
      'The field "RoleArn" cannot be empty',
      'RoleArn is missing or empty.',
      'Add RoleArn: give it a value in the request',
    ],
    ['An ECS target requires a task definition', '"task definition" is missing or empty.', 'Add "task definition"'],
    [
      'Either Input or InputPath must be provided',
      'what it needs, one of several',
      'one of the alternatives is enough',
    ],
    [
      'InputPath must not be specified for this target',
      'InputPath is not supported',
      'Remove InputPath from the request',
    ],
    ['The event bus name may not be changed.', '"event bus name" cannot be changed', 'Leave "event bus name" as it is'],
    ['Rule web-nightly does not exist on EventBus default.', 'there is no Rule web-nightly in', 'Create it first'],
    ['Target group does not exist', 'there is no Target group in this account', 'Create it first'],
    ["The rule named 'web' could not be found.", 'there is no rule (web) in this account', 'Create it first'],
    ['No targets found for rule web', 'there is no targets (rule web) in', 'Create it first'],
    ['Rule with the name web already exists', 'the Rule (web) exists already.', 'Use what exists'],
    ['Targets exceed the limit of 5 targets', 'over what is allowed (5 targets).', 'Service Quotas'],
    [
      'Mode must be one of: OFF, ON.',
      'Mode has a value that is not one',
      'Set Mode in the request (PutTargets) to one of: OFF, ON.',
    ],
    ['Weight must be between 0 and 999', 'the value of Weight is outside', 'Set Weight in the request'],
    ['Id must be at most 64 characters', 'Id is longer or shorter than', 'Change Id so that its length'],
  ])('%s', (sentence, cause, remedy) => {
    const { cause: says = '', remedy: does } = stated(sentence) ?? {};
    expect(says).toContain(`PutTargets was refused: `);
    expect(says).toContain(cause);
    expect(says).toContain(`EventBridge says: "${sentence}"`);
    expect(does).toContain(remedy);
  });
  test.each([
    'It is required.',
    'Names may contain letters',
    'You do not have what is required',
    'The number of targets in it must be specified',
    'The rule is odd',
    'Not found',
    '',
  ])('is nothing where it does not name its subject: %s', (sentence) => expect(stated(sentence)).toBeUndefined());
  test('is not read where no API is known to have written it', () => {
    const sentence = 'Rule web-nightly does not exist';
    expect(
      explainSentence({ text: sentence, message: sentence, operation: undefined, service: undefined }),
    ).toBeUndefined();
    const whole = `ValidationException: ${sentence}`;
    expect(explainSentence({ text: whole, message: whole, operation: undefined, service: undefined })?.cause).toBe(
      `The request was refused: there is no Rule web-nightly in this account and Region, or not yet. AWS says: "${sentence}"`,
    );
  });
});
