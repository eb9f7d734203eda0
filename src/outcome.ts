import type { Diagnosis } from './diagnosis/diagnosis.ts';
import type { Image } from './image/image.ts';
import type { Moment } from './report/timeline.ts';
import type { Denial } from './rights.ts';
import type { Deployment } from './service/deployment.ts';
import type { Serving } from './service/serving.ts';
import type { Difference } from './taskdef/diff.ts';
import type { FinalVerdict } from './watch/verdict.ts';
import type { LiveRevision, Revision, ServiceState } from './world.ts';

/** How the run ended; what the step's `outcome` output says. Only the first three let the step pass. */
export type OutcomeKind =
  | 'deployed' // proven: our deployment, complete, running what we pushed
  | 'unchanged' // the service already ran exactly this, healthy, and nothing was changed
  | 'started' // wait-for-service-stability is false: begun, not judged
  | 'rolled-back'
  | 'failed'
  | 'superseded'
  | 'cancelled'
  | 'paused';

/** Everything a report needs; finished values only. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** One line: what happened, or the root cause. */
  readonly headline: string;
  readonly image?: Image;
  readonly service?: ServiceState;
  readonly revision?: Revision;
  readonly previous?: LiveRevision;
  readonly differences: readonly Difference[];
  readonly deployment?: Deployment;
  readonly serviceDeploymentArn?: string;
  readonly verdict?: FinalVerdict;
  /** The rollback that failed as well. */
  readonly failedRollback?: {
    /** ARN of the revision. */
    readonly to: string;
    readonly cause: string;
    /** Names of revisions that can still be rolled back to, `web:7`. */
    readonly targets: readonly string[];
  };
  /** What serves when the run ends, as the headline says. */
  readonly serving?: Serving;
  /** Root cause first. */
  readonly diagnoses: readonly Diagnosis[];
  readonly warnings: readonly string[];
  readonly timeline: readonly Moment[];
  /** Rights that IAM denied and that the run went on without. */
  readonly denied?: readonly Denial[];
  /** The run ended before the service did: ECS goes on, and post looks again. */
  readonly underWay?: true;
}
