/**
 * Managed daemons: one task on each container instance of ECS Managed Instances capacity providers.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons-deployments.html
 */
import type { SimClock } from '../../clock.ts';
import type { Ending } from '../../runtime/model.ts';
import {
  ApiException,
  type CallContext,
  client,
  type Input,
  invalid,
  limited,
  lookUp,
  type Operations,
  page,
  pick,
  strings,
} from '../../wire/service.ts';
import type { Ids, Tagged, TagList } from '../state.ts';
import type { Clusters } from './clusters.ts';
import { DaemonTasks } from './daemon-tasks.ts';
import { parseArn } from './identifiers.ts';
import { defined } from './views.ts';

interface SimDefinition {
  readonly arn: string;
  readonly definition: Input;
  readonly registeredAt: number;
  tags: TagList;
  status: 'ACTIVE' | 'DELETE_IN_PROGRESS';
}

interface SimRevision {
  readonly arn: string;
  readonly definition: string;
  readonly settings: Input;
  readonly createdAt: number;
  instances: number;
}

type Status =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOPPED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

interface SimDaemonDeployment {
  readonly arn: string;
  readonly target: SimRevision;
  readonly source: SimRevision | undefined;
  readonly configuration: Input;
  readonly createdAt: number;
  status: Status;
  reason?: string;
  failures: number;
  draining: number;
  triggered: string[];
  finishedAt?: number;
  rollbackReason?: string;
}

interface SimDaemon {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly createdAt: number;
  capacityProviders: readonly string[];
  tags: TagList;
  status: 'ACTIVE' | 'DELETE_IN_PROGRESS';
  revision: SimRevision;
  readonly revisions: SimRevision[];
  readonly deployments: SimDaemonDeployment[];
}

export interface DaemonsParts {
  readonly clock: SimClock;
  readonly clusters: Clusters;
  readonly ids: Ids;
  /** How tasks of that image end; undefined where they stay up. */
  readonly endOf: (image: string) => Ending | undefined;
  /** Whether the alarm is in ALARM. */
  readonly inAlarm: (name: string) => boolean;
}

/** "drainPercent ... Default: 25": managed-daemons-create-manage.html */
const DRAIN_PERCENT = 25;
/** Until a batch of instances is drained, replaced and runs the daemon. */
const BATCH_SECONDS = 60;
const PENDING_SECONDS = 5;
/** Failed daemon tasks after which the circuit breaker, which is always on, ends the deployment. */
const THRESHOLD = 3;
const RUNTIME = ['propagateTags', 'enableECSManagedTags', 'enableExecuteCommand', 'critical'];

/** Daemons and their task definitions. */
export class Daemons {
  readonly #parts: DaemonsParts;
  readonly #definitions = new Map<string, SimDefinition>();
  readonly #daemons = new Map<string, SimDaemon>();
  /** Container instances of each daemon's capacity providers. */
  instances = 4;
  readonly tasks: DaemonTasks;

  constructor(parts: DaemonsParts) {
    this.#parts = parts;
    this.tasks = new DaemonTasks(parts.ids, () => parts.clock.now());
  }

  /** While its tasks are drained, a deleted daemon can still be described. */
  deleting(arn: string): void {
    const daemon = this.#daemons.get(arn);
    if (daemon) daemon.status = 'DELETE_IN_PROGRESS';
  }

  /** Where the resource of that ARN keeps its tags. */
  tagged(arn: string): Tagged | undefined {
    const found = this.#daemons.get(arn) ?? this.#definitions.get(arn);
    return (
      found && {
        read: () => found.tags,
        write: (tags) => {
          found.tags = tags;
        },
      }
    );
  }

  #definition(reference: unknown, context: CallContext): SimDefinition {
    const arn = parseArn(reference, context);
    if (arn && !String(reference).includes(':daemon-task-definition/'))
      throw client('Invalid ARN of a daemon task definition.');
    const [family = '', number] = (arn?.path ?? String(reference)).split(':');
    const all = [...this.#definitions.values()].filter(({ definition }) => definition.family === family);
    const found =
      number === undefined
        ? all.findLast(({ status }) => status === 'ACTIVE')
        : all.find((one) => one.arn.endsWith(`:${number}`));
    if (!found) throw client('Unable to describe daemon task definition.');
    return found;
  }

