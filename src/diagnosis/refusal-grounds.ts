/**
 * Why a request was refused where no single value of it is wrong: another change is not finished, something that it needs is
 * not there yet, a rule about several entries together, a feature that the platform, the deployment controller or the
 * login does not have. What to do follows from what the sentence says of whom, so each remedy is built from its words.
 */

import { clip } from '../clip.ts';
import { fieldIn } from './refusal-fields.ts';
import { of } from './say.ts';
import { serviceOf } from './services.ts';

export interface Ground {
  readonly cause: string;
  readonly remedy: string;
  /** It passes without a change. */
  readonly transient: boolean;
}

interface Asked {
  readonly words: Readonly<Record<string, string | undefined>>;
  /** The whole sentence. */
  readonly message: string;
  readonly operation: string | undefined;
  /** As `serviceOf` calls it. */
  readonly service: string | undefined;
}

interface Kind {
  readonly match: readonly RegExp[];
  readonly not?: RegExp;
  readonly when?: (asked: Asked) => boolean;
  readonly transient?: true;
  /** After "UpdateService was refused: ". */
  readonly cause: (asked: Asked) => string;
  readonly remedy: (asked: Asked) => string;
}

/** The sentence alone, without the exception and the call that clients put in front of it. */
export const sentenceOf = (message: string): string =>
  message.replace(
    /^(?:[\w.]{1,120}(?:Exception|Error): |Error: |Failed to register task definition in ECS: |An error occurred \(\w{1,80}\) when calling the \w{1,80} operation(?: \([^()]{1,60}\))?: ){1,4}/,
    '',
  );

/** Who takes on a role, by service: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const PRINCIPALS: Readonly<Record<string, string>> = {
  [of('eventbridge', 'EventBridge Scheduler')]: 'scheduler.amazonaws.com',
  EventBridge: 'events.amazonaws.com',
  CodeDeploy: 'codedeploy.amazonaws.com',
  'Application Auto Scaling': 'application-autoscaling.amazonaws.com',
};
const principalIn = ({ message, service }: Asked): string | undefined =>
  /\b(?<named>[a-z][a-z-]{2,40}\.amazonaws\.com)\b/.exec(message)?.groups?.named ?? PRINCIPALS[service ?? ''];
const roleIn = ({ message }: Asked): string =>
  /\brole[/ '"]{1,3}(?<name>[\w+=,.@/-]{2,64}?)['"]? (?:must|does|is|cannot|can't|could)/.exec(message)?.groups?.name ??
  '';

/** What may be sent with the keys of a role or user, and not with an OIDC token. */
const OF_KEYS: Readonly<Record<string, string>> = {
  ExternalId: 'the external ID (input `role-external-id`)',
  Tags: 'the session tags (input `role-skip-session-tagging: true`)',
  TransitiveTagKeys: 'the transitive session tags',
  SerialNumber: 'the MFA device',
  TokenCode: 'the MFA code',
  SourceIdentity: 'the source identity',
};

