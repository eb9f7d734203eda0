import { ApiException } from '../../../simulator/wire/service.ts';
import { Failure } from '../../../src/failure.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { statusRow } from '../../../src/report/status.ts';
import { parseYaml } from '../../../src/taskdef/yaml.ts';
import { configuration, existing, express, OFFICIAL, planned, requests } from '../../support/express.ts';
import { killAt } from '../../support/killed.ts';
import { deployServices, endsOf, postServices, runs } from '../../support/services.ts';
import { definitionOf } from '../../support/task-definition.ts';
import { CONTEXT, Stage } from '../../support/world.ts';

/** Express Mode services in every mode, in lists, cancelled and killed anywhere. */
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/default/web';
const NEXT = { service: 'web', image: 'example.com/app:2' };
const changes = (stage: Stage): string[] =>
  stage.simulator.wire.calls.flatMap(({ operation }) =>
    /^(Create|Register|Update|Stop|Delete|Deregister|Tag|Untag)/.test(operation) ? [operation] : [],
  );
const imageOf = (stage: Stage): string =>
  String((configuration(stage).primaryContainer as { image?: string } | undefined)?.image);
const revisionsOf = (stage: Stage): string[] => {
  const { taskDefinitionArns } = stage.simulator.call('ListTaskDefinitions', {
    familyPrefix: 'default-web',
  }) as unknown as { taskDefinitionArns: string[] };
  return taskDefinitionArns.map((arn) => arn.split('/').at(-1) ?? '');
};

/** A deployment that somebody started in the console. */
async function begun(behaviour: object = {}): Promise<Stage> {
  const stage = await existing();
  stage.simulator.script.image('app:2', behaviour);
  stage.simulator.call('UpdateExpressGatewayService', {
    serviceArn: ARN,
    primaryContainer: { image: 'example.com/app:2', containerPort: 8080 },
  });
  stage.clock.advance(5);
  stage.simulator.wire.calls.length = 0;
  return stage;
}

describe('mode: watch', () => {
  test('a deployment of the console, through its canary to its end; nothing is changed', async () => {
    const stage = await begun();
    const outcome = await stage.watch();
    expect([outcome.kind, outcome.revision?.revision]).toEqual(['deployed', 2]);
    expect(stage.lines.join('\n')).toMatch(/5 %/);
    expect(changes(stage)).toEqual([]);
  });

  test('one that ECS rolls back is red, and explained', async () => {
    const stage = await begun({ exit: { afterSeconds: 2, code: 3 } });
    const outcome = await stage.watch();
    expect(['failed', 'rolled-back']).toContain(outcome.kind);
    expect(outcome.diagnoses[0]?.rule).toBe('app-crash');
    expect(changes(stage)).toEqual([]);
  });

  test('one whose alarm goes off in the bake time is red', async () => {
    const stage = await begun();
    stage.simulator.script.alarm('default-web/RollbackAlarm', 'ALARM', 120);
    expect(['failed', 'rolled-back']).toContain((await stage.watch()).kind);
  });

  test('none under way: the health of what runs', async () => {
    const stage = await existing();
    expect((await stage.watch()).kind).toBe('unchanged');
  });
});

test('mode: status, of the service and in the list of the cluster', async () => {
  const stage = await existing();
  const [row] = (await stage.status({ service: 'web' })).map(statusRow);
  expect(row).toMatchObject({ service: 'web', condition: 'steady', revision: 'default-web:1', running: 1 });
  expect((await stage.status()).map(statusRow)).toEqual([expect.objectContaining({ revision: 'default-web:1' })]);
  expect(changes(stage)).toEqual([]);
});

test('mode: list shows the revisions that a rollback can go to', async () => {
  const stage = await existing();
  await express(stage, NEXT);
  const { targets } = await stage.list();
  expect(targets.map(({ revision }) => revision.arn.split('/').at(-1))).toEqual(['default-web:2', 'default-web:1']);
});

test('mode: plan of what runs foresees nothing; of another image a revision and no setting', async () => {
  const stage = await existing();
  expect(await planned(stage, { service: 'web', image: 'example.com/app:1' })).toMatchObject({ updates: false });
  const next = await planned(stage, NEXT);
  expect(next.updates).toBe(true);
  expect(next.creates).toBeUndefined();
  expect(next.settings ?? []).toEqual([]);
  expect(changes(stage)).toEqual([]);
});

describe('mode: rollback', () => {
  test('to a revision that does not fit Express Mode is refused before anything is changed', async () => {
    const stage = await existing();
    await express(stage, NEXT);
    stage.simulator.call('RegisterTaskDefinition', definitionOf('default-web', 'example.com/app:3') as never);
    stage.simulator.wire.calls.length = 0;
    const refused = await stage.rollback('default-web:3', { preflight: 'false' }).catch((thrown) => thrown);
    expect(refused).toMatchObject({ code: 'INVALID_TASK_DEFINITION' });
    expect((refused as Failure).mistakes[0]?.remedy).toContain('`Main`');
    expect(changes(stage)).toEqual([]);
  });

  test('while a bad deployment is under way ends that one', async () => {
    const stage = await begun({ startSeconds: 900 });
    const outcome = await stage.rollback(undefined, { preflight: 'false' });
    expect(outcome.kind).toBe('deployed');
    stage.clock.advance(900);
    expect(imageOf(stage)).toContain('app:1');
    expect(stage.count('UpdateExpressGatewayService')).toBe(0);
  });
});

