import { readImage, readImageChecks } from '../../src/inputs/image.ts';
import { shorten } from '../../src/inputs/reader.ts';
import type { BuildInputs, ImageInputs } from '../../src/inputs/types.ts';
import { CONTEXT } from '../support/world.ts';
import { FACTS, type Given, read } from './made.ts';

const image = (given: Given, facts: Parameters<typeof readImage>[1] = FACTS) =>
  read(given, (reader) => readImage(reader, facts));
/** A build to team/app, with what else is given. */
function build(given: Given, facts?: Parameters<typeof readImage>[1]) {
  const { value, ...rest } = image({ repository: 'team/app', ...given }, facts);
  if (value.kind !== 'build') throw new Error(value.kind);
  return { value: value.build, ...rest };
}
const DIGEST = `sha256:${'a'.repeat(64)}`;
const LABELS = [
  'org.opencontainers.image.source=https://github.com/acme/web',
  `org.opencontainers.image.revision=${CONTEXT.sha}`,
];
const TUNING = { addHosts: [], allow: [], attests: [], noCacheFilters: [], outputs: [], ulimits: [] };
const BUILD: BuildInputs = {
  repository: 'team/app',
  context: '.',
  platforms: [],
  tags: [CONTEXT.sha],
  buildArgs: [],
  buildContexts: [],
  secrets: [],
  uncertainSecrets: [],
  secretFiles: [],
  secretEnvs: [],
  ssh: [],
  cacheFrom: [],
  cacheTo: [],
  cache: 'auto',
  labels: LABELS,
  annotations: [],
  pull: false,
  noCache: false,
  createRepository: false,
  byDigest: false,
  reuse: { kind: 'reuse', byContent: false },
  tuning: TUNING,
};
const built = (reason: string, byContent = false) => ({ kind: 'build', byContent, reason });

test('nothing of an image: that of the template', () => {
  expect(image({}).value).toEqual({ kind: 'template' });
  expect(image({ pull: 'false', 'no-cache': 'False' })).toMatchObject({ value: { kind: 'template' }, mistakes: [] });
});

test.each<[string, Given, Partial<BuildInputs>]>([
  ['nothing more', {}, {}],
  ['context', { context: 'app' }, { context: 'app' }],
  ['file', { file: 'a/Dockerfile' }, { file: 'a/Dockerfile' }],
  ['target', { target: 'release' }, { target: 'release' }],
  ['provenance', { provenance: 'mode=max' }, { provenance: 'mode=max' }],
  ['sbom', { sbom: 'true' }, { sbom: 'true' }],
  ['builder', { builder: 'b1' }, { builder: 'b1' }],
  ['tags, each once', { tags: 'v1, v2\nv1' }, { tags: ['v1', 'v2'] }],
  ['build-args', { 'build-args': 'A=1\nB=' }, { buildArgs: ['A=1', 'B='] }],
  ['build-contexts', { 'build-contexts': 'base=docker-image://x' }, { buildContexts: ['base=docker-image://x'] }],
  ['build-secrets', { 'build-secrets': 'a=1' }, { secrets: [['a', '1']] }],
  ['build-secret-files', { 'build-secret-files': 'a=/x' }, { secretFiles: [['a', '/x']] }],
  ['ssh', { ssh: 'default\na=b' }, { ssh: ['default', 'a=b'] }],
  ['cache-from', { 'cache-from': 'type=gha' }, { cacheFrom: ['type=gha'] }],
  ['cache', { cache: 'registry' }, { cache: 'registry' }],
  ['cache-to', { 'cache-to': 'type=gha,mode=max' }, { cacheTo: ['type=gha,mode=max'] }],
  ['labels, behind those of the event', { labels: 'a=1' }, { labels: [...LABELS, 'a=1'] }],
  ['annotations', { annotations: 'index:a=1' }, { annotations: ['index:a=1'] }],
  ['pull', { pull: 'true' }, { pull: true, reuse: built('the input pull asks for it') as BuildInputs['reuse'] }],
  [
    'no-cache',
    { 'no-cache': 'true' },
    { noCache: true, reuse: built('the input no-cache asks for it') as BuildInputs['reuse'] },
  ],
  ['create-repository', { 'create-repository': 'true' }, { createRepository: true }],
  [
    'add-hosts',
    { 'add-hosts': 'docker:10.180.0.1, a.b_c=::1' },
    { tuning: { ...TUNING, addHosts: ['docker:10.180.0.1', 'a.b_c=::1'] } },
  ],
  [
    'allow',
    { allow: 'network.host,security.insecure,device,device=x,fs=/a,fs.read=/a,fs.write=/a,ssh' },
    {
      tuning: {
        ...TUNING,
        allow: ['network.host', 'security.insecure', 'device', 'device=x', 'fs=/a', 'fs.read=/a', 'fs.write=/a', 'ssh'],
      },
    },
  ],
  [
    'attests',
    { attests: 'type=sbom,generator=x\nx=y,type=provenance' },
    { tuning: { ...TUNING, attests: ['type=sbom,generator=x', 'x=y,type=provenance'] } },
  ],
  ['cgroup-parent', { 'cgroup-parent': '/x' }, { tuning: { ...TUNING, cgroupParent: '/x' } }],
  ['network', { network: 'host' }, { tuning: { ...TUNING, network: 'host' } }],
  ['shm-size', { 'shm-size': '64m' }, { tuning: { ...TUNING, shmSize: '64m' } }],
  [
    'ulimit',
    { ulimit: 'nofile=1024:2048, core=-1' },
    { tuning: { ...TUNING, ulimits: ['nofile=1024:2048', 'core=-1'] } },
  ],
  ['platforms', { platforms: 'linux/amd64,linux/arm64' }, { platforms: ['linux/amd64', 'linux/arm64'] }],
  [
    'an attestation gives way to the input of its own',
    { attests: 'type=sbom,x=y\ntype=provenance', sbom: 'true' },
    { sbom: 'true', tuning: { ...TUNING, attests: ['type=provenance'] } },
  ],
])('a build with %s', (_, given, expected) => {
  expect(build(given)).toEqual({ value: { ...BUILD, ...expected }, mistakes: [], notes: [], warnings: [] });
});

test.each(['build-args', 'tags', 'ssh', 'platforms', 'no-cache-filters', 'ulimit', 'file', 'cache-to'])(
  'a build that is described (%s) needs a repository, and none beside a ready-made image',
  (name) => {
    const text: Given = { platforms: 'linux/amd64', ulimit: 'core=1', 'build-args': 'A=1' };
    const given = { [name]: text[name] ?? 'x' };
    expect(image(given).mistakes).toEqual([
      `repository: is missing, but the build is described (\`${name}\`). Name the ECR repository to push to, such as \`repository: team/app\`.`,
    ]);
    expect(image({ ...given, image: 'nginx:1' })).toMatchObject({
      value: { kind: 'given', reference: 'nginx:1' },
      mistakes: [
        `image: is a ready-made image and skips the build, but the build is described too (\`${name}\`). Keep \`image\`, or the inputs of the build.`,
      ],
    });
  },
);

