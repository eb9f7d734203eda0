import type { JsonObject, Refusal } from '../model.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, ok, unanswered, warn } from './check.ts';
import { type Home, nameOf, objectOf, textOf } from './subject.ts';

/** A CloudWatch log group that containers write to, once. */
export interface LogGroupUse {
  readonly name: string;
  readonly region: string;
  readonly containers: readonly string[];
  /** `awslogs-create-group` is "true" for all of the containers. */
  readonly create: boolean;
}

/** Those of the log driver awslogs; a FireLens router makes its own choices. */
export function logGroupsOf(definition: JsonObject, home: Home): LogGroupUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const log = objectOf(container.logConfiguration);
    const options = objectOf(log.options);
    const name = textOf(options['awslogs-group']);
    if (log.logDriver !== 'awslogs' || name === undefined) return [];
    const region = textOf(options['awslogs-region']) ?? home.region;
    const create = textOf(options['awslogs-create-group'])?.toLowerCase() === 'true';
    return [{ name, region, create, container: nameOf(container) }];
  });
  return [...Map.groupBy(uses, ({ name, region }) => `${region}:${name}`).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { name, region } = first;
    return [
      { name, region, containers: same.map(({ container }) => container), create: same.every(({ create }) => create) },
    ];
  });
}

/**
 * What IAM is asked for the creation of a group. CloudWatch Logs itself asks for the second form ("on resource:
 * arn:aws:logs:...:log-group:NAME:log-stream:"), IAM's reference shows the first; policies are written for either.
 */
export const logGroupArns = ({ name, region }: LogGroupUse, { partition, account }: Home): string[] => {
  const arn = `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
  return [arn, `${arn}:log-stream:`];
};

/**
 * @param refusals of logs:CreateLogGroup for the execution role; asked for groups that tasks shall create
 * @param fargate on EC2 the instance's role may write the logs instead, which nobody can tell from here
 */
export function judgeLogGroup(
  use: LogGroupUse,
  answers: {
    readonly exists: Answer<boolean> | undefined;
    readonly refusals: Answer<readonly Refusal[]> | undefined;
  },
  { home, fargate }: { readonly home: Home; readonly fargate: boolean },
): Check {
  const { name, region, containers, create } = use;
  const subject = `log group ${name}`;
  if (answers.exists?.kind !== 'found') return unanswered(subject, answers.exists);
  if (answers.exists.value) return ok(subject, `exists in ${region}.`);
  const whose = containers.map((container) => `\`${container}\``).join(', ');
  const command = `aws logs create-log-group --log-group-name ${name} --region ${region}`;
  if (!create) {
    return bad(
      subject,
      `does not exist in ${region}, so the container ${whose} could not start.`,
      `Create it (${command}), or set the log option awslogs-create-group to "true" (template, or input \`log-configuration-options\`) and allow logs:CreateLogGroup to the execution role.`,
    );
  }
  const needs = `${fargate ? 'the execution role' : 'the execution role, or on EC2 the instance role,'} needs logs:CreateLogGroup`;
  if (answers.refusals?.kind !== 'found') {
    return warn(subject, `does not exist in ${region} and is created by the first task: ${needs}.`);
  }
  const refused = answers.refusals.value.map(({ resource }) => resource);
  if (answers.refusals.value.some(({ decision }) => decision === 'unknown'))
    return warn(
      subject,
      `does not exist in ${region} and is created by the first task: ${needs}, which could not be checked.`,
    );
  if (logGroupArns(use, home).some((arn) => !refused.includes(arn))) {
    return ok(subject, 'is created by the first task; the execution role may do so.');
  }
  const problem = `does not exist in ${region}, and the execution role may not create it.`;
  const remedy = `Create it (${command}), or allow logs:CreateLogGroup to the execution role.`;
  return fargate ? bad(subject, problem, remedy) : warn(subject, `${problem} On EC2 the instance role may.`, remedy);
}
