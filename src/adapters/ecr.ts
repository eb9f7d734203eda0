import type { ECRClient, Image as EcrImage, ImageIdentifier, ImageScanFindings, Repository } from '@aws-sdk/client-ecr';
import { asFailure, Failure } from '../failure.ts';
import type {
  EcrRepository,
  ExpiringImage,
  ImageManifest,
  JsonObject,
  PullThroughRule,
  RepositoryDescription,
  ScanFinding,
} from '../model.ts';
import { defined } from '../model.ts';
import type { Ecr, RegistryLogin } from '../ports.ts';
import {
  type ApiAction,
  ATTEMPTS,
  type AwsConfig,
  paged,
  type Retry,
  required,
  unlessMissing,
  withRetry,
} from './aws.ts';
import { type Agents, fetchThrough, REQUEST_SECONDS } from './http.ts';
import { TimeLimits } from './time.ts';

/** An index first: asked for single manifests only, ECR would answer with one platform of it. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** Only here does public ECR have an API (https://docs.aws.amazon.com/general/latest/gr/ecr-public.html). */
const PUBLIC_REGION = 'us-east-1';

/** The port Ecr over the SDK. `mask` gets each password before its first use; throttled calls are retried. */
export function createEcr(config: AwsConfig, mask: (secret: string) => void, retry?: Retry): Ecr {
  const clients = new Map<string, ECRClient>();
  /** One call in a region. The library is loaded with the first one: a run that builds nothing never needs it. */
  const inRegion = <T>(
    region: string,
    action: ApiAction,
    send: (client: ECRClient, sdk: typeof import('@aws-sdk/client-ecr')) => Promise<T>,
  ): Promise<T> =>
    withRetry(retry, action, async () => {
      const sdk = await import('@aws-sdk/client-ecr');
      const client = clients.get(region) ?? new sdk.ECRClient({ ...config, ...ATTEMPTS, region });
      clients.set(region, client);
      return send(client, sdk);
    });
  const described = (repository: Repository): RepositoryDescription => ({
    uri: repository.repositoryUri ?? '',
    tags: {
      immutable: repository.imageTagMutability?.startsWith('IMMUTABLE') ?? false,
      exclusions: (repository.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
    },
  });
  const batchGet = async ({ registryId, name, region }: EcrRepository, imageIds: ImageIdentifier[]) => {
    const input = { ...idOf(registryId), repositoryName: name, imageIds, acceptedMediaTypes: MEDIA_TYPES };
    const found = await inRegion(region, 'ecr:BatchGetImage', async (client, sdk) => {
      const { images } = await client.send(new sdk.BatchGetImageCommand(input));
      return required(images, 'ecr:BatchGetImage', 'images');
    });
    return found.filter(({ imageManifest }) => imageManifest);
  };
  return {
    async login(registry) {
      if (registry.public) return publicLogin(config, mask, retry);
      const [answer] = await inRegion(registry.region, 'ecr:GetAuthorizationToken', async (client, sdk) => {
        const { authorizationData } = await client.send(new sdk.GetAuthorizationTokenCommand({}));
        return required(authorizationData, 'ecr:GetAuthorizationToken', 'authorizationData');
      });
      const { authorizationToken = '', proxyEndpoint = '' } = answer ?? {};
      return loginOf(authorizationToken, proxyEndpoint.replace(/^https?:\/\//, ''), mask);
    },

    async describeRepository({ registryId, name, region }) {
      return unlessMissing(async () => {
        const [found] = await inRegion(region, 'ecr:DescribeRepositories', async (client, sdk) => {
          const input = { ...idOf(registryId), repositoryNames: [name] };
          const { repositories } = await client.send(new sdk.DescribeRepositoriesCommand(input));
          return required(repositories, 'ecr:DescribeRepositories', 'repositories');
        });
        return found && described(found);
      });
    },

    async repositoryNames({ registryId, region }) {
      return inRegion(region, 'ecr:DescribeRepositories', async (client, sdk) => {
        const input = { ...idOf(registryId), maxResults: 1000 };
        return paged(async (nextToken) => {
          const command = new sdk.DescribeRepositoriesCommand({ ...input, ...defined({ nextToken }) });
          const { repositories = [], nextToken: next } = await client.send(command);
          return { items: repositories.flatMap(({ repositoryName }) => repositoryName ?? []), next };
        });
      });
    },

    async createRepository({ registryId, name, region }, members = {}) {
      const made = await inRegion(region, 'ecr:CreateRepository', async (client, sdk) => {
        const input = { ...members, ...idOf(registryId), repositoryName: name };
        const { repository } = await client.send(new sdk.CreateRepositoryCommand(input));
        return required(repository, 'ecr:CreateRepository', 'repository');
      });
      return described(made);
    },

    async setRepositoryPolicy({ registryId, name, region }, policyText) {
      const input = { ...idOf(registryId), repositoryName: name, policyText };
      await inRegion(region, 'ecr:SetRepositoryPolicy', (client, sdk) =>
        client.send(new sdk.SetRepositoryPolicyCommand(input)),
      );
    },

    async putLifecyclePolicy({ registryId, name, region }, lifecyclePolicyText) {
      const input = { ...idOf(registryId), repositoryName: name, lifecyclePolicyText };
      await inRegion(region, 'ecr:PutLifecyclePolicy', (client, sdk) =>
        client.send(new sdk.PutLifecyclePolicyCommand(input)),
      );
    },

    async getImage(repository, id) {
      const [image] = await batchGet(repository, ['tag' in id ? { imageTag: id.tag } : { imageDigest: id.digest }]);
      return image && parsed(image);
    },

    async getImages(repository, ids) {
      const images = await batchGet(
        repository,
        ids.map((id) => (id.startsWith('sha256:') ? { imageDigest: id } : { imageTag: id })),
      );
      return new Map(
        images.flatMap((image) => {
          const { imageTag, imageDigest } = image.imageId ?? {};
          const id = ids.find((one) => one === imageTag) ?? imageDigest;
          return id === undefined ? [] : [[id, parsed(image)] as const];
        }),
      );
    },

    async tagImage(repository, { digest, tag }) {
      const { registryId, name, region } = repository;
      // The manifest byte for byte: its digest is what ECR knows it by.
      const [image] = await batchGet(repository, [{ imageDigest: digest }]);
      if (!image) throw new Failure('NOT_FOUND', `ECR has no image ${name}@${digest}.`);
      const input = {
        ...idOf(registryId),
        repositoryName: name,
        imageManifest: image.imageManifest,
        imageTag: tag,
        ...defined({ imageManifestMediaType: image.imageManifestMediaType || undefined }),
      };
      try {
        await inRegion(region, 'ecr:PutImage', (client, sdk) => client.send(new sdk.PutImageCommand(input)));
      } catch (thrown) {
        const { name: error } = (thrown instanceof Failure ? thrown.api : undefined) ?? {};
        if (error === 'ImageAlreadyExistsException') return; // the tag is on this image already
        if (error !== 'ImageTagAlreadyExistsException' || !(thrown instanceof Failure)) throw thrown;
        throw new Failure('CONFLICT', thrown.message, { cause: thrown });
      }
    },

    async lifecyclePolicy({ registryId, name, region }) {
      const input = { ...idOf(registryId), repositoryName: name };
      return unlessMissing(async () => {
        const answer = await inRegion(region, 'ecr:GetLifecyclePolicy', (client, sdk) =>
          client.send(new sdk.GetLifecyclePolicyCommand(input)),
        );
        return answer.lifecyclePolicyText;
      });
    },

    async startLifecyclePreview({ registryId, name, region }, lifecyclePolicyText) {
      const input = { ...idOf(registryId), repositoryName: name, lifecyclePolicyText };
      try {
        await inRegion(region, 'ecr:StartLifecyclePolicyPreview', (client, sdk) =>
          client.send(new sdk.StartLifecyclePolicyPreviewCommand(input)),
        );
        return true;
      } catch (thrown) {
        const busy = thrown instanceof Failure && thrown.api?.name === 'LifecyclePolicyPreviewInProgressException';
        if (busy) return false;
        throw thrown;
      }
    },

    async lifecyclePreview({ registryId, name, region }) {
      const input = { ...idOf(registryId), repositoryName: name, maxResults: 100 };
      const images: ExpiringImage[] = [];
      for (let nextToken: string | undefined; ; ) {
        const asked = { ...input, ...defined({ nextToken }) };
        const answer = await inRegion(region, 'ecr:GetLifecyclePolicyPreview', (client, sdk) =>
          client.send(new sdk.GetLifecyclePolicyPreviewCommand(asked)),
        );
        images.push(
          ...(answer.previewResults ?? []).map(({ imageDigest = '', imageTags = [] }) => ({
            digest: imageDigest,
            tags: imageTags,
          })),
        );
        nextToken = answer.nextToken || undefined;
        if (nextToken === undefined) return { status: answer.status ?? '', images };
      }
    },

    async scanOf({ registryId, name, region }, digest) {
      const input = { ...idOf(registryId), repositoryName: name, imageId: { imageDigest: digest }, maxResults: 1000 };
      const findings: ScanFinding[] = [];
      for (let nextToken: string | undefined; ; ) {
        const asked = { ...input, ...defined({ nextToken }) };
        try {
          const answer = await inRegion(region, 'ecr:DescribeImageScanFindings', (client, sdk) =>
            client.send(new sdk.DescribeImageScanFindingsCommand(asked)),
          );
          const { status, description } = required(
            answer.imageScanStatus,
            'ecr:DescribeImageScanFindings',
            'imageScanStatus',
          );
          findings.push(...findingsIn(answer.imageScanFindings));
          nextToken = answer.nextToken || undefined;
          if (nextToken === undefined)
            return { status: status ?? '', findings, ...defined({ description: description || undefined }) };
        } catch (thrown) {
          if (thrown instanceof Failure && thrown.api?.name === 'ScanNotFoundException') return undefined;
          throw thrown;
        }
      }
    },

    async pullThroughRules({ registryId, region }) {
      const rules: PullThroughRule[] = [];
      for (let nextToken: string | undefined; ; ) {
        const asked = { ...idOf(registryId), maxResults: 1000, ...defined({ nextToken }) };
        const answer = await inRegion(region, 'ecr:DescribePullThroughCacheRules', (client, sdk) =>
          client.send(new sdk.DescribePullThroughCacheRulesCommand(asked)),
        );
        rules.push(
          ...(answer.pullThroughCacheRules ?? []).map(({ ecrRepositoryPrefix = '', upstreamRegistryUrl = '' }) => ({
            prefix: ecrRepositoryPrefix,
            upstream: upstreamRegistryUrl,
          })),
        );
        nextToken = answer.nextToken || undefined;
        if (nextToken === undefined) return rules;
      }
    },

    async replicationOf({ registryId, name, region }, digest) {
      const input = { ...idOf(registryId), repositoryName: name, imageId: { imageDigest: digest } };
      const answer = await inRegion(region, 'ecr:DescribeImageReplicationStatus', (client, sdk) =>
        client.send(new sdk.DescribeImageReplicationStatusCommand(input)),
      );
      return (answer.replicationStatuses ?? []).map((one) => ({
        region: one.region ?? '',
        registryId: one.registryId ?? '',
        status: one.status ?? '',
        ...defined({ failureCode: one.failureCode || undefined }),
      }));
    },

    async signingOf({ registryId, name, region }, digest) {
      const input = { ...idOf(registryId), repositoryName: name, imageId: { imageDigest: digest } };
      const answer = await inRegion(region, 'ecr:DescribeImageSigningStatus', (client, sdk) =>
        client.send(new sdk.DescribeImageSigningStatusCommand(input)),
      );
      return (answer.signingStatuses ?? []).map(({ signingProfileArn, status, failureCode, failureReason }) => ({
        profile: signingProfileArn ?? '',
        status: status ?? '',
        ...defined({ failureCode: failureCode || undefined, failureReason: failureReason || undefined }),
      }));
    },

    async getBlob({ registryId, name, region }, digest) {
      const input = { ...idOf(registryId), repositoryName: name, layerDigest: digest };
      const answer = await inRegion(region, 'ecr:GetDownloadUrlForLayer', async (client, sdk) => {
        const { downloadUrl } = await client.send(new sdk.GetDownloadUrlForLayerCommand(input));
        return { downloadUrl: required(downloadUrl, 'ecr:GetDownloadUrlForLayer', 'downloadUrl') };
      });
      return download(answer.downloadUrl, config);
    },
  };
}

/** Basic scanning names a package in attributes; Inspector names several, and shows what it suppresses. */
function findingsIn({ findings = [], enhancedFindings = [] }: ImageScanFindings = {}): ScanFinding[] {
  const basic = findings.map(({ name = '', severity = 'UNDEFINED', attributes = [] }) => {
    const attribute = (key: string): string | undefined =>
      attributes.find((one) => one.key === key)?.value || undefined;
    const named = { packageName: attribute('package_name'), packageVersion: attribute('package_version') };
    return { id: name, severity, ...defined(named) };
  });
  const enhanced = enhancedFindings
    .filter(({ status = 'ACTIVE' }) => status === 'ACTIVE')
    .map(({ packageVulnerabilityDetails, severity = 'UNDEFINED', title = '' }) => {
      const [first] = packageVulnerabilityDetails?.vulnerablePackages ?? [];
      const { name, version, fixedInVersion } = first ?? {};
      const fixedIn = fixedInVersion === 'NotAvailable' ? undefined : fixedInVersion;
      return {
        id: packageVulnerabilityDetails?.vulnerabilityId ?? title,
        severity: severity === 'UNTRIAGED' ? 'UNDEFINED' : severity,
        ...defined({
          packageName: name || undefined,
          packageVersion: version || undefined,
          fixedIn: fixedIn || undefined,
        }),
      };
    });
  return [...basic, ...enhanced];
}

const parsed = ({ imageId, imageManifestMediaType, imageManifest }: EcrImage): ImageManifest => ({
  digest: imageId?.imageDigest ?? '',
  mediaType: imageManifestMediaType ?? '',
  manifest: JSON.parse(imageManifest ?? '{}') as JsonObject,
});

/**
 * A blob by ECR's presigned URL, parsed. An answer that is not the blob is repeated: the URL is one of S3, whose
 * connections break off now and then.
 */
async function download(url: string, { agents = {}, limits = new TimeLimits() }: AwsConfig): Promise<JsonObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await blobAt(url, agents, limits);
    } catch (thrown) {
      const again = thrown instanceof Failure && thrown.code === 'UNAVAILABLE' && attempt < DOWNLOAD_ATTEMPTS;
      if (!again) throw thrown;
    }
  }
}

