import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { Outcome } from '../../../src/outcome.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { killAt, type When } from '../../support/killed.ts';
import { CONTEXT, runOf, Stage } from '../../support/world.ts';

/**
 * Every kind of compute, through whole runs: one deployment that works, the failure that is typical of its kind with the remedy that
 * fits, and never a remedy of another kind.
 */
type Given = Readonly<Record<string, unknown>>;
const onInstances = (change: Given = {}, container: Given = {}): Given => ({
  family: 'web',
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [{ name: 'app', image: 'example.com/app:1', cpu: 256, memory: 512, ...container }],
  ...change,
});
const onFargate = (change: Given = {}): Given => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '1024',
  memory: '2048',
  containerDefinitions: [{ name: 'app', image: 'example.com/app:1' }],
  ...change,
});
const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const NO_BREAKER = { minimumHealthyPercent: 100, maximumPercent: 200 };

/** The service runs `definition` with `settings`; the template is the same with image app:2. */
function running(definition: Given, settings: Given, prepare: (stage: Stage) => void = () => {}): Stage {
  const stage = new Stage();
  prepare(stage);
  stage.withService({ launchType: undefined, networkConfiguration: undefined, ...settings }, definition);
  const [container] = definition.containerDefinitions as readonly Given[];
  write(stage, { ...definition, containerDefinitions: [{ ...container, image: 'example.com/app:2' }] });
  return stage;
}
const write = (stage: Stage, definition: Given): void =>
  void stage.files.set('task-definition.json', JSON.stringify(definition));
/** What the preflight of a plan says of one thing. */
const checkOf = async (stage: Stage, subject: string) =>
  (await stage.plan()).checks?.find(({ text }) => text.startsWith(`${subject}: `));
const log = ({ lines }: Stage): string => lines.join('\n');
/** All that a reader gets to see of the cause and what to do. */
const advice = ({ headline, diagnoses }: Outcome): string =>
  [headline, ...diagnoses.flatMap(({ cause, remedy }) => [cause, remedy])].join('\n');

const TO_OTHERS = {
  fargate: /container instance|Auto Scaling group|systemctl|instance role/i,
  external: /subnet|NAT gateway|security group|\bVPC\b|Auto Scaling group|capacity provider|\bAMI\b|Fargate/i,
  managed: /Auto Scaling group|systemctl|\bAMI\b|ECS_CLUSTER|user data|managed scaling|Fargate/i,
  ec2: /Fargate|assignPublicIp|external instance/i,
};

describe('FARGATE and FARGATE_SPOT in one strategy', () => {
  const mix = {
    desiredCount: 4,
    networkConfiguration: NETWORK,
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 2 },
    ],
  };

  test('tasks that Spot takes during a rollout are not blamed on the revision', async () => {
    const stage = running(onFargate(), mix);
    const { script } = stage.simulator;
    for (const seconds of [30, 45, 60])
      script.at(seconds, () =>
        script.kill('web', {
          which: ({ capacityProvider, definition }) =>
            capacityProvider === 'FARGATE_SPOT' && String(definition.taskDefinitionArn).endsWith('web:2'),
        }),
      );
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('deployed');
    expect(outcome.diagnoses.filter(({ nature }) => nature !== 'transient')).toEqual([]);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.fargate);
  });

  test('no Spot capacity: the wait is longer than that for a broken revision, and it ends well when capacity comes', async () => {
    const stage = running(onFargate(), mix);
    const none = 'Capacity is unavailable at this time. Please try again later or in a different availability zone.';
    stage.simulator.script.fargateCapacity('FARGATE_SPOT', none).fargateCapacity('FARGATE_SPOT', undefined, 12 * 60);
    expect((await stage.deploy({ 'wait-for-minutes': '40' })).kind).toBe('deployed');
  });

  test('no Spot capacity for good: named as such, with on-demand as the way out, and rolled back', async () => {
    const stage = running(onFargate(), mix);
    const none = 'Capacity is unavailable at this time. Please try again later or in a different availability zone.';
    stage.simulator.script.fargateCapacity('FARGATE_SPOT', none);
    const outcome = await stage.deploy({ 'wait-for-minutes': '60' });
    expect(outcome.kind).not.toBe('deployed');
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'fargate-capacity', nature: 'unplaceable' });
    expect(advice(outcome)).toMatch(/FARGATE beside FARGATE_SPOT/);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.fargate);
  });

  test('Windows is not for Spot: found before anything is changed', async () => {
    const windows = onFargate({ runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } });
    const stage = running(windows, mix);
    expect(await checkOf(stage, 'capacity provider FARGATE_SPOT')).toMatchObject({
      status: 'bad',
      problem: expect.stringContaining('Linux tasks only'),
    });
  });
});

