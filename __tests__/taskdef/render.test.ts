import fc from 'fast-check';
import { asFailure } from '../../src/failure.ts';
import type { Image } from '../../src/image/image.ts';
import type { ContainerEdits, Pairs, TemplateInputs } from '../../src/inputs/types.ts';
import { asObjects, type Json, type JsonObject } from '../../src/model.ts';
import { checked } from '../../src/taskdef/check.ts';
import { diffDefinitions } from '../../src/taskdef/diff.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { substitute } from '../../src/taskdef/placeholders.ts';
import { type Rendered, render } from '../../src/taskdef/render.ts';
import { checkSchema } from '../../src/taskdef/schema.ts';
import { containersOf, toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const NO_EDITS: ContainerEdits = {
  environmentVariables: [],
  secrets: [],
  envFiles: [],
  dockerLabels: [],
  logOptions: [],
};
const NOTHING: TemplateInputs = { source: { kind: 'service' }, images: [], variables: [], edits: NO_EDITS, tags: [] };
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE: Image = {
  reference: `host/web@${DIGEST}`,
  repository: 'host/web',
  digest: DIGEST,
  tags: ['1.2.3', 'latest'],
};
const BUILT_INS: Pairs = [
  ['GITHUB_SHA', 'c0ffee'],
  ['GITHUB_REF_NAME', 'main'],
];

const rendered = (definition: JsonObject, change: Partial<TemplateInputs> = {}, image?: Image): Rendered =>
  render(
    toTemplate(definition, 'td.json'),
    { ...NOTHING, ...change },
    { builtIns: BUILT_INS, ...(image ? { image } : {}) },
  );
const containers = (...list: JsonObject[]): JsonObject => ({ family: 'web', containerDefinitions: list });
const containersOnly = (...list: JsonObject[]): JsonObject => ({ containerDefinitions: list });
const imagesOf = ({ definition }: Rendered) => containersOf(definition).map(({ image }) => image);
const told = ({ mistakes }: Rendered) =>
  mistakes.map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`);
/** What the user is told in the end, by the check too. */
const everyMistake = (result: Rendered): string[] => {
  try {
    checked(result, 'td.json', false);
    return [];
  } catch (thrown) {
    return asFailure(thrown).mistakes.map(({ subject, problem, remedy = '' }) => `${subject}: ${problem} ${remedy}`);
  }
};
const edited = (container: JsonObject, edits: Partial<ContainerEdits>): JsonObject | undefined =>
  containersOf(rendered(containers({ name: 'app', ...container }), { edits: { ...NO_EDITS, ...edits } }).definition)[0];

describe('placeholders in a whole template', () => {
  test('the image, its tag and digest, the commit, and variables of the user, also in tags', () => {
    const template = {
      ...containers({
        name: '${APP}',
        image: '${IMAGE}',
        environment: [{ name: 'VERSION', value: '${IMAGE_TAG}+${GITHUB_SHA}' }],
      }),
      tags: [{ key: 'digest', value: '${IMAGE_DIGEST}' }],
    };
    const result = rendered(template, { variables: [['APP', 'web']] }, IMAGE);
    expect(result).toEqual({
      definition: containers({
        name: 'web',
        image: IMAGE.reference,
        environment: [{ name: 'VERSION', value: '1.2.3+c0ffee' }],
      }),
      tags: [{ key: 'digest', value: DIGEST }],
      container: 'web',
      mistakes: [],
    });
  });
  test('a variable of the user wins over a built-in one', () => {
    expect(rendered({ family: '${GITHUB_SHA}' }, { variables: [['GITHUB_SHA', 'mine']] }).definition.family).toBe(
      'mine',
    );
  });
  test('a tag that the image does not have is reported, not rendered as nothing', () => {
    const result = rendered(containers({ name: 'app', image: 'x', user: '${IMAGE_TAG}' }), {}, { ...IMAGE, tags: [] });
    expect(told(result)).toEqual([
      expect.stringMatching(/user: \$\{IMAGE_TAG\} has no value.*\$\{IMAGE_TAG:-\.\.\.\}/),
    ]);
  });
  test('${IMAGE} without an image says where one comes from', () => {
    expect(told(rendered(containers({ name: 'app', image: '${IMAGE}' })))).toEqual([
      expect.stringMatching(/image: \$\{IMAGE\} has no value. Build an image \(input `repository`\)/),
    ]);
  });

  const values = new Map([
    ['A', 'a'],
    ['B', 'b'],
    ['EMPTY', ''],
    ['N', '80'],
    ['T', 'TRUE'],
  ]);
  test.each<[string, string]>([
    ['${X:-${A}}', 'a'],
    ['${X:-${Y:-${B}}}!', 'b!'],
    ['${X:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
    ['${X:-{}', '{'],
    ['${EMPTY}', ''],
    ['${X:-}', ''],
    ['$${A} ${A} $$${A}', '${A} a $${A}'],
    ['$${X:-${A}}', '${X:-${A}}'],
    ['${A', '${A'],
    ['${A:-x', '${A:-x'],
    ['${1} ${A B} ${!A} ${#A} ${A:0:1}', '${1} ${A B} ${!A} ${#A} ${A:0:1}'],
  ])('%s', (text, expected) => {
    expect(substitute({ family: text }, values)).toMatchObject({ value: { family: expected }, mistakes: [] });
  });
  test('types come from the field, and only for a string that is one placeholder', () => {
    const port = (text: string) => containers({ portMappings: [{ containerPort: text }], privileged: '${T}' });
    expect(substitute(port('${N}'), values).value).toEqual(
      containers({ portMappings: [{ containerPort: 80 }], privileged: true }),
    );
    expect(substitute(port('${N}80'), values).value).toEqual(
      containers({ portMappings: [{ containerPort: '8080' }], privileged: true }),
    );
  });
  test('a name without a value inside a default is reported with the place', () => {
    expect(substitute({ family: '${X:-${Y}}' }, values).mistakes).toEqual([
      expect.objectContaining({ subject: 'family', problem: '${Y} has no value.' }),
    ]);
  });
  test('no value changes the shape of the tree', () => {
    const shape = (value: Json): unknown =>
      Array.isArray(value)
        ? value.map(shape)
        : value && typeof value === 'object'
          ? Object.entries(value).map(([k, v]) => [k, shape(v)])
          : 'leaf';
    const leaf = fc.constantFrom<Json>('${A}', 'x${A}y', '${B:-${A}}', '$${A}', 7, true, '');
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'family', '${A}', '__proto__'), tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'cpu', 'containerDefinitions'), tree),
        fc.string(),
        (given, value) => {
          expect(shape(substitute(given, new Map([['A', value]])).value)).toEqual(shape(given));
        },
      ),
    );
  });
});

describe('which container gets the image', () => {
  const app = { name: 'app', image: 'x:1' };
  const side = { name: 'side', image: 'y:1' };
  test.each<[string, JsonObject, Partial<TemplateInputs>, string[]]>([
    ['the only one', containers(app), {}, [IMAGE.reference]],
    ['the one that is named', containers(app, side), { containerName: 'side' }, ['x:1', IMAGE.reference]],
    ['the one without an image', containers({ name: 'app' }, side), {}, [IMAGE.reference, 'y:1']],
    [
      'the one with a word in angle brackets',
      containers(side, { ...app, image: '<IMAGE1_NAME>' }),
      {},
      ['y:1', IMAGE.reference],
    ],
    [
      'the one with the tag of the image',
      containers(side, { ...app, image: 'x:${IMAGE_TAG}' }),
      {},
      ['y:1', IMAGE.reference],
    ],
    [
      'each that asks by ${IMAGE}',
      containers({ ...app, image: '${IMAGE}' }, { ...side, image: '${IMAGE}' }),
      {},
      [IMAGE.reference, IMAGE.reference],
    ],
    [
      'the others by `images`',
      containers(app, side),
      { containerName: 'app', images: [['side', 'z:2']] },
      [IMAGE.reference, 'z:2'],
    ],
  ])('%s', (_, template, inputs, expected) => {
    const result = rendered(template, inputs, IMAGE);
    expect(told(result)).toEqual([]);
    expect(imagesOf(result)).toEqual(expected);
  });
  test.each<[string, Partial<TemplateInputs>, RegExp]>([
    ['nobody asks', {}, /^container-name: is needed: .*`app`, `side`/],
    [
      'a name misspelt',
      { containerName: 'apb' },
      /^container-name: the task definition has no container `apb`. Did you mean `app`/,
    ],
    [
      'a name misspelt in `images`',
      { containerName: 'app', images: [['sied', 'z']] },
      /^images: .*no container `sied`. Did you mean `side`/,
    ],
  ])('%s', (_, inputs, expected) => {
    expect(told(rendered(containers(app, side), inputs, IMAGE))).toEqual([expect.stringMatching(expected)]);
  });
  test('edits with two containers need a name too', () => {
    const edits = { ...NO_EDITS, command: ['run'] };
    expect(told(rendered(containers(app, side), { edits }))).toEqual([
      expect.stringMatching(/^container-name: is needed/),
    ]);
  });
});

describe('which container gets the image, or is asked for', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b', image: 'y' }];
  const [asks, digest] = [
    { ...a, image: '${IMAGE:-x}' },
    { ...a, image: 'x@${IMAGE_DIGEST}' },
  ];
  test.each<[string, JsonObject[], Partial<TemplateInputs>, string | undefined, string[]]>([
    ['an empty image asks', [{ ...a, image: ' ' }, b], {}, 'a', []],
    ['so does a part of the image', [digest, b], {}, 'a', []],
    ['but not what is escaped', [{ ...a, image: '$${IMAGE}' }, b], {}, undefined, ['container-name']],
    [
      'nor a placeholder that is a part of a text',
      [{ ...a, image: 'host/<NAME>' }, b],
      {},
      undefined,
      ['container-name'],
    ],
    ['two that ask have it both, and a third keeps its own', [asks, { ...asks, name: 'c' }, b], {}, undefined, []],
    ['two without one do not', [a, { name: 'c' }], {}, undefined, ['container-name']],
    ['`images` may place it', [{ ...a, image: 'x' }, b], { images: [['b', '${IMAGE}']] }, undefined, []],
    ['or name others', [{ ...a, image: 'x' }, b], { images: [['b', 'z']] }, undefined, ['container-name']],
    ['no container at all', [], {}, undefined, []],
  ])('%s', (_, given, inputs, name, mistakes) => {
    const result = rendered(containers(...given), inputs, IMAGE);
    expect([result.container, result.mistakes.map(({ subject }) => subject)]).toEqual([name, mistakes]);
  });
  test('the image of `images` wins over the one of this run', () =>
    expect(imagesOf(rendered(containers(a), { images: [['a', 'z']] }, IMAGE))).toEqual(['z']));
  test('a container that is not there is reported with those that are', () => {
    const inputs = { containerName: 'nothing-like-it' };
    const problem = 'container-name: the task definition has no container `nothing-like-it`.';
    expect(told(rendered(containers(a, b), inputs))).toEqual([`${problem} It has \`a\`, \`b\`.`]);
    expect(told(rendered(containers(), inputs))).toEqual([`${problem} It has none.`]);
  });
  test.each<[string, JsonObject, Partial<TemplateInputs>, string | undefined]>([
    ['a name and nothing else', b, { containerName: 'b' }, 'b'],
    ['nor does a placeholder elsewhere', { ...b, cpu: '${CPU:-1}' }, { containerName: 'b' }, 'b'],
    ['an image of another container', b, { containerName: 'b', images: [['a', 'x']] }, 'b'],
    ['settings of the task', b, { containerName: 'b', cpu: '512', tags: [['k', 'v']] }, 'b'],
    ['no name', b, {}, undefined],
    ['its own image', b, { containerName: 'b', images: [['b', 'x']] }, undefined],
    ['a placeholder', { ...b, image: 'y:${GITHUB_SHA}' }, { containerName: 'b' }, undefined],
    ['no image to keep, which is a mistake of its own', { name: 'b' }, { containerName: 'b' }, undefined],
    ['an edit', b, { containerName: 'b', edits: { ...NO_EDITS, command: ['run'] } }, undefined],
    [
      'an edit of a container by its name',
      b,
      {
        containerName: 'b',
        containers: [{ container: 'a', inputs: ['command'], edits: { ...NO_EDITS, command: ['x'] } }],
      },
      undefined,
    ],
  ])('without an image, what the named container is for: %s', (_, second, inputs, idle) => {
    expect(rendered(containers({ ...a, image: 'x' }, second), inputs).idleContainer).toBe(idle);
    expect(rendered(containers({ ...a, image: 'x' }, second), inputs, IMAGE).idleContainer).toBeUndefined();
  });
  test('what is no list of containers stays, for the check', () => {
    for (const containerDefinitions of ['x', [7, 'y']] as Json[]) {
      expect(rendered({ containerDefinitions }, {}, IMAGE).definition).toEqual({ containerDefinitions });
    }
  });
});

