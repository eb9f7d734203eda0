import type { RunnableContainer } from './runtime.ts';

/** When a container may start, as the task definition's `dependsOn` says it. */
export interface Dependency {
  readonly containerName: string;
  readonly condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
}

export const dependenciesOf = ({ definition }: RunnableContainer): readonly Dependency[] =>
  (definition.dependsOn as readonly Dependency[] | undefined) ?? [];

/** Each container after those it depends on, else in the order of the task definition. ECS refuses circles. */
export function startOrder(containers: readonly RunnableContainer[]): RunnableContainer[] {
  const ordered = new Set<RunnableContainer>();
  const visit = (container: RunnableContainer, above: readonly RunnableContainer[]): void => {
    if (ordered.has(container) || above.includes(container)) return;
    for (const { containerName } of dependenciesOf(container)) {
      const dependency = containers.find(({ name }) => name === containerName);
      if (dependency) visit(dependency, [...above, container]);
    }
    ordered.add(container);
  };
  for (const container of containers) visit(container, []);
  return [...ordered];
}

/**
 * The container whose network the others share, as they do with awsvpc: the first to start of those that are to stay.
 * One that others wait to see end cannot lend its network any more.
 */
export function networkOwner(ordered: readonly RunnableContainer[]): RunnableContainer | undefined {
  const ending = new Set(
    ordered
      .flatMap(dependenciesOf)
      .filter(({ condition }) => condition === 'COMPLETE' || condition === 'SUCCESS')
      .map(({ containerName }) => containerName),
  );
  return ordered.find(({ name }) => !ending.has(name)) ?? ordered[0];
}
