import type { Clock, Console, Masking } from '../ports.ts';
import type { Deployment } from '../service/deployment.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Listener } from '../watch/watch.ts';
import { tellMoments } from './live.ts';
import { narrate } from './narrate.ts';
import type { Moment } from './timeline.ts';

/** The live account of a run: tells each moment as it comes, and keeps all of them for the summary. */
export class Account {
  readonly moments: Moment[] = [];
  readonly #console: Console;
  readonly #clock: Clock;
  readonly #masker: Masking;
  /** By deployment: one that is watched again, while ECS rolls it back, tells nothing twice. */
  readonly #last = new Map<string, Snapshot>();

  constructor({
    console,
    clock,
    masker,
  }: { readonly console: Console; readonly clock: Clock; readonly masker: Masking }) {
    this.#console = console;
    this.#clock = clock;
    this.#masker = masker;
  }

  /** A step of the run itself. */
  step(text: string, severity: Moment['severity'] = 'normal'): void {
    this.#tell([{ at: this.#clock.now(), kind: 'step', severity, text }]);
  }

  /** For `watch`: tells what changed from one look to the next. */
  listener(deployment: Deployment): Listener {
    return (snapshot, verdict) => {
      this.#tell(narrate(this.#last.get(deployment.id), snapshot, verdict, deployment));
      this.#last.set(deployment.id, snapshot);
    };
  }

  /** The last look at a deployment; undefined when there was none. */
  lastSeen({ id }: Pick<Deployment, 'id'>): Snapshot | undefined {
    return this.#last.get(id);
  }

  #tell(told: readonly Moment[]): void {
    const moments = this.#masker.data(told);
    this.moments.push(...moments);
    const [first] = this.moments;
    // The summary counts from there as well.
    if (first) tellMoments(this.#console, first.at, moments);
  }
}
