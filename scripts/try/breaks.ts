/** What the tasks of the run do: those that are to fail, and one-off tasks, which end. */
import type { VirtualClock } from '../../simulator/clock.ts';
import { active } from '../../simulator/ecs/state.ts';
import type { Behaviour } from '../../simulator/runtime/model.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Call } from '../../simulator/wire/wire.ts';
import { lastPart } from '../../src/arn.ts';
import type { TaskInputs } from '../../src/inputs/types.ts';
import { revisionOfAppSpec } from './code-deploy.ts';
import type { Seeded } from './seed.ts';
import type { Break, Target } from './trial.ts';

type Texts = Readonly<Record<string, string>>;
interface Definition {
  readonly networkMode?: string;
  readonly containerDefinitions: readonly {
    readonly name: string;
    readonly image: string;
    readonly healthCheck?: HealthCheck;
    readonly portMappings?: readonly { readonly containerPort: number }[];
    readonly logConfiguration?: { readonly options?: Texts };
  }[];
}

/** In seconds, with ECS's defaults: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
interface HealthCheck {
  readonly interval?: number;
  readonly retries?: number;
  readonly startPeriod?: number;
}

/** A check that always fails: what fails within the start period does not count. */
const secondsOf = ({ interval = 30, retries = 3, startPeriod = 0 }: HealthCheck): number =>
  startPeriod + retries * interval;
/** The same of a load balancer: two checks in a row, 10 s apart. */
const TARGET_SECONDS = 20;

/** Why the step cannot fail in that way; undefined where it can. */
export function cannotBreak(
  kind: Break,
  mode: string,
  { targets, who = 'the step' }: { readonly targets: readonly Target[]; readonly who?: string | undefined },
): string | undefined {
  const inputs = targets.flatMap((target) => target.inputs ?? []);
  if (['plan', 'list', 'status', 'register'].includes(mode))
    return `\`mode: ${mode}\` starts no task, so nothing can fail.`;
  if (
    kind === 'task' &&
    mode !== 'task' &&
    !inputs.some((one) => 'tasks' in one && one.tasks.before.length + one.tasks.after.length > 0)
  )
    return `${who} has neither \`pre-deploy\` nor \`post-deploy\`.`;
  if (kind === 'verify' && !inputs.some((one) => 'verify' in one && one.verify.length > 0))
    return `${who} has no \`verify\`.`;
  if (mode === 'daemon' && (kind === 'health' || kind === 'capacity'))
    return 'the simulated daemon has no health check and its instances have room; crash and image fail its tasks.';
  if (mode === 'task' && kind === 'health')
    return 'a one-off task has no health check; crash, image and capacity fail it.';
  if (mode === 'continue' && (kind === 'image' || kind === 'capacity'))
    return 'the tasks of a paused deployment run already; crash and health fail them.';
  return undefined;
}

/** Of the overrides of RunTask, one for each container; empty where the container runs its own. */
function commandsIn(input: Call['input']): readonly string[] {
  const { containerOverrides = [] } = (input.overrides ?? {}) as {
    readonly containerOverrides?: readonly { readonly command?: readonly string[] }[];
  };
  const commands = containerOverrides.flatMap(({ command }) => (command ? [command.join(' ')] : []));
  return commands.length > 0 ? commands : [''];
}

/** `web:2`; empty where the call names none. The first one of a new Express Mode service is ECS's: simulator/ecs/api/express.ts */
const revisionIn = (
  operation: string,
  { taskDefinition, taskDefinitionArn, cluster, serviceName }: Call['input'],
): string =>
  operation === 'CreateExpressGatewayService' && taskDefinitionArn === undefined
    ? `${lastPart(String(cluster))}-${String(serviceName)}:1`
    : lastPart(String(taskDefinition ?? taskDefinitionArn ?? ''));

/** Seconds after RUNNING of the tasks of a paused deployment, so that they fail when the step has started. */
const AFTER_THE_PAUSE = 168;
/** Tasks of a service. */
const TASKS = 2;
/** From the start of tasks until they run and have printed something. */
const LOGGED_SECONDS = 11;
/** As a tool for migrations prints it. */
const MIGRATION: readonly string[] = [
  'Running migration 20261127_add_orders_total',
  'error: column "total" of relation "orders" already exists',
  '    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:287:98)',
  '    at async migrate (/app/scripts/migrate.js:42:5)',
];

/** Watches the calls of the run, before AWS answers them, and decides how the tasks that they start behave. */
export class Behaviours {
  readonly #simulator: Simulator;
  readonly #kind: Break | undefined;
  readonly #broken: readonly Seeded[];
  readonly #seeded: readonly Seeded[];
  readonly #updated = new Set<string>();
  readonly #tasks: readonly TaskInputs[] | undefined;

