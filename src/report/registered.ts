import { regionOf } from '../arn.ts';
import type { Registration } from '../outcome.ts';
import { movedText } from '../schedules/schedules.ts';
import { differenceMarkdown, differenceTitle, factRows, revisionCell, schedulesCell } from './blocks.ts';
import { buildTable } from './built.ts';
import { code, folded, html, prose } from './markdown.ts';
import { oneLine } from './text.ts';

/** More differences are only counted. */
const DIFFERENCES = 60;

/** What happened, in one line for the log: `Registered web:42; no service was updated.` */
export function registeredText({ revision, reused, schedules = [] }: Registration): string {
  const { family, revision: number, arn } = revision;
  const moved = schedules.length > 0 ? ` ${movedText(schedules, arn)}.` : '';
  return reused
    ? `${family}:${number} is this revision already; nothing was registered.${moved}`
    : `Registered ${family}:${number}; no service was updated.${moved}`;
}

/** `mode: register` in the job summary: the revision, its image, and what differs from the one before. */
export function registeredSummaryOf(registration: Registration): string {
  const { revision, reused, previous, differences, image, schedules, warnings } = registration;
  const region = regionOf(revision.arn);
  const name = code(`${revision.family}:${revision.revision}`);
  const from = previous && !reused ? `${previous.family}:${previous.revision}` : undefined;
  const parts = [
    `## ✅ ${reused ? `${name} exists already` : `Registered ${name}`}${region === undefined ? '' : ` in ${region}`}`,
    prose(registeredText(registration)),
    ...warnings.map((warning) => `> [!WARNING]\n> ${prose(oneLine(warning, 1500))}`),
    factRows([
      ['Revision', revisionCell(revision.arn)],
      ['Schedules', schedules && schedulesCell(schedules)],
      ['Image', image && html.code(oneLine(image.reference, 500))],
    ]),
    ...(from === undefined
      ? []
      : [
          differences.length === 0
            ? prose(`${differenceTitle(differences, from)}.`)
            : folded(differenceTitle(differences, from), differenceMarkdown(differences, DIFFERENCES)),
        ]),
    ...(image ? buildTable(image) : []),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
