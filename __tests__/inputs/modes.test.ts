import { defaultInputs } from '../../scripts/workflow/inputs.ts';
import { readMode } from '../../src/inputs/modes.ts';
import type { AnyInputs } from '../../src/inputs/types.ts';
import { AWS, FACTS, type Given, read } from './made.ts';

type Mode = AnyInputs['mode'];
const of = (mode: Mode, given: Given) => {
  const all = mode === 'build' || mode === 'register' || mode === 'task' ? given : { service: 'web', ...given };
  return read(all, (reader) => readMode(reader, mode, { aws: AWS, facts: FACTS }));
};
const FAMILY = { 'task-definition-family': 'web' };
const D = `sha256:${'a'.repeat(64)}`;

test.each<[Mode, Given, object]>([
  ['build', { repository: 'team/app' }, { mode: 'build', image: { kind: 'build' } }],
  ['register', FAMILY, { pinImages: true, schedules: [], cluster: 'default', image: { kind: 'template' } }],
  ['register', { ...FAMILY, 'pin-images': 'false', cluster: 'blue' }, { pinImages: false, cluster: 'blue' }],
  ['register', { ...FAMILY, image: 'app:1', scan: 'wait' }, { imageChecks: { scan: { severity: 'critical' } } }],
  ['status', { 'service-tags': 'team=web', service: '' }, { serviceTags: [['team', 'web']] }],
  ['task', FAMILY, { preflight: false, schedules: [], image: { kind: 'template' } }],
  ['task', { service: 'web' }, { service: { service: 'web' }, template: { source: { kind: 'service' } } }],
  ['task', { ...FAMILY, image: 'app:1' }, { image: { kind: 'given', reference: 'app:1' } }],
  ['deploy', {}, { preflight: true, pinImages: true, holdSeconds: 0, detailedExitcode: false, verify: [] }],
  [
    'plan',
    { preflight: 'false', 'pin-images': 'false', 'hold-minutes': '2', 'detailed-exitcode': 'true' },
    {
      mode: 'plan',
      preflight: false,
      pinImages: false,
      holdSeconds: 120,
      detailedExitcode: true,
    },
  ],
  ['deploy', { image: 'app:1', sign: 'cosign' }, { imageChecks: { sign: 'cosign' } }],
  ['rollback', {}, { mode: 'rollback', recovery: { rollbackOnFailure: true } }],
  ['rollback', { 'rollback-to': 'web:3' }, { target: 'web:3' }],
  ['continue', {}, { action: 'continue' }],
  ['continue', { 'continue-action': 'rollback' }, { action: 'rollback' }],
  ['watch', {}, { recovery: { rollbackOnFailure: false, onCancel: 'leave', onActiveDeployment: 'warn' } }],
  ['watch', { 'rollback-on-failure': 'true' }, { recovery: { rollbackOnFailure: true } }],
  ['list', {}, { mode: 'list', service: { service: 'web' } }],
])('mode %s takes %j', (mode, given, expected) => {
  const { value, mistakes, notes, warnings } = of(mode, given);
  expect({ mistakes, notes, warnings }).toEqual({ mistakes: [], notes: [], warnings: [] });
  expect(value).toMatchObject({ mode, ...expected });
});

