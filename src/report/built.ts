import type { Image } from '../image/image.ts';
import { html, oneLine } from './text.ts';

/** `mode: build` in the job summary. */
export function builtSummaryOf(image: Image): string {
  const rows = [
    ['Image', html.code(oneLine(image.reference, 500))],
    ...(image.tags.length > 0 ? [['Tags', image.tags.map((tag) => html.code(oneLine(tag, 200))).join(', ')]] : []),
    ...(image.platforms ? [['Platforms', image.platforms.map((one) => html.code(oneLine(one, 60))).join(', ')]] : []),
  ];
  const title = image.reused ? 'An image that exists is used' : 'Built and pushed';
  return `### ${title}\n\n<table>\n${rows.map(([name, cell]) => `<tr><th>${name}</th><td>${cell}</td></tr>`).join('\n')}\n</table>\n`;
}

/** The digest for each architecture of Linux in the image: what a later job passes on in `digests`. */
export function digestOutputs({ digest, platforms = [] }: Image): Readonly<Record<string, string>> {
  if (digest === undefined) return {};
  const architectures = platforms.flatMap((platform) => /^linux\/(amd64|arm64)\b/.exec(platform)?.[1] ?? []);
  return Object.fromEntries(architectures.map((architecture) => [`image-digest-${architecture}`, digest]));
}
