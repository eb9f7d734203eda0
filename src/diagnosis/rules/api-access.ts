import { of } from '../say.ts';
import { serviceOf } from '../services.ts';
import { lastSentence } from './api-taskdef.ts';
import {
  ANYWHERE,
  API,
  AWS,
  actionOf,
  allowed,
  callerOf,
  callerToAllow,
  type Found,
  field,
  GUIDE,
  IAM_GUIDE,
  maybe,
  OF_CALLS,
  OF_ECS,
  REGISTRIES,
  type Rule,
  resourceOf,
  roleOf,
  TASK_SIDE,
} from './rule.ts';

/** As `serviceOf` calls it. */
const SCHEDULER = of('eventbridge', 'EventBridge Scheduler');
const begin = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;

/** The service that a role is handed to, by the call: what names no service of another is ECS's task roles. */
function receiverOf({ reading }: Found): { readonly name: string; readonly condition: string } {
  const by = serviceOf('', reading.operation, reading.service);
  const to = (name: string, principal: string) => ({
    name: ` to ${name}`,
    condition: `, with the condition iam:PassedToService = ${principal}`,
  });
  switch (by) {
    case 'EventBridge':
      return to('EventBridge', 'events.amazonaws.com');
    case SCHEDULER:
      return to(SCHEDULER, 'scheduler.amazonaws.com');
    case 'CodeDeploy':
      return to('CodeDeploy', 'codedeploy.amazonaws.com');
    case 'ECS':
    case undefined:
      return to('ECS', 'ecs-tasks.amazonaws.com');
    default:
      return { name: ` to ${by}`, condition: '' };
  }
}

/** The field that a policy engine names with the value it wants: `data.networkMode: Invalid value: "bridge": Expected value: "awsvpc"`. */
function wantedBy(text: string): string | undefined {
  const { field: name, wanted } =
    /\.data\.(?<field>[A-Za-z]{2,60}): Invalid value: .{1,80}?: Expected value: "?(?<wanted>[\w./-]{1,60})"?/.exec(text)
      ?.groups ?? {};
  return name === undefined ? undefined : `Set ${name} to ${wanted} in the task definition, as the policy asks`;
}

