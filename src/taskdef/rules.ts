import type { Mistake } from '../failure.ts';
import type { JsonObject, Tags } from '../world.ts';
import { checkContainer, NAME, type Say } from './container-rules.ts';
import { cpuUnits, memoryMib } from './fargate.ts';
import { asObjects, asStrings, containersOf, isObject } from './template.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_CONTAINERS = 10;
const MAX_BYTES = 64 * 1024;
const MAX_TAGS = 50;

/**
 * What RegisterTaskDefinition refuses beyond its service model, for any launch type.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function checkRules(definition: JsonObject, tags: Tags): Mistake[] {
  const mistakes: Mistake[] = [];
  const say: Say = (subject, problem, remedy) =>
    void mistakes.push({ subject, problem, ...(remedy ? { remedy } : {}) });
  checkTask(definition, say);
  checkTags(tags, say);
  const containers = containersOf(definition);
  checkSet(definition, containers, say);
  for (const [i, container] of containers.entries()) {
    checkContainer(container, `containerDefinitions[${i}]`, definition, say);
  }
  return mistakes;
}

function checkTask(definition: JsonObject, say: Say): void {
  const { family, cpu, memory } = definition;
  if (typeof family === 'string' && !NAME.test(family)) {
    say('family', `\`${family}\` cannot be a family.`, 'Use up to 255 letters, digits, hyphens and underscores.');
  }
  if (typeof cpu === 'string' && cpuUnits(cpu) === undefined) {
    say('cpu', `\`${cpu}\` is no CPU size.`, 'Write CPU units ("256") or vCPUs ("0.25 vCPU").');
  }
  if (typeof memory === 'string' && memoryMib(memory) === undefined) {
    say('memory', `\`${memory}\` is no memory size.`, 'Write MiB ("512") or GB ("0.5 GB").');
  }
  for (const field of ['taskRoleArn', 'executionRoleArn']) {
    const role = definition[field];
    // A bare role name is accepted as well as an ARN.
    if (typeof role === 'string' && !/^(arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/.test(role)) {
      say(field, `\`${role}\` is no role.`, 'Give its ARN, such as arn:aws:iam::123456789012:role/NAME.');
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > MAX_BYTES) {
    say(
      'task definition',
      `has ${bytes} bytes; ECS takes ${MAX_BYTES}.`,
      'Move environment variables to env files or SSM parameters.',
    );
  }
  const proxy = isObject(definition.proxyConfiguration) ? definition.proxyConfiguration : undefined;
  if (proxy && definition.networkMode !== 'awsvpc') {
    say('proxyConfiguration', 'needs the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
  }
  if (asStrings(definition.requiresCompatibilities).includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
    say('networkMode', 'External instances do not support awsvpc.', 'Use bridge, host or none.');
  }
}

function checkTags(tags: Tags, say: Say): void {
  if (tags.length > MAX_TAGS) say('tags', `${tags.length} tags are more than the ${MAX_TAGS} that ECS takes.`);
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128)
      say('tags', `the key \`${key.slice(0, 40)}\` must have 1 to 128 characters.`);
    if (value.length > 256) say('tags', `the value of \`${key}\` has more than 256 characters.`);
    if (/^aws:/i.test(key)) say('tags', `\`${key}\`: keys that begin with aws: belong to AWS.`, 'Choose another key.');
  }
}

function checkSet(definition: JsonObject, containers: readonly JsonObject[], say: Say): void {
  if (!Array.isArray(definition.containerDefinitions)) return;
  if (containers.length === 0) {
    say('containerDefinitions', 'is empty: a task needs at least one container.');
    return;
  }
  if (containers.length > MAX_CONTAINERS) {
    say('containerDefinitions', `${containers.length} containers are more than the ${MAX_CONTAINERS} that ECS takes.`);
  }
  if (containers.every(({ essential }) => essential === false)) {
    say('containerDefinitions', 'has no essential container.', 'Leave out `"essential": false` on the main one.');
  }
  const repeated = (names: readonly string[]): string[] => [
    ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
  ];
  for (const name of repeated(containers.map(({ name }) => String(name)))) {
    say('containerDefinitions', `two containers are called \`${name}\`.`, 'Give each its own name.');
  }
  for (const name of repeated(asObjects(definition.volumes).map(({ name }) => String(name)))) {
    say('volumes', `two volumes are called \`${name}\`.`, 'Give each its own name.');
  }
  if (containers.filter(({ firelensConfiguration }) => firelensConfiguration !== undefined).length > 1) {
    say('containerDefinitions', 'has more than one FireLens container.', 'Keep one `firelensConfiguration`.');
  }
}
