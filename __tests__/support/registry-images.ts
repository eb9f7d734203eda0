import type { Simulator } from '../../simulator/simulator.ts';

type Registry = Simulator['registry'];

/** Puts an image for linux/amd64 under a tag, without an index, so that the image's own config names its platform. */
export function pushImage(registry: Registry, repository: ReturnType<Registry['create']>, tag: string): void {
  const blob = (value: object): { digest: string; size: number } => {
    const body = Buffer.from(JSON.stringify(value));
    const digest = registry.digestOf(body);
    registry.blobs.set(digest, body);
    return { digest, size: body.length };
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...blob({ os: 'linux', architecture: 'amd64', tag }),
  };
  const manifest = { schemaVersion: 2, mediaType, config, layers: [] };
  registry.put(repository, tag, { body: Buffer.from(JSON.stringify(manifest)), mediaType });
}
