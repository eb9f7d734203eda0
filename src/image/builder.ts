import { asFailure, Failure } from '../failure.ts';
import type { BuilderNodeInputs, BuildInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { CommandResult, Shell } from '../ports.ts';
import { inspectCommand } from './ahead.ts';
import { unreachedNodes } from './build-output.ts';
import { annotatesIndex, isAttached } from './buildx.ts';
import { type DockerWorld, START_DOCKER, wrongChoice } from './docker-choice.ts';
import { normalisePlatform } from './image.ts';

/** One machine (or container, or pod) of a builder. */
interface BuilderNode {
  /** Its own platform first, then what it emulates; empty where it does not run. */
  readonly platforms: readonly string[];
  /** Why it does not answer. */
  readonly error?: string;
}

/** What `docker buildx inspect` says of a builder. */
export interface Builder {
  readonly name: string;
  readonly driver: string;
  readonly nodes: readonly BuilderNode[];
  /** Why the builder as a whole does not answer, such as a daemon that is down. */
  readonly error?: string;
  /** The docker driver pushes an index, attestations and most caches only from the containerd image store. */
  readonly pushesIndexes: boolean;
}

/** The text of `docker buildx inspect`: the builder, then its nodes, parted by blank lines. */
export function parseBuilder(text: string): Builder {
  const [head = '', rest] = text.split(/^Nodes:.*$/m, 2);
  const driver = fieldOf(head, 'Driver');
  const error = fieldOf(head, 'Error');
  return {
    name: fieldOf(head, 'Name'),
    driver,
    nodes: (rest ?? head).split(/\n[ \t]*\n/).flatMap((block) => nodeOf(block)),
    ...defined({ error: error || undefined }),
    pushesIndexes: driver !== 'docker' || /worker\.containerd\.(?:uuid|namespace)/.test(text),
  };
}

/** A node has a name; what else stands between blank lines (rules of the garbage collector, files) does not. */
function nodeOf(block: string): readonly BuilderNode[] {
  if (fieldOf(block, 'Name') === '') return [];
  const error = fieldOf(block, 'Error');
  const platforms = fieldOf(block, 'Platforms')
    .split(',')
    .map((platform) => normalisePlatform(platform.trim().replace('*', '')))
    .filter((platform) => platform !== '');
  return [{ platforms, ...defined({ error: error || undefined }) }];
}

const fieldOf = (text: string, name: string): string =>
  new RegExp(`^[ \\t]*${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';

const platformsOf = ({ nodes }: Builder): string[] => [...new Set(nodes.flatMap(({ platforms }) => platforms))];

/** What it builds for where no platform is named: BuildKit lists its machine's own platform before what it emulates. */
export const ownPlatformOf = ({ nodes }: Builder): string | undefined => nodes[0]?.platforms[0];

/** Platforms that a node runs itself; amd64 runs 386, too. */
function nativeOf({ nodes }: Builder): readonly string[] {
  return nodes.flatMap(({ platforms: [own = '', ...further] }) => {
    const family = architectureOf(own);
    const same = (platform: string): boolean =>
      architectureOf(platform) === family || (family === 'linux/amd64' && platform === 'linux/386');
    return [own, ...further.filter(same)];
  });
}

const architectureOf = (platform: string): string => platform.split('/').slice(0, 2).join('/');

export interface PreparedBuilder {
  /** Whether it can export a cache; `refused`: it cannot, and no other builder could be made. */
  readonly exportsCache: boolean | 'refused';
  /** Undefined: the current one. */
  readonly builder?: string;
  /** Ours, to be removed by post. */
  readonly created: boolean;
  /** Platforms whose programs the builder cannot run. */
  readonly unemulated: readonly string[];
  /** What it builds for where no platform was asked for; undefined where it does not say. */
  readonly ownPlatform?: string;
  /** For the log: another builder than the current one, emulation. */
  readonly notes: readonly string[];
}

/** What a build asks of its builder. */
interface BuilderNeeds {
  /** The builder that the user named. */
  readonly wanted: string | undefined;
  readonly platforms: readonly string[];
  /** What the docker driver without the containerd image store cannot do, such as `rewrite timestamps`. */
  readonly beyondClassic: readonly string[];
  /** The same for what a build can do without: where no other builder can be made, the image is built without it. */
  readonly wishes: readonly string[];
  /** The docker driver never pushes by digest, whatever its image store. */
  readonly byDigest: boolean;
}

/**
 * What the classic docker driver refuses: several platforms, attestations, and caches and exports but the simplest.
 * https://docs.docker.com/build/builders/drivers/
 * @param machine a runner of GitHub is thrown away after the job, and with it what its engine has cached; `cache: auto` then needs a
 * builder that exports its cache. On a runner that is kept, the engine's own cache serves the next job.
 */
export function needsOf(build: BuildInputs, machine: 'kept' | 'thrown-away' = 'kept'): BuilderNeeds {
  const set = (value: string | undefined): boolean => value !== undefined && isAttached(value);
  const attested = set(build.provenance) || set(build.sbom) || build.tuning.attests.some(set);
  const exported = build.tuning.outputs.some((output) => /\btype=(?:oci|docker)\b/.test(output));
  const own = build.cacheFrom.length + build.cacheTo.length > 0;
  const byDefault =
    !own &&
    !build.noCache &&
    (machine === 'thrown-away' ? build.cache !== 'none' : /^(?:gha|registry)$/.test(build.cache));
  const exportsCache = byDefault || build.cacheTo.some((cache) => !/^(?:type=)?inline\b/.test(cache));
  return {
    wanted: build.builder,
    platforms: build.platforms,
    byDigest: build.byDigest,
    beyondClassic: [
      ...(build.platforms.length > 1 ? ['push several platforms as one image'] : []),
      ...(attested ? ['attach provenance or an SBOM'] : []),
      ...(build.platforms.length < 2 && annotatesIndex(build) ? ['annotate an index'] : []),
      ...(exported ? ['export an image as a file'] : []),
      ...(build.compression === 'zstd' ? ['compress layers with zstd'] : []),
      ...(build.reproducible ? ['rewrite timestamps'] : []),
    ],
    wishes: exportsCache ? ['export a cache'] : [],
  };
}

/**
 * The image that registers emulators in the kernel, as docker/setup-qemu-action does. It runs with all privileges of the
 * runner, so it is one fixed image, and no tag that can be moved. https://github.com/tonistiigi/binfmt/releases
 */
const BINFMT = 'tonistiigi/binfmt:qemu-v10.2.3@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0';

/** The BuildKit of a builder of our own; buildx uses a tag that moves. https://github.com/moby/buildkit/releases */
const BUILDKIT = 'moby/buildkit:v0.32.2@sha256:28a898719c18a33f4e8000685287fa36fd0dd9560c6440227d3a732d79bb41d8';

/**
 * The builder as it is, without starting it.
 * @throws Failure TOOL_MISSING with what to install or to start
 */
export async function inspectBuilder(wanted: string | undefined, world: DockerWorld): Promise<Builder> {
  return inspect(wanted ? [wanted] : [], { ...world, wanted });
}

async function inspect(
  args: readonly string[],
  { wanted, ...world }: DockerWorld & { readonly wanted: string | undefined },
): Promise<Builder> {
  const [program, ...words] = inspectCommand(...args);
  const { exitCode, stdout, stderr } = await world.shell.run(program, words);
  if (exitCode !== 0)
    throw (
      (await wrongChoice(stderr, { name: '', wanted }, world)) ??
      (await nodeDown(stderr, wanted, world.shell)) ??
      cannotInspect(stderr)
    );
  const builder = parseBuilder(stdout);
  // buildx reports a daemon that is down, and ends with exit code 0.
  const error = builder.error ?? builder.nodes.find((node) => node.error !== undefined)?.error;
  if (error !== undefined && platformsOf(builder).length === 0)
    throw (await wrongChoice(error, { name: builder.name, wanted }, world)) ?? notAnswering(builder, error);
  return builder;
}

/** The builder that `builder-nodes` describes, before it is made. */
export const plannedBuilder = (nodes: readonly BuilderNodeInputs[]): Builder => ({
  name: '',
  driver: nodes[0]?.driver ?? '',
  nodes: nodes.map(({ platforms }) => ({ platforms: platforms.map(normalisePlatform) })),
  pushesIndexes: true,
});

/**
 * A builder of these nodes, started. buildx finds nothing at an address before it connects, so every node is asked once.
 * @param name saved for post before this is called: a run that is killed meanwhile leaves nothing behind
 * @throws Failure TOOL_MISSING with the node that does not answer
 */
export async function createFromNodes(
  name: string,
  nodes: readonly BuilderNodeInputs[],
  shell: Shell,
): Promise<Builder> {
  for (const [i, { platforms, driver, endpoint, options }] of nodes.entries()) {
    const before = [
      `--name=${name}`,
      `--node=${name}-${i}`,
      `--driver=${driver}`,
      `--platform=${platforms.join(',')}`,
      ...(i > 0 ? ['--append'] : []),
      ...(driver === 'docker-container' ? [`--driver-opt=image=${BUILDKIT}`] : []),
    ];
    const after = [...options.map((option) => `--driver-opt=${option}`), ...(endpoint ? [endpoint] : [])];
    const { exitCode, stderr } = await create(shell, { driver, before, after });
    if (exitCode === 0) continue;
    throw new Failure(
      'TOOL_MISSING',
      `The node ${endpoint ?? driver} of \`builder-nodes\` is refused by buildx: ${lastLine(stderr)}`,
      {
        remedy: 'Correct its address and options in `builder-nodes`.',
      },
    );
  }
  const started = await shell.run('docker', ['buildx', 'inspect', '--bootstrap', name]);
  const builder = parseBuilder(started.stdout);
  const shown = builder.nodes.findIndex(({ error }) => error !== undefined);
  if (started.exitCode === 0 && shown < 0) return builder;
  // Without its answer buildx may not say which node it waited for.
  const waited = unreachedNodes(started.stderr).map(({ node }) => (nodes.length === 1 ? `${name}-0` : node))[0];
  const broken = shown >= 0 ? shown : nodes.findIndex((_, i) => waited === `${name}-${i}`);
  const which = broken < 0 ? nodes : nodes.slice(broken, broken + 1);
  const named = which.map(({ endpoint, driver }) => endpoint ?? driver).join(', ');
  throw new Failure(
    'TOOL_MISSING',
    `${which.length === 1 ? 'The node' : 'A node of these'} of \`builder-nodes\` does not answer: ${named} (${builder.nodes[broken]?.error ?? lastLine(started.stderr)}).`,
    { remedy: REACH_NODE },
  );
}

