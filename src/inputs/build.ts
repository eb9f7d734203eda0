/** How the image is built: every input of the build but where it goes. */

import { defined, variableOf } from '../model.ts';
import { plainSecrets, plainSecretsWarning } from '../plain-secrets.ts';
import { didYouMean } from '../spelling.ts';
import { checkAttestations, readAnnotations, readAttests, readExport, readOutputs } from './build-outputs.ts';
import { readBuilderNodes } from './builder-nodes.ts';
import { refuseSecretAddresses } from './docker-arguments.ts';
import { defaultTags, eventLabels, readRepository, readTags } from './image-names.ts';
import type { InputName } from './known.ts';
import { meaning, type Reader, type Shape, shorten } from './reader.ts';
import { readLifecyclePolicy, readRepositorySettings } from './repository-settings.ts';
import { subjectOf } from './slips.ts';
import type { BuildInputs, BuildTuning, Pairs, ReusePolicy, RunContext, StepFacts } from './types.ts';

/** An id is part of the arguments of docker, which every user of the machine can read: it must not be a piece of a value. */
const SECRET_ID = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
  expected:
    '`id=value` with an id of letters, digits, `_`, `.` and `-`; for a value of several lines `id<<EOF`, the lines, and a line `EOF`',
};

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLATFORMS = ['linux/amd64', 'linux/arm64', 'windows/amd64'];
const SYNONYMS: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64' };

export function readBuild(reader: Reader, { context, env }: StepFacts): BuildInputs {
  const tags = readTags(reader);
  const byDigest = reader.boolean('push-by-digest') ?? false;
  if (byDigest && tags.length > 0) {
    reader.mistake(
      'tags',
      'are for the merged image; with `push-by-digest: true` this job pushes without a tag.',
      'Give `tags` to the job that deploys the `digests`.',
    );
  }
  const platforms = readPlatforms(reader);
  if (byDigest && platforms.length > 1)
    reader.notes.push(
      `push-by-digest: is for one platform in each job, and \`platforms\` has ${platforms.length}. Where this job builds all of them, remove \`push-by-digest\`; else give each job its own platform, and their digests to \`digests\`.`,
    );
  refuseSecretAddresses(reader);
  checkAttestations(reader);
  const secrets = readSecrets(reader, env);
  const builderNodes = readBuilderNodes(reader);
  if (reader.isSet('repository-settings') && !reader.isSet('create-repository')) {
    reader.mistake(
      'repository-settings',
      'is for a repository that this run creates, and `create-repository` is not `true`.',
      'Set `create-repository: true`, or remove it: a repository that exists is never changed.',
    );
  }
  const noCache = reader.boolean('no-cache') ?? false;
  if (noCache && reader.isSet('no-cache-filters')) {
    reader.mistake(
      'no-cache-filters',
      'names stages that are built without the cache, and `no-cache: true` builds all of them so; docker takes one of the two.',
      'Remove one of them.',
    );
  }
  const optional = (field: string, name: InputName) => {
    const text = reader.text(name);
    return text === undefined ? {} : { [field]: text };
  };
  return {
    repository: readRepository(reader),
    context: readContext(reader, context),
    platforms,
    tags: readyTags(tags, { byDigest, context }),
    byDigest,
    buildArgs: readBuildArgs(reader, env),
    buildContexts: reader
      .settings('build-contexts', 'value-needed')
      .map((setting) => withDefaultContext(setting, { name: 'build-contexts', reader, context })),
    ...secrets,
    secrets: [...secrets.secrets, ...gitToken(reader, context)],
    ssh: reader.lines('ssh'),
    cacheFrom: readCaches(reader, 'cache-from'),
    cacheTo: readCaches(reader, 'cache-to'),
    cache: readCache(reader),
    labels: [...eventLabels(context), ...reader.settings('labels', 'value-needed')],
    annotations: readAnnotations(reader),
    pull: reader.boolean('pull') ?? false,
    noCache,
    createRepository: reader.boolean('create-repository') ?? false,
    reuse: byDigest ? { kind: 'build', byContent: false, reason: 'push-by-digest: true' } : readReuse(reader),
    tuning: readTuning(reader),
    ...defined({ lifecyclePolicy: readLifecyclePolicy(reader), repositorySettings: readRepositorySettings(reader) }),
    ...optional('file', 'file'),
    ...optional('target', 'target'),
    ...optional('provenance', 'provenance'),
    ...optional('sbom', 'sbom'),
    ...readExport(reader),
    ...optional('builder', 'builder'),
    ...(builderNodes.length > 0 ? { builderNodes } : {}),
  };
}

