import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WarmAction } from '../../scripts/run-action.ts';
import { tryCommand } from '../../scripts/try/command.ts';

/** `npm run try` as a user has it: a workflow file in, the log, the calls and a page out. */
const CORPUS = '__tests__/fixtures/task-definitions';
const folder = mkdtempSync(join(tmpdir(), 'try-'));
const warm = new WarmAction();
afterAll(async () => {
  await warm.close();
  rmSync(folder, { recursive: true, force: true });
});

let pages = 0;
/**
 * Whose bundle is a process of its own, as a user has it: these examples, each as it stands and with one kind of failure. All other cases
 * share one (`__tests__/e2e/warm-action.test.ts`).
 */
const OWN_PROCESS = /\/(?:push-to-main|pull-request-plan|codedeploy|daemon)\.yml(?!.* --break (?!crash))/;
/** The command, in this process. */
async function attempt(...args: readonly string[]) {
  const page = join(folder, `${pages++}.html`);
  let text = '';
  const add = (more: string): void => {
    text += more;
  };
  const status = await tryCommand([...args, '--no-open', '--html', page], {
    ...{ write: add, error: add, colours: false },
    ...(OWN_PROCESS.test(args.join(' ')) ? {} : { warm }),
  });
  return { status, text, html: () => readFileSync(page, 'utf8') };
}
/** For each account that an example deploys to. */
const TEMPLATE = ['--task-definition', join(folder, 'task-definition.json')];
beforeAll(() => {
  const template = readFileSync('.github/ci/task-definition.json', 'utf8');
  writeFileSync(join(folder, 'task-definition.json'), template.replaceAll('123456789012', '${AWS_ACCOUNT_ID}'));
});

const OUTCOMES: Readonly<Record<string, string>> = {
  'pull-request-plan.yml': 'planned',
  'reusable-plan.yml': 'planned',
  'rollback.yml': 'deployed',
  'drift-check.yml': 'planned',
};
const EXAMPLES = readdirSync('examples').filter((file) => file.endsWith('.yml'));

test.each(EXAMPLES)(
  'examples/%s runs as it stands',
  async (file) => {
    const { status, text, html } = await attempt(join('examples', file), ...TEMPLATE);
    // `detailed-exitcode` ends a plan that would change something with 2.
    const expected = file === 'drift-check.yml' ? 2 : 0;
    expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1], status === expected ? '' : text]).toEqual([
      expected,
      OUTCOMES[file] ?? 'deployed',
      '',
    ]);
    expect(text).toMatch(
      file === 'daemon.yml' ? /^ +\d+ s {2}ecs:UpdateDaemon, once/m : /^ +\d+ s {2}ecs:DescribeServices, /m,
    );
    expect(html()).toMatch(/<h\d>[\s\S]*<details><summary>Log<\/summary>/);
  },
  180_000,
);

test.each([
  ['crash', /connection refused[\s\S]*10\.0\.12\.7:4317|ECONNREFUSED 10\.0\.12\.7:4317/],
  ['image', /does not exist in the registry/],
])('--break %s of a daemon: explained by its tasks, and rolled back by ECS', async (kind, words) => {
  const { status, text, html } = await attempt('examples/daemon.yml', '--break', kind);
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([1, 'rolled-back']);
  expect(text).toMatch(words);
  expect(html()).toMatch(/ecs:ListTasks, /);
});

test.each([
  ['crash', /ended with exit code 1/],
  ['image', /does not exist in the registry \S+ under that name and digest/],
  ['health', /its health check \(target port 8080\) fails with HTTP status 502/],
  ['capacity', /Fargate quota is reached/],
])(
  '--break %s: the deployment fails, is explained and rolled back',
  async (kind, cause) => {
    const { status, text, html } = await attempt('examples/push-to-main.yml', ...TEMPLATE, '--break', kind);
    expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([1, 'rolled-back']);
    expect(text).toMatch(cause);
    // What the step itself would be advised, which builds the image that the stand-in has given.
    expect(/something deleted it since/.test(text)).toBe(kind === 'image');
    expect(text + html()).not.toMatch(/Run the job that builds and pushes/);
    // Behind the error stands no list.
    expect(text).not.toMatch(/^ +\d+ s {2}ecs:/m);
    expect(html().replaceAll(/<[^>]*>/g, '')).toMatch(cause);
  },
  180_000,
);