test('a placeholder without a value is reported with the input that has it', () => {
  const pair = [['K', '${NO}']] as const;
  const edits = { ...NO_EDITS, secrets: pair, envFiles: ['${NO}'], dockerLabels: pair, logOptions: pair };
  const template = { ...containers({ name: 'app', image: 'x' }), tags: [{ key: 'T', value: '${NO}' }] };
  const { mistakes } = rendered(template, { edits, images: [['app', '${NO}']], tags: pair });
  expect(mistakes.map(({ subject, problem }) => `${subject}: ${problem}`)).toEqual([
    'tags[0].value: ${NO} has no value.',
    'secrets: `K`: ${NO} has no value.',
    'env-files: ${NO} has no value.',
    'docker-labels: `K`: ${NO} has no value.',
    'log-configuration-options: `K`: ${NO} has no value.',
    'images: `app`: ${NO} has no value.',
    'task-definition-tags: `K`: ${NO} has no value.',
  ]);
});

describe('edits', () => {
  test('an environment variable is changed in place; a new one goes to the end', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'D');
    const pairs = fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key });
    fc.assert(
      fc.property(fc.uniqueArray(name), pairs, (present, environmentVariables) => {
        const once = edited({ environment: present.map((n) => ({ name: n, value: 'old' })) }, { environmentVariables });
        const added = environmentVariables.map(([key]) => key).filter((key) => !present.includes(key));
        expect(asObjects(once?.environment).map((entry) => entry.name)).toEqual([...present, ...added]);
        expect(edited(once ?? {}, { environmentVariables })).toEqual(once);
      }),
    );
  });
  test.each<[string, JsonObject, Partial<ContainerEdits>, JsonObject]>([
    ['nothing', { environment: [] }, {}, { environment: [] }],
    [
      'labels beside those that are there',
      { dockerLabels: { a: '1', b: '2' } },
      { dockerLabels: [['b', '3']] },
      { dockerLabels: { a: '1', b: '3' } },
    ],
    ['labels', {}, { dockerLabels: [['b', '3']] }, { dockerLabels: { b: '3' } }],
    [
      'log options alone',
      {},
      { logOptions: [['a', 'b']] },
      { logConfiguration: { logDriver: 'awslogs', options: { a: 'b' } } },
    ],
    ['a log driver alone', {}, { logDriver: 'splunk' }, { logConfiguration: { logDriver: 'splunk' } }],
    [
      'the log driver that is there, with its options',
      { logConfiguration: { logDriver: 'splunk', options: { a: 'b' } } },
      { logDriver: 'splunk' },
      { logConfiguration: { logDriver: 'splunk', options: { a: 'b' } } },
    ],
    [
      'entries that are none stay, for the check',
      { environment: ['x', { value: 'y' }], secrets: ['z', {}] },
      { environmentVariables: [['A', '1']] },
      { environment: ['x', { value: 'y' }, { name: 'A', value: '1' }], secrets: ['z', {}] },
    ],
    ['a secret', {}, { secrets: [['A', 'b']] }, { secrets: [{ name: 'A', valueFrom: 'b' }] }],
  ])('%s', (_, container, edits, expected) => expect(edited(container, edits)).toEqual({ name: 'app', ...expected }));
  test('a variable that is there twice is changed both times: the last one counts for the container', () => {
    const environment = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    expect(edited({ environment }, { environmentVariables: [['A', '3']] })?.environment).toEqual([
      { name: 'A', value: '3' },
      { name: 'A', value: '3' },
    ]);
  });
  test('a variable takes the place of a secret of its name, and a secret that of a variable', () => {
    const given = {
      environment: [{ name: 'A', value: '1' }],
      secrets: [
        { name: 'B', valueFrom: 'b' },
        { name: 'C', valueFrom: 'c' },
      ],
    };
    expect(edited(given, { environmentVariables: [['B', '2']], secrets: [['A', 'a']] })).toMatchObject({
      environment: [{ name: 'B', value: '2' }],
      secrets: [
        { name: 'C', valueFrom: 'c' },
        { name: 'A', valueFrom: 'a' },
      ],
    });
  });
  test('a value may be empty and may span lines', () => {
    expect(
      edited(
        {},
        {
          environmentVariables: [
            ['A', ''],
            ['B', 'x\ny=z'],
          ],
        },
      )?.environment,
    ).toEqual([
      { name: 'A', value: '' },
      { name: 'B', value: 'x\ny=z' },
    ]);
  });
  test('options are added to the driver that is there; a new driver begins without them', () => {
    const logConfiguration = {
      logDriver: 'awslogs',
      options: { 'awslogs-group': 'g' },
      secretOptions: [{ name: 's', valueFrom: 'v' }],
    };
    expect(edited({ logConfiguration }, { logOptions: [['mode', 'blocking']] })?.logConfiguration).toEqual({
      ...logConfiguration,
      options: { 'awslogs-group': 'g', mode: 'blocking' },
    });
    expect(
      edited({ logConfiguration }, { logDriver: 'splunk', logOptions: [['splunk-url', 'u']] })?.logConfiguration,
    ).toEqual({
      logDriver: 'splunk',
      options: { 'splunk-url': 'u' },
    });
  });
  test('env files, command, task sizes, roles and tags', () => {
    const result = rendered(
      {
        ...containers({ name: 'app', image: 'x', command: ['old'], environmentFiles: [{ type: 's3', value: 'old' }] }),
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
      },
      {
        edits: { ...NO_EDITS, envFiles: ['arn:aws:s3:::b/a.env'], command: ['new', 'words here'] },
        cpu: '512',
        memory: '1 GB',
        taskRoleArn: 'task',
        executionRoleArn: 'execution',
        tags: [
          ['b', '3'],
          ['c', '4'],
        ],
      },
    );
    expect(result).toEqual({
      definition: {
        ...containers({
          name: 'app',
          image: 'x',
          command: ['new', 'words here'],
          environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }],
        }),
        cpu: '512',
        memory: '1 GB',
        taskRoleArn: 'task',
        executionRoleArn: 'execution',
      },
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '3' },
        { key: 'c', value: '4' },
      ],
      container: 'app',
      mistakes: [],
    });
  });
  test('a number where ECS takes text becomes that text; a text where it takes a number stays, to be refused', () => {
    const given = {
      ...containers({ name: 'app', image: 'x', cpu: '256', environment: [{ name: 'A', value: 1 }] }),
      cpu: 256,
      memory: 0.5,
    };
    expect(rendered(given).definition).toEqual({
      ...containers({ name: 'app', image: 'x', cpu: '256', environment: [{ name: 'A', value: '1' }] }),
      cpu: '256',
      memory: '0.5',
    });
  });
});

