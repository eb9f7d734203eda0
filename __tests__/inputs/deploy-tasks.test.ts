import type { Failure } from '../../src/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { secretsOfStep } from '../../src/inputs/secrets.ts';
import type { DeployInputs, TaskInputs } from '../../src/inputs/types.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { CONTEXT } from '../support/world.ts';

const base = { service: 'web', 'aws-region': 'eu-central-1' };
function parse(given: Readonly<Record<string, string>>): DeployInputs {
  const raw = new Map(Object.entries({ ...base, ...given }));
  return parseInputs(raw, { context: CONTEXT, env: {}, yaml: parseYaml }).inputs as DeployInputs;
}
const before = (text: string): readonly TaskInputs[] => parse({ 'pre-deploy': text }).tasks.before;
function mistakes(given: Readonly<Record<string, string>>): string {
  try {
    parse(given);
    return '';
  } catch (thrown) {
    return (thrown as Failure).describe();
  }
}
const PLAIN = {
  environment: [],
  capacityProviders: [],
  retries: 0,
  timeoutSeconds: 1800,
  tags: [],
  containerOverrides: [],
};

test.each<[string, string, readonly Partial<TaskInputs>[]]>([
  ['nothing', '  ', []],
  ['a command', 'npm run migrate', [{ name: 'pre-deploy', command: ['npm', 'run', 'migrate'] }]],
  ['quotes', 'sh -c "a && b"', [{ command: ['sh', '-c', 'a && b'] }]],
  ['words as JSON', '["sh", "-c", "a"]', [{ command: ['sh', '-c', 'a'] }]],
  ['a command that begins with a bracket', '[ -f x ]', [{ command: ['[', '-f', 'x', ']'] }]],
  ['operators as words of their own', '["echo", "&&"]', [{ command: ['echo', '&&'] }]],
  [
    'commands',
    '# first\n- one a\n- two',
    [
      { name: 'pre-deploy-1', command: ['one', 'a'] },
      { name: 'pre-deploy-2', command: ['two'] },
    ],
  ],
  [
    'one task as a map',
    '# only one\nname: m\ncommand: x y\nretries: 1',
    [{ name: 'm', command: ['x', 'y'], retries: 1 }],
  ],
  ['one task as JSON', '{"name": "m", "command": ["x"]}', [{ name: 'm', command: ['x'] }]],
  ['a command in braces', '{ a }', [{ command: ['{', 'a', '}'] }]],
  ['a command with a colon', 'rake db:migrate', [{ command: ['rake', 'db:migrate'] }]],
  ['a list as JSON', '[{"name": "m", "command": ["x"]}]', [{ name: 'm', command: ['x'] }]],
  [
    'everything',
    `- name: migrate
  container: app
  command: [npm, run, "migrate"]
  environment: {A: 1, B: "x=y"}
  cpu: 0.5 vCPU
  memory: 1024
  task-role-arn: arn:aws:iam::123456789012:role/db/migrator
  execution-role-arn: arn:aws:iam::123456789012:role/execution
  network:
    subnets: subnet-1, subnet-2
    security-groups: [sg-1]
    assign-public-ip: false
  capacity-provider:
    - FARGATE_SPOT
    - {name: FARGATE, weight: 2, base: 1}
  platform-version: 1.4.0
  timeout-minutes: 5
  retries: 2
  tags: {team: web}`,
    [
      {
        name: 'migrate',
        container: 'app',
        command: ['npm', 'run', 'migrate'],
        environment: [
          ['A', '1'],
          ['B', 'x=y'],
        ],
        cpu: '0.5 vCPU',
        memory: '1024',
        taskRoleArn: 'arn:aws:iam::123456789012:role/db/migrator',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        network: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'], assignPublicIp: false },
        capacityProviders: [
          { capacityProvider: 'FARGATE_SPOT', weight: 1 },
          { capacityProvider: 'FARGATE', weight: 2, base: 1 },
        ],
        platformVersion: '1.4.0',
        timeoutSeconds: 300,
        retries: 2,
        tags: [['team', 'web']],
      },
    ],
  ],
])('%s', (_, text, tasks) => {
  expect(before(text)).toEqual(tasks.map((task) => ({ ...PLAIN, name: 'pre-deploy', ...task })));
});

