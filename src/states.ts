/** What main leaves for post (STATE_*), by name. */

/** What post needs of main's inputs. */
export const HANDOVER_STATE = 'handover';
/** What it is about to do to the service. */
export const INTENT_STATE = 'rollout';
/** The service needs no more looking after. */
export const SETTLED_STATE = 'settled';
/** Its report is written. */
export const REPORTED_STATE = 'reported';
/** The GitHub deployment that it has begun; empty once ended. */
export const RECORD_STATE = 'github-deployment';
/** The private folder of the Docker login. */
export const DOCKER_CONFIG_STATE = 'docker-config';
/** The builder that this run created. */
export const BUILDER_STATE = 'builder';
