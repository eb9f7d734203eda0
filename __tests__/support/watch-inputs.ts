import type { WatchInputs } from '../../src/inputs/types.ts';

/** What a step that sets nothing of it watches with. */
export const WATCH: WatchInputs = {
  wait: true,
  timeoutSeconds: 1800,
  timeoutGiven: false,
  noProgressSeconds: 600,
  logLines: 30,
  onPause: 'wait',
};
