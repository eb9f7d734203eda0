import type { JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import type { Say } from './say.ts';
import { asObjects, isObject, textOf } from './template.ts';

/** ECS names them when they lack: "Log driver awslogs requires options: awslogs-group". */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['awslogs', ['awslogs-group', 'awslogs-region']],
  ['splunk', ['splunk-url', 'splunk-token']],
]);

/**
 * Options of awslogs, by the API reference of LogConfiguration and Docker's own. ECS refuses others ("Log driver awslogs
 * disallows options: log_key").
 */
const AWSLOGS: readonly string[] = [
  'awslogs-create-group',
  'awslogs-create-stream',
  'awslogs-credentials-endpoint',
  'awslogs-datetime-format',
  'awslogs-endpoint',
  'awslogs-force-flush-interval-seconds',
  'awslogs-format',
  'awslogs-group',
  'awslogs-max-buffered-events',
  'awslogs-multiline-pattern',
  'awslogs-region',
  'awslogs-stream',
  'awslogs-stream-prefix',
  'max-buffer-size',
  'mode',
  'tag',
];

/** A container's log driver and what it needs. Options' values are never shown: they may be tokens. */
export function checkLogging(container: JsonObject, path: string, containers: readonly JsonObject[], say: Say): void {
  const log = isObject(container.logConfiguration) ? container.logConfiguration : undefined;
  if (!log) return;
  const options = isObject(log.options) ? log.options : {};
  const driver = textOf(log.logDriver);
  const given = [...Object.keys(options), ...asObjects(log.secretOptions).map(({ name }) => textOf(name))];
  const at = (option: string): string => `${path}.logConfiguration.options.${option}`;
  for (const option of REQUIRED.get(driver) ?? []) {
    if (!given.includes(option)) say(at(option), `is missing, and the log driver ${driver} requires it.`);
  }
  for (const option of driver === 'awslogs' ? Object.keys(options) : []) {
    if (AWSLOGS.includes(option)) continue;
    const meant = didYouMean(option, AWSLOGS);
    say(at(option), 'is no option of the log driver awslogs.', meant ? `Did you mean \`${meant}\`?` : 'Remove it.');
  }
  if (options['awslogs-datetime-format'] !== undefined && options['awslogs-multiline-pattern'] !== undefined) {
    say(at('awslogs-multiline-pattern'), 'and awslogs-datetime-format exclude each other.', 'Keep one of them.');
  }
  if (driver === 'awsfirelens' && !containers.some(isRouter)) {
    say(
      `${path}.logConfiguration`,
      'awsfirelens needs a container with a `firelensConfiguration` in the task.',
      'Add the FireLens router container.',
    );
  }
}

const isRouter = ({ firelensConfiguration }: JsonObject): boolean => firelensConfiguration !== undefined;

/**
 * ECS refuses a router that nobody sends to: "When a firelensConfiguration object is specified, at least one container
 * has to be configured with the awsfirelens log driver."
 */
export function checkRouters(containers: readonly JsonObject[], say: Say): void {
  const routers = containers.filter(isRouter);
  if (routers.length > 1) {
    say('containerDefinitions', 'has more than one FireLens container.', 'Keep one `firelensConfiguration`.');
  }
  const senders = containers.filter(
    ({ logConfiguration }) => isObject(logConfiguration) && logConfiguration.logDriver === 'awsfirelens',
  );
  if (routers.length > 0 && senders.length === 0) {
    say(
      'containerDefinitions',
      `\`${textOf(routers[0]?.name)}\` is a FireLens router, but no container has the log driver awsfirelens.`,
      'Give a container `"logConfiguration": {"logDriver": "awsfirelens"}`, or remove `firelensConfiguration`.',
    );
  }
}
