import { kindOfArn, parseArn } from '../arn.ts';
import { Failure, type Mistake } from '../failure.ts';
import { unexpandedIn } from '../image/placeholders.ts';
import { defined, type Json } from '../model.ts';
import { looksSecret, maskSecrets } from '../secrets.ts';
import { didYouMean } from '../spelling.ts';
import { withAliases } from './foreign.ts';
import { DEFAULTS, FALSE_IS_ASKED, type InputName } from './known.ts';
import { EXPRESSION, foldedNames, isQuoted, slipOf, subjectOf } from './slips.ts';
import {
  type Entry,
  type Split,
  shellRemedy,
  shellSyntaxIn,
  splitEntries,
  splitLines,
  splitList,
  splitWords,
} from './syntax.ts';
import type { Pairs } from './types.ts';
import { type Range, wrongNumber } from './units.ts';
import type { ParseYaml, YamlInput } from './yaml.ts';

/** What a value must look like: `example` completes the sentence "expected ...". */
export interface Shape {
  readonly pattern: RegExp;
  readonly expected: string;
  /** What was given in its place, as a clause that follows the value, and what is to be written; undefined where that is not known. */
  readonly meant?: (text: string) => { readonly problem: string; readonly remedy: string } | undefined;
}

/** How the entries of one input are read. */
interface PairRules {
  /** What a name must look like. */
  readonly names?: Shape;
  /**
   * `variables`: names of environment variables and the like, without spaces; `secrets`: the same, and a name that is
   * not right is never shown. `settings` (the default): any key.
   */
  readonly kind?: 'settings' | 'variables' | 'secrets';
  /** What the name of a setting looks like that stands on the line of another; upper case unless given. */
  readonly folded?: RegExp;
}

const SEVERAL_LINES = 'For a value of several lines write `id<<EOF`, the lines, and a line `EOF`.';

