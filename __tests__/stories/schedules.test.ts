import { deny, throttle } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import { Failure } from '../../src/failure.ts';
import { schedulesLeft } from '../../src/stories/handover.ts';
import { settleSchedules } from '../../src/stories/post.ts';
import {
  addRule,
  addSchedule,
  definitionArn,
  ecsTarget,
  revisionsOf,
  scheduleOf,
  targetsOf,
} from '../support/schedules.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

/** `schedules`: what runs tasks of the family at a time or on an event follows the revision that is deployed. */
const CHANGES = ['UpdateSchedule', 'PutTargets', 'RegisterTaskDefinition', 'UpdateService'];
const log = (stage: Stage): string => stage.lines.join('\n');
const newImage = (stage: Stage, image = 'example.com/app:2'): void => {
  const [container] = TASK_DEFINITION.containerDefinitions;
  stage.template({ containerDefinitions: [{ ...container, image }] });
};

/** web:1 runs in the service, in the schedule `nightly` and in the rule `hourly`. */
async function scheduled(): Promise<Stage> {
  const stage = new Stage().withService();
  await addSchedule(stage.simulator, 'nightly');
  await addRule(stage.simulator, 'hourly');
  newImage(stage);
  return stage;
}
const both = (stage: Stage) => revisionsOf(stage.simulator, 'schedule/default/nightly', 'rule/hourly');

test('a good deployment moves them, after the service', async () => {
  const stage = await scheduled();
  const outcome = await stage.deploy({ schedules: 'nightly, rule/hourly' });
  expect(outcome.kind).toBe('deployed');
  expect(outcome.headline).toContain(
    'web:2 runs: 2 tasks, no health check. 2 schedules now run web:2. Now web:2 serves: 2 of 2.',
  );
  expect(await both(stage)).toEqual(['web:2', 'web:2']);
  expect(outcome.schedules?.map(({ from, to }) => [from, to])).toEqual([
    [definitionArn('web:1'), definitionArn('web:2')],
    [definitionArn('web:1'), definitionArn('web:2')],
  ]);
  const changes = stage.simulator.wire.calls.map(({ operation }) => operation).filter((one) => CHANGES.includes(one));
  expect(changes).toEqual(['RegisterTaskDefinition', 'UpdateService', 'UpdateSchedule', 'PutTargets']);
  expect(log(stage)).toContain(
    'schedules that follow the deployment: schedule/default/nightly (web:1), rule/hourly (web:1)',
  );
  expect(log(stage)).toContain('schedule/default/nightly: web:1 -> web:2');
  expect(stage.states.get('schedules')).toBe('');
  const again = await stage.deploy({ schedules: 'nightly, rule/hourly' });
  expect([again.kind, again.schedules]).toEqual(['unchanged', []]);
  expect(again.headline).toContain('Nothing was changed.');
  expect(stage.count('UpdateSchedule') + stage.count('PutTargets')).toBe(2);
});

test.each<[string, (stage: Stage) => unknown, Readonly<Record<string, string>>]>([
  ['crashes', ({ simulator }) => simulator.script.revision('web:2', { exit: { afterSeconds: 3, code: 1 } }), {}],
  ['does not pass verify', () => {}, { verify: '{url: "https://x.example.com", timeout-minutes: 1}' }],
  [
    'fails while it is held',
    ({ simulator }) => simulator.script.revision('web:2', { exit: { afterSeconds: 100, code: 1 } }),
    { 'hold-minutes': '5' },
  ],
])('a deployment that %s moves none', async (_, prepare, given) => {
  const stage = await scheduled();
  prepare(stage);
  const outcome = await stage.deploy({ schedules: 'all', ...given });
  expect(outcome.kind).toBe('rolled-back');
  expect(await both(stage)).toEqual(['web:1', 'web:1']);
  expect(stage.count('UpdateSchedule') + stage.count('PutTargets')).toBe(0);
  expect(outcome.unmoved?.toSorted()).toEqual(['rule/hourly (web:1)', 'schedule/default/nightly (web:1)']);
});

