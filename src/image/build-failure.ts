import { posix } from 'node:path';
import { asFailure, Failure, type SourcePlace } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { defined, type EcrRepository, type PullThroughRule } from '../model.ts';
import type { Ecr, Files } from '../ports.ts';
import { didYouMean } from '../spelling.ts';
import { type DockerfilePlace, dockerfilePlace, failedStepOf, quoteLine, rootCauseLine } from './build-output.ts';
import { dockerfilePath } from './collect.ts';
import { missedStage } from './dockerfile.ts';
import { ignoreRules } from './dockerignore.ts';
import { contextSource } from './fingerprint.ts';
import { notLoggedIn } from './login.ts';
import { PULL_THROUGH_CACHE, ruleFor } from './pin.ts';
import { parseEcrHost, parseReference } from './reference.ts';

type Disk = Pick<Files, 'exists' | 'list' | 'readText'>;

/** What is asked for an explanation. */
export interface Asked {
  readonly files: Disk;
  /** Absent: a pull-through cache is known by the namespaces that ECR proposes. */
  readonly ecr?: Pick<Ecr, 'pullThroughRules'>;
}

/** What is known beyond BuildKit's words. */
interface Explained {
  readonly message: string;
  readonly remedy: string;
}

/**
 * A build that failed, with the lines of the Dockerfile and, where this machine shows it, what was meant: a source of COPY that is
 * misspelt or left out by .dockerignore, a secret that no input gives, a Git context whose ref or login is wrong.
 * @param output of `docker buildx build --progress=plain`
 */
export async function buildFailure(output: string, build: BuildInputs, { files: disk, ecr }: Asked): Promise<Failure> {
  const cause = rootCauseLine(output);
  const base = baseImage(cause);
  // What a command of the Dockerfile prints, or has in its own text, says nothing about the registry, the context or a secret.
  const ofCommand = failedStepOf(output)?.kind === 'command' || /^process "/.test(cause);
  const pushing =
    !ofCommand &&
    base === undefined &&
    /failed to push|denied|unauthorized|\/blobs\/|tag invalid|name unknown|no basic auth/i.test(cause);
  const explaining = async (): Promise<Explained | undefined> => {
    if (ofCommand) return undefined;
    if (!pushing) return explained(output, build, { files: disk, ...defined({ ecr }) });
    return notLoggedIn(parseReference(build.repository).host, { cause, to: 'push' });
  };
  const [place, why] = await Promise.all([placeOf(output, build, disk), explaining()]);
  return new Failure(pushing ? 'PUSH_FAILED' : 'BUILD_FAILED', why?.message ?? cause, {
    cause: output,
    ...defined({ place, remedy: why?.remedy }),
  });
}

async function placeOf(output: string, build: BuildInputs, disk: Disk): Promise<SourcePlace | undefined> {
  const context = contextSource(build.context);
  const path = context.kind === 'folder' ? await dockerfilePath(build, context.path, disk) : undefined;
  const quoted = dockerfilePlace(output) ?? (path === undefined ? undefined : await parseError(output, path, disk));
  if (!quoted) return undefined;
  const { name, ...place } = quoted;
  const isThis = path !== undefined && posix.basename(path) === name;
  return { ...place, ...(isThis ? { file: posix.normalize(path) } : {}) };
}

async function parseError(output: string, path: string, disk: Disk): Promise<DockerfilePlace | undefined> {
  const [, line] = /dockerfile parse error on line (\d+)/i.exec(rootCauseLine(output)) ?? [];
  if (line === undefined) return undefined;
  const text = await disk.readText(path).catch(() => '');
  return quoteLine(posix.basename(path), text, Number(line));
}

