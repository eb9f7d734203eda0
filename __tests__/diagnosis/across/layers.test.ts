import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import type { Surface } from '../../../src/diagnosis/diagnosis.ts';

const told = (surface: Surface, text: string, context: object = {}): string => {
  const { cause, remedy } = diagnose({ surface, text, context: { ...context } });
  return `${cause}\n${remedy}`;
};
const log = (text: string): string => told('container.log', text);

/** What stands before the words of a program, and addresses that are not the server's. */
test.each<[string, string, RegExp | undefined]>([
  ['Feb  3 07:45:12 node9 billing[44]: Error: connect ECONNREFUSED 10.3.0.7:6379', '10.3.0.7:6379 refused', undefined],
  ['Feb  3 07:45:12 node9 worker[1]: ERROR timeout while connecting to the broker', 'could not connect to', /07:45:?/],
  ['Feb 3 07:45:12 app: connection refused', 'The server refused', /07:45/],
  ['[worker 12:34] could not connect to server: timeout', 'could not connect', /to 12:34|TCP 34/],
  ["worker-1  | ModuleNotFoundError: No module named 'celery'", 'lacks the module celery', undefined],
  [
    'time=2025-02-03T07:45:12Z level=ERROR msg="no" error=map[code:ECONNREFUSED message:dial tcp 10.3.0.7:5432: connect: connection refused]',
    '10.3.0.7:5432 refused',
    undefined,
  ],
  ['level=error caller=a.go:1 err="lookup c.shop.internal on 10.0.0.2:53: no such host"', 'c.shop.internal', /10\.0/],
  ['[10.0.9.9:51324] ERROR upstream: dial tcp 10.3.0.7:8443: i/o timeout', '10.3.0.7:8443', /51324 |to 10\.0\.9/],
  [
    'request from 10.0.9.9:51324 failed: ERROR failed to connect to `host=orders-db.internal user=app`: dial error (timeout)',
    'could not connect to orders-db.internal:',
    /TCP 51324/,
  ],
  ['read tcp 10.0.3.4:41234->10.3.0.7:5432: read: connection reset by peer', '10.3.0.7:5432 broke off', undefined],
])('%s', (text, words, never) => {
  expect(log(text)).toContain(words);
  if (never) expect(log(text)).not.toMatch(never);
});

const DUMP = 'goroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1';
const PYDANTIC = (name: string): string => `${name}\n  Field required [type=missing, input_value={}, input_type=dict]`;

test.each([
  [`migrate up: Dirty database version 41. Fix and force version.\npanic: cannot start\n\n${DUMP}`, 'version 41 dirty'],
  [
    `Dirty database version 41. Fix and force version.\npanic: runtime error: invalid memory address or nil pointer dereference\n${DUMP}`,
    'version 41 dirty',
  ],
  [
    `could not load config: open /etc/orders/app.yaml: no such file or directory\npanic: startup\n\n${DUMP}`,
    'app.yaml',
  ],
  [
    `ValidationError: 2 validation errors for Settings\n${PYDANTIC('smtp_host')}\n${PYDANTIC('jwt_key')}`,
    'Set jwt_key',
  ],
  ['ERROR SMTP_HOST is not set\nERROR JWT_KEY is not set', 'The same is true of JWT_KEY'],
  [
    "curl: (60) SSL: self-signed certificate; certificate subject name 'a.local' does not match target host name 'b.internal'",
    'two faults',
  ],
  ['MetadataRetrievalError: Received non 200 response 404 from container metadata: ID not found', 'taskRoleArn'],
  ['CredentialsProviderError: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set', 'no task role'],
  [
    "Could not find 'bundler' (2.5.6) required by your /app/Gemfile.lock. (Gem::GemNotFoundException)",
    'bundler -v 2.5.6',
  ],
  ['The current project requires Poetry version >=2.0 but you are using Poetry 1.8.2', 'version of Poetry (1.8.2)'],
  ['/bin/sh: 1: pnpm: not found', 'package manager pnpm'],
  [
    'AccessDenied: User: arn:aws:sts::111122223333:assumed-role/nodes/i-0abc12345 is not authorized to perform: s3:GetObject',
    'as the instance role nodes',
  ],
])('%s', (text, words) => expect(log(text)).toContain(words));

const PUBLIC = 'public.ecr.aws/docker/library/python:3.12';
const LOGS =
  'failed to initialize logging driver: failed to create Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/nodes/i-0abc12345 is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:eu-north-1:111122223333:log-group:/ecs/x';
const CLOSEST =
  '(service x) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 77aa) is already using a port required by your task.';

/** A layer that answered is not said to be out of reach, and only what it refused is. */
test.each<[Surface, string, string, RegExp, object]>([
  [
    'task.stoppedReason',
    'CannotPullContainerError: failed to copy: httpReadSeeker: failed open: unexpected status code [manifests 1.2]: ',
    'answered the pull',
    /NAT|cannot reach/,
    {},
  ],
  [
    'task.stoppedReason',
    'CannotPullContainerError: httpReadSeeker: failed open: unexpected status code https://quay.io/v2/a/blobs/sha256:1: 416 Range',
    'status (416)',
    /NAT|cannot reach/,
    {},
  ],
  [
    'buildx.stderr',
    `ERROR: failed to solve: ${PUBLIC}: failed to resolve source metadata for ${PUBLIC}: unexpected status from HEAD request to https://public.ecr.aws/v2/docker/library/python/manifests/3.12: 403 Forbidden`,
    'docker logout public.ecr.aws',
    /private|misspelt/,
    {},
  ],
  [
    'api.ecs',
    'ClientException: Role is not valid',
    'is no role of this account',
    /assume|trust/,
    { operation: 'RegisterTaskDefinition' },
  ],
  ['task.stoppedReason', LOGS, 'instance role nodes', /for the execution role\b/, { launchType: 'EC2' }],
  ['service.event', CLOSEST, 'The closest one 77aa', /Every container instance/, { launchType: 'EC2' }],
  [
    'buildx.stderr',
    'ERROR: failed to build: failed to solve: resolve : lstat /var/lib/docker/tmp/buildkit-mount12/deploy: no such file or directory',
    'deploy',
    /COPY|buildkit-mount/,
    {},
  ],
  [
    'api.ecr',
    "LimitExceededException: The repository with name 'x' in registry with id '1' already has the maximum allowed number of images which is '20000'",
    '`lifecycle-policy`',
    /quota of the account/,
    {},
  ],
  [
    'task.stoppedReason',
    'failed to initialize logging driver: failed to create Cloudwatch log stream: failed to resolve service endpoint, Invalid Configuration: Missing Region',
    'awslogs-region',
    /NAT/,
    {},
  ],
  [
    'task.stoppedReason',
    'ResourceInitializationError: failed to validate logger args: logger: logging mode not supported: nonblocking',
    'log option mode',
    /NAT/,
    {},
  ],
])('%s: %s', (surface, text, words, never, context) => {
  expect(told(surface, text, context)).toContain(words);
  expect(told(surface, text, context)).not.toMatch(never);
});
