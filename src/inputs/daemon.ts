import { regionOf } from '../arn.ts';
import { defined } from '../model.ts';
import { readImage } from './image.ts';
import { DEFAULTS, type InputName, SECTIONS } from './known.ts';
import { MISSING, quoteAll, type Reader } from './reader.ts';
import { readService } from './service.ts';
import { readTemplate } from './template.ts';
import type { AwsInputs, DaemonInputs, GithubInputs, RecoveryInputs, StepFacts, WatchInputs } from './types.ts';

const DAEMON = {
  pattern:
    /^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:daemon\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255})$/,
  expected: 'the name of a daemon (letters, digits, `_`, `-`), or its ARN',
};

/** `mode: daemon`. */
export function readDaemon(
  reader: Reader,
  {
    aws,
    facts,
    watch,
    recovery,
    github,
  }: {
    readonly aws: AwsInputs;
    readonly facts: StepFacts;
    readonly watch: WatchInputs;
    readonly recovery: RecoveryInputs;
    readonly github: GithubInputs;
  },
): DaemonInputs {
  const daemon = reader.shaped('daemon', DAEMON);
  const region = daemon === undefined ? undefined : regionOf(daemon);
  if (region !== undefined && aws.region !== '' && region !== aws.region)
    reader.mistake(
      'daemon',
      `is in region ${region}, but the step works in ${aws.region}.`,
      'Set `aws-region` to the same.',
    );
  if (reader.raw('daemon') === undefined)
    reader.mistake('daemon', MISSING, 'Name the ECS daemon to deploy to; a daemon must exist.');
  const { cluster, service, alarms, strategy } = readService(reader, aws, 'optional');
  if (service !== '' && reader.raw('daemon') !== undefined)
    reader.mistake('service', 'and `daemon` both say what to deploy to.', 'Keep one of the two.');
  else if (service !== '')
    reader.mistake(
      'service',
      'names a service, and `mode: daemon` deploys to an ECS daemon (of Managed Instances).',
      'Remove it, and name the daemon in `daemon`. A service with the scheduling strategy DAEMON is a service: use `mode: deploy`.',
    );
  const drainPercent = reader.integer('drain-percent', { min: 1, max: 100, unit: 'a percentage without the % sign' });
  refuseOthers(reader);
  return {
    mode: 'daemon',
    aws,
    github,
    cluster,
    daemon: daemon ?? '',
    image: readImage(reader, facts),
    template: readTemplate(reader, 'daemon'),
    pinImages: reader.boolean('pin-images') ?? true,
    watch,
    rollbackOnFailure: recovery.rollbackOnFailure,
    onActiveDeployment: recovery.onActiveDeployment,
    deregisterFailed: recovery.deregisterFailedRevision,
    deployment: defined({
      drainPercent,
      bakeTimeInMinutes: strategy?.bakeTimeInMinutes,
      alarms: alarms && { alarmNames: [...alarms], enable: alarms.length > 0 },
    }),
  };
}

/** Of the sections of services, what a daemon has as well. */
const SHARED: readonly InputName[] = ['cluster', 'service', 'alarms', 'bake-time-minutes'];

/** Inputs of services, and of what the API of daemons does not offer. */
function refuseOthers(reader: Reader): void {
  const others: readonly InputName[] = [
    ...SECTIONS.service,
    ...SECTIONS.express,
    ...SECTIONS.tasks,
    ...SECTIONS.schedules,
    ...SECTIONS.registry,
    ...SECTIONS.runTask,
    'services',
    'on-pause',
    'continue-action',
    'rollback-to',
    'comment',
  ];
  const unused = others.filter(
    (name) => !SHARED.includes(name) && reader.isSet(name) && reader.text(name) !== DEFAULTS[name],
  );
  const [first] = unused;
  if (first !== undefined)
    reader.mistake(
      first,
      'is not for a daemon.',
      `Remove it${unused.length > 1 ? `, and ${quoteAll(unused.slice(1))}` : ''}.`,
    );
  if (reader.asksForMore('on-cancel'))
    reader.mistake(
      'on-cancel',
      'is not for a daemon: no call of ECS stops its deployment.',
      'Remove it; after a cancel, deploy the earlier image.',
    );
  reader.noteUnused('mode daemon has no preflight, plan or task of its own', [
    'preflight',
    'detailed-exitcode',
    'wait-for-task-stopped',
  ]);
}