/** https://docs.docker.com/build/cache/backends/ */
const CACHE_TYPES = ['gha', 'registry', 'local', 's3', 'azblob'];

/** buildx reads what has no `type=` as the name of an image in a registry. */
function readCaches(reader: Reader, name: 'cache-from' | 'cache-to'): string[] {
  const lines = reader.lines(name);
  for (const line of lines) {
    const [first = '', ...rest] = line.split(',');
    const type = first.trim();
    if (!CACHE_TYPES.includes(type)) continue;
    const short =
      type === 'gha' || type === 'registry' ? ` For both inputs in one, remove them and write \`cache: ${type}\`.` : '';
    reader.mistake(
      name,
      `\`${type}\` is read as the name of an image, as it has no \`type=\`.`,
      `Write \`type=${type}${rest.length > 0 ? ',...' : ''}\`.${short}`,
    );
  }
  return lines;
}

const DEFAULT_CONTEXT = /\{\{\s*defaultContext\s*\}\}/;

/** The folder or address to build. */
function readContext(reader: Reader, context: RunContext): string {
  const text = reader.text('context') ?? '.';
  return withDefaultContext(text, { name: 'context', reader, context });
}

/**
 * docker/build-push-action's name for this commit as a Git context. BuildKit fetches it itself, as there: the commit, or for a pull
 * request its merge. https://github.com/docker/build-push-action#git-context
 */
function withDefaultContext(
  text: string,
  {
    name,
    reader,
    context,
  }: { readonly name: 'context' | 'build-contexts'; readonly reader: Reader; readonly context: RunContext },
): string {
  const { serverUrl, repository, ref, sha } = context;
  if (!DEFAULT_CONTEXT.test(text)) {
    const [other] = /\{\{[^{}]*\}\}/.exec(text) ?? [];
    if (other !== undefined)
      once(reader, name, [
        `\`${shorten(other)}\` has no meaning here.`,
        'Write a path, a Git address, or `{{defaultContext}}` for this commit, `{{defaultContext}}:folder` for a folder of it.',
      ]);
    return text;
  }
  if (repository === '') {
    once(reader, name, [
      '`{{defaultContext}}` is the repository of the workflow, and there is none (GITHUB_REPOSITORY is not set).',
      'Write a path, such as `.`.',
    ]);
    return text;
  }
  return text.replace(
    DEFAULT_CONTEXT,
    `${serverUrl}/${repository}.git#${ref.startsWith('refs/pull/') ? ref : sha || ref}`,
  );
}

/** An input that is read more than once has each mistake once. */
function once(reader: Reader, subject: InputName, [problem, remedy]: readonly [string, string]): void {
  if (!reader.mistakes.some((mistake) => mistake.subject === subject && mistake.problem === problem))
    reader.mistake(subject, problem, remedy);
}

function readyTags(
  tags: readonly string[],
  { byDigest, context }: { readonly byDigest: boolean; readonly context: RunContext },
): readonly string[] {
  if (byDigest) return [];
  return tags.length > 0 ? [...new Set(tags)] : defaultTags(context);
}

/** A bare `NAME` takes its value from the environment; docker drops one that has none without a word. */
function readBuildArgs(reader: Reader, env: StepFacts['env']): readonly string[] {
  const settings = reader.settings('build-args', 'bare-allowed');
  const unset = settings.filter((setting) => !setting.includes('=') && variableOf(env, setting) === undefined);
  for (const name of unset) {
    reader.warnings.push(
      `build-args: \`${shorten(name)}\` has no value, and the environment of the step has no variable ${shorten(name)}: the build does not get this argument. Write \`${shorten(name)}=value\`, or set the variable in the \`env:\` of the step.`,
    );
  }
  const secrets = plainSecrets(
    settings.flatMap((setting): (readonly [string, string | undefined])[] => {
      const [name = ''] = setting.split('=', 1);
      const value = setting.includes('=') ? setting.slice(name.length + 1) : variableOf(env, name);
      // Predefined, and left out of the image: https://docs.docker.com/reference/dockerfile/#predefined-args
      return value === undefined || /_proxy$/i.test(name) ? [] : [[name, value]];
    }),
  );
  if (secrets.length > 0)
    reader.warnings.push(plainSecretsWarning(secrets, { subject: 'build-args', of: 'build argument' }));
  return settings;
}