const A_NAME = 'Expected an image such as `host/name:tag`';
test.each<[string, string | undefined]>([
  ['nginx:1', undefined],
  ['host:5000/team/app:v1.2_x-y', undefined],
  [`HOST.example/a.b_c__d--e@${DIGEST}`, undefined],
  [`a:v1@${DIGEST}`, undefined],
  ['Nginx:1', '`Nginx:1` has capitals, which a repository cannot have. Write `nginx:1`.'],
  ['tonistiigi/binfmt', 'is the emulator image of docker/setup-qemu-action, not an application.'],
  ['docker.io/tonistiigi/binfmt:latest', 'is the emulator image'],
  [`tonistiigi/binfmt@${DIGEST}`, 'is the emulator image'],
  ['xtonistiigi/binfmt:1', undefined],
  ['tonistiigi/binfmt-x:1', undefined],
  ['${IMAGE}', '`${IMAGE}`'],
  ['${I}/x:1', '`${I}`'],
  ['app:<TAG>', '`<TAG>`'],
  ['a b', A_NAME],
  ['app:v1@sha256:abc', A_NAME],
  ['app:', '`app:` ends with `:`. The expression behind it is empty'],
  ['.app:1', A_NAME],
  ['app:-x', A_NAME],
  [`app:${'t'.repeat(129)}`, A_NAME],
  ['app_:1', A_NAME],
  ['team//app:1', '`team//app:1` has nothing between `/` and `/`.'],
])('the image %s', (text, mistake) => {
  const { value, mistakes } = image({ image: text });
  expect(value).toEqual({ kind: 'given', reference: mistake === undefined ? text : '' });
  expect(mistakes).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
});

test.each<[string, boolean]>([
  ['nginx', true],
  ['host:5000/app', true],
  ['host.example/team/app', true],
  ['nginx:1', false],
  ['host:5000/app:1', false],
  [`nginx@${DIGEST}`, false],
])('%s names neither tag nor digest: %s', (text, noted) => {
  expect(image({ image: text }).notes).toEqual(
    noted
      ? [
          `image: \`${text}\` names neither a tag nor a digest, so \`latest\` is deployed. Name the tag that was pushed.`,
        ]
      : [],
  );
});

test.each<[string, string | undefined]>([
  ['team/app', undefined],
  ['a.b_c__d-e/f', undefined],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app', undefined],
  ['localhost:5000/app', undefined],
  ['team/app:v1', '`team/app:v1` names a tag or digest too. Write `team/app`; tags go into `tags`.'],
  [`team/app@${DIGEST}`, 'names a tag or digest too. Write `team/app`;'],
  ['localhost:5000/app:v1', 'Write `localhost:5000/app`;'],
  [
    'https://host.example/app',
    '`https://host.example/app` has a scheme. Write `host.example/app`; tags go into `tags`.',
  ],
  ['http://host.example/app:v1', 'has a scheme. Write `host.example/app`;'],
  ['Team/App', '`Team/App` has capitals, which a repository cannot have. Write `team/app`.'],
  ['ghcr.io/Octo/App', '`ghcr.io/Octo/App` has capitals, which a repository cannot have. Write `ghcr.io/octo/app`.'],
  ['Team/App!', '`Team/App!` is not right. Expected the name of an ECR repository'],
  ['ftp://host/app', 'is not right.'],
  [':v1', '`:v1` begins with `:`. The expression before it is empty'],
  ['team/app/', '`team/app/` ends with `/`. The expression behind it is empty'],
  ['x team/app', 'is not right.'],
])('the repository %s', (text, mistake) => {
  const { value, mistakes } = image({ repository: text });
  expect(value).toMatchObject({ kind: 'build', build: { repository: text } });
  expect(mistakes).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
});

const CANNOT = 'cannot be a tag. A tag has at most 128 letters';
test.each<[string, string[], string[]]>([
  ['v1.2_x-y', ['v1.2_x-y'], []],
  ['t'.repeat(128), ['t'.repeat(128)], []],
  ['t'.repeat(129), [], [CANNOT]],
  ['.a, -b, a/b, a:b', [], [`\`.a\` ${CANNOT}`, `\`-b\` ${CANNOT}`, `\`a/b\` ${CANNOT}`, `\`a:b\` ${CANNOT}`]],
  [
    'host/team/app:v1',
    [],
    ['`host/team/app:v1` names the repository too. Write `v1`; the repository is `repository`.'],
  ],
  [
    'v1\ntype=semver,pattern={{version}}',
    [],
    ['`type=semver,pattern={{version}}` is a rule of docker/metadata-action, not a tag.'],
  ],
  ['type=sha', [], ['`type=sha` is a rule of docker/metadata-action, not a tag.']],
  ['feature/x', [], ['does not begin with `.` or `-`. Write `feature-x`.']],
  ['type=SHA', [], [`\`type=SHA\` ${CANNOT}`]],
  ['xtype=sha', [], [`\`xtype=sha\` ${CANNOT}`]],
])('the tags %s', (text, tags, problems) => {
  const { value, mistakes } = build({ tags: text });
  expect(value.tags).toEqual(tags.length > 0 ? tags : [CONTEXT.sha]);
  expect(mistakes).toEqual(problems.map((one) => expect.stringContaining(one)));
  expect(mistakes.every((one) => one.startsWith('tags: '))).toBe(true);
});

