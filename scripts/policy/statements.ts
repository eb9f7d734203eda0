import type { Right } from '../../src/rights/needed.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: NonNullable<Right['condition']>;
}
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A list of one is a text, as in AWS's own examples. */
const short = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? '') : values;

interface Group {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Right['condition'];
}

/**
 * In the order of the rights: actions of one Sid on the same resources are one statement, and so are several resources (services of
 * two clusters) with the same actions.
 */
export function policyOf(rights: readonly Right[]): Policy {
  const byResources = Map.groupBy(merged(rights), ({ sid, resources, condition }) =>
    JSON.stringify([sid, resources, condition]),
  );
  const groups = [...byResources.values()].flatMap((same): Group[] => {
    const [first] = same;
    return first ? [{ ...first, actions: same.map(({ action }) => action), condition: first.condition }] : [];
  });
  const byActions = Map.groupBy(oneForAllClusters(groups), ({ sid, actions, condition }) =>
    JSON.stringify([sid, actions, condition]),
  );
  const used = new Map<string, number>();
  const Statement = [...byActions.values()].flatMap((same): Statement[] => {
    const [first] = same;
    if (!first) return [];
    const { actions, condition } = first;
    const resources = same.flatMap((one) => one.resources);
    // A note of the command does not reach the file that the policy is written to.
    const passesAny = actions.includes('iam:PassRole') && resources.some((one) => one.endsWith(':role/*'));
    const sid = passesAny ? `${first.sid}AnyRole` : first.sid;
    const count = (used.get(sid) ?? 0) + 1;
    used.set(sid, count);
    return [
      {
        // Sids have to differ.
        Sid: count === 1 ? sid : `${sid}${count}`,
        Effect: 'Allow',
        Action: short(actions),
        Resource: short(resources),
        ...(condition ? { Condition: condition } : {}),
      },
    ];
  });
  return { Version: '2012-10-17', Statement };
}

/**
 * Groups that differ in the value of their only condition key alone (the cluster of ecs:ListTasks) are one with all values: IAM takes
 * any of them. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
function oneForAllClusters(groups: readonly Group[]): Group[] {
  const keyOf = ({ sid, actions, resources, condition }: Group): string => {
    const single = singleOf(condition);
    return JSON.stringify([sid, actions, resources, single ? [single.operator, single.key] : condition]);
  };
  return [...Map.groupBy(groups, keyOf).values()].flatMap((same): Group[] => {
    const [first, ...others] = same;
    const single = singleOf(first?.condition);
    if (!first || !single || others.length === 0) return same;
    const values = [...new Set(same.flatMap(({ condition }) => singleOf(condition)?.values ?? []))];
    return [{ ...first, condition: { [single.operator]: { [single.key]: values } } }];
  });
}

/** A condition of one operator with one key. */
function singleOf(condition: Right['condition']) {
  const [[operator, keys] = ['', {}], ...operators] = Object.entries(condition ?? {});
  const [[key, value] = ['', ''], ...others] = Object.entries(keys ?? {});
  if (key === '' || operators.length > 0 || others.length > 0) return undefined;
  return { operator, key, values: [value].flat() };
}

/** Each action once for each resource: the first statement that allows it keeps it. Several steps may ask for the same. */
function merged(rights: readonly Right[]): Right[] {
  const kept: Right[] = [];
  const allowed = new Set<string>();
  for (const right of rights) {
    const keyOf = (resource: string): string => JSON.stringify([right.action, resource, right.condition]);
    const resources = right.resources.filter((resource) => !allowed.has(keyOf(resource)));
    for (const resource of resources) allowed.add(keyOf(resource));
    if (resources.length > 0) kept.push({ ...right, resources });
  }
  return kept;
}

/** The longest inline policies of a role, together; a managed policy has 6144. Spaces do not count. */
export const INLINE_CHARACTERS = 10_240;
export const MANAGED_CHARACTERS = 6144;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const charactersOf = (policy: Policy): number => JSON.stringify(policy).replaceAll(/\s/g, '').length;
