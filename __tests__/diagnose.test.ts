import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnoseCommand } from '../scripts/diagnose.ts';

const folder = mkdtempSync(join(tmpdir(), 'diagnose-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(content?: string) {
  const file = join(folder, 'messages.json');
  if (content !== undefined) writeFileSync(file, content);
  return spawnSync(
    process.execPath,
    ['scripts/diagnose.ts', content === undefined ? join(folder, 'nope.json') : file],
    {
      encoding: 'utf8',
    },
  );
}

test('each message is explained in a line of its own, in order', () => {
  const { status, stdout, stderr } = run(
    JSON.stringify([
      {
        id: 'b',
        surface: 'container.exitCode',
        text: 'Essential container in task exited',
        context: { exitCode: 139 },
        cause: 'not read',
      },
      { id: 'a', surface: 'service.event', text: '(service web) has reached a steady state.' },
    ]),
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => Object.keys(line))).toEqual([
    ['id', 'rule', 'severity', 'transient', 'cause', 'remedy'],
    ['id', 'rule', 'severity', 'transient', 'cause', 'remedy'],
  ]);
  expect(lines).toMatchObject([
    { id: 'b', rule: 'segfault', severity: 'failure' },
    { id: 'a', rule: 'normal-operation', severity: 'normal' },
  ]);
});

test('of a message whose place is not known no application is claimed', () => {
  const { stdout } = run(
    JSON.stringify([
      { id: 1, surface: 'cli', text: 'frob: error: widget 3 was not glued' },
      { id: 2, surface: 'container.log', text: 'frob: error: widget 3 was not glued' },
    ]),
  );
  const [unplaced, placed] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(unplaced).toMatchObject({ rule: 'unknown', cause: expect.stringContaining('widget 3 was not glued') });
  expect(placed).toMatchObject({ rule: 'app-crash' });
});

test.each([
  ['no such file', undefined, /nope\.json does not exist/],
  ['not JSON', '{', /is not JSON/],
  ['not an array', '{}', /is not an array/],
  ['an entry without text', '[{"id":"x","surface":"api.ecs"}]', /\[0\] \(x\)\.text is not a string/],
])('%s: the reason is clear', (_, content, message) => {
  const { status, stdout, stderr } = run(content);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ {4}at /);
});