async function explained(
  output: string,
  build: BuildInputs,
  { files: disk, ecr }: Asked,
): Promise<Explained | undefined> {
  const cause = rootCauseLine(output);
  const base = baseImage(cause);
  if (base !== undefined) return (await cachedBase(base, cause, ecr)) ?? stageBase({ image: base, cause }, build, disk);
  const [, source] = /"\/?([^"\n]+)": not found/.exec(cause) ?? [];
  const context = contextSource(build.context);
  // A source in another stage or context is not on this disk.
  const fromElsewhere = dockerfilePlace(output)?.quote.some((row) => /\| >>> .{0,2000}?--from=/.test(row));
  if (source !== undefined && context.kind === 'folder' && !fromElsewhere)
    return missingSource({ source, folder: context.path }, build, disk);
  if (/index annotations not supported for single platform/i.test(cause)) return NO_INDEX;
  const [, secret] = /\bsecret (\S+): not found/.exec(cause) ?? [];
  if (secret !== undefined) return missingSecret(secret, build);
  if (context.kind !== 'git') return undefined;
  const failed = failedStepOf(output);
  return gitFailure(failed ? [failed.error, ...failed.lines, cause].join('\n') : output, context);
}

/** The image of FROM or COPY --from that BuildKit could not find or pull. */
const baseImage = (cause: string): string | undefined =>
  /failed to resolve source metadata for (\S+?):? /.exec(`${cause} `)?.[1];

/** A name without a registry may be that of a stage: BuildKit then asks Docker Hub for it, and reports what that answers. */
async function stageBase(
  { image, cause }: { readonly image: string; readonly cause: string },
  build: BuildInputs,
  disk: Disk,
): Promise<Explained | undefined> {
  const context = contextSource(build.context);
  const path = context.kind === 'folder' ? await dockerfilePath(build, context.path, disk) : undefined;
  const text = path === undefined ? '' : await disk.readText(path).catch(() => '');
  const contexts = build.buildContexts.map((setting) => setting.split('=', 1)[0] ?? '');
  const missed = missedStage(text, image, contexts);
  // BuildKit's own guess, where the Dockerfile is not on this machine.
  const [, guess] = missed ? [] : (/\(did you mean (\S{1,200})\?\)/.exec(cause) ?? []);
  if (!missed && guess === undefined) return undefined;
  const named = missed ? `\`${missed.text}\` (${posix.normalize(path ?? '')}:${missed.line})` : `\`${image}\``;
  if (missed?.below !== undefined) {
    return {
      message: `${named} names a stage that begins below it, in line ${missed.below}, and no image of that name could be pulled.`,
      remedy: 'Move the stage above: an instruction can use only the stages before it.',
    };
  }
  return {
    message: `${named} is not a stage of the Dockerfile, and no image of that name could be pulled.`,
    remedy: `Did you mean the stage \`${missed?.meant ?? guess}\`?`,
  };
}

/**
 * A base image behind one of ECR's pull-through caches: the first pull makes the repository and fetches the image, with permissions
 * that a role for pushes does not have. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
async function cachedBase(reference: string, cause: string, ecr: Asked['ecr']): Promise<Explained | undefined> {
  const { host = '', path } = parseReference(reference);
  const registry = parseEcrHost(host);
  if (!registry) return undefined;
  const { region, registryId } = registry;
  const cache = await cacheIn({ ...registry, name: path }, ecr);
  if (cache === 'perhaps') return perhapsCached(reference, { region, registryId, path }, cause);
  if (cache === undefined) return uncached(reference, { region, registryId }, cause);
  const { prefix, upstream } = cache;
  const rule = `the pull-through cache \`${prefix}\`${upstream === '' ? '' : ` (${upstream})`} of account ${registryId} in ${region}`;
  if (/no basic auth credentials|\b401\b/i.test(cause)) {
    return {
      message: `The build is not logged in to ${host}, where ${rule} is.`,
      remedy: `This run logs in to the registry of \`repository\` alone. Use the pull-through cache of the same account and Region, or log in to ${host} in a step before this one.`,
    };
  }
  if (/\b403\b|denied|not authorized/i.test(cause)) {
    return {
      message: `${reference}: ${rule} refuses this role.`,
      remedy: `Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, ecr:BatchImportUpstreamImage and ecr:CreateRepository on arn:aws:ecr:${region}:${registryId}:repository/${prefix}/* for the role of this job; the last two are for the first pull of an image.`,
    };
  }
  if (!NO_IMAGE.test(cause)) return undefined;
  const ofHub = upstream === '' ? prefix === 'docker-hub' : upstream === 'registry-1.docker.io';
  const library = ofHub && path.slice(prefix.length + 1).split('/').length === 1;
  return {
    message: `${reference}: ${rule} has no such image.`,
    remedy: library
      ? `Official images of Docker Hub are below \`library\`: write \`${reference.replace(`/${prefix}/`, `/${prefix}/library/`)}\`.`
      : `Check that the rule exists (aws ecr describe-pull-through-cache-rules --region ${region}), that its upstream has the image and its login (Secrets Manager) is valid, and that the role may ecr:BatchImportUpstreamImage and ecr:CreateRepository.`,
  };
}

/**
 * The rule for a repository; where the rules cannot be read, the namespace that ECR proposes, with no upstream, and `perhaps` for
 * any other one.
 */
