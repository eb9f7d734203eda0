/** Runs the bundled action as GitHub's runner does: INPUT_*, the GITHUB_* files, main and then post. */
import { spawn } from 'node:child_process';
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
}

/** The entries, as action.yml names them. */
const DIST = join(import.meta.dirname, '..', 'dist');

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
      ...(process.env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } : {}),
      ...env,
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STATE: state,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: folder,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    };
    const main = await started('main', run, options);
    await options.onMainEnd?.(folder);
    const states = Object.fromEntries(Object.entries(pairsOf(state)).map(([name, value]) => [`STATE_${name}`, value]));
    const { interrupt: _, ...calm } = options;
    const post = await started('post', { ...run, ...states, ...options.postEnv }, calm);
    options.onPostEnd?.(folder);
    return { ...main, outputs: pairsOf(output), summary: readFileSync(summary, 'utf8'), post };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function started(
  entry: 'main' | 'post',
  env: Record<string, string>,
  { cwd, onText, timeoutSeconds = 100, interrupt }: ActionOptions,
): Promise<{ exitCode: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(DIST, `${entry}.js`)], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
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
      reject(new Error(`The action did not end within ${timeoutSeconds} s. Its log:\n${log}`));
    }, timeoutSeconds * 1000);
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearTimeout(late);
      resolve({ exitCode: exitCode ?? 1, log });
    });
  });
}

/** The runner's file format: `name<<delimiter`, lines, delimiter. */
const pairsOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(path, 'utf8').matchAll(/^(.+?)<<(ghadelimiter_\S+)\r?\n([\s\S]*?)\r?\n\2$/gm)].map(
      ([, name = '', , value = '']) => [name, value],
    ),
  );
