import { Failure } from '../failure.ts';
import type { Ecr, EcrRepository } from '../world.ts';
import type { Image } from './image.ts';
import { configDigest, indexPlatforms, platformOf } from './platforms.ts';
import { formatReference, parseEcrHost, parseReference, type Reference } from './reference.ts';

/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image
 */
export async function inspectImage(text: string, ecr: Pick<Ecr, 'getImage' | 'getBlob'>): Promise<Image> {
  const reference = parseReference(text);
  const { tag, digest, ...name } = reference;
  const given: Image = {
    reference: text,
    repository: formatReference(name),
    tags: tag ? [tag] : [],
    ...(digest ? { digest } : {}),
  };
  const host = parseEcrHost(reference.host ?? '');
  if (!host) return given;
  const repository = { ...host, name: reference.path };
  const found = await lookUp(repository, reference, ecr);
  if (found === 'unknown') return given;
  if (!found) {
    throw new Failure('NOT_FOUND', `ECR has no image ${text}.`, {
      remedy: 'Look at the tag or digest in the input `image`, and at the region and account in its host.',
    });
  }
  return {
    ...given,
    reference: formatReference({ ...name, digest: found.digest }),
    digest: found.digest,
    platforms: await platformsOf(found.manifest, repository, ecr),
  };
}

async function lookUp(repository: EcrRepository, { tag, digest }: Reference, ecr: Pick<Ecr, 'getImage'>) {
  try {
    return await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
  } catch (thrown) {
    // A role that only deploys needs no right to read ECR; then the image is taken as given.
    if (thrown instanceof Failure && thrown.code === 'ACCESS_DENIED') return 'unknown';
    throw thrown;
  }
}

/** Platforms of an index, or of a single manifest by its config blob. */
export async function platformsOf(
  manifest: Parameters<typeof indexPlatforms>[0],
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getBlob'>,
): Promise<readonly string[]> {
  const platforms = indexPlatforms(manifest);
  if (platforms) return platforms;
  const config = configDigest(manifest);
  return config ? platformOf(await ecr.getBlob(repository, config)) : [];
}
