/** Runs the bundled action as GitHub's runner does: INPUT_*, the GITHUB_* files, main and then post. */
import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ActionRun {
  readonly exitCode: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly post: { readonly exitCode: number; readonly log: string };
}

export interface ActionOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The workspace, where relative paths begin. */
  readonly cwd: string;
  readonly onText?: (text: string) => void;
  /** What later steps of the job have changed in post's environment. */
  readonly postEnv?: Readonly<Record<string, string>>;
  /** Between main and post, with the folder of the runner's files (output, state, summary). */
  readonly onMainEnd?: (folder: string) => void | Promise<void>;
  /** After post, with the same folder, before it is removed. */
  readonly onPostEnd?: (folder: string) => void;
  /** Ends a run that hangs, which then fails with what it had printed; 100 s without it. */
  readonly timeoutSeconds?: number;
  /**
   * Sends main a signal once its log says this (or so many milliseconds after its start), as a cancel (SIGINT) or the end of a
   * runner (SIGKILL) does.
   */
  readonly interrupt?: { readonly when: RegExp | number; readonly signal: NodeJS.Signals };
  /** Runs, in virtual time, in a process that earlier runs have used; without it, main and post are processes of their own. */
  readonly warm?: WarmAction;
  /** Folder of main.js and post.js; without it, `dist`. */
  readonly entries?: string;
}

/** What a process for many runs is asked (scripts/warm-action.ts). */
export interface WarmRun {
  /** The entry. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What stands in front of the exit code, behind the output of the run. */
  readonly end: string;
}

/** For a process whose environment is its own: what was compiled once is not compiled again. */
export const COMPILE_CACHE: Readonly<Record<string, string>> = process.env.NODE_COMPILE_CACHE
  ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
  : {};

/** The entries, as action.yml names them. */
const DIST = join(import.meta.dirname, '..', 'dist');
/** Each run leaves the modules that it has evaluated. */
const RUNS_OF_A_PROCESS = 50;
/** What Node reads when it starts, beside what the tests give it. */
const OF_NODE_ITSELF = /^(?:NODE_(?!OPTIONS$|NO_WARNINGS$|COMPILE_CACHE$|ENV$)|SSL_CERT_)/;

export async function runAction(options: ActionOptions): Promise<ActionRun> {
  const { inputs, env } = options;
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  try {
    const file = (name: string): string => {
      writeFileSync(join(folder, name), '');
      return join(folder, name);
    };
    const [output, state, summary] = [file('output'), file('state'), file('summary')];
    const run = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      ...COMPILE_CACHE,
      ...env,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STATE: state,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: folder,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    };
    const needsOwn = options.interrupt !== undefined || Object.keys(run).some((name) => OF_NODE_ITSELF.test(name));
    const start = options.warm && !needsOwn ? options.warm.start : started;
    const main = await start('main', run, options);
    await options.onMainEnd?.(folder);
    const states = Object.fromEntries(Object.entries(pairsOf(state)).map(([name, value]) => [`STATE_${name}`, value]));
    const { interrupt: _, ...calm } = options;
    const post = await start('post', { ...run, ...states, ...options.postEnv }, calm);
    options.onPostEnd?.(folder);
    return { ...main, outputs: pairsOf(output), summary: readFileSync(summary, 'utf8'), post };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function started(
  entry: 'main' | 'post',
  env: Record<string, string>,
  { cwd, onText, timeoutSeconds = 100, interrupt, entries = DIST }: ActionOptions,
): Promise<{ exitCode: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(entries, `${entry}.js`)], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const isDue = (text: string): boolean => interrupt?.when instanceof RegExp && interrupt.when.test(text);
    if (interrupt?.when === 0) child.kill(interrupt.signal);
    else if (typeof interrupt?.when === 'number') setTimeout(() => child.kill(interrupt.signal), interrupt.when);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        const before = isDue(log);
        log += text;
        if (!before && isDue(log)) child.kill(interrupt?.signal);
        onText?.(text);
      });
    }
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(lateText(timeoutSeconds, log)));
    }, timeoutSeconds * 1000);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(late);
      resolve({ exitCode: exitCode ?? 1, log });
    });
  });
}

/**
 * A process in which one run of the bundle follows the other, in virtual time; most of what a run costs is to load and compile what all runs need.
 * A run that ends its process (`process.exit`) ends as it would alone, and the next one gets a new process.
 */
export class WarmAction {
  #child: WarmChild | undefined;
  #runs = 0;

  readonly start: typeof started = (entry, given, { cwd, onText, timeoutSeconds = 100, entries = DIST }) => {
    if (this.#runs++ % RUNS_OF_A_PROCESS === 0) void this.close();
    this.#child ??= warmChild();
    const child = this.#child;
    // With what loads the virtual time, the process itself was started.
    const { NODE_OPTIONS: _, NODE_NO_WARNINGS: __, ...env } = given;
    const end = `\0${randomUUID()} `;
    return new Promise((resolve, reject) => {
      let log = '';
      const codes: number[] = [];
      const settle = (exitCode: number): void => {
        clearTimeout(late);
        child.off('close', onClose);
        for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data');
        resolve({ exitCode, log });
      };
      const onClose = (exitCode: number | null): void => {
        this.#child = undefined;
        settle(exitCode ?? 1);
      };
      const late = setTimeout(() => {
        child.off('close', onClose);
        this.#child = undefined;
        child.kill('SIGKILL');
        reject(new Error(lateText(timeoutSeconds, log)));
      }, timeoutSeconds * 1000);
      child.on('close', onClose);
      for (const stream of [child.stdout, child.stderr]) {
        let unread = '';
        stream.on('data', (text: string) => {
          unread += text;
          const [shown = ''] = unread.split('\0', 1);
          unread = unread.slice(shown.length);
          log += shown;
          if (shown) onText?.(shown);
          if (unread.startsWith(end) && unread.endsWith('\n')) codes.push(Number(unread.slice(end.length)));
          if (codes.length === 2) settle(codes[0] ?? 1);
        });
      }
      child.send({ file: join(entries, `${entry}.js`), env, cwd, end } satisfies WarmRun);
    });
  };

  /** Resolves once the process has ended. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child?.connected) return;
    const closed = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await closed;
  }
}

type WarmChild = ReturnType<typeof warmChild>;
function warmChild() {
  const env = { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...COMPILE_CACHE };
  const child = fork(join(import.meta.dirname, 'warm-action.ts'), {
    env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The process has no output.');
  for (const stream of [stdout, stderr]) stream.setEncoding('utf8');
  return Object.assign(child, { stdout, stderr });
}

const lateText = (seconds: number, log: string): string =>
  `The action did not end within ${seconds} s. Its log:\n${log}`;

/** The runner's file format: `name<<delimiter`, lines, delimiter. */
const pairsOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(path, 'utf8').matchAll(/^(.+?)<<(ghadelimiter_\S+)\r?\n([\s\S]*?)\r?\n\2$/gm)].map(
      ([, name = '', , value = '']) => [name, value],
    ),
  );
