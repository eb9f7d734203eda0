/**
 * Which part of a request a refusal is about: by the names of the service model, and by the words that ECS has for some.
 * Fields and their owners: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
 */

import { placesOf } from '../taskdef/schema.ts';
import { mentionsIn, type Owner, type Place, placesIn } from './requests.ts';
import { of } from './say.ts';

export interface Field {
  /** As the API calls it. */
  readonly name: string;
  readonly owner: Owner;
  /** Our input that sets it. */
  readonly input?: string | undefined;
  readonly match: RegExp;
  /** What it must look like. */
  readonly form?: string | undefined;
}

/** The longer, more special names stand before those that they contain. */
const FIELDS: readonly Field[] = [
  {
    name: 'volumeConfigurations',
    owner: 'service',
    match: /volume ?configurations?|configuredAtLaunch/i,
    form: 'one entry for each volume that the task definition marks configuredAtLaunch',
  },
  {
    name: 'serviceConnectConfiguration',
    owner: 'service',
    match: /service ?connect|\bSC service|discovery ?name|client ?alias/i,
    form: 'a discoveryName that no other service of the namespace has, and a portName of the task definition',
  },
  {
    name: 'serviceRegistries',
    owner: 'service',
    match:
      /service ?regist(?:ry|ries)|service discovery|cloud ?map(?!.{0,200}(?:client alias|discovery name))|\bnamespaces?\b(?!.{0,200}(?:client alias|discovery name))/i,
  },
  {
    name: 'capacityProviderStrategy',
    owner: 'service',
    match: /capacity ?provider/i,
    form: 'providers of the cluster, at least one with a weight above 0',
  },
  {
    name: 'healthCheckGracePeriodSeconds',
    owner: 'service',
    input: 'health-check-grace-period-seconds',
    match: /(?:health ?check ?)?grace ?period/i,
  },
  { name: 'deploymentCircuitBreaker', owner: 'service', input: 'circuit-breaker', match: /circuit ?breaker/i },
  {
    name: 'deploymentConfiguration',
    owner: 'service',
    input: 'minimum-healthy-percent and maximum-percent',
    match: /minimum ?healthy ?percent|maximum ?percent|deployment ?configuration/i,
  },
  {
    name: 'deploymentController',
    owner: 'service',
    match: /deployment ?controller|CODE_DEPLOY|EXTERNAL controller|blue.?green/i,
  },
  {
    name: 'bakeTimeInMinutes',
    owner: 'service',
    input: 'bake-time-minutes',
    match: /bake ?time/i,
    form: 'whole minutes from 0 to 1440',
  },
  {
    name: 'alarms',
    owner: 'service',
    input: 'alarms',
    match: /\balarms?\b/i,
    form: 'names of CloudWatch alarms of the same account and Region',
  },
  { name: 'lifecycleHooks', owner: 'service', match: /lifecycle ?hook|pause hook/i },
  {
    name: 'networkConfiguration',
    owner: 'service',
    match: /network ?configuration|subnets?\b|security ?groups?\b|assign ?public ?ip/i,
    form: 'subnets of one VPC and security groups of the same VPC',
  },
  {
    name: 'placementConstraints',
    owner: 'service',
    match: /placement ?constraints?|constraint\.(?:type|expression)|distinctInstance/i,
    form: 'memberOf with an expression in a task definition; distinctInstance belongs to the service or to RunTask',
  },
  { name: 'placementStrategy', owner: 'service', match: /placement ?strateg/i },
  {
    name: 'platformVersion',
    owner: 'service',
    input: 'platform-version',
    match: /platform ?version/i,
    form: 'LATEST or 1.4.0, and only with Fargate',
  },
  { name: 'schedulingStrategy', owner: 'service', match: /scheduling ?strategy|DAEMON/i },
  { name: 'availabilityZoneRebalancing', owner: 'service', match: /availability ?zone ?rebalancing/i },
  { name: 'enableExecuteCommand', owner: 'service', input: 'enable-execute-command', match: /execute ?command/i },
  { name: 'propagateTags', owner: 'service', input: 'propagate-tags', match: /propagate ?tags/i },
  {
    name: 'desiredCount',
    owner: 'service',
    input: 'desired-count',
    match: /desired ?count/i,
    form: 'a whole number from 0',
  },
  { name: 'launchType', owner: 'service', match: /launch ?type/i },
  {
    name: 'containerDefinitions',
    owner: 'task definition',
    input: 'container-name',
    match: /container ?definition.{0,40}matching name|container named|override for container/i,
    form: 'the name of a container in containerDefinitions of the task definition',
  },
  { name: 'clientToken', owner: 'request', match: /client ?token|idempoten/i },
  { name: 'loadBalancerName', owner: 'load balancer entry', match: /classic load ?balancer|load ?balancer ?name/i },
  { name: 'targetGroupArn', owner: 'load balancer entry', match: /target ?group/i },
  {
    name: 'loadBalancers',
    owner: 'service',
    match: /load ?balancers?/i,
    form: 'container name and port as in the task definition',
  },
  {
    name: 'repositoryCredentials',
    owner: 'container',
    match: /repository ?credentials|credentialsParameter/i,
    form: of('secrets-manager', 'the ARN of a Secrets Manager secret'),
  },
  { name: 'resourceRequirements', owner: 'container', match: /resource ?requirements|\bGPU\b|inference ?accelerator/i },
  {
    name: 'firelensConfiguration',
    owner: 'container',
    match: /\bfirelens|fluent-?bit|fluentd/i,
    form: of('firelens', 'type fluentbit or fluentd on exactly one container'),
  },
  {
    name: 'logConfiguration.options',
    owner: 'container',
    input: 'log-configuration-options',
    match: /\b(?:awslogs|splunk|fluentd|gelf|syslog)-[a-z]|log ?options?\b/i,
  },
  {
    name: 'logConfiguration',
    owner: 'container',
    input: 'log-configuration-log-driver',
    match: /log ?(?:configuration|driver|group|options?)|awslogs|splunk/i,
  },
  {
    name: 'linuxParameters',
    owner: 'container',
    match:
      /linux ?parameters|\btmpfs\b|shared ?memory ?size|\bdevices\b|swap(?:piness)?|init ?process|capabilit(?:y|ies)\b(?! at)/i,
  },
  { name: 'restartPolicy', owner: 'container', match: /restart ?(?:policy|attempt)/i },
  {
    name: 'healthCheck',
    owner: 'container',
    match: /health ?check/i,
    form: 'command ["CMD-SHELL", "..."], interval 5 to 300, timeout 2 to 60, retries 1 to 10, startPeriod 0 to 300',
  },
  {
    name: 'portMappings',
    owner: 'container',
    match: /port ?mappings?|host ?port|container ?port|app ?protocol/i,
    form: 'containerPort 1 to 65535; with awsvpc or host mode hostPort equal to it or left out',
  },
  {
    name: 'dependsOn',
    owner: 'container',
    match: /depends? ?on|dependency/i,
    form: 'names of containers of the same task without a circle',
  },
  {
    name: 'mountPoints',
    owner: 'container',
    match: /mount ?points?|source ?volume/i,
    form: 'names of volumes of the task definition',
  },
  { name: 'volumesFrom', owner: 'container', match: /volumes ?from/i },
  { name: 'stopTimeout', owner: 'container', match: /stop ?timeout/i, form: '2 to 120 seconds on Fargate' },
  { name: 'startTimeout', owner: 'container', match: /start ?timeout/i },
  {
    name: 'environmentFiles',
    owner: 'container',
    input: 'env-files',
    match: /environment ?files?|env ?files?/i,
    form: 'ARNs of .env files in S3',
  },
  {
    name: 'secrets',
    owner: 'container',
    input: 'secrets',
    match: /\bsecrets?\b|value ?from/i,
    form: 'name and valueFrom, the ARN of a secret or parameter',
  },
  {
    name: 'environment',
    owner: 'container',
    input: 'environment-variables',
    match: /environment/i,
    form: 'name and value, each name once and not in secrets too',
  },
  { name: 'dockerLabels', owner: 'container', input: 'docker-labels', match: /docker ?labels?/i },
  { name: 'dockerSecurityOptions', owner: 'container', match: /security ?options?/i },
  { name: 'systemControls', owner: 'container', match: /system ?controls?|sysctl|\bnamespaced/i },
  { name: 'ulimits', owner: 'container', match: /ulimits?/i, form: 'softLimit at most hardLimit' },
  { name: 'extraHosts', owner: 'container', match: /extra ?hosts/i },
  { name: 'privileged', owner: 'container', match: /privileged/i },
  { name: 'links', owner: 'container', match: /\blinks?\b/i },
  { name: 'user', owner: 'container', match: /\buser (?:name|id|format|value|field)|field 'user'/i },
  { name: 'entryPoint', owner: 'container', match: /entry ?point/i },
  { name: 'command', owner: 'container', input: 'command', match: /\bcommand\b/i },
  {
    name: 'image',
    owner: 'container',
    input: 'image',
    match: /\bimage\b/i,
    form: 'REGISTRY/NAME:TAG or REGISTRY/NAME@sha256:..., the name in lower case, without spaces, scheme or placeholders',
  },
  { name: 'containerPort', owner: 'container', match: /^containerPort$/, form: 'a number from 1 to 65535' },
  {
    name: 'hostPort',
    owner: 'container',
    match: /^hostPort$/,
    form: 'a number from 0 to 65535; with awsvpc the containerPort',
  },
  { name: 'essential', owner: 'container', match: /essential/i },
  { name: 'versionConsistency', owner: 'container', match: /version ?consistency/i },
  { name: 'ephemeralStorage', owner: 'task definition', match: /ephemeral ?storage/i, form: '21 to 200 GiB' },
  {
    name: 'runtimePlatform',
    owner: 'task definition',
    match: /runtime ?platform|operating ?system ?family|cpu ?architecture/i,
  },
  { name: 'requiresCompatibilities', owner: 'task definition', match: /compatibilit(?:y|ies)/i },
  {
    name: 'proxyConfiguration',
    owner: 'task definition',
    match: /proxy ?(?:configuration|container)|app ?mesh/i,
    form: 'containerName of the proxy as in containerDefinitions',
  },
  {
    name: 'volumes[].name',
    owner: 'task definition',
    match: /\bvolume names?\b/i,
    form: 'a name of its own for each volume',
  },
  {
    name: 'volumes[].host.sourcePath',
    owner: 'task definition',
    match: /host\.?source ?path/i,
    form: 'a path on the container instance (/data), or no host.sourcePath at all: Docker then makes an empty volume',
  },
  {
    name: 'volumes[].efsVolumeConfiguration',
    owner: 'task definition',
    match: /\bEFS ?volume ?configuration|access ?point/i,
  },
  { name: 'volumes[].dockerVolumeConfiguration', owner: 'task definition', match: /docker ?volume ?configuration/i },
  {
    name: 'volumes',
    owner: 'task definition',
    match: /\bvolumes?\b|\bEFS\b|dockerVolume|bind mount/i,
    form: 'each volume with its own name and one kind',
  },
  { name: 'networkMode', owner: 'task definition', match: /network ?mode|awsvpc/i },
  { name: 'ipcMode', owner: 'task definition', match: /ipc ?mode/i },
  { name: 'pidMode', owner: 'task definition', match: /pid ?mode/i },
  {
    name: 'executionRoleArn',
    owner: 'task definition',
    input: 'execution-role-arn',
    match: /execution ?role/i,
    form: 'the ARN of a role',
  },
  {
    name: 'taskRoleArn',
    owner: 'task definition',
    input: 'task-role-arn',
    match: /task ?role/i,
    form: 'the ARN of a role',
  },
  {
    name: 'memory',
    owner: 'task definition',
    input: 'memory',
    match: /\bmemory(?:Reservation)?\b/i,
    form: 'MiB; the containers together at most the task',
  },
  {
    name: 'cpu',
    owner: 'task definition',
    input: 'cpu',
    match: /\bcpu\b/i,
    form: 'on Fargate 256, 512, 1024, 2048, 4096, 8192 or 16384 units',
  },
  { name: 'family', owner: 'task definition', match: /\bfamily\b/i, form: 'up to 255 letters, digits, - and _' },
  {
    name: 'tags',
    owner: 'request',
    input: 'task-definition-tags',
    match: /\btags?\b|tagging/i,
    form: 'at most 50, none with the prefix aws:',
  },
  { name: 'overrides', owner: 'request', match: /overrides?/i },
  {
    name: 'taskDefinition',
    owner: 'request',
    input: 'task-definition',
    match: /task ?definition|revision/i,
    form: 'family:revision with a positive number, or an ARN',
  },
  { name: 'cluster', owner: 'request', input: 'cluster', match: /\bcluster\b/i },
  { name: 'service', owner: 'request', input: 'service', match: /\bservice\b/i },
  { name: 'containerDefinitions', owner: 'task definition', match: /containers?\b(?! (?:agent|instance|port|name))/i },
];

