import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { findRollbackWorkflow, readWorkflow, type Wanted } from '../../src/report/rollback-workflow.ts';

const wanted: Wanted = {
  service: 'web',
  cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/production',
  region: 'eu-west-1',
};
const find = (text: string, more: Partial<Wanted> = {}) =>
  readWorkflow('rollback.yml', parse(text), { ...wanted, ...more });

const workflow = (step: string, inputs = 'to: {}', rest = ''): string => `
on:
  workflow_dispatch:
    inputs: { ${inputs} }
env: { SERVICE: web, WHERE: "\${{ inputs.where }}" }
jobs:
  back:
    runs-on: ubuntu-latest
    ${rest}
    steps:
      - uses: actions/checkout@v5
      - uses: acme/ecs-rollout@v1
        with: { ${step} }
`;
const STEP = "mode: rollback, rollback-to: '${{ inputs.to }}', cluster: production, service: web";

test('the example of this project is found, with what it asks for', () => {
  expect(find(readFileSync('examples/rollback.yml', 'utf8'))).toEqual({
    file: 'rollback.yml',
    target: 'to',
    values: { what: 'rollback', environment: 'production' },
  });
  // Its choices are staging and production.
  expect(find(readFileSync('examples/rollback.yml', 'utf8'), { cluster: 'test' })).toBeUndefined();
});

test.each<[string, string, unknown]>([
  ['values of the file', workflow(STEP), { target: 'to', values: {} }],
  [
    'an input for the service',
    workflow(STEP.replace('service: web', "service: '${{ inputs.svc }}'"), 'to: {}, svc: {}'),
    { target: 'to', values: { svc: 'web' } },
  ],
  [
    'the older spelling of an input',
    workflow(STEP.replace('inputs.to', 'github.event.inputs.to')),
    { target: 'to', values: {} },
  ],
  [
    'env of the workflow',
    workflow(STEP.replace('service: web', "service: '${{ env.SERVICE }}'")),
    { target: 'to', values: {} },
  ],
  [
    'env that is an input',
    workflow(STEP.replace('cluster: production', "cluster: '${{ env.WHERE }}'"), 'to: {}, where: {}'),
    { target: 'to', values: { where: 'production' } },
  ],
  [
    'a region that only GitHub knows',
    workflow(`${STEP}, aws-region: '\${{ vars.REGION }}'`),
    { target: 'to', values: {} },
  ],
  [
    'a name as an ARN, and a text with space around it',
    workflow(STEP.replace('service: web', "service: ' arn:aws:ecs:eu-west-1:1:service/production/web '")),
    { target: 'to', values: {} },
  ],
  [
    'an input that must be given and that a field gives',
    workflow(
      STEP.replace('service: web', "service: '${{ inputs.svc }}'"),
      'to: { required: true }, svc: { required: true, options: [api, web] }',
    ),
    { target: 'to', values: { svc: 'web' } },
  ],
  [
    'an input that gives two fields the same',
    workflow(
      "mode: '${{ inputs.x }}', rollback-to: '${{ inputs.to }}', cluster: production, service: web, aws-region: '${{ inputs.r }}'",
      'to: {}, x: {}, r: {}',
    ),
    { target: 'to', values: { x: 'rollback', r: 'eu-west-1' } },
  ],
])('found: %s', (_, text, found) => expect(find(text)).toEqual({ file: 'rollback.yml', ...(found as object) }));