describe('one message', () => {
  /** In this process; above and below, the command is a process of its own, as a user has it. */
  const explain = (...args: readonly string[]) => diagnoseCommand(args);
  const command = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/diagnose.ts', ...args], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test.each([
    [
      "Error: Failed to register task definition in ECS: Unexpected key 'enableFaultInjection' found in params",
      /^taskdef-malformed \(failure, read as api\.ecs\)[\s\S]*too old for `enableFaultInjection`/,
    ],
    [
      'CannotPullContainerError: manifest unknown: Requested image not found',
      /^image-not-found \(failure, read as task/,
    ],
    [
      'ResourceInitializationError: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/web/0 is not authorized to perform: secretsmanager:GetSecretValue',
      /^secret-access-denied .*task\.stoppedReason/,
    ],
    [
      "CannotPullECRContainerError: RepositoryNotFoundException: The repository with name 'web' does not exist in the registry with id '123456789012'",
      /^image-not-found .*task\.stoppedReason[\s\S]*\(account, Region, repository\)/,
    ],
    [
      'AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/deploy/0 is not authorized to perform: ecs:UpdateService',
      /^ecs-permission-denied .*api\.ecs/,
    ],
    ['Not authorized to perform sts:AssumeRoleWithWebIdentity', /^oidc-trust-mismatch .*api\.sts/],
    ['ERROR: failed to solve: target stage "prod" could not be found', /^build-target-missing .*buildx\.stderr/],
    ['Error: connect ECONNREFUSED 127.0.0.1:5432', /^app-crash [\s\S]*What to do: Set the real endpoint/],
    ['RESOURCE:MEMORY', /^insufficient-memory \(failure; where it stood is not known\)$/m],
    ['deployment failed: tasks failed to start.', /^circuit-breaker /],
    ['TypeError: x is undefined', /^app-crash .*where it stood is not known/],
    ['frob: error: widget 3 was not glued', /^unknown [\s\S]*Who wrote it is not known[\s\S]*widget 3 was not glued/],
    [
      "SessionId: ecs-execute-command-0 : We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group.",
      /^execute-command-not-enabled [\s\S]*logs:DescribeLogGroups/,
    ],
    [
      'service "web" depends on undefined service "db": invalid compose project',
      /^unknown [\s\S]*Who wrote it is not known/,
    ],
    [
      "ERROR: (gcloud.auth.configure-docker) There was a problem refreshing your current auth tokens: ('invalid_grant: Bad Request')",
      /^(?!app-crash)[\s\S]*read as api\.ecs/,
    ],
    [
      "This CDK deployment requires bootstrap stack version '6', but during the confirmation via SSM parameter /cdk-bootstrap/x/version the following error occurred: AccessDeniedException",
      /^(?!secret-access)[\s\S]*read as api\.ecs/,
    ],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      /^build-daemon-unavailable [\s\S]*may not use the Docker daemon/,
    ],
    ['it broke', /^unknown [\s\S]*Cause: {6}No row of the table has these words/],
    [
      'denied: Your authorization token has expired. Reauthenticate and try again.',
      /^ecr-token-expired .*where it stood is not known/,
    ],
    ['error from registry: denied: requested access to the resource is denied', /^registry-push-denied /],
    [
      "tag invalid: The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the repository is immutable.",
      /^ecr-tag-immutable /,
    ],
    ['unauthorized: authentication required', /^ecr-login-missing /],
    ['signal: killed', /^build-oom /],
    [
      'COPY failed: file not found in build context or excluded by .dockerignore: stat dist: file does not exist',
      /^build-copy-source-missing /,
    ],
    ['exec format error', /^image-platform-mismatch \(failure; where it stood is not known/],
    ['Error: listen EADDRINUSE: address already in use :::3000', /^app-crash /],
    [
      'An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::123456789012:assumed-role/web-task/0123456789abcdef0123456789abcdef is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k"',
      /^app-crash .*container\.log[\s\S]*task role web-task/,
    ],
  ])('%s', (message, said) => {
    const { status, stdout, stderr } = explain(message);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(said);
    expect(stdout).toMatch(/^Cause: {6}\S.*\nWhat to do: \S/m);
  });

  test.each([
    [['Error: listen EADDRINUSE: address already in use :::3000'], /^app-crash /],
    [['RESOURCE:ENI', '--operation', 'RunTask'], /^eni-limit /],
  ])('%j: the command itself prints that', (args, said) => {
    const ended = command(...args);
    expect(ended).toEqual(explain(...args));
    expect(ended.stdout).toMatch(said);
  });

  test('what stood beside it is given', () => {
    const { stdout } = explain('exit code 139', '--surface', 'container.exitCode', '--launch-type', 'FARGATE');
    expect(stdout).toMatch(/^segfault /);
    expect(explain('RESOURCE:ENI', '--operation', 'RunTask').stdout).toMatch(/^eni-limit .*api\.ecs/);
    expect(explain('no', '--operation', 'CreateRepository').stdout).toMatch(/api\.ecr/);
    expect(explain('--help').stdout).toMatch(/^Usage[\s\S]*container\.log/);
  });

  test.each([
    [['--surface', 'nowhere', 'x'], /--surface nowhere is none of task\.stoppedReason/],
    [['--unknown', 'x'], /--unknown/],
    [[], /Usage/],
  ])('%j is refused', (args, said) => {
    const ended = command(...args);
    expect(ended).toEqual(explain(...args));
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).not.toMatch(/ {4}at /);
  });
});
