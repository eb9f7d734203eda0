import { deny } from '../../../simulator/simulator.ts';
import { collectDenials } from '../../../src/adapters/world.ts';
import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { linesOf, policyOf } from '../../../src/rights/consequences.ts';
import type { DenialLog } from '../../../src/rights/denials.ts';
import { rightsOfRun } from '../../../src/rights/needed.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { runOf, Stage, TASK_DEFINITION } from '../../support/world.ts';

/**
 * The actions of the policies that the READMEs of the official actions publish: amazon-ecs-deploy-task-definition ("Permissions")
 * and amazon-ecr-login (push).
 */
const OFFICIAL = [
  'ecs:RegisterTaskDefinition',
  'iam:PassRole',
  'ecs:UpdateService',
  'ecs:DescribeServices',
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:BatchCheckLayerAvailability',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** All else that a deploy asks for where it may. */
const OPTIONAL = [
  'ecs:DescribeTaskDefinition',
  'ecs:ListTaskDefinitions',
  'ecs:TagResource',
  'ecs:ListServiceDeployments',
  'ecs:DescribeServiceDeployments',
  'ecs:DescribeServiceRevisions',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
  'ecs:StopServiceDeployment',
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeClusters',
  'ecs:DescribeCapacityProviders',
  'ecr:DescribeRepositories',
  'ecr:DescribeImages',
  'iam:GetRole',
  'iam:SimulatePrincipalPolicy',
  'logs:GetLogEvents',
  'logs:DescribeLogGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:DescribeTargetGroups',
];
const READS = OPTIONAL.filter((action) => /:(?:Describe|List|Get)/.test(action));

const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });

interface Run {
  readonly outcome: Promise<Outcome>;
  readonly denials: DenialLog;
}

function run(stage: Stage, given: Readonly<Record<string, string>> = {}): Run {
  const inputs = stage.inputs(given) as DeployInputs;
  const { world, denials } = collectDenials(stage.world, inputs.mode, (known) =>
    rightsOfRun([inputs], known, stage.world),
  );
  return { outcome: deploy(runOf(inputs, world), fetchService(inputs, world)), denials };
}

function denying(...actions: string[]): Stage {
  const stage = new Stage().withService();
  stage.template(app('example.com/app:2'));
  stage.simulator.wire.faults.push(...actions.map((action) => deny(action)));
  return stage;
}

const actionsOf = async ({ denials }: Run, all: 'denied' | 'all' = 'denied'): Promise<string[]> => {
  const list = await denials.list();
  return [...new Set(list.flatMap(({ action, unasked }) => (unasked && all === 'denied' ? [] : [action])))].sort();
};

describe('a deploy continues without it', () => {
  test.each(OPTIONAL)('%s', async (action) => {
    const stage = denying(action);
    const one = run(stage);
    expect(await one.outcome).toMatchObject({ kind: 'deployed', revision: { revision: 2 } });
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 });
    expect(await actionsOf(one)).toEqual(
      stage.count(action.split(':')[1] ?? '') > 0 || action === 'ecs:TagResource' ? [action] : [],
    );
  });

  test('all of them: the role of the official README', async () => {
    const stage = denying(...OPTIONAL);
    const one = run(stage);
    const outcome = await one.outcome;
    expect(outcome).toMatchObject({
      kind: 'deployed',
      previous: { arn: expect.stringMatching(/web:1$/), unseen: true },
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([2, 1]);
    expect(Object.fromEntries(stage.outputs)).toMatchObject({
      'previous-task-definition-arn': expect.stringMatching(/web:1$/),
      'task-definition-arn': expect.stringMatching(/web:2$/),
    });
    const called = [...new Set(stage.simulator.wire.calls.map(({ service, operation }) => `${service}:${operation}`))];
    // Nothing that the official chain may not do was of use to the run, and each thing is said once.
    expect(called.filter((action) => !OFFICIAL.includes(action)).every((action) => OPTIONAL.includes(action))).toBe(
      true,
    );
    const lines = linesOf(await one.denials.list());
    expect(lines.filter((line) => line.startsWith('ecs:TagResource'))).toHaveLength(1);
    expect(lines.join('\n')).toContain(
      'ecs:DescribeTaskDefinition: the difference to the running revision is not shown',
    );
    expect(policyOf(await one.denials.list())).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) });
  });

  test.each(['ecs:DescribeTaskDefinition', ...READS.filter((action) => action.startsWith('ecs:'))])(
    'a failure is judged and rolled back without %s',
    async (action) => {
      const stage = denying(action);
      stage.simulator.model.behaviours.set('app:2', { exit: { afterSeconds: 2, code: 3 } });
      expect((await run(stage).outcome).kind).toBe('rolled-back');
      expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
    },
  );

  test('any of them: a failure is judged by DescribeServices alone, and the old revision deployed again', async () => {
    const stage = denying(...OPTIONAL);
    stage.simulator.model.behaviours.set('app:2', {
      failToStart: 'CannotPullContainerError: failed to resolve ref example.com/app:2: example.com/app:2: not found',
    });
    expect((await run(stage).outcome).kind).toBe('rolled-back');
    expect(stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 2 });
  });
});

