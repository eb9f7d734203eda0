/**
 * One AWS account, simulated at the wire. How to use it in a test:
 *
 * ```ts
 * const clock = new VirtualClock();
 * const simulator = new Simulator(clock);            // or a RealClock and `await simulator.listen()`
 * simulator.call('RegisterTaskDefinition', {...});   // any ECS operation, without the wire
 * simulator.call('CreateService', {...});
 * clock.advance(120);                                // web:1 is steady
 * const client = new ECSClient({ requestHandler: simulator.wire.requestHandler(), ... });
 * ```
 *
 * Script what happens next, in seconds from now (world/script.ts; behaviours in runtime/model.ts):
 *
 * ```ts
 * const { script } = simulator;
 * script.image('app:2', { startSeconds: 20, healthySeconds: 8, stopSeconds: 300 });       // slow start, slow drain
 * script.image('app:3', (start) => (start < 2 ? { exit: { afterSeconds: 3, code: 1 } } : {})); // heals
 * script.revision('web:4', { failToStart: 'CannotPullContainerError: ...: not found' });
 * script.image('app:5', { unhealthy: 'target', unhealthySeconds: 40, unhealthyReason: 'Request timed out' });
 * script.alarm('web-5xx', 'ALARM', 90);                  // rolls back a service that watches it
 * script.update(60, { service: 'web', taskDefinition: 'web:9' });   // another caller's deployment supersedes
 * script.update(30, { service: 'web', desiredCount: 7 });           // autoscaling
 * script.hook(lambdaArn, { result: 'FAILED', seconds: 5 });         // a lifecycle hook; PAUSE hooks wait for an answer
 * script.fargateLimit(3).fargateLimit(undefined, 300);              // the quota, lifted after five minutes
 * script.instance({ memory: 2048 });                     // EC2 capacity becomes what the cluster's instances have
 * script.noInstances(); script.capacityProvider({ name: 'asg', scaleOutSeconds: 90 });
 * script.launchError("ECS was unable to assume the role '...'", 40);   // a role that is just being created
 * script.at(45, () => script.kill('web'));               // a Spot interruption
 * script.event('web', 'is not AZ balanced ...');         // noise
 * simulator.consistency.staleSeconds = 4;                // reads lag behind writes
 * simulator.wire.faults.push(tokenBuckets(clock), deny('ecs:ListServiceDeployments'), throttle('DescribeServices', 3));
 * simulator.wire.disturbances.push(odd('DescribeServices', 'html'), hang('ListTasks', 1));   // answers that are not AWS's
 * simulator.wire.delay = () => clock.sleep(0.025);         // each call takes 50 ms
 * ```
 *
 * Seeds of whole accounts: world/seed.ts. Durations: `new Simulator(clock, { timings: AWS_TIMINGS })` (ecs/timings.ts).
 *
 * `script.truth('web')` is what is true, whatever the API shows: desired count, healthy tasks by deployment id, tasks
 * of other deployments, the status of every service deployment.
 */

import { type SimClock, VirtualClock } from './clock.ts';
import { CodeDeploy } from './code-deploy/code-deploy.ts';
import { Ecr } from './ecr/ecr.ts';
import { EcrPublic } from './ecr/public.ts';
import { Registry, Tokens } from './ecr/registry.ts';
import { Alarms } from './ecs/alarms.ts';
import { Ecs } from './ecs/api/ecs.ts';
import { Capacity } from './ecs/capacity.ts';
import { Health, instancesOf, targetHealthOf } from './ecs/health.ts';
import { Hooks } from './ecs/hooks.ts';
import { Rollouts } from './ecs/rollout.ts';
import { Scheduler } from './ecs/scheduler.ts';
import { Ids } from './ecs/state.ts';
import { TaskDefinitions } from './ecs/task-definitions.ts';
import { TaskEvents } from './ecs/task-events.ts';
import { TaskSets } from './ecs/task-sets.ts';
import { Tasks } from './ecs/tasks.ts';
import { DEFAULT_TIMINGS, type Timings } from './ecs/timings.ts';
import { ModelRuntime } from './runtime/model.ts';
import type { TaskRuntime } from './runtime/runtime.ts';
import { ApplicationAutoScaling } from './services/application-auto-scaling.ts';
import { CloudMap } from './services/cloud-map.ts';
import { CloudWatch } from './services/cloudwatch.ts';

