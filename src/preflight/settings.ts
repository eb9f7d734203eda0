import { asObjects } from '../taskdef/template.ts';
import { bad, type Check, ok, warn } from './check.ts';
import { launchTypeOf, objectOf, type Subject, textOf } from './subject.ts';

/**
 * ECS Exec needs a task role, whatever the launch type: "The service couldn't be updated because a valid taskRoleArn is not being
 * used. Specify a valid task role in your task definition and try again."
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function judgeExec({ definition, inputs, service }: Subject): Check[] {
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
 * ECS refuses one without the other. This action never sends volumeConfigurations, so the service keeps those that it has.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-ebs-config.html
 */
export function judgeVolumes({ definition, service }: Subject): Check[] {
  const declared = asObjects(definition.volumes).flatMap(({ name, configuredAtLaunch }) =>
    configuredAtLaunch === true ? (textOf(name) ?? []) : [],
  );
  const configured = service.volumes ?? [];
  const update = `aws ecs update-service --cluster ${service.clusterArn} --service ${service.name} --volume-configurations`;
  const unconfigured = declared.filter((name) => !configured.includes(name));
  const undeclared = configured.filter((name) => !declared.includes(name));
  const checks = [
    ...unconfigured.map((name) =>
      bad(
        `volume ${name}`,
        'is configured at launch (configuredAtLaunch), but the service has no volumeConfigurations of that name, so ECS refuses the update.',
        configured.length > 0
          ? `The service configures ${configured.map((one) => `\`${one}\``).join(', ')}: use one name in both.`
          : `Deploy it once with its EBS settings (${update} '[{"name":"${name}","managedEBSVolume":{"roleArn":"...","sizeInGiB":20}}]' --task-definition REVISION), or remove the volume.`,
      ),
    ),
    ...undeclared.map((name) =>
      bad(
        `volume ${name}`,
        'the service configures this EBS volume (volumeConfigurations), but the task definition has no volume of that name with configuredAtLaunch, so ECS refuses the update.',
        `Add \`{"name": "${name}", "configuredAtLaunch": true}\` to \`volumes\`, or take it from the service (${update} '[]' with a revision that has no such volume).`,
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
export function judgePlatformVersion(subject: Subject): Check[] {
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
