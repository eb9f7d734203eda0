/**
 * What an API refuses, by operation, subject and form: ECS's sentences are about a field of the request, which the service
 * model knows with its owner and input; those of other services about what they call it themselves. For refusals that no row of the
 * table knows by their exact words.
 */
import { clip } from '../clip.ts';
import { valuesAt } from '../taskdef/schema.ts';
import { type Field, fieldOf, inputOf, memberIn, NEVER, ownerOf } from './refusal-fields.ts';
import { type Refused, sentenceOf } from './refusal-grounds.ts';
import { misfit } from './refusal-pattern.ts';
import { inputAt } from './requests.ts';
import { serviceOf } from './services.ts';
import { oneOf, type Refusal, type RefusalForm, refusalIn } from './statements.ts';

interface Explained {
  readonly cause: string;
  readonly remedy: string;
}

/** What an ARN in a field must be of, and which call lists these: by the last part of the field's path. */
const SLOTS: readonly (readonly [field: RegExp, kind: RegExp, wanted: string, found: string])[] = [
  [/targetGroupArns?$/i, /^targetgroup$/, 'target group', 'aws elbv2 describe-target-groups'],
  [/(?:production|test)ListenerRule$/, /^listener(?:-rule)?$/, 'listener or its rule', 'aws elbv2 describe-rules'],
  [/[rR]ole(?:Arn)?$/, /^role$/, 'role', 'aws iam get-role'],
  [/credentialsParameter$/, /^secret$/, 'secret', 'aws secretsmanager list-secrets'],
  [/(?:^|\.)cluster$/, /^cluster$/, 'cluster', 'aws ecs list-clusters'],
  [/(?:^|\.)taskDefinition$/, /^task-definition$/, 'task definition', 'aws ecs list-task-definitions'],
  [/registryArn$/, /^service$/, 'Cloud Map service', 'aws servicediscovery list-services'],
];
/** How users call what the ARN is of. */
const KINDS: Readonly<Record<string, string>> = {
  loadbalancer: 'load balancer',
  targetgroup: 'target group',
  'listener-rule': 'rule of a listener',
  'task-definition': 'task definition',
  'instance-profile': 'instance profile',
  secret: 'secret',
};

/** The only ARN of a message is of another kind than the field takes; undefined where it fits, or several are named. */
function otherKind({ name }: Field, message: string) {
  const slot = SLOTS.find(([field]) => field.test(name));
  const arns = new Set(
    [...message.matchAll(/\barn:aws[\w-]{0,20}:[\w-]{2,40}:[\w*-]{0,30}:[\w*-]{0,20}:(?<kind>[a-z-]{2,30})[/:]/g)].map(
      ({ groups }) => groups?.kind ?? '',
    ),
  );
  const [kind] = arns;
  if (!slot || kind === undefined || arns.size !== 1) return undefined;
  const [, fits, wanted, found] = slot;
  return fits.test(kind) ? undefined : { given: KINDS[kind] ?? kind, wanted, found };
}

/** The subject of a sentence about a value stands right before it. */
const OF_VALUES = new Set<RefusalForm>(['choice', 'range', 'characters', 'length']);

function fieldOfRefusal(refusal: Refusal | undefined, message: string, operation: string | undefined) {
  const { form, object, before = '' } = refusal ?? {};
  const near = object === undefined ? undefined : (memberIn(object, operation) ?? fieldOf(object, operation));
  if (near && form !== undefined && OF_VALUES.has(form)) return near;
  const subject = form !== undefined && OF_VALUES.has(form) ? fieldOf(before, operation, 'last') : near;
  return specific(subject) ?? fieldOf(message, operation);
}

/**
 * @param text the refusal without the exception's name: `The platform version must be null when ...`
 * @param operation as IAM writes it; undefined where the caller does not know it
 * @returns undefined where neither a field nor a fault is known
 */
