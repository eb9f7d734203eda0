import { Failure } from '../failure.ts';
import type { BuildInputs, BuildTuning } from '../inputs/types.ts';
import type { JsonObject } from '../model.ts';
import { FINGERPRINT_KEY } from './fingerprint.ts';
import type { Caches } from './secret-arguments.ts';

interface BuildPlan {
  /** The repository, where the image is pushed without a tag. */
  readonly byDigest?: string;
  /** Full references to push, `host/name:tag`. */
  readonly references: readonly string[];
  readonly metadataFile: string;
  /** `id` -> path of the private file that holds a `build-secrets` value: values never stand in argv. */
  readonly secretFiles: readonly (readonly [id: string, path: string])[];
  readonly cache: Caches;
  /** The builder to use, when it is not the user's current one. */
  readonly builder?: string;
  /** Attributes of the export; absent: those of `--push` alone. */
  readonly attributes?: readonly string[];
  /** Put on the image as a label and an annotation. */
  readonly fingerprint?: string;
  /** Whether what is pushed is an index. */
  readonly index: boolean;
}

/** The inputs as arguments of `docker`: build all platforms as one index, tag it, push it, and write its metadata. */
export function buildArguments(build: BuildInputs, plan: BuildPlan): string[] {
  const platforms = build.platforms.join(',');
  // Last: with two values for one key BuildKit takes the last, and only this action sets this one.
  const marks = plan.fingerprint ? [`${FINGERPRINT_KEY}=${plan.fingerprint}`] : [];
  return [
    'buildx',
    'build',
    '--progress=plain',
    exportOf(plan),
    `--metadata-file=${plan.metadataFile}`,
    ...(plan.builder ? [`--builder=${plan.builder}`] : []),
    ...(platforms ? [`--platform=${platforms}`] : []),
    ...(build.file ? [`--file=${build.file}`] : []),
    ...(build.target ? [`--target=${build.target}`] : []),
    ...plan.references.flatMap((reference) => ['--tag', reference]),
    ...each('--build-arg', build.buildArgs),
    ...each('--build-context', build.buildContexts),
    ...plan.secretFiles.flatMap(([id, path]) => ['--secret', `id=${id},src=${path}`]),
    ...build.secretFiles.flatMap(([id, path]) => ['--secret', `id=${id},src=${path}`]),
    ...build.secretEnvs.flatMap(([id, name]) => ['--secret', `id=${id},env=${name}`]),
    ...each('--ssh', build.ssh),
    ...each('--cache-from', plan.cache.from),
    ...each('--cache-to', plan.cache.to),
    ...each('--label', [...build.labels, ...marks]),
    ...each(
      '--annotation',
      [...originAnnotations(build), ...build.annotations, ...marks].map((annotation) =>
        levelled(annotation, plan.index),
      ),
    ),
    ...(build.provenance ? [`--attest=${attestation('provenance', build.provenance)}`] : []),
    ...(build.sbom ? [`--attest=${attestation('sbom', build.sbom)}`] : []),
    ...tuningArguments(build.tuning),
    ...(build.pull ? ['--pull'] : []),
    ...(build.noCache ? ['--no-cache'] : []),
    build.context,
  ];
}

function tuningArguments(tuning: BuildTuning): string[] {
  return [
    ...each('--add-host', tuning.addHosts),
    ...each('--allow', tuning.allow),
    ...each('--attest', tuning.attests),
    ...each('--no-cache-filter', tuning.noCacheFilters),
    ...each('--output', tuning.outputs),
    ...each('--ulimit', tuning.ulimits),
    ...(tuning.cgroupParent ? [`--cgroup-parent=${tuning.cgroupParent}`] : []),
    ...(tuning.network ? [`--network=${tuning.network}`] : []),
    ...(tuning.shmSize ? [`--shm-size=${tuning.shmSize}`] : []),
  ];
}

/** `--push` is short for an export as an image with these attributes. */
function exportOf({ byDigest, attributes = [] }: BuildPlan): string {
  if (byDigest === undefined && attributes.length === 0) return '--push';
  const name = byDigest === undefined ? [] : [`name=${byDigest}`, 'push-by-digest=true', 'name-canonical=true'];
  return `--output=${['type=image', ...name, 'push=true', ...attributes].join(',')}`;
}

/** Where an export of the user's own is an image, its attributes are those of the push. */
const exportsImage = ({ tuning }: BuildInputs): boolean =>
  tuning.outputs.some((output) => /(?:^|,)type=(?:image|registry)(?:,|$)/.test(output));

