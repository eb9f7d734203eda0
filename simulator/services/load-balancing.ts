import { members, refuseUnknown } from '../wire/query.ts';
import { ApiException, type CallContext, type Service } from '../wire/service.ts';

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
  /** As CreateTargetGroup has it. */
  readonly vpcId?: string;
  readonly healthCheckPath?: string;
}

/** Elastic Load Balancing v2: target groups, by ARN. */
export class LoadBalancing implements Service {
  readonly name = 'elasticloadbalancing';
  readonly protocol = 'query' as const;
  readonly targetPrefix = '';
  readonly namespace = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';
  readonly targetGroups = new Map<string, SimTargetGroup>();
  /** What each target group, by ARN, gets of a listener's traffic in percent: as CodeDeploy sets it. */
  readonly weights = new Map<string, ReadonlyMap<string, number>>();
  /** ARNs of those that CreateLoadBalancer made. */
  readonly #balancers = new Set<string>();
  /** What is registered with a group; undefined when no service uses it. */
  targets: (targetGroupArn: string) => readonly TargetHealthDescription[] | undefined = () => undefined;

  handle(operation: string, input: Readonly<Record<string, unknown>>, context?: CallContext): object {
    if (operation === 'CreateTargetGroup') return this.#create(input, context);
    if (operation === 'CreateLoadBalancer') return this.#createBalancer(input, context);
    if (operation === 'CreateListener') return this.#createListener(input);
    if (operation === 'DescribeListeners') return this.#describeListeners(input);
    if (operation === 'DescribeTargetHealth') return this.#health(input);
    if (operation !== 'DescribeTargetGroups') {
      throw new ApiException('InvalidAction', `Could not find operation ${operation} for version 2015-12-01`);
    }
    refuseUnknown(input, ['LoadBalancerArn', 'TargetGroupArns', 'Names', 'Marker', 'PageSize']);
    const arns = members(input, 'TargetGroupArns');
    const malformed = arns.find((arn) => !/^arn:[\w-]+:elasticloadbalancing:.*:targetgroup\/.+\/.+$/.test(arn));
    if (malformed) throw new ApiException('ValidationError', `'${malformed}' is not a valid target group ARN`);
    const names = members(input, 'Names');
    const nameOf = (arn: string): string => arn.split('/')[1] ?? '';
    const known = new Set([...this.targetGroups.keys()].map(nameOf));
    if (arns.some((arn) => !this.targetGroups.has(arn)) || names.some((name) => !known.has(name))) {
      throw new ApiException('TargetGroupNotFound', 'One or more target groups not found');
    }
    const shown = [...this.targetGroups].filter(
      ([arn]) => arns.length + names.length === 0 || arns.includes(arn) || names.includes(nameOf(arn)),
    );
    return { TargetGroups: shown.map(([arn, group]) => describe(arn, group)) };
  }

