import {
  ConflictException,
  ContinueServiceDeploymentCommand,
  CreateExpressGatewayServiceCommand,
  type CreateExpressGatewayServiceCommandInput,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteExpressGatewayServiceCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeExpressGatewayServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type TaskDefinition as SdkTaskDefinition,
  type Service,
  StopServiceDeploymentCommand,
  StopTaskCommand,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateExpressGatewayServiceCommand,
  type UpdateExpressGatewayServiceCommandInput,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { familyAndNumber } from '../arn.ts';
import { Failure } from '../failure.ts';
import type { Revision, ServiceState } from '../model.ts';
import { defined } from '../model.ts';
import {
  type ApiAction,
  ATTEMPTS,
  type AwsConfig,
  batched,
  call,
  callOnce,
  paged,
  type Retry,
  required,
  withRetry,
} from './aws.ts';
import type { WholeEcs } from './ecs-batched.ts';
import {
  expressService,
  ourTags,
  revision,
  serviceDeployment,
  serviceDeploymentBrief,
  serviceRevision,
  serviceState,
  taskState,
  updatedExpressService,
} from './ecs-shapes.ts';

/** Limits of one call, by AWS's API reference. */
const SERVICES_PER_CALL = 10;
const TASKS_PER_CALL = 100;
const DEPLOYMENTS_PER_CALL = 20;
const LISTED_PER_CALL = 100;

/** The filter of ListTasks. */
const whoseTasks = (
  of: { readonly service: string } | { readonly daemon: string } | { readonly startedBy: string },
): Pick<ListTasksCommandInput, 'serviceName' | 'daemonName' | 'startedBy'> => {
  if ('service' in of) return { serviceName: of.service };
  return 'daemon' in of ? { daemonName: of.daemon } : { startedBy: of.startedBy };
};

/**
 * The port Ecs over the SDK: single commands (the aggregated client loads slower), batched and paged. What is throttled
 * is waited out, but for what the watcher asks once this process has started a deployment: it must see throttling at
 * once, slows down, and has other questions to ask meanwhile.
 */
export function createEcs(config: AwsConfig, retry?: Retry): WholeEcs {
  const client = new ECSClient({ ...config, ...ATTEMPTS });
  let begun = false;
  const ask = <T>(action: ApiAction, send: () => Promise<T>): Promise<T> => withRetry(retry, action, send);
  const poll = <T>(action: ApiAction, send: () => Promise<T>): Promise<T> =>
    begun ? call(retry, action, send) : withRetry(retry, action, send);
  const begin = async <T>(action: ApiAction, send: () => Promise<T>): Promise<T> => {
    const answer = await callOnce(retry, action, send);
    begun = true;
    return answer;
  };
  /** ListTasks, a page after the other; `more` where `limit` pages did not hold them all. */
  const listPages = async (input: ListTasksCommandInput, limit: number) => {
    const arns: string[] = [];
    let nextToken: string | undefined;
    for (let pages = 0; pages < limit; pages++) {
      const page = nextToken === undefined ? {} : { nextToken };
      const answer = await poll('ecs:ListTasks', async () => {
        const { taskArns, nextToken: next } = await client.send(new ListTasksCommand({ ...input, ...page }));
        return { taskArns: required(taskArns, 'ecs:ListTasks', 'taskArns'), nextToken: next };
      });
      arns.push(...answer.taskArns);
      nextToken = answer.nextToken;
      if (nextToken === undefined) return { arns, more: false };
    }
    return { arns, more: true };
  };
  return {
    async describeServices(cluster, services) {
      const found = await batched(services, SERVICES_PER_CALL, (some) =>
        poll('ecs:DescribeServices', async () => {
          const answer = await client.send(new DescribeServicesCommand({ cluster, services: some }));
          return required(answer.services, 'ecs:DescribeServices', 'services').map((one) =>
            checkedService('ecs:DescribeServices', one),
          );
        }),
      );
      return services.map((wanted) => {
        const service = found.find(({ name, arn }) => wanted === name || wanted === arn);
        if (service) return service;
        throw new Failure('NOT_FOUND', `Service ${wanted} does not exist in the cluster ${cluster}.`, {
          remedy:
            'Check the inputs `service`, `cluster` and `aws-region`, and the account of the credentials. The service must exist before the first deploy.',
        });
      });
    },

    async describeTaskDefinition(taskDefinition) {
      return ask('ecs:DescribeTaskDefinition', async () => {
        const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
        return checkedRevision('ecs:DescribeTaskDefinition', answer);
      });
    },

    async registerTaskDefinition(definition, tags) {
      // Checked against the service model before; the SDK's type is as loose as the wire.
      const input = structuredClone(definition) as unknown as RegisterTaskDefinitionCommandInput;
      const command = new RegisterTaskDefinitionCommand({ ...input, ...(tags.length > 0 ? { tags: [...tags] } : {}) });
      return callOnce(retry, 'ecs:RegisterTaskDefinition', async () =>
        checkedRevision('ecs:RegisterTaskDefinition', await client.send(command)),
      );
    },

    async deregisterTaskDefinition(taskDefinition) {
      await ask('ecs:DeregisterTaskDefinition', () =>
        client.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
      );
      return undefined;
    },

    async tagResource(resourceArn, tags) {
      await ask('ecs:TagResource', () => client.send(new TagResourceCommand({ resourceArn, tags: [...tags] })));
    },

    async listTaskDefinitions(familyPrefix, limit) {
      const arns = await ask('ecs:ListTaskDefinitions', async () => {
        const input = { familyPrefix, sort: 'DESC', maxResults: limit } as const;
        const answer = await client.send(new ListTaskDefinitionsCommand(input));
        return required(answer.taskDefinitionArns, 'ecs:ListTaskDefinitions', 'taskDefinitionArns');
      });
      // The parameter is a family name, whole; still, another family must never become a rollback target.
      return arns.filter((arn) => familyAndNumber(arn).family === familyPrefix);
    },

    async updateService(update) {
      const { loadBalancers, settings, ...rest } = structuredClone(update);
      const balancers = loadBalancers?.map(({ advanced, ...one }) => ({
        ...one,
        ...defined({ advancedConfiguration: advanced }),
      }));
      const members = { ...rest, ...defined({ loadBalancers: balancers }), ...settings };
      const input = members as unknown as UpdateServiceCommandInput;
      return begin('ecs:UpdateService', async () => {
        const { service } = await client.send(new UpdateServiceCommand(input));
        return checkedService('ecs:UpdateService', required(service, 'ecs:UpdateService', 'service'));
      });
    },

    async createService({ settings, tags = [], ...rest }) {
      const own = { ...rest, ...(tags.length > 0 ? { tags: [...tags] } : {}) };
      const input = { ...structuredClone(settings), ...own } as unknown as CreateServiceCommandInput;
      return begin('ecs:CreateService', async () => {
        const { service } = await client.send(new CreateServiceCommand(input));
        return checkedService('ecs:CreateService', required(service, 'ecs:CreateService', 'service'));
      });
    },

    async deleteService(cluster, service) {
      return ask('ecs:DeleteService', async () => {
        const { service: deleted } = await client.send(new DeleteServiceCommand({ cluster, service, force: true }));
        return checkedService('ecs:DeleteService', required(deleted, 'ecs:DeleteService', 'service'));
      });
    },

    async createExpressService({ settings, tags, ...rest }) {
      const own = { ...rest, ...(tags.length > 0 ? { tags: [...tags] } : {}) };
      const input = { ...structuredClone(settings), ...own } as unknown as CreateExpressGatewayServiceCommandInput;
      return begin('ecs:CreateExpressGatewayService', async () => {
        const { service } = await client.send(new CreateExpressGatewayServiceCommand(input));
        return expressService(required(service, 'ecs:CreateExpressGatewayService', 'service'));
      });
    },

    async updateExpressService({ settings, ...rest }) {
      const input = { ...structuredClone(settings), ...rest } as unknown as UpdateExpressGatewayServiceCommandInput;
      return begin('ecs:UpdateExpressGatewayService', async () => {
        const { service } = await client.send(new UpdateExpressGatewayServiceCommand(input));
        return updatedExpressService(required(service, 'ecs:UpdateExpressGatewayService', 'service'));
      });
    },

    async describeExpressService(serviceArn) {
      return ask('ecs:DescribeExpressGatewayService', async () => {
        const command = new DescribeExpressGatewayServiceCommand({ serviceArn, include: ['TAGS'] });
        const { service } = await client.send(command);
        return expressService(required(service, 'ecs:DescribeExpressGatewayService', 'service'));
      });
    },

    async deleteExpressService(serviceArn) {
      await ask('ecs:DeleteExpressGatewayService', () =>
        client.send(new DeleteExpressGatewayServiceCommand({ serviceArn })),
      );
    },

    async untagResource(resourceArn, keys) {
      await ask('ecs:UntagResource', () => client.send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] })));
    },

    async listFamilies() {
      return paged(async (nextToken) => {
        const command = new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE', ...defined({ nextToken }) });
        const answer = await ask('ecs:ListTaskDefinitionFamilies', () => client.send(command));
        const items = required(answer.families, 'ecs:ListTaskDefinitionFamilies', 'families');
        return { items, next: answer.nextToken };
      });
    },

    async listClusters() {
      return paged(async (nextToken) => {
        const command = new ListClustersCommand({ maxResults: LISTED_PER_CALL, ...defined({ nextToken }) });
        const answer = await ask('ecs:ListClusters', () => client.send(command));
        return { items: required(answer.clusterArns, 'ecs:ListClusters', 'clusterArns'), next: answer.nextToken };
      });
    },

    async listServices(cluster) {
      return paged(async (nextToken) => {
        const command = new ListServicesCommand({ cluster, maxResults: LISTED_PER_CALL, ...defined({ nextToken }) });
        const answer = await ask('ecs:ListServices', () => client.send(command));
        return { items: required(answer.serviceArns, 'ecs:ListServices', 'serviceArns'), next: answer.nextToken };
      });
    },

    servicesWithTags: (cluster, services) =>
      batched(services, SERVICES_PER_CALL, (some) =>
        ask('ecs:DescribeServices', async () => {
          const command = new DescribeServicesCommand({ cluster, services: some, include: ['TAGS'] });
          const answer = await client.send(command);
          return required(answer.services, 'ecs:DescribeServices', 'services').map((one) => ({
            service: checkedService('ecs:DescribeServices', one),
            tags: ourTags(one.tags),
          }));
        }),
      ),

    async listServiceDeployments({ cluster, service, createdAfter, statuses, limit }) {
      const command = new ListServiceDeploymentsCommand({
        cluster,
        service,
        ...defined({
          createdAt: createdAfter === undefined ? undefined : { after: new Date(createdAfter * 1000) },
          status: statuses && [...statuses],
          maxResults: limit,
        }),
      });
      const briefs = await poll('ecs:ListServiceDeployments', async () =>
        required((await client.send(command)).serviceDeployments, 'ecs:ListServiceDeployments', 'serviceDeployments'),
      );
      return briefs.map(serviceDeploymentBrief).sort((a, b) => b.createdAt - a.createdAt);
    },

    async describeServiceDeployments(arns) {
      const answers = await batched(arns, DEPLOYMENTS_PER_CALL, (serviceDeploymentArns) =>
        poll('ecs:DescribeServiceDeployments', async () => {
          const answer = await client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
          return required(answer.serviceDeployments, 'ecs:DescribeServiceDeployments', 'serviceDeployments');
        }),
      );
      return answers.map(serviceDeployment);
    },

    async describeServiceRevisions(arns) {
      const answers = await batched(arns, DEPLOYMENTS_PER_CALL, (serviceRevisionArns) =>
        poll('ecs:DescribeServiceRevisions', async () => {
          const answer = await client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
          return required(answer.serviceRevisions, 'ecs:DescribeServiceRevisions', 'serviceRevisions');
        }),
      );
      return answers.map(serviceRevision);
    },

    async stopServiceDeployment(serviceDeploymentArn, stopType) {
      const action = 'ecs:StopServiceDeployment';
      const answer = await begin(action, () =>
        client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType })),
      );
      // An answer that is not AWS's must not read as a rollback that has started.
      required(answer.serviceDeploymentArn, action, 'serviceDeploymentArn');
    },

    async continueServiceDeployment(serviceDeploymentArn, hookId, action) {
      const operation = 'ecs:ContinueServiceDeployment';
      const answer = await begin(operation, () =>
        client.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action })),
      );
      required(answer.serviceDeploymentArn, operation, 'serviceDeploymentArn');
    },

    async listTasks({ cluster, desiredStatus, ...of }) {
      const { arns } = await listPages({ cluster, ...whoseTasks(of), desiredStatus }, Number.POSITIVE_INFINITY);
      return arns;
    },

    async listClusterTasks({ cluster, desiredStatus, pages }) {
      const { arns, more } = await listPages({ cluster, desiredStatus }, pages);
      return more ? undefined : arns;
    },

    async describeTasks(cluster, arns) {
      const answers = await batched(arns, TASKS_PER_CALL, (tasks) =>
        poll('ecs:DescribeTasks', async () => {
          const answer = await client.send(new DescribeTasksCommand({ cluster, tasks }));
          return required(answer.tasks, 'ecs:DescribeTasks', 'tasks');
        }),
      );
      return answers.map(taskState);
    },

    async runTask(request) {
      const input = structuredClone(request) as unknown as RunTaskCommandInput;
      // Its client token makes it repeatable: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
      try {
        return await ask('ecs:RunTask', async () => {
          const { tasks, failures } = await client.send(new RunTaskCommand({ ...input, count: 1 }));
          const [task] = required(tasks, 'ecs:RunTask', 'tasks');
          if (task) return { kind: 'started', task: taskState(task) };
          const [failure] = required(failures, 'ecs:RunTask', 'failures');
          return { kind: 'unplaced', reason: [failure?.reason, failure?.detail].filter(Boolean).join(': ') };
        });
      } catch (thrown) {
        const used = tasksOfToken(thrown);
        if (used) return { kind: 'token-in-use', tasks: used };
        throw thrown;
      }
    },

    async stopTask(cluster, task, reason) {
      await ask('ecs:StopTask', () => client.send(new StopTaskCommand({ cluster, task, reason })));
    },
  };
}

/** ARNs of the tasks that a client token belongs to, where RunTask was refused because of that. */
function tasksOfToken(thrown: unknown): readonly string[] | undefined {
  const cause = thrown instanceof Failure ? thrown.cause : undefined;
  return cause instanceof ConflictException ? (cause.resourceIds ?? []) : undefined;
}

/** @throws Failure UNAVAILABLE for a service without what ECS always returns of one */
function checkedService(action: ApiAction, service: Service): ServiceState {
  for (const member of ['serviceArn', 'serviceName', 'status', 'desiredCount', 'deployments'] as const)
    required(service[member], action, `service.${member}`);
  return serviceState(service);
}

/** @throws Failure UNAVAILABLE for a revision without what makes one */
function checkedRevision(
  action: ApiAction,
  {
    taskDefinition,
    tags,
  }: { readonly taskDefinition?: SdkTaskDefinition | undefined; readonly tags?: Tag[] | undefined },
): Revision {
  const described = required(taskDefinition, action, 'taskDefinition');
  for (const member of ['taskDefinitionArn', 'family', 'revision', 'containerDefinitions'] as const)
    required(described[member], action, `taskDefinition.${member}`);
  return revision(described, tags);
}