const REPOSITORY = 'https://github.com/acme/web.git';
test.each<[string, string, string, string[]]>([
  ['{{defaultContext}}', 'refs/heads/main', `${REPOSITORY}#${CONTEXT.sha}`, []],
  ['{{ defaultContext }}:app', 'refs/pull/7/merge', `${REPOSITORY}#refs/pull/7/merge:app`, []],
  ['{{ref}}', 'refs/heads/main', '{{ref}}', ['context: `{{ref}}` has no meaning here. Write a path']],
  ['https://t0ken@github.com/a/b.git', '', 'https://t0ken@github.com/a/b.git', ['context: has a login in its address']],
  ['ssh://git@github.com/a/b.git', '', 'ssh://git@github.com/a/b.git', []],
])('the context %s', (text, ref, context, problems) => {
  const given = { context: text, 'build-contexts': `more=${text}`, 'github-token': 'ghs_x' };
  const { value, mistakes } = build(given, { ...FACTS, context: { ...CONTEXT, ref } });
  expect(value.context).toBe(context);
  const own = mistakes.filter((one) => one.startsWith('context'));
  expect(own).toEqual(problems.map((one) => expect.stringContaining(one)));
  expect(mistakes.join()).not.toContain('t0ken');
  expect(value.secrets.length).toBe(context.startsWith(REPOSITORY) ? 1 : 0);
  if (context.startsWith(REPOSITORY)) expect(value.buildContexts).toEqual([`more=${context}`]);
});
test.each([
  ['a', /^repository: has one character in its name\. .* 2 to 256/],
  ['123456789012.dkr.ecr.eu-central-1.amazonaws.com/a', /has one character/],
  ['b'.repeat(257), /has 257 characters/],
  ['ab', undefined],
  ['host.example.com/a', undefined],
])('the repository %s', (repository, problem) => {
  expect(build({ repository }).mistakes).toEqual(problem ? [expect.stringMatching(problem)] : []);
});

test.each<[Given, RegExp | undefined]>([
  [{ provenance: 'max' }, /^provenance: `max` is neither .* Write `mode=max`\.$/],
  [{ provenance: 'Maximum' }, /Write `mode=max`\.$/],
  [{ provenance: 'min' }, /Write `mode=min`\.$/],
  [{ provenance: 'ture' }, /^provenance: `ture` is neither .* Write `true`\.$/],
  [{ provenance: 'something' }, /Write `true`, `false`, `mode=min` or `mode=max`\.$/],
  [{ provenance: 'mode=maximum' }, /^provenance: `mode=maximum` is not a mode .* Did you mean `mode=max`\?$/],
  [{ provenance: 'mode=max,inline' }, /^provenance: `inline` is neither/],
  [{ sbom: 'flase' }, /^sbom: `flase` is neither .* Write `false`\.$/],
  [{ attests: 'type=provenance,max' }, /^attests: `max` .* Write `mode=max`\.$/],
  [{ attests: 'type=provenance,mode=mx' }, /^attests: `mode=mx` .* Did you mean `mode=max`\?$/],
  [{ annotations: 'indx:a=b' }, /^annotations: `indx:` is not a level .* Did you mean `index:`\?$/],
  [{ annotations: 'index,manifst[linux/amd64]:a=b' }, /Did you mean `manifest:`\?$/],
  [{ outputs: 'type=locl,dest=x' }, /^outputs: `type=locl` is not a type of export\. Did you mean `type=local`\?$/],
  [{ outputs: 'type=s3' }, /The types are `local`, /],
  [{ provenance: 'TRUE' }, undefined],
  [{ provenance: 'mode=min,version=v1,builder-id=https://a.example/b' }, undefined],
  [{ sbom: 'generator=host/scanner:1' }, undefined],
  [{ attests: 'type=sbom,mode=x' }, undefined],
  [{ annotations: 'index,manifest-descriptor[linux/arm64/v8]:a=b\norg.x:y=z\nurl=http://x' }, undefined],
  [{ outputs: 'type=local,dest=x\nout' }, undefined],
])('what docker would refuse after the start of the build: %j', (given, problem) => {
  expect(build(given).mistakes).toEqual(problem ? [expect.stringMatching(problem)] : []);
});

test('without a repository there is no default context', () => {
  const { mistakes } = build({ context: '{{defaultContext}}' }, { ...FACTS, context: { ...CONTEXT, repository: '' } });
  expect(mistakes).toEqual([expect.stringContaining('GITHUB_REPOSITORY is not set')]);
});

const ECS_RUNS = 'but Amazon ECS runs linux/amd64, linux/arm64 and windows/amd64 only.';
test.each<[string, string[], string[], string[]]>([
  ['arm64', ['linux/arm64'], [], []],
  ['LINUX/X86_64, x86-64, linux/aarch64', ['linux/amd64', 'linux/arm64'], [], []],
  ['windows/amd64', ['windows/amd64'], [], []],
  ['linux/arm64/v8,linux/amd64/v3', ['linux/arm64/v8', 'linux/amd64/v3'], [], []],
  [
    'linux/arm/v7',
    ['linux/arm/v7'],
    [],
    [`platforms: \`linux/arm/v7\` is built, ${ECS_RUNS} \`arm\` has 32 bits: did you mean \`linux/arm64\`?`],
  ],
  ['linux/amd64/v5', ['linux/amd64/v5'], [], [`platforms: \`linux/amd64/v5\` is built, ${ECS_RUNS}`]],
  [
    'linux/386,linux/s390x,linux/riscv64',
    ['linux/386', 'linux/s390x', 'linux/riscv64'],
    [],
    ['linux/386', 'linux/s390x', 'linux/riscv64'].map((one) => `platforms: \`${one}\` is built, ${ECS_RUNS}`),
  ],
  ['linux/amd46', [], ['`linux/amd46` is not a platform. Did you mean `linux/amd64`?'], []],
  ['solaris/sparc', [], ['`solaris/sparc` is not a platform. Write `linux/amd64`, `linux/arm64` or both.'], []],
  ['xlinux/riscv64', [], ['`xlinux/riscv64` is not a platform.'], []],
  ['linux/riscv64/v1/x', [], ['`linux/riscv64/v1/x` is not a platform.'], []],
  [
    'linux/amd64 linux/arm64',
    [],
    ['`linux/amd64 linux/arm64` lists platforms with spaces between them. Write commas: `linux/amd64,linux/arm64`.'],
    [],
  ],
  ['ALL', [], ['`all` is a value of docker/setup-qemu-action, not a platform.'], []],
])('the platforms %s', (text, platforms, problems, notes) => {
  const read = build({ platforms: text });
  expect(read.value.platforms).toEqual(platforms);
  expect(read.mistakes).toEqual(problems.map((one) => expect.stringContaining(`platforms: ${one}`)));
  expect(read.notes).toEqual(notes);
});

test.each<[string, Given, object]>([
  ['by default', {}, { kind: 'reuse', byContent: false }],
  ['true', { 'reuse-image': 'true' }, { kind: 'reuse', byContent: false }],
  ['false', { 'reuse-image': 'false' }, built('reuse-image: false')],
  ['content', { 'reuse-image': 'content' }, { kind: 'reuse', byContent: true }],
  [
    'content of a build that pulls',
    { 'reuse-image': 'content', pull: 'true' },
    built('the input pull asks for it', true),
  ],
  ['stages without a cache', { 'no-cache-filters': 'a' }, built('the input no-cache-filters asks for it')],
  ['a result beside the image', { outputs: 'type=local,dest=x' }, built('the input outputs asks for it')],
  ['one of two results', { outputs: 'type=image\ndest=x,type=tar' }, built('the input outputs asks for it')],
  [
    'attributes of the image',
    { outputs: 'compression=zstd,type=image\ntype=registry' },
    { kind: 'reuse', byContent: false },
  ],
  ['a type that is like one', { outputs: 'type=images' }, built('the input outputs asks for it')],
])('whether an image is reused: %s', (_, given, reuse) => {
  expect(build(given).value.reuse).toEqual(reuse);
});

