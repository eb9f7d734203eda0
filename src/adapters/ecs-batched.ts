import { lastPart } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { ServiceDeployment, ServiceRevision, ServiceState, TaskState } from '../model.ts';
import type { Clock, Ecs, Targets } from '../ports.ts';
import { ECS_BUCKETS, Pace } from './pace.ts';

/** What batching needs beyond the port. */
export interface WholeEcs extends Ecs {
  /**
   * ARNs of all tasks of a cluster, whatever started them; undefined where they fill more than so many pages of 100.
   * @param pages calls that are made at most
   */
  listClusterTasks(query: {
    readonly cluster: string;
    readonly desiredStatus: 'RUNNING' | 'STOPPED';
    readonly pages: number;
  }): Promise<string[] | undefined>;
}

interface Parts {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

/** Limits of one call, by AWS's API reference. */
const SERVICES_PER_CALL = 10;
const TASKS_PER_CALL = 100;
const DEPLOYMENTS_PER_CALL = 20;

/** Questions that are asked within this time of each other go out together. */
const WINDOW_SECONDS = 0.02;
/** So many services at once ask for their tasks before those of the whole cluster are listed instead. */
const WHOLE_CLUSTER_FROM = 4;
/** A description of a task serves all that ask within this time. */
const FRESH_SECONDS = 1;

const READ = { repeatable: true } as const;
const WRITE = { repeatable: false } as const;

/**
 * The port Ecs for many services at once: what several ask at the same time becomes as few calls as the API allows (10 services, 100
 * tasks, 20 deployments in one), the tasks of many services are listed for their cluster as a whole, the same question is asked
 * once, and everything keeps the rates of the API (`Pace`).
 */
export function batchedEcs(ecs: WholeEcs, parts: Parts): Ecs {
  const pace = new Pace(ECS_BUCKETS, parts.clock, parts.signal);
  const read = <T>(operation: string, call: () => Promise<T>): Promise<T> => pace.send(operation, READ, call);
  const write = <T>(operation: string, call: () => Promise<T>): Promise<T> => pace.send(operation, WRITE, call);
  const services = new Batches<string, ServiceState>(parts, SERVICES_PER_CALL, async (cluster, names) => {
    const found = await read('describeServices', () => ecs.describeServices(cluster, names));
    return new Map(names.flatMap((name, index) => (found[index] ? [[name, found[index]] as const] : [])));
  });
  const deployments = new Batches<string, ServiceDeployment>(parts, DEPLOYMENTS_PER_CALL, async (_, arns) =>
    byArn(await read('describeServiceDeployments', () => ecs.describeServiceDeployments(arns))),
  );
  const revisions = new Batches<string, ServiceRevision>(parts, DEPLOYMENTS_PER_CALL, async (_, arns) =>
    byArn(await read('describeServiceRevisions', () => ecs.describeServiceRevisions(arns))),
  );
  const tasks = new Batches<string, TaskState>(parts, TASKS_PER_CALL, async (cluster, arns) =>
    byArn(await read('describeTasks', () => ecs.describeTasks(cluster, arns))),
  );
  const seen = new SeenTasks(parts, (cluster, arns) => tasks.ask(cluster, arns));
  const listing = new ClusterTasks(parts, {
    service: (query) => read('listTasks', () => ecs.listTasks(query)),
    cluster: (query) => read('listClusterTasks', () => ecs.listClusterTasks(query)),
    seen,
  });
  const definitions = new Map<string, ReturnType<Ecs['describeTaskDefinition']>>();
  return {
    ...ecs,
    async describeServices(cluster, names) {
      const found = await services.ask(cluster, names);
      const states = names.flatMap((name) => found.get(name) ?? []);
      for (const state of states) seen.noteService(state);
      return states;
    },
    describeTaskDefinition(reference) {
      const asked = definitions.get(reference) ?? ecs.describeTaskDefinition(reference);
      definitions.set(reference, asked);
      const done = (): void => void definitions.delete(reference);
      asked.then(done, done);
      return asked;
    },
    registerTaskDefinition: (definition, tags) =>
      write('registerTaskDefinition', () => ecs.registerTaskDefinition(definition, tags)),
    updateService: (update) => write('updateService', () => ecs.updateService(update)),
    createService: (creation) => write('createService', () => ecs.createService(creation)),
    createExpressService: (creation) => write('createExpressService', () => ecs.createExpressService(creation)),
    updateExpressService: (update) => write('updateExpressService', () => ecs.updateExpressService(update)),
    describeExpressService: (arn) => read('describeExpressService', () => ecs.describeExpressService(arn)),
    deleteExpressService: (arn) => write('deleteExpressService', () => ecs.deleteExpressService(arn)),
    deleteService: (cluster, service) => write('deleteService', () => ecs.deleteService(cluster, service)),
    stopServiceDeployment: (arn, type) => write('stopServiceDeployment', () => ecs.stopServiceDeployment(arn, type)),
    continueServiceDeployment: (arn, hookId, action) =>
      write('continueServiceDeployment', () => ecs.continueServiceDeployment(arn, hookId, action)),
    listServiceDeployments: (query) => read('listServiceDeployments', () => ecs.listServiceDeployments(query)),
    describeServiceDeployments: async (arns) => inOrder(arns, await deployments.ask('', arns)),
    describeServiceRevisions: async (arns) => inOrder(arns, await revisions.ask('', arns)),
    listTasks: (query) => ('service' in query ? listing.list(query) : read('listTasks', () => ecs.listTasks(query))),
    runTask: (request) => write('runTask', () => ecs.runTask(request)),
    describeTasks: async (cluster, arns) => inOrder(arns, await seen.describe(cluster, arns)),
  };
}

/** Load balancers of many services: a question that would wait for long is left out, as its answer is only a help. */
export function pacedTargets(targets: Targets, { clock, signal }: Parts): Targets {
  // Elastic Load Balancing gives no rates for DescribeTargetHealth; this many have not been seen to be throttled.
  const pace = new Pace([{ operations: ['health'], burst: 20, perSecond: 10 }], clock, signal);
  return {
    health: (arn) => pace.send('health', { repeatable: false, longestWaitSeconds: 2 }, () => targets.health(arn)),
  };
}

/** The same port, of which each question is asked once: what many services refer to is often the same. */
export function askedOnce<T extends object>(port: T): T {
  const answers = new Map<string, unknown>();
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const key = JSON.stringify([String(name), ...given]);
        if (!answers.has(key)) answers.set(key, member.apply(target, given));
        return answers.get(key);
      };
    },
  });
}

