import { inPlace } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import {
  defined,
  type EcrRepository,
  isObject,
  type JsonObject,
  type RepositoryDescription,
  type RepositorySettings,
  type TagMutability,
} from '../model.ts';
import type { Clock, Console, Ecr, Files, Runner } from '../ports.ts';
import { whatExists } from '../spelling.ts';
import { rootCauseLine } from './build-output.ts';
import { type DockerWorld, isWrongChoice, wrongChoice } from './docker-choice.ts';
import { imagesOfIndex, type Origin, originInConfig, originInManifest } from './fingerprint.ts';
import { configDigest, indexPlatforms, normalisePlatform, platformOf } from './image.ts';
import { type ImagetoolsWorld, imagetools } from './imagetools.ts';
import { type DockerLogin, helperFailed, loginTo, notLoggedIn, type RegistryCredentials } from './login.ts';
import { noRepository, PUBLIC_ECR, parseEcrHost, parseReference, REPOSITORIES, type Repository } from './reference.ts';
import { repositoriesBeside } from './resolve.ts';

export interface Destination {
  /** `host/name` */
  readonly uri: string;
  /** Undefined where ECR's API does not reach. */
  readonly ecr?: EcrRepository;
  /** Undefined where it is not known (ecr:DescribeRepositories). */
  readonly mutability?: TagMutability;
}

export interface RepositoryWorld extends DockerWorld {
  readonly clock: Clock;
  readonly ecr: Ecr;
  readonly files: Files;
  readonly runner: Runner;
}

/** How a repository that does not exist is made. */
interface Creation {
  readonly settings?: RepositorySettings;
  /** Rejects where nothing could be pushed to it: then it is not made. */
  readonly before?: Promise<unknown>;
}

/** Both begin at once; a reader of ECR needs the destination alone. */
interface OpenedRepository {
  readonly destination: Promise<Destination>;
  readonly login: Promise<DockerLogin>;
}

/**
 * Where to push, and a login for it. The repository is described (and made, when asked for) while the login runs.
 * `destination` rejects with NOT_FOUND for a repository that does not exist and must not be created.
 * @param creation undefined: it must exist
 */
export function openRepository(
  repository: Repository,
  creation: Creation | undefined,
  world: RepositoryWorld & { readonly console: Console },
): OpenedRepository {
  const uri = `${repository.kind === 'other' ? repository.host : PUBLIC_ECR}/${repository.name}`;
  const { login, registry } = loginFor(repository, world);
  login.catch(() => {}); // reported by who waits for it; a destination that fails is reported first
  if (repository.kind === 'other' || repository.kind === 'public')
    return { destination: Promise.resolve({ uri }), login };
  const after = creation && { ...creation, before: Promise.all([creation.before, login]) };
  after?.before.catch(() => {}); // awaited where the repository does not exist
  return { destination: describeDestination(repository, { creation: after, registry }, world), login };
}

/**
 * The login for a repository, started at once. Another registry than ECR is not ours to log in to: an earlier step did, in the
 * user's own configuration.
 */
export function loginFor(
  repository: Repository,
  world: RepositoryWorld,
): { readonly login: Promise<DockerLogin>; readonly registry: () => Promise<string> } {
  if (repository.kind === 'other')
    return { login: Promise.resolve({ env: {} }), registry: async () => repository.host };
  const { ecr } = world;
  const scope = {
    region: repository.kind === 'public' ? '' : repository.region,
    public: repository.kind === 'public',
  };
  const begin = (): ReturnType<typeof loginFor> => {
    const credentials = ecr.login(scope);
    const own = credentials.then(({ registry, ...rest }) => ({ host: hostOf(repository, registry), ...rest }));
    const login = loginTo(own, world).then((made): DockerLogin => ({ ...made, renew: () => begin().login }));
    return { login, registry: async () => (await credentials).registry };
  };
  return begin();
}

