import { Failure, type Mistake } from '../failure.ts';
import {
  asObjects,
  asStrings,
  defined,
  isObject,
  type Json,
  type JsonObject,
  type Tags,
  type TaskDefinition,
} from '../model.ts';
import { checkRouters, checkVolumes, type PortRange, portRange } from './connection-rules.ts';
import { checkContainer } from './container-rules.ts';
import { checkFargate, cpuUnits, GIVE_EXECUTION_ROLE, memoryMib } from './fargate.ts';
import { hasPlaceholder } from './placeholders.ts';
import type { Rendered } from './render.ts';
import { checkSchema, NAME, type Report } from './schema.ts';
import { containersOf, textOf } from './template.ts';

/**
 * The rendered definition if ECS would accept it; otherwise all reasons why it would not, at once.
 * @param fargate whether the service runs on Fargate; a definition that asks for FARGATE is checked for it anyway
 * @throws Failure INVALID_TASK_DEFINITION
 */
export function checked(rendered: Rendered, name: string, fargate: boolean): TaskDefinition {
  const { definition, tags } = rendered;
  const left = new Set(rendered.mistakes.map(({ subject }) => subject));
  const mistakes = [...rendered.mistakes, ...checkSchema(definition).filter(({ subject }) => !left.has(subject))];
  const asked = asStrings(definition.requiresCompatibilities);
  const reported = new Set(mistakes.map(({ subject }) => subject));
  const semantic = [
    ...checkRules(definition, tags),
    ...(asked.includes('FARGATE') || fargate ? checkFargate(definition) : []),
  ];
  // One mistake per place: placeholders without a value first, then the service model, then the rules.
  mistakes.push(...semantic.filter(({ subject }) => !reported.has(subject)));
  if (fargate && !asked.includes('FARGATE') && asked.length > 0) {
    mistakes.push({
      subject: 'requiresCompatibilities',
      problem: `is ${asked.join(', ')}, but the service runs on FARGATE.`,
      remedy: 'Add "FARGATE".',
    });
  }
  if (mistakes.length === 0) return definition as TaskDefinition;
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  throw new Failure('INVALID_TASK_DEFINITION', `The task definition ${name} has ${count}; nothing was registered.`, {
    mistakes,
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_CONTAINERS = 10;
const MAX_BYTES = 64 * 1024;
const MAX_TAGS = 50;
const MAX_CONSTRAINTS = 10;
/** CPU units of a task on EC2 and external instances, by the API reference of RegisterTaskDefinition. */
const CPU_ON_INSTANCES = [128, 196_608] as const;
/** Launch types that may have ephemeral storage. */
const STORES: readonly string[] = ['FARGATE', 'MANAGED_INSTANCES'];

/**
 * What RegisterTaskDefinition refuses beyond its service model, for any launch type.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
function checkRules(definition: JsonObject, tags: Tags): Mistake[] {
  const mistakes: Mistake[] = [];
  const report: Report = (subject, problem, remedy) => void mistakes.push({ subject, problem, ...defined({ remedy }) });
  checkTask(definition, report);
  checkTags(tags, report);
  const containers = containersOf(definition);
  checkSet(definition, containers, report);
  checkSums(definition, containers, report);
  checkHostPorts(definition, containers, report);
  checkPortNames(containers, report);
  checkRouters(containers, report);
  checkVolumes(definition, report);
  for (const [i, container] of containers.entries()) {
    checkContainer(container, { path: `containerDefinitions[${i}]`, definition }, report);
  }
  return mistakes;
}

function checkTask(definition: JsonObject, report: Report): void {
  const { family, cpu, memory } = definition;
  const asked = asStrings(definition.requiresCompatibilities);
  if (typeof family === 'string' && !NAME.test(family)) {
    report('family', `\`${family}\` cannot be a family.`, 'Use up to 255 letters, digits, hyphens and underscores.');
  }
  if (typeof cpu === 'string' && cpuUnits(cpu) === undefined) {
    report('cpu', `\`${cpu}\` is not a CPU size.`, 'Write CPU units ("256") or vCPUs ("0.25 vCPU").');
  }
  const units = typeof cpu === 'string' ? cpuUnits(cpu) : undefined;
  const [least, most] = CPU_ON_INSTANCES;
  if (units !== undefined && (units < least || units > most) && !asked.includes('FARGATE')) {
    report('cpu', `${units} CPU units is out of range.`, `ECS takes ${least} to ${most}, or no task-level cpu at all.`);
  }
  if (typeof memory === 'string' && !memoryMib(memory)) {
    const mib = /^(\d+)\s*mi?b?$/i.exec(memory.trim())?.[1];
    report(
      'memory',
      `\`${memory}\` is not a memory size.`,
      mib === undefined ? 'Write MiB ("512") or GB ("0.5 GB").' : `Write the MiB without a unit: "${mib}".`,
    );
  }
  for (const field of ['taskRoleArn', 'executionRoleArn']) {
    const role = definition[field];
    // A bare role name is accepted as well as an ARN.
    if (typeof role === 'string' && !/^(arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/.test(role)) {
      report(field, `\`${role}\` is not a role.`, 'Give its ARN, such as arn:aws:iam::123456789012:role/NAME.');
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > MAX_BYTES) {
    report(
      'task definition',
      `has ${bytes} bytes; ECS takes ${MAX_BYTES}.`,
      'Move environment variables to env files or SSM parameters.',
    );
  }
  checkProxy(definition, report);
  checkExecutionRole(definition, report);
  const storage = isObject(definition.ephemeralStorage) ? definition.ephemeralStorage.sizeInGiB : undefined;
  if (typeof storage === 'number' && (storage < 21 || storage > 200)) {
    report('ephemeralStorage.sizeInGiB', `${storage} GiB is out of range.`, 'ECS gives 21 to 200 GiB (20 without it).');
  }
  // "Tasks using the EC2 launch type do not support EphemeralStorage." What Managed Instances say is not known.
  if (definition.ephemeralStorage !== undefined && asked.length > 0 && !asked.some((type) => STORES.includes(type))) {
    const remedy = 'Remove it, or write `"requiresCompatibilities": ["FARGATE"]`.';
    report('ephemeralStorage', `is for Fargate, but the task requires ${asked.join(', ')}.`, remedy);
  }
  // "Unsupported field 'inferenceAccelerators'": Amazon Elastic Inference ended in April 2024.
  if (asObjects(definition.inferenceAccelerators).length > 0)
    report('inferenceAccelerators', 'Amazon Elastic Inference has ended, and ECS refuses the field.', 'Remove it.');
  const runtime = isObject(definition.runtimePlatform) ? definition.runtimePlatform : {};
  if (textOf(runtime.operatingSystemFamily).startsWith('WINDOWS') && runtime.cpuArchitecture === 'ARM64') {
    const remedy = 'Write "X86_64", or run Linux: "operatingSystemFamily": "LINUX".';
    report('runtimePlatform.cpuArchitecture', 'ECS has ARM64 for Linux tasks only.', remedy);
  }
  if (asObjects(definition.placementConstraints).length > MAX_CONSTRAINTS) {
    report('placementConstraints', `has more than the ${MAX_CONSTRAINTS} that ECS takes.`);
  }
  if (asked.includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
    report('networkMode', 'External instances do not support awsvpc.', 'Use bridge, host or none.');
  }
}

/** Those of API_ProxyConfiguration; ECS: "Ingress port not found". */
const PROXY_PROPERTIES = ['ProxyIngressPort', 'ProxyEgressPort', 'AppPorts', 'EgressIgnoredIPs'];

/** An App Mesh proxy. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html */
function checkProxy(definition: JsonObject, report: Report): void {
  const proxy = isObject(definition.proxyConfiguration) ? definition.proxyConfiguration : undefined;
  if (!proxy) return;
  if (definition.networkMode !== 'awsvpc')
    report('proxyConfiguration', 'needs the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
  const names = containersOf(definition).map(({ name }) => name);
  if (typeof proxy.containerName === 'string' && !names.includes(proxy.containerName))
    report('proxyConfiguration.containerName', `container \`${proxy.containerName}\` does not exist.`);
  const given = asObjects(proxy.properties).map(({ name }) => textOf(name));
  const lacking = PROXY_PROPERTIES.filter((name) => !given.includes(name));
  if (!given.includes('IgnoredUID') && !given.includes('IgnoredGID')) lacking.push('IgnoredUID');
  if (lacking.length > 0) report('proxyConfiguration.properties', `lacks ${lacking.join(', ')}.`, 'Add them.');
}

/** "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'." */
function checkExecutionRole(definition: JsonObject, report: Report): void {
  if (definition.executionRoleArn !== undefined) return;
  const containers = containersOf(definition);
  const namesOf = (some: readonly JsonObject[]): string => some.map(({ name }) => `\`${textOf(name)}\``).join(', ');
  const holders = containers.filter(({ secrets }) => asObjects(secrets).length > 0);
  const loggers = containers.filter(
    ({ logConfiguration: log }) => isObject(log) && asObjects(log.secretOptions).length > 0,
  );
  const uses = [
    ...(holders.length > 0 ? [`the secrets of ${namesOf(holders)}`] : []),
    ...(loggers.length > 0 ? [`the secretOptions of the log driver of ${namesOf(loggers)}`] : []),
  ];
  if (uses.length === 0) return;
  report('executionRoleArn', `is missing: ECS needs it to fetch ${uses.join(' and ')}.`, GIVE_EXECUTION_ROLE);
}

function checkTags(tags: Tags, report: Report): void {
  if (tags.length > MAX_TAGS) report('tags', `${tags.length} tags are more than the ${MAX_TAGS} that ECS takes.`);
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128)
      report('tags', `the key \`${key.slice(0, 40)}\` must have 1 to 128 characters.`);
    if (value.length > 256) report('tags', `the value of \`${key}\` has more than 256 characters.`);
    if (/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value) && !hasPlaceholder(key + value))
      report(
        'tags',
        `\`${key}\` has a character that a tag cannot have.`,
        'Use letters, digits, spaces and _ . : / = + - @.',
      );
    if (/^aws:/i.test(key))
      report('tags', `\`${key}\`: keys that begin with aws: belong to AWS.`, 'Choose another key.');
  }
}

function checkSet(definition: JsonObject, containers: readonly JsonObject[], report: Report): void {
  if (!Array.isArray(definition.containerDefinitions)) return;
  if (containers.length === 0) {
    report('containerDefinitions', 'is empty: a task needs at least one container.');
    return;
  }
  if (containers.length > MAX_CONTAINERS) {
    report(
      'containerDefinitions',
      `${containers.length} containers are more than the ${MAX_CONTAINERS} that ECS takes.`,
    );
  }
  if (containers.every(({ essential }) => essential === false)) {
    report('containerDefinitions', 'has no essential container.', 'Leave out `"essential": false` on the main one.');
  }
  const repeated = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name, i) => name !== '' && names.indexOf(name) !== i)),
  ];
  for (const name of repeated(containers.map(({ name }) => textOf(name)))) {
    report('containerDefinitions', `two containers are called \`${name}\`.`, 'Give each its own name.');
  }
  for (const name of repeated(asObjects(definition.volumes).map(({ name }) => textOf(name)))) {
    report('volumes', `two volumes are called \`${name}\`.`, 'Give each its own name.');
  }
}

