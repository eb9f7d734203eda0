import { parseArn } from '../arn.ts';
import { defined, type ScheduleId } from '../model.ts';
import { type Reader, shorten } from './reader.ts';
import type { AwsInputs, ScheduleSelector } from './types.ts';

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html; rules have the same letters. */
const NAME = /^[0-9A-Za-z_.-]{1,64}$/;
/** Partner event buses have slashes in their names: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
const BUS = /^[/.\w-]{1,256}$/;
const MOST_SELECTORS = 100;

const FORMS =
  'Write a name (`nightly`), `schedule/GROUP/NAME`, `rule/NAME`, `rule/BUS/NAME`, an ARN, `tag:KEY=VALUE` or `all`.';

/** `schedules`: names, ARNs, tags or `all`, comma-separated or one per line. */
export function readSchedules(reader: Reader, { region }: Pick<AwsInputs, 'region'>): readonly ScheduleSelector[] {
  const texts = reader.list('schedules');
  if (texts.length > MOST_SELECTORS) {
    reader.mistake('schedules', `has ${texts.length} entries; at most ${MOST_SELECTORS}.`, 'Choose them by a tag.');
    return [];
  }
  return texts.flatMap((text) => readSelector(reader, text, region) ?? []);
}

function readSelector(reader: Reader, text: string, region: string): ScheduleSelector | undefined {
  if (text === 'all') return { kind: 'all' };
  const [, key, value] = /^tag:([^=]{1,128})(?:=(.{0,256}))?$/.exec(text) ?? [];
  if (key !== undefined) return { kind: 'tag', key: key.trim(), ...defined({ value: value?.trim() }) };
  if (NAME.test(text)) return { kind: 'name', name: text };
  const arn = parseArn(text);
  if (arn && region !== '' && arn.region !== region) {
    reader.mistake(
      'schedules',
      `\`${shorten(text)}\` is in region ${arn.region}, but the step works in ${region}.`,
      'Name a schedule of the same region: it starts tasks of a cluster there.',
    );
    return undefined;
  }
  if (/^(?:cron|rate|at)\s*\(/i.test(text) || /^(?:[\d*?/,LW#-]+\s+){4,5}\S+$/.test(text)) {
    reader.mistake(
      'schedules',
      `\`${shorten(text)}\` is when a schedule runs. This input changes no times: it moves schedules to the new revision.`,
      `Write the name of a schedule that exists. ${FORMS}`,
    );
    return undefined;
  }
  const id = idOf(arn ? arn.resource : text);
  const ofService = !arn || arn.service === (id?.kind === 'rule' ? 'events' : 'scheduler');
  if (id && ofService) return { kind: 'id', id, ...defined({ account: arn?.account }) };
  const [, group, name] = /^([^/:]+)\/([^/:]+)$/.exec(text) ?? [];
  const meant = group && name ? ` For a schedule of the group ${group}: \`schedule/${group}/${name}\`.` : '';
  reader.mistake('schedules', `\`${shorten(text)}\` is not a schedule or rule.`, `${FORMS}${meant}`);
  return undefined;
}

/** What stands at the end of an ARN: `schedule/GROUP/NAME`, `rule/NAME`, `rule/BUS/NAME`. */
function idOf(path: string): ScheduleId | undefined {
  const [, kind, container, name = ''] = /^(schedule|rule)\/(?:(.+)\/)?([^/]+)$/.exec(path) ?? [];
  if (!NAME.test(name)) return undefined;
  if (kind === 'rule' && (container === undefined || BUS.test(container)))
    return { kind, container: container ?? 'default', name };
  if (kind === 'schedule' && container !== undefined && NAME.test(container)) return { kind, container, name };
  return undefined;
}
