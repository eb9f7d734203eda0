import type { Mistake } from '../failure.ts';
import { defined, isObject, type JsonObject } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { containersOf, textOf } from './template.ts';

/** Members of RegisterDaemonTaskDefinition, and of DaemonContainerDefinition (SDK). */
const TASK = [
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'containerDefinitions',
  'cpu',
  'memory',
  'volumes',
  'pidMode',
  'ipcMode',
];
const CONTAINER = [
  'name',
  'image',
  'memory',
  'memoryReservation',
  'repositoryCredentials',
  'healthCheck',
  'cpu',
  'essential',
  'entryPoint',
  'command',
  'workingDirectory',
  'environmentFiles',
  'environment',
  'secrets',
  'readonlyRootFilesystem',
  'mountPoints',
  'logConfiguration',
  'firelensConfiguration',
  'privileged',
  'user',
  'ulimits',
  'linuxParameters',
  'dependsOn',
  'startTimeout',
  'stopTimeout',
  'systemControls',
  'interactive',
  'pseudoTerminal',
  'restartPolicy',
];

/** What RegisterDaemonTaskDefinition does not take, with the way to write it. */
export function daemonMistakes(definition: JsonObject): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const unknown = (given: JsonObject, known: readonly string[], where: string): void => {
    for (const name of Object.keys(given))
      if (!known.includes(name)) {
        const meant = didYouMean(name, known);
        mistakes.push({
          subject: where === '' ? name : `${where}.${name}`,
          problem: 'is not a member of a daemon task definition.',
          remedy: meant ? `Did you mean \`${meant}\`?` : 'Remove it.',
        });
      }
  };
  unknown(definition, TASK, '');
  const wrong = (subject: string, problem: string, remedy?: string): void =>
    void mistakes.push({ subject, problem, ...defined({ remedy }) });
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(textOf(definition.family)))
    wrong('family', 'is missing or not right.', 'Write up to 255 letters, digits, `_` or `-`.');
  const containers = containersOf(definition);
  if (containers.length === 0) wrong('containerDefinitions', 'is missing or empty.');
  for (const [i, container] of containers.entries()) {
    const name = textOf(container.name);
    const where = `containerDefinitions[${i}]`;
    unknown(container, CONTAINER, where);
    if (textOf(container.image) === '') wrong(`${where}.image`, `of the container \`${name}\` is missing.`);
  }
  if (definition.volumes !== undefined && !(Array.isArray(definition.volumes) && definition.volumes.every(isObject)))
    wrong('volumes', 'is not a list of volumes.');
  return mistakes;
}