test.each<[string, string, Partial<TaskInputs>]>([
  ['CPU units', '{command: x, cpu: 256}', { cpu: '256' }],
  ['vCPU', '{command: x, cpu: .5 vCPUs}', { cpu: '.5 vCPUs' }],
  ['GB', '{command: x, memory: 0.5GB}', { memory: '0.5GB' }],
  ['spaces around a value', '{command: x, memory: " 512 "}', { memory: '512' }],
  ['a script that is one command as JSON', '{command: "[\\"sh\\",\\n\\"-c\\"]"}', { command: ['sh', '-c'] }],
  [
    'one provider',
    '{command: x, capacity-provider: batch}',
    { capacityProviders: [{ capacityProvider: 'batch', weight: 1 }] },
  ],
  ['no provider', '{command: x, capacity-provider: null}', { capacityProviders: [] }],
  ['an environment alone: the container runs its own command', '{environment: {A: 1}}', { environment: [['A', '1']] }],
  [
    'a public address',
    '{command: x, network: {assign-public-ip: TRUE}}',
    { network: { subnets: [], securityGroups: [], assignPublicIp: true } },
  ],
  ['the largest numbers', '{command: x, timeout-minutes: 360, retries: 10}', { timeoutSeconds: 21_600, retries: 10 }],
  ['the smallest numbers', '{command: x, timeout-minutes: 1, retries: 0}', { timeoutSeconds: 60, retries: 0 }],
  ['nothing where a value is empty', '{command: x, cpu: "", retries: "", timeout-minutes: null}', {}],
])('%s', (_, text, task) => {
  expect(before(`- ${text}`)[0]).toMatchObject(task);
});

test('twenty tasks of one input', () => {
  expect(before(Array.from({ length: 20 }, (_, n) => `- c${n}`).join('\n'))).toHaveLength(20);
});

test('a task has the time limit of the deployment unless it has one of its own', () => {
  expect(parse({ 'pre-deploy': 'x', 'wait-for-minutes': '7' }).tasks.before[0]?.timeoutSeconds).toBe(420);
});

