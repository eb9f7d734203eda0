import { annotatesIndex, buildArguments, exportAttributes, makesIndex, parseMetadata } from '../../src/image/buildx.ts';
import { readImage } from '../../src/inputs/image.ts';
import { FACTS, read } from '../inputs/made.ts';
import { CONTEXT } from '../support/world.ts';

/** The arguments that inputs of a build become, between the first five and the context. */
function argumentsOf(
  given: Readonly<Record<string, string>>,
  plan: Partial<Parameters<typeof buildArguments>[1]> = {},
): string[] {
  const { value } = read({ repository: 'app', ...given }, (reader) => readImage(reader, FACTS));
  if (value.kind !== 'build') throw new Error(value.kind);
  const build = { ...value.build, labels: value.build.labels.filter((label) => !label.startsWith('org.')) };
  const all = buildArguments(build, {
    references: [],
    metadataFile: '/m',
    secretFiles: [],
    cache: { from: [], to: [] },
    index: (given.platforms ?? '').includes(','),
    ...plan,
  });
  expect(all.slice(0, 5)).toEqual(['buildx', 'build', '--progress=plain', '--push', '--metadata-file=/m']);
  expect(all.at(-1)).toBe(given.context ?? '.');
  return all.slice(5, -1);
}

test.each<[string, Record<string, string>, string[]]>([
  ['nothing', {}, []],
  ['context', { context: 'app' }, []],
  ['platforms', { platforms: 'linux/amd64,linux/arm64' }, ['--platform=linux/amd64,linux/arm64']],
  ['file', { file: 'a/Dockerfile' }, ['--file=a/Dockerfile']],
  ['target', { target: 'release' }, ['--target=release']],
  ['build-args', { 'build-args': 'A=1\nB=2' }, ['--build-arg', 'A=1', '--build-arg', 'B=2']],
  ['build-contexts', { 'build-contexts': 'a=b' }, ['--build-context', 'a=b']],
  ['build-secret-files', { 'build-secret-files': 'a=/x' }, ['--secret', 'id=a,src=/x']],
  ['ssh', { ssh: 'default' }, ['--ssh', 'default']],
  ['labels', { labels: 'a=b' }, ['--label', 'a=b']],
  ['annotations', { annotations: 'a=b' }, ['--annotation', 'a=b']],
  [
    'annotations of one platform',
    { annotations: 'a=b', platforms: 'linux/arm64' },
    ['--platform=linux/arm64', '--annotation', 'a=b'],
  ],
  ...[
    'index:a=b',
    'manifest:a=b',
    'index,manifest:a=b',
    'manifest[linux/amd64]:a=b',
    'index-descriptor:a=b',
    'manifest-descriptor:a=b',
  ].map((annotation): [string, Record<string, string>, string[]] => [
    `an annotation with its level, ${annotation}`,
    { annotations: annotation, platforms: 'linux/amd64,linux/arm64' },
    ['--platform=linux/amd64,linux/arm64', '--annotation', annotation],
  ]),
  [
    'an annotation of several platforms',
    { annotations: 'a.index:b=c', platforms: 'linux/amd64,linux/arm64' },
    ['--platform=linux/amd64,linux/arm64', '--annotation', 'index,manifest:a.index:b=c'],
  ],
  ['provenance', { provenance: 'mode=max' }, ['--attest=type=provenance,mode=max']],
  ['provenance as a switch', { provenance: 'True' }, ['--attest=type=provenance']],
  ['no provenance', { provenance: 'FALSE' }, ['--attest=type=provenance,disabled=true']],
  ['sbom', { sbom: 'true' }, ['--attest=type=sbom']],
  ['sbom with a generator', { sbom: 'generator=true.example/x' }, ['--attest=type=sbom,generator=true.example/x']],
  ['add-hosts', { 'add-hosts': 'a:1' }, ['--add-host', 'a:1']],
  ['allow', { allow: 'network.host' }, ['--allow', 'network.host']],
  ['attests', { attests: 'type=sbom' }, ['--attest', 'type=sbom']],
  ['no-cache-filters', { 'no-cache-filters': 'a' }, ['--no-cache-filter', 'a']],
  ['outputs', { outputs: 'type=local,dest=x' }, ['--output', 'type=local,dest=x']],
  ['ulimit', { ulimit: 'core=1' }, ['--ulimit', 'core=1']],
  ['cgroup-parent', { 'cgroup-parent': '/x' }, ['--cgroup-parent=/x']],
  ['network', { network: 'host' }, ['--network=host']],
  ['shm-size', { 'shm-size': '64m' }, ['--shm-size=64m']],
  ['pull', { pull: 'true' }, ['--pull']],
  ['no-cache', { 'no-cache': 'true' }, ['--no-cache']],
])('the arguments of docker: %s', (_, given, expected) => expect(argumentsOf(given)).toEqual(expected));