describe('a cancel', () => {
  const cancelAfter = (stage: Stage, operation: string, times = 1): void => {
    let left = times;
    stage.simulator.wire.faults.push((call) => {
      if (call.operation === operation && --left === 0)
        stage.clock.after(0.01, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
      return undefined;
    });
  };

  test.each([
    ['leave', 'cancelled', 'app:2'],
    ['rollback', 'cancelled', 'app:1'],
  ])('with on-cancel: %s in the canary', async (onCancel, kind, image) => {
    const stage = await existing();
    stage.simulator.script.at(200, () => stage.cancel.abort(new Failure('CANCELLED', 'The run was cancelled.')));
    const outcome = await express(stage, { ...NEXT, 'on-cancel': onCancel });
    expect(outcome.kind).toBe(kind);
    stage.clock.advance(1500);
    expect(imageOf(stage)).toContain(image);
  });

  test.each([
    ['THROTTLED', new ApiException('ThrottlingException', 'Rate exceeded')],
    ['nothing', undefined],
  ])('after ECS has accepted the update (%s): the revision stays, and post follows it', async (_, fault) => {
    const stage = await existing();
    // The service shows the deployment late.
    let accepted = false;
    stage.simulator.wire.faults.push(({ operation }) => {
      if (operation === 'UpdateExpressGatewayService') accepted = true;
      return accepted && operation === 'DescribeServices' && stage.cancel.signal.aborted === false ? fault : undefined;
    });
    cancelAfter(stage, 'UpdateExpressGatewayService');
    const ended = await express(stage, NEXT).catch((thrown) => thrown);
    expect(ended.code ?? ended.kind).toMatch(/cancelled/i);
    expect(revisionsOf(stage)).toEqual(['default-web:1', 'default-web:2']);
    const told = await stage.post();
    expect(told?.headline ?? ended.headline).toMatch(/ECS continues to roll out default-web:2/);
    stage.clock.advance(1500);
    expect(imageOf(stage)).toContain('app:2');
  });

  test('after ECS has accepted the creation: post knows the service', async () => {
    const stage = new Stage();
    cancelAfter(stage, 'CreateExpressGatewayService');
    const ended = await express(stage, OFFICIAL).catch((thrown) => thrown);
    expect(ended.code ?? ended.kind).toMatch(/cancelled/i);
    expect((await stage.post())?.headline ?? ended.headline).toMatch(/ECS continues to roll out default-web:1/);
  });
});

describe('an accepted call whose result cannot be read', () => {
  test.each([
    ['UpdateExpressGatewayService', true],
    ['CreateExpressGatewayService', false],
  ])('after %s is neither sent again nor taken back', async (operation, exists) => {
    const stage = exists ? await existing() : new Stage();
    let accepted = false;
    stage.simulator.wire.faults.push((call) => {
      if (call.operation === operation) accepted = true;
      return accepted && call.operation === 'DescribeServices'
        ? new ApiException('AccessDeniedException', 'not authorized to perform: ecs:DescribeServices')
        : undefined;
    });
    await expect(express(stage, exists ? NEXT : OFFICIAL)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect([stage.count(operation), stage.count('DeregisterTaskDefinition')]).toEqual([1, 0]);
    stage.simulator.wire.faults.length = 0;
    expect((await stage.post())?.headline).toMatch(/ECS continues to roll out default-web:\d/);
  });

  test.each(['500', 'acts'])('CreateExpressGatewayService whose answer is lost is one service (%s)', async (kind) => {
    const stage = new Stage();
    let calls = 0;
    stage.simulator.wire.faults.push(({ operation, input }) => {
      if (operation !== 'CreateExpressGatewayService' || ++calls > 1) return undefined;
      if (kind === 'acts') stage.simulator.call('CreateExpressGatewayService', input as never);
      return new ApiException('ServerException', 'Service Unavailable.', 500);
    });
    expect(await express(stage, OFFICIAL)).toMatchObject({ kind: 'deployed' });
  });
});

describe('several services', () => {
  const LIST = `- service: web\n  image: example.com/app:2\n- service: worker\n  task-definition: worker.json\n`;
  const both = async (): Promise<Stage> => {
    const stage = await existing();
    stage.simulator.call('RegisterTaskDefinition', definitionOf('worker', 'example.com/worker:1') as never);
    stage.simulator.call('CreateService', {
      serviceName: 'worker',
      taskDefinition: 'worker',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
    stage.files.set('worker.json', JSON.stringify(definitionOf('worker', 'example.com/worker:2')));
    stage.clock.advance(120);
    stage.simulator.wire.calls.length = 0;
    return stage;
  };

  test('one of Express Mode and another', async () => {
    const stage = await both();
    expect(endsOf(await deployServices(stage, LIST, { given: { preflight: 'false' } }))).toEqual([
      'web: deployed',
      'worker: deployed',
    ]);
    expect(imageOf(stage)).toContain('app:2');
    expect(runs(stage, 'worker')).toBe('worker:2');
    expect(await postServices(stage)).toEqual([]);
  });

  test('one that fails takes the other back', async () => {
    const stage = await both();
    stage.simulator.script.image('worker:2', { exit: { afterSeconds: 2, code: 1 } });
    expect(
      endsOf(await deployServices(stage, LIST, { given: { preflight: 'false', 'rollback-scope': 'all' } })),
    ).toEqual(['web: rolled-back', 'worker: rolled-back']);
    stage.clock.advance(1500);
    expect(imageOf(stage)).toContain('app:1');
  });
});

/** What follows the watch is as in every other deployment. */
const UNWATCHED = { 'wait-for-service-stability': 'false' };

describe.each(['asked', 'answered'] as const)('killed at any call (when it is %s)', (when) => {
  test.each([
    ['an update', { ...NEXT, ...UNWATCHED }, async () => existing(), 2],
    ['a creation', { ...OFFICIAL, ...UNWATCHED }, async () => new Stage(), 1],
  ] as const)(
    '%s: post reports it, and the next attempt ends with one deployment and no orphan',
    async (_, given, make, revisions) => {
      const whole = await make();
      await express(whole, given);
      const writes = whole.simulator.wire.calls.flatMap(({ operation }, index) =>
        /^(Create|Register|Update|Tag)/.test(operation) ? [index + 1] : [],
      );
      // Each write, and the last question before them.
      const calls = [(writes[0] ?? 1) - 1, ...writes].filter((call) => call > 0);
      let killed = 0;
      for (const call of calls) {
        const stage = await make();
        if ((await killAt(stage, { call, when }, (world) => express(stage, given, world))) === 'ended') break;
        killed++;
        const announced = stage.states.has('rollout');
        const told = await stage.post();
        expect([call, told?.kind]).toEqual([call, announced ? 'cancelled' : undefined]);
        const again = await express(
          stage,
          given,
          stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' }),
        );
        expect([call, again.kind]).toEqual([call, expect.stringMatching(/^(started|unchanged)$/)]);
        stage.clock.advance(900);
        // Post deregisters one that was not deployed; it is registered again.
        expect([call, revisionsOf(stage).length]).toEqual([call, revisions]);
        expect([call, stage.service().deployments.length]).toEqual([call, 1]);
        expect([call, stage.count('CreateExpressGatewayService') + stage.count('UpdateExpressGatewayService')]).toEqual(
          [call, 1],
        );
      }
      expect(killed).toBe(calls.length);
    },
  );
});

describe('inputs that would have no effect', () => {
  const read = (given: Readonly<Record<string, string>>) =>
    parseInputs(new Map(Object.entries({ 'aws-region': 'eu-west-1', service: 'web', ...given })), {
      context: CONTEXT,
      env: {},
      yaml: parseYaml,
    });

  test('mutate-tags-on-update without tags would remove all of them', () => {
    expect(() => read({ ...OFFICIAL, 'mutate-tags-on-update': 'true' })).toThrow(
      expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'mutate-tags-on-update' })] }),
    );
  });

  test.each(['rollback', 'watch', 'list', 'continue', 'status', 'task'])('mode: %s remarks them', (mode) => {
    const { notes } = read({
      mode,
      'health-check-path': '/health',
      'max-task-count': '3',
      ...(mode === 'task' ? { 'task-definition-family': 'web' } : {}),
    });
    expect(notes.join('\n')).toMatch(/`health-check-path`.*`max-task-count`.*not used/);
  });

  test.each([
    [
      {
        'alternate-target-group': 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/b/0123456789abcdef',
      },
    ],
    [{ 'bake-time-minutes': '5' }],
    [{ 'minimum-healthy-percent': '50' }],
    [{ 'health-check-grace-period-seconds': '60' }],
    [{ 'enable-execute-command': 'true' }],
    [{ 'propagate-tags': 'SERVICE' }],
    [{ 'platform-version': '1.4.0' }],
    [{ 'min-capacity': '2' }],
    [{ 'codedeploy-application': 'web' }],
    [{ alarms: 'errors' }],
  ])('%j is refused for an Express Mode service, before anything is changed', async (given) => {
    const stage = await existing();
    const refused = await express(stage, { ...NEXT, ...(given as Record<string, string>) }).catch((thrown) => thrown);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT' });
    expect(changes(stage)).toEqual([]);
    expect(requests(stage, 'UpdateExpressGatewayService')).toEqual([]);
  });
});
