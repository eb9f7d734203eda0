import { withHooks } from '../../src/stories/current.ts';

describe('lifecycle hooks', () => {
  const hooks = async (text: string | undefined) => {
    const inputs = await withHooks({
      service: { cluster: 'c', service: 's', ...(text === undefined ? {} : { strategy: { hooks: text } }) },
    });
    return inputs.service.strategy?.hooks;
  };
  const LAMBDA =
    '{hookTargetArn: f, roleArn: r, lifecycleStages: [PRE_SCALE_UP], hookDetails: {a: 1}, timeoutConfiguration: {timeoutInMinutes: 5}}';

  test('YAML and JSON, as ECS takes them', async () => {
    expect(await hooks(undefined)).toBeUndefined();
    expect(await hooks('[]')).toEqual([]);
    expect(await hooks('[{"targetType": "PAUSE", "lifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"]}]')).toEqual([
      { targetType: 'PAUSE', lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'] },
    ]);
    expect(await hooks(`- ${LAMBDA}`)).toHaveLength(1);
    expect(await hooks(`- ${LAMBDA}\n`.repeat(10))).toHaveLength(10);
  });

  test.each<[string, string]>([
    ['[', 'cannot be read as YAML or JSON.'],
    ['targetType: PAUSE', 'is not a list.'],
    ['- PAUSE', 'hook 1 is not an object.'],
    ['- {targetType: PAUSE}', 'hook 1 has no `lifecycleStages`.'],
    ['- {targetType: PAUSE, lifecycleStages: []}', 'hook 1 has no `lifecycleStages`.'],
    ['- {targetType: PAUSED, lifecycleStages: [PRE_SCALE_UP]}', 'hook 1 has an unknown targetType.'],
    [
      '- {targetType: PAUSE, lifecycleStages: [SCALE_UP]}',
      'hook 1 names the stage `SCALE_UP`, at which no hook can run.',
    ],
    ['- {targetType: PAUSE, lifecycleStages: [TEST_TRAFFIC_SHIFT]}', 'hook 1 cannot pause at TEST_TRAFFIC_SHIFT.'],
    [
      '- {targetType: PAUSE, lifecycleStage: [PRE_SCALE_UP], lifecycleStages: [PRE_SCALE_UP]}',
      'hook 1 has no member `lifecycleStage`.',
    ],
    ['- {hookTargetArn: f, lifecycleStages: [PRE_SCALE_UP]}', 'hook 1 has no `roleArn`.'],
    [`- ${LAMBDA}\n`.repeat(11), 'has 11 hooks of type AWS_LAMBDA; ECS takes 10.'],
  ])('%s', async (text, problem) => {
    await expect(hooks(text)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      mistakes: [{ subject: 'lifecycle-hooks', problem }],
    });
  });
});
