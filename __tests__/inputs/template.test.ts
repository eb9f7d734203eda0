import { parseInputs } from '../../src/inputs/parse.ts';
import { Reader } from '../../src/inputs/reader.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
import { parseServices } from '../../src/inputs/services.ts';
import { byContainer, readTemplate } from '../../src/inputs/template.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import { formOf } from '../../src/inputs/yaml.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT } from '../support/world.ts';
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
    'task-definition-arn: `web` has no revision. Write `task-definition-family: web` for its latest revision.',
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
  [
    'a family with the word latest',
    { 'task-definition-family': 'web:latest' },
    'task-definition-family: `web:latest` names a revision too. Write `web`: its latest revision is the default.',
  ],
  [
    'a revision as a family',
    { 'task-definition-family': 'web:42' },
    'is a revision, but a family is a name alone. Write `task-definition-arn: web:42`',
  ],
  ['a revision with the word latest', { 'task-definition-arn': 'web:latest' }, 'Write `task-definition-family: web`'],
  ['a file with the word latest', { 'task-definition': 'web:latest' }, 'Write `task-definition-family: web` instead'],
  ['a family of a file', { 'task-definition-family': 'ecs/web.json' }, '`ecs/web.json` is not right.'],
  ['one vCPU', { cpu: '1' }, 'cpu: `1` is one CPU unit; ECS takes 128 or more. 1 vCPU is 1024 CPU units.'],
  ['a cpu with another unit', { cpu: '256m' }, 'cpu: `256m` is not right. Expected CPU units'],
  ['a cpu behind more', { cpu: 'x256' }, 'cpu: `x256` is not right.'],
  ['vCPU with more', { cpu: '1 vCPU x' }, 'is not right.'],
  ['vCPU behind more', { cpu: 'x1 vCPU' }, 'is not right.'],
  [
    'a memory with another unit',
    { memory: '512Mi' },
    'memory: `512Mi` is not written as ECS takes it. It takes MiB without a unit: write `512`.',
  ],
  ['a memory behind more', { memory: 'x512' }, 'is not right.'],
  ['GB with more', { memory: '1 GB x' }, 'is not right.'],
  ['GB behind more', { memory: 'x1 GB' }, 'is not right.'],
  [
    'a user as a role',
    { 'task-role-arn': 'arn:aws:iam::123456789012:user/x' },
    'task-role-arn: `arn:aws:iam::123456789012:user/x` is the ARN of a user. Expected the ARN of a role',
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
  expect(
    template({ 'environment-variables': 'API_KEY=hunter2\nTOKEN_TTL=5\nURL=redis://:hunter2@host' }).warnings,
  ).toEqual([
    expect.stringMatching(/^environment-variables: `API_KEY`, `URL` seem to hold secrets (?!.*hunter2).*Use `secrets`/),
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

describe('containers', () => {
  const facts = { context: CONTEXT, env: {}, yaml: parseYaml };
  const base = { 'aws-region': 'eu-west-1', service: 'web' };
  const templateOf = (given: Readonly<Record<string, string>>) =>
    (parseInputs(new Map(Object.entries({ ...base, ...given })), facts).inputs as DeployInputs).template;

  describe('lines for a container that they name', () => {
    test('beside lines for the container of the step, values of several lines included', () => {
      const { own, containers } = byContainer(
        'environment-variables',
        'A=1\nproxy: B=2\nproxy: TEXT<<EOF\nother: C=3\nEOF\nworker: D=4 x: y\nE=key: value',
      );
      expect(own.split('\n').filter(Boolean)).toEqual(['A=1', 'E=key: value']);
      expect([...containers].map(([name, text]) => [name, text.split('\n').filter(Boolean)])).toEqual([
        ['proxy', ['B=2', 'TEXT<<EOF', 'other: C=3', 'EOF']],
        ['worker', ['D=4 x: y']],
      ]);
    });

    test('line numbers stay', () => {
      const wrong = () => templateOf({ 'environment-variables': 'A=1\nproxy: B=2\nproxy: D = 3' });
      expect(wrong).toThrow(
        expect.objectContaining({
          mistakes: [
            expect.objectContaining({
              subject: 'environment-variables',
              problem: expect.stringMatching(/^container `proxy`: `D` has a space before its `=`/),
            }),
          ],
        }),
      );
    });

    test('names with a colon and ARNs are no containers', () => {
      for (const text of ['Logging:Level=Debug', 'URL=http://a: b', 'arn:aws:s3:::bucket/a.env'])
        expect(byContainer('environment-variables', text).containers.size).toBe(0);
    });

    test('a command names containers only where each line does', () => {
      expect(templateOf({ command: 'sh -c "echo: x"' }).edits.command).toEqual(['sh', '-c', 'echo: x']);
      expect(templateOf({ command: 'web: npm start\nworker: node "w 1.js"' }).containers).toEqual([
        { container: 'web', inputs: ['command'], edits: expect.objectContaining({ command: ['npm', 'start'] }) },
        { container: 'worker', inputs: ['command'], edits: expect.objectContaining({ command: ['node', 'w 1.js'] }) },
      ]);
    });

    test('each line stays where it stands, for the messages', () => {
      const { own, containers } = byContainer('environment-variables', 'A=1\nproxy: B=2\nworker: C=3\nproxy: D=4\nE=5');
      expect(own).toBe('A=1\n\n\n\nE=5');
      expect([...containers]).toEqual([
        ['proxy', '\nB=2\n\nD=4'],
        ['worker', '\n\nC=3'],
      ]);
    });

    test('a value of several lines ends with its mark alone on a line, not indented; a shift in a value begins none', () => {
      const { containers } = byContainer(
        'environment-variables',
        'proxy: A<<END\n  END\nEND\nworker: B=1<<2 x\nproxy: C=1',
      );
      expect([...containers]).toEqual([
        ['proxy', 'A<<END\n  END\nEND\n\nC=1'],
        ['worker', '\n\n\nB=1<<2 x'],
      ]);
    });

    test('files of several containers as JSON, whatever space is in front of it', () => {
      const { own, containers } = byContainer(
        'env-files',
        ' \n {"proxy": ["arn:aws:s3:::b/a.env", "arn:aws:s3:::b/b.env"]}',
      );
      expect([own, [...containers]]).toEqual(['', [['proxy', 'arn:aws:s3:::b/a.env\narn:aws:s3:::b/b.env']]]);
    });

    test('of names and values in JSON, those of the step stay JSON', () => {
      expect(byContainer('docker-labels', '{"a": "1", "proxy": {"b": "2"}}')).toEqual({
        own: '{"a":"1"}',
        containers: new Map([['proxy', '{"b":"2"}']]),
      });
      expect(byContainer('docker-labels', '{"proxy": {"b": "2"}}').own).toBe('');
      expect(byContainer('docker-labels', '{"a": "1"}')).toEqual({ own: '{"a": "1"}', containers: new Map() });
      expect(byContainer('docker-labels', '{broken').own).toBe('{broken');
    });

    test('a command of several lines is one command, unless each names a container', () => {
      const of = (text: string) => byContainer('command', text);
      expect(of('web: npm start\nnode w.js')).toEqual({ own: 'web: npm start\nnode w.js', containers: new Map() });
      expect([...of('web: npm start\n \nworker:   node w.js').containers]).toEqual([
        ['web', 'npm start'],
        ['worker', '\n\nnode w.js'],
      ]);
      // Of other inputs a line stands for itself.
      expect([...byContainer('env-files', 'proxy: a.env\nb.env').containers]).toEqual([['proxy', 'a.env']]);
    });

    test('what only looks like the beginning of a value of several lines begins none', () => {
      expect([...byContainer('environment-variables', 'proxy: NOTE<<2 x\nworker: C=1').containers.keys()]).toEqual([
        'proxy',
        'worker',
      ]);
    });

    test('a JSON map of containers', () => {
      const template = templateOf({
        'environment-variables': '{"A": "1", "proxy": {"B": "2"}}',
        command: '{"proxy": ["nginx", "-g", "daemon off;"], "worker": "npm run worker"}',
      });
      expect(template.edits.environmentVariables).toEqual([['A', '1']]);
      expect(template.containers).toEqual([
        {
          container: 'proxy',
          inputs: ['environment-variables', 'command'],
          edits: expect.objectContaining({
            environmentVariables: [['B', '2']],
            command: ['nginx', '-g', 'daemon off;'],
          }),
        },
        {
          container: 'worker',
          inputs: ['command'],
          edits: expect.objectContaining({ command: ['npm', 'run', 'worker'] }),
        },
      ]);
    });

    test('a map in an entry of `services`', () => {
      const { targets } = parseServices(
        new Map([
          ['aws-region', 'eu-west-1'],
          [
            'services',
            '- service: web\n  environment-variables: {proxy: {RATIO: 1.10}}\n  command: {worker: [node, w.js]}\n',
          ],
        ]),
        facts,
      );
      const [inputs] = targets.map((target) => target.inputs as DeployInputs);
      expect(inputs?.template.containers).toEqual([
        expect.objectContaining({
          container: 'proxy',
          edits: expect.objectContaining({ environmentVariables: [['RATIO', '1.10']] }),
        }),
        expect.objectContaining({ container: 'worker', edits: expect.objectContaining({ command: ['node', 'w.js'] }) }),
      ]);
    });

    test('mode: task overrides one container', () => {
      expect(() => templateOf({ mode: 'task', 'environment-variables': 'proxy: A=1' })).toThrow(
        expect.objectContaining({ mistakes: [expect.objectContaining({ subject: 'environment-variables' })] }),
      );
    });

    test('secrets in them are masked', () => {
      const secrets = (text: string): string[] => secretsOfStep(new Map([['environment-variables', text]]), {});
      expect(secrets('proxy: DB_PASSWORD=hunter2-hunter2')).toContain('hunter2-hunter2');
      expect(secrets('{"proxy": {"DB_PASSWORD": "hunter2-hunter2"}}')).toContain('hunter2-hunter2');
    });
  });

  describe('a YAML map in the input of a step', () => {
    const edits = (given: Readonly<Record<string, string>>) =>
      new Map((templateOf(given).containers ?? []).map((one) => [one.container, one.edits]));
    const mistakesOf = (given: Readonly<Record<string, string>>) => {
      try {
        templateOf(given);
      } catch (thrown) {
        return (thrown as { readonly mistakes: readonly { readonly subject: string; readonly problem: string }[] })
          .mistakes;
      }
      return [];
    };

    test('of names and values', () => {
      const text = [
        'A: 1',
        'RATIO: 1.10',
        'URL: http://x:80/#top # a comment',
        'DSN: "host=db;user=app"',
        "TEXT: 'it''s: #1'",
        'PEM: |',
        '  first=1',
        '  second: 2',
        'NONE:',
      ].join('\n');
      expect(templateOf({ 'environment-variables': text }).edits.environmentVariables).toEqual([
        ['A', '1'],
        ['RATIO', '1.10'],
        ['URL', 'http://x:80/#top'],
        ['DSN', 'host=db;user=app'],
        ['TEXT', "it's: #1"],
        ['PEM', 'first=1\nsecond: 2\n'],
        ['NONE', ''],
      ]);
    });

    test('of containers, in every input that edits one', () => {
      const found = edits({
        'environment-variables': 'web:\n  A: 1\n# the other\napp:\n  B: "x=2"\n',
        secrets: 'web:\n  TOKEN: arn:aws:ssm:eu-west-1:123456789012:parameter/token',
        'docker-labels': 'app:\n  com.example.team: edge',
        'log-configuration-options': 'app:\n  awslogs-group: /app',
        'log-configuration-log-driver': 'app:\n  awslogs',
        'env-files': 'app:\n- arn:aws:s3:::bucket/a.env\n- arn:aws:s3:::bucket/b.env\nweb: [arn:aws:s3:::bucket/c.env]',
        command: 'web: npm start\napp:\n  - node\n  - w 1.js\n',
      });
      expect(found.get('web')).toMatchObject({
        environmentVariables: [['A', '1']],
        secrets: [['TOKEN', 'arn:aws:ssm:eu-west-1:123456789012:parameter/token']],
        envFiles: ['arn:aws:s3:::bucket/c.env'],
        command: ['npm', 'start'],
      });
      expect(found.get('app')).toMatchObject({
        environmentVariables: [['B', 'x=2']],
        dockerLabels: [['com.example.team', 'edge']],
        logOptions: [['awslogs-group', '/app']],
        logDriver: 'awslogs',
        envFiles: ['arn:aws:s3:::bucket/a.env', 'arn:aws:s3:::bucket/b.env'],
        command: ['node', 'w 1.js'],
      });
    });

    test('beside values of the container of the step; of inputs without containers, too', () => {
      const template = templateOf({
        'environment-variables': 'A: 1\nproxy:\n  B: 2',
        variables: 'STAGE: prod',
        images: 'proxy: nginx:1.29',
        'task-definition-tags': 'team: edge',
      });
      expect(template.edits.environmentVariables).toEqual([['A', '1']]);
      expect(template.containers?.[0]?.edits.environmentVariables).toEqual([['B', '2']]);
      expect(template).toMatchObject({
        variables: [['STAGE', 'prod']],
        images: [['proxy', 'nginx:1.29']],
        tags: [['team', 'edge']],
      });
    });

    test.each([
      ['A=1\nB=2'],
      ['proxy: A=1\nworker: B=2'],
      ['TEXT<<EOF\nweb:\n  A: 1\nEOF'],
      ['proxy: TEXT<<EOF\nweb:\n  A: 1\nEOF'],
      ['"TEXT=web:\n  A: 1"'],
    ])('lines stay lines: %j', (text) => expect(formOf('environment-variables', text)).toBe('lines'));

    test('what could be both is refused, with all other mistakes', () => {
      const mistakes = mistakesOf({
        'environment-variables': 'web:\n  A: 1\nB=2',
        secrets: 'web: A=b\napp: c',
        'docker-labels': 'web:\n  a=1\n  b=2',
        'log-configuration-options': 'a: {b: {c: {d: 1}}}',
        variables: 'A: [1',
      });
      expect(mistakes.map(({ subject, problem }) => `${subject}: ${problem}`)).toEqual([
        expect.stringMatching(/^variables: the text is not valid YAML/),
        'environment-variables: mixes `NAME=value` lines and a YAML map.',
        'secrets: mixes `NAME=value` lines and a YAML map.',
        expect.stringMatching(/^docker-labels: has `NAME=value` lines below the name of a container/),
        expect.stringMatching(/^log-configuration-options: holds maps or lists where/),
      ]);
    });

    test('its secrets are masked before it is read', () => {
      const secrets = secretsOfStep(
        new Map([
          [
            'environment-variables',
            'web:\n  DB_PASSWORD: "hunter2,\\"hunter2"\n  API_TOKEN: |\n    first-of-two-lines\n    second-of-two\n',
          ],
        ]),
        {},
      );
      expect(secrets).toEqual(expect.arrayContaining(['hunter2,"hunter2', 'first-of-two-lines', 'second-of-two']));
    });
  });

  describe('rendered', () => {
    const template = toTemplate(
      {
        family: 'web',
        containerDefinitions: [
          { name: 'app', image: 'app:1', environment: [{ name: 'A', value: '0' }] },
          { name: 'proxy', image: 'nginx:1', environment: [{ name: 'B', value: '0' }] },
        ],
      },
      'task-definition.json',
    );
    const rendered = (given: Readonly<Record<string, string>>) =>
      render(template, templateOf(given), { builtIns: [['AWS_REGION', 'eu-west-1']] });

    test('each container gets its own edits, placeholders filled', () => {
      const { definition, mistakes } = rendered({
        'container-name': 'app',
        'environment-variables': 'A=1\nproxy: B=2',
        secrets: 'proxy: TOKEN=arn:aws:ssm:${AWS_REGION}:123456789012:parameter/token',
        command: 'proxy: nginx -g "daemon off;"',
        'docker-labels': 'proxy: team=edge',
        'log-configuration-log-driver': 'proxy: awslogs',
      });
      expect(mistakes).toEqual([]);
      expect(definition.containerDefinitions).toEqual([
        { name: 'app', image: 'app:1', environment: [{ name: 'A', value: '1' }] },
        {
          name: 'proxy',
          image: 'nginx:1',
          environment: [{ name: 'B', value: '2' }],
          secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/token' }],
          command: ['nginx', '-g', 'daemon off;'],
          dockerLabels: { team: 'edge' },
          logConfiguration: { logDriver: 'awslogs' },
        },
      ]);
    });

    test('a container of a YAML map that does not exist, with the one that was meant', () => {
      expect(rendered({ 'environment-variables': 'prxy:\n  B: 2' }).mistakes).toEqual([
        expect.objectContaining({ subject: 'environment-variables', remedy: 'Did you mean `proxy`?' }),
      ]);
    });

    test('a container that does not exist, with the one that was meant', () => {
      expect(rendered({ 'environment-variables': 'prxy: B=2', command: 'prxy: nginx' }).mistakes).toEqual(
        expect.arrayContaining([
          {
            subject: 'environment-variables',
            problem: 'the task definition has no container `prxy`.',
            remedy: 'Did you mean `proxy`?',
          },
          {
            subject: 'command',
            problem: 'the task definition has no container `prxy`.',
            remedy: 'Did you mean `proxy`?',
          },
        ]),
      );
    });
  });
});
