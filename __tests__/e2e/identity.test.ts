import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { ACCOUNT, REGION, Simulator } from '../../simulator/simulator.ts';
import { startProxy, startRelay } from '../support/proxy.ts';
import { steady } from '../support/steady.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/** Who the action is, and how it gets out of a private network; the bundle, against the simulator over HTTP. */
const folder = mkdtempSync(join(tmpdir(), 'identity-'));
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const closing: (() => unknown)[] = [];
let endpoint = '';

beforeAll(async () => {
  const server = await simulator.listen();
  endpoint = server.endpoint;
  closing.push(server.close);
  simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  simulator.iam.roles.set('deploy', {
    trust: {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'of-the-customer' } },
      },
    },
  });
  for (const serviceName of ['web', 'slow', 'proxied', 'direct']) {
    simulator.call('CreateService', {
      serviceName,
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    });
  }
  await steady(simulator, 'web', 'slow', 'proxied', 'direct');
});
afterAll(async () => {
  for (const close of closing) await close();
  clock.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  simulator.wire.disturbances.length = 0;
  clock.go();
});

const KEYS = { AWS_ACCESS_KEY_ID: 'TEST', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: REGION };
const FORCED = { preflight: 'false', 'force-new-deployment': 'true' };

/** GitHub's OIDC endpoint, and an STS whose credentials live for seconds: the action renews 300 s before the end. */
async function startGithubAndSts(secondsOfUse: number) {
  const asked: { audience: string | null; authorization: string | undefined }[] = [];
  const github = createServer(({ url = '', headers }, res) => {
    asked.push({
      audience: new URL(url, 'http://github').searchParams.get('audience'),
      authorization: headers.authorization,
    });
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value: 'an.oidc.token' }));
  });
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
  closing.push(() => github.close());
  const exchanges: URLSearchParams[] = [];
  /** Looks at the service with credentials that were due for renewal, by the number of their exchange. */
  const overdue = new Map<number, number>();
  let issuedAt = 0;
  const aws = await startRelay(endpoint, ({ headers }, body) => {
    const form = new URLSearchParams(body);
    if (form.get('Action') === 'AssumeRoleWithWebIdentity') {
      exchanges.push(form);
      issuedAt = Date.now();
      return { status: 200, body: credentials(exchanges.length, issuedAt + (300 + secondsOfUse) * 1000) };
    }
    const key = Number(/Credential=AKIA(\d+)\//.exec(headers.authorization ?? '')?.[1]);
    if (!(key >= exchanges.length - 1)) return { status: 403, body: 'ExpiredToken' };
    const isLook = String(headers['x-amz-target']).endsWith('.DescribeServices');
    if (isLook && key === exchanges.length && Date.now() > issuedAt + secondsOfUse * 1000)
      overdue.set(key, (overdue.get(key) ?? 0) + 1);
    return undefined;
  });
  closing.push(aws.close);
  return { asked, exchanges, overdue, aws, github: `http://127.0.0.1:${(github.address() as AddressInfo).port}` };
}

