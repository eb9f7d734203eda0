import type { Mistake } from '../failure.ts';
import type { JsonObject } from '../world.ts';
import { isObject } from './template.ts';

/** ECS's names of architectures -> the OCI image specification's. ECS's default is X86_64. */
const OCI_ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/** `linux/amd64`: the platform that the task asks for by `runtimePlatform`. */
export function taskPlatform(definition: JsonObject): string {
  const runtime = isObject(definition.runtimePlatform) ? definition.runtimePlatform : {};
  const os = String(runtime.operatingSystemFamily ?? 'LINUX').startsWith('WINDOWS') ? 'windows' : 'linux';
  const architecture = String(runtime.cpuArchitecture ?? 'X86_64');
  return `${os}/${OCI_ARCHITECTURES[architecture] ?? architecture.toLowerCase()}`;
}

/**
 * Whether the image has what the task asks for. EC2 tasks run on whatever the instances are, so without an explicit
 * `runtimePlatform` only Fargate's default of X86_64 is held against the image.
 * @param platforms of the image; undefined when nobody could tell: then nothing is said
 */
export function checkArchitecture(
  definition: JsonObject,
  image: { readonly container: string; readonly platforms: readonly string[] | undefined },
  fargate: boolean,
): Mistake[] {
  const { platforms } = image;
  const explicit = isObject(definition.runtimePlatform) && definition.runtimePlatform.cpuArchitecture !== undefined;
  if (!platforms || platforms.length === 0 || (!explicit && !fargate)) return [];
  const wanted = taskPlatform(definition);
  const has = platforms.some((platform) => platform === wanted || platform.startsWith(`${wanted}/`));
  if (has) return [];
  const [os, architecture] = wanted.split('/');
  const asked = explicit ? 'by runtimePlatform.cpuArchitecture' : 'by default, as it has no runtimePlatform';
  const other = Object.entries(OCI_ARCHITECTURES).find(([, oci]) =>
    platforms.some((p) => p.startsWith(`${os}/${oci}`)),
  )?.[0];
  return [
    {
      subject: `container ${image.container}`,
      problem: `its image is built for ${platforms.join(', ')}, but the task runs on ${wanted} (${asked}).`,
      remedy:
        `Build it for that too (input \`platforms: ${[...new Set([...platforms, `${os}/${architecture}`])].join(',')}\`)` +
        (other ? `, or set runtimePlatform.cpuArchitecture to ${other} in the task definition.` : '.'),
    },
  ];
}
