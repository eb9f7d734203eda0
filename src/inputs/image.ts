import { defaultTags, eventLabels } from '../image/defaults.ts';
import { inputForm, inSmallLetters, unfilledIn } from '../image/unfilled.ts';
import { defined } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { refuseSecretAddresses } from './addresses.ts';
import { checkAttestations, isExportType, readAnnotations } from './build-words.ts';
import { readBuilderNodes } from './builder-nodes.ts';
import { KEEP_METADATA } from './foreign.ts';
import { type InputName, SECTIONS } from './known.ts';
import { quoteAll, type Reader, type Shape, shorten } from './reader.ts';
import { readLifecyclePolicy, readRepositorySettings } from './repository-settings.ts';
import { subjectOf } from './slips.ts';
import type { BuildInputs, BuildTuning, ImageInputs, Pairs, ReusePolicy, RunContext, StepFacts } from './types.ts';

const NAME = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*(?::\\d+)?/)?';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';

/** Also the host alone is optional: an ECR name is a path below the caller's own registry. */
const REPOSITORY = {
  pattern: new RegExp(`^${HOST}${NAME}(?:/${NAME})*$`),
  expected:
    'the name of an ECR repository such as `team/app` (lower case), or its URI `123456789012.dkr.ecr.REGION.amazonaws.com/team/app`',
};
const IMAGE = {
  pattern: new RegExp(`^${HOST}${NAME}(?:/${NAME})*(?::${TAG})?(?:@sha256:[0-9a-f]{64})?$`),
  expected: 'an image such as `host/name:tag` or `host/name@sha256:...` (64 hexadecimal digits)',
};
/** An id is part of the arguments of docker, which every user of the machine can read: it must not be a piece of a value. */
const SECRET_ID = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
  expected:
    '`id=value` with an id of letters, digits, `_`, `.` and `-`; for a value of several lines `id<<EOF`, the lines, and a line `EOF`',
};
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const PLATFORMS = ['linux/amd64', 'linux/arm64', 'windows/amd64'];
const SYNONYMS: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64' };

/** Build, merge, take or leave: exactly one of them, and a mistake for every input that belongs to another. */
export function readImage(
  reader: Reader,
  facts: StepFacts,
  mode: 'build' | 'register' | 'deploy' = 'deploy',
): ImageInputs {
  const asked = SECTIONS.build.filter((name) => reader.isSet(name));
  const others = (...own: readonly InputName[]): readonly InputName[] => asked.filter((name) => !own.includes(name));
  if (mode !== 'build' && reader.boolean('push-by-digest')) {
    reader.mistake(
      'push-by-digest',
      'pushes one platform without a tag, which is for `mode: build`.',
      'Set `mode: build` in the job of each platform, and give their digests to the deploy as `digests`.',
    );
  }
  if (mode !== 'deploy' && reader.isSet('lifecycle-policy')) {
    reader.mistake(
      'lifecycle-policy',
      `is checked against what a service runs, and \`mode: ${mode}\` knows no service.`,
      'Give it to the deploy, or `repository-settings` the policy of a new repository.',
    );
  }
  if (reader.isSet('digests') || reader.isBlank('digests') || isDigests(reader))
    return readDigests(reader, facts, others('repository', 'tags', 'annotations', 'lifecycle-policy'));
  const commit = reader.text('image')?.toLowerCase() === 'commit';
  const reference = commit ? undefined : readReference(reader);
  const build = readBuild(reader, facts);
  if (reader.raw('image')) {
    const further = commit ? others('repository', 'lifecycle-policy') : others('lifecycle-policy');
    if (further.length > 0) {
      reader.mistake(
        'image',
        `is ${commit ? 'an image of an earlier job' : 'a ready-made image'} and skips the build, but the build is described too (${quoteAll(further)}).`,
        'Keep `image`, or the inputs of the build.',
      );
    }
    const { lifecyclePolicy } = build;
    const policy = defined({ lifecyclePolicy });
    if (!commit) return { kind: 'given', reference: reference ?? '', ...policy };
    if (!reader.raw('repository')) {
      reader.mistake(
        'repository',
        'is missing, and `image: commit` looks for the image of this commit in it.',
        NAME_ONE,
      );
    }
    return { kind: 'commit', repository: build.repository, tag: facts.context.sha, ...policy };
  }
  if (asked.length === 0) return { kind: 'template' };
  if (!reader.raw('repository')) {
    reader.mistake('repository', `is missing, but the build is described (${quoteAll(asked)}).`, NAME_ONE);
  }
  return { kind: 'build', build };
}