/** A pattern for what is known by its name alone. */
export const NEVER = /(?!)/;

/** The field of a place in the service model, with what is known of its form. */
function fieldAt({ path, name, owner, input }: Place): Field {
  const known = FIELDS.find((field) => field.name === name && field.owner === owner);
  return {
    ...known,
    name: known?.name ?? path.replace(/^containerDefinitions\./, ''),
    owner,
    match: known?.match ?? NEVER,
    input,
  };
}

/**
 * Deep in a request (`serviceConnectConfiguration.logConfiguration`) stand names that are better known of another place: bare
 * they mean that.
 */
const isOfAnother = ({ path, name, owner }: Place, written: string): boolean =>
  written === name &&
  path.split('.').length > 1 &&
  FIELDS.some((field) => field.name === name && field.owner !== owner);

/** The same field is set by other inputs in other requests: a task that is run has tags of its own. */
function inputIn(field: Field, operation: string | undefined): string | undefined {
  const place =
    operation && placesIn(operation).find((one) => one.name === field.name && !isOfAnother(one, field.name));
  return place ? place.input : field.input;
}

/**
 * The field that a refusal is about; undefined where it names none.
 * @param which of several fields that the words name: the subject of a sentence stands first, that of a clause last
 */
export function fieldOf(
  message: string,
  operation: string | undefined,
  which: 'first' | 'last' = 'first',
): Field | undefined {
  const found = namedField(message, operation) ?? mentioned(message, operation, which);
  // A family is registered; every other request only refers to one.
  const field =
    found?.name === 'family' && operation !== undefined && operation !== 'RegisterTaskDefinition'
      ? FIELDS.find(({ name }) => name === 'taskDefinition')
      : found;
  return field && { ...field, input: inputIn(field, operation) };
}

