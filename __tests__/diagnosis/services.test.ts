import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { quotaCodeOf, serviceOf } from '../../src/diagnosis/services.ts';

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
  ['operation error RDS: ModifyDBInstance, https response error', undefined, undefined, 'RDS'],
  ['creating Application Auto Scaling Target: x', undefined, undefined, 'Application Auto Scaling'],
  ['error modifying ELBv2 Listener (arn): x', undefined, undefined, 'Elastic Load Balancing'],
  ['creating Secrets Manager Secret (web): x', undefined, undefined, 'Secrets Manager'],
  ['creating the report: x', undefined, undefined, undefined],
  ['CREATE_FAILED AWS::ElasticLoadBalancingV2::TargetGroup x', undefined, undefined, 'Elastic Load Balancing'],
  ['RulesPerSecurityGroupLimitExceeded: x', undefined, undefined, 'EC2'],
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

test.each([
  ['EC2', 'rules per security group', 'vpc'],
  ['EC2', 'vCPU', 'ec2'],
  ['ECR', 'repositories', 'ecr'],
  ['RDS', 'instances', undefined],
  [undefined, 'x', undefined],
])('the quotas of %s for %s have the code %s', (service, text, code) => {
  expect(quotaCodeOf(service, text)).toBe(code);
});
