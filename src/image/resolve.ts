import { asFailure } from '../failure.ts';
import type { EcrRepository, ImageManifest, Json, JsonObject } from '../model.ts';
import type { Ecr, Registries } from '../ports.ts';
import { type Resolution, sourceOf } from './pin.ts';

/** Asks registries for digests; each reference once in a run, all of them side by side. */
export interface Resolver {
  /** Never rejects but for a cancelled run: what cannot be asked is `unresolved`. */
  resolve(references: Iterable<string>): Promise<ReadonlyMap<string, Resolution>>;
  /** Digests of the manifests in the index that a reference names; none for a single manifest, or where it cannot be read. */
  membersOf(reference: string): Promise<readonly string[]>;
}

type Asked = Pick<Ecr, 'getImage'>;

export function createResolver(ecr: Asked, registries: Registries): Resolver {
  const answers = new Map<string, Promise<Resolution>>();
  const one = (reference: string): Promise<Resolution> => {
    const answer = answers.get(reference) ?? resolveOne(reference, ecr, registries);
    answers.set(reference, answer);
    return answer;
  };
  return {
    async resolve(references) {
      const different = [...new Set(references)];
      return new Map(await Promise.all(different.map(async (name) => [name, await one(name)] as const)));
    },
    async membersOf(reference) {
      try {
        return manifestDigests(await manifestOf(reference, await one(reference), ecr, registries));
      } catch (thrown) {
        rethrowCancel(thrown);
        return [];
      }
    },
  };
}

async function resolveOne(reference: string, ecr: Asked, registries: Registries): Promise<Resolution> {
  const source = sourceOf(reference);
  try {
    switch (source.kind) {
      case 'digest':
        return { kind: 'resolved', digest: source.digest };
      case 'unreadable':
        return { kind: 'unresolved', reason: 'it is not an image reference that this action can read' };
      case 'ecr': {
        const image = await ecr.getImage(source.repository, { tag: source.tag });
        return image
          ? { kind: 'resolved', digest: image.digest }
          : { kind: 'missing', reason: 'ECR has no such image' };
      }
      case 'registry':
        return { kind: 'resolved', digest: await registries.digestOf(source.image) };
    }
  } catch (thrown) {
    rethrowCancel(thrown);
    return { kind: 'unresolved', reason: asFailure(thrown).message };
  }
}

async function manifestOf(
  reference: string,
  resolution: Resolution,
  ecr: Asked,
  registries: Registries,
): Promise<JsonObject> {
  const source = sourceOf(reference);
  if (resolution.kind !== 'resolved') return {};
  const { digest } = resolution;
  switch (source.kind) {
    case 'ecr':
      return (await ecr.getImage(source.repository, { digest }))?.manifest ?? {};
    case 'registry':
      return registries.getManifest({ ...source.image, reference: digest });
    default:
      return {};
  }
}

function manifestDigests({ manifests }: JsonObject): string[] {
  if (!Array.isArray(manifests)) return [];
  return manifests.flatMap((child: Json) => {
    const digest = typeof child === 'object' && child !== null && 'digest' in child ? child.digest : undefined;
    return typeof digest === 'string' ? [digest] : [];
  });
}

function rethrowCancel(thrown: unknown): void {
  if (asFailure(thrown).code === 'CANCELLED') throw thrown;
}

/** The same port, which asks for each image once: the preflight and the lookup of digests want to know the same. */
export function askingOnce<T extends Asked>(ecr: T): T {
  const answers = new Map<string, Promise<ImageManifest | undefined>>();
  const getImage = (repository: EcrRepository, id: Parameters<Asked['getImage']>[1]) => {
    const key = JSON.stringify([repository.registryId, repository.region, repository.name, id]);
    const answer = answers.get(key) ?? ecr.getImage(repository, id);
    answers.set(key, answer);
    return answer;
  };
  return { ...ecr, getImage };
}
