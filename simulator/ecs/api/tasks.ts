import type { SimClock } from '../../clock.ts';
import {
  ApiException,
  type CallContext,
  type Input,
  invalid,
  lastSegment,
  limited,
  lookUp,
  type Operations,
  page,
  pick,
  strings,
} from '../../wire/service.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimCluster, SimTask } from '../state.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import { STOPPED_VISIBLE_SECONDS } from '../task-events.ts';
import type { Tasks } from '../tasks.ts';
import type { Clusters } from './clusters.ts';
import { type DaemonTasks, describeDaemonTask, isStopped } from './daemon-tasks.ts';
import { parseArn } from './identifiers.ts';
import { refuse } from './rule.ts';
import { RUN_RULES, type RunPlan } from './run-task-rules.ts';
import type { Services } from './services.ts';
import { refuseTags } from './task-rules.ts';
import { describeTask } from './views.ts';

export interface TasksParts {
  readonly clock: SimClock;
  readonly clusters: Clusters;
  readonly services: Services;
  readonly scheduler: Scheduler;
  readonly tasks: Tasks;
  readonly daemonTasks: DaemonTasks;
  readonly taskDefinitions: TaskDefinitions;
  /** Ids of subnets and security groups that do not exist. */
  readonly missing: ReadonlySet<string>;
}

const MOST_PROTECTED_MINUTES = 2880;

/** Tasks of services and of RunTask. */
export function taskOperations(parts: TasksParts): Operations {
  const { clock, clusters, services, scheduler, tasks, daemonTasks } = parts;

  /** Stopped tasks can be described for about an hour. */
  const visible = (cluster: SimCluster): SimTask[] => {
    const now = clock.now();
    const own = [...services.all.values()].flatMap((service) => (service.cluster === cluster ? service.tasks : []));
    return [...own, ...cluster.tasks].filter(({ stoppedAt = now }) => now - stoppedAt < STOPPED_VISIBLE_SECONDS);
  };
  const finder = (cluster: SimCluster): ((reference: string) => SimTask | undefined) => {
    const byId = new Map(visible(cluster).map((task) => [task.id, task]));
    return (reference) => byId.get(lastSegment(reference));
  };
  const need = (input: Input, context: CallContext): SimTask => {
    const found = finder(clusters.get(input.cluster, context))(String(input.task));
    if (!found) throw invalid('The referenced task was not found.');
    return found;
  };

  return {
    ListTasks: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const {
        serviceName,
        startedBy,
        family,
        containerInstance,
        desiredStatus = 'RUNNING',
        launchType,
        daemonName,
      } = input;
      if (startedBy !== undefined && (serviceName !== undefined || family !== undefined)) {
        throw invalid('startedBy cannot be used together with serviceName or family.');
      }
      if (daemonName !== undefined) {
        const stopped = desiredStatus === 'STOPPED';
        const own = daemonTasks.visibleIn(cluster.arn).filter((task) => task.owner.daemon === daemonName);
        const [some, next] = page(
          own.filter((task) => isStopped(task) === stopped),
          input,
          { usual: 100 },
        );
        return { taskArns: some.map(({ arn }) => arn), ...next };
      }
      const service = serviceName === undefined ? undefined : services.find(input.cluster, serviceName, context);
      const shown = visible(cluster).filter(
        (task) =>
          task.desiredStatus === desiredStatus &&
          (service === undefined || task.service === service) &&
          (startedBy === undefined || task.deploymentId === startedBy) &&
          (family === undefined || familyOf(task) === family) &&
          (launchType === undefined || task.launchType === launchType) &&
          (containerInstance === undefined || task.instance?.id === lastSegment(String(containerInstance))),
      );
      const [some, next] = page(shown, input, { usual: 100 });
      return { taskArns: some.map(({ arn }) => arn), ...next };
    },
    DescribeTasks: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const names = limited(input.tasks, 100, 'Tasks');
      const find = finder(cluster);
      const ofDaemons = new Map(daemonTasks.visibleIn(cluster.arn).map((task) => [task.id, task]));
      const { found, failures } = lookUp(names, (name) => find(name) ?? ofDaemons.get(lastSegment(name)));
      const tagged = strings(input.include).includes('TAGS');
      const tags = (task: SimTask): object => (tagged ? { tags: task.settings.tags ?? [] } : {});
      const taskArn = (id: string): string => `${cluster.arn.replace(':cluster/', ':task/')}/${lastSegment(id)}`;
      return {
        tasks: found.map((task) =>
          'owner' in task ? describeDaemonTask(task) : { ...describeTask(task), ...tags(task) },
        ),
        failures: failures.map(({ arn, reason }) => ({ arn: taskArn(arn), reason })),
      };
    },
    RunTask: (input, context) => runTask(parts, input, context),
    StopTask: (input, context) => {
      const task = need(input, context);
      tasks.stop(task, { stopCode: 'UserInitiated', reason: String(input.reason ?? 'Task stopped by user') });
      // "When you call StopTask on a task, Amazon ECS deletes the tags": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
      task.settings.tags = [];
      if (task.service) scheduler.reconcile(task.service);
      return { task: describeTask(task) };
    },
    UpdateTaskProtection: (input, context) => {
      const minutes = Number(input.expiresInMinutes ?? 120);
      if (minutes < 1 || minutes > MOST_PROTECTED_MINUTES)
        throw invalid('expiresInMinutes must be between 1 and 2880.');
      const { found, failures } = lookUp(
        limited(input.tasks, 10, 'Tasks'),
        finder(clusters.get(input.cluster, context)),
      );
      for (const task of found) task.protectedUntil = input.protectionEnabled === true ? clock.now() + minutes * 60 : 0;
      for (const { service } of found) if (service) scheduler.reconcile(service);
      return { protectedTasks: found.map((task) => protection(task, clock.now())), failures };
    },
    GetTaskProtection: (input, context) => {
      const { found, failures } = lookUp(
        limited(input.tasks, 100, 'Tasks'),
        finder(clusters.get(input.cluster, context)),
      );
      return { protectedTasks: found.map((task) => protection(task, clock.now())), failures };
    },
  };
}

