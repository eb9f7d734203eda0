import { rolesIn } from '../../src/servicedef/roles.ts';

test('each role that ECS takes is found where it stands', () => {
  const found = rolesIn({
    role: 'ecsServiceRole',
    loadBalancers: [{ advancedConfiguration: { roleArn: 'arn:lb' } }, {}],
    volumeConfigurations: [{ name: 'data', managedEBSVolume: { roleArn: 'arn:ebs' } }],
    vpcLatticeConfigurations: [{ roleArn: 'arn:lattice' }],
    serviceConnectConfiguration: {
      enabled: true,
      services: [{ portName: 'a' }, { portName: 'b', tls: { roleArn: 'arn:tls' } }],
    },
    deploymentConfiguration: { lifecycleHooks: [{ roleArn: 'arn:hook' }] },
  });
  expect(found.map(({ role, path }) => `${path} ${role}`)).toEqual([
    'role ecsServiceRole',
    'loadBalancers[0].advancedConfiguration.roleArn arn:lb',
    'volumeConfigurations[0].managedEBSVolume.roleArn arn:ebs',
    'vpcLatticeConfigurations[0].roleArn arn:lattice',
    'serviceConnectConfiguration.services[1].tls.roleArn arn:tls',
    'deploymentConfiguration.lifecycleHooks[0].roleArn arn:hook',
  ]);
  expect(rolesIn({})).toEqual([]);
});
