import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Outcome, OutcomeKind } from '../outcome.ts';
import type { Difference } from '../taskdef/diff.ts';
import { revisionLink, serviceLink } from './links.ts';
import { elapsed } from './live.ts';
import { gantt } from './timeline.ts';

const TITLES: Readonly<Record<OutcomeKind, string>> = {
  deployed: '✅ Deployed',
  unchanged: '✅ Unchanged',
  started: '🚀 Started, not watched',
  'rolled-back': '↩️ Failed, and rolled back',
  failed: '❌ Failed',
  superseded: '⏭️ Superseded',
  cancelled: '⏹️ Cancelled',
  paused: '⏸️ Paused',
};
/** GitHub drops a step's summary above 1 MiB whole. */
const MAX_ROWS = 300;

/** The job summary in Markdown: what happened and why first, then what was deployed, then the timeline. */
export function summaryOf(outcome: Outcome): string {
  const { service, revision, previous, image } = outcome;
  const [cause] = outcome.diagnoses.filter(({ severity }) => severity === 'failure');
  const rows: [string, string][] = [
    ...(service
      ? [['Service', `[${code(service.name)}](${serviceLink(service.arn, service.clusterArn)})`] as [string, string]]
      : []),
    ...(revision ? [['Revision', revisions(previous?.arn, revision.arn)] as [string, string]] : []),
    ...(image ? [['Image', code(image.reference)] as [string, string]] : []),
    ...(image?.tags.length ? [['Tags', image.tags.map(code).join(', ')] as [string, string]] : []),
    ...(image?.platforms?.length ? [['Platforms', image.platforms.map(code).join(', ')] as [string, string]] : []),
  ];
  const good = outcome.kind === 'deployed' || outcome.kind === 'unchanged';
  return [
    `## ${TITLES[outcome.kind]}${service ? `: ${plain(service.name)}` : ''}`,
    '',
    plain(outcome.headline),
    ...(cause && !good ? ['', ...diagnosisLines(cause)] : []),
    ...outcome.warnings.flatMap((warning) => ['', `> ⚠️ ${plain(warning)}`]),
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| **${name}** | ${value} |`),
    ...differenceLines(outcome.differences),
    ...timelineLines(outcome),
    '',
  ].join('\n');
}

const last = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
const revisionCell = (arn: string): string => `[${code(last(arn))}](${revisionLink(arn)})`;
const revisions = (before: string | undefined, now: string): string =>
  before && before !== now ? `${revisionCell(before)} → ${revisionCell(now)}` : revisionCell(now);

function diagnosisLines({ cause, remedy, evidence, link }: Diagnosis): string[] {
  return [
    `> **Cause:** ${plain(cause)}`,
    '>',
    `> **What to do:** ${plain(remedy)}${link ? ` ([AWS](${link}))` : ''}`,
    '>',
    `> **ECS said:** ${plain(evidence.text)}`,
  ];
}

function differenceLines(differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  return [
    '',
    `<details><summary>What the revision changes (${differences.length})</summary>`,
    '',
    ...differences.map((difference) => `- ${plain(differenceText(difference))}`),
    '',
    '</details>',
  ];
}

/** `container app: image: a -> b`; a hidden value is only said to have changed. */
export function differenceText({ subject, kind, before, after }: Difference): string {
  if (before === undefined && after === undefined) return `${subject} ${kind}`;
  if (kind === 'added') return `${subject} added: ${after ?? ''}`;
  if (kind === 'removed') return `${subject} removed${before === undefined ? '' : ` (was ${before})`}`;
  return `${subject}: ${before ?? ''} -> ${after ?? ''}`;
}

function timelineLines({ timeline }: Outcome): string[] {
  const [first] = timeline;
  if (!first) return [];
  const shown = timeline.filter(({ kind }) => kind !== 'log').slice(0, MAX_ROWS);
  return [
    '',
    '<details><summary>Timeline</summary>',
    '',
    ...gantt(timeline),
    '| Time | |',
    '| --- | --- |',
    ...shown.map(({ at, text }) => `| ${elapsed(at - first.at).trim()} | ${plain(text)} |`),
    ...(shown.length === MAX_ROWS ? [`| | cut after ${MAX_ROWS} rows; the log has all |`] : []),
    '',
    '</details>',
  ];
}

/** Text from outside must neither end a table cell nor become HTML, a link or a mention. */
function plain(text: string): string {
  return text
    .replaceAll(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/([\\`*_{}[\]|~@#])/g, '\\$1');
}

const code = (text: string): string => `\`${text.replaceAll(/[`|\r\n]/g, ' ')}\``;
