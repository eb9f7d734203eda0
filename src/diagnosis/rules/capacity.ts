import { GUIDE, maybe, type Rule } from './rule.ts';

const EVENTS = `${GUIDE}/service-event-messages-list.html`;

/** What AWS (Fargate, EC2, quotas of the account) does not have or does not give. */
export const CAPACITY: readonly Rule[] = [
  {
    id: 'capacity-provider-launch-failed',
    nature: 'blocked',
    severity: 'failure',
    match: [/VcpuLimitExceeded|InstanceLimitExceeded|vCPU (?:capacity|limit)|MaxSpotInstanceCountExceeded/i],
    unless: /you can run concurrently/i,
    cause: 'The EC2 vCPU quota of the account is used up, so the capacity provider cannot launch an instance.',
    remedy:
      'Ask for a higher EC2 vCPU quota of that instance family (on-demand or Spot) in Service Quotas, or use smaller or other instance types in the capacity provider.',
    link: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
    examples: [
      '(service z) was unable to place a task. Reason: ResourceInitializationError: Unable to launch instance(s) for capacity provider mi. VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit',
    ],
  },
  {
    id: 'capacity-provider-launch-failed',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /unable to launch instance\(?s?\)? for capacity provider (?<provider>[\w-]+)/i,
      /UnfulfillableCapacity|InsufficientInstanceCapacity|InsufficientHostCapacity/i,
      /capacity provider .{0,160}(?:could not|failed to|unable to) (?:launch|scale|provision)/i,
    ],
    unless: /No Container Instances/i,
    cause: ({ words: { provider } }) =>
      `EC2 did not give the capacity that the capacity provider${maybe(provider)} asked for: it has no such instances in those Availability Zones now.`,
    remedy:
      'Widen the instance types and Availability Zones of the capacity provider, or use on-demand instead of Spot capacity; it may come back by itself.',
    link: `${GUIDE}/managed-instances-troubleshooting.html`,
    examples: [
      '(service a) was unable to place a task. Reason: ResourceInitializationError: Unable to launch instance(s) for capacity provider gpu-spot. UnfulfillableCapacity',
    ],
  },
  {
    id: 'fargate-quota',
    nature: 'ambiguous',
    match: [
      /requested (?<what>CPU|MEMORY|\w+) configuration is above your limit/i,
      /(?:reached|exceeded) (?:the|your) (?:limit|quota) on the number of (?<what>[\w ]{1,30}?) you can run/i,
      /(?:vCPU|task)s? (?:quota|limit) .{0,60}(?:reached|exceeded)|Fargate .{0,60}(?:quota|limit) .{0,40}(?:reached|exceeded)/i,
    ],
    cause: ({ words: { what } }) =>
      `The account's Fargate quota is reached${what ? ` (${what === 'vCPUs' ? 'the number of vCPUs' : what} that may run at once)` : ''}.`,
    remedy:
      'Request an increase of the Fargate vCPU quota in Service Quotas (AWS Fargate: on-demand or Spot vCPU resource count), lower the task size (inputs `cpu`, `memory`), or lower maximumPercent (input `maximum-percent`) so that fewer tasks run at once during the rollout.',
    link: `${GUIDE}/service-quotas.html`,
    examples: [
      'service x was unable to place a task. Reason: The requested CPU configuration is above your limit.',
      "service x was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently",
    ],
  },
  {
    id: 'fargate-capacity',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /Capacity is unavailable at this time/i,
      /RESOURCE:FARGATE|\bRESOURCE$/,
      /(?:insufficient|no|not enough) (?:Fargate |FARGATE_SPOT |Spot )?capacity .{0,60}(?:Fargate|available|at this time|zone)|capacity (?:is )?(?:currently )?unavailable/i,
    ],
    cause: 'AWS has no Fargate capacity for such a task in those Availability Zones now (Fargate Spot runs out first).',
    remedy:
      'Wait: ECS tries again (retry). Add subnets in another Availability Zone (AZ), and give the capacity provider strategy a base of FARGATE beside FARGATE_SPOT; another task size or architecture may be free.',
    link: EVENTS,
    examples: [
      'service x was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    ],
  },
  {
    id: 'provisioning-limit',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
      /provisioning capacity limit (?:was|has been|is) exceeded/i,
      /(?:tasks? in|of) (?:the )?PROVISIONING .{0,60}(?:limit|exceed)/i,
    ],
    cause: 'The cluster has reached the limit of tasks in PROVISIONING (500 wait for capacity at once).',
    remedy:
      'Wait, or stagger the deployments; look why instances of the capacity provider do not appear (its Auto Scaling group, managed scaling).',
    link: `${GUIDE}/service-quotas.html`,
    examples: [
      'service x was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.',
    ],
  },
  {
    id: 'ec2-capacity',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [/could not launch \S{1,20} ?tasks? (?:for|in) deployment/i, /unable to launch \d+ tasks?/i],
    cause: 'The cluster lacked capacity for the rest of the tasks of the deployment.',
    remedy:
      'Read the reason that follows the message, and add capacity: container instances, a capacity provider with managed scaling, or for Fargate more Availability Zones.',
    link: EVENTS,
    examples: ['service web could not launch 2 tasks for deployment ecs-svc/123.'],
  },
  {
    id: 'fargate-unsupported-az',
    nature: 'ambiguous',
    match: [
      /unable to place a task\.? Reason: Internal error/i,
      /(?:Fargate|platform version) .{0,80}not (?:supported|available) in (?:this |the )?(?:Availability Zone|Region)/i,
      /unsupported Availability Zone/i,
    ],
    cause:
      'A subnet of the service is in an Availability Zone that Fargate (or the platform version or architecture) does not support.',
    remedy: 'Take that subnet out of the network configuration and use subnets in supported Availability Zones.',
    link: `${GUIDE}/AWS_Fargate-Regions.html`,
    examples: ['(service w) was unable to place a task. Reason: Internal error.'],
  },
  {
    id: 'ecs-throttled',
    nature: 'self-heals',
    match: [/operations are being throttled/i, /service scheduler .{0,60}throttl/i],
    cause: 'ECS throttles the operations of the service: throttling, not a fault of the revision.',
    remedy:
      'Wait: ECS tries again later. Start fewer deployments of the account at once, or ask for a higher API rate.',
    link: EVENTS,
    examples: ['(service w) operations are being throttled. Will try again later.'],
  },
  {
    id: 'tasks-failing-to-start',
    nature: 'symptom',
    match: [/is unable to consistently start tasks successfully/i, /SERVICE_TASK_START_IMPAIRED/],
    cause: 'Tasks of the service fail to start again and again, so ECS waits longer between attempts.',
    remedy:
      'Look at the stopped tasks: stoppedReason and the reason of each container say why. A new deployment ends the waiting.',
    link: `${GUIDE}/service-throttle-logic.html`,
    examples: ['(service w) is unable to consistently start tasks successfully.'],
  },
  {
    id: 'ephemeral-storage-timeout',
    nature: 'ambiguous',
    transient: true,
    match: [
      /(?:Time(?:d )?out|timed out) waiting for Ephemeral ?Storage/i,
      /Ephemeral ?Storage (?:provisioning|encryption).{0,80}(?:fail|time)/i,
    ],
    cause: 'Fargate did not provide the ephemeral storage of the task in time: a fault on the side of AWS.',
    remedy:
      'Nothing at first: ECS starts another task (a retry). If it comes again, look at AWS Health and lower ephemeralStorage.',
    link: `${GUIDE}/fargate-task-storage.html`,
    examples: ['Timeout waiting for EphemeralStorage provisioning to complete.'],
  },
  {
    id: 'aws-internal-error',
    nature: 'self-heals',
    match: [
      /\(?error:? \(?Internal (?:failure|error|server error)|Internal failure\b/i,
      /InternalError(?:Exception)?\b|InternalFailure|InternalServerE(?:rror|xception)|Internal server error/i,
      /^(?:Unexpected )?(?:internal|server) (?:error|failure)\.?$/i,
      /ServerException|Service ?Unavailable(?:Exception|Error)?\b|(?:Service is temporarily|temporarily) unavailable/i,
      /ECS (?:was unable|encountered an internal|had an internal)/i,
    ],
    unless:
      /docker|buildx|resolve source metadata|httpRead|lifecycle hook|ECR|EFS|Infrastructure Role|assume|infrastructure/i,
    cause: 'An internal error on the side of AWS, not of the revision.',
    remedy:
      'Wait and try again: ECS retries by itself. AWS Health shows outages; if it stays, open a support case with the request id.',
    link: 'https://health.aws.amazon.com/health/status',
    examples: ['(service web) failed to describe target health on (target-group web) with (error Internal failure)'],
  },
];
