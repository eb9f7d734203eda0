import { duration } from '../duration.ts';
import type { Image } from '../image/image.ts';
import { html, table } from './markdown.ts';
import { oneLine } from './text.ts';

/** `mode: build` in the job summary. */
export function builtSummaryOf(image: Image): string {
  const rows = [
    ['Image', html.code(oneLine(image.reference, 500))],
    ...(image.tags.length > 0 ? [['Tags', image.tags.map((tag) => html.code(oneLine(tag, 200))).join(', ')]] : []),
    ...(image.platforms ? [['Platforms', image.platforms.map((one) => html.code(oneLine(one, 60))).join(', ')]] : []),
  ];
  const title = image.reused ? 'An image that exists is used' : 'Built and pushed';
  const facts = `### ${title}\n\n<table>\n${rows.map(([name, cell]) => `<tr><th>${name}</th><td>${cell}</td></tr>`).join('\n')}\n</table>\n`;
  return [facts, ...buildTable(image).map((text) => `${text}\n`)].join('\n');
}

/** What the build did, platform by platform; nothing for an image that was not built here. */
export function buildTable({ build }: Image): string[] {
  if (!build || build.platforms.length === 0) return [];
  const withBytes = build.platforms.some(({ bytes }) => bytes !== undefined);
  const rows = build.platforms.map(({ platform, steps, cached, seconds, bytes, bytesBefore }) => [
    html.code(oneLine(platform, 60)),
    String(steps),
    String(cached),
    `${seconds} s`,
    ...(withBytes ? [bytes === undefined ? '' : `${megabytes(bytes)}${changeOf(bytes, bytesBefore)}`] : []),
  ]);
  const head = [
    'Platform',
    'Steps',
    'From the cache',
    'Time of the steps',
    ...(withBytes ? ['Size (compressed)'] : []),
  ];
  return [`Built and pushed in ${duration(build.seconds)}.\n\n${table(head, rows)}`];
}

/** As registries count: 1 MB is 1,000,000 bytes. */
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

function changeOf(bytes: number, before: number | undefined): string {
  if (before === undefined) return '';
  const change = Math.abs(bytes - before);
  if (change < 50_000) return ', as before';
  return `, ${megabytes(change)} ${bytes > before ? 'more' : 'less'} than what ran before`;
}

/** The digest for each architecture of Linux in the image: what a later job passes on in `digests`. */
export function digestOutputs({ digest, platforms = [] }: Image): Readonly<Record<string, string>> {
  if (digest === undefined) return {};
  const architectures = platforms.flatMap((platform) => /^linux\/(amd64|arm64)\b/.exec(platform)?.[1] ?? []);
  return Object.fromEntries(architectures.map((architecture) => [`image-digest-${architecture}`, digest]));
}
