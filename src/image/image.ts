import { type EcrRepository, isObject, type Json, type JsonObject } from '../model.ts';

/** The image a deploy puts into its task definition. */
export interface Image {
  /** What the task definition gets: `host/name@sha256:...` wherever a digest is known. */
  readonly reference: string;
  /** Repository without tag or digest: `host/name`. */
  readonly repository: string;
  /** Digest of the index (or of the single manifest), never of an attestation. */
  readonly digest?: string;
  /** Tag names pushed, or the tag the user gave. */
  readonly tags: readonly string[];
  /** `linux/amd64`, `linux/arm64`, ...; undefined when unknown. */
  readonly platforms?: readonly string[];
  /** Where ECR's API has it. */
  readonly ecr?: EcrRepository;
  /** It existed with the same fingerprint, and nothing was built. */
  readonly reused?: true;
  /** What the build did, for an image built here. */
  readonly build?: BuildReport;
  /** buildx's metadata file, for an image built here. */
  readonly metadata?: JsonObject;
}

/** What a build did for one platform. */
interface PlatformBuild {
  readonly platform: string;
  /** Instructions of the Dockerfile. */
  readonly steps: number;
  /** Those of them that the cache had. */
  readonly cached: number;
  /** That its steps took, one after another. */
  readonly seconds: number;
  /** Compressed, as the registry holds and tasks pull it. */
  readonly bytes?: number;
  /** The same of the image that the service ran before. */
  readonly bytesBefore?: number;
}

export interface BuildReport {
  /** From the first attempt to the end of the push. */
  readonly seconds: number;
  readonly platforms: readonly PlatformBuild[];
}

/** `linux/arm64/v8` is `linux/arm64`: the variant is the default one (containerd's own normalisation). */
export function normalisePlatform(platform: string): string {
  const plain = platform
    .toLowerCase()
    .replace(/\/aarch64\b/, '/arm64')
    .replace(/\/x86[_-]64\b/, '/amd64');
  return plain === 'linux/arm64/v8' ? 'linux/arm64' : plain;
}

/** Platforms of an index; undefined for a single manifest, whose config has it. Attestations are not platforms. */
export function indexPlatforms(manifest: JsonObject): string[] | undefined {
  if (!Array.isArray(manifest.manifests)) return undefined;
  return manifest.manifests.flatMap((child: Json) => {
    if (!isObject(child) || !isObject(child.platform)) return [];
    const annotations = isObject(child.annotations) ? child.annotations : {};
    if (annotations['vnd.docker.reference.type'] !== undefined) return [];
    return platformOf(child.platform);
  });
}

/** Digest of a single manifest's config blob. */
export function configDigest(manifest: JsonObject): string | undefined {
  return isObject(manifest.config) && typeof manifest.config.digest === 'string' ? manifest.config.digest : undefined;
}

/** `linux/arm64` from an image config or a descriptor's platform; nothing for `unknown/unknown`. */
export function platformOf({ os, architecture, variant }: JsonObject): string[] {
  if (typeof os !== 'string' || typeof architecture !== 'string' || os === 'unknown') return [];
  return [
    normalisePlatform([os, architecture, ...(typeof variant === 'string' && variant ? [variant] : [])].join('/')),
  ];
}
