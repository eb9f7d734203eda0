import { lastPart } from '../arn.ts';
import type { ControlledEcs } from '../code-deploy/ecs.ts';
import type { AnyInputs, CodeDeployInputs, Inputs } from '../inputs/types.ts';
import type { Masker } from '../masker.ts';
import { defined, type ServiceState, variableOf } from '../model.ts';
import type { BuildSources, Console, Ecs, Registries, Runner, Shell, World } from '../ports.ts';
import { DenialLog, type RightsOf } from '../rights/denials.ts';
import { secretValues } from '../taskdef/secret-values.ts';
import { awsConfig, createIdentity } from './credentials.ts';
import { createEcr } from './ecr.ts';
import { createEcs } from './ecs.ts';
import { askedOnce, batchedEcs, onBeats, pacedTargets } from './ecs-batched.ts';
import { createFiles } from './files.ts';
import { createGithub, githubIdentity } from './github.ts';
import { createLogs, createTargets } from './logs-and-targets.ts';
import type { RegistriesParts } from './registries.ts';
import { byServerTime, realClock, ServerTime, TimeLimits } from './time.ts';

/** The real world of a run. Nothing is called yet; clients are light until their first request. */
export function createWorld(
  inputs: Pick<Inputs, 'aws' | 'github'>,
  run: {
    readonly runner: Runner;
    readonly console: Console;
    readonly masker: Masker;
    readonly signal: AbortSignal;
    readonly limits?: TimeLimits;
    /** Where commands run already. */
    readonly shell?: Shell;
    readonly env: NodeJS.ProcessEnv;
    /** So many services are deployed side by side; 1 when absent. */
    readonly services?: number;
    /** What the inputs say of services that CodeDeploy deploys. */
    readonly codeDeploy?: readonly CodeDeployOf[];
  },
): World {
  const { runner, console, masker, signal, env, limits = new TimeLimits(signal) } = run;
  const shell = run.shell ?? lazyShell(signal);
  const time = new ServerTime(realClock);
  const clock = byServerTime(realClock, time);
  const behind = { note: (_: unknown): void => {}, answered: (_: string): void => {} };
  const answered = (action: string): void => behind.answered(action);
  const retry = { clock, signal, log: console.line, answered };
  const config = {
    ...awsConfig(inputs.aws, {
      env,
      github: githubIdentity(env, runner, limits),
      run: { ...retry, limits, time },
    }),
    answered,
  };
  const ecs = createEcs(config, retry);
  const several = (run.services ?? 1) > 1;
  const codeDeploy = once(async () => (await import('./code-deploy.ts')).createCodeDeploy(config, retry));
  const paced = several ? batchedEcs(ecs, { clock, signal }) : ecs;
  const controlled = byController(paced, async () => {
    const [{ codeDeployedEcs }, port] = await Promise.all([import('../code-deploy/ecs.ts'), codeDeploy()]);
    return codeDeployedEcs({
      ecs: paced,
      codeDeploy: port,
      clock,
      inputsOf: codeDeployInputs(run.codeDeploy ?? []),
      denials: behind,
    });
  });
  const targets = createTargets(config);
  const resources = several ? askedOnce : <T>(port: T): T => port;
  return {
    clock: several ? onBeats(clock) : clock,
    ecs: maskingEcs(controlled, runner.mask),
    ecr: createEcr(config, runner.mask, retry),
    registries: lazyRegistries({ config, files: createFiles(env), runner, shell, signal }),
    logs: createLogs(config, masker),
    targets: several ? pacedTargets(targets, { clock, signal }) : targets,
    resources: once(async () => resources((await import('./resources.ts')).createResources(config, runner.mask))),
    codeDeploy,
    autoscaling: once(async () => (await import('./autoscaling.ts')).createAutoscaling(config, retry)),
    schedules: once(async () => {
      const port = (await import('./schedules.ts')).createSchedules(config, retry);
      // Several services look through the same schedules; what is moved is read again.
      const asked = askedOnce(port);
      return several ? { ...port, ofCluster: asked.ofCluster, buses: asked.buses, list: asked.list } : port;
    }),
    daemons: once(async () => (await import('./daemons.ts')).createDaemons(config, retry)),
    identity: createIdentity(config, inputs.aws.allowedAccountIds, retry),
    shell,
    web: { get: async (...given) => (await import('./http.ts')).createWeb(env, limits).get(...given) },
    files: createFiles(env),
    sources: sourcesOf(env),
    console,
    runner,
    masker,
    denials: behind,
    ...defined({
      github: inputs.github.token
        ? createGithub(inputs.github.token, runner.context, { env, limits, masker })
        : undefined,
    }),
    signal,
  };
}

