/** Typical mistakes, made with the bundle against the simulator; each has to show what was tried, why it failed and what to do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ActionRun, runAction, type WarmAction } from '../../scripts/run-action.ts';
import { defaultInputs } from '../../scripts/workflow/inputs.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import type { Fault } from '../../simulator/wire/wire.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { pushImage } from '../../simulator/world/from-template.ts';
import { defined } from '../../src/model.ts';

type Texts = Readonly<Record<string, string>>;

export const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
export const IMAGE = `${HOST}/team/web:1`;
const ISSUER = 'token.actions.githubusercontent.com';
const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '..', '..', 'scripts', 'virtual-time.ts')).href;

export const definition = (container: object = {}, rest: object = {}): object => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
  containerDefinitions: [
    { name: 'web', image: '${IMAGE}', essential: true, portMappings: [{ containerPort: 8080 }], ...container },
  ],
  ...rest,
});

export interface Mistake {
  /** Beside those of a step that is right; an empty text takes one away. */
  readonly inputs?: Texts;
  readonly env?: Texts;
  /** Text of task-definition.json. */
  readonly template?: string;
  readonly files?: Texts;
  readonly faults?: readonly Fault[];
  readonly arrange?: (simulator: Simulator) => void;
  /** The claims of the job's token. */
  readonly claims?: object;
  /** All of it is shown. */
  readonly shows: readonly RegExp[];
  /** What would lead astray, and is not shown. */
  readonly hides?: RegExp;
  /** No revision is left behind. */
  readonly registers?: 'nothing';
  /** What the step ends with; a mistake that may be meant is a warning. */
  readonly exitCode?: 0;
}

/** The account of the step: cluster production, service web, an image in team/web, a role that trusts the environment production. */
function account(): Simulator {
  const clock = new VirtualClock();
  const simulator = new Simulator(clock);
  simulator.ecr.host = HOST;
  const first = JSON.parse(JSON.stringify(definition()).replace('${IMAGE}', IMAGE)) as Record<string, unknown>;
  for (const cluster of ['production', 'staging']) simulator.call('CreateCluster', { clusterName: cluster });
  simulator.call('RegisterTaskDefinition', first);
  createDependencies(simulator, first);
  pushImage(simulator.registry, ['team/web', '1'], {
    content: 'web',
    platforms: [{ os: 'linux', architecture: 'amd64' }],
  });
  const group = `arn:aws:elasticloadbalancing:${REGION}:123456789012:targetgroup/web/0123456789abcdef`;
  simulator.loadBalancing.targetGroups.set(group, { targetType: 'ip' });
  simulator.call('CreateService', {
    cluster: 'production',
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'] } },
    loadBalancers: [{ targetGroupArn: group, containerName: 'web', containerPort: 8080 }],
  });
  simulator.iam.oidcProviders.set(ISSUER, { audiences: ['sts.amazonaws.com'] });
  simulator.iam.roles.set('deploy-web', {
    path: '/',
    maxSessionDuration: 3600,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: 'sts.amazonaws.com',
              [`${ISSUER}:sub`]: 'repo:acme/web:environment:production',
            },
          },
        },
      ],
    },
  });
  clock.advance(200);
  return simulator;
}

const CLAIMS = { iss: `https://${ISSUER}`, aud: 'sts.amazonaws.com', sub: 'repo:acme/web:environment:production' };

/** @param warm a process for many runs; without it, the run has its own */
export async function make(
  mistake: Mistake,
  warm?: WarmAction,
): Promise<ActionRun & { readonly deployments: number; readonly registered: number }> {
  const simulator = account();
  const clock = simulator.clock as VirtualClock;
  mistake.arrange?.(simulator);
  simulator.wire.faults.push(...(mistake.faults ?? []));
  const folder = mkdtempSync(join(tmpdir(), 'mistake-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('task-definition.json', mistake.template ?? JSON.stringify(definition(), null, 2));
  for (const [path, text] of Object.entries(mistake.files ?? {})) write(path, text);
  const aws = await simulator.wire.listen(0);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const until = Number(url.searchParams.get('until')) / 1000;
    if (until > clock.now()) clock.advance(until - clock.now());
    const times = { iat: Math.floor(clock.now()), exp: Math.floor(clock.now()) + 300 };
    const token = `${part({ alg: 'RS256' })}.${part({ ...CLAIMS, ...times, ...mistake.claims })}.c2ln`;
    const answer = url.pathname === '/token' ? { value: token } : { now: Math.round(clock.now() * 1000) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const given = {
    ...defaultInputs(),
    'aws-region': REGION,
    'role-to-assume': 'arn:aws:iam::123456789012:role/deploy-web',
    cluster: 'production',
    service: 'web',
    'task-definition': 'task-definition.json',
    image: IMAGE,
    ...mistake.inputs,
  };
  try {
    simulator.wire.calls.length = 0;
    const run = await runAction({
      inputs: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '-')),
      cwd: folder,
      ...defined({ warm }),
      env: {
        NODE_OPTIONS: `--import ${VIRTUAL_TIME}`,
        NODE_NO_WARNINGS: '1',
        VIRTUAL_TIME: address,
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_EC2_METADATA_DISABLED: 'true',
        ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/token?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
        GITHUB_API_URL: address,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'acme/web',
        GITHUB_REF: 'refs/heads/main',
        GITHUB_REF_NAME: 'main',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
        GITHUB_RUN_ID: '42',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_WORKFLOW: 'deploy',
        GITHUB_JOB: 'deploy',
        GITHUB_WORKSPACE: folder,
        GITHUB_ACTION_REPOSITORY: 'acme/ecs-rollout',
        GITHUB_ACTION_REF: 'v1',
        ...mistake.env,
      },
    });
    const registered = simulator.wire.calls.filter(({ operation }) => operation === 'RegisterTaskDefinition').length;
    return { ...run, deployments: simulator.script.service('web').serviceDeployments.length, registered };
  } finally {
    server.closeAllConnections();
    await Promise.all([aws.close(), new Promise<void>((resolve) => void server.close(() => resolve()))]);
    rmSync(folder, { recursive: true, force: true });
  }
}
