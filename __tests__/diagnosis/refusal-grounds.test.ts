import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Surface } from '../../src/diagnosis/diagnosis.ts';
import { statedGround } from '../../src/diagnosis/refusal-grounds.ts';

const of = (text: string, operation?: string, surface: Surface = 'api.ecs') => {
  const { rule, cause, remedy, transient, nature } = diagnose({
    surface,
    text,
    context: operation === undefined ? {} : { operation },
  });
  return { rule, transient, nature, words: `${cause} ${remedy}` };
};

test.each([
  [
    'ConcurrentUpdateException: You already have a pending update to an Auto Scaling resource.',
    'RegisterScalableTarget',
  ],
  ['ConcurrentModificationException: Too many concurrent modifications of the rule.', 'PutRule'],
  ['ConflictException: An operation is already in progress on this schedule.', 'UpdateSchedule'],
  ['OperationAborted: A conflicting conditional operation is currently in progress.', 'PutScalingPolicy'],
])('a conflict in time passes: %s', (text, operation) => {
  const { transient, nature, words } = of(text, operation);
  expect({ transient, nature }).toEqual({ transient: true, nature: 'ambiguous' });
  expect(words).toMatch(/Wait and run again: the request itself need not change\..*`concurrency`/);
  expect(words).not.toMatch(/Correct what/);
});

test.each([
  ['InvalidParameterException: There is no deployment in progress.', 'StopServiceDeployment'],
  ['InvalidParameterException: The update is not pending.', 'UpdateService'],
])('what is not going on is waited for by none: %s', (text, operation) =>
  expect(of(text, operation)).toMatchObject({ transient: false }),
);

test.each([
  [
    'ValidationException: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    'UpdateSchedule',
    'scheduler.amazonaws.com',
  ],
  [
    'ValidationException: The role arn:aws:iam::1:role/x cannot be assumed by codedeploy.amazonaws.com.',
    'CreateDeploymentGroup',
    'codedeploy.amazonaws.com',
  ],
  ['ValidationException: Unable to assume the role for the target.', 'PutTargets', 'events.amazonaws.com'],
])('a role that does not trust the service: %s', (text, operation, principal) =>
  expect(of(text, operation).words).toContain(`sts:AssumeRole and Principal {"Service": "${principal}"}`),
);

test.each([
  [
    'ValidationError: At least two subnets in two different Availability Zones must be specified',
    /too few Availability Zones/,
  ],
  [
    'InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    /two of its subnets are in one Availability Zone/,
  ],
])('subnets and zones: %s', (text, cause) => {
  const { rule, words } = of(text, 'CreateExpressGatewayService');
  expect(rule).toBe('request-refused');
  expect(words).toMatch(cause);
  expect(words).toContain('Name one subnet for each Availability Zone');
});

test.each([
  [
    'InvalidParameterException: aws: prefixed tag key names are not allowed for external use.',
    'RegisterTaskDefinition',
  ],
  ['InvalidParameterException: tag keys must not begin with "aws:"', 'CreateService'],
  ['InvalidTagParameterException: Tag key cannot use the reserved prefix aws:', 'CreateRepository'],
])('a reserved key of a tag, and not a field called name: %s', (text, operation) => {
  const { words } = of(text, operation, operation === 'CreateRepository' ? 'api.ecr' : 'api.ecs');
  expect(words).toContain('Remove the tags whose key begins with aws:');
  expect(words).not.toMatch(/Remove name|`name`/);
});

test.each([
  [
    'InvalidParameterException: Deployment circuit breaker feature requires ECS deployment controller.',
    'deploymentCircuitBreaker (input `circuit-breaker`)',
  ],
  [
    'InvalidParameterException: Deployment alarms are only supported with the ECS deployment controller.',
    'alarms (input `alarms`)',
  ],
  [
    'InvalidParameterException: The deployment circuit breaker can only be used with the rolling update deployment type.',
    'deploymentCircuitBreaker (input `circuit-breaker`)',
  ],
  [
    'InvalidParameterException: Health check grace period requires ECS deployment controller',
    'healthCheckGracePeriodSeconds (input `health-check-grace-period-seconds`)',
  ],
])('a feature of one deployment controller: %s', (text, feature) =>
  expect(of(text, 'UpdateService').words).toContain(
    `Remove ${feature} from the request for this service, or use a service whose deploymentController is ECS.`,
  ),
);

