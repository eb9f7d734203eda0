import type { ServiceRegistry } from '@aws-sdk/client-ecs';
import type { SimClock } from '../clock.ts';
import type { RegisteredInstance } from '../services/cloud-map.ts';
import type { TargetHealthDescription } from '../services/load-balancing.ts';
import {
  active,
  alternateOf,
  balancersOf,
  type Deployment,
  primaryOf,
  running,
  type SimService,
  type SimTask,
} from './state.ts';
import type { Timings } from './timings.ts';

/**
 * Task.healthStatus, from the health checks of the essential containers.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html
 */
export function healthOf({ containers, health }: SimTask): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  const checked = containers.filter(({ essential, definition }) => essential && definition.healthCheck !== undefined);
  if (checked.some(({ name }) => health.get(name) === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every(({ name }) => health.get(name) === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

/**
 * Which tasks count as healthy: RUNNING, with passing container health checks, a healthy target, and healthy in AWS Cloud Map. A task without
 * health checks counts once it has been RUNNING for `settleSeconds` (AWS: 40 seconds).
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html, minimumHealthyPercent
 */
export class Health {
  readonly #clock: SimClock;
  readonly #timings: Timings;

  constructor(clock: SimClock, timings: Timings) {
    this.#clock = clock;
    this.#timings = timings;
  }

  /** As minimumHealthyPercent counts it. */
  isHealthy(task: SimTask): boolean {
    if (task.lastStatus !== 'RUNNING' || task.startedAt === undefined || task.target === 'unhealthy') return false;
    if (task.service?.keepsRegisteredHealth && task.registered !== 'healthy') return false;
    const checked = task.containers.some(
      ({ essential, definition }) => essential && definition.healthCheck !== undefined,
    );
    if (checked && healthOf(task) !== 'HEALTHY') return false;
    if (balancersOf(task).length > 0) return task.target === 'healthy';
    return checked || this.#clock.now() >= task.startedAt + this.#timings.settleSeconds - 0.0005;
  }

  /** Healthy tasks of a deployment whose desired status is RUNNING. */
  count(service: SimService, deployment: Deployment | undefined): number {
    return active(service).filter((task) => task.deploymentId === deployment?.id && this.isHealthy(task)).length;
  }

  /** All desired tasks belong to PRIMARY and are healthy, and no other task is left. */
  isSteady(service: SimService): boolean {
    const primary = primaryOf(service);
    if (running(service).some(({ deploymentId }) => deploymentId !== primary?.id)) return false;
    return active(service).length === service.desiredCount && this.count(service, primary) === service.desiredCount;
  }
}

/**
 * How the load balancer sees the tasks that are registered with a target group; undefined when no service uses it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function targetHealthOf(services: Iterable<SimService>, group: string): TargetHealthDescription[] | undefined {
  let used = false;
  const descriptions: TargetHealthDescription[] = [];
  for (const { loadBalancers, deployments, tasks } of services) {
    const all = [...loadBalancers, ...deployments.flatMap(({ taskSet }) => taskSet?.loadBalancers ?? [])];
    if (!all.some((one) => one.targetGroupArn === group || alternateOf(one) === group)) continue;
    used = true;
    for (const task of tasks) {
      const balancer = balancersOf(task).find(({ targetGroupArn }) => targetGroupArn === group);
      if (!balancer) continue;
      const port = Number(balancer.containerPort ?? 80);
      const TargetHealth = targetStateOf(task);
      if (!TargetHealth) continue;
      const Id = task.definition.networkMode === 'awsvpc' ? task.privateIp : (task.instance?.ec2InstanceId ?? task.id);
      descriptions.push({ Target: { Id, Port: port }, HealthCheckPort: String(port), TargetHealth });
    }
  }
  return used ? descriptions : undefined;
}

/** The tasks that are registered with a service of AWS Cloud Map; its ids are those of the tasks. */
export function instancesOf(services: Iterable<SimService>, registry: string): RegisteredInstance[] {
  const instances: RegisteredInstance[] = [];
  for (const { settings, tasks } of services) {
    const registries = (settings.serviceRegistries ?? []) as readonly ServiceRegistry[];
    const found = registries.find(({ registryArn }) => registryArn === registry);
    if (!found) continue;
    const port = found.port ?? found.containerPort;
    for (const { id, lastStatus, privateIp, registered } of tasks) {
      if (lastStatus !== 'RUNNING') continue;
      const health = registered === undefined ? 'UNKNOWN' : registered === 'healthy' ? 'HEALTHY' : 'UNHEALTHY';
      const ofPort = port === undefined ? {} : { AWS_INSTANCE_PORT: String(port) };
      instances.push({ Id: id, Attributes: { AWS_INSTANCE_IPV4: privateIp, ...ofPort }, health });
    }
  }
  return instances;
}

function targetStateOf({
  lastStatus,
  target,
  targetReason,
}: SimTask): TargetHealthDescription['TargetHealth'] | undefined {
  if (lastStatus === 'DEACTIVATING') {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  }
  if (lastStatus === 'ACTIVATING') {
    return {
      State: 'initial',
      Reason: 'Elb.RegistrationInProgress',
      Description: 'Target registration is in progress',
    };
  }
  if (lastStatus !== 'RUNNING') return undefined;
  if (target === 'healthy') return { State: 'healthy' };
  if (target === undefined) {
    return {
      State: 'initial',
      Reason: 'Elb.InitialHealthChecking',
      Description: 'Initial health checks in progress',
    };
  }
  const words = targetReason ?? 'Health checks failed';
  return { State: 'unhealthy', Reason: codeOf(words), Description: words };
}

function codeOf(words: string): string {
  if (/timed out/i.test(words)) return 'Target.Timeout';
  return /codes?: \[/.test(words) ? 'Target.ResponseCodeMismatch' : 'Target.FailedHealthChecks';
}
