import type { ScanVerdict } from '../image/scan.ts';
import { html } from './markdown.ts';
import { oneLine } from './text.ts';

const SHOWN = 50;

/** One line for the log: `linux/amd64: 1 CRITICAL, 4 HIGH`. */
export const scanLines = ({ counts }: ScanVerdict): readonly string[] =>
  counts.map(({ platform, bySeverity }) => {
    const parts = Object.entries(bySeverity).map(([severity, count]) => `${count} ${severity}`);
    return `Scan of ${platform || 'the image'}: ${parts.join(', ') || 'no findings'}.`;
  });

/** The findings that count, as a section of the job summary. */
export function scanSummaryOf(verdict: ScanVerdict, gate: string): string {
  const { blocking, allowed } = verdict;
  const rows = [
    ...blocking.map((finding) => ({ finding, note: '<b>stops the image</b>' })),
    ...allowed.map((finding) => ({
      finding,
      note: `allowed until ${html.prose(finding.until)}: ${html.prose(oneLine(finding.reason, 200))}`,
    })),
  ];
  const cells = rows.slice(0, SHOWN).map(({ finding, note }) => {
    const { id, severity, packageName = '', packageVersion = '', fixedIn = '', platforms } = finding;
    const columns = [
      html.code(oneLine(id, 130)),
      html.prose(severity),
      html.prose(oneLine(`${packageName} ${packageVersion}`, 200)),
      html.prose(oneLine(fixedIn, 100)),
      html.prose(platforms.join(', ')),
      note,
    ];
    return `<tr>${columns.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = ['Finding', 'Severity', 'Package', 'Fixed in', 'Platforms', '']
    .map((name) => `<th>${name}</th>`)
    .join('');
  const title =
    blocking.length > 0 ? 'The scan found what must not be deployed' : 'The scan found nothing that stops the image';
  return [
    `### ${title}`,
    scanLines(verdict)
      .map((line) => `- ${html.prose(line)}`)
      .join('\n'),
    ...(rows.length > 0 ? [`<table>\n<tr>${head}</tr>\n${cells.join('\n')}\n</table>`] : []),
    ...(rows.length > SHOWN ? [`${rows.length - SHOWN} more are not shown.`] : []),
    `Findings of severity ${gate} and above stop an image (\`scan-severity\`).`,
    '',
  ].join('\n\n');
}
