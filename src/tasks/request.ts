/** What RunTask is asked for: one-off tasks of a revision, placed as the tasks of the service are. */
import { createHash } from 'node:crypto';
import { lastPart } from '../arn.ts';
import { Failure, type Mistake } from '../failure.ts';
import type { TaskInputs } from '../inputs/types.ts';
import {
  defined,
  isObject,
  type JsonObject,
  type ServiceState,
  type TaskDefinition,
  type TaskPlacement,
  type TaskRequest,
} from '../model.ts';
import { STARTED_BY } from '../tags.ts';
import { judgeForeign } from '../taskdef/foreign-values.ts';
import { substitute } from '../taskdef/placeholders.ts';
import type { Schema } from '../taskdef/schema.ts';

/** When a task runs: before or after the deployment, or without one. */
export type TaskPhase = 'pre-deploy' | 'post-deploy' | 'task';

/** How tasks of a service are placed; what is not known of it is left to ECS. */
export type TaskHome = Pick<ServiceState, 'clusterArn' | 'subnets' | 'securityGroups' | 'capacityProviders'> &
  Partial<
    Pick<
      ServiceState,
      | 'name'
      | 'launchType'
      | 'platformVersion'
      | 'assignPublicIp'
      | 'placement'
      | 'enableEcsManagedTags'
      | 'propagateTags'
    >
  >;

/** A task that is to be run, with all that does not change from one try to the next. */
export interface PlannedTask {
  readonly task: TaskInputs;
  readonly phase: TaskPhase;
  readonly home: TaskHome;
  readonly definition: TaskDefinition;
  /** ARN of the revision. */
  readonly revision: string;
  /** Of the deploy: gets the command where the task names no container. */
  readonly containerName?: string | undefined;
  readonly run: TaskRun;
  /** Whether its end is waited for. */
  readonly wait: boolean;
}

/** The run of the workflow that a task belongs to, the same in each of its attempts. */
interface TaskRun {
  /** No other run has it. */
  readonly key: string;
  /** Its number, for the log. */
  readonly id: string;
}

/** "A total of 8192 characters are allowed for overrides. This limit includes the JSON formatting characters" (API_RunTask). */
const MOST_OVERRIDES = 8192;
const MOST_STARTED_BY = 128;

/** `pre-deploy task migrate`, for the log. */
export const labelOf = ({ task, phase }: Pick<PlannedTask, 'task' | 'phase'>): string =>
  `${phase === 'task' ? '' : `${phase} `}task${task.name === phase ? '' : ` ${task.name}`}`;

/**
 * The request, which is the same in every attempt of the run: with the same client token ECS gives the task that an earlier
 * attempt started instead of a second one. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 * @param count how many tasks of this plan have ended before; each has a token of its own
 * @throws Failure INVALID_INPUT as `checkTask` reports it
 */
export function requestOf(planned: PlannedTask, count: number): TaskRequest {
  const { task, home, definition, revision } = planned;
  const mistakes = checkTask(planned);
  if (mistakes.length > 0)
    throw new Failure('INVALID_INPUT', `The ${labelOf(planned)} cannot run; it was not started.`, { mistakes });
  const key = keyOf(planned);
  return {
    cluster: home.clusterArn,
    taskDefinition: revision,
    clientToken: hash([key, String(count)]),
    startedBy: task.startedBy ?? startedBy(planned, key),
    overrides: overridesOf(planned),
    ...placementOf(planned),
    ...defined({
      networkConfiguration: definition.networkMode === 'awsvpc' ? networkOf(planned) : undefined,
      enableECSManagedTags: home.enableEcsManagedTags || undefined,
      propagateTags: home.propagateTags === 'TASK_DEFINITION' ? ('TASK_DEFINITION' as const) : undefined,
      tags: task.tags.length > 0 ? task.tags.map(([key, value]) => ({ key, value })) : undefined,
    }),
  };
}

/** Sixty-four characters: as many as a client token may have. */
const hash = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** What one task of one run is known by, in every attempt. Without the revision: an earlier attempt's may be deregistered. */
const keyOf = ({ task, phase, home, run }: PlannedTask): string =>
  hash([run.key, home.clusterArn, home.name ?? '', phase, JSON.stringify(task)]);

