import { ApiException, client, type Input, limited, type Operations, page, strings } from '../../wire/service.ts';
import type { TaskDefinitions } from '../task-definitions.ts';

export const taskDefinitionOperations = (store: TaskDefinitions): Operations => ({
  RegisterTaskDefinition: (input, context) => {
    refuse(input);
    return store.register(input, context);
  },
  DescribeTaskDefinition: ({ taskDefinition, include }) => {
    const { definition, tags } = store.find(String(taskDefinition));
    return { taskDefinition: definition, ...(strings(include).includes('TAGS') ? { tags } : {}) };
  },
  DeregisterTaskDefinition: ({ taskDefinition }) => store.deregister(String(taskDefinition)),
  DeleteTaskDefinitions: ({ taskDefinitions }) => store.delete(limited(taskDefinitions, 10, 'Task definitions')),
  ListTaskDefinitions: (input) => {
    const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
    const family = familyPrefix === undefined ? undefined : String(familyPrefix);
    const [taskDefinitionArns, next] = page(store.list(family, String(status), String(sort)), input, { usual: 100 });
    return { taskDefinitionArns, ...next };
  },
  ListTaskDefinitionFamilies: (input) => {
    const { familyPrefix = '', status = 'ALL' } = input;
    const [families, next] = page(store.families(String(familyPrefix), String(status)), input, { usual: 100 });
    return { families, ...next };
  },
});

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What ECS refuses beyond its service model, in its words. */
function refuse({ tags, ...given }: Input): void {
  const containers = list(given.containerDefinitions) as readonly Input[];
  if (Array.isArray(tags) && tags.length === 0)
    throw new ApiException('InvalidParameterException', 'Tags can not be empty.');
  const keys = list(tags).map((tag) => (tag as Input).key);
  if (new Set(keys).size < keys.length)
    throw new ApiException('InvalidParameterException', 'Multiple tags contain the same key.');
  if (containers.length === 0) throw client('Container definitions should not be null or empty.');
  if (!containers.some(({ essential }) => essential !== false))
    throw client('At least one container must be essential.');
  for (const { name, image, memory, memoryReservation, portMappings } of containers) {
    if (!image) throw client('Container.image should not be null or empty.');
    if (memory === undefined && memoryReservation === undefined && given.memory === undefined) {
      throw client(
        `Invalid setting for container '${String(name)}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
      );
    }
    for (const { hostPort, containerPort } of list(portMappings) as readonly Input[]) {
      if (given.networkMode === 'awsvpc' && hostPort !== undefined && hostPort !== containerPort) {
        throw client('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
      }
    }
  }
  if (list(given.requiresCompatibilities).includes('FARGATE')) {
    if (given.networkMode !== 'awsvpc') throw client('Fargate only supports network mode ‘awsvpc’.');
    if (given.cpu === undefined || given.memory === undefined)
      throw client('Fargate requires that ‘cpu’ be defined at the task level.');
  }
}
