import { Failure, type FailureCode } from '../../src/failure.ts';
import type { Inputs } from '../../src/inputs/types.ts';
import type { ServiceDeployment } from '../../src/model.ts';
import type { Ecs, World } from '../../src/ports.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import { undo } from '../../src/stories/handover.ts';
import type { Run } from '../../src/stories/run.ts';
import { cancelled, type Facts, rollBackUnwatched, settle } from '../../src/stories/settle.ts';
import type { FinalVerdict } from '../../src/watch/verdict.ts';
import {
  deployment,
  diagnosis,
  look,
  OLD,
  old,
  ours,
  revision,
  revisionArn,
  service,
  serviceDeployment,
  TASK_A,
  task,
} from '../report/made.ts';

type Answers = { readonly [verb in keyof Ecs]?: unknown };
/** ECS as these answers make it; `[]` to all other questions. */
function stage(
  answers: Answers = {},
  given: { readonly mode?: string; readonly recovery?: object; readonly seen?: object } = {},
) {
  const calls: string[] = [];
  const steps: string[] = [];
  const ecs = new Proxy({} as Ecs, {
    get:
      (_, verb: keyof Ecs) =>
      async (...asked: unknown[]) => {
        calls.push(verb);
        const answer = answers[verb];
        if (answer instanceof Error) throw answer;
        return typeof answer === 'function' ? answer(...asked) : (answer ?? []);
      },
  });
  let now = deployment.startedAt;
  const clock = { now: () => now++, sleep: async () => undefined, random: () => 0 };
  const run = {
    inputs: {
      mode: given.mode ?? 'deploy',
      watch: { onPause: 'wait' },
      recovery: { rollbackOnFailure: true, deregisterFailedRevision: true, onCancel: 'leave', ...given.recovery },
    } as unknown as Inputs,
    world: { ecs, clock, signal: new AbortController().signal } as unknown as World,
    progress: {
      step: (text: string) => void steps.push(text),
      lastSeen: () => given.seen,
      watching: () => () => undefined,
    },
  } as unknown as Run;
  return { calls, steps, run };
}

/** Revisions 42, 41 and 40, of which a rollback could go to the last. */
const FAMILY: Answers = {
  listTaskDefinitions: [42, 41, 40].map(revisionArn),
  describeTaskDefinition: (arn: string) => revision(Number(arn.split(':').at(-1))),
};
const OTHERS = ' Older revisions that can be rolled back to: web:40.';
/** One answer after the other, and the last again and again. */
const inTurn =
  (...answers: unknown[]) =>
  () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };

const running = service([ours({ runningCount: 2 })]);
const seen = look(5, running.deployments, { diagnoses: [diagnosis()] });
const facts: Facts = {
  deployment,
  revision: revision(42),
  previous: revision(41),
  differences: [],
  diagnoses: [],
  warnings: ['w'],
  timeline: [],
};
const NOW = ' Now web:42 serves: 2 of 2.';
const ORIGIN = { untouched: false, registered: true };
const settled = (
  verdict: FinalVerdict,
  { run }: ReturnType<typeof stage>,
  more: { origin?: object; seen?: object; facts?: object } = {},
) =>
  settle(
    {
      facts: { ...facts, ...more.facts },
      watched: { verdict, snapshot: { ...seen, ...more.seen } },
      origin: { ...ORIGIN, ...more.origin },
    },
    run,
  );
const success = (runningCount: number): FinalVerdict => ({
  kind: 'succeeded',
  runningCount,
  digests: {},
  warnings: ['v'],
});
const restored = service([old(2, { status: 'PRIMARY', rolloutState: 'COMPLETED' })], {
  taskDefinitionArn: revisionArn(41),
});
const FAILED: FinalVerdict = { kind: 'failed', reason: 'It failed.', causes: [] };

