/** The services of a step in the simulated account, each with a first revision and all that it refers to. */
import type { VirtualClock } from '../../simulator/clock.ts';
import type { Registry } from '../../simulator/ecr/registry.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import {
  type CreatedService,
  createFromTemplate,
  type Platform,
  pushImage,
} from '../../simulator/world/from-template.ts';
import { parseArn } from '../../src/arn.ts';
import { PUBLIC_ECR, parseEcrHost, parseReference, readReference } from '../../src/image/reference.ts';
import type { ExpressInputs, ServiceInputs, TemplateInputs } from '../../src/inputs/types.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import {
  type CodeDeploySetup,
  codeDeploySettings,
  codeDeploySetup,
  createGroup,
  deployByCodeDeploy,
  isCodeDeployed,
} from './code-deploy.ts';
import { definedSettings } from './defined.ts';
import { runValues } from './github.ts';
import { NeedsPort, openPort, soundDefinition } from './templates.ts';
import { type Controller, OF_WHAT_RUNS, type Target, type TemplateText, type Trial } from './trial.ts';

type Input = Readonly<Record<string, unknown>>;
const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);

export interface Seeded extends CreatedService {
  readonly cluster: string;
  /** Of a service that CodeDeploy deploys. */
  readonly codeDeploy?: CodeDeploySetup;
}

/** Around the two tasks with which a service begins. */
const SCALED = {
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  MinCapacity: 1,
  MaxCapacity: 10,
};
const STEADY_SECONDS = 180;
/** A deployment of an Express Mode service, with both of its bake times. */
const EXPRESS_SECONDS = 900;
/** A deployment that is under way when the step begins. */
const UNDER_WAY_SECONDS = 5;
/** Revisions that are registered so that one of that number exists. */
const MOST_REVISIONS = 500;

/**
 * @param given `image` of the first revision, for `${IMAGE}`; `root` where relative paths begin; `github` of the run; `controller` of the service, else by its
 *   inputs; `onChange` for what the account has that the step does not name
 * @throws an error that names the file, where the step needs a port that it does not have
 */
export async function seed(
  simulator: Simulator,
  target: Target,
  {
    image,
    root,
    github,
    controller,
    onChange,
  }: {
    readonly image: string;
    readonly root: string;
    readonly github: Trial['github'];
    readonly controller?: Controller | undefined;
    readonly onChange?: ((change: string) => void) | undefined;
  },
): Promise<Seeded> {
  const { cluster, service, inputs, template } = target;
  const settings = inputs && 'service' in inputs ? inputs.service : undefined;
  const variables = inputs && 'template' in inputs ? inputs.template.variables : [];
  provideImage(simulator, image, [{ os: 'linux', architecture: 'amd64' }]);
  // What the action deployed before names its image by digest.
  const before = OF_WHAT_RUNS.includes(inputs?.mode ?? '') ? byDigest(simulator, image) : image;
  const defined = definedSettings(simulator, target, root);
  const byCodeDeploy = settings && !settings.express && isCodeDeployed(target, controller);
  let codeDeploy: CodeDeploySetup | undefined;
  const create = (from: TemplateText): Promise<CreatedService> =>
    createFromTemplate(simulator, {
      ...from,
      cluster,
      service: service || undefined,
      variables: new Map([['IMAGE', before], ...variables]),
      tasks: 2,
      settings: (definition) => {
        if (byCodeDeploy) {
          const named = service || String(definition.family);
          codeDeploy = codeDeploySetup(simulator, target, { service: named, definition });
          return { ...withoutOther(defined), ...codeDeploySettings(codeDeploy) };
        }
        return {
          ...(settings && defined.loadBalancers === undefined
            ? balanced(simulator, { settings, service, definition, file: template.file })
            : {}),
          ...withoutOther(defined),
        };
      },
    });
  const created = await create(template).catch((thrown: unknown) => {
    if (thrown instanceof NeedsPort) throw thrown;
    // What is wrong with the file, the action itself explains.
    onChange?.(
      `${template.file}: ECS would refuse it as it stands, so the service begins with a small task definition of the same family and containers`,
    );
    return create(soundDefinition(target));
  });
  if (codeDeploy) {
    const { name, definition } = created;
    const mode = inputs?.mode ?? '';
    onChange?.(await createGroup(simulator, codeDeploy, { cluster, service: name, definition, mode }));
  }
  if (settings?.express) asExpress(simulator, { ...created, cluster }, settings.express);
  for (const name of settings?.alarms ?? []) simulator.cloudwatch.alarms.set(name, { state: 'OK' });
  if (inputs && 'template' in inputs) {
    const next = edited(simulator, target, { inputs: inputs.template, image, github });
    try {
      createDependencies(simulator, next);
    } catch {
      // Fields with mistakes, which the run itself reports.
    }
    // Of earlier jobs, such as `shop/proxy:${GITHUB_SHA}`; `<IMAGE1_NAME>` is filled by the run itself, or reported.
    for (const { image: named } of list(next.containerDefinitions))
      if (readReference(String(named))) provideImage(simulator, String(named), [platformIn(next)]);
    if (inputs.template.source.kind === 'arn') registerUpTo(simulator, created, inputs.template.source.arn);
  }
  if (settings?.scaling && service !== '')
    await simulator.autoScaling.handle(
      'RegisterScalableTarget',
      { ...SCALED, ResourceId: `service/${cluster}/${service}` },
      simulator.context,
    );
  if (inputs && 'schedules' in inputs && inputs.schedules.length > 0) {
    const { seedSchedules } = await import('./schedules.ts');
    await seedSchedules(simulator, inputs.schedules, { family: created.family, cluster });
  }
  if (inputs?.mode === 'rollback' && inputs.target !== undefined) rollbackTarget(simulator, created, inputs.target);
  return { ...created, cluster, ...(codeDeploy ? { codeDeploy } : {}) };
}