const familyOf = ({ definition }: SimTask): string => String(definition.family);
const protection = ({ arn, protectedUntil }: SimTask, now: number): object =>
  protectedUntil > now
    ? { taskArn: arn, protectionEnabled: true, expirationDate: protectedUntil }
    : { taskArn: arn, protectionEnabled: false };

/** How long a client token of RunTask is known, at most. */
const TOKEN_SECONDS = 24 * 3600;

/**
 * "If you retry a successful request using the same client token, but one or more of the parameters are different, the retry fails
 * with a ConflictException"; with the same parameters "the retry succeeds without performing any further actions". Tokens are by cluster.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
function runTask(parts: TasksParts, input: Input, context: CallContext): object {
  const { clock, clusters } = parts;
  const cluster = clusters.get(input.cluster, context);
  const { clientToken: token, ...parameters } = input;
  if (token === undefined) return runNew(parts, input, context).answer;
  const wanted = JSON.stringify(parameters);
  const known = cluster.clientTokens.get(String(token));
  if (known && clock.now() - known.at < TOKEN_SECONDS) {
    const arns = known.tasks.map(({ arn }) => arn);
    if (known.parameters !== wanted)
      throw new ApiException(
        'ConflictException',
        'The provided clientToken is already in use with a different RunTask request.',
        { statusCode: 400, fields: { resourceIds: arns } },
      );
    return { tasks: known.tasks.map((task) => describeTask(task)), failures: [] };
  }
  const { answer, started } = runNew(parts, input, context);
  // A request that started nothing is no success, so its token may be used again.
  if (started.length > 0)
    cluster.clientTokens.set(String(token), { parameters: wanted, tasks: started, at: clock.now() });
  return answer;
}

/** RunTask answers with HTTP 200 and `failures` where there is no room. */
function runNew(
  { clusters, tasks, taskDefinitions, missing }: TasksParts,
  input: Input,
  context: CallContext,
): { readonly answer: object; readonly started: readonly SimTask[] } {
  const cluster = clusters.get(input.cluster, context);
  parseArn(input.taskDefinition, context);
  const { definition } = taskDefinitions.use(String(input.taskDefinition));
  const where = tasks.whereNext(input);
  const plan = { given: input, definition, cluster, launchType: where.launchType, missing };
  refuseTags(input.tags);
  refuse(RUN_RULES, plan as unknown as RunPlan, 'InvalidParameterException');
  const count = Number(input.count ?? 1);
  const { containerOverrides = [] } = (input.overrides ?? {}) as { containerOverrides?: readonly Input[] };
  if (where.launchType === 'EC2' && cluster.instances?.length === 0 && where.capacityProvider === undefined) {
    throw new ApiException('InvalidParameterException', 'No Container Instances were found in your cluster.');
  }
  const started: SimTask[] = [];
  const failures: object[] = [];
  for (let i = 0; i < count; i++) {
    const { task, placement } = tasks.launch({
      cluster,
      deploymentId: String(input.startedBy ?? ''),
      group: String(input.group ?? `family:${String(definition.family)}`),
      definition,
      ...tasks.whereNext(input, started),
      overrides: new Map(containerOverrides.map((one) => [String(one.name), one])),
      settings: pick(input, ['overrides', 'tags', 'enableExecuteCommand']),
    });
    if (placement.kind === 'unplaceable') {
      const [instance] = cluster.instances ?? [];
      failures.push({
        ...(instance && placement.on === 'ec2' ? { arn: instance.arn } : {}),
        reason: failureReason(placement.reason),
      });
    } else started.push(task);
  }
  cluster.tasks.push(...started);
  return { answer: { tasks: started.map((task) => describeTask(task)), failures }, started };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
function failureReason(words: string): string {
  if (words.includes('memory')) return 'RESOURCE:MEMORY';
  if (words.includes('CPU units')) return 'RESOURCE:CPU';
  if (words.includes('port')) return 'RESOURCE:PORTS';
  if (words.includes('attribute')) return 'ATTRIBUTE';
  return /error "([^"]+)"/.exec(words)?.[1] ?? words;
}
