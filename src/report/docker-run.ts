/** A container of the task definition as a command for the machine of who reads it: with the login of its registry and what the task gives it. */
import { parseEcrHost } from '../image/reference.ts';
import { type ContainerDefinition, isObject, type Json } from '../model.ts';
import { word } from './way-back.ts';

/** More names would hide the command. */
const MOST_NAMES = 30;

/** As much of a task definition as its platform. */
interface Platformed {
  readonly runtimePlatform?: Json;
  readonly [field: string]: Json | undefined;
}

export interface ContainerRun {
  /** In place of the container's own. */
  readonly command?: readonly string[];
  /** Options of `docker run` beside those that the task definition gives. */
  readonly options?: readonly string[];
  /** The commands that `docker run` stands among, which run only after the login. */
  readonly around?: (run: string) => string;
}

/**
 * The command to paste; the login of the registry is a line of its own. Values of variables and secrets are not in it: `-e NAME` passes what the shell has.
 * @param run `command` also takes the place of the image's own entry point where the container names none
 */
export function dockerRun(
  container: ContainerDefinition,
  definition: Platformed,
  { command = strings(container.command), options = ['--rm'], around = (run) => run }: ContainerRun = {},
): string {
  const image = String(container.image);
  const entry = strings(container.entryPoint);
  const { user, workingDirectory } = container;
  const run = [
    'docker run',
    ...options,
    ...platformOf(definition),
    ...variablesOf(container).flatMap((name) => ['-e', word(name)]),
    ...(typeof user === 'string' ? ['--user', word(user)] : []),
    ...(typeof workingDirectory === 'string' ? ['--workdir', word(workingDirectory)] : []),
    ...(entry[0] === undefined ? [] : ['--entrypoint', word(entry[0])]),
    ...[image, ...entry.slice(1), ...command].map(word),
  ].join(' ');
  return [...loginOf(image), around(run)].join(' &&\n  ');
}

/** Names of what the task gives the container, each once. */
export function variablesOf({ environment, secrets }: ContainerDefinition): readonly string[] {
  const names = [environment, secrets].flatMap((list) =>
    (Array.isArray(list) ? list : []).flatMap((one) =>
      isObject(one) && typeof one.name === 'string' ? [one.name] : [],
    ),
  );
  return [...new Set(names)].filter((name) => name !== '').slice(0, MOST_NAMES);
}

/** Docker keeps the login for the image's registry, which answers only that user. */
function loginOf(image: string): string[] {
  const host = image.slice(0, Math.max(0, image.indexOf('/')));
  const ecr = parseEcrHost(host);
  if (!ecr) return [];
  return [
    `aws ecr get-login-password --region ${word(ecr.region)} | docker login --username AWS --password-stdin ${word(host)}`,
  ];
}

/** Of the task, which is often not that of the reader's machine; a Windows image runs on no other. */
function platformOf({ runtimePlatform }: Platformed): string[] {
  const { operatingSystemFamily: family, cpuArchitecture: architecture } = isObject(runtimePlatform)
    ? runtimePlatform
    : {};
  if (typeof family === 'string' && family.startsWith('WINDOWS')) return [];
  return ['--platform', architecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64'];
}

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
