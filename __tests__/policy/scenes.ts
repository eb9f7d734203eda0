import { pushImage } from '../support/registry-images.ts';

/** Runs that between them make every call that the action can make, for the policies that allow them. */

import { policyOf } from '../../scripts/policy/statements.ts';
import { readInputs } from '../../scripts/workflow/inputs.ts';
import { allowOnly, factsOf, permissionsOf } from '../../simulator/services/identity-policy.ts';
import { REGION, type Simulator } from '../../simulator/simulator.ts';
import { createTargets } from '../../src/adapters/logs-and-targets.ts';
import { collectDenials } from '../../src/adapters/world.ts';
import { asFailure } from '../../src/failure.ts';
import type { AnyInputs, DeployInputs, Inputs } from '../../src/inputs/types.ts';
import { type JsonObject, nameOf } from '../../src/model.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { RunLog } from '../../src/report/run-log.ts';
import { type Right, rightsOf, rightsOfRun } from '../../src/rights/needed.ts';
import { subjectOf } from '../../src/rights/subject.ts';
import { build } from '../../src/stories/build.ts';
import { continueDeployment } from '../../src/stories/continue.ts';
import { daemon } from '../../src/stories/daemon.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { list } from '../../src/stories/list.ts';
import { plan } from '../../src/stories/plan.ts';
import { registerOnly } from '../../src/stories/register.ts';
import { rollback } from '../../src/stories/rollback.ts';
import { fetchService } from '../../src/stories/run.ts';
import { status } from '../../src/stories/status.ts';
import { task } from '../../src/stories/task.ts';
import { watchOnly } from '../../src/stories/watch.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { BLUE, CODE_DEPLOY, GREEN, groupOf, READY } from '../support/code-deploy.ts';
import { FakeDocker } from '../support/docker.ts';
import { addRule, addSchedule, ecsTarget } from '../support/schedules.ts';
import { runOf, SDK, Stage, TASK_DEFINITION } from '../support/world.ts';

type Texts = Readonly<Record<string, string>>;
type Definition = Readonly<Record<string, unknown>>;

const ACCOUNT = '123456789012';
const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const ROLES = `arn:aws:iam::${ACCOUNT}:role`;
const TARGET_GROUP = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/0123456789abcdef`;
const BALANCED = { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'app', containerPort: 8080 }] };

/** ECS moves traffic with it. */
export const LOAD_BALANCER_ROLE = `${ROLES}/ecs-load-balancer`;

/** A task that refers to everything that a task can refer to. */
const definition = (image: string): Definition => ({
  ...TASK_DEFINITION,
  executionRoleArn: `${ROLES}/team/web-execution`,
  taskRoleArn: `${ROLES}/web-task`,
  containerDefinitions: [
    {
      name: 'app',
      image,
      portMappings: [{ containerPort: 8080 }],
      secrets: [
        { name: 'DATABASE', valueFrom: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-AbCdEf:url::` },
        { name: 'TOKEN', valueFrom: '/web/token' },
      ],
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::config/web.env' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});

const unresolved = (image: string): Definition => ({
  ...TASK_DEFINITION,
  containerDefinitions: [{ name: 'app', image, versionConsistency: 'disabled' }],
});

/** Tasks on container instances that a capacity provider adds. */
const onInstances = (image: string): Definition => ({
  family: 'web',
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
  executionRoleArn: `${ROLES}/team/web-execution`,
  containerDefinitions: [{ name: 'app', image, memory: 64 }],
});

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
      action: { type: 'expire' },
    },
  ],
});

/** What an Express Mode service takes. */
const expressDefinition = (image: string): Definition => {
  const { containerDefinitions, ...task } = definition(image);
  const [app] = containerDefinitions as readonly Definition[];
  const main = { ...app, name: 'Main', portMappings: [{ containerPort: 8080, name: 'main' }] };
  return { ...task, containerDefinitions: [main] };
};
const EXPRESS: Texts = {
  'execution-role-arn': `${ROLES}/team/web-execution`,
  'infrastructure-role-arn': `${ROLES}/ecs-infrastructure`,
};

