import { CPUArchitecture } from '@aws-sdk/client-ecs';
import {
  containersOf,
  cpuOf,
  type Definition,
  guide,
  memoryOf,
  namesOf,
  type Rule,
  reference,
  refuse,
  repeated,
  task,
  volume,
} from './rule.ts';

const REGISTER = 'RegisterTaskDefinition';
const PARAMETERS = 'task_definition_parameters.html';
const QUOTAS = 'service-quotas.html';
const MOST_CONTAINERS = 10;
const MOST_BYTES = 65_536;
const MOST_TAGS = 50;
const NAME = /^[A-Za-z0-9_-]+$/;
const NAME_LENGTH = 255;
/** An ARN, or (as the API reference says) the short name of a role. */
const ROLE = /^(?:arn:aws[\w-]*:iam::(\d{12}):role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/;

const tagsOf = reference('Tag');
const invalidTag = { ...tagsOf, error: 'InvalidParameterException' } as const;

/** Tags; they are checked before the task. */
export const TAG_RULES: readonly Rule[] = [
  task(reference(REGISTER, 'aws'), ({ tags }) => (tags?.length === 0 ? 'Tags can not be empty.' : undefined)),
  task(invalidTag, ({ tags = [] }) =>
    tags.length > MOST_TAGS ? `The maximum number of tags for a resource is ${MOST_TAGS}.` : undefined,
  ),
  task(invalidTag, ({ tags = [] }) =>
    tags.some(({ key }) => !key || key.length > 128) ? 'Tag keys must have 1 to 128 characters.' : undefined,
  ),
  task(invalidTag, ({ tags = [] }) =>
    tags.some(({ value = '' }) => value.length > 256) ? 'Tag values must have at most 256 characters.' : undefined,
  ),
  task(invalidTag, ({ tags = [] }) =>
    tags.some(({ key = '', value = '' }) => /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value))
      ? 'Tag keys and values may contain letters, numbers, spaces, and _ . : / = + - @.'
      : undefined,
  ),
  task(invalidTag, ({ tags = [] }) =>
    tags.some(({ key = '' }) => /^aws:/i.test(key)) ? 'Tag keys with the prefix aws: are reserved.' : undefined,
  ),
  task(invalidTag, ({ tags = [] }) =>
    repeated(tags.map(({ key }) => key)) === undefined ? undefined : 'Multiple tags contain the same key.',
  ),
];

/** Tags of CreateService, RunTask and TagResource: as those of a task definition. */
export function refuseTags(tags: unknown): void {
  if (tags !== undefined) refuse(TAG_RULES.slice(1), { tags } as Definition, 'InvalidParameterException');
}

