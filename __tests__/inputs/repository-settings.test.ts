import { deny, REGION, Simulator } from '../../simulator/simulator.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { openRepository } from '../../src/image/repository.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import {
  readLifecyclePolicy,
  readRepositorySettings,
  repositorySettings,
} from '../../src/inputs/repository-settings.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT, Stage } from '../support/world.ts';
import { read } from './made.ts';

const WHOLE = `
imageTagMutability: IMMUTABLE_WITH_EXCLUSION
imageTagMutabilityExclusionFilters:
  - { filterType: WILDCARD, filter: "buildcache-*" }
imageScanningConfiguration: { scanOnPush: true }
encryptionConfiguration: { encryptionType: KMS, kmsKey: alias/images }
tags: { team: web }
repositoryPolicy:
  Version: "2012-10-17"
  Statement:
    - { Effect: Allow, Principal: { AWS: "arn:aws:iam::210987654321:root" }, Action: ["ecr:BatchGetImage"] }
lifecyclePolicy:
  rules:
    - rulePriority: 1
      selection: { tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 14 }
      action: { type: expire }
`;

const settingsIn = (text: string) => read({ 'repository-settings': text }, readRepositorySettings);
const mistakesIn = (text: string): readonly string[] => settingsIn(text).mistakes;

test.each<[string, string]>([
  ['imageTagMutabilty: MUTABLE', 'no field `imageTagMutabilty`. Did you mean `imageTagMutability`?'],
  ['lifecyclePolicyText: {}', 'Did you mean `lifecyclePolicy`?'],
  [
    'imageTagMutability: IMUTABLE',
    'not one of `MUTABLE`, `IMMUTABLE`, `MUTABLE_WITH_EXCLUSION`, `IMMUTABLE_WITH_EXCLUSION`. Did you mean `',
  ],
  ['imageTagMutability: IMMUTABLE_WITH_EXCLUSION', 'needs `imageTagMutabilityExclusionFilters`'],
  ['imageTagMutabilityExclusionFilters: [{filterType: WILDCARD, filter: "a"}]', 'not with `MUTABLE`'],
  [
    'imageTagMutability: MUTABLE_WITH_EXCLUSION\nimageTagMutabilityExclusionFilters: [{filterType: WILDCARD, filter: "*a*b*"}]',
    'at most 2 wildcards',
  ],
  [
    'imageScanningConfiguration: { scanOnPush: yes please }',
    '`imageScanningConfiguration.scanOnPush` is not `true` or `false`',
  ],
  ['encryptionConfiguration: { encryptionType: AES256, kmsKey: k }', '`kmsKey` goes with'],
  ['tags: { "aws:team": a }', 'reserved'],
  ['repositoryPolicy: { Version: "1" }', 'not a policy with `Statement`'],
  ['repositoryPolicy: { Statement: [] }', '`repositoryPolicy.Statement` is empty'],
  [
    'repositoryPolicy: { Statement: { Effect: Alow, Principal: "*", Action: "ecr:*" } }',
    '`repositoryPolicy.Statement[0].Effect` is not one of `Allow`, `Deny`. Did you mean `Allow`?',
  ],
  [
    `repositoryPolicy: '{"Statement": [{"Effect": "Alow", "Principal": "*", "Action": "ecr:*"}]}'`,
    'Did you mean `Allow`?',
  ],
  [
    'repositoryPolicy: { Version: 2012-10-18, Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:*" }] }',
    'Did you mean `2012-10-17`?',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:BatchGetImages" }] }',
    '`repositoryPolicy.Statement[0]` has `ecr:BatchGetImages`, which is not an action of ECR. Did you mean `ecr:BatchGetImage`?',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: "210987654321x" }, Action: "ecr:*" }] }',
    '`repositoryPolicy.Statement[0].Principal.AWS` has `210987654321x`, which is not an account of 12 digits',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: 210987654321 }, Action: "ecr:*" }] }',
    'has `210987654321`, which is not an account of 12 digits, or the ARN of an account (`arn:aws:iam::123456789012:root`), role or user. Write it in quotes.',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: ["*", "web"] }, Action: "ecr:*" }] }',
    'has `web`, which is not an account',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: { Aws: "*" }, Action: "ecr:*" }] }',
    '`repositoryPolicy.Statement[0].Principal` has no kind `Aws`. Did you mean `AWS`?',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "210987654321", Action: "ecr:*" }] }',
    '`repositoryPolicy.Statement[0].Principal` is neither `*` nor a map of principals',
  ],
  ['repositoryPolicy: { Statement: [a] }', '`repositoryPolicy.Statement[0]` is not a map of fields'],
  ['repositoryPolicy: { Statement: [{ Principal: "*", Action: "ecr:*" }] }', 'has no `Effect`'],
  ['repositoryPolicy: { Statement: [{ Effect: Allow, Action: "ecr:*" }] }', 'has no `Principal`'],
  ['repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*" }] }', 'has no `Action`'],
  ['repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: [] }] }', 'has no `Action`'],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: { AWS: [] }, Action: "ecr:*" }] }',
    'has no `Principal`',
  ],
  ['repositoryPolicy: { Statement: [{ Effect: Allow, Principal: , Action: "ecr:*" }] }', 'has no `Principal`'],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:*", Condition: x }] }',
    'Statement[0].Condition` is not a map',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: ["ecr:BatchGetImage", "s3:GetObject"] }] }',
    '`s3:GetObject`, which is not an action of ECR',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Actions: "ecr:*" }] }',
    'no field `Actions`. Did you mean `Action`?',
  ],
  [
    'repositoryPolicy: { Statement: [{ Effect: Allow, Principal: "*", Action: "ecr:*", Resource: "*" }] }',
    'no field `Resource`. Remove it',
  ],
  ['lifecyclePolicy: { rules: [] }', '`lifecyclePolicy.rules` is empty'],
  ['lifecyclePolicy: {}', '`lifecyclePolicy` has no `rules`'],
  [
    'lifecyclePolicy: { rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: imageCountMoreThan, countUnit: days, countNumber: 5 }, action: { type: expire } }] }',
    'takes no `countUnit`',
  ],
  [
    'lifecyclePolicy: { rules: [{ rulePriority: 1, selection: { tagStatus: tagged, countType: imageCountMoreThan, countNumber: 5 }, action: { type: expire } }] }',
    'needs one of `tagPrefixList` or `tagPatternList`',
  ],
  [
    'lifecyclePolicy: { rules: [{ rulePriority: 1, selection: { tagStatus: any, countType: sinceImagePushed, countNumber: 5 }, action: { type: expire } }] }',
    'needs `countUnit: days`',
  ],
  [
    'lifecyclePolicy: { rules: [{ rulePriority: 1, selection: { tagStatus: any, countTyp: x, countNumber: 5 }, action: { type: expire } }] }',
    '`lifecyclePolicy.rules[0].selection` has no field `countTyp`. Did you mean `countType`?',
  ],
  ['a: [', 'repository-settings: the text is not valid YAML'],
])('%s', (text, words) => {
  expect(mistakesIn(text).join('\n')).toContain(words);
});

