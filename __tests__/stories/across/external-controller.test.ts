import { Failure } from '../../../src/failure.ts';
import type { ContinueInputs } from '../../../src/inputs/types.ts';
import { continueDeployment } from '../../../src/stories/continue.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { deployServices, endsOf, listOf } from '../../support/services.ts';
import { definitionOf } from '../../support/task-definition.ts';
import { runOf, Stage } from '../../support/world.ts';

/**
 * The deployment controller EXTERNAL: a tool of the owner makes task sets. Whatever deploys or judges a deployment refuses it before
 * anything is changed, with the command that moves the service to ECS's own controller; what only reads works.
 */
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1';
const LOAD_BALANCERS = [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }];

/** The service `web` with one task set of web:1, as CreateTaskSet left it. */
function external(): Stage {
  const stage = new Stage();
  const { simulator, clock } = stage;
  simulator.loadBalancing.targetGroups.set(GROUP, { targetType: 'ip' });
  stage.withService({ deploymentController: { type: 'EXTERNAL' } });
  const service = simulator.script.service('web');
  simulator.taskSets.create(service, {
    status: 'PRIMARY',
    loadBalancers: LOAD_BALANCERS,
    revision: { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } }, launchType: 'FARGATE' },
  });
  clock.advance(120);
  stage.template();
  simulator.wire.calls.length = 0;
  return stage;
}
const changes = ({ simulator }: Stage): string[] =>
  simulator.wire.calls.flatMap(({ operation }) =>
    /^(?:Register|Update|Create|Delete|Stop|Deregister|Tag|Run|Continue)/.test(operation) ? [operation] : [],
  );
const COMMAND =
  'aws ecs update-service --region eu-west-1 --cluster default --service web --deployment-controller type=ECS --task-definition web:1';

test.each<[string, (stage: Stage) => Promise<unknown>]>([
  ['deploy', (stage) => stage.deploy({})],
  ['plan', (stage) => stage.plan()],
  ['rollback', (stage) => stage.rollback()],
  ['watch', (stage) => stage.watch()],
  [
    'continue',
    (stage) => {
      const inputs = stage.inputs({ mode: 'continue', 'task-definition': '' }) as unknown as ContinueInputs;
      return continueDeployment(runOf(inputs, stage.world), fetchService(inputs, stage.world));
    },
  ],
])('mode: %s refuses it before anything is changed, with the command', async (_, run) => {
  const stage = external();
  const failure = (await run(stage).catch((thrown: unknown) => thrown)) as Failure;
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    code: 'INVALID_INPUT',
    message:
      'The service web has the deployment controller EXTERNAL: a tool of yours deploys it by task sets, and this action does not; nothing was changed.',
  });
  expect(failure.remedy).toContain(COMMAND);
  expect(failure.remedy).toContain(
    `--network-configuration '{"awsvpcConfiguration":{"subnets":["subnet-1"]}}' --load-balancers '${JSON.stringify(LOAD_BALANCERS)}'`,
  );
  expect(changes(stage)).toEqual([]);
});

test('one of several services: none is changed', async () => {
  const stage = external();
  stage.simulator.call('CreateService', {
    serviceName: 'worker',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  stage.clock.advance(120);
  for (const name of ['web', 'worker'])
    stage.files.set(`${name}.json`, JSON.stringify(definitionOf('web', 'example.com/app:2')));
  stage.simulator.wire.calls.length = 0;
  const thrown = await deployServices(stage, listOf(['web', 'worker'])).then(endsOf, (failure: unknown) => failure);
  expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).toContain('EXTERNAL');
  expect(changes(stage)).toEqual([]);
});

test('mode: status shows what runs', async () => {
  const stage = external();
  const [web] = await stage.status({ service: 'web' });
  expect(web).toMatchObject({ condition: 'steady', revision: { revision: 1 } });
  const [inCluster] = await stage.status();
  expect(inCluster).toMatchObject({ condition: 'steady', service: { runningCount: 2 } });
});

test('mode: list names its revisions', async () => {
  expect((await external().list()).service.taskDefinitionArn).toMatch(/web:1$/);
});

test('mode: task runs a task beside it', async () => {
  const stage = external();
  stage.simulator.script.command('migrate', { exit: { afterSeconds: 2, code: 0 } });
  expect((await stage.task({ service: 'web', command: 'migrate' })).kind).toBe('ran');
});

/** UpdateService's input by the arguments of a command of the AWS CLI, in which `'...'` is JSON. */
function inputOf(command: string): Record<string, unknown> {
  const words = [...command.matchAll(/--([\w-]+) (?:'([^']+)'|(\S+))/g)];
  return Object.fromEntries(
    words.flatMap(([, option = '', json, word = '']) => {
      const member = option.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      if (member === 'region') return [];
      const [, type] = /^type=(\w+)$/.exec(word) ?? [];
      return [[member, json === undefined ? (type === undefined ? word : { type }) : JSON.parse(json)]];
    }),
  );
}

test('after the command that the refusal prints ECS deploys it', async () => {
  const stage = external();
  const { remedy = '' } = (await stage.deploy({}).catch((thrown: unknown) => thrown)) as Failure;
  const command = /aws ecs update-service .*?(?= \(its strategies)/.exec(remedy)?.[0] ?? '';
  stage.simulator.call('UpdateService', inputOf(command));
  expect(stage.service()).toMatchObject({ deploymentController: { type: 'ECS' }, loadBalancers: LOAD_BALANCERS });
  stage.clock.advance(120);
  stage.template({ cpu: '512', memory: '1024' });
  expect((await stage.deploy({})).kind).toBe('deployed');
});
