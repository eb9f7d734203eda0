import { isObject, type Json } from '../model.ts';
import type { InputName } from './known.ts';
import { endsHeredoc } from './syntax.ts';

/** Inputs that edit a container, and so may say which. */
export const EDIT_INPUTS = [
  'environment-variables',
  'secrets',
  'env-files',
  'docker-labels',
  'log-configuration-log-driver',
  'log-configuration-options',
  'command',
] as const satisfies readonly InputName[];

/** What stands in front of a line for one container: its name, a colon and a space. No name of a variable has a space. */
const PREFIX = /^[ \t]*([A-Za-z0-9_-]{1,255}):[ \t]+(\S.*)$/;
/** What follows it where the input takes names and values: `NAME: value` is a slip of YAML and no container. */
const PREFIX_OF_PAIR = /^[ \t]*([A-Za-z0-9_-]{1,255}):[ \t]+([A-Za-z_][\w./-]*[ \t]*(?:=|<<).*)$/;
/** Inputs without names. */
const VALUES: readonly InputName[] = ['command', 'env-files', 'log-configuration-log-driver'];
const HEREDOC = /^[^=]*?<<(\S+)$/;

/** The text of an input for the container that the step names, and for each that the text names itself. */
interface ByContainer {
  readonly own: string;
  readonly containers: ReadonlyMap<string, string>;
}

/**
 * Takes apart an input that edits containers. Lines keep their numbers: those of other containers are blank.
 *
 *     LOG_LEVEL=info             for the container of the step
 *     proxy: LOG_LEVEL=debug     for the container `proxy`
 *     {"proxy": {"LOG_LEVEL": "debug"}}   a JSON map of containers
 */
export function byContainer(name: (typeof EDIT_INPUTS)[number], text: string): ByContainer {
  const whole = { own: text, containers: new Map<string, string>() };
  if (text.trimStart().startsWith('{')) return ofJson(name, text) ?? whole;
  // Values of several lines keep the line ends that they have.
  const lines = text.split('\n');
  const prefix = VALUES.includes(name) ? PREFIX : PREFIX_OF_PAIR;
  // A command may have several lines; it names containers only where each of them does.
  if (name === 'command' && !lines.every((line) => line.trim() === '' || PREFIX.test(plain(line)))) return whole;
  const own: string[] = [];
  const containers = new Map<string, string[]>();
  let end: string | undefined;
  let owner = own;
  for (const [index, line] of lines.entries()) {
    const [, container = '', rest = ''] = end === undefined ? (prefix.exec(plain(line)) ?? []) : [];
    if (end === undefined) {
      owner = container === '' ? own : (containers.get(container) ?? []);
      if (container !== '') containers.set(container, owner);
    }
    const text = container === '' ? line : `${rest}${line.slice(plain(line).length)}`;
    while (owner.length < index) owner.push('');
    owner.push(text);
    if (end === undefined) end = HEREDOC.exec(text.trim())?.[1];
    else if (endsHeredoc(line, end)) end = undefined;
  }
  return { own: own.join('\n'), containers: new Map([...containers].map(([name, some]) => [name, some.join('\n')])) };
}

const plain = (line: string): string => line.replace(/\r$/, '');

/** Undefined where it is a JSON object of names and values, or no JSON. */
function ofJson(name: InputName, text: string): ByContainer | undefined {
  let parsed: Json;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const members = Object.entries(parsed);
  // Of names and values a member is an object only for a container; the other inputs have no names.
  const pairs = !VALUES.includes(name);
  const ofContainer = ([, value]: [string, Json]): boolean => !pairs || isObject(value);
  const named = members.filter(ofContainer);
  if (named.length === 0) return undefined;
  const own = members.filter((member) => !ofContainer(member));
  return {
    own: own.length === 0 ? '' : JSON.stringify(Object.fromEntries(own)),
    containers: new Map(named.map(([container, value]) => [container, textOf(name, value)])),
  };
}

function textOf(name: InputName, value: Json): string {
  if (typeof value === 'string') return value;
  if (name === 'env-files' && Array.isArray(value)) return value.join('\n');
  return JSON.stringify(value);
}
