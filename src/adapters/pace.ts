import { asFailure, Failure } from '../failure.ts';
import type { Instant } from '../model.ts';
import type { Clock } from '../ports.ts';

/** A token bucket of ECS: `burst` calls at once, then `perSecond`; shared by all callers of an account and Region. */
interface Bucket {
  readonly operations: readonly string[];
  readonly burst: number;
  readonly perSecond: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
export const ECS_BUCKETS: readonly Bucket[] = [
  { operations: ['describeServices', 'describeExpressService'], burst: 100, perSecond: 20 },
  { operations: ['describeTasks', 'listTasks', 'listClusterTasks'], burst: 100, perSecond: 20 },
  {
    operations: ['listServiceDeployments', 'describeServiceDeployments', 'describeServiceRevisions'],
    burst: 50,
    perSecond: 20,
  },
  {
    operations: [
      'updateService',
      'createService',
      'deleteService',
      'createExpressService',
      'updateExpressService',
      'deleteExpressService',
    ],
    burst: 50,
    perSecond: 5,
  },
  { operations: ['runTask'], burst: 100, perSecond: 40 },
  { operations: ['registerTaskDefinition'], burst: 20, perSecond: 1 },
  { operations: ['stopServiceDeployment', 'continueServiceDeployment'], burst: 50, perSecond: 5 },
];

/** What this run takes of a bucket: other runs, autoscaling and the console draw on the same one. */
const SHARE = 0.8;
/** After a throttled call nothing of its bucket is sent for so long; doubles up to the longest while throttling continues. */
const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 8;
/** A call that may be repeated is sent again so often; each waits for the pause that all of its bucket share. */
const ATTEMPTS = 4;

interface State {
  readonly bucket: Bucket;
  /** Below 0: promised to calls that wait. */
  tokens: number;
  at: Instant;
  resumeAt: Instant;
  pause: number;
}

/** What a call may be held up for, and whether a throttled one may be sent again. */
interface Terms {
  readonly repeatable: boolean;
  /** A call that would wait longer is THROTTLED at once. */
  readonly longestWaitSeconds?: number;
}

/**
 * Keeps the calls of one run within the rates of the API, in the order in which they come: what would be throttled waits, and once
 * something is throttled after all (by other callers of the account), every call of that bucket waits with it.
 */
export class Pace {
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #signal: AbortSignal;
  readonly #states: readonly State[];

  constructor(buckets: readonly Bucket[], clock: Pick<Clock, 'now' | 'sleep'>, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#states = buckets.map((bucket) => ({
      bucket,
      tokens: bucket.burst * SHARE,
      at: clock.now(),
      resumeAt: 0,
      pause: FIRST_PAUSE_SECONDS,
    }));
  }

  /**
   * Sends one call when its bucket has a token.
   * @throws Failure of the call; THROTTLED when it would wait too long; the signal's reason when the run is cancelled meanwhile
   */
  async send<T>(operation: string, terms: Terms, call: () => Promise<T>): Promise<T> {
    const state = this.#states.find(({ bucket }) => bucket.operations.includes(operation));
    if (!state) return call();
    for (let attempt = 1; ; attempt++) {
      await this.#wait(state, terms);
      const pause = state.pause;
      try {
        const answer = await call();
        state.pause = FIRST_PAUSE_SECONDS;
        return answer;
      } catch (thrown) {
        if (asFailure(thrown).code !== 'THROTTLED') throw thrown;
        this.#holdUp(state, pause);
        if (!terms.repeatable || attempt >= ATTEMPTS) throw thrown;
      }
    }
  }

  async #wait(state: State, { longestWaitSeconds = Number.POSITIVE_INFINITY }: Terms): Promise<void> {
    const now = this.#clock.now();
    const { burst, perSecond } = state.bucket;
    state.tokens = Math.min(burst * SHARE, state.tokens + (now - state.at) * perSecond * SHARE);
    state.at = now;
    const seconds = Math.max((1 - state.tokens) / (perSecond * SHARE), state.resumeAt - now);
    if (seconds > longestWaitSeconds)
      throw new Failure('THROTTLED', `${state.bucket.operations[0]} would wait for ${Math.round(seconds)} s.`);
    state.tokens--;
    if (seconds > 0) await this.#clock.sleep(seconds, this.#signal);
  }

  /** Calls that were under way together are throttled together, and that is one throttling. */
  #holdUp(state: State, pause: number): void {
    if (state.pause !== pause) return;
    state.tokens = Math.min(state.tokens, 0);
    state.resumeAt = this.#clock.now() + pause;
    state.pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS);
  }
}
