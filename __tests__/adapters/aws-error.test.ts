import { toFailure } from '../../src/adapters/aws-error.ts';
import { Failure } from '../../src/failure.ts';

const thrown = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);

/** What the SDK throws, and what it means to the run. */
test.each<[string, Error, string]>([
  [
    'an expired token',
    thrown('ExpiredTokenException', 'The security token included in the request is expired'),
    'CREDENTIALS',
  ],
  [
    'no credentials at all',
    thrown('CredentialsProviderError', 'Could not load credentials from any providers'),
    'CREDENTIALS',
  ],
  [
    'a refused OIDC token',
    thrown('InvalidIdentityToken', 'No OpenIDConnect provider found in your account'),
    'CREDENTIALS',
  ],
  [
    'a denial',
    thrown('AccessDeniedException', 'User is not authorized to perform: ecs:UpdateService'),
    'ACCESS_DENIED',
  ],
  [
    'a denial that only the words tell',
    thrown('ClientException', 'User: x is not authorized to perform: iam:PassRole'),
    'ACCESS_DENIED',
  ],
  ['throttling by name', thrown('ThrottlingException', 'Rate exceeded'), 'THROTTLED'],
  ['throttling as ECS says it', thrown('ClientException', 'Rate exceeded'), 'THROTTLED'],
  [
    'two registrations of a family at once',
    thrown('ClientException', 'Too many concurrent attempts to create a new revision of the specified family.'),
    'THROTTLED',
  ],
  ['throttling by status', thrown('UnknownError', 'slow down', { $metadata: { httpStatusCode: 429 } }), 'THROTTLED'],
  ['something missing', thrown('ClusterNotFoundException', 'Cluster not found.'), 'NOT_FOUND'],
  ['a server error', thrown('ServerException', 'Service Unavailable. Please try again later.'), 'UNAVAILABLE'],
  [
    'a host without a name',
    thrown('Error', 'getaddrinfo ENOTFOUND ecs.eu-west-1.amazonaws.com', { code: 'ENOTFOUND' }),
    'UNAVAILABLE',
  ],
  ['a closed port', thrown('Error', 'connect ECONNREFUSED 127.0.0.1:9', { code: 'ECONNREFUSED' }), 'UNAVAILABLE'],
  [
    'a 5xx without a name',
    thrown('UnknownError', 'bad gateway', { $metadata: { httpStatusCode: 502 } }),
    'UNAVAILABLE',
  ],
  [
    'anything else that AWS refuses',
    thrown('InvalidParameterException', 'LaunchType and placement constraints'),
    'REFUSED',
  ],
])('%s', (_, error, code) => {
  const failure = toFailure('ecs:UpdateService', error);
  expect(failure.code).toBe(code);
  expect(failure.message).toContain('ecs:UpdateService');
  expect(failure.message).toContain(error.message);
  expect(failure.cause).toBe(error);
});

test('a Failure stays what it is', () => {
  const failure = new Failure('NOT_FOUND', 'There is none.');
  expect(toFailure('ecs:DescribeServices', failure)).toBe(failure);
});

test('the request id is kept for a support case', () => {
  const error = thrown('ServerException', 'oops', { $metadata: { requestId: 'req-1' } });
  expect(toFailure('ecs:RunTask', error).api).toMatchObject({ operation: 'RunTask', requestId: 'req-1' });
});

test.each([
  ['ClientException', 'TaskDefinition not found.', 'unknown-revision'],
  ['ClientException', 'Unable to describe task definition.', 'unknown-revision'],
  ['ClientException', 'TaskDefinition is inactive', undefined],
  ['AccessDeniedException', 'Access to KMS is not allowed', 'kms'],
  ['AccessDeniedException', 'not authorized to perform: secretsmanager:GetSecretValue', undefined],
])('%s "%s" has the detail %s', (name, message, detail) => {
  expect(toFailure('ecs:UpdateService', Object.assign(new Error(message), { name })).api?.detail).toBe(detail);
});
