import { Failure } from '../../src/failure.ts';
import type { ExpiringImage, ImageManifest, ServiceState } from '../../src/model.ts';
import {
  describeRemoval,
  ecrOf,
  judgePolicy,
  keepLifecyclePolicy,
  notInEcr,
  type PolicyQuestion,
} from '../../src/service/lifecycle-policy.ts';
import { remembering } from './made.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const APP = { registryId: '123456789012', name: 'app', region: 'eu-west-1' };
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const arn = (name: string): string => `arn:aws:ecs:eu-west-1:1:task-definition/${name}`;
const service = (name: string, runs: string, before: readonly string[] = []): ServiceState =>
  ({
    name,
    arn: `arn:aws:ecs:eu-west-1:1:service/shop/${name}`,
    clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/shop',
    taskDefinitionArn: arn(runs),
    deployments: before.map((one) => ({ id: one, status: 'ACTIVE', taskDefinitionArn: arn(one) })),
  }) as unknown as ServiceState;
const WEB = service('web', 'web:3');
const POLICY = '{"rules": [{"rulePriority": 1}]}';
const question = (more: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  policy: POLICY,
  image: { repository: `${HOST}/app` },
  service: WEB,
  ...more,
});

interface Given {
  /** Image of each revision. */
  readonly revisions?: Readonly<Record<string, string>>;
  readonly expiring?: readonly ExpiringImage[];
  readonly present?: string;
  /** Answers of GetLifecyclePolicyPreview, in order; the last one again and again. */
  readonly statuses?: readonly string[];
  /** Another preview is under way so often. */
  readonly busy?: number;
  readonly others?: readonly ServiceState[];
  readonly listClusters?: () => Promise<string[]>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly manifests?: Readonly<Record<string, object>>;
  readonly put?: () => Promise<void>;
}

function world(given: Given = {}) {
  const { revisions = { 'web:3': `${HOST}/app@${digest('3')}` }, others = [], statuses = ['COMPLETE'] } = given;
  const lines: string[] = [];
  const calls: string[] = [];
  let now = 0;
  let busy = given.busy ?? 0;
  let asked = 0;
  const all = [WEB, ...others];
  return {
    lines,
    calls,
    now: () => now,
    world: {
      ecs: {
        ...remembering({ succeeded: [2, 3], family: [1, 2, 3] }),
        listClusters: given.listClusters ?? (async () => ['arn:aws:ecs:eu-west-1:1:cluster/shop']),
        listServices: async () => all.map((one) => one.arn),
        describeServices: async (_: string, asking: readonly string[]) => {
          const found = all.filter((one) => asking.includes(one.arn) && one.name !== 'gone');
          if (found.length < asking.length) throw new Failure('NOT_FOUND', 'gone');
          return found;
        },
        describeTaskDefinition: async (reference: string) => {
          const name = reference.split('/').at(-1) ?? '';
          const image = revisions[name];
          if (image === undefined) throw new Failure('NOT_FOUND', 'no such revision');
          const [family = '', revision] = name.split(':');
          return {
            arn: arn(name),
            family,
            revision: Number(revision),
            definition: { family, containerDefinitions: [{ name: 'app', image }] },
          };
        },
      },
      ecr: {
        lifecyclePolicy: async () => given.present,
        startLifecyclePreview: async () => {
          calls.push('start');
          return busy-- <= 0;
        },
        lifecyclePreview: async () => ({
          status: statuses[Math.min(asked++, statuses.length - 1)] ?? '',
          images: given.expiring ?? [],
        }),
        getImage: async (_: unknown, id: { readonly tag?: string }) => {
          const found = given.tags?.[id.tag ?? ''];
          return found === undefined ? undefined : ({ digest: found } as ImageManifest);
        },
        getImages: async (_: unknown, ids: readonly string[]) => {
          calls.push(`get ${ids.length}`);
          return new Map(
            ids.flatMap((id) => {
              const manifest = given.manifests?.[id];
              return manifest ? [[id, { digest: id, manifest } as unknown as ImageManifest]] : [];
            }),
          );
        },
        putLifecyclePolicy: async (_: unknown, policy: string) => {
          calls.push(`put ${policy}`);
          await given.put?.();
        },
      },
      clock: {
        now: () => now,
        random: () => 0,
        sleep: async (seconds: number) => {
          now += seconds;
        },
      },
      console: {
        line: (text: string) => void lines.push(text),
        warning: (text: string) => void lines.push(`! ${text}`),
      },
      signal: new AbortController().signal,
    },
  };
}
const judge = (given: Given, more: Partial<PolicyQuestion> = {}) =>
  judgePolicy(question(more), APP, world(given).world as never);
const expiring = (...letters: readonly string[]): readonly ExpiringImage[] =>
  letters.map((letter) => ({ digest: digest(letter), tags: [`tag-${letter}`] }));

