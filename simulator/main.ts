/** `npm run simulator`: an AWS account on loopback for the AWS CLI, docker, and this action. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { RealClock } from './clock.ts';
import { AWS_TIMINGS, DEFAULT_TIMINGS } from './ecs/timings.ts';
import { Logs } from './services/logs.ts';
import { Simulator } from './simulator.ts';
import { breakDown, deny, hang, ODD_ANSWERS, odd, throttle, tokenBuckets } from './wire/faults.ts';
import type { Disturbance } from './wire/wire.ts';
import { applySeed, type Seed } from './world/seed.ts';

const HELP = `Usage: npm run simulator -- [options]

Simulates ECS, ECR (with a registry to push to), CloudWatch Logs, STS and what tasks refer to, on 127.0.0.1.
It prints the variables that point the AWS CLI, SDKs and this action at it, and runs until Ctrl-C.

  --port N              where it listens (default 4566); 0 takes a free port
  --speed N             simulated seconds in each real one (default 1), for quicker rollouts
  --timings quick|aws   how long ECS takes to settle, complete and bake (default quick)

What is there from the start
  --seed FILE           JSON: {"oidcProviders": [], "roles": [], "clusters": [], "repositories": [], "logGroups": [],
                        "taskDefinitions": [], "services": []}; each a request of CreateOpenIDConnectProvider, CreateRole,
                        CreateCluster, CreateRepository, CreateLogGroup, RegisterTaskDefinition or CreateService. A role
                        can be assumed by whom its AssumeRolePolicyDocument (text or JSON) names; GitHub's provider is there. Also "behaviours": {"app:2": {"exit": {"afterSeconds": 3, "code": 1}}}: how tasks
                        that run such an image behave; see simulator/runtime/model.ts for all that can be set.
  --service NAME        a service of that name, running the family NAME, steady at once
  --cluster NAME        the cluster of --service and --from (default "default")
  --from FILE           your own task definition (JSON or YAML, with placeholders such as \${NAME}): its cluster, service (--service,
                        else its family), roles, log groups, secrets, parameters and repositories are there, and it can be
                        deployed at once; the inputs of the action are printed
  --variable NAME=VALUE the value of a placeholder of --from; may be given more than once. Others get a likely value

Tasks
  --containers          tasks are real containers on the Docker engine of DOCKER_HOST (else the local one): real exit
                        codes, logs, health checks and memory limits. Without it they are a model. Images of the
                        simulator's registry need a login first:
                        aws ecr get-login-password | docker login --username AWS --password-stdin ENDPOINT_HOST

Faults; each may be given more than once
  --deny ACTION         such as ecs:ListServiceDeployments: answered with AccessDeniedException
  --throttle OP=N       the next N calls of the operation are answered with ThrottlingException
  --break OP=N          the next N calls of the operation are answered with HTTP 500
  --hang OP=N           the next N calls of the operation get no answer at all
  --odd OP=KIND[*N]     the next N calls (1) are answered by something that is not AWS: html, empty, {}, json (malformed),
                        truncated, redirect, or a status such as 407 or 502 without a body
  --latency MS[,JITTER] what each call takes, in real milliseconds, give or take the jitter
  --skew SECONDS        AWS's clock is so far ahead of this machine's (--skew=-600: behind): instants, Date headers, and
                        signatures that are more than five minutes off are refused
  --rate-limits         token buckets as ECS has them (DescribeServices: 100 at once, then 20 a second)
  --stale SECONDS       DescribeServices and ListServiceDeployments lag so far behind writes
  --fargate-limit N     at most N Fargate tasks at a time
  --instances KIND      what clusters that are created later have for tasks on EC2: none, as AWS's begin (default), or
                        unlimited, as those of --seed, --from and --service have

  --help                this text`;

/** The end of the program: an option is not as it should be. */
function refuse(why: string): never {
  console.error(`${why} See --help.`);
  process.exit(2);
}

