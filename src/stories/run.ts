import { accountOf } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { DeployInputs, Inputs, Pairs } from '../inputs/types.ts';
import type { Instant, ServiceState } from '../model.ts';
import type { Progress, Then } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Chosen, ScheduleSubject } from '../schedules/choose.ts';
import { foreignCodeDeploy, refuseController } from '../service/controller.ts';
import type { Scaling } from './scaling.ts';

/** What every part of a story works with. */
export interface Run<Given = Inputs> {
  readonly inputs: Given;
  readonly world: World;
  readonly progress: Progress;
  /** What it has in common with the runs of other services; absent where there is one. */
  readonly together?: Together;
}

/** What the stories of several services, which run side by side, agree on. */
export interface Together {
  /**
   * Makes something once for all services that ask with the same key, when the last of them has asked.
   * @param ask `source`: what this service brings to it; `signal`: aborted when this service no longer needs it
   * @param make gets the sources of all, and what belongs to the whole run instead of one service
   */
  share<Source, T>(
    key: string,
    ask: { readonly source: Source; readonly signal: AbortSignal },
    make: (sources: readonly Source[], whole: Partial<Pick<Run, 'world' | 'progress'>>) => Promise<T>,
  ): Promise<T>;
  /** Nothing was found that would stop this service; what it waits for now is shared. */
  checked(): void;
  /**
   * Before the first change: resolves when all services can be deployed and this one may start, `later` when others were deployed
   * meanwhile. Rejects where it does not start at all.
   */
  turn(): Promise<'now' | 'later'>;
  /**
   * The deployment of this service has failed: what is to be rolled back with it starts now, while its own rollback takes its time.
   * @returns the signal of its own rollback, which no other service stops; undefined where nothing does
   */
  failing(): AbortSignal | undefined;
}

/** One service has nothing to wait for. */
export const ALONE: Together = {
  share: (_, { source }, make) => make([source], {}),
  checked: () => {},
  turn: async () => 'now',
  failing: () => undefined,
};

/** Modes that deploy, or judge a deployment. */
const CHANGES: readonly string[] = ['deploy', 'plan', 'rollback', 'watch', 'continue'];

/** Modes that send no setting: what the others refuse with their settings, these refuse here. */
const READS: readonly string[] = ['watch', 'continue', 'list', 'status'];

/** @throws Failure INVALID_INPUT for inputs that have no effect on a service of this deployment controller */
function refuseForeign(inputs: Inputs['service'], service: ServiceState): void {
  const mistakes = foreignCodeDeploy(inputs, service);
  if (mistakes.length === 0) return;
  const message = `The service ${service.name} does not take these inputs; nothing was changed.`;
  throw new Failure('INVALID_INPUT', message, { mistakes });
}

/**
 * The service as it is: what every story needs first. Nothing heavy is imported here, so that the request is sent before the
 * rest of the story is loaded.
 * @throws Failure NOT_FOUND, or INVALID_INPUT for a service of another account than the inputs say, or of a deployment controller that
 *   this action does not deploy with
 */
export async function fetchService(
  {
    service,
    aws,
    ...inputs
  }: Pick<Inputs, 'service' | 'aws'> &
    Partial<Pick<DeployInputs, 'serviceDefinition'>> & {
      readonly mode?: string;
    },
  world: Pick<World, 'ecs' | 'clock' | 'signal' | 'identity'>,
): Promise<ServiceState> {
  const { serviceDefinition: definition } = inputs;
  const [found] = await world.ecs
    .describeServices(service.cluster, [service.service])
    .catch(async (thrown: unknown) => {
      const failure = asFailure(thrown);
      if (failure.code !== 'NOT_FOUND') throw failure;
      // A missing cluster is ECS's refusal; a missing service is created. For Express Mode ECS creates the default cluster as well.
      const creates = definition !== undefined || service.express?.create === true;
      if (creates && failure.api === undefined) throw failure;
      if (service.express?.create && service.cluster === 'default') throw failure;
      const { explainMissing } = await import('../missing.ts');
      throw await explainMissing(failure, { service, aws }, world);
    });
  if (!found) throw new Failure('NOT_FOUND', `Service ${service.service} does not exist.`);
  refuseOtherAccount(service, found);
  if (inputs.mode !== undefined && CHANGES.includes(inputs.mode)) refuseController(found);
  if (inputs.mode !== undefined && READS.includes(inputs.mode)) refuseForeign(service, found);
  return found;
}

