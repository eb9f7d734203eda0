import { Reader } from '../../src/inputs/reader.ts';
import { readTemplate } from '../../src/inputs/template.ts';
import { type Given, read } from './made.ts';

const template = (given: Given) => read(given, readTemplate);
const NOTHING = {
  source: { kind: 'service' },
  images: [],
  variables: [],
  tags: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
};
const ROLE = 'arn:aws:iam::123456789012:role/team/app';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf';
const FILE = 'arn:aws:s3:::my-bucket/path/web.env';
const REVISION = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:42';

test('nothing: what the service runs, as it is', () => {
  expect(template({})).toEqual({ value: NOTHING, mistakes: [], notes: [], warnings: [] });
});

test.each<[string, string, object]>([
  ['task-definition', 'deploy/web.json', { source: { kind: 'file', path: 'deploy/web.json' } }],
  ['task-definition', 'a'.repeat(4096), { source: { kind: 'file', path: 'a'.repeat(4096) } }],
  ['task-definition', 'my web:x.json', { source: { kind: 'file', path: 'my web:x.json' } }],
  ['task-definition-family', 'web_1-x', { source: { kind: 'family', family: 'web_1-x' } }],
  ['task-definition-arn', REVISION, { source: { kind: 'arn', arn: REVISION } }],
  ['task-definition-arn', 'web:42', { source: { kind: 'arn', arn: 'web:42' } }],
  ['container-name', 'app', { containerName: 'app' }],
  ['cpu', '256', { cpu: '256' }],
  ['cpu', '.25 vCPU', { cpu: '.25 vCPU' }],
  ['cpu', '2vcpus', { cpu: '2vcpus' }],
  ['memory', '512', { memory: '512' }],
  ['memory', '0.5 GB', { memory: '0.5 GB' }],
  ['task-role-arn', ROLE, { taskRoleArn: ROLE }],
  ['task-role-arn', 'app', { taskRoleArn: 'app' }],
  ['execution-role-arn', ROLE, { executionRoleArn: ROLE }],
  [
    'images',
    'app=nginx:1\nlog=fluent:2',
    {
      images: [
        ['app', 'nginx:1'],
        ['log', 'fluent:2'],
      ],
    },
  ],
  ['images', '{"app": "nginx:1"}', { images: [['app', 'nginx:1']] }],
  [
    'variables',
    'A=1\nB=',
    {
      variables: [
        ['A', '1'],
        ['B', ''],
      ],
      listedVariables: ['A', 'B'],
    },
  ],
  ['variables', '{"A": "1"}', { variables: [['A', '1']] }],
  ['task-definition-tags', 'team=web', { tags: [['team', 'web']] }],
])('%s: %s', (name, text, expected) => {
  expect(template({ [name]: text })).toEqual({
    value: { ...NOTHING, ...expected },
    mistakes: [],
    notes: [],
    warnings: [],
  });
});

test.each<[string, string, object]>([
  ['environment-variables', 'A=1', { environmentVariables: [['A', '1']] }],
  [
    'secrets',
    `DB=${SECRET}\nKEY= /prod/key `,
    {
      secrets: [
        ['DB', SECRET],
        ['KEY', '/prod/key'],
      ],
    },
  ],
  [
    'secrets',
    'DB=arn:aws:ssm:eu-central-1:123456789012:parameter/db',
    { secrets: [['DB', 'arn:aws:ssm:eu-central-1:123456789012:parameter/db']] },
  ],
  ['secrets', 'DB=${DB_ARN}?', { secrets: [['DB', '${DB_ARN}?']] }],
  ['env-files', FILE, { envFiles: [FILE] }],
  ['env-files', 'arn:aws:s3:::${BUCKET}/x', { envFiles: ['arn:aws:s3:::${BUCKET}/x'] }],
  ['docker-labels', 'a b=1', { dockerLabels: [['a b', '1']] }],
  ['log-configuration-log-driver', 'AWSLOGS', { logDriver: 'awslogs' }],
  ['log-configuration-options', 'tag=x', { logOptions: [['tag', 'x']] }],
  ['command', 'run "a b"', { command: ['run', 'a b'] }],
])('the edit %s: %s', (name, text, expected) => {
  expect(template({ [name]: text })).toEqual({
    value: { ...NOTHING, edits: { ...NOTHING.edits, ...expected } },
    mistakes: [],
    notes: [],
    warnings: [],
  });
});

test.each(['awslogs', 'awsfirelens', 'splunk', 'fluentd', 'gelf', 'json-file', 'journald', 'syslog'])(
  'the log driver %s',
  (driver) => {
    expect(template({ 'log-configuration-log-driver': driver }).value.edits.logDriver).toBe(driver);
  },
);

