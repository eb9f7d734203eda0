import { DeviceCgroupPermission, ResourceType, UlimitName } from '@aws-sdk/client-ecs';
import {
  type Container,
  container,
  containersOf,
  cpuOf,
  type Definition,
  guide,
  memoryOf,
  namesOf,
  port,
  type Rule,
  reference,
  repeated,
  task,
} from './rule.ts';

const PARAMETERS = 'task_definition_parameters.html';
/** MiB; the guide names the least memory that Docker gives a container. */
const LEAST_MEMORY = 4;
const S3_OBJECT = /^arn:aws[\w-]*:s3:::.+/;
const setting = (name: string | undefined, field: string): string =>
  `Invalid '${field}' setting for container '${name}'.`;

const IDENTITY: readonly Rule[] = [
  container(reference('ContainerDefinition', 'aws'), ({ name }) =>
    name ? undefined : 'Container.name should not be null or empty.',
  ),
  container(reference('ContainerDefinition', 'aws'), ({ name = '' }) =>
    /^[A-Za-z0-9_-]{1,255}$/.test(name) ? undefined : 'Container.name contains invalid characters.',
  ),
  container(reference('ContainerDefinition', 'aws'), ({ image }) =>
    image ? undefined : 'Container.image should not be null or empty.',
  ),
  // "Up to 255 letters, numbers, hyphens, underscores, colons, periods, forward slashes, and number signs", and @ for a digest.
  container(reference('ContainerDefinition', 'aws'), ({ image = '' }) =>
    /^[\w:./#@-]{1,255}$/.test(image) ? undefined : 'Container.image contains invalid characters.',
  ),
  // A reference that no registry can have. That ECS looks at it is not documented; the task could never start.
  container(guide(`${PARAMETERS}#container_definition_image`), ({ image = '' }) => {
    const [name = '', digest, more] = image.split('@');
    const path = name.replace(/:[\w][\w.-]{0,127}$/, '').replace(/^[^/]*[.:][^/]*\//, '');
    const fine = more === undefined && (digest === undefined || /^sha256:[0-9a-f]{64}$/i.test(digest));
    return fine && path === path.toLowerCase() ? undefined : 'Container.image contains invalid characters.';
  }),
];

const SIZES: readonly Rule[] = [
  container(
    guide(`${PARAMETERS}#container_definition_memory`, 'aws'),
    ({ name, memory, memoryReservation }, definition) =>
      (memory ?? memoryReservation) === undefined && definition.memory === undefined
        ? `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`
        : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_memory`), ({ name, memory, memoryReservation }) =>
    [memory, memoryReservation].some((size) => size !== undefined && size < LEAST_MEMORY)
      ? `Invalid setting for container '${name}'. 'memory' and 'memoryReservation' must be at least ${LEAST_MEMORY} MiB.`
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_memory`, 'aws'), ({ name, memory, memoryReservation = 0 }) =>
    memory !== undefined && memory < memoryReservation
      ? `Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_memory`, 'aws'), ({ name, memory = 0 }, definition) =>
    memory > (memoryOf(definition.memory) ?? Number.POSITIVE_INFINITY)
      ? `The 'memory' setting for container '${name}' is greater than for the task.`
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_environment`), ({ name, cpu = 0 }) =>
    cpu < 0 ? setting(name, 'cpu') : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_environment`, 'aws'), ({ cpu = 0 }, definition) =>
    cpu > (cpuOf(definition.cpu) ?? Number.POSITIVE_INFINITY)
      ? "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'."
      : undefined,
  ),
  container(reference('Ulimit'), ({ ulimits = [] }) => {
    const known: readonly unknown[] = Object.values(UlimitName);
    const unknown = ulimits.find(({ name }) => !known.includes(name));
    return unknown ? `Unknown ulimit '${String(unknown.name)}'.` : undefined;
  }),
  // -1 is no limit.
  container(reference('Ulimit', 'aws'), ({ ulimits = [] }) => {
    const wrong = ulimits.find(
      ({ softLimit = 0, hardLimit = 0 }) => hardLimit >= 0 && (softLimit < 0 || softLimit > hardLimit),
    );
    return wrong ? `Soft limit exceeds hard limit for ulimit ${wrong.name}.` : undefined;
  }),
  container(reference('ResourceRequirement'), ({ name, resourceRequirements = [] }) => {
    const kinds: readonly unknown[] = Object.values(ResourceType);
    const wrong = resourceRequirements.find(({ type, value, sharingStrategy }) =>
      type === 'GPU'
        ? value === undefined
          ? sharingStrategy === undefined
          : !/^([1-9]\d*|ALL)$/.test(value)
        : !kinds.includes(type) || value === undefined,
    );
    return wrong ? setting(name, 'resourceRequirements') : undefined;
  }),
  container(reference('ResourceRequirement'), ({ name, resourceRequirements = [] }, { inferenceAccelerators = [] }) => {
    const devices = inferenceAccelerators.map(({ deviceName }) => deviceName);
    const wrong = resourceRequirements.some(
      ({ type, value }) => type === 'InferenceAccelerator' && !devices.includes(value),
    );
    return wrong ? setting(name, 'resourceRequirements') : undefined;
  }),
  container(reference('LinuxParameters'), ({ name, linuxParameters: { swappiness = 0, maxSwap = 0 } = {} }) =>
    swappiness < 0 || swappiness > 100
      ? setting(name, 'swappiness')
      : maxSwap < 0
        ? setting(name, 'maxSwap')
        : undefined,
  ),
  container(reference('Device'), ({ name, linuxParameters: { devices = [] } = {} }) => {
    const known: readonly unknown[] = Object.values(DeviceCgroupPermission);
    return devices.some(({ permissions = [] }) => permissions.some((one) => !known.includes(one)))
      ? setting(name, 'devices')
      : undefined;
  }),
];

