import { defaultInputs } from '../../../scripts/workflow/inputs.ts';
import { DEFAULTS, INPUT_NAMES, type InputName } from '../../../src/inputs/known.ts';
import { readInputs } from '../../../src/inputs/parse.ts';
import type { AnyInputs } from '../../../src/inputs/types.ts';
import { parseYaml } from '../../../src/taskdef/yaml.ts';
import { CONTEXT } from '../../support/world.ts';

/** Inputs that an input needs beside it, or that a step has in its place. */
type Given = Readonly<Record<string, string>>;
const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const TASK_ROLE = 'arn:aws:iam::123456789012:role/task';
const LB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
const RULE = `${LB}:listener-rule/app/web/0123456789abcdef/0123456789abcdef/0123456789abcdef`;
const BUILD = { repository: 'team/app' };

/** A value that each input takes, none of them its default, with what it needs beside it. */
const SAMPLES: Readonly<
  Record<
    Exclude<InputName, 'mode' | 'services' | 'max-parallel' | 'canary' | 'rollback-scope' | 'daemon'>,
    string | readonly [string, Given]
  >
> = {
  'detailed-exitcode': 'true',
  'service-tags': 'team=web',
  'aws-region': 'eu-central-1',
  'role-to-assume': ROLE,
  'role-session-name': ['release', { 'role-to-assume': ROLE }],
  'role-duration-seconds': ['1800', { 'role-to-assume': ROLE }],
  'role-external-id': ['id', { 'role-to-assume': ROLE }],
  audience: ['mine', { 'role-to-assume': ROLE }],
  'allowed-account-ids': '123456789012',
  image: 'app:1',
  digests: [`sha256:${'a'.repeat(64)}`, BUILD],
  repository: 'team/app',
  'create-repository': ['true', BUILD],
  'repository-settings': ['immutable', { ...BUILD, 'create-repository': 'true' }],
  'lifecycle-policy': ['keep 10', { ...BUILD, 'create-repository': 'true' }],
  context: ['app', BUILD],
  file: ['Dockerfile.web', BUILD],
  target: ['web', BUILD],
  platforms: ['linux/arm64', BUILD],
  tags: ['one', BUILD],
  'push-by-digest': ['true', BUILD],
  'build-args': ['A=b', BUILD],
  'build-contexts': ['base=app', BUILD],
  'build-secrets': ['npm=x', BUILD],
  'build-secret-files': ['npm=.npmrc', BUILD],
  'build-secret-envs': ['npm=NPM', BUILD],
  ssh: ['default', BUILD],
  cache: ['none', BUILD],
  'cache-from': ['type=gha', BUILD],
  'cache-to': ['type=gha', BUILD],
  labels: ['a=b', BUILD],
  annotations: ['a=b', BUILD],
  provenance: ['false', BUILD],
  sbom: ['true', BUILD],
  compression: ['zstd', BUILD],
  reproducible: ['true', BUILD],
  pull: ['true', BUILD],
  'no-cache': ['true', BUILD],
  'reuse-image': ['false', BUILD],
  builder: ['mine', BUILD],
  'builder-nodes': ['- endpoint: ssh://arm\n  platforms: linux/arm64', BUILD],
  'add-hosts': ['db=10.0.0.1', BUILD],
  allow: ['network.host', BUILD],
  attests: ['type=sbom', BUILD],
  'cgroup-parent': ['mine', BUILD],
  network: ['host', BUILD],
  'no-cache-filters': ['web', BUILD],
  outputs: ['type=local,dest=out', BUILD],
  'shm-size': ['1g', BUILD],
  ulimit: ['nofile=1024', BUILD],
  scan: ['wait', BUILD],
  'scan-severity': ['high', { ...BUILD, scan: 'wait' }],
  'scan-allow': ['CVE-2024-1234', { ...BUILD, scan: 'wait' }],
  'wait-for-replication': ['true', BUILD],
  sign: ['cosign', BUILD],
  'image-checks-minutes': ['7', { ...BUILD, scan: 'wait' }],
  'task-definition': 'other.json',
  'task-definition-family': 'other',
  'task-definition-arn': 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  'template-style': ['none', { 'task-definition': 'a.json' }],
  'container-name': 'app',
  images: 'app=app:1',
  'pin-images': 'false',
  variables: 'A=b',
  'environment-variables': 'A=b',
  secrets: 'A=/a',
  'env-files': 'arn:aws:s3:::bucket/a.env',
  'docker-labels': 'a=b',
  'log-configuration-log-driver': 'awslogs',
  'log-configuration-options': ['a=b', { 'log-configuration-log-driver': 'awslogs' }],
  command: 'npm start',
  cpu: '512',
  memory: '2048',
  'task-role-arn': TASK_ROLE,
  'execution-role-arn': TASK_ROLE,
  'task-definition-tags': 'a=b',
  cluster: 'blue',
  service: 'api',
  'service-name': 'api',
  'service-definition': 'service.json',
  'on-first-failure': ['delete', { 'service-definition': 'service.json' }],
  'minimum-healthy-percent': '50',
  'maximum-percent': '150',
  'circuit-breaker': 'rollback',
  'circuit-breaker-threshold': ['5', { 'circuit-breaker': 'on' }],
  alarms: 'errors',
  'health-check-grace-period-seconds': '60',
  'desired-count': '3',
  autoscaling: 'suspend',
  'min-capacity': '2',
  'max-capacity': '9',
  'force-new-deployment': 'true',
  'enable-execute-command': 'true',
  'enable-ecs-managed-tags': 'true',
  'propagate-tags': 'SERVICE',
  'platform-version': '1.4.0',
  strategy: 'blue-green',
  'bake-time-minutes': ['5', { strategy: 'blue-green' }],
  'linear-step-percent': ['20', { strategy: 'linear' }],
  'linear-step-bake-minutes': ['3', { strategy: 'linear' }],
  'canary-percent': ['20', { strategy: 'canary' }],
  'canary-bake-minutes': ['3', { strategy: 'canary' }],
  'early-success-percent': ['50', { strategy: 'blue-green' }],
  'lifecycle-hooks': [
    '- at: post-test-traffic-shift\n  lambda: arn:aws:lambda:eu-west-1:123456789012:function:check\n  role: arn:aws:iam::123456789012:role/hooks',
    { strategy: 'blue-green' },
  ],
  'alternate-target-group': [
    `${LB}:targetgroup/web/0123456789abcdef`,
    { 'production-listener-rule': RULE, 'load-balancer-role': TASK_ROLE },
  ],
  'production-listener-rule': [
    RULE,
    { 'alternate-target-group': `${LB}:targetgroup/web/0123456789abcdef`, 'load-balancer-role': TASK_ROLE },
  ],
  'test-listener-rule': [
    RULE.replace(/.$/, 'e'),
    {
      'production-listener-rule': RULE,
      'alternate-target-group': `${LB}:targetgroup/web/0123456789abcdef`,
      'load-balancer-role': TASK_ROLE,
    },
  ],
  'load-balancer-role': [
    TASK_ROLE,
    { 'production-listener-rule': RULE, 'alternate-target-group': `${LB}:targetgroup/web/0123456789abcdef` },
  ],
  'codedeploy-appspec': 'appspec.yml',
  'codedeploy-application': ['app', { 'codedeploy-deployment-group': 'group' }],
  'codedeploy-deployment-group': ['group', { 'codedeploy-application': 'app' }],
  'codedeploy-deployment-config': [
    'CodeDeployDefault.ECSAllAtOnce',
    { 'codedeploy-application': 'app', 'codedeploy-deployment-group': 'group' },
  ],
  'codedeploy-deployment-description': [
    'words',
    { 'codedeploy-application': 'app', 'codedeploy-deployment-group': 'group' },
  ],
  'codedeploy-wait-for': ['traffic', { 'codedeploy-application': 'app', 'codedeploy-deployment-group': 'group' }],
  'drain-percent': '10',
  express: 'true',
  'infrastructure-role-arn': [TASK_ROLE, { express: 'true', 'execution-role-arn': TASK_ROLE, image: 'app:1' }],
  'container-port': ['8081', { express: 'true' }],
  'health-check-path': ['/health', { express: 'true' }],
  subnets: ['subnet-0123456789abcdef0', { express: 'true' }],
  'security-groups': ['sg-0123456789abcdef0', { express: 'true' }],
  'min-task-count': ['2', { express: 'true' }],
  'max-task-count': ['9', { express: 'true' }],
  'auto-scaling-metric': ['AVERAGE_CPU', { express: 'true' }],
  'auto-scaling-target-value': ['60', { express: 'true' }],
  'log-group': ['/web', { express: 'true' }],
  'log-stream-prefix': ['web', { express: 'true' }],
  'repository-credentials': ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-123456', { express: 'true' }],
  'express-tags': ['a=b', { express: 'true' }],
  'mutate-tags-on-update': ['true', { express: 'true', 'express-tags': 'a=b' }],
  'pre-deploy': 'npm run migrate',
  'post-deploy': 'npm run check',
  verify: 'https://example.com/health',
  'hold-minutes': '5',
  schedules: 'nightly',
  'run-task': 'true',
  'run-task-container-overrides': '[{"name": "app", "command": ["a"]}]',
  'run-task-subnets': 'subnet-0123456789abcdef0',
  'run-task-security-groups': ['sg-0123456789abcdef0', { 'run-task-subnets': 'subnet-0123456789abcdef0' }],
  'run-task-assign-public-ip': ['ENABLED', { 'run-task-subnets': 'subnet-0123456789abcdef0' }],
  'run-task-launch-type': 'FARGATE',
  'run-task-capacity-provider-strategy': '[{"capacityProvider": "FARGATE_SPOT", "weight": 1}]',
  'run-task-started-by': 'me',
  'run-task-tags': '[{"key": "a", "value": "b"}]',
  'run-task-managed-ebs-volume-name': [
    'data',
    { 'run-task-managed-ebs-volume': '{"sizeInGiB": 5, "roleArn": "arn:aws:iam::123456789012:role/ebs"}' },
  ],
  'run-task-managed-ebs-volume': [
    '{"sizeInGiB": 5, "roleArn": "arn:aws:iam::123456789012:role/ebs"}',
    { 'run-task-managed-ebs-volume-name': 'data' },
  ],
  'wait-for-task-stopped': 'false',
  preflight: 'false',
  'on-active-deployment': 'wait',
  'on-pause': 'stop',
  'wait-for-service-stability': 'false',
  'wait-for-minutes': '17',
  'no-progress-minutes': '7',
  'log-lines': '13',
  'continue-action': 'rollback',
  'rollback-on-failure': 'false',
  'rollback-to': 'web:3',
  'deregister-failed-revision': 'true',
  'on-cancel': 'rollback',
  'github-token': 'ghs_1',
  'github-environment': 'production',
  'github-environment-url': ['https://example.com', { 'github-environment': 'production' }],
  'github-environment-transient': ['true', { 'github-environment': 'production' }],
  'github-environment-production': ['true', { 'github-environment': 'staging' }],
  comment: 'true',
};

