import { createHash } from 'node:crypto';
import { defined, isObject, type Json, type JsonObject } from '../model.ts';
import { indexPlatforms } from './image.ts';

/**
 * The fingerprint of a build: a hash of everything that shapes the image. Images that this action builds carry it as a
 * label of each platform's config and as an annotation of manifest and index, so that a later run knows an image of the
 * same content whatever its tags are.
 */
export const FINGERPRINT_KEY = 'io.github.ecs-rollout.fingerprint';
/** Part of the hash: a new scheme must not recognise the images of an old one. */
const SCHEME = 1;

/** What shapes an image. What the build itself fetches (base images by tag, ADD of a URL, packages) is not known. */
export interface FingerprintParts {
  /** Absent where the Dockerfile comes with a Git context. */
  readonly dockerfile?: { readonly path: string; readonly text: string };
  /** A folder's hash, a Git commit, or the text of what names its content itself. */
  readonly context: string;
  readonly buildContexts: readonly (readonly [name: string, content: string])[];
  readonly target: string;
  /** `NAME=VALUE`; a bare NAME has got its value from the environment, or none. */
  readonly buildArgs: readonly string[];
  readonly platforms: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** Ids, and one hash of all their values. */
  readonly secrets: { readonly ids: readonly string[]; readonly values: string };
  readonly ssh: readonly string[];
  readonly provenance: string;
  readonly sbom: string;
  /** Attestations and attributes of the push, in buildx's own form. */
  readonly exports: readonly string[];
  /** What RUN sees of the network. */
  readonly network: readonly string[];
  /** SOURCE_DATE_EPOCH of the job's environment: it sets times inside the image. */
  readonly sourceDateEpoch: string;
}

/** `sha256:...` of all parts. */
export function fingerprintOf(parts: FingerprintParts): string {
  return `sha256:${sha256([SCHEME, canonical(parts)])}`;
}

/** The hash of each part, for the debug log: two of them show which part changed. */
export function partHashes(parts: FingerprintParts): string {
  return Object.entries(canonical(parts))
    .map(([name, value]) => `${name} ${sha256(value).slice(0, 12)}`)
    .join(', ');
}

const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** The order of arguments, labels and platforms means nothing; of two values for one name BuildKit takes the last. */
function canonical(parts: FingerprintParts) {
  return {
    dockerfile: parts.dockerfile ?? null,
    context: parts.context,
    buildContexts: lastOfEach(parts.buildContexts),
    target: parts.target,
    buildArgs: lastOfEach(parts.buildArgs.map(keyed)),
    platforms: [...parts.platforms].sort(),
    labels: lastOfEach(parts.labels.map(keyed)),
    annotations: lastOfEach(parts.annotations.map(keyed)),
    secrets: { ids: [...parts.secrets.ids].sort(), values: parts.secrets.values },
    ssh: [...parts.ssh].sort(),
    provenance: parts.provenance,
    sbom: parts.sbom,
    exports: [...parts.exports].sort(),
    network: parts.network,
    sourceDateEpoch: parts.sourceDateEpoch,
  };
}

function keyed(setting: string): readonly [string, string] {
  const equals = setting.indexOf('=');
  return equals < 0 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals)];
}

const lastOfEach = (pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] =>
  [...new Map(pairs)].sort(([a], [b]) => (a < b ? -1 : 1));

/** The tag of mode `content`. */
export const contentTag = (fingerprint: string): string => `content-${fingerprint.replace('sha256:', '')}`;

/**
 * Labels and annotations without those that say which run made the image (event labels, docker/metadata-action): they
 * differ for each commit, and `created` for each run, while the content is the same.
 */
export const withoutOrigin = (settings: readonly string[]): string[] =>
  settings.filter(
    (setting) =>
      !/^(?:[a-z0-9,[\]/-]*:)?org\.opencontainers\.image\.(?:created|revision|version|ref\.name)=/.test(setting),
  );

/** Where a build context comes from, as buildx distinguishes them by the text alone. */
type ContextSource =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref: string; readonly folder: string }
  /** Its text names its content as well as anything can: an image, a layout by digest. */
  | { readonly kind: 'text'; readonly text: string }
  /** Its content cannot be known before the build. */
  | { readonly kind: 'unknown'; readonly why: string };