test.each<[string, boolean]>([
  ['type=local,dest=x', true],
  ['type=image,push=true', true],
  ['type=image, PUSH = true', true],
  ['type=image,push=false', false],
  ['type=image,push', false],
  ['type=image,push-by-digest=true', false],
  ['type=image,Name=x', false],
])('the output %s: %s', (text, taken) => {
  const { value, mistakes } = build({ outputs: text });
  expect(value.tuning.outputs).toEqual(taken ? [text] : []);
  expect(mistakes).toHaveLength(taken ? 0 : 1);
  if (!taken) expect(mistakes[0]).toMatch(/^outputs: `(push|push-by-digest|name)` cannot be set: /);
});

test.each<[string, string]>([
  ['add-hosts', 'docker'],
  ['add-hosts', 'a b:1'],
  ['add-hosts', '!a:1'],
  ['allow', 'network.none'],
  ['allow', 'xssh'],
  ['allow', 'ssh2'],
  ['attests', 'type=sboms'],
  ['attests', 'xtype=sbom'],
  ['network', 'bridge'],
  ['network', 'hosts'],
  ['network', 'xhost'],
  ['shm-size', '64x'],
  ['shm-size', 'x64m'],
  ['shm-size', '64mbb'],
  ['ulimit', 'nofile'],
  ['ulimit', 'nofile=x'],
  ['ulimit', 'NOFILE=1'],
  ['ulimit', 'nofile=1:2:3'],
])('%s: %s is refused', (name, text) => {
  const { value, mistakes } = build({ [name]: text });
  expect(mistakes).toEqual([expect.stringContaining(`${name}: \`${text}\` is not right. Expected `)]);
  expect(value.tuning).toEqual(TUNING);
});

describe('secrets of the build', () => {
  test.each<[string, string, string[]]>([
    ['an empty value', 'a=', ['the value of `a` is empty.']],
    ['an empty value below another', 'a=1\nb= ', ['the value of line 2 is empty.']],
    ['the rest of a value', `a=1\n${'A'.repeat(54)}==`, ['line 2 is not `id=value`.']],
    [
      'the padding of a value',
      `a=1\n${'A'.repeat(55)}=`,
      ['line 2 looks like the rest of a value that started above it.'],
    ],
    ['an empty value in JSON', '{"a": "1", "b": ""}', ['the value of `b` is empty.']],
    [
      'an id with a slash',
      'a/b=1',
      ['line 1 does not begin with a valid name. Expected `id=value` with an id of letters'],
    ],
    ['an id that begins with a dot', '.a=1', ['line 1 does not begin with a valid name.']],
    ['a long id', `${'a'.repeat(129)}=1`, ['line 1 does not begin with a valid name.']],
  ])('%s', (_, text, problems) => {
    expect(build({ 'build-secrets': text }).mistakes).toEqual(
      problems.map((one) => expect.stringContaining(`build-secrets: ${one}`)),
    );
  });

  test('what stands below another one on a plain line is not certain to be an id', () => {
    const uncertain = (text: string) => build({ 'build-secrets': text }).value.uncertainSecrets;
    expect(uncertain('a=1\nb=2\n"c=3"\nd<<EOF\n4\nEOF')).toEqual(['b', 'c']);
    expect(uncertain('{"a": "1", "b": "2"}')).toEqual([]);
  });

  const envs = (text: string, env: Given) => build({ 'build-secret-envs': text }, { context: CONTEXT, env });
  test('from variables of the environment', () => {
    expect(envs('a=A\nb=B_2', { A: '1', B_2: '2' })).toMatchObject({
      value: {
        secretEnvs: [
          ['a', 'A'],
          ['b', 'B_2'],
        ],
      },
      mistakes: [],
    });
    expect(envs('a=A\nb=B\nc=3C\nd=D-1', { B: '' })).toMatchObject({
      value: { secretEnvs: [] },
      mistakes: [
        'build-secret-envs: `a` takes its value from the environment variable A, which is not set. Set it in the `env:` of this step, such as `A: ${{ secrets.A }}`.',
        'build-secret-envs: `b` takes its value from the environment variable B, which is empty. Set it in the `env:` of this step, such as `B: ${{ secrets.B }}`.',
        expect.stringContaining('what stands behind `c=` is not the name of an environment variable.'),
        expect.stringContaining('what stands behind `d=` is not'),
      ],
    });
  });
});

test('credentials among the attributes of a cache are no part of its address', () => {
  const { mistakes } = build({
    'cache-from': 'type=s3,region=eu-west-1,bucket=b,endpoint_url=http://127.0.0.1:9,secret_access_key=x1y2',
    'cache-to': 'type=gha,url=http://127.0.0.1:9/,token=x1y2',
  });
  expect(mistakes).toEqual([]);
});

test.each(['labels', 'annotations', 'build-contexts'])('a name without a value is a mistake in %s', (name) => {
  expect(build({ [name]: 'a' }).mistakes).toEqual([
    `${name}: line 1 is not \`name=value\`. Write one \`name=value\` per line.`,
  ]);
});

test.each(['build-secret-files', 'build-secret-envs'])('two settings on one line of %s', (name) => {
  expect(build({ [name]: 'a=/x b.c=/y' }).mistakes[0]).toContain(`${name}: line 1 holds several settings (a, b.c)`);
  expect(build({ [name]: 'a/b=/x' }).mistakes[0]).toContain(`${name}: line 1 does not begin with a valid name.`);
});

test('a build argument by its name takes its value from the environment', () => {
  const args = (env: Given, given = 'A\nB=1') => build({ 'build-args': given }, { context: CONTEXT, env });
  expect(args({ A: '' })).toMatchObject({ value: { buildArgs: ['A', 'B=1'] }, warnings: [] });
  expect(
    args({ A: '', NPM_TOKEN: 'hunter2' }, 'NPM_TOKEN\nHTTP_PROXY=http://u:hunter2@p\nDB_PASSWORD=hunter2').warnings,
  ).toEqual([
    expect.stringMatching(
      /^build-args: `NPM_TOKEN`, `DB_PASSWORD` seem to hold secrets (?!.*hunter2).*`build-secrets`/,
    ),
  ]);
  expect(args({}).warnings).toEqual([
    expect.stringMatching(/^build-args: `A` has no value, and the environment of the step has no variable A:/),
  ]);
});

