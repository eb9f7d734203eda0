import { lastPart, parseArn } from '../arn.ts';
import type { Role } from '../resources.ts';
import type { JsonObject } from '../world.ts';
import { type Answer, bad, type Check, ok, skip, unanswered, warn } from './check.ts';
import { elsewhere, type Home, textOf } from './subject.ts';
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
  const away = elsewhere(use.account, home);
  // ECS refuses it at RegisterTaskDefinition: "Role is not valid", as iam:PassRole never crosses accounts.
  if (away) return skip(subject, away, `A task can only have roles of the service's own account, ${home.account}.`);
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
      return ok(subject, `exists and trusts ${TASKS}.`);
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