const REACH_NODE =
  'Start BuildKit there, and check that this runner reaches the address, with the TLS files that it asks for.';

/**
 * A node of the builder that does not answer, by its name and address: `buildx inspect` lists a remote node without connecting to it,
 * so that a build, or the start of the builder, is the first to wait for it.
 * @param output of the build or of `buildx inspect --bootstrap`
 * @param wanted undefined: the current builder
 * @returns undefined where buildx waited for none
 */
export async function nodeDown(output: string, wanted: string | undefined, shell: Shell): Promise<Failure | undefined> {
  const [unreached] = unreachedNodes(output);
  if (!unreached) return undefined;
  const { stdout } = await shell.run('docker', ['buildx', 'inspect', ...(wanted ? [wanted] : [])]);
  const [head = '', rest = ''] = stdout.split(/^Nodes:.*$/m, 2);
  const nodes = rest.split(/\n[ \t]*\n/).filter((block) => fieldOf(block, 'Name') !== '');
  const found = nodes.find((block) => nodes.length === 1 || fieldOf(block, 'Name') === unreached.node) ?? '';
  const node = unreached.node || fieldOf(found, 'Name');
  const endpoint = fieldOf(found, 'Endpoint');
  const builder = fieldOf(head, 'Name') || wanted;
  return new Failure(
    'TOOL_MISSING',
    `The node ${node}${endpoint ? ` (${endpoint})` : ''} of the builder${builder ? ` ${builder}` : ''} does not answer: ${unreached.error}.`,
    { remedy: `${REACH_NODE} Or name another builder in the input \`builder\`.`, cause: output },
  );
}

