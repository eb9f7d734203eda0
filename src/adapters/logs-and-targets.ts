/** What a watch reads besides ECS: the logs of containers, and how a load balancer sees their targets. */
import { regionOf } from '../arn.ts';
import { clip } from '../clip.ts';
import type { Masker } from '../masker.ts';
import { defined } from '../model.ts';
import type { LogLine, Logs, Targets } from '../ports.ts';
import { type AwsConfig, call, lazyClients, required, unlessMissing } from './aws.ts';

/** The library is loaded with the first question: most deploys read no log. */
export const cloudWatchLogs = (config: AwsConfig) =>
  lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch-logs'),
    (sdk, own) => new sdk.CloudWatchLogsClient(own),
  );

/**
 * The port Logs over CloudWatch Logs.
 * @param masker masks the lines before anything cuts them: half a secret is not recognised
 */
export function createLogs(config: AwsConfig, masker: Pick<Masker, 'data'>): Logs {
  const logs = cloudWatchLogs(config);
  return {
    async tail({ region, group, stream, limit, since }) {
      // A container that never started has no stream.
      const lines = await unlessMissing(async () => {
        const { sdk, client } = await logs(region);
        const events = await call(config, 'logs:GetLogEvents', async () => {
          const answer = await client.send(
            new sdk.GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              limit,
              startFromHead: false,
              ...defined({ startTime: since === undefined ? undefined : Math.floor(since * 1000) }),
            }),
          );
          return required(answer.events, 'logs:GetLogEvents', 'events');
        });
        return events.map(logLine);
      });
      return masker.data(lines);
    },

    async read({ region, group, stream, from }) {
      const page = await unlessMissing(async () => {
        const { sdk, client } = await logs(region);
        const { events, nextForwardToken: next } = await call(config, 'logs:GetLogEvents', async () => {
          const answer = await client.send(
            new sdk.GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              startFromHead: true,
              ...defined({ nextToken: from }),
            }),
          );
          return {
            events: required(answer.events, 'logs:GetLogEvents', 'events'),
            nextForwardToken: required(answer.nextForwardToken, 'logs:GetLogEvents', 'nextForwardToken'),
          };
        });
        return { lines: events.map(logLine), next };
      });
      return page && { ...page, lines: masker.data(page.lines) };
    },
  };
}

/** Its beginning alone: what is masked later is known by the name in front of it. */
const logLine = (event: {
  readonly timestamp?: number | undefined;
  readonly message?: string | undefined;
}): LogLine => ({
  at: (event.timestamp ?? 0) / 1000,
  message: clip(event.message ?? '', undefined, 0),
});

/** The library is loaded with the first question: with the first running task behind a target group, or by the preflight. */
export const loadBalancing = (config: AwsConfig) =>
  lazyClients(
    config,
    () => import('@aws-sdk/client-elastic-load-balancing-v2'),
    (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own),
  );

/** The port Targets over Elastic Load Balancing. */
export function createTargets(config: AwsConfig): Targets {
  const clients = loadBalancing(config);
  return {
    async health(targetGroupArn) {
      // arn:aws:elasticloadbalancing:REGION:...
      const { sdk, client } = await clients(regionOf(targetGroupArn) ?? config.region);
      const descriptions = await call(config, 'elasticloadbalancing:DescribeTargetHealth', async () => {
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
        ...defined({
          port: target?.Port,
          reason: health?.Reason || undefined,
          description: health?.Description ? clip(health.Description) : undefined,
        }),
      }));
    },
  };
}
