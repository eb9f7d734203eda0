import { VirtualClock } from '../../simulator/clock.ts';
import { AWS_TIMINGS, DEFAULT_TIMINGS } from '../../simulator/ecs/timings.ts';
import type { Behaviour, Behaviours } from '../../simulator/runtime/model.ts';
import { breakDown, deny, Simulator, throttle, tokenBuckets } from '../../simulator/simulator.ts';
import type { Fault } from '../../simulator/wire/wire.ts';

/** The same numbers for the same seed, everywhere (mulberry32). */
export function dice(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    chance: (share: number): boolean => next() < share,
    whole: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    one: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}
type Dice = ReturnType<typeof dice>;

/** What the new revision is like. Only the first four may end well. */
export type Kind = 'good' | 'slow' | 'stumbles' | 'disturbed' | 'permanent' | 'crashes' | 'unhealthy' | 'no room';
export const HEALTHY: readonly Kind[] = ['good', 'slow', 'stumbles', 'disturbed'];
export const KINDS: readonly Kind[] = [...HEALTHY, 'permanent', 'crashes', 'unhealthy', 'no room'];

export interface World {
  readonly seed: number;
  readonly kind: Kind;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly startedAt: number;
  /** On the watcher's calls alone: the world does not notice them. */
  readonly faults: readonly Fault[];
  readonly staleSeconds: number;
  /** Calls are refused now and then, so that words come late. */
  readonly hampered: boolean;
  /** Tasks may not be looked at. */
  readonly blind: boolean;
  /** Percent of the desired tasks that are enough. */
  readonly enoughPercent: number;
  readonly notes: readonly string[];
}

const HOPELESS = [
  'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:2: not found',
  "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/arm64'",
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/t is not authorized to perform: secretsmanager:GetSecretValue',
  'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /web/TOKEN',
  'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
];

/**
 * A service that runs web:1 and begins to deploy web:2 at `startedAt`, with everything that will happen to it laid out:
 * nothing depends on who watches.
 */
export function makeWorld(seed: number): World {
  const roll = dice(seed);
  const notes: string[] = [];
  const note = <T>(name: string, value: T): T => {
    notes.push(`${name}=${JSON.stringify(value)}`);
    return value;
  };
  const clock = new VirtualClock(1_800_000_000);
  const simulator = new Simulator(clock, { timings: roll.chance(0.3) ? AWS_TIMINGS : DEFAULT_TIMINGS });
  const kind = note(
    'kind',
    roll.one<Kind>([
      'good',
      'good',
      'good',
      'slow',
      'stumbles',
      'disturbed',
      'permanent',
      'crashes',
      'unhealthy',
      'no room',
    ]),
  );
  const desiredCount = note('desired', roll.one([0, 1, 1, 2, 2, 3, 4, 6, 10]));
  const balanced = note('balanced', roll.chance(0.4));
  const checked = note('checked', roll.chance(0.3));
  const ec2 = note('ec2', kind === 'no room' || roll.chance(0.2));
  // Only as many places as the old revision has: room comes from stopping old tasks, or from new machines.
  const tight = note(
    'tight',
    ec2 && kind !== 'no room' && desiredCount > 0 && roll.chance(0.5)
      ? roll.one(['minimum', 'machines'] as const)
      : 'no',
  );
  const early = note('early', !balanced && roll.chance(0.1));
  const configuration = note('configuration', configurationOf(roll, { kind, balanced, early, desiredCount, tight }));
  const definition = {
    family: 'web',
    ...(ec2
      ? { networkMode: 'bridge' }
      : { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' }),
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [
      {
        name: 'app',
        image: 'example.com/app:1',
        memory: 512,
        portMappings: [{ containerPort: 8080, ...(ec2 ? { hostPort: 0 } : {}) }],
        ...(checked ? { healthCheck: { command: ['CMD', 'true'] } } : {}),
      },
    ],
  };
  simulator.call('RegisterTaskDefinition', definition);
  if (ec2) room(simulator, roll, { kind, desiredCount, tight, note });
  simulator.script.image('app:1', { startSeconds: 5, stopSeconds: note('drain', roll.one([5, 5, 30, 120, 400, 900])) });
  const group = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
  simulator.loadBalancing.targetGroups.set(group, { targetType: ec2 ? 'instance' : 'ip' });
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount,
    ...(ec2
      ? note('provider', providersOf(kind, roll, simulator, desiredCount, tight))
      : { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } }),
    ...(balanced
      ? {
          loadBalancers: [{ targetGroupArn: group, containerName: 'app', containerPort: 8080 }],
          healthCheckGracePeriodSeconds: 60,
        }
      : {}),
    deploymentConfiguration: configuration,
  });
  clock.advance(1500);

  const containers = definition.containerDefinitions.map((one) => ({ ...one, image: 'example.com/app:2' }));
  simulator.call('RegisterTaskDefinition', { ...definition, containerDefinitions: containers });
  simulator.script.image('app:2', behaviourOf(kind, roll, { checked, balanced, ec2 }, note));
  const startedAt = clock.now();
  simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
  happenings(simulator, roll, kind, desiredCount, note);
  const hindrance = hinder(roll, clock, note);
  simulator.consistency.staleSeconds = note('stale', roll.chance(0.2) ? roll.whole(1, 4) : 0);
  return {
    seed,
    kind,
    clock,
    simulator,
    startedAt,
    enoughPercent:
      (configuration.earlySuccessCriteria as { healthyPercent?: number } | undefined)?.healthyPercent ?? 100,
    notes,
    staleSeconds: simulator.consistency.staleSeconds,
    ...hindrance,
  };
}

