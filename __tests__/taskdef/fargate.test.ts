import type { Json, JsonObject } from '../../src/model.ts';
import { checkFargate, cpuUnits, memoryMib } from '../../src/taskdef/fargate.ts';

/** Both sides of each limit, in the module that knows it. */
const TASK: JsonObject = { family: 'web', networkMode: 'awsvpc', cpu: '1024', memory: '2048' };
const subjects = (task: JsonObject, container: JsonObject = {}): string[] =>
  checkFargate({ ...TASK, ...task, containerDefinitions: [{ name: 'app', image: 'nginx', ...container }] }).map(
    ({ subject }) => subject,
  );

describe('Fargate', () => {
  test.each(['startTimeout', 'stopTimeout'])('%s is 2 to 120 seconds', (field) => {
    const at = `containerDefinitions[0].${field}`;
    for (const seconds of [0, 1, 121, 300]) expect(subjects({}, { [field]: seconds })).toEqual([at]);
    for (const seconds of [2, 3, 60, 119, 120]) expect(subjects({}, { [field]: seconds })).toEqual([]);
  });

  test('Windows tasks start at 1024 CPU units, Linux ones at 256', () => {
    const on = (operatingSystemFamily: string, cpu: string, memory: string) =>
      subjects({ cpu, memory, runtimePlatform: { operatingSystemFamily } });
    for (const family of ['WINDOWS_SERVER_2019_CORE', 'WINDOWS_SERVER_2022_FULL']) {
      expect(on(family, '256', '512')).toEqual(['cpu']);
      expect(on(family, '512', '1024')).toEqual(['cpu']);
      expect(on(family, '1024', '2048')).toEqual([]);
      expect(on(family, '2048', '4096')).toEqual([]);
    }
    expect(on('LINUX', '256', '512')).toEqual([]);
    expect(on('LINUX', '512', '1024')).toEqual([]);
  });
});

describe('sizes of a task', () => {
  /** By AWS's table, in GiB. */
  test.each<[cpu: number, from: number, to: number, step: number]>([
    [512, 1, 4, 1],
    [1024, 2, 8, 1],
    [2048, 4, 16, 1],
    [4096, 8, 30, 1],
    [8192, 16, 60, 4],
    [16384, 32, 120, 8],
  ])('%d CPU units take %d to %d GiB in steps of %d', (cpu, from, to, step) => {
    const at = (gib: number): string[] => subjects({ cpu: `${cpu}`, memory: `${gib * 1024}` });
    for (let gib = from; gib <= to; gib += step) expect(at(gib)).toEqual([]);
    for (const gib of [from - step, from + step / 2, to + step]) expect(at(gib)).toEqual(['memory']);
  });
  test('256 CPU units take 0.5, 1 or 2 GiB', () => {
    const at = (memory: string): string[] => subjects({ cpu: '256', memory });
    for (const memory of ['512', '1024', '2048', '0.5 GB', '2GB']) expect(at(memory)).toEqual([]);
    for (const memory of ['511', '1536', '3072']) expect(at(memory)).toEqual(['memory']);
  });

  test.each<[text: string, units: number | undefined]>([
    ['256', 256],
    [' .25 vCPU ', 256],
    ['1 vcpu', 1024],
    ['0.3 vCPU', undefined],
    ['1.5', undefined],
    ['vCPU', undefined],
    ['1 vCPUs', undefined],
    ['x1', undefined],
  ])('%j as CPU units', (text, units) => expect(cpuUnits(text)).toBe(units));
  test.each<[text: string, mib: number | undefined]>([
    ['512', 512],
    ['0.5 GB', 512],
    ['1gb', 1024],
    ['1 MB', undefined],
    ['0.3 GB', undefined],
    ['1x', undefined],
  ])('%j as MiB', (text, mib) => expect(memoryMib(text)).toBe(mib));
});

/** An object as JSON has it: without the fields that are undefined. */
const json = (object: object): JsonObject => JSON.parse(JSON.stringify(object));
/** What is refused, with its text: subject, problem and remedy. */
const mistakes = (task: JsonObject, container: JsonObject = {}) =>
  checkFargate({ ...TASK, ...task, containerDefinitions: [{ name: 'app', image: 'nginx', ...container }] });
const APP = 'containerDefinitions[0]';
const GONE = { problem: 'is not available on Fargate.', remedy: 'Remove it.' };

