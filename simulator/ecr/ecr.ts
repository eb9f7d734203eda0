import { ApiException, type CallContext, page, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';
import { Images, repositoryOf } from './images.ts';
import type { Registry, SimRepository } from './registry.ts';

type Input = Readonly<Record<string, unknown>>;
/** Amazon ECR's control plane over the registry that docker talks to. `host` is where that registry answers. */
export class Ecr implements Service {
  readonly name = 'ecr';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921';
  host = '127.0.0.1';
  /** Where layers are downloaded from, as `https://host`; without it from `host`, or in process from the URL itself. */
  layerOrigin: string | undefined;
  readonly #registry: Registry;
  readonly #images: Images;
  /** Members of CreateRepository that DescribeRepositories returns. */
  readonly #settings = new Map<string, Input>();

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#images = new Images(registry);
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
    PutImageTagMutability: (input, context) => {
      const name = String(input.repositoryName);
      const repository = this.#repository(name);
      repository.excludedTags = excludedBy(input);
      repository.immutable = String(input.imageTagMutability).startsWith('IMMUTABLE');
      return { registryId: context.accountId, repositoryName: name, ...mutabilityOf(repository) };
    },
    BatchGetImage: (input, context) => this.#images.get(input, context),
    PutImage: (input, context) => this.#images.put(input, context),
    DescribeImages: (input, context) => this.#images.describe(input, context),
    ListImages: (input) => this.#images.list(input),
    BatchDeleteImage: (input) => this.#images.delete(input),
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
    return repositoryOf(this.#registry, name);
  }

  #describe(name: string, { region, partition, accountId }: CallContext): object {
    return {
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
      ...this.#settings.get(name),
      ...mutabilityOf(this.#repository(name)),
      repositoryArn: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`,
      registryId: accountId,
      repositoryName: name,
      repositoryUri: `${this.host}/${name}`,
    };
  }

  #create(input: Input, context: CallContext): object {
    const { repositoryName, imageTagMutability = 'MUTABLE' } = input;
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
    const excludedTags = excludedBy(input);
    const repository = this.#registry.create(name, String(imageTagMutability).startsWith('IMMUTABLE'));
    repository.excludedTags = excludedTags;
    this.#settings.set(name, {
      createdAt: Math.floor(Date.now() / 1000),
      ...(input.imageScanningConfiguration ? { imageScanningConfiguration: input.imageScanningConfiguration } : {}),
      ...(input.encryptionConfiguration ? { encryptionConfiguration: input.encryptionConfiguration } : {}),
    });
    return { repository: this.#describe(name, context) };
  }
}

/** As DescribeRepositories shows it. */
function mutabilityOf({ immutable, excludedTags = [] }: SimRepository): object {
  const mode = immutable ? 'IMMUTABLE' : 'MUTABLE';
  if (excludedTags.length === 0) return { imageTagMutability: mode };
  const imageTagMutabilityExclusionFilters = excludedTags.map((filter) => ({ filterType: 'WILDCARD', filter }));
  return { imageTagMutability: `${mode}_WITH_EXCLUSION`, imageTagMutabilityExclusionFilters };
}

/**
 * The filters of a request: only with *_WITH_EXCLUSION and then needed, at most five, each with two wildcards at most.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
function excludedBy({ imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters = [] }: Input): string[] {
  const filters = (imageTagMutabilityExclusionFilters as readonly { filter: string }[]).map(({ filter }) => filter);
  const constraint =
    String(imageTagMutability).endsWith('WITH_EXCLUSION') !== filters.length > 0
      ? 'exclusion filters go with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION, and only with them'
      : filters.length > 5
        ? 'at most 5 filters'
        : filters.some((filter) => !/^[0-9a-zA-Z._*-]{1,128}$/.test(filter) || filter.split('*').length > 3)
          ? 'a filter has letters, digits, `.`, `_`, `-` and at most 2 wildcards'
          : undefined;
  if (constraint === undefined) return filters;
  throw new ApiException(
    'InvalidParameterException',
    `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: '${constraint}'`,
  );
}