const BASE: Readonly<Record<AnyInputs['mode'], Given>> = {
  deploy: { service: 'web' },
  plan: { service: 'web' },
  build: BUILD,
  register: { 'task-definition-family': 'web' },
  task: { 'task-definition-family': 'web' },
  daemon: { daemon: 'agent', 'task-definition-family': 'web' },
  rollback: { service: 'web' },
  continue: { service: 'web' },
  watch: { service: 'web' },
  status: { service: 'web' },
  list: { service: 'web' },
};
const MODES = Object.keys(BASE) as AnyInputs['mode'][];

const parsed = (given: Given) => {
  const { inputs, mistakes, notes, warnings } = readInputs(
    new Map(Object.entries({ ...defaultInputs(), 'aws-region': 'eu-west-1', ...given })),
    { context: CONTEXT, env: {}, yaml: parseYaml },
  );
  return {
    inputs,
    said: [...mistakes.map(({ subject, problem, remedy }) => `${subject} ${problem} ${remedy}`), ...notes, ...warnings],
  };
};

test('there is a value for each input of one service', () => {
  const several = ['mode', 'services', 'max-parallel', 'canary', 'rollback-scope', 'daemon'];
  expect([...Object.keys(SAMPLES), ...several].sort()).toEqual([...INPUT_NAMES].sort());
});

