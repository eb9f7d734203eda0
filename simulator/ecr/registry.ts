import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { CallContext } from '../wire/service.ts';
import { refusalOf } from './access.ts';

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
  /** Seconds since the epoch. */
  readonly pushedAt?: number;
}
export interface SimRepository {
  readonly name: string;
  immutable: boolean;
  /** Who may do what with it beside the account's own permissions: access.ts. */
  policy?: string;
  /** Tags, with `*`, for which `immutable` is the other way round. */
  excludedTags?: readonly string[];
  readonly manifests: Map<string, StoredManifest>;
  readonly tags: Map<string, string>;
  /** Digests of the layers that were pushed to it, or mounted from another repository. */
  readonly layers: Set<string>;
}

const sha256 = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const digestIn = ({ pathname }: URL): string => pathname.slice(pathname.lastIndexOf('/') + 1);
const INDEX = /index\.v1|manifest\.list/;

/** Answers of the distribution API, with ECR's codes and words. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const BASIC = 'Basic realm="http://simulator/",service="ecr.amazonaws.com"';
const BEARER = 'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"';

const LAYER_SECONDS = 3600;
const PULLS = new Set(['BatchGetImage', 'GetDownloadUrlForLayer', 'BatchCheckLayerAvailability', 'ListImages']);
const TOKEN_SECONDS = 12 * 3600;
/** One token is given out again for so long. */
const SAME_TOKEN_SECONDS = 60;

/**
 * Passwords that GetAuthorizationToken gives out, each good for twelve hours in every registry that the caller may use.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
 */
export class Tokens {
  readonly secret = randomBytes(16).toString('hex');
  /** AWS's clock, in seconds since the epoch. */
  now: () => number = () => Date.now() / 1000;
  /** Whose logins they are. */
  caller: Pick<CallContext, 'accountId' | 'region' | 'partition'> | undefined;
  readonly #issued: { readonly password: string; readonly at: number }[] = [];

  /** A token that has just been given out, or a new one. */
  issue(): { readonly password: string; readonly expiresAt: number } {
    const last = this.#issued.at(-1);
    if (!last || this.now() - last.at >= SAME_TOKEN_SECONDS) {
      // As long as ECR's own tokens are.
      this.#issued.push({ password: randomBytes(1200).toString('base64url'), at: this.now() });
    }
    return this.newest();
  }

  newest(): { readonly password: string; readonly expiresAt: number } {
    const last = this.#issued.at(-1);
    if (!last || this.now() >= last.at + TOKEN_SECONDS) return this.issue();
    return { password: last.password, expiresAt: Math.floor(last.at + TOKEN_SECONDS) };
  }

  check(password: string): 'good' | 'expired' | 'unknown' {
    const found = this.#issued.find((one) => one.password === password);
    if (!found) return 'unknown';
    return this.now() < found.at + TOKEN_SECONDS ? 'good' : 'expired';
  }
}

interface RegistryHome {
  /** Without it, wherever the caller is. */
  readonly region?: string;
  /** Amazon ECR Public. https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html */
  readonly isPublic?: boolean;
}

/** The operation of ECR whose permission a request of docker needs. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
function operationOf(method: string, kind: string, rest: string): string {
  const reads = method === 'GET' || method === 'HEAD';
  if (kind === 'manifests') return reads ? 'BatchGetImage' : 'PutImage';
  if (kind === 'tags') return 'ListImages';
  if (method === 'POST') return 'InitiateLayerUpload';
  if (method === 'PATCH') return 'UploadLayerPart';
  if (method === 'PUT') return 'CompleteLayerUpload';
  return rest.startsWith('uploads') || method === 'HEAD' ? 'BatchCheckLayerAvailability' : 'GetDownloadUrlForLayer';
}

/**
 * ECR's registry: the OCI distribution API that docker and buildx push to and pull from, behind the password that
 * GetAuthorizationToken hands out. https://github.com/opencontainers/distribution-spec
 */
export class Registry {
  readonly repositories = new Map<string, SimRepository>();
  readonly blobs = new Map<string, Buffer>();
  readonly accountId: string;
  /** Where layers are downloaded from, as `https://host`; without it from this machine, by its other name. */
  layerOrigin: string | undefined;
  readonly #tokens: Tokens;
  /** What the caller's own policies say of an operation on a repository: why it is refused, in AWS's words. Absent: all is allowed. */
  refusal: ((operation: string, repository: string) => string | undefined) | undefined;
  /** Statuses that the next manifest PUTs answer instead: 429 or a 5xx. */
  readonly failingPuts: number[] = [];
  readonly #uploads = new Map<string, Buffer[]>();
  /** Blobs that came by an upload, and so are in some repositories only; those that were put here otherwise are in all. */
  readonly #pushed = new Set<string>();