export interface Scene {
  readonly inputs: Texts;
  /** What is deployed; by default the task that refers to everything. */
  readonly template?: Definition;
  readonly before?: Definition;
  readonly service?: Definition;
  /** Of `service-definition`. */
  readonly defined?: Definition;
  /** After the service is steady. */
  readonly prepare?: (stage: Stage) => Promise<unknown> | unknown;
}

const CRASH = { exit: { afterSeconds: 3, code: 1 } };
const HOOK = { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] };
const withHook = (stage: Stage): unknown =>
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: HOOK });
const withHistory = async (stage: Stage): Promise<unknown> => stage.deploy({});
const IMAGE = `${HOST}/team/web:2`;
const endsWell = ({ simulator }: Stage): unknown =>
  simulator.script.revision('web:1', { exit: { afterSeconds: 5, code: 0 } });
/** ECS keeps service deployments for 90 days. */
const forgets = ({ clock, simulator }: Stage): void => {
  clock.advance(100 * 86_400);
  simulator.wire.calls.length = 0;
};

const withSchedules = async ({ simulator }: Stage, revision = 'web:1'): Promise<void> => {
  const { eventBridgeScheduler, context } = simulator;
  const Tags = [{ Key: 'team', Value: 'web' }];
  await eventBridgeScheduler.handle('CreateScheduleGroup', { Name: 'reports', Tags }, context);
  await addSchedule(simulator, 'nightly', revision, { GroupName: 'reports' });
  await addRule(simulator, 'hourly', [ecsTarget('one', revision)], { Tags });
};

const FARGATE = {
  launchType: 'FARGATE',
  desiredCount: 2,
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};
const TRUSTS_ECS = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const withoutService = ({ clock, simulator }: Stage): void => {
  simulator.call('DeleteService', { service: 'web', force: true });
  clock.advance(600);
};
/** ECS makes load balancer and scaling with it. */
const withInfrastructureRole = (stage: Stage): unknown =>
  stage.simulator.iam.roles.set('ecs-infrastructure', { trust: TRUSTS_ECS });