test.each<[string, Given, boolean]>([
  ['of this repository', { context: 'https://github.com/acme/web.git#main' }, true],
  ['without .git', { context: 'https://github.com/acme/web' }, true],
  ['with a query', { context: 'https://github.com/acme/web?ref=x' }, true],
  ['of a repository whose name begins alike', { context: 'https://github.com/acme/web-2.git' }, false],
  ['of another one', { context: 'https://github.com/other/web.git' }, false],
  ['of a folder', { context: 'app' }, false],
  [
    'with a secret of the user',
    { context: 'https://github.com/acme/web', 'build-secrets': 'GIT_AUTH_TOKEN.github.com=x' },
    false,
  ],
  [
    'with a header of the user',
    { context: 'https://github.com/acme/web', 'build-secrets': 'GIT_AUTH_HEADER.github.com=x' },
    false,
  ],
])('the token goes to a context %s: %s', (_, given, gets) => {
  const tokens = (more: Given, context = CONTEXT) =>
    build({ ...given, ...more }, { context, env: {} }).value.secrets.filter(([, value]) => value === 'ghs_x');
  expect(tokens({ 'github-token': 'ghs_x' })).toEqual(gets ? [['GIT_AUTH_TOKEN.github.com', 'ghs_x']] : []);
  expect(tokens({})).toEqual([]);
  expect(tokens({ 'github-token': 'ghs_x' }, { ...CONTEXT, repository: '' })).toEqual([]);
});

test('no-cache and no-cache-filters, of which docker takes one', () => {
  expect(build({ 'no-cache': 'true', 'no-cache-filters': 'deps' }).mistakes[0]).toMatch(
    /^no-cache-filters: .* Remove one of them\.$/,
  );
  expect(build({ 'no-cache': 'false', 'no-cache-filters': 'deps' }).mistakes).toEqual([]);
});

describe('digests', () => {
  const [A, B] = [DIGEST, `sha256:${'b'.repeat(64)}`];
  const EMPTY = /digests: is empty, so there is nothing to deploy\. The output of the job/;
  test.each<[string, string, readonly string[]]>([
    ['one per line', `${A}\n${B}\n`, [A, B]],
    ['with spaces around them', `  ${A}\r\n  ${B}\r\n`, [A, B]],
    ['folded into one line', `${A} ${B}`, [A, B]],
    ['with commas', `${A}, ${B}`, [A, B]],
    ['twice the same', `${A}\n${A}`, [A]],
    ['JSON', JSON.stringify({ a: { outputs: { x: A } }, b: { outputs: { y: B, tag: 'v1' } } }), [A, B]],
    ['JSON that is cut', `{"a": "${A}"`, [A]],
  ])('%s', (_, digests, expected) => {
    for (const more of [{}, { image: 'digests' }, { image: 'Digests' }]) {
      const { value, mistakes, warnings } = image({ repository: 'team/app', digests, ...more });
      expect(mistakes).toEqual([]);
      expect(warnings).toEqual([]);
      expect(value).toMatchObject({ kind: 'digests', repository: 'team/app', digests: expected });
    }
  });

  test.each<[string, Given, RegExp]>([
    ['all outputs are empty', { digests: '\n\n' }, EMPTY],
    ['all outputs are empty, on one line', { digests: ' ' }, EMPTY],
    ['nothing arrives, and `image` says that it must', { image: 'digests', digests: '' }, EMPTY],
    ['nothing is given, and `image` says that it must', { image: 'digests' }, EMPTY],
    ['a word', { digests: `${A}\nlatest` }, /digests: `latest` is not a digest\. Give the outputs/],
    ['JSON without one', { digests: '{"a": {"outputs": {}}}' }, /digests: has no digest in it\. Give/],
    ['another image', { digests: A, image: 'h/app:1' }, /digests: and `image` both name what to deploy/],
  ])('%s', (_, given, expected) => {
    expect(image({ repository: 'team/app', ...given }).mistakes).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ['the first output', `\n${A}\n`, 'item 1 of 2'],
    ['the last output', `${A}\n\n`, 'item 2 of 2'],
    ['the last item', `${A},`, 'item 2 of 2'],
    ['one of a matrix', `${A}\n\n${B}\n`, 'item 2 of 3'],
  ])('%s is empty: the image lacks a platform, which is a warning', (_, digests, item) => {
    const { warnings, mistakes } = image({ repository: 'team/app', digests });
    expect(mistakes).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`digests: ${item} is empty, so that its platform is not in`)]);
  });

  test('JSON in which a job gave one platform of two', () => {
    const digests = JSON.stringify({ build: { result: 'success', outputs: { amd64: A, arm64: '' } }, lint: { x: '' } });
    const { warnings, mistakes } = image({ repository: 'team/app', digests });
    expect(mistakes).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/digests: `arm64` is empty in the same object/)]);
  });
});

test('settings of several lines keep the line ends that they have', () => {
  const value = 'one\r\ntwo\r\n';
  const block = (name: string) => `${name}<<END\n${value}\nEND`;
  const { value: made, mistakes } = build({
    'build-secrets': block('key'),
    'build-args': block('A'),
    labels: block('l'),
    annotations: block('n'),
  });
  expect(mistakes).toEqual([]);
  expect(made.secrets).toEqual([['key', value]]);
  expect(made.buildArgs).toEqual([`A=${value}`]);
  expect(made.labels).toContain(`l=${value}`);
  expect(made.annotations).toEqual([`n=${value}`]);
});

