import { clip } from '../../clip.ts';
import type { Diagnosis, Evidence, Fault, Launch, Nature, Producer, Subject, Surface, Traits } from '../diagnosis.ts';
import type { Reading } from '../read.ts';
import type { Text } from '../say.ts';
import { instructionIn } from '../statements.ts';
import type { Technology } from '../technologies.ts';
import { wordOf } from '../words.ts';

/** What a row took out of a message, to name it in cause and remedy. */
export interface Found {
  /** The match's named groups: each fits the grammar of its kind, or is left out. */
  readonly words: Readonly<Record<string, string | undefined>>;
  /** The message, on one line except for build output. */
  readonly text: string;
  readonly context: Evidence['context'];
  readonly surface: Surface;
  readonly reading: Reading;
}

/** The same words every time, or words about what was found. */
export type Say = Text | ((found: Found) => Text);

/**
 * One cause and how it is worded. The first row of the table that matches decides, so the more telling rows stand
 * first. Several rows may share an id: the same cause, worded so differently that more or less is known about it.
 */
export interface Rule extends Traits {
  /** Names the cause; stable, as outputs and users' tools see it. */
  readonly id: string;
  readonly nature: Nature;
  /** Where the nature's own would be wrong: whether it breaks the new revision if it persists. */
  readonly severity?: Diagnosis['severity'];
  /** Where the nature's own would be wrong: whether it often heals without a change. */
  readonly transient?: boolean;
  /** Where the words mean this. No row answers for another's surface, producer or launch type. */
  readonly surfaces: readonly Surface[];
  readonly producers: readonly Producer[];
  readonly launch: readonly Launch[];
  readonly subject: Subject;
  readonly failure: Fault;
  /** Its words claim no more than phase and fault: of several rows of an id the one that the matrix answers with. */
  readonly general?: true;
  /** The stable part of each wording, tried in order. Bounded repeats only: a message may be long and hostile. */
  readonly match: readonly RegExp[];
  /** What the message must not say as well, because then it means something else. */
  readonly unless?: RegExp;
  /** What the fields beside the message must say. */
  readonly when?: (found: Found) => boolean;
  /** One sentence that names the resource. */
  readonly cause: Say;
  /** What to do first, then the alternative. */
  readonly remedy: Say;
  readonly link: string;
  /** What its patterns show to be at work: what its words may name. */
  readonly technology?: Technology | readonly Technology[];
}

export const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
export const ECR_GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide';
export const IAM_GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
export const DOCKER = 'https://docs.docker.com';

/** What ECS says of tasks, services and deployments. */
export const TASK: readonly Surface[] = [
  'task.stoppedReason',
  'container.reason',
  'container.exitCode',
  'service.event',
  'deployment.rolloutStateReason',
];
/** What calls of ours are answered. */
export const API: readonly Surface[] = ['api.ecs', 'api.ecr', 'api.sts'];

/** A log driver's preparation does not concern images, secrets or roles of other parts: see `read`. */
export const TASK_SIDE: readonly Producer[] = ['scheduler', 'agent', 'runtime', 'registry'];
export const LOGGERS: readonly Producer[] = ['log-driver', 'scheduler', 'agent', 'registry'];
export const AWS: readonly Producer[] = ['aws'];
export const LOGINS: readonly Producer[] = ['sts', 'github', 'aws'];
export const REGISTRIES: readonly Producer[] = ['registry', 'docker-cli', 'buildkit', 'aws', 'sts'];
export const BUILDERS: readonly Producer[] = ['buildkit', 'registry', 'docker-cli'];
export const CACHES: readonly Producer[] = ['cache'];
export const ANY_BUILDER: readonly Producer[] = [...BUILDERS, 'step', 'cache'];

export const ANYWHERE: readonly Launch[] = ['FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES'];
/** Says something of a container instance. */
export const ON_INSTANCES: readonly Launch[] = ['EC2', 'EXTERNAL', 'MANAGED_INSTANCES'];
export const ON_FARGATE: readonly Launch[] = ['FARGATE'];

