/** What takes the place of inputs that need more than a simulated account: a build, checks of addresses outside of this machine. */
import { join } from 'node:path';
import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Platform } from '../../simulator/world/from-template.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { Failure } from '../../src/failure.ts';
import { checkBuildSources } from '../../src/image/build-checks.ts';
import { parseReference, parseRepository } from '../../src/image/reference.ts';
import type { AnyInputs, ImageInputs, VerifyInputs } from '../../src/inputs/types.ts';
import { deletedStep } from '../../src/report/next-step.ts';
import { Page } from './github.ts';
import { provideImage, type Seeded } from './seed.ts';
import { OF_WHAT_RUNS, type Target, type Trial } from './trial.ts';

/** Inputs of a build, which is not carried out, and of checks of what it pushed. */
const OF_THE_BUILD =
  /^(?:repository|create-repository|repository-settings|lifecycle-policy|context|file|target|platforms|tags|push-by-digest|build-.*|ssh|cache.*|labels|annotations|provenance|sbom|compression|reproducible|pull|no-cache.*|reuse-image|builder.*|add-hosts|allow|attests|cgroup-parent|network|outputs|shm-size|ulimit|digests|scan.*|wait-for-replication|sign|image-checks-minutes)$/;

/**
 * Files of a build that are not there, in the words of the action: it looks for them before it builds.
 * @param root where relative paths begin
 */
export async function missingSources(
  image: ImageInputs,
  root: string,
): Promise<{ readonly subject: string; readonly text: string }[]> {
  const disk = createFiles({});
  const at = (path: string): string => join(root, path);
  try {
    await checkBuildSources(image, {
      exists: (path) => disk.exists(at(path)),
      list: (path) => disk.list(at(path)),
      readText: (path) => disk.readText(at(path)),
    });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return thrown.mistakes.map(({ subject, problem, remedy }) => ({
      subject,
      text: `${subject}: ${problem}${remedy === undefined ? '' : ` ${remedy}`}`.replaceAll(`${root}/`, ''),
    }));
  }
}