import { EventBridge } from './services/eventbridge.ts';
import { EventBridgeScheduler } from './services/eventbridge-scheduler.ts';
import { Iam } from './services/iam.ts';
import { LoadBalancing } from './services/load-balancing.ts';
import { Logs } from './services/logs.ts';
import { S3 } from './services/s3.ts';
import { SecretsManager } from './services/secrets-manager.ts';
import { Ssm } from './services/ssm.ts';
import { Sts } from './services/sts.ts';
import type { CallContext } from './wire/service.ts';
import { type Listening, Wire } from './wire/wire.ts';
import { Script } from './world/script.ts';

export { breakDown, deny, expireCredentials, hang, odd, throttle, tokenBuckets } from './wire/faults.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
const HOME: CallContext = { region: REGION, accountId: ACCOUNT, partition: 'aws', accessKeyId: 'SIMULATED' };

/** What may stand in for the defaults: a model that runs tasks, empty logs, quick timings. */
export interface Parts {
  readonly runtime?: TaskRuntime;
  readonly logs?: Logs;
  readonly timings?: Timings;
  /** The account, and the region of calls that are made without the wire; else ACCOUNT and REGION. */
  readonly home?: Partial<Pick<CallContext, 'accountId' | 'region' | 'partition'>>;
}

/** One AWS account: ECS, ECR with its registry, Logs, STS, and what tasks refer to, behind one wire. */
export class Simulator {
  /** Account, region and caller of calls that are made without the wire. */
  readonly context: CallContext;
  readonly clock: SimClock;
  readonly model: ModelRuntime;
  readonly capacity: Capacity;
  readonly tasks: Tasks;
  readonly hooks: Hooks;
  readonly health: Health;
  readonly scheduler: Scheduler;
  readonly taskSets: TaskSets;
  readonly ecs: Ecs;
  readonly ecr: Ecr;
  readonly registry: Registry;
  /** The digest of an image in another registry; undefined: unknown. */
  externalDigestOf: (image: string) => string | undefined = () => undefined;
  readonly logs: Logs;
  /** What tasks refer to. */
  readonly iam = new Iam();
  readonly secretsManager = new SecretsManager();
  readonly ssm = new Ssm();
  readonly cloudwatch = new CloudWatch();
  readonly alarms = new Alarms(this.cloudwatch.alarms);
  readonly loadBalancing = new LoadBalancing();
  readonly cloudMap = new CloudMap();
  readonly s3 = new S3();
  readonly eventBridge = new EventBridge();
  readonly eventBridgeScheduler: EventBridgeScheduler;
  readonly autoScaling: ApplicationAutoScaling;
  readonly codeDeploy: CodeDeploy;
  readonly sts: Sts;
  readonly wire: Wire;
  readonly script: Script;