/** A capacity provider strategy takes the place of the launch type that a service else begins with. */
const withoutOther = (defined: Input): Input =>
  defined.capacityProviderStrategy === undefined ? defined : { launchType: undefined, ...defined };

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const PAUSED = {
  // Both revisions run at the pause, so that there is one to go back to.
  strategy: 'BLUE_GREEN',
  bakeTimeInMinutes: 2,
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }],
};

/** A load balancer, where the step's settings of the service need one. */
function balanced(
  simulator: Simulator,
  {
    settings,
    service,
    definition,
    file,
  }: {
    readonly settings: ServiceInputs;
    readonly service: string;
    readonly definition: Input;
    readonly file: string;
  },
): Input {
  const { strategy, healthCheckGracePeriodSeconds: grace } = settings;
  const divides = strategy?.kind === 'LINEAR' || strategy?.kind === 'CANARY' || strategy?.traffic !== undefined;
  if (!divides && grace === undefined) return {};
  const why = divides ? 'dividing traffic' : '`health-check-grace-period-seconds`';
  const open = openPort(definition, { file, why });
  const { partition, region, accountId } = simulator.context;
  const elb = `arn:${partition}:elasticloadbalancing:${region}:${accountId}`;
  const name = (service || 'app').slice(0, 26);
  const [blue, green] = ['blue', 'green'].map((colour) => `${elb}:targetgroup/${name}-${colour}/0123456789abcdef`);
  const given = strategy?.traffic;
  const targetType = definition.networkMode === 'awsvpc' ? 'ip' : 'instance';
  for (const arn of [blue, green, given?.alternateTargetGroupArn])
    if (arn !== undefined) simulator.loadBalancing.targetGroups.set(arn, { targetType });
  const role = given?.roleArn ?? `arn:${partition}:iam::${accountId}:role/ecs-load-balancer`;
  const [, path = '/', roleName = ''] = /role(\/.*\/|\/)([^/]+)$/.exec(role) ?? [];
  simulator.iam.roles.set(roleName, { path, trust: TRUSTS_ECS, allows: [['*', '']] });
  const rule = `${elb}:listener-rule/app/${name}/0123456789abcdef/0123456789abcdef/0123456789abcdef`;
  // The step sets what it names; what it does not name, the service has already.
  const advanced = {
    alternateTargetGroupArn: green,
    productionListenerRule: given?.productionListenerRule ?? rule,
    roleArn: role,
  };
  return {
    loadBalancers: [
      {
        targetGroupArn: blue,
        containerName: open.name,
        containerPort: open.port,
        ...(divides && given?.alternateTargetGroupArn === undefined ? { advancedConfiguration: advanced } : {}),
      },
    ],
  };
}
/** In place of the service that was made of the template. @throws an error where Express Mode does not take its revision */
function asExpress(
  simulator: Simulator,
  { cluster, name, family }: Seeded,
  { infrastructureRoleArn, healthCheckPath }: ExpressInputs,
): void {
  const { partition, region, accountId } = simulator.context;
  const role = infrastructureRoleArn ?? `arn:${partition}:iam::${accountId}:role/ecs-infrastructure`;
  const [, path = '/', roleName = ''] = /role(\/.*\/|\/)([^/]+)$/.exec(role) ?? [];
  simulator.iam.roles.set(roleName, { path, trust: TRUSTS_ECS, allows: [['*', '']] });
  simulator.call('DeleteService', { cluster, service: name, force: true });
  settle(simulator);
  simulator.call('CreateExpressGatewayService', {
    cluster,
    serviceName: name,
    infrastructureRoleArn: role,
    taskDefinitionArn: `arn:${partition}:ecs:${region}:${accountId}:task-definition/${family}:1`,
    scalingTarget: { minTaskCount: 2 },
    ...(healthCheckPath === undefined ? {} : { healthCheckPath }),
  });
  (simulator.clock as VirtualClock).advance(EXPRESS_SECONDS);
}

