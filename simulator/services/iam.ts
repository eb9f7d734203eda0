import { members, refuseUnknown } from '../wire/query.ts';
import { ApiException, type CallContext, type Service } from '../wire/service.ts';

type Input = Readonly<Record<string, unknown>>;

export interface SimRole {
  /** `/` or `/team/`. */
  readonly path?: string;
  readonly trust: object;
  /** Actions that its policies allow, with the resources' beginnings; `['*', '']` allows all. */
  readonly allows?: readonly (readonly [action: string, resource: string])[];
  readonly denies?: readonly (readonly [action: string, resource: string])[];
  /** The longest session, 3600 s to 43,200 s (default 3600). */
  readonly maxSessionDuration?: number;
  /** Keys of conditions in its policies that a simulation has no value for. */
  readonly conditions?: readonly string[];
}

/** What ECS asks of a role. */
export const TRUSTS_TASKS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** AWS IAM: roles with their trust, and the policy simulator over them. */
export class Iam implements Service {
  readonly name = 'iam';
  readonly protocol = 'query' as const;
  readonly targetPrefix = '';
  readonly namespace = 'https://iam.amazonaws.com/doc/2010-05-08/';
  readonly roles = new Map<string, SimRole>();
  /** Roles of other accounts, by ARN: their sessions see this account's resources all the same. */
  readonly rolesElsewhere = new Map<string, SimRole>();
  /** By address without https://. GitHub's with the audience that its documentation names is there from the start. */
  readonly oidcProviders = new Map<string, { readonly audiences: readonly string[] }>([
    ['token.actions.githubusercontent.com', { audiences: ['sts.amazonaws.com'] }],
  ]);

  handle(operation: string, input: Input, context: CallContext): object {
    switch (operation) {
      case 'GetRole': {
        refuseUnknown(input, ['RoleName']);
        const name = String(input.RoleName);
        return { Role: describe(name, this.#role(name), context) };
      }
      case 'CreateRole':
        return this.#createRole(input, context);
      case 'CreateOpenIDConnectProvider':
        return this.#createProvider(input, context);
      case 'SimulatePrincipalPolicy':
        refuseUnknown(input, ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'Marker', 'MaxItems']);
        return this.#simulate(input);
      default:
        throw new ApiException('InvalidAction', `Could not find operation ${operation} for version 2010-05-08`);
    }
  }

  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
  #createRole(input: Input, context: CallContext): object {
    refuseUnknown(input, [
      'RoleName',
      'Path',
      'AssumeRolePolicyDocument',
      'Description',
      'MaxSessionDuration',
      'PermissionsBoundary',
      'Tags',
    ]);
    const { RoleName, Path: path = '/', AssumeRolePolicyDocument, MaxSessionDuration = 3600 } = input;
    const name = String(RoleName ?? '');
    const invalid = (what: string, value: unknown): ApiException =>
      new ApiException(
        'ValidationError',
        `1 validation error detected: Value '${String(value)}' at '${what}' failed to satisfy constraint`,
      );
    if (!/^[\w+=,.@-]{1,64}$/.test(name)) throw invalid('roleName', name);
    if (!/^\/(?:[!-~]+\/)?$/.test(String(path))) throw invalid('path', path);
    const longest = Number(MaxSessionDuration);
    if (!(longest >= 3600 && longest <= 43_200)) throw invalid('maxSessionDuration', MaxSessionDuration);
    if (this.roles.has(name)) {
      throw new ApiException('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    }
    const role = { path: String(path), trust: policyOf(AssumeRolePolicyDocument), maxSessionDuration: longest };
    this.roles.set(name, role);
    return { Role: describe(name, role, context) };
  }

  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
  #createProvider(input: Input, { partition, accountId }: CallContext): object {
    const url = String(input.Url ?? '');
    if (!/^https:\/\/[^/?#]+(?:\/[^?#]*)?$/.test(url)) {
      throw new ApiException('InvalidInput', 'Invalid Open ID Connect Provider URL');
    }
    const name = url.slice('https://'.length);
    if (this.oidcProviders.has(name)) {
      throw new ApiException('EntityAlreadyExists', `Provider with url ${url} already exists.`, 409);
    }
    this.oidcProviders.set(name, { audiences: members(input, 'ClientIDList') });
    return { OpenIDConnectProviderArn: `arn:${partition}:iam::${accountId}:oidc-provider/${name}` };
  }

  #role(name: string): SimRole {
    const role = this.roles.get(name);
    if (role) return role;
    throw new ApiException('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  }

  #simulate(input: Input): object {
    const source = String(input.PolicySourceArn);
    const { allows = [], denies = [], conditions = [] } = this.#role(source.slice(source.lastIndexOf('/') + 1));
    const within = (rules: readonly (readonly [string, string])[], action: string, resource: string): boolean =>
      rules.some(([rule, beginning]) => (rule === '*' || rule === action) && resource.startsWith(beginning));
    const decide = (action: string, resource: string): string => {
      if (within(denies, action, resource)) return 'explicitDeny';
      return within(allows, action, resource) ? 'allowed' : 'implicitDeny';
    };
    const resources = members(input, 'ResourceArns');
    const all = members(input, 'ActionNames').flatMap((EvalActionName) =>
      (resources.length > 0 ? resources : ['*']).map((EvalResourceName) => ({
        EvalActionName,
        EvalResourceName,
        EvalDecision: decide(EvalActionName, EvalResourceName),
        ResourceSpecificResults: [
          {
            EvalResourceName,
            EvalResourceDecision: decide(EvalActionName, EvalResourceName),
            MissingContextValues: conditions,
          },
        ],
      })),
    );
    // In pages, as IAM does when it likes.
    const from = Number(input.Marker ?? 0);
    const to = from + 20;
    const truncated = to < all.length;
    return {
      EvaluationResults: all.slice(from, to),
      IsTruncated: truncated,
      ...(truncated ? { Marker: String(to) } : {}),
    };
  }
}

/** @throws ApiException for a trust policy that is none */
function policyOf(document: unknown): object {
  const malformed = (why: string): ApiException => new ApiException('MalformedPolicyDocument', why);
  let policy: unknown;
  try {
    policy = JSON.parse(String(document ?? ''));
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw malformed('Syntax errors in policy.');
  const { Statement } = policy as Input;
  const statements = [Statement].flat() as readonly (Input | undefined)[];
  for (const statement of statements) {
    if (!statement?.Principal) throw malformed('AssumeRolepolicy must contain principals.');
    if ('Resource' in statement) throw malformed('Has prohibited field Resource.');
    const actions = [statement.Action].flat().map(String);
    if (actions.some((action) => !/^sts:/i.test(action))) {
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  return policy;
}

function describe(
  name: string,
  { path = '/', trust, maxSessionDuration = 3600 }: SimRole,
  { partition, accountId }: CallContext,
): object {
  return {
    Path: path,
    RoleName: name,
    RoleId: 'AROASIMULATED',
    Arn: `arn:${partition}:iam::${accountId}:role${path}${name}`,
    CreateDate: '2026-01-01T00:00:00Z',
    // RFC 3986, as IAM encodes policies.
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)).replaceAll(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    MaxSessionDuration: maxSessionDuration,
  };
}
