import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import type { SimCluster } from '../state.ts';
import { isFargateSize } from './fargate-rules.ts';
import {
  cpuOf,
  type Definition,
  guide,
  type Labels,
  memoryOf,
  missingInNetwork,
  type Rule,
  reference,
} from './rule.ts';

/** What RunTask would start. */
export interface RunPlan {
  readonly given: RunTaskRequest;
  readonly definition: Definition & { readonly compatibilities: readonly string[]; readonly status: string };
  readonly cluster: SimCluster;
  /** By launch type or capacity provider. */
  readonly launchType: string;
  /** Ids of subnets and security groups that do not exist. */
  readonly missing: ReadonlySet<string>;
}

const rule = (labels: Labels, breach: Rule<RunPlan>['breach']): Rule<RunPlan> => ({ ...labels, breach });
const MOST_TASKS = 10;
/** "A total of 8192 characters are allowed for overrides. This limit includes the JSON formatting characters." */
const MOST_OVERRIDES = 8192;
const MOST_STARTED_BY = 128;
const PLATFORM_VERSIONS: readonly string[] = ['LATEST', '1.4.0', '1.3.0', '1.2.0', '1.1.0', '1.0.0'];

/** What RunTask refuses, in the order in which it is looked at. */
export const RUN_RULES: readonly Rule<RunPlan>[] = [
  rule(guide('deregister-task-definition-v2.html', 'aws'), ({ definition }) =>
    definition.status === 'ACTIVE' ? undefined : 'TaskDefinition is inactive',
  ),
  rule(reference('RunTask'), ({ given: { count = 1 } }) =>
    count < 1 || count > MOST_TASKS ? `Count must be between 1 and ${MOST_TASKS}.` : undefined,
  ),
  rule(reference('RunTask', 'aws'), ({ given }) =>
    given.launchType !== undefined && given.capacityProviderStrategy !== undefined
      ? 'Specify either Launch Type or Capacity Provider Strategy, but not both.'
      : undefined,
  ),
  rule(reference('CapacityProviderStrategyItem'), ({ given: { capacityProviderStrategy = [] }, cluster }) => {
    const [lost] = capacityProviderStrategy.filter(
      ({ capacityProvider = '' }) => !cluster.capacityProviders.includes(capacityProvider),
    );
    return (
      lost &&
      `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider ${lost.capacityProvider} with the cluster and try again.`
    );
  }),
  rule(reference('RunTask', 'aws'), ({ launchType, definition }) =>
    definition.compatibilities.includes(launchType) || launchType === 'MANAGED_INSTANCES'
      ? undefined
      : `Task definition does not support launch_type ${launchType}.`,
  ),
  rule(reference('RunTask', 'aws'), ({ given, definition }) =>
    definition.networkMode === 'awsvpc' && given.networkConfiguration === undefined
      ? "Network Configuration must be provided when networkMode 'awsvpc' is specified."
      : undefined,
  ),
  rule(reference('RunTask', 'aws'), ({ given, definition }) =>
    definition.networkMode !== 'awsvpc' && given.networkConfiguration !== undefined
      ? 'Network Configuration is not valid for the given networkMode of this task definition.'
      : undefined,
  ),
  rule(reference('RunTask', 'aws'), ({ given, missing }) => missingInNetwork(given, missing)),
  rule(reference('RunTask', 'aws'), ({ given, launchType }) =>
    given.platformVersion !== undefined && launchType !== 'FARGATE'
      ? `The platform version must be null when specifying an ${launchType} launch type.`
      : undefined,
  ),
  rule({ ...guide('platform-fargate.html'), error: 'PlatformUnknownException' }, ({ given }) =>
    PLATFORM_VERSIONS.includes(given.platformVersion ?? 'LATEST')
      ? undefined
      : 'The specified platform version does not exist.',
  ),
  rule(guide('ecs-exec.html'), ({ given: { enableExecuteCommand, overrides }, definition }) =>
    enableExecuteCommand === true && (overrides?.taskRoleArn ?? definition.taskRoleArn) === undefined
      ? "The task couldn't be run because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again."
      : undefined,
  ),
  rule(reference('TaskOverride', 'aws'), ({ given: { overrides: { containerOverrides = [] } = {} }, definition }) => {
    const names = (definition.containerDefinitions ?? []).map(({ name }) => name);
    const lost = containerOverrides.find(({ name }) => !names.includes(name));
    return lost && `Override for container named ${lost.name} is not a container in the TaskDefinition.`;
  }),
  rule(reference('RunTask'), ({ given: { overrides } }) =>
    JSON.stringify(overrides ?? {}).length > MOST_OVERRIDES
      ? `Container Overrides length must be at most ${MOST_OVERRIDES}`
      : undefined,
  ),
  // "The propagateTags option SERVICE is not supported": a task of RunTask has no service.
  rule(reference('RunTask'), ({ given: { propagateTags } }) =>
    propagateTags === 'SERVICE'
      ? 'An error will be received if you specify the SERVICE option when running a task.'
      : undefined,
  ),
  rule(reference('RunTask'), ({ given: { group = '' } }) =>
    group.startsWith('service:')
      ? "Invalid namespace for group. Namespaces starting with 'service:' are reserved for services."
      : undefined,
  ),
  rule(reference('RunTask'), ({ given: { referenceId = '', clientToken = '' } }) =>
    referenceId.length > 1024
      ? 'referenceId can have at most 1024 characters.'
      : clientToken.length > 64
        ? 'clientToken can have at most 64 characters.'
        : undefined,
  ),
  rule(guide('fargate-tasks-services.html#fargate-tasks-size', 'aws'), ({ launchType, definition, given }) => {
    const { cpu = definition.cpu, memory = definition.memory } = given.overrides ?? {};
    return launchType === 'FARGATE' && !isFargateSize({ ...definition, cpu, memory })
      ? `No Fargate configuration exists for given values: ${cpuOf(cpu)} CPU, ${memoryOf(memory)} memory. See the Amazon ECS documentation for the valid values.`
      : undefined;
  }),
  rule(reference('RunTask'), ({ given: { startedBy = '' } }) =>
    startedBy.length > MOST_STARTED_BY ? `startedBy can have at most ${MOST_STARTED_BY} characters.` : undefined,
  ),
];
