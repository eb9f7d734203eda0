import { asFailure } from '../failure.ts';
import type { BuildInputs } from '../inputs/types.ts';
import type { Ecr } from '../ports.ts';
import type { CollectWorld } from './collect.ts';
import { decide } from './decide.ts';
import type { Image } from './image.ts';
import { parseRepository } from './reference.ts';
import { findDestination } from './repository.ts';
import { storeOf } from './store.ts';
import { ownPlatformOf, parseBuilder } from './tools.ts';

export type Foreseen =
  | { readonly kind: 'reuse'; readonly image: Image }
  | { readonly kind: 'build'; readonly why: string }
  | { readonly kind: 'refuse'; readonly text: string };

/**
 * What a deploy would do for its image, without a login, a build or a change. The builder is not started: without a
 * named platform, one that does not run leaves the fingerprint unknown.
 * @throws Failure CANCELLED or CREDENTIALS alone
 */
export async function foreseeReuse(
  build: BuildInputs,
  region: string,
  world: CollectWorld & { readonly ecr: Ecr },
): Promise<Foreseen> {
  const { ecr, shell, signal } = world;
  const repository = parseRepository(build.repository, region);
  const destination = findDestination(repository, build.createRepository, ecr);
  const store = storeOf(repository, Promise.resolve({ env: {} }), world);
  const ownPlatform = async (): Promise<string | undefined> => {
    const { exitCode, stdout } = await shell.run(
      'docker',
      ['buildx', 'inspect', ...(build.builder ? [build.builder] : [])],
      { signal },
    );
    return exitCode === 0 ? ownPlatformOf(parseBuilder(stdout)) : undefined;
  };
  try {
    const { decision } = await decide(build, { destination, store, ownPlatform }, world);
    const { uri } = await destination;
    switch (decision.kind) {
      case 'refuse':
        return { kind: 'refuse', text: `image ${uri}: ${decision.problem} ${decision.remedy}` };
      case 'build':
        return { kind: 'build', why: decision.why };
      case 'reuse': {
        const { digest, platforms } = decision.image;
        const found = { reference: `${uri}@${digest}`, repository: uri, digest, tags: decision.tags };
        return { kind: 'reuse', image: { ...found, reused: true, ...(platforms ? { platforms } : {}) } };
      }
    }
  } catch (thrown) {
    const { code, message, remedy } = asFailure(thrown);
    if (code === 'CANCELLED' || code === 'CREDENTIALS') throw thrown;
    if (code !== 'NOT_FOUND') return { kind: 'build', why: message.replace(/\.$/, '') };
    if (build.createRepository) return { kind: 'build', why: 'the repository does not exist yet' };
    return { kind: 'refuse', text: `image: ${message} ${remedy ?? ''}`.trim() };
  }
}
