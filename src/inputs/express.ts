/** Inputs of Express Mode services, with the names that aws-actions/amazon-ecs-deploy-express-service has. */
import { defined } from '../model.ts';
import { SECTIONS } from './known.ts';
import type { Reader } from './reader.ts';
import type { ContainerEdits, ExpressInputs, ExpressScaling, Pairs } from './types.ts';

const ROLE = {
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
  expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name`',
};
const PATH = {
  pattern: /^\/\S*$/,
  expected: 'a path that begins with `/`, such as `/health`; a query may follow it',
};
const SUBNET = { pattern: /^subnet-[0-9a-z-]+$/, expected: 'ids of subnets, such as `subnet-0123456789abcdef0`' };
const GROUP = { pattern: /^sg-[0-9a-z-]+$/, expected: 'ids of security groups, such as `sg-0123456789abcdef0`' };
const SECRET = {
  pattern: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/,
  expected: 'the ARN of a secret, `arn:aws:secretsmanager:REGION:ACCOUNT:secret:name`',
};

/** Those that mean nothing for a service of another kind. */
const OF_EXPRESS = SECTIONS.express.filter((name) => name !== 'express');

/** What the inputs want of an Express Mode service; undefined where they say nothing of one. */
export function readExpress(reader: Reader): ExpressInputs | undefined {
  const asked = reader.boolean('express');
  const infrastructureRoleArn = reader.shaped('infrastructure-role-arn', ROLE);
  const names = OF_EXPRESS.filter((name) => reader.isSet(name));
  const healthCheckPath = reader.shaped('health-check-path', PATH);
  const subnets = readIds(reader, 'subnets', SUBNET);
  const securityGroups = readIds(reader, 'security-groups', GROUP);
  const scaling = readExpressScaling(reader);
  const tags = readExpressTags(reader);
  const onlyTheseTags = reader.boolean('mutate-tags-on-update') ?? false;
  if (onlyTheseTags && tags.length === 0 && reader.mistakes.length === 0)
    reader.mistake(
      'mutate-tags-on-update',
      'removes the tags that are not listed, and `express-tags` lists none.',
      'List the tags that stay in `express-tags`, or remove it.',
    );
  if (asked === undefined && names.length === 0) return undefined;
  const [first] = names;
  if (asked === false && first !== undefined)
    reader.mistake(first, 'is for an Express Mode service, and `express` is `false`.', 'Remove one of the two.');
  return {
    create: asked ?? reader.raw('infrastructure-role-arn') !== undefined,
    names: asked === true ? ['express', ...names] : names,
    tags,
    onlyTheseTags,
    ...defined({ infrastructureRoleArn, healthCheckPath, subnets, securityGroups, scaling }),
  };
}

function readIds(
  reader: Reader,
  name: 'subnets' | 'security-groups',
  shape: typeof SUBNET,
): readonly string[] | undefined {
  if (reader.raw(name) === undefined) return undefined;
  return reader.list(name).filter((id) => reader.checkShape(name, id, shape));
}

/** Members of ExpressGatewayScalingTarget. */
function readExpressScaling(reader: Reader): ExpressScaling | undefined {
  const count = { min: 0, max: 100_000, unit: 'a number of tasks' };
  const minTaskCount = reader.integer('min-task-count', count);
  const maxTaskCount = reader.integer('max-task-count', count);
  if (minTaskCount !== undefined && maxTaskCount !== undefined && minTaskCount > maxTaskCount)
    reader.mistake('min-task-count', `is ${minTaskCount}, and \`max-task-count\` is ${maxTaskCount}.`, 'Swap them.');
  const autoScalingMetric = reader.choice('auto-scaling-metric', [
    'AVERAGE_CPU',
    'AVERAGE_MEMORY',
    'REQUEST_COUNT_PER_TARGET',
  ]);
  const autoScalingTargetValue = reader.integer('auto-scaling-target-value', {
    min: 1,
    max: 1_000_000,
    unit: 'a percentage, or a number of requests',
  });
  const scaling = defined({ minTaskCount, maxTaskCount, autoScalingMetric, autoScalingTargetValue });
  return Object.keys(scaling).length > 0 ? scaling : undefined;
}

function readExpressTags(reader: Reader): Pairs {
  const tags = reader.pairs('express-tags');
  if (tags.length > 50) reader.mistake('express-tags', `lists ${tags.length} tags.`, 'A service takes at most 50.');
  for (const [key, value] of tags) {
    if (key.length > 128 || value.length > 256)
      reader.mistake(
        'express-tags',
        `the tag \`${key.slice(0, 40)}\` is too long.`,
        'A key has at most 128 characters, a value 256.',
      );
    else if (/^aws:/i.test(key))
      reader.mistake(
        'express-tags',
        `\`${key}\` begins with \`aws:\`, which AWS keeps for itself.`,
        'Choose another key.',
      );
  }
  return tags;
}

/** What of these inputs stands in the container. */
export function readExpressEdits(
  reader: Reader,
): Pick<ContainerEdits, 'containerPort' | 'repositoryCredentials'> & { readonly logOptions: Pairs } {
  const port = reader.integer('container-port', { min: 1, max: 65_535, unit: 'a port' });
  const group = reader.text('log-group');
  const prefix = reader.text('log-stream-prefix');
  const options = { 'awslogs-group': group, 'awslogs-stream-prefix': prefix };
  const logOptions = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    // The driver needs it; in a definition that ECS makes it is there already.
    logOptions: group === undefined ? logOptions : [...logOptions, ['awslogs-region', '${AWS_REGION}']],
    ...defined({
      containerPort: port === undefined ? undefined : String(port),
      repositoryCredentials: reader.shaped('repository-credentials', SECRET),
    }),
  };
}
