import { familyAndNumber, lastPart, parseArn } from '../arn.ts';
import { asFailure } from '../failure.ts';
import type { RunningImages } from '../image/pin.ts';
import type { LiveRevision, Revision, ServiceState } from '../model.ts';
import type { Ecs } from '../ports.ts';
import { primaryOf } from './deployment.ts';

/** A revision by its ARN; its name alone where IAM does not let us read it. */
export async function liveRevision(arn: string, ecs: Pick<Ecs, 'describeTaskDefinition'>): Promise<LiveRevision> {
  try {
    return await ecs.describeTaskDefinition(arn);
  } catch (thrown) {
    if (asFailure(thrown).code !== 'ACCESS_DENIED') throw thrown;
    return { arn, ...familyAndNumber(arn), unseen: true };
  }
}

/** `in-use`: another service of this run has the revision, which is kept. */
type Deregistration = { readonly kind: 'done' | 'in-use' } | { readonly kind: 'failed'; readonly why: string };

/** Deregisters a revision that this run registered and no deployment uses. The outcome of the run does not depend on it. */
export async function deregisterUnused(
  { arn }: Pick<Revision, 'arn'>,
  ecs: Pick<Ecs, 'deregisterTaskDefinition'>,
): Promise<Deregistration> {
  try {
    return { kind: (await ecs.deregisterTaskDefinition(arn)) === 'in-use' ? 'in-use' : 'done' };
  } catch (thrown) {
    return { kind: 'failed', why: asFailure(thrown).message };
  }
}

type Asked = Pick<Ecs, 'describeServiceRevisions' | 'listTasks' | 'describeTasks'>;

/** So many tasks are asked which digests they run: two calls. */
const TASKS = 200;

/**
 * The digests that the PRIMARY deployment of a service runs, by container: what its service revision resolved each tag to
 * and, for containers without an answer there (`versionConsistency: disabled`, a denied call), what its running tasks pulled.
 * @param containers those that are of interest
 */
export async function runningImages(
  service: ServiceState,
  containers: readonly string[],
  ecs: Asked,
): Promise<RunningImages> {
  const primary = primaryOf(service);
  const running = new Map<string, Set<string>>();
  if (!primary || containers.length === 0) return running;
  const add = (name: string, digest: string | undefined): void => {
    if (digest !== undefined) running.set(name, (running.get(name) ?? new Set()).add(digest));
  };
  const [revision] =
    (await orNothing(() => ecs.describeServiceRevisions([serviceRevisionArn(service, primary.id)]))) ?? [];
  for (const { containerName, digest } of revision?.images ?? []) add(containerName, digest);
  if (containers.every((name) => running.has(name))) return running;
  const { clusterArn: cluster, name } = service;
  const tasks = await orNothing(async () => {
    const arns = await ecs.listTasks({ cluster, service: name, desiredStatus: 'RUNNING' });
    return ecs.describeTasks(cluster, arns.slice(0, TASKS));
  });
  for (const { startedBy, lastStatus, containers: pulled } of tasks ?? []) {
    if (startedBy !== primary.id || lastStatus !== 'RUNNING') continue;
    for (const one of pulled) add(one.name, one.imageDigest);
  }
  return running;
}

/** The service revision carries the number of its deployment, `ecs-svc/NUMBER`. */
export function serviceRevisionArn({ arn, clusterArn, name }: ServiceState, deployment: string): string {
  const { partition = 'aws', region = '', account = '' } = parseArn(arn) ?? {};
  const path = `${lastPart(clusterArn)}/${name}/${lastPart(deployment)}`;
  return `arn:${partition}:ecs:${region}:${account}:service-revision/${path}`;
}

/** What is denied or fails is not known; only a cancelled run ends here. */
async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') throw thrown;
    return undefined;
  }
}
