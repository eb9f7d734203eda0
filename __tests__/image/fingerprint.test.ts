import fc from 'fast-check';
import {
  commitOfRef,
  contentTag,
  contextSource,
  FINGERPRINT_KEY,
  type FingerprintParts,
  fingerprintOf,
  imagesOfIndex,
  isAttestation,
  originInConfig,
  originInManifest,
  partHashes,
  withoutOrigin,
  withoutShortLived,
} from '../../src/image/fingerprint.ts';
import { isImmutableTag } from '../../src/image/reuse.ts';
import type { JsonObject } from '../../src/model.ts';

const [ONE, TWO] = ['1'.repeat(40), '2'.repeat(40)];
test.each([
  ['main', `${ONE}\trefs/heads/main\n${TWO}\trefs/heads/x/main\n`, ONE],
  ['v1', `${ONE}\trefs/heads/v1\n${TWO}\trefs/tags/v1\n`, undefined],
  ['', `${ONE}\tHEAD\n`, ONE],
  ['pull/1/merge', `${ONE}\trefs/pull/1/merge\n`, ONE],
  ['gone', '', undefined],
  ['tags/v1', `${ONE}\trefs/tags/v1\n`, ONE],
  ['v1', `${ONE}\trefs/heads/v1\n${ONE}\trefs/tags/v1\n`, ONE],
  ['refs/heads/main', `${ONE}\trefs/heads/main\n`, ONE],
  ['main', `${'1'.repeat(64)}\trefs/heads/main\n`, '1'.repeat(64)],
  ['main', `${'1'.repeat(39)}\trefs/heads/main\n`, undefined],
  ['main', `${'1'.repeat(65)}\trefs/heads/main\n`, undefined],
  ['main', `x${ONE}\trefs/heads/main\n`, undefined],
  ['main', `${ONE}\trefs/heads/main x\n`, undefined],
  ['', `${ONE}\trefs/heads/main\n`, undefined],
])('the commit of %j', (ref, listing, commit) => {
  expect(commitOfRef(listing, ref)).toBe(commit);
});

test.each([
  ['.', 'folder'],
  ['./app', 'folder'],
  ['https://github.com/a/b.git', 'git'],
  ['git@github.com:a/b.git#main', 'git'],
  ['github.com/a/b', 'git'],
  ['https://github.com/a/b.git?ref=main', 'unknown'],
  ['https://example.com/a.tar', 'unknown'],
  ['-', 'unknown'],
  ['docker-image://alpine', 'text'],
])('the context %s is a %s', (text, kind) => {
  expect(contextSource(text)).toMatchObject({ kind });
});

test.each([
  [
    `//npm.pkg.github.com/:_authToken=ghs_${'a'.repeat(36)}\nregistry=x`,
    '//npm.pkg.github.com/:_authToken=<token>\nregistry=x',
  ],
  [`eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${'c'.repeat(20)}`, '<token>'],
  [
    '[default]\naws_access_key_id=ASIAABCDEFGHIJKLMNOP\naws_session_token=x\nregion=y',
    '[default]\n<key>\n<key>\nregion=y',
  ],
  ['[default]\naws_access_key_id=AKIAABCDEFGHIJKLMNOP', '[default]\naws_access_key_id=AKIAABCDEFGHIJKLMNOP'],
  ['ghp_0123456789012345678901234567890123456', 'ghp_0123456789012345678901234567890123456'],
])('what lives for one job is left out: %j', (text, rest) => {
  expect(withoutShortLived(text)).toBe(rest);
});

test('labels of docker/metadata-action that say when and where are left out, at each level', () => {
  expect(
    withoutOrigin([
      'org.opencontainers.image.created=now',
      'org.opencontainers.image.title=web',
      'index,manifest:org.opencontainers.image.revision=abc',
      'manifest[linux/amd64]:org.opencontainers.image.version=1',
      'team=org.opencontainers.image.created=x',
    ]),
  ).toEqual(['org.opencontainers.image.title=web', 'team=org.opencontainers.image.created=x']);
});

test('MUTABLE_WITH_EXCLUSION is the mirror of IMMUTABLE_WITH_EXCLUSION', () => {
  const filter = fc.stringMatching(/^[a-z0-9.*-]{1,6}$/);
  const tag = fc.stringMatching(/^[a-z0-9.-]{1,6}$/);
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 5 }), tag, (exclusions, name) => {
      const [one, other] = [true, false].map((immutable) => isImmutableTag(name, { immutable, exclusions }));
      expect(one).toBe(!other);
    }),
  );
  expect(isImmutableTag('latest', { immutable: true, exclusions: ['latest'] })).toBe(false);
  expect(isImmutableTag('latest-1', { immutable: true, exclusions: ['latest'] })).toBe(true);
  expect(isImmutableTag('dev-1', { immutable: true, exclusions: ['dev-*'] })).toBe(false);
  expect(isImmutableTag('1x2', { immutable: true, exclusions: ['1.2'] })).toBe(true);
  expect(isImmutableTag('v1', { immutable: false, exclusions: ['v*'] })).toBe(true);
  expect(isImmutableTag('v1', undefined)).toBe(false);
});

