import type { Clock, Runner } from '../world.ts';

/**
 * What main is about to do to the service, written down before UpdateService: whatever happens to main, post can look what
 * became of it.
 */
export interface Intent {
  readonly cluster: string;
  readonly service: string;
  /** ARN of the revision that ran before. */
  readonly previous: string;
  /** ARN of the revision to be deployed. */
  readonly next: string;
  /** This run registered `next`, so nobody else can want it. */
  readonly registered: boolean;
  readonly at: number;
  /** ecs-svc/N, once ECS has answered. */
  readonly deployment?: string;
}

export const INTENT_STATE = 'rollout';
/** How main ended, once the service needs no more looking after. */
export const SETTLED_STATE = 'settled';

/** Written again when more is known; the runner keeps the last. */
export const declare = (
  intent: Omit<Intent, 'at'>,
  { runner, clock }: { readonly runner: Pick<Runner, 'saveState'>; readonly clock: Pick<Clock, 'now'> },
): void => runner.saveState(INTENT_STATE, JSON.stringify({ ...intent, at: clock.now() } satisfies Intent));

/** Undefined when main had not come so far. */
export const intentOf = (state: string): Intent | undefined => (state === '' ? undefined : JSON.parse(state));
