/** What the answers of a check mean: one answer, and a row of them. */
import type { VerifyInputs } from '../inputs/types.ts';
import type { Instant } from '../model.ts';

/** An answer, or why there is none. */
export type Answer =
  | { readonly kind: 'page'; readonly status: number; readonly body: string; readonly seconds: number }
  | { readonly kind: 'exit'; readonly exitCode: number; readonly lastLine: string }
  | { readonly kind: 'none'; readonly why: string };

/** What is wrong with the answer, in a clause; undefined where nothing is. */
export function problemOf(check: VerifyInputs, answer: Answer): string | undefined {
  switch (answer.kind) {
    case 'none':
      return answer.why;
    case 'exit':
      return answer.exitCode === 0
        ? undefined
        : `exit code ${answer.exitCode}${answer.lastLine === '' ? '' : `: ${answer.lastLine}`}`;
    case 'page': {
      if (check.kind !== 'url') return 'a page in place of an exit code';
      const { statuses, body, latencyMs } = check;
      if (!statuses.some((wanted) => isStatus(answer.status, wanted)))
        return `status ${answer.status}, expected ${statuses.join(' or ')}`;
      if (body !== undefined && !answer.body.includes(body)) return `the body does not contain \`${body}\``;
      const milliseconds = Math.round(answer.seconds * 1000);
      if (latencyMs !== undefined && milliseconds > latencyMs)
        return `it took ${milliseconds} ms, at most ${latencyMs} ms are allowed`;
      return undefined;
    }
  }
}

const isStatus = (status: number, wanted: string): boolean =>
  wanted.endsWith('xx') ? String(status).startsWith(wanted.charAt(0)) && status < 600 : String(status) === wanted;

/** Successes in a row; any failure starts the count again. */
export interface Streak {
  readonly count: number;
  /** When the first of them was. */
  readonly since: Instant;
}

/** Whether there were enough successes, over a time that is long enough. */
export const isProven = (
  { successes, forSeconds = 0 }: Pick<VerifyInputs, 'successes' | 'forSeconds'>,
  { count, since }: Streak,
  now: Instant,
): boolean => count >= successes && now - since >= forSeconds;

/** `https://app.example.com/health` without a query, which may hold a token; a command by its words. */
export const nameOfCheck = (check: VerifyInputs): string =>
  check.kind === 'url' ? check.url.replace(/[?#].*$/, '').replace(/\/\/[^/@]*@/, '//') : check.words.join(' ');
