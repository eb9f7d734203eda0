/**
 * Why a request was refused where no single value of it is wrong: another change is not finished, something that it needs is
 * not there yet, a rule about several entries together, a feature that the platform, the deployment controller or the
 * login does not have. What to do follows from what the sentence says of whom, so each remedy is built from its words.
 */

import { clip } from '../clip.ts';
import { defined } from '../model.ts';
import { fieldIn } from './refusal-fields.ts';
import { unfilledIn } from './rules/rule.ts';
import { of } from './say.ts';
import { quotaCodeOf, serviceOf } from './services.ts';

export interface Ground {
  /** Id of the row whose kind it is, where it is more than a refused request. */
  readonly rule?: string;
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
  readonly rule?: string;
  readonly match: readonly RegExp[];
  readonly not?: RegExp;
  readonly when?: (asked: Asked) => boolean;
  readonly transient?: true;
  /** Whose words they are, where no service wrote them. */
  readonly speaker?: string;
  /** After "UpdateService was refused: ". */
  readonly cause: (asked: Asked) => string;
  readonly remedy: (asked: Asked) => string;
}

/** The sentence alone, without the exception and the call that clients put in front of it. */
export const sentenceOf = (message: string): string =>
  message.replace(
    /^(?:[\w.]{1,120}(?:Exception|Error): |Error: |(?:[A-Z][a-z\d]{1,30}){2,8}(?:\.[A-Z]\w{2,60})?: |Failed to register task definition in ECS: |failed (?:creating|updating|registering|deleting|reading|modifying) [A-Z][\w ]{2,60}(?: \([^()\n]{1,300}\))?: |An error occurred \(\w{1,80}\) when calling the \w{1,80} operation(?: \([^()]{1,60}\))?: ){1,4}/,
    '',
  );

/** Who takes on a role, by service: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const PRINCIPALS: Readonly<Record<string, string>> = {
  [of('eventbridge', 'EventBridge Scheduler')]: 'scheduler.amazonaws.com',
  EventBridge: 'events.amazonaws.com',
  CodeDeploy: 'codedeploy.amazonaws.com',
  'Application Auto Scaling': 'application-autoscaling.amazonaws.com',
  CodeBuild: 'codebuild.amazonaws.com',
  CodePipeline: 'codepipeline.amazonaws.com',
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

/** Actions of IAM as sentences list them: `ecr:BatchGetImage, ec2:CreateTags`. */
const ACTION = /\b(?<action>[a-z][a-z\d-]{1,30}:(?:[A-Z]\w{2,60}\*?|\*))(?![\w/])/g;
const actionsIn = (message: string): string[] => [
  ...new Set([...message.matchAll(ACTION)].map(({ groups }) => groups?.action ?? '')),
];

const INPUT_OF: Readonly<Record<string, string>> = {
  execution: ' (input `execution-role-arn`)',
  task: ' (input `task-role-arn`)',
};

/** Whose rights they are that a sentence misses: what it names, or the one who called. */
function holderIn({ message }: Asked): { readonly who: string; readonly where: string } {
  const arn = /\barn:aws[\w-]{0,10}:iam::[\w*]{1,14}:(?<type>role|user)\/(?<name>[\w+=,.@/-]{1,512}[\w+=@-])/.exec(
    message,
  )?.groups;
  if (arn?.name !== undefined)
    return { who: `the ${arn.type === 'user' ? 'IAM user' : 'role'} ${arn.name.split('/').at(-1)}`, where: '' };
  const named =
    /\b(?<kind>execution|task|service[- ]linked|infrastructure|instance(?: profile)?|service|scheduled|deployment|pipeline) ?role\b/i.exec(
      message,
    )?.groups?.kind;
  if (named !== undefined)
    return { who: `the ${named.toLowerCase()} role`, where: INPUT_OF[named.toLowerCase()] ?? '' };
  return /\brole\b/i.test(message) && !/\b(?:caller|you|your|user)\b/i.test(message)
    ? { who: 'the role that the request names', where: '' }
    : { who: 'the role or user that made the call', where: ' (input `role-to-assume`)' };
}

