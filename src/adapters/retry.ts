import { Failure } from '../failure.ts';
import type { Clock } from '../ports.ts';
import { type ApiAction, call, partsOf, type Transience, transienceOf } from './aws-error.ts';

/** What waiting needs: time, the end of the run, and the log. */
export interface Retry {
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
  /** Aborted when the run is cancelled: nothing is waited for any longer. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * All attempts of a call: the SDK makes one (`ATTEMPTS`), so that this list alone says how long a call may take. A little
 * over a minute in all: RegisterTaskDefinition, the scarcest, comes back at one call per second.
 */
const PAUSES_SECONDS = [0.2, 0.5, 1, 2, 4, 8, 16, 16, 16];
/** Each of these takes up to its time limit of 15 s: four attempts are a minute as well. */
const PAUSES_WITHOUT_ANSWER = 3;
/** Pauses shorter than this are not logged. */
const LOGGED_FROM_SECONDS = 0.75;

/** For the SDK client of whoever calls with retries of its own. */
export const ATTEMPTS = { maxAttempts: 1 } as const;

/** A call that changes nothing twice is sent again after any failure that may pass; of others what AWS certainly did not do. */
type Repeatable = 'always' | 'not done';
const NOT_DONE: readonly Transience[] = ['refused', 'unreachable', 'clock'];

/**
 * One SDK call that may be repeated: waits out throttling, server errors, answers that are not AWS's and silence for
 * about a minute. Without `retry`, the call alone.
 * @throws Failure that names the call; the signal's reason when the run is cancelled meanwhile
 */
export const withRetry = <T>(retry: Retry | undefined, action: ApiAction, send: () => Promise<T>): Promise<T> =>
  attempts(retry, { action, repeatable: 'always' }, send);

/**
 * One SDK call that must not happen twice (RegisterTaskDefinition, UpdateService): sent again only when AWS did nothing.
 * @throws Failure UNAVAILABLE when it may have happened: the caller has to look
 */
export const callOnce = <T>(retry: Retry | undefined, action: ApiAction, send: () => Promise<T>): Promise<T> =>
  attempts(retry, { action, repeatable: 'not done' }, send);

async function attempts<T>(
  retry: Retry | undefined,
  { action, repeatable }: { readonly action: ApiAction; readonly repeatable: Repeatable },
  send: () => Promise<T>,
): Promise<T> {
  for (const [attempt, pause] of (retry ? PAUSES_SECONDS : []).entries()) {
    try {
      return await call(action, send);
    } catch (thrown) {
      if (repeatable === 'not done' && retry && thrown === retry.signal.reason) throw cutOff(action, thrown);
      if (!retry || retry.signal.aborted || !(thrown instanceof Error)) throw thrown;
      if (!isRetryable(transienceOf(thrown, action), { repeatable, attempt })) throw thrown;
      const seconds = pause * (0.75 + retry.clock.random() / 2);
      if (seconds >= LOGGED_FROM_SECONDS)
        retry.log(`${thrown.message.replace(/\.$/, '')}. Trying again in ${Math.max(1, Math.round(seconds))} s.`);
      await retry.clock.sleep(seconds, retry.signal);
    }
  }
  return call(action, send);
}

function isRetryable(
  transience: Transience | undefined,
  { repeatable, attempt }: { readonly repeatable: Repeatable; readonly attempt: number },
): boolean {
  if (transience === undefined) return false;
  if (repeatable === 'not done' && !NOT_DONE.includes(transience)) return false;
  const answered = transience === 'refused' || transience === 'odd';
  return answered || attempt < PAUSES_WITHOUT_ANSWER;
}

/** A write that was under way at the cancel may have been done; CANCELLED would say that it was not. */
const cutOff = (action: ApiAction, cause: unknown): Failure => {
  const message = 'the run was cancelled before AWS answered';
  const api = { ...partsOf(action), name: 'AbortError', message };
  return new Failure('UNAVAILABLE', `${action} failed: ${message}`, { api, cause });
};