/**
 * "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'", and so for
 * `memoryReservation` against the task's `memory`. Hard limits may add up to more: ECS holds each against the task alone
 * ("The 'memory' setting for container 'web' is greater than for the task").
 */
function checkSums(definition: JsonObject, containers: readonly JsonObject[], report: Report): void {
  const size = (text: Json | undefined, read: typeof cpuUnits): number | undefined =>
    typeof text === 'string' ? read(text) : undefined;
  const sum = (field: string): number =>
    containers.reduce((total, { [field]: value }) => total + (typeof value === 'number' ? value : 0), 0);
  const reportedAlone = (field: string, limit: number): boolean =>
    containers.some(({ [field]: value }) => typeof value === 'number' && value > limit);
  const sums = [
    { field: 'cpu', unit: 'CPU units', of: 'cpu', limit: size(definition.cpu, cpuUnits) },
    { field: 'memoryReservation', unit: 'MiB', of: 'memory', limit: size(definition.memory, memoryMib) },
  ];
  for (const { field, unit, of, limit } of sums) {
    if (limit === undefined || sum(field) <= limit || reportedAlone(field, limit)) continue;
    report(
      of,
      `${limit} ${unit} is less than the sum of the containers (${field}: ${sum(field)}).`,
      `Raise the task-level ${of}, or lower the containers'.`,
    );
  }
}

