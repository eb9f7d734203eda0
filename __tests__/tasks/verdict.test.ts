import type { ContainerState, TaskState } from '../../src/model.ts';
import { exitCodesOf, judgeTask, mayBePlacedLater } from '../../src/tasks/verdict.ts';
import { explainUnplaced } from '../../src/watch/troubles.ts';

type Ended = Pick<ContainerState, 'name'> & Partial<Pick<ContainerState, 'exitCode' | 'reason'>>;
const task = (containers: readonly Ended[], more: Partial<TaskState> = {}): TaskState =>
  ({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers, ...more }) as TaskState;
const judge = (state: TaskState, essential: readonly string[] = ['app', 'proxy']) =>
  judgeTask(state, { container: 'app', essential });

test.each<[string, TaskState, ReturnType<typeof judgeTask>]>([
  ['a task that has not stopped', task([{ name: 'app', exitCode: 0 }], { lastStatus: 'RUNNING' }), { kind: 'running' }],
  ['exit code 0', task([{ name: 'app', exitCode: 0 }]), { kind: 'succeeded' }],
  ['another exit code, with its container', task([{ name: 'app', exitCode: 3 }]), { kind: 'failed', container: 'app' }],
  ['a container that never ran', task([{ name: 'app' }]), { kind: 'failed' }],
  ['a container that the task does not have', task([{ name: 'proxy', exitCode: 0 }]), { kind: 'failed' }],
  [
    'a task that somebody stopped',
    task([{ name: 'app', exitCode: 0 }], { stopCode: 'UserInitiated' }),
    { kind: 'failed' },
  ],
  [
    'a sidecar that ECS ended with SIGTERM',
    task([
      { name: 'app', exitCode: 0 },
      { name: 'proxy', exitCode: 143 },
    ]),
    { kind: 'succeeded' },
  ],
  [
    'a sidecar that ECS ended with SIGKILL',
    task([
      { name: 'proxy', exitCode: 137 },
      { name: 'app', exitCode: 0 },
    ]),
    { kind: 'succeeded' },
  ],
  [
    'a sidecar that ran out of memory: SIGKILL, but with a reason',
    task([
      { name: 'app', exitCode: 0 },
      { name: 'proxy', exitCode: 137, reason: 'OutOfMemoryError' },
    ]),
    { kind: 'failed', container: 'proxy' },
  ],
  [
    'a sidecar that failed',
    task([
      { name: 'app', exitCode: 0 },
      { name: 'proxy', exitCode: 1 },
    ]),
    { kind: 'failed', container: 'proxy' },
  ],
  [
    'an essential sidecar that never ran',
    task([{ name: 'app', exitCode: 0 }, { name: 'proxy' }]),
    { kind: 'failed', container: 'proxy' },
  ],
  [
    'one that is not essential may fail',
    task([
      { name: 'app', exitCode: 0 },
      { name: 'cache', exitCode: 1 },
    ]),
    { kind: 'succeeded' },
  ],
  [
    'ECS may not give the code of the stop',
    { ...task([{ name: 'app', exitCode: 0 }]), stopCode: undefined } as unknown as TaskState,
    { kind: 'succeeded' },
  ],
])('%s', (_, state, verdict) => {
  expect(judge(state)).toEqual(verdict);
});

test('exit codes by container', () => {
  expect(exitCodesOf(task([{ name: 'app', exitCode: 0 }, { name: 'proxy' }, { name: 'log', exitCode: 2 }]))).toEqual({
    app: 0,
    log: 2,
  });
});

test.each<[reason: string, launchType: string | undefined, rule: string, later: boolean]>([
  ['RESOURCE:CPU', 'EC2', 'insufficient-cpu', true],
  ['RESOURCE:MEMORY', 'EC2', 'insufficient-memory', true],
  ['ATTRIBUTE', 'EC2', 'missing-attribute', false],
  [
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    'FARGATE',
    'fargate-capacity',
    true,
  ],
  ['MISSING', undefined, 'unknown', false],
])('RunTask started nothing: %s', (reason, launchType, rule, later) => {
  const diagnosis = explainUnplaced(reason, launchType);
  expect([diagnosis.rule, mayBePlacedLater(diagnosis)]).toEqual([rule, later]);
  expect(diagnosis.evidence).toMatchObject({ text: reason, context: launchType === undefined ? {} : { launchType } });
});

test('a launch type that is not known is no part of the evidence', () => {
  expect(explainUnplaced('RESOURCE:CPU', undefined).evidence.context).toEqual({ oneOff: true });
});

test.each([
  [{ rule: 'a', nature: 'transient', subject: 'image', failure: 'missing' }, true],
  [{ rule: 'a', nature: 'permanent', subject: 'image', failure: 'missing' }, false],
  [{ rule: 'a', nature: 'unplaceable', subject: 'placement', failure: 'missing' }, true],
  [{ rule: 'missing-attribute', nature: 'unplaceable', subject: 'placement', failure: 'missing' }, false],
  [{ rule: 'a', nature: 'permanent', subject: 'capacity', failure: 'exhausted' }, true],
  [{ rule: 'a', nature: 'permanent', subject: 'capacity', failure: 'missing' }, false],
  [{ rule: 'a', nature: 'permanent', subject: 'volume', failure: 'exhausted' }, false],
] as const)('whether waiting helps: %j is %s', (diagnosis, later) => {
  expect(mayBePlacedLater(diagnosis as never)).toBe(later);
});
