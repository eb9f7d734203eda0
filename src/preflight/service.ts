import { inPlace } from '../arn.ts';
import { ALARMS_LISTED, type Alarm, asObjects, asStrings, type ClusterState, objectOf } from '../model.ts';
import { plannedRolling } from '../service/change.ts';
import { type Existing, whatExists } from '../spelling.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn, warnOfDefinition } from './check.ts';
import { type Home, launchTypeOf, nameOf, networkModeOf, type PreflightSubject, textOf } from './subject.ts';

export function judgeCluster(cluster: string, answer: Answer<ClusterState | undefined> | undefined): Check {
  const subject = `cluster ${cluster}`;
  if (answer?.kind !== 'found') return notChecked(subject, answer);
  const status = answer.value?.status ?? 'not there';
  if (status === 'ACTIVE') return ok(subject, 'is ACTIVE.');
  return bad(subject, `is ${status}.`, 'Check the inputs `cluster` and `aws-region`, or create the cluster again.');
}

/** An Express Mode service that the inputs create. */
export const isNew = ({ express, taskDefinitionArn }: PreflightSubject['service']): boolean =>
  express === true && taskDefinitionArn === '';

/** The service itself, as it was read before: nothing is asked. */
export function judgeService({
  service,
  inputs,
  defined,
}: Pick<PreflightSubject, 'service' | 'inputs' | 'defined'>): Check[] {
  const subject = `service ${service.name}`;
  // The percents matter from its second deployment on, and `checkService` has looked at them.
  if (isNew(service)) return [ok(subject, 'does not exist; the inputs say how it is created.')];
  if (defined?.state === 'missing') return [ok(subject, `does not exist; ${defined.file} defines how it is created.`)];
  const state =
    service.status === 'ACTIVE'
      ? ok(subject, 'is ACTIVE.')
      : bad(subject, `is ${service.status}.`, 'Create it again, or correct the input `service`.');
  if ((inputs.strategy?.kind ?? service.strategy) !== 'ROLLING') return [state];
  const rolling = plannedRolling(inputs, service);
  const update = rolling.stuck
    ? bad('rolling update', rolling.sentence, 'These are the inputs `minimum-healthy-percent` and `maximum-percent`.')
    : ok('rolling update', `${rolling.sentence.charAt(0).toLowerCase()}${rolling.sentence.slice(1)}`);
  return [state, update];
}

/**
 * The size, which the checks of the task definition held against Fargate's table, and what the rollout adds at a time to what already runs:
 * whether the quota has room for it is not asked. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
export function judgeSize({ definition, fargate, service, inputs, defined }: PreflightSubject): Check[] {
  const cpu = cpuUnits(textOf(definition.cpu) ?? '');
  const memory = memoryMib(textOf(definition.memory) ?? '');
  // The size of a new Express Mode service is ECS's where no input names it.
  if (!fargate || cpu === undefined || memory === undefined || isNew(service)) return [];
  const { hi } = plannedRolling(inputs, service);
  const atOnce = defined?.state === 'missing' ? (inputs.desiredCount ?? service.desiredCount) : hi;
  const more = Math.max(0, atOnce - service.runningCount);
  const size = ok('Fargate size', `${cpu} CPU units with ${memory} MiB is a size that Fargate has.`);
  if (more === 0) return [size];
  const tasks = more === 1 ? '1 task' : `${more} tasks`;
  return [
    size,
    skip(
      'Fargate quota',
      `for a while up to ${tasks} more than now take ${(more * cpu) / 1024} vCPU; not checked: all tasks of the account share it, and only ECS counts them.`,
    ),
  ];
}

/**
 * ECS refuses an update in which network mode and network configuration do not belong together: "Network Configuration must be
 * provided when networkMode 'awsvpc' is specified", "Network Configuration is not valid for the given networkMode".
 */
