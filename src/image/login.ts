import type { Files, Runner, Shell } from '../ports.ts';
import { VERSION_COMMAND } from './ahead.ts';
import { isRecord, parseDockerConfig } from './docker-config.ts';
import { PUBLIC_ECR, parseEcrHost } from './reference.ts';

/** What docker and buildx need in their environment to be logged in. */
export interface DockerLogin {
  readonly env: Readonly<Record<string, string>>;
  /** A fresh login, for a push that outlived the token (12 hours in ECR). Absent where the login is not ours. */
  readonly renew?: () => Promise<DockerLogin>;
}

export interface RegistryCredentials {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

interface LoginWorld {
  readonly files: Files;
  readonly runner: Pick<Runner, 'dockerConfig' | 'dockerAuthConfig' | 'buildxConfig' | 'mask' | 'saveState'>;
  readonly shell: Shell;
}

/** The first buildx whose Docker client (28.3) reads DOCKER_AUTH_CONFIG. https://github.com/docker/cli/pull/6008 */
const READS_ENVIRONMENT_MINOR = 26; // of 0.x

/**
 * A login without `docker login`, which would ask the registry, and a credential helper or keychain to keep the token. The
 * environment of docker alone has it: it comes before helpers and stores, for this host only, and nothing stays on the runner.
 * For a buildx that does not read it there it is in a private configuration, which post removes.
 */
export async function loginTo(
  credentials: RegistryCredentials | Promise<RegistryCredentials>,
  world: LoginWorld,
): Promise<DockerLogin> {
  const [{ host, username, password }, inEnvironment] = await Promise.all([credentials, readsEnvironment(world.shell)]);
  const auth = authOf(username, password);
  world.runner.mask(auth);
  return inEnvironment
    ? { env: { DOCKER_AUTH_CONFIG: authConfiguration(world.runner.dockerAuthConfig, { host, auth }) } }
    : privateConfiguration({ host, auth }, world);
}

/**
 * The same for a tool that reads a configuration file alone. Whoever calls it removes the folder; where the run is killed before, post
 * does.
 */
export async function loginInFile(
  { host, username, password }: RegistryCredentials,
  { files, runner }: LoginWorld,
): Promise<DockerLogin & { readonly folder: string }> {
  const auth = authOf(username, password);
  runner.mask(auth);
  const folder = await files.makeTemporaryFolder('sign-');
  runner.saveState('secret-files', folder);
  const own = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => '');
  await files.writeText(`${folder}/config.json`, configurationWith(own, { host, auth }), 0o600);
  return { folder, env: { DOCKER_CONFIG: folder } };
}

/** `github.com/docker/buildx v0.36.1 1a2b3c4`; distributions leave out the `v`. */
async function readsEnvironment(shell: Shell): Promise<boolean> {
  const [program, ...args] = VERSION_COMMAND;
  const { exitCode, stdout } = await shell.run(program, args);
  return exitCode === 0 && versionReadsEnvironment(stdout);
}

/** Whether a buildx of this `docker buildx version` reads DOCKER_AUTH_CONFIG; an unknown one is not relied on. */
export function versionReadsEnvironment(text: string): boolean {
  const [, major, minor] = /\bv?(\d+)\.(\d+)\.\d+/.exec(text) ?? [];
  if (major === undefined) return false;
  return Number(major) > 0 || Number(minor) >= READS_ENVIRONMENT_MINOR;
}

const authOf = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

interface HostLogin {
  readonly host: string;
  /** `user:password` in Base64. */
  readonly auth: string;
}

/**
 * The variable DOCKER_AUTH_CONFIG: the job's own logins in it, and this one. Docker ignores the whole variable where it is not
 * exactly an object of `auths` with an `auth` each, so what it would ignore is left out.
 * https://github.com/docker/cli/blob/master/cli/config/configfile/file.go
 */
export function authConfiguration(own: string | undefined, { host, auth }: HostLogin): string {
  return JSON.stringify({ auths: { ...ownLogins(own), [host]: { auth } } });
}

function ownLogins(text: string | undefined): Readonly<Record<string, { readonly auth: string }>> {
  return Object.fromEntries(
    Object.entries(parseDockerConfig(text).auths).flatMap(([host, entry]) => {
      const auth = isRecord(entry) ? entry.auth : undefined;
      return typeof auth === 'string' && auth !== '' ? [[host, { auth }] as const] : [];
    }),
  );
}

/**
 * A private DOCKER_CONFIG. It begins as a copy of the user's own configuration, whose other logins, credential helpers,
 * plugins and context a build may need; builders stay where they are.
 */
