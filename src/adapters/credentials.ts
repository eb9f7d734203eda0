import type { AssumeRoleResponse } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { accountOf, parseArn } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { AwsInputs, RoleInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Identity } from '../ports.ts';
import { ATTEMPTS, type AwsConfig, QUIET, type Retry, required, timeLimited, toFailure, withRetry } from './aws.ts';
import { proxyAgents } from './http.ts';
import { ServerTime, TimeLimits } from './time.ts';

/** The run that calls AWS. */
interface AwsRun extends Retry {
  readonly limits?: TimeLimits;
  readonly time?: ServerTime;
}

type BaseConfig = Omit<AwsConfig, 'credentials'>;

/** Of clients that ask beside the deploy (clients.ts): one blip costs no answer. */
const SDK_ATTEMPTS = 2;

/**
 * The shared client configuration.
 * `github` hands out the job's token for an audience; it is asked only when a role is to be assumed.
 */
export function awsConfig(
  aws: AwsInputs,
  {
    env,
    github,
    run,
  }: { readonly env: NodeJS.ProcessEnv; readonly github: GithubIdentity; readonly run?: AwsRun | undefined },
): AwsConfig {
  const { limits = new TimeLimits(run?.signal), time = new ServerTime({ now: () => Date.now() / 1000 }) } = run ?? {};
  const agents = proxyAgents(env);
  const base: BaseConfig = {
    region: aws.region,
    requestHandler: timeLimited(agents, { limits, time }),
    maxAttempts: SDK_ATTEMPTS,
    customUserAgent: 'ecs-rollout',
    logger: QUIET,
    agents,
    limits,
    time,
  };
  const { role } = aws;
  return role
    ? {
        ...base,
        credentials: assumedRole({ ...aws, role }, base, { github, retry: run, time, note: once(run?.log) }),
      }
    : base;
}

/** GitHub's side of the exchange: an OIDC token for an audience, and masking of what comes back. */
export interface GithubIdentity {
  /** The job has `permissions: id-token: write`. */
  readonly offersTokens: boolean;
  /** Where the run is of a pull request from a fork, the fork's `owner/name`: GitHub gives such a run no token. */
  readonly fork?: string;
  token(audience: string): Promise<string>;
  mask(secret: string): void;
}

/** New credentials are fetched this long before the old ones end, so that a long wait never meets an expired one. */
const REFRESH_BEFORE_SECONDS = 300;
/** Old credentials are not used in their last moments: a request takes time, and AWS checks them when it arrives. */
const LAST_MOMENTS_SECONDS = 20;
/** After a renewal that failed while the old credentials are good. */
const RENEW_AGAIN_SECONDS = 20;

/** Credentials in hand; instants in milliseconds of our clock. */
interface Session {
  readonly identity: AwsCredentialIdentity;
  readonly endsAt: number;
}

/**
 * Credentials of the role, renewed automatically. One exchange serves all clients, whoever asks first; the secret parts
 * are masked before their first use. Renewal happens beside the calls that use the old credentials, so that a token
 * endpoint or an STS that fails for a while costs nothing until the old ones end.
 */
