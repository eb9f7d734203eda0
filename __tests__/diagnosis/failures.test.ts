import { diagnose, diagnoseFailure } from '../../src/diagnosis/diagnose.ts';
import { type ApiError, Failure, type FailureCode } from '../../src/failure.ts';

const refused = (code: FailureCode, api: ApiError): Failure =>
  new Failure(code, `${api.service}:${api.operation} failed: ${api.message}`, { api });

test('a call that AWS refused is explained by its root cause, with the code and the call kept', () => {
  const failure = diagnoseFailure(
    refused('REFUSED', {
      service: 'ecs',
      operation: 'UpdateService',
      name: 'InvalidParameterException',
      message: 'The container web does not exist in the task definition.',
    }),
  );
  expect(failure.code).toBe('REFUSED');
  expect(failure.message).toMatch(/^The service names the container web .*\(ecs:UpdateService: The container web does/);
  expect(failure.message).not.toContain('\n');
  expect(failure.remedy).toMatch(/Keep a container named web/);
  expect(failure.api?.operation).toBe('UpdateService');
});

test('iam:PassRole names both roles', () => {
  const failure = diagnoseFailure(
    refused('ACCESS_DENIED', {
      service: 'ecs',
      operation: 'RegisterTaskDefinition',
      name: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/ci/GitHubActions is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/webExecution because no identity-based policy allows the iam:PassRole action',
    }),
  );
  expect(failure.message).toMatch(
    /The job's role ci may not pass the role arn:aws:iam::123456789012:role\/webExecution/,
  );
  expect(failure.remedy).toMatch(/Allow iam:PassRole on arn:aws:iam::123456789012:role\/webExecution .*ecs-tasks/);
});

test('the whole output of a build is read, not only its last line', () => {
  const output = [
    '#9 [linux/arm64 3/5] RUN npm ci',
    '#9 0.213 exec /bin/sh: exec format error',
    '#9 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 255',
    'ERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 255',
  ].join('\n');
  const failure = diagnoseFailure(
    new Failure('BUILD_FAILED', 'process "/bin/sh -c npm ci" did not complete successfully: exit code: 255', {
      cause: output,
    }),
  );
  expect(failure.message).toMatch(
    /^The build step `npm ci` \(linux\/arm64\) failed: a program of another CPU architecture/,
  );
  expect(failure.remedy).toMatch(/QEMU|qemu/);
});

test.each([
  [
    'the last line of BuildKit, which the cause has',
    'dockerfile parse error on line 2: unknown instruction: COPYY (did you mean COPY?)',
  ],
  [
    'how a command ended, which the cause says',
    'process "/bin/sh -c npm ci" did not complete successfully: exit code: 3',
  ],
])('%s is not quoted again', (_, message) => {
  const cause = `#5 [2/3] RUN npm ci\n#5 ERROR: ${message}\nERROR: failed to build: failed to solve: ${message}`;
  const failure = diagnoseFailure(new Failure('BUILD_FAILED', message, { cause }));
  expect(failure.message).not.toContain(`(${message})`);
  expect(failure.rule).toBeDefined();
});

test.each([
  ['registry.example.com:5000/web:1', 'registry.example.com:5000', 'distribution-spec'],
  ['docker.io/octo/web:1', "Docker's status page", 'dockerstatus.com'],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1', 'AWS Health', 'health.aws.amazon.com'],
])('an outage while %s is pushed points to its own registry', (reference, named, link) => {
  const message = `failed to push ${reference}: unexpected status from HEAD request to https://${reference.split('/')[0]}/v2/web/blobs/sha256:abc: 500 Internal Server Error`;
  const { remedy = '', rule } = diagnoseFailure(
    new Failure('PUSH_FAILED', message, { cause: `ERROR: failed to solve: ${message}` }),
  );
  expect(rule).toBe('build-registry-outage');
  expect(remedy).toContain(named);
  expect(remedy).toContain(link);
  if (!link.includes('docker')) expect(remedy).not.toContain('dockerstatus');
});

test('a refusal that no row knows is explained by its field, quoted once', () => {
  const message = 'A capacity provider strategy cannot contain a mix of capacity providers. Specify one or the other.';
  const failure = diagnoseFailure(
    refused('REFUSED', { service: 'ecs', operation: 'UpdateService', name: 'InvalidParameterException', message }),
  );
  expect(failure.message).toMatch(/^UpdateService was refused: `capacityProviderStrategy` of the service conflicts/);
  expect(failure.message.split(message)).toHaveLength(2);
  expect(failure.remedy).toMatch(/capacityProviderStrategy/);
});

test.each([
  [
    'a message of our own about a call',
    new Failure('REFUSED', 'The service lacks its container.', {
      api: {
        service: 'ecs',
        operation: 'UpdateService',
        name: 'InvalidParameterException',
        message: 'The container web does not exist in the task definition.',
      },
    }),
  ],
  ['a message of our own', new Failure('NOT_FOUND', 'Service wbe does not exist. Did you mean web?')],
  ['a text that nobody knows', new Failure('BUILD_FAILED', 'something new')],
  [
    'an answer of AWS that the table does not know',
    refused('REFUSED', { service: 'ecs', operation: 'UpdateService', name: 'NewException', message: 'Something new.' }),
  ],
])('%s stays as it is', (_, failure) => {
  expect(diagnoseFailure(failure)).toBe(failure);
});

test.each(['AbortError', 'TimeoutError'])('a call without an answer (%s) says that, and guesses no cause', (name) => {
  const failure = refused('UNAVAILABLE', {
    service: 'ecs',
    operation: 'UpdateService',
    name,
    message: 'no complete answer within 15 s',
  });
  expect(diagnoseFailure(failure)).toBe(failure);
  const known = refused('UNAVAILABLE', { service: 'ecs', operation: 'UpdateService', name, message: 'Rate exceeded' });
  expect(diagnoseFailure(known)).toBe(known);
});

describe('the surface of a call', () => {
  test.each([
    ['sts', 'AssumeRoleWithWebIdentity', 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
    [
      'ecr',
      'BatchGetImage',
      'RepositoryNotFoundException',
      "The repository with name 'web' does not exist in the registry with id '123456789012'",
    ],
    ['ecs', 'UpdateService', 'ServiceNotFoundException', 'Service not found.'],
    ['ecs', 'UpdateService', 'ServiceNotActiveException', 'Service was not ACTIVE.'],
  ])('%s:%s is explained as what that API answers', (service, operation, name, message) => {
    const surface = service === 'sts' ? 'api.sts' : service === 'ecr' ? 'api.ecr' : 'api.ecs';
    const { cause, remedy, link } = diagnose({ surface, text: `${name}: ${message}`, context: { operation } });
    const failure = diagnoseFailure(refused('REFUSED', { service, operation, name, message }));
    expect(failure.message.startsWith(`${cause} (${service}:${operation}`)).toBe(true);
    expect(failure.remedy).toBe(link ? `${remedy} See ${link}` : remedy);
  });
  test.each(['Error', 'unknown', ''])('an exception that is only called %j is not named', (name) => {
    const text = 'The container web does not exist in the task definition.';
    const { message } = diagnoseFailure(
      refused('REFUSED', { service: 'ecs', operation: 'UpdateService', name, message: text }),
    );
    expect(message).toBe(
      `${diagnose({ surface: 'api.ecs', text, context: { operation: 'UpdateService' } }).cause} (ecs:UpdateService: ${text})`,
    );
  });
  test('an exception with Error in its name is named', () => {
    const api = { service: 'ecs', operation: 'UpdateService', name: 'ErrorOfOurs', message: 'Rate exceeded' };
    const { cause } = diagnose({
      surface: 'api.ecs',
      text: 'ErrorOfOurs: Rate exceeded',
      context: { operation: 'UpdateService' },
    });
    expect(diagnoseFailure(refused('THROTTLED', api)).message).toContain(cause);
  });
});

test('what was said is one line of at most 400 characters', () => {
  const message = `The container web does not exist\n\n in the task definition. ${'x'.repeat(500)} `;
  const api = { service: 'ecs', operation: 'UpdateService', name: 'InvalidParameterException', message };
  const said = /\((ecs:UpdateService: .*)\)$/.exec(diagnoseFailure(refused('REFUSED', api)).message)?.[1] ?? '';
  expect(said).toMatch(/^ecs:UpdateService: The container web does not exist in the task definition\. x+$/);
  expect(said).toHaveLength(400);
  const spaced = { ...api, message: ' The container web does not exist in the task definition. ' };
  expect(diagnoseFailure(refused('REFUSED', spaced)).message).toMatch(/definition\.\)$/);
});

test('a push is explained as a build is; another failure with the same words is not', () => {
  const words =
    'ERROR: failed to push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1: unexpected status from HEAD request to https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/web/blobs/x: 403 Forbidden';
  const pushed = diagnoseFailure(new Failure('PUSH_FAILED', words));
  expect(pushed.message).not.toBe(words);
  expect(pushed.message).toContain('403 Forbidden');
  expect(pushed.code).toBe('PUSH_FAILED');
  const other = new Failure('NOT_FOUND', words);
  expect(diagnoseFailure(other)).toBe(other);
});

test('mistakes, state and cause of a failure are kept', () => {
  const api = {
    service: 'ecs',
    operation: 'UpdateService',
    name: 'InvalidParameterException',
    message: 'The container web does not exist in the task definition.',
  };
  const mistakes = [{ subject: 'a', problem: 'b' }];
  const bare = refused('REFUSED', api);
  const kept = diagnoseFailure(
    new Failure('REFUSED', bare.message, { api, mistakes, state: 'Nothing was changed.', cause: bare }),
  );
  expect(kept).toMatchObject({ mistakes, state: 'Nothing was changed.', cause: bare, api });
  expect(diagnoseFailure(bare).state).toBeUndefined();
});

test.each(['Error', 'unknown', ''])(
  'a quoted answer of an exception that is only called %j begins with its own words',
  (name) => {
    const message =
      'A capacity provider strategy cannot contain a mix of capacity providers. Specify one or the other.';
    const said = diagnoseFailure(
      refused('REFUSED', { service: 'ecs', operation: 'UpdateService', name, message }),
    ).message;
    expect(said).toContain(message);
    expect(said).not.toMatch(/(?:Error|unknown|:) ?: A capacity/);
  },
);
