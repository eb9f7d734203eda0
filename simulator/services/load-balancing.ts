import { members, refuseUnknown } from '../wire/query.ts';
import { ApiException, type Service } from '../wire/service.ts';

/** TargetHealthDescription of DescribeTargetHealth. */
export interface TargetHealthDescription {
  readonly Target: { readonly Id: string; readonly Port: number; readonly AvailabilityZone?: string };
  readonly HealthCheckPort: string;
  readonly TargetHealth: { readonly State: string; readonly Reason?: string; readonly Description?: string };
}

export interface SimTargetGroup {
  readonly targetType?: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly protocol?: string;
  readonly port?: number;
  readonly healthCheckPort?: string;
  readonly loadBalancerArns?: readonly string[];
}

/** Elastic Load Balancing v2: target groups, by ARN. */
export class LoadBalancing implements Service {
  readonly name = 'elasticloadbalancing';
  readonly protocol = 'query' as const;
  readonly targetPrefix = '';
  readonly namespace = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';
  readonly targetGroups = new Map<string, SimTargetGroup>();
  /** What is registered with a group; undefined when no service uses it. */
  targets: (targetGroupArn: string) => readonly TargetHealthDescription[] | undefined = () => undefined;

  handle(operation: string, input: Readonly<Record<string, unknown>>): object {
    if (operation === 'DescribeTargetHealth') return this.#health(input);
    if (operation !== 'DescribeTargetGroups') {
      throw new ApiException('InvalidAction', `Could not find operation ${operation} for version 2015-12-01`);
    }
    refuseUnknown(input, ['LoadBalancerArn', 'TargetGroupArns', 'Names', 'Marker', 'PageSize']);
    const arns = members(input, 'TargetGroupArns');
    const malformed = arns.find((arn) => !/^arn:[\w-]+:elasticloadbalancing:.*:targetgroup\/.+\/.+$/.test(arn));
    if (malformed) throw new ApiException('ValidationError', `'${malformed}' is not a valid target group ARN`);
    if (arns.some((arn) => !this.targetGroups.has(arn))) {
      throw new ApiException('TargetGroupNotFound', 'One or more target groups not found');
    }
    const shown = [...this.targetGroups].filter(([arn]) => arns.length === 0 || arns.includes(arn));
    return { TargetGroups: shown.map(([arn, group]) => describe(arn, group)) };
  }

  #health(input: Readonly<Record<string, unknown>>): object {
    refuseUnknown(input, ['TargetGroupArn', 'Targets', 'Include']);
    const arn = String(input.TargetGroupArn);
    const targets = this.targets(arn);
    if (!targets && !this.targetGroups.has(arn)) {
      throw new ApiException('TargetGroupNotFound', 'One or more target groups not found');
    }
    return { TargetHealthDescriptions: targets ?? [] };
  }
}

function describe(arn: string, group: SimTargetGroup): object {
  const { targetType = 'ip', protocol = 'HTTP', port = 80, healthCheckPort = 'traffic-port' } = group;
  return {
    TargetGroupArn: arn,
    TargetGroupName: arn.split('/')[1],
    Protocol: protocol,
    Port: port,
    VpcId: 'vpc-1',
    HealthCheckProtocol: protocol,
    HealthCheckPort: healthCheckPort,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    HealthCheckPath: '/',
    LoadBalancerArns: group.loadBalancerArns ?? [arn.replace(/:targetgroup\/.*/, ':loadbalancer/app/web/1')],
    TargetType: targetType,
  };
}