/** `ecs-rollout/4711/pre-deploy/migrate-0a1b2c3d`: what ECS takes, and unique to the task of this run. */
function startedBy({ task, phase, run }: PlannedTask, key: string): string {
  const name = task.name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 60);
  return `${STARTED_BY}/${run.id}/${phase}/${name}-${key.slice(0, 8)}`.slice(0, MOST_STARTED_BY);
}

/** Whether a command or variables are given for one container, which has to be known then. */
export const isForOne = ({ command, environment }: TaskInputs): boolean =>
  command !== undefined || environment.length > 0;

/** The container that runs the command, whose exit code is the task's; undefined where several could. */
export function containerOf({
  task,
  definition,
  containerName,
}: Pick<PlannedTask, 'task' | 'definition' | 'containerName'>): string | undefined {
  const named = task.container ?? containerName;
  if (named !== undefined) return named;
  const { containerDefinitions } = definition;
  const essential = essentialOf(definition);
  const [only, ...others] =
    containerDefinitions.length === 1 ? containerDefinitions.map(({ name }) => name) : essential;
  if (others.length === 0) return only;
  const [overridden, ...more] = isForOne(task)
    ? []
    : task.containerOverrides.filter(({ command }) => command !== undefined);
  const name = more.length === 0 ? overridden?.name : undefined;
  return typeof name === 'string' && essential.includes(name) ? name : undefined;
}

/** Names of the containers that end the task when they end. */
export const essentialOf = ({ containerDefinitions }: TaskDefinition): readonly string[] =>
  containerDefinitions.flatMap(({ name, essential }) => (essential === false ? [] : [name]));

/** What would make RunTask fail, or the task run for ever; known before anything is built or registered. */
export function checkTask(planned: PlannedTask): Mistake[] {
  const { task, phase, definition } = planned;
  const names = definition.containerDefinitions.map(({ name }) => name);
  const list = names.map((name) => `\`${name}\``).join(', ');
  const container = containerOf(planned);
  const alone = phase === 'task';
  // A task alone has an input for each of its settings; its name says nothing then.
  const wrong = (problem: string, remedy: string, input = 'command'): Mistake => ({
    subject: alone ? input : phase,
    problem: alone ? problem : `${task.name}: ${problem}`,
    remedy,
  });
  const key = alone ? '`container-name`' : '`container`';
  const mistakes: Mistake[] = [];
  const overridden = task.containerOverrides.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const strangers = overridden.filter((name) => !names.includes(name));
  for (const name of strangers)
    mistakes.push(
      wrong(
        `${definition.family} has no container \`${name}\`.`,
        `Name one of ${list}.`,
        'run-task-container-overrides',
      ),
    );
  if (container === undefined) {
    if (isForOne(task))
      mistakes.push(wrong('several containers could run the command.', `Name one of ${list} with ${key}.`));
  } else if (!names.includes(container)) {
    if (!strangers.includes(container))
      mistakes.push(
        wrong(
          `${definition.family} has no container \`${container}\`.`,
          `Name one of ${list} with ${key}.`,
          'container-name',
        ),
      );
  } else if (!essentialOf(definition).includes(container))
    mistakes.push(
      wrong(
        `the container \`${container}\` is not essential, so the task would not end with it.`,
        `Name an essential container with ${key}.`,
      ),
    );
  const size = container === undefined ? 0 : JSON.stringify(overridesOf(planned)).length;
  if (size > MOST_OVERRIDES)
    mistakes.push(
      wrong(
        `command, environment and sizes have ${size} characters as JSON, and RunTask takes at most ${MOST_OVERRIDES} overrides.`,
        'Put long values into the task definition, or into a secret or parameter.',
      ),
    );
  if (definition.networkMode === 'awsvpc' && subnetsOf(planned).length === 0)
    mistakes.push(
      alone
        ? wrong(
            'is missing: the task definition has the network mode awsvpc, and no subnets are known.',
            'Give the subnets, or name a service in `service`: the task then runs where its tasks do.',
            'run-task-subnets',
          )
        : wrong(
            'the task definition has the network mode awsvpc, and no subnets are known.',
            'Give them: `network: {subnets: [subnet-...]}`.',
          ),
    );
  if (task.launchType !== undefined && task.capacityProviders.length > 0)
    mistakes.push(
      wrong('launch type and capacity providers exclude each other.', 'Keep one of them.', 'run-task-launch-type'),
    );
  for (const [name] of task.environment) {
    const [, own = '', rest = ''] = /^([^:]+):(.+)$/.exec(name) ?? [];
    if (rest !== '' && names.includes(own))
      mistakes.push(
        wrong(
          `\`${name}\` is read as the name of a variable, and \`${own}\` is a container of the task.`,
          `Write \`${rest}\`: the variables of a task are those of its container (\`container: ${own}\`).`,
        ),
      );
  }
  mistakes.push(...checkVolumes(planned));
  for (const { subject: path, problem, remedy = '' } of foreignIn(planned).mistakes)
    mistakes.push(wrong(`${path}: ${problem}`, remedy));
  return mistakes;
}

