import { createHash } from 'node:crypto';
import type { SimClock } from '../clock.ts';
import { computedDesiredCount, counts, type SimService, type Deployment as TaskSetState } from '../ecs/state.ts';
import { ApiException, type CallContext, type Input, pick, type Service, strings } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';
import { CodeDeployRollouts, type RolloutParts, type Shift } from './rollouts.ts';
import { list, OPEN, object, type SimCodeDeployment, type SimDeploymentGroup } from './state.ts';

interface SimApplication {
  readonly name: string;
  readonly id: string;
  readonly computePlatform: string;
  readonly createdAt: number;
  readonly groups: Map<string, SimDeploymentGroup>;
}

interface Config {
  readonly type: 'AllAtOnce' | 'TimeBasedCanary' | 'TimeBasedLinear';
  readonly percent?: number;
  readonly minutes?: number;
}

const NAME = /^[\w+=,.@-]{1,100}$/;
const DESCRIPTION_CHARACTERS = 512;

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html */
const CONFIGS: readonly (readonly [string, Config])[] = [
  ['CodeDeployDefault.ECSAllAtOnce', { type: 'AllAtOnce' }],
  ['CodeDeployDefault.ECSCanary10Percent5Minutes', { type: 'TimeBasedCanary', percent: 10, minutes: 5 }],
  ['CodeDeployDefault.ECSCanary10Percent15Minutes', { type: 'TimeBasedCanary', percent: 10, minutes: 15 }],
  ['CodeDeployDefault.ECSLinear10PercentEvery1Minutes', { type: 'TimeBasedLinear', percent: 10, minutes: 1 }],
  ['CodeDeployDefault.ECSLinear10PercentEvery3Minutes', { type: 'TimeBasedLinear', percent: 10, minutes: 3 }],
];

/** Members of CreateDeploymentGroup that are kept and shown as they are. */
const GROUP_MEMBERS = [
  'serviceRoleArn',
  'deploymentConfigName',
  'alarmConfiguration',
  'autoRollbackConfiguration',
  'deploymentStyle',
  'blueGreenDeploymentConfiguration',
  'loadBalancerInfo',
  'ecsServices',
  'triggerConfigurations',
  'outdatedInstancesStrategy',
];

/** AWS CodeDeploy of the platform ECS: applications, deployment groups and deployments. */
export class CodeDeploy implements Service {
  readonly name = 'codedeploy';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'CodeDeploy_20141006';
  readonly applications = new Map<string, SimApplication>();
  readonly configs = new Map<string, Config>(CONFIGS);
  readonly rollouts: CodeDeployRollouts;
  readonly #clock: SimClock;
  readonly #parts: RolloutParts;

