import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf } from '../../scripts/workflow/events.ts';
import {
  environmentOf,
  fill,
  filledEnv,
  type RunFacts,
  UNKNOWN_REPOSITORY,
  unusedGiven,
} from '../../scripts/workflow/fill.ts';
import { homeOfStep } from '../../scripts/workflow/home.ts';
import { conditionsOf, eventFor, problemsOf } from '../../scripts/workflow/problems.ts';
import { type ActionStep, outermost, stepsIn, stepsOf } from '../../scripts/workflow/steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'problems-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm run try` says of a workflow around its step: as what it runs, and what on GitHub goes wrong before it. */
const GIT = { ref: 'refs/heads/main', ref_name: 'main', ref_type: 'branch', sha: '1'.repeat(40) };

const eventsFor = (on: object, given: Readonly<Record<string, string>> = {}) =>
  eventsOf(on as Record<string, unknown>, GIT, new Map(Object.entries(given)));

test.each([
  [{ push: null }, {}, 'a push to the branch main', 'refs/heads/main'],
  [{ push: { branches: ['release/**'] } }, {}, 'a push to the branch release/x', 'refs/heads/release/x'],
  [{ push: { branches: ['ma*'] } }, {}, 'a push to the branch main', 'refs/heads/main'],
  [{ push: { 'branches-ignore': ['main'] } }, {}, 'a push to the branch feature', 'refs/heads/feature'],
  [{ push: { tags: ['v*'] } }, {}, 'a push of the tag v1.2.3', 'refs/tags/v1.2.3'],
  [{ push: { tags: 'v*' } }, {}, 'a push of the tag v1.2.3', 'refs/tags/v1.2.3'],
  [{ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } }, {}, 'a push of the tag v1.1.1', 'refs/tags/v1.1.1'],
  [{ push: { tags: ['*-prod'] } }, {}, 'a push of the tag 1-prod', 'refs/tags/1-prod'],
  [{ push: { tags: ['!v*', 'web-*'] } }, {}, 'a push of the tag web-1.2.3', 'refs/tags/web-1.2.3'],
  [{ push: { 'tags-ignore': ['v*'] } }, {}, 'a push of the tag 1.2.3', 'refs/tags/1.2.3'],
  [{ push: { tags: ['v*'] } }, { 'github.ref': 'refs/tags/v7' }, 'a push of the tag v7', 'refs/tags/v7'],
  [{ push: { tags: ['v*'] } }, { 'github.ref_name': 'v7' }, 'a push of the tag v7', 'refs/tags/v7'],
  [{ release: { types: ['published'] } }, {}, 'the release v1.2.3 (published)', 'refs/tags/v1.2.3'],
  [{ pull_request: null }, {}, 'pull_request 1 into main (opened)', 'refs/pull/1/merge'],
  [{ workflow_call: null, schedule: [] }, {}, 'schedule, on the branch main', 'refs/heads/main'],
  [{ workflow_call: null }, {}, 'a push to the branch main', 'refs/heads/main'],
  [
    { push: { tags: ['v*'] }, workflow_dispatch: null },
    { 'github.event_name': 'workflow_dispatch' },
    'workflow_dispatch, on the branch main, with the defaults of its inputs',
    'refs/heads/main',
  ],
])('%j with %j runs as %s', (on, given, title, ref) => {
  const [event] = eventsFor(on, given);
  expect([event?.title, event?.facts.get('github.ref'), event?.starts]).toEqual([title, ref, true]);
});

test.each([
  [{ push: { tags: ['v*'] } }, { 'github.ref': 'refs/heads/main' }],
  [{ push: { branches: ['main', '!main'] } }, { 'github.ref': 'refs/heads/main' }],
  [{ push: null }, { 'github.event_name': 'release' }],
])('%j does not start for %j', (on, given) => {
  expect(eventsFor(on, given).map(({ starts }) => starts)).toEqual([false]);
});

test('a release and a pull request have what expressions ask for', () => {
  const [release] = eventsFor({ release: null });
  expect(release?.facts.get('github.event.release.tag_name')).toBe('v1.2.3');
  const [pull] = eventsFor({ pull_request: { branches: ['develop'], types: ['closed'] } });
  expect(pull?.facts.get('github.base_ref')).toBe('develop');
  expect(pull?.facts.get('github.event.pull_request.merged')).toBe('true');
});

const CHECKOUT = '      - uses: actions/checkout@v5\n';
const TOKEN = 'permissions: { id-token: write, contents: read }\n';
const JOB = '  deploy:\n    runs-on: ubuntu-latest\n';
const step = (more = ''): string => `      - uses: acme/ecs-rollout@v1
        with: { service: web, task-definition: td.json, role-to-assume: 'arn:aws:iam::123456789012:role/x', image: '\${{ needs.build.outputs.image }}' }
