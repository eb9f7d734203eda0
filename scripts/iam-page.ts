/** docs/iam.md: the policies that `npm run policy` prints for the usual workflows, with what each action is for. */
import { linesOf } from '../src/rights/consequences.ts';
import { isRequired, type Right, rightsOf } from '../src/rights/needed.ts';
import { subjectOf } from '../src/rights/subject.ts';
import { toTemplate } from '../src/taskdef/template.ts';
import { policyOf } from './policy/statements.ts';
import { readInputs } from './workflow/inputs.ts';

/** What the example task refers to: two roles, a log group and a secret. */
const TEMPLATE = toTemplate(
  {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
    taskRoleArn: 'arn:aws:iam::123456789012:role/web-task',
    containerDefinitions: [
      {
        name: 'web',
        image: '${IMAGE}',
        secrets: [
          {
            name: 'DATABASE_URL',
            valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:web/database-AbCdEf',
          },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
        },
      },
    ],
  },
  'task-definition.json',
);

type Texts = Readonly<Record<string, string>>;
const PLACE: Texts = { 'aws-region': 'eu-west-1', 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy-web' };
const SERVICE: Texts = { ...PLACE, cluster: 'production', service: 'web' };
const DEPLOY: Texts = { ...SERVICE, 'task-definition': 'task-definition.json' };
const IMAGE: Texts = { ...DEPLOY, image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2.3' };

/**
 * Each section: the inputs that decide it, in the words of a workflow. `beside` are those of a policy that the role has already: only what
 * is added to it is shown.
 */
const MODES: readonly (readonly [title: string, words: string, inputs: Texts, beside?: Texts])[] = [
  ['Deploy with a build', 'Builds and pushes the image, then rolls it out.', { ...DEPLOY, repository: 'team/web' }],
  [
    'Deploy without a build',
    'Rolls out an image that exists, by tag or digest.',
    { ...DEPLOY, image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2.3' },
  ],
  ['Build', '`mode: build` needs no permission of ECS.', { ...PLACE, mode: 'build', repository: 'team/web' }],
  [
    'Register',
    '`mode: register` registers a revision and updates no service.',
    { ...PLACE, mode: 'register', 'task-definition': 'task-definition.json', repository: 'team/web' },
  ],
  [
    'Register for schedules',
    'With `schedules`, a registration or a deployment needs these in addition, on the schedules and rules that it names; here those with a tag.',
    {
      ...PLACE,
      mode: 'register',
      cluster: 'production',
      'task-definition': 'task-definition.json',
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2.3',
      schedules: 'tag:team=web',
    },
  ],
  [
    'Daemon',
    '`mode: daemon` deploys to an ECS daemon.',
    {
      ...PLACE,
      daemon: 'agent',
      cluster: 'production',
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/agent:1.2.3',
    },
  ],
  [
    'Express Mode',
    'A deploy that also creates the Express Mode service. ECS names the family of the first revision and the log group.',
    {
      ...SERVICE,
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2.3',
      'execution-role-arn': 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
      'infrastructure-role-arn': 'arn:aws:iam::123456789012:role/ecsInfrastructureRole',
    },
  ],
  [
    'CodeDeploy',
    'A service that CodeDeploy deploys needs these beside a deploy without a build.',
    {
      ...IMAGE,
      'codedeploy-application': 'AppECS-production-web',
      'codedeploy-deployment-group': 'DgpECS-production-web',
    },
    IMAGE,
  ],
  [
    'Auto scaling',
    'With `autoscaling: suspend`, a deployment needs these in addition.',
    { ...IMAGE, autoscaling: 'suspend' },
    IMAGE,
  ],
  [
    'Plan',
    '`mode: plan` only reads, and no value of a secret: its role may be one that every pull request assumes.',
    { ...DEPLOY, mode: 'plan', repository: 'team/web' },
  ],
  [
    'Rollback',
    '`mode: rollback` registers and pushes nothing. The step names no task definition file, so give `npm run policy` one with `--task-definition`; otherwise the family and the roles are `*`.',
    { ...SERVICE, mode: 'rollback' },
  ],
  [
    'Continue',
    '`mode: continue` answers the hook of a paused deployment and watches it.',
    { ...SERVICE, mode: 'continue' },
  ],
  [
    'Watch',
    '`mode: watch` judges a deployment that another tool started, and rolls it back where `rollback-on-failure: true` asks for it.',
    { ...SERVICE, mode: 'watch' },
  ],
  [
    'Task',
    '`mode: task` runs one task of a new revision to its end, in the network of the service.',
    { ...IMAGE, mode: 'task', command: 'npm run migrate' },
  ],
  [
    'Status',
    '`mode: status` only reads: one service here, with its tasks and rollback targets.',
    { ...SERVICE, mode: 'status' },
  ],
  [
    'Status of a cluster',
    'Without `service`, each service of the cluster.',
    { ...PLACE, cluster: 'production', mode: 'status' },
  ],
  ['List', '`mode: list` only reads.', { ...SERVICE, mode: 'list' }],
];

/** What was deployed names an image; a step that builds or names one has a placeholder there. */
const DEPLOYED = toTemplate(
  JSON.parse(
    JSON.stringify(TEMPLATE.definition).replace(
      '${IMAGE}',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2.3',
    ),
  ),
  'task-definition.json',
);

/** What the example daemon runs. */
const AGENT = toTemplate(
  {
    family: 'agent',
    executionRoleArn: 'arn:aws:iam::123456789012:role/agent-execution',
    taskRoleArn: 'arn:aws:iam::123456789012:role/agent-task',
    containerDefinitions: [
      {
        name: 'agent',
        image: '${IMAGE}',
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/ecs/agent', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
        },
      },
    ],
  },
  'agent.json',
);

const rightsFor = (inputs: Texts): Right[] => {
  const ofService = ['rollback', 'list', 'status'].includes(inputs.mode ?? '') ? DEPLOYED : TEMPLATE;
  const ofMode = inputs.daemon === undefined ? ofService : AGENT;
  const template = inputs['infrastructure-role-arn'] === undefined ? ofMode : undefined;
  return rightsOf(subjectOf(readInputs(inputs), { madeUp: new Set(), template, account: undefined }));
};

const json = (value: object): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** The sections of all modes: inputs, and the policy. */
export function policySections(): string {
  return MODES.map(([title, words, inputs, beside]) => {
    const given = Object.entries(inputs).map(([name, value]) => `${name}: ${value}`);
    const known = new Set((beside ? rightsFor(beside) : []).map((right) => JSON.stringify(right)));
    const rights = rightsFor(inputs).filter((right) => !known.has(JSON.stringify(right)));
    return `### ${title}\n\n${words}\n\n\`\`\`yaml\n${given.join('\n')}\n\`\`\`\n\n${json(policyOf(rights))}`;
  }).join('\n\n');
}

/** What the READMEs of the official actions name: amazon-ecr-login, and amazon-ecs-deploy-task-definition. */
const OFFICIAL = new Set([
  'ecs:RegisterTaskDefinition',
  'iam:PassRole',
  'ecs:UpdateService',
  'ecs:DescribeServices',
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:BatchCheckLayerAvailability',
  'ecr:CompleteLayerUpload',
  'ecr:GetDownloadUrlForLayer',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
]);

/** What a role of the official chain does not have. All of it is optional. */
export function additionSection(): string {
  const [, , inputs = DEPLOY] = MODES[0] ?? [];
  const missing = rightsFor(inputs).filter(({ action }) => !OFFICIAL.has(action));
  if (missing.some(({ needed }) => needed)) throw new Error('A deploy needs more than the official chain.');
  return json(policyOf(missing));
}

/** Each action of all modes with what a run does without it. */
export function actionTable(): string {
  const actions = [...new Set(MODES.flatMap(([, , inputs]) => rightsFor(inputs).map(({ action }) => action)))].sort();
  const rows = actions.map((action) => {
    const [line = ''] = linesOf([{ action, resource: '*' }]);
    const without = line
      .slice(action.length + 2)
      .replace(/^checks? of the preflight (?:was|were) skipped\.$/, 'a check of the preflight is skipped.');
    return `| \`${action}\` | ${isRequired(action) ? 'the run fails' : without.replace(/\.$/, '')} |`;
  });
  return ['| action | without it |', '|---|---|', ...rows].join('\n');
}