/** What the sentence itself is sure of: these go before the fields that it names. */
const GROUNDS: readonly Kind[] = [
  {
    match: [
      /\b(?:Concurrent(?:Update|Modification|Operation|Access|ResourceModification)|OperationInProgress|OperationAborted|UpdateInProgress|ResourceInTransition)\w{0,12}\b/,
      /\b(?:pending|ongoing|concurrent) (?:update|operation|change|modification)s? (?:to|of|on|for|exists?)\b/i,
      /\b(?:update|operation|change|modification|deletion|creation)s? (?:is |are )?(?:already |still |currently )?(?:in progress|pending|under ?way)\b/i,
    ],
    not: /\b(?:no|not|without|isn't|aren't) (?:\w{1,20} )?(?:pending|in progress|ongoing)|ServiceNotActive|exceed|\b(?:limit|quota)s?\b/i,
    transient: true,
    cause: () => 'another change of the same resource is not finished.',
    remedy: () =>
      'Wait and run again: the request itself need not change. Give all workflows and jobs that change it one `concurrency` group, so that they wait for each other.',
  },
  {
    match: [
      /\brole\b.{0,200}?\b(?:must|has to|needs to|should) (?:allow|trust|permit)\b.{0,100}?\b(?:assume|trust)/i,
      /\brole\b.{0,200}?\b(?:cannot|can't|can not|could not) be assumed\b/i,
      /\b(?:unable|failed|not able) to assume (?:the )?(?:\w{1,30} )?role\b/i,
      /\brole\b.{0,200}?\b(?:does not|doesn't) (?:have|trust|include)\b.{0,60}?\b(?:trust|principal)/i,
    ],
    not: /sts:AssumeRole|web ?identity/i,
    when: ({ service }) => service !== 'STS' && service !== 'ECS',
    cause: (asked) =>
      `the trust policy of the role${roleIn(asked) && ` ${roleIn(asked)}`} does not let ${asked.service ?? 'the service'} take it on.`,
    remedy: (asked) =>
      `Add to the trust policy of that role a statement with Effect Allow, Action sts:AssumeRole and Principal {"Service": "${principalIn(asked) ?? 'SERVICE.amazonaws.com'}"}. What the role may do stays as it is.`,
  },
  {
    match: [/\b(?<needed>[Rr]oleArn|[Rr]ole ARN)['"`]? is required (?:for|by|when|with|in) (?<whom>[^;]{2,300}?)\.?$/],
    when: ({ service }) => /EventBridge/.test(service ?? ''),
    cause: ({ words: { needed, whom } }) => `${needed} is missing, which it needs for ${whom}.`,
    remedy: ({ words: { needed }, service }) =>
      `Add ${needed} to it: a role that ${PRINCIPALS[service ?? '']} may assume (trust policy) and that allows ecs:RunTask on the task definition and iam:PassRole on its roles.`,
  },
  {
    match: [
      /\bsubnets?\b.{0,60}\b(?:same|single|one) Availability Zone\b/i,
      /\b(?:at least|minimum of) (?:two|2|three|3)\b.{0,40}?\b(?:subnets?|Availability Zones?)\b/i,
    ],
    cause: ({ message }) =>
      /\bsame|single\b/i.test(message) && !/at least/i.test(message)
        ? 'two of its subnets are in one Availability Zone, and a load balancer takes one subnet of each zone.'
        : 'its subnets are in too few Availability Zones.',
    remedy: () =>
      "Name one subnet for each Availability Zone, in at least two zones of the VPC; aws ec2 describe-subnets --query 'Subnets[].[SubnetId,AvailabilityZone]' shows which subnet is in which.",
  },
  {
    match: [
      /\baws:['"`]?\*? ?-?(?:prefix|(?:is )?reserved)/i,
      /\b(?:prefix|begin|start)\w{0,8}\b.{0,20}['"`]aws:/i,
      /\breserved (?:tag )?(?:key )?prefix (?:of )?aws:/i,
    ],
    cause: () => 'the key of a tag begins with aws:, which only AWS itself may set.',
    remedy: () =>
      'Remove the tags whose key begins with aws: from the request (input `task-definition-tags`, `tags` of a definition): they are copied from what a describe call printed, where services of AWS set them.',
  },
  {
    match: [
      /(?<feature>[\w -]{2,80}?)(?: feature)? (?:requires?|needs?|(?:(?:is|are|works?|applies) )?only (?:(?:supported|available|valid|allowed) )?(?:with|for|by)|can only be (?:used|set|specified|enabled) (?:with|for|by)) (?:services (?:with|that use|using) )?(?:an? |the )?(?<wanted>ECS|CODE_?DEPLOY|EXTERNAL|rolling(?: update)?) deployment (?:controller|type)/i,
    ],
    cause: ({ words: { feature = '', wanted }, operation }) =>
      `${nameOf(feature, operation)} works only with the deployment controller ${controllerOf(wanted)}, and the service has another.`,
    remedy: ({ words: { feature = '', wanted }, operation }) =>
      `Remove ${nameOf(feature, operation)}${fieldIn(feature, operation)?.input ?? ''} from the request for this service, or use a service whose deploymentController is ${controllerOf(wanted)}.`,
  },
  {
    match: [
      /unsupported operating system\b.{0,80}?\b(?:choose|use|select|requires?) (?<wanted>Linux|Windows)\b/i,
      /\bonly (?:supported|available|valid) (?:on|for|with) (?<wanted>Linux|Windows)\b/i,
    ],
    cause: ({ words: { wanted } }) =>
      `a setting of it works only with ${wanted} tasks, and the task definition is for another operating system.`,
    remedy: ({ words: { wanted = '' }, message, operation }) => {
      const field = fieldIn(message.replace(/task definition/gi, ''), operation);
      const feature =
        field && !/runtimePlatform|operatingSystem/.test(field.name)
          ? `${field.name}${field.input}`
          : 'the setting that needs it (Service Connect, `serviceConnectConfiguration`, is one that Windows tasks do not have)';
      return `Leave out ${feature}, or run the task on ${wanted}: runtimePlatform.operatingSystemFamily of the task definition${/linux/i.test(wanted) ? ' LINUX' : ''}, with an image for it.`;
    },
  },
  {
    match: [
      /Unexpected key ['"`](?<key>ExternalId|Tags|TransitiveTagKeys|SerialNumber|TokenCode|SourceIdentity)['"`] found in params/,
    ],
    // AssumeRole knows each of these keys: what refuses one is the login with a token.
    when: ({ operation, message }) =>
      operation === 'AssumeRoleWithWebIdentity' || (operation === undefined && !/\bin params\./.test(message)),
    cause: ({ words: { key } }) =>
      `a login with an OIDC token takes no ${key}; only one with the keys of a role or user does.`,
    remedy: ({ words: { key = '' } }) =>
      `Remove ${OF_KEYS[key] ?? key} from the step that logs in, and let the trust policy of the role check the token (sub and aud) instead. Where the role asks for it, log in with OIDC to a first role and take on this one from there (role-chaining).`,
  },
];

/** `rolling update` is the deployment type of the controller ECS. */
const controllerOf = (wanted = ''): string =>
  /rolling/i.test(wanted) ? 'ECS' : wanted.toUpperCase().replace('CODEDEPLOY', 'CODE_DEPLOY');

/** The API's name of a feature, or the words that it is called by. */
const nameOf = (feature: string, operation: string | undefined): string =>
  fieldIn(feature, operation)?.name ?? feature.trim();

export interface Refused {
  /** The message as it came, with the name of the exception. */
  readonly text: string;
  /** Its sentence alone. */
  readonly message: string;
  readonly operation: string | undefined;
  /** Id of the service, where the adapter knows it. */
  readonly service: unknown;
}

/** A ground that the sentence states, whichever fields it names beside. */
export function statedGround({ text, message, operation, service }: Refused): Ground | undefined {
  const known = serviceOf(text.slice(0, 2_000), operation, service);
  for (const { match, not, when, transient = false, cause, remedy } of GROUNDS) {
    const words = match.map((one) => one.exec(text.slice(0, 2_000))).find((found) => found !== null);
    if (!words || not?.test(text)) continue;
    const asked: Asked = { words: words.groups ?? {}, message, operation, service: known };
    if (when?.(asked) === false) continue;
    return {
      cause: `${operation ?? 'The request'} was refused: ${cause(asked)} ${known ?? 'AWS'} says: "${clip(sentenceOf(message), 300)}"`,
      remedy: remedy(asked),
      transient,
    };
  }
  return undefined;
}
