import type { Failure } from '../../src/failure.ts';
import { SECTIONS } from '../../src/inputs/known.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type { DeployInputs, Step } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT } from '../support/world.ts';

const parse = (services: string, given: Readonly<Record<string, string>> = {}): Step =>
  parseServices(new Map(Object.entries({ 'aws-region': 'eu-west-1', services, ...given })), {
    context: CONTEXT,
    env: {},
    yaml: parseYaml,
  });

function mistakesOf(services: string, given: Readonly<Record<string, string>> = {}): string[] {
  try {
    parse(services, given);
  } catch (thrown) {
    return (thrown as Failure).mistakes.map(({ subject, problem, remedy }) =>
      `${subject}: ${problem} ${remedy ?? ''}`.trim(),
    );
  }
  return [];
}

const inputsOf = ({ targets }: Step, index = 0): DeployInputs => targets[index]?.inputs as DeployInputs;

test('an entry has its own inputs and the ones of the step', () => {
  const step = parse(
    `
- service: api
  cluster: blue
  desired-count: 3
  environment-variables:
    LOG_LEVEL: debug
    RATIO: 1.10
  command: [npm, run, "start now"]
- service: worker
  name: jobs
  after: [api]
  task-definition: worker.json
  secrets: |
    TOKEN=/prod/token
`,
    {
      cluster: 'main',
      'task-definition': 'app.json',
      'environment-variables': 'LOG_LEVEL=info',
      'wait-for-minutes': '5',
    },
  );
  expect(step.targets.map(({ name, after }) => [name, after])).toEqual([
    ['api', []],
    ['jobs', ['api']],
  ]);
  const [api, jobs] = [inputsOf(step), inputsOf(step, 1)];
  expect(api.service).toMatchObject({ cluster: 'blue', service: 'api', desiredCount: 3 });
  expect(api.template).toMatchObject({
    source: { kind: 'file', path: 'app.json' },
    edits: {
      environmentVariables: [
        ['LOG_LEVEL', 'debug'],
        ['RATIO', '1.10'],
      ],
      command: ['npm', 'run', 'start now'],
    },
  });
  expect(jobs.service).toMatchObject({ cluster: 'main', service: 'worker' });
  expect(jobs.template).toMatchObject({
    source: { kind: 'file', path: 'worker.json' },
    edits: { environmentVariables: [['LOG_LEVEL', 'info']], secrets: [['TOKEN', '/prod/token']] },
  });
  expect([api.watch.timeoutSeconds, jobs.watch.timeoutSeconds]).toEqual([300, 300]);
});

test('the short form, anchors and merges', () => {
  const step = parse(
    '- api\n- &w {service: worker, desired-count: 2}\n- {<<: *w, service: cron}\n- service/arn-less\n'.replace(
      '- service/arn-less\n',
      '',
    ),
  );
  expect(step.targets.map(({ name }) => name)).toEqual(['api', 'worker', 'cron']);
  expect(inputsOf(step, 2).service.desiredCount).toBe(2);
});

test('two hundred services in one step, and no more', () => {
  const entries = (n: number) => Array.from({ length: n }, (_, i) => `- s${i}\n`).join('');
  expect(parse(entries(200)).targets).toHaveLength(200);
  expect(mistakesOf(entries(201))).toEqual([
    'services: lists 201 services; one step deploys at most 200. Deploy in several steps or jobs.',
  ]);
});

test('`after` may be one name, several with commas, or a list', () => {
  const { targets } = parse(
    '- a\n- b\n- {service: c, after: "a, b"}\n- {service: d, after: a}\n- {service: e, after: [a, b]}\n',
  );
  expect(targets.map(({ after }) => after)).toEqual([[], [], ['a', 'b'], ['a'], ['a', 'b']]);
});

