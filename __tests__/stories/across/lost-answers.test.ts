import { deny, odd, Simulator } from '../../../simulator/simulator.ts';
import { ApiException } from '../../../simulator/wire/service.ts';
import { diagnoseFailure } from '../../../src/diagnosis/diagnose.ts';
import { asFailure } from '../../../src/failure.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Answers that get lost on their way back, or are not AWS's, in the middle of a deploy. */
const app = (image: string) => ({
  containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image }],
});
function stage(): Stage {
  const made = new Stage().withService();
  made.template(app('example.com/app:2'));
  return made;
}
const KINDS = [
  'truncated',
  'html',
  'empty',
  '{}',
  'json',
  'redirect',
  '400',
  '407',
  '408',
  '500',
  '502',
  '503',
] as const;

test.each(KINDS)('the answer of UpdateService, which ECS carried out, is lost (%s): one deployment', async (kind) => {
  const made = stage();
  const lost = odd('UpdateService', kind, { times: 1, acts: true });
  if (lost) made.simulator.wire.disturbances.push(lost);
  // Forced: a second call would begin a second deployment even for the same revision.
  const outcome = await made.deploy({ 'force-new-deployment': 'true' });
  expect(outcome.kind).toBe('deployed');
  expect(made.count('UpdateService')).toBe(1);
  expect(made.revisions()).toEqual(['web:1', 'web:2']);
});

test.each(KINDS)('UpdateService is lost on its way to ECS (%s): sent again, one deployment', async (kind) => {
  const made = stage();
  const lost = odd('UpdateService', kind);
  if (lost) made.simulator.wire.disturbances.push(lost);
  const outcome = await made.deploy({ 'force-new-deployment': 'true' });
  expect(outcome.kind).toBe('deployed');
  expect(made.count('UpdateService')).toBe(2);
});

test.each(KINDS)('the answer of RegisterTaskDefinition is lost (%s): one revision', async (kind) => {
  const made = stage();
  const lost = odd('RegisterTaskDefinition', kind, { times: 1, acts: true });
  if (lost) made.simulator.wire.disturbances.push(lost);
  expect((await made.deploy({})).kind).toBe('deployed');
  expect(made.revisions()).toEqual(['web:1', 'web:2']);
});

test('a deployment of another run that started while the answer was lost is not replaced', async () => {
  const made = stage();
  made.simulator.call('RegisterTaskDefinition', { ...TASK_DEFINITION, ...app('example.com/app:other') });
  let lost = false;
  made.simulator.wire.disturbances.push(({ operation }) => {
    if (operation !== 'UpdateService' || lost) return undefined;
    lost = true;
    made.simulator.call('UpdateService', { service: 'web', taskDefinition: 'web:2' });
    return { instead: { status: 502, body: '' } };
  });
  await expect(made.deploy({})).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('web:2') });
  expect(made.count('UpdateService')).toBe(1);
});

test('a revision that ECS does not find right after its registration is waited for', async () => {
  const made = stage();
  let left = 2;
  made.simulator.wire.faults.push(({ operation }) =>
    operation === 'UpdateService' && left-- > 0
      ? new ApiException('ClientException', 'TaskDefinition not found.')
      : undefined,
  );
  expect((await made.deploy({})).kind).toBe('deployed');
  expect(made.count('UpdateService')).toBe(3);
});

test.each(KINDS)('every fifth answer in the wait is odd (%s), and the deploy ends well', async (kind) => {
  const made = stage();
  let looks = 0;
  const once = () => odd('DescribeServices', kind);
  made.simulator.wire.disturbances.push((call) => {
    if (call.operation !== 'DescribeServices') return undefined;
    looks += 1;
    return looks % 5 === 0 ? once()?.(call) : undefined;
  });
  expect((await made.deploy({})).kind).toBe('deployed');
  expect(looks).toBeGreaterThan(5);
});

