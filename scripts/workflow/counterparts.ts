/** What the steps of the official chain are here: the actions, and for each of their inputs, and each option of `docker build`, the input of this action that says the same. */
import { posix } from 'node:path';
import type { Command } from './shell.ts';

type Texts = Readonly<Record<string, string>>;

export const actionOf = (uses: string): string => uses.replace(/@.*$/, '').toLowerCase();

export const METADATA = 'docker/metadata-action';
export const CREDENTIALS_ACTION = 'aws-actions/configure-aws-credentials';
export const LOGIN = 'aws-actions/amazon-ecr-login';
export const BUILD = 'docker/build-push-action';
export const RENDER = 'aws-actions/amazon-ecs-render-task-definition';
export const DEPLOY = 'aws-actions/amazon-ecs-deploy-task-definition';
export const QEMU = 'docker/setup-qemu-action';
export const BUILDX = 'docker/setup-buildx-action';

/** Inputs of build-push-action whose names are the same here. */
export const BUILD_INPUTS = [
  'context',
  'file',
  'target',
  'platforms',
  'build-args',
  'build-contexts',
  'cache-from',
  'cache-to',
  'labels',
  'annotations',
  'provenance',
  'sbom',
  'attests',
  'pull',
  'no-cache',
  'no-cache-filters',
  'ssh',
  'builder',
  'add-hosts',
  'allow',
  'cgroup-parent',
  'network',
  'outputs',
  'shm-size',
  'ulimit',
];

export const BUILD_SECRETS: Texts = {
  secrets: 'build-secrets',
  'secret-files': 'build-secret-files',
  'secret-envs': 'build-secret-envs',
};

/** Of the credentials' action. */
export const CREDENTIALS = [
  'aws-region',
  'role-to-assume',
  'role-session-name',
  'role-duration-seconds',
  'role-external-id',
  'audience',
  'allowed-account-ids',
];

/** Credentials that this action takes from the environment, where that step has put them: docs/migrating.md */
export const OWN_CREDENTIALS = [
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-session-token',
  'aws-profile',
  'web-identity-token-file',
  'role-chaining',
  'force-skip-oidc',
  'use-existing-credentials',
  'inline-session-policy',
  'managed-session-policies',
  'transitive-tag-keys',
  'custom-tags',
  'sts-endpoint',
  'unset-current-credentials',
  'http-proxy',
  'no-proxy',
];

/** Of docker/setup-buildx-action and docker/setup-qemu-action: what the builder or the emulators of the job are. */
const OF_THE_BUILDER = [
  'version',
  'driver',
  'driver-opts',
  'buildkitd-flags',
  'buildkitd-config',
  'buildkitd-config-inline',
  'config',
  'config-inline',
  'name',
  'endpoint',
  'append',
];

const OF_THE_EMULATORS = ['image', 'reset', 'cache-image'];

/** Why a step of login or set-up stays: the new step takes its place only where it has no settings. */
export function whyHelperStays(action: string, inputs: Texts): string | undefined {
  const has = (names: readonly string[]): boolean => names.some((name) => inputs[name] !== undefined);
  if (action === LOGIN && has(['registries']))
    return 'it logs in to `registries`, and this action to the registry of `repository` alone';
  if (action === LOGIN && has(['http-proxy'])) return 'its requests go through a proxy';
  if (action === BUILDX && has(OF_THE_BUILDER)) return 'its builder has settings of its own';
  if (action === QEMU && has(OF_THE_EMULATORS)) return 'its emulators have settings of their own';
  return undefined;
}

/** Of inputs that have the name of one here, and another meaning. */
export const OWN_REMEDIES: Texts = {
  'github-token': 'Here it is also the token of the comment and the GitHub deployment; a Git context is read with it.',
};

/** Edits of one container. */
export const OF_A_CONTAINER = [
  'environment-variables',
  'secrets',
  'env-files',
  'docker-labels',
  'log-configuration-log-driver',
  'log-configuration-options',
  'command',
];

/** Those to which a second step adds. */
export const LISTS = ['environment-variables', 'secrets', 'env-files', 'docker-labels', 'log-configuration-options'];

/** Inputs of the official action that its task does not use. */
export const OF_THE_SERVICE = [
  'desired-count',
  'force-new-deployment',
  'wait-for-service-stability',
  'service-managed-ebs-volume',
  'service-managed-ebs-volume-name',
];

/** Options of `docker build` that are an input here, with one value each. */
const DOCKER_OPTIONS: Texts = {
  '--cache-from': 'cache-from',
  '--cache-to': 'cache-to',
  '--label': 'labels',
  '--annotation': 'annotations',
  '--build-context': 'build-contexts',
  '--ssh': 'ssh',
  '--network': 'network',
  '--provenance': 'provenance',
  '--sbom': 'sbom',
  '--attest': 'attests',
  '--add-host': 'add-hosts',
  '--allow': 'allow',
  '--builder': 'builder',
  '--no-cache-filter': 'no-cache-filters',
  '--shm-size': 'shm-size',
  '--ulimit': 'ulimit',
  '--cgroup-parent': 'cgroup-parent',
};

