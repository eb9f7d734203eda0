import type { ContainerEdits, Pairs } from '../inputs/types.ts';
import type { Json, JsonObject } from '../model.ts';
import { isObject, textOf } from './template.ts';

/** One container with the inputs' edits. What is not edited stays, in its order. */
export function editContainer(container: JsonObject, edits: ContainerEdits): JsonObject {
  const edited: { [field: string]: Json } = { ...container };
  const variables = edits.environmentVariables;
  if (variables.length > 0) {
    edited.environment = upsert(container.environment, variables, 'value');
    // ECS refuses a name that is both: the newer wish wins.
    withoutNames(edited, 'secrets', variables);
  }
  if (edits.secrets.length > 0) {
    edited.secrets = upsert(edited.secrets, edits.secrets, 'valueFrom');
    withoutNames(edited, 'environment', edits.secrets);
  }
  if (edits.envFiles.length > 0) edited.environmentFiles = edits.envFiles.map((value) => ({ value, type: 's3' }));
  if (edits.dockerLabels.length > 0) {
    edited.dockerLabels = {
      ...(isObject(container.dockerLabels) ? container.dockerLabels : {}),
      ...Object.fromEntries(edits.dockerLabels),
    };
  }
  const log = logConfiguration(container.logConfiguration, edits);
  if (log) edited.logConfiguration = log;
  if (edits.command) edited.command = edits.command;
  return edited;
}

/** Entries of a `{name, ...}` list: a known name changes in place (each time it is there), a new one goes to the end. */
function upsert(list: Json | undefined, pairs: Pairs, field: 'value' | 'valueFrom'): Json {
  const wanted = new Map(pairs);
  const present = new Set<string>();
  const kept = (Array.isArray(list) ? list : []).map((entry: Json) => {
    if (!isObject(entry) || typeof entry.name !== 'string') return entry;
    const value = wanted.get(entry.name);
    present.add(entry.name);
    return value === undefined ? entry : { ...entry, [field]: value };
  });
  const added = [...wanted].filter(([name]) => !present.has(name));
  return [...kept, ...added.map(([name, value]) => ({ name, [field]: value }))];
}

function withoutNames(container: { [field: string]: Json }, field: 'secrets' | 'environment', pairs: Pairs): void {
  const list = container[field];
  if (!Array.isArray(list)) return;
  const names = new Set(pairs.map(([name]) => name));
  container[field] = list.filter((entry: Json) => !(isObject(entry) && names.has(textOf(entry.name))));
}

/** A new driver starts with no options of the old one's; options alone are added to the present driver's. */
function logConfiguration(present: Json | undefined, { logDriver, logOptions }: ContainerEdits): Json | undefined {
  if (logDriver === undefined && logOptions.length === 0) return undefined;
  const old = isObject(present) ? present : {};
  const same = logDriver === undefined || logDriver === old.logDriver;
  const kept = same ? old : {};
  const options = { ...(isObject(kept.options) ? kept.options : {}), ...Object.fromEntries(logOptions) };
  return {
    ...kept,
    logDriver: logDriver ?? old.logDriver ?? 'awslogs',
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}
