import { timeLimited, toFailure } from '../../src/adapters/aws.ts';
import { awsConfig, createIdentity } from '../../src/adapters/credentials.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { createEcs } from '../../src/adapters/ecs.ts';
import { createGithub, githubIdentity } from '../../src/adapters/github.ts';
import { createLogs, createTargets } from '../../src/adapters/logs-and-targets.ts';
import { ServerTime, TimeLimits } from '../../src/adapters/time.ts';
import { Failure } from '../../src/failure.ts';
import { Masker } from '../../src/masker.ts';
import type { World } from '../../src/ports.ts';
import {
  type HostileServer,
  type Kind,
  misbehave,
  ODD_KINDS,
  SILENT_KINDS,
  startHostile,
} from '../support/misbehaving.ts';
import { eventually, startWatch } from '../support/patience.ts';
import { CONTEXT } from '../support/world.ts';

/** The adapters with the real SDK against a server that misbehaves. */
let kinds: Kind[] = [];
let server: HostileServer;
const before = { ...process.env };
const SECONDS = 0.4;

/** Right answers, as AWS gives them. */
const SERVICE = {
  serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/default/web',
  serviceName: 'web',
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/default',
  status: 'ACTIVE',
  desiredCount: 1,
  deployments: [],
  events: [],
};
const JSON_ANSWERS: Readonly<Record<string, object>> = {
  DescribeServices: { services: [SERVICE], failures: [] },
  ListServiceDeployments: { serviceDeployments: [] },
  ListTasks: { taskArns: [] },
  DescribeTasks: { tasks: [], failures: [] },
  ListTaskDefinitions: { taskDefinitionArns: [] },
  BatchGetImage: { images: [], failures: [] },
  DescribeRepositories: { repositories: [{ repositoryUri: 'r/web', imageTagMutability: 'MUTABLE' }] },
  GetAuthorizationToken: {
    authorizationData: [{ authorizationToken: Buffer.from('AWS:pw').toString('base64'), proxyEndpoint: 'https://r' }],
  },
  GetLogEvents: { events: [] },
  UpdateService: { service: SERVICE },
};
const queryAnswer = (action: string, result: string): string =>
  `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
const QUERY_ANSWERS: Readonly<Record<string, string>> = {
  GetCallerIdentity: '<Arn>arn:aws:sts::123456789012:x</Arn><Account>123456789012</Account><UserId>A</UserId>',
  DescribeTargetHealth: '<TargetHealthDescriptions></TargetHealthDescriptions>',
};

beforeAll(async () => {
  server = await startHostile((req, res, body) => {
    const kind = kinds.shift();
    if (kind) return misbehave(kind, res);
    const operation = String(req.headers['x-amz-target'] ?? '').split('.')[1];
    if (operation) return void res.writeHead(200).end(JSON.stringify(JSON_ANSWERS[operation]));
    const action = new URLSearchParams(body).get('Action') ?? '';
    res.writeHead(200, { 'content-type': 'text/xml' }).end(queryAnswer(action, QUERY_ANSWERS[action] ?? ''));
  });
  process.env.AWS_ENDPOINT_URL = server.url;
});
afterAll(() => {
  process.env = before;
  server.close();
});
beforeEach(() => {
  kinds = [];
  server.requests.length = 0;
});

type Ports = Pick<World, 'ecs' | 'ecr' | 'logs' | 'identity'> & { readonly targets: ReturnType<typeof createTargets> };

/** The ports as createWorld makes them, with pauses that are only noted; a time limit of `SECONDS` is for what never answers. */
function ports({ cancel = new AbortController(), seconds = 60, patient = true } = {}): Ports & {
  readonly slept: number[];
} {
  const slept: number[] = [];
  const limits = new TimeLimits(cancel.signal);
  const time = new ServerTime({ now: () => Date.now() / 1000 });
  const config = {
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'A', secretAccessKey: 'b' }),
    requestHandler: timeLimited({}, { limits, time }, seconds),
    maxAttempts: 1,
    customUserAgent: 'test',
    limits,
    time,
  };
  const clock = { random: () => 0.5, sleep: async (pause: number) => void slept.push(pause) };
  const retry = { clock, signal: cancel.signal, log: () => {} };
  return {
    ecs: createEcs(config, patient ? retry : undefined),
    ecr: createEcr(config, () => {}, retry),
    logs: createLogs(config, new Masker()),
    targets: createTargets(config),
    identity: createIdentity(config, [], retry),
    slept,
  };
}

const WEB = { registryId: '', name: 'web', region: 'eu-west-1' };
const query = { cluster: 'default', service: 'web' };
/** Reads that a deploy cannot do without, by what a right answer comes to. */
const READS: readonly (readonly [string, (some: Ports) => Promise<unknown>, unknown])[] = [
  [
    'ecs:DescribeServices',
    ({ ecs }) => ecs.describeServices('default', ['web']),
    [expect.objectContaining({ name: 'web' })],
  ],
  ['ecs:ListServiceDeployments', ({ ecs }) => ecs.listServiceDeployments(query), []],
  ['ecs:ListTasks', ({ ecs }) => ecs.listTasks({ ...query, desiredStatus: 'RUNNING' }), []],
  ['ecs:DescribeTasks', ({ ecs }) => ecs.describeTasks('default', ['a']), []],
  ['ecs:ListTaskDefinitions', ({ ecs }) => ecs.listTaskDefinitions('web', 1), []],
  ['ecr:BatchGetImage', ({ ecr }) => ecr.getImage(WEB, { tag: 'v1' }), undefined],
  ['ecr:DescribeRepositories', ({ ecr }) => ecr.describeRepository(WEB), expect.objectContaining({ uri: 'r/web' })],
  [
    'ecr:GetAuthorizationToken',
    ({ ecr }) => ecr.login({ region: 'eu-west-1', public: false }),
    expect.objectContaining({ password: 'pw' }),
  ],
  [
    'sts:GetCallerIdentity',
    ({ identity }) => identity.caller(),
    expect.objectContaining({ accountId: '123456789012' }),
  ],
];

describe.each(READS)('%s', (_, ask, expected) => {
  test.each(ODD_KINDS)('after one answer of the kind "%s" the next one counts', async (kind) => {
    kinds = [kind];
    expect(await ask(ports())).toEqual(expected);
    expect(server.requests).toHaveLength(2);
  });

  test('a hang ends, and the next answer counts', async () => {
    kinds = ['hang'];
    expect(await ask(ports({ seconds: SECONDS }))).toEqual(expected);
  });
});

test.each(SILENT_KINDS)(
  '"%s" is no answer: the call ends at its time limit and the connection is closed',
  async (kind) => {
    kinds = [kind, kind, kind, kind];
    const idle = server.open();
    await expect(ports({ seconds: SECONDS }).ecs.describeServices('default', ['web'])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'ecs:DescribeServices failed: no complete answer within 0.4 s.',
    });
    expect(server.requests).toHaveLength(4);
    await eventually(() => server.open() <= idle);
  },
);

test('all attempts together stay within the list of pauses, whoever makes them', async () => {
  kinds = Array.from({ length: 30 }, () => '503' as const);
  const { ecs, slept } = ports();
  await expect(ecs.describeServices('default', ['web'])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(server.requests).toHaveLength(slept.length + 1);
  expect(slept.reduce((sum, one) => sum + one, 0)).toBeLessThan(90);
});

test.each(ODD_KINDS.filter((kind) => kind !== '429'))(
  'UpdateService is not sent again after "%s": the caller has to look',
  async (kind) => {
    kinds = [kind];
    await expect(ports().ecs.updateService(query)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(server.requests).toHaveLength(1);
  },
);

test.each(['{}', 'html 200', '502 html'] as const)(
  'what is only a help is lost with "%s" and never taken for an empty list',
  async (kind) => {
    const { logs, targets } = ports();
    kinds = [kind];
    await expect(logs.tail({ region: 'eu-west-1', group: 'g', stream: 's', limit: 1 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    kinds = [kind];
    await expect(targets.health('arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  },
);

test('a message says what answered instead of AWS', async () => {
  kinds = ['407'];
  await expect(ports({ patient: false }).ecs.describeServices('default', ['web'])).rejects.toThrow(
    'ecs:DescribeServices failed: unexpected answer (HTTP 407): without an AWS error',
  );
  kinds = ['html 200'];
  await expect(ports({ patient: false }).ecs.describeServices('default', ['web'])).rejects.toThrow(
    /unexpected answer \(HTTP 200\): Unexpected token '<'[^\n]*$/,
  );
  kinds = ['{}'];
  await expect(ports({ patient: false }).ecs.describeServices('default', ['web'])).rejects.toThrow(
    'ecs:DescribeServices failed: unexpected answer: `services` is missing',
  );
});

describe('a cancel', () => {
  const cancelled = new Failure('CANCELLED', 'The run was cancelled (SIGINT).');
  const cancelledSoon = (): AbortController => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(cancelled), 100);
    return cancel;
  };

  test.each(SILENT_KINDS)('ends a call that "%s" within 2 s', async (kind) => {
    kinds = [kind];
    const stop = startWatch();
    const { ecs } = ports({ cancel: cancelledSoon() });
    await expect(ecs.describeServices('default', ['web'])).rejects.toBe(cancelled);
    expect(stop()).toBeLessThan(2);
  });

  test('a write that is under way may be answered, and one that is not has an unknown end', async () => {
    const { ecs } = ports({ cancel: cancelledSoon() });
    kinds = ['hang'];
    await expect(ecs.updateService(query)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('what is asked afterwards is answered for 4 s, and cut then', async () => {
    const cancel = new AbortController();
    const { ecs } = ports({ cancel });
    cancel.abort(cancelled);
    expect(await ecs.describeServices('default', ['web'])).toHaveLength(1);
    kinds = ['hang'];
    // Not after the 60 s of the call.
    const stop = startWatch();
    await expect(ecs.describeServices('default', ['web'])).rejects.toBe(cancelled);
    expect(stop()).toBeLessThan(7);
  });
});

describe('what is not asked through the SDK', () => {
  const limits = () => new TimeLimits(new AbortController().signal);

  test.each<Kind>(['hang', 'slow-loris', 'reset', 'truncated', 'html 200', 'empty 200', '{}', '429', '500', '503'])(
    'an OIDC token endpoint with "%s" is unavailable, not a missing permission',
    async (kind) => {
      const short = { run: <T>(_: number, act: (signal: AbortSignal) => Promise<T>) => limits().run(SECONDS, act) };
      const env = { ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/token?v=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
      kinds = [kind];
      const github = githubIdentity(env, { mask() {} }, short as unknown as TimeLimits);
      await expect(github.token('sts.amazonaws.com')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    },
  );

  test.each<Kind>(['hang', 'slow-loris', 'reset', '502 html'])(
    'GitHub with "%s" is asked no longer than its time limit',
    async (kind) => {
      const short = { run: <T>(_: number, act: (signal: AbortSignal) => Promise<T>) => limits().run(SECONDS, act) };
      const github = createGithub(
        't',
        { ...CONTEXT, apiUrl: server.url },
        { env: {}, masker: new Masker(), limits: short as unknown as TimeLimits },
      );
      kinds = [kind];
      const deployment = { environment: 'e', transient: false, production: false, description: '' };
      await expect(github.createDeployment(deployment)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(server.requests).toHaveLength(1);
    },
  );
});

describe('renewal of credentials', () => {
  const ROLE = {
    arn: 'arn:aws:iam::123456789012:role/deploy',
    sessionName: 'run',
    durationSeconds: 900,
    audience: 'a',
  };

  /** A role whose credentials end so many seconds from now, and what STS and the token endpoint do from then on. */
  async function session(endsInSeconds: number) {
    let issued = 0;
    let failing: 'sts' | 'token' | undefined;
    const sts = await startHostile((_, res) => {
      if (failing === 'sts') return misbehave('500', res);
      issued += 1;
      const expires = new Date(Date.now() + endsInSeconds * 1000).toISOString();
      const result = `<Credentials><AccessKeyId>ASIA${issued}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/deploy/run</Arn><AssumedRoleId>A</AssumedRoleId></AssumedRoleUser>`;
      res.writeHead(200, { 'content-type': 'text/xml' }).end(queryAnswer('AssumeRoleWithWebIdentity', result));
    });
    const lines: string[] = [];
    const clock = { random: () => 0.5, sleep: async () => {} };
    const github = {
      offersTokens: true,
      token: async () => {
        if (failing === 'token') throw new Failure('UNAVAILABLE', 'GitHub gave no token (HTTP 500).');
        return 'an.oidc.token';
      },
      mask() {},
    };
    const run = { clock, signal: new AbortController().signal, log: (line: string) => void lines.push(line) };
    const aws = { region: 'eu-west-1', allowedAccountIds: [], role: ROLE };
    process.env.AWS_ENDPOINT_URL_STS = sts.url;
    const { credentials } = awsConfig(aws, { env: {}, github, run });
    const key = async (): Promise<string | undefined> => (await credentials?.({}))?.accessKeyId;
    return {
      key,
      lines,
      fail: (what: 'sts' | 'token') => {
        failing = what;
      },
      close() {
        delete process.env.AWS_ENDPOINT_URL_STS;
        sts.close();
      },
    };
  }

  test.each(['sts', 'token'] as const)(
    'one that fails (%s) leaves the old ones in use while they are good',
    async (what) => {
      const { key, fail, lines, close } = await session(120);
      try {
        expect(await key()).toBe('ASIA1');
        fail(what);
        expect(await key()).toBe('ASIA1');
        await eventually(() => lines.some((line) => line.includes('could not be renewed')));
        expect(lines.join('\n')).toMatch(/could not be renewed: .* They are valid for another 1\d\d s; trying again/);
        expect(await key()).toBe('ASIA1');
      } finally {
        close();
      }
    },
  );

  test('it happens beside the calls that use the old ones', async () => {
    const { key, close } = await session(120);
    try {
      expect(await key()).toBe('ASIA1');
      expect(await key()).toBe('ASIA1');
      await eventually(async () => (await key()) === 'ASIA2');
    } finally {
      close();
    }
  });

  test('credentials that have ended are renewed before anything is asked, and a failure is reported then', async () => {
    const { key, fail, close } = await session(5);
    try {
      expect(await key()).toBe('ASIA1');
      expect(await key()).toBe('ASIA2');
      fail('token');
      await expect(key()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      close();
    }
  });
});

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