test('codedeploy.yml --break crash: CodeDeploy stops the deployment with a rollback, and the summary says why', async () => {
  const { status, text, html } = await attempt('examples/codedeploy.yml', ...TEMPLATE, '--break', 'crash');
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([1, 'rolled-back']);
  expect(text).toMatch(
    /web: deployed by CodeDeploy, application AppECS-production-web, deployment group DgpECS-production-web/,
  );
  expect(text).toMatch(/rolling back to web:1 \(StopDeployment\)/);
  expect(html()).toMatch(/codedeploy:StopDeployment, once/);
  const summary = html().replaceAll(/<[^>]*>/g, '');
  expect(summary).toMatch(/ended with exit code 1|ECONNREFUSED/);
  expect(summary).toMatch(/Rolled back to web:1/);
});

test('a workflow with the official actions runs as the one step that takes their place, which is shown', async () => {
  const { status, text } = await attempt(inShop('official'));
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1], status === 0 ? '' : text]).toEqual([0, 'deployed', '']);
  expect(text).toMatch(/official\.yml, line 18: Deploy\n.* takes the place of the steps in lines 8, 10, 12, 15, 18;/);
  expect(text).toContain(' repository: web\n');
  expect(text).not.toContain('id-token');
  expect(text).toMatch(/task-definition: a small one on Fargate in place of file, which only a run on GitHub knows/);
  expect(text).toMatch(/Deploying web:2 to service web, cluster cluster /);
});

test('--controller CODE_DEPLOY: a rollback of a service whose step does not name CodeDeploy', async () => {
  const { status, text } = await attempt(inShop('rollback'), '--controller', 'CODE_DEPLOY');
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([0, 'deployed']);
  expect(text).toMatch(/group DgpECS-production-web[\s\S]*codedeploy:CreateDeployment, once/);
});

test('a rollback goes to what the action deployed: by digest, without a warning about its own tag', async () => {
  const { text } = await attempt(inShop('rollback'));
  expect(text).not.toMatch(/by tag, and ECS pulls|:before/);
});

test('--new: a service that does not exist is created, and deleted where its first deployment fails', async () => {
  const { status, text, html } = await attempt('examples/create-service.yml', '--new', '--break', 'crash');
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1]]).toEqual([1, 'failed']);
  expect(text).toContain('created web in the cluster staging');
  expect(text).toMatch(/web was deleted \(`on-first-failure: delete`\)/);
  expect(html()).toMatch(/ecs:CreateService, once[\s\S]*ecs:DeleteService, once/);
});

test.each([
  ['express-mode', 'image', /does not exist in the registry example\.com/],
  ['express-mode', 'health', /fails with HTTP status 502/],
  ['express-mode', 'capacity', /Fargate quota is reached/],
  ['create-service', 'capacity', /Fargate quota is reached/],
])('%s --new --break %s: the first deployment fails', async (name, kind, cause) => {
  const { status, text } = await attempt(`examples/${name}.yml`, '--new', '--break', kind);
  expect([status, /^Outcome: ([\w-]+)/m.exec(text)?.[1], cause.test(text) ? '' : text]).toEqual([1, 'failed', '']);
});

