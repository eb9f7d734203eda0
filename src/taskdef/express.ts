/** What an Express Mode service takes of a task definition. */
import type { Mistake } from '../failure.ts';
import { asObjects, isObject, type Json, type JsonObject, type TaskDefinition } from '../model.ts';
import { textOf } from './template.ts';

/** The container that gets the requests. SDK, CreateExpressGatewayServiceRequest: "The task definition must have a container named Main". */
export const MAIN = 'Main';

/**
 * What of a revision an Express Mode service does not take. SDK, UpdateExpressGatewayServiceRequest: "a container named Main with a single
 * TCP port mapping that includes a container port and port name. The task definition must also have FARGATE compatibility."
 */
export function revisionMistakes(definition: TaskDefinition): readonly Mistake[] {
  const main = definition.containerDefinitions.find(({ name }) => name === MAIN);
  const mistakes: Mistake[] = [];
  if (!main) {
    const names = definition.containerDefinitions.map(({ name }) => `\`${textOf(name)}\``).join(', ');
    mistakes.push({
      subject: 'containerDefinitions',
      problem: `has ${names}, and an Express Mode service sends requests to a container \`${MAIN}\`.`,
      remedy: `Name the container that listens \`${MAIN}\`; the others may have any name.`,
    });
  }
  const ports = asObjects(main?.portMappings as Json | undefined);
  const [port] = ports;
  const fits = ports.length === 1 && (textOf(port?.protocol) || 'tcp') === 'tcp' && textOf(port?.name) !== '';
  if (main && !fits)
    mistakes.push({
      subject: `containerDefinitions (${MAIN}).portMappings`,
      problem: 'must be one TCP port with a name for an Express Mode service.',
      remedy: 'Write `"portMappings": [{ "containerPort": 8080, "name": "main", "protocol": "tcp" }]`.',
    });
  const compatibilities = definition.requiresCompatibilities;
  if (!Array.isArray(compatibilities) || !compatibilities.includes('FARGATE'))
    mistakes.push({
      subject: 'requiresCompatibilities',
      problem: 'does not have FARGATE, where tasks of an Express Mode service run.',
      remedy: 'Write `"requiresCompatibilities": ["FARGATE"]`, `"networkMode": "awsvpc"`, `cpu` and `memory`.',
    });
  return mistakes;
}

/** Members of CreateExpressGatewayService for a definition that ECS registers itself, but its size: only what was set. */
export function primaryContainerOf({
  containerDefinitions: [main],
  executionRoleArn,
  taskRoleArn,
}: TaskDefinition): JsonObject {
  if (!main) return {};
  const { image, portMappings, environment, secrets, command, repositoryCredentials, logConfiguration } = main;
  const [port] = asObjects(portMappings as Json | undefined);
  const options = isObject(logConfiguration as Json) ? (logConfiguration as JsonObject).options : undefined;
  const logs = options !== undefined && isObject(options) ? options : {};
  const logGroup = logs['awslogs-group'];
  const given = {
    image,
    containerPort: port?.containerPort,
    environment,
    secrets,
    command,
    repositoryCredentials,
    // "The default for an Express service is ecs": ExpressGatewayServiceAwsLogsConfiguration, which needs both.
    awsLogsConfiguration:
      logGroup === undefined ? undefined : { logGroup, logStreamPrefix: logs['awslogs-stream-prefix'] ?? 'ecs' },
  };
  return JSON.parse(JSON.stringify({ primaryContainer: given, executionRoleArn, taskRoleArn })) as JsonObject;
}
