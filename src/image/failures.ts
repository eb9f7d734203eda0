/** What a failed `docker buildx build` says, read for the one line that matters. */

/** The registry or the way to it failed, not the build: trying again is cheap, as all layers are built. */
const TRANSIENT_PUSH =
  /\b429\b|too ?many ?requests|rate exceeded|\b50[0234]\b|bad gateway|service unavailable|gateway timeout|connection (?:reset|refused)|broken pipe|i\/o timeout|tls handshake timeout|unexpected EOF|use of closed network connection/i;
const PUSHING =
  /pushing|failed to push|failed to do request: (?:Head|Put|Post|Patch)|exporting to image|\/blobs\/uploads\//i;

export const isTransientPush = (output: string): boolean => {
  const error = errorLines(output).join('\n');
  return TRANSIENT_PUSH.test(error) && PUSHING.test(output);
};

/** Everything from the first `ERROR`, without BuildKit's progress prefixes. */
export function errorLines(output: string): string[] {
  const lines = output.split('\n').map((line) => line.replace(/^#\d+ (?:\d+\.\d+ )?/, '').trimEnd());
  return lines.filter((line) => /^(ERROR|error)\b|failed to|^\s*>>>/.test(line));
}

/**
 * The root cause in one line: BuildKit closes with `ERROR: failed to solve: ...` or `ERROR: failed to build: ...`,
 * which names the step and what it said.
 */
export function rootCauseLine(output: string): string {
  const errors = errorLines(output).filter((line) => /^ERROR/i.test(line));
  const last = errors.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
  return last
    .replace(/^ERROR:\s*/i, '')
    .replace(/^failed to (?:build|solve):\s*/i, '')
    .replace(/^failed to solve:\s*/i, '');
}

/** What the failing step printed last, for the log of the failure. */
export function failedStepOutput(output: string, limit: number): string[] {
  const step = /^#(\d+) ERROR:/m.exec(output)?.[1];
  if (step === undefined) return [];
  const own = new RegExp(`^#${step} \\d+\\.\\d+ (.*)$`, 'gm');
  return [...output.matchAll(own)].map(([, line = '']) => line).slice(-limit);
}
