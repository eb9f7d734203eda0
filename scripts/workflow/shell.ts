/** The commands of a script in a workflow's step, as far as they can be read without running it. */

type Texts = Readonly<Record<string, string>>;

export interface Command {
  /** Without quotes; variables as expressions of the workflow. */
  readonly words: readonly string[];
  /** Where it runs, from the root of the repository. */
  readonly folder: string;
  /** The file that its output goes to, also by way of the commands that it is piped to. */
  readonly output: string | undefined;
  /** The variable that keeps its answer. */
  readonly variable?: string;
}

/** An expression is a part of a word, whatever is in it. */
const WORD = /(?:\$\{\{.*?\}\}|"(?:\\.|\$\{\{.*?\}\}|[^"\\])*"|'[^']*'|\\.|[^\s"'\\|&;<>])+|>{1,2}|<|\|\||&&|[|;&]/g;

/** `NAME=$(aws ecs ...)`, also in quotes: a command whose answer the script keeps. */
const KEPT_ANSWER =
  /^\s*(?:(?:export|local|readonly|declare)\s+)?([A-Za-z_]\w*)="?\$\(\s*(aws (?:ecs (?:register-task-definition|run-task|update-service)|deploy create-deployment)\b.*)\)"?\s*;?\s*$/;

/** Bash reads on behind `|`, `||` and `&&`; a comment ends with its line. */
const OPEN_LINE = /^(?!(?:.*\s)?#)(.*(?:\||&&))[ \t]*\r?\n/gm;

/**
 * @param env of the step, the nearest values of `$NAME`; one that the script sets itself with a literal counts as well. Others become
 *   `${{ env.NAME }}`, which GitHub has where an earlier step or the workflow set them
 */
export function commandsIn(
  script: string,
  { env, workingDirectory }: { readonly env: Texts; readonly workingDirectory: string },
): Command[] {
  const variables = new Map(Object.entries(env));
  let folder = workingDirectory;
  const commands: Command[] = [];
  const joined = script.replaceAll(/\\\r?\n/g, ' ').replaceAll(OPEN_LINE, '$1 ');
  for (const written of joined.split('\n')) {
    if (written.trim().startsWith('#')) continue;
    const [, variable, line = written] = KEPT_ANSWER.exec(written) ?? [];
    let words: string[] = [];
    let output: string | undefined;
    // Those whose output the next command reads.
    let piped: Command[] = [];
    const end = (isPiped = false): void => {
      const [first = '', second] = words;
      const [, name, value] = /^(?:export )?([A-Za-z_]\w*)=(.*)$/s.exec(first) ?? [];
      if (name !== undefined && value !== undefined && !/\$\(|`/.test(value)) variables.set(name, value);
      if (first === 'cd' && second !== undefined) folder = folder === '' ? second : `${folder}/${second}`;
      // `AWS_REGION=eu-west-1 /usr/local/bin/aws ...`
      while (words.length > 1 && /^[A-Za-z_]\w*=(?!.*(?:\$\(|`))/s.test(words[0] ?? '')) words = words.slice(1);
      words = words.map((word, i) => (i === 0 ? word.replace(/^(?:\/[\w.-]+)+\/(?=(?:aws|docker)$)/, '') : word));
      // Other answers that a variable keeps are not read: their words are in quotes or in parentheses.
      if (words.length > 0) piped.push({ words, folder, output, ...(variable === undefined ? {} : { variable }) });
      if (!isPiped) {
        const last = output;
        commands.push(...piped.map((one) => ({ ...one, output: one.output ?? last })));
        piped = [];
      }
      words = [];
      output = undefined;
    };
    const tokens = line.match(WORD) ?? [];
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i] ?? '';
      if (/^(?:\|\||&&|[|;&])$/.test(token)) end(token === '|');
      else if (token === '>' || token === '>>') {
        output = plain(tokens[i + 1] ?? '', variables);
        i += 1;
      } else if (token === '<') i += 1;
      else words.push(plain(token, variables));
    }
    end();
  }
  return commands;
}

