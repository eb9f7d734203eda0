import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  GetRepositoryPolicyCommand,
  PutImageCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { ECRPUBLICClient, GetAuthorizationTokenCommand as GetPublicTokenCommand } from '@aws-sdk/client-ecr-public';
import { RealClock } from '../../simulator/clock.ts';
import { grants } from '../../simulator/ecr/access.ts';
import { ACCOUNT, REGION, Simulator } from '../../simulator/simulator.ts';

/** ECR as clients see it: logins that end, layers that are elsewhere, registries of several accounts and regions. */
const clock = new RealClock();
const simulator = new Simulator(clock);
const ELSEWHERE = '210987654321';
const BLOB = Buffer.from('layer');
const DIGEST = `sha256:${createHash('sha256').update(BLOB).digest('hex')}`;
let server: { endpoint: string; close(): Promise<void> };
const config = (region = REGION) => ({
  region,
  endpoint: server.endpoint,
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  maxAttempts: 1,
});
const ecr = (region?: string): ECRClient => new ECRClient(config(region));
const basic = (password: string): string => `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`;
const get = (path: string, headers: Record<string, string> = {}, redirect: 'manual' | 'follow' = 'manual') =>
  fetch(path.startsWith('http') ? path : server.endpoint + path, { headers, redirect });