${more}`;
const NEEDS = '    needs: [build]\n';
const BUILD = '  build: { runs-on: ubuntu-latest, outputs: { image: x }, steps: [] }\n';

function read(text: string, given: Readonly<Record<string, string>> = {}) {
  const found = stepsOf('deploy.yml', text).at(-1);
  if (!found) throw new Error('no step');
  return readStep(found, given);
}

function readStep(found: ActionStep, given: Readonly<Record<string, string>> = {}) {
  const own = new Map(Object.entries(given));
  const events = eventsOf(outermost(found).workflow.triggers, GIT, own);
  const factsOf = (event: (typeof events)[number] | undefined): RunFacts => ({
    github: GIT,
    asOnGithub: true,
    given: new Map([...(event?.facts ?? []), ...own]),
  });
  const event = eventFor(found, events, factsOf);
  if (!event) throw new Error('no event');
  const { inputs, assumptions } = fill(found, factsOf(event));
  const problems = problemsOf(found, { facts: factsOf(event), event, inputs, readsFiles: true });
  return { event, inputs, assumptions, problems: problems.map(({ kind, text: words }) => `${kind}: ${words}`) };
}
const workflow = (parts: { readonly head?: string; readonly job?: string; readonly steps?: string } = {}): string =>
  `on: push\n${parts.head ?? TOKEN}jobs:\n${BUILD}${JOB}${NEEDS}${parts.job ?? ''}    steps:\n${parts.steps ?? CHECKOUT + step()}`;

test('a workflow that is right has no problem', () => {
  expect(read(workflow()).problems).toEqual([]);
});

const KEYS = CHECKOUT + step().replace(/role-to-assume: '[^']*', /, '');
test.each<readonly [string, string, RegExp]>([
  ['no id-token', workflow({ head: '' }), /^fails: .*the job deploy do not have `id-token: write`/],
  ['read-all', workflow({ head: 'permissions: read-all\n' }), /^fails: .*`id-token: write`/],
  ['no contents', workflow({ head: 'permissions: { id-token: write }\n' }), /^fails: .*`contents: read`/],
  ['no checkout', workflow({ steps: step() }), /^fails: no step of the job deploy before this one checks out/],
  ['no credentials', workflow({ steps: KEYS }), /^fails: the job deploy has no AWS credentials/],
  [
    'the credentials step has no token',
    workflow({
      head: '',
      steps: `${CHECKOUT}      - uses: aws-actions/configure-aws-credentials@v6\n        with: { role-to-assume: 'arn:aws:iam::123456789012:role/x', aws-region: eu-west-1 }\n${step()}`,
    }),
    /^fails: .*aws-actions\/configure-aws-credentials fails/,
  ],
  [
    'a condition that is a text',
    workflow({ job: "    if: ${{ github.ref }} == 'refs/heads/x'\n" }),
    /^warning: `if: .*is always true/,
  ],
  [
    'a condition that no event meets',
    workflow({ job: "    if: github.ref == 'refs/heads/production'\n" }),
    /^fails: `if: .*is false for a push to the branch main/,
  ],
  [
    'a deployment that the next run cancels',
    workflow({ job: '    concurrency: { group: deploy, cancel-in-progress: true }\n' }),
    /^warning: `concurrency` has `cancel-in-progress`/,
  ],
  [
    'one group for all jobs of a matrix',
    workflow({ job: '    strategy: { matrix: { stage: [a, b, c] } }\n    concurrency: deploy\n' }),
    /^warning: the 3 jobs of the matrix have one `concurrency` group \(deploy\)/,
  ],
  [
    'a job that ends before the wait',
    workflow({ job: '    timeout-minutes: 20\n' }),
    /^warning: `timeout-minutes: 20` of the job ends it before `wait-for-minutes` \(30, the default\)/,
  ],
  [
    'a step that ends before the wait',
    workflow({
      steps: CHECKOUT + step('        timeout-minutes: 30\n').replace('{ service', '{ wait-for-minutes: 30, service'),
    }),
    /^warning: `timeout-minutes: 30` of the step ends it before `wait-for-minutes` \(30\)/,
  ],
  [
    'a number that YAML changes',
    workflow({ steps: CHECKOUT + step().replace('{ service', '{ variables: 1.10, service') }),
    /^warning: `variables: 1.10` is a number in YAML, so the step gets `1.1`. Write it in quotes: `variables: '1.10'`/,
  ],
  [
    'an account that loses its zero',
    workflow({ steps: CHECKOUT + step().replace('{ service', '{ allowed-account-ids: 012345678901, service') }),
    /^warning: `allowed-account-ids: 012345678901` is a number in YAML, so the step gets `12345678901`/,
  ],
])('%s', (_, text, problem) => {
  expect(read(text).problems).toEqual([expect.stringMatching(problem)]);
});

/** Of examples/rollback.yml: the group of the deployments. */
const CANCELLING = `concurrency: { group: deploy, cancel-in-progress: true }\n`;
const WITH_MODE = (mode: string): string =>
  workflow({ head: `${TOKEN}${CANCELLING}` }).replace('with: { ', `with: { mode: "${mode}", `);

test('a rollback makes a running deployment give way; a deployment is cut off', () => {
  expect(read(WITH_MODE('rollback')).problems).toEqual([]);
  expect(read(WITH_MODE("${{ github.event_name == 'push' && 'rollback' || 'list' }}")).problems).toEqual([]);
  for (const mode of ['deploy', 'task', 'watch', "${{ github.event_name == 'push' && 'deploy' || 'rollback' }}"])
    expect(read(WITH_MODE(mode)).problems).toEqual([expect.stringMatching(/^warning: .*has `cancel-in-progress`/)]);
});

const CREDENTIALS = `      - uses: aws-actions/configure-aws-credentials@v6
        with: { role-to-assume: 'arn:aws:iam::123456789012:role/x', aws-region: us-east-1 }
`;
test.each<readonly [string, string, Readonly<Record<string, string>>, string | undefined]>([
  ['of the job', workflow({ job: '    env: { AWS_REGION: us-east-1 }\n' }), {}, 'us-east-1'],
  ['of the workflow', workflow({ head: `${TOKEN}env: { AWS_DEFAULT_REGION: us-east-1 }\n` }), {}, 'us-east-1'],
  ['of the credentials before it', workflow({ steps: CHECKOUT + CREDENTIALS + step() }), {}, 'us-east-1'],
  [
    'of the step, before that of the job',
    workflow({
      job: '    env: { AWS_REGION: eu-west-3 }\n',
      steps: CHECKOUT + step().replace('service: web', 'service: web, aws-region: us-east-1'),
    }),
    {},
    'us-east-1',
  ],
  ['of --set', workflow({ job: '    env: { AWS_REGION: x }\n' }), { 'env.AWS_REGION': 'us-east-1' }, 'us-east-1'],
  ['that nothing names before it', workflow(), { 'env.AWS_REGION': 'us-east-1' }, 'us-east-1'],
  ['that only GitHub knows', workflow({ job: '    env: { AWS_REGION: "${{ vars.X }}" }\n' }), {}, undefined],
  ['that nothing names', workflow(), {}, undefined],
])('the Region %s', (_, text, given, region) => {
  const [found] = stepsOf('deploy.yml', text);
  const facts: RunFacts = { github: GIT, given: new Map(Object.entries(given)) };
  expect(found && homeOfStep(found, facts, { root: folder }).region).toBe(region);
});

test('a composite action has the environment of the step that calls it', () => {
  mkdirSync(join(folder, 'ship'), { recursive: true });
  writeFileSync(
    join(folder, 'ship', 'action.yml'),
    "runs:\n  using: composite\n  steps:\n    - uses: acme/ecs-rollout@v1\n      with: { service: '${{ env.SERVICE }}' }\n",
  );
  const file = join(folder, 'calls.yml');
  writeFileSync(
    file,
    `on: push\njobs:\n  a:\n    runs-on: x\n    env: { SERVICE: web }\n    steps:\n${CREDENTIALS}      - uses: ./ship\n`,
  );
  const [found] = stepsIn(file, folder);
  const facts: RunFacts = { github: GIT, given: new Map(), asOnGithub: true };
  expect(found && [filledEnv(found, facts), fill(found, facts).inputs]).toEqual([
    { SERVICE: 'web', AWS_REGION: 'us-east-1' },
    { service: 'web' },
  ]);
});

test('--set of what no step uses: named, or refused with what was probably meant', () => {
  const text = `on:
  push:
  workflow_dispatch: { inputs: { environment: {}, dry: {} } }
jobs:
  deploy:
    if: vars.ON
    strategy: { matrix: { stage: [a, b] } }
    steps:
      - run: echo \${{ vars.OTHER }}
      - uses: acme/ecs-rollout@v1
        env: { STAGE: "\${{ vars['STAGE'] }}" }
        with: { service: '\${{ github.event.inputs.environment }}-\${{ matrix.stage }}', role-to-assume: '\${{ secrets.ROLE }}' }
`;
  const steps = stepsOf('deploy.yml', text);
  const unused = (...paths: readonly string[]): string[] =>
    unusedGiven(new Map(paths.map((path) => [path, 'x'])), { steps, text });
  const used = 'inputs.environment github.event.inputs.environment vars.STAGE vars.ON secrets.ROLE matrix.stage';
  expect(unused(...used.split(' '), 'github.ref', 'github.event.release.tag_name', 'env.AWS_REGION')).toEqual([]);
  expect(unused('inputs.dry', 'vars.OTHER')).toEqual([
    '--set inputs.dry has no effect: the step does not use it.',
    '--set vars.OTHER has no effect: the step does not use it.',
  ]);
  for (const [path, remedy] of [
    ['inputs.envronment', /does not have `inputs\.envronment`. Did you mean `inputs\.environment`\?/],
    ['vars.STGAE', /Did you mean `vars\.STAGE`\?/],
    ['vars.REGION', /It has `vars\.STAGE`/],
    ['github.reff', /Did you mean `github\.ref`\?/],
    ['STAGE', /Did you mean `vars\.STAGE`\?/],
    ['steps.build.outputs.image', /It uses none of `steps`\./],
    ['variable.x', /A path begins with one of `github`, `inputs`, /],
  ] as const)
    expect(() => unused(path)).toThrow(remedy);
  const all = stepsOf('deploy.yml', text.replace("vars['STAGE']", 'toJSON(vars)'));
  expect(unusedGiven(new Map([['vars.ANY', 'x']]), { steps: all, text })).toEqual([]);
});

const FINE: readonly (readonly [string, string, Readonly<Record<string, string>>?])[] = [
  [
    'keys of a step before it',
    workflow({ steps: `${CHECKOUT}      - uses: acme/login@v1\n${KEYS.replace(CHECKOUT, '')}` }),
  ],
  ['a runner with credentials', workflow({ steps: KEYS }).replaceAll('ubuntu-latest', 'self-hosted')],
  ['a runner that the user says has them', workflow({ head: '' }), { 'env.AWS_ACCESS_KEY_ID': 'any' }],
  ['files that a script makes', workflow({ steps: `      - run: git clone x\n${step()}` })],
  [
    'a condition of one event',
    workflow({ job: "    if: github.event_name == 'workflow_dispatch'\n" }).replace(
      'on: push',
      'on: [push, workflow_dispatch]',
    ),
  ],
  ['a condition that only GitHub knows', workflow({ job: "    if: vars.ON == 'x'\n" })],
  [
    'a group of the value of the matrix',
    workflow({ job: '    strategy: { matrix: { stage: [a, b] } }\n    concurrency: deploy-${{ matrix.stage }}\n' }),
  ],
  [
    'a group of the workflow',
    workflow({ head: `${TOKEN}concurrency: deploy\n`, job: '    strategy: { matrix: { stage: [a, b] } }\n' }),
  ],
  [
    'a group that cancels no deployment',
    workflow({
      job: "    concurrency: { group: x, cancel-in-progress: '${{ github.event_name == ''pull_request'' }}' }\n",
    }),
  ],
];
test.each(FINE.map(([name, text, given = {}]) => [name, text, given] as const))('no problem: %s', (_, text, given) => {
  expect(read(text, given).problems).toEqual([]);
});

test.each<readonly [string, string, string, readonly RegExp[]]>([
  [
    'all that is declared',
    'on: { workflow_call: { inputs: { a: { type: string } }, secrets: { b: {} } } }',
    'with: { a: x }, secrets: { b: x }',
    [],
  ],
  ['inherited secrets', 'on: { workflow_call: { secrets: { b: { required: true } } } }', 'secrets: inherit', []],
  [
    'a required input with a default',
    'on: { workflow_call: { inputs: { a: { required: true, default: x, type: string } } } }',
    '',
    [],
  ],
  [
    'a secret that is not declared',
    'on: workflow_call',
    'secrets: { ROLE: x }',
    [/^fails: the job ship calls .* with `secrets: ROLE`, which `on.workflow_call.secrets` there does not declare/],
  ],
  [
    'an input that is not declared',
    'on: { workflow_call: { inputs: { a: { type: string } } } }',
    'with: { A_B: x }',
    [/^fails: .* with `with: A_B`/],
  ],
  [
    'an input of workflow_dispatch alone',
    'on: { workflow_call: , workflow_dispatch: { inputs: { a: { type: string } } } }',
    'with: { a: x }',
    [/^fails: .* with `with: a`/],
  ],
  [
    'what is required',
    'on: { workflow_call: { inputs: { a: { required: true, type: string } }, secrets: { b: { required: true } } } }',
    'secrets: {}',
    [/^fails: .* without `with: a`/, /^fails: .* without `secrets: b`/],
  ],
  ['a workflow that is not to be called', 'on: push', '', [/^fails: .* has no `on: workflow_call`/]],
])('a call with %s', (_, on, passed, problems) => {
  const root = mkdtempSync(join(tmpdir(), 'called-'));
  const job = `jobs: { deploy: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v5 }, { uses: acme/ecs-rollout@v1, with: { service: web, role-to-assume: x } }] } }`;
  writeFileSync(join(root, 'called.yml'), `${on}\n${TOKEN}${job}\n`);
  writeFileSync(
    join(root, 'caller.yml'),
    `on: push\n${TOKEN}jobs: { ship: { uses: ./called.yml${passed === '' ? '' : `, ${passed}`} } }\n`,
  );
  const [found] = stepsIn(join(root, 'caller.yml'), root);
  rmSync(root, { recursive: true });
  if (!found) throw new Error('no step');
  expect(readStep(found).problems).toEqual(problems.map((one) => expect.stringMatching(one)));
});

test('a secret that the caller does not pass is empty, and named', () => {
  const root = mkdtempSync(join(tmpdir(), 'called-'));
  const job = `jobs: { deploy: { runs-on: ubuntu-latest, steps: [{ uses: acme/ecs-rollout@v1, with: { service: web, role-to-assume: '\${{ secrets.ROLE }}' } }] } }`;
  writeFileSync(join(root, 'called.yml'), `on: workflow_call\n${job}\n`);
  writeFileSync(join(root, 'caller.yml'), `on: push\njobs: { ship: { uses: ./called.yml, secrets: { OTHER: x } } }\n`);
  const [found] = stepsIn(join(root, 'caller.yml'), root);
  rmSync(root, { recursive: true });
  if (!found) throw new Error('no step');
  const { inputs, assumptions } = readStep(found);
  expect(inputs['role-to-assume']).toBe('');
  expect(assumptions).toEqual([
    expect.objectContaining({
      path: 'secrets.ROLE',
      source: 'missing',
      why: '`secrets` of the job that calls the workflow has no `ROLE`, but OTHER',
    }),
  ]);
});

test.each<[event: string | undefined, cluster: string, source: string]>([
  [undefined, '', 'of another event'],
  ['workflow_dispatch', 'staging', 'workflow'],
])('inputs of workflow_dispatch in a run for %s', (event, cluster, source) => {
  const text = workflow({
    steps: CHECKOUT + step().replace('{ service', "{ cluster: '${{ inputs.stage }}', service"),
  }).replace(
    'on: push',
    'on: { push: , workflow_dispatch: { inputs: { stage: { default: staging, type: string } } } }',
  );
  const { inputs, assumptions } = read(text, event === undefined ? {} : { 'github.event_name': event });
  expect(inputs.cluster).toBe(cluster);
  expect(assumptions.find(({ path }) => path === 'inputs.stage')?.source).toBe(source);
  // With a value for the other events nothing is missing, which is not warned of.
  const meant = read(text.replace('${{ inputs.stage }}', "${{ inputs.stage || ''live'' }}"), {}).assumptions;
  expect(meant.find(({ path }) => path === 'inputs.stage')?.hasOther).toBe(true);
});

test('the step runs for the event that its conditions ask for', () => {
  const text = workflow({ job: "    if: github.event_name == 'release'\n" }).replace('on: push', 'on: [push, release]');
  expect(read(text).event.name).toBe('release');
});

test.each([
  [NEEDS, '', /`needs` of the job does not name `build`/],
  ['outputs: { image: x }', 'outputs: { img: x }', /the job build has the outputs img, and no `image`/],
  ['needs.build.outputs.image', 'env.IMAGE', /`env` of the workflow, the job and the step has no `IMAGE`/],
  ['needs.build.outputs.image', 'inputs.image', /`inputs` of the workflow has no `image`/],
  ['needs.build.outputs.image', 'github.event.release.tag_name', /only the event release has it, .* is for push/],
  ['needs.build.outputs.image', 'steps.build.outputs.image', /no step before it in the job has the id `build`/],
])('an output that nothing has is empty: %j as %j', (right, wrong, why) => {
  const { inputs, assumptions } = read(workflow().replace(right, wrong));
  expect(inputs.image).toBe('');
  const source = wrong.startsWith('github.event') ? 'of another event' : 'missing';
  expect(assumptions).toContainEqual(expect.objectContaining({ source, why: expect.stringMatching(why) }));
  expect(assumptions.some(({ hasOther }) => hasOther)).toBe(false);
});

test('a key that the matrix does not have is empty, and its keys are named', () => {
  const { assumptions } = read(
    workflow({ job: '    strategy: { matrix: { stage: [a, b] } }\n' }).replace(
      'needs.build.outputs.image',
      'matrix.image',
    ),
  );
  expect(assumptions).toContainEqual(
    expect.objectContaining({ value: '', why: 'the matrix of the job has no `image`, but stage' }),
  );
});

test('what a clone without a remote is called decides nothing', () => {
  const text = workflow({ job: "    if: github.repository_owner == 'acme' && github.repository == 'acme/web'\n" });
  const [found] = stepsOf('deploy.yml', text);
  if (!found) throw new Error('no step');
  const skipping = (repository: string) =>
    conditionsOf(found, {
      github: { ...GIT, repository, repository_owner: repository.split('/')[0] ?? '' },
      given: new Map(),
      asOnGithub: true,
    }).skipping;
  expect([skipping(UNKNOWN_REPOSITORY), skipping('acme/web')]).toEqual([[], []]);
  expect(skipping('fork/web')).toHaveLength(1);
});

test.each([
  ['an action of the repository', '      - uses: ./.github/actions/aws\n', 'eu-west-1'],
  ['a script', '      - run: echo "AWS_REGION=$REGION" >> "$GITHUB_ENV"\n', 'eu-west-1'],
  ['nothing', '      - run: echo "AWS_REGION=$REGION"\n      - uses: docker/setup-buildx-action@v3\n', undefined],
])('a Region that %s may set is assumed', (_, before, expected) => {
  const [found] = stepsOf('deploy.yml', workflow({ steps: CHECKOUT + before + step() }));
  if (!found) throw new Error('no step');
  const { env, madeUpRegion } = environmentOf(found, { github: GIT, given: new Map() }, {});
  expect([env.AWS_REGION, madeUpRegion]).toEqual([expected, expected]);
});

/** An image of a job or a step that is skipped in some runs, while the deployment is not. */
describe('an output that may be empty', () => {
  const build = (job: string, steps = '[]', image = 'x') =>
    `  build: { runs-on: ubuntu-latest, ${job}outputs: { image: ${image} }, steps: ${steps} }\n`;
  const given = (
    jobs: string,
    { on = '[push, workflow_dispatch]', condition = '', steps = CHECKOUT + step() } = {},
  ): string => `on: ${on}\n${TOKEN}jobs:\n${jobs}${JOB}${NEEDS}${condition}    steps:\n${steps}`;
  const IF = "if: github.event_name == 'push', ";
  const ALWAYS = "    if: always() && github.ref != 'x'\n";
  const BUILT = "[{ id: b, if: 'github.event_name != inputs.kind', run: x }]";
  const OUTPUT = "'${{ steps.b.outputs.image }}'";
  test.each<readonly [string, string, RegExp]>([
    [
      'of a job',
      given(build(IF), { condition: ALWAYS }),
      /^warning: `image` is empty on GitHub where the job build is skipped \(`if: github\.event_name == 'push'`\): needs\.build\.outputs\.image has no value then\. This job runs all the same \(`if: always\(\) && .*Add `&& needs\.build\.result == 'success'`/,
    ],
    [
      'of a job that waits for one that is skipped',
      given(`  test: { runs-on: ubuntu-latest, ${IF}steps: [] }\n${build('needs: test, ')}`, {
        condition: '    if: ${{ !cancelled() }}\n',
      }),
      /^warning: `image` .* where the job test is skipped/,
    ],
    [
      'of a step in that job',
      given(build('', BUILT, OUTPUT)),
      /^warning: `image` .* where the step b of the job build is skipped .*`if: needs\.build\.outputs\.image`/,
    ],
    [
      'of a step of the same job',
      given(BUILD, {
        steps: `${CHECKOUT}      - { id: b, if: vars.X, run: x }\n${step().replace('needs.build', 'steps.b')}`,
      }),
      /^warning: `image` .* where the step b is skipped \(`if: vars\.X`\)/,
    ],
  ])('%s', (_, text, expected) => {
    expect(read(text).problems).toEqual([expect.stringMatching(expected)]);
  });
  test.each<readonly [string, string]>([
    ['the deployment is skipped with the build', given(build(IF))],
    [
      'it asks for the result',
      given(build(IF), { condition: "    if: always() && needs.build.result == 'success'\n" }),
    ],
    [
      'it has the same condition',
      given(build('', BUILT, OUTPUT), { condition: '    if: github.event_name != inputs.kind\n' }),
    ],
    [
      'there is another value',
      given(build(IF), { condition: ALWAYS, steps: CHECKOUT + step().replace(' }}', ' || vars.IMAGE }}') }),
    ],
    ['the only event is one that builds', given(build(IF), { on: 'push', condition: ALWAYS })],
    ['the build always runs', given(build('if: always(), '), { condition: ALWAYS })],
  ])('not where %s', (_, text) => {
    expect(read(text).problems).toEqual([]);
  });
});
