import { asFailure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import type { Shell } from '../ports.ts';
import { rootCauseLine } from './failures.ts';

/** What BuildKit's own checks say of the Dockerfile; `skip` where no builder is at hand. */
export interface BuildCheck {
  readonly status: 'ok' | 'warn' | 'skip' | 'bad';
  readonly text: string;
}

/**
 * Checks the build without building (`--call=check`): the Dockerfile parses, its stages exist, and BuildKit's rules hold.
 * https://docs.docker.com/reference/build-checks/
 */
export async function checkBuild(
  build: BuildInputs,
  { shell, signal }: { readonly shell: Shell; readonly signal: AbortSignal },
): Promise<readonly BuildCheck[]> {
  const args = [
    'buildx',
    'build',
    '--call=check',
    '--progress=plain',
    ...(build.builder ? [`--builder=${build.builder}`] : []),
    ...(build.file ? [`--file=${build.file}`] : []),
    ...(build.target ? [`--target=${build.target}`] : []),
    ...build.buildArgs.flatMap((value) => ['--build-arg', value]),
    ...build.buildContexts.flatMap((value) => ['--build-context', value]),
    build.context,
  ];
  try {
    const { exitCode, stdout, stderr } = await shell.run('docker', args, { signal });
    return read(exitCode, stdout, stderr);
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code !== 'TOOL_MISSING' && code !== 'UNAVAILABLE') throw thrown;
    return [{ status: 'skip', text: `build: not checked. ${message}` }];
  }
}

function read(exitCode: number, stdout: string, stderr: string): BuildCheck[] {
  const warnings = [...stdout.matchAll(/^WARNING: (\S+) - (\S+)\n(.*)\n(\S+:\d+)?/gm)].map(
    ([, rule = '', link = '', text = '', place = '']): BuildCheck => ({
      status: 'warn',
      text: `build: ${place ? `${place}: ` : ''}${text} (${rule}, ${link})`,
    }),
  );
  if (warnings.length > 0) return warnings;
  if (exitCode === 0) return [{ status: 'ok', text: 'build: the Dockerfile is in order' }];
  const output = `${stdout}\n${stderr}`;
  if (/cannot connect|is not a docker command|unknown flag: --call|error during connect/i.test(output))
    return [{ status: 'skip', text: `build: not checked. ${rootCauseLine(output)}` }];
  return [{ status: 'bad', text: `build: ${rootCauseLine(output)}` }];
}
