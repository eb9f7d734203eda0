import * as events from '@aws-sdk/client-eventbridge';
import * as scheduler from '@aws-sdk/client-scheduler';
import { VirtualClock } from '../../simulator/clock.ts';
import { ACCOUNT, REGION, Simulator } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import { createSchedules } from '../../src/adapters/schedules.ts';
import type { ScheduleId } from '../../src/model.ts';
import {
  addRule,
  addSchedule,
  CLUSTER,
  definitionArn,
  ecsTarget,
  SCHEDULE_ROLE,
  scheduleOf,
  targetsOf,
} from '../support/schedules.ts';

/** Both updates replace everything, so each field of the SDK's shapes has to come back as it was. */
const clock = new VirtualClock();
const NIGHTLY: ScheduleId = { kind: 'schedule', container: 'reports', name: 'nightly' };
const HOURLY: ScheduleId = { kind: 'rule', container: 'default', name: 'hourly' };
const MOVE = { from: definitionArn('web:1'), to: definitionArn('web:2') };

function made(requestHandler?: unknown) {
  const simulator = new Simulator(clock);
  const config = {
    region: REGION,
    requestHandler: requestHandler ?? simulator.wire.requestHandler(),
    credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
    maxAttempts: 1,
    customUserAgent: 'test',
  };
  const port = createSchedules(config, { clock, signal: new AbortController().signal, log: () => {} });
  return { simulator, port };
}