test('a group that is named is not joined by `after`', () => {
  const { targets } = parse(
    '- {service: a, group: x}\n- {service: b, after: a}\n- {service: c, group: y, after: a}\n- {service: d, after: b}\n',
  );
  const [a, b, c, d] = targets.map(({ group }) => group);
  expect(new Set([a, b, c]).size).toBe(3);
  expect(d).toBe(b);
});

test('a map of containers in a map of variables, and no deeper', () => {
  const step = parse('- service: a\n  environment-variables: {A: 1, proxy: {B: 2}}\n');
  expect(inputsOf(step).template.edits.environmentVariables).toEqual([['A', '1']]);
  expect(inputsOf(step).template.containers?.map(({ container }) => container)).toEqual(['proxy']);
});

test('groups: by name, by `after`, or each alone', () => {
  const { targets } = parse(
    '- {service: a, group: x}\n- {service: b, after: c}\n- {service: c}\n- {service: d, group: x}\n- {service: e}\n- {service: f, after: [b]}\n',
  );
  const [a, b, c, d, e, f] = targets.map(({ group }) => group);
  expect(a).toBe(d);
  expect(b).toBe(c);
  expect(f).toBe(b);
  expect(new Set([a, b, e]).size).toBe(3);
});

test('an image of its own needs no build', () => {
  const step = parse('- {service: api}\n- {service: proxy, image: "nginx:1.29"}\n', {
    repository: 'team/app',
    context: 'app',
  });
  expect([inputsOf(step).image.kind, inputsOf(step, 1).image]).toEqual([
    'build',
    { kind: 'given', reference: 'nginx:1.29' },
  ]);
});

test('order', () => {
  expect(parse('- a\n- b\n', { 'max-parallel': '4', canary: 'b', 'rollback-scope': 'all' }).order).toEqual({
    maxParallel: 4,
    canary: 'b',
    rollbackScope: 'all',
  });
});

test('what is wrong with the step is reported once, what is wrong with an entry names it', () => {
  const mistakes = mistakesOf('- {service: api, desired-count: many}\n- {service: worker, clutser: blue}\n', {
    'maximum-percent': '5',
    'on-cancel': 'rolback',
  });
  expect(mistakes).toEqual([
    expect.stringMatching(/^maximum-percent: `5` is out of range/),
    expect.stringMatching(/^on-cancel: .*Did you mean `rollback`\?$/),
    'services[1] (worker): `clutser` is not an input of a service. Did you mean `cluster`?',
    'services[0] (api): desired-count: `many` is not a whole number. Give a number of tasks, from 0 to 100000.',
  ]);
});