export function explainRefusal(text: string, operation: string | undefined): Explained | undefined {
  const message = sentenceOf(text).trim();
  const unknown = wrongType(message, operation);
  if (unknown) return unknown;
  const refusal = refusalIn(message);
  const { form, wanted } = refusal ?? {};
  const field = fieldOfRefusal(refusal, message, operation);
  const other = field && otherKind(field, message);
  if (other && field && form !== 'owner' && form !== 'exceeded')
    return {
      cause: `${operation ?? 'The request'} was refused: \`${field.name}\` of the ${ownerOf(field, operation)} has an ARN of the kind ${other.given} where that of a ${other.wanted} belongs. ECS says: "${message.slice(0, 300)}"`,
      remedy: `Put the ARN of the ${other.wanted} into ${field.name}${inputOf(field)}; ${other.found} prints it.`,
    };
  // How many of something an account, a Region or a cluster may have is no value of a field.
  if (form === 'exceeded' && /\bnumber of\b.{0,80}\b(?:per|in|for)\b|\bper (?:account|region|cluster)\b/i.test(message))
    return undefined;
  if (!form || !field) return partly(message, { operation, form, field });
  if (field.name === 'clientToken' && (form === 'in-use' || form === 'taken'))
    return {
      cause: `${operation ?? 'The request'} was refused: an earlier request had the same client token and other settings. ECS says: "${message.slice(0, 300)}"`,
      remedy:
        'Run again: a new run makes a new token. A tool of your own has to send a new clientToken with every request that differs.',
    };
  // What stands in a cluster or a service is no value of the field that names it.
  if (
    ['exceeded', 'range', 'required', 'absent', 'excluded'].includes(form) &&
    (field.name === 'cluster' || field.name === 'service')
  )
    return /^(?:the |specified |referenced )*(?:cluster|service)\b/i.test(message) &&
      form !== 'exceeded' &&
      form !== 'excluded'
      ? refusalOf({ form, field, message, operation, wanted })
      : undefined;
  return refusalOf({ form, field, message, operation, wanted });
}

/** The names of cluster, service and task definition stand in every sentence: they are no better than nothing. */
const specific = (field: Field | undefined): Field | undefined =>
  field && ['cluster', 'service', 'taskDefinition', 'overrides'].includes(field.name) ? undefined : field;

interface Found {
  readonly form: RefusalForm;
  readonly field: Field;
  readonly message: string;
  readonly operation: string | undefined;
  readonly wanted: string | undefined;
}

function refusalOf(found: Found): Explained {
  const { field, message, operation } = found;
  const { cause, remedy } = stated(found, `\`${field.name}\` of the ${ownerOf(field, operation)}`);
  return { cause: `${operation ?? 'The request'} was refused: ${cause} ECS says: "${message.slice(0, 300)}"`, remedy };
}

function stated(found: Found, place: string): Explained {
  const { form, field, message, operation, wanted } = found;
  const owner = ownerOf(field, operation);
  return {
    cause: what(found, place),
    remedy: remedyOf(form, field, { place, owner, input: inputOf(field), message, wanted, operation }),
  };
}

