import {
  type DaemonDeploymentRevisionDetail,
  DeleteDaemonTaskDefinitionCommand,
  DescribeDaemonCommand,
  DescribeDaemonDeploymentsCommand,
  DescribeDaemonRevisionsCommand,
  DescribeDaemonTaskDefinitionCommand,
  ECSClient,
  ListDaemonsCommand,
  RegisterDaemonTaskDefinitionCommand,
  type RegisterDaemonTaskDefinitionCommandInput,
  type DaemonDeployment as SdkDeployment,
  UpdateDaemonCommand,
  type UpdateDaemonCommandInput,
} from '@aws-sdk/client-ecs';
import { lastPart } from '../arn.ts';
import { clip } from '../clip.ts';
import { asFailure, Failure } from '../failure.ts';
import { type DaemonCount, type DaemonDeployment, defined, type JsonObject } from '../model.ts';
import type { Daemons } from '../ports.ts';
import { ATTEMPTS, type AwsConfig, callOnce, type Retry, required, withRetry } from './aws.ts';

/** Of DescribeDaemonTaskDefinition: what RegisterDaemonTaskDefinition does not take. */
const READ_ONLY = [
  'daemonTaskDefinitionArn',
  'revision',
  'status',
  'registeredAt',
  'registeredBy',
  'deleteRequestedAt',
];
const LISTED_PER_CALL = 100;

/** The port Daemons over the SDK. */
export function createDaemons(config: AwsConfig, retry?: Retry): Daemons {
  const client = new ECSClient({ ...config, ...ATTEMPTS });
  return {
    async list(clusterArn) {
      const arns: string[] = [];
      for (let token: string | undefined; ; ) {
        const command = new ListDaemonsCommand({
          clusterArn,
          maxResults: LISTED_PER_CALL,
          ...defined({ nextToken: token }),
        });
        const { daemonSummariesList, nextToken } = await withRetry(retry, 'ecs:ListDaemons', () =>
          client.send(command),
        );
        const all = required(daemonSummariesList, 'ecs:ListDaemons', 'daemonSummariesList');
        arns.push(...all.flatMap(({ daemonArn }) => daemonArn ?? []));
        if (!nextToken) return arns;
        token = nextToken;
      }
    },

    async describe(daemonArn) {
      const action = 'ecs:DescribeDaemon';
      const { daemon } = await withRetry(retry, action, () => client.send(new DescribeDaemonCommand({ daemonArn })));
      const {
        clusterArn = '',
        status = 'ACTIVE',
        deploymentArn,
        currentRevisions = [],
      } = required(daemon, action, 'daemon');
      return {
        arn: daemonArn,
        name: lastPart(daemonArn),
        clusterArn,
        status,
        ...defined({ deploymentArn }),
        revisions: currentRevisions.map(({ arn = '', totalRunningCount = 0, capacityProviders = [] }) => ({
          arn,
          running: totalRunningCount,
          capacityProviders: capacityProviders.flatMap((provider) => provider.arn ?? []),
        })),
      };
    },

    async revision(arn) {
      const action = 'ecs:DescribeDaemonRevisions';
      const { daemonRevisions } = await withRetry(retry, action, () =>
        client.send(new DescribeDaemonRevisionsCommand({ daemonRevisionArns: [arn] })),
      );
      const [found] = required(daemonRevisions, action, 'daemonRevisions');
      if (!found) throw new Failure('NOT_FOUND', `The daemon revision ${arn} does not exist.`);
      const {
        daemonTaskDefinitionArn = '',
        propagateTags,
        enableECSManagedTags,
        enableExecuteCommand,
        critical,
      } = found;
      return {
        arn,
        taskDefinitionArn: daemonTaskDefinitionArn,
        settings: defined({ propagateTags, enableECSManagedTags, enableExecuteCommand, critical }),
      };
    },

    async deployment(arn) {
      const action = 'ecs:DescribeDaemonDeployments';
      const { daemonDeployments } = await withRetry(retry, action, () =>
        client.send(new DescribeDaemonDeploymentsCommand({ daemonDeploymentArns: [arn] })),
      );
      const [found] = required(daemonDeployments, action, 'daemonDeployments');
      if (!found) throw new Failure('NOT_FOUND', `The daemon deployment ${arn} does not exist.`);
      return deploymentOf(arn, found);
    },

    async definition(daemonTaskDefinition) {
      const action = 'ecs:DescribeDaemonTaskDefinition';
      const { daemonTaskDefinition: found } = await withRetry(retry, action, () =>
        client.send(new DescribeDaemonTaskDefinitionCommand({ daemonTaskDefinition })),
      );
      const shown = required(found, action, 'daemonTaskDefinition');
      const kept = Object.entries(JSON.parse(JSON.stringify(shown)) as JsonObject);
      return {
        arn: shown.daemonTaskDefinitionArn ?? '',
        status: shown.status ?? 'ACTIVE',
        definition: Object.fromEntries(kept.filter(([name]) => !READ_ONLY.includes(name))),
      };
    },

    async newest(family) {
      try {
        return await this.definition(family);
      } catch (thrown) {
        const { code } = asFailure(thrown);
        if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined;
        throw thrown;
      }
    },

    async register(definition, tags) {
      const input = structuredClone(definition) as unknown as RegisterDaemonTaskDefinitionCommandInput;
      const command = new RegisterDaemonTaskDefinitionCommand({
        ...input,
        ...(tags.length > 0 ? { tags: [...tags] } : {}),
      });
      const action = 'ecs:RegisterDaemonTaskDefinition';
      const { daemonTaskDefinitionArn } = await callOnce(retry, action, () => client.send(command));
      return required(daemonTaskDefinitionArn, action, 'daemonTaskDefinitionArn');
    },

    async remove(daemonTaskDefinition) {
      await withRetry(retry, 'ecs:DeleteDaemonTaskDefinition', () =>
        client.send(new DeleteDaemonTaskDefinitionCommand({ daemonTaskDefinition })),
      );
    },

    async update({ settings, capacityProviderArns, ...names }) {
      const input = { ...structuredClone(settings), ...names, capacityProviderArns: [...capacityProviderArns] };
      const command = new UpdateDaemonCommand(input as UpdateDaemonCommandInput);
      const { deploymentArn } = await callOnce(retry, 'ecs:UpdateDaemon', () => client.send(command));
      return required(deploymentArn, 'ecs:UpdateDaemon', 'deploymentArn');
    },
  };
}

const countOf = ({
  arn = '',
  totalRunningInstanceCount: running = 0,
  totalWithoutDaemonInstanceCount: without = 0,
  totalDrainingInstanceCount: draining = 0,
}: DaemonDeploymentRevisionDetail): DaemonCount => ({ arn, running, without, draining });

function deploymentOf(arn: string, given: SdkDeployment): DaemonDeployment {
  const { status = 'PENDING', statusReason, targetDaemonRevision: target, circuitBreaker: breaker, rollback } = given;
  return {
    arn,
    status,
    sources: (given.sourceDaemonRevisions ?? []).map(countOf),
    triggeredAlarms: given.alarms?.triggeredAlarmNames ?? [],
    configuration: JSON.parse(JSON.stringify(given.deploymentConfiguration ?? {})) as JsonObject,
    ...defined({
      createdAt: given.createdAt && given.createdAt.getTime() / 1000,
      reason: statusReason === undefined ? undefined : clip(statusReason),
      target: target && countOf(target),
      breaker: breaker && { failures: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 },
      rollback: rollback && defined({ reason: rollback.reason, revisionArn: rollback.rollbackTargetDaemonRevisionArn }),
    }),
  };
}
