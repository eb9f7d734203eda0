import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
});

/** Starts `npm run simulator` without npm; answers with what it printed once it listens or has ended. */
function run(...options: string[]): Promise<{ readonly said: string; readonly exitCode: number | null }> {
  const child = spawn(process.execPath, ['simulator/main.ts', ...options]);
  children.push(child);
  let said = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('AWS_REGION=')) resolve({ said, exitCode: null });
      });
    }
    child.on('close', (exitCode) => resolve({ said, exitCode }));
  });
}
const clientOf = (said: string): ECSClient =>
  new ECSClient({
    endpoint: /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1] ?? '',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'X', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

test('--help has every option that there is', async () => {
  const { said, exitCode } = await run('--help');
  expect(exitCode).toBe(0);
  for (const option of ['port', 'speed', 'timings', 'seed', 'service', 'containers', 'deny', 'throttle', 'break'])
    expect(said).toContain(`--${option} `);
  for (const option of [
    'rate-limits',
    'stale',
    'fargate-limit',
    'hang',
    'odd',
    'latency',
    'skew',
    'from',
    'cluster',
    'variable',
    'instances',
  ])
    expect(said).toContain(`--${option}`);
});

test('it comes with what the seed says, and with the faults that were asked for', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'seed-')), 'seed.json');
  const containerDefinitions = [{ name: 'app', image: 'example.com/app:1', memory: 64 }];
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ clusterName: 'prod' }],
      repositories: [{ repositoryName: 'web' }],
      logGroups: [{ logGroupName: '/ecs/web' }],
      taskDefinitions: [{ family: 'web', containerDefinitions }],
      services: [{ cluster: 'prod', serviceName: 'web', taskDefinition: 'web', desiredCount: 3 }],
      behaviours: { 'app:1': { startSeconds: 1 } },
    }),
  );
  const faults = ['--deny', 'ecs:ListServiceDeployments', '--throttle', 'DescribeServices=1'];
  const { said } = await run('--port', '0', '--speed', '100', '--seed', file, '--service', 'other', ...faults);
  const client = clientOf(said);
  const describe = new DescribeServicesCommand({ cluster: 'prod', services: ['web'] });
  await expect(client.send(describe)).rejects.toMatchObject({ name: 'ThrottlingException' });
  expect((await client.send(describe)).services).toMatchObject([{ desiredCount: 3 }]);
  const list = new ListServiceDeploymentsCommand({ service: 'other' });
  await expect(client.send(list)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('answers are late, odd or of another time where that is asked for', async () => {
  const options = ['--latency', '150', '--skew=-900', '--odd', 'DescribeServices=html', '--odd', 'ListTasks=502*2'];
  const client = clientOf((await run('--port', '0', '--service', 'web', ...options)).said);
  const describe = () => client.send(new DescribeServicesCommand({ services: ['web'] }));
  // The SDK signs by this machine's clock first, and by AWS's after a refusal.
  await expect(describe()).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  await expect(describe()).rejects.toMatchObject({ name: 'SyntaxError' });
  const start = performance.now();
  const [service] = (await describe()).services ?? [];
  expect(performance.now() - start).toBeGreaterThan(140);
  expect(Date.now() / 1000 - Number(service?.createdAt) / 1000).toBeGreaterThan(800);
});

test.each([
  [['--port', '0', '--odd', 'DescribeServices=rude'], '--odd takes OP=KIND with one of html, empty, {}'],
  [['--port', 'many'], '--port takes a number from 0 on, not "many". See --help.'],
  [
    ['--port', '0', '--throttle', 'DescribeServices'],
    '--throttle takes OP=N, such as DescribeServices=3, not "DescribeServices". See --help.',
  ],
  [['--nonsense'], "Unknown option '--nonsense'. See --help."],
  [['stray'], "Unexpected argument 'stray'. This command does not take positional arguments. See --help."],
  [['--port'], "Option '--port <value>' argument missing. See --help."],
  [['--latency', '1,2,3'], '--latency takes MS or MS,JITTER, not "1,2,3". See --help.'],
  [['--skew', 'late'], '--skew takes a number, not "late". See --help.'],
  [
    ['--deny', 'everything'],
    '--deny takes an action, such as ecs:ListServiceDeployments, not "everything". See --help.',
  ],
  [['--variable', 'A=1'], '--variable is the value of a placeholder of --from, which is not there. See --help.'],
  [['--instances', '3'], '--instances is none or unlimited, not "3". See --help.'],
  [['--port', '99999'], 'port'],
  [['--timings', 'slow'], '--timings is quick or aws, not "slow". See --help.'],
  [['--port', '0', '--seed', 'nowhere.json'], '--seed nowhere.json: ENOENT'],
])('%j is refused', async (options, words) => {
  const { said, exitCode } = await run(...options);
  expect(exitCode).toBeGreaterThan(0);
  expect(said).toContain(words);
  expect(said).not.toMatch(/^ +at /m);
});