describe('values stay as they were written, whatever they look like', () => {
  const valueIn = (parsed: Json) =>
    asObjects(containersOf(rendered(parsed as JsonObject).definition)[0]?.environment)[0]?.value;
  test.each(['2.0', '0.0', '1.0e2', '5e3', '12e3', '1.10', '-0', '12345678901234567890'])('%s', (text) => {
    const json = `{"containerDefinitions": [{"environment": [{"name": "A", "value": ${text}}]}]}`;
    expect(valueIn(parseJson(json, 'td.json'))).toBe(text);
    const yaml = `containerDefinitions: [{environment: [{name: A, value: ${text}}]}]`;
    expect(valueIn(parseYaml(yaml, 'td.yml'))).toBe(text);
  });
  test.each(['0xE1', '0o17', '007', '.5', '+1', 'True', 'yes', '2024-01-01'])('%s in YAML', (text) => {
    expect(valueIn(parseYaml(`containerDefinitions: [{environment: [{name: A, value: ${text}}]}]`, 'td.yml'))).toBe(
      text,
    );
  });
  test('and are numbers or switches where ECS takes those', () => {
    const yaml = 'containerDefinitions: [{memory: 1.0e2, cpu: 0x10, essential: True, stopTimeout: 30.0}]';
    expect(rendered(parseYaml(yaml, 'td.yml') as JsonObject).definition).toEqual(
      containersOnly({ memory: 100, cpu: 16, essential: true, stopTimeout: 30 }),
    );
  });
  test.each(['"256"', '1.5', '007', '1e400', '12345678901234567890.0', 'abc'])('%s is no integer', (text) => {
    const { definition } = rendered(parseYaml(`containerDefinitions: [{memory: ${text}}]`, 'td.yml') as JsonObject);
    expect(checkSchema(definition)).toContainEqual(
      expect.objectContaining({ subject: 'containerDefinitions[0].memory' }),
    );
  });
});

