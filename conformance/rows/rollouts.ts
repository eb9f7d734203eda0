/** Whole rollouts on Fargate: one small task each. */
import { absent, between, contains, empty, oneOf, present } from '../pattern.ts';
import { rollout } from '../rollout.ts';
import { api, guide, type Row } from '../row.ts';
import { type Kind, withHealthCheck } from '../world.ts';

const BREAKER = guide('deployment-circuit-breaker');
const breaker = (rollback: boolean) => () => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});
const blueGreen = () => ({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 } });
/** The hook comes with the update, so that the first deployment does not wait for it. */
const withHook = {
  deploymentConfiguration: {
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 1,
    lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
  },
};
const waitingHook = (deployment: { readonly lifecycleHookDetails?: readonly { status?: string; hookId?: string }[] }) =>
  deployment.lifecycleHookDetails?.find(({ status }) => status === 'AWAITING_ACTION')?.hookId;

export const ROLLOUT_ROWS: readonly Row[] = [
  rollout({
    id: 'rollout/success',
    rule: 'A rolling update ends SUCCESSFUL when the new tasks run and the old ones have stopped.',
    page: api('ServiceDeployment'),
    minutes: 8,
    to: 'better',
    documented: {
      statuses: ['IN_PROGRESS', 'SUCCESSFUL'],
      serviceRuns: 'the second revision',
      rolloutState: 'COMPLETED',
      rolledBack: false,
      stoppedTasks: empty,
      events: contains(/has started <n> tasks?: \(task <id>\)/, /has reached a steady state\.$/),
    },
  }),
  rollout({
    id: 'rollout/cannot-start-rolled-back',
    rule: 'Tasks that fail to start trip the circuit breaker, which rolls back to the last completed deployment.',
    page: BREAKER,
    minutes: 12,
    service: breaker(true),
    to: 'missing',
    documented: {
      statuses: contains('ROLLBACK_SUCCESSFUL'),
      serviceRuns: 'the first revision',
      rolledBack: /circuit breaker/,
      circuitBreaker: { status: 'TRIGGERED', threshold: 3, failureCount: between(3, 20) },
      stoppedTasks: contains({
        stopCode: 'TaskFailedToStart',
        stoppedReason: /^CannotPullContainerError/,
        wasRunning: false,
      }),
      events: contains(/deployment failed: tasks failed to start/, /rolling back to deployment/),
    },
  }),
  rollout({
    id: 'rollout/cannot-start-left',
    rule: 'Without rollback the circuit breaker ends the deployment as failed and leaves the service as it is.',
    page: BREAKER,
    minutes: 10,
    service: breaker(false),
    to: 'missing',
    documented: {
      statuses: contains(oneOf('STOPPED', 'ROLLBACK_FAILED')),
      serviceRuns: 'the second revision',
      rolledBack: false,
      circuitBreaker: { status: 'TRIGGERED' },
      rolloutState: 'FAILED',
    },
  }),
  rollout({
    id: 'rollout/unhealthy-rolled-back',
    rule: 'Tasks that fail their container health check count for the circuit breaker.',
    page: BREAKER,
    minutes: 12,
    service: breaker(true),
    revision: (family: string, kind: Kind) => withHealthCheck(family, kind),
    to: 'unhealthy',
    documented: {
      statuses: contains('ROLLBACK_SUCCESSFUL'),
      serviceRuns: 'the first revision',
      circuitBreaker: { status: 'TRIGGERED' },
      stoppedTasks: contains({
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: /^Task failed container health checks/,
      }),
    },
  }),
  rollout({
    id: 'rollout/crash-loop',
    rule: 'Tasks that reach RUNNING and then exit do not count for the circuit breaker of a service without health checks.',
    page: BREAKER,
    minutes: 14,
    service: breaker(true),
    to: 'crashing',
    watchSeconds: 480,
    documented: {
      statuses: ['IN_PROGRESS'],
      serviceRuns: 'the second revision',
      circuitBreaker: { status: 'MONITORING', failureCount: 0 },
      stoppedTasks: contains({ stopCode: 'EssentialContainerExited', wasRunning: true, containers: [{ exitCode: 3 }] }),
    },
  }),
  rollout({
    id: 'rollout/back-by-update',
    rule: 'An UpdateService during a deployment starts a new one, and the one before ends STOPPED.',
    page: api('ServiceDeployment'),
    minutes: 8,
    to: 'missing',
    meanwhile: async (scope, { deployment, cluster, name, before }) => {
      if (deployment.status !== 'IN_PROGRESS') return false;
      await scope.need('ecs:UpdateService', { cluster, service: name, taskDefinition: before });
      return true;
    },
    documented: { statuses: ['IN_PROGRESS', 'STOPPED'], serviceRuns: 'the first revision', rolledBack: false },
  }),
  rollout({
    id: 'rollout/stop-with-rollback',
    rule: 'StopServiceDeployment rolls back to the last completed deployment, also without a circuit breaker.',
    page: api('StopServiceDeployment'),
    minutes: 8,
    to: 'missing',
    meanwhile: async (scope, { deployment }) => {
      if (deployment.status !== 'IN_PROGRESS') return false;
      const { serviceDeploymentArn } = deployment;
      await scope.need('ecs:StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
      return true;
    },
    documented: {
      statuses: contains('IN_PROGRESS', 'ROLLBACK_SUCCESSFUL'),
      serviceRuns: 'the first revision',
      rolledBack: present,
    },
  }),
  rollout({
    id: 'rollout/hook-continued',
    rule: 'A PAUSE hook waits for ContinueServiceDeployment; the deployment then goes through its stages.',
    page: guide('pause-lifecycle-hooks'),
    minutes: 12,
    service: blueGreen,
    update: withHook,
    to: 'better',
    meanwhile: async (scope, { deployment }) => {
      const hookId = waitingHook(deployment);
      if (hookId === undefined) return false;
      const { serviceDeploymentArn } = deployment;
      await scope.need('ecs:ContinueServiceDeployment', { serviceDeploymentArn, hookId, action: 'CONTINUE' });
      return true;
    },
    documented: {
      statuses: ['IN_PROGRESS', 'SUCCESSFUL'],
      stages: contains('POST_SCALE_UP', 'BAKE_TIME'),
      hooks: [{ status: 'SUCCEEDED', targetType: 'PAUSE' }],
      serviceRuns: 'the second revision',
    },
  }),
  rollout({
    id: 'rollout/hook-rolled-back',
    rule: 'A PAUSE hook that is answered with ROLLBACK rolls the deployment back.',
    page: guide('pause-lifecycle-hooks'),
    minutes: 10,
    service: blueGreen,
    update: withHook,
    to: 'better',
    meanwhile: async (scope, { deployment }) => {
      const hookId = waitingHook(deployment);
      if (hookId === undefined) return false;
      const { serviceDeploymentArn } = deployment;
      await scope.need('ecs:ContinueServiceDeployment', { serviceDeploymentArn, hookId, action: 'ROLLBACK' });
      return true;
    },
    documented: { statuses: contains('ROLLBACK_SUCCESSFUL'), serviceRuns: 'the first revision' },
  }),
  rollout({
    id: 'rollout/alarm-rolled-back',
    rule: 'An alarm of the service that goes to ALARM during a deployment rolls it back.',
    page: guide('deployment-alarm-failure'),
    needs: ['Alarm'],
    minutes: 10,
    service: (scope) => ({
      deploymentConfiguration: { alarms: { alarmNames: [scope.output('Alarm')], enable: true, rollback: true } },
    }),
    to: 'missing',
    meanwhile: async (scope, { deployment }) => {
      if (deployment.status !== 'IN_PROGRESS') return false;
      const alarm = { AlarmName: scope.output('Alarm'), StateValue: 'ALARM', StateReason: 'conformance' };
      await scope.need('cloudwatch:SetAlarmState', alarm);
      return true;
    },
    documented: {
      statuses: contains('ROLLBACK_SUCCESSFUL'),
      serviceRuns: 'the first revision',
      alarms: { triggeredAlarmNames: ['<Alarm>'] },
    },
  }),
  rollout({
    id: 'rollout/no-deployment-to-roll-back-to',
    rule: 'Without a completed deployment the circuit breaker has nothing to roll back to, and the deployment stalls.',
    page: BREAKER,
    minutes: 10,
    service: () => ({ ...breaker(true)(), desiredCount: 1 }),
    from: 'missing',
    to: 'missing',
    documented: {
      firstDeployment: oneOf('STOPPED', 'ROLLBACK_FAILED', 'IN_PROGRESS'),
      statuses: oneOf(['STOPPED'], contains(oneOf('STOPPED', 'ROLLBACK_FAILED'))),
      rolledBack: oneOf(false, absent, present),
      circuitBreaker: { status: 'TRIGGERED' },
    },
  }),
];
