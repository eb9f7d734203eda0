import { of } from '../say.ts';
import { wordOf } from '../words.ts';
import { DOCKER, type Found, maybe, OF_BUILDS, type Rule } from './rule.ts';

const DOCKERFILE = `${DOCKER}/reference/dockerfile/`;
const MULTI = `${DOCKER}/build/building/multi-platform/`;
/** The base image that BuildKit names before "failed to resolve source metadata". */
const baseOf = (text: string): string | undefined => wordOf('image', baseIn(text));
const baseIn = (text: string): string | undefined =>
  /(?:failed to solve: |ERROR: |error: |^)((?:[\w.-]+(?::\d+)?\/)*[\w.-]+(?::[\w.-]+)?(?:@sha256:\w+)?): (?:failed to resolve source metadata|no match for platform|failed to do request|pull access denied|failed to authorize|not found|failed to copy)/m.exec(
    text,
  )?.[1] ??
  /(?:failed to solve|ERROR): ([\w./:@-]{2,400}): [\w./:@-]{2,400}: not found/.exec(text)?.[1] ??
  /(?:resolve source metadata for|load metadata for) ([\w./:@-]+?):?\s/.exec(`${text} `)?.[1];

/** Registries whose images need no login. */
/** Docker Hub's own images (`docker.io/library/node`) are open: an answer of 401 is about the login that was sent. */
const isOfficial = (text: string): boolean =>
  /docker\.io\/(?:v2\/)?library\/\S{1,300}[\s\S]{0,600}\b401\b/.test(text) &&
  !/insufficient_scope|pull access denied/.test(text);

const openRegistry = (text: string): string | undefined =>
  /\b(public\.ecr\.aws|mcr\.microsoft\.com|registry\.k8s\.io|docker\.elastic\.co)\b/.exec(text)?.[1];

/** Why the registry refused, as far as its kind and status show. */
function refusedBy({ registry, status, host }: Found['reading']): string {
  if (registry === 'ecr')
    return status === 401
      ? ': Docker is not logged in to that ECR registry.'
      : ': the role of this job, or the policy of its ECR repository, does not allow it.';
  if (registry === 'docker-hub')
    return of('docker-hub', ' from Docker Hub: it is private, misspelt, or without its registry host.');
  return host === undefined
    ? ': it is private, misspelt, or without its registry host.'
    : `: ${host} has it only for a login that may read it, or not under that name.`;
}

const isHub = (text: string, host: string | undefined): boolean =>
  host === 'docker.io' || /docker hub|your pull rate limit/i.test(text);
const limitedBy = (text: string, host: string | undefined): string =>
  isHub(text, host)
    ? of('docker-hub', 'Docker Hub (it counts pulls by IP address or account)')
    : (host ?? 'the registry (the message does not name it)');

const NO_STORE =
  'Remove credsStore from ~/.docker/config.json of the runner (or set DOCKER_CONFIG of the job to an empty folder): Docker then keeps the login in that file, which the job can delete (docker logout).';
