import type { SimClock } from '../clock.ts';
import type { Alarms } from '../ecs/alarms.ts';
import type { Scheduler } from '../ecs/scheduler.ts';
import type { Ids, SimService } from '../ecs/state.ts';
import type { TaskDefinitions } from '../ecs/task-definitions.ts';
import type { TaskSets } from '../ecs/task-sets.ts';
import type { LoadBalancing } from '../services/load-balancing.ts';
import { ApiException, type Input, strings } from '../wire/service.ts';
import { readAppSpec } from './app-spec.ts';
import {
  type AppSpec,
  EVENTS,
  type EventName,
  list,
  OPEN,
  object,
  type SimCodeDeployment,
  type SimDeploymentGroup,
} from './state.ts';

/** How the Lambda function of a hook ends. `silent`: it never reports; CodeDeploy waits an hour. */
export interface HookResult {
  readonly result: 'Succeeded' | 'Failed' | 'silent';
  readonly seconds?: number;
  readonly logTail?: string;
}

/** "This time out period is 60 minutes": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html, of hooks: reference-appspec-file-structure-hooks.html */
const TIMEOUT_SECONDS = 3600;
const CREATED_SECONDS = 2;
/** What CodeDeploy takes between its steps. */
const STEP_SECONDS = 1;

export interface RolloutParts {
  readonly clock: SimClock;
  readonly ids: Ids;
  readonly scheduler: Scheduler;
  readonly taskSets: TaskSets;
  readonly taskDefinitions: TaskDefinitions;
  readonly loadBalancing: LoadBalancing;
  readonly alarms: Alarms;
  readonly serviceOf: (cluster: string, service: string) => SimService | undefined;
}

export interface Shift {
  readonly percent: number;
  /** Until the next one. */
  readonly minutes: number;
}

/**
 * Blue/green deployments of ECS services as CodeDeploy carries them out: a replacement task set on the other target group, hooks, the
 * shift of the listeners' weights, the wait, and the end of the original task set.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html
 */
export class CodeDeployRollouts {
  /** By function name or ARN; others succeed after a second. */
  readonly hooks = new Map<string, HookResult>();
  /** Words of ECS when it refuses the replacement task set, if it is to. */
  refusal: string | undefined;
  readonly #parts: RolloutParts;
  /** Waits for what happens to the tasks of a service. */
  readonly #waiting = new Map<SimCodeDeployment, () => void>();

  constructor(parts: RolloutParts) {
    this.#parts = parts;
    parts.scheduler.onTaskSets.push(() => {
      for (const look of [...this.#waiting.values()]) look();
    });
    parts.alarms.onChange((name, state) => {
      if (state === 'ALARM') for (const one of [...this.#running]) this.#onAlarm(one, name);
    });
  }
  readonly #running = new Set<SimCodeDeployment>();

  begin(
    group: SimDeploymentGroup,
    given: {
      readonly revision: Input;
      readonly configName: string;
      readonly shifts: readonly Shift[];
      readonly description?: string;
      readonly autoRollback: Input;
    },
  ): SimCodeDeployment {
    const { clock } = this.#parts;
    const { content } = object(given.revision.appSpecContent ?? given.revision.string);
    let appSpec: AppSpec | undefined;
    let invalid: string | undefined;
    try {
      appSpec = readAppSpec(String(content));
    } catch (thrown) {
      invalid = thrown instanceof Error ? thrown.message : String(thrown);
    }
    const one = this.#created({
      group,
      configName: given.configName,
      revision: given.revision,
      creator: 'user',
      autoRollback: given.autoRollback,
      ...(appSpec ? { appSpec } : {}),
      ...(given.description === undefined ? {} : { description: given.description }),
    });
    this.#running.add(one);
    this.#later(one, CREATED_SECONDS, () => {
      one.status = 'InProgress';
      one.startedAt = clock.now();
      if (invalid !== undefined || !appSpec) this.fail(one, 'INVALID_REVISION', invalid ?? '');
      else this.#hook(one, 'BeforeInstall', () => this.#install(one, given.shifts));
    });
    return one;
  }

