import { type Compute, computeOf, isFargateProvider } from '../../src/service/compute.ts';

type Service = Parameters<typeof computeOf>[0];
type Seen = NonNullable<Parameters<typeof computeOf>[1]>;
const strategy = (...capacityProviders: string[]): Service => ({ capacityProviders });

test.each<[string, Service, Seen, Compute | undefined]>([
  ['a launch type', { launchType: 'EXTERNAL', capacityProviders: [] }, {}, 'EXTERNAL'],
  ['a launch type that is new', { launchType: 'MOON', capacityProviders: [] }, {}, undefined],
  ['Fargate and Fargate Spot', strategy('FARGATE', 'FARGATE_SPOT'), {}, 'FARGATE'],
  ['a provider of which nothing is known', strategy('mine'), {}, undefined],
  ['what its tasks say', strategy('mine'), { tasks: [{}, { launchType: 'MANAGED_INSTANCES' }] }, 'MANAGED_INSTANCES'],
  ['what ECS says of it', strategy('mine'), { tasks: [], providers: [{ compute: 'EC2' }] }, 'EC2'],
  ['neither', { capacityProviders: [] }, {}, undefined],
])('%s', (_, service, seen, expected) => expect(computeOf(service, seen)).toBe(expected));

test('names of providers that only look like those of Fargate', () => {
  expect(['FARGATE', 'FARGATE_SPOT', 'FARGATE_MINE', 'MY_FARGATE'].map(isFargateProvider)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
