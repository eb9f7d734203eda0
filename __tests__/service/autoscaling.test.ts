import { Failure } from '../../src/failure.ts';
import type { ScalingInputs } from '../../src/inputs/types.ts';
import type { ScalableTarget, ServiceState, Tags } from '../../src/model.ts';
import { MARK, markIn, markOf, planScaling, resourceOf, resume } from '../../src/service/autoscaling.ts';

const RESOURCE = 'service/shop/web';
const NONE = { dynamicIn: false, dynamicOut: false, scheduled: false };
const found = (more: Partial<ScalableTarget> = {}, tags: Tags = []) => ({
  arn: 'arn:target',
  resource: RESOURCE,
  minCapacity: 2,
  maxCapacity: 10,
  suspended: NONE,
  tags,
  ...more,
});
const ECS = 'arn:aws:ecs:eu-west-1:123456789012';
const SERVICE = { name: 'web', arn: `${ECS}:service/main/web`, clusterArn: `${ECS}:cluster/main`, desiredCount: 4 };
const plan = (
  inputs: Partial<ScalingInputs>,
  target: ReturnType<typeof found> | undefined = found(),
  service: Parameters<typeof planScaling>[2] = SERVICE,
) => planScaling({ autoscaling: 'keep', ...inputs }, target, service);
const marked = (value: string): Tags => [
  { key: 'team', value: 'web' },
  { key: MARK, value },
];

test('the name of the target', () => {
  const clusterArn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop';
  expect(resourceOf({ clusterArn, name: 'web' })).toBe(RESOURCE);
});

describe('the tag that notes what was suspended before', () => {
  test.each([
    [{ dynamicIn: true, dynamicOut: false, scheduled: false }, 'in=true out=false scheduled=false'],
    [{ dynamicIn: false, dynamicOut: true, scheduled: false }, 'in=false out=true scheduled=false'],
    [{ dynamicIn: false, dynamicOut: false, scheduled: true }, 'in=false out=false scheduled=true'],
  ])('%j is %s, there and back', (suspended, text) => {
    expect(markOf(suspended)).toBe(text);
    expect(markIn(marked(text))).toEqual(suspended);
  });
  test.each([
    [[]],
    [marked('')],
    [marked('in=true')],
    [marked('in=true out=true scheduled=true or so')],
    [marked('x in=true out=true scheduled=true')],
  ])('%j has none', (tags) => expect(markIn(tags)).toBeUndefined());
});

