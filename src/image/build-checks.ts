import { join, posix } from 'node:path';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import type { BuildInputs, ImageInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { CommandResult, Files, Runner } from '../ports.ts';
import { abbreviated, didYouMean } from '../spelling.ts';
import { buildFailure } from './build-failure.ts';
import { rootCauseLine } from './build-output.ts';
import { type DockerWorld, isWrongChoice, wrongChoice } from './docker-choice.ts';
import { withOwnHelpers } from './docker-config.ts';
import { stagesOf } from './dockerfile.ts';
import { hideSecrets } from './secret-arguments.ts';

/** What BuildKit's own checks say of the Dockerfile; `skip` where no builder is at hand. */
interface BuildCheck {
  readonly status: 'ok' | 'warn' | 'skip' | 'bad';
  readonly text: string;
  /** There is no docker here, or no daemon: whatever is to be built cannot be built on this runner. */
  readonly noEngine?: true;
}

/**
 * Checks the build without building (`--call=check`): the Dockerfile parses, its stages exist, and BuildKit's rules hold.
 * https://docs.docker.com/reference/build-checks/
 */
export async function checkBuild(
  build: BuildInputs,
  {
    files,
    masker,
    runner,
    shell,
    sources,
    signal,
  }: DockerWorld & {
    readonly files: Disk & Pick<Files, 'makeTemporaryFolder' | 'remove' | 'writeText'>;
    readonly runner: Pick<Runner, 'dockerConfig'>;
    readonly masker: { text(text: string): string };
    readonly signal: AbortSignal;
  },
): Promise<readonly BuildCheck[]> {
  const knowledge = { variable: sources.variable, mask: (text: string) => masker.text(text) };
  const hidden = hideSecrets(build, { from: [], to: [] }, knowledge);
  const args = [
    'buildx',
    'build',
    '--call=check',
    '--progress=plain',
    ...(build.builder ? [`--builder=${build.builder}`] : []),
    ...(build.file ? [`--file=${build.file}`] : []),
    ...(build.target ? [`--target=${build.target}`] : []),
    ...hidden.build.buildArgs.flatMap((value) => ['--build-arg', value]),
    ...build.buildContexts.flatMap((value) => ['--build-context', value]),
    build.context,
  ];
  const folder = Object.keys(hidden.env).length > 0 ? await files.makeTemporaryFolder('check-') : undefined;
  try {
    const env = folder === undefined ? {} : await withOwnHelpers(hidden.env, folder, { files, runner, sources });
    const { exitCode, stdout, stderr } = await shell.run('docker', args, { env, signal });
    const output = `${stdout}\n${stderr}`;
    const wrong =
      exitCode === 0
        ? undefined
        : await wrongChoice(output, { name: '', wanted: build.builder }, { files, shell, sources, signal });
    if (!wrong) return await read({ exitCode, stdout, stderr }, build, files);
    // A daemon that is down here may run where the deploy does; a name that does not exist is a mistake.
    return isWrongChoice(output)
      ? [{ status: 'bad', text: `build: ${wrong.message} ${wrong.remedy ?? ''}`.trim() }]
      : [{ status: 'skip', text: `build: not checked. ${wrong.message}`, noEngine: true }];
  } catch (thrown) {
    const { code, message } = asFailure(thrown);
    if (code !== 'TOOL_MISSING' && code !== 'UNAVAILABLE') throw thrown;
    const noEngine = code === 'TOOL_MISSING' ? { noEngine: true as const } : {};
    return [{ status: 'skip', text: `build: not checked. ${message}`, ...noEngine }];
  } finally {
    if (folder !== undefined) await files.remove(folder);
  }
}

async function read(
  { exitCode, stdout, stderr }: CommandResult,
  build: BuildInputs,
  disk: Disk,
): Promise<readonly BuildCheck[]> {
  const warnings = [...stdout.matchAll(/^WARNING: (\S+) - (\S+)\n(.*)\n(\S+:\d+)?/gm)].map(
    ([, rule = '', link = '', text = '', place = '']): BuildCheck => ({
      status: 'warn',
      text: `build: ${place ? `${place}: ` : ''}${text} (${rule}, ${link})`,
    }),
  );
  if (warnings.length > 0) return warnings;
  if (exitCode === 0) return [{ status: 'ok', text: 'build: the Dockerfile is in order' }];
  const output = `${stdout}\n${stderr}`;
  if (/is not a docker command|unknown flag: --call/i.test(output))
    return [{ status: 'skip', text: `build: not checked. ${rootCauseLine(output)}` }];
  const { message, remedy } = await buildFailure(output, build, { files: disk });
  return [{ status: 'bad', text: ['build:', message, remedy].filter(Boolean).join(' ') }];
}

type Disk = Pick<Files, 'exists' | 'list' | 'readText'>;

/** What is not a path on this machine: a Git or HTTP address, an image, another target, standard input. */
const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:|-$)/i;

