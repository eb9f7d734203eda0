import { deny, odd } from '../../simulator/simulator.ts';
import { Failure } from '../../src/failure.ts';
import type { ScalingInputs } from '../../src/inputs/types.ts';
import type { ServiceState } from '../../src/model.ts';
import { MARK } from '../../src/service/autoscaling.ts';
import { scalingLeft } from '../../src/stories/handover.ts';
import { settleScaling } from '../../src/stories/post.ts';
import { unregistered } from '../../src/stories/scaling.ts';
import { deployServices, endsOf, listOf, stageWith } from '../support/services.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

/** `autoscaling`, `min-capacity` and `max-capacity`: Application Auto Scaling around a deployment. */
type Given = Readonly<Record<string, unknown>>;
const WEB = 'service/default/web';
const SUSPENDED = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};
const FREE = { ...SUSPENDED, DynamicScalingInSuspended: false };
const log = (stage: Stage): string => stage.lines.join('\n');

const register = ({ simulator: { autoScaling, context } }: Stage, given: Given = {}): Promise<object> =>
  autoScaling.handle(
    'RegisterScalableTarget',
    {
      ServiceNamespace: 'ecs',
      ResourceId: WEB,
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: 1,
      MaxCapacity: 10,
      ...given,
    },
    context,
  );
const target = ({ simulator: { autoScaling } }: Stage, resource = WEB) => autoScaling.targets.get(resource);
const tags = (stage: Stage): readonly (readonly [string, string])[] => [...(target(stage)?.tags ?? [])];

/** web:1 runs twice, and is scaled from 1 to 10. */
async function scaled(given: Given = {}): Promise<Stage> {
  const stage = new Stage().withService();
  await register(stage, given);
  const [container] = TASK_DEFINITION.containerDefinitions;
  stage.template({ containerDefinitions: [{ ...container, image: 'example.com/app:2' }] });
  return stage;
}
/** RegisterScalableTarget as it was sent. */
const sent = ({ simulator }: Stage) =>
  simulator.wire.calls.flatMap(({ operation, input }) => {
    if (operation !== 'RegisterScalableTarget') return [];
    const { MinCapacity, MaxCapacity, SuspendedState } = input;
    return [JSON.parse(JSON.stringify({ MinCapacity, MaxCapacity, SuspendedState }))];
  });

test('without an input nothing is asked of Application Auto Scaling, and the count is not sent', async () => {
  const stage = await scaled();
  stage.simulator.script.at(20, () => void stage.simulator.autoScaling.scale(WEB, 5));
  expect((await stage.deploy({})).kind).toBe('deployed');
  expect(stage.simulator.wire.calls.filter(({ service }) => service === 'application-autoscaling')).toEqual([]);
  expect(stage.service().runningCount).toBe(5);
  const updates = stage.simulator.wire.calls.filter(({ operation }) => operation === 'UpdateService');
  expect(updates.map(({ input }) => 'desiredCount' in input)).toEqual([false]);
});

test('suspend: no scale-in during the deployment, scale-out continues, and all is as before at its end', async () => {
  const stage = await scaled();
  const { autoScaling } = stage.simulator;
  const seen: unknown[] = [];
  stage.simulator.script.at(15, () => {
    seen.push({ ...target(stage)?.suspended }, tags(stage), autoScaling.scale(WEB, 1), autoScaling.scale(WEB, 4));
  });
  const outcome = await stage.deploy({ autoscaling: 'suspend' });
  expect(outcome.kind).toBe('deployed');
  expect(seen).toEqual([SUSPENDED, [[MARK, 'in=false out=false scheduled=false']], false, true]);
  expect(target(stage)?.suspended).toEqual(FREE);
  expect(tags(stage)).toEqual([]);
  expect(stage.states.get('autoscaling')).toBe('');
  expect(sent(stage)).toEqual([{ SuspendedState: SUSPENDED }, { SuspendedState: FREE }]);
  expect(log(stage)).toMatch(
    /scale-in is suspended until the end.*\n(?:.*\n)*.*autoscaling: Setting desired count to 4\. monitor alarm web-alarm in state ALARM triggered policy cpu\.\n.*scale-in is resumed/,
  );
});