export function judgeNetwork(subject: PreflightSubject): Check[] {
  const mode = networkModeOf(subject);
  const { service } = subject;
  const { subnets, securityGroups } = service;
  if (mode !== 'awsvpc') {
    if (subnets.length === 0) return [ok('network', `network mode ${mode}: the tasks use their instance's network.`)];
    return [
      bad(
        'network',
        `the task definition has the network mode ${mode}, but the service has a network configuration (subnets), which goes with awsvpc alone.`,
        `Write \`"networkMode": "awsvpc"\` in the template, or ${subject.defined ? `remove \`networkConfiguration\` from ${subject.defined.file}` : 'create the service again without a network configuration'}.`,
      ),
    ];
  }
  // Of a new Express Mode service; of one that exists ECS shows them.
  if (subnets.length === 0 && service.express)
    return [
      skip(
        'network',
        'no `subnets` are given, so ECS takes those of the default VPC; not checked: whether the Region has one (this action does not call EC2).',
      ),
    ];
  if (subnets.length === 0) {
    return [
      bad(
        'network',
        'the task definition has the network mode awsvpc, but the service has no subnets.',
        subject.defined
          ? `Write \`networkConfiguration.awsvpcConfiguration.subnets\` in ${subject.defined.file}, or use another network mode.`
          : `Give it some (aws ecs update-service --cluster ${service.clusterArn} --service ${service.name} --network-configuration awsvpcConfiguration={subnets=[...],securityGroups=[...]}), or use the network mode that runs now.`,
      ),
    ];
  }
  const groups = securityGroups.length > 0 ? securityGroups.join(', ') : "the VPC's default security group";
  const count = `${subnets.length} subnet${subnets.length === 1 ? '' : 's'}`;
  return [
    ok('network', `network mode awsvpc, and ${subject.defined?.file ?? 'the service'} has ${count} and ${groups}.`),
    skip('routes and security groups', `not checked: this action does not call EC2.${wayOut(subject)}`),
  ];
}

/** Routes are the first suspect when images cannot be pulled. */
const wayOut = ({ fargate, service }: PreflightSubject): string =>
  fargate && service.assignPublicIp === false
    ? ' Without a public IP the subnets need a NAT gateway or VPC endpoints to reach ECR and the logs.'
    : '';

/**
 * ECS Exec needs a task role, whatever the launch type: "The service couldn't be updated because a valid taskRoleArn is not being
 * used. Specify a valid task role in your task definition and try again."
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function judgeExec({ definition, inputs, service }: PreflightSubject): Check[] {
  const asked = inputs.enableExecuteCommand;
  if (!(asked ?? service.enableExecuteCommand) || textOf(definition.taskRoleArn) !== undefined) return [];
  return [
    bad(
      'ECS Exec',
      `${asked ? 'the input `enable-execute-command` turns it on' : 'is on for the service'}, but the task definition has no taskRoleArn, so ECS refuses the update.`,
      'Give a task role that allows ssmmessages (template, or input `task-role-arn`), or set `enable-execute-command: false`.',
    ),
  ];
}

/**
 * A volume with `configuredAtLaunch` is an EBS volume that the service describes in its volumeConfigurations, by the same name;
 * ECS refuses one without the other. Without a service definition volumeConfigurations are not sent, so the service keeps those that it has.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-ebs-config.html
 */
