import type { Instant } from '../world.ts';

/** One thing that happened, as the log and the summary tell it. */
export interface Moment {
  readonly at: Instant;
  readonly kind: 'step' | 'counts' | 'task' | 'event' | 'log' | 'diagnosis' | 'verdict';
  readonly severity: 'normal' | 'good' | 'warning' | 'failure';
  readonly text: string;
  /** For kind `task`: whose it is and the state it is in now. */
  readonly taskId?: string;
  readonly state?: string;
}