const step = (inputs: string): string => `name: Ship
on: push
jobs:
  deploy:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v5
      - uses: my-org/ecs-rollout@0123456789012345678901234567890123456789
        with:
          aws-region: eu-west-1
          cluster: production
${inputs.replaceAll(/^/gm, '          ')}
`;
const APP = 'service: web\ntask-definition: task-definition.json';
/** By name, what a workflow of it looks like. */
const WORKFLOWS: Readonly<Record<string, string>> = {
  canary: step(`${APP}
repository: shop/web
platforms: linux/amd64,linux/arm64
strategy: CANARY
canary-percent: 10
canary-bake-minutes: 5
bake-time-minutes: 5
verify: |
  - url: https://shop.example.com/version
    body: \${{ github.sha }}
    every-seconds: 30
  - command: ./smoke.sh production
    every-seconds: 30`),
  'blue-green': step(`${APP}
image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:\${{ github.sha }}
strategy: BLUE_GREEN
bake-time-minutes: 5
alternate-target-group: arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/0123456789abcdef
production-listener-rule: arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef
load-balancer-role: arn:aws:iam::123456789012:role/ecs-load-balancer`),
  tasks: step(`${APP}
image: example.com/web:1
pre-deploy: npm run migrate
post-deploy: npm run smoke`),
  task: step('mode: task\nservice: web\ncommand: npm run report'),
  'run-task': step(
    'run-task: true\ntask-definition: task-definition.json\nimage: example.com/web:1\nrun-task-subnets: subnet-1',
  ),
  watch: step('mode: watch\nservice: web\nrollback-on-failure: true'),
  continue: step('mode: continue\nservice: web'),
  rollback: step('mode: rollback\nservice: web\nrollback-to: v1.2.3'),
  services: step(`task-definition: task-definition.json
repository: shop/web
verify: https://shop.example.com
services: |
  - service: api
  - service: worker
    after: [api]
    command: [node, worker.js]`),
  defined: step(`${APP}
image: example.com/web:1
service-definition: service.json
variables: |
  TARGET_GROUP=\${{ vars.TARGET_GROUP }}
  SUBNET=\${{ vars.SUBNET }}`),
  register: step(
    'mode: register\ntask-definition: task-definition.json\nimage: example.com/web:1\nschedules: tag:team=web',
  ),
  vars: step(`${APP}\nimage: example.com/web:1\nvariables: \${{ toJSON(vars) }}`),
  called: `on: { workflow_call: { inputs: { service: { type: string, required: true } } } }
jobs:
  deploy:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v5
      - uses: my-org/ecs-rollout@v1
        with: { aws-region: eu-west-1, image: 'example.com/web:1', task-definition: task-definition.json, service: '\${{ inputs.service }}' }
`,
  caller: `on: push
jobs:
  deploy:
    strategy: { matrix: { service: [web, worker] } }
    uses: ./.github/workflows/called.yml
    with: { service: '\${{ matrix.service }}' }
`,
  logging: step(`service: web\ntask-definition: logs-here.json\nimage: example.com/web:1\npre-deploy: npm run migrate`),
  region: step(`${APP}\nimage: example.com/web:1`)
    .replace('          aws-region: eu-west-1\n', '')
    .replace('    runs-on', '    env: { AWS_REGION: us-east-1 }\n    runs-on'),
  build: step('mode: build\nrepository: web\nplatforms: linux/arm64\ntags: v1, latest\ncontext: app'),
  'build-nowhere': step('mode: build\nrepository: web\ncontext: ap\nbuild-secret-files: npm=.npmrc'),
  'build-mistaken': step('mode: build\nrepository: Web'),
  'deploy-nowhere': step(`${APP}\nrepository: web\nfile: app/Dockerfil`),
  official: `on: push
permissions: { id-token: write }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    strategy: { matrix: { stage: ['\${{ vars.CLUSTER }}'] } }
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::\${{ secrets.ID }}:role/deploy' }
      - uses: aws-actions/amazon-ecr-login@v2
        id: ecr
      - id: build
        env: { REGISTRY: '\${{ steps.ecr.outputs.registry }}' }
        run: docker build -t $REGISTRY/web:$GITHUB_SHA . && docker push $REGISTRY/web:$GITHUB_SHA
      - uses: aws-actions/amazon-ecs-render-task-definition@v1
        id: render
        with: { task-definition: '\${{ vars.FILE }}', container-name: '\${{ vars.CONTAINER }}', image: '\${{ steps.build.outputs.image }}' }
      - name: Deploy
        uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: '\${{ steps.render.outputs.task-definition }}', service: web, cluster: '\${{ matrix.stage }}' }
`,
  jobs: step(
    `${APP}
image: example.com/web:1
container-name: app
task-definition: jobs.json`.replace('\ntask-definition: task-definition.json', ''),
  ),
  release: step(`service: web
task-definition: logs-elsewhere.json
repository: shop/web
tags: \${{ github.ref_name }}
role-to-assume: arn:aws:iam::123456789012:role/deploy`).replace(
    'on: push',
    "on: { push: { tags: ['v*'] } }\npermissions: { packages: read }",
  ),
  family: step('service: web\ntask-definition-family: web\nimage: example.com/web:1'),
  'official-task': `on: push
permissions: { id-token: write }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: { aws-region: eu-west-1, role-to-assume: 'arn:aws:iam::123456789012:role/deploy' }
      - uses: aws-actions/amazon-ecr-login@v2
        id: ecr
      - uses: docker/build-push-action@v7
        with: { push: true, tags: '\${{ steps.ecr.outputs.registry }}/web:\${{ github.sha }}' }
      - uses: aws-actions/amazon-ecs-render-task-definition@v1
        id: render
        with: { task-definition: task-definition.json, container-name: app, image: '\${{ steps.ecr.outputs.registry }}/web:\${{ github.sha }}' }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: '\${{ steps.render.outputs.task-definition }}', run-task: true, run-task-subnets: subnet-1, cluster: jobs }
`,
  composite: `on: push
jobs:
  deploy:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v5
      - uses: ./.github/actions/deploy
        with: { service: web }
`,
};
const SHOP = join(folder, 'shop');
const inShop = (name: string): string => join(SHOP, '.github/workflows', `${name}.yml`);
beforeAll(() => {
  mkdirSync(join(SHOP, '.github/workflows'), { recursive: true });
  mkdirSync(join(SHOP, '.github/actions/deploy'), { recursive: true });
  mkdirSync(join(SHOP, 'app'));
  for (const path of ['Dockerfile', 'app/Dockerfile']) writeFileSync(join(SHOP, path), 'FROM scratch\n');
  const [container] = JSON.parse(readFileSync('.github/ci/task-definition.json', 'utf8')).containerDefinitions;
  const environment = [{ name: 'STAGE', value: '${STAGE:-blue}' }];
  const text = readFileSync('.github/ci/task-definition.json', 'utf8');
  const definition = { ...JSON.parse(text), containerDefinitions: [{ ...container, environment }] };
  writeFileSync(join(SHOP, 'task-definition.json'), JSON.stringify(definition));
  const logs = { 'awslogs-group': '/web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' };
  const elsewhere = { ...container, logConfiguration: { logDriver: 'awslogs', options: logs } };
  writeFileSync(
    join(SHOP, 'logs-elsewhere.json'),
    JSON.stringify({ ...definition, containerDefinitions: [elsewhere] }),
  );
  const here = {
    ...container,
    logConfiguration: { logDriver: 'awslogs', options: { ...logs, 'awslogs-region': 'eu-west-1' } },
  };
  writeFileSync(join(SHOP, 'logs-here.json'), JSON.stringify({ ...definition, containerDefinitions: [here] }));
  const proxy = {
    name: 'proxy',
    image: '${AWS_ACCOUNT_ID}.dkr.ecr.${AWS_REGION}.amazonaws.com/shop/proxy:${GITHUB_SHA}',
  };
  writeFileSync(join(SHOP, 'jobs.json'), JSON.stringify({ ...definition, containerDefinitions: [container, proxy] }));
  const service = {
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['${SUBNET}'] } },
    loadBalancers: [{ targetGroupArn: '${TARGET_GROUP}', containerName: container.name, containerPort: 8080 }],
  };
  writeFileSync(join(SHOP, 'service.json'), JSON.stringify(service));
  for (const [name, workflow] of Object.entries(WORKFLOWS)) writeFileSync(inShop(name), workflow);
  const called = WORKFLOWS.called ?? '';
  const steps = called.slice(called.indexOf('    steps:')).replaceAll(/^ {4}/gm, '  ');
  writeFileSync(
    join(SHOP, '.github/actions/deploy/action.yml'),
    `inputs: { service: {} }\nruns:\n  using: composite\n${steps}`,
  );
});

