import { deny, REGION } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import type { Image } from '../../src/image/image.ts';
import { createResolver } from '../../src/image/resolve.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import {
  currentDraft,
  draftAlone,
  originOf,
  type Proposal,
  preflightOf,
  propose,
  redrafted,
  refuseArchitecture,
} from '../../src/stories/draft.ts';
import { fetchService } from '../../src/stories/run.ts';
import { loadTemplate } from '../../src/taskdef/load.ts';
import { isSame } from '../../src/taskdef/register.ts';
import { runOf, Stage, TASK_DEFINITION } from '../support/world.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const PLACEHOLDER = { containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: '${IMAGE}' }] };

/** The draft of a deploy with these inputs. */
async function drafted(given: Readonly<Record<string, string>> = {}, template: object = PLACEHOLDER) {
  const stage = new Stage().withService();
  stage.template(template as never);
  const inputs = stage.inputs(given) as DeployInputs;
  const run = runOf(inputs, stage.world);
  const draft = await currentDraft(run, fetchService(inputs, stage.world));
  return { stage, inputs, run, draft };
}
const imageOf = (draft: { readonly draft: { readonly containerDefinitions: readonly { readonly image: string }[] } }) =>
  draft.draft.containerDefinitions[0]?.image;

describe('an image that is not there yet has its future name in the draft', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;
  test.each<[string, Record<string, string>, string]>([
    ['one that is built', { repository: 'team/app', tags: 'v1,v2' }, `${HOST}/team/app:v1`],
    ['one that is built for another registry', { repository: 'ghcr.io/acme/app', tags: 'v1' }, 'ghcr.io/acme/app:v1'],
    [
      'one that is built for the public registry',
      { repository: 'public.ecr.aws/acme/app', tags: 'v1' },
      'public.ecr.aws/acme/app:v1',
    ],
    [
      'one that an earlier job built',
      { repository: 'team/app', image: 'commit' },
      `${HOST}/team/app:c0ffee0000000000000000000000000000000000`,
    ],
    ['digests', { repository: 'team/app', digests: DIGEST, tags: 'v3' }, `${HOST}/team/app:v3`],
    ['one that is named', { image: 'example.com/app:2' }, 'example.com/app:2'],
  ])('%s', async (_, given, image) => {
    const { draft, inputs } = await drafted(given);
    expect(imageOf(draft)?.replace(/@sha256:0{64}$/, '')).toBe(image);
    expect(draft.standIn?.reference).toBe(image);
    // A named image can be checked before the deployment; any other is only a name.
    expect(preflightOf(inputs, draft, undefined).standIn).toBe(
      inputs.image.kind === 'given' ? undefined : draft.standIn?.reference,
    );
    // What is not there yet is not asked for in a registry.
    expect(originOf(inputs, draft, 'app').notYet).toBe(draft.standIn?.reference);
  });

  test('none where the template names its images itself', async () => {
    const { draft, inputs } = await drafted(
      {},
      { containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:9' }] },
    );
    expect([draft.standIn, imageOf(draft)]).toEqual([undefined, 'example.com/app:9']);
    expect(originOf(inputs, draft, undefined)).toEqual({ inputs, template: draft.template, overridden: new Set() });
  });
});

test('images that the inputs give are no images of the template', async () => {
  const { draft, inputs } = await drafted(
    { image: 'example.com/app:2', images: 'proxy=example.com/proxy:1' },
    {
      containerDefinitions: [
        ...PLACEHOLDER.containerDefinitions,
        { name: 'proxy', image: 'example.com/proxy:0', essential: false },
      ],
    },
  );
  expect([...originOf(inputs, draft, 'app').overridden].sort()).toEqual(['app', 'proxy']);
  expect([...originOf(inputs, draft, undefined).overridden]).toEqual(['proxy']);
});

