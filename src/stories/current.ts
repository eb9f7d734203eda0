import { lastPart } from '../arn.ts';
import { Failure } from '../failure.ts';
import type { Image } from '../image/image.ts';
import type { DeployInputs, FirstFailure } from '../inputs/types.ts';
import {
  type DeploymentState,
  defined,
  isSeen,
  type LiveRevision,
  nameOf,
  type Revision,
  type ServiceState,
  type TaskDefinition,
} from '../model.ts';
import type { Check } from '../preflight/check.ts';
import { checkService, describeFirst, describeRolling } from '../service/change.ts';
import { computeOf } from '../service/compute.ts';
import { losesTasks, primaryOf, provenRevision } from '../service/deployment.ts';
import type { ExpressPlan } from '../service/express.ts';
import { liveRevision } from '../service/revisions.ts';
import type { DefinedService } from '../servicedef/change.ts';
import { rolesIn } from '../servicedef/roles.ts';
import { isOurs } from '../tags.ts';
import type { Template } from '../taskdef/template.ts';
import type { CodeDeployDraft } from './code-deploy.ts';
import { fetchService, type Run } from './run.ts';

/** The service before anything is changed. */
export interface CurrentService {
  /** With a service definition as that makes it; where the service does not exist, as it would be created. */
  readonly service: ServiceState;
  /** What runs now; while a deployment is under way that ours takes the place of, or that is ours, what ran before it. Absent where the service does not exist. */
  readonly live?: LiveRevision;
  /** Of a service definition. */
  readonly wanted?: DefinedService;
  /** Of the inputs for Express Mode. */
  readonly express?: ExpressPlan;
  /** What the revision of a new Express Mode service is made from where no input names it; ECS registers it. */
  readonly managed?: Template;
  /** The service has never run a task well: what is done with it when this deployment fails. */
  readonly first?: FirstFailure;
  /** The strategy, and how many tasks it replaces at a time. */
  readonly rollout: string;
  readonly fargate: boolean;
  /** Of a service that CodeDeploy deploys. */
  readonly codeDeploy?: CodeDeployDraft;
}

/**
 * The service and what it runs, where a deployment can be started at all.
 * @throws Failure NOT_FOUND, INVALID_INPUT, IMPOSSIBLE_ROLLOUT, or CONFLICT with a deployment under way
 */
export async function currentService(run: Run, fetching: Promise<ServiceState>): Promise<CurrentService> {
  const found = await definedIn(run, fetching);
  const rolling = checkService(run.inputs, found.service);
  const first = found.wanted?.first ?? found.first;
  if (found.wanted?.state === 'missing' || found.express?.state === 'missing') {
    const { service, real: _, ...of } = found;
    const rollout = describeFirst(run.inputs.service, service);
    return { service, ...of, ...defined({ first }), rollout, fargate: isFargate(service) };
  }
  if (found.wanted && run.inputs.mode === 'deploy') refuseUnchangeable(found.wanted, found.service);
  const codeDeploy = await codeDeployDraft(found.real, run);
  const { service, live } = await meetActiveDeployment(found.real, run);
  const now = service === found.real ? found : await definedIn(run, Promise.resolve(service));
  return {
    service: now.service,
    live,
    rollout: describeRolling(rolling),
    fargate: isFargate(now.service),
    ...defined({ wanted: now.wanted, express: now.express, first: now.wanted?.first ?? now.first, codeDeploy }),
  };
}

/** @throws Failure of the deployment group or the AppSpec */
async function codeDeployDraft(service: ServiceState, run: Run): Promise<CodeDeployDraft | undefined> {
  if (service.deploymentController !== 'CODE_DEPLOY') return undefined;
  const { askWhetherStoppable, draftAppSpec, describeDraft, refuseGroup } = await import('./code-deploy.ts');
  refuseGroup(service, run);
  // A rollback deploys as the newest deployment did.
  if (run.inputs.mode !== 'deploy' && run.inputs.mode !== 'plan') return undefined;
  const asking = run.inputs.mode === 'deploy' ? askWhetherStoppable(service, run) : undefined;
  const [draft] = await Promise.all([draftAppSpec(service, run), asking]);
  run.progress.step(describeDraft(draft, service));
  return draft;
}