/** As docker asks a registry by its name. */
function asHost(
  host: string,
  path: string,
  { method = 'GET', authorization }: { readonly method?: string; readonly authorization?: string } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const headers = { host, ...(authorization === undefined ? {} : { authorization }) };
  return new Promise((resolve, reject) => {
    request(server.endpoint + path, { method, headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}
const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    ({ name, message }) => `${name}: ${message}`,
  );

beforeAll(async () => {
  server = await simulator.listen();
  simulator.registry.create('web', false);
  simulator.registry.blobs.set(DIGEST, BLOB);
});
afterAll(async () => {
  await server.close();
  clock.close();
});

async function login(): Promise<{ password: string; expiresAt: Date | undefined }> {
  const { authorizationData: [data] = [] } = await ecr().send(new GetAuthorizationTokenCommand({}));
  const [, password = ''] = Buffer.from(data?.authorizationToken ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s);
  return { password, expiresAt: data?.expiresAt };
}

test('a login is good for twelve hours, and then says that it has expired', async () => {
  const { password, expiresAt } = await login();
  expect(expiresAt?.getTime()).toBeCloseTo(Date.now() + 12 * 3600_000, -5);
  const authorization = basic(password);
  expect((await get('/v2/', { authorization })).status).toBe(200);
  expect((await get('/v2/', { authorization: basic('made up') })).status).toBe(401);
  const { now } = simulator.wire;
  simulator.wire.now = () => Date.now() / 1000 + 12 * 3600 + 1;
  try {
    const answer = await get('/v2/', { authorization });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({
      errors: [{ code: 'DENIED', message: 'Your authorization token has expired. Reauthenticate and try again.' }],
    });
    expect((await get('/v2/', { authorization: basic(simulator.registry.password) })).status).toBe(200);
  } finally {
    simulator.wire.now = now;
  }
});

describe('layers are not in the registry', () => {
  const layer = async (): Promise<string> => {
    const answer = await get(`/v2/web/blobs/${DIGEST}`, { authorization: basic((await login()).password) });
    expect(answer.status).toBe(307);
    return answer.headers.get('location') ?? '';
  };

  test('but at another origin, signed, without a login', async () => {
    const location = await layer();
    expect(new URL(location).origin).not.toBe(server.endpoint);
    const answer = await get(location);
    expect([answer.status, await answer.text()]).toEqual([200, 'layer']);
  });

  test('which refuses a login that was taken along', async () => {
    const answer = await get(await layer(), { authorization: 'Basic x' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Only one auth mechanism')]);
  });

  test('so that clients that keep to the rules get them', async () => {
    const authorization = basic((await login()).password);
    const answer = await get(`/v2/web/blobs/${DIGEST}`, { authorization }, 'follow');
    expect([answer.status, await answer.text()]).toEqual([200, 'layer']);
  });

  test('for an hour', async () => {
    const location = await layer();
    const { now } = simulator.wire;
    simulator.wire.now = () => Date.now() / 1000 + 3602;
    try {
      expect((await get(location)).status).toBe(403);
    } finally {
      simulator.wire.now = now;
    }
    expect((await get(location.replace(/Signature=..../, 'Signature=0000'))).status).toBe(403);
  });

  test('HEAD needs no redirect; a layer that is not there is unknown', async () => {
    const authorization = basic((await login()).password);
    const head = await fetch(`${server.endpoint}/v2/web/blobs/${DIGEST}`, {
      method: 'HEAD',
      headers: { authorization },
    });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '5']);
    expect((await get('/v2/web/blobs/sha256:0', { authorization })).status).toBe(404);
  });

  test('GetDownloadUrlForLayer names the same place', async () => {
    const input = { repositoryName: 'web', layerDigest: DIGEST };
    const { downloadUrl = '' } = await ecr().send(new GetDownloadUrlForLayerCommand(input));
    expect(await (await get(downloadUrl)).text()).toBe('layer');
  });
});

describe('several accounts and regions', () => {
  const describe = (registryId: string | undefined, region = REGION, name = 'web') =>
    ecr(region).send(
      new DescribeRepositoriesCommand({ ...(registryId ? { registryId } : {}), repositoryNames: [name] }),
    );

  test('an account that has no such repository', async () => {
    expect(await refusal(describe(ELSEWHERE))).toBe(
      `RepositoryNotFoundException: The repository with name 'web' does not exist in the registry with id '${ELSEWHERE}'`,
    );
  });

  test('a repository of another account is read where its policy allows it, in its region', async () => {
    const repository = simulator.ecr.registryOf(ELSEWHERE, 'eu-central-1').create('shared', false);
    expect(await refusal(describe(ELSEWHERE, 'eu-central-1', 'shared'))).toMatch(
      /^AccessDeniedException: User: arn:aws:sts::123456789012:\S+ is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:eu-central-1:210987654321:repository\/shared because no resource-based policy allows/,
    );
    repository.policy = grants(ACCOUNT, ['DescribeRepositories', 'Batch*']);
    const { repositories } = await describe(ELSEWHERE, 'eu-central-1', 'shared');
    expect(repositories).toMatchObject([
      {
        registryId: ELSEWHERE,
        repositoryArn: `arn:aws:ecr:eu-central-1:${ELSEWHERE}:repository/shared`,
        repositoryUri: `${ELSEWHERE}.dkr.ecr.eu-central-1.amazonaws.com/shared`,
      },
    ]);
    const images = new BatchGetImageCommand({
      registryId: ELSEWHERE,
      repositoryName: 'shared',
      imageIds: [{ imageTag: 'x' }],
    });
    expect((await ecr('eu-central-1').send(images)).failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
    expect(await refusal(describe(ELSEWHERE, REGION, 'shared'))).toMatch(/^RepositoryNotFoundException/);
  });

  test('this account may have different repositories in each region', async () => {
    simulator.ecr.registryOf(ACCOUNT, 'us-west-2');
    await ecr('us-west-2').send(new CreateRepositoryCommand({ repositoryName: 'west' }));
    expect(await refusal(describe(undefined, 'us-west-2', 'west'))).toBe('ok');
    expect(await refusal(describe(undefined, REGION, 'west'))).toMatch(/^RepositoryNotFoundException/);
    expect(await refusal(describe(undefined, 'us-west-2', 'web'))).toMatch(/^RepositoryNotFoundException/);
  });

  test('docker asks each by its own name, with one login', () => {
    expect(simulator.ecr.byHost(`${ELSEWHERE}.dkr.ecr.eu-central-1.amazonaws.com`).repositories.has('shared')).toBe(
      true,
    );
    expect(simulator.ecr.byHost(`${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`)).toBe(simulator.registry);
    expect(simulator.ecr.registryOf(ELSEWHERE, 'eu-central-1').password).toBe(simulator.registry.password);
  });
});

describe('repository policies', () => {
  const HOST = `${ELSEWHERE}.dkr.ecr.eu-west-1.amazonaws.com`;
  const THERE = { ...simulator.context, accountId: ELSEWHERE };
  const statement = (more: object): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', ...more }],
    });
  const set = (policyText: string): Promise<unknown> =>
    simulator.ecr.handle('SetRepositoryPolicy', { repositoryName: 'base', policyText }, THERE);
  const ask = (path: string, method = 'GET') =>
    asHost(HOST, path, { method, authorization: basic(simulator.registry.password) });

  beforeAll(() => {
    simulator.ecr.registryOf(ELSEWHERE, REGION).create('base', false);
  });

  test('without one, docker of another account is refused; with one, it may do what that says', async () => {
    const refused = await ask('/v2/base/manifests/1');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatch(
      /"code":"DENIED","message":"User: arn:aws:sts::123456789012:\S+ is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:210987654321:repository\/base because no resource-based policy allows the ecr:BatchGetImage action/,
    );
    await set(grants(ACCOUNT));
    expect((await ask('/v2/base/manifests/1')).status).toBe(404);
    expect((await ask('/v2/base/blobs/uploads/', 'POST')).body).toContain('ecr:InitiateLayerUpload');
    await set(statement({ Principal: { AWS: ACCOUNT }, Action: ['ecr:*'] }));
    expect((await ask('/v2/base/blobs/uploads/', 'POST')).status).toBe(202);
  });

  test.each<[string, object, number]>([
    ['a role of the account', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deploy` } }, 404],
    ['another account', { Principal: { AWS: '999999999999' } }, 403],
    ['everyone', {}, 404],
    ['an organization, which is not known here', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, 403],
    ['a role by condition', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/dep*' } } }, 404],
    ['a denial', { Effect: 'Deny', Action: 'ecr:Batch*' }, 403],
    ['pushes alone', { Action: 'ecr:PutImage' }, 403],
  ])('a statement for %s', async (_, more, status) => {
    await set(statement(more));
    expect((await ask('/v2/base/manifests/1')).status).toBe(status);
  });

  test("the account's own repository is refused where a statement denies it", async () => {
    const client = ecr();
    const repositoryName = 'web';
    await client.send(
      new SetRepositoryPolicyCommand({
        repositoryName,
        policyText: statement({ Effect: 'Deny', Action: 'ecr:PutImage' }),
      }),
    );
    const put = client.send(new PutImageCommand({ repositoryName, imageManifest: '{}' }));
    expect(await refusal(put)).toMatch(/^AccessDeniedException: .* with an explicit deny in a resource-based policy$/);
    expect(
      JSON.parse((await client.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText ?? ''),
    ).toMatchObject({
      Statement: [{ Effect: 'Deny' }],
    });
    delete simulator.registry.repositories.get(repositoryName)?.policy;
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', '{"Version": "2012-10-17"}'],
    ['an action of S3', statement({ Action: 's3:GetObject' })],
    ['a resource', statement({ Resource: '*' })],
    ['no principal', statement({ Principal: undefined })],
    ['a denial of itself, without force', statement({ Effect: 'Deny' })],
  ])('a policy with %s is refused', async (_, policyText) => {
    await expect(set(policyText)).rejects.toThrow(
      "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    );
  });
});

test('public ECR: every token pulls, and only a login pushes', async () => {
  simulator.ecr.public.create('library/node', false);
  const ask = (path: string, more: { method?: string; authorization?: string } = {}) =>
    asHost('public.ecr.aws', path, more);
  const first = await ask('/v2/library/node/manifests/1');
  expect([first.status, first.headers['www-authenticate']]).toEqual([
    401,
    'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
  ]);
  const tokenOf = async (authorization?: string): Promise<string> =>
    `Bearer ${JSON.parse((await ask('/token/?service=public.ecr.aws', authorization ? { authorization } : {})).body).token}`;
  const anonymous = await tokenOf();
  expect((await ask('/v2/library/node/manifests/1', { authorization: anonymous })).status).toBe(404);
  expect((await ask('/v2/library/node/manifests/1', { authorization: 'Bearer made-up' })).status).toBe(401);
  const push = (authorization: string) => ask('/v2/library/node/blobs/uploads/', { method: 'POST', authorization });
  expect((await push(anonymous)).status).toBe(403);
  expect((await push(await tokenOf(basic((await login()).password)))).status).toBe(202);
});

test.each<[string, string, object, RegExp]>([
  ['a name of one character', 'CreateRepository', { repositoryName: 'a' }, /length between 2 and 256/],
  [
    'an exclusion without filters',
    'CreateRepository',
    { repositoryName: 'some', imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' },
    /ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as IMMUTABLE_WITH_EXCLUSION/,
  ],
  [
    'a mode that is none',
    'PutImageTagMutability',
    { repositoryName: 'web', imageTagMutability: 'NO' },
    /enum value set/,
  ],
  [
    '101 images',
    'BatchGetImage',
    { repositoryName: 'web', imageIds: Array.from({ length: 101 }, () => ({ imageTag: 'a' })) },
    /length between 1 and 100/,
  ],
])('%s is refused', (_, operation, input, words) =>
  expect(simulator.ecr.handle(operation, { ...input }, simulator.context)).rejects.toThrow(words),
);

test('the login to public ECR exists in us-east-1 alone', async () => {
  const token = (region: string) => new ECRPUBLICClient(config(region)).send(new GetPublicTokenCommand({}));
  const { authorizationData } = await token('us-east-1');
  expect(Buffer.from(authorizationData?.authorizationToken ?? '', 'base64').toString('utf8')).toMatch(/^AWS:.{100}/);
  expect(await refusal(token(REGION))).toMatch(/^UnsupportedCommandException/);
});