test('a feature against the operating system of the task', () =>
  expect(
    of(
      'InvalidParameterException: Unsupported operating system in task definition. Please choose Linux',
      'CreateService',
    ).words,
  ).toMatch(
    /works only with Linux tasks.*`serviceConnectConfiguration`.*operatingSystemFamily of the task definition LINUX/,
  ));

test('a feature that a deployment controller does not have is the setting, and not the service', () => {
  const { rule, words } = of(
    'InvalidParameterException: Service Connect does not support the EXTERNAL deployment controller.',
    'CreateService',
  );
  expect(rule).toBe('wrong-deployment-controller');
  expect(words).toMatch(/Service Connect is not supported by the EXTERNAL deployment controller.*Leave that setting/);
});

test('a number of changes that is over a quota is no change to wait for', () =>
  expect(
    of('LimitExceededException: The number of concurrent updates for this account is exceeded.', 'UpdateService').words,
  ).not.toContain('Wait and run again: the request itself'));

test('managed draining is a setting, and nothing that drains', () =>
  expect(
    of('InvalidParameterException: Spot interruption handling requires managed draining.', 'CreateCapacityProvider')
      .words,
  ).not.toContain('still being deleted'));

test.each(['AssumeRoleWithWebIdentity', undefined])(
  'a key that a login with a token does not take (%s)',
  (operation) => {
    expect(of("Unexpected key 'ExternalId' found in params", operation, 'api.sts').words).toContain(
      'input `role-external-id`',
    );
    expect(of("Unexpected key 'Tags' found in params", operation, 'api.sts').words).toContain(
      '`role-skip-session-tagging: true`',
    );
    expect(of("Unexpected key 'Colour' found in params", operation, 'api.sts').words).not.toContain('OIDC token');
  },
);

test('what is needed first, with the rights of its role', () => {
  const { words } = of(
    'An error occurred (ValidationException) when calling the PutTargets operation: RoleArn is required for target arn:aws:ecs:ap-northeast-1:111111111111:cluster/main.',
    'PutTargets',
  );
  expect(words).toMatch(/RoleArn is missing.*events\.amazonaws\.com may assume.*ecs:RunTask.*iam:PassRole/);
});

test('a rule about several entries: which one to keep', () => {
  const { rule, words } = of(
    "An error occurred (InvalidParameterException) when calling the PutLifecyclePolicy operation: Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: Only one rule can select Untagged images.'",
    'PutLifecyclePolicy',
    'api.ecr',
  );
  expect(rule).toBe('ecr-policy-invalid');
  expect(words).toMatch(/rules do not go together.*Keep one rule that can select Untagged images/);
  expect(words).not.toMatch(/missing, not allowed or of a wrong value/);
  expect(of('ValidationException: At most one target can be of type ECS per rule.', 'PutTargets').words).toContain(
    'Keep one target that can be of type ECS per rule',
  );
});

test('the field of a value that is wrong is no ground', () => {
  const refused = {
    text: 'InvalidParameterException: cpu is invalid',
    message: 'cpu is invalid',
    operation: 'RegisterTaskDefinition',
    service: undefined,
  };
  expect(statedGround(refused)).toBeUndefined();
});

test('an answer to a call that changes something is about its settings, and not an event', () => {
  for (const text of [
    'InvalidParameterException: Deployment circuit breaker feature requires ECS deployment controller.',
    'InvalidParameterException: The circuit breaker of tasks is odd.',
  ])
    expect(of(text, 'UpdateService').rule).not.toBe('circuit-breaker');
  expect(of('ECS deployment circuit breaker: tasks failed to start.').rule).toBe('circuit-breaker');
  expect(of('ECS deployment circuit breaker: tasks failed to start.', 'DescribeServices').rule).toBe('circuit-breaker');
  expect(of('Waiter ServicesStable failed: Max attempts exceeded', 'UpdateService').rule).toBe('waiter-timeout');
});