/** The login to another registry than ECR. */
const CREDENTIALS: readonly Rule[] = [
  container(reference('RepositoryCredentials'), ({ repositoryCredentials: { credentialsParameter: secret } = {} }) =>
    secret === undefined || /^(?:arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:)?[\w/+=.@!-]+$/.test(secret)
      ? undefined
      : 'Invalid arn syntax.',
  ),
  task(guide('private-auth.html'), (definition) =>
    definition.executionRoleArn === undefined &&
    containersOf(definition).some(({ repositoryCredentials }) => repositoryCredentials !== undefined)
      ? "When you are specifying repository credentials, you must also specify a value for 'executionRoleArn'."
      : undefined,
  ),
];

/** Seconds and times, with the names that ECS gives them. */
const HEALTH = [
  ['interval', 'interval', 5, 300],
  ['timeout', 'timeout', 2, 60],
  ['retries', 'retries', 1, 10],
  ['startPeriod', 'start period', 0, 300],
] as const;

const LIFE: readonly Rule[] = [
  // A command without CMD or CMD-SHELL is taken, whatever the page says: https://github.com/aws/aws-cdk/issues/34389
  container(reference('HealthCheck'), ({ healthCheck }) =>
    healthCheck && (healthCheck.command ?? []).length === 0 ? 'Health check command must not be empty.' : undefined,
  ),
  container(reference('HealthCheck', 'aws'), ({ name, healthCheck }) => {
    for (const [member, called, least, most] of HEALTH) {
      const value = healthCheck?.[member];
      if (value === undefined) continue;
      if (value < least)
        return `Health check ${called} must be greater than or equal to the minimum allowed value ${least} for container '${name}'.`;
      if (value > most)
        return `Health check ${called} must be less than or equal to the maximum allowed value ${most} for container '${name}'.`;
    }
    return undefined;
  }),
  container(reference('ContainerRestartPolicy', 'aws'), ({ name, restartPolicy }) =>
    (restartPolicy?.restartAttemptPeriod ?? 60) < 60 || (restartPolicy?.restartAttemptPeriod ?? 60) > 1800
      ? `The 'restartAttemptPeriod' setting for container '${name}' must be between 60 and 1800.`
      : undefined,
  ),
  container(reference('ContainerRestartPolicy'), ({ name, restartPolicy }) =>
    (restartPolicy?.ignoredExitCodes ?? []).length > 50
      ? `The 'ignoredExitCodes' setting for container '${name}' must have at most 50 exit codes.`
      : undefined,
  ),
  container(reference('ContainerDependency', 'aws'), ({ dependsOn = [] }, definition) => {
    const [lost] = dependsOn.filter(({ containerName = '' }) => !namesOf(definition).includes(containerName));
    return lost ? `Cannot depend on container + '${lost.containerName}' because it does not exist` : undefined;
  }),
  container(reference('ContainerDependency'), ({ name, dependsOn = [] }) =>
    dependsOn.some(({ containerName }) => containerName === name)
      ? `Container '${name}' cannot depend on itself.`
      : undefined,
  ),
  container(reference('ContainerDependency', 'aws'), ({ dependsOn = [] }, definition) =>
    dependsOn.some(
      ({ condition, containerName }) =>
        condition === 'HEALTHY' && called(definition, containerName)?.healthCheck === undefined,
    )
      ? 'A dependency container with HEALTHY condition must have health check configured.'
      : undefined,
  ),
  container(reference('ContainerDependency', 'aws'), ({ dependsOn = [] }, definition) =>
    dependsOn.some(
      ({ condition, containerName }) =>
        (condition === 'SUCCESS' || condition === 'COMPLETE') && called(definition, containerName)?.essential !== false,
    )
      ? 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.'
      : undefined,
  ),
  task(reference('ContainerDependency'), (definition) =>
    hasCycle(definition) ? 'The container dependencies contain a cycle.' : undefined,
  ),
];

