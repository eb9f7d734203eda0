import { lastPart } from '../arn.ts';
import type { ServiceState } from '../model.ts';
import type { Clock, Runner } from '../ports.ts';
import { provenRevision } from '../service/deployment.ts';
import { INTENT_STATE, SETTLED_STATE } from '../states.ts';

/**
 * What main is about to do to the service, written down before UpdateService: whatever happens to main, post can look what
 * became of it.
 */
export interface Intent {
  /** ARN. */
  readonly cluster: string;
  readonly service: string;
  /** ARN of the revision that the service had before. */
  readonly previous: string;
  /** ARN of the revision that may be rolled back to; absent where nothing is known to have run (`provenRevision`). */
  readonly proven?: string;
  /** ARN of the revision to be deployed. */
  readonly next: string;
  /** This run registered `next`, so nobody else can want it. */
  readonly registered: boolean;
  readonly at: number;
  /** ecs-svc/N, once ECS has answered. */
  readonly deployment?: string;
}

type StateWorld = { readonly runner: Pick<Runner, 'saveState'> };

/** Written again when more is known; the runner keeps the last. */
export const saveIntent = (
  intent: Omit<Intent, 'at'>,
  { runner, clock }: StateWorld & { readonly clock: Pick<Clock, 'now'> },
): void => runner.saveState(INTENT_STATE, JSON.stringify({ ...intent, at: clock.now() } satisfies Intent));

/** What was announced has come to its end. */
export const markSettled = ({ runner }: StateWorld): void => runner.saveState(SETTLED_STATE, 'yes');

/** What is left for post; undefined when main had not come so far, or has settled it. */
export function intentOf(state: (name: string) => string): Intent | undefined {
  const announced = state(INTENT_STATE);
  return announced === '' || state(SETTLED_STATE) !== '' ? undefined : JSON.parse(announced);
}

/** How to undo a deployment by hand; nothing where no revision is known to have run before. */
export function undoOf({ cluster, service, proven }: Pick<Intent, 'cluster' | 'service' | 'proven'>): string {
  if (proven === undefined) return '';
  const [, , , region] = cluster.split(':');
  return ` To undo it: aws ecs update-service ${region ? `--region ${region} ` : ''}--cluster ${lastPart(cluster)} --service ${service} --task-definition ${lastPart(proven)}`;
}

/** What an intent says of the service before anything is changed. */
export function provenIn(service: ServiceState): Pick<Intent, 'proven'> {
  const proven = provenRevision(service);
  return proven === undefined ? {} : { proven };
}
