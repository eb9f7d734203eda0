import type { Deployment, Snapshot } from '../service/snapshot.ts';
import type { Listener } from '../service/watch.ts';
import type { Console, Instant } from '../world.ts';
import { narrate } from './narrate.ts';
import type { Moment } from './timeline.ts';

const HEARTBEAT_SECONDS = 30;
const COLOURS = { normal: '', good: '\x1b[32m', warning: '\x1b[33m', failure: '\x1b[31m' } as const;

/** Tells moments as they come, with the time since the run began, and keeps them for the summary. */
export class Live {
  readonly moments: Moment[] = [];
  readonly #console: Console;
  readonly #began: Instant;
  #lastLine: Instant;

  constructor(console: Console, began: Instant) {
    this.#console = console;
    this.#began = began;
    this.#lastLine = began;
  }

  /** A step of the run itself. */
  step(at: Instant, text: string): void {
    this.tell({ at, kind: 'step', severity: 'normal', text });
  }

  tell(moment: Moment): void {
    this.moments.push(moment);
    this.#print(moment);
  }

  /** For `watch`: tells what changed, and while nothing does a heartbeat with what is waited for. */
  listener(deployment: Deployment): Listener {
    let previous: Snapshot | undefined;
    return (snapshot, verdict) => {
      for (const moment of narrate(previous, snapshot, verdict, deployment)) this.tell(moment);
      previous = snapshot;
      if ('waitingFor' in verdict && snapshot.at - this.#lastLine >= HEARTBEAT_SECONDS) {
        this.#print({
          at: snapshot.at,
          kind: 'counts',
          severity: 'normal',
          text: `still waiting for ${verdict.waitingFor}`,
        });
      }
    };
  }

  #print({ at, severity, text }: Moment): void {
    this.#lastLine = Math.max(this.#lastLine, at);
    const colour = this.#console.colour ? COLOURS[severity] : '';
    this.#console.line(`${elapsed(at - this.#began)}  ${colour}${text}${colour ? '\x1b[0m' : ''}`);
  }
}

/** 75 -> ` 1:15` */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2)}:${String(whole % 60).padStart(2, '0')}`;
}
