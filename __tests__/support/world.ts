import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { createEcs } from '../../src/adapters/ecs.ts';
import { createLogs } from '../../src/adapters/logs.ts';
import { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { DeployInputs, RunContext } from '../../src/inputs/types.ts';
import type { Outcome } from '../../src/outcome.ts';
import { deploy } from '../../src/stories.ts';
import type { World } from '../../src/world.ts';

export const CONTEXT: RunContext = {
  sha: 'c0ffee0000000000000000000000000000000000',
  ref: 'refs/heads/main',
  refName: 'main',
  refType: 'branch',
  repository: 'acme/web',
  runId: '42',
  runAttempt: '1',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  eventName: 'push',
  actor: 'somebody',
  workflow: 'release',
  job: 'deploy',
};

/** A service `web` that runs web:1 on a simulated AWS, and all that a run can see and say. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly simulator = new Simulator(this.clock);
  readonly lines: string[] = [];
  readonly outputs = new Map<string, string>();
  readonly states = new Map<string, string>();
  readonly files = new Map<string, string>();
  readonly cancel = new AbortController();
  readonly world: World;

  constructor() {
    const config = {
      region: REGION,
      requestHandler: this.simulator.wire.requestHandler(),
      credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
      maxAttempts: 1,
      customUserAgent: 'test',
    };
    const line = (text: string): void => void this.lines.push(text);
    this.world = {
      clock: this.clock,
      ecs: createEcs(config),
      ecr: createEcr(config, () => {}),
      logs: createLogs(config),
      identity: {
        caller: async () => ({ accountId: '123456789012', arn: 'arn:aws:sts::123456789012:x', partition: 'aws' }),
      },
      shell: { run: async (program) => Promise.reject(new Failure('TOOL_MISSING', `no ${program} on this stage`)) },
      files: {
        readText: async (path) =>
          this.files.get(path) ?? Promise.reject(new Failure('NOT_FOUND', `There is no file ${path}.`)),
        writeText: async (path, text) => void this.files.set(path, text),
        exists: async (path) => this.files.has(path),
        makeTemporaryFolder: async (prefix) => `/tmp/${prefix}1`,
        remove: async () => {},
        link: async () => {},
      },
      console: {
        line,
        startGroup: line,
        endGroup() {},
        debug() {},
        notice: line,
        warning: line,
        error: line,
        colour: false,
      },
      runner: {
        context: CONTEXT,
        dockerConfig: '/home/.docker',
        buildxConfig: '/home/.docker/buildx',
        mask() {},
        setOutput: (name, value) => void this.outputs.set(name, value),
        saveState: (name, value) => void this.states.set(name, value),
        writeSummary: async () => {},
      },
      signal: this.cancel.signal,
    };
  }

  /** Registers web:1, creates the service with it, and lets it become steady. */
  withService(
    settings: Readonly<Record<string, unknown>> = {},
    definition: Readonly<Record<string, unknown>> = TASK_DEFINITION,
  ): this {
    this.simulator.call('RegisterTaskDefinition', definition);
    this.simulator.call('CreateService', {
      serviceName: 'web',
      taskDefinition: String(definition.family),
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...settings,
    });
    this.clock.advance(120);
    this.simulator.wire.calls.length = 0;
    return this;
  }

  template(change: Readonly<Record<string, unknown>> = {}): string {
    this.files.set('task-definition.json', JSON.stringify({ ...TASK_DEFINITION, ...change }));
    return 'task-definition.json';
  }

  deploy(inputs: Readonly<Record<string, string>>, signal: AbortSignal = this.cancel.signal): Promise<Outcome> {
    const raw = new Map(
      Object.entries({ 'aws-region': REGION, service: 'web', 'task-definition': 'task-definition.json', ...inputs }),
    );
    const parsed = parseInputs(raw, { context: CONTEXT, env: {} }).inputs as DeployInputs;
    return deploy(parsed, { ...this.world, signal });
  }

  service(): {
    readonly taskDefinition: string;
    readonly runningCount: number;
    readonly deployments: readonly unknown[];
  } {
    const { services } = this.simulator.call('DescribeServices', { services: ['web'] }) as unknown as {
      services: never[];
    };
    return services[0] ?? { taskDefinition: '', runningCount: 0, deployments: [] };
  }

  /** How often an operation was called since the service was made. */
  count(operation: string): number {
    return this.simulator.wire.count(operation);
  }
}

export const TASK_DEFINITION = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'app', image: 'example.com/app:1', portMappings: [{ containerPort: 8080 }] }],
};