/** An image's config is some KiB; each attempt has the time limit of a request. */
const DOWNLOAD_ATTEMPTS = 2;

async function blobAt(url: string, agents: Agents, limits: TimeLimits): Promise<JsonObject> {
  // Node's own fetch goes around a proxy.
  const get = agents.httpsAgent ? fetchThrough(agents) : fetch;
  const { status, body } = await limits
    .run(REQUEST_SECONDS, async (signal) => {
      const answer = await get(url, { signal });
      return { status: answer.status, body: await answer.text() };
    })
    .catch((thrown: unknown) => {
      throw thrown instanceof Failure ? thrown : noBlob(asFailure(thrown).message, thrown);
    });
  if (status !== 200) throw noBlob(`HTTP ${status}`);
  try {
    return JSON.parse(body) as JsonObject;
  } catch (cause) {
    throw noBlob('HTTP 200, but not JSON', cause);
  }
}

const noBlob = (what: string, cause?: unknown): Failure =>
  new Failure('UNAVAILABLE', `The download URL of ECR gave no image config (${what}).`, {
    remedy:
      'Let the runner reach the S3 bucket of ECR layers (network, proxy), or drop the tag in `image` for a digest.',
    cause,
  });

const idOf = (registryId: string): { registryId?: string } => (registryId ? { registryId } : {});

async function publicLogin(
  config: AwsConfig,
  mask: (secret: string) => void,
  retry: Retry | undefined,
): Promise<RegistryLogin> {
  const { ECRPUBLICClient, GetAuthorizationTokenCommand: GetPublicToken } = await import('@aws-sdk/client-ecr-public');
  const client = new ECRPUBLICClient({ ...config, ...ATTEMPTS, region: PUBLIC_REGION });
  const answer = await withRetry(retry, 'ecr-public:GetAuthorizationToken', () => client.send(new GetPublicToken({})));
  return loginOf(answer.authorizationData?.authorizationToken ?? '', 'public.ecr.aws', mask);
}

/** The token is base64 of `AWS:password`; both forms open the registry, so both are masked. */
function loginOf(token: string, registry: string, mask: (secret: string) => void): RegistryLogin {
  mask(token);
  const decoded = Buffer.from(token, 'base64').toString('utf8');
  const password = decoded.slice(decoded.indexOf(':') + 1);
  mask(password);
  if (password === '') throw new Failure('CREDENTIALS', 'ECR answered without an authorization token.');
  return { registry, username: 'AWS', password };
}
