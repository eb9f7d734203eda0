import { defined } from '../model.ts';
import type { Autoscaling } from '../ports.ts';
import { ATTEMPTS, type AwsConfig, lazyClients, type Retry, required, withRetry } from './aws.ts';

/** Of the services of ECS: https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-ecs.html */
const ECS = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
const MOST_ACTIVITIES = 50;

/** The port Autoscaling over Application Auto Scaling, whose library is loaded with the first question. */
export function createAutoscaling(config: AwsConfig, retry: Retry): Autoscaling {
  const clients = lazyClients(
    { ...config, ...ATTEMPTS },
    () => import('@aws-sdk/client-application-auto-scaling'),
    (sdk, given) => new sdk.ApplicationAutoScalingClient(given),
  );
  return {
    async target(resource) {
      const { sdk, client } = await clients(config.region);
      const action = 'application-autoscaling:DescribeScalableTargets';
      const { ScalableTargets } = await withRetry(retry, action, () =>
        client.send(new sdk.DescribeScalableTargetsCommand({ ...ECS, ResourceIds: [resource] })),
      );
      const [found] = required(ScalableTargets, action, 'ScalableTargets');
      if (!found) return undefined;
      const { SuspendedState: state = {} } = found;
      return {
        arn: found.ScalableTargetARN ?? '',
        resource,
        minCapacity: required(found.MinCapacity, action, 'MinCapacity'),
        maxCapacity: required(found.MaxCapacity, action, 'MaxCapacity'),
        suspended: {
          dynamicIn: state.DynamicScalingInSuspended ?? false,
          dynamicOut: state.DynamicScalingOutSuspended ?? false,
          scheduled: state.ScheduledScalingSuspended ?? false,
        },
      };
    },

    async register(ResourceId, { minCapacity, maxCapacity, suspended }) {
      const { sdk, client } = await clients(config.region);
      const change = defined({
        MinCapacity: minCapacity,
        MaxCapacity: maxCapacity,
        SuspendedState: suspended && {
          DynamicScalingInSuspended: suspended.dynamicIn,
          DynamicScalingOutSuspended: suspended.dynamicOut,
          ScheduledScalingSuspended: suspended.scheduled,
        },
      });
      const { ScalableTargetARN = '' } = await withRetry(retry, 'application-autoscaling:RegisterScalableTarget', () =>
        client.send(new sdk.RegisterScalableTargetCommand({ ...ECS, ResourceId, ...change })),
      );
      return ScalableTargetARN;
    },

    async activities(ResourceId, since) {
      const { sdk, client } = await clients(config.region);
      const action = 'application-autoscaling:DescribeScalingActivities';
      const { ScalingActivities } = await withRetry(retry, action, () =>
        client.send(new sdk.DescribeScalingActivitiesCommand({ ...ECS, ResourceId, MaxResults: MOST_ACTIVITIES })),
      );
      return required(ScalingActivities, action, 'ScalingActivities')
        .map(({ StartTime, Description = '', Cause = '' }) => ({
          at: (StartTime?.getTime() ?? 0) / 1000,
          description: Description,
          cause: Cause,
        }))
        .filter(({ at }) => at >= since);
    },

    async tags(ResourceARN) {
      const { sdk, client } = await clients(config.region);
      const { Tags = {} } = await withRetry(retry, 'application-autoscaling:ListTagsForResource', () =>
        client.send(new sdk.ListTagsForResourceCommand({ ResourceARN })),
      );
      return Object.entries(Tags).map(([key, value]) => ({ key, value }));
    },

    async tag(ResourceARN, tags) {
      const { sdk, client } = await clients(config.region);
      const Tags = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
      await withRetry(retry, 'application-autoscaling:TagResource', () =>
        client.send(new sdk.TagResourceCommand({ ResourceARN, Tags })),
      );
    },

    async untag(ResourceARN, TagKeys) {
      const { sdk, client } = await clients(config.region);
      await withRetry(retry, 'application-autoscaling:UntagResource', () =>
        client.send(new sdk.UntagResourceCommand({ ResourceARN, TagKeys: [...TagKeys] })),
      );
    },
  };
}