test.each<[string, (stage: Stage) => unknown, Readonly<Record<string, string>>, string]>([
  [
    'crashes',
    ({ simulator }) => simulator.script.revision('web:2', { exit: { afterSeconds: 3, code: 1 } }),
    {},
    'rolled-back',
  ],
  ['does not pass verify', () => {}, { verify: '{url: "https://x.example.com", timeout-minutes: 1}' }, 'rolled-back'],
])('suspend: a deployment that %s resumes it as well', async (_, prepare, given, kind) => {
  const stage = await scaled();
  prepare(stage);
  expect((await stage.deploy({ autoscaling: 'suspend', ...given })).kind).toBe(kind);
  expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
});

test.each([
  [{ 'min-capacity': '4' }, 'at most 8 running, at least 4 healthy'],
  [{ 'max-capacity': '1' }, 'at most 2 running, at least 1 healthy'],
  [{ 'min-capacity': '1', 'max-capacity': '10' }, 'at most 4 running, at least 2 healthy'],
])(
  '%j: the arithmetic of the rollout and of the preflight is that of the count which scaling sets',
  async (given, words) => {
    const stage = await scaled();
    const outcome = await stage.deploy(given);
    expect(outcome.kind).toBe('deployed');
    const lines = stage.lines.filter((line) => /at most \d+ running/.test(line));
    expect(lines.length).toBeGreaterThanOrEqual(3);
    for (const line of lines) expect(line).toContain(words);
    const differs = !('max-capacity' in given && 'min-capacity' in given);
    expect((outcome.settings ?? []).map(({ subject }) => subject)).toEqual(
      differs ? ['min-capacity' in given ? 'minimum capacity' : 'maximum capacity'] : [],
    );
  },
);

test('suspend: UpdateService is refused', async () => {
  const stage = await scaled();
  stage.simulator.wire.faults.push(deny('ecs:UpdateService'));
  await expect(stage.deploy({ autoscaling: 'suspend' })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
  expect(stage.revisions()).toEqual(['web:1']);
});

test('suspend: what the user has suspended stays suspended', async () => {
  const own = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: false };
  const stage = await scaled({ SuspendedState: own });
  await stage.deploy({ autoscaling: 'suspend' });
  expect(sent(stage)).toEqual([]);
  expect(target(stage)?.suspended).toEqual(own);
  const partly = await scaled({ SuspendedState: { ...FREE, ScheduledScalingSuspended: true } });
  // Changed by another client during the deployment.
  partly.simulator.script.at(15, () => {
    void register(partly, {
      SuspendedState: { ...SUSPENDED, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true },
    });
  });
  await partly.deploy({ autoscaling: 'suspend' });
  expect(sent(partly)[0]).toEqual({ SuspendedState: { ...SUSPENDED, ScheduledScalingSuspended: true } });
  expect(target(partly)?.suspended).toEqual({
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: true,
    ScheduledScalingSuspended: true,
  });
});

test('suspend: a count outside of the capacity is not moved by the call', async () => {
  const stage = await scaled();
  stage.simulator.call('UpdateService', { service: 'web', desiredCount: 0 });
  stage.clock.advance(60);
  const outcome = await stage.deploy({ autoscaling: 'suspend' });
  expect(outcome.kind).toBe('deployed');
  expect(outcome.warnings.toSorted()).toEqual([
    'The desired count of web is 0, so no task runs: nothing was verified. `desired-count: 1` starts one.',
    'The scale-in of web is not suspended: its desired count is 0, outside of its capacity (1 to 10), and the call that suspends it would set the count to 1.',
  ]);
  expect(sent(stage)).toEqual([]);
  expect(stage.service().runningCount).toBe(0);
  // Nor one that the step itself sets.
  const given = await scaled();
  const stopped = await given.deploy({ autoscaling: 'suspend', 'desired-count': '0' });
  expect([stopped.kind, sent(given), given.service().runningCount]).toEqual(['deployed', [], 0]);
});

