import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { lazyClients } from './clients.ts';

/** Log groups of CloudWatch Logs. */
export function createLogGroups(config: AwsConfig): Pick<Resources, 'hasLogGroup'> {
  const logs = lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch-logs'),
    (sdk, own) => new sdk.CloudWatchLogsClient(own),
  );
  return {
    async hasLogGroup(region, name) {
      const { sdk, client } = await logs(region);
      // "The results are ASCII-sorted by log group name": of all with the prefix, the name itself comes first.
      const answer = await call('logs', 'DescribeLogGroups', () =>
        client.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 })),
      );
      const groups = required(answer.logGroups, 'logs', 'DescribeLogGroups', 'logGroups');
      return groups.some(({ logGroupName }) => logGroupName === name);
    },
  };
}