async function privateConfiguration(login: HostLogin, { files, runner }: LoginWorld): Promise<DockerLogin> {
  const folder = await files.makeTemporaryFolder('docker-config-');
  runner.saveState('docker-config', folder);
  const own = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => '');
  await Promise.all([
    files.writeText(`${folder}/config.json`, configurationWith(own, login), 0o600),
    files.link(`${runner.dockerConfig}/contexts`, `${folder}/contexts`),
    files.link(`${runner.dockerConfig}/tls`, `${folder}/tls`),
    files.link(`${runner.dockerConfig}/cli-plugins`, `${folder}/cli-plugins`),
  ]);
  return { env: { DOCKER_CONFIG: folder, BUILDX_CONFIG: runner.buildxConfig } };
}

/**
 * The user's config.json with this login. An empty helper for the host means "the file" (docker/cli, cli/config/configfile:
 * GetCredentialsStore), so neither a helper nor a keychain hides or keeps it; other hosts keep theirs.
 */
export function configurationWith(text: string, { host, auth }: HostLogin): string {
  const { all, auths, credHelpers } = parseDockerConfig(text);
  return JSON.stringify({
    ...all,
    auths: { ...auths, [host]: { auth } },
    credHelpers: { ...credHelpers, [host]: '' },
  });
}

/**
 * Words of the registry, or of Docker where the registry asks for a login that it does not have. ghcr.io refuses the token itself.
 * https://github.com/docker/build-push-action/issues/200 https://github.com/containerd/containerd/blob/main/core/remotes/docker/resolver.go
 */
const NO_LOGIN =
  /\b401\b|unauthorized|no basic auth credentials|authentication required|authorization failed|failed to fetch (?:anonymous|oauth) token: [^\n]{0,200}\b403\b/i;

/** Names of images, whose tag may be the number of a status. */
const IMAGE_NAMES =
  /\bfailed to push \S{1,600}: |\bhttps?:\/\/[^\s"]{1,2000}|(?<!\S)\S{1,600}[:@][\w.:-]{1,200}: (?=not found)/g;

/**
 * Another registry than ECR, to which this run does not log in, asked for a login.
 * @param host undefined is Docker Hub, which is never the host of `repository`
 * @param refused `cause`: the last line of docker's output; `to`: what the run wanted there
 * @returns undefined where the registry is one of ECR, or its answer is another one; `isCertain`: no push can go well
 */
export function notLoggedIn(
  host: string | undefined,
  { cause, to }: { readonly cause: string; readonly to: 'push' | 'read' },
): { readonly message: string; readonly remedy: string; readonly isCertain: boolean } | undefined {
  if (host === undefined || host === PUBLIC_ECR || parseEcrHost(host)) return undefined;
  if (!NO_LOGIN.test(cause.replaceAll(IMAGE_NAMES, ''))) return undefined;
  return {
    // A repository that its first push makes, as on Docker Hub, is hidden in the same way from a login that may make it.
    isCertain: !/insufficient_scope/.test(cause),
    message: `Docker is not logged in to ${host}, the registry of \`repository\`, or the login may not ${to} there: ${cause}`,
    remedy: `This run logs in to ECR alone. Log in to ${host} in a step before this one (docker/login-action with \`registry: ${host}\`), or give the login in the variable DOCKER_AUTH_CONFIG.${host === 'ghcr.io' ? ` The job needs \`permissions: packages: ${to === 'push' ? 'write' : 'read'}\`.` : ''}`,
  };
}

/**
 * The program that keeps docker's logins failed, so that docker asks no registry: neither with a login nor without.
 * @param output of docker, with what the helper printed
 * @returns undefined where docker reports something else
 */
export function helperFailed(
  host: string | undefined,
  output: string,
): { readonly message: string; readonly remedy: string } | undefined {
  const cause = /error getting credentials[^\n]*/i.exec(output)?.[0];
  if (host === undefined || cause === undefined) return undefined;
  const [, missing] = /exec: "(docker-credential-[\w.-]+)": executable file not found/.exec(cause) ?? [];
  const printed = output.split('\n').find((line) => line.trim() !== '' && !line.includes(cause));
  return {
    message: `Docker cannot read its login for ${host}, the registry of \`repository\`: ${missing ? `the credential helper ${missing} is not on the PATH of this runner` : `the credential helper failed (${(printed ?? cause).trim()})`}.`,
    remedy: `Correct \`credHelpers\` or \`credsStore\` in docker's config.json${missing ? ', or install the helper' : ''}. A login in the variable DOCKER_AUTH_CONFIG comes before every helper.`,
  };
}
