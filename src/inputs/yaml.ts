import type { Json } from '../model.ts';
import { hasBlockMap } from './block-maps.ts';
import type { InputName } from './known.ts';

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
