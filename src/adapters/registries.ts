import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { asFailure, Failure, type FailureCode } from '../failure.ts';
import { type DockerConfig, isRecord, parseDockerConfig } from '../image/docker-config.ts';
import type { JsonObject, RegistryImage } from '../model.ts';
import { defined } from '../model.ts';
import type { Registries, Runner, Shell } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { type HttpAnswer, type HttpRequest, sendRequest } from './http.ts';

export interface RegistriesParts {
  /** For its proxy agents. */
  readonly config: Pick<AwsConfig, 'agents'>;
  readonly files: { readText(path: string): Promise<string> };
  readonly runner: Pick<Runner, 'dockerConfig' | 'dockerAuthConfig' | 'mask'>;
  readonly shell: Shell;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** A question with its logins: the answer is a help, so a slow registry is not waited for. */
const TIMEOUT_MS = 5_000;
/** An index of many platforms has about 10 KiB. */
const MANIFEST_BYTES = 4 * 1024 * 1024;

/** An index first, so that the digest is the one that ECS resolves the tag to. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
/** As Docker's own client does, plain HTTP for a registry on this machine alone. */
const LOOPBACK = /^(localhost|127(?:\.\d+){3}|\[::1\])(:\d+)?$/;

/**
 * The port Registries over HTTP. A digest takes one HEAD, which Docker Hub does not count as a pull, and one or two requests
 * more where the registry wants a token.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export function createRegistries(parts: RegistriesParts): Registries {
  let logins: Promise<Logins> | undefined;
  const ask = async <T>(image: RegistryImage, work: (session: Session) => Promise<T>): Promise<T> => {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const signal = AbortSignal.any([parts.signal, late]);
    const host = image.host === undefined || HUB.includes(image.host) ? 'docker.io' : image.host;
    try {
      logins ??= loginsOf(parts);
      return await work({
        ...parts,
        signal,
        host,
        image,
        login: credentialsOf(host, await logins, { ...parts, signal }),
      });
    } catch (thrown) {
      if (parts.signal.aborted) throw parts.signal.reason;
      if (late.aborted) throw failure('UNAVAILABLE', `${host} did not answer within ${TIMEOUT_MS / 1000} s.`, thrown);
      if (thrown instanceof Failure) throw thrown;
      throw failure(
        'UNAVAILABLE',
        `${host} cannot be reached: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
        thrown,
      );
    }
  };
  return {
    digestOf: (image) =>
      ask(image, async (session) => {
        const { headers } = await manifest('HEAD', session);
        const digest = String(headers['docker-content-digest'] ?? '');
        if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
        const { body } = await manifest('GET', session);
        return `sha256:${createHash('sha256').update(body).digest('hex')}`;
      }),
    getManifest: (image) =>
      ask(image, async (session) => JSON.parse((await manifest('GET', session)).body.toString()) as JsonObject),
  };
}

interface Session extends RegistriesParts {
  /** `docker.io` for Docker Hub. */
  readonly host: string;
  readonly image: RegistryImage;
  readonly login: Promise<Credentials>;
}

