/** A simulator in this process as the endpoint of a run: with the stack that real rows get from CloudFormation, and a virtual clock. */
import { VirtualClock } from '../simulator/clock.ts';
import { AWS_TIMINGS } from '../simulator/ecs/timings.ts';
import { TRUSTS_TASKS } from '../simulator/services/iam.ts';
import { ACCOUNT, REGION, Simulator } from '../simulator/simulator.ts';
import type { Endpoint } from './account.ts';
import type { Stack } from './stack.ts';
import { IMAGES, NO_SUBNET } from './world.ts';

const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
/** Without a second VPC: the simulator has none, and that row is skipped. */
const STACK: Required<Omit<Stack, 'OtherSubnet'>> = {
  Cluster: 'conformance-stack',
  Subnets: 'subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d4e5f60719',
  SecurityGroup: 'sg-0a1b2c3d4e5f60718',
  ExecutionRole: role('conformance-execution'),
  TaskRole: role('conformance-task'),
  LogGroup: '/ecs/conformance-stack',
  Repository: 'conformance-stack/repository',
  Alarm: 'conformance-stack-alarm',
  ScheduleRole: role('conformance-schedule'),
};

/** Seconds, as Fargate takes them with a small public image. */
const START_SECONDS = 20;
const STOP_SECONDS = 10;

export async function startSimulator(): Promise<Endpoint & { readonly simulator: Simulator; close(): Promise<void> }> {
  const clock = new VirtualClock();
  const simulator = new Simulator(clock, { timings: AWS_TIMINGS });
  // A simulator's clusters usually have unlimited EC2 capacity; AWS's begin without container instances.
  simulator.ecs.clusters.instancesOfNew = 'none';
  simulator.ecs.missing.add(NO_SUBNET);
  simulator.call('CreateCluster', { clusterName: STACK.Cluster });
  for (const name of ['conformance-execution', 'conformance-task'])
    simulator.iam.roles.set(name, { trust: TRUSTS_TASKS, allows: [['*', '']] });
  simulator.logs.groups.set(STACK.LogGroup, new Map());
  simulator.registry.create(STACK.Repository, false);
  simulator.cloudwatch.alarms.set(STACK.Alarm, { state: 'OK' });
  const usual = { startSeconds: START_SECONDS, stopSeconds: STOP_SECONDS };
  simulator.script
    .image(IMAGES.good.image, usual)
    .image(IMAGES.better.image, usual)
    .image(IMAGES.crashing.image, { ...usual, exit: { afterSeconds: 5, code: 3 } })
    .image(IMAGES.unhealthy.image, { ...usual, unhealthy: 'container', unhealthySeconds: 12 })
    .image(IMAGES.missing.image, {
      ...usual,
      failToStart: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${IMAGES.missing.image}: ${IMAGES.missing.image}: not found`,
    });
  // The SDK asks again when an answer is of another time than the machine's.
  simulator.wire.now = () => Date.now() / 1000;
  const { endpoint, close } = await simulator.listen();
  return {
    url: endpoint,
    region: REGION,
    stack: STACK,
    time: { now: () => clock.now(), sleep: (seconds, signal) => clock.sleep(seconds, signal) },
    pollSeconds: 2,
    simulator,
    close,
  };
}
