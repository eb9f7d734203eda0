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