test.each([
  [
    'canary',
    'deployed',
    /shop\/web:0{40} \(linux\/amd64, linux\/arm64\) stands in(?=.*https:\/\/shop\.example\.com\/version: passed).*\.\/smoke\.sh production: passed/s,
  ],
  ['blue-green', 'deployed', /stage BAKE_TIME/],
  ['tasks', 'deployed', /post-deploy task succeeded/],
  ['task', 'ran', /ecs:RunTask, once/],
  ['run-task', 'ran', /ecs:RunTask, once/],
  ['watch', 'deployed', /watching ecs-svc\/\d+ of web with web:2/],
  ['continue', 'deployed', /continued web:2/],
  ['rollback', 'deployed', /web:1/],
  ['defined', 'deployed', /target group target-group: HTTP, type ip/],
  ['register', 'registered', /schedule\/tagged\/nightly: \w+:1 -> \w+:2/],
  ['services', 'deployed', /2 services: 2 deployed/],
  ['vars', 'deployed', /registered web:2/],
  ['caller', 'deployed', /matrix\.service can also be worker: --set matrix\.service=worker/],
  [
    'official-task',
    'ran',
    /These two steps take the place of [\s\S]* id: build\n[\s\S]* mode: build\n[\s\S]* image: \$\{\{ steps\.build\.outputs\.image }}\n/,
  ],
  ['composite', 'deployed', /inputs\.service = web \(the workflow\)/],
])(
  '%s runs as it stands: %s, %s',
  async (name, outcome, shows) => {
    const { text } = await attempt(inShop(name));
    expect([/^Outcome: ([\w-]+)/m.exec(text)?.[1], /127\.0\.0\.1/.test(text) ? text : '']).toEqual([outcome, '']);
    expect(text).toMatch(shows);
  },
  60_000,
);

