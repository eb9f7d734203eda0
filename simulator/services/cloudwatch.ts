import { ApiException, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

export interface SimAlarm {
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly composite?: boolean;
}

/** Amazon CloudWatch's alarms, over JSON 1.0 (the SDK's choice of its three protocols). */
export class CloudWatch implements Service {
  readonly name = 'cloudwatch';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'GraniteServiceVersion20100801';
  readonly alarms = new Map<string, SimAlarm>();
  /** What SetAlarmState does; deployments that watch the alarm hear of it. */
  setState: (name: string, state: SimAlarm['state']) => void = (name, state) => {
    this.alarms.set(name, { ...this.alarms.get(name), state });
  };

  async handle(operation: string, input: Readonly<Record<string, unknown>>): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-cloudwatch'));
    if (wrong) throw new ApiException('ValidationError', wrong.words);
    if (operation === 'SetAlarmState') return this.#setState(input);
    if (operation !== 'DescribeAlarms')
      throw new ApiException('UnknownOperationException', `The simulator does not know cloudwatch:${operation}.`);
    const names = input.AlarmNames as string[] | undefined;
    const types = (input.AlarmTypes ?? ['MetricAlarm']) as string[]; // composite ones only when asked for
    const shown = [...this.alarms].filter(([name]) => names?.includes(name) ?? true);
    const of = (composite: boolean) =>
      shown
        .filter(([, alarm]) => (alarm.composite ?? false) === composite)
        .map(([AlarmName, { state }]) => ({ AlarmName, StateValue: state }));
    return {
      MetricAlarms: types.includes('MetricAlarm') ? of(false) : [],
      CompositeAlarms: types.includes('CompositeAlarm') ? of(true) : [],
    };
  }
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html */
  #setState({ AlarmName, StateValue }: Readonly<Record<string, unknown>>): object {
    const name = String(AlarmName);
    if (!this.alarms.has(name)) throw new ApiException('ResourceNotFound', 'The named resource does not exist.', 404);
    this.setState(name, StateValue as SimAlarm['state']);
    return {};
  }
}