test('tags that the user asked for and that IAM denies are a warning, and the revision has none', async () => {
  const stage = denying('ecs:TagResource');
  const outcome = await run(stage, { 'task-definition-tags': 'team=web' }).outcome;
  expect(outcome.kind).toBe('deployed');
  expect(outcome.warnings).toEqual([expect.stringContaining('web:2 was registered without the tags team')]);
  expect(outcome.revision).toMatchObject({ tags: [] });
  // The next run of the same content makes no further revision.
  const again = await run(stage, { 'task-definition-tags': 'team=web' }).outcome;
  expect([again.kind, stage.revisions()]).toEqual(['unchanged', ['web:1', 'web:2']]);
  // Ours alone are no loss that anybody asked for.
  expect((await run(denying('ecs:TagResource')).outcome).warnings).toEqual([]);
});

test('where registering is denied for another reason than tags, it is not tried again', async () => {
  const stage = denying('ecs:RegisterTaskDefinition');
  await expect(run(stage).outcome).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  expect(stage.count('RegisterTaskDefinition')).toBe(1);
});

describe('a template that has to be read from ECS', () => {
  test.each([
    ['what the service runs', { 'task-definition': '', image: 'example.com/app:2' }],
    ['a family', { 'task-definition': '', 'task-definition-family': 'web', image: 'example.com/app:2' }],
  ])('%s: refused by the right that it takes, before anything is changed', async (_, given) => {
    const stage = denying('ecs:DescribeTaskDefinition');
    await expect(run(stage, given).outcome).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('ecs:DescribeTaskDefinition is denied'),
      remedy: expect.stringContaining('Allow ecs:DescribeTaskDefinition'),
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  });
});

describe('without a right that a deploy needs, the run ends and names everything that is missing', () => {
  const SERVICE = expect.stringContaining(':service/default/web');
  test.each([
    ['ecs:DescribeServices', [0, 0], ['ecs:DescribeServices', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService']],
    ['ecs:RegisterTaskDefinition', [1, 0], ['ecs:RegisterTaskDefinition', 'iam:PassRole', 'ecs:UpdateService']],
    ['iam:PassRole', [1, 0], ['ecs:RegisterTaskDefinition', 'iam:PassRole', 'ecs:UpdateService']],
    ['ecs:UpdateService', [2, 1], ['ecs:TagResource', 'ecs:UpdateService']],
  ])('%s', async (action, calls, missing) => {
    const stage = denying(action, 'ecs:TagResource');
    const one = run(stage);
    await expect(one.outcome).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining(action),
    });
    expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual(calls);
    expect(await actionsOf(one, 'all')).toEqual(expect.arrayContaining(missing));
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
    // What was made for a deployment that never started is gone again.
    expect(stage.revisions()).toEqual(['web:1']);
  });

  test('with the exact resources', async () => {
    const one = run(denying('iam:PassRole', 'ecs:DescribeTasks'));
    await expect(one.outcome).rejects.toThrow();
    expect(await one.denials.list()).toEqual(
      expect.arrayContaining([
        { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/execution', neededBy: 'deploy' },
        { action: 'ecs:UpdateService', resource: SERVICE, neededBy: 'deploy', unasked: { after: 'iam:PassRole' } },
      ]),
    );
  });
});

test('what follows a denied right comes with it, by its own resources, so that the next run does not end at it', async () => {
  const one = run(denying('ecs:ListTasks', 'ecs:ListServiceDeployments', 'ecs:DescribeTaskDefinition'));
  await one.outcome;
  const PREFIX = 'arn:aws:ecs:eu-west-1:123456789012';
  const after = 'ecs:ListServiceDeployments';
  expect((await one.denials.list()).filter(({ unasked }) => unasked)).toEqual(
    expect.arrayContaining([
      { action: 'ecs:DescribeTasks', resource: `${PREFIX}:task/default/*`, unasked: { after: 'ecs:ListTasks' } },
      {
        action: 'ecs:DescribeServiceDeployments',
        resource: `${PREFIX}:service-deployment/default/web/*`,
        unasked: { after },
      },
      {
        action: 'ecs:DescribeServiceRevisions',
        resource: `${PREFIX}:service-revision/default/web/*`,
        unasked: { after },
      },
    ]),
  );
  expect(linesOf(await one.denials.list())).toContain(
    'ecs:DescribeTasks: not asked for, as ecs:ListTasks is denied; the run continues without it.',
  );
  // Answered ones are not in doubt.
  const another = run(denying('ecs:DescribeServiceDeployments'));
  await another.outcome;
  expect(await actionsOf(another, 'all')).not.toContain('ecs:ListServiceDeployments');
});
