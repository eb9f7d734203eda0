import { Failure } from '../failure.ts';
import type { Shell } from '../ports.ts';
import { normalisePlatform } from './image.ts';

/** What `docker buildx inspect --bootstrap` tells of the builder. */
export interface Builder {
  readonly name: string;
  readonly driver: string;
  readonly platforms: readonly string[];
  /** The docker driver pushes an index of several platforms only from the containerd image store. */
  readonly pushesIndexes: boolean;
}

/** The text of `docker buildx inspect`, which has no machine-readable form. */
export function parseBuilder(text: string): Builder {
  const field = (name: string): string => new RegExp(`^[ \\t]*${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const driver = field('Driver');
  return {
    name: field('Name'),
    driver,
    platforms: field('Platforms')
      .split(',')
      .map((platform) => normalisePlatform(platform.trim().replace('*', '')))
      .filter((platform) => platform !== ''),
    pushesIndexes: driver !== 'docker' || /worker\.containerd\.(?:uuid|namespace)/.test(text),
  };
}

export interface PreparedBuilder {
  /** Undefined: the current one. */
  readonly builder?: string;
  /** Ours, to be removed by post. */
  readonly created: boolean;
  /** Platforms whose programs the builder cannot run. */
  readonly unemulated: readonly string[];
  /** What it builds for where no platform was asked for; undefined where it does not say. */
  readonly ownPlatform?: string;
}

/**
 * The image that registers emulators in the kernel, as docker/setup-qemu-action does. It runs with all privileges of the
 * runner, so it is one fixed image, and no tag that can be moved. https://github.com/tonistiigi/binfmt/releases
 */
const BINFMT = 'tonistiigi/binfmt:qemu-v10.2.3@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0';

/** The BuildKit of a builder of our own; buildx by itself takes a tag that moves. https://github.com/moby/buildkit/releases */
const BUILDKIT = 'moby/buildkit:v0.32.2@sha256:28a898719c18a33f4e8000685287fa36fd0dd9560c6440227d3a732d79bb41d8';

/**
 * A builder that can build `platforms` and push them as one: the user's (or the current) one where it can; else one of
 * our own in a container, which `cleanUp` names so that post removes it. Emulation is set up only for a platform that
 * the builder does not know.
 * @throws Failure TOOL_MISSING with what to install
 */
export async function prepareBuilder(
  wanted: string | undefined,
  platforms: readonly string[],
  shell: Shell,
): Promise<PreparedBuilder> {
  return completeBuilder(await inspectBuilder(wanted, shell), { wanted, platforms }, shell);
}

/** The builder as it is, started where it was not. */
export async function inspectBuilder(wanted: string | undefined, shell: Shell): Promise<Builder> {
  const inspected = await shell.run('docker', ['buildx', 'inspect', '--bootstrap', ...(wanted ? [wanted] : [])]);
  if (inspected.exitCode !== 0) throw cannotInspect(inspected.stderr, wanted);
  return parseBuilder(inspected.stdout);
}

/** What it builds for where no platform is named: BuildKit lists its machine's own platform before what it emulates. */
export const ownPlatformOf = (builder: Builder): string | undefined => builder.platforms[0];

/** Emulators and a builder of our own, where they are needed. */
export async function completeBuilder(
  builder: Builder,
  { wanted, platforms }: { readonly wanted: string | undefined; readonly platforms: readonly string[] },
  shell: Shell,
): Promise<PreparedBuilder> {
  const ownPlatform = platforms.length === 0 ? ownPlatformOf(builder) : undefined;
  const missing = platforms.filter((platform) => !builder.platforms.includes(normalisePlatform(platform)));
  const unemulated = missing.length === 0 || (await emulate(missing, shell)) ? [] : missing;
  const able = builder.pushesIndexes || platforms.length < 2;
  if (wanted !== undefined || (able && missing.length === 0)) {
    return {
      ...(wanted ? { builder: wanted } : {}),
      created: false,
      unemulated,
      ...(ownPlatform ? { ownPlatform } : {}),
    };
  }
  if (able && builder.driver === 'docker') return { created: false, unemulated };
  return { builder: await createBuilder(shell), created: true, unemulated };
}

/** Whether it could be set up; a Dockerfile that only copies, or cross-compiles, builds without. */
async function emulate(platforms: readonly string[], shell: Shell): Promise<boolean> {
  const names = platforms.map((platform) => platform.split('/')[1] ?? platform).join(',');
  const installed = await shell.run('docker', ['run', '--rm', '--privileged', BINFMT, '--install', names]);
  return installed.exitCode === 0;
}

/** What a build met that ran a program of a platform which nothing here can run. */
export const notEmulated = (platforms: readonly string[], output: string): Failure =>
  new Failure(
    'TOOL_MISSING',
    `This runner cannot run programs for ${platforms.join(', ')}: emulation could not be set up.`,
    {
      remedy: `Build on a runner of that architecture, allow \`docker run --privileged ${BINFMT}\`, cross-compile (FROM --platform=$BUILDPLATFORM), or drop the platform from \`platforms\`.`,
      cause: output,
    },
  );

async function createBuilder(shell: Shell): Promise<string> {
  const created = await shell.run('docker', [
    'buildx',
    'create',
    '--driver=docker-container',
    `--driver-opt=image=${BUILDKIT}`,
    '--bootstrap',
  ]);
  if (created.exitCode === 0) return created.stdout.trim().split('\n').at(-1) ?? '';
  throw new Failure('TOOL_MISSING', `A builder for several platforms could not be made: ${lastLine(created.stderr)}`, {
    remedy:
      'Turn on the containerd image store of the Docker engine, or make a builder yourself and name it in the input `builder`.',
  });
}

function cannotInspect(stderr: string, wanted: string | undefined): Failure {
  const said = lastLine(stderr);
  if (/no builder/i.test(stderr)) {
    return new Failure('TOOL_MISSING', `There is no builder \`${wanted ?? ''}\` on this runner.`, {
      remedy: 'Create it in a step before, or leave out the input `builder`.',
    });
  }
  if (/is not a docker command|unknown command|unknown flag/i.test(stderr)) {
    return new Failure('TOOL_MISSING', 'Docker on this runner has no buildx.', {
      remedy: 'Install the docker-buildx-plugin, or use docker/setup-buildx-action before this step.',
    });
  }
  return new Failure('TOOL_MISSING', `The Docker engine does not answer: ${said}`, {
    remedy:
      'Start Docker on the runner and let its user reach the socket, or build elsewhere and give the input `image`.',
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