/**
 * Looks for the files that the build's inputs name, before anything is pushed or registered: the context, the
 * Dockerfile and its stage, additional contexts, secret files. A secret id that may be the rest of another secret's
 * value is refused unless the Dockerfile names it, so that no part of a value reaches the arguments of docker.
 * @throws Failure INVALID_INPUT with every mistake
 */
export async function checkBuildSources(image: ImageInputs, disk: Disk): Promise<void> {
  if (image.kind !== 'build') return;
  const { build } = image;
  const nodeFiles = (build.builderNodes ?? []).flatMap((node) =>
    node.files.map((path) => [node.endpoint ?? node.driver, path] as const),
  );
  const [context, dockerfile, folders, nodes, files] = await Promise.all([
    checkContext(build, disk),
    readDockerfile(build, disk),
    missing('build-contexts', build.buildContexts.map(pathOfContext), disk),
    missing('builder-nodes', nodeFiles, disk),
    missingSecretFiles(build, disk),
  ]);
  const inDockerfile =
    dockerfile.kind === 'read' ? [...checkTarget(build, dockerfile), ...checkUncertain(build, dockerfile)] : [];
  // Where the context is missing, its Dockerfile is missing too.
  const mistakes = [
    ...context,
    ...(dockerfile.kind === 'missing' && context.length === 0 ? [dockerfile.mistake] : []),
    ...inDockerfile,
    ...folders,
    ...nodes,
    ...files,
  ];
  if (mistakes.length === 0) return;
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  throw new Failure('INVALID_INPUT', `The inputs of the build have ${count}; nothing was changed.`, { mistakes });
}

/** The input `lifecycle-policy`, wherever the image comes from. */
export function lifecyclePolicyIn(image: ImageInputs): string | undefined {
  if (image.kind === 'build') return image.build.lifecyclePolicy;
  return 'lifecyclePolicy' in image ? image.lifecyclePolicy : undefined;
}

const CHECKOUT =
  'Paths start at the workspace. Check out the repository (actions/checkout) before this step, or correct the path.';

async function checkContext({ context }: BuildInputs, disk: Disk): Promise<Mistake[]> {
  if (context === '.' || REMOTE.test(context)) return [];
  if (!(await disk.exists(context))) {
    const remedy = await meantOnDisk(context, disk);
    return [{ subject: 'context', problem: `folder \`${context}\` does not exist.`, remedy: remedy ?? CHECKOUT }];
  }
  if ((await disk.list(context)) !== undefined) return [];
  return [
    {
      subject: 'context',
      problem: `\`${context}\` is a file, not a folder.`,
      remedy: `Name the folder whose files the build gets, such as \`context: ${posix.dirname(context)}\`; the Dockerfile is named by \`file\`.`,
    },
  ];
}

/** A neighbour on the disk with nearly the same name. */
async function meantOnDisk(path: string, disk: Disk): Promise<string | undefined> {
  const folder = posix.dirname(path);
  const meant = didYouMean(posix.basename(path), (await disk.list(folder)) ?? []);
  return meant === undefined ? undefined : `Did you mean \`${posix.join(folder, meant)}\`?`;
}

async function missing(subject: string, named: readonly (readonly [string, string])[], disk: Disk): Promise<Mistake[]> {
  const found = await Promise.all(named.map(([, path]) => REMOTE.test(path) || disk.exists(path)));
  const absent = named.filter((_, i) => !found[i]);
  return Promise.all(
    absent.map(async ([name, path]) => ({
      subject,
      problem: `\`${name}\` names \`${path}\`, which does not exist.`,
      remedy: (await meantOnDisk(path, disk)) ?? CHECKOUT,
    })),
  );
}

/** The path is never shown: a secret itself that is given in place of its path looks like one. */
async function missingSecretFiles({ secretFiles }: BuildInputs, disk: Disk): Promise<Mistake[]> {
  const found = await Promise.all(secretFiles.map(([, path]) => disk.exists(path)));
  return secretFiles
    .filter((_, i) => !found[i])
    .map(([id]) => ({
      subject: 'build-secret-files',
      problem: `\`${id}\` names a file that does not exist.`,
      remedy: `${CHECKOUT} For the value of a secret use \`build-secrets\`.`,
    }));
}