describe('EXTERNAL: machines of ECS Anywhere', () => {
  const definition = onInstances({ requiresCompatibilities: ['EXTERNAL'] });
  const settings = { launchType: 'EXTERNAL', desiredCount: 2 };
  const machines =
    (count: number, size: Given = {}) =>
    (stage: Stage) => {
      for (let i = 0; i < count; i++) stage.simulator.script.instance({ external: true, ...size });
    };

  test('a deployment', async () => {
    const stage = running(definition, settings, machines(2));
    expect((await stage.deploy({})).kind).toBe('deployed');
    expect(log(stage)).toMatch(/2 external instances have room/);
  });

  test('EC2 instances of the same cluster are no room for it', async () => {
    const stage = running(definition, settings, (one) => {
      machines(1, { memory: 1024 })(one);
      one.simulator.script.instance({ memory: 16_000 });
    });
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('rolled-back');
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'insufficient-memory' });
    expect(advice(outcome)).toMatch(/[Rr]egister another external instance/);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.external);
    expect(log(stage)).not.toMatch(TO_OTHERS.external);
  });

  test('a registry that the machine cannot reach: its firewall and proxy, not subnets', async () => {
    const stage = running(definition, settings, machines(2));
    stage.simulator.script.revision('web:2', {
      failToStart:
        'CannotPullContainerError: Error response from daemon: Get "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/": dial tcp 52.1.2.3:443: i/o timeout',
    });
    const outcome = await stage.deploy({});
    expect(outcome.kind).not.toBe('deployed');
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'image-pull-network' });
    expect(advice(outcome)).toMatch(/external instance.*firewall/s);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.external);
  });

  test('no machine is registered', async () => {
    const stage = running(definition, settings, machines(2));
    for (const instance of [...(stage.simulator.ecs.clusters.get('default').instances ?? [])])
      stage.simulator.script.loseInstance(instance);
    expect(await checkOf(stage, 'capacity')).toMatchObject({
      status: 'bad',
      problem:
        'web runs on external instances, and the cluster default has no external instance, so no task could start.',
    });
    const outcome = await stage.deploy({ preflight: 'false' });
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'no-container-instances' });
    expect(advice(outcome)).not.toMatch(TO_OTHERS.external);
  });
});