  #daemon(arn: unknown, context: CallContext): SimDaemon {
    parseArn(arn, context);
    const found = this.#daemons.get(String(arn));
    if (!found) throw new ApiException('DaemonNotFoundException', 'The specified daemon was not found.');
    return found;
  }

  readonly operations: Operations = {
    RegisterDaemonTaskDefinition: ({ tags = [], ...definition }, { region, accountId, partition }) => {
      const containers = definition.containerDefinitions as readonly Input[];
      if (containers.length === 0) throw client('Container list cannot be empty.');
      const family = String(definition.family);
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw client('Invalid family.');
      const count = [...this.#definitions.values()].filter((one) => one.definition.family === family).length;
      const arn = `arn:${partition}:ecs:${region}:${accountId}:daemon-task-definition/${family}:${count + 1}`;
      const registeredAt = this.#parts.clock.now();
      this.#definitions.set(arn, { arn, definition, registeredAt, tags: tags as TagList, status: 'ACTIVE' });
      return { daemonTaskDefinitionArn: arn };
    },
    DescribeDaemonTaskDefinition: ({ daemonTaskDefinition }, context) => {
      const { arn, definition, registeredAt, status } = this.#definition(daemonTaskDefinition, context);
      const revision = Number(arn.split(':').at(-1));
      return {
        daemonTaskDefinition: { ...definition, daemonTaskDefinitionArn: arn, revision, registeredAt, status },
      };
    },
    DeleteDaemonTaskDefinition: ({ daemonTaskDefinition }, context) => {
      const found = this.#definition(daemonTaskDefinition, context);
      const used = [...this.#daemons.values()].some(({ revision }) => revision.definition === found.arn);
      if (used) throw client('The daemon task definition is in use by a daemon.');
      found.status = 'DELETE_IN_PROGRESS';
      return { daemonTaskDefinitionArn: found.arn };
    },
    CreateDaemon: (given, context) => {
      const { clock, clusters } = this.#parts;
      const cluster = clusters.get(given.clusterArn, context);
      const name = String(given.daemonName);
      const arn = `${cluster.arn.replace(':cluster/', ':daemon/')}/${name}`;
      if (this.#daemons.has(arn)) throw invalid('The daemon already exists.');
      const revision = this.#revision(arn, given, context);
      const daemon: SimDaemon = {
        arn,
        name,
        clusterArn: cluster.arn,
        createdAt: clock.now(),
        capacityProviders: limited(given.capacityProviderArns, 10, 'capacityProviderArns'),
        tags: (given.tags ?? []) as TagList,
        status: 'ACTIVE',
        revision,
        revisions: [revision],
        deployments: [],
      };
      this.#daemons.set(arn, daemon);
      const deployment = this.#begin(daemon, undefined, given);
      return { daemonArn: arn, status: daemon.status, createdAt: daemon.createdAt, deploymentArn: deployment.arn };
    },
    UpdateDaemon: (given, context) => {
      const daemon = this.#daemon(given.daemonArn, context);
      if (daemon.status !== 'ACTIVE') throw new ApiException('DaemonNotActiveException', 'The daemon is not active.');
      const source = daemon.revision;
      const revision = this.#revision(daemon.arn, given, context);
      daemon.capacityProviders = limited(given.capacityProviderArns, 10, 'capacityProviderArns');
      daemon.revision = revision;
      daemon.revisions.push(revision);
      const deployment = this.#begin(daemon, source, given);
      return {
        daemonArn: daemon.arn,
        status: daemon.status,
        createdAt: daemon.createdAt,
        updatedAt: this.#parts.clock.now(),
        deploymentArn: deployment.arn,
      };
    },
    DescribeDaemon: ({ daemonArn }, context) => {
      const daemon = this.#daemon(daemonArn, context);
      const shown = daemon.revisions.filter((one) => one.instances > 0 || one === daemon.revision);
      return {
        daemon: {
          daemonArn: daemon.arn,
          clusterArn: daemon.clusterArn,
          status: daemon.status,
          currentRevisions: shown.map(({ arn, instances }) => ({
            arn,
            totalRunningCount: instances,
            totalWithoutDaemonCount: 0,
            capacityProviders: daemon.capacityProviders.map((provider) => ({ arn: provider, runningCount: instances })),
          })),
          deploymentArn: daemon.deployments.at(-1)?.arn,
          createdAt: daemon.createdAt,
          updatedAt: daemon.deployments.at(-1)?.createdAt,
        },
      };
    },
    DeleteDaemon: ({ daemonArn }, context) => {
      const daemon = this.#daemon(daemonArn, context);
      daemon.status = 'DELETE_IN_PROGRESS';
      this.#daemons.delete(daemon.arn);
      return { daemonArn: daemon.arn, status: daemon.status };
    },
    ListDaemons: (input, context) => {
      const cluster = this.#parts.clusters.get(input.clusterArn, context);
      const all = [...this.#daemons.values()].filter(({ clusterArn }) => clusterArn === cluster.arn);
      const [some, next] = page(all, input, { usual: 10 });
      return {
        daemonSummariesList: some.map(({ arn, status, createdAt }) => ({ daemonArn: arn, status, createdAt })),
        ...next,
      };
    },
    ListDaemonDeployments: ({ daemonArn, status, ...input }, context) => {
      const daemon = this.#daemon(daemonArn, context);
      const statuses = strings(status);
      const all = daemon.deployments.filter((one) => statuses.length === 0 || statuses.includes(one.status));
      const [some, next] = page(all.toReversed(), input, { usual: 10 });
      return {
        daemonDeployments: some.map((one) => ({
          daemonDeploymentArn: one.arn,
          daemonArn: daemon.arn,
          clusterArn: daemon.clusterArn,
          status: one.status,
          targetDaemonRevisionArn: one.target.arn,
          createdAt: one.createdAt,
          ...defined({ statusReason: one.reason, finishedAt: one.finishedAt }),
        })),
        ...next,
      };
    },
    DescribeDaemonDeployments: ({ daemonDeploymentArns }) => {
      const { found, failures } = lookUp(limited(daemonDeploymentArns, 20, 'daemonDeploymentArns'), (arn) => {
        for (const daemon of this.#daemons.values()) {
          const deployment = daemon.deployments.find((one) => one.arn === arn);
          if (deployment) return { daemon, deployment };
        }
        return undefined;
      });
      return { daemonDeployments: found.map(({ daemon, deployment }) => describe(daemon, deployment)), failures };
    },
    DescribeDaemonRevisions: ({ daemonRevisionArns }) => {
      const { found, failures } = lookUp(limited(daemonRevisionArns, 20, 'daemonRevisionArns'), (arn) => {
        for (const daemon of this.#daemons.values()) {
          const revision = daemon.revisions.find((one) => one.arn === arn);
          if (revision) return { daemon, revision };
        }
        return undefined;
      });
      return {
        daemonRevisions: found.map(({ daemon, revision }) => ({
          daemonRevisionArn: revision.arn,
          daemonArn: daemon.arn,
          clusterArn: daemon.clusterArn,
          daemonTaskDefinitionArn: revision.definition,
          createdAt: revision.createdAt,
          ...revision.settings,
          containerImages: this.#images(revision).map(({ name, image }) => ({ containerName: name, image })),
        })),
        failures,
      };
    },
  };

  #images({ definition }: SimRevision): readonly { readonly name: string; readonly image: string }[] {
    return (this.#definitions.get(definition)?.definition.containerDefinitions ?? []) as never;
  }

  #revision(daemon: string, given: Input, context: CallContext): SimRevision {
    const { arn, status } = this.#definition(given.daemonTaskDefinitionArn, context);
    if (status !== 'ACTIVE') throw client('The daemon task definition is not ACTIVE.');
    const { ids, clock } = this.#parts;
    return {
      arn: `${daemon.replace(':daemon/', ':daemon-revision/')}/${ids.digits()}`,
      definition: arn,
      // "If you don't specify a value, the tags aren't propagated": UpdateDaemonRequest
      settings: pick({ propagateTags: 'NONE', critical: true, ...given }, RUNTIME),
      createdAt: clock.now(),
      instances: 0,
    };
  }

  #begin(daemon: SimDaemon, source: SimRevision | undefined, given: Input): SimDaemonDeployment {
    const { clock, ids } = this.#parts;
    const { revision: target } = daemon;
    const before = daemon.deployments.at(-1);
    if (before && (before.status === 'PENDING' || before.status === 'IN_PROGRESS')) {
      before.status = 'STOPPED';
      before.reason = 'The deployment was replaced by a new deployment.';
    }
    const deployment: SimDaemonDeployment = {
      arn: `${daemon.arn.replace(':daemon/', ':daemon-deployment/')}/${ids.word()}`,
      target,
      source,
      configuration: {
        drainPercent: DRAIN_PERCENT,
        bakeTimeInMinutes: 0,
        ...(given.deploymentConfiguration as object),
      },
      createdAt: clock.now(),
      status: 'PENDING',
      failures: 0,
      draining: 0,
      triggered: [],
    };
    daemon.deployments.push(deployment);
    clock.after(PENDING_SECONDS, () => {
      if (deployment.status !== 'PENDING') return;
      deployment.status = 'IN_PROGRESS';
      this.#batch(deployment);
    });
    return deployment;
  }

  #batch(deployment: SimDaemonDeployment): void {
    const { target, source, configuration } = deployment;
    const batch = Math.max(1, Math.ceil((this.instances * Number(configuration.drainPercent)) / 100));
    deployment.draining = source ? Math.min(batch, this.instances - target.instances) : 0;
    this.#parts.clock.after(BATCH_SECONDS, () => {
      if (deployment.status !== 'IN_PROGRESS') return;
      const alarm = this.#alarmOf(deployment);
      const failed = this.#images(target).flatMap(({ name, image }) => {
        const end = this.#parts.endOf(image);
        return end ? [{ name, end }] : [];
      })[0];
      if (failed) {
        deployment.failures++;
        this.#fail(deployment, failed);
      }
      if (alarm !== undefined) deployment.triggered.push(alarm);
      if (alarm !== undefined) return this.#rollBack(deployment, `CloudWatch alarm ${alarm} was triggered.`);
      if (deployment.failures >= THRESHOLD)
        return this.#rollBack(deployment, `Deployment circuit breaker: daemon tasks failed to start.`);
      if (!failed) {
        this.#spread(target, Math.min(this.instances, target.instances + batch));
        if (source) this.#spread(source, this.instances - target.instances);
      }
      if (target.instances < this.instances) return this.#batch(deployment);
      deployment.draining = 0;
      this.#parts.clock.after(Number(configuration.bakeTimeInMinutes) * 60, () => {
        if (deployment.status !== 'IN_PROGRESS') return;
        const late = this.#alarmOf(deployment);
        if (late !== undefined) {
          deployment.triggered.push(late);
          return this.#rollBack(deployment, `CloudWatch alarm ${late} was triggered.`);
        }
        deployment.status = 'SUCCESSFUL';
        deployment.finishedAt = this.#parts.clock.now();
      });
    });
  }

  /** One task of the revision on each of so many instances. */
  #spread(revision: SimRevision, instances: number): void {
    revision.instances = instances;
    this.tasks.keep(this.#ownerOf(revision), instances);
  }

  #fail({ target }: SimDaemonDeployment, { name, end }: { readonly name: string; readonly end: Ending }): void {
    this.tasks.stop(this.tasks.start(this.#ownerOf(target)), { ...end, container: name });
  }

  #ownerOf(revision: SimRevision): Parameters<DaemonTasks['start']>[0] {
    const daemon = [...this.#daemons.values()].find(({ revisions }) => revisions.includes(revision));
    const containers = this.#images(revision);
    return {
      clusterArn: daemon?.clusterArn ?? '',
      daemon: daemon?.name ?? '',
      definition: revision.definition,
      containers,
    };
  }

  #alarmOf({ configuration }: SimDaemonDeployment): string | undefined {
    const { enable, alarmNames = [] } = (configuration.alarms ?? {}) as { enable?: boolean; alarmNames?: string[] };
    return enable ? alarmNames.find((name) => this.#parts.inAlarm(name)) : undefined;
  }

  /** "Amazon ECS automatically rolls back to the previous daemon revision": managed-daemons-deployments.html */
  #rollBack(deployment: SimDaemonDeployment, reason: string): void {
    const { source, target } = deployment;
    deployment.reason = reason;
    if (!source) {
      deployment.status = 'STOPPED';
      return;
    }
    deployment.status = 'ROLLBACK_IN_PROGRESS';
    deployment.rollbackReason = reason;
    this.#parts.clock.after(BATCH_SECONDS, () => {
      this.#spread(target, 0);
      this.#spread(source, this.instances);
      for (const daemon of this.#daemons.values()) if (daemon.revision === target) daemon.revision = source;
      deployment.status = 'ROLLBACK_SUCCESSFUL';
      deployment.draining = 0;
      deployment.finishedAt = this.#parts.clock.now();
    });
  }
}

