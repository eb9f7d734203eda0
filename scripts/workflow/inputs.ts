/** A step's inputs as the action reads them, the defaults of action.yml among them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseInputs } from '../../src/inputs/parse.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type { AnyInputs, RunContext } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const ACTION = join(import.meta.dirname, '..', '..', 'action.yml');

let defaults: Readonly<Record<string, string>> | undefined;

/** By input; expressions in them (the job's own token) are left out. */
export function defaultInputs(): Readonly<Record<string, string>> {
  defaults ??= readDefaults();
  return defaults;
}

function readDefaults(): Readonly<Record<string, string>> {
  const { inputs }: { readonly inputs: Readonly<Record<string, { readonly default?: string }>> } = parse(
    readFileSync(ACTION, 'utf8'),
  );
  const named = Object.entries(inputs).flatMap(([name, { default: value }]): [string, string][] =>
    value === undefined || value.includes('${{') ? [] : [[name, value]],
  );
  return Object.fromEntries(named);
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
  github: Readonly<Record<string, string>> = {},
): readonly AnyInputs[] {
  const raw = new Map(Object.entries({ ...defaultInputs(), ...given }));
  const facts = { context: contextOf(github), env, yaml: parseYaml };
  if (!given.services?.trim()) return [parseInputs(raw, facts).inputs];
  const { inputs, targets } = parseServices(raw, facts);
  if (inputs.mode === 'status' && inputs.listed)
    return inputs.listed.map((service) => ({ ...inputs, service, listed: [service] }));
  return targets.length > 0 ? targets.map((target) => target.inputs) : [inputs];
}

const contextOf = ({
  sha,
  ref,
  ref_name: refName,
  ref_type: refType,
}: Readonly<Record<string, string>>): RunContext => ({
  ...CONTEXT,
  ...(sha ? { sha } : {}),
  ...(ref ? { ref } : {}),
  ...(refName ? { refName } : {}),
  ...(refType === 'tag' || refType === 'branch' ? { refType } : {}),
});

/** The same, or undefined where the inputs have mistakes: the run itself reports them. */
export function readStep(...given: Parameters<typeof readAllInputs>): readonly AnyInputs[] | undefined {
  try {
    return readAllInputs(...given);
  } catch {
    return undefined;
  }
}

/** Of a step with one service. @throws Failure INVALID_INPUT with every mistake, as the action's own run has it */
export function readInputs(
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): AnyInputs {
  const raw = new Map(Object.entries({ ...defaultInputs(), ...given }));
  return parseInputs(raw, { context: CONTEXT, env, yaml: parseYaml }).inputs;
}