/** For a tool of its own kind; undefined where the user's own login is used. */
export async function credentialsFor(repository: Repository, ecr: Ecr): Promise<RegistryCredentials | undefined> {
  if (repository.kind === 'other') return undefined;
  const isPublic = repository.kind === 'public';
  const { registry, username, password } = await ecr.login({
    region: isPublic ? '' : repository.region,
    public: isPublic,
  });
  return { host: hostOf(repository, registry), username, password };
}

/**
 * The destination without a login, for a plan.
 * @throws Failure NOT_FOUND
 */
export async function findDestination(repository: Repository, create: boolean, ecr: Ecr): Promise<Destination> {
  switch (repository.kind) {
    case 'other':
      return { uri: `${repository.host}/${repository.name}` };
    case 'public':
      return { uri: `${PUBLIC_ECR}/${repository.name}` };
    case 'own':
    case 'ecr': {
      const registry = async () => (await ecr.login({ region: repository.region, public: false })).registry;
      const readOnly: Ecr = { ...ecr, createRepository: async (id) => Promise.reject(await missing(id, ecr)) };
      return describeDestination(repository, { registry, ...(create ? { creation: {} } : {}) }, { ecr: readOnly });
    }
  }
}

type PrivateRepository = Extract<Repository, { region: string }>;

async function describeDestination(
  repository: PrivateRepository,
  { creation, registry }: { readonly creation?: Creation | undefined; readonly registry: () => Promise<string> },
  world: Making,
): Promise<Destination> {
  const described = await findOrCreate(idOf(repository), creation, world);
  // ECR's own name for it; a bare name does not have a host of its own.
  const named = repository.kind === 'own' ? described?.uri : `${repository.host}/${repository.name}`;
  return {
    uri: named ?? `${await registry()}/${repository.name}`,
    ecr: idOf(repository),
    ...defined({ mutability: described?.tags }),
  };
}

const hostOf = (repository: Exclude<Repository, { kind: 'other' }>, registry: string): string => {
  if (repository.kind === 'own') return registry;
  if (repository.kind === 'public') return PUBLIC_ECR;
  return repository.host;
};

/** For ECR's API; a bare name is in the registry of the credentials. */
const idOf = (repository: PrivateRepository): EcrRepository => ({
  registryId: repository.kind === 'ecr' ? repository.registryId : '',
  name: repository.name,
  region: repository.region,
});

/** Undefined where ECR's API does not reach. */
const ecrRepositoryOf = (repository: Repository): EcrRepository | undefined =>
  repository.kind === 'own' || repository.kind === 'ecr' ? idOf(repository) : undefined;

interface Making {
  readonly ecr: Ecr;
  readonly console?: Pick<Console, 'line'>;
}

async function findOrCreate(
  id: EcrRepository,
  creation: Creation | undefined,
  world: Making,
): Promise<RepositoryDescription | undefined> {
  let found: RepositoryDescription | undefined;
  try {
    found = await world.ecr.describeRepository(id);
  } catch (thrown) {
    // Pushing does not need ecr:DescribeRepositories; without it the repository is taken to exist.
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return creation ? create(id, creation, world) : undefined;
  }
  if (found) {
    if (creation?.settings)
      world.console?.line(`The repository ${id.name} exists, so \`repository-settings\` ${UNCHANGED}`);
    return found;
  }
  if (creation) return create(id, creation, world);
  throw await missing(id, world.ecr);
}

const UNCHANGED = 'changes nothing: it is for a repository that this run creates.';