test.each<[string, Given, string]>([
  [
    'two starting points',
    { 'task-definition-family': 'a', 'task-definition-arn': 'b:1' },
    'task-definition-family: is one of several starting points (`task-definition-family`, `task-definition-arn`). Keep one of them.',
  ],
  [
    'an ARN as a path',
    { 'task-definition': 'arn:aws:ecs:x' },
    'task-definition: is an ARN, but takes the path of a file. Write `task-definition-arn: arn:...` instead.',
  ],
  [
    'a revision as a path',
    { 'task-definition': 'web:42' },
    'task-definition: is a revision, but takes the path of a file. Write `task-definition-arn: web:42` instead.',
  ],
  [
    'a family with a slash',
    { 'task-definition-family': 'a/b' },
    'task-definition-family: `a/b` is not right. Expected up to 255 letters',
  ],
  ['a long family', { 'task-definition-family': 'a'.repeat(256) }, 'is not right.'],
  [
    'a family without a number',
    { 'task-definition-arn': 'web' },
    'task-definition-arn: `web` is not right. Expected an ARN',
  ],
  [
    'an ARN without a number',
    { 'task-definition-arn': 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web' },
    'is not right.',
  ],
  ['a number and more', { 'task-definition-arn': 'web:42x' }, 'is not right.'],
  [
    'two containers',
    { 'container-name': 'a,b' },
    'container-name: names several containers, but takes one. Give the images of several containers with `images`',
  ],
  ['a container with a slash', { 'container-name': 'a/b' }, 'container-name: `a/b` is not right.'],
  ['a cpu with another unit', { cpu: '256m' }, 'cpu: `256m` is not right. Expected CPU units'],
  ['a cpu behind more', { cpu: 'x256' }, 'cpu: `x256` is not right.'],
  ['vCPU with more', { cpu: '1 vCPU x' }, 'is not right.'],
  ['vCPU behind more', { cpu: 'x1 vCPU' }, 'is not right.'],
  ['a memory with another unit', { memory: '512Mi' }, 'memory: `512Mi` is not right. Expected MiB'],
  ['a memory behind more', { memory: 'x512' }, 'is not right.'],
  ['GB with more', { memory: '1 GB x' }, 'is not right.'],
  ['GB behind more', { memory: 'x1 GB' }, 'is not right.'],
  [
    'a user as a role',
    { 'task-role-arn': 'arn:aws:iam::123456789012:user/x' },
    'task-role-arn: `arn:aws:iam::123456789012:user/x` is not right. Expected the ARN of a role',
  ],
  ['a role with a space', { 'execution-role-arn': 'a b' }, 'execution-role-arn: `a b` is not right.'],
  ['a wrong driver', { 'log-configuration-log-driver': 'awslog' }, 'Did you mean `awslogs`?'],
  ['a log option with a space', { 'log-configuration-options': 'a b=1' }, 'the name on line 1 has a space in it.'],
  ['two settings on a line of which one is not a name', { secrets: `DB=${SECRET} a/b=c` }, 'is neither an ARN'],
  ['an image without a container', { images: 'nginx:1' }, 'images: names images without a container'],
  [
    'a container that cannot be one',
    { images: 'a/b=nginx' },
    'images: `a/b` (line 1) does not begin with a valid name.',
  ],
  [
    'a placeholder with a hyphen',
    { variables: 'a-b=1' },
    'variables: `a-b` (line 1) does not begin with a valid name. Expected letters, digits and `_`',
  ],
  ['a placeholder that begins with a digit', { variables: '1a=1' }, 'does not begin with a valid name.'],
  [
    'a file that is not one of variables',
    { 'env-files': 'arn:aws:s3:::my-bucket/web.txt' },
    'is not right. Expected the ARN of a file in S3 whose name ends in .env',
  ],
  ['a URL of a file', { 'env-files': 's3://my-bucket/web.env' }, 'is not right.'],
  ['a file with more behind it', { 'env-files': `${FILE}?x` }, 'is not right.'],
  [
    'eleven files',
    { 'env-files': Array(11).fill(FILE).join('\n') },
    'env-files: lists 11 files. A container takes at most 10.',
  ],
  [
    'a secret itself',
    { secrets: 'DB=hunter2!' },
    'secrets: the value of `DB` is neither an ARN of Secrets Manager or SSM nor the name of a parameter.',
  ],
  ['an ARN of another service', { secrets: 'DB=arn:aws:s3:::x' }, 'is neither an ARN'],
  ['an ARN with a space', { secrets: `DB=${SECRET} x` }, 'is neither an ARN'],
  ['an empty secret', { secrets: 'DB= ' }, 'secrets: the value of `DB` is empty. Give the ARN'],
  [
    'a version of a parameter',
    { secrets: 'DB=prod/db:3' },
    'secrets: the value of `DB` names a version of an SSM parameter',
  ],
  ['a version with a space before it', { secrets: 'DB= /prod/db:3' }, 'names a version of an SSM parameter'],
  [
    'a long key of a tag',
    { 'task-definition-tags': `${'k'.repeat(129)}=v` },
    `task-definition-tags: the tag \`${'k'.repeat(40)}\` is too long. A key has at most 128 characters, a value 256.`,
  ],
  ['a long value of a tag', { 'task-definition-tags': `k=${'v'.repeat(257)}` }, 'the tag `k` is too long.'],
  [
    'a tag of AWS',
    { 'task-definition-tags': 'AWS:x=1' },
    'task-definition-tags: `AWS:x` begins with `aws:`, which AWS keeps for itself.',
  ],
  [
    '51 tags',
    { 'task-definition-tags': Array.from({ length: 51 }, (_, i) => `k${i}=v`).join('\n') },
    'task-definition-tags: lists 51 tags. A revision takes at most 50.',
  ],
])('%s is a mistake', (_, given, mistake) => {
  expect(template(given).mistakes).toEqual([expect.stringContaining(mistake)]);
});

test.each(['{"family": "x"}', '[1]', '---\nfamily: x', 'family: x\ncpu: 1', 'x'.repeat(4097)])(
  'a task definition itself is not a path, and is not shown: %.20s',
  (text) => {
    const { value, mistakes } = template({ 'task-definition': text });
    expect(value.source).toEqual({ kind: 'service' });
    expect(mistakes).toEqual([
      'task-definition: is a task definition itself, but takes the path of a file. Write the task definition to a file, and give its path.',
    ]);
  },
);

test.each<[string, Given]>([
  ['a path that begins like a revision', { 'task-definition': 'web:42.json' }],
  ['a path with brackets in it', { 'task-definition': 'a{b}[c]---d.json' }],
  ['10 files', { 'env-files': Array(10).fill(FILE).join('\n') }],
  ['50 tags', { 'task-definition-tags': Array.from({ length: 50 }, (_, i) => `k${i}=v`).join('\n') }],
  ['the longest tag', { 'task-definition-tags': `${'k'.repeat(128)}=${'v'.repeat(256)}` }],
  ['a tag with aws: in it', { 'task-definition-tags': 'x-aws:y=1' }],
  ['a parameter with a number in it', { secrets: 'DB=/prod/db3' }],
  ['what only begins like a version', { secrets: 'DB=${X}/db:3' }],
])('%s is taken', (_, given) => expect(template(given).mistakes).toEqual([]));

test('images without a container are not used', () => {
  expect(template({ images: 'nginx:1' }).value.images).toEqual([]);
});

test('several mistakes of one input come at once', () => {
  expect(template({ secrets: 'A=\nB=x:1\nC=?' }).mistakes).toHaveLength(3);
  expect(template({ 'task-definition': 'web:1', 'task-definition-family': 'a' }).mistakes).toHaveLength(2);
});

test('an empty value of a variable is a warning', () => {
  expect(template({ 'environment-variables': 'A=1\nB=\nC=' }).warnings).toEqual([
    expect.stringMatching(/^environment-variables: `B`, `C` have an empty value\./),
  ]);
  expect(template({ 'environment-variables': 'B=' }).warnings).toEqual([
    expect.stringMatching(/^environment-variables: `B` has an empty value\./),
  ]);
});

test('options of a log that YAML folded', () => {
  const folded = (text: string) => template({ 'log-configuration-options': text }).mistakes;
  for (const text of ['awslogs-group=/web awslogs-region=x', 'tag=a mode=b', 'a=b max-buffer-size=1'])
    expect(folded(text)).toEqual([expect.stringContaining('line 1 holds several settings')]);
  for (const text of ['tag=a xmode=b', 'a=b c=d', 'a=x-awslogs-group=1', 'a=b modes=1', 'a=b my-awslogs-group=c'])
    expect(folded(text)).toEqual([]);
});

test('secrets that YAML folded', () => {
  expect(template({ secrets: `DB=${SECRET} api.token=${SECRET}` }).mistakes).toEqual([
    expect.stringContaining('line 1 holds several settings (DB, api.token)'),
  ]);
});

test.each([
  ['a list', '- npm\n- start'],
  ['a map of lists', 'web:\n  - npm\n  - start\nworker: sh -c "a && b"'],
  ['a map of CRLF lines', 'web:\r\n  npm start'],
])('a command that is YAML is a mistake, and not words of the command: %s', (_, command) => {
  const reader = new Reader(new Map([['command', command]]));
  reader.words('command');
  expect(reader.mistakes[0]).toMatchObject({ subject: 'command', problem: expect.stringContaining('written as YAML') });
});

test.each(['npm start', '-c a', '--flag', '- ', '["-", "a"]', 'rake db:migrate', 'a: b'])(
  'a command that is none: %j',
  (command) => {
    const reader = new Reader(new Map([['command', command]]));
    reader.words('command');
    expect(reader.mistakes).toEqual([]);
  },
);

test.each<[string, string, string]>([
  [
    'log-configuration-log-driver',
    'web:awslogs',
    '`web:awslogs` has no space after the colon. Write `web: awslogs` for the container `web`.',
  ],
  [
    'env-files',
    'web:arn:aws:s3:::bucket/a.env',
    '`web:arn:aws:s3:::bucket/a.env` has no space after the colon. Write `web: arn:aws:s3:::bucket/a.env` for the container `web`.',
  ],
])('%s: a container without a space behind its colon', (name, text, says) => {
  expect(template({ [name]: text }).mistakes).toEqual([`${name}: ${says}`]);
});
