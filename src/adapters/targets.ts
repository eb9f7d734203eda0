import { clip } from '../clip.ts';
import type { Targets } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { lazyClients } from './clients.ts';

/** The port Targets over Elastic Load Balancing, whose client is loaded with the first running task behind a target group. */
export function createTargets(config: AwsConfig): Targets {
  const balancing = lazyClients(
    config,
    () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own),
  );
  return {
    async health(targetGroupArn) {
      // arn:aws:elasticloadbalancing:REGION:...
      const { sdk, client } = await balancing(targetGroupArn.split(':')[3] || config.region);
      const descriptions = await call('elasticloadbalancing', 'DescribeTargetHealth', async () => {
        const answer = await client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
        return required(
          answer.TargetHealthDescriptions,
          'elasticloadbalancing',
          'DescribeTargetHealth',
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
