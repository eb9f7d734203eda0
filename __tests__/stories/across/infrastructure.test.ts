import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { rightsOf } from '../../../scripts/policy/rights.ts';
import { subjectOf } from '../../../scripts/policy/subject.ts';
import { allowOnly } from '../../../simulator/services/identity-policy.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { toTemplate } from '../../../src/taskdef/template.ts';
import { CONTEXT, Stage } from '../../support/world.ts';

/**
 * What examples/infrastructure describes is what a first deploy needs: its resources on the simulated AWS, and nothing that the
 * preflight finds wrong. A template of CloudFormation in another file (CDK: `cdk.out/web.template.json`) is named by TEMPLATE.
 */
const FILE = process.env.TEMPLATE ?? 'examples/infrastructure/service.yml';
const [ACCOUNT, REGION] = ['123456789012', 'eu-west-1'];

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
type Members = { readonly [key: string]: Value };
interface Resource {
  readonly Type: string;
  readonly Properties?: Members;
}

/** CloudFormation's short forms as its long ones. */
const customTags = ['Ref', 'Sub', 'GetAtt', 'GetAZs', 'Join', 'Select', 'If', 'Equals'].flatMap((name) => {
  const key = name === 'Ref' ? name : `Fn::${name}`;
  const long = (value: unknown) => ({ [key]: name === 'GetAtt' ? String(value).split('.') : value });
  return [
    { tag: `!${name}`, resolve: long },
    { tag: `!${name}`, collection: 'seq' as const, resolve: (seq: { toJSON(): unknown }) => ({ [key]: seq.toJSON() }) },
  ];
});
const template: {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Value }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
} = JSON.parse(JSON.stringify(parse(readFileSync(FILE, 'utf8'), { customTags })));

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackName': 'web',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};
const named = (name: string, { Type, Properties: p = {} }: Resource): { ref: string; arn: string; name: string } => {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
  const own = (key: string): string => (p[key] === undefined ? name : String(resolved(p[key])));
  switch (Type) {
    case 'AWS::IAM::Role': {
      const role = `arn:aws:iam::${ACCOUNT}:role/${name}`;
      return { ref: name, arn: role, name };
    }
    case 'AWS::Logs::LogGroup':
      return { ref: own('LogGroupName'), arn: arn('logs', `log-group:${own('LogGroupName')}:*`), name };
    case 'AWS::ECR::Repository':
      return { ref: own('RepositoryName'), arn: arn('ecr', `repository/${own('RepositoryName')}`), name };
    case 'AWS::ElasticLoadBalancingV2::TargetGroup': {
      const group = arn('elasticloadbalancing', `targetgroup/${name.slice(0, 32)}/0123456789abcdef`);
      return { ref: group, arn: group, name };
    }
    case 'AWS::CloudWatch::Alarm':
      return { ref: own('AlarmName'), arn: arn('cloudwatch', `alarm:${own('AlarmName')}`), name };
    case 'AWS::ECS::Cluster':
      return { ref: own('ClusterName'), arn: arn('ecs', `cluster/${own('ClusterName')}`), name };
    case 'AWS::ECS::Service': {
      const service = arn('ecs', `service/${String(resolved(p.Cluster))}/${own('ServiceName')}`);
      return { ref: service, arn: service, name };
    }
    case 'AWS::EC2::Subnet':
      return { ref: `subnet-${name.toLowerCase()}`, arn: '', name };
    default:
      return { ref: name, arn: arn('other', name), name };
  }
};

