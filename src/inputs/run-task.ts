import { defined, isObject, type JsonObject } from '../model.ts';
import { plainSecrets, plainSecretsWarning } from '../plain-secrets.ts';
import { didYouMean } from '../spelling.ts';
import { ROLE_ARN } from './deploy-tasks.ts';
import type { InputName } from './known.ts';
import { meaning, quoteAll, type Reader, type Shape, shorten } from './reader.ts';
import type { Pairs, TaskInputs, TaskOnlyInputs, TemplateInputs, WatchInputs } from './types.ts';

const SUBNET: Shape = { pattern: /^subnet-[0-9a-zA-Z]+$/, expected: 'ids such as `subnet-0a1b2c3d`' };
const GROUP: Shape = { pattern: /^sg-[0-9a-zA-Z]+$/, expected: 'ids such as `sg-0a1b2c3d`' };
/** "Up to 128 letters (uppercase and lowercase), numbers, hyphens (-), forward slash (/), and underscores (_) are allowed" (API_RunTask). */
const STARTED_BY: Shape = {
  pattern: /^[A-Za-z0-9_/-]{1,128}$/,
  expected: 'up to 128 letters, digits, `-`, `_` or `/`',
};

/**
 * `mode: task`, by the inputs of aws-actions/amazon-ecs-deploy-task-definition. `command` and `environment-variables` are the task's
 * own: the revision stays as the service or another task has it. So are its roles and sizes where it starts from a revision: registered,
 * they would be those of the family's latest revision, which a service may deploy next.
 */
