import { first, GUIDE, type Rule } from './rule.ts';

const CREATE = `${GUIDE}/CannotCreateContainerError.html`;
const START = `${GUIDE}/cannot-start-container.html`;
const EVENTS = `${GUIDE}/service-event-messages-list.html`;
const ROOM =
  'add a container instance or a capacity provider with managed scaling, or lower minimumHealthyPercent (input `minimum-healthy-percent`) below 100 so that an old task stops first and makes room';

/** The container did not start, and all that is known is what the runtime said. */
export const START_UNKNOWN: readonly Rule[] = [
  {
    id: 'container-start-failed',
    nature: 'ambiguous',
    match: [
      /CannotStartContainer\w*:? ?(?<why>[\s\S]{0,600})/,
      /failed to get container status:? ?(?<why>[\s\S]{0,600})/i,
      /(?:OCI runtime|runc|shim task|container process)[\s\S]{0,80}(?:failed|error)(?<why>[\s\S]{0,600})/i,
    ],
    cause: ({ text }) => `The container could not be started: ${text}`,
    remedy:
      'Where the message names no other fault, increase the memory of the container (input `memory`): too little is the usual reason that AWS documents. Then check entryPoint, mounts and limits by starting the image with docker run.',
    link: START,
    examples: ['CannotStartContainerError: failed to get container status: <reason>'],
  },
  {
    id: 'container-create-failed',
    nature: 'ambiguous',
    match: [
      /CannotCreateContainer\w*|ContainerVanishedError|CannotInspectContainer\w*|CannotRemoveContainer\w*|CannotStopContainer\w*|NoSuchContainerError|ImpossibleStateTransitionError/,
    ],
    cause: ({ text }) => `The container instance could not create or handle the container: ${text}`,
    remedy:
      'Read what the container runtime said, the agent log of the instance (/var/log/ecs/ecs-agent.log), and replace the instance if only it does so.',
    link: CREATE,
    examples: ['CannotCreateContainerError: Error response from daemon: something new'],
  },
  {
    id: 'resource-initialization-failed',
    nature: 'ambiguous',
    match: [/ResourceInitializationError:? ?(?<why>[\s\S]{1,600})/],
    cause: ({ words: { why }, text }) =>
      `ECS could not prepare a resource of the task (network, secrets, logs, volumes): ${why ?? text}`,
    remedy:
      "Check the execution role's permissions and the way of the subnets to the AWS services: a NAT gateway, or VPC endpoints (ecr.api, ecr.dkr, logs, secretsmanager, ssm, the S3 gateway endpoint) with TCP 443 open in the security groups.",
    link: `${GUIDE}/resource-initialization-error.html`,
    examples: ['ResourceInitializationError: something new'],
  },
  {
    id: 'task-start-failed-unknown',
    nature: 'unknown',
    match: [
      /^(?:\(?service .{0,255}\)? )?Task failed to start\.?:?\s*(?:\(|$)/i,
      /^Task ?Failed ?To ?Start:?$/i,
      /Task failed to start/i,
    ],
    cause: 'The task failed to start, and the message alone does not say why.',
    remedy:
      'Look at the reason and exit code of every container of the task (sidecars as well), and at the events of the service.',
    link: `${GUIDE}/stopped-task-errors.html`,
    examples: ['Task failed to start'],
  },
];

/** No instance can take the task, and the message does not say what it lacks. */
export const PLACEMENT_UNKNOWN: Rule = {
  id: 'placement-failed',
  nature: 'blocked',
  severity: 'failure',
  transient: true,
  match: [
    /unable to place (?:a |the |\d+ )?tasks?(?: because (?<because>[^.]{1,300}))?(?:.{0,300}?Reason: (?<why>.{1,500}))?/i,
    /no container instance met all of its requirements/i,
    /unable to place/i,
  ],
  cause: ({ words: { because, why }, text }) =>
    `ECS could not place the task: ${(first(why, because) ?? text).replace(/\.$/, '')}.`,
  remedy: `See what the reason asks for. On EC2 ${ROOM}; on Fargate check the subnets, their Availability Zones, the quotas and the permissions of the roles.`,
  link: EVENTS,
  examples: ['(service web) was unable to place a task because no container instance met all of its requirements.'],
};
