import { asObjects, asStrings, isObject, type Json, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { NAME, type Report } from './schema.ts';
import { containersOf, textOf } from './template.ts';

/** A container's ports, links and names, by the network mode of the task. */
export function checkNetwork(
  container: JsonObject,
  { path, definition }: { readonly path: string; readonly definition: JsonObject },
  report: Report,
): void {
  const mode = definition.networkMode;
  if (mode === 'none' && asObjects(container.portMappings).length > 0)
    report(`${path}.portMappings`, 'needs a network, but the network mode is none.', 'Remove it, or use another mode.');
  for (const field of mode === 'awsvpc' ? NOT_IN_AWSVPC : []) {
    const value = container[field];
    if (value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0))
      report(`${path}.${field}`, 'is not available with the network mode awsvpc.', 'Remove it.');
  }
  for (const [i, mapping] of asObjects(container.portMappings).entries()) {
    const at = `${path}.portMappings[${i}]`;
    const { containerPort, hostPort } = mapping;
    if (typeof containerPort === 'number' && (containerPort < 1 || containerPort > 65535))
      report(`${at}.containerPort`, `${containerPort} is not a port.`, 'Ports are 1 to 65535.');
    if (typeof hostPort === 'number' && (hostPort < 0 || hostPort > 65535))
      report(
        `${at}.hostPort`,
        `${hostPort} is not a port.`,
        'Ports are 1 to 65535; 0, or no hostPort, is any free one.',
      );
    if (
      (mode === 'awsvpc' || mode === 'host') &&
      typeof hostPort === 'number' &&
      hostPort !== containerPort &&
      hostPort !== 0
    ) {
      report(
        `${at}.hostPort`,
        `with the network mode ${mode} it must equal containerPort ${textOf(containerPort)} or be left out.`,
        'Remove hostPort.',
      );
    }
    const range = mapping.containerPortRange;
    if (containerPort === undefined && range === undefined) report(at, 'has no containerPort.');
    if (range !== undefined && (containerPort !== undefined || hostPort !== undefined))
      report(at, 'has a containerPortRange beside single ports.', 'Keep one of them.');
    if (typeof range === 'string' && !portRange(range))
      report(`${at}.containerPortRange`, `\`${range}\` is not a range of ports.`, 'Write it as `8000-8010`.');
    const { name } = mapping;
    if (typeof name === 'string' && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name))
      report(`${at}.name`, `\`${name}\` cannot be a port's name.`, 'Use up to 64 lower-case letters, digits, _ and -.');
  }
  const links = asStrings(container.links);
  if (links.length > 0 && mode !== undefined && mode !== 'bridge') {
    report(
      `${path}.links`,
      `links work in bridge mode only, not in ${textOf(mode)}.`,
      'In awsvpc mode containers of a task reach each other at localhost.',
    );
  }
  if (mode === undefined || mode === 'bridge') {
    const names = containersOf(definition).map(({ name }) => textOf(name));
    for (const [i, link] of links.entries()) {
      const [linked = ''] = link.split(':');
      if (names.includes(linked)) continue;
      const meant = didYouMean(linked, names);
      const remedy = meant
        ? `Did you mean \`${meant}\`?`
        : 'Link containers of the task only, as `name` or `name:alias`.';
      report(`${path}.links[${i}]`, `container \`${linked}\` does not exist.`, remedy);
    }
  }
}

/** "Extra hosts are not supported on container when networkMode=awsvpc", and so for the others. */
const NOT_IN_AWSVPC = ['hostname', 'extraHosts', 'dnsServers', 'dnsSearchDomains', 'disableNetworking'];

export interface PortRange {
  readonly first: number;
  readonly last: number;
}
/** `8000-8010`; undefined for what ECS takes for no range. */
export function portRange(text: string): PortRange | undefined {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return first !== '' && range.first >= 1 && range.first < range.last && range.last <= 65535 ? range : undefined;
}

/** ECS names missing ones: "Log driver awslogs requires options: awslogs-group". */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['awslogs', ['awslogs-group', 'awslogs-region']],
  ['splunk', ['splunk-url', 'splunk-token']],
]);

