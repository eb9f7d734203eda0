import { TRUSTS_TASKS } from '../services/iam.ts';
import type { Simulator } from '../simulator.ts';

type Input = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});
const lastPart = (text: unknown, sign: string): string => String(text).slice(String(text).lastIndexOf(sign) + 1);

/**
 * Makes whatever a task definition and a service refer to beside ECS and ECR: roles that ECS may take, secrets with the keys
 * that are asked for, parameters, log groups, files, target groups, services of AWS Cloud Map, alarms; and one large instance. For worlds in which
 * everything but the deployment itself is in good order.
 */
export function createDependencies(simulator: Simulator, definition: Input, service: Input = {}): void {
  const { iam, s3, logs, loadBalancing, cloudMap, cloudwatch } = simulator;
  for (const role of [definition.taskRoleArn, definition.executionRoleArn]) {
    if (role !== undefined)
      iam.roles.set(lastPart(role, '/'), { path: pathOf(role), trust: TRUSTS_TASKS, allows: [['*', '']] });
  }
  for (const container of list(definition.containerDefinitions)) {
    const log = object(container.logConfiguration);
    const group = object(log.options)['awslogs-group'];
    if (group !== undefined && !logs.groups.has(String(group))) logs.groups.set(String(group), new Map());
    const { credentialsParameter: login } = object(container.repositoryCredentials);
    if (String(login).startsWith('arn:')) keep(simulator, String(login));
    for (const { valueFrom } of [...list(container.secrets), ...list(log.secretOptions)])
      keep(simulator, String(valueFrom));
    for (const { value } of list(container.environmentFiles)) {
      const [, bucket = '', key = ''] = /:::([^/]+)\/(.+)$/.exec(String(value)) ?? [];
      const keys = s3.buckets.get(bucket)?.keys ?? [];
      s3.buckets.set(bucket, { region: simulator.context.region, keys: [...keys, key] });
    }
  }
  const targetType = definition.networkMode === 'awsvpc' ? 'ip' : 'instance';
  for (const { targetGroupArn } of list(service.loadBalancers)) {
    if (targetGroupArn !== undefined) loadBalancing.targetGroups.set(String(targetGroupArn), { targetType });
  }
  for (const { registryArn, containerPort, port } of list(service.serviceRegistries)) {
    const records = [(containerPort ?? port) === undefined ? 'A' : 'SRV'];
    const known = cloudMap.services.get(String(registryArn));
    if (registryArn !== undefined && !known)
      cloudMap.services.set(String(registryArn), { records, customHealth: true });
  }
  const { alarmNames } = object(object(service.deploymentConfiguration).alarms);
  for (const name of Array.isArray(alarmNames) ? alarmNames : []) cloudwatch.alarms.set(String(name), { state: 'OK' });
  // The cluster may be created after this.
  const instances = simulator.ecs.clusters.find(service.cluster, simulator.context)?.instances;
  if (instances === undefined && simulator.ecs.fleet.instances.length === 0) {
    simulator.ecs.fleet.instances.push({ id: 'i-0123456789abcdef0', cpu: 65_536, memory: 262_144 });
  }
}

const pathOf = (role: unknown): string => /:role(\/.*\/|\/)[^/]+$/.exec(String(role))?.[1] ?? '/';

/** A secret's ARN, perhaps with key, stage and version; or a parameter. */
function keep({ secretsManager, ssm }: Simulator, valueFrom: string): void {
  const [, arn, key, stage, id] =
    /^(arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::([^:]*):([^:]*):([^:]*))?$/.exec(valueFrom) ?? [];
  if (arn === undefined) {
    const name = valueFrom.startsWith('arn:') ? valueFrom.replace(/^.*:parameter\//, '/') : valueFrom;
    ssm.parameters.add(name.split(':')[0] ?? name);
    return;
  }
  const versions = secretsManager.secrets.get(arn)?.versions ?? {};
  const version = id || 'v1';
  const before = versions[version];
  const value: Record<string, string> = { ...(JSON.parse(before?.value ?? '{}') as Record<string, string>) };
  if (key) value[key] = 'simulated';
  const stages = [...new Set([...(before?.stages ?? []), stage || 'AWSCURRENT'])];
  secretsManager.secrets.set(arn, { versions: { ...versions, [version]: { stages, value: JSON.stringify(value) } } });
}