const NAME_ONE = 'Name the ECR repository to push to, such as `repository: team/app`.';

/** Digests of earlier jobs, one per line, or as they stand in JSON (`toJSON(needs)`): whatever else is in there does not count. */
function readDigests(reader: Reader, { context }: StepFacts, others: readonly InputName[]): ImageInputs {
  const words = digestsIn(reader);
  if (reader.raw('image') && !isDigests(reader))
    reader.mistake('digests', 'and `image` both name what to deploy.', 'Keep one of the two.');
  if (others.length > 0) {
    reader.mistake(
      'digests',
      `are images that are built, but the build is described too (${quoteAll(others)}).`,
      'Keep `digests` with `repository`, `tags` and `annotations`, or the inputs of the build.',
    );
  }
  if (!reader.raw('repository')) {
    reader.mistake(
      'repository',
      'is missing, and the `digests` are in it.',
      'Name the repository that the jobs pushed to.',
    );
  }
  const tags = readTags(reader);
  return {
    kind: 'digests',
    repository: readRepository(reader),
    digests: [...new Set(words)],
    tags: tags.length > 0 ? [...new Set(tags)] : defaultTags(context),
    origin: eventLabels(context),
    annotations: readAnnotations(reader),
    ...defined({ lifecyclePolicy: readLifecyclePolicy(reader) }),
  };
}

/** `image: digests`: what is deployed is merged of `digests`, which then must not arrive empty. */
const isDigests = (reader: Reader): boolean => reader.text('image')?.toLowerCase() === 'digests';

const GIVE_DIGESTS =
  'Give the outputs `image-digest-amd64` and `image-digest-arm64` of the jobs that built, one per line: `sha256:` and 64 hexadecimal digits.';
const EMPTY_OUTPUT =
  'The output of the job that built it arrived empty: check its name in `${{ needs.JOB.outputs.NAME }}`, the `outputs` of that job, and that the job ran.';

function digestsIn(reader: Reader): readonly string[] {
  const text = reader.raw('digests');
  if (text === undefined) {
    reader.mistake('digests', 'is empty, so there is nothing to deploy.', EMPTY_OUTPUT);
    return [];
  }
  if (/^\s*[[{]/.test(text)) {
    const words = text.match(/sha256:[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
    if (words.length === 0) reader.mistake('digests', 'has no digest in it.', GIVE_DIGESTS);
    for (const name of emptyBesideDigest(text))
      reader.warnings.push(
        `digests: \`${shorten(name)}\` is empty in the same object as a digest, so that its platform is not in the image. ${EMPTY_OUTPUT}`,
      );
    return words;
  }
  // A block ends with one line end of its own; another empty line or item was an expression: a job of a matrix that gave none.
  const entries = text.replace(/\r?\n$/, '').split(/\r?\n|,/);
  const empty = entries.findIndex((entry) => entry.trim() === '');
  if (empty >= 0)
    reader.warnings.push(
      `digests: item ${empty + 1} of ${entries.length} is empty, so that its platform is not in the image. ${EMPTY_OUTPUT}`,
    );
  const words = entries.flatMap((entry) => entry.split(/\s+/)).filter(Boolean);
  const wrong = words.find((word) => !/^sha256:[0-9a-f]{64}$/.test(word));
  if (wrong !== undefined) reader.mistake('digests', `\`${shorten(wrong)}\` is not a digest.`, GIVE_DIGESTS);
  return words;
}

/** Members of JSON without a value, in an object that has a digest: the outputs of a matrix of which one job gave none. */
function emptyBesideDigest(text: string): readonly string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const members = Object.entries(value);
      if (members.some(([, member]) => typeof member === 'string' && /^sha256:[0-9a-f]{64}$/.test(member)))
        found.push(...members.flatMap(([name, member]) => (member === '' ? [name] : [])));
      return value;
    });
  } catch {
    return []; // its digests count all the same
  }
  return found;
}