/** What of a policy document is wrong, in the words of IAM and of the services that keep resource policies. */
const POLICY_FAULTS: readonly (readonly [RegExp, cause: string, remedy: string])[] = [
  [
    /invalid principal|principals? (?:is |are )?(?:not valid|invalid|does not exist)|one or more invalid principals/i,
    'a principal in it does not exist',
    'Correct the ARN in Principal: the role or user must exist (create it first; in infrastructure code let the policy depend on it), in that account, and wildcards are not allowed inside of an ARN. A principal that was deleted shows as an id (AROA..., AIDA...): name the new one.',
  ],
  [
    /should not specify a principal|prohibited field principal/i,
    'it has a Principal, which only a trust policy or the policy of a resource has',
    'Remove Principal from the policy of the role or user; who may take on the role stands in its trust policy (assume-role-policy-document).',
  ],
  [
    /prohibited field resource|should not specify a resource|has prohibited field/i,
    'it has a field that this kind of policy does not take',
    'Remove the field that the message names: a trust policy has Principal and no Resource.',
  ],
  [
    /missing required field (?<field>\w{2,30})|must contain (?<field2>resources|actions|a principal|valid principal)|must specify a principal/i,
    'a statement of it lacks a field',
    'Add the field that the message names to each statement: Effect, Action, and Resource (in the policy of a role) or Principal (in a trust policy).',
  ],
  [
    /must be in ARN format|ARN format or|resource .{0,120}(?:is|are) (?:not valid|invalid)|must (?:be|start with) .{0,20}\barn\b|vendor must be|partition .{0,40}(?:not valid|invalid)/i,
    'a resource in it is no ARN',
    'Write the whole ARN in Resource (arn:aws:SERVICE:REGION:ACCOUNT:NAME) or "*"; look for a variable that is empty or a name alone.',
  ],
  [
    /prefaced by a vendor|vendor .{0,60}(?:is not valid|invalid)|actions?\/conditions? must|invalid action|unknown action/i,
    'an action in it has no valid prefix',
    'Write each action as SERVICE:Action (ecs:UpdateService); look for an empty string, a space or a missing prefix.',
  ],
  [
    /\b(?:sid|statement ids?)\b/i,
    'the Sid of a statement is not valid or stands twice',
    'Give each statement its own Sid of letters and digits, or none.',
  ],
  [
    /\bversion\b.{0,60}(?:2012|2008|invalid|must|not valid)/i,
    'its Version is not one that IAM has',
    'Write "Version": "2012-10-17": it is the version of the language of policies, not a date of yours.',
  ],
];
const faultOfPolicy = (message: string) => POLICY_FAULTS.find(([words]) => words.test(sentenceOf(message)));