/** What the helpers of Docker print: https://github.com/docker/docker-credential-helpers */
const HELPERS: readonly (readonly [RegExp, cause: string, remedy: string])[] = [
  [
    /stub received bad data/i,
    'The credential store of Windows (wincred) cannot hold a password as long as that of ECR, so the login was not saved.',
    NO_STORE,
  ],
  [
    /out: [`'"]?not implemented/i,
    'The helper docker-credential-ecr-login makes its tokens itself and saves none, so `docker login` fails with it.',
    'Leave out `docker login` for that registry, or remove credHelpers (credsStore) from ~/.docker/config.json where the job logs in by itself, as this action does.',
  ],
  [
    /credstore-updated|com\.docker\.docker|docker-credential-desktop|backend\.sock/i,
    'The credential helper of Docker Desktop (credsStore desktop) does not work here: Docker Desktop is not installed or does not run.',
    NO_STORE,
  ],
  [
    /Cannot autolaunch D-Bus|org\.freedesktop\.secrets|docker-credential-secretservice|secret service/i,
    'The credential helper secretservice needs a desktop session (D-Bus), which a runner does not have.',
    NO_STORE,
  ],
  [
    /gpg: |pass(?:word store)? (?:not initialized|is empty)|pass store is uninitialized|docker-credential-pass/i,
    'The credential helper pass cannot encrypt the login: it has no gpg key, or one that is not trusted on this runner.',
    `${NO_STORE} To keep pass, trust its key (gpg --edit-key ID trust) and run pass init ID.`,
  ],
  [
    /User interaction is not allowed|-25308|keychain cannot be accessed|docker-credential-osxkeychain/i,
    'The keychain of macOS is locked in this session (the runner has no desktop), so the credential helper osxkeychain failed.',
    `${NO_STORE} Or unlock it in the job (security unlock-keychain).`,
  ],
  [
    /ecr-login[\s\S]{0,400}(?:credentials not found|no EC2 IMDS|NoCredentialProviders|failed to refresh|not authorized|AccessDenied|UnrecognizedClient)|(?:credentials not found in native keychain)/i,
    'The credential helper has no login for that registry: docker-credential-ecr-login found no AWS credentials that may call ecr:GetAuthorizationToken, or the store is empty.',
    'Give the job AWS credentials before the build (aws-actions/configure-aws-credentials, inputs of this action), or remove credHelpers from ~/.docker/config.json and log in with aws ecr get-login-password.',
  ],
];
function helperOf(text: string): { readonly cause: string; readonly remedy: string } | undefined {
  const missing = /(?:exec: ["']?)?(docker-credential-[\w-]{1,40})["']?: executable file not found/i.exec(text)?.[1];
  if (missing !== undefined)
    return {
      cause: `Docker is set up to ask the credential helper ${missing}, which is not installed on this runner.`,
      remedy: `Remove it (credsStore, credHelpers) from ~/.docker/config.json of the runner, or install ${missing} in its PATH.`,
    };
  const stored =
    /[Ee]rror (?:storing|saving) credentials - err: [^\n]{1,80}?, out: [`'"](?<why>[^\n]{1,200}?)[`'"](?:\s|$)/.exec(
      text,
    )?.groups?.why;
  const [, cause, remedy] = HELPERS.find(([words]) => words.test(text)) ?? [];
  if (cause !== undefined && remedy !== undefined) return { cause, remedy };
  if (stored === undefined) return undefined;
  return {
    cause: `The registry accepted the login, but the credential helper of this machine could not store it: ${stored}`,
    remedy:
      'Mend the store of that helper on the machine (unlock the keychain, set up pass), or take it out: remove credsStore from ~/.docker/config.json and log in again. User name, password and token of the registry need no change.',
  };
}

/** Words of a build: others (docker pull, Ansible) pull images that no FROM names. */
const IN_BUILD = /\bFROM\b|failed to solve|load (?:build )?metadata|source metadata|\bStep \d{1,3}\/|\bbuild/i;

/** The builder before BuildKit numbers its steps so, and reports an empty platform as an invalid component. */
const CLASSIC = /(?:^|\n|\s)Step \d{1,3}\/\d{1,3} ?: |["']{2} is an invalid component of ["']{2}/;

/** What the images that FROM names lack: a platform, a permission, a tag. */
export const BUILD_BASE: readonly Rule[] = [
  {
    id: 'build-platform-unavailable',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'failed',
    match: [
      /(?:failed to parse|invalid|empty) platform ?(?:value|from expression)?:? ?["']?(?<platform>[\w/.${}-]{1,80})?/i,
    ],
    cause: ({ words: { platform }, text }) =>
      CLASSIC.test(text)
        ? 'FROM --platform of the Dockerfile names a variable that is empty: the classic builder of Docker (Step 1/N) does not set BUILDPLATFORM and TARGETPLATFORM, which only BuildKit does.'
        : `The platform${maybe(platform)} is not one that BuildKit knows, or its variable is empty.`,
    remedy: ({ text }) =>
      CLASSIC.test(text)
        ? 'Build with BuildKit: docker buildx build (docker/setup-buildx-action), or DOCKER_BUILDKIT=1 for docker build and docker compose. A variable of your own needs an ARG with a default before FROM.'
        : 'Write the input `platforms` as linux/amd64 or linux/arm64; in FROM --platform use $BUILDPLATFORM or $TARGETPLATFORM, which BuildKit sets by itself.',
    link: MULTI,
  },
  {
    id: 'build-platform-unavailable',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'failed',
    match: [/no match for platform in manifest(?: (?<digest>sha256:\w+))?/i],
    cause: ({ words: { digest, platform }, text }) =>
      `The base image${maybe(baseOf(text))} is not there for the platform that is built${platform ? ` (${platform})` : ''}${digest ? ` (manifest ${digest})` : ''}.`,
    remedy: ({ words: { digest } }) =>
      `Use a base image that has every platform in the input \`platforms\`${digest ? ' (where FROM pins a digest, that of the index, not of one platform)' : ''}, or take the platform out; docker buildx imagetools inspect lists its platforms with the digest of each.`,
    link: MULTI,
  },
  {
    id: 'build-rate-limit',
    technology: 'docker-hub',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'throttled',
    transient: true,
    match: [/toomanyrequests|pull rate limit|429 Too Many Requests/i],
    unless: /\btoomanyrequests:? ?Rate exceeded\b|(?:failed to push|pushing)[^\n]{0,300}\b429\b/i,
    cause: ({ text, reading }) =>
      `The rate limit of ${limitedBy(text, reading.host)} stopped the pull of the base image${maybe(baseOf(text))}.`,
    remedy: ({ text, reading }) => {
      if (reading.registry === 'ecr-public')
        return 'Run the job again in some minutes. Log in to public.ecr.aws (aws ecr-public get-login-password --region us-east-1): a login has a higher rate than an address without one.';
      return isHub(text, reading.host)
        ? 'Log in to Docker Hub before the build, or use the base image from public.ecr.aws or an ECR pull through cache.'
        : 'Run the job again in some minutes; log in to that registry before the build, or use a mirror of the image (ECR pull through cache).';
    },
    link: `${DOCKER}/docker-hub/usage/`,
  },
  {
    id: 'build-credential-helper',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'registry-login',
    failure: 'none',
    match: [/error getting credentials|error (?:saving|storing) credentials|docker-credential-[\w-]+/i],
    cause: ({ text }) =>
      helperOf(text)?.cause ?? "Docker's credential helper failed, so no registry could be asked with a login.",
    remedy: ({ text }) =>
      helperOf(text)?.remedy ??
      'Correct credsStore or credHelpers in ~/.docker/config.json of the runner (or remove them) and install the helper that they name (docker-credential-ecr-login, ...).',
    link: `${DOCKER}/reference/cli/docker/login/#credential-stores`,
  },
  {
    id: 'build-base-image-denied',
    technology: 'docker-hub',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'base-image',
    failure: 'denied',
    match: [
      /pull access denied|insufficient_scope|(?:resolve source metadata|load metadata|failed to authorize|fetch (?:anonymous|oauth) token)[^\n]{0,600}(?:\b40[13]\b|denied|unauthorized|forbidden)/i,
      /unexpected status from (?:HEAD|GET) request to \S{1,400}\/manifests\/\S{1,200} 40[13]\b/i,
    ],
    unless: /failed to push|scope=repository\S{0,300}push/i,
    // Alone the words do not say which way the image went.
    when: ({ reading, text }) => reading.direction === 'pull' || !/insufficient_scope/i.test(text),
    cause: ({ text, reading }) => {
      if (openRegistry(text))
        return `The registry ${openRegistry(text)}, whose images anyone may pull, refused the base image${maybe(baseOf(text))}${reading.status ? ` (${reading.status})` : ''}: the login that Docker sent with the request is stale (expired) or wrong.`;
      if (isOfficial(text))
        return `Docker Hub refused the login that Docker sent for the official image${maybe(baseOf(text))}${reading.status ? ` (${reading.status})` : ''}: its token or password is wrong, revoked or expired. The image itself needs no login.`;
      return `${IN_BUILD.test(text) ? 'The base image' : 'The image'}${maybe(baseOf(text))} may not be pulled${refusedBy(reading)}`;
    },
    remedy: ({ text, reading }) => {
      if (isOfficial(text))
        return 'Renew the secrets of the step that logs in to Docker Hub (docker/login-action with user name and access token), or log out before the build (docker logout): official images can be pulled without one.';
      const open = openRegistry(text);
      if (open === 'public.ecr.aws')
        return 'Remove the stale login before the build (docker logout public.ecr.aws): a pull needs none. Or log in again: aws ecr-public get-login-password --region us-east-1 | docker login --username AWS --password-stdin public.ecr.aws, with a role that allows ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken. If it stays, compare the name in FROM with gallery.ecr.aws.';
      if (open)
        return `Remove the stale login before the build (docker logout ${open}): a pull needs none. If it stays, look for a proxy or firewall of the runner that answers for it, and compare the name in FROM.`;
      switch (reading.registry) {
        case 'ecr':
          return 'Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability on that repository for the role of this job, and log in to that registry before the build. In another account the repository policy must allow it, too.';
        case 'docker-hub':
          return 'Correct the name in FROM, with its registry host where it is not on Docker Hub. For a private image log in to Docker Hub before the build (docker/login-action with user name and access token).';
        default:
          return [
            `Log in to ${/\b((?:[\w-]{1,60}\.){1,5}[a-z]{2,12})(?::\d+)?\/\S{1,300}/.exec(baseOf(text) ?? '')?.[1] ?? 'its registry'} before the build with a token that may read the image`,
            { examples: [{ for: 'ghcr', words: 'for ghcr.io GITHUB_TOKEN with `permissions: packages: read`' }] },
            ', or correct the name in FROM.',
          ];
      }
    },
    link: DOCKERFILE,
  },
  {
    id: 'build-base-image-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'base-image',
    failure: 'missing',
    match: [
      /(?:resolve source metadata|load metadata)[^\n]{0,600}(?:not found|manifest unknown|\b404\b)/i,
      /(?:failed to solve|ERROR): (?:[\w./:@-]{1,400}: ){1,2}not found/i,
    ],
    unless: /cache|no such host|failed to push|secret |target stage/i,
    cause: ({ text }) => `The base image${maybe(baseOf(text))} does not exist: there is no such tag or digest.`,
    remedy: 'Correct the FROM line of the Dockerfile (name, tag, registry host).',
    link: DOCKERFILE,
  },
];
