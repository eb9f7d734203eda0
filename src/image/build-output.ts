/** What `docker buildx build --progress=plain` prints: steps, how each ended, and the error at the end. Pure. */

import { normalisePlatform } from './image.ts';

interface OutputStep {
  /** `[linux/arm64 build 3/7] RUN npm ci`, `exporting to image` */
  readonly title: string;
  /** `running`: the output ends before the step does. */
  readonly state: 'running' | 'done' | 'cached' | 'canceled' | 'failed';
  /** Seconds, of a step that is done. */
  readonly seconds?: number;
  /** Of a failed step, without `ERROR:`. */
  readonly error?: string;
  /** What it printed, oldest first, without BuildKit's prefixes. */
  readonly lines: readonly string[];
}

/** `#5 0.345 text` */
const TIMED = /^\d+\.\d+(?: |$)/;

/**
 * The steps in the order in which they started. BuildKit prints `#N TITLE`, then `#N SECONDS TEXT` for each line of a step's
 * program, and ends with `#N DONE 1.2s`, `#N CACHED`, `#N CANCELED` or `#N ERROR: TEXT`; it leaves a step with `#N ...` and
 * repeats the title whenever it comes back to it. https://github.com/moby/buildkit/blob/master/util/progress/progressui/printer.go
 */
