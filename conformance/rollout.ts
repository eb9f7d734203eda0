/** One rollout from UpdateService to its end, as a watcher sees it, reduced to facts that two runs share. */
import type { Input, Output, Scope } from './account.ts';
import { bucketOf } from './normalise.ts';
import type { Pattern } from './pattern.ts';
import type { RolloutRow } from './row.ts';
import type { Need } from './stack.ts';
import {
  describeDeployment,
  ENDED,
  fargate,
  type Kind,
  newestDeployment,
  register,
  service,
  settled,
} from './world.ts';

/** What a row sees at each poll. */
export interface Seen {
  readonly deployment: Output;
  readonly cluster: string;
  readonly name: string;
  /** ARN of the revision that ran before. */
  readonly before: string;
}

interface Rollout {
  readonly id: string;
  readonly rule: string;
  readonly page: string;
  readonly needs?: readonly Need[];
  readonly minutes: number;
  /** Members of CreateService beside the usual ones. */
  readonly service?: (scope: Scope) => Input;
  /** Members of UpdateService beside the new revision. */
  readonly update?: Input;
  readonly from?: Kind;
  readonly to: Kind;
  /** How a revision of a kind is written; without it, one container without a health check. */
  readonly revision?: (family: string, kind: Kind) => Input;
  /** Acts once, as soon as it answers true. */
  readonly meanwhile?: (scope: Scope, seen: Seen) => Promise<boolean>;
  /** A rollout that must not end is watched for so long, in seconds. */
  readonly watchSeconds?: number;
  readonly documented: Pattern;
}

/** Longest watch of a rollout that must end. */
const LONGEST_SECONDS = 1500;
const USUAL: readonly Need[] = ['Cluster', 'Subnets', 'SecurityGroup'];

export function rollout(row: Rollout): RolloutRow {
  const { id, rule, page, minutes, documented } = row;
  const needs = [...USUAL, ...(row.needs ?? [])];
  return { kind: 'rollout', id, rule, page, minutes, documented, needs, run: (scope) => run(scope, row) };
}

async function run(scope: Scope, row: Rollout): Promise<{ request: Input; facts: object }> {
  const { time } = scope.endpoint;
  const cluster = scope.output('Cluster');
  const revision = row.revision ?? fargate;
  const before = await register(scope, revision(scope.name, row.from ?? 'good'));
  const created = service(scope, { taskDefinition: before, desiredCount: 1, ...row.service?.(scope) });
  await scope.need('ecs:CreateService', created);
  const first = await settled(scope, scope.name);
  const after = await register(scope, revision(scope.name, row.to));
  const since = await eventsOf(scope, cluster);
  const request = { cluster, service: scope.name, taskDefinition: after, ...row.update };
  await scope.need('ecs:UpdateService', request);
  const started = time.now();
  const watched = await watch(scope, row, { before, not: first?.serviceDeploymentArn, started });
  const { services } = await scope.need('ecs:DescribeServices', { cluster, services: [scope.name] });
  const shown: Output = services?.[0] ?? {};
  const { deployment, statuses, stages } = watched;
  const target = String(deployment?.targetServiceRevision?.arn ?? '');
  const its = (shown.deployments ?? []).find(
    (one: Output) => one.id === `ecs-svc/${target.slice(target.lastIndexOf('/') + 1)}`,
  );
  return {
    request,
    facts: {
      firstDeployment: first?.status,
      statuses,
      stages,
      statusReason: deployment?.statusReason,
      rolledBack: deployment?.rollback === undefined ? false : (deployment.rollback.reason ?? true),
      circuitBreaker: deployment?.deploymentCircuitBreaker,
      alarms: deployment?.alarms,
      hooks: (deployment?.lifecycleHookDetails ?? []).map(({ status, targetType }: Output) => ({ status, targetType })),
      rolloutState: its?.rolloutState,
      rolloutStateReason: its?.rolloutStateReason,
      serviceRuns: shown.taskDefinition === before ? 'the first revision' : 'the second revision',
      stoppedTasks: await stoppedTasks(scope, { cluster, revision: after }),
      events: textsOf(shown, since),
      took: bucketOf(time.now() - started),
    },
  };
}

interface Watched {
  readonly deployment: Output | undefined;
  /** In their order; PENDING is left out, because a poll may miss it. */
  readonly statuses: string[];
  readonly stages: string[];
}

async function watch(
  scope: Scope,
  { meanwhile, watchSeconds }: Rollout,
  { before, not, started }: { readonly before: string; readonly not: string | undefined; readonly started: number },
): Promise<Watched> {
  const { time, pollSeconds } = scope.endpoint;
  const cluster = scope.output('Cluster');
  const [statuses, stages]: [string[], string[]] = [[], []];
  let arn: string | undefined;
  let deployment: Output | undefined;
  let acted = meanwhile === undefined;
  for (;;) {
    if (arn === undefined) {
      const newest = await newestDeployment(scope, scope.name);
      if (newest !== undefined && newest.serviceDeploymentArn !== not) arn = newest.serviceDeploymentArn;
    }
    if (arn !== undefined) deployment = await describeDeployment(scope, arn);
    if (deployment !== undefined) {
      const { status, lifecycleStage } = deployment;
      if (status !== 'PENDING' && statuses.at(-1) !== status) statuses.push(status);
      if (lifecycleStage !== undefined && stages.at(-1) !== lifecycleStage) stages.push(lifecycleStage);
      if (!acted) acted = (await meanwhile?.(scope, { deployment, cluster, name: scope.name, before })) === true;
      if (ENDED.has(status)) break;
    }
    if (time.now() - started >= (watchSeconds ?? LONGEST_SECONDS)) break;
    await scope.sleep(pollSeconds);
  }
  return { deployment, statuses, stages };
}

async function eventsOf(scope: Scope, cluster: string): Promise<Set<string>> {
  const { services } = await scope.need('ecs:DescribeServices', { cluster, services: [scope.name] });
  return new Set((services?.[0]?.events ?? []).map(({ id }: Output) => String(id)));
}

/** The kinds of events since then, without their numbers, sorted: how often each came is chance. */
const textsOf = ({ events = [] }: Output, since: ReadonlySet<string>): string[] => {
  const texts = (events as Output[]).flatMap(({ id, message }) =>
    since.has(String(id))
      ? []
      : [
          String(message)
            .replaceAll(/(?<![\w-])\d+(?= (?:running |pending )?tasks?)/g, '<n>')
            .replaceAll(/\(task [0-9a-f]{32}\)(?:, \(task [0-9a-f]{32}\))*/g, '(task <id>)'),
        ],
  );
  return [...new Set(texts)].sort();
};

/** How tasks of the new revision ended, each kind once. */
async function stoppedTasks(
  scope: Scope,
  { cluster, revision }: { cluster: string; revision: string },
): Promise<object[]> {
  const { taskArns = [] } = await scope.need('ecs:ListTasks', {
    cluster,
    family: scope.name,
    desiredStatus: 'STOPPED',
  });
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await scope.need('ecs:DescribeTasks', { cluster, tasks: taskArns.slice(0, 100) });
  const kinds = (tasks as Output[])
    .filter((task) => task.taskDefinitionArn === revision && task.lastStatus === 'STOPPED')
    .map(({ stopCode, stoppedReason, startedAt, containers = [] }) => ({
      stopCode,
      stoppedReason,
      wasRunning: startedAt !== undefined,
      containers: (containers as Output[]).map(({ exitCode, reason }) => ({ exitCode, reason })),
    }));
  return [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()].sort((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  );
}
