import { lastPart } from '../arn.ts';
import { asFailure, Failure } from '../failure.ts';
import type { RollbackInputs } from '../inputs/types.ts';
import type { DeploymentState, Revision, ServiceDeployment, ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import type { World } from '../ports.ts';
import { carrierOf, type Deployment, isCarriedOut, isOf, primaryOf, replacedBy } from '../service/deployment.ts';
import { requestStop, unfinished } from '../service/restore.ts';
import { type Serving, servingIn, servingOf } from '../service/serving.ts';
import { limitsFor, strategyOf } from '../service/strategy.ts';
import { watch } from '../watch/watch.ts';
import { saveIntent } from './handover.ts';
import type { Run } from './run.ts';

type End =
  /** ECS rolls back to exactly the requested revision: completed, or in progress when the run does not wait. */
  | {
      readonly kind: 'restored' | 'restoring';
      readonly known: Pick<Outcome, 'service' | 'deployment' | 'verdict'>;
      /** `web:5`, which is left. */
      readonly left: string;
      readonly by: 'us' | 'ECS';
      readonly serving: Serving;
    }
  /** It is out of the way; the service as it is then. */
  | { readonly kind: 'ended'; readonly service: ServiceState };

/** A deployment that has not come to its end. */
interface Unfinished {
  readonly failing: DeploymentState;
  /** Absent where IAM does not let us see it. */
  readonly serviceDeployment?: ServiceDeployment;
  /** ARN of the revision that ECS rolls back to, or would. */
  readonly before: string;
  readonly state: 'continuing' | 'rolling-back';
}

/**
 * An unfinished deployment is stopped properly where that brings back what is wanted, or where its strategy lets no other
 * begin. One that ECS is rolling back already is followed, never doubled. A rolling one is simply replaced by ours where
 * another revision is wanted. Undefined when there is nothing to stop.
 */
export async function endUnfinished(
  service: ServiceState,
  target: Revision,
  { inputs, world, progress }: Run<RollbackInputs>,
): Promise<End | undefined> {
  const found = await unfinishedIn(service, world);
  if (!found) return undefined;
  const { failing, before, state, serviceDeployment } = found;
  const wanted = before === target.arn;
  if (!wanted && service.strategy === 'ROLLING') return undefined;
  const left = lastPart(failing.taskDefinitionArn);
  const back = lastPart(before);
  // For post: should this run end here, the deployment in progress is its rollback.
  saveIntent(
    {
      cluster: service.clusterArn,
      service: service.name,
      previous: before,
      proven: before,
      next: failing.taskDefinitionArn,
      registered: false,
      deployment: failing.id,
    },
    world,
  );
  if (state === 'rolling-back') progress.step(`${carrierOf(failing)} restores ${back} already, in place of ${left}`);
  else {
    const by = serviceDeployment && (await requestStop(serviceDeployment, world.ecs));
    if (!by) return undefined;
    progress.step(`stopped the unfinished deployment of ${left} (${by}); ${carrierOf(failing)} rolls back to ${back}`);
  }
  const deployment: Deployment = {
    cluster: service.clusterArn,
    service: service.name,
    id: failing.id,
    taskDefinitionArn: failing.taskDefinitionArn,
    previousTaskDefinitionArn: before,
    startedAt: world.clock.now(),
    createdAt: failing.createdAt,
    timeoutSeconds: limitsFor(inputs.watch, strategyOf(service)).timeoutSeconds,
    noProgressSeconds: inputs.watch.noProgressSeconds,
    logLines: inputs.watch.logLines,
  };
  const by = state === 'rolling-back' ? 'ECS' : 'us';
  if (wanted && !inputs.watch.wait)
    return { kind: 'restoring', known: { service, deployment }, left, by, serving: servingOf(service) };
  const { verdict, snapshot } = await watch(deployment, world, progress.watching(deployment)).catch((thrown) => {
    const failure = asFailure(thrown);
    if (failure.code !== 'CANCELLED') throw failure;
    throw new Failure(
      'CANCELLED',
      `The run was cancelled while ${carrierOf(failing)} rolls back to ${back}, and continues the rollback.`,
    );
  });
  return wanted && verdict.kind === 'rolled-back'
    ? {
        kind: 'restored',
        known: { service: snapshot.service, deployment, verdict },
        left,
        by,
        serving: servingIn(snapshot, deployment),
      }
    : { kind: 'ended', service: snapshot.service };
}

async function unfinishedIn(service: ServiceState, { ecs }: World): Promise<Unfinished | undefined> {
  const primary = primaryOf(service);
  if (!primary || primary.rolloutState === 'COMPLETED') return undefined;
  const serviceDeployment = await unfinished(service.clusterArn, service.name, ecs);
  if (!serviceDeployment) {
    // ECS rolls back to an older deployment under its own id; a new deploy has the youngest.
    const failing = service.deployments.find(({ createdAt }) => createdAt > primary.createdAt);
    return failing && { failing, before: primary.taskDefinitionArn, state: 'rolling-back' };
  }
  const failing = service.deployments.find((one) => isOf(serviceDeployment, one)) ?? primary;
  const before =
    failing.id === primary.id
      ? await sourceOf(serviceDeployment, { primary, service }, ecs)
      : primary.taskDefinitionArn;
  if (before === undefined) return undefined;
  const rollsBack = failing.id !== primary.id || !isCarriedOut(serviceDeployment);
  return { failing, serviceDeployment, before, state: rollsBack ? 'rolling-back' : 'continuing' };
}

/** The revision that ECS would roll back to: of the deployment that still has tasks, else of the service deployment's source. */
async function sourceOf(
  { sources, rollback }: ServiceDeployment,
  { primary, service }: { readonly primary: DeploymentState; readonly service: ServiceState },
  ecs: World['ecs'],
): Promise<string | undefined> {
  const before = replacedBy(primary, service);
  if (before?.rolloutState === 'COMPLETED') return before.taskDefinitionArn;
  const rollbackRevision = rollback?.serviceRevisionArn;
  const arns = rollbackRevision === undefined ? sources.map(({ arn }) => arn) : [rollbackRevision];
  const [source] = arns.length > 0 ? await ecs.describeServiceRevisions(arns).catch(() => []) : [];
  return source?.taskDefinitionArn;
}
