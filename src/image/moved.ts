import type { ContainerDefinition, TaskDefinition } from '../model.ts';
import { type Resolution, shortDigest, sourceOf } from './pin.ts';

/** Digests that the tasks of a deployment run, by container; a container of which none is known is absent. */
export type RunningImages = ReadonlyMap<string, ReadonlySet<string>>;

/** A tag in the definition, against what runs. */
export type TagState =
  | { readonly kind: 'current'; readonly reference: string }
  | { readonly kind: 'moved'; readonly reference: string; readonly digest: string; readonly runs: readonly string[] }
  | { readonly kind: 'unproven'; readonly reference: string; readonly reason: string };

/** Images that the definition names by a tag (or by nothing, which is `latest`), with their containers. */
export function taggedImages({ containerDefinitions }: Pick<TaskDefinition, 'containerDefinitions'>) {
  const byTag = containerDefinitions.filter(({ image }) => sourceOf(image).kind !== 'digest');
  return Map.groupBy(byTag, ({ image }: ContainerDefinition) => image);
}

/**
 * Whether each tag still names what runs.
 * @param given.members digests of the manifests in an index, where they were read: ECS may report the one that a task pulled
 * @param given.idle nothing runs and nothing is wanted: what is not known is then no reason for a deployment
 */
export function tagStates(
  definition: Pick<TaskDefinition, 'containerDefinitions'>,
  given: {
    readonly resolutions: ReadonlyMap<string, Resolution>;
    readonly running: RunningImages;
    readonly members: ReadonlyMap<string, readonly string[]>;
    readonly idle: boolean;
  },
): TagState[] {
  const { resolutions, running, members, idle } = given;
  return [...taggedImages(definition)].map(([reference, containers]): TagState => {
    const resolution = resolutions.get(reference);
    if (resolution?.kind !== 'resolved')
      return { kind: 'unproven', reference, reason: resolution?.reason ?? 'it was not asked' };
    const { digest } = resolution;
    const digests = containers.map(({ name }) => running.get(name));
    const runs = [...new Set(digests.flatMap((some) => [...(some ?? [])]))];
    const same = [digest, ...(members.get(digest) ?? [])];
    const others = runs.filter((one) => !same.includes(one));
    if (others.length > 0) return { kind: 'moved', reference, digest, runs: others };
    if (digests.every((some) => some !== undefined && some.size > 0) || idle) return { kind: 'current', reference };
    return { kind: 'unproven', reference, reason: 'ECS does not report which digest runs' };
  });
}

/** Why a tag is a reason to deploy again; undefined where it is not. */
export function reasonOf(state: TagState): string | undefined {
  switch (state.kind) {
    case 'current':
      return undefined;
    case 'moved':
      return `\`${state.reference}\` names ${shortDigest(state.digest)} now, but ${state.runs.map(shortDigest).join(' and ')} runs.`;
    case 'unproven':
      return `\`${state.reference}\` may name another image than the one that runs: ${state.reason.replace(/\.$/, '')}.`;
  }
}
