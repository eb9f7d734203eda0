import { lastPart } from '../arn.ts';
import { isObject, type Json, type JsonObject } from '../model.ts';
import type { Files } from '../ports.ts';

/** A workflow that is started by hand and rolls the service back to a revision of one's choice. */
export interface RollbackWorkflow {
  /** `rollback.yml` */
  readonly file: string;
  /** Its input for the revision. */
  readonly target: string;
  /** Its other inputs, with the values that mean this service. */
  readonly values: Readonly<Record<string, string>>;
}

/** What the workflow must be about. */
export interface Wanted {
  readonly service: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly region: string;
  /** GitHub's environment, where this step names one. */
  readonly environment?: string;
  /** `owner/ecs-rollout`: what `uses` names; a path (`./`) is taken for this action, too. */
  readonly action?: string;
}

const FOLDER = '.github/workflows';
const FILES = 100;
const BYTES = 256 * 1024;

/** The first such workflow in the checkout; undefined where there is none or none can be read. Nothing is waited for long: disk only. */
export async function findRollbackWorkflow(
  files: Pick<Files, 'list' | 'readText'>,
  wanted: Wanted,
): Promise<RollbackWorkflow | undefined> {
  const names = ((await files.list(FOLDER).catch(() => undefined)) ?? []).filter((name) => /\.ya?ml$/.test(name));
  for (const file of names.sort().slice(0, FILES)) {
    const text = await files.readText(`${FOLDER}/${file}`, BYTES).catch(() => '');
    // The library of YAML is loaded for a likely file alone.
    if (!text.includes('workflow_dispatch') || !text.includes('rollback-to')) continue;
    const { parse } = await import('yaml');
    const found = readWorkflow(file, parsed(text, parse), wanted);
    if (found) return found;
  }
  return undefined;
}

function parsed(text: string, parse: (text: string) => unknown): Json {
  try {
    return parse(text) as Json;
  } catch {
    return null;
  }
}

/**
 * A workflow as GitHub reads it. What a step of it gives to this action must be this very service, in words or through inputs that can be
 * given: a command that rolls back another service is worse than none.
 */
export function readWorkflow(file: string, workflow: Json, wanted: Wanted): RollbackWorkflow | undefined {
  const dispatch = field(field(workflow, 'on'), 'workflow_dispatch');
  const inputs = field(dispatch, 'inputs');
  if (!isObject(inputs)) return undefined;
  for (const job of valuesOf(field(workflow, 'jobs'))) {
    for (const step of listOf(field(job, 'steps'))) {
      const given = field(step, 'with');
      if (!isObject(given) || !usesAction(field(step, 'uses'), wanted.action)) continue;
      const found = fill(
        given,
        { inputs, scopes: [field(step, 'env'), field(job, 'env'), field(workflow, 'env')], job },
        wanted,
      );
      if (found) return { file, ...found };
    }
  }
  return undefined;
}

interface Scope {
  /** Of workflow_dispatch. */
  readonly inputs: JsonObject;
  /** `env` of the step, the job and the workflow. */
  readonly scopes: readonly (Json | undefined)[];
  readonly job: Json;
}

function fill(given: JsonObject, scope: Scope, wanted: Wanted): Omit<RollbackWorkflow, 'file'> | undefined {
  const values: Record<string, string> = {};
  /** Whether the field can be made to mean this value. */
  const means = (value: Json | undefined, meant: string): boolean => {
    const source = sourceOf(value, scope);
    if (source.kind === 'text') return lastPart(source.text) === meant;
    if (source.kind === 'unknown') return false;
    const options = listOf(field(field(scope.inputs, source.input), 'options'));
    if (options.length > 0 && !options.includes(meant)) return false;
    if ((values[source.input] ?? meant) !== meant) return false;
    values[source.input] = meant;
    return true;
  };
  const target = sourceOf(given['rollback-to'], scope);
  if (target.kind !== 'input') return undefined;
  const regions = sourceOf(given['aws-region'] ?? wanted.region, scope);
  const region = regions.kind === 'unknown' || means(given['aws-region'] ?? wanted.region, wanted.region);
  const cluster = lastPart(wanted.cluster);
  if (!means(given.mode, 'rollback') || !means(given.service, wanted.service)) return undefined;
  if (!means(given.cluster ?? 'default', cluster) || !region) return undefined;
  const named = field(scope.job, 'environment');
  const environment = sourceOf(isObject(named) ? named.name : named, scope);
  if (environment.kind === 'input' && wanted.environment !== undefined)
    values[environment.input] ??= wanted.environment;
  const missing = Object.entries(scope.inputs).some(
    ([name, input]) =>
      name !== target.input &&
      !Object.hasOwn(values, name) &&
      isRequired(input) &&
      field(input, 'default') === undefined,
  );
  return missing || Object.hasOwn(values, target.input) ? undefined : { target: target.input, values };
}

const isRequired = (input: Json): boolean => String(field(input, 'required')) === 'true';

type Source =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'input'; readonly input: string }
  | { readonly kind: 'unknown' };

/** Where a value comes from: the file itself, an input of the workflow, or an expression that only GitHub can evaluate. */
function sourceOf(value: Json | undefined, scope: Scope, depth = 0): Source {
  if (value === undefined || value === null || isObject(value) || Array.isArray(value)) return { kind: 'unknown' };
  const text = String(value).trim();
  if (!text.includes('${{')) return { kind: 'text', text };
  const [, name, key = ''] = /^\$\{\{\s*(inputs|github\.event\.inputs|env)\.([\w-]+)\s*\}\}$/.exec(text) ?? [];
  if (name === 'env' && depth < 3) {
    const found = scope.scopes.find((env) => field(env, key) !== undefined);
    return sourceOf(field(found, key), scope, depth + 1);
  }
  return name && name !== 'env' && Object.hasOwn(scope.inputs, key)
    ? { kind: 'input', input: key }
    : { kind: 'unknown' };
}

function usesAction(uses: Json | undefined, action: string | undefined): boolean {
  if (typeof uses !== 'string') return false;
  const [name = ''] = uses.toLowerCase().split('@');
  return name === action?.toLowerCase() || name.startsWith('./') || name.endsWith('/ecs-rollout');
}

const field = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
const valuesOf = (value: Json | undefined): readonly Json[] => (isObject(value) ? Object.values(value) : []);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