const BEAT_SECONDS = 2.5;
/** Shorter pauses are between the attempts of one call, not between two polls. */
const BEAT_FROM_SECONDS = 2;

/** The same clock, whose longer sleeps end on common beats: whoever polls then asks at the same instants, and so in the same calls. */
export const onBeats = (clock: Clock): Clock => ({
  now: () => clock.now(),
  random: () => clock.random(),
  sleep(seconds, signal) {
    if (seconds < BEAT_FROM_SECONDS) return clock.sleep(seconds, signal);
    const now = clock.now();
    const wake = Math.round((now + seconds) / BEAT_SECONDS) * BEAT_SECONDS;
    return clock.sleep(wake - now < seconds / 2 ? wake + BEAT_SECONDS - now : wake - now, signal);
  },
});

const byArn = <T extends { readonly arn: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.arn, item]));

const inOrder = <T>(arns: readonly string[], found: ReadonlyMap<string, T>): T[] =>
  arns.flatMap((arn) => found.get(arn) ?? []);

/** Questions about single things, put together by their group (a cluster) while the window is open. */
class Batches<Key extends string, Answer> {
  readonly #parts: Parts;
  readonly #size: number;
  readonly #send: (group: string, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>;
  readonly #open = new Map<string, Map<Key, PromiseWithResolvers<Answer | undefined>>>();

  constructor(
    parts: Parts,
    size: number,
    send: (group: string, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>,
  ) {
    this.#parts = parts;
    this.#size = size;
    this.#send = send;
  }

  /** What there is of the keys. @throws Failure where the call of one of them failed */
  async ask(group: string, keys: readonly Key[]): Promise<ReadonlyMap<Key, Answer>> {
    let open = this.#open.get(group);
    if (!open) {
      open = new Map();
      this.#open.set(group, open);
      void this.#parts.clock.sleep(WINDOW_SECONDS).then(() => this.#flush(group));
    }
    const batch = open;
    const waiting = keys.map((key) => {
      const known = batch.get(key) ?? Promise.withResolvers<Answer | undefined>();
      batch.set(key, known);
      return known.promise.then((answer) => [key, answer] as const);
    });
    const answers = await Promise.all(waiting);
    return new Map(answers.flatMap(([key, answer]) => (answer === undefined ? [] : [[key, answer] as const])));
  }

  #flush(group: string): void {
    const asked = [...(this.#open.get(group) ?? [])];
    this.#open.delete(group);
    for (let from = 0; from < asked.length; from += this.#size)
      void this.#sendSome(group, asked.slice(from, from + this.#size));
  }

  async #sendSome(
    group: string,
    asked: readonly (readonly [Key, PromiseWithResolvers<Answer | undefined>])[],
  ): Promise<void> {
    try {
      const found = await this.#send(
        group,
        asked.map(([key]) => key),
      );
      for (const [key, { resolve }] of asked) resolve(found.get(key));
    } catch (thrown) {
      // One of them is missing, which says nothing of the others: each is asked for alone.
      if (asked.length > 1 && asFailure(thrown).code === 'NOT_FOUND') {
        for (const one of asked) void this.#sendSome(group, [one]);
      } else for (const [, { reject }] of asked) reject(thrown);
    }
  }
}

/** Descriptions of tasks, each fresh for a moment, and which service a task belongs to. */
class SeenTasks {
  readonly #clock: Parts['clock'];
  readonly #ask: (cluster: string, arns: readonly string[]) => Promise<ReadonlyMap<string, TaskState>>;
  readonly #fresh = new Map<string, { readonly at: number; readonly task: Promise<TaskState | undefined> }>();
  /** By id of its deployment, `ecs-svc/N`. */
  readonly #services = new Map<string, string>();
  readonly #owners = new Map<string, string>();

