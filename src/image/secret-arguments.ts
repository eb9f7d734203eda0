import { Failure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { looksSecret, SECRET_NAME } from '../secrets.ts';
import { fieldsOf, typeOf } from './cache-options.ts';

export interface Knowledge {
  /** Of the job's environment. */
  readonly variable: (name: string) => string | undefined;
  /** The text without the secrets of this run. */
  readonly mask: (text: string) => string;
}

/** Values of --cache-from and --cache-to. */
export interface Caches {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** A build whose arguments show no secret, and what the environment of docker has in their place. */
export interface Hidden {
  readonly build: BuildInputs;
  readonly cache: Caches;
  readonly env: Readonly<Record<string, string>>;
  /** Names of build arguments that are secrets and stay where everyone sees them: docker itself reads variables of that name. */
  readonly shown: readonly string[];
}

/**
 * Attributes of a cache that are secrets, by type, and the variable from which buildx takes them where they are left out.
 * https://docs.docker.com/build/cache/backends/s3/#authentication https://docs.docker.com/build/cache/backends/gha/#authentication
 */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    access_key_id: 'AWS_ACCESS_KEY_ID',
    secret_access_key: 'AWS_SECRET_ACCESS_KEY',
    session_token: 'AWS_SESSION_TOKEN',
  },
  gha: { token: 'ACTIONS_RUNTIME_TOKEN' },
};
/** What would come before the keys in the environment, or be taken for a part of them. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = { s3: ['AWS_SESSION_TOKEN', 'AWS_PROFILE'], gha: [] };

/**
 * What docker, buildx and the Go runtime read themselves. Not AWS_* and GITHUB_TOKEN: only credential helpers read those, which keep
 * the job's (`withOwnHelpers`).
 */
const READ_BY_DOCKER =
  /^(?:PATH|HOME|USER|TMPDIR|SOURCE_DATE_EPOCH|NO_COLOR|KUBECONFIG|(?:SSH|LD|GO|SSL|XDG|OTEL|DOCKER|BUILDX|BUILDKIT|BUILDCTL|ACTIONS|EXPERIMENTAL_BUILDKIT)_?\w*|\w*_proxy)$/i;

/** A shell, as of the scripts before credential helpers, ends at any other name. */
const IS_VARIABLE = /^[A-Za-z_]\w*$/;

/**
 * The build with every secret that would be an argument of docker in its environment instead: every user of the machine can read
 * arguments. A build argument without a value takes it from there, as the credentials of a cache do.
 * @throws Failure INVALID_INPUT where two of them need the same variable
 */
export function hideSecrets(build: BuildInputs, cache: Caches, knowledge: Knowledge): Hidden {
  const env = new Map<string, string>();
  const from = cache.from.map((value) => withoutCredentials(value, 'cache-from', env));
  const to = cache.to.map((value) => withoutCredentials(value, 'cache-to', env));
  const read = [
    ...build.secretEnvs.map(([, name]) => ['build-secret-envs', name] as const),
    ...build.buildArgs.filter((setting) => !setting.includes('=')).map((name) => ['build-args', name] as const),
  ];
  const taken = read.find(([, name]) => env.has(name) && knowledge.variable(name) !== env.get(name));
  if (taken) throw conflict('cache-to', taken[1], `\`${taken[0]}\` takes ${taken[1]} of the environment`);
  const ofCaches = readByCaches([...from, ...to], [...cache.from, ...cache.to]);
  const replaced = ofCaches.find(
    (name) => env.has(name) && (knowledge.variable(name) || env.get(name)) !== env.get(name),
  );
  if (replaced) throw conflict('cache-to', replaced, 'another cache of that type has none and takes those of the job');
  // The SDK that reads the keys of a cache takes a role and files of other variables, too.
  const readsAll = ofCaches.includes('AWS_PROFILE');
  const isRead = (name: string): boolean =>
    ofCaches.includes(name) || (readsAll && name.startsWith('AWS_')) || read.some(([, other]) => other === name);
  const shown: string[] = [];
  const buildArgs = build.buildArgs.map((setting) => {
    const name = secretArgument(setting, knowledge);
    if (name === undefined || !setting.includes('=')) return setting;
    const value = setting.slice(name.length + 1);
    const isFree = env.get(name) === undefined || env.get(name) === value;
    if (READ_BY_DOCKER.test(name) || !IS_VARIABLE.test(name) || !isFree || isRead(name)) {
      shown.push(name);
      return setting;
    }
    env.set(name, value);
    return name;
  });
  return { build: { ...build, buildArgs }, cache: { from, to }, env: Object.fromEntries(env), shown };
}

function withoutCredentials(value: string, input: 'cache-from' | 'cache-to', env: Map<string, string>): string {
  const type = typeOf(value);
  const variables = VARIABLES[type] ?? {};
  const fields = fieldsOf(value);
  const hidden = fields.filter(([name]) => variables[name] !== undefined);
  if (hidden.every(([name]) => name === 'access_key_id')) return value; // an id alone is no secret
  const needed = new Map([
    ...(WITHOUT[type] ?? []).map((name) => [name, ''] as const),
    ...hidden.map(([name, member = '']) => [variables[name] ?? '', member] as const),
  ]);
  for (const [name, member] of needed) {
    if (env.has(name) && env.get(name) !== member)
      throw conflict(input, name, `two caches of type ${type} have different credentials`);
    env.set(name, member);
  }
  return fields
    .filter(([name]) => variables[name] === undefined)
    .map(([name, member]) => (member === undefined ? name : `${name}=${member}`))
    .join(',');
}

/** Variables from which buildx takes the credentials of the caches that have none of their own. */
function readByCaches(left: readonly string[], given: readonly string[]): readonly string[] {
  const bare = left.filter((value, i) => value === given[i]).map(typeOf);
  return bare.flatMap((type) => [...Object.values(VARIABLES[type] ?? {}), ...(WITHOUT[type] ?? [])]);
}

const conflict = (input: string, variable: string, why: string): Failure =>
  new Failure(
    'INVALID_INPUT',
    `\`${input}\` has credentials, which the arguments of docker would show. docker gets them by the variable ${variable} of its environment, and ${why}.`,
    { remedy: `Leave one of them out.` },
  );

/**
 * The name of a build argument (`NAME=value`, or `NAME` for that of the environment) that is, holds or looks like a secret; undefined
 * of any other.
 */
export function secretArgument(setting: string, { variable, mask }: Knowledge): string | undefined {
  const equals = setting.indexOf('=');
  const name = equals < 0 ? setting : setting.slice(0, equals);
  const value = equals < 0 ? (variable(name) ?? '') : setting.slice(equals + 1);
  return value !== '' && (SECRET_NAME.test(name) || looksSecret(value) || mask(value) !== value) ? name : undefined;
}

/** Attributes of a cache that are secrets and for which docker has no other way. */
export const unhideable = (value: string): string | undefined => {
  const variables = VARIABLES[typeOf(value)] ?? {};
  return fieldsOf(value)
    .find(([name, member = '']) => member !== '' && SECRET_NAME.test(name) && variables[name] === undefined)?.[0]
    .trim();
};

/** For the log: build arguments that everyone on the machine sees. */
export const shownArguments = (names: readonly string[]): string =>
  `The arguments of docker show the value of the build ${names.length === 1 ? 'argument' : 'arguments'} ${names.join(', ')}, which is or looks like a secret, to every user of this machine: docker reads a variable of that name itself, so that its environment cannot hold it. Secrets belong into \`build-secrets\`.`;