describe('fields of the task', () => {
  test.each(['bridge', 'host', 'none', null])('the network mode %s is refused', (networkMode) =>
    expect(subjects({ networkMode })).toEqual(['networkMode']),
  );

  test.each<[field: string, value: Json, refused: boolean]>([
    ['ipcMode', 'host', true],
    ['ipcMode', '', true],
    ['placementConstraints', [{ type: 'memberOf' }], true],
    ['placementConstraints', [], false],
  ])('%s: %j is refused: %s', (field, value, refused) =>
    expect(mistakes({ [field]: value })).toEqual(refused ? [{ subject: field, ...GONE }] : []),
  );

  test.each<[value: string | undefined, refused: boolean]>([
    ['host', true],
    ['task', false],
    [undefined, false],
  ])('the pidMode %s is refused: %s', (pidMode, refused) =>
    expect(subjects(json({ pidMode }))).toEqual(refused ? ['pidMode'] : []),
  );

  test('a size needs both cpu and memory, of types and texts that can be read', () => {
    expect(subjects({ cpu: null })).toEqual(['cpu']);
    expect(subjects({ memory: null })).toEqual(['memory']);
    expect(subjects({ cpu: null, memory: null })).toEqual(['cpu', 'memory']);
    expect(subjects({ cpu: 1024, memory: 2048 })).toEqual(['cpu', 'memory']);
    expect(subjects({ cpu: 'much' })).toEqual([]);
    expect(subjects({ memory: 'much' })).toEqual([]);
    expect(subjects({ cpu: '300' })).toEqual(['cpu']);
    expect(mistakes({ cpu: '300' })[0]?.remedy).toBe('Use one of 256, 512, 1024, 2048, 4096, 8192, 16384.');
  });

  test.each<[cpu: string, memory: string, remedy: string]>([
    ['256', '1500', 'With 256 it takes 512, 1024, 2048 MiB; the nearest is 1024.'],
    ['256', '1600', 'With 256 it takes 512, 1024, 2048 MiB; the nearest is 2048.'],
    ['256', '1536', 'With 256 it takes 512, 1024, 2048 MiB; the nearest is 1024.'],
    ['512', '9999', 'With 512 it takes 1024, 2048, 3072, 4096 MiB; the nearest is 4096.'],
    ['1024', '512', 'With 1024 it takes 2048 to 8192 in steps of 1024 MiB; the nearest is 2048.'],
    ['8192', '21000', 'With 8192 it takes 16384 to 61440 in steps of 4096 MiB; the nearest is 20480.'],
  ])('%s CPU units with %s MiB: %s', (cpu, memory, remedy) =>
    expect(mistakes({ cpu, memory })).toEqual([
      { subject: 'memory', problem: `${memory} MiB cannot be combined with ${cpu} CPU units on Fargate.`, remedy },
    ]),
  );
});

test.each<[volume: JsonObject, at: string | undefined]>([
  [{ host: { sourcePath: '/data' } }, 'host.sourcePath'],
  [{ host: { sourcePath: '' } }, undefined],
  [{ host: {} }, undefined],
  [{}, undefined],
  [{ dockerVolumeConfiguration: {} }, 'dockerVolumeConfiguration'],
  [{ fsxWindowsFileServerVolumeConfiguration: {} }, 'fsxWindowsFileServerVolumeConfiguration'],
  [{ efsVolumeConfiguration: {} }, undefined],
])('the volume %j is refused at %s', (volume, at) =>
  expect(subjects({ volumes: [{ name: 'v' }, { name: 'w', ...volume }] })).toEqual(at ? [`volumes[1].${at}`] : []),
);

