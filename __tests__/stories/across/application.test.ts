import { annotationsOf } from '../../../src/report/annotations.ts';
import { outcomeComment } from '../../../src/report/github.ts';
import { outputsOf } from '../../../src/report/outputs.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { run } from '../../report/made.ts';
import { render, textOf } from '../../support/gfm.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

const logConfiguration = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
};

/** The new revision prints these lines and ends with the code. */
async function crashing(lines: readonly string[], code = 1) {
  const stage = new Stage().withService();
  const behaviour = { startSeconds: 8, exit: { afterSeconds: 2, code } };
  stage.simulator.model.behaviours.set('app:2', behaviour);
  stage.template({
    containerDefinitions: [
      { ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2', logConfiguration },
    ],
  });
  stage.simulator.logs.append('/ecs/web', 'ecs/app/old', { message: 'listening', atSeconds: stage.clock.now() });
  const { ecs } = stage.world;
  const spoken = new Set<string>();
  const world = {
    ...stage.world,
    ecs: {
      ...ecs,
      describeTasks: async (cluster: string, arns: readonly string[]) => {
        const tasks = await ecs.describeTasks(cluster, arns);
        for (const { id, lastStatus } of tasks) {
          if (lastStatus !== 'STOPPED' || spoken.has(id)) continue;
          spoken.add(id);
          for (const line of lines)
            stage.simulator.logs.append('/ecs/web', `ecs/app/${id}`, { message: line, atSeconds: stage.clock.now() });
        }
        return tasks;
      },
    },
  };
  Object.assign(stage, { world });
  return stage.deploy({});
}

/** What an application prints around its error. */
const BOOT = ['Starting application', 'config loaded'];
const FRAMES = Array.from(
  { length: 40 },
  (_, i) => `    at frame${i} (/app/node_modules/framework/lib/file${i}.js:${i}:1)`,
);

const CRASHES: readonly [situation: string, lines: readonly string[], line: string, remedy: RegExp][] = [
  [
    'a database that refuses the connection (Node.js)',
    [
      ...BOOT,
      'Error: connect ECONNREFUSED 10.0.3.7:5432',
      ...FRAMES,
      '{',
      '  errno: -111,',
      "  code: 'ECONNREFUSED',",
      '}',
      'Node.js v22.11.0',
    ],
    'Error: connect ECONNREFUSED 10.0.3.7:5432',
    /runs and listens on port 5432/,
  ],
  [
    'a missing variable (Python)',
    [
      'Traceback (most recent call last):',
      '  File "/app/main.py", line 3, in <module>',
      '    URL = os.environ["DATABASE_URL"]',
      "KeyError: 'DATABASE_URL'",
    ],
    "KeyError: 'DATABASE_URL'",
    /environment variable DATABASE_URL/,
  ],
  [
    'a wrong password below a stack of Spring (Java)',
    [
      'org.springframework.beans.factory.BeanCreationException: Error creating bean with name entityManagerFactory',
      ...FRAMES,
      'Caused by: org.hibernate.exception.GenericJDBCException: Unable to open JDBC Connection',
      ...FRAMES,
      'Caused by: org.postgresql.util.PSQLException: FATAL: password authentication failed for user "web"',
      '\t... 62 more',
    ],
    'password authentication failed for user "web"',
    /secrets/,
  ],
  [
    'a module that is not in the image (Node.js)',
    [
      'node:internal/modules/cjs/loader:1228',
      '  throw err;',
      "Error: Cannot find module '/app/dist/server.js'",
      ...FRAMES,
      'Node.js v22.11.0',
    ],
    "Error: Cannot find module '/app/dist/server.js'",
    /COPY/,
  ],
  [
    'a panic (Go)',
    [
      'panic: dial tcp: lookup redis on 10.0.0.2:53: no such host',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/app/main.go:12 +0x1d',
    ],
    'panic: dial tcp: lookup redis on 10.0.0.2:53: no such host',
    /localhost|Service Connect/,
  ],
  [
    'a role that may not read a bucket (AWS SDK)',
    [
      'botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::123456789012:assumed-role/webTask/abc is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::config/app.json',
    ],
    's3:GetObject',
    /task role webTask/,
  ],
  [
    'a JSON logger that goes on after its error (pino)',
    [
      '{"level":30,"time":1,"msg":"boot"}',
      '{"level":60,"time":2,"err":{"type":"Error","message":"getaddrinfo ENOTFOUND db.internal","stack":"Error: getaddrinfo ENOTFOUND db.internal"},"msg":"startup failed"}',
      '{"level":30,"time":3,"msg":"bye"}',
    ],
    'getaddrinfo ENOTFOUND db.internal',
    /private hosted zone|spelling/,
  ],
];

/** The classes of the issue beside those above, each by another runtime: exit code, lines, telling line, remedy. */
const MORE: readonly [situation: string, code: number, lines: readonly string[], line: string, remedy: RegExp][] = [
  [
    'a certificate that is not trusted (Java)',
    1,
    [
      'Exception in thread "main" java.lang.RuntimeException: boot failed',
      '\tat com.acme.App.main(App.java:9)',
      'Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path',
    ],
    'PKIX path building failed',
    /truststore/,
  ],
  [
    'a migration that is locked (Liquibase)',
    1,
    ['liquibase.exception.LockException: Could not acquire change log lock.  Currently locked by 10.0.1.5'],
    'Could not acquire change log lock.',
    /releaseLocks/,
  ],
  [
    'a port below 1024 (nginx)',
    1,
    ['nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)'],
    'bind() to 0.0.0.0:80 failed (13: Permission denied)',
    /8080/,
  ],
  [
    'a folder that may not be written (PHP)',
    255,
    [
      'The stream or file "/var/www/storage/logs/laravel.log" could not be opened: Failed to open stream: Permission denied',
    ],
    '/var/www/storage/logs/laravel.log',
    /chown/,
  ],
  [
    'a read-only file system (Python)',
    1,
    ["OSError: [Errno 30] Read-only file system: '/app/static'"],
    "OSError: [Errno 30] Read-only file system: '/app/static'",
    /readonlyRootFilesystem/,
  ],
  [
    'a runtime that is too old (.NET)',
    150,
    [
      'You must install or update .NET to run this application.',
      "Framework: 'Microsoft.AspNetCore.App', version '9.0.0' (x64)",
    ],
    'You must install or update .NET to run this application.',
    /aspnet/,
  ],
  [
    'a heap that is full (Node.js)',
    134,
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    'JavaScript heap out of memory',
    /max-old-space-size/,
  ],
  [
    'a configuration that cannot be read (Go)',
    1,
    ['level=fatal msg="cannot parse config" error="yaml: line 3: did not find expected key"'],
    'yaml: line 3: did not find expected key',
    /configuration file/,
  ],
  [
    'a command that the image does not have (shell)',
    127,
    ['> web@1.0.0 start', '> next start', 'sh: next: not found'],
    'sh: next: not found',
    /Install next/,
  ],
  [
    'an image for another processor (exec format error)',
    1,
    ['exec /usr/local/bin/docker-entrypoint.sh: exec format error'],
    'exec format error',
    /platforms/,
  ],
  [
    'an exception of its own code (Ruby)',
    1,
    ["/app/config/boot.rb:7:in `load': undefined method `fetch' for nil (NoMethodError)"],
    "undefined method `fetch' for nil (NoMethodError)",
    /boot\.rb:7/,
  ],
  [
    'a panic (Rust)',
    101,
    [
      "thread 'main' panicked at src/main.rs:14:10:",
      'called `Result::unwrap()` on an `Err` value: Os { code: 111, kind: ConnectionRefused, message: "Connection refused" }',
    ],
    'kind: ConnectionRefused',
    /environment/,
  ],
];

/** What each place of a report shows of an outcome, as plain text: Markdown's and HTML's escapes undone. */
function placesOf(outcome: Awaited<ReturnType<typeof crashing>>): Readonly<Record<string, string>> {
  const page = (text: string): string => textOf(render(text));
  const comment = outcomeComment(outcome, PLACE, { run });
  const places = {
    headline: outcome.headline,
    annotation: annotationsOf(outcome)
      .map(({ text }) => text)
      .join('\n'),
    comment: page(comment),
    summary: page(summaryOf(outcome, { run })),
    json: JSON.stringify(
      JSON.parse(outputsOf(outcome).summary ?? '').causes.map(({ evidence }: Cause) => evidence.text),
    ),
  };
  const plain = (text: string): string => text.replaceAll(/[\\`]/g, '');
  return Object.fromEntries(Object.entries(places).map(([place, text]) => [place, plain(text)]));
}
interface Cause {
  readonly evidence: { readonly text: string };
}
const PLACE = {
  aws: { allowedAccountIds: [] },
  service: { cluster: 'shop', service: 'web' },
  github: {},
} as unknown as Parameters<typeof outcomeComment>[1];
const ALL = [
  ...CRASHES.map(([situation, lines, line, remedy]) => [situation, 1, lines, line, remedy] as const),
  ...MORE,
];

test.each(ALL)('%s is reported by its own words in every place', async (_, code, lines, line, remedy) => {
  const outcome = await crashing(lines, code);
  const [cause] = outcome.diagnoses;
  expect(cause?.evidence).toMatchObject({ surface: 'container.log', text: expect.stringContaining(line) });
  expect(cause?.remedy).toMatch(remedy);
  const words = line.replaceAll(/[\\`]/g, '');
  const without = Object.entries(placesOf(outcome)).flatMap(([place, text]) => (text.includes(words) ? [] : [place]));
  expect(without).toEqual([]);
  // One cause, however often it happened.
  expect(outcome.diagnoses.filter(({ rule }) => rule === cause?.rule)).toHaveLength(1);
});

