import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/**
 * A canary as every kind of secret, an application, a build and an AWS that repeat them all, and everything that leaves the run:
 * log, annotations, summary, outputs, saved state, and what GitHub's API gets.
 */
const CANARIES = {
  token: 'canary-token_1*2!',
  variableByName: 'canary variable_w*rd$1',
  variableByShape: 'AKIACANARYCANARY0001',
  ofTheTemplate: 'canary-of|the-template',
  inJson: 'canary-json<pw>&"1',
  accessKey: 'ASIACANARYCANARY0002',
  secretKey: 'canary/aws+secret/key/0123456789abcdefgh',
  sessionToken: 'canary-session-token//0123456789==',
  buildSecret: 'canary-build-secret',
  firstLine: 'canary-first-line',
  secondLine: 'canary-second-line',
  buildVariable: 'canary-build-variable',
  secretFile: 'canary-secret-file',
  cacheKey: 'canary-cache-key-123',
  annotation: 'canary-annotation-1',
  buildArgument: 'canary-build-argument-1',
} as const;
const SECRET = `arn:aws:secretsmanager:${REGION}:123456789012:secret:db-AbCdEf`;
/** How whoever repeats a secret may write it. */
const repeated = Object.values(CANARIES)
  .toReversed()
  .flatMap((canary) => [
    canary,
    JSON.stringify({ canary }),
    Buffer.from(`user:${canary}`).toString('base64'),
    encodeURIComponent(canary),
  ]);

/** What the application prints. */
let heard: readonly string[] = repeated;

const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const definition = (image: string) => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'app',
      image,
      environment: [{ name: 'API_KEY', value: CANARIES.ofTheTemplate }],
      secrets: [{ name: 'DB', valueFrom: `${SECRET}:password::` }],
      healthCheck: { command: ['CMD-SHELL', `curl -u x:${CANARIES.ofTheTemplate} localhost/${image.slice(-1)}`] },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});
const sentToGithub: string[] = [];
const hub = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.method !== 'GET') sentToGithub.push(Buffer.concat(chunks).toString());
  response.setHeader('content-type', 'application/json').end(request.method === 'GET' ? '[]' : '{"id":7}');
});
let server: { endpoint: string; close(): Promise<void> };
let time: SharedTime;

