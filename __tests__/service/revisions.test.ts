import { Failure } from '../../src/failure.ts';
import type { Revision } from '../../src/model.ts';
import { deregisterUnused, liveRevision } from '../../src/service/revisions.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7';
const refuse = (code: 'ACCESS_DENIED' | 'NOT_FOUND') => async () => Promise.reject(new Failure(code, 'refused'));

test('a revision is read by its ARN', async () => {
  const revision = { arn: ARN, family: 'web', revision: 7 } as Revision;
  expect(await liveRevision(ARN, { describeTaskDefinition: async () => revision })).toBe(revision);
});

test('one that IAM does not let us read is known by its name alone', async () => {
  expect(await liveRevision(ARN, { describeTaskDefinition: refuse('ACCESS_DENIED') })).toEqual({
    arn: ARN,
    family: 'web',
    revision: 7,
    unseen: true,
  });
});

test('any other error ends the run', async () => {
  await expect(liveRevision(ARN, { describeTaskDefinition: refuse('NOT_FOUND') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('a revision that cannot be deregistered is reported and changes no outcome', async () => {
  const asked: string[] = [];
  const done = async (arn: string) => void asked.push(arn);
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: done })).toEqual({ kind: 'done' });
  expect(asked).toEqual([ARN]);
  const shared = async () => 'in-use' as const;
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: shared })).toEqual({ kind: 'in-use' });
  expect(await deregisterUnused({ arn: ARN }, { deregisterTaskDefinition: refuse('ACCESS_DENIED') })).toEqual({
    kind: 'failed',
    why: 'refused',
  });
});
