import type { SimAlarm } from '../services/cloudwatch.ts';

export type AlarmState = SimAlarm['state'];

/** CloudWatch's alarms as ECS looks at them: a name, a state, and who wants to know of changes. */
export class Alarms {
  readonly #alarms: Map<string, SimAlarm>;
  readonly #listeners: ((name: string, state: AlarmState) => void)[] = [];

  /** @param alarms those of the account; an alarm that is not among them counts as OK */
  constructor(alarms: Map<string, SimAlarm>) {
    this.#alarms = alarms;
  }

  state(name: string): AlarmState {
    return this.#alarms.get(name)?.state ?? 'OK';
  }

  /** Creates the alarm where there is none. */
  set(name: string, state: AlarmState): void {
    const before = this.state(name);
    this.#alarms.set(name, { ...this.#alarms.get(name), state });
    if (before !== state) for (const listener of this.#listeners) listener(name, state);
  }

  onChange(listener: (name: string, state: AlarmState) => void): void {
    this.#listeners.push(listener);
  }
}
