import { readFileSync } from 'node:fs';
import { ROWS } from '../../src/diagnosis/application/rows.ts';
import { readApplication } from '../../src/diagnosis/application.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../src/diagnosis/rules.ts';
import { type Technology, technologiesIn } from '../../src/diagnosis/technologies.ts';
import { undeclared, undeclaredIn } from '../support/named.ts';
import { WORDS } from '../support/technology-words.ts';

const of = (text: string, context: Evidence['context'] = {}): readonly Technology[] => [
  ...technologiesIn({ text, context }),
];

test.each<[Technology, string]>([
  ['node', '    at Server.listen (node:net:1937:7)'],
  ['node', '    at /srv/index.js:3:11'],
  ['node', 'Error: connect ECONNREFUSED 10.0.0.1:80'],
  ['node', 'npm error code EUSAGE'],
  ['node', '#8 [2/5] FROM docker.io/library/node:22-slim'],
  ['python', 'Traceback (most recent call last):'],
  ['python', 'psycopg2.OperationalError: connection failed'],
  ['ruby', "config.rb:12:in `block': boom (ArgumentError)"],
  ['jvm', 'Caused by: java.net.ConnectException: Connection refused'],
  ['jvm', '\tat com.acme.Main.main(Main.java:12)'],
  ['go', 'goroutine 1 [running]:'],
  ['go', 'dial tcp 10.0.0.1:80: connect: connection refused'],
  ['dotnet', 'Unhandled exception. System.IO.FileNotFoundException: x'],
  ['php', 'PHP Fatal error:  Uncaught Error: x in /app/index.php:3'],
  ['rust', "thread 'main' panicked at src/main.rs:4:5:"],
  ['elixir', '** (Mix) Could not compile dependency :x'],
  ['debian', 'E: Unable to locate package x'],
  ['alpine', 'RUN apk add git'],
  ['native', "./app: /lib/libc.so.6: version `GLIBC_2.34' not found"],
  ['postgres', 'could not connect to 10.0.0.1:5432'],
  ['postgres', 'FATAL:  password authentication failed for user "app"'],
  ['mysql', 'ER_ACCESS_DENIED_ERROR: x'],
  ['redis', 'connect to redis://cache:6379 failed'],
  ['mongodb', 'MongoServerSelectionError: x'],
  ['kafka', 'org.apache.kafka.common.KafkaException: x'],
  ['rabbitmq', 'amqp://guest@mq:5672'],
  ['nginx', 'nginx: [emerg] bind() failed'],
  ['prisma', "Error: P1001: Can't reach database server"],
  ['efs', 'mount.nfs4: Connection timed out'],
  ['emulation', 'qemu-aarch64: Could not open'],
  ['gpu', 'nvidia-container-cli: initialization error'],
])('%s is read in %s', (technology, text) => expect(of(text)).toContain(technology));

test.each([
  'Error: port 54320 of the ship is taken',
  'the order 3306 was refused at 12:27:01',
  'panicking customers: 5',
  'Error: coupon expired',
  'the gem of the collection is a rusty crate-like box',
  'the rest of us go on',
  'Illegal state of the beans',
  'caused by: the customer',
])('words of English are no form: %s', (text) => expect(of(text)).toEqual([]));

test('what runs in another shows that one, too; what the caller knows counts as well', () => {
  expect(of('Prisma Migrate could not run')).toEqual(expect.arrayContaining(['prisma', 'node']));
  expect(of('x', { baseImage: 'FROM node:22-alpine', exitCode: 1 })).toEqual(['node', 'alpine']);
});

test('no text of any row names a technology that nothing around it declares', () => expect(undeclared()).toEqual([]));

