import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION, writeSampleApp } from '../../scripts/sample-app.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { ACCOUNT, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { githubToken, trustsGithub } from '../support/oidc.ts';
import { type SharedTime, shareTime } from '../support/shared-time.ts';

/** Every `with:` block of examples/ goes through the bundle as it stands there, in the order of its jobs. */
interface Step {
  readonly uses?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}
interface Workflow {
  readonly on: {
    readonly workflow_dispatch?: {
      readonly inputs?: Readonly<Record<string, { readonly options?: readonly string[] }>>;
    };
  };
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': string | boolean };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
const EXAMPLES = readdirSync('examples').filter((file) => file.endsWith('.yml'));
const engine = process.env.ENGINE_BUSYBOX_AMD64 !== undefined;

/** What GitHub puts in the place of each expression; the last run's outputs for `needs`. */
let images = 0;
const expressions: Readonly<Record<string, (last: ActionRun | undefined) => string>> = {
  'github.sha': () => `c0ffee${images++}`,
  'vars.AWS_ACCOUNT_ID': () => ACCOUNT,
  'inputs.region': () => 'eu-west-1',
  'vars.DEPLOY_ROLE': () => 'arn:aws:iam::123456789012:role/deploy-web',
  'github.ref_name': () => 'v1.3.0-rc.1',
  'github.token': () => 'ghs_token',
  'inputs.what': () => 'rollback',
  'inputs.environment': () => 'staging',
  'inputs.to': () => '',
  'inputs.service': () => 'web',
  'inputs.image': () => `example.com/team/web:reusable`,
  // Of the Regions of the matrix, the one that the simulator is in.
  'matrix.region': () => 'eu-west-1',
  'needs.build.outputs.digest': (last) => last?.outputs['image-digest'] ?? '',
  'needs.staging.outputs.image': (last) => last?.outputs.image ?? '',
  "contains(github.ref_name, '-') && 'staging' || 'production'": () => 'staging',
};
/** The simulator is one account, and its registry the only one at hand: they take the place of the others. */
const ELSEWHERE = '999999999999.dkr.ecr.eu-west-1.amazonaws.com/team/web';

const filled = (given: string | number | boolean, last: ActionRun | undefined): string =>
  String(given)
    .replace(ELSEWHERE, 'team/web')
    .replace('https://web.example.com', github.url)
    .replace(/1{12}|2{12}/, ACCOUNT)
    .replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => {
      const value = expressions[expression];
      if (!value) throw new Error(`No value for ${expression}`);
      return value(last);
    });

const clock = new VirtualClock();
const simulator = new Simulator(clock);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const github = { requests: [] as string[], server: undefined as Server | undefined, url: '' };
let aws: { endpoint: string; close(): Promise<void> };
let time: SharedTime;