test.each<[string, FinalVerdict, boolean, string, string]>([
  ['some tasks', success(2), false, 'deployed', 'web:42 runs: 2 tasks.'],
  ['one task', success(1), false, 'deployed', 'web:42 runs: 1 task.'],
  ['the same', success(2), true, 'unchanged', 'web:42 already runs: 2 tasks. Nothing was changed.'],
  [
    'no task',
    success(0),
    false,
    'deployed',
    'web:42 is deployed with a desired count of 0: no task runs, so nothing was verified.',
  ],
  [
    'the same without a task',
    success(0),
    true,
    'unchanged',
    'web:42 is already deployed with a desired count of 0: no task runs, so nothing was verified.',
  ],
  [
    'a newer one',
    { kind: 'superseded', byDeployment: OLD, byTaskDefinition: revisionArn(43) },
    false,
    'superseded',
    `A newer deployment took over: ${OLD} with web:43.`,
  ],
  ['a hook', { kind: 'paused', hook: 'the hook' }, false, 'paused', 'web:42 is paused at the hook.'],
  ['a stop', { kind: 'stopped', reason: 'Stopped.' }, false, 'failed', 'Stopped.'],
  [
    'ECS back',
    { kind: 'rolled-back', to: revisionArn(41), reason: 'It failed.', causes: [] },
    false,
    'rolled-back',
    'It failed. ECS rolled back to web:41.',
  ],
  [
    'ECS back somewhere',
    { kind: 'rolled-back', reason: 'It failed.', causes: [] },
    false,
    'rolled-back',
    'It failed. ECS rolled back to the revision before.',
  ],
])('the end: %s', async (_, verdict, untouched, kind, headline) => {
  const { calls, steps, run } = stage();
  const good = verdict.kind === 'succeeded';
  const outcome = await settled(verdict, { calls, steps, run }, { origin: { untouched } });
  expect(outcome).toMatchObject({ kind, headline: `${headline}${NOW}`, verdict, service: running });
  expect(outcome.diagnoses).toEqual(good ? [] : [diagnosis()]);
  expect(outcome.warnings).toEqual(good ? ['w', 'v'] : ['w']);
  expect(outcome).not.toHaveProperty('serviceDeploymentArn');
  expect(calls).toEqual(kind === 'rolled-back' ? ['deregisterTaskDefinition'] : []);
  expect(steps).toEqual(kind === 'rolled-back' ? ['deregistered web:42'] : []);
});

describe('the revision of a deployment that was rolled back', () => {
  const back: FinalVerdict = { kind: 'rolled-back', reason: 'It failed.', causes: [] };
  test('stays where it is not to be deregistered, or not of this run', async () => {
    const kept = stage({}, { recovery: { deregisterFailedRevision: false } });
    await settled(back, kept);
    const theirs = stage();
    await settled(back, theirs, { origin: { registered: false } });
    const unknown = stage();
    await settled(back, unknown, { facts: { revision: undefined } });
    expect([kept.calls, theirs.calls, unknown.calls]).toEqual([[], [], []]);
  });
  test('that ECS does not deregister is a warning', async () => {
    const refused = stage({ deregisterTaskDefinition: new Failure('REFUSED', 'No.') });
    expect((await settled(back, refused)).warnings).toEqual(['w', 'web:42 could not be deregistered: No.']);
    expect(refused.steps).toEqual([]);
  });
  test('names its service deployment', async () =>
    expect(await settled(back, stage(), { seen: { serviceDeployment: serviceDeployment() } })).toMatchObject({
      serviceDeploymentArn: serviceDeployment().arn,
    }));
});

test.each<[string, Answers, string, string[]?]>([
  ['has what else there is', FAMILY, 'rollback', ['web:40']],
  ['has none where there is nothing else', {}, 'rollback'],
  ['is none for a deploy', FAMILY, 'deploy'],
])('the target of a rollback that failed %s', async (_, answers, mode, targets = undefined) => {
  const back = { kind: 'rolled-back', reason: 'It failed.', causes: [] } as const;
  const outcome = await settled(back, stage(answers, { mode }), { seen: { service: restored } });
  expect(outcome.rollback?.targets).toEqual(targets);
  expect(outcome.warnings).toEqual(['w']);
});

