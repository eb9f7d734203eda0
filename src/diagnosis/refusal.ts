/**
 * What ECS refuses, by operation, field and fault: which part of the request it means, who owns that part, and what the
 * fault is. For refusals that no row of the table knows by their exact words.
 */
import { valuesAt } from '../taskdef/schema.ts';
import { type Field, fieldOf, inputOf, ownerOf } from './refusal-fields.ts';
import { misfit } from './refusal-pattern.ts';
import { inputAt } from './requests.ts';

type Fault =
  | 'force'
  | 'busy'
  | 'state'
  | 'unsupported'
  | 'fixed'
  | 'conflict'
  | 'missing'
  | 'duplicate'
  | 'same'
  | 'once'
  | 'in-use'
  | 'exists'
  | 'choice'
  | 'characters'
  | 'length'
  | 'range'
  | 'limit'
  | 'deleting'
  | 'owner'
  | 'absent'
  | 'malformed';

/**
 * What is wrong with the field, the surest words first. `about` is the part of the sentence that names the field: "X
 * requires a task role" misses the task role and not X.
 */
const FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['force', /must force a new deployment|force ?new ?deployment/i],
  [
    'busy',
    /\bbusy\b|must be in (?:an? |the )?\S{1,40}(?: or \S{1,40})? state\b(?<!ACTIVE state)|\bwait\b.{0,40}\btry again|(?:update|change|operation|deletion|creation) (?:is )?(?:already |still )?in progress/i,
  ],
  [
    'state',
    /(?:is|are|was|were) not (?:in an? |currently )?ACTIVE\b|not in an ACTIVE state|must be (?:in )?(?:an |the )?ACTIVE/,
  ],
  [
    'deleting',
    /(?:being|currently) (?:deleted|drained)|still (?:deleting|draining)|(?<!managed )\bDRAINING\b(?![^[]{0,40}\])|DELETE_IN_PROGRESS/i,
  ],
  [
    'choice',
    /(?:should|must|can only|has to) be (?:one of|either)(?: the following)?:? ?(?<allowed>[^.;]{2,200})|\b(?:valid|allowed|supported|accepted) (?:values?|types?|options?)(?: are| is|:)(?: one of)?:? ?(?<allowed>[^.;]{2,200})/i,
  ],
  [
    'characters',
    /must match|(?:does|do|did) not match (?:the )?(?:regular|pattern|regex)|invalid characters?|illegal characters?|(?:can|may) have up to \d{1,4} (?:letters|characters)|(?:must|may|can|should) (?:only )?contain (?:only )?(?:letters|alphanumeric|lower|upper|a-z|characters|numbers)/i,
  ],
  [
    'length',
    /(?:up to|at most|no more than|less than or equal to|longer than|exceeds?) ['"]?\d+['"]? characters|characters or less|length (?:less|greater) than/i,
  ],
  [
    'limit',
    /exceed|\b(?:limit|quota)s?\b|too many|too (?:long|large|big)|maximum (?:number|of|length|allowed)|at most|more than \d|no more than|cannot have more/i,
  ],
  [
    'range',
    /\b(?:less|greater|fewer|lower|higher|larger|smaller) than\b|at least \d|between \d{1,9}(?:\.\d{1,3})? and|(?:minimum|maximum) (?:value|of \d)|in the range|out of range|a multiple of|(?:positive|negative|whole|integer) (?:number|integer|value)|must be an integer/i,
  ],
  [
    'duplicate',
    /duplicate|more than once|must be unique|not unique|defined twice|already (?:specified|defined|contains)/i,
  ],
  ['same', /cannot be the same|must (?:not be the same|be different|differ)|(?:are|is) the same\b(?! VPC)/i],
  ['once', /\bonly one\b|\bmore than one\b|at most one\b/i],
  [
    'in-use',
    /in use|already (?:being )?used|already associated with|already has an? |is used by|being used|used by another|is associated with/i,
  ],
  ['exists', /already exists?|idempotent/i],
  ['owner', /your account ?id is|(?:another|different|other) account|cross-account/i],
  [
    'fixed',
    /\bcan(?:not|'t| not) be (?:changed|updated|modified)|\bcan(?:not|'t| not) (?:update|change|modify) (?:the )?(?<about>[^.;]{2,80})|immutable|not (?:an )?updat/i,
  ],
  [
    'conflict',
    /but not both|one or the other|\ba mix of|mutually exclusive|either .{1,80} or\b|cannot (?:both )?be (?:combined|used together)|conflict|together with|both .{1,80} and/i,
  ],
  [
    'unsupported',
    /(?:do|does) not (?:support|allow|accept) (?:the )?(?<about>[^.;]{2,80})|(?:not|n't|un)[- ]?support|not (?:allowed|permitted|valid|available|compatible|applicable) (?:for|with|when|on|in)|only (?:valid|supported|available|allowed|compatible)|can(?:not|'t| not) (?:specify|use|set|enable|define|provide) (?:an? |the )?(?<about>[^.;]{2,80})|can only be (?:used|set|specified|changed)|incompatib|must be null|must be empty or null|should not be (?:set|specified)|can(?:not|'t| not) be (?:set|specified|used|enabled|disabled|true|false)/i,
  ],
  [
    'owner',
    /accountids? mismatch|belongs? to (?:another|an? different|a service in)|not (?:appear to )?belong to|(?:must be|are not|is not) in the same (?:VPC|account|region|cluster)|different (?:account|region|cluster|vpc)|another account|identifier is for/i,
  ],
  [
    'missing',
    /\brequires? that (?:an? |the )?(?<about>[^.;]{2,60}?) (?:be|is) (?:defined|set|specified|provided)|\brequires? (?!that\b|compatib)(?:an? |the |at least one )?(?<about>[^.;]{2,80})|(?:has|have) to be configured with (?<about>[^.;]{2,80})|(?:must|should|need to|have to|has to|please) (?:also )?(?:specify|provide|set|include|define|have|contain|configure|supply)\b (?:a value for |an? |the |at least one )?(?<about>[^.;]{2,80})|\bmissing (?:the )?(?:required )?(?<about>[^.;]{2,80})|required|must be (?:specif|provid|set|defin|configured|present)|(?:can ?not|can't|could not|should not|must not) be (?:empty|blank|null)|missing|not (?:specified|provided|set|defined)|no .{1,40} (?:were|was) (?:specified|provided|found|defined)|must not be empty|can(?:not|'t| not) both be (?:empty|blank|null)|at least one|is empty|did not have/i,
  ],
  [
    'absent',
    /(?:does|do|did) ?n[o']?t (?:exist|refer to an? (?:existing|valid))|not found|cannot be found|couldn't be found|no such|unable to (?:find|locate|describe)|(?:could|can) ?not find|is not an? [\w ]{1,30} (?:in|of) the|unknown|no matching|was not found/i,
  ],
  [
    'malformed',
    /invalid|malformed|syntax|not (?:a )?valid|pattern|must be (?:an? |either )|format|unrecognized|illegal/i,
  ],
];

interface Refusal {
  readonly cause: string;
  readonly remedy: string;
}

const FRONT =
  /^(?:[\w.]+(?:Exception|Error): |Error: |Failed to register task definition in ECS: |An error occurred \(\w+\) when calling the \w+ operation(?: \([^()]{1,60}\))?: )+/;

interface Clause {
  readonly fault: Fault | undefined;
  /** The object of the clause: what is required, or not supported. */
  readonly about?: string | undefined;
  readonly allowed?: string | undefined;
  /** What stands in front of the words of the fault. */
  readonly before: string;
}

/** Faults of a value: their subject stands right before them. */
const OF_VALUES = new Set<Fault>(['choice', 'range', 'characters', 'length']);

function clauseIn(message: string): Clause {
  for (const [fault, match] of FAULTS) {
    const found = match.exec(message);
    if (found)
      return {
        fault,
        about: found.groups?.about,
        allowed: found.groups?.allowed,
        before: message.slice(0, found.index),
      };
  }
  return { fault: undefined, before: message };
}

function fieldOfClause({ fault, about, before }: Clause, message: string, operation: string | undefined) {
  const near = about === undefined ? undefined : fieldOf(about, operation);
  const subject = fault !== undefined && OF_VALUES.has(fault) ? fieldOf(before, operation, 'last') : near;
  return specific(subject) ?? fieldOf(message, operation);
}

/**
 * @param text the refusal without the exception's name: `The platform version must be null when ...`
 * @param operation as IAM writes it; undefined where the caller does not know it
 * @returns undefined where neither a field nor a fault is known
 */
export function explainRefusal(text: string, operation: string | undefined): Refusal | undefined {
  const message = text.replace(FRONT, '').trim();
  const unknown = wrongType(message, operation);
  if (unknown) return unknown;
  const clause = clauseIn(message);
  const { fault, allowed } = clause;
  const field = fieldOfClause(clause, message, operation);
  // How many of something an account, a Region or a cluster may have is no value of a field.
  if (fault === 'limit' && /\bnumber of\b.{0,80}\b(?:per|in|for)\b|\bper (?:account|region|cluster)\b/i.test(message))
    return undefined;
  if (!fault || !field) return partly(message, { operation, fault, field });
  if (field.name === 'clientToken' && (fault === 'in-use' || fault === 'exists'))
    return {
      cause: `${operation ?? 'The request'} was refused: an earlier request had the same client token and other settings. ECS says: "${message.slice(0, 300)}"`,
      remedy:
        'Run again: a new run makes a new token. A tool of your own has to send a new clientToken with every request that differs.',
    };
  // What stands in a cluster or a service is no value of the field that names it.
  if (
    ['limit', 'range', 'missing', 'absent', 'unsupported'].includes(fault) &&
    (field.name === 'cluster' || field.name === 'service')
  )
    return /^(?:the |specified |referenced )*(?:cluster|service)\b/i.test(message) &&
      fault !== 'limit' &&
      fault !== 'unsupported'
      ? refusalOf({ fault, field, message, operation, allowed })
      : undefined;
  return refusalOf({ fault, field, message, operation, allowed });
}

/** The names of cluster, service and task definition stand in every sentence: they are no better than nothing. */
const specific = (field: Field | undefined): Field | undefined =>
  field && ['cluster', 'service', 'taskDefinition', 'overrides'].includes(field.name) ? undefined : field;

interface Found {
  readonly fault: Fault;
  readonly field: Field;
  readonly message: string;
  readonly operation: string | undefined;
  readonly allowed: string | undefined;
}

function refusalOf({ fault, field, message, operation, allowed }: Found): Refusal {
  const whole = operation ? `${operation} was refused` : 'The request was refused';
  const owner = ownerOf(field, operation);
  const input = inputOf(field);
  const place = `\`${field.name}\` of the ${owner}`;
  return {
    cause: `${whole}: ${what(fault, field, place)} ECS says: "${message.slice(0, 300)}"`,
    remedy: remedyOf(fault, field, { place, owner, input, message, allowed }),
  };
}

/** Where only the field or only the fault is known: that much is reported, and no more is claimed. */
function partly(
  message: string,
  { operation, fault, field }: { operation: string | undefined; fault: Fault | undefined; field: Field | undefined },
): Refusal | undefined {
  const whole = operation ? `${operation} was refused` : 'The request was refused';
  if (fault === 'owner') {
    const [theirs] = /\b\d{12}\b/.exec(message) ?? [];
    return {
      cause: `${whole}: it names a resource of another account${theirs ? ` (${theirs})` : ''} than the credentials are of. ECS says: "${message.slice(0, 300)}"`,
      remedy:
        'Use the ARN of the same account (cluster, service, task definition), or the name alone, or credentials of the other account (input `role-to-assume`).',
    };
  }
  // "cluster" and "service" stand in nearly every message: alone they say nothing of the cause.
  if (field === undefined || field.name === 'cluster' || field.name === 'service') return undefined;
  const input = inputOf(field);
  return {
    cause: `${whole}; what ECS says names \`${field.name}\` of the ${ownerOf(field, operation)}: "${message.slice(0, 300)}"`,
    remedy: `Compare ${field.name}${input} with what the message says, then the settings that belong to it.${field.form ? ` Expected: ${field.form}.` : ''}`,
  };
}

/** What clients say of a value whose JSON type is another: the path of the field stands before or behind it. */
const TYPES: readonly RegExp[] = [
  /Expected (?:params\.)?(?<path>[\w.[\]]{2,200}) to be an? (?<type>string|number|boolean|structure|list|map|integer|object|array)/i,
  /Invalid type for parameter (?<path>[\w.[\]]{2,200}),? value: (?<value>.{0,200}?), type: .{0,80}?valid types: (?<type>.{1,80})$/i,
  /Invalid type for parameter (?<path>[\w.[\]]{2,200}),? value: .{0,200}?valid types: (?<type>.{1,80})$/i,
];
/** How clients name a type, what JSON calls it, and what to do. */
const JSON_TYPES: readonly (readonly [RegExp, wanted: string, how: string])[] = [
  [/dict|struct|map|object/i, 'an object', 'Write it as an object ({...})'],
  [/str/i, 'a string', 'Put the value in quotes ("8080", "true")'],
  [/int|number|float/i, 'a number', 'Write the value without quotes'],
  [/list|tuple|array/i, 'a list', 'Write it as a list ([...])'],
  [/bool/i, 'true or false', 'Write the value without quotes'],
];

/** A value of another JSON type than the field takes; undefined where the message is not about that. */
export function wrongType(message: string, operation: string | undefined): Refusal | undefined {
  const {
    path,
    type = '',
    value,
  } = TYPES.map((one) => one.exec(message)?.groups).find((one) => one !== undefined) ?? {};
  if (path === undefined) return undefined;
  const [, wanted = type, how = 'Write it as an object ({...})'] = JSON_TYPES.find(([words]) => words.test(type)) ?? [];
  const call = operation ?? 'The request';
  const where = placeOf(path, operation);
  if (/^(?:None|null|undefined|nil)$/.test(value ?? ''))
    return {
      cause: `${call}: \`${path}\` has no value (${value}); where it is given it must be ${wanted}.`,
      remedy: `Leave \`${path}\` out of the request instead of giving it no value, or give it ${wanted} ${where}: the variable or output behind it is empty.`,
    };
  return {
    cause: `${call}: \`${path}\` has the wrong JSON type; it must be ${wanted}.`,
    remedy: `${how} at \`${path}\` ${where}.`,
  };
}

/** Where the value of a path is written. */
function placeOf(path: string, operation: string | undefined): string {
  if (operation === undefined || operation === 'RegisterTaskDefinition')
    return 'in the task definition (input `task-definition`; the numbers in brackets count from 0)';
  const input = inputAt(path.replace(/\[\d+\]/g, ''), operation);
  return `in the request (${operation}${input ? `; input \`${input.replace(' and ', '` and `')}\`` : ''})`;
}

/** Ids that a Describe call is asked for come from a List or Run call before it. */
const isEmptyList = (name: string, where: string): boolean =>
  /^(?:tasks|services|containerInstances|taskSets|serviceDeploymentArns)$/.test(name) && /\(Describe\w+\)/.test(where);

function what(fault: Fault, { name }: Field, place: string): string {
  switch (fault) {
    case 'force':
      return 'this change needs a new deployment.';
    case 'busy':
      return `what ${place} names is being changed at the moment, so nothing else can be changed in it.`;
    case 'state':
      return `what ${place} names is not ACTIVE: it is still being created or changed, or was deleted.`;
    case 'deleting':
      return `what ${place} names is still being deleted or drained.`;
    case 'limit':
      return `${place} is over a limit (quota or size).`;
    case 'duplicate':
      return `${place} has the same thing twice.`;
    case 'same':
      return `${place} is the same as another value, from which it must differ.`;
    case 'once':
      return `${place} has several of what ECS takes only once there.`;
    case 'in-use':
      return `${place} names something that another service or resource already uses.`;
    case 'exists':
      return `something of that name exists already (${name}).`;
    case 'unsupported':
      return `${place} is not supported with these settings.`;
    case 'fixed':
      return `${place} cannot be changed in what exists.`;
    case 'conflict':
      return `${place} conflicts with another setting.`;
    case 'owner':
      return `${place} belongs to another account, Region, cluster or VPC.`;
    case 'missing':
      return isEmptyList(name, place)
        ? `the list ${place} is empty: the call that fills it found or started none.`
        : `${place} is missing or empty.`;
    case 'absent':
      return `${place} names something that does not exist here.`;
    case 'choice':
      return `${place} has a value that is not one of those that ECS takes.`;
    case 'characters':
      return `${place} has characters that ECS does not take.`;
    case 'length':
      return `${place} is longer or shorter than ECS takes.`;
    case 'range':
      return `the value of ${place} is outside of what ECS takes.`;
    case 'malformed':
      return `the value of ${place} is not accepted.`;
  }
}

interface At {
  readonly place: string;
  readonly owner: string;
  readonly input: string;
  readonly message: string;
  readonly allowed: string | undefined;
}

/** The fields of a container are named without the list that they stand in. */
const valuesOf = (name: string): readonly string[] =>
  [name, `containerDefinitions.${name}`].map(valuesAt).find((values) => values.length > 0) ?? [];

/** Longer lists are not read. */
const MANY = 16;

function remedyOf(fault: Fault, { name, form }: Field, { place, owner, input, message, allowed }: At): string {
  const must = form ? ` Expected: ${form}.` : '';
  const values = owner === 'task definition' || owner === 'container definition' ? valuesOf(name) : [];
  switch (fault) {
    case 'force':
      return 'Set `force-new-deployment: true` for this run.';
    case 'busy':
      return 'Wait until that is done (the describe call of that resource shows its status), then run again; give the workflow a `concurrency` group where two runs change the same.';
    case 'state':
      return `Look at its status (the describe call of that resource): wait until it is ACTIVE, or name another in ${name}${input} where it was deleted.`;
    case 'deleting':
      return 'Wait until it is gone (aws ecs describe-services shows INACTIVE) and run again, or use another name.';
    case 'limit':
      return `Use fewer or smaller values for ${place}${input}, or request an increase of the quota where it is one (Service Quotas).`;
    case 'duplicate':
      return `Keep one of the entries in ${place}${input}.`;
    case 'same':
      return `Give ${name}${input} in the ${owner} another value than the other field that the message names.${must}`;
    case 'once':
      return `Keep one of what the message names in ${place}${input}, and remove the others.${must}`;
    case 'in-use':
      return `Choose a different name or value for ${place}${input}, or free it from the other service first.${must}`;
    case 'exists':
      return 'Update what exists instead of creating it, delete it first, or choose another name for other settings.';
    case 'unsupported':
      if (/must be empty or null\b(?! when)/i.test(message))
        return `Leave ${name}${input} out of the ${owner}: another setting of it rules it out. With the deployment controller EXTERNAL such settings belong to the task set (CreateTaskSet), not to the service.`;
      if (/\bzone\b|\bRegion\b/i.test(message) && !/Fargate|launch/i.test(message))
        return `Choose for ${name}${input} another type or value that the Availability Zone or Region offers, or subnets in another zone.`;
      if (name === 'taskDefinition' || name === 'cluster' || name === 'service')
        return `Change ${name}${input}, or the setting that the message names (launch type, network mode, controller), so that both fit.`;
      return `Remove ${name}${input} from the ${owner}, or change the setting that the message names (launch type, network mode, controller) to one that supports it.`;
    case 'fixed':
      return `Leave ${name}${input} as it is in what exists, or create that again (delete it, or use another name) with the new value.`;
    case 'conflict':
      // What the message names stands in that field.
      if (!message.includes(name))
        return `Keep one of what the message names in ${place}${input}, and remove the others.`;
      return `Keep only one of what the message names, either ${name}${input} as it is or the other, and remove the rest from the ${owner}.`;
    case 'owner':
      return `Name a resource of the same account, Region, cluster and VPC in ${place}${input}; check the credentials and \`aws-region\`.`;
    case 'missing':
      if (isEmptyList(name, owner))
        return `Skip the call when the list is empty. It is filled by a call before it: list-tasks finds none where no task of that service or status exists, and run-task starts none where its answer has \`failures\`, which say why (aws ecs describe-services shows the events).`;
      if (name === 'tags')
        return `Leave \`tags\` out instead of sending an empty list, or give it tags${input || ' (input `task-definition-tags`)'}.`;
      return `Add ${name}${input}: ${
        /empty|blank|null/i.test(message)
          ? `give it a value in the ${owner}; the variable or output behind it is empty`
          : `set it in the ${owner}`
      }.${must}`;
    case 'absent':
      if (/containerDefinitions|dependsOn|proxyConfiguration|links|volumesFrom/.test(name))
        return `Correct the name in ${name}${input}, or add a container of that name to \`containerDefinitions\` of the task definition.`;
      return `Correct ${name}${input}, or create what it names first${/mountPoints|volumes/.test(name) ? '' : '; check the Region and account'}.${must}`;
    case 'choice':
      return `Set ${name}${input} in the ${owner} to one of: ${(allowed ?? '').replace(/[\s[\](){}"'`]+$|^[\s[\](){}"'`:]+/g, '')}.`;
    case 'characters': {
      const wrong = misfit(message);
      if (wrong !== undefined) return `Correct ${name}${input}: ${wrong}.${must}`;
      return `Use only what ECS allows in ${name}${input}, and look for what cannot be seen: a space, a quotation mark or a line break in the value, an ARN in the place of a name, a variable that is not filled.${must}`;
    }
    case 'length':
      return `Change ${name}${input} so that its length fits the rule in the message.${must}`;
    case 'range':
      return `Set ${name}${input} in the ${owner} to a value that fits what the message says.${must}`;
    case 'malformed':
      if (values.length > 0 && values.length <= MANY)
        return `Correct ${name}${input}. Expected: one of ${values.join(', ')}.`;
      // The message brings the rule itself.
      return /valid (?:characters|values)|allowed (?:characters|values)|must (?:be|match|have|contain)|expected/i.test(
        message,
      )
        ? `Correct ${name}${input} so that it fits the rule in the message.`
        : `Correct ${name}${input}.${must}`;
  }
}
