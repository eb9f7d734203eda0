import type { Ending } from '../../runtime/model.ts';
import type { Ids } from '../state.ts';
import { STOPPED_VISIBLE_SECONDS } from '../task-events.ts';
import { defined } from './views.ts';

/** Whose task it is, and what it runs. */
interface Owner {
  readonly clusterArn: string;
  /** Name. */
  readonly daemon: string;
  /** ARN of the daemon task definition. */
  readonly definition: string;
  readonly containers: readonly { readonly name: string; readonly image: string }[];
}

/** One task of a daemon: on one container instance. */
export interface DaemonTask {
  readonly arn: string;
  readonly id: string;
  readonly owner: Owner;
  readonly createdAt: number;
  stoppedAt?: number;
  end?: Ending & { readonly container: string };
}

/** The tasks of all daemons, as ListTasks (`daemonName`) and DescribeTasks show them. */
export class DaemonTasks {
  /** Called with a task that ends, before it is shown as STOPPED: its containers may have printed something. */
  onEnd: (task: DaemonTask) => void = () => {};
  readonly #ids: Ids;
  readonly #now: () => number;
  #all: DaemonTask[] = [];

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  start(owner: Owner): DaemonTask {
    const id = this.#ids.hexadecimal();
    const arn = `${owner.clusterArn.replace(':cluster/', ':task/')}/${id}`;
    const task = { arn, id, owner, createdAt: this.#now() };
    this.#all.push(task);
    return task;
  }

  stop(task: DaemonTask, end: NonNullable<DaemonTask['end']>): void {
    this.onEnd(task);
    task.stoppedAt = this.#now();
    task.end = end;
  }

  /** So many tasks of the definition run; others of it are stopped, newest first. */
  keep(owner: Owner, count: number): void {
    const running = this.#all.filter(
      (one) => one.end === undefined && one.owner.daemon === owner.daemon && one.owner.definition === owner.definition,
    );
    const [container = { name: '' }] = owner.containers;
    const scaled = { stopCode: 'ServiceSchedulerInitiated', reason: 'Daemon task replaced.', exitCode: 143 } as const;
    for (const task of running.slice(count)) this.stop(task, { ...scaled, container: container.name });
    for (let more = running.length; more < count; more++) this.start(owner);
  }

  visibleIn(clusterArn: string): readonly DaemonTask[] {
    const now = this.#now();
    this.#all = this.#all.filter(({ stoppedAt = now }) => now - stoppedAt < STOPPED_VISIBLE_SECONDS);
    return this.#all.filter(({ owner }) => owner.clusterArn === clusterArn);
  }
}

export const isStopped = ({ end }: DaemonTask): boolean => end !== undefined;

/** Of DescribeTasks. The name of its group is not documented. */
export function describeDaemonTask({ arn, id, owner, createdAt, stoppedAt, end }: DaemonTask): object {
  const lastStatus = end ? 'STOPPED' : 'RUNNING';
  const ran = end === undefined || end.exitCode !== undefined;
  return {
    taskArn: arn,
    clusterArn: owner.clusterArn,
    taskDefinitionArn: owner.definition,
    lastStatus,
    desiredStatus: lastStatus,
    healthStatus: 'UNKNOWN',
    launchType: 'MANAGED_INSTANCES',
    connectivity: 'CONNECTED',
    createdAt,
    version: 1,
    attachments: [],
    ...(ran ? { startedAt: createdAt } : {}),
    ...defined({ stoppedAt, stopCode: end?.stopCode, stoppedReason: end?.reason }),
    containers: owner.containers.map(({ name, image }) => ({
      containerArn: `${arn.replace(':task/', ':container/')}/${name}`,
      taskArn: arn,
      name,
      image,
      lastStatus,
      healthStatus: 'UNKNOWN',
      ...(ran ? { runtimeId: `${id}-${name}` } : {}),
      ...(end?.exitCode === undefined ? {} : { exitCode: name === end.container ? end.exitCode : 143 }),
      networkInterfaces: [],
    })),
  };
}
