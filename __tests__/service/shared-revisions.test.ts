import { Failure } from '../../src/failure.ts';
import type { Revision, TaskDefinition } from '../../src/model.ts';
import type { Ecs } from '../../src/ports.ts';
import { sharedRevisions } from '../../src/service/shared-revisions.ts';

const definition = (image: string): TaskDefinition => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image }],
});
const TAGS = [{ key: 'team', value: 'web' }];

function registering(refuse = false) {
  const calls: string[] = [];
  let number = 0;
  let refused = refuse;
  const ecs = {
    registerTaskDefinition: async ({ family }: TaskDefinition) => {
      calls.push('register');
      if (refused) {
        refused = false;
        throw new Failure('REFUSED', 'no');
      }
      return { arn: `${family}:${++number}` } as Revision;
    },
    deregisterTaskDefinition: async (arn: string) => void calls.push(`deregister ${arn}`),
    describeTaskDefinition: async () => ({ arn: 'described' }) as Revision,
  } as unknown as Ecs;
  return { calls, ecs: sharedRevisions(ecs) };
}

test('equal definitions with equal tags are registered once, others each', async () => {
  const { ecs, calls } = registering();
  const arns = await Promise.all(
    [definition('a:1'), definition('a:1'), definition('b:1')].map((one) => ecs.registerTaskDefinition(one, TAGS)),
  );
  expect(arns.map(({ arn }) => arn)).toEqual(['web:1', 'web:1', 'web:2']);
  expect((await ecs.registerTaskDefinition(definition('a:1'), [])).arn).toBe('web:3');
  expect(calls).toEqual(['register', 'register', 'register']);
});

test('a shared revision is deregistered by the last service that gives it up', async () => {
  const { ecs, calls } = registering();
  await ecs.registerTaskDefinition(definition('a:1'), TAGS);
  await ecs.registerTaskDefinition(definition('a:1'), TAGS);
  expect(await ecs.deregisterTaskDefinition('web:1')).toBe('in-use');
  expect(calls).toEqual(['register']);
  expect(await ecs.deregisterTaskDefinition('web:1')).toBeUndefined();
  expect(calls).toEqual(['register', 'deregister web:1']);
});

test('one that was deregistered is registered again for the next service', async () => {
  const { ecs } = registering();
  const first = await ecs.registerTaskDefinition(definition('a:1'), TAGS);
  await ecs.deregisterTaskDefinition(first.arn);
  expect((await ecs.registerTaskDefinition(definition('a:1'), TAGS)).arn).toBe('web:2');
});

test('another revision is deregistered at once', async () => {
  const { ecs, calls } = registering();
  await ecs.registerTaskDefinition(definition('a:1'), TAGS);
  await ecs.registerTaskDefinition(definition('a:1'), TAGS);
  await ecs.deregisterTaskDefinition('web:9');
  expect(calls).toEqual(['register', 'deregister web:9']);
});

test('what ECS refused is asked for again by the next service', async () => {
  const { ecs, calls } = registering(true);
  await expect(ecs.registerTaskDefinition(definition('a:1'), TAGS)).rejects.toMatchObject({ code: 'REFUSED' });
  expect((await ecs.registerTaskDefinition(definition('a:1'), TAGS)).arn).toBe('web:1');
  await ecs.deregisterTaskDefinition('web:1');
  expect(calls).toEqual(['register', 'register', 'deregister web:1']);
});

test('a registration that two wait for and that fails is no revision of either', async () => {
  const { ecs, calls } = registering(true);
  const both = await Promise.allSettled([1, 2].map(() => ecs.registerTaskDefinition(definition('a:1'), TAGS)));
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await ecs.deregisterTaskDefinition('web:1');
  expect(calls).toEqual(['register', 'deregister web:1']);
});

test('all else of the port is as it was', async () => {
  const { ecs } = registering();
  expect((await ecs.describeTaskDefinition('x')).arn).toBe('described');
});