/**
 * Refuses the namesake: ECS looks a service up in the account of the credentials, whatever account the user's ARN names.
 * @throws Failure INVALID_INPUT when the service that ECS found is of another account than the ARN says
 */
export function refuseOtherAccount(
  { accountId, service }: Pick<Inputs['service'], 'accountId' | 'service'>,
  { arn }: Pick<ServiceState, 'arn'>,
): void {
  const found = accountOf(arn);
  if (accountId === undefined || found === accountId) return;
  throw new Failure(
    'INVALID_INPUT',
    `The ARN names the service ${service} of account ${accountId}, but the credentials belong to ${found}, where there is one of the same name; nothing was changed.`,
    {
      remedy: `Use credentials of account ${accountId} (role-to-assume), or correct the ARN in \`service\` or \`cluster\`.`,
    },
  );
}

/**
 * What the input `schedules` names, looked up before anything is changed; its code is loaded for that alone.
 * @throws Failure with all that is wrong with them
 */
export async function schedulesOf(
  subject: ScheduleSubject,
  run: Pick<Run, 'world' | 'progress'> & { readonly inputs: Pick<Inputs, 'schedules'> },
): Promise<Chosen | undefined> {
  return run.inputs.schedules.length === 0 ? undefined : (await import('./schedules.ts')).choose(subject, run);
}

/** Placeholders that have a value in every run. */
export function builtInsOf(
  { region }: Pick<Inputs['aws'], 'region'>,
  account: string,
  { runner: { context } }: Pick<World, 'runner'>,
): Pairs {
  return [
    ['GITHUB_SHA', context.sha],
    ['GITHUB_REF_NAME', context.refName],
    ['GITHUB_RUN_ID', context.runId],
    ['AWS_REGION', region],
    ['AWS_ACCOUNT_ID', account],
  ];
}

/**
 * The scalable target of the service where an input is about autoscaling; its code is loaded for that alone.
 * @param presence `missing`: this run creates the service, which cannot have one yet
 * @throws Failure where the inputs cannot be carried out
 */
export async function scalingOf(
  service: ServiceState,
  run: Run,
  presence: 'there' | 'missing' = 'there',
): Promise<Scaling | undefined> {
  if (!run.inputs.service.scaling) return undefined;
  const { lookUpScaling, unregistered } = await import('./scaling.ts');
  return presence === 'missing' ? unregistered(service, run) : lookUpScaling(service, run);
}

/**
 * Reports what scaled the service since an instant, where the input `autoscaling` is set: for a deployment that this run did not begin,
 * and so suspends nothing for. Never fails.
 */
export async function reportScaling(service: ServiceState, since: Instant, run: Run): Promise<void> {
  if (!run.inputs.service.scaling || run.world.signal.aborted) return;
  const { reportActivities } = await import('./scaling.ts');
  const { resourceOf } = await import('../service/autoscaling.ts');
  await reportActivities(resourceOf(service), since, run);
}

/** Runs both side by side. When one fails, the other is stopped, and the first failure counts. */
export async function allOrAbort<Given, A, B>(
  run: Run<Given>,
  start: (run: Run<Given>) => readonly [Promise<A>, Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([run.world.signal, stop.signal]);
  const both = start({ ...run, world: { ...run.world, signal } });
  try {
    return await Promise.all(both);
  } catch (first) {
    stop.abort(new Failure('CANCELLED', 'Stopped, because another part of the run failed.'));
    await Promise.allSettled(both);
    throw first;
  }
}

/** What comes once ECS has completed the deployment, and `verify` has passed where it is set. */
export const thenOf = ({ tasks, holdSeconds }: DeployInputs): Then | undefined => {
  if (tasks.after.length > 0) return 'post-deploy';
  return holdSeconds > 0 ? 'hold-minutes' : undefined;
};
