import { asObjects, type JsonObject, objectOf } from '../model.ts';
import { textOf } from '../taskdef/template.ts';

/** A role that ECS itself assumes for a service. */
export interface ServiceRole {
  /** ARN, or a name where ECS takes one. */
  readonly role: string;
  /** What for: `load balancer role`. */
  readonly as: string;
  /** Where it stands in the service definition. */
  readonly path: string;
}

/**
 * The roles that a service definition names: ECS takes them, so that the caller needs iam:PassRole on each.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
 */
export function rolesIn(settings: JsonObject): ServiceRole[] {
  const connect = asObjects(objectOf(settings.serviceConnectConfiguration).services);
  const hooks = asObjects(objectOf(settings.deploymentConfiguration).lifecycleHooks);
  const found = [
    { role: settings.role, as: 'role of the service', path: 'role' },
    ...asObjects(settings.loadBalancers).map(({ advancedConfiguration }, i) => ({
      role: objectOf(advancedConfiguration).roleArn,
      as: 'load balancer role',
      path: `loadBalancers[${i}].advancedConfiguration.roleArn`,
    })),
    ...asObjects(settings.volumeConfigurations).map(({ managedEBSVolume }, i) => ({
      role: objectOf(managedEBSVolume).roleArn,
      as: 'role of the EBS volume',
      path: `volumeConfigurations[${i}].managedEBSVolume.roleArn`,
    })),
    ...asObjects(settings.vpcLatticeConfigurations).map(({ roleArn }, i) => ({
      role: roleArn,
      as: 'VPC Lattice role',
      path: `vpcLatticeConfigurations[${i}].roleArn`,
    })),
    ...connect.map(({ tls }, i) => ({
      role: objectOf(tls).roleArn,
      as: 'Service Connect TLS role',
      path: `serviceConnectConfiguration.services[${i}].tls.roleArn`,
    })),
    ...hooks.map(({ roleArn }, i) => ({
      role: roleArn,
      as: 'role of a lifecycle hook',
      path: `deploymentConfiguration.lifecycleHooks[${i}].roleArn`,
    })),
  ];
  return found.flatMap(({ role, as, path }) => (textOf(role) === '' ? [] : [{ role: textOf(role), as, path }]));
}
