import type { Refusal } from '../model.ts';
import { type Answer, bad, type Check, ok, skip, unanswered, warn } from './check.ts';
import type { FileUse } from './files.ts';
import type { ImageUse } from './images.ts';
import { type LogGroupUse, logGroupArns } from './logs.ts';
import type { RoleUse } from './roles.ts';
import type { ParameterUse, SecretUse } from './secrets.ts';
import type { Home } from './subject.ts';

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
 * may allow what the role does not: so only an explicit Deny is certain. The right to create a log group is told with the group.
 * @param answers by action; a role that does not exist has been told already
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
      checks.push({ ...unanswered(`what the ${subject} may do`, answer) });
      continue;
    }
    if (answer.kind === 'unknown') {
      checks.push(skip(subject, `whether it may ${action} could not be looked at (${answer.reason}).`));
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
      `whether it may ${action} on ${resource} hangs on values that only a real call has; not checked.`,
    );
  return decision === 'explicitDeny'
    ? bad(subject, `a policy denies it ${action} on ${resource}.`, 'Remove that Deny, or use another execution role.')
    : warn(
        subject,
        `its policies do not allow ${action} on ${resource}.`,
        'Allow it there, unless the policy of that resource does.',
      );
}
