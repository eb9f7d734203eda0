import { defined, isObject, type Json, type JsonObject } from '../model.ts';
import { plainSecrets, plainSecretsWarning } from '../plain-secrets.ts';
import { didYouMean } from '../spelling.ts';
import type { InputName } from './known.ts';
import { meaning, quoteAll, type Reader, type Shape, shorten, wrongArn } from './reader.ts';
import { splitCommand } from './syntax.ts';
import type { Pairs, TaskInputs } from './types.ts';
import { CPU, MEMORY, wrongNumber } from './units.ts';
import { isYaml } from './yaml.ts';

const KEYS = [
  'name',
  'container',
  'command',
  'environment',
  'cpu',
  'memory',
  'task-role-arn',
  'execution-role-arn',
  'network',
  'launch-type',
  'capacity-provider',
  'platform-version',
  'timeout-minutes',
  'retries',
  'tags',
] as const;
const NETWORK_KEYS = ['subnets', 'security-groups', 'assign-public-ip'] as const;
const NAME: Shape = { pattern: /^[A-Za-z0-9_-]{1,60}$/, expected: 'up to 60 letters, digits, `_` or `-`' };
const CONTAINER: Shape = { pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: 'the name of a container' };
/** RunTask takes no name of a role. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html */
export const ROLE_ARN: Shape = {
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
  expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name`',
};
const SUBNET: Shape = { pattern: /^subnet-[0-9a-zA-Z]+$/, expected: 'ids such as `subnet-0a1b2c3d`' };
const GROUP: Shape = { pattern: /^sg-[0-9a-zA-Z]+$/, expected: 'ids such as `sg-0a1b2c3d`' };
const PLATFORM: Shape = { pattern: /^(LATEST|\d+\.\d+\.\d+)$/, expected: '`LATEST`, or a version such as `1.4.0`' };
const LAUNCH_TYPES = ['FARGATE', 'EC2', 'EXTERNAL'] as const;
const VARIABLE = /^[^=\s]+$/;
/** Tasks of one input; more of them are a program. */
const MOST_TASKS = 20;
const MOST_MINUTES = 360;
const MOST_RETRIES = 10;

const EXAMPLE = 'Write one command, or a YAML list such as `- name: migrate` with `command: npm run migrate` below it.';

/** What each task has where it says nothing. */
interface TaskDefaults {
  readonly timeoutSeconds: number;
}

/** `pre-deploy` and `post-deploy`: a command line, one task as a YAML map, or a YAML list of commands and tasks. */
export function readTasks(
  reader: Reader,
  name: 'pre-deploy' | 'post-deploy',
  defaults: TaskDefaults,
): readonly TaskInputs[] {
  const text = reader.raw(name);
  if (text === undefined) return [];
  const list = isYaml(name, text) ? listOf(reader, name) : [text];
  if (list.length > MOST_TASKS) {
    reader.mistake(name, `lists ${list.length} tasks.`, `At most ${MOST_TASKS} run around a deployment.`);
    return [];
  }
  const tasks = list.map((item, index) =>
    new TaskReader(reader, { input: name, index, alone: list.length === 1, defaults }).read(item),
  );
  const names = tasks.map((task) => task.name);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) reader.mistake(name, `has two tasks named \`${twice}\`.`, 'Give each its own name.');
  return tasks;
}

function listOf(reader: Reader, name: 'pre-deploy' | 'post-deploy'): readonly Json[] {
  const parsed = reader.yaml(name, EXAMPLE);
  if (Array.isArray(parsed) && parsed.length > 0) return parsed;
  if (isObject(parsed)) return [parsed];
  if (parsed !== undefined) reader.mistake(name, 'is not a list of tasks.', EXAMPLE);
  return [];
}

/** One entry of the list; every mistake is reported with its name or place. */
class TaskReader {
  readonly #reader: Reader;
  readonly #input: InputName;
  readonly #defaults: TaskDefaults;
  #title: string;

  constructor(
    reader: Reader,
    where: {
      readonly input: InputName;
      readonly index: number;
      readonly alone: boolean;
      readonly defaults: TaskDefaults;
    },
  ) {
    this.#reader = reader;
    this.#input = where.input;
    this.#defaults = where.defaults;
    this.#title = where.alone ? where.input : `${where.input}-${where.index + 1}`;
  }

