import type { SimClock } from '../clock.ts';
import { ApiException, type Service } from '../wire/service.ts';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
}
type Input = Readonly<Record<string, unknown>>;

const MOST_EVENTS = 10_000;
const missing = (what: string): ApiException =>
  new ApiException('ResourceNotFoundException', `The specified ${what} does not exist.`);
const exists = (what: string): ApiException =>
  new ApiException('ResourceAlreadyExistsException', `The specified ${what} already exists`);

/** CloudWatch Logs: groups, streams and their events; runtimes and PutLogEvents append, the watcher reads. */
export class Logs implements Service {
  readonly name = 'logs';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'Logs_20140328';
  readonly groups = new Map<string, Map<string, LogEvent[]>>();
  readonly #createdAt = new Map<string, number>();
  readonly #now: () => number;

  /** @param clock of the simulated world; without it, real time */
  constructor(clock?: SimClock) {
    this.#now = () => Math.floor((clock ? clock.now() : Date.now() / 1000) * 1000);
  }

  append(
    group: string,
    stream: string,
    { message, atSeconds }: { readonly message: string; readonly atSeconds: number },
  ): void {
    const streams = this.groups.get(group) ?? new Map<string, LogEvent[]>();
    this.groups.set(group, streams);
    const events = streams.get(stream) ?? [];
    streams.set(stream, events);
    events.push({ timestamp: Math.floor(atSeconds * 1000), message, ingestionTime: this.#now() });
  }

  handle(operation: string, input: Input, context: { region: string; accountId: string; partition: string }): object {
    const group = String(input.logGroupName ?? '');
    const stream = String(input.logStreamName ?? '');
    switch (operation) {
      case 'CreateLogGroup':
        if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(group))
          throw new ApiException(
            'InvalidParameterException',
            `1 validation error detected: Value '${group}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
          );
        if (this.groups.has(group)) throw exists('log group');
        this.groups.set(group, new Map());
        this.#createdAt.set(group, this.#now());
        return {};
      case 'DeleteLogGroup':
        if (!this.groups.delete(group)) throw missing('log group');
        return {};
      case 'CreateLogStream':
        if (this.#streams(group).has(stream)) throw exists('log stream');
        this.#streams(group).set(stream, []);
        return {};
      case 'PutLogEvents':
        return this.#put(group, stream, input);
      case 'DescribeLogGroups': {
        const prefix = String(input.logGroupNamePrefix ?? '');
        const arn = (name: string): string =>
          `arn:${context.partition}:logs:${context.region}:${context.accountId}:log-group:${name}`;
        return {
          logGroups: [...this.groups.keys()]
            .filter((name) => name.startsWith(prefix))
            .sort()
            .slice(0, Number(input.limit ?? 50))
            .map((name) => ({
              logGroupName: name,
              arn: `${arn(name)}:*`,
              logGroupArn: arn(name),
              creationTime: this.#createdAt.get(name) ?? 0,
              metricFilterCount: 0,
              storedBytes: 0,
            })),
        };
      }
      case 'DescribeLogStreams': {
        const prefix = String(input.logStreamNamePrefix ?? '');
        const logStreams = [...this.#streams(group)].flatMap(([name, events]) =>
          name.startsWith(prefix) ? [describeStream(name, events)] : [],
        );
        return { logStreams };
      }
      case 'GetLogEvents':
        return this.#events(group, stream, input);
      default:
        throw new ApiException('UnknownOperationException', `The simulator does not know logs:${operation}.`);
    }
  }

  #streams(group: string): Map<string, LogEvent[]> {
    const streams = this.groups.get(group);
    if (!streams) throw missing('log group');
    return streams;
  }

  #stream(group: string, stream: string): LogEvent[] {
    const events = this.#streams(group).get(stream);
    if (!events) throw missing('log stream');
    return events;
  }

  #put(group: string, stream: string, { logEvents }: Input): object {
    const events = this.#stream(group, stream);
    for (const { timestamp, message } of logEvents as readonly { timestamp: number; message: string }[])
      events.push({ timestamp, message, ingestionTime: this.#now() });
    return { nextSequenceToken: String(events.length) };
  }

  /** A token says how far one has read; at the end it repeats itself. */
  #events(
    group: string,
    stream: string,
    { limit = MOST_EVENTS, startTime = 0, endTime, startFromHead, nextToken }: Input,
  ): object {
    const events = this.#stream(group, stream).filter(
      ({ timestamp }) => timestamp >= Number(startTime) && timestamp < Number(endTime ?? Number.POSITIVE_INFINITY),
    );
    const [, direction, position] = /^([fb])\/(\d+)$/.exec(String(nextToken ?? '')) ?? [];
    if (nextToken !== undefined && direction === undefined)
      throw new ApiException('InvalidParameterException', 'The specified nextToken is invalid.');
    const size = Number(limit);
    const from =
      direction === 'f'
        ? Number(position)
        : direction === 'b'
          ? Math.max(0, Number(position) - size)
          : startFromHead === true
            ? 0
            : Math.max(0, events.length - size);
    const until = direction === 'b' ? Number(position) : Math.min(events.length, from + size);
    return { events: events.slice(from, until), nextForwardToken: `f/${until}`, nextBackwardToken: `b/${from}` };
  }
}

function describeStream(logStreamName: string, events: readonly LogEvent[]): object {
  const [first, last] = [events[0], events.at(-1)];
  return {
    logStreamName,
    ...(first && last ? { firstEventTimestamp: first.timestamp, lastEventTimestamp: last.timestamp } : {}),
    storedBytes: 0,
  };
}
