/**
 * Writes src/taskdef/schema.generated.ts from the schemas that the AWS SDK ships, so that the product can check a task
 * definition without loading them. `--check` fails when the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-ecs';

const FILE = 'src/taskdef/schema.generated.ts';

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
};

interface Structure {
  required: string[];
  members: Record<string, string>;
}
const structures: Record<string, Structure> = {};
const enums: Record<string, string[]> = {};

/** The SDK's compact form: numbers for simple kinds, [1, ...] lists, [2, ...] maps, [3, ...] structures, thunks. */
function typeOf(schema: unknown, member: string): string {
  const enumeration = ENUMS[member];
  if (enumeration) {
    enums[enumeration] = Object.values((sdk as unknown as Record<string, Record<string, string>>)[enumeration] ?? {});
    return `${enumeration}${schema === 64 || isList(schema) ? '[]' : ''}`;
  }
  if (typeof schema === 'function') return typeOf(schema(), member);
  if (schema === 0) return 'string';
  if (schema === 1) return 'integer';
  if (schema === 2) return 'boolean';
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

structure(sdk.RegisterTaskDefinitionRequest$ as unknown as readonly unknown[]);
const text = `// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.

/** \`string\`, \`integer\`, \`boolean\`, \`map\` (of strings), a structure or an enumeration; \`[]\` after it: a list. */
export const STRUCTURES: Readonly<
  Record<string, { readonly required: readonly string[]; readonly members: Readonly<Record<string, string>> }>
> = ${JSON.stringify(structures, null, 1)};

export const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(enums, null, 1)};
`;
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error(`${FILE} is stale: run \`node scripts/task-definition-schema.ts\`.`);
    process.exitCode = 1;
  }
} else writeFileSync(FILE, text);
