import { lastPart, parseArn, placeOf } from '../arn.ts';
import { asFailure, Failure, type Mistake } from '../failure.ts';
import type { DeployInputs, ExpressInputs, FirstFailure } from '../inputs/types.ts';
import { servicesIn } from '../missing.ts';
import { defined, type ServiceState } from '../model.ts';
import { type ExpressPlan, settingsIn } from '../service/express.ts';
import { isFirstDeployment } from '../service/first-failure.ts';
import { plannedService } from '../servicedef/planned.ts';
import { whatExists } from '../spelling.ts';
import { MAIN } from '../taskdef/express.ts';
import { cpuUnits, memoryMib } from '../taskdef/fargate.ts';
import type { Template } from '../taskdef/template.ts';
import { afterDeletion, existing } from './defined-service.ts';
import { type Run, refuseOtherAccount } from './run.ts';

interface Found {
  readonly service: ServiceState;
  readonly real: ServiceState;
  readonly express?: ExpressPlan;
  readonly managed?: Template;
  readonly first?: FirstFailure;
}

/** A new service starts so many tasks where `min-task-count` says nothing. */
const TASKS_OF_NEW = 1;

/**
 * The Express Mode service of the inputs: the one that exists, with what they ask about of it, or the one that is to be created.
 * @throws Failure NOT_FOUND where it does not exist and is not to be created, INVALID_INPUT with what its creation lacks
 */
export async function expressService(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Found> {
  const { inputs, world } = run;
  const { express, cluster } = inputs.service;
  if (!express?.create) {
    const real = await fetching;
    return { service: real, real, ...defined({ express: await planOf(real, express, run) }) };
  }
  const now = existing(fetching).catch((thrown: unknown) => {
    // ECS creates the default cluster together with the first Express Mode service.
    if (asFailure(thrown).code === 'NOT_FOUND' && cluster === 'default') return undefined;
    throw thrown;
  });
  const real = await now.then((found) => afterDeletion(found, run));
  if (!real) return missing(express, await world.identity.caller(), run);
  const first = real.express && isFirstDeployment(real) ? ('delete' as const) : undefined;
  return { service: real, real, ...defined({ express: await planOf(real, express, run), first }) };
}

/** One call, where an input is about what DescribeServices does not show. Undefined for a service of another kind, which is refused. */
async function planOf(
  service: ServiceState,
  express: ExpressInputs | undefined,
  { world }: Run<DeployInputs>,
): Promise<ExpressPlan | undefined> {
  if (!service.express || !express) return undefined;
  const asks = Object.keys(settingsIn(express)).length > 0 || express.tags.length > 0 || express.onlyTheseTags;
  if (!asks) return { state: 'exists', settings: {}, tags: [] };
  try {
    const { settings, tags } = await world.ecs.describeExpressService(service.arn);
    return { state: 'exists', settings, tags };
  } catch (thrown) {
    // Reported with all other denials, in the end.
    if (asFailure(thrown).code === 'ACCESS_DENIED') return { state: 'exists', settings: {}, tags: [] };
    throw thrown;
  }
}

async function missing(
  express: ExpressInputs,
  caller: { readonly accountId: string; readonly partition: string },
  { inputs, world }: Run<DeployInputs>,
): Promise<Found> {
  const { cluster, service, accountId } = inputs.service;
  const inArn = parseArn(cluster);
  const account = inArn?.account ?? caller.accountId;
  const partition = inArn?.partition ?? caller.partition;
  const { region } = inputs.aws;
  const clusterArn = inArn ? cluster : `arn:${partition}:ecs:${region}:${account}:cluster/${cluster}`;
  const managed = inputs.template.source.kind === 'service';
  const mistakes = creationMistakes(inputs, express);
  if (mistakes.length > 0) {
    const near = whatExists(service, await servicesIn(cluster, world), { owner: 'The cluster', plural: 'services' });
    throw new Failure(
      'INVALID_INPUT',
      `The Express Mode service ${service} does not exist in the cluster ${lastPart(cluster)}${placeOf(clusterArn)}, and these inputs cannot create it; nothing was changed.`,
      { mistakes, ...defined({ remedy: near || undefined }) },
    );
  }
  const { minTaskCount = TASKS_OF_NEW } = express.scaling ?? {};
  const { subnets = [], securityGroups = [] } = express;
  const planned = plannedService(
    { partition, region, account, cluster: clusterArn, service },
    { launchType: 'FARGATE', networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } } },
    minTaskCount,
  );
  const state: ServiceState = { ...planned, express: true, strategy: 'CANARY' };
  refuseOtherAccount({ service, ...defined({ accountId }) }, { arn: state.arn.replace(account, caller.accountId) });
  return {
    service: state,
    real: state,
    express: { state: 'missing', settings: {}, tags: [] },
    first: 'delete',
    ...(managed ? { managed: templateFor(`${lastPart(clusterArn)}-${service}`, inputs.template) } : {}),
  };
}

