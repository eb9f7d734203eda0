import type { TargetGroup as SdkTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { regionOf } from '../arn.ts';
import { clip } from '../clip.ts';
import { Failure } from '../failure.ts';
import type { TargetGroup } from '../model.ts';
import type { Resources, Targets } from '../ports.ts';
import { type AwsConfig, batched, lazyClients } from './aws.ts';
import { call, required } from './aws-error.ts';

const TARGET_GROUPS_PER_CALL = 20;

/** The library is loaded with the first question: with the first running task behind a target group, or by the preflight. */
const balancing = (config: AwsConfig) =>
  lazyClients(
    config,
    () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own),
  );

/** Target groups of Elastic Load Balancing. */
export function createLoadBalancing(config: AwsConfig): Pick<Resources, 'targetGroups'> {
  const clients = balancing(config);
  async function described(region: string, TargetGroupArns: string[]): Promise<TargetGroup[]> {
    const { sdk, client } = await clients(region);
    try {
      const answer = await call('elasticloadbalancing:DescribeTargetGroups', () =>
        client.send(new sdk.DescribeTargetGroupsCommand({ TargetGroupArns })),
      );
      return required(answer.TargetGroups, 'elasticloadbalancing:DescribeTargetGroups', 'TargetGroups').map(
        targetGroup,
      );
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.code !== 'NOT_FOUND') throw thrown;
      // One that is missing spoils the answer for all: then each is asked by itself.
      if (TargetGroupArns.length < 2) return [];
      return (await Promise.all(TargetGroupArns.map((arn) => described(region, [arn])))).flat();
    }
  }
  return {
    targetGroups: (region, arns) => batched(arns, TARGET_GROUPS_PER_CALL, (some) => described(region, some)),
  };
}

function targetGroup(group: SdkTargetGroup): TargetGroup {
  return {
    arn: group.TargetGroupArn ?? '',
    targetType: group.TargetType ?? 'instance',
    protocol: group.Protocol ?? '',
    healthCheckPort: group.HealthCheckPort ?? 'traffic-port',
    attached: (group.LoadBalancerArns ?? []).length > 0,
    ...(group.Port === undefined ? {} : { port: group.Port }),
    ...(group.VpcId === undefined ? {} : { vpcId: group.VpcId }),
  };
}

/** The port Targets over Elastic Load Balancing. */
export function createTargets(config: AwsConfig): Targets {
  const clients = balancing(config);
  return {
    async health(targetGroupArn) {
      // arn:aws:elasticloadbalancing:REGION:...
      const { sdk, client } = await clients(regionOf(targetGroupArn) ?? config.region);
      const descriptions = await call('elasticloadbalancing:DescribeTargetHealth', async () => {
        const answer = await client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
        return required(
          answer.TargetHealthDescriptions,
          'elasticloadbalancing:DescribeTargetHealth',
          'TargetHealthDescriptions',
        );
      });
      return descriptions.map(({ Target: target, TargetHealth: health }) => ({
        id: target?.Id ?? '',
        state: health?.State ?? '',
        ...(target?.Port === undefined ? {} : { port: target.Port }),
        ...(health?.Reason ? { reason: health.Reason } : {}),
        ...(health?.Description ? { description: clip(health.Description) } : {}),
      }));
    },
  };
}
