import { lastPart, parseArn } from '../arn.ts';
import type { ServiceInputs } from '../inputs/types.ts';
import { asObjects, isObject, type Json, type JsonObject, type Refusal, type Role } from '../model.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn } from './check.ts';
import type { ImageUse } from './images.ts';
import { type FileUse, type LogGroupUse, logGroupArns, type ParameterUse, type SecretUse } from './references.ts';
import { type Home, type PreflightSubject, textOf } from './subject.ts';

/** A role that the task definition names, once, for all its uses. */
export interface RoleUse {
  readonly arn: string;
  /** False: given as a bare name, so that the path in `arn` is a guess. */
  readonly pathKnown: boolean;
  /** Without its path. */
  readonly name: string;
  readonly account: string;
  /** `task role`, `execution role`, or both. */
  readonly as: readonly string[];
  /** The inputs that set it. */
  readonly inputs: readonly string[];
  /** The service that assumes it; that of tasks when absent. */
  readonly principal?: string;
}

const FIELDS = [
  ['taskRoleArn', 'task role', 'task-role-arn'],
  ['executionRoleArn', 'execution role', 'execution-role-arn'],
] as const;

/** A bare name is taken by ECS as well as an ARN. */
export function rolesOf(definition: JsonObject, home: Home): RoleUse[] {
  const uses = FIELDS.flatMap(([field, as, input]) => {
    const given = textOf(definition[field]);
    if (given === undefined) return [];
    const arn = given.startsWith('arn:') ? given : `arn:${home.partition}:iam::${home.account}:role/${given}`;
    return [{ arn, as, input, bare: arn !== given }];
  });
  return [...Map.groupBy(uses, ({ arn }) => arn)].map(([arn, same]) => ({
    arn,
    pathKnown: !same.some(({ bare }) => bare),
    name: lastPart(arn),
    account: parseArn(arn)?.account ?? '',
    as: same.map(({ as }) => as),
    inputs: same.map(({ input }) => input),
  }));
}

/**
 * Roles that ECS itself assumes during a deployment, as far as this run sets them: those of the service were checked when ECS took them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export function rolesOfStrategy({ strategy, express }: Pick<ServiceInputs, 'strategy' | 'express'>): RoleUse[] {
  const hooks = strategy?.hooks ?? [];
  const given = [
    [strategy?.traffic?.roleArn, 'load balancer role', 'load-balancer-role'] as const,
    ...hooks.map(({ roleArn }) => [textOf(roleArn), 'role of a lifecycle hook', 'lifecycle-hooks'] as const),
    [express?.infrastructureRoleArn, 'infrastructure role', 'infrastructure-role-arn'] as const,
  ];
  const arns = new Set<string>();
  return given.flatMap(([arn, as, input]) => {
    if (arn === undefined || arns.has(arn)) return [];
    arns.add(arn);
    const account = parseArn(arn)?.account ?? '';
    return [{ arn, pathKnown: true, name: lastPart(arn), account, as: [as], inputs: [input], principal: ECS }];
  });
}

/** The same of a service definition. */
export function rolesOfDefinition({ defined }: Pick<PreflightSubject, 'defined'>, home: Home): RoleUse[] {
  const roles = (defined?.roles ?? []).map(({ role, ...use }) => {
    const arn = role.startsWith('arn:') ? role : `arn:${home.partition}:iam::${home.account}:role/${role}`;
    return { ...use, arn, bare: arn !== role };
  });
  return [...Map.groupBy(roles, ({ arn }) => arn)].map(([arn, same]) => ({
    arn,
    pathKnown: !same.some(({ bare }) => bare),
    name: lastPart(arn),
    account: parseArn(arn)?.account ?? '',
    as: [...new Set(same.map(({ as }) => as))],
    inputs: ['service-definition'],
    principal: ECS,
  }));
}

