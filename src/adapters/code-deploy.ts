import { createHash } from 'node:crypto';
import type * as sdk from '@aws-sdk/client-codedeploy';
import { clip } from '../clip.ts';
import { asFailure, Failure } from '../failure.ts';
import {
  type CodeDeployment,
  type CodeDeployTarget,
  type DeploymentGroup,
  defined,
  type Instant,
  type LifecycleEvent,
} from '../model.ts';
import type { CodeDeploy } from '../ports.ts';
import {
  ATTEMPTS,
  type AwsConfig,
  batched,
  callOnce,
  lazyClients,
  paged,
  type Retry,
  required,
  withRetry,
} from './aws.ts';

/** Limits of one call, by AWS's API reference. */
const APPLICATIONS_PER_CALL = 100;
const GROUPS_PER_CALL = 100;
const DEPLOYMENTS_PER_CALL = 25;
/** Of a description. API_CreateDeployment.html */
const DESCRIPTION_CHARACTERS = 512;

const instant = (date: Date | undefined): Instant | undefined => (date ? date.getTime() / 1000 : undefined);

/** The port CodeDeploy over the SDK, whose library is loaded with the first question. */
export function createCodeDeploy(config: AwsConfig, retry: Retry): CodeDeploy {
  const clients = lazyClients(
    { ...config, ...ATTEMPTS },
    () => import('@aws-sdk/client-codedeploy'),
    (library, given) => new library.CodeDeployClient(given),
  );
  const ask = async <T>(
    operation: string,
    send: (client: sdk.CodeDeployClient, library: typeof sdk) => Promise<T>,
  ): Promise<T> => {
    const { sdk: library, client } = await clients(config.region);
    return withRetry(retry, `codedeploy:${operation}`, () => send(client, library));
  };
  return {
    async group(applicationName, deploymentGroupName) {
      const { deploymentGroupInfo } = await ask('GetDeploymentGroup', (client, { GetDeploymentGroupCommand }) =>
        client.send(new GetDeploymentGroupCommand({ applicationName, deploymentGroupName })),
      );
      return deploymentGroup(required(deploymentGroupInfo, 'codedeploy:GetDeploymentGroup', 'deploymentGroupInfo'));
    },

    async applications() {
      const names = await paged(async (nextToken) => {
        const answer = await ask('ListApplications', (client, { ListApplicationsCommand }) =>
          client.send(new ListApplicationsCommand(defined({ nextToken }))),
        );
        return {
          items: required(answer.applications, 'codedeploy:ListApplications', 'applications'),
          next: answer.nextToken,
        };
      });
      const infos = await batched(names, APPLICATIONS_PER_CALL, async (applicationNames) => {
        const answer = await ask('BatchGetApplications', (client, { BatchGetApplicationsCommand }) =>
          client.send(new BatchGetApplicationsCommand({ applicationNames })),
        );
        return required(answer.applicationsInfo, 'codedeploy:BatchGetApplications', 'applicationsInfo');
      });
      return infos.flatMap(({ applicationName, computePlatform }) =>
        computePlatform === 'ECS' ? (applicationName ?? []) : [],
      );
    },

    async groups(applicationName) {
      const names = await paged(async (nextToken) => {
        const answer = await ask('ListDeploymentGroups', (client, { ListDeploymentGroupsCommand }) =>
          client.send(new ListDeploymentGroupsCommand({ applicationName, ...defined({ nextToken }) })),
        );
        return {
          items: required(answer.deploymentGroups, 'codedeploy:ListDeploymentGroups', 'deploymentGroups'),
          next: answer.nextToken,
        };
      });
      const infos = await batched(names, GROUPS_PER_CALL, async (deploymentGroupNames) => {
        const answer = await ask('BatchGetDeploymentGroups', (client, { BatchGetDeploymentGroupsCommand }) =>
          client.send(new BatchGetDeploymentGroupsCommand({ applicationName, deploymentGroupNames })),
        );
        return required(answer.deploymentGroupsInfo, 'codedeploy:BatchGetDeploymentGroups', 'deploymentGroupsInfo');
      });
      return infos.map(deploymentGroup);
    },

    async routing(deploymentConfigName) {
      const { deploymentConfigInfo } = await ask('GetDeploymentConfig', (client, { GetDeploymentConfigCommand }) =>
        client.send(new GetDeploymentConfigCommand({ deploymentConfigName })),
      );
      const { type = 'AllAtOnce', timeBasedCanary, timeBasedLinear } = deploymentConfigInfo?.trafficRoutingConfig ?? {};
      return {
        kind: type,
        ...defined({
          percent: timeBasedCanary?.canaryPercentage ?? timeBasedLinear?.linearPercentage,
          minutes: timeBasedCanary?.canaryInterval ?? timeBasedLinear?.linearInterval,
        }),
      };
    },

    async create({ application, group, appSpec: content, description, configName, rollbackOn }) {
      const { sdk: library, client } = await clients(config.region);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const command = new library.CreateDeploymentCommand({
        applicationName: application,
        deploymentGroupName: group,
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } },
        ...defined({
          description: description && clip(description, DESCRIPTION_CHARACTERS),
          deploymentConfigName: configName,
          autoRollbackConfiguration: rollbackOn && {
            enabled: rollbackOn.length > 0,
            events: rollbackOn as sdk.AutoRollbackEvent[],
          },
        }),
      });
      try {
        return await callOnce(retry, 'codedeploy:CreateDeployment', async () =>
          required((await client.send(command)).deploymentId, 'codedeploy:CreateDeployment', 'deploymentId'),
        );
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (failure.api?.name !== 'DeploymentLimitExceededException') throw failure;
        throw new Failure('CONFLICT', failure.message, {
          remedy: `CodeDeploy runs one deployment of a deployment group at a time. Wait for the end of the one under way, or stop it.`,
          ...defined({ api: failure.api }),
          cause: failure,
        });
      }
    },

    async deployment(deploymentId) {
      const { deploymentInfo } = await ask('GetDeployment', (client, { GetDeploymentCommand }) =>
        client.send(new GetDeploymentCommand({ deploymentId })),
      );
      return codeDeployment(required(deploymentInfo, 'codedeploy:GetDeployment', 'deploymentInfo'));
    },

    async deployments({ application, group, statuses, limit }) {
      const { deployments } = await ask('ListDeployments', (client, { ListDeploymentsCommand }) =>
        client.send(
          new ListDeploymentsCommand({
            applicationName: application,
            deploymentGroupName: group,
            includeOnlyStatuses: statuses as sdk.DeploymentStatus[],
          }),
        ),
      );
      const ids = required(deployments, 'codedeploy:ListDeployments', 'deployments').slice(0, limit);
      const infos = await batched(ids, DEPLOYMENTS_PER_CALL, async (deploymentIds) => {
        const answer = await ask('BatchGetDeployments', (client, { BatchGetDeploymentsCommand }) =>
          client.send(new BatchGetDeploymentsCommand({ deploymentIds })),
        );
        return required(answer.deploymentsInfo, 'codedeploy:BatchGetDeployments', 'deploymentsInfo');
      });
      return infos.map(codeDeployment).sort((a, b) => b.createdAt - a.createdAt);
    },

    async target(deploymentId, { cluster, service }) {
      // The id of an ECS target: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTarget.html
      const targetId = `${cluster}:${service}`;
      try {
        const { deploymentTarget } = await ask('GetDeploymentTarget', (client, { GetDeploymentTargetCommand }) =>
          client.send(new GetDeploymentTargetCommand({ deploymentId, targetId })),
        );
        return deploymentTarget?.ecsTarget && codeDeployTarget(deploymentTarget.ecsTarget);
      } catch (thrown) {
        const failure = asFailure(thrown);
        // Before it is in progress.
        if (failure.code === 'NOT_FOUND' || failure.api?.name === 'DeploymentNotStartedException') return undefined;
        throw failure;
      }
    },

    async stop(deploymentId, autoRollbackEnabled) {
      await ask('StopDeployment', (client, { StopDeploymentCommand }) =>
        client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled })),
      );
    },

    async continue(deploymentId, deploymentWaitType) {
      await ask('ContinueDeployment', (client, { ContinueDeploymentCommand }) =>
        client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType })),
      );
    },
  };
}

