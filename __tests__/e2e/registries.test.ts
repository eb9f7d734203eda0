import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runAction } from '../../scripts/run-action.ts';
import { RealClock } from '../../simulator/clock.ts';
import { grants } from '../../simulator/ecr/access.ts';
import { ACCOUNT, REGION, Simulator } from '../../simulator/simulator.ts';
import { startRelay } from '../support/proxy.ts';
import { TASK_DEFINITION } from '../support/task-definition.ts';

/**
 * Registries that cannot stand on loopback: other accounts and regions, other partitions, public ECR. Docker is a stand-in
 * here that notes what it is asked and says that it went well; everything else is the bundle and the wire.
 */
const folder = mkdtempSync(join(tmpdir(), 'registries-'));
const noted = join(folder, 'docker.log');
const clock = new RealClock(20);
const simulator = new Simulator(clock);
const DIGEST = `sha256:${'d'.repeat(64)}`;
const STAND_IN = `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(noted)}, JSON.stringify({ args, logins: process.env.DOCKER_AUTH_CONFIG, config: process.env.DOCKER_CONFIG }) + '\\n');
if (args[1] === 'version') console.log('github.com/docker/buildx v0.36.1 0000000');
if (args[1] === 'inspect') console.log('Name: default\\nDriver: docker-container\\nPlatforms: linux/amd64, linux/arm64');
const metadata = args.find((arg) => arg.startsWith('--metadata-file='));
if (metadata) writeFileSync(metadata.slice(16), JSON.stringify({ 'containerimage.digest': '${DIGEST}' }));
`;
let server: { endpoint: string; close(): Promise<void> };
let aws: { url: string; close(): Promise<void> };
const signedFor: string[] = [];

beforeAll(async () => {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'docker'), STAND_IN);
  chmodSync(join(folder, 'bin', 'docker'), 0o755);
  // A package.json near by may make Node take the stand-in for an ES module.
  writeFileSync(join(folder, 'bin', 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(folder, 'task-definition.json'), JSON.stringify(TASK_DEFINITION));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  server = await simulator.listen();
  aws = await startRelay(server.endpoint, ({ headers }) => {
    const target = String(headers['x-amz-target'] ?? '');
    const [, region, service] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    signedFor.push(`${service} in ${region}: ${target.split('.')[1]}`);
    return undefined;
  });
  for (const region of ['eu-central-1', 'cn-north-1', 'eu-west-1'])
    simulator.ecr.registryOf('210987654321', region).create('team/web', false).policy = grants(ACCOUNT, ['*']);
  simulator.call('RegisterTaskDefinition', TASK_DEFINITION);
  simulator.call('CreateService', {
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
});
afterAll(async () => {
  clock.close();
  await aws.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly args: readonly string[];
  readonly logins?: string;
  readonly config?: string;
}

test.each([
  [
    'another account and region',
    '210987654321.dkr.ecr.eu-central-1.amazonaws.com/team/web',
    '210987654321.dkr.ecr.eu-central-1.amazonaws.com',
    'ecr in eu-central-1: GetAuthorizationToken',
    { registryId: '210987654321', repositoryNames: ['team/web'] },
  ],
  [
    'China',
    '210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web',
    '210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn',
    'ecr in cn-north-1: GetAuthorizationToken',
    { registryId: '210987654321', repositoryNames: ['team/web'] },
  ],
  [
    'the dual-stack name',
    '210987654321.dkr-ecr.eu-west-1.on.aws/team/web',
    '210987654321.dkr-ecr.eu-west-1.on.aws',
    'ecr in eu-west-1: GetAuthorizationToken',
    { registryId: '210987654321', repositoryNames: ['team/web'] },
  ],
  [
    'public ECR',
    'public.ecr.aws/shop/web',
    'public.ecr.aws',
    'ecr-public in us-east-1: GetAuthorizationToken',
    undefined,
  ],
])('%s', async (_, repository, host, signed, described) => {
  writeFileSync(noted, '');
  simulator.wire.calls.length = 0;
  signedFor.length = 0;
  const run = await runAction({
    inputs: {
      service: 'web',
      'task-definition': 'task-definition.json',
      repository,
      tags: 'v1',
      preflight: 'false',
      'wait-for-service-stability': 'false',
    },
    env: {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'TEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: REGION,
    },
    cwd: folder,
  });
  expect(run.log).not.toContain('::error');
  expect(run.outputs.image).toBe(`${repository}@${DIGEST}`);
  expect(signedFor).toContain(signed);
  expect(simulator.wire.calls.find(({ operation }) => operation === 'DescribeRepositories')?.input).toEqual(described);
  const asked: Asked[] = readFileSync(noted, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const { password } = simulator.registry;
  const build = asked.find(({ args }) => args[1] === 'build');
  expect(build?.args.join(' ')).toContain(`--tag ${repository}:v1`);
  // The build alone has the login, in its environment; no `docker login`, no file, and the password in no command.
  const auth = Buffer.from(`AWS:${password}`).toString('base64');
  expect(JSON.parse(build?.logins ?? '')).toEqual({ auths: { [host]: { auth } } });
  expect(build?.config).toBeUndefined();
  expect(asked.map(({ args }) => args[0])).not.toContain('login');
  expect(asked.flatMap(({ args }) => args).join(' ')).not.toContain(password);
  for (const secret of [password, auth]) expect(run.log).toContain(`::add-mask::${secret}`);
});
