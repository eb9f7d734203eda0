import { asFailure } from '../failure.ts';
import { defined } from '../model.ts';
import type { Deployment } from '../service/deployment.ts';
import { judge } from './judge.ts';
import { poller, type WatchWorld } from './observe.ts';
import { Backoff, endsTheWatch } from './persist.ts';
import { POLICY } from './policy.ts';
import type { Snapshot } from './snapshot.ts';
import type { FinalVerdict, Verdict } from './verdict.ts';

export interface Watched {
  readonly verdict: FinalVerdict;
  readonly snapshot: Snapshot;
}

/** Called after every poll, in order. */
export type Listener = (snapshot: Snapshot, verdict: Verdict) => void;

/**
 * Watches our deployment until the verdict is final. A poll costs one or two calls, and three to five more when tasks
 * moved. A failed poll (throttling, an outage, no answer, an answer that is not AWS's) slows it down and never
 * fails a rollout before its time.
 * @throws Failure ACCESS_DENIED, REFUSED (DescribeServices) or CREDENTIALS at once, NOT_FOUND when ECS does not find the
 *   service for 15 s, CANCELLED when the run is, THROTTLED or UNAVAILABLE when no poll succeeded for the no-progress limit
 *   or until the time was up
 */
export async function watch(deployment: Deployment, world: WatchWorld, listener: Listener): Promise<Watched> {
  const { clock, signal } = world;
  const poll = poller(deployment, world);
  let snapshot: Snapshot | undefined;
  const backoff = new Backoff(clock);
  const { noProgressSeconds, startedAt, timeoutSeconds } = deployment;
  const patience = { until: startedAt + timeoutSeconds, noProgressSeconds };
  let seenAt = clock.now();
  const answered = { taken: new Set<string>(), refused: new Set<string>() };
  for (;;) {
    let slower = false;
    const beganAt = clock.now();
    try {
      ({ snapshot, slowed: slower } = await poll(snapshot));
      seenAt = clock.now();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (endsTheWatch(failure, { ...patience, now: clock.now(), seenAt })) throw failure;
      await clock.sleep(backoff.next(), signal);
      continue;
    }
    const verdict = judge(snapshot, deployment, clock.now());
    listener(snapshot, verdict);
    if (!('pollAgainInSeconds' in verdict)) return { verdict, snapshot };
    if (verdict.kind === 'awaiting-approval' && verdict.answer) {
      const { hook, until } = verdict;
      const answering = await answer(verdict.answer, answered, world);
      if (answering === 'refused') return { verdict: { kind: 'paused', hook, ...defined({ until }) }, snapshot };
    }
    if (!slower) backoff.reset();
    // From one poll to the next: where calls take long, the poll itself is part of it.
    const rest = Math.max(POLICY.shortestPauseSeconds, verdict.pollAgainInSeconds - (clock.now() - beganAt));
    await clock.sleep(slower ? Math.max(backoff.next(), rest) : rest, signal);
  }
}

/**
 * Each hook is answered once; ECS shows it as waiting for some seconds more. A refusal may mean that another client has answered it in that
 * moment: it counts where the hook still waits at the next poll, and is refused again.
 */
async function answer(
  { serviceDeploymentArn, hookId }: { readonly serviceDeploymentArn: string; readonly hookId: string },
  { taken, refused }: { readonly taken: Set<string>; readonly refused: Set<string> },
  { ecs }: Pick<WatchWorld, 'ecs'>,
): Promise<'answered' | 'unanswered' | 'refused'> {
  if (taken.has(hookId)) return 'answered';
  try {
    await ecs.continueServiceDeployment(serviceDeploymentArn, hookId, 'CONTINUE');
    taken.add(hookId);
    return 'answered';
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CREDENTIALS' || code === 'CANCELLED') throw thrown;
    if (code === 'ACCESS_DENIED' || (code === 'REFUSED' && refused.has(hookId))) return 'refused';
    // Throttled or without an answer: the next poll shows whether the hook still waits.
    if (code === 'REFUSED') refused.add(hookId);
    return 'unanswered';
  }
}
