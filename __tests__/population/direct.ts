import type { Simulator } from '../../simulator/simulator.ts';
import { ApiException } from '../../simulator/wire/service.ts';
import type { Call, Fault } from '../../simulator/wire/wire.ts';
import { toFailure } from '../../src/adapters/aws.ts';
import {
  serviceDeployment,
  serviceDeploymentBrief,
  serviceRevision,
  serviceState,
  taskState,
} from '../../src/adapters/ecs-shapes.ts';
import type { ServerTime } from '../../src/adapters/time.ts';
import type { Ecs } from '../../src/ports.ts';

type Answer = Readonly<Record<string, never[]>>;

/**
 * The port Ecs on the simulator's handler: the same requests, answers and translation as over the wire, without the
 * SDK's work on them, which takes ten times as long. A part of the population goes over the wire to hold this honest.
 */
export function directEcs(
  simulator: Simulator,
  onCall: (call: Call) => void,
  faults: readonly Fault[],
  time: ServerTime,
): Ecs {
  const context = { region: 'eu-west-1', accountId: '123456789012', partition: 'aws', accessKeyId: 'TEST' };
  const ask = async (operation: string, input: Readonly<Record<string, unknown>>): Promise<Answer> => {
    const call = { service: 'ecs', operation, input };
    const { wire } = simulator;
    const sentAt = time.clockNow();
    await wire.delay?.();
    onCall(call);
    const date = new Date(Math.floor(wire.now()) * 1000).toUTCString();
    try {
      return await answer(call);
    } finally {
      await wire.delay?.();
      time.observe(date, sentAt);
    }
  };
  const answer = async (call: Call): Promise<Answer> => {
    const { operation, input } = call;
    try {
      for (const fault of faults) {
        const refused = fault(call);
        if (refused) throw refused;
      }
      return dated(await simulator.ecs.handle(operation, input, context)) as Answer;
    } catch (thrown) {
      if (!(thrown instanceof ApiException)) throw thrown;
      throw toFailure(`ecs:${operation}`, {
        name: thrown.name,
        message: thrown.message,
        $metadata: { httpStatusCode: thrown.statusCode },
      });
    }
  };
  const never = async (): Promise<never> => {
    throw new Error('The watcher only reads.');
  };
  return {
    describeServices: async (cluster, services) =>
      ((await ask('DescribeServices', { cluster, services })).services ?? []).map(serviceState),
    listFamilies: async () => Promise.reject(new Error('not asked')),
    listClusters: never,
    listServices: never,
    servicesWithTags: never,
    listServiceDeployments: async ({ cluster, service, createdAfter }) => {
      const createdAt = createdAfter === undefined ? {} : { createdAt: { after: createdAfter } };
      const answer = await ask('ListServiceDeployments', { cluster, service, ...createdAt });
      return (answer.serviceDeployments ?? []).map(serviceDeploymentBrief).sort((a, b) => b.createdAt - a.createdAt);
    },
    describeServiceDeployments: async (serviceDeploymentArns) =>
      ((await ask('DescribeServiceDeployments', { serviceDeploymentArns })).serviceDeployments ?? []).map(
        serviceDeployment,
      ),
    describeServiceRevisions: async (serviceRevisionArns) =>
      ((await ask('DescribeServiceRevisions', { serviceRevisionArns })).serviceRevisions ?? []).map(serviceRevision),
    listTasks: async ({ cluster, desiredStatus, ...of }) =>
      (await ask('ListTasks', { cluster, serviceName: 'service' in of && of.service, desiredStatus })).taskArns ?? [],
    describeTasks: async (cluster, tasks) =>
      tasks.length === 0 ? [] : ((await ask('DescribeTasks', { cluster, tasks })).tasks ?? []).map(taskState),
    describeTaskDefinition: never,
    registerTaskDefinition: never,
    deregisterTaskDefinition: never,
    listTaskDefinitions: never,
    updateService: never,
    createService: never,
    deleteService: never,
    createExpressService: never,
    updateExpressService: never,
    describeExpressService: never,
    deleteExpressService: never,
    untagResource: never,
    runTask: never,
    stopTask: never,
    tagResource: never,
    stopServiceDeployment: never,
    continueServiceDeployment: never,
  };
}

/** Instants come as seconds over the wire, and as dates out of the SDK. */
function dated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dated);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object') copy[key] = dated(item);
    else copy[key] = typeof item === 'number' && key.endsWith('At') ? new Date(item * 1000) : item;
  }
  return copy;
}
