import {
  ApiException,
  type CallContext,
  invalid,
  lastSegment,
  lookUp,
  type Operations,
  page,
  pick,
  strings,
} from '../../wire/service.ts';
import { counts, type SimCluster, type SimService, type SimTask } from '../state.ts';
import { clusterName } from './identifiers.ts';

/** Clusters by region and name. `default` is there without being created, as the console makes it: with both Fargate providers. */
export class Clusters {
  /** Container instances of clusters that are created from now on: none, as AWS's begin, or as many as tasks need. */
  instancesOfNew: 'unlimited' | 'none' = 'unlimited';
  readonly #clusters = new Map<string, SimCluster>();
  readonly #home: CallContext;

  /** @param home where `get` looks by default */
  constructor(home: CallContext) {
    this.#home = home;
    this.create('default', home).capacityProviders.push('FARGATE', 'FARGATE_SPOT');
  }

  create(name: string, context: CallContext, settings: Record<string, unknown> = {}): SimCluster {
    const arn = arnOf(name, context);
    const cluster: SimCluster = {
      arn,
      name,
      settings,
      status: 'ACTIVE',
      capacityProviders: [],
      tasks: [],
      clientTokens: new Map(),
    };
    if (this.instancesOfNew === 'none') cluster.instances = [];
    this.#clusters.set(arn, cluster);
    return cluster;
  }

  find(reference: unknown, context: CallContext): SimCluster | undefined {
    const name = clusterName(reference, context);
    return this.#clusters.get(arnOf(name, context)) ?? (name === 'default' ? this.create(name, context) : undefined);
  }

  /** By name or ARN. @throws ClusterNotFoundException */
  get(reference: unknown, context: CallContext = this.#home): SimCluster {
    const cluster = this.find(reference, context);
    if (cluster?.status !== 'ACTIVE') throw new ApiException('ClusterNotFoundException', 'Cluster not found.');
    return cluster;
  }

  all(): SimCluster[] {
    return [...this.#clusters.values()];
  }
}

/** Those of Fargate are there for all; others when they have been added to the cluster. @throws InvalidParameterException */
function needProviders(names: readonly string[], cluster: SimCluster | undefined): void {
  const known = ['FARGATE', 'FARGATE_SPOT', ...(cluster?.capacityProviders ?? [])];
  if (names.every((name) => known.includes(lastSegment(name)))) return;
  throw invalid('The specified capacity provider does not exist. Specify a valid name or ARN and try again.');
}

const arnOf = (name: string, { partition, region, accountId }: CallContext): string =>
  `arn:${partition}:ecs:${region}:${accountId}:cluster/${name}`;

const CLUSTER_SETTINGS = [
  'settings',
  'configuration',
  'serviceConnectDefaults',
  'tags',
  'defaultCapacityProviderStrategy',
];

export function clusterOperations(clusters: Clusters, services: () => Iterable<SimService>): Operations {
  const describe = (cluster: SimCluster, include: readonly string[]): object => {
    const own = [...services()].filter((service) => service.cluster === cluster);
    const tasks = [...own.flatMap((service) => service.tasks), ...cluster.tasks];
    const count = counts(tasks);
    const { settings, configuration, tags, ...shown } = cluster.settings;
    return {
      ...shown,
      clusterArn: cluster.arn,
      clusterName: cluster.name,
      status: cluster.status,
      registeredContainerInstancesCount: cluster.instances?.length ?? 0,
      runningTasksCount: count.running,
      pendingTasksCount: count.pending,
      activeServicesCount: own.filter(({ status }) => status === 'ACTIVE').length,
      capacityProviders: cluster.capacityProviders,
      defaultCapacityProviderStrategy: cluster.settings.defaultCapacityProviderStrategy ?? [],
      statistics: [],
      ...(include.includes('SETTINGS')
        ? { settings: settings ?? [{ name: 'containerInsights', value: 'disabled' }] }
        : {}),
      ...(include.includes('CONFIGURATIONS') && configuration ? { configuration } : {}),
      tags: include.includes('TAGS') ? (tags ?? []) : [],
    };
  };

  const tasksOf = (cluster: SimCluster): SimTask[] => [
    ...[...services()].flatMap((service) => (service.cluster === cluster ? service.tasks : [])),
    ...cluster.tasks,
  ];

  return {
    CreateCluster: (input, context) => {
      const name = String(input.clusterName ?? 'default');
      const found = clusters.find(name, context);
      needProviders(strings(input.capacityProviders), found);
      const cluster =
        found?.status === 'ACTIVE' ? found : clusters.create(name, context, pick(input, CLUSTER_SETTINGS));
      cluster.capacityProviders.push(
        ...strings(input.capacityProviders).filter((one) => !cluster.capacityProviders.includes(one)),
      );
      return { cluster: describe(cluster, ['SETTINGS', 'TAGS']) };
    },
    DescribeClusters: ({ clusters: names, include }, context) => {
      const wanted = names === undefined ? ['default'] : strings(names);
      const { found, failures } = lookUp(wanted, (name) => clusters.find(name, context));
      return {
        clusters: found.map((cluster) => describe(cluster, strings(include))),
        failures: failures.map(({ arn, reason }) => ({ arn: arnOf(lastSegment(arn), context), reason })),
      };
    },
    ListClusters: (input, { region }) => {
      const arns = clusters
        .all()
        .flatMap(({ arn, status }) => (status === 'ACTIVE' && arn.split(':')[3] === region ? [arn] : []));
      const [clusterArns, next] = page(arns, input, { usual: 100 });
      return { clusterArns, ...next };
    },
    DeleteCluster: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      if ([...services()].some((service) => service.cluster === cluster && service.status === 'ACTIVE')) {
        throw new ApiException(
          'ClusterContainsServicesException',
          'The Cluster cannot be deleted while Services are active.',
        );
      }
      if (tasksOf(cluster).some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
        throw new ApiException(
          'ClusterContainsTasksException',
          'The Cluster cannot be deleted while Tasks are active.',
        );
      }
      if ((cluster.instances ?? []).length > 0) {
        throw new ApiException(
          'ClusterContainsContainerInstancesException',
          'The Cluster cannot be deleted while Container Instances are active or draining.',
        );
      }
      cluster.status = 'INACTIVE';
      return { cluster: describe(cluster, []) };
    },
    PutClusterCapacityProviders: (input, context) => {
      const cluster = clusters.get(input.cluster, context);
      const names = strings(input.capacityProviders);
      needProviders(names, cluster);
      cluster.capacityProviders = names;
      cluster.settings.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
      return { cluster: describe(cluster, ['SETTINGS', 'TAGS']) };
    },
  };
}
