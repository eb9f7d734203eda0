import type { CapacityProvider, Open, ServiceState, TaskState } from '../model.ts';

/** On whose machines a task runs: what DescribeTasks calls its launch type. */
export type Compute = 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES';

const ALL: readonly Compute[] = ['FARGATE', 'EC2', 'EXTERNAL', 'MANAGED_INSTANCES'];

/** The capacity providers that every cluster may use. Names that begin like these are AWS's own. */
export const isFargateProvider = (name: string): boolean => /^FARGATE(_SPOT)?$/.test(name);

const known = (name: Open<string> | undefined): Compute | undefined => ALL.find((one) => one === name);

/**
 * Where a service's tasks run. A service with a capacity provider strategy has no launch type: its providers say it, or its tasks.
 * @param seen `tasks` of the service, and what DescribeCapacityProviders answered, where that was asked
 * @returns undefined where none of them says it
 */
export function computeOf(
  { launchType, capacityProviders }: Pick<ServiceState, 'launchType' | 'capacityProviders'>,
  seen: {
    readonly tasks?: readonly Pick<TaskState, 'launchType'>[];
    readonly providers?: readonly Pick<CapacityProvider, 'compute'>[];
  } = {},
): Compute | undefined {
  if (launchType !== undefined) return known(launchType);
  if (capacityProviders.some(isFargateProvider)) return 'FARGATE';
  const task = seen.tasks?.find((one) => one.launchType !== undefined);
  return known(task?.launchType) ?? seen.providers?.[0]?.compute;
}