/** Creates what may exist already: a parallel job can be first, and a role need not be allowed to look. */
async function create(
  id: EcrRepository,
  { settings = {}, before }: Creation,
  { ecr, console }: Making,
): Promise<RepositoryDescription | undefined> {
  await before;
  let made: RepositoryDescription;
  try {
    made = await ecr.createRepository(id, settings.creation);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.api?.name === 'RepositoryAlreadyExistsException')
      return ecr.describeRepository(id).catch(() => undefined);
    // Only where it may exist; else the first push says what is missing.
    if (failure.code === 'ACCESS_DENIED') return undefined;
    throw creationRefused(failure, id);
  }
  console?.line(`Created the ECR repository ${id.name} in ${id.region}.`);
  const { repositoryPolicy, lifecyclePolicy } = settings;
  // It has no image yet, so that no lifecycle rule removes one that a service uses.
  await Promise.all([
    repositoryPolicy === undefined ||
      ecr.setRepositoryPolicy(id, repositoryPolicy).catch(withoutPolicy('repositoryPolicy')),
    lifecyclePolicy === undefined ||
      ecr.putLifecyclePolicy(id, lifecyclePolicy).catch(withoutPolicy('lifecyclePolicy')),
  ]);
  return made;

  function withoutPolicy(member: string): (thrown: unknown) => void {
    return (thrown) => {
      const failure = asFailure(thrown);
      if (failure.code === 'ACCESS_DENIED') {
        console?.line(`${id.name} was created without the \`${member}\`: ${failure.message}`);
        return;
      }
      throw new Failure(failure.code, `${id.name} was created, but its \`${member}\` was refused: ${failure.message}`, {
        remedy: `Correct \`repository-settings\`, delete the empty repository (aws ecr delete-repository --repository-name ${id.name} --region ${id.region}) and run again.`,
        cause: failure,
        ...defined({ api: failure.api }),
      });
    };
  }
}

/** Why ECR made no repository, in words. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
function creationRefused(failure: Failure, { name, region }: EcrRepository): Failure {
  const remedy = {
    LimitExceededException: `Delete unused repositories, or ask for a higher quota "Registered repositories" of Amazon ECR in ${region} (Service Quotas).`,
    KmsException:
      'Name an enabled symmetric key of the same region in `encryptionConfiguration.kmsKey`, and allow kms:DescribeKey and kms:CreateGrant on it.',
    InvalidParameterException: 'Correct `repository-settings`, or the name in `repository`.',
    TooManyTagsException: 'Give at most 50 `tags` in `repository-settings`.',
  }[failure.api?.name ?? ''];
  if (remedy === undefined) return failure;
  return new Failure(failure.code, `The ECR repository \`${name}\` could not be created: ${failure.api?.message}`, {
    remedy,
    cause: failure,
    ...defined({ api: failure.api }),
  });
}

/** A bare name is in the account of the credentials; a full address names its own, where this run may have no right to create. */
async function missing(id: EcrRepository, ecr: Pick<Ecr, 'repositoryNames' | 'login'>): Promise<Failure> {
  const { registryId, name, region } = id;
  const existing = await repositoriesBeside(id, ecr);
  const create = `aws ecr create-repository --repository-name ${name} --region ${region}`;
  if (registryId !== '') {
    const remedy = `or create it with credentials of account ${registryId} (${create}; a build in that account does it with \`create-repository: true\`).`;
    return noRepository(id, { input: 'repository', remedy, existing });
  }
  // The registry of the credentials, whose host names the account.
  const login = await ecr.login({ region, public: false }).catch(() => undefined);
  const account = parseEcrHost(login?.registry ?? '')?.registryId;
  return new Failure('NOT_FOUND', `The ECR repository \`${name}\` does not exist${inPlace({ region, account })}.`, {
    remedy:
      `${whatExists(name, existing, REPOSITORIES)} Create it (${create}), set \`create-repository: true\`, or correct the input \`repository\`.`.trim(),
  });
}

/** An image of the repository, with what it says about its build. */
export interface StoredImage extends Origin {
  readonly digest: string;
  /** Undefined for a single manifest whose config was not needed or cannot be read. */
  readonly platforms?: readonly string[];
  /** Undefined where the registry shows no manifest. */
  readonly manifest?: JsonObject;
}

