/** What the scripts for users (`npm run try`, `policy`, `diagnose`, `replay`) refuse in their command line, in their own words. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../src/spelling.ts';

/** The command line or a file that it names is wrong; the message has symptom and remedy. */
export class WrongUsage extends Error {}

/** @throws WrongUsage in place of Node's sentences about options and positional arguments */
export function readOptions<T extends ParseArgsConfig & { readonly args: string[] }>(
  script: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS')) throw thrown;
    throw new WrongUsage(`${wordsOf(code, message, config)} All options: npm run -s ${script} -- --help`);
  }
}

function wordsOf(code: string, message: string, { options = {}, args }: ParseArgsConfig & { args: string[] }): string {
  const [given = ''] = /(?<=')-{1,2}[^' ]+/.exec(message) ?? [];
  const names = Object.keys(options);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    // Of `-break` Node names the first letter alone.
    const whole = (args.find((arg) => arg.startsWith(given)) ?? given).replace(/=.*/s, '');
    const [, no = '', name = ''] = /^-+(no-)?(.*)$/.exec(whole) ?? [];
    const meant = didYouMean(name, names);
    const known = names.map((one) => `\`--${one}\``).join(', ');
    return `There is no option \`${whole}\`. ${meant === undefined ? `It takes ${known}.` : `Did you mean \`--${no}${meant}\`?`}`;
  }
  const bare = given.replace(/^-+/, '');
  if (options[bare]?.type === 'boolean') return `\`--${bare}\` takes no value.`;
  return `\`--${bare}\` needs a value: \`--${bare} ...\`.`;
}

const listed = (folder: string, endings: RegExp): string[] => {
  try {
    return readdirSync(folder === '' ? '.' : folder).filter((name) => endings.test(name));
  } catch {
    return [];
  }
};

/**
 * The text of a file that the user names.
 * @param what.kind `workflow file`, for messages
 * @param what.endings of files that could have been meant
 * @throws WrongUsage where there is none, with those that could have been meant
 */
export function readNamedFile(file: string, what: { readonly kind: string; readonly endings: RegExp }): string {
  const refuse = (problem: string, folder: string): never => {
    throw new WrongUsage(`${file} ${problem}. ${instead(file, folder, what)}`);
  };
  try {
    if (statSync(file).isDirectory()) return refuse('is a folder', file);
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof WrongUsage) throw thrown;
    switch ((thrown as NodeJS.ErrnoException).code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return refuse('does not exist', dirname(file));
      case 'EACCES':
      case 'EPERM':
        throw new WrongUsage(`${file} may not be read by this user: change its permissions.`);
      default:
        throw thrown;
    }
  }
}

const MOST_LISTED = 8;
const WORKFLOWS = join('.github', 'workflows');

function instead(
  file: string,
  folder: string,
  { kind, endings }: { readonly kind: string; readonly endings: RegExp },
): string {
  const isWorkflow = kind === WORKFLOW_FILE.kind;
  const inFolder = (one: string): string[] => listed(one, endings).map((name) => join(one, name));
  const workflows = isWorkflow ? inFolder(WORKFLOWS) : [];
  const here = inFolder(folder);
  const wanted = bareName(basename(file));
  const found = [...here, ...workflows];
  const near = didYouMean(
    wanted,
    found.map((one) => bareName(basename(one))),
  );
  const meant =
    found.find((one) => bareName(basename(one)) === wanted) ?? found.find((one) => bareName(basename(one)) === near);
  if (meant !== undefined && file !== folder) return `Did you mean ${meant}?`;
  // What lies beside the command's folder may be any YAML or JSON.
  const shown = folder !== '.' && here.length > 0 ? here : workflows;
  if (shown.length === 0)
    return `Give the path of a ${kind} from the folder in which you run the command, ${process.cwd()}.`;
  const more = shown.length - MOST_LISTED;
  return `Give a ${kind}: ${shown.slice(0, MOST_LISTED).join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
}

const bareName = (name: string): string => name.replace(/\.(?:ya?ml|json)$/i, '');

export const WORKFLOW_FILE = { kind: 'workflow file', endings: /\.ya?ml$/i } as const;
export const JSON_FILE = { kind: 'JSON file', endings: /\.json$/i } as const;
