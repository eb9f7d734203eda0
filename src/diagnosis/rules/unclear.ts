import { lastResort } from '../matrix.ts';
import { ANYWHERE, GUIDE, type Rule, TASK, TASK_SIDE } from './rule.ts';

const CREATE = `${GUIDE}/CannotCreateContainerError.html`;
const START = `${GUIDE}/cannot-start-container.html`;
const EVENTS = `${GUIDE}/service-event-messages-list.html`;

/** The container did not start, and all that is known is what the runtime said. */
export const START_UNKNOWN: readonly Rule[] = [
  {
    id: 'container-start-failed',
    vague: true,
    nature: 'ambiguous',
    surfaces: TASK,
    producers: TASK_SIDE,
    launch: ANYWHERE,
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
    surfaces: TASK,
    producers: TASK_SIDE,
    launch: ANYWHERE,
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
    surfaces: TASK,
    producers: TASK_SIDE,
    launch: ANYWHERE,
    subject: 'container',
    failure: 'failed',
    match: [/ResourceInitializationError:? ?(?<why>[\s\S]{1,600})/],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: `${GUIDE}/resource-initialization-error.html`,
  },
  {
    id: 'task-start-failed-unknown',
    nature: 'unknown',
    surfaces: TASK,
    producers: TASK_SIDE,
    launch: ANYWHERE,
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

/** No instance can take the task, and the message does not say what it lacks. */
export const PLACEMENT_UNKNOWN: Rule = {
  id: 'placement-failed',
  nature: 'unplaceable',
  surfaces: TASK,
  producers: TASK_SIDE,
  launch: ANYWHERE,
  subject: 'placement',
  failure: 'failed',
  severity: 'failure',
  transient: true,
  match: [
    /unable to place (?:a |the |\d+ )?tasks?(?: because (?<because>[^.]{1,300}))?(?:.{0,300}?Reason: (?<why>.{1,500}))?/i,
  ],
  cause: (found) =>
    ONE_ZONE.test(found.text) && found.reading.launch === 'FARGATE'
      ? `Fargate has no capacity for the task in the Availability Zone ${ONE_ZONE.exec(found.text)?.[1]} now.`
      : lastResort(found).cause,
  remedy: (found) =>
    ONE_ZONE.test(found.text) && found.reading.launch === 'FARGATE'
      ? 'ECS tries again and uses the other Availability Zones of the subnets; give the service subnets in at least two more.'
      : lastResort(found).remedy,
  link: EVENTS,
};
