import { Failure } from '../failure.ts';
import type { JsonObject } from '../model.ts';

export interface BuildMetadata {
  /** Digest of what was pushed: the index where several platforms or attestations were built. */
  readonly digest: string;
  readonly all: JsonObject;
}

/**
 * buildx's metadata file.
 * @throws Failure BUILD_FAILED when it names no digest, as with builders that did not push
 */
export function parseMetadata(text: string): BuildMetadata {
  let all: JsonObject = {};
  try {
    all = JSON.parse(text);
  } catch {
    // told below, with the same remedy
  }
  const digest = all['containerimage.digest'];
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return { digest, all };
  throw new Failure('BUILD_FAILED', 'The build ended well, but its metadata names no digest of a pushed image.', {
    remedy: 'Update buildx (0.12 or newer) on the runner.',
  });
}
