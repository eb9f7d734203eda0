/** What the other steps of a workflow ask of AWS under the role of the steps that deploy: their rights are in no policy that is printed. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { everyCommand } from '../workflow/shell.ts';
import type { OtherStep } from '../workflow/steps.ts';

/** Services of the CLI whose commands have the name of the action: `aws logs get-log-events` is logs:GetLogEvents. */
const PLAIN = new Set(
  'cloudformation cloudfront ecr ecs events iam logs rds secretsmanager sns sqs ssm stepfunctions'.split(' '),
);
/** Commands of the CLI alone, which call several operations. */
const OF_THE_CLI = /^(?:deploy|package|execute-command|tail|wait|login|get-login.*)$/;
/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
const ACTIONS: Readonly<Record<string, string>> = {
  'ecs run-task': 'ecs:RunTask, iam:PassRole',
  'ecs register-task-definition': 'ecs:RegisterTaskDefinition, iam:PassRole',
  'ecs wait services-stable': 'ecs:DescribeServices',
  'ecs wait services-inactive': 'ecs:DescribeServices',
  'ecs wait tasks-running': 'ecs:DescribeTasks',
  'ecs wait tasks-stopped': 'ecs:DescribeTasks',
  'ecr get-login-password': 'ecr:GetAuthorizationToken',
};
/** Of actions, what they need without inputs of their own. */
const OF_ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^aws-actions\/amazon-ecr-login@/i, 'ecr:GetAuthorizationToken'],
  [/^docker\/(?:build-push|bake)-action@/i, 'pushes to Amazon ECR'],
  [/^aws-actions\/amazon-ecs-render-task-definition@/i, 'ecs:DescribeTaskDefinition'],
];
const TOOLS = new Set('cdk sam terraform tofu pulumi copilot ecspresso serverless sls'.split(' '));
const SCRIPT = /^(?:\.\/[\w./-]+|[\w./-]+\.(?:sh|bash))$/;

function actionOf(service: string, operation: string, third: string): string {
  const name = `${service} ${operation}`;
  const known = ACTIONS[name] ?? ACTIONS[`${name} ${third}`];
  if (known !== undefined) return known;
  if (!PLAIN.has(service) || OF_THE_CLI.test(operation)) return '';
  const pascal = operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `${service === 'stepfunctions' ? 'states' : service}:${pascal}`;
}

/** Commands of a script, each with the action of IAM where that is plain. */
function usesOf(script: string, root: string, depth = 0): string[] {
  const commands = everyCommand(script);
  const called = commands.flat().filter((word) => SCRIPT.test(word));
  const inScripts = depth > 0 ? [] : called.flatMap((path) => usesOf(textOf(join(root, path)), root, depth + 1));
  return [...new Set([...commands.flatMap(useOf), ...inScripts])];
}

const textOf = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : '';

function useOf([name = '', ...words]: readonly string[]): string[] {
  if (TOOLS.has(name)) return [`\`${name}\``];
  if (name !== 'aws') return [];
  const [service = '', operation = '', third = ''] = words.slice(ofTheCommand(words));
  if (!/^[a-z][a-z\d-]*$/.test(service) || !/^[a-z][a-z\d-]*$/.test(operation)) return [];
  if (service === 'sts' || service === 'configure') return [];
  const action = actionOf(service, operation, third);
  const command = `aws ${service} ${operation === 'wait' ? `wait ${third}` : operation}`;
  return [action === '' ? `\`${command}\`` : `\`${command}\` (${action})`];
}

/** Where the service stands, behind options of the CLI itself: `--region eu-west-1`, `--profile=ci`. */
function ofTheCommand(words: readonly string[]): number {
  let at = 0;
  while (words[at]?.startsWith('--')) at += words[at]?.includes('=') || words[at + 1]?.startsWith('--') ? 1 : 2;
  return at;
}

/**
 * @param steps of the workflow which this action neither is nor takes the place of, behind the credentials of their job
 * @param role as written in the step that assumes it
 * @returns notes that name them; none where they ask nothing of AWS
 */
export function otherStepsNotes(steps: readonly OtherStep[], role: string | undefined, root: string): string[] {
  const found = steps
    .filter((step) => step.role === role)
    .flatMap(({ job, line, uses, run }) => {
      const of = OF_ACTIONS.find(([pattern]) => pattern.test(uses))?.[1];
      const all = of === undefined ? usesOf(run, root) : [`\`${uses.replace(/@.*/, '')}\` (${of})`];
      return all.length === 0 ? [] : [`line ${line} of the job ${job}: ${all.join(', ')}`];
    });
  if (found.length === 0) return [];
  return [
    `Other steps use the same credentials, and what they need is not in this policy; keep their rights in the role:\n${[...new Set(found)].map((one) => `  ${one}`).join('\n')}`,
  ];
}
