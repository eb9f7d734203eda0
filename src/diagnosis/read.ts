/**
 * What a message is about, before the question why: who wrote it, while doing what, on whose behalf. Surface, operation
 * and launch type are given by the caller; the rest is parsed from the words and left out where it cannot be.
 */
import type { Evidence, Launch, Phase, Producer } from './diagnosis.ts';
import { type RegistryKind, registryIn } from './registry.ts';
import { ofResource } from './services.ts';
import { operationIn } from './unwrap.ts';

export interface Reading {
  readonly surface: Evidence['surface'];
  /** As IAM writes it, from the adapter, or as the client's own words name it; undefined where neither does. */
  readonly operation: string | undefined;
  /** Id of the service that answered, from the adapter. */
  readonly service: string | undefined;
  /** The service of the resource that infrastructure code was changing, as `serviceOf` calls it. */
  readonly resource: string | undefined;
  /** Of the task or service; undefined where the caller does not know it. */
  readonly launch: Launch | undefined;
  /** Whose words they are. */
  readonly producer: Producer;
  /** What was being done. */
  readonly phase: Phase;
  /** Which way an image went. */
  readonly direction: 'pull' | 'push' | 'cache' | undefined;
  readonly registry: RegistryKind | undefined;
  /** Of the registry, as users write it in an image. */
  readonly host: string | undefined;
  /** HTTP status that a server answered with. */
  readonly status: number | undefined;
  /** The IAM action that was refused, such as `ecr:BatchGetImage`. */
  readonly action: string | undefined;
}

const LAUNCHES: readonly Launch[] = ['FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES'];