describe('what is reported before anything is built', () => {
  test('what runs, and variables that the template does not have', async () => {
    const { stage } = await drafted({ image: 'example.com/app:2', variables: 'COLOUR=blue\nSIZE=1' });
    const log = stage.lines.join('\n');
    expect(log).toContain('web runs web:1.');
    expect(log).toMatch(/variables: task-definition\.json has no placeholder for `COLOUR`, `SIZE`\./);
  });

  test('values that may be placeholders of another tool, in one line', async () => {
    const [container] = PLACEHOLDER.containerDefinitions;
    const environment = [{ name: 'A', value: '<A_URL>' }];
    const command = ['sh', '-c', 'app $PORT'];
    const template = { containerDefinitions: [{ ...container, environment, command }] };
    const { stage, draft } = await drafted({ image: 'example.com/app:2', variables: 'PORT=80' }, template);
    expect(stage.lines.filter((line) => line.includes('left as'))).toEqual([
      expect.stringContaining(
        'task-definition.json: `<A_URL>` in containerDefinitions[0].environment[0].value (write `${A_URL}`), `$PORT` in containerDefinitions[0].command[2] (write `${PORT}`) are left as they are. Where one is a placeholder, replace it and give `A_URL=...` in the input `variables`.',
      ),
    ]);
    expect(stage.lines.join('\n')).not.toContain('has no placeholder for');
    expect(draft.draft.containerDefinitions[0]).toMatchObject({ environment, command });
  });

  test('fields that ECS does not take', async () => {
    const { stage } = await drafted({ image: 'example.com/app:2' }, { ...PLACEHOLDER, revision: 7, status: 'ACTIVE' });
    expect(stage.lines.join('\n')).toMatch(/read-only fields of task-definition\.json left out: .*revision/);
  });

  test('the values of this run', async () => {
    const environment = ['GITHUB_SHA', 'GITHUB_REF_NAME', 'GITHUB_RUN_ID', 'AWS_REGION', 'AWS_ACCOUNT_ID'].map(
      (name) => ({
        name,
        value: `\${${name}}`,
      }),
    );
    const { draft } = await drafted(
      { image: 'example.com/app:2' },
      { containerDefinitions: [{ ...PLACEHOLDER.containerDefinitions[0], environment }] },
    );
    expect(draft.draft.containerDefinitions[0]?.environment).toEqual([
      { name: 'GITHUB_SHA', value: 'c0ffee0000000000000000000000000000000000' },
      { name: 'GITHUB_REF_NAME', value: 'main' },
      { name: 'GITHUB_RUN_ID', value: '42' },
      { name: 'AWS_REGION', value: 'eu-west-1' },
      { name: 'AWS_ACCOUNT_ID', value: '123456789012' },
    ]);
  });

  test('platforms that the task cannot run', async () => {
    const arm = await drafted({ repository: 'team/app', platforms: 'linux/arm64' });
    expect(() => refuseArchitecture(arm.inputs, arm.draft)).toThrow(
      expect.objectContaining({
        code: 'INVALID_TASK_DEFINITION',
        message: 'The image does not fit the task; nothing was registered.',
      }),
    );
    const both = await drafted({ repository: 'team/app', platforms: 'linux/arm64,linux/amd64' });
    expect(() => refuseArchitecture(both.inputs, both.draft)).not.toThrow();
    const named = await drafted({ image: 'example.com/app:2' });
    expect(() => refuseArchitecture(named.inputs, named.draft)).not.toThrow();
  });
});

describe('after other services were deployed', () => {
  test('a draft holds with the service as it is now', async () => {
    const { stage, run, draft } = await drafted({ image: 'example.com/app:2' });
    stage.simulator.call('UpdateService', { service: 'web', desiredCount: 5 });
    const again = await redrafted(draft, run);
    expect([again.service.desiredCount, again.draft]).toEqual([5, draft.draft]);
  });

  test('a draft of what ran is refused where another revision runs now', async () => {
    const stage = new Stage().withService();
    const inputs = stage.inputs({ 'task-definition': '', image: 'example.com/app:2' }) as DeployInputs;
    const run = runOf(inputs, stage.world);
    const draft = await currentDraft(run, fetchService(inputs, stage.world));
    expect((await redrafted(draft, run)).live?.revision).toBe(1);
    stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
    stage.clock.advance(600);
    await expect(redrafted(draft, run)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'web ran web:1, which the new revision was made from, and runs web:2 now.',
      remedy: expect.stringContaining('run this one again'),
    });
  });

  test('a draft of a file holds whatever runs', async () => {
    const { stage, run, draft } = await drafted({ image: 'example.com/app:2' });
    stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
    stage.clock.advance(600);
    expect((await redrafted(draft, run)).live?.revision).toBe(2);
  });
});