async function cacheIn(
  { name, ...registry }: EcrRepository,
  ecr: Asked['ecr'],
): Promise<PullThroughRule | 'perhaps' | undefined> {
  try {
    if (ecr) return ruleFor(name, await ecr.pullThroughRules(registry));
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') throw thrown;
  }
  const [, prefix] = PULL_THROUGH_CACHE.exec(name) ?? [];
  return prefix === undefined ? 'perhaps' : { prefix, upstream: '' };
}

const NO_IMAGE = /not found|\b404\b|name unknown|manifest unknown/i;

/** No rule of the registry makes such a repository. */
function uncached(
  reference: string,
  { region, registryId }: { readonly region: string; readonly registryId: string },
  cause: string,
): Explained | undefined {
  if (!NO_IMAGE.test(cause)) return undefined;
  return {
    message: `${reference}: ECR has no such image in account ${registryId}, region ${region}, and no pull-through cache for it.`,
    remedy:
      'Correct the name, push the image first, or add a rule for its prefix (aws ecr create-pull-through-cache-rule).',
  };
}

/** A rule may have any prefix; only ECR's answer to the first pull shows that a repository is missing for want of one. */
function perhapsCached(
  reference: string,
  { region, registryId, path }: { readonly region: string; readonly registryId: string; readonly path: string },
  cause: string,
): Explained | undefined {
  const [first = '', ...rest] = path.split('/');
  if (rest.length === 0 || !NO_IMAGE.test(cause)) return undefined;
  return {
    message: `${reference}: ECR has no such image in account ${registryId}, region ${region}.`,
    remedy: `Correct the name or push the image first. If \`${first}\` is the prefix of a pull-through cache, check its rule (aws ecr describe-pull-through-cache-rules --region ${region}) and its upstream, and allow ecr:BatchImportUpstreamImage and ecr:CreateRepository on arn:aws:ecr:${region}:${registryId}:repository/${first}/* for the role of this job.`,
  };
}

async function missingSource(
  { source, folder }: { readonly source: string; readonly folder: string },
  build: BuildInputs,
  disk: Disk,
): Promise<Explained> {
  const path = posix.join(folder, source);
  const own = `${await dockerfilePath(build, folder, disk)}.dockerignore`;
  const ignoreFile = (await disk.exists(own)) ? own : posix.join(folder, '.dockerignore');
  if (await disk.exists(path)) {
    const ignored = isIgnored(source, await disk.readText(ignoreFile).catch(() => ''));
    return {
      message: `\`${source}\` is in the context \`${folder}\`, but the build did not get it${ignored ? `: ${posix.normalize(ignoreFile)} leaves it out` : ''}.`,
      remedy: `Add a line \`!${source}\` to ${posix.normalize(ignoreFile)}, or remove the pattern that matches it.`,
    };
  }
  const meant = await pathMeant(folder, source, disk);
  return {
    message: `\`${source}\` is not in the context \`${folder}\`.`,
    remedy: meant
      ? `Did you mean \`${meant}\`?`
      : `Sources of COPY and ADD are paths in \`context\`, not beside the Dockerfile. Correct the path, or make the file in a step before this one.`,
  };
}

