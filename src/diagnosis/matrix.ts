/**
 * What was being done, and how it failed: for the messages that no specific row knows. A cell names the row whose words
 * fit; a phase without a cell for the fault is shown as it is, with the two places to look first, and no cause is claimed.
 */
import { defined } from '../model.ts';
import { tellingLine } from './application.ts';
import type { Fault, Phase } from './diagnosis.ts';
import { demandIn, type Found, field, instructed } from './rules/rule.ts';
import type { Text } from './say.ts';
import { pageOf as pageOfService, serviceOf } from './services.ts';

/** The surest words first: a throttled call is denied, too, and a name that does not resolve is not found. */
const FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['throttled', /throttl|rate exceeded|too ?many ?requests|\b429\b|SlowDown|RequestLimitExceeded/i],
  ['exhausted', /no space left|disk quota|quota exceeded|LimitExceeded|not enough space/i],
  [
    'unreachable',
    /dial tcp|i\/o time|no such host|connection (?:refused|reset|timed out|issue)|network is unreachable|no route to host|deadline exceeded|Client\.Timeout|TLS handshake|server misbehaving|send request failed|RequestError|StatusCode: 0\b|name resolution|could not connect/i,
  ],
  ['internal', /\b50[0234]\b|Internal ?(?:Server|Failure|error)|Service ?Unavailable/i],
  [
    'denied',
    /AccessDenied|access denied|not authorized|Unauthorized|\b40[13]\b|Forbidden|explicit deny|permission denied|is denied/i,
  ],
  ['missing', /not ?found|does not exist|doesn't exist|no such|NoSuch|\b404\b|can(?:'t| ?not) find|could not find/i],
  ['timed-out', /timed? ?out|timeout/i],
  ['invalid', /invalid|malformed|unmarshal|unsupported|not valid|unable to parse|unknown/i],
];

/** How it failed; undefined where the words do not say. Reads the end first: the deepest cause stands there. */
export function faultOf(text: string): Fault | undefined {
  return FAULTS.find(([, words]) => words.test(text))?.[0];
}

const CELLS: Readonly<Partial<Record<Phase, Readonly<Partial<Record<Fault, string>>>>>> = {
  pulling: {
    denied: 'image-pull-denied',
    missing: 'image-not-found',
    unreachable: 'image-pull-network',
    throttled: 'image-pull-rate-limit',
    exhausted: 'disk-full',
  },
  secrets: {
    denied: 'secret-access-denied',
    missing: 'secret-not-found',
    unreachable: 'secret-network',
    throttled: 'secrets-throttled',
  },
  'environment-files': {
    denied: 'env-file-denied',
    missing: 'env-file-missing',
    unreachable: 'env-file-network',
    invalid: 'env-file-invalid',
  },
  logs: {
    denied: 'log-permission-denied',
    unreachable: 'log-network',
  },
  network: {
    throttled: 'eni-throttled',
    denied: 'eni-permission-denied',
    'timed-out': 'eni-provisioning-timeout',
  },
};

/** The id of the row that says it, or undefined where phase and fault together say too little. */
export function cellOf(phase: Phase, text: string): string | undefined {
  const fault = faultOf(text);
  return fault === undefined ? undefined : CELLS[phase]?.[fault];
}

const DOING: Readonly<Record<Phase, string>> = {
  login: 'The login to AWS failed',
  call: 'The call failed',
  build: 'The build failed',
  'build-step': 'A step of the build failed',
  cache: 'The build cache could not be read or written',
  push: 'The push of the image failed',
  placing: 'ECS could not place the task',
  network: 'The network interface of the task could not be set up',
  logs: 'The log driver of the container could not be set up',
  secrets: 'The secrets of the task could not be read',
  'environment-files': 'The environment files of the task could not be read',
  volumes: 'A volume of the task could not be set up',
  pulling: 'The image could not be pulled',
  creating: 'The container could not be created',
  starting: 'The container could not be started',
  running: 'A container of the task ended',
  health: 'A health check failed',
  rollout: 'The deployment did not go through',
  task: 'The task failed',
};