describe('capacity', () => {
  test('what is as it should be is not sent', () => {
    expect(plan({ minCapacity: 2, maxCapacity: 10 })).toEqual({
      resource: RESOURCE,
      target: 'arn:target',
      before: NONE,
      left: false,
      differences: [],
      warnings: [],
    });
  });
  test('only what changes is sent, with the difference', () => {
    expect(plan({ minCapacity: 3 })).toMatchObject({
      change: { minCapacity: 3 },
      differences: [{ kind: 'changed', subject: 'minimum capacity', before: '2', after: '3' }],
      warnings: [],
    });
    expect(plan({ minCapacity: 2, maxCapacity: 20 })).toEqual(
      expect.objectContaining({
        change: { maxCapacity: 20 },
        differences: [{ kind: 'changed', subject: 'maximum capacity', before: '10', after: '20' }],
      }),
    );
    expect(plan({ minCapacity: 4, maxCapacity: 4 })).toMatchObject({
      change: { minCapacity: 4, maxCapacity: 4 },
      warnings: [],
    });
  });
  test.each<[Partial<ScalingInputs>, string, string]>([
    [{ minCapacity: 11 }, 'min-capacity', 'is 11, above the maximum capacity of web, 10.'],
    [{ maxCapacity: 1 }, 'max-capacity', 'is below the minimum capacity of web, 2.'],
  ])('%j is out of order', (inputs, subject, problem) => {
    expect(() => plan(inputs)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: 'The capacity of web cannot be set; nothing was changed.',
        mistakes: [{ subject, problem, remedy: 'Give `min-capacity` and `max-capacity`.' }],
      }),
    );
  });
  test.each<[string, Partial<ScalingInputs>, { desiredCount?: number; wanted?: number }, string]>([
    ['the count is raised', { minCapacity: 6 }, {}, 'from 4 to 6: its capacity is 6 to 10 now'],
    ['the count is lowered', { maxCapacity: 3 }, {}, 'from 4 to 3: its capacity is 2 to 3 now'],
    ['the count of this run', { maxCapacity: 5 }, { wanted: 8 }, 'from 8 to 5: its capacity is 2 to 5 now'],
    ['a count outside of it', { maxCapacity: 8 }, { desiredCount: 0 }, 'from 0 to 2: its capacity is 2 to 8 now'],
  ])('%s: a warning', (_, inputs, service, words) => {
    const { warnings } = plan(inputs, found(), { ...SERVICE, ...service });
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^Application Auto Scaling sets the desired count of web ${words}`)),
    ]);
  });
});

describe('suspend', () => {
  test('scale-in alone, the others as they are', () => {
    const before = { dynamicIn: false, dynamicOut: true, scheduled: true };
    expect(plan({ autoscaling: 'suspend' }, found({ suspended: before }))).toMatchObject({
      suspend: { dynamicIn: true, dynamicOut: true, scheduled: true },
      before,
      left: false,
      warnings: [],
    });
    expect(plan({ autoscaling: 'suspend' })).not.toHaveProperty('change');
    expect(plan({ autoscaling: 'keep' })).not.toHaveProperty('suspend');
  });
  test('what is suspended is not suspended again', () => {
    const suspended = { ...NONE, dynamicIn: true };
    expect(plan({ autoscaling: 'suspend' }, found({ suspended }))).not.toHaveProperty('suspend');
  });
  test('what an earlier run has left: its note says what was before', () => {
    const suspended = { ...NONE, dynamicIn: true };
    const target = found({ suspended }, marked('in=false out=false scheduled=true'));
    expect(plan({ autoscaling: 'suspend' }, target)).toMatchObject({
      before: { dynamicIn: false, dynamicOut: false, scheduled: true },
      left: true,
    });
    // Resuming needs a call in any case.
    const zero = { ...SERVICE, desiredCount: 0 };
    expect(plan({ autoscaling: 'suspend' }, { ...target, suspended: NONE }, zero)).toMatchObject({
      suspend: { dynamicIn: true },
      warnings: [],
    });
  });
  test.each([
    ['below', 0, 2],
    ['above', 11, 10],
  ])('a count %s the capacity is kept: nothing is suspended, with a warning', (_, desiredCount, moved) => {
    const result = plan({ autoscaling: 'suspend' }, found(), { ...SERVICE, desiredCount });
    expect(result).not.toHaveProperty('suspend');
    expect(result.warnings).toEqual([
      `The scale-in of web is not suspended: its desired count is ${desiredCount}, outside of its capacity (2 to 10), and the call that suspends it would set the count to ${moved}.`,
    ]);
    expect(plan({ autoscaling: 'keep' }, found(), { ...SERVICE, desiredCount }).warnings).toEqual([]);
    const wider = plan({ autoscaling: 'suspend', maxCapacity: 20 }, found(), { ...SERVICE, desiredCount: 0 });
    expect(wider).toMatchObject({ suspend: { dynamicIn: true }, change: { maxCapacity: 20 } });
  });
  test.each([2, 10])('a count of %i, at the edge, is inside', (desiredCount) =>
    expect(plan({ autoscaling: 'suspend' }, found(), { ...SERVICE, desiredCount })).toHaveProperty('suspend'),
  );
});

describe('a service that is not registered', () => {
  const none = (inputs: Partial<ScalingInputs>) => planScaling({ autoscaling: 'keep', ...inputs }, undefined, SERVICE);

  test('has nothing to suspend, which is a warning', () => {
    expect(none({ autoscaling: 'suspend' })).toEqual({
      warnings: [
        'The service web in the cluster main in eu-west-1, account 123456789012, has no scalable target: it is not registered with Application Auto Scaling. There is nothing to suspend.',
      ],
    });
    expect(none({})).toEqual({ warnings: [] });
  });
  test.each<[Partial<ScalingInputs>, string]>([
    [{ minCapacity: 1 }, 'min-capacity'],
    [{ maxCapacity: 1 }, 'max-capacity'],
    [{ minCapacity: 1, maxCapacity: 1 }, 'min-capacity'],
  ])('%j has nothing to be set on', (inputs, subject) => {
    expect(() => none(inputs)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message:
          'The service web in the cluster main in eu-west-1, account 123456789012, has no scalable target: it is not registered with Application Auto Scaling.',
        mistakes: [
          expect.objectContaining({
            subject,
            problem: 'has nothing to be set on.',
            remedy: expect.stringContaining('or use `desired-count`'),
          }),
        ],
      }),
    );
  });
});

describe('resume', () => {
  function port(now: ScalableTarget | undefined) {
    const calls: unknown[] = [];
    return {
      calls,
      target: async (resource: string) => {
        calls.push(['target', resource]);
        return now;
      },
      register: async (...given: unknown[]) => {
        calls.push(['register', ...given]);
        return 'arn:target';
      },
      untag: async (...given: unknown[]) => void calls.push(['untag', ...given]),
      activities: async () => [],
      tags: async () => [],
      tag: async () => {},
    };
  }
  const updates: unknown[] = [];
  const ecs = (desiredCount: number, status: ServiceState['status'] = 'ACTIVE') => ({
    describeServices: async () => [{ clusterArn: 'arn:cluster', name: 'web', status, desiredCount } as ServiceState],
    updateService: async (update: unknown) => {
      updates.push(update);
      return {} as ServiceState;
    },
  });
  const intent = { resource: RESOURCE, target: 'arn:target', before: { ...NONE, scheduled: true } };
  const UNTAG = ['untag', 'arn:target', [MARK]];

  test('sets the scale-in alone as it was, and takes the note away', async () => {
    const made = port(found({ suspended: { dynamicIn: true, dynamicOut: true, scheduled: false } }));
    await resume(intent, { autoscaling: made, ecs: ecs(2) });
    const suspended = { dynamicIn: false, dynamicOut: true, scheduled: false };
    expect(made.calls).toEqual([['target', RESOURCE], ['register', RESOURCE, { suspended }], UNTAG]);
  });
  test('of one that is as it was, only the note is taken away; of one that is gone, nothing', async () => {
    const made = port(found());
    await resume(intent, { autoscaling: made, ecs: ecs(2) });
    expect(made.calls).toEqual([['target', RESOURCE], UNTAG]);
    const anew = port(found({ arn: 'arn:another' }));
    await resume(intent, { autoscaling: anew, ecs: ecs(2) });
    expect(anew.calls).toEqual([
      ['target', RESOURCE],
      ['untag', 'arn:another', [MARK]],
    ]);
    const gone = port(undefined);
    await resume(intent, { autoscaling: gone, ecs: ecs(2) });
    expect(gone.calls).toEqual([['target', RESOURCE]]);
  });
  test.each<[number, ServiceState['status'], number | undefined]>([
    [0, 'ACTIVE', 0],
    [1, 'ACTIVE', 1],
    [2, 'ACTIVE', undefined],
    [10, 'ACTIVE', undefined],
    [11, 'ACTIVE', 11],
    [0, 'DRAINING', undefined],
  ])(
    'a count of %d (%s), which the call would move into 2 to 10, is set again: %s',
    async (count, status, desiredCount) => {
      updates.length = 0;
      const made = port(found({ suspended: { ...NONE, dynamicIn: true } }));
      const kept = await resume(intent, { autoscaling: made, ecs: ecs(count, status) });
      expect([updates, kept]).toEqual(
        desiredCount === undefined
          ? [[], undefined]
          : [
              [{ cluster: 'arn:cluster', service: 'web', desiredCount }],
              `the desired count of web stays ${desiredCount}, outside of its capacity (2 to 10)`,
            ],
      );
    },
  );
  test('a count that cannot be set again is said so, and the note stays', async () => {
    const made = port(found({ suspended: { ...NONE, dynamicIn: true } }));
    const denied = { ...ecs(0), updateService: async () => Promise.reject(new Failure('ACCESS_DENIED', 'denied')) };
    await expect(resume(intent, { autoscaling: made, ecs: denied })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message:
        'Its desired count was 0, outside of its capacity (2 to 10); Application Auto Scaling has set it to 2, and it could not be set again: denied',
    });
    expect(made.calls).not.toContainEqual(UNTAG);
  });
});
