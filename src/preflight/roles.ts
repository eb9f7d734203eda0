import { lastPart, parseArn } from '../arn.ts';
import type { JsonObject, Role } from '../model.ts';
import { type Answer, bad, type Check, ok, skip, unanswered, warn } from './check.ts';
import { type Home, textOf } from './subject.ts';
import { judgeTrust, TASKS } from './trust.ts';

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

export function judgeRole(use: RoleUse, answer: Answer<Role | undefined> | undefined, home: Home): Check {
  const subject = `${use.as.join(' and ')} ${use.name}`;
  const inputs = use.inputs.map((input) => `\`${input}\``).join(' or ');
  // ECS refuses it at RegisterTaskDefinition: "Role is not valid", as iam:PassRole never crosses accounts.
  if (use.account !== home.account)
    return bad(
      subject,
      `${use.arn} is not of the service's account ${home.account}, and a task can only have roles of its own account.`,
      `Write its account (in a template \`\${AWS_ACCOUNT_ID}\`), or give a role of account ${home.account} by the input ${inputs}.`,
    );
  if (answer?.kind !== 'found') return unanswered(subject, answer);
  const role = answer.value;
  if (!role) {
    return bad(
      subject,
      `there is no role ${use.arn}.`,
      `Create it, or correct it in the template or by the input ${inputs}.`,
    );
  }
  if (use.pathKnown && role.arn !== use.arn) {
    return bad(
      subject,
      `there is no role ${use.arn}; its ARN is ${role.arn}.`,
      `Write that in the template or in the input ${inputs}.`,
    );
  }
  if (!role.trustPolicy) return warn(subject, 'exists, but its trust policy could not be read.');
  const trust = judgeTrust(role.trustPolicy, home);
  const remedy = `Let its trust policy allow sts:AssumeRole to the service ${TASKS}.`;
  switch (trust.kind) {
    case 'trusted':
      return trust.unchecked.length === 0
        ? ok(subject, `exists and trusts ${TASKS}.`)
        : skip(
            subject,
            `exists and trusts ${TASKS} on conditions that only the task itself shows; not checked: ${trust.unchecked.join(', ')}.`,
          );
    case 'unclear':
      return skip(subject, `exists; whether it trusts ${TASKS} cannot be told from ${trust.why}; not checked.`);
    case 'condition':
      return bad(subject, `trusts ${TASKS} ${trust.problem}.`, 'Correct the condition in its trust policy.');
    case 'refused':
      return bad(subject, `its trust policy denies ${TASKS}.`, 'Remove that Deny from its trust policy.');
    case 'untrusted': {
      const others = trust.services.length > 0 ? `it trusts ${trust.services.join(', ')}` : 'it trusts no service';
      return bad(subject, `no task can take it: ${others}, not ${TASKS}.`, remedy);
    }
  }
}
