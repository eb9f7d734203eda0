/** What rows need of real infrastructure: the outputs of examples/infrastructure/conformance.yml. */
import { readFileSync } from 'node:fs';

export const OUTPUTS = {
  Cluster: 'name of an ECS cluster in which services may be created',
  Subnets: 'public subnets, separated by commas',
  SecurityGroup: 'a security group that lets tasks reach the internet',
  OtherSubnet: 'a subnet of another VPC',
  ExecutionRole: 'ARN of a task execution role',
  TaskRole: 'ARN of a task role',
  LogGroup: 'name of a log group',
  Repository: 'name of an ECR repository with mutable tags',
  Alarm: 'name of a CloudWatch alarm that keeps its state without data',
  ScheduleRole: 'ARN of a role that EventBridge and its Scheduler may assume',
} as const;
export type Need = keyof typeof OUTPUTS;
export type Stack = Readonly<Partial<Record<Need, string>>>;

const NEEDS = Object.keys(OUTPUTS) as Need[];
/** `Subnets` is CONFORMANCE_SUBNETS, `TaskRole` is CONFORMANCE_TASK_ROLE. */
export const variableOf = (need: Need): string =>
  `CONFORMANCE_${need.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;

/**
 * @param file JSON: the outputs by name, or as `aws cloudformation describe-stacks --query 'Stacks[0].Outputs'` prints them
 * @param env where CONFORMANCE_SUBNETS and its like may be; they go before the file
 * @throws an error that names the file
 */
export function readStack(file: string | undefined, env: Readonly<Record<string, string | undefined>>): Stack {
  const given: Record<string, unknown> = {};
  if (file !== undefined) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (Array.isArray(parsed)) for (const { OutputKey, OutputValue } of parsed) given[OutputKey] = OutputValue;
      else Object.assign(given, parsed);
    } catch (thrown) {
      throw new Error(`--stack ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  return Object.fromEntries(
    NEEDS.flatMap((need) => {
      const value = env[variableOf(need)] ?? given[need];
      return value === undefined || value === '' ? [] : [[need, String(value)]];
    }),
  );
}

/** Why a row cannot run, or undefined. */
export function missingIn(stack: Stack, needs: readonly Need[]): string | undefined {
  const missing = needs.filter((need) => stack[need] === undefined);
  if (missing.length === 0) return undefined;
  return `needs ${missing.map((need) => `${need} (${OUTPUTS[need]}; --stack or ${variableOf(need)})`).join(', ')}`;
}