/** A value of the template with its functions carried out. */
function resolved(value: Value | undefined): Value {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value ?? '';
  const [[key = '', given] = []] = Object.entries(value as Members);
  const args = (): readonly Value[] => resolved(given as Value) as readonly Value[];
  switch (key) {
    case 'Ref':
      return refOf(String(given));
    case 'Fn::GetAtt': {
      const [name = '', attribute] = (given as readonly string[]).join('.').split('.');
      const found = template.Resources[name];
      if (!found) throw new Error(`${name} does not exist`);
      return attribute === 'Arn' ? named(name, found).arn : `${name}.${attribute}`;
    }
    case 'Fn::Sub': {
      const text = Array.isArray(given) ? String(given[0]) : String(given);
      return text.replaceAll(/\$\{([^}!]+)\}/g, (_, name: string) =>
        name.includes('.') ? String(resolved({ 'Fn::GetAtt': name.split('.') })) : String(refOf(name)),
      );
    }
    case 'Fn::Join': {
      const [sign, parts] = given as readonly [string, Value];
      return (resolved(parts) as readonly Value[]).join(sign);
    }
    case 'Fn::Select': {
      const [index, from] = given as readonly [number, Value];
      return (resolved(from) as readonly Value[])[Number(index)] ?? '';
    }
    case 'Fn::Split': {
      const [sign, text] = given as readonly [string, Value];
      return String(resolved(text)).split(sign);
    }
    case 'Fn::GetAZs':
      return [`${REGION}a`, `${REGION}b`];
    case 'Fn::If':
      return args()[1] ?? '';
    default:
      return Object.fromEntries(Object.entries(value as Members).map(([member, one]) => [member, resolved(one)]));
  }
}

function refOf(name: string): Value {
  const pseudo = PSEUDO[name];
  if (pseudo !== undefined) return pseudo;
  const resource = template.Resources[name];
  if (resource) return named(name, resource).ref;
  const parameter = template.Parameters?.[name];
  if (!parameter) throw new Error(`${name} is neither a parameter nor a resource`);
  return parameter.Default ?? name;
}

const all = (type: string): readonly (readonly [string, Members])[] =>
  Object.entries(template.Resources).flatMap(([name, { Type, Properties = {} }]) =>
    Type === type ? [[name, resolved(Properties as Value) as Members] as const] : [],
  );
/** CloudFormation names members in PascalCase, ECS's API in camelCase; options and the like keep their keys. */
function camel(value: Value, keys = true): Value {
  if (Array.isArray(value)) return value.map((one) => camel(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Members).map(([key, one]) => [
      keys ? `${key[0]?.toLowerCase()}${key.slice(1)}` : key,
      camel(one, key !== 'Options'),
    ]),
  );
}

/** The stack on the simulated AWS; the service has the tasks that its first deploy gives it. */
function built(): {
  readonly stage: Stage;
  readonly service: string;
  readonly cluster: string;
  readonly family: string;
} {
  const stage = new Stage();
  const { simulator } = stage;
  for (const [name, { AssumeRolePolicyDocument: trust }] of all('AWS::IAM::Role'))
    simulator.iam.roles.set(name, { path: '/', trust: trust as never, allows: [['*', '']] });
  for (const [, { LogGroupName }] of all('AWS::Logs::LogGroup'))
    simulator.logs.groups.set(String(LogGroupName), new Map());
  for (const [name] of all('AWS::CloudWatch::Alarm'))
    simulator.cloudwatch.alarms.set(String(refOf(name)), { state: 'OK' });
  for (const [name, { TargetType }] of all('AWS::ElasticLoadBalancingV2::TargetGroup'))
    simulator.loadBalancing.targetGroups.set(String(refOf(name)), { targetType: String(TargetType) as 'ip' });
  const [[, cluster = {}] = []] = all('AWS::ECS::Cluster');
  const clusterName = String(cluster.ClusterName);
  simulator.call('CreateCluster', { clusterName });
  const [[, definition = {}] = []] = all('AWS::ECS::TaskDefinition');
  const registered = camel(definition) as Members;
  simulator.call('RegisterTaskDefinition', {
    ...registered,
    cpu: String(registered.cpu),
    memory: String(registered.memory),
  });
  const [[, properties = {}] = []] = all('AWS::ECS::Service');
  const { tags: _, ...service } = camel(properties) as Members & { tags?: Value };
  simulator.call('CreateService', { ...service, cluster: clusterName, taskDefinition: String(registered.family) });
  stage.clock.advance(120);
  stage.files.set(
    'task-definition.json',
    JSON.stringify({
      ...registered,
      cpu: String(registered.cpu),
      memory: String(registered.memory),
      containerDefinitions: (registered.containerDefinitions as readonly Members[]).map((one) => ({
        ...one,
        image: 'example.com/app:1',
      })),
    }),
  );
  return { stage, service: String(service.serviceName), cluster: clusterName, family: String(registered.family) };
}

