import { serviceState } from '../../src/adapters/ecs-shapes.ts';

/** What the preflight reads of a described service beyond what a deploy needs. */
test.each([
  [
    'a public IP',
    { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'], assignPublicIp: 'ENABLED' as const } } },
    true,
  ],
  ['no public IP', { networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } } }, false],
  ['no network of its own', {}, undefined],
])('%s', (_, service, expected) => {
  expect(serviceState(service).assignPublicIp).toBe(expected);
});

test.each([
  ['Service Connect', { enabled: true, services: [{ portName: 'http' }, { portName: 'grpc' }] }, ['http', 'grpc']],
  ['Service Connect as a client alone', { enabled: true }, []],
  ['Service Connect switched off', { enabled: false, services: [{ portName: 'http' }] }, undefined],
])('%s', (_, serviceConnectConfiguration, expected) => {
  const service = {
    deployments: [{ serviceConnectConfiguration }, { serviceConnectConfiguration: { enabled: true } }],
  };
  expect(serviceState(service).serviceConnectPorts).toEqual(expected);
});