const TRUSTS_ECS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const platformIn = ({ runtimePlatform }: Input): Platform => {
  const { operatingSystemFamily, cpuArchitecture } = (runtimePlatform ?? {}) as Input;
  return {
    os: String(operatingSystemFamily).startsWith('WINDOWS') ? 'windows' : 'linux',
    architecture: cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
};

/** The task definition that the run registers, as far as it is known: its images, roles, secrets and log groups have to exist as well. */
function edited(
  simulator: Simulator,
  { template: { file, text } }: Target,
  {
    inputs,
    image,
    github,
  }: { readonly inputs: TemplateInputs; readonly image: string; readonly github: Trial['github'] },
): Input {
  try {
    const template = toTemplate(/\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseJson(text, file), file);
    const { region, accountId } = simulator.context;
    const builtIns = [
      ['AWS_REGION', region],
      ['AWS_ACCOUNT_ID', accountId],
      ...runValues(github),
      ['IMAGE', image],
    ] as const;
    return render(template, inputs, { builtIns }).definition;
  } catch {
    // The run itself reports what is wrong with it.
    return {};
  }
}

/** An image that the step names is in the account's registry; one of a registry outside of AWS is not looked up. */
export function provideImage(simulator: Simulator, reference: string, platforms: readonly Platform[]): void {
  const { host = '', path, tag = 'latest', digest } = parseReference(reference);
  if (digest !== undefined) return;
  const ecr = parseEcrHost(host);
  const foreign = ecr !== undefined && ecr.registryId !== simulator.context.accountId;
  const registry = registryOf(simulator, host);
  if (registry === undefined || registry.repositories.get(path)?.tags.has(tag)) return;
  pushImage(registry, [path, tag], {
    content: `${path}:${tag}`,
    platforms,
    ...(foreign ? { reader: simulator.context.accountId } : {}),
  });
}

/** The same image by its digest, where the registry is one of ECR's. */
function byDigest(simulator: Simulator, reference: string): string {
  const { host = '', path, tag = 'latest' } = parseReference(reference);
  const digest = registryOf(simulator, host)?.repositories.get(path)?.tags.get(tag);
  return digest === undefined ? reference : `${host}/${path}@${digest}`;
}

function registryOf({ ecr, registry, context }: Simulator, host: string): Registry | undefined {
  if (host === PUBLIC_ECR) return ecr.public;
  const own = parseEcrHost(host);
  if (!own) return undefined;
  return own.registryId === context.accountId ? registry : ecr.registryOf(own.registryId, own.region);
}

const describe = (simulator: Simulator, family: string): Input =>
  (simulator.call('DescribeTaskDefinition', { taskDefinition: family }) as { taskDefinition?: Input }).taskDefinition ??
  {};

/** What RegisterTaskDefinition takes of what DescribeTaskDefinition shows. */
const REGISTERED = [
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
function register(simulator: Simulator, { family }: CreatedService, tags: readonly Input[] = []): void {
  const described = describe(simulator, family);
  const members = REGISTERED.flatMap((name) => (described[name] === undefined ? [] : [[name, described[name]]]));
  simulator.call('RegisterTaskDefinition', { ...Object.fromEntries(members), ...(tags.length > 0 ? { tags } : {}) });
}

/** The same with another image of the same repository in each container whose image is in ECR by digest: a later commit. */
function registerNext(simulator: Simulator, { family }: CreatedService): void {
  const { containerDefinitions, ...described } = describe(simulator, family);
  const containers = list(containerDefinitions).map((one) => ({
    ...one,
    image: nextImage(simulator, String(one.image)),
  }));
  const members = REGISTERED.flatMap((name) => (described[name] === undefined ? [] : [[name, described[name]]]));
  simulator.call('RegisterTaskDefinition', { ...Object.fromEntries(members), containerDefinitions: containers });
}

function nextImage(simulator: Simulator, image: string): string {
  const { host = '', path, digest } = parseReference(image);
  const registry = digest === undefined ? undefined : registryOf(simulator, host);
  if (registry === undefined) return image;
  pushImage(registry, [path, 'next'], { content: `${path}:next`, platforms: [{ os: 'linux', architecture: 'amd64' }] });
  return `${host}/${path}@${registry.repositories.get(path)?.tags.get('next')}`;
}

/** So that `web:42` exists. */
function registerUpTo(simulator: Simulator, created: CreatedService, name: string): void {
  const wanted = Math.min(Number(/:(\d+)$/.exec(name)?.[1] ?? 0), MOST_REVISIONS);
  while (Number(describe(simulator, created.family).revision) < wanted) register(simulator, created);
}

/** What `rollback-to` names exists: a revision by its number, or one that was deployed from that commit or release. */
function rollbackTarget(simulator: Simulator, created: CreatedService, target: string): void {
  if (/^(?:[\w-]+:|arn:.*:)?\d{1,3}$/.test(target)) {
    registerUpTo(simulator, created, `:${target.replace(/^.*:/, '')}`);
    return;
  }
  const { partition, region, accountId } = simulator.context;
  const key = /^[\da-f]{7,40}$/i.test(target) ? 'ecs-rollout:commit' : 'ecs-rollout:ref';
  simulator.call('TagResource', {
    resourceArn: `arn:${partition}:ecs:${region}:${accountId}:task-definition/${created.family}:1`,
    tags: [{ key, value: target.padEnd(key.endsWith('commit') ? 40 : 0, '0') }],
  });
}

/**
 * A second release: so that there is something to roll back to, or a deployment that is under way.
 * @param registered with the name of the revision, before it is deployed
 */
export async function deployNext(
  simulator: Simulator,
  seeded: Seeded,
  { mode, registered }: { readonly mode: string; readonly registered: (revision: string) => void },
): Promise<void> {
  const { cluster, name: service, family } = seeded;
  if (!OF_WHAT_RUNS.includes(mode)) return;
  registerNext(simulator, seeded);
  const taskDefinition = `${family}:${describe(simulator, family).revision}`;
  registered(taskDefinition);
  if (seeded.codeDeploy) {
    await deployByCodeDeploy(simulator, seeded.codeDeploy, { taskDefinition, mode });
    return;
  }
  const paused = mode === 'continue' ? { deploymentConfiguration: PAUSED } : {};
  simulator.call('UpdateService', { cluster, service, taskDefinition, ...paused });
  (simulator.clock as VirtualClock).advance(mode === 'watch' ? UNDER_WAY_SECONDS : STEADY_SECONDS);
}

/** Until the first revision of each service runs. */
export const settle = (simulator: Simulator): void => (simulator.clock as VirtualClock).advance(STEADY_SECONDS);

/** What the simulated account has, which a real one may lack; by kind. */
export function accountLines(simulator: Simulator, seeded: readonly Seeded[]): string[] {
  const { iam, logs, ssm, secretsManager, registry, loadBalancing, cloudwatch, cloudMap, s3 } = simulator;
  const kinds: readonly (readonly [one: string, many: string, names: Iterable<string>])[] = [
    ['cluster', 'clusters', seeded.map(({ cluster }) => cluster)],
    ['service', 'services', seeded.map(({ name }) => name)],
    ['role', 'roles', iam.roles.keys()],
    ['log group', 'log groups', logs.groups.keys()],
    ['parameter', 'parameters', ssm.parameters],
    ['secret', 'secrets', secretsManager.secrets.keys()],
    ['repository', 'repositories', registry.repositories.keys()],
    ['target group', 'target groups', [...loadBalancing.targetGroups.keys()].map((arn) => arn.split('/')[1] ?? arn)],
    ['alarm', 'alarms', cloudwatch.alarms.keys()],
    ['Cloud Map service', 'Cloud Map services', cloudMap.services.keys()],
    ['bucket', 'buckets', s3.buckets.keys()],
  ];
  return kinds.flatMap(([one, many, all]) => {
    const names = [...new Set(all)].filter((name) => name !== '');
    return names.length === 0 ? [] : [`${names.length === 1 ? one : many} ${names.join(', ')}`];
  });
}

/** Containers whose tasks write their log in another Region than the one that the step deploys to. */
export function foreignLogs(simulator: Simulator, { family }: Seeded): string[] {
  const { region } = simulator.context;
  return list(describe(simulator, family).containerDefinitions).flatMap(({ name, logConfiguration }) => {
    const { options } = (logConfiguration ?? {}) as Input;
    const own = ((options ?? {}) as Input)['awslogs-region'];
    return own === undefined || own === region
      ? []
      : [
          `Warning: \`awslogs-region\` of the container ${String(name)} is ${String(own)}, and the step deploys to ${region}: the log group has to exist in ${String(own)}. Where that is not meant, write \`\${AWS_REGION}\` there.`,
        ];
  });
}

/** GitHub's provider is there from the start; the role trusts this repository. */
export function trust(
  simulator: Simulator,
  {
    role: text = '',
    audience = 'sts.amazonaws.com',
  }: { readonly role?: string | undefined; readonly audience?: string | undefined },
): void {
  const arn = parseArn(text);
  if (!arn) return;
  const [, path = '/', name = ''] = /^role(\/.*\/|\/)([^/]+)$/.exec(arn.resource) ?? [];
  const issuer = 'token.actions.githubusercontent.com';
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
