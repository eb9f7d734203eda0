import fc from 'fast-check';
import { Failure, type FailureCode } from '../../src/failure.ts';
import type { DeploymentState, Revision, ServiceEvent, ServiceState } from '../../src/model.ts';
import type { Ecr, Ecs } from '../../src/ports.ts';
import {
  findTarget,
  type Known,
  namedBy,
  otherSpelling,
  parseTarget,
  type RequestedTarget,
} from '../../src/service/find-target.ts';
import { service as made, ours } from '../report/made.ts';
import { arn, denied, remembering } from './made.ts';

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
  for (const text of ['arn:aws:ecs:eu-west-1:1:service/web', `${ARN}x`])
    expect(() => parseTarget(text)).toThrow(/is not the ARN of a task definition/);
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

test.each(['web:1x', ' web:1', 'x:web:1', 'refs/x/a:b'])('%s is a name like any other', (text) =>
  expect(parseTarget(text)).toEqual({ kind: 'name', text }),
);

/** Revisions web:1, web:2, ... of which each runs app:vN in ECR. */
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const NOW = 86_400_000;
const release = (n: number, more: Partial<Revision> = {}): Revision => ({
  arn: arn(n),
  family: 'web',
  revision: n,
  status: 'ACTIVE',
  tags: [],
  definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${HOST}/app:v${n}.0` }] },
  ...more,
});
const current = (n: number, more: Partial<DeploymentState> = {}): DeploymentState =>
  ours({
    id: `ecs-svc/${n}`,
    taskDefinitionArn: arn(n),
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    createdAt: n,
    ...more,
  });

interface Situation {
  readonly live?: number;
  readonly succeeded?: readonly number[];
  readonly rolledBack?: readonly (readonly [number, number])[];
  /** ACTIVE, or as they are given; those of `deleted` are not described. */
  readonly revisions?: readonly Revision[];
  readonly deleted?: readonly number[];
  /** By revision. */
  readonly known?: Readonly<Record<number, Partial<Known>>>;
  readonly chosen?: number;
  readonly attempt?: 'first' | 'again';
  readonly deployments?: readonly DeploymentState[];
  readonly events?: readonly ServiceEvent[];
  readonly ecs?: Partial<Ecs>;
  /** Tags that are gone from ECR. */
  readonly gone?: readonly string[];
  /** Digests that ECR has, by tag. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly age?: number;
}

function search(requested: string | undefined, situation: Situation = {}) {
  const { live = 3, succeeded = [1, 2, 3], rolledBack = [], deleted = [] } = situation;
  const revisions = situation.revisions ?? [1, 2, 3].map((n) => release(n));
  const find = (reference: string): Revision | undefined =>
    revisions.find((one) => [one.arn, `${one.family}:${one.revision}`].includes(reference));
  const service: ServiceState = made(situation.deployments ?? [current(live)], {
    taskDefinitionArn: arn(live),
    createdAt: NOW - (situation.age ?? 86_400),
    events: situation.events ?? [],
  });
  const described: string[] = [];
  const ecs = {
    ...remembering({
      succeeded,
      rolledBack,
      family: revisions.filter(({ family }) => family === 'web').map(({ revision: n }) => n),
    }),
    describeTaskDefinition: async (reference: string) => {
      described.push(reference);
      const found = find(reference);
      if (!found || deleted.includes(found.revision))
        throw new Failure('REFUSED', 'Unable to describe task definition.');
      return found;
    },
    ...situation.ecs,
  } as Ecs;
  const getImage: Ecr['getImage'] = async (_, id) => {
    if ('digest' in id) return { digest: id.digest, mediaType: 'x', manifest: {} };
    const known = situation.digests?.[id.tag] ?? (/^v\d+\.0$/.test(id.tag) ? `sha256:${id.tag}` : undefined);
    return known === undefined || situation.gone?.includes(id.tag)
      ? undefined
      : { digest: known, mediaType: 'x', manifest: {} };
  };
  const knownOf = ({ revision: n }: Revision): Known => ({
    commits: [],
    refs: [],
    target: false,
    ...situation.known?.[n],
  });
  return findTarget(
    parseTarget(requested),
    {
      service,
      live: find(arn(live)) ?? release(live),
      known: knownOf,
      chosen: ({ revision: n }) => n === situation.chosen,
      attempt: situation.attempt ?? 'first',
    },
    { ecs, ecr: { getImage, pullThroughRules: async () => [] }, clock: { now: () => NOW } },
  );
}
async function failure(requested: string | undefined, situation?: Situation): Promise<Failure> {
  return search(requested, situation).then(
    () => {
      throw new Error('a target was found');
    },
    (thrown: unknown) => thrown as Failure,
  );
}
const commit = (letter: string): string => letter.repeat(40);
const rolledBackBy: ServiceEvent[] = [
  { id: 'e', at: NOW - 60, message: '', taskIds: [], kind: 'rolling-back', to: 'ecs-svc/3' },
];

describe('without `rollback-to`', () => {
  test.each<[string, Situation, number, RegExp[]]>([
    ['the success before', {}, 2, []],
    ['an earlier attempt chose the live revision', { chosen: 3 }, 3, []],
    ['an earlier attempt chose another one, and was cut off', { chosen: 1, attempt: 'again' }, 1, []],
    ['a first attempt has chosen nothing yet', { chosen: 1 }, 2, []],
    ['a later attempt that had not come to a choice', { attempt: 'again' }, 2, []],
    [
      'ECS has just rolled back: the service stays',
      { events: rolledBackBy },
      3,
      [/^ECS rolled back to web:3 a few minutes ago.*`rollback-to: web:2`\.$/],
    ],
    ['the same, and the user has asked for it before', { events: rolledBackBy, known: { 3: { target: true } } }, 2, []],
    [
      'the one before failed since: the next one further back',
      { rolledBack: [[2, 99]] },
      1,
      [/^web:2 ran before web:3 as well, .*`rollback-to: web:2` to choose it\.$/],
    ],
    [
      'IAM hides the history: a guess',
      { ecs: { listServiceDeployments: denied('ListServiceDeployments') } },
      2,
      [/^ecs:ListServiceDeployments is denied, so web:2 is the revision before.* Allow ecs:ListServiceDeployments for/],
    ],
    [
      'ECS has forgotten it: a guess that no right improves',
      { succeeded: [], age: 200 * 86_400 },
      2,
      [/^ECS has no record .*, so web:2 is the revision before the current one, not proven to have run well\.$/],
    ],
    [
      'a service that is being rolled back already, of which nothing is proven: where it goes',
      {
        succeeded: [],
        age: 200 * 86_400,
        deployments: [current(3, { rolloutState: 'IN_PROGRESS' }), current(4, { status: 'ACTIVE', createdAt: 9 })],
      },
      3,
      [],
    ],
  ])('%s', async (_, situation, n, warnings) => {
    const found = await search(undefined, situation);
    expect(found.revision.revision).toBe(n);
    expect(found.warnings).toEqual(warnings.map((one) => expect.stringMatching(one)));
  });

  test.each<[string, Situation, FailureCode, RegExp]>([
    ['nothing has succeeded', { succeeded: [] }, 'NOT_FOUND', /: no deployment of web has succeeded yet\.$/],
    [
      'there is only one',
      { succeeded: [3] },
      'NOT_FOUND',
      /: web:3 is the only revision that web is known to have run\.$/,
    ],
    [
      'all that ran before have failed since',
      {
        rolledBack: [
          [1, 99],
          [2, 99],
        ],
      },
      'NOT_FOUND',
      /: no revision is known to have run well before web:3 in web\.$/,
    ],
    ['it was deleted', { deleted: [2] }, 'CONFLICT', /^web:2 is not a rollback target: it was deleted\.$/],
    [
      'its image is gone',
      { gone: ['v2.0'] },
      'CONFLICT',
      /^web:2 is not a rollback target: its image .*app:v2\.0 is not in ECR/,
    ],
  ])('no target: %s', async (_, situation, code, message) => {
    expect(await failure(undefined, situation)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('an error names the targets that there are, or says that there is none', async () => {
    expect((await failure('v9', { rolledBack: [] })).remedy).toBe(
      'Use one of these as `rollback-to`: web:2, web:1. `mode: list` shows more of them.',
    );
    expect((await failure(undefined, { succeeded: [3] })).remedy).toMatch(
      /^The service runs web:\d+, and no other revision of it is a rollback target: deploy a fixed revision/,
    );
    const broken = { ecs: { describeTaskDefinition: async () => Promise.reject(new Failure('UNAVAILABLE', 'x')) } };
    expect((await failure(undefined, { succeeded: [3], ...broken })).remedy).toBeUndefined();
    const many = Array.from({ length: 14 }, (_, i) => i + 1);
    const all = { live: 14, succeeded: many, revisions: many.map((n) => release(n)) };
    expect((await failure('v99', all)).remedy?.match(/web:\d+/g)).toHaveLength(10);
  });
});

describe('a revision', () => {
  test.each<[string, string, Situation, string, RegExp[]]>([
    ['by family and number', 'web:1', {}, 'web:1', []],
    ['by its ARN', arn(1), {}, 'web:1', []],
    ['by its number', '1', {}, 'web:1', []],
    [
      'of another family',
      'other:7',
      { revisions: [release(3), release(7, { arn: arn('other:7'), family: 'other' })] },
      'other:7',
      [/^other:7 is of another family than web:3\.$/],
    ],
    [
      'a number that is also a tag',
      '1',
      { known: { 2: { refs: ['refs/tags/1'] } } },
      'web:1',
      [/^1 is the number of web:1, which is used, and also matches web:2\. Write `family:number`/],
    ],
    ['a number that is only a tag', '77', { known: { 2: { refs: ['refs/tags/77'] } } }, 'web:2', []],
  ])('%s', async (_, text, situation, name, warnings) => {
    const { revision, warnings: given } = await search(text, situation);
    expect(`${revision.family}:${revision.revision}`).toBe(name);
    expect(given).toEqual(warnings.map((one) => expect.stringMatching(one)));
  });

  test.each([
    [
      'arn:aws:ecs:us-east-1:1:task-definition/web:1',
      'is in us-east-1 of account 1, but the service is in eu-west-1 of account 1.',
    ],
    ['arn:aws:ecs:eu-west-1:2:task-definition/web:1', 'is in eu-west-1 of account 2'],
    ['arn:aws-cn:ecs:eu-west-1:1:task-definition/web:1', 'is in eu-west-1 of account 1'],
  ])('of another Region, account or partition is refused: %s', async (text, message) => {
    expect(await failure(text)).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(message) });
  });

  test('that does not exist', async () => {
    expect(await failure('web:9')).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^Revision web:9 does not exist in [\w-]+, account \d+\.$/),
    });
  });
});

describe('a name', () => {
  const main = ['refs/heads/main'];
  test.each<[string, string, Situation, number, RegExp[]]>([
    ['the tag of its image', 'v1.0', {}, 1, []],
    ['the other spelling of a version', '1.0', {}, 1, []],
    [
      'a digest of ECR',
      DIGEST,
      {
        revisions: [
          release(3),
          release(2, {
            definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${HOST}/app@${DIGEST}` }] },
          }),
        ],
      },
      2,
      [],
    ],
    [
      'a tag that ECR has for the digest of a revision',
      'stable',
      {
        digests: { stable: DIGEST },
        revisions: [
          release(3),
          release(2, {
            definition: { family: 'web', containerDefinitions: [{ name: 'app', image: `${HOST}/app@${DIGEST}` }] },
          }),
        ],
      },
      2,
      [],
    ],
    ['a commit', commit('a').slice(0, 7), { known: { 1: { commits: [commit('a')] } } }, 1, []],
    [
      'what the user wrote before its other spelling',
      'v7.0',
      { known: { 1: { refs: ['refs/tags/7.0'] }, 2: { refs: ['refs/tags/v7.0'] } } },
      2,
      [],
    ],
    [
      'of several the last success before the present one',
      'main',
      { known: { 1: { refs: main }, 2: { refs: main }, 3: { refs: main } } },
      2,
      [/^main matches web:3, web:1 as well as web:2, which is used\. Set `rollback-to` to a revision/],
    ],
    [
      'the one that an earlier attempt went to',
      'main',
      { chosen: 1, known: { 1: { refs: main }, 2: { refs: main } } },
      1,
      [/as well as web:1/],
    ],
    [
      'back and not forward: one below before one above',
      'main',
      { live: 2, succeeded: [2], known: { 1: { refs: main }, 3: { refs: main } } },
      1,
      [/^main matches web:3 as well/],
    ],
    ['forward where there is no other', 'main', { live: 2, succeeded: [2], known: { 3: { refs: main } } }, 3, []],
    [
      'another one before the present one',
      'main',
      { live: 2, succeeded: [2], known: { 2: { refs: main }, 3: { refs: main } } },
      3,
      [/web:2/],
    ],
    ['the present one, where it is the only one', 'main', { known: { 3: { refs: main } } }, 3, []],
    [
      'not what a rollback has just left',
      'main',
      { live: 2, succeeded: [1, 2, 3, 2], known: { 1: { refs: main }, 3: { refs: main } } },
      1,
      [/web:3/],
    ],
    [
      'the image of the service before that of a sidecar',
      'v9.0',
      {
        revisions: [
          release(3),
          release(2, {
            definition: {
              family: 'web',
              containerDefinitions: [
                { name: 'app', image: 'app:x' },
                { name: 'log', image: 'log:v9.0', essential: false },
              ],
            },
          }),
          release(1, { definition: { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:v9.0' }] } }),
        ],
      },
      1,
      [/^v9\.0 matches web:2 as well as web:1/],
    ],
    ['an old one that only the family lists', 'v1.0', { succeeded: [3] }, 1, []],
    ['one beside another that was deleted', 'v1.0', { deleted: [2] }, 1, []],
  ])('%s', async (_, text, situation, n, warnings) => {
    const found = await search(text, situation);
    expect(found.revision.revision).toBe(n);
    expect(found.warnings).toEqual(warnings.map((one) => expect.stringMatching(one)));
  });

  test('in a long history: the newest match first, and five others by name', async () => {
    const many = Array.from({ length: 45 }, (_, i) => i + 1);
    const known = Object.fromEntries(many.map((n) => [n, { refs: n <= 8 ? main : [] }]));
    const { revision, warnings } = await search('main', {
      live: 45,
      succeeded: many,
      revisions: many.map((n) => release(n)),
      known,
    });
    expect(revision.revision).toBe(8);
    expect(warnings).toEqual([
      expect.stringContaining('main matches web:7, web:6, web:5, web:4, web:3 and 2 more as well as web:8'),
    ]);
  });

  test.each<[string, string, Situation, string]>([
    ['none has it', 'v9', {}, 'No revision of web has the image tag or digest, commit or release tag v9.'],
    ['a typing error of a branch', 'mian', { known: { 1: { refs: main } } }, 'release tag mian. Did you mean main?'],
    ['a typing error of a tag', 'v1.2.4', { known: { 1: { refs: ['refs/tags/v1.2.3'] } } }, 'Did you mean v1.2.3?'],
    [
      'a typing error of a commit',
      `${commit('a').slice(1)}b`,
      { known: { 1: { commits: [commit('a')] } } },
      `Did you mean ${commit('a')}?`,
    ],
    [
      'only ECR has it',
      'edge',
      { digests: { edge: DIGEST } },
      'ECR has an image tagged edge, but no revision of web runs it. Deploy it with the input `image`.',
    ],
    [
      'a digest that none runs',
      DIGEST,
      {},
      `No revision of web has the image tag or digest, commit or release tag ${DIGEST}.`,
    ],
  ])('%s', async (_, text, situation, message) => {
    expect(await failure(text, situation)).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(message),
    });
  });

  test('is not looked up in ECR where it cannot be a tag, and ECR may fail', async () => {
    const asked: unknown[] = [];
    const { warnings } = await search('refs/heads/x', {
      known: { 2: { refs: ['refs/heads/x'] } },
      digests: {
        get 'refs/heads/x'() {
          asked.push(1);
          return DIGEST;
        },
      },
    });
    expect([warnings, asked]).toEqual([[], []]);
  });
});
