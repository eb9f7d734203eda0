import { asFailure, Failure, type Mistake } from '../failure.ts';
import { asObjects, defined, isObject, type Json, type JsonObject, type Tags } from '../model.ts';
import type { Files } from '../ports.ts';
import { judgeForeign, type Suspect } from '../taskdef/foreign-values.ts';
import { parseJson } from '../taskdef/json-file.ts';
import { expressionsIn } from '../taskdef/load.ts';
import { type PlaceholderStyle, substitute } from '../taskdef/placeholders.ts';
import { checkSchema, coerce, type Schema } from '../taskdef/schema.ts';
import { textOf, withoutNulls } from '../taskdef/template.ts';
import { definitionRules } from './rules.ts';
import { ENUMERATIONS, STRUCTURES } from './schema.generated.ts';

/** A file with a service definition, parsed and not yet rendered. */
export interface ServiceTemplate {
  /** Its path, for messages. */
  readonly name: string;
  /** Members of CreateService, placeholders still in it. */
  readonly value: JsonObject;
  /** It is what `aws ecs describe-services` prints: names in it are of the service that was exported. */
  readonly exported: boolean;
  /** Read-only fields of an export that were left out, by name. */
  readonly dropped: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** What a service is to be. A member that is absent is left as it is, or, in a new service, to ECS. */
export interface ServiceDefinition {
  readonly name: string;
  /** Members of CreateService but for names, desired count and tags. */
  readonly settings: JsonObject;
  /** Used when the service is created; from then on scaling owns the count. */
  readonly desiredCount?: number;
  readonly tags: Tags;
  /** Names of the placeholders that it had. */
  readonly placeholders: readonly string[];
  /** Values that may be placeholders of another tool. */
  readonly suspects: readonly Suspect[];
}

const ROOT = 'CreateServiceRequest';

/** What CreateService takes; the name of the service is an input. */
const SERVICE_DEFINITION: Schema = {
  root: ROOT,
  what: 'a service definition',
  structures: { ...STRUCTURES, [ROOT]: { required: [], members: STRUCTURES[ROOT]?.members ?? {} } },
  enumerations: ENUMERATIONS,
};

/** Members of a described service that CreateService does not take. */
const READ_ONLY = [
  'serviceArn',
  'clusterArn',
  'status',
  'runningCount',
  'pendingCount',
  'taskDefinition',
  'taskSets',
  'deployments',
  'roleArn',
  'events',
  'createdAt',
  'createdBy',
  'currentServiceDeployment',
  'currentServiceRevisions',
  'platformFamily',
  'resourceManagementType',
];
/** Members that ECS describes with the deployment that they are of. */
const OF_THE_DEPLOYMENT = ['serviceConnectConfiguration', 'volumeConfigurations', 'vpcLatticeConfigurations'];

/** The definition of a service has a few KiB; the rest is for comments and space. */
const MAX_BYTES = 1024 * 1024;

/**
 * The file of the input `service-definition`, JSON or YAML.
 * @throws Failure NOT_FOUND, or INVALID_INPUT where it is not a service definition
 */
export async function readServiceTemplate(
  path: string,
  { files }: { readonly files: Pick<Files, 'readText'> },
): Promise<ServiceTemplate> {
  const text = await files.readText(path, MAX_BYTES);
  const template = toServiceTemplate(await parsed(path, text), path);
  return { ...template, mistakes: expressionsIn(template.value, '') };
}

async function parsed(path: string, text: string): Promise<Json> {
  if (text.trim() === '')
    throw new Failure('INVALID_INPUT', `The service definition ${path} is empty.`, {
      remedy: 'Write the members of CreateService in it.',
    });
  try {
    if (!/\.ya?ml$/i.test(path)) return parseJson(text, path);
    const { parseYaml } = await import('../taskdef/yaml.ts');
    return parseYaml(text, path);
  } catch (thrown) {
    const { message, remedy, place, code } = asFailure(thrown);
    if (code !== 'INVALID_TASK_DEFINITION') throw thrown;
    throw new Failure('INVALID_INPUT', message, { cause: thrown, ...defined({ remedy, place }) });
  }
}

/**
 * A parsed file as a template. Takes an export of `aws ecs describe-services` as it is, with or without its wrapper, and nulls.
 * @throws Failure INVALID_INPUT when it is something else
 */
export function toServiceTemplate(value: Json, name: string): ServiceTemplate {
  const refuse = (what: string, remedy: string): Failure =>
    new Failure('INVALID_INPUT', `${name} is ${what}, not a service definition.`, { remedy });
  const outer = isObject(value) ? (asObjects(value.services)[0] ?? value.service ?? value) : value;
  if (!isObject(outer))
    throw refuse(
      Array.isArray(value) ? 'a list' : 'not an object',
      'Write the members of CreateService as one object.',
    );
  if (asObjects((value as JsonObject).services).length > 1)
    throw refuse('a list of services', 'Give each service its own file.');
  if (outer.containerDefinitions !== undefined)
    throw refuse('a task definition', 'That goes into the input `task-definition`.');
  if (outer.Resources !== undefined || outer.AWSTemplateFormatVersion !== undefined || isObject(outer.Properties))
    throw refuse('a CloudFormation template', EXPORT);
  const spelled = Object.keys(outer).find(
    (key) => /^[A-Z]/.test(key) && isMember(key[0]?.toLowerCase() + key.slice(1)),
  );
  if (spelled !== undefined)
    throw refuse(
      `in the spelling of CloudFormation (\`${spelled}\`)`,
      `The ECS API writes the same members with a lower-case first letter (\`${spelled[0]?.toLowerCase()}${spelled.slice(1)}\`). ${EXPORT}`,
    );
  const exported = outer.serviceArn !== undefined;
  const dropped = exported ? READ_ONLY.filter((member) => member in outer) : [];
  const kept = Object.entries(exported ? { ...ofDeployment(outer), ...outer } : outer).filter(
    ([member]) => !dropped.includes(member),
  );
  const given = withoutNulls(Object.fromEntries(kept)) as JsonObject;
  return { name, value: exported ? withoutEffect(given) : given, exported, dropped, mistakes: [] };
}

const EXPORT =
  'Give the JSON that `aws ecs describe-services --query "services[0]"` prints, or write the members by hand.';
const isMember = (name: string): boolean => Object.hasOwn(STRUCTURES[ROOT]?.members ?? {}, name);

function ofDeployment({ deployments }: JsonObject): JsonObject {
  const all = asObjects(deployments);
  const primary = all.find(({ status }) => status === 'PRIMARY') ?? all[0] ?? {};
  return Object.fromEntries(
    OF_THE_DEPLOYMENT.flatMap((member) => (primary[member] === undefined ? [] : [[member, primary[member]]])),
  );
}

/** What an export shows of every service, and what ECS refuses where it has no meaning: the count of a daemon, a grace period of 0 s. */
function withoutEffect({ desiredCount, healthCheckGracePeriodSeconds: grace, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    ...(rest.schedulingStrategy === 'DAEMON' || desiredCount === undefined ? {} : { desiredCount }),
    ...(grace === undefined || grace === 0 ? {} : { healthCheckGracePeriodSeconds: grace }),
  };
}

/** What the step says about the same things. */
interface StepNames {
  /** Name or ARN. */
  readonly cluster: string;
  readonly service: string;
}

/**
 * The definition with its placeholders filled.
 * @throws Failure INVALID_INPUT with every mistake: unknown members, wrong types, what belongs to the step, what CreateService refuses
 */
export function renderServiceDefinition(
  template: ServiceTemplate,
  variables: {
    readonly values: ReadonlyMap<string, string>;
    readonly style: PlaceholderStyle | undefined;
    /** Of the values, the variables that the user wrote one by one. */
    readonly listed?: readonly string[];
  },
  names: StepNames,
): ServiceDefinition {
  const { name } = template;
  const filled = substitute(template.value, variables.values, { style: variables.style, schema: SERVICE_DEFINITION });
  const given = coerce(filled.value as JsonObject, SERVICE_DEFINITION);
  const { mistakes: unfilled, suspects } = judgeForeign(filled.foreign, {
    where: 'file',
    listed: variables.listed ?? [],
    others: [...variables.values.keys()],
    asked: filled.names,
    ownOf: () => new Set(),
  });
  const left = new Set([...filled.mistakes, ...unfilled].map(({ subject }) => subject));
  const wrong = [
    ...ofTheStep(given, template, names),
    ...checkSchema(given, SERVICE_DEFINITION).filter(({ subject }) => !left.has(subject)),
  ];
  const mistakes = [
    ...template.mistakes,
    ...filled.mistakes,
    ...unfilled,
    ...wrong.map((mistake) => withHint(mistake)),
    // Rules look at values of the right type.
    ...(wrong.length + left.size === 0 ? definitionRules(given) : []),
  ];
  if (mistakes.length > 0) throw invalidDefinition(name, mistakes);
  const { serviceName: _, cluster: __, tags, desiredCount, ...settings } = given;
  return {
    name,
    settings,
    placeholders: [...filled.names],
    suspects,
    tags: asObjects(tags).map(({ key, value }) => ({ key: textOf(key), value: textOf(value) })),
    ...(typeof desiredCount === 'number' ? { desiredCount } : {}),
  };
}

/** All mistakes of the file in one failure. */
export function invalidDefinition(name: string, mistakes: readonly Mistake[]): Failure {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  return new Failure('INVALID_INPUT', `The service definition ${name} has ${count}; nothing was changed.`, {
    mistakes,
    remedy: `Correct ${name}. Its members are those of CreateService: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html`,
  });
}

/** Members whose value is the step's. */
function ofTheStep(given: JsonObject, { exported }: ServiceTemplate, { cluster, service }: StepNames): Mistake[] {
  const mistakes: Mistake[] = [];
  const last = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  const { serviceName, cluster: itsCluster } = given;
  if (given.taskDefinition !== undefined && !exported)
    mistakes.push({
      subject: 'taskDefinition',
      problem: 'is what this step registers.',
      remedy: 'Remove it; the input `task-definition` names the file that it is made from.',
    });
  if (given.clientToken !== undefined)
    mistakes.push({ subject: 'clientToken', problem: 'is made by this step for each run.', remedy: 'Remove it.' });
  if (typeof serviceName === 'string' && serviceName !== service)
    mistakes.push({
      subject: 'serviceName',
      problem: `is \`${serviceName}\`, but the input \`service\` is \`${service}\`.`,
      remedy: 'Remove it, or correct one of the two.',
    });
  if (typeof itsCluster === 'string' && last(itsCluster) !== last(cluster))
    mistakes.push({
      subject: 'cluster',
      problem: `is \`${itsCluster}\`, but the step works in the cluster \`${cluster}\`.`,
      remedy: 'Remove it, or correct the input `cluster`.',
    });
  return mistakes;
}

/** Inputs of the step, and members of a task definition, that are easily taken for members of a service. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  family: 'It belongs to the task definition.',
  containerDefinitions: 'It belongs to the task definition.',
  networkMode: 'It belongs to the task definition.',
  executionRoleArn: 'It belongs to the task definition.',
  taskRoleArn: 'It belongs to the task definition.',
  service: 'The name of the service is the input `service`.',
  forceNewDeployment: 'It is the input `force-new-deployment`.',
  minimumHealthyPercent: 'It belongs into `deploymentConfiguration`.',
  maximumPercent: 'It belongs into `deploymentConfiguration`.',
  deploymentCircuitBreaker: 'It belongs into `deploymentConfiguration`.',
  subnets: 'It belongs into `networkConfiguration.awsvpcConfiguration`.',
  securityGroups: 'It belongs into `networkConfiguration.awsvpcConfiguration`.',
  assignPublicIp: 'It belongs into `networkConfiguration.awsvpcConfiguration`.',
};

function withHint(mistake: Mistake): Mistake {
  const hint = Object.hasOwn(ELSEWHERE, mistake.subject) ? ELSEWHERE[mistake.subject] : undefined;
  return hint !== undefined && mistake.problem.startsWith('is not a field') ? { ...mistake, remedy: hint } : mistake;
}
