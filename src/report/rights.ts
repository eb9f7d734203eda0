import type { Console } from '../ports.ts';
import { type Denial, linesOf, policyOf, readsValues } from '../rights/consequences.ts';
import { inGroup } from './log.ts';
import { fenced, folded, prose } from './markdown.ts';
import { counted } from './text.ts';

const titleOf = (denials: readonly Denial[]): string => {
  const denied = denials.filter(({ unasked }) => !unasked);
  const { size } = new Set(denied.map(({ action }) => action));
  const missing = counted(size, 'missing permission');
  return denied.some(({ neededBy }) => neededBy !== undefined)
    ? `${missing}: this run needs some of them and ended.`
    : `${missing}: the run continued without ${size === 1 ? 'it' : 'them'}.`;
};

/** What reads values is left out of a role on purpose, and the line of its check says so: none to ask for, and none to paste. */
const askedFor = (denials: readonly Denial[]): readonly Denial[] =>
  denials.filter(({ action, neededBy }) => neededBy !== undefined || !readsValues(action));

const POLICY = 'Policy that allows all of them, for the role of this job';

/** Rights that IAM denied, each once with what the run could not do, and one policy to paste. Nothing where none was denied. */
export function reportRights(console: Pick<Console, 'line' | 'startGroup' | 'endGroup'>, all: readonly Denial[]): void {
  const denials = askedFor(all);
  if (denials.length === 0) return;
  console.line('');
  console.line(`! ${titleOf(denials)}`);
  for (const line of linesOf(denials)) console.line(`  ${line}`);
  inGroup(console, POLICY, JSON.stringify(policyOf(denials), undefined, 2).split('\n'));
}

/** The same for the job summary, in Markdown. */
export function rightsSummaryOf(all: readonly Denial[]): string {
  const denials = askedFor(all);
  if (denials.length === 0) return '';
  const lines = linesOf(denials).map((line) => `- ${prose(line)}`);
  const policy = folded(POLICY, fenced('text', JSON.stringify(policyOf(denials), undefined, 2).split('\n')));
  return `${[`### ${prose(titleOf(denials))}`, lines.join('\n'), policy].join('\n\n')}\n`;
}