/** The repository that a build pushes to, as far as a run reads it. */
export interface ImageStore {
  /**
   * The images that these tags name now; a tag without an image is absent.
   * @throws Failure ACCESS_DENIED with a remedy where docker has no login for the registry, cannot read it, or gets no answer: a push
   * would end in the same way
   */
  find(tags: readonly string[]): Promise<ReadonlyMap<string, StoredImage>>;
  /** What a tag names now, without what its images say of their build: that takes ECR one call or two more. */
  show(tag: string): Promise<Omit<StoredImage, keyof Origin> | undefined>;
  /** @throws Failure CONFLICT where the tag is immutable and on another image */
  addTag(digest: string, tag: string): Promise<void>;
}

/** Over ECR's API, which needs no docker; a repository that is not there has no image. */
function ecrStore(repository: EcrRepository, ecr: Pick<Ecr, 'getImages' | 'getBlob' | 'tagImage'>): ImageStore {
  return {
    async find(tags) {
      try {
        const found = await ecr.getImages(repository, tags);
        const entries = [...found].map(
          async ([tag, image]) => [tag, await withOrigin(image, repository, ecr)] as const,
        );
        return new Map(await Promise.all(entries));
      } catch (thrown) {
        if (asFailure(thrown).code === 'NOT_FOUND') return new Map();
        throw thrown;
      }
    },
    async show(tag) {
      const found = (await ecr.getImages(repository, [tag])).get(tag);
      return found && { ...found, ...defined({ platforms: indexPlatforms(found.manifest) }) };
    },
    addTag: (digest, tag) => ecr.tagImage(repository, { digest, tag }),
  };
}

/**
 * The index says it itself where several platforms were built; else the first image, whose label is read last: its
 * config takes one right and one way (to S3) more.
 */
async function withOrigin(
  { digest, manifest }: { readonly digest: string; readonly manifest: JsonObject },
  repository: EcrRepository,
  ecr: Pick<Ecr, 'getImages' | 'getBlob'>,
): Promise<StoredImage> {
  const platforms = indexPlatforms(manifest);
  const image: StoredImage = { digest, manifest, ...defined({ platforms }), ...originInManifest(manifest) };
  if (image.fingerprint) return image;
  try {
    const child = imagesOfIndex(manifest)?.[0];
    const first = child === undefined ? manifest : (await ecr.getImages(repository, [child])).get(child)?.manifest;
    if (!first) return image;
    const origin = originInManifest(first);
    if (origin.fingerprint) return { ...image, ...origin };
    const config = configDigest(first);
    return config ? { ...image, ...originInConfig(await ecr.getBlob(repository, config)) } : image;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return image;
  }
}

/** Docker asks a registry for one manifest; it gives up an address that does not answer after half a minute. */
const ANSWER_SECONDS = 120;

const noAnswer = (host: string, cause: unknown): Failure =>
  new Failure(
    'ACCESS_DENIED',
    `Docker got no answer about ${host}, the registry of \`repository\`, within ${ANSWER_SECONDS} s.`,
    {
      remedy: `Check that this runner reaches ${host}, and that the credential helper which docker's config.json names for it ends (\`echo ${host} | docker-credential-NAME get\`).`,
      cause,
    },
  );