/** @returns what the options say, or ends the program with the words of what is wrong with them */
function read<Options extends NonNullable<ParseArgsConfig['options']>>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (thrown) {
    return refuse(`${thrown instanceof Error ? thrown.message.replace(/\.? To specify.*$/s, '') : String(thrown)}.`);
  }
}

const values = read({
  port: { type: 'string', default: '4566' },
  speed: { type: 'string', default: '1' },
  timings: { type: 'string', default: 'quick' },
  seed: { type: 'string' },
  service: { type: 'string' },
  cluster: { type: 'string', default: 'default' },
  from: { type: 'string' },
  variable: { type: 'string', multiple: true, default: [] },
  containers: { type: 'boolean', default: false },
  deny: { type: 'string', multiple: true, default: [] },
  throttle: { type: 'string', multiple: true, default: [] },
  break: { type: 'string', multiple: true, default: [] },
  hang: { type: 'string', multiple: true, default: [] },
  odd: { type: 'string', multiple: true, default: [] },
  latency: { type: 'string' },
  skew: { type: 'string', default: '0' },
  'rate-limits': { type: 'boolean', default: false },
  stale: { type: 'string', default: '0' },
  'fargate-limit': { type: 'string' },
  instances: { type: 'string', default: 'none' },
  help: { type: 'boolean', default: false },
});

/** A number of an option, or the end of the program. */
function number(option: string, value: string, least = 0): number {
  const n = Number(value);
  if (value.trim() !== '' && Number.isFinite(n) && n >= least) return n;
  return refuse(
    `--${option} takes a number${least === Number.NEGATIVE_INFINITY ? '' : ` from ${least} on`}, not "${value}".`,
  );
}
/** `DescribeServices=3` */
function times(option: string, value: string): [operation: string, times: number] {
  const [, operation, count = ''] = /^([A-Z][A-Za-z]+)=([1-9]\d*)$/.exec(value) ?? [];
  if (operation !== undefined) return [operation, Number(count)];
  return refuse(`--${option} takes OP=N, such as DescribeServices=3, not "${value}".`);
}
/** `ecs:ListServiceDeployments` */
const actionOf = (value: string): string =>
  /^[a-z\d-]+:[A-Z]\w+$/.test(value)
    ? value
    : refuse(`--deny takes an action, such as ecs:ListServiceDeployments, not "${value}".`);

/** `DescribeServices=html*3` */
function oddOf(value: string): Disturbance {
  const [operation = '', kind = '', count = '1'] = value.split(/=|\*(?=\d+$)/);
  const found = /^[A-Z][A-Za-z]+$/.test(operation) && odd(operation, kind, { times: number('odd', count, 1) });
  return found || refuse(`--odd takes OP=KIND with one of ${ODD_ANSWERS.join(', ')}, not "${value}".`);
}

/** `200,50`: half of it on the way there, half on the way back. */
function delayOf(value: string): () => Promise<void> {
  const [middle = '', spread = '0', more] = value.split(',');
  if (more !== undefined) return refuse(`--latency takes MS or MS,JITTER, not "${value}".`);
  const [milliseconds, jitter] = [number('latency', middle), number('latency', spread)];
  return () => setTimeout(Math.max(0, milliseconds + jitter * (2 * Math.random() - 1)) / 2);
}

