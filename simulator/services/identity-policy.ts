/** What IAM asks of each call, and whether an identity's policy allows it: for roles that may do exactly what a policy names. */
import { ApiException, type CallContext } from '../wire/service.ts';
import type { Call, Fault } from '../wire/wire.ts';
import { conditionsHold, like } from './trust.ts';

type Input = Readonly<Record<string, unknown>>;
type Home = Pick<CallContext, 'accountId' | 'region' | 'partition'>;

/** An action on resources, each of which has to be allowed, and what is known of the request by condition key. */
export interface Permission {
  /** `ecs:UpdateService` */
  readonly action: string;
  readonly resources: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const object = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});
const texts = (value: unknown): string[] => list(value).map(String);
const NONE: ReadonlyMap<string, readonly string[]> = new Map();
const ALL = ['*'];

/** The resources of an operation; `undefined`: it has no resource types, and a policy has to name `*`. */
type Rows = Readonly<Record<string, (input: Input, home: Home) => Omit<Permission, 'action'> | undefined>>;

const ecsArn = ({ partition, region, accountId }: Home, kind: string, path: string): string =>
  path.startsWith('arn:') ? path : `arn:${partition}:ecs:${region}:${accountId}:${kind}/${path}`;
const lastOf = (arn: unknown): string => String(arn).slice(String(arn).lastIndexOf('/') + 1);
const clusterIn = ({ cluster }: Input): string => lastOf(cluster ?? 'default');

/** In a cluster, whose ARN is the condition key ecs:cluster. */
const inCluster = (input: Input, home: Home, resources: readonly string[]): Omit<Permission, 'action'> => ({
  resources,
  values: new Map([['ecs:cluster', [ecsArn(home, 'cluster', clusterIn(input))]]]),
});
const services = (names: unknown, input: Input, home: Home): string[] =>
  texts(names).map((name) => ecsArn(home, 'service', `${clusterIn(input)}/${lastOf(name)}`));

/**
 * A deployment or revision of a service needs its own ARN and the service's: "you must include an ARN or pattern for each
 * required resource type". `...:service-deployment/CLUSTER/SERVICE/ID`
 */
function ofService(arns: unknown, home: Home): Omit<Permission, 'action'> {
  const resources = texts(arns).flatMap((arn) => {
    const [, cluster = '', service = ''] = arn.split('/');
    return [ecsArn(home, 'service', `${cluster}/${service}`), arn];
  });
  return { resources, values: NONE };
}
/** The same of a daemon: `...:daemon-deployment/CLUSTER/DAEMON/ID`. */
function ofDaemon(arns: unknown, home: Home): Omit<Permission, 'action'> {
  const resources = texts(arns).flatMap((arn) => {
    const [, cluster = '', daemon = ''] = arn.split('/');
    return [ecsArn(home, 'daemon', `${cluster}/${daemon}`), arn];
  });
  return { resources, values: NONE };
}
/** An ARN, `family:revision` or every revision of `family`. */
const daemonDefinition = (named: unknown, home: Home): string =>
  ecsArn(home, 'daemon-task-definition', String(named).includes(':') ? String(named) : `${String(named)}:*`);
