/**
 * The same as ../service.yml with the AWS CDK: a private Fargate service behind a load balancer, to be deployed by ecs-rollout.
 *
 *   npm install && npx cdk deploy -c repository=my-org/web
 */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr';
import {
  AlarmBehavior,
  Cluster,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { OpenIdConnectProvider, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';

const app = new App();
/** As `sub` of its OIDC token names it; with ids if it was created or renamed since 15 July 2026: OWNER@ID/NAME@ID. */
const repository: unknown = app.node.tryGetContext('repository');
if (typeof repository !== 'string')
  throw new Error('Name the repository whose workflow deploys: -c repository=OWNER/NAME');
const environment = String(app.node.tryGetContext('environment') ?? 'production');
const containerPort = 8080;
const stack = new Stack(app, 'web');

const vpc = new Vpc(stack, 'Vpc', {
  maxAzs: 2,
  natGateways: 0,
  subnetConfiguration: [
    { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24 },
    { name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
  ],
});
// A task without a route to one of these stops with ResourceInitializationError or CannotPullContainerError.
for (const service of ['ECR', 'ECR_DOCKER', 'CLOUDWATCH_LOGS', 'SECRETS_MANAGER'] as const)
  vpc.addInterfaceEndpoint(service, { service: InterfaceVpcEndpointAwsService[service] });
// The layers of ECR images are in S3.
vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });

const images = new Repository(stack, 'Images', {
  repositoryName: 'web/app',
  imageTagMutability: TagMutability.IMMUTABLE,
  imageScanOnPush: true,
  lifecycleRules: [{ description: 'Keep what can be rolled back to', maxImageCount: 100 }],
});
const logGroup = new LogGroup(stack, 'Logs', { logGroupName: '/ecs/web', retention: RetentionDays.ONE_MONTH });

const cluster = new Cluster(stack, 'Cluster', { vpc, clusterName: 'web' });
const taskDefinition = new FargateTaskDefinition(stack, 'TaskDefinition', {
  family: 'web',
  cpu: 256,
  memoryLimitMiB: 512,
  runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64 },
});
taskDefinition.addContainer('app', {
  image: ContainerImage.fromEcrRepository(images, 'first'),
  portMappings: [{ containerPort }],
  logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'app' }),
});

// No task until the first deploy: the stack would wait for a placeholder that has no image yet.
const service = new FargateService(stack, 'Service', {
  serviceName: 'web',
  cluster,
  taskDefinition,
  desiredCount: 0,
  minHealthyPercent: 100,
  maxHealthyPercent: 200,
  circuitBreaker: { rollback: true },
  healthCheckGracePeriod: Duration.seconds(60),
  vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
});
const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
const targets = balancer.addListener('Http', { port: 80 }).addTargets('Tasks', {
  port: containerPort,
  protocol: ApplicationProtocol.HTTP,
  targets: [service],
  deregistrationDelay: Duration.seconds(30),
  healthCheck: { path: '/healthz', interval: Duration.seconds(10), healthyThresholdCount: 2 },
});
const serverErrors = new Alarm(stack, 'ServerErrors', {
  alarmName: 'web-5xx',
  metric: targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period: Duration.minutes(1) }),
  evaluationPeriods: 2,
  threshold: 10,
  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});
service.enableDeploymentAlarms([serverErrors.alarmName], { behavior: AlarmBehavior.ROLLBACK_ON_ALARM });

// An account has one provider for GitHub: pass its ARN where it exists (-c provider=arn:aws:iam::...).
const provider: unknown = app.node.tryGetContext('provider');
const github =
  provider === undefined
    ? new OpenIdConnectProvider(stack, 'GitHub', {
        url: 'https://token.actions.githubusercontent.com',
        clientIds: ['sts.amazonaws.com'],
      })
    : OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'GitHub', String(provider));
const deploy = new Role(stack, 'Deploy', {
  maxSessionDuration: Duration.hours(2),
  assumedBy: new WebIdentityPrincipal(github.openIdConnectProviderArn, {
    StringEquals: {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': `repo:${repository}:environment:${environment}`,
    },
  }),
});
images.grantPullPush(deploy);
images.grant(deploy, 'ecr:DescribeRepositories');
logGroup.grant(deploy, 'logs:GetLogEvents');
const ecs = (resource: string): string => stack.formatArn({ service: 'ecs', resource: resource });
const statements: readonly (readonly [actions: readonly string[], resources: readonly string[]])[] = [
  [
    [
      'ecs:ContinueServiceDeployment',
      'ecs:DescribeServiceDeployments',
      'ecs:DescribeServiceRevisions',
      'ecs:DescribeServices',
      'ecs:DescribeTasks',
      'ecs:ListServiceDeployments',
      'ecs:StopServiceDeployment',
      'ecs:UpdateService',
    ],
    [service.serviceArn, ...['service-deployment', 'service-revision', 'task'].map((kind) => ecs(`${kind}/web/*`))],
  ],
  [['ecs:RegisterTaskDefinition', 'ecs:DeregisterTaskDefinition', 'ecs:TagResource'], [ecs('task-definition/web:*')]],
  [['ecs:DescribeClusters'], [cluster.clusterArn]],
  [
    ['iam:PassRole', 'iam:GetRole', 'iam:SimulatePrincipalPolicy'],
    [taskDefinition.taskRole.roleArn, taskDefinition.obtainExecutionRole().roleArn],
  ],
  // These take no resource.
  [
    [
      'ecs:DescribeTaskDefinition',
      'ecs:ListTaskDefinitions',
      'ecs:ListTasks',
      'cloudwatch:DescribeAlarms',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'logs:DescribeLogGroups',
    ],
    ['*'],
  ],
];
for (const [actions, resources] of statements)
  deploy.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));

// The values of the step's inputs.
new CfnOutput(stack, 'RepositoryName', { value: images.repositoryName });
new CfnOutput(stack, 'ClusterName', { value: cluster.clusterName });
new CfnOutput(stack, 'ServiceName', { value: service.serviceName });
new CfnOutput(stack, 'RoleToAssume', { value: deploy.roleArn });