describe('names of images, repositories and tags: the whole message', () => {
  const long = (before: string): string => `${before}${'b'.repeat(300)}`;
  test.each<[string, string | undefined]>([
    ['repository', undefined],
    ['Team/App', 'repository: `Team/App` has capitals, which a repository cannot have. Write `team/app`.'],
    ['team/app:v1', 'repository: `team/app:v1` names a tag or digest too. Write `team/app`; tags go into `tags`.'],
    ['aws/x:', 'repository: `aws/x:` names a tag or digest too. Write `aws/x`; tags go into `tags`.'],
    ['a', 'repository: has one character in its name. The name of an ECR repository has 2 to 256 characters.'],
    [
      '123456789012.dkr-ecr.eu-west-1.on.aws/a',
      'repository: has one character in its name. The name of an ECR repository has 2 to 256 characters.',
    ],
    [
      long('team/a.'),
      'repository: has 307 characters in its name. The name of an ECR repository has 2 to 256 characters.',
    ],
    ['b'.repeat(256), undefined],
    [long('host.example/'), undefined],
    [long('host:5000/'), undefined],
    [long('localhost/'), undefined],
    [long('xlocalhost/').slice(0, 256), undefined],
    [
      long('my-localhost/'),
      'repository: has 313 characters in its name. The name of an ECR repository has 2 to 256 characters.',
    ],
  ])('the repository %s', (repository, mistake) =>
    expect(build({ repository }).mistakes).toEqual(mistake === undefined ? [] : [mistake]),
  );

  test.each([
    [
      '${IMAGE_1}/x:1',
      'image: `${IMAGE_1}` was not expanded: no shell reads the `with:` block. Write `${{ env.IMAGE_1 }}`.',
    ],
    ['$IMAGE', 'image: `$IMAGE` was not expanded: no shell reads the `with:` block. Write `${{ env.IMAGE }}`.'],
    ['Nginx:1', 'image: `Nginx:1` has capitals, which a repository cannot have. Write `nginx:1`.'],
    [
      'tonistiigi/binfmt:1',
      'image: `tonistiigi/binfmt:1` is the emulator image of docker/setup-qemu-action, not an application. Remove it: this step sets up the emulation that `platforms` needs. `image` is the ready-made image to deploy.',
    ],
  ])('the image %s', (text, mistake) => expect(image({ image: text }).mistakes).toEqual([mistake]));

  test.each([
    ['feature/x', ' Write `feature-x`.'],
    ['x--!!', ' Write `x`.'],
    ['..-x', ' Write `x`.'],
    ['a!b!c', ' Write `a-b-c`.'],
    ['!!', ''],
    ['a=b', ''],
    ['a !', ''],
    ['refs/tags/v1/x', ' Write `v1-x`.'],
    [`${'t'.repeat(129)}`, ''],
  ])('the tag %s', (tag, usable) =>
    expect(build({ tags: tag }).mistakes).toEqual([
      `tags: \`${tag.length > 100 ? shorten(tag) : tag}\` cannot be a tag. A tag has at most 128 letters, digits, \`_\`, \`.\` or \`-\`, and does not begin with \`.\` or \`-\`.${usable}`,
    ]),
  );
  test('several tags with spaces between them', () =>
    expect(build({ tags: 'a b' }).mistakes).toEqual([
      'tags: `a b` has spaces, which no tag has. Write one tag per line, or commas between them: `a,b`.',
    ]));
  test('a whole reference as a tag', () =>
    expect(build({ tags: 'host/team/app:v1' }).mistakes).toEqual([
      'tags: `host/team/app:v1` names the repository too. Write `v1`; the repository is `repository`.',
    ]));
});

test('an image that is pushed by its digest has no tags', () => {
  const ofTags = (given: Given) => build(given).mistakes.filter((one) => one.startsWith('tags: '));
  const { value } = build({ 'push-by-digest': 'true', tags: 'v1' });
  expect(value).toMatchObject({ tags: [], byDigest: true, reuse: built('push-by-digest: true') });
  expect(ofTags({ 'push-by-digest': 'true', tags: 'v1' })).toEqual([
    'tags: are for the merged image; with `push-by-digest: true` this job pushes without a tag. Give `tags` to the job that deploys the `digests`.',
  ]);
  expect(build({ 'push-by-digest': 'true' }).value.tags).toEqual([]);
  expect(ofTags({ 'push-by-digest': 'true' })).toEqual([]);
  expect(ofTags({ tags: 'v1' })).toEqual([]);
});

test('settings of a repository are for one that this run creates', () => {
  const settings = { 'repository-settings': 'image-tag-mutability: IMMUTABLE' };
  expect(build(settings).mistakes).toContainEqual(
    'repository-settings: is for a repository that this run creates, and `create-repository` is not `true`. Set `create-repository: true`, or remove it: a repository that exists is never changed.',
  );
  expect(build({ ...settings, 'create-repository': 'true' }).mistakes.join()).not.toContain('that this run creates');
});

test('a cache of its own beside one by its kind', () => {
  const mistake = (own: string) =>
    `cache: is \`gha\`, and \`${own}\` names a cache of your own. Leave out one of the two.`;
  expect(build({ cache: 'gha', 'cache-from': 'type=gha' }).mistakes).toEqual([mistake('cache-from')]);
  expect(build({ cache: 'gha', 'cache-to': 'type=gha' }).mistakes).toEqual([mistake('cache-to')]);
  expect(build({ cache: 'registry', 'cache-to': 'type=gha' }).mistakes).toHaveLength(1);
  for (const cache of ['auto', 'none']) expect(build({ cache, 'cache-from': 'type=gha' }).mistakes).toEqual([]);
  expect(build({ cache: 'gha' })).toMatchObject({ value: { cache: 'gha' }, mistakes: [] });
});

test.each<[string, Given, string | undefined]>([
  ['compression', { compression: 'zstd' }, '`compression=zstd,force-compression=true`'],
  ['reproducible', { reproducible: 'true' }, '`rewrite-timestamp=true`'],
])('%s is an attribute of the push', (name, given, attribute) => {
  const mistake = `${name}: is an attribute of the push, and \`outputs\` has the attributes of the push already. Write ${attribute} there, or remove the image from \`outputs\`.`;
  for (const outputs of ['type=image,x=y', 'x=y,type=registry'])
    expect(build({ ...given, outputs }).mistakes).toEqual([mistake]);
  for (const outputs of ['type=local,dest=x', 'type=local,dest=type=image'])
    expect(build({ ...given, outputs }).mistakes).toEqual([]);
  expect(build({ outputs: 'type=image,x=y' }).mistakes).toEqual([]);
  expect(build(given).value).toMatchObject(name === 'compression' ? { compression: 'zstd' } : { reproducible: true });
  expect(build({ reproducible: 'false' }).value).not.toHaveProperty('reproducible');
});

test.each([
  ['xlinux/arm64/v8', 'platforms: `xlinux/arm64/v8` is not a platform.'],
  ['linux/amd64/v4x', undefined],
  ['linux/sparc', 'platforms: `linux/sparc` is not a platform.'],
])('the platform %s is none that ECS runs', (platforms, mistake) => {
  const { mistakes, notes } = build({ platforms });
  expect([...mistakes, ...notes]).toEqual([expect.stringContaining(mistake ?? 'is built, but Amazon ECS runs')]);
});

