import type { TargetGroup as SdkTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Failure } from '../failure.ts';
import type { TargetGroup } from '../model.ts';
import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { batched, lazyClients } from './clients.ts';

const TARGET_GROUPS_A_CALL = 20;

/** Target groups of Elastic Load Balancing. */
export function createLoadBalancing(config: AwsConfig): Pick<Resources, 'targetGroups'> {
  const balancing = lazyClients(
    config,
    () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own),
  );
  async function described(region: string, TargetGroupArns: string[]): Promise<TargetGroup[]> {
    const { sdk, client } = await balancing(region);
    try {
      const answer = await call('elasticloadbalancing', 'DescribeTargetGroups', () =>
        client.send(new sdk.DescribeTargetGroupsCommand({ TargetGroupArns })),
      );
      return required(answer.TargetGroups, 'elasticloadbalancing', 'DescribeTargetGroups', 'TargetGroups').map(
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
    targetGroups: (region, arns) => batched(arns, TARGET_GROUPS_A_CALL, (some) => described(region, some)),
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
