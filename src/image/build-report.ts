import { defined, type EcrRepository, type ImageManifest, isObject, type Json, type JsonObject } from '../model.ts';
import type { Ecr } from '../ports.ts';
import { parseSteps } from './build-output.ts';
import { type BuildReport, type Image, normalisePlatform, platformOf } from './image.ts';

/** `[linux/arm64 build 2/7] `, `[linux/amd64->arm64 2/7] `, `[build 2/7] `: the platform it runs on, and for which. */
const INSTRUCTION = /^\[(?:([a-z]+\/[a-z0-9/]+)(?:->([a-z0-9/]+))? )?(?:\S+ )?\d+\/\d+\] /;

/**
 * Steps, cache hits and seconds for each platform, from what BuildKit printed. BuildKit names no platform in a build
 * for one, nor for a RUN on `scratch`, of which it prints the same line once for each platform: they are counted in order.
 * @param output of the attempt that ended well
 */
export function reportBuild(output: string, platforms: readonly string[], seconds: number): BuildReport {
  const unnamed = new Map<string, number>();
  const steps = parseSteps(output).flatMap((step) => {
    const [whole, named, target] = INSTRUCTION.exec(step.title) ?? [];
    if (whole === undefined) return [];
    const earlier = unnamed.get(step.title) ?? 0;
    if (named === undefined) unnamed.set(step.title, earlier + 1);
    const runs = named ?? platforms[earlier % platforms.length] ?? '';
    const full = target === undefined || target.includes('/') ? (target ?? runs) : `${runs.split('/')[0]}/${target}`;
    return [{ ...step, platform: normalisePlatform(full) }];
  });
  return {
    seconds,
    platforms: platforms.map((platform) => {
      const own = steps.filter((step) => step.platform === platform);
      const took = own.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
      const cached = own.filter(({ state }) => state === 'cached').length;
      return { platform, steps: own.length, cached, seconds: Math.round(took * 10) / 10 };
    }),
  };
}

/**
 * The same image with its size for each platform, and that of the image that ran before in the same repository. Two calls to ECR;
 * where they are denied (ecr:BatchGetImage) or fail, the sizes are left out.
 * @param before digest of the index or image
 */
export async function withSizes(image: Image, before: string | undefined, ecr: Ecr): Promise<Image> {
  const { build, digest, ecr: repository, platforms } = image;
  if (!build || !digest || !repository) return image;
  try {
    const found = await ecr.getImages(repository, [...new Set([digest, before ?? digest])]);
    const sizesOf = async (id: string | undefined): Promise<ReadonlyMap<string, number>> =>
      sizes(id === undefined ? undefined : found.get(id), { only: platforms?.[0], repository }, ecr);
    const [now, then] = await Promise.all([sizesOf(digest), sizesOf(before)]);
    const measured = build.platforms.map((one) => ({
      ...one,
      ...defined({ bytes: now.get(one.platform), bytesBefore: then.get(one.platform) }),
    }));
    return { ...image, build: { ...build, platforms: measured } };
  } catch {
    return image; // a report, nothing more
  }
}

async function sizes(
  image: ImageManifest | undefined,
  { only, repository }: { readonly only: string | undefined; readonly repository: EcrRepository },
  ecr: Ecr,
): Promise<ReadonlyMap<string, number>> {
  if (!image) return new Map();
  const { manifests } = image.manifest;
  if (!Array.isArray(manifests)) return new Map(sizeOf(image.manifest).map((bytes) => [only ?? '', bytes]));
  const children = manifests.flatMap((child: Json) =>
    isObject(child) && isObject(child.platform) && typeof child.digest === 'string'
      ? platformOf(child.platform).map((platform) => [platform, child.digest as string] as const)
      : [],
  );
  const found = await ecr.getImages(
    repository,
    children.map(([, digest]) => digest),
  );
  return new Map(
    children.flatMap(([platform, digest]) =>
      sizeOf(found.get(digest)?.manifest ?? {}).map((bytes) => [platform, bytes] as const),
    ),
  );
}

/** Config and layers of a manifest; nothing where it does not say. */
function sizeOf({ config, layers }: JsonObject): number[] {
  const parts = [config, ...(Array.isArray(layers) ? layers : [])];
  const bytes = parts.map((part: Json | undefined) =>
    isObject(part) && typeof part.size === 'number' ? part.size : Number.NaN,
  );
  const sum = bytes.reduce((a, b) => a + b, 0);
  return Number.isFinite(sum) ? [sum] : [];
}
