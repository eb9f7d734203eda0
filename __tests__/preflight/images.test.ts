import type { Image } from '../../src/image/image.ts';
import type { ContainerInstance, JsonObject } from '../../src/model.ts';
import type { Answer } from '../../src/preflight/check.ts';
import { type FoundImage, type ImageUse, imagesOf, judgeImage } from '../../src/preflight/images.ts';
import { ACCOUNT, REGION } from './account.ts';
import { denied, found, instance, onInstances, subject } from './made.ts';

const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const DIGEST = `sha256:${'a'.repeat(64)}`;
const task = (...images: (string | undefined)[]) => ({
  containerDefinitions: images.map((image, i) => ({ name: `c${i}`, ...(image === undefined ? {} : { image }) })),
});
const built = (more: Partial<Image> = {}): Image => ({
  reference: `${HOST}/web@${DIGEST}`,
  repository: `${HOST}/web`,
  digest: DIGEST,
  tags: ['v1', 'v2'],
  ...more,
});
const repository = { registryId: ACCOUNT, region: REGION, name: 'team/app' };

test.each<[string, JsonObject, Parameters<typeof subject>[0], object[]]>([
  [
    'each once, with its containers',
    task(`${HOST}/team/app:v1`, 'nginx', `${HOST}/team/app:v1`),
    {},
    [
      { reference: `${HOST}/team/app:v1`, containers: ['c0', 'c2'], repository, tag: 'v1' },
      { reference: 'nginx', containers: ['c1'] },
    ],
  ],
  [
    'by digest',
    task(`${HOST}/team/app:v1@${DIGEST}`),
    {},
    [{ reference: `${HOST}/team/app:v1@${DIGEST}`, containers: ['c0'], repository, tag: 'v1', digest: DIGEST }],
  ],
  ['not one that is not there yet', task('stand-in', undefined, ''), { subject: { standIn: 'stand-in' } }, []],
  ['one that we cannot read', task('Not an image'), {}, [{ reference: 'Not an image', containers: ['c0'] }]],
])('the images of a task: %s', (_, definition, change, uses) => {
  expect(imagesOf(subject({ ...change, definition }))).toEqual(uses);
});

test.each<[string, string, Partial<Image>, boolean]>([
  ['its reference', `${HOST}/web@${DIGEST}`, {}, true],
  ['one of its tags', `${HOST}/web:v2`, {}, true],
  ['another tag', `${HOST}/web:v3`, {}, false],
  ['no tag, where it has some', `${HOST}/web`, {}, false],
  ['no tag, where it has none', `${HOST}/web`, { tags: [] }, true],
])("this run's image is known by %s", (_, reference, more, known) => {
  const image = built(more);
  const [use] = imagesOf(subject({ definition: task(reference), subject: { image } }));
  expect(use?.known).toBe(known ? image : undefined);
});