export function parseSteps(output: string): OutputStep[] {
  const steps = new Map<string, { -readonly [K in keyof OutputStep]: OutputStep[K] } & { lines: string[] }>();
  for (const line of output.split('\n')) {
    const space = line.indexOf(' ');
    const id = line.slice(0, space);
    if (!/^#\d+$/.test(id)) continue;
    const text = line.slice(space + 1).trimEnd();
    const step = steps.get(id);
    if (!step) {
      steps.set(id, { title: text, state: 'running', lines: [] });
      continue;
    }
    const [, seconds] = /^DONE (\d+(?:\.\d+)?)s$/.exec(text) ?? [];
    if (seconds !== undefined) Object.assign(step, { state: 'done', seconds: Number(seconds) });
    else if (text === 'CACHED') step.state = 'cached';
    else if (text === 'CANCELED') step.state = 'canceled';
    else if (text.startsWith('ERROR: ')) Object.assign(step, { state: 'failed', error: text.slice('ERROR: '.length) });
    else if (text !== step.title && text !== '...') step.lines.push(text.replace(TIMED, ''));
  }
  return [...steps.values()];
}

/**
 * The root cause in one line: BuildKit closes with `ERROR: failed to solve: ...` or `ERROR: failed to build: ...`,
 * which names the step and what it printed.
 */
export function rootCauseLine(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^#\d+ (?:\d+\.\d+ )?/, '').trimEnd());
  const last = lines.findLast((line) => /^ERROR\b/i.test(line)) ?? output.trim().split('\n').at(-1) ?? '';
  return last
    .replace(/^ERROR:\s*/i, '')
    .replace(/^failed to (?:build|solve):\s*/i, '')
    .replace(/^failed to solve:\s*/i, '');
}

/** Lines of a Dockerfile that BuildKit names as the cause. */
export interface DockerfilePlace {
  /** The name of the Dockerfile without its folder. */
  readonly name: string;
  readonly line: number;
  readonly endLine: number;
  /** The lines with those around them, `   4 | >>> RUN npm ci`. */
  readonly quote: readonly string[];
}

/**
 * BuildKit quotes the instruction that failed between two rules of dashes below `Dockerfile:LINE`, with `>>>` before its lines.
 * https://github.com/moby/buildkit/blob/master/solver/errdefs/source.go
 */
export function dockerfilePlace(output: string): DockerfilePlace | undefined {
  const [, name = '', block = ''] =
    /^(?<name>[^\s:][^:\n]*):\d+\n-{20}\n(?<block>(?: *\d+ \| .*\n)+)-{20}$/m.exec(output) ?? [];
  const quote = block.split('\n').filter((row) => row !== '');
  const marked = quote.flatMap((row) => (/^ *\d+ \| >>>/.test(row) ? [Number.parseInt(row, 10)] : []));
  const [line] = marked;
  if (line === undefined) return undefined;
  while (/\|\s*$/.test(quote.at(-1) ?? '')) quote.pop();
  return { name, line, endLine: marked.at(-1) ?? line, quote };
}

/** The same for an error that names its line alone, such as `dockerfile parse error on line 2`. */
export function quoteLine(name: string, text: string, line: number): DockerfilePlace | undefined {
  const lines = text.split(/\r?\n/);
  if (lines[line - 1] === undefined) return undefined;
  const from = Math.max(0, line - 3);
  const quote = lines
    .slice(from, line + 2)
    .map((one, i) => `${String(from + i + 1).padStart(4)} | ${from + i + 1 === line ? '>>>' : '   '} ${one}`);
  while (/\|\s*$/.test(quote.at(-1) ?? '')) quote.pop();
  return { name, line, endLine: line, quote };
}

/** What the failing step printed last, for the log of the failure. */
export function failedStepOutput(output: string, limit: number): string[] {
  const failed = failedStepOf(output);
  return failed ? failed.lines.slice(-limit) : [];
}

const CACHE_STEP = /^(?:exporting|importing) cache\b/;
/**
 * BuildKit's words for the push of an image; a cache's are `error writing layer blob` and `error writing manifest blob`.
 * https://github.com/moby/buildkit/blob/master/exporter/containerimage/export.go
 */
const IMAGE_PUSH = /^failed to push /;

/** A step that failed, as BuildKit reports it. */
interface FailedStep extends OutputStep {
  /** `command`: a program of the Dockerfile ended with an error, and whatever it printed are words of its own. */
  readonly kind: 'command' | 'buildkit';
}

/**
 * The step that ended the build; undefined where none failed, or the text is not a whole output of BuildKit. The last line of the
 * output ends with its error. A step of a cache may fail beside it without ending anything: a cache that is not there yet, one with
 * `ignore-error`, or one that is cut off when the push beside it fails.
 */
export function failedStepOf(output: string): FailedStep | undefined {
  const all = parseSteps(output).filter(({ state }) => state === 'failed');
  const cause = rootCauseLine(output);
  const named = all.filter(({ error }) => error !== undefined && error !== '' && cause.includes(error));
  const ofBuild = (steps: readonly OutputStep[]): OutputStep | undefined =>
    steps.find(({ title }) => !CACHE_STEP.test(title));
  // An image is pushed by no step of a cache, whatever BuildKit reports of the cache's export beside it.
  const failed = IMAGE_PUSH.test(cause) ? ofBuild(all) : (ofBuild(named) ?? named[0] ?? ofBuild(all) ?? all[0]);
  if (!failed) return undefined;
  return {
    ...failed,
    kind: /^(?:process "|executor failed running \[)/.test(failed.error ?? '') ? 'command' : 'buildkit',
  };
}

/**
 * What BuildKit itself says of the failure: the failing step's error, the request that it reports last, and the last line. Nothing where
 * a command of the Dockerfile failed, and never what a program printed.
 */
export function wordsOfBuildkit(output: string): string {
  const failed = failedStepOf(output);
  const cause = rootCauseLine(output);
  if (failed?.kind === 'command' || /^process "/.test(cause)) return '';
  return `${failed?.error ?? ''}\n${requestOf(failed)}\n${cause}`;
}

/**
 * Nodes of the builder that buildx could not connect to. `node` is empty where the builder has one alone.
 * https://github.com/docker/buildx/blob/master/driver/driver.go
 */
export function unreachedNodes(output: string): readonly { readonly node: string; readonly error: string }[] {
  return parseSteps(output).flatMap(({ title, state, error = '' }) => {
    const [whole, node = ''] = /^\[(?:(\S{1,200}) )?internal\] waiting for connection$/.exec(title) ?? [];
    return whole !== undefined && state === 'failed' ? [{ node, error }] : [];
  });
}

/** Whether a program of a platform that nothing here can run was started. */
export function isNotEmulated(output: string, unemulated: readonly string[]): boolean {
  const failed = failedStepOf(output);
  if (failed?.kind !== 'command' || unemulated.length === 0) return false;
  // Of one platform alone the title does not name it.
  const [, platform] = /^\[([a-z]+\/[\w/]+) /.exec(failed.title) ?? [];
  if (platform !== undefined && !unemulated.map(normalisePlatform).includes(normalisePlatform(platform))) return false;
  return /exec format error/.test([failed.error, ...failed.lines].join('\n'));
}

/**
 * What to do after a failed build: run it again after a pause, at once but a single time, with a fresh login, without its caches
 * (the one that failed, then all), or not at all.
 * Layers that are built and pushed are not built and pushed again.
 */
export type BuildRetry =
  | 'never'
  | 'after-a-pause'
  | 'once'
  | 'with-a-fresh-login'
  | 'without-cache'
  /** No step failed, and a cache may be the cause: whether it is shows when the build ends well without. */
  | 'perhaps-without-cache';

const TRANSIENT =
  /\b429\b|too ?many ?requests|rate exceeded|\b50[0234]\b|bad gateway|service unavailable|gateway timeout|connection (?:reset|refused)|broken pipe|i\/o timeout|tls handshake timeout|unexpected EOF|use of closed network connection/i;
/**
 * The same in the words of Go's HTTP client: a connection that ends in place of an answer is `Head "https://...": EOF`.
 * https://pkg.go.dev/net/http https://pkg.go.dev/net#DNSError
 */
const LOST_CONNECTION =
  /\b(?:get|head|put|post|patch|delete) "[^"\n]*": EOF\b|\bhttp2: (?:client connection lost|server sent GOAWAY|timeout awaiting response headers)|stream error: stream ID \d+; (?:INTERNAL_ERROR|REFUSED_STREAM)|server closed idle connection|Client\.Timeout exceeded|server misbehaving|temporary failure in name resolution/i;
/** The set-up of a cache, which `ignore-error` does not cover. */
const CACHE_SET_UP = /failed to configure \w+ cache (?:exporter|importer)|unknown cache (?:exporter|importer)/i;
/** Docker Hub's limit lasts for hours. */
const HUB_LIMIT = /you have reached your (?:unauthenticated )?pull rate limit/i;

/**
 * The failing step decides, never what a program printed. A command of the Dockerfile is not run a second time: it may have had
 * effects elsewhere, and its own words ("pushing ... 503") say nothing about the registry of the image.
 */
export function retryOf(output: string): BuildRetry {
  const failed = failedStepOf(output);
  if (isCommand(failed?.title ?? '')) return 'never';
  // The step names the request, the last line what the registry answered, in words of its own; each may be all that there is.
  const error = wordsOfBuildkit(output);
  if (error === '') return 'never';
  if (CACHE_STEP.test(failed?.title ?? '') || CACHE_SET_UP.test(error)) return 'without-cache';
  if (/authorization token has expired/i.test(error)) return 'with-a-fresh-login';
  // ECR answers so for a layer that is still being written, and where a proxy has lost the login.
  if (/\bHEAD request to \S{1,300}\/blobs\/[^\n]{0,400}\b401\b/i.test(error)) return 'with-a-fresh-login';
  if (/parent snapshot \S+ does not exist/i.test(error)) return 'once';
  if (isTransient(error)) return 'after-a-pause';
  return isOfClient(output, failed) ? 'perhaps-without-cache' : 'never';
}

/** Whether a request may go well when it is made again. @param error in the words of BuildKit or buildx */
export function isTransient(error: string): boolean {
  const bare = error.replaceAll(NAMES, '');
  return (TRANSIENT.test(bare) || LOST_CONNECTION.test(bare)) && !HUB_LIMIT.test(error);
}

/**
 * Whether buildx itself failed, before or after BuildKit solved the build, as it does for what it reads and writes on this machine:
 * a local cache whose folder cannot be made, an attribute of a cache that it cannot parse, a cache that the driver does not have.
 */
const isOfClient = (output: string, failed: OutputStep | undefined): boolean =>
  failed === undefined && /^ERROR: /m.test(output) && !/\bfailed to solve: /.test(output);

/** What BuildKit itself printed of the request that failed last. Commands are not asked: those lines are of their programs. */
const requestOf = (failed: OutputStep | undefined): string =>
  failed?.lines.findLast((line) => line.startsWith('error: ')) ?? '';

/** Whether everything was built, and what failed came after it: the export of the image or of a cache. */
export function isBuilt(output: string): boolean {
  const steps = parseSteps(output);
  return steps.some(({ title, state }) => state === 'failed' && /^exporting (?:to|cache)\b/.test(title));
}

/** What a push names: a tag such as `release-503` and the digits of a digest are no status of the registry. */
const NAMES = /\bfailed to push \S{1,600}: |\bhttps?:\/\/[^\s"]{1,2000}|\bsha256:[0-9a-f]+/g;

/** A cache that is not there yet, as with the first build of a branch. */
const NO_CACHE_YET = /not found|manifest unknown|name unknown|no such (?:key|file)|404/i;

/**
 * Caches that a build which ended well could not read or write, a sentence each. `ignore-error` and BuildKit's own patience make it
 * a failed step of a good build.
 */
export function cacheTroubles(output: string): string[] {
  const troubles = parseSteps(output).flatMap(({ title, state, error = '' }) => {
    const [, verb, cache = ''] = /^(exporting|importing) cache (?:to|manifest from) (.+)$/.exec(title) ?? [];
    if (state !== 'failed' || verb === undefined) return [];
    if (verb === 'exporting') return [`The build cache was not written (${cache}): ${error}`];
    return NO_CACHE_YET.test(error) ? [] : [`The build cache ${cache} could not be read: ${error}`];
  });
  const local = [...output.matchAll(LOCAL_TROUBLE)].flatMap(([, path = '', error = '']) =>
    NO_CACHE_YET.test(error) ? [] : [`The build cache ${path} could not be read: ${error}`],
  );
  return [...new Set([...troubles, ...local])];
}

/** buildx reads a local cache itself, without a step. */
const LOCAL_TROUBLE = /^WARNING: local cache import at (\S{1,1000}) not found due to err: (.+)$/gm;

/** `[build 3/7] RUN npm ci` */
const isCommand = (title: string): boolean => /^\[[^\]]*\] RUN\b/.test(title);
