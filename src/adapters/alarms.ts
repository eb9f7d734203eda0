import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
import { batched, lazyClients } from './clients.ts';

/** Names in one DescribeAlarms. */
const ALARMS_A_CALL = 100;

/** Alarms of CloudWatch. */
export function createAlarms(config: AwsConfig): Pick<Resources, 'alarms'> {
  const cloudwatch = lazyClients(
    config,
    () => import('@aws-sdk/client-cloudwatch'),
    (sdk, own) => new sdk.CloudWatchClient(own),
  );
  return {
    alarms: (region, names) =>
      batched(names, ALARMS_A_CALL, async (AlarmNames) => {
        const { sdk, client } = await cloudwatch(region);
        const answer = await call('cloudwatch', 'DescribeAlarms', () =>
          client.send(
            new sdk.DescribeAlarmsCommand({
              AlarmNames,
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: ALARMS_A_CALL,
            }),
          ),
        );
        const { MetricAlarms, CompositeAlarms } = answer;
        required(MetricAlarms ?? CompositeAlarms, 'cloudwatch', 'DescribeAlarms', 'MetricAlarms');
        return [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])].map(({ AlarmName, StateValue }) => ({
          name: AlarmName ?? '',
          state: StateValue ?? 'INSUFFICIENT_DATA',
        }));
      }),
  };
}