/** @throws Failure INVALID_INPUT with all that only another service can have */
function refuseUnchangeable({ definition, refused }: DefinedService, { name }: ServiceState): void {
  if (refused.length === 0) return;
  throw new Failure(
    'INVALID_INPUT',
    `The service definition ${definition.name} differs from ${name} in what ECS cannot change; nothing was changed.`,
    { mistakes: refused },
  );
}

const isFargate = (service: ServiceState): boolean => computeOf(service) === 'FARGATE';

/**
 * The service as it is by now, for a story that has its current service and did something else since.
 * @throws as `currentService`, but for deployments under way
 */
export async function newestService<Current extends CurrentService>(current: Current, run: Run): Promise<Current> {
  const { service, wanted, express } = await definedIn(run, fetchService(run.inputs, run.world));
  return { ...current, service, ...defined({ wanted, express }) };
}

interface Found {
  readonly service: ServiceState;
  /** As ECS has it. */
  readonly real: ServiceState;
  readonly wanted?: DefinedService;
  readonly express?: ExpressPlan;
  readonly managed?: Template;
  readonly first?: FirstFailure;
}

/** With the service definition or what the inputs want of Express Mode, whose code is loaded where there is one. */
async function definedIn(run: Run, fetching: Promise<ServiceState>): Promise<Found> {
  const { inputs } = run;
  if ('template' in inputs && inputs.service.express) {
    fetching.catch(() => {});
    const { expressService } = await import('./express-service.ts');
    return expressService({ ...run, inputs }, fetching);
  }
  if (!('serviceDefinition' in inputs) || inputs.serviceDefinition === undefined) {
    const real = await fetching;
    return { service: real, real };
  }
  // The file is read while the service is asked for.
  fetching.catch(() => {});
  const { definedService } = await import('./defined-service.ts');
  return definedService({ ...run, inputs }, fetching);
}

/** What the preflight checks before anything is changed. */
export interface PreflightStep {
  readonly current: Pick<CurrentService, 'service' | 'fargate' | 'wanted'> & Partial<Pick<CurrentService, 'live'>>;
  /** What is to be registered or deployed. */
  readonly definition: TaskDefinition;
  /** Of this run, where it exists already. */
  readonly image?: Image | undefined;
  /** Reference that stands for an image that is still being built. */
  readonly standIn?: string | undefined;
}

/** Everything that the tasks will need, checked; nothing where the user does not want it. Its code is loaded for that alone. */
export async function preflightStep(
  { current, definition, image, standIn }: PreflightStep,
  run: Run,
): Promise<readonly Check[]> {
  const { inputs, world, progress } = run;
  if (!inputs.preflight) return [];
  const { preflight } = await import('../preflight/preflight.ts');
  const { service, fargate, wanted, live } = current;
  const subject = {
    definition,
    service,
    inputs: inputs.service,
    fargate,
    ...defined({
      image,
      standIn,
      running: live && isSeen(live) ? live.definition : undefined,
      defined: wanted && {
        file: wanted.definition.name,
        state: wanted.state,
        roles: rolesIn(wanted.definition.settings),
      },
    }),
  };
  const checks = await preflight(subject, world);
  // A plan reports the lines itself, beside those of the build.
  progress.checks(checks, inputs.mode === 'plan' ? 'counts' : 'lines');
  return checks;
}

/**
 * @param otherwise how to do without it
 * @throws Failure ACCESS_DENIED where the revision is needed, not only a help
 */
export function readable(live: LiveRevision | undefined, otherwise?: string): Revision {
  if (!live)
    throw new Failure(
      'INVALID_INPUT',
      'The service does not exist yet, so no revision runs that could be taken as the template.',
      {
        remedy:
          'Give the task definition of the new service: a file in `task-definition`, or `task-definition-family`.',
      },
    );
  if (isSeen(live)) return live;
  throw new Failure(
    'ACCESS_DENIED',
    `The revision that runs, ${nameOf(live)}, is needed here and cannot be read: ecs:DescribeTaskDefinition is denied.`,
    {
      remedy: `Allow ecs:DescribeTaskDefinition (on \`*\`) for the role that this job uses${otherwise ? `, or ${otherwise}` : ''}.`,
    },
  );
}

/**
 * A deployment in progress. If an earlier attempt of this run started it, the run continues where
 * that one stopped. Any other is reported, waited for, or fails the run (`on-active-deployment`). What runs is then what ran
 * well before it; for a rollback, which often comes because of that very deployment, the revision that it brings.
 */
