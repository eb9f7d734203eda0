import { deny, REGION, Simulator } from '../../simulator/simulator.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { checkBuildSources, readRepositorySettings } from '../../src/image/checks.ts';
import { openRepository } from '../../src/image/repository.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { CONTEXT, Stage } from '../support/world.ts';

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

const mistakesIn = async (text: string): Promise<readonly string[]> => {
  const raw = {
    'aws-region': REGION,
    repository: 'web',
    'create-repository': 'true',
    'repository-settings': text,
    mode: 'build',
  };
  const { inputs } = parseInputs(new Map(Object.entries(raw)), { context: CONTEXT, env: {} });
  if (inputs.mode !== 'build') throw new Error('mode');
  const disk = { exists: async () => true, list: async () => [], readText: async () => 'FROM scratch' };
  const thrown = await checkBuildSources(inputs.image, disk).catch((failure) => failure);
  return (thrown?.mistakes ?? []).map(
    ({ problem, remedy = '' }: { problem: string; remedy?: string }) => `${problem} ${remedy}`,
  );
};

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
  ['a: [', 'is not valid YAML or JSON (line 1'],
])('%s', async (text, words) => {
  expect((await mistakesIn(text)).join('\n')).toContain(words);
});

test('settings without create-repository are a mistake; whole ones are none', async () => {
  expect(await mistakesIn(WHOLE)).toEqual([]);
  expect(
    await mistakesIn(JSON.stringify({ imageTagMutability: 'IMMUTABLE', tags: [{ Key: 'a', Value: 'b' }] })),
  ).toEqual([]);
  const raw = new Map([
    ['aws-region', REGION],
    ['repository', 'web'],
    ['mode', 'build'],
    ['repository-settings', WHOLE],
  ]);
  expect(() => parseInputs(raw, { context: CONTEXT, env: {} })).toThrow(
    expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'repository-settings' })] }),
  );
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
      const settings = await readRepositorySettings(text);
      const world = { ...stage.world, ecr, console };
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
    const wrong = made(new Simulator(), 'lifecyclePolicy: { rules: [] }');
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