const rollbackEvents = (auto: sdk.AutoRollbackConfiguration | undefined): readonly string[] =>
  auto?.enabled ? (auto.events ?? []) : [];

function deploymentGroup(info: sdk.DeploymentGroupInfo): DeploymentGroup {
  const { blueGreenDeploymentConfiguration: blueGreen, alarmConfiguration: alarms } = info;
  const { terminateBlueInstancesOnDeploymentSuccess: end, deploymentReadyOption: ready } = blueGreen ?? {};
  const newest = info.lastAttemptedDeployment;
  return {
    application: info.applicationName ?? '',
    name: info.deploymentGroupName ?? '',
    configName: info.deploymentConfigName ?? '',
    services: (info.ecsServices ?? []).map(({ clusterName = '', serviceName = '' }) => ({
      cluster: clusterName,
      service: serviceName,
    })),
    targetGroups: (info.loadBalancerInfo?.targetGroupPairInfoList ?? []).flatMap(({ targetGroups = [] }) =>
      targetGroups.flatMap(({ name }) => name ?? []),
    ),
    alarms: alarms?.enabled ? (alarms.alarms ?? []).flatMap(({ name }) => name ?? []) : [],
    rollbackOn: rollbackEvents(info.autoRollbackConfiguration),
    ...defined({
      roleArn: info.serviceRoleArn,
      terminationMinutes: end?.action === 'KEEP_ALIVE' ? undefined : (end?.terminationWaitTimeInMinutes ?? 0),
      readyMinutes: ready?.actionOnTimeout === 'STOP_DEPLOYMENT' ? (ready.waitTimeInMinutes ?? 0) : undefined,
      newest: newest?.deploymentId === undefined ? undefined : { id: newest.deploymentId, status: newest.status ?? '' },
      succeeded: info.lastSuccessfulDeployment?.deploymentId,
    }),
  };
}

