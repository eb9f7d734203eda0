/** The pure steps of the watch as a run takes them: each snapshot is explained before it is judged. */
import type { Instant } from '../../src/model.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import * as fold from '../../src/watch/fold.ts';
import * as rule from '../../src/watch/judge.ts';
import type { Observed, Snapshot, View } from '../../src/watch/snapshot.ts';
import { explain } from '../../src/watch/troubles.ts';
import type { Verdict } from '../../src/watch/verdict.ts';

/** What `troubles` says already stays. */
const explained = (snapshot: Snapshot, deployment: Deployment): Snapshot => ({
  ...explain(snapshot, deployment),
  diagnoses: snapshot.diagnoses,
  ...(snapshot.troubles ? { troubles: snapshot.troubles } : {}),
});

export const nextSnapshot = (previous: Snapshot | undefined, observed: Observed, deployment: Deployment): Snapshot =>
  explain(fold.nextSnapshot(previous, observed, deployment), deployment);

export const viewOf = (snapshot: Snapshot, deployment: Deployment, now: Instant): View =>
  fold.viewOf(explained(snapshot, deployment), deployment, now);

export const judge = (snapshot: Snapshot, deployment: Deployment, now: Instant): Verdict =>
  rule.judge(explained(snapshot, deployment), deployment, now);
