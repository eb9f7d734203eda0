import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { Clients, type Endpoint } from '../../conformance/account.ts';
import { compare } from '../../conformance/compare.ts';
import { ROWS } from '../../conformance/rows/all.ts';
import { AS_DOCUMENTED, type Recorded, type Recording, runRows } from '../../conformance/run.ts';
import { startSimulator } from '../../conformance/simulator.ts';
import { readStack } from '../../conformance/stack.ts';
import { eventually } from '../support/patience.ts';

/** A second implementation of AWS that we did not write: https://docs.getmoto.org. Where it is missing, only that proof is lost. */
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const whenMoto = has('moto_server') && has('aws') ? test : test.skip;

/**
 * Rows that moto answers in another way than AWS documents, each looked up on the row's page: moto is wrong in all of them.
 * A row that is not in this list is news: either moto changed, or our documented answer is wrong.
 */
const MOTO_IS_WRONG: readonly (readonly [rows: RegExp, why: string])[] = [
  [
    /^ecs\/register\/(?!next-revision|fargate$|fargate-logs$|no-image|no-memory|fargate-without-size|describe-tags)/,
    'it checks next to nothing, adds no host port, no instants, no tags, and keeps "1 vCPU"',
  ],
  [/^ecs\/deregister\/inactive/, 'no deregisteredAt'],
  [/^ecs\/list-task-definitions\/newest-first/, 'sort is ignored'],
  [/^ecs\/clusters\/delete-with-service/, 'the cluster is deleted with its services'],
  [
    /^ecs\/create-service\/(?!unknown-cluster|unknown-task-definition)/,
    'it checks next to nothing, and shows no deploymentConfiguration',
  ],
  [/^ecs\/update-service\/(deleted|negative-count|inactive-task-definition)/, 'accepted'],
  [/^ecs\/describe-services\/eleven/, 'accepted'],
  [/^ecs\/list-tasks\/unknown-service/, 'accepted'],
  [/^ecs\/describe-tasks\/unknown/, 'no failures'],
  [/^ecs\/(run-task|stop-task)\//, 'HTTP 500 where AWS refuses, and RUNNING at once'],
  [/^ecs\/service-deployments\//, 'not there: HTTP 500'],
  [/^ecr\/image\/put-missing-layers/, 'layers are not looked for'],
  [/^ecr\/image\/put-immutable/, 'ImageAlreadyExistsException, which is for the same image'],
  [/^ecr\/image\/(put-unknown-repository|layer-availability)/, 'HTTP 500'],
  [/^logs\/stream\/unknown/, 'says that the group does not exist'],
  [/^ecs\/(express|daemons)\//, 'not there: HTTP 500'],
  [/^scheduler\/schedule\/(no-expression|overwritten)/, 'it checks nothing, and fills in no defaults'],
  [/^autoscaling\/target\/(without-capacity|minimum-above-maximum)/, 'accepted'],
  [/^autoscaling\/target\/deregister-unknown/, 'a ValidationException'],
  [/^sts\/(web-identity|assume-role)\//, 'any role and any token will do'],
];

let moto: ChildProcess | undefined;
afterAll(() => moto?.kill());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startMoto(): Promise<string> {
  const port = await freePort();
  moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`${url}/moto-api/`).then(
        () => true,
        () => false,
      ),
    () => 'moto_server answers',
  );
  return url;
}

const PREFIX = 'conformance-moto';
const record = (endpoint: Endpoint, parallel: number, left: string[]): Promise<Readonly<Record<string, Recorded>>> =>
  runRows({
    endpoint,
    clients: new Clients(endpoint, {}),
    prefix: PREFIX,
    // moto has no DeleteApplication: what the rows of CodeDeploy make could not be removed.
    rows: ROWS.filter(({ kind, id }) => kind === 'call' && !id.startsWith('codedeploy/')),
    parallel,
    signal: new AbortController().signal,
    report: () => {},
    onLeft: (what) => left.push(what),
  });
const recording = (endpoint: string, rows: Recording['rows']): Recording => ({
  format: 1,
  endpoint,
  recordedAt: '',
  rows,
});

whenMoto(
  'the stack of the examples is created, and the differences from AWS are those that were looked up',
  async () => {
    const url = await startMoto();
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'MOTO',
      AWS_SECRET_ACCESS_KEY: 'moto',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };
    const cloudformation = async (...args: string[]): Promise<string> =>
      (
        await promisify(execFile)(
          'aws',
          ['cloudformation', ...args, '--stack-name', 'conformance', '--output', 'json'],
          { env },
        )
      ).stdout;
    await cloudformation(
      'create-stack',
      '--template-body',
      'file://examples/infrastructure/conformance.yml',
      '--capabilities',
      'CAPABILITY_IAM',
    );
    const outputs: readonly { OutputKey: string; OutputValue: string }[] = JSON.parse(
      await cloudformation('describe-stacks', '--query', 'Stacks[0].Outputs'),
    );
    const stack = readStack(
      undefined,
      Object.fromEntries(
        outputs.map(({ OutputKey, OutputValue }) => [
          `CONFORMANCE_${OutputKey.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`,
          OutputValue,
        ]),
      ),
    );
    expect(Object.keys(stack)).toEqual(
      expect.arrayContaining([
        'Cluster',
        'Subnets',
        'SecurityGroup',
        'ExecutionRole',
        'TaskRole',
        'LogGroup',
        'Repository',
      ]),
    );

    const left: string[] = [];
    const time = {
      now: () => Date.now() / 1000,
      sleep: (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 10)),
    };
    const theirs = await record({ url, region: 'eu-west-1', stack, time, pollSeconds: 1 }, 4, left);
    const news = Object.entries(theirs).flatMap(([id, { verdict, skipped }]) =>
      skipped !== undefined || verdict === AS_DOCUMENTED || MOTO_IS_WRONG.some(([rows]) => rows.test(id))
        ? []
        : [`${id}: ${verdict}`],
    );
    expect(news).toEqual([]);
    expect(left).toEqual([]);
    const good = Object.values(theirs).filter(({ verdict }) => verdict === AS_DOCUMENTED);
    expect(good.length).toBeGreaterThan(40);
    // Skipped for want of an operation, not of infrastructure.
    for (const { skipped } of Object.values(theirs))
      if (skipped !== undefined) expect(skipped).toMatch(/^not (prepared|implemented)/);

    const simulator = await startSimulator();
    const ours = await record(simulator, 1, left);
    await simulator.close();
    const { text, different } = compare(recording('the simulator', ours), recording('moto', theirs));
    expect(different).toBeGreaterThan(40);
    expect(text).toContain(`## ecs/list-task-definitions/newest-first
DESC lists the newest revision first. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
Request: \`ecs:ListTaskDefinitions {"familyPrefix":"<prefix>-ecs-list-task-definitions-newest-first","sort":"DESC"}\`
A is as documented; **B is not as documented**: taskDefinitionArns[0] is`);
  },
  180_000,
);
