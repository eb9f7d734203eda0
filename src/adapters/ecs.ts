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
  type TaskDefinition as SdkTaskDefinition,
  type Service,
  StopServiceDeploymentCommand,
  type Tag,
  TagResourceCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { Failure } from '../failure.ts';
import type { Revision, ServiceState } from '../model.ts';
import type { Ecs } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { required } from './aws-error.ts';
import {
  revision,
  serviceDeployment,
  serviceDeploymentBrief,
  serviceRevision,
  serviceState,
  taskState,
} from './ecs-shapes.ts';
import { ATTEMPTS, callOnce, callPatiently, type Patience } from './patience.ts';

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
  const client = new ECSClient({ ...config, ...ATTEMPTS });
  let begun = false;
  const ask = <T>(operation: string, send: () => Promise<T>): Promise<T> =>
    callPatiently(patience, 'ecs', operation, send);
  const poll = <T>(operation: string, send: () => Promise<T>): Promise<T> =>
    callPatiently(begun ? undefined : patience, 'ecs', operation, send);
  const begin = async <T>(operation: string, send: () => Promise<T>): Promise<T> => {
    const answer = await callOnce(patience, 'ecs', operation, send);
    begun = true;
    return answer;
  };
  /** A member of an answer that is not optional. */
  const of = <T>(operation: string, member: string, value: T | undefined): T =>
    required(value, 'ecs', operation, member);
  return {
    async describeServices(cluster, services) {
      const answers = await inBatches(services, SERVICES_A_CALL, (some) =>
        poll('DescribeServices', async () => {
          const answer = await client.send(new DescribeServicesCommand({ cluster, services: some }));
          return of('DescribeServices', 'services', answer.services).map((one) =>
            checkedService('DescribeServices', one),
          );
        }),
      );
      const found = answers.flat();
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
      return ask('DescribeTaskDefinition', async () => {
        const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
        return checkedRevision('DescribeTaskDefinition', answer);
      });
    },

    async registerTaskDefinition(definition, tags) {
      // Checked against the service model before; the SDK's type is as loose as the wire.
      const input = structuredClone(definition) as unknown as RegisterTaskDefinitionCommandInput;
      const command = new RegisterTaskDefinitionCommand({ ...input, ...(tags.length > 0 ? { tags: [...tags] } : {}) });
      return callOnce(patience, 'ecs', 'RegisterTaskDefinition', async () =>
        checkedRevision('RegisterTaskDefinition', await client.send(command)),
      );
    },

    async deregisterTaskDefinition(taskDefinition) {
      await ask('DeregisterTaskDefinition', () => client.send(new DeregisterTaskDefinitionCommand({ taskDefinition })));
    },

    async tagResource(resourceArn, tags) {
      await ask('TagResource', () => client.send(new TagResourceCommand({ resourceArn, tags: [...tags] })));
    },

    async listTaskDefinitions(familyPrefix, limit) {
      const arns = await ask('ListTaskDefinitions', async () => {
        const input = { familyPrefix, sort: 'DESC', maxResults: limit } as const;
        const answer = await client.send(new ListTaskDefinitionsCommand(input));
        return of('ListTaskDefinitions', 'taskDefinitionArns', answer.taskDefinitionArns);
      });
      // The parameter is a family name, whole; still, another family must never become a rollback target.
      return arns.filter((arn) => arn.split('/').at(-1)?.split(':')[0] === familyPrefix);
    },

    async updateService(update) {
      const input = structuredClone(update) as unknown as UpdateServiceCommandInput;
      return begin('UpdateService', async () => {
        const { service } = await client.send(new UpdateServiceCommand(input));
        return checkedService('UpdateService', of('UpdateService', 'service', service));
      });
    },

    async listServiceDeployments({ cluster, service, createdAfter, statuses, limit }) {
      const command = new ListServiceDeploymentsCommand({
        cluster,
        service,
        ...(createdAfter === undefined ? {} : { createdAt: { after: new Date(createdAfter * 1000) } }),
        ...(statuses ? { status: [...statuses] } : {}),
        ...(limit === undefined ? {} : { maxResults: limit }),
      });
      const briefs = await poll('ListServiceDeployments', async () =>
        of('ListServiceDeployments', 'serviceDeployments', (await client.send(command)).serviceDeployments),
      );
      return briefs.map(serviceDeploymentBrief).sort((a, b) => b.createdAt - a.createdAt);
    },

    async describeServiceDeployments(arns) {
      const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceDeploymentArns) =>
        poll('DescribeServiceDeployments', async () => {
          const answer = await client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
          return of('DescribeServiceDeployments', 'serviceDeployments', answer.serviceDeployments);
        }),
      );
      return answers.flat().map(serviceDeployment);
    },

    async describeServiceRevisions(arns) {
      const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceRevisionArns) =>
        poll('DescribeServiceRevisions', async () => {
          const answer = await client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
          return of('DescribeServiceRevisions', 'serviceRevisions', answer.serviceRevisions);
        }),
      );
      return answers.flat().map(serviceRevision);
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
        const answer = await poll('ListTasks', async () => {
          const input = { cluster, serviceName: service, desiredStatus, ...page };
          const { taskArns, nextToken: next } = await client.send(new ListTasksCommand(input));
          return { taskArns: of('ListTasks', 'taskArns', taskArns), nextToken: next };
        });
        arns.push(...answer.taskArns);
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return arns;
    },

    async describeTasks(cluster, arns) {
      const answers = await inBatches(arns, TASKS_A_CALL, (tasks) =>
        poll('DescribeTasks', async () => {
          const answer = await client.send(new DescribeTasksCommand({ cluster, tasks }));
          return of('DescribeTasks', 'tasks', answer.tasks);
        }),
      );
      return answers.flat().map(taskState);
    },
  };
}

/** @throws Failure UNAVAILABLE for a service without what ECS always tells of one */
function checkedService(operation: string, service: Service): ServiceState {
  for (const member of ['serviceArn', 'serviceName', 'status', 'desiredCount', 'deployments'] as const)
    required(service[member], 'ecs', operation, `service.${member}`);
  return serviceState(service);
}

/** @throws Failure UNAVAILABLE for a revision without what makes one */
function checkedRevision(
  operation: string,
  {
    taskDefinition,
    tags,
  }: { readonly taskDefinition?: SdkTaskDefinition | undefined; readonly tags?: Tag[] | undefined },
): Revision {
  const described = required(taskDefinition, 'ecs', operation, 'taskDefinition');
  for (const member of ['taskDefinitionArn', 'family', 'revision', 'containerDefinitions'] as const)
    required(described[member], 'ecs', operation, `taskDefinition.${member}`);
  return revision(described, tags);
}

/** Any number of items through calls that take `size` at most, side by side. No call for no items. */
function inBatches<T>(items: readonly string[], size: number, send: (batch: string[]) => Promise<T>): Promise<T[]> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
  return Promise.all(batches.map(send));
}