  /** Nothing of it has started. */
  #created(
    given: Pick<
      SimCodeDeployment,
      'group' | 'configName' | 'revision' | 'creator' | 'autoRollback' | 'appSpec' | 'description'
    >,
  ): SimCodeDeployment {
    const { clock, ids } = this.#parts;
    const one: SimCodeDeployment = {
      ...given,
      id: `d-${ids.hexadecimal().slice(0, 9).toUpperCase()}`,
      status: 'Created',
      createdAt: clock.now(),
      events: EVENTS.map((name) => ({ name, status: 'Pending' })),
      weight: 0,
      terminationStarted: false,
      step: 0,
    };
    given.group.deployments.push(one);
    return one;
  }

  /** Runs once, unless the deployment has gone another way by then. */
  #later(one: SimCodeDeployment, seconds: number, run: () => void): void {
    const step = ++one.step;
    this.#parts.clock.after(seconds, () => {
      if (one.step === step && OPEN.includes(one.status)) run();
    });
  }

  #event(one: SimCodeDeployment, name: EventName) {
    const found = one.events.find((event) => event.name === name);
    if (!found) throw new Error(`There is no event ${name}.`);
    return found;
  }

  #enter(one: SimCodeDeployment, name: EventName): void {
    const event = this.#event(one, name);
    event.status = 'InProgress';
    event.startTime = this.#parts.clock.now();
  }

  #leave(one: SimCodeDeployment, name: EventName, next: () => void): void {
    const event = this.#event(one, name);
    event.status = 'Succeeded';
    event.endTime = this.#parts.clock.now();
    this.#later(one, STEP_SECONDS, next);
  }

  #hook(one: SimCodeDeployment, name: EventName, next: () => void): void {
    this.#enter(one, name);
    const lambda = one.appSpec?.hooks.get(name);
    if (lambda === undefined) {
      this.#leave(one, name, next);
      return;
    }
    const { result, seconds = 1, logTail } = this.hooks.get(lambda) ?? { result: 'Succeeded' };
    if (result === 'Succeeded') this.#later(one, seconds, () => this.#leave(one, name, next));
    else
      this.#later(one, result === 'silent' ? TIMEOUT_SECONDS : seconds, () => {
        this.#event(one, name).diagnostics = {
          errorCode: result === 'silent' ? 'ScriptTimedOut' : 'ScriptFailed',
          scriptName: lambda,
          message:
            result === 'silent'
              ? `The hook function ${lambda} did not report its result.`
              : `The hook function ${lambda} reported Failed.`,
          ...(logTail === undefined ? {} : { logTail }),
        };
        this.fail(one, 'HOOK_EXECUTION_FAILURE', `The overall deployment failed because the ${name} hook failed.`);
      });
  }

  serviceOf({ group }: SimCodeDeployment): SimService | undefined {
    const [{ clusterName, serviceName } = {} as Input] = list(group.settings.ecsServices);
    return this.#parts.serviceOf(String(clusterName), String(serviceName));
  }

  /** The replacement task set, on the target group that the original one does not have. */
  #install(one: SimCodeDeployment, shifts: readonly Shift[]): void {
    const { taskSets, taskDefinitions, loadBalancing } = this.#parts;
    this.#enter(one, 'Install');
    const service = this.serviceOf(one);
    const { appSpec } = one;
    if (!service || !appSpec) {
      this.fail(one, 'INVALID_ECS_SERVICE', 'The ECS service does not exist.');
      return;
    }
    const blue = service.deployments.find(({ status }) => status === 'PRIMARY');
    const refused = this.refusal ?? controllerProblem(service) ?? problemOf(appSpec, taskDefinitions);
    if (refused !== undefined || !blue) {
      this.fail(
        one,
        'ECS_UPDATE_ERROR',
        `The ECS service cannot be updated due to an unexpected error: ${refused ?? 'no PRIMARY task set'} (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: ${one.id}; Proxy: null). Check your ECS service status.`,
      );
      return;
    }
    one.blue = blue;
    // AWS documents nothing of a replacement that a stopped deployment has left; its target group is needed for this one.
    for (const left of service.deployments) if (left.status === 'ACTIVE') taskSets.drain(service, left);
    const names = this.targetGroupsOf(one);
    const used = String(blue.taskSet?.loadBalancers[0]?.targetGroupArn ?? '');
    const other = names.find((name) => name !== nameOf(used));
    const arn = [...loadBalancing.targetGroups.keys()].find((one) => nameOf(one) === other) ?? '';
    one.green = taskSets.create(service, {
      status: 'ACTIVE',
      taskDefinition: String(taskDefinitions.find(appSpec.taskDefinition).definition.taskDefinitionArn),
      loadBalancers: [
        { targetGroupArn: arn, containerName: appSpec.containerName, containerPort: appSpec.containerPort },
      ],
      startedBy: 'CODE_DEPLOY',
      externalId: one.id,
      revision: {
        ...(appSpec.platformVersion === undefined ? {} : { platformVersion: appSpec.platformVersion }),
        ...(appSpec.networkConfiguration ? { networkConfiguration: appSpec.networkConfiguration } : {}),
        ...(appSpec.capacityProviderStrategy ? { capacityProviderStrategy: appSpec.capacityProviderStrategy } : {}),
      },
    });
    this.#later(one, TIMEOUT_SECONDS, () =>
      this.fail(
        one,
        'TIMEOUT',
        'The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.',
      ),
    );
    this.#await(
      one,
      () => one.green?.taskSet?.stability === 'STEADY_STATE',
      () => this.#leave(one, 'Install', () => this.#afterInstall(one, shifts)),
    );
  }

  #await(one: SimCodeDeployment, holds: () => boolean, then: () => void): void {
    const look = (): void => {
      if (!this.#waiting.has(one)) return;
      if (!holds()) return;
      this.#waiting.delete(one);
      then();
    };
    this.#waiting.set(one, look);
    look();
  }

  #afterInstall(one: SimCodeDeployment, shifts: readonly Shift[]): void {
    this.#hook(one, 'AfterInstall', () => {
      this.#enter(one, 'AllowTestTraffic');
      for (const listener of this.#listeners(one, 'testTrafficRoute')) this.#weigh(one, listener, 100);
      this.#leave(one, 'AllowTestTraffic', () =>
        this.#hook(one, 'AfterAllowTestTraffic', () => this.#ready(one, shifts)),
      );
    });
  }

  /** deploymentReadyOption: STOP_DEPLOYMENT waits for ContinueDeployment. API_DeploymentReadyOption.html */
  #ready(one: SimCodeDeployment, shifts: readonly Shift[]): void {
    const { actionOnTimeout, waitTimeInMinutes = 0 } = object(
      object(one.group.settings.blueGreenDeploymentConfiguration).deploymentReadyOption,
    );
    const onwards = (): void => this.#hook(one, 'BeforeAllowTraffic', () => this.#shift(one, shifts));
    if (actionOnTimeout !== 'STOP_DEPLOYMENT') {
      onwards();
      return;
    }
    one.status = 'Ready';
    one.proceed = () => {
      delete one.proceed;
      one.status = 'InProgress';
      one.step++;
      onwards();
    };
    this.#later(one, Number(waitTimeInMinutes) * 60, () => {
      delete one.proceed;
      this.#end(one, 'Stopped', {
        code: 'TIMEOUT',
        message: 'The deployment was stopped because traffic was not rerouted manually within the wait time.',
      });
      this.#rollBackIf(one, one.autoRollback, 'DEPLOYMENT_FAILURE');
    });
  }

  #shift(one: SimCodeDeployment, shifts: readonly Shift[]): void {
    this.#enter(one, 'AllowTraffic');
    const next = (index: number): void => {
      const shift = shifts[index];
      if (!shift) {
        const service = this.serviceOf(one);
        if (service && one.green) this.#parts.taskSets.makePrimary(service, one.green);
        this.#leave(one, 'AllowTraffic', () => this.#hook(one, 'AfterAllowTraffic', () => this.#terminate(one)));
        return;
      }
      one.weight = shift.percent;
      for (const listener of this.#listeners(one, 'prodTrafficRoute')) this.#weigh(one, listener, shift.percent);
      if (shift.minutes > 0) this.#later(one, shift.minutes * 60, () => next(index + 1));
      else next(index + 1);
    };
    next(0);
  }

  /** terminateBlueInstancesOnDeploymentSuccess: the original task set goes after the wait; the deployment is in progress until then. */
  #terminate(one: SimCodeDeployment): void {
    const { action, terminationWaitTimeInMinutes = 0 } = object(
      object(one.group.settings.blueGreenDeploymentConfiguration).terminateBlueInstancesOnDeploymentSuccess,
    );
    const end = (): void => {
      delete one.proceed;
      const service = this.serviceOf(one);
      if (service && one.blue) this.#parts.taskSets.drain(service, one.blue);
      this.#end(one, 'Succeeded');
    };
    if (action === 'KEEP_ALIVE') {
      this.#end(one, 'Succeeded');
      return;
    }
    one.terminationStarted = true;
    one.proceed = () => {
      one.step++;
      end();
    };
    this.#later(one, Number(terminationWaitTimeInMinutes) * 60, end);
  }

  targetGroupsOf({ group }: SimCodeDeployment): string[] {
    const [pair] = list(object(group.settings.loadBalancerInfo).targetGroupPairInfoList);
    return list(pair?.targetGroups).map(({ name }) => String(name));
  }

  #listeners({ group }: SimCodeDeployment, route: 'prodTrafficRoute' | 'testTrafficRoute'): string[] {
    const [pair] = list(object(group.settings.loadBalancerInfo).targetGroupPairInfoList);
    return strings(object(pair?.[route]).listenerArns);
  }

  #weigh(one: SimCodeDeployment, listener: string, percent: number): void {
    const group = (set: SimCodeDeployment['green']): string =>
      String(set?.taskSet?.loadBalancers[0]?.targetGroupArn ?? '');
    this.#parts.loadBalancing.weights.set(
      listener,
      new Map([
        [group(one.green), percent],
        [group(one.blue), 100 - percent],
      ]),
    );
  }

  #end(one: SimCodeDeployment, status: 'Succeeded' | 'Failed' | 'Stopped', error?: SimCodeDeployment['error']): void {
    const now = this.#parts.clock.now();
    one.status = status;
    one.completedAt = now;
    one.step++;
    delete one.proceed;
    this.#running.delete(one);
    this.#waiting.delete(one);
    if (error) one.error = error;
    if (status === 'Succeeded') return;
    for (const event of one.events) {
      if (event.status === 'InProgress') {
        event.status = 'Failed';
        event.endTime = now;
      } else if (event.status === 'Pending') event.status = 'Skipped';
    }
  }

  fail(one: SimCodeDeployment, code: string, message: string): void {
    this.#end(one, 'Failed', { code, message });
    this.#rollBackIf(one, one.autoRollback, 'DEPLOYMENT_FAILURE');
  }

  /** https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html */
  #onAlarm(one: SimCodeDeployment, name: string): void {
    const { enabled, alarms } = object(one.group.settings.alarmConfiguration);
    if (enabled !== true || one.creator !== 'user' || !list(alarms).some((alarm) => alarm.name === name)) return;
    this.#end(one, 'Stopped', {
      code: 'ALARM_ACTIVE',
      message: `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${name}>`,
    });
    this.#rollBackIf(one, one.autoRollback, 'DEPLOYMENT_STOP_ON_ALARM');
  }

  /** @throws DeploymentAlreadyCompletedException */
  stop(one: SimCodeDeployment, rollback: unknown): void {
    if (!OPEN.includes(one.status))
      throw new ApiException('DeploymentAlreadyCompletedException', `The deployment ${one.id} is already completed`);
    this.#end(one, 'Stopped', { code: 'MANUAL_STOP', message: 'The deployment was stopped manually.' });
    const { enabled, events } = object(one.autoRollback);
    const wanted = rollback ?? (enabled === true && strings(events).includes('DEPLOYMENT_STOP_ON_REQUEST'));
    if (wanted === true) this.#rollBack(one);
  }

  #rollBackIf(one: SimCodeDeployment, { enabled, events }: Input, event: string): void {
    if (enabled === true && strings(events).includes(event)) this.#rollBack(one);
  }

  /** A deployment of its own: all traffic returns to the original task set, and the replacement goes. */
  #rollBack(one: SimCodeDeployment): void {
    const { clock, taskSets } = this.#parts;
    const back = this.#created({
      group: one.group,
      configName: 'CodeDeployDefault.ECSAllAtOnce',
      revision: one.group.deployments.findLast(({ status }) => status === 'Succeeded')?.revision ?? {},
      creator: 'codeDeployRollback',
      autoRollback: { enabled: false, events: [] },
    });
    back.rollbackInfo = {
      rollbackTriggeringDeploymentId: one.id,
      rollbackMessage: `Deployment ${back.id} is triggered to roll back deployment ${one.id}.`,
    };
    one.rollbackInfo = {
      rollbackDeploymentId: back.id,
      rollbackMessage: `Deployment ${one.id} terminated. Automatic rollback is triggered with a DeploymentId ${back.id}.`,
    };
    for (const route of ['prodTrafficRoute', 'testTrafficRoute'] as const)
      if (one.green) for (const listener of this.#listeners(one, route)) this.#weigh(one, listener, 0);
    one.weight = 0;
    this.#running.add(back);
    this.#later(back, CREATED_SECONDS, () => {
      back.status = 'InProgress';
      back.startedAt = clock.now();
      const service = this.serviceOf(one);
      const { blue, green } = one;
      if (service && blue && blue.status === 'ACTIVE') taskSets.makePrimary(service, blue);
      if (service && green) taskSets.drain(service, green);
      this.#later(back, STEP_SECONDS, () => {
        for (const event of back.events) event.status = 'Succeeded';
        this.#end(back, 'Succeeded');
      });
    });
  }
}

/** `arn:...:targetgroup/NAME/ID` */
export const nameOf = (arn: string): string => arn.split('/')[1] ?? '';

/** The controller may have been changed before the deployment had a task set, which CreateTaskSet then refuses. API_CreateTaskSet.html */
const controllerProblem = ({ settings }: SimService): string | undefined =>
  object(settings.deploymentController).type === 'CODE_DEPLOY'
    ? undefined
    : 'Cannot create a task set for a service that does not have the deployment controller CODE_DEPLOY.';

/** What ECS says of a task set that it cannot create. */
function problemOf(
  { taskDefinition, containerName, containerPort }: AppSpec,
  definitions: TaskDefinitions,
): string | undefined {
  let definition: Input;
  try {
    ({ definition } = definitions.find(taskDefinition));
  } catch {
    return 'Unable to describe task definition.';
  }
  if (definition.status !== undefined && definition.status !== 'ACTIVE') return 'TaskDefinition is inactive';
  const container = list(definition.containerDefinitions).find(({ name }) => name === containerName);
  if (!container) return 'The container does not exist in the task definition.';
  return list(container.portMappings).some((port) => port.containerPort === containerPort)
    ? undefined
    : `The container ${containerName} did not have a container port ${containerPort} defined.`;
}