describe('a failure', () => {
  test.each<[string, object, object]>([
    ['by the inputs', { rollbackOnFailure: false }, {}],
    ['of what this run did not begin', {}, { untouched: true }],
  ])('is left as it is %s', async (_, recovery, origin) => {
    const left = stage({}, { recovery });
    expect(await settled(FAILED, left, { origin })).toMatchObject({ kind: 'failed', headline: `It failed.${NOW}` });
    expect(left.calls).toEqual([]);
  });

  const { previousTaskDefinitionArn: _, ...first } = deployment;
  test('of a first deployment has nothing to go back to', async () =>
    expect(await settled(FAILED, stage(FAMILY), { facts: { deployment: first } })).toMatchObject({
      kind: 'failed',
      headline: `It failed. Nothing was rolled back: no revision is known to have run before.${OTHERS}${NOW}`,
    }));

  const newer = service([ours({ id: 'ecs-svc/3', taskDefinitionArn: revisionArn(43) }), ours({ status: 'ACTIVE' })]);
  test('of what was replaced is not rolled back', async () =>
    expect((await settled(FAILED, stage({ describeServices: [newer] }))).headline).toBe(
      `It failed. Nothing was rolled back: ecs-svc/3 with web:43 has taken over.${NOW}`,
    ));

  test('that ECS rolls back is followed to its end', async () => {
    const followed = stage({ describeServices: [restored] });
    expect(await settled(FAILED, followed)).toMatchObject({
      kind: 'rolled-back',
      headline: 'It failed. Rolled back to web:41. Now web:41 serves: 2 of 2.',
    });
    expect(followed.steps).toEqual(['rolling back to web:41 (ECS)', 'deregistered web:42']);
    const elsewhere = stage({ describeServices: [{ ...restored, taskDefinitionArn: revisionArn(40) }] });
    expect((await settled(FAILED, elsewhere)).headline).toContain('Rolled back to web:40.');
  });

  test('that was rolled back, but not for long', async () => {
    const more = { describeServices: inTurn([restored], [newer]) };
    expect(await settled(FAILED, stage(more))).toMatchObject({
      kind: 'failed',
      headline: `It failed. The rollback to web:41 was replaced by ecs-svc/3 with web:43. Now nothing serves: 0 of 2.`,
      service: newer,
    });
  });

  const again = (rolloutState: 'COMPLETED' | 'FAILED') =>
    service([old(2, { id: 'ecs-svc/3', status: 'PRIMARY', rolloutState, rolloutStateReason: 'odd words' })], {
      taskDefinitionArn: revisionArn(41),
    });
  const deployed = (end: ReturnType<typeof again>) =>
    stage({ ...FAMILY, describeServices: inTurn([running], [end]), updateService: end });
  test('that this run rolls back', async () => {
    const done = deployed(again('COMPLETED'));
    expect(await settled(FAILED, done)).toMatchObject({
      kind: 'rolled-back',
      headline: 'It failed. Rolled back to web:41. Now web:41 serves: 2 of 2.',
    });
    expect(done.steps[0]).toBe('rolling back to web:41 (UpdateService)');
  });
  test('that this run cannot roll back', async () => {
    const outcome = await settled(FAILED, deployed(again('FAILED')));
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toMatch(
      /^web:42 failed: It failed\. The rollback to web:41 failed as well: odd words\. Older revisions that can be rolled back to: web:40\. Now web:41 serves: 2 of 2\.$/,
    );
    expect(outcome.diagnoses[0]).toEqual(diagnosis());
    expect(outcome.failedRollback).toMatchObject({ to: revisionArn(41), targets: ['web:40'] });
  });

  test.each<[string, Failure, string]>([
    ['cannot be started', new Failure('REFUSED', 'No'), 'could not be started: No.'],
    [
      'is cancelled',
      new Failure('CANCELLED', 'No'),
      'The run was cancelled during the rollback to web:41, which ECS continues.',
    ],
  ])('whose rollback %s', async (__, refusal, words) => {
    const outcome = await settled(FAILED, stage({ describeServices: refusal }));
    expect(outcome.kind).toBe('failed');
    expect(outcome.headline).toBe(
      `It failed. ${refusal.code === 'REFUSED' ? 'The rollback to web:41 ' : ''}${words}${NOW}`,
    );
    expect(outcome.underWay).toBe(refusal.code === 'CANCELLED' ? true : undefined);
  });

  const underWay = (status: string): ServiceDeployment =>
    serviceDeployment({ status, targetServiceRevisionArn: 'x/2222222222222222222', startedAt: deployment.startedAt });
  test('whose rollback cannot be watched was asked for', async () => {
    const unseen = stage({ describeServices: new Failure('ACCESS_DENIED', 'No') });
    const outcome = await settled(FAILED, unseen, { seen: { serviceDeployment: underWay('IN_PROGRESS') } });
    expect(outcome.headline).toBe(
      `It failed. ECS was asked to roll back to web:41 (StopServiceDeployment) and continues; the result could not be watched: No.${NOW}`,
    );
    expect(outcome.underWay).toBe(true);
  });

  test('whose rollback failed has both causes', async () => {
    const given = underWay('ROLLBACK_FAILED');
    const inVain = stage({ ...FAMILY, describeServices: [running] });
    const outcome = await settled({ ...FAILED, causes: [diagnosis({ cause: 'No image' })] }, inVain, {
      seen: { serviceDeployment: { ...given, statusReason: 'ECS gave up' } },
    });
    expect(outcome.headline).toBe(
      `web:42 failed: No image. The rollback to web:41 failed as well: ECS gave up.${OTHERS}${NOW}`,
    );
    expect(outcome.diagnoses).toEqual([diagnosis()]);
    expect(inVain.calls).not.toContain('listTasks');
    expect(outcome.failedRollback).toEqual({ to: revisionArn(41), cause: 'ECS gave up.', targets: ['web:40'] });
  });

  const restoredInVain = service([old(0, { status: 'PRIMARY', rolloutState: 'FAILED' }), ours({ status: 'ACTIVE' })]);
  const inVain = {
    service: restoredInVain,
    serviceDeployment: { ...underWay('ROLLBACK_FAILED'), statusReason: 'ECS gave up' },
  };
  test('whose rollback failed by its own tasks has their cause', async () => {
    const stopped = task(TASK_A, 'STOPPED', {
      startedBy: OLD,
      taskDefinitionArn: revisionArn(41),
      stoppedReason: 'CannotPullContainerError: pull access denied for shop/old',
    });
    const looked = stage({
      describeServices: inTurn([restoredInVain]),
      listTasks: [stopped.arn],
      describeTasks: [stopped],
    });
    const outcome = await settled(FAILED, looked, { seen: inVain });
    expect(outcome.headline).toMatch(/The rollback to web:41 failed as well: .*pull the image shop\/old:.* Now/);
    expect(outcome.diagnoses.map(({ rule }) => rule)).toEqual(['image-not-found', 'image-pull-denied']);
    const known = { seen: { ...inVain, diagnoses: outcome.diagnoses.slice(1) } };
    expect((await settled(FAILED, looked, known)).diagnoses).toHaveLength(1);
    const worded = outcome.diagnoses.slice(1).map((one) => ({ ...one, cause: 'Else.' }));
    expect((await settled(FAILED, looked, { seen: { ...inVain, diagnoses: worded } })).diagnoses).toHaveLength(2);
  });
  test.each<[FailureCode, RegExp]>([
    ['REFUSED', /^web:42 failed: It failed\. The rollback to web:41 failed as well: ECS gave up\./],
    ['CANCELLED', /^It failed\. The run was cancelled during the rollback to web:41/],
  ])('whose rollback failed, and cannot be looked at: %s', async (code, headline) => {
    const unseen = stage({ describeServices: inTurn([restoredInVain], new Failure(code, 'No')) });
    expect((await settled(FAILED, unseen, { seen: inVain })).headline).toMatch(headline);
  });
});

