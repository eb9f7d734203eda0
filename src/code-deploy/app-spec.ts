import { lastPart } from '../arn.ts';
import { Failure, type Mistake } from '../failure.ts';
import { defined, isObject, type Json, type JsonObject, type ServiceState, type TaskDefinition } from '../model.ts';
import { didYouMean } from '../spelling.ts';

/**
 * An AppSpec of an ECS service. Keys are found in any case, as aws-actions/amazon-ecs-deploy-task-definition finds them, and sent as
 * CodeDeploy documents them. https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export interface AppSpec {
  /** All members with documented names, TaskDefinition left out. */
  readonly content: JsonObject;
  readonly container: string;
  readonly port: number;
  /** Lambda function by lifecycle event. */
  readonly hooks: readonly (readonly [event: string, lambda: string])[];
}

const HOOKS = ['BeforeInstall', 'AfterInstall', 'AfterAllowTestTraffic', 'BeforeAllowTraffic', 'AfterAllowTraffic'];
const PROPERTIES = [
  'TaskDefinition',
  'LoadBalancerInfo',
  'PlatformVersion',
  'NetworkConfiguration',
  'CapacityProviderStrategy',
];
const AWSVPC = ['Subnets', 'SecurityGroups', 'AssignPublicIp'];

/** `containername`, `ContainerName`: the member whose name differs in case alone. */
function member(object: Json | undefined, name: string): Json | undefined {
  if (!isObject(object)) return undefined;
  const key = Object.keys(object).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/**
 * Reads what a file holds.
 * @param name of the file, for messages
 * @throws Failure INVALID_INPUT with every mistake
 */
export function readAppSpec(given: Json, name: string): AppSpec {
  const mistakes: Mistake[] = [];
  const wrong = (subject: string, problem: string, remedy?: string): void =>
    void mistakes.push({ subject, problem, ...defined({ remedy }) });
  const resources = member(given, 'Resources');
  const [resource] = Array.isArray(resources) ? resources : [];
  const service = isObject(resource) ? Object.values(resource)[0] : undefined;
  const properties = member(service, 'Properties');
  const type = member(service, 'Type');
  if (!isObject(properties) || type !== 'AWS::ECS::Service')
    wrong('Resources', 'has no resource of the type AWS::ECS::Service with Properties.', SHAPE);
  if (Array.isArray(resources) && resources.length > 1)
    wrong('Resources', `has ${resources.length} resources; a deployment of ECS takes one.`, 'Keep one.');
  for (const key of isObject(properties) ? Object.keys(properties) : [])
    if (!PROPERTIES.some((one) => one.toLowerCase() === key.toLowerCase()))
      wrong(`Properties.${key}`, 'is not a property that CodeDeploy knows.', meant(key, PROPERTIES));
  const balancer = member(properties, 'LoadBalancerInfo');
  const container = member(balancer, 'ContainerName');
  const port = numberIn(member(balancer, 'ContainerPort'));
  if (isObject(properties) && (typeof container !== 'string' || container === '' || port === undefined))
    wrong('Properties.LoadBalancerInfo', 'needs ContainerName and ContainerPort (a number).', SHAPE);
  const network = member(member(properties, 'NetworkConfiguration'), 'AwsvpcConfiguration');
  const missing = AWSVPC.filter((one) => member(network, one) === undefined);
  if (member(properties, 'NetworkConfiguration') !== undefined && missing.length > 0)
    wrong(
      'Properties.NetworkConfiguration.AwsvpcConfiguration',
      `has no ${missing.join(', ')}: CodeDeploy takes all three or none.`,
      'Give Subnets, SecurityGroups and AssignPublicIp, or remove NetworkConfiguration: the service keeps its own.',
    );
  const hooks = hooksIn(member(given, 'Hooks'), wrong);
  if (mistakes.length > 0)
    throw new Failure('INVALID_INPUT', `The AppSpec ${name} has mistakes; nothing was changed.`, { mistakes });
  const awsvpc = Object.fromEntries(AWSVPC.flatMap((one) => pair(one, member(network, one))));
  const strategy = member(properties, 'CapacityProviderStrategy');
  return {
    container: String(container),
    port: port ?? 0,
    hooks,
    content: contentOf(
      {
        LoadBalancerInfo: { ContainerName: String(container), ContainerPort: port ?? 0 },
        ...Object.fromEntries(pair('PlatformVersion', member(properties, 'PlatformVersion'))),
        ...(network === undefined ? {} : { NetworkConfiguration: { AwsvpcConfiguration: awsvpc } }),
        ...Object.fromEntries(pair('CapacityProviderStrategy', strategy)),
      },
      hooks,
    ),
  };
}

const SHAPE =
  'Resources > TargetService > Type: AWS::ECS::Service, Properties > LoadBalancerInfo > ContainerName, ContainerPort.';

const pair = (name: string, value: Json | undefined): [string, Json][] => (value === undefined ? [] : [[name, value]]);

/** CodeDeploy fails a deployment whose port is text. */
function numberIn(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

const meant = (name: string, names: readonly string[]): string => {
  const near = didYouMean(name, names);
  return near ? `Did you mean ${near}?` : `It knows ${names.join(', ')}.`;
};

function hooksIn(
  given: Json | undefined,
  wrong: (subject: string, problem: string, remedy?: string) => void,
): AppSpec['hooks'] {
  if (given === undefined || given === null) return [];
  const entries = (Array.isArray(given) ? given : [given]).flatMap((one) => (isObject(one) ? Object.entries(one) : []));
  return entries.flatMap(([name, lambda]) => {
    const event = HOOKS.find((one) => one.toLowerCase() === name.toLowerCase());
    if (event === undefined) wrong(`Hooks.${name}`, 'is not a lifecycle event with a hook.', meant(name, HOOKS));
    else if (typeof lambda !== 'string' || lambda === '')
      wrong(`Hooks.${name}`, 'names no Lambda function.', 'Give its name or ARN, or remove the hook.');
    else return [[event, lambda] as const];
    return [];
  });
}

const contentOf = (properties: JsonObject, hooks: AppSpec['hooks']): JsonObject => ({
  version: 0.0,
  Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties: properties } }],
  ...(hooks.length > 0 ? { Hooks: hooks.map(([event, lambda]) => ({ [event]: lambda })) } : {}),
});

