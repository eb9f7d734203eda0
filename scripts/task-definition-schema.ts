/**
 * Writes src/taskdef/schema.generated.ts and src/servicedef/schema.generated.ts from the schemas that the AWS SDK ships, so that
 * the product can check a task definition or a service definition without loading them, and src/diagnosis/requests.generated.ts:
 * the fields of every request to ECS and ECR, so that a refusal is read by them. `--check` fails when a file is not what it would
 * write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as ecr from '@aws-sdk/client-ecr';
import * as sdk from '@aws-sdk/client-ecs';

const FILES = { service: 'src/servicedef/schema.generated.ts', task: 'src/taskdef/schema.generated.ts' };
const REQUESTS = 'src/diagnosis/requests.generated.ts';

/** Which member takes which enumeration: the SDK's schemas say "string", its enumerations stand beside them. */
const ENUMS: Readonly<Record<string, string>> = {
  'RegisterTaskDefinitionRequest.networkMode': 'NetworkMode',
  'RegisterTaskDefinitionRequest.requiresCompatibilities': 'Compatibility',
  'RegisterTaskDefinitionRequest.pidMode': 'PidMode',
  'RegisterTaskDefinitionRequest.ipcMode': 'IpcMode',
  'ContainerDefinition.versionConsistency': 'VersionConsistency',
  'PortMapping.protocol': 'TransportProtocol',
  'PortMapping.appProtocol': 'ApplicationProtocol',
  'EnvironmentFile.type': 'EnvironmentFileType',
  'ContainerDependency.condition': 'ContainerCondition',
  'Device.permissions': 'DeviceCgroupPermission',
  'Ulimit.name': 'UlimitName',
  'LogConfiguration.logDriver': 'LogDriver',
  'ResourceRequirement.type': 'ResourceType',
  'FirelensConfiguration.type': 'FirelensConfigurationType',
  'DockerVolumeConfiguration.scope': 'Scope',
  'EFSVolumeConfiguration.transitEncryption': 'EFSTransitEncryption',
  'EFSAuthorizationConfig.iam': 'EFSAuthorizationConfigIAM',
  'TaskDefinitionPlacementConstraint.type': 'TaskDefinitionPlacementConstraintType',
  'ProxyConfiguration.type': 'ProxyConfigurationType',
  'RuntimePlatform.cpuArchitecture': 'CPUArchitecture',
  'RuntimePlatform.operatingSystemFamily': 'OSFamily',
  'CreateServiceRequest.availabilityZoneRebalancing': 'AvailabilityZoneRebalancing',
  'CreateServiceRequest.launchType': 'LaunchType',
  'CreateServiceRequest.schedulingStrategy': 'SchedulingStrategy',
  'CreateServiceRequest.propagateTags': 'PropagateTags',
  'DeploymentController.type': 'DeploymentControllerType',
  'DeploymentConfiguration.strategy': 'DeploymentStrategy',
  'ThresholdConfiguration.type': 'ThresholdType',
  'PlacementConstraint.type': 'PlacementConstraintType',
  'PlacementStrategy.type': 'PlacementStrategyType',
  'AwsVpcConfiguration.assignPublicIp': 'AssignPublicIp',
};
/** Members that are no whole numbers: the schemas say "number" for both. */
const DECIMALS = ['LinearConfiguration.stepPercent', 'CanaryConfiguration.canaryPercent'];

interface Structure {
  required: string[];
  members: Record<string, string>;
}
let structures: Record<string, Structure> = {};
let enums: Record<string, string[]> = {};

/** The SDK's compact form: numbers for simple kinds, [1, ...] lists, [2, ...] maps, [3, ...] structures, thunks. */
function typeOf(schema: unknown, member: string): string {
  const enumeration = ENUMS[member];
  if (enumeration) {
    enums[enumeration] = Object.values((sdk as unknown as Record<string, Record<string, string>>)[enumeration] ?? {});
    return `${enumeration}${schema === 64 || isList(schema) ? '[]' : ''}`;
  }
  if (typeof schema === 'function') return typeOf(schema(), member);
  if (schema === 0) return 'string';
  if (schema === 1) return DECIMALS.includes(member) ? 'number' : 'integer';
  if (schema === 2) return 'boolean';
  if (schema === 15) return 'any';
  if (schema === 64) return 'string[]';
  if (schema === 65) return 'integer[]';
  if (schema === 128) return 'map';
  if (Array.isArray(schema)) {
    if (typeof schema[0] === 'function') return typeOf(schema[0](), member); // [schema, traits]
    if (schema[0] === 0) return 'string'; // a simple type with traits, such as a sensitive string
    if (schema[0] === 1) return `${typeOf(schema[4], member)}[]`;
    if (schema[0] === 2) return 'map';
    if (schema[0] === 3 || schema[0] === 4) return structure(schema); // 4: a union, one member of several
  }
  throw new Error(`${member}: a kind of schema that this script does not know: ${JSON.stringify(schema)}`);
}
const isList = (schema: unknown): boolean => {
  const plain = typeof schema === 'function' ? schema() : schema;
  return Array.isArray(plain) && plain[0] === 1;
};

