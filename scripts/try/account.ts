/** A simulated account in which a step of a workflow can run as it stands, under virtual time, and what its run shows. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Call, Fault } from '../../simulator/wire/wire.ts';
import { homeOf, seedFromTemplate } from '../../simulator/world/from-template.ts';
import { parseArn } from '../../src/arn.ts';
import type { AnyInputs } from '../../src/inputs/types.ts';
import { type ActionRun, runAction } from '../run-action.ts';
import { readInputs } from '../workflow/inputs.ts';

type Texts = Readonly<Record<string, string>>;

export const BREAKS = ['crash', 'image', 'health', 'capacity'] as const;
export type Break = (typeof BREAKS)[number];

export interface Trial {
  /** As the runner would pass them. */
  readonly inputs: Texts;
  readonly env: Texts;
  readonly github: Texts;
  readonly root: string;
  /** The task definition, and the name by which it is shown. */
  readonly template: { readonly file: string; readonly text: string };
  readonly break?: Break | undefined;
  readonly onText?: (text: string) => void;
}

export interface TrialRun extends ActionRun {
  readonly calls: readonly TimedCall[];
  /** Of the simulated run. */
  readonly seconds: number;
  /** What was put in the place of inputs that need more than a simulated account. */
  readonly changes: readonly string[];
}

export interface TimedCall extends Call {
  readonly seconds: number;
}

const STEADY_SECONDS = 180;
const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '..', 'virtual-time.ts')).href;
const lastPart = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
const NO_TEMPLATE = new Set(['rollback', 'list', 'continue']);
/** Inputs of a build, which is not carried out. */
const OF_THE_BUILD =
  /^(?:repository|create-repository|repository-settings|lifecycle-policy|context|file|target|platforms|tags|push-by-digest|build-.*|ssh|cache.*|labels|annotations|provenance|sbom|compression|reproducible|pull|no-cache.*|reuse-image|builder.*|add-hosts|allow|attests|cgroup-parent|network|outputs|shm-size|ulimit|digests|scan.*|wait-for-replication|sign|image-checks-minutes)$/;

