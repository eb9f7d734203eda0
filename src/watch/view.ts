import type { DeploymentState, Instant } from '../model.ts';
import { type Deployment, primaryOf } from '../service/deployment.ts';
import { oursIn, type Snapshot, type Trouble } from './snapshot.ts';
import { troublesOf } from './troubles.ts';

/** All that a judgement rests on, looked up once. */
export interface View {
  readonly snapshot: Snapshot;
  readonly deployment: Deployment;
  readonly now: Instant;
  readonly ours: DeploymentState | undefined;
  readonly primary: DeploymentState | undefined;
  readonly troubles: readonly Trouble[];
}

export const viewOf = (snapshot: Snapshot, deployment: Deployment, now: Instant): View => ({
  snapshot,
  deployment,
  now,
  ours: oursIn(snapshot.service, deployment),
  primary: primaryOf(snapshot.service),
  troubles: snapshot.troubles ?? troublesOf(snapshot, deployment),
});