test('YAML and JSON say the same; a policy is a text for the API; `True` is a boolean, and a text as the value of a tag', () => {
  expect(mistakesIn(WHOLE)).toEqual([]);
  const { value } = settingsIn('imageScanningConfiguration: { scanOnPush: True }\ntags: { a: True }');
  const scanOnPush = { imageScanningConfiguration: { scanOnPush: true }, tags: [{ Key: 'a', Value: 'True' }] };
  expect(value).toEqual({ creation: scanOnPush });
  expect(settingsIn(JSON.stringify(scanOnPush)).value).toEqual(value);
  expect(settingsIn('imageScanningConfiguration: { scanOnPush: FALSE }').value).toEqual({
    creation: { imageScanningConfiguration: { scanOnPush: false } },
  });
  expect(mistakesIn('imageScanningConfiguration: { scanOnPush: yes }')).toEqual([
    expect.stringContaining('`imageScanningConfiguration.scanOnPush` is not `true` or `false`'),
  ]);
});

test('`lifecycle-policy` is the same policy alone', () => {
  const policy = (text: string) => read({ 'lifecycle-policy': text }, readLifecyclePolicy);
  const rules = [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 },
      action: { type: 'expire' },
    },
  ];
  expect(policy(JSON.stringify({ rules }))).toMatchObject({ value: JSON.stringify({ rules }), mistakes: [] });
  expect(policy('rules: []').mistakes).toEqual([
    expect.stringMatching(/^lifecycle-policy: `lifecyclePolicy.rules` is empty/),
  ]);
  expect(read({}, readLifecyclePolicy).value).toBeUndefined();
  expect(read({}, readRepositorySettings).value).toBeUndefined();
});

test('settings without create-repository are a mistake', () => {
  const raw = new Map([
    ['aws-region', REGION],
    ['repository', 'web'],
    ['mode', 'build'],
    ['repository-settings', WHOLE],
  ]);
  expect(() => parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml })).toThrow(
    expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'repository-settings' })] }),
  );
});