/**
 * Made from the service: the container and port behind its load balancer, and what a task set does not have of the service automatically.
 * @param hooks of the newest deployment: they are kept
 * @throws Failure INVALID_INPUT where the service has no load balancer with a container
 */
export function makeAppSpec(service: ServiceState, hooks: AppSpec['hooks'] = []): AppSpec {
  const sets = service.taskSets ?? [];
  const serving = sets.find(({ status }) => status === 'PRIMARY');
  const balancer = [...(serving?.loadBalancers ?? []), ...service.loadBalancers].find(
    ({ containerName, containerPort }) => containerName !== undefined && containerPort !== undefined,
  );
  if (balancer?.containerName === undefined || balancer.containerPort === undefined)
    throw new Failure(
      'INVALID_INPUT',
      `The service ${service.name} has no load balancer that an AppSpec could be made from.`,
      {
        remedy: 'Give the AppSpec in `codedeploy-appspec`.',
      },
    );
  const { containerName: container, containerPort: port } = balancer;
  const { platformVersion, subnets, securityGroups, assignPublicIp, placement } = service;
  const strategy = (placement?.capacityProviderStrategy ?? []).map(({ base, capacityProvider, weight }) =>
    defined({ Base: base, CapacityProvider: capacityProvider, Weight: weight }),
  ) as JsonObject[];
  // "All or none": https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
  const hasNetwork = subnets.length > 0 && securityGroups.length > 0 && assignPublicIp !== undefined;
  return {
    container,
    port,
    hooks,
    content: contentOf(
      {
        LoadBalancerInfo: { ContainerName: container, ContainerPort: port },
        ...(platformVersion === undefined ? {} : { PlatformVersion: platformVersion }),
        ...(hasNetwork
          ? {
              NetworkConfiguration: {
                AwsvpcConfiguration: {
                  Subnets: [...subnets],
                  SecurityGroups: [...securityGroups],
                  AssignPublicIp: assignPublicIp ? 'ENABLED' : 'DISABLED',
                },
              },
            }
          : {}),
        ...(strategy.length > 0 ? { CapacityProviderStrategy: strategy } : {}),
      },
      hooks,
    ),
  };
}

/** The AppSpec for a revision, and with the platform version that the inputs name. @param taskDefinition ARN */
export function withRevision(content: JsonObject, taskDefinition: string, platformVersion?: string): string {
  const [resource] = content.Resources as readonly JsonObject[];
  const service = resource?.TargetService as JsonObject;
  const properties = {
    TaskDefinition: taskDefinition,
    ...(service.Properties as JsonObject),
    ...defined({ PlatformVersion: platformVersion ?? (service.Properties as JsonObject).PlatformVersion }),
  };
  return JSON.stringify({ ...content, Resources: [{ TargetService: { ...service, Properties: properties } }] });
}

/** The revision in an AppSpec that CodeDeploy has; undefined where it cannot be read. JSON, or YAML in its plain form. */
export function revisionIn(text: string | undefined): string | undefined {
  const found = /["']?TaskDefinition["']?\s*:\s*["']?([^"'\s,}]+)/i.exec(text ?? '')?.[1];
  return found === undefined || found === '' ? undefined : found;
}

/** What a task definition must have for the AppSpec. */
export function appSpecMistakes({ container, port }: AppSpec, definition: TaskDefinition): Mistake[] {
  const names = definition.containerDefinitions.map(({ name }) => name);
  const found = definition.containerDefinitions.find(({ name }) => name === container);
  if (!found)
    return [
      {
        subject: 'LoadBalancerInfo.ContainerName',
        problem: `\`${container}\` is not a container of ${definition.family}.`,
        remedy: meant(container, names),
      },
    ];
  const ports = Array.isArray(found.portMappings) ? found.portMappings : [];
  const mapped = ports.flatMap((one) =>
    isObject(one) && typeof one.containerPort === 'number' ? [one.containerPort] : [],
  );
  return mapped.includes(port)
    ? []
    : [
        {
          subject: 'LoadBalancerInfo.ContainerPort',
          problem: `${port} is not a containerPort of ${container} in ${definition.family}.`,
          remedy: mapped.length > 0 ? `It has ${mapped.join(', ')}.` : 'Add it to its portMappings.',
        },
      ];
}

/** `acme/web@c0ffee (run 42): web:7` */
export const describeDeployment = (
  { repository, sha, runId }: { readonly repository: string; readonly sha: string; readonly runId: string },
  taskDefinition: string,
): string => `${lastPart(taskDefinition)} of ${repository}@${sha.slice(0, 12)}, run ${runId}`;