/** What the sentence alone states, as an answer to a call. */
const asked = (sentence: string, operation?: string, service?: unknown) => ({
  text: sentence,
  message: sentence,
  operation,
  service,
});
const stated = (sentence: string, operation?: string, service?: unknown) =>
  statedGround(asked(sentence, operation, service));

describe('another change of the same resource', () => {
  test.each([
    'ConcurrentUpdate: x',
    'ConcurrentModificationException',
    'OperationInProgress',
    'UpdateInProgressException',
    'ResourceInTransition',
    'There is a pending update to it.',
    'Ongoing operations of the service.',
    'A pending change exists.',
    'Concurrent modifications exist.',
    'Update in progress',
    'Updates are still pending.',
    'A deletion is underway',
    'Its creation is currently under way.',
    'The operation is already in progress.',
    'The change pending',
  ])('is waited for: %s', (sentence) => {
    expect(stated(sentence)).toEqual({
      cause: `The request was refused: another change of the same resource is not finished. AWS says: "${sentence.replace(/^ConcurrentUpdate: /, '')}"`,
      remedy: expect.stringMatching(/^Wait and run again: /),
      transient: true,
    });
  });
  test.each([
    'MyConcurrentUpdate',
    'There is no update pending.',
    'The change is pending, and not in progress.',
    "An update is pending, and it isn't ongoing.",
    'ServiceNotActiveException: an update is pending.',
    'The number of concurrent updates of it is exceeded.',
    'Concurrent updates of it: the limit is 5.',
    'A pending update of the limits.',
    'A pending update of the quotas',
    'A spending update to it.',
    'The update is pendingly slow',
    'The pending update is fine.',
  ])('is none: %s', (sentence) => expect(stated(sentence)).toBeUndefined());
});

describe('a role that the service may not take on', () => {
  test.each<[string, string, string, string]>([
    ['The role web must allow CodeDeploy to assume it.', 'CreateDeploymentGroup', ' web', 'codedeploy.amazonaws.com'],
    ["The role 'arn/web' does not have a trust policy.", 'PutTargets', ' arn/web', 'events.amazonaws.com'],
    ['role/path/web cannot be assumed.', 'CreateSchedule', ' path/web', 'scheduler.amazonaws.com'],
    ["Role: it can't be assumed", 'RegisterScalableTarget', '', 'application-autoscaling.amazonaws.com'],
    ['The role can not be assumed by x.amazonaws.com', 'PutRule', '', 'events.amazonaws.com'],
    ['The role could not be assumed by vpc-lattice.amazonaws.com', 'PutRule', '', 'vpc-lattice.amazonaws.com'],
    ['Unable to assume role', 'PutTargets', '', 'events.amazonaws.com'],
    ['Failed to assume the service role', 'PutTargets', '', 'events.amazonaws.com'],
    ['not able to assume the role', 'PutTargets', '', 'events.amazonaws.com'],
    ["The role doesn't include the principal", 'PutTargets', '', 'events.amazonaws.com'],
    ['The role needs to permit the service: trust it', 'PutTargets', '', 'events.amazonaws.com'],
    ['The role should trust it, so that it can assume', 'PutTargets', '', 'events.amazonaws.com'],
    ['The role cannot be assumed', 'Zorb', '', 'SERVICE.amazonaws.com'],
  ])('%s', (sentence, operation, role, principal) => {
    const { cause = '', remedy = '', transient } = stated(sentence, operation) ?? {};
    expect(cause).toContain(`${operation} was refused: the trust policy of the role${role} does not let `);
    expect(remedy).toContain(`Principal {"Service": "${principal}"}`);
    expect(transient).toBe(false);
  });
  test('whose name and service are not known', () =>
    expect(stated('The role cannot be assumed')?.cause).toBe(
      'The request was refused: the trust policy of the role does not let the service take it on. AWS says: "The role cannot be assumed"',
    ));
  test.each<[string, string | undefined]>([
    ['is not authorized to perform sts:AssumeRole: the role cannot be assumed', 'PutTargets'],
    ['The role cannot be assumed with web identity', 'PutTargets'],
    ['The role cannot be assumed with WebIdentity', 'PutTargets'],
    ['The role cannot be assumed', 'AssumeRole'],
    ['The role cannot be assumed', 'UpdateService'],
    ['The parole cannot be assumed', 'PutTargets'],
    ['The role is assumed', 'PutTargets'],
  ])('is not said by: %s (%s)', (sentence, operation) => expect(stated(sentence, operation)).toBeUndefined());
});

