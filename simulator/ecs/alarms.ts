import type { SimAlarm } from '../services/cloudwatch.ts';
import type { Endings } from './endings.ts';
import type { Scheduler } from './scheduler.ts';
import { endWord, type SimService } from './state.ts';

export type AlarmState = SimAlarm['state'];

/** The states of CloudWatch alarms, and listeners for their changes. */
export class Alarms {
  readonly #alarms: Map<string, SimAlarm>;
  readonly #listeners: ((name: string, state: AlarmState) => void)[] = [];

  /** @param alarms the alarms of the account; an unknown alarm counts as OK */
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

/**
 * Fails the deployment under way when one of its service's alarms changes to ALARM.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export class AlarmMonitor {
  readonly #endings: Endings;

  constructor({ alarms, scheduler, endings }: { alarms: Alarms; scheduler: Scheduler; endings: Endings }) {
    this.#endings = endings;
    alarms.onChange((name, state) => {
      if (state === 'ALARM') for (const service of scheduler.services) this.#onAlarm(service, name);
    });
  }

  #onAlarm(service: SimService, name: string): void {
    const { current } = service;
    const watched = current?.configuration.alarms;
    if (current?.status !== 'IN_PROGRESS' || !watched?.enable) return;
    if (!watched.alarmNames.includes(name) || current.alarms.ignored.has(name)) return;
    current.alarms.triggered.push(name);
    current.alarms.status = 'TRIGGERED';
    this.#endings.fail(service, current, {
      rolloutStateReason: `ECS deployment ${current.target.id} failed: alarm detected.`,
      statusReason: `Service deployment ${endWord(watched)} because of triggered alarms: ${name}.`,
      event: 'alarm detected',
      action: watched.rollback ? 'roll back' : 'leave',
    });
  }
}