  constructor(clock: SimClock = new VirtualClock(), parts: Parts = {}) {
    const ids = new Ids();
    this.context = { ...HOME, ...parts.home };
    const tokens = new Tokens();
    tokens.now = () => this.wire.now();
    tokens.caller = this.context;
    this.registry = new Registry(this.context.accountId, tokens);
    this.clock = clock;
    this.model = new ModelRuntime(clock);
    this.logs = parts.logs ?? new Logs(clock);
    this.capacity = new Capacity(clock, ids);
    this.hooks = new Hooks(clock, ids);
    const timings = parts.timings ?? DEFAULT_TIMINGS;
    this.tasks = new Tasks({
      clock,
      timings,
      runtime: parts.runtime ?? this.model,
      capacity: this.capacity,
      ids,
      digestOf: (image) => this.#digestOf(image),
    });
    const taskDefinitions = new TaskDefinitions(clock);
    this.health = new Health(clock, timings);
    this.scheduler = new Scheduler({
      clock,
      tasks: this.tasks,
      capacity: this.capacity,
      taskDefinitions,
      timings,
      health: this.health,
    });
    const { scheduler, health, alarms, hooks, capacity, tasks } = this;
    const taskEvents = new TaskEvents({ clock, tasks, scheduler });
    tasks.onChange = (task, change) => taskEvents.onChange(task, change);
    const rollouts = new Rollouts({ clock, scheduler, health, alarms, hooks, ids });
    this.taskSets = new TaskSets({ clock, scheduler, ids });
    const { taskSets } = this;
    this.ecs = new Ecs({
      clock,
      scheduler,
      rollouts,
      taskSets,
      capacity,
      tasks,
      taskDefinitions,
      targetGroup: (arn) => this.loadBalancing.targetGroups.get(arn),
      registry: (arn) => this.cloudMap.services.get(arn),
      daemons: {
        ids,
        endOf: (image) => this.model.endOf(image),
        inAlarm: (name) => alarms.state(name) === 'ALARM',
      },
      express: {
        targetGroup: (name, settings, context) => this.loadBalancing.createManaged(name, settings, context),
        alarm: (name) => alarms.set(name, 'OK'),
        scalableTarget: (resource, range, context) => this.autoScaling.registerManaged(resource, range, context),
      },
      home: this.context,
    });
    this.cloudwatch.setState = (name, state) => alarms.set(name, state);
    this.loadBalancing.targets = (group) => targetHealthOf(this.ecs.services.values(), group);
    this.cloudMap.instances = (registry) => instancesOf(this.ecs.services.values(), registry);
    this.ecr = new Ecr(this.registry, tokens);
    const { ecs, ecr, logs, iam, secretsManager, ssm, cloudwatch, loadBalancing, cloudMap, s3 } = this;
    const referredTo = [iam, secretsManager, ssm, cloudwatch, loadBalancing, cloudMap, s3];
    this.sts = new Sts(iam, () => this.wire.now());
    const { sts } = this;
    this.eventBridgeScheduler = new EventBridgeScheduler(clock);
    this.autoScaling = new ApplicationAutoScaling(clock);
    const serviceOf = (cluster: string, name: string) =>
      [...this.ecs.services.values()].find((one) => one.cluster.name === cluster && one.name === name);
    this.autoScaling.count = (cluster, name) => serviceOf(cluster, name)?.desiredCount;
    this.autoScaling.setCount = (cluster, service, desiredCount) =>
      void this.call('UpdateService', { cluster, service, desiredCount });
    this.codeDeploy = new CodeDeploy({
      clock,
      ids,
      scheduler,
      taskSets,
      taskDefinitions,
      loadBalancing,
      alarms,
      serviceOf,
    });
    const scheduled = [this.eventBridge, this.eventBridgeScheduler, this.autoScaling, this.codeDeploy];
    this.wire = new Wire(
      [ecs, ecr, new EcrPublic(tokens), logs, sts, ...scheduled, ...referredTo],
      this.context.accountId,
    );
    this.wire.sessions = sts.sessions;
    if (clock instanceof VirtualClock) this.wire.now = () => clock.now();
    // Signatures have the time of the machine, which a virtual clock has nothing to do with.
    else this.wire.checksSigningTime = true;
    this.script = new Script(this);
  }

  /** How many seconds reads may lag behind writes; 0 is none. */
  get consistency(): { staleSeconds: number } {
    return this.ecs.consistency;
  }

  /** Images by digest say it themselves; those of our registry can be looked up. */
  #digestOf(image: string): string | undefined {
    const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
    if (digest !== undefined) return digest;
    if (!image.startsWith(`${this.ecr.host}/`)) return this.externalDigestOf(image);
    const [, name = '', tag = 'latest'] = /^([^:@]+)(?::([^@]+))?$/.exec(image.slice(this.ecr.host.length + 1)) ?? [];
    return this.registry.find(name, tag)?.digest;
  }

  /** A call as a client would make it, for setting up worlds. */
  call(operation: string, input: Readonly<Record<string, unknown>>): Record<string, never> {
    return this.ecs.handle(operation, input, this.context) as Record<string, never>;
  }

  /** HTTP on loopback; the registry answers on the same port. */
  async listen(port = 0): Promise<Listening> {
    const server = await this.wire.listen(port, (req, res) => this.ecr.byHost(req.headers.host ?? '').handle(req, res));
    this.ecr.host = server.endpoint.replace('http://', '');
    return server;
  }
}