test.each<[string, string, Record<string, string>, string]>([
  ['no list', 'service: web', {}, 'services: is not a list.'],
  ['an empty list', '[]', {}, 'services: is an empty list.'],
  ['no YAML', '- {service: [', {}, 'services: the text is not valid YAML: a `[` or `{` above is not closed'],
  [
    'a key twice',
    '- service: a\n  service: b\n',
    {},
    'services: the text is not valid YAML: Map keys must be unique at line 2, column 3.',
  ],
  ['a list in the list', '- [a, b]\n', {}, 'services[0]: is neither a map nor the name of a service.'],
  ['no service', '- {cluster: blue}\n', {}, 'services[0]: service: is missing.'],
  [
    'an input of the step',
    '- {service: a, role-to-assume: x}\n',
    {},
    'services[0] (a): `role-to-assume` is set once for all services.',
  ],
  ['the wrong form', '- {service: a, desired-count: [1]}\n', {}, 'services[0] (a): `desired-count` takes one value.'],
  ['a map too deep', '- {service: a, secrets: {a: {b: {c: d}}}}\n', {}, 'services[0] (a): `secrets` takes text'],
  [
    'the same name',
    '- {service: a}\n- {service: b, name: a}\n',
    {},
    'services[1] (a): has the name `a` of services[0].',
  ],
  [
    'the same service',
    '- {service: a}\n- {service: a, name: b}\n',
    {},
    'services[1] (b): is the service of services[0]: a in cluster default.',
  ],
  [
    'after nothing',
    '- {service: api}\n- {service: b, after: apii}\n',
    {},
    'services[1] (b): `after` names `apii`, which is not in `services`. Did you mean `api`?',
  ],
  ['after itself', '- {service: a, after: a}\n', {}, 'services[0] (a): `after` names the entry itself.'],
  [
    'a circle',
    '- {service: a, after: b}\n- {service: b, after: c}\n- {service: c, after: a}\n',
    {},
    'services: `after` goes in a circle: a after b after c after a.',
  ],
  [
    'an unknown canary',
    '- worker\n- api\n',
    { canary: 'wroker' },
    'canary: `wroker` is not in `services`. Did you mean `worker`?',
  ],
  [
    'a canary that waits',
    '- {service: a, after: b}\n- b\n',
    { canary: 'a' },
    'canary: `a` goes first, but its entry waits for `b`.',
  ],
  ['service beside services', '- a\n', { service: 'b' }, 'service: and `services` both say what to deploy.'],
  [
    'a misspelt scope',
    '- a\n',
    { 'rollback-scope': 'grop' },
    'rollback-scope: `grop` is not one of `service`, `group`, `all`. Did you mean `group`?',
  ],
  [
    'an unknown input of the step',
    '- a\n',
    { clutser: 'x' },
    'clutser: is not an input of this action. Did you mean `cluster`?',
  ],
])('%s', (_, services, given, expected) => {
  const mistakes = mistakesOf(services, given);
  expect(mistakes.filter((mistake) => mistake.startsWith(expected))).toHaveLength(1);
});

test('secrets in the list are known before anything is parsed, and places of secrets are not taken for them', () => {
  const services = `
- service: api
  environment-variables:
    DB_PASSWORD: hunter2hunter2
  secrets:
    API_TOKEN: arn:aws:ssm:eu-west-1:123456789012:parameter/api-token
- service: worker
  environment-variables: |
    OTHER_SECRET=swordfish-swordfish
- {service: cron, environment-variables: {CRON_TOKEN: "abc, def ghi"}}
- broken: [`;
  const secrets = secretsOfStep(new Map([['services', services]]), {});
  expect(secrets).toEqual(expect.arrayContaining(['hunter2hunter2', 'swordfish-swordfish', 'abc, def ghi']));
  expect(secrets.join(' ')).not.toContain('arn:aws');
});

test('inputs in YAML are written in YAML in an entry', () => {
  const step = parse(`
- service: api
  lifecycle-hooks:
    - targetType: PAUSE
      lifecycleStages: [POST_SCALE_UP]
  pre-deploy:
    - {name: migrate, command: npm run migrate}
  verify: {url: "https://api.example.com", successes: 3}
- service: worker
  pre-deploy: npm run warm-up
`);
  const [api, worker] = [inputsOf(step), inputsOf(step, 1)];
  expect(api.service.strategy?.hooks).toEqual([{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }]);
  expect(api.tasks.before).toMatchObject([{ name: 'migrate', command: ['npm', 'run', 'migrate'] }]);
  expect(api.verify).toMatchObject([{ kind: 'url', url: 'https://api.example.com', successes: 3 }]);
  expect(worker.tasks.before).toMatchObject([{ command: ['npm', 'run', 'warm-up'] }]);
});

test('many entries may share a map by its anchor', () => {
  const entries = Array.from({ length: 199 }, (_, i) => `- {service: s${i}, environment-variables: *env}\n`);
  const step = parse(`- service: first\n  environment-variables: &env {RATIO: 1.10}\n${entries.join('')}`);
  expect(step.targets).toHaveLength(200);
  expect(inputsOf(step, 199).template.edits.environmentVariables).toEqual([['RATIO', '1.10']]);
});

test('a build is one for all services', () => {
  const step = parse('- a\n- b\n', { mode: ' build ', repository: 'team/app' });
  expect(step).toMatchObject({ inputs: { mode: 'build' }, targets: [], order: { maxParallel: 200 } });
  expect(step.notes).toContain('mode build calls nothing of ECS: `services` not used.');
});

