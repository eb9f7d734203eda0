import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clients, type Endpoint, Scope } from '../../conformance/account.ts';
import { leftovers } from '../../conformance/leftovers.ts';
import { mismatch } from '../../conformance/pattern.ts';
import { ROWS } from '../../conformance/rows/all.ts';
import { AS_DOCUMENTED, type Recorded, runRows } from '../../conformance/run.ts';
import { startSimulator } from '../../conformance/simulator.ts';

/** Rows that the simulator does not answer as AWS documents them yet, each with the reason. Only ever shorter. */
const NOT_YET: Readonly<Record<string, string>> = {
  'ecs/run-task/other-vpc': 'it has one VPC: the row needs a real second one (OtherSubnet)',
};

let local: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
  local = await startSimulator();
});
afterAll(() => local.close());

const left: string[] = [];
let runs = 0;
const run = (
  endpoint: Endpoint,
  only: RegExp,
  signal = new AbortController().signal,
): Promise<Readonly<Record<string, Recorded>>> =>
  runRows({
    endpoint,
    clients: new Clients(endpoint, {}),
    prefix: `conformance-${++runs}`,
    rows: ROWS.filter(({ id }) => only.test(id)),
    parallel: 1,
    signal,
    report: () => {},
    onLeft: (what) => left.push(what),
  });

test('each row has its own id, a page of AWS, and a documented answer that an empty one is not', () => {
  expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  for (const { id, rule, page, ...row } of ROWS) {
    expect(id).toMatch(/^(ecs|ecr|logs|sts|events|scheduler|autoscaling|codedeploy|rollout)(\/[a-z0-9-]+)+$/);
    expect(rule).toMatch(/^[A-Za-z].*\.$/);
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/);
    if (row.kind === 'rollout') expect([id, mismatch(row.documented, {})]).not.toEqual([id, undefined]);
    else if ('ok' in row.documented) expect([id, mismatch(row.documented.ok, {})]).not.toEqual([id, undefined]);
    else expect([row.documented.refused].flat().join()).toMatch(/^[A-Za-z,]+$/);
  }
});

/** What the account holds that the kit could have made. */
function remains(): unknown {
  const { simulator } = local;
  return {
    clusters: simulator.ecs.clusters.all().flatMap(({ name, status }) => (status === 'ACTIVE' ? [name] : [])),
    services: [...simulator.ecs.services.values()].flatMap(({ name, status }) => (status === 'ACTIVE' ? [name] : [])),
    families: simulator.call('ListTaskDefinitionFamilies', { status: 'ACTIVE' }),
    repositories: [...simulator.registry.repositories.keys()],
    groups: [...simulator.logs.groups.keys()],
    alarms: [...simulator.cloudwatch.alarms.values()],
    rules: [...simulator.eventBridge.buses].map(([bus, rules]) => [bus, [...rules.keys()]]),
    targets: [...simulator.autoScaling.targets.keys()],
    schedules: [...simulator.eventBridgeScheduler.groups].map(([group, { schedules }]) => [
      group,
      [...schedules.keys()],
    ]),
  };
}

test('the simulator answers each row as AWS documents it, and nothing remains', async () => {
  const before = remains();
  const recorded = await run(local, /./);
  expect(Object.keys(recorded)).toEqual(ROWS.map(({ id }) => id));
  const different = Object.entries(recorded).flatMap(([id, { verdict, skipped }]) =>
    verdict === AS_DOCUMENTED ? [] : [`${id}: ${verdict ?? skipped}`],
  );
  const isKnown = (line: string): boolean => Object.keys(NOT_YET).some((id) => line.startsWith(`${id}: `));
  expect(different.filter((line) => !isKnown(line))).toEqual([]);
  expect(Object.keys(NOT_YET).filter((id) => !different.some((line) => line.startsWith(`${id}: `)))).toEqual([]);
  expect(left).toEqual([]);
  expect(remains()).toEqual(before);
});

test('what a run that was killed has left of rules, schedules and scalable targets is found by its name and removed', async () => {
  const before = remains();
  const signal = new AbortController().signal;
  const clients = new Clients(local, {});
  const killed = new Scope(clients, { endpoint: local, name: 'killed-row', signal });
  for (const id of ['events/targets/task', 'scheduler/schedule/task', 'autoscaling/target/registered'])
    await ROWS.find((row) => row.id === id)?.run(killed);
  expect(remains()).not.toEqual(before);
  const next = new Scope(clients, { endpoint: local, name: 'next', signal });
  next.take(await leftovers(next, 'killed-'));
  expect(await next.clean()).toEqual([]);
  expect(remains()).toEqual(before);
});

test('two runs give the same recording', async () => {
  const only = /^(ecs\/service-deployments|ecr|rollout\/success)/;
  expect(await run(local, only)).toEqual(await run(local, only));
});