/** A builder that does not run yet does not know its platforms. The docker driver is the daemon itself, which runs. */
export async function startBuilder(builder: Builder, wanted: string | undefined, world: DockerWorld): Promise<Builder> {
  const stopped = builder.nodes.some(({ platforms, error }) => platforms.length === 0 && error === undefined);
  return stopped && builder.driver !== 'docker'
    ? inspect(['--bootstrap', ...(wanted ? [wanted] : [])], { ...world, wanted })
    : builder;
}

/**
 * A builder that can do what the build needs: the user's (or the current) one where it can, with all its nodes; else one of
 * our own in a container, which post removes. Emulation is set up only for a platform that no node runs.
 * @throws Failure TOOL_MISSING with what to install
 */
export async function completeBuilder(
  running: Builder,
  { wanted, platforms, beyondClassic, wishes, byDigest }: BuilderNeeds,
  world: DockerWorld,
): Promise<PreparedBuilder> {
  const { shell } = world;
  let builder = running;
  const lacking = (): string[] => {
    const known = platformsOf(builder);
    return platforms.filter((platform) => !known.includes(normalisePlatform(platform)));
  };
  // Emulators are registered in the kernel of this machine; a node elsewhere does not get them.
  const local = builder.driver === 'docker' || builder.driver === 'docker-container';
  if (lacking().length > 0 && local && (await emulate(lacking(), shell))) builder = await inspectBuilder(wanted, world);
  const unemulated = lacking();
  const native = nativeOf(builder);
  const emulated = platforms.filter(
    (platform) => !native.includes(normalisePlatform(platform)) && !unemulated.includes(platform),
  );
  const notes =
    emulated.length === 0
      ? []
      : [
          `${emulated.join(', ')} is emulated on this builder: what the build runs for it is many times slower. A builder with a native node, or a runner of that architecture (ubuntu-24.04-arm), avoids it.`,
        ];
  const ownPlatform = platforms.length === 0 ? ownPlatformOf(builder) : undefined;
  const kept = {
    created: false,
    exportsCache: builder.pushesIndexes,
    unemulated,
    ...defined({ ownPlatform: ownPlatform || undefined }),
    notes,
  };
  if (wanted !== undefined) return { builder: wanted, ...kept };
  const needed = [
    ...(byDigest && builder.driver === 'docker' ? ['push by digest'] : []),
    ...(builder.pushesIndexes ? [] : beyondClassic),
  ];
  const lacks = [...needed, ...(builder.pushesIndexes ? [] : wishes)];
  if (lacks.length === 0) return kept;
  const made = await createBuilder(shell).catch((thrown: unknown) => {
    const { code, message } = asFailure(thrown);
    if (needed.length > 0 || code !== 'TOOL_MISSING') throw thrown;
    return { refused: message };
  });
  if (typeof made === 'object')
    return {
      ...kept,
      exportsCache: 'refused',
      notes: [...notes, `${made.refused} The builder ${nameIn(builder)} cannot ${list(lacks)}, and builds without.`],
    };
  return {
    builder: made,
    created: true,
    exportsCache: true,
    unemulated,
    ...defined({ ownPlatform: ownPlatform || undefined }),
    notes: [
      `The builder ${nameIn(builder)} (driver docker${builder.pushesIndexes ? '' : ', without the containerd image store'}) cannot ${list(lacks)}; this run makes one of its own in a container. ${builder.pushesIndexes ? 'To' : 'To keep yours, turn on the containerd image store of the Docker engine; to'} use another one, name it in the input \`builder\`.`,
      ...notes,
    ],
  };
}

