import {
  ApiException,
  type CallContext,
  type Input,
  limited,
  type Operations,
  page,
  strings,
} from '../../wire/service.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import { CONTAINER_RULES } from './container-rules.ts';
import { FARGATE_RULES } from './fargate-rules.ts';
import { parseArn } from './identifiers.ts';
import { type Definition, type Rule, refuse } from './rule.ts';
import { TAG_RULES, TASK_RULES, VOLUME_RULES } from './task-rules.ts';

export const taskDefinitionOperations = (store: TaskDefinitions): Operations => ({
  RegisterTaskDefinition: (input, context) => {
    const definition = withoutNulls(input) as Definition;
    refuse(
      definition.requiresCompatibilities?.includes('FARGATE') ? [...RULES, ...FARGATE_RULES] : RULES,
      definition,
      'ClientException',
    );
    refuseForeignRoles(definition, context);
    return store.register(definition as unknown as Input, compatibilitiesOf(definition), context);
  },
  DescribeTaskDefinition: ({ taskDefinition, include }, context) => {
    parseArn(taskDefinition, context);
    const { definition, tags } = store.find(String(taskDefinition));
    return { taskDefinition: definition, ...(strings(include).includes('TAGS') ? { tags } : {}) };
  },
  DeregisterTaskDefinition: ({ taskDefinition }, context) => {
    parseArn(taskDefinition, context);
    return store.deregister(String(taskDefinition));
  },
  DeleteTaskDefinitions: ({ taskDefinitions }) => store.delete(limited(taskDefinitions, 10, 'Task definitions')),
  ListTaskDefinitions: (input) => {
    const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
    const family = familyPrefix === undefined ? undefined : String(familyPrefix);
    const [taskDefinitionArns, next] = page(store.list(family, String(status), String(sort)), input, { usual: 100 });
    return { taskDefinitionArns, ...next };
  },
  ListTaskDefinitionFamilies: (input) => {
    const { familyPrefix = '', status = 'ALL' } = input;
    const [families, next] = page(store.families(String(familyPrefix), String(status)), input, { usual: 100 });
    return { families, ...next };
  },
});

/** A member that is null is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html: a role can be passed in its own account only. */
function refuseForeignRoles({ taskRoleArn, executionRoleArn }: Definition, { accountId }: CallContext): void {
  for (const role of [taskRoleArn, executionRoleArn]) {
    const owner = /^arn:[\w-]+:iam::(\d{12}):/.exec(role ?? '')?.[1] ?? accountId;
    if (owner !== accountId) throw new ApiException('AccessDeniedException', 'Cross-account pass role is not allowed.');
  }
}

/** What RegisterTaskDefinition refuses whatever the launch type, in the order in which it is looked at. */
const RULES: readonly Rule[] = [...TAG_RULES, ...TASK_RULES, ...VOLUME_RULES, ...CONTAINER_RULES];

/**
 * "Amazon ECS validates the task definition parameters with those supported by the launch type": what they all are, asked
 * for or not. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
function compatibilitiesOf(definition: Definition): string[] {
  const { networkMode, requiresCompatibilities: asked = [] } = definition;
  return [
    ...(networkMode === 'awsvpc' ? [] : ['EXTERNAL']),
    'EC2',
    ...(asked.includes('MANAGED_INSTANCES') ? ['MANAGED_INSTANCES'] : []),
    ...(FARGATE_RULES.every(({ breach }) => breach(definition) === undefined) ? ['FARGATE'] : []),
  ];
}