function codeDeployment(info: sdk.DeploymentInfo): CodeDeployment {
  const { errorInformation: error, rollbackInfo: rollback, revision } = info;
  return {
    id: info.deploymentId ?? '',
    status: info.status ?? '',
    configName: info.deploymentConfigName ?? '',
    createdAt: instant(info.createTime) ?? 0,
    rollbackOn: rollbackEvents(info.autoRollbackConfiguration),
    terminationStarted: info.instanceTerminationWaitTimeStarted ?? false,
    ...defined({
      startedAt: instant(info.startTime),
      finishedAt: instant(info.completeTime),
      error: error && errorOf(error),
      appSpec: revision?.appSpecContent?.content ?? revision?.string?.content,
      rolledBackBy: rollback?.rollbackDeploymentId || undefined,
      rollsBack: rollback?.rollbackTriggeringDeploymentId || undefined,
    }),
  };
}

function errorOf({ code, message = '' }: sdk.ErrorInformation): NonNullable<CodeDeployment['error']> {
  return {
    code: code ?? '',
    message: clip(message),
    ...defined({ alarms: code === 'ALARM_ACTIVE' ? alarmsIn(message) : undefined }),
  };
}

/** `Activated alarms: <web-5xx> <web-latency>` */
const alarmsIn = (message: string): string[] =>
  [...message.slice(message.indexOf('Activated alarms')).matchAll(/<([^<>]{1,255})>/g)].map(([, name = '']) => name);

function codeDeployTarget({ lifecycleEvents = [], taskSetsInfo = [] }: sdk.ECSTarget): CodeDeployTarget {
  return {
    events: lifecycleEvents.map(lifecycleEvent),
    taskSets: taskSetsInfo.map((set) => ({
      id: set.identifer ?? '',
      trafficPercent: set.trafficWeight ?? 0,
      desired: set.desiredCount ?? 0,
      running: set.runningCount ?? 0,
      pending: set.pendingCount ?? 0,
      ...defined({ label: set.taskSetLabel }),
    })),
  };
}

const lifecycleEvent = ({ diagnostics, ...event }: sdk.LifecycleEvent): LifecycleEvent => ({
  name: event.lifecycleEventName ?? '',
  status: event.status ?? 'Unknown',
  ...defined({
    startedAt: instant(event.startTime),
    endedAt: instant(event.endTime),
    function: diagnostics?.scriptName || undefined,
    message: diagnostics?.message ? clip(diagnostics.message) : undefined,
    logTail: diagnostics?.logTail ? clip(diagnostics.logTail) : undefined,
  }),
});