/** A list with a dash on each line, or a map of containers. A program is named neither `-` nor `web:`. */
const YAML_COMMAND = /^\s*(?:-[ \t]+\S|["']?[\w-]+["']?:[ \t]*(?:\r?\n|$))/;

/** Lower case is left alone: `DSN=host=db user=app` is one value. */
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

/** Of Secrets Manager or of a parameter. */
const SECRET_ARN = /^arn:aws[a-z-]*:(?:secretsmanager|ssm):[a-z0-9-]+:\d{12}:(?:secret:|parameter\/)\S+$/;

/** What stands in quotes that are a part of the value; undefined without them. */
export const unquoted = (text: string): string | undefined => /^(['"`])(.+)\1$/s.exec(text)?.[2];

/**
 * Reads inputs by name and collects every mistake instead of stopping at the first. An empty or blank input is an
 * unset one, as the runner passes it. A reading method answers undefined (or an empty list) for what is unset *or*
 * wrong; `mistakes` has the reason.
 */
export class Reader {
  readonly mistakes: Mistake[] = [];
  readonly notes: string[] = [];
  readonly warnings: string[] = [];
  readonly #raw: ReadonlyMap<string, string>;
  readonly #parseYaml: ParseYaml | undefined;

  /** @param parseYaml where an input needs it (`needsYaml`) */
  constructor(raw: ReadonlyMap<string, string>, parseYaml?: ParseYaml) {
    this.#raw = withAliases(raw);
    this.#parseYaml = parseYaml;
  }

  mistake(subject: InputName, problem: string, remedy?: string): void {
    this.mistakes.push({ subject, problem, ...defined({ remedy }) });
  }

  /** A value that is not right, as `problem` has it, unless what is wrong is a variable in it that nothing has expanded. */
  wrong(subject: InputName, value: string, { problem, remedy }: Pick<Mistake, 'problem' | 'remedy'>): void {
    const found = unexpandedIn(value) ?? { problem, remedy };
    this.mistake(subject, found.problem, found.remedy);
  }

  /** The text as given, or undefined when blank. */
  raw(name: InputName): string | undefined {
    const text = this.#raw.get(name);
    return text === undefined || text.trim() === '' ? undefined : text;
  }

  text(name: InputName): string | undefined {
    return this.raw(name)?.trim();
  }

  /**
   * Whether it was given, and every value in it is empty, as a block of expressions is whose outputs are all empty. A single empty
   * expression cannot be distinguished from an input that was not given: the runner passes the empty text for both.
   */
  isBlank(name: InputName): boolean {
    const text = this.#raw.get(name);
    return text !== undefined && text !== '' && text.trim() === '';
  }

  /** Whether the user asked for something with it; `false` asks for nothing. */
  isSet(name: InputName): boolean {
    const text = this.text(name);
    return text !== undefined && text.toLowerCase() !== 'false';
  }

  /** Whether its value differs from what the run does without it. */
  asksForMore(name: InputName): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined || text === DEFAULTS[name]) return false;
    return text !== 'false' || DEFAULTS[name] !== undefined || FALSE_IS_ASKED.includes(name);
  }

  /** One step often serves several modes, so what this one does not need is no mistake. @param why `mode build calls nothing of ECS` */
  noteUnused(why: string, names: readonly InputName[]): void {
    const unused = [...new Set(names)].filter((name) => this.asksForMore(name));
    if (unused.length > 0) this.notes.push(`${why}: ${quoteAll(unused)} not used.`);
  }

  /** One value of a shape, quoted when it is wrong: not for secrets. */
  shaped(name: InputName, shape: Shape): string | undefined {
    const text = this.text(name);
    return text === undefined || !this.checkShape(name, text, shape) ? undefined : text;
  }

  checkShape(name: InputName, value: string, { pattern, expected, meant }: Shape): boolean {
    if (pattern.test(value)) return true;
    const whole = renderedProblem(value);
    if (whole !== undefined) {
      this.mistake(name, whole, 'Name one value of it, such as `${{ steps.ID.outputs.NAME }}` or `${{ vars.NAME }}`.');
      return false;
    }
    const inner = unquoted(value);
    if (inner !== undefined && pattern.test(inner)) {
      this.wrong(name, value, {
        problem: `\`${shorten(value)}\` has quotes that are a part of the value.`,
        remedy: `Write \`${shorten(inner)}\`: quotes inside of quotes, or in a value of \`|\`, are not taken away by YAML.`,
      });
      return false;
    }
    const { problem, remedy } = meant?.(value) ??
      wrongArn(value, expected) ?? { problem: 'is not right.', remedy: `Expected ${expected}.` };
    this.wrong(name, value, { problem: `\`${shorten(value)}\` ${problem}`, remedy });
    return false;
  }

  /** Whether the text is what GitHub makes of a whole map or list; reported with how its values get here. */
  #isRendered(name: InputName, how: string): boolean {
    const whole = renderedProblem(this.text(name) ?? '');
    if (whole !== undefined) this.mistake(name, whole, how);
    return whole !== undefined;
  }

  /** YAML 1.2's booleans, as the runner's own toolkit takes them. */
  boolean(name: InputName): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^(true|True|TRUE)$/.test(text)) return true;
    if (/^(false|False|FALSE)$/.test(text)) return false;
    let remedy = 'Write `true` or `false`.';
    if (/^(yes|y|on|1|enabled?)$/i.test(text)) remedy = 'Write `true`.';
    if (/^(no|n|off|0|disabled?)$/i.test(text)) remedy = 'Write `false`.';
    this.wrong(name, text, { problem: `\`${shorten(text)}\` is not a boolean.`, remedy });
    return undefined;
  }

  integer(name: InputName, range: Range): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    const { problem, remedy } = wrongNumber(text, range);
    this.wrong(name, text, { problem: `\`${shorten(text)}\` ${problem}`, remedy });
    return undefined;
  }

  /** One of a few words, whatever their case. @param others what to write in place of words that are none of them, by the word */
  choice<T extends string>(
    name: InputName,
    choices: readonly T[],
    others: ReadonlyMap<string, string> = new Map(),
  ): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found) return found;
    const meant = didYouMean(text, choices);
    const all = choices.map((choice) => `\`${choice}\``).join(', ');
    this.wrong(name, text, {
      problem: `\`${shorten(text)}\` is not one of ${all}.`,
      remedy: others.get(text.toLowerCase()) ?? (meant ? meaning(meant) : `Write one of them.`),
    });
    return undefined;
  }

  /** An input in YAML as plain values; `example` is the remedy where it cannot be read. */
  yaml(name: YamlInput, example: string): Json | undefined {
    const text = this.raw(name);
    if (text === undefined || this.#isRendered(name, AS_JSON)) return undefined;
    if (!this.#parseYaml) throw new Failure('INTERNAL', `The input ${name} is YAML, and its reader was not loaded.`);
    try {
      return this.#parseYaml(text, 'the text');
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      // The lines below the first show the text, which may hold secrets.
      this.mistake(name, thrown.message.split('\n')[0] ?? 'is not valid YAML.', example);
      return undefined;
    }
  }

  lines(name: InputName): string[] {
    return splitLines(this.raw(name) ?? '');
  }

  list(name: InputName): readonly string[] {
    return this.#isRendered(name, "Write `${{ join(LIST, ',') }}` with its name.") ? [] : this.#split(name, splitList);
  }

  words(name: InputName): readonly string[] | undefined {
    const text = this.raw(name);
    if (text === undefined) return undefined;
    const words = this.#split(name, splitWords);
    if (YAML_COMMAND.test(text))
      this.mistake(
        name,
        'is written as YAML, whose dashes and names would become words of the command.',
        'Write one line, or a JSON array of words; for several containers `name: command` on a line each, or a JSON map: `{"web": ["npm", "start"]}`.',
      );
    const syntax = shellSyntaxIn(text);
    if (syntax !== undefined) this.mistake(name, `has \`${syntax}\`, which takes a shell.`, shellRemedy(syntax));
    return words;
  }

  /** `NAME=value` entries, with every name once. */
  pairs(name: InputName, rules: PairRules = {}): Pairs {
    return this.entries(name, rules).map(({ name: key, value = '' }) => [key, value]);
  }

  /** The same as `pairs`, with how each entry is written. */
  entries(name: InputName, { names, kind = 'settings', folded = VARIABLE }: PairRules = {}): readonly Entry[] {
    if (this.#isRendered(name, AS_JSON)) return [];
    const entries: Entry[] = [];
    const seen = new Set<string>();
    const isVariable = kind !== 'settings';
    for (const [index, entry] of this.#split(name, splitEntries).entries()) {
      const { name: key, value, line, form } = entry;
      const slip = slipOf(entry);
      // What is before the `=` of a later line may be a part of the value above it, and is not shown.
      const hidden = kind === 'secrets' && index > 0 && form !== 'json';
      const subject = hidden ? `line ${line}` : subjectOf(entry);
      const more = isVariable ? foldedNames(entry, folded) : [];
      if (slip && hidden) this.mistake(name, `line ${line} is not \`id=value\`.`, SEVERAL_LINES);
      else if (slip) this.mistake(name, slip.problem, slip.remedy);
      else if (value === undefined) {
        this.mistake(
          name,
          `line ${line} has no \`=\`.`,
          kind === 'secrets'
            ? 'Write `id=value`; for a value of several lines `id<<EOF`, the lines, and `EOF`. For the value of an environment variable use `build-secret-envs`, for a file `build-secret-files`.'
            : 'Write `NAME=value`; for a value of several lines `NAME<<EOF`, the lines, and `EOF`.',
        );
      } else if (key.trim() === '') {
        this.mistake(name, `line ${line} has no name before its \`=\`.`, 'Write `NAME=value`.');
      } else if (key !== key.trim()) {
        this.mistake(
          name,
          `${subject} has a space before its \`=\`.`,
          `Write \`${subject.startsWith('`') ? key.trim() : 'NAME'}=value\`, without spaces at the \`=\`.`,
        );
      } else if (isVariable && /\s/.test(key)) {
        this.mistake(name, `the name on line ${line} has a space in it.`, 'Write `NAME=value`.');
      } else if (names && !names.pattern.test(key)) {
        // What does not look like a name may be a part of a value, which may be secret.
        const shown = kind === 'secrets' ? `line ${line}` : `\`${shorten(key)}\` (line ${line})`;
        this.mistake(name, `${shown} does not begin with a valid name.`, `Expected ${names.expected}.`);
      } else if (seen.has(key)) {
        this.mistake(name, `${subject} occurs twice.`, 'Keep one of them.');
      } else if (more.length > 0) {
        this.mistake(
          name,
          `line ${line} holds several settings (${[key, ...more].slice(0, 4).join(', ')}), which would become the value of \`${key}\`.`,
          'Write one `NAME=value` per line: use `|` in YAML (`>` joins the lines). If that is the value, write it as JSON: `{"NAME": "value"}`.',
        );
      } else if (EXPRESSION.test(value)) {
        this.mistake(
          name,
          `the value of ${subjectOf(entry)} contains an expression \`\${{ ... }}\` that GitHub has not evaluated.`,
          'GitHub evaluates expressions in the workflow file only. Write the expression there.',
        );
      } else {
        seen.add(key);
        entries.push(entry);
        this.#remarkVariable(name, entry, kind);
        if (isVariable && isQuoted(entry)) {
          this.warnings.push(
            `${name}: the quotes around the value of ${subjectOf(entry)} are a part of it. Remove them if they are not meant: values are taken as they are.`,
          );
        }
      }
      if (slip?.swallows) break;
    }
    return entries;
  }

  /** What a container most likely does not want as the value of a variable. */
  #remarkVariable(name: InputName, entry: Entry, kind: string): void {
    if (name !== 'environment-variables' || kind === 'secrets') return;
    const { name: key, value = '', form } = entry;
    if (SECRET_ARN.test(value) && !/ARN|SECRET|PARAM|(?:^|_)ID$/i.test(key))
      this.warnings.push(
        `${name}: the container gets the ARN as the text of \`${key}\`, not the secret that it names. Give it in \`secrets\`, where ECS reads the value. (A program that reads the secret itself: call the variable \`${key}_ARN\`.)`,
      );
    const [, second] = /^[^=]*[,;] ?([A-Z][A-Z0-9_]*)=/.exec(value) ?? [];
    if (second !== undefined && form !== 'json')
      this.warnings.push(
        `${name}: \`${second}=...\` is a part of the value of \`${key}\`: a comma or semicolon ends no variable. Write one \`NAME=value\` per line. If that is the value, write it as JSON: \`{"NAME": "value"}\`.`,
      );
  }

  /** `NAME=value` entries as text for a command line; a bare `NAME` is allowed where `bare` says so. */
  settings(name: InputName, bare: 'bare-allowed' | 'value-needed'): string[] {
    if (this.#isRendered(name, AS_JSON)) return [];
    const settings: string[] = [];
    for (const entry of this.#split(name, splitEntries)) {
      const { name: key, value, line } = entry;
      const slip = slipOf(entry);
      const isName = value !== undefined || (bare === 'bare-allowed' && /^[A-Za-z_][\w.-]*$/.test(key));
      const more = bare === 'bare-allowed' ? foldedNames(entry, VARIABLE) : [];
      if (slip) this.mistake(name, slip.problem, slip.remedy);
      else if (key.trim() === '' || !isName)
        this.mistake(name, `line ${line} is not \`name=value\`.`, 'Write one `name=value` per line.');
      else if (bare === 'bare-allowed' && /\s/.test(key))
        this.mistake(
          name,
          `the name on line ${line} has a space in it.`,
          'Write `NAME=value`, without spaces at the `=`.',
        );
      else if (more.length > 0)
        this.mistake(
          name,
          `line ${line} holds several settings (${[key, ...more].slice(0, 4).join(', ')}), which would become the value of \`${key}\`.`,
          'Write one `NAME=value` per line: use `|` in YAML (`>` joins the lines).',
        );
      else settings.push(value === undefined ? key : `${key}=${value}`);
      if (slip?.swallows) break;
    }
    return settings;
  }

  #split<T>(name: InputName, split: (text: string) => Split<T>): readonly T[] {
    const result = split(this.raw(name) ?? '');
    if (result.problem === undefined) return result.values;
    this.mistake(name, result.problem, result.remedy);
    return [];
  }
}

/** What GitHub writes for an expression whose value is a map or a list, such as `${{ vars }}`. https://docs.github.com/en/actions/reference/workflows-and-actions/expressions */
const RENDERED: ReadonlyMap<string, string> = new Map([
  ['Object', 'is `Object`, which GitHub writes in place of an expression for a map.'],
  ['Array', 'is `Array`, which GitHub writes in place of an expression for a list.'],
]);
const AS_JSON = 'Write it as `${{ toJSON(NAME) }}`, such as `${{ toJSON(vars) }}`.';

/** The problem of an input that is required and not set. */
export const MISSING = 'is missing.';

/** The remedy for a misspelt name. @param name the one that is most likely meant */
export const meaning = (name: string): string => `Did you mean \`${name}\`?`;

/** What is wrong with a text that GitHub wrote for a whole map or list, which is a name of nothing; undefined for any other. */
export const renderedProblem = (text: string): string | undefined => RENDERED.get(text);

/**
 * An ARN in which an expression was empty, or of something else than is expected.
 * @param expected what it should be, with the form of an ARN in it where it may be one
 */
export function wrongArn(text: string, expected: string): ReturnType<NonNullable<Shape['meant']>> {
  const arn = parseArn(text);
  if (!arn) return undefined;
  const empty = emptyField(arn);
  if (empty !== undefined)
    return {
      problem: `has no ${empty}.`,
      remedy: `If it is made of expressions, the expression for the ${empty} is empty: check its name. Expected ${expected}.`,
    };
  const kind = kindOfArn(text);
  if (kind === undefined || kind === kindOfArn(/arn:[^`\s]+/.exec(expected)?.[0] ?? '')) return undefined;
  return { problem: `is the ARN of ${kind}.`, remedy: `Expected ${expected}.` };
}

/** S3's have neither region nor account, IAM's no region. */
function emptyField({ service, region, account }: NonNullable<ReturnType<typeof parseArn>>): string | undefined {
  if (service === 's3') return undefined;
  if (account === '') return 'account id';
  return region === '' && service !== 'iam' && service !== 'sts' ? 'region' : undefined;
}

/** A user's text in a message: one line of at most 80 characters, without what looks like a secret that stands in the wrong input. */
export function shorten(text: string): string {
  const masked = maskSecrets(text);
  if (masked === text && looksSecret(text)) return '***';
  const line = masked.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

/** `a`, `b` in backticks, for a message. */
export function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