describe('subnets', () => {
  const SAME = 'two of its subnets are in one Availability Zone';
  const FEW = 'its subnets are in too few Availability Zones.';
  test.each([
    ['Two subnets are in the same Availability Zone', SAME],
    ['The subnet is in a single Availability Zone', SAME],
    ['Subnets of one Availability Zone', FEW],
    ['Give at least two subnets', FEW],
    ['A minimum of 2 Availability Zones', FEW],
    ['At least three of the Availability Zone', FEW],
    ['At least 3 subnet, and not subnets of the same Availability Zone', FEW],
  ])('%s', (sentence, cause) => expect(stated(sentence)?.cause).toContain(`refused: ${cause}`));
  test.each(['Two insubnets of the same Availability Zone', 'At least four subnets', 'At least twofold subnets'])(
    'are not meant: %s',
    (sentence) => expect(stated(sentence)).toBeUndefined(),
  );
});

describe('the prefix of tags that AWS keeps to itself', () => {
  test.each([
    'aws:prefix',
    'Keys with "aws:" prefix',
    'aws:* is reserved',
    'aws: reserved',
    'aws:-prefixed keys',
    'A prefix "aws:"',
    'Keys that begin with `aws:',
    "Keys starting with the 'aws:'",
    'reserved prefix aws:',
    'the reserved tag key prefix of aws:',
    'the reserved key prefix aws:',
  ])('%s', (sentence) => expect(stated(sentence)?.cause).toContain('the key of a tag begins with aws:'));
  test.each(['xaws:prefix', 'The key aws:x is fine', 'A restart of "aws:', 'unreserved prefix aws:'])(
    'is not meant: %s',
    (sentence) => expect(stated(sentence)).toBeUndefined(),
  );
});

describe('a feature of one deployment controller', () => {
  test.each([
    ['Zorbing requires ECS deployment controller', 'Zorbing', 'ECS'],
    ['Zorbs require an ECS deployment controller', 'Zorbs', 'ECS'],
    ['Zorbing feature needs a CODEDEPLOY deployment controller', 'Zorbing', 'CODE_DEPLOY'],
    ['Zorbs need the CODE_DEPLOY deployment controller', 'Zorbs', 'CODE_DEPLOY'],
    ['Zorbing works only with the external deployment controller', 'Zorbing', 'EXTERNAL'],
    ['Zorbs work only for the rolling deployment type', 'Zorbs', 'ECS'],
    ['Zorbing is only supported by the rolling update deployment type', 'Zorbing', 'ECS'],
    ['Zorbing only available for services with the ECS deployment controller', 'Zorbing', 'ECS'],
    ['Zorbing can only be set for services that use ECS deployment controller', 'Zorbing', 'ECS'],
    ['Zorbing can only be enabled with the ECS deployment controller', 'Zorbing', 'ECS'],
  ])('%s', (sentence, feature, controller) =>
    expect(stated(sentence)).toEqual({
      cause: `The request was refused: ${feature} works only with the deployment controller ${controller}, and the service has another. AWS says: "${sentence}"`,
      remedy: `Remove ${feature} from the request for this service, or use a service whose deploymentController is ${controller}.`,
      transient: false,
    }),
  );
  test('is called as the API calls it, with our input', () =>
    expect(stated('Circuit breaker requires ECS deployment controller', 'UpdateService')).toMatchObject({
      cause: expect.stringMatching(/^UpdateService was refused: deploymentCircuitBreaker works .* ECS says: /),
      remedy: expect.stringMatching(/^Remove deploymentCircuitBreaker \(input `circuit-breaker`\) from /),
    }));
});