test.each<[string, string]>([
  ['another service', workflow(STEP.replace('service: web', 'service: api'))],
  ['a service that only GitHub knows', workflow(STEP.replace('service: web', "service: '${{ vars.SERVICE }}'"))],
  ['another cluster', workflow(STEP.replace('production', 'staging'))],
  ['the default cluster', workflow(STEP.replace('cluster: production, ', ''))],
  ['another region', workflow(`${STEP}, aws-region: us-east-1`)],
  ['a deployment', workflow(STEP.replace('mode: rollback, ', ''))],
  ['a target that cannot be given', workflow(STEP.replace("'${{ inputs.to }}'", 'web:3'))],
  ['an input that must be given and is not known', workflow(STEP, 'to: {}, ticket: { required: true }')],
  [
    'one input for two values',
    workflow(
      "mode: rollback, rollback-to: '${{ inputs.to }}', cluster: '${{ inputs.x }}', service: '${{ inputs.x }}'",
      'to: {}, x: {}',
    ),
  ],
  ['an action of others', workflow(STEP).replace('acme/ecs-rollout@v1', 'acme/rollback@v1')],
  ['no workflow that is started by hand', workflow(STEP).replace('workflow_dispatch', 'workflow_call')],
  [
    'env of the step before that of the workflow',
    workflow(STEP.replace('service: web', "service: '${{ env.SERVICE }}'")).replace(
      'with: {',
      'env: { SERVICE: api }\n        with: {',
    ),
  ],
  ['no workflow', 'x'],
  ['an input that the workflow does not have', workflow(STEP.replace('service: web', "service: '${{ inputs.svc }}'"))],
  [
    'a choice without this service',
    workflow(STEP.replace('service: web', "service: '${{ inputs.svc }}'"), 'to: {}, svc: { options: [api] }'),
  ],
  ['a text around an expression', workflow(STEP.replace('service: web', "service: 'web-${{ inputs.to }}'"))],
  [
    'env that goes in circles',
    workflow(STEP.replace('service: web', "service: '${{ env.LOOP }}'")).replace(
      'env: {',
      "env: { LOOP: '${{ env.LOOP }}',",
    ),
  ],
  ['a service that is a map', workflow(STEP.replace('service: web', 'service: {a: web}'))],
  ['a service that is a list', workflow(STEP.replace('service: web', 'service: [web]'))],
  [
    'the target as another field',
    workflow("mode: rollback, rollback-to: '${{ inputs.to }}', cluster: production, service: '${{ inputs.to }}'"),
  ],
  ['no inputs', workflow(STEP).replace('inputs: { to: {} }', 'x: 1')],
])('not found: %s', (_, text) => expect(find(text)).toBeUndefined());

test('what must be given and has a default is left out; the environment of the job is given where it is known', () => {
  const text = workflow(
    STEP,
    'to: {}, ticket: { required: true, default: none }, where: {}',
    "environment: '${{ inputs.where }}'",
  );
  expect(find(text)?.values).toEqual({});
  expect(find(text, { environment: 'live' })?.values).toEqual({ where: 'live' });
});

test('a fork under another name is known by the name that runs; a path is taken for this action', () => {
  const text = workflow(STEP).replace('acme/ecs-rollout@v1', 'Acme/Deploy@v1');
  expect(find(text)).toBeUndefined();
  expect(find(text, { action: 'acme/deploy' })).toBeDefined();
  expect(find(workflow(STEP).replace('acme/ecs-rollout@v1', './'))).toBeDefined();
});

test('in the checkout: the first file that fits; what cannot be read costs nothing', async () => {
  const files: Record<string, string> = {
    'a.yml': 'workflow_dispatch rollback-to: [',
    'b.yaml': workflow(STEP.replace('service: web', 'service: api')),
    'c.yml': workflow(STEP),
    'notes.md': workflow(STEP),
  };
  const disk = {
    list: async () => Object.keys(files),
    readText: async (path: string) =>
      files[path.replace('.github/workflows/', '')] ?? Promise.reject(new Error('gone')),
  };
  expect(await findRollbackWorkflow(disk, wanted)).toEqual({ file: 'c.yml', target: 'to', values: {} });
  expect(await findRollbackWorkflow({ ...disk, list: async () => undefined }, wanted)).toBeUndefined();
  expect(await findRollbackWorkflow({ ...disk, list: () => Promise.reject(new Error('no')) }, wanted)).toBeUndefined();
  expect(
    await findRollbackWorkflow({ ...disk, readText: () => Promise.reject(new Error('no')) }, wanted),
  ).toBeUndefined();
});
