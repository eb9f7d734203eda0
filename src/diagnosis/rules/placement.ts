import { of } from '../say.ts';
import { AWS_MANAGES, byHost, moreRoom, onHosts, orStopFirst, restartAgent, stopFirst } from './hosts.ts';
import {
  type Found,
  GUIDE,
  maybe,
  OF_INSTANCES,
  OF_PLACING,
  OF_TASKS,
  type Rule,
  type Say,
  whereReplaced,
} from './rule.ts';

const EVENTS = `${GUIDE}/service-event-messages-list.html`;
/** An event names the closest instance alone: what the others lack it does not say. */
const closest =
  (others: string, lacks: string): Say =>
  ({ text }) => {
    const found = /closest matching \(?container-instance (?<id>[\w-]{1,64})/i.exec(text);
    return /closest matching/i.test(text)
      ? `No container instance of the cluster meets all needs of the task. The closest one${maybe(found?.groups?.id)} ${lacks}; the event does not say what the others lack.`
      : others;
  };

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const uncapitalized = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
const moreGpus = (found: Found): string =>
  byHost(
    found,
    of('gpu', {
      ec2: 'add a GPU instance',
      external: 'register another external instance with a GPU',
      managed:
        'let the capacity provider launch another GPU instance (its instanceRequirements, the EC2 quota of GPU instances)',
    }),
  );

/** What an instance was passed over for, and what would change that. */
const PASSED_OVER: readonly (readonly [code: RegExp, reason: string, way: string])[] = [
  [
    /^RESOURCE:MEM|insufficient memory/i,
    'too little free memory',
    'make room or lower the memory of the task (input `memory`)',
  ],
  [
    /^RESOURCE:CPU|insufficient CPU/i,
    'too few free CPU units',
    'make room or lower the CPU units of the task (input `cpu`)',
  ],
  of('gpu', [/^RESOURCE:GPU|insufficient GPU/i, 'no free GPU', 'add an instance with a free one'] as const),
  [
    /^RESOURCE:PORT|already using a port/i,
    'the host port is taken',
    'use a dynamic host port (hostPort 0) or networkMode awsvpc',
  ],
  [/^RESOURCE:ENI/i, 'no free network interface', 'use a larger instance type or turn on awsvpcTrunking'],
  [
    /^AGENT/i,
    'the ECS agent is not connected',
    'restart the agent there (systemctl restart ecs) or replace the instance',
  ],
  [
    /^ATTRIBUTE|missing an attribute/i,
    'an attribute that the task needs is missing',
    'compare requiresAttributes of the task definition with the attributes of the instances',
  ],
  [
    /^MEMBER_?OF|memberOf/i,
    'the placement constraint (memberOf) is not satisfied',
    'correct the expression in placementConstraints, or the attributes of the instances',
  ],
  [/distinctInstance/i, 'a task of the group runs there already (distinctInstance)', 'add an instance'],
  [/^(?:INACTIVE|LOCATION)/i, 'the instance is not active', 'activate or replace it'],
];
/** The different reasons of a list of failures (`"reason": "AGENT"`, `["RESOURCE:CPU","AGENT"]`); none where it has fewer than two. */
function reasonsIn(text: string): readonly (readonly [reason: string, way: string])[] {
  const [, list = ''] = /\[ ?("[^"\n]{2,160}"(?:, ?"[^"\n]{2,160}"){1,20}) ?\]/.exec(text) ?? [];
  const given = [
    ...[...list.matchAll(/"([^"\n]{2,160})"/g)].map(([, reason = '']) => reason),
    ...[...text.matchAll(/["']?\breason["']?: ?["']([^"'\n]{2,160})["']/gi)].map(([, reason = '']) => reason),
  ];
  const different = PASSED_OVER.flatMap(([code, reason, way]) =>
    given.some((one) => code.test(one)) ? [[reason, way] as const] : [],
  );
  return different.length < 2 ? [] : different;
}

/** What no EC2 container instance of the cluster can offer. All of it waits; whether it heals depends on the service. */
export const PLACEMENT: readonly Rule[] = [
  {
    id: 'az-rebalancing-blocked',
    nature: 'transient',
    ...OF_TASKS,
    subject: 'placement',
    failure: 'conflict',
    match: [
      /(?:unable|not able|cannot|could not|failed) to (?:start |complete |continue )?(?:AZ|Availability Zone)[ -]?rebalanc\w{0,5}\b(?: because (?<why>[^\n]{3,300}?)\.?$)?/i,
    ],
    cause: ({ words: { why } }) =>
      `ECS cannot spread the tasks of the service evenly over the Availability Zones${why ? `: ${why}` : ''}. The tasks run on where they are; the deployment itself is not hindered.`,
    remedy: ({ words: { why = '' } }) =>
      /strateg/i.test(why)
        ? 'Let the placement strategy of the service begin with spread on attribute:ecs.availability-zone (or give it none), or turn availabilityZoneRebalancing off (DISABLED).'
        : 'Remove what the event names (capacity in the zone with fewer tasks, maximumPercent above 100 so that a task more may start), or turn availabilityZoneRebalancing of the service off (DISABLED).',
    link: `${GUIDE}/service-rebalancing.html`,
  },
  {
    id: 'placement-several-reasons',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'failed',
    needs: 'room',
    severity: 'failure',
    match: [/\[ ?"[^"\n]{2,160}", ?"|\breason["']?: ?["'][\s\S]{1,400}\breason["']?: ?["']/i],
    when: ({ text }) => reasonsIn(text).length > 0,
    cause: ({ text }) =>
      `The container instances of the cluster did not take the task, for different reasons: ${reasonsIn(text)
        .map(([reason]) => reason)
        .join('; ')}.`,
    remedy: ({ text }) =>
      `One instance without any of them is enough. ${capitalized(
        reasonsIn(text)
          .map(([, way]) => way)
          .join('; '),
      )}.`,
    link: `${GUIDE}/api_failures_messages.html`,
  },
  {
    id: 'insufficient-memory',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'exhausted',
    needs: 'room',
    severity: 'failure',
    transient: true,
    match: [/insufficient memory/i, /RESOURCE:(?:MEMORY|MEM)\b/i],
    cause: closest(
      'No container instance of the cluster has enough free memory for another copy of the task.',
      'has not enough free memory',
    ),
    remedy: (found) =>
      `${moreRoom(found)}. Otherwise give the task less memory (input \`memory\`)${orStopFirst(found)}.`,
    link: EVENTS,
  },
  {
    id: 'insufficient-cpu',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'exhausted',
    needs: 'room',
    severity: 'failure',
    transient: true,
    match: [/insufficient CPU/i, /RESOURCE:CPU\b/i, /(?:enough|no) (?:available |free )?CPU/i],
    cause: closest(
      'No container instance of the cluster has enough free CPU units for another copy of the task.',
      'has not enough free CPU units',
    ),
    remedy: (found) => `${moreRoom(found)}. Otherwise lower the CPU reservation (input \`cpu\`)${orStopFirst(found)}.`,
    link: EVENTS,
  },
  {
    id: 'insufficient-gpu',
    technology: 'gpu',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'exhausted',
    needs: 'room',
    severity: 'failure',
    match: [
      /insufficient GPU/i,
      /RESOURCE:GPU\b/i,
      /\bGPUs?\b.{0,80}(?:not available|unavailable|insufficient)|task gpu \S+ not found in host gpus/i,
    ],
    cause: (found) =>
      `No container instance of the cluster has a free GPU${whereReplaced(found, ': the old task holds it')}.`,
    remedy: (found) =>
      found.context.oneOff === true || found.context.strategy !== undefined
        ? `${capitalized(moreGpus(found))}${orStopFirst(found)}.`
        : `Let the old task stop first (minimumHealthyPercent 0, input \`minimum-healthy-percent\`), or ${moreGpus(found)}. At 100 % the new task can never be placed.`,
    link: `${GUIDE}/ecs-gpu.html`,
  },
  {
    id: 'eni-limit',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'network-interface',
    failure: 'exhausted',
    needs: 'room',
    severity: 'failure',
    match: [/RESOURCE:ENI\b/i],
    cause: closest(
      'No container instance of the cluster has a free network interface (ENI) for another awsvpc task: the instance type allows only a few.',
      'has no free network interface (ENI) for another awsvpc task',
    ),
    remedy: (found) =>
      `${moreRoom(found)}. Otherwise ${byHost(found, {
        ec2: 'turn on ENI trunking (account setting awsvpcTrunking, then new instances), use a larger instance type or networkMode bridge',
        external: 'use networkMode bridge: external instances have no network interfaces of AWS',
        managed: 'use networkMode host',
      })}${orStopFirst(found)}.`,
    link: `${GUIDE}/container-instance-eni.html`,
  },
  {
    id: 'host-port-conflict',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'conflict',
    needs: 'room',
    severity: 'failure',
    match: [
      /already using a port required by your task/i,
      /RESOURCE:PORTS?\b/i,
      /(?:insufficient|not enough|too many) (?:free |available )?(?:host )?ports\b/i,
    ],
    cause: closest(
      'Every container instance of the cluster already uses the static host port that the task asks for.',
      'already uses the static host port that the task asks for',
    ),
    remedy: (found) =>
      `${byHost(found, {
        ec2: 'Use dynamic host ports (hostPort 0 or absent, with a load balancer), or networkMode awsvpc',
        external: 'Use a dynamic host port (hostPort 0 or absent)',
        managed: 'Use networkMode awsvpc',
      })}. Otherwise ${uncapitalized(moreRoom(found))}${orStopFirst(found)}.`,
    link: EVENTS,
  },
  {
    id: 'host-port-conflict',
    nature: 'permanent',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'conflict',
    needs: 'room',
    match: [
      /bind for (?:[\d.]+|\[?[0-9a-f:]+\]?):(?<port>\d+) failed: port is already allocated/i,
      /listen tcp\d? (?:[\d.]*|\[?[0-9a-f:]*\]?):(?<port>\d+): (?:bind|listen): address already in use/i,
    ],
    cause: ({ words: { port } }) =>
      `The host port${maybe(port)} that the container asks for is already in use on the container instance.`,
    remedy: (found) =>
      `Use a dynamic host port (hostPort 0 instead of${maybe(found.words.port) || ' a fixed port'}${byHost(found, {
        ec2: ', with a load balancer), or networkMode awsvpc, or one container instance more than tasks',
        external: '), or one external instance more than tasks',
        managed: '), or networkMode awsvpc',
      })}; where another process of the host holds the port, stop it.`,
    link: `${GUIDE}/CannotCreateContainerError.html`,
  },
  {
    id: 'capacity-provider-empty',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'missing',
    needs: 'room',
    severity: 'failure',
    match: [/No Container Instances were found in your capacity provider/i, /EMPTY[ _]CAPACITY[ _]PROVIDER/i],
    cause: 'The capacity provider has no container instances, so there is nowhere to place the task.',
    remedy: onHosts({
      ec2: 'Look at the activity of its Auto Scaling group: instances may fail to launch (the EC2 vCPU quota of the instance family, no capacity) or to join the cluster (ECS_CLUSTER in the user data, instance role, network); check managed scaling, and the desired and maximum size of the group (ASG).',
      external: 'Run the service with launchType EXTERNAL: external instances belong to none.',
      managed:
        'ECS launches instances for the tasks that wait: read the events of the service for what EC2 refused (quota, no such instances, the infrastructure role), and see that instanceRequirements allow an instance that takes the task, and that its subnets reach the ECS endpoints.',
    }),
    link: `${GUIDE}/cluster-auto-scaling.html`,
  },
  {
    id: 'no-container-instances',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'missing',
    needs: 'room',
    severity: 'failure',
    match: [
      /No Container Instances\b(?!.{0,80}capacity provider)/i,
      /no (?:active |registered )?(?:container )?instances? (?:are |were )?(?:found|registered|available)/i,
    ],
    unless: /\bmemberOf\b/i,
    cause: onHosts({
      ec2: 'No container instance is registered in the cluster (or all are draining), so no EC2 task can be placed.',
      external:
        'No external instance (ECS Anywhere) is registered in the cluster, or all are draining, so no task can be placed.',
      managed: 'The cluster has no instance yet, and ECS Managed Instances launched none for the task.',
    }),
    remedy: onHosts({
      ec2: 'Look at the activity of the Auto Scaling group first: it names what keeps instances from starting (the vCPU quota of the family, no capacity, a size of 0). Where they run, see why they do not join this cluster (ECS_CLUSTER in the user data, the instance role AmazonEC2ContainerServiceforEC2Role, a way to the ECS endpoints, the agent running). Check also the inputs `cluster` and `aws-region`.',
      external:
        'Register an external instance (the registration command of the cluster, with a new Systems Manager activation), or see that those you have are on and their agents run. Check also the inputs `cluster` and `aws-region`.',
      managed:
        'Read the events of the service for what EC2 refused, and see the capacity provider: instanceRequirements, infrastructure role, instance profile and subnets. Check also the inputs `cluster` and `aws-region`.',
    }),
    link: `${GUIDE}/launch_container_instance.html`,
  },
  {
    id: 'agent-disconnected',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'unreachable',
    severity: 'failure',
    match: [/Timed out waiting for (?:the )?(?:Amazon )?ECS Agent to start/i],
    cause: 'The ECS agent on the container instance did not start in time.',
    remedy: (found) =>
      byHost(found, {
        ec2: 'Read /var/log/ecs/ecs-agent.log on the instance and restart the agent (systemctl restart ecs); check ECS_CLUSTER, the instance role and the way to the ECS endpoints (ecs-agent, ecs-telemetry, ecs).',
        external: restartAgent(found),
        managed:
          'See that the subnets of the capacity provider reach the ECS endpoints (a NAT gateway, or the VPC endpoints ecs, ecs-agent, ecs-telemetry), and that its instance profile has AmazonECSInstanceRolePolicyForManagedInstances.',
      }),
    link: `${GUIDE}/logs.html`,
  },
  {
    id: 'agent-disconnected',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'unreachable',
    severity: 'failure',
    transient: true,
    match: [
      /encountered error ["']?AGENT\b/i,
      /^AGENT$|(?<!TaskFailedToStart): AGENT\.?$/,
      /agent (?:is |was )?(?:not connected|disconnected|unreachable)|agentConnected.{0,10}false|have (?:the|its|an) agent connected/i,
    ],
    cause: 'The ECS agent on the closest matching container instance is disconnected, so the instance takes no tasks.',
    remedy: (found) =>
      `It often reconnects by itself. ${byHost(found, {
        ec2: 'Otherwise restart the agent (systemctl restart ecs) or replace the instance, and check its memory, disk and way to the ECS endpoints.',
        external: restartAgent(found),
        managed: `Otherwise: ${AWS_MANAGES}`,
      })}`,
    link: `${GUIDE}/service-event-messages-list.html`,
  },
  {
    id: 'agent-disconnected',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'unreachable',
    severity: 'failure',
    match: [/TaskFailedToStart: ?AGENT\b/i],
    cause: 'The ECS agent on the container instance is disconnected, so the task could not start there.',
    remedy: restartAgent,
    link: `${GUIDE}/logs.html`,
  },
  {
    id: 'missing-attribute',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'missing',
    needs: 'room',
    severity: 'failure',
    match: [/missing an attribute required by your task/i, /(?:^|: )ATTRIBUTE\.?$|^ATTRIBUTE\b|error ["']?ATTRIBUTE\b/],
    cause: closest(
      'No container instance of the cluster has an attribute that the task needs (architecture, log driver, awsvpc, an agent feature, an Availability Zone).',
      'lacks an attribute that the task needs (architecture, log driver, awsvpc, an agent feature, an Availability Zone)',
    ),
    remedy: (found) =>
      `Compare requiresAttributes of the task definition (describe-task-definition) with the attributes of the instances: ${byHost(
        found,
        {
          ec2: 'update the ECS agent or AMI, register the log driver in ECS_AVAILABLE_LOGGING_DRIVERS, choose instances of the architecture in runtimePlatform, and for awsvpc have an instance in the subnets of the service.',
          external:
            'update the ECS agent of the external instance, list the log driver in ECS_AVAILABLE_LOGGING_DRIVERS (/etc/ecs/ecs.config), and register a machine of the architecture in runtimePlatform; networkMode awsvpc is not for external instances.',
          managed:
            'let instanceRequirements of the capacity provider allow instances of the architecture in runtimePlatform (cpuManufacturers, allowedInstanceTypes), with the accelerators that the task asks for.',
        },
      )}`,
    link: `${GUIDE}/task-placement-constraints.html`,
  },
  {
    id: 'placement-constraint',
    nature: 'unplaceable',
    ...OF_PLACING,
    subject: 'placement',
    failure: 'failed',
    needs: 'room',
    // Of a call only the answer that no instance fits: an expression that it refuses is a value of the request.
    when: ({ surface, text }) =>
      surface !== 'api.ecs' || /\binstances?\b[^\n]{0,80}\bmemberOf\b|unsatisfied/i.test(text),
    severity: 'failure',
    match: [
      /placement constraint|distinctInstance|\bmember_?of\b[^\n]{0,40}(?:constraint|unsatisfied)|["']reason["']:\s?["']MEMBER_?OF["']|^(?:RESOURCE:)?MEMBER_?OF$/i,
    ],
    cause: ({ text }) =>
      `No container instance of the cluster satisfies the placement constraint (${/member_?of/i.test(text) ? 'memberOf' : 'memberOf or distinctInstance'}) of the task.`,
    remedy: (found) =>
      /member_?of/i.test(found.text) && !/distinct/i.test(found.text)
        ? 'Correct the expression in placementConstraints of the task definition or service (attribute names and values, attribute:ecs.instance-type =~ t3.*), or add instances that fit it: aws ecs list-container-instances --cluster NAME --filter "EXPRESSION" shows which do.'
        : `Correct placementConstraints in the task definition or service, or add instances that satisfy it.${whereReplaced(found, ` With distinctInstance ${stopFirst(found)}.`)}`,
    link: `${GUIDE}/task-placement-constraints.html`,
  },
  {
    id: 'missing-attribute',
    nature: 'unplaceable',
    ...OF_TASKS,
    subject: 'placement',
    failure: 'conflict',
    severity: 'failure',
    needs: 'room',
    match: [/requested configuration is (?:currently )?not supported/i],
    cause:
      'The size, processor architecture or purchase option that the task asks for is not offered in the Availability Zones of its subnets.',
    remedy:
      'Give the service subnets in other Availability Zones, or change cpu and memory (inputs `cpu`, `memory`), runtimePlatform or the capacity provider to what is offered there.',
    link: `${GUIDE}/service-event-messages-list.html`,
  },
  {
    id: 'instance-inactive',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'missing',
    severity: 'failure',
    transient: true,
    match: [
      /^(?:TaskFailedToStart: ?)?(?:INACTIVE|LOCATION)$|Reason: (?:TaskFailedToStart: ?)?(?:INACTIVE|LOCATION)\.?$/,
    ],
    cause:
      'The container instance that was chosen is no longer active in the cluster, or the task was not allowed in its location.',
    remedy: onHosts({
      ec2: 'ECS chooses another instance; check that the cluster has an ACTIVE container instance in the Availability Zones of the subnets.',
      external: 'ECS chooses another instance; check that the cluster has an ACTIVE external instance.',
      managed: 'ECS chooses or launches another instance; nothing has to be done.',
    }),
    link: `${GUIDE}/api_failures_messages.html`,
  },
];
