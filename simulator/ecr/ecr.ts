import { ApiException, type CallContext, page, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';
import { authorize } from './access.ts';
import { Images, invalidParameter, repositoryOf } from './images.ts';
import { Policies } from './policies.ts';
import { PUBLIC_ACCOUNT, PUBLIC_HOST } from './public.ts';
import { Registry, type SimRepository, type Tokens } from './registry.ts';
import { ImageStatuses } from './statuses.ts';

type Input = Readonly<Record<string, unknown>>;
/**
 * Amazon ECR's control plane over the registries that docker talks to; `host` is where that of this account answers. Every
 * account has a registry in each region; those of other accounts can be read where a repository's policy allows it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export class Ecr implements Service {
  readonly name = 'ecr';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921';
  host = '127.0.0.1';
  /** The quota "Registered repositories". */
  repositoriesAtMost = 100_000;
  readonly #registry: Registry;
  readonly #tokens: Tokens;
  /** public.ecr.aws: everyone may pull. */
  readonly public: Registry;
  /** By `account/region`. */
  readonly #others = new Map<string, Registry>();
  /** Members of CreateRepository that DescribeRepositories returns. */
  readonly #settings = new WeakMap<SimRepository, Input>();
  readonly #tags = new WeakMap<SimRepository, readonly Input[]>();
  /** Rules of pull-through caches, in every registry. Nothing is fetched: what a cache has is pushed by tests. */
  readonly pullThroughRules: { readonly ecrRepositoryPrefix: string; readonly upstreamRegistryUrl: string }[] = [];
  readonly policies = new Policies();
  readonly statuses = new ImageStatuses();

  /** @param registry of this account, in every region that has none of its own */
  constructor(registry: Registry, tokens: Tokens) {
    this.#registry = registry;
    this.public = new Registry(PUBLIC_ACCOUNT, tokens, { isPublic: true });
    this.#tokens = tokens;
  }

  /** Where layers are downloaded from, as `https://host`; without it from `host`, or in process from the URL itself. */
  get layerOrigin(): string | undefined {
    return this.#registry.layerOrigin;
  }
  set layerOrigin(origin: string | undefined) {
    this.#registry.layerOrigin = origin;
  }

  /** Another account's registry, or that of this account in one region alone; made when it is asked for the first time. */
  registryOf(accountId: string, region: string): Registry {
    const key = `${accountId}/${region}`;
    const found = this.#others.get(key) ?? new Registry(accountId, this.#tokens, { region });
    this.#others.set(key, found);
    return found;
  }

  /** The registry that docker asks by this name. */
  byHost(host: string): Registry {
    if (host === PUBLIC_HOST) return this.public;
    const [, accountId = '', region = ''] = /^(\d{12})\.dkr[.-]ecr\.([\w-]+)\./.exec(host) ?? [];
    return this.#others.get(`${accountId}/${region}`) ?? this.#registry;
  }

  /** @throws RepositoryNotFoundException for the registry of an account that has none here */
  #registryFor(
    operation: string,
    { registryId, repositoryName, repositoryNames }: Input,
    context: CallContext,
  ): Registry {
    const accountId = String(registryId ?? context.accountId);
    const own = accountId === this.#registry.accountId ? this.#registry : undefined;
    const registry = this.#others.get(`${accountId}/${context.region}`) ?? own ?? new Registry(accountId, this.#tokens);
    const [name = repositoryName] = (repositoryNames ?? []) as readonly unknown[];
    const repository = registry.repositories.get(String(name));
    // What does not exist is not found, before the right to see it is checked; all of another account's belongs to no principal.
    if (repository || (name === undefined && accountId !== context.accountId))
      authorize(repository?.policy, { operation, context, owner: accountId, name: String(name ?? '*') });
    return registry;
  }

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-ecr'));
    if (wrong?.kind === 'malformed') throw new ApiException('SerializationException', wrong.words);
    if (wrong) throw invalidParameter(wrong.path, 'must not be null');
    const { imageIds } = input;
    if (Array.isArray(imageIds) && (imageIds.length < 1 || imageIds.length > 100))
      throw invalidParameter('imageIds', 'Member must have length between 1 and 100');
    const handler = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    if (!handler) throw new ApiException('UnknownOperationException', `The simulator does not know ecr:${operation}.`);
    const registry =
      operation === 'GetAuthorizationToken' ? this.#registry : this.#registryFor(operation, input, context);
    return handler(input, { ...context, accountId: registry.accountId }, registry);
  }

  readonly #operations: Readonly<Record<string, (input: Input, context: CallContext, registry: Registry) => object>> = {
    GetAuthorizationToken: () => {
      const { password, expiresAt } = this.#tokens.issue();
      return {
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
            expiresAt,
            proxyEndpoint: `http://${this.host}`,
          },
        ],
      };
    },
    DescribeRepositories: (input, context, registry) => {
      const names = (input.repositoryNames ?? [...registry.repositories.keys()]) as string[];
      const [some, next] = page(names, input, { usual: 100, most: 1000 });
      return { repositories: some.map((name) => this.#describe(registry, name, context)), ...next };
    },
    CreateRepository: (input, context, registry) => this.#create(input, context, registry),
    DeleteRepository: ({ repositoryName, force }, context, registry) => {
      const name = String(repositoryName);
      const repository = this.#describe(registry, name, context);
      if (repositoryOf(registry, name).manifests.size > 0 && force !== true) {
        throw new ApiException(
          'RepositoryNotEmptyException',
          `The repository with name '${name}' in registry with id '${context.accountId}' cannot be deleted because it still contains images`,
        );
      }
      registry.repositories.delete(name);
      return { repository };
    },
    PutImageTagMutability: (input, context, registry) => {
      const name = String(input.repositoryName);
      const repository = repositoryOf(registry, name);
      repository.excludedTags = excludedBy(input);
      repository.immutable = String(input.imageTagMutability).startsWith('IMMUTABLE');
      return { registryId: context.accountId, repositoryName: name, ...mutabilityOf(repository) };
    },
    SetRepositoryPolicy: (input, context, registry) => this.policies.setRepositoryPolicy(input, context, registry),
    GetRepositoryPolicy: (input, context, registry) => this.policies.getRepositoryPolicy(input, context, registry),
    PutLifecyclePolicy: (input, context, registry) => this.policies.putLifecyclePolicy(input, context, registry),
    GetLifecyclePolicy: (input, context, registry) => this.policies.getLifecyclePolicy(input, context, registry),
    StartLifecyclePolicyPreview: (input, context, registry) => this.policies.startPreview(input, context, registry),
    GetLifecyclePolicyPreview: (input, context, registry) => this.policies.getPreview(input, context, registry),
    DescribePullThroughCacheRules: ({ ecrRepositoryPrefixes, ...input }, { accountId: registryId }) => {
      const wanted = ecrRepositoryPrefixes as readonly string[] | undefined;
      const rules = this.pullThroughRules.filter(
        ({ ecrRepositoryPrefix }) => wanted?.includes(ecrRepositoryPrefix) ?? true,
      );
      const missing = wanted?.find(
        (prefix) => !rules.some(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix),
      );
      if (missing !== undefined)
        throw new ApiException(
          'PullThroughCacheRuleNotFoundException',
          `The pull through cache rule with ecrRepositoryPrefix '${missing}' does not exist in the registry with id '${registryId}'`,
        );
      const [some, next] = page(rules, input, { usual: 100, most: 1000 });
      return { pullThroughCacheRules: some.map((rule) => ({ ...rule, registryId })), ...next };
    },
    DescribeImageScanFindings: (input, context, registry) => this.statuses.scan(input, context, registry),
    DescribeImageReplicationStatus: (input, context, registry) => this.statuses.replication(input, context, registry),
    DescribeImageSigningStatus: (input, context, registry) => this.statuses.signing(input, context, registry),
    ListTagsForResource: ({ resourceArn }, _, registry) => {
      const repository = repositoryOf(registry, String(resourceArn).replace(/^.*:repository\//, ''));
      return { tags: this.#tags.get(repository) ?? [] };
    },
    BatchGetImage: (input, context, registry) => new Images(registry).get(input, context),
    PutImage: (input, context, registry) => new Images(registry).put(input, context),
    DescribeImages: (input, context, registry) => new Images(registry).describe(input, context),
    ListImages: (input, _, registry) => new Images(registry).list(input),
    BatchDeleteImage: (input, _, registry) => new Images(registry).delete(input),
    BatchCheckLayerAvailability: ({ repositoryName, layerDigests }, _, registry) => {
      repositoryOf(registry, String(repositoryName));
      const layers = (layerDigests as string[]).map((layerDigest) => {
        const blob = registry.blobs.get(layerDigest);
        const availability = blob ? { layerAvailability: 'AVAILABLE', layerSize: blob.length } : undefined;
        return { layerDigest, ...(availability ?? { layerAvailability: 'UNAVAILABLE' }) };
      });
      return { layers, failures: [] };
    },
    GetDownloadUrlForLayer: ({ repositoryName, layerDigest }, _, registry) => {
      repositoryOf(registry, String(repositoryName));
      const blob = registry.blobs.get(String(layerDigest));
      if (!blob) throw new ApiException('LayersNotFoundException', 'The specified layers could not be found.');
      const origin = this.#registry.originOf(this.host);
      const downloadUrl = origin
        ? origin + registry.presigned(String(layerDigest))
        : `data:application/octet-stream;base64,${blob.toString('base64')}`;
      return { downloadUrl, layerDigest };
    },
  };

  #describe(registry: Registry, name: string, { region, partition, accountId }: CallContext): object {
    const repository = repositoryOf(registry, name);
    return {
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
      ...this.#settings.get(repository),
      ...mutabilityOf(repository),
      repositoryArn: `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`,
      registryId: accountId,
      repositoryName: name,
      repositoryUri: `${registry === this.#registry ? this.host : `${accountId}.dkr.ecr.${region}.amazonaws.com`}/${name}`,
    };
  }

  #create(input: Input, context: CallContext, registry: Registry): object {
    const { repositoryName, imageTagMutability = 'MUTABLE' } = input;
    const name = String(repositoryName);
    if (!/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) {
      throw invalidParameter(
        'repositoryName',
        "must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'",
      );
    }
    if (name.length < 2 || name.length > 256)
      throw invalidParameter('repositoryName', 'Member must have length between 2 and 256');
    if (registry.repositories.has(name)) {
      throw new ApiException(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${context.accountId}'`,
      );
    }
    const excludedTags = excludedBy(input);
    const { encryptionType, kmsKey } = (input.encryptionConfiguration ?? {}) as Input;
    if (kmsKey !== undefined && encryptionType === 'AES256')
      throw invalidParameter('encryptionConfiguration', 'a KMS key goes with the encryption types KMS and KMS_DSSE');
    const tags = (input.tags ?? []) as readonly Input[];
    if (tags.length > 50) throw new ApiException('TooManyTagsException', 'The number of tags exceeds the limit of 50.');
    if (tags.some(({ Key }) => /^aws:/i.test(String(Key))))
      throw new ApiException(
        'InvalidTagParameterException',
        'aws: prefixed tag key names are not allowed for external use.',
      );
    if (registry.repositories.size >= this.repositoriesAtMost)
      throw new ApiException(
        'LimitExceededException',
        'The operation did not succeed because it would have exceeded a service limit for your account.',
      );
    const repository = registry.create(name, String(imageTagMutability).startsWith('IMMUTABLE'));
    repository.excludedTags = excludedTags;
    this.#tags.set(repository, tags);
    this.#settings.set(repository, {
      createdAt: Math.floor(Date.now() / 1000),
      ...(input.imageScanningConfiguration ? { imageScanningConfiguration: input.imageScanningConfiguration } : {}),
      ...(input.encryptionConfiguration ? { encryptionConfiguration: input.encryptionConfiguration } : {}),
    });
    return { repository: this.#describe(registry, name, context) };
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
  const mode = String(imageTagMutability);
  if (!MODES.includes(mode))
    throw invalidParameter('imageTagMutability', `Member must satisfy enum value set: [${MODES.join(', ')}]`);
  const constraint = mode.endsWith('WITH_EXCLUSION')
    ? filters.length === 0
      ? `ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${mode}`
      : problem(filters)
    : filters.length > 0
      ? 'exclusion filters go with IMMUTABLE_WITH_EXCLUSION and MUTABLE_WITH_EXCLUSION, and only with them'
      : undefined;
  if (constraint === undefined) return filters;
  throw invalidParameter('imageTagMutabilityExclusionFilters', constraint);
}

const MODES = ['IMMUTABLE', 'MUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'];

function problem(filters: readonly string[]): string | undefined {
  return filters.length > 5
    ? 'at most 5 filters'
    : filters.some((filter) => !/^[0-9a-zA-Z._*-]{1,128}$/.test(filter) || filter.split('*').length > 3)
      ? 'a filter has letters, digits, `.`, `_`, `-` and at most 2 wildcards'
      : undefined;
}
