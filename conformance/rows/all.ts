/** The fixed list: single calls first, then rollouts. */
import type { Row } from '../row.ts';
import { CODE_DEPLOY_ROWS } from './code-deploy.ts';
import { DAEMON_ROWS } from './daemons.ts';
import { EVENT_ROWS } from './events.ts';
import { EXPRESS_ROWS } from './express.ts';
import { OTHER_ROWS } from './others.ts';
import { ROLLOUT_ROWS } from './rollouts.ts';
import { SERVICE_ROWS } from './services.ts';
import { TASK_DEFINITION_ROWS } from './task-definitions.ts';

export const ROWS: readonly Row[] = [
  ...TASK_DEFINITION_ROWS,
  ...SERVICE_ROWS,
  ...EXPRESS_ROWS,
  ...DAEMON_ROWS,
  ...OTHER_ROWS,
  ...CODE_DEPLOY_ROWS,
  ...EVENT_ROWS,
  ...ROLLOUT_ROWS,
];
