/** Clusters, services, tasks and service deployments: single calls. */
import type { Scope } from '../account.ts';
import { absent, contains, empty, oneOf, present } from '../pattern.ts';
import { api, call, guide, type Row } from '../row.ts';
import type { Need } from '../stack.ts';
import {
  fargate,
  idleService,
  NO_SUBNET,
  network,
  newestDeployment,
  plain,
  register,
  service,
  settled,
} from '../world.ts';

const INVALID = { refused: 'InvalidParameterException' } as const;
const NO_CLUSTER = { refused: 'ClusterNotFoundException' } as const;
const SERVICE: readonly Need[] = ['Cluster', 'Subnets', 'SecurityGroup'];
const cluster = (scope: Scope): string => scope.output('Cluster');
/** Another subnet, with the security group of the usual ones. */
const inSubnet = (scope: Scope, subnet: string) => ({
  awsvpcConfiguration: { subnets: [subnet], securityGroups: [scope.output('SecurityGroup')] },
});
const registered = (scope: Scope): Promise<string> => register(scope, fargate(scope.name));

const CLUSTERS: readonly Row[] = [
  call({
    id: 'ecs/clusters/create',
    rule: 'A new cluster is ACTIVE and empty.',
    page: api('CreateCluster'),
    operation: 'ecs:CreateCluster',
    request: ({ name }) => ({ clusterName: name }),
    documented: {
      ok: { cluster: { status: 'ACTIVE', runningTasksCount: 0, pendingTasksCount: 0, activeServicesCount: 0 } },
    },
  }),
  call({
    id: 'ecs/clusters/unknown',
    rule: 'An unknown cluster is a failure MISSING with its ARN, not an error.',
    page: api('Failure'),
    operation: 'ecs:DescribeClusters',
    request: ({ name }) => ({ clusters: [name] }),
    documented: { ok: { clusters: empty, failures: [{ arn: /^arn:.*:cluster\//, reason: 'MISSING' }] } },
  }),
  call({
    id: 'ecs/clusters/delete-unknown',
    rule: 'To delete an unknown cluster is a ClusterNotFoundException.',
    page: api('DeleteCluster'),
    operation: 'ecs:DeleteCluster',
    request: ({ name }) => ({ cluster: name }),
    documented: NO_CLUSTER,
  }),
  call({
    id: 'ecs/clusters/delete-with-service',
    rule: 'A cluster with active services cannot be deleted.',
    page: api('DeleteCluster'),
    needs: ['Subnets', 'SecurityGroup'],
    operation: 'ecs:DeleteCluster',
    before: async (scope) => {
      await scope.need('ecs:CreateCluster', { clusterName: scope.name });
      await registered(scope);
      await scope.need('ecs:CreateService', service(scope, { cluster: scope.name }));
    },
    request: ({ name }) => ({ cluster: name }),
    documented: { refused: 'ClusterContainsServicesException' },
  }),
];

const CREATE: readonly Row[] = [
  call({
    id: 'ecs/create-service/idle',
    rule: 'A service without tasks is ACTIVE with one PRIMARY deployment; its lists are empty, and minimum and maximum percent are 100 and 200.',
    page: 'https://docs.aws.amazon.com/cli/latest/reference/ecs/create-service.html',
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope),
    documented: {
      ok: {
        service: {
          status: 'ACTIVE',
          desiredCount: 0,
          runningCount: 0,
          launchType: 'FARGATE',
          schedulingStrategy: 'REPLICA',
          deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
          deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', id: /^ecs-svc\// }],
          enableExecuteCommand: false,
          loadBalancers: [],
          serviceRegistries: [],
          placementConstraints: [],
          placementStrategy: [],
        },
      },
    },
  }),
  call({
    id: 'ecs/create-service/unknown-cluster',
    rule: 'An unknown cluster is a ClusterNotFoundException.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { cluster: scope.name }),
    documented: NO_CLUSTER,
  }),
  call({
    id: 'ecs/create-service/unknown-task-definition',
    rule: 'An unknown task definition is a ClientException.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    request: (scope) => service(scope),
    documented: { refused: 'ClientException' },
  }),
  call({
    id: 'ecs/create-service/inactive-task-definition',
    rule: 'New services cannot use an INACTIVE revision.',
    page: api('DeregisterTaskDefinition'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: async (scope) => {
      const taskDefinition = await registered(scope);
      await scope.need('ecs:DeregisterTaskDefinition', { taskDefinition });
      return taskDefinition;
    },
    request: (scope, taskDefinition) => service(scope, { taskDefinition }),
    documented: { refused: 'ClientException', words: /inactive/i },
  }),
  call({
    id: 'ecs/create-service/no-network',
    rule: 'awsvpc needs a network configuration.',
    page: api('CreateService'),
    needs: ['Cluster'],
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => {
      const { networkConfiguration: _, ...rest } = service(scope);
      return rest;
    },
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/name-characters',
    rule: 'A service name has letters, numbers, hyphens and underscores.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { serviceName: `${scope.name}.web` }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/launch-type-and-providers',
    rule: 'A capacity provider strategy goes without a launch type.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/unknown-platform',
    rule: 'An unknown platform version is a PlatformUnknownException.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { platformVersion: '9.9.9' }),
    documented: { refused: 'PlatformUnknownException' },
  }),
  call({
    id: 'ecs/create-service/blocked-percents',
    rule: 'Minimum and maximum percent cannot both be 100.',
    page: api('DeploymentConfiguration'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) =>
      service(scope, { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/exec-without-task-role',
    rule: 'ECS Exec needs a task role.',
    page: guide('ecs-exec'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { enableExecuteCommand: true }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/grace-period-without-health-check',
    rule: 'The health check grace period goes with a load balancer or a container health check.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => service(scope, { healthCheckGracePeriodSeconds: 60 }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/unknown-container',
    rule: 'A load balancer names a container of the task definition.',
    page: api('LoadBalancer'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) =>
      service(scope, {
        loadBalancers: [
          {
            containerName: 'web',
            containerPort: 80,
            targetGroupArn: `arn:aws:elasticloadbalancing:${scope.endpoint.region}:123456789012:targetgroup/web/0123456789abcdef`,
          },
        ],
      }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/fargate-daemon',
    rule: 'Fargate has no DAEMON services.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: registered,
    request: (scope) => {
      const { desiredCount: _, ...rest } = service(scope, { schedulingStrategy: 'DAEMON' });
      return rest;
    },
    documented: INVALID,
  }),
  call({
    id: 'ecs/create-service/same-name',
    rule: 'Another service of the same name cannot be created while the first one is active.',
    page: api('CreateService'),
    needs: SERVICE,
    operation: 'ecs:CreateService',
    before: (scope) => idleService(scope),
    request: (scope) => service(scope, { desiredCount: 1 }),
    documented: { ...INVALID, words: /idempotent/ },
  }),
];

const UPDATE: readonly Row[] = [
  call({
    id: 'ecs/update-service/unknown',
    rule: 'An unknown service is a ServiceNotFoundException.',
    page: api('UpdateService'),
    needs: ['Cluster'],
    operation: 'ecs:UpdateService',
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, desiredCount: 0 }),
    documented: { refused: 'ServiceNotFoundException' },
  }),
  call({
    id: 'ecs/update-service/deleted',
    rule: 'A deleted service is not active.',
    page: api('UpdateService'),
    needs: SERVICE,
    operation: 'ecs:UpdateService',
    before: async (scope) => {
      await idleService(scope);
      await scope.need('ecs:DeleteService', { cluster: cluster(scope), service: scope.name, force: true });
    },
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, desiredCount: 0 }),
    documented: { refused: ['ServiceNotActiveException', 'ServiceNotFoundException'] },
  }),
  call({
    id: 'ecs/update-service/desired-count',
    rule: 'A new desired count starts no deployment.',
    page: guide('update-service-parameters'),
    needs: SERVICE,
    operation: 'ecs:UpdateService',
    before: (scope) => idleService(scope),
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, desiredCount: 0 }),
    documented: { ok: { service: { deployments: [{ status: 'PRIMARY' }] } } },
  }),
  call({
    id: 'ecs/update-service/force',
    rule: 'forceNewDeployment starts a deployment of the same revision.',
    page: api('UpdateService'),
    needs: SERVICE,
    operation: 'ecs:UpdateService',
    before: async (scope) => {
      await idleService(scope);
      await settled(scope, scope.name);
    },
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, forceNewDeployment: true }),
    documented: { ok: { service: { deployments: contains({ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }) } } },
    leftOut: ['service.events'],
  }),
  call({
    id: 'ecs/update-service/inactive-task-definition',
    rule: 'A service cannot be updated to an INACTIVE revision.',
    page: api('DeregisterTaskDefinition'),
    needs: SERVICE,
    operation: 'ecs:UpdateService',
    before: async (scope) => {
      await idleService(scope);
      const taskDefinition = await register(scope, fargate(scope.name, 'better'));
      await scope.need('ecs:DeregisterTaskDefinition', { taskDefinition });
      return taskDefinition;
    },
    request: (scope, taskDefinition) => ({ cluster: cluster(scope), service: scope.name, taskDefinition }),
    documented: { refused: 'ClientException', words: /inactive/i },
  }),
  call({
    id: 'ecs/update-service/negative-count',
    rule: 'A desired count is not negative.',
    page: api('UpdateService'),
    needs: SERVICE,
    operation: 'ecs:UpdateService',
    before: (scope) => idleService(scope),
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, desiredCount: -1 }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/delete-service/scaled',
    rule: 'A service with a desired count above 0 is deleted only with force.',
    page: api('DeleteService'),
    needs: SERVICE,
    operation: 'ecs:DeleteService',
    before: (scope) => idleService(scope, { desiredCount: 1 }),
    request: (scope) => ({ cluster: cluster(scope), service: scope.name }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/delete-service/force',
    rule: 'A service that is deleted is DRAINING while its tasks stop, then INACTIVE.',
    page: api('DeleteService'),
    needs: SERVICE,
    operation: 'ecs:DeleteService',
    before: (scope) => idleService(scope),
    request: (scope) => ({ cluster: cluster(scope), service: scope.name, force: true }),
    documented: { ok: { service: { status: oneOf('DRAINING', 'INACTIVE'), desiredCount: 0 } } },
    leftOut: ['service.events'],
  }),
  call({
    id: 'ecs/delete-service/unknown',
    rule: 'An unknown service is a ServiceNotFoundException.',
    page: api('DeleteService'),
    needs: ['Cluster'],
    operation: 'ecs:DeleteService',
    request: (scope) => ({ cluster: cluster(scope), service: scope.name }),
    documented: { refused: 'ServiceNotFoundException' },
  }),
];

