import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { serviceOf } from '../../src/diagnosis/services.ts';

test.each<[string, string | undefined, string | undefined, string | undefined]>([
  ['anything', 'CreateDeployment', undefined, 'CodeDeploy'],
  ['anything', 'StopServiceDeployment', undefined, 'ECS'],
  ['anything', 'RegisterTaskDefinition', undefined, 'ECS'],
  ['anything', 'DescribeImages', undefined, 'ECR'],
  ['anything', 'DescribeTargetHealth', undefined, 'Elastic Load Balancing'],
  ['anything', 'GetLogEvents', undefined, 'CloudWatch Logs'],
  ['anything', 'AssumeRole', undefined, 'STS'],
  ['anything', 'CreateService', 'servicediscovery', 'Cloud Map'],
  ['anything', 'CreateService', undefined, 'ECS'],
  ['operation error Secrets Manager: GetSecretValue, https response error', undefined, undefined, 'Secrets Manager'],
  ['DeploymentGroupDoesNotExistException: No Deployment Group found', undefined, undefined, 'CodeDeploy'],
  // ECS quotes EC2; ECS is who refuses.
  ['does not exist (Service: AmazonEC2; Error Code: InvalidGroup.NotFound)', 'UpdateService', undefined, 'ECS'],
  ['something else', undefined, undefined, undefined],
])('%s of %s (%s) is %s', (text, operation, given, expected) => {
  expect(serviceOf(text, operation, given)).toBe(expected);
});

test.each([
  [
    'CreateDeployment',
    'ApplicationDoesNotExistException: No application found for name: AppECS-x',
    /no CodeDeploy application AppECS-x/,
    /AppECS-CLUSTER-SERVICE/,
  ],
  [
    'DescribeListeners',
    'ListenerNotFoundException: One or more listeners not found',
    /listener or listener rule does not exist/,
    /describe-listeners/,
  ],
  ['GetParameters', 'ParameterNotFound: ', /parameter does not exist/, /leading slash/],
  [
    'Decrypt',
    'DisabledException: arn:aws:kms:eu-west-1:123456789012:key/1 is disabled.',
    /KMS key arn:aws:kms\S+key\/1 is disabled/,
    /enable-key/,
  ],
  [
    'GetRole',
    'NoSuchEntityException: The role with name web cannot be found.',
    /IAM knows no such role/,
    /Correct the name/,
  ],
])('%s: %s', (operation, text, cause, remedy) => {
  const found = diagnose({ surface: 'api.ecs', text, context: { operation } });
  expect(found.cause).toMatch(cause);
  expect(found.remedy).toMatch(remedy);
  expect(`${found.cause} ${found.remedy}`).not.toMatch(/\bNAME\b|ECS refuses|ECS says/);
});
