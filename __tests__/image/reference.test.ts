import { Failure } from '../../src/failure.ts';
import {
  formatReference,
  parseEcrHost,
  parseReference,
  parseRepository,
  type Reference,
  type Repository,
} from '../../src/image/reference.ts';

const digest = (digits: number): string => `sha256:${'a'.repeat(digits)}`;

test.each<[text: string, reference: Reference]>([
  ['app', { path: 'app' }],
  ['team/app:1.2', { path: 'team/app', tag: '1.2' }],
  ['a.b/app', { host: 'a.b', path: 'app' }],
  ['a:1/app', { host: 'a:1', path: 'app' }],
  ['localhost/app', { host: 'localhost', path: 'app' }],
  ['localhosts/app', { path: 'localhosts/app' }],
  ['app:5000', { path: 'app', tag: '5000' }],
  ['a.b/c/d:1', { host: 'a.b', path: 'c/d', tag: '1' }],
  ['a.b', { path: 'a.b' }],
  ['a_b/c__d/e-f/g--h/i---j', { path: 'a_b/c__d/e-f/g--h/i---j' }],
  ['a__b--c---d.e_f', { path: 'a__b--c---d.e_f' }],
  [`app:${'a'.repeat(128)}`, { path: 'app', tag: 'a'.repeat(128) }],
  ['app:_x', { path: 'app', tag: '_x' }],
  [`app@${digest(64)}`, { path: 'app', digest: digest(64) }],
  [`a.b/app:1@${digest(64)}`, { host: 'a.b', path: 'app', tag: '1', digest: digest(64) }],
])('%s is a reference', (text, reference) => {
  expect(parseReference(text)).toEqual(reference);
  expect(formatReference(reference)).toBe(text);
});

test.each([
  '',
  '/app',
  'app/',
  'a.b/',
  'a//b',
  'App',
  'a___b',
  'a..b',
  'a._b',
  '-a',
  'a-',
  'a b',
  'app:',
  'app:.x',
  'app:-x',
  `app:${'a'.repeat(129)}`,
  'app@',
  `app@${digest(63)}`,
  `app@${digest(65)}`,
  `app@sha256:${'A'.repeat(64)}`,
  `app@${digest(64)}:1`,
])('%j is not a reference', (text) => {
  expect(() => parseReference(text)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: `\`${text}\` is not an image reference.`,
      remedy: expect.stringContaining('HOST/NAME@sha256:DIGEST'),
    }),
  );
  expect(() => parseReference(text)).toThrow(Failure);
});

const ID = '123456789012';
test.each<[host: string, region: string | undefined]>([
  [`${ID}.dkr.ecr.eu-west-1.amazonaws.com`, 'eu-west-1'],
  [`${ID}.dkr.ecr-fips.us-east-1.amazonaws.com`, 'us-east-1'],
  [`${ID}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1'],
  [`${ID}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1'],
  [`${ID}.dkr-ecr-fips.us-east-1.on.aws`, 'us-east-1'],
  [`${ID}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'cn-north-1'],
  [`${ID}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1'],
  [`${ID}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1'],
  [`${ID}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'eu-isoe-west-1'],
  [`${ID}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`, 'us-isof-south-1'],
  [`${ID}1.dkr.ecr.eu-west-1.amazonaws.com`, undefined],
  [`${ID.slice(1)}.dkr.ecr.eu-west-1.amazonaws.com`, undefined],
  [`${ID}.dkrxecr.eu-west-1.amazonaws.com`, undefined],
  [`${ID}.dkr.ecr..amazonaws.com`, undefined],
  [`${ID}.dkr.ecr.eu-west-1.amazonaws.com.evil.example`, undefined],
  [`x.${ID}.dkr.ecr.eu-west-1.amazonaws.com`, undefined],
  ['', undefined],
])('the host %s is ECR in %s', (host, region) =>
  expect(parseEcrHost(host)).toEqual(region && { registryId: ID, region }),
);

const HOST = `${ID}.dkr.ecr.us-east-1.amazonaws.com`;
test.each<[text: string, repository: Repository]>([
  ['team/app', { kind: 'own', name: 'team/app', region: 'eu-west-1' }],
  [`${HOST}/team/app`, { kind: 'ecr', name: 'team/app', host: HOST, registryId: ID, region: 'us-east-1' }],
  ['public.ecr.aws/acme/app', { kind: 'public', name: 'acme/app' }],
  ['ghcr.io/acme/app', { kind: 'other', name: 'acme/app', host: 'ghcr.io' }],
])('the repository %s', (text, repository) => expect(parseRepository(text, 'eu-west-1')).toEqual(repository));

test.each([
  ['app:1', 'tag', 'app'],
  [`${HOST}/app:1`, 'tag', `${HOST}/app`],
  [`app@${digest(64)}`, 'digest', 'app'],
  [`app:1@${digest(64)}`, 'tag', 'app'],
])('the repository %s has a %s', (text, what, right) =>
  expect(() => parseRepository(text, 'eu-west-1')).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: `repository: \`${text}\` has a ${what}.`,
      remedy: `Write \`${right}\`, and the tag in the input \`tags\`.`,
    }),
  ),
);
