import { lastResort } from '../matrix.ts';
import { type Found, GUIDE, OF_TASKS, type Rule } from './rule.ts';

const CREATE = `${GUIDE}/CannotCreateContainerError.html`;
const START = `${GUIDE}/cannot-start-container.html`;
const EVENTS = `${GUIDE}/service-event-messages-list.html`;

/** The container did not start, and all that is known is the runtime's message. */
export const START_UNKNOWN: readonly Rule[] = [
  {
    id: 'container-start-failed',
    vague: true,
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [/CannotStartContainer\w*:? ?(?<why>[\s\S]{0,600})/],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: START,
  },
  {
    id: 'container-create-failed',
    vague: true,
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [
      /CannotCreateContainer\w*|ContainerVanishedError|CannotInspectContainer\w*|CannotRemoveContainer\w*|CannotStopContainer\w*|NoSuchContainerError|ImpossibleStateTransitionError/,
    ],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: CREATE,
  },
  {
    id: 'resource-initialization-failed',
    vague: true,
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [/ResourceInitializationError:? ?(?<why>[\s\S]{1,600})/],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: `${GUIDE}/resource-initialization-error.html`,
  },
  {
    id: 'task-start-failed-unknown',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'host',
    failure: 'internal',
    transient: true,
    match: [/^InternalError:? .{0,120}\binternal error\b|^InternalError:?$/i],
    cause: 'ECS could not start the task because of an error of its own; it blames neither the image nor the settings.',
    remedy:
      'ECS starts another task. If it comes back, see AWS Health for ECS in that Region, and open a support case with the ARN of the task.',
    link: `${GUIDE}/stopped-task-errors.html`,
  },
  {
    id: 'task-start-failed-unknown',
    nature: 'unknown',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: [/^Task ?Failed ?To ?Start:?$/i],
    cause: 'The task failed to start, and the message alone does not say why.',
    remedy:
      'Look at the reason and exit code of every container of the task (sidecars as well), and at the events of the service.',
    link: `${GUIDE}/stopped-task-errors.html`,
  },
];

const ONE_ZONE = /unable to place a task in ([a-z]{2}-[a-z-]{4,20}-\d[a-z])\b/;

/** Rebalancing places a task in one zone; whose capacity is short there follows from the launch type. */
function inOneZone({ text, reading }: Found): { readonly cause: string; readonly remedy: string } | undefined {
  const zone = ONE_ZONE.exec(text)?.[1];
  if (zone === undefined || reading.launch === undefined) return undefined;
  return reading.launch === 'FARGATE'
    ? {
        cause: `Fargate has no capacity for the task in the Availability Zone ${zone} now.`,
        remedy:
          'ECS tries again and uses the other Availability Zones of the subnets; give the service subnets in at least two more.',
      }
    : {
        cause: `No container instance in the Availability Zone ${zone} can take the task.`,
        remedy:
          'Start container instances with room for the task in that Availability Zone (subnets of the Auto Scaling group), or turn off availabilityZoneRebalancing of the service.',
      };
}

/** In the words of today and those of old. */
const NOTHING_FITS =
  /because (?:no container instance met all of its requirements|the resources could not be found)\.?$/i;

const nothingFits = ({ text, reading }: Found): boolean => NOTHING_FITS.test(text) && reading.launch !== 'FARGATE';

/** No instance can take the task, and the message does not say what it lacks. */
export const PLACEMENT_UNKNOWN: Rule = {
  id: 'placement-failed',
  nature: 'unplaceable',
  ...OF_TASKS,
  subject: 'placement',
  failure: 'failed',
  severity: 'failure',
  transient: true,
  match: [
    /unable to place (?:a |the |\d+ )?tasks?(?: because (?<because>[^.]{1,300}))?(?:.{0,300}?Reason: (?<why>.{1,500}))?/i,
  ],
  cause: (found) =>
    inOneZone(found)?.cause ??
    (nothingFits(found)
      ? 'ECS could not place the task: no container instance of the cluster has all that it needs, and the event does not say what is lacking.'
      : lastResort(found).cause),
  remedy: (found) =>
    inOneZone(found)?.remedy ??
    (nothingFits(found)
      ? 'Compare the size, the host ports and requiresAttributes of the task with remainingResources and attributes of the instances (aws ecs describe-container-instances; an empty list: none has joined the cluster). Then add instances, or let the task ask for less.'
      : lastResort(found).remedy),
  link: EVENTS,
};
