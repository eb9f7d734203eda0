import { ANY_BUILDER, ANYWHERE, BUILDERS, CACHES, DOCKER, first, maybe, type Rule } from './rule.ts';

const DOCKERFILE = `${DOCKER}/reference/dockerfile/`;
const EXPORTERS = `${DOCKER}/build/exporters/`;
const here = { surfaces: ['buildx.stderr'], launch: ANYWHERE, nature: 'permanent' } as const;
/** The instruction that BuildKit marks with `>>>` in the Dockerfile, or names in the title of the step. */
const FROM_STAGE =
  /(?:>>> |\d\/\d{1,3}\] |Step \d{1,3}\/\d{1,3} : )(?:COPY|ADD|RUN)\b[^\n]{0,200}?(?:--from|[ ,]from)=(?<stage>[\w./:@${}-]{1,200})/;
const stageOf = (text: string): string | undefined => FROM_STAGE.exec(text)?.groups?.stage;

const LOGIN_FAULTS: readonly (readonly [RegExp, string])[] = [
  [/insufficient scopes/i, 'the access token has too few rights (scopes)'],
  [/too many/i, 'too many attempts failed'],
];

/** What S3 says of a build cache: one of four things. */
function ofBucket(text: string): { readonly cause: string; readonly remedy: string } {
  const place = 'Correct bucket and region in `cache-from` and `cache-to`.';
  if (/NoSuchBucket/.test(text))
    return { cause: 'The bucket of the build cache (type=s3) does not exist.', remedy: place };
  if (/PermanentRedirect|StatusCode: 301/.test(text))
    return {
      cause: 'The bucket of the build cache (type=s3) is in another Region than the cache names.',
      remedy: place,
    };
  if (/IMDS|refresh cached|get credentials|NoCredential/.test(text))
    return {
      cause: 'The builder has no AWS credentials for the build cache (type=s3).',
      remedy:
        'Pass access_key_id, secret_access_key and session_token in `cache-from` and `cache-to`, as BuildKit in its container does not see those of the job; or use type=registry with ECR.',
    };
  return {
    cause: 'S3 refused the build cache (type=s3): the credentials may not read or write the bucket.',
    remedy:
      'Allow s3:ListBucket on the bucket and s3:GetObject, s3:PutObject on its objects for the credentials that the cache uses.',
  };
}

/** The host of an image whose registry refused, where the message names one. */
const hostIn = (text: string): string | undefined =>
  /(?:https:\/\/|failed to push |(?:resolve source metadata|load metadata) for )(?<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?::\d{2,5})?\//.exec(
    text,
  )?.groups?.host;

/** Layers or the image were being pushed. */
const PUSHED = /pushing (?:layers|manifest)|failed to push|exporting to (?:image|registry)/;