  constructor(
    { clock }: Parts,
    ask: (cluster: string, arns: readonly string[]) => Promise<ReadonlyMap<string, TaskState>>,
  ) {
    this.#clock = clock;
    this.#ask = ask;
  }

  noteService({ clusterArn, name, deployments }: ServiceState): void {
    for (const { id } of deployments) this.#services.set(id, `${lastPart(clusterArn)}/${name}`);
  }

  async describe(cluster: string, arns: readonly string[]): Promise<ReadonlyMap<string, TaskState>> {
    const now = this.#clock.now();
    for (const [arn, { at }] of this.#fresh) if (now - at > FRESH_SECONDS) this.#fresh.delete(arn);
    const missing = arns.filter((arn) => !this.#fresh.has(arn));
    if (missing.length > 0) {
      const asked = this.#ask(cluster, missing);
      for (const arn of missing) this.#fresh.set(arn, { at: now, task: asked.then((found) => found.get(arn)) });
      // A failure is for those who ask now, not for whoever asks next.
      asked.catch(() => {
        for (const arn of missing) this.#fresh.delete(arn);
      });
    }
    const tasks = await Promise.all(arns.map((arn) => this.#fresh.get(arn)?.task));
    for (const task of tasks) {
      const owner = task?.startedBy === undefined ? undefined : this.#services.get(task.startedBy);
      if (task && owner !== undefined) this.#owners.set(task.arn, owner);
    }
    return byArn(tasks.flatMap((task) => task ?? []));
  }

  /** The tasks of each service, `cluster/service`; those of services that this run does not know are left out. */
  async byOwner(cluster: string, arns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    // Those of other services are described each time: their deployment may be of a service that is only now known.
    await this.describe(
      cluster,
      arns.filter((arn) => !this.#owners.has(arn)),
    );
    return Map.groupBy(arns, (arn) => this.#owners.get(arn) ?? '');
  }
}

type ListQuery = Extract<Parameters<Ecs['listTasks']>[0], { readonly service: string }>;

interface Lists {
  readonly service: (query: ListQuery) => Promise<string[]>;
  readonly cluster: WholeEcs['listClusterTasks'];
  readonly seen: SeenTasks;
}

/** ListTasks knows one service or the whole cluster; many services are cheaper by the cluster, where it is not much larger than they are. */
class ClusterTasks {
  readonly #parts: Parts;
  readonly #ask: Lists;
  readonly #open = new Map<string, { readonly query: ListQuery; readonly asker: PromiseWithResolvers<string[]> }[]>();
  /** Clusters with too many other tasks. */
  readonly #large = new Set<string>();

  constructor(parts: Parts, ask: Lists) {
    this.#parts = parts;
    this.#ask = ask;
  }

  list(query: ListQuery): Promise<string[]> {
    const key = `${query.desiredStatus} ${query.cluster}`;
    const asker = Promise.withResolvers<string[]>();
    const open = this.#open.get(key);
    if (open) open.push({ query, asker });
    else {
      this.#open.set(key, [{ query, asker }]);
      void this.#parts.clock.sleep(WINDOW_SECONDS).then(() => this.#flush(key));
    }
    return asker.promise;
  }

  async #flush(key: string): Promise<void> {
    const asked = this.#open.get(key) ?? [];
    this.#open.delete(key);
    const [first] = asked;
    if (!first) return;
    const { cluster, desiredStatus } = first.query;
    if (asked.length >= WHOLE_CLUSTER_FROM && !this.#large.has(cluster)) {
      try {
        const pages = Math.ceil(asked.length / 2);
        const arns = await this.#ask.cluster({ cluster, desiredStatus, pages });
        if (arns) {
          const owned = await this.#ask.seen.byOwner(cluster, arns);
          for (const { query, asker } of asked)
            asker.resolve([...(owned.get(`${lastPart(cluster)}/${query.service}`) ?? [])]);
          return;
        }
        this.#large.add(cluster);
      } catch (thrown) {
        for (const { asker } of asked) asker.reject(thrown);
        return;
      }
    }
    for (const { query, asker } of asked) this.#ask.service(query).then(asker.resolve, asker.reject);
  }
}
