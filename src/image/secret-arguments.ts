import { Failure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import { looksSecret, SECRET_NAME } from '../secrets.ts';

interface Knowledge {
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
  const type = cacheType(value);
  const variables = VARIABLES[type] ?? {};
  const fields = cacheFields(value);
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
  const bare = left.filter((value, i) => value === given[i]).map(cacheType);
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
function secretArgument(setting: string, { variable, mask }: Knowledge): string | undefined {
  const equals = setting.indexOf('=');
  const name = equals < 0 ? setting : setting.slice(0, equals);
  const value = equals < 0 ? (variable(name) ?? '') : setting.slice(equals + 1);
  return value !== '' && (SECRET_NAME.test(name) || looksSecret(value) || mask(value) !== value) ? name : undefined;
}

/** Attributes of a cache that are secrets and for which docker has no other way. */
export const unhideable = (value: string): string | undefined => {
  const variables = VARIABLES[cacheType(value)] ?? {};
  return cacheFields(value)
    .find(([name, member = '']) => member !== '' && SECRET_NAME.test(name) && variables[name] === undefined)?.[0]
    .trim();
};

/** For the log: build arguments that everyone on the machine sees. */
export const shownArguments = (names: readonly string[]): string =>
  `The arguments of docker show the value of the build ${names.length === 1 ? 'argument' : 'arguments'} ${names.join(', ')}, which is or looks like a secret, to every user of this machine: docker reads a variable of that name itself, so that its environment cannot hold it. Secrets belong into \`build-secrets\`.`;

/** `type=gha,mode=max` -> `gha`; a bare reference is a registry's. */
export const cacheType = (value: string): string => {
  const type = /(?:^|,)type=([^,]*)/.exec(value)?.[1];
  return type ?? (value.includes('=') ? '' : 'registry');
};

/** The attributes of a cache, `type=s3,bucket=b`; of one without `=` the value is undefined. */
export const cacheFields = (value: string): readonly (readonly [name: string, value: string | undefined])[] =>
  value.split(',').map((field) => {
    const equals = field.indexOf('=');
    return equals < 0 ? [field, undefined] : [field.slice(0, equals), field.slice(equals + 1)];
  });

/**
 * How much provenance is attached. buildx attaches `mode=min` by default, which has no build argument; `max` has the value of
 * each one, and everybody who may pull the image can read it. An image for everybody (public ECR) gets `max`, as with
 * docker/build-push-action, and none gets it while an argument is, holds or looks like a secret.
 * https://docs.docker.com/build/metadata/attestations/slsa-provenance/
 */
export function withSafeProvenance(
  build: BuildInputs,
  isPublic: boolean,
  knowledge: Knowledge,
): { readonly build: BuildInputs; readonly note?: string } {
  const secret = build.buildArgs
    .map((setting) => secretArgument(setting, knowledge))
    .find((name) => name !== undefined);
  const attests = build.tuning.attests.filter((one) => attestationType(one) === 'provenance');
  const asked = build.provenance ?? attests[0];
  if (asked === undefined) {
    // Inline: the image alone, no file beside an export of another kind.
    return { build: isPublic && secret === undefined ? { ...build, provenance: 'mode=max,inline-only=true' } : build };
  }
  if (secret === undefined || !isMax(asked)) return { build };
  const reduce = (one: string): string =>
    [...one.split(',').filter((field) => !/^(?:true|mode=max)$/i.test(field)), 'mode=min'].join(',');
  return {
    build: {
      ...build,
      ...defined({ provenance: build.provenance && reduce(build.provenance) }),
      tuning: {
        ...build.tuning,
        attests: build.tuning.attests.map((one) => (attestationType(one) === 'provenance' ? reduce(one) : one)),
      },
    },
    note: `The provenance is attached with mode=min: with mode=max the build argument ${secret}, which is or looks like a secret, would be in the image for everybody who pulls it. Secrets belong into \`build-secrets\`.`,
  };
}

const attestationType = (attestation: string): string | undefined => /(?:^|,)type=(\w+)/.exec(attestation)?.[1];

/** Without a mode, BuildKit takes max. */
const isMax = (text: string): boolean => !/^false$|\bdisabled=true\b|\bmode=min\b/i.test(text);
