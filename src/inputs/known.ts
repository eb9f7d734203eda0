/**
 * The names of all inputs by section, exactly those of action.yml (a test compares them: a bundled action cannot
 * read its action.yml at run time).
 */
export const SECTIONS = {
  mode: ['mode', 'detailed-exitcode'],
  aws: [
    'aws-region',
    'role-to-assume',
    'role-session-name',
    'role-duration-seconds',
    'role-external-id',
    'audience',
    'allowed-account-ids',
  ],
  image: ['image'],
  build: [
    'repository',
    'create-repository',
    'context',
    'file',
    'target',
    'platforms',
    'tags',
    'build-args',
    'build-contexts',
    'build-secrets',
    'build-secret-files',
    'build-secret-envs',
    'ssh',
    'cache-from',
    'cache-to',
    'labels',
    'annotations',
    'provenance',
    'sbom',
    'pull',
    'no-cache',
    'builder',
    'add-hosts',
    'allow',
    'attests',
    'cgroup-parent',
    'network',
    'no-cache-filters',
    'outputs',
    'shm-size',
    'ulimit',
  ],
  template: [
    'task-definition',
    'task-definition-family',
    'task-definition-arn',
    'container-name',
    'images',
    'variables',
    'environment-variables',
    'secrets',
    'env-files',
    'docker-labels',
    'log-configuration-log-driver',
    'log-configuration-options',
    'command',
    'cpu',
    'memory',
    'task-role-arn',
    'execution-role-arn',
    'task-definition-tags',
  ],
  service: [
    'cluster',
    'service',
    'minimum-healthy-percent',
    'maximum-percent',
    'circuit-breaker',
    'circuit-breaker-threshold',
    'alarms',
    'health-check-grace-period-seconds',
    'desired-count',
    'force-new-deployment',
    'enable-execute-command',
    'enable-ecs-managed-tags',
    'propagate-tags',
    'platform-version',
  ],
  watch: [
    'preflight',
    'on-active-deployment',
    'wait-for-service-stability',
    'wait-for-minutes',
    'no-progress-minutes',
    'log-lines',
  ],
  recovery: ['rollback-on-failure', 'rollback-to', 'deregister-failed-revision', 'on-cancel'],
  github: [
    'github-token',
    'github-environment',
    'github-environment-url',
    'github-environment-transient',
    'github-environment-production',
    'comment',
  ],
} as const;

export type Section = keyof typeof SECTIONS;
export type InputName = (typeof SECTIONS)[Section][number];

export const INPUT_NAMES: readonly InputName[] = Object.values(SECTIONS).flat();

/**
 * Inputs that other actions of the chain have under another name, so that people who migrate are told ours.
 * Only names that mean something here; what has no counterpart is not listed.
 */
export const ELSEWHERE: Readonly<Record<string, InputName>> = {
  'cluster-name': 'cluster',
  'service-name': 'service',
  dockerfile: 'file',
  'secret-files': 'build-secret-files',
  'secret-envs': 'build-secret-envs',
  region: 'aws-region',
  role: 'role-to-assume',
};
