import type { Outcome, Plan } from '../outcome.ts';
import { type About, whereOf } from './about.ts';
import { entryFileOf, type Gist, gistOf, isGood, isJson, nowText } from './gist.ts';
import { isBlocked } from './plan.ts';
import { counted, oneLine, withoutJson } from './text.ts';

export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
}

/** GitHub shows 10 of a kind for a step and cuts each at 4096; more than a few are not read. */
const WARNINGS = 5;
const LENGTH = 4000;
const LINE = 1200;

/** Where our entry has no address, its file, and the page of AWS; empty of a success. */
function pagesOf(outcome: Outcome): string {
  const file = entryFileOf(outcome);
  const link = isGood(outcome.kind) ? undefined : outcome.diagnoses[0]?.link;
  const pages = [...(file === undefined ? [] : [`${file} in the repository of the action`]), ...(link ? [link] : [])];
  return pages.join(', ');
}

/** For a run that went wrong one error with the gist of it, one fact per line; and the warnings, each once. */
export function annotationsOf(outcome: Outcome, gist: Gist = gistOf(outcome)): Annotation[] {
  const { kind, warnings, service, pausedOnRequest } = outcome;
  const { title, what, words, done, next, fix, fixCode = [], docs } = gist;
  const where = gist.where ?? service?.name;
  const now = nowText(gist);
  const prefix = where === undefined ? '' : `${oneLine(where, 200)}: `;
  const [command, ...others] = next?.commands ?? [];
  const lines = [
    sentences([what]),
    words ? sentences([`${words.from === 'application' ? 'The application' : 'AWS'}: ${words.text}`]) : '',
    sentences([now ? `Now ${now}` : '', done ?? '']),
    fix ? `Fix: ${oneLine(fix, LINE)}` : '',
    // What is to be written fits one line; a command is pasted, line by line.
    ...fixCode.flatMap((one) => (isJson(one) ? [oneLine(one, LINE)] : one.split('\n'))),
    next ? `Next: ${oneLine(next.text, LINE)}` : '',
    next?.write ? oneLine(next.write, LINE) : '',
    command ?? '',
    ...others.map((other) => `or: ${other}`),
    docs ?? pagesOf(outcome),
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

const sentences = (parts: readonly string[]): string =>
  parts
    .map((part) => oneLine(withoutJson(part), LINE))
    .filter((part) => part !== '')
    .map((part) => (/[.!?:][)"']?$|^https:\S+$|^Next: .*: (?:aws|gh) /.test(part) ? part : `${part}.`))
    .join(' ');
