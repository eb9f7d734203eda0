import { BUILD_SURFACES, DOCKER, imageOf, maybe, type Rule } from './rule.ts';

const DRIVERS = `${DOCKER}/build/builders/drivers/`;
const CACHE = `${DOCKER}/build/cache/backends/`;
const NO_WAY =
  'i/o timeout|no such host|connection refused|connection reset|TLS handshake timeout|deadline exceeded|network is unreachable|no route to host|server misbehaving|Temporary failure in name resolution|Could not resolve|name resolution|request canceled|ETIMEDOUT|EAI_AGAIN|ENOTFOUND';

/** Docker, Buildx, BuildKit and the registries around them. */
export const BUILD_TOOLS: readonly Rule[] = [
  {
    id: 'build-daemon-unavailable',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /cannot connect to the docker daemon|is the docker daemon running|permission denied while trying to connect to the docker|docker(?:\.exe)?: (?:command )?not found|docker: executable file not found|spawn docker ENOENT|error during connect|failed to dial gRPC|dial unix \S+docker[^\n]{0,60}\.sock/i,
    ],
    cause: ({ text }) =>
      /permission denied/i.test(text)
        ? 'The user of the runner may not use the Docker daemon (permission denied on its socket).'
        : 'There is no Docker daemon on this runner, or it cannot be reached.',
    remedy:
      'Use a runner with Docker (ubuntu-latest), start the daemon on a self-hosted one, and add its user to the group docker; check DOCKER_HOST.',
    link: `${DOCKER}/engine/daemon/troubleshoot/`,
    examples: [
      'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ],
  },
  {
    id: 'build-builder-missing',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /no builder ["']?(?<builder>[\w.-]+)["']? found|builder ["']?(?<builder>[\w.-]+)["']? (?:not found|does not exist)|failed to find driver|no (?:valid|current) (?:drivers?|builder) found|no running node|failed to initialize builder|buildkit(?:d)? [^\n]{0,60}(?:not (?:running|ready)|exited)/i,
    ],
    cause: ({ words: { builder } }) =>
      `There is no Buildx builder${maybe(builder)} on this runner, or it does not run.`,
    remedy: ({ words: { builder } }) =>
      `Leave the input \`builder\` out (this action makes one), or create it first: docker buildx create --name ${builder ?? 'NAME'} --use (docker/setup-buildx-action).`,
    link: `${DOCKER}/build/builders/`,
    examples: ['ERROR: no builder "multiarch" found'],
  },
  {
    id: 'build-buildx-missing',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /['"]?buildx['"]? is not a docker command|unknown (?:shorthand )?flag: [^\n]{0,60}|unknown docker command|BuildKit is enabled but the buildx component is missing|buildx: command not found|requires? (?:buildx|buildkit) (?:v|>=)?/i,
    ],
    cause: 'Docker Buildx is missing on this runner, or too old for what is asked.',
    remedy: 'Install a current Buildx (docker/setup-buildx-action), or use a hosted runner.',
    link: `${DOCKER}/build/`,
    examples: ["docker: 'buildx' is not a docker command."],
  },
  {
    id: 'build-context-missing',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /buildx build["'] requires|build["'] requires (?:exactly )?1 argument/i,
      /please specify build context|failed to build: resolve ?: lstat (?<folder>[^\s:]+)|requires exactly 1 argument|(?:unable to prepare context|path) [^\n]{0,200}(?:not found|no such file)|context must be a directory|build context[^\n]{0,80}(?:not found|missing|empty|invalid)|path ["']?(?<path>\S{1,300}?)["']? not found|could not (?:checkout|clone)|failed to (?:fetch remote|load git)/i,
    ],
    cause: ({ words: { path } }) =>
      `The build context${maybe(path)} is missing: no folder was given, or it is not there.`,
    remedy: 'Set the input `context` to a folder of the repository (. by default), and run actions/checkout before.',
    link: `${DOCKER}/build/concepts/context/`,
    examples: ['ERROR: please specify build context (e.g. "." for the current directory)'],
  },
  {
    id: 'build-driver-unsupported',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /(?<what>Attestations) are not supported by the current BuildKit|cannot export (?:multiple platforms|attestations|annotations) with|multi-platform enabled|for multi-node builds currently not supported/i,
      /(?<what>[\w -]{1,60}?) (?:is|are) (?:currently )?not supported (?:for|by|with) the (?<driver>[\w-]+) driver/i,
      /switch to a different driver|docker exporter does not (?:currently )?support|multiple platforms feature is currently not supported|does not support exporting manifest lists/i,
    ],
    cause: ({ words: { what, driver } }) =>
      `${what?.replace(/^.*ERROR: /, '').trim() || 'What is asked'} is not supported by the ${driver ?? 'docker'} driver of the builder.`,
    remedy:
      'Use a builder with the docker-container driver (docker/setup-buildx-action; leave the input `builder` out), or turn on the containerd image store; or leave the feature out (`provenance: false`, no `cache-to`, one platform in `platforms`).',
    link: DRIVERS,
    examples: [
      'ERROR: Attestation is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/attestations/',
    ],
  },
  {
    id: 'build-entitlement',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /additional privileges requested(?:: pass ['"]?--allow=(?<name>[\w.]+))?/i,
      /(?:device|entitlement)s? (?<name>\S{1,200}) (?:is|are) requested by the build but not allowed|(?<name>network\.host|security\.insecure|device) is not allowed/i,
      /(?:granting )?entitlement (?<name>[\w.]+) is not allowed|(?<name>network\.host|security\.insecure)[^\n]{0,80}(?:not allowed|entitlement)/i,
    ],
    cause: ({ words: { name } }) => `The builder does not allow the entitlement ${name ?? ''} that the build asks for.`,
    remedy: ({ words: { name } }) =>
      `Create the builder with --allow-insecure-entitlement ${name ?? 'NAME'} (buildkitd-flags of docker/setup-buildx-action), or do without it.`,
    link: `${DOCKER}/reference/cli/docker/buildx/build/#allow`,
    examples: [
      'ERROR: failed to solve: granting entitlement network.host is not allowed by build daemon configuration',
    ],
  },
  {
    id: 'build-tag-missing',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [/tag is needed when pushing|can't push with no tags|no tags? (?:were |was )?specified/i],
    cause: 'The image has no tag (name), so it cannot be pushed.',
    remedy: 'Give the build a tag: inputs `repository` and `tags` of this action, --tag of docker buildx build.',
    link: `${DOCKER}/reference/cli/docker/buildx/build/#tag`,
    examples: ['ERROR: tag is needed when pushing to registry'],
  },
  {
    id: 'build-output-missing',
    nature: 'normal',
    severity: 'warning',
    surfaces: BUILD_SURFACES,
    match: [/No output specified (?:with|for)/i],
    cause:
      'The build has no output: its result stays in the build cache and is not pushed, so the image is not in the registry.',
    remedy: 'Add --push (this action does by itself), or --load to keep it in the local Docker.',
    link: `${DOCKER}/build/exporters/`,
    examples: [
      'WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load',
    ],
  },
  {
    id: 'build-cache-service',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /legacy service is shutting down|gha-cache-sunset|(?:ACTIONS_(?:CACHE|RESULTS|RUNTIME)_\w+|actions cache|cache service)[^\n]{0,200}/i,
      /failed to (?:reserve|finalize|commit|save) cache|(?:Create|Finalize|Get)CacheEntry|cache entry already exists|type=gha|artifactcache\S*|_apis\/artifactcache/i,
    ],
    cause: ({ text }) =>
      /legacy|sunset/i.test(text)
        ? 'This Buildx or BuildKit is too old for the cache service of GitHub (API v2).'
        : "GitHub's cache service did not take or give the build cache.",
    remedy:
      'Upgrade Buildx to 0.21 and BuildKit to 0.20 or newer (current docker/setup-buildx-action), or keep the cache in ECR instead (`cache-to: type=registry,...`); ignore-error=true lets the build go on without the cache.',
    link: `${CACHE}gha/`,
    examples: [
      'ERROR: failed to solve: This legacy service is shutting down, effective April 15, 2025. Migrate to the new service ASAP. For more information: https://gh.io/gha-cache-sunset',
    ],
  },
  {
    id: 'build-cache-export-failed',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /configuration for remote cache|image-manifest cache format|not set for (?:s3|azblob|gcs) cache|cache exporter type/i,
      /error writing (?:manifest|layer|config) blob|exporting cache|failed to (?:export|write|save|configure) [^\n]{0,40}cache|cache export|error exporting cache|unknown cache exporter|cache exporter/i,
    ],
    cause: ({ text }) =>
      `The build cache could not be written to the registry${maybe(/\/v2\/([\w./-]+?)\/manifests/.exec(text)?.[1])}: ${/\b\d{3} [A-Z][\w ]{2,30}/.exec(text)?.[0] ?? 'it refused the manifest'}.`,
    remedy:
      'Check that the repository in `cache-to` exists, takes mutable tags and may be pushed to; for ECR write type=registry,mode=max,image-manifest=true,oci-mediatypes=true, and ignore-error=true so that a cache never fails the build.',
    link: `${CACHE}registry/`,
    examples: [
      'error: failed to solve: error writing manifest blob: failed commit on ref "sha256:95b8": unexpected status from PUT request to xxxxxx/v2/zainfo/go-service-001/manifests/test: 404 Not Found',
    ],
  },
  {
    id: 'registry-push-denied',
    nature: 'hopeless',
    surfaces: BUILD_SURFACES,
    match: [
      /requested access to the resource is denied|\/blobs\/[^\n]{0,300}(?:unauthorized|denied)|push access denied|insufficient_scope|denied: (?:permission_denied|installation not allowed|not_found)/i,
    ],
    unless: /resolve source metadata|load metadata/i,
    cause: (found) =>
      `The registry refused the push${maybe(imageOf(found) ? `of ${imageOf(found)}` : undefined)}: the name has no ECR host (so it went to Docker Hub), or the login has no right to it.`,
    remedy:
      'Name the image with the full ECR URI (input `repository`: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME) and log in to that registry.',
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html',
    examples: ['denied: requested access to the resource is denied'],
  },
  {
    id: 'build-registry-outage',
    nature: 'ambiguous',
    transient: true,
    surfaces: BUILD_SURFACES,
    match: [
      /\b(?<code>50[0234]) (?:Bad Gateway|Service Unavailable|Service Temporarily Unavailable|Gateway Time-?out|Internal Server Error)/i,
      /received unexpected HTTP status: (?<code>5\d\d)/i,
      /\b(?:status|code):? (?<code>50[0234])\b/i,
    ],
    cause: ({ words: { code }, text }) =>
      `The registry${/docker\.(?:io|com)/i.test(text) ? ' Docker Hub' : maybe(/https?:\/\/([\w.-]+)/.exec(text)?.[1])} answered with an error of its own (${code ?? '5xx'}).`,
    remedy:
      'Try again in some minutes; look at its status page, and use a mirror (public.ecr.aws, an ECR pull through cache) for base images.',
    link: 'https://www.dockerstatus.com/',
    examples: [
      'ERROR: failed to solve: python:3.12-slim: failed to resolve source metadata for docker.io/library/python:3.12-slim: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/python/manifests/sha256:0b: 502 Bad Gateway',
    ],
  },
  {
    id: 'build-connection-lost',
    nature: 'ambiguous',
    transient: true,
    surfaces: BUILD_SURFACES,
    match: [
      /failed to receive status|error reading from server|rpc error: code = Unavailable|closing transport due to|no active session|client connection is closing/i,
    ],
    cause:
      'The connection to the builder (BuildKit) was lost: its container or machine ended or ran out of memory or disk.',
    remedy:
      'Build again. If it comes back, use a larger runner or fewer steps at once (max-parallelism of BuildKit), and look at the log of the builder container.',
    link: `${DOCKER}/build/builders/drivers/docker-container/`,
    examples: [
      'ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    ],
  },
  {
    id: 'push-connection-lost',
    nature: 'ambiguous',
    transient: true,
    surfaces: BUILD_SURFACES,
    match: [
      /^(?:ERROR: )?(?:unexpected )?EOF\.?\s*$/im,
      /closed pipe|broken pipe|cannot reuse body|use of closed network connection|write tcp [^\n]{0,200}|Retrying in \d+ seconds?|client disconnected/i,
      /(?:failed to push|pushing|blobs\/uploads|(?:Put|Post|Patch|Head) "?https:\/\/\d+\.dkr\.)[^\n]{0,600}(?:connection reset|EOF|i\/o timeout|connection refused|TLS handshake|stream error|INTERNAL_ERROR|timed out)/i,
    ],
    unless: /resolve source metadata/i,
    cause: 'The network connection to the registry was lost during the push.',
    remedy:
      'Push again (this action does so three times). If it comes every time, the repository may not exist or not be allowed (Docker then says only EOF), or a proxy cuts long uploads.',
    link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html',
    examples: [{ text: 'EOF', context: { preceding: 'Retrying in 1 second' } }],
  },
  {
    id: 'build-network',
    nature: 'ambiguous',
    transient: true,
    surfaces: BUILD_SURFACES,
    match: [
      new RegExp(NO_WAY, 'i'),
      /unexpected EOF|http2: |stream error|connection (?:timed out|was forcibly closed)/i,
    ],
    cause: ({ text }) =>
      `The builder could not reach ${/(?:lookup|https?:\/\/|Head "https?:\/\/) ?([\w.-]+\.[a-z]{2,})/.exec(text)?.[1] ?? 'a host'} over the network.`,
    remedy:
      'Try again; check DNS, firewall and proxy of the runner (HTTP_PROXY, HTTPS_PROXY and NO_PROXY as build-args and in the driver-opts of the builder).',
    link: `${DOCKER}/engine/cli/proxy/`,
    examples: [
      'ERROR: failed to solve: alpine:3.20: failed to resolve source metadata for docker.io/library/alpine:3.20: failed to do request: Head "https://registry-1.docker.io/v2/library/alpine/manifests/3.20": dial tcp: lookup registry-1.docker.io: i/o timeout',
    ],
  },
];