/**
 * The three kinds of build secrets. A mistake in one of them ends the run before docker is started, so that no line of a
 * value that was meant to continue can become an id, which would be visible in the arguments of docker.
 */
function readSecrets(
  reader: Reader,
  env: StepFacts['env'],
): Pick<BuildInputs, 'secrets' | 'uncertainSecrets' | 'secretFiles' | 'secretEnvs'> {
  const rules = { names: SECRET_ID, kind: 'secrets' } as const;
  const entries = reader.entries('build-secrets', rules);
  for (const [index, entry] of entries.entries()) {
    const certain = index === 0 || entry.form === 'json';
    const isRest = !certain && (entry.value?.trim() === '=' || !subjectOf(entry).startsWith('`'));
    if (isRest) {
      reader.mistake(
        'build-secrets',
        `line ${entry.line} looks like the rest of a value that started above it.`,
        'For a value of several lines write `id<<EOF`, the lines, and a line `EOF`.',
      );
    } else if (entry.value?.trim() === '') {
      reader.mistake(
        'build-secrets',
        `the value of ${certain ? subjectOf(entry) : `line ${entry.line}`} is empty.`,
        'An expression such as `${{ secrets.NAME }}` is empty where the secret does not exist, and in runs for pull requests of forks.',
      );
    }
  }
  const secretFiles = reader.pairs('build-secret-files', { ...rules, folded: /^[\w.-]+$/ });
  const secretEnvs = reader.pairs('build-secret-envs', { ...rules, folded: /^[\w.-]+$/ }).filter(([id, variable]) => {
    if (!VARIABLE_NAME.test(variable)) {
      // Perhaps the secret itself, so it is not shown.
      reader.mistake(
        'build-secret-envs',
        `what stands behind \`${id}=\` is not the name of an environment variable.`,
        `Write \`${id}=VARIABLE\` and set the variable in the \`env:\` of this step; the value itself goes into \`build-secrets\`.`,
      );
      return false;
    }
    const value = variableOf(env, variable);
    if (value !== undefined && value !== '') return true;
    const state = value === undefined ? 'is not set' : 'is empty';
    reader.mistake(
      'build-secret-envs',
      `\`${id}\` takes its value from the environment variable ${variable}, which ${state}.`,
      `Set it in the \`env:\` of this step, such as \`${variable}: \${{ secrets.${variable} }}\`.`,
    );
    return false;
  });
  return {
    secrets: entries.map(({ name, value = '' }) => [name, value] as const),
    uncertainSecrets: entries
      .slice(1)
      .flatMap(({ name, form }) => (form === 'line' || form === 'quoted' ? [name] : [])),
    secretFiles,
    secretEnvs,
  };
}

/**
 * BuildKit fetches a Git context itself. For this run's own repository it gets the token of the step, as
 * docker/build-push-action gives it; another repository never does. https://docs.docker.com/build/building/secrets/#git-authentication-for-remote-contexts
 */