const free = (resources: readonly string[]): Omit<Permission, 'action'> => ({ resources, values: NONE });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
const ECS: Rows = {
  CreateService: (input, home) => inCluster(input, home, services(input.serviceName, input, home)),
  DescribeServices: (input, home) => inCluster(input, home, services(input.services, input, home)),
  UpdateService: (input, home) => inCluster(input, home, services(input.service, input, home)),
  DeleteService: (input, home) => inCluster(input, home, services(input.service, input, home)),
  CreateExpressGatewayService: (input, home) => inCluster(input, home, services(input.serviceName, input, home)),
  UpdateExpressGatewayService: ({ serviceArn }) => free([String(serviceArn)]),
  DescribeExpressGatewayService: ({ serviceArn }) => free([String(serviceArn)]),
  DeleteExpressGatewayService: ({ serviceArn }) => free([String(serviceArn)]),
  RegisterDaemonTaskDefinition: ({ family }, home) => free([daemonDefinition(family, home)]),
  DescribeDaemonTaskDefinition: ({ daemonTaskDefinition }, home) =>
    free([daemonDefinition(daemonTaskDefinition, home)]),
  DeleteDaemonTaskDefinition: ({ daemonTaskDefinition }, home) => free([daemonDefinition(daemonTaskDefinition, home)]),
  ListDaemons: ({ clusterArn }, home) => inCluster({ cluster: clusterArn }, home, ALL),
  DescribeDaemon: ({ daemonArn }) => free([String(daemonArn)]),
  UpdateDaemon: ({ daemonArn }) => free([String(daemonArn)]),
  DescribeDaemonDeployments: ({ daemonDeploymentArns }, home) => ofDaemon(daemonDeploymentArns, home),
  DescribeDaemonRevisions: ({ daemonRevisionArns }, home) => ofDaemon(daemonRevisionArns, home),
  ListServiceDeployments: (input, home) => inCluster(input, home, services(input.service, input, home)),
  DescribeServiceDeployments: ({ serviceDeploymentArns }, home) => ofService(serviceDeploymentArns, home),
  DescribeServiceRevisions: ({ serviceRevisionArns }, home) => ofService(serviceRevisionArns, home),
  StopServiceDeployment: ({ serviceDeploymentArn }, home) => ofService(serviceDeploymentArn, home),
  ContinueServiceDeployment: ({ serviceDeploymentArn }, home) => ofService(serviceDeploymentArn, home),
  // Its resource type is the container instance to filter by; without one a policy names `*` and the cluster as condition.
  ListTasks: (input, home) => inCluster(input, home, ALL),
  ListServices: (input, home) => inCluster(input, home, ALL),
  DescribeTasks: (input, home) =>
    inCluster(
      input,
      home,
      texts(input.tasks).map((task) => ecsArn(home, 'task', `${clusterIn(input)}/${lastOf(task)}`)),
    ),
  StopTask: (input, home) =>
    inCluster(input, home, [ecsArn(home, 'task', `${clusterIn(input)}/${lastOf(input.task)}`)]),
  RunTask: (input, home) => inCluster(input, home, [ecsArn(home, 'task-definition', lastOf(input.taskDefinition))]),
  RegisterTaskDefinition: ({ family }, home) => free([ecsArn(home, 'task-definition', `${String(family)}:*`)]),
  TagResource: ({ resourceArn }) => free([String(resourceArn)]),
  UntagResource: ({ resourceArn }) => free([String(resourceArn)]),
  DescribeClusters: ({ clusters = 'default' }, home) =>
    free(texts(clusters).map((name) => ecsArn(home, 'cluster', lastOf(name)))),
  DescribeCapacityProviders: ({ capacityProviders }, home) =>
    free(texts(capacityProviders).map((name) => ecsArn(home, 'capacity-provider', lastOf(name)))),
  ListContainerInstances: (input, home) => free([ecsArn(home, 'cluster', clusterIn(input))]),
  DescribeContainerInstances: (input, home) =>
    inCluster(
      input,
      home,
      texts(input.containerInstances).map((one) =>
        ecsArn(home, 'container-instance', `${clusterIn(input)}/${lastOf(one)}`),
      ),
    ),
};

const repositoryArn = (
  { partition, region, accountId }: Home,
  name: unknown,
  registryId: unknown = accountId,
): string => `arn:${partition}:ecr:${region}:${String(registryId)}:repository/${String(name)}`;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
const ecr = ({ repositoryName, repositoryNames, registryId }: Input, home: Home): Omit<Permission, 'action'> =>
  // Without a name all repositories are asked for.
  free(texts(repositoryName ?? repositoryNames ?? '*').map((name) => repositoryArn(home, name, registryId)));

const withArn = (input: Input): Omit<Permission, 'action'> =>
  free(texts(input.SecretId).filter((id) => id.startsWith('arn:')));

const scheduleOf = ({ GroupName = 'default', Name }: Input, { partition, region, accountId }: Home) =>
  free([`arn:${partition}:scheduler:${region}:${accountId}:schedule/${String(GroupName)}/${String(Name)}`]);

