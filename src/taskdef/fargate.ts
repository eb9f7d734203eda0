import type { Mistake } from '../failure.ts';
import { asObjects, asStrings, defined, isObject, type JsonObject } from '../model.ts';
import type { Report } from './schema.ts';
import { containersOf, textOf } from './template.ts';

/**
 * CPU units -> MiB that Fargate pairs with them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const GIB = 1024;
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => (from + i * step) * GIB);
const SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, ...steps(1, 2, 1)]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
]);

/** `256`, `.25 vCPU`, `1 vcpu` -> CPU units; undefined for anything else. */
export function cpuUnits(text: string): number | undefined {
  const [, number = '', unit] = /^\s*(\d+|\d*\.\d+)\s*(vcpu)?\s*$/i.exec(text) ?? [];
  if (number === '') return undefined;
  const units = unit ? Number(number) * 1024 : Number(number);
  return Number.isInteger(units) ? units : undefined;
}

/** `512`, `1GB`, `0.5 GB` -> MiB; undefined for anything else. */
export function memoryMib(text: string): number | undefined {
  const [, number = '', unit] = /^\s*(\d+|\d*\.\d+)\s*(gb)?\s*$/i.exec(text) ?? [];
  if (number === '') return undefined;
  const mib = unit ? Number(number) * GIB : Number(number);
  return Number.isInteger(mib) ? mib : undefined;
}

/** What Fargate refuses, at registration or (`compatibilities` lack it) at UpdateService. */
export function checkFargate(definition: JsonObject): Mistake[] {
  const mistakes: Mistake[] = [];
  const report: Report = (subject, problem, remedy) => void mistakes.push({ subject, problem, ...defined({ remedy }) });
  if (definition.networkMode !== 'awsvpc') {
    report('networkMode', 'Fargate tasks need the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
  }
  checkSize(definition, report);
  for (const field of ['ipcMode', 'placementConstraints']) {
    const value = definition[field];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      report(field, 'is not available on Fargate.', 'Remove it.');
  }
  if (definition.pidMode !== undefined && definition.pidMode !== 'task') {
    report('pidMode', 'Fargate shares processes within the task only.', 'Write `"pidMode": "task"` or remove it.');
  }
  checkExecutionRole(definition, report);
  for (const [i, volume] of asObjects(definition.volumes).entries()) checkVolume(volume, `volumes[${i}]`, report);
  for (const [i, container] of containersOf(definition).entries()) {
    checkContainer(container, `containerDefinitions[${i}]`, report);
  }
  return mistakes;
}

function checkSize(definition: JsonObject, report: Report): void {
  const { cpu, memory } = definition;
  if (typeof cpu !== 'string') report('cpu', 'Fargate needs the task-level cpu.', 'Write for example `"cpu": "256"`.');
  if (typeof memory !== 'string')
    report('memory', 'Fargate needs the task-level memory.', 'Write for example `"memory": "512"`.');
  if (typeof cpu !== 'string' || typeof memory !== 'string') return;
  const units = cpuUnits(cpu);
  const mib = memoryMib(memory);
  if (units === undefined || mib === undefined) return; // the general check says it
  const sizes = SIZES.get(units);
  if (!sizes) {
    const meant = SIZES.has(units * GIB) ? ` ${units} vCPU is ${units * GIB}.` : '';
    report('cpu', `${units} CPU units is not a Fargate size.`, `Use one of ${[...SIZES.keys()].join(', ')}.${meant}`);
    return;
  }
  if (!sizes.includes(mib)) {
    const nearest = sizes.reduce((best, size) => (Math.abs(size - mib) < Math.abs(best - mib) ? size : best));
    report(
      'memory',
      `${mib} MiB cannot be combined with ${units} CPU units on Fargate.`,
      `With ${units} it takes ${rangeOf(sizes)} MiB; the nearest is ${nearest}.${sizes.includes(mib * GIB) ? ` ${mib} GB is ${mib * GIB} MiB.` : ''}`,
    );
  }
  if (onWindows(definition) && units < 1024) {
    report(
      'cpu',
      'Windows tasks on Fargate start at 1024 CPU units (1 vCPU).',
      'Write `"cpu": "1024"` and at least 2048 MiB.',
    );
  }
}

function onWindows({ runtimePlatform }: JsonObject): boolean {
  return isObject(runtimePlatform) && textOf(runtimePlatform.operatingSystemFamily).startsWith('WINDOWS');
}

const rangeOf = (sizes: readonly number[]): string => {
  const [first = 0, second = 0] = sizes;
  const last = sizes.at(-1) ?? 0;
  return sizes.length <= 4 ? sizes.join(', ') : `${first} to ${last} in steps of ${second - first}`;
};

function checkVolume(volume: JsonObject, path: string, report: Report): void {
  const host = isObject(volume.host) ? volume.host : {};
  if (host.sourcePath !== undefined && host.sourcePath !== '') {
    report(
      `${path}.host.sourcePath`,
      'Fargate has no host to take a folder from.',
      'Use an EFS volume, or leave `host` empty for task storage.',
    );
  }
  for (const field of ['dockerVolumeConfiguration', 'fsxWindowsFileServerVolumeConfiguration']) {
    if (volume[field] !== undefined)
      report(`${path}.${field}`, 'is not available on Fargate.', 'Use an EFS or EBS volume.');
  }
}

export const GIVE_EXECUTION_ROLE =
  'Give the execution role in the template or by the input `execution-role-arn`: a role that trusts ecs-tasks.amazonaws.com and has the policy AmazonECSTaskExecutionRolePolicy (`ecsTaskExecutionRole` is its usual name).';

/** "Fargate requires task definition to have execution role ARN to support ECR images" (or: log driver awslogs). */
function checkExecutionRole(definition: JsonObject, report: Report): void {
  const containers = containersOf(definition);
  // For secrets every launch type needs it, which the general rules check.
  if (definition.executionRoleArn !== undefined || containers.some(({ secrets }) => asObjects(secrets).length > 0))
    return;
  const reasons = [
    ...(containers.some(({ image }) => PRIVATE_ECR.test(textOf(image))) ? ['pull images from ECR'] : []),
    ...(containers.some(({ logConfiguration: log }) => isObject(log) && log.logDriver === 'awslogs')
      ? ['write to the log driver awslogs']
      : []),
  ];
  if (reasons.length === 0) return;
  report('executionRoleArn', `is missing: Fargate needs it to ${reasons.join(' and to ')}.`, GIVE_EXECUTION_ROLE);
}

const PRIVATE_ECR = /^\d{12}\.dkr[.-]ecr[.-]/;

const DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];

