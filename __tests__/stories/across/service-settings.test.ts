import { deny } from '../../../simulator/simulator.ts';
import { createDependencies } from '../../../simulator/world/dependencies.ts';
import { Failure } from '../../../src/failure.ts';
import { planSummaryOf, planTitle } from '../../../src/report/plan.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const BALANCED = { loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }] };
const network = (...subnets: string[]) => ({
  networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: ['sg-1'] } },
});
const DEFINED = { 'service-definition': 'service.json' };

/** A service that runs web:1 with these settings, the task definition that it runs, and a definition of it. */
function running(definition: object, settings: object = {}): Stage {
  const stage = new Stage().withService({ ...network('subnet-1'), ...settings });
  createDependencies(stage.simulator, TASK_DEFINITION, BALANCED);
  stage.template();
  stage.files.set('service.json', JSON.stringify(definition));
  return stage;
}
const described = (stage: Stage): Record<string, unknown> => {
  const answer = stage.simulator.call('DescribeServices', { services: ['web'], include: ['TAGS'] });
  return (answer as unknown as { services: Record<string, unknown>[] }).services[0] ?? {};
};
/** The parameters of each UpdateService. */
const updates = ({ simulator }: Stage): unknown[] =>
  simulator.wire.calls.flatMap(({ operation, input }) => (operation === 'UpdateService' ? [input] : []));

test('settings that ECS takes over in place start no deployment', async () => {
  const stage = running({
    desiredCount: 9,
    deploymentConfiguration: { minimumHealthyPercent: 50 },
    availabilityZoneRebalancing: 'ENABLED',
    tags: [{ key: 'team', value: 'web' }],
  });
  const outcome = await stage.deploy(DEFINED);
  expect(outcome.kind).toBe('deployed');
  expect(updates(stage)).toEqual([
    expect.objectContaining({
      deploymentConfiguration: { minimumHealthyPercent: 50 },
      availabilityZoneRebalancing: 'ENABLED',
    }),
  ]);
  // The count is that of scaling.
  expect(described(stage)).toMatchObject({ desiredCount: 2, tags: [{ key: 'team', value: 'web' }] });
  expect((described(stage).deployments as unknown[]).length).toBe(1);
  expect(stage.lines.join('\n')).toContain('settings changed; ECS needs no new deployment for them');
  expect((await stage.deploy(DEFINED)).kind).toBe('unchanged');
});

test('tags alone are written, without UpdateService', async () => {
  const stage = running({ tags: [{ key: 'team', value: 'web' }] });
  expect((await stage.deploy(DEFINED)).kind).toBe('deployed');
  expect(stage.count('UpdateService')).toBe(0);
  expect(described(stage)).toMatchObject({ tags: [{ key: 'team', value: 'web' }] });
});

test('a network and load balancers go out with the new revision, in one call', async () => {
  const stage = running({ ...network('subnet-1', 'subnet-2'), ...BALANCED });
  stage.template(app('example.com/app:2'));
  expect((await stage.deploy(DEFINED)).kind).toBe('deployed');
  expect(updates(stage)).toEqual([
    expect.objectContaining({
      taskDefinition: expect.stringMatching(/web:2$/),
      ...network('subnet-1', 'subnet-2'),
      ...BALANCED,
    }),
  ]);
  expect(described(stage)).toMatchObject({ ...network('subnet-1', 'subnet-2'), ...BALANCED });
  expect(stage.lines.join('\n')).toContain(
    'service setting networkConfiguration.awsvpcConfiguration.subnets: subnet-1 -> subnet-1, subnet-2 (starts a deployment)',
  );
});

test('settings of a deployment alone start one of the same revision', async () => {
  const stage = running(network('subnet-2'));
  const outcome = await stage.deploy(DEFINED);
  expect(outcome).toMatchObject({ kind: 'deployed', revision: { revision: 1 } });
  expect(described(stage)).toMatchObject(network('subnet-2'));
});

