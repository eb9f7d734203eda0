import { readRunTask, withoutOverrides } from '../../src/inputs/run-task.ts';
import type { TemplateInputs, WatchInputs } from '../../src/inputs/types.ts';
import { type Given, read } from './made.ts';

const watch = { timeoutSeconds: 1800 } as WatchInputs;
const template = (more: object = {}): TemplateInputs =>
  ({
    source: { kind: 'family', family: 'batch' },
    edits: { environmentVariables: [] },
    ...more,
  }) as unknown as TemplateInputs;
const task = (given: Given, more: object = {}) =>
  read(given, (reader) => readRunTask(reader, { template: template(more), watch }));

test('nothing of its own: the task as the revision has it, waited for', () => {
  expect(task({})).toEqual({
    value: {
      task: {
        name: 'task',
        environment: [],
        capacityProviders: [],
        timeoutSeconds: 1800,
        retries: 0,
        tags: [],
        containerOverrides: [],
        network: { subnets: [], securityGroups: [] },
      },
      wait: true,
    },
    mistakes: [],
    notes: [],
    warnings: [],
  });
});

test('everything, by the inputs of the official action', () => {
  const { value, mistakes } = task(
    {
      'run-task-container-overrides': '[{"name": "app", "cpu": 128}]',
      'run-task-subnets': 'subnet-1, subnet-2',
      'run-task-security-groups': 'sg-1',
      'run-task-assign-public-ip': 'ENABLED',
      'run-task-launch-type': 'fargate',
      'run-task-started-by': 'nightly/report_1',
      'run-task-tags': '[{"key": "team", "value": "web"}, {"key": "empty"}]',
      'run-task-managed-ebs-volume-name': 'data',
      'run-task-managed-ebs-volume': '{"sizeInGiB": 10, "roleArn": "r"}',
      'platform-version': '1.4.0',
      'wait-for-task-stopped': 'false',
    },
    { edits: { environmentVariables: [['A', '1']], command: ['run'] } },
  );
  expect(mistakes).toEqual([]);
  expect(value).toEqual({
    task: {
      name: 'app',
      container: 'app',
      command: ['run'],
      environment: [['A', '1']],
      capacityProviders: [],
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      startedBy: 'nightly/report_1',
      timeoutSeconds: 1800,
      retries: 0,
      tags: [
        ['team', 'web'],
        ['empty', ''],
      ],
      containerOverrides: [{ name: 'app', cpu: 128 }],
      network: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'], assignPublicIp: true },
      volumeConfigurations: [{ name: 'data', managedEBSVolume: { sizeInGiB: 10, roleArn: 'r' } }],
    },
    wait: false,
  });
});

test.each<[string, boolean]>([
  ['ENABLED', true],
  ['true', true],
  ['DISABLED', false],
  ['false', false],
])('run-task-assign-public-ip: %s', (text, assignPublicIp) => {
  expect(task({ 'run-task-assign-public-ip': text }).value.task.network).toMatchObject({ assignPublicIp });
});

test('the container of the command is the one that is named, else the only one with overrides', () => {
  const two = { 'run-task-container-overrides': '[{"name": "app"}, {"name": "proxy"}]' };
  expect(task(two).value.task).not.toHaveProperty('container');
  expect(task(two, { containerName: 'proxy' }).value.task).toMatchObject({ name: 'proxy', container: 'proxy' });
});

test.each<[string, string, string]>([
  ['run-task-tags', '[{', 'is not valid JSON. Write a JSON list of objects, `[{...}]`, in the fields of the ECS API.'],
  ['run-task-tags', '{}', 'is not a JSON list of objects, `[{...}]`.'],
  ['run-task-tags', '[1]', 'is not a JSON list of objects, `[{...}]`.'],
  ['run-task-tags', '[{"key": 1}]', 'has an item that is not a tag. Write `[{"key": "team", "value": "web"}]`.'],
  ['run-task-tags', '[{"key": "a", "value": 1}]', 'has an item that is not a tag.'],
  ['run-task-tags', '[{"key": "AWS:a", "value": "b"}]', 'has an item that is not a tag.'],
  ['run-task-container-overrides', '[{"cpu": 1}]', 'has an item without `name`. Name the container of each item.'],
  [
    'run-task-container-overrides',
    '[{"name": "app", "secrets": [{"name": "A", "valueFrom": "/a"}]}]',
    'has `secrets`, which RunTask does not take in an override. Use the input `secrets`, or `secrets` of the container in the task definition.',
  ],
  [
    'run-task-container-overrides',
    '[{"name": "app", "enviroment": []}]',
    'has `enviroment`, which RunTask does not take in an override. Did you mean `environment`?',
  ],
  [
    'run-task-container-overrides',
    '[{"name": "app", "image": "x"}, {"name": "b", "image": "y"}]',
    'has `image`, which RunTask does not take in an override. RunTask takes `name`, `command`, `environment`,',
  ],
  ['run-task-subnets', 'subnet-1,net-2', '`net-2` is not right. Expected ids such as `subnet-0a1b2c3d`.'],
  ['run-task-security-groups', 'group', '`group` is not right. Expected ids such as `sg-0a1b2c3d`.'],
  ['run-task-started-by', 'a b', '`a b` is not right. Expected up to 128 letters, digits, `-`, `_` or `/`.'],
  ['run-task-started-by', 'a'.repeat(129), 'is not right. Expected up to 128'],
  ['run-task-launch-type', 'SPOT', '`SPOT` is not one of `FARGATE`, `EC2`, `EXTERNAL`.'],
  [
    'run-task-managed-ebs-volume',
    '{}',
    'and `run-task-managed-ebs-volume-name` belong together, and one of them is missing.',
  ],
  ['run-task-managed-ebs-volume-name', 'data', 'belong together, and one of them is missing.'],
])('%s: %s', (name, text, mistake) => {
  const { mistakes } = task({ [name]: text });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(mistake);
});

test('a secret in clear text in an override, without its value', () => {
  const { warnings, mistakes } = task({
    'run-task-container-overrides':
      '[{"name": "app", "environment": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "A", "value": "b"}, 7]}]',
  });
  expect(mistakes).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/^run-task-container-overrides: `DB_PASSWORD` seems to hold a secret .*ecs:DescribeTasks/),
  ]);
  expect(warnings[0]).not.toContain('hunter2');
});

test('launch type and capacity providers exclude each other', () => {
  const provider = { 'run-task-capacity-provider-strategy': '[{"capacityProvider": "FARGATE_SPOT"}]' };
  expect(task(provider)).toMatchObject({
    value: { task: { capacityProviders: [{ capacityProvider: 'FARGATE_SPOT' }] } },
    mistakes: [],
  });
  expect(task({ ...provider, 'run-task-launch-type': 'EC2' }).mistakes).toEqual([
    'run-task-launch-type: and `run-task-capacity-provider-strategy` exclude each other. Keep one of the two.',
  ]);
});

test('what the task has as overrides is not in the revision', () => {
  const edits = { environmentVariables: [['A', '1']], command: ['run'], cpu: '256' };
  expect(withoutOverrides(template({ edits })).edits).toEqual({ environmentVariables: [], cpu: '256' });
});
