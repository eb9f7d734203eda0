/**
 * What tools that a RUN step calls print when they fail. A tool is recognised by the form of its lines; each of its codes
 * says one thing. What no row knows is shown as it is.
 */

import { mapWords, type Text } from '../say.ts';
import type { Technology } from '../technologies.ts';

/** What a line names. `name2` to `name9` are other places of `name` in one pattern. */
export type Words = Readonly<Record<string, string | undefined>>;

/** Where another row of the table is about the same. */
export type StepRule =
  | 'build-network'
  | 'build-disk-full'
  | 'build-oom'
  | 'build-emulation-missing'
  | 'build-secret-missing';

interface Beside {
  readonly rule?: StepRule;
  /** What the line shows to be at work beside the tool: what its words may name. */
  readonly technology?: Technology | readonly Technology[];
  /** What the command or the lines of the step must say as well. */
  readonly when?: RegExp;
  /** What no line of the step may say. */
  readonly unless?: RegExp;
  /** How many lines one message of the tool has, which the pattern reads together; one by default. */
  readonly lines?: number;
}

/**
 * A line, what it means after "The build step failed: ", and the first thing to do. `{name}` is what the line names,
 * `{name|a package}` with words for the case that it names nothing.
 */
export type Row = readonly [line: RegExp, cause: Text, remedy: Text | ((names: Words) => Text), beside?: Beside];

export interface Tool {
  /** Whose tool it is: what the words of its rows may name. */
  readonly technology?: Technology;
  /** Some line of the step has this form: the tool, or something that only it prints, has written it. */
  readonly form: RegExp;
  readonly rows: readonly Row[];
}

/** The words with the names of a line in them: `{name}`, `{name|otherwise}`, or `{ name}` with a space before it. */
export const fill = (text: Text, names: Words): Text => mapWords(text, (words) => fillWords(words, names));

function fillWords(words: string, names: Words): string {
  const named = (key: string): string | undefined =>
    Object.entries(names).find(([name, value]) => value && name.replace(/(?<!\d)\d+$/, '') === key)?.[1];
  let filled = words;
  for (const { 0: place, groups } of words.matchAll(
    /\{(?<space> ?)(?<key>\w{1,20})(?:\|(?<otherwise>[^}]{0,200}))?\}/g,
  )) {
    const { space = '', key = '', otherwise = '' } = groups ?? {};
    const word = (named(key) ?? otherwise).trim();
    filled = filled.replace(place, () => (word === '' ? '' : `${space}${word}`));
  }
  return filled;
}

/** What the C compiler and linker print, which Go runs for cgo. */
export const OF_C =
  /C compiler "|cgo: |cannot find -l|undefined reference|fatal error: [\w./-]{1,120}\.h: No such file|collect2: error/;
export const LOCK =
  'Commit the updated lock file, and check that COPY puts it beside the manifest before the install step and that .dockerignore does not leave it out.';
export const AGAIN_NETWORK =
  'Run the job again. If it persists, check that the runner reaches that host (proxy: HTTP_PROXY as build argument, input `network`), and let the step retry.';
export const PROXY_NAME =
  'Give the builder a DNS server that knows that name (dns in daemon.json, or input `network`: host), or write the address of the proxy into HTTP_PROXY and HTTPS_PROXY of the build and the configuration of the tool; without need take the proxy away.';
export const COPY_BEFORE =
  'COPY it into the working directory of that stage before this step, and check WORKDIR, .dockerignore and letter case.';
/** A token for what the step downloads, without leaving it in a layer. */
export const TOKEN = 'a build secret (input `build-secrets`, RUN --mount=type=secret)';