describe('what would be registered', () => {
  const IMAGE: Image = { reference: 'example.com/app:2', repository: 'example.com/app', tags: ['2'] };
  /** The proposal of a deploy with these inputs, and the steps before it. */
  async function proposed(
    given: Readonly<Record<string, string>>,
    template: object,
    { image, before }: { readonly image?: Image; readonly before?: (stage: Stage) => void } = {},
  ) {
    const stage = new Stage().withService();
    before?.(stage);
    stage.template(template as never);
    const inputs = stage.inputs(given) as DeployInputs;
    const run = runOf(inputs, stage.world);
    const draft = await currentDraft(run, fetchService(inputs, stage.world));
    return propose(run, { draft, image, resolver: createResolver(stage.world.ecr, stage.world.registries) });
  }
  const isRegistered = ({ latest, definition, tags }: Proposal): boolean =>
    latest !== undefined && isSame(latest, definition, tags);
  const with2 = { containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }] };

  test('what runs already is what is registered already', async () => {
    const proposal = await proposed({}, { containerDefinitions: TASK_DEFINITION.containerDefinitions });
    expect(proposal.latest).toMatchObject({ family: 'web', revision: 1 });
    expect(isRegistered(proposal)).toBe(true);
  });

  test('another image is a new definition after the latest revision, with the tags of this run', async () => {
    const proposal = await proposed({ image: 'example.com/app:2' }, PLACEHOLDER, { image: IMAGE });
    expect(proposal.definition.containerDefinitions[0]?.image).toBe('example.com/app:2');
    expect(proposal.latest).toMatchObject({ revision: 1 });
    expect(isRegistered(proposal)).toBe(false);
    expect(proposal.tags).toContainEqual({
      key: 'ecs-rollout:commit',
      value: 'c0ffee0000000000000000000000000000000000',
    });
  });

  test('after a rollback the latest revision is equal, and not registered again', async () => {
    const proposal = await proposed({}, with2, {
      before: (stage) => {
        stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...with2 });
      },
    });
    expect(proposal.latest).toMatchObject({ revision: 2 });
    expect(isRegistered(proposal)).toBe(true);
  });

  test('a new family has no revision before it', async () => {
    const proposal = await proposed({ 'task-definition-tags': 'team=web' }, { ...with2, family: 'fresh' });
    expect([proposal.latest, proposal.definition.family]).toEqual([undefined, 'fresh']);
    expect(proposal.tags).toContainEqual({ key: 'team', value: 'web' });
  });

  test('an image for another architecture is refused', async () => {
    await expect(
      proposed({ image: 'example.com/app:2' }, PLACEHOLDER, { image: { ...IMAGE, platforms: ['linux/arm64'] } }),
    ).rejects.toMatchObject({
      code: 'INVALID_TASK_DEFINITION',
      message: 'The image does not fit the task; nothing was registered.',
    });
  });

  test('what runs is not registered again, whatever was registered after it', async () => {
    const proposal = await proposed(
      {},
      { containerDefinitions: TASK_DEFINITION.containerDefinitions },
      {
        before: (stage) => void stage.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...with2 }),
      },
    );
    expect(proposal.latest).toMatchObject({ revision: 1 });
    expect(isRegistered(proposal)).toBe(true);
  });

  describe('where the latest revision is asked for', () => {
    const refusing = async (code: 'NOT_FOUND' | 'REFUSED' | 'ACCESS_DENIED' | 'UNAVAILABLE', beside: boolean) => {
      const stage = new Stage().withService();
      stage.template(with2 as never);
      const inputs = stage.inputs({}) as DeployInputs;
      const { live, ...draft } = await currentDraft(runOf(inputs, stage.world), fetchService(inputs, stage.world));
      const refuse = { describeTaskDefinition: () => Promise.reject(new Failure(code, 'refused')) };
      const world = { ...stage.world, ecs: Object.assign(Object.create(stage.world.ecs), refuse) };
      const resolver = createResolver(stage.world.ecr, stage.world.registries);
      const proposal = await propose(runOf(inputs, world), {
        draft: beside && live ? { ...draft, live } : draft,
        image: undefined,
        resolver,
      });
      return proposal.latest;
    };

    test.each<['NOT_FOUND' | 'REFUSED' | 'ACCESS_DENIED', boolean]>([
      ['NOT_FOUND', true],
      ['REFUSED', true],
      ['NOT_FOUND', false],
      ['ACCESS_DENIED', false],
    ])('%s is that there is none (beside a service: %s)', async (code, beside) => {
      expect(await refusing(code, beside)).toBeUndefined();
    });

    test.each<['UNAVAILABLE' | 'ACCESS_DENIED', boolean]>([
      ['UNAVAILABLE', false],
      ['UNAVAILABLE', true],
      ['ACCESS_DENIED', true],
    ])('%s ends the run (beside a service: %s)', async (code, beside) => {
      await expect(refusing(code, beside)).rejects.toMatchObject({ code });
    });
  });

  test('without the right to read revisions there is none to compare with', async () => {
    const proposal = await proposed({}, with2, {
      before: (stage) => {
        stage.simulator.wire.faults.push(deny('ecs:DescribeTaskDefinition'));
      },
    });
    expect([proposal.latest, proposal.definition.containerDefinitions[0]?.image]).toEqual([
      undefined,
      'example.com/app:2',
    ]);
  });
});

