import fc from 'fast-check';
import { isNamed, readWanted, type Wanted } from '../../src/service/wanted.ts';
import type { Revision } from '../../src/world.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const ARN = 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/web:42';

test.each<[string | undefined, Wanted]>([
  [undefined, { kind: 'last-good' }],
  ['42', { kind: 'number', text: '42' }],
  ['web:42', { kind: 'revision', reference: 'web:42' }],
  [ARN, { kind: 'revision', reference: ARN }],
  [DIGEST, { kind: 'digest', digest: DIGEST }],
  [`host.example/app@${DIGEST}`, { kind: 'digest', digest: DIGEST }],
  ['host.example:5000/app:v1.2', { kind: 'name', text: 'v1.2' }],
  ['host.example:5000/app', { kind: 'name', text: 'host.example:5000/app' }],
  ['v1.2.3', { kind: 'name', text: 'v1.2.3' }],
  ['refs/tags/v1.2.3', { kind: 'name', text: 'refs/tags/v1.2.3' }],
  ['feature/login', { kind: 'name', text: 'feature/login' }],
  ['c0ffee1', { kind: 'name', text: 'c0ffee1' }],
  ['20241231235959', { kind: 'name', text: '20241231235959' }],
])('rollback-to: %s', (text, wanted) => expect(readWanted(text)).toEqual(wanted));

test('any text means something', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(readWanted(text).kind).toBeDefined()));
});

const revision = (image: string): Revision => ({
  arn: 'arn:aws:ecs:eu-west-1:1:task-definition/web:1',
  family: 'web',
  revision: 1,
  status: 'ACTIVE',
  tags: [],
  definition: { family: 'web', containerDefinitions: [{ name: 'app', image }] },
});
const known = { commits: ['c0ffee0000000000000000000000000000000000', `${'b'.repeat(40)}`], ref: 'refs/tags/v2.0.0' };

test.each([
  ['its tag', 'v1', 'app:v1', [], true],
  ['another tag that begins alike', 'v1', 'app:v1.1', [], false],
  ['the port of its registry', '5000', 'localhost:5000/app', [], false],
  ['the digest that ECR has under the tag', 'v1', `app@${DIGEST}`, [DIGEST], true],
  ['its tag beside a digest', 'v1', `app:v1@${DIGEST}`, [], true],
  ['its commit, shortened', 'c0ffee0', 'app:x', [], true],
  ['an earlier commit of the same revision', 'bbbbbbb', 'app:x', [], true],
  ['too few letters of a commit', 'c0ffee', 'app:x', [], false],
  ['its release tag', 'v2.0.0', 'app:x', [], true],
  ['its whole ref', 'refs/tags/v2.0.0', 'app:x', [], true],
  ['something else', 'v3', 'app:x', [], false],
])('a revision is known by %s', (_, text, image, digests, expected) =>
  expect(isNamed(text, revision(image), known, digests)).toBe(expected),
);