/** "TCP host port '3000' is mapped multiple times in task." Containers of an awsvpc or host task share their ports. */
function checkHostPorts(definition: JsonObject, containers: readonly JsonObject[], report: Report): void {
  const shared = definition.networkMode === 'awsvpc' || definition.networkMode === 'host';
  const users = new Map<string, string[]>();
  for (const { name, portMappings } of containers) {
    for (const { hostPort, containerPort, protocol } of asObjects(portMappings)) {
      const byDefault = shared ? containerPort : undefined;
      const port = hostPort === undefined || hostPort === 0 ? byDefault : hostPort;
      if (typeof port !== 'number') continue;
      const key = `${(textOf(protocol) || 'tcp').toUpperCase()} host port ${port}`;
      users.set(key, [...(users.get(key) ?? []), textOf(name)]);
    }
  }
  for (const [port, names] of users) {
    if (names.length < 2) continue;
    const by = [...new Set(names)].map((name) => `\`${name}\``).join(' and ');
    report('containerDefinitions', `${port} is mapped more than once, by ${by}.`, 'Give each its own port.');
  }
}

/** "port mapping name is already used", and for ranges "container port is used multiple times in task". */
function checkPortNames(containers: readonly JsonObject[], report: Report): void {
  const mappings = containers.flatMap(({ name: container, portMappings }) =>
    asObjects(portMappings).map((mapping) => ({ container: textOf(container), mapping })),
  );
  for (const [i, { container, mapping }] of mappings.entries()) {
    const { name, containerPortRange: range, protocol } = mapping;
    for (const { container: before, mapping: other } of mappings.slice(0, i)) {
      const by = before === container ? `\`${container}\`` : `\`${before}\` and \`${container}\``;
      if (typeof name === 'string' && other.name === name)
        report('containerDefinitions', `two ports of ${by} are called \`${name}\`.`, 'Give each its own name.');
      const same = (textOf(protocol) || 'tcp') === (textOf(other.protocol) || 'tcp');
      if (same && overlap(portRange(textOf(range)), portRange(textOf(other.containerPortRange)))) {
        const ranges = `${textOf(other.containerPortRange)} and ${textOf(range)}`;
        report('containerDefinitions', `the port ranges ${ranges} of ${by} overlap.`, 'Separate them.');
      }
    }
  }
}

const overlap = (one: PortRange | undefined, other: PortRange | undefined): boolean =>
  one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last;
