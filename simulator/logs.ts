import { ApiException, type Service } from './service.ts';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** CloudWatch Logs: groups, streams and their events; runtimes append, the watcher reads. */
export class Logs implements Service {
  readonly name = 'logs';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'Logs_20140328';
  readonly groups = new Map<string, Map<string, LogEvent[]>>();

  append(group: string, stream: string, message: string, atSeconds: number): void {
    const streams = this.groups.get(group) ?? new Map<string, LogEvent[]>();
    this.groups.set(group, streams);
    streams.set(stream, [...(streams.get(stream) ?? []), { timestamp: Math.floor(atSeconds * 1000), message }]);
  }

  handle(operation: string, input: Readonly<Record<string, unknown>>): object {
    const group = String(input.logGroupName ?? '');
    switch (operation) {
      case 'CreateLogGroup':
        if (this.groups.has(group))
          throw new ApiException('ResourceAlreadyExistsException', 'The specified log group already exists');
        this.groups.set(group, new Map());
        return {};
      case 'DescribeLogGroups':
        return {
          logGroups: [...this.groups.keys()]
            .filter((name) => name.startsWith(String(input.logGroupNamePrefix ?? '')))
            .sort()
            .slice(0, Number(input.limit ?? 50))
            .map((logGroupName) => ({ logGroupName })),
        };
      case 'GetLogEvents':
        return this.#events(group, input);
      default:
        throw new ApiException('UnknownOperationException', `The simulator does not know logs:${operation}.`);
    }
  }

  #events(group: string, { logStreamName, limit = 10_000, startTime = 0 }: Readonly<Record<string, unknown>>): object {
    const streams = this.groups.get(group);
    if (!streams) throw new ApiException('ResourceNotFoundException', 'The specified log group does not exist.');
    const events = streams.get(String(logStreamName));
    if (!events) throw new ApiException('ResourceNotFoundException', 'The specified log stream does not exist.');
    const shown = events.filter(({ timestamp }) => timestamp >= Number(startTime)).slice(-Number(limit));
    return { events: shown, nextForwardToken: 'f/end', nextBackwardToken: 'b/end' };
  }
}
