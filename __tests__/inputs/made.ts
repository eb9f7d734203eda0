import { readAws } from '../../src/inputs/aws.ts';
import { Reader } from '../../src/inputs/reader.ts';
import type { AwsInputs } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT } from '../support/world.ts';

export type Given = Readonly<Record<string, string>>;

/** What one of the readers makes of inputs, and what it reports beside it: each mistake as `input: problem remedy`. */
export function read<T>(given: Given, how: (reader: Reader) => T) {
  const reader = new Reader(new Map(Object.entries(given)), parseYaml);
  const value = how(reader);
  const mistakes = reader.mistakes.map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`);
  return { value, mistakes, notes: reader.notes, warnings: reader.warnings };
}

export const AWS: AwsInputs = { region: 'eu-central-1', allowedAccountIds: [] };
export const FACTS = { context: CONTEXT, env: {} };
export const aws = (given: Given, env: Given = {}, context = CONTEXT) =>
  read(given, (reader) => readAws(reader, { context, env }));
