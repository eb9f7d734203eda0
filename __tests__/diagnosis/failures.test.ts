import { diagnoseFailure } from '../../src/diagnosis/diagnose.ts';
import { type ApiError, Failure, type FailureCode } from '../../src/failure.ts';

const refused = (code: FailureCode, api: ApiError): Failure =>
  new Failure(code, `${api.service}:${api.operation} failed: ${api.message}`, { api });

test('a call that AWS refused is told by its root cause, with the code and the call kept', () => {
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
    /role of this job ci may not pass the role arn:aws:iam::123456789012:role\/webExecution/,
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
  expect(failure.message).toMatch(/^A step of the build ran a program of another architecture \(exec format error\)/);
  expect(failure.remedy).toMatch(/QEMU|qemu/);
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
});
