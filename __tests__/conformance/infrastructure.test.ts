import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { OUTPUTS } from '../../conformance/stack.ts';

const FILE = 'examples/infrastructure/conformance.yml';
const text = readFileSync(FILE, 'utf8');
/** CloudFormation's short forms, as the values that they stand for. */
const tags = ['!Ref', '!Sub', '!GetAtt', '!GetAZs', '!Join', '!Select'].flatMap((tag) => [
  { tag, resolve: (value: string) => `${tag} ${value}` },
  { tag, collection: 'seq' as const, resolve: (value: unknown) => value },
]);
const template: {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
  readonly Outputs: object;
} = parse(text, { customTags: tags });

test('the stack gives what rows need, under the same names', () => {
  expect(Object.keys(template.Outputs)).toEqual(Object.keys(OUTPUTS));
});

test('it has nothing that CloudFormation does not read, costs by itself, or stays behind', () => {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: aliases and merges are not supported
  expect(text).not.toMatch(/[:-] [&*]\w|<<:/);
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  expect(
    types.filter((type) => /NatGateway|EIP|LoadBalancer|VPCEndpoint|AWS::ECS::Service|AWS::RDS/.test(type)),
  ).toEqual([]);
  for (const [name, { Type, DeletionPolicy }] of Object.entries(template.Resources))
    if (/Logs|ECR/.test(Type)) expect([name, DeletionPolicy]).toEqual([name, 'Delete']);
});

const hasLint = spawnSync('cfn-lint', ['--version']).error === undefined;
(hasLint ? test : test.skip)('cfn-lint finds nothing', () => {
  const { status, stdout } = spawnSync('cfn-lint', [FILE], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly 'continue-on-error'?: boolean;
}
const WORKFLOW = '.github/workflows/conformance.yml';
const workflow: {
  readonly on: object;
  readonly jobs: Readonly<Record<string, { readonly permissions: object; readonly steps: readonly Step[] }>>;
} = parse(readFileSync(WORKFLOW, 'utf8'));
const { permissions, steps = [] } = workflow.jobs.conformance ?? {};

test('the workflow runs by hand alone, with OIDC, and says cost and time at its head', () => {
  expect(Object.keys(workflow.on)).toEqual(['workflow_dispatch']);
  expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const head = readFileSync(WORKFLOW, 'utf8').split('\nname:')[0];
  expect(head).toMatch(/Cost: less than [\d.]+ USD.*Time: \d+ to \d+ minutes\./);
});

test('from the first row on AWS, everything to the teardown runs whatever happens', () => {
  const from = steps.findIndex(({ run }) => run?.includes('--endpoint aws'));
  const teardown = steps.findIndex(({ run }) => run?.includes('delete-stack'));
  expect(from).toBeGreaterThan(0);
  expect(teardown).toBeGreaterThan(from);
  expect(steps[from]?.['continue-on-error']).toBe(true);
  for (const step of steps.slice(from + 1))
    expect([step.name, step.if]).toEqual([step.name, expect.stringMatching(/^always\(\)/)]);
});

test('it uses options that the kit has', () => {
  const { stdout: help } = spawnSync(process.execPath, ['conformance/main.ts', '--help'], { encoding: 'utf8' });
  const commands = steps.flatMap(({ run = '' }) => run.split('\n').filter((line) => line.includes('conformance -- ')));
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands)
    for (const [option] of command.replace(/^.*conformance -- /, '').matchAll(/--[a-z]+/g))
      expect(help).toContain(`  ${option}`);
});
