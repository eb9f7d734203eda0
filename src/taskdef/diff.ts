import { asObjects, asStrings, defined, isObject, type Json, type JsonObject } from '../model.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { containersOf, textOf } from './template.ts';

/** One readable difference between two revisions. Values of environment variables and secrets are never in it. */
export interface Difference {
  /** For readers: `container app: image`, `container app: environment DATABASE_URL`, `cpu`. */
  readonly subject: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where the value must not be shown. */
  readonly before?: string;
  readonly after?: string;
  /** Of a setting of the service: what ECS does about it, `starts a deployment`. */
  readonly effect?: string;
}

/** Lists of {name, value} and maps: only the names that were added, removed or changed are shown; CI logs are often public. */
const HIDDEN = ['environment', 'secrets', 'dockerLabels'];
/** Fields whose text can carry a password (a command line, a health check). */
const HIDDEN_FIELDS = ['command', 'entryPoint', 'repositoryCredentials'];
/**
 * Options of log drivers that hold no secret: where the log goes, and how it is cut into events. All others are shown by name.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
const OPEN_LOG_OPTIONS: ReadonlySet<string> = new Set([
  'awslogs-group',
  'awslogs-region',
  'awslogs-stream-prefix',
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-multiline-pattern',
  'mode',
  'max-buffer-size',
]);
/** Maps within a shown field whose values can be passwords (of a network drive, of a log's destination). */
const HIDDEN_MAPS = ['driverOpts', 'options'];

/** What `after` changes of `before`, both normalised first; the image first, then the rest in a stable order. */
export function diffDefinitions(before: JsonObject, after: JsonObject): Difference[] {
  const [old, now] = [normalise(before), normalise(after)];
  const differences: Difference[] = [];
  const containers = (definition: JsonObject) =>
    new Map(containersOf(definition).map((container) => [textOf(container.name), container]));
  const [oldContainers, newContainers] = [containers(old), containers(now)];
  for (const name of new Set([...newContainers.keys(), ...oldContainers.keys()])) {
    const [was, is] = [oldContainers.get(name), newContainers.get(name)];
    const subject = `container ${name}`;
    if (!was) differences.push({ subject, kind: 'added', after: textOf(is?.image) });
    else if (!is) differences.push({ subject, kind: 'removed', before: textOf(was.image) });
    else differences.push(...diffContainer(was, is, subject));
  }
  differences.push(...diffFields(old, now, { prefix: '', skipped: ['containerDefinitions'] }));
  return differences;
}

function diffContainer(was: JsonObject, is: JsonObject, subject: string): Difference[] {
  const image = diffFields(
    { image: was.image ?? null },
    { image: is.image ?? null },
    { prefix: `${subject}: `, skipped: [] },
  );
  const hidden = HIDDEN.flatMap((field) => diffNames(was[field], is[field], { prefix: `${subject}: ${field}` }));
  const rest = diffFields(was, is, {
    prefix: `${subject}: `,
    skipped: ['image', 'logConfiguration', 'healthCheck', ...HIDDEN],
  });
  const check =
    isObject(was.healthCheck) && isObject(is.healthCheck)
      ? diffFields(was.healthCheck, is.healthCheck, { prefix: `${subject}: healthCheck `, skipped: [] })
      : diffNames(of('healthCheck', was), of('healthCheck', is), { prefix: `${subject}:` });
  return [...image, ...hidden, ...diffLog(was.logConfiguration, is.logConfiguration, subject), ...check, ...rest];
}

const of = (field: string, { [field]: value }: JsonObject): JsonObject =>
  value === undefined ? {} : { [field]: value };

/** The driver is shown, and of its options (a token may be among them) those that hold no secret; of others only the names. */
function diffLog(before: Json | undefined, after: Json | undefined, subject: string): Difference[] {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return [
    ...diffFields(was, is, { prefix: `${subject}: log configuration, `, skipped: ['options', 'secretOptions'] }),
    ...diffNames(was.options, is.options, { prefix: `${subject}: log option`, open: OPEN_LOG_OPTIONS }),
    ...diffNames(was.secretOptions, is.secretOptions, { prefix: `${subject}: secret log option` }),
  ];
}

/** @param open names whose values are shown */
function diffNames(
  was: Json | undefined,
  is: Json | undefined,
  { prefix, open = new Set() }: { readonly prefix: string; readonly open?: ReadonlySet<string> },
): Difference[] {
  const openValue = (given: Json | undefined, name: string): string | undefined => {
    const value = open.has(name) && isObject(given) && Object.hasOwn(given, name) ? given[name] : undefined;
    return value === undefined ? undefined : shown(value);
  };
  const entries = (given: Json | undefined): Map<string, string> =>
    isObject(given)
      ? new Map(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]))
      : new Map(asObjects(given).map((entry) => [textOf(entry.name), JSON.stringify(entry)]));
  const [old, now] = [entries(was), entries(is)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name): Difference[] => {
    if (old.get(name) === now.get(name)) return [];
    const values = defined({ before: openValue(was, name), after: openValue(is, name) });
    return [{ subject: `${prefix} ${name}`, kind: kindOf(old.get(name), now.get(name)), ...values }];
  });
}

function kindOf(before: unknown, after: unknown): Difference['kind'] {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function diffFields(
  was: JsonObject,
  is: JsonObject,
  { prefix, skipped }: { readonly prefix: string; readonly skipped: readonly string[] },
): Difference[] {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !skipped.includes(field))
    .sort();
  return fields.flatMap((field): Difference[] => {
    // Of their own only: every object has a `toString` otherwise.
    const [before, after] = [was, is].map((side) => (Object.hasOwn(side, field) ? side[field] : undefined));
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const kind = kindOf(before, after);
    const subject = `${prefix}${field}`;
    if (HIDDEN_FIELDS.includes(field)) return [{ subject, kind }];
    return [
      {
        subject,
        kind,
        ...defined({
          before: before === undefined ? undefined : shown(before),
          after: after === undefined ? undefined : shown(after),
        }),
      },
    ];
  });
}

function shown(value: Json): string {
  const cover = (key: string, member: Json): Json =>
    HIDDEN_MAPS.includes(key) && isObject(member) ? Object.keys(member) : member;
  return typeof value === 'string' ? value : JSON.stringify(value, cover);
}

/**
 * One form for all definitions that mean the same to ECS: defaults that it adds ( `enableFaultInjection: false`
 * stands in every description), what it ignores (the order of environment, secrets and ports, empty lists) and what can
 * be written in two ways ("0.25 vCPU" is 256, a role's name is its ARN).
 */
function normalise(definition: JsonObject): JsonObject {
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
    return { ...others, protocol: protocol ?? 'tcp', ...defined({ hostPort: shown }) };
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
  return [...list].sort((a, b) => {
    if (text(a) < text(b)) return -1;
    if (text(a) > text(b)) return 1;
    return 0;
  });
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
