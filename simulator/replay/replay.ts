import type { VirtualClock } from '../clock.ts';
import { Logs } from '../services/logs.ts';
import { ApiException, type Service } from '../wire/service.ts';
import { type Frame, type Loose, list, looseTask, number, type Scenario, text } from './scenario.ts';

const HOUR = 3600;
const BEFORE = 86_400;
/** Stages in which all tasks may run and the end is still open. */
const HOLDING = /SHIFT|BAKE_TIME|^PRE_|POST_SCALE_UP/;
const lastSegment = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

interface Seen {
  readonly task: Loose;
  readonly id: string;
  readonly deployment: string;
  readonly live: boolean;
  readonly running: boolean;
  readonly listedNow: boolean;
  readonly stoppedAt?: number;
}

/**
 * A recorded timeline, served as ECS would have answered at each instant: the newest frame that is not in the
 * future, with the events of all frames before, and the stopped tasks of the last hour.
 */
export class Replay implements Service {
  readonly name = 'ecs';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AmazonEC2ContainerServiceV20141113';
  readonly logs = new Logs();
  readonly clusterArn: string;
  readonly serviceArn: string;
  readonly #scenario: Scenario;
  readonly #clock: VirtualClock;
  readonly #start: number;
  readonly #prefix: string;

  constructor(scenario: Scenario, clock: VirtualClock) {
    this.#scenario = scenario;
    this.#clock = clock;
    this.#start = clock.now();
    const [, partition, , region, account] = scenario.newTaskDefinition.split(':');
    this.#prefix = `arn:${partition || 'aws'}:ecs:${region || 'us-east-1'}:${account || '123456789012'}`;
    this.clusterArn = `${this.#prefix}:cluster/replay`;
    this.serviceArn = `${this.#prefix}:service/replay/${scenario.serviceName}`;
  }

  /** What was deployed before ours, as the first frame shows it. */
  get previousTaskDefinition(): string | undefined {
    const others = (this.#scenario.frames[0]?.deployments ?? []).filter(
      ({ id }) => text(id) !== this.#scenario.newDeploymentId,
    );
    return others.map(({ taskDefinition }) => text(taskDefinition)).find((arn) => arn !== '');
  }

