import { clip } from '../clip.ts';
import { Failure } from '../failure.ts';
import type { Logs } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';

/** The port Logs over CloudWatch Logs, whose client is loaded when the first log is read: most deploys need none. */
export function createLogs(config: AwsConfig): Logs {
  return {
    async tail({ region, group, stream, limit, since }) {
      const { CloudWatchLogsClient, GetLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
      const client = new CloudWatchLogsClient({ ...config, region });
      try {
        const events = await call('logs', 'GetLogEvents', async () => {
          const answer = await client.send(
            new GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              limit,
              startFromHead: false,
              ...(since === undefined ? {} : { startTime: Math.floor(since * 1000) }),
            }),
          );
          return required(answer.events, 'logs', 'GetLogEvents', 'events');
        });
        return events.map(({ timestamp, message }) => ({
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
