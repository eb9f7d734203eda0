import { Failure, type Mistake } from '../failure.ts';
import { isObject, type Json, type JsonObject } from '../model.ts';
import { EDIT_INPUTS, type InputName } from './known.ts';

/**
 * YAML as plain values; what YAML would change (`1.10`, `True`) stays the text that it is. The library behind it is loaded
 * only where `needsYaml` asks for it.
 * @throws Failure with what is wrong and where; its first line quotes nothing of the text
 */
export type ParseYaml = (text: string, name: string) => Json;

const always = (): boolean => true;
/**
 * A map or a list of maps. A command or a URL is anything else: `[ -f x ] && run` begins with a bracket, `["npm", "test"]` is one
 * command, `{ a; b; }` is one too, and after the colon of `https://` is no space. No program has a name that ends with a colon, so
 * that a misspelt `comand: ...` is a map as well, in which it is found.
 */
const isMap = (text: string): boolean =>
  /^\s*(?:#.*\n\s*)*(?:-\s|\[\s*\{|\{\s*(?:["'][\w-]*["']|[\w-]+)\s*:|["']?[A-Za-z][\w-]*["']?\s*:(?:\s|$))/.test(text);

/** Inputs that are YAML (and so JSON); some take a command or an address as well, which is none. */
const YAML_INPUTS = {
  services: always,
  'lifecycle-hooks': always,
  'lifecycle-policy': always,
  'repository-settings': always,
  'pre-deploy': isMap,
  'post-deploy': isMap,
  verify: isMap,
} as const satisfies Partial<Record<InputName, (text: string) => boolean>>;
export type YamlInput = keyof typeof YAML_INPUTS;

export const isYamlInput = (name: string): name is YamlInput => name in YAML_INPUTS;

/** Whether the text of an input is YAML. */
export const isYaml = (name: YamlInput, text: string): boolean => text.trim() !== '' && YAML_INPUTS[name](text);

/** Whether a step has an input whose text is YAML. */
export const needsYaml = (raw: ReadonlyMap<string, string>): boolean =>
  hasBlockMap(raw) || (Object.keys(YAML_INPUTS) as YamlInput[]).some((name) => isYaml(name, raw.get(name) ?? ''));

/** Inputs that take `NAME=value`, and so a YAML map. */
export const MAPS: readonly InputName[] = [
  'images',
  'variables',
  'environment-variables',
  'secrets',
  'docker-labels',
  'log-configuration-options',
  'task-definition-tags',
];
const EDITS: readonly InputName[] = EDIT_INPUTS;
/** All inputs that a block map may stand in: of names and values, or of containers. */
const BLOCK_MAP_INPUTS: readonly InputName[] = [...new Set([...MAPS, ...EDITS])];

/** A name, its colon, and what follows on the line. */
const KEY = /^["']?[A-Za-z_][\w./@-]*["']?[ \t]*:(?:[ \t]+(.*))?$/;
const ASSIGNMENT = /^[A-Za-z_][\w./-]*[ \t]*(?:=|<<)/;
const NAME_VALUE = /^[A-Za-z_][\w.-]*=/;

/**
 * How the text of an input is written: `map` is a YAML block map (of names and values, of containers, or of both), `lines` every form
 * that the input had before it took maps. What could be either is `mixed`; `nested` are `NAME=value` lines below the name of a
 * container, which YAML would join into one text.
 */
export function formOf(name: InputName, text: string): 'lines' | 'map' | 'mixed' | 'nested' {
  if (/^\s*[{[]/.test(text)) return 'lines';
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.trimStart().startsWith('#'));
  const indent = indentOf(lines[0] ?? '');
  const top = lines.filter((line) => indentOf(line) <= indent).map((line) => line.trim());
  const below = (index: number): string | undefined => {
    const next = lines[index + 1];
    return next !== undefined && indentOf(next) > indentOf(lines[index] ?? '') ? next.trim() : undefined;
  };
  const opens = (line: string): boolean => /:$/.test(line) && KEY.test(line);
  const heads = lines.flatMap((line, index) =>
    indentOf(line) <= indent && opens(line.trim()) ? [below(index) ?? ''] : [],
  );
  const pairs = MAPS.includes(name);
  const isItem = (line: string): boolean => !pairs && /^-(?:\s|$)/.test(line);
  if (top.length === 0 || !KEY.test(top[0] ?? '') || !top.every((line) => KEY.test(line) || isItem(line))) {
    // A value of several lines may hold anything.
    const several = /<<\S+\s*$/m.test(text) || top.some((line) => line.startsWith('"') && !KEY.test(line));
    return pairs && !several && heads.some((next) => next !== '') ? 'mixed' : 'lines';
  }
  if (pairs && heads.some((next) => NAME_VALUE.test(next))) return 'nested';
  const rests = top.filter((line) => !isItem(line)).map((line) => KEY.exec(line)?.[1] ?? '');
  if (!pairs) {
    const ofYaml = (rest: string): boolean =>
      rest === '' || /^[|>][+-]?\d?$/.test(rest) || (name === 'env-files' && rest.startsWith('['));
    return rests.some(ofYaml) ? 'map' : 'lines';
  }
  if (!EDITS.includes(name)) return 'map';
  // `container: NAME=value`
  const prefixed = rests.filter((rest) => ASSIGNMENT.test(rest)).length;
  if (prefixed === 0) return 'map';
  return prefixed === rests.length ? 'lines' : 'mixed';
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Whether a step has an input that YAML has to be loaded for. */
export const hasBlockMap = (raw: ReadonlyMap<string, string>): boolean =>
  BLOCK_MAP_INPUTS.some((name) => formOf(name, raw.get(name) ?? '') === 'map');

/**
 * The step's inputs with each block map as the JSON object that the input takes as well.
 * @returns the inputs, without those that cannot be read, and what is wrong with these; no value is in it
 */
export function withoutBlockMaps(
  raw: ReadonlyMap<string, string>,
  parseYaml: ParseYaml | undefined,
): { readonly raw: ReadonlyMap<string, string>; readonly mistakes: readonly Mistake[] } {
  const read = new Map(raw);
  const mistakes: Mistake[] = [];
  for (const name of BLOCK_MAP_INPUTS) {
    const text = raw.get(name) ?? '';
    const form = formOf(name, text);
    if (form === 'lines') continue;
    const json = form === 'map' ? jsonOf(text, parseYaml) : WRONG[form];
    if (typeof json !== 'string') mistakes.push({ subject: name, ...json });
    read.set(name, typeof json === 'string' ? json : '');
  }
  return { raw: read, mistakes };
}

const EXAMPLE =
  'Write `NAME: value` on a line each, or the name of a container and below it, indented, its `NAME: value` lines.';

const WRONG = {
  mixed: {
    problem: 'mixes `NAME=value` lines and a YAML map.',
    remedy:
      'Write all of it as `NAME=value` (`container: NAME=value` for a container), or all as a YAML map; in a map, quote a value that contains `=`: `NAME: "a=b"`.',
  },
  nested: {
    problem: 'has `NAME=value` lines below the name of a container, which YAML would join into one text.',
    remedy: 'Write `NAME: value` below the name of the container, or `container: NAME=value` on a line each.',
  },
} as const;

function jsonOf(text: string, parseYaml: ParseYaml | undefined): string | Omit<Mistake, 'subject'> {
  if (!parseYaml) throw new Failure('INTERNAL', 'An input is a YAML map, and its reader was not loaded.');
  let parsed: Json;
  try {
    parsed = parseYaml(text, 'the text');
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    // The lines below the first show the text, which may hold secrets.
    return { problem: thrown.message.split('\n')[0] ?? 'is not valid YAML.', remedy: EXAMPLE };
  }
  if (!isObject(parsed)) return { problem: 'is not a YAML map.', remedy: EXAMPLE };
  const plain = plainMap(parsed);
  return plain === undefined
    ? { problem: 'holds maps or lists where a container takes one value for each name.', remedy: EXAMPLE }
    : JSON.stringify(plain);
}

/** Texts and lists of texts, by container where maps are in the map; undefined where it holds anything else. */
export function plainMap(map: JsonObject, depth: 'containers' | 'values' = 'containers'): JsonObject | undefined {
  const entries: [string, Json][] = [];
  for (const [name, value] of Object.entries(map)) {
    const inner = isObject(value) && depth === 'containers' ? plainMap(value, 'values') : undefined;
    const plain = textOf(value) ?? listOf(value) ?? inner;
    if (plain === undefined) return undefined;
    entries.push([name, plain]);
  }
  return Object.fromEntries(entries);
}

/** One value as it is written; empty for null. */
export function textOf(value: Json | undefined): string | undefined {
  if (value === null) return '';
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

export function listOf(value: Json): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/**
 * Names and values of a block map, right or wrong as it may be: for masking, before anything is parsed. A value of several lines
 * is given line by line.
 */
export function pairsOfBlockMap(text: string): (readonly [string, string])[] {
  const found = text.matchAll(
    /^([ \t]*)["']?([A-Za-z_][\w.-]*)["']?[ \t]*:[ \t]+(?:[|>][+-]?\d?[ \t]*\r?\n((?:\1[ \t]+.*(?:\n|$)|[ \t]*\r?\n)+)|"((?:\\.|[^"\\])*)"|'((?:''|[^'])*)'|(\S.*))/gm,
  );
  return [...found].flatMap(([, , name = '', block, double, single, plain]) => {
    if (block !== undefined) return block.split('\n').map((line) => [name, line.trim()] as const);
    if (double !== undefined) return [[name, double] as const, [name, unescaped(double)] as const];
    return [[name, single?.replaceAll("''", "'") ?? (plain ?? '').replace(/\s+#.*$/, '').trim()] as const];
  });
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