/** What the inputs say of one service that CodeDeploy may deploy. */
interface CodeDeployOf {
  /** Name. */
  readonly service: string;
  /** Name or ARN. */
  readonly cluster: string;
  readonly codeDeploy?: CodeDeployInputs;
}

/** The inputs of a service among those of all. */
export const codeDeployInputs =
  (all: readonly CodeDeployOf[]) =>
  ({ name, clusterArn }: Pick<ServiceState, 'name' | 'clusterArn'>): CodeDeployInputs =>
    all.find(({ service, cluster }) => service === name && lastPart(cluster) === lastPart(clusterArn))?.codeDeploy ??
    {};

/** All callers get the same port, which remembers what it was asked where several services ask. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Few runs ask another registry than ECR; only those load what speaks to it. */
function lazyRegistries(parts: RegistriesParts): Registries {
  let loaded: Promise<Registries> | undefined;
  const load = (): Promise<Registries> => {
    loaded ??= import('./registries.ts').then(({ createRegistries }) => createRegistries(parts));
    return loaded;
  };
  return {
    digestOf: async (image) => (await load()).digestOf(image),
    getManifest: async (image) => (await load()).getManifest(image),
  };
}

/** Loaded with the first command, and node:child_process with it: the first request leaves before that. */
const lazyShell = (signal: AbortSignal): Shell => ({
  run: async (...given) => (await import('./shell.ts')).createShell(signal).run(...given),
});

/** Loaded with the first build: a run that builds nothing never needs it. */
const sourcesOf = (env: NodeJS.ProcessEnv): BuildSources => ({
  folder: async (...given) => (await import('./build-sources.ts')).buildSources.folder(...given),
  variable: (name) => variableOf(env, name),
  actionsCache: async (signal) => (await import('./github.ts')).checkActionsCache(env, signal),
  secrets: async (...given) => (await import('./build-sources.ts')).buildSources.secrets(...given),
});

/**
 * ECS that registers secrets in the environment of every task definition it reads, and of one before it is registered: AWS's errors
 * and the containers' own words quote such values.
 */
function maskingEcs(ecs: Ecs, mask: (secret: string) => void): Ecs {
  const learn = (...revision: Parameters<typeof secretValues>): void => {
    for (const secret of secretValues(...revision)) mask(secret);
  };
  return {
    ...ecs,
    async describeTaskDefinition(reference) {
      const revision = await ecs.describeTaskDefinition(reference);
      learn(revision.definition, revision.tags);
      return revision;
    },
    registerTaskDefinition(definition, tags) {
      learn(definition, tags);
      return ecs.registerTaskDefinition(definition, tags);
    },
  };
}

/**
 * The world, with every call that IAM denies noted: those that the run continues without as well.
 * @param rightsOf what the step asks for: `rightsOfRun`
 */
