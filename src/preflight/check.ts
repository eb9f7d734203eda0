import { defined } from '../model.ts';
import { readsValues } from '../rights/consequences.ts';

/** One line of the preflight, or of the checks of a build. */
export interface CheckLine {
  readonly status: 'ok' | 'warn' | 'skip' | 'bad';
  readonly text: string;
}

/** One thing that was checked. `text` is the whole line for the log: subject, problem, remedy. */
export interface Check extends CheckLine {
  /** What was checked: `execution role ecsTaskExecution`, `secret arn:aws:...`. */
  readonly subject: string;
  readonly problem: string;
  readonly remedy?: string;
  /** The right that lacked, for a `skip` by IAM: `iam:GetRole`. */
  readonly permission?: string;
  /** A warning about what is deployed: it holds after the rollout as well, and is reported with its end. */
  readonly stays?: true;
}

function made(
  status: Check['status'],
  subject: string,
  { problem, remedy }: { readonly problem: string; readonly remedy: string | undefined },
): Check {
  const text = `${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`;
  return { status, subject, problem, text, ...defined({ remedy }) };
}

/** As it should be; the second argument says what was seen. */
export const ok = (subject: string, seen: string): Check => made('ok', subject, { problem: seen, remedy: undefined });
/** May go well, but is worth a warning. */
export const warn = (subject: string, problem: string, remedy?: string): Check =>
  made('warn', subject, { problem, remedy });
/** The same about what the task definition says, which no rollout changes. */
export const warnOfDefinition = (subject: string, problem: string, remedy: string): Check => ({
  ...warn(subject, problem, remedy),
  stays: true,
});
/** Could not be checked. */
export const skip = (subject: string, why: string, remedy?: string): Check =>
  made('skip', subject, { problem: why, remedy });
/** The deployment cannot succeed like this. */
export const bad = (subject: string, problem: string, remedy: string): Check =>
  made('bad', subject, { problem, remedy });

/** What came back for one question. */
export type Answer<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'denied'; readonly permission: string }
  /** The network, a throttled API, a request that AWS did not take. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Questions that were never asked (a caller's bug, reported rather than thrown) and those without an answer. */
export function notChecked(subject: string, answer: Exclude<Answer<unknown>, { kind: 'found' }> | undefined): Check {
  if (answer === undefined) return skip(subject, 'was not checked.');
  if (answer.kind === 'unknown') return skip(subject, `not checked (${answer.reason}).`);
  return { ...denied([subject], answer.permission), permission: answer.permission };
}

const denied = (subjects: readonly string[], permission: string): Check =>
  skip(
    subjects.join(', '),
    'not checked: IAM denies it to this job.',
    readsValues(permission)
      ? `Allow ${permission} to enable this check, and only to a role that no pull request may assume: it can read the values.`
      : `Allow ${permission} to enable this check.`,
  );

/** Several things that the same missing right hid are one line; the rest stays in its order. */
export function mergeDenied(checks: readonly Check[]): Check[] {
  const hidden = Map.groupBy(checks, ({ permission }) => permission);
  const reported = new Set<string>();
  return checks.flatMap((check) => {
    const { permission } = check;
    if (permission === undefined) return [check];
    if (reported.has(permission)) return [];
    reported.add(permission);
    const subjects = [...new Set((hidden.get(permission) ?? []).map(({ subject }) => subject))];
    return [{ ...denied(subjects, permission), permission }];
  });
}