/** What may stand before the name of a command. */
const BEFORE_A_COMMAND = /^(?:if|then|elif|else|do|until|while|sudo|time|exec|npx|yarn|!|\{)$/;

/**
 * Every command that a script may run: those of `commandsIn`, and those in conditions and loops, in `$(...)`, in subshells and behind
 * tools that start another one (`sudo`, `npx`). A text that is printed is none.
 * @returns the words of each, its name first, in the order in which they run
 */
export function everyCommand(script: string): string[][] {
  const { outer, inner } = apart(script);
  return commandsIn(oneLine(outer), { env: {}, workingDirectory: '' }).flatMap(({ words }) => {
    const before = [...words.join(' ').matchAll(ANSWER)].flatMap(([, i]) => everyCommand(inner[Number(i)] ?? ''));
    return [...before, named(words)];
  });
}

/** In the place of `$(...)`: its number, between characters of private use. */
const ANSWER = /\uE000(\d+)\uE001/g;

/** The script with a word in the place of each `$(...)`, and what these run. */
function apart(script: string): { readonly outer: string; readonly inner: readonly string[] } {
  const inner: string[] = [];
  let outer = '';
  let isQuoted = false;
  let at = 0;
  while (at < script.length) {
    const isAnswer = script.startsWith('$(', at) && script[at + 2] !== '(';
    if (isAnswer || script[at] === '`') {
      const start = at + (isAnswer ? 2 : 1);
      const end = isAnswer ? endOfAnswer(script, start) : endOf('`', script, start);
      outer += `\uE000${inner.push(script.slice(start, end)) - 1}\uE001`;
      at = end + 1;
      continue;
    }
    const next = afterWhatIsNoCode(script, at, isQuoted);
    if (script[at] === '"') isQuoted = !isQuoted;
    outer += script.slice(at, next);
    at = next;
  }
  return { outer, inner };
}

/** Where `$(` ends, of which `start` is the first character behind. */
function endOfAnswer(script: string, start: number): number {
  let isQuoted = false;
  let depth = 1;
  let at = start;
  while (at < script.length) {
    if (script.startsWith('$(', at)) {
      at = endOfAnswer(script, at + 2) + 1;
      continue;
    }
    if (script[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && script[at] === '(') depth += 1;
    else if (!isQuoted && script[at] === ')') depth -= 1;
    if (depth === 0) return at;
    at = afterWhatIsNoCode(script, at, isQuoted);
  }
  return script.length;
}

/** Behind an expression, an escape, a comment or a text in single quotes, in which nothing runs; else behind one character. */
function afterWhatIsNoCode(script: string, at: number, isQuoted: boolean): number {
  if (script.startsWith('${{', at)) return endOf('}}', script, at) + 2;
  if (script[at] === '\\') return at + 2;
  if (isQuoted) return at + 1;
  if (script[at] === "'") return endOf("'", script, at + 1) + 1;
  return script[at] === '#' && /^$|\s/.test(script[at - 1] ?? '') ? endOf('\n', script, at) : at + 1;
}

function endOf(mark: string, script: string, from: number): number {
  const at = script.indexOf(mark, from);
  return at < 0 ? script.length : at;
}

/** From the name of the command on. */
function named(given: readonly string[]): string[] {
  const words = given.map((word) => word.replace(/^\(+(?=\w)|\)+$/g, ''));
  const at = words.findIndex((word) => !BEFORE_A_COMMAND.test(word) && !/^[A-Za-z_]\w*=/.test(word));
  const own = at < 0 ? [] : words.slice(at);
  return own[0] === 'pnpm' && own[1] === 'exec' ? own.slice(2) : own;
}

/** Variables that the script itself gives a value, which no other step has; a loop's with the words that it goes through. */
export function variablesOf(script: string): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const [, name = ''] of script.matchAll(
    /(?:^|[;\s(])(?:local |export |readonly )?([A-Za-z_]\w*)="?(?:\$\(|`|\$\d)/gm,
  ))
    found.set(name, undefined);
  for (const [, name = '', words = ''] of script.matchAll(/(?:^|[;\s])for\s+([A-Za-z_]\w*)\s+in\s+([^;\n]{1,300})/gm))
    found.set(name, words.trim());
  return found;
}

/** A quoted text of several lines is one word. */
export const oneLine = (script: string): string =>
  script
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/gs, (quoted) => quoted.replaceAll(/\s*\n\s*/g, ' '));

/** Of `--name value` or `--name=value`. */
export function optionOf({ words }: Command, name: string): string | undefined {
  const at = words.indexOf(name);
  if (at >= 0) return words[at + 1];
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

const PART = /\$\{\{.*?\}\}|'[^']*'|\$\{(\w+)(?::-([^}]*))?\}|\$([A-Za-z_]\w*)|\\(.)|"/g;

/** The word without its quotes. */
const plain = (word: string, variables: ReadonlyMap<string, string>): string =>
  word.replaceAll(PART, (whole, braced?: string, otherwise?: string, bare?: string, escaped?: string) => {
    if (whole.startsWith('${{')) return whole;
    if (whole.startsWith("'")) return whole.slice(1, -1);
    if (whole === '"') return '';
    if (escaped !== undefined) return escaped;
    const name = braced ?? bare ?? '';
    // What the runner itself sets.
    if (/^GITHUB_/.test(name)) return `\${{ github.${name.slice(7).toLowerCase()} }}`;
    return variables.get(name) ?? otherwise ?? `\${{ env.${name} }}`;
  });