/** Options that are read in another way, or that only print. */
const OPTIONS_READ =
  /^--(?:tag|file|platform|build-arg|target|push|load|progress|quiet|no-cache|pull|metadata-file|iidfile|rm|force-rm)$/;

const VALUED =
  /^(?:-t|--tag|-f|--file|--platform|--build-arg|--target|--cache-from|--cache-to|--label|--secret|--ssh|--network|--progress|-o|--output|--provenance|--sbom|--add-host|--builder)$/;

/**
 * `docker build` or `docker buildx build` of a script.
 * @returns its tags, the inputs of this action that say the same, and the options that none of them is
 */
export function dockerBuild({ words, folder }: Command): {
  readonly tags: readonly string[];
  readonly inputs: Texts;
  readonly others: readonly string[];
} {
  const at = (path: string): string => (/^[$/~]|:\/\//.test(path) ? path : posix.join(folder || '.', path));
  const all = (...names: readonly string[]): string[] =>
    words.flatMap((word, i) => {
      const [name = '', ...value] = word.split('=');
      if (names.includes(word)) return words[i + 1] ?? [];
      return names.includes(name) && name.startsWith('--') ? value.join('=') : [];
    });
  const [context = '.'] = words
    .slice(words.indexOf('build') + 1)
    .filter((word, i, rest) => !word.startsWith('-') && !VALUED.test(rest[i - 1] ?? ''));
  const [file] = all('-f', '--file');
  const [platforms] = all('--platform');
  const [target] = all('--target');
  const args = all('--build-arg');
  const listed = Object.entries(DOCKER_OPTIONS).flatMap(([option, input]) => {
    const values = all(option).filter((value) => !value.startsWith('-'));
    return values.length === 0 ? [] : [[input, values.join('\n')] as const];
  });
  const flags = ['no-cache', 'pull'].filter((name) => words.includes(`--${name}`));
  const options = new Set(words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? []));
  return {
    tags: all('-t', '--tag'),
    inputs: {
      ...(at(context) === '.' || at(context) === './' ? {} : { context: at(context) }),
      ...(file === undefined ? {} : { file: at(file) }),
      ...(platforms === undefined ? {} : { platforms }),
      ...(target === undefined ? {} : { target }),
      ...(args.length === 0 ? {} : { 'build-args': args.join('\n') }),
      ...Object.fromEntries(listed),
      ...Object.fromEntries(flags.map((name) => [name, 'true'])),
    },
    others: [...options].filter((option) => !OPTIONS_READ.test(option) && DOCKER_OPTIONS[option] === undefined),
  };
}

/** `{{defaultContext}}:web` of docker/build-push-action is the folder `web` of the commit, which the job has checked out. The cache of GitHub is the default here. */
export function contextOf(inputs: Texts): Texts {
  const { context = '', 'cache-from': from, 'cache-to': to, ...rest } = inputs;
  const [whole, folder = ''] = /^\s*\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(context) ?? [];
  const path = whole === undefined ? context : folder.trim();
  const isDefault = from?.trim() === 'type=gha' && to?.trim() === 'type=gha,mode=max';
  const caches: Texts = {
    ...(from === undefined ? {} : { 'cache-from': from }),
    ...(to === undefined ? {} : { 'cache-to': to }),
  };
  return { ...(path === '' ? {} : { context: path }), ...rest, ...(isDefault ? {} : caches) };
}

/** This action always pushes, under a name. */
export function whyNotPushed({
  push = '',
  load = '',
  call = '',
  outputs = '',
}: Texts): { readonly stays: string } | undefined {
  const isTrue = (text: string): boolean => text.trim().toLowerCase() === 'true';
  const isFalse = (text: string): boolean => /^(?:false)?$/i.test(text.trim());
  const exports = outputs.split('\n').filter((line) => /(?:^|,)\s*type=(?:image|registry)\b/.test(line));
  const pushes = exports.some((line) => /\bpush=true\b|type=registry/.test(line));
  if (exports.some((line) => /(?:^|,)\s*(?:name|push-by-digest)=/.test(line)))
    return { stays: '`outputs` has the name of the image, or pushes by digest alone' };
  if (call.trim() !== '' && call.trim() !== 'build') return { stays: 'it only checks the Dockerfile (`call`)' };
  if (isTrue(push) || pushes) {
    return isFalse(load)
      ? undefined
      : { stays: 'it also loads the image into the Docker engine (`load`), which this action does not' };
  }
  return {
    stays: isFalse(push)
      ? 'it does not push (`push`), and this action always does'
      : 'it pushes in some runs alone (`push` is an expression), and this action always does',
  };
}