describe('what is said of an image', () => {
  const use = (more: Partial<ImageUse> = {}): ImageUse => ({
    reference: 'R',
    containers: ['app', 'init'],
    repository,
    ...more,
  });
  const answer = (...platforms: string[]): Answer<FoundImage | undefined> => found({ platforms });
  const ARM = { definition: { runtimePlatform: { cpuArchitecture: 'ARM64' }, containerDefinitions: [] } };
  const { repository: _, ...elsewhere } = use();
  const said = (
    of: ImageUse,
    image: Answer<FoundImage | undefined> | undefined,
    {
      change = {},
      instances,
    }: { change?: Parameters<typeof subject>[0]; instances?: Answer<readonly ContainerInstance[]> } = {},
  ): string => {
    const { status, text } = judgeImage(of, { image, instances }, subject(change));
    return `${status} ${text}`;
  };

  test.each<[string, string, string]>([
    [
      'an example of an account',
      said(use({ repository: { ...repository, registryId: '111122223333' } }), answer('linux/amd64')),
      `bad image R: its registry is of account 111122223333, which appears only in AWS's examples; the service is in ${ACCOUNT}. Write the account`,
    ],
    [
      'another registry',
      said(elsewhere, undefined),
      'skip image R: not checked: it is not in a private ECR repository.',
    ],
    [
      'one of this run, in another registry',
      said({ ...elsewhere, known: built({ platforms: ['linux/amd64'] }) }, undefined),
      'ok image R: exists for linux/amd64; the task runs on linux/amd64.',
    ],
    [
      'one of this run, whose platforms are not known',
      said(use({ known: built() }), undefined),
      'skip image R: is the image of this run; not checked: whether it runs there, as its platforms are not known.',
    ],
    ['one that was not asked for', said(use(), undefined), 'skip image R: was not checked.'],
    [
      'one that is denied',
      said(use(), denied('ecr:BatchGetImage')),
      'skip image R: not checked: IAM denies it to this job. Allow ecr:BatchGetImage',
    ],
    [
      'one that is not there',
      said(use(), found(undefined)),
      'bad image R: ECR has no such image, so the container `app`, `init` could not be pulled. Push it, or correct tag',
    ],
    [
      'one that a cache may get',
      said(use(), found({ cache: 'perhaps' })),
      'warn image R: is not in ECR yet; a pull-through cache, if there is a rule for it, gets it at the first pull.',
    ],
    [
      'one that a cache gets by its rule',
      said(use(), found({ cache: { prefix: 'mirror', upstream: 'registry-1.docker.io' } })),
      'warn image R: is not in ECR yet; the pull-through cache `mirror` gets it from registry-1.docker.io at the first pull, if it is there.',
    ],
    [
      'a digest that a cache does not have',
      said(use({ repository: { ...repository, name: 'quay/x' }, digest: DIGEST }), found({ cache: 'perhaps' })),
      'bad image R: ECR has no such image',
    ],
    [
      'one whose name only has that of a cache in it',
      said(use({ repository: { ...repository, name: 'our/quay/x' } }), found(undefined)),
      'bad image R: ECR has no such image',
    ],
    ['one without platforms', said(use(), answer()), 'skip image R: exists; its platforms could not be read'],
    ['one whose platforms are hidden', said(use(), found({})), 'skip image R: exists; its platforms could not be read'],
    [
      'one for another architecture',
      said(use(), answer('linux/arm64')),
      'bad image R: container app: its image is built for linux/arm64, but the task runs on linux/amd64',
    ],
    [
      'one for the architecture of the task',
      said(use(), answer('linux/amd64', 'linux/arm64'), { change: ARM }),
      'ok image R: exists for linux/amd64, linux/arm64; the task runs on linux/arm64.',
    ],
  ])('%s', (_situation, text, expected) => expect(text).toContain(expected));

  const x86 = (more: Partial<ContainerInstance> = {}) => instance(more);
  const arm = (more: Partial<ContainerInstance> = {}) => instance({ architecture: 'arm64', ...more });
  const odd = (({ architecture: _a, ...rest }) => rest)(instance());
  test.each<[string, string[], Answer<readonly ContainerInstance[]> | undefined, string]>([
    [
      'not known',
      ['linux/amd64'],
      undefined,
      'skip image R: exists for linux/amd64; the instances decide on what the task runs: not checked.',
    ],
    ['denied', ['linux/amd64'], denied('x'), 'skip image R: exists for linux/amd64; the instances decide'],
    ['none', ['linux/amd64'], found([]), 'skip image R'],
    [
      'of one kind',
      ['linux/amd64'],
      found([x86(), x86()]),
      'ok image R: exists for linux/amd64; the instances are linux/amd64.',
    ],
    [
      'of a kind with variants',
      ['linux/arm64/v8'],
      found([arm()]),
      'ok image R: exists for linux/arm64/v8; the instances are linux/arm64.',
    ],
    [
      'of another kind',
      ['linux/arm64'],
      found([x86()]),
      'bad image R: exists for linux/arm64, but the instances are linux/amd64: its programs cannot run there. Build it for linux/amd64 too, or set runtimePlatform.cpuArchitecture',
    ],
    [
      'of two kinds',
      ['linux/arm64'],
      found([x86(), arm()]),
      'warn image R: exists for linux/arm64, but some instances are linux/amd64, and ECS may place tasks there. Build it',
    ],
    [
      'of two kinds, of which one takes no tasks',
      ['linux/arm64'],
      found([x86({ available: false }), arm()]),
      'ok image R',
    ],
    ['of an unknown kind', ['linux/arm64'], found([odd]), 'skip image R'],
    [
      'of another system',
      ['linux/amd64'],
      found([x86({ os: 'windows' })]),
      'bad image R: exists for linux/amd64, but the instances are windows/amd64',
    ],
  ])('on instances that are %s', (_situation, platforms, instances, expected) => {
    const change = onInstances();
    expect(said(use(), answer(...platforms), { change, ...(instances ? { instances } : {}) })).toContain(expected);
  });

  test('on instances the architecture of the task decides, where it has one', () => {
    const change = onInstances(ARM);
    expect(said(use(), answer('linux/arm64'), { change, instances: found([x86()]) })).toBe(
      'ok image R: exists for linux/arm64; the task runs on linux/arm64.',
    );
  });
});
