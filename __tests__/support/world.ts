import { createHash } from 'node:crypto';
import { VirtualClock } from '../../simulator/clock.ts';
import { REGION, Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { createAutoscaling } from '../../src/adapters/autoscaling.ts';
import { QUIET } from '../../src/adapters/aws.ts';
import { createCodeDeploy } from '../../src/adapters/code-deploy.ts';
import { createDaemons } from '../../src/adapters/daemons.ts';
import { createEcr } from '../../src/adapters/ecr.ts';
import { createEcs } from '../../src/adapters/ecs.ts';
import { createLogs } from '../../src/adapters/logs-and-targets.ts';
import { createResources } from '../../src/adapters/resources.ts';
import { createSchedules } from '../../src/adapters/schedules.ts';
import { byController, codeDeployInputs } from '../../src/adapters/world.ts';
import { codeDeployedEcs } from '../../src/code-deploy/ecs.ts';
import { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type {
  DeployInputs,
  Inputs,
  RegisterInputs,
  RollbackInputs,
  RunContext,
  StatusInputs,
  TaskOnlyInputs,
  WatchOnlyInputs,
} from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import type { Listing, Outcome, Plan, Registration, ServiceStatus, TaskRun } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { RunLog } from '../../src/report/run-log.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { intentOf } from '../../src/stories/handover.ts';
import { list } from '../../src/stories/list.ts';
import { plan } from '../../src/stories/plan.ts';
import { post } from '../../src/stories/post.ts';
import { registerOnly } from '../../src/stories/register.ts';
import { rollback } from '../../src/stories/rollback.ts';
import { fetchService, type Run } from '../../src/stories/run.ts';
import { status } from '../../src/stories/status.ts';
import { task } from '../../src/stories/task.ts';
import { watchOnly } from '../../src/stories/watch.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { TASK_DEFINITION } from './task-definition.ts';

export { TASK_DEFINITION };

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

export const runOf = <Given extends Inputs>(inputs: Given, world: World): Run<Given> => ({
  inputs,
  world,
  progress: new RunLog(world),
});

/** Writes who calls which service where, as AWS's signature does: the simulator reads that and does not compute the rest. */
class Signer {
  readonly #of: SignerOptions;

  constructor(options: SignerOptions) {
    this.#of = options;
  }

  async sign<Request extends { readonly headers: Readonly<Record<string, string>> }>(
    request: Request,
    { signingDate = new Date(), signingRegion, signingService }: SigningArguments = {},
  ): Promise<Request> {
    const { accessKeyId, sessionToken } = await this.#of.credentials();
    const time = signingDate.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const region = signingRegion ?? (typeof this.#of.region === 'string' ? this.#of.region : await this.#of.region());
    const scope = `${accessKeyId}/${time.slice(0, 8)}/${region}/${signingService ?? this.#of.service}/aws4_request`;
    const headers = {
      ...request.headers,
      'x-amz-date': time,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    };
    return Object.assign(Object.create(Object.getPrototypeOf(request)), request, { headers });
  }
}
interface SignerOptions {
  readonly credentials: () => Promise<{ readonly accessKeyId: string; readonly sessionToken?: string }>;
  readonly region: string | (() => Promise<string>);
  readonly service: string;
}
interface SigningArguments {
  readonly signingDate?: Date;
  readonly signingRegion?: string;
  readonly signingService?: string;
}

/**
 * What an SDK client of a simulated account is made with. Signatures and what the SDK looks for in environment variables and files, some
 * of it for each call, were a quarter of the CPU time of a run; `adapters/` and `e2e/` test the SDK with both.
 */
export const SDK = {
  credentials: async () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' }),
  maxAttempts: 1,
  customUserAgent: 'test',
  logger: QUIET,
  signerConstructor: Signer,
  ignoreConfiguredEndpointUrls: true,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: async () => undefined,
  retryMode: 'standard',
  defaultsMode: 'legacy',
} as const;

/** What a call takes by the virtual clock. */
const CALL_SECONDS = 0.05;

/** A service `web` that runs web:1 on a simulated AWS, and all that a run can see and say. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly simulator: Simulator;
  readonly lines: string[] = [];
  readonly outputs = new Map<string, string>();
  readonly states = new Map<string, string>();
  readonly files = new Map<string, string>();
  /** What the web answers, by URL. */
  readonly pages = new Map<string, () => { readonly status: number; readonly body: string }>();
  readonly cancel = new AbortController();
  /** Digests of tags in registries other than ECR, by reference; of the rest, each has its own. */
  readonly tagsElsewhere = new Map<string, string>();
  /** Hosts of registries that cannot be asked. */
  readonly silentRegistries = new Set<string>();
  /** What those registries were asked. */
  readonly askedElsewhere: string[] = [];
  /** What the newest inputs say of services that CodeDeploy deploys. */
  codeDeploy: Parameters<typeof codeDeployInputs>[0] = [];
  readonly world: World;

  /** One process of the action on this stage: its clients speak through the handler. */
  attempt(requestHandler: ReturnType<Simulator['wire']['requestHandler']>, context: RunContext = CONTEXT): World {
    const base = {
      region: this.simulator.context.region,
      requestHandler,
      ...SDK,
    };
    const line = (text: string): void => void this.lines.push(text);
    const behind = { note: (_: unknown): void => {}, answered: (_: string): void => {} };
    const answered = (action: string): void => behind.answered(action);
    const config = { ...base, answered };
    const retry = { clock: this.clock, signal: this.cancel.signal, log: line, answered };
    const ecs = createEcs(config, retry);
    const codeDeploy = createCodeDeploy(config, retry);
    return {
      clock: this.clock,
      ecs: byController(ecs, async () =>
        codeDeployedEcs({
          ecs,
          codeDeploy,
          clock: this.clock,
          inputsOf: (service) => codeDeployInputs(this.codeDeploy)(service),
          denials: behind,
        }),
      ),
      codeDeploy: async () => codeDeploy,
      denials: behind,
      ecr: createEcr(config, () => {}, retry),
      registries: {
        digestOf: async ({ host = 'docker.io', path, reference }) => {
          this.askedElsewhere.push(`${host}/${path}:${reference}`);
          if (this.silentRegistries.has(host)) throw new Failure('UNAVAILABLE', `${host} did not answer within 5 s.`);
          return this.digestElsewhere(`${host === 'docker.io' ? '' : `${host}/`}${path}:${reference}`);
        },
        getManifest: async () => ({}),
      },
      logs: createLogs(config, new Masker()),
      resources: async () => createResources(config, () => {}),
      autoscaling: async () => createAutoscaling(config, retry),
      schedules: async () => createSchedules(config, retry),
      daemons: async () => createDaemons(config, retry),
      identity: {
        caller: async () => ({ accountId: '123456789012', arn: 'arn:aws:sts::123456789012:x', partition: 'aws' }),
      },
      shell: { run: async (program) => Promise.reject(new Failure('TOOL_MISSING', `no ${program} on this stage`)) },
      web: {
        get: async (url) => {
          const page = this.pages.get(url);
          if (!page) throw new Failure('UNAVAILABLE', 'no answer (ECONNREFUSED)');
          return page();
        },
      },
      files: {
        readText: async (path) =>
          this.files.get(path) ?? Promise.reject(new Failure('NOT_FOUND', `File ${path} does not exist.`)),
        readBytes: async (path) => Buffer.from(this.files.get(path) ?? ''),
        writeText: async (path, text) => void this.files.set(path, text),
        exists: async (path) => this.files.has(path),
        list: async () => undefined,
        makeTemporaryFolder: async (prefix) => `/tmp/${prefix}1`,
        remove: async () => {},
        link: async () => {},
      },
      sources: {
        actionsCache: async () => ({ kind: 'absent' }),
        folder: async () => 'context',
        variable: () => undefined,
        secrets: async () => 'secrets',
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
        context,
        dockerConfig: '/home/.docker',
        buildxConfig: '/home/.docker/buildx',
        mask() {},
        setOutput: (name, value) => void this.outputs.set(name, value),
        saveState: (name, value) => void this.states.set(name, value),
        writeSummary: async () => {},
      },
      masker: new Masker(),
      signal: this.cancel.signal,
    };
  }

  digestElsewhere(reference: string): string {
    const digest = createHash('sha256').update(reference).digest('hex');
    return this.tagsElsewhere.get(reference) ?? `sha256:${digest}`;
  }

  /** @param region that of the account's calls, and of all that is made in it */
  constructor(region: string = REGION) {
    this.simulator = new Simulator(this.clock, { home: { region } });
    this.world = this.attempt(this.simulator.wire.requestHandler());
    // Calls take their time, as over any network: what is asked side by side comes back together, and the world moves meanwhile.
    this.simulator.wire.delay = () => this.clock.sleep(CALL_SECONDS / 2);
    // What a tag without a host or a tag means is the business of those who test it.
    this.simulator.externalDigestOf = (image) =>
      this.digestElsewhere(/:[^/]*$/.test(image) ? image : `${image}:latest`);
  }

  /** Registers web:1, creates the service with it, and lets it become steady. */
  withService(
    settings: Readonly<Record<string, unknown>> = {},
    definition: Readonly<Record<string, unknown>> = TASK_DEFINITION,
  ): this {
    this.simulator.call('RegisterTaskDefinition', definition);
    createDependencies(this.simulator, definition, settings);
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

  /** The step's inputs, with those that every step of this stage has. */
  inputs(given: Readonly<Record<string, string>>): Inputs {
    const template = ['rollback', 'list', 'watch'].includes(given.mode ?? '')
      ? {}
      : { 'task-definition': 'task-definition.json' };
    const raw = new Map(Object.entries({ 'aws-region': REGION, service: 'web', ...template, ...given }));
    const inputs = parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as Inputs;
    this.codeDeploy = [inputs.service];
    return inputs;
  }

  deploy(given: Readonly<Record<string, string>>, signal: AbortSignal = this.cancel.signal): Promise<Outcome> {
    const inputs = this.inputs(given) as DeployInputs;
    return deploy(runOf(inputs, { ...this.world, signal }), fetchService(inputs, this.world));
  }

  /** The same, as the commit and ref of another run. */
  deployAs(context: Partial<RunContext>, given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const world = this.attempt(this.simulator.wire.requestHandler(), { ...CONTEXT, ...context });
    const inputs = this.inputs(given) as DeployInputs;
    return deploy(runOf(inputs, world), fetchService(inputs, world));
  }

  rollback(to?: string, given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const target: Readonly<Record<string, string>> = to === undefined ? {} : { 'rollback-to': to };
    const inputs = this.inputs({ mode: 'rollback', ...target, ...given }) as RollbackInputs;
    return rollback(runOf(inputs, this.world), fetchService(inputs, this.world));
  }

  plan(given: Readonly<Record<string, string>> = {}): Promise<Plan> {
    const inputs = this.inputs({ mode: 'plan', ...given }) as DeployInputs;
    return plan(runOf(inputs, this.world), fetchService(inputs, this.world));
  }

  /** `mode: task`; without `service` unless it is given. */
  task(given: Readonly<Record<string, string>>, context: Partial<RunContext> = {}): Promise<TaskRun> {
    const raw = new Map(Object.entries({ 'aws-region': REGION, mode: 'task', ...given }));
    const inputs = parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as TaskOnlyInputs;
    const world = this.attempt(this.simulator.wire.requestHandler(), { ...CONTEXT, ...context });
    return task({ inputs, world, progress: new RunLog(world) });
  }

  /** `mode: register`. */
  register(given: Readonly<Record<string, string>>, context: Partial<RunContext> = {}): Promise<Registration> {
    const raw = new Map(Object.entries({ 'aws-region': REGION, mode: 'register', ...given }));
    const inputs = parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as RegisterInputs;
    const world = this.attempt(this.simulator.wire.requestHandler(), { ...CONTEXT, ...context });
    return registerOnly({ inputs, world, progress: new RunLog(world) });
  }

  /** `mode: status`, of a service, of a list or, without both, of the cluster. */
  status(given: Readonly<Record<string, string>> = {}): Promise<readonly ServiceStatus[]> {
    const raw = new Map(Object.entries({ 'aws-region': REGION, cluster: 'default', mode: 'status', ...given }));
    const facts = { context: CONTEXT, env: {}, yaml: parseYaml };
    const { inputs } = raw.has('services') ? parseServices(raw, facts) : parseInputs(raw, facts);
    return status(inputs as StatusInputs, this.world);
  }

  watch(given: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const inputs = this.inputs({ mode: 'watch', ...given }) as WatchOnlyInputs;
    return watchOnly(runOf(inputs, this.world), fetchService(inputs, this.world));
  }

  list(): Promise<Listing> {
    return list({ world: this.world }, fetchService(this.inputs({ mode: 'list' }), this.world));
  }

  /** What post does with the state that main left; undefined when main had announced nothing. */
  async post(given: Readonly<Record<string, string>> = {}): Promise<Outcome | undefined> {
    const intent = intentOf((name) => this.states.get(name) ?? '');
    const world = { ...this.world, signal: new AbortController().signal };
    return (
      intent && post({ intent, onCancel: this.inputs(given).recovery.onCancel }, { world, progress: new RunLog(world) })
    );
  }

  /** ACTIVE revisions of web, oldest first: `web:1`. */
  revisions(): string[] {
    const { taskDefinitionArns } = this.simulator.call('ListTaskDefinitions', { familyPrefix: 'web' }) as unknown as {
      taskDefinitionArns: string[];
    };
    return taskDefinitionArns.map((arn) => arn.split('/').at(-1) ?? '');
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