/** Two places, the likelier first. */
const PLACES: Readonly<Record<Phase, Text>> = {
  login:
    'Read the lines above it in the log of the step that logs in, and compare the inputs of that step with its documentation.',
  call: 'Compare what the message names with the request, and with the API reference of the operation.',
  build: 'Read the lines above the error in the log of the build, then run the same build on your machine.',
  'build-step':
    'Read the last lines that the step printed, then run its command in the stage before it (docker build --target).',
  cache:
    'Read the lines above the error in the log of the build. A run without the inputs `cache-from` and `cache-to` shows whether the build itself is sound.',
  push: 'Read the lines above the error in the log of the build: they name the image and what buildx did with it last.',
  placing:
    'Compare what the task needs (its size, ports, placement constraints) with the capacity that the cluster has free.',
  network:
    'See the last part of the message, then the log of the ECS agent on the host (/var/log/ecs; Fargate shows none: ECS starts another task).',
  logs: 'See logConfiguration of the container (driver and options), then the whole reason in describe-tasks.',
  secrets:
    'See the entries of `secrets` of the container, then the whole reason in describe-tasks: ECS shortens it in some places.',
  'environment-files': 'See environmentFiles of the container, then the whole reason in describe-tasks.',
  volumes: [
    'See volumes and mountPoints of the task definition, then the file system that they name',
    {
      examples: [
        { for: 'efs', words: 'of EFS its mount targets and their security group, the access point and its policy' },
      ],
    },
    '.',
  ],
  pulling:
    'See the image reference in the task definition, then the whole reason in describe-tasks: the last part of it names what failed.',
  creating: 'See the settings of the container in the task definition, then the runtime of the host.',
  starting:
    'See what the last part of the message names (program, mount, limit or the runtime of the host), then start the image with docker run and the same settings.',
  running: 'Read the last log lines of the container, then its exit code and reason.',
  health: 'See the log of the container at that time, then the path, port and times of the health check.',
  rollout: 'See the events of the service, then the stopped tasks of the new revision.',
  task: 'See the reason and exit code of each container of the task, then the events of the service.',
};

/** Phases in which the runner does it, and not a task. */
const ON_RUNNER: ReadonlySet<Phase> = new Set(['build', 'build-step', 'cache', 'push']);
const AGAIN = 'Run the job again in some minutes';

/** What to look at first where the words say how it failed, and no row says more: a place, not a cause. */
function firstLook(phase: Phase, fault: Fault | undefined): string | undefined {
  if (phase === 'login')
    return fault === 'timed-out' || fault === 'unreachable' || fault === 'internal'
      ? `${AGAIN}: GitHub or AWS STS did not answer (githubstatus.com, AWS Health). Then check the network and proxy of the runner.`
      : undefined;
  if (!ON_RUNNER.has(phase)) return undefined;
  switch (fault) {
    case 'denied':
      return phase === 'cache' || phase === 'push'
        ? `Check the login to that registry and its right to the repository${phase === 'cache' ? ' of the cache (inputs `cache-from`, `cache-to`)' : ' (input `repository`)'}, then the account and Region of the name.`
        : undefined;
    case 'missing':
      return 'Read the lines above the error in the log of the build: they show which step looked for what the message says is missing.';
    case 'unreachable':
    case 'timed-out':
      return `${AGAIN}; if it comes back, check DNS, firewall and proxy of the runner.`;
    case 'internal':
    case 'throttled':
      return `${AGAIN}, and look at the status page of the server that the message names.`;
    default:
      return undefined;
  }
}

/** An event may be of the service as a whole: that a task failed is not in it. */
const doing = ({ surface, phase }: Found['reading']): string =>
  phase === 'task' && (surface === 'service.event' || surface === 'deployment.rolloutStateReason')
    ? 'ECS says of the service'
    : DOING[phase];