/** `name=path` */
function pathOfContext(setting: string): readonly [string, string] {
  const equals = setting.indexOf('=');
  return [setting.slice(0, equals), setting.slice(equals + 1)];
}

type Dockerfile =
  | { readonly kind: 'read'; readonly path: string; readonly text: string }
  | { readonly kind: 'missing'; readonly mistake: Mistake }
  /** Somewhere else, or in another language. */
  | { readonly kind: 'unknown' };

async function readDockerfile({ context, file }: BuildInputs, disk: Disk): Promise<Dockerfile> {
  if (REMOTE.test(context) || (file !== undefined && REMOTE.test(file))) return { kind: 'unknown' };
  // BuildKit takes `dockerfile` too where no `Dockerfile` is there.
  const candidates = file === undefined ? [join(context, 'Dockerfile'), join(context, 'dockerfile')] : [file];
  let first: Failure | undefined;
  for (const path of candidates) {
    try {
      const text = await disk.readText(path);
      const own = /^#\s*syntax\s*=\s*(\S+)/m.exec(text)?.[1];
      return own && !own.includes('docker/dockerfile') ? { kind: 'unknown' } : { kind: 'read', path, text };
    } catch (thrown) {
      first ??= asFailure(thrown);
    }
  }
  const problem = first?.message ?? `File ${candidates[0]} does not exist.`;
  const remedy = file === undefined ? await otherDockerfiles(context, disk) : await inContext({ context, file }, disk);
  return { kind: 'missing', mistake: { subject: 'file', problem, ...defined({ remedy: remedy ?? first?.remedy }) } };
}

/** What the context has in place of a `Dockerfile`. */
async function otherDockerfiles(context: string, disk: Disk): Promise<string> {
  const names = ((await disk.list(context)) ?? []).filter((name) =>
    /^(?:Dockerfile|Containerfile)\b|\.Dockerfile$/i.test(name),
  );
  const outside = posix.join(context, 'Dockerfile') !== 'Dockerfile' && (await disk.exists('Dockerfile'));
  if (names.length === 0 && outside)
    return '`file` is a path from the workspace, which has a Dockerfile: write `file: Dockerfile`.';
  const found = names.slice(0, 3).map((name) => `\`file: ${posix.join(context, name)}\``);
  return found.length > 0
    ? `The folder has another one: write ${found.join(' or ')}.`
    : 'Name it with `file`, or the folder that holds it with `context`.';
}

/** docker takes `file` from the workspace, and many expect it from the context. */
async function inContext(
  { context, file }: { readonly context: string; readonly file: string },
  disk: Disk,
): Promise<string | undefined> {
  const there = posix.join(context, file);
  return there !== posix.normalize(file) && (await disk.exists(there))
    ? `\`file\` is a path from the workspace, not from \`context\`: write \`file: ${there}\`.`
    : undefined;
}

function checkTarget({ target }: BuildInputs, { path, text }: Extract<Dockerfile, { kind: 'read' }>): Mistake[] {
  if (target === undefined || /^\d+$/.test(target)) return [];
  const stages = stagesOf(text).map(({ name }) => name);
  if (stages.some((name) => name.toLowerCase() === target.toLowerCase())) return [];
  const meant = didYouMean(target, stages) ?? abbreviated(target, stages);
  const all = stages.map((name) => `\`${name}\``).join(', ') || 'no stage with a name';
  const remedy = meant ? `Did you mean \`${meant}\`?` : `It has ${all}.`;
  return [{ subject: 'target', problem: `${path} has no build stage \`${target}\`.`, remedy }];
}

function checkUncertain(build: BuildInputs, { path, text }: Extract<Dockerfile, { kind: 'read' }>): Mistake[] {
  return build.uncertainSecrets
    .filter((id) => !text.includes(id) && !id.startsWith('GIT_AUTH_'))
    .map((id) => ({
      subject: 'build-secrets',
      // The id may be a part of a secret, and is not shown.
      problem: `${path} does not use secret ${build.secrets.findIndex(([other]) => other === id) + 1}, which may be the rest of the value above it.`,
      remedy:
        'For a value of several lines write `id<<EOF`, the lines, and a line `EOF`. A secret that the Dockerfile does not use can be removed.',
    }));
}