export function judgeVolumes({ definition, service, defined }: PreflightSubject): Check[] {
  const declared = asObjects(definition.volumes).flatMap(({ name, configuredAtLaunch }) =>
    configuredAtLaunch === true ? (textOf(name) ?? []) : [],
  );
  const configured = service.volumes ?? [];
  const update = `aws ecs update-service --cluster ${service.clusterArn} --service ${service.name} --volume-configurations`;
  const unconfigured = declared.filter((name) => !configured.includes(name));
  const undeclared = configured.filter((name) => !declared.includes(name));
  const unconfiguredRemedy = (name: string): string => {
    if (configured.length > 0)
      return `The service configures ${configured.map((one) => `\`${one}\``).join(', ')}: use one name in both.`;
    return defined
      ? `Write it into \`volumeConfigurations\` of ${defined.file}, or remove the volume.`
      : `Deploy it once with its EBS settings (${update} '[{"name":"${name}","managedEBSVolume":{"roleArn":"...","sizeInGiB":20}}]' --task-definition REVISION), or remove the volume.`;
  };
  const checks = [
    ...unconfigured.map((name) =>
      bad(
        `volume ${name}`,
        'is configured at launch (configuredAtLaunch), but the service has no volumeConfigurations of that name, so ECS refuses the update.',
        unconfiguredRemedy(name),
      ),
    ),
    ...undeclared.map((name) =>
      bad(
        `volume ${name}`,
        'the service configures this EBS volume (volumeConfigurations), but the task definition has no volume of that name with configuredAtLaunch, so ECS refuses the update.',
        defined
          ? `Add \`{"name": "${name}", "configuredAtLaunch": true}\` to \`volumes\`, or remove it from \`volumeConfigurations\` of ${defined.file}.`
          : `Add \`{"name": "${name}", "configuredAtLaunch": true}\` to \`volumes\`, or take it from the service (${update} '[]' with a revision that has no such volume).`,
      ),
    ),
  ];
  if (checks.length > 0 || declared.length === 0) return checks;
  return [ok(`volume ${declared.join(', ')}`, 'is configured by the service (volumeConfigurations).')];
}

/**
 * Fargate platform versions; those at the end of their life are refused for new tasks.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html
 */
const VERSIONS = {
  Linux: { current: ['1.4.0', '1.3.0'], ended: ['1.2.0', '1.1.0', '1.0.0'] },
  Windows: { current: ['1.0.0'], ended: [] },
} as const;

/** "The platform version must be null when specifying an EC2 launch type."; PlatformUnknownException. */
export function judgePlatformVersion(subject: PreflightSubject): Check[] {
  const { platformVersion: version } = subject.inputs;
  if (version === undefined) return [];
  const name = `platform version ${version}`;
  if (!subject.fargate)
    return [
      bad(
        name,
        `only Fargate has platform versions, and the service runs on ${launchTypeOf(subject)}: ECS refuses the update.`,
        'Leave out the input `platform-version`.',
      ),
    ];
  const runtime = objectOf(subject.definition.runtimePlatform);
  const os = textOf(runtime.operatingSystemFamily)?.startsWith('WINDOWS') ? 'Windows' : 'Linux';
  const { current, ended }: { readonly current: readonly string[]; readonly ended: readonly string[] } = VERSIONS[os];
  if (version === 'LATEST' || current.includes(version))
    return [ok(name, `is a platform version of Fargate for ${os}.`)];
  if (ended.includes(version))
    return [warn(name, `has reached its end of life (2020): ECS may refuse it.`, `Use LATEST or ${current[0]}.`)];
  return [
    bad(
      name,
      `Fargate for ${os} has no such platform version, as far as this release knows.`,
      `It has LATEST, ${current.join(', ')}; \`preflight: false\` tries another one.`,
    ),
  ];
}

