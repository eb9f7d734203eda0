import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { lastPart } from '../arn.ts';
import type { Mistake } from '../failure.ts';
import { defined } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import type { AwsFacts } from './aws.ts';
import { EDIT_INPUTS } from './containers.ts';
import { type InputName, SECTIONS } from './known.ts';
import { invalidInputs, parseInputs, readInputs } from './parse.ts';
import { quoteAll, Reader, shorten } from './reader.ts';
import type { Inputs, Order, Step, Target } from './types.ts';

/** Inputs of one service: an entry may set them, and takes the step's where it does not. */
const OF_A_SERVICE: readonly InputName[] = [
  ...SECTIONS.template,
  ...SECTIONS.service,
  ...SECTIONS.tasks,
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

/** Inputs that take `NAME=value`, and so a map in an entry; those that take several values, and so a list. */
const MAPS: readonly string[] = [
  'images',
  'variables',
  'environment-variables',
  'secrets',
  'docker-labels',
  'log-configuration-options',
  'task-definition-tags',
];
const LISTS: readonly string[] = ['env-files', 'alarms', 'after'];

/** Modes that know one service. */
const OF_ONE: readonly string[] = ['task', 'continue', 'watch'];

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
export function parseServices(raw: ReadonlyMap<string, string>, facts: AwsFacts): Step {
  const step = new Map([...raw].filter(([name]) => !(SECTIONS.services as readonly string[]).includes(name)));
  if (/^build$/i.test(step.get('mode')?.trim() ?? '')) {
    const built = parseInputs(step, facts);
    const notes = [...built.notes, 'mode build calls nothing of ECS: `services` not used.'];
    return { ...built, notes, targets: [], order: { maxParallel: SERVICES_AT_MOST, rollbackScope: 'group' } };
  }
  const reader = new Reader(raw);
  const mistakes: Mistake[] = [];
  const entries = readEntries(raw.get('services') ?? '', mistakes);
  if (reader.raw('service') !== undefined)
    reader.mistake('service', 'and `services` both say what to deploy.', 'Keep one of the two.');
  const mode = reader.text('mode')?.toLowerCase() ?? '';
  if (OF_ONE.includes(mode))
    reader.mistake('services', `lists services, and \`mode: ${mode}\` is for one.`, 'Name it with `service`.');
  const order = readOrder(reader, entries);
  mistakes.push(...checkEntries(entries), ...reader.mistakes);

  // What is wrong with the step itself is reported once, not for each entry.
  const common = readInputs(new Map([...step, ['service', 'x']]), facts);
  const known = new Set([...common.mistakes, ...common.notes, ...common.warnings].map((one) => JSON.stringify(one)));
  const own = <T>(found: readonly T[]): T[] => found.filter((one) => !known.has(JSON.stringify(one)));
  const targets: Target[] = [];
  const notes = [...common.notes];
  const warnings = [...common.warnings];
  for (const { title, name, after, group, values } of entries) {
    const { inputs, ...read } = readInputs(overlaid(step, values), facts);
    for (const mistake of own(read.mistakes)) mistakes.push({ ...mistake, subject: `${title}: ${mistake.subject}` });
    notes.push(...own(read.notes).map((note) => `${title}: ${note}`));
    warnings.push(...own(read.warnings).map((warning) => `${title}: ${warning}`));
    if (inputs.mode !== 'build' && inputs.mode !== 'task') targets.push({ name, after, group: group ?? '', inputs });
  }
  mistakes.push(...checkSame(entries, targets));
  const [first] = targets;
  if (common.mistakes.length + mistakes.length > 0 || !first) throw invalidInputs([...common.mistakes, ...mistakes]);
  return { inputs: first.inputs, targets: grouped(targets), order, notes, warnings };
}

/** The list, entry by entry; what is wrong with it is added to `mistakes`. */
function readEntries(text: string, mistakes: Mistake[]): Entry[] {
  const wrong = (problem: string, remedy = EXAMPLE): [] => {
    mistakes.push({ subject: 'services', problem, remedy });
    return [];
  };
  if (text.length > MAX_CHARACTERS) return wrong(`has ${text.length} characters.`, 'Deploy in several steps or jobs.');
  const document = parseDocument(text, { prettyErrors: true, merge: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    // The library's message quotes the text, which may hold secrets.
    const what = (error.message.split(' at line ')[0] ?? '').replaceAll(/["'`].*$/g, '').trim();
    return wrong(`is not valid YAML${line === undefined ? '' : ` at its line ${line}`}: ${what || error.code}.`);
  }
  const list = document.contents;
  if (!isSeq(list)) return wrong('is not a list.');
  if (list.items.length === 0) return wrong('is an empty list.');
  if (list.items.length > SERVICES_AT_MOST)
    return wrong(
      `lists ${list.items.length} services; one step deploys at most ${SERVICES_AT_MOST}.`,
      'Deploy in several steps or jobs.',
    );
  return list.items.map((item, index) => readEntry(item as Node, { index, document, mistakes }));
}

const EXAMPLE = 'Write a list, such as `- service: web` and on the next line `- service: worker`.';

function readEntry(
  given: Node,
  { index, document, mistakes }: { readonly index: number; readonly document: Document; readonly mistakes: Mistake[] },
): Entry {
  const node = resolved(given, document);
  // `- web` is the short form of `- service: web`.
  if (isScalar(node)) {
    const service = textOf(node) ?? '';
    return {
      title: titleOf(index, service),
      name: lastPart(service),
      after: [],
      group: undefined,
      values: new Map([['service', service]]),
    };
  }
  const wrong = (title: string, problem: string, remedy?: string): void =>
    void mistakes.push({ subject: title, problem, ...defined({ remedy }) });
  if (!isMap(node)) {
    wrong(`services[${index}]`, 'is neither a map nor the name of a service.', EXAMPLE);
    return { title: `services[${index}]`, name: '', after: [], group: undefined, values: new Map() };
  }
  const pairs = new Map(
    membersOf(node, document).map(([key, value]) => [String(isScalar(key) ? key.value : ''), value] as const),
  );
  const service = textOf(pairs.get('service')) ?? '';
  const name = textOf(pairs.get('name')) ?? lastPart(service);
  const title = titleOf(index, name);
  const values = new Map<string, string>();
  let after: readonly string[] = [];
  let group: string | undefined;
  for (const [key, value] of pairs) {
    if (!KEYS.includes(key)) {
      wrong(title, ...unknownKey(key));
      continue;
    }
    const list = listOf(value, document);
    if (key === 'after') {
      after = list ?? (textOf(value) ?? '').split(',').flatMap((one) => one.trim() || []);
    } else if (key === 'group') {
      group = textOf(value)?.trim() || undefined;
    } else if (key === 'name') {
      if (!NAME.test(name)) wrong(title, '`name` is not a name.', 'Give letters, digits, `_`, `.` or `-`.');
    } else {
      const text = valueText(key, value, document);
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
      ? `Did you mean \`${meant}\`?`
      : `A service takes ${quoteAll(['service', 'cluster', 'name', 'after'])} and the inputs of the task definition and the service.`,
  ];
}

function takes(key: string): string {
  if (MAPS.includes(key)) return 'takes text (`NAME=value` lines) or a map of names and values.';
  if (LISTS.includes(key)) return 'takes text or a list of texts.';
  if (key === 'command') return 'takes a command line or a list of words.';
  return 'takes one value.';
}

/** The value as the text that the input of a step would have; undefined where it has another form. */
function valueText(key: string, value: Node | null | undefined, document: Document): string | undefined {
  const node = resolved(value, document);
  if (isScalar(node) || !node) return textOf(node) ?? '';
  if (isMap(node) && (MAPS.includes(key) || (EDIT_INPUTS as readonly string[]).includes(key))) {
    const plain = plainMap(node, document);
    return plain && JSON.stringify(plain);
  }
  // Tasks are read by the input itself, which is YAML too.
  if (TASKS.includes(key)) return JSON.stringify(node.toJS(document));
  const list = listOf(node, document);
  if (list && LISTS.includes(key)) return list.join('\n');
  if (list && key === 'command') return JSON.stringify(list);
  return undefined;
}

/** Lists of tasks, or a command. */
const TASKS: readonly string[] = SECTIONS.tasks;

/** @param depth so many maps in each other, and no more */
function plainMap(node: Node, document: Document, depth = 2): Record<string, unknown> | undefined {
  if (!isMap(node) || depth === 0) return undefined;
  const entries: [string, unknown][] = [];
  for (const [key, value] of membersOf(node, document)) {
    const name = isScalar(key) ? textOf(key) : undefined;
    if (name === undefined) return undefined;
    const list = listOf(value, document);
    if (isScalar(value) || !value) entries.push([name, textOf(value) ?? '']);
    else if (list) entries.push([name, list]);
    else {
      const inner = plainMap(value, document, depth - 1);
      if (!inner) return undefined;
      entries.push([name, inner]);
    }
  }
  return Object.fromEntries(entries);
}

function membersOf(node: Node, document: Document): (readonly [Node, Node | undefined])[] {
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }): (readonly [Node, Node | undefined])[] => {
    const to = resolved(value as Node | null, document);
    // `<<: *common`, as one map or a list of them; what the entry sets itself comes later and wins.
    if (isScalar(key) && key.source === '<<')
      return (isSeq(to) ? to.items.map((one) => resolved(one as Node, document)) : [to]).flatMap((one) =>
        one ? membersOf(one, document) : [],
      );
    return [[key as Node, to]];
  });
}

const resolved = (node: Node | null | undefined, document: Document): Node | undefined =>
  (isAlias(node) ? node.resolve(document) : node) ?? undefined;

/** As it is written: YAML would make 1.1 of `1.10` and true of `True`. */
function textOf(node: Node | null | undefined): string | undefined {
  if (!isScalar(node)) return undefined;
  if (node.value === null || node.value === undefined) return '';
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function listOf(given: Node | null | undefined, document: Document): string[] | undefined {
  const node = resolved(given, document);
  if (!isSeq(node)) return undefined;
  const texts = node.items.map((item) => textOf(resolved(item as Node, document)));
  return texts.every((text) => text !== undefined) ? texts : undefined;
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
  return meant ? `Did you mean \`${meant}\`?` : `It has ${quoteAll(names.slice(0, 20))}.`;
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
