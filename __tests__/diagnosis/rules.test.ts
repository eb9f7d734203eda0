import { readFileSync } from 'node:fs';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Diagnosis, type Evidence, SURFACES } from '../../src/diagnosis/diagnosis.ts';
import { RULES, rulesFor } from '../../src/diagnosis/rules.ts';

const saidOf = ({ cause, remedy }: Diagnosis): string => `${cause} ${remedy}`.toLowerCase();

interface Example extends Omit<Evidence, 'context'> {
  readonly rule: string;
  readonly context?: Evidence['context'];
}
const examples: readonly Example[] = JSON.parse(readFileSync('__tests__/fixtures/examples.json', 'utf8'));

test.each(examples.map((example) => [example.rule, example] as const))('%s is found by its example', (id, example) => {
  const found = diagnose({ context: {}, ...example });
  expect(found.rule).toBe(id);
  expect(`${found.cause} ${found.remedy}`).not.toMatch(/undefined|\[object|\{\{| {2}/);
  expect(found.remedy.length).toBeGreaterThan(10);
  expect(found.link).toMatch(/^https:\/\//);
});

test('each row has an example', () => {
  const shown = new Set(examples.map(({ rule }) => rule));
  expect(RULES.filter(({ id }) => !shown.has(id))).toEqual([]);
});

test('a surface reads the rows that may answer there, each once', () => {
  for (const surface of SURFACES) {
    const rows = rulesFor(surface);
    expect(new Set(rows).size).toBe(rows.length);
    expect(new Set(rows)).toEqual(new Set(RULES.filter(({ surfaces }) => surfaces.includes(surface))));
  }
});

test('no row about a container instance answers for Fargate, and none of Fargate for an instance', () => {
  for (const { text, surface, context } of examples) {
    const fargate = diagnose({ surface, text, context: { ...context, launchType: 'FARGATE' } });
    expect(ON_INSTANCES_ONLY.has(fargate.rule)).toBe(false);
    const instance = diagnose({ surface, text, context: { ...context, launchType: 'EC2' } });
    expect(ON_FARGATE_ONLY.has(instance.rule)).toBe(false);
  }
});
/** What the reader of an application's log says by itself. */
const OF_LOGS = new Set(['app-crash', 'oom', 'image-platform-mismatch', 'entrypoint-not-found']);

test('on whatever surface and launch type a message stands, no row of another answers', () => {
  const wrong = examples.flatMap(({ text, context = {} }) =>
    SURFACES.flatMap((surface) =>
      [undefined, 'FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES'].flatMap((launchType) => {
        const evidence = { surface, text, context: { ...context, launchType } };
        const { rule, cause, remedy } = diagnose(evidence);
        const may =
          rule === 'unknown' ||
          (surface === 'container.log'
            ? OF_LOGS.has(rule)
            : RULES.some(
                ({ id, surfaces, launch }) =>
                  id === rule &&
                  surfaces.includes(surface) &&
                  (launchType === undefined || launch.some((one) => one === launchType)),
              ));
        const claims =
          (launchType === 'FARGATE' || surface === 'buildx.stderr') &&
          /container instance/i.test(`${cause} ${remedy}`.replaceAll(text, ''));
        return may && !claims ? [] : [`${surface} ${launchType}: ${rule}: ${text}`];
      }),
    ),
  );
  expect(wrong).toEqual([]);
});
const only = (launch: string, other: string): Set<string> =>
  new Set(
    [...Map.groupBy(RULES, ({ id }) => id)].flatMap(([id, rows]) =>
      rows.every((row) => row.launch.some((one) => one === launch) && !row.launch.some((one) => one === other))
        ? [id]
        : [],
    ),
  );
const ON_INSTANCES_ONLY = only('EC2', 'FARGATE');
const ON_FARGATE_ONLY = only('FARGATE', 'EC2');

interface Collected extends Evidence {
  readonly id: string;
  readonly cause: string;
  readonly must_mention: readonly string[];
  readonly transient: boolean;
  readonly fatal_for_deploy: boolean;
  readonly symptom_only: boolean;
}
const collected: readonly Collected[] = JSON.parse(readFileSync('__tests__/fixtures/failures.json', 'utf8'));

describe('real failures, in the words of AWS and buildx', () => {
  test.each(collected.map((message) => [message.id, message] as const))('%s', (_, message) => {
    const { surface, text, context } = message;
    const found = diagnose({ surface, text, context });
    expect(found.rule).toBe(message.cause);
    expect(message.must_mention.filter((word) => !saidOf(found).includes(word.toLowerCase()))).toEqual([]);
    expect(found.transient).toBe(message.transient);
    expect(found.severity === 'failure').toBe(message.fatal_for_deploy);
    expect(found.nature === 'symptom').toBe(message.symptom_only);
  });
});

interface Unseen extends Evidence {
  readonly rule: string;
  readonly severity: Diagnosis['severity'];
  readonly transient: boolean;
  readonly mentions: readonly string[];
}
const unseen: readonly Unseen[] = JSON.parse(readFileSync('__tests__/fixtures/unseen-messages.json', 'utf8'));

describe('the same causes in other words: other Regions, agents, runtimes, clients', () => {
  test.each(unseen.map((message) => [`${message.rule}: ${message.text.slice(0, 90)}`, message] as const))(
    '%s',
    (_, message) => {
      const { surface, text, context } = message;
      const found = diagnose({ surface, text, context });
      expect(found).toMatchObject({
        rule: message.rule,
        severity: message.severity,
        transient: message.transient,
      });
      expect(message.mentions.filter((word) => !saidOf(found).includes(word.toLowerCase()))).toEqual([]);
    },
  );
});

interface Wording extends Omit<Evidence, 'context'> {
  /** Where a wording fits two causes, both are right. */
  readonly rules: readonly string[];
  readonly context?: Evidence['context'];
  readonly severity?: Diagnosis['severity'];
  readonly transient?: boolean;
  readonly mentions?: readonly string[];
}
const wordings: readonly Wording[] = JSON.parse(readFileSync('__tests__/fixtures/wordings.json', 'utf8'));

describe('wordings of AWS pages, issues and blogs: wrapped, cut off, quoted by other tools', () => {
  test.each(wordings.map((wording) => [`${wording.rules[0]}: ${wording.text.slice(0, 90)}`, wording] as const))(
    '%s',
    (_, { rules, surface, text, context = {}, severity, transient, mentions = [] }) => {
      const found = diagnose({ surface, text, context });
      expect(rules).toContain(found.rule);
      if (severity) expect(found.severity).toBe(severity);
      if (transient !== undefined) expect(found.transient).toBe(transient);
      expect(mentions.filter((word) => !saidOf(found).includes(word.toLowerCase()))).toEqual([]);
    },
  );
});

test('what is unknown is shown as it is', () => {
  expect(diagnose({ surface: 'task.stoppedReason', text: 'The flux capacitor hums', context: {} })).toMatchObject({
    rule: 'unknown',
    nature: 'unknown',
    cause: 'The task failed: The flux capacitor hums',
  });
});

test('a symptom gives way to the reason that stood beside it', () => {
  const found = diagnose({
    surface: 'container.exitCode',
    text: 'Essential container in task exited',
    context: { reason: 'OutOfMemoryError: Container killed due to memory usage' },
  });
  expect(found.rule).toBe('oom');
});

interface Strict extends Omit<Evidence, 'context'> {
  readonly context?: Evidence['context'];
  /** What cause and remedy together must say, and what would be a false claim. */
  readonly all: readonly string[];
  readonly none: readonly string[];
  readonly severity: readonly Diagnosis['severity'][];
}
const strict: readonly Strict[] = JSON.parse(readFileSync('__tests__/fixtures/strict-messages.json', 'utf8'));
/** What no message may lead to, whatever it says. */
const NEVER = [
  'image image',
  'image rate\\b',
  'container cpu\\b',
  '\\bundefined\\b',
  '\\[object',
  'cut off',
  'does not say why',
];

describe('messages that users met: the true cause and a remedy that would fix it, and no false claim', () => {
  test.each(strict.map((message) => [`${message.surface}: ${message.text.slice(0, 90)}`, message] as const))(
    '%s',
    (_, { surface, text, context = {}, all, none, severity }) => {
      const found = diagnose({ surface, text, context });
      const said = `${found.cause}\n${found.remedy}`;
      expect(all.filter((words) => !new RegExp(words, 'is').test(said))).toEqual([]);
      expect([...none, ...NEVER].filter((words) => new RegExp(words, 'is').test(said))).toEqual([]);
      expect(severity).toContain(found.severity);
    },
  );
});

/** Sentences end before a capital letter, a quote or the end: `package.json` and `sts.amazonaws.com` end none. */
const sentences = (text: string): number =>
  text.split(/[.!?](?:\s+(?=[A-Z"`(])|$)/).filter((part) => part.trim() !== '').length;

describe('a remedy is the first thing to do', () => {
  const fixtures = [examples, collected, unseen, wordings, strict].flat();
  test('in at most three sentences and 450 characters', () => {
    const long = fixtures.flatMap(({ surface, text, context = {} }) => {
      const { rule, remedy } = diagnose({ surface, text, context });
      return sentences(remedy) > 3 || remedy.length > 450 ? [`${rule}: ${remedy}`] : [];
    });
    expect([...new Set(long)]).toEqual([]);
  });
});