function structure(schema: readonly unknown[]): string {
  const [, , name, , members = [], schemas = [], required = 0] = schema as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number,
  ];
  if (!structures[name]) {
    const found: Structure = { required: members.slice(0, required), members: {} };
    structures[name] = found;
    for (const [i, member] of members.entries()) found.members[member] = typeOf(schemas[i], `${name}.${member}`);
  }
  return name;
}

/** The file of one request. */
function textOf(request: unknown): string {
  structures = {};
  enums = {};
  structure(request as readonly unknown[]);
  return `// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.

/** \`string\`, \`integer\`, \`number\`, \`boolean\`, \`any\`, \`map\` (of strings), a structure or an enumeration; \`[]\` after it: a list. */
export const STRUCTURES: Readonly<
  Record<string, { readonly required: readonly string[]; readonly members: Readonly<Record<string, string>> }>
> = ${JSON.stringify(structures, null, 1)};

export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(enums, null, 1)};
`;
}

const service = textOf(sdk.CreateServiceRequest$);
// The last: what follows leaves out the structures of a task definition.
const text = textOf(sdk.RegisterTaskDefinitionRequest$);

/** Fields that stand in nearly every structure, or that no user sets, say nothing. */
const LEFT_OUT = /^(?:nextToken|maxResults|include|instanceRequirements)$/;

/** Requests that no deployment sends. */
const NOT_OURS =
  /Daemon|Gateway(?!Service)|Signing|Scanning|Replication|PullTime|AccountSetting\w*Policy|^(?:Submit|Discover|List|Validate|GetAccount|GetLifecyclePolicyPreview|StartLifecycle)|ContainerInstanceRequest|CreationTemplate|StorageClass/;

/** Each structure below a request as the names of its fields, with the structure behind a colon: `tags:Tag cluster`. */
const requests: Record<string, string> = {};
function shapeOf(schema: unknown): string {
  if (typeof schema === 'function') return shapeOf(schema());
  if (!Array.isArray(schema)) return '';
  if (typeof schema[0] === 'function') return shapeOf(schema[0]());
  if (schema[0] === 1) return shapeOf(schema[4]);
  if (schema[0] !== 3 && schema[0] !== 4) return '';
  const [, , name, , members = [], schemas = []] = schema as [number, string, string, unknown, string[], unknown[]];
  if (structures[name] !== undefined || requests[name] !== undefined) return name;
  requests[name] = '';
  requests[name] = members
    .flatMap((member, i) => {
      if (LEFT_OUT.test(member)) return [];
      const inner = shapeOf(schemas[i]);
      return inner === '' ? [member] : [`${member}:${inner}`];
    })
    .join(' ');
  return name;
}
for (const [name, schema] of [...Object.entries(sdk), ...Object.entries(ecr)])
  if (/^[A-Z]\w+Request\$$/.test(name) && !NOT_OURS.test(name)) shapeOf(schema);
const fields = `// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.

/** The fields of each request to ECS and ECR and of the structures in it; those of a task definition are in src/taskdef. */
export const REQUESTS: Readonly<Record<string, string>> = ${JSON.stringify(
  Object.fromEntries(Object.entries(requests).filter(([, members]) => members !== '')),
  null,
  1,
)};
`;
for (const [file, written] of [
  [FILES.service, service],
  [FILES.task, text],
  [REQUESTS, fields],
] as const) {
  if (!process.argv.includes('--check')) writeFileSync(file, written);
  else if (readFileSync(file, 'utf8') !== written) {
    console.error(`${file} is stale: run \`node scripts/task-definition-schema.ts\`.`);
    process.exitCode = 1;
  }
}
