import { delimiter } from 'node:path';
import type { BuildSources, Files, Runner } from '../ports.ts';

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

type Environment = Readonly<Record<string, string>>;

interface HelperWorld {
  readonly files: Pick<Files, 'readText' | 'writeText'>;
  readonly runner: Pick<Runner, 'dockerConfig'>;
  readonly sources: Pick<BuildSources, 'variable'>;
}

/**
 * What docker starts to reach a builder: ssh, whose ProxyCommand may be `aws ssm start-session`, and plugins of a kubeconfig.
 * https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html
 */
const OF_BUILDERS = ['ssh', 'aws', 'aws-iam-authenticator'];

/** Before the name of a variable as the job has it. */
const OWN = 'ECS_ROLLOUT_OWN_';

/**
 * The environment of a build with secrets of its arguments and caches in it, in which the programs that docker starts see that of the
 * job: by a build argument AWS_SECRET_ACCESS_KEY, a credential helper for another registry would log in as another identity. In front of
 * PATH is a script for each helper of the user's configuration, and for what reaches a builder, which restores what it replaces.
 * Windows has no such scripts.
 * https://github.com/docker/docker-credential-helpers#development
 * @param hidden what the build needs beside the environment of the job
 * @param folder private, removed after the build
 */
export async function withOwnHelpers(
  hidden: Environment,
  folder: string,
  { files, runner, sources: { variable } }: HelperWorld,
): Promise<Environment> {
  const names = Object.keys(hidden);
  if (names.length === 0) return hidden;
  const config = parseDockerConfig(await files.readText(`${runner.dockerConfig}/config.json`).catch(() => undefined));
  const helpers = [...new Set([...Object.values(config.credHelpers), config.credsStore])].filter(isHelper);
  const programs = [...helpers.map((helper) => `docker-credential-${helper}`), ...OF_BUILDERS];
  const path = variable('PATH') ?? '';
  const own = [...names, 'PATH'].flatMap((name) => {
    const value = name === 'PATH' ? path : variable(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const restored = own.map(([name]) => `export ${name}="$${OWN}${name}"`);
  const unset = [...names, ...own.map(([name]) => `${OWN}${name}`)].filter(
    (name) => !own.some(([one]) => one === name),
  );
  await Promise.all(
    programs.map((program) => {
      const lines = ['#!/bin/sh', ...restored, `unset ${unset.join(' ')}`];
      if (!OF_BUILDERS.includes(program)) lines.push(`command -v ${program} >/dev/null || ${missing(program)}`);
      lines.push(`exec ${program} "$@"`);
      return files.writeText(`${folder}/${program}`, `${lines.join('\n')}\n`, 0o700);
    }),
  );
  return {
    ...hidden,
    ...Object.fromEntries(own.map(([name, value]) => [`${OWN}${name}`, value])),
    PATH: `${folder}${delimiter}${path}`,
  };
}

/** Docker's own words for a helper that is not there; what a helper prints as an answer is part of its message. */
const missing = (program: string): string =>
  `{ echo 'exec: "${program}": executable file not found in $PATH'; exit 1; }`;

/** An empty one means the file. */
const isHelper = (helper: unknown): helper is string => typeof helper === 'string' && /^[\w.-]+$/.test(helper);
