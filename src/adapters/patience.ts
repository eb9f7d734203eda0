import { Failure } from '../failure.ts';
import type { Clock } from '../ports.ts';
import { call, type Transience, transienceOf } from './aws-error.ts';

/** What waiting needs: time, the run's end, and somebody to tell. */
export interface Patience {
  readonly clock: Pick<Clock, 'sleep' | 'random'>;
  /** Aborted when the run is cancelled: nobody waits any longer then. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/**
 * All attempts of a call: the SDK makes one (`ATTEMPTS`), so that this list alone says how long a call may take. A little
 * over a minute in all: RegisterTaskDefinition, the scarcest, comes back at one call a second.
 */
const PAUSES_SECONDS = [0.2, 0.5, 1, 2, 4, 8, 16, 16, 16];
/** Each of these takes up to its time limit of 15 s: four attempts are a minute as well. */
const PAUSES_WITHOUT_ANSWER = 3;
/** A line is worth reading for what is waited out longer than this. */
const TOLD_FROM_SECONDS = 0.75;

/** For the SDK client of whoever calls with patience. */
export const ATTEMPTS = { maxAttempts: 1 } as const;

/** What may be sent again: everything that changes nothing twice; of other calls what AWS certainly did not do. */
type Resend = 'safe' | 'not done';
const NOT_DONE: readonly Transience[] = ['refused', 'unreachable', 'clock'];

/**
 * One SDK call that may be repeated: waits out throttling, server errors, answers that are not AWS's and silence for
 * about a minute. Without patience, the call alone.
 * @throws Failure that names the call; the signal's reason when the run is cancelled meanwhile
 */
export const callPatiently = <T>(
  patience: Patience | undefined,
  service: string,
  operation: string,
  send: () => Promise<T>,
): Promise<T> => attempts(patience, { service, operation, resend: 'safe' }, send);

/**
 * One SDK call that must not happen twice (RegisterTaskDefinition, UpdateService): sent again only when AWS did nothing.
 * @throws Failure UNAVAILABLE when nobody knows whether it happened: the caller has to look
 */
export const callOnce = <T>(
  patience: Patience | undefined,
  service: string,
  operation: string,
  send: () => Promise<T>,
): Promise<T> => attempts(patience, { service, operation, resend: 'not done' }, send);

async function attempts<T>(
  patience: Patience | undefined,
  { service, operation, resend }: { readonly service: string; readonly operation: string; readonly resend: Resend },
  send: () => Promise<T>,
): Promise<T> {
  for (const [index, pause] of (patience ? PAUSES_SECONDS : []).entries()) {
    try {
      return await call(service, operation, send);
    } catch (thrown) {
      if (resend === 'not done' && patience && thrown === patience.signal.reason)
        throw cutOff(service, operation, thrown);
      const transience = transienceOf(thrown, service);
      if (!patience || patience.signal.aborted || transience === undefined || !(thrown instanceof Error)) throw thrown;
      if (resend === 'not done' && !NOT_DONE.includes(transience)) throw thrown;
      const answered = transience === 'refused' || transience === 'odd';
      if (!answered && index >= PAUSES_WITHOUT_ANSWER) throw thrown;
      const seconds = pause * (0.75 + patience.clock.random() / 2);
      if (seconds >= TOLD_FROM_SECONDS)
        patience.tell(`${thrown.message.replace(/\.$/, '')}. Trying again in ${Math.max(1, Math.round(seconds))} s.`);
      await patience.clock.sleep(seconds, patience.signal);
    }
  }
  return call(service, operation, send);
}

/** A write that was under way at the cancel may have been done; CANCELLED would say that it was not. */
const cutOff = (service: string, operation: string, cause: unknown): Failure => {
  const message = 'the run was cancelled before AWS answered';
  const api = { service, operation, name: 'AbortError', message };
  return new Failure('UNAVAILABLE', `${service}:${operation} failed: ${message}`, { api, cause });
};
