/** What is run to freeze the action's behaviour: whole steps of workflows, each in an account of its own. */
import { deny, expireCredentials, throttle } from '../../simulator/simulator.ts';
import { type Account, definition } from './account.ts';

export type Story = (account: Account) => Promise<unknown>;

const NEXT = definition('example.com/app:2');
const BROKEN = definition('example.com/app:bad');
const TARGET_GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const BALANCED = { loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: 'app', containerPort: 8080 }] };
const BREAKER = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
const CRASH = { exit: { afterSeconds: 2, code: 3 } };
const QUOTA = 'You’ve reached the limit on the number of vCPUs you can run concurrently';
const EC2 = { launchType: 'EC2', networkConfiguration: undefined };
const EC2_DEFINITION = {
  ...definition('example.com/app:2'),
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
};
const HOOK = { lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] };
const logged = (image: string) =>
  definition(image, {
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
    },
  });
const hasCalled = (operation: string) => (account: Account) => account.simulator.wire.count(operation) > 0;

/** A revision that ends in one way or another, in place of one that runs. */
const broken =
  (prepare: (account: Account) => unknown, template = BROKEN, inputs: Readonly<Record<string, string>> = {}): Story =>
  async (account) => {
    await prepare(account);
    await account.run('deploy', { template, inputs });
  };