const credentials = (number: number, expires: number): string =>
  `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIA${String(number).padStart(16, '0')}</AccessKeyId><SecretAccessKey>secret-of-exchange-${number}</SecretAccessKey><SessionToken>session-of-exchange-${number}</SessionToken><Expiration>${new Date(expires).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run</Arn><AssumedRoleId>AROA:run</AssumedRoleId></AssumedRoleUser></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

test("GitHub's token becomes the role's credentials, renewed by themselves during a long wait", async () => {
  const { asked, exchanges, overdue, aws, github } = await startGithubAndSts(1);
  // Its tasks start when the credentials have been renewed twice.
  simulator.wire.disturbances.push(({ operation }) => {
    if (operation === 'UpdateService') clock.hold();
    if (exchanges.length >= 3) clock.go();
    return undefined;
  });
  const path = join(folder, 'slow.json');
  writeFileSync(
    path,
    JSON.stringify({ ...TASK_DEFINITION, containerDefinitions: [{ name: 'app', image: 'example.com/slow:1' }] }),
  );
  const run = await runAction({
    inputs: {
      service: 'slow',
      'task-definition': path,
      preflight: 'false',
      'role-to-assume': `arn:aws:iam::${ACCOUNT}:role/deploy`,
      'role-session-name': 'release-42',
      'role-duration-seconds': '900',
      'allowed-account-ids': ACCOUNT,
    },
    env: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: REGION,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${github}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
    },
    cwd: folder,
  });
  expect(run.log).not.toContain('::error');
  expect(run.outputs.outcome).toBe('deployed');
  expect(asked[0]).toEqual({ audience: 'sts.amazonaws.com', authorization: 'Bearer of-the-job' });
  expect(Object.fromEntries(exchanges[0] ?? [])).toMatchObject({
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    RoleSessionName: 'release-42',
    DurationSeconds: '900',
    WebIdentityToken: 'an.oidc.token',
  });
  expect(exchanges.length).toBeGreaterThanOrEqual(3);
  // A look with credentials that are due has them renewed beside it; the next one may still overtake that.
  expect(Math.max(0, ...overdue.values())).toBeLessThanOrEqual(2);
  const unmasked = run.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  for (const secret of ['an.oidc.token', 'secret-of-exchange-1', 'session-of-exchange-1']) {
    expect(run.log).toContain(`::add-mask::${secret}`);
    expect(unmasked.join('\n')).not.toContain(secret);
  }
});

test.each([
  ['credentials of the job', KEYS, {}],
  [
    'a role',
    { ...KEYS, ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    { 'role-to-assume': 'arn:aws:iam::999999999999:role/deploy' },
  ],
])('%s in an account that is not allowed: nothing is even looked at', async (_, env, inputs) => {
  simulator.wire.calls.length = 0;
  const run = await runAction({
    inputs: { service: 'web', ...FORCED, ...inputs, 'allowed-account-ids': '111111111111, 222222222222' },
    env: { ...env, AWS_ENDPOINT_URL: endpoint },
    cwd: folder,
  });
  expect(run.exitCode).toBe(1);
  expect(run.log).toMatch(/::error.*allowed-account-ids/);
  expect(simulator.wire.calls.filter(({ service }) => service !== 'sts')).toEqual([]);
});

test('credentials of the job become those of a role in another account, with its external id', async () => {
  simulator.wire.calls.length = 0;
  const run = await runAction({
    inputs: {
      service: 'web',
      ...FORCED,
      'wait-for-service-stability': 'false',
      'role-to-assume': `arn:aws:iam::${ACCOUNT}:role/deploy`,
      'role-external-id': 'of-the-customer',
    },
    env: { ...KEYS, AWS_ENDPOINT_URL: endpoint },
    cwd: folder,
  });
  expect(run.outputs.outcome).toBe('started');
  expect(simulator.wire.calls.filter(({ service }) => service === 'sts')).toMatchObject([
    { operation: 'AssumeRole', input: { ExternalId: 'of-the-customer', DurationSeconds: '3600' } },
  ]);
});

test('a job without `id-token: write`: the error names the permission', async () => {
  const run = await runAction({
    inputs: { service: 'web', ...FORCED, 'role-to-assume': `arn:aws:iam::${ACCOUNT}:role/deploy` },
    env: { AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' },
    cwd: folder,
  });
  expect(run.exitCode).toBe(1);
  expect(run.log).toMatch(/::error.*id-token: write/);
});

test('HTTP_PROXY is gone through, with a host that only the proxy knows', async () => {
  const proxy = await startProxy(endpoint, ['unused.example']);
  closing.push(proxy.close);
  const run = await runAction({
    inputs: { service: 'proxied', ...FORCED },
    env: { ...KEYS, AWS_ENDPOINT_URL: 'http://aws.inside.example', HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' },
    cwd: folder,
  });
  expect(run.outputs.outcome).toBe('deployed');
  expect(new Set(proxy.hosts)).toEqual(new Set(['aws.inside.example']));
  expect(proxy.hosts.length).toBeGreaterThan(3);
});

test('NO_PROXY is gone round', async () => {
  const run = await runAction({
    inputs: { service: 'direct', ...FORCED },
    env: { ...KEYS, AWS_ENDPOINT_URL: endpoint, HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'localhost,127.0.0.1' },
    cwd: folder,
  });
  expect(run.outputs.outcome).toBe('deployed');
});