test('the first deploy finds nothing wrong beforehand, and is healthy', async () => {
  const { stage, service, cluster } = built();
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
  const endpoints = all('AWS::EC2::VPCEndpoint').map(([, { ServiceName }]) =>
    String(ServiceName).replace(/^com\.amazonaws\.[\w-]+\./, ''),
  );
  expect(endpoints.sort()).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager']);
});

test('the role of the workflow trusts one environment of one repository', () => {
  const trust = all('AWS::IAM::Role').map(([, { AssumeRolePolicyDocument }]) =>
    JSON.stringify(AssumeRolePolicyDocument),
  );
  const [github = ''] = trust.filter((text) => text.includes('WithWebIdentity'));
  expect(github).toMatch(/"token\.actions\.githubusercontent\.com:sub":"repo:[^*"]+:environment:[^*"]+"/);
  expect(github).toContain('"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"');
});

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

/** The policy of the workflow's role, resolved. */
function deployPolicy(): { readonly Statement: readonly { readonly Action: string | readonly string[] }[] } {
  const [role] = all('AWS::IAM::Role').filter(([, { AssumeRolePolicyDocument: trust }]) =>
    JSON.stringify(trust).includes('WithWebIdentity'),
  );
  const [name = '', { Policies = [] } = {}] = role ?? [];
  const inline = (Policies as readonly Members[]).map(({ PolicyDocument }) => PolicyDocument as Members);
  const attached = all('AWS::IAM::Policy').flatMap(([, { Roles, PolicyDocument }]) =>
    JSON.stringify(Roles).includes(`"${name}"`) ? [PolicyDocument as Members] : [],
  );
  const Statement = [...inline, ...attached].flatMap(({ Statement }) => Statement as readonly { Action: string }[]);
  return { Version: '2012-10-17', Statement } as never;
}

test('the role of the workflow has what its modes need, and no more', () => {
  const place = {
    'aws-region': REGION,
    cluster: 'web',
    service: 'web',
    'role-to-assume': `arn:aws:iam::${ACCOUNT}:role/deploy`,
  };
  const { stage } = built();
  const template = toTemplate(JSON.parse(stage.files.get('task-definition.json') ?? ''), 'task-definition.json');
  const needed = (given: Readonly<Record<string, string>>): string[] => {
    const { inputs } = parseInputs(new Map(Object.entries({ ...place, ...given })), { context: CONTEXT, env: {} });
    return rightsOf(
      subjectOf(inputs, { madeUp: new Set(), template, account: undefined, serviceDefinition: undefined }),
    ).map(({ action }) => action);
  };
  const modes = [
    needed({ repository: 'web/app', 'task-definition': 'task-definition.json', 'desired-count': '2' }),
    needed({ mode: 'rollback' }),
    needed({ mode: 'list' }),
    needed({ mode: 'watch' }),
    needed({ mode: 'continue' }),
  ];
  const has = deployPolicy().Statement.flatMap(({ Action }) => Action);
  expect([...new Set(has)].sort()).toEqual([...new Set(modes.flat())].sort());
});

test('with that role a deploy, a failed deploy and a rollback are denied nothing', async () => {
  const { stage, service, cluster } = built();
  const lift = allowOnly(stage.simulator, deployPolicy());
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
