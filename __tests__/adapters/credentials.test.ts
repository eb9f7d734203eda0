import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsConfig } from '../../src/adapters/credentials.ts';
import type { Failure } from '../../src/failure.ts';
import type { RoleInputs } from '../../src/inputs/types.ts';
import { githubToken } from '../support/oidc.ts';

/** The role, by the job's OIDC token or by its keys, against an STS that notes what it is asked. */
const asked: URLSearchParams[] = [];
let throttled = 0;
let denied = false;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (throttled-- > 0) {
    const error =
      '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
    response.writeHead(400, { 'content-type': 'text/xml' }).end(error);
    return;
  }
  if (denied) {
    const error =
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>';
    response.writeHead(403, { 'content-type': 'text/xml' }).end(error);
    return;
  }
  const form = new URLSearchParams(body);
  asked.push(form);
  const action = form.get('Action') ?? '';
  response
    .writeHead(200, { 'content-type': 'text/xml' })
    .end(
      `<${action}Response><${action}Result><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
        `<SessionToken>session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>` +
        `<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/deploy/run</Arn><AssumedRoleId>A:run</AssumedRoleId></AssumedRoleUser>` +
        `</${action}Result></${action}Response>`,
    );
});
const before = { ...process.env };
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  process.env.AWS_CONFIG_FILE = '/nowhere';
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/nowhere';
});
afterAll(() => {
  process.env = before;
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  throttled = 0;
  denied = false;
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
});

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'key' };
const ROLE: RoleInputs = {
  arn: 'arn:aws:iam::123456789012:role/deploy',
  sessionName: 'run',
  durationSeconds: 900,
  audience: 'sts.amazonaws.com',
};

async function assume({ role = {}, keys = {}, offersTokens = true, token = 'an.oidc.token' }) {
  Object.assign(process.env, keys);
  const said: string[] = [];
  const slept: number[] = [];
  const github = { offersTokens, token: async () => token, mask: () => {} };
  const retry = {
    clock: { random: () => 0.5, sleep: async (seconds: number) => void slept.push(seconds) },
    signal: new AbortController().signal,
    log: (line: string) => void said.push(line),
  };
  const aws = { region: 'eu-west-1', allowedAccountIds: [], role: { ...ROLE, ...role } };
  const { credentials } = awsConfig(aws, { env: process.env, github, run: retry });
  const identity = await credentials?.({});
  return { identity, said: said.join('\n'), slept };
}

test('an OIDC token is exchanged, quietly', async () => {
  const { identity, said } = await assume({ keys: KEYS });
  expect(identity).toMatchObject({ accessKeyId: 'ASIA', accountId: '123456789012' });
  expect(asked.map((form) => form.get('Action'))).toEqual(['AssumeRoleWithWebIdentity']);
  expect(said).toBe('');
});

test('an external id goes out with the keys that the job has', async () => {
  const { said } = await assume({ keys: KEYS, role: { externalId: 'partner-7' } });
  expect(asked.map((form) => [form.get('Action'), form.get('ExternalId')])).toEqual([['AssumeRole', 'partner-7']]);
  expect(said).toBe('');
});

test('an external id without keys is reported as not sent, and the token is used', async () => {
  const { said } = await assume({ role: { externalId: 'partner-7' } });
  expect(asked.map((form) => form.get('Action'))).toEqual(['AssumeRoleWithWebIdentity']);
  expect(said).toContain('role-external-id is not sent');
});

test('without a token the role is assumed with the keys of the job, and that is logged', async () => {
  const { said } = await assume({ keys: KEYS, offersTokens: false });
  expect(asked.map((form) => form.get('Action'))).toEqual(['AssumeRole']);
  expect(said).toContain('no OIDC token (permissions: id-token: write)');
});

test('without a token and without keys the missing permission is reported', async () => {
  await expect(assume({ offersTokens: false })).rejects.toMatchObject({
    code: 'CREDENTIALS',
    remedy: expect.stringContaining('id-token: write'),
  });
});

test('a refused token: what it says of the job, and the condition that would match', async () => {
  denied = true;
  const refused = await assume({ token: githubToken() }).catch((thrown: Failure) => thrown);
  expect(refused).toMatchObject({ code: 'ACCESS_DENIED' });
  const { state = '' } = refused as Failure;
  expect(state).toContain('sub `repo:acme/web:environment:production` and aud `sts.amazonaws.com`.');
  const [, condition = ''] = /matches it: `(.*)`$/.exec(state) ?? [];
  expect(JSON.parse(condition)).toEqual({
    StringEquals: {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': 'repo:acme/web:environment:production',
    },
  });
  expect(state).not.toContain('ids');
  const made = await assume({ token: githubToken({ sub: 'repo:acme@12/web@34:ref:refs/heads/main' }) }).catch(
    (thrown: Failure) => thrown,
  );
  expect((made as Failure).state).toContain('adds the ids of owner and repository');
  // A token that cannot be read costs nothing.
  const odd = await assume({}).catch((thrown: Failure) => thrown);
  expect(odd).toMatchObject({ code: 'ACCESS_DENIED', state: undefined });
});

test('an STS that throttles is asked again', async () => {
  throttled = 4;
  const { identity, slept } = await assume({});
  expect(identity).toMatchObject({ accessKeyId: 'ASIA' });
  expect(slept).toEqual([0.2, 0.5, 1, 2]);
});