describe('whether a policy may be applied', () => {
  test('the repository has it, however its JSON is written', async () => {
    expect(await judge({ present: '{"rules":[{"rulePriority":1}]}' })).toEqual({ kind: 'present' });
    expect((await judge({ present: '{"rules":[{"rulePriority":2}]}' })).kind).toBe('applicable');
    expect((await judge({ present: 'broken' })).kind).toBe('applicable');
    const other = { policy: '{"b": 1, "a": {"d": 1, "c": [2, 1]}}' };
    expect((await judge({ present: '{"a":{"c":[2,1],"d":1},"b":1}' }, other)).kind).toBe('present');
    expect((await judge({ present: '{"a":{"c":[1,2],"d":1},"b":1}' }, other)).kind).toBe('applicable');
  });

  test('what nothing needs may go', async () => {
    expect(await judge({ expiring: expiring('a', 'b') })).toEqual({ kind: 'applicable', removes: 2 });
  });

  test.each<[string, Given, Partial<PolicyQuestion>, string]>([
    ['what the service runs', { expiring: expiring('3') }, {}, `${digest('3')} (tag-3): web:3 (runs)`],
    [
      'what it can roll back to',
      {
        revisions: { 'web:3': `${HOST}/app@${digest('3')}`, 'web:2': `${HOST}/app@${digest('2')}` },
        expiring: expiring('2'),
      },
      {},
      `${digest('2')} (tag-2): web:2`,
    ],
    [
      'a tag of a revision, by the image that it names now',
      { revisions: { 'web:3': `${HOST}/app:live` }, tags: { live: digest('7') }, expiring: expiring('7') },
      {},
      `${digest('7')} (tag-7): web:3 (runs)`,
    ],
    [
      'the image of this run',
      { expiring: expiring('9') },
      { image: { repository: `${HOST}/app`, digest: digest('9') } },
      `${digest('9')} (tag-9): the image of this run`,
    ],
    [
      'an index of which one platform runs',
      {
        expiring: [{ digest: digest('1'), tags: [] }],
        manifests: {
          [digest('1')]: { manifests: [{ digest: digest('3'), platform: { os: 'linux', architecture: 'amd64' } }] },
        },
      },
      {},
      `${digest('1')}: web:3 (runs)`,
    ],
    [
      'what another service of the account runs',
      {
        others: [service('api', 'api:1')],
        revisions: { 'web:3': `${HOST}/app@${digest('3')}`, 'api:1': `${HOST}/app@${digest('4')}` },
        expiring: expiring('4'),
      },
      {},
      `${digest('4')} (tag-4): api:1 (runs in api)`,
    ],
    [
      'what another service of this step can roll back to',
      {
        revisions: { 'web:3': `${HOST}/app@${digest('3')}`, 'jobs:1': `${HOST}/app@${digest('5')}` },
        expiring: expiring('5'),
      },
      { others: [service('jobs', 'jobs:1')] },
      `${digest('5')} (tag-5): jobs:1 (runs)`,
    ],
  ])('%s stays', async (_, given, more, needed) => {
    const verdict = await judge(given, more);
    expect(verdict).toMatchObject({
      kind: 'refused',
      failure: {
        code: 'REFUSED',
        message: `The lifecycle policy of \`app\` would remove 1 image that services run or this one can roll back to; it was not applied. ${needed}`,
      },
    });
  });

  test('images of other repositories, Regions and registries do not count, nor tags that are gone', async () => {
    for (const image of [
      `${HOST}/other@${digest('3')}`,
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/app@${digest('3')}`,
      `999999999999.dkr.ecr.eu-west-1.amazonaws.com/app@${digest('3')}`,
      `docker.io/library/app@${digest('3')}`,
      `${HOST}/app:gone`,
    ])
      expect(await judge({ revisions: { 'web:3': image }, expiring: expiring('3') })).toEqual({
        kind: 'applicable',
        removes: 1,
      });
  });

  test('ten of many are named', async () => {
    const letters = [...'0123456789ab'];
    const revisions = Object.fromEntries(letters.map((letter, n) => [`web:${n + 1}`, `${HOST}/app@${digest(letter)}`]));
    const running = service(
      'web',
      'web:1',
      letters.map((_, n) => `web:${n + 1}`),
    );
    const verdict = await judge({ revisions, expiring: expiring(...letters) }, { service: running });
    const { message } = (verdict as Extract<typeof verdict, { kind: 'refused' }>).failure;
    expect(message).toContain('would remove 12 images that');
    expect(message.match(/sha256:/g)).toHaveLength(10);
    expect(message).toMatch(/; \.\.\.$/);
  });

  test('one that another run deletes meanwhile is no service any more', async () => {
    expect(await judge({ others: [service('gone', 'gone:1'), service('api', 'api:1')] })).toEqual({
      kind: 'applicable',
      removes: 0,
    });
  });

  test('where other services cannot be asked, that is said; a cancelled run ends', async () => {
    const refuse = (code: 'ACCESS_DENIED' | 'CANCELLED' | 'CREDENTIALS') => ({
      listClusters: async () => Promise.reject(new Failure(code, 'ecs:ListClusters is denied.')),
    });
    expect(await judge(refuse('ACCESS_DENIED'))).toEqual({
      kind: 'applicable',
      removes: 0,
      unknown: 'ecs:ListClusters is denied.',
    });
    await expect(judge(refuse('CANCELLED'))).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(judge(refuse('CREDENTIALS'))).rejects.toMatchObject({ code: 'CREDENTIALS' });
  });

  test('five hundred other services are looked at, and what is left is said', async () => {
    const others = (n: number) => Array.from({ length: n }, (_, i) => service(`s${i}`, 'web:3'));
    expect(await judge({ others: others(500) })).toEqual({ kind: 'applicable', removes: 0 });
    expect(await judge({ others: others(502) })).toEqual({
      kind: 'applicable',
      removes: 0,
      unknown: '2 more services were not looked at.',
    });
  });

  test('a repository that is named without its host is the one of the account', async () => {
    expect((await judge({ expiring: expiring('3') }, { image: { repository: 'app', ecr: APP } })).kind).toBe('refused');
  });

  test('ECR is asked for a hundred images at a time', async () => {
    const made = world({ expiring: Array.from({ length: 201 }, (_, n) => ({ digest: `sha256:${n}`, tags: [] })) });
    await judgePolicy(question(), APP, made.world as never);
    expect(made.calls.filter((call) => call.startsWith('get'))).toEqual(['get 100', 'get 100', 'get 1']);
  });
});

describe('the preview of ECR', () => {
  test('is waited for, and started again after that of another run', async () => {
    const made = world({ busy: 2, statuses: ['IN_PROGRESS', 'IN_PROGRESS', 'COMPLETE'], expiring: expiring('a') });
    expect(await judgePolicy(question(), APP, made.world as never)).toMatchObject({ kind: 'applicable', removes: 1 });
    expect(made.calls.filter((call) => call === 'start')).toHaveLength(3);
    expect(made.now()).toBe(20);
  });

  test('that fails, or does not end in five minutes, leaves the policy as it is', async () => {
    await expect(judge({ statuses: ['FAILED'] })).rejects.toMatchObject({
      code: 'REFUSED',
      message: "ECR's preview of the lifecycle policy ended with FAILED; it was not applied.",
      remedy: expect.stringContaining('start-lifecycle-policy-preview'),
    });
    const made = world({ statuses: ['IN_PROGRESS'] });
    await expect(judgePolicy(question(), APP, made.world as never)).rejects.toMatchObject({
      message: expect.stringContaining('ended with IN_PROGRESS'),
    });
    expect(made.now()).toBe(300);
  });
});

describe('applying it', () => {
  const keep = async (given: Given, more: Partial<PolicyQuestion> = {}) => {
    const made = world(given);
    await keepLifecyclePolicy(question(more), made.world as never);
    return { lines: made.lines, puts: made.calls.filter((call) => call.startsWith('put')) };
  };

  test('says what it removes', async () => {
    expect(await keep({ expiring: expiring('a') })).toEqual({
      lines: [
        'Lifecycle policy of app: applied. Its preview removes 1 image, none of which web runs or can roll back to.',
      ],
      puts: [`put ${POLICY}`],
    });
    expect(describeRemoval({ removes: 2 }, WEB)).toBe(
      'Its preview removes 2 images, none of which web runs or can roll back to.',
    );
  });

  test('not where it is there already, and not over what is needed', async () => {
    expect(await keep({ present: POLICY })).toEqual({ lines: [], puts: [] });
    await expect(keep({ expiring: expiring('3') })).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test('with a warning where other services are not known', async () => {
    const { lines, puts } = await keep({
      listClusters: async () => Promise.reject(new Failure('ACCESS_DENIED', 'denied.')),
    });
    expect(lines[0]).toBe(
      '! Whether other services use images of app that its lifecycle policy removes is not known: denied.',
    );
    expect(puts).toHaveLength(1);
  });

  test('a denied right is a warning, any other error ends the run', async () => {
    const put = (code: 'ACCESS_DENIED' | 'UNAVAILABLE') => ({
      put: async () => Promise.reject(new Failure(code, 'no.')),
    });
    expect((await keep(put('ACCESS_DENIED'))).lines).toEqual(['! The lifecycle policy of app is left as it is: no.']);
    await expect(keep(put('UNAVAILABLE'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('only in a private repository of ECR', async () => {
    const image = { repository: 'docker.io/library/app' };
    expect(await keep({}, { image })).toEqual({
      lines: ['! `lifecycle-policy` is not applied: docker.io/library/app is not a private ECR repository.'],
      puts: [],
    });
    expect(notInEcr(image)).toContain('docker.io/library/app');
  });
});

test('the repository for the API, by its name or as it is known', () => {
  expect(ecrOf({ repository: `${HOST}/team/app` })).toEqual({
    registryId: '123456789012',
    name: 'team/app',
    region: 'eu-west-1',
  });
  expect(ecrOf({ repository: 'app', ecr: APP })).toBe(APP);
  expect(ecrOf({ repository: 'public.ecr.aws/x/app' })).toBeUndefined();
});
