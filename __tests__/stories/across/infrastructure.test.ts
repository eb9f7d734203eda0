import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { allowOnly } from '../../../simulator/services/identity-policy.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { rightsOf } from '../../../src/rights/needed.ts';
import { subjectOf } from '../../../src/rights/subject.ts';
import { toTemplate } from '../../../src/taskdef/template.ts';
import terraformSchema from '../../fixtures/terraform-aws.json' with { type: 'json' };
import { parseHcl } from '../../support/hcl.ts';
import {
  ACCOUNT,
  cloudFormation,
  type Infrastructure,
  REGION,
  type Statement,
  terraform,
} from '../../support/infrastructure.ts';
import { type ProviderSchema, schemaMistakes } from '../../support/terraform.ts';
import { CONTEXT, Stage } from '../../support/world.ts';

/**
 * What examples/infrastructure describes is what a first deploy needs: its resources on the simulated AWS, and nothing that the
 * preflight finds wrong. A template of CloudFormation in another file (CDK: `cdk.out/web.template.json`) is named by TEMPLATE.
 */
const FILE = process.env.TEMPLATE ?? 'examples/infrastructure/service.yml';
const TERRAFORM = 'examples/infrastructure/terraform/main.tf';
const CDK = '__tests__/fixtures/cdk-web.template.json';

const VERSIONS: readonly (readonly [string, () => Infrastructure])[] = [
  ['CloudFormation', () => cloudFormation(FILE)],
  ['Terraform', () => terraform(TERRAFORM, { github_repository: 'my-org/web' })],
  ['CDK', () => cloudFormation(CDK)],
];

/** The stack on the simulated AWS; the service has the tasks that its first deploy gives it. */
function built({ roles, logGroups, alarms, targetGroups, cluster, definition, service }: Infrastructure): {
  readonly stage: Stage;
  readonly service: string;
  readonly cluster: string;
} {
  const stage = new Stage();
  const { simulator } = stage;
  for (const [name, trust] of roles)
    simulator.iam.roles.set(name, { path: '/', trust: trust as never, allows: [['*', '']] });
  for (const name of logGroups) simulator.logs.groups.set(name, new Map());
  for (const name of alarms) simulator.cloudwatch.alarms.set(name, { state: 'OK' });
  for (const [arn, targetType] of targetGroups) simulator.loadBalancing.targetGroups.set(arn, { targetType });
  simulator.call('CreateCluster', { clusterName: cluster });
  const registered = { ...definition, cpu: String(definition.cpu), memory: String(definition.memory) };
  simulator.call('RegisterTaskDefinition', registered as never);
  simulator.call('CreateService', { ...service, cluster, taskDefinition: String(definition.family) } as never);
  stage.clock.advance(120);
  const containers = definition.containerDefinitions as readonly object[];
  stage.files.set(
    'task-definition.json',
    JSON.stringify({
      ...registered,
      containerDefinitions: containers.map((one) => ({ ...one, image: 'example.com/app:1' })),
    }),
  );
  return { stage, service: String(service.serviceName), cluster };
}

describe.each(VERSIONS)('%s', (_, read) => {
  test('the first deploy finds nothing wrong beforehand, and is healthy', async () => {
    const { stage, service, cluster } = built(read());
    const given = { service, cluster, 'desired-count': '2' };
    const { checks } = await stage.plan(given);
    expect(checks.filter(({ status }) => status === 'bad' || status === 'warn')).toEqual([]);
    expect(checks.map(({ text }) => text).join('\n')).toMatch(/log group .*exists[\s\S]*target group/);
    expect(await stage.deploy(given)).toMatchObject({
      kind: 'deployed',
      headline: expect.stringContaining('2 tasks, healthy'),
    });
  });

  test('tasks in private subnets have an endpoint for all that starts them', () => {
    expect([...read().endpoints].sort()).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager']);
  });

  test('the service has a circuit breaker, an alarm and percents that let it move', () => {
    expect(read().service.deploymentConfiguration).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true, alarmNames: [expect.stringMatching(/5xx|Errors/i)] },
    });
  });

  test('the role of the workflow trusts one environment of one repository', () => {
    const [github = ''] = [...read().roles.values()]
      .map((trust) => JSON.stringify(trust))
      .filter((text) => text.includes('WithWebIdentity'));
    expect(github).toMatch(/"token\.actions\.githubusercontent\.com:sub":"repo:[^*"]+:environment:[^*"]+"/);
    expect(github).toContain('"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"');
  });

  test('the role of the workflow has what its modes need, and no more', () => {
    const { stage } = built(read());
    const has = read().deployPolicy.flatMap(({ Action }) => Action);
    expect([...new Set(has)].sort()).toEqual(neededBy(stage));
  });

  test('with that role a deploy, a failed deploy and a rollback are denied nothing', async () => {
    const described = read();
    const { stage, service, cluster } = built(described);
    const lift = allowOnly(stage.simulator, policyOf(described.deployPolicy));
    const given = { service, cluster, 'desired-count': '2' };
    expect((await stage.deploy(given)).kind).toBe('deployed');
    const [definition = ''] = [stage.files.get('task-definition.json')];
    stage.files.set('task-definition.json', definition.replace('example.com/app:1', 'example.com/app:2'));
    stage.simulator.script.image('app:2', { exit: { afterSeconds: 2, code: 1 } });
    expect((await stage.deploy(given)).kind).toBe('rolled-back');
    stage.simulator.script.image('app:2', {});
    expect((await stage.deploy(given)).kind).toBe('deployed');
    expect((await stage.rollback(undefined, { service, cluster })).kind).toBe('deployed');
    lift();
    expect(stage.lines.filter((line) => /denied|not authorized/i.test(line))).toEqual([]);
  });
});

