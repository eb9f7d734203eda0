/** What a build writes: its attestations, its export, what it writes beside the push, and annotations. */

import { defined } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import type { InputName } from './known.ts';
import { quoteAll, type Reader, shorten } from './reader.ts';
import type { BuildInputs } from './types.ts';

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

const ATTESTATION = {
  pattern: /(^|,)type=(provenance|sbom)(,|$)/,
  expected: '`type=provenance,...` or `type=sbom,...`',
};

/** The attestations that `provenance` and `sbom` do not name. */
export function readAttests(reader: Reader): readonly string[] {
  const own = (['provenance', 'sbom'] as const).filter((type) => reader.raw(type) !== undefined);
  const attests = reader.lines('attests').filter((attest) => reader.checkShape('attests', attest, ATTESTATION));
  // Two attestations of one type are an error of buildx; docker/build-push-action decides it in the same way.
  return attests.filter((attest) => !own.some((type) => new RegExp(`(^|,)type=${type}(,|$)`).test(attest)));
}

/** The type of an export beside the push. */
function isExportType(reader: Reader, type: string | undefined): boolean {
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

/** How the image is exported; attributes of an export of the user's own are in `outputs` itself. */
export function readExport(reader: Reader): Pick<BuildInputs, 'compression' | 'reproducible'> {
  const compression = reader.choice('compression', ['gzip', 'zstd']);
  const reproducible = reader.boolean('reproducible') === true ? (true as const) : undefined;
  const name = (['compression', 'reproducible'] as const).find((one) => reader.isSet(one));
  if (name && reader.lines('outputs').some((output) => /(^|,)type=(image|registry)(,|$)/.test(output)))
    reader.mistake(
      name,
      'is an attribute of the push, and `outputs` has the attributes of the push already.',
      `Write ${name === 'compression' ? '`compression=zstd,force-compression=true`' : '`rewrite-timestamp=true`'} there, or remove the image from \`outputs\`.`,
    );
  return defined({ compression, reproducible });
}

/** What is written beside the push. */
export const readOutputs = (reader: Reader): readonly string[] =>
  reader.lines('outputs').filter((output) => isOutput(reader, output));

/** An export beside the push; what would push elsewhere, by digest alone or not at all is refused. */
function isOutput(reader: Reader, output: string): boolean {
  const fields = new Map(
    output.split(',').map((field) => {
      const [key = '', value = ''] = field.split('=', 2);
      return [key.trim().toLowerCase(), value.trim()] as const;
    }),
  );
  const refused = (
    [
      ['push', 'this step always pushes the image', 'Build without pushing in a step of docker/build-push-action.'],
      ['push-by-digest', 'this step pushes under `tags`', 'Use the output `image-digest` of this step.'],
      ['name', 'the name of the image is `repository` with `tags`', 'Drop `name`.'],
    ] as const
  ).find(([key]) => fields.has(key) && !(key === 'push' && fields.get(key) === 'true'));
  if (!refused) return isExportType(reader, fields.get('type'));
  const [key, why, remedy] = refused;
  reader.mistake('outputs', `\`${key}\` cannot be set: ${why}.`, remedy);
  return false;
}