describe('the default context', () => {
  const inContext = (more: Partial<typeof CONTEXT>, given: Given = { context: '{{defaultContext}}' }) =>
    build(given, { ...FACTS, context: { ...CONTEXT, ...more } });
  test('is the commit, or the ref where there is none', () => {
    expect(inContext({}).value.secrets).toEqual([]);
    expect(inContext({ sha: '', ref: 'refs/tags/v1' }).value.context).toBe(
      'https://github.com/acme/web.git#refs/tags/v1',
    );
    expect(inContext({ ref: 'x/refs/pull/1' }).value.context).toContain(`#${CONTEXT.sha}`);
  });
  test.each<[string, Given, string]>([
    [
      'is not known without a repository',
      { context: '{{defaultContext}}', 'build-contexts': 'a={{defaultContext}}' },
      '`{{defaultContext}}` is the repository of the workflow, and there is none (GITHUB_REPOSITORY is not set). Write a path, such as `.`.',
    ],
    [
      'is the only name of its kind',
      { context: '{{ref}}', 'build-contexts': 'a={{ref}}\nb={{ref}}' },
      '`{{ref}}` has no meaning here. Write a path, a Git address, or `{{defaultContext}}` for this commit, `{{defaultContext}}:folder` for a folder of it.',
    ],
  ])('%s, which is reported once for each input', (_, given, problem) => {
    const { mistakes } = inContext({ repository: '' }, given);
    expect(mistakes.toSorted()).toEqual([`build-contexts: ${problem}`, `context: ${problem}`].toSorted());
  });
});

test.each<[Given, object]>([
  [{ compression: 'gzip' }, { compression: 'gzip' }],
  [{ 'reuse-image': 'content' }, { reuse: { kind: 'reuse', byContent: true } }],
  [{ cache: 'none' }, { cache: 'none' }],
  [{ cache: 'auto' }, { cache: 'auto' }],
  [{ network: 'none' }, { tuning: { ...TUNING, network: 'none' } }],
  [{ network: 'default' }, { tuning: { ...TUNING, network: 'default' } }],
  [{ 'shm-size': '64' }, { tuning: { ...TUNING, shmSize: '64' } }],
  [{ 'shm-size': '64b' }, { tuning: { ...TUNING, shmSize: '64b' } }],
  [{ 'shm-size': '1GB' }, { tuning: { ...TUNING, shmSize: '1GB' } }],
  [{ ulimit: 'nofile=10:-1' }, { tuning: { ...TUNING, ulimits: ['nofile=10:-1'] } }],
  [{ 'add-hosts': 'a-b=host-gateway' }, { tuning: { ...TUNING, addHosts: ['a-b=host-gateway'] } }],
  [
    { attests: 'type=provenance,mode=max', provenance: 'true' },
    { provenance: 'true', tuning: { ...TUNING, attests: [] } },
  ],
])('taken as it is written: %j', (given, expected) =>
  expect(build(given)).toMatchObject({ value: expected, mistakes: [] }),
);
test.each<[string, string]>([
  ['ulimit', '1nofile=1'],
  ['ulimit', 'nofile=1x'],
  ['ulimit', 'nofile=1:'],
  ['network', 'none2'],
  ['allow', 'device='],
  ['allow', 'xfs=/a'],
  ['allow', 'fs.write='],
  ['attests', 'type=provenancex'],
  ['add-hosts', 'a:'],
  ['cache', 'local'],
  ['compression', 'lz4'],
])('%s: %s is none', (name, text) => expect(build({ [name]: text }).mistakes).toHaveLength(1));

test('machines that build', () => {
  const { value, mistakes } = build({ 'builder-nodes': 'linux/amd64 local\nlinux/arm64 ssh://u@h' });
  expect(mistakes).toEqual([]);
  expect(value.builderNodes?.map(({ platforms }) => platforms)).toEqual([['linux/amd64'], ['linux/arm64']]);
});