test.each([
  ['task', /relation "orders" already exists[\s\S]*migrate\.js:42/],
  ['health', /GET \/ 502/],
])('--break %s: the application says something, and it is shown', async (kind, words) => {
  const { text, html } = await attempt(inShop('logging'), '--break', kind);
  expect(text).toMatch(words);
  expect(
    html()
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"'),
  ).toMatch(words);
});

test('the Region is that of the environment, or of --set, as the action reads it', async () => {
  const own = await attempt(inShop('region'));
  const other = await attempt(inShop('region'), '--set', 'env.AWS_REGION=ap-south-1');
  expect([own.status, other.status]).toEqual([0, 0]);
  expect([own.text, other.text].map((text) => /https:\/\/([\w-]+)\.console\.aws/.exec(text)?.[1])).toEqual([
    'us-east-1',
    'ap-south-1',
  ]);
});

test('a step that only builds is not run: its inputs and files are checked, and what it would push is shown', async () => {
  const { status, text } = await attempt(inShop('build'));
  expect([status, text]).toEqual([
    0,
    expect.stringMatching(
      /Not run: `mode: build` needs a builder[^\n]*\n[^\n]*the context app for linux\/arm64 and pushes it to web as v1, latest\./,
    ),
  ]);
  expect(text).not.toMatch(/stands in|fails:/);
  const nowhere = await attempt(inShop('build-nowhere'));
  expect([nowhere.status, nowhere.text]).toEqual([
    1,
    expect.stringMatching(/this fails: context: folder `ap` does not exist\. Did you mean `app`\?/),
  ]);
  expect(nowhere.text).toMatch(/this fails: build-secret-files: `npm` names a file that does not exist/);
  const mistaken = await attempt(inShop('build-mistaken'));
  expect([mistaken.status, mistaken.text]).toEqual([1, expect.stringMatching(/repository: `Web`/)]);
});

test('files that a deploy builds from are looked for', async () => {
  const { status, text } = await attempt(inShop('deploy-nowhere'));
  expect(status).toBe(1);
  expect(text).toMatch(/^ {2}On GitHub this fails: file: [^\n]*app\/Dockerfil does not exist/m);
  expect(text).toMatch(/^With that fixed: deployed, exit code 0/m);
});

test.each([
  ['canary', 'verify', 'rolled-back', /verify https:\/\/shop\.example\.com\/version did not succeed/],
  ['canary', 'health', 'rolled-back', /fails with HTTP status 502/],
  ['tasks', 'task', 'failed', /pre-deploy task of web:2 failed/],
  ['task', 'crash', 'failed', /exit code 1/],
  ['run-task', 'image', 'failed', /image example\.com\/web:1 does not exist/],
  ['watch', 'crash', 'rolled-back', /exit code 1/],
  ['watch', 'image', 'rolled-back', /does not exist/],
  ['continue', 'crash', 'rolled-back', /exit code 1/],
  ['rollback', 'capacity', 'rolled-back', /Fargate quota is reached/],
  // The small task definition has logs.
  ['family', 'crash', 'rolled-back', /ECONNREFUSED/],
  ['services', 'crash', 'rolled-back', /worker: revision web:\d+ failed and was rolled back/],
  ['caller', 'health', 'rolled-back', /fails with HTTP status 502/],
])(
  '%s --break %s: %s',
  async (name, kind, outcome, cause) => {
    const { text } = await attempt(inShop(name), '--break', kind);
    expect([/^Outcome: ([\w-]+)/m.exec(text)?.[1], cause.test(text) ? '' : text]).toEqual([outcome, '']);
  },
  60_000,
);

test('images of earlier jobs, by the commit of the run, are there', async () => {
  const { status, text } = await attempt(inShop('jobs'), '--set', `github.sha=${'1a'.repeat(20)}`);
  expect([status, text]).toEqual([0, expect.stringMatching(/^Outcome: deployed/m)]);
});

