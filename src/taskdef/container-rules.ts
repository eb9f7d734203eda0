import { foreignIn } from '../foreign-placeholders.ts';
import { inSmallLetters, templateForm, unfilledIn } from '../image/placeholders.ts';
import { asObjects, isObject, type Json, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { checkLogging, checkMounts, checkNetwork } from './connection-rules.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { hasPlaceholder } from './placeholders.ts';
import { NAME, type Report } from './schema.ts';
import { containersOf, textOf } from './template.ts';

const MAX_ENVIRONMENT_FILES = 10;
/** Characters, by the API reference of ContainerDefinition. */
const MAX_IMAGE = 255;
const MAX_IGNORED_EXIT_CODES = 50;
/** MiB. Docker 20.10 reserves 6 for a container, Docker 19.03 and older 4: with less, no container starts. */
const MIN_MEMORY = 4;

/** What RegisterTaskDefinition refuses in one container, for any launch type. */
export function checkContainer(
  container: JsonObject,
  { path, definition }: { readonly path: string; readonly definition: JsonObject },
  report: Report,
): void {
  const containers = containersOf(definition);
  checkNames(container, path, report);
  checkResources(container, { path, definition }, report);
  checkNetwork(container, { path, definition }, report);
  checkHealth(container, path, report);
  checkEnvironment(container, path, report);
  checkMounts(container, { path, definition }, report);
  checkLogging(container, { path, containers }, report);
  checkDependencies(container, { path, containers }, report);
}

function checkNames(container: JsonObject, path: string, report: Report): void {
  const { name, image } = container;
  if (name === undefined) report(`${path}.name`, 'is missing, and ECS requires it.');
  else if (typeof name === 'string' && !NAME.test(name)) {
    report(
      `${path}.name`,
      `\`${name}\` cannot be a container's name.`,
      'Use letters, digits, hyphens and underscores.',
    );
  }
  const at = `${path}.image`;
  if (image === undefined || image === '') {
    report(at, 'is missing.', 'Name the image, or set it with `container-name` or `images`.');
  } else if (typeof image === 'string' && !hasPlaceholder(image)) {
    const [, digest] = image.split('@');
    const unfilled = unfilledIn(image);
    const small = inSmallLetters(image);
    if (image.length > MAX_IMAGE) {
      report(at, `has ${image.length} characters; ECS takes ${MAX_IMAGE}.`, 'Use a shorter repository or tag.');
    } else if (unfilled) {
      const what = `\`${unfilled.text}\` is a placeholder that nothing has filled`;
      report(at, `${what}${unfilled.text === image.trim() ? '' : `, in \`${image}\``}.`, templateForm(image));
    } else if (/^\s|\s$/.test(image)) {
      report(at, `\`${image}\` has a space around it.`, `Write \`${image.trim()}\`.`);
    } else if (/[^\w:./#@-]/.test(image)) {
      report(
        at,
        `\`${image}\` has characters that an image reference cannot have.`,
        'Letters, digits and - _ : . / # @ are fine.',
      );
    } else if (small !== undefined) {
      report(at, `\`${image}\` has capitals, which a repository cannot have.`, `Write \`${small}\`.`);
    } else if (digest !== undefined && !/^sha256:[0-9A-Fa-f]{64}$/.test(digest)) {
      report(at, `\`${digest}\` is not a digest.`, 'A digest is `sha256:` and 64 hexadecimal digits.');
    }
  }
}

function checkResources(
  container: JsonObject,
  { path, definition }: { readonly path: string; readonly definition: JsonObject },
  report: Report,
): void {
  const { memory, memoryReservation, cpu } = container;
  const taskMemory = typeof definition.memory === 'string' ? memoryMib(definition.memory) : undefined;
  const taskCpu = typeof definition.cpu === 'string' ? cpuUnits(definition.cpu) : undefined;
  if (memory === undefined && memoryReservation === undefined && definition.memory === undefined) {
    report(
      path,
      'At least one of `memory` and `memoryReservation` is needed where the task has no memory.',
      'Add for example `"memory": 512`.',
    );
  }
  for (const [field, value] of Object.entries({ memory, memoryReservation })) {
    if (typeof value === 'number' && value < MIN_MEMORY)
      report(`${path}.${field}`, `${value} MiB is less than the ${MIN_MEMORY} MiB that ECS takes.`);
  }
  if (typeof memory === 'number' && typeof memoryReservation === 'number' && memory < memoryReservation) {
    report(
      `${path}.memoryReservation`,
      `${memoryReservation} MiB is more than the memory of ${memory} MiB.`,
      'Reserve less than the hard limit.',
    );
  }
  const wanted = typeof memory === 'number' ? memory : memoryReservation;
  if (typeof wanted === 'number' && taskMemory !== undefined && wanted > taskMemory) {
    report(
      `${path}.memory`,
      `${wanted} MiB is more than the task's ${taskMemory} MiB.`,
      'Lower it or raise the task-level memory.',
    );
  }
  if (typeof cpu === 'number' && cpu < 0)
    report(`${path}.cpu`, `${cpu} CPU units is negative.`, 'Write for example `"cpu": 256`, or leave it out.');
  if (typeof cpu === 'number' && taskCpu !== undefined && cpu > taskCpu) {
    report(
      `${path}.cpu`,
      `${cpu} CPU units is more than the task's ${taskCpu}.`,
      'Lower it or raise the task-level cpu.',
    );
  }
  const linux = isObject(container.linuxParameters) ? container.linuxParameters : {};
  if (typeof linux.swappiness === 'number' && (linux.swappiness < 0 || linux.swappiness > 100)) {
    const at = `${path}.linuxParameters.swappiness`;
    report(at, `${linux.swappiness} is out of range.`, 'ECS takes 0 to 100.');
  }
  if (typeof linux.maxSwap === 'number' && linux.maxSwap < 0)
    report(`${path}.linuxParameters.maxSwap`, `${linux.maxSwap} MiB is negative.`, 'Write 0 for no swap.');
  for (const [i, { name, softLimit: soft, hardLimit: hard }] of asObjects(container.ulimits).entries()) {
    // -1 means unlimited. Linux starts no process with more, so that no task would ever run.
    if (typeof soft === 'number' && typeof hard === 'number' && hard >= 0 && (soft > hard || soft < 0)) {
      const problem = `the soft limit ${soft} of ${textOf(name)} is more than its hard limit ${hard}.`;
      report(`${path}.ulimits[${i}]`, problem, 'Lower the soft limit, or raise the hard one.');
    }
  }
  for (const [i, { type, value, sharingStrategy }] of asObjects(container.resourceRequirements).entries()) {
    const at = `${path}.resourceRequirements[${i}]`;
    if (value === undefined && !(type === 'GPU' && sharingStrategy !== undefined)) report(at, 'has no value.');
    if (type === 'GPU' && typeof value === 'string' && !/^([1-9]\d*|ALL)$/.test(value))
      report(`${at}.value`, `\`${value}\` is not a number of GPUs.`, 'Write for example `"1"`, or `"ALL"`.');
    const devices = asObjects(definition.inferenceAccelerators).map(({ deviceName }) => deviceName);
    if (type === 'InferenceAccelerator' && typeof value === 'string' && !devices.includes(value))
      report(`${at}.value`, `accelerator \`${value}\` does not exist.`, 'Declare it under `inferenceAccelerators`.');
  }
}

/** Limits in seconds and times, by the API reference of HealthCheck. */
const HEALTH_RANGES: readonly (readonly [field: string, min: number, max: number])[] = [
  ['interval', 5, 300],
  ['timeout', 2, 60],
  ['retries', 1, 10],
  ['startPeriod', 0, 300],
];

function checkHealth(container: JsonObject, path: string, report: Report): void {
  const restart = isObject(container.restartPolicy) ? container.restartPolicy.restartAttemptPeriod : undefined;
  if (typeof restart === 'number' && (restart < 60 || restart > 1800)) {
    const at = `${path}.restartPolicy.restartAttemptPeriod`;
    report(at, `${restart} is out of range.`, 'ECS takes 60 to 1800 seconds.');
  }
  const ignored = isObject(container.restartPolicy) ? container.restartPolicy.ignoredExitCodes : undefined;
  if (Array.isArray(ignored) && ignored.length > MAX_IGNORED_EXIT_CODES) {
    const at = `${path}.restartPolicy.ignoredExitCodes`;
    report(at, `${ignored.length} exit codes are more than the ${MAX_IGNORED_EXIT_CODES} that ECS takes.`);
  }
  const check = isObject(container.healthCheck) ? container.healthCheck : undefined;
  if (!check) return;
  for (const [field, min, max] of HEALTH_RANGES) {
    const value = check[field];
    if (typeof value === 'number' && (value < min || value > max)) {
      report(`${path}.healthCheck.${field}`, `${value} is out of range.`, `ECS takes ${min} to ${max}.`);
    }
  }
  if (Array.isArray(check.command) && check.command.length === 0) report(`${path}.healthCheck.command`, 'is empty.');
}

/** An ARN of Secrets Manager or SSM, or a parameter's name; never shown, because the secret itself may have been pasted here. */
const SECRET = /^(arn:[\w-]+:(secretsmanager|ssm):[^\s<>]+|[\w./-]{1,2048})$/;

function checkEnvironment(container: JsonObject, path: string, report: Report): void {
  for (const field of ['environment', 'secrets']) {
    for (const [i, { name }] of asObjects(container[field]).entries())
      if (name === '') report(`${path}.${field}[${i}].name`, 'is empty.', 'Name the variable, or remove the entry.');
  }
  const names = asObjects(container.environment).map(({ name }) => textOf(name));
  const secrets = asObjects(container.secrets).map(({ name }) => textOf(name));
  for (const name of secrets) {
    if (name === '') continue;
    if (names.includes(name) || secrets.indexOf(name) !== secrets.lastIndexOf(name)) {
      report(
        `${path}.secrets`,
        `\`${name}\` is given twice; a secret's name must be unique among secrets and environment variables.`,
        'Remove one of them.',
      );
    }
  }
  checkReferences(container.secrets, `${path}.secrets`, report);
  const log = isObject(container.logConfiguration) ? container.logConfiguration : {};
  checkReferences(log.secretOptions, `${path}.logConfiguration.secretOptions`, report);
  const files = asObjects(container.environmentFiles);
  if (files.length > MAX_ENVIRONMENT_FILES)
    report(`${path}.environmentFiles`, `${files.length} files are more than ${MAX_ENVIRONMENT_FILES}.`);
  for (const [i, { value }] of files.entries()) {
    if (typeof value !== 'string' || hasPlaceholder(value)) continue;
    const at = `${path}.environmentFiles[${i}].value`;
    if (!/^arn:aws[\w-]*:s3:::/.test(value))
      report(at, `\`${value}\` is not an S3 object.`, 'Give its ARN, such as arn:aws:s3:::BUCKET/app.env.');
    else if (!/\.env$/i.test(value))
      report(at, `\`${value}\` does not end in .env, and ECS takes no other files.`, 'Rename the object.');
  }
}

/** A placeholder without a value, or one of another tool: the renderer has reported it. */
const isUnfilled = (text: string): boolean => hasPlaceholder(text) || foreignIn(text).length > 0;

function checkReferences(secrets: Json | undefined, at: string, report: Report): void {
  for (const { name, valueFrom } of asObjects(secrets)) {
    if (typeof valueFrom === 'string' && /^\/?[\w./-]+:\d+$/.test(valueFrom)) {
      report(
        at,
        `the valueFrom of \`${textOf(name)}\` names a version of an SSM parameter, which ECS does not read reliably.`,
        'Give the name of the parameter without `:version`; ECS reads its latest version.',
      );
    } else if (typeof valueFrom === 'string' && !SECRET.test(valueFrom) && !isUnfilled(valueFrom)) {
      report(
        at,
        `the valueFrom of \`${textOf(name)}\` is neither an ARN nor the name of an SSM parameter.`,
        'Give the ARN of the secret or parameter.',
      );
    }
  }
}

function otherContainers(name: string, others: readonly string[]): string {
  const meant = didYouMean(name, others);
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  if (others.length === 0) return 'The task has no other container: remove it.';
  return `The other containers of the task: ${others.map((one) => `\`${one}\``).join(', ')}.`;
}

function checkDependencies(
  container: JsonObject,
  { path, containers }: { readonly path: string; readonly containers: readonly JsonObject[] },
  report: Report,
): void {
  for (const [i, { containerName, condition }] of asObjects(container.dependsOn).entries()) {
    if (typeof containerName !== 'string') continue;
    const at = `${path}.dependsOn[${i}]`;
    const other = containers.find(({ name }) => name === containerName);
    if (containerName === container.name) report(at, 'a container cannot wait for itself.');
    else if (!other) {
      const others = containers.filter((one) => one !== container).map(({ name }) => textOf(name));
      report(at, `container \`${containerName}\` does not exist.`, otherContainers(containerName, others));
    } else if (condition === 'HEALTHY' && other.healthCheck === undefined) {
      report(
        at,
        `waits for \`${containerName}\` to be HEALTHY, which has no healthCheck.`,
        "Add one: ECS does not use the Dockerfile's.",
      );
    } else if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
      report(
        at,
        `waits for \`${containerName}\` to end (${condition}), but that one is essential: its end would end the task.`,
        'Set `"essential": false` on it.',
      );
    }
    if (other && other !== container && waitsFor(other, textOf(container.name), { containers, seen: new Set() })) {
      report(at, `\`${textOf(container.name)}\` and \`${containerName}\` wait for each other.`, 'Break the cycle.');
    }
  }
}

interface DependencySearch {
  readonly containers: readonly JsonObject[];
  /** Names of the containers already followed, so that a cycle ends. */
  readonly seen: Set<unknown>;
}

/** Whether a container waits for the one of this name, directly or through others. */
function waitsFor(from: JsonObject, name: string, search: DependencySearch): boolean {
  const { containers, seen } = search;
  if (seen.has(from.name)) return false;
  seen.add(from.name);
  return asObjects(from.dependsOn).some(({ containerName }) => {
    if (containerName === name) return true;
    const next = containers.find((container) => container.name === containerName);
    return next !== undefined && waitsFor(next, name, search);
  });
}
