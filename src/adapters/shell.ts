import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';
import type { CommandOptions, CommandResult, Shell } from '../world.ts';

/** Between SIGINT and SIGKILL: buildx needs a moment to tell its builder. */
const GRACE_SECONDS = 2;

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
    const child = spawn(program, args, { env: environment(env), stdio: 'pipe', windowsHide: true });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (line) => {
        output[stream] += `${line}\n`;
        onLine?.(line);
      });
    }
    let kill: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      child.kill('SIGINT');
      kill = setTimeout(() => child.kill('SIGKILL'), GRACE_SECONDS * 1000);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      signal?.removeEventListener('abort', onAbort);
      reject(cause.code === 'ENOENT' ? missing(program, cause) : broken(program, cause));
    });
    child.on('close', (exitCode) => {
      clearTimeout(kill);
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ exitCode: exitCode ?? 1, ...output });
    });
    child.stdin.on('error', () => {}); // the program ended without reading it; its exit code tells why
    child.stdin.end(stdin ?? '');
  });
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
