import { parse } from 'yaml';
import { type AppSpec, HOOKS, list, object } from './state.ts';

/**
 * Reads an AppSpec in YAML or JSON. Keys are the documented ones, in any case.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 * @throws an error whose message is what INVALID_REVISION says of the deployment
 */
export function readAppSpec(content: string): AppSpec {
  let parsed: unknown;
  try {
    parsed = parse(content);
  } catch {
    throw new Error('The AppSpec file is not well-formed.');
  }
  const spec = lowered(parsed);
  if (String(spec.version) !== '0' && String(spec.version) !== '0.0')
    throw new Error('The AppSpec file must have version 0.0.');
  const [resource, ...others] = list(spec.resources);
  const service = lowered(Object.values(object(resource))[0]);
  if (others.length > 0 || service.type !== 'AWS::ECS::Service')
    throw new Error('The AppSpec file must have one resource of the type AWS::ECS::Service.');
  const properties = lowered(service.properties);
  const balancer = lowered(properties.loadbalancerinfo);
  const { taskdefinition, platformversion, networkconfiguration, capacityproviderstrategy } = properties;
  if (typeof taskdefinition !== 'string' || typeof balancer.containername !== 'string')
    throw new Error('The AppSpec file must have TaskDefinition and LoadBalancerInfo with ContainerName.');
  if (typeof balancer.containerport !== 'number')
    throw new Error('ContainerPort of the AppSpec file must be a number.');
  const awsvpc = lowered(lowered(networkconfiguration).awsvpcconfiguration);
  if (
    networkconfiguration !== undefined &&
    ['subnets', 'securitygroups', 'assignpublicip'].some((one) => awsvpc[one] === undefined)
  )
    throw new Error('NetworkConfiguration of the AppSpec file must have Subnets, SecurityGroups and AssignPublicIp.');
  const hooks = new Map<string, string>();
  for (const entry of list(spec.hooks))
    for (const [name, lambda] of Object.entries(entry)) {
      const known = HOOKS.find((one) => one.toLowerCase() === name.toLowerCase());
      if (known === undefined) throw new Error(`${name} is not a hook of an ECS deployment.`);
      hooks.set(known, String(lambda));
    }
  return {
    taskDefinition: taskdefinition,
    containerName: balancer.containername,
    containerPort: balancer.containerport,
    hooks,
    ...(platformversion === undefined ? {} : { platformVersion: String(platformversion) }),
    ...(networkconfiguration === undefined
      ? {}
      : {
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: awsvpc.subnets,
              securityGroups: awsvpc.securitygroups,
              assignPublicIp: awsvpc.assignpublicip,
            },
          },
        }),
    ...(capacityproviderstrategy === undefined
      ? {}
      : {
          capacityProviderStrategy: list(capacityproviderstrategy).map((one) => {
            const { base, capacityprovider, weight } = lowered(one);
            return { base, capacityProvider: capacityprovider, weight };
          }),
        }),
  };
}

const lowered = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object(value)).map(([key, one]) => [key.toLowerCase(), one]));
