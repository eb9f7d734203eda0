/** A recorded rollout, read with patience: recordings spell things differently and leave things out. */
export type Loose = Readonly<Record<string, unknown>>;

export interface Frame {
  /** Seconds since the deployment started. */
  readonly t: number;
  readonly events: readonly { readonly at?: number; readonly message: string }[];
  /** Undefined: as in the frame before. */
  readonly deployments: readonly Loose[] | undefined;
  readonly tasks: readonly Loose[];
  readonly serviceDeployment?: Loose;
  readonly desiredCount?: number;
  readonly serviceStatus?: string;
  /** How calls are refused while this frame lasts. */
  readonly apiErrors: readonly { readonly operation: string; readonly code: string; readonly message: string }[];
  readonly logs: readonly { readonly taskId: string; readonly container: string; readonly line: string }[];
}

export interface Scenario {
  readonly id: string;
  readonly service: Loose;
  readonly serviceName: string;
  readonly newDeploymentId: string;
  readonly newTaskDefinition: string;
  /** By time; at least one. */
  readonly frames: readonly Frame[];
}

export const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
export const number = (value: unknown, otherwise = 0): number => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : otherwise;
};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Loose[] => list(value).filter(isObject);

/** The first of several spellings that is there. */
const member = (object: Loose, ...names: readonly string[]): unknown =>
  names.map((name) => object[name]).find((value) => value !== undefined && value !== null);

