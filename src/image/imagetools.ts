import type { Clock, CommandResult, Shell } from '../ports.ts';
import { isTransient, rootCauseLine } from './build-output.ts';

export interface ImagetoolsWorld {
  readonly clock: Clock;
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 3;

/**
 * `docker buildx imagetools`, which reads images of a registry or writes tags and indexes: the same arguments always do the same, so
 * that a request which is lost on the way is made again. docker itself makes those again that the registry answers with 429 or 5xx.
 * @param options.env with the login
 * @throws Failure UNAVAILABLE where it does not end in time
 */
export async function imagetools(
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly limitSeconds?: number },
  { clock, shell, signal }: ImagetoolsWorld,
): Promise<CommandResult> {
  for (let attempt = 1; ; attempt++) {
    const ended = await shell.run('docker', ['buildx', 'imagetools', ...args], { ...options, signal });
    if (ended.exitCode === 0 || attempt === ATTEMPTS) return ended;
    // A tag such as `release-503` is no status.
    const cause = args.reduce((text, name) => text.replaceAll(name, ''), rootCauseLine(ended.stderr));
    if (!isTransient(cause)) return ended;
    await clock.sleep(2 ** attempt - 1 + clock.random(), signal);
  }
}
