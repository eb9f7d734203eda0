/** Express Mode services: what is refused, and how one that does not exist is reported. Nothing is created: a load balancer costs. */
import type { Input, Scope } from '../account.ts';
import { api, call, type Row } from '../row.ts';
import { fargate, IMAGES, register } from '../world.ts';

/** The pages do not say which of them it is. */
const INVALID = { refused: ['InvalidParameterException', 'ClientException'] } as const;
const UNKNOWN = {
  refused: ['InvalidParameterException', 'ResourceNotFoundException', 'ServiceNotFoundException', 'ClientException'],
} as const;
const PORT = [{ containerPort: 8080, name: 'main' }];

const serviceArn = async (scope: Scope): Promise<string> => {
  const { Account } = await scope.need('sts:GetCallerIdentity', {});
  return `arn:aws:ecs:${scope.endpoint.region}:${Account}:service/default/${scope.name}`;
};
const creation = (scope: Scope, more: Input): Input => ({
  serviceName: scope.name,
  infrastructureRoleArn: scope.output('ExecutionRole'),
  ...more,
});
const container = { image: IMAGES.good.image };

export const EXPRESS_ROWS: readonly Row[] = [
  call({
    id: 'ecs/express/describe-unknown',
    rule: 'An Express Mode service that does not exist is an error, not a failure in the answer.',
    page: api('DescribeExpressGatewayService'),
    operation: 'ecs:DescribeExpressGatewayService',
    before: serviceArn,
    request: (_, arn) => ({ serviceArn: arn }),
    documented: UNKNOWN,
  }),
  call({
    id: 'ecs/express/update-unknown',
    rule: 'Only an Express Mode service that exists is updated.',
    page: api('UpdateExpressGatewayService'),
    operation: 'ecs:UpdateExpressGatewayService',
    before: serviceArn,
    request: (_, arn) => ({ serviceArn: arn, primaryContainer: container }),
    documented: UNKNOWN,
  }),
  call({
    id: 'ecs/express/delete-unknown',
    rule: 'Only an Express Mode service that exists is deleted.',
    page: api('DeleteExpressGatewayService'),
    operation: 'ecs:DeleteExpressGatewayService',
    before: serviceArn,
    request: (_, arn) => ({ serviceArn: arn }),
    documented: UNKNOWN,
  }),
  call({
    id: 'ecs/express/container-and-definition',
    rule: 'A task definition goes without a primary container: "you cannot also specify primaryContainer".',
    page: api('CreateExpressGatewayService'),
    needs: ['ExecutionRole'],
    operation: 'ecs:CreateExpressGatewayService',
    before: (scope) =>
      register(
        scope,
        fargate(scope.name, 'good', { containerDefinitions: [{ name: 'Main', portMappings: PORT, ...IMAGES.good }] }),
      ),
    request: (scope, taskDefinitionArn) => creation(scope, { taskDefinitionArn, primaryContainer: container }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/express/no-main-container',
    rule: 'The task definition must have a container named Main.',
    page: api('CreateExpressGatewayService'),
    needs: ['ExecutionRole'],
    operation: 'ecs:CreateExpressGatewayService',
    before: (scope) => register(scope, fargate(scope.name)),
    request: (scope, taskDefinitionArn) => creation(scope, { taskDefinitionArn }),
    documented: INVALID,
  }),
  call({
    id: 'ecs/express/health-check-path',
    rule: 'The health check path must start with a forward slash.',
    page: api('CreateExpressGatewayService'),
    needs: ['ExecutionRole'],
    operation: 'ecs:CreateExpressGatewayService',
    request: (scope) =>
      creation(scope, {
        executionRoleArn: scope.output('ExecutionRole'),
        primaryContainer: container,
        healthCheckPath: 'health',
      }),
    documented: INVALID,
  }),
];
