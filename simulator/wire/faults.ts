import type { SimClock, VirtualClock } from '../clock.ts';
import { ApiException } from './service.ts';
import type { Disturbance, Fault, Wire } from './wire.ts';

/**
 * IAM denies an action such as `ecs:ListServiceDeployments`, in AWS's words. Some calls ask for a second action: tags at
 * creation for ecs:TagResource, a task definition with roles for iam:PassRole on each of them.
 */
export const deny =
  (action: string, accountId = '123456789012'): Fault =>
  (call) => {
    const resource = deniedResource(action, call);
    return resource === undefined
      ? undefined
      : new ApiException(
          'AccessDeniedException',
          `User: arn:aws:sts::${accountId}:assumed-role/deploy/session is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
        );
  };

/** What the denial names; undefined where the call does not need the action. */
function deniedResource(action: string, { service, operation, input }: Parameters<Fault>[0]): string | undefined {
  if (`${service}:${operation}` === action) return '*';
  if (service !== 'ecs') return undefined;
  const { tags, executionRoleArn, taskRoleArn, family } = input;
  if (
    action === 'ecs:TagResource' &&
    /^(?:Register|Create|Run)/.test(operation) &&
    Array.isArray(tags) &&
    tags.length > 0
  )
    return operation === 'RegisterTaskDefinition'
      ? `arn:aws:ecs:eu-west-1:123456789012:task-definition/${String(family)}:*`
      : '*';
  if (action === 'iam:PassRole' && operation === 'RegisterTaskDefinition') {
    const role = executionRoleArn ?? taskRoleArn;
    return role === undefined ? undefined : String(role);
  }
  return undefined;
}

const rateExceeded = (): ApiException => new ApiException('ThrottlingException', 'Rate exceeded');

/** The next calls of an operation are throttled. */
export function throttle(operation: string, times: number): Fault {
  let left = times;
  return (call) => (call.operation === operation && left-- > 0 ? rateExceeded() : undefined);
}

/** An outage: the service answers 500 to every call of the operation, so often. */
export function breakDown(operation: string, times: number): Fault {
  let left = times;
  return (call) =>
    call.operation === operation && left-- > 0
      ? new ApiException('ServerException', 'Service Unavailable. Please try again later.', 500)
      : undefined;
}

/** The next calls of an operation get no answer; ECS does not see them. */
export function hang(operation: string, times: number): Disturbance {
  let left = times;
  return (call) => (call.operation === operation && left-- > 0 ? { instead: 'hang' } : undefined);
}

const PAGE = '<!doctype html><html><body>Please log in to the guest network.</body></html>';
/** Answers that are not AWS's: of a proxy, a captive portal, a load balancer, or a connection that breaks off. */
const ODD = {
  html: { status: 200, body: PAGE },
  empty: { status: 200, body: '' },
  '{}': { status: 200, body: '{}' },
  json: { status: 200, body: '{"services": [{"serviceN' },
  truncated: { status: 200, body: '{"services": [', cut: true },
  redirect: { status: 302, body: '' },
} as const;
export const ODD_ANSWERS = [...Object.keys(ODD), 'a status such as 502'];

/**
 * The next calls of an operation are answered oddly.
 * @param kind one of ODD_ANSWERS
 * @param acts the call is carried out all the same: its answer got lost
 * @returns undefined for a kind that does not exist
 */
export function odd(
  operation: string,
  kind: string,
  { times = 1, acts = false }: { readonly times?: number | undefined; readonly acts?: boolean | undefined } = {},
): Disturbance | undefined {
  const status = /^[2-5]\d\d$/.test(kind) ? Number(kind) : undefined;
  const instead =
    status === undefined ? (ODD as Record<string, (typeof ODD)[keyof typeof ODD]>)[kind] : { status, body: '' };
  if (!instead) return undefined;
  let left = times;
  return (call) =>
    call.operation === operation && left-- > 0 ? { instead, ...(acts ? { acts: true as const } : {}) } : undefined;
}

/** The session ends: from `at` on every call but STS's is refused. */
export const expireCredentials =
  (clock: SimClock, at: number): Fault =>
  ({ service }) =>
    clock.now() >= at && service !== 'sts'
      ? new ApiException('ExpiredTokenException', 'The security token included in the request is expired')
      : undefined;

interface Bucket {
  readonly operations: readonly string[];
  readonly burst: number;
  readonly perSecond: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
const ECS_BUCKETS: readonly Bucket[] = [
  { operations: ['DescribeServices'], burst: 100, perSecond: 20 },
  { operations: ['DescribeTasks', 'ListTasks'], burst: 100, perSecond: 20 },
  {
    operations: ['ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions'],
    burst: 50,
    perSecond: 20,
  },
  { operations: ['UpdateService', 'CreateService', 'DeleteService'], burst: 50, perSecond: 5 },
  { operations: ['RunTask'], burst: 100, perSecond: 40 },
  { operations: ['RegisterTaskDefinition'], burst: 20, perSecond: 1 },
  { operations: ['StopServiceDeployment', 'ContinueServiceDeployment'], burst: 50, perSecond: 5 },
];

/**
 * Token buckets as ECS keeps them for an account and region: `burst` calls at once, then `perSecond`.
 * @param share 0..1: what the account's other callers leave of it
 */
export function tokenBuckets(clock: SimClock, share = 1): Fault {
  const buckets = ECS_BUCKETS.map((bucket) => ({ bucket, tokens: bucket.burst * share, at: clock.now() }));
  return ({ service, operation }) => {
    const found = buckets.find(({ bucket }) => service === 'ecs' && bucket.operations.includes(operation));
    if (!found) return undefined;
    const { bucket } = found;
    const now = clock.now();
    found.tokens = Math.min(bucket.burst * share, found.tokens + (now - found.at) * bucket.perSecond * share);
    found.at = now;
    if (found.tokens < 1) return rateExceeded();
    found.tokens--;
    return undefined;
  };
}

/** Between an account and who watches it. */
export interface Conditions {
  /** What each call takes, half before AWS has seen it and half after. */
  readonly latencySeconds: number;
  /** How far the watcher's clock is ahead of AWS's. */
  readonly clockOffsetSeconds: number;
}

export const IDEAL: Conditions = { latencySeconds: 0, clockOffsetSeconds: 0 };

/** Every call on this wire takes its time, by the virtual clock. */
export function slowDown(wire: Wire, clock: VirtualClock, { latencySeconds }: Conditions): void {
  wire.now = () => clock.now();
  if (latencySeconds > 0) wire.delay = () => clock.sleep(latencySeconds / 2);
}

/** The clock of the machine that watches. */
export const watchersClock = (clock: VirtualClock, { clockOffsetSeconds }: Conditions) => ({
  now: (): number => clock.now() + clockOffsetSeconds,
  sleep: clock.sleep,
  random: clock.random,
});