const OPTION_FORMS: Readonly<Record<string, string>> = {
  'awslogs-group': 'Write the name of the log group: `"awslogs-group": "/ecs/NAME"`.',
  'awslogs-region':
    'Write `"awslogs-region": "${AWS_REGION}"`, which becomes the Region of the step, or the Region of the log group itself, such as `eu-west-1`.',
};

/**
 * Options of awslogs, by the API reference of LogConfiguration and Docker's own. ECS refuses others ("Log driver awslogs
 * disallows options: log_key").
 */
const AWSLOGS: readonly string[] = [
  'awslogs-create-group',
  'awslogs-create-stream',
  'awslogs-credentials-endpoint',
  'awslogs-datetime-format',
  'awslogs-endpoint',
  'awslogs-force-flush-interval-seconds',
  'awslogs-format',
  'awslogs-group',
  'awslogs-max-buffered-events',
  'awslogs-multiline-pattern',
  'awslogs-region',
  'awslogs-stream',
  'awslogs-stream-prefix',
  'max-buffer-size',
  'mode',
  'tag',
];

/** A container's log driver and what it needs. Options' values are never shown: they may be tokens. */
export function checkLogging(
  container: JsonObject,
  { path, containers }: { readonly path: string; readonly containers: readonly JsonObject[] },
  report: Report,
): void {
  const log = isObject(container.logConfiguration) ? container.logConfiguration : undefined;
  if (!log) return;
  const options = isObject(log.options) ? log.options : {};
  const driver = textOf(log.logDriver);
  const given = [...Object.keys(options), ...asObjects(log.secretOptions).map(({ name }) => textOf(name))];
  const at = (option: string): string => `${path}.logConfiguration.options.${option}`;
  for (const option of REQUIRED.get(driver) ?? []) {
    if (!given.includes(option))
      report(at(option), `is missing, and the log driver ${driver} requires it.`, OPTION_FORMS[option]);
  }
  for (const option of driver === 'awslogs' ? Object.keys(options) : []) {
    if (AWSLOGS.includes(option)) continue;
    const meant = didYouMean(option, AWSLOGS);
    report(
      at(option),
      'is not an option of the log driver awslogs.',
      meant ? `Did you mean \`${meant}\`?` : 'Remove it.',
    );
  }
  if (options['awslogs-datetime-format'] !== undefined && options['awslogs-multiline-pattern'] !== undefined) {
    report(at('awslogs-multiline-pattern'), 'and awslogs-datetime-format exclude each other.', 'Keep one of them.');
  }
  if (driver === 'awsfirelens' && !containers.some(isRouter)) {
    report(
      `${path}.logConfiguration`,
      'awsfirelens needs a container with a `firelensConfiguration` in the task.',
      'Add the FireLens router container.',
    );
  }
}

const isRouter = ({ firelensConfiguration }: JsonObject): boolean => firelensConfiguration !== undefined;

/**
 * ECS refuses a router that no container sends to: "When a firelensConfiguration object is specified, at least one container
 * has to be configured with the awsfirelens log driver."
 */
export function checkRouters(containers: readonly JsonObject[], report: Report): void {
  const routers = containers.filter(isRouter);
  for (const [i, { firelensConfiguration: router }] of containers.entries()) {
    const options = isObject(router) && isObject(router.options) ? router.options : {};
    if (options['config-file-type'] !== 's3' || /^arn:aws[\w-]*:s3:::.+/.test(textOf(options['config-file-value'])))
      continue;
    const at = `containerDefinitions[${i}].firelensConfiguration.options.config-file-value`;
    report(at, 'is not an S3 object.', 'Give its ARN, such as arn:aws:s3:::BUCKET/fluent.conf.');
  }
  if (routers.length > 1) {
    report('containerDefinitions', 'has more than one FireLens container.', 'Keep one `firelensConfiguration`.');
  }
  const senders = containers.filter(
    ({ logConfiguration }) => isObject(logConfiguration) && logConfiguration.logDriver === 'awsfirelens',
  );
  if (routers.length > 0 && senders.length === 0) {
    report(
      'containerDefinitions',
      `\`${textOf(routers[0]?.name)}\` is a FireLens router, but no container has the log driver awsfirelens.`,
      'Give a container `"logConfiguration": {"logDriver": "awsfirelens"}`, or remove `firelensConfiguration`.',
    );
  }
}