test('without a stack, rows that need it are skipped with the reason', async () => {
  const recorded = await run({ ...local, stack: {} }, /^(ecs\/create-service\/idle|rollout\/alarm-rolled-back|logs)/);
  const skipped = Object.entries(recorded).flatMap(([id, one]) => (one.skipped ? [`${id}: ${one.skipped}`] : []));
  expect(skipped).toEqual([
    expect.stringMatching(/^ecs\/create-service\/idle: needs Cluster \(.*CONFORMANCE_CLUSTER\), Subnets/),
    expect.stringMatching(/^logs\/stream\/none: needs LogGroup \(/),
    expect.stringMatching(/^rollout\/alarm-rolled-back: needs Cluster .*, Alarm \(/),
  ]);
  expect(Object.keys(recorded).length).toBeGreaterThan(skipped.length);
});

interface Answer {
  status: number;
  body: string;
}
/** Stands between the kit and the simulator, and alters the answers of one operation. */
async function altering(
  operation: string,
  alter: (answer: Answer) => Answer,
): Promise<{ endpoint: Endpoint; server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const sent = Buffer.concat(chunks);
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
      const answered = await fetch(`${local.url}${request.url}`, {
        method: request.method ?? 'POST',
        headers,
        ...(sent.length > 0 ? { body: sent } : {}),
      });
      const its =
        new RegExp(`\\.${operation}$`).test(headers['x-amz-target'] ?? '') || sent.includes(`Action=${operation}&`);
      const { status, body } = [{ status: answered.status, body: await answered.text() }].map((one) =>
        its ? alter(one) : one,
      )[0] as Answer;
      const type = answered.headers.get('content-type') ?? '';
      response
        .writeHead(status, { 'content-type': type, ...(status === 200 || !its ? {} : { 'x-amzn-errortype': '' }) })
        .end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: { ...local, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, server };
}

/** In the text, so that no answer has to be typed. */
const replace =
  (pattern: RegExp, by: string) =>
  ({ status, body }: Answer): Answer => ({ status, body: body.replaceAll(pattern, by) });
const refusal =
  (__type: string, message = 'No.') =>
  (): Answer => ({ status: 400, body: JSON.stringify({ __type, message }) });

/** One wrong answer of each kind: the row, the operation, what becomes of its answer, and the verdict. */
const WRONG: readonly (readonly [
  kind: string,
  row: string,
  operation: string,
  (answer: Answer) => Answer,
  verdict: string,
])[] = [
  [
    'another number',
    'ecs/register/minimal',
    'RegisterTaskDefinition',
    replace(/"revision":1/g, '"revision":2'),
    'taskDefinition.revision is 2, documented: 1',
  ],
  [
    'a missing member',
    'ecs/register/tags',
    'RegisterTaskDefinition',
    replace(/"tags":/g, '"labels":'),
    'tags is absent, documented: [{key: "team", value: "web"}]',
  ],
  [
    'an item too many',
    'ecs/list-services/cluster',
    'ListServices',
    replace(/"serviceArns":\[/g, '"serviceArns":["arn:aws:ecs:eu-west-1:123456789012:service/a/b",'),
    'serviceArns is [',
  ],
  [
    'an item too few',
    'ecs/clusters/unknown',
    'DescribeClusters',
    () => ({ status: 200, body: '{"clusters":[],"failures":[]}' }),
    'failures is [], documented: [',
  ],
  [
    'another exception',
    'ecs/update-service/unknown',
    'UpdateService',
    refusal('ClientException'),
    'refused with ClientException (No.), documented: ServiceNotFoundException',
  ],
  [
    'other words',
    'ecs/stop-task/unknown',
    'StopTask',
    refusal('InvalidParameterException'),
    'the message is "No.", documented: /^The referenced task was not found\\.$/',
  ],
  [
    'acceptance',
    'ecs/list-services/unknown-cluster',
    'ListServices',
    () => ({ status: 200, body: '{"serviceArns":[]}' }),
    'accepted, documented: refused with ClusterNotFoundException',
  ],
  [
    'refusal',
    'ecr/repository/create',
    'CreateRepository',
    refusal('InvalidTagParameterException'),
    'refused with InvalidTagParameterException (No.), documented: accepted, {repository: ',
  ],
  [
    'no AWS at all',
    'logs/group/describe',
    'DescribeLogGroups',
    () => ({ status: 400, body: '<html>proxy</html>' }),
    'no answer: HTTP 400',
  ],
  [
    'another XML',
    'sts/caller',
    'GetCallerIdentity',
    ({ status, body }) => ({ status, body: body.replace(/<Account>\d+/, '<Account>nobody') }),
    'Account is "nobody", documented: "<account>"',
  ],
  [
    'another end of a rollout',
    'rollout/success',
    'DescribeServiceDeployments',
    replace(/"status":"SUCCESSFUL"/g, '"status":"STOPPED"'),
    'statuses[1] is "STOPPED", documented: "SUCCESSFUL"',
  ],
  [
    'another count of failures',
    'rollout/cannot-start-rolled-back',
    'DescribeServiceDeployments',
    replace(/"failureCount":\d+/g, '"failureCount":0'),
    'circuitBreaker.failureCount is 0, documented: from 3 to 20',
  ],
  [
    'other tasks',
    'rollout/cannot-start-rolled-back',
    'DescribeTasks',
    replace(/TaskFailedToStart/g, 'EssentialContainerExited'),
    'stoppedTasks is [{',
  ],
];

test.each(WRONG)('it fails on %s (%s)', async (_, id, operation, alter, words) => {
  const { endpoint, server } = await altering(operation, alter);
  try {
    const recorded = await run(endpoint, new RegExp(`^${id}$`));
    const { verdict, skipped } = recorded[id] ?? {};
    expect(verdict ?? skipped).toContain(words);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