  constructor(parts: RolloutParts) {
    this.#clock = parts.clock;
    this.#parts = parts;
    this.rollouts = new CodeDeployRollouts(parts);
  }

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-codedeploy'));
    if (wrong?.kind === 'malformed') throw new ApiException('SerializationException', wrong.words);
    if (wrong) throw requiredProblem(wrong.path);
    const handler = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    if (!handler)
      throw new ApiException('UnknownOperationException', `The simulator does not know codedeploy:${operation}.`);
    return handler(input, context);
  }

  readonly #operations: Readonly<Record<string, (input: Input, context: CallContext) => object>> = {
    CreateApplication: ({ applicationName, computePlatform = 'Server' }) => {
      const name = named(applicationName, 'Application');
      if (this.applications.has(name))
        throw new ApiException('ApplicationAlreadyExistsException', `Application already exists with the name ${name}`);
      const id = this.#parts.ids.hexadecimal();
      this.applications.set(name, {
        name,
        id,
        computePlatform: String(computePlatform),
        createdAt: this.#clock.now(),
        groups: new Map(),
      });
      return { applicationId: id };
    },
    DeleteApplication: ({ applicationName }) => {
      this.applications.delete(named(applicationName, 'Application'));
      return {};
    },
    GetApplication: ({ applicationName }) => ({ application: describeApplication(this.#application(applicationName)) }),
    ListApplications: () => ({ applications: [...this.applications.keys()] }),
    BatchGetApplications: ({ applicationNames }) => ({
      applicationsInfo: strings(applicationNames).map((name) => describeApplication(this.#application(name))),
    }),
    CreateDeploymentGroup: (input) => this.#createGroup(input),
    UpdateDeploymentGroup: ({ currentDeploymentGroupName, ...input }) => {
      const group = this.#group(input.applicationName, currentDeploymentGroupName);
      group.settings = { ...group.settings, ...pick(input, GROUP_MEMBERS) };
      return { hooksNotCleanedUp: [] };
    },
    DeleteDeploymentGroup: ({ applicationName, deploymentGroupName }) => {
      this.#application(applicationName).groups.delete(String(deploymentGroupName));
      return { hooksNotCleanedUp: [] };
    },
    GetDeploymentGroup: ({ applicationName, deploymentGroupName }) => ({
      deploymentGroupInfo: describeGroup(this.#group(applicationName, deploymentGroupName)),
    }),
    ListDeploymentGroups: ({ applicationName }) => ({
      applicationName,
      deploymentGroups: [...this.#application(applicationName).groups.keys()],
    }),
    BatchGetDeploymentGroups: ({ applicationName, deploymentGroupNames }) => ({
      deploymentGroupsInfo: strings(deploymentGroupNames).map((name) =>
        describeGroup(this.#group(applicationName, name)),
      ),
    }),
    GetDeploymentConfig: ({ deploymentConfigName }) => {
      const name = String(deploymentConfigName);
      return { deploymentConfigInfo: describeConfig(name, this.#config(name)) };
    },
    CreateDeployment: (input) => this.#createDeployment(input),
    GetDeployment: ({ deploymentId }) => ({ deploymentInfo: this.#describe(this.#deployment(deploymentId)) }),
    BatchGetDeployments: ({ deploymentIds }) => ({
      deploymentsInfo: strings(deploymentIds).map((id) => this.#describe(this.#deployment(id))),
    }),
    ListDeployments: ({ applicationName, deploymentGroupName, includeOnlyStatuses, createTimeRange }) => {
      const { start = 0, end = Number.POSITIVE_INFINITY } = object(createTimeRange) as Record<string, number>;
      const wanted = strings(includeOnlyStatuses);
      const shown = this.#group(applicationName, deploymentGroupName)
        .deployments.filter(({ status }) => wanted.length === 0 || wanted.includes(status))
        .filter(({ createdAt }) => createdAt >= start && createdAt <= end);
      return { deployments: shown.map(({ id }) => id).reverse() };
    },
    ListDeploymentTargets: ({ deploymentId }) => ({ targetIds: [targetIdOf(this.#deployment(deploymentId))] }),
    GetDeploymentTarget: ({ deploymentId, targetId }, context) => ({
      deploymentTarget: this.#target(this.#deployment(deploymentId), targetId, context),
    }),
    BatchGetDeploymentTargets: ({ deploymentId, targetIds }, context) => ({
      deploymentTargets: strings(targetIds).map((id) => this.#target(this.#deployment(deploymentId), id, context)),
    }),
    StopDeployment: ({ deploymentId, autoRollbackEnabled }) => {
      this.rollouts.stop(this.#deployment(deploymentId), autoRollbackEnabled);
      return { status: 'Succeeded', statusMessage: 'No more instances to stop' };
    },
    ContinueDeployment: ({ deploymentId, deploymentWaitType = 'READY_WAIT' }) => {
      const one = this.#deployment(deploymentId);
      if (!OPEN.includes(one.status))
        throw new ApiException('DeploymentAlreadyCompletedException', `The deployment ${one.id} is already completed`);
      const waits = deploymentWaitType === 'TERMINATION_WAIT' ? one.terminationStarted : one.status === 'Ready';
      if (!waits || !one.proceed)
        throw new ApiException(
          'DeploymentIsNotInReadyStateException',
          `The deployment ${one.id} is not in a ready state`,
        );
      one.proceed();
      return {};
    },
  };

  /** `APPLICATION/GROUP` of a deployment. */
  groupOf(deployment: string): string | undefined {
    const groups = [...this.applications.values()].flatMap((application) => [...application.groups.values()]);
    const found = groups.find(({ deployments }) => deployments.some(({ id }) => id === deployment));
    return found && `${found.application}/${found.name}`;
  }

  /** @throws ApplicationDoesNotExistException */
  #application(given: unknown): SimApplication {
    const name = named(given, 'Application');
    const found = this.applications.get(name);
    if (found) return found;
    throw new ApiException('ApplicationDoesNotExistException', `No application found for name: ${name}`);
  }

  /** @throws DeploymentGroupDoesNotExistException */
  #group(application: unknown, given: unknown): SimDeploymentGroup {
    const { groups } = this.#application(application);
    const name = named(given, 'DeploymentGroup');
    const found = groups.get(name);
    if (found) return found;
    throw new ApiException('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
  }

  #config(name: string): Config {
    const found = this.configs.get(name);
    if (found) return found;
    throw new ApiException(
      'DeploymentConfigDoesNotExistException',
      `No Deployment Configuration found for name: ${name}`,
    );
  }

  #deployment(given: unknown): SimCodeDeployment {
    const id = String(given);
    if (!/^d-[A-Z0-9]{9}$/.test(id))
      throw new ApiException(
        'InvalidDeploymentIdException',
        `Specified DeploymentId is not in the valid format: ${id}`,
      );
    for (const { groups } of this.applications.values())
      for (const { deployments } of groups.values()) {
        const found = deployments.find((one) => one.id === id);
        if (found) return found;
      }
    throw new ApiException('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
  }

  /** A pair of target groups and a service are what an ECS group cannot do without. API_CreateDeploymentGroup.html */
  #createGroup(input: Input): object {
    const { groups, computePlatform, name: applicationName } = this.#application(input.applicationName);
    const name = named(input.deploymentGroupName, 'DeploymentGroup');
    if (groups.has(name))
      throw new ApiException(
        'DeploymentGroupAlreadyExistsException',
        `Deployment group already exists with the name ${name}`,
      );
    if (computePlatform === 'ECS') {
      const [pair] = list(object(input.loadBalancerInfo).targetGroupPairInfoList);
      if (
        !pair ||
        list(pair.targetGroups).length !== 2 ||
        strings(object(pair.prodTrafficRoute).listenerArns).length === 0
      )
        throw new ApiException(
          'InvalidTargetGroupPairException',
          'The target group pair must have two target groups and a production listener.',
        );
      const [service] = list(input.ecsServices);
      if (!service || !this.#parts.serviceOf(String(service.clusterName), String(service.serviceName)))
        throw new ApiException('InvalidECSServiceException', 'The ECS service does not exist.');
      const { deploymentType, deploymentOption } = object(input.deploymentStyle);
      if (deploymentType !== 'BLUE_GREEN' || deploymentOption !== 'WITH_TRAFFIC_CONTROL')
        throw new ApiException(
          'InvalidDeploymentStyleException',
          'For ECS deployment group, deploymentType must be BLUE_GREEN and deploymentOption WITH_TRAFFIC_CONTROL.',
        );
      if (input.blueGreenDeploymentConfiguration === undefined)
        throw new ApiException(
          'InvalidBlueGreenDeploymentConfigurationException',
          'For ECS deployment group, blueGreenDeploymentConfiguration must be specified.',
        );
    }
    const group: SimDeploymentGroup = {
      application: applicationName,
      name,
      id: this.#parts.ids.hexadecimal(),
      settings: { deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce', ...pick(input, GROUP_MEMBERS) },
      deployments: [],
    };
    this.#config(String(group.settings.deploymentConfigName));
    groups.set(name, group);
    return { deploymentGroupId: group.id };
  }

  #createDeployment(input: Input): object {
    const group = this.#group(input.applicationName, input.deploymentGroupName);
    const revision = object(input.revision);
    const { content, sha256 } = object(revision.appSpecContent);
    if (input.revision === undefined)
      throw new ApiException('RevisionRequiredException', 'Revision was not specified.');
    if (revision.revisionType !== 'AppSpecContent' && revision.revisionType !== 'S3')
      throw new ApiException(
        'InvalidRevisionException',
        'Revision type must be AppSpecContent or S3 for an ECS deployment.',
      );
    if (revision.revisionType === 'AppSpecContent') {
      if (typeof content !== 'string' || content === '')
        throw new ApiException('InvalidRevisionException', 'The AppSpec content was not specified.');
      if (sha256 !== undefined && sha256 !== createHash('sha256').update(content).digest('hex'))
        throw new ApiException('InvalidRevisionException', 'The sha256 does not match the AppSpec content.');
    }
    if (String(input.description ?? '').length > DESCRIPTION_CHARACTERS)
      throw new ApiException('DescriptionTooLongException', 'The description is too long.');
    const configName = String(input.deploymentConfigName ?? group.settings.deploymentConfigName);
    const config = this.#config(configName);
    const active = group.deployments.find(({ status }) => OPEN.includes(status));
    if (active)
      throw new ApiException(
        'DeploymentLimitExceededException',
        `The Deployment Group '${group.name}' already has an active Deployment '${active.id}'`,
      );
    const one = this.rollouts.begin(group, {
      revision,
      configName,
      shifts: shiftsOf(config),
      autoRollback: object(input.autoRollbackConfiguration ?? group.settings.autoRollbackConfiguration),
      ...(input.description === undefined ? {} : { description: String(input.description) }),
    });
    return { deploymentId: one.id };
  }

  #describe(one: SimCodeDeployment): object {
    const { group } = one;
    return {
      applicationName: group.application,
      deploymentGroupName: group.name,
      deploymentConfigName: one.configName,
      deploymentId: one.id,
      revision: one.revision,
      status: one.status,
      createTime: one.createdAt,
      creator: one.creator,
      ignoreApplicationStopFailures: false,
      autoRollbackConfiguration: one.autoRollback,
      updateOutdatedInstancesOnly: false,
      deploymentStyle: group.settings.deploymentStyle,
      blueGreenDeploymentConfiguration: group.settings.blueGreenDeploymentConfiguration,
      loadBalancerInfo: group.settings.loadBalancerInfo,
      instanceTerminationWaitTimeStarted: one.terminationStarted,
      fileExistsBehavior: 'DISALLOW',
      deploymentStatusMessages: [],
      computePlatform: 'ECS',
      ...(one.startedAt === undefined ? {} : { startTime: one.startedAt }),
      ...(one.completedAt === undefined ? {} : { completeTime: one.completedAt }),
      ...(one.description === undefined ? {} : { description: one.description }),
      ...(one.error ? { errorInformation: one.error } : {}),
      ...(one.rollbackInfo ? { rollbackInfo: one.rollbackInfo } : {}),
    };
  }

  /** Its id is the cluster and the service: `tutorial-bluegreen-cluster:service-bluegreen`. */
  #target(one: SimCodeDeployment, wanted: unknown, context: CallContext): object {
    const id = targetIdOf(one);
    if (wanted !== id)
      throw new ApiException(
        'DeploymentTargetDoesNotExistException',
        `The deployment target ${String(wanted)} does not exist`,
      );
    const service = this.rollouts.serviceOf(one);
    const shown = service?.deployments ?? [];
    const set = (state: TaskSetState | undefined, taskSetLabel: string, trafficWeight: number): object[] =>
      state && service && shown.includes(state) ? [describeSet(service, state, { taskSetLabel, trafficWeight })] : [];
    const ended = !OPEN.includes(one.status);
    return {
      deploymentTargetType: 'ECSTarget',
      ecsTarget: {
        deploymentId: one.id,
        targetId: id,
        targetArn:
          service?.arn ?? `arn:${context.partition}:ecs:${context.region}:${context.accountId}:service/unknown`,
        lastUpdatedAt: this.#clock.now(),
        lifecycleEvents: one.events.map(({ name, ...event }) => ({ lifecycleEventName: name, ...event })),
        status: ended
          ? one.status === 'Succeeded'
            ? 'Succeeded'
            : 'Failed'
          : one.status === 'Ready'
            ? 'Ready'
            : 'InProgress',
        taskSetsInfo: [...set(one.blue, 'Blue', 100 - one.weight), ...set(one.green, 'Green', one.weight)],
      },
    };
  }
}

const targetIdOf = ({ group }: SimCodeDeployment): string => {
  const [{ clusterName, serviceName } = {} as Input] = list(group.settings.ecsServices);
  return `${String(clusterName)}:${String(serviceName)}`;
};

function describeSet(
  service: SimService,
  set: TaskSetState,
  shown: { readonly taskSetLabel: string; readonly trafficWeight: number },
): object {
  const own = service.tasks.filter(
    ({ deploymentId, lastStatus }) => deploymentId === set.id && lastStatus !== 'STOPPED',
  );
  const { running, pending } = counts(own);
  const arn = String(set.taskSet?.loadBalancers[0]?.targetGroupArn ?? '');
  return {
    identifer: set.id,
    desiredCount: computedDesiredCount(service, set),
    pendingCount: pending,
    runningCount: running,
    status: set.status,
    targetGroup: { name: arn.split('/')[1] },
    ...shown,
  };
}

const describeApplication = ({ name, id, computePlatform, createdAt }: SimApplication): object => ({
  applicationId: id,
  applicationName: name,
  createTime: createdAt,
  linkedToGitHub: false,
  computePlatform,
});

function describeGroup({ application, name, id, settings, deployments }: SimDeploymentGroup): object {
  const last = (one: SimCodeDeployment | undefined): object | undefined =>
    one && {
      deploymentId: one.id,
      status: one.status,
      createTime: one.createdAt,
      ...(one.completedAt === undefined ? {} : { endTime: one.completedAt }),
    };
  const attempted = last(deployments.at(-1));
  const successful = last(deployments.findLast(({ status }) => status === 'Succeeded'));
  return {
    applicationName: application,
    deploymentGroupName: name,
    deploymentGroupId: id,
    computePlatform: 'ECS',
    ...settings,
    ...(attempted ? { lastAttemptedDeployment: attempted } : {}),
    ...(successful ? { lastSuccessfulDeployment: successful } : {}),
  };
}

function describeConfig(name: string, { type, percent, minutes }: Config): object {
  const config =
    type === 'TimeBasedCanary'
      ? { timeBasedCanary: { canaryPercentage: percent, canaryInterval: minutes } }
      : type === 'TimeBasedLinear'
        ? { timeBasedLinear: { linearPercentage: percent, linearInterval: minutes } }
        : {};
  return { deploymentConfigName: name, computePlatform: 'ECS', trafficRoutingConfig: { type, ...config } };
}

function shiftsOf({ type, percent = 100, minutes = 0 }: Config): Shift[] {
  if (type === 'AllAtOnce') return [{ percent: 100, minutes: 0 }];
  if (type === 'TimeBasedCanary')
    return [
      { percent, minutes },
      { percent: 100, minutes: 0 },
    ];
  const steps = Math.ceil(100 / percent);
  return Array.from({ length: steps }, (_, i) => ({
    percent: Math.min(100, (i + 1) * percent),
    minutes: i + 1 < steps ? minutes : 0,
  }));
}

/** @throws ApplicationNameRequiredException, InvalidApplicationNameException, and the same of a group */
function named(given: unknown, what: 'Application' | 'DeploymentGroup'): string {
  const name = String(given ?? '');
  if (name === '')
    throw new ApiException(
      `${what}NameRequiredException`,
      `The minimum number of required ${what === 'Application' ? 'application' : 'deployment group'} names was not specified.`,
    );
  if (!NAME.test(name)) throw new ApiException(`Invalid${what}NameException`, `Invalid name: ${name}`);
  return name;
}

/** A required member is missing: CodeDeploy has an exception for each. */
function requiredProblem(path: string): ApiException {
  const names: Readonly<Record<string, string>> = {
    applicationName: 'ApplicationNameRequiredException',
    deploymentGroupName: 'DeploymentGroupNameRequiredException',
    currentDeploymentGroupName: 'DeploymentGroupNameRequiredException',
    deploymentConfigName: 'DeploymentConfigNameRequiredException',
    deploymentId: 'DeploymentIdRequiredException',
    targetId: 'DeploymentTargetIdRequiredException',
    serviceRoleArn: 'RoleRequiredException',
  };
  return new ApiException(names[path] ?? 'ValidationException', `${path} was not specified.`);
}