const called = (definition: Definition, name: string | undefined): Container | undefined =>
  containersOf(definition).find((one) => one.name === name);

/** Kahn's algorithm: what is left when containers without open dependencies have been taken out again and again. */
function hasCycle(definition: Definition): boolean {
  let open = [...containersOf(definition)];
  for (;;) {
    const names = open.map(({ name }) => name);
    const blocked = open.filter(({ dependsOn = [] }) =>
      dependsOn.some(({ containerName }) => names.includes(containerName)),
    );
    if (blocked.length === open.length) return open.length > 0;
    open = blocked;
  }
}

const inAwsvpc = (given: unknown, { networkMode }: Definition): boolean =>
  networkMode === 'awsvpc' && given !== undefined && given !== false && !(Array.isArray(given) && given.length === 0);

const NETWORK: readonly Rule[] = [
  container(guide(`${PARAMETERS}#network_mode`), ({ portMappings = [] }, { networkMode }) =>
    networkMode === 'none' && portMappings.length > 0
      ? 'Port mappings are not supported when networkMode=none.'
      : undefined,
  ),
  port(reference('PortMapping', 'aws'), ({ name, mapping }) =>
    mapping.containerPortRange !== undefined && (mapping.containerPort ?? mapping.hostPort) !== undefined
      ? `Invalid port mapping for container '${name}': cannot specify both single port and port range.`
      : undefined,
  ),
  port(reference('PortMapping', 'aws'), ({ name, mapping: { containerPort, containerPortRange } }) =>
    containerPortRange === undefined && !isPort(containerPort) ? setting(name, 'containerPort') : undefined,
  ),
  // 0 and no host port are the same: a free one, or with awsvpc and host the container's.
  port(reference('PortMapping'), ({ name, mapping: { hostPort } }) =>
    hostPort === undefined || hostPort === 0 || isPort(hostPort) ? undefined : setting(name, 'hostPort'),
  ),
  port(reference('PortMapping', 'aws'), ({ name, mapping: { containerPortRange } }) =>
    containerPortRange === undefined || rangeOf(containerPortRange) ? undefined : setting(name, 'containerPortRange'),
  ),
  port(reference('PortMapping', 'aws'), ({ mapping: { hostPort, containerPort } }, { networkMode }) =>
    (networkMode === 'awsvpc' || networkMode === 'host') && hostPort && hostPort !== containerPort
      ? `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`
      : undefined,
  ),
  port(reference('PortMapping'), ({ name, mapping }) =>
    mapping.name === undefined || /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(mapping.name)
      ? undefined
      : `Invalid port mapping name '${mapping.name}' for container '${name}'.`,
  ),
  task(reference('PortMapping', 'aws'), (definition) => {
    const names = mappingsOf(definition).flatMap(({ name }) => (name === undefined ? [] : [name]));
    const twice = repeated(names);
    return twice === undefined ? undefined : `The port mapping name '${twice}' is already used.`;
  }),
  task(reference('PortMapping', 'aws'), (definition) => {
    const shared = definition.networkMode === 'awsvpc' || definition.networkMode === 'host';
    const used = mappingsOf(definition).flatMap(({ hostPort, containerPort, protocol = 'tcp' }) => {
      const taken = hostPort || (shared ? containerPort : undefined);
      return taken === undefined ? [] : [`${protocol.toUpperCase()} host port '${taken}'`];
    });
    const twice = repeated(used);
    return twice === undefined ? undefined : `${twice} is mapped multiple times in task.`;
  }),
  task(reference('PortMapping', 'aws'), (definition) => {
    const ranges = mappingsOf(definition).flatMap(({ containerPortRange, protocol = 'tcp' }) => {
      const range = rangeOf(containerPortRange ?? '');
      return range ? [{ ...range, protocol }] : [];
    });
    const overlap = ranges.some((one, i) =>
      ranges.some(
        (other, j) => i < j && one.protocol === other.protocol && one.first <= other.last && other.first <= one.last,
      ),
    );
    return overlap ? 'A container port is used multiple times in task.' : undefined;
  }),
  container(guide(`${PARAMETERS}#container_definition_network`, 'aws'), ({ links = [] }, { networkMode = 'bridge' }) =>
    links.length > 0 && networkMode !== 'bridge'
      ? `Links are not supported when networkMode=${networkMode}.`
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_network`), ({ links = [] }, definition) => {
    const [lost] = links.filter((link) => !namesOf(definition).includes(link.split(':')[0] ?? ''));
    return lost === undefined ? undefined : `Invalid 'links' setting. Unknown container: '${lost.split(':')[0]}'.`;
  }),
  container(reference('ContainerDefinition', 'aws'), ({ hostname }, definition) =>
    inAwsvpc(hostname, definition) ? 'hostname is not supported on container when networkMode=awsvpc.' : undefined,
  ),
  container(reference('ContainerDefinition', 'aws'), ({ extraHosts }, definition) =>
    inAwsvpc(extraHosts, definition)
      ? 'Extra hosts are not supported on container when networkMode=awsvpc.'
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_network`, 'aws'), ({ dnsServers }, definition) =>
    inAwsvpc(dnsServers, definition)
      ? 'DNS servers are not supported on container when networkMode=awsvpc.'
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_network`), ({ dnsSearchDomains }, definition) =>
    inAwsvpc(dnsSearchDomains, definition)
      ? 'DNS search domains are not supported on container when networkMode=awsvpc.'
      : undefined,
  ),
  container(guide(`${PARAMETERS}#container_definition_network`, 'aws'), ({ disableNetworking }, definition) =>
    inAwsvpc(disableNetworking, definition)
      ? 'Disable Networking is not supported on container when networkMode=awsvpc.'
      : undefined,
  ),
  container(reference('SystemControl'), ({ name, systemControls = [] }) => {
    const wrong = systemControls.find(
      ({ namespace = '' }) => !namespace.startsWith('net.') && !IPC_PARAMETER.test(namespace),
    );
    return wrong && `Invalid 'systemControls' setting for container '${name}': namespace '${wrong.namespace ?? ''}'.`;
  }),
  container(reference('SystemControl'), ({ systemControls = [] }, { networkMode, ipcMode }) => {
    const [network, ipc] = [true, false].map((isNetwork) =>
      systemControls.find(({ namespace = '' }) => namespace.startsWith('net.') === isNetwork),
    );
    if (network && networkMode === 'host')
      return `System control '${network.namespace}' is not supported when networkMode=host.`;
    return ipc && ipcMode === 'host'
      ? `System control '${ipc.namespace}' is not supported when ipcMode=host.`
      : undefined;
  }),
];

