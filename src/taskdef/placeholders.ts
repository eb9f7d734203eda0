import type { Mistake } from '../failure.ts';
import { type ForeignPlaceholder, foreignIn } from '../foreign-placeholders.ts';
import type { Json } from '../model.ts';
import { isObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { memberType, type Schema, TASK_DEFINITION } from './schema.ts';

/** `${NAME}`, or how `${NAME:-default}` and `${NAME:?message}` begin; with a second `$` before it, the text itself. */
const START = /(\$?)\$\{([A-Za-z_]\w*)(\}|:-|:\?)/g;
/** The same, and `$NAME`, as gettext's envsubst takes it. */
const ENVSUBST_START = /(\$?)\$(?:\{([A-Za-z_]\w*)(\}|:-|:\?)|([A-Za-z_]\w*))/g;

/** `braces`: `${NAME}` alone, so that `$NAME` is left to the container's shell. */
export type PlaceholderStyle = 'braces' | 'envsubst';

interface Substituted {
  readonly value: Json;
  readonly mistakes: readonly Mistake[];
  /** Names of the placeholders that it has, those in defaults included. */
  readonly names: ReadonlySet<string>;
  /** Values with placeholders of other tools, which stay as they are: see `judgeForeign`. */
  readonly foreign: readonly ForeignValue[];
}

/** A value of a file in which something stands that another tool may have been to fill. */
export interface ForeignValue {
  readonly path: string;
  /** Of its field, by the service model; '' where it is not known. */
  readonly type: string;
  /** As the file has it. */
  readonly given: string;
  /** With our own placeholders filled. */
  readonly filled: string;
  readonly found: readonly ForeignPlaceholder[];
}

/** Built-in names that have a value only where an image is built or given. */
const OF_THE_IMAGE = ['IMAGE', 'IMAGE_TAG', 'IMAGE_DIGEST'];

/** Whether the text still has a placeholder: one without a value, which the renderer has reported. */
export const hasPlaceholder = (text: string): boolean => split(text).some((part) => typeof part === 'object');

/**
 * Replaces placeholders in the strings of a parsed tree, so that a value can never break out of its string. In keys they
 * are a mistake, but for `$${NAME}`, the text itself; a default may hold placeholders of its own. A string that is exactly one placeholder takes the type of its
 * field (`"cpu": "${CPU}"` becomes 256). Every name without a value is reported, with the path and the name that was likely
 * meant. What is not one of the forms above (`$HOME`, `${VAR%suffix}`, `$(date)`) belongs to the container's
 * shell and is left alone.
 */
export function substitute(
  tree: Json,
  values: ReadonlyMap<string, string>,
  as: PlaceholderStyle | { readonly style: PlaceholderStyle | undefined; readonly schema: Schema } = 'braces',
): Substituted {
  const { style = 'braces', schema } = typeof as === 'string' ? { style: as, schema: TASK_DEFINITION } : as;
  const mistakes: Mistake[] = [];
  const names = new Set<string>();
  const foreign: ForeignValue[] = [];
  const walk = (value: Json, path: string, type: string): Json => {
    if (typeof value === 'string') {
      const parts = split(value, style);
      const text = parts.map((part) => resolve(part, path)).join('');
      for (const name of namesIn(parts, style)) names.add(name);
      const found = parts.flatMap((part) => (typeof part === 'string' ? foreignTo(part, style) : []));
      if (found.length > 0) foreign.push({ path, type, given: value, filled: text, found });
      const [only, ...others] = parts;
      return typeof only === 'object' && others.length === 0 ? typed(text, type) : text;
    }
    if (Array.isArray(value)) {
      const item = type.endsWith('[]') ? type.slice(0, -2) : '';
      return value.map((member, i) => walk(member, `${path}[${i}]`, item));
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const below = path === '' ? key : `${path}.${key}`;
        return [nameOf(key, below), walk(member, below, memberType(type, key, schema))];
      }),
    );
  };
  const nameOf = (key: string, path: string): string => {
    const parts = split(key, style);
    if (parts.some((part) => typeof part === 'object')) mistakes.push({ subject: path, ...IN_A_NAME });
    return parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
  };
  const resolve = (part: Part, path: string): string => {
    if (typeof part === 'string') return part;
    const { name, operator, argument } = part;
    const value = values.get(name);
    // As in a shell: the colon makes an empty value as good as none.
    if (value !== undefined && (value !== '' || operator === '}')) return value;
    if (operator === ':-')
      return split(argument, style)
        .map((inner) => resolve(inner, path))
        .join('');
    const lacks = value === undefined ? 'has no value' : 'is empty';
    const why = operator === ':?' && argument !== '' ? `: ${argument.replace(/\.$/, '')}` : '';
    // As it was written.
    const shown = part.bare ? part.text : `\${${name}}`;
    mistakes.push({ subject: path, problem: `${shown} ${lacks}${why}.`, remedy: remedyFor(name, values) });
    return part.text;
  };
  return { value: walk(tree, '', schema.root), mistakes, names, foreign };
}

