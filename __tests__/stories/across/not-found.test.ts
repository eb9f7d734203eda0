/** What an input names and AWS does not have: each error shows what was looked for, where, and what exists under a name like it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../../../simulator/simulator.ts';
import { play, type Scene } from '../../policy/scenes.ts';
import type { Stage } from '../../support/world.ts';

const ACCOUNT = '123456789012';
const HOST = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

interface Row extends Scene {
  /** All of it is in the error, beside the place. */
  readonly shows: readonly string[];
  /** The action that lists what exists: without it the error says so. */
  readonly lists?: string;
  /** What the module says it with, for those that are told apart below. */
  readonly from: string;
}

const withFamilies = ({ simulator }: Stage): unknown =>
  simulator.call('RegisterTaskDefinition', {
    family: 'billing',
    containerDefinitions: [{ name: 'a', image: 'a', memory: 64 }],
  });
const logging = (group: string): object => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/team/web-execution`,
  containerDefinitions: [
    {
      name: 'app',
      image: `${HOST}/team/web:2`,
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': group, 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});

const ROWS: Readonly<Record<string, Row>> = {
  'a service': {
    from: 'missing.ts',
    inputs: { service: 'wbe', image: `${HOST}/team/web:2` },
    shows: ['wbe', 'cluster default', 'Did you mean `web`?'],
    lists: 'ecs:ListServices',
  },
  'a cluster': {
    from: 'missing.ts',
    inputs: { cluster: 'defualt', image: `${HOST}/team/web:2` },
    shows: ['cluster defualt', 'Did you mean `default`?'],
    lists: 'ecs:ListClusters',
  },
  'a cluster whose services are shown': {
    from: 'missing.ts',
    inputs: { mode: 'status', cluster: 'defualt', 'service-tags': 'team=web' },
    shows: ['cluster defualt', 'Did you mean `default`?'],
    lists: 'ecs:ListClusters',
  },
  'a service that is rolled back': {
    from: 'missing.ts',
    inputs: { mode: 'rollback', service: 'wbe' },
    shows: ['wbe', 'Did you mean `web`?'],
    lists: 'ecs:ListServices',
  },
  'the family that is the template of a deploy': {
    from: 'missing.ts',
    inputs: { 'task-definition': '', 'task-definition-family': 'biling', image: `${HOST}/team/web:2` },
    prepare: withFamilies,
    shows: ['The task definition biling does not exist', 'Did you mean `billing`?', '`task-definition-family`'],
    lists: 'ecs:ListTaskDefinitionFamilies',
  },
  'the revision that is the template of a plan': {
    from: 'missing.ts',
    inputs: {
      mode: 'plan',
      'task-definition': '',
      'task-definition-arn': `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:99`,
      image: `${HOST}/team/web:2`,
    },
    shows: ['The task definition web:99 does not exist', 'newest revision of web is `web:1`', '`task-definition-arn`'],
  },
  'the family that is registered anew': {
    from: 'missing.ts',
    inputs: {
      mode: 'register',
      'task-definition': '',
      'task-definition-family': 'biling',
      'environment-variables': 'A=b',
    },
    prepare: withFamilies,
    shows: ['The task definition biling does not exist', 'Did you mean `billing`?'],
    lists: 'ecs:ListTaskDefinitionFamilies',
  },
  'the family that a task is of': {
    from: 'missing.ts',
    inputs: { mode: 'task', 'task-definition-family': 'biling', command: 'migrate' },
    prepare: withFamilies,
    shows: ['The task definition biling does not exist', 'Did you mean `billing`?'],
    lists: 'ecs:ListTaskDefinitionFamilies',
  },
  'a repository to build for, by its name': {
    from: 'image/repository.ts',
    inputs: { mode: 'build', repository: 'team/wbe' },
    // The registry of the credentials.
    prepare: ({ simulator }) => {
      simulator.ecr.host = HOST;
    },
    shows: ['`team/wbe`', 'Did you mean `team/web`?', '`repository`'],
  },
  'a repository to build for, by its address': {
    from: 'image/reference.ts',
    inputs: { mode: 'build', repository: `${HOST}/team/wbe` },
    shows: ['team/wbe', 'Did you mean `team/web`?', '`repository`'],
  },
  'the repository of an image': {
    from: 'image/reference.ts',
    inputs: { image: `${HOST}/team/wbe:2` },
    shows: ['team/wbe', 'Did you mean `team/web`?', '`image`'],
    lists: 'ecr:DescribeRepositories',
  },
  'a log group': {
    from: 'preflight/references.ts',
    inputs: { image: `${HOST}/team/web:2` },
    template: logging('/ecs/wbe') as never,
    prepare: ({ simulator }) => void simulator.logs.groups.set('/ecs/web', new Map()),
    shows: ['log group /ecs/wbe', 'Did you mean `/ecs/web`?', 'awslogs-create-group'],
  },
  'an alarm': {
    from: 'preflight/service.ts',
    inputs: { image: `${HOST}/team/web:2`, alarms: 'web-5xxx' },
    prepare: ({ simulator }) => void simulator.cloudwatch.alarms.set('web-5xx', { state: 'OK' } as never),
    shows: ['alarm web-5xxx', 'Did you mean `web-5xx`?'],
  },
  'a schedule': {
    from: 'schedules/choose.ts',
    inputs: { image: `${HOST}/team/web:2`, schedules: 'nigthly' },
    shows: ['`nigthly` does not exist'],
    lists: 'scheduler:ListSchedules',
  },
  'a scalable target': {
    from: 'service/autoscaling.ts',
    inputs: { image: `${HOST}/team/web:2`, 'min-capacity': '2' },
    shows: ['The service web in the cluster default', 'min-capacity'],
  },
  'an Express Mode service that cannot be created': {
    from: 'stories/express-service.ts',
    inputs: { 'task-definition': '', service: 'wbe', image: `${HOST}/team/web:2`, express: 'true' },
    shows: ['wbe', 'cluster default', 'Did you mean `web`?'],
    lists: 'ecs:ListServices',
  },
  'a revision to roll back to': {
    from: 'service/find-target.ts',
    inputs: { mode: 'rollback', 'rollback-to': 'web:99' },
    shows: ['Revision web:99 does not exist'],
  },
};

const run = (row: Row, without: readonly string[] = []): Promise<string> =>
  play(row, [{ sid: 'All', action: '*', resources: ['*'], needed: true }], without).then(({ described }) => described);

test.each(Object.entries(ROWS))('%s: what was looked for, where, and what was meant', async (_, row) => {
  const text = await run(row);
  for (const shown of [REGION, ACCOUNT, ...row.shows]) expect(text).toContain(shown);
});

test.each(
  Object.entries(ROWS).flatMap(([name, row]) => (row.lists === undefined ? [] : [[name, row, row.lists] as const])),
)('%s: without the right to list what exists, the error says so', async (_, row, lists) => {
  const text = await run(row, [lists]);
  expect(text).toContain(`${lists} is denied`);
  expect(text).not.toContain('Did you mean');
  for (const shown of [REGION, ACCOUNT]) expect(text).toContain(shown);
});

/** What no input names: an ARN that AWS gave a moment ago, a file of the repository, a stage of a Dockerfile, what the run makes itself. */
const OTHERS: Readonly<Record<string, string>> = {
  'adapters/daemons.ts': 'an ARN that ECS has just given',
  'adapters/ecr.ts': 'a digest that ECR has just given',
  'adapters/ecs.ts': 'what stories/run.ts explains and watch/observe.ts names',
  'adapters/files.ts': 'a file, with the one that was meant',
  'adapters/registries.ts': 'a registry that is not ours, named by its host',
  'adapters/build-sources.ts': 'a file of the build',
  'adapters/runner.ts': 'a file of the runner',
  'image/build-checks.ts': 'files and stages of the build',
  'code-deploy/group.ts': 'code-deploy/group.test.ts, with the groups that there are',
  'image/build-output.ts': 'words of a build',
  'image/reuse.ts': 'a repository that is created',
  'image/build-failure.ts': 'words of a build',
  'image/docker-choice.ts': 'a builder of the runner',
  'image/merge.ts': 'an image by its digest or commit, with the address of its repository',
  'image/resolve.ts': 'an image by its tag, with the address of its repository',
  'preflight/roles.ts': 'the ARN of a role',
  'preflight/targets.ts': 'the ARN of a target group',
  'stories/daemon.ts': 'stories/across/daemon.test.ts',
  'stories/express.ts': 'a revision that was registered a moment ago',
  'stories/scaling.ts': 'a service that is created',
  'stories/draft.ts': 'a service that is created',
  'stories/current.ts': 'a service that is created',
  'stories/defined-service.ts': 'a service that is created',
  'stories/post.ts': 'a service that was there when the run started',
  'stories/run.ts': 'what explainMissing replaces',
  'stories/status.ts': 'a cluster without services, with its place',
  'stories/verify.ts': 'a program of the runner',
  'taskdef/check.ts': 'names inside the task definition',
  'taskdef/connection-rules.ts': 'names inside the task definition',
  'taskdef/container-rules.ts': 'names inside the task definition',
  'tasks/run-task.ts': 'a task that ECS has just started',
  'watch/observe.ts': 'a service that was there when the watch started, with its place',
  'inputs/aws.ts': 'an expression that is empty',
  'inputs/build.ts': 'an expression that is empty',
  'inputs/template.ts': 'an expression that is empty',
  'inputs/service.ts': 'how a service is created',
};

test('every module that says that something does not exist is of a row, or has a reason why it is not', () => {
  const says = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !file.startsWith('diagnosis/') &&
      /[`' ](?:does not exist|is gone|has no (?:repository|application|image|scalable))|Failure\('NOT_FOUND'/.test(
        readFileSync(join('src', file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ''),
      ),
  );
  const known = new Set([...Object.values(ROWS).map(({ from }) => from), ...Object.keys(OTHERS)]);
  expect(says.filter((file) => !known.has(file))).toEqual([]);
  expect([...known].filter((file) => !says.includes(file))).toEqual([]);
});
