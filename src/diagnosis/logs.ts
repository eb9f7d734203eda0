import { isObject, type TaskDefinition } from '../model.ts';

type LogLocation =
  | { readonly driver: 'awslogs'; readonly region: string; readonly group: string; readonly stream: string }
  /** Nothing keeps its output. */
  | { readonly driver: 'none'; readonly hint: string }
  /** Not readable from here; the hint says where to look. */
  | { readonly driver: 'other'; readonly name: string; readonly hint: string };

/**
 * Where a container's log is: for awslogs the stream `prefix/container/task`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
export function logLocation(definition: TaskDefinition, container: string, taskId: string): LogLocation {
  const found = definition.containerDefinitions.find(({ name }) => name === container);
  const log = isObject(found?.logConfiguration) ? found.logConfiguration : undefined;
  const options = isObject(log?.options) ? log.options : {};
  const prefix = options['awslogs-stream-prefix'];
  if (log?.logDriver === 'awslogs' && typeof prefix === 'string') {
    const group = String(options['awslogs-group'] ?? '');
    return {
      driver: 'awslogs',
      group,
      region: String(options['awslogs-region'] ?? ''),
      stream: `${prefix}/${container}/${taskId}`,
    };
  }
  if (!log)
    return {
      driver: 'none',
      hint: `The container ${container} has no logConfiguration, so its output cannot be read.`,
    };
  const name = String(log.logDriver);
  return {
    driver: 'other',
    name,
    hint: `The container ${container} logs through ${name}: look there for task ${taskId}.`,
  };
}