beforeAll(async () => {
  aws = await simulator.listen();
  time = await shareTime(clock);
  simulator.registry.create('team/web', false);
  simulator.ecr.statuses.replications.push({
    repositoryName: 'team/web',
    answer: { replicationStatuses: [{ region: 'us-east-1', registryId: ACCOUNT, status: 'COMPLETE' }] },
  });
  for (const name of ['deploy-web', 'plan-web'])
    simulator.iam.roles.set(name, { trust: trustsGithub('repo:acme/web:*') });
  for (const account of ['111111111111', '222222222222']) {
    const trust = trustsGithub('repo:acme/web:*', account);
    simulator.iam.rolesElsewhere.set(`arn:aws:iam::${account}:role/deploy-web`, { trust });
  }
  simulator.call('RegisterTaskDefinition', { ...SAMPLE_TASK_DEFINITION, ...withImage('old:1') });
  simulator.call('RegisterTaskDefinition', { ...SAMPLE_TASK_DEFINITION, ...withImage('old:2') });
  createDependencies(simulator, { ...SAMPLE_TASK_DEFINITION, ...withImage('old:1') });
  for (const cluster of ['production', 'staging']) {
    simulator.call('CreateCluster', { clusterName: cluster });
    simulator.call('CreateService', { ...SERVICE, cluster, serviceName: 'web' });
  }
  simulator.call('CreateCluster', { clusterName: 'shop' });
  for (const serviceName of ['api', 'worker', 'cron'])
    simulator.call('CreateService', { ...SERVICE, cluster: 'shop', serviceName });
  simulator.script.command('npm run', { exit: { afterSeconds: 20, code: 0 } });
  clock.advance(120);
  simulator.call('UpdateService', { cluster: 'staging', service: 'web', taskDefinition: 'web:2' });
  clock.advance(120);
  if (engine) writeSampleApp(folder, process.env, { ...SAMPLE_TASK_DEFINITION, executionRoleArn: ROLE });
  // The job's token endpoint and the API in one.
  github.server = createServer((request, response) => {
    github.requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    const body = request.url?.startsWith('/token')
      ? { value: githubToken({ iat: clock.now(), nbf: clock.now() - 300, exp: clock.now() + 300 }) }
      : request.method === 'GET'
        ? []
        : { id: 1 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => github.server?.listen(0, '127.0.0.1', resolve));
  github.url = `http://127.0.0.1:${(github.server?.address() as AddressInfo | null)?.port}`;
});
afterAll(async () => {
  await Promise.all([aws.close(), time.close()]);
  github.server?.closeAllConnections();
  github.server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SERVICE = {
  taskDefinition: 'web:1',
  desiredCount: 2,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};
const ROLE = 'arn:aws:iam::123456789012:role/execution';
const withImage = (image: string) => ({ containerDefinitions: [{ name: 'app', image }], executionRoleArn: ROLE });

function run(inputs: Readonly<Record<string, string>>): Promise<ActionRun> {
  return runAction({
    inputs,
    cwd: folder,
    env: {
      ...time.env,
      AWS_ENDPOINT_URL: aws.endpoint,
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
      ACTIONS_ID_TOKEN_REQUEST_URL: `${github.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_RUN_ID: '42',
      GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
      GITHUB_REF: 'refs/tags/v1.3.0-rc.1',
      GITHUB_REF_NAME: 'v1.3.0-rc.1',
      GITHUB_REF_TYPE: 'tag',
    },
  });
}

test('there is an example for each of the usual workflows, and each uses the action', () => {
  expect(EXAMPLES.sort()).toEqual([
    'codedeploy.yml',
    'create-service.yml',
    'daemon.yml',
    'drift-check.yml',
    'express-mode.yml',
    'migrations.yml',
    'monorepo.yml',
    'multi-region.yml',
    'native-platforms.yml',
    'notify.yml',
    'promote.yml',
    'pull-request-plan.yml',
    'push-to-main.yml',
    'release-by-tag.yml',
    'restart.yml',
    'reusable-plan.yml',
    'reusable.yml',
    'rollback.yml',
    'scheduled-tasks.yml',
    'smoke-check.yml',
  ]);
  for (const file of EXAMPLES) expect(stepsOf(file).length).toBeGreaterThan(0);
});

const workflowOf = (file: string): Workflow => parse(readFileSync(join('examples', file), 'utf8'));

function stepsOf(file: string): Step[] {
  return Object.values(workflowOf(file).jobs).flatMap(({ steps }) =>
    steps.filter(({ uses }) => uses?.includes('/ecs-rollout@')),
  );
}

test('to list rollback targets cancels no deploy; a rollback does', () => {
  const { on, concurrency } = workflowOf('rollback.yml');
  expect(on.workflow_dispatch?.inputs?.what?.options).toEqual(['rollback', 'list']);
  expect(concurrency).toEqual({
    group:
      "${{ inputs.what == 'list' && format('list-{0}', github.run_id) || format('deploy-{0}', inputs.environment) }}",
    'cancel-in-progress': "${{ inputs.what == 'rollback' }}",
  });
});

test('rollback.yml lists, as it stands, what its next run can be given', async () => {
  const [step] = stepsOf('rollback.yml');
  const inputs = Object.entries({ ...step?.with, mode: 'list' }).map(([name, value]) => [
    name,
    filled(value, undefined),
  ]);
  const { exitCode, outputs, summary } = await run(Object.fromEntries(inputs));
  expect([exitCode, outputs.outcome]).toEqual([0, 'listed']);
  const targets: { readonly revision: string; readonly usable: boolean; readonly current: boolean }[] = JSON.parse(
    outputs.targets ?? '[]',
  );
  expect(targets).toEqual([
    expect.objectContaining({ revision: 'web:2', usable: true, current: true }),
    expect.objectContaining({ revision: 'web:1', usable: true, current: false }),
  ]);
  expect(summary).toContain('<th>Revision</th>');
});

/** Of each step that builds or brings on what another job has built; __tests__/e2e/try.test.ts runs the other examples as they stand. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'monorepo.yml': ['deployed'],
  'pull-request-plan.yml': ['planned'],
  'push-to-main.yml': ['deployed'],
  'drift-check.yml': ['planned'],
  'multi-region.yml': ['built', 'deployed'],
  'release-by-tag.yml': ['deployed'],
  // The release before brought the same image to staging.
  'promote.yml': ['unchanged', 'deployed'],
};

for (const [file, outcomes] of Object.entries(EXPECTED)) {
  (engine ? test : test.skip)(
    `${file} runs as it stands`,
    async () => {
      let last: ActionRun | undefined;
      const ended: (string | undefined)[] = [];
      for (const step of stepsOf(file)) {
        const inputs = Object.fromEntries(
          Object.entries(step.with ?? {}).map(([name, value]) => [name, filled(value, last)]),
        );
        last = await run(inputs);
        ended.push(last.outputs.outcome);
        if (last.exitCode !== 0) throw new Error(last.log.replaceAll(/^::add-mask::.*$/gm, ''));
      }
      expect(ended).toEqual(outcomes);
    },
    180_000,
  );
}
