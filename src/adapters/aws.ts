import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AssumeRoleResponse } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { Failure } from '../failure.ts';
import type { AwsInputs, RoleInputs } from '../inputs/types.ts';
import { toFailure } from './aws-error.ts';
import { callPatiently, type Patience } from './patience.ts';

/** What every SDK client of ours is made with. Endpoints are the SDK's own business (AWS_ENDPOINT_URL[_SERVICE]). */
export interface AwsConfig {
  readonly region: string;
  /** Absent: the SDK's default chain, so that an earlier configure-aws-credentials step just works. */
  readonly credentials?: AwsCredentialIdentityProvider;
  // biome-ignore lint/suspicious/noExplicitAny: each client types its handler by itself; a test hands in an in-process one
  readonly requestHandler: any;
  /** Attempts a call, the first included. */
  readonly maxAttempts: number;
  readonly customUserAgent: string;
}

type BaseConfig = Omit<AwsConfig, 'credentials'>;

/** Connections that never answer would hold the watcher for minutes; the SDK's own default is no limit at all. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The shared client configuration.
 * `github` hands out the job's token for an audience; it is asked only when a role is to be assumed.
 */
export function awsConfig(
  aws: AwsInputs,
  env: NodeJS.ProcessEnv,
  github: GithubIdentity,
  patience?: Patience,
): AwsConfig {
  const base: BaseConfig = {
    region: aws.region,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...proxyAgents(env),
    },
    maxAttempts: 4,
    customUserAgent: 'ecs-rollout',
  };
  const { role } = aws;
  return role
    ? { ...base, credentials: assumedRole({ ...aws, role }, base, { github, patience, note: once(patience?.tell) }) }
    : base;
}

/**
 * Agents that go through HTTP_PROXY and HTTPS_PROXY and around NO_PROXY, by Node's own rules (http.Agent's proxyEnv,
 * Node 24.5). Without a proxy variable the SDK's own agents stay, which load faster.
 */
function proxyAgents(env: NodeJS.ProcessEnv): { httpAgent?: HttpAgent; httpsAgent?: HttpsAgent } {
  const proxied = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => env[name]);
  if (!proxied) return {};
  const options = { keepAlive: true, maxSockets: 50, proxyEnv: env };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/** GitHub's side of the exchange: an OIDC token for an audience, and masking of what comes back. */
export interface GithubIdentity {
  /** The job has `permissions: id-token: write`. */
  readonly offersTokens: boolean;
  token(audience: string): Promise<string>;
  mask(secret: string): void;
}

/** New credentials are fetched this long before the old ones end, so that a long wait never meets an expired one. */
const REFRESH_BEFORE_SECONDS = 300;

/**
 * Credentials of the role, refreshed by themselves. One exchange serves all clients, whoever asks first; the secret
 * parts are masked before anybody gets them.
 */
function assumedRole(
  aws: AwsInputs & { readonly role: RoleInputs },
  base: BaseConfig,
  job: Job,
): AwsCredentialIdentityProvider {
  let current: Promise<AwsCredentialIdentity> | undefined;
  let goodUntil = 0;
  const exchange = async (): Promise<AwsCredentialIdentity> => {
    const fresh = identity(await assume(aws.role, base, job), aws.role, job.github);
    refuseOtherAccounts(fresh.accountId, aws.allowedAccountIds);
    goodUntil = (fresh.expiration?.getTime() ?? 0) - REFRESH_BEFORE_SECONDS * 1000;
    return fresh;
  };
  return async () => {
    if (current && Date.now() < goodUntil) return current;
    goodUntil = Number.POSITIVE_INFINITY; // the exchange under way serves everybody who asks meanwhile
    current = exchange();
    current.catch(() => {
      current = undefined;
    });
    return current;
  };
}

/** The job that asks for the role. */
interface Job {
  readonly github: GithubIdentity;
  readonly patience: Patience | undefined;
  /** Says what is odd; the same only once, however often the credentials are renewed. */
  readonly note: (line: string) => void;
}

function once(tell: Patience['tell'] = () => {}): Job['note'] {
  const told = new Set<string>();
  return (line) => {
    if (!told.has(line)) tell(line);
    told.add(line);
  };
}