export const STORIES: Readonly<Record<string, Story>> = {
  releases: async (account) => {
    account.withService();
    await account.run('deploy', { template: NEXT });
    await account.run('unchanged', { template: NEXT });
    await account.run('forced', { template: NEXT, inputs: { 'force-new-deployment': 'true' } });
    await account.run('plan-without-change', { template: NEXT, inputs: { mode: 'plan' } });
    const changed = {
      ...definition('example.com/app:3', { environment: [{ name: 'A', value: 'b' }] }),
      cpu: '512',
      memory: '1024',
    };
    const plan = { mode: 'plan', 'detailed-exitcode': 'true', 'desired-count': '3' };
    await account.run('plan-with-change', { template: changed, inputs: plan });
    await account.run('list', { inputs: { mode: 'list' } });
    await account.run('rollback', { inputs: { mode: 'rollback' } });
    await account.run('rollback-to-name', { inputs: { mode: 'rollback', 'rollback-to': 'web:2' } });
    await account.run('rollback-to-what-runs', { inputs: { mode: 'rollback', 'rollback-to': 'web:2' } });
    await account.run('rollback-to-nothing', { inputs: { mode: 'rollback', 'rollback-to': 'v9.9.9' } });
    await account.run('list-after', { inputs: { mode: 'list' } });
  },
  'inputs that change the revision and the service': async (account) => {
    account.withService();
    await account.run('deploy', {
      template: null,
      inputs: {
        image: 'example.com/app:2',
        'container-name': 'app',
        'environment-variables': 'LOG_LEVEL=debug\nREGION=eu',
        'docker-labels': 'team=shop',
        cpu: '0.5 vCPU',
        memory: '1 GB',
        'task-definition-tags': 'team=shop',
        'desired-count': '3',
        'minimum-healthy-percent': '50',
        'maximum-percent': '150',
        'circuit-breaker': 'rollback',
        'enable-execute-command': 'true',
        'propagate-tags': 'SERVICE',
        'log-lines': '5',
      },
    });
  },
  'behind a load balancer': async (account) => {
    account.withService(BALANCED);
    await account.run('deploy', { template: NEXT });
  },
  'recorded at GitHub': async (account) => {
    account.withService();
    const github = { 'github-token': 'token', 'github-environment': 'production', comment: 'true' };
    await account.run('plan', { template: NEXT, inputs: { ...github, mode: 'plan' } });
    await account.run('deploy', { template: NEXT, inputs: github });
    await account.run('rollback', { inputs: { ...github, mode: 'rollback' } });
    await account.run('bad-inputs', { inputs: { ...github, memory: 'much' } });
  },
  'not waited for': async (account) => {
    account.withService();
    await account.run('deploy', { template: NEXT, inputs: { 'wait-for-service-stability': 'false' } });
  },
  'one crash, then healthy': async (account) => {
    account.withService().simulator.script.image('app:2', (start) => (start === 0 ? CRASH : {}));
    await account.run('deploy', { template: NEXT });
  },
  crash: broken((account) => account.withService().simulator.script.image('app:bad', CRASH)),
  'crash, not rolled back': broken(
    (account) => account.withService().simulator.script.image('app:bad', CRASH),
    BROKEN,
    { 'rollback-on-failure': 'false' },
  ),
  'crash with the circuit breaker': broken((account) =>
    account.withService(BREAKER).simulator.script.image('app:bad', CRASH),
  ),
  'a start that fails, with the circuit breaker': broken((account) =>
    account.withService(BREAKER).simulator.script.image('app:bad', {
      startSeconds: 2,
      failToStart:
        'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task',
    }),
  ),
  'out of memory': broken((account) =>
    account.withService().simulator.script.image('app:bad', {
      exit: { afterSeconds: 20, code: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    }),
  ),
  'crash with logs': async (account) => {
    const { script, logs } = account.withService({}, logged('example.com/app:1')).simulator;
    script.image('app:bad', CRASH);
    script.at(11, () => {
      for (const { id } of script.service('web').tasks)
        logs.append('/web', `ecs/app/${id}`, {
          message: "Error: Cannot find module 'express'",
          atSeconds: account.clock.now(),
        });
    });
    await account.run('deploy', { template: logged('example.com/app:bad') });
  },
  'image not found': broken((account) =>
    account.withService().simulator.script.image('app:bad', {
      failToStart:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref example.com/app:bad: example.com/app:bad: not found',
    }),
  ),
  'secret not found': broken((account) =>
    account.withService().simulator.script.image('app:bad', {
      failToStart:
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:db from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    }),
  ),
  'wrong architecture': broken((account) =>
    account.withService().simulator.script.image('app:bad', {
      failToStart:
        "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
    }),
  ),
  'container health check': broken(
    (account) => account.withService().simulator.script.image('app:bad', { unhealthy: 'container' }),
    definition('example.com/app:bad', { healthCheck: { command: ['CMD', 'true'] } }),
  ),
  'target health check': broken((account) =>
    account.withService(BALANCED).simulator.script.image('app:bad', {
      unhealthy: 'target',
      unhealthyReason: 'Health checks failed with these codes: [502]',
    }),
  ),
  'Fargate capacity': broken((account) => account.withService().simulator.script.fargateLimit(2, 0, QUOTA), NEXT),
  'Fargate capacity that comes back': broken(
    (account) => account.withService().simulator.script.fargateLimit(2, 0, QUOTA).fargateLimit(undefined, 60),
    NEXT,
  ),
  'EC2 capacity': broken(
    (account) =>
      account.withService(EC2, { ...EC2_DEFINITION, memory: '256' }).simulator.script.instance({ memory: 300 }),
    EC2_DEFINITION,
  ),
  'role that cannot be assumed': broken(
    (account) =>
      account
        .withService()
        .simulator.script.launchError(
          "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/execution' that was provided for this task.",
          4000,
        ),
    NEXT,
  ),
  'too slow': broken(
    (account) => account.withService().simulator.script.image('app:2', { startSeconds: 100_000 }),
    NEXT,
    { 'wait-for-minutes': '10' },
  ),
  'slow drain': broken((account) => {
    account.simulator.script.image('app:1', { stopSeconds: 300 });
    account.withService();
  }, NEXT),
  'an alarm': broken((account) => {
    account.withService({
      deploymentConfiguration: { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } },
    });
    account.simulator.script.alarm('web-5xx', 'ALARM', 30);
  }, NEXT),
  superseded: broken((account) => {
    account.withService();
    account.simulator.call('RegisterTaskDefinition', definition('example.com/app:other'));
    account.simulator.script.update(15, { service: 'web', taskDefinition: 'web:2' });
  }, NEXT),
  'a deployment that is paused': async (account) => {
    account.withService();
    account.simulator.call('UpdateService', { service: 'web', deploymentConfiguration: HOOK });
    await account.run('deploy', { template: NEXT, inputs: { 'wait-for-minutes': '5' } });
    await account.run('rollback', { inputs: { mode: 'rollback' } });
  },
  'blue/green': async (account) => {
    account.withService({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } });
    await account.run('deploy', { template: NEXT });
  },
  'a daemon service': async (account) => {
    account.withService(
      { ...EC2, schedulingStrategy: 'DAEMON', desiredCount: undefined },
      { ...EC2_DEFINITION, memory: '256' },
    );
    await account.run('deploy', { template: EC2_DEFINITION });
  },
  'on top of a failing deployment': async (account) => {
    account.withService().simulator.script.image('app:bad', { startSeconds: 600 });
    account.simulator.call('RegisterTaskDefinition', BROKEN);
    account.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
    account.clock.advance(20);
    await account.run('refused', { template: NEXT, inputs: { 'on-active-deployment': 'fail' } });
    await account.run('rollback', { inputs: { mode: 'rollback' } });
    await account.run('deploy', { template: NEXT });
  },
  cancelled: async (account) => {
    account.withService().simulator.script.image('app:2', { startSeconds: 60 });
    const after = account.clock.now() + 20;
    const interrupt = { signal: 'SIGINT', when: ({ clock }: Account) => clock.now() > after } as const;
    await account.run('deploy', { template: NEXT, interrupt });
    await account.run('again', { template: NEXT });
  },
  'cancelled, rolled back': async (account) => {
    account.withService().simulator.script.image('app:2', { startSeconds: 60 });
    const interrupt = { signal: 'SIGINT', when: hasCalled('UpdateService') } as const;
    await account.run('deploy', { template: NEXT, interrupt, inputs: { 'on-cancel': 'rollback' } });
  },
  killed: async (account) => {
    account.withService().simulator.script.image('app:2', { startSeconds: 60 });
    const interrupt = { signal: 'SIGKILL', when: hasCalled('UpdateService') } as const;
    await account.run('deploy', { template: NEXT, interrupt });
    await account.run('again', { template: NEXT });
  },
  'bad inputs': async (account) => {
    account.withService();
    await account.run('unknown', { inputs: { clutser: 'x', 'maximum-percent': 'many', cpu: '3 vCPU' } });
    await account.run('of-another-action', { inputs: { 'wait-for-deployment': 'true', 'cluster-name': 'x' } });
    await account.run('mode', { inputs: { mode: 'rolback' } });
    await account.run('mode-without-target', { inputs: { 'rollback-to': 'web:1' } });
    await account.run('no-service', { inputs: { service: '' } });
    await account.run('no-file', { template: null, inputs: { 'task-definition': 'gone.json' } });
    await account.run('no-region', { env: { AWS_REGION: '' } });
    await account.run('placeholder', {
      template: definition('${IMAGE}', { environment: [{ name: 'A', value: '${B}' }] }),
    });
    const wrong = { ...definition('x:1', { memoryReservaton: 3, essential: 'yes' }), cpu: '300' };
    await account.run('task-definition', { template: wrong });
    await account.run('container', { template: NEXT, inputs: { image: 'app:2', 'container-name': 'ap' } });
  },
  'what is missing': async (account) => {
    account.withService();
    await account.run('service', { inputs: { service: 'wbe' } });
    await account.run('cluster', { inputs: { cluster: 'shop' } });
    const needy = {
      ...definition('123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:none', {
        secrets: [{ name: 'DB', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/gone', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
        },
      }),
      taskRoleArn: 'arn:aws:iam::123456789012:role/gone',
    };
    await account.run('preflight', { template: needy });
    await account.run('plan', { template: needy, inputs: { mode: 'plan' } });
    await account.run('without-preflight', {
      template: needy,
      inputs: { preflight: 'false', 'wait-for-minutes': '5' },
    });
  },
  'what AWS refuses': async (account) => {
    const { faults } = account.withService().simulator.wire;
    for (const action of ['ecs:DescribeServices', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService']) {
      faults.splice(0, faults.length, deny(action));
      await account.run(`denied-${action.slice(4)}`, { template: NEXT });
    }
    faults.splice(0, faults.length, deny('ecs:ListServiceDeployments'), deny('iam:GetRole'), deny('logs:GetLogEvents'));
    await account.run('denied-what-helps-only', { template: NEXT });
    faults.splice(0, faults.length, throttle('DescribeServices', 3), throttle('UpdateService', 2));
    await account.run('throttled', { template: definition('example.com/app:3') });
    faults.splice(0, faults.length, expireCredentials(account.clock, account.clock.now() + 15));
    await account.run('expired', { template: definition('example.com/app:4') });
    faults.length = 0;
    await account.run('another-account', { inputs: { 'allowed-account-ids': '999999999999' } });
  },
};
