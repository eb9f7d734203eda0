import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { RealClock, VirtualClock } from '../../simulator/clock.ts';
import { trusts } from '../../simulator/services/trust.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { applySeed } from '../../simulator/world/seed.ts';
import { githubToken, trustsGithub } from '../support/oidc.ts';

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const clock = new RealClock();
afterAll(() => clock.close());

/** An account with a role that jobs of acme/web may take. */
function account(trust: object = trustsGithub('repo:acme/web:*'), more: object = {}) {
  const simulator = new Simulator(clock);
  simulator.iam.roles.set('deploy', { trust, ...more });
  const config = (credentials?: Credentials) => ({
    region: 'eu-west-1',
    requestHandler: simulator.wire.requestHandler(),
    maxAttempts: 1,
    credentials: {
      accessKeyId: credentials?.AccessKeyId ?? 'AKIATEST',
      secretAccessKey: credentials?.SecretAccessKey ?? 'test',
      ...(credentials?.SessionToken ? { sessionToken: credentials.SessionToken } : {}),
    },
  });
  const sts = new STSClient(config());
  const exchange = (token: string, more: object = {}) =>
    sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: ROLE,
        RoleSessionName: 'run-1',
        WebIdentityToken: token,
        ...more,
      }),
    );
  return { simulator, config, sts, exchange };
}
const nameAndMessage = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    ({ name, message, $metadata }) => `${$metadata?.httpStatusCode} ${name}: ${message}`,
  );

test("a job's token becomes credentials of the role, and the caller is that session", async () => {
  const { exchange, config } = account();
  const { Credentials, AssumedRoleUser, SubjectFromWebIdentityToken, Provider } = await exchange(githubToken());
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/run-1');
  expect(SubjectFromWebIdentityToken).toBe('repo:acme/web:environment:production');
  expect(Provider).toBe('arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com');
  const me = await new STSClient(config(Credentials)).send(new GetCallerIdentityCommand({}));
  expect(me).toMatchObject({ Account: '123456789012', Arn: AssumedRoleUser?.Arn });
  await expect(new ECSClient(config(Credentials)).send(new ListClustersCommand({}))).resolves.toBeDefined();
});