beforeAll(async () => {
  server = await simulator.listen();
  time = await shareTime(clock);
  // Credentials that STS gave out.
  const roleArn = 'arn:aws:iam::123456789012:role/deploy';
  const session = { accessKeyId: CANARIES.accessKey, token: CANARIES.sessionToken, roleArn };
  simulator.sts.sessions.set(CANARIES.accessKey, {
    ...session,
    arn: 'arn:aws:sts::123456789012:assumed-role/deploy/run',
    expiresAt: clock.now() + 3600,
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  simulator.call('RegisterTaskDefinition', definition('example.com/app:1'));
  createDependencies(simulator, definition('example.com/app:1'));
  const value = JSON.stringify({ username: 'admin', password: CANARIES.inJson });
  simulator.secretsManager.secrets.set(SECRET, { versions: { v1: { stages: ['AWSCURRENT'], value } } });
  // Whatever task it is, its log says everything.
  // The last is an error that the comment quotes.
  const events = () =>
    [...heard, `Error: Unknown database '${CANARIES.variableByName}'`].map((message, index) => ({
      timestamp: index,
      message,
      ingestionTime: index,
    }));
  const anyStream = new (class extends Map<string, ReturnType<typeof events>> {
    override get = events;
    override has = () => true;
  })();
  simulator.logs.groups.set('/web', anyStream);
  simulator.registry.create('web', false);
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  clock.advance(120);
  simulator.model.behaviours.set('example.com/app:2', {
    exit: { afterSeconds: 2, code: 1, reason: `exec ${CANARIES.variableByName}: ${CANARIES.ofTheTemplate}` },
  });
});
afterAll(async () => {
  await Promise.all([server.close(), time.close()]);
  await new Promise((resolve) => hub.close(resolve).closeAllConnections());
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that left a run, by surface; the commands that teach the runner a secret are not shown by it. */
async function leftBy(
  inputs: Readonly<Record<string, string>>,
  path = process.env.PATH ?? '',
): Promise<Record<'log' | 'summary' | 'outputs' | 'state' | 'post' | 'github', string> & { masks: string[] }> {
  sentToGithub.length = 0;
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(definition('example.com/app:2')));
  let state = '';
  const run = await runAction({
    inputs: {
      service: 'web',
      'task-definition': 'task-definition.json',
      'github-token': CANARIES.token,
      'github-environment': 'test',
      comment: 'true',
      'environment-variables': `DB_PASSWORD=${CANARIES.variableByName}\nOTHER=${CANARIES.variableByShape}`,
      ...inputs,
    },
    env: {
      ...time.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: CANARIES.accessKey,
      AWS_SECRET_ACCESS_KEY: CANARIES.secretKey,
      AWS_SESSION_TOKEN: CANARIES.sessionToken,
      AWS_REGION: REGION,
      GITHUB_API_URL: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
      GITHUB_RUN_ID: '42',
      BUILD_VARIABLE: CANARIES.buildVariable,
      PATH: path,
    },
    cwd: folder,
    onMainEnd: (files) => {
      state = readFileSync(join(files, 'state'), 'utf8');
    },
  });
  expect(run.exitCode).toBe(1);
  const lines = run.log.split('\n');
  const teaches = (line: string): boolean => line.startsWith('::add-mask::');
  return {
    log: lines.filter((line) => !teaches(line)).join('\n'),
    summary: run.summary,
    outputs: JSON.stringify(run.outputs),
    state,
    post: run.post.log
      .split('\n')
      .filter((line) => !teaches(line))
      .join('\n'),
    github: sentToGithub.join('\n'),
    masks: lines.filter(teaches).map((line) => line.slice('::add-mask::'.length)),
  };
}

const KINDS = Object.entries(CANARIES);
/** The canaries that are in a text, in any encoding. */
const canariesIn = (text: string): string[] =>
  KINDS.filter(
    ([, canary]) =>
      text.includes(canary) ||
      text.includes(JSON.stringify(canary).slice(1, -1)) ||
      text.includes(encodeURIComponent(canary)) ||
      text.includes(Buffer.from(canary).toString('base64').slice(4, 20)),
  ).map(([kind]) => kind);

test('a deployment that fails: the application, AWS and the difference repeat every secret', async () => {
  const left = await leftBy({ 'rollback-on-failure': 'false', 'log-lines': '200' });
  expect(left.log).toContain('container app');
  expect(left.log).toMatch(/\|\S* \*\*\*/);
  expect(left.summary).toContain('```text');
  expect(left.github).toContain('***');
  // What a run without a build cannot know of.
  const unknown = [
    'buildSecret',
    'firstLine',
    'secondLine',
    'buildVariable',
    'secretFile',
    'cacheKey',
    'annotation',
    'buildArgument',
  ];
  for (const surface of ['log', 'summary', 'outputs', 'state', 'post', 'github'] as const)
    expect([surface, canariesIn(left[surface]).filter((kind) => !unknown.includes(kind))]).toEqual([surface, []]);
  // The runner learns the same, so that what other steps print is masked as well.
  for (const kind of ['token', 'variableByName', 'variableByShape', 'ofTheTemplate', 'inJson', 'secretKey'] as const)
    expect(left.masks).toContain(CANARIES[kind]);
  expect(left.log).not.toContain('curl -u');
});

/** A docker whose build repeats all it is given, and fails. An old buildx has the login in a file. */
function dockerThatFails(login: 'environment' | 'file'): string {
  const bin = join(folder, `bin-${login}`);
  mkdirSync(bin, { recursive: true });
  const version = login === 'file' ? 'v0.12.0' : 'v0.36.1';
  writeFileSync(
    join(bin, 'docker'),
    `#!/bin/sh
case "$*" in
  version*) echo '28.0.4' ;;
  info*) echo 'linux/amd64' ;;
  "buildx version"*) echo 'github.com/docker/buildx ${version} 0000000' ;;
  "buildx inspect"*) printf '%s\\n' 'Name:          b' 'Driver:        docker-container' '' 'Nodes:' 'Name:      b0' 'Status:    running' 'BuildKit version: v0.32.2' 'Platforms: linux/amd64' ;;
  "buildx ls"*) echo '{"Current":true,"Driver":"docker-container","Name":"b","Nodes":[{"Name":"b0","Status":"running","Version":"v0.32.2","Platforms":["linux/amd64"]}]}' ;;
  "buildx build"*)
    for word; do case "$word" in *src=*) cat "\${word##*src=}"; cat "\${word##*src=}" >&2;; esac; done
    echo "variable $BUILD_VARIABLE cache $* $DOCKER_AUTH_CONFIG"
    [ -n "$DOCKER_CONFIG" ] && cat "$DOCKER_CONFIG/config.json"
    echo "ERROR: failed to solve: process \\"/bin/sh -c login $BUILD_VARIABLE\\" did not complete successfully: exit code: 1" >&2
    exit 1 ;;
esac
exit 0
`,
    { mode: 0o755 },
  );
  return `${bin}:${process.env.PATH ?? ''}`;
}
const BUILD = {
  repository: 'web',
  'build-secrets': `a=${CANARIES.buildSecret}\nb<<END\n${CANARIES.firstLine}\n${CANARIES.secondLine}\nEND`,
  'build-secret-envs': 'c=BUILD_VARIABLE',
  'build-secret-files': 'd=secret.txt',
  annotations: `db.password=${CANARIES.annotation}`,
  'build-args': `NPM_TOKEN=${CANARIES.buildArgument}`,
  'cache-to': `type=s3,region=eu-west-1,bucket=b,secret_access_key=${CANARIES.cacheKey}`,
};

test.each(['environment', 'file'] as const)(
  'a build that fails and repeats every secret it was given, with the login in the %s',
  async (login) => {
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY secret.txt /\n');
    writeFileSync(join(folder, 'secret.txt'), `${CANARIES.secretFile}\n`);
    const left = await leftBy(BUILD, dockerThatFails(login));
    expect(left.log).toContain('***');
    for (const surface of ['log', 'summary', 'outputs', 'state', 'post', 'github'] as const) {
      expect([surface, canariesIn(left[surface])]).toEqual([surface, []]);
      for (const secret of [
        simulator.registry.password,
        Buffer.from(`AWS:${simulator.registry.password}`).toString('base64'),
      ])
        expect(left[surface]).not.toContain(secret.slice(0, 24));
    }
  },
  180_000,
);

test('inputs that are wrong are not repeated with their secrets', async () => {
  const left = await leftBy({
    'task-definition': JSON.stringify(definition('example.com/app:2')),
    'github-token': `${CANARIES.token}\n${CANARIES.firstLine}`,
    'build-secrets': `"a=${CANARIES.buildSecret}`,
    image: CANARIES.variableByShape,
    service: 'web',
  });
  expect(left.log).toContain('github-token: has a space, a line break');
  expect(left.log).toContain('task-definition: is a task definition itself');
  for (const surface of ['log', 'summary', 'outputs', 'state', 'post', 'github'] as const)
    expect([surface, canariesIn(left[surface])]).toEqual([surface, []]);
});

/** A canary in every place that is none for a secret; what the place is called, or that only a reference may stand there, says that it is one. */
const misplaced = (place: string): string => `canary-in-${place}-7x`;
const APPLICATION = {
  ...definition('example.com/app:2').containerDefinitions[0],
  environment: [],
  secrets: [],
  healthCheck: undefined,
};
const TEMPLATE = {
  ...definition('example.com/app:2'),
  containerDefinitions: [
    {
      ...APPLICATION,
      command: ['run', '--db-password', misplaced('template-command')],
      dockerLabels: { 'db.password': misplaced('template-label') },
      secrets: [{ name: 'DB', valueFrom: misplaced('template-value-from') }],
      environment: [{ name: 'FILLED', value: '${X_TOKEN}' }],
    },
  ],
  tags: [{ key: 'api-token', value: misplaced('template-tag') }],
};
const SERVICE = {
  tags: [
    { key: 'db-password', value: misplaced('service-tag') },
    { key: 'team', value: 'an-ordinary-tag' },
  ],
  serviceConnectConfiguration: {
    enabled: true,
    namespace: 'local',
    logConfiguration: {
      logDriver: 'splunk',
      options: { 'splunk-token': misplaced('service-option') },
      secretOptions: [{ name: 'other', valueFrom: misplaced('service-secret-option') }],
    },
  },
};
const ENTRY = `- service: web
  secrets:
    ENTRY: ${misplaced('services-secrets')}
  command: run --token ${misplaced('services-command')}
  environment-variables: |
    DB_PASSWORD=${misplaced('services-variable')}
  task-definition-tags:
    api-token: ${misplaced('services-tag')}
`;
const TASK = [
  {
    name: 'app',
    command: ['run', '--token', misplaced('override-command')],
    environment: [{ name: 'DB_PASSWORD', value: misplaced('override-variable') }],
  },
];

test.each<[string, Readonly<Record<string, string>>]>([
  [
    'a deployment',
    {
      'service-definition': 'service.json',
      secrets: `INPUT=${misplaced('input-secrets')}`,
      variables: `X_TOKEN=${misplaced('variables')}`,
      'docker-labels': `web.password=${misplaced('input-label')}`,
      'task-definition-tags': `web-token=${misplaced('input-tag')}`,
      verify: `true --token ${misplaced('verify')}`,
    },
  ],
  ['several services', { service: '', services: ENTRY, variables: `X_TOKEN=${misplaced('variables')}` }],
  [
    'a task',
    {
      mode: 'task',
      service: '',
      variables: `X_TOKEN=${misplaced('variables')}`,
      'run-task-subnets': 'subnet-1',
      'run-task-container-overrides': JSON.stringify(TASK),
      'run-task-tags': JSON.stringify([{ key: 'api-token', value: misplaced('task-tag') }]),
    },
  ],
])('a secret in place of its name or in a place without secrets: %s', async (what, inputs) => {
  writeFileSync(join(folder, 'misplaced.json'), JSON.stringify(TEMPLATE));
  writeFileSync(join(folder, 'service.json'), JSON.stringify(SERVICE));
  const places = [...JSON.stringify([TEMPLATE, SERVICE, inputs]).matchAll(/canary-in-[\w-]+-7x/g)].map(
    ([canary]) => canary,
  );
  const given = places.filter((canary) => what === 'a deployment' || !canary.startsWith('canary-in-service-'));
  heard = given;
  const left = await leftBy({
    'task-definition': 'misplaced.json',
    'environment-variables': '',
    preflight: 'false',
    'log-lines': '200',
    ...inputs,
  });
  heard = repeated;
  expect(left.log).toMatch(/\|\S* \*\*\*/);
  expect(left.log.includes('an-ordinary-tag')).toBe(what === 'a deployment');
  for (const surface of ['log', 'summary', 'outputs', 'state', 'post', 'github'] as const)
    expect([surface, given.filter((canary) => left[surface].includes(canary))]).toEqual([surface, []]);
});
