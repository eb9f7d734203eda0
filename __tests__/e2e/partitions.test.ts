import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { ACCOUNT, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { type ForwardProxy, startProxy } from '../support/proxy.ts';
import { steady } from '../support/steady.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/** AWS's own hosts, reached only through a proxy; a runner in a private network looks like this. */
const PARTITIONS = [
  ['aws', 'eu-west-1', 'amazonaws.com', 'eu-west-1.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn', 'cn-north-1.console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com', 'us-gov-west-1.console.amazonaws-us-gov.com'],
] as const;
const hasTls = spawnSync('openssl', ['version']).status === 0;
const whenTls = hasTls ? test : test.skip;

const folder = mkdtempSync(join(tmpdir(), 'partitions-'));
const closing: (() => unknown)[] = [];
interface Ran {
  readonly run: ActionRun;
  readonly proxy: ForwardProxy;
  readonly simulator: Simulator;
}
let runs: Record<string, Promise<Ran>>;
beforeAll(() => {
  if (!hasTls) return;
  runs = Object.fromEntries(PARTITIONS.map((row) => [row[0], deploy(row)]));
  for (const run of Object.values(runs)) run.catch(() => {}); // told by its test
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function deploy([partition, region, suffix]: (typeof PARTITIONS)[number]): Promise<Ran> {
  const clock = new RealClock(20);
  const simulator = new Simulator(clock);
  const server = await simulator.listen();
  const proxy = await startProxy(server.endpoint, [
    `*.${region}.${suffix}`,
    `*.ecr.${region}.${suffix}`,
    `*.s3.${region}.${suffix}`,
    'iam.amazonaws.com',
    'iam.us-gov.amazonaws.com',
  ]);
  closing.push(proxy.close, () => clock.close(), server.close);
  simulator.ecr.layerOrigin = `https://layers.s3.${region}.${suffix}`;
  putImage(simulator);
  createDependencies(simulator, TASK_DEFINITION);
  const role = `arn:${partition}:iam::${ACCOUNT}:role/execution`;
  const context = { region, partition, accountId: ACCOUNT, accessKeyId: 'TEST' };
  simulator.ecs.handle('RegisterTaskDefinition', { ...TASK_DEFINITION, executionRoleArn: role }, context);
  simulator.ecs.handle(
    'CreateService',
    {
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    },
    context,
  );
  await steady(simulator, 'web');
  const path = join(folder, `${partition}.json`);
  writeFileSync(path, JSON.stringify({ ...TASK_DEFINITION, executionRoleArn: role }));
  const run = await runAction({
    inputs: {
      service: 'web',
      'task-definition': path,
      image: `${ACCOUNT}.dkr.ecr.${region}.${suffix}/web:1`,
      'aws-region': region,
      'allowed-account-ids': ACCOUNT,
    },
    env: {
      HTTPS_PROXY: proxy.url,
      NO_PROXY: 'localhost',
      NODE_EXTRA_CA_CERTS: proxy.certificate,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    cwd: folder,
  });
  return { run, proxy, simulator };
}

/** An image of one platform: what it is built for stands in its config, a blob of its own. */
function putImage({ registry }: Simulator): void {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64' }));
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
  registry.blobs.set(digest, config);
  const manifest = { schemaVersion: 2, mediaType, config: { digest }, layers: [] };
  registry.put(registry.create('web', false), '1', { body: Buffer.from(JSON.stringify(manifest)), mediaType });
}

describe.each(PARTITIONS)('%s', (partition, region, suffix, console) => {
  whenTls(
    'deploys through the proxy, with its own hosts, ARNs and console',
    async () => {
      const { run, proxy, simulator } = (await runs[partition]) as Ran;
      expect(run.log).not.toContain('::error');
      expect(run.outputs).toMatchObject({
        outcome: 'deployed',
        image: expect.stringMatching(`^${ACCOUNT}.dkr.ecr.${region}.${suffix}/web@sha256:`),
        'task-definition-arn': `arn:${partition}:ecs:${region}:${ACCOUNT}:task-definition/web:2`,
        url: expect.stringMatching(`^https://${console}/`),
      });
      expect(proxy.hosts).toEqual(
        expect.arrayContaining([
          `CONNECT ecs.${region}.${suffix}`,
          `CONNECT sts.${region}.${suffix}`,
          `CONNECT api.ecr.${region}.${suffix}`,
          `CONNECT layers.s3.${region}.${suffix}`,
        ]),
      );
      expect(simulator.wire.count('GetCallerIdentity')).toBe(1);
    },
    180_000,
  );
});