function configurationOf(
  roll: Dice,
  {
    kind,
    balanced,
    early,
    desiredCount,
    tight,
  }: { kind: Kind; balanced: boolean; early: boolean; desiredCount: number; tight: Tight },
): Readonly<Record<string, unknown>> {
  const [minimumHealthyPercent, maximumPercent] =
    kind === 'no room'
      ? [100, 200]
      : tight === 'minimum'
        ? [0, roll.one([100, 200])]
        : roll.one([
            [100, 200],
            [100, 200],
            [50, 200],
            [50, 100],
            [0, 100],
            [100, 150],
          ] as const);
  // One task at 100..150 % can never move, which is refused before.
  const hi = desiredCount === 1 && maximumPercent === 150 ? 200 : maximumPercent;
  const lo = desiredCount === 1 && minimumHealthyPercent === 50 && hi === 100 ? 0 : minimumHealthyPercent;
  return {
    minimumHealthyPercent: lo,
    maximumPercent: hi,
    deploymentCircuitBreaker: roll.one([
      { enable: true, rollback: true },
      { enable: true, rollback: false },
      { enable: false, rollback: false },
    ]),
    ...(roll.chance(0.15)
      ? {
          alarms: { alarmNames: ['web-5xx'], enable: true, rollback: roll.chance(0.7) },
          bakeTimeInMinutes: roll.one([1, 5, 12]),
        }
      : {}),
    ...(early
      ? {
          earlySuccessCriteria: {
            enable: true,
            healthyPercent: Math.max(lo, roll.one([50, 80])),
            sourceServiceRevisionCleanup: 'BLOCKING',
          },
        }
      : {}),
    ...(balanced && hi === 200 && kind !== 'no room' && tight === 'no' && roll.chance(0.25)
      ? { strategy: 'BLUE_GREEN', bakeTimeInMinutes: roll.one([0, 2, 10]), ...hooks(roll) }
      : {}),
  };
}

const GATE = 'arn:aws:lambda:eu-west-1:123456789012:function:gate';

