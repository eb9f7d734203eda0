/** What the other steps of a workflow ask of AWS under the role of the steps that deploy: their rights are in no policy that is printed. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
/** Where a command begins; what stands in a text that is printed is none. */
const START = String.raw`(?:^\s*|[;&|(${'`'}]\s*|\b(?:if|then|else|do|until|while|sudo|time|exec)\s+|!\s*|\b[A-Za-z_]\w*=\S*\s+)`;
const TOOLS = new RegExp(
  String.raw`${START}(?:npx\s+|yarn\s+|pnpm\s+(?:exec\s+)?)?(cdk|sam|terraform|tofu|pulumi|copilot|ecspresso|serverless|sls)\s`,
  'gm',
);
const COMMAND = new RegExp(
  String.raw`${START}aws\s+(?:--[\w-]+(?:[=\s]\S+)?\s+)*([a-z][a-z\d-]*)\s+([a-z][a-z\d-]*)(?:\s+([a-z][a-z-]*))?`,
  'gm',
);
const SCRIPT = /(?:^|[\s;&|"'(])(\.\/[\w./-]+|[\w./-]+\.(?:sh|bash))(?=$|[\s;&|"')])/gm;

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
  const text = script.replaceAll(/^\s*#.*$/gm, '').replaceAll(/\\\r?\n/g, ' ');
  const commands = [...text.matchAll(COMMAND)].flatMap(([, service = '', operation = '', third = '']) => {
    if (service === 'sts' || service === 'configure') return [];
    const action = actionOf(service, operation, third);
    const name = `aws ${service} ${operation === 'wait' ? `wait ${third}` : operation}`;
    return [action === '' ? `\`${name}\`` : `\`${name}\` (${action})`];
  });
  const tools = [...text.matchAll(TOOLS)].map(([, tool = '']) => `\`${tool}\``);
  const called = [...text.matchAll(SCRIPT)].flatMap(([, path = '']) => {
    const file = join(root, path);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    return depth > 0 || !isFile ? [] : usesOf(readFileSync(file, 'utf8'), root, depth + 1);
  });
  return [...new Set([...commands, ...tools, ...called])];
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
