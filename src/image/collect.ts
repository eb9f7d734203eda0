import { join } from 'node:path';
import { asFailure, Failure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { BuildSources, Console, Files, Shell } from '../ports.ts';
import {
  commitOfRef,
  contextSource,
  type FingerprintParts,
  fingerprintOf,
  partHashes,
  withoutOrigin,
  withoutShortLived,
} from './fingerprint.ts';
import { normalisePlatform } from './image.ts';

/** Seconds until a Git server that does not answer counts as not readable. */
const GIT_TIMEOUT_SECONDS = 20;

export type Fingerprint =
  | { readonly kind: 'known'; readonly value: string }
  /** `why` completes "the fingerprint is not known: ..." */
  | { readonly kind: 'unknown'; readonly why: string };

export interface CollectWorld {
  readonly console: Pick<Console, 'debug'>;
  readonly files: Pick<Files, 'readText' | 'readBytes' | 'exists'>;
  readonly shell: Shell;
  readonly signal: AbortSignal;
  readonly sources: BuildSources;
}

/**
 * The fingerprint of a build. Everything is read side by side, so that it can begin beside the login.
 * @param ownPlatform what the builder builds for, asked only where the build names no platform
 * @returns unknown with the reason, where a part of the build cannot be read before the build
 * @throws only the signal's reason, when the run is cancelled
 */
export async function fingerprint(
  build: BuildInputs,
  ownPlatform: () => Promise<string | undefined>,
  world: CollectWorld,
): Promise<Fingerprint> {
  try {
    const [platforms, dockerfile, contents, buildContexts, secrets] = await Promise.all([
      platformsOf(build, ownPlatform),
      dockerfileOf(build, world),
      mainContext(build, world),
      Promise.all(build.buildContexts.map((setting) => namedContext(setting, world))),
      secretsOf(build, world),
    ]);
    const { sources } = world;
    const parts: FingerprintParts = {
      ...defined({ dockerfile }),
      context: contents,
      buildContexts,
      target: build.target ?? '',
      buildArgs: build.buildArgs.map((setting) => withValue(setting, sources)),
      platforms,
      labels: withoutOrigin(build.labels),
      annotations: withoutOrigin(build.annotations),
      secrets,
      ssh: build.ssh.map((setting) => setting.split('=')[0] ?? ''),
      provenance: build.provenance ?? '',
      sbom: build.sbom ?? '',
      exports: [
        ...build.tuning.attests,
        ...build.tuning.outputs,
        ...(build.compression ? [`compression=${build.compression}`] : []),
        ...(build.reproducible ? ['rewrite-timestamp=true'] : []),
      ],
      network: [build.tuning.network ?? '', ...build.tuning.addHosts],
      sourceDateEpoch: sources.variable('SOURCE_DATE_EPOCH') ?? '',
    };
    const value = fingerprintOf(parts);
    world.console.debug(`fingerprint ${value}: ${partHashes(parts)}`);
    return { kind: 'known', value };
  } catch (thrown) {
    world.signal.throwIfAborted();
    return { kind: 'unknown', why: asFailure(thrown).message.replace(/\.$/, '') };
  }
}

const unknown = (why: string): Failure => new Failure('INVALID_INPUT', why);

async function platformsOf(
  { platforms }: BuildInputs,
  ownPlatform: () => Promise<string | undefined>,
): Promise<readonly string[]> {
  if (platforms.length > 0) return platforms.map(normalisePlatform);
  const own = await ownPlatform();
  if (own === undefined) throw unknown('no platform is named, and the builder does not report its own');
  return [own];
}

/** Its text; undefined where it comes with a Git context. */
async function dockerfileOf(build: BuildInputs, world: CollectWorld): Promise<FingerprintParts['dockerfile']> {
  const { file = '', context } = build;
  if (file === '-') throw unknown('the Dockerfile is read from standard input');
  if (/^https?:\/\//.test(file)) throw unknown(`the Dockerfile \`${file}\` is remote`);
  const source = contextSource(context);
  // Inside the repository: its commit says everything but which file.
  if (source.kind === 'git') return { path: file, text: '' };
  if (source.kind !== 'folder') return undefined;
  const path = await dockerfilePath(build, source.path, world.files);
  return { path: file, text: await world.files.readText(path) };
}

/** `file`, or `Dockerfile` of the context, which BuildKit also finds in lower case. */
export async function dockerfilePath(
  { file }: Pick<BuildInputs, 'file'>,
  folder: string,
  files: Pick<CollectWorld['files'], 'exists'>,
): Promise<string> {
  if (file) return file;
  const [usual, lower] = [join(folder, 'Dockerfile'), join(folder, 'dockerfile')];
  return !(await files.exists(usual)) && (await files.exists(lower)) ? lower : usual;
}

/** An ignore file of the Dockerfile's own takes the place of the context's (BuildKit's dockerui). */
async function mainContext(build: BuildInputs, world: CollectWorld): Promise<string> {
  const source = contextSource(build.context);
  if (source.kind !== 'folder') {
    const token = source.kind === 'git' ? gitToken(source.url, build) : undefined;
    return remoteContext(source, world, token);
  }
  const own = `${await dockerfilePath(build, source.path, world.files)}.dockerignore`;
  const ignore = (await textOf(own, world)) ?? (await textOf(join(source.path, '.dockerignore'), world)) ?? '';
  return world.sources.folder(source.path, ignore, world.signal);
}

async function namedContext(setting: string, world: CollectWorld): Promise<readonly [string, string]> {
  const equals = setting.indexOf('=');
  const source = contextSource(setting.slice(equals + 1));
  const name = setting.slice(0, equals);
  if (source.kind !== 'folder') return [name, await remoteContext(source, world)];
  const ignore = (await textOf(join(source.path, '.dockerignore'), world)) ?? '';
  return [name, await world.sources.folder(source.path, ignore, world.signal)];
}

async function textOf(path: string, { files }: CollectWorld): Promise<string | undefined> {
  return (await files.exists(path)) ? files.readText(path) : undefined;
}

async function remoteContext(
  source: Exclude<ReturnType<typeof contextSource>, { kind: 'folder' }>,
  world: CollectWorld,
  token?: string,
): Promise<string> {
  switch (source.kind) {
    case 'text':
      return source.text;
    case 'unknown':
      throw unknown(source.why);
    case 'git': {
      const { url, ref, folder } = source;
      const commit = /^[0-9a-f]{40}$/.test(ref) ? ref : await askCommit({ url, ref, token }, world);
      if (commit === undefined) throw unknown(`the commit of \`${ref || 'HEAD'}\` in ${url} cannot be read`);
      return `git ${commit} ${folder}`;
    }
  }
}

/** The token that the build itself uses for this Git server. */
const gitToken = (url: string, { secrets }: BuildInputs): string | undefined =>
  URL.canParse(url) ? new Map(secrets).get(`GIT_AUTH_TOKEN.${new URL(url).host}`) : undefined;

async function askCommit(
  { url, ref, token }: { readonly url: string; readonly ref: string; readonly token: string | undefined },
  { shell, signal }: CollectWorld,
): Promise<string | undefined> {
  const limit = AbortSignal.timeout(GIT_TIMEOUT_SECONDS * 1000);
  // By the environment: every user of the machine can read a command line.
  const basic = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  const header = token && {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
  try {
    const listed = await shell.run('git', ['ls-remote', '--', url, ref || 'HEAD'], {
      env: { GIT_TERMINAL_PROMPT: '0', ...header },
      signal: AbortSignal.any([signal, limit]),
    });
    return listed.exitCode === 0 ? commitOfRef(listed.stdout, ref) : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** `NAME` alone takes its value from the environment, as docker does. */
function withValue(setting: string, sources: BuildSources): string {
  if (setting.includes('=')) return setting;
  const value = sources.variable(setting);
  return value === undefined ? setting : `${setting}=${value}`;
}

/** What opens Git repositories for BuildKit. */
const GIT_AUTH = /^GIT_AUTH_(?:TOKEN|HEADER)(?:\.|$)/;
const SESSION_KEYS = /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;

/** A keystore or a compressed file is not text; it counts by its bytes. */
function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `base64:${Buffer.from(bytes).toString('base64')}`;
  }
}

/**
 * Ids and one slow hash of all values together. It is published with the image, so that a value which can be guessed
 * must not be found by trying; and values of several secrets can only be tried all at once.
 */
async function secretsOf(build: BuildInputs, { files, sources }: CollectWorld): Promise<FingerprintParts['secrets']> {
  const ofSession = (name: string): boolean =>
    SESSION_KEYS.test(name) && sources.variable('AWS_SESSION_TOKEN') !== undefined;
  const values: readonly (readonly [string, string])[] = [
    ...build.secrets,
    ...(await Promise.all(
      build.secretFiles.map(async ([id, path]) => [id, textOfBytes(await files.readBytes(path))] as const),
    )),
    ...build.secretEnvs.map(([id, name]) => [id, ofSession(name) ? '<key>' : (sources.variable(name) ?? '')] as const),
  ];
  const lasting = values.map(([id, value]) => [id, GIT_AUTH.test(id) ? '<token>' : withoutShortLived(value)] as const);
  const ids = values.map(([id]) => id);
  if (lasting.every(([, value]) => /^(?:<token>|<key>|\s)*$/.test(value))) return { ids, values: '' };
  const sorted = [...lasting].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ids, values: await sources.secrets(JSON.stringify(sorted), `fingerprint ${build.repository}`) };
}
