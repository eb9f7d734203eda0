import type { Alarm } from '../model.ts';
import { didYouMean } from '../spelling.ts';
import { type Answer, bad, type Check, ok, unanswered, warn } from './check.ts';
import type { Subject } from './subject.ts';

/** Alarms that will watch the deployment: the input's, else those that the service has, when they are enabled. */
export function alarmsOf({ inputs, service }: Pick<Subject, 'inputs' | 'service'>): readonly string[] {
  const names = inputs.alarms ?? (service.alarms?.enable ? service.alarms.names : []);
  return [...new Set(names)];
}

/**
 * When one of the alarms is in ALARM as a deployment starts, ECS monitors none of them until it ends, so that a repair can be
 * deployed. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function judgeAlarms(names: readonly string[], answer: Answer<readonly Alarm[]> | undefined): Check[] {
  if (names.length === 0) return [];
  const subject = names.length === 1 ? `alarm ${names[0]}` : `alarms ${names.join(', ')}`;
  if (answer?.kind !== 'found') return [unanswered(subject, answer)];
  const found = new Map(answer.value.map((alarm) => [alarm.name, alarm]));
  const good: string[] = [];
  const checks: Check[] = [];
  for (const name of names) {
    const alarm = found.get(name);
    if (!alarm) checks.push(noAlarm(name, [...found.keys()]));
    else if (alarm.state === 'ALARM') {
      checks.push(
        warn(
          `alarm ${name}`,
          'is in ALARM already, so ECS will watch none of the alarms during this deployment, and roll back for none.',
          'Look at it in CloudWatch; deploy when it is OK, if you want its protection.',
        ),
      );
    } else good.push(alarm.state === 'OK' ? name : `${name} (${alarm.state})`);
  }
  if (good.length > 0) checks.push(ok(good.length === 1 ? 'alarm' : 'alarms', `${good.join(', ')}: not in ALARM.`));
  return checks;
}

function noAlarm(name: string, others: readonly string[]): Check {
  const meant = didYouMean(name, others);
  return bad(
    `alarm ${name}`,
    'does not exist in this region, so it cannot guard a deployment.',
    `Create it in CloudWatch, or correct the input \`alarms\`.${meant ? ` Did you mean \`${meant}\`?` : ''}`,
  );
}
