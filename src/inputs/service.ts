import { accountOf, kindOfArn, parseArn, regionOf } from '../arn.ts';
import { defined } from '../model.ts';
import { readExpress } from './express.ts';
import { MISSING, quoteAll, type Reader, type Shape, shorten } from './reader.ts';
import { readCodeDeploy, readStrategy } from './strategy.ts';
import type { AwsInputs, CircuitBreakerInputs, DeployInputs, ScalingInputs, ServiceInputs } from './types.ts';

/** An address of the console, as copied from a browser. */
function inConsole(text: string, part: 'clusters' | 'services'): ReturnType<NonNullable<Shape['meant']>> {
  const name = new RegExp(`^https?://\\S*/${part}/([A-Za-z0-9_-]{1,255})(?:[/?#]|$)`).exec(text)?.[1];
  return name === undefined
    ? undefined
    : { problem: 'is an address of the console.', remedy: `Write the name: \`${name}\`.` };
}

const CLUSTER: Shape = {
  meant: (text) => {
    const cluster = /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:(?:service|task)\/([A-Za-z0-9_-]{1,255})\//.exec(text)?.[1];
    if (cluster === undefined) return inConsole(text, 'clusters');
    return { problem: `is the ARN of ${kindOfArn(text)} in the cluster.`, remedy: `Write \`${cluster}\`.` };
  },
  pattern: /^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255})$/,
  expected: 'the name of a cluster (letters, digits, `_`, `-`), or its ARN `arn:aws:ecs:REGION:ACCOUNT:cluster/name`',
};
const SERVICE: Shape = {
  meant: (text) => {
    const service = /^([A-Za-z0-9_-]{1,255}):\d+$/.exec(text)?.[1];
    if (kindOfArn(text) === 'a task definition')
      return {
        problem: 'is the ARN of a task definition.',
        remedy:
          'Write the name of the service that runs it; to deploy that revision, give the ARN as `task-definition-arn`.',
      };
    if (service === undefined) return inConsole(text, 'services');
    return {
      problem: 'is a revision of a task definition, not a service.',
      remedy: `Write \`service: ${service}\`; to deploy that revision, add \`task-definition-arn: ${text}\`.`,
    };
  },
  pattern:
    /^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service\/([A-Za-z0-9_-]{1,255}\/)?[A-Za-z0-9_-]{1,255})$/,
  expected:
    'the name of a service (letters, digits, `_`, `-`), or its ARN `arn:aws:ecs:REGION:ACCOUNT:service/cluster/name`',
};
/** A boolean does not say whose tags. */
const PROPAGATION: ReadonlyMap<string, string> = new Map([
  ['true', 'Write `SERVICE` for the tags of the service, or `TASK_DEFINITION` for those of the revision.'],
  ['false', 'Write `NONE`.'],
]);
const PLATFORM_VERSION = { pattern: /^(LATEST|\d+\.\d+\.\d+)$/, expected: '`LATEST`, or a version such as `1.4.0`' };

/** The service and its settings; a setting that the user did not give is absent, and is left as it is. */
export function readService(
  reader: Reader,
  aws: AwsInputs,
  presence: 'required' | 'optional' = 'required',
): ServiceInputs {
  const percent = { unit: 'a percentage without the % sign' };
  const minimumHealthyPercent = reader.integer('minimum-healthy-percent', { min: 0, max: 100, ...percent });
  const maximumPercent = reader.integer('maximum-percent', { min: 100, max: 1000, ...percent });
  if (minimumHealthyPercent === 100 && maximumPercent === 100) {
    reader.mistake(
      'maximum-percent',
      'with `minimum-healthy-percent: 100` no task may stop and none may start in its place: the rollout could never move.',
      'Raise `maximum-percent` (200 is usual), or lower `minimum-healthy-percent`.',
    );
  }
  const circuitBreaker = readCircuitBreaker(reader);
  const alarms = readAlarms(reader);
  const grace = reader.integer('health-check-grace-period-seconds', { min: 0, max: 2_147_483_647, unit: 'seconds' });
  const desiredCount = reader.integer('desired-count', { min: 0, max: 100_000, unit: 'a number of tasks' });
  if (desiredCount === 0)
    reader.notes.push(
      "desired-count: 0 stops all tasks of the service. GitHub passes 0 for a `number` input of a called workflow that has no default, too: `${{ inputs.NAME || '' }}` leaves the count as it is.",
    );
  const enableExecuteCommand = reader.boolean('enable-execute-command');
  const enableEcsManagedTags = reader.boolean('enable-ecs-managed-tags');
  const propagateTags = reader.choice('propagate-tags', ['SERVICE', 'TASK_DEFINITION', 'NONE'], PROPAGATION);
  const forceNewDeployment = reader.boolean('force-new-deployment');
  const platformVersion = reader.shaped('platform-version', PLATFORM_VERSION);
  return {
    ...readNames(reader, aws, presence),
    ...defined({
      forceNewDeployment,
      minimumHealthyPercent,
      maximumPercent,
      circuitBreaker,
      alarms,
      healthCheckGracePeriodSeconds: grace,
      desiredCount,
      enableExecuteCommand,
      enableEcsManagedTags,
      propagateTags,
      platformVersion,
      strategy: readStrategy(reader),
      scaling: readScaling(reader, desiredCount),
      express: readExpress(reader),
      codeDeploy: readCodeDeploy(reader),
    }),
  };
}

