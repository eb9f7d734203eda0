/** What an infrastructure template describes, in the members of the APIs, whatever its language: for the simulated AWS. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import terraformSchema from '../fixtures/terraform-aws.json' with { type: 'json' };
import {
  type ProviderSchema,
  resourcesIn,
  type Resource as TerraformResource,
  type Value,
  type Values,
} from './terraform.ts';

export const [ACCOUNT, REGION] = ['123456789012', 'eu-west-1'] as const;
type Members = Values;
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface Infrastructure {
  /** By name: the trust policy. */
  readonly roles: ReadonlyMap<string, Members>;
  readonly logGroups: readonly string[];
  readonly alarms: readonly string[];
  /** By ARN: the kind of its targets. */
  readonly targetGroups: ReadonlyMap<string, 'ip' | 'instance'>;
  readonly cluster: string;
  /** Members of RegisterTaskDefinition. */
  readonly definition: Members;
  /** Members of CreateService, without cluster and revision. */
  readonly service: Members;
  /** Services of the VPC's endpoints: `ecr.api`. */
  readonly endpoints: readonly string[];
  /** Of the role that the workflow assumes. */
  readonly deployPolicy: readonly Statement[];
}

const isOfWorkflow = (trust: Value | undefined): boolean => JSON.stringify(trust).includes('WithWebIdentity');
const serviceOf = (name: Value | undefined): string => String(name).replace(/^com\.amazonaws\.[\w-]+\./, '');

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
interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: Value }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackName': 'web',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};
/** A template of CloudFormation, in YAML or JSON. */
export function cloudFormation(file: string): Infrastructure {
  const template: Template = JSON.parse(JSON.stringify(parse(readFileSync(file, 'utf8'), { customTags })));
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

  const [[, cluster = {}] = []] = all('AWS::ECS::Cluster');
  const [[, definition = {}] = []] = all('AWS::ECS::TaskDefinition');
  const [[, properties = {}] = []] = all('AWS::ECS::Service');
  const { cluster: _, taskDefinition: __, tags: ___, ...service } = camel(properties) as Members;
  const roles = new Map(
    all('AWS::IAM::Role').map(([name, { AssumeRolePolicyDocument: trust }]) => [name, trust as Members]),
  );
  const [workflow = ''] = [...roles].flatMap(([name, trust]) => (isOfWorkflow(trust) ? [name] : []));
  const [own = {}] = all('AWS::IAM::Role').flatMap(([name, role]) => (name === workflow ? [role] : []));
  const inline = ((own.Policies ?? []) as readonly Members[]).map(({ PolicyDocument }) => PolicyDocument as Members);
  const attached = all('AWS::IAM::Policy').flatMap(([, { Roles, PolicyDocument }]) =>
    JSON.stringify(Roles).includes(`"${workflow}"`) ? [PolicyDocument as Members] : [],
  );
  return {
    roles,
    logGroups: all('AWS::Logs::LogGroup').map(([, { LogGroupName }]) => String(LogGroupName)),
    alarms: all('AWS::CloudWatch::Alarm').map(([name]) => String(refOf(name))),
    targetGroups: new Map(
      all('AWS::ElasticLoadBalancingV2::TargetGroup').map(([name, { TargetType }]) => [
        String(refOf(name)),
        String(TargetType) as 'ip',
      ]),
    ),
    cluster: String(cluster.ClusterName),
    definition: camel(definition) as Members,
    service,
    endpoints: all('AWS::EC2::VPCEndpoint').map(([, { ServiceName }]) => serviceOf(ServiceName)),
    deployPolicy: [...inline, ...attached].flatMap(({ Statement }) => Statement as unknown as readonly Statement[]),
  };
}

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

/** A folder or file of Terraform. */
export function terraform(file: string, variables: Values): Infrastructure {
  const evaluation = { schema: terraformSchema as ProviderSchema, variables, computed };
  const resources = resourcesIn(file, evaluation);
  const all = (type: string): readonly TerraformResource[] => resources.filter((one) => one.type === type);
  const one = (type: string): Values => {
    const [first, ...more] = all(type);
    if (!first || more.length > 0) throw new Error(`${more.length + 1} of ${type}`);
    return first.values;
  };
  const json = (value: Value | undefined): Members => JSON.parse(String(value));
  const roles = new Map(all('aws_iam_role').map(({ name, values }) => [name, json(values.assume_role_policy)]));
  const [workflow] = [...roles].flatMap(([name, trust]) => (isOfWorkflow(trust) ? [name] : []));
  const policies = all('aws_iam_role_policy').filter(({ values }) => values.role === workflow);
  const { container_definitions: containers, ...definition } = one('aws_ecs_task_definition');
  return {
    roles,
    logGroups: all('aws_cloudwatch_log_group').map(({ values }) => String(values.name)),
    alarms: all('aws_cloudwatch_metric_alarm').map(({ values }) => String(values.alarm_name)),
    targetGroups: new Map(
      all('aws_lb_target_group').map((group) => [
        String(computed(group, 'arn')),
        String(group.values.target_type) as 'ip',
      ]),
    ),
    cluster: String(one('aws_ecs_cluster').name),
    definition: { ...asApi(definition), containerDefinitions: JSON.parse(String(containers)) },
    service: serviceIn(one('aws_ecs_service')),
    endpoints: all('aws_vpc_endpoint').map(({ values }) => serviceOf(values.service_name)),
    deployPolicy: policies.flatMap(({ values }) => json(values.policy).Statement as unknown as readonly Statement[]),
  };
}

