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