/** Namespaced kernel parameters of IPC; the others that a container may set start with net. */
const IPC_PARAMETER = /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+)$/;
const isPort = (port: number | undefined): boolean => port !== undefined && port >= 1 && port <= 65_535;
const mappingsOf = (definition: Definition) =>
  containersOf(definition).flatMap(({ portMappings = [] }) => portMappings);

/** `8000-8010`: its first port is below the last. */
function rangeOf(text: string): { readonly first: number; readonly last: number } | undefined {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return isPort(range.first) && isPort(range.last) && range.first < range.last ? range : undefined;
}

/** What a secret is read from; the parameter's words are AWS's. */
function secretProblem({ name, valueFrom = '' }: { name?: string | undefined; valueFrom?: string | undefined }) {
  if (valueFrom.startsWith('arn:'))
    return /^arn:[\w-]+:(?:secretsmanager|ssm):[^\s<>]+$/.test(valueFrom) ? undefined : 'Invalid arn syntax.';
  return /^[\w./-]{1,2048}$/.test(valueFrom)
    ? undefined
    : `The Systems Manager parameter name specified for secret ${name} is invalid. The parameter name can be up to 2048 characters and include the following letters and symbols: a to z, A to Z, 0 to 9, and . - _ /.`;
}

const firstProblem = <Of>(items: readonly Of[], problem: (item: Of) => string | undefined): string | undefined =>
  items.map(problem).find((words) => words !== undefined);

