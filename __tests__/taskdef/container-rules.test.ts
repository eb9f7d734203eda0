import type { JsonObject } from '../../src/model.ts';
import { checkContainer } from '../../src/taskdef/container-rules.ts';
import { containersOf } from '../../src/taskdef/template.ts';
import { reported, task } from './made.ts';

/** Reports about the first container; `c` is its path. */
function checked(definition: JsonObject): string[] {
  const [container = {}] = containersOf(definition);
  return reported((report) => checkContainer(container, { path: 'c', definition }, report));
}
const app = (container: JsonObject, more: JsonObject = {}): JsonObject => task([container], more);
const DIGEST = `sha256:${'aF'.repeat(32)}`;

test.each<[string, JsonObject, string]>([
  ['no name', { name: undefined } as never, 'c.name: is missing, and ECS requires it.'],
  [
    'a name with a space',
    { name: 'a b' },
    "c.name: `a b` cannot be a container's name. Use letters, digits, hyphens and underscores.",
  ],
  ['no image', { image: '' }, 'c.image: is missing. Name the image, or set it with `container-name` or `images`.'],
  ['an image that is not there', { image: undefined } as never, 'c.image: is missing.'],
  [
    'a long image',
    { image: 'a'.repeat(256) },
    'c.image: has 256 characters; ECS takes 255. Use a shorter repository or tag.',
  ],
  ['a placeholder', { image: '<IMAGE>' }, 'c.image: `<IMAGE>` is a placeholder that nothing has filled.'],
  ['a placeholder with spaces', { image: ' <IMAGE> ' }, 'c.image: `<IMAGE>` is a placeholder that nothing has filled.'],
  [
    'a placeholder as tag',
    { image: 'app:<TAG>' },
    'c.image: `<TAG>` is a placeholder that nothing has filled, in `app:<TAG>`.',
  ],
  ['a space before it', { image: ' app:1' }, 'c.image: ` app:1` has a space around it. Write `app:1`.'],
  ['a space behind it', { image: 'app:1 ' }, 'c.image: `app:1 ` has a space around it.'],
  ['a space in it', { image: 'a pp:1' }, 'c.image: `a pp:1` has characters that an image reference cannot have.'],
  ['capitals', { image: 'App:1' }, 'c.image: `App:1` has capitals, which a repository cannot have. Write `app:1`.'],
  [
    'half a digest',
    { image: 'app@sha256:abc' },
    'c.image: `sha256:abc` is not a digest. A digest is `sha256:` and 64 hexadecimal digits.',
  ],
  ['a digest and more', { image: `app@${DIGEST}0` }, 'is not a digest.'],
  ['another kind of digest', { image: `app@x${DIGEST}` }, 'is not a digest.'],
  ['3 MiB', { memory: 3 }, 'c.memory: 3 MiB is less than the 4 MiB that ECS takes.'],
  ['3 MiB reserved', { memoryReservation: 3 }, 'c.memoryReservation: 3 MiB is less than the 4 MiB that ECS takes.'],
  [
    'more reserved than there is',
    { memoryReservation: 65 },
    'c.memoryReservation: 65 MiB is more than the memory of 64 MiB. Reserve less than the hard limit.',
  ],
  ['negative CPU', { cpu: -1 }, 'c.cpu: -1 CPU units is negative.'],
  [
    'swappiness below 0',
    { linuxParameters: { swappiness: -1 } },
    'c.linuxParameters.swappiness: -1 is out of range. ECS takes 0 to 100.',
  ],
  [
    'swappiness above 100',
    { linuxParameters: { swappiness: 101 } },
    'c.linuxParameters.swappiness: 101 is out of range.',
  ],
  [
    'negative swap',
    { linuxParameters: { maxSwap: -1 } },
    'c.linuxParameters.maxSwap: -1 MiB is negative. Write 0 for no swap.',
  ],
  [
    'a soft limit above the hard one',
    {
      ulimits: [
        { name: 'core', softLimit: 0, hardLimit: 0 },
        { name: 'nofile', softLimit: 2, hardLimit: 1 },
      ],
    },
    'c.ulimits[1]: the soft limit 2 of nofile is more than its hard limit 1.',
  ],
  [
    'an unlimited soft limit',
    { ulimits: [{ name: 'nofile', softLimit: -1, hardLimit: 0 }] },
    'c.ulimits[0]: the soft limit -1 of nofile is more than its hard limit 0.',
  ],
  [
    'a requirement without a value',
    { resourceRequirements: [{ type: 'GPU' }] },
    'c.resourceRequirements[0]: has no value.',
  ],
  [
    'a sharing accelerator without a value',
    { resourceRequirements: [{ type: 'InferenceAccelerator', sharingStrategy: 'x' }] },
    'c.resourceRequirements[0]: has no value.',
  ],
  [
    'no GPU',
    { resourceRequirements: [{ type: 'GPU', value: '0' }] },
    'c.resourceRequirements[0].value: `0` is not a number of GPUs.',
  ],
  ['GPUs in words', { resourceRequirements: [{ type: 'GPU', value: 'xALL' }] }, '`xALL` is not a number of GPUs.'],
  ['GPUs with a unit', { resourceRequirements: [{ type: 'GPU', value: '1x' }] }, '`1x` is not a number of GPUs.'],
  [
    'an unknown accelerator',
    { resourceRequirements: [{ type: 'InferenceAccelerator', value: 'eia' }] },
    'c.resourceRequirements[0].value: accelerator `eia` does not exist.',
  ],
  [
    '59 seconds',
    { restartPolicy: { restartAttemptPeriod: 59 } },
    'c.restartPolicy.restartAttemptPeriod: 59 is out of range. ECS takes 60 to 1800 seconds.',
  ],
  [
    '1801 seconds',
    { restartPolicy: { restartAttemptPeriod: 1801 } },
    'c.restartPolicy.restartAttemptPeriod: 1801 is out of range.',
  ],
  [
    '51 exit codes',
    { restartPolicy: { ignoredExitCodes: Array(51).fill(1) } },
    'c.restartPolicy.ignoredExitCodes: 51 exit codes are more than the 50 that ECS takes.',
  ],
  ...(
    [
      ['interval', 4, 301, 5, 300],
      ['timeout', 1, 61, 2, 60],
      ['retries', 0, 11, 1, 10],
      ['startPeriod', -1, 301, 0, 300],
    ] as const
  ).flatMap(([field, below, above, min, max]): [string, JsonObject, string][] =>
    [below, above].map((value) => [
      `a health check with ${field} ${value}`,
      { healthCheck: { command: ['x'], [field]: value } },
      `c.healthCheck.${field}: ${value} is out of range. ECS takes ${min} to ${max}.`,
    ]),
  ),
  ['a health check without a command', { healthCheck: { command: [] } }, 'c.healthCheck.command: is empty.'],
  [
    'a variable without a name',
    { environment: [{ name: 'A' }, { name: '' }] },
    'c.environment[1].name: is empty. Name the variable, or remove the entry.',
  ],
  ['a secret without a name', { secrets: [{ name: '', valueFrom: '/a' }] }, 'c.secrets[0].name: is empty.'],
  [
    'a secret that is a variable too',
    { environment: [{ name: 'A' }], secrets: [{ name: 'A', valueFrom: '/a' }] },
    "c.secrets: `A` is given twice; a secret's name must be unique among secrets and environment variables.",
  ],
  [
    'a version of a parameter',
    { secrets: [{ name: 'A', valueFrom: 'prod/db:3' }] },
    'c.secrets: the valueFrom of `A` names a version of an SSM parameter',
  ],
  [
    'a version of a parameter with 2 digits',
    { secrets: [{ name: 'A', valueFrom: '/prod/db:31' }] },
    'names a version of an SSM parameter',
  ],
  [
    'a secret itself',
    { secrets: [{ name: 'A', valueFrom: 'hunter2!' }] },
    'c.secrets: the valueFrom of `A` is neither an ARN nor the name of an SSM parameter. Give the ARN of the secret or parameter.',
  ],
  ['a secret behind an ARN', { secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:x y' }] }, 'is neither an ARN'],
  ['an ARN behind more', { secrets: [{ name: 'A', valueFrom: '!arn:aws:ssm:x' }] }, 'is neither an ARN'],
  [
    'a secret of the log driver',
    { logConfiguration: { logDriver: 'x', secretOptions: [{ name: 'A', valueFrom: '!' }] } },
    'c.logConfiguration.secretOptions: the valueFrom of `A` is neither an ARN',
  ],
  [
    '11 files',
    { environmentFiles: Array(11).fill({ value: 'arn:aws:s3:::b/a.env' }) },
    'c.environmentFiles: 11 files are more than 10.',
  ],
  [
    'a file that is a URL',
    { environmentFiles: [{ value: 's3://b/a.env' }] },
    'c.environmentFiles[0].value: `s3://b/a.env` is not an S3 object. Give its ARN',
  ],
  ['a file behind more', { environmentFiles: [{ value: 'x-arn:aws:s3:::b/a.env' }] }, 'is not an S3 object.'],
  [
    'a file of another name',
    { environmentFiles: [{ value: 'arn:aws:s3:::b/a.env.txt' }] },
    'c.environmentFiles[0].value: `arn:aws:s3:::b/a.env.txt` does not end in .env, and ECS takes no other files.',
  ],
  ['a file that ends alike', { environmentFiles: [{ value: 'arn:aws:s3:::b/aenv' }] }, 'does not end in .env'],
  [
    'a wait for itself',
    { dependsOn: [{ containerName: 'app', condition: 'START' }] },
    'c.dependsOn[0]: a container cannot wait for itself.',
  ],
  [
    'a wait for another that is not there',
    { dependsOn: [{ containerName: 'db', condition: 'START' }] },
    'c.dependsOn[0]: container `db` does not exist.',
  ],
])('refused: %s', (_, container, mistake) => {
  expect(checked(app(container))).toEqual([expect.stringContaining(mistake)]);
});

test.each<[string, JsonObject]>([
  ['a plain container', {}],
  ['an image of 255 characters', { image: 'a'.repeat(255) }],
  ['an image with a digest', { image: `host:5000/a_b/c.d:V1_x@${DIGEST}` }],
  ['an image with a placeholder of ours', { image: '${IMAGE} x' }],
  ['4 MiB', { memory: 4 }],
  ['as much reserved as there is', { memoryReservation: 64 }],
  ['no CPU', { cpu: 0 }],
  ['swappiness 0', { linuxParameters: { swappiness: 0, maxSwap: 0 } }],
  ['swappiness 100', { linuxParameters: { swappiness: 100 } }],
  [
    'limits that are equal',
    {
      ulimits: [
        { name: 'core', softLimit: 0, hardLimit: 0 },
        { name: 'nofile', softLimit: 5, hardLimit: 5 },
      ],
    },
  ],
  ['an unlimited hard limit', { ulimits: [{ name: 'nofile', softLimit: 5, hardLimit: -1 }] }],
  ['both unlimited', { ulimits: [{ name: 'nofile', softLimit: -1, hardLimit: -1 }] }],
  [
    'half a limit',
    {
      ulimits: [
        { name: 'nofile', softLimit: 5 },
        { name: 'core', hardLimit: 5 },
      ],
    },
  ],
  [
    'GPUs',
    {
      resourceRequirements: [
        { type: 'GPU', value: '10' },
        { type: 'GPU', value: 'ALL' },
        { type: 'GPU', sharingStrategy: 'x' },
      ],
    },
  ],
  [
    '60 seconds and 50 exit codes',
    { restartPolicy: { restartAttemptPeriod: 60, ignoredExitCodes: Array(50).fill(1) } },
  ],
  ['1800 seconds', { restartPolicy: { restartAttemptPeriod: 1800 } }],
  [
    'the shortest health check',
    { healthCheck: { command: ['x'], interval: 5, timeout: 2, retries: 1, startPeriod: 0 } },
  ],
  [
    'the longest health check',
    { healthCheck: { command: ['x'], interval: 300, timeout: 60, retries: 10, startPeriod: 300 } },
  ],
  [
    'the names of parameters',
    {
      secrets: [
        { name: 'A', valueFrom: '/prod/db-1.x_y' },
        { name: 'B', valueFrom: 'db' },
      ],
    },
  ],
  [
    'ARNs of secrets',
    {
      secrets: [
        { name: 'A', valueFrom: 'arn:aws:secretsmanager:x:1:secret:db-Ab:key::' },
        { name: 'B', valueFrom: 'arn:aws:ssm:x:1:parameter/db' },
      ],
    },
  ],
  ['a placeholder in a secret', { secrets: [{ name: 'A', valueFrom: '${DB}!' }] }],
  ['10 files', { environmentFiles: Array(10).fill({ value: 'arn:aws-cn:s3:::b/a.ENV' }) }],
  ['a placeholder in a file', { environmentFiles: [{ value: '${FILE}' }] }],
  ['a variable twice', { environment: [{ name: 'A' }, { name: 'A' }] }],
])('taken: %s', (_, container) => {
  expect(checked(app(container))).toEqual([]);
});

test('a secret that is given twice is reported for each, an empty name once', () => {
  const secrets = [
    { name: 'A', valueFrom: '/a' },
    { name: 'A', valueFrom: '/b' },
    { name: 'B', valueFrom: '/b' },
  ];
  expect(checked(app({ secrets }))).toHaveLength(2);
  expect(
    checked(
      app({
        secrets: [
          { name: '', valueFrom: '/a' },
          { name: '', valueFrom: '/a' },
        ],
      }),
    ),
  ).toHaveLength(2);
});

test.each<[string, JsonObject, JsonObject, string | undefined]>([
  [
    'more memory than the task has',
    { memory: 513 },
    { memory: '512' },
    "c.memory: 513 MiB is more than the task's 512 MiB. Lower it or raise the task-level memory.",
  ],
  [
    'more reserved than the task has',
    { memory: undefined, memoryReservation: 513 } as never,
    { memory: '512' },
    "c.memory: 513 MiB is more than the task's 512 MiB.",
  ],
  ['as much as the task has', { memory: 512, memoryReservation: 8 }, { memory: '512' }, undefined],
  ['a size of the task that is not one', { memory: 513 }, { memory: 'much' }, undefined],
  [
    'more CPU than the task has',
    { cpu: 257 },
    { cpu: '256' },
    "c.cpu: 257 CPU units is more than the task's 256. Lower it or raise the task-level cpu.",
  ],
  ['as much CPU as the task has', { cpu: 256 }, { cpu: '.25 vCPU' }, undefined],
  [
    'no memory at all',
    { memory: undefined } as never,
    {},
    'c: At least one of `memory` and `memoryReservation` is needed where the task has no memory.',
  ],
  ['memory of the task alone', { memory: undefined } as never, { memory: '512' }, undefined],
  ['a reservation alone', { memory: undefined, memoryReservation: 8 } as never, {}, undefined],
  [
    'an accelerator that is declared',
    { resourceRequirements: [{ type: 'InferenceAccelerator', value: 'eia' }] },
    { inferenceAccelerators: [{ deviceName: 'eia' }] },
    undefined,
  ],
])('in its task: %s', (_, container, more, mistake) => {
  expect(checked(app(container, more))).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
});

const on = (condition: string, containerName = 'side') => ({ dependsOn: [{ containerName, condition }] });
test.each<[string, JsonObject[], string | undefined]>([
  ['START of another', [on('START'), {}], undefined],
  [
    'HEALTHY without a check',
    [on('HEALTHY'), {}],
    'c.dependsOn[0]: waits for `side` to be HEALTHY, which has no healthCheck.',
  ],
  ['HEALTHY', [on('HEALTHY'), { healthCheck: { command: ['x'] } }], undefined],
  [
    'HEALTHY of the right one of three',
    [on('HEALTHY', 'log'), { healthCheck: { command: ['x'] } }, {}],
    'waits for `log` to be HEALTHY',
  ],
  [
    'COMPLETE of an essential one',
    [on('COMPLETE'), {}],
    'c.dependsOn[0]: waits for `side` to end (COMPLETE), but that one is essential: its end would end the task.',
  ],
  ['SUCCESS of an essential one', [on('SUCCESS'), { essential: true }], 'waits for `side` to end (SUCCESS)'],
  ['COMPLETE', [on('COMPLETE'), { essential: false }], undefined],
  ['START of an essential one', [on('START'), { essential: true }], undefined],
  [
    'each other',
    [on('START'), on('START', 'app')],
    'c.dependsOn[0]: `app` and `side` wait for each other. Break the cycle.',
  ],
  [
    'each other through a third',
    [on('START'), on('START', 'log'), on('START', 'app')],
    '`app` and `side` wait for each other.',
  ],
  ['a cycle of others', [on('START'), on('START', 'log'), on('START', 'side')], undefined],
  ['another that waits for one that is not there', [on('START'), on('START', 'db')], undefined],
  ['a chain', [on('START'), on('START', 'log'), {}], undefined],
])('waiting for %s', (_, containers, mistake) => {
  expect(checked(task(containers))).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
});