/** Who may answer where, for the many rows that share it: no row goes without. */
type Reach = Pick<Rule, 'surfaces' | 'producers' | 'launch'>;
const reach = (
  surfaces: readonly Surface[],
  producers: readonly Producer[],
  launch: readonly Launch[] = ANYWHERE,
): Reach => ({ surfaces, producers, launch });
const BUILD_OUTPUT: readonly Surface[] = ['buildx.stderr'];
const AT_ECS: readonly Surface[] = [...TASK, 'api.ecs'];

export const OF_TASKS = reach(TASK, TASK_SIDE);
export const OF_INSTANCES = reach(TASK, TASK_SIDE, ON_INSTANCES);
export const OF_FARGATE = reach(TASK, TASK_SIDE, ON_FARGATE);
export const OF_LOG_DRIVERS = reach(TASK, LOGGERS);
export const OF_ECS = reach(['api.ecs'], AWS);
export const OF_ECR = reach(['api.ecr'], REGISTRIES);
export const OF_LOGINS = reach(['api.sts'], LOGINS);
export const OF_CALLS = reach(API, AWS);
export const OF_CALLS_TO_LOGINS = reach(API, LOGINS);
/** What an event quotes and a call is answered in the same words. */
export const OF_TASKS_AND_ECS = reach(AT_ECS, [...TASK_SIDE, ...AWS]);
export const OF_PLACING = reach(AT_ECS, [...TASK_SIDE, ...AWS], ON_INSTANCES);
export const OF_REGISTRIES = reach([...API, ...BUILD_OUTPUT], REGISTRIES);
export const OF_ECR_AND_BUILDS = reach(['api.ecr', ...BUILD_OUTPUT], REGISTRIES);
/** An image is pulled by a task, and by a build as its base. */
export const OF_PULLS = reach([...TASK, 'buildx.stderr'], [...TASK_SIDE, ...REGISTRIES]);
export const OF_BUILDS = reach(BUILD_OUTPUT, BUILDERS);
export const OF_BUILD_STEPS = reach(BUILD_OUTPUT, [...BUILDERS, 'step']);
export const OF_BUILD_OUTPUT = reach(BUILD_OUTPUT, ANY_BUILDER);
export const OF_CACHES = reach(BUILD_OUTPUT, CACHES);

/** How Windows ends programs: https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55 */
const NT_STATUS: Readonly<Record<number, string>> = {
  3221225477: 'access violation, a crash in native code',
  3221225495: 'no memory',
  3221225595: 'a program or DLL of another architecture, or damaged',
  3221225725: 'stack overflow',
  3221225781: 'a DLL that it needs is not in the image',
  3221225785: 'a DLL in the image lacks a function that it needs, as in another version',
  3221225786: 'interrupted',
  3221226505: 'it ended itself after an error, stack buffer overrun',
};

/** What an exit code of Windows means, with the number as Microsoft lists it; undefined for any other. */
export function windowsEnd(exitCode: number): string | undefined {
  const unsigned = exitCode >>> 0;
  const meaning = NT_STATUS[unsigned];
  return meaning === undefined ? undefined : `0x${unsigned.toString(16).toUpperCase()}: ${meaning}`;
}
/** What to do where a DLL is missing. */
export const DLL_MISSING =
  'Put what it needs into the image: the Visual C++ Redistributable (vc_redist.x64.exe /install /quiet), the DLLs beside the program, or a base image that has more of Windows (servercore instead of nanoserver, the whole windows/server image).';

/** A way out that only a service has: a task that was run alone replaces no other. */
export const whereReplaced = ({ context }: Found, way: string): string => (context.oneOff === true ? '' : way);

/** ` NAME` where there is one, else nothing. */
export const maybe = (name: string | undefined): string => (name ? ` ${name}` : '');

/** The first of several groups that took part in the match. */
export const first = (...names: readonly (string | undefined)[]): string | undefined =>
  names.find((name) => name !== undefined && name !== '');

