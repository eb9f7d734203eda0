/** The differences of two recordings, as the text of an issue: for each row the rule, the request and both answers. */
import type { Json } from './normalise.ts';
import { AS_DOCUMENTED, type Recorded, type Recording } from './run.ts';

export interface Comparison {
  readonly text: string;
  /** Rows with an answer in both that differ. */
  readonly different: number;
}

/** Longer lists of differences are cut: the recordings have them all. */
const MOST_LINES = 25;

interface Difference {
  readonly at: string;
  readonly a: Json | undefined;
  readonly b: Json | undefined;
}

export function compare(a: Recording, b: Recording): Comparison {
  const ids = [...new Set([...Object.keys(a.rows), ...Object.keys(b.rows)])];
  const sections: string[] = [];
  const alone: string[] = [];
  let equal = 0;
  for (const id of ids) {
    const [one, other] = [a.rows[id], b.rows[id]];
    const missing = whyAlone(one, a.endpoint) ?? whyAlone(other, b.endpoint);
    if (one === undefined || other === undefined || missing !== undefined) {
      alone.push(`- \`${id}\`: ${missing}`);
      continue;
    }
    const differences = differencesOf(result(one), result(other));
    if (differences.length === 0) equal++;
    else sections.push(section(id, { one, other, differences }));
  }
  const head = `A: ${a.endpoint} (${a.recordedAt}); B: ${b.endpoint} (${b.recordedAt})

${sections.length + equal} rows in both: ${equal} equal, ${sections.length} different. ${alone.length} without an answer on one side.`;
  const rest = alone.length === 0 ? '' : `\n\n## Not compared\n${alone.join('\n')}`;
  return { text: `${head}${sections.map((text) => `\n\n${text}`).join('')}${rest}`, different: sections.length };
}

const result = ({ answer, verdict = '' }: Recorded): Json => answer ?? { noAnswer: verdict };
const whyAlone = (recorded: Recorded | undefined, endpoint: string): string | undefined =>
  recorded === undefined
    ? `not in the recording of ${endpoint}`
    : recorded.skipped && `${endpoint}: ${recorded.skipped}`;

function section(
  id: string,
  {
    one,
    other,
    differences,
  }: { readonly one: Recorded; readonly other: Recorded; readonly differences: readonly Difference[] },
): string {
  const lines = differences
    .slice(0, MOST_LINES)
    .map(({ at, a, b }) => `- \`${at || 'answer'}\`: A ${shown(a)}, B ${shown(b)}`);
  const more = differences.length > MOST_LINES ? `\n- and ${differences.length - MOST_LINES} more` : '';
  return `## ${id}
${one.rule} ${one.page}
Request: \`${cut(`${one.operation ?? 'ecs:UpdateService'} ${JSON.stringify(one.request)}`)}\`
${verdictOf('A', one)}; ${verdictOf('B', other)}
${lines.join('\n')}${more}`;
}

const verdictOf = (side: string, { verdict = '' }: Recorded): string =>
  verdict === AS_DOCUMENTED ? `${side} is as documented` : `**${side} is not as documented**: ${cut(verdict)}`;
const shown = (value: Json | undefined): string =>
  value === undefined ? 'absent' : `\`${cut(JSON.stringify(value))}\``;
const cut = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text);

const isMap = (value: Json | undefined): value is { readonly [member: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Each place where two values differ; of lists, each index. */
export function differencesOf(a: Json | undefined, b: Json | undefined, at = ''): Difference[] {
  if (isMap(a) && isMap(b)) {
    const members = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return members.flatMap((member) => differencesOf(a[member], b[member], at ? `${at}.${member}` : member));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    return Array.from({ length }, (_, i) => differencesOf(a[i], b[i], `${at}[${i}]`)).flat();
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ at, a, b }];
}