const policyOf = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement }) as never;

/** Rights of all modes that the example is for. */
function neededBy(stage: Stage): string[] {
  const place = {
    'aws-region': REGION,
    cluster: 'web',
    service: 'web',
    'role-to-assume': `arn:aws:iam::${ACCOUNT}:role/deploy`,
  };
  const template = toTemplate(JSON.parse(stage.files.get('task-definition.json') ?? ''), 'task-definition.json');
  const needed = (given: Readonly<Record<string, string>>): string[] => {
    const { inputs } = parseInputs(new Map(Object.entries({ ...place, ...given })), { context: CONTEXT, env: {} });
    return rightsOf(
      subjectOf(inputs, { madeUp: new Set(), template, account: undefined, serviceDefinition: undefined }),
    ).map(({ action }) => action);
  };
  const modes = [
    needed({ repository: 'web/app', 'task-definition': 'task-definition.json', 'desired-count': '2' }),
    ...['rollback', 'list', 'watch', 'continue'].map((mode) => needed({ mode })),
  ];
  return [...new Set(modes.flat())].sort();
}

const has = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).error === undefined;

(has('cfn-lint', '--version') ? test : test.skip)('cfn-lint finds nothing', () => {
  // W3037: its list of actions is older than ecs:ContinueServiceDeployment. W3005: the CDK writes dependencies twice.
  const ignored = process.env.TEMPLATE ? ['W3037', 'W3005'] : ['W3037'];
  const { status, stdout } = spawnSync('cfn-lint', ['-i', ...ignored, '--', FILE], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});

(has('terraform', 'version') ? test : test.skip)('Terraform has nothing to format', () => {
  const { status, stdout } = spawnSync('terraform', ['fmt', '-check', '-diff', 'examples/infrastructure/terraform'], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, '']);
});

test('the three versions give the workflow the same rights', () => {
  const rights = (file: string): string[] =>
    existsSync(file)
      ? [
          ...new Set(
            readFileSync(file, 'utf8').match(/\b(?:ecs|ecr|logs|iam|cloudwatch|elasticloadbalancing):[A-Z]\w+/g),
          ),
        ].sort()
      : [];
  const expected = rights('examples/infrastructure/service.yml');
  expect(rights('examples/infrastructure/terraform/main.tf')).toEqual(expected);
  // grantPullPush of the CDK gives those of the registry.
  const pushed = expected.filter((right) => !right.startsWith('ecr:') || right === 'ecr:DescribeRepositories');
  expect(rights('examples/infrastructure/cdk/stack.ts')).toEqual(pushed);
});

test('Terraform: each resource, argument and attribute is in the schema of the AWS provider', () => {
  const blocks = parseHcl(readFileSync(TERRAFORM, 'utf8'), TERRAFORM);
  expect(schemaMistakes(blocks, terraformSchema as ProviderSchema)).toEqual([]);
});

test.each([
  [
    'desired_count                     = 0',
    'desired_counts = 0',
    /aws_ecs_service\.this has no argument `desired_counts`/,
  ],
  ['deployment_circuit_breaker {', 'circuit_breaker {', /aws_ecs_service\.this has no block `circuit_breaker`/],
  ['resource "aws_lb" "this"', 'resource "aws_elb2" "this"', /aws_elb2 is not known/],
  ['family                   = var.name', '', /aws_ecs_task_definition\.first lacks `family`/],
])('a mistake in the Terraform file is found: %s', (from, to, words) => {
  const text = readFileSync(TERRAFORM, 'utf8');
  expect(text).toContain(from);
  const found = schemaMistakes(parseHcl(text.replace(from, to), 'main.tf'), terraformSchema as ProviderSchema).join(
    '\n',
  );
  expect(found).toMatch(words);
});

test.each([
  ['a = 1 %', /`%` is not known/],
  ['resource "x" "y" { a = <<EOT }', /is not known/],
  ['resource "x" "y" {\n  a = f(1\n}', /comma/],
  ['resource "x" "y" {\n  a = "%{ if true }"\n}', /directive/],
  ['resource "x" "y" {\n  a = 1\n  a = 2\n}', /stands twice/],
  ['a = 1', /outside of a block/],
  ['resource "x" "y" {', /is missing|too early/],
])('what the reader of Terraform does not know is an error: %j', (text, words) => {
  expect(() => parseHcl(text, 'x.tf')).toThrow(words);
});

test('the template of the CDK is that of its stack as it is now', () => {
  const { Metadata: { 'ecs-rollout:stack': of } = { 'ecs-rollout:stack': '' } } = JSON.parse(readFileSync(CDK, 'utf8'));
  const now = createHash('sha256').update(readFileSync('examples/infrastructure/cdk/stack.ts')).digest('hex');
  // After a change of the stack: `npm install && npx cdk synth --quiet -c repository=my-org/web` in a copy of its folder, then `node scripts/cdk-fixture.ts` with its template.
  expect(of).toBe(now);
});
