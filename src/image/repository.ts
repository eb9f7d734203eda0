import { Failure } from '../failure.ts';
import { DOCKER_CONFIG_STATE } from '../states.ts';
import type { Ecr, EcrRepository, Files, Runner, Shell } from '../world.ts';
import { PUBLIC_ECR, parseEcrHost, type Repository } from './reference.ts';

export interface Destination {
  /** `host/name` */
  readonly uri: string;
  /** Undefined where ECR's API does not reach. */
  readonly ecr?: EcrRepository;
  readonly immutableTags: boolean;
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

/**
 * Where to push, and a login for it. The repository is described (and made, when asked for) while the login runs.
 * @throws Failure NOT_FOUND for a repository that is not there and shall not be created
 */
export async function openRepository(
  repository: Repository,
  createRepository: boolean,
  world: RepositoryWorld,
): Promise<{ readonly destination: Destination; readonly login: DockerLogin }> {
  const { ecr, shell } = world;
  if (repository.kind === 'other') {
    // Not ours to log in to: an earlier docker/login-action did, in the user's own configuration.
    return { destination: { uri: `${repository.host}/${repository.name}`, immutableTags: false }, login: { env: {} } };
  }
  const credentials = ecr.login({
    region: repository.kind === 'public' ? '' : repository.region,
    public: repository.kind === 'public',
  });
  const found = repository.kind === 'public' ? undefined : findOrCreate(idOf(repository), createRepository, ecr);
  found?.catch(() => {}); // told below; it must not count as unhandled while the login runs
  const { registry, username, password } = await credentials;
  const host = repository.kind === 'own' ? registry : repository.kind === 'public' ? PUBLIC_ECR : repository.host;
  const login = await privateConfiguration(world);
  const answer = await shell.run('docker', ['login', '--username', username, '--password-stdin', host], {
    stdin: password,
    env: login.env,
  });
  if (answer.exitCode !== 0) {
    throw new Failure(
      'CREDENTIALS',
      `docker login to ${host} failed: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`,
      {
        remedy:
          'Look whether the runner reaches the registry, and whether the role may call ecr:GetAuthorizationToken.',
      },
    );
  }
  const described = await found;
  const registryId = repository.kind === 'ecr' ? repository.registryId : (parseEcrHost(registry)?.registryId ?? '');
  return {
    login,
    destination: {
      // ECR's own word for it; a bare name has no host of its own.
      uri: repository.kind === 'own' && described ? described.uri : `${host}/${repository.name}`,
      immutableTags: described?.immutableTags ?? false,
      ...(repository.kind === 'public'
        ? {}
        : { ecr: { registryId, name: repository.name, region: repository.region } }),
    },
  };
}

const idOf = (repository: Extract<Repository, { region: string }>): EcrRepository => ({
  registryId: repository.kind === 'ecr' ? repository.registryId : '',
  name: repository.name,
  region: repository.region,
});

async function findOrCreate(id: EcrRepository, create: boolean, ecr: Ecr) {
  let found: Awaited<ReturnType<Ecr['describeRepository']>>;
  try {
    found = await ecr.describeRepository(id);
  } catch (thrown) {
    // Pushing does not need ecr:DescribeRepositories; without it a full URI is taken at its word.
    if (thrown instanceof Failure && thrown.code === 'ACCESS_DENIED' && id.registryId !== '') return undefined;
    throw thrown;
  }
  if (found) return found;
  if (create) return ecr.createRepository(id);
  throw new Failure('NOT_FOUND', `There is no ECR repository \`${id.name}\` in ${id.region}.`, {
    remedy: `Create it (aws ecr create-repository --repository-name ${id.name} --region ${id.region}), set \`create-repository: true\`, or correct the input \`repository\`.`,
  });
}

/**
 * A private DOCKER_CONFIG for the login, so that no token stays on the runner. It begins as a copy of the user's own
 * configuration, whose other logins, credential helpers, plugins and context a build may need; builders stay where
 * they are.
 */
async function privateConfiguration({ files, runner }: RepositoryWorld): Promise<DockerLogin> {
  const folder = await files.makeTemporaryFolder('docker-config-');
  runner.saveState(DOCKER_CONFIG_STATE, folder);
  const own = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => '{}');
  await Promise.all([
    files.writeText(`${folder}/config.json`, loginConfiguration(own)),
    files.link(`${runner.dockerConfig}/contexts`, `${folder}/contexts`),
    files.link(`${runner.dockerConfig}/cli-plugins`, `${folder}/cli-plugins`),
  ]);
  return { env: { DOCKER_CONFIG: folder, BUILDX_CONFIG: runner.buildxConfig } };
}

/** Without `credsStore`, which would put the token into the machine's keychain, where it would stay. */
function loginConfiguration(text: string): string {
  try {
    const { credsStore: _, ...rest } = JSON.parse(text);
    return JSON.stringify(rest);
  } catch {
    return '{}';
  }
}