/** Whether the volumes and containers that a container mounts exist. */
export function checkMounts(
  container: JsonObject,
  { path, definition }: { readonly path: string; readonly definition: JsonObject },
  report: Report,
): void {
  const volumes = asObjects(definition.volumes).map(({ name }) => textOf(name));
  for (const [i, { sourceVolume }] of asObjects(container.mountPoints).entries()) {
    if (typeof sourceVolume !== 'string' || volumes.includes(sourceVolume)) continue;
    const meant = didYouMean(sourceVolume, volumes);
    report(
      `${path}.mountPoints[${i}].sourceVolume`,
      `volume \`${sourceVolume}\` does not exist.`,
      meant ? `Did you mean \`${meant}\`?` : 'Declare it under `volumes`.',
    );
  }
  const names = containersOf(definition).map(({ name }) => textOf(name));
  for (const [i, { sourceContainer }] of asObjects(container.volumesFrom).entries()) {
    if (typeof sourceContainer !== 'string' || names.includes(sourceContainer)) continue;
    report(`${path}.volumesFrom[${i}]`, `container \`${sourceContainer}\` does not exist.`);
  }
}

const KINDS = [
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
  's3filesVolumeConfiguration',
];

/** The volumes that a task declares. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
export function checkVolumes(definition: JsonObject, report: Report): void {
  const volumes = asObjects(definition.volumes);
  const mounted = containersOf(definition).flatMap(({ mountPoints }) =>
    asObjects(mountPoints).map(({ sourceVolume }) => sourceVolume),
  );
  for (const [i, volume] of volumes.entries()) {
    const at = `volumes[${i}]`;
    const { name } = volume;
    if (name === undefined) report(`${at}.name`, 'is missing.', 'Containers mount a volume by its name.');
    else if (typeof name === 'string' && !NAME.test(name))
      report(`${at}.name`, `\`${name}\` cannot be a volume's name.`, 'Use letters, digits, hyphens and underscores.');
    const kinds = KINDS.filter((kind) => volume[kind] !== undefined);
    if (kinds.length > 1) report(at, `is of several kinds: ${kinds.join(', ')}.`, 'Keep one of them.');
    checkFileSystem(volume.efsVolumeConfiguration, `${at}.efsVolumeConfiguration`, report);
    // "Volumes [data] are not referenced by any of the containers."
    if (volume.configuredAtLaunch === true && typeof name === 'string' && !mounted.includes(name))
      report(
        at,
        `\`${name}\` is configured at launch, but no container mounts it.`,
        'Add a mount point, or remove it.',
      );
  }
  if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
    report(
      'volumes',
      'several are configured at launch, but a task definition may have one such.',
      'Keep one of them.',
    );
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
function checkFileSystem(efs: Json | undefined, at: string, report: Report): void {
  if (!isObject(efs)) return;
  const authorization = isObject(efs.authorizationConfig) ? efs.authorizationConfig : {};
  const { accessPointId, iam } = authorization;
  if ((accessPointId !== undefined || iam === 'ENABLED') && efs.transitEncryption !== 'ENABLED') {
    report(
      `${at}.transitEncryption`,
      `must be ENABLED to use ${accessPointId === undefined ? 'IAM authorization' : 'an access point'}.`,
      'Write `"transitEncryption": "ENABLED"`.',
    );
  }
  if (efs.transitEncryptionPort !== undefined && efs.transitEncryption !== 'ENABLED') {
    report(
      `${at}.transitEncryptionPort`,
      'needs transit encryption.',
      'Write `"transitEncryption": "ENABLED"`, or remove the port.',
    );
  }
  const { rootDirectory } = efs;
  if (accessPointId !== undefined && typeof rootDirectory === 'string' && rootDirectory !== '/') {
    report(`${at}.rootDirectory`, 'is set by the access point.', 'Remove it, or write "/".');
  }
}