/** In place of the service that is there. */
const withExpress = (stage: Stage): void => {
  withoutService(stage);
  stage.simulator.call('RegisterTaskDefinition', expressDefinition(`${HOST}/team/web:1`));
  stage.simulator.call('CreateExpressGatewayService', {
    serviceName: 'web',
    infrastructureRoleArn: EXPRESS['infrastructure-role-arn'],
    taskDefinitionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:2`,
    tags: [{ key: 'old', value: 'yes' }],
  });
  stage.clock.advance(900);
};
const withDaemon = ({ clock, simulator }: Stage): void => {
  const home = `arn:aws:ecs:${REGION}:${ACCOUNT}`;
  const options = { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' };
  const logConfiguration = { logDriver: 'awslogs', options };
  const containerDefinitions = [{ name: 'agent', image: `${HOST}/team/web:1`, logConfiguration }];
  const executionRoleArn = `${ROLES}/team/web-execution`;
  simulator.call('RegisterDaemonTaskDefinition', { family: 'agent', executionRoleArn, containerDefinitions });
  simulator.call('CreateDaemon', {
    daemonName: 'agent',
    clusterArn: `${home}:cluster/default`,
    daemonTaskDefinitionArn: `${home}:daemon-task-definition/agent:1`,
    capacityProviderArns: [`${home}:capacity-provider/managed`],
  });
  clock.advance(900);
};
const scalable = ({ simulator: { autoScaling, context } }: Stage): Promise<object> =>
  autoScaling.handle(
    'RegisterScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/default/web',
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 1,
      MaxCapacity: 4,
    },
    context,
  );

const BY_CODE_DEPLOY: Texts = {
  'codedeploy-application': 'AppECS-default-web',
  'codedeploy-deployment-group': 'DgpECS-default-web',
};
/** The deployment group of a service that was created with the controller CODE_DEPLOY. */
async function withGroup(
  { simulator }: Stage,
  settings: Definition = {},
  names: Parameters<typeof groupOf>[1] = {},
): Promise<void> {
  const { codeDeploy, context, loadBalancing } = simulator;
  for (const arn of [BLUE, GREEN]) loadBalancing.targetGroups.set(arn, { targetType: 'ip' });
  const group = groupOf(settings, names);
  const { applicationName } = group;
  await codeDeploy.handle('CreateApplication', { applicationName, computePlatform: 'ECS' }, context);
  await codeDeploy.handle('CreateDeploymentGroup', group, context);
}
async function afterCodeDeploy(stage: Stage): Promise<void> {
  const { blueGreenDeploymentConfiguration: settings } = groupOf();
  // Each minute of it is a hundred requests.
  const terminateBlueInstancesOnDeploymentSuccess = { action: 'TERMINATE', terminationWaitTimeInMinutes: 0 };
  await withGroup(stage, {
    blueGreenDeploymentConfiguration: { ...settings, terminateBlueInstancesOnDeploymentSuccess },
  });
  await stage.deploy({ 'codedeploy-wait-for': 'termination' });
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'a deploy of an image that is given, which fails and is rolled back': {
    inputs: { image: IMAGE, 'deregister-failed-revision': 'true' },
    service: BALANCED,
    prepare: (stage) => stage.simulator.script.revision('web:2', CRASH),
  },
  'a deploy that fails while it waits at a hook': {
    inputs: { image: IMAGE },
    prepare: (stage) => {
      withHook(stage);
      stage.simulator.script.revision('web:2', { exit: { afterSeconds: 60, code: 1 } });
    },
  },
  'a first deployment that fails, and whose service is scaled to 0': {
    inputs: { image: IMAGE, 'service-definition': 'service.json' },
    defined: {
      ...FARGATE,
      loadBalancers: [{ ...BALANCED.loadBalancers[0], advancedConfiguration: { roleArn: LOAD_BALANCER_ROLE } }],
      tags: [{ key: 'team', value: 'web' }],
    },
    prepare: (stage) => {
      withoutService(stage);
      stage.simulator.iam.roles.set('ecs-load-balancer', { trust: TRUSTS_ECS });
      stage.simulator.loadBalancing.targetGroups.set(TARGET_GROUP, { targetType: 'ip' });
      stage.simulator.script.revision('web:2', CRASH);
    },
  },
  'a first deployment that fails, and whose service is deleted': {
    inputs: { image: IMAGE, 'service-definition': 'service.json', 'on-first-failure': 'delete' },
    defined: FARGATE,
    prepare: (stage) => {
      withoutService(stage);
      stage.simulator.script.revision('web:2', CRASH);
    },
  },
  'an Express Mode service that is created by ECS with its revision, and deleted': {
    inputs: { ...EXPRESS, 'task-definition': '', image: IMAGE, 'express-tags': 'team=web' },
    prepare: (stage) => {
      withoutService(stage);
      withInfrastructureRole(stage);
      stage.simulator.script.revision('default-web:1', CRASH);
    },
  },
  'a deploy to an Express Mode service, whose tags change': {
    inputs: {
      ...EXPRESS,
      image: IMAGE,
      'health-check-path': '/health',
      'express-tags': 'team=web',
      'mutate-tags-on-update': 'true',
    },
    template: expressDefinition(IMAGE),
    prepare: withExpress,
  },
  'a plan for an Express Mode service': {
    inputs: { mode: 'plan', ...EXPRESS, image: IMAGE, 'health-check-path': '/health' },
    template: expressDefinition(IMAGE),
    prepare: withExpress,
  },
  'a deploy that divides its traffic': {
    inputs: {
      image: IMAGE,
      strategy: 'BLUE_GREEN',
      'bake-time-minutes': '1',
      'alternate-target-group': TARGET_GROUP.replace('targetgroup/', 'targetgroup/green-'),
      'production-listener-rule': TARGET_GROUP.replace(
        /targetgroup\/.*$/,
        `listener-rule/app/web/${'0123456789abcdef/'.repeat(2)}0123456789abcdef`,
      ),
      'load-balancer-role': LOAD_BALANCER_ROLE,
    },
    service: BALANCED,
    prepare: ({ simulator }) => {
      simulator.loadBalancing.targetGroups.set(TARGET_GROUP.replace('targetgroup/', 'targetgroup/green-'), {
        targetType: 'ip',
      });
      simulator.iam.roles.set('ecs-load-balancer', {
        trust: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      });
    },
  },
  'a deploy of what runs already': { inputs: {}, template: definition(`${HOST}/team/web:1`), service: BALANCED },
  'a deploy whose environment file does not exist': {
    inputs: { image: IMAGE },
    prepare: ({ simulator }) => simulator.s3.buckets.set('config', { region: REGION, keys: [] }),
  },
  'a deploy to instances, with alarms': {
    inputs: { alarms: 'web-5xx' },
    template: onInstances('example.com/app:2'),
    before: onInstances('example.com/app:1'),
    service: {
      launchType: undefined,
      networkConfiguration: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'asg', weight: 1 }],
      deploymentConfiguration: { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } },
    },
  },
  'a deploy that builds and keeps the repository clean': {
    inputs: { repository: 'team/web', 'lifecycle-policy': LIFECYCLE },
    template: definition('${IMAGE}'),
    prepare: forgets,
  },
  'a deploy that builds, creates its repository and waits for what ECR does with the image': {
    inputs: {
      repository: 'team/new',
      'create-repository': 'true',
      'repository-settings': JSON.stringify({
        tags: { team: 'web' },
        repositoryPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
        },
        lifecyclePolicy: JSON.parse(LIFECYCLE),
      }),
      scan: 'wait',
      'wait-for-replication': 'us-east-1',
      sign: 'ecr',
    },
    template: definition('${IMAGE}'),
    prepare: ({ simulator: { ecr } }) => {
      const tell = (kind: 'scans' | 'replications' | 'signings', answer: object): void =>
        void ecr.statuses[kind].push({ repositoryName: 'team/new', answer: answer as never });
      tell('scans', { imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { findings: [] } });
      tell('replications', { replicationStatuses: [{ region: 'us-east-1', status: 'COMPLETE' }] });
      tell('signings', { signingStatuses: [{ status: 'COMPLETE' }] });
    },
  },
  'a deploy with a migration that does not end': {
    inputs: {
      image: IMAGE,
      'pre-deploy': JSON.stringify([
        { name: 'migrate', command: 'migrate', 'timeout-minutes': 1, tags: { team: 'web' } },
      ]),
    },
  },
  'a deploy whose schedules follow it, by tag': {
    inputs: { image: IMAGE, schedules: 'tag:team' },
    prepare: withSchedules,
  },
  'a deploy whose schedule does not exist': {
    inputs: { image: IMAGE, schedules: 'schedule/default/weekly, rule/weekly' },
    prepare: withSchedules,
  },
  'a deploy during which scale-in is suspended': {
    inputs: { image: IMAGE, autoscaling: 'suspend', 'max-capacity': '8' },
    prepare: scalable,
  },
  'a plan of the capacity': {
    inputs: { mode: 'plan', image: IMAGE, autoscaling: 'suspend', 'max-capacity': '8' },
    prepare: scalable,
  },
  'a plan of schedules': { inputs: { mode: 'plan', image: IMAGE, schedules: 'all' }, prepare: withSchedules },
  'a registration whose schedules are moved': {
    inputs: { mode: 'register', image: IMAGE, schedules: 'all' },
    prepare: withSchedules,
  },
  'a rollback whose schedules follow it': {
    inputs: { mode: 'rollback', schedules: 'all', autoscaling: 'suspend' },
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      await withHistory(stage);
      await withSchedules(stage, 'web:2');
      await scalable(stage);
    },
  },
  'a plan': { inputs: { mode: 'plan', image: IMAGE }, service: BALANCED },
  'a plan of what runs already': {
    inputs: { mode: 'plan', alarms: 'web-5xx' },
    template: definition(`${HOST}/team/web:1`),
    prepare: ({ simulator }) => simulator.s3.buckets.set('config', { region: REGION, keys: [] }),
  },
  'a plan of what runs already, by a tag': {
    inputs: { mode: 'plan' },
    template: definition('example.com/app:1'),
    before: definition('example.com/app:1'),
  },
  'a plan of what runs already, by a tag that ECS does not resolve': {
    inputs: { mode: 'plan' },
    template: unresolved('example.com/app:1'),
    before: unresolved('example.com/app:1'),
  },
  'a registration that builds': { inputs: { mode: 'register', repository: 'team/web' } },
  'a registration of an image that exists': { inputs: { mode: 'register', image: IMAGE } },
  'a daemon': { inputs: { mode: 'daemon', daemon: 'agent', image: IMAGE }, prepare: withDaemon },
  'a daemon that fails': {
    inputs: {
      mode: 'daemon',
      daemon: 'agent',
      image: IMAGE,
      'deregister-failed-revision': 'true',
    },
    prepare: (stage) => {
      withDaemon(stage);
      stage.simulator.script.image('team/web', { exit: { afterSeconds: 2, code: 3 } });
    },
  },
  'the status of a service': {
    inputs: { mode: 'status' },
    template: definition(`${HOST}/team/web:2`),
    prepare: withHistory,
  },
  'the status of a service whose history is forgotten': { inputs: { mode: 'status' }, prepare: forgets },
  'the status of the services with a tag': {
    inputs: { mode: 'status', 'service-tags': 'team=web' },
    service: { tags: [{ key: 'team', value: 'web' }] },
  },
  'a build': { inputs: { mode: 'build', repository: 'team/web' } },
  'a list for a service whose history is forgotten': { inputs: { mode: 'list' }, prepare: forgets },
  'a list': { inputs: { mode: 'list' }, template: definition(`${HOST}/team/web:2`), prepare: withHistory },
  'a rollback': {
    inputs: { mode: 'rollback' },
    template: definition(`${HOST}/team/web:2`),
    service: BALANCED,
    prepare: async (stage) => {
      await withHistory(stage);
      stage.simulator.s3.buckets.set('config', { region: REGION, keys: [] });
    },
  },
  'a rollback to a commit, which fails': {
    inputs: { mode: 'rollback', 'rollback-to': 'badc0de', alarms: 'web-5xx' },
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      await stage.deployAs({ sha: 'badc0de000000000000000000000000000000000' });
      stage.template({ ...definition(`${HOST}/team/web:1`), cpu: '512', memory: '1024' });
      await stage.deploy({});
      stage.simulator.script.revision('web:2', CRASH);
    },
  },
  'a rollback of a deployment that waits at a hook': {
    inputs: { mode: 'rollback' },
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      withHook(stage);
      await stage.deploy({ 'wait-for-minutes': '1' });
    },
  },
  'a continue of a deployment that waits at a hook': {
    inputs: { mode: 'continue', autoscaling: 'keep' },
    service: BALANCED,
    prepare: async (stage) => {
      withHook(stage);
      await stage.deploy({ 'wait-for-minutes': '1' });
    },
  },
  'a continue of a deployment that does not wait, to be rolled back': {
    inputs: { mode: 'continue', 'continue-action': 'rollback' },
    prepare: async (stage) => {
      stage.simulator.script.revision('web:2', { startSeconds: 3000 });
      await stage.deploy({ 'wait-for-service-stability': 'false' });
    },
  },
  'a watch of a deployment that fails and is rolled back': {
    inputs: { mode: 'watch', 'rollback-on-failure': 'true' },
    template: definition(`${HOST}/team/web:2`),
    service: BALANCED,
    prepare: async (stage) => {
      stage.simulator.script.revision('web:2', { startSeconds: 120, ...CRASH });
      await stage.deploy({ 'wait-for-service-stability': 'false' });
    },
  },
  'a watch of a deployment that fails while it waits at a hook': {
    inputs: { mode: 'watch', 'rollback-on-failure': 'true' },
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      withHook(stage);
      stage.simulator.script.revision('web:2', { exit: { afterSeconds: 60, code: 1 } });
      await stage.deploy({ 'wait-for-service-stability': 'false' });
    },
  },
  'a watch of a deployment that succeeds': {
    inputs: { mode: 'watch' },
    template: definition(`${HOST}/team/web:2`),
    prepare: (stage) => stage.deploy({ 'wait-for-service-stability': 'false' }),
  },
  'a deploy by CodeDeploy, after another one': {
    inputs: { image: IMAGE, ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    prepare: async (stage) => {
      await withGroup(stage);
      stage.template({ ...definition(IMAGE), cpu: '512', memory: '1024' });
      await stage.deploy({});
      stage.template(definition(IMAGE));
    },
  },
  'a deploy by CodeDeploy that fails': {
    inputs: { image: IMAGE, ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    prepare: async (stage) => {
      await withGroup(stage);
      stage.simulator.script.revision('web:2', CRASH);
    },
  },
  'a plan for CodeDeploy': {
    inputs: { mode: 'plan', image: IMAGE, ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    prepare: afterCodeDeploy,
  },
  'a rollback by CodeDeploy': {
    inputs: { mode: 'rollback', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      await afterCodeDeploy(stage);
      stage.template({ ...definition(IMAGE), cpu: '512', memory: '1024' });
      await stage.deploy({});
    },
  },
  'a deploy by CodeDeploy whose group has another name': {
    inputs: { image: IMAGE, 'codedeploy-wait-for': 'traffic' },
    service: CODE_DEPLOY,
    prepare: (stage) => withGroup(stage, {}, { application: 'shop', group: 'shop-web' }),
  },
  'a rollback of a deployment by CodeDeploy that does not end': {
    inputs: { mode: 'rollback', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      await withGroup(stage);
      stage.simulator.script.revision('web:2', { startSeconds: 3000 });
      await stage.deploy({ 'wait-for-service-stability': 'false' });
    },
  },
  'a list of what CodeDeploy deployed': {
    inputs: { mode: 'list', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    template: definition(`${HOST}/team/web:2`),
    prepare: afterCodeDeploy,
  },
  'the status of a service of CodeDeploy': {
    inputs: { mode: 'status', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    template: definition(`${HOST}/team/web:2`),
    prepare: afterCodeDeploy,
  },
  'a continue of a deployment by CodeDeploy': {
    inputs: { mode: 'continue', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    prepare: async (stage) => {
      await withGroup(stage, READY(60));
      await stage.deploy({ 'on-pause': 'stop' });
    },
  },
  'a continue of a deployment by CodeDeploy that fails': {
    inputs: { mode: 'continue', ...BY_CODE_DEPLOY },
    service: CODE_DEPLOY,
    prepare: async (stage) => {
      await withGroup(stage, { ...READY(60), deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' });
      stage.simulator.script.revision('web:2', { exit: { afterSeconds: 120, code: 1 } });
      await stage.deploy({ 'on-pause': 'stop' });
    },
  },
  'a task of a file that does not end': {
    inputs: {
      mode: 'task',
      image: IMAGE,
      'task-definition': 'task-definition.json',
      command: 'migrate',
      'run-task-tags': '[{"key": "team", "value": "web"}]',
      'wait-for-minutes': '1',
    },
  },
  'a task of what the service runs': { inputs: { mode: 'task', command: 'migrate' }, prepare: endsWell },
  'a task with a role of its own': {
    inputs: { mode: 'task', command: 'migrate', 'task-role-arn': `arn:aws:iam::${ACCOUNT}:role/migrator` },
    prepare: endsWell,
  },
  'a rollback of a deployment that does not end': {
    inputs: { mode: 'rollback' },
    template: definition(`${HOST}/team/web:2`),
    prepare: async (stage) => {
      stage.simulator.script.revision('web:2', { startSeconds: 3000 });
      await stage.deploy({ 'wait-for-service-stability': 'false' });
    },
  },
};

export interface Played {
  /** `deployed`, or the code of the failure. */
  readonly ended: string;
  readonly message: string;
  /** All of it, as the log has it. */
  readonly described: string;
  /** Actions that the run reports as missing. */
  readonly missing: readonly string[];
  /** Those of them that were not asked for. */
  readonly unasked: readonly string[];
  /** The same, of each call. */
  readonly calls: readonly (readonly string[])[];
  /** Actions that IAM was asked for. */
  readonly used: ReadonlySet<string>;
  /** How many requests it took, with those that made the scene. */
  readonly requests: number;
}

/** The inputs of a scene, as a workflow has them. */
export function inputsOf({ inputs }: Scene): AnyInputs {
  const place = { 'aws-region': REGION, 'role-to-assume': `${ROLES}/deploy-web` };
  const service =
    ['build', 'register'].includes(inputs.mode ?? '') || inputs['service-tags'] || inputs.daemon
      ? {}
      : { service: 'web' };
  const template =
    inputs.daemon || ['build', 'task', 'rollback', 'continue', 'watch', 'status', 'list'].includes(inputs.mode ?? '')
      ? {}
      : { 'task-definition': 'task-definition.json' };
  return readInputs({ ...place, ...service, ...template, ...inputs });
}

/** The rights that the generator gives the scene. */
export function rightsOfScene(scene: Scene): Right[] {
  const named = scene.inputs['task-definition'] !== '' && !scene.inputs.daemon;
  const template = named
    ? toTemplate((scene.template ?? definition(IMAGE)) as never, 'task-definition.json')
    : undefined;
  const serviceDefinition = scene.defined as JsonObject | undefined;
  return rightsOf(subjectOf(inputsOf(scene), { madeUp: new Set(), template, account: undefined, serviceDefinition }));
}

/** Plays a scene with a role that has these rights and no others. @param without actions that are denied whatever the rights are */
export async function play(scene: Scene, rights: readonly Right[], without: readonly string[] = []): Promise<Played> {
  const stage = await stageOf(scene);
  const { simulator } = stage;
  const { Statement } = policyOf(rights);
  const denied = without.length === 0 ? [] : [{ Effect: 'Deny', Action: without, Resource: '*' }];
  const lift = allowOnly(simulator, { Statement: [...Statement, ...denied] });
  const inputs = inputsOf(scene);
  const docker = new FakeDocker(simulator.registry, stage.world.files);
  stage.files.set('Dockerfile', 'FROM scratch\n');
  // A process of its own: what another one has found out is not known.
  const own = stage.attempt(simulator.wire.requestHandler());
  const { ecs, ecr, codeDeploy, logs, resources, autoscaling, schedules, daemons } = own;
  const clients = { ecs, ecr, codeDeploy, logs, resources, autoscaling, schedules, daemons };
  const behind = own.denials ?? { note: () => {} };
  const answered = (action: string): void => behind.answered?.(action);
  const targets = createTargets({ ...configOf(simulator), answered });
  const fresh = { ...stage.world, ...clients, targets, denials: behind, shell: docker.shell };
  const { world, denials } = collectDenials(fresh, inputs.mode, (known) => rightsOfRun([inputs], known, fresh));
  const before = simulator.wire.calls.splice(0).length;
  const end = async (): Promise<{ ended: string; message: string; described?: string }> => {
    try {
      if (inputs.mode === 'build')
        return { ended: (await build(inputs, world, new RunLog(world))).digest ?? '', message: '' };
      if (inputs.mode === 'status') {
        const services = await status(inputs, world);
        return { ended: `${services.length} services`, message: '' };
      }
      if (inputs.mode === 'register') {
        const registered = await registerOnly({ inputs, world, progress: new RunLog(world) });
        return { ended: nameOf(registered.revision), message: '' };
      }
      if (inputs.mode === 'task') {
        const ran = await task({ inputs, world, progress: new RunLog(world) });
        return { ended: ran.kind, message: ran.headline };
      }
      if (inputs.mode === 'daemon') {
        const ran = await daemon({ inputs, world, progress: new RunLog(world) });
        return { ended: ran.kind, message: ran.headline };
      }
      const fetching = fetchService(inputs, world);
      switch (inputs.mode) {
        case 'plan':
          return {
            ended: 'planned',
            message: (await plan(runOf(inputs, world), fetching)).updates ? 'would change' : 'would not change',
          };
        case 'list':
          return { ended: `${(await list({ world }, fetching)).targets.length} targets`, message: '' };
        default: {
          const outcome = await rolloutOf(inputs, world, fetching);
          return { ended: outcome.kind, message: outcome.headline };
        }
      }
    } catch (thrown) {
      denials.note(thrown);
      const failure = asFailure(thrown);
      return { ended: failure.code, message: failure.message, described: failure.describe() };
    }
  };
  const ended = await end();
  lift();
  const all = await denials.list();
  const calls = simulator.wire.calls.map((call) =>
    permissionsOf(call, simulator.context, factsOf(simulator)).map(({ action }) => action),
  );
  return {
    described: ended.message,
    ...ended,
    missing: [...new Set(all.map(({ action }) => action))],
    unasked: [...new Set(all.flatMap(({ action, unasked }) => (unasked ? [action] : [])))],
    calls,
    used: new Set(calls.flat()),
    requests: before + calls.length,
  };
}

function rolloutOf(inputs: Inputs, world: World, fetching: ReturnType<typeof fetchService>): Promise<Outcome> {
  switch (inputs.mode) {
    case 'rollback':
      return rollback(runOf(inputs, world), fetching);
    case 'watch':
      return watchOnly(runOf(inputs, world), fetching);
    case 'continue':
      return continueDeployment(runOf(inputs, world), fetching);
    default:
      return deploy(runOf(inputs as DeployInputs, world), fetching);
  }
}

const configOf = (simulator: Simulator): Parameters<typeof createTargets>[0] => ({
  region: REGION,
  requestHandler: simulator.wire.requestHandler(),
  ...SDK,
});

async function stageOf({ before, service = {}, defined, template, prepare }: Scene): Promise<Stage> {
  const stage = new Stage();
  const { simulator } = stage;
  const repository = simulator.registry.create('team/web', false);
  for (const tag of ['1', '2']) pushImage(stage.simulator.registry, repository, tag);
  simulator.iam.roles.set('deploy-web', { trust: {} });
  if ('capacityProviderStrategy' in service) simulator.script.capacityProvider({ name: 'asg', scaleOutSeconds: 20 });
  stage.withService(service, before ?? definition(`${HOST}/team/web:1`));
  Object.assign(stage.world, { targets: createTargets(configOf(simulator)) });
  stage.files.set('task-definition.json', JSON.stringify(template ?? definition(IMAGE)));
  if (defined) stage.files.set('service.json', JSON.stringify(defined));
  await prepare?.(stage);
  return stage;
}
