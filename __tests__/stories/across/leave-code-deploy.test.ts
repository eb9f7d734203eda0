import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { ApiException } from '../../../simulator/wire/service.ts';
import { BLUE, GREEN, groupOf, READY } from '../../support/code-deploy.ts';
import { withCodeDeploy } from '../../support/code-deploy-stage.ts';
import { type Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Leaving CodeDeploy as docs/codedeploy.md describes it: its command and its inputs, read from the page. */
const PAGE = readFileSync(new URL('../../../docs/codedeploy.md', import.meta.url), 'utf8').split('## Leaving')[1] ?? '';
const COMMAND = /aws ecs update-service (.+)/.exec(PAGE)?.[1] ?? '';
const BLOCK = /```yaml\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
const [STEP] = parse(BLOCK) as { readonly with: Readonly<Record<string, unknown>> }[];
const INPUTS = Object.fromEntries(Object.entries(STEP?.with ?? {}).map(([name, value]) => [name, String(value)]));

const NAMES = { application: 'AppECS-production-web', group: 'DgpECS-production-web' };
const app = (image: string) => ({ containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }] });
const deploy = (stage: Stage, image: string, given: Readonly<Record<string, string>> = {}) =>
  stage.deploy({ cluster: 'production', 'task-definition': stage.template(app(image)), ...given });

async function production(settings: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const ecsServices = [{ clusterName: 'production', serviceName: 'web' }];
  return withCodeDeploy(
    { ...groupOf(), ...settings, ecsServices },
    { names: NAMES, service: { cluster: 'production' }, cluster: 'production' },
  );
}
function move({ simulator }: Stage): void {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    args: COMMAND.split(' '),
    options: { cluster: option, service: option, 'deployment-controller': option },
  });
  const type = /^type=(\w+)$/.exec(values['deployment-controller'] ?? '')?.[1];
  const { cluster, service } = values;
  simulator.call('UpdateService', { cluster, service, deploymentController: { type } });
}
interface Shown {
  readonly taskDefinition: string;
  readonly deploymentController: object;
  readonly loadBalancers: readonly { readonly targetGroupArn: string; readonly advancedConfiguration?: object }[];
  readonly deployments: readonly { readonly status: string; readonly taskDefinition: string }[];
  readonly taskSets?: readonly object[];
}
function shown({ simulator }: Stage): Shown {
  const { services } = simulator.call('DescribeServices', { cluster: 'production', services: ['web'] }) as unknown as {
    services: Shown[];
  };
  return services[0] as Shown;
}
const tasksOf = ({ simulator }: Stage) =>
  (
    simulator.call('ListTasks', { cluster: 'production', serviceName: 'web' }) as unknown as { taskArns: string[] }
  ).taskArns.sort();

/** What step 2 of the page wants. */
function role({ simulator }: Stage): void {
  const name = String(INPUTS['load-balancer-role']).split('/').at(-1) ?? '';
  simulator.iam.roles.set(name, {
    path: '/',
    trust: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs.amazonaws.com' } }] },
    allows: [['*', '']],
  });
}

test.each([
  ['blue', ['example.com/app:2', 'example.com/app:3'], BLUE, GREEN],
  ['green', ['example.com/app:2'], GREEN, BLUE],
])(
  'with the tasks in %s: they keep running, and the next deploy is blue/green by ECS',
  async (_, images, serving, other) => {
    const stage = await production();
    for (const image of images) expect((await deploy(stage, image)).kind).toBe('deployed');
    stage.clock.advance(900);
    const before = tasksOf(stage);
    const byCodeDeploy = stage.count('CreateDeployment');
    const { taskDefinition } = shown(stage);
    move(stage);
    expect(shown(stage)).toMatchObject({
      deploymentController: { type: 'ECS' },
      taskDefinition,
      loadBalancers: [{ targetGroupArn: serving }],
      deployments: [{ status: 'PRIMARY', taskDefinition, rolloutState: 'COMPLETED', runningCount: 2 }],
    });
    expect(shown(stage).taskSets).toBeUndefined();
    stage.clock.advance(300);
    expect(tasksOf(stage)).toEqual(before);

    role(stage);
    const { strategy, 'bake-time-minutes': bake } = INPUTS;
    const traffic = {
      'production-listener-rule': String(INPUTS['production-listener-rule']),
      'load-balancer-role': String(INPUTS['load-balancer-role']),
    };
    const outcome = await deploy(stage, 'example.com/app:9', {
      strategy: String(strategy),
      'bake-time-minutes': String(bake),
      'alternate-target-group': other,
      ...traffic,
    });
    expect(outcome).toMatchObject({ kind: 'deployed', verdict: { runningCount: 2 } });
    expect(stage.count('CreateDeployment')).toBe(byCodeDeploy);
    expect(shown(stage).loadBalancers).toMatchObject([
      { targetGroupArn: serving, advancedConfiguration: { alternateTargetGroupArn: other } },
    ]);
    const running = stage.simulator.loadBalancing;
    expect(running.targets(other)).toHaveLength(2);
    expect((await deploy(stage, 'example.com/app:10')).kind).toBe('deployed');
    expect(running.targets(serving)).toHaveLength(2);
  },
);

test('a deployment that fails after the move is rolled back to the revision that CodeDeploy deployed', async () => {
  const stage = await production();
  await deploy(stage, 'example.com/app:2', { 'codedeploy-wait-for': 'termination' });
  stage.clock.advance(300);
  const { taskDefinition } = shown(stage);
  move(stage);
  stage.simulator.script.image('example.com/app:bad', { exit: { afterSeconds: 1, code: 1 } });
  const outcome = await deploy(stage, 'example.com/app:bad', { 'rollback-on-failure': 'true' });
  expect(outcome.kind).not.toBe('deployed');
  stage.clock.advance(600);
  expect(shown(stage).taskDefinition).toBe(taskDefinition);
});

test('is refused while CodeDeploy keeps the old task set, and works once that is gone', async () => {
  const stage = await production();
  await deploy(stage, 'example.com/app:2');
  expect(() => move(stage)).toThrow(/not supported when there are multiple tasksets in the service/);
  stage.clock.advance(900);
  move(stage);
  expect(shown(stage).deploymentController).toEqual({ type: 'ECS' });
});

test('is refused while a deployment waits for its approval', async () => {
  const stage = await production(READY());
  await deploy(stage, 'example.com/app:2', { 'wait-for-service-stability': 'false' });
  stage.clock.advance(120);
  expect(() => move(stage)).toThrow(ApiException);
});

test('a deployment that has no task set yet is not known to ECS: the move succeeds, and the deployment fails', async () => {
  const stage = await production();
  const outcome = await deploy(stage, 'example.com/app:2', { 'wait-for-service-stability': 'false' });
  const [, id] = /(d-\w+)/.exec(JSON.stringify(outcome)) ?? [];
  move(stage);
  stage.clock.advance(120);
  const { codeDeploy, context } = stage.simulator;
  expect(await codeDeploy.handle('GetDeployment', { deploymentId: id }, context)).toMatchObject({
    deploymentInfo: {
      status: 'Failed',
      errorInformation: { code: 'ECS_UPDATE_ERROR', message: expect.stringContaining('deployment controller') },
    },
  });
  const { deploymentController, taskSets, deployments } = shown(stage);
  expect([deploymentController, taskSets, deployments.length]).toEqual([{ type: 'ECS' }, undefined, 1]);
});

test.each(['ECS', 'EXTERNAL'])('there is no way back from %s to CODE_DEPLOY', async (type) => {
  const stage = await production();
  const change = (to: string) =>
    stage.simulator.call('UpdateService', {
      cluster: 'production',
      service: 'web',
      deploymentController: { type: to },
    });
  change(type);
  expect(() => change('CODE_DEPLOY')).toThrow(`cannot be changed from ${type} to CODE_DEPLOY`);
});