test.each(['crash', 'capacity'])('services --break %s --service api: that one alone fails', async (kind) => {
  const { text } = await attempt(inShop('services'), '--break', kind, '--service', 'api');
  expect(text).toMatch(/^ +api +failed, rolled back /m);
  expect(text).toMatch(/^ +worker +not started /m);
  expect(text).toMatch(/^✗ api: revision web:\d+ failed and was rolled back$/m);
  expect(text).not.toMatch(/^✗ worker: web:\d+ failed/m);
});

/** Whole workflows of the documentation run as they stand, each step of a mode that needs no build and no other job. */
const PAGES = [
  'README.md',
  ...readdirSync('docs').flatMap((file) => (file.endsWith('.md') ? [join('docs', file)] : [])),
];
const BLOCKS = PAGES.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].flatMap(([, text = ''], i) =>
    /^jobs:/m.test(text) && /ecs-rollout@/.test(text) ? [[`${file} ${i + 1}`, text] as const] : [],
  ),
);

test.each(BLOCKS)(
  '%s: a deploy, plan, rollback, register, watch or task of it runs',
  async (name, text) => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.yml`);
    writeFileSync(file, text);
    const { status, text: shown } = await attempt(file, ...TEMPLATE);
    expect([status, /^Outcome: ([\w-]+)/m.exec(shown)?.[1], status === 0 ? '' : shown]).toEqual([
      0,
      expect.stringMatching(/^(?:deployed|planned|paused|registered|ran|listed)$/),
      '',
    ]);
  },
  60_000,
);

test('there are whole workflows in the documentation, one with a matrix', () => {
  expect(BLOCKS.length).toBeGreaterThan(5);
  expect(BLOCKS.some(([, text]) => /matrix:/.test(text))).toBe(true);
});

test('a release runs for a tag, and with what is missing for GitHub it does not end as a success', async () => {
  const { status, text, html } = await attempt(inShop('release'));
  expect(status).toBe(1);
  expect(text).toMatch(/^ {2}Runs as a push of the tag v1\.2\.3\. Another run: --set github\.ref=refs\/tags\/\S+$/m);
  expect(text).toContain('shop/web:v1.2.3');
  expect(text).toMatch(/^ {2}On GitHub this fails: .*`contents: read`/m);
  expect(text).toMatch(/^ {2}On GitHub this fails: .*`id-token: write`/m);
  expect(text).toMatch(/^Outcome: fails on GitHub, exit code 1: [\s\S]*^With that fixed: deployed, exit code 0/m);
  expect(text).toMatch(/^ {2}Warning: `awslogs-region` of the container \w+ is us-east-1, .* deploys to eu-west-1/m);
  expect(text).toMatch(/^Made for this run[^\n]*\n {2}cluster production\n {2}service web\n {2}roles .*deploy/m);
  expect(html()).toContain('<summary>Made for this run</summary>');
});

test('no link leads to a repository that no remote names', async () => {
  const html = (await attempt(inShop('tasks'))).html();
  expect(html).toMatch(/<b>Commit<\/b><\/td><td><code>0{12}<\/code>/);
  expect(html).not.toContain('github.com/owner/name');
});

test('the page shows alerts as GitHub does, and links to the guide of the copy that the step uses', async () => {
  const html = (await attempt(inShop('tasks'), '--break', 'crash')).html();
  expect(html).toContain(
    '<div class="markdown-alert markdown-alert-caution"><p class="markdown-alert-title">Caution</p>',
  );
  expect(html).not.toContain('[!');
  expect(html).toContain(
    'href="https://github.com/my-org/ecs-rollout/blob/0123456789012345678901234567890123456789/docs/',
  );
  const planned = await attempt('examples/pull-request-plan.yml', ...TEMPLATE);
  expect(planned.html()).toContain('<summary>Comment that the run writes</summary>');
});

test('what only GitHub knows is made up, and said', async () => {
  const { text } = await attempt('examples/rollback.yml', '--set', 'inputs.what=list');
  expect(text).toContain('vars.DEPLOY_ROLE = arn:aws:iam::123456789012:role/deploy-role (made up');
  expect(text).toContain('inputs.what = list (--set)');
  expect(text).toContain('inputs.environment = staging (the workflow)');
  expect(text).not.toMatch(/On GitHub this fails|Warning:/);
  expect(text).toMatch(/^Outcome: listed/m);
});

/** Task definitions of AWS's documentation, each in a small workflow. */
const DEFINITIONS: readonly (readonly [file: string, shows: RegExp, container?: string])[] = [
  ['AWS_Fargate-1.json', /^Outcome: deployed/m],
  ['application-metrics-cloudwatch-1.json', /^Outcome: deployed/m, 'aws-otel-emitter'],
  ['application-metrics-cloudwatch-1.json', /container-name: is needed/],
  ['ECS_AWSCLI_EC2-1.json', /^Outcome: deployed/m],
  ['firelens-example-taskdefs-2.json', /^Outcome: deployed/m, 'app'],
  ['sample-jetty_ec2.json', /^Outcome: deployed/m],
  ['tutorial-deploy-fluentbit-on-windows-2.json', /^Outcome: deployed/m],
  ['ecs-gpu-2.json', /✗ capacity: a task takes .* 2 GPUs/],
  ['firelens-taskdef-3.json', /ECS would refuse it as it stands[\s\S]*^Outcome: failed, exit code 1/m],
];

test.each(DEFINITIONS.map(([file, shows, container = '']) => [file, shows, container] as const))(
  '%s: %s',
  async (file, shows, container) => {
    const root = join(folder, file.replace('.json', ''));
    mkdirSync(join(root, '.github/workflows'), { recursive: true });
    writeFileSync(join(root, 'task-definition.json'), readFileSync(join(CORPUS, file)));
    const workflow = join(root, '.github/workflows/deploy.yml');
    const step = `{ service: app, task-definition: task-definition.json, image: 'ghcr.io/acme/app:\${{ github.sha }}', aws-region: '\${{ vars.AWS_REGION }}', container-name: '${container}' }`;
    writeFileSync(
      workflow,
      `on: push\njobs:\n  deploy:\n    runs-on: self-hosted\n    steps:\n      - uses: actions/checkout@v5\n      - uses: acme/ecs-rollout@v1\n        with: ${step}\n`,
    );
    const { text } = await attempt(workflow);
    expect(text).toMatch(shows);
    expect(text).not.toMatch(/^\s+at /m);
  },
  180_000,
);

test.each([
  [[], /Give one workflow file/],
  [['nowhere.yml'], /^nowhere\.yml does not exist\. Give a workflow file: \.github\/workflows\/ci\.yml/],
  [['examples/push-to-main'], /does not exist\. Did you mean examples\/push-to-main\.yml\?/],
  [['examples'], /^examples is a folder\. Give a workflow file: examples\//],
  [['examples/push-to-main.yml', '--brake', 'crash'], /no option `--brake`\. Did you mean `--break`\?/],
  [['examples/push-to-main.yml', '-break', 'crash'], /no option `-break`\. Did you mean `--break`\?/],
  [['examples/push-to-main.yml', '--no-opne'], /Did you mean `--no-open`\?/],
  [['examples/push-to-main.yml', '--break'], /`--break` needs a value/],
  [['examples/push-to-main.yml', '--break', 'everything'], /--break takes one of crash, image, health, capacity/],
  [['examples/push-to-main.yml', ...TEMPLATE, '--new'], /--new: the step has no `service-definition`/],
  [
    ['examples/create-service.yml', '--new', '--break', 'health'],
    /creates web without `loadBalancers`, and no container/,
  ],
  [['examples/promote.yml', '--step', '7'], /has 2 steps that use this action/],
  [
    ['examples/push-to-main.yml', '--set', 'github.shaa=x'],
    /does not have `github\.shaa`\. Did you mean `github\.sha`/,
  ],
  [['examples/push-to-main.yml', '--set', 'x'], /--set takes PATH=VALUE/],
  [['biome.json'], /is not a workflow/],
  [
    ['examples/monorepo.yml', ...TEMPLATE, '--break', 'crash', '--service', 'shop'],
    /the step deploys api, worker, cron/,
  ],
  [['examples/push-to-main.yml', ...TEMPLATE, '--break', 'verify'], /--break verify: the step has no `verify`/],
  [['examples/push-to-main.yml', ...TEMPLATE, '--break', 'task'], /neither `pre-deploy` nor `post-deploy`/],
  [['examples/pull-request-plan.yml', ...TEMPLATE, '--break', 'crash'], /`mode: plan` starts no task/],
  [['examples/push-to-main.yml'], /task-definition\.json does not exist.*--task-definition FILE/s],
])('%j is refused', async (args, words) => {
  const { status, text } = await attempt(...args);
  expect(status).toBe(2);
  expect(text).toMatch(words);
});

test('the command itself: its exit code is that of the step, and what is wrong goes to standard error', () => {
  const command = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['scripts/try.ts', ...args, '--no-open', '--html', join(folder, 'own.html')], {
      encoding: 'utf8',
    });
  const planned = command('examples/drift-check.yml', ...TEMPLATE);
  expect([planned.status, planned.stderr]).toEqual([2, '']);
  expect(planned.stdout).toMatch(/^Outcome: planned, exit code 2/m);
  expect(command('nowhere.yml')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('does not exist'),
  });
});

describe('a template of another tool', () => {
  const repository = join(folder, 'other');
  const workflow = join(repository, '.github/workflows/deploy.yml');
  const write = (path: string, text: string): void => {
    mkdirSync(join(repository, path, '..'), { recursive: true });
    writeFileSync(join(repository, path), text);
  };
  const step = (template: string): void =>
    write(
      '.github/workflows/deploy.yml',
      `on: push
jobs:
  deploy:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v5
      - uses: acme/ecs-rollout@v1
        with:
          aws-region: eu-west-1
          cluster: production
          service: web
          image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:2
          task-definition: ${template}
`,
    );
  const definition = (cpu: string): string =>
    `{"family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": ${cpu}, "memory": "512", "executionRoleArn": "arn:aws:iam::123456789012:role/execution", "containerDefinitions": [{"name": "web", "image": "<IMAGE1_NAME>", "portMappings": [{"containerPort": 8080}]}]}`;

  test('runs with <IMAGE1_NAME> as its image, as the action takes it', async () => {
    write('taskdef.json', definition('"256"'));
    step('taskdef.json');
    const { status, text } = await attempt(workflow);
    expect([status, text]).toEqual([0, expect.stringContaining('Outcome: deployed')]);
  }, 180_000);

  test('that cannot be filled here is refused in the words of the action', async () => {
    write('taskdef.json', definition('"{{ cpu }}"'));
    step('taskdef.json');
    const { status, text } = await attempt(workflow);
    expect([status, text]).toEqual([
      1,
      expect.stringContaining('Write `${CPU}` and `CPU=...` in the input `variables`'),
    ]);
  }, 180_000);

  test.each<readonly [string, (text: string) => string, RegExp]>([
    ['memory', (text) => text.replace('"512"', '"256"'), /With 256 it takes 512, 1024, 2048 MiB/],
    [
      'a member',
      (text) => text.replace('"portMappings"', '"healthcheck": {"command": ["CMD", "x"]}, "portMappings"'),
      /Did you mean `healthCheck`\?/,
    ],
    ['a role', (text) => text.replace('123456789012:role', '12345678901:role'), /executionRoleArn/],
    ['a family', (text) => text.replace('"family": "web"', '"family": "we b"'), /family/],
    ['a network mode', (text) => text.replace('awsvpc', 'awsvcp'), /Did you mean `awsvpc`\?/],
    ['containers', (text) => text.replace(/\[.*\]/, '{}').replace('<IMAGE1_NAME>', 'x'), /containerDefinitions/],
  ])('a mistake in %s is reported by the action itself, with a page', async (_, spoil, words) => {
    write('taskdef.json', spoil(definition('"256"')));
    step('taskdef.json');
    const { status, text, html } = await attempt(workflow);
    expect([status, text]).toEqual([1, expect.stringMatching(words)]);
    expect(text).not.toMatch(/answers \w+Exception/);
    expect(html()).toMatch(/<h\d>/);
  });

  test('that cannot be read is named, beside the workflow', async () => {
    write('taskdef.json', definition('<CPU>'));
    step('taskdef.json');
    const unread = await attempt(workflow);
    expect([unread.status, unread.text]).toEqual([
      2,
      expect.stringContaining('taskdef.json is not valid JSON: a placeholder of another tool, `<CPU>`, without quotes'),
    ]);
    expect(unread.text).toContain(`The file is named by \`task-definition\` of ${workflow}.`);
    step('missing.json');
    const missing = await attempt(workflow);
    expect([missing.status, missing.text]).toEqual([
      2,
      expect.stringContaining(
        `The task definition missing.json does not exist: \`task-definition\` of ${workflow} names ${join(repository, 'missing.json')}.`,
      ),
    ]);
  });
});
