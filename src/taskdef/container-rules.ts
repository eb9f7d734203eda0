import type { JsonObject } from '../world.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { checkLogging } from './logging-rules.ts';
import { NAME, type Say } from './say.ts';
import { asObjects, asStrings, containersOf, isObject } from './template.ts';
import { checkMounts } from './volume-rules.ts';

const MAX_ENVIRONMENT_FILES = 10;
/** MiB. Docker 20.10 reserves 6 for a container, Docker 19.03 and older 4: below that nothing starts anywhere. */
const MIN_MEMORY = 4;

/** What RegisterTaskDefinition refuses in one container, for any launch type. */
export function checkContainer(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const containers = containersOf(definition);
  checkNames(container, path, say);
  checkResources(container, path, definition, say);
  checkNetwork(container, path, definition, say);
  checkHealth(container, path, say);
  checkEnvironment(container, path, say);
  checkMounts(container, path, definition, say);
  checkLogging(container, path, containers, say);
  checkDependencies(container, path, containers, say);
}

function checkNames(container: JsonObject, path: string, say: Say): void {
  const { name, image } = container;
  if (name === undefined) say(`${path}.name`, 'is missing, and ECS requires it.');
  else if (typeof name === 'string' && !NAME.test(name)) {
    say(`${path}.name`, `\`${name}\` cannot be a container's name.`, 'Use letters, digits, hyphens and underscores.');
  }
  const at = `${path}.image`;
  if (image === undefined || image === '') {
    say(at, 'is missing.', 'Name the image, or let `container-name` or `images` put one in.');
  } else if (typeof image === 'string') {
    const [, digest] = image.split('@');
    if (/[<>[\]{}]|^\s|\s$/.test(image)) {
      say(at, `\`${image}\` is no image reference but a placeholder.`, 'Replace it by the image.');
    } else if (/[^\w:./#@-]/.test(image)) {
      say(
        at,
        `\`${image}\` has characters that no image reference has.`,
        'Letters, digits and - _ : . / # @ are fine.',
      );
    } else if (digest !== undefined && !/^sha256:[0-9A-Fa-f]{64}$/.test(digest)) {
      say(at, `\`${digest}\` is no digest.`, 'A digest is `sha256:` and 64 hexadecimal digits.');
    }
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
  for (const [field, value] of Object.entries({ memory, memoryReservation })) {
    if (typeof value === 'number' && value < MIN_MEMORY)
      say(`${path}.${field}`, `${value} MiB is less than the ${MIN_MEMORY} MiB that ECS takes.`);
  }
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
  for (const [i, { type, value, sharingStrategy }] of asObjects(container.resourceRequirements).entries()) {
    const at = `${path}.resourceRequirements[${i}]`;
    if (value === undefined && !(type === 'GPU' && sharingStrategy !== undefined)) say(at, 'has no value.');
    if (type === 'GPU' && typeof value === 'string' && !/^([1-9]\d*|ALL)$/.test(value))
      say(`${at}.value`, `\`${value}\` is no number of GPUs.`, 'Write for example `"1"`, or `"ALL"`.');
    const devices = asObjects(definition.inferenceAccelerators).map(({ deviceName }) => deviceName);
    if (type === 'InferenceAccelerator' && typeof value === 'string' && !devices.includes(value))
      say(`${at}.value`, `there is no accelerator \`${value}\`.`, 'Declare it under `inferenceAccelerators`.');
  }
}

function checkNetwork(container: JsonObject, path: string, definition: JsonObject, say: Say): void {
  const mode = definition.networkMode;
  if (mode === 'none' && asObjects(container.portMappings).length > 0)
    say(`${path}.portMappings`, 'needs a network, but the network mode is none.', 'Remove it, or use another mode.');
  if (mode === 'awsvpc' && typeof container.hostname === 'string')
    say(`${path}.hostname`, 'is not available with the network mode awsvpc.', 'Remove it.');
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
    const range = mapping.containerPortRange;
    if (containerPort === undefined && range === undefined) say(at, 'has no containerPort.');
    if (range !== undefined && (containerPort !== undefined || hostPort !== undefined))
      say(at, 'has a containerPortRange beside single ports.', 'Keep one of them.');
    if (typeof range === 'string' && !isRange(range))
      say(`${at}.containerPortRange`, `\`${range}\` is no range of ports.`, 'Write it as `8000-8010`.');
    const { name } = mapping;
    if (typeof name === 'string' && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name))
      say(`${at}.name`, `\`${name}\` cannot be a port's name.`, 'Use up to 64 small letters, digits, _ and -.');
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

function isRange(text: string): boolean {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  return first !== '' && Number(first) >= 1 && Number(first) < Number(last) && Number(last) <= 65535;
}

/** Limits in seconds and times, by the API reference of HealthCheck. */
const HEALTH_RANGES: readonly (readonly [field: string, min: number, max: number])[] = [
  ['interval', 5, 300],
  ['timeout', 2, 60],
  ['retries', 1, 10],
  ['startPeriod', 0, 300],
];

function checkHealth(container: JsonObject, path: string, say: Say): void {
  const restart = isObject(container.restartPolicy) ? container.restartPolicy.restartAttemptPeriod : undefined;
  if (typeof restart === 'number' && (restart < 60 || restart > 1800)) {
    const at = `${path}.restartPolicy.restartAttemptPeriod`;
    say(at, `${restart} is out of range.`, 'ECS takes 60 to 1800 seconds.');
  }
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

/** An ARN of Secrets Manager or SSM, or a parameter's name; never shown, as people paste the secret itself here. */
const SECRET = /^(arn:[\w-]+:(secretsmanager|ssm):[^\s<>]+|[\w./-]{1,2048})$/;

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
  for (const { name, valueFrom } of asObjects(container.secrets)) {
    if (typeof valueFrom === 'string' && !SECRET.test(valueFrom)) {
      say(
        `${path}.secrets`,
        `the valueFrom of \`${String(name)}\` is neither an ARN nor the name of an SSM parameter.`,
        'Give the ARN of the secret or parameter.',
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
