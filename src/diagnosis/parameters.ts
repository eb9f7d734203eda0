/**
 * Refusals of a request's fields, by the client (botocore, SDK for JavaScript, Go) or the API's own validation: which
 * field, at which path, and what is wrong with it. Whether a field exists is asked of the service model that this
 * action checks definitions with, not of the client that refused: an old client does not know new fields.
 * Sources: botocore/validate.py, aws-sdk-js param_validator.js, aws-sdk-go request/validation.go, Smithy's constraint messages.
 */

import { clip } from '../clip.ts';
import { READ_ONLY_FIELDS } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { membersOf, memberType, placesOf, ROOT } from '../taskdef/schema.ts';
import { inputAt } from './requests.ts';

interface Refused {
  readonly rule: 'taskdef-malformed' | 'taskdef-missing-field' | 'request-refused';
  readonly cause: string;
  readonly remedy: string;
}

const NEWER =
  'Update the tool that answered: aws-actions/amazon-ecs-deploy-task-definition to its newest major version, AWS CLI, boto3/botocore or the SDK; this action knows the field (input `task-definition`).';

/** Fields of CreateService and UpdateService that older clients do not know. */
const OF_SERVICES: ReadonlySet<string> = new Set(
  'accessLogConfiguration advancedConfiguration alarms alternateTargetGroupArn availabilityZoneRebalancing bakeTimeInMinutes canaryConfiguration capacityProviderStrategy deploymentCircuitBreaker enableECSManagedTags enableExecuteCommand hookDetails hookTargetArn lifecycleHooks lifecycleStages linearConfiguration managedEBSVolume productionListenerRule propagateTags serviceConnectConfiguration strategy testListenerRule testTrafficRules tls volumeConfigurations vpcLatticeConfigurations'.split(
    ' ',
  ),
);
/** What describe-services prints beside the fields that were sent. */
const PRINTED: ReadonlySet<string> = new Set(
  'clusterArn createdAt createdBy deployments events pendingCount platformFamily roleArn runningCount serviceArn status taskSets'.split(
    ' ',
  ),
);

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html */
const OF_TARGETS: ReadonlySet<string> = new Set(
  'CapacityProviderStrategy EnableECSManagedTags EnableExecuteCommand Group LaunchType NetworkConfiguration PlacementConstraints PlacementStrategy PlatformVersion PropagateTags ReferenceId Tags TaskCount TaskDefinitionArn'.split(
    ' ',
  ),
);

