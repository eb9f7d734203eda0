import { lastPart } from '../arn.ts';
import type { Mistake } from '../failure.ts';
import { defined, isObject, type Json } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { EDIT_INPUTS, type InputName, SECTIONS } from './known.ts';
import { invalidInputs, parseInputs, readInputs } from './parse.ts';
import { MISSING, meaning, quoteAll, Reader, shorten } from './reader.ts';
import type { Inputs, Order, StatusInputs, Step, StepFacts, Target } from './types.ts';
import { isYamlInput, listOf, MAPS, plainMap, textOf } from './yaml.ts';

/** Inputs of one service: an entry may set them, and takes the step's where it does not. */
const OF_A_SERVICE: readonly InputName[] = [
  ...SECTIONS.template,
  ...SECTIONS.service,
  ...SECTIONS.express,
  ...SECTIONS.tasks,
  ...SECTIONS.schedules,
  'image',
  'preflight',
  'on-active-deployment',
  'wait-for-minutes',
  'no-progress-minutes',
  'log-lines',
  'rollback-to',
];
/** What an entry says about itself. */
const OWN_KEYS = ['name', 'after', 'group'] as const;
const KEYS: readonly string[] = [...OWN_KEYS, ...OF_A_SERVICE];

/** Inputs that take several values, and so a list in an entry. */
const LISTS: readonly string[] = ['env-files', 'alarms', 'schedules'];

/** Modes that know one service. */
const OF_ONE: readonly string[] = ['register', 'task', 'daemon', 'continue', 'watch'];

/** More belong into several jobs: GitHub shows one summary of at most 1 MiB for a step. */
const SERVICES_AT_MOST = 200;
const MAX_CHARACTERS = 256 * 1024;
const NAME = /^[A-Za-z0-9_.-]{1,255}$/;