/** Runs the step. @throws an error where AWS would refuse the task definition */
export async function runTrial(trial: Trial): Promise<TrialRun> {
  const { template, inputs } = trial;
  const clock = new VirtualClock();
  const simulator = new Simulator(clock, { home: homeFor(inputs, template.text) });
  const { accountId, region, partition } = simulator.context;
  simulator.ecr.host = `${accountId}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const seeded = await seed(simulator, trial);
  clock.advance(STEADY_SECONDS);
  if (NO_TEMPLATE.has(inputs.mode ?? '')) deployNext(simulator, seeded);
  endTasks(simulator, seeded, trial.env);
  breakNext(simulator, seeded, trial.break);
  trust(simulator, inputs);
  const began = clock.now();
  const calls: TimedCall[] = [];
  const record: Fault = (call) => {
    calls.push({ ...call, seconds: clock.now() - began });
    return undefined;
  };
  simulator.wire.faults.push(record);
  // Not simulator.listen(): images keep the names that they have in ECR.
  const aws = await simulator.wire.listen(0);
  const time = await serve(async (url) => {
    const until = Number(url.searchParams.get('until')) / 1000;
    if (until > clock.now()) clock.advance(until - clock.now());
    return { now: Math.round(clock.now() * 1000) };
  });
  const github = await serve(async (url, method) => {
    if (url.pathname === '/token') return { value: tokenAt(clock.now(), trial) };
    return method === 'GET' ? [] : { id: 1 };
  });
  try {
    const run = await runAction({
      inputs: seeded.inputs,
      cwd: trial.root,
      env: environment(trial, { aws: aws.endpoint, time: time.address, github: github.address }),
      timeoutSeconds: 300,
      ...(trial.onText ? { onText: trial.onText } : {}),
    });
    return { ...run, calls, seconds: clock.now() - began, changes: seeded.changes };
  } finally {
    await Promise.all([aws.close(), time.close(), github.close()]);
  }
}

/** The account and Region of the step, else those that the template names. */
function homeFor(inputs: Texts, text: string): ReturnType<typeof homeOf> {
  const account = parseArn(inputs['role-to-assume'] ?? '')?.account ?? parseArn(inputs.service ?? '')?.account;
  const region = inputs['aws-region'];
  return {
    ...homeOf(text),
    ...(account ? { accountId: account } : {}),
    ...(region ? { region, partition: partitionOf(region) } : {}),
  };
}
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

interface Seeded {
  readonly inputs: Record<string, string>;
  readonly changes: readonly string[];
  readonly cluster: string;
  readonly service: string;
  readonly family: string;
}

/** The service with its first revision and all that the template refers to; the inputs that deploy the next. */
async function seed(simulator: Simulator, { inputs, template }: Trial): Promise<Seeded> {
  const cluster = lastPart(inputs.cluster ?? '') || 'default';
  const service = lastPart(inputs.service ?? '') || undefined;
  const given = new Map(linesOf(inputs.variables ?? ''));
  const lines = await seedFromTemplate(simulator, { ...template, cluster, service, variables: given, tasks: 2 }).catch(
    (thrown: unknown) => {
      throw new Error(
        String(thrown instanceof Error ? thrown.message : thrown).replace(/^--from /, 'The task definition '),
      );
    },
  );
  const at = (name: string): string =>
    lines.find((line) => line.startsWith(`  ${name}: `))?.slice(name.length + 4) ?? '';
  const family = / of (\S+):1 on /.exec(lines.join('\n'))?.[1] ?? 'app';
  for (const name of (inputs.alarms ?? '').split(/[,\n]/).map((one) => one.trim()))
    if (name !== '' && name !== 'none') simulator.cloudwatch.alarms.set(name, { state: 'OK' });
  const [next, changes] = stepInputs(inputs, { image: at('image'), container: at('container-name') });
  const from = lines.indexOf('  variables: |');
  const assumed =
    from < 0
      ? []
      : lines
          .slice(from + 1)
          .map((line) => line.trim())
          .filter((line) => !given.has(line.split('=')[0] ?? ''));
  if (assumed.length > 0 && !NO_TEMPLATE.has(inputs.mode ?? '')) {
    next.variables = [...linesOf(inputs.variables ?? '').map((pair) => pair.join('=')), ...assumed].join('\n');
    changes.push(`variables: ${assumed.join(', ')} (placeholders of the task definition that the step gives no value)`);
  }
  return { inputs: next, changes, cluster, family, service: service ?? family };
}

/** The step's inputs with a ready-made image in the place of a build, or of an image that the account does not have. */
function stepInputs(
  given: Texts,
  made: { readonly image: string; readonly container: string },
): [Record<string, string>, string[]] {
  const mode = given.mode ?? 'deploy';
  if (NO_TEMPLATE.has(mode)) return [{ ...given }, []];
  const builds = given.repository !== undefined || given.digests !== undefined;
  const kept = Object.entries(given).filter(([name]) => !OF_THE_BUILD.test(name) && !name.startsWith('verify'));
  const next: Record<string, string> = Object.fromEntries(kept);
  const changes: string[] = [];
  if (given.verify !== undefined) changes.push('verify: left out; nothing outside of this machine is asked');
  if (builds) changes.push(`repository: not built; ${made.image} stands in for the image`);
  else if (given.image !== undefined) changes.push(`image: ${made.image} in place of ${given.image}`);
  if (builds || given.image !== undefined) {
    next.image = made.image;
    if (made.container !== '' && next['container-name'] === undefined) {
      next['container-name'] = made.container;
      changes.push(`container-name: ${made.container} (several containers, and none has \`\${IMAGE}\`)`);
    }
  }
  return [next, changes];
}