/**
 * AssumeRoleWithWebIdentity with GitHub's token where the job may have one, else AssumeRole from the credentials that
 * the job already has. Only AssumeRole takes an external id, so with one the job's own credentials come first; where
 * there are none, the token is what there is, and the role's trust policy cannot ask for the id.
 */
async function assume(role: RoleInputs, base: BaseConfig, job: Job): Promise<AssumeRoleResponse> {
  const { offersTokens } = job.github;
  if (role.externalId === undefined && offersTokens) return assumeByToken(role, base, job);
  if (!offersTokens) {
    job.note(
      `This job has no OIDC token (permissions: id-token: write), so ${role.arn} is assumed with the credentials that it already has.`,
    );
  }
  try {
    return await assumeByCredentials(role, base, job);
  } catch (thrown) {
    const failure = toFailure('sts', 'AssumeRole', thrown);
    if (failure.code !== 'CREDENTIALS') throw failure;
    if (!offersTokens) throw noToken(thrown);
    // Credentials that are there and no good are the user's to mend.
    if (failure.api?.name !== 'CredentialsProviderError') throw failure;
    job.note(
      `role-external-id is not sent: the job has no credentials but its OIDC token, and AssumeRoleWithWebIdentity takes no external id.`,
    );
    return assumeByToken(role, base, job);
  }
}

const requestOf = (role: RoleInputs) => ({
  RoleArn: role.arn,
  RoleSessionName: role.sessionName,
  DurationSeconds: role.durationSeconds,
});

async function assumeByToken(
  role: RoleInputs,
  base: BaseConfig,
  { github, patience }: Job,
): Promise<AssumeRoleResponse> {
  const [token, { STSClient, AssumeRoleWithWebIdentityCommand }] = await Promise.all([
    idToken(role.audience, github),
    import('@aws-sdk/client-sts'),
  ]);
  const sts = new STSClient({ ...base, credentials: { accessKeyId: '', secretAccessKey: '' } });
  const command = new AssumeRoleWithWebIdentityCommand({ ...requestOf(role), WebIdentityToken: token });
  return callPatiently(patience, 'sts', 'AssumeRoleWithWebIdentity', () => sts.send(command));
}

async function assumeByCredentials(role: RoleInputs, base: BaseConfig, { patience }: Job): Promise<AssumeRoleResponse> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(base);
  const id = role.externalId === undefined ? {} : { ExternalId: role.externalId };
  return callPatiently(patience, 'sts', 'AssumeRole', () =>
    sts.send(new AssumeRoleCommand({ ...requestOf(role), ...id })),
  );
}

function identity(answer: AssumeRoleResponse, role: RoleInputs, github: GithubIdentity): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
    throw new Failure('CREDENTIALS', `STS answered without credentials for ${role.arn}.`);
  }
  for (const secret of [AccessKeyId, SecretAccessKey, SessionToken]) github.mask(secret);
  const accountId = answer.AssumedRoleUser?.Arn?.split(':')[4];
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration ? { expiration: Expiration } : {}),
    ...(accountId ? { accountId } : {}),
  };
}

async function idToken(audience: string, github: GithubIdentity): Promise<string> {
  try {
    return await github.token(audience);
  } catch (thrown) {
    throw noToken(thrown);
  }
}

const noToken = (cause: unknown): Failure =>
  new Failure('CREDENTIALS', 'GitHub gave this job no OIDC token, so role-to-assume cannot be assumed.', {
    remedy:
      'Give the job `permissions: id-token: write`. A pull request from a fork never gets a token: skip this step for it.',
    cause,
  });

/** @throws Failure CREDENTIALS when the account is not one of `allowed-account-ids`; an empty list allows any. */
export function refuseOtherAccounts(accountId: string | undefined, allowed: readonly string[]): void {
  if (allowed.length === 0 || (accountId !== undefined && allowed.includes(accountId))) return;
  throw new Failure(
    'CREDENTIALS',
    `The credentials belong to account ${accountId ?? '(unknown)'}, which allowed-account-ids does not list.`,
    {
      remedy: `Use credentials of ${allowed.join(' or ')}, or add the account to allowed-account-ids.`,
    },
  );
}