const READ: readonly Row[] = [
  call({
    id: 'ecs/describe-services/unknown',
    rule: 'An unknown service is a failure MISSING with its ARN.',
    page: guide('api_failures_messages'),
    needs: ['Cluster'],
    operation: 'ecs:DescribeServices',
    request: (scope) => ({ cluster: cluster(scope), services: [scope.name] }),
    documented: { ok: { services: empty, failures: [{ arn: /^arn:.*:service\//, reason: 'MISSING' }] } },
  }),
  call({
    id: 'ecs/describe-services/unknown-cluster',
    rule: 'An unknown cluster is a ClusterNotFoundException.',
    page: api('DescribeServices'),
    operation: 'ecs:DescribeServices',
    request: ({ name }) => ({ cluster: name, services: [name] }),
    documented: NO_CLUSTER,
  }),
  call({
    id: 'ecs/describe-services/eleven',
    rule: 'One call describes at most 10 services.',
    page: api('DescribeServices'),
    needs: ['Cluster'],
    operation: 'ecs:DescribeServices',
    request: (scope) => ({
      cluster: cluster(scope),
      services: Array.from({ length: 11 }, (_, i) => `${scope.name}-${i}`),
    }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/describe-services/idle',
    rule: 'A service shows its deployments, events and counts.',
    page: api('Service'),
    needs: SERVICE,
    operation: 'ecs:DescribeServices',
    before: async (scope) => {
      await idleService(scope);
      await settled(scope, scope.name);
    },
    request: (scope) => ({ cluster: cluster(scope), services: [scope.name], include: ['TAGS'] }),
    documented: {
      ok: {
        services: [
          {
            status: 'ACTIVE',
            deployments: [{ rolloutState: 'COMPLETED', failedTasks: 0 }],
            events: contains({
              id: present,
              createdAt: '<time>',
              message: /^\(service .*\) has reached a steady state\.$/,
            }),
            currentServiceDeployment: /:service-deployment\//,
          },
        ],
        failures: empty,
      },
    },
  }),
  call({
    id: 'ecs/list-services/cluster',
    rule: 'The services of a cluster are listed by ARN.',
    page: api('ListServices'),
    needs: ['Subnets', 'SecurityGroup'],
    operation: 'ecs:ListServices',
    before: async (scope) => {
      await scope.need('ecs:CreateCluster', { clusterName: scope.name });
      await registered(scope);
      await scope.need('ecs:CreateService', service(scope, { cluster: scope.name }));
    },
    request: ({ name }) => ({ cluster: name }),
    documented: { ok: { serviceArns: [/:service\//], nextToken: absent } },
  }),
  call({
    id: 'ecs/list-services/unknown-cluster',
    rule: 'An unknown cluster is a ClusterNotFoundException.',
    page: api('ListServices'),
    operation: 'ecs:ListServices',
    request: ({ name }) => ({ cluster: name }),
    documented: NO_CLUSTER,
  }),
  call({
    id: 'ecs/list-tasks/unknown-service',
    rule: 'An unknown service is a ServiceNotFoundException.',
    page: api('ListTasks'),
    needs: ['Cluster'],
    operation: 'ecs:ListTasks',
    request: (scope) => ({ cluster: cluster(scope), serviceName: scope.name }),
    documented: { refused: 'ServiceNotFoundException' },
  }),
  call({
    id: 'ecs/describe-tasks/unknown',
    rule: 'An unknown task is a failure MISSING with its ARN.',
    page: api('Failure'),
    needs: ['Cluster'],
    operation: 'ecs:DescribeTasks',
    request: (scope) => ({ cluster: cluster(scope), tasks: ['0123456789abcdef0123456789abcdef'] }),
    documented: { ok: { tasks: empty, failures: [{ arn: /^arn:.*:task\//, reason: 'MISSING' }] } },
  }),
  call({
    id: 'ecs/stop-task/unknown',
    rule: 'An unknown task is an InvalidParameterException.',
    page: api('StopTask'),
    needs: ['Cluster'],
    operation: 'ecs:StopTask',
    request: (scope) => ({ cluster: cluster(scope), task: '0123456789abcdef0123456789abcdef' }),
    documented: { ...INVALID, words: /^The referenced task was not found\.$/ },
  }),
];

/** One task on Fargate, always the same request for a row. */
const withToken = (scope: Scope, taskDefinition: string) => ({
  cluster: cluster(scope),
  taskDefinition,
  launchType: 'FARGATE',
  networkConfiguration: network(scope),
  startedBy: scope.name,
  clientToken: scope.name,
});

/** RunTask on Fargate, with what a row is about. */
const onFargate = (scope: Scope, taskDefinition: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  cluster: cluster(scope),
  taskDefinition,
  launchType: 'FARGATE',
  networkConfiguration: network(scope),
  ...more,
});

const RUN_TASK: readonly Row[] = [
  call({
    id: 'ecs/run-task/provisioning',
    rule: 'A task that was just started on Fargate is PROVISIONING.',
    page: guide('task-lifecycle-explanation'),
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) => onFargate(scope, taskDefinition),
    documented: {
      ok: {
        tasks: [
          { lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', launchType: 'FARGATE', cpu: '256', memory: '512' },
        ],
        failures: empty,
      },
    },
  }),
  call({
    id: 'ecs/run-task/no-network',
    rule: 'awsvpc needs a network configuration.',
    page: api('RunTask'),
    needs: ['Cluster'],
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) => ({ cluster: cluster(scope), taskDefinition, launchType: 'FARGATE' }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/run-task/unknown-subnet',
    rule: 'The subnets of a task exist: the call is refused, and no task starts that could not get its network interface.',
    page: api('RunTask'),
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) =>
      onFargate(scope, taskDefinition, { networkConfiguration: inSubnet(scope, NO_SUBNET) }),
    documented: { ...INVALID, words: /subnet/i },
  }),
  call({
    id: 'ecs/run-task/other-vpc',
    rule: 'Security groups and subnets are of the same VPC ("All specified security groups must be from the same VPC").',
    page: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html',
    needs: [...SERVICE, 'OtherSubnet'],
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) =>
      onFargate(scope, taskDefinition, { networkConfiguration: inSubnet(scope, scope.output('OtherSubnet')) }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/run-task/eleven',
    rule: 'One call starts at most 10 tasks.',
    page: api('RunTask'),
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) => onFargate(scope, taskDefinition, { count: 11 }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/run-task/unknown-container',
    rule: 'An override names a container of the task definition.',
    page: api('RunTask'),
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) =>
      onFargate(scope, taskDefinition, { overrides: { containerOverrides: [{ name: 'web', command: ['true'] }] } }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/run-task/token-in-use',
    rule: 'A client token of another request is a ConflictException.',
    page: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html',
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: async (scope) => {
      const taskDefinition = await registered(scope);
      await scope.need('ecs:RunTask', withToken(scope, taskDefinition));
      return taskDefinition;
    },
    request: (scope, taskDefinition) => ({ ...withToken(scope, taskDefinition), startedBy: 'another' }),
    documented: { refused: 'ConflictException' },
  }),
  call({
    id: 'ecs/run-task/same-token',
    rule: 'The same request with the same client token succeeds and starts nothing: the answer has the first task.',
    page: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html',
    needs: SERVICE,
    operation: 'ecs:ListTasks',
    before: async (scope) => {
      const request = withToken(scope, await registered(scope));
      await scope.need('ecs:RunTask', request);
      await scope.need('ecs:RunTask', request);
    },
    request: (scope) => ({ cluster: cluster(scope), startedBy: scope.name }),
    documented: { ok: { taskArns: [/:task\//] } },
  }),
  call({
    id: 'ecs/stop-task/reason',
    rule: 'A stopped task has the reason of the request as stoppedReason, and the stop code UserInitiated.',
    page: api('StopTask'),
    needs: SERVICE,
    operation: 'ecs:StopTask',
    before: async (scope) => {
      const answer = await scope.need('ecs:RunTask', withToken(scope, await registered(scope)));
      return String((answer.tasks as readonly { taskArn?: string }[] | undefined)?.[0]?.taskArn);
    },
    request: (scope, task) => ({ cluster: cluster(scope), task, reason: 'no longer needed' }),
    documented: {
      ok: { task: { desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'no longer needed' } },
    },
  }),
  call({
    id: 'ecs/run-task/overrides-too-long',
    rule: 'Overrides have at most 8,192 characters as JSON.',
    page: api('RunTask'),
    needs: SERVICE,
    operation: 'ecs:RunTask',
    before: registered,
    request: (scope, taskDefinition) => ({
      ...withToken(scope, taskDefinition),
      overrides: { containerOverrides: [{ name: 'app', command: ['x'.repeat(8200)] }] },
    }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/run-task/no-instances',
    rule: 'A cluster without container instances cannot run tasks on EC2.',
    page: api('RunTask'),
    operation: 'ecs:RunTask',
    before: async (scope) => {
      await scope.need('ecs:CreateCluster', { clusterName: scope.name });
      return register(scope, plain(scope.name));
    },
    request: ({ name }, taskDefinition) => ({ cluster: name, taskDefinition, launchType: 'EC2' }),
    documented: { ...INVALID, words: /^No Container Instances were found in your cluster\.$/ },
  }),
];

const DEPLOYMENTS: readonly Row[] = [
  call({
    id: 'ecs/service-deployments/list',
    rule: 'The creation of a service is its first service deployment.',
    page: api('ListServiceDeployments'),
    needs: SERVICE,
    operation: 'ecs:ListServiceDeployments',
    before: async (scope) => {
      await idleService(scope);
      await settled(scope, scope.name);
    },
    request: (scope) => ({ cluster: cluster(scope), service: scope.name }),
    documented: {
      ok: {
        serviceDeployments: [
          { status: 'SUCCESSFUL', targetServiceRevisionArn: /:service-revision\//, finishedAt: '<time>' },
        ],
      },
    },
  }),
  call({
    id: 'ecs/service-deployments/list-unknown',
    rule: 'An unknown service is a ServiceNotFoundException.',
    page: api('ListServiceDeployments'),
    needs: ['Cluster'],
    operation: 'ecs:ListServiceDeployments',
    request: (scope) => ({ cluster: cluster(scope), service: scope.name }),
    documented: { refused: 'ServiceNotFoundException' },
  }),
  call({
    id: 'ecs/service-deployments/describe-unknown',
    rule: 'An unknown service deployment is a failure.',
    page: api('DescribeServiceDeployments'),
    needs: SERVICE,
    operation: 'ecs:DescribeServiceDeployments',
    before: async (scope) => {
      await idleService(scope);
      return String((await newestDeployment(scope, scope.name))?.serviceDeploymentArn).replace(
        /[^/]+$/,
        '0123456789abcdefghijk',
      );
    },
    request: (_, arn) => ({ serviceDeploymentArns: [arn] }),
    documented: { ok: { serviceDeployments: empty, failures: [{ reason: 'MISSING' }] } },
  }),
  call({
    id: 'ecs/service-deployments/revision',
    rule: 'A service revision shows its task definition and images.',
    page: api('DescribeServiceRevisions'),
    needs: SERVICE,
    operation: 'ecs:DescribeServiceRevisions',
    before: async (scope) => {
      await idleService(scope);
      return String((await settled(scope, scope.name))?.targetServiceRevision?.arn);
    },
    request: (_, arn) => ({ serviceRevisionArns: [arn] }),
    documented: {
      ok: {
        serviceRevisions: [
          {
            taskDefinition: /:task-definition\//,
            launchType: 'FARGATE',
            containerImages: [{ containerName: 'app', image: present }],
          },
        ],
        failures: empty,
      },
    },
  }),
  call({
    id: 'ecs/service-deployments/stop-finished',
    rule: 'A service deployment that has ended cannot be stopped.',
    page: api('StopServiceDeployment'),
    needs: SERVICE,
    operation: 'ecs:StopServiceDeployment',
    before: async (scope) => {
      await idleService(scope);
      return (await settled(scope, scope.name))?.serviceDeploymentArn;
    },
    request: (_, serviceDeploymentArn) => ({ serviceDeploymentArn }),
    documented: { refused: ['ConflictException', 'InvalidParameterException'] },
  }),
  call({
    id: 'ecs/service-deployments/stop-unknown',
    rule: 'An unknown service deployment is a ServiceDeploymentNotFoundException.',
    page: api('StopServiceDeployment'),
    needs: SERVICE,
    operation: 'ecs:StopServiceDeployment',
    before: async (scope) => {
      await idleService(scope);
      return String((await newestDeployment(scope, scope.name))?.serviceDeploymentArn).replace(
        /[^/]+$/,
        '0123456789abcdefghijk',
      );
    },
    request: (_, serviceDeploymentArn) => ({ serviceDeploymentArn }),
    documented: { refused: 'ServiceDeploymentNotFoundException' },
  }),
];

export const SERVICE_ROWS: readonly Row[] = [...CLUSTERS, ...CREATE, ...UPDATE, ...READ, ...RUN_TASK, ...DEPLOYMENTS];
