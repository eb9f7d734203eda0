import { readCodeDeploy, readHooks, readStrategy } from '../../src/inputs/strategy.ts';
import { type Given, read } from './made.ts';

const strategy = (given: Given) => read(given, readStrategy);
const ELB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';

test('a strategy that is not given is absent', () => {
  expect(strategy({ service: 'web' })).toMatchObject({ value: undefined, mistakes: [] });
});

test.each<[string, string, object]>([
  ['strategy', 'rolling', { kind: 'ROLLING' }],
  ['strategy', 'blue-green', { kind: 'BLUE_GREEN' }],
  ['strategy', 'BlueGreen', { kind: 'BLUE_GREEN' }],
  ['strategy', 'Blue_Green', { kind: 'BLUE_GREEN' }],
  ['strategy', 'LINEAR', { kind: 'LINEAR' }],
  ['strategy', 'canary', { kind: 'CANARY' }],
  ['bake-time-minutes', '0', { bakeTimeInMinutes: 0 }],
  ['bake-time-minutes', '1440', { bakeTimeInMinutes: 1440 }],
  ['linear-step-percent', '3', { linear: { stepPercent: 3 } }],
  ['linear-step-percent', '33.3', { linear: { stepPercent: 33.3 } }],
  ['linear-step-bake-minutes', '0', { linear: { stepBakeTimeInMinutes: 0 } }],
  ['canary-percent', '0.1', { canary: { canaryPercent: 0.1 } }],
  ['canary-percent', '100', { canary: { canaryPercent: 100 } }],
  ['canary-bake-minutes', '5', { canary: { canaryBakeTimeInMinutes: 5 } }],
  ['early-success-percent', '0', { earlySuccessPercent: 0 }],
  ['early-success-percent', 'OFF', { earlySuccessPercent: 'off' }],
  ['lifecycle-hooks', '[]', { hooks: [] }],
  [
    'alternate-target-group',
    `${ELB}:targetgroup/b/1`,
    { traffic: { alternateTargetGroupArn: `${ELB}:targetgroup/b/1` } },
  ],
  [
    'production-listener-rule',
    `${ELB}:listener-rule/app/w/1/2/3`,
    { traffic: { productionListenerRule: `${ELB}:listener-rule/app/w/1/2/3` } },
  ],
  ['test-listener-rule', `${ELB}:listener/net/w/1/2`, { traffic: { testListenerRule: `${ELB}:listener/net/w/1/2` } }],
  [
    'load-balancer-role',
    'arn:aws-cn:iam::123456789012:role/a/b',
    { traffic: { roleArn: 'arn:aws-cn:iam::123456789012:role/a/b' } },
  ],
])('%s: %s', (name, text, value) => {
  expect(strategy({ [name]: text })).toMatchObject({ value, mistakes: [] });
  expect(Object.keys(strategy({ [name]: text }).value ?? {})).toHaveLength(1);
});

test.each<[string, string, string]>([
  ['strategy', 'bluegren', 'Did you mean `BLUE_GREEN`?'],
  ['strategy', 'recreate', '`recreate` is not one of `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`.'],
  ['bake-time-minutes', '1441', 'Give minutes, from 0 to 1440.'],
  ['linear-step-percent', '2.9', '`2.9` is out of range. Give a percentage from 3 to 100'],
  ['linear-step-percent', '101', '`101` is out of range.'],
  ['linear-step-percent', '33.33', 'with at most one decimal place'],
  ['canary-percent', '0', '`0` is out of range.'],
  ['canary-percent', '5%', 'without the % sign'],
  ['early-success-percent', '101', 'or `off`, from 0 to 100'],
  ['alternate-target-group', 'green', 'Expected the ARN of a target group.'],
  ['production-listener-rule', `${ELB}:targetgroup/b/1`, 'Expected the ARN of a listener rule'],
  ['load-balancer-role', 'infrastructure', 'Expected the ARN of an IAM role.'],
])('%s: %s is refused', (name, text, mistake) => {
  expect(strategy({ [name]: text }).mistakes).toEqual([expect.stringContaining(mistake)]);
});

test('a setting of another strategy than the one that is given is a mistake, by its name', () => {
  const { mistakes } = strategy({
    strategy: 'CANARY',
    'canary-percent': '5',
    'linear-step-percent': '10',
    'early-success-percent': '100',
  });
  expect(mistakes).toEqual([
    'linear-step-percent: is a setting of LINEAR, but `strategy` is CANARY. Drop one of them.',
    'early-success-percent: is a setting of ROLLING, but `strategy` is CANARY. Drop one of them.',
  ]);
});

describe('lifecycle-hooks', () => {
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
});

describe('how CodeDeploy deploys', () => {
  const codeDeploy = (given: Given) => read(given, readCodeDeploy);
  const NAMES = [
    ['codedeploy-application', 'application'],
    ['codedeploy-deployment-group', 'deploymentGroup'],
    ['codedeploy-deployment-config', 'configName'],
  ] as const;
  const EXPECTED = 'Write a name of CodeDeploy: up to 100 letters, digits and `_ + = , . @ -`';

  test('nothing is absent', () => {
    expect(codeDeploy({ service: 'web' })).toMatchObject({ value: undefined, mistakes: [] });
  });

  test.each(NAMES)('%s', (input, member) => {
    const longest = 'a+b=c,d.e@f-'.padEnd(100, '_');
    expect(codeDeploy({ [input]: longest })).toMatchObject({ value: { [member]: longest }, mistakes: [] });
    for (const wrong of [`${longest}x`, 'a b', 'a/b'])
      expect(codeDeploy({ [input]: wrong }).mistakes).toEqual([expect.stringContaining(EXPECTED.slice(6))]);
  });

  test.each([
    ['codedeploy-deployment-description', 'Release 1 of web', { description: 'Release 1 of web' }],
    ['codedeploy-wait-for', 'traffic', { waitFor: 'traffic' }],
    ['codedeploy-wait-for', 'termination', { waitFor: 'termination' }],
    ['codedeploy-appspec', 'deploy/appspec.yaml', { appSpec: 'deploy/appspec.yaml' }],
    ['codedeploy-appspec', 'a'.repeat(4096), { appSpec: 'a'.repeat(4096) }],
  ])('%s: %.20s', (input, text, value) => {
    expect(codeDeploy({ [input]: text })).toMatchObject({ value, mistakes: [] });
  });

  test.each([['{"version": 0}'], ['[a]'], ['---'], ['version: 0\nResources:'], ['a\rb'], ['a'.repeat(4097)]])(
    'an AppSpec in place of its path: %.20s',
    (text) => {
      expect(codeDeploy({ 'codedeploy-appspec': text }).mistakes).toEqual([
        'codedeploy-appspec: is an AppSpec itself, but takes the path of a file. Write the AppSpec to a file, and give its path.',
      ]);
    },
  );

  test('a word that it does not wait for', () => {
    expect(codeDeploy({ 'codedeploy-wait-for': 'x' }).mistakes).toEqual([
      'codedeploy-wait-for: `x` is not one of `traffic`, `termination`. Write one of them.',
    ]);
  });
});