/** One entry of the list as it is written. */
interface Entry {
  /** `services[2] (worker)` */
  readonly title: string;
  readonly name: string;
  readonly after: readonly string[];
  readonly group: string | undefined;
  /** Text by input. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Every input of a step with `services`: each entry is parsed like a step of its own, with the step's inputs where it sets none.
 * @throws Failure INVALID_INPUT with every mistake of the step and of all entries, each with its entry
 */
export function parseServices(raw: ReadonlyMap<string, string>, facts: StepFacts): Step {
  const step = new Map([...raw].filter(([name]) => !(SECTIONS.services as readonly string[]).includes(name)));
  if (step.get('mode')?.trim().toLowerCase() === 'build') {
    const built = parseInputs(step, facts);
    const notes = [...built.notes, 'mode build calls nothing of ECS: `services` not used.'];
    return { ...built, notes, targets: [], order: { maxParallel: SERVICES_AT_MOST, rollbackScope: 'group' } };
  }
  const reader = new Reader(raw, facts.yaml);
  const mistakes: Mistake[] = [];
  const entries = readEntries(reader, mistakes);
  if (reader.raw('service') !== undefined)
    reader.mistake('service', 'and `services` both say what to deploy.', 'Keep one of the two.');
  const mode = reader.text('mode')?.toLowerCase() ?? '';
  if (OF_ONE.includes(mode))
    reader.mistake(
      'services',
      `lists services, and \`mode: ${mode}\` is for one.`,
      'Name it with `service`; for several, run a job of a matrix for each (docs/monorepo.md).',
    );
  const order = readOrder(reader, entries);
  mistakes.push(...checkEntries(entries), ...reader.mistakes);

  // What is wrong with the step itself is reported once, not for each entry.
  const common = readInputs(new Map([...step, ['service', 'x']]), facts);
  const known = new Set([...common.mistakes, ...common.notes, ...common.warnings].map((one) => JSON.stringify(one)));
  const own = <T>(found: readonly T[]): T[] => found.filter((one) => !known.has(JSON.stringify(one)));
  const targets: Target[] = [];
  const listed: StatusInputs['service'][] = [];
  const notes = [...common.notes, ...inheritedTasks(raw, entries)];
  const warnings = [...common.warnings];
  for (const { title, name, after, group, values } of entries) {
    const { inputs, ...read } = readInputs(overlaid(step, values), facts);
    // A misspelt key has been reported, with the name that is meant.
    const isMeant = ({ subject, problem }: Mistake): boolean =>
      problem === MISSING && mistakes.some((one) => one.subject === title && one.remedy === meaning(subject));
    for (const mistake of own(read.mistakes).filter((one) => !isMeant(one)))
      mistakes.push({ ...mistake, subject: `${title}: ${mistake.subject}` });
    // The list is most often the one that deploys them.
    if (inputs.mode !== 'status') notes.push(...own(read.notes).map((note) => `${title}: ${note}`));
    warnings.push(...own(read.warnings).map((warning) => `${title}: ${warning}`));
    if ('recovery' in inputs && inputs.mode !== 'task') targets.push({ name, after, group: group ?? '', inputs });
    if (inputs.mode === 'status') listed.push(inputs.service);
  }
  if (common.inputs.mode === 'status' && common.mistakes.length + mistakes.length === 0) {
    const none = { ...common.inputs.service, service: '' };
    return { inputs: { ...common.inputs, service: none, listed }, targets: [], order, notes, warnings };
  }
  mistakes.push(...checkSame(entries, targets));
  const [first] = targets;
  if (common.mistakes.length + mistakes.length > 0 || !first) throw invalidInputs([...common.mistakes, ...mistakes]);
  return { inputs: first.inputs, targets: grouped(targets), order, notes, warnings };
}

/** Tasks of the step that several entries take run once for each of them: a migration is most often meant to run once. */
function inheritedTasks(raw: ReadonlyMap<string, string>, entries: readonly Entry[]): string[] {
  return (['pre-deploy', 'post-deploy'] as const).flatMap((input) => {
    const takers = entries.filter(({ values }) => !values.has(input)).map(({ name }) => name);
    if ((raw.get(input) ?? '').trim() === '' || takers.length < 2) return [];
    const order =
      input === 'pre-deploy'
        ? 'set it in one entry of `services`, and let the others wait for that one with `after`'
        : 'set it in the entry of `services` that is deployed last';
    return [
      `${input}: set beside \`services\`, so it runs once for each of ${takers.length} services (${quoteAll(takers.slice(0, 5))}${takers.length > 5 ? ', ...' : ''}). To run it once, ${order}.`,
    ];
  });
}

/** The list, entry by entry; what is wrong with one is added to `mistakes`. */
function readEntries(reader: Reader, mistakes: Mistake[]): Entry[] {
  const { length } = reader.raw('services') ?? '';
  const wrong = (problem: string, remedy = EXAMPLE): [] => {
    reader.mistake('services', problem, remedy);
    return [];
  };
  if (length > MAX_CHARACTERS) return wrong(`has ${length} characters.`, 'Deploy in several steps or jobs.');
  const list = reader.yaml('services', EXAMPLE);
  if (list === undefined) return [];
  if (!Array.isArray(list)) return wrong('is not a list.');
  if (list.length === 0) return wrong('is an empty list.');
  if (list.length > SERVICES_AT_MOST)
    return wrong(
      `lists ${list.length} services; one step deploys at most ${SERVICES_AT_MOST}.`,
      'Deploy in several steps or jobs.',
    );
  return list.map((item, index) => readEntry(item, index, mistakes));
}

const EXAMPLE = 'Write a list, such as `- service: web` and on the next line `- service: worker`.';

function readEntry(given: Json, index: number, mistakes: Mistake[]): Entry {
  const wrong = (title: string, problem: string, remedy?: string): void =>
    void mistakes.push({ subject: title, problem, ...defined({ remedy }) });
  // `- web` is the short form of `- service: web`.
  const short = textOf(given);
  const entry = isObject(given) ? given : { service: short ?? '' };
  if (short === undefined && !isObject(given))
    wrong(`services[${index}]`, 'is neither a map nor the name of a service.', EXAMPLE);
  const service = textOf(entry.service) ?? '';
  const name = textOf(entry.name) ?? lastPart(service);
  const title = titleOf(index, name);
  const values = new Map<string, string>();
  let after: readonly string[] = [];
  let group: string | undefined;
  for (const [key, value] of Object.entries(entry)) {
    if (!KEYS.includes(key)) {
      wrong(title, ...unknownKey(key));
    } else if (key === 'after') {
      after = listOf(value) ?? (textOf(value) ?? '').split(',').flatMap((one) => one.trim() || []);
    } else if (key === 'group') {
      group = textOf(value)?.trim() || undefined;
    } else if (key === 'name') {
      if (!NAME.test(name)) wrong(title, '`name` is not a name.', 'Give letters, digits, `_`, `.` or `-`.');
    } else {
      const text = valueText(key, value);
      if (text === undefined) wrong(title, `\`${key}\` ${takes(key)}`);
      else values.set(key, text);
    }
  }
  return { title, name, after, group, values };
}

const titleOf = (index: number, name: string): string =>
  `services[${index}]${name === '' ? '' : ` (${shorten(lastPart(name))})`}`;

function unknownKey(key: string): [problem: string, remedy: string] {
  const shown = shorten(key);
  const ofStep = Object.values(SECTIONS).flat() as readonly string[];
  if (ofStep.includes(key))
    return [`\`${shown}\` is set once for all services.`, 'Move it out of the list, beside `services`.'];
  const meant = didYouMean(key, KEYS);
  return [
    `\`${shown}\` is not an input of a service.`,
    meant
      ? meaning(meant)
      : `A service takes ${quoteAll(['service', 'cluster', 'name', 'after'])} and the inputs of the task definition and the service.`,
  ];
}

function takes(key: string): string {
  if ((MAPS as readonly string[]).includes(key)) return 'takes text (`NAME=value` lines) or a map of names and values.';
  if (LISTS.includes(key)) return 'takes text or a list of texts.';
  if (key === 'command') return 'takes a command line or a list of words.';
  return 'takes one value.';
}

/** The value as the text that the input of a step would have; undefined where it has another form. */
function valueText(key: string, value: Json): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return text;
  if (isYamlInput(key)) return JSON.stringify(value);
  if (
    isObject(value) &&
    ((MAPS as readonly string[]).includes(key) || (EDIT_INPUTS as readonly string[]).includes(key))
  ) {
    const plain = plainMap(value);
    return plain && JSON.stringify(plain);
  }
  const list = listOf(value);
  if (list && LISTS.includes(key)) return list.join('\n');
  return list && key === 'command' ? JSON.stringify(list) : undefined;
}

