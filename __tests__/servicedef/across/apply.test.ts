import fc from 'fast-check';
import { createDependencies } from '../../../simulator/world/dependencies.ts';
import type { Json, JsonObject } from '../../../src/model.ts';
import { compareSettings, isSame } from '../../../src/servicedef/compare.ts';
import { Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Definitions of one service, each of which the simulated ECS takes: a change leads from any of them to any other. */
const group = (name: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const registry = (name: string): string => `arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-${name}`;
const some = <T>(...values: readonly T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);

const definitions = fc
  .record({
    networkConfiguration: fc
      .record({
        subnets: fc.uniqueArray(fc.constantFrom('subnet-1', 'subnet-2', 'subnet-3'), { minLength: 1 }),
        securityGroups: fc.uniqueArray(fc.constantFrom('sg-1', 'sg-2')),
        assignPublicIp: some('ENABLED', 'DISABLED'),
      })
      .map((awsvpcConfiguration) => ({ awsvpcConfiguration })),
    loadBalancers: fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c'))
      .map((names) =>
        names.map((name) => ({ targetGroupArn: group(name), containerName: 'app', containerPort: 8080 })),
      ),
    serviceRegistries: some<Json>([], [{ registryArn: registry('a') }], [{ registryArn: registry('b') }]),
    serviceConnectConfiguration: some<Json>(
      { enabled: false },
      { enabled: true, namespace: 'shop' },
      { enabled: true, namespace: 'shop', logConfiguration: { logDriver: 'awslogs', options: { a: 'b' } } },
    ),
    capacityProviderStrategy: some<Json>(
      [{ capacityProvider: 'FARGATE', weight: 1 }],
      [
        { capacityProvider: 'FARGATE_SPOT', weight: 3, base: 1 },
        { capacityProvider: 'FARGATE', weight: 1 },
      ],
      [],
    ),
    platformVersion: some('LATEST', '1.4.0'),
    deploymentConfiguration: fc.record(
      {
        minimumHealthyPercent: fc.constantFrom(0, 50, 100),
        maximumPercent: fc.constantFrom(150, 200),
        deploymentCircuitBreaker: fc.record({ enable: fc.boolean(), rollback: fc.boolean() }),
        bakeTimeInMinutes: fc.constantFrom(0, 5),
      },
      { requiredKeys: [] },
    ),
    availabilityZoneRebalancing: some('ENABLED', 'DISABLED'),
    enableExecuteCommand: some(false),
    enableECSManagedTags: some(true, false),
    propagateTags: some('SERVICE', 'TASK_DEFINITION', 'NONE'),
    gatewayConnectors: some<Json>([], [{ portName: 'http' }]),
  })
  .map((definition): JsonObject => JSON.parse(JSON.stringify(definition)));

const PLACE = { name: 'web', cluster: 'default' };
const NOTHING = { tags: [] };

test('what was applied is what was wanted: ECS then has each member that the definition names', async () => {
  await fc.assert(
    fc.asyncProperty(definitions, definitions, async (first, second) => {
      const stage = new Stage();
      const { capacityProviderStrategy: _, gatewayConnectors: __, ...created } = first;
      createDependencies(stage.simulator, TASK_DEFINITION);
      for (const name of ['a', 'b', 'c'])
        stage.simulator.loadBalancing.targetGroups.set(group(name), { targetType: 'ip' });
      for (const name of ['a', 'b'])
        stage.simulator.cloudMap.services.set(registry(name), { records: ['A'], customHealth: true });
      stage.simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
      stage.simulator.call('CreateService', {
        ...created,
        serviceName: 'web',
        taskDefinition: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
      });
      for (const wanted of [first, second]) {
        const settings = await settingsOf(stage);
        const { update } = compareSettings({ settings: wanted, ...NOTHING }, { settings, ...NOTHING }, PLACE);
        if (Object.keys(update).length > 0)
          await stage.world.ecs.updateService({ cluster: 'default', service: 'web', settings: update });
        const now = await settingsOf(stage);
        // Each member by the definition's own value, as far as it goes.
        expect(compareSettings({ settings: wanted, ...NOTHING }, { settings: now, ...NOTHING }, PLACE).update).toEqual(
          {},
        );
        // And nothing else has changed.
        const others = Object.keys(settings).filter(
          (member) => wanted[member] === undefined && member !== 'launchType',
        );
        for (const member of others)
          expect([member, isSame(settings[member], now[member], member)]).toEqual([member, true]);
      }
    }),
    { numRuns: 60 },
  );
});

async function settingsOf({ world: { ecs } }: Stage): Promise<JsonObject> {
  const [service] = await ecs.describeServices('default', ['web']);
  const primary = service?.deployments.find(({ status }) => status === 'PRIMARY');
  const id = primary?.id.split('/').at(-1) ?? '';
  const arn = `arn:aws:ecs:eu-west-1:123456789012:service-revision/default/web/${id}`;
  const [revision] = await ecs.describeServiceRevisions([arn]);
  return { ...service?.settings, ...revision?.settings };
}
