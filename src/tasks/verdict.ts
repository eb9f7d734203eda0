/** What the state of a one-off task means. */
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ContainerState, TaskState } from '../model.ts';

type TaskVerdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  /** `container`: the one that failed first, where an exit code says so. */
  | { readonly kind: 'failed'; readonly container?: string };

/** SIGTERM and SIGKILL: what ECS ends the other containers with when an essential one has ended. */
const ENDED_BY_ECS = [143, 137];

/**
 * A task has succeeded when the container that runs the command exited with 0, and so did every other essential one, unless ECS
 * ended it because the first had ended: sidecars run until then. One without an exit code never ran.
 * @param shape.container that runs the command; undefined where none is given one: then the essential containers alone count
 * @param shape.essential names of the essential containers
 */
export function judgeTask(
  { lastStatus, stopCode, containers }: Pick<TaskState, 'lastStatus' | 'stopCode' | 'containers'>,
  { container, essential }: { readonly container: string | undefined; readonly essential: readonly string[] },
): TaskVerdict {
  if (lastStatus !== 'STOPPED') return { kind: 'running' };
  const own = containers.find(({ name, exitCode }) =>
    container === undefined ? essential.includes(name) && exitCode === 0 : name === container,
  );
  if (container !== undefined && own?.exitCode !== 0)
    return { kind: 'failed', ...(own?.exitCode === undefined ? {} : { container }) };
  if (stopCode !== undefined && stopCode !== 'EssentialContainerExited') return { kind: 'failed' };
  const guilty = containers.find((one) => one.name !== container && essential.includes(one.name) && hasFailed(one));
  if (guilty) return { kind: 'failed', container: guilty.name };
  return own ? { kind: 'succeeded' } : { kind: 'failed' };
}

const hasFailed = ({ exitCode, reason }: ContainerState): boolean =>
  exitCode !== 0 && !(exitCode !== undefined && ENDED_BY_ECS.includes(exitCode) && reason === undefined);

/** Exit codes by container, for those that have one. */
export const exitCodesOf = ({ containers }: Pick<TaskState, 'containers'>): Readonly<Record<string, number>> =>
  Object.fromEntries(containers.flatMap(({ name, exitCode }) => (exitCode === undefined ? [] : [[name, exitCode]])));

/** Whether capacity may become free: an instance without an attribute that the task needs gets none by waiting. */
export const mayBePlacedLater = ({ rule, nature, subject, failure }: Diagnosis): boolean =>
  nature === 'transient' ||
  (nature === 'unplaceable' && rule !== 'missing-attribute') ||
  (subject === 'capacity' && failure === 'exhausted');
