import type { Clock } from '../ports.ts';

/** The real clock. A sleep that is aborted leaves no timer and no listener behind. */
export const realClock: Clock = {
  now: () => Date.now() / 1000,
  random: Math.random,
  sleep: (seconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, seconds * 1000);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
