/** The task definition of each service of a step: its file, or a small one that has what the inputs name. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyInputs, TemplateInputs } from '../../src/inputs/types.ts';
import { MAIN } from '../../src/taskdef/express.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import type { Target, TemplateText, Trial } from './trial.ts';

type Input = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);

/** The step needs a load balancer, and the file has nothing to put it in front of. */
export class NeedsPort extends Error {}

/**
 * The container behind a load balancer: the first one that has a port.
 * @param why what needs the load balancer
 * @throws an error that names the file, where no container has a port
 */
export function openPort(
  { containerDefinitions }: Input,
  { file, why }: { readonly file: string; readonly why: string },
): { readonly name: string; readonly port: number } {
  const open = list(containerDefinitions).find(({ portMappings }) => list(portMappings).length > 0);
  const port = list(open?.portMappings)[0]?.containerPort;
  if (!open || port === undefined)
    throw new NeedsPort(`${file}: no container has a port, and ${why} needs a load balancer in front of one.`);
  return { name: String(open.name), port: Number(port) };
}

/** Whether only a run on GitHub knows the name of the step's file. */
export const isFileMadeUp = ({ inputs, madeUp, taskDefinition, root }: Trial): boolean =>
  taskDefinition === undefined &&
  madeUp.has('task-definition') &&
  Boolean(inputs['task-definition']) &&
  !existsSync(join(root, inputs['task-definition'] ?? ''));

/** The first container of the step's file, where only a run on GitHub knows the name that the step has. */
export function containerInFile({ inputs, madeUp, taskDefinition, root }: Trial): string | undefined {
  const file = taskDefinition ?? inputs['task-definition'];
  if (!file || !madeUp.has('container-name')) return undefined;
  const path = taskDefinition ?? join(root, file);
  if (!existsSync(path)) return undefined;
  try {
    const names = list(definitionIn(readFileSync(path, 'utf8'), file).containerDefinitions).map(({ name }) =>
      String(name),
    );
    return names.includes(inputs['container-name'] ?? '') ? undefined : names[0];
  } catch {
    return undefined;
  }
}

const definitionIn = (text: string, file: string): Input =>
  (/\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseJson(text, file)) as Input;

/** @throws an error for a file that does not exist */
export function templateOf(inputs: AnyInputs | undefined, trial: Trial): TemplateText {
  const { root, taskDefinition: given } = trial;
  const template = inputs && 'template' in inputs ? inputs.template : undefined;
  // What an Express Mode service runs is ECS's own.
  const managed = isExpress(inputs) && template?.source.kind === 'service';
  if (given !== undefined && !managed) {
    const text = read(given, { shown: given });
    const ofFamily = template?.source.kind === 'family' || template?.source.kind === 'arn';
    // The step starts from a family, which the account has to have.
    return { file: given, text: ofFamily ? withFamily(text, familyOf(inputs, template)) : text };
  }
  const named = template?.source.kind === 'file' ? template.source.path : trial.inputs['task-definition'];
  if (named) {
    const text = read(join(root, named), { shown: named, workflow: trial.workflow });
    return { file: named, text: deployable(text, { file: named, template }) };
  }
  return { file: 'task-definition.json', text: smallDefinition(inputs, template) };
}

/**
 * The text of a file that the action can read.
 * @param shown the path as the user wrote it
 * @param workflow the file that names it; absent for `--task-definition`
 */
function read(
  path: string,
  { shown, workflow }: { readonly shown: string; readonly workflow?: string | undefined },
): string {
  const by = workflow === undefined ? '`--task-definition`' : `\`task-definition\` of ${workflow}`;
  if (!existsSync(path))
    throw new Error(
      `The task definition ${shown} does not exist: ${by} names ${path}. ${workflow === undefined ? 'Correct the path.' : 'Correct it there, or give another file: --task-definition FILE (an export of the one that runs, where a step of the job writes the file).'}`,
    );
  const text = readFileSync(path, 'utf8');
  try {
    if (/\.ya?ml$/i.test(shown)) parseYaml(text, shown);
    else parseJson(text, shown);
  } catch (thrown) {
    throw new Error(`${thrown instanceof Error ? thrown.message : String(thrown)}\nThe file is named by ${by}.`);
  }
  return text;
}

