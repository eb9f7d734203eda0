import { onHosts } from './hosts.ts';
import { field, GUIDE, maybe, OF_FARGATE, OF_INSTANCES, OF_TASKS, type Rule } from './rule.ts';

const CODES = `${GUIDE}/stopped-task-error-codes.html`;

/** What takes a task away although nothing is wrong with it. */
export const DISRUPTION: readonly Rule[] = [
  {
    id: 'spot-interruption',
    nature: 'transient',
    ...OF_TASKS,
    subject: 'host',
    failure: 'stopped',
    match: [
      /Spot (?:Task|instance|capacity) .{0,40}(?:interrupt|terminat|reclaim)/i,
      /SpotInterruption|spot interruption|BidEvictedEvent|EC2 Spot .{0,40}(?:interrupt|terminat|reclaim)/i,
    ],
    cause: ({ reading: { launch } }) =>
      `AWS took the Spot capacity (${[...(launch === undefined || launch === 'FARGATE' ? ['the Fargate Spot task'] : []), ...(launch === 'FARGATE' ? [] : ['the Spot instance'])].join(' or ')}) back, so the task was interrupted.`,
    remedy: ({ reading: { launch } }) =>
      `Nothing: ECS starts another task. Where it happens too often, give the service a base of on-demand capacity (${launch === undefined || launch === 'FARGATE' ? 'FARGATE beside FARGATE_SPOT' : 'a capacity provider of on-demand instances beside that of Spot'} in the capacity provider strategy).`,
    link: `${GUIDE}/fargate-capacity-providers.html`,
  },
  {
    id: 'host-terminated',
    nature: 'transient',
    ...OF_TASKS,
    subject: 'host',
    failure: 'stopped',
    match: [/\bTerminationNotice\b/],
    cause: 'The host under the task got a termination notice, so ECS stopped the task before the host went away.',
    remedy:
      'Nothing, as long as there is capacity: ECS starts another task of a service. Give the containers time to end (stopTimeout, up to 120 seconds) and let the application end on SIGTERM; several tasks in several Availability Zones carry on meanwhile.',
    link: CODES,
  },
  {
    id: 'fargate-maintenance',
    nature: 'transient',
    ...OF_FARGATE,
    subject: 'capacity',
    failure: 'stopped',
    match: [
      /performing maintenance on the underlying/i,
      /(?:task|platform|host) (?:retirement|maintenance)|scheduled (?:for )?retirement|underlying (?:host|hardware|infrastructure) .{0,60}(?:maintenance|retir|degrad|fail)|Fargate infrastructure (?:issue|failure|event)/i,
    ],
    cause: ({ text }) =>
      /issue|fail|degrad/i.test(text)
        ? 'AWS reports a fault of the infrastructure under the task (Fargate) and replaces the task.'
        : 'AWS does maintenance on the infrastructure under the task (Fargate task retirement) and replaces it.',
    remedy: 'Nothing: ECS starts another task on healthy infrastructure.',
    link: `${GUIDE}/task-maintenance.html`,
  },
  {
    id: 'host-terminated',
    nature: 'transient',
    ...OF_INSTANCES,
    subject: 'host',
    failure: 'stopped',
    match: [
      /^Task stopped: container instance (?<what>deregistered)/i,
      /Host EC2 ?\(instance (?<instance>i-\w+)\) ?(?:was |is )?(?<what>\w+)/i,
    ],
    unless: /forced by user|unable to place/i,
    cause: ({ words: { instance, what }, reading: { launch } }) =>
      `The ${launch === 'EXTERNAL' ? 'external' : 'EC2 container'} instance${maybe(instance)} under the task ${what ? `was ${what.toLowerCase()}` : 'went away'}.`,
    remedy: onHosts({
      ec2: 'ECS starts another task of a service where the cluster has room. The activity of the Auto Scaling group (ASG) says why the instance went: a scale-in, a Spot interruption, an instance refresh. Let a capacity provider own the group, with managed termination protection and managed draining, so that a scale-in waits for the tasks.',
      external:
        'Nothing, as long as another external instance has room for the task: ECS starts one there. Drain an external instance before it is deregistered.',
      managed:
        'Nothing: ECS launches an instance where it needs one, and starts another task (it replaces Managed Instances for updates, too).',
    }),
    link: CODES,
  },
  {
    id: 'user-stopped',
    nature: 'normal',
    ...OF_INSTANCES,
    subject: 'container',
    failure: 'stopped',
    severity: 'warning',
    match: [/container instance deregistration (?:was )?forced by user/i],
    cause: 'A user deregistered the container instance by force, which stopped its tasks.',
    remedy:
      'ECS starts another task of a service. CloudTrail (DeregisterContainerInstance) says who did it; drain container instances (DRAINING) instead of deregistering them by force.',
    link: CODES,
  },
  {
    id: 'user-stopped',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'container',
    failure: 'stopped',
    severity: 'warning',
    match: [/(?:task|service) (?:was )?stopped by (?:a )?user|stopped by user|User ?Initiated/i],
    unless: /deployment|rollback/i,
    cause: 'A user (or a tool of theirs) stopped the task with StopTask.',
    remedy:
      'CloudTrail (StopTask) says who stopped it, and the log of that tool why. ECS starts another task of a service.',
    link: CODES,
  },
];

/** Whatever a user typed as the reason of StopTask: nothing else in the table knew it. */
export const STOPPED_BY_HAND: Rule = {
  id: 'user-stopped',
  nature: 'normal',
  ...OF_TASKS,
  subject: 'container',
  failure: 'stopped',
  severity: 'warning',
  match: [/^[\s\S]*$/],
  when: (found) => field(found, 'stopCode') === 'UserInitiated',
  cause: ({ text }) => `A user (or a tool of theirs) stopped the task with StopTask and the reason "${text}".`,
  remedy:
    'CloudTrail (StopTask) says who stopped it, and the log of that tool why. ECS starts another task of a service.',
  link: CODES,
};
