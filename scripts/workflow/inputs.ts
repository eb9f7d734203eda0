/** A step's inputs as the action reads them, the defaults of action.yml among them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseInputs } from '../../src/inputs/parse.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type { AnyInputs, RunContext } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const ACTION = join(import.meta.dirname, '..', '..', 'action.yml');

/** By input; expressions in them (the job's own token) are left out. */
export function defaultInputs(): Readonly<Record<string, string>> {
  const { inputs }: { readonly inputs: Readonly<Record<string, { readonly default?: string }>> } = parse(
    readFileSync(ACTION, 'utf8'),
  );
  const defaults = Object.entries(inputs).flatMap(([name, { default: value }]): [string, string][] =>
    value === undefined || value.includes('${{') ? [] : [[name, value]],
  );
  return Object.fromEntries(defaults);
}

/** Of a run that was never on GitHub. */
const CONTEXT: RunContext = {
  sha: '0'.repeat(40),
  ref: 'refs/heads/main',
  refName: 'main',
  refType: 'branch',
  repository: 'owner/name',
  runId: '1',
  runAttempt: '1',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  eventName: 'push',
  actor: 'actor',
  workflow: 'workflow',
  job: 'job',
};

/** One for each service of `services`, else the step's own. @throws Failure INVALID_INPUT with every mistake */
export function readAllInputs(
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): readonly AnyInputs[] {
  const raw = new Map(Object.entries({ ...defaultInputs(), ...given }));
  if (!given.services?.trim()) return [readInputs(given, env)];
  const { inputs, targets } = parseServices(raw, { context: CONTEXT, env, yaml: parseYaml });
  return targets.length > 0 ? targets.map((target) => target.inputs) : [inputs];
}

/** @throws Failure INVALID_INPUT with every mistake, as the action's own run has it */
export function readInputs(
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): AnyInputs {
  const raw = new Map(Object.entries({ ...defaultInputs(), ...given }));
  return parseInputs(raw, { context: CONTEXT, env, yaml: parseYaml }).inputs;
}
