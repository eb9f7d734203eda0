/**
 * What a deployment of a managed daemon has come to.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-daemons-deployments.html
 */
import type { DaemonDeployment, Json, JsonObject } from '../model.ts';
import { isObject } from '../model.ts';
import type { Daemons } from '../ports.ts';

type DaemonVerdict =
  | { readonly kind: 'going' }
  | { readonly kind: 'succeeded'; readonly running: number; readonly without: number }
  /** ECS restores the revision before. */
  | { readonly kind: 'rolling-back'; readonly reason: string }
  | { readonly kind: 'rolled-back'; readonly reason: string }
  /** Neither is complete: some instances run the one, some the other revision. */
  | { readonly kind: 'failed'; readonly reason: string };

/** A status that ECS adds later is none of those that mean success: it is waited for, to the time limit. */
export function judgeDaemon(deployment: DaemonDeployment): DaemonVerdict {
  switch (deployment.status) {
    case 'SUCCESSFUL': {
      const { running = 0, without = 0 } = deployment.target ?? {};
      // Of a daemon that is not critical ECS counts an instance without it as done.
      if (running === 0 && without > 0)
        return { kind: 'failed', reason: `It runs on none of ${instances(without)}: its tasks did not start.` };
      return { kind: 'succeeded', running, without };
    }
    case 'ROLLBACK_IN_PROGRESS':
      return { kind: 'rolling-back', reason: reasonOf(deployment) };
    case 'ROLLBACK_SUCCESSFUL':
      return { kind: 'rolled-back', reason: reasonOf(deployment) };
    case 'ROLLBACK_FAILED':
      return { kind: 'failed', reason: `${reasonOf(deployment)} ECS could not roll back.` };
    case 'STOPPED':
      return { kind: 'failed', reason: reasonOf(deployment) };
    default:
      return { kind: 'going' };
  }
}

/** ECS's own words, then what its monitors show. */
function reasonOf({ reason, rollback, breaker, triggeredAlarms }: DaemonDeployment): string {
  const words = reason ?? rollback?.reason;
  if (words !== undefined && words !== '') return sentence(words);
  if (triggeredAlarms.length > 0) return `The alarm ${triggeredAlarms.join(', ')} was triggered.`;
  if (breaker && breaker.failures > 0) return `${breaker.failures} daemon tasks failed.`;
  return 'ECS gave no reason.';
}

const sentence = (text: string): string =>
  '.!?'.includes(text.trim().at(-1) ?? ' ') ? text.trim() : `${text.trim()}.`;

/** One poll in one line: `agent:2 on 1 instance, 3 run the revision before, 1 draining; 2 of 3 failures`. */
export function daemonLine(name: string, { status, target, sources, breaker }: DaemonDeployment): string {
  const before = sources.reduce((sum, { running }) => sum + running, 0);
  const draining = sources.reduce((sum, one) => sum + one.draining, target?.draining ?? 0);
  const failures = breaker && breaker.failures > 0 ? `; ${breaker.failures} of ${breaker.threshold} failures` : '';
  const without = target && target.without > 0 ? `, ${instances(target.without)} without it` : '';
  return `${name} on ${instances(target?.running ?? 0)}${without}, the revision before on ${before}${draining > 0 ? `, ${draining} draining` : ''} (${status})${failures}`;
}

const instances = (count: number): string => `${count} instance${count === 1 ? '' : 's'}`;

/**
 * Deletes a daemon task definition that the daemon neither runs nor is brought to.
 * @param definition ARN
 * @param daemon ARN
 * @throws Failure of a call
 */
export async function removeUnused(
  definition: string,
  daemon: string,
  daemons: Pick<Daemons, 'describe' | 'deployment' | 'revision' | 'remove'>,
): Promise<'deleted' | 'in-use'> {
  const { deploymentArn, revisions } = await daemons.describe(daemon);
  const deployment = deploymentArn === undefined ? undefined : await daemons.deployment(deploymentArn);
  const target =
    deployment && ['going', 'succeeded'].includes(judgeDaemon(deployment).kind) ? deployment.target : undefined;
  const arns = new Set([...revisions, ...(target ? [target] : [])].map(({ arn }) => arn));
  const used = await Promise.all([...arns].map((arn) => daemons.revision(arn)));
  if (used.some(({ taskDefinitionArn }) => taskDefinitionArn === definition)) return 'in-use';
  await daemons.remove(definition);
  return 'deleted';
}

/**
 * What the inputs set of the deployment and the last one did not have.
 * @param wanted members of DaemonDeploymentConfiguration
 */
export function changedConfiguration(
  wanted: JsonObject,
  last: Pick<DaemonDeployment, 'configuration'> | undefined,
): JsonObject | undefined {
  const now = last?.configuration ?? {};
  const changed = Object.entries(wanted).filter(
    ([member, value]) => canonical(value) !== canonical(now[member] ?? null),
  );
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}

/** Neither the order of members nor that of names says anything. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, one]) => `${name}:${canonical(one ?? null)}`);
  return `{${members.sort().join()}}`;
}
