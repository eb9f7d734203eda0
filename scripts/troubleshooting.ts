/**
 * Writes docs/troubleshooting.md (the index) and one page for each family of causes, from the table of the diagnosis,
 * which also speaks in the log: every cause under its id, with messages it is known by. `--check` only compares.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ApplicationKind } from '../src/diagnosis/application-classes.ts';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import type { Diagnosis, Evidence, Subject } from '../src/diagnosis/diagnosis.ts';
import type { Rule } from '../src/diagnosis/rules/rule.ts';
import { RULES } from '../src/diagnosis/rules.ts';
import { POLICY } from '../src/watch/policy.ts';

const INDEX = 'docs/troubleshooting.md';
const FOLDER = 'docs/troubleshooting';
/** Which page has the entry of a cause: the log links to it. */
const TABLE = 'src/report/troubleshooting.generated.ts';
const EXAMPLES: readonly (Omit<Evidence, 'context'> & {
  readonly rule: string;
  readonly context?: Evidence['context'];
})[] = JSON.parse(readFileSync('__tests__/fixtures/examples.json', 'utf8'));

/** A page, its title and what it is about. */
const FAMILIES: readonly (readonly [page: string, title: string, subjects: readonly Subject[]])[] = [
  ['containers', 'Containers that do not start or that end', ['container', 'application', 'host']],
  ['images', 'Images that cannot be pulled', ['image', 'registry-login']],
  ['secrets-and-files', 'Secrets and environment files', ['secret', 'environment-file']],
  ['logs-and-volumes', 'Log drivers and volumes', ['logs', 'volume']],
  [
    'network',
    'Network interfaces, load balancers and service discovery',
    ['network-interface', 'load-balancer', 'health-check', 'service-discovery'],
  ],
  ['placement', 'Placement and capacity', ['placement', 'capacity']],
  ['services', 'Services and deployments', ['service', 'deployment', 'alarm']],
  ['task-definitions', 'Task definitions', ['task-definition']],
  ['calls', 'Permissions, credentials and calls of AWS', ['permission', 'credentials', 'request']],
  ['builds', 'Build, cache and push', ['build', 'build-step', 'base-image', 'cache', 'registry']],
];

/** What it means for a deployment. */
const MEANS: Readonly<Record<Diagnosis['nature'], string>> = {
  permanent: 'fails the deployment at the first task, unless a sibling runs',
  ambiguous: 'fails the deployment when it happens to a second task',
  transient: 'is reported; it usually resolves without a change',
  unplaceable: 'waits; fails when nothing can heal it',
  symptom: 'follows from another cause',
  normal: 'is ordinary progress',
  unknown: 'is shown as it is',
};

/** A quota has a limit of its own beside the count of tasks: src/watch/failures.ts. */
const meaningOf = ({ nature, needs }: Diagnosis): string =>
  needs === 'quota'
    ? `fails the deployment when ECS has placed no task for ${POLICY.sharedQuotaSeconds / 60} minutes and nothing of the deployment can free the quota, or when it ends a second task`
    : MEANS[nature];

function explained(id: string): { readonly message: string; readonly diagnosis: Diagnosis }[] {
  const examples = EXAMPLES.filter(({ rule }) => rule === id);
  if (examples.length === 0) throw new Error(`${id} has no example in __tests__/fixtures/examples.json.`);
  return examples.map(({ surface, text, context = {} }) => {
    const diagnosis = diagnose({ surface, text, context });
    if (diagnosis.rule !== id) throw new Error(`The example of ${id} is explained as ${diagnosis.rule}.`);
    const beside = Object.entries(context).map(([name, value]) => `${name}: ${String(value)}`);
    return { message: beside.length > 0 ? `${text}   (${beside.join(', ')})` : text, diagnosis };
  });
}

/** As prose: nothing in a message may be markup. */
const prose = (text: string): string => text.replaceAll(/([<>*_|[\]])/g, '\\$1').replaceAll(/\s+/g, ' ');

const ofTasks = ({ surfaces }: Rule): boolean =>
  surfaces.some((surface) => !surface.startsWith('api.') && surface !== 'buildx.stderr');

function cause(id: string, rules: readonly Rule[]): string {
  const same = [...Map.groupBy(explained(id), ({ diagnosis }) => `${diagnosis.cause}\n${diagnosis.remedy}`).values()];
  const parts = same.flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const { cause: why, remedy, link } = first.diagnosis;
    const messages = rows.map(({ message }) => message.slice(0, 600)).join('\n');
    return [
      `\`\`\`text\n${messages}\n\`\`\``,
      `**Cause:** ${prose(why)}${rules.some(ofTasks) ? ` _It ${meaningOf(first.diagnosis)}._` : ''}`,
      `**What to do:** ${prose(remedy)}${link ? ` ([AWS's or Docker's page](${link}))` : ''}`,
    ];
  });
  const more =
    id === 'app-crash' ? ['Where its log was read, the entry of [what it printed](applications.md) says more.'] : [];
  return [`## ${id}`, ...more, ...parts].join('\n\n');
}

