/** Silences get longer before each is broken: after 30 s, 1, 2 and 4 minutes, and then every 4 minutes. */
const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 240;

/** How many heartbeats a silence of so many seconds has by its end: 8 in 20 minutes, 18 in an hour. */
export function beatsIn(seconds: number): number {
  let beats = 0;
  for (let at = FIRST_SECONDS; at <= seconds && at <= LONGEST_SECONDS; at *= 2) beats++;
  return seconds <= LONGEST_SECONDS ? beats : beats + Math.floor((seconds - LONGEST_SECONDS) / LONGEST_SECONDS);
}