describe('image-checks', () => {
  const IMAGE = { kind: 'given', reference: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1' } as const;
  const checks = (given: Given, image: ImageInputs = IMAGE) => read(given, (reader) => readImageChecks(reader, image));

  test.each<[string, Given, object | undefined]>([
    ['nothing', {}, undefined],
    ['nothing, in words', { scan: 'none', sign: 'none' }, undefined],
    [
      'a scan',
      { scan: 'wait' },
      { timeoutSeconds: 600, regions: [], sign: 'none', scan: { severity: 'critical', allowed: [] } },
    ],
    [
      'a scan with its limits',
      {
        scan: 'wait',
        'scan-severity': 'MEDIUM',
        'scan-allow': 'CVE-2026-1234 until 2027-01-31 not reachable\n\nGHSA-aaaa-bbbb until 2028-02-29 no fix  yet',
        'image-checks-minutes': '120',
      },
      {
        timeoutSeconds: 7200,
        regions: [],
        sign: 'none',
        scan: {
          severity: 'medium',
          allowed: [
            { id: 'CVE-2026-1234', until: '2027-01-31', reason: 'not reachable' },
            { id: 'GHSA-aaaa-bbbb', until: '2028-02-29', reason: 'no fix  yet' },
          ],
        },
      },
    ],
    ['a signature', { sign: 'cosign' }, { timeoutSeconds: 600, regions: [], sign: 'cosign' }],
    [
      'copies in other Regions, each once',
      { 'wait-for-replication': 'eu-central-1, us-gov-west-1,eu-central-1', 'image-checks-minutes': '1' },
      { timeoutSeconds: 60, regions: ['eu-central-1', 'us-gov-west-1'], sign: 'none' },
    ],
  ])('%s', (_, given, value) => {
    expect(checks(given)).toEqual({ value, mistakes: [], notes: [], warnings: [] });
  });

  const ALLOWANCE =
    'Write the finding, the last day that it is allowed on, and why: `CVE-2026-1234 until 2027-01-31 not reachable`.';
  test.each<[string, Given, string]>([
    ['a scan', { scan: 'yes' }, 'scan: `yes` is not one of `none`, `wait`. Write one of them.'],
    [
      'a severity',
      { scan: 'wait', 'scan-severity': 'worst' },
      'scan-severity: `worst` is not one of `critical`, `high`,',
    ],
    [
      'a severity without a scan',
      { 'scan-severity': 'high' },
      'scan-severity: is for `scan: wait`, and `scan` is not set. Set `scan: wait`, or remove it.',
    ],
    [
      'allowed findings without a scan',
      { sign: 'ecr', 'scan-allow': 'CVE-1 until 2027-01-31 x' },
      'scan-allow: is for `scan: wait`',
    ],
    [
      'minutes',
      { 'image-checks-minutes': '121' },
      'image-checks-minutes: `121` is out of range. Give minutes, from 1 to 120.',
    ],
    ['no minutes', { 'image-checks-minutes': '0' }, 'image-checks-minutes: `0` is out of range.'],
    [
      'a Region',
      { 'wait-for-replication': 'europe' },
      'wait-for-replication: `europe` is not a region. List the Regions that ECR replicates to, such as `eu-central-1,us-east-1`.',
    ],
    [
      'a Region with a zone',
      { 'wait-for-replication': 'eu-west-1a' },
      'wait-for-replication: `eu-west-1a` is not a region.',
    ],
    [
      'a zone of a Region',
      { 'wait-for-replication': 'x eu-west-1' },
      'wait-for-replication: `x eu-west-1` is not a region.',
    ],
    [
      'no day',
      { scan: 'wait', 'scan-allow': 'CVE-1 until soon x' },
      `scan-allow: \`CVE-1 until soon x\` names no day. ${ALLOWANCE}`,
    ],
    ['a day that does not exist', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-02-30 x' }, 'names no day.'],
    ['a day with a time', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-02-20T00:00 x' }, 'names no day.'],
    ['a day without zeros', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-1-31 x' }, 'names no day.'],
    ['a day with a sign', { scan: 'wait', 'scan-allow': 'CVE-1 until +002027-01-31 x' }, 'names no day.'],
    ['no reason', { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-01-31' }, 'is not an allowance.'],
    ['no finding', { scan: 'wait', 'scan-allow': 'until 2027-01-31 x' }, 'is not an allowance.'],
    [
      'a finding twice, whatever its case',
      { scan: 'wait', 'scan-allow': 'CVE-1 until 2027-01-31 x\ncve-1 until 2027-01-31 y' },
      'allows a finding that a line above allows already.',
    ],
  ])('refused: %s', (_, given, mistake) => {
    const { mistakes } = checks(given);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(mistake);
  });

  test('a Region that is wrong is left out, the others are kept', () => {
    expect(checks({ 'wait-for-replication': 'europe,eu-west-1' }).value?.regions).toEqual(['eu-west-1']);
  });

  test('they are about an image of this run, and an input has to name one', () => {
    expect(checks({ scan: 'wait', sign: 'ecr' }, { kind: 'template' }).mistakes).toEqual([
      'scan: is about the image of this run, and no input names one (`scan`, `sign`). Name it with `repository`, `image` or `digests`.',
    ]);
    expect(checks({}, { kind: 'template' }).mistakes).toEqual([]);
  });
});

describe('what stands beside an image', () => {
  const POLICY = JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 },
        action: { type: 'expire' },
      },
    ],
  });
  const of = (given: Given, mode?: Parameters<typeof readImage>[2]) =>
    read(given, (reader) => readImage(reader, FACTS, mode));
  const D = `sha256:${'a'.repeat(64)}`;
  const E = `sha256:${'b'.repeat(64)}`;

  test.each<[string, Given]>([
    ['given', { image: 'app:1' }],
    ['commit', { image: 'commit', repository: 'team/app' }],
    ['digests', { digests: D, repository: 'team/app' }],
  ])('a lifecycle policy for an image that is %s', (kind, given) => {
    const { value, mistakes } = of({ ...given, 'lifecycle-policy': POLICY });
    expect(mistakes).toEqual([]);
    expect(value).toMatchObject({ kind, lifecyclePolicy: expect.anything() });
    expect(of(given).value).not.toHaveProperty('lifecyclePolicy');
  });

  test.each(['build', 'register'] as const)('no lifecycle policy in mode %s', (mode) => {
    const [first] = of({ repository: 'team/app', 'lifecycle-policy': POLICY }, mode).mistakes;
    expect(first).toBe(
      `lifecycle-policy: is checked against what a service runs, and \`mode: ${mode}\` knows no service. Give it to the deploy, or \`repository-settings\` the policy of a new repository.`,
    );
    expect(of({ repository: 'team/app', 'lifecycle-policy': POLICY }).mistakes).toEqual([]);
  });

  test('a push by digest is for mode build', () => {
    const given = { repository: 'team/app', 'push-by-digest': 'true' };
    expect(of(given, 'build').mistakes).toEqual([]);
    for (const mode of ['deploy', 'register'] as const)
      expect(of(given, mode).mistakes).toEqual([expect.stringMatching(/^push-by-digest: pushes one platform without/)]);
  });

  test.each<[Given, string]>([
    [{ image: 'commit' }, 'repository: is missing, and `image: commit` looks for the image of this commit in it.'],
    [{ digests: D }, 'repository: is missing, and the `digests` are in it.'],
    [{ context: 'app' }, 'repository: is missing, but the build is described (`context`).'],
  ])('without the repository: %j', (given, expected) => {
    expect(of(given).mistakes).toEqual([expect.stringContaining(expected)]);
    expect(of({ ...given, repository: 'team/app' }).mistakes).toEqual([]);
  });

  test('digests beside the inputs of a build, each named', () => {
    const { mistakes } = of({ digests: D, repository: 'team/app', tags: 'v1', context: 'app', target: 'prod' });
    expect(mistakes).toEqual([
      'digests: are images that are built, but the build is described too (`context`, `target`). Keep `digests` with `repository`, `tags` and `annotations`, or the inputs of the build.',
    ]);
  });

  test.each<[string, string, readonly string[]]>([
    ['an object of outputs', JSON.stringify({ amd64: D, arm64: '' }), ['arm64']],
    ['outputs of jobs', JSON.stringify({ a: { outputs: { x: D, y: '' } }, b: { outputs: { z: '' } } }), ['y']],
    ['an empty member beside something longer than a digest', JSON.stringify([{ x: `${D}f`, y: '' }, { z: D }]), []],
    ['a list beside null', JSON.stringify({ all: [D, ''], none: null }), []],
    ['no JSON', `{${D}, "x": ""`, []],
  ])('an empty output in %s', (_, digests, names) => {
    const { value, mistakes, warnings } = of({ digests, repository: 'team/app' });
    expect(mistakes).toEqual([]);
    expect(value).toMatchObject({ kind: 'digests', digests: [D] });
    expect(warnings.map((text) => /`(\w+)` is empty in the same object/.exec(text)?.[1])).toEqual(names);
  });

  test.each<[string, readonly string[]]>([
    [`${D}\n${E}\n`, []],
    [`${D}\n\n${E}`, ['digests: item 2 of 3 is empty']],
    [`${D},`, ['digests: item 2 of 2 is empty']],
  ])('an empty line in %j', (digests, warnings) => {
    expect(of({ digests, repository: 'team/app' })).toMatchObject({
      mistakes: [],
      warnings: warnings.map((text) => expect.stringContaining(text)),
    });
  });

  test('what is no digest', () => {
    const wrong = (digests: string) => of({ digests, repository: 'team/app' }).mistakes;
    expect(wrong(`${D} latest`)).toEqual([expect.stringContaining('digests: `latest` is not a digest.')]);
    expect(wrong(`x${D}`)).toEqual([expect.stringContaining('is not a digest.')]);
    expect(wrong('{"a": "sha256:abc"}')).toEqual([expect.stringContaining('digests: has no digest in it.')]);
  });
});
