import { didYouMean } from '../spelling.ts';
import type { InputName } from './known.ts';
import { quoteAll, type Reader, shorten } from './reader.ts';

/** Modes of provenance that BuildKit knows; it answers another with `invalid mode`, at the end of the build. */
const MODES = ['min', 'max', 'full', 'disabled'];
/** What users write for a mode. */
const SLIPS: Readonly<Record<string, 'min' | 'max'>> = {
  min: 'min',
  minimum: 'min',
  minimal: 'min',
  max: 'max',
  maximum: 'max',
  full: 'max',
};
/** https://docs.docker.com/build/exporters/ */
const EXPORTERS = ['local', 'tar', 'oci', 'docker', 'image', 'registry', 'cacheonly'];
/** https://docs.docker.com/build/metadata/annotations/#specify-annotation-level */
const LEVELS = ['index', 'manifest', 'index-descriptor', 'manifest-descriptor'];
/** buildx's own notion of a level before a key: small letters and hyphens, a platform in brackets, several with commas. */
const LEVEL = String.raw`[a-z-]+(?:\[[A-Za-z0-9_/-]*\])?`;
const LEVELLED = new RegExp(`^(${LEVEL}(?:,${LEVEL})*):`);

/** Holds `provenance`, `sbom` and `attests` against what buildx takes, which would refuse them in its own words once the build is started. */
export function checkAttestations(reader: Reader): void {
  for (const name of ['provenance', 'sbom'] as const) {
    const text = reader.text(name);
    if (text !== undefined && !/^(?:true|false)$/i.test(text)) checkFields(reader, name, text);
  }
  for (const line of reader.lines('attests')) checkFields(reader, 'attests', line);
}

function checkFields(reader: Reader, name: 'provenance' | 'sbom' | 'attests', text: string): void {
  if (text.includes('"')) return; // a field in quotes, as in CSV
  const isProvenance = name === 'provenance' || /(?:^|,)type=provenance(?:,|$)/.test(text);
  for (const field of text.split(',')) {
    const [key = '', value] = field.split('=', 2).map((part) => part.trim());
    if (value === undefined) {
      wrongWord(reader, { name, word: key, isProvenance });
      return;
    }
    if (!isProvenance || key !== 'mode' || MODES.includes(value)) continue;
    const meant = SLIPS[value.toLowerCase()] ?? didYouMean(value, ['min', 'max']);
    reader.mistake(
      name,
      `\`${shorten(field)}\` is not a mode of provenance.`,
      meant ? `Did you mean \`mode=${meant}\`?` : 'Write `mode=min` or `mode=max`.',
    );
    return;
  }
}

function wrongWord(
  reader: Reader,
  { name, word, isProvenance }: { readonly name: InputName; readonly word: string; readonly isProvenance: boolean },
): void {
  const mode = isProvenance ? SLIPS[word.toLowerCase()] : undefined;
  const meant = mode === undefined ? didYouMean(word, ['true', 'false']) : `mode=${mode}`;
  const all = isProvenance
    ? '`true`, `false`, `mode=min` or `mode=max`'
    : '`true`, `false` or `name=value` with commas between';
  reader.mistake(
    name,
    `\`${shorten(word)}\` is neither \`true\` nor \`false\` nor \`name=value\`.`,
    meant ? `Write \`${meant}\`.` : `Write ${all}.`,
  );
}

/** The type of an export beside the push. */
export function isExportType(reader: Reader, type: string | undefined): boolean {
  if (type === undefined || EXPORTERS.includes(type)) return true;
  const meant = didYouMean(type, EXPORTERS);
  reader.mistake(
    'outputs',
    `\`type=${shorten(type)}\` is not a type of export.`,
    meant ? `Did you mean \`type=${meant}\`?` : `The types are ${quoteAll(EXPORTERS)}.`,
  );
  return false;
}

/** Annotations, whose key may begin with the level that it is for: `index:`, `manifest[linux/amd64]:`. */
export function readAnnotations(reader: Reader): string[] {
  const annotations = reader.settings('annotations', 'value-needed');
  for (const annotation of annotations) {
    const prefix = LEVELLED.exec(annotation.slice(0, annotation.indexOf('=')))?.[1];
    const unknown = prefix
      ?.split(',')
      .map((level) => level.replace(/\[.*$/, ''))
      .find((level) => !LEVELS.includes(level));
    if (unknown === undefined) continue;
    const meant = didYouMean(unknown, LEVELS);
    reader.mistake(
      'annotations',
      `\`${shorten(unknown)}:\` is not a level that an annotation can have.`,
      meant ? `Did you mean \`${meant}:\`?` : `The levels are ${quoteAll(LEVELS)}.`,
    );
  }
  return annotations;
}
