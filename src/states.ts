/** What main leaves for post (STATE_*), by name. */

/** What it is about to do to the service. */
export const INTENT_STATE = 'rollout';
/** The service needs no more looking after. */
export const SETTLED_STATE = 'settled';
/** Its report is written. */
export const REPORTED_STATE = 'reported';
/** The GitHub deployment that it has begun; empty once ended. */
export const RECORD_STATE = 'github-deployment';
