import type { SimService, SimTask } from './state.ts';

/** As DescribeTargetHealth tells it. */
export interface TargetHealthDescription {
  readonly Target: { readonly Id: string; readonly Port: number; readonly AvailabilityZone?: string };
  readonly HealthCheckPort: string;
  readonly TargetHealth: { readonly State: string; readonly Reason?: string; readonly Description?: string };
}

/**
 * How the load balancer sees the tasks that are registered with a target group; undefined when no service uses it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function targetHealthOf(services: Iterable<SimService>, group: string): TargetHealthDescription[] | undefined {
  let used = false;
  const descriptions: TargetHealthDescription[] = [];
  for (const { loadBalancers, tasks } of services) {
    const balancer = loadBalancers.find(({ targetGroupArn }) => targetGroupArn === group);
    if (!balancer) continue;
    used = true;
    const port = Number(balancer.containerPort ?? 80);
    for (const task of tasks) {
      const TargetHealth = healthOf(task);
      if (!TargetHealth) continue;
      const Id = task.definition.networkMode === 'awsvpc' ? task.privateIp : (task.instance?.ec2InstanceId ?? task.id);
      descriptions.push({ Target: { Id, Port: port }, HealthCheckPort: String(port), TargetHealth });
    }
  }
  return used ? descriptions : undefined;
}

function healthOf({ lastStatus, target, targetReason }: SimTask): TargetHealthDescription['TargetHealth'] | undefined {
  if (lastStatus === 'DEACTIVATING') {
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
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
