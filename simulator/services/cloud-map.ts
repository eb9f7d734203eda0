import { ApiException, type CallContext, type Service } from '../wire/service.ts';

type Input = Readonly<Record<string, unknown>>;

/** A service of AWS Cloud Map: where ECS registers the tasks of a service that has serviceRegistries. */
export interface SimRegistryService {
  readonly name?: string;
  readonly namespaceId?: string;
  /** Types of its DNS records. */
  readonly records: readonly string[];
  /** HealthCheckCustomConfig: ECS says which instances are healthy. */
  readonly customHealth: boolean;
}

/** An instance: a task. */
export interface RegisteredInstance {
  readonly Id: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
}

/**
 * AWS Cloud Map, as far as ECS uses it. Namespaces are not simulated: every id of one is taken.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
export class CloudMap implements Service {
  readonly name = 'servicediscovery';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'Route53AutoNaming_v20170314';
  /** By ARN. */
  readonly services = new Map<string, SimRegistryService>();
  /** What ECS has registered. */
  instances: (registryArn: string) => readonly RegisteredInstance[] = () => [];
  #count = 0;

  handle(operation: string, input: Input, context: CallContext): object {
    switch (operation) {
      case 'CreateService':
        return this.#create(input, context);
      case 'GetService': {
        const [arn, service] = this.#find(input.Id);
        return { Service: describe(arn, service) };
      }
      case 'ListInstances': {
        const [arn] = this.#find(input.ServiceId);
        return { Instances: this.instances(arn).map(({ Id, Attributes }) => ({ Id, Attributes })) };
      }
      case 'GetInstancesHealthStatus': {
        const [arn] = this.#find(input.ServiceId);
        return { Status: Object.fromEntries(this.instances(arn).map(({ Id, health }) => [Id, health])) };
      }
      default:
        throw new ApiException(
          'UnknownOperationException',
          `The simulator does not know servicediscovery:${operation}.`,
        );
    }
  }

  #create({ Name, NamespaceId, DnsConfig, HealthCheckCustomConfig }: Input, context: CallContext): object {
    const name = String(Name ?? '');
    if (name === '') throw new ApiException('InvalidInput', 'Name is required.');
    const { DnsRecords = [] } = (DnsConfig ?? {}) as { readonly DnsRecords?: readonly { readonly Type: string }[] };
    const namespaceId = NamespaceId === undefined ? {} : { namespaceId: String(NamespaceId) };
    const there = [...this.services].find(
      ([, one]) => one.name === name && one.namespaceId === namespaceId.namespaceId,
    );
    if (there) {
      const ServiceId = there[0].replace(/^.*\//, '');
      throw new ApiException('ServiceAlreadyExists', 'Service already exists.', {
        statusCode: 400,
        fields: { ServiceId },
      });
    }
    const id = `srv-${(++this.#count).toString(36).padStart(16, '0')}`;
    const arn = `arn:${context.partition}:servicediscovery:${context.region}:${context.accountId}:service/${id}`;
    const records = DnsRecords.map(({ Type }) => Type);
    const service = { name, ...namespaceId, records, customHealth: HealthCheckCustomConfig !== undefined };
    this.services.set(arn, service);
    return { Service: describe(arn, service) };
  }

  #find(id: unknown): [arn: string, service: SimRegistryService] {
    const found = [...this.services].find(([arn]) => arn === id || arn.endsWith(`/${String(id)}`));
    if (found) return found;
    throw new ApiException('ServiceNotFound', `Service ${String(id)} was not found.`);
  }
}

const describe = (arn: string, { name, namespaceId, records, customHealth }: SimRegistryService): object => ({
  Id: arn.replace(/^.*\//, ''),
  Arn: arn,
  Name: name ?? arn.replace(/^.*\//, ''),
  ...(namespaceId === undefined ? {} : { NamespaceId: namespaceId }),
  DnsConfig: { DnsRecords: records.map((Type) => ({ Type, TTL: 60 })) },
  ...(customHealth ? { HealthCheckCustomConfig: { FailureThreshold: 1 } } : {}),
});
