import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';
import { defined } from '../model.ts';
import type { CommandOptions, CommandResult, Shell } from '../ports.ts';

/** Between SIGINT and SIGKILL: buildx needs a moment to stop its builder. */
const GRACE_SECONDS = 2;
/** After SIGKILL: whoever holds the pipes open then is not waited for, because a cancelled run has 10 s in all. */
const LAST_SECONDS = 1;
/** A group of its own, so that a signal reaches the program's children too: `docker` runs buildx as one. Windows has none. */
const GROUPS = process.platform !== 'win32';

/** What no command but a build needs: `docker login` ends in seconds, a builder that pulls its image in minutes. */
const COMMAND_SECONDS = 300;

/**
 * The port Shell. Every command obeys the cancel of the run, and so do its children: the runner signals our process
 * alone. A command that cannot be cancelled, as in post, runs through @actions/exec, which gives no handle on its child;
 * one with stdin is spawned by us as well, because @actions/exec lets the whole process die of EPIPE when a program ends
 * without reading it.
 * @param cancel aborted when the run is cancelled
 */
export const createShell = (cancel?: AbortSignal): Shell => ({
  run(program, args, options = {}) {
    const signals = [cancel, options.signal].filter((signal) => signal !== undefined);
    return signals.length > 0 || options.stdin !== undefined
      ? spawned(program, args, { ...options, signals })
      : executed(program, args, options);
  },
});

export const shell: Shell = createShell();

/** A shell with commands that run already. */
export interface StartedShell extends Shell {
  /** Ends those that nothing has asked for. */
  stop(): void;
}

/**
 * Starts commands whose answers are needed later. Whoever runs one of them, with the same words and nothing else than a signal,
 * gets the answer of the one that runs; it serves once, because the next time the answer may be another.
 */
export function startAhead(given: Shell, commands: readonly (readonly [string, ...string[]])[]): StartedShell {
  const waiting = new Map(
    commands.map(([program, ...args]) => {
      const stop = new AbortController();
      const answer = given.run(program, args, { signal: stop.signal });
      answer.catch(() => {}); // reported by who asks for it
      return [keyOf(program, args), { answer, stop }] as const;
    }),
  );
  return {
    run(program, args, options = {}) {
      const key = keyOf(program, args);
      const { signal, ...others } = options;
      const started = Object.keys(others).length === 0 ? waiting.get(key) : undefined;
      if (!started) return given.run(program, args, options);
      waiting.delete(key);
      const { answer, stop } = started;
      const end = (): void => stop.abort(signal?.reason);
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end, { once: true });
      return answer.finally(() => signal?.removeEventListener('abort', end));
    },
    stop() {
      for (const { stop } of waiting.values()) stop.abort(new Failure('CANCELLED', 'Not needed any more.'));
    },
  };
}

const keyOf = (program: string, args: readonly string[]): string => JSON.stringify([program, ...args]);

async function executed(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { getExecOutput } = await import('@actions/exec');
  const { seconds, failure } = limitOf(program, args, options);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = seconds === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => reject(failure()), seconds * 1000);
  try {
    const run = getExecOutput(program, [...args], {
      silent: true,
      ignoreReturnCode: true,
      ...defined({
        env: options.env && environment(options.env),
        listeners: options.onLine && { stdline: options.onLine, errline: options.onLine },
      }),
    });
    return await Promise.race([run, late]);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw /Unable to locate executable/.test(String(cause)) ? missing(program, cause) : broken(program, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a command may run, and what to say when it ran longer. */
function limitOf(
  program: string,
  args: readonly string[],
  { limitSeconds: seconds = COMMAND_SECONDS }: CommandOptions,
) {
  const words = [program, ...args.filter((word) => !word.startsWith('-'))].slice(0, 3).join(' ');
  const failure = (): Failure =>
    new Failure('UNAVAILABLE', `\`${words}\` did not end within ${seconds} s and was stopped.`, {
      remedy: 'Check whether the Docker engine answers (`docker version`) and whether the runner reaches the registry.',
    });
  return { seconds, failure };
}

function spawned(
  program: string,
  args: readonly string[],
  options: CommandOptions & { readonly signals: readonly AbortSignal[] },
): Promise<CommandResult> {
  const { stdin, env = {}, onLine, signals } = options;
  const { seconds, failure } = limitOf(program, args, options);
  return new Promise((resolve, reject) => {
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) return reject(aborted.reason);
    const child = spawn(program, args, { env: environment(env), stdio: 'pipe', windowsHide: true, detached: GROUPS });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (line) => {
        output[stream] += `${line}\n`;
        onLine?.(line);
      });
    }
    const timers: NodeJS.Timeout[] = [];
    const after = (pause: number, act: () => void): void => void timers.push(setTimeout(act, pause * 1000));
    const listening = new AbortController();
    const ended = (): void => {
      for (const timer of timers) clearTimeout(timer);
      listening.abort();
    };
    /** Why it was stopped. */
    let stopped: { readonly reason: unknown } | undefined;
    const stop = (reason: unknown): void => {
      if (stopped) return;
      stopped = { reason };
      kill(child, 'SIGINT');
      after(GRACE_SECONDS, () => kill(child, 'SIGKILL'));
      after(GRACE_SECONDS + LAST_SECONDS, () => {
        ended();
        // A child that left the group may live on; with its end of a pipe it must not keep this process.
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        child.unref();
        reject(reason);
      });
    };
    for (const signal of signals)
      signal.addEventListener('abort', () => stop(signal.reason), { once: true, signal: listening.signal });
    if (seconds !== Number.POSITIVE_INFINITY) after(seconds, () => stop(failure()));
    child.on('error', (cause: NodeJS.ErrnoException) => {
      ended();
      reject(cause.code === 'ENOENT' ? missing(program, cause) : broken(program, cause));
    });
    child.on('close', (exitCode) => {
      ended();
      if (stopped) reject(stopped.reason);
      else resolve({ exitCode: exitCode ?? 1, ...output });
    });
    child.stdin.on('error', () => {}); // the program ended without reading it; its exit code says why
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
    // the process has ended
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