const taggedArn = ({ ResourceARN }: Input) => free([String(ResourceARN)]);

function ruleOf({ EventBusName = 'default', Rule, Name = Rule }: Input, { partition, region, accountId }: Home) {
  const bus = EventBusName === 'default' ? '' : `${String(EventBusName)}/`;
  return free([`arn:${partition}:events:${region}:${accountId}:rule/${bus}${String(Name)}`]);
}

const codeDeployArn = ({ partition, region, accountId }: Home, resource: string): string =>
  `arn:${partition}:codedeploy:${region}:${accountId}:${resource}`;
const deploymentGroup = ({ applicationName, deploymentGroupName }: Input, home: Home) =>
  free([codeDeployArn(home, `deploymentgroup:${String(applicationName)}/${String(deploymentGroupName)}`)]);

/** Of the service of each ARN; what has no row takes `*`. */
const SERVICES: Readonly<Record<string, Rows>> = {
  ecs: ECS,
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
  logs: {
    GetLogEvents: ({ logGroupName, logStreamName }, { partition, region, accountId }) =>
      free([
        `arn:${partition}:logs:${region}:${accountId}:log-group:${String(logGroupName)}:log-stream:${String(logStreamName)}`,
      ]),
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
  scheduler: {
    GetSchedule: scheduleOf,
    UpdateSchedule: scheduleOf,
    CreateSchedule: scheduleOf,
    ListTagsForResource: ({ ResourceArn }) => free([String(ResourceArn)]),
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
  events: {
    ListTargetsByRule: ruleOf,
    PutTargets: ruleOf,
    DescribeRule: ruleOf,
    PutRule: ruleOf,
    ListTagsForResource: taggedArn,
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
  'application-autoscaling': {
    RegisterScalableTarget: (_, { partition, region, accountId }) =>
      free([`arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/*`]),
    ListTagsForResource: taggedArn,
    TagResource: taggedArn,
    UntagResource: taggedArn,
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
  codedeploy: {
    GetDeploymentGroup: deploymentGroup,
    CreateDeployment: deploymentGroup,
    ListDeployments: deploymentGroup,
    BatchGetDeploymentGroups: ({ applicationName, deploymentGroupNames }, home) =>
      free(
        texts(deploymentGroupNames).map((name) =>
          codeDeployArn(home, `deploymentgroup:${String(applicationName)}/${name}`),
        ),
      ),
    ListDeploymentGroups: ({ applicationName }, home) =>
      free([codeDeployArn(home, `application:${String(applicationName)}`)]),
    BatchGetApplications: ({ applicationNames }, home) =>
      free(texts(applicationNames).map((name) => codeDeployArn(home, `application:${name}`))),
    GetDeploymentConfig: ({ deploymentConfigName }, home) =>
      free([codeDeployArn(home, `deploymentconfig:${String(deploymentConfigName)}`)]),
  },
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
  secretsmanager: { DescribeSecret: withArn, GetSecretValue: withArn },
};

/** What the account has, as far as it decides what a call needs. */
interface AccountFacts {
  /** The ARN of a role's name, with its path. */
  readonly roleArn: (name: string) => string;
  readonly hasObject: (bucket: string, key: string) => boolean;
  /** `APPLICATION/GROUP` of a deployment of CodeDeploy. */
  readonly groupOf: (deployment: string) => string | undefined;
}

/** The simulated account, as far as a policy is held against its calls. */
interface Account {
  readonly wire: { readonly faults: Fault[] };
  readonly registry: { refusal: ((operation: string, repository: string) => string | undefined) | undefined };
  readonly iam: { readonly roles: ReadonlyMap<string, { readonly path?: string }> };
  readonly s3: { readonly buckets: ReadonlyMap<string, { readonly keys: readonly string[] }> };
  readonly codeDeploy: { groupOf(deployment: string): string | undefined };
  readonly context: Home;
}

/** The facts of a simulated account. */
export const factsOf = ({ iam, s3, codeDeploy, context: { partition, accountId } }: Account): AccountFacts => ({
  groupOf: (deployment) => codeDeploy.groupOf(deployment),
  roleArn: (name) => `arn:${partition}:iam::${accountId}:role${iam.roles.get(name)?.path ?? '/'}${name}`,
  hasObject: (bucket, key) => s3.buckets.get(bucket)?.keys.includes(key) ?? false,
});

/**
 * What a call needs. Some need more than one action: tags at creation, roles that are passed on.
 */
export function permissionsOf(
  { service, operation, input }: Call,
  home: Home,
  { roleArn, hasObject, groupOf }: AccountFacts,
): readonly Permission[] {
  const own = (found: Omit<Permission, 'action'> | undefined, action = `${service}:${operation}`): Permission => ({
    action,
    ...(found ?? free(ALL)),
  });
  switch (service) {
    case 'sts':
      // GetCallerIdentity needs no permission; who may assume a role is the role's trust policy.
      return [];
    case 'ecr':
      if (operation === 'GetAuthorizationToken' || operation === 'DescribePullThroughCacheRules')
        return [own(undefined)];
      if (operation === 'CreateRepository' && list(input.tags).length > 0)
        return [own(ecr(input, home)), own(ecr(input, home), 'ecr:TagResource')];
      return [own(ecr(input, home))];
    case 'ecr-public':
      // https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html
      return operation === 'GetAuthorizationToken'
        ? [own(undefined), own(undefined, 'sts:GetServiceBearerToken')]
        : [own(undefined)];
    case 'iam': {
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
      const role = operation === 'GetRole' ? roleArn(String(input.RoleName)) : String(input.PolicySourceArn ?? '*');
      return [own(free([role]))];
    }
    case 's3': {
      // HeadObject: "If you have the s3:ListBucket permission on the bucket, Amazon S3 returns an HTTP status code 404", else 403.
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
      const [bucket = '', key = ''] = decodeURIComponent(String(input.path))
        .slice(1)
        .split(/\/(.*)/s);
      const arn = `arn:${home.partition}:s3:::${bucket}`;
      const lists = hasObject(bucket, key) ? [] : [own(free([arn]), 's3:ListBucket')];
      return [own(free([`${arn}/${key}`]), 's3:GetObject'), ...lists];
    }
    case 'codedeploy': {
      // By their deployment, which is of a group.
      const ids = [input.deploymentId, ...list(input.deploymentIds)].flatMap((id) => groupOf(String(id)) ?? []);
      const found =
        ids.length > 0
          ? free(ids.map((group) => codeDeployArn(home, `deploymentgroup:${group}`)))
          : SERVICES[service]?.[operation]?.(input, home);
      return [own(found), ...(operation === 'CreateDeployment' ? besideDeployment(input, home) : [])];
    }
    default:
      return [own(SERVICES[service]?.[operation]?.(input, home)), ...beside(service, operation, { input, home })];
  }
}

/** Its AppSpec becomes a revision of the application. https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html */
const besideDeployment = ({ applicationName, deploymentConfigName }: Input, home: Home): Permission[] => [
  {
    ...free([codeDeployArn(home, `application:${String(applicationName)}`)]),
    action: 'codedeploy:RegisterApplicationRevision',
  },
  {
    ...free([codeDeployArn(home, `deploymentconfig:${String(deploymentConfigName ?? 'of-the-group')}`)]),
    action: 'codedeploy:GetDeploymentConfig',
  },
];

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html */
function beside(
  service: string,
  operation: string,
  { input, home }: { readonly input: Input; readonly home: Home },
): Permission[] {
  if (service === 'scheduler' || service === 'events') return passedByTargets(service, operation, input);
  if (service !== 'ecs') return [];
  const needed: Permission[] = [];
  // ECS registers the revision of a new service in the caller's name: the README of amazon-ecs-deploy-express-service names both.
  if (operation === 'CreateExpressGatewayService' && input.primaryContainer !== undefined)
    needed.push({
      action: 'ecs:RegisterTaskDefinition',
      resources: [ecsArn(home, 'task-definition', `${clusterIn(input)}-${String(input.serviceName)}:*`)],
      values: NONE,
    });
  if (/^(?:Register|Create|Run)/.test(operation) && list(input.tags).length > 0) {
    const kind = /^Register(?:(Daemon))?TaskDefinition$/.exec(operation);
    const resources = kind
      ? [ecsArn(home, kind[1] ? 'daemon-task-definition' : 'task-definition', `${String(input.family)}:*`)]
      : operation === 'RunTask'
        ? [ecsArn(home, 'task', `${clusterIn(input)}/*`)]
        : services(input.serviceName, input, home);
    needed.push({ action: 'ecs:TagResource', resources, values: new Map([['ecs:createaction', [operation]]]) });
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
  const overrides = object(input.overrides);
  const passed = [input.executionRoleArn, input.taskRoleArn, overrides.executionRoleArn, overrides.taskRoleArn];
  const roles = passed.flatMap((role) => (role === undefined ? [] : [String(role)]));
  if (roles.length > 0)
    needed.push({
      action: 'iam:PassRole',
      resources: roles,
      values: new Map([['iam:passedtoservice', ['ecs-tasks.amazonaws.com']]]),
    });
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
  const toEcs = [
    ...list(input.loadBalancers).map((one) => object(object(one).advancedConfiguration).roleArn),
    ...list(object(input.deploymentConfiguration).lifecycleHooks).map((one) => object(one).roleArn),
    ...list(input.volumeConfigurations).map((one) => object(object(one).managedEBSVolume).roleArn),
    ...list(input.vpcLatticeConfigurations).map((one) => object(one).roleArn),
    operation === 'CreateService' ? input.role : undefined,
    input.infrastructureRoleArn,
  ].flatMap((role) => (role === undefined ? [] : [String(role)]));
  if (toEcs.length > 0)
    needed.push({
      action: 'iam:PassRole',
      resources: toEcs,
      values: new Map([['iam:passedtoservice', ['ecs.amazonaws.com']]]),
    });
  return needed;
}

/**
 * The role with which a target starts its task is passed to the service that starts it.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
function passedByTargets(service: 'scheduler' | 'events', operation: string, input: Input): Permission[] {
  const targets = /^(?:Create|Update)Schedule$|^PutTargets$/.test(operation) ? list(input.Targets ?? input.Target) : [];
  const roles = targets.flatMap((target) => texts(object(target).RoleArn));
  const values = new Map([['iam:passedtoservice', [`${service}.amazonaws.com`]]]);
  return roles.length > 0 ? [{ action: 'iam:PassRole', resources: roles, values }] : [];
}

/** Whether a statement of the policy allows the action on the resource, and none denies it. */
export function allows(policy: object, { action, values }: Omit<Permission, 'resources'>, resource: string): boolean {
  const effects = list(object(policy).Statement)
    .map(object)
    .filter(
      ({ Action, Resource, Condition }) =>
        texts(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
        texts(Resource).some((pattern) => like(pattern, resource)) &&
        conditionsHold(Condition, values),
    )
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** The words with which AWS refuses. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const refusal = (action: string, resource: string, { partition, accountId }: Home): string =>
  `User: arn:${partition}:sts::${accountId}:assumed-role/deploy/session is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

/** Why the policy does not allow what is needed; undefined where it does. */
function refusalOf(policy: object, needed: readonly Permission[], home: Home): string | undefined {
  for (const permission of needed) {
    const resource = permission.resources.find((one) => !allows(policy, permission, one));
    if (resource !== undefined) return refusal(permission.action, resource, home);
  }
  return undefined;
}

/**
 * The caller may do what the policy allows, and nothing else: on the wire, and in the account's registry.
 * @returns an end to it
 */
export function allowOnly(account: Account, policy: object): () => void {
  const { wire, registry, context } = account;
  const facts = factsOf(account);
  const fault: Fault = (call) => {
    const why = refusalOf(policy, permissionsOf(call, context, facts), context);
    return why === undefined ? undefined : new ApiException('AccessDeniedException', why);
  };
  wire.faults.push(fault);
  registry.refusal = (operation, name) => {
    const resources = [repositoryArn(context, name)];
    return refusalOf(policy, [{ action: `ecr:${operation}`, resources, values: NONE }], context);
  };
  return () => {
    wire.faults.splice(wire.faults.indexOf(fault), 1);
    registry.refusal = undefined;
  };
}