describe('placeholders in the inputs', () => {
  const inputs = (change: Partial<ContainerEdits>): Partial<TemplateInputs> => ({
    variables: [['ENV', 'prod']],
    edits: { ...NO_EDITS, ...change },
  });
  const app = containers({ name: 'app', image: 'x', memory: 64 });
  test('secrets, env files, labels, log options and tags take them', () => {
    const result = rendered(app, {
      ...inputs({
        secrets: [['DB', 'arn:aws:ssm:eu-west-1:123456789012:parameter/${ENV}/db']],
        envFiles: ['arn:aws:s3:::config/${ENV}.env'],
        dockerLabels: [['commit', '${GITHUB_SHA}']],
        logOptions: [['awslogs-group', '/ecs/${ENV}-${TEAM:-web}']],
      }),
      tags: [['env', '${ENV}$${ENV}']],
    });
    expect(result.mistakes).toEqual([]);
    expect(containersOf(result.definition)[0]).toEqual({
      name: 'app',
      image: 'x',
      memory: 64,
      secrets: [{ name: 'DB', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db' }],
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::config/prod.env' }],
      dockerLabels: { commit: 'c0ffee' },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/prod-web' } },
    });
    expect(result.tags).toEqual([{ key: 'env', value: 'prod${ENV}' }]);
  });
  test('images take them: what is built for one container may run in another', () => {
    const two = containers({ name: 'app', image: 'x' }, { name: 'migrate', image: 'y' });
    const result = rendered(
      two,
      {
        images: [
          ['migrate', '${IMAGE}'],
          ['app', 'host/app:${ENV}'],
        ],
        ...inputs({}),
      },
      IMAGE,
    );
    expect([imagesOf(result), told(result)]).toEqual([['host/app:prod', IMAGE.reference], []]);
  });
  test('environment variables and the command stay as they are, for the shell of the container', () => {
    const edits = { environmentVariables: [['A', '${ENV}'] as const], command: ['echo', '${ENV}'] };
    expect(containersOf(rendered(app, inputs(edits)).definition)[0]).toMatchObject({
      environment: [{ name: 'A', value: '${ENV}' }],
      command: ['echo', '${ENV}'],
    });
  });
  test('a name without a value is reported once, with the input, and never as a wrong ARN', () => {
    const result = rendered(
      { ...app, executionRoleArn: 'role' },
      {
        ...inputs({ secrets: [['DB', 'arn:aws:ssm:${REGION}:1:parameter/db']], dockerLabels: [['${X}', 'y']] }),
        images: [['app', '${NO}']],
      },
    );
    const expected = [
      expect.stringMatching(/^secrets: `DB`: \$\{REGION\} has no value/),
      expect.stringMatching(/^docker-labels: `\$\{X\}`: placeholders are not replaced in names/),
      expect.stringMatching(/^images: `app`: \$\{NO\} has no value/),
    ];
    expect(told(result)).toEqual(expected);
    expect(everyMistake(result)).toEqual(expected);
  });
  test('a placeholder in a secret of the template is reported as that alone', () => {
    const secrets = [{ name: 'DB', valueFrom: 'arn:aws:ssm:${REGION}:1:parameter/db' }];
    const result = rendered({
      ...containers({ name: 'app', image: 'x', memory: 64, secrets }),
      executionRoleArn: 'role',
    });
    expect(everyMistake(result)).toEqual([expect.stringMatching(/secrets\[0\]\.valueFrom: \$\{REGION\} has no value/)]);
  });
});

describe('what placeholders cannot do is reported', () => {
  const values = new Map([
    ['EMPTY', ''],
    ['B', 'b'],
    ['LONGER', 'l'],
  ]);
  const lines = (tree: Json) =>
    substitute(tree, values).mistakes.map(({ subject, problem, remedy }) => `${subject}: ${problem} ${remedy}`);
  test('an empty value is reported as empty, not as unknown', () => {
    expect(lines({ family: '${EMPTY:?set the stage}' })).toEqual([
      'family: ${EMPTY} is empty: set the stage. Give EMPTY a value, or write ${EMPTY:-...} for a default.',
    ]);
  });
  test('a name of one or two letters is near to none', () => {
    expect(lines({ family: '${C}' })).toEqual([expect.stringMatching(/Add C=\.\.\. to the input `variables`/)]);
    expect(lines({ family: '${LONGR}' })).toEqual([expect.stringMatching(/Did you mean \$\{LONGER\}/)]);
  });
  test('a placeholder in a name', () => {
    expect(lines({ containerDefinitions: [{ dockerLabels: { '${B}': 'x', 'a.${EMPTY:-b}': 'y' } }] })).toEqual([
      expect.stringMatching(
        /^containerDefinitions\[0\]\.dockerLabels\.\$\{B\}: placeholders are not replaced in names/,
      ),
      expect.stringMatching(/^containerDefinitions\[0\]\.dockerLabels\.a\.\$\{EMPTY:-b\}: placeholders are not/),
    ]);
    expect(substitute({ a: { '$${B}': '${B}', $B: '' } }, values)).toMatchObject({
      value: { a: { '${B}': 'b', $B: '' } },
      mistakes: [],
    });
  });
  test('two tags of one key in the template; a tag of the input takes the place of one', () => {
    const tag = (key: string, value: string) => ({ key, value });
    const twice = { family: 'web', tags: [tag('a', '1'), tag('b', '2'), tag('a', '3')] };
    expect(told(rendered(twice))).toEqual(['tags: two tags have the key `a`. Keep one of them.']);
    const once = rendered({ family: 'web', tags: [tag('a', '1')] }, { tags: [['a', '2']] });
    expect([once.tags, once.mistakes]).toEqual([[tag('a', '2')], []]);
  });
});

describe('the difference between two revisions', () => {
  const app = (change: JsonObject): JsonObject => containers({ name: 'app', image: 'x:1', ...change });
  test.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'a container more',
      app({}),
      containers({ name: 'app', image: 'x:1' }, { name: 'side', image: 'y' }),
      ['added container side undefined -> y'],
    ],
    [
      'a container less',
      containers({ name: 'app', image: 'x:1' }, { name: 'side', image: 'y' }),
      app({}),
      ['removed container side y -> undefined'],
    ],
    ['a size', app({ memory: 64 }), app({ memory: 128 }), ['changed container app: memory 64 -> 128']],
    [
      'a secret that moved',
      app({ secrets: [{ name: 'A', valueFrom: 'hunter2' }] }),
      app({ secrets: [{ name: 'A', valueFrom: 'hunter3' }] }),
      ['changed container app: secrets A undefined -> undefined'],
    ],
    [
      'an option of the log',
      app({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'hunter2', a: '1' } } }),
      app({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'hunter3', a: '1' } } }),
      ['changed container app: log option splunk-token undefined -> undefined'],
    ],
    [
      'another log driver',
      app({ logConfiguration: { logDriver: 'syslog' } }),
      app({ logConfiguration: { logDriver: 'awslogs' } }),
      ['changed container app: log configuration, logDriver syslog -> awslogs'],
    ],
    [
      'a label',
      app({ dockerLabels: { a: 'hunter2' } }),
      app({ dockerLabels: { b: 'hunter2' } }),
      [
        'removed container app: dockerLabels a undefined -> undefined',
        'added container app: dockerLabels b undefined -> undefined',
      ],
    ],
    [
      'a command line',
      app({ command: ['--password=hunter2'] }),
      app({ command: ['--password=hunter3'] }),
      ['changed container app: command undefined -> undefined'],
    ],
  ])('%s', (_, before, after, expected) => {
    const lines = diffDefinitions(before, after).map((d) => `${d.kind} ${d.subject} ${d.before} -> ${d.after}`);
    expect(lines).toEqual(expected);
  });
  test('the password of a network drive is not shown', () => {
    const drive = (o: string): JsonObject => ({
      ...app({}),
      volumes: [{ name: 'a', dockerVolumeConfiguration: { driverOpts: { o } } }],
    });
    const differences = diffDefinitions(app({}), drive('password=hunter2'));
    expect(differences).toEqual([
      { subject: 'volumes', kind: 'added', after: expect.stringContaining('"driverOpts":["o"]') },
    ]);
  });
  test('no value of a variable, secret, label or option is ever shown', () => {
    const name = fc.constantFrom('A', 'B', 'C');
    const hidden = fc.constantFrom('hunter2', 'hunter3');
    const map = fc.dictionary(name, hidden);
    const pairs = (field: string) =>
      map.map((given) => Object.entries(given).map(([key, value]) => ({ name: key, [field]: value })));
    const definition = fc
      .record({
        environment: pairs('value'),
        secrets: pairs('valueFrom'),
        dockerLabels: map,
        options: map,
        command: fc.array(hidden),
      })
      .map(({ options, ...rest }) => app({ ...rest, logConfiguration: { logDriver: 'splunk', options } }));
    fc.assert(
      fc.property(definition, definition, (before, after) => {
        expect(JSON.stringify(diffDefinitions(before, after))).not.toContain('hunter');
        expect(diffDefinitions(after, after)).toEqual([]);
      }),
    );
  });
});