  /**
   * @param seeded all services of the step
   * @param broken services whose tasks are to fail
   * @param tasks one-off tasks that are to fail; undefined: all
   */
  constructor(
    simulator: Simulator,
    kind: Break | undefined,
    {
      seeded,
      broken,
      tasks,
    }: {
      readonly seeded: readonly Seeded[];
      readonly broken: readonly Seeded[];
      readonly tasks?: readonly TaskInputs[] | undefined;
    },
  ) {
    this.#simulator = simulator;
    this.#kind = kind;
    this.#broken = broken;
    this.#seeded = seeded;
    this.#tasks = tasks;
  }

  /** Before the deployments that are there when the step begins. @returns what the account has for it that the step does not name */
  beforeNext(mode: string): string[] {
    if (mode === 'watch') this.#limitCapacity();
    switch (this.#kind) {
      case 'health':
        return this.#broken.flatMap((seeded) => this.#checkHealth(seeded) ?? []);
      case 'image':
        return [
          'image: it exists while the step looks it up, and is gone when its tasks pull it, as if it had been deleted',
        ];
      default:
        return [];
    }
  }

  /** The revision of such a deployment. */
  ofNext(seeded: Seeded, revision: string, mode: string): void {
    if (!this.#broken.includes(seeded)) return;
    if (mode === 'watch') this.#fail(seeded, revision, 0);
    if (mode === 'continue') this.#fail(seeded, revision, AFTER_THE_PAUSE);
  }

  /** When everything runs and the step is about to begin. */
  begin(): void {
    this.#limitCapacity();
  }

  onCall({ service, operation, input }: Call): void {
    if (service === 'codedeploy' && operation === 'CreateDeployment') {
      const group = String(input.deploymentGroupName);
      const seeded = this.#seeded.find(
        ({ codeDeploy }) => codeDeploy?.group === group && codeDeploy.application === input.applicationName,
      );
      if (seeded) this.#deploy(seeded.name, revisionOfAppSpec(input));
    }
    if (service !== 'ecs') return;
    const revision = revisionIn(operation, input);
    if (operation === 'RunTask') this.#endTask(revision, commandsIn(input));
    if (!/^(?:Create|Update)(?:ExpressGateway)?Service$/.test(operation)) return;
    const name = lastPart(String(input.service ?? input.serviceArn ?? input.serviceName));
    // CodeDeploy's own services get their revision by CreateDeployment; UpdateService changes their settings.
    if (revision === '' && this.#seeded.some((one) => one.name === name && one.codeDeploy)) return;
    this.#deploy(name, revision);
  }

  /** The first deployment of a service in this run; another one is its rollback. */
  #deploy(name: string, revision: string): void {
    if (this.#updated.has(name)) return;
    this.#updated.add(name);
    const runs = revision || this.#simulator.script.service(name).taskDefinition.replace(/^.*\//, '');
    this.#simulator.model.behaviours.delete(`task-definition/${runs}`);
    const seeded = this.#broken.find((one) => one.name === name);
    if (seeded) this.#fail(seeded, runs, 0);
  }

  /** A task of RunTask ends: a service's own tasks run until they are stopped. */
  #endTask(revision: string, commands: readonly string[]): void {
    const { script } = this.#simulator;
    const isToFail =
      this.#kind === 'task' &&
      (this.#tasks?.some(({ command }) => commands.includes((command ?? []).join(' '))) ?? true);
    if (isToFail) this.#complainOfTasks(revision);
    if (this.#kind === 'image' && this.#broken.length === 0) script.revision(revision, this.#imageMissing(revision));
    else
      script.revision(revision, {
        exit: {
          afterSeconds: 5,
          code: isToFail || (this.#kind === 'crash' && this.#broken.length === 0) ? 1 : 0,
        },
      });
  }

  #limitCapacity(): void {
    if (this.#kind !== 'capacity') return;
    const { script, ecs } = this.#simulator;
    const [one, ...more] = this.#broken;
    if (one && more.length === 0) {
      // Whichever its tasks need: a service that the step creates has none yet.
      script.fargateLimitOf(one.name);
      script.noRoomFor(one.name);
      return;
    }
    // The tasks that run keep running; none is started beside them.
    script.fargateLimit([...ecs.services.values()].reduce((sum, service) => sum + active(service).length, 0));
    for (const name of new Set([...ecs.services.values()].map(({ cluster }) => cluster.name))) script.noInstances(name);
  }

  /** Asked for when a task starts: Express Mode registers the first revision of a service while it creates it. */
  #imageMissing(revision: string): () => Behaviour {
    return () => {
      const [container] = this.#describe(revision).containerDefinitions;
      return {
        failToStart: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${container?.image}: not found`,
      };
    };
  }

  #fail(seeded: Seeded, revision: string, delaySeconds: number): void {
    const { script } = this.#simulator;
    switch (this.#kind) {
      case 'crash':
        script.revision(revision, (start) => ({
          exit: { afterSeconds: start < TASKS ? delaySeconds + 3 : 3, code: 1 },
        }));
        this.#complain(seeded, revision, delaySeconds, ['Error: connect ECONNREFUSED 10.0.12.7:5432']);
        return;
      case 'image':
        script.revision(revision, this.#imageMissing(revision));
        return;
      case 'health':
        script.revision(revision, (start) => {
          const checks = this.#checksOf(this.#describe(revision));
          const seconds = checks.length > 0 ? Math.min(...checks.map(secondsOf)) : TARGET_SECONDS;
          return {
            unhealthy: checks.length > 0 ? 'container' : 'target',
            unhealthySeconds: start < TASKS && delaySeconds > 0 ? delaySeconds : seconds,
            ...(start < TASKS && delaySeconds > 0 ? { healthySeconds: 5 } : {}),
            unhealthyReason: 'Health checks failed with these codes: [502]',
          };
        });
        this.#complain(seeded, revision, delaySeconds, ['GET / 502 3 ms', 'GET / 502 2 ms']);
        return;
      default:
    }
  }

  /** The last words of the new tasks' containers, where they have a log group: once the first tasks run, and before they end. */
  #complain({ name: service }: Seeded, revision: string, delaySeconds: number, words: readonly string[]): void {
    const { script } = this.#simulator;
    script.at(delaySeconds + LOGGED_SECONDS, () => {
      const tasks = script.service(service).tasks.filter((task) => task.taskDefinitionArn.endsWith(`/${revision}`));
      for (const { id } of tasks) this.#log(revision, id, (started) => [started, ...words]);
    });
  }

  /** What a migration prints that fails: the statement, its error and where it was run. */
  #complainOfTasks(revision: string): void {
    const { script, ecs } = this.#simulator;
    const logged = new Set<string>();
    script.at(LOGGED_SECONDS, () => {
      for (const { tasks } of ecs.clusters.all())
        for (const { id, taskDefinitionArn, lastStatus } of tasks)
          if (taskDefinitionArn.endsWith(`/${revision}`) && lastStatus !== 'STOPPED' && !logged.has(id)) {
            logged.add(id);
            this.#log(revision, id, () => MIGRATION);
          }
    });
  }

  /** @param words of a container, given the line that a server prints when it starts */
  #log(revision: string, id: string, words: (started: string) => readonly string[]): void {
    const { logs, clock } = this.#simulator;
    const streams = (): (readonly [group: string, stream: string, started: string])[] =>
      this.#describe(revision).containerDefinitions.flatMap(({ name, logConfiguration, portMappings }) => {
        const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {};
        const port = portMappings?.[0]?.containerPort;
        const started = port === undefined ? 'Starting' : `Starting on port ${port}`;
        return group === undefined || prefix === undefined ? [] : [[group, `${prefix}/${name}`, started] as const];
      });
    for (const [group, stream, started] of streams())
      for (const message of words(started)) logs.append(group, `${stream}/${id}`, { message, atSeconds: clock.now() });
  }

  #describe(taskDefinition: string): Definition {
    const { taskDefinition: described } = this.#simulator.call('DescribeTaskDefinition', {
      taskDefinition,
    }) as unknown as {
      readonly taskDefinition: Definition;
    };
    return described;
  }

  readonly #checksOf = ({ containerDefinitions }: Definition): readonly HealthCheck[] =>
    containerDefinitions.flatMap(({ healthCheck }) => healthCheck ?? []);

  /** A container's own check, else a load balancer that is put in front of its port. @returns what was made up */
  #checkHealth({ cluster, name: service, family }: Seeded): string | undefined {
    const definition = this.#describe(family);
    const { loadBalancers: own, status } = this.#simulator.script.service(service);
    if (this.#checksOf(definition).length > 0 || own.length > 0) return undefined;
    if (status !== 'ACTIVE')
      throw new Error(
        `--break health: the step creates ${service} without \`loadBalancers\`, and no container has a \`healthCheck\`, so nothing checks its health.`,
      );
    const open = definition.containerDefinitions.find(({ portMappings = [] }) => portMappings.length > 0);
    const [port] = open?.portMappings ?? [];
    if (!open || !port)
      throw new Error('--break health: no container has a health check or a port, so nothing checks its health.');
    const { partition, region, accountId } = this.#simulator.context;
    const targetGroupArn = `arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/${service.slice(0, 32)}/0123456789abcdef`;
    this.#simulator.loadBalancing.targetGroups.set(targetGroupArn, {
      targetType: definition.networkMode === 'awsvpc' ? 'ip' : 'instance',
    });
    const loadBalancers = [{ targetGroupArn, containerName: open.name, containerPort: port.containerPort }];
    this.#simulator.call('UpdateService', { cluster, service, loadBalancers });
    (this.#simulator.clock as VirtualClock).advance(180);
    return `${service}: made up, a load balancer in front of port ${port.containerPort} of the container ${open.name}: neither the task definition nor the service has a health check`;
  }
}