/** A value that could not be parsed: where, and what stood there. */
const PARSED: readonly RegExp[] = [
  /(?<what>invalid character (?:'(?:[^']|\\.){1,8}'|"[^"]{1,8}") [^\n.;]{3,80}?)(?=$|[.;,]| (?:at|on|in) (?:line|offset|position))/i,
  /(?<what>Unexpected (?:token|end of (?:JSON input|input|file|stream)|character|non-whitespace character|string|number)\b[^\n;]{0,60}?)(?=$|[;]| (?:in JSON )?at (?:position|line)| \()/i,
  /(?<what>Expecting (?:'[^']{1,20}' delimiter|property name enclosed in double quotes|value|',' delimiter)|Extra data|Unterminated string starting at|Invalid control character at|Invalid \\escape)(?=: line| \(char|$)/,
  /\b(?:yaml|YAML)\b[^\n]{0,60}?(?<what>mapping values are not allowed[^\n.]{0,30}|did not find expected [^\n.]{3,40}|found (?:character that cannot start any token|undefined alias[^\n.]{0,30}|unexpected end of stream|a tab character[^\n.]{0,60})|could not find expected '[^']{1,4}'|cannot unmarshal [^\n]{3,80})/,
];
const POSITION =
  /\bline:? (?<line>\d{1,6})(?:,? (?:column|col):? (?<column>\d{1,6}))?|\b(?:offset|position|char)(?: of)?:? (?<offset>\d{1,9})\b/i;
const DOCUMENT =
  /(?<file>[\w./-]{0,200}\.(?:json|ya?ml|tfvars|template))\b|parameter ['"`]?(?<option>--[\w-]{2,60})|\b(?<noun>(?:task|service|container|job|policy|app(?:lication)? ?spec)[ -]?(?:definitions?|document|file))\b/i;

/** How a parser's word is fixed. */
function mendOf(what: string): string {
  if (/end of|unterminated|unexpected EOF/i.test(what))
    return 'It ends too early: it is empty or cut off, or a bracket or quotation mark is not closed.';
  if (/'<'|token '?<|"<"/.test(what)) return 'It is a page of HTML or XML and no JSON: look where it comes from.';
  if (/property name|'\}'|object key|"\}"|token '?\}|token '?\]/.test(what))
    return 'Remove the comma behind the last entry, and put keys in double quotes.';
  if (/'\\''|single quote/.test(what)) return 'Use double quotes.';
  if (/in string literal|control character|bad control/i.test(what))
    return 'A string has a line break or tab of its own: write \\n, or pass the value through jq or toJSON.';
  if (/mapping values|expected key|tab character|start any token|block/i.test(what))
    return 'Correct the indentation there (spaces, no tabs), and quote values that hold a colon and a space or begin with @, %, * or {.';
  if (/delimiter|after (?:object key|array element|top-level|object)|Extra data|non-whitespace/i.test(what))
    return 'A comma, colon or bracket is missing or too many right before that place.';
  return 'Look right before that place: a missing comma or quotation mark, a comma behind the last entry, a comment, a variable that was put in without quotes.';
}

/** What a limit counts, how many it allows, and of what. */
function limitIn(message: string): { readonly what: string | undefined; readonly most: string | undefined } {
  const text = message.slice(0, 1_000);
  const own = /\bquota for (?<what>[A-Z]\w{3,60}): ?(?<most>\d{1,9})/.exec(text)?.groups;
  const what =
    own?.what ??
    [
      /\bmaximum number of (?<what>[a-z][\w -]{2,60}?)(?= (?:has|have|is|was|are|for|per|in|on|allowed|reached|that|you)\b|[.,:;(]|$)/i,
      /\b(?:limit|quota|maximum) (?:of|for) (?:(?:the )?(?:number of )?)?(?:\d{1,9} )?(?<what>[a-z][\w -]{2,60}?)(?= (?:has|have|is|was|are|for|per|in|on|exceeded|reached|allowed)\b|[.,:;('"]|$)/i,
      /\btoo many (?<what>[a-z][\w -]{2,60}?)(?= (?:in|for|on|are|have|per)\b|[.,:;(]|$)/i,
      /\b(?:more|fewer) than \d{1,9} (?<what>[a-z][\w -]{2,60}?)(?= (?:in|for|on|are|have|per)\b|[.,:;(]|$)/i,
      /\b(?<what>[A-Za-z][\w -]{2,50}?) (?:limit|quota)(?: of \d{1,9})? (?:has been |is |was )?(?:exceeded|reached)/,
    ]
      .map((one) => one.exec(text)?.groups?.what)
      .find((one) => one !== undefined)
      ?.replace(/^(?:the|a|an|your|you have|account|current) /i, '');
  const most =
    own?.most ??
    /\b(?:limit|quota|maximum)\b[^.;]{0,60}?\b(?:of|is|to|:|=|\()\s?\(?(?<most>\d{1,9})\b/i.exec(text)?.groups?.most ??
    /\b(?:more than|limit(?:ed)? to|up to|at most) (?<most>\d{1,9})\b/i.exec(text)?.groups?.most;
  return { what: what?.trim(), most };
}

/** Of two settings one is refused because of the other. */
export const TOGETHER =
  /(?<![\w-])(?:The )?(?<feature>[A-Za-z'"`][\w '"`.-]{2,80}?)(?: (?:feature|parameter|option|setting))? (?:is|are) (?:not supported|unsupported|not compatible|incompatible) (?:together |in combination )?(?:with|alongside) (?<other>[A-Za-z'"`][\w'"`-]{0,40}(?: [\w'"`-]{1,40}){0,7})(?=[.,;:]|$)/;
/** What another Region may have. */
const IN_REGION = /\b(?:this|the|that|your|current) (?:AWS )?Region\b/i;

/** What the sentence itself is sure of: these go before the fields that it names. */
const GROUNDS: readonly Kind[] = [
  {
    match: [/cannot associate managed instances capacity provider/i],
    cause: () =>
      'a capacity provider of ECS Managed Instances belongs to its cluster from its creation on, so it is not associated with one.',
    remedy: () =>
      'Leave it out of the list of capacity providers of the cluster (`capacity_providers` of aws_ecs_cluster_capacity_providers, `capacityProviders`); name it in the strategy of the service (`capacityProviderStrategy`) instead.',
  },
  {
    rule: 'ecs-permission-denied',
    match: [
      /\b(?:missing|lacks?|lacking|without|(?:does|do|did)(?: not|n't) have|has no|have no|insufficient|not have) (?:(?:any|all|of|the|these|following|required|necessary|needed|sufficient|enough|proper|appropriate|adequate|correct|IAM|access) ){0,6}permissions?\b/i,
      /\b(?:insufficient|inadequate|missing|not enough|required|necessary) (?:IAM )?permissions?\b(?!s? boundary)[^\n]{0,80}?\b[a-z][a-z\d-]{1,30}:[A-Z]\w{2,60}/,
      /\b(?:requires?|needs?) (?:the )?(?:(?:following|additional|IAM) ){0,2}permissions?\b[^\n]{0,40}?\b[a-z][a-z\d-]{1,30}:[A-Z]\w{2,60}/,
      /\bis not allowed to (?:perform|call)[: ]{1,2}[a-z][a-z\d-]{1,30}:[A-Z]\w{2,60}/,
    ],
    not: /permissions? boundary|file|director(?:y|ies)|assume (?:the |this )?role|trust/i,
    cause: (asked) => {
      const actions = actionsIn(asked.message);
      return `${holderIn(asked).who} lacks ${actions.length > 0 ? `permission for ${actions.join(', ')}` : 'permissions that it needs'}.`;
    },
    remedy: (asked) => {
      const actions = actionsIn(asked.message);
      const { who, where } = holderIn(asked);
      const first = actions.length > 0 ? `Allow ${actions.join(', ')}` : 'Allow the actions that the request needs';
      return `${first} for ${who}${where} in its IAM policy${/service[- ]linked/.test(who) ? ' (AWS keeps the policy of a service-linked role: see whether a service control policy denies it)' : ''}. A permissions boundary or service control policy must allow ${actions.length === 1 ? 'it' : 'them'} as well; a change takes some seconds to be known everywhere.`;
    },
  },
  {
    match: [
      /\bMalformedPolicy\w{0,24}\b|\bInvalidPolicy\w{0,20}\b|\bpolicy (?:failed legacy parsing|has invalid|contains a syntax)|\bsyntax errors? in policy|\bInvalid repository policy\b|\binvalid (?:resource )?policy (?:document|provided|syntax)|\bpolicy document .{0,40}(?:invalid|not valid|malformed)/i,
    ],
    not: /lifecycle|event pattern|scaling polic|PackedPolicy/i,
    cause: ({ message }) =>
      `the policy in it is not accepted: ${faultOfPolicy(message)?.[1] ?? 'it is not valid JSON of a policy'}.`,
    remedy: ({ message, service }) => {
      const known = faultOfPolicy(message)?.[2];
      return (
        known ??
        (service === 'ECR'
          ? 'Write a valid policy of a repository: each statement with Effect, Principal and Action (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer), without Resource; the principals must exist.'
          : 'Check it (aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY --policy-document file://policy.json): valid JSON, no empty list or value (a variable that is not filled), keys written Statement, Effect, Action, Resource, and nothing in front of the first {.')
      );
    },
  },
  {
    match: PARSED,
    speaker: 'The client',
    cause: ({ message, words: { what = '' } }) =>
      `${documentIn(message)} cannot be parsed${placeIn(message)}: ${what.trim()}.`,
    remedy: ({ message, words: { what = '' } }) =>
      `${mendOf(what)} \`jq . FILE\` (JSON) or a YAML linter shows the place in ${documentIn(message)}.`,
  },
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
      /\b(?:unable|failed|not able) to (?:assume (?:the |this |that )?(?:\w{1,30} )?role\b|be assumed)/i,
      /\brole\b.{0,200}?\b(?:does not|doesn't) (?:have|trust|include)\b.{0,60}?\b(?:trust|principal)/i,
    ],
    not: /sts:AssumeRole|web ?identity/i,
    when: ({ service }) => service !== 'STS' && service !== 'ECS',
    cause: (asked) =>
      `the trust policy of the role${roleIn(asked) && ` ${roleIn(asked)}`} does not let ${asked.service ?? 'the service'} take it on.`,
    remedy: (asked) =>
      `Add to the trust policy of that role a statement with Effect Allow, Action sts:AssumeRole and Principal {"Service": "${principalIn(asked) ?? 'SERVICE.amazonaws.com'}"}${principalIn(asked) === undefined ? ' (SERVICE: of the service that refused)' : ''}. What the role may do stays as it is.`,
  },
  {
    match: [/\binvalid (?<kind>service|execution|deployment|pipeline|build) role\b/i],
    when: ({ service }) => service !== 'STS' && service !== 'ECS',
    cause: ({ words: { kind }, service }) =>
      `the ${kind} role in it is not accepted: it does not exist in this account, or its trust policy does not let ${service ?? 'the service'} take it on.`,
    remedy: (asked) =>
      `Name the ARN of a role that exists (aws iam get-role --role-name NAME), with a trust policy for the Principal {"Service": "${principalIn(asked) ?? 'SERVICE.amazonaws.com'}"}. A role that was created just now is known everywhere after some seconds: try again.`,
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
  {
    match: [
      /(?:^|[.:;,] )[Oo]nly (?<wanted>["'`]?[\w.-]{1,40}["'`]?(?: [\w.-]{1,20}){0,3}?(?:(?:, (?:and |or )?| and | or )["'`]?[\w.-]{1,40}["'`]?(?: [\w.-]{1,20}){0,2}?){1,8}) (?:is|are) (?:currently )?(?:allowed|supported|permitted|valid|accepted)\b(?: (?<where>(?:for|in|on|with|as|when|by) [^.;\n]{2,80}))?/,
    ],
    not: /characters|letters|alphanumeric|hyphens|underscores|digits/i,
    cause: ({ words: { wanted, where } }) => `something else than ${wanted} was given${where ? ` ${where}` : ''}.`,
    remedy: ({ words: { wanted, where } }) =>
      `Give only ${wanted}${where ? ` ${where}` : ''}: correct or remove what else stands there.`,
  },
  {
    match: [
      /\bcertificate\b[^\n]{0,120}\b(?:isn't|is not|must be|has to be) in (?:the )?us-east-1\b|\bInvalidViewerCertificate\b/i,
    ],
    cause: () =>
      'CloudFront does not accept the certificate: it must be in ACM in us-east-1, be issued, cover the aliases of the distribution and bring its chain.',
    remedy: () =>
      'Request or import the certificate in us-east-1, whatever Region the rest is in, wait until it is ISSUED, and name its ARN in viewerCertificate.',
  },
  {
    match: [/\bdaemon\b.{0,120}\bcapacity provider|\bcapacity provider.{0,120}\bdaemon\b/i],
    when: ({ operation }) => operation === undefined || /Service$/.test(operation),
    cause: () =>
      'a service with the scheduling strategy DAEMON takes no capacity providers; one that names none gets the default strategy of its cluster.',
    remedy: () =>
      'Set launchType: EC2 (or EXTERNAL) in the request, and leave capacityProviderStrategy out where it is set (input `service-definition`): with a launch type the default strategy of the cluster does not apply.',
  },
  {
    rule: 'taskdef-malformed',
    match: [/\bonly one volume configuration type\b|\bonly one (?:kind|type) of volume\b/i],
    cause: () =>
      'one entry of `volumes` has two kinds of configuration: host, dockerVolumeConfiguration, efsVolumeConfiguration and the like exclude each other.',
    remedy: () =>
      'Keep one kind in that entry of `volumes` in the task definition (input `task-definition`), and remove the other: beside a file system or a Docker volume remove host (host.sourcePath).',
  },
  {
    rule: 'request-refused',
    match: [
      /\b(?<kind>subnet|security group|vpc)(?: ID)? ['"](?<given>[^'"\n]{0,120})['"] (?:does not exist|is not valid|is invalid)|\bInvalid id: ['"](?<given>[^'"\n]{0,120})['"] \(expecting ['"](?<form>[a-z]{2,10}-)/i,
    ],
    when: ({ words: { given = '' } }) => !/^(?:subnet|sg|vpc)-[\dA-Fa-f*x.]{4,20}$/.test(given),
    cause: ({ words: { given = '', kind, form } }) => {
      const noun = kind?.toLowerCase() ?? (form === 'sg-' ? 'security group' : 'subnet');
      return `"${given}" stands where the ID of a ${noun} belongs (${ID_OF[noun] ?? ''}...): ${given === '' || unfilledIn(given) !== undefined ? 'what fills it had no value' : 'it is a name or a placeholder and no ID'}.`;
    },
    remedy: ({ words: { kind, form } }) =>
      kind?.toLowerCase() === 'security group' || form === 'sg-'
        ? 'Write the ID of the security group (aws ec2 describe-security-groups shows GroupId beside GroupName), of the same Region, account and VPC as the subnets.'
        : 'Write the IDs of the subnets (aws ec2 describe-subnets shows SubnetId beside their names), of the same Region, account and VPC as the security groups; check these the same way.',
  },
  {
    rule: 'request-refused',
    // Fixed for each object, whatever the account has: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
    match: [
      /\bmaximum number of (?<what>capacity providers|containers|target groups|load balancers|subnets|security groups|volumes|tags|secrets|port mappings) (?:per|for|in|of) (?:an?|the|each|one|your)? ?(?<whole>cluster|task definition|service|awsvpc\w*|resource|task|container)\b/i,
    ],
    cause: ({ words: { what = '', whole = '' } }) =>
      `the ${whole} would have more ${what} at once than one ${whole} may; what other resources of the account have does not count.`,
    remedy: ({ words: { what = '', whole = '' } }) =>
      `Send fewer ${what} for that ${whole}. Where a tool adds the new ones before it removes the old, both count together: remove the old in a first update, add the new in a second.`,
  },
  {
    rule: 'request-refused',
    // What holds for one object is no quota of an account: deleting others makes no room in it.
    match: [
      /\b(?:contains?|has|have|with|of) (?<have>\d{1,9}) (?<what>[a-z][\w -]{1,40}?),? (?:which|that|and)? ?(?:exceeds?|is (?:more|larger|greater) than) (?:the )?(?:limit|maximum)[^\d.;\n]{0,40}?(?<most>\d{1,9})\b/i,
      /\bexceeds? (?:the )?(?:limit|maximum)(?: number)? of (?<most>\d{1,9}) (?<what>[a-z][\w-]{1,30}) (?:per|in (?:an?|one|each)) (?<whole>image|manifest|document|task definition|container|policy)\b/i,
      /\b(?<what>layers?) (?:per|in (?:an?|one|each)) (?<whole>image)\b/i,
    ],
    cause: ({ words: { have, what = '', most, whole }, message }) =>
      `${whole ? `the ${whole}` : 'what the request sends'} has too many ${severalOf(what)}${have === undefined ? '' : ` (${have})`}${most === undefined ? '' : `: each may have ${most} at most`}.${isOfLayers(message) ? '' : ' That limit holds for each one, whatever else the account has.'}`,
    remedy: ({ words: { what = '' }, message }) =>
      isOfLayers(message)
        ? 'Let the image have fewer layers: join RUN and COPY instructions, or copy the result into a fresh stage (FROM base, COPY --from=build); do not build each image upon the last one. Then push it again.'
        : `Send fewer ${severalOf(what)} in that one request, or divide it; deleting other resources does not help.`,
  },
  {
    rule: 'request-refused',
    // A length is no number of objects: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    match: [
      /\bquota for (?<what>[A-Z]\w{0,40}Size(?:[A-Z]\w{0,30})?): ?(?<most>\d{1,9})/,
      /\b[Mm]aximum (?<what>[a-z][\w -]{1,40}? size) of (?<most>\d{1,9})(?: (?:bytes|characters))? (?:is |was |has been )?exceeded(?: for (?<holder>(?:role|user|group) [\w+=,.@-]{1,128}))?/,
    ],
    cause: ({ words: { what = '', most = '', holder } }) =>
      holder === undefined
        ? `what is sent is longer than one such document may be (${what}: ${most} characters); how many others the account has does not count.`
        : `the inline policies of the ${holder} are together longer than they may be (${most} characters).`,
    remedy: ({ words: { what = '', holder } }) => {
      if (/^ACLSize/.test(what))
        return 'Shorten the trust policy of the role: join statements and conditions, and name patterns (StringLike) in the place of long lists. Up to 4096 characters Service Quotas of IAM (us-east-1) can allow.';
      const shorter = `Shorten ${holder === undefined ? 'it' : 'them'}: name a common prefix with a wildcard (parameter/app/*) in the place of each ARN, and join statements`;
      return holder === undefined
        ? `${shorter}; or divide it into several${/policy/i.test(what) ? ' managed policies' : ''}. Deleting others makes no room in it.`
        : `${shorter}; or move statements into managed policies that are attached to the ${holder}. This size is fixed.`;
    },
  },
  {
    rule: 'feature-unsupported',
    match: [TOGETHER],
    not: IN_REGION,
    cause: ({ words: { feature = '', other = '' } }) =>
      `${feature.trim()} and ${other.trim()} do not go together; each alone may be right.`,
    remedy: ({ words: { feature = '', other = '' }, operation }) => {
      const field = fieldIn(feature, operation);
      return `Leave one of the two out: ${field ? `${field.name}${field.input}` : feature.trim()}, which then must not stand in the request at all (a tool may send it although it is disabled), or ${other.trim()}.`;
    },
  },
  {
    rule: 'request-refused',
    // Which values are good depends on another setting, so only those of the message count.
    match: [
      /(?:^|[.:] )(?<setting>[A-Z][\w -]{2,60}?) ['"](?<given>[^'"\n]{0,120})['"] (?:is |are )?not (?:supported|allowed|valid) (?:for|with|in) (?<where>[^.;\n]{2,120})\. (?:It )?[Mm]ust be one of (?:the following )?(?:values )?['"]?\[(?<wanted>[^\]\n]{0,200})\]/,
    ],
    cause: ({ words: { setting = '', given = '', where = '' } }) =>
      `${setting.toLowerCase()} is ${given === '' ? 'empty' : `"${given}"`}, which is not a value for ${where}.`,
    remedy: ({ words: { setting = '', where = '', wanted = '' } }) =>
      wanted.trim() === ''
        ? `Leave ${setting.toLowerCase()} out: ${where} take none.`
        : `Set ${setting.toLowerCase()} to one of: ${wanted.trim()}. Those hold for ${where}; another kind may take others.`,
  },
  {
    rule: 'request-refused',
    // How many one object may have; other objects of the account do not count.
    match: [
      /\b(?:[Aa]n?|[Ee]ach|[Ee]very|[Oo]ne) (?<whole>[a-z][\w-]{1,30}(?: [\w-]{1,20}){0,2}?) (?:can|may) (?:only )?have (?:up to|at most|no more than|a maximum of|only) (?<most>\d{1,9}) (?<what>[a-z][\w-]{1,30}(?: [\w-]{1,20}){0,2}?)(?=[.,;]|$)/,
    ],
    cause: ({ words: { whole = '', most = '', what = '' } }) =>
      `the ${whole} has the ${most} ${what} that one ${whole} may have.`,
    remedy: ({ words: { whole = '', what = '' } }) =>
      what === 'versions'
        ? `Delete a version of that ${whole} that is not in use${/policy/.test(whole) ? ' (aws iam list-policy-versions, then delete-policy-version of the oldest that is not the default)' : ''}, then create the new one. A pipeline that makes a version in each run has to delete the oldest each time.`
        : `Remove ${what} of that ${whole} that nothing uses, then run again. What other resources of the account have does not count.`,
  },
  {
    rule: 'request-refused',
    match: [
      /\b(?<what>[Ii]nstance|[Vv]olume|[Ss]napshot|[Nn]etwork interface|[Tt]arget|[Cc]luster|[Ff]ile system|DB instance|[Mm]ount target) ['"]?(?<which>[\w-]{3,80})['"]? is not (?:in (?:the |an? )?)?['"]?(?<state>running|available|in-service|active|attached|ready)\b/,
      /\b(?:Incorrect|Invalid)(?:Instance|Volume|LifeCycle)?State\b[^\n]{0,80}: (?<what>\w{3,20}) ['"]?(?<which>[\w-]{3,80})['"]? is not (?:in (?:the |an? )?)?['"]?(?<state>[a-z-]{3,20})\b/,
    ],
    when: ({ service }) => service !== 'ECS',
    transient: true,
    cause: ({ words: { what = '', which = '', state = '' } }) =>
      `the ${what.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())} ${which} is not ${state}: it is still being made or started, or was stopped or deleted.`,
    remedy: ({ words: { what = '', which = '', state = '' } }) =>
      `Wait until it is ${state}${waiterOf(what, state, which)}, and then call again. If it does not get there, look at its state (the describe call of that resource) for why it was stopped.`,
  },
  {
    rule: 'request-refused',
    match: [
      /(?:^|[:.] )(?<field>[A-Z][\w -]{2,60}?) (?:should|must) be (?:an? |the )(?:valid )?(?<wanted>[A-Z][\w ]{2,40}?) ARN\b/,
    ],
    when: ({ service }) => service !== 'ECS',
    cause: ({ words: { field = '', wanted = '' } }) =>
      `"${field}" was given something else than the ARN of its kind: ${wanted}.`,
    remedy: ({ words: { wanted = '' } }) =>
      /instance profile/i.test(wanted)
        ? 'Give it the ARN of an instance profile (arn:aws:iam::ACCOUNT:instance-profile/NAME), not of the role: create a profile that holds the role (aws iam create-instance-profile, add-role-to-instance-profile; AWS::IAM::InstanceProfile).'
        : `Give it the whole ARN of that kind (${wanted}); a name, an id or the ARN of another resource does not do.`,
  },
  {
    rule: 'quota-reached',
    match: [
      /\b\w{0,40}(?:LimitExceeded|QuotaExceeded|QuotaExceed)\w{0,12}\b|\bTooMany(?!Requests|Tags)[A-Z]\w{2,40}\b/,
      /\b(?:limit|quota)s?\b[^.;\n]{0,80}?\b(?:exceeded|reached)\b|\b(?:exceed(?:s|ed|ing)?|reached|cannot exceed) (?:the |your |its )?(?:(?:maximum|account|service|current|allowed) ){0,3}(?:limit|quota|number)\b/i,
      /\bmaximum number of [a-z][\w -]{2,60}? (?:has been |is |was |have been )?(?:reached|exceeded|is \d)/i,
    ],
    not: /RequestLimitExceeded|Rate ?exceeded|throttl|too many requests|TooManyTags|AttributeLimit|tags? (?:that can be )?applied|for each resource|attributes? (?:per|for) |retr(?:y|ies)|timeout|images per repository|concurrent modif/i,
    cause: ({ message, service }) => {
      const { what, most } = limitIn(sentenceOf(message));
      return `the quota${what === undefined ? '' : ` of ${what}`}${service === undefined ? '' : ` in ${service}`}${most === undefined ? '' : ` (${most})`} is reached.`;
    },
    remedy: ({ message, service }) => {
      const { what } = limitIn(sentenceOf(message));
      const code = quotaCodeOf(service, message);
      return `Delete or end some ${what ?? 'of what it counts'} that nothing uses, or ask for a higher value: Service Quotas${service === undefined ? '' : `, ${service}`}, in ${service === 'IAM' ? 'us-east-1' : 'the same Region'}${code === undefined ? '' : ` (aws service-quotas list-service-quotas --service-code ${code})`}; some limits are fixed.`;
    },
  },
];

/** The command that waits for it, where the AWS CLI has one. */
function waiterOf(what: string, state: string, which: string): string {
  const waiter = WAITERS[`${what.toLowerCase()} ${state}`];
  return waiter === undefined ? '' : ` (aws ${waiter} ${which})`;
}
const WAITERS: Readonly<Record<string, string>> = {
  'instance running': 'ec2 wait instance-running --instance-ids',
  'volume available': 'ec2 wait volume-available --volume-ids',
  'snapshot completed': 'ec2 wait snapshot-completed --snapshot-ids',
  'network interface available': 'ec2 wait network-interface-available --network-interface-ids',
  'db instance available': 'rds wait db-instance-available --db-instance-identifier',
};

/** How the IDs of EC2 begin. */
const ID_OF: Readonly<Record<string, string>> = { subnet: 'subnet-', 'security group': 'sg-', vpc: 'vpc-' };

const severalOf = (noun: string): string => noun.replace(/([^s])$/, '$1s');

const isOfLayers = (message: string): boolean => /\blayers?\b/i.test(message) && !/lambda|function/i.test(message);

/** Where the parser stood. */
function placeIn(message: string): string {
  const { line, column, offset } = POSITION.exec(message)?.groups ?? {};
  if (line !== undefined) return ` at line ${line}${column === undefined ? '' : `, column ${column}`}`;
  return offset === undefined ? '' : ` at character ${offset}`;
}

/** What was parsed: a file, the value of an option, or what the sentence calls it. */
function documentIn(message: string): string {
  const { file, option, noun } = DOCUMENT.exec(message)?.groups ?? {};
  return (
    file ??
    (option === undefined ? undefined : `the value of ${option}`) ??
    (noun === undefined ? 'the document' : `the ${noun.toLowerCase()}`)
  );
}

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

/** An exception alone: the tool that passed it on left out what the service said. */
export function withoutSentence({ message, operation }: Refused): Ground | undefined {
  const bare =
    /^(?:[Ee]rror )?(?:\w{4,14}ing [^:\n]{1,120}: )?(?<error>\w{3,60}(?:Exception|Error))(?:: {0,3}(?:"[^"]{0,255}")?)?$/.exec(
      message.trim(),
    )?.groups?.error;
  const type = /^(?:Invalid request provided: )?(?<type>AWS::\w{2,40}::\w{2,60}) \w{4,12} exception\.?$/i.exec(
    message.trim(),
  )?.groups?.type;
  if (type !== undefined)
    return {
      cause: of(
        'cloudformation',
        `CloudFormation could not make or change ${type}, and left out what the service said: the message has no cause.`,
      ),
      remedy:
        'See errorMessage of the call in the event history of CloudTrail (a missing right of the deploying role is shown there, too), then compare the properties of that resource with what it says.',
      transient: false,
    };
  return bare === undefined
    ? undefined
    : {
        cause: `${operation ?? 'The request'} was refused (${bare}), and the message does not have the sentence that says why: the tool left it out.`,
        remedy:
          'See errorMessage of that call in the event history of CloudTrail, or run the tool with its debug log (TF_LOG=debug, --debug). A newer version of the tool or provider may print it.',
        transient: false,
      };
}

/** A ground that the sentence states, whichever fields it names beside. */
export function statedGround({ text, message, operation, service }: Refused): Ground | undefined {
  const known = serviceOf(text.slice(0, 2_000), operation, service);
  for (const { rule, match, not, when, transient = false, speaker, cause, remedy } of GROUNDS) {
    const words = match.map((one) => one.exec(text.slice(0, 2_000))).find((found) => found !== null);
    if (!words || not?.test(text)) continue;
    const asked: Asked = { words: words.groups ?? {}, message, operation, service: known };
    if (when?.(asked) === false) continue;
    return {
      cause: `${operation ?? 'The request'} was refused: ${cause(asked)} ${speaker ?? known ?? 'AWS'} says: "${clip(sentenceOf(message), 300)}"`,
      remedy: remedy(asked),
      transient,
      ...defined({ rule }),
    };
  }
  return undefined;
}
