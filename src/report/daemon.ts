import { familyAndNumber, lastPart, regionOf } from '../arn.ts';
import { defined } from '../model.ts';
import type { DaemonRun, Outcome } from '../outcome.ts';
import { type About, placeText } from './about.ts';
import { differenceMarkdown, differenceTitle, factRows } from './blocks.ts';
import { code, folded, html, prose } from './markdown.ts';
import { outputsOf, summaryText } from './outputs.ts';
import { type Page, summaryOfPage } from './summary.ts';
import { oneLine } from './text.ts';
import { clusterOf, gistAlone, pageAlone } from './without-service.ts';

/** More differences are only counted. */
const DIFFERENCES = 60;

const TITLES = {
  deployed: 'is deployed',
  unchanged: 'runs already, nothing was changed',
  started: 'is being deployed, not watched',
  'rolled-back': 'failed and was rolled back',
  failed: 'failed',
} as const;

/** A daemon that failed, as the pages of a failed deploy show it; undefined for one that did not. */
export function failedDaemon(run: DaemonRun, about: About): Page | undefined {
  const { kind, daemon } = run;
  if (kind !== 'failed' && kind !== 'rolled-back') return undefined;
  return pageAlone({
    outcome: outcomeOf(run),
    about,
    name: lastPart(daemon),
    title: titleOf(run),
    arn: daemon,
    now: run.serving,
    again: 'Fix the cause and deploy again.',
  });
}

const titleOf = ({ revision, kind }: DaemonRun): string => `${lastPart(revision)} ${TITLES[kind]}`;

/** The run as that of a service would have ended. */
function outcomeOf(run: DaemonRun): Outcome {
  const { kind, headline, reason, done, definition, previous, image } = run;
  const named = { ...familyAndNumber(run.revision), arn: run.revision };
  return {
    kind,
    headline,
    revision: definition ? { ...named, status: 'ACTIVE', definition, tags: [] } : { ...named, unseen: true },
    differences: run.differences,
    diagnoses: run.diagnoses,
    warnings: run.warnings,
    timeline: run.timeline,
    ...defined({
      reason,
      done,
      image,
      previous:
        previous === undefined ? undefined : { ...familyAndNumber(previous), arn: previous, unseen: true as const },
    }),
  };
}

/** The job summary of `mode: daemon`: what is deployed; of a failure the page of a failed deploy. */
export function daemonSummaryOf(run: DaemonRun, about: About = {}): string {
  const failed = failedDaemon(run, about);
  if (failed) return summaryOfPage(failed);
  const { headline, daemon, revision, previous, image, differences, warnings } = run;
  const place = placeText(clusterOf(daemon), regionOf(daemon));
  const before = previous === undefined ? '' : lastPart(previous);
  const parts = [
    `## ✅ ${prose(`${lastPart(daemon)} in ${place}`)}: ${code(lastPart(revision))} ${TITLES[run.kind]}`,
    prose(oneLine(headline, 1500)),
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
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Outputs of the step. */
export function daemonOutputsOf(run: DaemonRun, about: About = {}): Readonly<Record<string, string>> {
  const { kind, daemon, revision, previous, image, headline } = run;
  const name = lastPart(daemon);
  const gist = failedDaemon(run, about)?.gist ?? gistAlone({ name, title: titleOf(run), arn: daemon, what: headline });
  return {
    outcome: kind,
    ...outputsOf(image ? { image } : {}),
    'task-definition-arn': revision,
    ...(previous === undefined ? {} : { 'previous-task-definition-arn': previous }),
    summary: summaryText(outcomeOf(run), kind, { daemon: { name, arn: daemon }, gist }),
  };
}