function assumedRole(
  aws: AwsInputs & { readonly role: RoleInputs },
  base: BaseConfig,
  job: Job,
): AwsCredentialIdentityProvider {
  let current: Session | undefined;
  let pending: Promise<AwsCredentialIdentity> | undefined;
  let notBefore = 0;
  const exchange = async (): Promise<AwsCredentialIdentity> => {
    const askedAt = Date.now();
    const answer = await assume(aws.role, base, job);
    const endsAt = endOf(answer, { askedAt, durationSeconds: aws.role.durationSeconds, time: job.time });
    const fresh = identity(answer, { role: aws.role, github: job.github, endsAt });
    refuseOtherAccounts(fresh.accountId, aws.allowedAccountIds);
    current = { identity: fresh, endsAt };
    return fresh;
  };
  const renew = (): Promise<AwsCredentialIdentity> => {
    pending ??= exchange().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  return async () => {
    const now = Date.now();
    if (!current || now >= current.endsAt - LAST_MOMENTS_SECONDS * 1000) return renew();
    if (!pending && now >= Math.max(notBefore, current.endsAt - REFRESH_BEFORE_SECONDS * 1000)) {
      const { endsAt } = current;
      renew().catch((thrown: unknown) => {
        notBefore = Date.now() + RENEW_AGAIN_SECONDS * 1000;
        if (job.retry?.signal.aborted) return;
        const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
        job.retry?.log(
          `The credentials of ${aws.role.arn} could not be renewed: ${toFailure('sts:AssumeRole', thrown).message} They are valid for another ${left} s; trying again.`,
        );
      });
    }
    return current.identity;
  };
}

/** When credentials end, by our clock: STS writes it by AWS's. */
function endOf(
  { Credentials }: AssumeRoleResponse,
  {
    askedAt,
    durationSeconds,
    time,
  }: { readonly askedAt: number; readonly durationSeconds: number; readonly time: ServerTime },
): number {
  const byDuration = askedAt + durationSeconds * 1000;
  const written = Credentials?.Expiration?.getTime();
  return written === undefined ? byDuration : Math.min(byDuration, written - time.offset * 1000);
}

/** The job that asks for the role. */
interface Job {
  readonly github: GithubIdentity;
  readonly retry: Retry | undefined;
  readonly time: ServerTime;
  /** Says what is odd; the same only once, however often the credentials are renewed. */
  readonly note: (line: string) => void;
}

function once(log: Retry['log'] = () => {}): Job['note'] {
  const logged = new Set<string>();
  return (line) => {
    if (!logged.has(line)) log(line);
    logged.add(line);
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
    const failure = toFailure('sts:AssumeRole', thrown);
    if (failure.code !== 'CREDENTIALS') throw failure;
    if (!offersTokens) throw noToken(thrown, job.github);
    // Credentials that exist and are refused are the user's to fix.
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

async function assumeByToken(role: RoleInputs, base: BaseConfig, { github, retry }: Job): Promise<AssumeRoleResponse> {
  const [token, { STSClient, AssumeRoleWithWebIdentityCommand }] = await Promise.all([
    idToken(role.audience, github, retry),
    import('@aws-sdk/client-sts'),
  ]);
  const sts = new STSClient({ ...base, ...ATTEMPTS, credentials: { accessKeyId: '', secretAccessKey: '' } });
  const command = new AssumeRoleWithWebIdentityCommand({ ...requestOf(role), WebIdentityToken: token });
  return withRetry(retry, 'sts:AssumeRoleWithWebIdentity', async () => {
    const answer = await sts.send(command);
    required(answer.Credentials, 'sts:AssumeRoleWithWebIdentity', 'Credentials');
    return answer;
  }).catch((thrown: unknown) => {
    throw withClaims(asFailure(thrown), token, role);
  });
}

/** What STS compared with the trust policy of the role when it refused the token: the one fact that the user cannot see. */
function withClaims(failure: Failure, token: string, { arn: role, durationSeconds }: RoleInputs): Failure {
  const claims = claimsOf(token);
  const refused = failure.code === 'ACCESS_DENIED' || failure.code === 'CREDENTIALS' || failure.code === 'REFUSED';
  if (!claims || !refused) return failure;
  const { sub, aud } = claims;
  const provider = 'token.actions.githubusercontent.com';
  const condition = JSON.stringify({ StringEquals: { [`${provider}:aud`]: aud, [`${provider}:sub`]: sub } });
  const ids = /^repo:[^/:]+@\d+\/[^:]+@\d+:/.test(sub)
    ? ' GitHub adds the ids of owner and repository for repositories made or renamed since July 2026, so `repo:OWNER/NAME:...` no longer matches.'
    : '';
  const held = `The token of this job has sub \`${sub}\` and aud \`${aud}\`.`;
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
  const states: Readonly<Record<string, string>> = {
    // Of the request: the duration, most often.
    ValidationError: `This step asks for ${durationSeconds} seconds.`,
    // Of the identity provider, which no trust policy changes.
    InvalidIdentityToken: held,
  };
  const asked =
    states[failure.api?.name ?? ''] ??
    `${held}${ids}${originOf(sub)} This condition of the trust policy matches it: \`${condition}\``;
  return new Failure(failure.code, failure.message, {
    mistakes: failure.mistakes,
    state: `The role is ${role}. ${asked}`,
    cause: failure.cause ?? failure,
    ...defined({ remedy: failure.remedy, api: failure.api, rule: failure.rule }),
  });
}

/**
 * What the job is, by the end of `sub`: whether it has an `environment` decides on it, and is forgotten in one of the two places.
 * https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
 */
function originOf(sub: string): string {
  const [type, repository, kind, ...rest] = sub.split(':');
  if (type !== 'repo') return '';
  const name = rest.join(':');
  switch (kind) {
    case 'environment':
      return ` The job has \`environment: ${name}\`, which replaces the branch in \`sub\`.`;
    case 'ref':
    case 'pull_request':
      return ` The job has no \`environment\`: with \`environment: NAME\` in the job, \`sub\` is \`repo:${repository}:environment:NAME\`.`;
    default:
      return '';
  }
}

/** `sub` and `aud` of a JSON Web Token; neither is a secret. https://docs.github.com/actions/reference/security/oidc */
function claimsOf(token: string): { readonly sub: string; readonly aud: string } | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (typeof claims !== 'object' || claims === null || !('sub' in claims) || !('aud' in claims)) return undefined;
    const { sub, aud } = claims;
    return typeof sub === 'string' && typeof aud === 'string' ? { sub, aud } : undefined;
  } catch {
    return undefined;
  }
}

async function assumeByCredentials(role: RoleInputs, base: BaseConfig, { retry }: Job): Promise<AssumeRoleResponse> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const sts = new STSClient({ ...base, ...ATTEMPTS });
  const id = role.externalId === undefined ? {} : { ExternalId: role.externalId };
  return withRetry(retry, 'sts:AssumeRole', async () => {
    const answer = await sts.send(new AssumeRoleCommand({ ...requestOf(role), ...id }));
    required(answer.Credentials, 'sts:AssumeRole', 'Credentials');
    return answer;
  });
}

