import { answerProblem } from '../../simulator/wire/shapes.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/1';
const OTHER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/2';
const CODE_DEPLOY = {
  deploymentController: { type: 'CODE_DEPLOY' },
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }],
};

interface Shown {
  readonly deployments: readonly unknown[];
  readonly taskDefinition: string;
  readonly taskSets: readonly Record<string, unknown>[];
}
const shown = (stage: Stage): Shown => stage.service() as unknown as Shown;
const brief = (stage: Stage) =>
  shown(stage).taskSets.map(({ status, runningCount, computedDesiredCount, stabilityStatus }) => [
    status,
    runningCount,
    computedDesiredCount,
    stabilityStatus,
  ]);

test('a service of CodeDeploy has its tasks in task sets, and no deployments', () => {
  const stage = new Stage().withService(CODE_DEPLOY);
  expect(shown(stage).deployments).toEqual([]);
  expect(brief(stage)).toEqual([['PRIMARY', 2, 2, 'STEADY_STATE']]);
  const [set] = shown(stage).taskSets;
  expect(set).toMatchObject({
    taskSetArn: expect.stringMatching(/:task-set\/default\/web\/ecs-svc\/\d+$/),
    loadBalancers: [{ targetGroupArn: GROUP }],
    scale: { value: 100, unit: 'PERCENT' },
  });
  const answer = stage.simulator.call('DescribeServices', { services: ['web'] });
  expect(answerProblem('DescribeServices', answer)).toBeUndefined();
});

test('a second task set has tasks and a target group of its own, takes over as PRIMARY, and the first one drains', () => {
  const stage = new Stage().withService(CODE_DEPLOY);
  const { simulator, clock } = stage;
  simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  const service = simulator.script.service('web');
  const set = simulator.taskSets.create(service, {
    status: 'ACTIVE',
    taskDefinition: simulator.ecs.taskDefinitions.find('web:2').definition.taskDefinitionArn as string,
    loadBalancers: [{ targetGroupArn: OTHER, containerName: 'app', containerPort: 8080 }],
    startedBy: 'CODE_DEPLOY',
    externalId: 'd-ABCDEFGH1',
    scale: 50,
  });
  clock.advance(60);
  expect(brief(stage)).toEqual([
    ['ACTIVE', 1, 1, 'STEADY_STATE'],
    ['PRIMARY', 2, 2, 'STEADY_STATE'],
  ]);
  expect(simulator.loadBalancing.targets(OTHER)).toHaveLength(1);
  expect(simulator.loadBalancing.targets(GROUP)).toHaveLength(2);

  simulator.taskSets.rescale(service, set, 100);
  clock.advance(60);
  const [first] = service.deployments.filter(({ status }) => status === 'PRIMARY');
  simulator.taskSets.makePrimary(service, set);
  expect(shown(stage).taskDefinition).toMatch(/web:2$/);
  if (first) simulator.taskSets.drain(service, first);
  expect(brief(stage)[1]).toEqual(['DRAINING', expect.any(Number), 0, 'STABILIZING']);
  clock.advance(120);
  expect(brief(stage)).toEqual([['PRIMARY', 2, 2, 'STEADY_STATE']]);
});

test('the desired count is that of every task set', () => {
  const stage = new Stage().withService(CODE_DEPLOY);
  stage.simulator.call('UpdateService', { service: 'web', desiredCount: 3 });
  stage.clock.advance(60);
  expect(brief(stage)).toEqual([['PRIMARY', 3, 3, 'STEADY_STATE']]);
});
