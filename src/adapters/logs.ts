import { clip } from '../clip.ts';
import { Failure } from '../failure.ts';
import type { Logs } from '../world.ts';
import type { AwsConfig } from './aws.ts';
import { call } from './aws-error.ts';

/** The port Logs over CloudWatch Logs, whose client is loaded when the first log is read: most deploys need none. */
export function createLogs(config: AwsConfig): Logs {
  return {
    async tail({ region, group, stream, limit, since }) {
      const { CloudWatchLogsClient, GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const client = new CloudWatchLogsClient({ ...config, region });
      try {
        const answer = await call('logs', 'GetLogEvents', () =>
          client.send(
            new GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              limit,
              startFromHead: false,
              ...(since === undefined ? {} : { startTime: Math.floor(since * 1000) }),
            }),
          ),
        );
        return (answer.events ?? []).map(({ timestamp, message }) => ({
          at: (timestamp ?? 0) / 1000,
          // Its beginning alone: what is masked later is known by the name in front of it.
          message: clip(message ?? '', undefined, 0),
        }));
      } catch (thrown) {
        // A container that never started has no stream.
        if (thrown instanceof Failure && thrown.code === 'NOT_FOUND') return undefined;
        throw thrown;
      }
    },
  };
}