test('one that cannot be moved: the others and the service go back, and the right is named', async () => {
  const stage = await scheduled();
  stage.simulator.wire.faults.push(deny('events:PutTargets'));
  const outcome = await stage.deploy({ schedules: 'nightly, hourly' });
  expect(outcome.kind).toBe('rolled-back');
  expect(outcome.reason).toMatch(
    /^web:2 was deployed, but rule\/hourly could not be moved to web:2: events:PutTargets failed: /,
  );
  expect(outcome.reason).toContain(
    'Allow events:PutTargets on rule/hourly, and iam:PassRole on arn:aws:iam::123456789012:role/run-tasks, for the role that this job uses.',
  );
  expect(outcome.reason).toContain('Moved back: schedule/default/nightly (web:1).');
  expect(outcome.schedules).toBeUndefined();
  expect(await both(stage)).toEqual(['web:1', 'web:1']);
  expect(stage.service().taskDefinition).toMatch(/web:1$/);

  const left = await scheduled();
  left.simulator.wire.faults.push(deny('events:PutTargets'));
  const kept = await left.deploy({ schedules: 'nightly, hourly', 'rollback-on-failure': 'false' });
  expect(kept.kind).toBe('failed');
  expect(await both(left)).toEqual(['web:1', 'web:1']);
  expect(left.service().taskDefinition).toMatch(/web:2$/);
  // The next attempt has the right.
  left.simulator.wire.faults.length = 0;
  const again = await left.deploy({ schedules: 'nightly, hourly' });
  expect(again.kind).toBe('unchanged');
  expect(again.headline).toMatch(/^web:2 already runs: 2 tasks, no health check\. 2 schedules now run web:2\./);
  expect(await both(left)).toEqual(['web:2', 'web:2']);
});

test('throttling and another change under way are waited for', async () => {
  const stage = await scheduled();
  let busy = 2;
  stage.simulator.wire.faults.push(throttle('UpdateSchedule', 2), ({ operation }) =>
    operation === 'PutTargets' && busy-- > 0
      ? new ApiException('ConcurrentModificationException', 'Rule hourly is being changed.')
      : undefined,
  );
  expect((await stage.deploy({ schedules: 'nightly, hourly' })).kind).toBe('deployed');
  expect(await both(stage)).toEqual(['web:2', 'web:2']);
});

describe('mode: rollback', () => {
  test('they go back with the service', async () => {
    const stage = await scheduled();
    await stage.deploy({ schedules: 'all' });
    const outcome = await stage.rollback(undefined, { schedules: 'all' });
    expect(outcome.kind).toBe('deployed');
    expect(outcome.headline).toContain(
      'Rolled back to web:1. web:1 runs: 2 tasks, no health check. 2 schedules now run web:1.',
    );
    expect(await both(stage)).toEqual(['web:1', 'web:1']);
  });

  test('of a deployment that is not complete', async () => {
    const stage = await scheduled();
    stage.simulator.script.revision('web:2', { startSeconds: 3000 });
    await stage.deploy({ 'wait-for-service-stability': 'false' });
    // Moved by hand, too early.
    await stage.simulator.eventBridge.handle(
      'PutTargets',
      { Rule: 'hourly', Targets: [ecsTarget('one', 'web:2')] },
      stage.simulator.context,
    );
    const outcome = await stage.rollback(undefined, { schedules: 'all' });
    expect(outcome.headline).toMatch(
      /ECS ended the unfinished deployment of web:2\. rule\/hourly now runs web:1\. Now web:1 serves/,
    );
    expect(await both(stage)).toEqual(['web:1', 'web:1']);
  });

  test('what was left stays left, whatever the result for the schedules', async () => {
    const stage = await scheduled();
    await stage.deploy({ schedules: 'all' });
    stage.simulator.wire.faults.push(deny('scheduler:UpdateSchedule'));
    const outcome = await stage.rollback(undefined, { schedules: 'all' });
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toContain('Rolled back to web:1.');
    expect(outcome.reason).toMatch(/^schedule\/default\/nightly could not be moved to web:1: /);
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
    expect(await both(stage)).toEqual(['web:2', 'web:2']);
  });

  test('a schedule that does not exist does not hold up a rollback, but fails the step', async () => {
    const stage = await scheduled();
    await stage.deploy({});
    const outcome = await stage.rollback(undefined, { schedules: 'nigthly' });
    expect(stage.service().taskDefinition).toMatch(/web:1$/);
    expect(outcome.kind).toBe('failed');
    expect(outcome.reason).toContain(
      'schedules: `nigthly` does not exist in eu-west-1, account 123456789012. Did you mean `nightly`?',
    );
  });
});

