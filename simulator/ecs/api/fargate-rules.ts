import { container, containersOf, cpuOf, type Definition, guide, memoryOf, type Rule, task, volume } from './rule.ts';

const DIFFERENCES = 'fargate-tasks-services.html';
const SIZE = `${DIFFERENCES}#fargate-tasks-size`;
const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
const unsupported = (member: string): string => `Fargate compatible task definitions do not support ${member}.`;

/** GiB that go with the CPU units: from, to and in steps of. 0.5 GiB goes with 256 units besides. */
const PAIRS: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  256: [1, 2, 1],
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
};

function isPair(units: number | undefined, mebibytes: number | undefined, { runtimePlatform }: Definition): boolean {
  const pair = PAIRS[units ?? 0];
  if (pair === undefined || units === undefined || mebibytes === undefined) return false;
  if (runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS') && units < 1024) return false;
  const [from, to, step] = pair;
  const gibibytes = mebibytes / 1024;
  return (
    (units === 256 && mebibytes === 512) ||
    (gibibytes >= from && gibibytes <= to && Number.isInteger((gibibytes - from) / step))
  );
}

/** Whether CPU and memory of the task go together on Fargate. */
export const isFargateSize = (definition: Definition): boolean =>
  isPair(cpuOf(definition.cpu), memoryOf(definition.memory), definition);

/** What RegisterTaskDefinition refuses in a task definition that requires FARGATE; without it, what makes it incompatible. */
export const FARGATE_RULES: readonly Rule[] = [
  task(guide(`${DIFFERENCES}#fargate-tasks-networkmode`, 'aws'), ({ networkMode }) =>
    networkMode === 'awsvpc' ? undefined : 'Fargate only supports network mode ‘awsvpc’.',
  ),
  task(guide(SIZE, 'aws'), ({ cpu }) =>
    cpu === undefined ? "Fargate requires that 'cpu' be defined at the task level." : undefined,
  ),
  task(guide(SIZE, 'aws'), ({ memory }) =>
    memory === undefined ? "Fargate requires that 'memory' be defined at the task level." : undefined,
  ),
  task(guide(SIZE, 'aws'), (definition) => {
    const [units, mebibytes] = [cpuOf(definition.cpu), memoryOf(definition.memory)];
    return isFargateSize(definition)
      ? undefined
      : `No Fargate configuration exists for given values: ${units} CPU, ${mebibytes} memory. See the Amazon ECS documentation for the valid values.`;
  }),
  task(guide(DIFFERENCES, 'aws'), ({ ipcMode }) => (ipcMode === undefined ? undefined : unsupported('ipcMode'))),
  task(guide(DIFFERENCES, 'aws'), ({ pidMode }) =>
    pidMode === undefined || pidMode === 'task'
      ? undefined
      : `Tasks using the Fargate launch type do not support pidMode '${pidMode}'.`,
  ),
  task(guide(DIFFERENCES, 'aws'), ({ placementConstraints }) =>
    isGiven(placementConstraints) ? unsupported('constraints') : undefined,
  ),
  volume(guide(DIFFERENCES, 'aws'), ({ host }) => (host?.sourcePath ? unsupported('sourcePath') : undefined)),
  volume(guide(DIFFERENCES, 'aws'), (one) =>
    one.dockerVolumeConfiguration ? unsupported('dockerVolumeConfiguration') : undefined,
  ),
  volume(guide('wfsx-volumes.html'), (one) =>
    one.fsxWindowsFileServerVolumeConfiguration ? unsupported('fsxWindowsFileServerVolumeConfiguration') : undefined,
  ),
  task(guide('task_execution_IAM_role.html', 'aws'), (definition) =>
    definition.executionRoleArn === undefined &&
    containersOf(definition).some(({ image = '' }) => /^\d{12}\.dkr[.-]ecr[.-]/.test(image))
      ? 'Fargate requires task definition to have execution role ARN to support ECR images.'
      : undefined,
  ),
  task(guide('task_execution_IAM_role.html', 'aws'), (definition) =>
    definition.executionRoleArn === undefined &&
    containersOf(definition).some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs')
      ? 'Fargate requires task definition to have execution role ARN to support log driver awslogs.'
      : undefined,
  ),
  container(guide(DIFFERENCES, 'aws'), ({ privileged }) =>
    privileged ? "Fargate requires that the 'privileged' setting be 'false'." : undefined,
  ),
  container(guide(DIFFERENCES, 'aws'), ({ links }) => (isGiven(links) ? unsupported('links') : undefined)),
  container(guide(DIFFERENCES, 'aws'), ({ dockerSecurityOptions }) =>
    isGiven(dockerSecurityOptions) ? unsupported('dockerSecurityOptions') : undefined,
  ),
  container(guide(DIFFERENCES, 'aws'), ({ linuxParameters = {} }) => {
    const members = ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness'] as const;
    const given = members.find((member) => isGiven(linuxParameters[member]));
    return given && unsupported(given);
  }),
  container(guide(DIFFERENCES, 'aws'), ({ linuxParameters: { capabilities: { add = [] } = {} } = {} }) => {
    const other = add.find((capability) => capability !== 'SYS_PTRACE');
    return other && `${other} is not allowed on Fargate.`;
  }),
  container(guide(DIFFERENCES, 'aws'), ({ resourceRequirements = [] }) =>
    resourceRequirements.length > 0
      ? 'Tasks using the Fargate launch type do not support GPU resource requirements.'
      : undefined,
  ),
  container(guide('task_definition_parameters.html#container_definition_timeout', 'aws'), (one) => {
    const wrong = (['startTimeout', 'stopTimeout'] as const).find(
      (member) => (one[member] ?? 2) < 2 || (one[member] ?? 2) > 120,
    );
    const called = wrong === 'startTimeout' ? 'start' : 'stop';
    return (
      wrong && `Tasks using the Fargate launch type must have a container ${called} timeout of less than 120 seconds.`
    );
  }),
  container(guide('firelens-taskdef-customconfig.html', 'aws'), ({ firelensConfiguration }) =>
    firelensConfiguration?.options?.['config-file-type'] === 's3'
      ? "Fargate launch type does not support FirelensConfiguration config file from 's3'"
      : undefined,
  ),
  container(guide(`${DIFFERENCES}#fargate-tasks-logging`, 'aws'), ({ logConfiguration: log }) =>
    log === undefined || ['awslogs', 'splunk', 'awsfirelens'].includes(log.logDriver ?? '')
      ? undefined
      : `${log.logDriver} is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]`,
  ),
  container(guide(`${DIFFERENCES}#fargate-tasks-logging`, 'aws'), ({ logConfiguration: log }) =>
    log?.logDriver === 'awslogs' && !log.options?.['awslogs-stream-prefix']
      ? 'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.'
      : undefined,
  ),
];