const foreignTo = (text: string, style: PlaceholderStyle): readonly ForeignPlaceholder[] =>
  foreignIn(text).filter(({ form }) => style === 'braces' || form !== 'dollar');

/** Those of defaults too, whether they are needed or not. */
const namesIn = (parts: readonly Part[], style: PlaceholderStyle): readonly string[] =>
  parts.flatMap((part) =>
    typeof part === 'string'
      ? []
      : [part.name, ...namesIn(part.argument === '' ? [] : split(part.argument, style), style)],
  );

/** How a placeholder in a key, or in the name of a `NAME=value` line, is reported. */
export const IN_A_NAME = {
  problem: 'placeholders are not replaced in names, and ECS would get this one unchanged.',
  remedy: 'Write the name out; a second `$`, as in `$${NAME}`, keeps the text.',
};

function remedyFor(name: string, values: ReadonlyMap<string, string>): string {
  if (values.has(name)) return `Give ${name} a value, or write \${${name}:-...} for a default.`;
  if (OF_THE_IMAGE.includes(name)) {
    return name === 'IMAGE'
      ? 'Build an image (input `repository`), give one (`image`), or name it in the task definition. If `image` is set in the workflow, its value arrived empty: check the name of the output that it comes from, and that GitHub did not drop it because it contains a masked value.'
      : `This run's image has none; write \${${name}:-...} for a default.`;
  }
  // Of two letters every other name of two letters is near.
  const meant = name.length < 3 ? undefined : didYouMean(name, [...values.keys()]);
  return meant
    ? `Did you mean \${${meant}}? For the container's shell write $\${${name}}.`
    : `Add ${name}=... to the input \`variables\`, or write $\${${name}} to leave it to the container's shell.`;
}

interface Placeholder {
  /** As it was written. */
  readonly text: string;
  readonly name: string;
  readonly operator: '}' | ':-' | ':?';
  readonly argument: string;
  /** Written without braces. */
  readonly bare?: true;
}
type Part = string | Placeholder;

/** A string as its plain text and its placeholders, in order; `$${NAME}` is plain text already. */
function split(text: string, style: PlaceholderStyle = 'braces'): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const plain = (piece: string): void => void (piece !== '' && parts.push(piece));
  for (const found of text.matchAll(style === 'envsubst' ? ENVSUBST_START : START)) {
    const [all, second = '', braced, operator = '}', bare] = found;
    const name = braced ?? bare ?? '';
    if (found.index < from) continue; // inside the default of the one before
    const end = operator === '}' ? found.index + all.length : endOf(text, found.index + all.length);
    if (end === undefined) continue;
    plain(text.slice(from, found.index));
    const whole = text.slice(found.index, end);
    if (second) plain(whole.slice(1));
    else {
      const argument = operator === '}' ? '' : whole.slice(all.length, -1);
      parts.push({
        text: whole,
        name,
        operator: operator as Placeholder['operator'],
        argument,
        ...(bare === undefined ? {} : { bare: true as const }),
      });
    }
    from = end;
  }
  plain(text.slice(from));
  return parts;
}

/** Just behind the `}` that closes what was opened before `from`; braces in a default pair up (`${A:-${B}}`, `{"a":1}`). */
function endOf(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}') depth -= 1;
    if (depth === 0) return i + 1;
  }
  const first = text.indexOf('}', from); // a brace of its own: the first end counts
  return first === -1 ? undefined : first + 1;
}

/** Text as the type of its field, where it is one; else the text, which the check then refuses with the path. */
function typed(text: string, type: string): Json {
  if (type === 'integer' && /^-?\d{1,15}$/.test(text.trim())) return Number(text);
  if (type === 'number' && /^-?\d{1,15}(\.\d{1,9})?$/.test(text.trim())) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
  return text;
}