/** With `${IMAGE}` where the step puts an image in the place of a word that is none, such as REPLACE_ME: the service runs it already. */
function deployable(
  text: string,
  { file, template }: { readonly file: string; readonly template: TemplateInputs | undefined },
): string {
  const replaced = [template?.containerName, ...(template?.images ?? []).map(([name]) => name)];
  try {
    const definition = definitionIn(text, file);
    const containers = list(definition.containerDefinitions);
    const isReplaced = ({ name, image }: Input): boolean =>
      replaced.includes(String(name)) && !/^(?:[a-z\d]|\$\{)[\w./:@${}-]*$/.test(String(image ?? ''));
    if (!containers.some(isReplaced)) return text;
    const containerDefinitions = containers.map((one) => (isReplaced(one) ? { ...one, image: '${IMAGE}' } : one));
    return JSON.stringify({ ...definition, containerDefinitions });
  } catch {
    // The run itself reports what is wrong with it.
    return text;
  }
}

const withFamily = (text: string, family: string): string =>
  text.replace(/("?\bfamily"?\s*:\s*)"?[\w-]+"?/, (_, before: string) => `${before}"${family}"`);

const isExpress = (inputs: AnyInputs | undefined): boolean =>
  inputs !== undefined && 'service' in inputs && inputs.service.express !== undefined;

/** On Fargate, with the containers that the inputs name. */
export function smallDefinition(inputs: AnyInputs | undefined, template: TemplateInputs | undefined): string {
  const names = [
    ...(isExpress(inputs) ? [MAIN] : []),
    ...(template?.containerName === undefined ? [] : [template.containerName]),
    ...(template?.images ?? []).map(([name]) => name),
    ...(template?.containers ?? []).map(({ container }) => container),
    ...(inputs && 'tasks' in inputs ? [...inputs.tasks.before, ...inputs.tasks.after] : []).flatMap(
      ({ container }) => container ?? [],
    ),
    ...(inputs?.mode === 'task' ? [inputs.task.container ?? []].flat() : []),
  ];
  const [main = 'app', ...others] = [...new Set(names)];
  const family = familyOf(inputs, template);
  const container = (name: string, image: string, port: number): object => ({
    name,
    image,
    portMappings: [{ containerPort: port, ...(name === MAIN && isExpress(inputs) ? { name: 'main' } : {}) }],
    // As the console and Express Mode make one: without it, a failure could only be explained by its exit code.
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-region': '${AWS_REGION}', 'awslogs-stream-prefix': 'ecs' },
    },
  });
  return JSON.stringify({
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::${AWS_ACCOUNT_ID}:role/execution',
    containerDefinitions: [
      // The step changes it otherwise, and the service that is there sends its requests to the port before.
      container(main, '${IMAGE}', Number(template?.edits.containerPort ?? 8080)),
      ...others.map((name, i) =>
        container(name, `public.ecr.aws/docker/library/${name.toLowerCase()}:latest`, 8081 + i),
      ),
    ],
  });
}

/**
 * A task definition that ECS takes in the place of a file that it would refuse: its family, its containers with their ports, on Fargate. With it the
 * service begins, so that the run itself meets what is wrong with the file.
 */
export function soundDefinition({ inputs, template: { file, text } }: Target): TemplateText {
  const base = JSON.parse(smallDefinition(inputs, inputs && 'template' in inputs ? inputs.template : undefined));
  const [pattern] = list(base.containerDefinitions);
  let given: Input = {};
  try {
    given = definitionIn(text, file) ?? {};
  } catch {
    // The run itself reports what is wrong with it.
  }
  const isName = (name: unknown): boolean => typeof name === 'string' && /^[\w-]{1,255}$/.test(name);
  const named = new Map(
    list(given.containerDefinitions).flatMap((one) => (isName(one?.name) ? [[one.name, one]] : [])),
  );
  const containers = [...named].map(([name, { portMappings }], i) => {
    const port = Number(list(portMappings)[0]?.containerPort);
    const containerPort = Number.isInteger(port) && port > 0 && port < 65_536 ? port : 8080 + i;
    return { ...pattern, name, portMappings: [{ containerPort }] };
  });
  return {
    file,
    text: JSON.stringify({
      ...base,
      ...(isName(given.family) ? { family: given.family } : {}),
      ...(containers.length > 0 ? { containerDefinitions: containers } : {}),
    }),
  };
}

function familyOf(inputs: AnyInputs | undefined, template: TemplateInputs | undefined): string {
  const { source } = template ?? {};
  if (source?.kind === 'family') return source.family.replace(/:\d+$/, '');
  const byArn = source?.kind === 'arn' ? /([^/:]+):\d+$/.exec(source.arn)?.[1] : undefined;
  return byArn ?? ((inputs && 'service' in inputs && inputs.service.service.replace(/^.*\//, '')) || 'app');
}
