import { variableOf } from '../model.ts';
import { secretsInCommands, secretsOfCommand } from '../plain-secrets.ts';
import { secretReferences } from '../secret-references.ts';
import { secretsAmong, secretsIn } from '../secrets.ts';
import type { InputName } from './known.ts';
import { splitEntries } from './syntax.ts';
import { editsOf } from './template.ts';
import type { AnyInputs } from './types.ts';
import { formOf, pairsOfBlockMap } from './yaml.ts';

type Raw = ReadonlyMap<string, string>;
type Env = Readonly<Record<string, string | undefined>>;

/** Inputs whose values are secrets by definition. */
const SECRET_INPUTS = ['github-token'];
/** Known to everyone who may read the role, but not meant for a log. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
const MASKED_INPUTS = ['role-external-id'];
/** `NAME=value` inputs that are no place for secrets and get them nevertheless. */
const SETTINGS: readonly InputName[] = [
  'environment-variables',
  'variables',
  'build-args',
  'docker-labels',
  'labels',
  'annotations',
  'task-definition-tags',
  'express-tags',
  'log-configuration-options',
];
/** Texts in which a secret may stand: a URL with a password, `secret_access_key=...` of a cache. */
const TEXTS = ['cache-from', 'cache-to', 'context', 'build-contexts', 'build-args', 'ssh'];
/** Texts that have commands in them, whose options may be secrets. */
const COMMANDS = ['command', 'pre-deploy', 'post-deploy', 'verify'];
/** JSON in the fields of the ECS API. */
const REQUESTS = ['run-task-container-overrides', 'run-task-tags'];
/** Credentials in the environment of a step, as AWS's SDK and the runner name them. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
];
const PROXIES = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
/** AWS's access key ids have at least 16 characters, all else that is a credential has more. */
const SHORTEST_CREDENTIAL = 16;

/** Every secret among the step's inputs and in its environment, right or wrong as the inputs may be. */
export function secretsOfStep(raw: Raw, env: Env): string[] {
  const input = (name: string): string => raw.get(name) ?? '';
  const settings = SETTINGS.flatMap((name) => secretsAmong(settingsOf(name, input(name), env)));
  const all = [
    ...certainSecrets(raw, env),
    ...MASKED_INPUTS.map(input),
    ...settings,
    ...secretReferences(settingsOf('secrets', input('secrets'), env)),
    ...REQUESTS.flatMap((name) => secretsOfRequest(input(name))),
    ...secretsAmong(pairsOfServices(input('services'))),
    ...secretsInCommands(input('services')).filter((text) => !IS_A_PLACE.test(text)),
    ...TEXTS.flatMap((name) => secretsIn(input(name))),
    ...COMMANDS.flatMap((name) => secretsInCommands(input(name))),
  ];
  return [...new Set(all)].filter((secret) => secret.trim() !== '');
}

/** Those that are secrets by definition, not by their name or shape. */
export function certainSecrets(raw: Raw, env: Env): string[] {
  const input = (name: string): string => raw.get(name) ?? '';
  return [
    ...SECRET_INPUTS.map(input),
    ...pairsOf(input('build-secrets'), {}).map(([, value]) => value),
    ...pairsOf(input('build-secret-envs'), {}).map(([, variable]) => variableOf(env, variable.trim()) ?? ''),
    ...CREDENTIALS.map((name) => env[name] ?? '').filter(({ length }) => length >= SHORTEST_CREDENTIAL),
    ...PROXIES.map((name) => env[name] ?? '').filter((address) => address.includes('@')),
  ].filter((secret) => secret.trim() !== '');
}

