import type { Failure } from '../failure.ts';
import type { Outcome, Plan } from '../outcome.ts';
import type { AnnotationPlace } from '../ports.ts';
import { servingText } from '../service/serving.ts';
import { isBlocked } from './plan.ts';
import { counted, oneLine, plain } from './text.ts';

interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
}

/** GitHub shows 10 of a kind for a step and cuts each at 4096; more than a few are not read. */
const WARNINGS = 5;
const LENGTH = 4000;
const LINE = 1200;

/** For a run that went wrong one error, the root cause in one line; and the warnings, each once. */
export function annotationsOf(outcome: Outcome): Annotation[] {
  const { kind, service, diagnoses, headline, serving, failedRollback, pausedOnRequest } = outcome;
  const where = service ? `${oneLine(service.name, 100)}: ` : '';
  const error = (title: string): Annotation => {
    const [cause] = diagnoses;
    const now = serving ? [`Now ${servingText(serving)}`] : [];
    // The headline of a failed rollback has both causes.
    const text =
      cause && !failedRollback
        ? sentences([cause.cause, cause.remedy, ...now])
        : sentences([headline, cause?.remedy ?? '']);
    return { kind: 'error', title: `${where}${title}`, text };
  };
  return [...main(), ...warningsOf(outcome.warnings, where)];

  function main(): Annotation[] {
    switch (kind) {
      case 'deployed':
      case 'unchanged':
      case 'started':
        return [];
      case 'failed':
        return [error(failedRollback ? 'the deployment failed, and so did its rollback' : 'the deployment failed')];
      case 'rolled-back':
        return [error('the deployment failed and was rolled back')];
      case 'superseded':
      case 'cancelled':
      case 'paused':
        return [{ kind: pausedOnRequest ? 'notice' : 'error', title: `${where}${kind}`, text: sentences([headline]) }];
    }
  }
}

function warningsOf(warnings: readonly string[], where: string): Annotation[] {
  const distinct = [...new Set(warnings.map((warning) => sentences([warning])))];
  const rest = distinct.length - WARNINGS;
  const shown = rest > 0 ? distinct.slice(0, WARNINGS - 1) : distinct;
  const more = rest > 0 ? [`${counted(rest + 1, 'more warning')}: see the job summary.`] : [];
  return [...shown, ...more].map((text) => ({ kind: 'warning', title: `${where}warning`, text }));
}

/** For a plan that could not be deployed one error with everything that is wrong; nothing for any other plan. */
export function annotationsOfPlan(plan: Plan): Annotation[] {
  if (!isBlocked(plan)) return [];
  const bad = plan.checks.flatMap(({ status, text }) => (status === 'bad' ? [`  - ${oneLine(text, LINE)}`] : []));
  const text = [`${counted(bad.length, 'check')} failed:`, ...bad].join('\n').slice(0, LENGTH);
  return [{ kind: 'error', title: `${oneLine(plan.service.name, 100)}: could not be deployed`, text }];
}

/** A failure before there was any outcome: every mistake at once, as `describe` words it. */
export function annotationOfFailure(failure: Failure): Annotation & { readonly place?: AnnotationPlace } {
  const [message = '', ...rest] = failure.describe().split('\n');
  const { quote = [], file, line = 0, endLine = 0 } = failure.place ?? {};
  const quoted = quote.map((text) => plain(text.slice(0, LINE)).trimEnd());
  return {
    kind: 'error',
    title: 'ECS Rollout',
    text: [indented(message), ...quoted, ...rest.map(indented)].join('\n').slice(0, LENGTH),
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
    .map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`))
    .join(' ');

/**
 * Some services answer in JSON, and a text that we do not know is shown as it is: of an object only its message is
 * for people. What only looks like JSON stays.
 */
function withoutJson(text: string): string {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
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