export function readRunTask(
  reader: Reader,
  { template, watch }: { readonly template: TemplateInputs; readonly watch: WatchInputs },
): Pick<TaskOnlyInputs, 'task' | 'wait'> {
  const overrides = readOverrides(reader);
  const names = overrides.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const launchType = reader.choice('run-task-launch-type', ['FARGATE', 'EC2', 'EXTERNAL']);
  const capacityProviders = readJson(reader, 'run-task-capacity-provider-strategy', 'list');
  if (launchType !== undefined && capacityProviders.length > 0)
    reader.mistake(
      'run-task-launch-type',
      'and `run-task-capacity-provider-strategy` exclude each other.',
      'Keep one of the two.',
    );
  if (!hasFile(template))
    for (const name of ['task-role-arn', 'execution-role-arn'] as const) reader.shaped(name, ROLE_ARN);
  const container = template.containerName ?? (names.length === 1 ? names[0] : undefined);
  const volumes = readVolume(reader);
  const task: TaskInputs = {
    name: container ?? 'task',
    environment: template.edits.environmentVariables,
    capacityProviders,
    timeoutSeconds: watch.timeoutSeconds,
    retries: 0,
    tags: readTags(reader),
    containerOverrides: overrides,
    network: {
      subnets: readIds(reader, 'run-task-subnets', SUBNET),
      securityGroups: readIds(reader, 'run-task-security-groups', GROUP),
      ...defined({ assignPublicIp: readPublicIp(reader) }),
    },
    ...defined({
      container,
      command: template.edits.command,
      launchType,
      platformVersion: reader.text('platform-version'),
      startedBy: reader.shaped('run-task-started-by', STARTED_BY),
      volumeConfigurations: volumes,
      ...(hasFile(template) ? {} : sizesAndRoles(template)),
    }),
  };
  return { task, wait: reader.boolean('wait-for-task-stopped') ?? true };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html */
const OVERRIDE_MEMBERS = [
  'name',
  'command',
  'environment',
  'environmentFiles',
  'cpu',
  'memory',
  'memoryReservation',
  'resourceRequirements',
];

function readOverrides(reader: Reader): readonly JsonObject[] {
  const input = 'run-task-container-overrides';
  const overrides = readJson(reader, input, 'list');
  if (overrides.some(({ name }) => typeof name !== 'string'))
    reader.mistake(input, 'has an item without `name`.', 'Name the container of each item.');
  const unknown = new Set(
    overrides.flatMap((one) => Object.keys(one)).filter((key) => !OVERRIDE_MEMBERS.includes(key)),
  );
  for (const key of unknown) {
    const meant = key === 'secrets' ? undefined : didYouMean(key, OVERRIDE_MEMBERS);
    let remedy = `RunTask takes ${quoteAll(OVERRIDE_MEMBERS)}.`;
    if (meant !== undefined) remedy = meaning(meant);
    if (key === 'secrets') remedy = 'Use the input `secrets`, or `secrets` of the container in the task definition.';
    reader.mistake(input, `has \`${shorten(key)}\`, which RunTask does not take in an override.`, remedy);
  }
  const variables = overrides.flatMap(({ environment }) =>
    (Array.isArray(environment) ? environment : []).flatMap((one): [string, string][] =>
      isObject(one) && typeof one.name === 'string' && typeof one.value === 'string' ? [[one.name, one.value]] : [],
    ),
  );
  const secrets = plainSecrets(variables);
  if (secrets.length > 0) reader.warnings.push(plainSecretsWarning(secrets, { subject: input, of: 'override' }));
  return overrides;
}

/** The template without what the task has as overrides. */
export function withoutOverrides(template: TemplateInputs): TemplateInputs {
  const { command: _, ...edits } = template.edits;
  const own = { ...template, edits: { ...edits, environmentVariables: [] } };
  if (hasFile(template)) return own;
  const { cpu: __, memory: ___, taskRoleArn: ____, executionRoleArn: _____, ...revision } = own;
  return revision;
}

const hasFile = ({ source }: TemplateInputs): boolean => source.kind === 'file';

const sizesAndRoles = ({ cpu, memory, taskRoleArn, executionRoleArn }: TemplateInputs) => ({
  cpu,
  memory,
  taskRoleArn,
  executionRoleArn,
});

/** ENABLED and DISABLED, as ECS has it; booleans as well. */
function readPublicIp(reader: Reader): boolean | undefined {
  const choice = reader.choice('run-task-assign-public-ip', ['ENABLED', 'DISABLED', 'true', 'false']);
  return choice === undefined ? undefined : choice === 'ENABLED' || choice === 'true';
}

function readIds(reader: Reader, name: InputName, shape: Shape): readonly string[] {
  return reader.list(name).filter((id) => reader.checkShape(name, id, shape));
}

/** A JSON list of objects; values are never quoted. */
function readJson(reader: Reader, name: InputName, kind: 'list' | 'object'): readonly JsonObject[] {
  const text = reader.raw(name);
  if (text === undefined) return [];
  const example = kind === 'list' ? 'a JSON list of objects, `[{...}]`' : 'a JSON object, `{...}`';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    reader.mistake(name, 'is not valid JSON.', `Write ${example}, in the fields of the ECS API.`);
    return [];
  }
  const items = (kind === 'list' ? parsed : [parsed]) as unknown;
  if (Array.isArray(items) && items.every((item): item is JsonObject => isObject(item))) return items;
  reader.mistake(name, `is not ${example}.`, `Write ${example}, in the fields of the ECS API.`);
  return [];
}

/** `[{"key": "team", "value": "web"}]`, as the ECS API has it. */
function readTags(reader: Reader): Pairs {
  return readJson(reader, 'run-task-tags', 'list').flatMap(({ key, value = '' }): [string, string][] => {
    if (typeof key === 'string' && typeof value === 'string' && !/^aws:/i.test(key)) return [[key, value]];
    reader.mistake('run-task-tags', 'has an item that is not a tag.', 'Write `[{"key": "team", "value": "web"}]`.');
    return [];
  });
}

function readVolume(reader: Reader): readonly JsonObject[] | undefined {
  const name = reader.text('run-task-managed-ebs-volume-name');
  const [managedEBSVolume] = readJson(reader, 'run-task-managed-ebs-volume', 'object');
  if (name === undefined && managedEBSVolume === undefined) return undefined;
  if (name === undefined || managedEBSVolume === undefined) {
    reader.mistake(
      'run-task-managed-ebs-volume',
      'and `run-task-managed-ebs-volume-name` belong together, and one of them is missing.',
      'Give both: the name of the volume in the task definition, and its settings as JSON with `roleArn`.',
    );
    return undefined;
  }
  return [{ name, managedEBSVolume }];
}