/**
 * A field that the words name behind the structure that it stands in: `portMapping protocol` is the protocol of an entry of
 * portMappings, and what is known of the structure does not hold for it.
 */
export function memberIn(words: string, operation: string | undefined): Field | undefined {
  if (operation === undefined) return undefined;
  const places = placesIn(operation);
  const names = [...words.matchAll(/[A-Za-z]{2,40}/g)].map(([word]) => word.toLowerCase());
  for (const [i, name] of names.entries()) {
    const before = new Set(
      [names[i - 1], `${names[i - 2] ?? ''}${names[i - 1] ?? ''}`].map((one) => one?.replace(/s$/, '')),
    );
    const place = places.find(({ path }) => {
      const [holder, own] = path.toLowerCase().split('.').slice(-2);
      return own === name && before.has(holder?.replace(/s$/, ''));
    });
    if (place)
      return { ...fieldAt(place), name: place.path.split('.').slice(-2).join('.'), form: undefined, match: NEVER };
  }
  return undefined;
}

/** The field that a refusal is about, and who owns it; undefined where none is named. */
export function fieldIn(
  text: string,
  operation: string | undefined,
): { readonly name: string; readonly owner: string; readonly input: string } | undefined {
  const field = fieldOf(text, operation);
  return field && !isCommon(field)
    ? { name: field.name, owner: ownerOf(field, operation), input: inputOf(field) }
    : undefined;
}