/** What BuildKit and Buildx refuse before any registry is asked, and what instructions of the Dockerfile miss. */
export const BUILD_INSTRUCTIONS: readonly Rule[] = [
  {
    ...here,
    id: 'build-output-invalid',
    producers: [...BUILDERS, ...ANY_BUILDER],
    subject: 'build',
    failure: 'exhausted',
    match: [
      /(?<said>(?:received |trying to send )?message larger than max \((?<size>\d{1,12}) vs\.? (?<limit>\d{1,12})\))/i,
    ],
    cause: ({ words: { said } }) =>
      `What Buildx and the builder sent each other in one message is larger than its limit in bytes: ${said ?? ''}.`,
    remedy:
      'Make what is sent smaller: less output of one step, shorter build arguments and labels, and no provenance of a huge context (`provenance: false`); or upgrade Buildx and BuildKit, whose limit grew.',
    link: `${DOCKER}/build/builders/`,
  },
  {
    technology: 'docker-hub',
    ...here,
    id: 'build-base-image-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /failed to fetch oauth token: (?:unexpected status(?: from \w{3,5} request to https:\/\/(?<host>[\w.-]{1,150})\S{0,400})?: )?401\b/i,
    ],
    unless: /push/,
    cause: ({ words: { host } }) =>
      `${host === undefined || host === 'auth.docker.io' ? 'Docker Hub' : host} refused the login that the builder sent (401): its user name or token is wrong or has expired. Whether the image is public does not matter then.`,
    remedy:
      'Renew the access token in the secrets of the job and log in again before the build (docker/login-action), or log out (docker logout): a public image needs no login.',
    link: `${DOCKER}/security/access-tokens/`,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [/failed to fetch anonymous token: unexpected status[^\n]{0,400}: 40[13]\b/i],
    when: ({ text, reading }) =>
      /push/i.test(text) && reading.registry !== 'ecr' && !/(?:source|load) metadata/.test(text),
    cause: ({ text }) =>
      `Docker has no login for the registry${maybe(hostIn(text))}: it asked for a token without a user, which the registry does not give for a push.`,
    remedy: ({ text }) => [
      `Log in to exactly that host before the build (docker/login-action with \`registry: ${hostIn(text) ?? 'HOST'}\`) with a token that may push`,
      { examples: [{ for: 'ghcr', words: `for ghcr.io GITHUB_TOKEN and \`permissions: packages: write\`` }] },
      '.',
    ],
    link: `${DOCKER}/build/ci/github-actions/push-multi-registries/`,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /(?:failed to solve:|desc =|ERROR:|error:) (?:failed to solve: )?(?:unexpected status(?: code)?|authorization status):? (?<status>40[13])\b/i,
    ],
    cause: ({ words: { status }, text }) =>
      `A registry refused a request of the builder (${status ?? '403'}): ${PUSHED.test(text) ? 'the push of the image. Docker sent no login for it, one that is not accepted, or one without the right to that repository.' : 'the push of the image, or the pull of a base image. The message names neither.'}`,
    remedy: [
      'See the step above it in the log of the build. For a push the login needs the right to write that repository, under exactly that name and owner',
      { examples: [{ for: 'ghcr', words: 'for ghcr.io `permissions: packages: write`' }] },
      '; for a pull the name in FROM and a login that may read it.',
    ],
    link: `${DOCKER}/build/ci/github-actions/`,
  },
  {
    ...here,
    id: 'image-invalid-reference',
    producers: BUILDERS,
    subject: 'registry',
    failure: 'invalid',
    match: [/(?:pushing layers|exporting to image)[\s\S]{0,600}?\b(?:ERROR|error): unexpected status: 400 Bad Request/],
    unless: /exporting cache|importing cache|GitHub Actions Cache/,
    cause:
      'The registry refused the push before it took a layer (400 Bad Request): as a rule the name of the image is not one that it accepts, as the owner, project or namespace is missing.',
    remedy: [
      'Compare the name with what the registry wants (input `repository`): ECR takes ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME, others HOST/OWNER/NAME, all in lowercase',
      { examples: [{ for: 'ghcr', words: 'ghcr.io/OWNER/NAME' }] },
      '. If it is right, push without attestations (`provenance: false`).',
    ],
    link: EXPORTERS,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /failed to push (?<image>\S{1,300}?): failed to authorize: failed to fetch (?:oauth|anonymous) token\s*$/im,
    ],
    cause: ({ words: { image } }) =>
      `The registry gave no token for the push${maybe(image)}: it did not accept the login that Docker sent, or its token service did not answer (the message has no status).`,
    remedy:
      'Run the job again. If it stays, renew the secret of the login to that registry and log in again before the build (docker/login-action). An image that goes to several registries fails as a whole when one of them refuses.',
    link: `${DOCKER}/build/ci/github-actions/push-multi-registries/`,
  },
  {
    ...here,
    id: 'build-dockerfile-syntax',
    producers: BUILDERS,
    subject: 'build',
    failure: 'invalid',
    match: [/invalid (?<what>user|group) index: -1/],
    cause: ({ words: { what } }) =>
      `COPY or ADD with --chown names a ${what ?? 'user'} that BuildKit cannot look up: with --link it does not read /etc/passwd and /etc/group of the image, and an image from scratch has none.`,
    remedy:
      'Write the numeric ids (--chown=1000:1000), or take --link out of that instruction and create the user before it.',
    link: DOCKERFILE,
  },
  {
    ...here,
    id: 'build-output-invalid',
    producers: BUILDERS,
    subject: 'build',
    failure: 'conflict',
    match: [/can(?:'t|not) push tagged ref (?:(?<image>(?!by digest)\S{1,300}) )?by digest/i],
    cause: ({ words: { image } }) =>
      `Buildx does not push by digest (push-by-digest=true) an image that has a tag${maybe(image)}; no registry was asked.`,
    remedy:
      'Leave the tag out of that build: outputs type=image,name=REPOSITORY without a tag, push-by-digest=true, and no --tag (inputs `tags` of docker/build-push-action). Give the tags afterwards with docker buildx imagetools create.',
    link: `${DOCKER}/build/ci/github-actions/multi-platform/`,
  },
  {
    ...here,
    id: 'build-output-invalid',
    producers: BUILDERS,
    subject: 'build',
    failure: 'conflict',
    match: [/push and load may not be set together/i],
    cause: 'The build is asked for two outputs at once (--push and --load), which this version of Buildx cannot do.',
    remedy:
      'Use only --push (this action does by itself) and pull the image where it is needed, or upgrade the builder: several outputs need Buildx 0.13 and BuildKit 0.13.',
    link: EXPORTERS,
  },
  {
    ...here,
    id: 'build-network',
    nature: 'ambiguous',
    transient: true,
    producers: BUILDERS,
    subject: 'build',
    failure: 'unreachable',
    match: [
      /short read: expected (?<bytes>\d{1,15}) bytes but got \d{1,15}|(?:httpReadSeeker|failed commit on ref "layer)[^\n]{0,200}(?:EOF|reset|timeout)/i,
    ],
    cause: 'The download of an image layer broke off: the registry, or the network to it, ended the connection.',
    remedy:
      'Run the job again. If it comes back for the same image, check the proxy of the runner, or use a mirror of it (public.ecr.aws, an ECR pull through cache).',
    link: `${DOCKER}/build/builders/`,
  },
  {
    ...here,
    id: 'build-cache-service',
    nature: 'ambiguous',
    transient: true,
    severity: 'failure',
    producers: [...CACHES, ...BUILDERS],
    subject: 'cache',
    failure: 'throttled',
    match: [
      /(?:GitHub Actions Cache|type=gha|error writing layer blob|\bgha\b)[\s\S]{0,600}?(?:\b429\b|rate limit exceeded|Too Many Requests)/i,
    ],
    cause: "GitHub's cache service (type=gha) took no more requests for a while: its rate limit was reached.",
    remedy:
      'Run the job again. Let fewer jobs write the cache at once or only the default branch, write mode=min, and add ignore-error=true to `cache-to` so that the cache cannot fail a build; or keep the cache in ECR (type=registry).',
    link: `${DOCKER}/build/cache/backends/gha/`,
  },
  {
    ...here,
    id: 'build-driver-unsupported',
    producers: BUILDERS,
    subject: 'build',
    failure: 'conflict',
    match: [/docker exporter does not (?:currently )?support exporting manifest lists/i],
    cause:
      'The result of a build for several platforms is to be loaded into Docker (--load, type=docker), and the docker exporter takes no manifest list.',
    remedy:
      'Push it instead (--push, which this action does by itself), load one platform only (input `platforms`), or turn on the containerd image store of Docker.',
    link: EXPORTERS,
  },
  {
    ...here,
    id: 'registry-tls-untrusted',
    producers: BUILDERS,
    subject: 'registry',
    failure: 'invalid',
    match: [
      /(?:https:\/\/(?<host>[\w.-]{1,150}(?::\d{2,5})?)\/[^\n]{0,300})?server gave HTTP response to HTTPS client/i,
    ],
    cause: ({ words: { host } }) => `The registry${maybe(host)} answers plain HTTP, and the builder asks by HTTPS.`,
    remedy: ({ words: { host } }) =>
      `Let the registry serve HTTPS, or tell the builder that it does not: [registry."${host ?? 'HOST:PORT'}"] http = true in buildkitd.toml (buildkitd-config-inline of docker/setup-buildx-action); insecure-registries of Docker do not count for it.`,
    link: `${DOCKER}/build/buildkit/configure/`,
  },
  {
    ...here,
    id: 'build-layer-denied',
    nature: 'ambiguous',
    transient: true,
    severity: 'failure',
    producers: BUILDERS,
    subject: 'base-image',
    failure: 'denied',
    match: [
      /(?:httpReadSeeker|GET request to)[^\n]{0,100}?https:\/\/(?<host>[\w.-]{1,150})\/[^\s"]{0,200}?blobs\/[\w:/.?=&%+-]{1,200}?: ["']?40[13]\b/i,
    ],
    cause: ({ words: { host } }) =>
      `The download of an image layer was refused (403) by the storage of the registry${maybe(host)}, not by the registry itself: its signed link had expired, or a proxy, firewall or country block is in the way.`,
    remedy:
      'Run the job again. If it comes back, allow that host in the proxy or firewall of the runner, or use a mirror of the image (public.ecr.aws, an ECR pull through cache).',
    link: `${DOCKER}/docker-hub/troubleshoot/`,
  },
  {
    ...here,
    id: 'build-secret-missing',
    producers: BUILDERS,
    subject: 'build',
    failure: 'missing',
    match: [
      /could not parse secrets?: \[id=(?<id>[\w.-]{1,80}),src=(?<file>[^\]\s,]{1,300})[^\]\n]{0,80}\]: failed to stat/i,
    ],
    cause: ({ words: { id, file } }) =>
      `The file ${file ?? ''} of the build secret ${id ?? ''} does not exist on the runner.`,
    remedy: ({ words: { id } }) =>
      `Write that file in a step before the build, or give the value itself: input \`build-secrets\` (${id ?? 'id'}=value) instead of \`build-secret-files\`.`,
    link: `${DOCKER}/build/building/secrets/`,
  },
  {
    ...here,
    id: 'build-output-invalid',
    producers: BUILDERS,
    subject: 'build',
    failure: 'invalid',
    match: [/invalid key-value pair "(?<pair>[^"\n]{0,200})": empty key/i],
    cause: ({ words: { pair } }) =>
      `An option of the build has a value without a name (${pair ?? ''}): the variable for its name is empty.`,
    remedy:
      'Write NAME=value, one per line, in the inputs `build-args`, `labels` and `build-secrets`, and see which variable or expression in them is empty.',
    link: `${DOCKER}/reference/cli/docker/buildx/build/`,
  },
  {
    ...here,
    id: 'registry-push-refused',
    producers: BUILDERS,
    subject: 'registry',
    failure: 'exhausted',
    match: [/https:\/\/(?<host>[\w.-]{1,150})[^\n]{0,300}413 Request Entity Too Large|413 Request Entity Too Large/i],
    cause: ({ words: { host } }) =>
      `A layer of the image is larger than the registry${maybe(host)}, or the proxy in front of it, takes in one request (413).`,
    remedy: [
      'Raise the limit of that proxy',
      { examples: [{ for: 'nginx', words: 'nginx: client_max_body_size 0' }] },
      ', or push past it. Otherwise make the layers smaller: split a large COPY or RUN, and leave caches out.',
    ],
    link: `${DOCKER}/registry/`,
  },
  {
    ...here,
    id: 'push-connection-lost',
    nature: 'ambiguous',
    transient: true,
    producers: BUILDERS,
    subject: 'registry',
    failure: 'failed',
    match: [/blob upload (?:unknown|invalid)(?: to registry)?/i],
    when: ({ reading }) => reading.registry === 'other' || reading.registry === 'docker-hub',
    cause:
      'The registry lost the upload of a layer: the push was interrupted, or another server of the registry was asked in between.',
    remedy:
      'Push again. If it comes back, push with fewer layers at once or look at the status page of the registry; behind a load balancer its servers need common storage.',
    link: `${DOCKER}/registry/`,
  },
  {
    technology: 'gpu',
    ...here,
    id: 'docker-request-refused',
    producers: BUILDERS,
    subject: 'build',
    failure: 'conflict',
    match: [
      /The container name "(?<holder>[^"\n]{1,150})" is already in use/,
      /network (?<network>[\w.-]{1,100}) not found/,
      /could not select device driver "[^"]{0,40}" with capabilities: \[\[(?<device>\w{1,20})/,
      /Bind for (?<address>[\w.:[\]]{1,60}) failed: port is already allocated/,
      /unable to (?:remove repository reference|delete) "?(?<used>[\w./:@-]{1,200})"? \([^)]{1,60}\) - (?:image is being used by (?:running |stopped )?)?container (?<user>[0-9a-f]{3,64})/,
    ],
    when: ({ text }) => /daemon/i.test(text),
    cause: ({ words: { holder, network, device, address, used, user } }) => {
      if (used) return `The Docker daemon does not remove the image ${used}: the container ${user ?? ''} uses it.`;
      if (holder)
        return `The Docker daemon has a container of the name ${holder} in use, from an earlier run or another job.`;
      if (network) return `The Docker daemon has no network ${network}.`;
      if (device)
        return `The Docker daemon of the runner has no driver for ${device} devices: the machine has none, or the NVIDIA Container Toolkit is not installed.`;
      return `The port ${address ?? ''} of the runner is in use by another container or program.`;
    },
    remedy: ({ words: { holder, network, device, user } }) => {
      if (user) return `Remove the container first (docker rm -f ${user}), or leave the image where it is.`;
      if (holder)
        return `Remove it first (docker rm -f ${holder.replace(/^\//, '')}; docker buildx rm for a builder), or give each job a name of its own.`;
      if (network)
        return `Create it before (docker network create ${network}), or correct the input \`network\`: a build takes default, none or host.`;
      if (device)
        return 'Use a runner with that device and the NVIDIA Container Toolkit, or take --gpus out: a build needs none.';
      return 'Stop what uses the port, or publish another one.';
    },
    link: `${DOCKER}/engine/daemon/troubleshoot/`,
  },
  {
    ...here,
    id: 'image-invalid-reference',
    producers: BUILDERS,
    subject: 'registry',
    failure: 'invalid',
    match: [
      /(?:refers to repository \[|(?:failed to push|pushing|invalid tag|tag) "?)(?<image>(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?::\d{2,5})?(?:\/[\w.-]{1,100}){0,4}\/\/[\w.:/-]{0,200})/,
    ],
    cause: ({ words: { image } }) =>
      `The name of the image has an empty part (two slashes)${image === undefined ? '' : `: ${image}`}; the variable for the owner or project in it has no value.`,
    remedy:
      'Give that variable a value for this run (a secret or `vars` entry that is not set is empty, and pull requests from forks get no secrets), or write the owner into the name.',
    link: `${DOCKER}/reference/cli/docker/image/tag/`,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /token has not been granted the required scopes[^\n]{0,300}?requires one of the following scopes: \['(?<scope>[\w:]{3,40})'/,
      /(?:token|credentials?) (?:does not|doesn't) (?:have|match)[^\n]{0,60}?(?:scopes?|expected)[: ]{1,3}[[`'"]{0,2}(?<scope>(?:read|write|delete):packages|read_registry|write_registry)/,
    ],
    cause: ({ words: { scope } }) =>
      `The token of the login does not have the scope${maybe(scope)} that the registry asks for.`,
    remedy: ({ words: { scope = '' } }) => [
      'Log in with a token that has that scope',
      {
        examples: /packages/.test(scope)
          ? ['GITHUB_TOKEN with `permissions: packages: write`, or a classic personal access token with write:packages']
          : [],
      },
      '. Look whether the secret behind the password is the one that you mean.',
    ],
    link: `${DOCKER}/build/ci/github-actions/`,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /failed to (?:read from|write to|access) (?:the )?destination repository (?<image>[\w./:-]{2,200}): (?:40[13]|unauthorized|denied)/,
    ],
    cause: ({ words: { image } }) =>
      `The registry does not let the login read or write the repository${maybe(image)}, into which the image should be pushed.`,
    remedy: [
      'Give the login the right to write that repository.',
      {
        for: 'ghcr',
        words:
          ' On ghcr.io a package that exists must allow this repository (Package settings, Manage Actions access, Write) beside `permissions: packages: write`.',
      },
      ' The token needs the scope to push, and the name its owner or project.',
    ],
    link: `${DOCKER}/build/ci/github-actions/`,
  },
  {
    ...here,
    id: 'build-base-image-denied',
    producers: BUILDERS,
    subject: 'base-image',
    failure: 'denied',
    match: [
      /Error response from daemon: (?:Head|Get) "?https:\/\/(?<host>[\w.:-]{3,200})\/v2\/(?<image>[\w./-]{2,200})\/manifests\/\S{1,140}: (?:unauthorized|denied)\b/,
    ],
    unless: /push/i,
    cause: ({ words: { host, image } }) =>
      `The registry${maybe(host)} does not let Docker pull${maybe(image)}: the image is private (or its name is wrong), and Docker has no login that may read it.`,
    remedy: ({ words: { host = 'HOST' } }) => [
      `Log in to ${host} before the pull (docker/login-action with \`registry: ${host}\`) with a token that may read the image, or make it public; compare owner, name and tag.`,
      {
        for: 'ghcr',
        words:
          ' On ghcr.io that is GITHUB_TOKEN with `permissions: packages: read`, where the package allows this repository, else a personal access token with read:packages.',
      },
    ],
    link: `${DOCKER}/build/ci/github-actions/`,
  },
  {
    technology: 'docker-hub',
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry-login',
    failure: 'denied',
    match: [
      /must log in with a Personal Access Token|(?:incorrect|invalid|bad|wrong) (?:username|user name|user|login)(?: or |\/| and )password|access token has insufficient scopes|too many failed login attempts/i,
      /https?:\/\/[\w.:-]{3,200}\/(?:v2|zq[a-z])\/"?: (?:denied|unauthorized|unknown): (?:denied|unauthorized|unauthenticated|authentication required|bad credentials|HTTP Basic: Access denied|authentication failed)/i,
    ],
    when: ({ reading }) => reading.registry !== 'ecr' && reading.registry !== 'ecr-public',
    cause: ({ text, reading }) =>
      /Personal Access Token/i.test(text)
        ? 'Docker Hub does not take the password of that account: it asks for an access token.'
        : `${reading.registry === 'docker-hub' || reading.host === undefined ? 'Docker Hub' : reading.host} refused the login: ${LOGIN_FAULTS.find(([words]) => words.test(text))?.[1] ?? 'user name or access token is wrong'}.`,
    remedy: ({ reading }) =>
      reading.registry !== 'docker-hub' && reading.host !== undefined
        ? `Give docker/login-action the user name and a valid access token of ${reading.host} (\`registry: ${reading.host}\`); look whether the secrets behind them are set for this run.`
        : 'Create an access token (Account settings, Personal access tokens; Read & Write for a push) and give it to docker/login-action as the password, with the user name in lower case.',
    link: `${DOCKER}/security/access-tokens/`,
  },
  {
    ...here,
    id: 'build-arg-missing',
    producers: BUILDERS,
    subject: 'build',
    failure: 'missing',
    match: [/failed to parse stage name "(?<given>[^"\n]{0,200})": invalid reference format/i],
    cause: ({ words: { given } }) =>
      given
        ? `FROM names no valid image (${given}): a variable in it is empty or has characters that an image reference does not take.`
        : 'FROM names no image: the variable in it is empty.',
    remedy:
      'Declare the variable with ARG before the first FROM, give it a default there, and pass its value with the input `build-args`.',
    link: `${DOCKER}/build/building/variables/`,
  },
  {
    ...here,
    id: 'registry-push-denied',
    producers: BUILDERS,
    subject: 'registry',
    failure: 'denied',
    match: [
      /(?<api>[A-Z][\w ]{2,40} API) has not been used in project (?<project>[\w-]{1,60}) before or it is disabled/,
    ],
    cause: ({ words: { api, project } }) =>
      `The ${api ?? 'API'} is not enabled in the Google Cloud project ${project ?? ''}.`,
    remedy:
      'Enable that API in the project (gcloud services enable artifactregistry.googleapis.com), wait some minutes and run the job again.',
    link: 'https://cloud.google.com/artifact-registry/docs/enable-service',
  },
  {
    technology: 'docker-hub',
    ...here,
    id: 'build-stage-missing',
    producers: BUILDERS,
    subject: 'build',
    failure: 'missing',
    match: [
      /(?:>>> (?:COPY|ADD|RUN)\b[^\n]{0,200}?(?:--from|[ ,]from)=|\[[^\]\n]{0,40}\] (?:COPY|ADD) --from=)(?<stage>[a-z][\w.-]{0,80})(?=[\s,])[\s\S]{0,3000}?docker\.io\/\S{1,150}:latest[^\n]{0,300}(?:denied|authoriz)/,
      /(?:COPY|invalid) (?:--)?from(?: flag value|=)? ?"?(?<stage>[a-z][\w.-]{0,80})"?[:\s][^\n]{0,200}pull access denied/,
    ],
    cause: ({ words: { stage } }) =>
      `The Dockerfile copies from a stage ${stage ?? ''} that is not an earlier one (not defined above that line, or it is the very stage that the line stands in), so the builder took the name for an image of Docker Hub.`,
    remedy: ({ words: { stage } }) =>
      `Name the stage exactly so in the FROM line above it (FROM image AS ${stage ?? 'NAME'}; letter case counts not, spelling does), or correct --from. A stage cannot copy from itself or from one below it: then a FROM of its own must begin the next stage before that line. For an image write its full name.`,
    link: `${DOCKER}/build/building/multi-stage/`,
  },
  {
    ...here,
    id: 'build-stage-missing',
    producers: BUILDERS,
    subject: 'build',
    failure: 'missing',
    match: [
      /(?:failed to (?:compute cache key|calculate checksum of ref)[\s\S]{0,400}?["'](?<file>\/[^"'\n]{0,300})["']: not found|lstat (?<file>\S{1,300}): no such file)|COPY failed: (?:no source files were specified|file not found|stat )/i,
    ],
    when: ({ text }) => stageOf(text) !== undefined,
    cause: ({ words: { file }, text }) =>
      `${file ?? 'The source'} is not in ${/^\w[\w-]*$/.test(stageOf(text) ?? '') ? `the stage ${stageOf(text)}` : `the image ${stageOf(text)}`} that COPY --from reads: that stage did not make it there.`,
    remedy:
      'Compare the path with WORKDIR and with what the build of that stage writes (dist, build, out, .next/standalone needs output: standalone); list it with RUN ls there, or docker build --target STAGE.',
    link: `${DOCKER}/build/building/multi-stage/`,
  },
  {
    ...here,
    id: 'build-add-failed',
    producers: BUILDERS,
    subject: 'build',
    failure: 'failed',
    match: [
      /(?:failed to (?:load cache key|compute cache key)[^\n]{0,80}: )?invalid response status (?<status>\d{3})/i,
      /digest mismatch sha256:\w{1,80}: sha256:\w{1,80}/i,
    ],
    cause: ({ words: { status } }) =>
      status
        ? `ADD could not download its URL: the server answered with HTTP status ${status}.`
        : 'ADD --checksum does not fit: the downloaded file is not the one that the Dockerfile has the checksum of.',
    remedy: ({ words: { status } }) =>
      status
        ? 'Correct the URL in the ADD line (a variable in it may be empty or the version gone). For what needs a login use RUN with curl and a build secret (input `build-secrets`).'
        : 'Check that the URL names a fixed version, download it once on your machine, and correct the checksum.',
    link: `${DOCKERFILE}#add`,
  },
  {
    ...here,
    id: 'build-copy-conflict',
    producers: BUILDERS,
    subject: 'build',
    failure: 'invalid',
    match: [/When using (?:COPY|ADD) with more than one source file, the destination must be a directory/i],
    cause:
      'COPY or ADD has more than one source (or a pattern that matches several), and its destination is not a folder.',
    remedy: 'End the destination with / in that line of the Dockerfile (COPY package*.json ./).',
    link: `${DOCKERFILE}#copy`,
  },
  {
    ...here,
    id: 'build-cache-not-configured',
    producers: [...CACHES, ...BUILDERS],
    subject: 'cache',
    failure: 'missing',
    match: [
      /bucket \("bucket"[^\n]{0,40}not set for s3 cache|(?:region|name|account_url|ref|dest|src) (?:\([^)\n]{1,40}\) )?(?:is required|not set) for (?<type>\w{1,10}) cache|(?<type>gha|s3|azblob|registry|local) cache[^\n]{0,60}(?:requires|is required|not set)|(?:ref|src|dest) (?:is )?required for \w+ cache/i,
    ],
    cause: ({ text, words: { type } }) =>
      `The build cache${maybe(first(type, /\b(s3|azblob|gha|registry|local) cache/.exec(text)?.[1]))} lacks a setting: ${(/(?:^|\n)(?:ERROR|error): ([^\n]{1,300})/.exec(text)?.[1] ?? text).slice(0, 300)}`,
    remedy:
      'Add it in `cache-from` and `cache-to`: type=s3 needs region, bucket and name, type=registry ref, type=local src and dest. type=gha needs the variables of a GitHub job (ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN).',
    link: `${DOCKER}/build/cache/backends/`,
  },
  {
    ...here,
    id: 'build-cache-export-failed',
    producers: [...CACHES, ...BUILDERS, ...ANY_BUILDER],
    subject: 'cache',
    failure: 'denied',
    match: [
      /(?:s3|S3)[\s\S]{0,600}?(?:AccessDenied|StatusCode: 403|NoSuchBucket|PermanentRedirect|StatusCode: 301|no EC2 IMDS role|failed to refresh cached credentials|get credentials|NoCredentialProviders)/,
    ],
    when: ({ text }) => /cache/i.test(text) && /\bS3\b|\bs3\b/.test(text),
    cause: ({ text }) => ofBucket(text).cause,
    remedy: ({ text }) => ofBucket(text).remedy,
    link: `${DOCKER}/build/cache/backends/s3/`,
  },
];