/** What AWS gives to a resource of the example: only what its file refers to. */
function computed({ type, name, key, values }: TerraformResource, attribute: string): Value {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
  const own = String(values.name ?? name);
  const id = key === undefined ? name : `${name}-${key}`;
  const row: Readonly<Record<string, Values>> = {
    aws_caller_identity: { account_id: ACCOUNT },
    aws_partition: { partition: 'aws' },
    aws_region: { name: REGION, region: REGION },
    aws_availability_zones: { names: [`${REGION}a`, `${REGION}b`, `${REGION}c`] },
    aws_iam_policy_document: { json: policyDocument(values) },
    aws_vpc: { id: `vpc-${id}` },
    aws_internet_gateway: { id: `igw-${id}` },
    aws_subnet: { id: `subnet-${id}` },
    aws_route_table: { id: `rtb-${id}` },
    aws_security_group: { id: `sg-${id}` },
    aws_lb: {
      arn: arn('elasticloadbalancing', `loadbalancer/app/${own}/1`),
      arn_suffix: `app/${own}/1`,
      dns_name: `${own}.elb`,
    },
    aws_lb_target_group: {
      arn: arn('elasticloadbalancing', `targetgroup/${own}/0123456789abcdef`),
      arn_suffix: `targetgroup/${own}/0123456789abcdef`,
    },
    aws_cloudwatch_log_group: { arn: arn('logs', `log-group:${own}`) },
    aws_ecr_repository: {
      arn: arn('ecr', `repository/${own}`),
      repository_url: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${own}`,
    },
    aws_iam_role: { arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, name },
    aws_iam_openid_connect_provider: {
      arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${String(values.url).replace('https://', '')}`,
    },
    aws_ecs_cluster: { id: arn('ecs', `cluster/${own}`), arn: arn('ecs', `cluster/${own}`) },
    aws_ecs_task_definition: { arn: arn('ecs', `task-definition/${values.family}:1`) },
    aws_ecs_service: { id: arn('ecs', `service/${String(values.cluster).split('/').at(-1)}/${own}`) },
  };
  const found = row[type]?.[attribute];
  if (found === undefined) throw new Error(`${type}.${name}.${attribute} is not known here`);
  return found;
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document */
function policyDocument({ statement = [] }: Values): string {
  const plain = (values: Value): Value => (Array.isArray(values) && values.length === 1 ? (values[0] ?? null) : values);
  const Statement = (statement as readonly Values[]).map(
    ({ effect = 'Allow', actions = [], resources, principals = [], condition = [] }) => ({
      Effect: effect,
      Action: plain(actions),
      ...(resources === undefined ? {} : { Resource: plain(resources) }),
      Principal: Object.fromEntries(
        (principals as readonly Values[]).map(({ type, identifiers = [] }) => [type, plain(identifiers)]),
      ),
      Condition: Object.fromEntries(
        [...Map.groupBy(condition as readonly Values[], ({ test }) => String(test))].map(([test, some]) => [
          test,
          Object.fromEntries(some.map(({ variable, values = [] }) => [variable, plain(values)])),
        ]),
      ),
    }),
  );
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** A block that stands once in the API. */
const single = (value: Value | undefined): Values => ((value as readonly Values[] | undefined) ?? [])[0] ?? {};
const asApi = (values: Values): Members =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      camelCase(name),
      name === 'runtime_platform' ? asApi(single(value)) : value,
    ]),
  );

/** Members of CreateService; every argument has its place, or it is an error. */
function serviceIn(values: Values): Members {
  const {
    name = '',
    cluster: _,
    task_definition: __,
    deployment_circuit_breaker: breaker,
    alarms,
    deployment_minimum_healthy_percent: minimumHealthyPercent = 100,
    deployment_maximum_percent: maximumPercent = 200,
    network_configuration: network,
    load_balancer: balancers = [],
    desired_count: desiredCount = 0,
    launch_type: launchType = 'EC2',
    health_check_grace_period_seconds: healthCheckGracePeriodSeconds = 0,
    ...rest
  } = values;
  if (Object.keys(rest).length > 0) throw new Error(`aws_ecs_service: ${Object.keys(rest).join(', ')}`);
  const { subnets = [], security_groups: securityGroups = [], assign_public_ip: isPublic = false } = single(network);
  return {
    serviceName: name,
    desiredCount,
    launchType,
    healthCheckGracePeriodSeconds,
    deploymentConfiguration: {
      minimumHealthyPercent,
      maximumPercent,
      deploymentCircuitBreaker: single(breaker),
      alarms: asApi(single(alarms)),
    },
    networkConfiguration: {
      awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: isPublic === true ? 'ENABLED' : 'DISABLED' },
    },
    loadBalancers: (balancers as readonly Values[]).map(asApi),
  };
}