test.each([
  ["const a = { remedy: 'Run npm ci.' };", ['node']],
  ["const a = { technology: 'node', remedy: 'Run npm ci.' };", []],
  ["const a = { technology: ['go', 'node'], remedy: () => `Run npm ${x} ci.` };", []],
  ["const a = ['Run it', { for: 'node', words: 'npm ci in it' }];", []],
  ["const a = ['Run it', { for: 'ruby', words: 'npm ci in it' }];", ['node']],
  ["const a = of('node', 'npm ci in it');", []],
  ["const a = [/x/, 'the words', 'Run npm ci', { technology: 'node' }];", []],
  ["const a = [/x/, 'the words', 'Run npm ci'];", ['node']],
  ["const a = new RegExp('npm ERR! it');", []],
])('which is found in the source: %s', (source, names) =>
  expect(undeclaredIn('x.ts', source).flatMap((one) => one.names)).toEqual(names),
);

const casesOf = (file: string): Partial<Evidence>[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8'));
const CASES: readonly Evidence[] = (
  [
    ['examples', 'api.ecs'],
    ['failures', 'api.ecs'],
    ['wordings', 'api.ecs'],
    ['unseen-messages', 'api.ecs'],
    ['strict-messages', 'api.ecs'],
    ['build-messages', 'buildx.stderr'],
    ['application-messages', 'container.log'],
  ] as const
).flatMap(([file, otherwise]) =>
  casesOf(file).map(({ surface = otherwise, text = '', context = {} }) => ({ surface, text, context })),
);

/** One program has one of them. */
const RUNTIMES: readonly Technology[] = ['node', 'python', 'ruby', 'jvm', 'go', 'dotnet', 'php', 'rust', 'elixir'];
const runtimesOf = (names: Iterable<Technology>): readonly Technology[] =>
  [...names].filter((name) => RUNTIMES.includes(name));
const listed = (names: Technology | readonly Technology[] = []): readonly Technology[] =>
  typeof names === 'string' ? [names] : names;

test('no row of a runtime answers for a message that shows only another one', () => {
  expect(CASES.length).toBeGreaterThan(3_000);
  const wrong = CASES.flatMap(({ surface, text, context }) => {
    if (surface !== 'container.log') return [];
    const row = readApplication(text)?.row;
    // A row that says no more than its class names nothing.
    const declared = row?.cause === undefined ? [] : runtimesOf(listed(row.technology));
    const shown = runtimesOf(technologiesIn({ text, context }));
    return declared.length === 0 || shown.length === 0 || declared.some((name) => shown.includes(name))
      ? []
      : [{ declared, shown, text: text.slice(0, 200) }];
  });
  expect(wrong).toEqual([]);
});

test('rows of the table and of programs declare what they are about', () => {
  expect(RULES.filter(({ technology }) => technology !== undefined).length).toBeGreaterThan(50);
  expect(ROWS.filter(({ technology }) => technology !== undefined).length).toBeGreaterThan(200);
});

test('an explanation of a runtime that no message shows is never given', () => {
  const wrong = CASES.flatMap((evidence) => {
    const { cause, remedy, rule } = diagnose(evidence);
    const shown = technologiesIn(evidence);
    const declared = listed(readApplication(evidence.text)?.row?.technology);
    const others = runtimesOf(shown);
    const named = RUNTIMES.filter(
      (name) =>
        WORDS[name].test(`${cause}\n${remedy}`) &&
        !WORDS[name].test(evidence.text) &&
        !shown.has(name) &&
        !declared.includes(name) &&
        others.length > 0,
    );
    return named.length > 0 ? [{ named, shown: others, rule, cause, remedy, text: evidence.text.slice(0, 200) }] : [];
  });
  expect(wrong).toEqual([]);
});

test('and what is left of it is a sentence', () => {
  for (const evidence of CASES) {
    const { cause, remedy } = diagnose(evidence);
    if (evidence.text.includes(remedy.slice(-40))) continue;
    expect(remedy).not.toMatch(/ \(\s*\)|\(\s*[,;]|[,;]\s*\)|[,;:]$|\.\.$(?<!\.\.\.)/);
    expect(`${cause} ${remedy}`).not.toContain('[object');
  }
});