/** https://docs.docker.com/build/concepts/context/ */
export function contextSource(text: string): ContextSource {
  if (text === '-') return { kind: 'unknown', why: 'the context is read from standard input' };
  if (text.startsWith('docker-image://')) return { kind: 'text', text };
  if (text.startsWith('oci-layout://')) {
    return /@sha256:[0-9a-f]{64}$/.test(text)
      ? { kind: 'text', text }
      : { kind: 'unknown', why: `\`${text}\` does not name its image by digest` };
  }
  const [address = '', fragment = ''] = text.split('#', 2);
  const [url = '', query] = address.split('?', 2);
  if (/^(?:git|ssh):\/\/|^git@|^github\.com\/|^https?:\/\/.*\.git$/.test(url)) {
    if (query !== undefined) return { kind: 'unknown', why: `the Git context \`${url}\` has a query` };
    const [ref = '', ...folder] = fragment.split(':');
    return { kind: 'git', url: url.replace(/^(?=github\.com\/)/, 'https://'), ref, folder: folder.join(':') };
  }
  if (/^https?:\/\//.test(url)) return { kind: 'unknown', why: `the context \`${url}\` is a remote archive` };
  return { kind: 'folder', path: text };
}

/**
 * The commit that `git ls-remote URL REF` found for exactly this ref; undefined where it is ambiguous or not there.
 * An annotated tag counts by its own id, which moves whenever its commit does.
 */
export function commitOfRef(listing: string, ref: string): string | undefined {
  const names = ref === '' ? ['HEAD'] : [ref, `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`];
  const found = [...listing.matchAll(/^([0-9a-f]{40,64})\t(\S+)$/gm)].flatMap(([, commit = '', name = '']) =>
    names.includes(name) ? [commit] : [],
  );
  return new Set(found).size === 1 ? found[0] : undefined;
}

/**
 * A secret's text without credentials that live for one job (GITHUB_TOKEN, OIDC and registry tokens): they open doors
 * and do not shape the image, and counted in they would make every run another build.
 */
export function withoutShortLived(text: string): string {
  const plain = text
    .replace(/\bgh[su]_[A-Za-z0-9_.-]{16,}/g, '<token>')
    .replace(/\beyJ[\w+/=-]{10,}(?:\.[\w+/=-]*)*/g, '<token>')
    .replace(/\bya29\.[\w.-]{16,}/g, '<token>');
  // Keys of a temporary session: none of the three has a shape that differs from lasting ones.
  return /aws_session_token|\bASIA[A-Z0-9]{12,}/i.test(plain)
    ? plain.replace(/^.*(?:aws_(?:access_key_id|secret_access_key|session_token)|\bASIA[A-Z0-9]{12,}).*$/gim, '<key>')
    : plain;
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** What an index, a manifest or an image's config says about the build that made it. */
export interface Origin {
  readonly fingerprint?: string;
  /** The commit of its build. */
  readonly revision?: string;
}

/** From the annotations of an index or manifest. */
export const originInManifest = ({ annotations }: JsonObject): Origin => originIn(annotations);

/** From the labels of an image's config. */
export const originInConfig = ({ config }: JsonObject): Origin =>
  originIn(isObject(config) ? config.Labels : undefined);

function originIn(values: Json | undefined): Origin {
  if (!isObject(values)) return {};
  const fingerprint = textOf(values[FINGERPRINT_KEY]);
  const revision = textOf(values['org.opencontainers.image.revision']);
  return defined({ fingerprint: fingerprint || undefined, revision: revision || undefined });
}

/** Digests of an index's images by platform, attestations left out; undefined for a single manifest. */
export function imagesOfIndex(manifest: JsonObject): string[] | undefined {
  if (!Array.isArray(manifest.manifests)) return undefined;
  return manifest.manifests.flatMap((child) =>
    isObject(child) && typeof child.digest === 'string' && (indexPlatforms({ manifests: [child] }) ?? []).length > 0
      ? [child.digest]
      : [],
  );
}

/**
 * Whether a manifest is an attestation (provenance, SBOM), which an index holds beside its images and which nothing can run.
 * https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function isAttestation({ layers }: JsonObject): boolean {
  return (
    Array.isArray(layers) &&
    layers.some((layer) => isObject(layer) && String(layer.mediaType).startsWith('application/vnd.in-toto'))
  );
}