test('what the run decides: builder, references, secrets, cache and fingerprint', () => {
  const plan = {
    builder: 'b1',
    references: ['host/app:1', 'host/app:2'],
    secretFiles: [['id', '/f']] as const,
    cache: { from: ['type=gha'], to: ['type=gha,mode=max'] },
    fingerprint: 'abc',
  };
  expect(argumentsOf({ labels: 'a=b', annotations: 'a=b' }, plan)).toEqual([
    '--builder=b1',
    ...['--tag', 'host/app:1', '--tag', 'host/app:2'],
    ...['--secret', 'id=id,src=/f'],
    ...['--cache-from', 'type=gha', '--cache-to', 'type=gha,mode=max'],
    ...['--label', 'a=b', '--label', 'io.github.ecs-rollout.fingerprint=abc'],
    ...['--annotation', 'a=b', '--annotation', 'io.github.ecs-rollout.fingerprint=abc'],
  ]);
});

test('a build secret of a variable is given by its name', () => {
  const { value } = read({ repository: 'app', 'build-secret-envs': 'a=A' }, (reader) =>
    readImage(reader, { context: CONTEXT, env: { A: 'hunter2' } }),
  );
  if (value.kind !== 'build') throw new Error(value.kind);
  const all = buildArguments(value.build, {
    references: [],
    metadataFile: '/m',
    secretFiles: [],
    cache: { from: [], to: [] },
    index: false,
  });
  expect(all.join(' ')).toContain('--secret id=a,env=A');
  expect(all.join(' ')).not.toContain('hunter2');
});

test.each<[string, Record<string, string>, 'buildkit' | 'classic', string]>([
  ['media types are explicit', {}, 'buildkit', '--output=type=image,push=true,oci-mediatypes=true'],
  ['the docker driver without containerd takes none', {}, 'classic', '--push'],
  ["a user's own image export keeps its attributes", { outputs: 'type=image,compression=gzip' }, 'buildkit', '--push'],
  [
    'zstd',
    { compression: 'zstd' },
    'buildkit',
    '--output=type=image,push=true,oci-mediatypes=true,compression=zstd,force-compression=true',
  ],
  [
    'timestamps',
    { reproducible: 'true', compression: 'gzip' },
    'buildkit',
    '--output=type=image,push=true,oci-mediatypes=true,compression=gzip,rewrite-timestamp=true,store=false',
  ],
])('the export: %s', (_, given, exporter, expected) => {
  const { value } = read({ repository: 'app', ...given }, (reader) => readImage(reader, FACTS));
  if (value.kind !== 'build') throw new Error(value.kind);
  const plan = { references: [], metadataFile: '/m', secretFiles: [], cache: { from: [], to: [] }, index: false };
  expect(buildArguments(value.build, { ...plan, attributes: exportAttributes(value.build, exporter) })).toContain(
    expected,
  );
});

test('compression beside an image in outputs is a mistake', () => {
  const { mistakes } = read({ repository: 'app', compression: 'zstd', outputs: 'type=image,name=x' }, (reader) =>
    readImage(reader, FACTS),
  );
  expect(JSON.stringify(mistakes)).toContain('force-compression=true');
});

describe('the commit is an annotation too', () => {
  const REVISION = 'org.opencontainers.image.revision';
  const annotations = (given: Record<string, string>): string[] => {
    const { value } = read({ repository: 'app', ...given }, (reader) => readImage(reader, FACTS));
    if (value.kind !== 'build') throw new Error(value.kind);
    const all = buildArguments(value.build, {
      references: [],
      metadataFile: '/m',
      secretFiles: [],
      cache: { from: [], to: [] },
      index: false,
    });
    return all.filter((one, i) => all[i - 1] === '--annotation' && !one.startsWith('org.opencontainers.image.source='));
  };
  test.each<[string, Record<string, string>, string[]]>([
    ['that of the event', {}, [`${REVISION}=${CONTEXT.sha}`]],
    ["the user's label", { labels: `${REVISION}=abc` }, [`${REVISION}=abc`]],
    ["not beside the user's annotation", { annotations: `x=y\n${REVISION}=abc` }, ['x=y', `${REVISION}=abc`]],
    [
      "not beside the user's annotation with a level",
      { annotations: `index:${REVISION}=abc` },
      [`index:${REVISION}=abc`],
    ],
    [
      'beside one that only ends so',
      { annotations: `my.${REVISION}=abc` },
      [`${REVISION}=${CONTEXT.sha}`, `my.${REVISION}=abc`],
    ],
  ])('%s', (_, given, expected) => expect(annotations(given)).toEqual(expected));
  test('so are source and version', () => {
    const { value } = read({ repository: 'app' }, (reader) =>
      readImage(reader, { ...FACTS, context: { ...CONTEXT, refType: 'tag', refName: 'v1.2.3' } }),
    );
    if (value.kind !== 'build') throw new Error(value.kind);
    const build = { ...value.build, platforms: ['linux/amd64', 'linux/arm64'] };
    const all = buildArguments(build, {
      references: [],
      metadataFile: '/m',
      secretFiles: [],
      cache: { from: [], to: [] },
      index: true,
    });
    expect(all).toContain('index,manifest:org.opencontainers.image.version=v1.2.3');
    expect(all).toContain(`index,manifest:org.opencontainers.image.source=https://github.com/${CONTEXT.repository}`);
  });
});

