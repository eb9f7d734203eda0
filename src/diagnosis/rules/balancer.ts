import {
  actionOf,
  allowed,
  GUIDE,
  maybe,
  OF_ECS,
  OF_INSTANCES,
  OF_TASKS,
  OF_TASKS_AND_ECS,
  type Rule,
  roleOf,
} from './rule.ts';

const BALANCERS = `${GUIDE}/troubleshoot-service-load-balancers.html`;
const portOf = (text: string): string | undefined => /\(port (\d+)\)/.exec(text)?.[1];
const at = (text: string): string => (portOf(text) ? ` on port ${portOf(text)}` : '');

/** Docker takes host ports for hostPort 0 from the ephemeral range. */
const isDynamic = (text: string): boolean => Number(portOf(text)) >= 32_768;

/** What a load balancer says of the tasks behind it, and what is wrong with its target groups. */
export const BALANCER: readonly Rule[] = [
  {
    id: 'target-group-missing',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'load-balancer',
    failure: 'missing',
    afterStart: true,
    match: [/load balancer (?!arn:)['"]?(?<name>[\w-]{1,32})['"]? (?:does not exist|(?:was )?not found)/i],
    cause: ({ words: { name } }) =>
      `There is no Classic Load Balancer${maybe(name)} in this Region: \`loadBalancerName\` of the service means a classic one.`,
    remedy:
      'For an Application or Network Load Balancer give targetGroupArn (with container name and port) instead of loadBalancerName; otherwise check the name and `aws-region`.',
    link: BALANCERS,
  },
  {
    id: 'elb-az-disabled',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'load-balancer',
    failure: 'failed',
    match: [/Availability Zone that is not enabled for the load balancer|Target\.NotInUse.{0,80}zone/i],
    cause: 'The task runs in an Availability Zone that is not enabled for the load balancer, so it gets no traffic.',
    remedy:
      'Enable that Availability Zone (a subnet there) for the load balancer, or take the subnet out of the service.',
    link: BALANCERS,
  },
  {
    // The target is an instance (network mode bridge or host): its security group counts, the task has none.
    id: 'elb-unreachable',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'health-check',
    failure: 'unreachable',
    healthCheck: 'load-balancer',
    match: [
      /\(instance (?<instance>i-[0-9a-f]{6,20})\).{0,40}(?:is unhealthy in|is not healthy in).{0,500}(?:Request timed out|Connection timed out|Target\.Timeout|timeout)/i,
    ],
    cause: ({ words: { instance }, text }) =>
      `The load balancer gets no answer from the container instance ${instance}${at(text)}${isDynamic(text) ? ', a dynamic host port' : ''}: its health check timed out.`,
    remedy: ({ text }) =>
      `Let the security group of the container instances accept the load balancer's security group on ${isDynamic(text) ? 'the ports 32768-65535 (hostPort 0 gives each task another one of them)' : `port ${portOf(text) ?? 'of the host'}`}. Then check that the application listens on 0.0.0.0 at its containerPort and answers within the timeout of the health check.`,
    link: BALANCERS,
  },
  {
    id: 'elb-unreachable',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'health-check',
    failure: 'unreachable',
    healthCheck: 'load-balancer',
    match: [
      /(?:is unhealthy in|is not healthy in|health checks?).{0,500}(?:Request timed out|Connection (?:timed out|refused)|Target\.Timeout|timeout)/i,
    ],
    cause: ({ text }) =>
      `The load balancer cannot reach the task${at(text)}: its health check ${/refused/i.test(text) ? 'was refused the connection' : 'timed out (no answer in time)'}.`,
    remedy: ({ text }) =>
      /refused/i.test(text)
        ? `Let the application listen on 0.0.0.0${at(text)}, the containerPort of the target group; as long as it starts the connection is refused, so give a slow start a grace period, healthCheckGracePeriodSeconds (input \`health-check-grace-period-seconds\`). Where it listens, check that a network ACL or another security group does not reset the connection.`
        : `Let the task's security group accept the load balancer's security group${at(text) || ' on the container port'}. Then check that the application listens on 0.0.0.0 at that port and answers within the timeout of the health check, or give a slow start a grace period, healthCheckGracePeriodSeconds (input \`health-check-grace-period-seconds\`).`,
    link: BALANCERS,
  },
  {
    id: 'target-missing',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'load-balancer',
    failure: 'missing',
    match: [/TARGET IS NOT FOUND|Target\.NotRegistered/i],
    cause: 'The task is not registered in the target group (any more), so it cannot become healthy there.',
    remedy:
      'See whether something else deregisters targets of the target group, and whether the port and container name of the loadBalancers of the service are those of the task definition.',
    link: `${GUIDE}/service-event-messages-list.html`,
  },
  {
    id: 'target-group-missing',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'load-balancer',
    failure: 'missing',
    afterStart: true,
    match: [
      /(?:unable to find|could not find|cannot find|not found:?) (?:the )?target ?group/i,
      /target ?groups? ['"]?(?<arn>arn:aws[\w-]*:elasticloadbalancing:[^\s'"]+)?['"]? ?(?:not found|(?:was|were|is|are) not found|does not exist|do not exist)/i,
    ],
    cause: ({ text }) =>
      `The target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])} (or load balancer) of the service does not exist any more.`,
    remedy:
      'Create the target group (and its listener) again and update the loadBalancers of the service, or recreate the service; check account and Region of the ARN.',
    link: BALANCERS,
  },
  {
    id: 'target-group-not-attached',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'load-balancer',
    failure: 'unreachable',
    afterStart: true,
    match: [
      /does not have an associated load balancer/i,
      /target group is not configured to receive traffic from the load balancer|Target\.NotInUse(?!.{0,80}zone)/i,
    ],
    cause: ({ text }) =>
      `No listener of a load balancer forwards to the target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])}.`,
    remedy:
      'Attach the target group to a listener (or one of its rules) of the load balancer first; in infrastructure code let the service depend on the listener.',
    link: BALANCERS,
  },
  {
    id: 'target-type-mismatch',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'load-balancer',
    failure: 'conflict',
    afterStart: true,
    match: [
      /target type (?<had>\w+), which is incompatible with the (?<mode>\w+) network mode/i,
      /target group does not have (?<wanted>ip|instance) target type/i,
      /target group.{0,300}target type (?:that is |is |which is )?(?:incompatible|not (?:valid|compatible|supported))/i,
    ],
    cause: ({ words: { had, mode, wanted } }) =>
      wanted
        ? `The target group is not of target type ${wanted.toLowerCase()}, which the network mode of the tasks needs.`
        : `The target group has the target type ${had ?? 'of another kind'}, which does not fit networkMode ${mode ?? 'of the task definition'}.`,
    remedy:
      'Use a target group of target type ip for networkMode awsvpc (Fargate always), and of type instance for bridge or host. The type cannot be changed: make a new target group.',
    link: BALANCERS,
  },
  {
    id: 'target-group-full',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'load-balancer',
    failure: 'exhausted',
    match: [
      /TooManyTargets|TooManyRegistrationsForTargetId|maximum number of targets|targets? per (?:target group|load balancer)/i,
    ],
    cause: 'The quota of targets of the target group or load balancer is reached, so the task is not registered.',
    remedy: 'Ask for a higher Elastic Load Balancing quota, or remove unused targets.',
    link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html',
  },
  {
    id: 'target-registration-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'load-balancer',
    failure: 'conflict',
    transient: true,
    match: [/targets are not in a running state(?:.{0,60}?(?<instance>i-[0-9a-f]{6,20}))?/i],
    cause: ({ words: { instance } }) =>
      `The container instance${maybe(instance)} was not running (stopped or terminated) when ECS registered the task at the load balancer.`,
    remedy:
      'ECS tries again and places the task on another instance. If it comes again, see why the instance stops (the Auto Scaling group, Spot) and drain instances before they are stopped.',
    link: BALANCERS,
  },
  {
    id: 'target-registration-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'load-balancer',
    failure: 'conflict',
    match: [
      /(?:IP address ['"]?(?<address>[\d.]{7,15})['"]? is|targets? .{0,80}(?:is|are)|the instance is) not (?:within|in) (?:the|a) (?:same |target group )?VPC(?: ['"]?(?<vpc>vpc-\w+)['"]?)?(?:: ['"]?(?<instance>i-[0-9a-f]{6,20}))?/i,
      /IP address ['"]?(?<address>[\d.]{7,15})['"]? must be ['"]?all['"]? .{0,80}when not within the VPC/i,
    ],
    cause: ({ words: { address, vpc, instance } }) =>
      `The target group is in another VPC${vpc ? ` (${vpc})` : ''} than ${instance ? `the container instance ${instance}` : `the task${address ? ` with the address ${address}` : ''}`}, so it does not take it as a target.`,
    remedy: ({ words: { instance } }) =>
      instance
        ? 'Use a target group (and load balancer) in the VPC of the container instances, or instances in the VPC of the target group; the VPC of a target group cannot be changed.'
        : 'Use a target group in the VPC of the subnets of the service (networkConfiguration), or subnets of the VPC of the target group; the VPC of a target group cannot be changed.',
    link: BALANCERS,
  },
  {
    id: 'elb-health-check',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'health-check',
    failure: 'crashed',
    match: [/replaced (?<count>\d{1,4}) tasks? due to an unhealthy status/i],
    cause: ({ words: { count } }) =>
      `ECS replaced ${count ?? 'some'} task${count === '1' ? '' : 's'} of the service because a health check (of the container or the load balancer) found them unhealthy.`,
    remedy:
      'Look at the stopped tasks: their stoppedReason names the health check that failed, and their log what the application did at that time.',
    link: BALANCERS,
  },
  {
    id: 'target-registration-failed',
    nature: 'ambiguous',
    vague: true,
    ...OF_TASKS,
    subject: 'load-balancer',
    failure: 'failed',
    match: [/failed to (?:de)?register (?:targets|instances|container instance)/i],
    unless: /Internal failure|Rate exceeded|throttl/i,
    cause: ({ text }) => `ECS could not register the task at the load balancer: ${text}`,
    remedy:
      'The words in brackets are what Elastic Load Balancing or its client answered: look there, then at the target group of the service (aws elbv2 describe-target-groups). ECS tries again by itself.',
    link: BALANCERS,
  },
  {
    id: 'elb-health-check',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'health-check',
    failure: 'crashed',
    healthCheck: 'load-balancer',
    transient: true,
    match: [
      /is unhealthy in \(?elb (?<elb>[^)\s]{1,255})\)? due to \(?(?:the )?reason Instance has failed/i,
      /\(instance i-[\w*]{1,20}\).{0,200}Instance has failed at least the UnhealthyThreshold/i,
    ],
    cause: ({ words: { elb } }) =>
      `The Classic Load Balancer${maybe(elb)} finds the instance of the task unhealthy: its health check failed.`,
    remedy:
      'Read the log and the stoppedReason of the task at that time first: an application that answers late, with an error or not at all looks so. Then check ping path, port and time-out of the health check, and that the security group of the instance accepts the load balancer. Give slow starts a grace period (input `health-check-grace-period-seconds`).',
    link: BALANCERS,
  },
  {
    id: 'elb-health-check',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'health-check',
    failure: 'crashed',
    healthCheck: 'load-balancer',
    match: [
      /(?:unhealthy|health checks? failed).{0,600}(?:codes?|status)(?: code)?:? ?\[?(?<code>\d{3})/i,
      /failed (?:ELB|ALB|NLB|load balancer|elastic load balancing)\w* health checks?/i,
      /health ?checks? failed|failed health ?checks?|UnhealthyThreshold|Target\.FailedHealthChecks|Target\.ResponseCodeMismatch|failing (?:elb |target group )?health checks?/i,
    ],
    unless: /container health checks|Service Connect|Cloud Map|service discovery/i,
    cause: ({ words: { code }, text }) =>
      `The load balancer finds the task unhealthy: its health check${portOf(text) ? ` (target port ${portOf(text)})` : ''} fails${code ? ` with HTTP status ${code}` : ''}.`,
    remedy: ({ words: { code }, text }) =>
      HINT[code ?? ''] === undefined
        ? `Check path, port (healthCheckPort, which need not be that of the target) and success codes (matcher) of the target group's health check, that the application listens on 0.0.0.0, and that the task's security group accepts the load balancer${at(text) || ' on the container port'}. Give a slow start a grace period, healthCheckGracePeriodSeconds (input \`health-check-grace-period-seconds\`).`
        : `${HINT[code ?? '']}. Where it only needs longer to start, raise healthCheckGracePeriodSeconds (input \`health-check-grace-period-seconds\`).`,
    link: BALANCERS,
  },
];

const HINT: Readonly<Record<string, string>> = {
  '301': 'Use the path that the health check path redirects to, or accept the code (matcher 200-399)',
  '302': 'Use the path that the health check path redirects to, or accept the code (matcher 200-399)',
  '400':
    'Let the application accept the request of the health check, often its Host header (allow the address of the task, or any host, for that path)',
  '401': 'Use a health check path that needs no login, or accept 401',
  '403': 'Use a health check path that needs no login: this one is forbidden',
  '404': 'Correct the health check path of the target group: the application does not have it',
  '500': 'Read the log of the application: it answers with an error of its own',
  '502':
    'Read the log of the application: the process behind the port crashes or closes the connection. Then check port and protocol (HTTP or HTTPS) of the target group',
  '503': 'Read the log of the application: it says that it is not ready. Then check what it depends on',
  '504': 'Read the log of the application: it does not answer in time. Then raise the timeout',
};

/** What a service in the mesh or in Cloud Map says. */
export const DISCOVERY: readonly Rule[] = [
  {
    id: 'service-connect-unhealthy',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'service-discovery',
    failure: 'crashed',
    match: [
      /service[- ]?connect\b(?! (?:TLS|role|namespace|configuration)).{0,200}(?:health ?check|unhealthy|exited|timed? ?out|not (?:become )?(?:healthy|ready)|failed to (?:start|become))/i,
    ],
    unless: /namespace .{0,120}not (?:be )?found/i,
    cause: 'The Service Connect proxy (ecs-service-connect, Envoy) of the task did not become healthy or ended.',
    remedy: [
      'Give the task room for the proxy (256 CPU units and 64 MiB more), look at its log (serviceConnectConfiguration.logConfiguration), and check that the subnet reaches ECS and the namespace exists',
      { for: 'kms', words: '; with TLS, that the Service Connect role may use AWS Private CA and KMS' },
      '.',
    ],
    link: `${GUIDE}/service-connect.html`,
  },
  {
    id: 'service-discovery-failed',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'service-discovery',
    failure: 'denied',
    match: [
      /(?:Cloud ?Map|service discovery|service registry|namespace)[\s\S]{0,300}(?:AccessDenied|not authorized|is denied)|not authorized to perform:? ?['"]?servicediscovery:\w+/i,
    ],
    cause: (found) =>
      `${roleOf(found) ?? 'The role of ECS'} may not call ${actionOf(found) ?? 'Cloud Map'} for the service discovery of the service.`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? 'servicediscovery:RegisterInstance and DeregisterInstance'} for that role; the service-linked role AWSServiceRoleForECS has it, so look for a service control policy that denies it.`,
      ),
    link: `${GUIDE}/service-discovery.html`,
  },
  {
    id: 'service-discovery-failed',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'service-discovery',
    failure: 'missing',
    match: [
      /(?:Cloud ?Map|service discovery|service registry|namespace)[\s\S]{0,300}(?:not (?:be )?found|(?:does not|doesn't) exist)|NamespaceNotFound\w*/i,
    ],
    cause: ({ text }) =>
      `The Cloud Map namespace or service that the ECS service registers its tasks in does not exist: ${text}`,
    remedy:
      'Create it again in the Region and account of the cluster, or correct registryArn in `serviceRegistries` (namespace in serviceConnectConfiguration) of the service.',
    link: `${GUIDE}/service-discovery.html`,
  },
  {
    id: 'service-discovery-failed',
    nature: 'ambiguous',
    vague: true,
    ...OF_TASKS,
    subject: 'service-discovery',
    failure: 'failed',
    match: [
      /(?:Cloud ?Map|service discovery|servicediscovery|service registry|namespace)[\s\S]{0,300}(?:fail|error|limit)/i,
    ],
    cause: ({ text }) => `Service discovery (Cloud Map) of the service failed: ${text}`,
    remedy:
      'See what the last part of the message says, then `serviceRegistries` (serviceConnectConfiguration) of the service and the Cloud Map service that it names (aws servicediscovery get-service).',
    link: `${GUIDE}/service-discovery.html`,
  },
  {
    id: 'vpc-lattice-unhealthy',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'service-discovery',
    failure: 'crashed',
    match: [/VPC[ _]?Lattice/i],
    cause: ({ text }) => `VPC Lattice finds the target unhealthy or refused it: ${text}`,
    remedy:
      'Check the VPC Lattice target group (health check path, port, target type IP) and the infrastructure role of vpcLatticeConfigurations.',
    link: `${GUIDE}/ecs-vpc-lattice.html`,
  },
];