const PARTS: FingerprintParts = {
  dockerfile: { path: 'Dockerfile', text: 'FROM scratch' },
  context: 'hash',
  buildContexts: [
    ['a', '1'],
    ['b', '2'],
  ],
  target: 'final',
  buildArgs: ['A=1', 'B', 'C=x=y'],
  platforms: ['linux/amd64', 'linux/arm64'],
  labels: ['a=1', 'b=2'],
  annotations: ['a=1', 'b=2'],
  secrets: { ids: ['a', 'b'], values: 'v' },
  ssh: ['a', 'b'],
  provenance: 'mode=max',
  sbom: 'true',
  exports: ['a', 'b'],
  network: ['none', 'add'],
  sourceDateEpoch: '1',
};

describe('the parts of a fingerprint', () => {
  const { dockerfile: _, ...withoutDockerfile } = PARTS;
  test.each<[string, FingerprintParts]>([
    ['buildContexts', { ...PARTS, buildContexts: [...PARTS.buildContexts].reverse() }],
    ['buildArgs', { ...PARTS, buildArgs: [...PARTS.buildArgs].reverse() }],
    ['buildArgs, given twice', { ...PARTS, buildArgs: ['A=0', ...PARTS.buildArgs] }],
    ['platforms', { ...PARTS, platforms: [...PARTS.platforms].reverse() }],
    ['labels', { ...PARTS, labels: [...PARTS.labels].reverse() }],
    ['annotations', { ...PARTS, annotations: [...PARTS.annotations].reverse() }],
    ['secrets', { ...PARTS, secrets: { ...PARTS.secrets, ids: [...PARTS.secrets.ids].reverse() } }],
    ['ssh', { ...PARTS, ssh: [...PARTS.ssh].reverse() }],
    ['exports', { ...PARTS, exports: [...PARTS.exports].reverse() }],
  ])('the order does not count: %s', (_name, parts) => expect(fingerprintOf(parts)).toBe(fingerprintOf(PARTS)));

  test.each<[string, FingerprintParts]>([
    ['dockerfile', withoutDockerfile],
    ['context', { ...PARTS, context: 'other' }],
    ['buildContexts', { ...PARTS, buildContexts: [['a', '1']] }],
    ['target', { ...PARTS, target: '' }],
    ['buildArgs', { ...PARTS, buildArgs: ['A=1', 'B=', 'C=x=y'] }],
    ['buildArgs', { ...PARTS, buildArgs: ['A=1', 'B', 'C=x=z'] }],
    ['platforms', { ...PARTS, platforms: ['linux/amd64'] }],
    ['labels', { ...PARTS, labels: ['a=1'] }],
    ['annotations', { ...PARTS, annotations: ['a=1', 'b=3'] }],
    ['secrets', { ...PARTS, secrets: { ids: ['a'], values: 'v' } }],
    ['secrets', { ...PARTS, secrets: { ids: ['a', 'b'], values: 'w' } }],
    ['ssh', { ...PARTS, ssh: ['a'] }],
    ['provenance', { ...PARTS, provenance: '' }],
    ['sbom', { ...PARTS, sbom: '' }],
    ['exports', { ...PARTS, exports: ['a'] }],
    ['network', { ...PARTS, network: ['add', 'none'] }],
    ['sourceDateEpoch', { ...PARTS, sourceDateEpoch: '2' }],
  ])('each counts, and the debug log shows which: %s', (name, parts) => {
    expect(fingerprintOf(parts)).not.toBe(fingerprintOf(PARTS));
    const [before, after] = [PARTS, parts].map((one) => partHashes(one).split(', '));
    const changed = after?.filter((part, i) => part !== before?.[i]);
    expect(changed).toEqual([expect.stringMatching(new RegExp(`^${name} [0-9a-f]{12}$`))]);
  });

  test('the tag of a content', () => {
    expect(fingerprintOf(PARTS)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(contentTag('sha256:0a1b')).toBe('content-0a1b');
  });
});

const LAYOUT = `oci-layout:///layout@sha256:${'a'.repeat(64)}`;
test.each<[text: string, source: object]>([
  ['docker-image://alpine', { kind: 'text', text: 'docker-image://alpine' }],
  [LAYOUT, { kind: 'text', text: LAYOUT }],
  [`${LAYOUT}a`, { kind: 'unknown', why: `\`${LAYOUT}a\` does not name its image by digest` }],
  ['git://h/a#b:c:d', { kind: 'git', url: 'git://h/a', ref: 'b', folder: 'c:d' }],
  ['ssh://git@h/a', { kind: 'git', url: 'ssh://git@h/a', ref: '', folder: '' }],
  ['git@h:a.git#:f', { kind: 'git', url: 'git@h:a.git', ref: '', folder: 'f' }],
  ['github.com/a/b#v1', { kind: 'git', url: 'https://github.com/a/b', ref: 'v1', folder: '' }],
  ['http://h/a.git', { kind: 'git', url: 'http://h/a.git', ref: '', folder: '' }],
  ['https://h/a.git?ref=x', { kind: 'unknown', why: 'the Git context `https://h/a.git` has a query' }],
  ['https://h/github.com/a', { kind: 'unknown', why: 'the context `https://h/github.com/a` is a remote archive' }],
  ['https://h/a.gitx', { kind: 'unknown', why: 'the context `https://h/a.gitx` is a remote archive' }],
  ['http://h/a.tar', { kind: 'unknown', why: 'the context `http://h/a.tar` is a remote archive' }],
  ['./github.com/a', { kind: 'folder', path: './github.com/a' }],
  ['./git@h', { kind: 'folder', path: './git@h' }],
  ['a.git', { kind: 'folder', path: 'a.git' }],
  ['x/https://a', { kind: 'folder', path: 'x/https://a' }],
  ['x/https://h/a.git', { kind: 'folder', path: 'x/https://h/a.git' }],
  ['-', { kind: 'unknown', why: 'the context is read from standard input' }],
])('what the context %s is', (text, source) => expect(contextSource(text)).toEqual(source));

describe('what an image says of its build', () => {
  const REVISION = 'org.opencontainers.image.revision';
  test.each<[values: JsonObject, origin: object]>([
    [
      { [FINGERPRINT_KEY]: 'sha256:1', [REVISION]: 'abc', other: 'x' },
      { fingerprint: 'sha256:1', revision: 'abc' },
    ],
    [{ [FINGERPRINT_KEY]: 'sha256:1' }, { fingerprint: 'sha256:1' }],
    [{ [REVISION]: 'abc' }, { revision: 'abc' }],
    [{ [FINGERPRINT_KEY]: '', [REVISION]: '' }, {}],
    [{ [FINGERPRINT_KEY]: 1, [REVISION]: null }, {}],
    [{}, {}],
  ])('%j', (values, origin) => {
    expect(originInManifest({ annotations: values })).toEqual(origin);
    expect(originInConfig({ config: { Labels: values } })).toEqual(origin);
  });

  test('the label that published images have', () => expect(FINGERPRINT_KEY).toBe('io.github.ecs-rollout.fingerprint'));

  test('nothing where there are no annotations or labels', () => {
    expect([originInManifest({}), originInManifest({ annotations: null })]).toEqual([{}, {}]);
    expect([originInConfig({}), originInConfig({ config: 'x' }), originInConfig({ config: {} })]).toEqual([{}, {}, {}]);
  });

  test('the images of an index, without attestations and what has no digest or platform', () => {
    const platform = { os: 'linux', architecture: 'amd64' };
    const attestation = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const manifests = [
      { digest: 'sha256:1', platform },
      { digest: 'sha256:2', platform, annotations: attestation },
      { digest: 'sha256:3' },
      { digest: 4, platform },
      { platform },
      'odd',
      { digest: 'sha256:5', platform: { os: 'linux', architecture: 'arm64' } },
    ];
    expect(imagesOfIndex({ manifests })).toEqual(['sha256:1', 'sha256:5']);
    expect([imagesOfIndex({ manifests: [] }), imagesOfIndex({}), imagesOfIndex({ manifests: 'x' })]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });
});

test.each([
  [`ghu_${'a'.repeat(16)}`, '<token>'],
  [`ghs_${'a'.repeat(15)}`, `ghs_${'a'.repeat(15)}`],
  [`xghs_${'a'.repeat(16)}`, `xghs_${'a'.repeat(16)}`],
  [`eyJ${'a'.repeat(10)}`, '<token>'],
  [`eyJ${'a'.repeat(9)}`, `eyJ${'a'.repeat(9)}`],
  [`ya29.${'a'.repeat(16)} b`, '<token> b'],
  [`ya29.${'a'.repeat(15)}`, `ya29.${'a'.repeat(15)}`],
  [`a\nx ASIA${'A'.repeat(12)} y\nb`, 'a\n<key>\nb'],
  [`ASIA${'A'.repeat(11)}`, `ASIA${'A'.repeat(11)}`],
  ['AWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=y', '<key>\n<key>'],
  ['AWS_SECRET_ACCESS_KEY=x', 'AWS_SECRET_ACCESS_KEY=x'],
])('%j without what lives for one job', (text, rest) => expect(withoutShortLived(text)).toBe(rest));

test('an attestation is known by its layers', () => {
  expect(isAttestation({ layers: [{ mediaType: 'application/vnd.in-toto+json' }] })).toBe(true);
  expect(isAttestation({ layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }, null] })).toBe(false);
  expect([isAttestation({}), isAttestation({ manifests: [] })]).toEqual([false, false]);
});
