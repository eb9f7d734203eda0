import {
  asObjects,
  asStrings,
  defined,
  isObject,
  type Json,
  type JsonObject,
  type LoadBalancer,
  objectOf,
  type ServiceState,
  type TaskPlacement,
} from '../model.ts';
import { textOf } from '../taskdef/template.ts';

const text = (value: Json | undefined): string | undefined => textOf(value) || undefined;
const number = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
const flag = (value: Json | undefined): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** Where a service that does not exist would be. */
interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** ARN. */
  readonly cluster: string;
  readonly service: string;
}

/**
 * A service that does not exist, as ECS would create it from these settings: what checks, plans and the arithmetic of a rollout look at
 * before it is there.
 * @param settings members of CreateService
 */
export function plannedService(
  { partition, region, account, cluster, service }: Home,
  settings: JsonObject,
  desiredCount: number,
): ServiceState {
  const daemon = settings.schedulingStrategy === 'DAEMON';
  const arn = `${cluster.replace(':cluster/', ':service/')}/${service}`;
  const empty: ServiceState = {
    arn,
    partition,
    region,
    account,
    name: service,
    clusterArn: cluster,
    status: 'ACTIVE',
    schedulingStrategy: daemon ? 'DAEMON' : 'REPLICA',
    deploymentController: 'ECS',
    capacityProviders: [],
    desiredCount,
    runningCount: 0,
    pendingCount: 0,
    taskDefinitionArn: '',
    deployments: [],
    events: [],
    minimumHealthyPercent: daemon ? 0 : 100,
    maximumPercent: daemon ? 100 : 200,
    strategy: 'ROLLING',
    loadBalancers: [],
    subnets: [],
    securityGroups: [],
    enableExecuteCommand: false,
    enableEcsManagedTags: false,
    propagateTags: 'NONE',
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html: without either ECS takes EC2.
    ...(asObjects(settings.capacityProviderStrategy).length > 0 ? {} : { launchType: 'EC2' }),
  };
  return { ...withSettings(empty, settings), settings };
}

/** The service with these members of CreateService in place of its own. `settings` stays what ECS describes. */
export function withSettings({ placement, ...state }: ServiceState, settings: JsonObject): ServiceState {
  const has = (member: string): boolean => settings[member] !== undefined;
  return {
    ...state,
    ...(has('launchType') ? { launchType: text(settings.launchType) ?? 'EC2', capacityProviders: [] } : {}),
    ...(has('capacityProviderStrategy') ? providersIn(settings) : {}),
    ...(has('networkConfiguration') ? networkIn(settings) : {}),
    ...(has('loadBalancers') ? { loadBalancers: asObjects(settings.loadBalancers).map(loadBalancer) } : {}),
    ...(has('serviceConnectConfiguration') ? { serviceConnectPorts: portsIn(settings) } : {}),
    ...(has('vpcLatticeConfigurations')
      ? { latticePorts: asObjects(settings.vpcLatticeConfigurations).flatMap(({ portName }) => text(portName) ?? []) }
      : {}),
    ...(has('volumeConfigurations')
      ? { volumes: asObjects(settings.volumeConfigurations).flatMap(({ name }) => text(name) ?? []) }
      : {}),
    ...defined({
      platformVersion: text(settings.platformVersion),
      healthCheckGracePeriodSeconds: number(settings.healthCheckGracePeriodSeconds),
      enableExecuteCommand: flag(settings.enableExecuteCommand),
      enableEcsManagedTags: flag(settings.enableECSManagedTags),
      propagateTags: text(settings.propagateTags) as ServiceState['propagateTags'] | undefined,
    }),
    ...configurationIn(objectOf(settings.deploymentConfiguration)),
    ...placementIn(placement, settings),
  };
}

function providersIn(settings: JsonObject): Partial<ServiceState> {
  const names = asObjects(settings.capacityProviderStrategy).flatMap((item) => text(item.capacityProvider) ?? []);
  return { capacityProviders: names };
}

function networkIn(settings: JsonObject): Partial<ServiceState> {
  const vpc = objectOf(objectOf(settings.networkConfiguration).awsvpcConfiguration);
  return {
    subnets: asStrings(vpc.subnets),
    securityGroups: asStrings(vpc.securityGroups),
    assignPublicIp: vpc.assignPublicIp === 'ENABLED',
  };
}

function loadBalancer(item: JsonObject): LoadBalancer {
  const advanced = item.advancedConfiguration;
  return defined({
    targetGroupArn: text(item.targetGroupArn),
    loadBalancerName: text(item.loadBalancerName),
    containerName: text(item.containerName),
    containerPort: number(item.containerPort),
    advanced: isObject(advanced ?? null) ? (advanced as LoadBalancer['advanced']) : undefined,
  });
}

function portsIn(settings: JsonObject): readonly string[] {
  const connect = objectOf(settings.serviceConnectConfiguration);
  return connect.enabled === true ? asObjects(connect.services).flatMap(({ portName }) => text(portName) ?? []) : [];
}

function configurationIn(given: JsonObject): Partial<ServiceState> {
  const breaker = objectOf(given.deploymentCircuitBreaker);
  const threshold = objectOf(breaker.thresholdConfiguration);
  const alarms = objectOf(given.alarms);
  const early = objectOf(given.earlySuccessCriteria);
  return defined({
    minimumHealthyPercent: number(given.minimumHealthyPercent),
    maximumPercent: number(given.maximumPercent),
    strategy: text(given.strategy),
    bakeTimeMinutes: number(given.bakeTimeInMinutes),
    linear: given.linearConfiguration as ServiceState['linear'],
    canary: given.canaryConfiguration as ServiceState['canary'],
    lifecycleHooks: given.lifecycleHooks === undefined ? undefined : asObjects(given.lifecycleHooks),
    earlySuccessPercent: early.enable === true ? number(early.healthyPercent) : undefined,
    circuitBreaker:
      given.deploymentCircuitBreaker === undefined
        ? undefined
        : {
            enable: breaker.enable === true,
            rollback: breaker.rollback === true,
            ...defined({
              threshold:
                threshold.type === undefined
                  ? undefined
                  : { type: textOf(threshold.type), value: number(threshold.value) ?? 0 },
              resetOnHealthyTask: flag(breaker.resetOnHealthyTask),
            }),
          },
    alarms:
      given.alarms === undefined
        ? undefined
        : { names: asStrings(alarms.alarmNames), enable: alarms.enable === true, rollback: alarms.rollback === true },
  });
}

function placementIn(placement: TaskPlacement | undefined, settings: JsonObject): Partial<ServiceState> {
  const given = Object.fromEntries(
    (
      ['capacityProviderStrategy', 'placementConstraints', 'placementStrategy', 'volumeConfigurations'] as const
    ).flatMap((member) => (settings[member] === undefined ? [] : [[member, asObjects(settings[member])]])),
  );
  const all = Object.entries({ ...placement, ...given }).filter(([, items]) => items.length > 0);
  return all.length > 0 ? { placement: Object.fromEntries(all) } : {};
}
