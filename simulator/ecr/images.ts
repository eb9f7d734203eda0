import { ApiException, type CallContext, page } from '../wire/service.ts';
import type { Registry, SimRepository, StoredManifest } from './registry.ts';

type Input = Readonly<Record<string, unknown>>;
interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** @throws RepositoryNotFoundException */
export function repositoryOf({ repositories, accountId }: Registry, name: string): SimRepository {
  const found = repositories.get(name);
  if (found) return found;
  throw new ApiException(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${accountId}'`,
  );
}

/** How ECR says that a parameter is not as it should be. */
export const invalidParameter = (name: string, constraint: string): ApiException =>
  new ApiException(
    'InvalidParameterException',
    `Invalid parameter at '${name}' failed to satisfy constraint: '${constraint}'`,
  );

/** @throws InvalidParameterException in the words that users of PutImage report */
function mediaTypeIn(manifest: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(manifest);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return (parsed as { mediaType?: string }).mediaType;
  } catch {}
  throw invalidParameter('ImageManifest', 'Invalid JSON syntax');
}

/** Images of ECR's repositories: put, got, listed, described and deleted by tag or digest. */
export class Images {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  #repository(name: string): SimRepository {
    return repositoryOf(this.#registry, name);
  }

  list(input: Input): object {
    const { tags, manifests } = this.#repository(String(input.repositoryName));
    const tagged = [...tags].map(([imageTag, imageDigest]) => ({ imageTag, imageDigest }));
    const known = new Set(tags.values());
    const untagged = [...manifests.keys()].flatMap((imageDigest) => (known.has(imageDigest) ? [] : [{ imageDigest }]));
    const { tagStatus = 'ANY' } = (input.filter ?? {}) as { tagStatus?: string };
    const shown = tagStatus === 'TAGGED' ? tagged : tagStatus === 'UNTAGGED' ? untagged : [...tagged, ...untagged];
    const [imageIds, next] = page<ImageId>(shown, input, { usual: 100, most: 1000 });
    return { imageIds, ...next };
  }