/** Somebody, or something, looks at the new revision before or after it gets traffic. */
function hooks(roll: Dice): Readonly<Record<string, unknown>> {
  if (roll.chance(0.5)) return {};
  const stage = roll.one(['PRE_SCALE_UP', 'POST_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT']);
  const roleArn = 'arn:aws:iam::123456789012:role/hooks';
  return {
    lifecycleHooks: [
      roll.chance(0.5)
        ? { targetType: 'PAUSE', lifecycleStages: [stage] }
        : { targetType: 'AWS_LAMBDA', hookTargetArn: GATE, roleArn, lifecycleStages: [stage] },
    ],
  };
}

/** A person continues a paused deployment; a function answers. */
function approvals(simulator: Simulator, roll: Dice, note: Note): void {
  simulator.script.hook(GATE, {
    result: note('gate', roll.chance(0.8) ? 'SUCCEEDED' : 'FAILED'),
    seconds: roll.whole(1, 400),
  });
  if (roll.chance(0.2)) return;
  simulator.script.at(note('approved', roll.whole(60, 900)), () => {
    const rollout = simulator.script.service('web').serviceDeployments.at(-1);
    const run = rollout?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
    if (run) simulator.hooks.answer(run, roll.chance(0.8) ? 'CONTINUE' : 'ROLLBACK');
  });
}

type Tight = 'no' | 'minimum' | 'machines';
type Note = <T>(name: string, value: T) => T;

/** Container instances: enough for both revisions, or, where there is to be no room, only for the old one. */
function room(
  simulator: Simulator,
  roll: Dice,
  { kind, desiredCount, tight, note }: { kind: Kind; desiredCount: number; tight: Tight; note: Note },
): void {
  const full = kind === 'no room' || tight !== 'no';
  const tasks = full ? Math.max(1, desiredCount) : Math.max(1, desiredCount) * 2 + 12;
  note('slots', tasks);
  for (let i = 0; i < tasks; i += 4)
    simulator.script.instance({ cpu: 4096, memory: 512 * Math.min(4, tasks - i) + roll.whole(0, 400) });
}

function providersOf(kind: Kind, roll: Dice, simulator: Simulator, desiredCount: number, tight: Tight) {
  if (kind === 'no room' || desiredCount === 0 || (tight !== 'machines' && roll.chance(0.5)))
    return { launchType: 'EC2' };
  simulator.script.capacityProvider({
    name: 'machines',
    instance: { cpu: 4096, memory: 4096 },
    scaleOutSeconds: roll.whole(60, 300),
  });
  return { capacityProviderStrategy: [{ capacityProvider: 'machines', weight: 1 }] };
}

function behaviourOf(
  kind: Kind,
  roll: Dice,
  { checked, balanced, ec2 }: { readonly checked: boolean; readonly balanced: boolean; readonly ec2: boolean },
  note: Note,
): Behaviours {
  const good: Behaviour = {
    startSeconds: note('start', roll.whole(3, 60)),
    healthySeconds: note('healthy', roll.whole(1, 40)),
    stopSeconds: roll.whole(1, 30),
  };
  const crash: Behaviour = {
    ...good,
    exit: { afterSeconds: roll.whole(1, 50), code: roll.one([1, 2, 137, 139, 0]) },
  };
  switch (kind) {
    case 'good':
    case 'no room':
      return good;
    case 'slow':
      return { ...good, startSeconds: note('slow', roll.whole(120, 500)) };
    case 'stumbles': {
      // Once of an ambiguous cause: the first start, or a later one.
      const bad = note('stumble', roll.whole(0, 2));
      const how = roll.one<Behaviour>([
        crash,
        {
          startSeconds: roll.whole(5, 180),
          failToStart: 'Timeout waiting for network interface provisioning to complete.',
        },
        {
          startSeconds: roll.whole(5, 120),
          failToStart:
            'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/x": dial tcp 52.1.2.3:443: i/o timeout',
        },
      ]);
      return (start) => (start === bad ? how : good);
    }
    case 'disturbed': {
      const many = note('disturbances', roll.whole(1, 5));
      const reasons = [
        'Your Spot Task was interrupted.',
        ec2
          ? 'Host EC2 (instance i-06aab15feb4568492) terminated.'
          : 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
      ] as const;
      return (start) =>
        start < many
          ? {
              ...good,
              exit: {
                afterSeconds: roll.whole(1, 100),
                code: 143,
                stopCode: start % 2 === 0 ? 'SpotInterruption' : 'TerminationNotice',
                stoppedReason: reasons[start % 2] ?? reasons[0],
              },
            }
          : good;
    }
    case 'permanent':
      return { startSeconds: roll.whole(5, 120), failToStart: note('permanent', roll.one(HOPELESS)) };
    case 'crashes':
      return crash;
    case 'unhealthy': {
      const where = balanced ? 'target' : checked ? 'container' : undefined;
      return where ? { ...good, unhealthy: where, unhealthySeconds: roll.whole(20, 90) } : crash;
    }
  }
}