describe('the execution role', () => {
  const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1';
  const awslogs = { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': 'ecs' } } };
  const splunk = { logConfiguration: { logDriver: 'splunk' } };
  test.each<[what: string, container: JsonObject, reasons: string | undefined]>([
    ['an image of ECR', { image: ECR }, 'pull images from ECR'],
    ['an image of ECR, dual-stack', { image: '123456789012.dkr-ecr.eu-west-1.on.aws/web' }, 'pull images from ECR'],
    ['awslogs', awslogs, 'write to the log driver awslogs'],
    ['both', { image: ECR, ...awslogs }, 'pull images from ECR and to write to the log driver awslogs'],
    ['an image of another registry', { image: `x.example/${ECR}` }, undefined],
    ['another log driver', splunk, undefined],
    ['an image of ECR and secrets', { image: ECR, secrets: [{ name: 'A', valueFrom: 'a' }] }, undefined],
    ['an image of ECR and no secrets', { image: ECR, secrets: [] }, 'pull images from ECR'],
  ])('%s: needed to %s', (_, container, reasons) => {
    expect(mistakes({}, container)).toEqual(
      reasons
        ? [
            {
              subject: 'executionRoleArn',
              problem: `is missing: Fargate needs it to ${reasons}.`,
              remedy: expect.stringMatching(
                /^Give the execution role in the template or by the input `execution-role-arn`: .*AmazonECSTaskExecutionRolePolicy/,
              ),
            },
          ]
        : [],
    );
    expect(mistakes({ executionRoleArn: 'arn:aws:iam::123456789012:role/x' }, container)).toEqual([]);
  });

  test('one container of several is reason enough', () => {
    const containerDefinitions = [
      { name: 'a', image: 'nginx', ...splunk },
      { name: 'b', image: ECR, ...awslogs },
    ];
    expect(checkFargate({ ...TASK, containerDefinitions }).map(({ subject }) => subject)).toEqual(['executionRoleArn']);
    const secrets = [{ name: 'A', valueFrom: 'a' }];
    const [first, second] = containerDefinitions;
    expect(checkFargate({ ...TASK, containerDefinitions: [{ ...first, secrets }, second ?? {}] })).toEqual([]);
  });
});

describe('fields of a container', () => {
  test.each<[field: string, value: Json]>([
    ['links', ['db']],
    ['dockerSecurityOptions', ['label:x']],
    ['extraHosts', [{ hostname: 'a', ipAddress: '10.0.0.1' }]],
    ['privileged', true],
  ])('%s is refused with a value, and not without', (field, value) => {
    expect(mistakes({}, { [field]: value })).toEqual([{ subject: `${APP}.${field}`, ...GONE }]);
    for (const empty of [false, []]) expect(mistakes({}, { [field]: empty })).toEqual([]);
  });

  test.each<[field: string, value: Json]>([
    ['devices', [{ hostPath: '/dev/a' }]],
    ['sharedMemorySize', 64],
    ['maxSwap', 0],
    ['swappiness', 10],
  ])('linuxParameters.%s is refused with a value, and not without', (field, value) => {
    const of = (linuxParameters: JsonObject) => mistakes({}, { linuxParameters });
    expect(of({ [field]: value })).toEqual([{ subject: `${APP}.linuxParameters.${field}`, ...GONE }]);
    expect([of({ [field]: [] }), of({ initProcessEnabled: true })]).toEqual([[], []]);
  });

  test.each<[added: string[], refused: string | undefined]>([
    [[], undefined],
    [['SYS_PTRACE'], undefined],
    [['NET_ADMIN'], 'NET_ADMIN'],
    [['SYS_ADMIN', 'SYS_PTRACE', 'NET_ADMIN'], 'SYS_ADMIN, NET_ADMIN'],
  ])('of the added capabilities %j these are refused: %s', (add, refused) =>
    expect(mistakes({}, { linuxParameters: { capabilities: { add, drop: ['ALL'] } } })).toEqual(
      refused
        ? [
            {
              subject: `${APP}.linuxParameters.capabilities.add`,
              problem: `${refused} cannot be added on Fargate.`,
              remedy: 'SYS_PTRACE is the only one.',
            },
          ]
        : [],
    ),
  );

  test('GPUs and accelerators are refused, each type once', () => {
    const resourceRequirements = ['GPU', 'GPU', 'InferenceAccelerator'].map((type) => ({ type, value: '1' }));
    expect(mistakes({}, { resourceRequirements }).map(({ subject, problem }) => [subject, problem])).toEqual([
      [`${APP}.resourceRequirements`, 'Fargate has no GPUs.'],
      [`${APP}.resourceRequirements`, 'Fargate has no InferenceAccelerators.'],
    ]);
    expect(mistakes({}, { resourceRequirements: [] })).toEqual([]);
  });

  test.each<[options: JsonObject | undefined, refused: boolean]>([
    [{ 'config-file-type': 's3' }, true],
    [{ 'config-file-type': 'file' }, false],
    [{}, false],
    [undefined, false],
  ])('FireLens with %j is refused: %s', (options, refused) =>
    expect(subjects({}, { firelensConfiguration: json({ type: 'fluentbit', options }) })).toEqual(
      refused ? [`${APP}.firelensConfiguration.options.config-file-type`] : [],
    ),
  );

  test.each<[logDriver: string, options: JsonObject | undefined, at: string | undefined]>([
    ['awslogs', { 'awslogs-stream-prefix': 'ecs' }, undefined],
    ['awslogs', { 'awslogs-stream-prefix': '' }, 'options.awslogs-stream-prefix'],
    ['awslogs', undefined, 'options.awslogs-stream-prefix'],
    ['splunk', undefined, undefined],
    ['awsfirelens', {}, undefined],
    ['json-file', undefined, 'logDriver'],
    ['', undefined, 'logDriver'],
  ])('the log driver %j with %j is refused at %s', (logDriver, options, at) =>
    expect(
      subjects(
        { executionRoleArn: 'arn:aws:iam::123456789012:role/x' },
        { logConfiguration: json({ logDriver, options }) },
      ),
    ).toEqual(at ? [`${APP}.logConfiguration.${at}`] : []),
  );

  test('a log driver that Fargate lacks is named with those that it has', () =>
    expect(mistakes({}, { logConfiguration: { logDriver: 'json-file' } })).toEqual([
      {
        subject: `${APP}.logConfiguration.logDriver`,
        problem: '`json-file` is not available on Fargate.',
        remedy: 'Use awslogs, splunk, awsfirelens.',
      },
    ]));
});

test.each(['', '   ', '.', '1.', '-1'])('%j is neither CPU units nor MiB', (text) =>
  expect([cpuUnits(text), memoryMib(text)]).toEqual([undefined, undefined]),
);
