import { byHost, onHosts, orStopFirst } from './hosts.ts';
import {
  ANYWHERE,
  AWS,
  GUIDE,
  maybe,
  OF_FARGATE,
  OF_INSTANCES,
  OF_TASKS,
  ON_FARGATE,
  type Rule,
  TASK,
  TASK_SIDE,
} from './rule.ts';

const EVENTS = `${GUIDE}/service-event-messages-list.html`;

/** As events of a service abbreviate them. */
const NAMES: Readonly<Record<string, string>> = { elb: 'Elastic Load Balancing', ec2: 'EC2', ecs: 'ECS' };

/** What AWS (Fargate, EC2, quotas of the account) does not have or does not give. */
export const CAPACITY: readonly Rule[] = [
  {
    id: 'capacity-provider-launch-failed',
    nature: 'unplaceable',
    ...OF_TASKS,
    subject: 'capacity',
    failure: 'exhausted',
    severity: 'failure',
    match: [/VcpuLimitExceeded|InstanceLimitExceeded|vCPU (?:capacity|limit)|MaxSpotInstanceCountExceeded/i],
    unless: /you can run concurrently/i,
    cause: 'The EC2 vCPU quota of the account is used up, so the capacity provider cannot launch an instance.',
    remedy:
      'Ask for a higher EC2 vCPU quota of that instance family (on-demand or Spot) in Service Quotas, or use smaller or other instance types in the capacity provider.',
    link: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
  },
  {
    id: 'capacity-provider-launch-failed',
    nature: 'unplaceable',
    ...OF_TASKS,
    subject: 'capacity',
    failure: 'exhausted',
    severity: 'failure',
    transient: true,
    match: [/unable to launch instance\(?s?\)? for capacity provider (?<provider>[\w-]+)/i],
    unless: /No Container Instances/i,
    cause: ({ words: { provider } }) =>
      `EC2 did not give the capacity that the capacity provider${maybe(provider)} asked for: it has no such instances in those Availability Zones now.`,
    remedy:
      'Widen the instance types and Availability Zones of the capacity provider, or use on-demand instead of Spot capacity; it may come back by itself.',
    link: `${GUIDE}/managed-instances-troubleshooting.html`,
  },
  {
    id: 'fargate-quota',
    nature: 'ambiguous',
    ...OF_FARGATE,
    subject: 'capacity',
    failure: 'exhausted',
    needs: 'quota',
    match: [
      /requested (?<what>CPU|MEMORY|\w+) configuration is above your limit/i,
      /(?:reached|exceeded) (?:the|your) (?:limit|quota) on the number of (?<what>[\w ]{1,30}?) you can run/i,
      /Fargate\b.{0,60}\b(?<what>vCPU)s?\b.{0,60}(?:quota|limit).{0,40}(?:exceeded|reached)/i,
    ],
    cause: ({ words: { what } }) =>
      `The account's Fargate quota is reached${what ? ` (${/^vCPU/.test(what) ? 'the number of vCPUs' : what} that may run at once)` : ''}.`,
    remedy: (found) =>
      `Request a higher Fargate vCPU quota in Service Quotas (AWS Fargate: on-demand or Spot vCPU resource count). Until then give the task a smaller size (inputs \`cpu\`, \`memory\`)${orStopFirst(found, 'let old tasks stop first: minimumHealthyPercent below 100, and maximumPercent 100 (inputs `minimum-healthy-percent`, `maximum-percent`)')}.`,
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'fargate-capacity',
    nature: 'unplaceable',
    surfaces: [...TASK, 'api.ecs'],
    producers: [...TASK_SIDE, ...AWS],
    launch: ON_FARGATE,
    subject: 'capacity',
    failure: 'exhausted',
    severity: 'failure',
    transient: true,
    match: [
      /Capacity is (?:currently )?unavailable(?: at this time| in)?|(?:no|insufficient) Fargate(?: Spot)? capacity/i,
      /RESOURCE:FARGATE|\bRESOURCE$/,
    ],
    cause: 'AWS has no Fargate capacity for such a task in those Availability Zones now (Fargate Spot runs out first).',
    remedy:
      'Wait: ECS tries again (retry). Add subnets in another Availability Zone (AZ), and give the capacity provider strategy a base of FARGATE beside FARGATE_SPOT; another task size or architecture may be free.',
    link: EVENTS,
  },
  {
    id: 'provisioning-limit',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'placement',
    failure: 'exhausted',
    severity: 'failure',
    transient: true,
    match: [
      /provisioning capacity limit (?:was|has been|is) exceeded|limit of (?:the )?tasks in (?:the )?PROVISIONING/i,
    ],
    cause: 'The cluster has reached the limit of tasks in PROVISIONING (500 wait for capacity at once).',
    remedy: onHosts({
      ec2: 'Wait, or stagger the deployments; look why instances of the capacity provider do not appear (its Auto Scaling group, managed scaling).',
      external: 'Wait, or stagger the deployments.',
      managed:
        'Wait, or stagger the deployments; the events of the services name what keeps EC2 from launching instances.',
    }),
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'ec2-capacity',
    nature: 'unplaceable',
    ...OF_INSTANCES,
    subject: 'capacity',
    failure: 'exhausted',
    severity: 'failure',
    transient: true,
    match: [/could not launch \S{1,20} ?tasks? (?:for|in) deployment/i],
    cause: 'The cluster lacked capacity for the rest of the tasks of the deployment.',
    remedy: (found) =>
      `Read the reason that follows the message, and add capacity: ${byHost(found, {
        ec2: `container instances, or a capacity provider with managed scaling${found.reading.launch === undefined ? ' (for Fargate: more Availability Zones)' : ''}.`,
        external: 'register more external instances in the cluster.',
        managed: 'more instance types and Availability Zones in the capacity provider, or a higher EC2 quota.',
      })}`,
    link: EVENTS,
  },
  {
    id: 'fargate-unsupported-az',
    nature: 'ambiguous',
    ...OF_FARGATE,
    subject: 'capacity',
    failure: 'conflict',
    match: [/unable to place a task\.? Reason: Internal error/i],
    cause:
      'A subnet of the service is in an Availability Zone that Fargate (or the platform version or architecture) does not support.',
    remedy: 'Take that subnet out of the network configuration and use subnets in supported Availability Zones.',
    link: `${GUIDE}/AWS_Fargate-Regions.html`,
  },
  {
    id: 'ecs-throttled',
    nature: 'transient',
    ...OF_TASKS,
    subject: 'request',
    failure: 'throttled',
    match: [
      /(?:ThrottlingException|Throttled\b|Rate exceeded|RequestLimitExceeded|TooManyRequests)/i,
      /operations are being throttled(?: on (?<service>[\w ]{2,40}?)\.| on (?<service>[\w-]{2,40}))?/i,
    ],
    unless: /pull|\becr\b|registry/i,
    cause: ({ words: { service } }) =>
      `${NAMES[service?.toLowerCase() ?? ''] ?? service ?? 'AWS'} throttles the calls that ECS makes for the service: throttling, not a fault of the revision.`,
    remedy:
      'Wait: ECS tries again later. Start fewer deployments of the account at once, or ask for a higher API rate.',
    link: EVENTS,
  },
  {
    id: 'tasks-failing-to-start',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [/is unable to consistently start tasks successfully/i],
    cause: 'Tasks of the service fail to start again and again, so ECS waits longer between attempts.',
    remedy: [
      'Look at the stopped tasks: stoppedReason and the reason of each container say why. ',
      { deploys: 'A new deployment' },
      ' ends the waiting.',
    ],
    link: `${GUIDE}/service-throttle-logic.html`,
  },
  {
    id: 'ephemeral-storage-timeout',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'capacity',
    failure: 'timed-out',
    transient: true,
    match: [/(?:Time(?:d )?out|timed out) waiting for Ephemeral ?Storage/i],
    cause: 'Fargate did not provide the ephemeral storage of the task in time: a fault on the side of AWS.',
    remedy:
      'Nothing at first: ECS starts another task (a retry). If it comes again, look at AWS Health and lower ephemeralStorage.',
    link: `${GUIDE}/fargate-task-storage.html`,
  },
  {
    id: 'aws-internal-error',
    nature: 'transient',
    surfaces: [...TASK, 'api.ecs', 'api.ecr', 'api.sts'],
    producers: ['scheduler', 'agent', ...AWS, 'sts'],
    launch: ANYWHERE,
    subject: 'request',
    failure: 'internal',
    match: [
      /due to an internal error|internal server error/i,
      /\(?error:? \(?Internal (?:failure|error|server error)|Internal failure\b/i,
      /ServerException|Service ?Unavailable(?:Exception|Error)?\b|(?:Service is temporarily|temporarily) unavailable/i,
    ],
    unless:
      /docker|buildx|resolve source metadata|httpRead|lifecycle hook|ECR|EFS|Infrastructure Role|assume|infrastructure/i,
    cause: 'An internal error on the side of AWS, not of the revision.',
    remedy: ({ surface }) =>
      surface.startsWith('api')
        ? 'Wait and try again: run the job again in some minutes. AWS Health shows outages; if it stays, open a support case with the request id.'
        : 'Wait and try again: ECS retries by itself. AWS Health shows outages; if it stays, open a support case with the request id.',
    link: 'https://health.aws.amazon.com/health/status',
  },
];