test.each<[string, Readonly<Record<string, unknown>>, object, string]>([
  [
    'of an issuer that the account does not know',
    { iss: 'https://gitlab.com' },
    {},
    '400 InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://gitlab.com',
  ],
  [
    'for another audience',
    { aud: 'https://github.com/acme' },
    {},
    '400 InvalidIdentityTokenException: Incorrect token audience',
  ],
  [
    'that has expired',
    { exp: 1_700_000_000 },
    {},
    '400 ExpiredTokenException: Token expired: current date/time NOW must be before the expiration date/time 1700000000',
  ],
  [
    'of another repository',
    { sub: 'repo:acme/other:environment:production' },
    {},
    '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  ],
  [
    'for a role that does not exist, in the same words',
    {},
    { RoleArn: `${ROLE}er` },
    '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  ],
  [
    'for a role of another account',
    {},
    { RoleArn: ROLE.replace('123456789012', '999988887777') },
    '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  ],
  [
    'for longer than the role allows',
    {},
    { DurationSeconds: 7200 },
    '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  ],
])('a token %s is refused', async (_, claims, more, expected) => {
  const { exchange } = account();
  const said = await nameAndMessage(exchange(githubToken(claims), more));
  expect(said.replace(/date\/time \d+ must/, 'date/time NOW must')).toBe(expected);
});

test('what is no token is refused', async () => {
  expect(await nameAndMessage(account().exchange('an.oidc.token'))).toMatch(
    /^400 InvalidIdentityTokenException: The ID Token provided is not a valid JWT/,
  );
});

test('credentials end: after that AWS refuses them, JSON and Query each in its words', async () => {
  const { simulator, exchange, config } = account();
  const { Credentials } = await exchange(githubToken(), { DurationSeconds: 900 });
  expect(Credentials?.Expiration?.getTime()).toBeCloseTo(Date.now() + 900_000, -5);
  const ecs = new ECSClient(config(Credentials));
  expect(await nameAndMessage(ecs.send(new ListClustersCommand({})))).toBe('ok');
  simulator.wire.checksSigningTime = false;
  simulator.wire.now = () => Date.now() / 1000 + 901;
  expect(await nameAndMessage(ecs.send(new ListClustersCommand({})))).toBe(
    '400 ExpiredTokenException: The security token included in the request is expired',
  );
  const sts = new STSClient(config(Credentials));
  expect(await nameAndMessage(sts.send(new GetCallerIdentityCommand({})))).toBe(
    '403 ExpiredToken: The security token included in the request is expired',
  );
});

test('a token that belongs to other credentials is refused, and so are temporary keys that STS never gave out', async () => {
  const { exchange, config } = account();
  const { Credentials } = await exchange(githubToken());
  for (const wrong of [
    { ...Credentials, SessionToken: 'other' },
    { ...Credentials, AccessKeyId: 'ASIAUNKNOWN' },
  ]) {
    const ecs = new ECSClient(config(wrong as Credentials));
    expect(await nameAndMessage(ecs.send(new ListClustersCommand({})))).toBe(
      '400 UnrecognizedClientException: The security token included in the request is invalid.',
    );
  }
});

describe('AssumeRole', () => {
  const trusting = (AWS: string, Condition?: object): object => ({
    Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) },
  });
  const external = { StringEquals: { 'sts:ExternalId': 'of-the-customer' } };

  test.each<[string, object, object, boolean]>([
    ['the account', trusting('arn:aws:iam::123456789012:root'), {}, true],
    ['its number', trusting('123456789012'), {}, true],
    ['another account', trusting('arn:aws:iam::999988887777:root'), {}, false],
    ['a token only', trustsGithub('*'), {}, false],
    ['an external id, given', trusting('123456789012', external), { ExternalId: 'of-the-customer' }, true],
    ['an external id, wrong', trusting('123456789012', external), { ExternalId: 'x' }, false],
    ['an external id, none', trusting('123456789012', external), {}, false],
  ])('a role that trusts %s', async (_, trust, more, allowed) => {
    const { sts } = account(trust);
    const call = sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'run', ...more }));
    expect(await nameAndMessage(call)).toBe(
      allowed
        ? 'ok'
        : `403 AccessDenied: User: arn:aws:sts::123456789012:assumed-role/deploy/session is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
    );
  });

  test('from one role to the next, for an hour at most', async () => {
    const { simulator, exchange, config } = account(trustsGithub('*'));
    simulator.iam.roles.set('next', { trust: trusting(ROLE), maxSessionDuration: 43_200 });
    const sts = new STSClient(config((await exchange(githubToken())).Credentials));
    const next = (DurationSeconds: number) =>
      sts.send(
        new AssumeRoleCommand({ RoleArn: ROLE.replace('deploy', 'next'), RoleSessionName: 'next', DurationSeconds }),
      );
    expect(await nameAndMessage(next(3600))).toBe('ok');
    expect(await nameAndMessage(next(3601))).toMatch(/^400 ValidationError: .*1 hour session limit/);
  });
});

describe('who has not signed', () => {
  const { simulator } = account();
  const send = (headers: Record<string, string>, body = '{}') => simulator.wire.answer({ headers, body });
  const target = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' };

  test.each<[string, Record<string, string>, string, number, RegExp]>([
    ['is refused by ECS', target, '{}', 400, /MissingAuthenticationTokenException.*Missing Authentication Token/],
    [
      'is refused by STS',
      {},
      'Action=GetCallerIdentity',
      403,
      /<Code>MissingAuthenticationToken<.*Request is missing Auth/,
    ],
    ['with half a signature too', { ...target, authorization: 'AWS4-HMAC-SHA256 x' }, '{}', 400, /IncompleteSignature/],
  ])('%s', async (_, headers, body, status, words) => {
    const answer = await send(headers, body);
    expect([answer.status, answer.body]).toEqual([status, expect.stringMatching(words)]);
  });

  test('an hour ago is refused, and is not what a virtual clock asks', async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20200101/eu-west-1/ecs/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
    const old = { ...target, authorization, 'x-amz-date': '20200101T000000Z' };
    expect((await send(old)).body).toContain('InvalidSignatureException');
    const virtual = new Simulator(new VirtualClock());
    expect((await virtual.wire.answer({ headers: old, body: '{}' })).status).toBe(200);
  });
});

describe('roles and providers are made', () => {
  const policy = JSON.stringify(trustsGithub('repo:acme/web:*'));

  test('by CreateRole and CreateOpenIDConnectProvider', async () => {
    const { config, simulator, sts } = account();
    const iam = new IAMClient(config());
    const input = { RoleName: 'made', Path: '/ci/', AssumeRolePolicyDocument: policy, MaxSessionDuration: 7200 };
    const { Role } = await iam.send(new CreateRoleCommand(input));
    expect(Role).toMatchObject({ Arn: 'arn:aws:iam::123456789012:role/ci/made', MaxSessionDuration: 7200 });
    const shown = await iam.send(new GetRoleCommand({ RoleName: 'made' }));
    expect(JSON.parse(decodeURIComponent(shown.Role?.AssumeRolePolicyDocument ?? ''))).toEqual(JSON.parse(policy));
    expect(await nameAndMessage(iam.send(new CreateRoleCommand(input)))).toMatch(/^409 EntityAlreadyExists/);
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://gitlab.com', ClientIDList: ['aws'] }));
    expect(simulator.iam.oidcProviders.get('gitlab.com')).toEqual({ audiences: ['aws'] });
    const take = { RoleArn: Role?.Arn, RoleSessionName: 'run', WebIdentityToken: githubToken(), DurationSeconds: 7200 };
    expect(await nameAndMessage(sts.send(new AssumeRoleWithWebIdentityCommand(take)))).toBe('ok');
  });

  test.each([
    ['no JSON', '{', /MalformedPolicyDocumentException: This policy contains invalid Json/],
    ['no principal', '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}', /must contain principals/],
    [
      'another action',
      '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ecs:*"}}',
      /may only specify STS AssumeRole actions/,
    ],
  ])('but not with a trust policy of %s', async (_, AssumeRolePolicyDocument, words) => {
    const iam = new IAMClient(account().config());
    const call = iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument }));
    expect(await nameAndMessage(call)).toMatch(words);
  });

  test('by a seed', async () => {
    const { simulator, exchange } = account();
    simulator.iam.roles.clear();
    await applySeed(simulator, {
      oidcProviders: [{ Url: 'https://gitlab.com', ClientIDList: ['aws'] }],
      roles: [{ RoleName: 'deploy', AssumeRolePolicyDocument: trustsGithub('repo:acme/web:*') }],
    });
    expect([...simulator.iam.oidcProviders.keys()]).toContain('gitlab.com');
    expect(await nameAndMessage(exchange(githubToken()))).toBe('ok');
  });
});

describe('trust policies', () => {
  const request = (values: Record<string, string[]>) => ({
    action: 'sts:AssumeRoleWithWebIdentity' as const,
    principal: { type: 'Federated' as const, names: ['provider'] },
    values: new Map(Object.entries(values)),
  });
  const allow = (Condition: object, more: object = {}): object => ({
    Effect: 'Allow',
    Principal: { Federated: 'provider' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
    ...more,
  });

  test.each<[string, object, string[] | undefined, boolean]>([
    ['StringEquals', { StringEquals: { sub: 'a' } }, ['a'], true],
    ['StringEquals takes no pattern', { StringEquals: { sub: 'a*' } }, ['abc'], false],
    ['StringLike', { StringLike: { sub: 'repo:acme/*:ref:?' } }, ['repo:acme/web:ref:x'], true],
    ['StringLike is the whole text', { StringLike: { sub: 'repo:acme' } }, ['repo:acme/web'], false],
    ['one of several', { StringEquals: { sub: ['a', 'b'] } }, ['b'], true],
    ['StringNotEquals', { StringNotEquals: { sub: 'a' } }, ['b'], true],
    ['StringNotEquals of none', { StringNotEquals: { sub: 'a' } }, undefined, true],
    ['a key that is lacking', { StringEquals: { sub: 'a' } }, undefined, false],
    ['IfExists', { StringEqualsIfExists: { sub: 'a' } }, undefined, true],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { sub: 'a' } }, ['b', 'a'], true],
    ['ForAllValues', { 'ForAllValues:StringEquals': { sub: 'a' } }, ['b', 'a'], false],
    ['keys in whatever case', { StringEquals: { SUB: 'a' } }, ['a'], true],
    ['an operator that is not known', { NumericEquals: { sub: '1' } }, ['1'], false],
  ])('%s', (_, condition, sub, expected) => {
    expect(trusts({ Statement: [allow(condition)] }, request(sub ? { sub } : {}))).toBe(expected);
  });

  test('a denial wins, in whatever order', () => {
    const deny = allow({ StringEquals: { sub: 'a' } }, { Effect: 'Deny' });
    for (const Statement of [
      [allow({}), deny],
      [deny, allow({})],
    ]) {
      expect(trusts({ Statement }, request({ sub: ['a'] }))).toBe(false);
      expect(trusts({ Statement }, request({ sub: ['b'] }))).toBe(true);
    }
  });

  test('a pattern without wildcards matches itself alone, whatever signs it has', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (wanted, actual) => {
        fc.pre(!/[*?]/.test(wanted));
        const statement = allow({ StringLike: { sub: wanted } });
        expect(trusts({ Statement: [statement] }, request({ sub: [actual] }))).toBe(wanted === actual);
        expect(trusts({ Statement: [statement] }, request({ sub: [wanted] }))).toBe(true);
      }),
    );
  });
});