  handle(operation: string, input: Readonly<Record<string, unknown>>): object {
    const refused = this.#frame.apiErrors.find((one) => one.operation === operation);
    if (refused) throw new ApiException(refused.code, refused.message);
    switch (operation) {
      case 'UpdateService':
        return { service: this.#describeService() };
      case 'DescribeServices':
        return { services: [this.#describeService()], failures: [] };
      case 'DescribeTaskDefinition':
        return { taskDefinition: this.#describeTaskDefinition(String(input.taskDefinition)), tags: [] };
      case 'ListServiceDeployments': {
        const recorded = this.#serviceDeployment();
        return { serviceDeployments: recorded ? [recorded] : [] };
      }
      case 'DescribeServiceDeployments': {
        const recorded = this.#serviceDeployment();
        return { serviceDeployments: recorded ? [recorded] : [], failures: [] };
      }
      case 'DescribeServiceRevisions':
        return { serviceRevisions: [], failures: [] };
      case 'ListTasks': {
        const stopped = input.desiredStatus === 'STOPPED';
        const found = this.#tasks().filter(({ task }) => (text(task.desiredStatus) === 'STOPPED') === stopped);
        return { taskArns: found.map(({ task }) => task.taskArn) };
      }
      case 'DescribeTasks': {
        const wanted = new Set(list(input.tasks).map((arn) => lastSegment(String(arn))));
        return {
          tasks: this.#tasks()
            .filter(({ id }) => wanted.has(id))
            .map(({ task }) => task),
          failures: [],
        };
      }
      case 'DescribeCapacityProviders':
        return { capacityProviders: list(input.capacityProviders).map((name) => this.#capacityProvider(text(name))) };
      default:
        throw new ApiException(
          'AccessDeniedException',
          `A replay only answers what a watcher reads, not ${operation}.`,
        );
    }
  }

  get #elapsed(): number {
    return this.#clock.now() - this.#start + 1e-6;
  }

  /** Frames that are not in the future, oldest first. */
  get #past(): readonly Frame[] {
    const elapsed = this.#elapsed;
    const past = this.#scenario.frames.filter(({ t }) => t <= elapsed);
    return past.length > 0 ? past : this.#scenario.frames.slice(0, 1);
  }

  get #frame(): Frame {
    return this.#past.at(-1) ?? { t: 0, events: [], deployments: [], tasks: [], apiErrors: [], logs: [] };
  }

  /** Frames that say nothing of deployments leave them as they were. */
  get #deployments(): readonly Loose[] {
    return this.#past.findLast(({ deployments }) => deployments !== undefined)?.deployments ?? [];
  }

  #describeService(): object {
    const { service, serviceName } = this.#scenario;
    const deployments = this.#deployments.map((one) => this.#describeDeployment(one));
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    const sum = (member: string): number => deployments.reduce((all, one) => all + number(one[member]), 0);
    const { circuitBreaker, deploymentCircuitBreaker = circuitBreaker, ...more } = service;
    const configuration = (more.deploymentConfiguration ?? {}) as Loose;
    const providers = providersOf(service);
    const port = number(service.containerPort, 8080);
    const group = this.#targetGroup();
    return {
      serviceArn: this.serviceArn,
      serviceName,
      clusterArn: this.clusterArn,
      status: text(this.#frame.serviceStatus) || 'ACTIVE',
      schedulingStrategy: text(service.schedulingStrategy) || 'REPLICA',
      ...(providers.length > 0
        ? { capacityProviderStrategy: providers.map((capacityProvider) => ({ capacityProvider, weight: 1 })) }
        : { launchType: text(service.launchType) || 'FARGATE' }),
      desiredCount: this.#frame.desiredCount ?? number(primary?.desiredCount, number(service.desiredCount)),
      runningCount: sum('runningCount'),
      pendingCount: sum('pendingCount'),
      taskDefinition: primary?.taskDefinition ?? this.#scenario.newTaskDefinition,
      deployments,
      events: this.#events(),
      deploymentConfiguration: {
        ...configuration,
        minimumHealthyPercent: number(service.minimumHealthyPercent ?? configuration.minimumHealthyPercent, 100),
        maximumPercent: number(service.maximumPercent ?? configuration.maximumPercent, 200),
        ...(deploymentCircuitBreaker ? { deploymentCircuitBreaker } : {}),
        ...(service.alarms ? { alarms: service.alarms } : {}),
        ...(service.strategy || service.strategy2 ? { strategy: service.strategy ?? service.strategy2 } : {}),
        ...(service.bakeTimeInMinutes === undefined ? {} : { bakeTimeInMinutes: service.bakeTimeInMinutes }),
        ...(service.earlySuccessCriteria ? { earlySuccessCriteria: service.earlySuccessCriteria } : {}),
      },
      ...(service.healthCheckGracePeriodSeconds === undefined
        ? {}
        : { healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds }),
      loadBalancers: service.loadBalanced
        ? [{ targetGroupArn: group, containerName: this.#containers()[0]?.name ?? 'web', containerPort: port }]
        : list(service.loadBalancers),
    };
  }

  #capacityProvider(name: string): object {
    const status = this.#scenario.service.managedScaling === false ? 'DISABLED' : 'ENABLED';
    return {
      name,
      status: 'ACTIVE',
      autoScalingGroupProvider: { autoScalingGroupArn: name, managedScaling: { status } },
    };
  }

  #targetGroup(): string {
    const recorded = this.#scenario.frames
      .flatMap(({ events }) =>
        events.map(({ message }) => /arn:[\w-]+:elasticloadbalancing:[^\s)]+/.exec(message)?.[0]),
      )
      .find((arn) => arn !== undefined);
    return recorded ?? `${this.#prefix.replace(':ecs:', ':elasticloadbalancing:')}:targetgroup/web/0123456789abcdef`;
  }

  #describeDeployment(one: Loose): Loose {
    const id = text(one.id);
    const { frames, newDeploymentId } = this.#scenario;
    const shows = (frame: Frame): Loose | undefined => frame.deployments?.find((other) => text(other.id) === id);
    const first = frames.find(shows)?.t ?? 0;
    // When it last looked different.
    let updated = first;
    let before = '';
    for (const frame of this.#past) {
      const now = JSON.stringify(shows(frame) ?? null);
      if (frame.deployments && now !== before) updated = frame.t;
      if (frame.deployments) before = now;
    }
    const since = first > 0 || id === newDeploymentId ? first : -BEFORE;
    return {
      launchType: text(this.#scenario.service.launchType) || 'FARGATE',
      ...one,
      createdAt: this.#start + since,
      updatedAt: this.#start + Math.max(since, updated),
    };
  }

  #events(): object[] {
    return this.#past
      .flatMap(({ t, events }, frame) =>
        events.map(({ at, message }, index) => ({
          id: `${frame}-${index}`,
          createdAt: this.#start + Math.min(at ?? t, t),
          message,
        })),
      )
      .reverse()
      .slice(0, 100);
  }

