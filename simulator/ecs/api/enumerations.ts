import {
  ApplicationProtocol,
  CapacityProviderField,
  ClusterField,
  Compatibility,
  ContainerCondition,
  ContainerInstanceField,
  ContainerInstanceStatus,
  CPUArchitecture,
  DaemonPropagateTags,
  DeploymentLifecycleHookAction,
  DeploymentLifecycleHookStage,
  DeploymentStrategy,
  DesiredStatus,
  EFSAuthorizationConfigIAM,
  EFSTransitEncryption,
  FirelensConfigurationType,
  IpcMode,
  LaunchType,
  LogDriver,
  NetworkMode,
  OSFamily,
  PidMode,
  PropagateTags,
  SchedulingStrategy,
  Scope,
  ServiceDeploymentStatus,
  ServiceRevisionCleanup,
  SortOrder,
  StopServiceDeploymentStopType,
  TaskDefinitionFamilyStatus,
  TaskDefinitionStatus,
  TransportProtocol,
  VersionConsistency,
} from '@aws-sdk/client-ecs';

/** Members with enumerated values (SDK): by their name where it has one meaning in all requests, else with the member that holds them. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  action: Object.values(DeploymentLifecycleHookAction),
  appProtocol: Object.values(ApplicationProtocol),
  condition: Object.values(ContainerCondition),
  cpuArchitecture: Object.values(CPUArchitecture),
  desiredStatus: Object.values(DesiredStatus),
  'firelensConfiguration.type': Object.values(FirelensConfigurationType),
  iam: Object.values(EFSAuthorizationConfigIAM),
  ipcMode: Object.values(IpcMode),
  launchType: Object.values(LaunchType),
  lifecycleStages: Object.values(DeploymentLifecycleHookStage),
  logDriver: Object.values(LogDriver),
  networkMode: Object.values(NetworkMode),
  operatingSystemFamily: Object.values(OSFamily),
  pidMode: Object.values(PidMode),
  propagateTags: Object.values(PropagateTags),
  protocol: Object.values(TransportProtocol),
  requiresCompatibilities: Object.values(Compatibility),
  schedulingStrategy: Object.values(SchedulingStrategy),
  scope: Object.values(Scope),
  sort: Object.values(SortOrder),
  sourceServiceRevisionCleanup: Object.values(ServiceRevisionCleanup),
  stopType: Object.values(StopServiceDeploymentStopType),
  strategy: Object.values(DeploymentStrategy),
  transitEncryption: Object.values(EFSTransitEncryption),
  versionConsistency: Object.values(VersionConsistency),
};
/** Of the setting containerInsights. */
const INSIGHTS = ['enabled', 'disabled', 'enhanced'];
/** The same for single operations. */
const OF_OPERATION: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  DescribeCapacityProviders: { include: Object.values(CapacityProviderField) },
  DescribeClusters: { include: Object.values(ClusterField) },
  DescribeServices: { include: ['TAGS'] },
  DescribeTasks: { include: ['TAGS'] },
  CreateCluster: { name: ['containerInsights'], value: INSIGHTS },
  UpdateCluster: { name: ['containerInsights'], value: INSIGHTS },
  UpdateClusterSettings: { name: ['containerInsights'], value: INSIGHTS },
  DescribeContainerInstances: { include: Object.values(ContainerInstanceField) },
  CreateDaemon: { propagateTags: Object.values(DaemonPropagateTags) },
  UpdateDaemon: { propagateTags: Object.values(DaemonPropagateTags) },
  DescribeTaskDefinition: { include: ['TAGS'] },
  ListServiceDeployments: { status: Object.values(ServiceDeploymentStatus) },
  ListTaskDefinitionFamilies: { status: Object.values(TaskDefinitionFamilyStatus) },
  ListTaskDefinitions: { status: Object.values(TaskDefinitionStatus) },
  ListContainerInstances: { status: Object.values(ContainerInstanceStatus) },
};
/** Maps with keys of the user. */
const FREE = new Set(['options', 'dockerLabels', 'driverOpts', 'labels', 'tags', 'environment']);

/** The first value that is not in the service model's enumeration, in words; undefined when all are. */
export function enumerationProblem(operation: string, input: object): string | undefined {
  return problem(input, { ...VALUES, ...OF_OPERATION[operation] });
}

function problem(value: unknown, allowed: typeof VALUES, holder = ''): string | undefined {
  if (Array.isArray(value)) return first(value, (item) => problem(item, allowed, holder));
  if (typeof value !== 'object' || value === null) return undefined;
  return first(Object.entries(value), ([member, item]) => {
    if (FREE.has(member)) return undefined;
    const values = allowed[`${holder}.${member}`] ?? allowed[member];
    if (!values) return problem(item, allowed, member);
    const wrong = [item].flat().find((one) => typeof one === 'string' && !values.includes(one));
    return wrong === undefined
      ? problem(item, allowed, member)
      : `Invalid value '${String(wrong)}' for ${member}. Valid values: ${values.join(', ')}.`;
  });
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
