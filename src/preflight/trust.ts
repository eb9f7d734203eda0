import type { Json, JsonObject } from '../model.ts';
import { asObjects, isObject } from '../taskdef/template.ts';
import type { Home } from './subject.ts';

/** Tasks get their roles through this principal, in every partition. */
export const TASKS = 'ecs-tasks.amazonaws.com';

export type Trust =
  /** `unchecked`: keys of conditions that only a real call shows, on which the trust may hang. */
  | { readonly kind: 'trusted'; readonly unchecked: readonly string[] }
  /** Trusted on a condition that the task will not meet, in words. */
  | { readonly kind: 'condition'; readonly problem: string }
  /** Services that it trusts instead, as far as it names any. */
  | { readonly kind: 'untrusted'; readonly services: readonly string[] }
  /** The policy has an element that leaves it open: `NotPrincipal`. */
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'refused' };

/**
 * Whether ECS may hand a role to a task of this account and region, by the role's trust policy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function judgeTrust(policy: JsonObject, home: Home): Trust {
  const statements = isObject(policy.Statement) ? [policy.Statement] : asObjects(policy.Statement);
  const assuming = statements.filter(assumes);
  const about = assuming.filter((statement) => services(statement).some(isTasks));
  const denying = about.filter(({ Effect }) => Effect === 'Deny');
  const hangs = denying.map(({ Condition }) => conditionOf(Condition, home));
  // A Deny applies when all of its conditions are met; one that no task meets denies nothing.
  if (hangs.some(({ problem, unchecked }) => problem === undefined && unchecked.length === 0))
    return { kind: 'refused' };
  const denials = hangs.flatMap(({ problem, unchecked }) => (problem === undefined ? unchecked : []));
  const allowing = about.filter(({ Effect }) => Effect === 'Allow');
  if (allowing.length === 0) {
    if (assuming.some(({ NotPrincipal }) => NotPrincipal !== undefined))
      return { kind: 'unclear', why: 'NotPrincipal' };
    const others = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(services);
    return { kind: 'untrusted', services: [...new Set(others)] };
  }
  const met = allowing.map(({ Condition }) => conditionOf(Condition, home));
  const possible = met.filter(({ problem }) => problem === undefined);
  const [first] = met;
  if (possible.length === 0 && first?.problem !== undefined) return { kind: 'condition', problem: first.problem };
  // One statement without open conditions is enough.
  const open = possible.some(({ unchecked }) => unchecked.length === 0)
    ? []
    : possible.flatMap(({ unchecked }) => unchecked);
  return { kind: 'trusted', unchecked: [...new Set([...open, ...denials])] };
}

const isTasks = (service: string): boolean => service === '*' || /^ecs-tasks\.amazonaws\.com(\.cn)?$/.test(service);

const oneOrMore = (value: Json | undefined): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((item) => (typeof item === 'string' ? [item] : []));

const ASSUME = 'sts:assumerole';
const includesAssume = (actions: Json | undefined): boolean =>
  oneOrMore(actions).some((action) => matches(action.toLowerCase(), ASSUME));

const assumes = ({ Action, NotAction }: JsonObject): boolean =>
  NotAction === undefined ? includesAssume(Action) : !includesAssume(NotAction);

function services({ Principal }: JsonObject): readonly string[] {
  if (Principal === '*') return ['*'];
  return isObject(Principal) ? oneOrMore(Principal.Service) : [];
}

/** Whether a task can meet a condition: `problem` when it cannot, `unchecked` the keys of which only a real call tells. */
interface Met {
  readonly problem?: string;
  readonly unchecked: readonly string[];
}

const CHECKED = /^(?:String|Arn)(?:Equals|Like)(?:IgnoreCase)?$/;

/** Only what we know of every task is judged: its account and its region. */
function conditionOf(given: Json | undefined, { partition, region, account }: Home): Met {
  const source = `arn:${partition}:ecs:${region}:${account}:`;
  const unchecked: string[] = [];
  for (const [operator, tests] of Object.entries(isObject(given) ? given : {})) {
    if (!isObject(tests)) continue;
    for (const [key, value] of Object.entries(tests)) {
      const wanted = oneOrMore(value);
      const name = key.toLowerCase();
      const known = CHECKED.test(operator.replace(/^ForAnyValue:/, '').replace(/IfExists$/, ''));
      if (known && name === 'aws:sourceaccount') {
        if (!wanted.some((pattern) => matches(pattern, account)))
          return {
            problem: `only for aws:SourceAccount ${wanted.join(', ')}, and the service is in ${account}`,
            unchecked: [],
          };
      } else if (known && name === 'aws:sourcearn') {
        // A task's own ARN cannot be known, and of its parts only the first five are sure.
        if (!wanted.some((pattern) => matches(firstFive(pattern), source)))
          return {
            problem: `only for aws:SourceArn ${wanted.join(', ')}, and the tasks' begins with ${source}`,
            unchecked: [],
          };
      } else unchecked.push(key);
    }
  }
  return { unchecked };
}

/** The colon-separated parts before the resource; a pattern such as `*` or `arn:aws:ecs:*` stays as loose as it is. */
function firstFive(pattern: string): string {
  const parts = pattern.split(':');
  return parts.length > 5 ? `${parts.slice(0, 5).join(':')}:` : pattern;
}

/**
 * IAM's wildcards: `*` any run of characters, `?` one. By hand, because a regular expression of many `*` tries the text in
 * all ways: here each `*` is extended only as far as it must be, and never taken back.
 */
export function matches(pattern: string, text: string): boolean {
  let at = 0;
  let [star, resume] = [-1, 0];
  let i = 0;
  while (at < text.length) {
    if (pattern[i] === '*') {
      star = i++;
      resume = at;
    } else if (i < pattern.length && (pattern[i] === '?' || pattern[i] === text[at])) {
      i++;
      at++;
    } else if (star >= 0) {
      i = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[i] === '*') i++;
  return i === pattern.length;
}