export function judgeRole(use: RoleUse, answer: Answer<Role | undefined> | undefined, home: Home): Check {
  const subject = `${use.as.join(' and ')} ${use.name}`;
  const inputs = use.inputs.map((input) => `\`${input}\``).join(' or ');
  const { principal = TASKS } = use;
  // ECS refuses it at RegisterTaskDefinition: "Role is not valid", as iam:PassRole never crosses accounts.
  if (use.account !== home.account)
    return bad(
      subject,
      `${use.arn} is not of the service's account ${home.account}, and ${use.principal ? 'ECS' : 'a task'} can only have roles of its own account.`,
      `Write its account (in a template \`\${AWS_ACCOUNT_ID}\`), or give a role of account ${home.account} by the input ${inputs}.`,
    );
  if (answer?.kind !== 'found') return notChecked(subject, answer);
  const role = answer.value;
  if (!role) {
    return bad(
      subject,
      `role ${use.arn} does not exist.`,
      `Create it, or correct it in the template or by the input ${inputs}.`,
    );
  }
  if (use.pathKnown && role.arn !== use.arn) {
    return bad(
      subject,
      `role ${use.arn} does not exist; its ARN is ${role.arn}.`,
      `Write that in the template or in the input ${inputs}.`,
    );
  }
  if (!role.trustPolicy)
    return skip(subject, 'exists; not checked: whom it trusts, as its trust policy could not be read.');
  const trust = judgeTrust(role.trustPolicy, home, principal);
  const remedy = `Let its trust policy allow sts:AssumeRole to the service ${principal}.`;
  switch (trust.kind) {
    case 'trusted':
      return trust.unchecked.length === 0
        ? ok(subject, `exists and trusts ${principal}.`)
        : skip(
            subject,
            `exists and trusts ${principal} on conditions that only the task itself shows; not checked: ${trust.unchecked.join(', ')}.`,
          );
    case 'unclear':
      return skip(
        subject,
        `exists; whether it trusts ${principal} cannot be determined from ${trust.why}; not checked.`,
      );
    case 'condition':
      return bad(subject, `trusts ${principal} ${trust.problem}.`, 'Correct the condition in its trust policy.');
    case 'refused':
      return bad(subject, `its trust policy denies ${principal}.`, 'Remove that Deny from its trust policy.');
    case 'untrusted': {
      const others = trust.services.length > 0 ? `it trusts ${trust.services.join(', ')}` : 'it trusts no service';
      return bad(
        subject,
        `${use.principal ? 'ECS cannot' : 'no task can'} assume it: ${others}, not ${principal}.`,
        remedy,
      );
    }
  }
}

/** Tasks get their roles through this principal, in every partition. */
const TASKS = 'ecs-tasks.amazonaws.com';
/** ECS itself: for load balancers, and to call the function of a hook. */
const ECS = 'ecs.amazonaws.com';

