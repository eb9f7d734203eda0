import { asObjects, isObject } from '../taskdef/template.ts';
import type { Json, JsonObject } from '../world.ts';
import type { Home } from './subject.ts';

/** Tasks get their roles through this principal, in every partition. */
export const TASKS = 'ecs-tasks.amazonaws.com';

export type Trust =
  | { readonly kind: 'trusted' }
  /** Trusted on a condition that the task will not meet, in words. */
  | { readonly kind: 'condition'; readonly problem: string }
  /** Services that it trusts instead, as far as it names any. */
  | { readonly kind: 'untrusted'; readonly services: readonly string[] }
  | { readonly kind: 'refused' };

/**
 * Whether ECS may hand a role to a task of this account and region, by the role's trust policy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function judgeTrust(policy: JsonObject, home: Home): Trust {
  const statements = isObject(policy.Statement) ? [policy.Statement] : asObjects(policy.Statement);
  const about = statements.filter((statement) => assumes(statement) && services(statement).some(isTasks));
  if (about.some((statement) => statement.Effect === 'Deny' && statement.Condition === undefined))
    return { kind: 'refused' };
  const allowing = about.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) {
    const others = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(services);
    return { kind: 'untrusted', services: [...new Set(others)] };
  }
  const problems = allowing.map(({ Condition }) => unmet(isObject(Condition) ? Condition : {}, home));
  const [problem] = problems;
  return problems.includes(undefined) || problem === undefined ? { kind: 'trusted' } : { kind: 'condition', problem };
}

const isTasks = (service: string): boolean => service === '*' || /^ecs-tasks\.amazonaws\.com(\.cn)?$/.test(service);

const oneOrMore = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((item) => (typeof item === 'string' ? [item] : []));

const assumes = ({ Action }: JsonObject): boolean =>
  oneOrMore(Action).some((action) => ['sts:assumerole', 'sts:assume*', 'sts:*', '*'].includes(action.toLowerCase()));

function services({ Principal }: JsonObject): readonly string[] {
  if (Principal === '*') return ['*'];
  return isObject(Principal) ? oneOrMore(Principal.Service) : [];
}

/** Only what we know of every task: its account and its region. Other conditions are taken as met. */
function unmet(condition: JsonObject, { partition, region, account }: Home): string | undefined {
  const source = `arn:${partition}:ecs:${region}:${account}:`;
  for (const [operator, tests] of Object.entries(condition)) {
    if (!isObject(tests) || !/^(ForAnyValue:)?(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator)) continue;
    for (const [key, value] of Object.entries(tests)) {
      const wanted = oneOrMore(value);
      const name = key.toLowerCase();
      if (name === 'aws:sourceaccount' && !wanted.some((pattern) => matches(pattern, account)))
        return `only for aws:SourceAccount ${wanted.join(', ')}, and the service is in ${account}`;
      // A task's own ARN cannot be known, and of its parts only the first five are sure.
      if (name === 'aws:sourcearn' && !wanted.some((pattern) => matches(firstFive(pattern), source)))
        return `only for aws:SourceArn ${wanted.join(', ')}, and the tasks' begins with ${source}`;
    }
  }
  return undefined;
}

/** The colon-separated parts before the resource; a pattern such as `*` or `arn:aws:ecs:*` stays as loose as it is. */
function firstFive(pattern: string): string {
  const parts = pattern.split(':');
  return parts.length > 5 ? `${parts.slice(0, 5).join(':')}:` : pattern;
}

/** IAM's wildcards: `*` any run of characters, `?` one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