/** ` (input \`cpu\`)` where an input sets the field. */
export const inputOf = ({ input }: Field): string => (input ? ` (input \`${input.replace(' and ', '` and `')}\`)` : '');

/** "When networkMode is awsvpc, ...", "... with EC2 launch type": the situation, and not what is wrong. */
const CONDITION =
  /(?:^|[,;.] ?)(?:when|if|for|with|since|as)\b[^,.]{1,200},|\b(?:when|while|if|unless|because|since)\b[^.]{1,300}|(?<!\b(?:values?|settings?|parameters?|specified|provided|configured|override) )\b(?:for|with|using)\b (?!matching)[^,.]{1,200}/gi;
/** Words that stand in nearly every refusal: they are meant only where no other field is named. */
const COMMON = new Set(['service', 'cluster', 'taskDefinition', 'overrides', 'tags']);

const isCommon = ({ name, input }: Field): boolean =>
  COMMON.has(name) || (name === 'containerDefinitions' && input === undefined);

/** The field that a refusal is about, by the words of its main clause; of two that begin at one place the longer. */
function mentioned(message: string, operation: string | undefined, which: 'first' | 'last'): Field | undefined {
  const sign = which === 'first' ? 1 : -1;
  const main = message.replace(CONDITION, ' ');
  for (const text of main === message ? [message] : [main, message]) {
    const worded = FIELDS.flatMap((field, rank) => {
      const match = matches(field, text, operation) ? field.match.exec(text) : null;
      return match
        ? [{ field, rank, common: isCommon(field), at: match.index, end: match.index + match[0].length }]
        : [];
    });
    const modelled = (operation === undefined ? [] : mentionsIn(text, operation)).flatMap(({ place, at, end }) => {
      if (isOfAnother(place, place.name)) return [];
      const field = fieldAt(place);
      return [{ field, rank: FIELDS.length, common: isCommon(field), at, end }];
    });
    const found = [...worded, ...modelled];
    found.sort(
      (a, b) => Number(a.common) - Number(b.common) || sign * (a.at - b.at) || b.end - a.end || a.rank - b.rank,
    );
    const [top] = found;
    // `linuxParameters.devices` says more than `linuxParameters`.
    const deeper =
      top && modelled.find(({ field, at }) => at === top.at && field.name.startsWith(`${top.field.name}.`));
    if (top) return deeper ? { ...deeper.field, form: deeper.field.form ?? top.field.form } : top.field;
  }
  return undefined;
}