const UNKNOWN: readonly RegExp[] = [
  /Unknown (?:parameter|key|field) in (?<path>[\w.[\]]{1,200}): ['"](?<name>[\w.-]{1,80})['"]/i,
  /Unexpected (?:key|field) ['"`](?<name>[\w.-]{1,80})['"`](?: found)?(?: in (?<path>params[\w.[\]]{0,200}))?/i,
  /unexpected value at (?<path>params(?:\[:?\w{1,80}\]){0,8}?)\[:(?<name>\w{1,80})\](?!\[)/i,
];
const MISSING: readonly RegExp[] = [
  /Missing required parameter in (?<path>[\w.[\]]{1,200}): ['"](?<name>[\w.-]{1,80})['"]/i,
  /Missing required key ['"`](?<name>[\w.-]{1,80})['"`] in (?<path>params[\w.[\]]{0,200})/i,
  /missing required field, (?<path>\w{1,80}Input(?:[\w.[\]]{0,200}?))\.(?<name>\w{1,80})(?=[.,]?(?:\s|$))/,
  /Value null at ['"](?<name>[\w.[\]]{1,200})['"] failed to satisfy constraint: Member must not be null/i,
];
const FORM: readonly RegExp[] = [
  // ECR; the names of repositories and lifecycle policies have rows of their own.
  /Invalid parameter at '(?!repositoryName|\w{0,40}[pP]olicyText)(?<name>[\w.[\]]{1,80})' failed to satisfy constraint: '(?<limit>[^\n]{1,300}?)'?$/i,
  /Invalid (?:length|range) for parameter (?<name>[\w.[\]]{1,200}),? value: (?<value>-?\d{1,12}),? valid (?<limit>(?:min|max)[^\n]{1,80})/i,
  /(?<what>minimum|maximum) field (?:size|value) of (?<limit>\d{1,12}), (?<name>[\w.[\]]{1,200})/i,
  /Expected params\.(?<name>[\w.[\]]{1,200}) to (?:be|have|match) (?<limit>(?:one of|a? ?(?:length|value)|within|between|greater|less|at (?:least|most)|found)[^\n]{1,200})/i,
  /(?:Value ['"](?<given>[^'"]{0,200})['"] )?at ['"](?<name>[\w.[\]]{1,200})['"] failed to satisfy constraint: Member must (?<limit>(?:satisfy|have|be) [^\n]{1,300}?)(?=;|$)/i,
];

/** The SDK for Ruby writes `task_definition_arn`. */
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `containerDefinitions[0].environment` from `params.containerDefinitions[0].environment`, `containerDefinitions.1.member.environment`. */
const pathOf = (path = ''): string =>
  camel(path.replace(/\[:(\w{1,80})\]/g, '.$1').replace(/\.$/, ''))
    .replace(/^(?:params|input|\w{1,80}Input)(?:\.|$)/, '')
    .replace(/\.(\d{1,4})\.member\b|\.member\.(\d{1,4})\b/g, (_, a?: string, b?: string) => `[${Number(a ?? b) - 1}]`);

/** The structure at a path of a task definition; undefined where the path leads nowhere. */
function structureAt(path: string): string | undefined {
  let type = ROOT;
  for (const part of path === '' ? [] : path.split('.')) {
    const name = part.replace(/\[\d{0,4}\]/g, '');
    const member = memberType(type, name);
    if (member === '') return undefined;
    type = member.replace(/\[\]$/, '');
  }
  return type;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const isRegister = (operation: string | undefined, path: string): boolean =>
  operation === 'RegisterTaskDefinition' || (operation === undefined && path.startsWith('containerDefinitions'));
/** Fields that only describe-task-definition prints: a call that was given one of them was to register what it printed. */
const OF_A_PRINTED_ONE = /['"`](?:compatibilities|requiresAttributes|registered(?:At|By)|deregisteredAt)['"`]/;

/**
 * @param text a refusal in one line, without the exception's name
 * @param operation as IAM writes it; undefined where the caller does not know it
 * @returns undefined where the message is no such refusal
 */
export function explainParameters(text: string, operation: string | undefined): Refused | undefined {
  return unknownParameter(text, operation) ?? missingParameter(text, operation) ?? formOf(text, operation);
}

const groupsOf = (patterns: readonly RegExp[], text: string): Record<string, string | undefined> | undefined =>
  patterns.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined);

function unknownParameter(text: string, operation: string | undefined): Refused | undefined {
  const groups = groupsOf(UNKNOWN, text);
  const [written, name = ''] = [groups?.name, camel(groups?.name ?? '')];
  if (written === undefined) return undefined;
  const said = ` The client says: ${clip(text.replace(/^(?:\w{1,80}: )?Parameter validation failed: /, ''), 200)}`;
  const path = pathOf(groups?.path);
  const whole = join(path, name);
  const call = operation ?? 'The request';
  const ofService = /^(?:Create|Update)Service$/.test(operation ?? '');
  if (ofService && OF_SERVICES.has(name))
    return {
      rule: 'request-refused',
      cause: `The client that made the request is too old for \`${whole}\`: ${operation} has this field, the client's own copy of the API does not.${said}`,
      remedy: 'Update the tool that answered (AWS CLI, boto3/botocore, SDK, action) to a current version.',
    };
  if (/\bEcsParameters$/.test(path) && OF_TARGETS.has(name))
    return {
      rule: 'request-refused',
      cause: `The client that made the request is too old for \`${whole}\`: the API has this field for targets of ECS, the client's own copy of the API does not.${said}`,
      remedy:
        'Update the tool that answered (AWS CLI, boto3/botocore, SDK, action) to a current version; aws --version shows which one runs.',
    };
  if (ofService && path === '' && PRINTED.has(name))
    return {
      rule: 'request-refused',
      cause: `\`${name}\` is a field that describe-services prints and ${operation} does not take.${said}`,
      remedy: `Remove \`${name}\` from the request (the file or arguments); what it says follows from the task definition and the service itself.`,
    };
  if (!isRegister(operation, path) && !(operation === undefined && path === '' && OF_A_PRINTED_ONE.test(text))) {
    return {
      rule: 'request-refused',
      cause: `The client that made the request does not know the field \`${whole}\`${operation ? ` of ${operation}` : ''}: it stands in the wrong place or is misspelt, or the client is older than the field.${said}`,
      remedy: `Compare the place and spelling of \`${name}\` with the API reference${operation ? ` of ${operation}` : ''}; where it is right, update the tool (AWS CLI, SDK, action).`,
    };
  }
  const rule = 'taskdef-malformed';
  const structure = structureAt(path);
  if (structure !== undefined && memberType(structure, name) !== '')
    return {
      rule,
      cause: `The client that registers the task definition is too old for \`${whole}\`: RegisterTaskDefinition has this field, the client's own copy of the API does not.${said}`,
      remedy: NEWER,
    };
  if (READ_ONLY_FIELDS.includes(name) && path === '') {
    const isIn = (one: string): boolean => new RegExp(`['"\`]${one}['"\`]`).test(text);
    const named = [name, ...READ_ONLY_FIELDS.filter((one) => one !== name && isIn(one))];
    const others = READ_ONLY_FIELDS.filter((one) => !named.includes(one));
    const list = named.map((one) => `\`${one}\``).join(', ');
    return {
      rule,
      cause: `${named.length > 1 ? `${list} are fields` : `${list} is a field`} that describe-task-definition prints and RegisterTaskDefinition does not take.${said}`,
      remedy: `Remove ${list} from the task definition file; with it remove ${others.join(', ')} where they are present. This action leaves them out by itself.`,
    };
  }
  const moved = moveOf(whole);
  if (moved) return { rule, cause: `${moved.cause}${said}`, remedy: moved.remedy };
  const places = placesOf(name);
  const known = structure === undefined ? [] : membersOf(structure);
  const meant = didYouMean(name, known);
  if (places.length > 0)
    return {
      rule,
      cause: `\`${name}\` stands in the wrong place: ${path === '' ? 'the top level of the task definition' : `\`${path}\``} has no such field.${said}`,
      remedy: `Move it to ${places
        .slice(0, 3)
        .map((place) => `\`${place}\``)
        .join(' or ')} (input \`task-definition\`).`,
    };
  return {
    rule,
    cause: `${call} has no field \`${whole}\`.${said}`,
    remedy: meant
      ? `Write \`${join(path, meant)}\` instead of \`${whole}\` in the task definition (input \`task-definition\`).`
      : `Remove \`${whole}\` from the task definition, or correct its spelling${known.length > 0 ? `: allowed there are ${known.slice(0, 20).join(', ')}` : ''}.`,
  };
}

/** What is often confused: plain values and references to secrets. */
function moveOf(path: string): { readonly cause: string; readonly remedy: string } | undefined {
  if (/\.environment\[\d{0,4}\]\.valueFrom$/.test(path))
    return {
      cause: `\`${path}\`: \`environment\` takes plain values; only \`secrets\` reads a secret (valueFrom).`,
      remedy: 'Move the entry to `secrets` of the same container: {"name": "...", "valueFrom": "ARN"}.',
    };
  if (/\.secrets\[\d{0,4}\]\.value$/.test(path))
    return {
      cause: `\`${path}\`: \`secrets\` takes the ARN of a secret or parameter as \`valueFrom\`, not its value.`,
      remedy:
        'Write {"name": "...", "valueFrom": "ARN"}, or move the entry to `environment` if the value is not secret.',
    };
  return undefined;
}

function missingParameter(text: string, operation: string | undefined): Refused | undefined {
  const groups = groupsOf(MISSING, text);
  if (groups?.name === undefined) return undefined;
  const whole = pathOf(join(groups.path ?? '', groups.name));
  const register = isRegister(operation, whole);
  // Clients check before they send; "Value null at" is the answer of the API.
  const ofClient = !register && !/Value null at/i.test(text);
  return {
    rule: register ? 'taskdef-missing-field' : 'request-refused',
    cause: `${operation ?? 'The request'} lacks the required field \`${whole}\`${ofClient ? '; the client found it and did not send the request' : ''}.`,
    remedy: register
      ? `Add \`${whole}\` to the task definition (input \`task-definition\`; the numbers in brackets count from 0): ${shapeOf(whole)}.`
      : `Give \`${whole}\` a value in the request, even if nothing of it changes (for a list an empty one may do). Where the request has it, what fills it is empty; where a tool builds the request, update the tool.`,
  };
}

/** What a field holds, by the service model. */
function shapeOf(path: string): string {
  const parts = path.split('.');
  const structure = structureAt(parts.slice(0, -1).join('.'));
  const type = structure === undefined ? '' : memberType(structure, parts.at(-1) ?? '');
  if (type.endsWith('[]')) return 'a list [...]';
  if (type === 'string') return 'a string in quotes';
  if (type === 'integer') return 'a number without quotes';
  if (type === 'boolean') return 'true or false';
  return type === '' ? 'give it a value' : `a value of type ${type}`;
}

function formOf(text: string, operation: string | undefined): Refused | undefined {
  const groups = groupsOf(FORM, text);
  if (groups?.name === undefined) return undefined;
  const whole = pathOf(groups.name);
  const register = isRegister(operation, whole);
  const limit = [groups.what, groups.limit].filter(Boolean).join(' ').trim();
  const short = /PolicyText$/i.test(whole) && /min length/.test(limit);
  if (short)
    return {
      rule: 'request-refused',
      cause: `${operation ?? 'The request'}: \`${whole}\` is only ${groups.value ?? 'a few'} characters long, too short for a policy: as a rule the name of a file was given instead of what the file holds.`,
      remedy: `Give the JSON itself; with the AWS CLI write file:// in front of the file's name (file://policy.json).`,
    };
  return {
    rule: register ? 'taskdef-malformed' : 'request-refused',
    cause: `${operation ?? 'The request'}: the value${groups.given ? ` "${groups.given}"` : ''} of \`${whole}\` is ${isEmpty(groups.given) ? 'empty' : 'not allowed'}${groups.value ? ` (its length or value is ${groups.value})` : ''}; the rule: ${limit}.`,
    remedy: `Correct \`${whole}\`${register ? ' in the task definition (input `task-definition`)' : inRequest(whole, operation)} so that it fits that rule${groups.value === '0' || isEmpty(groups.given) ? `; it is empty, so the input or variable behind it is empty too${/Arns?$|ARNs?$|Ids?$/.test(whole) ? ': what it should name was not made yet, or the look-up found none (wait for it, or let the tool depend on it)' : ''}` : ''}.`,
  };
}

/** A list without a value, or with an empty one, is printed so. */
const isEmpty = (given: string | undefined): boolean => given !== undefined && /^(?:\[\s*\]|\{\s*\}|)$/.test(given);

/** Where a value of a request comes from. */
function inRequest(path: string, operation: string | undefined): string {
  const input = inputAt(path.replace(/\[\d+\]/g, ''), operation);
  return input === undefined ? ' in the request' : ` in the request (input \`${input.replace(' and ', '` and `')}\`)`;
}
