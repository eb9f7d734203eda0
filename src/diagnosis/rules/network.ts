import { AWS_MANAGES, byHost, onHosts, orStopFirst } from './hosts.ts';
import { GUIDE, maybe, OF_INSTANCES, OF_TASKS, OF_TASKS_AND_ECS, type Rule } from './rule.ts';

const NETWORKING = `${GUIDE}/task-networking.html`;
function brokenPart(text: string): string {
  if (/iptables/i.test(text)) return 'its iptables rules are missing or cannot be changed';
  if (/cannot assign requested address/i.test(text))
    return 'the address to which the port should be bound is not one of the instance';
  if (/exchange full/i.test(text)) return 'its bridge has as many containers as it can take, about 1,000';
  return /could not find bridge|network \S{1,80} not found/i.test(text)
    ? 'a bridge or network of it is missing'
    : 'an endpoint or interface cannot be made';
}
const subnetOf = (text: string): string | undefined => /subnet-\w+/.exec(text)?.[0];

/** What EC2 answers when ECS makes or attaches the interface, by its error code. */
const EC2_ERRORS: readonly (readonly [RegExp, cause: string, remedy: string])[] = [
  [
    /SecurityGroup(?:s?PerInterface)?LimitExceeded|SecurityGroupsPerInstanceLimitExceeded/,
    'The service names more security groups than a network interface may have (5 by default).',
    'Name fewer security groups in networkConfiguration.awsvpcConfiguration of the service, or ask for a higher quota "Security groups per network interface" (Amazon VPC).',
  ],
  [
    /InvalidGroup\.NotFound|InvalidSecurityGroupID|InvalidGroupId/,
    'A security group of the service does not exist any more.',
    'Correct the security groups in networkConfiguration.awsvpcConfiguration of the service (same account, Region and VPC as the subnets).',
  ],
  [
    /InvalidSubnetI[Dd]|InvalidSubnet\b/,
    'A subnet of the service does not exist any more.',
    'Correct the subnets in networkConfiguration.awsvpcConfiguration of the service (same account and Region).',
  ],
  [
    /RequestLimitExceeded|Throttling/,
    'EC2 throttled the calls that make the network interface (ENI) of the task.',
    'ECS tries again. Start fewer tasks at once (maximumPercent, input `maximum-percent`), or ask for a higher EC2 API rate.',
  ],
];
const ofEc2 = (text: string) => EC2_ERRORS.find(([code]) => code.test(text));

