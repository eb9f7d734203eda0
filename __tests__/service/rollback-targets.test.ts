import { Failure, type FailureCode } from '../../src/failure.ts';
import type { ImageManifest, Revision, ServiceState } from '../../src/model.ts';
import type { Ecr, Ecs } from '../../src/ports.ts';
import type { AwsPorts, History } from '../../src/service/history.ts';
import {
  describeRevision,
  ecrPlace,
  offeredTargets,
  problemsOf,
  targetsOf,
  usableTargets,
} from '../../src/service/rollback-targets.ts';
import { service as made, ours } from '../report/made.ts';
import { arn, remembering } from './made.ts';

const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const repository = { registryId: '123456789012', region: 'eu-west-1', name: 'team/app' };

const revision = (n: number, images = ['app:1'], status: Revision['status'] = 'ACTIVE'): Revision => ({
  arn: arn(n),
  family: 'web',
  revision: n,
  status,
  tags: [],
  definition: { family: 'web', containerDefinitions: images.map((image, i) => ({ name: `c${i}`, image })) },
});
const fail = (code: FailureCode) => async (): Promise<never> => Promise.reject(new Failure(code, code));
const manifest: ImageManifest = { digest: DIGEST, mediaType: 'x', manifest: {} };

test.each([
  [`${ECR}/team/app:v1`, { repository, id: { tag: 'v1' } }],
  [`${ECR}/team/app`, { repository, id: { tag: 'latest' } }],
  [`${ECR}/team/app:v1@${DIGEST}`, { repository, id: { digest: DIGEST } }],
  ['public.ecr.aws/nginx/nginx:1', undefined],
  ['nginx', undefined],
  ['Not an Image', undefined],
])('where in ECR %s is', (image, place) => expect(ecrPlace(image)).toEqual(place));

const NO_RULES = { pullThroughRules: async () => [] };
const MIRROR = { pullThroughRules: async () => [{ prefix: 'mirror', upstream: 'registry-1.docker.io' }] };

describe('an image that ECR does not have', () => {
  const denied = { pullThroughRules: fail('ACCESS_DENIED') };
  test.each<[string, string, Pick<Ecr, 'pullThroughRules'>, boolean]>([
    ['by a rule of any prefix, a pull gets it', 'mirror/library/nginx:1', MIRROR, true],
    ['but not by its digest, which may be one of this registry alone', `mirror/library/nginx@${DIGEST}`, MIRROR, false],
    ['nor without a rule for it', 'docker-hub/library/nginx:1', MIRROR, false],
    ['where the rules cannot be read, by a prefix that ECR proposes', 'docker-hub/library/nginx:1', denied, true],
    ['and not by another one', 'mirror/library/nginx:1', denied, false],
  ])('%s: %s', async (_, name, rules, isThere) => {
    for (const getImage of [async () => undefined, fail('NOT_FOUND')]) {
      const problems = await problemsOf(revision(1, [`${ECR}/${name}`]), { getImage, ...rules });
      expect(problems).toEqual(isThere ? [] : [`its image ${ECR}/${name} is not in ECR any more`]);
    }
  });
});

describe('why a revision cannot be deployed', () => {
  const images = [`${ECR}/team/app:v1`, `${ECR}/team/app:v1`, 'nginx'];
  test.each<[string, Revision, Pick<Ecr, 'getImage'>, string[]]>([
    ['nothing is wrong', revision(1, images), { getImage: async () => manifest }, []],
    ['its image is gone', revision(1, images), { getImage: async () => undefined }, ['image']],
    ['its repository is gone', revision(1, images), { getImage: fail('NOT_FOUND') }, ['image']],
    ['IAM hides its image', revision(1, images), { getImage: fail('ACCESS_DENIED') }, []],
    ['ECR refuses to look', revision(1, images), { getImage: fail('REFUSED') }, []],
    ['it is not ACTIVE', revision(1, ['nginx'], 'INACTIVE'), { getImage: fail('INTERNAL') }, ['it is INACTIVE']],
    ['both', revision(1, images, 'INACTIVE'), { getImage: async () => undefined }, ['it is INACTIVE', 'image']],
  ])('%s', async (_, given, ecr, problems) => {
    const expected = problems.map((one) =>
      one === 'image' ? `its image ${ECR}/team/app:v1 is not in ECR any more` : one,
    );
    expect(await problemsOf(given, { ...ecr, ...NO_RULES })).toEqual(expected);
  });

  test('ECR that does not answer is an error', async () => {
    await expect(problemsOf(revision(1, images), { getImage: fail('UNAVAILABLE'), ...NO_RULES })).rejects.toThrow(
      'UNAVAILABLE',
    );
  });

  test('each image is looked up once for all revisions', async () => {
    const asked: unknown[] = [];
    const getImage: Ecr['getImage'] = async (...query) => {
      asked.push(query);
      return manifest;
    };
    const seen = new Map<string, Promise<boolean>>();
    for (const n of [1, 2]) await problemsOf(revision(n, images), { getImage, ...NO_RULES }, seen);
    expect(asked).toEqual([[repository, { tag: 'v1' }]]);
  });
});

