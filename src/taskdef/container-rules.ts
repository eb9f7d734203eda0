import type { JsonObject } from '../world.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { asObjects, asStrings, containersOf, isObject } from './template.ts';

export type Say = (subject: string, problem: string, remedy?: string) => void;
/** Families and containers. */
export const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const MAX_ENVIRONMENT_FILES = 10;

/** What RegisterTaskDefinition refuses in one container, for any launch type. */
export function checkContainer(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const containers = containersOf(definition);
  checkNames(container, path, say);
  checkResources(container, path, definition, say);
  checkNetwork(container, path, definition, say);
  checkHealth(container, path, say);
  checkEnvironment(container, path, say);
  checkStorage(container, path, definition, containers, say);
  checkLogging(container, path, containers, say);
  checkDependencies(container, path, containers, say);
}

function checkNames(container: JsonObject, path: string, say: Say): void {
  const { name, image } = container;
  if (name === undefined) say(`${path}.name`, 'is missing, and ECS requires it.');
  else if (typeof name === 'string' && !NAME.test(name)) {
    say(`${path}.name`, `\`${name}\` cannot be a container's name.`, 'Use letters, digits, hyphens and underscores.');
  }
  if (image === undefined || image === '') {
    say(`${path}.image`, 'is missing.', 'Name the image, or let `container-name` or `images` put one in.');
  } else if (typeof image === 'string' && /[<>\s]/.test(image)) {
    say(`${path}.image`, `\`${image}\` is no image reference but a placeholder.`, 'Replace it by the image.');
  }
}

function checkResources(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const { memory, memoryReservation, cpu } = container;
  const taskMemory = typeof definition.memory === 'string' ? memoryMib(definition.memory) : undefined;
  const taskCpu = typeof definition.cpu === 'string' ? cpuUnits(definition.cpu) : undefined;
  if (memory === undefined && memoryReservation === undefined && definition.memory === undefined) {
    say(
      path,
      'At least one of `memory` and `memoryReservation` is needed where the task has no memory.',
      'Add for example `"memory": 512`.',
    );
  }
  if (typeof memory === 'number' && memory < 6)
    say(`${path}.memory`, `${memory} MiB is less than the 6 MiB that Docker needs.`);
  if (typeof memory === 'number' && typeof memoryReservation === 'number' && memory < memoryReservation) {
    say(
      `${path}.memoryReservation`,
      `${memoryReservation} MiB is more than the memory of ${memory} MiB.`,
      'Reserve less than the hard limit.',
    );
  }
  const wanted = typeof memory === 'number' ? memory : memoryReservation;
  if (typeof wanted === 'number' && taskMemory !== undefined && wanted > taskMemory) {
    say(
      `${path}.memory`,
      `${wanted} MiB is more than the task's ${taskMemory} MiB.`,
      'Lower it or raise the task-level memory.',
    );
  }
  if (typeof cpu === 'number' && taskCpu !== undefined && cpu > taskCpu) {
    say(`${path}.cpu`, `${cpu} CPU units is more than the task's ${taskCpu}.`, 'Lower it or raise the task-level cpu.');
  }
}

function checkNetwork(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const mode = definition.networkMode;
  for (const [i, mapping] of asObjects(container.portMappings).entries()) {
    const at = `${path}.portMappings[${i}]`;
    const { containerPort, hostPort } = mapping;
    for (const port of [containerPort, hostPort]) {
      if (typeof port === 'number' && (port < 0 || port > 65535))
        say(at, `${port} is no port.`, 'Ports are 1 to 65535.');
    }
    if (
      (mode === 'awsvpc' || mode === 'host') &&
      typeof hostPort === 'number' &&
      hostPort !== containerPort &&
      hostPort !== 0
    ) {
      say(
        `${at}.hostPort`,
        `with the network mode ${mode} it must equal containerPort ${containerPort} or be left out.`,
        'Remove hostPort.',
      );
    }
    if (containerPort === undefined && mapping.containerPortRange === undefined) say(at, 'has no containerPort.');
  }
  const links = asStrings(container.links);
  if (links.length > 0 && mode !== undefined && mode !== 'bridge') {
    say(
      `${path}.links`,
      `links work in bridge mode only, not in ${mode}.`,
      'In awsvpc mode containers of a task reach each other at localhost.',
    );
  }
  if (mode === 'awsvpc' && asObjects(container.extraHosts).length > 0) {
    say(`${path}.extraHosts`, 'is not available with the network mode awsvpc.', 'Remove it.');
  }
}

/** Limits in seconds and times, by the API reference of HealthCheck. */
const HEALTH_RANGES: readonly (readonly [field: string, min: number, max: number])[] = [
  ['interval', 5, 300],
  ['timeout', 2, 120],
  ['retries', 1, 10],
  ['startPeriod', 0, 300],
];