/** @throws an error that names the option and the file */
function textOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new Error(`--${option} ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** @throws an error that names the file and what is wrong with it */
function seedIn(file: string): Seed {
  const text = textOf('seed', file);
  try {
    return JSON.parse(text) as Seed;
  } catch (thrown) {
    throw new Error(`--seed ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

async function start(): Promise<void> {
  if (values.timings !== 'quick' && values.timings !== 'aws') {
    return refuse(`--timings is quick or aws, not "${values.timings}".`);
  }
  if (values.variable.length > 0 && values.from === undefined)
    return refuse('--variable is the value of a placeholder of --from, which is not there.');
  const { instances } = values;
  if (instances !== 'none' && instances !== 'unlimited')
    return refuse(`--instances is none or unlimited, not "${instances}".`);
  const skew = number('skew', values.skew, Number.NEGATIVE_INFINITY);
  const clock = new RealClock(number('speed', values.speed, 0.001), skew);
  const logs = new Logs(clock);
  // Real containers need child processes and an engine; the model needs neither.
  const containers = values.containers ? await import('./runtime/containers.ts') : undefined;
  const runtime = containers && new containers.ContainerRuntime(process.env, logs, () => clock.now());
  const fromText = values.from === undefined ? undefined : textOf('from', values.from);
  const simulator = new Simulator(clock, {
    logs,
    timings: values.timings === 'aws' ? AWS_TIMINGS : DEFAULT_TIMINGS,
    ...(runtime ? { runtime } : {}),
    ...(fromText === undefined ? {} : { home: await homeIn(fromText) }),
  });
  const { faults, disturbances } = simulator.wire;
  disturbances.push(...values.hang.map((value) => hang(...times('hang', value))), ...values.odd.map(oddOf));
  if (values.latency !== undefined) simulator.wire.delay = delayOf(values.latency);
  if (skew !== 0) {
    simulator.wire.now = () => Date.now() / 1000 + skew;
  }
  faults.push(...values.deny.map((action) => deny(actionOf(action))));
  faults.push(...values.throttle.map((value) => throttle(...times('throttle', value))));
  faults.push(...values.break.map((value) => breakDown(...times('break', value))));
  if (values['rate-limits']) faults.push(tokenBuckets(clock));
  simulator.consistency.staleSeconds = number('stale', values.stale);
  const limit = values['fargate-limit'];
  if (limit !== undefined) simulator.script.fargateLimit(number('fargate-limit', limit));
  const { endpoint } = await simulator.listen(number('port', values.port));
  if (values.seed !== undefined) await applySeed(simulator, seedIn(values.seed));
  const seeded = fromText === undefined ? [] : await seedFrom(simulator, fromText);
  if (values.service !== undefined && fromText === undefined) await applySeed(simulator, seedOf(values.service));
  const { clusters } = simulator.ecs;
  clusters.instancesOfNew = instances;
  if (instances === 'none' && (values.seed ?? values.from ?? values.service) === undefined)
    clusters.get('default').instances = [];
  if (runtime) process.once('SIGINT', () => void runtime.close().finally(() => process.exit(130)));
  const { region } = simulator.context;
  for (const line of seeded) console.log(`# ${line}`);
  console.log(`# AWS on loopback; paste these lines into a shell, then use aws, docker or this action.
export AWS_ENDPOINT_URL=${endpoint}
export AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=SIMULATED AWS_SECRET_ACCESS_KEY=simulated`);
}

const homeIn = async (text: string) => (await import('./world/from-template.ts')).homeOf(text);

/** Real containers cannot run the image that is made up for the first revision: such a service begins without tasks. */
async function seedFrom(simulator: Simulator, text: string): Promise<string[]> {
  const { seedFromTemplate } = await import('./world/from-template.ts');
  const variables = values.variable.map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
    throw new Error(`--variable takes NAME=VALUE, not "${pair}". See --help.`);
  });
  return seedFromTemplate(simulator, {
    file: values.from ?? '',
    text,
    cluster: values.cluster,
    service: values.service,
    variables: new Map(variables),
    tasks: values.containers ? 0 : 1,
  });
}

const seedOf = (name: string): Seed => ({
  clusters: [{ clusterName: values.cluster }],
  taskDefinitions: [
    {
      family: name,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: 'example.com/app:1', portMappings: [{ containerPort: 8080 }] }],
    },
  ],
  services: [
    {
      cluster: values.cluster,
      serviceName: name,
      taskDefinition: name,
      launchType: 'FARGATE',
      desiredCount: 1,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    },
  ],
});

if (values.help) console.log(HELP);
else
  await start().catch((thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exit(1);
  });