test.each<[FailureCode, boolean]>([
  ['NOT_FOUND', true],
  ['REFUSED', true],
  ['ACCESS_DENIED', false],
  ['UNAVAILABLE', false],
])('a revision that ECS answers with %s is deleted: %s', async (code, isDeleted) => {
  const described = describeRevision('web:1', { describeTaskDefinition: fail(code) });
  if (isDeleted) expect(await described).toBeUndefined();
  else await expect(described).rejects.toThrow(code);
});

/** ECS that describes these revisions and no other. */
const describing = (...revisions: Revision[]): Pick<Ecs, 'describeTaskDefinition'> => ({
  describeTaskDefinition: async (reference) =>
    revisions.find(({ arn }) => arn === reference) ?? Promise.reject(new Failure('REFUSED', 'none')),
});
const ports = (ecs: Partial<Ecs>): AwsPorts => ({
  ecs: ecs as Ecs,
  ecr: { getImage: async () => undefined, ...NO_RULES },
  clock: { now: () => 0 },
});
const service: ServiceState = made(
  [
    ours({ status: 'PRIMARY', taskDefinitionArn: arn(9), rolloutState: 'FAILED' }),
    ours({ status: 'ACTIVE', taskDefinitionArn: arn(7), rolloutState: 'FAILED' }),
    ours({ status: 'ACTIVE', taskDefinitionArn: arn(6), rolloutState: 'COMPLETED' }),
  ],
  { taskDefinitionArn: arn(9), createdAt: 0 },
);

test('a target is described with all that speaks for and against it', async () => {
  const history: History = {
    entries: [
      { arn: arn(9), deployedAt: 90 },
      { arn: arn(8), deployedAt: 80 },
      { arn: arn(7), deployedAt: 70 },
      { arn: arn(6), deployedAt: 60 },
      { arn: arn(5) },
      { arn: arn(4), deployedAt: 40 },
    ],
    successes: [],
    rolledBack: [arn(8)],
  };
  const known = [9, 8, 7, 6].map((n) => revision(n));
  const lost = revision(4, [`${ECR}/team/app:v4`]);
  const targets = await targetsOf(service, history, ports(describing(...known, lost)));
  expect(targets).toEqual([
    { revision: known[0], deployedAt: 90, current: true, failed: true, problems: [] },
    { revision: known[1], deployedAt: 80, current: false, failed: true, problems: [] },
    { revision: known[2], deployedAt: 70, current: false, failed: true, problems: [] },
    { revision: known[3], deployedAt: 60, current: false, failed: false, problems: [] },
    {
      revision: {
        arn: arn(5),
        family: 'web',
        revision: 5,
        status: 'DELETE_IN_PROGRESS',
        definition: { family: 'web', containerDefinitions: [] },
        tags: [],
      },
      current: false,
      failed: false,
      problems: ['it was deleted'],
    },
    {
      revision: lost,
      deployedAt: 40,
      current: false,
      failed: false,
      problems: [`its image ${ECR}/team/app:v4 is not in ECR any more`],
    },
  ]);
  expect(offeredTargets(targets).map((one) => one.revision.revision)).toEqual([6]);
});

test('of a long history the 20 newest are looked at', async () => {
  const entries = Array.from({ length: 25 }, (_, i) => ({ arn: arn(100 - i) }));
  const targets = await targetsOf(service, { entries, successes: [], rolledBack: [] }, ports(describing()));
  expect(targets).toHaveLength(20);
});

describe('the names that are offered beside a failure', () => {
  const all = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => revision(n));
  const ecs = { ...remembering({ succeeded: [1, 2, 3, 4, 5, 6, 7, 8] }), ...describing(...all) };

  test('five, what ran last first, without what failed in this run or before', async () => {
    expect(await usableTargets(service, [arn(8)], ports(ecs))).toEqual(['web:6', 'web:5', 'web:4', 'web:3', 'web:2']);
  });

  test('none where they cannot be found out, but a cancelled run ends', async () => {
    const failing = (code: FailureCode) => ports({ ...ecs, listServiceDeployments: fail(code) });
    expect(await usableTargets(service, [], failing('UNAVAILABLE'))).toEqual([]);
    await expect(usableTargets(service, [], failing('CANCELLED'))).rejects.toThrow('CANCELLED');
  });
});
