import fc from 'fast-check';
import type { Revision } from '../../src/model.ts';
import { namedBy, otherSpelling, parseTarget, type RequestedTarget } from '../../src/service/find-target.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const ARN = 'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/web:42';

test.each<[string | undefined, RequestedTarget]>([
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
  ['007', { kind: 'name', text: '007' }],
  ['20241231235959', { kind: 'name', text: '20241231235959' }],
])('rollback-to: %s', (text, wanted) => expect(parseTarget(text)).toEqual(wanted));

test('any text but a foreign ARN means something', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.startsWith('arn:')),
      (text) => expect(parseTarget(text).kind).toBeDefined(),
    ),
  );
  expect(() => parseTarget('arn:aws:ecs:eu-west-1:1:service/web')).toThrow(/is not the ARN of a task definition/);
});

const revision = (...images: string[]): Revision => ({
  arn: 'arn:aws:ecs:eu-west-1:1:task-definition/web:1',
  family: 'web',
  revision: 1,
  status: 'ACTIVE',
  tags: [],
  definition: {
    family: 'web',
    containerDefinitions: images.map((image, i) => ({ name: ['app', 'agent'][i] ?? '', image, essential: i === 0 })),
  },
});
const known = {
  commits: ['c0ffee0000000000000000000000000000000000', `${'b'.repeat(40)}`],
  refs: ['refs/tags/v2.0.0', 'refs/heads/fix-12'],
};
const service = (...balanced: string[]) => ({ loadBalancers: balanced.map((containerName) => ({ containerName })) });

test.each([
  ['its tag', 'v1', 'app:v1', [], 'itself'],
  ['another tag that begins alike', 'v1', 'app:v1.1', [], undefined],
  ['the port of its registry', '5000', 'localhost:5000/app', [], undefined],
  ['the digest that ECR has under the tag', 'v1', `app@${DIGEST}`, [DIGEST], 'itself'],
  ['its tag beside a digest', 'v1', `app:v1@${DIGEST}`, [], 'itself'],
  ['its commit, shortened', 'c0ffee0', 'app:x', [], 'itself'],
  ['its commit in capitals', 'C0FFEE0', 'app:x', [], 'itself'],
  ['an earlier commit of the same revision', 'bbbbbbb', 'app:x', [], 'itself'],
  ['too few letters of a commit', 'c0ffee', 'app:x', [], undefined],
  ['its release tag', 'v2.0.0', 'app:x', [], 'itself'],
  ['its whole ref', 'refs/tags/v2.0.0', 'app:x', [], 'itself'],
  ['a branch with letters that no AWS tag takes', 'fix#12', 'app:x', [], 'itself'],
  ['the same as a whole ref', 'refs/heads/fix#12', 'app:x', [], 'itself'],
  ['something else', 'v3', 'app:x', [], undefined],
] as const)('a revision is known by %s', (_, text, image, digests, expected) =>
  expect(namedBy({ text, digests }, revision(image), { known, service: service() })).toBe(expected),
);

test.each([
  ['a sidecar', 'v7', service(), 'sidecar'],
  ['what the load balancer sends requests to, essential or not', 'v7', service('agent'), 'itself'],
  ['an essential container that the load balancer does not know', 'v6', service('agent'), 'sidecar'],
  ['an essential container', 'v6', service(), 'itself'],
])('by the image of %s', (_, text, { loadBalancers }, expected) =>
  expect(namedBy({ text, digests: [] }, revision('app:v6', 'agent:v7'), { known, service: { loadBalancers } })).toBe(
    expected,
  ),
);

test.each([
  ['1.2.0', 'v1.2.0'],
  ['v1.2.0', '1.2.0'],
  ['refs/tags/v1.2.0', 'refs/tags/1.2.0'],
  ['v12', undefined],
  ['main', undefined],
])('the other way to write %s', (text, expected) => expect(otherSpelling(text)).toBe(expected));
