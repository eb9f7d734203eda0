import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Ended {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
}
/** As a task definition has it; seconds. */
export interface HealthCheck {
  readonly command: readonly string[];
  readonly interval?: number;
  readonly timeout?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}
/** Follows what a container says. */
export interface Tail {
  /** Settles when all output was passed on, after half a minute at most. */
  drained(): Promise<void>;
  close(): void;
}

/** The docker program, with what ECS makes of its answers. */
export class Docker {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return promisify(execFile)('docker', args, { env: this.#env });
  }

  /** @throws Error CannotPullContainerError, in the words of ECS */
  async pull(image: string, platform: string): Promise<void> {
    try {
      await this.run('pull', '--quiet', '--platform', platform, image);
    } catch (thrown) {
      const message = errorOf(thrown);
      const tried = 'CannotPullContainerError: pull image manifest has been retried 1 time(s):';
      if (
        /no match for platform|no matching manifest|does not (?:match|provide) the (?:specified )?platform/.test(
          message,
        )
      ) {
        throw new Error(`${tried} image Manifest does not contain descriptor matching platform '${platform}'`);
      }
      const cause = /not found/.test(message) ? `${image}: not found` : message;
      throw new Error(`${tried} failed to resolve ref ${image}: ${cause}`);
    }
  }

  tail(container: string, tell: (line: string) => void): Tail {
    const child: ChildProcess = spawn('docker', ['logs', '--follow', container], { env: this.#env });
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', tell);
    const closed = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
    return {
      drained: () => Promise.race([closed, sleep(30_000, undefined, { ref: false })]),
      close: () => void child.kill(),
    };
  }

  /** Waits for a container's end. `asked`: we ended it ourselves, so that 137 has another cause than memory. */
  async end(container: string, asked: () => boolean): Promise<Omit<Ended, 'name'>> {
    await this.run('wait', container).catch(() => {});
    const look = (): Promise<string[]> =>
      this.run('inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}', container).then(
        ({ stdout }) => stdout.trim().split(' '),
        () => [],
      );
    let state = await look();
    // The engine hears of the kernel's kill apart from the exit, and often a moment later.
    for (let i = 0; i < 30 && state[0] === '137' && state[1] !== 'true' && !asked(); i++) {
      await sleep(100);
      state = await look();
    }
    const [exitCode, killed] = state;
    return {
      ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
      ...(killed === 'true' ? { reason: 'OutOfMemoryError: Container killed due to memory usage' } : {}),
    };
  }

  /**
   * ECS runs the health check of the task definition, never the Dockerfile's. Settles with the first verdict: healthy,
   * or failed as often in a row as `retries` says (failures within `startPeriod` do not count); continues until `isOver`.
   */
  check(
    container: string,
    check: HealthCheck | undefined,
    { isOver, tell }: { isOver(): boolean; tell(status: 'HEALTHY' | 'UNHEALTHY'): void },
  ): Promise<boolean> {
    const [kind, ...words] = check?.command ?? ['NONE'];
    if (!check || kind === 'NONE') return Promise.resolve(true);
    const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
    const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
    const start = performance.now();
    return new Promise((resolve) => {
      const probe = async (failures: number, reported: boolean | undefined): Promise<void> => {
        const good = await promisify(execFile)('docker', ['exec', container, ...command], {
          env: this.#env,
          timeout: timeout * 1000,
        }).then(
          () => true,
          () => false,
        );
        if (isOver()) return;
        const early = performance.now() - start < startPeriod * 1000;
        const failed = good || early ? 0 : failures + 1;
        const reports = good !== reported && (good || failed >= retries);
        if (reports) {
          tell(good ? 'HEALTHY' : 'UNHEALTHY');
          resolve(good);
        }
        await sleep(interval * 1000, undefined, { ref: false });
        if (!isOver()) await probe(failed, reports ? good : reported);
      };
      void probe(0, undefined);
    });
  }
}

/** docker closes its errors with a hint at --help; the line before it is the error. */
export const errorOf = (thrown: unknown): string => {
  const lines = String((thrown as { stderr?: string }).stderr ?? thrown)
    .trim()
    .split('\n');
  return (lines.find((line) => /^(docker: )?Error/.test(line)) ?? lines.at(-1) ?? '').replace(/^docker: /, '');
};