export function collectDenials(
  world: World,
  mode: AnyInputs['mode'],
  rightsOf: RightsOf,
): { readonly world: World; readonly denials: DenialLog } {
  const denials = new DenialLog(mode, rightsOf);
  const observed = <T extends object>(port: T): T => observing(port, denials);
  if (world.denials) Object.assign(world.denials, { note: denials.note, answered: denials.answered });
  const { targets } = world;
  return {
    denials,
    world: {
      ...world,
      ecs: seeing(observed(world.ecs), denials),
      shell: pushing(world.shell, denials),
      ecr: observed(world.ecr),
      logs: observed(world.logs),
      ...defined({ targets: targets && observed(targets) }),
      resources: () => world.resources().then(observed),
      codeDeploy: () => world.codeDeploy().then(observed),
      autoscaling: () => world.autoscaling().then(observed),
      schedules: () => world.schedules().then(observed),
      daemons: () => world.daemons().then(observed),
    },
  };
}

/** The same port; what a call of it is refused with is noted on the way. */
function observing<T extends object>(port: T, denials: DenialLog): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const answer: unknown = member.apply(target, given);
        // Beside the caller's own handling of it, which stays as it is.
        if (answer instanceof Promise) answer.catch(denials.note);
        return answer;
      };
    },
  });
}

/** Docker asks the registry itself: by its success alone it is known what it was allowed. */
const pushing = (shell: Shell, denials: DenialLog): Shell => ({
  async run(program, args, options) {
    const result = await shell.run(program, args, options);
    const pushes =
      args.some((word) => /^--push$|push=true/.test(word)) || (args[0] === 'buildx' && args[2] === 'create');
    if (program === 'docker' && pushes && result.exitCode === 0) denials.pushed();
    return result;
  },
});

/** What the answers of ECS show of the resources that a policy has to name. */
function seeing(ecs: Ecs, denials: DenialLog): Ecs {
  const seen: Pick<Ecs, 'describeServices' | 'registerTaskDefinition'> = {
    async describeServices(cluster, services) {
      const found = await ecs.describeServices(cluster, services);
      const [service] = found;
      if (service) denials.found(service);
      return found;
    },
    registerTaskDefinition(definition, tags) {
      denials.registering(definition);
      return ecs.registerTaskDefinition(definition, tags);
    },
  };
  return Object.assign(Object.create(ecs) as Ecs, seen);
}

/**
 * The port Ecs for services of either deployment controller. What is about those that CodeDeploy deploys is loaded with the first of them.
 * @param load the part of the port that differs for them; called once
 */
export function byController(ecs: Ecs, load: () => Promise<ControlledEcs>): Ecs {
  let loaded: Promise<ControlledEcs> | undefined;
  const port = (): Promise<ControlledEcs> | Ecs => loaded ?? ecs;
  const seen = (services: readonly ServiceState[]): Promise<ControlledEcs> | undefined => {
    if (services.some(({ deploymentController }) => deploymentController === 'CODE_DEPLOY')) loaded ??= load();
    return loaded;
  };
  return {
    ...ecs,
    async describeServices(cluster, names) {
      if (loaded) return (await loaded).describeServices(cluster, names);
      const found = await ecs.describeServices(cluster, names);
      return (await seen(found))?.adopt(found) ?? found;
    },
    async servicesWithTags(cluster, names) {
      if (loaded) return (await loaded).servicesWithTags(cluster, names);
      const found = await ecs.servicesWithTags(cluster, names);
      const controlled = await seen(found.map(({ service }) => service));
      return controlled ? controlled.servicesWithTags(cluster, names) : found;
    },
    updateService: async (update) => (await port()).updateService(update),
    listServiceDeployments: async (query) => (await port()).listServiceDeployments(query),
    describeServiceDeployments: async (arns) => (await port()).describeServiceDeployments(arns),
    describeServiceRevisions: async (arns) => (await port()).describeServiceRevisions(arns),
    stopServiceDeployment: async (arn, type) => (await port()).stopServiceDeployment(arn, type),
    continueServiceDeployment: async (arn, hookId, action) =>
      (await port()).continueServiceDeployment(arn, hookId, action),
    describeTasks: async (cluster, arns) => (await port()).describeTasks(cluster, arns),
  };
}