function checkHealth(container: JsonObject, path: string, say: Say): void {
  const check = isObject(container.healthCheck) ? container.healthCheck : undefined;
  if (!check) return;
  for (const [field, min, max] of HEALTH_RANGES) {
    const value = check[field];
    if (typeof value === 'number' && (value < min || value > max)) {
      say(`${path}.healthCheck.${field}`, `${value} is out of range.`, `ECS takes ${min} to ${max}.`);
    }
  }
  if (Array.isArray(check.command) && check.command.length === 0) say(`${path}.healthCheck.command`, 'is empty.');
}

function checkEnvironment(container: JsonObject, path: string, say: Say): void {
  const names = asObjects(container.environment).map(({ name }) => String(name));
  const secrets = asObjects(container.secrets).map(({ name }) => String(name));
  for (const name of secrets) {
    if (names.includes(name) || secrets.indexOf(name) !== secrets.lastIndexOf(name)) {
      say(
        `${path}.secrets`,
        `\`${name}\` is given twice; a secret's name must be unique among secrets and environment variables.`,
        'Remove one of them.',
      );
    }
  }
  const files = asObjects(container.environmentFiles);
  if (files.length > MAX_ENVIRONMENT_FILES)
    say(`${path}.environmentFiles`, `${files.length} files are more than ${MAX_ENVIRONMENT_FILES}.`);
  for (const { value } of files) {
    if (typeof value === 'string' && !/^arn:aws[\w-]*:s3:::/.test(value)) {
      say(
        `${path}.environmentFiles`,
        `\`${value}\` is no S3 object.`,
        'Give its ARN, such as arn:aws:s3:::BUCKET/app.env.',
      );
    }
  }
}

function checkStorage(
  container: JsonObject,
  path: string,
  definition: JsonObject,
  containers: readonly JsonObject[],
  say: Say,
): void {
  const volumes = asObjects(definition.volumes).map(({ name }) => String(name));
  for (const [i, { sourceVolume }] of asObjects(container.mountPoints).entries()) {
    if (typeof sourceVolume === 'string' && !volumes.includes(sourceVolume)) {
      say(
        `${path}.mountPoints[${i}].sourceVolume`,
        `there is no volume \`${sourceVolume}\`.`,
        'Declare it under `volumes`.',
      );
    }
  }
  for (const [i, { sourceContainer }] of asObjects(container.volumesFrom).entries()) {
    if (!containers.some(({ name }) => name === sourceContainer)) {
      say(`${path}.volumesFrom[${i}]`, `there is no container \`${String(sourceContainer)}\`.`);
    }
  }
}

function checkLogging(container: JsonObject, path: string, containers: readonly JsonObject[], say: Say): void {
  const log = isObject(container.logConfiguration) ? container.logConfiguration : undefined;
  if (!log) return;
  const options = isObject(log.options) ? log.options : {};
  if (log.logDriver === 'awslogs' && !options['awslogs-group']) {
    say(`${path}.logConfiguration.options.awslogs-group`, 'is missing, and the log driver awslogs requires it.');
  }
  if (
    log.logDriver === 'awsfirelens' &&
    !containers.some(({ firelensConfiguration }) => firelensConfiguration !== undefined)
  ) {
    say(
      `${path}.logConfiguration`,
      'awsfirelens needs a container with a `firelensConfiguration` in the task.',
      'Add the FireLens router container.',
    );
  }
}

function checkDependencies(container: JsonObject, path: string, containers: readonly JsonObject[], say: Say): void {
  for (const [i, { containerName, condition }] of asObjects(container.dependsOn).entries()) {
    const at = `${path}.dependsOn[${i}]`;
    const other = containers.find(({ name }) => name === containerName);
    if (containerName === container.name) say(at, 'a container cannot wait for itself.');
    else if (!other) say(at, `there is no container \`${String(containerName)}\`.`);
    else if (condition === 'HEALTHY' && other.healthCheck === undefined) {
      say(
        at,
        `waits for \`${String(containerName)}\` to be HEALTHY, which has no healthCheck.`,
        "Add one: ECS does not use the Dockerfile's.",
      );
    } else if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
      say(
        at,
        `waits for \`${String(containerName)}\` to end (${condition}), but that one is essential: its end would end the task.`,
        'Set `"essential": false` on it.',
      );
    }
    if (other && other !== container && waitsFor(other, String(container.name), containers, new Set())) {
      say(
        at,
        `\`${String(container.name)}\` and \`${String(containerName)}\` wait for each other.`,
        'Break the cycle.',
      );
    }
  }
}

function waitsFor(from: JsonObject, name: string, containers: readonly JsonObject[], seen: Set<unknown>): boolean {
  if (seen.has(from.name)) return false;
  seen.add(from.name);
  return asObjects(from.dependsOn).some(({ containerName }) => {
    if (containerName === name) return true;
    const next = containers.find((container) => container.name === containerName);
    return next !== undefined && waitsFor(next, name, containers, seen);
  });
}