/** `linux/arm64/v8` */
const platformOf = (text: string): Platform => {
  const [os = 'linux', architecture = 'amd64', variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
};

/** The image that the step would deploy, by the name that it has in ECR. */
export interface StepImage {
  /** Of the revision that runs before. */
  readonly before: string;
  readonly next: string;
  readonly platforms: readonly Platform[];
}

/** @param inputs of the step, where they have no mistake */
export function imageOf(simulator: Simulator, inputs: AnyInputs | undefined, { service, template }: Target): StepImage {
  const { host } = simulator.ecr;
  const image = inputs && 'image' in inputs ? inputs.image : undefined;
  const platforms = image?.kind === 'build' ? image.build.platforms : [];
  const wanted =
    platforms.length > 0
      ? platforms
      : [/"?cpuArchitecture"?\s*:\s*"?ARM64/.test(template.text) ? 'linux/arm64' : 'linux/amd64'];
  const name =
    image?.kind === 'build' ? image.build.repository : image && 'repository' in image ? image.repository : undefined;
  const tag =
    image?.kind === 'build'
      ? image.build.tags[0]
      : image?.kind === 'digests'
        ? image.tags[0]
        : image?.kind === 'commit'
          ? image.tag
          : undefined;
  // Only a run knows the repository: a name that is none of the account's own.
  const base =
    name === undefined
      ? `${host}/stand-in-for-${(service || 'app').toLowerCase()}`
      : uriOf(name, host, simulator.context.region);
  return { before: `${base}:before`, next: `${base}:${tag ?? 'next'}`, platforms: wanted.map(platformOf) };
}

function uriOf(text: string, host: string, region: string): string {
  const repository = parseRepository(text, region);
  return repository.kind === 'own' ? `${host}/${repository.name}` : text;
}

/**
 * The step's inputs with a ready-made image in the place of a build, local pages in the place of those that `verify` asks, and the
 * given task definition in the place of the step's file.
 */
export function standIn(
  simulator: Simulator,
  {
    trial,
    targets,
    seeded,
    image,
    checks,
  }: {
    readonly trial: Trial;
    readonly targets: readonly Target[];
    readonly seeded: readonly Seeded[];
    readonly image: StepImage;
    readonly checks: Checks;
  },
): { readonly inputs: Record<string, string>; readonly changes: readonly string[] } {
  const { inputs: given, madeUp, taskDefinition } = trial;
  const mode = given.mode ?? 'deploy';
  const inputs: Record<string, string> = { ...given };
  const changes: string[] = [];
  if (taskDefinition !== undefined && given['task-definition']) inputs['task-definition'] = taskDefinition;
  if (!OF_WHAT_RUNS.includes(mode)) {
    const [first] = targets;
    const kind = kindOf(first);
    if (kind === 'build' || kind === 'digests') {
      for (const name of Object.keys(inputs)) if (OF_THE_BUILD.test(name)) delete inputs[name];
      inputs.image = image.next;
      provideImage(simulator, image.next, image.platforms);
      changes.push(
        kind === 'build'
          ? `build: not carried out; an empty image ${image.next} (${image.platforms.map(({ os, architecture }) => `${os}/${architecture}`).join(', ')}) stands in`
          : `digests: an empty image ${image.next} stands in for the merged one`,
      );
    } else if (kind === 'commit') provideImage(simulator, image.next, image.platforms);
    else if (given.image && madeUp.has('image')) {
      inputs.image = image.next;
      provideImage(simulator, image.next, image.platforms);
      changes.push(`image: ${image.next} in place of ${given.image}, which only a run on GitHub knows`);
    }
    for (const target of targets) provideNamed(simulator, target, image.platforms);
  }
  const assumed = madeUp.has('variables') && /^\s*\{/.test(given.variables ?? '') ? assumedOf(seeded, targets) : [];
  if (assumed.length > 0) {
    inputs.variables = JSON.stringify({ ...JSON.parse(given.variables ?? '{}'), ...Object.fromEntries(assumed) });
    changes.push(`variables: ${assumed.map((pair) => pair.join('=')).join(', ')}, which only GitHub has a value for`);
  }
  const [own] = targets;
  if (given.services?.trim()) {
    inputs.services = rewritten(given.services, targets, { taskDefinition, checks });
    delete inputs.verify;
  } else if (given.verify !== undefined) inputs.verify = checks.standIn(own);
  if (checks.size > 0)
    changes.push(
      `verify: ${checks.size === 1 ? 'the check is' : `${checks.size} checks are`} answered on this machine; nothing outside of it is asked`,
    );
  return { inputs, changes };
}

const kindOf = (target: Target | undefined): string | undefined =>
  target?.inputs && 'image' in target.inputs ? target.inputs.image.kind : undefined;

/**
 * A run that has its image given is advised to push it again. The step builds it, so what it would be advised takes the place of that.
 * @param text of the run: log, summary or comment
 */
export function ownNextStep(
  text: string,
  { ecr, context, registry }: Simulator,
  {
    trial,
    targets: [first],
    image,
  }: { readonly trial: Trial; readonly targets: readonly Target[]; readonly image: StepImage },
): string {
  const kind = kindOf(first);
  if (trial.break !== 'image' || (kind !== 'build' && kind !== 'digests')) return text;
  const { host = '', path, tag = 'latest' } = parseReference(image.next);
  const { accountId: registryId, region } = context;
  const digest = registry.repositories.get(path)?.tags.get(tag) ?? '';
  const isEcr = host === ecr.host;
  const own = deletedStep({
    repository: `${host}/${path}`,
    digest,
    ...(isEcr ? { ecr: { name: path, region, registryId } } : {}),
  });
  // An annotation is one line.
  return text.replaceAll(PUSH_AGAIN, own.text.replace(/ \(the second command[^)]*\)/, ''));
}
/** Of `image-not-found` in src/diagnosis/rules/image.ts. */
const PUSH_AGAIN = /Run the job that builds and pushes this image again\.(?: Then deploy again\.)?/g;

/** Values for placeholders that the inputs give none; the image has its own. */
const assumedOf = (seeded: readonly Seeded[], targets: readonly Target[]): readonly (readonly [string, string])[] =>
  targets.length === 0
    ? []
    : seeded.flatMap(({ assumed }) => [...assumed]).filter(([name]) => !name.startsWith('IMAGE'));

/** Images that the inputs name exist, where the registry is one of ECR's. */
function provideNamed(simulator: Simulator, { inputs }: Target, platforms: readonly Platform[]): void {
  if (!inputs) return;
  if ('image' in inputs && inputs.image.kind === 'given') provideImage(simulator, inputs.image.reference, platforms);
  if ('template' in inputs)
    // One with a placeholder is the step's own, which is there already.
    for (const [, image] of inputs.template.images)
      if (!image.includes('${')) provideImage(simulator, image, platforms);
}

/** The list of `services`, each entry with the given file and the checks that are answered here. */
function rewritten(
  text: string,
  targets: readonly Target[],
  { taskDefinition, checks }: { readonly taskDefinition: string | undefined; readonly checks: Checks },
): string {
  const document: Document = parseDocument(text, { merge: true });
  if (document.errors.length > 0 || !isSeq(document.contents)) return text;
  for (const [index, item] of document.contents.items.entries()) {
    const target = targets[index];
    if (!target) continue;
    const entry = entryOf(item, document);
    if (entry === undefined) continue;
    document.contents.items[index] = entry;
    if (taskDefinition !== undefined && entry.has('task-definition')) entry.set('task-definition', taskDefinition);
    // Also those of the step: each service has answers of its own.
    if (checksOf(target).length > 0) entry.set('verify', checks.standIn(target));
  }
  return document.toString();
}

/** An entry as a map: `- api` is short for `- service: api`. */
function entryOf(item: unknown, document: Document): YAMLMap | undefined {
  if (isMap(item)) return item;
  return isScalar(item) ? (document.createNode({ service: item.value }) as YAMLMap) : undefined;
}

const checksOf = (target: Target | undefined): readonly VerifyInputs[] =>
  target?.inputs && 'verify' in target.inputs ? target.inputs.verify : [];

/** Pages and commands that answer as a check wants it, or as it does not; the log shows those of the step. */
export class Checks {
  readonly #fails: (target: Target | undefined) => boolean;
  readonly #shown = new Map<string, string>();
  readonly #answers: Page[] = [];
  /** Where the pages are. */
  address = '';

  /** @param fails whether the checks of a service are to fail */
  constructor(fails: (target: Target | undefined) => boolean) {
    this.#fails = fails;
  }

  get size(): number {
    return this.#shown.size;
  }

  /** `verify` of a step as text, each check with an address of this machine. */
  standIn(target: Target | undefined): string {
    return JSON.stringify(checksOf(target).map((check) => this.#own(check, !this.#fails(target))));
  }

  #own(check: VerifyInputs, passes: boolean): object {
    const { successes, forSeconds, everySeconds, timeoutSeconds } = check;
    const common = {
      successes,
      ...(forSeconds === undefined ? {} : { 'for-seconds': forSeconds }),
      'every-seconds': everySeconds,
      'timeout-minutes': Math.max(1, Math.round((timeoutSeconds - (forSeconds ?? 0)) / 60)),
    };
    const index = this.#answers.length;
    if (check.kind === 'command') {
      const words = [process.execPath, '-e', passes ? '0' : 'process.exit(1)', `check${index}`];
      this.#answers.push(new Page(200, ''));
      this.#shown.set(words.join(' '), check.words.join(' '));
      return { command: words, ...common };
    }
    const { url, statuses, body, latencyMs } = check;
    const wanted = Number((statuses[0] ?? '200').replace('xx', '00'));
    this.#answers.push(passes ? new Page(wanted, body ?? '') : new Page(503, 'Service Unavailable'));
    const own = `${this.address}/check/${index}`;
    this.#shown.set(own, url);
    return {
      url: own,
      status: statuses.join(', '),
      ...(body === undefined ? {} : { body }),
      ...(latencyMs === undefined ? {} : { 'latency-ms': latencyMs }),
      ...common,
    };
  }

  answer(url: URL): Page {
    return this.#answers[Number(/\/check\/(\d+)/.exec(url.pathname)?.[1] ?? -1)] ?? new Page(404, '');
  }

  /** The text with the addresses and commands of the step. */
  shown(text: string): string {
    let result = text;
    for (const [own, given] of [...this.#shown].reverse()) result = result.replaceAll(own, given);
    return result;
  }
}
