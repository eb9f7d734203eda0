import type { Json, JsonObject } from '../model.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { asObjects, asStrings, containersOf, isObject } from './template.ts';

/**
 * One form for all definitions that mean the same to ECS: what it adds by itself (defaults; `enableFaultInjection: false`
 * stands in every description), what it ignores (the order of environment, secrets and ports, empty lists) and what can
 * be written in two ways ("0.25 vCPU" is 256, a role's name is its ARN).
 */
export function normalise(definition: JsonObject): JsonObject {
  const { cpu, memory, networkMode } = definition;
  const task: JsonObject = {
    ...definition,
    ...(typeof cpu === 'string' ? { cpu: String(cpuUnits(cpu) ?? cpu) } : {}),
    ...(typeof memory === 'string' ? { memory: String(memoryMib(memory) ?? memory) } : {}),
    ...roleName('taskRoleArn', definition),
    ...roleName('executionRoleArn', definition),
    requiresCompatibilities: [...asStrings(definition.requiresCompatibilities)].sort(),
    volumes: byKey(asObjects(definition.volumes), 'name').map(normaliseVolume),
    containerDefinitions: containersOf(definition).map((container) => normaliseContainer(container, networkMode)),
  };
  return sortedKeys(withoutEmpty(task)) as JsonObject;
}

/** Whether ECS would run both in the same way. */
export const sameDefinition = (a: JsonObject, b: JsonObject): boolean =>
  JSON.stringify(normalise(a)) === JSON.stringify(normalise(b));

/** Within an account a role's name is unique whatever its path, and ECS describes a bare name as an ARN. */
function roleName(field: 'taskRoleArn' | 'executionRoleArn', definition: JsonObject): JsonObject {
  const role = definition[field];
  return typeof role === 'string' ? { [field]: role.split('/').at(-1) ?? role } : {};
}

function normaliseVolume(volume: JsonObject): JsonObject {
  const { efsVolumeConfiguration: efs } = volume;
  if (!isObject(efs)) return volume;
  const { rootDirectory, transitEncryption, authorizationConfig, ...rest } = efs;
  const { iam, ...access } = isObject(authorizationConfig) ? authorizationConfig : {};
  return {
    ...volume,
    efsVolumeConfiguration: {
      ...rest,
      rootDirectory: rootDirectory ?? '/',
      transitEncryption: transitEncryption ?? 'DISABLED',
      authorizationConfig: { ...access, iam: iam ?? 'DISABLED' },
    },
  };
}

function normaliseContainer(container: JsonObject, networkMode: Json | undefined): JsonObject {
  const { cpu, essential, healthCheck, portMappings, restartPolicy, ...rest } = container;
  const ports = asObjects(portMappings).map((mapping) => {
    const { hostPort, protocol, ...others } = mapping;
    // ECS fills in hostPort = containerPort with awsvpc and host; 0 and absent are both "any port" with bridge.
    const same = networkMode === 'awsvpc' || networkMode === 'host';
    const shown = hostPort === 0 || (same && hostPort === mapping.containerPort) ? undefined : hostPort;
    return { ...others, protocol: protocol ?? 'tcp', ...(shown === undefined ? {} : { hostPort: shown }) };
  });
  return {
    ...rest,
    ...(cpu === undefined || cpu === 0 ? {} : { cpu }),
    essential: essential ?? true,
    ...(isObject(healthCheck) ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } } : {}),
    ...(isObject(restartPolicy) ? { restartPolicy: { restartAttemptPeriod: 300, ...restartPolicy } } : {}),
    portMappings: byKey(ports, 'containerPort', 'protocol'),
    environment: byKey(asObjects(container.environment), 'name'),
    secrets: byKey(asObjects(container.secrets), 'name'),
  };
}

function byKey(list: readonly JsonObject[], ...keys: readonly string[]): JsonObject[] {
  const text = (item: JsonObject): string => JSON.stringify(keys.map((key) => item[key] ?? null));
  return [...list].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, withoutEmpty(member)] as const)
      .filter(([key, member]) => !isEmpty(member) && !(member === false && key !== 'essential')),
  );
}

/** Every switch but `essential` is off unless it is set. */
const isEmpty = (value: Json): boolean =>
  (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys(value[key] ?? null)]),
  );
}