/** Names that are public by nature, whatever "secret" they are part of. */
export function publicNamesOf(raw: Raw, env: Env): string[] {
  const given = [
    'service',
    'cluster',
    'aws-region',
    'repository',
    'container-name',
    'task-definition-family',
    'task-definition-arn',
    'github-environment',
    'role-to-assume',
  ].map((name) => raw.get(name) ?? '');
  const ofRun = ['GITHUB_REPOSITORY', 'GITHUB_REF_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION'].map(
    (name) => env[name] ?? '',
  );
  const listed = (raw.get('services') ?? '').matchAll(
    /(?:^|[\s{,-])(?:service|cluster|name|canary):[ \t]*["']?([\w.-]+)/g,
  );
  return [...given, ...ofRun, ...[...listed].map(([, name = '']) => name)].map((name) => name.trim());
}

/** An ARN, or the path of a parameter. */
const IS_A_PLACE = /^(?:arn:|\/)/;

/**
 * Names and values in the YAML of `services`, right or wrong as it may be; where a secret is (an ARN, the path of a parameter) is not
 * the secret.
 */
function pairsOfServices(text: string): (readonly [string, string])[] {
  const pairs = text.matchAll(/["']?([A-Za-z_][\w.-]*)["']?[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s,}#][^,}\n]*)/g);
  return [...pairs].flatMap(([, name = '', value = '']) => {
    const bare = value.trim().replace(/^(["'])(.*)\1$/, '$2');
    return IS_A_PLACE.test(bare) ? [] : [[name, bare] as const];
  });
}

/**
 * Secrets in a JSON text of members of an API, right or wrong as it may be: what `{"name": ..., "value": ...}` and `{"key": ...}` give a
 * name to, members by their own name, what stands where a reference belongs, and the options of a command.
 */
function secretsOfRequest(text: string): string[] {
  const visit = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const members = Object.entries(value).filter((member): member is [string, string] => typeof member[1] === 'string');
    const { name, key = name, value: plain, valueFrom, command } = value as Readonly<Record<string, unknown>>;
    const named = (member: unknown): (readonly [string, string])[] =>
      typeof key === 'string' && typeof member === 'string' ? [[key, member]] : [];
    const words = Array.isArray(command) ? command.filter((word) => typeof word === 'string') : [];
    return [
      ...secretsAmong([...named(plain), ...(Array.isArray(value) ? [] : members)]),
      ...secretReferences(named(valueFrom)),
      ...secretsOfCommand(words),
      ...Object.values(value).flatMap(visit),
    ];
  };
  try {
    return visit(JSON.parse(text));
  } catch {
    return []; // nothing of it is quoted
  }
}

/** Of parsed inputs, what stands where references to secrets belong and is not certainly one. */
export function unsureReferences(inputs: AnyInputs): string[] {
  if (!('template' in inputs)) return [];
  return editsOf(inputs.template).flatMap(({ secrets }) => secretReferences(secrets));
}

/** `{"container": {"NAME": "value"}}`; undefined where it is no JSON. */
function pairsOfMap(text: string): (readonly [string, string])[] | undefined {
  const flat = (value: unknown): (readonly [string, string])[] =>
    Object.entries(value ?? {}).flatMap(([name, member]) =>
      typeof member === 'object' ? flat(member) : [[name, String(member)] as const],
    );
  try {
    return flat(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const settingsOf = (name: InputName, text: string, env: Env): (readonly [string, string])[] =>
  formOf(name, text) === 'lines' ? pairsOf(text, env) : [...pairsOfBlockMap(text), ...pairsOf(text, env)];

/** The pairs of a text; of one that cannot be split whatever follows an equals sign, line by line. */
function pairsOf(text: string, env: Env): (readonly [string, string])[] {
  const { values, problem } = splitEntries(text);
  // `container: NAME=value`
  if (problem === undefined)
    return values.map(({ name, value }) => [
      name.replace(/^[\w-]+:\s+/, ''),
      value ?? variableOf(env, name.trim()) ?? '',
    ]);
  const nested = text.trimStart().startsWith('{') ? pairsOfMap(text) : undefined;
  if (nested) return nested;
  return text
    .split(/\r?\n/)
    .map((line) => [line.slice(0, Math.max(0, line.indexOf('='))), line.slice(line.indexOf('=') + 1)]);
}

/** The inputs in a runner's environment: INPUT_AWS-REGION is `aws-region` (spaces became underscores). */
export function inputsOf(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const [variable, value] of Object.entries(environment)) {
    const name = /^INPUT_(.+)$/i.exec(variable)?.[1];
    if (name !== undefined && value !== undefined) inputs.set(name.toLowerCase(), value);
  }
  return inputs;
}
