import { annotationsOf } from '../../src/report/annotations.ts';
import { verdictBlock } from '../../src/report/blocks.ts';
import { Stage, TASK_DEFINITION } from '../support/world.ts';

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
    /security group .*5432/,
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

test.each(CRASHES)('%s is told by its own words wherever the run reports', async (_, lines, line, remedy) => {
  const outcome = await crashing(lines);
  const [cause] = outcome.diagnoses;
  expect(cause).toMatchObject({ rule: 'app-crash', subject: 'application' });
  expect(cause?.evidence).toMatchObject({ surface: 'container.log', text: expect.stringContaining(line) });
  expect(cause?.remedy).toMatch(remedy);
  expect(outcome.headline).toContain(line);
  expect(outcome.headline).toContain('exit code 1');
  expect(
    annotationsOf(outcome)
      .map(({ text }) => text)
      .join('\n'),
  ).toContain(line);
  expect(verdictBlock(outcome)).toContain(`**Evidence:**`);
  // One cause, however often it happened.
  expect(outcome.diagnoses.filter(({ rule }) => rule === 'app-crash')).toHaveLength(1);
});

test('where nothing that was printed looks like an error, the last line and the exit code stand', async () => {
  const outcome = await crashing(['listening on 8080', 'bye'], 3);
  expect(outcome.headline).toContain('exit code 3');
  expect(outcome.diagnoses[0]?.evidence.text).toBe('exit code 3, after: bye');
});

const REFUSALS: readonly [reason: string, cause: RegExp, remedy: RegExp][] = [
  ['Health checks failed with these codes: [404]', /HTTP status 404/, /path of the target group/],
  ['Health checks failed with these codes: [302]', /HTTP status 302/, /matcher/],
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