/** What CreateExpressGatewayService cannot do without, and what only a revision of our own can. */
function creationMistakes(inputs: DeployInputs, express: ExpressInputs): Mistake[] {
  const { image, template, tasks } = inputs;
  const managed = template.source.kind === 'service';
  const mistakes: Mistake[] = [];
  const wrong = (subject: string, problem: string, remedy: string): void =>
    void mistakes.push({ subject, problem, remedy });
  if (express.infrastructureRoleArn === undefined)
    wrong(
      'infrastructure-role-arn',
      'is missing: ECS needs it to make the load balancer.',
      'Give the ARN of a role with the policy AmazonECSInfrastructureRoleforExpressGatewayServices.',
    );
  if (!managed) return mistakes;
  if (template.executionRoleArn === undefined)
    wrong(
      'execution-role-arn',
      'is missing: ECS needs it to pull the image.',
      'Give the ARN of a role with the policy AmazonECSTaskExecutionRolePolicy.',
    );
  if (image.kind === 'template')
    wrong('image', 'is missing.', 'Give the image in `image`, or build it: `repository` names where it is pushed.');
  const { edits, containers = [] } = template;
  const options = new Map(edits.logOptions);
  if (options.has('awslogs-stream-prefix') && !options.has('awslogs-group'))
    wrong('log-stream-prefix', 'is given without `log-group`.', 'Name the log group, too.');
  const others = [...options.keys()].filter((name) => !/^awslogs-(group|stream-prefix|region)$/.test(name));
  for (const [subject, is] of [
    ['env-files', edits.envFiles.length > 0],
    ['docker-labels', edits.dockerLabels.length > 0],
    ['log-configuration-log-driver', edits.logDriver !== undefined && edits.logDriver !== 'awslogs'],
    ['log-configuration-options', others.length > 0],
    ['pre-deploy', tasks.before.length > 0],
  ] as const)
    if (is)
      wrong(
        subject,
        'is not for the revision that ECS makes for a new Express Mode service.',
        `Give a task definition of your own in \`task-definition\` (with a container \`${MAIN}\`), or deploy once without it.`,
      );
  for (const { container, inputs: from } of containers)
    if (container !== MAIN)
      wrong(
        from[0] ?? 'environment-variables',
        `names the container \`${container}\`; a new Express Mode service has the container \`${MAIN}\` alone.`,
        'Give a task definition of your own in `task-definition`.',
      );
  return mistakes;
}

/** All of it comes from the inputs; what they do not say, ECS decides. Its size is a stand-in for the checks, where one is not given. */
const templateFor = (family: string, { cpu, memory }: Pick<DeployInputs['template'], 'cpu' | 'memory'>): Template => ({
  name: 'the inputs for Express Mode',
  definition: {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(cpuFor(memoryMib(memory ?? '') ?? SMALLEST_MIB)),
    memory: String((cpuUnits(cpu ?? '') ?? SMALLEST_CPU) * 2),
    containerDefinitions: [{ name: MAIN, essential: true }],
  },
  tags: [],
  dropped: [],
});

const SMALLEST_CPU = 256;
const SMALLEST_MIB = 512;
/** CPU units by the memory (MiB) that Fargate pairs with them at most; twice the units fit every size. */
const cpuFor = (mib: number): number =>
  [2048, 4096, 8192, 16_384, 30_720, 61_440].reduce((cpu, most) => (mib > most ? cpu * 2 : cpu), SMALLEST_CPU);