describe('ECS Managed Instances', () => {
  // An instance has room for one such task.
  const definition = onInstances(
    { requiresCompatibilities: ['MANAGED_INSTANCES'], networkMode: 'host' },
    { cpu: 1000, memory: 2000 },
  );
  const settings = {
    desiredCount: 2,
    capacityProviderStrategy: [{ capacityProvider: 'managed', weight: 1 }],
    deploymentConfiguration: NO_BREAKER,
  };
  const provider =
    (requirements: Given = {}, more: Given = {}) =>
    (stage: Stage) => {
      stage.simulator.script.capacityProvider({ name: 'managed', managedInstances: requirements, ...more });
    };

  test('an instance that is launched in minutes is waited for', async () => {
    const stage = running(definition, settings, provider({}, { scaleOutSeconds: 100 }));
    // The next instances take longer than `no-progress-minutes` itself.
    provider({}, { scaleOutSeconds: 12 * 60 })(stage);
    const outcome = await stage.deploy({ 'wait-for-minutes': '60', 'no-progress-minutes': '5' });
    expect(outcome.kind).toBe('deployed');
    expect(log(stage)).toMatch(/ECS launches an instance for it where none has room/);
    expect(log(stage)).not.toMatch(TO_OTHERS.managed);
  });

  test.each<[string, string, string, RegExp]>([
    [
      'EC2 has no such instances',
      'UnfulfillableCapacity',
      'capacity-provider-launch-failed',
      /Widen the instance types/,
    ],
    [
      'the quota is used up',
      'VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket.',
      'capacity-provider-launch-failed',
      /vCPU quota/,
    ],
    [
      'the infrastructure role may not pass the instance role',
      'UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/ecsInfrastructureRole/ECS is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web-instances because no identity-based policy allows the iam:PassRole action.',
      'infrastructure-role-denied',
      /ecsInstanceRole/,
    ],
  ])('%s', async (_, error, rule, remedy) => {
    const stage = running(definition, settings, provider());
    stage.simulator.script.providerError('managed', error);
    const outcome = await stage.deploy({ 'wait-for-minutes': '60' });
    expect(outcome.kind).not.toBe('deployed');
    expect(outcome.diagnoses[0]?.rule).toBe(rule);
    expect(advice(outcome)).toMatch(remedy);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.managed);
  });

  test.each<[string, Given, Given, string]>([
    ['vCPUs', { vCpuCount: { min: 1, max: 2 } }, { cpu: 4096 }, 'at most 2 vCPUs (vCpuCount.max)'],
    ['memory', { memoryMiB: { min: 512, max: 4096 } }, { memory: 8192 }, 'at most 4096 MiB (memoryMiB.max)'],
    [
      'GPUs',
      { acceleratorCount: { max: 0 } },
      { resourceRequirements: [{ type: 'GPU', value: '1' }] },
      'at most 0 accelerators (acceleratorCount.max)',
    ],
  ])(
    'instanceRequirements that allow no instance, by %s: found before anything is changed',
    async (_, requirements, container, words) => {
      const stage = running(definition, settings, provider(requirements));
      const [app] = definition.containerDefinitions as readonly Given[];
      write(stage, { ...definition, containerDefinitions: [{ ...app, ...container }] });
      expect(await checkOf(stage, 'capacity')).toMatchObject({
        status: 'bad',
        problem: expect.stringContaining(words),
        remedy: expect.stringContaining('instanceRequirements'),
      });
    },
  );
});

describe('EC2', () => {
  const gpus = (count: number) => onInstances({}, { resourceRequirements: [{ type: 'GPU', value: String(count) }] });
  const settings = { launchType: 'EC2', desiredCount: 1 };

  test('GPUs: a free one beside the old task is enough', async () => {
    const stage = running(gpus(1), settings, (one) => void one.simulator.script.instance({ gpus: 2 }));
    expect((await stage.deploy({})).kind).toBe('deployed');
    expect(log(stage)).toMatch(/1 GPU; 1 instance has room for 1 more/);
  });

  test('GPUs: the old task holds the only one, and the way out is to stop it first', async () => {
    const stage = running(gpus(1), settings, (one) => void one.simulator.script.instance({ gpus: 1 }));
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('rolled-back');
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'insufficient-gpu' });
    expect(advice(outcome)).toMatch(/minimumHealthyPercent 0/);
    expect(advice(outcome)).not.toMatch(TO_OTHERS.ec2);
    const stopsFirst = running(gpus(1), settings, (one) => void one.simulator.script.instance({ gpus: 1 }));
    expect((await stopsFirst.deploy({ 'minimum-healthy-percent': '0', 'maximum-percent': '100' })).kind).toBe(
      'deployed',
    );
  });

  test('GPUs: more than any instance has is refused before anything is changed', async () => {
    const stage = running(gpus(1), settings, (one) => void one.simulator.script.instance({ gpus: 1 }));
    write(stage, gpus(4));
    expect(await checkOf(stage, 'capacity')).toMatchObject({
      status: 'bad',
      problem: expect.stringContaining('4 GPUs, more than any of the 1 instances has'),
    });
  });

  const windows = onInstances({
    networkMode: undefined,
    runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
  });
  const windowsInstances = (stage: Stage): void => {
    stage.simulator.script.instance({ os: 'windows' });
    stage.simulator.script.instance({ os: 'windows' });
  };

  test('Windows: a pull of 25 minutes trips no limit', async () => {
    const stage = running(windows, settings, windowsInstances);
    stage.simulator.script.revision('web:2', { startSeconds: 25 * 60 });
    expect((await stage.deploy({ 'wait-for-minutes': '45' })).kind).toBe('deployed');
  });

  test('Windows: an image of another version of Windows', async () => {
    const stage = running(windows, settings, windowsInstances);
    stage.simulator.script.revision('web:2', {
      failToStart:
        'CannotPullContainerError: no matching manifest for windows/amd64 10.0.20348 in the manifest list entries',
    });
    const outcome = await stage.deploy({});
    expect(outcome.diagnoses[0]).toMatchObject({ rule: 'image-windows-version-mismatch', nature: 'permanent' });
    expect(advice(outcome)).toMatch(/ltsc2022/);
  });

  test('Windows: instances of Linux alone take none of its tasks', async () => {
    const stage = running(windows, settings, windowsInstances);
    for (const instance of [...(stage.simulator.ecs.clusters.get('default').instances ?? [])])
      stage.simulator.script.loseInstance(instance);
    stage.simulator.script.instance({});
    expect(await checkOf(stage, 'capacity')).toMatchObject({ status: 'bad' });
  });
});