/** What RegisterTaskDefinition refuses in a task as a whole, for every launch type. */
export const TASK_RULES: readonly Rule[] = [
  task(reference(REGISTER, 'aws'), ({ family }) => (family ? undefined : 'Family can not be blank.')),
  task(reference(REGISTER), ({ family = '' }) =>
    !NAME.test(family)
      ? 'Family contains invalid characters.'
      : family.length > NAME_LENGTH
        ? `Family should be at most ${NAME_LENGTH} characters.`
        : undefined,
  ),
  task(reference(REGISTER, 'aws'), (definition) =>
    containersOf(definition).length === 0 ? 'Container list cannot be empty.' : undefined,
  ),
  task(guide(QUOTAS), (definition) =>
    containersOf(definition).length > MOST_CONTAINERS
      ? `Too many containers. The maximum is ${MOST_CONTAINERS}.`
      : undefined,
  ),
  task(guide(QUOTAS, 'aws'), (definition) => {
    const length = Buffer.byteLength(JSON.stringify({ ...definition, tags: undefined }));
    return length > MOST_BYTES ? `Actual length: '${length}'. Max allowed length is '${MOST_BYTES}' bytes.` : undefined;
  }),
  task(guide(`${PARAMETERS}#container_definitions`, 'aws'), (definition) =>
    containersOf(definition).every(({ essential }) => essential === false)
      ? "Task definition doesn't have any essential container."
      : undefined,
  ),
  task(guide(`${PARAMETERS}#container_definitions`, 'aws'), (definition) =>
    repeated(namesOf(definition).filter((name) => name !== '')) === undefined
      ? undefined
      : 'Container names must be unique within a Task Definition.',
  ),
  task(reference(REGISTER, 'aws'), ({ taskRoleArn, executionRoleArn }) =>
    [taskRoleArn, executionRoleArn].every((role) => role === undefined || ROLE.test(role))
      ? undefined
      : 'Role is not valid',
  ),
  // Task-level CPU is ignored for Windows containers, yet its limits hold on Fargate: fargate-rules.ts.
  task(guide(`${PARAMETERS}#task_size`, 'aws'), ({ cpu, requiresCompatibilities = [] }) => {
    const units = cpuOf(cpu);
    if (cpu === undefined) return undefined;
    const possible =
      units !== undefined && (requiresCompatibilities.includes('FARGATE') || (units >= 128 && units <= 196_608));
    return possible
      ? undefined
      : "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
  }),
  task(guide(`${PARAMETERS}#task_size`), ({ memory }) =>
    memory === undefined || memoryOf(memory) ? undefined : "Invalid 'memory' setting for task.",
  ),
  task(guide(`${PARAMETERS}#container_definition_environment`, 'aws'), (definition) => {
    const units = cpuOf(definition.cpu);
    const sum = containersOf(definition).reduce((total, { cpu = 0 }) => total + cpu, 0);
    return units !== undefined && sum > units
      ? "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'."
      : undefined;
  }),
  task(guide(`${PARAMETERS}#container_definition_memory`), (definition) => {
    const mebibytes = memoryOf(definition.memory);
    const sum = containersOf(definition).reduce((total, { memoryReservation = 0 }) => total + memoryReservation, 0);
    return mebibytes !== undefined && sum > mebibytes
      ? "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'."
      : undefined;
  }),
  task(guide('specifying-sensitive-data.html', 'aws'), (definition) =>
    definition.executionRoleArn === undefined && containersOf(definition).some(({ secrets = [] }) => secrets.length > 0)
      ? "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
      : undefined,
  ),
  task(guide('secrets-logconfig.html'), (definition) =>
    definition.executionRoleArn === undefined &&
    containersOf(definition).some(({ logConfiguration: log }) => (log?.secretOptions ?? []).length > 0)
      ? "When you are specifying secret options for a log driver, you must also specify a value for 'executionRoleArn'."
      : undefined,
  ),
  task(guide(`${PARAMETERS}#constraints`), ({ placementConstraints = [] }) =>
    placementConstraints.length > 10 ? 'The maximum number of placement constraints is 10.' : undefined,
  ),
  task(reference('TaskDefinitionPlacementConstraint'), ({ placementConstraints = [] }) => {
    const [wrong] = placementConstraints.filter(({ type }) => type !== 'memberOf');
    return wrong ? `Invalid placement constraint type '${String(wrong.type)}'. Valid values: [memberOf].` : undefined;
  }),
  task(guide('ecs-anywhere.html'), ({ networkMode, requiresCompatibilities = [] }) =>
    requiresCompatibilities.includes('EXTERNAL') && networkMode === 'awsvpc'
      ? 'Tasks using the External launch type do not support networkMode awsvpc.'
      : undefined,
  ),
  task(guide(`${PARAMETERS}#task_definition_ephemeralStorage`, 'aws'), ({ ephemeralStorage }) => {
    const { sizeInGiB = 21 } = ephemeralStorage ?? {};
    if (sizeInGiB < 21) return 'EphemeralStorage size should be at least 21.';
    return sizeInGiB > 200 ? 'EphemeralStorage size should be at most 200.' : undefined;
  }),
  // Which launch type a task without requiresCompatibilities will have is not known yet; nor is what Managed Instances say.
  task(
    guide(`${PARAMETERS}#task_definition_ephemeralStorage`, 'aws'),
    ({ ephemeralStorage, requiresCompatibilities: asked = [] }) =>
      ephemeralStorage && asked.length > 0 && !asked.includes('FARGATE') && !asked.includes('MANAGED_INSTANCES')
        ? 'Tasks using the EC2 launch type do not support EphemeralStorage.'
        : undefined,
  ),
  // Amazon Elastic Inference ended in April 2024.
  task(guide('ecs-inference.html', 'aws'), ({ inferenceAccelerators = [] }) =>
    inferenceAccelerators.length > 0 ? "Unsupported field 'inferenceAccelerators'." : undefined,
  ),
  task(reference('RuntimePlatform'), ({ runtimePlatform: { cpuArchitecture, operatingSystemFamily = '' } = {} }) =>
    cpuArchitecture === CPUArchitecture.ARM64 && operatingSystemFamily.startsWith('WINDOWS')
      ? `cpuArchitecture ARM64 is not supported with operatingSystemFamily ${operatingSystemFamily}.`
      : undefined,
  ),
  task(reference('ProxyConfiguration', 'aws'), ({ proxyConfiguration, networkMode }) =>
    proxyConfiguration && networkMode !== 'awsvpc'
      ? 'APPMESH proxy configuration is only supported in networkMode=awsvpc.'
      : undefined,
  ),
  task(reference('ProxyConfiguration', 'aws'), (definition) => {
    const name = definition.proxyConfiguration?.containerName;
    return name === undefined || namesOf(definition).includes(name)
      ? undefined
      : `Proxy container [${name}] does not exist.`;
  }),
  task(reference('ProxyConfiguration', 'aws'), ({ proxyConfiguration }) => {
    if (proxyConfiguration === undefined) return undefined;
    const given = (proxyConfiguration.properties ?? []).map(({ name }) => name);
    const [lacking] = PROXY_PROPERTIES.filter(([name]) => !given.includes(name));
    if (lacking) return `${lacking[1]} not found.`;
    return given.includes('IgnoredUID') || given.includes('IgnoredGID')
      ? undefined
      : 'IgnoredUID or IgnoredGID not found.';
  }),
];

