import type { EcrRepository, JsonObject } from '../model.ts';

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
  /** `linux/amd64`, `linux/arm64`, ...; undefined when nobody could tell. */
  readonly platforms?: readonly string[];
  /** Where ECR's API has it. */
  readonly ecr?: EcrRepository;
  /** It existed with the same fingerprint, and nothing was built. */
  readonly reused?: true;
  /** buildx's metadata file, for an image built here. */
  readonly metadata?: JsonObject;
}
