import { Failure, type FailureCode } from '../../src/failure.ts';
import type { Revision, ServiceRevision, TaskState } from '../../src/model.ts';
import { deregisterUnused, liveRevision, runningImages } from '../../src/service/revisions.ts';
import { service as made, ours, task } from '../report/made.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7';
const refuse = (code: 'ACCESS_DENIED' | 'NOT_FOUND') => async () => Promise.reject(new Failure(code, 'refused'));

test('a revision is read by its ARN', async () => {
  const revision = { arn: ARN, family: 'web', revision: 7 } as Revision;
  expect(await liveRevision(ARN, { describeTaskDefinition: async () => revision })).toBe(revision);
});

test('one that IAM does not let us read is known by its name alone', async () => {
  expect(await liveRevision(ARN, { describeTaskDefinition: refuse('ACCESS_DENIED') })).toEqual({
    arn: ARN,
    family: 'web',
    revision: 7,
    unseen: true,
  });
});

test('any other error ends the run', async () => {
  await expect(liveRevision(ARN, { describeTaskDefinition: refuse('NOT_FOUND') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a revision that cannot be deregistered is reported and changes no outcome', async () => {
  const asked: string[] = [];
  const done = async (arn: string) => void asked.push(arn);
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: done })).toEqual({ kind: 'done' });
  expect(asked).toEqual([ARN]);
  const shared = async () => 'in-use' as const;
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: shared })).toEqual({ kind: 'in-use' });
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: refuse('ACCESS_DENIED') })).toEqual({
    kind: 'failed',
    why: 'refused',
  });
});

describe('running', () => {
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
  const [A, B, C] = [digest('a'), digest('b'), digest('c')];
  const primary = ours({ id: 'ecs-svc/42', status: 'PRIMARY' });
  const service = made([ours({ id: 'ecs-svc/41', status: 'ACTIVE' }), primary], {
    arn: 'arn:aws-cn:ecs:cn-north-1:123456789012:service/shop/web',
    clusterArn: 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop',
  });
  const revision = (...images: [name: string, digest?: string][]): ServiceRevision[] => [
    {
      arn: 'sr',
      taskDefinitionArn: 'td',
      images: images.map(([containerName, of]) => ({ containerName, image: 'x', ...(of ? { digest: of } : {}) })),
    },
  ];
  const pulled = (id: string, name: string, imageDigest?: string, more: Partial<TaskState> = {}): TaskState =>
    task(id, 'RUNNING', {
      startedBy: 'ecs-svc/42',
      containers: [
        { name, image: 'x', lastStatus: 'RUNNING', healthStatus: 'UNKNOWN', ...(imageDigest ? { imageDigest } : {}) },
      ],
      ...more,
    });

  /** ECS with these answers; every call is noted. */
  function answering(answers: {
    readonly revisions?: ServiceRevision[] | FailureCode;
    readonly tasks?: TaskState[] | FailureCode;
    readonly arns?: string[];
  }) {
    const calls: unknown[][] = [];
    const answer = <T>(given: T[] | FailureCode | undefined): T[] => {
      if (typeof given === 'string') throw new Failure(given, given);
      return given ?? [];
    };
    return {
      calls,
      describeServiceRevisions: async (...query: unknown[]) => {
        calls.push(['revisions', ...query]);
        return answer(answers.revisions);
      },
      listTasks: async (...query: unknown[]) => {
        calls.push(['list', ...query]);
        return answers.arns ?? ['a'];
      },
      describeTasks: async (...query: unknown[]) => {
        calls.push(['tasks', ...query]);
        return answer(answers.tasks);
      },
    };
  }
  type Answers = Parameters<typeof answering>[0];

  test.each<[string, string[], Answers, Record<string, string[]>, string]>([
    ['nothing is asked for no container', [], {}, {}, ''],
    [
      'what the service revision resolved, and no task is asked',
      ['app', 'log'],
      { revisions: revision(['app', A], ['log', B]), tasks: 'INTERNAL' },
      { app: [A], log: [B] },
      'revisions',
    ],
    [
      'what the tasks pulled, where the revision does not tell',
      ['app', 'log'],
      { revisions: revision(['app', A], ['log']), tasks: [pulled('t', 'log', B), pulled('u', 'log', C)] },
      { app: [A], log: [B, C] },
      'revisions list tasks',
    ],
    [
      'the same where it is denied',
      ['app'],
      { revisions: 'ACCESS_DENIED', tasks: [pulled('t', 'app', A)] },
      { app: [A] },
      'revisions list tasks',
    ],
    [
      'nothing where both are denied',
      ['app'],
      { revisions: 'ACCESS_DENIED', tasks: 'ACCESS_DENIED' },
      {},
      'revisions list tasks',
    ],
    [
      'not what tasks of another deployment run, or tasks that do not run yet',
      ['app'],
      {
        tasks: [
          pulled('t', 'app', A, { startedBy: 'ecs-svc/41' }),
          pulled('u', 'app', B, { lastStatus: 'PENDING' }),
          pulled('v', 'app'),
          pulled('w', 'app', C),
        ],
      },
      { app: [C] },
      'revisions list tasks',
    ],
  ])('the digests that run: %s', async (_, containers, answers, expected, calls) => {
    const ecs = answering(answers);
    const running = await runningImages(service, containers, ecs);
    expect(Object.fromEntries([...running].map(([name, digests]) => [name, [...digests]]))).toEqual(expected);
    expect(ecs.calls.map(([name]) => name).join(' ')).toBe(calls);
  });

  test('ECS is asked for the revision of the PRIMARY deployment, and for at most 200 of its tasks', async () => {
    const arns = Array.from({ length: 300 }, (_, i) => `task/${i}`);
    const ecs = answering({ arns });
    await runningImages(service, ['app'], ecs);
    expect(ecs.calls).toEqual([
      ['revisions', ['arn:aws-cn:ecs:cn-north-1:123456789012:service-revision/shop/web/42']],
      ['list', { cluster: service.clusterArn, service: 'web', desiredStatus: 'RUNNING' }],
      ['tasks', service.clusterArn, arns.slice(0, 200)],
    ]);
  });

  test('a service whose ARN is none is asked for in the partition aws', async () => {
    const ecs = answering({});
    await runningImages({ ...service, arn: 'web', clusterArn: 'shop' }, ['app'], ecs);
    expect(ecs.calls[0]).toEqual(['revisions', ['arn:aws:ecs:::service-revision/shop/web/42']]);
  });

  test('a service without a PRIMARY deployment is not asked', async () => {
    const ecs = answering({});
    expect((await runningImages(made([]), ['app'], ecs)).size).toBe(0);
    expect(ecs.calls).toEqual([]);
  });

  test('a cancelled run ends', async () => {
    await expect(runningImages(service, ['app'], answering({ revisions: 'CANCELLED' }))).rejects.toThrow('CANCELLED');
  });
});