/** Any other registry, with the login that docker has for it. */
function registryStore(
  uri: string,
  { login, signal, ...world }: DockerWorld & ImagetoolsWorld & { readonly login: Promise<DockerLogin> },
): ImageStore {
  const { host } = parseReference(uri);
  const ask = async (args: readonly string[]) => {
    const limited = { env: (await login).env, limitSeconds: ANSWER_SECONDS };
    const ended = await imagetools(args, limited, { ...world, signal }).catch((thrown: unknown) => {
      throw asFailure(thrown).code === 'UNAVAILABLE' ? noAnswer(host ?? uri, thrown) : thrown;
    });
    if (ended.exitCode === 0 || !isWrongChoice(ended.stderr)) return ended;
    throw (
      (await wrongChoice(ended.stderr, { name: '', wanted: undefined }, { ...world, signal })) ??
      new Failure('TOOL_MISSING', rootCauseLine(ended.stderr))
    );
  };
  const store: ImageStore = {
    show: async (tag) => (await store.find([tag])).get(tag),
    async find(tags) {
      const found = await Promise.all(
        tags.map(async (tag) => {
          const { exitCode, stdout, stderr } = await ask([
            'inspect',
            '--format',
            '{{json .}}',
            `${uri}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`,
          ]);
          if (exitCode === 0) return [[tag, inspected(stdout)] as const];
          const cause = rootCauseLine(stderr);
          const helper = helperFailed(host, stderr);
          if (helper) throw new Failure('ACCESS_DENIED', helper.message, { remedy: helper.remedy, cause: stderr });
          // First: where it has no login, docker says that the repository "does not exist or may require authorization".
          const login = notLoggedIn(host, { cause, to: 'read' });
          if (login) {
            const code = login.isCertain ? 'ACCESS_DENIED' : 'UNAVAILABLE';
            throw new Failure(code, login.message, { remedy: login.remedy, cause: stderr });
          }
          if (/not found|manifest unknown|name unknown|does not exist/i.test(stderr)) return [];
          throw new Failure('UNAVAILABLE', cause);
        }),
      );
      return new Map(found.flat().flatMap(([tag, image]) => (image ? [[tag, image] as const] : [])));
    },
    async addTag(digest, tag) {
      const { exitCode, stderr } = await ask(['create', '--tag', `${uri}:${tag}`, `${uri}@${digest}`]);
      if (exitCode === 0) return;
      throw isImmutableRefusal(stderr)
        ? new Failure('CONFLICT', rootCauseLine(stderr), { cause: stderr })
        : pushRefused(uri, stderr);
    },
  };
  return store;
}

/**
 * What docker printed when it could not write a tag or an index.
 * @param uri `host/name`
 */
export function pushRefused(uri: string, output: string): Failure {
  const cause = rootCauseLine(output);
  const { host } = parseReference(uri);
  const login = helperFailed(host, output) ?? notLoggedIn(host, { cause, to: 'push' });
  return new Failure('PUSH_FAILED', login?.message ?? cause, { cause: output, ...defined({ remedy: login?.remedy }) });
}

/** `manifest` is the descriptor (of an index with its manifests), `image` the config, or one for each platform. */
function inspected(text: string): StoredImage | undefined {
  const { manifest: descriptor, image } = objectIn(text);
  if (!isObject(descriptor) || typeof descriptor.digest !== 'string') return undefined;
  const single = isObject(image) && image.architecture !== undefined ? image : undefined;
  const config = single ?? (isObject(image) ? Object.values(image).find(isObject) : undefined);
  const platforms = indexPlatforms(descriptor) ?? (config ? platformOf(config) : undefined);
  return {
    digest: descriptor.digest,
    ...(imagesOfIndex(descriptor) ? { manifest: descriptor } : {}),
    ...defined({ platforms: platforms?.map(normalisePlatform) }),
    ...(config ? originInConfig(config) : {}),
    ...originInManifest(descriptor),
  };
}

function objectIn(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (cause) {
    throw new Failure('UNAVAILABLE', 'buildx printed no description of the image', { cause });
  }
}

/** A push to a tag that exists in a repository whose tags are immutable; AWS has worded it in two ways. */
export const isImmutableRefusal = (output: string): boolean =>
  /cannot be overwritten because the (?:repository|tag) is immutable/i.test(output);

/** Where a repository is read. It needs the login only outside of ECR. */
export function storeOf(
  repository: Repository,
  login: Promise<DockerLogin>,
  { clock, ecr, shell, sources, signal }: DockerWorld & ImagetoolsWorld & { readonly ecr: Ecr },
): ImageStore {
  const inEcr = ecrRepositoryOf(repository);
  if (inEcr) return ecrStore(inEcr, ecr);
  const host = repository.kind === 'other' ? repository.host : PUBLIC_ECR;
  return registryStore(`${host}/${repository.name}`, { clock, login, shell, sources, signal });
}