test.each<[Mode, Given, string]>([
  ['build', {}, 'repository: is missing, and `mode: build` builds and pushes an image. Name the repository to push to'],
  ['register', {}, 'task-definition: is missing, and `mode: register` registers a revision. Give'],
  ['task', {}, 'task-definition: is missing, and no service is named whose revision could run. Give'],
  [
    'task',
    { ...FAMILY, repository: 'team/app' },
    'repository: would build an image, and `mode: task` runs one that exists.',
  ],
  [
    'task',
    { ...FAMILY, repository: 'team/app', digests: D },
    'digests: would build an image, and `mode: task` runs one',
  ],
  [
    'task',
    { ...FAMILY, 'container-name': 'app', command: 'proxy: run' },
    'command: names the container `proxy`, but overrides one container of the task. Use',
  ],
  [
    'task',
    { ...FAMILY, 'environment-variables': 'proxy: A=b' },
    'environment-variables: names the container `proxy`, but',
  ],
  [
    'status',
    { 'service-tags': 'a=b' },
    'service-tags: chooses among the services of a cluster, and `service` names one already.',
  ],
  [
    'status',
    { 'run-task-subnets': 'subnet-0123456789abcdef0' },
    'run-task-subnets: is for `mode: task`, but the mode is `status`.',
  ],
  [
    'register',
    { ...FAMILY, 'run-task-tags': 'a=b' },
    'run-task-tags: is for `mode: task`, but the mode is `register`.',
  ],
  ['list', { 'run-task-started-by': 'x' }, 'run-task-started-by: is for `mode: task`, but the mode is `list`.'],
  ['deploy', { 'rollback-to': 'web:3' }, 'rollback-to: is for `mode: rollback`, but the mode is `deploy`.'],
  ['rollback', { image: 'app:1' }, 'image: does not say where to roll back to.'],
  [
    'watch',
    { autoscaling: 'suspend' },
    'autoscaling: suspends scale-in from before a deployment begins, and `mode: watch` finds',
  ],
  [
    'continue',
    { autoscaling: 'suspend' },
    'autoscaling: suspends scale-in from before a deployment begins, and `mode: continue`',
  ],
  [
    'deploy',
    { autoscaling: 'suspend', 'wait-for-service-stability': 'false' },
    'autoscaling: suspends scale-in until the end of the deployment, but',
  ],
  [
    'deploy',
    { verify: 'https://a.example', 'wait-for-service-stability': 'false' },
    'verify: runs after the deployment, but',
  ],
  [
    'plan',
    { 'hold-minutes': '1', 'wait-for-service-stability': 'false' },
    'hold-minutes: runs after the deployment, but',
  ],
  [
    'deploy',
    { 'post-deploy': 'run', 'wait-for-service-stability': 'false' },
    'post-deploy: runs after the deployment, but',
  ],
  [
    'rollback',
    { schedules: 'all', 'wait-for-service-stability': 'false' },
    'schedules: are moved after the deployment, but',
  ],
  ['deploy', { 'github-token': 'a b' }, 'github-token: has a space, a line break or another character'],
  [
    'deploy',
    { 'github-environment-url': 'https://a.example' },
    'github-environment-url: is set, but `github-environment` is not.',
  ],
  ['deploy', { 'github-environment': 'x', 'github-environment-url': 'a' }, 'github-environment-url: '],
])('mode %s does not take %j', (mode, given, expected) => {
  expect(of(mode, given).mistakes).toEqual([expect.stringContaining(expected)]);
});

test.each<[Mode, Given]>([
  ['watch', { autoscaling: 'keep' }],
  ['rollback', { 'rollback-to': 'web:3', image: 'app:1' }],
  ['rollback', { 'post-deploy': 'run', 'wait-for-service-stability': 'false' }],
  ['deploy', { 'hold-minutes': '0', 'wait-for-service-stability': 'false' }],
  ['deploy', { 'post-deploy': 'run', verify: 'https://a.example', schedules: 'all' }],
  ['deploy', { 'run-task': 'false' }],
  ['task', { ...FAMILY, 'docker-labels': 'proxy: a=b' }],
])('mode %s is right with %j', (mode, given) => {
  expect(of(mode, given).mistakes).toEqual([]);
});