test('suspend: a service that is scaled to 0 during the deployment stays at 0, and its scale-in is resumed', async () => {
  const stage = await scaled();
  stage.simulator.script.at(15, () => void stage.simulator.call('UpdateService', { service: 'web', desiredCount: 0 }));
  expect((await stage.deploy({ autoscaling: 'suspend' })).kind).toBe('deployed');
  stage.clock.advance(300);
  expect([stage.service(), target(stage)?.suspended, tags(stage)]).toEqual([
    expect.objectContaining({ desiredCount: 0, runningCount: 0 }),
    FREE,
    [],
  ]);
  expect(log(stage)).toContain(
    'scale-in is resumed; the desired count of web stays 0, outside of its capacity (1 to 10)',
  );
});

test('suspend: a first deployment that failed stays at 0: ECS starts no tasks that fail', async () => {
  const stage = new Stage();
  stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  const definition = {
    serviceName: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  };
  for (const revision of ['web:1', 'web:2'])
    stage.simulator.script.revision(revision, { exit: { afterSeconds: 2, code: 1 } });
  stage.simulator.call('CreateService', { ...definition, taskDefinition: 'web' });
  await register(stage);
  stage.files.set('service.json', JSON.stringify(definition));
  const [container] = TASK_DEFINITION.containerDefinitions;
  stage.template({ containerDefinitions: [{ ...container, image: 'example.com/app:2' }] });
  const outcome = await stage.deploy({
    autoscaling: 'suspend',
    'service-definition': 'service.json',
    'on-first-failure': 'scale-to-zero',
    preflight: 'false',
  });
  expect(outcome).toMatchObject({ kind: 'failed', firstFailure: 'scaled-to-zero', warnings: [] });
  stage.clock.advance(300);
  expect([stage.service(), target(stage)?.suspended]).toEqual([
    expect.objectContaining({ desiredCount: 0, runningCount: 0 }),
    FREE,
  ]);
});

test('suspend: a scalable target that is registered again meanwhile leaves nothing to warn of', async () => {
  const stage = await scaled();
  stage.simulator.script.at(15, () => {
    stage.simulator.autoScaling.targets.delete(WEB);
    stage.simulator.autoScaling.targets.set('service/default/other', { ...target(stage) } as never);
    void register(stage);
  });
  const outcome = await stage.deploy({ autoscaling: 'suspend' });
  expect([outcome.kind, outcome.warnings, stage.states.get('autoscaling')]).toEqual(['deployed', [], '']);
});

test('suspend: a service that is not scaled has nothing to suspend', async () => {
  const stage = await scaled();
  stage.simulator.autoScaling.targets.clear();
  const outcome = await stage.deploy({ autoscaling: 'suspend' });
  expect([outcome.kind, outcome.warnings]).toEqual([
    'deployed',
    [
      'The service web in the cluster default in eu-west-1, account 123456789012, has no scalable target: it is not registered with Application Auto Scaling. There is nothing to suspend.',
    ],
  ]);
});

test('suspend: mode rollback', async () => {
  const stage = await scaled();
  await stage.deploy({});
  expect((await stage.rollback(undefined, { autoscaling: 'suspend' })).kind).toBe('deployed');
  expect(sent(stage)).toEqual([{ SuspendedState: SUSPENDED }, { SuspendedState: FREE }]);
  stage.simulator.wire.faults.push(deny('application-autoscaling:DescribeScalableTargets'));
  // An urgent rollback does not depend on it.
  expect((await stage.rollback('web:2', { autoscaling: 'suspend' })).kind).toBe('deployed');
  expect(log(stage)).toContain('application-autoscaling:DescribeScalableTargets failed');
});