/** RunTask takes settings of the volumes that the task definition leaves to the launch, and needs them. */
function checkVolumes({ task, phase, home, definition }: PlannedTask): Mistake[] {
  const names = volumesAtLaunch(definition);
  const given = task.volumeConfigurations?.map(({ name }) => String(name));
  const unknown = (given ?? []).filter((name) => !names.includes(name));
  const has = names.length > 0 ? `It has ${names.map((name) => `\`${name}\``).join(', ')}.` : '';
  const mistakes = unknown.map((name) => ({
    subject: 'run-task-managed-ebs-volume-name',
    problem: `${definition.family} has no volume \`${name}\` that is configured at launch.`,
    remedy: has || 'Add it to `volumes` of the task definition, with `configuredAtLaunch: true`.',
  }));
  const known = given ?? (home.placement?.volumeConfigurations ?? []).map(({ name }) => String(name));
  const open = phase === 'task' && unknown.length === 0 ? names.filter((name) => !known.includes(name)) : [];
  return [
    ...mistakes,
    ...open.map((name) => ({
      subject: 'run-task-managed-ebs-volume',
      problem: `the volume \`${name}\` of ${definition.family} is configured at launch, and its settings are missing.`,
      remedy: 'Give them with `run-task-managed-ebs-volume-name` and `run-task-managed-ebs-volume`.',
    })),
  ];
}

/** Placeholders of other tools in what the task has of its own: GitHub alone fills anything there. */
export function foreignIn(planned: PlannedTask): ReturnType<typeof judgeForeign> {
  const { foreign } = substitute(overridesOf(planned), new Map(), { style: undefined, schema: OVERRIDES });
  return judgeForeign(foreign, {
    where: 'workflow',
    listed: [],
    others: [],
    asked: new Set(),
    ownOf: () => new Set(),
  });
}

/** Members that hold no text. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html */
const OVERRIDES: Schema = {
  root: 'TaskOverride',
  what: 'an override',
  structures: {
    TaskOverride: { required: [], members: { containerOverrides: 'ContainerOverride[]' } },
    ContainerOverride: {
      required: [],
      members: { name: 'string', cpu: 'integer', memory: 'integer', memoryReservation: 'integer' },
    },
  },
  enumerations: {},
};

/** The container's command and environment, the task's sizes and roles, and the overrides that were given as JSON. */
function overridesOf(planned: PlannedTask): JsonObject {
  const { task } = planned;
  const container = containerOf(planned) ?? '';
  const own = defined({
    command: task.command,
    environment: task.environment.length > 0 ? task.environment.map(([name, value]) => ({ name, value })) : undefined,
  });
  const given = task.containerOverrides;
  const merged = given.map((one) => (one.name === container ? { ...one, ...own } : one));
  const containerOverrides =
    given.some(({ name }) => name === container) || Object.keys(own).length === 0
      ? merged
      : [...merged, { name: container, ...own }];
  return {
    ...(containerOverrides.length > 0 ? { containerOverrides } : {}),
    ...defined({
      cpu: task.cpu,
      memory: task.memory,
      taskRoleArn: task.taskRoleArn,
      executionRoleArn: task.executionRoleArn,
    }),
  };
}