describe('the settings and every mistake in them', () => {
  const STATEMENT = { Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] };
  const problems = (value: unknown) =>
    repositorySettings(value as never).problems.map(({ problem, remedy }) =>
      [problem, ...(remedy === undefined ? [] : [remedy])].join(' '),
    );
  const exactly = (...lines: readonly string[]) => lines;
  const rule = (selection: object, more: object = {}) => ({
    lifecyclePolicy: {
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5, ...selection },
          action: { type: 'expire' },
          ...more,
        },
      ],
    },
  });
  const filters = (...names: readonly string[]) => ({
    imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: names.map((filter) => ({ filterType: 'WILDCARD', filter })),
  });

  test('nothing is left out, and policies become texts', () => {
    const text = JSON.stringify({ Statement: [STATEMENT] });
    expect(repositorySettings({})).toEqual({ settings: { creation: {} }, problems: [] });
    expect(repositorySettings({ repositoryPolicy: text, tags: { a: 1, b: 'c' } })).toEqual({
      settings: {
        creation: {
          tags: [
            { Key: 'a', Value: '1' },
            { Key: 'b', Value: 'c' },
          ],
        },
        repositoryPolicy: text,
      },
      problems: [],
    });
    const given = { imageTagMutability: 'IMMUTABLE', repositoryPolicy: { Statement: [STATEMENT] }, ...rule({}) };
    expect(repositorySettings(given)).toEqual({
      settings: {
        creation: { imageTagMutability: 'IMMUTABLE' },
        repositoryPolicy: text,
        lifecyclePolicy: JSON.stringify(given.lifecyclePolicy),
      },
      problems: [],
    });
    const listed = { tags: [{ Key: 'a', Value: 'b' }, { key: 'c', value: 'd' }, { Key: 'e' }] };
    expect(repositorySettings(listed).settings.creation).toEqual({
      tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'd' },
        { Key: 'e', Value: '' },
      ],
    });
  });

  test('the input whose mistake it is', () => {
    expect(repositorySettings(null).problems).toEqual([{ problem: 'The input is not a map of fields.' }]);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['a text', 'x', exactly('The input is not a map of fields.')],
    [
      'a field that is no text',
      { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: '' } },
      exactly('`encryptionConfiguration.kmsKey` is not a text.'),
    ],
    [
      'a text that is a number',
      { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 1 } },
      exactly('`encryptionConfiguration.kmsKey` is not a text.'),
    ],
    [
      'a field that lacks',
      { encryptionConfiguration: {} },
      exactly('`encryptionConfiguration` has no `encryptionType`.'),
    ],
    [
      'a list that is none',
      { imageTagMutabilityExclusionFilters: 'a' },
      exactly('`imageTagMutabilityExclusionFilters` is not a list.'),
    ],
    [
      'a map that is a list',
      { imageScanningConfiguration: [true] },
      exactly('`imageScanningConfiguration` is not a map of fields.'),
    ],
    ['no value', { imageScanningConfiguration: null }, exactly('`imageScanningConfiguration` is not a map of fields.')],
    [
      'a word that is a number',
      { imageTagMutability: 1 },
      exactly(
        '`imageTagMutability` is not one of `MUTABLE`, `IMMUTABLE`, `MUTABLE_WITH_EXCLUSION`, `IMMUTABLE_WITH_EXCLUSION`.',
      ),
    ],
    [
      'a field like no other',
      { zzzzzzzz: 1 },
      exactly(
        'The input has no field `zzzzzzzz`. It has `imageTagMutability`, `imageTagMutabilityExclusionFilters`, `imageScanningConfiguration`, `encryptionConfiguration`, `tags`, `repositoryPolicy`, `lifecyclePolicy`.',
      ),
    ],
    [
      'tags that are a text',
      { tags: 'a' },
      exactly('`tags` is not a map of tags (`team: web`) or a list of `Key` and `Value`.'),
    ],
    [
      'tags without keys',
      { tags: [{ Value: 'a' }] },
      exactly('`tags` is not a map of tags (`team: web`) or a list of `Key` and `Value`.'),
    ],
    [
      'tags that are no maps',
      { tags: ['a'] },
      exactly('`tags` is not a map of tags (`team: web`) or a list of `Key` and `Value`.'),
    ],
    [
      'a policy that is no JSON',
      { repositoryPolicy: '{' },
      exactly('`repositoryPolicy` is not a policy with `Statement`.'),
    ],
    [
      'a policy in a text without Statement',
      { repositoryPolicy: '{"Version":"1"}' },
      exactly('`repositoryPolicy` is not a policy with `Statement`.'),
    ],
    [
      'a policy that is a text in JSON',
      { repositoryPolicy: '"Statement"' },
      exactly('`repositoryPolicy` is not a policy with `Statement`.'),
    ],
    [
      'a policy that is a list',
      { repositoryPolicy: [] },
      exactly('`repositoryPolicy` is not a policy with `Statement`.'),
    ],
    [
      'a count of 0',
      rule({ countNumber: 0 }),
      exactly('`lifecyclePolicy.rules[0].selection.countNumber` is not a whole number above 0.'),
    ],
    [
      'a count of 1.5',
      rule({ countNumber: 1.5 }),
      exactly('`lifecyclePolicy.rules[0].selection.countNumber` is not a whole number above 0.'),
    ],
    [
      'a count in a text',
      rule({ countNumber: '5' }),
      exactly('`lifecyclePolicy.rules[0].selection.countNumber` is not a whole number above 0.'),
    ],
    [
      'a rule without priority',
      {
        lifecyclePolicy: {
          rules: [
            {
              selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
              action: { type: 'expire' },
            },
          ],
        },
      },
      exactly('`lifecyclePolicy.rules[0]` has no `rulePriority`.'),
    ],
    [
      'a priority twice',
      { lifecyclePolicy: { rules: [...rule({}).lifecyclePolicy.rules, ...rule({}).lifecyclePolicy.rules] } },
      exactly('two lifecycle rules have the same `rulePriority`.'),
    ],
    [
      'two lists of tags',
      rule({ tagStatus: 'tagged', tagPrefixList: ['a'], tagPatternList: ['b'] }),
      exactly('the lifecycle rule 1 needs one of `tagPrefixList` or `tagPatternList` with `tagStatus: tagged`.'),
    ],
    [
      'a list of tags for all',
      rule({ tagPrefixList: ['a'] }),
      exactly('the lifecycle rule 1 takes no `tagPrefixList` or `tagPatternList` with `tagStatus: any`.'),
    ],
    [
      'days without their unit',
      rule({ countType: 'sinceImagePulled' }),
      exactly('the lifecycle rule 1 needs `countUnit: days`.'),
    ],
    [
      'too many tags',
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) },
      exactly('`tags` has 51 tags; ECR takes 50.'),
    ],
    [
      'a reserved tag',
      { tags: { 'AWS:x': '1' } },
      exactly('`tags` has a key that begins with `aws:`, which is reserved.'),
    ],
    [
      'too many filters',
      filters('a', 'b', 'c', 'd', 'e', 'f'),
      exactly('`imageTagMutabilityExclusionFilters` has 6 filters; ECR takes 5.'),
    ],
    [
      'a filter with a space',
      filters('a b'),
      exactly(
        'the exclusion filter `a b` is not right. A filter has letters, digits, `.`, `_`, `-` and at most 2 wildcards `*`, such as `buildcache-*`.',
      ),
    ],
    [
      'filters without exclusion',
      {
        imageTagMutability: 'IMMUTABLE',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'a' }],
      },
      exactly(
        '`imageTagMutabilityExclusionFilters` goes with `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`, not with `IMMUTABLE`.',
      ),
    ],
    [
      'exclusion without filters',
      { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
      exactly('`imageTagMutability: IMMUTABLE_WITH_EXCLUSION` needs `imageTagMutabilityExclusionFilters`.'),
    ],
    [
      'a key for AES256',
      { encryptionConfiguration: { encryptionType: 'AES256', kmsKey: 'k' } },
      exactly('`kmsKey` goes with `encryptionType: KMS` or `KMS_DSSE`, not with `AES256`.'),
    ],
  ])('%s', (_, value, lines) => expect(problems(value)).toEqual(lines));

  test.each<[string, unknown]>([
    ['5 filters, with 2 wildcards', filters('a*b*', 'b', 'c', 'd', 'x'.repeat(128))],
    ['AES256 without a key', { encryptionConfiguration: { encryptionType: 'AES256' } }],
    ['a key for KMS_DSSE', { encryptionConfiguration: { encryptionType: 'KMS_DSSE', kmsKey: 'k' } }],
    ['50 tags', { tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, ''])) }],
    ['a tag that has aws: inside', { tags: { 'my-aws:x': '1' } }],
    ['one list of tags', rule({ tagStatus: 'tagged', tagPatternList: ['v*'] })],
    ['days', rule({ countType: 'sinceImagePushed', countUnit: 'days' })],
    [
      'an archive',
      rule({ storageClass: 'standard' }, { action: { type: 'transition', targetStorageClass: 'archive' } }),
    ],
    ['scan on push off', { imageScanningConfiguration: { scanOnPush: false } }],
  ])('%s is no mistake', (_, value) => expect(problems(value)).toEqual([]));
});