describe('DAEMON', () => {
  const settings = {
    launchType: 'EC2',
    schedulingStrategy: 'DAEMON',
    desiredCount: undefined,
    deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
  };
  const three = (stage: Stage): void => {
    for (let i = 0; i < 3; i++) stage.simulator.script.instance({ memory: 900 });
  };

  test('one task on each instance is replaced where it is; neither count nor percents are sent', async () => {
    const stage = running(onInstances(), settings, three);
    const outcome = await stage.deploy({});
    expect(outcome.kind).toBe('deployed');
    expect(stage.service().runningCount).toBe(3);
    const [update] = stage.simulator.wire.calls.filter(({ operation }) => operation === 'UpdateService');
    expect(update?.input).not.toHaveProperty('desiredCount');
    expect(update?.input).not.toHaveProperty('deploymentConfiguration');
    expect(log(stage)).toMatch(/3 instances; each old task makes room for the new one/);
  });

  test('an instance that joins during the rollout gets a task of the new revision', async () => {
    const stage = running(onInstances(), settings, three);
    stage.simulator.script.at(5, () => void stage.simulator.script.instance({ memory: 900 }));
    expect((await stage.deploy({})).kind).toBe('deployed');
    expect(stage.service().runningCount).toBe(4);
  });

  test('desired-count, a maximum above 100 and shifting strategies are refused; nothing was changed', async () => {
    const stage = running(onInstances(), settings, three);
    for (const given of [{ 'desired-count': '2' }, { 'maximum-percent': '200' }, { strategy: 'BLUE_GREEN' }] as const)
      await expect(stage.deploy(given)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(stage.count('RegisterTaskDefinition') + stage.count('UpdateService')).toBe(0);
  });

  test('a revision that crashes on every instance: its own cause, not the placement', async () => {
    const stage = running(onInstances(), settings, three);
    stage.simulator.script.revision('web:2', { exit: { afterSeconds: 2, code: 1 } });
    const outcome = await stage.deploy({});
    expect(outcome.kind).not.toBe('deployed');
    expect(outcome.diagnoses[0]?.rule).toBe('app-crash');
  });
});

/** The same end on every kind of compute: one deployment, one new revision, all tasks on it. */
describe('a run that is killed, and run again', () => {
  const instances =
    (count: number, size: Given = {}) =>
    (stage: Stage): void => {
      for (let i = 0; i < count; i++) stage.simulator.script.instance(size);
    };
  const KINDS: Readonly<Record<string, { readonly tasks: number; readonly stage: () => Stage }>> = {
    'FARGATE and FARGATE_SPOT': {
      tasks: 4,
      stage: () =>
        running(onFargate(), {
          desiredCount: 4,
          networkConfiguration: NETWORK,
          capacityProviderStrategy: [
            { capacityProvider: 'FARGATE', base: 1, weight: 1 },
            { capacityProvider: 'FARGATE_SPOT', weight: 2 },
          ],
        }),
    },
    'ECS Managed Instances': {
      tasks: 2,
      stage: () =>
        running(
          onInstances(
            { requiresCompatibilities: ['MANAGED_INSTANCES'], networkMode: 'host' },
            { cpu: 1000, memory: 2000 },
          ),
          { desiredCount: 2, capacityProviderStrategy: [{ capacityProvider: 'managed', weight: 1 }] },
          (one) => void one.simulator.script.capacityProvider({ name: 'managed', managedInstances: {} }),
        ),
    },
    'EXTERNAL (ECS Anywhere)': {
      tasks: 2,
      stage: () =>
        running(
          onInstances({ requiresCompatibilities: ['EXTERNAL'] }),
          { launchType: 'EXTERNAL', desiredCount: 2 },
          instances(2, { external: true }),
        ),
    },
    Windows: {
      tasks: 1,
      stage: () =>
        running(
          onInstances({
            networkMode: undefined,
            runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
          }),
          { launchType: 'EC2', desiredCount: 1 },
          instances(2, { os: 'windows' }),
        ),
    },
    'GPU, the old task stops first': {
      tasks: 1,
      stage: () =>
        running(
          onInstances({}, { resourceRequirements: [{ type: 'GPU', value: '1' }] }),
          {
            launchType: 'EC2',
            desiredCount: 1,
            deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
          },
          instances(1, { gpus: 1 }),
        ),
    },
    DAEMON: {
      tasks: 3,
      stage: () =>
        running(
          onInstances(),
          {
            launchType: 'EC2',
            schedulingStrategy: 'DAEMON',
            desiredCount: undefined,
            deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
          },
          instances(3, { memory: 900 }),
        ),
    },
  };
  /** At the two calls that change something, and in the watch. */
  const POINTS = [
    ['RegisterTaskDefinition', 'asked'],
    ['RegisterTaskDefinition', 'answered'],
    ['UpdateService', 'asked'],
    ['UpdateService', 'answered'],
    ['DescribeTasks', 'answered'],
  ] as const satisfies readonly (readonly [string, When])[];

  test.each(Object.entries(KINDS))('%s', async (_, { tasks, stage: make }) => {
    const start = (stage: Stage, world = stage.world): Promise<Outcome> => {
      const inputs = stage.inputs({}) as DeployInputs;
      return deploy(runOf(inputs, world), fetchService(inputs, world));
    };
    const whole = make();
    await start(whole);
    const calls = whole.simulator.wire.calls.map(({ operation }) => operation);
    for (const [operation, when] of POINTS) {
      const where = `${operation} ${when}`;
      const stage = make();
      const call = calls.indexOf(operation) + 1;
      expect([where, call]).toEqual([where, expect.any(Number)]);
      expect(call).toBeGreaterThan(0);
      const killed = await killAt(stage, { call, when }, (world) => start(stage, world));
      expect([where, killed]).toEqual([where, 'killed']);
      const announced = stage.states.has('rollout');
      expect([where, (await stage.post())?.kind]).toEqual([where, announced ? 'cancelled' : undefined]);
      const again = await start(
        stage,
        stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' }),
      );
      expect([where, again.kind]).toEqual([where, expect.stringMatching(/^(deployed|unchanged)$/)]);
      stage.clock.advance(900);
      const { runningCount, deployments, taskDefinition } = stage.service();
      expect([where, runningCount, deployments.length]).toEqual([where, tasks, 1]);
      const now = taskDefinition.split('/').at(-1) ?? '';
      expect([where, stage.revisions()]).toEqual([where, ['web:1', now]]);
      expect([where, stage.count('UpdateService')]).toEqual([where, 1]);
    }
  });
});
