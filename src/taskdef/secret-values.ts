import { foreignIn } from '../foreign-placeholders.ts';
import { isObject, type Json, type JsonObject } from '../model.ts';
import { readCredentials, secretReferences } from '../secret-references.ts';
import { secretsAmong } from '../secrets.ts';

type Pair = readonly [name: string, value: string];

/**
 * What a task definition holds in clear that is or may be a secret: values of environment variables by name or shape, and what stands
 * where a reference to a secret belongs and is not certainly one. It may be a template, right or wrong; placeholders are no secrets.
 * A part of the family's or of a container's name is none either: to mask it would take the revision's ARN out of the outputs.
 */
export function secretValues(definition: JsonObject): string[] {
  const containers = asObjects(definition.containerDefinitions);
  const environment = containers.flatMap((one) => pairsOf(one.environment, 'value'));
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
      ...secretsAmong(environment.filter(([, value]) => !isPlaceholder(value))),
      ...secretReferences(references),
      ...[...registries, ...shares].flatMap((text) => readCredentials(text).secrets),
    ]),
  ];
  return found.filter((value) => !names.some((name) => name.includes(value)));
}

const pairsOf = (list: Json | undefined, field: 'value' | 'valueFrom'): Pair[] =>
  asObjects(list).flatMap(({ name, [field]: value }): Pair[] =>
    typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [],
  );

const credentials = (given: Json | undefined): string[] => {
  const { credentialsParameter: parameter } = objectOf(given);
  return typeof parameter === 'string' ? [parameter] : [];
};

const isPlaceholder = (value: string): boolean =>
  /\$\{[A-Za-z_]/.test(value) || foreignIn(value).some(({ text }) => text === value.trim());

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const asObjects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
