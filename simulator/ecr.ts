import type { Registry } from './registry.ts';
import { ApiException, type CallContext, type Service } from './service.ts';

type Input = Readonly<Record<string, unknown>>;

/** Amazon ECR's control plane over the registry that docker talks to. `host` is where that registry answers. */
export class Ecr implements Service {
  readonly name = 'ecr';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921';
  host = '127.0.0.1';
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  handle(operation: string, input: Input, context: CallContext): object {
    switch (operation) {
      case 'GetAuthorizationToken':
        return {
          authorizationData: [
            {
              authorizationToken: Buffer.from(`AWS:${this.#registry.password}`).toString('base64'),
              expiresAt: Math.floor(Date.now() / 1000) + 12 * 3600,
              proxyEndpoint: `http://${this.host}`,
            },
          ],
        };
      case 'DescribeRepositories': {
        const names = (input.repositoryNames ?? [...this.#registry.repositories.keys()]) as string[];
        return { repositories: names.map((name) => this.#describe(name, context)) };
      }
      case 'CreateRepository':
        return this.#create(input, context);
      case 'BatchGetImage':
        return this.#images(input);
      case 'DescribeImages':
        return this.#describeImages(String(input.repositoryName));
      case 'GetDownloadUrlForLayer':
        return this.#layer(input);
      default:
        throw new ApiException('UnknownOperationException', `The simulator does not know ecr:${operation}.`);
    }
  }

  #repository(name: string) {
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
      repositoryArn: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`,
      registryId: accountId,
      repositoryName: name,
      repositoryUri: `${this.host}/${name}`,
      imageTagMutability: immutable ? 'IMMUTABLE' : 'MUTABLE',
    };
  }

  #create({ repositoryName, imageTagMutability }: Input, context: CallContext): object {
    const name = String(repositoryName);
    if (this.#registry.repositories.has(name)) {
      throw new ApiException(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`,
      );
    }
    this.#registry.create(name, imageTagMutability === 'IMMUTABLE');
    return { repository: this.#describe(name, context) };
  }

  #images({ repositoryName, imageIds }: Input): object {
    const name = String(repositoryName);
    this.#repository(name);
    const ids = imageIds as { imageTag?: string; imageDigest?: string }[];
    const found = ids.map((id) => ({ id, image: this.#registry.find(name, id.imageDigest ?? id.imageTag ?? '') }));
    return {
      images: found.flatMap(({ id, image }) =>
        image
          ? [
              {
                repositoryName: name,
                imageId: { ...id, imageDigest: image.digest },
                imageManifest: image.body.toString('utf8'),
                imageManifestMediaType: image.mediaType,
              },
            ]
          : [],
      ),
      failures: found.flatMap(({ id, image }) =>
        image ? [] : [{ imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' }],
      ),
    };
  }

  #describeImages(name: string): object {
    const { manifests, tags } = this.#repository(name);
    return {
      imageDetails: [...manifests.values()].map(({ digest, mediaType, body }) => ({
        repositoryName: name,
        imageDigest: digest,
        imageManifestMediaType: mediaType,
        imageSizeInBytes: body.length,
        imageTags: [...tags].flatMap(([tag, of]) => (of === digest ? [tag] : [])),
      })),
    };
  }

  #layer({ repositoryName, layerDigest }: Input): object {
    this.#repository(String(repositoryName));
    const blob = this.#registry.blobs.get(String(layerDigest));
    if (!blob) throw new ApiException('LayersNotFoundException', 'The specified layers could not be found.');
    return { downloadUrl: `data:application/octet-stream;base64,${blob.toString('base64')}`, layerDigest };
  }
}
