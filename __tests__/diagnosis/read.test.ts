import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/diagnosis.ts';
import { read } from '../../src/diagnosis/read.ts';
import { wordOf } from '../../src/diagnosis/words.ts';

test.each([
  ['image', 'image', undefined],
  ['image', 'rate', undefined],
  ['image', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1'],
  ['image', '"docker.io/library/nginx:latest",', 'docker.io/library/nginx:latest'],
  ['container', 'cpu', undefined],
  ['container', 'app', 'app'],
  ['user', 'node:', undefined],
  ['user', 'appuser', 'appuser'],
  ['port', '99999', undefined],
  ['port', '8080', '8080'],
  ['host', 'db.internal.', 'db.internal'],
  ['role', 'a role of theirs', undefined],
])('%s %s', (kind, word, expected) => {
  expect(wordOf(kind, word)).toBe(expected);
});

const READ: readonly [Evidence, Partial<ReturnType<typeof read>>][] = [
  [
    { surface: 'api.ecs', text: 'ClientException: x', context: { operation: 'UpdateService' } },
    { producer: 'aws', phase: 'call', operation: 'UpdateService' },
  ],
  [
    {
      surface: 'container.reason',
      text: 'CannotStartContainerError: failed to initialize logging driver: x',
      context: { launchType: 'FARGATE' },
    },
    { producer: 'log-driver', phase: 'logs', launch: 'FARGATE' },
  ],
  [
    {
      surface: 'task.stoppedReason',
      text: 'CannotPullContainerError: unexpected status code 403 Forbidden: public.ecr.aws/a/b:1',
      context: {},
    },
    { producer: 'registry', phase: 'pulling', direction: 'pull', registry: 'ecr-public', status: 403 },
  ],
  [
    { surface: 'buildx.stderr', text: 'ERROR: failed to solve: error writing layer blob: not_found', context: {} },
    { producer: 'cache', phase: 'cache', direction: 'cache' },
  ],
  [
    {
      surface: 'buildx.stderr',
      text: 'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      context: {},
    },
    { producer: 'step', phase: 'build-step' },
  ],
  [
    { surface: 'buildx.stderr', text: 'An image does not exist locally with the tag: web', context: {} },
    { producer: 'docker-cli' },
  ],
  [{ surface: 'api.sts', text: 'Error: Could not assume role with OIDC: x', context: {} }, { producer: 'github' }],
  [
    { surface: 'api.ecr', text: 'User: x is not authorized to perform: ecr:PutImage on resource: y', context: {} },
    { producer: 'aws', action: 'ecr:PutImage' },
  ],
];

test.each(READ.map(([evidence, expected]) => [evidence.text, evidence, expected] as const))(
  '%s',
  (_, evidence, expected) => {
    expect(read(evidence, evidence.text)).toMatchObject(expected);
  },
);

test('an unknown launch type is left out', () => {
  expect(read({ surface: 'service.event', text: '', context: { launchType: 'MOON' } }, '').launch).toBeUndefined();
});

const collected: readonly Evidence[] = ['failures', 'unseen-messages', 'examples', 'strict-messages'].flatMap((name) =>
  JSON.parse(readFileSync(`__tests__/fixtures/${name}.json`, 'utf8')),
);

test('however a message is cut, no word of a sentence is taken for a name', () => {
  fc.assert(
    fc.property(fc.constantFrom(...collected), fc.nat(), ({ surface, text, context = {} }, cut) => {
      const short = text.slice(0, cut % (text.length + 1));
      const { cause, remedy } = diagnose({ surface, text: short, context });
      const said = `${cause} ${remedy}`.replaceAll(short, '');
      expect(said).not.toMatch(/the image (?:image|rate)\b|container cpu\b|user node:/i);
    }),
    { numRuns: 400 },
  );
});

describe('the HTTP status that a server answered with', () => {
  test.each<[string, number | undefined]>([
    ['pull access denied: unexpected status code 403 Forbidden', 403],
    ['unexpected status from HEAD request to https://ghcr.io/v2/a/manifests/1: 429 Too Many Requests', 429],
    ['RequestError: StatusCode: 503', 503],
    ['AccessDenied: status code: 400, request id: 1', 400],
    ['server answered HTTP 502', 502],
    ['HTTP status 404', 404],
    ['answered with status 404', 404],
    ['answered with status: 404', 404],
    ['status code 404', 404],
    ['unexpected status: 404', 404],
    ['code: 404', 404],
    ['code [404]', 404],
    ['Health checks failed with these codes: [500]', 500],
    ['returned code 301', 301],
    ['response: 404', 404],
    ['the registry said 404 Not Found', 404],
    ['the registry said 504 Gateway Timeout', 504],
    ['the registry said 504 times no', undefined],
    ['code 999', undefined],
    ['status 4031', undefined],
    ['exit code 137', undefined],
    ['exit code: 127', undefined],
    ['exited with code 137', undefined],
    ['exit status 125', undefined],
    ['a command returned a non-zero code: 127', undefined],
    ['exit code 1 after status code 500', 500],
  ])('%s', (text, status) => {
    expect(read({ surface: 'buildx.stderr', text, context: {} }, text).status).toBe(status);
  });
});

/** surface, text, context -> what it is about. */
const ABOUT: readonly (readonly [
  Evidence['surface'],
  string,
  Partial<ReturnType<typeof read>>,
  Evidence['context']?,
])[] = [
  ['container.log', 'boom', { producer: 'application', phase: 'running' }],
  ['container.exitCode', 'exit code 1', { producer: 'agent', phase: 'running' }],
  ['container.exitCode', '137', { phase: 'running' }],
  ['api.sts', 'AccessDenied: x', { producer: 'sts', phase: 'login' }],
  ...[
    'Unable to get ACTIONS_ID_TOKEN_REQUEST_URL',
    'Credentials could not be loaded',
    'Could not fetch an ID token',
    'Could not get ID token',
    'Unable to get OIDC token',
    'Input required and not supplied: aws-region',
    'Source Account ID is needed',
    'Input role was not supplied',
  ].map((text) => ['api.sts', text, { producer: 'github' }] as const),
  ['api.ecr', 'x', { producer: 'aws', phase: 'call' }],
  ['service.event', 'x', { producer: 'scheduler', phase: 'task' }],
  ['deployment.rolloutStateReason', 'x', { producer: 'scheduler', phase: 'task' }],
  ['task.stoppedReason', 'CannotPullContainerError: x', { producer: 'registry', phase: 'pulling' }],
  ['task.stoppedReason', 'failed to resolve ref x', { producer: 'registry', phase: 'pulling' }],
  ['container.reason', 'OCI runtime create failed', { producer: 'runtime', phase: 'starting' }],
  ['container.reason', 'CannotStartContainerError: x', { producer: 'runtime', phase: 'starting' }],
  ['container.reason', 'CannotCreateContainerError: x', { producer: 'runtime', phase: 'creating' }],
  ['container.reason', 'odd', { producer: 'agent', phase: 'task' }],
  ['service.event', 'was unable to place a task', { phase: 'placing' }],
  ['task.stoppedReason', 'unable to pull secrets or registry auth', { phase: 'secrets' }],
  ['task.stoppedReason', 'unable to retrieve secret from asm', { phase: 'secrets' }],
  ['task.stoppedReason', 'could not read the environment file', { phase: 'environment-files' }],
  ['task.stoppedReason', 'could not read env files', { phase: 'environment-files' }],
  ['task.stoppedReason', 'failed to mount EFS', { phase: 'volumes' }],
  ['task.stoppedReason', 'Timeout waiting for network interface', { phase: 'network' }],
  ['task.stoppedReason', 'Task failed ELB health checks', { phase: 'health' }],
  ['task.stoppedReason', 'Essential container exited', { phase: 'running' }],
  ['service.event', 'circuit breaker', { phase: 'rollout' }],
  ['buildx.stderr', 'ERROR: did not complete successfully', { producer: 'step', phase: 'build-step' }],
  ['buildx.stderr', 'x', { producer: 'buildkit', phase: 'build', direction: undefined }],
  ['buildx.stderr', 'ERROR: failed to push a: denied', { producer: 'registry', phase: 'push', direction: 'push' }],
  ['buildx.stderr', 'ERROR: PUT request failed', { phase: 'push', direction: 'push' }],
  [
    'buildx.stderr',
    'ERROR: failed to solve: a: pull access denied',
    { producer: 'registry', phase: 'build', direction: 'pull' },
  ],
  [
    'buildx.stderr',
    'ERROR: odd',
    { producer: 'cache', phase: 'cache', direction: 'cache' },
    { phase: 'exporting cache' },
  ],
  ['buildx.stderr', 'ERROR: cache export failed', { producer: 'cache' }],
  ['buildx.stderr', 'cache miss', { producer: 'buildkit' }],
  ['buildx.stderr', 'ERROR: failed to compute cache key: not there', { producer: 'buildkit' }],
  ['buildx.stderr', 'No such image: web', { producer: 'docker-cli' }],
  ['buildx.stderr', 'The push refers to repository [web]\nERROR: denied', { producer: 'docker-cli' }],
  ['buildx.stderr', 'No such image: web\nfailed once\nERROR: odd', { producer: 'buildkit' }],
  ['buildx.stderr', 'ERROR: cache export failed\nerror: did not complete successfully', { producer: 'step' }],
  ['buildx.stderr', 'ERROR: did not complete successfully\ncache failed', { producer: 'step' }],
  ['service.event', 'public.ecr.aws/a', { registry: 'ecr-public' }],
  ['service.event', '1.dkr.ecr.eu-west-1.amazonaws.com/a', { registry: 'ecr' }],
  ['service.event', '1.dkr-ecr.eu-west-1.on.aws/a', { registry: 'ecr' }],
  ['service.event', 'api.ecr.eu-west-1.amazonaws.com', { registry: 'ecr' }],
  ['service.event', 'ecr:GetAuthorizationToken', { registry: 'ecr' }],
  ['service.event', 'docker.io/a', { registry: 'docker-hub' }],
  ['service.event', 'Docker Hub', { registry: 'docker-hub' }],
  ...['ghcr.io', 'quay.io', 'gcr.io', 'x.azurecr.io', 'x.jfrog.io', 'registry.gitlab.com', 'mcr.microsoft.com'].map(
    (host) => ['service.event', `${host}/a`, { registry: 'other' }] as const,
  ),
  ['service.event', 'example.com/a', { registry: undefined }],
  ['api.ecs', 'x', { operation: undefined }, { operation: '' }],
  ['api.ecs', 'x', { operation: undefined }, { operation: 1 }],
  ['api.ecs', 'not authorized to perform: "ecs:RunTask"', { action: 'ecs:RunTask' }],
  ['api.ecs', "not authorized to perform 'ecs:RunTask'", { action: 'ecs:RunTask' }],
];
test.each(ABOUT.map(([surface, text, expected, context = {}]) => [surface, text, expected, context] as const))(
  '%s: %s',
  (surface, text, expected, context) => {
    expect(read({ surface, text, context }, text)).toMatchObject(expected);
  },
);

test.each(['FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES'])('the launch type %s is known', (launchType) =>
  expect(read({ surface: 'service.event', text: '', context: { launchType } }, '').launch).toBe(launchType),
);
test('a client that names its operation is believed, where the caller does not know it', () => {
  const text = 'An error occurred (A) when calling the RunTask operation: x';
  expect(read({ surface: 'api.ecs', text, context: {} }, 'x').operation).toBe('RunTask');
  expect(read({ surface: 'api.ecs', text, context: { operation: 'CreateService' } }, 'x').operation).toBe(
    'CreateService',
  );
  expect(read({ surface: 'api.ecs', text: ' '.repeat(2_000) + text, context: {} }, 'x').operation).toBeUndefined();
});
test.each([
  ['buildx.stderr', 'failed one\nerror two\n#12 ERROR: cache export failed\nnot an error line', { producer: 'cache' }],
  ['buildx.stderr', '#12 [1/2] ERROR: did not complete successfully', { producer: 'step' }],
  ['buildx.stderr', `${'a'.repeat(39)} ERROR: did not complete successfully\ncache failed`, { producer: 'step' }],
  ['buildx.stderr', 'https://registry.example.com:5000/v2/a failed', { registry: 'other' }],
  ['buildx.stderr', 'push hub.example.org/a failed', { registry: 'other' }],
  ['buildx.stderr', 'failed, see https://docs.docker.example/build/', { registry: undefined }],
  ['task.stoppedReason', 'failed health check', { phase: 'health' }],
  ['task.stoppedReason', 'failed healthcheck', { phase: 'health' }],
  ['task.stoppedReason', 'is unhealthy', { phase: 'health' }],
  ...[
    'logging driver',
    'logger args',
    'log opt x',
    'logger: x',
    'awslogs',
    'log driver',
    'log stream',
    'log group',
  ].map((words) => ['container.reason', words, { producer: 'log-driver', phase: 'logs' }] as const),
  ...['firelens', 'fluentbit', 'fluent-bit'].map(
    (words) => ['container.reason', words, { producer: 'log-driver', phase: 'logs' }] as const,
  ),
  ...[
    'ACTIONS_ID_TOKEN x',
    'id-token x',
    'check your action inputs',
    'Could not assume role with OIDC',
    'Could not fetch ID token',
    'Could not get an ID token',
    'Unable to get ID x',
    'configure-aws-credentials x',
    'Assuming role with OIDC',
    'aws-region must be provided if x',
    'Input x is required',
    'Input x must y',
  ].map((words) => ['api.sts', words, { producer: 'github' }] as const),
] as readonly (readonly [Evidence['surface'], string, Partial<ReturnType<typeof read>>])[])(
  '%s: %s',
  (surface, text, expected) => expect(read({ surface, text, context: {} }, text)).toMatchObject(expected),
);
test.each<[string, number | undefined]>([
  ['exit with 404', undefined],
  ['exited with status 404', undefined],
  ['non-zero status 127', undefined],
  ['StatusCode:404', 404],
  ['status  404', 404],
  ['unexpected status from HEAD request to x: 404', 404],
  ['409 Not', 409],
  ['500 Internal', 500],
  ['503 Service', 503],
  ['401 Unauthorized', 401],
  ['403 Forbidden', 403],
  ['1404 Not', undefined],
])('the status of %s is %s', (text, status) =>
  expect(read({ surface: 'buildx.stderr', text, context: {} }, text).status).toBe(status),
);
