import type { Failure } from '../failure.ts';
import type { Outcome, Plan } from '../outcome.ts';
import type { AnnotationPlace } from '../ports.ts';
import { type About, whereOf } from './about.ts';
import { type Gist, gistOf, isGood } from './gist.ts';
import { isBlocked } from './plan.ts';
import { counted, oneLine, plain } from './text.ts';

export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
}

/** GitHub shows 10 of a kind for a step and cuts each at 4096; more than a few are not read. */
const WARNINGS = 5;
const LENGTH = 4000;
const LINE = 1200;

/** For a run that went wrong one error with the gist of it, one fact per line; and the warnings, each once. */
export function annotationsOf(outcome: Outcome, gist: Gist = gistOf(outcome)): Annotation[] {
  const { kind, warnings, service, diagnoses, pausedOnRequest } = outcome;
  const { title, what, words, serving, done, next, fix, docs } = gist;
  const where = gist.where ?? service?.name;
  const prefix = where === undefined ? '' : `${oneLine(where, 200)}: `;
  const [command, ...others] = next?.commands ?? [];
  const lines = [
    sentences([what]),
    words ? sentences([`${words.from === 'application' ? 'The application' : 'AWS'}: ${words.text}`]) : '',
    sentences([serving ? `Now ${serving}` : '', done ?? '']),
    fix ? `Fix: ${oneLine(fix, LINE)}` : '',
    next ? `Next: ${oneLine(next.text, LINE)}` : '',
    next?.write ? oneLine(next.write, LINE) : '',
    command ?? '',
    ...others.map((other) => `or: ${other}`),
    docs ?? (isGood(kind) ? '' : (diagnoses[0]?.link ?? '')),
  ].filter((line) => line !== '');
  const error: Annotation = {
    kind: pausedOnRequest ? 'notice' : 'error',
    title: `${prefix}${title}`,
    text: lines.join('\n').slice(0, LENGTH),
  };
  return [...(isGood(kind) ? [] : [error]), ...warningsOf(warnings, prefix)];
}

const distinctOf = (warnings: readonly string[]): readonly string[] => [
  ...new Set(warnings.map((warning) => sentences([warning]))),
];
const shownOf = (distinct: readonly string[]): readonly string[] =>
  distinct.length > WARNINGS ? distinct.slice(0, WARNINGS - 1) : distinct;

/** Warnings that have no annotation, and so no line in the log. */
export const unannotated = (warnings: readonly string[]): readonly string[] => {
  const distinct = distinctOf(warnings);
  return distinct.slice(shownOf(distinct).length);
};

function warningsOf(warnings: readonly string[], where: string): Annotation[] {
  const distinct = distinctOf(warnings);
  const shown = shownOf(distinct);
  const rest = distinct.length - shown.length;
  const more = rest > 0 ? [`${counted(rest, 'more warning')}: see the job summary.`] : [];
  return [...shown, ...more].map((text) => ({ kind: 'warning', title: `${where}warning`, text }));
}

/** For a plan that could not be deployed one error with everything that is wrong; nothing for any other plan. */
export function annotationsOfPlan(plan: Plan, about: About = {}): Annotation[] {
  if (!isBlocked(plan)) return [];
  const bad = plan.checks.flatMap(({ status, text }) => (status === 'bad' ? [`  - ${oneLine(text, LINE)}`] : []));
  const text = [`${counted(bad.length, 'check')} failed:`, ...bad].join('\n').slice(0, LENGTH);
  const where = oneLine(whereOf(plan, about) ?? plan.service.name, 200);
  return [{ kind: 'error', title: `${where}: could not be deployed`, text }];
}

/**
 * A failure before there was any outcome: every mistake at once, as `describe` words it.
 * @param about where the run was to deploy to, and the page of this project about it
 */
export function annotationOfFailure(
  failure: Failure,
  { where, docs }: { readonly where?: string | undefined; readonly docs?: string | undefined } = {},
): Annotation & { readonly place?: AnnotationPlace } {
  const [message = '', ...rest] = failure.describe().split('\n');
  const { quote = [], file, line = 0, endLine = 0 } = failure.place ?? {};
  const quoted = quote.map((text) => plain(text.slice(0, LINE)).trimEnd());
  const page = docs === undefined ? [] : [docs];
  return {
    kind: 'error',
    title: where === undefined ? 'ECS Rollout' : oneLine(where, 200),
    text: [
      ...[indented(message), ...quoted, ...rest.map(indented)].join('\n').slice(0, LENGTH).split('\n'),
      ...page,
    ].join('\n'),
    ...(file === undefined ? {} : { place: { file, line, endLine } }),
  };
}

/** Mistakes and remedies are our own words, and the JSON in them is what to write. */
const indented = (line: string): string => {
  const isMistake = /^\s+-/.test(line);
  const text = isMistake || line.startsWith('What to do: ') ? line : withoutJson(line);
  return (isMistake ? '  ' : '') + oneLine(text, LINE);
};

const sentences = (parts: readonly string[]): string =>
  parts
    .map((part) => oneLine(withoutJson(part), LINE))
    .filter((part) => part !== '')
    .map((part) => (/[.!?:][)"']?$|^https:\S+$|^Next: .*: (?:aws|gh) /.test(part) ? part : `${part}.`))
    .join(' ');

/**
 * Some services answer in JSON, and a text that we do not know is shown as it is: of an object only its message is
 * for people. What only looks like JSON stays.
 */
function withoutJson(text: string): string {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  // JSON in a code span is what to write.
  if (text[start - 1] === '`' && text[end + 1] === '`') return text;
  try {
    const value: unknown = JSON.parse(text.slice(start, end + 1));
    return `${text.slice(0, start)}${messageIn(value) ?? '(details in the log)'}${text.slice(end + 1)}`;
  } catch {
    return text;
  }
}

function messageIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (/^(?:error_?)?message$/i.test(key) && typeof inner === 'string') return inner;
    const deeper = messageIn(inner);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