/** `NAME=value` lines, or a JSON object such as toJSON(vars) gives. */
function linesOf(text: string): [string, string][] {
  if (/^\s*\{/.test(text))
    return Object.entries(JSON.parse(text) as Texts).map(([name, value]) => [name, String(value)]);
  return text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)]];
  });
}

/** A second release, so that there is something to roll back to. */
function deployNext(simulator: Simulator, { cluster, service, family }: Seeded): void {
  const described = simulator.call('DescribeTaskDefinition', { taskDefinition: family }) as unknown as {
    taskDefinition: Record<string, unknown> & { containerDefinitions: Record<string, unknown>[] };
  };
  const { taskDefinition } = described;
  const members = [
    'family',
    'containerDefinitions',
    'networkMode',
    'requiresCompatibilities',
    'cpu',
    'memory',
    'executionRoleArn',
    'taskRoleArn',
    'volumes',
    'runtimePlatform',
  ];
  const next = Object.fromEntries(
    members.flatMap((name) => (taskDefinition[name] === undefined ? [] : [[name, taskDefinition[name]]])),
  );
  simulator.call('RegisterTaskDefinition', next);
  simulator.call('UpdateService', { cluster, service, taskDefinition: `${family}:2` });
  (simulator.clock as VirtualClock).advance(STEADY_SECONDS);
}

/** What is wrong with the inputs is what the run itself reports. */
function parsedOrNothing(inputs: Texts, env: Texts): AnyInputs | undefined {
  try {
    return readInputs(inputs, env);
  } catch {
    return undefined;
  }
}

/** One-off tasks (`pre-deploy`, `post-deploy`, `mode: task`) succeed; a task is known by its command. */
function endTasks({ script }: Simulator, { inputs }: Seeded, env: Texts): void {
  const parsed = parsedOrNothing(inputs, env);
  if (!parsed) return;
  const tasks = [
    ...('tasks' in parsed ? [...parsed.tasks.before, ...parsed.tasks.after] : []),
    ...('task' in parsed ? [parsed.task] : []),
  ];
  for (const { command } of tasks)
    if (command && command.length > 0) script.command(command.join(' '), { exit: { afterSeconds: 5, code: 0 } });
}

