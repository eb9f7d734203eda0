import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { hang, REGION, Simulator } from '../../simulator/simulator.ts';
import type { Listening } from '../../simulator/wire/wire.ts';
import { addRule, addSchedule, ecsTarget, revisionsOf } from '../support/schedules.ts';
import { steady } from '../support/steady.ts';

/** The bundle with real signals: a cancelled job, a runner that dies, and the job run again. */
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'cancel-'));
const definition = (image: string) => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image, memory: 64 }],
});
const SCALED = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/default/killed',
  ScalableDimension: 'ecs:service:DesiredCount',
  MinCapacity: 1,
  MaxCapacity: 10,
};
let server: Listening;

beforeAll(async () => {
  server = await simulator.listen();
  simulator.call('RegisterTaskDefinition', definition('app:1'));
  simulator.script.instance({});
});
afterAll(async () => {
  clock.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A service of its own for each case, so that none waits for another. */
async function withService(name: string): Promise<void> {
  simulator.call('CreateService', { serviceName: name, taskDefinition: 'web:1', desiredCount: 2 });
  await steady(simulator, name);
}

function run(
  service: string,
  image: string,
  inputs: Readonly<Record<string, string>> = {},
  interrupt?: { when: RegExp; signal: NodeJS.Signals },
): Promise<ActionRun> {
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition(image)));
  return runAction({
    inputs: { service, 'task-definition': 'task-definition.json', ...inputs },
    env: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
      GITHUB_SHA: 'c0ffee',
    },
    cwd: folder,
    ...(interrupt ? { interrupt } : {}),
  });
}

const begun = { when: /Deploying web:/, signal: 'SIGINT' } as const;
const revisionOf = (service: string): string =>
  String(
    (
      simulator.call('DescribeServices', { services: [service] }) as unknown as {
        services: { taskDefinition: string }[];
      }
    ).services[0]?.taskDefinition,
  );

/** With the next deployment the world stands still: however long main and post take to start, the rollout has not ended. */
function standStill(): void {
  simulator.wire.disturbances.push(({ operation }) => {
    if (operation === 'UpdateService') clock.hold();
    return undefined;
  });
}
afterEach(() => {
  simulator.wire.disturbances.length = 0;
  clock.go();
});

test('a cancelled run says what state the service is in and how to undo it; run again, it ends well', async () => {
  await withService('leave');
  standStill();
  const cancelled = await run('leave', 'app:2', {}, begun);
  expect(cancelled.exitCode).toBe(1);
  expect(cancelled.outputs.outcome).toBe('cancelled');
  expect(cancelled.log).toMatch(
    /ECS continues to roll out web:\d+\.%0A.*%0ANext: To undo the deployment, roll back to web:\d+:%0Aaws ecs update-service --/,
  );
  expect(cancelled.post.exitCode).toBe(0);
  expect(cancelled.post.log).toContain('ECS continues to roll out');
  simulator.wire.disturbances.length = 0;
  clock.go();
  const again = await run('leave', 'app:2');
  expect(again.exitCode).toBe(0);
  expect(again.outputs.outcome).toMatch(/deployed|unchanged/);
});

test('with on-cancel: rollback the service is rolled back, and post waits for the end', async () => {
  await withService('rollback');
  simulator.script.image('app:3', { startSeconds: 100_000 });
  const cancelled = await run('rollback', 'app:3', { 'on-cancel': 'rollback' }, begun);
  expect(cancelled.exitCode).toBe(1);
  expect(cancelled.log).toContain('ECS is rolling back to web:1');
  expect(cancelled.post.log).toContain('was rolled back to web:1');
  expect(revisionOf('rollback')).toMatch(/web:1$/);
});

test('a main that is killed leaves its report to post', async () => {
  await withService('killed');
  standStill();
  await simulator.autoScaling.handle('RegisterScalableTarget', SCALED, simulator.context);
  const suspended = () => simulator.autoScaling.targets.get(SCALED.ResourceId)?.suspended.DynamicScalingInSuspended;
  let left: unknown;
  simulator.wire.disturbances.push(({ operation }) => {
    if (operation === 'UpdateService') left = suspended();
    return undefined;
  });
  const killed = await run('killed', 'app:4', { autoscaling: 'suspend' }, { ...begun, signal: 'SIGKILL' });
  expect([left, suspended()]).toEqual([true, false]);
  expect(killed.post.log).toContain('the scale-in of service/default/killed is resumed.');
  expect(killed.outputs.outcome).toBeUndefined();
  expect(killed.post.exitCode).toBe(0);
  expect(killed.post.log).toMatch(/The run ended early; ECS continues to roll out web:\d+/);
  expect(killed.summary).toContain('web:');
});

test('a main that is killed while it moves schedules leaves the others to post', async () => {
  await withService('scheduled');
  for (const name of ['first', 'second']) await addSchedule(simulator, name, 'web:1');
  await addRule(simulator, 'last', [ecsTarget('one', 'web:1')]);
  const hangs = hang('PutTargets', 1);
  if (hangs) simulator.wire.disturbances.push(hangs);
  const schedules = 'schedule/default/first, schedule/default/second, rule/last';
  const killed = await run('scheduled', 'app:5', { schedules }, { when: /second: web:1 -> web:/, signal: 'SIGKILL' });
  const revision = revisionOf('scheduled').split('/').at(-1);
  expect(killed.post.log).toContain(`It was finished: 3 schedules now run ${revision}.`);
  expect(await revisionsOf(simulator, 'schedule/default/first', 'schedule/default/second', 'rule/last')).toEqual(
    Array.from({ length: 3 }, () => revision),
  );
});
