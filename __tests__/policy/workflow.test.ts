import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { policyCommand } from '../../scripts/policy/command.ts';
import { policyOf } from '../../scripts/policy/statements.ts';
import { repositoryIn, repositoryOf, subjectsOf, trustPolicyOf } from '../../scripts/policy/trust.ts';
import { policiesOf } from '../../scripts/policy/workflow-policy.ts';
import { conversionLines } from '../../scripts/try/conversion.ts';
import { evaluate, interpolate, type Value, withEnv } from '../../scripts/workflow/expressions.ts';
import { environmentOf, fill, UNKNOWN_REPOSITORY } from '../../scripts/workflow/fill.ts';
import { withHome } from '../../scripts/workflow/home.ts';
import { likely } from '../../scripts/workflow/likely.ts';
import { mayNotAssume } from '../../scripts/workflow/permissions.ts';
import {
  callsElsewhere,
  migratedStepsIn,
  officialStepsOf,
  otherStepsIn,
  stepsIn,
  stepsOf,
  whyNoStep,
} from '../../scripts/workflow/steps.ts';
import { variantsOf } from '../../scripts/workflow/variants.ts';
import { trusts } from '../../simulator/services/trust.ts';

const CONTEXTS: Readonly<Record<string, Value>> = {
  'github.ref_name': 'v1.3.0-rc.1',
  'github.event_name': 'push',
  'vars.STAGE': 'Blue',
  'inputs.count': 3,
  'inputs.dry': false,
  'matrix.list': ['a', 'b'],
};
const lookup = (path: readonly string[]): Value | undefined => CONTEXTS[path.join('.')];

test.each([
  ['${{ env.A }}', 'a'],
  ['x-${{env.A}}-${{ env.MISSING }}', 'x-a-${{ env.MISSING }}'],
  ['${{ env.QUOTED }}', "it's"],
  ["${{ env.QUOTED || 'env.A' }}", "${{ 'it''s' || 'env.A' }}"],
  ["${{ env['A'] == 'a' && github.env.A }}", "${{ 'a' == 'a' && github.env.A }}"],
  ["${{ format('{0}', env.ONE) }}", "${{ format('{0}', (vars.X || vars.Y)) }}"],
  ["${{ startsWith(env.MIXED, 'w') }}", "${{ startsWith(format('w{{-{0}-{1}', vars.X, github.sha), 'w') }}"],
  ['env.A, my.env.A', 'env.A, my.env.A'],
])('the environment in the place of its names: %s', (text, expected) => {
  const env = { A: 'a', QUOTED: "it's", ONE: '${{ vars.X || vars.Y }}', MIXED: 'w{-${{ vars.X }}-${{ github.sha }}' };
  expect(withEnv(text, env)).toBe(expected);
  const given: Readonly<Record<string, string>> = { 'vars.X': 'x', 'github.sha': 'c0ffee' };
  const value = (path: readonly string[]): Value | undefined => {
    const [context, name = ''] = path;
    const own = context === 'env' ? env[name as keyof typeof env] : undefined;
    return own === undefined ? given[path.join('.')] : interpolate(own, value);
  };
  expect(interpolate(expected, value)).toBe(interpolate(text, value));
});

/** https://docs.github.com/en/actions/reference/workflows-and-actions/expressions */
test.each<[string, Value]>([
  ["'it''s'", "it's"],
  ['-1.5', -1.5],
  ['0xff', 255],
  ['null', null],
  ['vars.STAGE', 'Blue'],
  ["vars['STAGE']", 'Blue'],
  ['vars.MISSING', null],
  ["vars.STAGE == 'blue'", true],
  ["vars.STAGE != 'blue'", false],
  ["'1' == 1", true],
  ["null == ''", true],
  ['inputs.count >= 3 && inputs.count < 4', true],
  ["inputs.dry && 'a' || 'b'", 'b'],
  ["!inputs.dry && 'a' || 'b'", 'a'],
  ["contains(github.ref_name, '-') && 'staging' || 'production'", 'staging'],
  ["contains(matrix.list, 'B')", true],
  ["startsWith(github.ref_name, 'V1') && endsWith(github.ref_name, 'rc.1')", true],
  ["format('list-{0}-{1} {{x}}', inputs.count, vars.STAGE)", 'list-3-Blue {x}'],
  ["join(matrix.list, '+')", 'a+b'],
  ["fromJSON('[1, 2]')", [1, 2]],
  ["fromJSON('[1, 2]')[1]", 2],
  [`fromJSON('{"a": {"b": 3}}').a.b`, 3],
  [`fromJSON('{"Blue": "x"}')[vars.STAGE]`, 'x'],
  [`fromJSON('{"a": 1}').b.c`, null],
  ['(matrix.list)[0]', 'a'],
  ["toJSON('a')", '"a"'],
  ['(true || false) && success()', true],
])('%s is %j', (expression, value) => {
  expect(evaluate(expression, lookup)).toEqual(value);
});

const OURS = '{ uses: acme/ecs-rollout@v1 }';
test.each<[string, { on?: string; top?: string; job?: string; steps?: string }, boolean]>([
  ['no permissions anywhere', {}, true],
  ['of the workflow', { top: '{ id-token: write }' }, false],
  ['of the job', { job: '{ contents: read, id-token: write }' }, false],
  ['write-all', { job: 'write-all' }, false],
  ['read-all', { top: 'read-all' }, true],
  ['those of the job replace those of the workflow', { top: '{ id-token: write }', job: '{ contents: read }' }, true],
  ['none', { top: 'write-all', job: '{}' }, true],
  ['a caller that is not known', { on: 'workflow_call' }, false],
  ['a caller that is not known, without it here', { on: 'workflow_call', job: '{ contents: read }' }, true],
  ['credentials before it', { steps: '{ uses: aws-actions/configure-aws-credentials@v6 }, ' }, false],
])('the token of a job for its role: %s', (_, { on = 'push', top, job, steps = '' }, lacks) => {
  const text = `on: ${on}\n${top === undefined ? '' : `permissions: ${top}\n`}jobs:\n  deploy:\n${job === undefined ? '' : `    permissions: ${job}\n`}    steps: [${steps}${OURS}]\n`;
  expect(stepsOf('deploy.yml', text).map(mayNotAssume)).toEqual([lacks]);
});

