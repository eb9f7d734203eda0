import type { Registry } from '../../simulator/ecr/registry.ts';
import type { Files, Shell } from '../../src/ports.ts';

/** What stands for the layers: whatever the last build saw. */
export interface FakeBuild {
  readonly tags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A docker whose `buildx build --push` puts an index into the simulator's registry as BuildKit would: one image for each
 * platform, made of `content` alone, and an attestation that differs in each build. Real builds: `__tests__/e2e/build.test.ts`.
 */
export class FakeDocker {
  readonly builds: FakeBuild[] = [];
  content = 'one';
  /** What happens while the build runs, before its push. */
  meanwhile: () => Promise<void> | void = () => {};
  /** Platforms that the build leaves out. */
  readonly missing = new Set<string>();
  readonly #registry: Registry;
  readonly #files: Pick<Files, 'writeText'>;

  constructor(registry: Registry, files: Pick<Files, 'writeText'>) {
    this.#registry = registry;
    this.#files = files;
  }

  readonly shell: Shell = {
    run: async (program, args, options) => {
      const done = { exitCode: 0, stdout: '', stderr: '' };
      if (program === 'git') return { ...done, stdout: args.includes('log') ? '1700000000\n' : '' };
      if (args[1] === 'version') return { ...done, stdout: 'github.com/docker/buildx v0.36.1 0000000\n' };
      if (args[1] === 'inspect')
        return { ...done, stdout: 'Name: default\nDriver: docker\nPlatforms: linux/amd64\nGC\n' };
      if (args[1] !== 'build' || args.includes('--call=check')) return done;
      const tags = valuesOf('--tag', args);
      this.builds.push({ tags: tags.map((tag) => tag.split(':').at(-1) ?? ''), env: options?.env ?? {} });
      await this.meanwhile();
      try {
        const digest = this.#push(args, tags);
        const file = args.find((one) => one.startsWith('--metadata-file='))?.split('=')[1] ?? '';
        await this.#files.writeText(file, JSON.stringify({ 'containerimage.digest': digest }));
        return done;
      } catch (thrown) {
        const { code, message } = thrown as { code: string; message: string };
        return {
          ...done,
          exitCode: 1,
          stderr: `ERROR: failed to push: ${code.replace('TAG_INVALID', 'tag invalid')}: ${message}\n`,
        };
      }
    },
  };

  /** @returns the digest of the index */
  #push(args: readonly string[], references: readonly string[]): string {
    const [first = ''] = references;
    const name = first.slice(first.indexOf('/') + 1).replace(/:[^/]*$/, '');
    const repository = this.#registry.repositories.get(name);
    if (!repository)
      throw Object.assign(new Error(`The repository with name '${name}' does not exist`), { code: 'name unknown' });
    const labels = Object.fromEntries(valuesOf('--label', args).map(pair));
    const annotated = valuesOf('--annotation', args);
    const annotationsOf = (level: string) =>
      Object.fromEntries(
        annotated
          .filter((one) => (/^[a-z,]+:/.exec(one)?.[0] ?? 'manifest:').includes(level))
          .map((one) => pair(one.replace(/^[a-z,]+:/, ''))),
      );
    const platforms = args
      .find((one) => one.startsWith('--platform='))
      ?.slice(11)
      .split(',') ?? ['linux/amd64'];
    const put = (value: object, mediaType: string): string => {
      const body = Buffer.from(JSON.stringify(value));
      return this.#registry.put(repository, this.#registry.digestOf(body), { body, mediaType });
    };
    const blob = (value: object): string => {
      const body = Buffer.from(JSON.stringify(value));
      const digest = this.#registry.digestOf(body);
      this.#registry.blobs.set(digest, body);
      return digest;
    };
    const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
    const manifests = platforms
      .filter((platform) => !this.missing.has(platform))
      .map((text) => {
        const [os, architecture] = text.split('/');
        const config = blob({ os, architecture, config: { Labels: labels }, content: this.content });
        const annotations = annotationsOf('manifest');
        const digest = put({ config: { digest: config }, layers: [], annotations }, MANIFEST);
        return { digest, mediaType: MANIFEST, platform: { os, architecture } };
      });
    const attestation = put({ layers: [], startedOn: this.builds.length, random: Math.random() }, MANIFEST);
    const index = {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        ...manifests,
        {
          digest: attestation,
          mediaType: MANIFEST,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
      ],
      ...(platforms.length > 1 ? { annotations: annotationsOf('index') } : {}),
    };
    const body = Buffer.from(JSON.stringify(index));
    for (const reference of references)
      this.#registry.put(repository, reference.split(':').at(-1) ?? '', { body, mediaType: index.mediaType });
    return this.#registry.digestOf(body);
  }
}

const valuesOf = (flag: string, args: readonly string[]): string[] =>
  args.flatMap((one, i) => (args[i - 1] === flag ? [one] : []));

function pair(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}
