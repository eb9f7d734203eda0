import { asFailure, Failure } from '../failure.ts';
import type { EcrRepository, JsonObject } from '../model.ts';
import type { Ecr } from '../ports.ts';
import type { Image } from './image.ts';
import { configDigest, indexPlatforms, platformOf } from './platforms.ts';
import { formatReference, parseEcrHost, parseReference, type Reference } from './reference.ts';

/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image or repository
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
  const found = await lookUp(repository, text, reference, ecr);
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
    ...(await knownPlatforms(found.manifest, repository, ecr)),
  };
}

/**
 * The platforms as far as they can be read: a single manifest's config takes one right (ecr:GetDownloadUrlForLayer) and
 * one way (to S3) more than the image itself, and knowing them is a help, not a need.
 */
export async function knownPlatforms(
  manifest: JsonObject,
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getBlob'>,
): Promise<Pick<Image, 'platforms'>> {
  try {
    const platforms = await platformsOf(manifest, repository, ecr);
    return platforms.length > 0 ? { platforms } : {};
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return {};
  }
}

async function lookUp(repository: EcrRepository, text: string, { tag, digest }: Reference, ecr: Pick<Ecr, 'getImage'>) {
  try {
    return await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
  } catch (thrown) {
    // A role that only deploys needs no right to read ECR; then the image is taken as given.
    if (thrown instanceof Failure && thrown.code === 'ACCESS_DENIED') return 'unknown';
    if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') throw noRepository(repository, text, thrown);
    throw thrown;
  }
}

const noRepository = ({ name, registryId, region }: EcrRepository, text: string, cause: Failure): Failure =>
  new Failure(
    'NOT_FOUND',
    `ECR has no repository ${name} in account ${registryId}, region ${region}, which the input \`image\` names (${text}).`,
    {
      remedy:
        'Correct the name, account or region in `image`, or push the image first. To build and push it in this step, give `repository` instead of `image`.',
      cause,
    },
  );

/** Platforms of an index, or of a single manifest by its config blob. */
export async function platformsOf(
  manifest: JsonObject,
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getBlob'>,
): Promise<readonly string[]> {
  const platforms = indexPlatforms(manifest);
  if (platforms) return platforms;
  const config = configDigest(manifest);
  return config ? platformOf(await ecr.getBlob(repository, config)) : [];
}
