import { asFailure, Failure } from '../failure.ts';
import type { EcrRepository, Json, JsonObject } from '../model.ts';
import type { Ecr, Shell } from '../ports.ts';
import { rootCauseLine } from './failures.ts';
import { imagesOfIndex, type Origin, originInConfig, originInManifest } from './fingerprint.ts';
import { configDigest, indexPlatforms, normalisePlatform, platformOf } from './platforms.ts';
import { PUBLIC_ECR, type Repository } from './reference.ts';
import { type DockerLogin, ecrRepositoryOf } from './repository.ts';

/** An image of the repository, with what it says about its build. */
export interface StoredImage extends Origin {
  readonly digest: string;
  /** Undefined for a single manifest whose config was not needed or cannot be read. */
  readonly platforms?: readonly string[];
  /** Undefined where the registry shows no manifest. */
  readonly manifest?: JsonObject;
}

/** The repository that a build pushes to, as far as a run looks into it. */
export interface ImageStore {
  /** The images that these tags name now; a tag without an image is absent. */
  find(tags: readonly string[]): Promise<ReadonlyMap<string, StoredImage>>;
  /** @throws Failure CONFLICT where the tag is immutable and on another image */
  addTag(digest: string, tag: string): Promise<void>;
}

/** Over ECR's API, which needs no docker; a repository that is not there has no image. */
function ecrStore(repository: EcrRepository, ecr: Pick<Ecr, 'getImages' | 'getBlob' | 'tagImage'>): ImageStore {
  return {
    async find(tags) {
      try {
        const found = await ecr.getImages(repository, tags);
        const entries = [...found].map(
          async ([tag, image]) => [tag, await withOrigin(image, repository, ecr)] as const,
        );
        return new Map(await Promise.all(entries));
      } catch (thrown) {
        if (asFailure(thrown).code === 'NOT_FOUND') return new Map();
        throw thrown;
      }
    },
    addTag: (digest, tag) => ecr.tagImage(repository, { digest, tag }),
  };
}

/**
 * The index says it itself where several platforms were built; else the first image, whose label is read last: its
 * config takes one right and one way (to S3) more.
 */
async function withOrigin(
  { digest, manifest }: { readonly digest: string; readonly manifest: JsonObject },
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getImages' | 'getBlob'>,
): Promise<StoredImage> {
  const platforms = indexPlatforms(manifest);
  const image: StoredImage = { digest, manifest, ...(platforms ? { platforms } : {}), ...originInManifest(manifest) };
  if (image.fingerprint) return image;
  try {
    const child = imagesOfIndex(manifest)?.[0];
    const first = child === undefined ? manifest : (await ecr.getImages(repository, [child])).get(child)?.manifest;
    if (!first) return image;
    const said = originInManifest(first);
    if (said.fingerprint) return { ...image, ...said };
    const config = configDigest(first);
    return config ? { ...image, ...originInConfig(await ecr.getBlob(repository, config)) } : image;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return image;
  }
}

/** Any other registry, with the login that docker has for it. */
function registryStore(uri: string, login: Promise<DockerLogin>, shell: Shell, signal: AbortSignal): ImageStore {
  const imagetools = async (args: readonly string[]) =>
    shell.run('docker', ['buildx', 'imagetools', ...args], { ...(await login), signal });
  return {
    async find(tags) {
      const found = await Promise.all(
        tags.map(async (tag) => {
          const { exitCode, stdout, stderr } = await imagetools(['inspect', '--format', '{{json .}}', `${uri}:${tag}`]);
          if (exitCode === 0) return [[tag, inspected(stdout)] as const];
          if (/not found|manifest unknown|name unknown|does not exist/i.test(stderr)) return [];
          throw new Failure('UNAVAILABLE', rootCauseLine(stderr));
        }),
      );
      return new Map(found.flat().flatMap(([tag, image]) => (image ? [[tag, image] as const] : [])));
    },
    async addTag(digest, tag) {
      const { exitCode, stderr } = await imagetools(['create', '--tag', `${uri}:${tag}`, `${uri}@${digest}`]);
      if (exitCode === 0) return;
      throw new Failure(isImmutableRefusal(stderr) ? 'CONFLICT' : 'PUSH_FAILED', rootCauseLine(stderr), {
        cause: stderr,
      });
    },
  };
}

/** `manifest` is the descriptor (of an index with its manifests), `image` the config, or one for each platform. */
function inspected(text: string): StoredImage | undefined {
  const { manifest: descriptor, image } = objectIn(text);
  if (!isObject(descriptor) || typeof descriptor.digest !== 'string') return undefined;
  const configs = isObject(image) ? (image.architecture === undefined ? Object.values(image) : [image]) : [];
  const config = configs.find(isObject);
  const platforms = indexPlatforms(descriptor) ?? (config ? platformOf(config) : undefined);
  return {
    digest: descriptor.digest,
    ...(imagesOfIndex(descriptor) ? { manifest: descriptor } : {}),
    ...(platforms ? { platforms: platforms.map(normalisePlatform) } : {}),
    ...(config ? originInConfig(config) : {}),
    ...originInManifest(descriptor),
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectIn(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (cause) {
    throw new Failure('UNAVAILABLE', 'buildx printed no description of the image', { cause });
  }
}

/** A push to a tag that exists in a repository whose tags are immutable; AWS has worded it in two ways. */
export const isImmutableRefusal = (output: string): boolean =>
  /cannot be overwritten because the (?:repository|tag) is immutable/i.test(output);

/** Where a repository is looked into. It needs the login only outside of ECR. */
export function storeOf(
  repository: Repository,
  login: Promise<DockerLogin>,
  { ecr, shell, signal }: { readonly ecr: Ecr; readonly shell: Shell; readonly signal: AbortSignal },
): ImageStore {
  const inEcr = ecrRepositoryOf(repository);
  if (inEcr) return ecrStore(inEcr, ecr);
  const host = repository.kind === 'other' ? repository.host : PUBLIC_ECR;
  return registryStore(`${host}/${repository.name}`, login, shell, signal);
}
