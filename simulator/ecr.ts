import { page } from './ecs/operations.ts';
import type { Registry, SimRepository, StoredManifest } from './registry.ts';
import { ApiException, type CallContext, type Service } from './service.ts';
import { requestProblem } from './shapes.ts';

type Input = Readonly<Record<string, unknown>>;
interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

/** Amazon ECR's control plane over the registry that docker talks to. `host` is where that registry answers. */
export class Ecr implements Service {
  readonly name = 'ecr';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921';
  host = '127.0.0.1';
  /** Where layers are downloaded from, as `https://host`; without it from `host`, or in process from the URL itself. */
  layerOrigin: string | undefined;
  readonly #registry: Registry;
  /** What CreateRepository was told and DescribeRepositories repeats. */
  readonly #settings = new Map<string, Input>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-ecr'));
    if (wrong) throw new ApiException('SerializationException', wrong);
    const handler = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    if (!handler) throw new ApiException('UnknownOperationException', `The simulator does not know ecr:${operation}.`);
    return handler(input, context);
  }

  readonly #operations: Readonly<Record<string, (input: Input, context: CallContext) => object>> = {
    GetAuthorizationToken: () => ({
      authorizationData: [
        {
          authorizationToken: Buffer.from(`AWS:${this.#registry.password}`).toString('base64'),
          expiresAt: Math.floor(Date.now() / 1000) + 12 * 3600,
          proxyEndpoint: `http://${this.host}`,
        },
      ],
    }),
    DescribeRepositories: (input, context) => {
      const names = (input.repositoryNames ?? [...this.#registry.repositories.keys()]) as string[];
      const [some, next] = page(names, input, { usual: 100, most: 1000 });
      return { repositories: some.map((name) => this.#describe(name, context)), ...next };
    },
    CreateRepository: (input, context) => this.#create(input, context),
    DeleteRepository: ({ repositoryName, force }, context) => {
      const name = String(repositoryName);
      const repository = this.#describe(name, context);
      if (this.#repository(name).manifests.size > 0 && force !== true) {
        throw new ApiException(
          'RepositoryNotEmptyException',
          `The repository with name '${name}' in registry with id '${context.accountId}' cannot be deleted because it still contains images`,
        );
      }
      this.#registry.repositories.delete(name);
      return { repository };
    },
    BatchGetImage: (input, context) => this.#images(input, context),
    PutImage: (input, context) => this.#put(input, context),
    DescribeImages: (input, context) => this.#describeImages(input, context),
    ListImages: (input) => {
      const { tags, manifests } = this.#repository(String(input.repositoryName));
      const tagged = [...tags].map(([imageTag, imageDigest]) => ({ imageTag, imageDigest }));
      const known = new Set(tags.values());
      const untagged = [...manifests.keys()].flatMap((imageDigest) =>
        known.has(imageDigest) ? [] : [{ imageDigest }],
      );
      const { tagStatus = 'ANY' } = (input.filter ?? {}) as { tagStatus?: string };
      const shown = tagStatus === 'TAGGED' ? tagged : tagStatus === 'UNTAGGED' ? untagged : [...tagged, ...untagged];
      const [imageIds, next] = page<ImageId>(shown, input, { usual: 100, most: 1000 });
      return { imageIds, ...next };
    },
    BatchDeleteImage: (input) => this.#delete(input),
    BatchCheckLayerAvailability: ({ repositoryName, layerDigests }) => {
      this.#repository(String(repositoryName));
      const layers = (layerDigests as string[]).map((layerDigest) => {
        const blob = this.#registry.blobs.get(layerDigest);
        const availability = blob ? { layerAvailability: 'AVAILABLE', layerSize: blob.length } : undefined;
        return { layerDigest, ...(availability ?? { layerAvailability: 'UNAVAILABLE' }) };
      });
      return { layers, failures: [] };
    },
    GetDownloadUrlForLayer: ({ repositoryName, layerDigest }) => {
      this.#repository(String(repositoryName));
      const blob = this.#registry.blobs.get(String(layerDigest));
      if (!blob) throw new ApiException('LayersNotFoundException', 'The specified layers could not be found.');
      const origin = this.layerOrigin ?? (this.host.includes(':') ? `http://${this.host}` : undefined);
      const downloadUrl = origin
        ? origin + this.#registry.presigned(String(layerDigest))
        : `data:application/octet-stream;base64,${blob.toString('base64')}`;
      return { downloadUrl, layerDigest };
    },
  };

  #repository(name: string): SimRepository {
    const found = this.#registry.repositories.get(name);
    if (found) return found;
    throw new ApiException(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${this.#registry.accountId}'`,
    );
  }

  #describe(name: string, { region, partition, accountId }: CallContext): object {
    const { immutable } = this.#repository(name);
    return {
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
      imageTagMutability: immutable ? 'IMMUTABLE' : 'MUTABLE',
      ...this.#settings.get(name),
      repositoryArn: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`,
      registryId: accountId,
      repositoryName: name,
      repositoryUri: `${this.host}/${name}`,
    };
  }

  #create(input: Input, context: CallContext): object {
    const { repositoryName, imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters = [] } = input;
    const name = String(repositoryName);
    if (!/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) {
      throw new ApiException(
        'InvalidParameterException',
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`,
      );
    }
    if (this.#registry.repositories.has(name)) {
      throw new ApiException(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`,
      );
    }
    const mutability = String(imageTagMutability);
    const filters = imageTagMutabilityExclusionFilters as readonly { filter: string }[];
    if (mutability.endsWith('WITH_EXCLUSION') !== filters.length > 0) {
      throw new ApiException(
        'InvalidParameterException',
        "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'exclusion filters go with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION, and only with them'",
      );
    }
    const repository = this.#registry.create(name, mutability.startsWith('IMMUTABLE'));
    repository.excludedTags = filters.map(({ filter }) => filter);
    this.#settings.set(name, {
      imageTagMutability: mutability,
      createdAt: Math.floor(Date.now() / 1000),
      ...(filters.length > 0 ? { imageTagMutabilityExclusionFilters: filters } : {}),
      ...(input.imageScanningConfiguration ? { imageScanningConfiguration: input.imageScanningConfiguration } : {}),
      ...(input.encryptionConfiguration ? { encryptionConfiguration: input.encryptionConfiguration } : {}),
    });
    return { repository: this.#describe(name, context) };
  }

  #images({ repositoryName, imageIds, acceptedMediaTypes }: Input, { accountId }: CallContext): object {
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

  #put(input: Input, { accountId }: CallContext): object {
    const name = String(input.repositoryName);
    const repository = this.#repository(name);
    const body = Buffer.from(String(input.imageManifest));
    const mediaType = String(input.imageManifestMediaType ?? JSON.parse(String(input.imageManifest)).mediaType ?? '');
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
      this.#registry.put(repository, tag ?? digest, body, mediaType);
    } catch (thrown) {
      throw asApiException(thrown, mediaType);
    }
    const id = { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) };
    const stored = { digest, body, mediaType };
    return { image: describeManifest(stored, { name, accountId, id }) };
  }

  #describeImages(input: Input, { accountId }: CallContext): object {
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
  #delete({ repositoryName, imageIds }: Input): object {
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
