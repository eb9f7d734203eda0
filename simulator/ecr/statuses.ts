import { ApiException, type CallContext } from '../wire/service.ts';
import { repositoryOf } from './images.ts';
import type { Registry, StoredManifest } from './registry.ts';

type Input = Readonly<Record<string, unknown>>;

/** Answers for the images of a repository, or of one platform: the first call gets the first, and the last one stays. */
export interface ImageAnswer {
  readonly repositoryName: string;
  /** `linux/arm64`; absent: all. */
  readonly platform?: string;
  readonly answer: Input;
}

/**
 * What ECR says of an image after its push: scans, replication, signatures. Nothing happens by itself here; tests and seeds
 * say what ECR finds. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export class ImageStatuses {
  readonly scans: ImageAnswer[] = [];
  readonly replications: ImageAnswer[] = [];
  readonly signings: ImageAnswer[] = [];
  /** How many answers an image has got, by digest. */
  readonly #given = new Map<string, number>();

  scan(input: Input, { accountId }: CallContext, registry: Registry): object {
    const { repositoryName, imageId, image } = this.#find(input, registry);
    const answer = isIndex(image) ? undefined : this.#next(this.scans, { name: repositoryName, image, registry });
    if (!answer) {
      throw new ApiException(
        'ScanNotFoundException',
        `Image scan does not exist for the image with '{imageDigest:'${image.digest}', imageTag:'null'}' in the repository with name '${repositoryName}' in the registry with id '${accountId}'`,
      );
    }
    return { registryId: accountId, repositoryName, imageId, ...answer };
  }

  replication(input: Input, _: CallContext, registry: Registry): object {
    const { repositoryName, imageId, image } = this.#find(input, registry);
    const answer = this.#next(this.replications, { name: repositoryName, image, registry });
    return { repositoryName, imageId, ...(answer ?? { replicationStatuses: [] }) };
  }

  signing(input: Input, { accountId }: CallContext, registry: Registry): object {
    const { repositoryName, imageId, image } = this.#find(input, registry);
    const answer = this.#next(this.signings, { name: repositoryName, image, registry });
    return { registryId: accountId, repositoryName, imageId, ...(answer ?? { signingStatuses: [] }) };
  }

  #find(input: Input, registry: Registry) {
    const repositoryName = String(input.repositoryName);
    repositoryOf(registry, repositoryName);
    const { imageDigest, imageTag } = input.imageId as { readonly imageDigest?: string; readonly imageTag?: string };
    const image = registry.find(repositoryName, imageDigest ?? imageTag ?? '');
    if (image) return { repositoryName, imageId: { imageDigest: image.digest }, image };
    throw new ApiException(
      'ImageNotFoundException',
      `The image with imageId {imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'} does not exist within the repository with name '${repositoryName}' in the registry with id '${registry.accountId}'`,
    );
  }

  #next(
    answers: readonly ImageAnswer[],
    at: { readonly name: string; readonly image: StoredManifest; readonly registry: Registry },
  ): Input | undefined {
    const platform = platformOf(at.image, at.registry);
    const own = answers.filter(
      (one) => one.repositoryName === at.name && (one.platform === undefined || one.platform === platform),
    );
    const key = `${answers === this.scans} ${answers === this.signings} ${at.image.digest}`;
    const given = this.#given.get(key) ?? 0;
    this.#given.set(key, given + 1);
    return own[Math.min(given, own.length - 1)]?.answer;
  }
}

const isIndex = ({ mediaType }: StoredManifest): boolean => /index\.v1|manifest\.list/.test(mediaType);

function platformOf({ body }: StoredManifest, registry: Registry): string {
  const { config } = JSON.parse(body.toString('utf8')) as { readonly config?: { readonly digest: string } };
  const blob = registry.blobs.get(config?.digest ?? '');
  const { os = '', architecture = '' } = blob ? (JSON.parse(blob.toString('utf8')) as Record<string, string>) : {};
  return `${os}/${architecture}`;
}