  readonly #region: string | undefined;
  /** Bearer tokens of those who pull without a login; undefined: none. */
  readonly #anonymous: Tokens | undefined;

  constructor(accountId: string, tokens = new Tokens(), { region, isPublic = false }: RegistryHome = {}) {
    this.accountId = accountId;
    this.#tokens = tokens;
    this.#region = region;
    this.#anonymous = isPublic ? new Tokens() : undefined;
    if (this.#anonymous) this.#anonymous.now = () => tokens.now();
  }

  /** That docker may log in with now. */
  get password(): string {
    return this.#tokens.newest().password;
  }

  create(name: string, immutable: boolean): SimRepository {
    const repository: SimRepository = { name, immutable, manifests: new Map(), tags: new Map(), layers: new Set() };
    this.repositories.set(name, repository);
    return repository;
  }

  find(name: string, reference: string): StoredManifest | undefined {
    const repository = this.repositories.get(name);
    return repository?.manifests.get(
      reference.startsWith('sha256:') ? reference : (repository.tags.get(reference) ?? ''),
    );
  }

  readonly handle = (req: IncomingMessage, res: ServerResponse): void => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      try {
        this.#answer(req, res, Buffer.concat(chunks));
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        if (thrown.status === 401) res.setHeader('Www-Authenticate', this.#anonymous ? BEARER : BASIC);
        res.writeHead(thrown.status, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ errors: [{ code: thrown.code, message: thrown.message }] }));
      }
    });
  };

  #answer(req: IncomingMessage, res: ServerResponse, body: Buffer): void {
    res.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    const url = new URL(req.url ?? '/', 'http://registry');
    if (url.pathname.startsWith('/v2/_layers/')) {
      this.#layer(req, res, url);
      return;
    }
    if (this.#anonymous && url.pathname.startsWith('/token')) {
      // With a login the token is the caller's, without one it is good for pulls alone.
      const token = req.headers.authorization ? this.#loggedIn(req) : this.#anonymous.issue().password;
      return void json(res, 200, { token });
    }
    const anonymous = this.#authorise(req) === 'anonymous';
    if (/^\/v2\/?$/.test(url.pathname)) return void res.writeHead(200).end('{}');
    const [, name = '', kind = '', rest = ''] = /^\/v2\/(.+)\/(blobs|manifests|tags)\/(.*)$/.exec(url.pathname) ?? [];
    const repository = this.repositories.get(name);
    if (!repository) {
      throw new Refusal(
        404,
        'NAME_UNKNOWN',
        `The repository with name '${name}' does not exist in the registry with id '${this.accountId}'`,
      );
    }
    this.#allow(repository, { operation: operationOf(req.method ?? 'GET', kind, rest), anonymous });
    if (kind === 'tags') return void json(res, 200, { name, tags: [...repository.tags.keys()] });
    if (kind === 'manifests') {
      this.#manifest(req, res, { body, repository, reference: decodeURIComponent(rest) });
      return;
    }
    if (rest.startsWith('uploads')) {
      this.#upload(req, res, { body, repository, url, id: rest.slice('uploads/'.length) });
      return;
    }
    const blob = this.layerOf(repository, rest);
    if (!blob) throw new Refusal(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
    const origin = req.method === 'GET' ? this.originOf(req.headers.host ?? '') : undefined;
    if (origin !== undefined) {
      res.writeHead(307, { location: origin + this.presigned(rest), 'content-length': 0 }).end();
      return;
    }
    res.writeHead(200, {
      'content-length': blob.length,
      'content-type': 'application/octet-stream',
      'docker-content-digest': rest,
    });
    res.end(req.method === 'HEAD' ? undefined : blob);
  }

  /**
   * Where a client that asked `host` finds layers: not there, but in S3, so that a redirect must not take the login along.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
   * @returns undefined for a host that has no other name
   */
  originOf(host: string): string | undefined {
    if (this.layerOrigin !== undefined) return this.layerOrigin;
    const [, name = '', port = ''] = /^(127\.0\.0\.1|localhost)(:\d+)$/.exec(host) ?? [];
    if (name === '') return undefined;
    return `http://${name === 'localhost' ? '127.0.0.1' : 'localhost'}${port}`;
  }

  /** Path and query of a presigned download, which needs no password, for an hour. */
  presigned(digest: string, at = this.#tokens.now()): string {
    const date = new Date(at * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const signature = sha256(Buffer.from(`${this.#tokens.secret} ${digest} ${date}`)).slice('sha256:'.length);
    return `/v2/_layers/${digest}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}&X-Amz-Expires=${LAYER_SECONDS}&X-Amz-Signature=${signature}`;
  }

  /** As S3 answers: the signature is in the address, a second one is too much. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
  #layer({ headers }: IncomingMessage, res: ServerResponse, url: URL): void {
    const refuse = (status: number, code: string, message: string): void =>
      void res
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    const blob = this.blobs.get(digestIn(url));
    if (headers.authorization !== undefined) {
      const message =
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';
      refuse(400, 'InvalidArgument', message);
      return;
    }
    const [, ...parts] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get('X-Amz-Date') ?? '') ?? [];
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number);
    const at = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    if (this.presigned(digestIn(url), at) !== url.pathname + url.search) {
      const message = 'The request signature we calculated does not match the signature you provided.';
      refuse(403, 'SignatureDoesNotMatch', message);
    } else if (this.#tokens.now() > at + LAYER_SECONDS) refuse(403, 'AccessDenied', 'Request has expired');
    else if (!blob) refuse(404, 'NoSuchKey', 'The specified key does not exist.');
    else res.writeHead(200, { 'content-length': blob.length, 'content-type': 'application/octet-stream' }).end(blob);
  }

  /** @throws Refusal where the caller's policies, or for another account's repository its policy, do not allow it, or a policy denies it */
  #allow(
    repository: SimRepository,
    { operation, anonymous }: { readonly operation: string; readonly anonymous: boolean },
  ): void {
    if (this.#anonymous) {
      if (!anonymous || PULLS.has(operation)) return;
      throw new Refusal(403, 'DENIED', 'Your authorization token is anonymous. Log in to push.');
    }
    const own = this.refusal?.(operation, repository.name);
    if (own !== undefined) throw new Refusal(403, 'DENIED', own);
    const { caller } = this.#tokens;
    if (caller === undefined || (caller.accountId === this.accountId && repository.policy === undefined)) return;
    const context = { ...caller, region: this.#region ?? caller.region };
    const why = refusalOf(repository.policy, { operation, context, owner: this.accountId, name: repository.name });
    if (why !== undefined) throw new Refusal(403, 'DENIED', why);
  }

  /** @returns whether the caller has logged in. @throws Refusal */
  #authorise(req: IncomingMessage): 'anonymous' | 'login' {
    const [, bearer] = /^Bearer (.+)$/.exec(req.headers.authorization ?? '') ?? [];
    if (bearer === undefined || !this.#anonymous) {
      // ECR Public gives tokens for passwords, and takes tokens alone.
      if (this.#anonymous) throw new Refusal(401, 'UNAUTHORIZED', 'Not Authorized');
      this.#loggedIn(req);
      return 'login';
    }
    if (this.#anonymous.check(bearer) === 'good') return 'anonymous';
    this.#check(bearer);
    return 'login';
  }

  /** @returns the password of a login that is good. @throws Refusal */
  #loggedIn({ headers }: IncomingMessage): string {
    const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (!encoded) throw new Refusal(401, 'UNAUTHORIZED', 'Not Authorized');
    const [, password = ''] = /^AWS:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    this.#check(password);
    return password;
  }

  #check(password: string): void {
    switch (this.#tokens.check(password)) {
      case 'good':
        return;
      case 'expired':
        throw new Refusal(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
      case 'unknown':
        throw new Refusal(401, 'UNAUTHORIZED', 'Your authorization token is invalid.');
    }
  }

  #upload(
    req: IncomingMessage,
    res: ServerResponse,
    { body, repository, url, id }: { body: Buffer; repository: SimRepository; url: URL; id: string },
  ): void {
    const { name } = repository;
    const mounted = url.searchParams.get('mount');
    if (req.method === 'POST' && mounted && this.blobs.has(mounted)) {
      repository.layers.add(mounted);
      return void res
        .writeHead(201, { location: `/v2/${name}/blobs/${mounted}`, 'docker-content-digest': mounted })
        .end();
    }
    const upload = id || randomBytes(16).toString('hex');
    const parts = this.#uploads.get(upload) ?? [];
    if (body.length > 0) parts.push(body);
    this.#uploads.set(upload, parts);
    const digest = url.searchParams.get('digest');
    if (!digest) {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      res.writeHead(202, {
        location: `/v2/${name}/blobs/uploads/${upload}`,
        range: `0-${Math.max(0, length - 1)}`,
        'docker-upload-uuid': upload,
        'content-length': 0,
      });
      return void res.end();
    }
    const blob = Buffer.concat(parts);
    if (sha256(blob) !== digest)
      throw new Refusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
    this.#uploads.delete(upload);
    this.blobs.set(digest, blob);
    this.#pushed.add(digest);
    repository.layers.add(digest);
    res
      .writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest, 'content-length': 0 })
      .end();
  }

  #manifest(
    req: IncomingMessage,
    res: ServerResponse,
    {
      body,
      repository,
      reference,
    }: { readonly body: Buffer; readonly repository: SimRepository; readonly reference: string },
  ): void {
    if (req.method === 'PUT') {
      const digest = this.put(repository, reference, { body, mediaType: String(req.headers['content-type'] ?? '') });
      return void res
        .writeHead(201, {
          location: `/v2/${repository.name}/manifests/${digest}`,
          'docker-content-digest': digest,
          'content-length': 0,
        })
        .end();
    }
    const found = this.find(repository.name, reference);
    if (!found) throw new Refusal(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
    res.writeHead(200, {
      'content-type': found.mediaType,
      'docker-content-digest': found.digest,
      'content-length': found.body.length,
    });
    res.end(req.method === 'HEAD' ? undefined : found.body);
  }

  /**
   * A layer of a repository; one that only other repositories have must be pushed to it as well.
   * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html (LayersNotFoundException)
   */
  layerOf({ layers }: SimRepository, digest: string): Buffer | undefined {
    return layers.has(digest) || !this.#pushed.has(digest) ? this.blobs.get(digest) : undefined;
  }

  digestOf(body: Buffer): string {
    return sha256(body);
  }

  /** Stores a manifest; what it refers to must be there. */
  put(
    repository: SimRepository,
    reference: string,
    { body, mediaType }: { readonly body: Buffer; readonly mediaType: string },
  ): string {
    const failing = this.failingPuts.shift();
    if (failing === 429) throw new Refusal(429, 'TOOMANYREQUESTS', 'Rate exceeded');
    if (failing !== undefined) throw new Refusal(failing, 'UNAVAILABLE', 'Service Unavailable');
    const digest = sha256(body);
    const manifest: { manifests?: { digest: string }[]; layers?: { digest: string }[]; config?: { digest: string } } =
      JSON.parse(body.toString('utf8'));
    const lacking = INDEX.test(mediaType)
      ? manifest.manifests?.find((child) => !repository.manifests.has(child.digest))
      : [...(manifest.layers ?? []), ...(manifest.config ? [manifest.config] : [])].find(
          (blob) => !this.layerOf(repository, blob.digest),
        );
    if (lacking) throw new Refusal(404, 'BLOB_UNKNOWN', `${lacking.digest} is not in the repository`);
    if (!reference.startsWith('sha256:')) {
      if (isImmutable(repository, reference) && repository.tags.has(reference)) {
        throw new Refusal(
          400,
          'TAG_INVALID',
          `The image tag '${reference}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
        );
      }
      repository.tags.set(reference, digest);
    } else if (reference !== digest) throw new Refusal(400, 'DIGEST_INVALID', 'manifest digest mismatch');
    repository.manifests.set(digest, { digest, mediaType, body, pushedAt: Math.floor(Date.now() / 1000) });
    return digest;
  }
}

const isImmutable = ({ immutable, excludedTags = [] }: SimRepository, tag: string): boolean =>
  excludedTags.some((pattern) => matches(pattern, tag)) ? !immutable : immutable;
const matches = (pattern: string, tag: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+^${}()|[\]\\?]/g, '\\$&'))
      .join('.*')}$`,
  ).test(tag);

function json(res: ServerResponse, status: number, value: object): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(value));
}

/** A layer's bytes, unpacked; for tests that look into an image. */
export const unpacked = (layer: Buffer): Buffer => (layer[0] === 0x1f ? gunzipSync(layer) : layer);