  get({ repositoryName, imageIds, acceptedMediaTypes }: Input, { accountId }: CallContext): object {
    const name = String(repositoryName);
    this.#repository(name);
    const accepted = acceptedMediaTypes as readonly string[] | undefined;
    const images: object[] = [];
    const failures: object[] = [];
    for (const id of imageIds as ImageId[]) {
      const image = this.#registry.find(name, id.imageDigest ?? id.imageTag ?? '');
      if (!image) failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason: NOT_FOUND });
      else if (accepted && !accepted.includes(image.mediaType)) {
        failures.push({
          imageId: id,
          failureCode: 'UnsupportedImageType',
          failureReason: `The image's media type ${image.mediaType} is not among those that were accepted`,
        });
      } else images.push(describeManifest(image, { name, accountId, id }));
    }
    return { images, failures };
  }

  put(input: Input, { accountId }: CallContext): object {
    const name = String(input.repositoryName);
    const repository = this.#repository(name);
    const body = Buffer.from(String(input.imageManifest));
    const inManifest = mediaTypeIn(String(input.imageManifest));
    const mediaType = String(input.imageManifestMediaType ?? inManifest ?? '');
    // "If you push an image manifest that does not contain the mediaType field, you must specify the imageManifestMediaType."
    if (mediaType === '') throw invalidParameter('imageManifestMediaType', 'must not be null');
    if (!/^[\w.-]{1,300}$/.test(String(input.imageTag ?? 'latest')))
      throw invalidParameter('imageTag', "must satisfy regular expression '[a-zA-Z0-9-_.]{1,300}'");
    const digest = this.#registry.digestOf(body);
    if (input.imageDigest !== undefined && input.imageDigest !== digest) {
      throw new ApiException(
        'ImageDigestDoesNotMatchException',
        `The calculated digest ${digest} does not match the given ${String(input.imageDigest)}`,
      );
    }
    const tag = input.imageTag === undefined ? undefined : String(input.imageTag);
    const there = tag === undefined ? repository.manifests.has(digest) : repository.tags.get(tag) === digest;
    if (there) {
      throw new ApiException(
        'ImageAlreadyExistsException',
        `Image with digest '${digest}' and tag '${tag ?? ''}' already exists in the repository with name '${name}' in registry with id '${accountId}'`,
      );
    }
    try {
      this.#registry.put(repository, tag ?? digest, { body, mediaType });
    } catch (thrown) {
      throw asApiException(thrown, mediaType);
    }
    const id = { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) };
    const stored = { digest, body, mediaType };
    return { image: describeManifest(stored, { name, accountId, id }) };
  }

  describe(input: Input, { accountId }: CallContext): object {
    const name = String(input.repositoryName);
    const { manifests, tags } = this.#repository(name);
    const ids = input.imageIds as readonly ImageId[] | undefined;
    const wanted = ids?.map((id) => {
      const found = this.#registry.find(name, id.imageDigest ?? id.imageTag ?? '');
      if (found) return found;
      throw new ApiException(
        'ImageNotFoundException',
        `The image with imageId {imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'} does not exist within the repository with name '${name}' in the registry with id '${accountId}'`,
      );
    });
    const { tagStatus = 'ANY' } = (input.filter ?? {}) as { tagStatus?: string };
    const shown = (wanted ?? [...manifests.values()])
      .map((manifest) => ({
        manifest,
        imageTags: [...tags].flatMap(([tag, of]) => (of === manifest.digest ? [tag] : [])),
      }))
      .filter(({ imageTags }) => tagStatus === 'ANY' || imageTags.length > 0 === (tagStatus === 'TAGGED'));
    const [some, next] = page(shown, input, { usual: 100, most: 1000 });
    return {
      imageDetails: some.map(({ manifest, imageTags }) => ({
        registryId: accountId,
        repositoryName: name,
        imageDigest: manifest.digest,
        ...(imageTags.length > 0 ? { imageTags } : {}),
        imageManifestMediaType: manifest.mediaType,
        imageSizeInBytes: manifest.body.length,
        imagePushedAt: manifest.pushedAt ?? 0,
        imageStatus: 'ACTIVE',
      })),
      ...next,
    };
  }

  /** By tag: the tag goes, and the image with its last one. By digest: the image and all its tags. */
  delete({ repositoryName, imageIds }: Input): object {
    const name = String(repositoryName);
    const { manifests, tags } = this.#repository(name);
    const deleted: ImageId[] = [];
    const failures: object[] = [];
    for (const id of imageIds as ImageId[]) {
      const image = this.#registry.find(name, id.imageDigest ?? id.imageTag ?? '');
      if (!image) {
        failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason: NOT_FOUND });
        continue;
      }
      const { digest } = image;
      const holder = [...manifests.values()].find(({ body }) => body.includes(digest));
      const gone = [...tags].filter(([tag, of]) => of === digest && (id.imageTag ?? tag) === tag);
      const last = [...tags.values()].filter((of) => of === digest).length === gone.length;
      if (last && holder) {
        const failureReason = `Requested image referenced by manifest list: [${holder.digest}]`;
        failures.push({ imageId: id, failureCode: 'ImageReferencedByManifestList', failureReason });
        continue;
      }
      for (const [tag] of gone) tags.delete(tag);
      if (last) manifests.delete(digest);
      deleted.push(
        ...(gone.length > 0
          ? gone.map(([imageTag]) => ({ imageDigest: digest, imageTag }))
          : [{ imageDigest: digest }]),
      );
    }
    return { imageIds: deleted, failures };
  }
}

const NOT_FOUND = 'Requested image not found';

const describeManifest = (
  { digest, body, mediaType }: StoredManifest,
  { name, accountId, id }: { readonly name: string; readonly accountId: string; readonly id: ImageId },
): object => ({
  registryId: accountId,
  repositoryName: name,
  imageId: { ...id, imageDigest: digest },
  imageManifest: body.toString('utf8'),
  imageManifestMediaType: mediaType,
});

/** The registry's refusals in the words of the control plane. */
function asApiException(thrown: unknown, mediaType: string): unknown {
  const { code, message } = thrown as { code?: string; message?: string };
  const index = /index\.v1|manifest\.list/.test(mediaType);
  switch (code) {
    case 'TAG_INVALID':
      return new ApiException('ImageTagAlreadyExistsException', message ?? '');
    case 'BLOB_UNKNOWN':
      return new ApiException(index ? 'ReferencedImagesNotFoundException' : 'LayersNotFoundException', message ?? '');
    case 'TOOMANYREQUESTS':
      return new ApiException('ThrottlingException', 'Rate exceeded');
    default:
      return thrown;
  }
}
