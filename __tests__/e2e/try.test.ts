import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `npm run try` as a user has it: a workflow file in, the log, the calls and a page out. */
const CORPUS = '__tests__/fixtures/task-definitions';
const folder = mkdtempSync(join(tmpdir(), 'try-'));
const page = join(folder, 'summary.html');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function attempt(...args: readonly string[]) {
  const options = { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/try.ts', ...args, '--no-open', '--html', page],
    options,
  );
  return { status, text: stdout + stderr };
}
/** For each account that an example deploys to. */
const TEMPLATE = ['--task-definition', join(folder, 'task-definition.json')];
beforeAll(() => {
  const template = readFileSync('.github/ci/task-definition.json', 'utf8');
  writeFileSync(join(folder, 'task-definition.json'), template.replaceAll('123456789012', '${AWS_ACCOUNT_ID}'));
});

const OUTCOMES: Readonly<Record<string, string>> = {
  'pull-request-plan.yml': 'planned',
  'rollback.yml': 'deployed',
};
/** A step with `services` is refused, below. */
const EXAMPLES = readdirSync('examples').filter((file) => file.endsWith('.yml') && file !== 'monorepo.yml');

test.each(EXAMPLES)(
  'examples/%s runs as it stands',
  (file) => {
    const { status, text } = attempt(join('examples', file), ...TEMPLATE);
    expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1], status === 0 ? '' : text]).toEqual([
      0,
      OUTCOMES[file] ?? 'deployed',
      '',
    ]);
    expect(text).toMatch(/^ +\d+ s {2}ecs:DescribeServices, /m);
    expect(readFileSync(page, 'utf8')).toMatch(/<h\d>[\s\S]*<details><summary>Log<\/summary>/);
  },
  180_000,
);

test.each([
  ['crash', /ended with exit code 1/],
  ['image', /does not exist: the registry has no such tag/],
  ['health', /its health check on port 8080 fails with HTTP status 502/],
  ['capacity', /Fargate quota is reached/],
])(
  '--break %s: the deployment fails, is explained and rolled back',
  (kind, cause) => {
    const { status, text } = attempt('examples/push-to-main.yml', ...TEMPLATE, '--break', kind);
    expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([1, 'rolled-back']);
    expect(text).toMatch(cause);
    expect(readFileSync(page, 'utf8').replaceAll(/<[^>]*>/g, '')).toMatch(cause);
  },
  180_000,
);

test('what only GitHub knows is made up, and said', () => {
  const { text } = attempt('examples/rollback.yml', '--set', 'inputs.what=list');
  expect(text).toContain('vars.DEPLOY_ROLE = arn:aws:iam::123456789012:role/deploy-role (made up');
  expect(text).toContain('inputs.what = list (--set)');
  expect(text).toContain('inputs.environment = staging (the workflow)');
  expect(text).toMatch(/^Outcome: listed/m);
});

/** Task definitions of AWS's documentation, each in a small workflow. */
const DEFINITIONS: readonly (readonly [file: string, shows: RegExp])[] = [
  ['AWS_Fargate-1.json', /^Outcome: deployed/m],
  ['application-metrics-cloudwatch-1.json', /^Outcome: deployed/m],
  ['ECS_AWSCLI_EC2-1.json', /^Outcome: deployed/m],
  ['firelens-example-taskdefs-2.json', /^Outcome: deployed/m],
  ['sample-jetty_ec2.json', /^Outcome: deployed/m],
  ['tutorial-deploy-fluentbit-on-windows-2.json', /^Outcome: deployed/m],
  ['ecs-gpu-2.json', /✗ capacity: a task takes .* 2 GPUs/],
  [
    'firelens-taskdef-3.json',
    /^The task definition task-definition\.json: RegisterTaskDefinition answers ClientException/m,
  ],
];

test.each(DEFINITIONS)(
  '%s: %s',
  (file, shows) => {
    const root = join(folder, file.replace('.json', ''));
    mkdirSync(join(root, '.github/workflows'), { recursive: true });
    writeFileSync(join(root, 'task-definition.json'), readFileSync(join(CORPUS, file)));
    const workflow = join(root, '.github/workflows/deploy.yml');
    const step = `{ service: app, task-definition: task-definition.json, image: 'ghcr.io/acme/app:\${{ github.sha }}', aws-region: '\${{ vars.AWS_REGION }}' }`;
    writeFileSync(
      workflow,
      `on: push\njobs:\n  deploy:\n    steps:\n      - uses: acme/ecs-rollout@v1\n        with: ${step}\n`,
    );
    const { text } = attempt(workflow);
    expect(text).toMatch(shows);
    expect(text).not.toMatch(/^\s+at /m);
  },
  180_000,
);

test.each([
  [[], /Give one workflow file/],
  [['nowhere.yml'], /ENOENT.*nowhere\.yml/],
  [['examples/push-to-main.yml', '--break', 'everything'], /--break takes one of crash, image, health, capacity/],
  [['examples/promote.yml', '--step', '7'], /has 2 steps that use this action/],
  [['examples/push-to-main.yml', '--set', 'x'], /--set takes PATH=VALUE/],
  [['biome.json'], /is not a workflow/],
  [['examples/monorepo.yml'], /deploys several services/],
])('%j is refused', (args, words) => {
  const { status, text } = attempt(...args);
  expect(status).toBe(2);
  expect(text).toMatch(words);
});
