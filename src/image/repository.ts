import { asFailure, Failure } from '../failure.ts';
import type { EcrRepository, RepositoryDescription, TagMutability } from '../model.ts';
import type { Ecr, Files, Runner, Shell } from '../ports.ts';
import { PUBLIC_ECR, type Repository } from './reference.ts';

export interface Destination {
  /** `host/name` */
  readonly uri: string;
  /** Undefined where ECR's API does not reach. */
  readonly ecr?: EcrRepository;
  /** Undefined where it is not known (ecr:DescribeRepositories). */
  readonly mutability?: TagMutability;
}

interface RepositoryWorld {
  readonly ecr: Ecr;
  readonly shell: Shell;
  readonly files: Files;
  readonly runner: Runner;
}

/** What docker needs in its environment to be logged in: a private configuration that post removes. */
export interface DockerLogin {
  readonly env: Readonly<Record<string, string>>;
}

/** Both begin at once; a reader of ECR needs the destination alone. */
export interface OpenedRepository {
  readonly destination: Promise<Destination>;
  readonly login: Promise<DockerLogin>;
}

/**
 * Where to push, and a login for it. The repository is described (and made, when asked for) while the login runs.
 * `destination` rejects with NOT_FOUND for a repository that does not exist and shall not be created.
 */
export function openRepository(
  repository: Repository,
  createRepository: boolean,
  world: RepositoryWorld,
): OpenedRepository {
  const { ecr } = world;
  if (repository.kind === 'other') {
    // Not ours to log in to: an earlier docker/login-action did, in the user's own configuration.
    const uri = `${repository.host}/${repository.name}`;
    return { destination: Promise.resolve({ uri }), login: Promise.resolve({ env: {} }) };
  }
  const credentials = ecr.login({
    region: repository.kind === 'public' ? '' : repository.region,
    public: repository.kind === 'public',
  });
  const login = credentials.then(async ({ registry, username, password }) =>
    dockerLogin({ host: hostOf(repository, registry), username, password }, world),
  );
  login.catch(() => {}); // reported by who waits for it; a destination that fails is reported first
  if (repository.kind === 'public') {
    return { destination: Promise.resolve({ uri: `${PUBLIC_ECR}/${repository.name}` }), login };
  }
  const registry = async (): Promise<string> => (await credentials).registry;
  return { destination: describeDestination(repository, createRepository, registry, ecr), login };
}

/**
 * The destination without a login: where a plan looks.
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
      const readOnly: Ecr = { ...ecr, createRepository: (id) => Promise.reject(missing(id)) };
      return describeDestination(repository, create, registry, readOnly);
    }
  }
}

type PrivateRepository = Extract<Repository, { region: string }>;

async function describeDestination(
  repository: PrivateRepository,
  create: boolean,
  registry: () => Promise<string>,
  ecr: Ecr,
): Promise<Destination> {
  const described = await findOrCreate(idOf(repository), create, ecr);
  const host = repository.kind === 'ecr' ? repository.host : described ? '' : await registry();
  return {
    // ECR's own name for it; a bare name does not have a host of its own.
    uri: repository.kind === 'own' && described ? described.uri : `${host}/${repository.name}`,
    ecr: idOf(repository),
    ...(described ? { mutability: described.tags } : {}),
  };
}

const hostOf = (repository: Exclude<Repository, { kind: 'other' }>, registry: string): string =>
  repository.kind === 'own' ? registry : repository.kind === 'public' ? PUBLIC_ECR : repository.host;

/** For ECR's API; a bare name is in the registry of the credentials. */
const idOf = (repository: PrivateRepository): EcrRepository => ({
  registryId: repository.kind === 'ecr' ? repository.registryId : '',
  name: repository.name,
  region: repository.region,
});

/** Undefined where ECR's API does not reach. */
export const ecrRepositoryOf = (repository: Repository): EcrRepository | undefined =>
  repository.kind === 'own' || repository.kind === 'ecr' ? idOf(repository) : undefined;

async function findOrCreate(id: EcrRepository, create: boolean, ecr: Ecr): Promise<RepositoryDescription | undefined> {
  let found: RepositoryDescription | undefined;
  try {
    found = await ecr.describeRepository(id);
  } catch (thrown) {
    // Pushing does not need ecr:DescribeRepositories; without it the repository is taken to exist.
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return create ? createUnseen(id, ecr) : undefined;
  }
  if (found) return found;
  if (create) return ecr.createRepository(id);
  throw missing(id);
}

/** Creates what may exist already. */
async function createUnseen(id: EcrRepository, ecr: Ecr): Promise<RepositoryDescription | undefined> {
  try {
    return await ecr.createRepository(id);
  } catch (thrown) {
    const { code, api } = asFailure(thrown);
    if (code === 'ACCESS_DENIED' || api?.name === 'RepositoryAlreadyExistsException') return undefined;
    throw thrown;
  }
}

const missing = (id: EcrRepository): Failure =>
  new Failure('NOT_FOUND', `There is no ECR repository \`${id.name}\` in ${id.region}.`, {
    remedy: `Create it (aws ecr create-repository --repository-name ${id.name} --region ${id.region}), set \`create-repository: true\`, or correct the input \`repository\`.`,
  });

async function dockerLogin(
  { host, username, password }: { readonly host: string; readonly username: string; readonly password: string },
  world: RepositoryWorld,
): Promise<DockerLogin> {
  const login = await privateConfiguration(host, world);
  const answer = await world.shell.run('docker', ['login', '--username', username, '--password-stdin', host], {
    stdin: password,
    env: login.env,
  });
  if (answer.exitCode === 0) return login;
  throw new Failure('CREDENTIALS', `docker login to ${host} failed: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`, {
    remedy: 'Look whether the runner reaches the registry, and whether the role may call ecr:GetAuthorizationToken.',
  });
}

/**
 * A private DOCKER_CONFIG for the login, so that no token stays on the runner. It begins as a copy of the user's own
 * configuration, whose other logins, credential helpers, plugins and context a build may need; builders stay where
 * they are.
 */
async function privateConfiguration(host: string, { files, runner }: RepositoryWorld): Promise<DockerLogin> {
  const folder = await files.makeTemporaryFolder('docker-config-');
  runner.saveState('docker-config', folder);
  const own = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => '{}');
  await Promise.all([
    files.writeText(`${folder}/config.json`, loginConfiguration(own, host)),
    files.link(`${runner.dockerConfig}/contexts`, `${folder}/contexts`),
    files.link(`${runner.dockerConfig}/cli-plugins`, `${folder}/cli-plugins`),
  ]);
  return { env: { DOCKER_CONFIG: folder, BUILDX_CONFIG: runner.buildxConfig } };
}

/**
 * No helper for this host, so that the token stays in this file: a keychain (`credsStore`, or `credHelpers` of the host) would keep it
 * after the run. An empty helper means the file (docker/cli, cli/config/configfile: GetCredentialsStore); other hosts keep theirs.
 */
export function loginConfiguration(text: string, host: string): string {
  let own: Record<string, unknown> = {};
  try {
    own = { ...JSON.parse(text) };
  } catch {
    // not readable: docker itself would ignore it
  }
  const helpers = typeof own.credHelpers === 'object' ? own.credHelpers : {};
  return JSON.stringify({ ...own, credHelpers: { ...helpers, [host]: '' } });
}