function checkContainer(container: JsonObject, path: string, report: Report): void {
  for (const field of ['links', 'dockerSecurityOptions', 'extraHosts', 'privileged']) {
    const value = container[field];
    const empty = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!empty) report(`${path}.${field}`, 'is not available on Fargate.', 'Remove it.');
  }
  const linux = isObject(container.linuxParameters) ? container.linuxParameters : {};
  for (const field of ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness']) {
    const value = linux[field];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      report(`${path}.linuxParameters.${field}`, 'is not available on Fargate.', 'Remove it.');
    }
  }
  const capabilities = isObject(linux.capabilities) ? asStrings(linux.capabilities.add) : [];
  const others = capabilities.filter((capability) => capability !== 'SYS_PTRACE');
  if (others.length > 0) {
    report(
      `${path}.linuxParameters.capabilities.add`,
      `${others.join(', ')} cannot be added on Fargate.`,
      'SYS_PTRACE is the only one.',
    );
  }
  for (const type of new Set(
    asObjects(container.resourceRequirements).map((requirement) => textOf(requirement.type)),
  )) {
    const what = type === 'GPU' ? 'GPUs' : `${type}s`;
    report(`${path}.resourceRequirements`, `Fargate has no ${what}.`, 'Run the service on EC2 or Managed Instances.');
  }
  for (const field of ['startTimeout', 'stopTimeout']) {
    const seconds = container[field];
    if (typeof seconds === 'number' && (seconds < 2 || seconds > 120))
      report(`${path}.${field}`, `${seconds} seconds is out of range.`, 'Fargate takes 2 to 120.');
  }
  const router = isObject(container.firelensConfiguration) ? container.firelensConfiguration.options : undefined;
  if (isObject(router) && router['config-file-type'] === 's3') {
    report(
      `${path}.firelensConfiguration.options.config-file-type`,
      'must be file on Fargate.',
      'Put the configuration into the image of the log router.',
    );
  }
  const log = isObject(container.logConfiguration) ? container.logConfiguration : undefined;
  if (!log) return;
  const driver = textOf(log.logDriver);
  if (!DRIVERS.includes(driver)) {
    report(
      `${path}.logConfiguration.logDriver`,
      `\`${driver}\` is not available on Fargate.`,
      `Use ${DRIVERS.join(', ')}.`,
    );
  }
  const options = isObject(log.options) ? log.options : {};
  if (driver === 'awslogs' && !options['awslogs-stream-prefix']) {
    report(
      `${path}.logConfiguration.options.awslogs-stream-prefix`,
      'is missing, and Fargate requires it.',
      'Add for example `"awslogs-stream-prefix": "ecs"`.',
    );
  }
}
