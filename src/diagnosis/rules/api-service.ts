import { serviceOf } from '../services.ts';
import { lastSentence } from './api-taskdef.ts';
import { ANYWHERE, AWS, type Found, field, GUIDE, instructed, OF_ECS, type Rule } from './rule.ts';

const API_FAILURES = `${GUIDE}/api_failures_messages.html`;

/** Why CreateService, UpdateService, RunTask and the describe calls refuse. */
export const SERVICE_CALLS: readonly Rule[] = [
  {
    id: 'cluster-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [/referenced cluster (?:was|is) inactive|cluster .{0,255}\b(?:is|was) INACTIVE/i],
    cause: 'The ECS cluster was deleted: it is INACTIVE, and ECS keeps its name for a while only to be described.',
    remedy:
      'Create it again under the same name (aws ecs create-cluster --cluster-name NAME makes it ACTIVE), or name a cluster that is ACTIVE in the input `cluster`.',
    link: API_FAILURES,
  },
  {
    id: 'cluster-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [
      /ClusterNotFound|Cluster (?:\S{1,255} )?(?:was )?not found|cluster .{0,120}does not exist|The referenced cluster was inactive/i,
      /^(?:.{0,300}[ :=])?MISSING\.?$/,
    ],
    when: (found) => !/MISSING\.?$/.test(found.text) || /DescribeClusters/.test(field(found, 'operation')),
    cause: 'The ECS cluster does not exist (or is INACTIVE) in this account and Region.',
    remedy:
      'Correct the inputs `cluster` and `aws-region`, and check the account of the credentials: without `cluster` it is the one named default.',
    link: API_FAILURES,
  },
  {
    id: 'service-not-active',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'failed',
    match: [/ServiceNotActive|Service (?:was not|is not|isn't) ACTIVE|service .{0,255}is (?:INACTIVE|DRAINING)/i],
    when: (found) => !/^[A-Z]+$/.test(found.text) || /(?:Describe|Update)Services?/.test(field(found, 'operation')),
    cause: 'The ECS service is not ACTIVE: it was deleted or is being deleted (INACTIVE, DRAINING).',
    remedy: 'Create the service again, or correct the inputs `service` and `cluster`.',
    link: API_FAILURES,
  },
  {
    id: 'request-refused',
    nature: 'ambiguous',
    ...OF_ECS,
    subject: 'capacity',
    failure: 'failed',
    match: [/capacity provider can'?t be (?<what>updated|deleted|created) right now due to a client exception/i],
    cause: ({ words: { what } }) =>
      `ECS could not have the capacity provider ${what ?? 'changed'}: a call that it made for that (to the Auto Scaling group or its scaling plan) was refused, and the message does not name it.`,
    remedy:
      'Look in CloudTrail for the refused call at that time (Auto Scaling, made by AWSServiceRoleForECS). Check that the Auto Scaling group exists and has instance protection where managed termination protection is on, and that its scaling plan has not been changed by hand; then make the change again, where needed with managed scaling off and on.',
    link: `${GUIDE}/cluster-auto-scaling.html`,
  },
  {
    id: 'service-registry-invalid',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service-discovery',
    failure: 'missing',
    match: [/service registry could not be validated[^\n]{0,200}?(?<code>ServiceNotFound|NamespaceNotFound)/i],
    cause: ({ words: { code } }) =>
      `The Cloud Map ${code?.startsWith('Namespace') ? 'namespace' : 'service'} behind \`serviceRegistries\` of the ECS service does not exist (any more); the ECS service itself is not what is missing.`,
    remedy:
      'Give `serviceRegistries` the ARN of a Cloud Map service that exists (aws servicediscovery list-services), in the same Region and account. Where infrastructure code replaces it, create the new one first, change the ECS service, then delete the old one.',
    link: `${GUIDE}/service-discovery.html`,
  },
  {
    id: 'service-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [
      /ServiceNotFound|Service not found|\bservice:? (?!deployment|endpoint|connect|linked)['"([]?[\w./:-]{0,255}['")\]]?,? ?(?:(?:does not|doesn't) exist|(?:could|can) ?not be found|was not found)/i,
      /^(?:.{0,300}[ :=])?MISSING\.?$/,
    ],
    unless: /namespace|Cloud ?Map|secret|unable to place/i,
    cause: (found) =>
      /DescribeTasks/.test(field(found, 'operation'))
        ? 'There is no such task in the cluster any more (stopped tasks are kept for about an hour).'
        : 'There is no such ECS service in the cluster.',
    remedy: 'Check the inputs `service`, `cluster` and `aws-region`, and that the service was created.',
    link: API_FAILURES,
  },
  {
    id: 'service-already-exists',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [/Creation of service was not idempotent|\bservice:? ['"(]?[\w-]{0,255}['")]? ?already exists/i],
    cause: 'A service of that name already exists in the cluster with other settings.',
    remedy: 'Update the service instead of creating it, or choose another name (input `service`).',
    link: API_FAILURES,
  },
  {
    id: 'deployment-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'deployment',
    failure: 'conflict',
    match: [
      /(?:service )?deployment (?:is )?not in a state that can be (?:stopped|continued|rolled back)|deployment (?:has )?already (?:been )?(?:stopped|completed|ended|continued|rolled back)|(?:deployment|hook) (?:is )?not (?:waiting|paused|awaiting)/i,
    ],
    cause: ({ reading: { operation } }) =>
      `${operation ?? 'The call'} came too late or too early: the service deployment has ended, rolls back already, or is not at the point where it can be ${/Continue/.test(operation ?? '') ? 'continued' : 'stopped'}.`,
    remedy:
      'Look at its status (aws ecs describe-service-deployments): a deployment that has ended is undone by a new one with the revision before (`mode: rollback`), one that rolls back needs nothing, and a pause hook is answered when it waits.',
    link: API_FAILURES,
  },
  {
    id: 'deployment-in-progress',
    nature: 'ambiguous',
    ...OF_ECS,
    subject: 'deployment',
    failure: 'conflict',
    match: [
      /UpdateInProgress|(?:deployment|update) (?:is )?(?:already )?in progress.{0,80}(?:cannot|try again|wait|not)|(?:cannot|can't|unable to) .{0,100}(?:while|because) .{0,60}deployment .{0,40}(?:in progress|active|running)|has an? (?:active|ongoing) deployment/i,
      /ConflictException|ResourceInUseException/,
    ],
    // RunTask says so of a client token, other services of what is theirs.
    when: ({ reading, text }) =>
      !/Conflict|InUse/.test(text) ||
      /Service/.test(reading.operation ?? '') ||
      /deployment|service/i.test(text.replace(/^\w+: /, '')),
    unless: /container agent/i,
    cause: 'Another deployment or update of the service is in the way.',
    remedy: 'Wait until it is done (input `on-active-deployment`: wait), and give the workflow a `concurrency` group.',
    link: `${GUIDE}/service-deployment.html`,
  },
  {
    id: 'deployment-not-found',
    nature: 'ambiguous',
    ...OF_ECS,
    subject: 'deployment',
    failure: 'missing',
    match: [
      /ServiceDeploymentNotFound|task set does not exist|service deployment .{0,160}(?:not (?:be )?found|does not exist)|TaskSetNotFound/i,
    ],
    cause: 'There is no such service deployment (they are kept for 90 days).',
    remedy: 'Check the ARN, or deploy again.',
    link: API_FAILURES,
  },
];

/** Who refused, as far as the call or the words show. */
const speakerOf = ({ text, surface, reading }: Found): string =>
  serviceOf(text, reading.operation, reading.service) ??
  (surface === 'api.ecr' ? 'ECR' : undefined) ??
  (/Client|InvalidParameter|ServerE/.test(text) ? 'ECS' : 'AWS');

/** The call was refused, and the service's own words say it best. */
export const SERVICE_CALLS_REST: readonly Rule[] = [
  {
    id: 'request-refused',
    vague: true,
    repeats: true,
    nature: 'permanent',
    surfaces: ['api.ecs', 'api.ecr'],
    producers: AWS,
    launch: ANYWHERE,
    subject: 'request',
    failure: 'failed',
    match: [
      /InvalidParameter|ClientException|ValidationException|Invalid request|BadRequest|InvalidArn|^[A-Z]\w{3,60}Exception: /,
    ],
    cause: (found) => `${speakerOf(found)} refuses the request: ${lastSentence(found.text)}`,
    remedy: (found) =>
      instructed(found) ??
      `Correct what the message names${/Update|Create/.test(field(found, 'operation')) ? ' in the inputs or in the settings of the service' : ''}; the API reference of ${field(found, 'operation') || 'the call'} lists what is allowed.`,
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html',
  },
];