/** What else goes on in an account while one deploys. */
function happenings(simulator: Simulator, roll: Dice, kind: Kind, desiredCount: number, note: Note): void {
  const { script } = simulator;
  // Where there is no room, a task that Spot took would make some.
  if (kind !== 'no room' && roll.chance(0.15)) {
    const seconds = note('spot', roll.whole(5, 200));
    const count = roll.whole(1, 2);
    script.at(seconds, () => script.kill('web', { count }));
  }
  if (kind !== 'no room' && desiredCount > 0 && roll.chance(0.12)) {
    const change = { service: 'web', desiredCount: roll.whole(1, desiredCount + 3) };
    script.update(note('autoscaling', roll.whole(5, 150)), note('to', change));
  }
  if (kind !== 'no room' && roll.chance(0.02))
    script.update(note('to zero', roll.whole(5, 100)), { service: 'web', desiredCount: 0 });
  if (roll.chance(0.06)) {
    const seconds = note('superseded', roll.whole(5, 200));
    script.at(seconds, () => {
      simulator.call('UpdateService', {
        service: 'web',
        taskDefinition: roll.chance(0.5) ? 'web:1' : 'web:2',
        forceNewDeployment: true,
      });
    });
  }
  if (kind !== 'no room' && roll.chance(0.06)) {
    const more = note('quota', roll.whole(0, 3));
    script.fargateLimit(desiredCount + more).fargateLimit(undefined, note('quota lifted', roll.whole(20, 100)));
  }
  approvals(simulator, roll, note);
  if (roll.chance(0.05)) script.alarm('web-5xx', 'ALARM', note('alarm', roll.whole(10, 300)));
}

const RIGHTS = [
  'ecs:ListServiceDeployments',
  'ecs:DescribeServiceDeployments',
  'ecs:DescribeServiceRevisions',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
] as const;

function hinder(roll: Dice, clock: VirtualClock, note: Note): Pick<World, 'faults' | 'hampered' | 'blind'> {
  const faults: Fault[] = [];
  let hampered = false;
  let blind = false;
  if (roll.chance(0.2)) {
    const lacking = note(
      'denied',
      RIGHTS.filter(() => roll.chance(0.5)),
    );
    blind = lacking.some((action) => action.endsWith('Tasks'));
    faults.push(...lacking.map((action) => deny(action)));
  }
  if (roll.chance(0.1)) {
    hampered = true;
    const operation = note(
      'throttled',
      roll.one(['DescribeServices', 'DescribeTasks', 'ListTasks', 'DescribeServiceDeployments']),
    );
    faults.push(roll.chance(0.5) ? throttle(operation, roll.whole(1, 6)) : breakDown(operation, roll.whole(1, 6)));
  }
  if (roll.chance(0.05)) {
    hampered = true;
    note('busy account', true);
    faults.push(tokenBuckets(clock, 0.02));
  }
  return { faults, hampered, blind };
}