/**
 * The field by its name in the API (`bakeTimeInMinutes`, `linuxParameters.sharedMemorySize`), where the message has one:
 * surer than a word that may belong to several, and known without a row of its own.
 */
function namedField(message: string, operation: string | undefined): Field | undefined {
  const inner = /\b[Cc]ontainer\.(?<name>[a-z]\w{1,60})\b/.exec(message)?.groups?.name;
  // ECS writes `Container.image` for the field of a container, without saying of which.
  if (inner !== undefined && placesOf(inner).some((place) => place === `containerDefinitions[].${inner}`)) {
    const known = FIELDS.find(({ name, owner }) => name === inner && owner === 'container');
    return { ...(known ?? { owner: 'container', match: NEVER }), name: inner };
  }
  // "When networkMode=awsvpc, ..." is a condition, and not what is wrong.
  const named = [...message.matchAll(NAMES)].flatMap(({ groups }) =>
    groups?.path === undefined || groups.condition !== undefined || /^accountIds?$/.test(groups.path)
      ? []
      : [groups.path],
  );
  const whole = holderOf(message, operation);
  if (whole) return fieldAt(whole);
  const path = innermost(named, operation);
  if (path === undefined) return undefined;
  const bare = path.replace(/\[\d+\]/g, '');
  const place = operation && placesIn(operation).find((one) => one.path === bare || one.path.endsWith(`.${bare}`));
  if (place && !isOfAnother(place, path)) return { ...fieldAt(place), name: path };
  const parts = bare.split('.');
  const known = parts.toReversed().flatMap((part) => FIELDS.find(({ name }) => name === part) ?? [])[0];
  if (known) {
    // An input sets the field itself, not what stands deeper or beside it.
    const { input: _, ...deeper } = known;
    return matches(known, known.name, operation)
      ? { ...(parts.at(-1) === known.name ? known : deeper), name: path }
      : undefined;
  }
  const [at] = operation === undefined || /TaskDefinition/.test(operation) ? placesOf(parts.at(-1) ?? '') : [];
  const owner = at?.startsWith('containerDefinitions') ? 'container' : undefined;
  return { name: path, owner: owner ?? ownerBy(operation), match: NEVER };
}