test.each([
  ['', '', true],
  ['permissions: { id-token: write }', '', false],
  ['permissions: { id-token: write }', 'permissions: { contents: read }', true],
  ['permissions: { contents: read }', 'permissions: { id-token: write }', true],
])('a called workflow has at most the token of its caller: caller %j, called %j', (caller, called, lacks) => {
  const root = mkdtempSync(join(tmpdir(), 'called-'));
  writeFileSync(join(root, 'called.yml'), `on: workflow_call\n${called}\njobs: { deploy: { steps: [${OURS}] } }\n`);
  writeFileSync(join(root, 'caller.yml'), `on: push\n${caller}\njobs: { ship: { uses: ./called.yml } }\n`);
  expect(stepsIn(join(root, 'caller.yml'), root).map(mayNotAssume)).toEqual([lacks]);
  rmSync(root, { recursive: true });
});

const SECRET_ROLE = {
  'aws-region': '${{ vars.AWS_REGION }}',
  'role-to-assume': '${{ secrets.ROLE }}',
  'allowed-account-ids': '${{ vars.AWS_ACCOUNT_ID }}',
  image: '${{ secrets.REGISTRY }}/web:1',
  'task-definition': 'task-definition.json',
  service: 'web',
};
test.each<[string, Readonly<Record<string, string>>, given: Readonly<Record<string, string>>, account: string]>([
  ['of the task definition', {}, {}, '333333333333'],
  ['of a role that is given', {}, { 'secrets.ROLE': 'arn:aws:iam::444444444444:role/x' }, '444444444444'],
  ['of the only account that is allowed', { 'allowed-account-ids': '555555555555' }, {}, '555555555555'],
  ['of an image', { image: '666666666666.dkr.ecr.us-east-1.amazonaws.com/web:1' }, {}, '666666666666'],
  ['of a service', { service: 'arn:aws:ecs:us-east-1:777777777777:service/p/web' }, {}, '777777777777'],
])('all that is made up is of one account and Region: %s', (_, inputs, given, account) => {
  const root = mkdtempSync(join(tmpdir(), 'home-'));
  const executionRoleArn = 'arn:aws:iam::333333333333:role/execution';
  const logConfiguration = { logDriver: 'awslogs', options: { 'awslogs-region': 'us-east-1' } };
  const definition = {
    family: 'web',
    executionRoleArn,
    containerDefinitions: [{ name: 'web', image: 'x', logConfiguration }],
  };
  writeFileSync(join(root, 'task-definition.json'), JSON.stringify(definition));
  const [first] = stepsOf('deploy.yml', `on: push\njobs: { deploy: { steps: [${OURS}] } }`);
  if (!first) throw new Error('no step');
  const step = { ...first, with: { ...SECRET_ROLE, ...inputs } };
  const facts = { github: {}, given: new Map(Object.entries(given)) };
  const filled = fill(step, withHome(step, facts, { root })).inputs;
  rmSync(root, { recursive: true });
  expect(filled['aws-region']).toBe('us-east-1');
  expect(filled['role-to-assume']).toContain(`::${account}:role/`);
  expect(filled['allowed-account-ids']).toBe(account);
  expect(filled.image).toContain(`${account}.dkr.ecr.us-east-1.`);
});

test('an action of a repository that the job checks out: the other steps of the file are read without it', () => {
  const root = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  const write = (steps: string): string => {
    writeFileSync(
      join(root, 'deploy.yml'),
      `on: push\njobs: { deploy: { steps: [{ uses: ./other/login }${steps}] } }\n`,
    );
    return join(root, 'deploy.yml');
  };
  expect(stepsIn(write(`, ${OURS}`), root)).toHaveLength(1);
  expect(() => stepsIn(write(''), root)).toThrow(/\.\/other\/login does not exist .* in a clone of that repository/);
  rmSync(root, { recursive: true });
});

