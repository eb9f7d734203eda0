import { ENUMERATIONS, STRUCTURES } from './schema.generated.ts';

/** The structure that RegisterTaskDefinition takes. */
export const ROOT = 'RegisterTaskDefinitionRequest';

export const structureOf = (type: string) => (Object.hasOwn(STRUCTURES, type) ? STRUCTURES[type] : undefined);
export const enumerationOf = (type: string): readonly string[] | undefined =>
  Object.hasOwn(ENUMERATIONS, type) ? ENUMERATIONS[type] : undefined;

/** Whether a field of any structure is called so. */
export const isField = (name: unknown): boolean =>
  typeof name === 'string' && Object.values(STRUCTURES).some(({ members }) => Object.hasOwn(members, name));

/** The type of a member: `string`, `integer`, `boolean`, `map`, a structure, an enumeration, `X[]`; '' when unknown. */
export function memberType(structure: string, member: string): string {
  if (structure === 'map') return 'string';
  const members = structureOf(structure)?.members;
  return members && Object.hasOwn(members, member) ? (members[member] ?? '') : '';
}