function identity(
  answer: AssumeRoleResponse,
  { role, github, endsAt }: { readonly role: RoleInputs; readonly github: GithubIdentity; readonly endsAt: number },
): AwsCredentialIdentity {
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
    throw new Failure('CREDENTIALS', `STS answered without credentials for ${role.arn}.`);
  }
  for (const secret of [AccessKeyId, SecretAccessKey, SessionToken]) github.mask(secret);
  const accountId = accountOf(answer.AssumedRoleUser?.Arn);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    // By our clock, which is what the SDK compares it with.
    expiration: new Date(endsAt),
    ...defined({ accountId: accountId || undefined }),
  };
}

/** Between attempts to get a token that GitHub did not refuse. */
const TOKEN_PAUSES_SECONDS = [0.5, 1, 2, 4];

async function idToken(audience: string, github: GithubIdentity, retry: Retry | undefined): Promise<string> {
  for (const pause of retry ? TOKEN_PAUSES_SECONDS : []) {
    try {
      return await github.token(audience);
    } catch (thrown) {
      if (!isUnavailable(thrown) || !retry || retry.signal.aborted) throw tokenFailure(thrown, github);
      retry.log(`${thrown.message} Trying again.`);
      await retry.clock.sleep(pause, retry.signal);
    }
  }
  return github.token(audience).catch((thrown: unknown) => {
    throw tokenFailure(thrown, github);
  });
}

const isUnavailable = (thrown: unknown): thrown is Failure =>
  thrown instanceof Failure && thrown.code === 'UNAVAILABLE';
/** An outage of GitHub and the cancel of the run are no missing permission. */
const tokenFailure = (thrown: unknown, github: Pick<GithubIdentity, 'fork'>): unknown =>
  isUnavailable(thrown) || (thrown instanceof Failure && thrown.code === 'CANCELLED')
    ? thrown
    : noToken(thrown, github);

/** Of a fork no permission helps. https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories */
const noToken = (cause: unknown, { fork }: Pick<GithubIdentity, 'fork'>): Failure =>
  fork === undefined
    ? new Failure('CREDENTIALS', 'GitHub gave this job no OIDC token, so role-to-assume cannot be assumed.', {
        remedy:
          'Give the job `permissions: id-token: write`. A pull request from a fork never gets a token: skip this step for it.',
        cause,
      })
    : new Failure(
        'CREDENTIALS',
        `GitHub gives no OIDC token to a pull request from a fork (${fork}), so role-to-assume cannot be assumed.`,
        {
          remedy:
            'Skip this step for forks: `if: github.event.pull_request.head.repo.full_name == github.repository`. For a plan of such a pull request see docs/forks.md.',
          cause,
        },
      );

/** @throws Failure CREDENTIALS when the account is not one of `allowed-account-ids`; an empty list allows any. */
function refuseOtherAccounts(accountId: string | undefined, allowed: readonly string[]): void {
  if (allowed.length === 0 || (accountId !== undefined && allowed.includes(accountId))) return;
  throw new Failure(
    'CREDENTIALS',
    `The credentials belong to account ${accountId ?? '(unknown)'}, which allowed-account-ids does not list.`,
    {
      remedy: `Use credentials of ${allowed.join(' or ')}, or add the account to allowed-account-ids.`,
    },
  );
}

/**
 * Who we are, by sts:GetCallerIdentity (which needs no permission), asked at most once.
 * @throws Failure CREDENTIALS, also for an account that `allowed-account-ids` does not list.
 */
export function createIdentity(config: AwsConfig, allowedAccountIds: readonly string[], retry?: Retry): Identity {
  let answer: ReturnType<Identity['caller']> | undefined;
  const ask = async () => {
    const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
    const sts = new STSClient({ ...config, ...ATTEMPTS });
    const { arn, accountId } = await withRetry(retry, 'sts:GetCallerIdentity', async () => {
      const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}));
      return {
        arn: required(Arn, 'sts:GetCallerIdentity', 'Arn'),
        accountId: required(Account, 'sts:GetCallerIdentity', 'Account'),
      };
    });
    refuseOtherAccounts(accountId, allowedAccountIds);
    return { accountId, arn, partition: parseArn(arn)?.partition ?? 'aws' };
  };
  return {
    caller() {
      answer ??= ask();
      return answer;
    },
  };
}
