import fc from 'fast-check';
import type { TemplateInputs } from '../../src/inputs/types.ts';
import type { JsonObject } from '../../src/model.ts';
import { diffDefinitions, sameDefinition } from '../../src/taskdef/diff.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { substitute } from '../../src/taskdef/placeholders.ts';
import { type Rendered, render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';

const NOTHING: TemplateInputs = {
  source: { kind: 'service' },
  images: [],
  variables: [],
  edits: { environmentVariables: [], secrets: [], envFiles: [], dockerLabels: [], logOptions: [] },
  tags: [],
};
const IMAGE = { reference: 'host/app@sha256:1', repository: 'host/app', digest: 'sha256:1', tags: ['1.2'] };
const DEFINITION = { family: 'web', containerDefinitions: [{ name: 'app', image: 'old:1', memory: 64 }] };
const rendered = (definition: JsonObject, change: Partial<TemplateInputs> = {}, image?: typeof IMAGE): Rendered =>
  render(toTemplate(definition, 'f'), { ...NOTHING, ...change }, { builtIns: [], ...(image ? { image } : {}) });
const container = (result: Rendered) => (result.definition.containerDefinitions as JsonObject[])[0];

describe('what is accepted as a template', () => {
  test('JSON with comments and trailing commas', () => {
    expect(parseJson('{ // family\n "family": "web", /* x */ }', 'f')).toEqual({ family: 'web' });
  });
  test('YAML', () => expect(parseYaml('family: web\ncpu: 256\n', 'f')).toEqual({ family: 'web', cpu: 256 }));
  test('a mistake names line and column and shows the line', () => {
    expect(() => parseJson('{\n  "family": web\n}', 'td.json')).toThrow(
      /td\.json is not valid JSON.*line 2, column 13\.\n {4}"family": \*{3}\n {14}\^/,
    );
  });
  test('a CLI export, wrapper, read-only fields, nulls and all', () => {
    const template = toTemplate(
      {
        taskDefinition: { ...DEFINITION, revision: 7, status: 'ACTIVE', registeredAt: 'x', pidMode: null },
        tags: [{ key: 'team', value: 'web' }],
      },
      'f',
    );
    expect(template.definition).toEqual(DEFINITION);
    expect(template.tags).toEqual([{ key: 'team', value: 'web' }]);
    expect(template.dropped).toEqual(['revision', 'status', 'registeredAt']);
  });
});

describe('placeholders', () => {
  const values = new Map([
    ['NAME', 'web'],
    ['EMPTY', ''],
    ['CPU', '256'],
    ['FLAG', 'true'],
  ]);
  test.each([
    ['${NAME}-x', 'web-x'],
    ['${OTHER:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['$${NAME}', '${NAME}'],
    ['$HOME ${VAR%suffix} $(date)', '$HOME ${VAR%suffix} $(date)'],
  ])('%s', (text, expected) => {
    expect(substitute({ family: text }, values)).toEqual({ value: { family: expected }, mistakes: [] });
  });
  test('a string that is one placeholder takes the type of its field', () => {
    const tree = { cpu: '${CPU}', containerDefinitions: [{ cpu: '${CPU}', essential: '${FLAG}', hostname: '${CPU}' }] };
    expect(substitute(tree, values).value).toEqual({
      cpu: '256',
      containerDefinitions: [{ cpu: 256, essential: true, hostname: '256' }],
    });
  });
  test('every name without a value is told, with the path and what was meant', () => {
    const { mistakes } = substitute(
      { family: '${NAMEE}', containerDefinitions: [{ image: '${TAG:?set the tag}' }] },
      values,
    );
    expect(mistakes).toEqual([
      {
        subject: 'family',
        problem: '${NAMEE} has no value.',
        remedy: "Did you mean ${NAME}? For the container's shell write $${NAMEE}.",
      },
      expect.objectContaining({
        subject: 'containerDefinitions[0].image',
        problem: '${TAG} has no value: set the tag.',
      }),
    ]);
  });
  test('no value can break out of its string', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const result = substitute({ a: { b: ['x${V}y'] } }, new Map([['V', value]])).value;
        expect(result).toEqual({ a: { b: [`x${value}y`] } });
      }),
    );
  });
});