test('what is odd with the step is said once, what is odd with an entry names it', () => {
  const quoted = 'environment-variables: A="x"';
  const { warnings } = parse(`- service: a\n  ${quoted}\n- b\n`, { 'of-the-runner': 'x' });
  expect(warnings).toEqual([
    expect.stringMatching(/^`of-the-runner` is not an input/),
    expect.stringMatching(/^services\[0\] \(a\): environment-variables: the quotes around/),
  ]);
});

test('what a mode does not use is said of the entry that sets it, or once of the step', () => {
  const { notes } = parse('- {service: a, cpu: 256}\n- b\n', { mode: 'rollback', memory: '512' });
  expect(notes).toEqual([
    'mode rollback builds and renders nothing: `memory` not used.',
    'services[0] (a): mode rollback builds and renders nothing: `cpu`, `memory` not used.',
  ]);
});

test('an empty list of services', () => {
  expect(mistakesOf('# nothing\n')).toEqual([expect.stringMatching(/^services: is not a list/)]);
});

test('entries without a service are that mistake alone', () => {
  expect(mistakesOf('- {cluster: blue}\n- {cluster: blue}\n')).toEqual([
    expect.stringMatching(/^services\[0\]: service: is missing/),
    expect.stringMatching(/^services\[1\]: service: is missing/),
  ]);
});

test('a starting point of its own takes the place of that of the step', () => {
  const step = parse('- {service: a, task-definition-family: f}\n- b\n', { 'task-definition': 'app.json' });
  expect([inputsOf(step).template.source, inputsOf(step, 1).template.source]).toEqual([
    { kind: 'family', family: 'f' },
    { kind: 'file', path: 'app.json' },
  ]);
});

test('lists where a list has a meaning, and nowhere else', () => {
  const step = parse('- {service: a, alarms: [x, y], command: [npm, "run it"]}\n');
  expect(inputsOf(step).service.alarms).toEqual(['x', 'y']);
  expect(inputsOf(step).template.edits.command).toEqual(['npm', 'run it']);
  expect(mistakesOf('- {service: a, cpu: [1], secrets: [A=b], alarms: {x: y}}\n')).toEqual([
    'services[0] (a): `cpu` takes one value.',
    'services[0] (a): `secrets` takes text (`NAME=value` lines) or a map of names and values.',
    'services[0] (a): `alarms` takes text or a list of texts.',
  ]);
  expect(mistakesOf('- {service: a, command: {proxy: {b: {c: d}}}}\n')).toEqual([
    'services[0] (a): `command` takes a command line or a list of words.',
  ]);
});

test('three services in a row are one group', () => {
  const { targets } = parse('- {service: a}\n- {service: b, after: a}\n- {service: c, after: [a, b]}\n');
  expect(new Set(targets.map(({ group }) => group)).size).toBe(1);
});

test.each([
  ...[
    'image',
    'preflight',
    'on-active-deployment',
    'wait-for-minutes',
    'no-progress-minutes',
    'log-lines',
    'rollback-to',
  ],
  ...[...SECTIONS.template, ...SECTIONS.service, ...SECTIONS.tasks],
])('an entry may set %s', (name) => {
  const { length } = mistakesOf(`- {service: a, ${name}: x}\n`).filter((mistake) =>
    /is not an input|is set once/.test(mistake),
  );
  expect(length).toBe(0);
});

test.each([
  'images',
  'variables',
  'environment-variables',
  'secrets',
  'docker-labels',
  'log-configuration-options',
  'task-definition-tags',
])('%s of an entry is lines of NAME=value or a map', (name) => {
  const driver = name === 'log-configuration-options' ? 'log-configuration-log-driver: awslogs, ' : '';
  expect(mistakesOf(`- {service: a, ${driver}${name}: {proxy: "a"}}\n`)).toEqual([]);
  expect(mistakesOf(`- {service: a, ${driver}${name}: "proxy=a"}\n`)).toEqual([]);
  expect(mistakesOf(`- {service: a, ${driver}${name}: [[1]]}\n`)).toEqual([
    `services[0] (a): \`${name}\` takes text (\`NAME=value\` lines) or a map of names and values.`,
  ]);
});