/** Where only the field or only the fault is known: that much is reported, and no more is claimed. */
function partly(
  message: string,
  {
    operation,
    form,
    field,
  }: { operation: string | undefined; form: RefusalForm | undefined; field: Field | undefined },
): Explained | undefined {
  const whole = operation ? `${operation} was refused` : 'The request was refused';
  if (form === 'owner') {
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

/**
 * What the sentence states of what it names itself, where no field of the request is known to be meant.
 * @returns undefined where it has no form that is known, or does not name its subject
 */
export function explainSentence({ text, message, operation, service }: Refused): Explained | undefined {
  const sentence = sentenceOf(message);
  const by = serviceOf(text.slice(0, 2_000), operation, service);
  // A sentence that no API is known to have written may be about anything.
  const isOfApi = by !== undefined || operation !== undefined || sentence !== message;
  const read = sentence.slice(0, 2_000);
  const found = ofWhole(read) ?? (isOfApi ? ofSubject(read, operation) : undefined);
  if (!found) return undefined;
  return {
    cause: `${operation ?? 'The request'} was refused: ${found.cause} ${by ?? 'AWS'} says: "${clip(sentence, 300)}"`,
    remedy: found.remedy,
  };
}

/** Forms whose sentence is about a value or field of the request, whichever service wrote it. */
const OF_REQUEST = new Set<RefusalForm>([...OF_VALUES, 'required', 'excluded', 'fixed']);

/** What the whole sentence is sure of, whatever it is about. */
function ofWhole(sentence: string): Explained | undefined {
  const one = oneOf(sentence);
  if (one !== undefined)
    return {
      cause: 'each entry may be right by itself; together they break a rule about all of them.',
      remedy: `Keep one ${one}, and merge the others into it or remove them.`,
    };
  const { form, wanted } = refusalIn(sentence) ?? {};
  if (form === 'required' && wanted !== undefined)
    return {
      cause: 'what it needs, one of several alternatives, is missing.',
      remedy:
        'Add what the sentence names to the request: one of the alternatives is enough. Where they stand there, the variable or output that fills them is empty.',
    };
  const number = form === 'exceeded' ? EXCEEDED.exec(sentence)?.[1] : undefined;
  return number === undefined
    ? undefined
    : {
        cause: `a value or number is over what is allowed (${number}).`,
        remedy:
          'Ask for less, or remove what nothing uses; where the limit is a quota, ask for a higher one in Service Quotas.',
      };
}

/** What it states of the words right before or behind its predicate. */
function ofSubject(sentence: string, operation: string | undefined): Explained | undefined {
  const { form, subject, which, wanted } = refusalIn(sentence) ?? {};
  if (form === undefined || subject === undefined) return undefined;
  const named = `${subject}${which ? ` (${which})` : ''}`;
  if (form === 'absent')
    return {
      cause: `there is no ${named} in this account and Region, or not yet.`,
      remedy:
        'Create it first (in infrastructure code let what needs it depend on it), or correct its name; check `aws-region` and the account of the credentials.',
    };
  if (form === 'taken')
    return {
      cause: `the ${named} exists already.`,
      remedy:
        'Use what exists: where the step only makes sure that it is there, take this answer as done. A tool that should own it must import it (terraform import, cdk import), or take another name.',
    };
  if (!OF_REQUEST.has(form)) return undefined;
  const name = /\s/.test(subject) ? `"${subject}"` : subject;
  const field: Field = { name, owner: 'request', match: NEVER };
  return stated({ form, field, message: sentence, operation, wanted }, name);
}

const EXCEEDED =
  /\b(?:exceed(?:s|ed|ing)?|more than|reached|over) (?:the )?(?:maximum |limit |quota |allowed )?(?:number |limit |quota )?(?:of )?(\d{1,9}(?: [A-Za-z]{2,30})?)/i;

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
export function wrongType(message: string, operation: string | undefined): Explained | undefined {
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

function what({ form, field: { name }, message }: Found, place: string): string {
  switch (form) {
    case 'force':
      return 'this change needs a new deployment.';
    case 'busy':
      return `what ${place} names is being changed at the moment, so nothing else can be changed in it.`;
    case 'state':
      return `what ${place} names is not ACTIVE: it is still being created or changed, or was deleted.`;
    case 'deleting':
      return `what ${place} names is still being deleted or drained.`;
    case 'exceeded':
      return isFixed(message) === undefined
        ? `${place} is over a limit (quota or size).`
        : `${place} has more entries than one request may bring (${isFixed(message)} at most); that limit of the API is fixed.`;
    case 'duplicate':
      return `${place} has the same thing twice.`;
    case 'same':
      return `${place} is the same as another value, from which it must differ.`;
    case 'once':
      return `${place} has several of what ECS takes only once there.`;
    case 'in-use':
      return `${place} names something that another service or resource already uses.`;
    case 'taken':
      return `something of that name exists already (${name}).`;
    case 'excluded':
      return `${place} is not supported with these settings.`;
    case 'fixed':
      return `${place} cannot be changed in what exists.`;
    case 'conflict':
      return `${place} conflicts with another setting.`;
    case 'owner':
      return `${place} belongs to another account, Region, cluster or VPC.`;
    case 'required':
      return isEmptyList(name, place)
        ? `the list ${place} is empty: the call that fills it found or started none.`
        : `${place} is missing or empty.`;
    case 'absent':
      return `${place} names something that does not exist here.`;
    case 'choice':
      return `${place} has a value that is not one of those that are allowed there.`;
    case 'characters':
      return `${place} has characters that are not allowed there.`;
    case 'length':
      return `${place} is longer or shorter than is allowed.`;
    case 'range':
      return `the value of ${place} is outside of what is allowed.`;
    case 'malformed':
      return `the value of ${place} is not accepted.`;
  }
}

interface At {
  readonly place: string;
  readonly owner: string;
  readonly input: string;
  readonly message: string;
  readonly wanted: string | undefined;
  readonly operation: string | undefined;
}

/** `Change the maximumPercent value to 100` */
const NEW_VALUE = /\b(?:change|set) (?:the )?\S{2,60}(?: value)? to (?<value>\d{1,9})\b/i;
const READS = /^(?:Describe|List|Get|BatchGet)/;

/** How many entries a list of one request may have, where the sentence counts them and speaks of no quota. */
const isFixed = (message: string): string | undefined =>
  /quota|\bper (?:account|region|cluster|service)\b/i.test(message)
    ? undefined
    : /\b(?:at most|no more than|more than|up to|maximum of) (?<most>\d{1,6}) (?:items?|entries|elements|members|values)\b/i.exec(
        message,
      )?.groups?.most;

/** The fields of a container are named without the list that they stand in. */
const valuesOf = (name: string): readonly string[] =>
  [name, `containerDefinitions.${name}`].map(valuesAt).find((values) => values.length > 0) ?? [];

/** Longer lists are not read. */
const MANY = 16;

function remedyOf(
  form: RefusalForm,
  { name, form: expected, match }: Field,
  { place, owner, input, message, wanted, operation }: At,
): string {
  const must = expected ? ` Expected: ${expected}.` : '';
  const values = owner === 'task definition' || owner === 'container definition' ? valuesOf(name) : [];
  switch (form) {
    case 'force':
      return 'Set `force-new-deployment: true` for this run.';
    case 'busy':
      return 'Wait until that is done (the describe call of that resource shows its status), then run again; give the workflow a `concurrency` group where two runs change the same.';
    case 'state':
      return `Look at its status (the describe call of that resource): wait until it is ACTIVE, or name another in ${name}${input} where it was deleted.`;
    case 'deleting':
      return 'Wait until it is gone (aws ecs describe-services shows INACTIVE) and run again, or use another name.';
    case 'exceeded':
      if (isFixed(message) !== undefined)
        return READS.test(operation ?? '')
          ? `Divide the list: call ${operation} once for each ${isFixed(message)} of them, and join the answers.`
          : `Send at most ${isFixed(message)} entries in ${name}${input}.`;
      return `Use fewer or smaller values for ${place}${input}, or request an increase of the quota where it is one (Service Quotas).`;
    case 'duplicate':
      return `Keep one of the entries in ${place}${input}.`;
    case 'same':
      return `Give ${name}${input} in the ${owner} another value than the other field that the message names.${must}`;
    case 'once':
      return `Keep one of what the message names in ${place}${input}, and remove the others.${must}`;
    case 'in-use':
      return `Choose a different name or value for ${place}${input}, or free it from the other service first.${must}`;
    case 'taken':
      return 'Update what exists instead of creating it, delete it first, or choose another name for other settings.';
    case 'excluded':
      if (/must be empty or null\b(?! when)/i.test(message))
        return `Leave ${name}${input} out of the ${owner}: another setting of it rules it out. With the deployment controller EXTERNAL such settings belong to the task set (CreateTaskSet), not to the service.`;
      if (/\bzone\b|\bRegion\b/i.test(message) && !/Fargate|launch/i.test(message))
        return `Choose for ${name}${input} another type or value that the Availability Zone or Region offers, or subnets in another zone.`;
      if (name === 'taskDefinition' || name === 'cluster' || name === 'service')
        return `Change ${name}${input}, or the setting that the message names (launch type, network mode, controller), so that both fit.`;
      return `Remove ${name}${input} from the ${owner}, or change the setting that the message names${match === NEVER ? '' : ' (launch type, network mode, controller)'} to one that supports it.`;
    case 'fixed':
      return `Leave ${name}${input} as it is in what exists, or create that again (delete it, or use another name) with the new value.`;
    case 'conflict':
      // What the message names stands in that field.
      if (!message.includes(name))
        return `Keep one of what the message names in ${place}${input}, and remove the others.`;
      return `Keep only one of what the message names, either ${name}${input} as it is or the other, and remove the rest from the ${owner}.`;
    case 'owner':
      return `Name a resource of the same account, Region, cluster and VPC in ${place}${input}; check the credentials and \`aws-region\`.`;
    case 'required':
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
      return `Set ${name}${input} in the ${owner} to one of: ${(wanted ?? '').replace(/[\s[\](){}"'`]+$|^[\s[\](){}"'`:]+/g, '').replace(/ and (?=\S+$)/, ', ')}.`;
    case 'characters': {
      const wrong = misfit(message);
      if (wrong !== undefined) return `Correct ${name}${input}: ${wrong}.${must}`;
      return `Use only what is allowed in ${name}${input}, and look for what cannot be seen: a space, a quotation mark or a line break in the value, an ARN in the place of a name, a variable that is not filled.${must}`;
    }
    case 'length':
      return `Change ${name}${input} so that its length fits the rule in the message.${must}`;
    case 'range':
      if (NEW_VALUE.test(message))
        return `Set ${name}${input} in the ${owner} to ${NEW_VALUE.exec(message)?.groups?.value}, as the message says; a tool that fills it with a default of its own needs it written out, or a newer version.`;
      return `Set ${name}${input} in the ${owner} to a value that fits what the message says${/\bbetween \d/.test(message) ? '; where the request has none (a tool leaves it out), give it one' : ''}.${must}`;
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
