import type { Registration } from '../outcome.ts';
import { differenceMarkdown, differenceTitle, factRows, revisionCell } from './blocks.ts';
import { buildTable } from './built.ts';
import { code, folded, html, prose } from './markdown.ts';
import { oneLine } from './text.ts';

/** More differences are only counted. */
const DIFFERENCES = 60;

/** What happened, in one line for the log: `Registered web:42; no service was updated.` */
export const registeredText = ({ revision: { family, revision }, reused }: Registration): string =>
  reused
    ? `${family}:${revision} is this revision already; nothing was registered.`
    : `Registered ${family}:${revision}; no service was updated.`;

/** `mode: register` in the job summary: the revision, its image, and what differs from the one before. */
export function registeredSummaryOf(registration: Registration): string {
  const { revision, reused, previous, differences, image, warnings } = registration;
  const name = code(`${revision.family}:${revision.revision}`);
  const from = previous && !reused ? `${previous.family}:${previous.revision}` : undefined;
  const parts = [
    `## ✅ ${reused ? `${name} exists already` : `Registered ${name}`}`,
    prose(registeredText(registration)),
    ...warnings.map((warning) => `> [!WARNING]\n> ${prose(oneLine(warning, 1500))}`),
    factRows([
      ['Revision', revisionCell(revision.arn)],
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