  read(item: Json): TaskInputs {
    if (typeof item === 'string') return this.#task({}, this.#command(item));
    if (!isObject(item)) {
      this.#mistake('is neither a command nor a task.', EXAMPLE);
      return this.#task({}, undefined);
    }
    this.#refuseUnknown(item, KEYS, '');
    const name = this.#text(item, 'name', NAME);
    this.#title = name ?? this.#title;
    const command = item.command === undefined ? undefined : this.#command(item.command);
    if (item.command === undefined && item.environment === undefined)
      this.#mistake('has no command.', 'Give it one: without `command` the container would start as in the service.');
    return this.#task(item, command);
  }

  #task(item: JsonObject, command: readonly string[] | undefined): TaskInputs {
    const minutes = this.#integer(item, 'timeout-minutes', { min: 1, max: MOST_MINUTES });
    const launchType = this.#text(item, 'launch-type', {
      pattern: /^(FARGATE|EC2|EXTERNAL)$/,
      expected: quoteAll(LAUNCH_TYPES),
    }) as TaskInputs['launchType'];
    const capacityProviders = this.#providers(item['capacity-provider']);
    if (launchType !== undefined && capacityProviders.length > 0)
      this.#mistake('has `launch-type` and `capacity-provider`, which exclude each other.', 'Keep one of them.');
    const environment = this.#pairs(item, 'environment', VARIABLE);
    const secrets = plainSecrets(environment);
    if (secrets.length > 0)
      this.#reader.warnings.push(
        plainSecretsWarning(secrets, { subject: `${this.#input}: ${this.#title}`, of: 'override' }),
      );
    return {
      name: this.#title,
      environment,
      capacityProviders,
      timeoutSeconds: minutes === undefined ? this.#defaults.timeoutSeconds : minutes * 60,
      retries: this.#integer(item, 'retries', { min: 0, max: MOST_RETRIES }) ?? 0,
      tags: this.#pairs(item, 'tags', /^(?!aws:).{1,128}$/i),
      containerOverrides: [],
      ...defined({
        command,
        launchType,
        network: this.#network(item.network),
        container: this.#text(item, 'container', CONTAINER),
        cpu: this.#text(item, 'cpu', CPU),
        memory: this.#text(item, 'memory', MEMORY),
        taskRoleArn: this.#text(item, 'task-role-arn', ROLE_ARN),
        executionRoleArn: this.#text(item, 'execution-role-arn', ROLE_ARN),
        platformVersion: this.#text(item, 'platform-version', PLATFORM),
      }),
    };
  }

  #mistake(problem: string, remedy?: string): void {
    // The only task without a name is the input.
    const whose = this.#title === this.#input ? '' : `${this.#title} `;
    this.#reader.mistake(this.#input, `${whose}${problem}`, remedy);
  }

  #command(given: Json): readonly string[] | undefined {
    if (Array.isArray(given) && given.length > 0 && given.every((word) => typeof word === 'string')) return given;
    if (typeof given === 'string' && given.trim() !== '') {
      const { values, problem, remedy } = splitCommand(given);
      if (problem !== undefined) this.#mistake(`has a command ${problem}`, remedy);
      return values;
    }
    this.#mistake('has no command that can be run.', 'Write it as one line, or as a list of words.');
    return undefined;
  }

  #text(item: JsonObject, key: string, { pattern, expected, meant }: Shape): string | undefined {
    const given = item[key];
    if (given === undefined || given === null || given === '') return undefined;
    const text = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
    if (pattern.test(text)) return text;
    const wrong = meant?.(text) ?? wrongArn(text, expected);
    if (wrong) this.#mistake(`has \`${key}: ${shorten(text)}\`, which ${wrong.problem}`, wrong.remedy);
    else this.#mistake(`has a \`${key}\` that is not right: \`${shorten(text)}\`.`, `Expected ${expected}.`);
    return undefined;
  }

  #integer(
    item: JsonObject,
    key: string,
    { min, max }: { readonly min: number; readonly max: number },
  ): number | undefined {
    const given = item[key];
    if (given === undefined || given === null || given === '') return undefined;
    const value = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    const unit = key === 'timeout-minutes' ? 'minutes' : 'a whole number';
    const { problem, remedy } = wrongNumber(String(given).trim(), { min, max, unit });
    this.#mistake(`has \`${key}: ${shorten(String(given))}\`, which ${problem}`, remedy);
    return undefined;
  }

  /** A map of texts; values are never quoted. */
  #pairs(item: JsonObject, key: string, names: RegExp): Pairs {
    const given = item[key];
    if (given === undefined || given === null) return [];
    if (!isObject(given)) {
      this.#mistake(`has \`${key}\` that is not a map.`, `Write one \`NAME: value\` per line below \`${key}:\`.`);
      return [];
    }
    return Object.entries(given).flatMap(([name, value]): [string, string][] => {
      if (!names.test(name)) this.#mistake(`has the name \`${shorten(name)}\` in \`${key}\`, which is not valid.`);
      else if (value === null || typeof value === 'object')
        this.#mistake(`has no text as value of \`${shorten(name)}\` in \`${key}\`.`, 'Quote the value.');
      else return [[name, String(value)]];
      return [];
    });
  }

  #network(given: Json | undefined): TaskInputs['network'] {
    if (given === undefined || given === null) return undefined;
    if (!isObject(given)) {
      this.#mistake('has `network` that is not a map.', `It takes ${quoteAll(NETWORK_KEYS)}.`);
      return undefined;
    }
    this.#refuseUnknown(given, NETWORK_KEYS, 'network: ');
    const isPublic = given['assign-public-ip'];
    if (isPublic !== undefined && !/^(?:true|false)$/i.test(String(isPublic)))
      this.#mistake('has `assign-public-ip` that is not a boolean.', 'Write `true` or `false`.');
    return {
      subnets: this.#ids(given.subnets, 'subnets', SUBNET),
      securityGroups: this.#ids(given['security-groups'], 'security-groups', GROUP),
      ...defined({ assignPublicIp: isPublic === undefined ? undefined : /^true$/i.test(String(isPublic)) }),
    };
  }

  #ids(given: Json | undefined, key: string, { pattern, expected }: Shape): readonly string[] {
    if (given === undefined || given === null) return [];
    const ids = (Array.isArray(given) ? given : String(given).split(/[\s,]+/)).map(String).filter(Boolean);
    const odd = ids.find((id) => !pattern.test(id));
    if (odd === undefined) return ids;
    this.#mistake(`has \`${shorten(odd)}\` in \`${key}\`.`, `Expected ${expected}.`);
    return [];
  }

  /** A name, or a list of names and items of a strategy. */
  #providers(given: Json | undefined): readonly JsonObject[] {
    if (given === undefined || given === null) return [];
    return (Array.isArray(given) ? given : [given]).flatMap((item): JsonObject[] => {
      if (typeof item === 'string' && item !== '') return [{ capacityProvider: item, weight: 1 }];
      const known = isObject(item) && this.#refuseUnknown(item, ['name', 'weight', 'base'], 'capacity-provider: ');
      const name = known && typeof item.name === 'string' ? item.name : undefined;
      if (!known || name === undefined) {
        this.#mistake(
          'has a `capacity-provider` without a name.',
          'Write its name, or `- name: ...` with `weight` and `base`.',
        );
        return [];
      }
      const weight = this.#integer(item, 'weight', { min: 0, max: 1000 });
      const base = this.#integer(item, 'base', { min: 0, max: 100_000 });
      return [{ capacityProvider: name, ...defined({ weight, base }) }];
    });
  }

  #refuseUnknown(item: JsonObject, keys: readonly string[], where: string): boolean {
    const unknown = Object.keys(item).filter((key) => !keys.includes(key));
    for (const key of unknown) {
      const meant = didYouMean(key, keys);
      this.#mistake(
        `has \`${where}${shorten(key)}\`, which is not known.`,
        meant ? meaning(meant) : `It takes ${quoteAll(keys)}.`,
      );
    }
    return unknown.length === 0;
  }
}