/** The task's own network interface (ENI) and network namespace. */
export const NETWORK: readonly Rule[] = [
  {
    id: 'subnet-ip-exhausted',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'exhausted',
    match: [
      /InsufficientFreeAddressesInSubnet|InsufficientCidrBlocks|not enough free (?:IP )?addresses|insufficient (?:free )?(?:IP )?addresses|subnet .{0,80}(?:out of|no (?:free|available)) (?:IP )?address|RESOURCE:SUBNET/i,
    ],
    cause: ({ text }) =>
      `The subnet${maybe(subnetOf(text))} has no free IP address for the task's network interface (ENI).`,
    remedy:
      'Give the service more or larger subnets, free addresses in this one (each awsvpc task takes one, and a rollout up to maximumPercent of the tasks), or lower the input `maximum-percent`.',
    link: NETWORKING,
  },
  {
    id: 'subnet-ip-exhausted',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'exhausted',
    match: [
      /Create Network Interface with public IP assignment enabled in subnet ['"]?(?:\{\{)?[\w-]*(?:\}\})?['"]?\.?$/i,
    ],
    cause: ({ text }) =>
      `The subnet${maybe(subnetOf(text))} gave no address for the task's network interface (ENI) with a public IP: as a rule it has no free IP address.`,
    remedy:
      'Look at the available IP addresses of the subnet (describe-subnets), and give the service another or a larger one, or fewer tasks at once (maximumPercent, input `maximum-percent`).',
    link: `${GUIDE}/failed-to-start-error.html`,
  },
  {
    id: 'eni-limit',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'network-interface',
    failure: 'exhausted',
    needs: 'room',
    match: [/network interface to (?:an )?unused device index/i],
    cause:
      'The container instance has no free place for another network interface (ENI), or too little CPU and memory for the awsvpc task.',
    remedy: (found) =>
      `Use a larger instance type, turn on ENI trunking (account setting awsvpcTrunking, then new instances)${orStopFirst(found, 'let old tasks stop first (minimumHealthyPercent, input `minimum-healthy-percent`)')}.`,
    link: `${GUIDE}/failed-to-start-error.html`,
  },
  {
    id: 'eni-tag-policy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'denied',
    match: [/TagPolicyViolation|tag polic(?:y|ies)/i],
    cause:
      "A tag policy of the organization refuses the tags of the task's network interface (ENI), so the task cannot start.",
    remedy:
      'Give the service the tags that the policy asks for and pass them on (inputs `task-definition-tags`, `propagate-tags`, `enable-ecs-managed-tags`), or except ec2:network-interface from the tag policy.',
    link: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html',
  },
  {
    id: 'eni-throttled',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'throttled',
    transient: true,
    match: [/(?:rate|limit) exceeded while .{0,60}network interface/i],
    cause:
      'EC2 throttled the calls that make the network interface (ENI) of the task: throttling, not a fault of the revision.',
    remedy:
      'Wait: ECS tries again (retries with back-off). Start fewer tasks at once (maximumPercent, input `maximum-percent`), or ask for a higher EC2 API rate.',
    link: NETWORKING,
  },
  {
    id: 'eni-quota',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'exhausted',
    match: [
      /NetworkInterfaceLimitExceeded|(?:limit|quota) (?:on|for|of) (?:the number of )?network interfaces|network interfaces? (?:per region )?(?:limit|quota)/i,
    ],
    cause: "The account's quota of network interfaces (ENIs) in the Region is used up.",
    remedy:
      'Ask for a higher quota "Network interfaces per Region" in Service Quotas (Amazon VPC), or delete unused interfaces.',
    link: 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  },
  {
    id: 'eni-permission-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'denied',
    match: [/(?:network interface|\bENI\b).{0,300}(?:UnauthorizedOperation|not authorized|AccessDenied|AuthFailure)/i],
    cause: 'ECS may not make the network interface (ENI) of the task: its service-linked role lacks the permission.',
    remedy:
      'Check that the service-linked role AWSServiceRoleForECS exists and that no service control policy denies ec2:CreateNetworkInterface or ec2:AttachNetworkInterface; in a shared subnet the owner must share the security group as well.',
    link: `${GUIDE}/using-service-linked-roles.html`,
  },
  {
    id: 'network-resource-missing',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'network-interface',
    failure: 'missing',
    match: [
      /(?<kind>security group) ['"[]?(?<id>sg-\w+)['"\]]? does not exist/i,
      /(?<kind>subnet)(?: ID)? ['"[]?(?<id>subnet-\w+)['"\]]? does not exist/i,
    ],
    cause: ({ words: { kind, id }, text }) => {
      const what = (kind ?? (/subnet/i.test(text) ? 'subnet' : 'security group')).toLowerCase();
      return `The ${what}${maybe(id ?? /(?:sg|subnet)-\w+/.exec(text)?.[0])} of the service's network configuration does not exist.`;
    },
    remedy:
      'Correct the subnet or security group id in networkConfiguration.awsvpcConfiguration of the service (same account, Region and VPC), or create it again.',
    link: NETWORKING,
  },
  {
    id: 'security-group-vpc-mismatch',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'network-interface',
    failure: 'conflict',
    match: [/security groups? .{0,200}(?:same VPC|same network|different (?:VPC|networks?))/i],
    cause: ({ text }) =>
      `The security group${maybe(/sg-\w+/.exec(text)?.[0])} is not in the VPC of the service's subnets.`,
    remedy:
      "Use a security group of the subnets' VPC, and subnets of one VPC, in networkConfiguration.awsvpcConfiguration.",
    link: NETWORKING,
  },
  {
    id: 'host-network-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'conflict',
    transient: true,
    match: [/hnsCall(?:RawResponse)? failed|\bHNS failed\b|0x803b00\w\w/i],
    cause: ({ text }) =>
      `The network service of Windows (HNS) on the container instance could not make the network of the container${/port already exists/i.test(text) ? ': the host port is still mapped to another container, or to one that has ended' : ''}.`,
    remedy:
      'Use a dynamic host port (hostPort 0) where portMappings names a fixed one. Otherwise restart HNS, Docker and the agent on that instance (Restart-Service hns, docker, AmazonECS), or drain and replace it.',
    link: 'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  },
  {
    id: 'host-network-failed',
    nature: 'ambiguous',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'failed',
    match: [
      /could not find bridge \S{1,40}|adding interface \S{1,40} to bridge \S{1,40} failed/i,
      /response from daemon: failed to set up container networking/i,
      /iptables failed:|iptables: No chain|failed programming external connectivity/i,
      /(?:network )?sandbox join failed|error creating vxlan|failed to (?:create|add) (?:the )?(?:endpoint|interface|bridge|host)\b|endpoint with name \S{1,255} already exists|network [\w.-]{1,80} not found|no such network(?! interface)/i,
    ],
    unless: /no space left|already allocated|address already in use|ports are not available|already using/i,
    transient: true,
    cause: ({ text }) =>
      `Docker's own network on the container instance is broken (${brokenPart(text)}): a fault of the instance, not of the image or the service.`,
    remedy: onHosts({
      ec2: 'Restart Docker on that container instance (systemctl restart docker ecs), or drain and replace it. If it comes back, look for what changes its firewall or bridge (firewalld, iptables -F, another CNI, user data).',
      external:
        'Restart Docker on the external instance (systemctl restart docker ecs). If it comes back, look for what changes its firewall or bridge (firewalld, iptables -F, another CNI).',
      managed: AWS_MANAGES,
    }),
    link: 'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
  },
  {
    id: 'eni-provisioning-timeout',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'failed',
    match: [
      /cni (?:plugin|setup)|invoke \S{1,60} plugin|netplugin failed|vpc-(?:branch-)?eni|pause container namespace|getInterfaceDeviceName|unable to get device with hardware address|configure (?:\w{1,20} )?ENI\b/i,
    ],
    transient: true,
    cause: ({ text }) =>
      `The ECS agent could not set up the network of the task on its host (CNI plugin): ${text.replace(/^(?:\w{1,60}Error: ?)+/, '').slice(-250)}`,
    remedy: (found) =>
      found.reading.launch === 'FARGATE'
        ? 'Nothing at first: ECS starts another task on another host. If it comes back, open a support case with the ARN of the task.'
        : `Once is harmless: ECS starts another task. ${byHost(found, {
            ec2: 'If it comes back on one container instance, read /var/log/ecs/ there (ecs-agent.log, the logs of the CNI plugins), then update the ECS agent and its AMI or replace the instance.',
            external:
              'If it comes back on one external instance, read /var/log/ecs/ there (ecs-agent.log, the logs of the CNI plugins), then update its ECS agent.',
            managed: AWS_MANAGES,
          })}`,
    link: NETWORKING,
  },
  {
    id: 'network-resource-missing',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'invalid',
    match: [/Unexpected EC2 error while attempting to|network interface/i],
    when: ({ text }) => ofEc2(text) !== undefined,
    cause: ({ text }) => ofEc2(text)?.[1] ?? text,
    remedy: ({ text }) => ofEc2(text)?.[2] ?? '',
    link: NETWORKING,
  },
  {
    id: 'eni-provisioning-timeout',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'failed',
    match: [
      /Unexpected EC2 error while attempting to (?<call>[\w ]{3,60}?)(?: with [\w ]{3,60})?(?: in subnet ['"]?(?:\{\{)?(?<subnet>[\w-]{1,40})\S{0,3})?: ?(?<answer>[A-Z][\w.]{4,80})/,
    ],
    cause: ({ words: { call, subnet, answer } }) =>
      `EC2 refused to ${call?.toLowerCase() ?? 'make the network interface'} for the task${maybe(subnet && `in ${subnet}`)}: ${answer ?? 'it gave no code'}.`,
    remedy: ({ words: { answer } }) =>
      `Look up ${answer ?? 'the code'} in the error codes of the EC2 API: it names the subnet, security group, quota or right that is in the way. CloudTrail has the whole answer (CreateNetworkInterface, AttachNetworkInterface).`,
    link: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html',
  },
  {
    id: 'eni-provisioning-timeout',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'network-interface',
    failure: 'timed-out',
    transient: true,
    general: true,
    match: [
      /netlink failure/i,
      /Time(?:d )?out waiting for (?:the )?(?:network interface|ENI)/i,
      /ContainerNetworkingError|setup network namespace|cni (?:plugin|setup)|failed to (?:setup|set up|configure) (?:the )?(?:task |container )?network/i,
      /Unexpected EC2 error while attempting to \w{1,20} (?:the |a )?network interface/i,
      /(?:configure|set ?up) (?:\w{1,20} )?ENI\b|netplugin failed|ENI attachment/i,
      /^InternalError\b(?=.{0,300}(?:network|\bENI\b|interface|attach))/,
    ],
    unless: /failed programming external connectivity/i,
    cause: ({ text }) =>
      `The network interface (ENI) or network namespace of the task could not be set up${/time/i.test(text) ? ' in time' : ''}${/secrets or registry/i.test(text) ? ' (the words about secrets mislead)' : ''}.`,
    remedy: ({ reading }) =>
      `Once is harmless: ECS starts another task. If it comes back, look in CloudTrail for CreateNetworkInterface and AttachNetworkInterface of that time: EC2 names the reason there${reading.launch === 'FARGATE' ? '' : '; on EC2 read /var/log/ecs/ of the instance as well'}.`,
    link: NETWORKING,
  },
];