/**
 * Names in quotes stand together: `'port' or the 'containerName' and 'containerPort' combination` is about an entry of
 * serviceRegistries, as an entry of loadBalancers has no port. Undefined where no structure has them all, or several have.
 */
function holderOf(message: string, operation: string | undefined): Place | undefined {
  const quoted = new Set([...message.matchAll(/['"`]([a-z]\w{1,60})['"`]/g)].map(([, name = '']) => name));
  if (quoted.size < 2 || operation === undefined) return undefined;
  const places = placesIn(operation);
  const paths = new Set(places.map(({ path }) => path));
  const holders = places.filter(({ path }) => [...quoted].every((name) => paths.has(`${path}.${name}`)));
  return holders.length === 1 ? holders[0] : undefined;
}

/** `runtimePlatform operatingSystemFamily` means the second, which stands in the first. */
function innermost([path, next]: readonly string[], operation: string | undefined): string | undefined {
  const inner = next === undefined || operation === undefined ? undefined : `${path}.${next}`;
  return inner !== undefined &&
    placesIn(operation ?? '').some((one) => one.path === inner || one.path.endsWith(`.${inner}`))
    ? inner
    : path;
}

const NAMES =
  /(?<condition>\b(?:[Ww]hen|with|[Ii]f|for|using|specifying|unless) (?:the |an? )?['"`]?)?(?<![\w.:/-])(?<path>[a-z]{2,40}(?:[A-Z][a-z0-9]{1,40}){1,6}(?:\[\d{1,3}\])?(?:\.[A-Za-z]\w{0,60}(?:\[\d{1,3}\])?){0,4})(?![\w/(-]|:\S)/g;

function ownerBy(operation = ''): Owner {
  if (/TaskDefinition/.test(operation)) return 'task definition';
  return /Service$/.test(operation) ? 'service' : 'request';
}

/** Operations that take a service or a task, and with it a task definition: what they refuse may stand in any of them. */
const WITH_SERVICE = /^(?:Create|Update|Delete)Service$|^CreateTaskSet$|^(?:Run|Start)Task$/;

/** What each operation takes: RegisterTaskDefinition has no service, PutAttributes no containers. */
function takes(operation: string | undefined, { owner, name }: Field): boolean {
  if (operation === undefined || owner === 'request' || WITH_SERVICE.test(operation)) return true;
  if (operation === 'RegisterTaskDefinition') return owner !== 'service' && owner !== 'load balancer entry';
  if (/Cluster|CapacityProvider/.test(operation)) return /^(?:capacityProvider|serviceConnect)/.test(name);
  // The names of fields that later operations bring are still read: `Services`, `UpdateServices`.
  return /Services$/.test(operation) && owner === 'service';
}

function matches(field: Field, message: string, operation: string | undefined): boolean {
  return takes(operation, field) && field.match.test(message);
}

export function ownerOf({ owner }: Field, operation: string | undefined): string {
  // The same fields stand in other requests, too: a task that is run has a network configuration of its own.
  if (owner === 'service' || owner === 'load balancer entry') {
    if (/Cluster/.test(operation ?? '')) return 'cluster';
    if (/^(?:RunTask|StartTask|ExecuteCommand|CreateTaskSet|\w*CapacityProvider)$/.test(operation ?? ''))
      return `request (${operation})`;
  }
  if (owner === 'request') return operation ? `request (${operation})` : 'request';
  return owner === 'container' ? 'container definition' : owner;
}