/** What the tasks of the next deployment do. */
function breakNext(simulator: Simulator, seeded: Seeded, kind: Break | undefined): void {
  const { family, inputs } = seeded;
  const { script } = simulator;
  const next = `${family}:${NO_TEMPLATE.has(inputs.mode ?? '') ? 1 : 2}`;
  switch (kind) {
    case undefined:
      return;
    case 'crash':
      script.revision(next, { exit: { afterSeconds: 3, code: 1 } });
      complain(simulator, seeded);
      return;
    case 'image':
      script.revision(next, {
        failToStart: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${inputs.image ?? 'image'}: not found`,
      });
      return;
    case 'health':
      script.revision(next, {
        unhealthy: checkedBy(simulator, seeded),
        unhealthySeconds: 20,
        unhealthyReason: 'Health checks failed with these codes: [502]',
      });
      return;
    case 'capacity':
      // The tasks that run keep running; none is started beside them.
      script.fargateLimit(2);
      script.noInstances();
  }
}

/** The last words of the new tasks' essential containers, where they have a log group. */
function complain(simulator: Simulator, { service, family }: Seeded): void {
  const { taskDefinition } = simulator.call('DescribeTaskDefinition', { taskDefinition: family }) as unknown as {
    taskDefinition: { containerDefinitions: { name: string; logConfiguration?: { options?: Texts } }[] };
  };
  for (const { name, logConfiguration } of taskDefinition.containerDefinitions) {
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {};
    if (group === undefined || prefix === undefined) continue;
    // Once the first tasks run, and before they end.
    simulator.script.at(11, () => {
      for (const { id } of simulator.script.service(service).tasks)
        for (const message of ['Starting on port 8080', 'Error: connect ECONNREFUSED 10.0.12.7:5432'])
          simulator.logs.append(group, `${prefix}/${name}/${id}`, { message, atSeconds: simulator.clock.now() });
    });
  }
}

/** What checks the health of the tasks: a container's own check, else a load balancer that is put in front of its port. */
function checkedBy(simulator: Simulator, { cluster, service, family }: Seeded): 'container' | 'target' {
  const { taskDefinition } = simulator.call('DescribeTaskDefinition', { taskDefinition: family }) as unknown as {
    taskDefinition: {
      networkMode?: string;
      containerDefinitions: { name: string; healthCheck?: object; portMappings?: { containerPort: number }[] }[];
    };
  };
  const { containerDefinitions, networkMode } = taskDefinition;
  if (containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined)) return 'container';
  const open = containerDefinitions.find(({ portMappings = [] }) => portMappings.length > 0);
  const [port] = open?.portMappings ?? [];
  if (!open || !port)
    throw new Error('--break health: no container has a health check or a port, so nothing checks its health.');
  const { partition, region, accountId } = simulator.context;
  const targetGroupArn = `arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/${service.slice(0, 32)}/0123456789abcdef`;
  simulator.loadBalancing.targetGroups.set(targetGroupArn, {
    targetType: networkMode === 'awsvpc' ? 'ip' : 'instance',
  });
  const loadBalancers = [{ targetGroupArn, containerName: open.name, containerPort: port.containerPort }];
  simulator.call('UpdateService', { cluster, service, loadBalancers });
  (simulator.clock as VirtualClock).advance(STEADY_SECONDS);
  return 'target';
}

/** GitHub's provider is there from the start; the role trusts this repository. */
function trust(simulator: Simulator, inputs: Texts): void {
  const arn = parseArn(inputs['role-to-assume'] ?? '');
  if (!arn) return;
  const [, path = '/', name = ''] = /^role(\/.*\/|\/)([^/]+)$/.exec(arn.resource) ?? [];
  const issuer = 'token.actions.githubusercontent.com';
  const audience = inputs.audience ?? 'sts.amazonaws.com';
  simulator.iam.oidcProviders.set(issuer, { audiences: [audience] });
  simulator.iam.roles.set(name, {
    path,
    maxSessionDuration: 43_200,
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:${arn.partition}:iam::${arn.account}:oidc-provider/${issuer}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      ],
    },
  });
}

function tokenAt(now: number, { github, inputs }: Trial): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: inputs.audience ?? 'sts.amazonaws.com',
    sub: `repo:${github.repository ?? 'owner/name'}:ref:${github.ref ?? 'refs/heads/main'}`,
    iat: Math.floor(now),
    exp: Math.floor(now) + 300,
  };
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2ltdWxhdGVk`;
}

function environment(
  { env, github, root }: Trial,
  at: { readonly aws: string; readonly time: string; readonly github: string },
): Texts {
  return {
    ...env,
    NODE_OPTIONS: `--import ${VIRTUAL_TIME}`,
    NODE_NO_WARNINGS: '1',
    VIRTUAL_TIME: at.time,
    AWS_ENDPOINT_URL: at.aws,
    // For a step without a role; configure-aws-credentials would set them.
    AWS_ACCESS_KEY_ID: 'SIMULATED',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${at.github}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    GITHUB_API_URL: at.github,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: github.repository ?? 'owner/name',
    GITHUB_REF: github.ref ?? 'refs/heads/main',
    GITHUB_REF_NAME: github.ref_name ?? 'main',
    GITHUB_REF_TYPE: github.ref_type ?? 'branch',
    GITHUB_SHA: github.sha ?? '0'.repeat(40),
    GITHUB_EVENT_NAME: github.event_name ?? 'push',
    GITHUB_WORKFLOW: github.workflow ?? basename(root),
    GITHUB_JOB: github.job ?? 'deploy',
    GITHUB_ACTOR: github.actor ?? 'actor',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKSPACE: root,
  };
}

/** JSON on a loopback address. */
async function serve(
  answer: (url: URL, method: string) => Promise<unknown>,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const value = await answer(url, request.method ?? 'GET');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
