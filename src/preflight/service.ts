import type { ClusterState } from '../model.ts';
import { plannedWaves } from '../service/change.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import { type Answer, bad, type Check, ok, unanswered } from './check.ts';
import { networkModeOf, type Subject, textOf } from './subject.ts';

export function judgeCluster(cluster: string, answer: Answer<ClusterState | undefined> | undefined): Check {
  const subject = `cluster ${cluster}`;
  if (answer?.kind !== 'found') return unanswered(subject, answer);
  const status = answer.value?.status ?? 'not there';
  if (status === 'ACTIVE') return ok(subject, 'is ACTIVE.');
  return bad(subject, `is ${status}.`, 'Look at the inputs `cluster` and `aws-region`, or create the cluster anew.');
}

/** The service itself, as the survey saw it: nothing is asked. */
export function judgeService({ service, inputs }: Pick<Subject, 'service' | 'inputs'>): Check[] {
  const subject = `service ${service.name}`;
  const state =
    service.status === 'ACTIVE'
      ? ok(subject, 'is ACTIVE.')
      : bad(subject, `is ${service.status}.`, 'Create it anew, or correct the input `service`.');
  if (service.strategy !== 'ROLLING') return [state];
  const waves = plannedWaves(inputs, service);
  const rolling = waves.stuck
    ? bad('rolling update', waves.sentence, 'These are the inputs `minimum-healthy-percent` and `maximum-percent`.')
    : ok('rolling update', waves.sentence);
  return [state, rolling];
}

/**
 * The size, which the checks of the task definition held against Fargate's table, and what a wave adds to what already runs:
 * the quota itself only Service Quotas knows. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export function judgeSize({ definition, fargate, service, inputs }: Subject): Check[] {
  const cpu = cpuUnits(textOf(definition.cpu) ?? '');
  const memory = memoryMib(textOf(definition.memory) ?? '');
  if (!fargate || cpu === undefined || memory === undefined) return [];
  const { hi } = plannedWaves(inputs, service);
  const more = Math.max(0, hi - service.runningCount);
  const quota =
    more > 0 ? ` Up to ${more} more at a time: ${(more * cpu) / 1024} vCPU of the account's Fargate quota.` : '';
  return [ok('Fargate size', `${cpu} CPU units with ${memory} MiB.${quota}`)];
}

/**
 * ECS refuses an update in which network mode and network configuration do not belong together: "Network Configuration must be
 * provided when networkMode 'awsvpc' is specified", "Network Configuration is not valid for the given networkMode".
 */
export function judgeNetwork(subject: Subject): Check[] {
  const mode = networkModeOf(subject);
  const { service, fargate } = subject;
  const { subnets, securityGroups } = service;
  if (mode !== 'awsvpc') {
    if (subnets.length === 0) return [ok('network', `network mode ${mode}: the tasks use their instance's network.`)];
    return [
      bad(
        'network',
        `the task definition has the network mode ${mode}, but the service has a network configuration (subnets), which goes with awsvpc alone.`,
        'Write `"networkMode": "awsvpc"` in the template, or create the service anew without a network configuration.',
      ),
    ];
  }
  if (subnets.length === 0) {
    return [
      bad(
        'network',
        'the task definition has the network mode awsvpc, but the service has no subnets.',
        `Give it some (aws ecs update-service --cluster ${service.clusterArn} --service ${service.name} --network-configuration awsvpcConfiguration={subnets=[...],securityGroups=[...]}), or use the network mode that runs now.`,
      ),
    ];
  }
  const groups = securityGroups.length > 0 ? securityGroups.join(', ') : "the VPC's default security group";
  // Where a subnet leads cannot be told without rights on EC2; people look here first when images cannot be pulled.
  const way =
    fargate && service.assignPublicIp === false
      ? ' No public IP: the subnets need a NAT gateway or VPC endpoints to reach ECR and the logs.'
      : '';
  return [
    ok(
      'network',
      `${subnets.length} subnet${subnets.length === 1 ? '' : 's'}, ${groups}, as the service has them; routes and rules were not looked at.${way}`,
    ),
  ];
}