test('a refusal that ends the watch does not take away the rollback', async () => {
  const made = stage();
  made.simulator.model.behaviours.set('example.com/app:2', { startSeconds: 10_000 });
  made.clock.after(30, () => made.simulator.wire.faults.push(deny('ecs:DescribeServices')));
  await expect(made.deploy({})).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
    state: expect.stringMatching(
      /asked to roll back to web:1 \(StopServiceDeployment\); the result could not be watched\. At the last successful poll, web:1 serves: 2 of 2\.$/,
    ),
  });
  made.clock.advance(600);
  expect(made.service().taskDefinition).toMatch(/web:1$/);
});

test('with `rollback-on-failure: false` it says how to undo the deployment', async () => {
  const made = stage();
  made.simulator.model.behaviours.set('example.com/app:2', { startSeconds: 10_000 });
  made.clock.after(30, () => made.simulator.wire.faults.push(deny('ecs:DescribeServices')));
  await expect(made.deploy({ 'rollback-on-failure': 'false' })).rejects.toMatchObject({
    state: expect.stringMatching(/--task-definition web:1.* At the last successful poll, web:1 serves: 2 of 2\.$/),
  });
  expect(made.count('StopServiceDeployment')).toBe(0);
});

/** Every call but those of STS, from then on. */
const expired = ({ service }: { readonly service: string }) =>
  service === 'sts' ? undefined : new ApiException('ExpiredTokenException', 'The security token is expired');

test('credentials that end in the wait: what ECS continues with and how to undo it, beside the remedy for the credentials', async () => {
  const made = stage();
  made.simulator.model.behaviours.set('example.com/app:2', { startSeconds: 10_000 });
  made.clock.after(30, () => made.simulator.wire.faults.push(expired));
  const failure = asFailure(await made.deploy({}).catch((thrown: unknown) => thrown));
  const told = diagnoseFailure(failure).describe();
  expect(told).toMatch(/^The AWS credentials of the step have expired/);
  expect(told).toMatch(
    /The rollback to web:1 could not be started: .*expired\. ECS continues to roll out web:2\. To undo it: .*--task-definition web:1/,
  );
  expect(told).toContain('What to do: ');
});

test('credentials that end in the wait for a rollback: it was begun, and has not failed', async () => {
  const made = stage();
  made.simulator.model.behaviours.set('example.com/app:2', { exit: { afterSeconds: 2, code: 1 } });
  made.simulator.wire.faults.push((call) =>
    made.count('StopServiceDeployment') > 0 && call.operation !== 'StopServiceDeployment' ? expired(call) : undefined,
  );
  const outcome = await made.deploy({});
  expect([outcome.kind, outcome.underWay]).toEqual(['failed', true]);
  expect(outcome.headline).toMatch(
    /exit code 1.* ECS was asked to roll back to web:1 \(StopServiceDeployment\) and continues; the result could not be watched: .*expired\. Now /,
  );
  made.simulator.wire.faults.splice(0);
  made.clock.advance(600);
  expect(made.service().taskDefinition).toMatch(/web:1$/);
});

test('silence for the no-progress limit ends the watch, and no earlier', async () => {
  const made = stage();
  const start = made.clock.now();
  made.clock.after(10, () =>
    made.simulator.wire.faults.push(({ operation }) =>
      operation === 'DescribeServices' ? new ApiException('ServerException', 'Service Unavailable', 503) : undefined,
    ),
  );
  await expect(made.deploy({ 'no-progress-minutes': '5' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(made.clock.now() - start).toBeGreaterThan(300);
  expect(made.clock.now() - start).toBeLessThan(480);
});

test('calls that are made side by side take as long as the longest, by the virtual clock', async () => {
  const { clock } = new Stage();
  const simulator = new Simulator(clock);
  const start = clock.now();
  await Promise.all([clock.sleep(3), clock.sleep(1).then(() => clock.sleep(1)), clock.sleep(2)]);
  expect(clock.now() - start).toBe(3);
  expect(simulator.wire.now()).toBe(clock.now());
});
