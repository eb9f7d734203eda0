import { fieldIn } from '../refusal-fields.ts';
import { of } from '../say.ts';
import { wordOf } from '../words.ts';
import { GUIDE, maybe, OF_ECS, type Rule } from './rule.ts';

const PARAMETERS = `${GUIDE}/task_definition_parameters.html`;
const FARGATE = `${GUIDE}/fargate-tasks-services.html`;
const SIZES = `${GUIDE}/fargate-tasks-services.html#fargate-tasks-size`;
const containerOf = (text: string): string | undefined =>
  wordOf('container', /container ['"](?<name>[^'"]{1,255})['"](?! (?:values?|settings?))/i.exec(text)?.groups?.name);

/** What the parser of ECS found, and what it wanted there; it names no path. */
function jsonFault(text: string): readonly [cause: string, remedy: string] | undefined {
  if (/Unrecognized collection type class [\w.]{0,120}RegisterTaskDefinitionRequest/i.test(text))
    return [
      'The task definition as a whole has the wrong JSON type: it is not one object.',
      'The file must be one object {...} with `family` and `containerDefinitions` at its top: not a list [...], not JSON inside a string, and not another file (an AppSpec, a service definition) (input `task-definition`).',
    ];
  if (/(?:NUMBER|TRUE|FALSE|BOOLEAN)_VALUE can ?not be converted to (?:an? )?String/i.test(text))
    return [
      'A value has the wrong JSON type: a number or boolean stands where the task definition takes a string.',
      'Put it in quotes: values of `environment`, `options`, `dockerLabels` and tags, and cpu and memory of the task are strings (input `task-definition`).',
    ];
  if (/STRING_VALUE can ?not be converted to (?:an? )?(?:Integer|Long|Boolean|Number|Double)/i.test(text))
    return [
      'A value has the wrong JSON type: a string stands where the task definition takes a number or a boolean.',
      'Write it without quotes: containerPort, hostPort, cpu and memory of a container, essential, the times of healthCheck (input `task-definition`).',
    ];
  if (/Start of list found where not expected|START_ARRAY/i.test(text))
    return [
      'A value has the wrong JSON type: a list [...] stands where the task definition takes an object or a string.',
      'Take the value out of [ ]: logConfiguration, healthCheck, runtimePlatform and the file itself are objects (input `task-definition`).',
    ];
  if (/Start of structure or map found where not expected|Expected list/i.test(text))
    return [
      'A value has the wrong JSON type: an object {...} or a plain value stands where the task definition takes a list or a string.',
      'Write `containerDefinitions`, `environment`, `secrets`, `command` and `portMappings` as lists [...] (input `task-definition`).',
    ];
  return undefined;
}

const onFargate = (text: string): string =>
  of(
    ['efs', 'splunk', 'gpu'],
    /volume|source ?path/i.test(text)
      ? 'Take the host path out of the volume: on Fargate use an EFS volume, or an empty volume in ephemeral storage.'
      : 'Take it out of the task definition, or run the service on EC2: Fargate has networkMode awsvpc alone, no privileged containers, links, devices, extraHosts, placement constraints or GPU, and the log drivers awslogs, splunk and awsfirelens.',
  );