describe('a cancelled run', () => {
  const UNDO = undo(deployment);
  test('leaves the deployment, and says how to undo it', async () => {
    expect(UNDO).toContain('--task-definition web:41');
    const left = stage();
    const outcome = await cancelled({ ...facts, service: running }, left.run);
    expect(left.calls).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'cancelled',
      headline: `Cancelled; ECS continues to roll out web:42.${UNDO}${NOW}`,
      underWay: true,
    });
    expect((await cancelled(facts, stage().run)).headline).toBe(`Cancelled; ECS continues to roll out web:42.${UNDO}`);
    const last = await cancelled(facts, stage({}, { seen }).run);
    expect(last.headline).toContain(NOW);
    expect(last.service).toBe(seen.service);
  });
  test.each<[string, Answers, object, string]>([
    [
      'rolls back',
      { describeServices: [service([old(2, { status: 'PRIMARY' })])] },
      {},
      'ECS is rolling back to web:41 (ECS).',
    ],
    ['leaves a service that is gone', { describeServices: [] }, {}, `ECS continues to roll out web:42.${UNDO}`],
    [
      'has nothing before',
      {},
      { previousTaskDefinitionArn: undefined },
      'ECS continues to roll out web:42. Nothing was rolled back: no revision is known to have run before.',
    ],
    [
      'cannot',
      { describeServices: new Failure('REFUSED', 'No.') },
      {},
      `the rollback to web:41 could not be started: No. ECS continues to roll out web:42.${UNDO}`,
    ],
  ])('%s where the inputs want it', async (_, answers, more, headline) => {
    const given = { ...facts, deployment: { ...deployment, ...more } as Deployment };
    const { run } = stage(answers, { recovery: { onCancel: 'rollback' } });
    expect((await cancelled(given, run)).headline).toBe(`Cancelled; ${headline}`);
  });
});

test.each<[string, Answers, string | undefined]>([
  [
    'is asked for',
    { describeServices: [service([old(2, { status: 'PRIMARY' })])] },
    'ECS was asked to roll back to web:41 (ECS); the result could not be watched.',
  ],
  ['is not possible', { describeServices: [] }, undefined],
  [
    'is refused',
    { describeServices: new Failure('REFUSED', 'No') },
    `The rollback to web:41 could not be started: No. ECS continues to roll out web:42.${undo(deployment)}`,
  ],
])('the rollback of what cannot be watched %s', async (_, answers, words) =>
  expect(await rollBackUnwatched(deployment, undefined, stage(answers).run.world)).toBe(words),
);
