import { asFailure, Failure } from '../failure.ts';
import type { Order, Target } from '../inputs/types.ts';
import type { World } from '../ports.ts';
import type { Run, Together } from './run.ts';

/**
 * - `preparing`: reads and checks; nothing is changed
 * - `checked`: nothing was found that stops it; waits for what is shared
 * - `ready`: waits until all are, and then for its turn
 * - `deploying`: has started to change something
 * - `good`, `bad`: ended
 * - `skipped`: never started
 */
type Phase = 'preparing' | 'checked' | 'ready' | 'deploying' | 'good' | 'bad' | 'skipped';

interface Lane {
  readonly target: LaneTarget;
  phase: Phase;
  /** Set while it waits for its turn. */
  turn?: PromiseWithResolvers<'now' | 'later'>;
  /** Why it does not start. */
  skipped?: string;
}

/** What is known of a service before its story begins. */
interface LaneTarget extends Pick<Target, 'name' | 'after'> {
  /** The same for services that deploy one image, and so make it together. */
  readonly image: string;
  /** It is built or pushed by this run. */
  readonly pushes: boolean;
}

interface Sharing extends Pick<LaneTarget, 'image' | 'pushes'> {
  readonly sources: Map<string, unknown>;
  readonly made: PromiseWithResolvers<unknown>;
  readonly make: (sources: readonly never[], whole: Partial<Pick<Run, 'world' | 'progress'>>) => Promise<unknown>;
  started: boolean;
}

/** What belongs to the whole run. */
interface Whole extends Pick<Run, 'progress'> {
  readonly world: World;
}

/**
 * Several services side by side: each prepares alone; none changes anything before all are ready; then each starts in its turn,
 * after the canary and those that it waits for, and only so many at a time.
 */
export class Lanes {
  readonly #lanes: ReadonlyMap<string, Lane>;
  readonly #order: Order;
  readonly #whole: Whole;
  readonly #sharings = new Map<string, Sharing>();
  readonly #stopPreparing = new AbortController();
  #open = false;
  #ended = 0;

