import type { RunContext } from '../inputs/types.ts';

/** vMAJOR.MINOR.PATCH with optional prerelease and build, the v optional (semver.org's own grammar, shortened). */
const SEMVER = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Tags when the user names none: the commit, and on a push of a semver tag its version first.
 * `refs/tags/v1.2.3` gives `1.2.3`, as docker/metadata-action does; build metadata is dropped because `+` is not a tag
 * character.
 */
export function defaultTags(context: RunContext): readonly string[] {
  const version = context.refType === 'tag' ? SEMVER.exec(context.refName)?.[1] : undefined;
  return [...(version ? [version] : []), context.sha].filter((tag) => tag !== '');
}

/**
 * OCI labels from the event, `key=value`. No creation time: it would change the image's digest on each run and so
 * start a deployment where nothing changed. https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function eventLabels(context: RunContext): readonly string[] {
  const repositoryUrl = context.repository ? `${context.serverUrl}/${context.repository}` : '';
  const labels: readonly (readonly [string, string])[] = [
    ['org.opencontainers.image.source', repositoryUrl],
    ['org.opencontainers.image.revision', context.sha],
    ['org.opencontainers.image.version', context.refType === 'tag' ? context.refName : ''],
  ];
  return labels.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${value}`);
}
