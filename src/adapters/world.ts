import type { Inputs } from '../inputs/types.ts';
import type { Masker } from '../masker.ts';
import type { BuildSources, Console, Registries, Runner, Shell, World } from '../ports.ts';
import { byServerTime, realClock, ServerTime } from './clock.ts';
import { awsConfig, createIdentity } from './credentials.ts';
import { createEcr } from './ecr.ts';
import { createEcs } from './ecs.ts';
import { createFiles } from './files.ts';
import { createGithub, githubIdentity } from './github.ts';
import { createTargets } from './load-balancing.ts';
import { createLogs } from './logs.ts';
import { maskedGithub, maskedLogs, maskingEcs } from './masking.ts';
import type { RegistriesParts } from './registries.ts';
import { TimeLimits } from './time-limits.ts';

/** The real world of a run. Nothing is called yet; clients are light until their first request. */
export function createWorld(
  inputs: Pick<Inputs, 'aws' | 'github'>,
  run: {
    readonly runner: Runner;
    readonly console: Console;
    readonly masker: Masker;
    readonly signal: AbortSignal;
    readonly limits?: TimeLimits;
    readonly env: NodeJS.ProcessEnv;
  },
): World {
  const { runner, console, masker, signal, env, limits = new TimeLimits(signal) } = run;
  const shell = lazyShell(signal);
  const time = new ServerTime(realClock);
  const clock = byServerTime(realClock, time);
  const retry = { clock, signal, log: console.line };
  const config = awsConfig(inputs.aws, {
    env,
    github: githubIdentity(env, runner, limits),
    run: { ...retry, limits, time },
  });
  return {
    clock,
    ecs: maskingEcs(createEcs(config, retry), runner.mask),
    ecr: createEcr(config, runner.mask, retry),
    registries: lazyRegistries({ config, files: createFiles(env), runner, shell, signal }),
    logs: maskedLogs(createLogs(config), masker),
    targets: createTargets(config),
    resources: async () => (await import('./resources.ts')).createResources(config, runner.mask),
    identity: createIdentity(config, inputs.aws.allowedAccountIds, retry),
    shell,
    files: createFiles(env),
    sources: sourcesOf(env),
    console,
    runner,
    masker,
    ...(inputs.github.token
      ? { github: maskedGithub(createGithub(inputs.github.token, runner.context, { env, limits }), masker) }
      : {}),
    signal,
  };
}

/** Few runs ask another registry than ECR; only those load what speaks to it. */
function lazyRegistries(parts: RegistriesParts): Registries {
  let loaded: Promise<Registries> | undefined;
  const load = (): Promise<Registries> => {
    loaded ??= import('./registries.ts').then(({ createRegistries }) => createRegistries(parts));
    return loaded;
  };
  return {
    digestOf: async (image) => (await load()).digestOf(image),
    getManifest: async (image) => (await load()).getManifest(image),
  };
}

/** Loaded with the first command, and node:child_process with it: the first request leaves before that. */
const lazyShell = (signal: AbortSignal): Shell => ({
  run: async (...given) => (await import('./shell.ts')).createShell(signal).run(...given),
});

/** Loaded with the first build: a run that builds nothing never needs it. */
const sourcesOf = (env: NodeJS.ProcessEnv): BuildSources => ({
  folder: async (...given) => (await import('./build-sources.ts')).buildSources.folder(...given),
  variable: (name) => env[name],
  secrets: async (...given) => (await import('./build-sources.ts')).buildSources.secrets(...given),
});
