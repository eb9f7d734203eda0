import { asFailure } from '../failure.ts';
import type { Inputs } from '../inputs/types.ts';
import type { Outcome } from '../outcome.ts';
import { Account } from '../report/account.ts';
import type { Deployment } from '../service/deployment.ts';
import { restore, unfinished } from '../service/restore.ts';
import { watch } from '../watch/watch.ts';
import { type DeploymentState, nameOf, type Revision, type ServiceState, type World } from '../world.ts';
import type { Intent } from './intent.ts';
import { undo } from './settle.ts';

/** GitHub ends everything five minutes after a cancel. */
const TIME_SECONDS = 240;
/** ECS's clock and ours may differ a little. */
const SKEW_SECONDS = 30;

/**
 * What post does for a main that was cancelled, killed or blinded after it had announced a deployment: looks what became of it,
 * undoes it where `on-cancel: rollback` asks for that, and says what state the service is in. Nothing is left half done unsaid.
 */
export async function afterwards(intent: Intent, inputs: Inputs, world: World): Promise<Outcome> {
  const account = new Account(world);
  const [[service], next] = await Promise.all([
    world.ecs.describeServices(intent.cluster, [intent.service]),
    world.ecs.describeTaskDefinition(intent.next),
  ]);
  const facts = {
    differences: [],
    warnings: [],
    diagnoses: [],
    timeline: account.moments,
    ...(service ? { service } : {}),
    revision: next,
  };
  const cancelled = (headline: string): Outcome => ({ ...facts, kind: 'cancelled', headline });
  if (!service) return cancelled(`The service ${intent.service} is gone.`);
  const ours = ourDeployment(service, intent);
  const runs = service.taskDefinitionArn.split('/').at(-1);
  if (!ours) {
    const restored = service.taskDefinitionArn === intent.previous && intent.deployment !== undefined;
    const left = await withdraw(next, service, intent, world);
    const what = restored ? `${nameOf(next)} was rolled back` : `${nameOf(next)} was not deployed`;
    return cancelled(`The run ended early. ${what}; ${service.name} runs ${runs}.${left}`);
  }
  const deployment = pin(ours, intent);
  if (ours.id !== service.deployments.find(({ status }) => status === 'PRIMARY')?.id)
    return cancelled(
      `The run ended early; ${service.name} is brought to ${runs} by a newer deployment or ECS's rollback.`,
    );
  if (inputs.recovery.onCancel === 'rollback') return putBack(deployment, service, cancelled, world, account);
  const counts = `${ours.runningCount} of ${ours.desiredCount} tasks run`;
  return ours.rolloutState === 'COMPLETED'
    ? cancelled(`The run ended early, but ECS went on: ${nameOf(next)} is deployed, ${counts}.${undo(deployment)}`)
    : cancelled(`The run ended early; ECS goes on rolling out ${nameOf(next)}: ${counts} so far.${undo(deployment)}`);
}

/** The one that main began, known by its id or, where the answer never came, by its revision and time. */
const ourDeployment = (service: ServiceState, { deployment, next, at }: Intent): DeploymentState | undefined =>
  service.deployments.find(({ id, taskDefinitionArn, createdAt }) =>
    deployment === undefined ? taskDefinitionArn === next && createdAt >= at - SKEW_SECONDS : id === deployment,
  );

const pin = ({ id, createdAt }: DeploymentState, { cluster, service, next, previous }: Intent): Deployment => ({
  cluster,
  service,
  id,
  taskDefinitionArn: next,
  ...(previous === next ? {} : { previousTaskDefinitionArn: previous }),
  startedAt: createdAt,
  timeoutSeconds: Number.POSITIVE_INFINITY,
  noProgressSeconds: Number.POSITIVE_INFINITY,
});

/** A revision of ours that nothing runs is taken away; the word of it, or nothing. */
async function withdraw(next: Revision, service: ServiceState, intent: Intent, { ecs }: World): Promise<string> {
  const used = service.deployments.some(({ taskDefinitionArn }) => taskDefinitionArn === next.arn);
  if (!intent.registered || used || next.status !== 'ACTIVE' || intent.deployment !== undefined) return '';
  try {
    await ecs.deregisterTaskDefinition(next.arn);
    return ` The unused ${nameOf(next)} was deregistered.`;
  } catch (thrown) {
    return ` The unused ${nameOf(next)} could not be deregistered: ${asFailure(thrown).message}`;
  }
}

/** Follows a rollback that main began, or begins it, as far as the time goes. */
async function putBack(
  deployment: Deployment,
  service: ServiceState,
  cancelled: (headline: string) => Outcome,
  world: World,
  account: Account,
): Promise<Outcome> {
  const previous = deployment.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
  const serviceDeployment = await unfinished(service.clusterArn, service.name, world.ecs);
  const restoring = await restore(deployment, { service, ...(serviceDeployment ? { serviceDeployment } : {}) }, world);
  if (restoring.kind === 'nothing-before')
    return cancelled(
      `The run ended early, and there is no revision before ${deployment.taskDefinitionArn.split('/').at(-1)} to put back.`,
    );
  account.step(`putting ${previous} back (${restoring.by})`);
  try {
    const limited = {
      ...restoring.deployment,
      timeoutSeconds: world.clock.now() - restoring.deployment.startedAt + TIME_SECONDS,
    };
    const { verdict } = await watch(limited, world, account.listener(limited));
    const done = verdict.kind === 'rolled-back' || verdict.kind === 'succeeded';
    return cancelled(
      done
        ? `The run was cancelled, and ${previous} was put back: ${service.name} runs it.`
        : `The run was cancelled; putting ${previous} back is under way in ECS (${verdict.kind}).`,
    );
  } catch (thrown) {
    return cancelled(`The run was cancelled; ECS was told to put ${previous} back: ${asFailure(thrown).message}`);
  }
}
