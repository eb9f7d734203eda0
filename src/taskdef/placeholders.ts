import type { Mistake } from '../failure.ts';
import { didYouMean } from '../spelling.ts';
import type { Json } from '../world.ts';
import { memberType, ROOT } from './schema.ts';
import { isObject } from './template.ts';

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; with a second `$` before it, the text itself. */
const PLACEHOLDER = /(\$?)\$\{([A-Za-z_]\w*)(?::([-?])([^}]*))?\}/g;

export interface Substituted {
  readonly value: Json;
  readonly mistakes: readonly Mistake[];
}

/**
 * Replaces placeholders in the strings of a parsed tree, so that a value can never break out of its string. Keys stay
 * as they are. A string that is exactly one placeholder takes the type of its field (`"cpu": "${CPU}"` becomes 256).
 * Every name without a value is told, with the path and the name that was likely meant. What is no placeholder by the
 * forms above (`$HOME`, `${VAR%suffix}`, `$(date)`) belongs to the container's shell and is left alone.
 */
export function substitute(tree: Json, values: ReadonlyMap<string, string>): Substituted {
  const mistakes: Mistake[] = [];
  const resolve = (path: string, original: string, name: string, operator?: string, argument = ''): string => {
    const value = values.get(name);
    if (operator === '-') return value === undefined || value === '' ? argument : value;
    if (value !== undefined && !(operator === '?' && value === '')) return value;
    const meant = didYouMean(name, [...values.keys()]);
    mistakes.push({
      subject: path,
      problem:
        operator === '?' && argument !== '' ? `\${${name}} has no value: ${argument}.` : `\${${name}} has no value.`,
      remedy: meant
        ? `Did you mean \${${meant}}?`
        : `Add ${name}=... to the input \`variables\`, or write $\${${name}} to leave it to the container's shell.`,
    });
    return original;
  };
  const inString = (text: string, path: string, type: string): Json => {
    const replaced = text.replaceAll(
      PLACEHOLDER,
      (all: string, dollar: string, name: string, operator?: string, argument?: string) =>
        dollar ? all.slice(1) : resolve(path, all, name, operator, argument),
    );
    const whole =
      text.replace(PLACEHOLDER, '') === '' && text.match(PLACEHOLDER)?.length === 1 && !text.startsWith('$$');
    return whole ? typed(replaced, type) : replaced;
  };
  const walk = (value: Json, path: string, type: string): Json => {
    if (typeof value === 'string') return inString(value, path, type);
    if (Array.isArray(value)) {
      const item = type.endsWith('[]') ? type.slice(0, -2) : '';
      return value.map((member, i) => walk(member, `${path}[${i}]`, item));
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const below = path === '' ? key : `${path}.${key}`;
        return [key, walk(member, below, memberType(type, key))];
      }),
    );
  };
  return { value: walk(tree, '', ROOT), mistakes };
}

/** Text as the type of its field, where it is one; else the text, which the check then refuses with the path. */
function typed(text: string, type: string): Json {
  if (type === 'integer' && /^-?\d{1,15}$/.test(text.trim())) return Number(text);
  if (type === 'boolean' && /^(true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
  return text;
}
