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

  handle(operation: string, input: Input, context: CallContext): object {
    switch (operation) {
      case 'GetRole': {
        refuseUnknown(input, ['RoleName']);
        const name = String(input.RoleName);
        return { Role: describe(name, this.#role(name), context) };
      }
      case 'SimulatePrincipalPolicy':
        refuseUnknown(input, ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'Marker', 'MaxItems']);
        return this.#simulate(input);
      default:
        throw new ApiException('InvalidAction', `Could not find operation ${operation} for version 2010-05-08`);
    }
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

function describe(name: string, { path = '/', trust }: SimRole, { partition, accountId }: CallContext): object {
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
    MaxSessionDuration: 3600,
  };
}
