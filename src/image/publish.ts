import { asFailure, Failure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { BUILDER_STATE } from '../states.ts';
import type { Clock, Console, Ecr, Files, Runner, Shell } from '../world.ts';
import { buildArguments } from './arguments.ts';
import { failedStepOutput, isTransientPush, rootCauseLine } from './failures.ts';
import type { Image } from './image.ts';
import { knownPlatforms } from './inspect.ts';
import { parseMetadata } from './metadata.ts';
import { normalisePlatform } from './platforms.ts';
import { parseRepository } from './reference.ts';
import { type Destination, type DockerLogin, openRepository } from './repository.ts';
import { notEmulated, prepareBuilder } from './tools.ts';

export interface PublishWorld {
  readonly clock: Clock;
  readonly console: Console;
  readonly ecr: Ecr;
  readonly files: Files;
  readonly runner: Runner;
  readonly shell: Shell;
  readonly signal: AbortSignal;
}

const PUSH_ATTEMPTS = 4;

/**
 * Builds all platforms, pushes them as one index under every tag, and hands over the image by digest. Login, the
 * repository and the builder are looked after side by side.
 * @param region of the credentials, for a bare repository name
 * @throws Failure TOOL_MISSING, CREDENTIALS, NOT_FOUND, BUILD_FAILED, PUSH_FAILED
 */
export async function publish(build: BuildInputs, region: string, world: PublishWorld): Promise<Image> {
  const repository = parseRepository(build.repository, region);
  const [{ destination, login }, { builder, unemulated, ownPlatform }] = await Promise.all([
    openRepository(repository, build.createRepository, world),
    prepareBuilder(build.builder, build.platforms, world.shell).then((prepared) => {
      // At once, so that post removes it even where the login beside it fails.
      if (prepared.created && prepared.builder) world.runner.saveState(BUILDER_STATE, prepared.builder);
      return prepared;
    }),
  ]);
  const there = destination.immutableTags ? await alreadyPushed(build, destination, login, world) : undefined;
  if (there) return there;

  const folder = await world.files.makeTemporaryFolder('build-');
  try {
    const metadataFile = `${folder}/metadata.json`;
    const secretFiles = await writeSecrets(build, folder, world);
    const references = build.tags.map((tag) => `${destination.uri}:${tag}`);
    const args = buildArguments(build, { references, metadataFile, secretFiles, ...(builder ? { builder } : {}) });
    if (unemulated.length > 0) {
      world.console.warning(
        `Emulation of ${unemulated.join(', ')} could not be set up; only a Dockerfile that runs nothing on it builds.`,
      );
    }
    await buildAndPush(args, login, unemulated, world);
    const { digest, all } = parseMetadata(await world.files.readText(metadataFile));
    return {
      reference: `${destination.uri}@${digest}`,
      repository: destination.uri,
      digest,
      tags: build.tags,
      metadata: all,
      ...(build.platforms.length > 0
        ? { platforms: build.platforms.map(normalisePlatform) }
        : await builtPlatforms(digest, ownPlatform, destination, world.ecr)),
    };
  } finally {
    await world.files.remove(folder);
  }
}

/**
 * What a build that named no platform was built for: as ECR holds it (a Dockerfile may choose another than the
 * builder's); where ECR does not tell, the builder's own.
 */
async function builtPlatforms(
  digest: string,
  ownPlatform: string | undefined,
  { ecr: repository }: Destination,
  ecr: Ecr,
): Promise<Pick<Image, 'platforms'>> {
  const own = ownPlatform === undefined ? {} : { platforms: [ownPlatform] };
  if (!repository) return own;
  try {
    const pushed = await ecr.getImage(repository, { digest });
    return { ...own, ...(pushed ? await knownPlatforms(pushed.manifest, repository, ecr) : {}) };
  } catch (thrown) {
    // Pushing needs no right to read (ecr:BatchGetImage).
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    return own;
  }
}

/** Values of `build-secrets` go through private files: argv can be read by everybody on the machine. */
async function writeSecrets(build: BuildInputs, folder: string, { files, runner }: PublishWorld) {
  return Promise.all(
    build.secrets.map(async ([id, value], i) => {
      runner.mask(value);
      const path = `${folder}/secret-${i}`;
      await files.writeText(path, value, 0o600);
      return [id, path] as const;
    }),
  );
}

async function buildAndPush(
  args: readonly string[],
  login: DockerLogin,
  unemulated: readonly string[],
  world: PublishWorld,
): Promise<void> {
  const { clock, console, shell, signal } = world;
  for (let attempt = 1; ; attempt++) {
    const title = attempt === 1 ? 'Build and push' : `Push again (attempt ${attempt} of ${PUSH_ATTEMPTS})`;
    let opened = false;
    // With its first line: a build that is stopped before it says anything leaves no empty group in the log.
    const onLine = (line: string): void => {
      if (!opened) console.startGroup(title);
      opened = true;
      console.line(line);
    };
    const { exitCode, stdout, stderr } = await shell
      .run('docker', args, { env: login.env, signal, onLine })
      .finally(() => opened && console.endGroup());
    if (exitCode === 0) return;
    const output = `${stdout}\n${stderr}`;
    if (unemulated.length > 0 && /exec format error/.test(output)) throw notEmulated(unemulated, output);
    if (!isTransientPush(output) || attempt === PUSH_ATTEMPTS) throw buildFailure(output, console);
    const pause = 2 ** attempt + clock.random();
    console.warning(`The push was interrupted (${rootCauseLine(output)}); next try in ${Math.round(pause)} s.`);
    await clock.sleep(pause, signal);
  }
}

function buildFailure(output: string, console: Console): Failure {
  const cause = rootCauseLine(output);
  for (const line of failedStepOutput(output, 20)) console.line(`  | ${line}`);
  const pushing = /failed to push|denied|unauthorized|\/blobs\/|tag invalid|name unknown|no basic auth/i.test(cause);
  return new Failure(pushing ? 'PUSH_FAILED' : 'BUILD_FAILED', cause, { cause: output });
}

/**
 * Tags that cannot be overwritten: a re-run of the same commit finds its own image there, which is then used instead
 * of a build whose push ECR would refuse. Tags that lack are added to it.
 * @throws Failure PUSH_FAILED when the tags that are there name different images
 */
async function alreadyPushed(
  build: BuildInputs,
  { uri, ecr: repository }: Destination,
  login: DockerLogin,
  { ecr, console, shell }: PublishWorld,
): Promise<Image | undefined> {
  if (!repository) return undefined;
  const found = await Promise.all(build.tags.map((tag) => ecr.getImage(repository, { tag })));
  const [image, ...others] = found.filter((one) => one !== undefined);
  if (!image) return undefined;
  if (others.some(({ digest }) => digest !== image.digest)) {
    throw new Failure(
      'PUSH_FAILED',
      `The tags ${build.tags.join(', ')} of ${uri} are immutable and name different images already.`,
      {
        remedy: 'Choose a new version, or leave out the tags that move.',
      },
    );
  }
  const lacking = build.tags.filter((_, i) => found[i] === undefined);
  if (lacking.length > 0) {
    const tags = lacking.flatMap((tag) => ['--tag', `${uri}:${tag}`]);
    const added = await shell.run(
      'docker',
      ['buildx', 'imagetools', 'create', ...tags, `${uri}@${image.digest}`],
      login,
    );
    if (added.exitCode !== 0) throw new Failure('PUSH_FAILED', rootCauseLine(added.stderr), { cause: added.stderr });
  }
  console.notice(
    `${uri}:${build.tags[0] ?? ''} is there already and its tags are immutable: using it, not building again.`,
  );
  return {
    reference: `${uri}@${image.digest}`,
    repository: uri,
    digest: image.digest,
    tags: build.tags,
    ...(await knownPlatforms(image.manifest, repository, ecr)),
  };
}
