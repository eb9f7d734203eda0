/** An AWS account under virtual time, and runs of the bundle in it, written down so that two dumps can be compared. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import type { Call, Fault } from '../../simulator/wire/wire.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { type ActionRun, runAction } from '../run-action.ts';

type Input = Readonly<Record<string, unknown>>;

const VIRTUAL_TIME = pathToFileURL(join(import.meta.dirname, '..', 'virtual-time.ts')).href;
/** The first release is steady after that; simulated. */
const STEADY_SECONDS = 120;

export const definition = (image = 'example.com/app:1', container: Input = {}): Input => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }], ...container }],
});

/** A signal that main gets at the first instant at which this holds. */
export interface Interrupt {
  readonly signal: 'SIGINT' | 'SIGKILL';
  readonly when: (account: Account) => boolean;
}

export interface RunOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Text of task-definition.json; none is written, and the input not given, when it is null. */
  readonly template?: Input | null;
  readonly interrupt?: Interrupt;
}

export class Account {
  readonly clock = new VirtualClock();
  readonly simulator = new Simulator(this.clock);
  /** Requests to GitHub's API other than GET, as `METHOD path body`. */
  readonly #github: string[] = [];
  readonly #comments: string[] = [];
  readonly #folder: string;
  readonly #workspace = mkdtempSync(join(tmpdir(), 'freeze-'));
  #runs = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A service `web` that runs web:1 and is steady. */
  withService(settings: Input = {}, first: Input = definition()): this {
    this.simulator.call('RegisterTaskDefinition', first);
    createDependencies(this.simulator, first, settings);
    this.simulator.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...settings,
    });
    this.clock.advance(STEADY_SECONDS);
    return this;
  }

  /** One step of a workflow: main and post, in a process each. All that they show goes to the folder `N-name`. */
  async run(
    name: string,
    { inputs = {}, env = {}, template = definition(), interrupt }: RunOptions = {},
  ): Promise<ActionRun> {
    const { simulator } = this;
    const aws = await simulator.listen();
    const time = await this.#serveTime(interrupt);
    const github = await this.#serveGithub();
    simulator.wire.calls.length = 0;
    this.#github.length = 0;
    const calls: TimedCall[] = [];
    const start = this.clock.now();
    const record: Fault = (call) => {
      calls.push({ ...call, seconds: round(this.clock.now() - start) });
      return undefined;
    };
    // Before the faults that refuse calls.
    simulator.wire.faults.unshift(record);
    const templated = template !== null && !['rollback', 'list'].includes(inputs.mode ?? '');
    if (templated) writeFileSync(join(this.#workspace, 'task-definition.json'), JSON.stringify(template));
    try {
      const run = await runAction({
        inputs: { service: 'web', ...(templated ? { 'task-definition': 'task-definition.json' } : {}), ...inputs },
        cwd: this.#workspace,
        env: {
          HOME: this.#workspace,
          NODE_OPTIONS: `--import ${VIRTUAL_TIME}`,
          NODE_NO_WARNINGS: '1',
          VIRTUAL_TIME: time.address,
          AWS_ENDPOINT_URL: aws.endpoint,
          AWS_ACCESS_KEY_ID: 'TEST',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_REGION: REGION,
          GITHUB_API_URL: github.address,
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_REPOSITORY: 'acme/web',
          GITHUB_REF: 'refs/heads/main',
          GITHUB_REF_NAME: 'main',
          GITHUB_REF_TYPE: 'branch',
          GITHUB_EVENT_NAME: 'push',
          GITHUB_WORKFLOW: 'release',
          GITHUB_JOB: 'deploy',
          GITHUB_ACTOR: 'ada',
          GITHUB_ACTION_REPOSITORY: 'acme/ecs-rollout',
          GITHUB_ACTION_REF: 'v1',
          GITHUB_SHA: 'c0ffee0000000000000000000000000000000000',
          GITHUB_RUN_ID: '42',
          GITHUB_RUN_ATTEMPT: '1',
          ...env,
        },
      });
      this.#write(`${++this.#runs}-${name}`, run, { calls, seconds: round(this.clock.now() - start) });
      return run;
    } finally {
      simulator.wire.faults.splice(simulator.wire.faults.indexOf(record), 1);
      await Promise.all([aws.close(), time.close(), github.close()]);
    }
  }

  close(): void {
    rmSync(this.#workspace, { recursive: true, force: true });
  }

  #write(
    name: string,
    run: ActionRun,
    { calls, seconds }: { readonly calls: readonly TimedCall[]; readonly seconds: number },
  ): void {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    const { log, summary, outputs, exitCode, post } = run;
    const files = {
      'log.txt': log,
      'summary.md': summary,
      'outputs.json': `${JSON.stringify(Object.fromEntries(Object.entries(outputs).map(readable)), null, 2)}\n`,
      'calls.txt': linesOf(inOrder(calls)),
      'github.txt': linesOf(this.#github),
      'post.txt': post.log,
      'end.json': `${JSON.stringify({ exitCode, postExitCode: post.exitCode, seconds, service: this.#service() }, null, 2)}\n`,
    };
    for (const [file, text] of Object.entries(files)) {
      if (text !== '') writeFileSync(join(folder, file), this.#normalised(text));
    }
  }

  /** What the service has come to, whatever the run reported. */
  #service(): unknown {
    const { services } = this.simulator.call('DescribeServices', { services: ['web'] }) as { services?: Input[] };
    return (services ?? []).map(({ taskDefinition, desiredCount, runningCount, deployments }) => ({
      taskDefinition,
      desiredCount,
      runningCount,
      deployments: (deployments as Input[]).map(({ status, taskDefinition, rolloutState, runningCount }) =>
        [status, String(taskDefinition).split('/').at(-1), rolloutState, runningCount].join(' '),
      ),
    }));
  }

  /** Ids and instants are the simulator's, and the same in each dump; ports, folders and random delimiters are not. */
  #normalised(text: string): string {
    return text
      .replaceAll(this.#workspace, '<workspace>')
      .replaceAll(/\/[\w./-]*\/runner-\w{6}/g, '<runner>')
      .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:<port>')
      .replaceAll(/\b[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/g, '<uuid>');
  }

  #serveTime(interrupt: Interrupt | undefined) {
    let left = interrupt;
    return serve(async (url) => {
      const until = Number(url.searchParams.get('until')) / 1000;
      if (until > this.clock.now()) this.clock.advance(until - this.clock.now());
      const signal = until > 0 && left?.when(this) ? left.signal : undefined;
      if (signal) left = undefined;
      return { now: Math.round(this.clock.now() * 1000), signal };
    });
  }

  /** GitHub, as far as deployments and comments go. */
  #serveGithub() {
    return serve(async ({ pathname }, method, body) => {
      if (method === 'GET') return this.#comments.map((text, id) => ({ id, body: text }));
      this.#github.push(`${method} ${pathname} ${body}`);
      const parsed = JSON.parse(body || '{}') as { body?: string };
      if (parsed.body !== undefined) this.#comments[0] = parsed.body;
      return { id: 7 };
    });
  }
}

/** JSON on a loopback address. */
async function serve(
  answer: (url: URL, method: string, body: string) => Promise<unknown>,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const value = await answer(url, request.method ?? 'GET', Buffer.concat(chunks).toString('utf8'));
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

const READS = /^(Describe|List|Get|BatchGet|BatchCheck|Head|Filter|Simulate)/;

interface TimedCall extends Call {
  /** Since the start of main. */
  readonly seconds: number;
}

/** Reads that are made side by side arrive in any order, so those of one instant between two changes are sorted. */
function inOrder(calls: readonly TimedCall[]): string[] {
  const lines: string[] = [];
  const reads: string[] = [];
  let instant = 0;
  for (const { service, operation, input, seconds } of calls) {
    const isRead = READS.test(operation);
    if (!isRead || seconds !== instant) lines.push(...reads.splice(0).sort());
    instant = seconds;
    (isRead ? reads : lines).push(`${seconds} s ${service}:${operation} ${JSON.stringify(input)}`);
  }
  return [...lines, ...reads.sort()];
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Outputs that are JSON show which of their members differ. */
function readable([name, value]: [string, string]): [string, unknown] {
  if (!/^[[{]/.test(value)) return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