/** Why RegisterTaskDefinition refuses a definition. */
export const TASK_DEFINITION: readonly Rule[] = [
  {
    id: 'taskdef-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/Invalid revision number(?:\.? Number: (?<number>-?\d{1,10}))?/i],
    cause: ({ words: { number } }) =>
      `The revision${maybe(number)} of the task definition is not one that ECS takes: family:revision needs a positive number.`,
    remedy:
      'Write family:revision with the number of a revision that exists (inputs `task-definition-arn`, `rollback-to`), or the family alone for its newest active one.',
    link: `${GUIDE}/task_definitions.html`,
  },
  {
    id: 'taskdef-malformed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'conflict',
    match: [
      /hostPort\b.{0,80}(?:different from|must (?:match|equal|be the same)|not (?:match|equal)).{0,60}containerPort|host ?ports? .{0,80}(?:must|should) match/i,
    ],
    cause: ({ text }) =>
      `A hostPort in portMappings differs from its containerPort${maybe(/['"](\d{1,5})['"]/.exec(text)?.[1])}; with networkMode awsvpc or host both are the same.`,
    remedy: 'Remove hostPort from that entry of portMappings, or set it to the containerPort.',
    link: PARAMETERS,
  },
  {
    id: 'taskdef-malformed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'missing',
    match: [
      /Unknown volume ['"]?(?<volume>[\w-]{1,255})/i,
      /volumes? ['"](?<volume>[\w-]{1,255})['"].{0,60}(?:not (?:been )?(?:defined|found|declared)|(?:does not|doesn't) exist|is unknown)/i,
      /sourceVolume\b.{0,80}(?:volume )?['"](?<volume>[\w-]{1,255})['"].{0,60}not (?:defined|found)/i,
    ],
    cause: ({ words: { volume } }) =>
      `A container mounts the volume${maybe(volume)} (mountPoints.sourceVolume) that \`volumes\` of the task definition does not define.`,
    remedy: ({ words: { volume } }) =>
      `Add {"name": "${volume ?? 'NAME'}", ...} to \`volumes\` of the task definition, or correct sourceVolume in mountPoints of the container.`,
    link: PARAMETERS,
  },
  {
    id: 'taskdef-malformed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /Unrecognized (?:collection type|field)|STRUCTURE_VALUE|(?:NUMBER|STRING|TRUE|FALSE|LIST|MAP)_VALUE (?:can ?not|cannot)|Start of (?:structure|list|map)|Expected (?:null|list|map|a string)|SerializationException/i,
    ],
    when: ({ reading }) => reading.operation === undefined || reading.operation === 'RegisterTaskDefinition',
    cause: ({ text }) =>
      `${jsonFault(text)?.[0] ?? 'A value in the task definition has the wrong JSON type.'} ECS says: ${lastSentence(text)}`,
    remedy: ({ text }) =>
      jsonFault(text)?.[1] ??
      'Compare the types of the fields with RegisterTaskDefinition (input `task-definition`): `command`, `entryPoint` and `secrets` are lists, `options` and `dockerLabels` objects of strings, task-level cpu and memory strings.',
    link: PARAMETERS,
  },
  {
    id: 'taskdef-malformed',
    technology: 'firelens',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/invalid arn syntax/i],
    when: ({ reading }) => reading.operation === undefined || reading.operation === 'RegisterTaskDefinition',
    cause: ({ text }) =>
      `A field of the task definition that must hold an ARN holds something else${/syntax:? (\S{1,200})/i.exec(text)?.[1] ? ` (${/syntax:? (\S{1,200})/i.exec(text)?.[1]})` : '; ECS does not say which field'}.`,
    remedy:
      'Check each ARN: executionRoleArn and taskRoleArn (inputs `execution-role-arn`, `task-role-arn`; the whole ARN where a path is in the name), credentialsParameter, valueFrom in `secrets`, environmentFiles, and for FireLens config-file-value (an S3 ARN; Fargate takes type s3 only).',
    link: PARAMETERS,
  },
  {
    id: 'taskdef-concurrent-revision',
    nature: 'transient',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'conflict',
    severity: 'failure',
    match: [/Too many concurrent attempts to create a new revision/i],
    cause: 'Concurrent runs register revisions of the same task definition family at once.',
    remedy: 'Try again; give the workflow a `concurrency` group so that deployments of one family follow each other.',
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'taskdef-too-large',
    technology: 'secrets-manager',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [/Max(?:imum)? allowed length is ['"]?(?<limit>\d+)/i],
    cause: ({ text, words: { limit } }) =>
      `The task definition is too large${maybe(/Actual length: '?(\d+)/i.exec(text)?.[1])}: at most ${limit ?? '65536'} bytes are allowed (65536, 64 KiB).`,
    remedy:
      'Move the environment variables to files in S3 (input `env-files`) or to Parameter Store / Secrets Manager (input `secrets`).',
    link: `${GUIDE}/service-quotas.html`,
  },
  {
    id: 'execution-role-missing',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'permission',
    failure: 'missing',
    match: [
      /requires? (?:task definition to have )?(?:an? )?execution role/i,
      /must also specify a value for ['"]?executionRoleArn/i,
    ],
    cause:
      'The task definition has no executionRoleArn, which pulling from ECR, awslogs on Fargate and `secrets` need.',
    remedy:
      'Add executionRoleArn to the task definition (input `execution-role-arn`): a role that trusts ecs-tasks.amazonaws.com with AmazonECSTaskExecutionRolePolicy.',
    link: `${GUIDE}/task_execution_IAM_role.html`,
  },
  {
    id: 'taskdef-invalid-cpu-memory',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    unless: /at least one of|can ?not be (?:null|blank|empty)|\binteger\b|memory ?reservation|architecture/i,
    match: [
      /Fargate requires that ['"]?(?<field>cpu|memory)['"]? be defined at the task level/i,
      /No Fargate configuration exists for (?:the )?given values|Fargate resource requirements/i,
      /Invalid ['"]?(?<field>cpu|memory)['"]? setting/i,
      /['"]?(?<field>cpu|memory)['"]?(?: setting| units?)? (?:for|of) (?:the )?containers? .{0,80}(?:greater|more|larger|exceed|higher) (?:than )?/i,
      /(?:memory|cpu).{0,40}(?:sum|total|combined).{0,80}(?:greater|exceed|more|lower|less)|(?:sum|total) of .{0,60}(?:cpu|memory).{0,80}(?:exceed|greater|more|lower|less)/i,
      /(?:memory|cpu) (?:value|limit|setting)?.{0,30}(?:is not (?:valid|supported)|must be (?:at least|one of|between|greater|an integer))/i,
    ],
    cause: ({ words: { field }, text }) => {
      if (/task level/i.test(text))
        return `The task definition has no ${field ?? 'cpu and memory'} at the task level, which Fargate requires.`;
      if (/No Fargate configuration|Fargate resource requirements/i.test(text))
        return 'Fargate has no task size with this cpu and memory together.';
      return `The cpu or memory of the task or of the container${maybe(containerOf(text))} does not fit${field ? ` ('${field}')` : ''}: a container may not have more than its task, and the sizes must be ones that exist.`;
    },
    remedy:
      'Set cpu and memory at the task level (inputs `cpu`, `memory`) to a pair that Fargate offers: 256: 512-2048 MiB, 512: 1-4 GB, 1024: 2-8 GB, 2048: 4-16 GB, 4096: 8-30 GB, 8192: 16-60 GB, 16384: 32-120 GB; and keep those of the containers within them.',
    link: SIZES,
  },
  {
    id: 'taskdef-missing-field',
    vague: true,
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'missing',
    match: [
      /(?<field>family|containerDefinitions|container definitions|image|name|container\.\w+) (?:can|should|must) ?not be (?:null or )?(?:blank|empty|null)/i,
      /at least one of ['"]?(?<field>memory)['"]? or ['"]?memoryReservation/i,
      /at least one (?:container|essential)|(?:no|must have an?) essential container/i,
      /Missing required parameter in (?:input|\w+)?:? ?["']?(?<field>[\w.[\]]+)/i,
    ],
    cause: ({ words: { field }, text }) =>
      `The task definition lacks something that it must have${field ? `: ${field}` : ''}${containerOf(text) ? ` (container ${containerOf(text)})` : ''}. ECS says: ${lastSentence(text)}`,
    remedy: ({ words: { field } }) =>
      `Add ${field ?? 'the field'} to the task definition (input \`task-definition\`)${field?.toLowerCase() === 'memory' ? ': memory or memoryReservation of the container, or memory of the task (input `memory`)' : ''}; at least one container must be essential and each needs name and image.`,
    link: PARAMETERS,
  },
  {
    id: 'taskdef-unsupported-on-fargate',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'conflict',
    match: [
      /(?<what>\S{1,80}) should not be set for volumes in Fargate/i,
      /(?:Fargate|FARGATE)\b.{0,80}(?:do(?:es)? not support|not supported|not support|unsupported|cannot|only|requires)(?<what>.{0,80})/,
      /(?<what>.{1,80}) (?:is|are) not supported (?:on|in|for|with|when using) (?:the )?(?:AWS )?Fargate/i,
    ],
    unless:
      /execution role|task level|configuration exists|Launch type and Capacity|launch_type|launch type \w+ is not|requiresCompatib|platform version|scheduling strategy/i,
    cause: ({ text, reading }) => {
      const field = fieldIn(lastSentence(text), reading.operation);
      return field
        ? `Fargate does not support \`${field.name}\` of the ${field.owner} (or this value of it). ECS says: ${lastSentence(text)}`
        : `The task definition asks for something that Fargate does not support. ECS says: ${lastSentence(text)}`;
    },
    remedy: ({ text, reading }) => {
      const field = fieldIn(lastSentence(text), reading.operation);
      if (/operating ?system/i.test(text))
        return 'Set runtimePlatform.operatingSystemFamily in the task definition to LINUX or to a Windows version that Fargate has (WINDOWS_SERVER_2019_CORE, WINDOWS_SERVER_2022_CORE, ...).';
      if (field && field.name !== 'volumes' && field.name !== 'networkMode' && !/source ?path|host\b/i.test(text))
        return `Remove \`${field.name}\`${field.input} from the ${field.owner}, or write what the message says is allowed; where it is needed, run the service on EC2.`;
      return onFargate(text);
    },
    link: FARGATE,
  },
  {
    id: 'platform-version-unsupported',
    technology: 'efs',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [/PlatformTaskDefinitionIncompatibility|PlatformUnknown/],
    unless: /failed to solve|runtime execution/i,
    cause: 'The Fargate platform version does not exist, or does not offer what the task definition needs.',
    remedy:
      'Use platform version LATEST (input `platform-version`): 1.4.0 or newer is needed for EFS volumes, ephemeralStorage, secrets by JSON key and Windows.',
    link: `${GUIDE}/platform_versions.html`,
  },
  {
    id: 'taskdef-inactive',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'missing',
    match: [/Task ?Definition (?:\S{1,300} )?is (?<state>inactive|DELETE_IN_PROGRESS)/i],
    cause: 'The task definition revision is INACTIVE: it was deregistered.',
    remedy:
      'See who deregistered it (CloudTrail, DeregisterTaskDefinition; a job that cleans up), and run the job again: a deploy registers a new one where it has to. For a rollback choose an ACTIVE revision (inputs `rollback-to`, `task-definition-arn`).',
    link: `${GUIDE}/deregister-task-definition-v2.html`,
  },
  {
    id: 'taskdef-not-found',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'missing',
    match: [
      /Unable to describe task definition|Revision is missing|TaskDefinition not found|task definition .{0,200}(?:does not exist|not found|could not be found|cannot be found)/i,
    ],
    unless: /container .{0,100}does not exist in the task definition/i,
    cause: ({ text }) =>
      `There is no such task definition family or revision${maybe(/task-definition\/[\w:-]+/.exec(text)?.[0])} in this account and Region.`,
    remedy:
      'Correct family and revision (inputs `task-definition-family`, `task-definition-arn`, `rollback-to`), and check `aws-region` and the account.',
    link: `${GUIDE}/task_definitions.html`,
  },
];

/** What the message says itself, without the SDK's beginning. */
export const lastSentence = (text: string): string =>
  text
    .replace(/^An error occurred \(\w+\) when calling the \w+ operation(?: \([^)]{1,80}\))?: /, '')
    .replace(/^(?:\w+(?:Exception|Error)): /, '')
    .slice(0, 500);

/** Everything else that is wrong in the definition: ECS's own words say it best. */
export const TASK_DEFINITION_REST: readonly Rule[] = [
  {
    id: 'taskdef-malformed',
    vague: true,
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'invalid',
    match: [
      /Parameter validation failed|Unknown (?:parameter|key|field) in|Invalid type for parameter|Unexpected key ['"]?[\w-]+|UnexpectedParameter|InvalidParameterType|MissingRequiredParameter/i,
      /must be unique|duplicate (?:container|volume|port|env\w*)|already (?:been )?(?:defined|used) (?:in|by) (?:another|the)/i,
      /(?:healthChecks?|dependsOn|dependency|network ?mode|log ?drivers?|links?|environment|secrets?|mounts?|ulimits?|firelens|runtimePlatform|cpuArchitecture|operatingSystemFamily|ephemeralStorage|essential|logConfiguration|awslogs|volumes?)\b.{0,200}(?:must|should|cannot|can ?not|invalid|not (?:allowed|supported|valid)|requires?|required|only|match|specified)/i,
    ],
    when: ({ context, text }) =>
      /RegisterTaskDefinition/.test(`${String(context.operation ?? '')} ${text}`) ||
      !/Service\b|RunTask|Create|Update|Describe|Run/.test(String(context.operation ?? '')),
    cause: ({ text }) => `ECS refuses the task definition: ${lastSentence(text)}`,
    remedy: ({ text }) =>
      /tags/i.test(text)
        ? 'Leave the key `tags` out of the task definition instead of an empty list, or give tags (input `task-definition-tags`).'
        : 'Correct that part of the task definition (input `task-definition`): field names and types as in RegisterTaskDefinition, names unique, and with networkMode awsvpc or host the hostPort equal to the containerPort or absent.',
    link: PARAMETERS,
  },
];

/** RegisterTaskDefinition was refused with a message that is not known yet. */
export const TASK_DEFINITION_REFUSED: Rule = {
  id: 'taskdef-malformed',
  vague: true,
  nature: 'permanent',
  ...OF_ECS,
  subject: 'task-definition',
  failure: 'invalid',
  match: [/\w/],
  // A call that is known to be another one, such as RegisterContainerInstance, has no containers to name.
  when: ({ context, text }) =>
    !/^(?:De)?[Rr]egister(?!TaskDefinition)/.test(String(context.operation ?? '')) &&
    /RegisterTaskDefinition|ECS Task Definition|(?:Family|Container\.?\w{0,60}) .{0,80}(?:character|contain|length)/i.test(
      `${String(context.operation ?? '')} ${text}`,
    ),
  cause: ({ text }) => `ECS refuses the task definition: ${lastSentence(text)}`,
  remedy: 'Correct what the message names in the task definition (input `task-definition`).',
  link: PARAMETERS,
};
