import type { JsonObject } from '../../src/model.ts';
import { definitionRules } from '../../src/servicedef/rules.ts';

const network = (vpc: JsonObject): JsonObject => ({ networkConfiguration: { awsvpcConfiguration: vpc } });
const many = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const daemon = (more: JsonObject): JsonObject => ({ schedulingStrategy: 'DAEMON', ...more });

test.each<[string, JsonObject]>([
  ['nothing', {}],
  [
    'a usual service',
    { launchType: 'FARGATE', desiredCount: 0, ...network({ subnets: ['subnet-0a1b'], securityGroups: ['sg-0a1b'] }) },
  ],
  ['a launch type with an empty strategy', { launchType: 'FARGATE', capacityProviderStrategy: [] }],
  [
    'a daemon',
    daemon({ launchType: 'EC2', deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } }),
  ],
  ['as many as ECS takes', network({ subnets: many(16, 'subnet'), securityGroups: many(5, 'sg') })],
  ['ECS itself', { deploymentController: { type: 'ECS' } }],
  [
    'a Classic Load Balancer',
    { loadBalancers: [{ loadBalancerName: 'web', containerName: 'app', containerPort: 80 }] },
  ],
])('%s is right', (_, definition) => expect(definitionRules(definition)).toEqual([]));

test.each<[JsonObject, readonly string[]]>([
  [{ launchType: 'FARGATE', capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }, ['launchType']],
  [{ deploymentController: { type: 'CODE_DEPLOY' } }, ['deploymentController.type']],
  [{ desiredCount: -1 }, ['desiredCount']],
  [
    daemon({
      desiredCount: 2,
      placementStrategy: [{ type: 'random' }],
      launchType: 'FARGATE',
      availabilityZoneRebalancing: 'ENABLED',
      volumeConfigurations: [{ name: 'data' }],
      deploymentConfiguration: { maximumPercent: 200 },
    }),
    [
      'desiredCount',
      'placementStrategy',
      'launchType',
      'availabilityZoneRebalancing',
      'volumeConfigurations',
      'deploymentConfiguration.maximumPercent',
    ],
  ],
  [network({ subnets: [] }), ['networkConfiguration.awsvpcConfiguration.subnets']],
  [network({ subnets: ['private-a', 'subnet-1'] }), ['networkConfiguration.awsvpcConfiguration.subnets[0]']],
  [
    network({ subnets: many(17, 'subnet'), securityGroups: ['web', ...many(5, 'sg')] }),
    [
      'networkConfiguration.awsvpcConfiguration.securityGroups[0]',
      'networkConfiguration.awsvpcConfiguration.subnets',
      'networkConfiguration.awsvpcConfiguration.securityGroups',
    ],
  ],
  [{ loadBalancers: [{ containerName: 'app', containerPort: 80 }] }, ['loadBalancers[0]']],
  [
    { loadBalancers: [{ targetGroupArn: GROUP, loadBalancerName: 'web', containerName: 'app', containerPort: 80 }] },
    ['loadBalancers[0]'],
  ],
  [
    { loadBalancers: [{ targetGroupArn: GROUP }] },
    ['loadBalancers[0].containerName', 'loadBalancers[0].containerPort'],
  ],
  [{ serviceRegistries: [{ registryArn: 'a' }, { registryArn: 'b' }] }, ['serviceRegistries']],
  [
    { deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } },
    ['deploymentConfiguration.maximumPercent'],
  ],
  [
    {
      tags: [
        { value: 'x' },
        { key: 'aws:x', value: 'y' },
        { key: 'k'.repeat(129), value: '' },
        { key: 'k', value: 'v'.repeat(257) },
      ],
    },
    ['tags[0]', 'tags[1]', 'tags[2]', 'tags[3]'],
  ],
  [{ tags: many(51, 'k').map((key) => ({ key, value: '' })) }, ['tags']],
])('%j has mistakes', (definition, subjects) => {
  const found = definitionRules(definition);
  expect(found.map(({ subject }) => subject)).toEqual(subjects);
  for (const { remedy } of found) expect(remedy).toMatch(/\.$/);
});
