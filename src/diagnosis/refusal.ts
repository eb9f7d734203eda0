/**
 * What ECS refuses, by operation, field and fault: which part of the request it means, who owns that part, and what the
 * fault is. For refusals that no row of the table knows by their exact words.
 * Fields and their owners: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
 */
import { placesOf } from '../taskdef/schema.ts';

type Owner = 'container' | 'task definition' | 'service' | 'load balancer entry' | 'cluster' | 'request';

interface Field {
  /** As the API calls it. */
  readonly name: string;
  readonly owner: Owner;
  /** Our input that sets it. */
  readonly input?: string;
  readonly match: RegExp;
  /** What it must look like. */
  readonly form?: string;
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
    match: /service ?regist(?:ry|ries)|service discovery|cloud ?map|\bnamespaces?\b/i,
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
  { name: 'placementConstraints', owner: 'service', match: /placement ?constraints?/i },
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
    form: 'the ARN of a Secrets Manager secret',
  },
  { name: 'resourceRequirements', owner: 'container', match: /resource ?requirements|\bGPU\b|inference ?accelerator/i },
  {
    name: 'firelensConfiguration',
    owner: 'container',
    match: /firelens|fluent-?bit|fluentd/i,
    form: 'type fluentbit or fluentd on exactly one container',
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
  { name: 'essential', owner: 'container', match: /essential/i },
  { name: 'versionConsistency', owner: 'container', match: /version ?consistency/i },
  { name: 'ephemeralStorage', owner: 'task definition', match: /ephemeral ?storage/i, form: '21 to 200 GiB' },
  {
    name: 'runtimePlatform',
    owner: 'task definition',
    match: /runtime ?platform|operating ?system ?family|cpu ?architecture/i,
  },
  { name: 'requiresCompatibilities', owner: 'task definition', match: /compatibilit(?:y|ies)/i },
  { name: 'proxyConfiguration', owner: 'task definition', match: /proxy ?configuration|app ?mesh/i },
  {
    name: 'volumes[].name',
    owner: 'task definition',
    match: /\bvolume names?\b/i,
    form: 'a name of its own for each volume',
  },
  {
    name: 'volumes',
    owner: 'task definition',
    match: /\bvolumes?\b|\bEFS\b|host\.?source ?path|dockerVolume|bind mount|access ?point/i,
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

type Fault =
  | 'force'
  | 'state'
  | 'unsupported'
  | 'conflict'
  | 'missing'
  | 'duplicate'
  | 'in-use'
  | 'exists'
  | 'limit'
  | 'deleting'
  | 'owner'
  | 'absent'
  | 'malformed';

/** What is wrong with the field, the surest words first. */
const FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['force', /must force a new deployment|force ?new ?deployment/i],
  [
    'state',
    /(?:is|are|was|were) not (?:in an? |currently )?ACTIVE\b|not in an ACTIVE state|must be (?:in )?(?:an |the )?ACTIVE/,
  ],
  ['deleting', /(?:being|currently) (?:deleted|drained)|still (?:deleting|draining)|\bDRAINING\b|DELETE_IN_PROGRESS/i],
  [
    'malformed',
    /(?:at most|up to|no more than|less than or equal to|longer than|exceed) ['"]?\d+['"]? characters|length (?:less|greater) than/i,
  ],
  [
    'limit',
    /exceed|\b(?:limit|quota)s?\b|too many|too (?:long|large|big)|maximum (?:number|of|length|allowed)|at most|more than \d|no more than|cannot have more/i,
  ],
  [
    'duplicate',
    /duplicate|more than once|must be unique|not unique|defined twice|already (?:specified|defined|contains)/i,
  ],
  [
    'in-use',
    /in use|already (?:being )?used|already associated with|is used by|being used|used by another|is associated with/i,
  ],
  ['exists', /already exists?|idempotent/i],
  ['owner', /your account ?id is|(?:another|different|other) account|cross-account/i],
  [
    'unsupported',
    /(?:not|n't|un)[- ]?support|not (?:allowed|permitted|valid|available|compatible|applicable) (?:for|with|when|on|in)|only (?:valid|supported|available|allowed|compatible)|cannot specify|can only be (?:used|set|specified|changed)|incompatib|must be null|should not be (?:set|specified)|cannot be (?:set|specified|used|changed|updated|modified|enabled|disabled|true|false)|can't be (?:set|specified|used|changed|updated|modified)|(?:do|does) not (?:allow|accept)|not (?:an )?updat/i,
  ],
  [
    'conflict',
    /but not both|one or the other|\ba mix of|mutually exclusive|either .{1,80} or\b|cannot (?:both )?be (?:combined|used together)|conflict|together with|both .{1,80} and/i,
  ],
  [
    'owner',
    /accountids? mismatch|belongs? to|different (?:account|region|cluster|vpc)|another account|identifier is for/i,
  ],
  [
    'missing',
    /required|must (?:be )?(?:specif|provid|set|have|include|contain|define)|(?:can ?not|can't|could not|should not|must not) be (?:empty|blank|null)|missing|not (?:specified|provided|set|defined)|no .{1,40} (?:were|was) (?:specified|provided|found|defined)|must not be empty|at least one|is empty|cannot be empty|did not have/i,
  ],
  [
    'absent',
    /(?:does|do|did) ?n[o']?t exist|not found|cannot be found|couldn't be found|no such|unable to (?:find|locate|describe)|(?:could|can) ?not find|is not an? [\w ]{1,30} (?:in|of) the|unknown|no matching|was not found/i,
  ],
  [
    'malformed',
    /invalid|malformed|syntax|not (?:a )?valid|pattern|must (?:match|be (?:between|one of|greater|less|in the range|a multiple|a|an|either))|out of range|format|unrecognized|cannot be (?:greater|less)|greater than|less than|illegal/i,
  ],
];

interface Refusal {
  readonly cause: string;
  readonly remedy: string;
}

/**
 * @param text the refusal without the exception's name: `The platform version must be null when ...`
 * @param operation as IAM writes it; undefined where the caller does not know it
 * @returns undefined where neither a field nor a fault is known
 */
export function explainRefusal(text: string, operation: string | undefined): Refusal | undefined {
  const message = text
    .replace(
      /^(?:[\w.]+(?:Exception|Error): |Error: |Failed to register task definition in ECS: |An error occurred \(\w+\) when calling the \w+ operation[^:]{0,40}: )+/,
      '',
    )
    .trim();
  const unknown = wrongType(message, operation);
  if (unknown) return unknown;
  const fault = FAULTS.find(([, match]) => match.test(message))?.[0];
  const field = namedField(message, operation) ?? mentioned(message, operation);
  if (!fault || !field) return partly(message, { operation, fault, field });
  if (field.name === 'clientToken' && (fault === 'in-use' || fault === 'exists'))
    return {
      cause: `${operation ?? 'The request'} was refused: an earlier request had the same client token and other settings. ECS says: "${message.slice(0, 300)}"`,
      remedy:
        'Run again: a new run makes a new token. A tool of your own has to send a new clientToken with every request that differs.',
    };
  // A quota of what stands in a cluster or a service is no value of the field that names it.
  if (fault === 'limit' && (field.name === 'cluster' || field.name === 'service')) return undefined;
  const whole = operation ? `${operation} was refused` : 'The request was refused';
  const owner = ownerOf(field, operation);
  const input = inputOf(field);
  const place = `\`${field.name}\` of the ${owner}`;
  return {
    cause: `${whole}: ${what(fault, field, place)} ECS says: "${message.slice(0, 300)}"`,
    remedy: remedyOf(fault, field, { place, owner, input, message }),
  };
}

/** "When networkMode is awsvpc, ...", "... with EC2 launch type": the situation, and not what is wrong. */
const CONDITION =
  /(?:^|[,;.] ?)(?:when|if|for|with|since|as)\b[^,.]{1,200},|\b(?:when|while|if|unless|because|since)\b[^.]{1,300}|(?<!\b(?:values?|settings?|parameters?|specified|provided|configured|override) )\b(?:for|with|using)\b (?!matching)[^,.]{1,200}/gi;
/** Words that stand in nearly every refusal: they are meant only where no other field is named. */
const COMMON = new Set(['service', 'cluster', 'taskDefinition', 'overrides', 'tags']);

/** The field that a refusal is about: the first that its main clause names, of two that begin at one place the longer. */
function mentioned(message: string, operation: string | undefined): Field | undefined {
  const main = message.replace(CONDITION, ' ');
  for (const text of main === message ? [message] : [main, message]) {
    const found = FIELDS.flatMap((field, rank) => {
      const match = matches(field, text, operation) ? field.match.exec(text) : null;
      const common = COMMON.has(field.name) || (field.name === 'containerDefinitions' && !field.input);
      return match ? [{ field, rank, common, at: match.index, end: match.index + match[0].length }] : [];
    });
    found.sort((a, b) => Number(a.common) - Number(b.common) || a.at - b.at || b.end - a.end || a.rank - b.rank);
    if (found[0]) return found[0].field;
  }
  return undefined;
}

/** Where only the field or only the fault is known: that much is said, and no more is claimed. */
function partly(
  message: string,
  { operation, fault, field }: { operation: string | undefined; fault: Fault | undefined; field: Field | undefined },
): Refusal | undefined {
  const whole = operation ? `${operation} was refused` : 'The request was refused';
  if (fault === 'owner') {
    const [theirs] = /\b\d{12}\b/.exec(message) ?? [];
    return {
      cause: `${whole}: it names a resource of another account${theirs ? ` (${theirs})` : ''} than the credentials are of. ECS says: "${message.slice(0, 300)}"`,
      remedy:
        'Use the ARN of the same account (cluster, service, task definition), or the name alone, or credentials of the other account (input `role-to-assume`).',
    };
  }
  // "cluster" and "service" stand in nearly every message: alone they say nothing of the cause.
  if (field === undefined || field.name === 'cluster' || field.name === 'service') return undefined;
  const input = inputOf(field);
  return {
    cause: `${whole} because of \`${field.name}\` of the ${ownerOf(field, operation)}. ECS says: "${message.slice(0, 300)}"`,
    remedy: `Correct ${field.name}${input} as the message says.${field.form ? ` Expected: ${field.form}.` : ''}`,
  };
}

const inputOf = ({ input }: Field): string => (input ? ` (input \`${input.replace(' and ', '` and `')}\`)` : '');

/** What clients say of a value whose JSON type is another: the path of the field stands before or behind it. */
const TYPES: readonly RegExp[] = [
  /Expected (?:params\.)?(?<path>[\w.[\]]{2,200}) to be an? (?<type>string|number|boolean|structure|list|map|integer|object|array)/i,
  /Invalid type for parameter (?<path>[\w.[\]]{2,200}),? value: .{0,200}?valid types: (?<type>.{1,80})$/i,
];
/** How clients name a type, what JSON calls it, and what to do. */
const JSON_TYPES: readonly (readonly [RegExp, wanted: string, how: string])[] = [
  [/dict|struct|map|object/i, 'an object', 'Write it as an object ({...})'],
  [/str/i, 'a string', 'Put the value in quotes ("8080", "true")'],
  [/int|number|float/i, 'a number', 'Write the value without quotes'],
  [/list|tuple|array/i, 'a list', 'Write it as a list ([...])'],
  [/bool/i, 'true or false', 'Write the value without quotes'],
];
/** The field that a refusal is about, and who owns it; undefined where none is named. */
export function fieldIn(
  text: string,
  operation: string | undefined,
): { readonly name: string; readonly owner: string; readonly input: string } | undefined {
  const field = namedField(text, operation) ?? mentioned(text, operation);
  return field && !COMMON.has(field.name)
    ? { name: field.name, owner: ownerOf(field, operation), input: inputOf(field) }
    : undefined;
}

export function wrongType(message: string, operation: string | undefined): Refusal | undefined {
  const { path, type = '' } = TYPES.map((one) => one.exec(message)?.groups).find((one) => one !== undefined) ?? {};
  if (path === undefined) return undefined;
  const [, wanted = type, how = 'Write it as an object ({...})'] = JSON_TYPES.find(([words]) => words.test(type)) ?? [];
  return {
    cause: `${operation ?? 'The request'}: \`${path}\` has the wrong JSON type; it must be ${wanted}.`,
    remedy: `${how} at \`${path}\` in the task definition (input \`task-definition\`; the numbers in brackets count from 0).`,
  };
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
    return { ...(known ?? { owner: 'container', match: /(?!)/ }), name: inner };
  }
  // "When networkMode=awsvpc, ..." is a condition, and not what is wrong.
  const path = [...message.matchAll(NAMES)]
    .map(({ groups }) => groups)
    .find((groups) => groups?.condition === undefined && !/^accountIds?$/.test(groups?.path ?? ''))?.path;
  if (path === undefined) return undefined;
  const parts = path.replace(/\[\d+\]/g, '').split('.');
  const known = parts.toReversed().flatMap((part) => FIELDS.find(({ name }) => name === part) ?? [])[0];
  if (known) {
    // An input sets the field itself, not what stands deeper or beside it.
    const { input: _, ...deeper } = known;
    return matches(known, known.name, operation)
      ? { ...(parts.at(-1) === known.name ? known : deeper), name: path }
      : undefined;
  }
  const [place] = operation === undefined || /TaskDefinition/.test(operation) ? placesOf(parts.at(-1) ?? '') : [];
  const owner = place?.startsWith('containerDefinitions') ? 'container' : undefined;
  return { name: path, owner: owner ?? ownerBy(operation), match: /(?!)/ };
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

function ownerOf({ owner }: Field, operation: string | undefined): string {
  // The same fields stand in other requests, too: a task that is run has a network configuration of its own.
  if (owner === 'service' || owner === 'load balancer entry') {
    if (/Cluster/.test(operation ?? '')) return 'cluster';
    if (/^(?:RunTask|StartTask|ExecuteCommand|CreateTaskSet|\w*CapacityProvider)$/.test(operation ?? ''))
      return `request (${operation})`;
  }
  if (owner === 'request') return operation ? `request (${operation})` : 'request';
  return owner === 'container' ? 'container definition' : owner;
}

function what(fault: Fault, { name }: Field, place: string): string {
  switch (fault) {
    case 'force':
      return 'this change needs a new deployment.';
    case 'state':
      return `what ${place} names is not ACTIVE: it is still being created or changed, or was deleted.`;
    case 'deleting':
      return `what ${place} names is still being deleted or drained.`;
    case 'limit':
      return `${place} is over a limit (quota or size).`;
    case 'duplicate':
      return `${place} has the same thing twice.`;
    case 'in-use':
      return `${place} names something that another service or resource already uses.`;
    case 'exists':
      return `something of that name exists already, or an earlier request with the same name or client token had other settings (${name}).`;
    case 'unsupported':
      return `${place} is not supported or cannot be changed with these settings.`;
    case 'conflict':
      return `${place} conflicts with another setting.`;
    case 'owner':
      return `${place} belongs to another account, Region, cluster or VPC.`;
    case 'missing':
      return `${place} is missing or empty.`;
    case 'absent':
      return `${place} names something that does not exist here.`;
    case 'malformed':
      return `the value of ${place} is not accepted.`;
  }
}

interface At {
  readonly place: string;
  readonly owner: string;
  readonly input: string;
  readonly message: string;
}

function remedyOf(fault: Fault, { name, form }: Field, { place, input, message }: At): string {
  const must = form ? ` Expected: ${form}.` : '';
  switch (fault) {
    case 'force':
      return 'Set `force-new-deployment: true` for this run.';
    case 'state':
      return `Look at its status (the describe call of that resource): wait until it is ACTIVE, or name another in ${name}${input} where it was deleted.`;
    case 'deleting':
      return 'Wait until it is gone (aws ecs describe-services shows INACTIVE) and run again, or use another name.';
    case 'limit':
      return `Use fewer or smaller values for ${place}${input}, or request an increase of the quota where it is one (Service Quotas).`;
    case 'duplicate':
      return `Keep one of the entries in ${place}${input}.`;
    case 'in-use':
      return `Choose a different name or value for ${place}${input}, or free it from the other service first.${must}`;
    case 'exists':
      return 'Update what exists instead of creating it, delete it first, or choose another name (or a new client token) for other settings.';
    case 'unsupported':
      if (/\bzone\b|\bRegion\b/i.test(message) && !/Fargate|launch/i.test(message))
        return `Choose for ${name}${input} another type or value that the Availability Zone or Region offers, or subnets in another zone.`;
      if (name === 'taskDefinition' || name === 'cluster' || name === 'service')
        return `Change ${name}${input}, or the setting that the message names (launch type, network mode, controller), so that both fit.`;
      return `Remove ${name}${input} from there, or change the setting that the message names (launch type, network mode, controller) to one that supports it.`;
    case 'conflict':
      return `Keep only one of what the message names, either ${name}${input} as it is or the other, and remove the rest from the ${place.replace(/^.* of the /, '')}.`;
    case 'owner':
      return `Name a resource of the same account, Region, cluster and VPC in ${place}${input}; check the credentials and \`aws-region\`.`;
    case 'missing':
      if (name === 'tags')
        return 'Leave `tags` out instead of sending an empty list, or give it tags (input `task-definition-tags`).';
      return `Add ${name}${input}: ${/empty|blank|null/i.test(message) ? 'give it a value' : 'set it'} in the ${place.replace(/^.* of the /, '')}.${must}`;
    case 'absent':
      return `Correct ${name}${input}, or create what it names first${/containerDefinitions|dependsOn|mountPoints|volumes/.test(name) ? '' : '; check the Region and account'}.${must}`;
    case 'malformed':
      // The message brings the rule itself.
      return /valid (?:characters|values)|allowed (?:characters|values)|must (?:be|match|have|contain)|expected/i.test(
        message,
      )
        ? `Correct ${name}${input} so that it fits the rule in the message.`
        : `Correct ${name}${input}.${must}`;
  }
}
