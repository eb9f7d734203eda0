import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';
import type { CommandOptions, CommandResult, Shell } from '../world.ts';

/** Between SIGINT and SIGKILL: buildx needs a moment to tell its builder. */
const GRACE_SECONDS = 2;
/** After SIGKILL: whoever holds the pipes open then is not waited for, because a cancelled run has 10 s in all. */
const LAST_SECONDS = 1;
/** A group of its own, so that a signal reaches the program's children too: `docker` runs buildx as one. Windows has none. */
const GROUPS = process.platform !== 'win32';

/**
 * The port Shell. Commands that are waited out run through @actions/exec. It gives no handle on its child, so one that
 * must be stoppable (a build whose sibling failed, a cancelled run) is spawned by us; and so is one with stdin, because
 * @actions/exec lets the whole process die of EPIPE when a program ends without reading it.
 */
export const shell: Shell = {
  run: (program, args, options = {}) =>
    options.signal || options.stdin !== undefined ? spawned(program, args, options) : executed(program, args, options),
};

async function executed(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { getExecOutput } = await import('@actions/exec');
  try {
    return await getExecOutput(program, [...args], {
      silent: true,
      ignoreReturnCode: true,
      ...(options.env ? { env: environment(options.env) } : {}),
      ...(options.onLine ? { listeners: { stdline: options.onLine, errline: options.onLine } } : {}),
    });
  } catch (cause) {
    throw /Unable to locate executable/.test(String(cause)) ? missing(program, cause) : broken(program, cause);
  }
}

function spawned(
  program: string,
  args: readonly string[],
  { stdin, env = {}, onLine, signal }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const detached = GROUPS && signal !== undefined;
    const child = spawn(program, args, { env: environment(env), stdio: 'pipe', windowsHide: true, detached });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (line) => {
        output[stream] += `${line}\n`;
        onLine?.(line);
      });
    }
    const timers: NodeJS.Timeout[] = [];
    const after = (seconds: number, act: () => void): void => void timers.push(setTimeout(act, seconds * 1000));
    const ended = (): void => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      kill(child, 'SIGINT');
      after(GRACE_SECONDS, () => kill(child, 'SIGKILL'));
      after(GRACE_SECONDS + LAST_SECONDS, () => {
        ended();
        // A child that left the group may live on; with its end of a pipe it must not keep this process.
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        child.unref();
        reject(signal?.reason);
      });
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      ended();
      reject(cause.code === 'ENOENT' ? missing(program, cause) : broken(program, cause));
    });
    child.on('close', (exitCode) => {
      ended();
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode: exitCode ?? 1, ...output });
    });
    child.stdin.on('error', () => {}); // the program ended without reading it; its exit code tells why
    child.stdin.end(stdin ?? '');
  });
}

/** The program with its children, also when it has ended before them. */
function kill(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): void {
  if (!GROUPS || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // nobody is left
  }
}

const environment = (added: Readonly<Record<string, string>>): Record<string, string> => {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), ...added };
};

const missing = (program: string, cause: unknown): Failure =>
  new Failure('TOOL_MISSING', `\`${program}\` is not on this runner's PATH.`, {
    remedy:
      program === 'docker'
        ? 'Install Docker with buildx on the runner (GitHub-hosted Linux runners have both), or build elsewhere and give the input `image`.'
        : `Install ${program} on the runner.`,
    cause,
  });

const broken = (program: string, cause: unknown): Failure =>
  new Failure(
    'INTERNAL',
    `\`${program}\` could not be run: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