/** Reads one message; pure, linear in its length. */
export function read({ surface, context, text: whole }: Evidence, text: string): Reading {
  const { operation, service, launchType } = context;
  const producer = producerOf(surface, text, context);
  const direction = directionOf(producer, text);
  const status = statusOf(text);
  const registry = registryIn(whole.slice(-8_000));
  return {
    surface,
    operation: typeof operation === 'string' && operation !== '' ? operation : operationIn(whole.slice(0, 2_000)),
    service: typeof service === 'string' ? service : undefined,
    resource: ofResource(whole),
    launch: LAUNCHES.find((one) => one === launchType),
    producer,
    phase: phaseOf({ surface, producer, direction }, text),
    direction,
    registry: registry?.kind,
    host: registry?.host,
    status: status === undefined ? undefined : Number(status),
    action: /not authorized to perform:? ?['"]?([a-z0-9-]+:\w+)/i.exec(text)?.[1],
  };
}

/** HTTP status that a server answered with; the codes that programs exit with look alike ("exited with code 137"). */
function statusOf(text: string): string | undefined {
  const named =
    /(?<!\bexit(?:ed)? (?:with )?|non-zero )\b(?:status(?: code)?:?|StatusCode:|HTTP(?: status)?|codes?:? ?\[?|unexpected status(?: from \w+ request to \S+)?:|response:)\s{0,2}\[?(?<status>[1-5]\d\d)\b/i;
  const spelled = /\b(?<status>40[0-9]|429|50[0-4]) (?:Bad|Unauthorized|Forbidden|Not|Too|Internal|Service|Gateway)\b/;
  return (named.exec(text) ?? spelled.exec(text))?.groups?.status;
}

/** A cache is a `cache`, except in "failed to compute cache key", which is BuildKit's word for reading the context. */
const CACHE =
  /(?<!compute |load |['"/:])\bcache\b(?! key|')|ACTIONS_CACHE|artifactcache|results-receiver\.actions|CacheService|CacheEntry|error writing (?:layer|manifest|config) blob|\bgha\b/i;
const STEP = /did not complete successfully|executor failed running|returned a non-zero code/i;
const DOCKER_CLI =
  /An image does not exist locally|The push refers to repository|^docker: |"docker (?:push|tag|pull|load|run|login|logout)"|docker (?:push|tag|pull|login)\b|No such image|cannot perform an interactive login|Error saving credentials/im;
const GITHUB =
  /ACTIONS_ID_TOKEN|id-token|action inputs|Credentials could not be loaded|Could not assume role with|Could not (?:fetch|get) (?:an? )?ID token|Unable to get (?:ID|OIDC)|Input required|configure-aws-credentials|Assuming role with|must be provided if|Source Account ID is needed|Input .{0,60}(?:required|not supplied|must)/i;
const LOGGING =
  /logging driver|logger args|log opt\b|logger: |awslogs|log driver|log (?:stream|group)|firelens|fluent-?bit/i;

function producerOf(surface: Evidence['surface'], text: string, context: Evidence['context']): Producer {
  switch (surface) {
    case 'container.log':
      return 'application';
    case 'api.sts':
      return GITHUB.test(text) ? 'github' : 'sts';
    case 'api.ecs':
    case 'api.ecr':
      return 'aws';
    case 'service.event':
    case 'deployment.rolloutStateReason':
      return 'scheduler';
    case 'buildx.stderr':
      return context.phase === 'exporting cache' ? 'cache' : builderOf(text);
    case 'task.stoppedReason':
    case 'container.reason':
    case 'container.exitCode':
      if (LOGGING.test(text)) return 'log-driver';
      if (/^(?:\w+: )?(?:CannotPull|.{0,80}(?:pull|resolve ref))/i.test(text)) return 'registry';
      return /OCI runtime|\brunc\b|containerd|shim|daemon|CannotStart|CannotCreate|exec: /i.test(text)
        ? 'runtime'
        : 'agent';
  }
}

/** Of BuildKit's output the line of its error decides, not the progress before it. */
function builderOf(text: string): Producer {
  const errors = text.split('\n').filter((line) => /\berror\b|failed/i.test(line));
  const last = errors.findLast((line) => /^(?:\S{0,40} )?(?:ERROR|error): /.test(line)) ?? errors.at(-1) ?? text;
  if (errors.length > 0 && CACHE.test(last)) return 'cache';
  if (STEP.test(last)) return 'step';
  if (DOCKER_CLI.test(last) || (errors.length <= 1 && DOCKER_CLI.test(text))) return 'docker-cli';
  if (/\/v2\/|push|pull|resolve source metadata|load metadata|unauthorized|denied|status/i.test(last))
    return 'registry';
  return 'buildkit';
}

function directionOf(producer: Producer, text: string): Reading['direction'] {
  if (producer === 'cache') return 'cache';
  if (/failed to push|\bpush(?:ing|ed)?\b|blobs\/uploads|POST request|PUT request/i.test(text)) return 'push';
  return /pull|resolve source metadata|load metadata|resolve ref|manifest/i.test(text) ? 'pull' : undefined;
}

/** For task messages the agent's own error names say what was being done; the scheduler's events say it in words. */
const PHASES: readonly (readonly [Phase, RegExp])[] = [
  [
    'placing',
    /[Uu]nable to place|[Ff]ailed to launch a task|RESOURCE:|container instance met|[Cc]apacity|\bAGENT\b|\bATTRIBUTE\b/,
  ],
  ['logs', LOGGING],
  [
    'secrets',
    /secrets?\b.{0,80}(?:from (?:asm|ssm)|manager)|pull secrets|asm fetching|Parameter Store|ssm parameters?/i,
  ],
  ['environment-files', /env(?:ironment)? ?files?/i],
  ['volumes', /\bEFS\b|\bEBS\b|\bmount(?:ing)? (?!callback|namespace|options?\b)|\bmount\.nfs|volume/i],
  ['pulling', /CannotPull|pull|resolve ref|unpack image|registry auth/i],
  ['network', /network interface|\bENI\b|netlink|netplugin|network namespace|networking/i],
  ['creating', /CannotCreateContainer|create container|CannotInspect/i],
  ['starting', /CannotStartContainer|OCI runtime|starting container|shim task|exec: |container process/i],
  ['health', /health ?check|unhealthy/i],
  ['running', /exit(?:ed)?|OutOfMemory|killed/i],
  ['rollout', /deployment|roll(?:ing|ed|back)|circuit breaker|steady/i],
];

function phaseOf(
  { surface, producer, direction }: Pick<Reading, 'surface' | 'producer' | 'direction'>,
  text: string,
): Phase {
  switch (surface) {
    case 'container.log':
    case 'container.exitCode':
      return 'running';
    case 'api.ecs':
    case 'api.ecr':
      return 'call';
    case 'api.sts':
      return 'login';
    case 'buildx.stderr':
      if (producer === 'step') return 'build-step';
      if (producer === 'cache') return 'cache';
      if (direction === 'push') return 'push';
      return 'build';
    default:
      return PHASES.find(([, words]) => words.test(text))?.[0] ?? 'task';
  }
}