/**
 * Health checks of containers that can never succeed, by how Docker reads the command: the first element says how the
 * others are run. The command itself is not shown: it may hold a token.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function judgeHealth({ definition }: Pick<PreflightSubject, 'definition'>): Check[] {
  return containersOf(definition).flatMap((container) => {
    const found = problemOf(asStrings(objectOf(container.healthCheck).command));
    return found ? [warnOfDefinition(`health check of ${nameOf(container)}`, found.problem, found.remedy)] : [];
  });
}

interface Problem {
  readonly problem: string;
  readonly remedy: string;
}

const SHELL_FORM = 'Write `["CMD-SHELL", "the whole command line || exit 1"]`.';
const OPERATOR = /^(?:\|\|?|&&?|;|>>?|2>&1|<)$/;

/** @param command `healthCheck.command`; empty where there is none */
export function problemOf(command: readonly string[]): Problem | undefined {
  const [first, ...others] = command;
  if (first === undefined || first === 'NONE') return undefined;
  if (first === 'CMD') {
    const [program = ''] = others;
    if (others.length === 0) return { problem: 'its command is only `CMD`, without a program.', remedy: SHELL_FORM };
    if (others.length === 1 && /\s/.test(program.trim())) {
      return {
        problem: 'a whole command line follows `CMD`, which runs a program of that name; there is none.',
        remedy: SHELL_FORM,
      };
    }
    if (others.some((word) => OPERATOR.test(word.trim())) || /(\|\||&&)/.test(others.at(-1) ?? '')) {
      return { problem: '`CMD` runs no shell, and takes `||`, `&&` and the like as arguments.', remedy: SHELL_FORM };
    }
    return undefined;
  }
  if (first === 'CMD-SHELL') {
    if (others.length === 0)
      return { problem: 'its command is only `CMD-SHELL`, without a command line.', remedy: SHELL_FORM };
    if (others.length > 1) {
      return {
        problem: `\`CMD-SHELL\` takes one command line, but ${others.length} elements follow: only the first is run.`,
        remedy: 'Join them to one string, or write `CMD` to run a program with arguments.',
      };
    }
    return undefined;
  }
  if (/^CMD-SHELL\s*,/.test(first) || /^CMD\s*,/.test(first)) {
    return {
      problem:
        'the form of the console (`CMD-SHELL, command`) is in one element, so that Docker does not know how to run it.',
      remedy: SHELL_FORM,
    };
  }
  if (/^cmd[-_ ]?shell$/i.test(first)) {
    return {
      problem: `it begins with \`${first}\`, which Docker does not know.`,
      remedy: 'Write `CMD-SHELL`, in capitals and with a hyphen.',
    };
  }
  if (/^CMD(-SHELL)?\s/.test(first)) {
    return { problem: '`CMD-SHELL` and the command line are in one element.', remedy: SHELL_FORM };
  }
  return {
    problem: 'its command begins with neither `CMD` nor `CMD-SHELL`, so that Docker does not know how to run it.',
    remedy: SHELL_FORM,
  };
}

/** Alarms that will watch the deployment: the input's, else those that the service has, when they are enabled. */
export function alarmsOf({ inputs, service }: Pick<PreflightSubject, 'inputs' | 'service'>): readonly string[] {
  const names = inputs.alarms ?? (service.alarms?.enable ? service.alarms.names : []);
  return [...new Set(names)];
}

interface AlarmAnswers {
  readonly alarms: Answer<readonly Alarm[]> | undefined;
  /** Of the Region; known only where one of the alarms does not exist. */
  readonly alarmNames?: Existing;
}

/**
 * When one of the alarms is in ALARM as a deployment starts, ECS monitors none of them until it ends, so that a repair can be
 * deployed. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function judgeAlarms(
  names: readonly string[],
  { alarms: answer, alarmNames: existing }: AlarmAnswers,
  home: Home,
): Check[] {
  if (names.length === 0) return [];
  const subject = names.length === 1 ? `alarm ${names[0]}` : `alarms ${names.join(', ')}`;
  if (answer?.kind !== 'found') return [notChecked(subject, answer)];
  const found = new Map(answer.value.map((alarm) => [alarm.name, alarm]));
  const good: string[] = [];
  const checks: Check[] = [];
  for (const name of names) {
    const alarm = found.get(name);
    if (!alarm) checks.push(noAlarm(name, existing ?? [...found.keys()], home));
    else if (alarm.state === 'ALARM') {
      checks.push(
        warn(
          `alarm ${name}`,
          'is in ALARM already, so ECS will watch none of the alarms during this deployment, and roll back for none.',
          'Check it in CloudWatch; to have its protection, deploy when it is OK.',
        ),
      );
    } else good.push(alarm.state === 'OK' ? name : `${name} (${alarm.state})`);
  }
  if (good.length > 0) checks.push(ok(good.length === 1 ? 'alarm' : 'alarms', `${good.join(', ')}: not in ALARM.`));
  return checks;
}

const noAlarm = (name: string, others: Existing, home: Home): Check =>
  bad(
    `alarm ${name}`,
    `does not exist${inPlace(home)}, so it cannot guard a deployment.`,
    `Create it in CloudWatch, or correct the input \`alarms\`. ${whatExists(name, others, { owner: 'The account', plural: 'alarms', page: ALARMS_LISTED })}`.trim(),
  );
