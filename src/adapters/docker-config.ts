import { asFailure } from '../failure.ts';
import type { Runner, Shell } from '../ports.ts';

/** A login for a registry, as `docker login` left it. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token (Azure's registry, Docker Desktop). */
  | { readonly kind: 'identity-token'; readonly token: string };

/** The members of Docker's config.json that hold logins. https://docs.docker.com/reference/cli/docker/login/ */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
  readonly credsStore?: unknown;
}

/** The user's Docker configuration; empty where there is none, or none that can be read. */
export async function dockerConfigOf(parts: {
  readonly files: { readText(path: string): Promise<string> };
  readonly runner: Pick<Runner, 'dockerConfig'>;
}): Promise<DockerConfig> {
  try {
    const parsed: unknown = JSON.parse(await parts.files.readText(`${parts.runner.dockerConfig}/config.json`));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Docker Hub's logins stand under its first API's address. */
const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * The login for a registry: from its own credential helper, else from the store of all, else from the file. Secrets are masked
 * before anything else sees them. A helper that fails or hangs is no login.
 * @param host `docker.io` for Docker Hub
 */
export async function credentialsOf(
  host: string,
  config: DockerConfig,
  parts: { readonly shell: Shell; readonly runner: Pick<Runner, 'mask'>; readonly signal: AbortSignal },
): Promise<Credentials> {
  const keys = keysOf(host);
  const own = keys.map((key) => [key, config.credHelpers?.[key]] as const).find(([, helper]) => helper !== undefined);
  const [key, helper] = own ?? [keys[0] ?? host, config.credsStore];
  if (typeof helper === 'string' && /^[\w.-]+$/.test(helper)) {
    const found = await fromHelper(helper, key, parts);
    if (found.kind !== 'none') return found;
  }
  const entry = keys.map((name) => config.auths?.[name]).find(isRecord);
  return entry ? fromFile(entry, parts.runner) : { kind: 'none' };
}

const keysOf = (host: string): string[] =>
  host === 'docker.io'
    ? [HUB_KEY, 'index.docker.io', 'docker.io', 'registry-1.docker.io']
    : [host, `https://${host}`, `https://${host}/`, `https://${host}/v1/`, `https://${host}/v2/`, `http://${host}`];

/** https://github.com/docker/docker-credential-helpers#development */
async function fromHelper(
  helper: string,
  key: string,
  {
    shell,
    runner,
    signal,
  }: { readonly shell: Shell; readonly runner: Pick<Runner, 'mask'>; readonly signal: AbortSignal },
): Promise<Credentials> {
  try {
    const { exitCode, stdout } = await shell.run(`docker-credential-${helper}`, ['get'], { stdin: key, signal });
    if (exitCode !== 0) return { kind: 'none' };
    const answer: unknown = JSON.parse(stdout);
    if (!isRecord(answer)) return { kind: 'none' };
    return login(text(answer.Username), text(answer.Secret), runner);
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') throw thrown;
    return { kind: 'none' };
  }
}

function fromFile(entry: Readonly<Record<string, unknown>>, runner: Pick<Runner, 'mask'>): Credentials {
  const { auth, username, password, identitytoken } = entry;
  if (text(identitytoken) !== '') return login('<token>', text(identitytoken), runner);
  if (text(auth) === '') return login(text(username), text(password), runner);
  runner.mask(text(auth));
  const decoded = Buffer.from(text(auth), 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? { kind: 'none' } : login(decoded.slice(0, colon), decoded.slice(colon + 1), runner);
}

/** The user name `<token>` stands for an identity token. */
function login(username: string, secret: string, runner: Pick<Runner, 'mask'>): Credentials {
  if (username === '' || secret === '') return { kind: 'none' };
  runner.mask(secret);
  return username === '<token>'
    ? { kind: 'identity-token', token: secret }
    : { kind: 'password', username, password: secret };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
