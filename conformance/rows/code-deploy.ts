/** CodeDeploy, as far as a deploy of an ECS service uses it. Its deployments need a load balancer, which the stack does not have. */
import type { Scope } from '../account.ts';
import { present } from '../pattern.ts';
import { type Call, call, type Row } from '../row.ts';

const row = (given: Omit<Call<unknown>, 'page'>): Row => {
  const operation = given.operation.slice(given.operation.indexOf(':') + 1);
  const page = `https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_${operation}.html`;
  return call({ page, ...given, id: `codedeploy/${given.id}` });
};

const application = (scope: Scope): Promise<unknown> =>
  scope.need('codedeploy:CreateApplication', { applicationName: scope.name, computePlatform: 'ECS' });
const appSpec = JSON.stringify({
  version: 0.0,
  Resources: [
    {
      TargetService: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
          LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 80 },
        },
      },
    },
  ],
});
const revision = { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec } };
/** Of the right form; none is given twice. */
const UNKNOWN = 'd-000000000';
const NO_APPLICATION = { refused: 'ApplicationDoesNotExistException' } as const;
const NO_GROUP = { refused: 'DeploymentGroupDoesNotExistException' } as const;
const NO_DEPLOYMENT = { refused: 'DeploymentDoesNotExistException' } as const;

export const CODE_DEPLOY_ROWS: readonly Row[] = [
  row({
    id: 'application/create',
    rule: 'An application of the compute platform ECS is created by its name alone.',
    operation: 'codedeploy:CreateApplication',
    request: ({ name }) => ({ applicationName: name, computePlatform: 'ECS' }),
    documented: { ok: { applicationId: present } },
  }),
  row({
    id: 'application/twice',
    rule: 'The name of an application is unique in the account and Region.',
    operation: 'codedeploy:CreateApplication',
    before: application,
    request: ({ name }) => ({ applicationName: name, computePlatform: 'ECS' }),
    documented: { refused: 'ApplicationAlreadyExistsException' },
  }),
  row({
    id: 'group/none-yet',
    rule: 'An application has no deployment groups until one is created.',
    operation: 'codedeploy:ListDeploymentGroups',
    before: application,
    request: ({ name }) => ({ applicationName: name }),
    documented: { ok: { applicationName: /^<prefix>/, deploymentGroups: [] } },
  }),
  row({
    id: 'group/no-application',
    rule: 'A deployment group is looked up in its application, which must be there.',
    operation: 'codedeploy:GetDeploymentGroup',
    request: ({ name }) => ({ applicationName: name, deploymentGroupName: name }),
    documented: NO_APPLICATION,
  }),
  row({
    id: 'group/missing',
    rule: 'A deployment group that is not in the application is refused by another name than the application.',
    operation: 'codedeploy:GetDeploymentGroup',
    before: application,
    request: ({ name }) => ({ applicationName: name, deploymentGroupName: name }),
    documented: NO_GROUP,
  }),
  row({
    id: 'config/all-at-once',
    rule: 'CodeDeployDefault.ECSAllAtOnce shifts all traffic at once.',
    operation: 'codedeploy:GetDeploymentConfig',
    request: () => ({ deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce' }),
    documented: {
      ok: { deploymentConfigInfo: { computePlatform: 'ECS', trafficRoutingConfig: { type: 'AllAtOnce' } } },
    },
  }),
  row({
    id: 'config/canary',
    rule: 'CodeDeployDefault.ECSCanary10Percent5Minutes shifts 10 percent first, and the rest after 5 minutes.',
    operation: 'codedeploy:GetDeploymentConfig',
    request: () => ({ deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' }),
    documented: {
      ok: {
        deploymentConfigInfo: {
          trafficRoutingConfig: {
            type: 'TimeBasedCanary',
            timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 },
          },
        },
      },
    },
  }),
  row({
    id: 'config/linear',
    rule: 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes shifts 10 percent every 3 minutes.',
    operation: 'codedeploy:GetDeploymentConfig',
    request: () => ({ deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery3Minutes' }),
    documented: {
      ok: {
        deploymentConfigInfo: {
          trafficRoutingConfig: {
            type: 'TimeBasedLinear',
            timeBasedLinear: { linearPercentage: 10, linearInterval: 3 },
          },
        },
      },
    },
  }),
  row({
    id: 'config/missing',
    rule: 'A deployment configuration that is not there is refused.',
    operation: 'codedeploy:GetDeploymentConfig',
    request: ({ name }) => ({ deploymentConfigName: name }),
    documented: { refused: 'DeploymentConfigDoesNotExistException' },
  }),
  row({
    id: 'deployment/no-application',
    rule: 'A deployment is created in an application that is there.',
    operation: 'codedeploy:CreateDeployment',
    request: ({ name }) => ({ applicationName: name, deploymentGroupName: name, revision }),
    documented: NO_APPLICATION,
  }),
  row({
    id: 'deployment/no-group',
    rule: 'A deployment is created for a deployment group that is there.',
    operation: 'codedeploy:CreateDeployment',
    before: application,
    request: ({ name }) => ({ applicationName: name, deploymentGroupName: name, revision }),
    documented: NO_GROUP,
  }),
  row({
    id: 'deployment/unknown',
    rule: 'A deployment that is not there is refused by name.',
    operation: 'codedeploy:GetDeployment',
    request: () => ({ deploymentId: UNKNOWN }),
    documented: NO_DEPLOYMENT,
  }),
  row({
    id: 'deployment/no-id',
    rule: 'The id of a deployment has a form of its own.',
    operation: 'codedeploy:GetDeployment',
    request: () => ({ deploymentId: 'web' }),
    documented: { refused: 'InvalidDeploymentIdException' },
  }),
  row({
    id: 'deployment/stop-unknown',
    rule: 'Only a deployment that is there can be stopped.',
    operation: 'codedeploy:StopDeployment',
    request: () => ({ deploymentId: UNKNOWN, autoRollbackEnabled: true }),
    documented: NO_DEPLOYMENT,
  }),
  row({
    id: 'deployment/continue-unknown',
    rule: 'Only a deployment that is there can be continued.',
    operation: 'codedeploy:ContinueDeployment',
    request: () => ({ deploymentId: UNKNOWN, deploymentWaitType: 'READY_WAIT' }),
    documented: NO_DEPLOYMENT,
  }),
];