const DIGEST = `sha256:${'a'.repeat(64)}`;
test.each<[string, string, boolean]>([
  ['a digest', JSON.stringify({ 'containerimage.digest': DIGEST, x: 1 }), true],
  ['no digest', '{}', false],
  ['another digest', JSON.stringify({ 'containerimage.digest': `${DIGEST}0` }), false],
  ['a digest behind more', JSON.stringify({ 'containerimage.digest': `x${DIGEST}` }), false],
  ['a short digest', JSON.stringify({ 'containerimage.digest': 'sha256:a' }), false],
  ['a number', JSON.stringify({ 'containerimage.digest': 7 }), false],
  ['no JSON', 'oops', false],
])("buildx's metadata with %s", (_, text, right) => {
  if (right) expect(parseMetadata(text)).toEqual({ digest: DIGEST, all: { 'containerimage.digest': DIGEST, x: 1 } });
  else
    expect(() => parseMetadata(text)).toThrow(
      expect.objectContaining({
        code: 'BUILD_FAILED',
        message: expect.stringContaining('names no digest'),
        remedy: expect.stringContaining('buildx (0.12'),
      }),
    );
});

describe('the index of one platform', () => {
  const buildOf = (given: Record<string, string>) => {
    const { value } = read({ repository: 'app', platforms: 'linux/amd64', ...given }, (reader) =>
      readImage(reader, FACTS),
    );
    if (value.kind !== 'build') throw new Error(value.kind);
    return value.build;
  };
  test.each<[Record<string, string>, boolean, string?]>([
    [{}, true],
    [{ provenance: 'false' }, false],
    [{ provenance: 'false', sbom: 'true' }, true],
    [{ provenance: 'mode=max' }, true, '1'],
    [{ attests: 'type=provenance,disabled=true' }, false],
    [{ attests: 'type=sbom' }, true, '1'],
    [{ platforms: 'linux/amd64,linux/arm64', provenance: 'false' }, true],
    // buildx attaches nothing by itself to an export as a file, and nothing at all to one for Docker.
    [{ outputs: 'type=oci,dest=a.tar' }, false],
    [{ outputs: 'type=oci,dest=a.tar', provenance: 'true' }, true],
    [{ outputs: 'type=docker,dest=a.tar', provenance: 'true' }, false],
    [{ outputs: 'type=local,dest=a' }, true],
    [{}, false, '1'],
    [{}, false, 'true'],
    [{}, true, '0'],
  ])('%j: %s (BUILDX_NO_DEFAULT_ATTESTATIONS=%s)', (given, made, off = undefined) => {
    const variable = (name: string): string | undefined =>
      name === 'BUILDX_NO_DEFAULT_ATTESTATIONS' ? off : undefined;
    expect(makesIndex(buildOf(given), variable)).toBe(made);
  });
  test.each([
    ['a=b', false],
    ['index:a=b', true],
    ['manifest,index:a=b', true],
    ['index[linux/amd64]:a=b', true],
    ['manifest[linux/amd64],index-descriptor:a=b', true],
    ['manifest:a=b', false],
    ['a.index:b=c', false],
    ['a=index:b', false],
  ])('%s is for the index: %s', (annotations, is) => expect(annotatesIndex(buildOf({ annotations }))).toBe(is));
  test('it is annotated as the manifest is', () => {
    expect(argumentsOf({ annotations: 'a=b', platforms: 'linux/amd64' }, { index: true })).toContain(
      'index,manifest:a=b',
    );
  });
});