/** Reads `service`, `newDeploymentId`, `newTaskDefinition`, `timeline` (and the id, to name it), and nothing else. */
export function parseScenario(value: unknown, index: number): Scenario {
  const given = isObject(value) ? value : {};
  const service = isObject(given.service) ? given.service : {};
  const timeline = objects(member(given, 'timeline', 'frames', 'states'));
  const frames = timeline.map(frameOf).sort((a, b) => a.t - b.t);
  const shown = frames.flatMap(({ deployments }) => deployments ?? []);
  const primary = frames[0]?.deployments?.find(({ status }) => status === 'PRIMARY');
  const newDeploymentId = text(given.newDeploymentId) || text(primary?.id) || 'ecs-svc/2222222222222222222';
  const ours = shown.find(({ id }) => text(id) === newDeploymentId);
  const named = frames.flatMap(({ events }) => events).map(({ message }) => /\(service ([\w-]+)/.exec(message)?.[1]);
  return {
    id: text(given.id) || `scenario-${index + 1}`,
    service,
    serviceName: text(service.serviceName) || (named.find((name) => name !== undefined) ?? 'web'),
    newDeploymentId,
    newTaskDefinition:
      text(given.newTaskDefinition) ||
      text(ours?.taskDefinition) ||
      'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
    frames: frames.length > 0 ? frames : [frameOf({})],
  };
}

const TIMES = ['t_seconds', 't', 'seconds', 'at', 'time'] as const;

function frameOf(frame: Loose): Frame {
  const errors = [...objects(frame.apiErrors), ...[frame.apiError, frame.error].filter(isObject)];
  const service = isObject(frame.service) ? frame.service : {};
  const desiredCount = member(frame, 'desiredCount') ?? service.desiredCount;
  const tasks = objects(frame.tasks);
  const deployments = Array.isArray(frame.deployments) ? objects(frame.deployments).map(deploymentOf) : undefined;
  const recorded = member(frame, 'serviceDeployment', 'service_deployment');
  const status = text(member(service, 'status') ?? frame.serviceStatus);
  return {
    t: number(member(frame, ...TIMES)),
    events: list(frame.events).flatMap((event) => {
      if (typeof event === 'string') return [{ message: event }];
      if (!isObject(event)) return [];
      const at = member(event, ...TIMES);
      return [{ message: text(event.message ?? event.text), ...(typeof at === 'number' ? { at } : {}) }];
    }),
    deployments,
    tasks,
    ...(isObject(recorded) ? { serviceDeployment: recorded } : {}),
    ...(desiredCount === undefined ? {} : { desiredCount: number(desiredCount) }),
    ...(status === '' ? {} : { serviceStatus: status }),
    apiErrors: errors.map((error) => ({
      operation: text(error.operation) || 'UpdateService',
      code: text(error.code ?? error.name) || 'ClientException',
      message: text(error.message),
    })),
    logs: [...logLines(frame.logs, tasks), ...tasks.flatMap(logsOfTask)],
  };
}

function deploymentOf(one: Loose): Loose {
  const counts = Object.fromEntries(
    ['desiredCount', 'runningCount', 'pendingCount', 'failedTasks'].map((name) => [name, number(one[name])]),
  );
  const { createdAt: _, updatedAt: __, ...rest } = one;
  return { ...rest, ...counts, id: text(member(one, 'id', 'deploymentId')), taskDefinition: text(one.taskDefinition) };
}

const idOf = (task: Loose): string => {
  const arn = text(member(task, 'taskId', 'task_id', 'id', 'taskArn', 'arn'));
  return arn.slice(arn.lastIndexOf('/') + 1);
};

/** A task as DescribeTasks shapes it. One without an id gets one from its place in the frames. */
export function looseTask(
  task: Loose,
  { newDeploymentId, frames }: Scenario,
): Loose & { readonly id: string; readonly deployment: string } {
  const { taskId: _, task_id: __, id: ___, taskArn: ____, logs: _____, ...members } = task;
  const containers = objects(task.containers).map(
    ({ exit_code, exitCode = exit_code, logs: ______, ...container }) => ({
      ...container,
      ...(exitCode === undefined ? {} : { exitCode }),
    }),
  );
  const runs = text(member(task, 'taskDefinitionArn', 'taskDefinition'));
  const ofRevision = frames
    .flatMap(({ deployments }) => deployments ?? [])
    .find(({ taskDefinition }) => runs !== '' && text(taskDefinition) === runs);
  const deployment =
    text(member(task, 'startedBy', 'started_by', 'deploymentId')) || text(ofRevision?.id) || newDeploymentId;
  const name =
    idOf(task) || `unnamed-${deployment.slice(-4)}-${text(member(task, 'startedAt_t', 'stoppedAt_t')) || '1'}`;
  return { ...members, ...(task.containers === undefined ? {} : { containers }), id: name, deployment };
}

function logsOfTask(task: Loose): Frame['logs'] {
  const taskId = idOf(task);
  const [first] = objects(task.containers);
  const own = lines(task.logs).map((line) => ({ taskId, container: text(first?.name), line }));
  const theirs = objects(task.containers).flatMap(({ name, logs }) =>
    lines(logs).map((line) => ({ taskId, container: text(name), line })),
  );
  return [...own, ...theirs];
}

/** Lines by task, or of the one task that the frame shows. */
function logLines(logs: unknown, tasks: readonly Loose[]): Frame['logs'] {
  const [only] = tasks;
  const container = (taskId: string): string => {
    const task = tasks.find((one) => idOf(one) === taskId) ?? only;
    return text(objects(task?.containers)[0]?.name) || 'web';
  };
  if (isObject(logs)) {
    return Object.entries(logs).flatMap(([key, value]) => {
      const [taskId = '', name = container(taskId)] = key.split('/');
      return lines(value).map((line) => ({ taskId, container: name, line }));
    });
  }
  return objects(logs).length > 0
    ? objects(logs).map((entry) => {
        const taskId = idOf(entry) || (only ? idOf(only) : '');
        return {
          taskId,
          container: text(entry.container) || container(taskId),
          line: text(entry.message ?? entry.line),
        };
      })
    : lines(logs).map((line) => ({ taskId: only ? idOf(only) : '', container: container(''), line }));
}

const lines = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split('\n') : list(value).filter((line) => typeof line === 'string');