test.each<[Mode, Given, string | undefined]>([
  ['build', { repository: 'team/app', cluster: 'default', 'pin-images': 'true' }, undefined],
  ['build', { repository: 'team/app', cluster: 'x' }, 'mode build calls nothing of ECS: `cluster` not used.'],
  ...(['deploy', 'plan'] as const).map((mode): [Mode, Given, string] => [
    mode,
    { 'continue-action': 'rollback' },
    `\`continue-action\` is for \`mode: continue\`: not used in mode ${mode}.`,
  ]),
  [
    'build',
    { repository: 'team/app', 'desired-count': '2', schedules: 'all', 'rollback-to': 'web:1' },
    'mode build calls nothing of ECS: `desired-count`, `schedules`, `rollback-to` not used.',
  ],
  [
    'build',
    { repository: 'team/app', ...FAMILY, express: 'true', verify: 'https://a.example' },
    'mode build calls nothing of ECS: `task-definition-family`, `express`, `verify` not used.',
  ],
  ['register', { ...FAMILY, cluster: 'x' }, undefined],
  [
    'register',
    { ...FAMILY, 'desired-count': '2', express: 'true', 'hold-minutes': '3' },
    'mode register updates no service: `desired-count`, `express`, `hold-minutes` not used.',
  ],
  ['status', { express: 'true' }, 'mode status changes nothing: `express` not used.'],
  ['status', {}, undefined],
  [
    'task',
    { ...FAMILY, verify: 'https://a.example', schedules: 'all', scan: 'wait', express: 'true' },
    'mode task deploys nothing: `verify`, `schedules`, `scan`, `express` not used.',
  ],
  ['list', { 'rollback-to': 'web:3' }, '`rollback-to` is for `mode: rollback`: not used in mode list.'],
  ['status', { 'rollback-to': 'web:3' }, '`rollback-to` is for `mode: rollback`: not used in mode status.'],
  ['watch', { 'rollback-to': 'web:3' }, '`rollback-to` is for `mode: rollback`: not used in mode watch.'],
  ['continue', { 'rollback-to': 'web:3' }, '`rollback-to` is for `mode: rollback`: not used in mode continue.'],
  ['task', { ...FAMILY, 'rollback-to': 'web:3' }, '`rollback-to` is for `mode: rollback`: not used in mode task.'],
  [
    'rollback',
    { 'continue-action': 'rollback' },
    '`continue-action` is for `mode: continue`: not used in mode rollback.',
  ],
  ['rollback', { 'rollback-to': 'web:3' }, undefined],
  ['continue', { 'continue-action': 'rollback' }, undefined],
  [
    'build',
    { repository: 'team/app', 'push-by-digest': 'true', platforms: 'linux/amd64,linux/arm64' },
    'push-by-digest: is for one platform in each job, and `platforms` has 2. Where this job builds all of them, remove `push-by-digest`; else give each job its own platform, and their digests to `digests`.',
  ],
  ['build', { repository: 'team/app', 'push-by-digest': 'true', platforms: 'linux/arm64' }, undefined],
  ['rollback', { 'pin-images': 'true', 'desired-count': '2' }, undefined],
  [
    'rollback',
    { repository: 'team/app', scan: 'wait', express: 'true' },
    'mode rollback builds and renders nothing: `repository`, `scan`, `express` not used.',
  ],
  [
    'rollback',
    { 'codedeploy-appspec': 'a.yml' },
    'mode rollback takes the AppSpec of the last deployment that succeeded: `codedeploy-appspec` not used.',
  ],
  [
    'watch',
    { 'desired-count': '2', autoscaling: 'keep', 'codedeploy-wait-for': 'traffic' },
    'mode watch changes no setting of the service: `desired-count` not used.',
  ],
  [
    'list',
    { autoscaling: 'keep', cluster: 'x', 'codedeploy-application': 'a' },
    'mode list changes no setting of the service: `autoscaling` not used.',
  ],
])('mode %s notes of %j', (mode, given, note) => {
  expect(of(mode, given)).toMatchObject({ mistakes: [], notes: note === undefined ? [] : [note] });
});

test.each<[Mode, Given, string | undefined]>([
  [
    'deploy',
    { repository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app' },
    'repository: is in Region us-east-1',
  ],
  ['plan', { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:1' }, 'image: is in Region us-east-1'],
  ['deploy', { repository: `123456789012.dkr.ecr.${AWS.region}.amazonaws.com/team/app` }, undefined],
  ['deploy', { repository: 'team/app' }, undefined],
  ['build', { repository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app' }, undefined],
  ['rollback', { repository: '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app' }, undefined],
])('%s with %j: a notice of an image in another Region', (mode, given, note) => {
  const { notes, mistakes } = of(mode, given);
  expect(mistakes).toEqual([]);
  expect(notes.filter((one) => one.includes('Region'))).toEqual(
    note === undefined ? [] : [expect.stringContaining(`${note}, but the step works in ${AWS.region}.`)],
  );
});

test.each(['build', 'register', 'task', 'status', 'list', 'watch', 'rollback', 'continue', 'deploy', 'plan'] as const)(
  'mode %s: the defaults of action.yml are nothing that a user has given',
  (mode) => {
    const asked = { build: { repository: 'team/app' }, register: FAMILY, task: FAMILY }[mode as string] ?? {};
    const { mistakes, notes } = of(mode, { ...defaultInputs(), ...asked, mode });
    expect([mistakes, notes]).toEqual([[], []]);
  },
);
