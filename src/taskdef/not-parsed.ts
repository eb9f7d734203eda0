import { Failure } from '../failure.ts';

/** Offsets in a text: from the first, up to but not including the second. */
export type Span = readonly [from: number, to: number];

/**
 * A failure that shows the line, with a mark below the column (both count from 1). People keep passwords in task
 * definitions and CI logs are often public, so of the line only `shown` is shown; the rest is covered by stars.
 */
export function notParsed(at: {
  readonly name: string;
  readonly language: 'JSON' | 'YAML';
  readonly problem: string;
  readonly text: string;
  readonly offset: number;
  readonly shown: readonly Span[];
}): Failure {
  const { name, language, problem, text, offset } = at;
  const [start, end] = lineAt(text, offset);
  const line = covered(text.slice(start, end), start, at.shown);
  const column = offset - start + 1;
  // One-line files are common among exports: show what stands around the mistake.
  const from = Math.max(0, column - 1 - WIDTH);
  const mark = `${' '.repeat(column - 1 - from)}^`;
  const lineNumber = text.slice(0, start).split('\n').length;
  return new Failure(
    'INVALID_TASK_DEFINITION',
    `${name} is not valid ${language}: ${problem} at line ${lineNumber}, column ${column}.\n` +
      `  ${line.slice(from, from + 2 * WIDTH)}\n  ${mark}`,
    {
      remedy: 'Correct the file. Comments and trailing commas are fine. (Stars stand for values, which may be secret.)',
    },
  );
}

const WIDTH = 80;

/** The line that an offset is in, without what ends it. */
export function lineAt(text: string, offset: number): Span {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const next = text.indexOf('\n', start);
  return [start, next === -1 ? text.length : next];
}

function covered(line: string, start: number, shown: readonly Span[]): string {
  const letters = Array.from({ length: line.replace(/\r$/, '').length }, () => '*');
  for (const [from, to] of shown) {
    for (let i = Math.max(0, from - start); i < Math.min(letters.length, to - start); i++) {
      letters[i] = (line[i] ?? '').replace(/\s/, ' '); // a tab would move the mark away from its place
    }
  }
  return letters.join('');
}
