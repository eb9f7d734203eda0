import type { FailureCode } from '../failure.ts';
import type { Deployment } from '../service/deployment.ts';

/** How the deployment of a run came to be. */
export interface Begun {
  readonly deployment: Deployment;
  /** `created`: with its service; `found`: under way already; `untouched`: the service already was, and still is, what was asked for. */
  readonly how: 'begun' | 'created' | 'found' | 'untouched' | 'settings';
}

/**
 * The call changed nothing: ECS rejected it, or it was not sent (CANCELLED: a call that a cancel cut off is UNAVAILABLE, see `callOnce`;
 * CONFLICT: another deployment was faster). After any other failure (a lost answer) its effect is not known, and post finds out.
 */
export const REJECTED_CODES: readonly FailureCode[] = [
  'ACCESS_DENIED',
  'CANCELLED',
  'CONFLICT',
  'CREDENTIALS',
  'NOT_FOUND',
  'REFUSED',
  'THROTTLED',
];
