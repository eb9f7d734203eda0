import type { ImageInputs } from '../inputs/types.ts';
import { PUBLIC_ECR, parseEcrHost, parseReference } from './reference.ts';

/** A program with its arguments. */
type Command = readonly [program: string, ...args: string[]];

/** The builder as it is, with all its nodes. */
export const inspectCommand = (...args: readonly string[]): Command => ['docker', 'buildx', 'inspect', ...args];

/** Which buildx this is. */
export const VERSION_COMMAND: Command = ['docker', 'buildx', 'version'];

/**
 * What docker is asked first for an image, and what takes the longest of all that precedes it: started before the libraries of AWS
 * are loaded, it runs beside that.
 */
export function commandsAhead(image: ImageInputs): readonly Command[] {
  if (image.kind === 'digests') return logsIn(image.repository) ? [VERSION_COMMAND] : [];
  if (image.kind !== 'build') return [];
  const { repository, builder, builderNodes } = image.build;
  const inspect = builderNodes ? [] : [inspectCommand(...(builder ? [builder] : []))];
  return logsIn(repository) ? [...inspect, VERSION_COMMAND] : inspect;
}

/** Whether the run logs in to the repository, as it does for ECR, public or private. */
function logsIn(repository: string): boolean {
  const { host } = parseReference(repository);
  return host === undefined || host === PUBLIC_ECR || parseEcrHost(host) !== undefined;
}