  #serviceDeployment(): Loose | undefined {
    const { frames, newDeploymentId } = this.#scenario;
    if (!frames.some(({ serviceDeployment }) => serviceDeployment)) return undefined;
    const past = this.#past;
    const recordedIn = past.findLastIndex(({ serviceDeployment }) => serviceDeployment);
    const recorded = past[recordedIn]?.serviceDeployment ?? {};
    const given = text(recorded.status) || 'IN_PROGRESS';
    const ours = this.#deployments.find(({ id }) => text(id) === newDeploymentId);
    const status = given === 'IN_PROGRESS' && this.#completedAfter(recordedIn) ? 'SUCCESSFUL' : given;
    const revision = {
      requestedTaskCount: number(ours?.desiredCount),
      runningTaskCount: number(ours?.runningCount),
      pendingTaskCount: number(ours?.pendingCount),
    };
    const path = `${this.serviceArn.replace(':service/', ':service-revision/')}/${lastSegment(newDeploymentId)}`;
    const { circuitBreaker, ...more } = recorded;
    return {
      ...(circuitBreaker ? { deploymentCircuitBreaker: circuitBreaker } : {}),
      ...more,
      lifecycleHookDetails: list(recorded.lifecycleHookDetails ?? recorded.hooks).map((hook) =>
        this.#withInstants(hook),
      ),
      status,
      serviceDeploymentArn: `${this.serviceArn.replace(':service/', ':service-deployment/')}/${lastSegment(newDeploymentId)}`,
      serviceArn: this.serviceArn,
      clusterArn: this.clusterArn,
      createdAt: this.#start,
      startedAt: this.#start,
      targetServiceRevisionArn: path,
      targetServiceRevision: { arn: path, ...revision },
    };
  }

  /**
   * Whether frames after the one that contains the service deployment show its end, which they leave out then. COMPLETED
   * alone is none while a stage holds the deployment (bake time, a traffic shift); ECS's event is.
   */
  #completedAfter(recordedIn: number): boolean {
    const { newDeploymentId: id } = this.#scenario;
    if (!this.#deployments.some((one) => text(one.id) === id && one.rolloutState === 'COMPLETED')) return false;
    const past = this.#past;
    const recorded = past
      .slice(recordedIn + 1)
      .some(({ events }) => events.some(({ message }) => message.includes(`(deployment ${id}) deployment completed`)));
    const first = past.findIndex(({ deployments }) =>
      deployments?.some((one) => text(one.id) === id && one.rolloutState === 'COMPLETED'),
    );
    return recorded || (first > recordedIn && !HOLDING.test(text(past[recordedIn]?.serviceDeployment?.lifecycleStage)));
  }

  /** `expiresAt_t: 90` and its like, as instants of the wire. */
  #withInstants(value: unknown): Loose {
    const entries = Object.entries((value ?? {}) as Loose).map(([key, item]): [string, unknown] =>
      key.endsWith('_t') ? [key.slice(0, -2), this.#start + number(item)] : [key, item],
    );
    return Object.fromEntries(entries);
  }

  /**
   * The newest state of each task seen so far. A frame names only what is of interest, so a task lives on as long as
   * its deployment's counts leave room for it.
   */
  #tasks(): readonly Seen[] {
    const seen = new Map<string, Seen>();
    const past = this.#past;
    for (const frame of past) {
      for (const listed of frame.tasks) {
        const { id, deployment, ...members } = looseTask(listed, this.#scenario);
        const before = seen.get(id)?.task ?? {};
        const task = this.#describeTask(id, { deployment, members: { ...before, ...members }, t: frame.t });
        const status = text(task.lastStatus);
        seen.set(id, {
          task,
          id,
          deployment,
          live: text(task.desiredStatus) !== 'STOPPED',
          running: status === 'RUNNING',
          listedNow: frame === past.at(-1),
          ...(status === 'STOPPED' ? { stoppedAt: number(task.stoppedAt) } : {}),
        });
      }
    }
    const left = new Map(
      this.#deployments.flatMap((one) => [
        [`${text(one.id)} running`, number(one.runningCount)],
        [`${text(one.id)} pending`, number(one.pendingCount)],
      ]),
    );
    return [...seen.values()]
      .sort((a, b) => Number(b.listedNow) - Number(a.listedNow))
      .filter(({ live, running, listedNow, stoppedAt, deployment }) => {
        // One that was stopping when it was last named has stopped by now.
        if (!live) return stoppedAt === undefined ? listedNow : this.#clock.now() - stoppedAt < HOUR;
        const key = `${deployment} ${running ? 'running' : 'pending'}`;
        const room = left.get(key) ?? 0;
        left.set(key, room - 1);
        return listedNow || room > 0;
      });
  }

  #describeTask(
    id: string,
    { deployment, members, t }: { readonly deployment: string; readonly members: Loose; readonly t: number },
  ): Loose {
    const stopped = text(members.lastStatus) === 'STOPPED';
    const shown = this.#withInstants(members);
    const revision = this.#scenario.frames
      .flatMap(({ deployments }) => deployments ?? [])
      .find((one) => text(one.id) === deployment)?.taskDefinition;
    const at = this.#start + t;
    return {
      ...shown,
      taskArn: `${this.#prefix}:task/replay/${id}`,
      clusterArn: this.clusterArn,
      group: `service:${this.#scenario.serviceName}`,
      startedBy: deployment,
      taskDefinitionArn: text(shown.taskDefinitionArn) || revision || this.#scenario.newTaskDefinition,
      lastStatus: text(shown.lastStatus) || 'PENDING',
      desiredStatus: text(shown.desiredStatus) || (stopped ? 'STOPPED' : 'RUNNING'),
      containers: list(shown.containers).map((one) => ({ lastStatus: text(shown.lastStatus), ...(one as Loose) })),
      createdAt: shown.createdAt ?? at,
      ...(text(shown.lastStatus) === 'RUNNING' ? { startedAt: shown.startedAt ?? at } : {}),
      ...(stopped ? { stoppedAt: shown.stoppedAt ?? at } : {}),
    };
  }

  #containers(): readonly { readonly name: string; readonly essential: boolean }[] {
    const found = new Map<string, boolean>();
    for (const { tasks } of this.#scenario.frames)
      for (const task of tasks)
        for (const one of list((task as Loose).containers)) {
          const { name, essential } = one as Loose;
          const known = text(name);
          if (known !== '') found.set(known, essential !== false && (found.get(known) ?? true));
        }
    return [...found].map(([name, essential]) => ({ name, essential }));
  }

  /** What the frames let one know of the revision: its containers, and that they log where there are log lines. */
  #describeTaskDefinition(arn: string): object {
    const [family = 'web', revision = '1'] = lastSegment(arn).split(':');
    const region = this.#prefix.split(':')[3] ?? '';
    const group = `/ecs/${family}`;
    const options = { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' };
    for (const { logs, t } of this.#scenario.frames)
      for (const { taskId, container, line } of logs)
        this.logs.append(group, `ecs/${container}/${taskId}`, { message: line, atSeconds: this.#start + t });
    const logs = this.logs.groups.size > 0;
    const containers = this.#containers();
    return {
      taskDefinitionArn: arn,
      family,
      revision: Number(revision),
      status: 'ACTIVE',
      containerDefinitions: (containers.length > 0 ? containers : [{ name: family, essential: true }]).map((one) => ({
        ...one,
        image: `${family}:${revision}`,
        ...(logs ? { logConfiguration: { logDriver: 'awslogs', options } } : {}),
      })),
    };
  }
}

/** However the recording says that capacity providers place the tasks. */
function providersOf(service: Loose): string[] {
  const given = list(service.capacityProviderStrategy ?? service.capacityProviders).map((one) =>
    typeof one === 'string' ? one : text((one as Loose).capacityProvider),
  );
  const named = [...given, text(service.capacityProvider)].filter((name) => name !== '');
  if (named.length > 0) return named;
  return service.managedScaling === true ? ['managed-scaling'] : [];
}
