/** A run that could not continue (bad input, denied, a broken build) as an annotation, as a summary, and in the parts that the comment shares. */
import type { Failure, SourcePlace } from '../failure.ts';
import type { AnnotationPlace } from '../ports.ts';
import type { Annotation } from './annotations.ts';
import { code, fenced, prose } from './markdown.ts';
import { capitalised, counted, firstSentence, oneLine, plain, withoutJson } from './text.ts';

/** An annotation is cut at 4096. */
const LENGTH = 4000;
/** Longer lines of a failure are cut: on a page, and in an annotation. */
const LINE = 1500;
const ANNOTATION_LINE = 1200;

/** The first sentence of the failure, with the service and its place in front where they are known. */
export function failureTitle(described: string, where: string | undefined): string {
  const [first] = firstSentence(described.split('\n')[0] ?? '');
  // A heading is no sentence.
  const title = first.replace(/(?<!\.)\.$/, '');
  return oneLine(where === undefined ? title : `${where}: ${title}`, 400);
}

/**
 * What stands below the title: the rest of the message, the mistakes as a list, and what to do as a paragraph of its own.
 * @param limit of the lines of the list
 */
export function failureParts(described: string, limit: number): string[] {
  const [headline = '', ...lines] = described.split('\n');
  const [, rest] = firstSentence(headline);
  const isMistake = (line: string): boolean => /^\s+-\s/.test(line);
  const mistakes = lines.filter(isMistake);
  const shown = mistakes.slice(0, limit).map((line) => `- ${prose(oneLine(line.replace(/^\s*-\s*/, ''), LINE))}`);
  const more = mistakes.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`- and ${counted(more, 'more line')} in the log of the step`] : [])];
  const others = lines.filter((line) => !isMistake(line) && line.trim() !== '').slice(0, limit);
  return [
    ...(rest === '' ? [] : [restText(rest)]),
    ...(list.length > 0 ? [list.join('\n')] : []),
    ...others.map((line) => {
      const remedy = /^What to do: (.*)$/s.exec(line)?.[1];
      return remedy === undefined ? prose(oneLine(line, LINE)) : `**What to do:** ${prose(oneLine(remedy, LINE))}`;
    }),
  ];
}

/** What stands in brackets behind the first sentence: the call and the words of AWS, or an aside of ours; a paragraph of its own needs none. */
function restText(rest: string): string {
  const inner = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)\.?$/.exec(rest)?.[1];
  if (inner === undefined) return prose(oneLine(rest, LINE));
  return /^[\w-]+:\w+: /.test(inner) ? `AWS: ${code(oneLine(inner, LINE))}` : prose(oneLine(capitalised(inner), LINE));
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
  const quoted = quote.map((text) => plain(text.slice(0, ANNOTATION_LINE)).trimEnd());
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
  return (isMistake ? '  ' : '') + oneLine(text, ANNOTATION_LINE);
};

/** A run that failed before it had an outcome (bad input, denied, a broken build). */
export interface FailurePage {
  /** The whole failure: message, a line for each mistake, state, remedy. */
  readonly described: string;
  readonly place?: Partial<SourcePlace> | undefined;
  /** `web in production/eu-west-1` */
  readonly where?: string | undefined;
  /** The page of this project about it. */
  readonly docs?: string | undefined;
}

/** What a page of the documentation is about: its entry, or the page itself. */
const entryOf = (docs: string): string => docs.split('#')[1] ?? docs.replace(/^.*\//, '').replace(/\.md$/, '');

/** The same as a job summary: its first sentence is the heading, the mistakes are a list, what to do stands out. */
export function failureSummaryOf({ described, place = {}, where, docs }: FailurePage): string {
  const { quote = [], file } = place;
  const parts = [
    `## ❌ ${prose(failureTitle(described, where))}`,
    ...(quote.length > 0 ? [file ? code(oneLine(file, 300)) : '', fenced('text', quote)] : []),
    ...failureParts(described, 100),
    docs === undefined ? '' : `<a href="${docs}">troubleshooting: ${entryOf(docs)}</a>`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
