import {
  ContinueServiceDeploymentCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  StopServiceDeploymentCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { Failure } from '../failure.ts';
import type { Ecs } from '../world.ts';
import type { AwsConfig } from './aws.ts';
import {
  revision,
  serviceDeployment,
  serviceDeploymentBrief,
  serviceRevision,
  serviceState,
  taskState,
} from './ecs-shapes.ts';
import { callPatiently, type Patience } from './patience.ts';

/** Limits of one call, by AWS's API reference. */
const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;
const DEPLOYMENTS_A_CALL = 20;

/**
 * The port Ecs over the SDK: single commands (the aggregated client loads slower), batched and paged. What is throttled
 * is waited out, but for what the watcher asks once this process has begun a deployment: it must see throttling at
 * once, slows down by itself, and has other questions to ask meanwhile.
 */
export function createEcs(config: AwsConfig, patience?: Patience): Ecs {
  const client = new ECSClient(config);
  let begun = false;
  const ask = <T>(operation: string, send: () => Promise<T>): Promise<T> =>
    callPatiently(patience, 'ecs', operation, send);
  const poll = <T>(operation: string, send: () => Promise<T>): Promise<T> =>
    callPatiently(begun ? undefined : patience, 'ecs', operation, send);
  const begin = async <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    const answer = await ask(operation, send);
    begun = true;
    return answer;
  };
  return {
    async describeServices(cluster, services) {
      const answers = await inBatches(services, SERVICES_A_CALL, (some) =>
        poll('DescribeServices', () => client.send(new DescribeServicesCommand({ cluster, services: some }))),
      );
      const found = answers.flatMap((answer) => answer.services ?? []).map(serviceState);
      return services.map((wanted) => {
        const service = found.find(({ name, arn }) => wanted === name || wanted === arn);
        if (service) return service;
        throw new Failure('NOT_FOUND', `There is no service ${wanted} in the cluster ${cluster}.`, {
          remedy:
            'Look at the inputs `service`, `cluster` and `aws-region`, and at the account of the credentials. The service must exist before the first deploy.',
        });
      });
    },

    async describeTaskDefinition(taskDefinition) {
      const answer = await ask('DescribeTaskDefinition', () =>
        client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })),
      );
      return revision(answer.taskDefinition ?? {}, answer.tags);
    },

    async registerTaskDefinition(definition, tags) {
      // Checked against the service model before; the SDK's type is as loose as the wire.
      const input = structuredClone(definition) as unknown as RegisterTaskDefinitionCommandInput;
      const answer = await ask('RegisterTaskDefinition', () =>
        client.send(new RegisterTaskDefinitionCommand({ ...input, ...(tags.length > 0 ? { tags: [...tags] } : {}) })),
      );
      return revision(answer.taskDefinition ?? {}, answer.tags);
    },

    async deregisterTaskDefinition(taskDefinition) {
      await ask('DeregisterTaskDefinition', () => client.send(new DeregisterTaskDefinitionCommand({ taskDefinition })));
    },

    async tagResource(resourceArn, tags) {
      await ask('TagResource', () => client.send(new TagResourceCommand({ resourceArn, tags: [...tags] })));
    },

    async listTaskDefinitions(familyPrefix, limit) {
      const answer = await ask('ListTaskDefinitions', () =>
        client.send(new ListTaskDefinitionsCommand({ familyPrefix, sort: 'DESC', maxResults: limit })),
      );
      // The parameter is a family name, whole; still, another family must never become a rollback target.
      return (answer.taskDefinitionArns ?? []).filter((arn) => arn.split('/').at(-1)?.split(':')[0] === familyPrefix);
    },

    async updateService(update) {
      const input = structuredClone(update) as unknown as UpdateServiceCommandInput;
      const answer = await begin('UpdateService', () => client.send(new UpdateServiceCommand(input)));
      return serviceState(answer.service ?? {});
    },

    async listServiceDeployments({ cluster, service, createdAfter, statuses, limit }) {
      const answer = await poll('ListServiceDeployments', () =>
        client.send(
          new ListServiceDeploymentsCommand({
            cluster,
            service,
            ...(createdAfter === undefined ? {} : { createdAt: { after: new Date(createdAfter * 1000) } }),
            ...(statuses ? { status: [...statuses] } : {}),
            ...(limit === undefined ? {} : { maxResults: limit }),
          }),
        ),
      );
      return (answer.serviceDeployments ?? []).map(serviceDeploymentBrief).sort((a, b) => b.createdAt - a.createdAt);
    },

    async describeServiceDeployments(arns) {
      const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceDeploymentArns) =>
        poll('DescribeServiceDeployments', () =>
          client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })),
        ),
      );
      return answers.flatMap((answer) => answer.serviceDeployments ?? []).map(serviceDeployment);
    },

    async describeServiceRevisions(arns) {
      const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceRevisionArns) =>
        poll('DescribeServiceRevisions', () =>
          client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
        ),
      );
      return answers.flatMap((answer) => answer.serviceRevisions ?? []).map(serviceRevision);
    },

    async stopServiceDeployment(serviceDeploymentArn, stopType) {
      await begin('StopServiceDeployment', () =>
        client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType })),
      );
    },

    async continueServiceDeployment(serviceDeploymentArn, hookId, action) {
      await begin('ContinueServiceDeployment', () =>
        client.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action })),
      );
    },

    async listTasks({ cluster, service, desiredStatus }) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = nextToken === undefined ? {} : { nextToken };
        const answer = await poll('ListTasks', () =>
          client.send(new ListTasksCommand({ cluster, serviceName: service, desiredStatus, ...page })),
        );
        arns.push(...(answer.taskArns ?? []));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return arns;
    },

    async describeTasks(cluster, arns) {
      const answers = await inBatches(arns, TASKS_A_CALL, (tasks) =>
        poll('DescribeTasks', () => client.send(new DescribeTasksCommand({ cluster, tasks }))),
      );
      return answers.flatMap((answer) => answer.tasks ?? []).map(taskState);
    },
  };
}

/** Any number of items through calls that take `size` at most, side by side. No call for no items. */
function inBatches<T>(items: readonly string[], size: number, send: (batch: string[]) => Promise<T>): Promise<T[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
  return Promise.all(batches.map(send));
}