async function meetActiveDeployment(
  service: ServiceState,
  { inputs, world }: Run,
): Promise<{ readonly service: ServiceState; readonly live: LiveRevision }> {
  const { console, runner } = world;
  const read = (arn: string): Promise<LiveRevision> => liveRevision(arn, world.ecs);
  const running = (state: ServiceState): Promise<LiveRevision> =>
    read((inputs.mode === 'rollback' ? undefined : provenRevision(state)) ?? state.taskDefinitionArn);
  const busy = busyIn(service);
  if (busy && inputs.mode === 'deploy' && mayContinue(inputs, busy, service)) {
    const next = lastPart(busy.taskDefinitionArn);
    console.warning(
      `A deployment of ${service.name} is under way: ${busy.id} with ${next}. This step brings no other revision, so ${next} stays the one that is rolled out.`,
    );
    return { service, live: await read(busy.taskDefinitionArn) };
  }
  // Not in a rollback, which is often wanted because of what this very commit or run deploys.
  const mayBeOurs = busy && inputs.mode === 'deploy' && busy.id === primaryOf(service)?.id;
  const [live, brought] = await Promise.all([running(service), mayBeOurs ? read(busy.taskDefinitionArn) : undefined]);
  if (!busy) return { service, live };
  if (brought && isSeen(brought) && isOurs(brought.tags, runner.context)) {
    console.line(
      `An earlier attempt of this run started ${busy.id} with ${nameOf(brought)}, which is still under way.`,
    );
    return { service, live };
  }
  const busyNow = `A deployment of ${service.name} is under way: ${busy.id} with ${lastPart(busy.taskDefinitionArn)}.`;
  // Reading changes nothing; and a rollback is most often requested because of the deployment in progress.
  const policy = inputs.mode === 'deploy' ? inputs.recovery.onActiveDeployment : 'warn';
  if (service.deploymentController === 'CODE_DEPLOY' && policy !== 'wait' && inputs.mode === 'deploy')
    throw new Failure('CONFLICT', busyNow, {
      remedy:
        'CodeDeploy runs one deployment of a service at a time: wait for it (`on-active-deployment: wait`), or end it with `mode: rollback` or `mode: continue`.',
    });
  switch (policy) {
    case 'warn':
      if (inputs.mode === 'deploy')
        console.warning(
          `${busyNow} Ours will take its place. \`on-active-deployment: wait\` waits for its end, and \`concurrency\` in the workflow keeps its runs apart.`,
        );
      else console.line(busyNow);
      return { service, live };
    case 'fail':
      throw new Failure('CONFLICT', busyNow, {
        remedy: 'Wait for it, or set `on-active-deployment: warn` to take its place.',
      });
    case 'wait': {
      console.line(`${busyNow} Waiting for its end.`);
      const now = await endOf(service, `${busyNow} It did not end in time.`, { inputs, world });
      return { service: now, live: await running(now) };
    }
  }
}

/**
 * Whether a deployment that is under way keeps its revision: this step names none (it scales, restarts or sets something), and would end
 * the release of another run with the revision before. One that fails or is rolled back is replaced by what ran well.
 */
function mayContinue(
  { template, image, recovery }: DeployInputs,
  busy: DeploymentState,
  service: ServiceState,
): boolean {
  const { source, containerName: _, style: __, listedVariables: ___, ...named } = template;
  return (
    recovery.onActiveDeployment === 'warn' &&
    source.kind === 'service' &&
    image.kind === 'template' &&
    service.deploymentController !== 'CODE_DEPLOY' &&
    isEmpty(named) &&
    busy.status === 'PRIMARY' &&
    service.deployments.every(({ createdAt }) => createdAt <= busy.createdAt) &&
    !losesTasks(busy, service)
  );
}

/** Nothing in it has a value. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.values(value).every(isEmpty));

const busyIn = (state: ServiceState) => state.deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');

/** @throws Failure CONFLICT with `tooLong` at the time limit of the run */
async function endOf(
  service: ServiceState,
  tooLong: string,
  { inputs, world }: Pick<Run, 'inputs' | 'world'>,
): Promise<ServiceState> {
  const until = world.clock.now() + inputs.watch.timeoutSeconds;
  let now = service;
  while (busyIn(now)) {
    if (world.clock.now() >= until) throw new Failure('CONFLICT', tooLong);
    await world.clock.sleep(5, world.signal);
    [now = service] = await world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
  }
  return now;
}
