/** One run for each kind of page that the action writes, on a simulated AWS. */
import { deny } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { Failure } from '../../src/failure.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { fetchService } from '../../src/stories/run.ts';
import { balanced, TRAFFIC } from './balanced.ts';
import { withCodeDeploy } from './code-deploy-stage.ts';
import { FakeDocker } from './docker.ts';
import { killAt } from './killed.ts';
import { pushImage } from './registry-images.ts';
import { type Reported, type RunOptions, reported, reportedPost } from './reported.ts';
import { addRule, addSchedule } from './schedules.ts';
import { listOf, stageWith } from './services.ts';
import { runOf, Stage, TASK_DEFINITION } from './world.ts';

type Given = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const BALANCED = { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'app', containerPort: 8080 }] };
const CRASH = { exit: { afterSeconds: 4, code: 1 } };
const WORDS = [
  '> shop-web@2.4.0 start',
  '> node dist/server.js',
  'config: production, region eu-west-1',
  'connecting to postgres at db.internal:5432',
  'Error: connect ECONNREFUSED 10.0.12.7:5432',
  '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)',
];
const TAGS = ['1', '2', '3', '4'];
const image = (tag: string): string => `${HOST}/shop/web:${tag}`;

const definition = (tag = '1', more: Given = {}, task: Given = {}): Given => ({
  ...TASK_DEFINITION,
  ...task,
  containerDefinitions: [
    {
      name: 'app',
      image: image(tag),
      portMappings: [{ containerPort: 8080 }],
      environment: [{ name: 'LOG_LEVEL', value: 'info' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
      },
      ...more,
    },
  ],
});

/** Images of `shop/web` in ECR, each of one platform. @returns the first one by its digest */
function pushImages({ simulator: { registry } }: Stage): string {
  const repository = registry.create('shop/web', false);
  for (const tag of TAGS) pushImage(registry, repository, tag);
  return `${HOST}/shop/web@${repository.tags.get('1')}`;
}

/** `web` runs web:1 of `shop/web:1`; the file has `shop/web:2`. */
function stageOf(settings: Given = BALANCED, next: Given = definition('2')): Stage {
  const stage = new Stage();
  const first = pushImages(stage);
  stage.simulator.logs.append('/ecs/web', 'ecs/app/before', { message: 'x', atSeconds: 0 });
  stage.withService(settings, definition('1', { image: first }));
  put(stage, next);
  return stage;
}
const put = (stage: Stage, next: Given): void => void stage.files.set('task-definition.json', JSON.stringify(next));
const DEPLOY: Texts = { service: 'web', 'task-definition': 'task-definition.json' };

const MISSING_FILE = [
  '> node dist/server.js',
  "Error: ENOENT: no such file or directory, open '/app/config/flags.json'",
];

/** What the new tasks print before they end; those of some revisions something else. */
function printing(
  stage: Stage,
  lines: readonly string[] = WORDS,
  others: Readonly<Record<string, typeof lines>> = {},
): Stage {
  const { script, logs } = stage.simulator;
  const cluster = stage.simulator.ecs.clusters.get('default');
  const tasksNow = () => [
    ...cluster.tasks,
    ...[...stage.simulator.ecs.services.values()].flatMap(({ tasks }) => tasks),
  ];
  const known = new Set(tasksNow().map(({ id }) => id));
  const watch = (): void => {
    for (const { id, taskDefinitionArn } of tasksNow().filter((one) => !known.has(one.id))) {
      known.add(id);
      const revision = taskDefinitionArn.slice(taskDefinitionArn.indexOf('/') + 1);
      script.at(9, () => {
        for (const message of others[revision] ?? lines)
          logs.append('/ecs/web', `ecs/app/${id}`, { message, atSeconds: stage.clock.now() });
      });
    }
    if (known.size < 400) script.at(1, watch);
  };
  watch();
  return stage;
}

const crashing = (settings: Given = BALANCED): Stage => {
  const stage = stageOf(settings);
  stage.simulator.script.revision('web:2', CRASH);
  return printing(stage);
};
const release = async (stage: Stage, tag: string, context: Parameters<typeof reported>[2] = {}): Promise<void> => {
  put(stage, definition(tag));
  await reported(stage, DEPLOY, context);
  stage.clock.advance(3600);
};
/** web:2 and web:3 were deployed of tags. */
async function withReleases(settings: Given = BALANCED): Promise<Stage> {
  const stage = stageOf(settings);
  for (const tag of ['2', '3']) {
    const context = {
      sha: tag.repeat(40),
      ref: `refs/tags/v1.${tag}.0`,
      refName: `v1.${tag}.0`,
      refType: 'tag' as const,
      runId: tag,
    };
    await release(stage, tag, { context });
  }
  return stage;
}
const CAPACITY = 'You’ve reached the limit on the number of vCPUs you can run concurrently';
const HEALTH = { unhealthy: 'target', unhealthyReason: 'Health checks failed with these codes: [502]' } as const;
const TWENTY = Array.from({ length: 20 }, (_, index) => `service-${index + 1}`);
const THREE = ['api', 'worker', 'cron'];
const PULL_REQUEST = { context: { eventName: 'pull_request', pullRequest: 17 } };

/** Three services, each behind the file of its own; the new revision of those named crashes. */
function three(broken: readonly string[] = []): Stage {
  const stage = stageWith(THREE);
  for (const name of broken) stage.simulator.script.revision(`${name}:2`, { startSeconds: 40, ...CRASH });
  return stage;
}

function codeDeployed(stage: Stage): Stage {
  stage.template({
    containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }],
  });
  return stage;
}
const CANARY = { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' };
async function stoppedByUser(rollback: boolean): Promise<Stage> {
  const stage = codeDeployed(await withCodeDeploy(CANARY));
  stage.simulator.script.at(60, () => {
    const { groups } = stage.simulator.codeDeploy.applications.get('AppECS-default-web') ?? {};
    const deployment = [...(groups?.values() ?? [])][0]?.deployments.at(-1);
    if (deployment) stage.simulator.codeDeploy.rollouts.stop(deployment, rollback);
  });
  return stage;
}

const HOME = 'arn:aws:ecs:eu-west-1:123456789012';
/** The daemon `agent` runs agent:1 on four instances. */
function withDaemon(): Stage {
  const stage = new Stage();
  const containerDefinitions = [{ name: 'agent', image: 'example.com/agent:1', essential: true }];
  stage.simulator.call('RegisterDaemonTaskDefinition', {
    family: 'agent',
    containerDefinitions,
    cpu: '256',
    memory: '512',
  });
  stage.simulator.call('CreateDaemon', {
    daemonName: 'agent',
    clusterArn: `${HOME}:cluster/default`,
    daemonTaskDefinitionArn: `${HOME}:daemon-task-definition/agent:1`,
    capacityProviderArns: [`${HOME}:capacity-provider/managed`],
  });
  stage.clock.advance(900);
  return stage;
}

const EXPRESS: Texts = {
  'service-name': 'web',
  'execution-role-arn': 'arn:aws:iam::123456789012:role/exec',
  'infrastructure-role-arn': 'arn:aws:iam::123456789012:role/infra',
  preflight: 'false',
};

/** An empty cluster and the file of a service. */
function withoutService(): Stage {
  const stage = new Stage();
  pushImages(stage);
  const service = {
    launchType: 'FARGATE',
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    ...BALANCED,
  };
  stage.simulator.logs.append('/ecs/web', 'ecs/app/before', { message: 'x', atSeconds: 0 });
  createDependencies(stage.simulator, definition(), service);
  stage.files.set('service.json', JSON.stringify(service));
  put(stage, definition());
  return stage;
}
const DEFINED: Texts = { ...DEPLOY, 'service-definition': 'service.json' };

function commands(stage: Stage): Stage {
  stage.simulator.script
    .command('fine', { startSeconds: 10, exit: { afterSeconds: 20, code: 0 } })
    .command('faulty', { startSeconds: 10, exit: { afterSeconds: 5, code: 1 } });
  return stage;
}
const MIGRATION = [
  'Running migrations',
  '003_orders: up',
  'ERROR: relation "orders" already exists',
  'migration failed',
];

/** What kind of reader a page has: who deploys, who is called at night, who reviews. */
export interface Kind {
  readonly name: string;
  /** It reports a failure, which has one first screen whatever failed. */
  readonly failed?: true;
  /** Each service or check that failed has its own step, below a table or a list. */
  readonly steps?: 'list';
  /** Post writes no annotation: main's was the last. */
  readonly annotated?: 'by post';
  readonly run: (options?: RunOptions) => Promise<Reported>;
}

/** A build of a fake docker, with the fingerprint that a later run finds: of the same commit, for another value of a variable. */
async function building(again: boolean): Promise<Reported> {
  const stage = stageOf();
  const docker = new FakeDocker(stage.simulator.registry, stage.world.files);
  stage.files.set('Dockerfile', 'FROM scratch\n');
  put(stage, definition('2', { image: '${IMAGE}' }));
  const given = { ...DEPLOY, repository: 'shop/web', platforms: 'linux/amd64', provenance: 'false' };
  const run = () => reported(stage, given, { world: { shell: docker.shell } });
  const first = await run();
  if (!again) return first;
  stage.clock.advance(3600);
  put(stage, definition('2', { image: '${IMAGE}', environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }));
  return run();
}

const ALARMED: Texts = { 'bake-time-minutes': '2', alarms: 'web-5xx', ...TRAFFIC };
/** An alarm goes off while a part of the traffic is on the new revision. */
function alarmedAfter(seconds: number): Stage {
  const stage = traffic();
  stage.simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' });
  stage.simulator.script.alarm('web-5xx', 'ALARM', seconds);
  return stage;
}

const deployed = (stage: Stage, given: Texts = {}): Promise<Reported> => reported(stage, { ...DEPLOY, ...given });
const kind = (name: string, run: Kind['run']): Kind => ({ name, run });
const failed = (name: string, run: Kind['run']): Kind => ({ name, failed: true, run });

export const KINDS: readonly Kind[] = [
  kind('success', () => deployed(stageOf())),
  kind('success-built', () => building(false)),
  kind('reused-image', () => building(true)),
  kind('unchanged', () => deployed(stageOf(BALANCED, definition('1')))),
  kind('started', () => deployed(stageOf(), { 'wait-for-service-stability': 'false' })),
  kind('plan', () =>
    reported(
      stageOf(
        BALANCED,
        definition('2', { environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }, { cpu: '512', memory: '1024' }),
      ),
      { ...DEPLOY, mode: 'plan', 'desired-count': '3' },
      PULL_REQUEST,
    ),
  ),
  kind('plan-nothing', () => reported(stageOf(BALANCED, definition('1')), { ...DEPLOY, mode: 'plan' }, PULL_REQUEST)),
  failed('plan-refused', () =>
    reported(
      stageOf(
        BALANCED,
        definition(
          'none',
          { secrets: [{ name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' }] },
          { taskRoleArn: 'arn:aws:iam::123456789012:role/gone' },
        ),
      ),
      { ...DEPLOY, mode: 'plan' },
      PULL_REQUEST,
    ),
  ),
  kind('plan-services', () => {
    const stage = three();
    stage.files.set(
      'cron.json',
      JSON.stringify({
        ...JSON.parse(stage.files.get('cron.json') ?? ''),
        containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/cron:1' }],
      }),
    );
    return reported(stage, { services: listOf(THREE), mode: 'plan' }, PULL_REQUEST);
  }),
  failed('crash', (options) => reported(crashing(), DEPLOY, options)),
  failed('crash-kept', () => deployed(crashing(), { 'rollback-on-failure': 'false' })),
  failed('health', () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', HEALTH);
    return deployed(stage);
  }),
  failed('image', () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', {
      failToStart:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: {image}: not found',
    });
    return deployed(stage);
  }),
  failed('capacity', () => {
    const stage = stageOf();
    stage.simulator.script.fargateLimit(2, 0, CAPACITY);
    return deployed(stage);
  }),
  failed('failed-rollback', () => rollingBackInVain({ 'web:3': MISSING_FILE })),
  failed('failed-rollback-alike', () => rollingBackInVain()),
  failed('too-slow', () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', { startSeconds: 100_000 });
    return deployed(stage, { 'wait-for-minutes': '10' });
  }),
  failed('alarm', () => {
    const alarms = { alarmNames: ['web-5xx'], enable: true, rollback: true };
    const stage = stageOf({ ...BALANCED, deploymentConfiguration: { alarms } });
    stage.simulator.script.alarm('web-5xx', 'ALARM', 30);
    return deployed(stage);
  }),
  failed('verify', () => {
    const stage = stageOf();
    stage.pages.set('https://shop.example.com/health', () => ({ status: 503, body: 'starting' }));
    return deployed(stage, { verify: '{url: "https://shop.example.com/health", timeout-minutes: 2}' });
  }),
  kind('verify-passed', () => {
    const stage = stageOf();
    stage.pages.set('https://shop.example.com/health', () => ({ status: 200, body: 'ok' }));
    return deployed(stage, { verify: '{url: "https://shop.example.com/health"}' });
  }),
  kind('hold', () => deployed(stageOf(), { 'hold-minutes': '5' })),
  failed('hold-failed', () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', {
      exit: { afterSeconds: 200, code: 1 },
    });
    return deployed(printing(stage), { 'hold-minutes': '10' });
  }),
  failed('superseded', () => {
    const stage = stageOf();
    stage.simulator.call('RegisterTaskDefinition', definition('3'));
    stage.simulator.script.update(15, { service: 'web', taskDefinition: 'web:2' });
    return deployed(stage);
  }),
  failed('preflight', () =>
    deployed(stageOf(BALANCED, definition('none', {}, { taskRoleArn: 'arn:aws:iam::123456789012:role/gone' }))),
  ),
  failed('bad-inputs', () => deployed(stageOf(), { 'maximum-percent': 'many', cpu: '3 vCPU', 'on-cancel': 'stay' })),
  failed('denied', () => {
    const stage = stageOf();
    stage.simulator.wire.faults.push(deny('ecs:UpdateService'));
    return deployed(stage);
  }),
  failed('cancelled', async () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', { startSeconds: 60 });
    const cancel = new AbortController();
    stage.simulator.script.at(30, () => cancel.abort(new Failure('CANCELLED', 'The run was cancelled (SIGINT).')));
    return reported(stage, DEPLOY, { world: { signal: cancel.signal } });
  }),
  {
    name: 'post-after-a-kill',
    failed: true,
    annotated: 'by post',
    run: async () => {
      const stage = stageOf();
      stage.simulator.script.revision('web:2', { startSeconds: 600 });
      const inputs = stage.inputs(DEPLOY) as DeployInputs;
      const ended = await killAt(stage, { call: 31, when: 'asked' }, (world) =>
        deploy(runOf(inputs, world), fetchService(inputs, world)),
      );
      if (ended !== 'killed' || stage.count('UpdateService') !== 1)
        throw new Error('main was not killed while it watched');
      return reportedPost(stage, DEPLOY);
    },
  },
  kind('services', () => reported(three(), { services: listOf(THREE) })),
  failed('services-one-failed', () => reported(three(['worker']), { services: listOf(THREE) })),
  failed('services-group', () => reported(three(['worker']), { services: listOf(THREE), 'rollback-scope': 'all' })),
  kind('first-deployment', () => deployed(withoutService(), DEFINED)),
  failed('first-deployment-failed', () => {
    const stage = withoutService();
    stage.simulator.script.revision('web:1', CRASH);
    return reported(printing(stage), DEFINED);
  }),
  kind('rollback', async () => reported(await withReleases(), { service: 'web', mode: 'rollback' })),
  failed('rollback-failed', async () => {
    const stage = await withReleases();
    stage.simulator.script.revision('web:2', CRASH);
    return reported(printing(stage), { service: 'web', mode: 'rollback' });
  }),
  kind('list', async () => reported(await withReleases(), { service: 'web', mode: 'list' })),
  kind('status', async () => reported(await withReleases(), { service: 'web', mode: 'status' })),
  kind('status-cluster', () => reported(three(), { mode: 'status' })),
  kind('restart', () => reported(stageOf(BALANCED, definition('1')), { ...DEPLOY, 'force-new-deployment': 'true' })),
  kind('scale', () => deployed(stageOf(BALANCED, definition('1')), { 'desired-count': '4' })),
  failed('restart-failed', () => {
    const stage = stageOf(BALANCED, definition('1'));
    stage.simulator.script.revision('web:1', CRASH);
    return deployed(printing(stage), { 'force-new-deployment': 'true', 'rollback-on-failure': 'false' });
  }),
  failed('settings-rolled-back', () =>
    deployed(crashing(), {
      'desired-count': '3',
      'health-check-grace-period-seconds': '90',
      'circuit-breaker': 'rollback',
    }),
  ),
  kind('task', () => {
    const stage = commands(stageOf());
    return reported(printing(stage, ['Running migrations', '003_orders: up', '1 migration applied']), {
      service: 'web',
      mode: 'task',
      command: 'npm run migrate-fine',
    });
  }),
  failed('task-failed', () =>
    reported(printing(commands(stageOf()), MIGRATION), {
      service: 'web',
      mode: 'task',
      command: 'npm run migrate-faulty',
    }),
  ),
  kind('pre-deploy', () => deployed(commands(stageOf()), { 'pre-deploy': 'npm run migrate-fine' })),
  failed('pre-deploy-failed', () =>
    deployed(printing(commands(stageOf()), MIGRATION), { 'pre-deploy': 'npm run migrate-faulty' }),
  ),
  kind('schedules', async () => {
    const stage = stageOf();
    await addSchedule(stage.simulator, 'nightly');
    await addRule(stage.simulator, 'hourly');
    return deployed(stage, { schedules: 'nightly, rule/hourly' });
  }),
  kind('blue-green', () => deployed(traffic(), { strategy: 'blue-green', 'bake-time-minutes': '5', ...TRAFFIC })),
  kind('canary', () =>
    deployed(traffic(), {
      strategy: 'canary',
      'canary-percent': '10',
      'canary-bake-minutes': '5',
      'bake-time-minutes': '2',
      ...TRAFFIC,
    }),
  ),
  kind('linear', () =>
    deployed(traffic(), {
      strategy: 'linear',
      'linear-step-percent': '25',
      'linear-step-bake-minutes': '3',
      'bake-time-minutes': '2',
      ...TRAFFIC,
    }),
  ),
  failed('canary-failed', () =>
    deployed(alarmedAfter(400), {
      strategy: 'canary',
      'canary-percent': '10',
      'canary-bake-minutes': '15',
      ...ALARMED,
    }),
  ),
  failed('linear-failed', () =>
    deployed(alarmedAfter(400), {
      strategy: 'linear',
      'linear-step-percent': '25',
      'linear-step-bake-minutes': '3',
      ...ALARMED,
    }),
  ),
  failed('canary-crash', () => {
    const stage = traffic();
    stage.simulator.script.image('app:2', CRASH);
    return deployed(stage, { strategy: 'canary', 'canary-percent': '10', 'canary-bake-minutes': '5', ...TRAFFIC });
  }),
  failed('paused', () => deployed(withPause(stageOf()), { 'wait-for-minutes': '5' })),
  kind('watch', async () => {
    const stage = stageOf();
    await deployed(stage, NOT_WAITING);
    return reported(stage, { service: 'web', mode: 'watch' });
  }),
  failed('watch-failed', async () => {
    const stage = crashing();
    await deployed(stage, NOT_WAITING);
    return reported(stage, { service: 'web', mode: 'watch' });
  }),
  failed('watch-rolled-back', async () => {
    const stage = crashing();
    await deployed(stage, NOT_WAITING);
    return reported(stage, { service: 'web', mode: 'watch', 'rollback-on-failure': 'true' });
  }),
  kind('continue', async () => {
    const stage = await pausedAt(stageOf());
    return reported(stage, { service: 'web', mode: 'continue' });
  }),
  kind('continue-rollback', async () => {
    const stage = await pausedAt(stageOf());
    return reported(stage, { service: 'web', mode: 'continue', 'continue-action': 'rollback' });
  }),
  failed('continue-failed', async () => {
    const stage = stageOf();
    stage.simulator.script.revision('web:2', { exit: { afterSeconds: 18, code: 1 } });
    await pausedAt(printing(stage));
    return reported(stage, { service: 'web', mode: 'continue' });
  }),
  kind('codedeploy', async () => deployed(codeDeployed(await withCodeDeploy(CANARY)))),
  failed('codedeploy-stopped', async () => deployed(await stoppedByUser(false))),
  failed('codedeploy-rolled-back', async () => {
    const stage = codeDeployed(await withCodeDeploy(CANARY));
    stage.simulator.script.image('app:2', CRASH);
    return deployed(stage);
  }),
  kind('express', () => reported(new Stage(), { ...EXPRESS, image: 'example.com/app:1' })),
  failed('express-failed', () => {
    const stage = new Stage();
    stage.simulator.script.revision('default-web:1', CRASH);
    return reported(stage, { ...EXPRESS, image: 'example.com/app:1' });
  }),
  kind('daemon', () => reported(withDaemon(), { mode: 'daemon', daemon: 'agent', image: 'example.com/agent:2' })),
  failed('daemon-failed', () => {
    const stage = withDaemon();
    stage.simulator.script.image('agent:2', {
      failToStart: 'CannotPullContainerError: failed to resolve ref {image}: not found',
    });
    return reported(stage, { mode: 'daemon', daemon: 'agent', image: 'example.com/agent:2' });
  }),
  kind('register', () => reported(stageOf(), { mode: 'register', 'task-definition': 'task-definition.json' })),
  kind('hundred-tasks', () => deployed(stageOf({ ...BALANCED, desiredCount: 100 }))),
  failed('hundred-tasks-crash', () => deployed(crashing({ ...BALANCED, desiredCount: 100 }))),
  {
    name: 'services-twenty-failed',
    failed: true,
    steps: 'list',
    run: () => {
      const stage = stageWith(TWENTY);
      for (const name of TWENTY.slice(10)) stage.simulator.script.revision(`${name}:2`, CRASH);
      return reported(stage, { services: listOf(TWENTY) });
    },
  },
  kind('services-twenty', () => reported(stageWith(TWENTY), { services: listOf(TWENTY) })),
];

/** web:4 crashes, and so does web:3, to which ECS then rolls back. */
async function rollingBackInVain(printed: Readonly<Record<string, readonly string[]>> = {}): Promise<Reported> {
  const stage = await withReleases();
  stage.simulator.script.revision('web:4', CRASH).revision('web:3', { exit: { afterSeconds: 2, code: 9 } });
  stage.simulator.call('UpdateService', {
    service: 'web',
    deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
  });
  put(stage, definition('4'));
  return deployed(printing(stage, WORDS, printed), { 'wait-for-minutes': '5' });
}

const NOT_WAITING: Texts = { 'wait-for-service-stability': 'false' };

/** Each deployment of `web` pauses once its new tasks have started. */
function withPause(stage: Stage): Stage {
  const lifecycleHooks = [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }];
  stage.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: { lifecycleHooks } });
  return stage;
}

/** A deployment of web:2 that waits at its pause. */
async function pausedAt(stage: Stage): Promise<Stage> {
  await deployed(withPause(stage), { 'wait-for-minutes': '5', 'on-pause': 'stop' });
  return stage;
}

function traffic(): Stage {
  const stage = balanced();
  stage.template({
    containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }],
  });
  return stage;
}