/** The service definition, and what is done with a service whose first deployment fails. */
export function readDefinition(
  reader: Reader,
  { express: of }: Pick<ServiceInputs, 'express'>,
): Pick<DeployInputs, 'serviceDefinition' | 'onFirstFailure'> {
  const path = reader.text('service-definition');
  // Not quoted: it may hold secrets. A path is one line, and short.
  if (path !== undefined && (/^[{[]|^---|[\r\n]/.test(path) || path.length > LONGEST_PATH)) {
    reader.mistake(
      'service-definition',
      'is a service definition itself, but takes the path of a file.',
      'Write the service definition to a file, and give its path.',
    );
    return {};
  }
  const onFirstFailure = reader.choice('on-first-failure', ['scale-to-zero', 'delete']);
  const express = of?.create ?? false;
  if (express && path !== undefined)
    reader.mistake(
      'service-definition',
      'is for CreateService, and an Express Mode service is created by CreateExpressGatewayService.',
      'Keep one of the two.',
    );
  if (express && onFirstFailure === 'scale-to-zero')
    reader.mistake(
      'on-first-failure',
      '`scale-to-zero` is not for an Express Mode service, whose scaling ECS manages.',
      'Leave it out, or set `delete`: a service whose first deployment fails is then deleted.',
    );
  if (onFirstFailure !== undefined && path === undefined && !express)
    reader.mistake(
      'on-first-failure',
      'is for a service that `service-definition` or `express` creates, and neither is set.',
      'Give the service definition, or remove it.',
    );
  return defined({ serviceDefinition: path, onFirstFailure });
}

/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;

/** Names are those of RegisterScalableTarget. */
function readScaling(reader: Reader, desiredCount: number | undefined): ScalingInputs | undefined {
  const autoscaling = reader.choice('autoscaling', ['keep', 'suspend']);
  const capacity = { min: 0, max: 100_000, unit: 'a number of tasks' };
  const minCapacity = reader.integer('min-capacity', capacity);
  const maxCapacity = reader.integer('max-capacity', capacity);
  if (minCapacity !== undefined && maxCapacity !== undefined && minCapacity > maxCapacity)
    reader.mistake('min-capacity', `is ${minCapacity}, and \`max-capacity\` is ${maxCapacity}.`, 'Swap them.');
  if (desiredCount !== undefined && desiredCount < (minCapacity ?? 0))
    reader.mistake('desired-count', `is ${desiredCount}, below \`min-capacity\`: ${minCapacity}.`, COUNT_IN_RANGE);
  if (desiredCount !== undefined && desiredCount > (maxCapacity ?? desiredCount))
    reader.mistake('desired-count', `is ${desiredCount}, above \`max-capacity\`: ${maxCapacity}.`, COUNT_IN_RANGE);
  if (autoscaling === undefined && minCapacity === undefined && maxCapacity === undefined) return undefined;
  return { autoscaling: autoscaling ?? 'keep', ...defined({ minCapacity, maxCapacity }) };
}
const COUNT_IN_RANGE =
  'Application Auto Scaling moves the count into the range; most services need no `desired-count`.';

/** Modes that can do without a service that exists. */
const CREATES: readonly string[] = ['deploy', 'plan'];
const NAME_OR_CREATE =
  'Name the ECS service to deploy to; one that does not exist is created by `service-definition`. To register a revision and update no service, set `mode: register`.';

/** A long service ARN carries its cluster; where `cluster` is given too, they must agree. */
export function readNames(
  reader: Reader,
  { region, role }: AwsInputs,
  presence: 'required' | 'optional' = 'required',
): Pick<ServiceInputs, 'cluster' | 'service' | 'accountId'> {
  const cluster = reader.shaped('cluster', CLUSTER);
  const [named, again] = [reader.text('service'), reader.text('service-name')];
  if (named !== undefined && again !== undefined && named !== again)
    reader.mistake('service-name', 'and `service` name two services.', 'Keep one of the two; they mean the same.');
  const service = readServiceName(reader);
  if (!reader.raw('service') && presence === 'required') {
    reader.mistake(
      'service',
      MISSING,
      CREATES.includes(reader.text('mode')?.toLowerCase() ?? 'deploy') ? NAME_OR_CREATE : 'Name the ECS service.',
    );
  }
  for (const [name, arn] of [
    ['cluster', cluster],
    ['service', service],
  ] as const) {
    const itsRegion = regionOf(arn);
    if (itsRegion && region !== '' && itsRegion !== region) {
      reader.mistake(
        name,
        `is in region ${itsRegion}, but the step works in ${region}.`,
        'Set `aws-region` to the same.',
      );
    }
  }
  const [, inArn] = /:service\/([^/]+)\/[^/]+$/.exec(service ?? '') ?? [];
  const given = cluster?.split('/').at(-1);
  if (inArn && given && inArn !== given) {
    reader.mistake(
      'cluster',
      `is \`${given}\`, but the service's ARN names \`${inArn}\`.`,
      'Drop `cluster`, or correct one of them.',
    );
  }
  const accountId = readAccount(reader, { cluster, service, role: role?.arn });
  return {
    // One that is wrong ends the run, whose title names it.
    cluster: cluster ?? inArn ?? shorten(reader.text('cluster') ?? 'default'),
    service: service?.split('/').at(-1) ?? '',
    ...defined({ accountId }),
  };
}

/** The name or ARN; `cluster/name`, as the console and other tools write it, names the cluster too. */
function readServiceName(reader: Reader): string | undefined {
  const text = reader.text('service') ?? '';
  const [, cluster, name] = /^(?:service\/)?([A-Za-z0-9_-]{1,255})\/([A-Za-z0-9_-]{1,255})$/.exec(text) ?? [];
  if (cluster === undefined || cluster === 'service') return reader.shaped('service', SERVICE);
  reader.mistake(
    'service',
    `\`${shorten(text)}\` names the cluster too.`,
    `Write \`cluster: ${cluster}\` and \`service: ${name}\`.`,
  );
  return undefined;
}

/**
 * The account that the ARNs name. ECS looks a name up in the account of the credentials, so an ARN of another account
 * would find that account's namesake of ours.
 */
function readAccount(
  reader: Reader,
  { cluster, service, role }: Readonly<Record<'cluster' | 'service' | 'role', string | undefined>>,
): string | undefined {
  const [ofCluster, ofService, ofRole] = [cluster, service, role].map((arn) => accountOf(arn));
  if (ofCluster && ofService && ofCluster !== ofService) {
    reader.mistake(
      'cluster',
      `is in account ${ofCluster}, but the service's ARN names ${ofService}.`,
      'Drop `cluster`, or correct one of them.',
    );
    return undefined;
  }
  const accountId = ofService ?? ofCluster;
  if (accountId && ofRole && accountId !== ofRole) {
    reader.mistake(
      ofService ? 'service' : 'cluster',
      `is in account ${accountId}, but \`role-to-assume\` is a role of ${ofRole}, which reaches its own account alone.`,
      "Name a role of the service's account, or the service by the account of the role.",
    );
  }
  return accountId;
}

/** `on` and `off` are booleans to many YAML readers, so `true` and `false` mean them. */
function readBreakerKind(reader: Reader): 'off' | 'on' | 'rollback' | undefined {
  const text = reader.text('circuit-breaker')?.toLowerCase();
  if (text === 'true') return 'on';
  if (text === 'false') return 'off';
  return reader.choice('circuit-breaker', ['off', 'on', 'rollback']);
}

function readCircuitBreaker(reader: Reader): CircuitBreakerInputs | undefined {
  const kind = readBreakerKind(reader);
  const threshold = readThreshold(reader);
  if (threshold && (kind === undefined || kind === 'off')) {
    reader.mistake(
      'circuit-breaker-threshold',
      'has no circuit breaker to set.',
      'Add `circuit-breaker: rollback` (or `on`).',
    );
  }
  if (kind === undefined) return undefined;
  return { enable: kind !== 'off', rollback: kind === 'rollback', ...defined({ threshold }) };
}

/** `5`, `50%`, `50% unbounded`. */
function readThreshold(reader: Reader): CircuitBreakerInputs['threshold'] {
  const text = reader.text('circuit-breaker-threshold');
  if (text === undefined) return undefined;
  const [, digits = '', percent, unbounded] = /^(\d+)(\s*%)?(\s+unbounded)?$/i.exec(text) ?? [];
  const value = Number(digits);
  if (value >= 1 && (percent ? value <= 100 : !unbounded)) {
    if (!percent) return { type: 'COUNT', value };
    return { type: unbounded ? 'UNBOUNDED_PERCENT' : 'BOUNDED_PERCENT', value };
  }
  reader.mistake(
    'circuit-breaker-threshold',
    `\`${shorten(text)}\` is not right.`,
    'Write a count such as `5`, a percentage of the desired count such as `50%`, or `50% unbounded`.',
  );
  return undefined;
}

function readAlarms(reader: Reader): readonly string[] | undefined {
  if (!reader.raw('alarms')) return undefined;
  const alarms = reader.list('alarms');
  for (const alarm of alarms) {
    const { resource = '' } = parseArn(alarm) ?? {};
    if (resource === '') continue;
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html takes names.
    const name = /^alarm:(.+)$/.exec(resource)?.[1];
    reader.mistake(
      'alarms',
      `\`${shorten(alarm)}\` is an ARN, and ECS takes alarms by their names.`,
      name === undefined ? 'Write the names of CloudWatch alarms.' : `Write the name: \`${shorten(name)}\`.`,
    );
  }
  if (!alarms.includes('none')) return alarms;
  if (alarms.length > 1) {
    reader.mistake(
      'alarms',
      `has \`none\` beside ${quoteAll(alarms.filter((name) => name !== 'none'))}.`,
      'Keep one or the other.',
    );
  }
  return [];
}
