import { lastPart } from '../arn.ts';
import type { DaemonRun } from '../outcome.ts';
import { differenceMarkdown, differenceTitle, factRows } from './blocks.ts';
import { code, fenced, folded, html, prose } from './markdown.ts';
import { outputsOf } from './outputs.ts';
import { oneLine } from './text.ts';

/** More differences are only counted. */
const DIFFERENCES = 60;
/** Of the log of a container. */
const LINES = 300;

const TITLES: Readonly<Record<DaemonRun['kind'], string>> = {
  deployed: '✅ %s is deployed',
  unchanged: '✅ %s runs already, nothing was changed',
  started: '✅ %s is being deployed, not watched',
  'rolled-back': '❌ %s failed and was rolled back',
  failed: '❌ %s failed',
};

export const isGoodDaemon = ({ kind }: DaemonRun): boolean => kind !== 'failed' && kind !== 'rolled-back';

/** The job summary of `mode: daemon`. */
export function daemonSummaryOf(run: DaemonRun): string {
  const { kind, headline, daemon, revision, previous, image, differences, diagnoses, warnings, timeline } = run;
  const before = previous === undefined ? '' : lastPart(previous);
  const parts = [
    `## ${TITLES[kind].replace('%s', code(lastPart(revision)))}`,
    prose(oneLine(headline, 1500)),
    ...causeOf(diagnoses),
    ...warnings.map((warning) => `> [!WARNING]\n> ${prose(oneLine(warning, 1500))}`),
    factRows([
      ['Daemon', html.code(lastPart(daemon))],
      ['Daemon task definition', html.code(lastPart(revision))],
      ['Before', before === '' ? undefined : html.code(before)],
      ['Image', image && html.code(oneLine(image.reference, 500))],
    ]),
    ...(differences.length > 0
      ? [folded(differenceTitle(differences, before), differenceMarkdown(differences, DIFFERENCES))]
      : []),
    ...timeline.flatMap(({ kind: moment, text }) => {
      const [title = '', ...lines] = moment === 'log' ? text.split('\n') : [];
      return lines.length > 0 ? [folded(oneLine(title, 300), fenced('text', lines.slice(-LINES)))] : [];
    }),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The root cause of what its tasks ended with. */
function causeOf([first]: DaemonRun['diagnoses']): string[] {
  if (!first) return [];
  const { cause, remedy, link } = first;
  const lines = [`**Cause:** ${prose(oneLine(cause, 1500))}`, `**What to do:** ${prose(oneLine(remedy, 1500))}`];
  return [['> [!CAUTION]', `> ${lines.join('\n>\n> ')}`, ...(link ? ['>', `> ${prose(link)}`] : [])].join('\n')];
}

/** Outputs of the step. */
export function daemonOutputsOf({ kind, revision, previous, image }: DaemonRun): Readonly<Record<string, string>> {
  return {
    outcome: kind,
    ...outputsOf(image ? { image } : {}),
    'task-definition-arn': revision,
    ...(previous === undefined ? {} : { 'previous-task-definition-arn': previous }),
  };
}
