import { formOf } from '../../src/inputs/block-maps.ts';
import { byContainer } from '../../src/inputs/containers.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type { DeployInputs } from '../../src/inputs/types.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT } from '../support/world.ts';

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
        edits: expect.objectContaining({ environmentVariables: [['B', '2']], command: ['nginx', '-g', 'daemon off;'] }),
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