/** A field that stood beside the message, as text. */
export const field = ({ context }: Found, name: string): string => {
  const value = context[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const REGION =
  /\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-|iso[a-z]?-)?(?:north|south|east|west|central)(?:east|west)?-\d\b/;
/** The Region that an ARN, host or endpoint in the message names; the word REGION where none is. */
export const regionOf = (found: Found): string => namedRegion(found) ?? 'REGION';

/** The Region that the message names, for sentences that leave it out otherwise. */
export const namedRegion = ({ text }: Found): string | undefined => REGION.exec(text)?.[0];

/** What a tool asks for in a sentence of its own (`Please set the "region" parameter in the configuration file`), as a remedy. */
export function demandIn(text: string): string | undefined {
  const { name, kind, where } =
    /\b(?:[Pp]lease|[Yy]ou (?:must|need to|have to)) (?:set|specify|configure|define|provide) (?:the |a |an )?\\?["'`](?<name>[\w.-]{2,60})\\?["'`] (?<kind>parameter|setting|option|key|variable|environment variable|field|property) (?:in|of|for) (?:the )?(?<where>[\w ./-]{3,80}?)(?=\.? *$|\. |[,;:)])/.exec(
      text,
    )?.groups ?? {};
  return name === undefined
    ? undefined
    : `Set the ${kind} ${name} in the ${where}${/efs-utils/.test(where ?? '') ? ' of the container instance (/etc/amazon/efs/efs-utils.conf, section [mount]), or let the instance read its metadata (IMDS), from which it is taken otherwise. Update amazon-efs-utils, too' : ', as the message asks'}.`;
}

/** What an API asks for in an imperative of its own: the words are its, and say more than a page of its reference. */
export function instructed({ text, reading }: Found): string | undefined {
  if (reading.surface !== 'api.ecs' && reading.surface !== 'api.ecr') return undefined;
  const instruction = instructionIn(text);
  return instruction && `Do what the message itself says: "${clip(instruction, 240)}". Then run again.`;
}

/** The IAM action that was refused: ecr:BatchGetImage, logs:CreateLogGroup, ... */
export const actionOf = ({ text }: Found): string | undefined =>
  /not authorized to perform:? ?['"]?([a-z0-9-]+:\w+)/i.exec(text)?.[1];

/** A value that a script or template had not: written out, it stands as a word in the place of a name. */
export const unfilledIn = (name = ''): string | undefined =>
  /(?:^|[/:@])(?<word>null|undefined|None|nil|NaN|<no value>|\[object Object\])$/.exec(name)?.groups?.word;

/** What the action was refused on. */
export const resourceOf = ({ text }: Found): string | undefined =>
  /\bon resource:? ?['"]?([^\s'",()]+)/i.exec(text)?.[1]?.replace(/(?<![.;:])[.;:]+$/, '');

/** The name of the role (or IAM user) that was refused, taken from `assumed-role/NAME/session`, `user/NAME` or `role/NAME`. */
export const roleOf = ({ text }: Found): string | undefined =>
  /User: arn:aws[\w-]{0,20}:\w+::[\w*<>-]{1,20}:(?:assumed-role|user|federated-user)\/(?:[\w+=,.@-]{1,128}\/)*?([\w+=,.@-]{1,64})(?=[/'"\s),;]|$)/.exec(
    text,
  )?.[1] ?? /:(?:assumed-role|role)\/(?:[\w+=,.@-]{1,128}\/)*?([\w+=,.@-]{1,64})(?=\/|['"\s.,;)\]]|$)/.exec(text)?.[1];

/**
 * Who called, by the ARN in the message: an IAM user, the root user, a federated user, or a role. A session called after an
 * EC2 instance (i-...) has the role of that instance, one called after a task of ECS (32 hexadecimal digits) its task role.
 */
const caller = (found: Found): { readonly words: string; readonly kind: 'job' | 'host' | 'user' } => {
  const principal = /User: (arn:aws[\w-]{0,20}:\w+::[\w*<>-]{1,20}:[^\s'"),;]{1,300})/.exec(found.text)?.[1];
  const name = roleOf(found);
  if (principal === undefined) return { words: "the job's role", kind: 'job' };
  if (/:root$/.test(principal)) return { words: 'the root user of the account', kind: 'user' };
  if (/:iam::[^:]{1,20}:user\//.test(principal)) return { words: `the IAM user${maybe(name)}`, kind: 'user' };
  if (/:federated-user\//.test(principal)) return { words: `the federated user${maybe(name)}`, kind: 'user' };
  if (ofInstance(found)) return { words: `the instance role${maybe(name)}`, kind: 'host' };
  if (/:assumed-role\/[^\s/]{1,128}\/[0-9a-f]{32}$/.test(principal))
    return { words: `the task role${maybe(name)}`, kind: 'host' };
  return { words: `the job's role${maybe(name)}`, kind: 'job' };
};

/** Who called, as the subject of a sentence. */
export const callerOf = (found: Found): string => caller(found).words;

/** Who called, in the words of a remedy: which input chooses it, where one does. */
export const callerToAllow = (found: Found): string => {
  const { words, kind } = caller(found);
  if (kind === 'job') return `${words} (input \`role-to-assume\`)`;
  return kind === 'host'
    ? `${words} of the machine that runs the job, or take on a role that has the right (input \`role-to-assume\`)`
    : words;
};

/**
 * Whose credentials were refused, by what the message names: a session called after an EC2 instance is its instance role. On
 * EC2 a message that names no principal leaves it open, as the agent and Docker use the instance role where the task has no
 * execution role.
 */
export function principalOf(found: Found): string {
  const name = roleOf(found);
  if (ofInstance(found))
    return `${found.reading.launch === 'EXTERNAL' ? 'IAM role of the external instance' : 'instance role'}${maybe(name)} (the role of the container instance, not of the task)`;
  if (name !== undefined || found.reading.launch !== 'EC2') return `execution role${maybe(name)}`;
  return 'execution role (or, without one, the instance role)';
}

/** The session is called after an instance: of EC2, or as Systems Manager calls an external one. */
const ofInstance = ({ text }: Found): boolean => /:assumed-role\/[^\s/]{1,128}\/m?i-[0-9a-f]{8,17}\b/.test(text);

/** The role in the words of a remedy. */
export const refusedRole = (found: Found): string =>
  ofInstance(found)
    ? `the ${found.reading.launch === 'EXTERNAL' ? 'IAM role' : 'instance role'}${maybe(roleOf(found))} of the container instances (or give the task definition an executionRoleArn that has it, input \`execution-role-arn\`)`
    : `the execution role${maybe(roleOf(found))}`;

/** The policies of which IAM says that none allows the action, and what has to change then. */
const LACKING: readonly (readonly [
  RegExp,
  kind: string,
  how: (action: string, role: string, resource: string) => string,
])[] = [
  [
    /no VPC endpoint policy allows/i,
    'the policy of the VPC endpoint',
    (action, role) =>
      `Allow ${action} for ${role} in the policy of the VPC endpoint of that service: the policies of the role need not change.`,
  ],
  [
    /no permissions boundary allows/i,
    'the permissions boundary of the role',
    (action, role) =>
      `Add ${action} to the permissions boundary of ${role}: what its policies allow counts only within it.`,
  ],
  [
    /no service control policy allows/i,
    'a service control policy of the organization',
    (action) =>
      `Allow ${action} in the service control policies of the organization (its management account keeps them): allowing it in the account is not enough.`,
  ],
  [
    /no session policy allows/i,
    'the session policy that was sent with the role',
    (action) =>
      `Add ${action} to the session policy with which the role is taken on (inline-session-policy, managed-session-policies), or send none.`,
  ],
  [
    /no resource-based policy allows/i,
    'the policy of the resource itself',
    (action, role, resource) =>
      `Allow ${action} for ${role} in the resource-based policy of ${resource} (repository policy, policy of the secret or the key): a resource of another account has to allow it itself, beside the policy of the role.`,
  ],
];
const lackingIn = (text: string) => LACKING.find(([words]) => words.test(text));

/** Whose policy does not allow it, where IAM says so: a clause behind "may not". */
export const deniedBy = ({ text }: Found): string => {
  const [, kind] = lackingIn(text) ?? [];
  if (/explicit deny/i.test(text)) return ': a policy denies it explicitly';
  return kind === undefined ? '' : `: ${kind} does not allow it`;
};

/**
 * What has to be allowed, where IAM says which policy lacks it that one; against an explicit Deny no Allow helps.
 * @param remedy for the usual case: the role's own policy
 */
export const allowed = (found: Found, remedy: string): string => {
  const what = actionOf(found) ?? 'the action';
  const role = roleOf(found) ?? 'the role';
  if (/explicit deny/i.test(found.text)) {
    const where =
      /explicit deny in (?:an? |the )?([\w -]{4,40}?(?:policy|boundary))/i.exec(found.text)?.[1]?.toLowerCase() ??
      'policies that apply to it';
    return `Remove or narrow the statement that denies ${what} to ${role} in the ${where}${/service control/.test(where) ? ' of the organization (its management account keeps it)' : ''}: against an explicit deny no Allow helps.`;
  }
  const lacking = lackingIn(found.text)?.[2](what, role, resourceOf(found) ?? 'the resource');
  // No policy of an identity counts for the root user.
  if (lacking === undefined && /User: arn:aws[\w-]{0,20}:iam::[^:]{1,20}:root\b/.test(found.text))
    return `Make the call with an IAM role instead of the root user: no policy can allow the root user anything. Where the root user has to, see the service control policies of the organization (they restrict the root user of a member account) and the policy of the resource itself.`;
  return lacking ?? remedy;
};

/** The address or host that could not be reached. */
export const targetOf = ({ text }: Found): string | undefined =>
  /\bdial tcp:? (?:lookup )?([\w.:-]{3,255}?)(?::\d+)?(?=[: ]|$)/i.exec(text)?.[1] ??
  /(?:Post|Get|Head|Put) "?https?:\/\/([\w.-]+)/i.exec(text)?.[1];

/** A private address means that a VPC endpoint answers for the name, and only a security group can be in the way. */
const PRIVATE_ADDRESS = /\bdial tcp:? (?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** A name that does not resolve is a DNS matter before it is a routing one. */
export const isUnresolved = ({ text }: Found): boolean =>
  /no such host|server misbehaving|name resolution|could not resolve/i.test(text);

const onInstance = ({ reading }: Found): boolean => reading.launch !== undefined && reading.launch !== 'FARGATE';
/** In a network of the user's own, of which no VPC and no setting of AWS is a part. */
export const isExternal = ({ reading }: Found): boolean => reading.launch === 'EXTERNAL';

/** Whose network is used: on EC2 the ECS agent and Docker fetch images, secrets and tokens, over that of their instance. */
export function reacher(found: Found): string {
  if (isExternal(found)) return 'The external instance';
  return onInstance(found) ? 'The container instance' : 'The task';
}

/** Whose subnets and security group have to let it through. */
function ways(found: Found): { readonly subnets: string; readonly group: string; readonly publicIp: string } {
  if (onInstance(found))
    return {
      subnets: 'the subnet of the container instance',
      group: 'the security group of the instance',
      publicIp: 'a public IP',
    };
  return {
    subnets: `the subnets of the service${found.reading.launch === undefined ? ' (on EC2 of the instances)' : ''}`,
    group: "the task's security group",
    publicIp: 'a public IP (assignPublicIp: ENABLED)',
  };
}

/**
 * What a task needs first to reach AWS services, by the VPC endpoints' last name (`ecr.api`, `logs`, `s3`): DNS where the
 * name does not resolve, a security group where the address is private, else a route.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export function wayTo(found: Found, services: readonly string[]): string {
  if (isExternal(found)) return wayFromOutside(found, services);
  const region = regionOf(found);
  const { subnets, group, publicIp } = ways(found);
  const names = services
    .filter((service) => service !== 's3')
    .map((name, i) => (i === 0 ? `com.amazonaws.${region}.${name}` : `.${name}`));
  const endpoints = [
    ...(names.length > 0
      ? [`the interface VPC endpoint${names.length > 1 ? 's' : ''} ${names.join(', ')} with private DNS`]
      : []),
    ...(services.includes('s3') ? [`the S3 gateway endpoint (com.amazonaws.${region}.s3)`] : []),
  ].join(' and ');
  const route = `a NAT gateway or ${endpoints} in a private subnet, ${publicIp} and an internet gateway in a public one`;
  if (isUnresolved(found))
    return `Turn on enableDnsSupport and enableDnsHostnames of the VPC, as the name does not resolve (DNS). Then ${subnets} need${onInstance(found) ? 's' : ''} a route: ${route}.`;
  if (PRIVATE_ADDRESS.test(found.text))
    return `The address is private, so a VPC endpoint (or proxy) answers: allow TCP 443 out of ${group} and into that of the endpoint. Otherwise ${subnets} need${onInstance(found) ? 's' : ''} a route: a NAT gateway or ${endpoints}.`;
  return `Give ${subnets} a route: ${route}. Allow TCP 443 out of ${group}, and into the security group of each VPC endpoint.`;
}

const HOSTS: Readonly<Record<string, string>> = { 'ecr.api': 'api.ecr', 'ecr.dkr': '*.dkr.ecr', s3: '*.s3' };

/** From an external instance: names of hosts, as its firewall and proxy know them. */
function wayFromOutside(found: Found, services: readonly string[]): string {
  const hosts = services.map((name) => `${HOSTS[name] ?? name}.${regionOf(found)}.amazonaws.com`).join(', ');
  return isUnresolved(found)
    ? `Let the DNS of the external instance resolve ${hosts}, and its firewall let HTTPS (TCP 443) out to them.`
    : `Let HTTPS (TCP 443) out of the external instance to ${hosts}: see its firewall, and its proxy (HTTPS_PROXY of Docker and, in /etc/ecs/ecs.config, of the ECS agent).`;
}

export const subnetsOf = (found: Found): string => ways(found).subnets;
/** A route to the internet. */
export const internetFor = (found: Found): string =>
  isExternal(found)
    ? 'a way to the internet'
    : `a route to the internet: a NAT gateway in a private subnet, ${ways(found).publicIp} and an internet gateway in a public one`;

/** The way to a host to which no VPC endpoint leads. */
export function wayOut(found: Found): string {
  if (isExternal(found))
    return `Check the spelling of the registry host, and let the external instance resolve and reach it over HTTPS (TCP 443): its DNS, its firewall, and the proxy of Docker (HTTPS_PROXY).`;
  const { subnets, group } = ways(found);
  return isUnresolved(found)
    ? `Check the spelling of the registry host and the DNS of the VPC (enableDnsSupport). Then give ${subnets} ${internetFor(found)}.`
    : `Give ${subnets} ${internetFor(found)}; allow TCP 443 out of ${group}. No VPC endpoint leads to that registry; a copy in ECR (a pull through cache) needs none.`;
}

/** An image reference in the message, the way pullers and builders write it. */
export const imageOf = ({ text, words }: Found): string | undefined =>
  words.image ?? wordOf('image', imageIn(text)) ?? fromUrl(text);

/** `https://HOST/v2/NAME/manifests/REFERENCE`, as pullers ask a registry for it. */
function fromUrl(text: string): string | undefined {
  const { host, name, reference } =
    /https:\/\/(?<host>[\w.:-]{3,200})\/v2\/(?<name>[\w./-]{1,200}?)\/manifests\/(?<reference>[\w.:-]{1,140})/.exec(
      text,
    )?.groups ?? {};
  const last = reference?.replace(/(?<![.:])[.:]+$/, '');
  return (
    host &&
    `${host.replace(/^registry-1\.docker\.io$/, 'docker.io')}/${name}${last?.startsWith('sha256:') ? '@' : ':'}${last}`
  );
}

const imageIn = (text: string): string | undefined =>
  /(?:resolve ref(?:erence)?|unpack image|manifest for|pull access denied for|pull(?: image)?|repository|load metadata for) (?!manifest\b|manifests\b|has\b|access\b|with\b|command\b|config\w*\b)["']?([\w][\w.-]*(?::\d+)?(?:\/[\w.<>-]+)*(?::[\w.<>-]+)?(?:@sha256:\w+)?)["']?/i
    .exec(text)?.[1]
    ?.replace(/(?<![.:])[.:]+$/, '');