const ENVIRONMENT: readonly Rule[] = [
  container(reference('KeyValuePair'), ({ environment = [], secrets = [] }) =>
    [...environment, ...secrets].some(({ name }) => name === '')
      ? 'The name of an environment variable should not be empty.'
      : undefined,
  ),
  container(reference('ContainerDefinition', 'aws'), ({ environment = [], secrets = [] }) => {
    const names = secrets.map(({ name }) => name);
    const shared = names.find((name) => environment.some((variable) => variable.name === name)) ?? repeated(names);
    return shared === undefined
      ? undefined
      : `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${shared}'.`;
  }),
  // How many fields the ARN of a secret may have is checked when the task starts (amazon-ecs-agent, asmsecret.go), not here.
  container(reference('Secret', 'aws'), ({ secrets = [] }) => firstProblem(secrets, secretProblem)),
  container(reference('Secret', 'aws'), ({ logConfiguration: log }) =>
    firstProblem(log?.secretOptions ?? [], secretProblem),
  ),
  container(guide('use-environment-file.html', 'aws'), ({ environmentFiles = [] }) =>
    environmentFiles.length > 10
      ? 'The maximum number of environment files was exceeded. Specify ten or less and try again.'
      : undefined,
  ),
  container(reference('EnvironmentFile', 'aws'), ({ environmentFiles = [] }) =>
    environmentFiles.every(({ value = '' }) => S3_OBJECT.test(value)) ? undefined : 'Invalid arn syntax.',
  ),
  container(reference('EnvironmentFile'), ({ environmentFiles = [] }) => {
    if (environmentFiles.some(({ type }) => type !== 's3')) return 'The type of an environment file must be s3.';
    return environmentFiles.every(({ value = '' }) => /\.env$/i.test(value))
      ? undefined
      : 'Environment files must have the file extension .env.';
  }),
];