test('the exit code stands beside the words', async () => {
  const outcome = await crashing(CRASHES[0]?.[1] ?? []);
  expect(outcome.headline).toContain('exit code 1');
  expect(summaryOf(outcome)).toContain('**Last log lines of task');
});

test('where nothing that was printed looks like an error, the last line and the exit code stand', async () => {
  const outcome = await crashing(['listening on 8080', 'bye'], 3);
  expect(outcome.headline).toContain('exit code 3');
  expect(outcome.diagnoses[0]?.evidence.text).toBe('exit code 3, after: bye');
});

const REFUSALS: readonly [reason: string, cause: RegExp, remedy: RegExp][] = [
  ['Health checks failed with these codes: [404]', /HTTP status 404/, /path of the target group/],
  ['Health checks failed with these codes: [302]', /HTTP status 302/, /matcher/],
  ['Health checks failed with these codes: [301]', /HTTP status 301/, /redirects/],
  ['Health checks failed with these codes: [401]', /HTTP status 401/, /login/],
  ['Health checks failed with these codes: [502]', /HTTP status 502/, /log/],
  ['Health checks failed with these codes: [403]', /HTTP status 403/, /needs no login/],
  ['Health checks failed with these codes: [503]', /HTTP status 503/, /log/],
  ['Request timed out', /timed out/, /security group/],
];

test.each(REFUSALS)(
  'the health check of the load balancer says %s, and the verdict does',
  async (reason, cause, remedy) => {
    const stage = new Stage().withService({
      loadBalancers: [
        {
          targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a',
          containerName: 'app',
          containerPort: 8080,
        },
      ],
    });
    stage.simulator.model.behaviours.set('app:2', { unhealthy: 'target', unhealthyReason: reason });
    stage.template({
      containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: 'example.com/app:2' }],
    });
    const outcome = await stage.deploy({});
    expect(outcome.headline).toMatch(cause);
    expect(outcome.diagnoses[0]?.remedy).toMatch(remedy);
  },
);
