import type { Json, JsonObject } from '../model.ts';
import { normalise } from './normalise.ts';
import { asObjects, containersOf, isObject, textOf } from './template.ts';

/** One readable difference between two revisions. Values of environment variables and secrets are never in it. */
export interface Difference {
  /** As people name it: `container app: image`, `container app: environment DATABASE_URL`, `cpu`. */
  readonly subject: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent where the value must not be shown. */
  readonly before?: string;
  readonly after?: string;
}

/** Lists of {name, value} and maps: only which names came, went or changed is told; CI logs are often public. */
const HIDDEN = ['environment', 'secrets', 'dockerLabels'];
/** Fields whose text can carry a password (a command line, a health check). */
const HIDDEN_FIELDS = ['command', 'entryPoint', 'healthCheck', 'repositoryCredentials'];
/** Maps within a shown field whose values can be passwords (of a network drive, of a log's destination). */
const HIDDEN_MAPS = ['driverOpts', 'options'];

/** What `after` changes of `before`, both normalised first; the image first, then the rest in a stable order. */
export function diffDefinitions(before: JsonObject, after: JsonObject): Difference[] {
  const [old, now] = [normalise(before), normalise(after)];
  const differences: Difference[] = [];
  const containers = (definition: JsonObject) =>
    new Map(containersOf(definition).map((container) => [textOf(container.name), container]));
  const [oldContainers, newContainers] = [containers(old), containers(now)];
  for (const name of new Set([...newContainers.keys(), ...oldContainers.keys()])) {
    const [was, is] = [oldContainers.get(name), newContainers.get(name)];
    const subject = `container ${name}`;
    if (!was) differences.push({ subject, kind: 'added', after: textOf(is?.image) });
    else if (!is) differences.push({ subject, kind: 'removed', before: textOf(was.image) });
    else differences.push(...diffContainer(was, is, subject));
  }
  differences.push(...diffFields(old, now, '', ['containerDefinitions']));
  return differences;
}

function diffContainer(was: JsonObject, is: JsonObject, subject: string): Difference[] {
  const image = diffFields({ image: was.image ?? null }, { image: is.image ?? null }, `${subject}: `, []);
  const hidden = HIDDEN.flatMap((field) => diffNames(was[field], is[field], `${subject}: ${field}`));
  const rest = diffFields(was, is, `${subject}: `, ['image', 'logConfiguration', ...HIDDEN]);
  return [...image, ...hidden, ...diffLog(was.logConfiguration, is.logConfiguration, subject), ...rest];
}

/** The driver is shown, of its options (a token may be among them) only the names. */
function diffLog(before: Json | undefined, after: Json | undefined, subject: string): Difference[] {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return [
    ...diffFields(was, is, `${subject}: log configuration, `, ['options', 'secretOptions']),
    ...diffNames(was.options, is.options, `${subject}: log option`),
    ...diffNames(was.secretOptions, is.secretOptions, `${subject}: secret log option`),
  ];
}

function diffNames(was: Json | undefined, is: Json | undefined, prefix: string): Difference[] {
  const entries = (given: Json | undefined): Map<string, string> =>
    isObject(given)
      ? new Map(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]))
      : new Map(asObjects(given).map((entry) => [textOf(entry.name), JSON.stringify(entry)]));
  const [old, now] = [entries(was), entries(is)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name): Difference[] => {
    if (old.get(name) === now.get(name)) return [];
    const kind = !old.has(name) ? 'added' : !now.has(name) ? 'removed' : 'changed';
    return [{ subject: `${prefix} ${name}`, kind }];
  });
}

function diffFields(was: JsonObject, is: JsonObject, prefix: string, skipped: readonly string[]): Difference[] {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !skipped.includes(field))
    .sort();
  return fields.flatMap((field): Difference[] => {
    // Of their own only: every object has a `toString` otherwise.
    const [before, after] = [was, is].map((side) => (Object.hasOwn(side, field) ? side[field] : undefined));
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    const subject = `${prefix}${field}`;
    if (HIDDEN_FIELDS.includes(field)) return [{ subject, kind }];
    return [
      {
        subject,
        kind,
        ...(before === undefined ? {} : { before: shown(before) }),
        ...(after === undefined ? {} : { after: shown(after) }),
      },
    ];
  });
}

function shown(value: Json): string {
  const cover = (key: string, member: Json): Json =>
    HIDDEN_MAPS.includes(key) && isObject(member) ? Object.keys(member) : member;
  return typeof value === 'string' ? value : JSON.stringify(value, cover);
}