/** What applications print before they end, one line of each class. They all have the id app-crash. */
const LINES: readonly string[] = [
  'Error: connect ECONNREFUSED 127.0.0.1:5432',
  'Error: connect ECONNREFUSED 10.0.12.7:5432',
  'dial tcp 10.1.2.3:6379: i/o timeout',
  'java.net.UnknownHostException: config-server',
  'FATAL: password authentication failed for user "web"',
  'error: no pg_hba.conf entry for host "10.0.1.23", user "app", database "app", no encryption',
  'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',
  'FATAL: database "orders" does not exist',
  'django.db.utils.ProgrammingError: relation "users" does not exist',
  'Migration checksum mismatch for migration version 3',
  'liquibase.exception.LockException: Could not acquire change log lock.',
  "KeyError: 'DATABASE_URL'",
  'Error: getaddrinfo ENOTFOUND ${DB_HOST}',
  "Error: Cannot find module '/app/dist/server.js'",
  "ModuleNotFoundError: No module named 'fastapi'",
  "Error: ENOENT: no such file or directory, open '/etc/app/config.yaml'",
  'Error: listen EADDRINUSE: address already in use :::3000',
  'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
  "Error: EACCES: permission denied, mkdir '/app/uploads'",
  "OSError: [Errno 30] Read-only file system: '/app/static'",
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'Error: EMFILE: too many open files',
  "/app/server: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found",
  'java.lang.UnsupportedClassVersionError: class file version 65.0, this version of the Java Runtime only recognizes class file versions up to 61.0',
  'exec /docker-entrypoint.sh: exec format error',
  'exec /app/start.sh: no such file or directory',
  "/usr/bin/env: 'bash\\r': No such file or directory",
  'botocore.exceptions.ClientError: User: arn:aws:sts::123456789012:assumed-role/webTask/abc is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::config/app.json',
  'botocore.exceptions.NoCredentialsError: Unable to locate credentials',
  'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://sqs.eu-west-1.amazonaws.com/"',
  'x509: certificate signed by unknown authority',
  'yaml: line 14: mapping values are not allowed in this context',
  "TypeError: Cannot read properties of null (reading 'split')",
];

/** How scripts/diagnose.ts is called. */
const COMMANDS = [
  '```sh',
  'npm run -s diagnose -- "CannotPullContainerError: ..."',
  'npm run -s diagnose -- "exit code 137" --surface container.exitCode --launch-type FARGATE',
  'npm run -s diagnose -- "$(tail -200 app.log)" --surface container.log',
  'npm run -s diagnose -- "InvalidParameterException: ..." --operation UpdateService',
  'npm run -s diagnose -- messages.json   # [{"id", "surface", "text", "context"}, ...], one JSON line each',
  '```',
].join('\n');

/** Classes without an explanation of their own: each row of them has its own words, or there are none. */
const WITHOUT_ENTRY: readonly (ApplicationKind | undefined)[] = [undefined, 'stated', 'error'];
/** Of the many messages of a class so many are shown. */
const SHOWN = 6;

type Classes = readonly (readonly [name: ApplicationKind, found: readonly Diagnosis[]])[];