type Given = Readonly<Record<string, unknown>>;
/** Every field of the SDK's shapes has a value in these. */
const ECS: Given = {
  TaskDefinitionArn: definitionArn('web:1'),
  TaskCount: 3,
  LaunchType: 'FARGATE',
  NetworkConfiguration: {
    awsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: ['sg-1'], AssignPublicIp: 'DISABLED' },
  },
  PlatformVersion: '1.4.0',
  Group: 'reports',
  CapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }],
  EnableECSManagedTags: true,
  EnableExecuteCommand: false,
  PlacementConstraints: [{ type: 'distinctInstance', expression: 'attribute:a == b' }],
  PlacementStrategy: [{ type: 'spread', field: 'host' }],
  PropagateTags: 'TASK_DEFINITION',
  ReferenceId: 'nightly',
};
const SCHEDULE: Given = {
  Name: 'nightly',
  GroupName: 'reports',
  ScheduleExpression: 'cron(0 3 * * ? *)',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  StartDate: 1_800_000_000.5,
  EndDate: 1_900_000_000,
  Description: 'every night',
  State: 'DISABLED',
  KmsKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`,
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
  ActionAfterCompletion: 'DELETE',
  Target: {
    Arn: CLUSTER,
    RoleArn: SCHEDULE_ROLE,
    DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead` },
    RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 0 },
    Input: '{ "containerOverrides": [ {"name": "app", "command": ["report"]} ] }',
    EcsParameters: { ...ECS, LaunchType: undefined, Tags: [{ team: 'web' }] },
  },
};
const TARGET: Given = {
  Id: 'one',
  Arn: CLUSTER,
  RoleArn: SCHEDULE_ROLE,
  Input: '{ "containerOverrides": [] }',
  InputPath: '$.detail',
  InputTransformer: { InputPathsMap: { a: '$.b' }, InputTemplate: '"<a>"' },
  DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead` },
  RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 0 },
  EcsParameters: { ...ECS, Tags: [{ Key: 'team', Value: 'web' }] },
};

/** Members of a structure of the SDK. */
const membersOf = (schema: unknown): readonly string[] => (schema as readonly unknown[])[4] as string[];
/** Parameters of targets that are no ECS task. */
const OTHER_TARGETS = /^(?!Ecs).*Parameters?$|^EventBridge/;

test('what is sent back here has every field that the SDK knows', () => {
  const target = SCHEDULE.Target as Given;
  const given = (members: readonly string[], value: Given): string[] => members.filter((name) => !(name in value));
  expect(given(membersOf(scheduler.UpdateScheduleInput$), SCHEDULE)).toEqual(['ClientToken']);
  expect(given(membersOf(scheduler.Target$), target).filter((name) => !OTHER_TARGETS.test(name))).toEqual([]);
  expect(given(membersOf(scheduler.EcsParameters$), target.EcsParameters as Given)).toEqual([]);
  expect(given(membersOf(events.Target$), TARGET).filter((name) => !OTHER_TARGETS.test(name))).toEqual([]);
  expect(given(membersOf(events.EcsParameters$), TARGET.EcsParameters as Given)).toEqual([]);
});

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('of a schedule the revision alone changes, whatever it has', async () => {
  const { simulator, port } = made();
  const { eventBridgeScheduler, context } = simulator;
  await eventBridgeScheduler.handle('CreateScheduleGroup', { Name: 'reports' }, context);
  await eventBridgeScheduler.handle('CreateSchedule', asSent(SCHEDULE) as Given, context);
  const before = await scheduleOf(simulator, 'nightly', 'reports');
  const state = await port.read(NIGHTLY);
  expect(state?.targets).toEqual([{ taskDefinition: MOVE.from, role: SCHEDULE_ROLE }]);
  if (state) await port.move(state, [{ id: NIGHTLY, ...MOVE }]);
  const text = JSON.stringify(before).replaceAll(MOVE.from, MOVE.to);
  expect(await scheduleOf(simulator, 'nightly', 'reports')).toEqual(JSON.parse(text));
  // A disabled one stays disabled, which an update without the field would change.
  const { State: _, ...stateless } = asSent(SCHEDULE) as Given;
  await eventBridgeScheduler.handle('UpdateSchedule', stateless, context);
  expect((await scheduleOf(simulator, 'nightly', 'reports')) as Given).toMatchObject({ State: 'ENABLED' });
});

test('of a rule the revision of one target alone changes', async () => {
  const { simulator, port } = made();
  const target = asSent(TARGET) as Given;
  const others = [ecsTarget('two', 'web:1'), { Id: 'topic', Arn: `arn:aws:sns:${REGION}:${ACCOUNT}:alerts` }];
  await addRule(simulator, 'hourly', [target, ...others], { State: 'DISABLED', Description: 'every hour' });
  const rule = () => simulator.eventBridge.handle('DescribeRule', { Name: 'hourly' }, simulator.context);
  const [before, definition] = [await targetsOf(simulator, 'hourly'), await rule()];
  const state = await port.read(HOURLY);
  if (state) await port.move(state, [{ id: HOURLY, target: 'one', ...MOVE }]);
  expect(await targetsOf(simulator, 'hourly')).toEqual([
    JSON.parse(JSON.stringify(before[0]).replaceAll(MOVE.from, MOVE.to)),
    ...before.slice(1),
  ]);
  expect(await rule()).toEqual(definition);
});

test('members that the SDK does not know are sent back as well', async () => {
  const sent: { path: string; method: string; body: string }[] = [];
  const { HttpResponse } = await import('@smithy/core/protocols');
  const schedule = { ...SCHEDULE, Jitter: { Seconds: 5 }, Target: { ...(SCHEDULE.Target as Given), Priority: 'HIGH' } };
  const targets = [{ ...TARGET, Priority: 'HIGH' }];
  const answers = (method: string, operation = ''): unknown => {
    if (operation.endsWith('ListTargetsByRule')) return { Targets: targets };
    if (operation !== '') return { FailedEntryCount: 0, FailedEntries: [] };
    return method === 'GET'
      ? { ...schedule, Arn: 'arn', CreationDate: 1, LastModificationDate: 2 }
      : { ScheduleArn: 'arn' };
  };
  const { port } = made({
    metadata: {},
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    handle: async ({
      path,
      method,
      body,
      headers,
    }: {
      path: string;
      method: string;
      body?: unknown;
      headers: Given;
    }) => {
      // The SDK's own bodies are bytes.
      if (typeof body === 'string' && method !== 'GET') sent.push({ path, method, body });
      const answer = answers(method, String(headers['x-amz-target'] ?? ''));
      return {
        response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) }),
      };
    },
  });
  for (const [id, target] of [
    [NIGHTLY, undefined],
    [HOURLY, 'one'],
  ] as const) {
    const state = await port.read(id);
    if (state) await port.move(state, [{ id, ...MOVE, ...(target ? { target } : {}) }]);
  }
  const bodies = sent
    .map(({ body }) => JSON.parse(body))
    .filter((body) => body.Target ?? body.Targets?.[0].EcsParameters);
  const moved = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(MOVE.from, MOVE.to));
  expect(bodies.find(({ Target }) => Target)).toEqual(moved(schedule));
  expect(bodies.find(({ Targets }) => Targets)).toEqual({
    Rule: 'hourly',
    EventBusName: 'default',
    Targets: moved(targets),
  });
  expect(sent.find(({ method }) => method === 'PUT')?.path).toBe('/schedules/nightly');
});

test('what is wrong with a target comes with status 200, and is a failure', async () => {
  const { simulator, port } = made();
  await addRule(simulator, 'hourly');
  const state = await port.read(HOURLY);
  simulator.wire.disturbances.push(({ operation }) =>
    operation === 'PutTargets'
      ? {
          instead: {
            status: 200,
            body: JSON.stringify({
              FailedEntryCount: 1,
              FailedEntries: [{ TargetId: 'one', ErrorCode: 'ValidationException', ErrorMessage: 'no such role' }],
            }),
          },
        }
      : undefined,
  );
  await expect(state && port.move(state, [{ id: HOURLY, target: 'one', ...MOVE }])).rejects.toThrow(
    'events:PutTargets failed: no such role',
  );
});

test('lists go page by page, and one that does not exist is undefined', async () => {
  const { simulator, port } = made();
  for (let i = 0; i < 130; i++) {
    await addSchedule(simulator, `job-${i}`);
    await addRule(simulator, `rule-${i}`);
  }
  expect(await port.list()).toHaveLength(260);
  expect(await port.buses()).toEqual(['default']);
  expect(await port.ofCluster(CLUSTER, ['default'])).toHaveLength(260);
  expect(await port.ofCluster(`${CLUSTER}-2`, ['default'])).toEqual([]);
  for (const id of [NIGHTLY, HOURLY, { ...HOURLY, container: 'orders' }]) expect(await port.read(id)).toBeUndefined();
  simulator.wire.faults.push(() => new ApiException('AccessDeniedException', 'no'));
  await expect(port.read(NIGHTLY)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
});