test.each([
  ['a script', 'one\ntwo', /pre-deploy: has a command of 2 lines.*YAML list/],
  ['an open quote', 'sh -c "a', /has a double quote that is never closed/],
  ['broken YAML', '- {name: a', /pre-deploy: .*YAML/],
  ['no command', '- {name: a}', /pre-deploy: a has no command/],
  ['a list of numbers', '- 1', /is neither a command nor a task/],
  ['a misspelt key', '- {command: a, retrys: 1}', /has `retrys`, which is not known\. Did you mean `retries`\?/],
  [
    'a misspelt key of one task',
    'comand: npm run migrate',
    /has `comand`, which is not known\. Did you mean `command`\?/,
  ],
  ['a misspelt key in the first line of a map', 'timeout: 5\ncommand: a', /has `timeout`, which is not known/],
  [
    'a misspelt key of the network',
    '- {command: a, network: {subnet: x}}',
    /`network: subnet`.*Did you mean `subnets`/,
  ],
  ['two of one name', '- {name: a, command: x}\n- {name: a, command: y}', /has two tasks named `a`/],
  ['a name', '- {name: "a b", command: x}', /has a `name` that is not right: `a b`/],
  ['minutes', '- {command: x, timeout-minutes: 0}', /`timeout-minutes: \w+`, which .*from 1 to 360/],
  ['retries', '- {command: x, retries: many}', /`retries: .*`, which .*from 0 to 10/],
  ['sizes', '- {command: x, cpu: much, memory: little}', /`cpu` that is not right[\s\S]*`memory` that is not right/],
  ['ids', '- {command: x, network: {subnets: [net-1]}}', /has `net-1` in `subnets`/],
  ['a public IP', '- {command: x, network: {assign-public-ip: maybe}}', /`assign-public-ip` that is not a boolean/],
  ['both', '- {command: x, launch-type: EC2, capacity-provider: FARGATE}', /exclude each other/],
  [
    'a provider without a name',
    '- {command: x, capacity-provider: [{weight: 1}]}',
    /`capacity-provider` without a name/,
  ],
  ['an environment that is a list', '- {command: x, environment: [A=1]}', /`environment` that is not a map/],
  ['a nested value', '- {command: x, environment: {A: {}}}', /has no text as value of `A`/],
  ['a name of 61 characters', `- {name: ${'a'.repeat(61)}, command: x}`, /`name` that is not right/],
  [
    'CPU with text behind it',
    '- {command: x, cpu: 256 units}',
    /`cpu` that is not right: `256 units`.*CPU units such as/,
  ],
  ['CPU with text before it', '- {command: x, cpu: about 1 vcpu}', /`cpu` that is not right/],
  [
    'memory with text behind it',
    '- {command: x, memory: 512 MB}',
    /`memory: 512 MB`, which is not written as ECS takes it.*write `512`/,
  ],
  ['memory with text before it', '- {command: x, memory: about 1 GB}', /`memory` that is not right/],
  ['memory with text after GB', '- {command: x, memory: 1 GB each}', /`memory` that is not right/],
  ['tags of AWS', '- {command: x, tags: {"aws:team": web}}', /has the name `aws:team` in `tags`, which is not valid/],
  ['a tag that is too long', `- {command: x, tags: {${'t'.repeat(129)}: web}}`, /in `tags`, which is not valid/],
  ['an empty command', '- {name: a, command: " "}', /has no command that can be run/],
  ['words that are not text', '- {name: a, command: [1]}', /has no command that can be run/],
  ['no words', '- {name: a, command: []}', /has no command that can be run/],
  [
    'a network that is a text',
    '- {command: x, network: subnet-1}',
    /has `network` that is not a map\. It takes `subnets`/,
  ],
  [
    'a provider with another key',
    '- {command: x, capacity-provider: [{name: a, wieght: 1}]}',
    /`capacity-provider: wieght`.*Did you mean `weight`/,
  ],
  ['a weight', '- {command: x, capacity-provider: [{name: a, weight: 1001}]}', /`weight: .*`, which .*from 0 to 1000/],
  ['an empty list', '- # nothing\n', /is neither a command nor a task/],
  [
    'a platform version',
    '- {command: x, platform-version: newest}',
    /`platform-version` that is not right.*`LATEST`, or a version/,
  ],
  [
    'a launch type',
    '- {command: x, launch-type: fargate}',
    /`launch-type` that is not right.*`FARGATE`, `EC2`, `EXTERNAL`/,
  ],
  ['a container', '- {command: x, container: "a b"}', /`container` that is not right.*the name of a container/],
  [
    'a name of a variable',
    '- {command: x, environment: {"A B": 1}}',
    /has the name `A B` in `environment`, which is not valid/,
  ],
  ['many', Array.from({ length: 21 }, (_, n) => `- c${n}`).join('\n'), /lists 21 tasks/],
])('refused: %s', (_, text, message) => {
  expect(mistakes({ 'pre-deploy': text })).toMatch(message);
});

test('post-deploy needs a deployment that is waited for', () => {
  expect(mistakes({ 'post-deploy': 'x', 'wait-for-service-stability': 'false' })).toMatch(/post-deploy: runs after/);
  expect(mistakes({ 'pre-deploy': 'x', 'wait-for-service-stability': 'false' })).toBe('');
});

test('a secret in the environment of a task is masked, and no mistake quotes one', () => {
  const text = '- {command: "x --token=abcdefgh12345678", environment: {DB_PASSWORD: hunter2hunter2}}';
  const secrets = secretsOfStep(new Map([['pre-deploy', text]]), {});
  expect(secrets.some((secret) => secret.includes('hunter2hunter2'))).toBe(true);
  expect(mistakes({ 'pre-deploy': '- {command: x, environment: {DB_PASSWORD: {a: hunter2hunter2}}}' })).not.toContain(
    'hunter2',
  );
});

test('another mode takes no notice of them, and says so', () => {
  const raw = new Map(Object.entries({ ...base, mode: 'rollback', 'pre-deploy': '- a' }));
  const { notes } = parseInputs(raw, { context: CONTEXT, env: {} });
  expect(notes.join()).toContain('`pre-deploy` not used');
});

test('`run-task: true` without `service` is a task by itself, also with the mode that the runner passes by default', () => {
  const given = { 'run-task': 'true', 'task-definition': 'task.json', 'aws-region': 'eu-central-1', mode: 'deploy' };
  const { inputs } = parseInputs(new Map(Object.entries(given)), { context: CONTEXT, env: {}, yaml: parseYaml });
  expect(inputs.mode).toBe('task');
  expect(mistakes({ 'run-task': 'true', mode: 'deploy' })).toMatch(/run-task: would run a task beside the deployment/);
});
