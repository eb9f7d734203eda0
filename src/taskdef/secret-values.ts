import { isPlaceholder } from '../foreign-placeholders.ts';
import { asObjects, asStrings, isObject, type Json, type JsonObject, objectOf, type Tags } from '../model.ts';
import { secretsOfCommand } from '../plain-secrets.ts';
import { readCredentials, secretReferences } from '../secret-references.ts';
import { secretsAmong } from '../secrets.ts';

type Pair = readonly [name: string, value: string];

/**
 * What a task definition holds in clear that is or may be a secret: values of environment variables, labels, options and tags by name or
 * shape, options of commands, and what stands where a reference to a secret belongs and is not certainly one. It may be a template, right or wrong; placeholders are no secrets.
 * A part of the family's or of a container's name is none either: to mask it would take the revision's ARN out of the outputs.
 */
export function secretValues(definition: JsonObject, tags: Tags = []): string[] {
  const containers = asObjects(definition.containerDefinitions);
  const commands = containers.flatMap((one) => [
    asStrings(one.command),
    asStrings(one.entryPoint),
    asStrings(objectOf(one.healthCheck).command),
  ]);
  const references = containers.flatMap((one) => [
    ...pairsOf(one.secrets, 'valueFrom'),
    // A secret that was given as `value`, where only `valueFrom` is a member.
    ...pairsOf(one.secrets, 'value'),
    ...pairsOf(objectOf(one.logConfiguration).secretOptions, 'valueFrom'),
  ]);
  const registries = containers.flatMap((one) => credentials(one.repositoryCredentials));
  const shares = asObjects(definition.volumes).flatMap(({ fsxWindowsFileServerVolumeConfiguration: share }) =>
    credentials(objectOf(share).authorizationConfig),
  );
  const names = [definition.family, ...containers.map(({ name }) => name)].filter((name) => typeof name === 'string');
  const found = [
    ...new Set([
      ...settingSecrets([...settingsIn(definition), ...pairsOfTags(tags)]),
      ...secretReferences(references),
      ...[...registries, ...shares].flatMap((text) => readCredentials(text).secrets),
      ...commands.flatMap(secretsOfCommand).filter((value) => !isPlaceholder(value)),
    ]),
  ];
  return found.filter((value) => !names.some((name) => name.includes(value)));
}

/**
 * The same of a service, as the members of CreateService or as ECS describes it: tags, options of Service Connect's log, what hooks are
 * called with.
 */
export function secretValuesOfService(settings: JsonObject, tags: Tags = []): string[] {
  const { secretOptions } = objectOf(objectOf(settings.serviceConnectConfiguration).logConfiguration);
  return [
    ...new Set([
      ...settingSecrets([...settingsIn(settings), ...pairsOfTags(tags)]),
      ...secretReferences([...pairsOf(secretOptions, 'valueFrom'), ...pairsOf(secretOptions, 'value')]),
    ]),
  ];
}

const settingSecrets = (settings: readonly Pair[]): string[] =>
  secretsAmong(settings.filter(([, value]) => !isPlaceholder(value)));

/** Maps whose names are the user's, a log driver's or a function's. */
const MAPS = ['options', 'driverOpts', 'dockerLabels', 'hookDetails'];

/** Every setting with a name: `{"name": ..., "value": ...}`, `{"key": ..., "value": ...}`, members of a map. */
function settingsIn(value: Json | undefined): Pair[] {
  if (Array.isArray(value)) return value.flatMap(settingsIn);
  if (!isObject(value)) return [];
  const { name, key = name, value: plain } = value;
  const own: Pair[] = typeof key === 'string' && typeof plain === 'string' ? [[key, plain]] : [];
  const mapped = MAPS.flatMap((map) => Object.entries(objectOf(value[map])));
  return [
    ...own,
    ...mapped.flatMap(([option, text]): Pair[] => (typeof text === 'string' ? [[option, text]] : [])),
    ...Object.values(value).flatMap(settingsIn),
  ];
}

const pairsOfTags = (tags: Tags): Pair[] => tags.map(({ key, value }) => [key, value]);

const pairsOf = (list: Json | undefined, field: 'value' | 'valueFrom'): Pair[] =>
  asObjects(list).flatMap(({ name, [field]: value }): Pair[] =>
    typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [],
  );

const credentials = (given: Json | undefined): string[] => {
  const { credentialsParameter: parameter } = objectOf(given);
  return typeof parameter === 'string' ? [parameter] : [];
};
