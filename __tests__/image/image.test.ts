import fc from 'fast-check';
import { Failure } from '../../src/failure.ts';
import { buildArguments, parseMetadata } from '../../src/image/buildx.ts';
import { configDigest, indexPlatforms, normalisePlatform, platformOf } from '../../src/image/image.ts';
import { formatReference, parseEcrHost, parseReference, parseRepository } from '../../src/image/reference.ts';
import type { BuildInputs } from '../../src/inputs/types.ts';
import type { JsonObject } from '../../src/model.ts';
import { BUILD } from './made.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  ['app', { path: 'app' }],
  ['team/app:1.2', { path: 'team/app', tag: '1.2' }],
  ['127.0.0.1:5000/app', { host: '127.0.0.1:5000', path: 'app' }],
  [`host.example/app:1@${DIGEST}`, { host: 'host.example', path: 'app', tag: '1', digest: DIGEST }],
  ['localhost/app', { host: 'localhost', path: 'app' }],
])('the reference %s', (text, expected) => {
  expect(parseReference(text)).toEqual(expected);
  expect(formatReference(parseReference(text))).toBe(text);
});

test.each(['Upper/case', 'app:', '<IMAGE>', 'a b'])('%s is no reference', (text) => {
  expect(() => parseReference(text)).toThrow(Failure);
});

test.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'eu-west-1'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', 'eu-west-1'],
])('ECR in %s', (host, region) => expect(parseEcrHost(host)).toEqual({ registryId: '123456789012', region }));

test('a look-alike host is not ECR', () =>
  expect(parseEcrHost('123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example')).toBeUndefined());

test('a tag in `repository` is refused with the place where it belongs', () => {
  expect(() => parseRepository('team/app:1', 'eu-west-1')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('`tags`') }),
  );
});
const PLAN = {
  references: ['h/app:1'],
  metadataFile: '/m.json',
  secretFiles: [],
  cache: { from: ['a'], to: ['b'] },
  index: false,
};

test.each<[string, Partial<BuildInputs>, string[]]>([
  ['platforms are one flag', { platforms: ['linux/amd64', 'linux/arm64'] }, ['--platform=linux/amd64,linux/arm64']],
  ['a value keeps its = and spaces', { buildArgs: ['A=b=c d'] }, ['--build-arg', 'A=b=c d']],
  ['provenance', { provenance: 'mode=max' }, ['--attest=type=provenance,mode=max']],
  ['no provenance', { provenance: 'false' }, ['--attest=type=provenance,disabled=true']],
  ['a secret by environment', { secretEnvs: [['npm', 'NPM_TOKEN']] }, ['--secret', 'id=npm,env=NPM_TOKEN']],
  ['the caches of the plan', {}, ['--cache-from', 'a', '--cache-to', 'b']],
  [
    'what tunes the build',
    {
      tuning: {
        addHosts: ['docker:10.0.0.1'],
        allow: ['network.host'],
        attests: ['type=sbom'],
        cgroupParent: 'builds',
        network: 'host',
        noCacheFilters: ['test'],
        outputs: ['type=local,dest=out'],
        shmSize: '2g',
        ulimits: ['nofile=1024:2048'],
      },
    },
    [
      ...['--add-host', 'docker:10.0.0.1', '--allow', 'network.host', '--attest', 'type=sbom'],
      ...['--no-cache-filter', 'test', '--output', 'type=local,dest=out', '--ulimit', 'nofile=1024:2048'],
      ...['--cgroup-parent=builds', '--network=host', '--shm-size=2g'],
    ],
  ],
  [
    'an annotation of several platforms',
    { platforms: ['linux/amd64', 'linux/arm64'], annotations: ['a=b'] },
    ['--annotation', 'index,manifest:a=b'],
  ],
  [
    'an annotation of one platform, which may have no index',
    { platforms: ['linux/amd64'], annotations: ['a=b'] },
    ['--annotation', 'a=b'],
  ],
  ["an annotation of the builder's own platform", { annotations: ['a=b'] }, ['--annotation', 'a=b']],
  [
    'an annotation with a level of its own',
    { platforms: ['linux/amd64', 'linux/arm64'], annotations: ['manifest:a=b'] },
    ['--annotation', 'manifest:a=b'],
  ],
])('%s', (_, inputs, expected) => {
  const index = (inputs.platforms ?? []).length > 1;
  const args = buildArguments({ ...BUILD, ...inputs }, { ...PLAN, index });
  expect(args.join('\0')).toContain(expected.join('\0'));
  expect(args.at(-1)).toBe('.');
});

test('a secret value is never an argument', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 8 }), (value) => {
      const args = buildArguments(
        { ...BUILD, secrets: [['id', `s3cret-${value}`]] },
        { ...PLAN, secretFiles: [['id', '/f']] },
      );
      expect(args.some((arg) => arg.includes(`s3cret-${value}`))).toBe(false);
    }),
  );
});

test.each([
  ['linux/arm64/v8', 'linux/arm64'],
  ['Linux/AMD64', 'linux/amd64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/x86-64', 'linux/amd64'],
  ['linux/x86_640', 'linux/x86_640'],
  ['linux/aarch640', 'linux/aarch640'],
  ['linux/arm/v7', 'linux/arm/v7'],
])('the platform %s is %s', (given, platform) => expect(normalisePlatform(given)).toBe(platform));

test.each<[JsonObject, string[]]>([
  [{ os: 'linux', architecture: 'arm', variant: 'v7' }, ['linux/arm/v7']],
  [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, ['linux/arm64']],
  [{ os: 'linux', architecture: 'amd64', variant: '' }, ['linux/amd64']],
  [{ os: 'linux', architecture: 'amd64', variant: 7 }, ['linux/amd64']],
  [{ os: 'unknown', architecture: 'unknown' }, []],
  [{ os: 'linux' }, []],
  [{ architecture: 'amd64' }, []],
])('the platform of %j', (given, platforms) => expect(platformOf(given)).toEqual(platforms));

test('platforms of an index; attestations are none', () => {
  const amd = { os: 'linux', architecture: 'amd64' };
  const arm = { os: 'linux', architecture: 'arm64', variant: 'v8' };
  const manifests = [
    { platform: arm },
    { platform: amd, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
    { platform: amd, annotations: { other: 'x' } },
    { annotations: {} },
    'text',
  ];
  expect(indexPlatforms({ manifests })).toEqual(['linux/arm64', 'linux/amd64']);
  expect(indexPlatforms({ config: { digest: DIGEST } })).toBeUndefined();
});

test('the config of a single manifest', () => {
  expect(configDigest({ config: { digest: DIGEST } })).toBe(DIGEST);
  for (const config of [{}, { digest: 7 }, 'x', null]) expect(configDigest({ config })).toBeUndefined();
});

test('a build without a digest is reported', () => expect(() => parseMetadata('{}')).toThrow(/names no digest/));
