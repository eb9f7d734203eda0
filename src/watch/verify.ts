import { beatsIn, left } from '../duration.ts';
import { asFailure } from '../failure.ts';
import type { VerifyInputs } from '../inputs/types.ts';
import type { Instant } from '../model.ts';
import type { World } from '../ports.ts';

/** Checks a deployment from outside: asks a URL, or runs a command on this runner, until it is proven or time is up. */

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
interface Streak {
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
  check.kind === 'url' ? check.url.replace(/[?#][\s\S]*/, '').replace(/\/\/[^/@]*@/, '//') : check.words.join(' ');

type VerifyWorld = Pick<World, 'clock' | 'shell' | 'web' | 'signal'>;

export interface FailedCheck {
  readonly check: string;
  readonly why: string;
}

/** A line of the log. */
type Note = (text: string, kind: 'step' | 'heartbeat') => void;

/** Of one question. */
const ANSWER_SECONDS = 30;
const COMMAND_SECONDS = 300;

/**
 * All checks side by side.
 * @param note what happens, one line each; a heartbeat shows how far it is, where nothing else was noted for a while
 * @returns the check that failed and why, in a sentence; undefined when all passed
 * @throws Failure CANCELLED, TOOL_MISSING
 */
export async function verify(
  checks: readonly VerifyInputs[],
  world: VerifyWorld,
  note: Note,
): Promise<FailedCheck | undefined> {
  const found = await Promise.all(checks.map((check) => verifyOne(check, world, note)));
  return found.find((problem) => problem !== undefined);
}

async function verifyOne(check: VerifyInputs, world: VerifyWorld, note: Note): Promise<FailedCheck | undefined> {
  const { clock, signal } = world;
  const name = nameOfCheck(check);
  const until = clock.now() + check.timeoutSeconds;
  const wanted = wantedOf(check);
  note(
    `verify ${name}: ${wanted === '' ? '' : `${wanted}, `}within ${Math.round(check.timeoutSeconds / 60)} min`,
    'step',
  );
  let notedAt = clock.now();
  let beats = 0;
  let streak: Streak | undefined;
  let last = '';
  for (;;) {
    signal.throwIfAborted();
    const askedAt = clock.now();
    const problem = problemOf(check, await answerOf(check, world));
    const now = clock.now();
    if (problem === undefined) {
      streak = { count: (streak?.count ?? 0) + 1, since: streak?.since ?? askedAt };
      if (isProven(check, streak, now)) {
        note(
          `verify ${name}: passed (${streak.count} ${streak.count === 1 ? 'success' : 'successes in a row'})`,
          'step',
        );
        return undefined;
      }
    } else {
      if (problem !== last) {
        note(`verify ${name}: ${problem}`, 'step');
        notedAt = now;
        beats = 0;
      }
      streak = undefined;
      last = problem;
    }
    if (now + check.everySeconds > until) {
      const minutes = Math.round(check.timeoutSeconds / 60);
      const why = `verify ${name} did not succeed${wanted === '' ? '' : ` (${wanted})`} within ${minutes} min${last === '' ? '' : `; last: ${last}`}.`;
      return { check: name, why };
    }
    if (beatsIn(now - notedAt) > beats) {
      beats = beatsIn(now - notedAt);
      const so = problem ?? `${streak?.count ?? 0} so far`;
      note(
        `still verifying ${name}${wanted === '' ? '' : `, ${wanted}`}: ${so}; gives up in ${left(until - now)}`,
        'heartbeat',
      );
    }
    await clock.sleep(check.everySeconds, signal);
  }
}

/** Empty where one success is enough. */
function wantedOf({ forSeconds, successes }: VerifyInputs): string {
  if (forSeconds !== undefined) return `for ${forSeconds} s`;
  return successes === 1 ? '' : `${successes} in a row`;
}

async function answerOf(check: VerifyInputs, { clock, shell, web, signal }: VerifyWorld): Promise<Answer> {
  const startedAt = clock.now();
  try {
    if (check.kind === 'url') {
      // A check that names a redirect means the redirect, not what it leads to.
      const redirects = check.statuses.some((status) => status.startsWith('3')) ? 'answer' : 'follow';
      const { status, body } = await web.get(check.url, { limitSeconds: ANSWER_SECONDS, signal, redirects });
      return { kind: 'page', status, body, seconds: clock.now() - startedAt };
    }
    const [program = '', ...args] = check.words;
    const { exitCode, stdout, stderr } = await shell.run(program, args, { signal, limitSeconds: COMMAND_SECONDS });
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
    return { kind: 'exit', exitCode, lastLine: lines.at(-1)?.trim().slice(0, 240) ?? '' };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED' || failure.code === 'TOOL_MISSING' || signal.aborted) throw failure;
    return { kind: 'none', why: failure.message };
  }
}
