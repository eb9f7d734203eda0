import { GUIDE, maybe, type Rule } from './rule.ts';

const EVENTS = `${GUIDE}/service-event-messages-list.html`;
const ROOM =
  'add a container instance or a capacity provider with managed scaling, or lower minimumHealthyPercent (input `minimum-healthy-percent`) below 100 so that an old task stops first and makes room';

/** What no EC2 container instance of the cluster can offer. All of it waits; whether it heals depends on the service. */
export const PLACEMENT: readonly Rule[] = [
  {
    id: 'insufficient-memory',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /insufficient memory/i,
      /RESOURCE:(?:MEMORY|MEM)\b/i,
      /instance .{0,200}(?:enough|no) (?:available |free )?memory/i,
      /not enough memory .{0,60}instance/i,
    ],
    cause: 'No container instance of the cluster has enough free memory for another copy of the task.',
    remedy: `Give the task less memory (input \`memory\`), or ${ROOM}.`,
    link: EVENTS,
    examples: [
      'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance b1a73168 has insufficient memory available.',
      'RESOURCE:MEMORY',
    ],
  },
  {
    id: 'insufficient-cpu',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /insufficient CPU/i,
      /RESOURCE:CPU\b/i,
      /(?:enough|no) (?:available |free )?CPU/i,
      /not enough CPU .{0,60}instance/i,
    ],
    cause: 'No container instance of the cluster has enough free CPU units for another copy of the task.',
    remedy: `Lower the CPU reservation (input \`cpu\`), or ${ROOM}.`,
    link: EVENTS,
    examples: [
      'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance container-instance-id has insufficient CPU units available.',
    ],
  },
  {
    id: 'insufficient-gpu',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /insufficient GPU/i,
      /RESOURCE:GPU\b/i,
      /\bGPUs?\b.{0,80}(?:not available|unavailable|insufficient)|task gpu \S+ not found in host gpus/i,
    ],
    cause: 'No container instance of the cluster has a free GPU: the old task holds it.',
    remedy:
      'Let the old task stop first (minimumHealthyPercent 0, input `minimum-healthy-percent`) or add a GPU instance. At 100 % the new task can never be placed.',
    link: `${GUIDE}/ecs-gpu.html`,
    examples: ['(service x) was unable to place a task. Reason: TaskFailedToStart: RESOURCE:GPU.'],
  },
  {
    id: 'eni-limit',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /RESOURCE:ENI\b/i,
      /insufficient (?:ENI|network interface)|not enough (?:available )?(?:ENI|network interface)/i,
    ],
    cause:
      'No container instance of the cluster has a free network interface (ENI) for another awsvpc task: the instance type allows only a few.',
    remedy: `Turn on ENI trunking (account setting awsvpcTrunking, then new instances), use a larger instance type, use networkMode bridge, or ${ROOM}.`,
    link: `${GUIDE}/container-instance-eni.html`,
    examples: [
      'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0a encountered error "RESOURCE:ENI".',
    ],
  },
  {
    id: 'host-port-conflict',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /already using a port required by your task/i,
      /RESOURCE:PORTS?\b/i,
      /(?:insufficient|not enough|too many) (?:free |available )?(?:host )?ports\b/i,
    ],
    cause: 'Every container instance of the cluster already uses the static host port that the task asks for.',
    remedy: `Use dynamic host ports (hostPort 0 or absent, with a load balancer) or networkMode awsvpc, or ${ROOM}.`,
    link: EVENTS,
    examples: ['The closest matching container-instance is already using a port required by your task.'],
  },
  {
    id: 'host-port-conflict',
    nature: 'hopeless',
    match: [
      /bind for (?:[\d.]+|\[?[0-9a-f:]+\]?):(?<port>\d+) failed: port is already allocated/i,
      /port is already allocated/i,
      /listen tcp\d? (?:[\d.]*|\[?[0-9a-f:]*\]?):(?<port>\d+): (?:bind|listen): address already in use/i,
      /failed programming external connectivity|(?:userland proxy|docker-proxy).{0,200}(?:address already in use|bind)/i,
      /HNS failed with error .{0,80}(?:specified port already exists|port)/i,
    ],
    cause: ({ words: { port } }) =>
      `The host port${maybe(port)} that the container asks for is already in use on the container instance.`,
    remedy: ({ words: { port } }) =>
      `Use a dynamic host port (hostPort 0 instead of${maybe(port) || ' a fixed port'}, with a load balancer) or networkMode awsvpc, or one container instance more than tasks; where another process of the host holds the port, stop it.`,
    link: `${GUIDE}/CannotCreateContainerError.html`,
    examples: ['CannotStartContainerError: bind for 0.0.0.0:8080 failed: port is already allocated'],
  },
  {
    id: 'capacity-provider-empty',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /No Container Instances were found in your capacity provider/i,
      /EMPTY[ _]CAPACITY[ _]PROVIDER/i,
      /capacity provider .{0,80}(?:is empty|has no (?:container )?instances)/i,
    ],
    cause: 'The capacity provider has no container instances, so there is nowhere to place the task.',
    remedy:
      'Look at the activity of its Auto Scaling group: instances may fail to launch (the EC2 vCPU quota of the instance family, no capacity) or to join the cluster (ECS_CLUSTER in the user data, instance role, network); check managed scaling, and the desired and maximum size of the group (ASG).',
    link: `${GUIDE}/cluster-auto-scaling.html`,
    examples: [
      'service x was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your capacity provider.',
      'TaskFailedToStart: EMPTY CAPACITY PROVIDER',
    ],
  },
  {
    id: 'no-container-instances',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /No Container Instances\b(?!.{0,80}capacity provider)/i,
      /no (?:active |registered )?(?:container )?instances? (?:are |were )?(?:found|registered|available)/i,
      /cluster .{0,80}has no (?:active |registered )?(?:container )?instances/i,
      /RESOURCE:INSTANCE/i,
    ],
    cause: 'No container instance is registered in the cluster (or all are draining), so no EC2 task can be placed.',
    remedy:
      'Start container instances that join this cluster (ECS_CLUSTER in the user data, the instance role AmazonEC2ContainerServiceforEC2Role, a way to the ECS endpoints, the agent running), or run the service on Fargate. Check also the inputs `cluster` and `aws-region`.',
    link: `${GUIDE}/launch_container_instance.html`,
    examples: [
      'service m was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
    ],
  },
  {
    id: 'agent-disconnected',
    nature: 'blocked',
    severity: 'failure',
    match: [/Timed out waiting for (?:the )?(?:Amazon )?ECS Agent to start/i],
    cause: 'The ECS agent on the container instance did not start in time.',
    remedy:
      'Read /var/log/ecs/ecs-agent.log on the instance and restart the agent (systemctl restart ecs); check ECS_CLUSTER, the instance role and the way to the ECS endpoints (ecs-agent, ecs-telemetry, ecs).',
    link: `${GUIDE}/logs.html`,
    examples: [
      'service web Timed out waiting for Amazon ECS Agent to start. Please check logs at /var/log/ecs/ecs-agent.log".',
    ],
  },
  {
    id: 'agent-disconnected',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /encountered error ["']?AGENT\b/i,
      /^AGENT$|(?<!TaskFailedToStart): AGENT\.?$/,
      /agent (?:is |was )?(?:not connected|disconnected|unreachable)|agentConnected.{0,10}false|have (?:the|its|an) agent connected/i,
    ],
    cause: 'The ECS agent on the closest matching container instance is disconnected, so the instance takes no tasks.',
    remedy:
      'It often reconnects by itself. Otherwise restart the agent (systemctl restart ecs) or replace the instance, and check its memory, disk and way to the ECS endpoints.',
    link: `${GUIDE}/service-event-messages-list.html`,
    examples: [
      'service x was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 1 encountered error "AGENT".',
      'AGENT',
    ],
  },
  {
    id: 'agent-disconnected',
    nature: 'blocked',
    severity: 'failure',
    match: [/TaskFailedToStart: ?AGENT\b/i, /\bTaskFailedToStart\b.{0,20}\bAGENT\b/],
    cause: 'The ECS agent on the container instance is disconnected, so the task could not start there.',
    remedy:
      'Restart the agent (systemctl restart ecs) or replace the container instance, and look whether it runs out of memory or disk or cannot reach the ECS endpoints.',
    link: `${GUIDE}/logs.html`,
    examples: ['TaskFailedToStart: AGENT'],
  },
  {
    id: 'missing-attribute',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /missing an attribute required by your task/i,
      /(?:^|: )ATTRIBUTE\.?$|^ATTRIBUTE\b|error ["']?ATTRIBUTE\b/,
      /(?:missing|lacks?|without) (?:the |a )?required attribute/i,
      /insufficient (?<name>Inferentia|Neuron|accelerator)/i,
    ],
    cause:
      'No container instance of the cluster has an attribute that the task needs (architecture, log driver, awsvpc, an agent feature, an Availability Zone).',
    remedy:
      'Compare requiresAttributes of the task definition (describe-task-definition) with the attributes of the instances: update the ECS agent or AMI, register the log driver in ECS_AVAILABLE_LOGGING_DRIVERS, choose instances of the architecture in runtimePlatform, and for awsvpc have an instance in the subnets of the service.',
    link: `${GUIDE}/task-placement-constraints.html`,
    examples: [
      '(service x) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 12) is missing an attribute required by your task.',
    ],
  },
  {
    id: 'placement-constraint',
    nature: 'blocked',
    severity: 'failure',
    match: [
      /placement constraint/i,
      /(?:memberOf|distinctInstance) .{0,60}(?:unsatisfied|not satisfied|violat)/i,
      /PLACEMENT_CONSTRAINT_VIOLATED/,
    ],
    cause:
      'No container instance of the cluster satisfies the placement constraint (memberOf or distinctInstance) of the task.',
    remedy: `Correct placementConstraints in the task definition or service, or add instances that satisfy it; with distinctInstance ${ROOM}.`,
    link: `${GUIDE}/task-placement-constraints.html`,
    examples: ['TaskFailedToStart: MemberOf placement constraint unsatisfied.'],
  },
  {
    id: 'instance-inactive',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /^(?:TaskFailedToStart: ?)?INACTIVE$|Reason: (?:TaskFailedToStart: ?)?INACTIVE\.?$/,
      /container instance .{0,100}(?:is|was) (?:INACTIVE|not active|deregistered)/i,
      /(?:^|: )LOCATION\.?$|error ["']?LOCATION\b/,
    ],
    cause:
      'The container instance that was chosen is no longer active in the cluster, or the task was not allowed in its location.',
    remedy:
      'ECS chooses another instance; check that the cluster has an ACTIVE container instance in the Availability Zones of the subnets.',
    link: `${GUIDE}/api_failures_messages.html`,
    examples: ['INACTIVE'],
  },
];