function gitToken(reader: Reader, run: RunContext): Pairs {
  const { serverUrl, repository } = run;
  const token = reader.text('github-token');
  const own = `${serverUrl}/${repository}`;
  const context = readContext(reader, run);
  const isOwn = repository !== '' && context.startsWith(own) && /^(\.git)?([#?]|$)/.test(context.slice(own.length));
  if (token === undefined || !isOwn || /GIT_AUTH_(TOKEN|HEADER)/.test(reader.text('build-secrets') ?? '')) return [];
  return [[`GIT_AUTH_TOKEN.${new URL(serverUrl).host}`, token]];
}

/** A build that pulls its base images again, build without its cache or export its result is never skipped. */
function readCache(reader: Reader): BuildInputs['cache'] {
  const cache = reader.choice('cache', ['auto', 'gha', 'registry', 'none']) ?? 'auto';
  const own = (['cache-from', 'cache-to'] as const).find((name) => reader.isSet(name));
  if (own !== undefined && (cache === 'gha' || cache === 'registry'))
    reader.mistake('cache', `is \`${cache}\`, and \`${own}\` names a cache of your own.`, 'Leave out one of the two.');
  return cache;
}

function readReuse(reader: Reader): ReusePolicy {
  const word = reader.choice('reuse-image', ['true', 'false', 'content']) ?? 'true';
  const byContent = word === 'content';
  if (word === 'false') return { kind: 'build', byContent, reason: 'reuse-image: false' };
  const asking = (['no-cache', 'pull', 'no-cache-filters'] as const).find((name) => reader.isSet(name));
  // Attributes of the pushed image are part of the fingerprint; what is written beside it needs the build.
  const exports = reader.lines('outputs').some((output) => !/(^|,)type=(image|registry)(,|$)/.test(output));
  const name = asking ?? (exports ? 'outputs' : undefined);
  return name === undefined
    ? { kind: 'reuse', byContent }
    : { kind: 'build', byContent, reason: `the input ${name} asks for it` };
}

const ADDED_HOST = {
  pattern: /^[A-Za-z0-9_.-]+[:=]\S+$/,
  expected: '`host:ip`, such as `docker:10.180.0.1` (`host-gateway` is an ip too)',
};

const ENTITLEMENT = {
  pattern: /^(network\.host|security\.insecure|device(=\S+)?|fs(\.read|\.write)?=\S+|ssh)$/,
  expected: '`network.host`, `security.insecure` or `device`',
};

const NETWORK = { pattern: /^(default|none|host)$/, expected: '`default`, `none` or `host`' };
const SIZE = { pattern: /^\d+[bkmgt]?b?$/i, expected: 'a size such as `64m` or `2g`' };
const ULIMIT = { pattern: /^[a-z]+=-?\d+(:-?\d+)?$/, expected: '`name=soft:hard`, such as `nofile=1024:2048`' };

function readTuning(reader: Reader): BuildTuning {
  const each = (name: InputName, shape: Shape, values = reader.list(name)): readonly string[] =>
    values.filter((value) => reader.checkShape(name, value, shape));
  const attests = readAttests(reader);
  const cgroupParent = reader.text('cgroup-parent');
  const network = reader.shaped('network', NETWORK);
  const shmSize = reader.shaped('shm-size', SIZE);
  return {
    addHosts: each('add-hosts', ADDED_HOST),
    allow: each('allow', ENTITLEMENT),
    attests,
    noCacheFilters: reader.list('no-cache-filters'),
    outputs: readOutputs(reader),
    ulimits: each('ulimit', ULIMIT),
    ...defined({ cgroupParent, network, shmSize }),
  };
}

function readPlatforms(reader: Reader): readonly string[] {
  const given = reader.list('platforms');
  const [first = ''] = given;
  const words = first.split(/\s+/);
  if (given.length === 1 && words.length > 1) {
    reader.mistake(
      'platforms',
      `\`${shorten(first)}\` lists platforms with spaces between them.`,
      `Write commas: \`${shorten(words.join(','))}\`.`,
    );
    return [];
  }
  if (given.length === 1 && first.toLowerCase() === 'all') {
    reader.mistake(
      'platforms',
      '`all` is a value of docker/setup-qemu-action, not a platform.',
      'Write `linux/amd64`, `linux/arm64` or both; this step sets up the emulation that they need.',
    );
    return [];
  }
  return [...new Set(given.flatMap((platform) => readPlatform(reader, platform)))];
}

/** `arm64` and `linux/aarch64` mean linux/arm64, as they do for Docker. */
function readPlatform(reader: Reader, text: string): string[] {
  const parts = text.toLowerCase().split('/');
  const [os = '', architecture = '', ...variant] = parts.length === 1 ? ['linux', ...parts] : parts;
  const platform = [os, SYNONYMS[architecture] ?? architecture, ...variant].join('/');
  if (PLATFORMS.includes(platform) || /^linux\/(arm64\/v[89]|amd64\/v[1-4])$/.test(platform)) return [platform];
  const meant = didYouMean(platform, PLATFORMS);
  if (!/^(linux|windows)\/(386|arm|amd64|arm64|ppc64le|s390x|riscv64|mips64le|loong64)(\/\w+)?$/.test(platform)) {
    reader.mistake(
      'platforms',
      `\`${shorten(text)}\` is not a platform.`,
      meant ? meaning(meant) : 'Write `linux/amd64`, `linux/arm64` or both.',
    );
    return [];
  }
  reader.notes.push(
    `platforms: \`${platform}\` is built, but Amazon ECS runs linux/amd64, linux/arm64 and windows/amd64 only.${/^linux\/arm(\/|$)/.test(platform) ? ' `arm` has 32 bits: did you mean `linux/arm64`?' : ''}`,
  );
  return [platform];
}