describe('all is looked up before anything is changed', () => {
  const failing = async (stage: Stage, schedules: string): Promise<string> => {
    const thrown = await stage.deploy({ schedules }).catch((failure: unknown) => failure);
    expect(thrown).toBeInstanceOf(Failure);
    expect(stage.simulator.wire.calls.filter(({ operation }) => CHANGES.includes(operation))).toEqual([]);
    return (thrown as Failure).describe();
  };

  test.each([
    ['nigthly', /`nigthly` does not exist in eu-west-1, account \d+\. Did you mean `nightly`\?/],
    ['rule/hourli', /`rule\/hourli` does not exist in eu-west-1, account \d+\. Did you mean `rule\/hourly`\?/],
    [
      'schedule/default/weekly',
      /does not exist in eu-west-1, account \d+\. Did you mean `schedule\/reports\/weekly`\?/,
    ],
    ['reporting', /`rule\/reporting` runs reports:3, and this step deploys the family web\./],
    ['lambda', /`rule\/lambda` runs no ECS task \(its target is arn:aws:lambda:/],
    [
      'universal',
      /`schedule\/default\/universal` calls ecs:RunTask as a universal target, whose input is not changed\. Name schedules/,
    ],
    ['twice', /`twice` is both a schedule and a rule\. Write `schedule\/default\/twice` or `rule\/twice`, or both\./],
    [
      'arn:aws:scheduler:eu-west-1:999999999999:schedule/default/nightly',
      /is in account 999999999999, and the cluster in 123456789012/,
    ],
    ['nigthly, reporting', /has 2 mistakes; no schedule was changed\./],
  ])('%s', async (schedules, expected) => {
    const stage = await scheduled();
    const { simulator } = stage;
    const { eventBridgeScheduler, context } = simulator;
    await eventBridgeScheduler.handle('CreateScheduleGroup', { Name: 'reports' }, context);
    await addSchedule(simulator, 'weekly', 'web:1', { GroupName: 'reports' });
    await addRule(simulator, 'reporting', [ecsTarget('one', 'reports:3')]);
    await addRule(simulator, 'lambda', [{ Id: 'one', Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:x' }]);
    await addSchedule(simulator, 'universal', 'web:1', {
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask',
        RoleArn: 'arn:aws:iam::123456789012:role/x',
        Input: '{}',
      },
    });
    await addSchedule(simulator, 'twice');
    await addRule(simulator, 'twice');
    expect(await failing(stage, schedules)).toMatch(expected);
  });

  test('a right that is missing', async () => {
    const stage = await scheduled();
    stage.simulator.wire.faults.push(deny('scheduler:GetSchedule'));
    const text = await failing(stage, 'schedule/default/nightly');
    expect(text).toMatch(/scheduler:GetSchedule failed/);
    expect(text).toContain('Allow scheduler:GetSchedule for the role that this job uses.');
    const other = await failing(stage, 'missing');
    expect(other).toContain('To look on one side alone, write `schedule/default/missing` or `rule/missing`');
    // The other side has it.
    expect((await stage.deploy({ schedules: 'hourly' })).kind).toBe('deployed');
  });
});

test('a rule with several targets: only those of the family', async () => {
  const stage = new Stage().withService();
  const { simulator } = stage;
  const topic = { Id: 'topic', Arn: 'arn:aws:sns:eu-west-1:123456789012:alerts', Input: '{"a": 1}' };
  const input = { Input: '{"containerOverrides": [{"name": "app", "command": ["report"]}]}' };
  await addRule(simulator, 'hourly', [
    topic,
    ecsTarget('web', 'web:1', input),
    ecsTarget('reports', 'reports:3'),
    ecsTarget('old', 'web:7'),
  ]);
  newImage(stage);
  await stage.deploy({ schedules: 'rule/hourly' });
  const to = { EcsParameters: { TaskDefinitionArn: definitionArn('web:2'), TaskCount: 1, LaunchType: 'FARGATE' } };
  expect(await targetsOf(simulator, 'hourly')).toEqual([
    topic,
    { ...ecsTarget('web', 'web:1', input), ...to },
    ecsTarget('reports', 'reports:3'),
    { ...ecsTarget('old', 'web:7'), ...to },
  ]);
  const sent = simulator.wire.calls.filter(({ operation }) => operation === 'PutTargets');
  expect(sent.map(({ input: { Targets } }) => (Targets as { Id: string }[]).map(({ Id }) => Id))).toEqual([
    ['web', 'old'],
  ]);
});

test('by tag, of rules and of the groups of schedules; and all of the cluster', async () => {
  const stage = await scheduled();
  const { simulator } = stage;
  const { eventBridgeScheduler, context } = simulator;
  const Tags = [{ Key: 'team', Value: 'web' }];
  await eventBridgeScheduler.handle('CreateScheduleGroup', { Name: 'reports', Tags }, context);
  await addSchedule(simulator, 'weekly', 'web:1', { GroupName: 'reports' });
  await addSchedule(simulator, 'monthly', 'other:1', { GroupName: 'reports' });
  await addRule(simulator, 'tagged', [ecsTarget('one', 'web:1')], { Tags });
  await addRule(simulator, 'elsewhere', [
    ecsTarget('one', 'web:1', { Arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/other' }),
  ]);
  const names = [
    'schedule/reports/weekly',
    'rule/tagged',
    'schedule/default/nightly',
    'rule/hourly',
    'rule/elsewhere',
    'schedule/reports/monthly',
  ];
  await stage.deploy({ schedules: 'tag:team=web' });
  expect(await revisionsOf(simulator, ...names)).toEqual(['web:2', 'web:2', 'web:1', 'web:1', 'web:1', 'other:1']);
  await stage.deploy({ schedules: 'all' });
  expect(await revisionsOf(simulator, ...names)).toEqual(['web:2', 'web:2', 'web:2', 'web:2', 'web:1', 'other:1']);
  const none = await stage.deploy({ schedules: 'tag:team=db' });
  expect(none.warnings).toContain(
    'No schedule of the cluster default runs web and has the tag team=db (of a rule, or of the group of a schedule).',
  );
});

test('rules of every event bus; of the default one alone, and with a warning, where the buses may not be listed', async () => {
  const stage = await scheduled();
  const { eventBridge, context } = stage.simulator;
  await eventBridge.handle('CreateEventBus', { Name: 'orders' }, context);
  const onEvents = { EventBusName: 'orders', ScheduleExpression: undefined, EventPattern: '{"source":["shop"]}' };
  await addRule(stage.simulator, 'shipped', [ecsTarget('one', 'web:1')], onEvents);
  const denied = deny('events:ListEventBuses');
  stage.simulator.wire.faults.push(denied);
  const first = await stage.deploy({ schedules: 'all' });
  expect(first.warnings).toEqual([
    'Rules were looked for on the default event bus alone: events:ListEventBuses is denied.',
  ]);
  const runs = async () =>
    (await targetsOf(stage.simulator, 'shipped', 'orders')).map(({ EcsParameters }) => EcsParameters);
  expect(await runs()).toMatchObject([{ TaskDefinitionArn: definitionArn('web:1') }]);
  stage.simulator.wire.faults.length = 0;
  const second = await stage.deploy({ schedules: 'all' });
  expect(second.schedules?.map(({ id }) => id)).toEqual([{ kind: 'rule', container: 'orders', name: 'shipped' }]);
  expect(await runs()).toMatchObject([{ TaskDefinitionArn: definitionArn('web:2') }]);
});

test('one without a revision is left as it is, and that is said', async () => {
  const stage = await scheduled();
  await addSchedule(stage.simulator, 'latest', 'web');
  const outcome = await stage.deploy({ schedules: 'latest, nightly' });
  expect(outcome.warnings).toEqual([
    'schedule/default/latest names the family web without a revision: it runs the latest active revision, deployed or not, and is left as it is. Give its target a revision once, and it is moved with each deployment.',
  ]);
  expect(await revisionsOf(stage.simulator, 'schedule/default/latest', 'schedule/default/nightly')).toEqual([
    'web',
    'web:2',
  ]);
});

test('a rule with a target of the family that has no revision: the other is moved, and that is said', async () => {
  const stage = await scheduled();
  await addRule(stage.simulator, 'mixed', [ecsTarget('one', 'web:1'), ecsTarget('two', 'web')]);
  for (const schedules of ['rule/mixed', 'all']) {
    const outcome = await stage.deploy({ schedules });
    expect(outcome.warnings.filter((text) => !text.startsWith('Neither'))).toEqual([
      expect.stringMatching(/^A target of rule\/mixed names the family web without a revision: .* left as it is\./),
    ]);
    expect(await revisionsOf(stage.simulator, 'rule/mixed')).toEqual(['web:2', 'web']);
  }
});

describe('one that is not there any more, or runs something else, once the deployment is good', () => {
  const meanwhile = async (change: (stage: Stage) => Promise<unknown>) => {
    const stage = await scheduled();
    stage.simulator.script.at(20, () => void change(stage));
    const outcome = await stage.deploy({ schedules: 'nightly, rule/hourly' });
    return { stage, outcome };
  };
  const forget = ({ eventBridgeScheduler, context }: Stage['simulator']) =>
    eventBridgeScheduler.handle('DeleteSchedule', { Name: 'nightly' }, context);

  test('was deleted: the others are moved, and it is said', async () => {
    const { stage, outcome } = await meanwhile(({ simulator }) => forget(simulator));
    expect([outcome.kind, outcome.warnings]).toEqual([
      'deployed',
      ['schedule/default/nightly was deleted during the deployment, and was not moved.'],
    ]);
    expect(await revisionsOf(stage.simulator, 'rule/hourly')).toEqual(['web:2']);
    expect(log(stage)).toContain('schedule/default/nightly was deleted during the deployment');
  });

  test.each([
    ['reports:3', /^rule\/hourly was changed during the deployment: it runs reports:3 now, and was not moved\.$/],
    ['web', /^rule\/hourly names the family web without a revision/],
  ])('runs %s', async (revision, text) => {
    const { stage, outcome } = await meanwhile(({ simulator }) =>
      addRule(simulator, 'hourly', [ecsTarget('one', revision)]),
    );
    expect([outcome.kind, outcome.warnings]).toEqual(['deployed', [expect.stringMatching(text)]]);
    expect(await revisionsOf(stage.simulator, 'schedule/default/nightly', 'rule/hourly')).toEqual(['web:2', revision]);
  });

  test('in a rollback too', async () => {
    const stage = await scheduled();
    await stage.deploy({ schedules: 'nightly, rule/hourly' });
    stage.simulator.script.at(10, () => void forget(stage.simulator));
    const outcome = await stage.rollback(undefined, { schedules: 'nightly, rule/hourly' });
    expect(outcome.warnings).toContain(
      'schedule/default/nightly was deleted during the deployment, and was not moved.',
    );
    expect(await revisionsOf(stage.simulator, 'rule/hourly')).toEqual(['web:1']);
  });
});

test('a plan names them and changes nothing', async () => {
  const stage = await scheduled();
  const { reasons } = await stage.plan({ schedules: 'all' });
  expect(reasons).toContain(
    'schedule/default/nightly runs web:1, and would be moved to the new revision once it is deployed.',
  );
  expect(stage.simulator.wire.calls.filter(({ operation }) => CHANGES.includes(operation))).toEqual([]);
});

test('mode: register moves them at once, and back where one cannot be moved', async () => {
  const stage = await scheduled();
  const inputs = { 'task-definition': 'task-definition.json', schedules: 'nightly, hourly' };
  const registered = await stage.register(inputs);
  expect(registered.schedules).toHaveLength(2);
  expect(await both(stage)).toEqual(['web:2', 'web:2']);
  expect(stage.service().taskDefinition).toMatch(/web:1$/);
  newImage(stage, 'example.com/app:3');
  stage.simulator.wire.faults.push(deny('events:PutTargets'));
  await expect(stage.register(inputs)).rejects.toThrow(
    /^web:3 is registered, but rule\/hourly could not be moved to web:3: .*Moved back: schedule\/default\/nightly \(web:2\)\.$/,
  );
  expect(await both(stage)).toEqual(['web:2', 'web:2']);
});

test('mode: watch moves them once a deployment of another client is good', async () => {
  const stage = await scheduled();
  await stage.deploy({ 'wait-for-service-stability': 'false' });
  const outcome = await stage.watch({ schedules: 'all' });
  expect(outcome.headline).toContain('2 schedules now run web:2.');
  expect(await both(stage)).toEqual(['web:2', 'web:2']);
});

describe('a run that ends while they are moved', () => {
  /** Killed at the first PutTargets: `nightly` is moved, `hourly` is not. */
  async function killed(): Promise<Stage> {
    const stage = await scheduled();
    const kill = new AbortController();
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation !== 'PutTargets' || kill.signal.aborted) return undefined;
      kill.abort(new Failure('CANCELLED', 'killed'));
      return new ApiException('ValidationException', 'killed');
    });
    await stage.deploy({ schedules: 'nightly, hourly' }, kill.signal).catch(() => {});
    expect(await both(stage)).toEqual(['web:2', 'web:1']);
    return stage;
  }
  const settle = async (stage: Stage): Promise<string> => {
    const [intent, ...others] = schedulesLeft((name) => stage.states.get(name) ?? '');
    expect(others).toEqual([]);
    return intent ? settleSchedules(intent, stage.world) : '';
  };

  test('post finishes what main started', async () => {
    const stage = await killed();
    expect(await settle(stage)).toBe(
      'The run ended early, while its schedules were moved. It was finished: 2 schedules now run web:2.',
    );
    expect(await both(stage)).toEqual(['web:2', 'web:2']);
  });

  test('post moves back where the service does not run the revision any more', async () => {
    const stage = await killed();
    stage.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:1' });
    stage.clock.advance(300);
    expect(await settle(stage)).toMatch(/^The run ended early.* web does not run web:2\. Moved back: /);
    expect(await both(stage)).toEqual(['web:1', 'web:1']);
  });

  test('a re-run whose post was prevented finishes it', async () => {
    const stage = await killed();
    const again = await stage.deployAs({ runAttempt: '2' }, { schedules: 'nightly, hourly' });
    expect(again.headline).toContain('rule/hourly now runs web:2.');
    expect(await both(stage)).toEqual(['web:2', 'web:2']);
  });

  test('what cannot be determined is said', async () => {
    const stage = await killed();
    stage.simulator.wire.faults.push(deny('ecs:DescribeServices'));
    expect(await settle(stage)).toMatch(
      /Some may run web:2 and some web:1, which could not be determined: .* Run the job again to move all of them\.$/,
    );
  });
});

test('what was changed by others meanwhile is kept', async () => {
  const stage = await scheduled();
  stage.simulator.script.at(10, () => {
    void addRule(stage.simulator, 'hourly', [ecsTarget('one', 'web:1', { Input: '{"new": true}' })]);
  });
  await stage.deploy({ schedules: 'all' });
  expect((await targetsOf(stage.simulator, 'hourly'))[0]).toMatchObject({ Input: '{"new": true}' });
  expect(await scheduleOf(stage.simulator, 'nightly')).toMatchObject({ State: 'ENABLED' });
});
