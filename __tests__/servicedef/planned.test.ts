import type { JsonObject } from '../../src/model.ts';
import { plannedService, withSettings } from '../../src/servicedef/planned.ts';

const HOME = {
  partition: 'aws',
  region: 'eu-west-1',
  account: '123456789012',
  cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production',
  service: 'web',
};
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const planned = (settings: JsonObject) => plannedService(HOME, settings, 2);

test('a service of which the definition says little is what ECS would make of it', () => {
  expect(planned({})).toMatchObject({
    arn: 'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
    status: 'ACTIVE',
    launchType: 'EC2',
    capacityProviders: [],
    schedulingStrategy: 'REPLICA',
    desiredCount: 2,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    strategy: 'ROLLING',
    deployments: [],
    propagateTags: 'NONE',
    settings: {},
  });
  expect(planned({ schedulingStrategy: 'DAEMON' })).toMatchObject({
    schedulingStrategy: 'DAEMON',
    minimumHealthyPercent: 0,
    maximumPercent: 100,
  });
  const provided = planned({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] });
  expect([provided.launchType, provided.capacityProviders]).toEqual([undefined, ['FARGATE']]);
});

test('each member that checks look at is taken over', () => {
  const settings: JsonObject = {
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' },
    },
    loadBalancers: [
      { targetGroupArn: GROUP, containerName: 'app', containerPort: 80, advancedConfiguration: { roleArn: 'arn:r' } },
    ],
    serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] },
    volumeConfigurations: [{ name: 'data' }],
    healthCheckGracePeriodSeconds: 30,
    enableExecuteCommand: true,
    enableECSManagedTags: true,
    propagateTags: 'SERVICE',
    placementConstraints: [{ type: 'distinctInstance' }],
    placementStrategy: [],
    deploymentConfiguration: {
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      strategy: 'CANARY',
      bakeTimeInMinutes: 5,
      canaryConfiguration: { canaryPercent: 10 },
      linearConfiguration: { stepPercent: 20 },
      lifecycleHooks: [{ targetType: 'PAUSE' }],
      earlySuccessCriteria: { enable: true, healthyPercent: 80 },
      alarms: { alarmNames: ['5xx'], enable: true, rollback: false },
      deploymentCircuitBreaker: {
        enable: true,
        rollback: true,
        resetOnHealthyTask: false,
        thresholdConfiguration: { type: 'COUNT', value: 3 },
      },
    },
  };
  expect(planned(settings)).toMatchObject({
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    subnets: ['subnet-1'],
    securityGroups: ['sg-1'],
    assignPublicIp: true,
    loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 80, advanced: { roleArn: 'arn:r' } }],
    serviceConnectPorts: ['http'],
    volumes: ['data'],
    healthCheckGracePeriodSeconds: 30,
    enableExecuteCommand: true,
    enableEcsManagedTags: true,
    propagateTags: 'SERVICE',
    placement: { placementConstraints: [{ type: 'distinctInstance' }], volumeConfigurations: [{ name: 'data' }] },
    minimumHealthyPercent: 50,
    maximumPercent: 150,
    strategy: 'CANARY',
    bakeTimeMinutes: 5,
    canary: { canaryPercent: 10 },
    linear: { stepPercent: 20 },
    lifecycleHooks: [{ targetType: 'PAUSE' }],
    earlySuccessPercent: 80,
    alarms: { names: ['5xx'], enable: true, rollback: false },
    circuitBreaker: {
      enable: true,
      rollback: true,
      threshold: { type: 'COUNT', value: 3 },
      resetOnHealthyTask: false,
    },
  });
});

test('of a service that exists only what is named changes, and ECS’s own description stays', () => {
  const before = { ...planned({ launchType: 'FARGATE', volumeConfigurations: [{ name: 'data' }] }), runningCount: 2 };
  const after = withSettings(before, { volumeConfigurations: [], serviceConnectConfiguration: { enabled: false } });
  expect(after).toMatchObject({ runningCount: 2, launchType: 'FARGATE', volumes: [], serviceConnectPorts: [] });
  expect(after.settings).toBe(before.settings);
  expect(after.placement).toBeUndefined();
  expect(withSettings(before, {})).toEqual(before);
});

test('what a deployment configuration leaves out is absent, and what it turns off is off', () => {
  const configured = (deploymentConfiguration: JsonObject) => planned({ deploymentConfiguration });
  const bare = configured({ maximumPercent: 150 });
  for (const member of ['lifecycleHooks', 'circuitBreaker', 'alarms', 'earlySuccessPercent'] as const)
    expect(bare).not.toHaveProperty(member);
  expect(configured({ deploymentCircuitBreaker: { enable: false, rollback: false } }).circuitBreaker).toEqual({
    enable: false,
    rollback: false,
  });
  expect(configured({ alarms: { alarmNames: ['5xx'], enable: false, rollback: true } }).alarms).toEqual({
    names: ['5xx'],
    enable: false,
    rollback: true,
  });
  expect(configured({ earlySuccessCriteria: { enable: false, healthyPercent: 80 } })).not.toHaveProperty(
    'earlySuccessPercent',
  );
  expect(planned({})).toMatchObject({
    taskDefinitionArn: '',
    enableExecuteCommand: false,
    enableEcsManagedTags: false,
  });
});

test('lists that nothing names are empty, and a number in quotes is no number', () => {
  expect(planned({})).toMatchObject({
    events: [],
    loadBalancers: [],
    subnets: [],
    securityGroups: [],
    deployments: [],
  });
  expect(planned({ launchType: 'FARGATE' }).capacityProviders).toEqual([]);
  const off = planned({ serviceConnectConfiguration: { enabled: false, services: [{ portName: 'http' }] } });
  expect(off.serviceConnectPorts).toEqual([]);
  expect(planned({ serviceConnectConfiguration: { enabled: true, services: [{}] } }).serviceConnectPorts).toEqual([]);
  expect(planned({ healthCheckGracePeriodSeconds: '30' })).not.toHaveProperty('healthCheckGracePeriodSeconds');
});