/** Messages of each class, with as different remedies as there are. */
function readClasses(): Classes {
  const known: readonly { readonly text: string }[] = JSON.parse(
    readFileSync('__tests__/fixtures/application-messages.json', 'utf8'),
  );
  const short = known
    .map(({ text }) => text)
    .filter((text) => text.length <= 160 && !text.includes('\n') && /^[ -~]+$/.test(text))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const read = [...LINES, ...short].map((text) => diagnose({ surface: 'container.log', text, context: {} }));
  const byClass = [...Map.groupBy(read, ({ errorClass }) => errorClass)].flatMap(([name, found]) =>
    name === undefined || WITHOUT_ENTRY.includes(name) ? [] : [[name, found] as const],
  );
  return byClass
    .map(([name, found]) => {
      // Remedies whose beginnings differ are different by more than the words they name.
      const different = [...Map.groupBy(found, ({ remedy }) => remedy.slice(0, 24)).values()].flatMap(
        ([first]) => first ?? [],
      );
      return [name, different.slice(0, SHOWN)] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function applications(classes: Classes): string {
  const parts = classes.flatMap(([name, found]) => [
    `## ${name}`,
    ...found.map(({ evidence, cause, remedy }) =>
      [`\`\`\`text\n${evidence.text}\n\`\`\``, `**Cause:** ${prose(cause)}`, `**What to do:** ${prose(remedy)}`].join(
        '\n\n',
      ),
    ),
  ]);
  return [
    '# What applications print before they end',
    GENERATED,
    '[All causes](../troubleshooting.md). When a container ends, the cause is what it printed: the last 200 lines of its log (log driver awslogs) are read, and the most specific line is the evidence of `app-crash`. An entry for each class of error, with some of its messages; other wordings are read by the same classes, and the log names what it found in them.',
    ...parts,
  ].join('\n\n');
}

const GENERATED = '<!-- generated from src/diagnosis by scripts/troubleshooting.ts -->';

function pages(): Map<string, string> {
  const telling = Map.groupBy(
    RULES.filter(({ nature, subject }) => nature !== 'normal' || subject !== 'none'),
    ({ id }) => id,
  );
  const families = FAMILIES.map(([page, title, subjects]) => ({
    page,
    title,
    ids: [...telling]
      .filter(([, rules]) => subjects.some((subject) => subject === rules[0]?.subject))
      .map(([id]) => id)
      .sort(),
  }));
  const placed = new Set(families.flatMap(({ ids }) => ids));
  const lost = [...telling.keys()].filter((id) => !placed.has(id));
  if (lost.length > 0) throw new Error(`No page is about ${lost.join(', ')}.`);
  const index = [
    '# Troubleshooting, by id',
    GENERATED,
    'The error of the step is the root cause in one line; the job summary has the evidence and the remedy, and the output `summary` names the cause by one of the ids below. ' +
      'What applications print themselves is on a [page of its own](troubleshooting/applications.md).',
    'In a clone of this repository (`npm ci`), the same table explains a message on the command line:',
    COMMANDS,
    ...families.map(({ page, title, ids }) =>
      [
        `## [${title}](troubleshooting/${page}.md)`,
        ids.map((id) => `<a id="${id}"></a>[${id}](troubleshooting/${page}.md#${id})`).join(' ·\n'),
      ].join('\n\n'),
    ),
  ];
  const classes = readClasses();
  return new Map([
    [INDEX, `${index.join('\n\n')}\n`],
    [TABLE, tableOf(families, classes)],
    [`${FOLDER}/applications.md`, `${applications(classes)}\n`],
    ...families.map(({ page, title, ids }): [string, string] => [
      `${FOLDER}/${page}.md`,
      `${[
        `# ${title}`,
        GENERATED,
        `[All causes](../troubleshooting.md). Search this page for a stable part of a message; names, accounts and digests in the examples are examples.`,
        ...ids.map((id) => cause(id, telling.get(id) ?? [])),
      ].join('\n\n')}\n`,
    ]),
  ]);
}

/** Formatted as biome does. */
function tableOf(
  families: readonly { readonly page: string; readonly ids: readonly string[] }[],
  classes: Classes,
): string {
  const rows = families.map(({ page, ids }) => {
    const name = page.includes('-') ? `'${page}'` : page;
    return `  ${name}:\n    '${ids.join(' ')}',`;
  });
  return [
    '// Generated by scripts/troubleshooting.ts.',
    '',
    '/** Pages of docs/troubleshooting/, with the ids of the causes that have an entry there. */',
    `export const ENTRIES: Readonly<Record<string, string>> = {\n${rows.join('\n')}\n};`,
    '',
    '/** Classes of what applications print, with an entry in docs/troubleshooting/applications.md. */',
    `export const ERROR_CLASSES =\n  '${classes.map(([name]) => name).join(' ')}';`,
    '',
  ].join('\n');
}

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};
const existing = (): string[] => {
  try {
    return readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);
  } catch {
    return [];
  }
};

const fresh = pages();
const gone = existing().filter((file) => !fresh.has(file));
if (process.argv.includes('--check')) {
  const stale = [...[...fresh].flatMap(([file, text]) => (textOf(file) === text ? [] : [file])), ...gone];
  console.log(
    stale.length > 0
      ? `${stale.join(', ')}: stale, run node scripts/troubleshooting.ts`
      : 'The troubleshooting pages are fresh.',
  );
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const file of gone) rmSync(file);
  for (const [file, text] of fresh) writeFileSync(file, text);
  console.log(`${INDEX} and ${fresh.size - 2} pages written, ${TABLE}`);
}