type Trust =
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
export function judgeTrust(policy: JsonObject, home: Home, principal = TASKS): Trust {
  const statements = isObject(policy.Statement) ? [policy.Statement] : asObjects(policy.Statement);
  const assuming = statements.filter(assumes);
  const about = assuming.filter((statement) => services(statement).some((service) => isPrincipal(service, principal)));
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

/** In some partitions the name of a service ends in `.cn`. */
const isPrincipal = (service: string, principal: string): boolean =>
  service === '*' || service === principal || service === `${principal}.cn`;

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

/** Whether a task can meet a condition: `problem` when it cannot, `unchecked` the keys whose values only a real call has. */
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

/** One action that the execution role needs for several resources of one kind. */
export interface Right {
  readonly action: string;
  readonly resources: readonly string[];
}

/** A policy is held against the whole ARN; of a secret named without its random ending it is not known. */
const isWhole = (arn: string): boolean => arn.startsWith('arn:') && /-[A-Za-z0-9]{6}$/.test(arn);

export const CREATE_LOG_GROUP = 'logs:CreateLogGroup';

/** What ECS does with the execution role before a container starts. */
export function rightsOf(
  uses: {
    readonly secrets: readonly SecretUse[];
    readonly parameters: readonly ParameterUse[];
    readonly images: readonly ImageUse[];
    readonly files: readonly FileUse[];
    readonly logGroups: readonly LogGroupUse[];
  },
  home: Home,
): Right[] {
  const { partition } = home;
  const parameterArns = uses.parameters.map(
    ({ names, region, account }) =>
      `arn:${partition}:ssm:${region}:${account}:parameter/${names[0]?.replace(/^\//, '')}`,
  );
  const repositories = uses.images.flatMap(({ repository }) =>
    repository
      ? [`arn:${partition}:ecr:${repository.region}:${repository.registryId}:repository/${repository.name}`]
      : [],
  );
  const created = uses.logGroups.filter(({ create }) => create);
  const wanted: [string, readonly string[]][] = [
    ['secretsmanager:GetSecretValue', uses.secrets.map(({ arn }) => arn).filter(isWhole)],
    ['ssm:GetParameters', parameterArns],
    ['ecr:BatchGetImage', repositories],
    ['s3:GetObject', uses.files.map(({ arn }) => arn)],
    [CREATE_LOG_GROUP, created.flatMap((use) => logGroupArns(use, home))],
  ];
  return wanted.flatMap(([action, resources]) =>
    resources.length > 0 ? [{ action, resources: [...new Set(resources)] }] : [],
  );
}

/**
 * IAM's own simulation knows the role's policies and boundary, but no policy of a bucket, secret, key or repository, which
 * may allow what the role does not: so only an explicit Deny is certain. The right to create a log group is reported with the group.
 * @param answers by action; a role that does not exist has been reported already
 */
export function judgeRights(
  wanted: {
    readonly executionRole?: RoleUse;
    readonly rights: readonly Right[];
    readonly secrets: readonly SecretUse[];
  },
  answers: ReadonlyMap<string, Answer<readonly Refusal[]>>,
): Check[] {
  const { executionRole: role, rights, secrets } = wanted;
  if (!role) return [];
  const subject = `execution role ${role.name}`;
  const mine = rights.filter(({ action }) => action !== CREATE_LOG_GROUP);
  const allowed: string[] = [];
  const checks: Check[] = [];
  for (const { action } of mine) {
    const answer = answers.get(action);
    if (answer === undefined) continue;
    if (answer.kind === 'denied') {
      checks.push({ ...notChecked(`what the ${subject} may do`, answer) });
      continue;
    }
    if (answer.kind === 'unknown') {
      checks.push(skip(subject, `whether it may ${action} not checked (${answer.reason}).`));
      continue;
    }
    if (answer.value.length === 0) allowed.push(action);
    checks.push(...answer.value.map((refusal) => refused(subject, action, refusal)));
  }
  const ours = secrets.filter(({ account }) => account === role.account);
  const short = [...new Set(ours.map(({ arn }) => arn).filter((arn) => !isWhole(arn)))];
  if (short.length > 0)
    checks.push(
      skip(
        subject,
        `whether it may read ${short.join(', ')} is not checked: the name lacks its random ending (-AbCdEf).`,
      ),
    );
  if (allowed.length > 0)
    checks.push(ok(subject, `its own policies allow ${allowed.join(', ')} where the task needs it.`));
  return checks;
}

function refused(subject: string, action: string, { resource, decision }: Refusal): Check {
  if (decision === 'unknown')
    return skip(
      subject,
      `whether it may ${action} on ${resource} depends on values that only a real call has; not checked.`,
    );
  return decision === 'explicitDeny'
    ? bad(subject, `a policy denies it ${action} on ${resource}.`, 'Remove that Deny, or use another execution role.')
    : warn(
        subject,
        `its policies do not allow ${action} on ${resource}.`,
        'Allow it there, unless the policy of that resource does.',
      );
}
