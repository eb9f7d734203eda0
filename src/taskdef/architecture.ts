import type { Mistake } from '../failure.ts';
import type { JsonObject } from '../model.ts';
import { isObject } from '../model.ts';
import { textOf } from './template.ts';

/** ECS's names of architectures -> the OCI image specification's. ECS's default is X86_64. */
const OCI_ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['X86_64', 'amd64'],
  ['ARM64', 'arm64'],
]);

/** Of 64 bits is `arm64`. */
const ARM_32 = /^linux\/arm(?:\/|$)/;

/** `linux/amd64`: the platform that the task asks for by `runtimePlatform`. */
export function taskPlatform(definition: JsonObject): string {
  const runtime = isObject(definition.runtimePlatform) ? definition.runtimePlatform : {};
  const os = textOf(runtime.operatingSystemFamily).startsWith('WINDOWS') ? 'windows' : 'linux';
  const architecture = textOf(runtime.cpuArchitecture) || 'X86_64';
  return `${os}/${OCI_ARCHITECTURES.get(architecture) ?? architecture.toLowerCase()}`;
}

/**
 * The Linux platform that the task certainly runs on: undefined where its definition leaves it to the instances (EC2 without
 * cpuArchitecture), for Windows, whose images a Linux builder does not build, and for an architecture that is not one of ECS's.
 */
export function requestedPlatform(definition: JsonObject, fargate: boolean): string | undefined {
  const runtime = isObject(definition.runtimePlatform) ? definition.runtimePlatform : {};
  if (!fargate && runtime.cpuArchitecture === undefined) return undefined;
  const platform = taskPlatform(definition);
  return [...OCI_ARCHITECTURES.values()].some((known) => platform === `linux/${known}`) ? platform : undefined;
}

/**
 * Whether the image has what the task asks for. EC2 tasks run on whatever the instances are, so what `runtimePlatform`
 * leaves open is held against the image on Fargate alone, whose default is LINUX and X86_64.
 * @param platforms of the image, as `linux/arm64/v8`; undefined when the registry could not be asked: then nothing is checked
 */
export function checkArchitecture(
  definition: JsonObject,
  image: { readonly container: string; readonly platforms: readonly string[] | undefined },
  fargate: boolean,
): Mistake[] {
  const { container, platforms } = image;
  if (!platforms || platforms.length === 0) return [];
  const runtime = isObject(definition.runtimePlatform) ? definition.runtimePlatform : {};
  const fixedOs = fargate || runtime.operatingSystemFamily !== undefined;
  const fixedArchitecture = fargate || runtime.cpuArchitecture !== undefined;
  const wanted = taskPlatform(definition);
  const [os = '', architecture = ''] = wanted.split('/');
  const fits = platforms.some((platform) => {
    const [imageOs, imageArchitecture] = platform.split('/');
    return (!fixedOs || imageOs === os) && (!fixedArchitecture || imageArchitecture === architecture);
  });
  if (fits) return [];
  if (fargate && platforms.every((platform) => ARM_32.test(platform)))
    return [
      {
        subject: `container ${container}`,
        problem: `its image is built for ${platforms.join(', ')}, 32-bit ARM. Fargate runs linux/amd64 and linux/arm64 only.`,
        remedy:
          wanted === 'linux/arm64'
            ? 'Did you mean `platforms: linux/arm64`?'
            : 'Did you mean `platforms: linux/arm64`? The task then needs `"runtimePlatform": {"cpuArchitecture": "ARM64"}` too.',
      },
    ];
  const field = ['cpuArchitecture', 'operatingSystemFamily'].find((name) => runtime[name] !== undefined);
  const asked = field ? `by runtimePlatform.${field}` : 'by default, as it has no runtimePlatform';
  const other = [...OCI_ARCHITECTURES].find(([, oci]) =>
    platforms.some((platform) => `${platform}/`.startsWith(`${os}/${oci}/`)),
  )?.[0];
  return [
    {
      subject: `container ${container}`,
      problem: `its image is built for ${platforms.join(', ')}, but the task runs on ${wanted} (${asked}).`,
      remedy:
        `Build it for that too (input \`platforms: ${[...platforms, wanted].join(',')}\`)` +
        (other ? `, or set runtimePlatform.cpuArchitecture to ${other} in the task definition.` : '.'),
    },
  ];
}