const nameIn = ({ name }: Builder): string => name || 'of this machine';

const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;

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

/**
 * Without the event of the workflow, which a builder that is made in a job otherwise writes into each provenance attestation; other
 * drivers than docker-container do not. https://docs.docker.com/build/builders/drivers/docker-container/
 */
const WITHOUT_EVENT = '--driver-opt=provenance-add-gha=false';

async function create(
  shell: Shell,
  {
    driver,
    before,
    after,
  }: { readonly driver: string; readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<CommandResult> {
  const run = (...options: readonly string[]) =>
    shell.run('docker', ['buildx', 'create', ...before, ...options, ...after]);
  if (driver !== 'docker-container') return run();
  const created = await run(WITHOUT_EVENT);
  // A buildx before 0.30 does not know the option.
  return /invalid driver option provenance-add-gha/i.test(created.stderr) ? run() : created;
}

async function createBuilder(shell: Shell): Promise<string> {
  const driver = 'docker-container';
  const before = [`--driver=${driver}`, `--driver-opt=image=${BUILDKIT}`];
  const created = await create(shell, { driver, before, after: ['--bootstrap'] });
  if (created.exitCode === 0) return lastLine(created.stdout);
  throw new Failure('TOOL_MISSING', `A builder could not be made: ${lastLine(created.stderr).replace(/\.$/, '')}.`, {
    remedy:
      'Turn on the containerd image store of the Docker engine, or make a builder yourself and name it in the input `builder`.',
  });
}

function cannotInspect(stderr: string): Failure {
  if (/is not a docker command|unknown command|unknown flag/i.test(stderr)) {
    return new Failure('TOOL_MISSING', 'Docker on this runner has no buildx.', {
      remedy: 'Install the docker-buildx-plugin, or use docker/setup-buildx-action before this step.',
    });
  }
  return new Failure('TOOL_MISSING', `The Docker engine does not answer: ${lastLine(stderr)}`, {
    remedy: START_DOCKER,
  });
}

function notAnswering({ name, driver }: Builder, error: string): Failure {
  return new Failure('TOOL_MISSING', `The builder ${name} (driver ${driver || 'unknown'}) does not answer: ${error}`, {
    remedy: 'Start it or correct its endpoint (docker buildx inspect), or name another one in the input `builder`.',
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