/**
 * What the export says explicitly. BuildKit's default media types depend on its version, and so would the digest. The
 * docker driver without the containerd image store takes none of it.
 * https://github.com/moby/buildkit/blob/master/docs/exporters.md
 */
export function exportAttributes(build: BuildInputs, exporter: 'buildkit' | 'classic'): readonly string[] {
  if (exporter === 'classic' || exportsImage(build)) return [];
  return [
    'oci-mediatypes=true',
    // Base images come with gzip: only with force-compression are their layers compressed again.
    ...(build.compression === 'zstd' ? ['compression=zstd', 'force-compression=true'] : []),
    ...(build.compression === 'gzip' ? ['compression=gzip'] : []),
    // The Docker engine unpacks what it stores, and BuildKit does not do both.
    ...(build.reproducible ? ['rewrite-timestamp=true', 'store=false'] : []),
  ];
}

const ORIGIN = /(?:^|:)(org\.opencontainers\.image\.(?:revision|source|version))=/;

/** Commit, source and version, from their labels: the registry shows annotations to those who may not read the image's config. */
function originAnnotations({ labels, annotations }: BuildInputs): string[] {
  const own = annotations.flatMap((one) => ORIGIN.exec(one)?.[1] ?? []);
  const last = new Map(
    labels.flatMap((label) => {
      const key = label.startsWith('org.') ? ORIGIN.exec(label)?.[1] : undefined;
      return key === undefined ? [] : [[key, label] as const];
    }),
  );
  return [...last].flatMap(([key, label]) => (own.includes(key) ? [] : [label]));
}

const each = (flag: string, values: readonly string[]): string[] => values.flatMap((value) => [flag, value]);

/**
 * Whether a builder that attaches attestations makes an index: of several platforms, or of one with its attestations. buildx attaches
 * some by default, except to an export as a file, and not at all with BUILDX_NO_DEFAULT_ATTESTATIONS.
 * https://docs.docker.com/build/building/variables/#buildx_no_default_attestations
 */
export function makesIndex(build: BuildInputs, variable: (name: string) => string | undefined): boolean {
  if (build.platforms.length > 1) return true;
  const exportsType = (types: RegExp): boolean => build.tuning.outputs.some((output) => types.test(output));
  if (exportsType(/\btype=docker\b/)) return false; // never with attestations
  const own = [build.provenance, build.sbom, ...build.tuning.attests].filter((one) => one !== undefined);
  if (own.some(isAttached)) return true;
  const isRefused =
    build.provenance !== undefined || build.tuning.attests.some((one) => /\btype=provenance\b/.test(one));
  const isOff = !/^(?:|0|f|false)$/i.test(variable('BUILDX_NO_DEFAULT_ATTESTATIONS') ?? '');
  return !isRefused && !isOff && !exportsType(/\btype=oci\b/);
}

/** Whether a value of `provenance`, `sbom` or `attests` attaches something. */
export const isAttached = (value: string): boolean => !/^false$|\bdisabled=true\b/i.test(value);

const HAS_LEVEL = /^(?:index|manifest|index-descriptor|manifest-descriptor)(?:\[[^\]]*\])?(?:,[\w-]+)*:/;

/**
 * Without a level, buildx annotates each platform's manifest only, and readers look at the index. Where there is no index, an annotation
 * for it fails the build.
 */
const levelled = (annotation: string, index: boolean): string =>
  !index || HAS_LEVEL.test(annotation) ? annotation : `index,manifest:${annotation}`;

/** Whether an annotation of the user is for the index, which one platform has only with attestations. */
export const annotatesIndex = ({ annotations }: BuildInputs): boolean =>
  annotations.some((annotation) =>
    /^(?:[\w-]+(?:\[[^\]]*\])?,)*index(?:-descriptor)?(?:\[[^\]]*\])?[,:]/.test(annotation),
  );

/** `true`, `false`, `mode=max` or buildx's own form -> `type=provenance,...`. */
function attestation(type: 'provenance' | 'sbom', value: string): string {
  if (/^(true|false)$/i.test(value)) return `type=${type}${/false/i.test(value) ? ',disabled=true' : ''}`;
  return `type=${type},${value}`;
}

interface BuildMetadata {
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
    // reported below, with the same remedy
  }
  const digest = all['containerimage.digest'];
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return { digest, all };
  throw new Failure('BUILD_FAILED', 'The build ended well, but its metadata names no digest of a pushed image.', {
    remedy: 'Update buildx (0.12 or newer) on the runner.',
  });
}