test('the defaults are those of action.yml', () => {
  expect({ ...defaultInputs(), cluster: 'default' }).toEqual(DEFAULTS);
});

/** What the mode is itself, or what its base has. */
const SAME: Readonly<Partial<Record<AnyInputs['mode'], readonly InputName[]>>> = {
  build: ['repository'],
  task: ['run-task'],
  watch: ['rollback-on-failure'],
};

test.each(MODES)('mode %s: an input that changes nothing of the run is named in the log', (mode) => {
  const silent = Object.entries(SAMPLES).filter(([name, sample]) => {
    if (SAME[mode]?.some((one) => one === name)) return false;
    const [value, beside] = typeof sample === 'string' ? [sample, {}] : sample;
    // A task builds nothing, whatever its repository is.
    const more =
      mode === 'task' ? Object.fromEntries(Object.entries(beside).filter(([of]) => of !== 'repository')) : beside;
    const given = { ...more, ...BASE[mode], mode };
    const [without, whole] = [parsed(given), parsed({ ...given, [name]: value })];
    const names = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
    return (
      JSON.stringify(without.inputs) === JSON.stringify(whole.inputs) && !whole.said.some((text) => names.test(text))
    );
  });
  expect(silent.map(([name]) => name)).toEqual([]);
});

test.each(MODES)('mode %s: a line end behind a value changes nothing', (mode) => {
  const changed = Object.entries(SAMPLES).filter(([name, sample]) => {
    const [value, more] = typeof sample === 'string' ? [sample, {}] : sample;
    const given = { ...more, ...BASE[mode], mode };
    const [own, ended] = [parsed({ ...given, [name]: value }), parsed({ ...given, [name]: `${value}\n` })];
    return JSON.stringify(own) !== JSON.stringify(ended);
  });
  expect(changed.map(([name]) => name)).toEqual([]);
});