/** How many at a time, who goes first, and what a failure takes with it. */
function readOrder(reader: Reader, entries: readonly Entry[]): Order {
  const maxParallel = reader.integer('max-parallel', { min: 1, max: SERVICES_AT_MOST, unit: 'a number of services' });
  const rollbackScope = reader.choice('rollback-scope', ['service', 'group', 'all']) ?? 'group';
  const canary = reader.text('canary');
  const names = entries.map(({ name }) => name);
  if (canary !== undefined && entries.length > 0) {
    const entry = entries.find(({ name }) => name === canary);
    if (!entry) reader.mistake('canary', `\`${shorten(canary)}\` is not in \`services\`.`, whichOf(canary, names));
    else if (entry.after.length > 0)
      reader.mistake(
        'canary',
        `\`${canary}\` goes first, but its entry waits for ${quoteAll(entry.after)}.`,
        'Remove its `after`, or name another canary.',
      );
  }
  return { maxParallel: maxParallel ?? SERVICES_AT_MOST, rollbackScope, ...defined({ canary }) };
}

const whichOf = (name: string, names: readonly string[]): string => {
  const meant = didYouMean(name, names);
  return meant ? meaning(meant) : `It has ${quoteAll(names.slice(0, 20))}.`;
};

/** Names given twice, `after` that names nothing, and circles. */
function checkEntries(entries: readonly Entry[]): Mistake[] {
  const names = entries.map(({ name }) => name);
  const mistakes: Mistake[] = [];
  for (const [index, { title, name, after }] of entries.entries()) {
    const first = names.indexOf(name);
    if (name !== '' && first < index)
      mistakes.push({
        subject: title,
        problem: `has the name \`${shorten(name)}\` of services[${first}].`,
        remedy: 'Give one of them another `name`.',
      });
    for (const other of after) {
      if (other === name)
        mistakes.push({ subject: title, problem: '`after` names the entry itself.', remedy: 'Remove it.' });
      else if (!names.includes(other))
        mistakes.push({
          subject: title,
          problem: `\`after\` names \`${shorten(other)}\`, which is not in \`services\`.`,
          remedy: whichOf(other, names),
        });
    }
  }
  const circle = circleIn(entries);
  if (circle)
    mistakes.push({
      subject: 'services',
      problem: `\`after\` goes in a circle: ${circle.join(' after ')}.`,
      remedy: 'Remove one of these.',
    });
  return mistakes;
}