/** What IAM, the organization and the rate limits say to a call of ours. */
export const ACCESS: readonly Rule[] = [
  {
    id: 'passrole-denied',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'permission',
    failure: 'denied',
    match: [/cross-account pass role/i],
    cause:
      'The task definition names a role of another account (executionRoleArn or taskRoleArn): ECS takes only roles of the account that the service is in.',
    remedy:
      'Use roles of the same account (inputs `execution-role-arn`, `task-role-arn`); the task role there may assume a role of the other account by itself.',
    link: `${IAM_GUIDE}/id_roles_use_passrole.html`,
  },
  {
    id: 'account-blocked',
    nature: 'permanent',
    surfaces: [...API, 'service.event'],
    producers: [...TASK_SIDE, ...AWS],
    launch: ANYWHERE,
    subject: 'permission',
    failure: 'denied',
    match: [
      /BlockedException|account is (?:currently |temporarily )?(?:blocked|suspended|closed)|AccountSuspended|(?:account|subscription) .{0,60}(?:verification|not (?:been )?verified|pending)|OptInRequired|PendingVerification/i,
    ],
    cause: 'AWS has blocked or not yet verified the account.',
    remedy:
      'Contact AWS Support from the account (billing, verification, abuse report); nothing in the workflow can help.',
    link: `${GUIDE}/api_failures_messages.html`,
  },
  {
    // A name with an ARN in it is none that IAM knows, so no policy could allow it.
    id: 'passrole-denied',
    nature: 'permanent',
    ...OF_CALLS,
    subject: 'permission',
    failure: 'invalid',
    match: [
      /iam:PassRole\b.{0,20} on resource:? ?['"]?arn:aws[\w-]{0,20}:iam::\d{1,12}:role\/(?<taken>arn:aws[\w-]{0,20}:iam:[^\s'",()]{1,300})/i,
    ],
    cause: ({ words: { taken } }) =>
      `The role in the task definition is not a valid ARN: \`${taken}\` was taken for the name of a role, so the ARN that IAM checks is doubled, and no policy can match it.`,
    remedy:
      'Write it as arn:aws:iam::ACCOUNT:role/NAME in taskRoleArn or executionRoleArn (inputs `task-role-arn`, `execution-role-arn`): five colons, then role/ with path and name. Then allow iam:PassRole on that ARN for the role that this job uses.',
    link: `${IAM_GUIDE}/reference_identifiers.html`,
  },
  {
    id: 'passrole-denied',
    nature: 'permanent',
    ...OF_CALLS,
    subject: 'permission',
    failure: 'denied',
    match: [/not authorized to perform:? ?['"]?iam:PassRole/i],
    unless: /capacity provider|InfrastructureRole|ManagedInstances/i,
    cause: (found) =>
      `${begin(callerOf(found))} may not pass the role ${resourceOf(found) ?? 'of the task definition'}${receiverOf(found).name} (iam:PassRole).`,
    remedy: (found) =>
      allowed(
        found,
        `Allow iam:PassRole on ${resourceOf(found) ?? 'executionRoleArn and taskRoleArn'} for ${callerOf(found)}${receiverOf(found).condition}.`,
      ),
    link: `${IAM_GUIDE}/id_roles_use_passrole.html`,
  },
  {
    id: 'org-policy-denied',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'permission',
    failure: 'denied',
    match: [/^(?:An error occurred )?\(?406\)?/],
    cause: ({ text }) =>
      `A policy of the organization (not of ECS) refuses the request. It says: ${lastSentence(text)}`,
    remedy: ({ text }) =>
      `${wantedBy(text) ?? 'Change the task definition as the sentence of the policy asks'}, or ask who keeps that policy for an exception.`,
    link: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html',
  },
  {
    // A service-linked role is taken on by its service alone: no right of the caller is missing.
    id: 'role-assume-failed',
    nature: 'ambiguous',
    ...OF_CALLS,
    subject: 'permission',
    failure: 'denied',
    transient: true,
    propagates: true,
    match: [
      /access denied (?:when|while) (?:attempting|trying) to assume (?:the )?role arn:aws[\w-]{0,12}:iam::[\w*]{1,14}:role\/aws-service-role\/(?<principal>[\w.-]{3,80})\/(?<linked>\w{3,64})/i,
    ],
    cause: ({ words: { principal, linked } }) =>
      `The service ${principal ?? ''} cannot take on its service-linked role ${linked ?? ''} yet: it was just made, or was deleted.`,
    remedy: ({ words: { principal } }) =>
      `Wait a minute and run again: a new service-linked role takes a while to be known everywhere. Where it does not exist, create it (aws iam create-service-linked-role --aws-service-name ${principal ?? 'SERVICE.amazonaws.com'}), and in infrastructure code let what needs it depend on it.`,
    link: `${IAM_GUIDE}/using-service-linked-roles.html`,
  },
  {
    id: 'ecs-permission-denied',
    nature: 'permanent',
    ...OF_CALLS,
    subject: 'permission',
    failure: 'denied',
    match: [
      /requires? (?<action>(?:ecs|cloudwatch|elasticloadbalancing|servicediscovery|iam|ec2|logs|ssm|kms|s3|lambda):\w{3,60}) permission/i,
      /not authorized to perform:? ?['"]?(?!ecr(?:-public)?:)[a-z][a-z\d-]{1,40}:\w+/i,
    ],
    unless: /sts:AssumeRole/i,
    cause: (found) =>
      `${begin(callerOf(found))} may not call ${actionOf(found) ?? found.words.action?.replace(/^\w+/, (service) => service.toLowerCase()) ?? 'that action'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)}.`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? found.words.action?.replace(/^\w+/, (service) => service.toLowerCase()) ?? 'the action'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)} for ${callerToAllow(found)}.${/CreateServiceLinkedRole/.test(found.text) ? ' Or create the service-linked role once by hand: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com.' : ''}`,
      ),
    link: `${GUIDE}/security-iam.html`,
  },
  {
    id: 'api-throttled',
    nature: 'transient',
    surfaces: API,
    producers: [...AWS, 'sts'],
    launch: ANYWHERE,
    subject: 'request',
    failure: 'throttled',
    match: [
      /Throttl(?:ing|ed)|Rate exceeded|Request ?Limit ?Exceeded|TooManyRequests|Too Many Requests|SlowDown|PriorRequestNotComplete/i,
    ],
    unless: /ecr\b.{0,300}toomanyrequests|pull/i,
    cause: (found) =>
      `AWS throttled the call${maybe(field(found, 'operation'))}: the account's rate was exceeded (throttling).`,
    remedy:
      'Wait: retry with exponential back-off (this action does). If it stays, let fewer runs poll at once, or ask for a higher API rate.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html',
  },
];

/** AWS says no, and the message does not say to what. */
export const ACCESS_REST: readonly Rule[] = [
  {
    id: 'access-denied',
    vague: true,
    repeats: true,
    nature: 'permanent',
    surfaces: [...API, 'task.stoppedReason', 'buildx.stderr'],
    producers: [...TASK_SIDE, ...REGISTRIES],
    launch: ANYWHERE,
    subject: 'permission',
    failure: 'denied',
    match: [
      /AccessDenied|Access Denied|UnauthorizedOperation|not authorized|NotAuthorized|explicit deny|\bForbidden\b|is denied/i,
    ],
    // A registry or tool that is not AWS says "Forbidden", too.
    when: ({ surface, text }) =>
      surface !== 'buildx.stderr' || /AccessDenied|arn:aws|amazonaws|UnauthorizedOperation/.test(text),
    cause: (found) =>
      `AWS denies the access${actionOf(found) ? ` to ${actionOf(found)}` : ''}${/User: |assumed-role/.test(found.text) && roleOf(found) ? ` for ${roleOf(found)}` : ''}: ${lastSentence(found.text)}`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? (field(found, 'operation') ? `the action ${field(found, 'operation')}` : 'the action')}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)} in the IAM policy of the role that was refused.`,
      ),
    link: `${IAM_GUIDE}/troubleshoot_access-denied.html`,
  },
  {
    id: 'network-unreachable',
    nature: 'ambiguous',
    ...OF_CALLS,
    subject: 'request',
    failure: 'unreachable',
    match: [
      /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ECONNABORTED|EPIPE|EHOSTUNREACH)\b|socket hang up|getaddrinfo|Could not connect to the endpoint|Connect(?:ion)? ?timed? ?out|Read timeout on endpoint|TimeoutError|NetworkingError|connect timeout/i,
    ],
    cause: ({ text }) => `The endpoint of AWS cannot be reached from this runner: ${lastSentence(text)}`,
    remedy:
      'Check `aws-region` (a Region that does not exist has no host), the network and proxy of the runner (HTTPS_PROXY, NO_PROXY), and try again.',
    link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
  },
];

/** Limits of one resource, not of the account. */
const PER_RESOURCE =
  /TooManyTags|AttributeLimit|tags? (?:that can be )?applied|for each resource|attributes? (?:per|for) /i;

/** What the account or the Region does not have. */
export const LIMITS: readonly Rule[] = [
  {
    id: 'service-update-limit',
    nature: 'ambiguous',
    ...OF_CALLS,
    subject: 'request',
    failure: 'throttled',
    transient: true,
    match: [/cannot be updated more than \d+ times?/i],
    cause: 'The service was updated too often in a short time, so ECS takes no further update now.',
    remedy:
      'Wait some minutes and try again, and give the workflow a `concurrency` group so that deployments follow each other.',
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'quota-reached',
    vague: true,
    repeats: true,
    nature: 'permanent',
    ...OF_CALLS,
    subject: 'request',
    failure: 'exhausted',
    match: [
      /LimitExceeded|(?:limit|quota) .{0,80}(?:exceeded|reached)|maximum number of (?:services|tasks|clusters|container instances|\w+)|exceeds? (?:the )?(?:maximum|limit|quota)/i,
    ],
    unless: /RequestLimitExceeded|Rate|pull|images per repository|circuit|number of (?:attempts|retries)/i,
    cause: ({ text }) =>
      PER_RESOURCE.test(text)
        ? `The request brings more than AWS allows for one resource. AWS says: ${lastSentence(text)}`
        : `A limit is reached. AWS says: ${lastSentence(text)}`,
    remedy: ({ text }) =>
      PER_RESOURCE.test(text)
        ? 'Send fewer of them; those that the resource has already count as well, and this limit cannot be raised.'
        : 'Delete or end some of what the message counts; where the limit is a quota of the account, ask for a higher one in Service Quotas.',
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'feature-unsupported',
    nature: 'permanent',
    ...OF_CALLS,
    subject: 'request',
    failure: 'conflict',
    match: [
      /UnsupportedFeature|(?:feature|operation|parameter) .{0,100}(?:is|are) not supported|not (?:available|supported) in (?:this|the) Region/i,
    ],
    // Two settings that exclude each other: no Region has them together.
    unless: /not supported (?:together |in combination )?(?:with|alongside) (?!.{0,80}\bRegion\b)/i,
    cause: ({ text }) => `AWS does not support this for the service or in this Region. It says: ${lastSentence(text)}`,
    remedy: 'Leave that setting out, or use a Region that has it; new account settings (opt-ins) may be needed.',
    link: `${GUIDE}/service_definition_parameters.html`,
  },
];
