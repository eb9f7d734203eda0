import { logLocation } from '../diagnosis/logs.ts';
import { asFailure, Failure } from '../failure.ts';
import type { Clock, Ecs, Instant, Logs, ServiceDeployment, ServiceState, TaskState } from '../world.ts';
import { judge } from './judge.ts';
import { type Deployment, nextSnapshot, type Observed, oursIn, type Snapshot } from './snapshot.ts';
import type { FinalVerdict, Verdict } from './verdict.ts';

export interface WatchWorld {
  readonly clock: Clock;
  readonly ecs: Ecs;
  readonly logs: Logs;
  readonly signal: AbortSignal;
}

export interface Watched {
  readonly verdict: FinalVerdict;
  readonly snapshot: Snapshot;
}

/** Is told of every look, in order. */
export type Listener = (snapshot: Snapshot, verdict: Verdict) => void;

const FIRST_BACKOFF_SECONDS = 5;
const LONGEST_BACKOFF_SECONDS = 30;
/** Tasks are asked for when the service's picture changed, and else this often. */
const TASKS_AT_LEAST_EVERY_SECONDS = 12;
const LOG_LINES = 20;

/**
 * Watches our deployment until the verdict is final. A look costs two calls, and two to four more when tasks moved.
 * Throttling and outages slow it down; they never fail a rollout before its time.
 * @throws Failure ACCESS_DENIED (DescribeServices) or CREDENTIALS at once, CANCELLED when the run is
 */
export async function watch(deployment: Deployment, world: WatchWorld, listener: Listener): Promise<Watched> {
  const { clock, signal } = world;
  const look = observer(deployment, world);
  let snapshot: Snapshot | undefined;
  let backoff = FIRST_BACKOFF_SECONDS;
  for (;;) {
    try {
      snapshot = nextSnapshot(snapshot, await look(snapshot), deployment);
      backoff = FIRST_BACKOFF_SECONDS;
    } catch (thrown) {
      const failure = asFailure(thrown);
      const late = clock.now() - deployment.startedAt > deployment.timeoutSeconds;
      if (late || (failure.code !== 'THROTTLED' && failure.code !== 'UNAVAILABLE')) throw failure;
      await clock.sleep(backoff * (0.75 + clock.random() / 2), signal);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_SECONDS);
      continue;
    }
    const verdict = judge(snapshot, deployment, clock.now());
    listener(snapshot, verdict);
    if (!('lookAgainInSeconds' in verdict)) return { verdict, snapshot };
    await clock.sleep(verdict.lookAgainInSeconds, signal);
  }
}

/** One look after another; keeps what costs calls and need not be asked again. */
function observer(deployment: Deployment, { clock, ecs, logs }: WatchWorld) {
  const denied = new Set<string>();
  const logged = new Set<string>();
  let serviceDeploymentArn: string | undefined;
  let lastPicture = '';
  let tasksAt: Instant = 0;

  /** What a role may lack: its absence costs knowledge, not the deploy. */
  const allowed = async <T>(action: string, ask: () => Promise<T>): Promise<T | undefined> => {
    if (denied.has(action)) return undefined;
    try {
      return await ask();
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code !== 'ACCESS_DENIED') throw failure;
      denied.add(action);
      return undefined;
    }
  };

  const findServiceDeployment = async (): Promise<ServiceDeployment | undefined> => {
    if (serviceDeploymentArn === undefined) {
      const { cluster, service, startedAt } = deployment;
      const found = await allowed('ecs:ListServiceDeployments', () =>
        ecs.listServiceDeployments({ cluster, service, createdAfter: startedAt - 60 }),
      );
      // The revision of a service deployment carries the number of ecs-svc/NUMBER.
      const number = deployment.id.slice(deployment.id.indexOf('/') + 1);
      serviceDeploymentArn = found?.find(({ targetServiceRevisionArn }) =>
        targetServiceRevisionArn?.endsWith(`/${number}`),
      )?.arn;
    }
    const arn = serviceDeploymentArn;
    if (arn === undefined) return undefined;
    return (await allowed('ecs:DescribeServiceDeployments', () => ecs.describeServiceDeployments([arn])))?.[0];
  };

  const ourTasks = async (service: ServiceState): Promise<TaskState[] | undefined> => {
    const ours = oursIn(service, deployment);
    const picture = JSON.stringify([service.deployments.map((d) => ({ ...d, updatedAt: 0 })), service.events[0]?.id]);
    if (picture === lastPicture && clock.now() - tasksAt < TASKS_AT_LEAST_EVERY_SECONDS) return undefined;
    lastPicture = picture;
    tasksAt = clock.now();
    const query = { cluster: deployment.cluster, service: deployment.service };
    const lists = await Promise.all([
      ours && ours.runningCount + ours.pendingCount > 0
        ? allowed('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus: 'RUNNING' }))
        : [],
      ours?.failedTasks === 0 && ours.runningCount >= ours.desiredCount
        ? []
        : allowed('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus: 'STOPPED' })),
    ]);
    const arns = lists.flatMap((list) => list ?? []);
    return allowed('ecs:DescribeTasks', () => ecs.describeTasks(deployment.cluster, arns));
  };

  /** The last words of each container that ended by itself, read once. */
  const lastWords = async (tasks: readonly TaskState[]): Promise<ReadonlyMap<string, readonly string[]>> => {
    const { definition } = deployment;
    const ended = tasks.flatMap((task) =>
      task.startedBy === deployment.id && task.lastStatus === 'STOPPED' && task.stopCode === 'EssentialContainerExited'
        ? task.containers
            .filter(({ exitCode }) => exitCode !== undefined && exitCode !== 0)
            .map(({ name }) => ({ task, name }))
        : [],
    );
    const read = ended.map(async ({ task, name }): Promise<(readonly [string, readonly string[]])[]> => {
      const key = `${task.id}/${name}`;
      if (!definition || logged.has(key)) return [];
      logged.add(key);
      const place = logLocation(definition, name, task.id);
      if (place.driver !== 'awslogs') return [[key, [place.hint]]];
      const { region, group, stream } = place;
      const lines = await allowed('logs:GetLogEvents', () => logs.tail({ region, group, stream, limit: LOG_LINES }));
      return lines ? [[key, lines.map(({ message }) => message)]] : [];
    });
    return new Map((await Promise.all(read)).flat());
  };

  return async (previous: Snapshot | undefined): Promise<Observed> => {
    const [services, serviceDeployment] = await Promise.all([
      ecs.describeServices(deployment.cluster, [deployment.service]),
      findServiceDeployment(),
    ]);
    const [service] = services;
    if (!service) throw new Failure('NOT_FOUND', `The service ${deployment.service} is gone.`);
    const tasks = await ourTasks(service);
    const done =
      serviceDeployment?.status === 'SUCCESSFUL' || oursIn(service, deployment)?.rolloutState === 'COMPLETED';
    const target = serviceDeployment?.target?.arn;
    const [revision] =
      done && target !== undefined && previous?.revision === undefined
        ? ((await allowed('ecs:DescribeServiceRevisions', () => ecs.describeServiceRevisions([target]))) ?? [])
        : [];
    return {
      at: clock.now(),
      service,
      denied: [...denied],
      ...(tasks ? { tasks, logs: await lastWords(tasks) } : {}),
      ...(serviceDeployment ? { serviceDeployment } : {}),
      ...(revision ? { revision } : {}),
    };
  };
}