async function manifest(method: 'HEAD' | 'GET', session: Session): Promise<HttpAnswer> {
  const { host, image } = session;
  const path = host === 'docker.io' && !image.path.includes('/') ? `library/${image.path}` : image.path;
  const origin = `${LOOPBACK.test(host) ? 'http' : 'https'}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
  const url = new URL(`/v2/${path}/manifests/${image.reference}`, origin);
  const headers = { accept: ACCEPT };
  let answer = await send({ method, url, headers }, session);
  if (answer.status === 401) {
    const authorization = await authorize(answer.headers, { url, path }, session);
    if (authorization) answer = await send({ method, url, headers: { ...headers, authorization } }, session);
  }
  if (answer.status === 200) return answer;
  const name = `${path}${image.reference.startsWith('sha256:') ? '@' : ':'}${image.reference}`;
  switch (answer.status) {
    case 401:
    case 403:
      throw failure('ACCESS_DENIED', `${host} does not let this job read ${path} (HTTP ${answer.status}).`);
    case 404:
      throw failure('NOT_FOUND', `${host} has no image ${name}, or hides it from this job.`);
    case 429:
      throw failure('THROTTLED', `${host} answers HTTP 429: too many requests.`);
    default:
      throw failure('UNAVAILABLE', `${host} answers HTTP ${answer.status}.`);
  }
}

/** What answers the registry's challenge; undefined where there is nothing to answer with. */
async function authorize(
  { 'www-authenticate': challenge = '' }: IncomingHttpHeaders,
  { url, path }: { readonly url: URL; readonly path: string },
  session: Session,
): Promise<string | undefined> {
  const login = await session.login;
  if (/^Basic\b/i.test(challenge)) return login.kind === 'password' ? basic(login) : undefined;
  if (!/^Bearer\b/i.test(challenge)) return undefined;
  const parameter = (name: string): string | undefined =>
    new RegExp(`\\b${name}="([^"]{0,2000})"`, 'i').exec(challenge)?.[1];
  const realm = URL.parse(parameter('realm') ?? '');
  // A login is never sent in plain text, whatever a registry asks for.
  if (!realm || (realm.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(realm.host)))) {
    return undefined;
  }
  const service = parameter('service');
  const query = new URLSearchParams({
    ...defined({ service }),
    scope: parameter('scope') ?? `repository:${path}:pull`,
  });
  const answer =
    login.kind === 'identity-token'
      ? await send(
          {
            method: 'POST',
            url: realm,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: `${query}&${new URLSearchParams({ grant_type: 'refresh_token', client_id: 'ecs-rollout', refresh_token: login.token })}`,
          },
          session,
        )
      : await send(
          {
            method: 'GET',
            url: new URL(`${realm.href}${realm.search === '' ? '?' : '&'}${query}`),
            headers: login.kind === 'password' ? { authorization: basic(login) } : {},
          },
          session,
        );
  if (answer.status !== 200) {
    const code = answer.status === 401 || answer.status === 403 ? 'ACCESS_DENIED' : 'UNAVAILABLE';
    throw failure(code, `${realm.host} gives this job no token for ${path} (HTTP ${answer.status}).`);
  }
  const { token, access_token } = JSON.parse(answer.body.toString()) as Partial<Record<string, string>>;
  const bearer = token ?? access_token;
  if (!bearer) return undefined;
  session.runner.mask(bearer);
  return `Bearer ${bearer}`;
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const send = (request: HttpRequest, { config, signal }: Session): Promise<HttpAnswer> =>
  sendRequest(request, { agents: config.agents, signal, maxBytes: MANIFEST_BYTES });

const failure = (code: FailureCode, message: string, cause?: unknown): Failure =>
  new Failure(code, message, cause === undefined ? {} : { cause });

/** A login for a registry, as `docker login` left it. */
type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token (Azure's registry, Docker Desktop). */
  | { readonly kind: 'identity-token'; readonly token: string };

/** The user's logins: those of the environment come before all of the configuration. */
interface Logins {
  readonly environment: DockerConfig;
  readonly file: DockerConfig;
}

async function loginsOf({ files, runner }: Pick<RegistriesParts, 'files' | 'runner'>): Promise<Logins> {
  const text = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => undefined);
  return { environment: parseDockerConfig(runner.dockerAuthConfig), file: parseDockerConfig(text) };
}

/** Docker Hub's logins stand under its first API's address. */
const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * The login for a registry: from the environment, else from its own credential helper, else from the store of all, else from the file. Secrets are masked
 * before anything else sees them. A helper that fails or hangs counts as no login.
 * @param host `docker.io` for Docker Hub
 */
async function credentialsOf(
  host: string,
  { environment, file }: Logins,
  parts: { readonly shell: Shell; readonly runner: Pick<Runner, 'mask'>; readonly signal: AbortSignal },
): Promise<Credentials> {
  const keys = keysOf(host);
  const given = keys.map((name) => environment.auths[name]).find(isRecord);
  if (given) return fromFile(given, parts.runner);
  const own = keys.map((key) => [key, file.credHelpers[key]] as const).find(([, helper]) => helper !== undefined);
  const [key, helper] = own ?? [keys[0] ?? host, file.credsStore];
  if (typeof helper === 'string' && /^[\w.-]+$/.test(helper)) {
    const found = await fromHelper(helper, key, parts);
    if (found.kind !== 'none') return found;
  }
  const entry = keys.map((name) => file.auths[name]).find(isRecord);
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