/** `[web, worker, web]`; undefined where there is none. An entry after itself is reported with the entry. */
function circleIn(entries: readonly Pick<Entry, 'name' | 'after'>[]): readonly string[] | undefined {
  const after = new Map(entries.map((entry) => [entry.name, entry.after]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(name);
    if (at >= 0) return path.length - at > 1 ? [...path.slice(at), name] : undefined;
    if (done.has(name)) return undefined;
    for (const other of after.get(name) ?? []) {
      const found = visit(other, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of entries) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

/** Two entries for one service would deploy over each other. */
function checkSame(entries: readonly Entry[], targets: readonly Target[]): Mistake[] {
  const keyOf = ({ service, cluster }: Inputs['service']): string => `${lastPart(cluster)}/${service}`;
  const keys = targets.map(({ inputs }) => keyOf(inputs.service));
  return targets.flatMap(({ inputs }, index) => {
    const first = keys.indexOf(keys[index] ?? '');
    if (first === index || inputs.service.service === '') return [];
    return [
      {
        subject: entries[index]?.title ?? '',
        problem: `is the service of services[${first}]: ${inputs.service.service} in cluster ${lastPart(inputs.service.cluster)}.`,
        remedy: 'Keep one of them.',
      },
    ];
  });
}

/** Without a `group`, services that are connected by `after` are one. */
function grouped(targets: readonly Target[]): Target[] {
  const groups = new Map(targets.map(({ name, group }, index) => [name, group || `\u0000${index}`]));
  const named = (group: string): boolean => !group.startsWith('\u0000');
  for (const { name, after } of targets)
    for (const other of after) {
      const [a, b] = [groups.get(name) ?? '', groups.get(other) ?? ''];
      if (named(a) || named(b) || a === b) continue;
      for (const [member, group] of groups) if (group === b) groups.set(member, a);
    }
  return targets.map((target) => ({ ...target, group: groups.get(target.name) ?? '' }));
}

/** The step's inputs with those of an entry in their place; an image of its own needs no build. */
function overlaid(step: ReadonlyMap<string, string>, values: ReadonlyMap<string, string>): Map<string, string> {
  const replaced: readonly string[] = [
    ...(values.has('image') ? [...SECTIONS.build, 'digests'] : []),
    // One starting point of a task definition takes the place of another.
    ...(SOURCES.some((name) => values.has(name)) ? SOURCES : []),
  ];
  const left = [...step].filter(([name]) => !replaced.includes(name));
  return new Map([...left, ...values]);
}

const SOURCES = ['task-definition', 'task-definition-family', 'task-definition-arn'];
