/** A run that could not continue, in the parts that summary and comment share. */
import { prose } from './markdown.ts';
import { counted, firstSentence, oneLine } from './text.ts';

const LINE = 1500;

/** The first sentence of the failure, with the service and its place in front where they are known. */
export function failureTitle(described: string, where: string | undefined): string {
  const [first] = firstSentence(described.split('\n')[0] ?? '');
  return oneLine(where === undefined ? first : `${where}: ${first}`, 400);
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
    ...(rest === '' ? [] : [prose(oneLine(rest, LINE))]),
    ...(list.length > 0 ? [list.join('\n')] : []),
    ...others.map((line) => {
      const remedy = /^What to do: (.*)$/s.exec(line)?.[1];
      return remedy === undefined ? prose(oneLine(line, LINE)) : `**What to do:** ${prose(oneLine(remedy, LINE))}`;
    }),
  ];
}
