import { lastPart, regionOf } from '../arn.ts';
import { defined } from '../model.ts';
import type { Outcome, TaskRun } from '../outcome.ts';
import { type About, placeText } from './about.ts';
import { factRows, revisionCell, tasksCell } from './blocks.ts';
import { code, prose } from './markdown.ts';
import { summaryText } from './outputs.ts';
import { type Page, summaryOfPage } from './summary.ts';
import { oneLine } from './text.ts';
import { clusterOf, gistAlone, pageAlone } from './without-service.ts';

/** A task that failed, as the pages of a failed deploy show it; undefined for one that did not. */
export function failedTask(run: TaskRun, about: About): Page | undefined {
  const { kind, headline, reason, revision, results, diagnosis, timeline } = run;
  if (kind !== 'failed') return undefined;
  const outcome: Outcome = {
    kind,
    headline,
    revision,
    tasks: results,
    differences: [],
    done: 'No service was changed.',
    diagnoses: diagnosis ? [diagnosis] : [],
    warnings: [],
    timeline,
    ...defined({ reason }),
  };
  return pageAlone({
    outcome,
    about,
    name: revision.family,
    title: `the task of ${lastPart(revision.arn)} failed`,
    arn: placeOf(run),
    again: 'Fix the cause and run the task again.',
  });
}

/** ARN of the task, else of its cluster, else the cluster's name. */
const placeOf = ({ results, cluster }: TaskRun): string =>
  results.find(({ task }) => task !== undefined)?.task ?? cluster;

/** The job summary of `mode: task`: what ran; of one that failed the page of a failure. */
export function taskSummaryOf(run: TaskRun, about: About = {}): string {
  const failed = failedTask(run, about);
  if (failed) return summaryOfPage(failed);
  const { headline, revision, results } = run;
  const arn = placeOf(run);
  const parts = [
    `## ✅ The task of ${code(lastPart(revision.arn))} in ${prose(placeText(clusterOf(arn), regionOf(arn)))} ran`,
    prose(oneLine(headline, 1500)),
    factRows([
      ['Revision', revisionCell(revision.arn)],
      ['Tasks', tasksCell(results)],
    ]),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Outputs of the step. */
export function taskOutputsOf(run: TaskRun, about: About = {}): Readonly<Record<string, string>> {
  const { kind, headline, revision, results, timeline } = run;
  const [result] = results;
  const failed = failedTask(run, about);
  const ran = { headline, revision, tasks: results, timeline };
  const gist =
    failed?.gist ??
    gistAlone({
      name: revision.family,
      title: `the task of ${lastPart(revision.arn)} ran`,
      arn: placeOf(run),
      what: headline,
    });
  return {
    outcome: kind,
    'task-definition-arn': revision.arn,
    ...(result?.task === undefined ? {} : { 'task-arn': result.task }),
    ...(result?.exitCode === undefined ? {} : { 'exit-code': String(result.exitCode) }),
    summary: summaryText(failed?.outcome ?? ran, kind, { gist }),
  };
}