/** The input `image`, with the reason where it is not one. */
function readReference(reader: Reader): string | undefined {
  const text = reader.text('image');
  if (text === undefined) return undefined;
  if (/(^|\/)tonistiigi\/binfmt([:@]|$)/.test(text)) {
    reader.mistake(
      'image',
      `\`${shorten(text)}\` is the emulator image of docker/setup-qemu-action, not an application.`,
      'Remove it: this step sets up the emulation that `platforms` needs. `image` is the ready-made image to deploy.',
    );
    return undefined;
  }
  const shell = /^\$\{([A-Za-z_]\w*)\}/.exec(text);
  const unfilled = shell?.[1] ? { text: shell[0], form: 'dollar' as const, name: shell[1] } : unfilledIn(text);
  if (unfilled) {
    const { problem, remedy } = inputForm(unfilled);
    reader.mistake('image', problem, remedy);
    return undefined;
  }
  const small = inSmallLetters(text);
  if (small !== undefined && IMAGE.pattern.test(small)) {
    reader.mistake(
      'image',
      `\`${shorten(text)}\` has capitals, which a repository cannot have.`,
      `Write \`${small}\`.`,
    );
    return undefined;
  }
  if (!reader.checkShape('image', text, IMAGE)) return undefined;
  if (/^[^@:]*(?::\d+\/[^@:]*)?$/.test(text))
    reader.notes.push(
      `image: \`${text}\` names neither a tag nor a digest, so \`latest\` is deployed. Name the tag that was pushed.`,
    );
  return text;
}

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
    platforms: readPlatforms(reader),
    tags: readyTags(tags, { byDigest, context }),
    byDigest,
    buildArgs: readBuildArgs(reader, env),
    buildContexts: reader
      .settings('build-contexts', 'value-needed')
      .map((setting) => withDefaultContext(setting, { name: 'build-contexts', reader, context })),
    ...secrets,
    secrets: [...secrets.secrets, ...gitToken(reader, context)],
    ssh: reader.lines('ssh'),
    cacheFrom: reader.lines('cache-from'),
    cacheTo: reader.lines('cache-to'),
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
  const unset = settings.filter((setting) => !setting.includes('=') && env[setting] === undefined);
  for (const name of unset) {
    reader.warnings.push(
      `build-args: \`${shorten(name)}\` has no value, and the environment of the step has no variable ${shorten(name)}: the build does not get this argument. Write \`${shorten(name)}=value\`, or set the variable in the \`env:\` of the step.`,
    );
  }
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
    if (env[variable] !== undefined && env[variable] !== '') return true;
    const state = env[variable] === undefined ? 'is not set' : 'is empty';
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