  /**
   * A group that no load balancer uses yet. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
   * @throws ValidationError, DuplicateTargetGroupName
   */
  #create(input: Readonly<Record<string, unknown>>, context: CallContext | undefined): object {
    refuseUnknown(input, CREATED_WITH);
    const invalid = (words: string): ApiException => new ApiException('ValidationError', words);
    const name = String(input.Name ?? '');
    if (name === '') throw invalid('A target group name must be specified');
    if (name.length > 32) throw invalid(`Target group name '${name}' cannot be longer than '32' characters`);
    if (!/^[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?$/.test(name))
      throw invalid(
        `Target group name '${name}' can only contain characters that are alphanumeric characters and hyphens(-), and cannot begin or end with a hyphen`,
      );
    const targetType = String(input.TargetType ?? 'instance');
    if (!isTargetType(targetType))
      throw invalid(
        `1 validation error detected: Value '${targetType}' at 'targetType' failed to satisfy constraint: Member must satisfy enum value set: [${TARGET_TYPES.join(', ')}]`,
      );
    const [protocol, port, vpcId] = [input.Protocol, input.Port, input.VpcId].map((one) =>
      one === undefined ? undefined : String(one),
    );
    if (targetType !== 'lambda') {
      if (protocol === undefined) throw invalid('A protocol must be specified');
      if (port === undefined) throw invalid('A port must be specified');
      if (!PROTOCOLS.includes(protocol))
        throw invalid(
          `1 validation error detected: Value '${protocol}' at 'protocol' failed to satisfy constraint: Member must satisfy enum value set: [${PROTOCOLS.join(', ')}]`,
        );
      if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
        throw invalid(`Port '${port}' must be between 1 and 65535`);
      if (vpcId === undefined) throw invalid('A VPC ID must be specified');
    }
    const { partition = 'aws', region = 'us-east-1', accountId = '' } = context ?? {};
    const prefix = `arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/`;
    const group: SimTargetGroup = {
      targetType,
      loadBalancerArns: [],
      ...(protocol === undefined ? {} : { protocol, port: Number(port) }),
      ...(vpcId === undefined ? {} : { vpcId }),
      ...(input.HealthCheckPort === undefined ? {} : { healthCheckPort: String(input.HealthCheckPort) }),
      ...(input.HealthCheckPath === undefined ? {} : { healthCheckPath: String(input.HealthCheckPath) }),
    };
    const there = [...this.targetGroups].find(([arn]) => arn.startsWith(prefix));
    if (there && JSON.stringify({ ...there[1], loadBalancerArns: [] }) !== JSON.stringify(group))
      throw new ApiException(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    const arn = there?.[0] ?? prefix + (this.targetGroups.size + 1).toString(16).padStart(16, '0');
    if (!there) this.targetGroups.set(arn, group);
    return { TargetGroups: [describe(arn, there?.[1] ?? group)] };
  }

  /** @throws ValidationError, DuplicateLoadBalancerName */
  #createBalancer(input: Readonly<Record<string, unknown>>, context: CallContext | undefined): object {
    const invalid = (words: string): ApiException => new ApiException('ValidationError', words);
    const name = String(input.Name ?? '');
    if (!/^(?!internal-)[A-Za-z\d](?:[A-Za-z\d-]{0,30}[A-Za-z\d])?$/.test(name))
      throw invalid(`The load balancer name '${name}' is not valid`);
    if (members(input, 'Subnets').length === 0) throw invalid('At least one subnet must be specified');
    const { partition = 'aws', region = 'us-east-1', accountId = '' } = context ?? {};
    const type = String(input.Type ?? 'application');
    const kind = { application: 'app', network: 'net', gateway: 'gwy' }[type];
    if (kind === undefined) throw invalid(`Type '${type}' must be one of 'application, network, gateway'`);
    const prefix = `arn:${partition}:elasticloadbalancing:${region}:${accountId}:loadbalancer/${kind}/${name}/`;
    if ([...this.#balancers].some((arn) => arn.startsWith(prefix)))
      throw new ApiException(
        'DuplicateLoadBalancerName',
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    const LoadBalancerArn = prefix + (this.#balancers.size + 1).toString(16).padStart(16, '0');
    this.#balancers.add(LoadBalancerArn);
    return { LoadBalancers: [{ LoadBalancerArn, LoadBalancerName: name, Type: type, State: { Code: 'active' } }] };
  }

  /** A target group that another AWS service makes for its own load balancer. @returns its ARN */
  createManaged(
    name: string,
    { port, healthCheckPath }: { readonly port: number; readonly healthCheckPath: string },
    { partition, region, accountId }: CallContext,
  ): string {
    const prefix = `arn:${partition}:elasticloadbalancing:${region}:${accountId}`;
    const arn = `${prefix}:targetgroup/${name}/${(this.targetGroups.size + 1).toString(16).padStart(16, '0')}`;
    const loadBalancerArns = [`${prefix}:loadbalancer/app/ecs-express-gateway/0123456789abcdef`];
    this.targetGroups.set(arn, { targetType: 'ip', protocol: 'HTTP', port, healthCheckPath, loadBalancerArns });
    return arn;
  }

  /** From then on the load balancer forwards to the group. @throws LoadBalancerNotFound, TargetGroupNotFound */
  #createListener(input: Readonly<Record<string, unknown>>): object {
    const balancer = String(input.LoadBalancerArn);
    if (!this.#balancers.has(balancer))
      throw new ApiException('LoadBalancerNotFound', 'One or more load balancers not found');
    const groups = Object.entries(input).flatMap(([member, value]) =>
      /^DefaultActions\.member\..*TargetGroupArn$/.test(member) ? [String(value)] : [],
    );
    for (const arn of groups) {
      const group = this.targetGroups.get(arn);
      if (!group) throw new ApiException('TargetGroupNotFound', 'One or more target groups not found');
      this.targetGroups.set(arn, {
        ...group,
        loadBalancerArns: [...new Set([...(group.loadBalancerArns ?? []), balancer])],
      });
    }
    const ListenerArn = `${balancer.replace(':loadbalancer/', ':listener/')}/${String(input.Port)}`;
    return { Listeners: [{ ListenerArn, LoadBalancerArn: balancer, Port: input.Port, Protocol: input.Protocol }] };
  }

  /**
   * Those whose traffic CodeDeploy divides: their default action has a weight for each target group.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
   * @throws ListenerNotFound
   */
  #describeListeners(input: Readonly<Record<string, unknown>>): object {
    refuseUnknown(input, ['LoadBalancerArn', 'ListenerArns', 'Marker', 'PageSize']);
    const arns = members(input, 'ListenerArns');
    if (arns.some((arn) => !this.weights.has(arn)))
      throw new ApiException('ListenerNotFound', 'One or more listeners not found');
    const shown = [...this.weights].filter(([arn]) => arns.length === 0 || arns.includes(arn));
    return {
      Listeners: shown.map(([ListenerArn, weights]) => ({
        ListenerArn,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
            },
          },
        ],
      })),
    };
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

const TARGET_TYPES = ['instance', 'ip', 'lambda', 'alb'] as const;
const isTargetType = (text: string): text is (typeof TARGET_TYPES)[number] =>
  (TARGET_TYPES as readonly string[]).includes(text);
const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE', 'QUIC', 'TCP_QUIC'];
const CREATED_WITH = [
  ...['Name', 'Protocol', 'ProtocolVersion', 'Port', 'VpcId', 'TargetType', 'Tags', 'IpAddressType', 'Matcher'],
  ...['HealthCheckProtocol', 'HealthCheckPort', 'HealthCheckEnabled', 'HealthCheckPath', 'HealthCheckIntervalSeconds'],
  ...['HealthCheckTimeoutSeconds', 'HealthyThresholdCount', 'UnhealthyThresholdCount'],
];

function describe(arn: string, group: SimTargetGroup): object {
  const { targetType = 'ip', protocol = 'HTTP', port = 80, healthCheckPort = 'traffic-port' } = group;
  return {
    TargetGroupArn: arn,
    TargetGroupName: arn.split('/')[1],
    Protocol: protocol,
    Port: port,
    VpcId: group.vpcId ?? 'vpc-1',
    HealthCheckProtocol: protocol,
    HealthCheckPort: healthCheckPort,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    ...(protocol.startsWith('HTTP')
      ? { HealthCheckPath: group.healthCheckPath ?? '/', Matcher: { HttpCode: '200' } }
      : {}),
    LoadBalancerArns: group.loadBalancerArns ?? [arn.replace(/:targetgroup\/.*/, ':loadbalancer/app/web/1')],
    TargetType: targetType,
  };
}