describe('a deployment that fails is rolled back with its settings', () => {
  const crash = { exit: { afterSeconds: 2, code: 3 } };
  const failing = (): Stage => {
    const stage = running({ ...network('subnet-2'), ...BALANCED, deploymentConfiguration: { maximumPercent: 150 } });
    stage.simulator.model.behaviours.set('app:2', crash);
    stage.template(app('example.com/app:2'));
    return stage;
  };

  test('by ECS', async () => {
    const stage = failing();
    expect((await stage.deploy(DEFINED)).kind).toBe('rolled-back');
    expect(stage.count('StopServiceDeployment')).toBe(1);
    expect(described(stage)).toMatchObject({
      ...network('subnet-1'),
      loadBalancers: [],
      taskDefinition: expect.stringMatching(/web:1$/),
    });
  });

  test('by UpdateService, where the deployment cannot be stopped', async () => {
    const stage = failing();
    stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments'), deny('ecs:StopServiceDeployment'));
    expect((await stage.deploy(DEFINED)).kind).toBe('rolled-back');
    expect(updates(stage)).toEqual([
      expect.objectContaining(network('subnet-2')),
      expect.objectContaining({
        taskDefinition: expect.stringMatching(/web:1$/),
        ...network('subnet-1'),
        loadBalancers: [],
      }),
    ]);
    expect(described(stage)).toMatchObject({ ...network('subnet-1'), loadBalancers: [] });
  });

  test('by post, where the run was killed', async () => {
    const stage = failing();
    stage.simulator.wire.faults.push(deny('ecs:ListServiceDeployments'), deny('ecs:StopServiceDeployment'));
    stage.simulator.model.behaviours.set('app:2', { startSeconds: 300 });
    stage.clock.after(20, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    await stage.deploy(DEFINED);
    expect(await stage.post({ ...DEFINED, 'on-cancel': 'rollback' })).toMatchObject({ kind: 'cancelled' });
    expect(described(stage)).toMatchObject({ ...network('subnet-1'), taskDefinition: expect.stringMatching(/web:1$/) });
  });
});

test('what ECS cannot change is refused before anything is registered, all at once and with the way', async () => {
  const stage = running({ launchType: 'EC2', schedulingStrategy: 'DAEMON' });
  stage.template(app('example.com/app:2'));
  await expect(stage.deploy(DEFINED)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'The service definition service.json differs from web in what ECS cannot change; nothing was changed.',
    mistakes: [
      { subject: 'launchType' },
      { subject: 'schedulingStrategy', remedy: expect.stringContaining('delete-service') },
    ],
  });
  expect([stage.count('RegisterTaskDefinition'), stage.count('UpdateService')]).toEqual([0, 0]);
  const plan = await stage.plan(DEFINED);
  expect(plan.checks.filter(({ status }) => status === 'bad').map(({ text }) => text)).toEqual([
    expect.stringContaining('service definition, launchType: is FARGATE'),
    expect.stringContaining('service definition, schedulingStrategy: is REPLICA'),
  ]);
});

test('a plan says for each setting whether it starts a deployment', async () => {
  const stage = running({
    ...network('subnet-2'),
    healthCheckGracePeriodSeconds: 30,
    ...BALANCED,
    propagateTags: 'SERVICE',
    tags: [{ key: 'team', value: 'web' }],
  });
  const plan = await stage.plan(DEFINED);
  expect(plan.settings.map(({ subject, effect }) => `${subject}: ${effect}`)).toEqual([
    'networkConfiguration.awsvpcConfiguration.subnets: starts a deployment',
    'healthCheckGracePeriodSeconds: in place',
    'loadBalancers[web]: starts a deployment',
    'propagateTags: in place, for tasks that start from then on',
    'tag team: in place',
  ]);
  expect([plan.updates, plan.starts]).toEqual([true, true]);
  expect(planTitle(plan)).toContain('2 to change, 3 to add, 0 to remove');
  expect(planSummaryOf(plan)).toContain('+ healthCheckGracePeriodSeconds: 30 (in place)');
  expect(stage.count('UpdateService')).toBe(0);
});

test('an input has precedence over the definition', async () => {
  const stage = running({
    deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
    propagateTags: 'NONE',
  });
  await stage.deploy({
    ...DEFINED,
    'minimum-healthy-percent': '50',
    'propagate-tags': 'SERVICE',
    'desired-count': '3',
  });
  expect(described(stage)).toMatchObject({
    desiredCount: 3,
    propagateTags: 'SERVICE',
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 },
  });
  expect((await stage.deploy({ ...DEFINED, 'minimum-healthy-percent': '50', 'propagate-tags': 'SERVICE' })).kind).toBe(
    'unchanged',
  );
});

test('members that only the service revision shows are compared with it', async () => {
  const stage = running({
    monitoring: { metricConfigurations: [{ metricNames: ['CPUUtilization'], resolutionSeconds: 20 }] },
  });
  await stage.deploy(DEFINED);
  expect(stage.count('UpdateService')).toBe(1);
  expect((await stage.deploy(DEFINED)).kind).toBe('unchanged');
});