/**
 * Words with which ECS begins its reasons, or which only its own machinery uses; whatever else stands there a caller gave
 * to StopTask. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const BEGINS_AS_ECS =
  /^(?:\w{1,60}(?:Error|Exception|Failure|Notice|Initiated|Start|Exited|Interruption)\b|Task |Essential |Scaling |Service |Host |Container |Timeout |Unexpected |Failed |Unable |Could not |Cannot|Your |The |Fargate |Amazon |AWS |ECS |Spot |Port |EFS |EBS |Terminat|Insufficient |Instance |Deployment |Agent |\(service |\(task |\d|[[{"'])|: /;
const OF_MACHINERY =
  /\b(?:runtime|OCI|docker|daemon|containerd|ENI|network interface|load balancer|deployment|health ?checks?|exit(?:ed)? (?:code|with)|status code|while|scheduler|scaling|rebalanc\w+|instance|maintenance|capacity|denied|not found|timed? ?out)\b/i;
/** Who stopped it, and no part of ECS. */
const BY_CALLER =
  /^(?:task |service )?(?:was )?(?:stopp(?:ed|ing)|kill(?:ed|ing)?|cancell?ed|aborted|terminated) (?:by|from|via|on behalf of|through)\b/i;

/** What a caller gave StopTask as its reason; undefined where ECS may have written it. */
function callersWords(found: Found): { readonly text: string; readonly isCertain: boolean } | undefined {
  const { reading, text } = found;
  if (reading.surface !== 'task.stoppedReason') return undefined;
  const code = field(found, 'stopCode');
  if (code !== '' && code !== 'UserInitiated') return undefined;
  if (text.length > 255 || !/[a-z]{2}/i.test(text) || OF_MACHINERY.test(text)) return undefined;
  const isCertain = BY_CALLER.test(text);
  return isCertain || !BEGINS_AS_ECS.test(text) ? { text, isCertain } : undefined;
}

/** What is known for certain: the phase and the words. */
export function lastResort(found: Found): {
  readonly cause: string;
  readonly remedy: Text;
  readonly link?: string;
} {
  const { reading, text } = found;
  const given = callersWords(found);
  if (given !== undefined)
    return {
      cause: `ECS itself gives no reason in these words: ${given.isCertain ? '' : 'most likely '}a caller stopped the task with StopTask (a person, a script, or a tool that runs tasks, such as Jenkins or Airflow) and gave them: "${given.text}"`,
      remedy:
        'CloudTrail (StopTask) says who called, and the log of that tool why. If the task had done its work, nothing is wrong; otherwise look there for a time limit, a cancelled job or a worker that did not connect.',
      link: STOP_CODES,
    };
  // Of a whole output the line that says most: what went well above it is no cause.
  const shown =
    ON_RUNNER.has(reading.phase) && text.includes('\n')
      ? (tellingLine(text.replace(/^#\d{1,5} (?:\d{1,6}\.\d{1,3} )?/gm, '')) ?? text)
      : text;
  return {
    cause: text === '' ? 'No reason was given.' : `${doing(reading)}: ${shown}`,
    remedy: demandIn(text) ?? instructed(found) ?? firstLook(reading.phase, faultOf(text)) ?? PLACES[reading.phase],
    ...defined({ link: pageOf(reading) }),
  };
}

const STOP_CODES = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html';
const ECR_TROUBLES = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/troubleshooting.html';

/** The page about faults of that kind; a build or login that nothing is known of has none. */
function pageOf({ phase, surface, registry, operation, service: named }: Found['reading']): string | undefined {
  if (surface === 'api.ecr' || (phase === 'push' && registry === 'ecr')) return ECR_TROUBLES;
  if (phase === 'login' || ON_RUNNER.has(phase)) return undefined;
  const service = surface === 'api.ecs' ? serviceOf('', operation, named) : undefined;
  if (service !== undefined && service !== 'ECS') return pageOfService(service);
  return 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html';
}