describe('min-capacity and max-capacity', () => {
  test('are set in one call, and only where they differ', async () => {
    const stage = await scaled();
    const outcome = await stage.deploy({ 'min-capacity': '2', 'max-capacity': '10', autoscaling: 'suspend' });
    expect(outcome.kind).toBe('deployed');
    expect(sent(stage)).toEqual([{ MinCapacity: 2, SuspendedState: SUSPENDED }, { SuspendedState: FREE }]);
    expect(log(stage)).toContain('minimum capacity: 1 -> 2');
    const again = await stage.deploy({ 'min-capacity': '2' });
    expect([again.kind, again.headline]).toEqual(['unchanged', expect.stringContaining('Nothing was changed.')]);
    const more = await stage.deploy({ 'min-capacity': '3', 'max-capacity': '20' });
    expect([more.kind, more.headline]).toEqual([
      'unchanged',
      expect.stringContaining('Changed: minimum capacity: 2 -> 3, maximum capacity: 10 -> 20.'),
    ]);
    expect(more.warnings).toContain(
      'Application Auto Scaling sets the desired count of web from 2 to 3: its capacity is 3 to 20 now.',
    );
    expect(target(stage)).toMatchObject({ min: 3, max: 20, suspended: FREE });
  });

  test('a plan shows them and changes nothing', async () => {
    const stage = await scaled();
    await stage.deploy({});
    stage.simulator.wire.calls.length = 0;
    const plan = await stage.plan({ 'max-capacity': '4', autoscaling: 'suspend' });
    expect(plan.settings).toEqual([{ kind: 'changed', subject: 'maximum capacity', before: '10', after: '4' }]);
    expect([plan.updates, plan.starts]).toEqual([true, false]);
    const [container] = TASK_DEFINITION.containerDefinitions;
    stage.template({ containerDefinitions: [{ ...container, image: 'example.com/app:3' }] });
    const { reasons } = await stage.plan({ autoscaling: 'suspend' });
    expect(reasons).toContain(
      'Its scale-in would be suspended during the deployment, and resumed after it (`autoscaling: suspend`).',
    );
    expect(sent(stage)).toEqual([]);
  });

  test.each<[Readonly<Record<string, string>>, boolean, RegExp]>([
    [
      { 'min-capacity': '2' },
      false,
      /^The service web in the cluster default in eu-west-1, account 123456789012, has no scalable target.*\n.*min-capacity: has nothing to be set on\. Register the service once/,
    ],
    [
      { 'min-capacity': '11' },
      true,
      /min-capacity: is 11, above the maximum capacity of web, 10\. Give `min-capacity` and `max-capacity`\./,
    ],
    [{ 'max-capacity': '0' }, true, /max-capacity: is below the minimum capacity of web, 1\./],
    [{ 'min-capacity': '3', 'max-capacity': '2' }, true, /min-capacity: is 3, and `max-capacity` is 2\. Swap them\./],
    [{ 'min-capacity': '3', 'desired-count': '2' }, true, /desired-count: is 2, below `min-capacity`: 3\./],
    [{ 'max-capacity': '3', 'desired-count': '4' }, true, /desired-count: is 4, above `max-capacity`: 3\./],
    [
      { autoscaling: 'suspend', 'wait-for-service-stability': 'false' },
      true,
      /autoscaling: suspends scale-in until the end of the deployment/,
    ],
    [{ autoscaling: 'suspnd' }, true, /Did you mean `suspend`\?/],
  ])('refused before anything is changed: %j', async (given, registered, expected) => {
    const stage = await scaled();
    if (!registered) stage.simulator.autoScaling.targets.clear();
    const thrown = await (async () => stage.deploy(given))().catch((failure: unknown) => failure);
    expect((thrown as Failure).describe()).toMatch(expected);
    expect(stage.revisions()).toEqual(['web:1']);
    expect(sent(stage)).toEqual([]);
  });

  test('denied: the right is named, and nothing is deployed', async () => {
    const stage = await scaled();
    stage.simulator.wire.faults.push(deny('application-autoscaling:TagResource'));
    await expect(stage.deploy({ autoscaling: 'suspend' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      remedy: 'Allow application-autoscaling:TagResource for the role that this job uses.',
    });
    expect([target(stage)?.suspended, stage.revisions(), stage.count('UpdateService')]).toEqual([FREE, ['web:1'], 0]);
  });
});

describe('a run that ends early', () => {
  /** Killed while its deployment is under way. */
  async function killed(): Promise<Stage> {
    const stage = await scaled();
    const kill = new AbortController();
    stage.simulator.script.revision('web:2', { startSeconds: 60 });
    stage.simulator.script.at(20, () => kill.abort(new Failure('CANCELLED', 'killed')));
    const outcome = await stage.deploy({ autoscaling: 'suspend' }, kill.signal);
    expect([outcome.kind, target(stage)?.suspended]).toEqual(['cancelled', SUSPENDED]);
    return stage;
  }
  const settle = async (stage: Stage): Promise<string> => {
    const [intent, ...others] = scalingLeft((name) => stage.states.get(name) ?? '');
    expect(others).toEqual([]);
    return intent ? settleScaling(intent, stage.world) : 'nothing';
  };

  test('post resumes it', async () => {
    const stage = await killed();
    expect(await settle(stage)).toBe('The run ended early; the scale-in of service/default/web is resumed.');
    expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
  });

  test.each(['suspend', 'keep'])('a re-run whose post was prevented resumes it: %s', async (autoscaling) => {
    const stage = await killed();
    const again = await stage.deployAs({ runAttempt: '2' }, { autoscaling });
    expect(again.kind).toBe('deployed');
    expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
    if (autoscaling === 'keep')
      expect(log(stage)).toContain('scale-in was left suspended by an earlier run, and is resumed');
  });

  test('so does a later run that has nothing to deploy', async () => {
    const stage = await killed();
    stage.clock.advance(600);
    const later = await stage.deployAs({ runId: '43' }, { autoscaling: 'suspend' });
    expect(later.kind).toBe('unchanged');
    expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
  });

  test('what cannot be resumed is a warning with the command, and is left for post', async () => {
    const stage = await scaled();
    let calls = 0;
    stage.simulator.wire.faults.push((call) =>
      call.operation === 'RegisterScalableTarget' && ++calls > 1
        ? deny('application-autoscaling:RegisterScalableTarget')(call)
        : undefined,
    );
    const outcome = await stage.deploy({ autoscaling: 'suspend' });
    expect(outcome.kind).toBe('deployed');
    expect(outcome.warnings).toEqual([
      expect.stringMatching(
        /^The scale-in of service\/default\/web could not be resumed completely: .* The post step tries again\.$/,
      ),
    ]);
    expect(await settle(stage)).toMatch(
      /may still be suspended: .*aws application-autoscaling register-scalable-target .*--resource-id service\/default\/web --suspended-state DynamicScalingInSuspended=false,/,
    );
    stage.simulator.wire.faults.length = 0;
    expect(await settle(stage)).toMatch(/is resumed\.$/);
    expect(target(stage)?.suspended).toEqual(FREE);
  });
});

test('answers that are not AWS’s are asked for again', async () => {
  const stage = await scaled();
  const disturbed = odd('RegisterScalableTarget', 'html', { times: 2 });
  if (disturbed) stage.simulator.wire.disturbances.push(disturbed);
  expect((await stage.deploy({ autoscaling: 'suspend' })).kind).toBe('deployed');
  expect(target(stage)?.suspended).toEqual(FREE);
});

test('several services: each with its own scalable target', async () => {
  const stage = stageWith(['api', 'worker']);
  for (const name of ['api', 'worker']) await register(stage, { ResourceId: `service/default/${name}` });
  stage.simulator.model.behaviours.set('worker:2', { exit: { afterSeconds: 2, code: 1 } });
  const results = await deployServices(stage, listOf(['api', 'worker'], { worker: 'max-capacity: 20' }), {
    given: { autoscaling: 'suspend', 'rollback-scope': 'service' },
  });
  expect(endsOf(results)).toEqual(['api: deployed', 'worker: rolled-back']);
  for (const name of ['api', 'worker']) expect(target(stage, `service/default/${name}`)?.suspended).toEqual(FREE);
  expect(target(stage, 'service/default/worker')?.max).toBe(20);
  expect(sent(stage)).toHaveLength(4);
});

test('a scalable target of the time before ARNs gets one', async () => {
  const stage = await scaled();
  const port = await stage.world.autoscaling();
  let first = true;
  const old: typeof port = {
    ...port,
    target: async (resource) => {
      const found = await port.target(resource);
      const arn = first ? '' : (found?.arn ?? '');
      first = false;
      return found && { ...found, arn };
    },
  };
  Object.assign(stage.world, { autoscaling: async () => old });
  expect((await stage.deploy({ autoscaling: 'suspend' })).kind).toBe('deployed');
  expect([target(stage)?.suspended, tags(stage)]).toEqual([FREE, []]);
});

test('a service that the run creates has no scalable target yet', () => {
  const service = { name: 'web' } as ServiceState;
  const given = (scaling: ScalingInputs) => unregistered(service, { inputs: { service: { scaling } } }).warnings;
  expect(given({ autoscaling: 'suspend' })).toEqual([]);
  expect(given({ autoscaling: 'keep', minCapacity: 2 })).toEqual([
    'web is created by this run and has no scalable target yet: its capacity is not set. Register it with Application Auto Scaling, with its scaling policies.',
  ]);
});

describe('a deployment that another step or client started', () => {
  /** web:2 is on its way, and is scaled to 5 while it is watched. */
  async function begun(): Promise<Stage> {
    const stage = await scaled();
    stage.simulator.script.revision('web:2', { startSeconds: 60 });
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    stage.simulator.script.at(20, () => void stage.simulator.autoScaling.scale(WEB, 5));
    stage.simulator.wire.calls.length = 0;
    stage.lines.length = 0;
    return stage;
  }
  const asked = (stage: Stage): string[] =>
    stage.simulator.wire.calls.flatMap(({ service, operation }) =>
      service === 'application-autoscaling' ? [operation] : [],
    );

  test('mode: watch names what scaled it, and registers nothing', async () => {
    const stage = await begun();
    expect((await stage.watch({ autoscaling: 'keep' })).kind).toBe('deployed');
    expect(log(stage)).toMatch(/autoscaling: Setting desired count to 5\./);
    expect(asked(stage)).toEqual(['DescribeScalingActivities']);
    expect(stage.service().runningCount).toBe(5);
  });
  test('what scaled it before it was watched is named as well', async () => {
    const stage = await begun();
    stage.clock.advance(40);
    await stage.watch({ autoscaling: 'keep' });
    expect(log(stage)).toMatch(/Setting desired count to 5\./);
  });
  test('without the input, or where IAM denies it, the watch is the same', async () => {
    const without = await begun();
    expect((await without.watch()).kind).toBe('deployed');
    expect(asked(without)).toEqual([]);
    const denied = await begun();
    denied.simulator.wire.faults.push(deny('application-autoscaling:DescribeScalingActivities'));
    expect((await denied.watch({ autoscaling: 'keep' })).kind).toBe('deployed');
  });
  test('one that fails is named what scaled it, too', async () => {
    const stage = await begun();
    stage.simulator.script.revision('web:2', { startSeconds: 60, failToStart: 'CannotPullContainerError: not found' });
    await stage.watch({ autoscaling: 'keep' });
    expect(log(stage)).toMatch(/Setting desired count to 5\./);
  });
});
