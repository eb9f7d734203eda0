/**
 * Docker's config.json, or DOCKER_AUTH_CONFIG, which has its `auths` alone. What Docker could not read counts as nothing.
 * https://docs.docker.com/reference/cli/docker/login/
 */
export interface DockerConfig {
  /** Logins in the file, by host; Docker Hub's stand under its first API's address. */
  readonly auths: Readonly<Record<string, unknown>>;
  /** The credential helper of a host; an empty one means the file. */
  readonly credHelpers: Readonly<Record<string, unknown>>;
  /** The helper of every other host. */
  readonly credsStore?: unknown;
  /** Everything that the text has, these members included. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** @param text of the file or the variable; undefined where there is none */
export function parseDockerConfig(text: string | undefined): DockerConfig {
  const all = recordIn(text ?? '');
  const { auths, credHelpers, credsStore } = all;
  return {
    auths: isRecord(auths) ? auths : {},
    credHelpers: isRecord(credHelpers) ? credHelpers : {},
    ...(credsStore === undefined ? {} : { credsStore }),
    all,
  };
}

function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
