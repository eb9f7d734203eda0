import { readHooks } from '../../src/inputs/hooks.ts';
import { read } from './made.ts';

const hooks = (text: string) => read({ 'lifecycle-hooks': text }, readHooks);
const LAMBDA =
  '{hookTargetArn: f, roleArn: r, lifecycleStages: [PRE_SCALE_UP], hookDetails: {a: 1}, timeoutConfiguration: {timeoutInMinutes: 5}}';

test('YAML and JSON, as ECS takes them', () => {
  expect(hooks(' ')).toMatchObject({ value: undefined, mistakes: [] });
  expect(hooks('[]')).toMatchObject({ value: [], mistakes: [] });
  expect(hooks('[{"targetType": "PAUSE", "lifecycleStages": ["PRE_PRODUCTION_TRAFFIC_SHIFT"]}]')).toMatchObject({
    value: [{ targetType: 'PAUSE', lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'] }],
    mistakes: [],
  });
  expect(hooks(`- ${LAMBDA}`)).toMatchObject({
    value: [
      {
        hookTargetArn: 'f',
        roleArn: 'r',
        lifecycleStages: ['PRE_SCALE_UP'],
        hookDetails: { a: 1 },
        timeoutConfiguration: { timeoutInMinutes: 5 },
      },
    ],
    mistakes: [],
  });
  expect(hooks(`- ${LAMBDA}\n- {targetType: PAUSE, lifecycleStages: [POST_SCALE_UP]}\n`.repeat(10))).toMatchObject({
    value: { length: 20 },
    mistakes: [],
  });
});

test('anchors, as in every other input in YAML', () => {
  const text =
    '- &pause {targetType: PAUSE, lifecycleStages: [POST_SCALE_UP]}\n- {<<: *pause, lifecycleStages: [PRE_SCALE_UP]}';
  expect(hooks(text)).toMatchObject({
    value: [{ lifecycleStages: ['POST_SCALE_UP'] }, { targetType: 'PAUSE', lifecycleStages: ['PRE_SCALE_UP'] }],
    mistakes: [],
  });
});

const STAGES =
  'RECONCILE_SERVICE, PRE_SCALE_UP, POST_SCALE_UP, TEST_TRAFFIC_SHIFT, POST_TEST_TRAFFIC_SHIFT, PRE_PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, POST_PRODUCTION_TRAFFIC_SHIFT';
const LIST = 'Write a YAML list of hooks, each with `lifecycleStages` (an empty list `[]` removes them).';

test.each<[string, string]>([
  ['targetType: PAUSE', `is not a list. ${LIST}`],
  ['- PAUSE', 'hook 1 is not an object. Give it `targetType` and `lifecycleStages`.'],
  ['- {targetType: PAUSE}', `hook 1 has no \`lifecycleStages\`. List one or more of ${STAGES}.`],
  ['- {targetType: PAUSE, lifecycleStages: []}', `hook 1 has no \`lifecycleStages\`. List one or more of ${STAGES}.`],
  [
    '- {targetType: PAUSE, lifecycleStages: PRE_SCALE_UP}',
    `hook 1 has no \`lifecycleStages\`. List one or more of ${STAGES}.`,
  ],
  [
    '- {targetType: PAUSED, lifecycleStages: [PRE_SCALE_UP]}',
    'hook 1 has an unknown targetType. Write AWS_LAMBDA or PAUSE.',
  ],
  [
    '- {targetType: PAUSE, lifecycleStages: [PRE_SCALE_UPP]}',
    'hook 1 names the stage `PRE_SCALE_UPP`, at which no hook can run. Did you mean `PRE_SCALE_UP`?',
  ],
  [
    '- {targetType: PAUSE, lifecycleStages: [DONE]}',
    `hook 1 names the stage \`DONE\`, at which no hook can run. The stages are ${STAGES}.`,
  ],
  [
    '- {targetType: PAUSE, lifecycleStages: [TEST_TRAFFIC_SHIFT]}',
    'hook 1 cannot pause at TEST_TRAFFIC_SHIFT. Pause at the stage before or after it.',
  ],
  [
    '- {targetType: PAUSE, lifecycleStages: [PRE_SCALE_UP, PRODUCTION_TRAFFIC_SHIFT]}',
    'hook 1 cannot pause at PRODUCTION_TRAFFIC_SHIFT. Pause at the stage before or after it.',
  ],
  [
    '- {targetType: PAUSE, lifecycleStage: [PRE_SCALE_UP], lifecycleStages: [PRE_SCALE_UP]}',
    'hook 1 has no member `lifecycleStage`. Did you mean `lifecycleStages`?',
  ],
  [
    '- {targetType: PAUSE, when: now, lifecycleStages: [PRE_SCALE_UP]}',
    'hook 1 has no member `when`. It has targetType, hookTargetArn, roleArn, lifecycleStages, hookDetails, timeoutConfiguration.',
  ],
  [
    '- {hookTargetArn: f, lifecycleStages: [PRE_SCALE_UP]}',
    'hook 1 has no `roleArn`. Name the role with which ECS calls the function.',
  ],
  [
    `- ${LAMBDA}\n- {roleArn: r, lifecycleStages: [TEST_TRAFFIC_SHIFT]}`,
    'hook 2 has no `hookTargetArn`. Name the Lambda function by its ARN, or write `targetType: PAUSE`.',
  ],
  [`- ${LAMBDA}\n`.repeat(11), 'has 11 hooks of type AWS_LAMBDA; ECS takes 10. Drop some.'],
  [
    '- {targetType: PAUSE, lifecycleStages: [PRE_SCALE_UP]}\n'.repeat(11),
    'has 11 hooks of type PAUSE; ECS takes 10. Drop some.',
  ],
])('%s', (text, mistake) => {
  expect(hooks(text).mistakes).toEqual([`lifecycle-hooks: ${mistake}`]);
});

test('every mistake of every hook', () => {
  const { mistakes } = hooks('- {targetType: LAMBDA}\n- {roleArn: r}\n- 1\n');
  expect(mistakes).toEqual([
    'lifecycle-hooks: hook 1 has an unknown targetType. Write AWS_LAMBDA or PAUSE.',
    expect.stringContaining('hook 1 has no `lifecycleStages`'),
    expect.stringContaining('hook 2 has no `hookTargetArn`'),
    expect.stringContaining('hook 2 has no `lifecycleStages`'),
    expect.stringContaining('hook 3 is not an object'),
  ]);
});

test('text that is not YAML is a mistake with its line', () => {
  expect(hooks('[').mistakes).toEqual([
    expect.stringMatching(/^lifecycle-hooks: the text is not valid YAML: .* at line 1/),
  ]);
});
