import { operationIn, quoted, unwrap } from '../../src/diagnosis/unwrap.ts';

describe('what stands around a message', () => {
  test.each([
    ['Error: Could not assume role with OIDC: getaddrinfo ENOTFOUND x', 'getaddrinfo ENOTFOUND x'],
    [
      'Error: creating ECS Service (web): operation error ECS: CreateService, https response error StatusCode: 400, RequestID: 9f, InvalidParameterException: x',
      'InvalidParameterException: x',
    ],
    ['Resource handler returned message: "x (Service: Ecs, Status Code: 400, Request ID: 1)" (RequestToken: 2)', 'x'],
    [
      'com.amazonaws.services.ecs.model.ClientException: x (Service: AmazonECS; Status Code: 400; Error Code: ClientException; Request ID: 1; Proxy: null)',
      'ClientException: x',
    ],
    ['ClientException: x status code: 400, request id: ab-1 "web"', 'ClientException: x'],
    ['Could not assume role with OIDC', 'Could not assume role with OIDC'],
    ['Unable to assume the role with web identity token file: x', 'x'],
    ['##[error]Error: x', 'x'],
    ['::error::x', 'x'],
    ['::error file=a.yml,line=1::x', 'x'],
    ['\u2502 Error: x', 'x'],
    ['\u274C  x', 'x'],
    ['fatal: x', 'x'],
    ['ERROR: x', 'x'],
    ['Failed to register task definition in ECS: ClientException: x', 'ClientException: x'],
    ['error updating ECS Service (arn:a:b): ClientException: x', 'ClientException: x'],
    ['waiting for ECS Service (web) create: x', 'x'],
    ['creating ECS Task Definition (web): ClientException: x', 'ClientException: x'],
    [
      'Web failed: Error: The stack named Web failed to deploy: UPDATE_ROLLBACK_COMPLETE: Resource handler returned message: "x" (RequestToken: 1)',
      'x',
    ],
    [
      'The stack named Web failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE (a b): x',
      'x',
    ],
    ['12:01:02 PM | CREATE_FAILED | AWS::ECS::Service | Web Resource handler returned message: "x"', 'x'],
    ['botocore.errorfactory.ClientException: x', 'ClientException: x'],
    ['services.ecs.model.ClientException: x', 'ClientException: x'],
    ['software.amazon.awssdk.services.ecs.model.EcsException: x', 'EcsException: x'],
    ['Invalid request provided: CreateService error: x', 'x'],
    ['operation error ECS: RunTask, api error ThrottlingException: x', 'ThrottlingException: x'],
    ['operation error ECR PUBLIC: GetAuthorizationToken, x', 'x'],
    ['x (Service: Ecs, Status Code: 400, Request ID: 1) (SDK Attempt Count: 1)', 'x'],
    ['x (AWS Service: AmazonECS; Status Code: 400; Error Code: A; Request ID: 1)', 'x'],
    ['x on main.tf line 36, in resource "aws_ecs_service" "web": 36: resource', 'x'],
    ['x with module.a.aws_ecs_service.this[0], on a/main.tf line 3, in resource "b" "c"', 'x'],
    [
      'Error: modifying ELBv2 Listener (arn:aws:elasticloadbalancing:us-east-1:1:listener/app/web/1/2): operation error Elastic Load Balancing v2: ModifyListener, https response error StatusCode: 400, RequestID: 9f, UnsupportedCertificate: x',
      'UnsupportedCertificate: x',
    ],
    [
      'Error: error modifying ELBv2 Listener (arn:a:b): UnsupportedCertificate: x status code: 400, request id: 9f',
      'UnsupportedCertificate: x',
    ],
    ['creating EC2 Subnet: api error InvalidSubnet.Conflict: x', 'InvalidSubnet.Conflict: x'],
    ['creating the report: x', 'creating the report: x'],
    [
      'error: 1 error occurred: * creating IAM Role (web): operation error IAM: CreateRole, exceeded maximum number of attempts, 3, https response error StatusCode: 409, RequestID: 9f, EntityAlreadyExists: x',
      'EntityAlreadyExists: x',
    ],
    [
      'aws:ecs:Service (web): error: sdk-v2/provider2.go:515: sdk.helper_schema: creating ECS Service (web): operation error ECS: CreateService, https response error StatusCode: 400, RequestID: 9f, ClientException: x: provider=aws@7.1.0',
      'ClientException: x',
    ],
    ['ClientException: x at de_ClientExceptionRes (/app/node_modules/a/b.js:1:2) at process', 'ClientException: x'],
    ["ClientException: x { '$fault': 'client', '$metadata': { httpStatusCode: 400 } }", 'ClientException: x'],
    ['Exception calling "UpdateService" with "1" argument(s): "x"', 'x'],
    ['x', 'x'],
    ['an "x"', 'an "x"'],
  ])('%s', (text, inner) => {
    expect(unwrap(text, 'api.ecs')).toBe(inner);
  });
  test('an old Docker sends the words of runc as a header that it refuses', () => {
    const text = String.raw`CannotStartContainerError: API error (404): invalid header field value "oci runtime error: a\n\\"b`;
    expect(unwrap(text, 'container.reason')).toBe('CannotStartContainerError: oci runtime error: a "b');
    expect(unwrap(text, 'container.log')).toBe(text);
  });
  test('a daemon answers in JSON', () => {
    const text = String.raw`CannotStartContainerError: API error (500): {"message":"driver \"a\" failed\nagain"}`;
    expect(unwrap(text, 'container.reason')).toBe('CannotStartContainerError: driver "a" failed again');
    expect(unwrap('CannotStartContainerError: API error (500): x', 'container.reason')).toBe(
      'CannotStartContainerError: API error (500): x',
    );
    expect(unwrap(text, 'buildx.stderr')).toBe(text);
  });
  test('what a task says keeps its own beginning', () =>
    expect(unwrap('Error: x', 'task.stoppedReason')).toBe('Error: x'));
  test.each([
    ['An error occurred (A) when calling the RunTask operation: x', 'RunTask'],
    ['operation error ECS: UpdateService, x', 'UpdateService'],
    ['operation error ECR PUBLIC: GetAuthorizationToken, x', 'GetAuthorizationToken'],
    ['operation error STS: AssumeRole, x', 'AssumeRole'],
    ['operation error S3: GetObject, x', 'GetObject'],
    ['operation error ECS: RunTask, get identity: get credentials: operation error STS: AssumeRole, x', 'AssumeRole'],
    ['ecs:RunTask failed: x', 'RunTask'],
    ['Failed to register task definition in ECS: x', 'RegisterTaskDefinition'],
    ['registering the task definition: x', 'RegisterTaskDefinition'],
    ['could not register task definition', 'RegisterTaskDefinition'],
    ['creating ECS Task Definition (web): x', 'RegisterTaskDefinition'],
    ['CREATE_FAILED | AWS::ECS::TaskDefinition', 'RegisterTaskDefinition'],
    ['CREATE_FAILED | AWS::ECS::Service', undefined],
    ['x', undefined],
  ])('%s: the operation is %s', (text, operation) => {
    expect(operationIn(text)).toBe(operation);
  });
  test('an event quotes an answer', () => {
    expect(quoted('(service web) failed to launch a task with (error Task Definition is inactive).')).toBe(
      'Task Definition is inactive',
    );
    expect(quoted('failed (error: Task Definition is inactive)')).toBe('Task Definition is inactive');
    expect(quoted('failed (error short)')).toBeUndefined();
    expect(quoted('(service web) has reached a steady state.')).toBeUndefined();
  });
});