test('an entry after itself is one mistake, and a circle is one', () => {
  expect(mistakesOf('- {service: a, after: a}\n')).toEqual([
    'services[0] (a): `after` names the entry itself. Remove it.',
  ]);
  expect(mistakesOf('- {service: a, after: b}\n- {service: b, after: a}\n')).toEqual([
    'services: `after` goes in a circle: a after b after a. Remove one of these.',
  ]);
  expect(mistakesOf('- {service: a}\n- {service: b, after: a}\n- {service: c, after: [a, b]}\n')).toEqual([]);
});

test('a name of an entry is a name', () => {
  expect(mistakesOf('- {service: a, name: "a b"}\n')).toEqual([
    'services[0] (a b): `name` is not a name. Give letters, digits, `_`, `.` or `-`.',
  ]);
});

test('an image of its own takes the place of the digests of the step', () => {
  const step = parse('- {service: a, image: "nginx:1"}\n- b\n', {
    repository: 'team/app',
    digests: `sha256:${'a'.repeat(64)}`,
  });
  expect([inputsOf(step).image.kind, inputsOf(step, 1).image.kind]).toEqual(['given', 'digests']);
});

test('a list of at most 256 KiB', () => {
  const entries = (n: number) => `- a\n#${'x'.repeat(n - 5)}`;
  expect(parse(entries(262_144)).targets).toHaveLength(1);
  expect(mistakesOf(`${entries(262_144)}x`)).toEqual([
    'services: has 262145 characters. Deploy in several steps or jobs.',
  ]);
});

describe('mode: status', () => {
  test('shows the services of the list, each in its cluster', () => {
    const step = parse('- api\n- {service: search, cluster: blue, task-definition: search.json, after: [api]}', {
      mode: 'status',
      cluster: 'green',
    });
    expect(step.targets).toEqual([]);
    expect(step.inputs).toMatchObject({
      mode: 'status',
      listed: [
        { service: 'api', cluster: expect.stringMatching(/green$/) },
        { service: 'search', cluster: expect.stringMatching(/blue$/) },
      ],
    });
    expect([step.notes, step.warnings]).toEqual([[], []]);
  });

  test('with what is wrong with an entry', () => {
    expect(mistakesOf('- {service: api, clutser: x}', { mode: 'status' })).toEqual([
      'services[0] (api): `clutser` is not an input of a service. Did you mean `cluster`?',
    ]);
    expect(mistakesOf('- api', { mode: 'watch' })).toEqual([
      'services: lists services, and `mode: watch` is for one. Name it with `service`; for several, run a job of a matrix for each (docs/monorepo.md).',
    ]);
  });
});

test('tasks beside the list are noted: they run for each service that sets none', () => {
  const list = (second: string): string => `- api\n- service: worker\n${second}- cron`;
  const given = { 'task-definition': 'web.json', 'pre-deploy': 'rake db:migrate', 'post-deploy': 'smoke' };
  expect(parse(list(''), given).notes).toEqual([
    'pre-deploy: set beside `services`, so it runs once for each of 3 services (`api`, `worker`, `cron`). To run it once, set it in one entry of `services`, and let the others wait for that one with `after`.',
    'post-deploy: set beside `services`, so it runs once for each of 3 services (`api`, `worker`, `cron`). To run it once, set it in the entry of `services` that is deployed last.',
  ]);
  expect(parse(list('  pre-deploy: other\n'), given).notes[0]).toContain('each of 2 services (`api`, `cron`)');
  expect(parse('- api', given).notes).toEqual([]);
});