test('variables that no placeholder asks for are named; those of a JSON object are not expected to be used', () => {
  const definition = containers({ name: 'app', image: 'app:${TAG}', cpu: '${CPU:-1}' });
  const variables: Pairs = [
    ['TAG', '1'],
    ['CPU', '2'],
    ['LABEL', '3'],
    ['DATABASE', '4'],
    ['LAB', '5'],
  ];
  const edits = { ...NO_EDITS, dockerLabels: [['a', '${LABEL}']] as const };
  const listedVariables = variables.map(([name]) => name);
  expect(rendered(definition, { variables, listedVariables, edits }).unusedVariables).toEqual(['DATABASE', 'LAB']);
  expect(rendered(definition, { variables, edits }).unusedVariables).toBeUndefined();
});

describe('a container without a space behind its colon', () => {
  const two = containers({ name: 'web', image: 'a:1' }, { name: 'proxy', image: 'b:1' });
  const of = (edits: Partial<ContainerEdits>) =>
    told(rendered(two, { containerName: 'web', edits: { ...NO_EDITS, ...edits } }));
  test.each<[string, Partial<ContainerEdits>, string]>([
    [
      'environment-variables',
      { environmentVariables: [['proxy:LEVEL', 'x']] },
      '`proxy:LEVEL` is read as a name, and `proxy` is a container of the task definition. Write `proxy: LEVEL=...`, with a space after the colon, for that container.',
    ],
    ['secrets', { secrets: [['web:KEY', 'key']] }, 'Write `web: KEY=...`'],
    ['docker-labels', { dockerLabels: [['proxy:a.b', 'x']] }, 'Write `proxy: a.b=...`'],
    ['log-configuration-options', { logOptions: [['web:awslogs-group', '/x']] }, 'Write `web: awslogs-group=...`'],
    [
      'command',
      { command: ['proxy:nginx', '-g'] },
      '`proxy:nginx` is read as the program, and `proxy` is a container of the task definition. Write `proxy: nginx ...`',
    ],
  ])('%s', (input, edits, says) => {
    expect(of(edits)).toEqual([expect.stringMatching(new RegExp(`^${input}: `))]);
    expect(of(edits)[0]).toContain(says);
  });

  test('a name with a colon that begins with no container is a name', () => {
    expect(
      of({
        environmentVariables: [
          ['Logging:LogLevel', 'x'],
          ['Web:A', '1'],
          ['web:', '1'],
        ],
        command: ['npm', 'run', 'web:start'],
      }),
    ).toEqual([]);
  });
});