/** How the image is exported; attributes of an export of the user's own are in `outputs` itself. */
function readExport(reader: Reader): Pick<BuildInputs, 'compression' | 'reproducible'> {
  const compression = reader.choice('compression', ['gzip', 'zstd']);
  const reproducible = reader.boolean('reproducible') === true ? (true as const) : undefined;
  const name = (['compression', 'reproducible'] as const).find((one) => reader.isSet(one));
  if (name && reader.lines('outputs').some((output) => /(^|,)type=(image|registry)(,|$)/.test(output)))
    reader.mistake(
      name,
      'is an attribute of the push, and `outputs` has the attributes of the push already.',
      `Write ${name === 'compression' ? '`compression=zstd,force-compression=true`' : '`rewrite-timestamp=true`'} there, or remove the image from \`outputs\`.`,
    );
  return defined({ compression, reproducible });
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
const ATTESTATION = {
  pattern: /(^|,)type=(provenance|sbom)(,|$)/,
  expected: '`type=provenance,...` or `type=sbom,...`',
};

function readTuning(reader: Reader): BuildTuning {
  const each = (name: InputName, shape: Shape, values = reader.list(name)): readonly string[] =>
    values.filter((value) => reader.checkShape(name, value, shape));
  const own = (['provenance', 'sbom'] as const).filter((type) => reader.raw(type) !== undefined);
  const attests = each('attests', ATTESTATION, reader.lines('attests'));
  const cgroupParent = reader.text('cgroup-parent');
  const network = reader.shaped('network', NETWORK);
  const shmSize = reader.shaped('shm-size', SIZE);
  return {
    addHosts: each('add-hosts', ADDED_HOST),
    allow: each('allow', ENTITLEMENT),
    // Two attestations of one type are an error of buildx; docker/build-push-action decides it in the same way.
    attests: attests.filter((attest) => !own.some((type) => new RegExp(`(^|,)type=${type}(,|$)`).test(attest))),
    noCacheFilters: reader.list('no-cache-filters'),
    outputs: reader.lines('outputs').filter((output) => isOutput(reader, output)),
    ulimits: each('ulimit', ULIMIT),
    ...defined({ cgroupParent, network, shmSize }),
  };
}

/** An export beside the push; what would push elsewhere, by digest alone or not at all is refused. */
function isOutput(reader: Reader, output: string): boolean {
  const fields = new Map(
    output.split(',').map((field) => {
      const [key = '', value = ''] = field.split('=', 2);
      return [key.trim().toLowerCase(), value.trim()] as const;
    }),
  );
  const refused = (
    [
      ['push', 'this step always pushes the image', 'Build without pushing in a step of docker/build-push-action.'],
      ['push-by-digest', 'this step pushes under `tags`', 'Use the output `image-digest` of this step.'],
      ['name', 'the name of the image is `repository` with `tags`', 'Drop `name`.'],
    ] as const
  ).find(([key]) => fields.has(key) && !(key === 'push' && fields.get(key) === 'true'));
  if (!refused) return isExportType(reader, fields.get('type'));
  const [key, why, remedy] = refused;
  reader.mistake('outputs', `\`${key}\` cannot be set: ${why}.`, remedy);
  return false;
}

function readRepository(reader: Reader): string {
  const text = reader.text('repository');
  if (text === undefined) return '';
  const small = inSmallLetters(text);
  if (small !== undefined && REPOSITORY.pattern.test(small)) {
    reader.mistake(
      'repository',
      `\`${shorten(text)}\` has capitals, which a repository cannot have.`,
      `Write \`${small}\`.`,
    );
    return text;
  }
  const bare = withoutTag(text.replace(/^https?:\/\//, ''));
  if (bare !== text && REPOSITORY.pattern.test(bare)) {
    const extra = text.startsWith('http') ? 'has a scheme.' : 'names a tag or digest too.';
    reader.mistake('repository', `\`${shorten(text)}\` ${extra}`, `Write \`${bare}\`; tags go into \`tags\`.`);
  } else if (reader.checkShape('repository', text, REPOSITORY)) {
    const name = text.replace(/^\d{12}\.dkr[.-]ecr[^/]*\//, '');
    if (!/^[^/]*[.:]/.test(name) && !/^localhost\//.test(name) && !(name.length >= 2 && name.length <= 256))
      reader.mistake(
        'repository',
        `has ${name.length === 1 ? 'one character' : `${name.length} characters`} in its name.`,
        'The name of an ECR repository has 2 to 256 characters.',
      );
  }
  return text;
}

/** A reference without its digest, or else without its tag (what follows the first colon of its last part). */
function withoutTag(reference: string): string {
  const digest = reference.indexOf('@sha256:');
  if (digest >= 0) return reference.slice(0, digest);
  const colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return colon < 1 ? reference : reference.slice(0, colon);
}

/** Rules of docker/metadata-action would be cut at their commas, and reported piece by piece. */
function readTags(reader: Reader): readonly string[] {
  const rule = reader.lines('tags').find((line) => /^type=[a-z]+(,|$)/.test(line));
  if (rule === undefined) return reader.list('tags').filter((tag) => isTag(reader, tag));
  reader.mistake('tags', `\`${shorten(rule)}\` is a rule of docker/metadata-action, not a tag.`, KEEP_METADATA);
  return [];
}

function isTag(reader: Reader, tag: string): boolean {
  if (new RegExp(`^${TAG}$`).test(tag)) return true;
  // docker/build-push-action takes whole references here.
  const last = new RegExp(`:(${TAG})$`).exec(tag)?.[1];
  if (last && tag.includes('/')) {
    reader.mistake(
      'tags',
      `\`${shorten(tag)}\` names the repository too.`,
      `Write \`${last}\`; the repository is \`repository\`.`,
    );
  } else {
    const usable =
      /[=\s]/.test(tag) || tag.length > 128 ? '' : tag.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+|-+$/g, '');
    reader.mistake(
      'tags',
      `\`${shorten(tag)}\` cannot be a tag.`,
      `A tag has at most 128 letters, digits, \`_\`, \`.\` or \`-\`, and does not begin with \`.\` or \`-\`.${usable === '' ? '' : ` Write \`${shorten(usable)}\`.`}`,
    );
  }
  return false;
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
      meant ? `Did you mean \`${meant}\`?` : 'Write `linux/amd64`, `linux/arm64` or both.',
    );
    return [];
  }
  reader.notes.push(
    `platforms: \`${platform}\` is built, but Amazon ECS runs linux/amd64, linux/arm64 and windows/amd64 only.`,
  );
  return [platform];
}