describe('on the wire', () => {
  function made(simulator: Simulator, text = WHOLE) {
    const stage = new Stage();
    const lines: string[] = [];
    const config = {
      region: REGION,
      credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
      requestHandler: simulator.wire.requestHandler(),
      maxAttempts: 1,
      customUserAgent: 'test',
    };
    const ecr = createEcr(config, () => {});
    const console = { ...stage.world.console, line: (line: string) => void lines.push(line) };
    const opened = async () => {
      const settings = settingsIn(text).value ?? {};
      const shell = { run: async () => ({ exitCode: 0, stdout: 'github.com/docker/buildx v0.36.1', stderr: '' }) };
      const world = { ...stage.world, ecr, console, shell };
      return openRepository({ kind: 'own', name: 'web', region: REGION }, { settings }, world).destination;
    };
    const asked = (operation: string, input: object) =>
      simulator.ecr.handle(operation, input as never, simulator.context);
    return { opened, lines, asked };
  }

  test('the new repository has every setting; a second run changes nothing and says so', async () => {
    const { opened, lines, asked } = made(new Simulator());
    expect(await opened()).toMatchObject({ mutability: { immutable: true, exclusions: ['buildcache-*'] } });
    const described = (await asked('DescribeRepositories', { repositoryNames: ['web'] })) as {
      repositories: { repositoryArn: string }[];
    };
    expect(described.repositories[0]).toMatchObject({
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/images' },
    });
    expect(await asked('ListTagsForResource', { resourceArn: described.repositories[0]?.repositoryArn })).toEqual({
      tags: [{ Key: 'team', Value: 'web' }],
    });
    expect(await asked('GetRepositoryPolicy', { repositoryName: 'web' })).toMatchObject({
      policyText: expect.stringContaining('210987654321'),
    });
    expect(await asked('GetLifecyclePolicy', { repositoryName: 'web' })).toMatchObject({
      lifecyclePolicyText: expect.stringContaining('untagged'),
    });
    await opened();
    expect(lines.join('\n')).toMatch(
      /Created the ECR repository web[\s\S]*exists, so `repository-settings` changes nothing/,
    );
  });

  test('a policy that the role may not put is a line; the quota and the policy that ECR refuses end the run with the way out', async () => {
    const denied = new Simulator();
    denied.wire.faults.push(deny('ecr:SetRepositoryPolicy'));
    const first = made(denied);
    await first.opened();
    expect(first.lines.join('\n')).toMatch(/created without the `repositoryPolicy`: .*ecr:SetRepositoryPolicy/);
    const full = new Simulator();
    full.ecr.repositoriesAtMost = 0;
    await expect(made(full).opened()).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('service limit'),
      remedy: expect.stringContaining('Registered repositories'),
    });
    const wrong = made(
      new Simulator(),
      `lifecyclePolicy: { rules: [{ rulePriority: 1, description: ${'x'.repeat(31_000)}, selection: { tagStatus: any, countType: imageCountMoreThan, countNumber: 1 }, action: { type: expire } }] }`,
    );
    await expect(wrong.opened()).rejects.toMatchObject({
      message: expect.stringContaining('its `lifecyclePolicy` was refused'),
      remedy: expect.stringContaining('delete-repository'),
    });
  });

  test('a parallel job that is first is no error', async () => {
    const simulator = new Simulator();
    await Promise.all([made(simulator).opened(), made(simulator).opened()]);
    expect(simulator.registry.repositories.has('web')).toBe(true);
  });
});

test.each([
  '*',
  { AWS: '*' },
  { AWS: ['210987654321', 'arn:aws:iam::210987654321:root', 'arn:aws-cn:iam::210987654321:role/a/b'] },
  { AWS: 'arn:aws:sts::210987654321:assumed-role/ci/session' },
  { AWS: 'AROAEXAMPLEID0000001' },
  { Service: 'lambda.amazonaws.com' },
  { Service: ['codebuild.amazonaws.com', 'states.amazonaws.com.cn'], AWS: '*' },
])('a principal that ECR takes: %j', (Principal) => {
  const Statement = [
    { Effect: 'Allow', Principal, Action: ['ecr:batchgetimage', 'ecr:SomethingOfTomorrow', 'ecr:Get*'] },
  ];
  expect(repositorySettings({ repositoryPolicy: { Statement } }).problems).toEqual([]);
});