describe('a setting of one operating system', () => {
  const OTHER = 'the setting that needs it (Service Connect, ';
  test.each<[string, string, string, string]>([
    ['Unsupported operating system: choose Linux', 'CreateService', OTHER, 'Linux'],
    ['Unsupported operating system. It requires Windows', 'CreateService', OTHER, 'Windows'],
    [
      'Unsupported operating system for circuit breaker; use linux',
      'CreateService',
      'deploymentCircuitBreaker',
      'linux',
    ],
    ['The circuit breaker is only supported on Linux', 'CreateService', 'deploymentCircuitBreaker', 'Linux'],
    ['It is only valid for Windows', 'CreateService', OTHER, 'Windows'],
    ['The runtimePlatform is only available with Linux', 'RegisterTaskDefinition', OTHER, 'Linux'],
  ])('%s', (sentence, operation, setting, system) => {
    const { cause, remedy = '' } = stated(sentence, operation) ?? {};
    expect(cause).toContain(`a setting of it works only with ${system} tasks`);
    expect(remedy.startsWith(`Leave out ${setting}`)).toBe(true);
    expect(remedy).toContain(`, or run the task on ${system}: `);
    expect(remedy.includes('of the task definition LINUX, with')).toBe(/linux/i.test(system));
  });
});

describe('a key that a login with a token does not take', () => {
  test.each([
    ['ExternalId', 'the external ID (input `role-external-id`)'],
    ['Tags', 'the session tags (input `role-skip-session-tagging: true`)'],
    ['TransitiveTagKeys', 'the transitive session tags'],
    ['SerialNumber', 'the MFA device'],
    ['TokenCode', 'the MFA code'],
    ['SourceIdentity', 'the source identity'],
  ])('%s', (key, named) => {
    const { cause, remedy } = stated(`Unexpected key '${key}' found in params`) ?? {};
    expect(cause).toContain(`a login with an OIDC token takes no ${key};`);
    expect(remedy).toMatch(/^Remove the /);
    expect(remedy).toContain(`Remove ${named} from the step that logs in`);
  });
  test.each<[string, string | undefined, boolean]>([
    ["Unexpected key 'Tags' found in params.Tags[0]", undefined, false],
    ["Unexpected key 'Tags' found in params.Tags[0]", 'AssumeRoleWithWebIdentity', true],
    ["Unexpected key 'Tags' found in params", 'AssumeRole', false],
    ['Unexpected key "Tags" found in params', undefined, true],
  ])('%s of %s: %s', (sentence, operation, isKey) => expect(stated(sentence, operation) !== undefined).toBe(isKey));
});

describe('what AWS says', () => {
  test.each([
    'ConflictException: Update in progress',
    'An error occurred (ConflictException) when calling the UpdateService operation: Update in progress',
    'An error occurred (X) when calling the Y operation (reached max retries: 4): Update in progress',
    'An error occurred (X) when calling the Y operation: ValidationError: Update in progress',
  ])('is its sentence alone: %s', (sentence) =>
    expect(stated(sentence)?.cause).toMatch(/ AWS says: "Update in progress"$/),
  );
  test.each(['Note: Update in progress', 'x ConflictException: Update in progress'])('is kept whole: %s', (sentence) =>
    expect(stated(sentence)?.cause).toContain(`AWS says: "${sentence}"`),
  );
  test('is cut, and read to its 2,000th character', () => {
    expect(stated(`Update in progress ${'x'.repeat(400)}`)?.cause.length).toBeLessThan(420);
    expect(stated(`${'x '.repeat(990)}update pending`)).toBeDefined();
    expect(stated(`${'x '.repeat(1_000)}update pending`)).toBeUndefined();
  });
  test('has the name of its service', () =>
    expect(stated('Update in progress', undefined, 'codedeploy')?.cause).toContain('CodeDeploy says: "'));
});
