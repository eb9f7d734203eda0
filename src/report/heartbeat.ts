import { lastPart } from '../arn.ts';
import type { Instant, Moment } from '../model.ts';
import type { Deployment } from '../service/deployment.ts';
import { viewOf } from '../watch/fold.ts';
import { noProgressLimit } from '../watch/judge.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Verdict } from '../watch/verdict.ts';
import { duration } from './words.ts';

/** A silence of this length is broken. */
const HEARTBEAT_SECONDS = 30;

/** The newest instant at which anything of the deployment moved, as far as AWS tells. */
function lastChangeAt({ service, tasks, events, lastProgressAt }: Snapshot, deployment: Deployment): Instant {
  return Math.max(
    deployment.startedAt,
    lastProgressAt,
    events.at(-1)?.at ?? 0,
    ...service.deployments.map(({ updatedAt }) => updatedAt),
    ...tasks.map(({ createdAt, startedAt, stoppedAt }) => Math.max(createdAt ?? 0, startedAt ?? 0, stoppedAt ?? 0)),
  );
}

/** A word on what is being waited for and until when, after every 30 seconds in which nothing moved. */
export function heartbeat(
  previous: Snapshot | undefined,
  current: Snapshot,
  verdict: Extract<Verdict, { lookAgainInSeconds: number }>,
  deployment: Deployment,
): Moment[] {
  if (!previous) return [];
  const since = lastChangeAt(current, deployment);
  const beats = (at: Instant): number => Math.floor((at - since) / HEARTBEAT_SECONDS);
  if (beats(current.at) <= Math.max(0, beats(previous.at))) return [];
  const limit = limitOf(current, verdict, deployment);
  return [{ at: current.at, kind: 'heartbeat', severity: 'normal', text: `${waitingFor(verdict)}${limit}` }];
}

/** The limit that comes first: of the whole, or of a rollout in which nothing moves. */
function limitOf(current: Snapshot, { kind }: Verdict, deployment: Deployment): string {
  const left = deployment.startedAt + deployment.timeoutSeconds - current.at;
  const { deadline } = (kind === 'waiting' && noProgressLimit(viewOf(current, deployment, current.at))) || {};
  const still = deadline === undefined ? left : deadline - current.at;
  if (still < left && still > 0) return `; gives up in ${duration(still)} unless a task becomes healthy`;
  return left > 0 ? `; gives up in ${duration(left)}` : '';
}

function waitingFor(verdict: Extract<Verdict, { lookAgainInSeconds: number }>): string {
  switch (verdict.kind) {
    case 'waiting':
      return `still waiting for ${verdict.waitingFor}`;
    case 'awaiting-approval':
      return `still paused at ${verdict.hook}`;
    case 'rolling-back':
      return `still waiting for ECS to restore ${verdict.to ? lastPart(verdict.to) : 'the revision before'}`;
  }
}