const MOUNTS: readonly Rule[] = [
  container(reference('MountPoint', 'aws'), ({ mountPoints = [] }, { volumes = [] }) => {
    const [lost] = mountPoints.filter(
      ({ sourceVolume }) => sourceVolume !== undefined && !volumes.some(({ name }) => name === sourceVolume),
    );
    return lost ? `Unknown volume '${lost.sourceVolume}'.` : undefined;
  }),
  container(reference('VolumeFrom', 'aws'), ({ volumesFrom = [] }, definition) => {
    const [lost] = volumesFrom.filter(
      ({ sourceContainer }) => sourceContainer !== undefined && !namesOf(definition).includes(sourceContainer),
    );
    return lost ? `Invalid 'volumesFrom' setting. Unknown container: '${lost.sourceContainer}'.` : undefined;
  }),
];

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html */
const REQUIRED_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  awslogs: ['awslogs-group', 'awslogs-region'],
  splunk: ['splunk-token', 'splunk-url'],
};
/** Those of Amazon ECS, and of Docker's driver besides. https://docs.docker.com/engine/logging/drivers/awslogs/ */
const AWSLOGS_OPTIONS = new Set([
  ...['group', 'region', 'stream', 'stream-prefix', 'create-group', 'create-stream', 'datetime-format'],
  ...['multiline-pattern', 'endpoint', 'credentials-endpoint', 'force-flush-interval-seconds', 'max-buffered-events'],
  'format',
]);

const LOGGING: readonly Rule[] = [
  container(reference('LogConfiguration', 'aws'), ({ logConfiguration: log }) => {
    const given = [...Object.keys(log?.options ?? {}), ...(log?.secretOptions ?? []).map(({ name }) => name)];
    const lacking = (REQUIRED_OPTIONS[log?.logDriver ?? ''] ?? []).filter((option) => !given.includes(option));
    return lacking.length > 0 ? `Log driver ${log?.logDriver} requires options: ${lacking.join(', ')}` : undefined;
  }),
  container(reference('LogConfiguration', 'aws'), ({ logConfiguration: log }) => {
    if (log?.logDriver !== 'awslogs') return undefined;
    const others = Object.keys(log.options ?? {}).filter(
      (option) =>
        !AWSLOGS_OPTIONS.has(option.replace(/^awslogs-/, '')) && !['mode', 'max-buffer-size', 'tag'].includes(option),
    );
    return others.length > 0 ? `Log driver awslogs disallows options: ${others.join(', ')}` : undefined;
  }),
  container(reference('LogConfiguration'), ({ logConfiguration: log }) =>
    log?.options?.['awslogs-datetime-format'] !== undefined && log.options['awslogs-multiline-pattern'] !== undefined
      ? 'Log driver awslogs takes awslogs-datetime-format or awslogs-multiline-pattern, not both.'
      : undefined,
  ),
  task(guide('firelens-taskdef.html', 'aws'), (definition) =>
    sendersOf(definition).length > 0 && routersOf(definition).length === 0
      ? 'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.'
      : undefined,
  ),
  task(guide('firelens-taskdef.html', 'aws'), (definition) =>
    routersOf(definition).length > 0 && sendersOf(definition).length === 0
      ? 'When a firelensConfiguration object is specified, at least one container has to be configured with the awsfirelens log driver.'
      : undefined,
  ),
  task(guide('firelens-taskdef.html'), (definition) =>
    routersOf(definition).length > 1
      ? 'Only one container of a task definition can have a firelensConfiguration object.'
      : undefined,
  ),
  container(guide('firelens-taskdef-customconfig.html', 'aws'), ({ firelensConfiguration }) => {
    const { 'config-file-type': type, 'config-file-value': value = '' } = firelensConfiguration?.options ?? {};
    return type === 's3' && !S3_OBJECT.test(value) ? 'Invalid arn syntax.' : undefined;
  }),
];

const routersOf = (definition: Definition): readonly Container[] =>
  containersOf(definition).filter(({ firelensConfiguration }) => firelensConfiguration !== undefined);
const sendersOf = (definition: Definition): readonly Container[] =>
  containersOf(definition).filter(({ logConfiguration }) => logConfiguration?.logDriver === 'awsfirelens');

/** What RegisterTaskDefinition refuses in containers, for every launch type. */
export const CONTAINER_RULES: readonly Rule[] = [
  ...IDENTITY,
  ...CREDENTIALS,
  ...SIZES,
  ...LIFE,
  ...NETWORK,
  ...ENVIRONMENT,
  ...MOUNTS,
  ...LOGGING,
];