test('an image for ECR Public keeps its registry', () => {
  const text = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - { uses: aws-actions/amazon-ecr-login@v2, id: login, with: { registry-type: public } }
      - run: |
          docker build -t $REGISTRY/alias/web:$TAG .
          docker push $REGISTRY/alias/web:$TAG
          echo "image=$REGISTRY/alias/web:$TAG" >> $GITHUB_OUTPUT
        id: build
        env: { REGISTRY: '\${{ steps.login.outputs.registry }}', TAG: '\${{ github.sha }}' }
      - uses: aws-actions/amazon-ecs-render-task-definition@v1
        id: render
        with: { task-definition: td.json, container-name: web, image: '\${{ steps.build.outputs.image }}' }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: '\${{ steps.render.outputs.task-definition }}', service: web }
`;
  expect(officialStepsOf('deploy.yml', text).map((one) => one.with.repository)).toEqual(['public.ecr.aws/alias/web']);
});

test('a workflow of another repository: what to run on it, with the file of the caller', () => {
  const text =
    "jobs: { d: { uses: acme/workflows/.github/workflows/reusable.yml@v1, with: { service: web, task-definition: ci/td.json, note: it's } } }";
  const root = mkdtempSync(join(tmpdir(), 'caller-'));
  const command = (): string[] => callsElsewhere(text, { root, command: 'try' }).map((one) => one.split('\n')[1] ?? '');
  const set = "--set inputs.service=web --set inputs.task-definition=ci/td.json --set 'inputs.note=it'\\''s'";
  expect(command()).toEqual([`  npm run -s try -- ../workflows/.github/workflows/reusable.yml ${set}`]);
  mkdirSync(join(root, 'ci'));
  writeFileSync(join(root, 'ci/td.json'), '{}');
  expect(command()).toEqual([
    `  npm run -s try -- ../workflows/.github/workflows/reusable.yml --task-definition ${join(root, 'ci/td.json')} ${set}`,
  ]);
  rmSync(root, { recursive: true });
  const own = 'jobs: { d: { uses: ./.github/workflows/own.yml } }';
  expect(callsElsewhere(own, { root, command: 'try' })).toEqual([]);
});

test('docs/platform-teams.md: the loop over services and environments writes every policy', () => {
  const [loop = ''] = /^workflow=[\s\S]*?^done.*$/m.exec(readFileSync('docs/platform-teams.md', 'utf8')) ?? [];
  const root = mkdtempSync(join(tmpdir(), 'loop-'));
  const [clone, shop, workflows] = [join(root, 'clone'), join(root, 'shop'), join(root, 'workflows/.github/workflows')];
  for (const one of [clone, shop, workflows]) mkdirSync(one, { recursive: true });
  copyFileSync('examples/reusable.yml', join(workflows, 'reusable.yml'));
  copyFileSync('.github/ci/task-definition.json', join(shop, 'task-definition.json'));
  writeFileSync(join(clone, 'services.txt'), 'shop acme@9919/shop@1296269\n');
  const script = loop.replaceAll(
    'npm run -s policy --',
    `${process.execPath} ${join(process.cwd(), 'scripts/policy.ts')}`,
  );
  const { status, stderr } = spawnSync('bash', ['-e', '-c', script], { cwd: clone, encoding: 'utf8' });
  expect([status, /::|rror/.test(stderr) ? stderr : '']).toEqual([0, '']);
  for (const [environment, account] of [
    ['staging', '111111111111'],
    ['production', '222222222222'],
  ])
    for (const kind of ['deploy', 'trust'])
      expect(readFileSync(join(clone, `${kind}-shop-${environment}.json`), 'utf8')).toContain(account);
  rmSync(root, { recursive: true });
}, 60_000);

test.each(['vars.', "'open", 'a b', 'nothing(1)', '#', 'a &&', '(1'])('%s is refused', (expression) => {
  expect(() => evaluate(expression, lookup)).toThrow(expression.slice(0, 3));
});

test('fromJSON of what is not JSON says how to give it a value', () => {
  expect(() => evaluate('fromJSON(vars.STAGE).prod', lookup)).toThrow(/fromJSON gets `Blue`, which is not JSON; --set/);
});

test('a text may have several expressions', () => {
  expect(interpolate('${{ vars.STAGE }}-${{inputs.count}} $HOME ${IMAGE}', lookup)).toBe('Blue-3 $HOME ${IMAGE}');
});

const WORKFLOW = `
on:
  push: { branches: [main, 'release/*'] }
  workflow_dispatch:
    inputs:
      where: { type: choice, options: [staging, production] }
env: { FAMILY: web, OTHER: '\${{ vars.OTHER }}' }
jobs:
  build:
    steps:
      - uses: actions/checkout@v5
      - uses: acme/ecs-rollout@0123456789012345678901234567890123456789
        with: { mode: build, aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::123456789012:role/build', repository: team/web }
  deploy:
    strategy: { matrix: { service: [web, worker] } }
    environment: \${{ inputs.where }}
    steps:
      - name: Deploy
        uses: acme/ecs-rollout@v1
        env: { FAMILY: worker }
        with:
          aws-region: \${{ vars.REGION }}
          role-to-assume: \${{ secrets.ROLE }}
          cluster: \${{ inputs.where }}
          service: \${{ matrix.service }}
          image: \${{ needs.build.outputs.image }}
          task-definition: .github/ci/task-definition.json
          environment-variables: |
            FAMILY=\${{ env.FAMILY }}
            OTHER=\${{ env.OTHER }}
`;
const FACTS = { github: { sha: 'c0ffee', repository: 'acme/web' }, given: new Map([['vars.OTHER', 'set']]) };

describe('a value of `env` that has the name which it is made of', () => {
  const job = (given: { readonly env?: string; readonly region?: string; readonly own?: string }): string => `
on: push
${given.env === undefined ? '' : `env: { AWS_REGION: ${given.env} }`}
jobs:
  deploy:
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { aws-region: '${given.region ?? '${{ env.AWS_REGION }}'}', role-to-assume: 'arn:aws:iam::123456789012:role/deploy' }
      - uses: acme/ecs-rollout@v1
        ${given.own === undefined ? '' : `env: { AWS_REGION: '${given.own}' }`}
        with: { aws-region: '\${{ env.AWS_REGION }}', cluster: production, service: web }
`;
  const regionOf = (text: string) => {
    const [step] = stepsOf('deploy.yml', text);
    if (!step) throw new Error('no step');
    const { inputs, assumptions } = fill(step, FACTS);
    const env = environmentOf(step, FACTS, inputs).env.AWS_REGION;
    return [inputs['aws-region'], env, assumptions.find(({ path }) => path === 'env.AWS_REGION')?.source];
  };
  test.each([
    ['the step that sets the credentials', { env: 'eu-north-1' }, 'eu-north-1', 'workflow'],
    [
      'in an expression',
      { env: 'eu-north-1', region: "${{ env.AWS_REGION || ''us-east-1'' }}" },
      'eu-north-1',
      'workflow',
    ],
    ['the step itself', { env: 'eu-north-1', own: '${{ env.AWS_REGION }}' }, 'eu-north-1', 'workflow'],
    [
      'what nothing in the file has, and a step may have written',
      { own: '${{ env.AWS_REGION }}' },
      'eu-west-1',
      'made up',
    ],
  ])('%s', (_, given, region, source) => {
    expect(regionOf(job(given))).toEqual([region, region, source]);
  });

  test('the chain that is converted', () => {
    const text = job({ env: 'eu-north-1' }).replace(
      'acme/ecs-rollout@v1',
      'aws-actions/amazon-ecs-deploy-task-definition@v2',
    );
    const [step] = officialStepsOf('deploy.yml', text);
    expect(step && fill(step, FACTS).inputs['aws-region']).toBe('eu-north-1');
  });
});

test('the steps of a workflow that use the action, with what their expressions become and where that is from', () => {
  const [build, deploy, ...others] = stepsOf('deploy.yml', WORKFLOW);
  expect(others).toEqual([]);
  expect([build?.job, deploy?.job, deploy?.title, deploy?.line]).toEqual(['build', 'deploy', 'Deploy', 18]);
  if (!deploy) throw new Error('no step');
  const { inputs, assumptions } = fill(deploy, FACTS);
  expect(inputs).toMatchObject({
    'aws-region': 'eu-west-1',
    'role-to-assume': 'arn:aws:iam::123456789012:role/role',
    cluster: 'staging',
    service: 'web',
    'environment-variables': 'FAMILY=worker\nOTHER=set\n',
  });
  expect(assumptions.map(({ path, source }) => `${path}: ${source}`)).toEqual([
    'vars.REGION: made up',
    'secrets.ROLE: made up',
    'inputs.where: workflow',
    'matrix.service: workflow',
    'needs.build.outputs.image: made up',
    'env.FAMILY: workflow',
    'vars.OTHER: given',
    'env.OTHER: workflow',
  ]);
  expect(variantsOf(deploy).map((variant) => [...variant.values()].join(' '))).toEqual([
    'staging web',
    'staging worker',
    'production web',
    'production worker',
  ]);
});

test('a policy for each role; every choice of the workflow is in it, and what only GitHub knows is a wildcard', () => {
  const policies = policiesOf(stepsOf('deploy.yml', WORKFLOW), { facts: FACTS, root: '.' });
  expect(policies.map(({ role }) => role)).toEqual(['arn:aws:iam::123456789012:role/build', '${{ secrets.ROLE }}']);
  const [build, deploy] = policies.map(({ rights }) => policyOf(rights));
  expect(build?.Statement.map(({ Sid }) => Sid)).toEqual(['Login', 'Push']);
  expect(deploy?.Statement.find(({ Sid }) => Sid === 'Service')?.Resource).toEqual(
    ['staging/web', 'staging/worker', 'production/web', 'production/worker'].map(
      (path) => `arn:aws:ecs:*:123456789012:service/${path}`,
    ),
  );
  const images = deploy?.Statement.find(({ Sid }) => Sid === 'Images');
  expect(images?.Resource).toBe('arn:aws:ecr:eu-west-1:123456789012:repository/team/web');
  expect(policies[1]?.notes).toEqual([
    'The Region is not known, because only a run has the value of `aws-region`: `*`.',
  ]);
  const sids = deploy?.Statement.map(({ Sid }) => Sid) ?? [];
  expect(new Set(sids).size).toBe(sids.length);
});

test('the account is the only one that the task definition names, and the reader is asked to check it', () => {
  const step = `aws-region: eu-west-1, role-to-assume: '\${{ vars.ROLE }}', cluster: production, service: web, mode: rollback`;
  const workflow = `on: push\njobs:\n  back:\n    steps:\n      - uses: acme/ecs-rollout@v1\n        with: { ${step} }\n`;
  const folder = mkdtempSync(join(tmpdir(), 'account-'));
  const accounts = (image: string, secret: string): readonly unknown[] => {
    const file = join(folder, 'task-definition.json');
    const container = { name: 'app', image, secrets: [{ name: 'KEY', valueFrom: secret }] };
    writeFileSync(file, JSON.stringify({ family: 'web', containerDefinitions: [container] }));
    const [policy] = policiesOf(stepsOf('rollback.yml', workflow), {
      facts: FACTS,
      root: folder,
      taskDefinition: file,
    });
    const service = policyOf(policy?.rights ?? []).Statement.find(({ Sid }) => Sid === 'Service')?.Resource;
    return [service, policy?.notes.find((note) => note.startsWith('The account is'))];
  };
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1';
  const secret = (account: string) => `arn:aws:ssm:eu-west-1:${account}:parameter/key`;
  expect(accounts(image, 'key')).toEqual([
    'arn:aws:ecs:eu-west-1:123456789012:service/production/web',
    'The account is 123456789012, the only one that the task definition and the image name. Where the service is in another one, give that with --account.',
  ]);
  expect(accounts('web:1', secret('123456789012'))[0]).toContain(':123456789012:');
  expect(accounts(image, secret('210987654321'))).toEqual([
    'arn:aws:ecs:eu-west-1:*:service/production/web',
    'The account is not known: `*`. Give it with --account.',
  ]);
  rmSync(folder, { recursive: true });
});

const ISSUER = 'token.actions.githubusercontent.com';
const REPOSITORY = repositoryIn('repo:acme@123/web@456');
/** Whether a token with these claims assumes the role. */
const isTrusted = (policy: object, claims: Readonly<Record<string, string>>, account = '123456789012'): boolean =>
  trusts(policy, {
    action: 'sts:AssumeRoleWithWebIdentity',
    principal: { type: 'Federated', names: [`arn:aws:iam::${account}:oidc-provider/${ISSUER}`] },
    values: new Map(
      Object.entries({ aud: 'sts.amazonaws.com', repository_id: '456', ...claims }).map(([key, value]) => [
        `${ISSUER}:${key}`,
        [value],
      ]),
    ),
  });

test('trust: the subject of each job, by name and by the ids that new repositories have, of one repository alone', () => {
  const [build, deploy] = stepsOf('deploy.yml', WORKFLOW);
  if (!build || !deploy) throw new Error('no steps');
  expect(subjectsOf(build)).toEqual(['ref:refs/heads/main', 'ref:refs/heads/release/*', 'ref:refs/heads/main']);
  expect(subjectsOf(deploy)).toEqual(['environment:staging', 'environment:production']);
  const policy = trustPolicyOf([build], { facts: FACTS, repository: REPOSITORY });
  expect(isTrusted(policy, { sub: 'repo:acme/web:ref:refs/heads/main' })).toBe(true);
  expect(isTrusted(policy, { sub: 'repo:acme@123/web@456:ref:refs/heads/release/1' })).toBe(true);
  expect(isTrusted(policy, { sub: 'repo:acme/web:pull_request' })).toBe(false);
  // A stranger who has the name now.
  expect(isTrusted(policy, { sub: 'repo:acme/web:ref:refs/heads/main', repository_id: '789' })).toBe(false);
  expect(isTrusted(policy, { sub: 'repo:acme@999/web@789:ref:refs/heads/main', repository_id: '789' })).toBe(false);
});

test.each<[on: string, subjects: string[]]>([
  ['release', ['ref:refs/tags/*']],
  ['{ push: { tags: [v*, "!v0*"] } }', ['ref:refs/tags/v*']],
  ['{ push: { tags: "v[0-9]+.[0-9]+.*" } }', ['ref:refs/tags/v*']],
  ['{ push: { branches: [main, releases/**] } }', ['ref:refs/heads/main', 'ref:refs/heads/releases/*']],
  ['workflow_dispatch', ['ref:refs/heads/main']],
])('trust: the ref of a token for %s', (on, subjects) => {
  const [found] = stepsOf('deploy.yml', `on: ${on}\njobs: { deploy: { steps: [${OURS}] } }`);
  expect(found && subjectsOf(found)).toEqual(subjects);
});

test('the account is that of the registry, where nothing else names one', () => {
  const text = `on: push\njobs: { deploy: { steps: [{ uses: acme/ecs-rollout@v1, with: { aws-region: eu-west-1, service: web, repository: 444455556666.dkr.ecr.eu-west-1.amazonaws.com/web } }] } }`;
  const [policy] = policiesOf(stepsOf('deploy.yml', text), { facts: FACTS, root: '.' });
  expect(JSON.stringify(policyOf(policy?.rights ?? []))).toContain(
    'arn:aws:ecs:eu-west-1:444455556666:service/default/web',
  );
  expect(policy?.notes.join(' ')).toContain('The account is 444455556666');
});

test('trust: of a reusable workflow, and in another partition', () => {
  const [, deploy] = stepsOf(
    'deploy.yml',
    WORKFLOW.replace('${{ secrets.ROLE }}', 'arn:aws-cn:iam::111122223333:role/x'),
  );
  if (!deploy) throw new Error('no step');
  const workflow = 'acme/workflows/.github/workflows/deploy.yml@refs/tags/v1';
  const policy = trustPolicyOf([deploy], { facts: FACTS, repository: REPOSITORY, workflow });
  expect(JSON.stringify(policy)).toContain('arn:aws-cn:iam::111122223333:oidc-provider');
  const [, standard] = stepsOf('deploy.yml', WORKFLOW);
  if (!standard) throw new Error('no step');
  const ours = trustPolicyOf([standard], { facts: FACTS, repository: REPOSITORY, account: '123456789012', workflow });
  const sub = 'repo:acme/web:environment:staging';
  expect(isTrusted(ours, { sub, job_workflow_ref: workflow })).toBe(true);
  expect(isTrusted(ours, { sub, job_workflow_ref: workflow.replace('v1', 'v2') })).toBe(false);
  // A job of the repository itself: its token has no such claim.
  expect(isTrusted(ours, { sub })).toBe(false);
});

test('examples/infrastructure trusts a repository that is named, with ids or without them, and has no default for it', () => {
  const template = readFileSync('examples/infrastructure/service.yml', 'utf8');
  const [, pattern = ''] = /GitHubRepository:[\s\S]*?AllowedPattern: '(.*)'/.exec(template) ?? [];
  const isAllowed = (text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);
  expect(['acme/web', 'acme@9919/web@1296269'].map(isAllowed)).toEqual([true, true]);
  expect(['', '*', 'acme/*', 'acme@*/web@*', 'acme'].map(isAllowed)).toEqual([false, false, false, false, false]);
  expect(/GitHubRepository:(?:\n {4}.*)*\n {4}Default:/.test(template)).toBe(false);
  expect(readFileSync('examples/infrastructure/cdk/stack.ts', 'utf8')).not.toMatch(/getContext\('repository'\) \?\?/);
  expect(readFileSync('examples/infrastructure/terraform/main.tf', 'utf8')).toMatch(
    /variable "github_repository" \{\n(?:(?! *default).*\n)*?\}/,
  );
});

describe('trust: what is not known is refused', () => {
  const steps = (environment: string, on = 'push') =>
    stepsOf(
      'deploy.yml',
      `on: ${on}\njobs:\n  deploy:\n    strategy: { matrix: { stage: [staging, production] } }\n    environment: ${environment}\n    steps: [{ uses: acme/ecs-rollout@v1 }]\n`,
    );
  const none = { github: {}, given: new Map<string, string>() };
  test('a repository without its ids, with the command that prints them', () => {
    expect(() => repositoryOf({ ...none, github: { repository: UNKNOWN_REPOSITORY } }, undefined)).toThrow(
      /--repository OWNER@ID\/NAME@ID\.\nThis prints it: gh api repos\/ORG\/REPO /,
    );
    expect(() => repositoryOf(FACTS, undefined)).toThrow('gh api repos/acme/web ');
    expect(repositoryOf(FACTS, 'acme@123/web@456')).toEqual(REPOSITORY);
  });
  test.each(['acme/web', 'acme@OWNER_ID/web@REPOSITORY_ID', '*@1/*@2', ''])('--repository %j', (text) => {
    expect(() => repositoryIn(text)).toThrow(/--repository takes OWNER@ID\/NAME@ID/);
  });
  test('an environment that only GitHub knows, until it is given', () => {
    const [step] = steps('${{ vars.STAGE }}');
    if (!step) throw new Error('no step');
    expect(() => subjectsOf(step)).toThrow(/deploy, line \d+: .*`vars\.STAGE`.*--set vars\.STAGE=production/);
    const given = new Map([['vars.STAGE', 'production']]);
    expect(subjectsOf(step, { ...none, given })).toEqual(['environment:production']);
  });
  test('an input of any text', () => {
    const on = '{ workflow_dispatch: { inputs: { to: { type: environment } } } }';
    const [step] = steps('${{ inputs.to }}', on);
    if (!step) throw new Error('no step');
    expect(() => subjectsOf(step)).toThrow('--set inputs.to=production');
  });
  test('an environment that the matrix names is each of its values, and not any', () => {
    expect(steps('${{ matrix.stage }}').flatMap((step) => subjectsOf(step))).toEqual([
      'environment:staging',
      'environment:production',
    ]);
  });
  test('an account that the workflow does not name', () => {
    expect(() => trustPolicyOf(steps('production'), { facts: none, repository: REPOSITORY })).toThrow(/--account ID/);
  });
});

/** The command, in this process. */
function policy(...args: readonly string[]): { status: number; stdout: string; stderr: string } {
  let [stdout, stderr] = ['', ''];
  const write = (text: string): void => {
    stdout += text;
  };
  const error = (text: string): void => {
    stderr += text;
  };
  const status = policyCommand(args, { write, error });
  return { status, stdout, stderr };
}
test.each([
  [['examples/push-to-main.yml', ...['--task-definition', '.github/ci/task-definition.json']], 0],
  [['examples/push-to-main.yml', '--account', '1'], 1],
] as const)('the command as a process of its own prints the same: %j', (args, code) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/policy.ts', ...args], { encoding: 'utf8' });
  expect(status).toBe(code);
  expect({ status, stdout, stderr }).toEqual(policy(...args));
});

const TEMPLATE = ['--task-definition', '.github/ci/task-definition.json'];

test('roles that may be passed: any, where no file names them, and one of another account, which ECS refuses', () => {
  const root = mkdtempSync(join(tmpdir(), 'roles-'));
  const workflow = join(root, 'deploy.yml');
  const inputs =
    "{ aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::123456789012:role/deploy', cluster: c, service: web, image: 'a/b:1' }";
  writeFileSync(workflow, `on: push\njobs: { d: { steps: [{ uses: acme/ecs-rollout@v1, with: ${inputs} }] } }\n`);
  const any = policy(workflow);
  expect(any.stdout).toMatch(/"Sid": "PassRolesAnyRole"[^}]*"iam:PassRole"[^}]*role\/\*/);
  expect(any.stderr).toMatch(/Sid ends with AnyRole passes every role of the account: write there the ones/);
  expect(any.stdout.match(/AnyRole/g)).toHaveLength(1);
  const file = join(root, 'td.json');
  const definition = JSON.parse(readFileSync('.github/ci/task-definition.json', 'utf8'));
  writeFileSync(file, JSON.stringify({ ...definition, executionRoleArn: 'arn:aws:iam::210987654321:role/execution' }));
  const named = policy(workflow, '--task-definition', file);
  expect(named.stderr).toMatch(
    /role of the job is of 123456789012: arn:aws:iam::210987654321:role\/execution is of another one/,
  );
  expect(named.stdout + named.stderr).not.toMatch(/AnyRole/);
  rmSync(root, { recursive: true });
});

test.each(readdirSync('examples').filter((file) => file.endsWith('.yml')))(
  'examples/%s: a policy is printed',
  (file) => {
    const { status, stdout, stderr } = policy(join('examples', file), ...TEMPLATE);
    expect([
      status,
      stderr.replaceAll(
        /^(?:Role|Note: \d+ characters|Note: The \w+ is not known, because only a run has the value of `[\w-]+`|Note: The repositor|Note: The statement whose Sid|Note: ECS takes roles of its own account).*\n/gm,
        '',
      ),
    ]).toEqual([0, '']);
    // One JSON object behind the other, where steps have different roles.
    const policies = JSON.parse(`[${stdout.replaceAll(/^\}\n\{$/gm, '},{')}]`) as {
      Statement: { Resource: string | string[] }[];
    }[];
    expect(policies.length).toBeGreaterThan(0);
    for (const { Statement } of policies) expect(Statement.length).toBeGreaterThan(1);
  },
);

test('trust: GitHub Enterprise Server has its own issuer, and names without ids', () => {
  const own = ['--trust', '--repository', 'acme@9919/shop@1296269', '--hostname', 'github.example.com'];
  const { status, stdout, stderr } = policy('examples/push-to-main.yml', ...own);
  expect([status, stderr]).toEqual([0, '']);
  const [statement] = JSON.parse(stdout).Statement;
  const issuer = 'github.example.com/_services/token';
  expect(statement.Principal.Federated).toMatch(new RegExp(`:oidc-provider/${issuer}$`));
  expect(statement.Condition).toEqual({
    StringEquals: {
      [`${issuer}:aud`]: 'sts.amazonaws.com',
      [`${issuer}:sub`]: 'repo:acme/shop:environment:production',
    },
  });
  const wrong = policy('examples/push-to-main.yml', ...own.slice(0, -1), 'https://github.example.com');
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('--hostname takes the name')]);
  const both = policy('examples/push-to-main.yml', ...own, '--job-workflow-ref', 'acme/w/.github/workflows/a.yml@v1');
  expect([both.status, both.stderr]).toEqual([1, expect.stringContaining('--job-workflow-ref is for github.com')]);
});

test('docs/platform-teams.md: a role for one service and environment, inside the reusable workflow alone', () => {
  const role = 'arn:aws:iam::123456789012:role/deploy-shop-production';
  const given = ['inputs.service=shop', 'inputs.environment=production', `vars.DEPLOY_ROLE=${role}`];
  const values = given.flatMap((one) => ['--set', one]);
  const workflow = 'acme/workflows/.github/workflows/reusable.yml@refs/tags/v1';
  const own = ['--trust', '--repository', 'acme@9919/shop@1296269', '--job-workflow-ref', workflow];
  const { status, stdout, stderr } = policy('examples/reusable.yml', ...values, ...own);
  expect([status, stderr]).toEqual([0, '']);
  const claims = {
    sub: 'repo:acme@9919/shop@1296269:environment:production',
    repository_id: '1296269',
    job_workflow_ref: workflow,
  };
  const isOurs = (more: Partial<typeof claims>): boolean => isTrusted(JSON.parse(stdout), { ...claims, ...more });
  expect(isOurs({})).toBe(true);
  expect(isOurs({ sub: 'repo:acme/shop:environment:production' })).toBe(true);
  expect(isOurs({ sub: 'repo:acme/shop:environment:staging' })).toBe(false);
  expect(isOurs({ repository_id: '1' })).toBe(false);
  expect(isOurs({ job_workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main' })).toBe(false);
  const rights = policy('examples/reusable.yml', ...values, ...TEMPLATE).stdout;
  expect(rights).toContain('arn:aws:ecs:eu-west-1:123456789012:service/production/shop');
  expect(rights).toContain('arn:aws:ecr:eu-west-1:123456789012:repository/shop');
});

describe('what reads values', () => {
  const READING = ['secretsmanager:GetSecretValue', 's3:GetObject', 's3:ListBucket'];
  const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf';
  const role = 'arn:aws:iam::123456789012:role/shop';
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'values-'));
    const container = {
      name: 'app',
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1',
      secrets: [{ name: 'PASSWORD', valueFrom: `${secret}:password::` }],
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::settings/shop.env' }],
    };
    writeFileSync(
      join(folder, 'task-definition.json'),
      JSON.stringify({ family: 'shop', containerDefinitions: [container] }),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** @param jobs event, mode and environment of each */
  function printed(jobs: readonly (readonly [mode: string, environment?: string])[], on: string, ...args: string[]) {
    const text = jobs.map(
      ([mode, environment], at) => `  job${at}:
    runs-on: ubuntu-24.04
    ${environment === undefined ? '' : `environment: ${environment}`}
    permissions: { id-token: write, contents: read }
    steps:
      - uses: acme/ecs-rollout@v1
        with: { mode: ${mode}, aws-region: eu-west-1, role-to-assume: '${role}', cluster: c, service: shop, task-definition: task-definition.json }
`,
    );
    const file = join(folder, 'workflow.yml');
    writeFileSync(file, `on: ${on}\njobs:\n${text.join('')}`);
    const { status, stdout, stderr } = policy(file, ...args);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    return { found: READING.filter((action) => stdout.includes(`"${action}"`)), stdout, stderr };
  }

  test.each([
    ['a plan of pull requests', [['plan']], 'pull_request'],
    ['a plan of a push', [['plan']], 'push'],
    ['a deploy', [['deploy', 'production']], 'push'],
  ] as const)('is left out of %s, with a note; the rest of the preflight stays', (_, jobs, on) => {
    const { found, stdout, stderr } = printed(jobs, on);
    expect(found).toEqual([]);
    expect(stdout).toContain('"secretsmanager:DescribeSecret"');
    expect(stderr).toContain('secretsmanager:GetSecretValue, s3:GetObject, s3:ListBucket are left out');
    expect(stderr).toContain(`\n  ${secret}\n`);
  });

  test('--read-values adds it, with a warning', () => {
    const { found, stderr } = printed([['deploy', 'production']], 'push', '--read-values');
    expect(found).toEqual(READING);
    expect(stderr).toMatch(/WARNING: whoever may use this role can read the values/);
    expect(stderr).not.toContain('left out');
  });

  test.each([
    ['a plan', [['plan']], 'pull_request'],
    ['a deploy and a plan of one role', [['deploy', 'production'], ['plan']], '[push, pull_request]'],
    ['a deploy', [['deploy']], 'pull_request_target'],
  ] as const)('--read-values is refused for the role of a job of pull requests: %s', (_, jobs, on) => {
    const { found, stderr } = printed(jobs, on, '--read-values');
    expect(found).toEqual([]);
    expect(stderr).toContain('--read-values is not for this role');
  });

  test('an environment keeps a pull request back, so that it may be asked for', () => {
    expect(printed([['plan', 'plans']], 'pull_request', '--read-values').found).toEqual(READING);
  });

  test('--minimal has none of it, and needs no note', () => {
    const { found, stderr } = printed([['plan']], 'pull_request', '--minimal');
    expect([found, stderr]).toEqual([[], '']);
  });

  const TRUST = ['--trust', '--repository', 'acme@9919/shop@1296269'];
  test.each([
    ['a plan', [['plan']], 'pull_request', /WARNING: `:pull_request` trusts .*Give it the policy of these steps alone/],
    [
      'a deploy too',
      [['deploy'], ['plan']],
      '[push, pull_request]',
      /It is also the role of steps that deploy \(job0, line \d+\)/,
    ],
    ['neither', [['deploy', 'production']], 'push', /^$/],
  ] as const)('a trust policy of pull requests has a warning: %s', (_, jobs, on, note) => {
    expect(printed(jobs, on, ...TRUST).stderr).toMatch(note);
  });
});

test('only what a run cannot do without', () => {
  const { stdout } = policy('examples/push-to-main.yml', ...TEMPLATE, '--minimal');
  const actions = JSON.parse(stdout).Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
  expect(actions).toEqual([
    'ecs:DescribeServices',
    'ecs:UpdateService',
    'ecs:RegisterTaskDefinition',
    'iam:PassRole',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:InitiateLayerUpload',
    'ecr:UploadLayerPart',
    'ecr:CompleteLayerUpload',
    'ecr:PutImage',
  ]);
});

test('a map where GitHub takes text alone is refused with its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  const file = join(folder, 'map.yml');
  writeFileSync(
    file,
    'on: push\njobs:\n  a:\n    steps:\n      - uses: x/y@v1\n        with: {a: {b: c}}\n      - uses: acme/ecs-rollout@v1\n        with:\n          pre-deploy:\n            command: a\n',
  );
  const { stderr } = policy(file);
  rmSync(folder, { recursive: true });
  expect(stderr).toMatch(/map\.yml, line 7: `pre-deploy` is a YAML map.*Write it as `pre-deploy: \|`/);
});

test.each([
  [[], /Give one workflow file/],
  [['nowhere.yml'], /^nowhere\.yml does not exist\. Give a workflow file/],
  [['examples/push-to-main.yml', '--acount', '123456789012'], /no option `--acount`\. Did you mean `--account`\?/],
  [['package.json'], /is not a workflow|no step/],
  [['examples/push-to-main.yml', '--account', '12'], /--account takes 12 digits/],
  [['examples/push-to-main.yml', '--set', 'x'], /--set takes PATH=VALUE/],
  [['examples/push-to-main.yml', '--task-definition', 'nowhere.json'], /nowhere\.json/],
])('%j is refused', (args, words) => {
  const { status, stderr } = policy(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^\s+at /m);
});

/** What only GitHub knows has the form of what it stands for: ECS and its API take ids and ARNs. */
test.each<[name: string, input: string, value: string | RegExp]>([
  [
    'TARGET_GROUP',
    'variables',
    'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/target-group/0123456789abcdef',
  ],
  ['blueTargetGroupArn', 'variables', /:targetgroup\/blue-target-group\/0123456789abcdef$/],
  ['LISTENER_RULE', 'production-listener-rule', /:listener-rule\/app\/listener-rule(?:\/[0-9a-f]{16}){3}$/],
  ['SUBNET_A', 'variables', /^subnet-[0-9a-f]{17}$/],
  ['SUBNETS', 'run-task-subnets', /^subnet-[0-9a-f]{17}$/],
  ['SECURITY_GROUP', 'variables', /^sg-[0-9a-f]{17}$/],
  ['EFS_ID', 'variables', /^fs-[0-9a-f]{17}$/],
  ['EXECUTION_ROLE', 'variables', 'arn:aws:iam::123456789012:role/execution-role'],
  ['EXECUTION_ROLE_ARN', 'variables', 'arn:aws:iam::123456789012:role/execution-role'],
  ['DEPLOY_ROLE', 'role-to-assume', 'arn:aws:iam::123456789012:role/deploy-role'],
  ['AWS_ACCOUNT_ID', 'role-to-assume', '123456789012'],
  ['DB_SECRET_ARN', 'variables', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-secret-AbCdEf'],
  ['APP_URL', 'verify', 'https://example.com'],
  ['IMAGE_DIGEST', 'image', /^sha256:0{64}$/],
  ['TASKS', 'desired-count', '2'],
  ['MINUTES', 'wait-for-minutes', '10'],
  ['STAGE', 'cluster', 'stage'],
])('%s for %s', (name, input, value) => {
  const made = likely(['vars', name], input, { account: undefined, region: undefined });
  if (typeof value === 'string') expect(made).toBe(value);
  else expect(made).toMatch(value);
});

test('two names are two subnets, and made-up ARNs are of the account and the Region of the step', () => {
  const home = { account: '111122223333', region: 'cn-north-1' };
  expect(likely(['vars', 'SUBNET_A'], 'variables', home)).not.toBe(likely(['vars', 'SUBNET_B'], 'variables', home));
  expect(likely(['vars', 'TARGET_GROUP'], 'variables', home)).toMatch(
    /^arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:/,
  );
});

describe('images that only a run knows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (image: string): string => {
    const path = join(folder, 'task-definition.json');
    writeFileSync(path, JSON.stringify({ family: 'web', containerDefinitions: [{ name: 'app', image }] }));
    return path;
  };
  const pulls = (inputs: string, image: string) => {
    const text = `on: push\njobs:\n  a:\n    steps:\n      - uses: acme/ecs-rollout@v1\n        with: { aws-region: eu-west-1, cluster: prod, service: web, ${inputs} }\n`;
    const facts = { github: {}, given: new Map<string, string>() };
    const taskDefinition = file(image);
    const [policy] = policiesOf(stepsOf('a.yml', text), {
      facts,
      root: folder,
      account: '123456789012',
      taskDefinition,
    });
    const rights = (policy?.rights ?? []).filter(({ action }) => action === 'ecr:BatchGetImage');
    return { resources: rights.flatMap(({ resources }) => resources), notes: policy?.notes.join(' ') ?? '' };
  };
  test.each(['rollback', 'list', 'status'])(
    'mode %s looks up the images of revisions, whatever the template says',
    (mode) => {
      const { resources, notes } = pulls(`mode: ${mode}`, '${IMAGE}');
      expect(resources).toEqual(['arn:aws:ecr:eu-west-1:123456789012:repository/*']);
      expect(notes).toContain('Write theirs in its place.');
    },
  );
  test('a deploy knows its own, and not what another placeholder stands for', () => {
    const build = 'repository: team/web, task-definition: task-definition.json';
    expect(pulls(build, '${IMAGE}').resources).not.toContain('arn:aws:ecr:eu-west-1:123456789012:repository/*');
    const given = 'task-definition: task-definition.json, variables: "SIDECAR=x"';
    expect(pulls(given, '${OTHER}').notes).toContain('has a placeholder for it');
  });
});

describe('what only GitHub knows', () => {
  const rolePolicy = (text: string) => {
    const facts = { github: {}, given: new Map<string, string>() };
    return policiesOf(officialStepsOf('a.yml', text), { facts, root: '.', account: '123456789012' })[0];
  };
  const CHAIN = (region: string): string => `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { aws-region: '${region}', role-to-assume: 'arn:aws:iam::\${{ fromJSON(vars.ACCOUNT)[env.STAGE] }}:role/deploy' }
      - run: aws ecs update-service --cluster prod --service web --force-new-deployment
`;
  test('a member of a variable in JSON is not known, and no error', () => {
    const policy = rolePolicy(CHAIN('${{ fromJSON(vars.REGIONS)[env.STAGE] }}'));
    expect(policy?.notes.join(' ')).toContain('The Region is not known');
    expect(policy?.rights.flatMap(({ resources }) => resources)).toContain(
      'arn:aws:ecs:*:123456789012:service/prod/web',
    );
  });
  test('so is the Region that a step before the deployment sets', () => {
    const text = CHAIN('').replace(/- uses: aws-actions[\s\S]*?\n {6}(?=- run)/, '- uses: acme/login@v1\n      ');
    const policy = rolePolicy(text);
    expect(policy?.notes.join(' ')).toContain('The Region is not known');
    expect(policy?.rights.flatMap(({ resources }) => resources)).toContain(
      'arn:aws:ecs:*:123456789012:service/prod/web',
    );
  });
});

describe('files that a workflow calls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'called-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  const CREDENTIALS =
    '      - { uses: aws-actions/configure-aws-credentials@v6, with: { aws-region: eu-west-1, role-to-assume: r } }\n';
  const file = write('.github/workflows/cd.yml', 'on: push\njobs:\n  ship: { uses: ./.github/workflows/deploy.yml }\n');
  write(
    '.github/workflows/deploy.yml',
    `on: workflow_call\njobs:\n  d:\n    runs-on: x\n    steps:\n${CREDENTIALS}      - run: aws s3 sync a s3://b\n      - { uses: aws-actions/amazon-ecs-deploy-task-definition@v2, with: { task-definition: td.json, service: web } }\n`,
  );
  const green = write(
    '.github/workflows/green.yml',
    'on: push\njobs:\n  ship: { runs-on: x, steps: [{ uses: ./.github/actions/green }] }\n',
  );
  write(
    '.github/actions/green/action.yml',
    'runs:\n  using: composite\n  steps:\n    - { shell: bash, run: "aws deploy create-deployment --application-name a" }\n',
  );
  test('their lines are named with them, and so are their other steps', () => {
    const steps = migratedStepsIn(file, folder);
    expect(conversionLines(file, { steps, root: folder }).join('\n')).toMatch(
      /place of the step in line 8 of \.github\/workflows\/deploy\.yml;/,
    );
    expect(otherStepsIn(file, folder)).toMatchObject([
      { job: 'd of .github/workflows/deploy.yml', line: 7, role: 'r' },
    ]);
  });
  test.each(['try', 'policy'])('%s says what they deploy with where it cannot be read', (command) => {
    expect(whyNoStep(green, { root: folder, command })).toMatch(
      /has no step that uses this action\.\nIt deploys with `aws deploy create-deployment`/,
    );
  });
});