describe('rendering', () => {
  test('without inputs it is the template', () => expect(rendered(DEFINITION).definition).toEqual(DEFINITION));
  test('the only container gets the image', () =>
    expect(container(rendered(DEFINITION, {}, IMAGE))?.image).toBe(IMAGE.reference));
  test('of several the one that asks for it', () => {
    const two = {
      ...DEFINITION,
      containerDefinitions: [
        { name: 'a', image: 'x:1' },
        { name: 'b', image: '<IMAGE>' },
      ],
    };
    expect(rendered(two, {}, IMAGE).container).toBe('b');
  });
  test('of several that do not ask, the question is put with the names', () => {
    const two = {
      ...DEFINITION,
      containerDefinitions: [
        { name: 'a', image: 'x:1' },
        { name: 'b', image: 'y:1' },
      ],
    };
    expect(rendered(two, {}, IMAGE).mistakes).toEqual([
      expect.objectContaining({ subject: 'container-name', problem: expect.stringContaining('`a`, `b`') }),
    ]);
  });
  test('labels and log options keep everything after the first =', () => {
    const edits = {
      ...NOTHING.edits,
      dockerLabels: [['traefik.rule', 'Host=a']] as const,
      logDriver: 'awslogs',
      logOptions: [['awslogs-group', '/a=b']] as const,
    };
    expect(container(rendered(DEFINITION, { edits }))).toMatchObject({
      dockerLabels: { 'traefik.rule': 'Host=a' },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/a=b' } },
    });
  });
  test('an environment variable is changed in place; a new one goes to the end', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'D');
    fc.assert(
      fc.property(
        fc.uniqueArray(name),
        fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([n]) => n }),
        (present, wanted) => {
          const environment = present.map((n) => ({ name: n, value: 'old' }));
          const definition = { ...DEFINITION, containerDefinitions: [{ name: 'app', image: 'x:1', environment }] };
          const edits = { ...NOTHING.edits, environmentVariables: wanted };
          const once = rendered(definition, { edits }).definition;
          const names = ((container({ definition: once } as Rendered)?.environment ?? []) as { name: string }[]).map(
            (e) => e.name,
          );
          expect(names.slice(0, present.length)).toEqual(present);
          expect(rendered(once, { edits }).definition).toEqual(once);
        },
      ),
    );
  });
});

describe('comparison', () => {
  test('what ECS adds, reorders and writes in another way is no difference', () => {
    const given = {
      family: 'web',
      cpu: '.25 vCPU',
      networkMode: 'awsvpc',
      containerDefinitions: [
        {
          name: 'app',
          image: 'x',
          environment: [
            { name: 'B', value: '1' },
            { name: 'A', value: '2' },
          ],
          portMappings: [{ containerPort: 80 }],
        },
      ],
    };
    const stored = {
      family: 'web',
      cpu: '256',
      networkMode: 'awsvpc',
      volumes: [],
      containerDefinitions: [
        {
          name: 'app',
          image: 'x',
          cpu: 0,
          essential: true,
          mountPoints: [],
          environment: [
            { name: 'A', value: '2' },
            { name: 'B', value: '1' },
          ],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
      ],
    };
    expect(sameDefinition(given, stored)).toBe(true);
    expect(diffDefinitions(stored, given)).toEqual([]);
  });
  test('names of variables are told, values never', () => {
    const before = {
      ...DEFINITION,
      containerDefinitions: [{ name: 'app', image: 'x:1', environment: [{ name: 'TOKEN', value: 'hunter2' }] }],
    };
    const after = {
      ...DEFINITION,
      containerDefinitions: [{ name: 'app', image: 'x:2', environment: [{ name: 'TOKEN', value: 'hunter3' }] }],
    };
    const differences = diffDefinitions(before, after);
    expect(differences).toEqual([
      { subject: 'container app: image', kind: 'changed', before: 'x:1', after: 'x:2' },
      { subject: 'container app: environment TOKEN', kind: 'changed' },
    ]);
  });
});
