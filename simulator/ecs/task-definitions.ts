import type { SimClock } from '../clock.ts';
import { ApiException, type CallContext, client, type Input } from '../wire/service.ts';
import type { Tagged, TagList } from './state.ts';

export interface StoredRevision {
  readonly definition: Readonly<Record<string, unknown>>;
  readonly tags: TagList;
}

/** Families and their revisions, with the defaults and describe-only fields that ECS adds. */
export class TaskDefinitions {
  readonly #clock: SimClock;
  readonly #families = new Map<string, StoredRevision[]>();
  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  /** @param compatibilities the launch types whose rules the definition keeps */
  register(input: Input, compatibilities: readonly string[], { region, accountId, partition }: CallContext): object {
    const { tags = [], ...given } = input;
    const family = String(given.family);
    const revisions = this.#families.get(family) ?? [];
    const revision = revisions.length + 1;
    const definition = {
      ...given,
      ...sizeOf(given),
      containerDefinitions: list(given.containerDefinitions).map((container) =>
        withDefaults(container as Input, given.networkMode),
      ),
      volumes: given.volumes ?? [],
      placementConstraints: given.placementConstraints ?? [],
      taskDefinitionArn: `arn:${partition}:ecs:${region}:${accountId}:task-definition/${family}:${revision}`,
      revision,
      status: 'ACTIVE',
      requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
      compatibilities,
      registeredAt: this.#clock.now(),
      registeredBy: `arn:${partition}:sts::${accountId}:assumed-role/deploy/session`,
    };
    this.#families.set(family, [...revisions, { definition, tags: tags as TagList }]);
    return { taskDefinition: definition, tags };
  }

  /** `family`, `family:revision` or ARN. */
  find(reference: string): StoredRevision {
    const found = this.#find(reference);
    if (!found) throw client('Unable to describe task definition.');
    return found;
  }

  #find(reference: string): StoredRevision | undefined {
    const [family = '', number] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
    const revisions = this.#families.get(family) ?? [];
    return number === undefined
      ? revisions.findLast(({ definition }) => definition.status === 'ACTIVE')
      : revisions[Number(number) - 1];
  }

  /** For a service or a task. @throws ClientException in other words than DescribeTaskDefinition's */
  use(reference: string): StoredRevision {
    const [, revision = '1'] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
    if (!/^[0-9]+$/.test(revision))
      throw new ApiException('InvalidParameterException', `Invalid revision number. Number: ${revision}`);
    const found = this.#find(reference);
    if (!found) throw client('TaskDefinition not found.');
    return found;
  }

  #change(found: StoredRevision, change: Partial<StoredRevision>): StoredRevision {
    const family = String(found.definition.family);
    const changed = { ...found, ...change };
    const revisions = this.#families.get(family) ?? [];
    this.#families.set(
      family,
      revisions.map((one) => (one === found ? changed : one)),
    );
    return changed;
  }

  deregister(reference: string): object {
    if (!/:\d+$/.test(reference)) throw client('Unable to describe task definition.');
    const found = this.find(reference);
    const definition = { ...found.definition, status: 'INACTIVE', deregisteredAt: this.#clock.now() };
    return { taskDefinition: this.#change(found, { definition }).definition };
  }

  /** Only what was deregistered can be deleted. */
  delete(references: readonly string[]): object {
    const taskDefinitions: object[] = [];
    const failures: object[] = [];
    for (const reference of references) {
      const found = this.find(reference);
      if (found.definition.status === 'ACTIVE') {
        const reason =
          'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
        failures.push({ arn: found.definition.taskDefinitionArn, reason });
        continue;
      }
      const definition = { ...found.definition, status: 'DELETE_IN_PROGRESS', deleteRequestedAt: this.#clock.now() };
      taskDefinitions.push(this.#change(found, { definition }).definition);
    }
    return { taskDefinitions, failures };
  }

  /** ARNs of one family, or of all, oldest revision first unless `sort` is DESC. */
  list(family: string | undefined, status: string, sort: string): string[] {
    const arns = [...this.#families]
      .filter(([name]) => family === undefined || name === family)
      .flatMap(([, revisions]) => revisions.filter(({ definition }) => definition.status === status))
      .map(({ definition }) => String(definition.taskDefinitionArn));
    return sort === 'DESC' ? arns.reverse() : arns;
  }

  families(prefix: string, status: string): string[] {
    return [...this.#families].flatMap(([family, revisions]) => {
      const isActive = revisions.some(({ definition }) => definition.status === 'ACTIVE');
      const fits = status === 'ALL' || isActive === (status === 'ACTIVE');
      return family.startsWith(prefix) && fits ? [family] : [];
    });
  }

  tagged(arn: string): Tagged | undefined {
    const find = (): StoredRevision | undefined =>
      [...this.#families.values()].flat().find(({ definition }) => definition.taskDefinitionArn === arn);
    if (!find()) return undefined;
    return {
      read: () => find()?.tags ?? [],
      write: (tags) => {
        const found = find();
        if (found) this.#change(found, { tags });
      },
    };
  }
}

/**
 * `1 vCPU` is registered as 1024, `2 GB` as 2048.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html (cpu, memory)
 */
function sizeOf({ cpu, memory }: Input): object {
  const inUnits = (value: unknown, unit: RegExp): string => {
    const [, number] = unit.exec(String(value)) ?? [];
    return number === undefined ? String(value) : String(Math.round(Number(number) * 1024));
  };
  return {
    ...(cpu === undefined ? {} : { cpu: inUnits(cpu, /^([\d.]+)\s*vcpu$/i) }),
    ...(memory === undefined ? {} : { memory: inUnits(memory, /^([\d.]+)\s*gb$/i) }),
  };
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function withDefaults(container: Input, networkMode: unknown): Input {
  const ports = (list(container.portMappings) as readonly Input[]).map((mapping) => ({
    ...mapping,
    hostPort: mapping.hostPort ?? (networkMode === 'awsvpc' || networkMode === 'host' ? mapping.containerPort : 0),
    protocol: mapping.protocol ?? 'tcp',
  }));
  const health = container.healthCheck as Input | undefined;
  return {
    ...container,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    portMappings: ports,
    ...(health ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...health } } : {}),
  };
}