describe('without a service', () => {
  const alone = async (
    definition: object,
    given: object = {},
    inputsGiven = { image: 'example.com/app:2' } as object,
  ) => {
    const stage = new Stage();
    stage.template(definition as never);
    const inputs = stage.inputs(inputsGiven as never) as DeployInputs;
    const template = await loadTemplate(
      { kind: 'file', path: 'task-definition.json' },
      async () => Promise.reject(new Error('no service')),
      { ...stage.world, region: REGION },
    );
    const basis = await draftAlone(runOf(inputs, stage.world), template, {
      account: '123456789012',
      partition: 'aws',
      ...given,
    });
    return { basis, stage };
  };
  const { requiresCompatibilities: _, ...any } = { ...TASK_DEFINITION, ...PLACEHOLDER } as Record<string, unknown>;

  test.each<[string, object, object, boolean]>([
    ['only for Fargate', { ...any, requiresCompatibilities: ['FARGATE'] }, {}, true],
    ['for both', { ...any, requiresCompatibilities: ['EC2', 'FARGATE'] }, {}, false],
    ['for both, Fargate first', { ...any, requiresCompatibilities: ['FARGATE', 'EC2'] }, {}, false],
    ['for instances', { ...any, requiresCompatibilities: ['EC2'] }, {}, false],
    [
      'what an earlier revision tells',
      { ...any, requiresCompatibilities: ['EC2', 'FARGATE'] },
      { fargate: true },
      true,
    ],
  ])('%s', async (_case, definition, given, fargate) => {
    expect((await alone(definition, given)).basis).toMatchObject({ fargate, account: '123456789012' });
  });

  test.each([
    ['aws', 'amazonaws.com'],
    ['aws-cn', 'amazonaws.com.cn'],
    ['aws-us-gov', 'amazonaws.com'],
  ])('an image of the account has the domain of the partition %s', async (partition, domain) => {
    const { basis } = await alone({ ...any }, { partition }, { repository: 'team/app', tags: 'v1' });
    expect(basis.standIn?.reference).toBe(`123456789012.dkr.ecr.eu-west-1.${domain}/team/app:v1`);
  });

  test('nothing odd is nothing to say', async () => {
    expect((await alone({ ...any })).stage.lines.join('\n')).not.toMatch(/left out|placeholder/);
  });
});

test('a secret in clear text in the template is reported once, by its name', async () => {
  const environment = [
    { name: 'DB_PASSWORD', value: 'hunter2' },
    { name: 'TOKEN_TTL', value: '60' },
  ];
  const [container] = TASK_DEFINITION.containerDefinitions;
  const template = { containerDefinitions: [{ ...container, image: '${IMAGE}', environment }] };
  // What an input sets was reported when the input was read.
  const { stage } = await drafted({ image: 'example.com/app:2', 'environment-variables': 'API_KEY=abc123' }, template);
  const lines = stage.lines.filter((line) => line.includes('clear text'));
  expect(lines).toEqual([
    expect.stringMatching(/environment of the container app in .*: `DB_PASSWORD` seems to hold a secret (?!.*hunter2)/),
  ]);
});
