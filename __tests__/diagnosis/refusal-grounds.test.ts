import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Surface } from '../../src/diagnosis/diagnosis.ts';
import { generalGround, oneOf, statedGround } from '../../src/diagnosis/refusal-grounds.ts';

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
  expect(oneOf('Each rule needs a priority')).toBeUndefined();
});

test('the field of a value that is wrong is no ground', () => {
  const refused = {
    text: 'InvalidParameterException: cpu is invalid',
    message: 'cpu is invalid',
    operation: 'RegisterTaskDefinition',
    service: undefined,
  };
  expect(statedGround(refused)).toBeUndefined();
  expect(generalGround(refused)).toBeUndefined();
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
