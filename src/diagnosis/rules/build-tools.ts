import { of } from '../say.ts';
import { ANYWHERE, DOCKER, type Found, imageOf, maybe, OF_BUILDS, OF_CACHES, type Rule } from './rule.ts';

const CACHE = `${DOCKER}/build/cache/backends/`;
const NO_WAY =
  'i/o timeout|no such host|connection refused|connection reset|TLS handshake timeout|deadline exceeded|network is unreachable|no route to host|server misbehaving|Temporary failure in name resolution|Could not resolve|name resolution|request canceled|connectex|connection attempt failed|connection timed out|\\b(?:ETIMEDOUT|EAI_AGAIN|ENOTFOUND)\\b';

/** The host that did not answer or resolve: where the words name it that one, which may be a proxy, and not the host of the URL. */
const unreached = (text: string): string | undefined =>
  (
    /\b(?:lookup|proxyconnect tcp: dial tcp:?(?: lookup)?|dial tcp: lookup|[Cc]ould(?:n't| not) resolve(?: host| proxy)?:?|[Tt]emporary failure resolving|unable to resolve host(?: address)?|bad address|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|UnknownHostException:) ['"]?(?<host>[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\b)/.exec(
      text,
    ) ?? /https?:\/\/(?<host>[\w.-]{1,253}\.[a-z]{2,24})/.exec(text)
  )?.groups?.host;

const nameOf = (host: string): string => (host === 'docker.io' ? of('docker-hub', 'Docker Hub') : host);
/** What a login needs to push, by the registry. */
const OF_HOSTS: readonly (readonly [RegExp, string])[] = [
  [
    /\.azurecr\.io$/,
    'Log in to that registry before the build (azure/login and az acr login, or docker/login-action), with an identity that has the role AcrPush there.',
  ],
  [
    /(?:\.pkg\.dev|gcr\.io)$/,
    'Grant roles/artifactregistry.writer on that repository to the service account of the job, and create the repository first (gcloud artifacts repositories create): a push does not make it. Then log in to that host (gcloud auth configure-docker HOST).',
  ],
  [
    /gitlab/,
    'Log in to that registry with a token that has write_registry (a deploy token or CI_JOB_TOKEN of that project), for the path of that project.',
  ],
];

/** The registry that is not ECR, where the message names one. */
function registryHost({ text, reading }: Found): string | undefined {
  if (/denied: (?:permission_denied|installation not allowed)/.test(text)) return 'ghcr.io';
  return reading.registry === 'ecr' || reading.host === undefined ? undefined : nameOf(reading.host);
}

/** The name of an image without a registry, where it was pushed: Docker reads it as one of Docker's own images on Docker Hub. */
const unqualifiedIn = (text: string): string | undefined =>
  /\bfail(?:ed|ure) to push docker\.io\/library\/(?<name>[\w.-]{1,80})|\brefers to (?:a )?repository \[docker\.io\/library\/(?<name>[\w.-]{1,80})\]|scope=repository(?:%3A|:)library(?:%2F|\/)(?<name>[\w.-]{1,80})(?:%3A|:)pull(?:%2C|,)push|\bpushing docker\.io\/library\/(?<name>[\w.-]{1,80})/i.exec(
    text,
  )?.groups?.name;

/** The registry is where the cache was to go, and its answer is shown. */
const OF_REGISTRY =
  /(?:writing|refused|invalid|pushing) (?:the )?(?:cache )?(?:image )?manifest|manifest (?:blob|invalid|unknown)|\/v2\/|configuration for remote cache|image-manifest|\b40[0-9]\b/i;
/** An option of `cache-to` is refused before anything is written. */
const EXPORTER = /failed to configure (?<type>\w{1,12}) cache exporter: (?<why>[^\n]{1,200})/;
const lastError = (text: string): string | undefined =>
  [
    ...text.matchAll(
      /\b(?:ERROR|error): (?:failed to (?:build|solve): )*((?:(?!\s(?:ERROR|error): |\s-{6})[^\n]){1,200})/g,
    ),
  ]
    .at(-1)?.[1]
    ?.replace(/^code = \w{1,30} desc = /, '')
    .replace(/\.$/, '');

/** Why a cache was not written: its options, the answer of the registry, or what BuildKit says. */
function exportOf(text: string): { readonly cause: string; readonly remedy: string } {
  const { type, why } = EXPORTER.exec(text)?.groups ?? {};
  if (why !== undefined)
    return {
      cause: `BuildKit does not accept the option \`cache-to\` (type=${type ?? ''}): ${why}.`,
      remedy:
        'Correct it in `cache-to` (type=registry,ref=HOST/NAME:TAG): a variable in it may be empty, or its name have upper-case letters.',
    };
  if (OF_REGISTRY.test(text))
    return {
      cause: `The build cache could not be written to the registry${maybe(/\/v2\/([\w./-]{1,255}?)\/manifests/.exec(text)?.[1])}: ${/\b\d{3} [A-Z][\w ]{2,30}/.exec(text)?.[0] ?? 'it refused the manifest'}.`,
      remedy:
        'Check that the repository in `cache-to` exists, takes mutable tags and may be pushed to; for ECR write type=registry,mode=max,image-manifest=true,oci-mediatypes=true, and ignore-error=true so that a cache never fails the build.',
    };
  return {
    cause: `The build cache could not be written: ${lastError(text) ?? 'the lines before it say why'}.`,
    remedy:
      'Add ignore-error=true to `cache-to`, so that a cache never fails the build. Then compare its other options with the page of its type, and run the job again.',
  };
}

/** A registry that failed, whatever was asked: where its state can be seen depends on whose it is. */
const OUTAGE = {
  id: 'build-registry-outage',
  nature: 'ambiguous',
  ...OF_BUILDS,
  subject: 'build',
  failure: 'unreachable',
  transient: true,
  match: [
    /\b(?<code>50[0234]) (?:Bad Gateway|Service Unavailable|Service Temporarily Unavailable|Gateway Time-?out|Internal Server Error)/i,
  ],
  cause: ({ words: { code }, reading }: Found): string =>
    `${reading.host === undefined ? 'A server that the build asked (as a rule a registry)' : `The registry ${nameOf(reading.host)}`} answered with an error of its own (${code ?? '5xx'}).`,
} as const satisfies Partial<Rule>;
const mirror = (direction: Found['reading']['direction']): string =>
  direction === 'push' ? '' : ' For base images a mirror helps (public.ecr.aws, an ECR pull through cache).';

/** What a value of `cache-to` or `cache-from` looks like, by type of cache. */
const CACHE_OF_TYPE: Readonly<Record<string, string>> = {
  gha: '`cache-from: type=gha` and `cache-to: type=gha,mode=max`',
  local: '`cache-from: type=local,src=FOLDER` and `cache-to: type=local,dest=FOLDER`',
  inline: '`cache-to: type=inline`, and as `cache-from` type=registry,ref=IMAGE',
  s3: '`cache-from` and `cache-to` with type=s3,region=REGION,bucket=BUCKET,name=NAME',
  azblob: '`cache-from` and `cache-to` with type=azblob,account_url=URL,name=NAME',
};

/** A push whose layers were tried again until the registry ended it without a word. */
const BARE_EOF = /Retrying in \d{1,3} seconds?[\s\S]{0,4000}^EOF\s*$/im;

/** The registries, caches and networks around BuildKit. */
export const BUILD_TOOLS: readonly Rule[] = [
  {
    id: 'build-cache-not-configured',
    nature: 'permanent',
    ...OF_CACHES,
    producers: [...new Set([...OF_CACHES.producers, ...OF_BUILDS.producers])],
    subject: 'cache',
    failure: 'invalid',
    // A value without type= is a reference. BuildKit writes a cache of such a type with a number behind it (gha:123).
    match: [
      /importing cache manifest from (?<type>gha|local|inline|s3|azblob):?(?=\s|$)/,
      /\blibrary\/(?<type>gha|local|inline|s3|azblob):(?:pull|push)[\w,]{0,20} token for registry-1\.docker\.io/,
      /docker\.io\/(?:v2\/)?library\/(?<type>gha|local|inline|s3|azblob)(?::latest|\/(?:manifests|blobs))?(?=[\s:"'/]|$)/,
    ],
    when: ({ text }) => /\bcache\b/i.test(text),
    unless: /load metadata|resolve source metadata/,
    cause: ({ words: { type } }) =>
      of(
        'docker-hub',
        `The cache of the build is given as the word ${type ?? ''} alone: without type= it is read as the name of an image, so the builder asks Docker Hub for library/${type ?? ''}.`,
      ),
    remedy: ({ words: { type = '' } }) => `Write ${CACHE_OF_TYPE[type] ?? `type=${type} in front`}.`,
    link: CACHE,
  },
  {
    id: 'build-cache-service',
    nature: 'permanent',
    ...OF_CACHES,
    subject: 'cache',
    failure: 'missing',
    match: [/failed to configure gha cache (?:im|ex)porter(?!: )/],
    cause:
      "The builder does not have the address and token of GitHub's cache service, which type=gha needs: only a job of GitHub Actions has them, and a plain `run:` step does not pass them on.",
    remedy:
      'Build with docker/build-push-action or this action, or export them before (crazy-max/ghaction-github-runtime). Outside of GitHub Actions keep the cache in a registry (`cache-to: type=registry,...`).',
    link: `${CACHE}gha/`,
  },
  {
    id: 'build-cache-service',
    nature: 'ambiguous',
    surfaces: ['buildx.stderr'],
    producers: ['cache', 'registry', 'buildkit'],
    launch: ANYWHERE,
    subject: 'cache',
    failure: 'failed',
    transient: true,
    severity: 'failure',
    match: [
      /failed to parse error response \d{3}: [^\n]{0,40}services aren't available|(?:artifactcache|_apis\/artifactcache|GitHub Actions Cache|type=gha|actions-cache)[\s\S]{0,600}(?:closed (?:response body|network connection)|services aren't available|\b50[0234]\b|temporarily unavailable|i\/o timeout|connection reset)|error writing layer blob: (?:not_found|failed to reserve cache)|exporting to GitHub Actions Cache\n(?:[^\n]{0,200}\n){0,40}?(?:#\d{1,4} )?ERROR: (?!failed to configure)|ERROR: maximum timeout reached/i,
    ],
    cause: ({ text }) =>
      `GitHub's cache service (type=gha) ${/reserve|not_found|maximum timeout/.test(text) ? 'did not take the build cache' : 'was not available or broke off the connection'}; ${/export|writing layer|maximum timeout/.test(text) ? 'the image itself was built' : 'the Dockerfile is not the reason'}.`,
    remedy:
      'Run the job again. So that the cache cannot fail a build, write `cache-to: type=gha,mode=max,ignore-error=true`, or keep the cache in ECR (`cache-to: type=registry,...`).',
    link: `${CACHE}gha/`,
  },
  {
    id: 'build-cache-service',
    nature: 'ambiguous',
    surfaces: ['buildx.stderr'],
    producers: ['cache', 'registry', 'buildkit'],
    launch: ANYWHERE,
    subject: 'cache',
    failure: 'failed',
    transient: true,
    severity: 'failure',
    match: [/actions-cache|blob\.core\.windows\.net|actionsresults|actions\.githubusercontent\.com\//i],
    when: ({ text }) => /\b[45]\d\d\b|AuthenticationFailed|expired|timeout|\bEOF\b|connection reset/i.test(text),
    cause: ({ text }) =>
      `GitHub's cache (type=gha) did not give or take a layer${/AuthenticationFailed|\b403\b|expired/i.test(text) ? ': its signed link had expired (a long build), so the storage refused it' : ''}.`,
    remedy:
      'Run the job again; if it comes back, drop the cache entry or build without it (inputs `cache-from`, `cache-to`). A cache in ECR (`cache-to: type=registry,...`) has no such links; a current BuildKit renews them.',
    link: `${CACHE}gha/`,
  },
  {
    id: 'build-cache-corrupt',
    nature: 'transient',
    surfaces: ['buildx.stderr'],
    producers: ['cache', 'buildkit', 'registry'],
    launch: ANYWHERE,
    subject: 'cache',
    failure: 'conflict',
    transient: true,
    match: [/\bref \S{1,200} (?:is )?locked\b[^\n]{0,200}unavailable/i],
    cause:
      'The builder (BuildKit) still held a lock on a layer from another step or an earlier build: the Dockerfile is not the cause.',
    remedy:
      'Run the build again; if the lock stays, restart the builder or make a new one (docker buildx rm, docker buildx create --use).',
    link: `${DOCKER}/build/cache/`,
  },
  {
    id: 'build-cache-corrupt',
    nature: 'ambiguous',
    surfaces: ['buildx.stderr'],
    producers: ['cache', 'buildkit', 'registry'],
    launch: ANYWHERE,
    subject: 'cache',
    failure: 'missing',
    transient: true,
    match: [
      /(?:blob|parent snapshot|snapshot|content|layer|lease)\b[^\n]{0,200}(?:not found|does not exist)|failed to (?:prepare extraction snapshot|get reader from content store)|failed to prepare \w{5,40} as \w{5,40}: |overlay2\/l\/\w|failed to register layer: (?![^\n]{0,300}no space)|unexpected commit digest|failed size validation|error reading from cache|ref \S{1,200} locked/i,
    ],
    unless:
      /exporting cache|writing manifest|resolve source metadata|load metadata|calculate checksum|\.dockerignore|manifest unknown|"\/|dockerfile: open/i,
    cause: 'The builder (BuildKit) or its cache has lost a layer or holds a damaged one: the store is not consistent.',
    remedy:
      'Run the build again; if it fails the same way, use a new builder or prune it (docker buildx prune -af), and delete the cache entry that `cache-from` names.',
    link: `${DOCKER}/build/cache/`,
  },
  {
    id: 'build-cache-service',
    nature: 'permanent',
    ...OF_CACHES,
    subject: 'cache',
    failure: 'failed',
    match: [
      /legacy service is shutting down|gha-cache-sunset|(?:ACTIONS_(?:CACHE|RESULTS|RUNTIME)_\w+|actions cache|cache service)[^\n]{0,200}/i,
      /failed to (?:reserve|finalize|commit|save) cache|(?:Create|Finalize|Get)CacheEntry|cache entry already exists|type=gha|artifactcache\S*|_apis\/artifactcache/i,
    ],
    cause: ({ text }) =>
      /legacy|sunset/i.test(text)
        ? 'This Buildx or BuildKit is too old for the cache service of GitHub (API v2).'
        : "GitHub's cache service did not take or give the build cache.",
    remedy: ({ text }) =>
      /legacy|sunset/i.test(text)
        ? 'Upgrade Buildx to 0.21 and BuildKit to 0.20 or newer (current docker/setup-buildx-action), or keep the cache in ECR instead (`cache-to: type=registry,...`).'
        : 'Run the job again; ignore-error=true in `cache-to` lets the build go on without the cache, mode=min writes less of it. Or keep it in ECR (`cache-to: type=registry,...`); Buildx before 0.21 and BuildKit before 0.20 are too old for that service.',
    link: `${CACHE}gha/`,
  },
  {
    id: 'build-cache-export-failed',
    nature: 'permanent',
    ...OF_CACHES,
    subject: 'cache',
    failure: 'failed',
    match: [
      /configuration for remote cache|image-manifest cache format|not set for (?:s3|azblob|gcs) cache|cache exporter type/i,
      /error writing (?:manifest|layer|config) blob|exporting cache\b(?=[\s\S]{0,2000}(?:error|failed|denied))|failed to (?:export|write|save) [^\n]{0,40}cache|failed to configure \w{1,12} cache exporter|cache export|error exporting cache|unknown cache exporter|cache exporter/i,
    ],
    cause: ({ text }) => exportOf(text).cause,
    remedy: ({ text }) => exportOf(text).remedy,
    link: `${CACHE}registry/`,
  },
  {
    id: 'registry-push-denied',
    technology: 'docker-hub',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /scope=repository[^\s\n]{0,300}push[^\n]{0,200}40[13]/i,
      /failed to push [^\n]{1,300}: failed to authorize[^\n]{0,400}(?:denied|unauthorized|forbidden)/i,
      /failed to push [^\n]{1,300}: unexpected status(?: from \w+ request to \S{1,300})?: 40[13]\b/i,
      /failed to push (?!\S{0,80}\.dkr[.-]ecr)\S{1,300}: (?:unauthorized|denied|forbidden)\b/i,
      /requested access to the resource is denied|\/blobs\/[^\n]{0,300}(?:unauthorized|denied|40[13] )|push access denied|insufficient_scope|denied: (?:permission_denied|installation not allowed|not_found)/i,
    ],
    unless: /resolve source metadata|load metadata|httpReadSeeker|GET request to \S{1,300}blobs/i,
    cause: (found) => {
      const host = registryHost(found);
      const bareName = unqualifiedIn(found.text);
      if (bareName !== undefined)
        return `The image is named without a registry (${bareName}), so the push went to Docker Hub as library/${bareName}, which belongs to Docker: no other login can push there.`;
      if (found.reading.direction === undefined)
        return `The registry${maybe(host)} refused the access: the login has no right (scope) for what was asked, the push of the image or the pull of a base image.`;
      const image = maybe(imageOf(found) ? `of ${imageOf(found)}` : undefined);
      if (host && /unauthenticated|authentication required|cannot be authenticated/i.test(found.text))
        return `The registry ${host} refused the push${image} as unauthorized: Docker sent no login for it, or one that is wrong or expired.`;
      return host
        ? `The registry ${host} refused the push${image}: the login has no right (scope) to write there, or the repository does not exist.`
        : `The registry refused the push${image}: the name has no ECR host (so it went to Docker Hub), or the login has no right to it.`;
    },
    remedy: (found) => {
      if (unqualifiedIn(found.text) !== undefined)
        return 'Name the image with registry and repository before the tag: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG (input `repository`; `tags` of docker/build-push-action), for Docker Hub USER/NAME:TAG. Log in to that registry before the push.';
      switch (registryHost(found)) {
        case undefined:
          return 'Log in to the registry of the image with a token that may push to it. For ECR name the image with the full ECR URI (input `repository`: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME): a name without a registry host goes to Docker Hub.';
        case 'ghcr.io':
          return of(
            'ghcr',
            'Log in to ghcr.io with a token that may write packages (GITHUB_TOKEN with `permissions: packages: write`), for an owner that this repository may push to.',
          );
        case 'Docker Hub':
          return 'Log in to Docker Hub with an access token of scope Read & Write, and create the repository under that account; for ECR write the full URI (input `repository`).';
        default:
          return (
            OF_HOSTS.find(([words]) => words.test(registryHost(found) ?? ''))?.[1] ??
            'Log in to that registry with a token that may push to the repository (in Harbor a member or robot account of the project), and create the repository or project if the registry does not make it.'
          );
      }
    },
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html',
  },
  {
    ...OUTAGE,
    when: ({ reading }) => reading.registry === 'docker-hub',
    remedy: ({ reading }) =>
      `Try again (retry) in some minutes, and look at Docker's status page.${mirror(reading.direction)}`,
    link: 'https://www.dockerstatus.com/',
  },
  {
    ...OUTAGE,
    when: ({ reading }) => reading.registry === 'ecr' || reading.registry === 'ecr-public',
    remedy: 'Try again (retry) in some minutes, and look at AWS Health for Amazon ECR in that Region.',
    link: 'https://health.aws.amazon.com/health/status',
  },
  {
    ...OUTAGE,
    remedy: ({ reading }) =>
      `Try again (retry) in some minutes, and look at the log or the status page of ${reading.host === undefined ? 'that server' : nameOf(reading.host)}, which says why.${mirror(reading.direction)}`,
    link: 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes',
  },
  {
    id: 'build-connection-lost',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'unreachable',
    transient: true,
    match: [
      /failed to receive status|stream terminated by RST_STREAM|error reading from server|rpc error: code = Unavailable|closing transport due to|no active session|no http response from session|client connection is closing/i,
    ],
    cause:
      'The connection to the builder (BuildKit) was lost: its container or machine ended or ran out of memory or disk.',
    remedy:
      'Build again. If it comes back, use a larger runner or fewer steps at once (max-parallelism of BuildKit), and look at the log of the builder container.',
    link: `${DOCKER}/build/builders/drivers/docker-container/`,
  },
  {
    id: 'push-connection-lost',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'registry',
    failure: 'denied',
    transient: true,
    match: [/Post "?https?:\/\/[^\s"]{1,200}\/v2\/(?<repository>[^\s"]{1,200})\/blobs\/uploads\/[^\s"]{0,200}"?: EOF/],
    unless: /resolve source metadata/i,
    cause: ({ words: { repository }, reading }) =>
      `The registry${maybe(reading.host)} closed the connection when the push asked to upload the first layer to ${repository}: so ECR answers where the repository does not exist or the role may not push to it; a proxy or a lost connection looks the same.`,
    remedy: ({ words: { repository } }) =>
      `Check that the repository ${repository} exists under exactly that name (input \`create-repository\` makes it) and that the role may push to it (ecr:InitiateLayerUpload). If both are right, push again and look at the proxy of the runner.`,
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html',
  },
  {
    id: 'push-connection-lost',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'registry',
    failure: 'unreachable',
    transient: true,
    match: [
      /^(?:ERROR: )?(?:unexpected )?EOF\.?\s*$/im,
      /closed pipe|broken pipe|cannot reuse body|use of closed network connection|write tcp [^\n]{0,200}|Retrying in \d+ seconds?|client disconnected/i,
      /(?:failed to push|pushing|blobs\/uploads|(?:Put|Post|Patch|Head) "?https:\/\/\d+\.dkr\.)[^\n]{0,600}(?:connection reset|EOF|i\/o timeout|connection refused|TLS handshake|stream error|INTERNAL_ERROR|timed out)/i,
    ],
    unless: /resolve source metadata/i,
    cause: ({ reading, text }) =>
      BARE_EOF.test(text)
        ? `The registry${maybe(reading.host)} ended each upload of the push without saying why (EOF): ECR does so where the role may not upload or the repository does not exist there; a lost connection looks the same.`
        : `The network connection to the registry${maybe(reading.host)} was lost${reading.direction === 'push' ? ' during the push' : ' during the transfer'}.`,
    remedy: ({ text }) =>
      BARE_EOF.test(text)
        ? 'Look in CloudTrail for the denied call of ECR. Check that the repository exists in that account and Region, and that the role may push to it (ecr:BatchCheckLayerAvailability, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage). If both are right, push again and look at the proxy.'
        : 'Push again (retry; this action does so three times). If it comes every time, the repository may not exist or the permissions for it may be missing (Docker then says only EOF), or a proxy cuts long uploads.',
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html',
  },
  {
    id: 'build-network',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'denied',
    match: [/\b407\b.{0,20}Proxy Authentication Required|Proxy Authentication Required|statusCode=407/i],
    cause: ({ reading }) =>
      `The proxy of the runner wants a login (HTTP status 407), so the request${reading.host === undefined ? '' : ` to ${nameOf(reading.host)}`} did not leave it.`,
    remedy:
      'Give the proxy with its user and password (http://USER:PASSWORD@HOST:PORT, @ in them as %40) to the builder (driver-opts env.http_proxy and env.https_proxy of docker/setup-buildx-action) and to the Docker daemon; or let the proxy pass the registry, or name it in NO_PROXY.',
    link: `${DOCKER}/engine/cli/proxy/`,
  },
  {
    id: 'build-network',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'unreachable',
    transient: true,
    match: [
      new RegExp(NO_WAY, 'i'),
      /failed to (?:do request|copy|fetch|authorize)[^\n]{0,600}: EOF\b|(?:lookup|dial)[^\n]{0,200}: EOF\b/i,
    ],
    cause: ({ text }) => `The builder could not reach ${unreached(text) ?? 'a host'} over the network.`,
    remedy:
      'Try again; check DNS, firewall and proxy of the runner (HTTP_PROXY, HTTPS_PROXY and NO_PROXY as build-args and in the driver-opts of the builder).',
    link: `${DOCKER}/engine/cli/proxy/`,
  },
];
