import { ApiException, type CallContext, type Service } from '../wire/service.ts';
import type { Iam, SimRole } from './iam.ts';
import { type PolicyRequest, trusts } from './trust.ts';

type Input = Readonly<Record<string, unknown>>;

/** Credentials that STS has given out. */
export interface Session {
  readonly accessKeyId: string;
  readonly token: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION */
  readonly arn: string;
  readonly roleArn: string;
}

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const LEAST_SECONDS = 900;
const USUAL_SECONDS = 3600;
const CHAINED_SECONDS = 3600;
/** Clocks of identity providers may be a little ahead. */
const LEEWAY_SECONDS = 300;

const refused = (name: string, message: string): ApiException => new ApiException(name, message);

/**
 * AWS STS: who am I, and credentials for a role. A role is given to whom its trust policy names: to a token of an OIDC
 * provider of the account by issuer, audience, subject and expiry, or to another identity. Credentials end.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export class Sts implements Service {
  readonly name = 'sts';
  readonly protocol = 'query' as const;
  readonly targetPrefix = '';
  readonly namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
  readonly sessions = new Map<string, Session>();
  readonly #iam: Iam;
  readonly #now: () => number;

  /** @param now AWS's clock, in seconds since the epoch */
  constructor(iam: Iam, now: () => number) {
    this.#iam = iam;
    this.#now = now;
  }

  handle(operation: string, input: Input, context: CallContext): object {
    switch (operation) {
      case 'GetCallerIdentity':
        return {
          Arn: callerOf(context),
          UserId: 'AROASIMULATED:session',
          Account: callerOf(context).split(':')[4],
        };
      case 'AssumeRole':
        return this.#assumeRole(input, context);
      case 'AssumeRoleWithWebIdentity':
        return this.#withWebIdentity(input, context);
      default:
        throw refused('InvalidAction', `Could not find operation ${operation} for version 2011-06-15`);
    }
  }

  #assumeRole(input: Input, context: CallContext): object {
    const { accountId, partition } = context;
    const caller = callerOf(context);
    const chained = context.session !== undefined;
    const seconds = durationOf(input);
    if (chained && seconds > CHAINED_SECONDS) {
      throw refused(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    const own = context.session?.roleArn ?? `arn:${partition}:iam::${accountId}:role/deploy`;
    const externalId =
      input.ExternalId === undefined ? [] : ([['sts:externalid', [String(input.ExternalId)]]] as const);
    const role = this.#trusting(input, context, {
      action: 'sts:AssumeRole',
      principal: { type: 'AWS', names: [accountId, `arn:${partition}:iam::${accountId}:root`, own, caller] },
      values: new Map(externalId),
    });
    if (!role) {
      throw refused(
        'AccessDenied',
        `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${String(input.RoleArn)}`,
      );
    }
    return this.#give(input, role, seconds);
  }

  #withWebIdentity(input: Input, context: CallContext): object {
    const seconds = durationOf(input);
    const claims = claimsOf(String(input.WebIdentityToken ?? ''));
    const issuer = String(claims.iss ?? '').replace(/^https:\/\//, '');
    const provider = this.#iam.oidcProviders.get(issuer);
    if (!provider) {
      throw refused(
        'InvalidIdentityToken',
        `No OpenIDConnect provider found in your account for ${String(claims.iss ?? '')}`,
      );
    }
    const audiences = [claims.aud].flat().map(String);
    if (!audiences.some((audience) => provider.audiences.includes(audience))) {
      throw refused('InvalidIdentityToken', 'Incorrect token audience');
    }
    const now = Math.floor(this.#now());
    if (typeof claims.exp !== 'number' || claims.exp <= now) {
      throw refused(
        'ExpiredTokenException',
        `Token expired: current date/time ${now} must be before the expiration date/time ${String(claims.exp)}`,
      );
    }
    if (typeof claims.nbf === 'number' && claims.nbf > now + LEEWAY_SECONDS) {
      throw refused('InvalidIdentityToken', 'The ID Token provided is not valid yet.');
    }
    const values = Object.entries(claims).map(
      ([claim, value]) => [`${issuer}:${claim}`.toLowerCase(), [value].flat().map(String)] as const,
    );
    const [partition = '', , , owner = ''] = String(input.RoleArn).split(':').slice(1);
    const providerArn = `arn:${partition}:iam::${owner}:oidc-provider/${issuer}`;
    const role = this.#trusting(input, context, {
      action: 'sts:AssumeRoleWithWebIdentity',
      principal: {
        type: 'Federated',
        names: [providerArn],
      },
      values: new Map(values),
    });
    // The same words for a role that does not exist: IAM shows strangers nothing.
    if (!role) throw refused('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    return {
      ...this.#give(input, role, seconds),
      SubjectFromWebIdentityToken: String(claims.sub ?? ''),
      Audience: audiences[0],
      Provider: providerArn,
    };
  }

  /** The role that is asked for, if it trusts whoever asks. */
  #trusting(input: Input, { accountId }: CallContext, request: PolicyRequest): SimRole | undefined {
    const [, owner = '', path = ''] = /^arn:[\w-]+:iam::(\d{12}):role\/(.+)$/.exec(String(input.RoleArn)) ?? [];
    if (owner === '') throw refused('ValidationError', `${String(input.RoleArn)} is invalid`);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const { roles, rolesElsewhere } = this.#iam;
    const role = owner === accountId ? roles.get(name) : rolesElsewhere.get(String(input.RoleArn));
    if (!role || `/${path}` !== `${role.path ?? '/'}${name}`) return undefined;
    return trusts(role.trust, request) ? role : undefined;
  }

  #give(input: Input, { maxSessionDuration = USUAL_SECONDS }: SimRole, seconds: number): object {
    if (seconds > maxSessionDuration) {
      throw refused(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    const roleArn = String(input.RoleArn);
    const number = this.sessions.size + 1;
    const [, partition = '', accountId = '', role = ''] = /^arn:([\w-]+):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
    const session: Session = {
      accessKeyId: `ASIASIMULATED${String(number).padStart(7, '0')}`,
      token: `simulated-session-token-${number}`,
      expiresAt: Math.floor(this.#now()) + seconds,
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${String(input.RoleSessionName)}`,
      roleArn,
    };
    this.sessions.set(session.accessKeyId, session);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: `simulated-secret-access-key-${number}`,
        SessionToken: session.token,
        Expiration: new Date(session.expiresAt * 1000).toISOString(),
      },
      AssumedRoleUser: { Arn: session.arn, AssumedRoleId: `AROASIMULATED:${String(input.RoleSessionName)}` },
    };
  }
}

const callerOf = ({ session, partition, accountId }: CallContext): string =>
  session?.arn ?? `arn:${partition}:sts::${accountId}:assumed-role/deploy/session`;

/** @throws ApiException for a session name or a duration that no role can have */
function durationOf({ RoleSessionName, DurationSeconds = USUAL_SECONDS }: Input): number {
  if (!SESSION_NAME.test(String(RoleSessionName ?? ''))) {
    throw refused(
      'ValidationError',
      `1 validation error detected: Value '${String(RoleSessionName ?? '')}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  const seconds = Number(DurationSeconds);
  if (Number.isInteger(seconds) && seconds >= LEAST_SECONDS && seconds <= 43_200) return seconds;
  const bound = seconds > 43_200 ? 'less than or equal to 43200' : 'greater than or equal to 900';
  throw refused(
    'ValidationError',
    `1 validation error detected: Value '${String(DurationSeconds)}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

/** The claims of a JSON Web Token; its signature is not looked at. */
function claimsOf(token: string): Input {
  const parts = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    if (parts.length === 3 && typeof claims === 'object' && claims !== null) return claims as Input;
  } catch {
    // Said below.
  }
  throw refused(
    'InvalidIdentityToken',
    'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  );
}