/** By what the task says, else as the service is placed: launch type and strategy exclude each other. */
function placementOf({
  task,
  home,
  definition,
}: PlannedTask): Pick<TaskRequest, 'launchType' | 'platformVersion'> & TaskPlacement {
  const { placement = {} } = home;
  const own = task.launchType !== undefined || task.capacityProviders.length > 0;
  const strategy = own ? task.capacityProviders : (placement.capacityProviderStrategy ?? []);
  // RunTask does not take MANAGED_INSTANCES: a capacity provider stands for them.
  const ofService = strategy.length > 0 || home.launchType === 'MANAGED_INSTANCES' ? undefined : home.launchType;
  const launchType = own ? task.launchType : ofService;
  const isFargate = launchType === 'FARGATE' || strategy.some(isFargateProvider);
  const wasFargate = home.launchType === 'FARGATE' || home.capacityProviders.some((name) => name.startsWith('FARGATE'));
  // Those of the service are for instances, or for Fargate.
  const alike = !own || isFargate === wasFargate;
  const names = volumesAtLaunch(definition);
  const volumes = (task.volumeConfigurations ?? placement.volumeConfigurations ?? [])
    .filter(({ name }) => typeof name === 'string' && names.includes(name))
    .map(asTaskVolume);
  return defined({
    launchType,
    capacityProviderStrategy: strategy.length > 0 ? strategy : undefined,
    platformVersion: isFargate ? (task.platformVersion ?? (alike ? home.platformVersion : undefined)) : undefined,
    placementConstraints: alike && !isFargate ? placement.placementConstraints : undefined,
    placementStrategy: alike && !isFargate ? placement.placementStrategy : undefined,
    volumeConfigurations: volumes.length > 0 ? volumes : undefined,
  });
}

const isFargateProvider = ({ capacityProvider }: JsonObject): boolean =>
  typeof capacityProvider === 'string' && capacityProvider.startsWith('FARGATE');

const volumesAtLaunch = ({ volumes }: TaskDefinition): string[] =>
  (Array.isArray(volumes) ? volumes : []).flatMap((volume) =>
    isObject(volume) && volume.configuredAtLaunch === true && typeof volume.name === 'string' ? [volume.name] : [],
  );

/** Of a service's volume: "propagateTags SERVICE" has no meaning for a task of its own. */
function asTaskVolume({ name = '', managedEBSVolume }: JsonObject): JsonObject {
  if (!isObject(managedEBSVolume)) return { name };
  const { tagSpecifications, ...rest } = managedEBSVolume;
  const tags = Array.isArray(tagSpecifications)
    ? tagSpecifications.map((one) =>
        isObject(one) && one.propagateTags === 'SERVICE' ? { ...one, propagateTags: 'NONE' } : one,
      )
    : undefined;
  return { name, managedEBSVolume: { ...rest, ...defined({ tagSpecifications: tags }) } };
}

const subnetsOf = ({ task, home }: PlannedTask): readonly string[] =>
  task.network?.subnets && task.network.subnets.length > 0 ? task.network.subnets : home.subnets;

function networkOf(planned: PlannedTask): JsonObject {
  const { task, home } = planned;
  const groups = task.network?.securityGroups;
  const securityGroups = groups && groups.length > 0 ? groups : home.securityGroups;
  const isPublic = task.network?.assignPublicIp ?? home.assignPublicIp;
  return {
    awsvpcConfiguration: {
      subnets: subnetsOf(planned),
      ...(securityGroups.length > 0 ? { securityGroups } : {}),
      ...(isPublic === undefined ? {} : { assignPublicIp: isPublic ? 'ENABLED' : 'DISABLED' }),
    },
  };
}

/** `web:42`. */
export const revisionOf = ({ revision }: Pick<PlannedTask, 'revision'>): string => lastPart(revision);