  constructor(targets: readonly LaneTarget[], order: Order, whole: Whole) {
    this.#lanes = new Map(targets.map((target) => [target.name, { target, phase: 'preparing' }]));
    this.#order = order;
    const signal = AbortSignal.any([whole.world.signal, this.#stopPreparing.signal]);
    this.#whole = { ...whole, world: { ...whole.world, signal } };
    signal.addEventListener('abort', () => this.#giveUp(asFailure(signal.reason)), { once: true });
  }

  /** Aborted when the preparation of a service failed, and that of all others came to an end. */
  get stopped(): AbortSignal {
    return this.#stopPreparing.signal;
  }

  /** For the story of one service. */
  of(name: string): Omit<Together, 'failing'> {
    const lane = this.#lane(name);
    return {
      share: (key, ask, make) => this.#share(lane, { ...ask, key }, make),
      checked: () => {
        if (lane.phase === 'preparing') this.#enter(lane, 'checked');
      },
      turn: () => {
        lane.turn = Promise.withResolvers();
        if (lane.skipped !== undefined) lane.turn.reject(new Failure('CANCELLED', lane.skipped));
        else this.#enter(lane, 'ready');
        return lane.turn.promise;
      },
    };
  }

  /** Its story came to an end. */
  end(name: string, how: 'good' | 'bad'): void {
    const lane = this.#lane(name);
    if (lane.phase === 'deploying') this.#ended++;
    this.#enter(lane, lane.skipped === undefined ? how : 'skipped');
  }

  /** One that has not started does not begin; what has started is not touched. @returns whether it is skipped */
  skip(name: string, why: string): boolean {
    const lane = this.#lane(name);
    if (lane.phase !== 'ready' || lane.skipped !== undefined) return lane.skipped !== undefined;
    lane.skipped = why;
    lane.turn?.reject(new Failure('CANCELLED', why));
    return true;
  }

  /** Why it did not start; undefined for all others. */
  whySkipped(name: string): string | undefined {
    return this.#lane(name).skipped;
  }

  /** Whether anything may have been changed by any of them. */
  get begun(): boolean {
    return this.#open;
  }

  isDeploying(name: string): boolean {
    return this.#lane(name).phase === 'deploying';
  }

  #lane(name: string): Lane {
    const lane = this.#lanes.get(name);
    if (!lane) throw new Failure('INTERNAL', `There is no service ${name} in this run.`);
    return lane;
  }

  #enter(lane: Lane, phase: Phase): void {
    lane.phase = phase;
    const lanes = [...this.#lanes.values()];
    if (this.#open) {
      this.#startWhoMay(lanes);
      return;
    }
    const failed = lanes.some((one) => one.phase === 'bad');
    // All that is wrong is reported at once, so the others are checked to their end; a build is not waited for.
    if (failed) for (const sharing of this.#sharings.values()) this.#startSharing(sharing, lanes);
    if (failed && !lanes.some((one) => one.phase === 'preparing')) this.#stopPreparing.abort(STOPPED);
    // A plan or a list ends without a turn.
    const waiting = lanes.filter((one) => one.phase !== 'good');
    if (!failed && waiting.length > 0 && waiting.every((one) => one.phase === 'ready')) {
      this.#open = true;
      this.#startWhoMay(lanes);
    }
  }

  #startWhoMay(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      if (lane.phase !== 'ready' || lane.skipped !== undefined) continue;
      const { canary } = this.#order;
      const first = canary === undefined || canary === lane.target.name ? [] : [canary];
      const before = [...first, ...lane.target.after].map((name) => this.#lane(name));
      const missing = before.find((one) => one.phase === 'bad' || one.phase === 'skipped' || one.skipped !== undefined);
      if (missing) {
        this.skip(lane.target.name, `${missing.target.name} was not deployed, which has to come first.`);
        continue;
      }
      const running = lanes.filter((one) => one.phase === 'deploying').length;
      if (running >= this.#order.maxParallel || before.some((one) => one.phase !== 'good')) continue;
      lane.phase = 'deploying';
      lane.turn?.resolve(this.#ended === 0 ? 'now' : 'later');
    }
    // One that is skipped here may be what another one waits for.
    const left = lanes.filter((one) => one.phase === 'ready' && one.skipped === undefined);
    const stuck = left.find((lane) => lane.target.after.some((name) => this.#lane(name).skipped !== undefined));
    if (stuck) this.#startWhoMay(lanes);
  }

  #giveUp(reason: Failure): void {
    for (const lane of this.#lanes.values())
      if (lane.phase === 'ready' && lane.skipped === undefined) {
        lane.skipped = reason.message;
        lane.turn?.reject(reason);
      }
    for (const { made } of this.#sharings.values()) made.reject(reason);
  }

  #share<Source, T>(
    { target: { name, image, pushes } }: Lane,
    { key, source, signal }: { readonly key: string; readonly source: Source; readonly signal: AbortSignal },
    make: (sources: readonly Source[], whole: Partial<Pick<Run, 'world' | 'progress'>>) => Promise<T>,
  ): Promise<T> {
    let sharing = this.#sharings.get(key);
    if (!sharing) {
      sharing = {
        image,
        pushes,
        sources: new Map(),
        made: Promise.withResolvers(),
        make: make as never,
        started: false,
      };
      sharing.made.promise.catch(() => {});
      this.#sharings.set(key, sharing);
    }
    sharing.sources.set(name, source);
    this.#startSharing(sharing, [...this.#lanes.values()]);
    // One that fails meanwhile is reported at once: what the others make is not waited for.
    const leaving = Promise.withResolvers<never>();
    leaving.promise.catch(() => {});
    signal.addEventListener('abort', () => leaving.reject(signal.reason), { once: true });
    if (signal.aborted) leaving.reject(signal.reason);
    return Promise.race([sharing.made.promise as Promise<T>, leaving.promise]);
  }

  /** When no service is left that could still ask. Once one has failed nothing is pushed any more; what is only read, the others still need for their checks. */
  #startSharing(sharing: Sharing, lanes: readonly Lane[]): void {
    if (sharing.started) return;
    const failed = lanes.some((one) => one.phase === 'bad');
    const asking = lanes.filter(({ target, phase }) => target.image === sharing.image && phase !== 'bad');
    if (asking.some(({ target }) => !sharing.sources.has(target.name)) || (failed && sharing.pushes)) return;
    sharing.started = true;
    const sources = [...sharing.sources.values()] as never[];
    sharing.make(sources, this.#whole).then(sharing.made.resolve, sharing.made.reject);
  }
}

/** With which a service ends that could be deployed, beside one that cannot. */
export const STOPPED = new Failure('CANCELLED', 'Stopped, because another service cannot be deployed.');
