import { asFailure, Failure } from '../failure.ts';
import type { BuilderNodeInputs, BuildInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { BuildSources, Clock, Console, Ecr, Files, Runner, Shell, World } from '../ports.ts';
import { buildFailure } from './build-failure.ts';
import {
  type BuildRetry,
  cacheTroubles,
  failedStepOutput,
  isBuilt,
  isNotEmulated,
  retryOf,
  rootCauseLine,
  wordsOfBuildkit,
} from './build-output.ts';
import { reportBuild } from './build-report.ts';
import {
  type Builder,
  completeBuilder,
  createFromNodes,
  inspectBuilder,
  needsOf,
  nodeDown,
  notEmulated,
  ownPlatformOf,
  type PreparedBuilder,
  plannedBuilder,
  startBuilder,
} from './builder.ts';
import { buildArguments, exportAttributes, makesIndex, parseMetadata } from './buildx.ts';
import { asksActionsCache, type CachePlan, type CacheWorld, defaultBranch, planCache } from './cache.ts';
import { withOwnHelpers } from './docker-config.ts';
import { contextSource } from './fingerprint.ts';
import { type Image, normalisePlatform } from './image.ts';
import type { DockerLogin } from './login.ts';
import { parseRepository } from './reference.ts';
import { type Destination, type ImageStore, isImmutableRefusal, openRepository, storeOf } from './repository.ts';
import { knownPlatforms } from './resolve.ts';
import { decide, decideFor, type ReuseDecision, type Site } from './reuse.ts';
import { type Hidden, hideSecrets, shownArguments, withSafeProvenance } from './secret-arguments.ts';

interface PublishWorld {
  readonly clock: Clock;
  readonly console: Console;
  readonly ecr: Ecr;
  readonly files: Files;
  readonly masker: Pick<World['masker'], 'text'>;
  readonly runner: Runner;
  readonly shell: Shell;
  readonly sources: BuildSources;
  readonly signal: AbortSignal;
}

const PUSH_ATTEMPTS = 4;

/** Where a build belongs, and what must hold before it writes anything. */
interface PublishTerms {
  /** Of the credentials, for a bare repository name. */
  readonly region: string;
  /** Rejects where nothing could run the image: creating the repository, tags and the push wait for it. */
  readonly permitted?: Promise<unknown>;
}

/**
 * The image of this build, by digest: one of the repository with the same fingerprint, else built for all platforms and
 * pushed as one index under every tag. The context is hashed, the login runs and the repository and the builder are
 * looked at side by side; what a reused image does not need is not waited for.
 * @throws Failure TOOL_MISSING, CREDENTIALS, NOT_FOUND, BUILD_FAILED, PUSH_FAILED
 */
export async function publish(
  build: BuildInputs,
  { region, permitted }: PublishTerms,
  given: PublishWorld,
): Promise<Image> {
  const stop = new AbortController();
  const signal = AbortSignal.any([given.signal, stop.signal]);
  const world = { ...given, signal, shell: obeying(given.shell, signal) };
  const repository = parseRepository(build.repository, region);
  const builder = build.builderNodes
    ? Promise.resolve(plannedBuilder(build.builderNodes))
    : inspectBuilder(build.builder, world);
  builder.catch(() => {}); // reported when the build needs it
  const before = Promise.all([permitted, builder]);
  before.catch(() => {}); // as above
  const creation = build.createRepository ? { before, ...defined({ settings: build.repositorySettings }) } : undefined;
  const { destination, login } = openRepository(repository, creation, world);
  let running: Promise<Builder> | undefined;
  /** A reused image needs no builder, so it is started late. */
  const started = (): Promise<Builder> =>
    (running ??= build.builderNodes
      ? startNodes(build.builderNodes, world)
      : builder.then((inspected) => startBuilder(inspected, build.builder, world)));
  const epoch = sourceDateEpoch(build, world);
  const store = storeOf(repository, login, world);
  try {
    const site = {
      destination,
      store,
      ownPlatform: async () => ownPlatformOf(build.builderNodes ? await builder : await started()),
    };
    const { decision, mark } = await decide(build, site, world);
    const at = await destination;
    if (decision.kind === 'refuse') throw refused(decision, at);
    await permitted;
    if (decision.kind === 'reuse') return await reuse(decision, { at, store }, world);
    world.console.line(`Building the image: ${decision.why}.`);
    for (const tag of decision.kept)
      world.console.line(`${tag} is immutable and stays on an image of the same content.`);
    const service = asksActionsCache(build) ? world.sources.actionsCache(signal) : undefined;
    service?.catch(() => {}); // the run is cancelled, which what is waited for first notices
    const ready = await prepared(build, { builder: started(), login }, world);
    const actionsCache = () => service ?? world.sources.actionsCache(signal);
    const { exportsCache, ownPlatform = '' } = ready.prepared;
    // Jobs on machines of different architectures, which name no platform, have different caches.
    const platforms = build.platforms.length > 0 ? build.platforms : [ownPlatform];
    const cache = await cacheOf({ ...build, platforms }, { at, exports: exportsCache, actionsCache }, world);
    const isPublic = repository.kind === 'public' && exportsCache === true;
    const knowledge = { variable: world.sources.variable, mask: (text: string) => world.masker.text(text) };
    const safe = withSafeProvenance(build, isPublic, knowledge);
    if (safe.note) world.console.line(safe.note);
    const hidden = hideSecrets(safe.build, cache, knowledge);
    if (hidden.shown.length > 0) world.console.warning(shownArguments(hidden.shown));
    const pushing = { ...hidden, push: decision.push, mark, epoch: await epoch, at, ...ready };
    return await buildImage(pushing, site, world);
  } finally {
    stop.abort(new Failure('CANCELLED', 'Not needed any more.'));
    await Promise.allSettled([destination, login, builder, epoch]);
  }
}

/** The builder of `builder-nodes`. Post knows its name before it exists. */
async function startNodes(
  nodes: readonly BuilderNodeInputs[],
  { clock, runner, shell }: PublishWorld,
): Promise<Builder> {
  const { runId, runAttempt } = runner.context;
  const name = `ecs-rollout-${runId || 'local'}-${runAttempt}-${Math.floor(clock.random() * 0xffffff).toString(16)}`;
  runner.saveState('builder', name);
  return createFromNodes(name, nodes, shell);
}

/** The caches of the build, with the line that says which. */
async function cacheOf(
  build: BuildInputs,
  of: Pick<CacheWorld, 'at' | 'exports' | 'actionsCache'>,
  { console, files, runner, sources }: PublishWorld,
): Promise<CachePlan> {
  const scope = { ref: runner.context.ref, defaultBranch: await defaultBranch(sources, files) };
  const plan = await planCache(build, { ...of, scope });
  if (plan.note) console.line(plan.note);
  if (plan.warning) console.warning(plan.warning);
  return plan;
}

/** Every command ends with the run, or when an image that exists makes it pointless. */
const obeying = (shell: Shell, signal: AbortSignal): Shell => ({
  run: (program, args, options) => shell.run(program, args, { signal, ...options }),
});

const refused = ({ problem, remedy, cause }: Extract<ReuseDecision, { kind: 'refuse' }>, { uri }: Destination) =>
  new Failure('PUSH_FAILED', `${uri}: ${problem}`, { remedy, ...defined({ cause }) });

/** Tags an image that exists, in place of a build. */
async function reuse(
  decision: Extract<ReuseDecision, { kind: 'reuse' }>,
  { at: { uri, ecr: repository }, store }: { readonly at: Destination; readonly store: ImageStore },
  { console, ecr }: PublishWorld,
): Promise<Image> {
  const { image, tag, add, kept, instead } = decision;
  await Promise.all(add.map((one) => store.addTag(image.digest, one)));
  const reference = `${uri}@${image.digest}`;
  const commit = image.revision ? `, built from commit ${image.revision.slice(0, 12)}` : '';
  const but = instead ? ` It was not built again although ${instead}: its tags are immutable.` : '';
  console.notice(
    `Using the image that exists: ${reference} (${tag}) has the fingerprint of this build${commit}.${but}`,
  );
  if (add.length > 0) console.line(`Tagged it ${add.join(', ')}.`);
  if (kept.length > 0) console.line(`${kept.join(', ')}: immutable, on another image of the same content.`);
  const { platforms, manifest } = image;
  const read = !platforms && manifest && repository ? await knownPlatforms(manifest, repository, ecr) : undefined;
  return {
    reference,
    repository: uri,
    digest: image.digest,
    tags: decision.tags,
    reused: true,
    ...defined({ ecr: repository, platforms: platforms ?? read?.platforms }),
  };
}

interface Ready {
  readonly login: DockerLogin;
  readonly prepared: PreparedBuilder;
}

async function prepared(
  build: BuildInputs,
  waiting: { readonly builder: Promise<Builder>; readonly login: Promise<DockerLogin> },
  { console, files, runner, shell, sources }: PublishWorld,
): Promise<Ready> {
  const completed = waiting.builder.then(async (builder) => {
    const hosted = sources.variable('RUNNER_ENVIRONMENT') === 'github-hosted';
    const needs = needsOf(build, hosted ? 'thrown-away' : 'kept');
    const wanted = build.builderNodes ? builder.name : needs.wanted;
    const done = await completeBuilder(builder, { ...needs, wanted }, { files, shell, sources });
    // At once, so that post removes it even where the login beside it fails.
    if (done.created && done.builder) runner.saveState('builder', done.builder);
    return done;
  });
  const [login, done] = await Promise.all([waiting.login, completed]);
  for (const note of done.notes) console.line(note);
  if (done.unemulated.length > 0) {
    console.warning(
      `Emulation of ${done.unemulated.join(', ')} could not be set up; only a Dockerfile that runs nothing on it builds.`,
    );
  }
  return { login, prepared: done };
}

interface Pushing extends Ready, Hidden {
  /** Tags to push. */
  readonly push: readonly string[];
  /** The fingerprint, where it is known. */
  readonly mark: string | undefined;
  readonly epoch: string | undefined;
  readonly at: Destination;
}

/** A tag that another run has pushed meanwhile ends the push; its image is then as good as ours, or the tag is taken. */
async function buildImage(pushing: Pushing, site: Site, world: PublishWorld): Promise<Image> {
  const { build, push, mark, prepared: ready, at } = pushing;
  const folder = await world.files.makeTemporaryFolder('build-');
  world.runner.saveState('secret-files', folder);
  try {
    const metadataFile = `${folder}/metadata.json`;
    const [secretFiles, env] = await Promise.all([
      writeSecrets(build, folder, world),
      withOwnHelpers(pushing.env, folder, world),
    ]);
    const references = push.map((tag) => `${at.uri}:${tag}`);
    const argumentsWith: ArgumentsWith = ({ cache, build }) =>
      buildArguments(build, {
        references,
        metadataFile,
        secretFiles,
        cache,
        ...defined({ builder: ready.builder || undefined, fingerprint: mark || undefined }),
        ...defined({ byDigest: build.byDigest ? at.uri : undefined }),
        index: ready.exportsCache === true && makesIndex(build, world.sources.variable),
        attributes: exportAttributes(build, ready.exportsCache === true ? 'buildkit' : 'classic'),
      });
    const start = world.clock.now();
    const built = await buildAndPush(argumentsWith, { ...pushing, env }, world);
    if ('refusal' in built) return await takeTheirs(pushing, { site, output: built.refusal }, world);
    const { digest, all } = parseMetadata(await world.files.readText(metadataFile));
    const seconds = world.clock.now() - start;
    const { platforms } =
      build.platforms.length > 0
        ? { platforms: build.platforms.map(normalisePlatform) }
        : await builtPlatforms({ digest, ownPlatform: ready.ownPlatform }, at, world.ecr);
    return {
      reference: `${at.uri}@${digest}`,
      repository: at.uri,
      digest,
      tags: allTags(build, push),
      metadata: all,
      build: reportBuild(built.output, platforms ?? [], seconds),
      ...defined({ ecr: at.ecr, platforms }),
    };
  } finally {
    await world.files.remove(folder);
    world.runner.saveState('secret-files', '');
  }
}

/** The push met an immutable tag that did not exist before the build: whoever pushed it may have built the same. */
async function takeTheirs(
  { build, mark, at }: Pushing,
  { site, output }: { readonly site: Site; readonly output: string },
  world: PublishWorld,
): Promise<Image> {
  const known =
    mark === undefined
      ? ({ kind: 'unknown', why: 'it could not be computed' } as const)
      : ({ kind: 'known', value: mark } as const);
  const again = { ...build, reuse: { kind: 'reuse', byContent: build.reuse.byContent } } as const;
  const { decision } = await decideFor(again, known, { site: { ...site, destination: immutable(at) } });
  if (decision.kind === 'refuse') throw refused(decision, at);
  if (decision.kind === 'build') throw await buildFailure(output, build, world);
  world.console.line(`${decision.tag} was pushed by another run during this build.`);
  return reuse(decision, { at, store: site.store }, world);
}

/** What the registry has just refused is immutable, whatever the role may see of the repository. */
const immutable = async (at: Destination): Promise<Destination> =>
  at.mutability ? at : { ...at, mutability: { immutable: true, exclusions: [] } };

/** The user's tags first; then the one of the content. */
const allTags = ({ tags }: BuildInputs, push: readonly string[]): readonly string[] => [...new Set([...tags, ...push])];

/**
 * The commit's time for BuildKit, so that two builds of one commit differ as little as they can: times of layers and
 * config. Undefined where the user sets it or there is no commit.
 * https://docs.docker.com/build/ci/github-actions/reproducible-builds/
 */
async function sourceDateEpoch(build: BuildInputs, { shell, sources }: PublishWorld): Promise<string | undefined> {
  const own = build.buildArgs.some((setting) => /^SOURCE_DATE_EPOCH(?:=|$)/.test(setting));
  const context = contextSource(build.context);
  if (own || sources.variable('SOURCE_DATE_EPOCH') !== undefined || context.kind !== 'folder') return undefined;
  try {
    const { exitCode, stdout } = await shell.run('git', ['-C', context.path, 'log', '-1', '--format=%ct']);
    return exitCode === 0 && /^\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
  } catch {
    return undefined; // no Git here, or the run is cancelled, which the build notices
  }
}

/**
 * What a build that named no platform was built for: as ECR holds it (a Dockerfile may choose another than the
 * builder's); where ECR does not show one, the builder's own.
 */
async function builtPlatforms(
  { digest, ownPlatform }: { readonly digest: string; readonly ownPlatform: string | undefined },
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

/** Values of `build-secrets` go through private files: every user of the machine can read argv. */
async function writeSecrets(build: BuildInputs, folder: string, { files, runner }: PublishWorld) {
  // Files that are secrets, as far as they are text.
  for (const [, path] of build.secretFiles) runner.mask(await files.readText(path).catch(() => ''));
  return Promise.all(
    build.secrets.map(async ([id, value], i) => {
      runner.mask(value);
      const path = `${folder}/secret-${i}`;
      await files.writeText(path, value, 0o600);
      return [id, path] as const;
    }),
  );
}

/** What an attempt is made of. */
interface Attempted {
  readonly build: BuildInputs;
  readonly cache: Pick<CachePlan, 'from' | 'to'>;
}

type ArgumentsWith = (attempted: Attempted) => readonly string[];

/** A build without the cache is in the cache when it is built: a push that is tried again runs no command a second time. */
const fromCache = (build: BuildInputs): BuildInputs => ({
  ...build,
  noCache: false,
  tuning: { ...build.tuning, noCacheFilters: [] },
});

/** @returns what the push printed when an immutable tag was in its way; else what the whole build printed */
async function buildAndPush(
  argumentsWith: ArgumentsWith,
  pushing: Pushing,
  world: PublishWorld,
): Promise<{ readonly refusal: string } | { readonly output: string }> {
  const { console } = world;
  let opened = false;
  // With its first line: a build that is stopped before it says anything leaves no empty group in the log.
  const onLine = (line: string): void => {
    if (!opened) console.startGroup('Build and push');
    opened = true;
    console.line(line);
  };
  let ended: Awaited<ReturnType<typeof attempts>>;
  try {
    ended = await attempts(argumentsWith, { ...pushing, onLine }, world);
  } finally {
    if (opened) console.endGroup();
  }
  if (!('failed' in ended)) {
    for (const trouble of 'output' in ended ? cacheTroubles(ended.output) : []) console.warning(trouble);
    return ended;
  }
  const { failed } = ended;
  for (const line of failedStepOutput(failed, 20)) console.line(`  | ${line}`);
  throw await buildFailure(failed, pushing.build, world);
}

/** One group in the log holds them all. */
async function attempts(
  argumentsWith: ArgumentsWith,
  {
    build: given,
    login: first,
    prepared: { builder, unemulated },
    epoch,
    cache,
    env: secrets,
    onLine,
  }: Pushing & { onLine(line: string): void },
  { clock, console, shell, signal }: PublishWorld,
): Promise<{ readonly refusal: string } | { readonly output: string } | { readonly failed: string }> {
  let login = first;
  let attempted: Attempted = { build: given, cache };
  let suspected: string | undefined;
  const met = new Set<BuildRetry>();
  for (let attempt = 1; ; attempt++) {
    const env = { ...secrets, ...login.env, ...defined({ SOURCE_DATE_EPOCH: epoch || undefined }) };
    if (attempt > 1) onLine(`Build and push again (attempt ${attempt} of ${PUSH_ATTEMPTS})`);
    const options = { env, signal, onLine, limitSeconds: Number.POSITIVE_INFINITY };
    const { exitCode, stdout, stderr } = await shell.run('docker', argumentsWith(attempted), options);
    const output = `${stdout}\n${stderr}`;
    if (exitCode === 0) {
      if (suspected !== undefined) console.warning(suspected);
      return { output };
    }
    if (isNotEmulated(output, unemulated)) throw notEmulated(unemulated, output);
    const down = await nodeDown(output, builder, shell);
    if (down) throw down;
    if (isImmutableRefusal(wordsOfBuildkit(output))) return { refusal: output };
    const retry = retryOf(output);
    const fewer = withFewerCaches(attempted.cache, output);
    const again = FEWER_CACHES.includes(retry)
      ? fewer !== undefined
      : retry === 'after-a-pause' || (retry !== 'never' && !met.has(retry));
    if (!again || attempt === PUSH_ATTEMPTS) return { failed: output };
    met.add(retry);
    const pause = retry === 'after-a-pause' ? 2 ** attempt + clock.random() : 0;
    const line = retryLine(retry, { output, pause, fewer });
    if (retry === 'perhaps-without-cache') suspected = line;
    else console.warning(line);
    if (pause > 0) await clock.sleep(pause, signal);
    if (FEWER_CACHES.includes(retry) && fewer) attempted = { ...attempted, cache: fewer };
    if (isBuilt(output)) attempted = { ...attempted, build: fromCache(attempted.build) };
    if (retry === 'with-a-fresh-login') login = (await login.renew?.()) ?? login;
  }
}

const FEWER_CACHES: readonly BuildRetry[] = ['without-cache', 'perhaps-without-cache'];

/** Without those that are written, which fail more; what is read still spares a rebuild. Undefined where no cache is left to leave out. */
function withFewerCaches({ from, to }: Attempted['cache'], output: string): Attempted['cache'] | undefined {
  if (from.length + to.length === 0) return undefined;
  const reading = /\bimport(?:er|ing)\b/.test(rootCauseLine(output));
  return to.length > 0 && from.length > 0 && !reading ? { from, to: [] } : { from: [], to: [] };
}

function retryLine(
  retry: BuildRetry,
  {
    output,
    pause,
    fewer,
  }: { readonly output: string; readonly pause: number; readonly fewer: Attempted['cache'] | undefined },
): string {
  const cause = rootCauseLine(output);
  if (FEWER_CACHES.includes(retry)) {
    return fewer && fewer.from.length > 0
      ? `The cache cannot be written (${cause}); the image is built without writing it.`
      : `The cache cannot be used (${cause}); the image is built without it.`;
  }
  const next = pause === 0 ? 'it is tried once more' : `next try in ${Math.round(pause)} s`;
  return `The build and push was interrupted (${cause}); ${next}.`;
}
