import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type ActionRun, runAction } from '../../scripts/run-action.ts';
import { SAMPLE_TASK_DEFINITION } from '../../scripts/sample-app.ts';
import { steadyAt } from '../support/steady.ts';

/** `npm run simulator -- --from FILE` as a user has it: the program, what it prints, and the bundle with just that. */
const CORPUS = '__tests__/fixtures/task-definitions';
const folder = mkdtempSync(join(tmpdir(), 'from-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** What it printed once it listens, or why it ended. */
function simulator(...options: string[]): Promise<string> {
  const child = spawn(process.execPath, ['simulator/main.ts', '--port', '0', '--speed', '20', ...options]);
  children.push(child);
  let printed = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (/^export AWS_REGION.*\n/m.test(printed)) resolve(printed);
      });
    }
    child.on('close', () => resolve(printed));
  });
}

/** The inputs and the environment, read off the print as a user copies them. */
function copied(printed: string): { inputs: Record<string, string>; env: Record<string, string> } {
  const [, block = ''] = printed.split('# Inputs of the action that deploys it:\n');
  const inputs: Record<string, string> = {};
  for (const [, indent = '', line = ''] of block.matchAll(/^# {3}( *)(\S.*)$/gm)) {
    const [, name = '', value = ''] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (indent === '') inputs[name] = value === '|' ? '' : value;
    else inputs.variables += `${line}\n`;
  }
  const env = [...printed.matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
  return { inputs, env: Object.fromEntries(env) };
}

async function deploy(printed: string): Promise<ActionRun> {
  const { inputs, env } = copied(printed);
  // The first revision becomes steady, as while one reads the print.
  const { service = '', cluster = 'default' } = inputs;
  await steadyAt(env.AWS_ENDPOINT_URL ?? '', {
    service,
    cluster,
    region: env.AWS_DEFAULT_REGION ?? env.AWS_REGION ?? '',
  });
  return runAction({ inputs, env, cwd: process.cwd() });
}

const README_TEMPLATE =
  /```jsonc\n(\{[\s\S]+?"family"[\s\S]+?)\n```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
const WHOLE = `// Everything that the template language has.
{
  "family": "shop-\${STAGE}",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "\${CPU:-512}",
  "memory": "\${MEMORY}",
  "executionRoleArn": "arn:aws:iam::\${AWS_ACCOUNT_ID}:role/shop-\${STAGE:?which stage}",
  "containerDefinitions": [
    {
      "name": "web",
      "image": "\${IMAGE}",
      "portMappings": [{ "containerPort": "\${PORT}" }],
      "environment": [{ "name": "STAGE", "value": "\${STAGE}" }, { "name": "HOME_DIR", "value": "$\${HOME}" }],
      "secrets": [
        { "name": "DB", "valueFrom": "arn:aws:secretsmanager:\${AWS_REGION}:\${AWS_ACCOUNT_ID}:secret:db-AbCdEf:password::" },
        { "name": "TOKEN", "valueFrom": "/shop/\${STAGE}/token" },
      ],
      "logConfiguration": {
        "logDriver": "awslogs",
        "options": { "awslogs-group": "/ecs/shop", "awslogs-region": "\${AWS_REGION}", "awslogs-stream-prefix": "ecs" },
      },
    },
  ],
}`;

const ARM = `{
  "family": "orders",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "cpu": "512",
  "memory": "1024",
  "runtimePlatform": { "cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX" },
  "executionRoleArn": "arn:aws:iam::123456789012:role/orders-execution",
  "containerDefinitions": [
    { "name": "api", "image": "\${IMAGE}" },
    { "name": "proxy", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/proxy:stable", "essential": false }
  ]
}`;

/** The template, further options, and what must be printed. */
const TEMPLATES: readonly (readonly [
  what: string,
  path: () => string,
  options: readonly string[],
  printed: readonly RegExp[],
])[] = [
  [
    'Fargate with roles, log groups and a sidecar, of another account and region',
    () => `${CORPUS}/application-metrics-cloudwatch-1.json`,
    [],
    [
      /roles: AmazonECS_OpenTelemetryCloudWatchRole, ecsTaskExecutionRole/,
      /log groups: \/ecs\/aws-otel-emitter/,
      /AWS_DEFAULT_REGION=us-east-1 /,
    ],
  ],
  [
    'EC2 with FireLens and an image in ECR',
    () => `${CORPUS}/firelens-example-taskdefs-2.json`,
    [],
    [
      /repositories: firelens-example-firehose, aws-for-fluent-bit of 906394416424$/m,
      /container-name: app/,
      / on EC2$/m,
    ],
  ],
  [
    'EC2 without anything',
    () => `${CORPUS}/ECS_AWSCLI_EC2-1.json`,
    ['--service', 'naps'],
    [/service: naps, 1 task of sleep360:1/],
  ],
  ['the template of the README', () => file('readme.jsonc', README_TEMPLATE), [], [/roles: web-execution/]],
  [
    'ARM64 with a sidecar in ECR',
    () => file('arm.json', ARM),
    [],
    [/repositories: orders, proxy$/m, /roles: orders-execution$/m],
  ],
  [
    'the template of the examples',
    () => file('sample.json', JSON.stringify(SAMPLE_TASK_DEFINITION)),
    ['--cluster', 'production'],
    [/cluster: production/],
  ],
  [
    'the same in YAML',
    () => file('sample.yml', stringify(SAMPLE_TASK_DEFINITION)),
    [],
    [/task-definition: .*sample\.yml/],
  ],
  ["CI's template", () => '.github/ci/task-definition.json', [], [/service: web/]],
  [
    'placeholders of all kinds',
    () => file('whole.json', WHOLE),
    ['--variable', 'STAGE=blue'],
    [
      /service: shop-blue, /,
      /roles: shop-blue$/m,
      /SSM parameters: \/shop\/blue\/token/,
      /secrets: .*secret:db-AbCdEf/,
      /STAGE=blue$/m,
      /MEMORY=1024$/m,
      /PORT=8080$/m,
    ],
  ],
];

/** What was printed and what came of it, by the name of the template. */
const tried = new Map<string, { readonly printed: string; readonly run: ActionRun }>();

// Side by side: each has an account of its own, and mostly waits.
beforeAll(async () => {
  const left = [...TEMPLATES];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [what, path, options] = next;
      const printed = await simulator('--from', path(), ...options);
      tried.set(what, { printed, run: await deploy(printed) });
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}, 180_000);

test.each(TEMPLATES)('%s is deployed at once', (what, _, __, patterns) => {
  const { printed = '', run } = tried.get(what) ?? {};
  for (const pattern of patterns) expect(printed).toMatch(pattern);
  expect(run?.outputs.outcome === 'deployed' ? '' : `${printed}${run?.log}`).toBe('');
  expect(run?.log).not.toMatch(/^::warning/m);
});

test.each([
  [['--from', 'nowhere.json'], /^--from nowhere\.json: ENOENT/],
  [
    ['--from', `${CORPUS}/secrets-envvar-secrets-manager-2.json`],
    /secrets-manager-2\.json: RegisterTaskDefinition answers ClientException: .*executionRoleArn/,
  ],
  [
    ['--from', '.github/ci/task-definition.json', '--variable', 'STAGE'],
    /^--variable takes NAME=VALUE, not "STAGE"\. See --help\./,
  ],
  [
    ['--from', 'package-lock.json', '--service', 'x'],
    /RegisterTaskDefinition answers SerializationException: .* is unknown/,
  ],
  [['--from', 'LICENSE'], /^LICENSE is not JSON: /],
])('%j is refused', async (options, words) => {
  expect(await simulator(...options)).toMatch(words);
});
