import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { BLUE, CODE_DEPLOY, GREEN, groupOf } from '../support/code-deploy.ts';
import { type OfficialRun, runOfficial } from '../support/official.ts';
import { eventually } from '../support/patience.ts';
import { steady } from '../support/steady.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/**
 * AWS's own published deploy action, a client that we did not write, holds the simulator honest. It is never part of
 * this repository: CONTRIBUTING says how to fetch it and name its folder in OFFICIAL_DEPLOY_ACTION.
 */
const action = process.env.OFFICIAL_DEPLOY_ACTION;
const whenFetched = action ? test : test.skip;

const clock = new RealClock(40);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'official-'));
let server: { endpoint: string; close(): Promise<void> };
beforeAll(async () => {
  server = await simulator.listen();
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Settings {
  /** More of CreateService. */
  readonly service?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Instead of waiting for the first deployment. */
  readonly afterwards?: () => Promise<void>;
}

/** A steady service of two tasks, deployed to by the official action. */
async function deploy(service: string, image: string, settings: Settings = {}): Promise<OfficialRun> {
  const [app] = TASK_DEFINITION.containerDefinitions;
  const definition = { ...TASK_DEFINITION, family: service };
  simulator.call('RegisterTaskDefinition', definition);
  simulator.call('CreateService', {
    serviceName: service,
    taskDefinition: service,
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...(settings.service ?? {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    }),
  });
  await (settings.afterwards?.() ?? steady(simulator, service));
  const file = join(folder, `${service}.json`);
  writeFileSync(file, JSON.stringify({ ...definition, containerDefinitions: [{ ...app, image }] }));
  return runOfficial(action ?? '', {
    endpoint: server.endpoint,
    folder,
    outputs: `${service}.out`,
    env: {
      GITHUB_WORKSPACE: folder,
      'INPUT_TASK-DEFINITION': file,
      INPUT_SERVICE: service,
      INPUT_CLUSTER: 'default',
      'INPUT_WAIT-FOR-SERVICE-STABILITY': 'true',
      'INPUT_WAIT-FOR-MINUTES': '2',
      'INPUT_RUN-TASK': 'false',
      ...settings.inputs,
    },
  });
}

whenFetched(
  'it registers, updates, waits, and finds the deployment completed',
  async () => {
    const run = await deploy('web', 'example.com/app:2');
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(run.log).toContain('rolloutState=COMPLETED');
    expect(run.outputs).toContain('task-definition/web:2');
    expect(simulator.call('DescribeServices', { services: ['web'] })).toMatchObject({
      services: [{ taskDefinition: expect.stringMatching(/web:2$/), runningCount: 2 }],
    });
  },
  180_000,
);

whenFetched(
  'it fails when the circuit breaker has rolled back',
  async () => {
    simulator.model.behaviours.set('example.com/broken', {
      startSeconds: 5,
      failToStart: 'CannotPullContainerError: no',
    });
    const run = await deploy('broken', 'example.com/broken:1');
    expect(run.exitCode).toBe(1);
    expect(run.log).toMatch(/::error/);
  },
  180_000,
);

whenFetched(
  'it deploys a service of CodeDeploy, and waits for the termination wait to be over',
  async () => {
    createDependencies(simulator, {}, { loadBalancers: [{ targetGroupArn: BLUE }, { targetGroupArn: GREEN }] });
    for (const arn of [BLUE, GREEN]) simulator.loadBalancing.targetGroups.set(arn, { targetType: 'ip', port: 8080 });
    const { codeDeploy, context } = simulator;
    const names = { application: 'AppECS-default-shop', group: 'DgpECS-default-shop', service: 'shop' };
    const application = { applicationName: names.application, computePlatform: 'ECS' };
    writeFileSync(
      join(folder, 'appspec.yaml'),
      [
        'version: 0.0',
        'Resources:',
        '  - TargetService:',
        '      Type: AWS::ECS::Service',
        '      Properties:',
        '        TaskDefinition: replaced',
        '        LoadBalancerInfo: { ContainerName: app, ContainerPort: 8080 }',
      ].join('\n'),
    );
    const run = await deploy('shop', 'example.com/app:2', {
      service: CODE_DEPLOY,
      afterwards: async () => {
        await eventually(() =>
          JSON.stringify(simulator.call('DescribeServices', { services: ['shop'] })).includes('"runningCount":2'),
        );
        await codeDeploy.handle('CreateApplication', application, context);
        await codeDeploy.handle('CreateDeploymentGroup', groupOf({}, names), context);
      },
      inputs: { 'INPUT_CODEDEPLOY-APPSPEC': 'appspec.yaml' },
    });
    expect(run.log).not.toContain('::error');
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatch(/codedeploy-deployment-id[\s\S]*d-[A-Z0-9]{9}/);
    expect(simulator.call('DescribeServices', { services: ['shop'] })).toMatchObject({
      services: [{ taskSets: [{ status: 'PRIMARY', taskDefinition: expect.stringMatching(/shop:2$/) }] }],
    });
  },
  180_000,
);
