import type { BuildInputs } from '../inputs/types.ts';
import type { JsonObject } from '../model.ts';
import type { World } from '../ports.ts';
import { requestedPlatform } from '../taskdef/architecture.ts';
import { asStrings, type Template } from '../taskdef/template.ts';
import type { Draft } from './current.ts';

/** What tells the platform of the task, as soon as it does: a file at once, else the service and the rendered definition. */
export interface PlatformSources {
  readonly file: Template | undefined;
  readonly drafting: Promise<Pick<Draft, 'draft' | 'fargate'>>;
}

/**
 * The build for the platform that the task runs on, where the input `platforms` names none: an image for the builder's own
 * platform would be of no use to a task for ARM64. A task that leaves it open (on EC2 without runtimePlatform) gets the
 * builder's own, as before.
 */
export async function withPlatforms(
  build: BuildInputs,
  { file, drafting }: PlatformSources,
  { console }: Pick<World, 'console'>,
): Promise<BuildInputs> {
  if (build.platforms.length > 0) return build;
  const platform = (file && platformIn(file)) ?? platformOfTask(await drafting);
  if (platform === undefined) return build;
  console.line(`The image is for ${platform}, the platform of the task; the input \`platforms\` names others.`);
  return { ...build, platforms: [platform] };
}

const platformOfTask = ({ draft, fargate }: Pick<Draft, 'draft' | 'fargate'>): string | undefined =>
  requestedPlatform(draft, fargate);

/** From the file alone, so that the build need not wait for the service: what it says plainly, without placeholders. */
function platformIn({ definition }: Template): string | undefined {
  const { runtimePlatform, requiresCompatibilities } = definition;
  const told: JsonObject = runtimePlatform === undefined ? {} : { runtimePlatform };
  if (JSON.stringify(told).includes('${')) return undefined;
  const compatibilities = asStrings(requiresCompatibilities);
  return requestedPlatform(told, compatibilities.length === 1 && compatibilities[0] === 'FARGATE');
}