function describe({ clusterArn }: SimDaemon, deployment: SimDaemonDeployment): Input {
  const { arn, target, source, configuration, createdAt, status } = deployment;
  const revision = ({ arn: of, instances }: SimRevision, draining: number): Input => ({
    arn: of,
    totalRunningInstanceCount: instances,
    totalWithoutDaemonInstanceCount: 0,
    totalDrainingInstanceCount: draining,
  });
  const { alarmNames = [], enable = false } = (configuration.alarms ?? {}) as {
    alarmNames?: string[];
    enable?: boolean;
  };
  const triggered = deployment.triggered.length > 0;
  return {
    daemonDeploymentArn: arn,
    clusterArn,
    status,
    targetDaemonRevision: revision(target, 0),
    sourceDaemonRevisions: source ? [revision(source, deployment.draining)] : [],
    circuitBreaker: {
      status: deployment.failures >= THRESHOLD ? 'TRIGGERED' : 'MONITORING',
      failureCount: deployment.failures,
      threshold: THRESHOLD,
    },
    alarms: {
      status: enable ? (triggered ? 'TRIGGERED' : 'MONITORING') : 'DISABLED',
      alarmNames,
      triggeredAlarmNames: deployment.triggered,
    },
    deploymentConfiguration: configuration,
    createdAt,
    startedAt: createdAt,
    ...defined({ statusReason: deployment.reason, finishedAt: deployment.finishedAt }),
    ...(deployment.rollbackReason === undefined
      ? {}
      : {
          rollback: {
            reason: deployment.rollbackReason,
            startedAt: createdAt,
            ...(source ? { rollbackTargetDaemonRevisionArn: source.arn } : {}),
          },
        }),
  };
}
