import type { Difference } from '../taskdef/diff.ts';
import { fenced } from './escape.ts';
import { counted, oneLine } from './words.ts';

/** Values longer than this are cut: a definition is read elsewhere. */
const VALUE = 160;
const SIGNS: Readonly<Record<Difference['kind'], string>> = { added: '+', removed: '-', changed: '~' };

/** One line a difference, aligned, for the log: `~ container app: image  1.4.1 -> 1.5.0`. */
export function differenceLines(differences: readonly Difference[]): string[] {
  const shown = differences.map(({ subject }) => oneLine(subject, VALUE));
  const width = Math.min(48, Math.max(0, ...shown.map((subject) => subject.length)));
  return differences.map((difference, index) => {
    const value = valueText(difference);
    const subject = shown[index] ?? '';
    return `${SIGNS[difference.kind]} ${value === '' ? subject : `${subject.padEnd(width)}  ${value}`}`;
  });
}

/** As a coloured diff for Markdown; of more than `limit` differences the rest is only counted. */
export function differenceMarkdown(differences: readonly Difference[], limit: number): string {
  const shown = differences.slice(0, limit);
  const lines = shown.flatMap((difference): string[] => {
    const { kind, before, after } = difference;
    const subject = oneLine(difference.subject, VALUE);
    const was = before === undefined ? subject : `${subject}: ${oneLine(before, VALUE)}`;
    const is = after === undefined ? subject : `${subject}: ${oneLine(after, VALUE)}`;
    switch (kind) {
      case 'added':
        return [`+ ${is}`];
      case 'removed':
        return [`- ${was}`];
      case 'changed':
        return before === undefined && after === undefined
          ? [`! ${subject} (value not shown)`]
          : [`- ${was}`, `+ ${is}`];
      default:
        return kind satisfies never;
    }
  });
  const rest = differences.length - shown.length;
  return fenced('diff', rest > 0 ? [...lines, `# and ${counted(rest, 'difference')} more`] : lines);
}

function valueText({ kind, before, after }: Difference): string {
  const [was, is] = [before, after].map((value) => (value === undefined ? undefined : oneLine(value, VALUE)));
  switch (kind) {
    case 'added':
      return is ?? '';
    case 'removed':
      return was === undefined ? '' : `was ${was}`;
    case 'changed':
      return was === undefined && is === undefined
        ? 'changed (value not shown)'
        : `${was ?? '(unset)'} -> ${is ?? '(unset)'}`;
  }
}

/** `3 differences`, or that there are none. */
export const differenceTitle = (differences: readonly Difference[], from: string | undefined): string => {
  const to = from === undefined ? '' : ` to ${from}`;
  return differences.length === 0 ? `No difference${to}` : `${counted(differences.length, 'difference')}${to}`;
};
