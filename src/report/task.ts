import { lastPart } from '../arn.ts';
import type { TaskRun } from '../outcome.ts';
import { factRows, revisionCell, tasksCell } from './blocks.ts';
import { code, fenced, folded, prose } from './markdown.ts';
import { oneLine } from './text.ts';

const LINES = 300;

/** The job summary of `mode: task`: verdict and cause, then what ran, and the last lines of a container that failed. */
export function taskSummaryOf({ kind, headline, revision, results, diagnosis, timeline }: TaskRun): string {
  const tails = timeline.flatMap(({ kind: moment, text }) => {
    const [title = '', ...lines] = moment === 'log' ? text.split('\n') : [];
    return lines.length > 0 ? [folded(oneLine(title, 300), fenced('text', lines.slice(-LINES)))] : [];
  });
  const parts = [
    `## ${kind === 'ran' ? '✅' : '❌'} The task of ${code(lastPart(revision.arn))} ${kind === 'ran' ? 'ran' : 'failed'}`,
    prose(oneLine(headline, 1500)),
    ...(diagnosis && kind === 'failed'
      ? [
          [
            '> [!CAUTION]',
            `> **Cause:** ${prose(oneLine(diagnosis.cause, 1500))}`,
            '>',
            `> **What to do:** ${prose(oneLine(diagnosis.remedy, 1500))}`,
          ].join('\n'),
        ]
      : []),
    factRows([
      ['Revision', revisionCell(revision.arn)],
      ['Tasks', tasksCell(results)],
    ]),
    ...tails,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Outputs of the step. */
export function taskOutputsOf({ kind, revision, results }: TaskRun): Readonly<Record<string, string>> {
  const [result] = results;
  return {
    outcome: kind,
    'task-definition-arn': revision.arn,
    ...(result?.task === undefined ? {} : { 'task-arn': result.task }),
    ...(result?.exitCode === undefined ? {} : { 'exit-code': String(result.exitCode) }),
  };
}
