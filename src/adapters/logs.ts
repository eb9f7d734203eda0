import { clip } from '../clip.ts';
import type { Logs, Resources } from '../ports.ts';
import { type AwsConfig, lazyClients, unlessMissing } from './aws.ts';
import { call, required } from './aws-error.ts';

/** The library is loaded with the first question: most deploys read no log. */
const cloudWatchLogs = (config: AwsConfig) =>
  lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch-logs'),
    (sdk, own) => new sdk.CloudWatchLogsClient(own),
  );

/** The port Logs over CloudWatch Logs. */
export function createLogs(config: AwsConfig): Logs {
  const logs = cloudWatchLogs(config);
  return {
    async tail({ region, group, stream, limit, since }) {
      // A container that never started has no stream.
      return unlessMissing(async () => {
        const { sdk, client } = await logs(region);
        const events = await call('logs:GetLogEvents', async () => {
          const answer = await client.send(
            new sdk.GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              limit,
              startFromHead: false,
              ...(since === undefined ? {} : { startTime: Math.floor(since * 1000) }),
            }),
          );
          return required(answer.events, 'logs:GetLogEvents', 'events');
        });
        return events.map(({ timestamp, message }) => ({
          at: (timestamp ?? 0) / 1000,
          // Its beginning alone: what is masked later is known by the name in front of it.
          message: clip(message ?? '', undefined, 0),
        }));
      });
    },
  };
}

/** Log groups of CloudWatch Logs. */
export function createLogGroups(config: AwsConfig): Pick<Resources, 'hasLogGroup'> {
  const logs = cloudWatchLogs(config);
  return {
    async hasLogGroup(region, name) {
      const { sdk, client } = await logs(region);
      // "The results are ASCII-sorted by log group name": of all with the prefix, the name itself comes first.
      const answer = await call('logs:DescribeLogGroups', () =>
        client.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 })),
      );
      const groups = required(answer.logGroups, 'logs:DescribeLogGroups', 'logGroups');
      return groups.some(({ logGroupName }) => logGroupName === name);
    },
  };
}