/** What stands in front of a message, each in more than one form. */
const BEFORE: readonly string[] = [
  '##[error]',
  '::error::',
  '::error file=a.yml,line=1::',
  `::error title=${'a'.repeat(180)}::`,
  'Error: ',
  '\u2502 ',
  '\u2502',
  '\u2577 ',
  '\u2577',
  '\u274C  ',
  '\u274C',
  '\u2717 ',
  '\u2716   ',
  'fatal: ',
  'ERROR ',
  'The stack named Web failed to deploy: ',
  'The stack named Web failed to deploy: UPDATE_ROLLBACK_COMPLETE: ',
  'The stack named Web-prod failed creation: ROLLBACK_COMPLETE (a b): ',
  'The stack named Web failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE: ',
  'failed: The stack named Web failed to deploy: ',
  'Web failed: The stack named Web failed to deploy: ',
  'Web failed: Error: The stack named Web failed to deploy: ',
  'Web failed: _ToolkitError: The stack named Web failed to deploy: ',
  'Web failed: DeploymentError: The stack named Web failed to deploy: ',
  'Could not assume role with OIDC: ',
  'Unable to assume the role with user, ',
  'Failed to assume role with web identity: ',
  'Failed to assume role with web identity token: ',
  'Failed to assume the role with web identity token file: ',
  'Failed to register task definition in ECS: ',
  'creating ECS Service (web): ',
  'error creating ECR Repository (web): ',
  'error updating STS x (arn:aws:x) later: ',
  'reading ECS Cluster: ',
  'deleting ECS Service (a): ',
  'putting ECS Account Setting: ',
  'registering ECS Task: ',
  'setting ECS Tags: ',
  'waiting for ECS Service (a) create: ',
  'operation error ECS: RunTask, ',
  'operation error ECR PUBLIC: GetAuthorizationToken, https response error StatusCode: 400, ',
  'operation error ECS: RunTask, https response error StatusCode: 400, RequestID: ab-1, ',
  'operation error ECS: RunTask, https response error StatusCode: 400, RequestID: , api error ',
  'Invalid request provided: ',
  'Invalid request provided: CreateService error: ',
  'UpdateService error: ',
];
test.each(BEFORE)('%s comes off in front, and stays in the middle', (before) => {
  expect(unwrap(`${before}ClientException: x`, 'api.ecs').replace(/^CreateService error: /, '')).toBe(
    'ClientException: x',
  );
  const middle = `it says ${before}x`;
  // What a client of AWS says begins where it says it, whatever a tool printed before.
  expect(unwrap(middle, 'api.ecr')).toBe(before.startsWith('operation error ') ? 'x' : middle.trim());
});
test.each(['Resource handler returned message: "', "Resource handler returned message: '"])('%s', (before) => {
  expect(unwrap(`${before}x" y`, 'api.ecs')).toBe('x" y');
  expect(unwrap(`it says ${before}x" y`, 'api.ecs')).toBe(`it says ${before}x" y`);
  // Nothing is left inside: then it stays as it is.
  expect(unwrap(before, 'api.ecs')).toBe(before.replace(/"$/, ''));
});
test.each(['CREATE', 'UPDATE', 'DELETE'])('the line of a stack: %s_FAILED', (verb) => {
  const handler = 'Resource handler returned message: "x" y';
  expect(unwrap(`3/5 | ${verb}_FAILED | AWS::ECS::Service | Web ${handler}`, 'api.ecs')).toBe('x" y');
  expect(unwrap(`"a" ${verb}_FAILED ${handler}`, 'api.ecs')).toBe(`"a" ${verb}_FAILED ${handler}`);
});

/** What stands behind a message. */
const BEHIND: readonly string[] = [
  ' (RequestToken: 1)',
  ' (RequestToken: 76 8f0053-cfe7, HandlerErrorCode: InvalidRequest)',
  ' (RequestToken: 1)"',
  " (RequestToken: 1)'",
  ' (Service: AmazonECS; Status Code: 400; Error Code: ClientException; Request ID: a-1; Proxy: null)',
  ' (AWS Service: AmazonECS; Status Code: 400; Error Code: A; Request ID: )',
  ' (Service: AmazonECS; Status Code: 400; Error Code: A; Request ID: 1)"',
  ' (Service: Ecs, Status Code: 400, Request ID: a-1)',
  ' (Service: Ecs, Status Code: 400, Request ID: a-1) (SDK Attempt Count: 12)',
  ' (Service: Ecs, Status Code: 400, Request ID: a-1)"',
  ' status code: 400, request id: ab-1',
  ' status code: 400, request id: ab-1 "web"',
  ' on main.tf line 36, in resource "aws_ecs_service" "web": 36: x',
  ' on a/b-c.tf line 3 in resource "a" "b"',
  '  \u2502  with aws_ecs_service.web, \u2502  on main.tf line 3, in resource "a" "b"',
  ' with module.a.aws_ecs_service.web["x"], on main.tf line 3, in resource "a" "b"',
];
test.each(BEHIND)('%s comes off behind', (behind) => {
  expect(unwrap(`ClientException: x${behind}`, 'api.ecs')).toBe('ClientException: x');
  if (!/ on .*\.tf/.test(behind))
    expect(unwrap(`ClientException: x${behind} and more`, 'api.ecs')).toBe(`ClientException: x${behind} and more`);
});

test.each([
  ['API error (404): {"message":"a"}', 'a'],
  ['API error (404): { "message": "a" }', 'a'],
  ['API error (404): {"message":"a', 'API error (404): {"message":"a'],
  [String.raw`API error (404): {"message":"a\nb \\ c"}`, String.raw`a b \ c`],
  [String.raw`invalid header field value "oci runtime error: a\\\\n\\\\"b`, 'oci runtime error: a "b'],
  // A backslash before anything else belongs to the words.
  [
    String.raw`invalid header field value "oci runtime error: C:\a\\b\n\"c\ `.trim(),
    String.raw`oci runtime error: C:\a\\b "c\ `.trim(),
  ],
  ['invalid header field value "x', 'invalid header field value "x'],
])('%s', (text, inner) => expect(unwrap(text, 'container.reason')).toBe(inner));

test.each([
  ['with (error  Task Definition is inactive ).', 'Task Definition is inactive'],
  ['with (error Task Definition is inactive', 'Task Definition is inactive'],
  ['with (ERROR: Task Definition is inactive.', 'Task Definition is inactive'],
  ['with (error 123)', undefined],
  ['with error Task Definition is inactive', undefined],
])('what %s quotes', (text, inner) => expect(quoted(text)).toBe(inner));