/** The path with each part that its folder does not have replaced by the name that is nearly the same; undefined where one has none. */
async function pathMeant(folder: string, source: string, disk: Disk): Promise<string | undefined> {
  let found = '';
  for (const part of posix.normalize(source).split('/').filter(Boolean)) {
    const names = (await disk.list(posix.join(folder, found))) ?? [];
    const meant = names.includes(part) ? part : didYouMean(part, names);
    if (meant === undefined) return undefined;
    found = posix.join(found, meant);
  }
  return found === '' ? undefined : found;
}

/** The file itself or a folder above it; of a pattern without a clear meaning nothing is claimed. */
function isIgnored(path: string, text: string): boolean {
  try {
    const rules = ignoreRules(text);
    let trail: ReturnType<typeof rules.check>['trail'] | undefined;
    let ignored = false;
    const parts = posix.normalize(path).split('/');
    for (let depth = 1; depth <= parts.length; depth++)
      ({ ignored, trail } = rules.check(parts.slice(0, depth).join('/'), trail));
    return ignored;
  } catch {
    return false;
  }
}

const NO_INDEX: Explained = {
  message: 'An annotation is for the index (`index:`), and an image of one platform without attestations has none.',
  remedy: 'Leave out `index:`, build several platforms, or attach provenance (without `provenance: false`).',
};

function missingSecret(id: string, { secrets, secretFiles, secretEnvs }: BuildInputs): Explained {
  const given = [...secrets, ...secretFiles, ...secretEnvs].map(([name]) => name);
  const meant = didYouMean(id, given);
  return {
    message: `The Dockerfile needs the secret \`${id}\`, and no input gives it.`,
    remedy: meant
      ? `The inputs give \`${meant}\`: use one name for both.`
      : `Add \`${id}=\${{ secrets.NAME }}\` to \`build-secrets\` (a path to \`build-secret-files\`, a variable to \`build-secret-envs\`).`,
  };
}

function gitFailure(
  output: string,
  { url, ref, folder }: { readonly url: string; readonly ref: string; readonly folder: string },
): Explained | undefined {
  if (folder !== '' && /invalid subdir /i.test(output)) {
    return {
      message: `The Git context ${url} has no folder \`${folder}\`${ref === '' ? '' : ` at \`${ref}\``}.`,
      remedy: 'Correct what stands behind the second colon of `context`: a folder of the repository at that commit.',
    };
  }
  if (
    /couldn't find remote ref|did not match any|not our ref|unknown revision|does not contain ref|reference [^\n]{1,300}? not found/i.test(
      output,
    )
  ) {
    return {
      message: `The Git context ${url} has no branch, tag or commit \`${ref || 'HEAD'}\`.`,
      remedy:
        'Correct what stands behind `#` in `context`: a branch, a tag or the 40 digits of a commit that is pushed.',
    };
  }
  if (
    /could not read (?:Username|Password)|Authentication failed|Repository not found|HTTP Basic|\b40[134]\b/i.test(
      output,
    )
  ) {
    const host = URL.canParse(url) ? new URL(url).host : 'github.com';
    return {
      message: `The Git context ${url} does not exist, or cannot be read without a login.`,
      remedy: `For this run's own repository set \`github-token: \${{ github.token }}\`; for another one give a token that may read it as a build secret: \`GIT_AUTH_TOKEN.${host}=\${{ secrets.NAME }}\` in \`build-secrets\`.`,
    };
  }
  if (/unable to access|Could not resolve host|Failed to connect|timed out/i.test(output)) {
    return {
      message: `The builder cannot reach ${url}.`,
      remedy: 'Check the address in `context`, and the network and proxy of the builder.',
    };
  }
  return undefined;
}