/** Those that API_ProxyConfiguration calls required; the words of the first are AWS's. */
const PROXY_PROPERTIES = [
  ['ProxyIngressPort', 'Ingress port'],
  ['ProxyEgressPort', 'Egress port'],
  ['AppPorts', 'App ports'],
  ['EgressIgnoredIPs', 'Egress ignored IPs'],
] as const;

/** What RegisterTaskDefinition refuses in volumes. */
export const VOLUME_RULES: readonly Rule[] = [
  volume(reference('Volume'), ({ name }) => (name ? undefined : 'Volume.name should not be null or empty.')),
  volume(reference('Volume'), ({ name = '' }) =>
    NAME.test(name) && name.length <= NAME_LENGTH ? undefined : 'Volume.name contains invalid characters.',
  ),
  task(reference('Volume'), ({ volumes = [] }) =>
    repeated(volumes.map(({ name }) => name)) === undefined
      ? undefined
      : 'Volume names must be unique within a Task Definition.',
  ),
  volume(reference('Volume'), (one) => {
    const kinds = [
      one.dockerVolumeConfiguration,
      one.efsVolumeConfiguration,
      one.fsxWindowsFileServerVolumeConfiguration,
      one.s3filesVolumeConfiguration,
    ].filter((kind) => kind !== undefined);
    return kinds.length > 1
      ? `Only one volume configuration can be specified for the volume '${one.name}'.`
      : undefined;
  }),
  task(guide('ebs-volumes.html'), ({ volumes = [] }) =>
    volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1
      ? 'A task definition can have only one volume that is configured at launch.'
      : undefined,
  ),
  volume(guide('ebs-volumes.html', 'aws'), ({ name, configuredAtLaunch }, definition) => {
    const mounted = containersOf(definition).flatMap(({ mountPoints = [] }) =>
      mountPoints.map(({ sourceVolume }) => sourceVolume),
    );
    return configuredAtLaunch === true && !mounted.includes(name)
      ? `Volumes [${name}] are not referenced by any of the containers.`
      : undefined;
  }),
  volume(reference('EFSAuthorizationConfig', 'aws'), ({ efsVolumeConfiguration: efs }) =>
    efs?.authorizationConfig?.iam === 'ENABLED' && efs.transitEncryption !== 'ENABLED'
      ? 'EFS IAM authorization requires TransitEncryption to be enabled.'
      : undefined,
  ),
  volume(reference('EFSAuthorizationConfig'), ({ efsVolumeConfiguration: efs }) =>
    efs?.authorizationConfig?.accessPointId !== undefined && efs.transitEncryption !== 'ENABLED'
      ? 'EFS access points require TransitEncryption to be enabled.'
      : undefined,
  ),
  volume(reference('EFSVolumeConfiguration', 'aws'), ({ efsVolumeConfiguration: efs }) =>
    efs?.transitEncryptionPort !== undefined && efs.transitEncryption !== 'ENABLED'
      ? 'TransitEncryptionPort requires that TransitEncryption is enabled.'
      : undefined,
  ),
  volume(reference('EFSVolumeConfiguration', 'aws'), ({ efsVolumeConfiguration: efs }) =>
    efs?.authorizationConfig?.accessPointId !== undefined && (efs.rootDirectory ?? '/') !== '/'
      ? 'When using an EFS access point, the root directory must either be set to "/" or be omitted.'
      : undefined,
  ),
];
