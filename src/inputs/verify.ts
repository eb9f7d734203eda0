import { defined, isObject, type Json, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { meaning, quoteAll, type Reader, shorten } from './reader.ts';
import { type Split, splitCommand } from './syntax.ts';
import type { VerifyInputs } from './types.ts';
import { wrongNumber } from './units.ts';
import { isYaml } from './yaml.ts';

const URL_SHAPE = /^https?:\/\/[^\s]+$/;

const KEYS = [
  'url',
  'command',
  'status',
  'body',
  'latency-ms',
  'successes',
  'for-seconds',
  'every-seconds',
  'timeout-minutes',
] as const;
const EXAMPLE =
  'Write a URL, a command, or YAML such as `url: https://app.example.com/health` with `status: 200`, `latency-ms: 500` and `successes: 3` below it.';
const MOST_CHECKS = 10;

/** `verify`: a URL, a command that this runner runs, or one or several of them in YAML. */
export function readVerify(reader: Reader): readonly VerifyInputs[] {
  const text = reader.text('verify');
  if (text === undefined) return [];
  const parsed = isYaml('verify', text) ? reader.yaml('verify', EXAMPLE) : text;
  if (parsed === undefined) return [];
  const items = Array.isArray(parsed) ? parsed : [parsed];
  if (items.length > MOST_CHECKS) reader.mistake('verify', `lists ${items.length} checks.`, `At most ${MOST_CHECKS}.`);
  return items.flatMap((item) => {
    const check = typeof item === 'string' ? { [URL_SHAPE.test(item) ? 'url' : 'command']: item } : item;
    if (isObject(check)) return readCheck(reader, check) ?? [];
    reader.mistake('verify', 'has an item that is neither a URL nor a command.', EXAMPLE);
    return [];
  });
}

function readCheck(reader: Reader, item: JsonObject): VerifyInputs | undefined {
  for (const key of Object.keys(item).filter((name) => !(KEYS as readonly string[]).includes(name))) {
    const meant = didYouMean(key, KEYS);
    reader.mistake(
      'verify',
      `has \`${shorten(key)}\`, which is not known.`,
      meant ? meaning(meant) : `It takes ${quoteAll(KEYS)}.`,
    );
  }
  const number = (key: string, [min, max]: readonly [number, number]): number | undefined => {
    const given = item[key];
    if (given === undefined || given === null) return undefined;
    const value = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    const { problem, remedy } = wrongNumber(String(given).trim(), { min, max, unit: unitOf(key) });
    reader.mistake('verify', `has \`${key}: ${shorten(String(given))}\`, which ${problem}`, remedy);
    return undefined;
  };
  const forSeconds = number('for-seconds', [1, 3600]);
  const common = {
    successes: number('successes', [1, 1000]) ?? 1,
    everySeconds: number('every-seconds', [1, 300]) ?? 5,
    timeoutSeconds: (number('timeout-minutes', [1, 360]) ?? 5) * 60 + (forSeconds ?? 0),
    ...defined({ forSeconds }),
  };
  const url = item.url ?? undefined;
  const command = item.command ?? undefined;
  if ((url === undefined) === (command === undefined)) {
    reader.mistake('verify', 'takes either `url` or `command`.', EXAMPLE);
    return undefined;
  }
  if (command !== undefined) {
    const onlyOfUrl = ['status', 'body', 'latency-ms'].filter((key) => item[key] !== undefined);
    if (onlyOfUrl.length > 0)
      reader.mistake('verify', `has ${quoteAll(onlyOfUrl)}, which a command does not have.`, 'Its exit code counts.');
    const { values, problem, remedy } = wordsOf(command);
    if (values) return { kind: 'command', words: values, ...common };
    reader.mistake('verify', `has a command ${problem}`, remedy);
    return undefined;
  }
  if (typeof url !== 'string' || !URL_SHAPE.test(url) || !URL.canParse(url)) {
    reader.mistake(
      'verify',
      'has a `url` that is not an address.',
      'Write one that begins with https:// (or http://).',
    );
    return undefined;
  }
  const latencyMs = number('latency-ms', [1, 60_000]);
  const { body } = item;
  return {
    kind: 'url',
    url,
    statuses: statusesOf(reader, item.status),
    ...common,
    ...defined({ latencyMs, body: body === undefined || body === null ? undefined : String(body) }),
  };
}

function unitOf(key: string): string {
  if (key.endsWith('-ms')) return 'milliseconds';
  return /-(seconds|minutes)$/.exec(key)?.[1] ?? 'a whole number';
}

function wordsOf(command: Json): Split<string> {
  if (typeof command === 'string') return splitCommand(command);
  return Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')
    ? { values: command }
    : { problem: 'that cannot be run.', remedy: 'Write it as one line, or as a list of words.' };
}

/** `200`, `200, 204`, `2xx`, or a list of them; without it any 2xx. */
function statusesOf(reader: Reader, given: Json | undefined): readonly string[] {
  if (given === undefined || given === null) return ['2xx'];
  const statuses = (Array.isArray(given) ? given : String(given).split(/[\s,]+/)).map((one) =>
    String(one).toLowerCase(),
  );
  const odd = statuses.find((status) => !/^[1-5](?:\d\d|xx)$/.test(status));
  if (odd === undefined) return statuses;
  reader.mistake('verify', `has the \`status\` \`${shorten(odd)}\`.`, 'Write codes such as `200`, `204` or `2xx`.');
  return ['2xx'];
}
