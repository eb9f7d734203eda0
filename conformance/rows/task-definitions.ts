/** RegisterTaskDefinition and its siblings: what ECS accepts, what it adds, and what it refuses. */
import type { Input, Scope } from '../account.ts';
import { absent, contains, empty, type Pattern, present } from '../pattern.ts';
import { api, call, guide, type Row } from '../row.ts';
import { fargate, IMAGES, plain, register } from '../world.ts';

const REGISTER = 'ecs:RegisterTaskDefinition';
const PAGE = api('RegisterTaskDefinition');
const CONTAINER = api('ContainerDefinition');
const PARAMETERS = guide('task_definition_parameters');
/** The page lists these without saying which request gets which. */
const REFUSED = { refused: ['ClientException', 'InvalidParameterException'] } as const;

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly page?: string;
  readonly request: (scope: Scope) => Input;
}
const accepted = ({ page = PAGE, ...row }: Case & { readonly ok: Pattern }): Row =>
  call({ ...row, page, id: `ecs/register/${row.id}`, operation: REGISTER, documented: { ok: row.ok } });
const refused = ({ page = PARAMETERS, ...row }: Case): Row =>
  call({ ...row, page, id: `ecs/register/${row.id}`, operation: REGISTER, documented: REFUSED });

const container = (name: string, more: Input = {}): Input => ({ name, image: IMAGES.good.image, memory: 64, ...more });
const several = (family: string, ...containerDefinitions: readonly Input[]): Input => ({
  family,
  containerDefinitions,
});
const onFargate = (scope: Scope, more: Input): Input =>
  fargate(scope.name, 'good', { containerDefinitions: [{ name: 'app', image: IMAGES.good.image, ...more }] });

const awslogs = ({ endpoint }: Scope, group: string): Input => ({
  logDriver: 'awslogs',
  options: { 'awslogs-group': group, 'awslogs-region': endpoint.region, 'awslogs-stream-prefix': 'ecs' },
});

const ACCEPTED: readonly Row[] = [
  accepted({
    id: 'minimal',
    rule: 'The first revision of a family is 1 and ACTIVE; a container is essential, and its lists are empty, unless it sets them.',
    request: ({ name }) => plain(name),
    ok: {
      taskDefinition: {
        revision: 1,
        status: 'ACTIVE',
        compatibilities: contains('EC2'),
        containerDefinitions: [
          { name: 'app', essential: true, cpu: 0, portMappings: [], environment: [], mountPoints: [] },
        ],
        volumes: [],
        registeredAt: '<time>',
      },
    },
  }),
  accepted({
    id: 'fargate',
    rule: 'A Fargate revision names its compatibility, and ECS returns those that it found.',
    request: ({ name }) => fargate(name),
    ok: {
      taskDefinition: {
        requiresCompatibilities: ['FARGATE'],
        compatibilities: contains('FARGATE'),
        cpu: '256',
        memory: '512',
      },
    },
  }),
  accepted({
    id: 'host-port',
    rule: 'In awsvpc mode a host port that is left out is the container port, and the protocol is tcp.',
    page: api('PortMapping'),
    request: (scope) => onFargate(scope, { portMappings: [{ containerPort: 8080 }] }),
    ok: {
      taskDefinition: {
        containerDefinitions: [{ portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }] }],
      },
    },
  }),
  accepted({
    id: 'units',
    rule: 'vCPU and GB are converted to CPU units and MiB when the task definition is registered.',
    page: api('TaskDefinition'),
    request: ({ name }) => fargate(name, 'good', { cpu: '1 vCPU', memory: '2 GB' }),
    ok: { taskDefinition: { cpu: '1024', memory: '2048' } },
  }),
  call({
    id: 'ecs/register/fargate-logs',
    rule: 'awslogs on Fargate is accepted with an execution role.',
    page: guide('task_execution_IAM_role'),
    needs: ['ExecutionRole', 'LogGroup'],
    operation: REGISTER,
    request: (scope) => ({
      ...onFargate(scope, { logConfiguration: awslogs(scope, scope.output('LogGroup')) }),
      executionRoleArn: scope.output('ExecutionRole'),
    }),
    documented: {
      ok: {
        taskDefinition: {
          executionRoleArn: '<ExecutionRole>',
          containerDefinitions: [
            { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '<LogGroup>' } } },
          ],
        },
      },
    },
  }),
  accepted({
    id: 'tags',
    rule: 'Tags come back beside the task definition.',
    request: ({ name }) => plain(name, {}, { tags: [{ key: 'team', value: 'web' }] }),
    ok: { tags: [{ key: 'team', value: 'web' }] },
  }),
  call({
    id: 'ecs/register/next-revision',
    rule: 'Each registration of a family is its next revision.',
    page: PAGE,
    operation: REGISTER,
    before: (scope) => register(scope, plain(scope.name)),
    request: ({ name }) => plain(name, { memory: 256 }),
    documented: { ok: { taskDefinition: { revision: 2 } } },
  }),
];

const REFUSALS: readonly Row[] = [
  refused({
    id: 'no-essential-container',
    rule: 'A task definition has at least one essential container.',
    request: ({ name }) => plain(name, { essential: false }),
  }),
  refused({ id: 'no-container', rule: 'A task definition has containers.', request: ({ name }) => several(name) }),
  refused({
    id: 'no-image',
    rule: 'A container has an image.',
    request: ({ name }) => several(name, { name: 'app', memory: 64 }),
  }),
  refused({
    id: 'network-parameter-of-host',
    rule: 'In host mode, network parameters (systemControls) are not supported.',
    page: api('SystemControl'),
    request: ({ name }) => ({
      ...plain(name, { systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }] }),
      networkMode: 'host',
    }),
  }),
  refused({
    id: 'eleven-containers',
    rule: 'A task definition has at most 10 containers.',
    page: guide('service-quotas'),
    request: ({ name }) => several(name, ...Array.from({ length: 11 }, (_, i) => container(`app${i}`))),
  }),
  refused({
    id: 'container-name-characters',
    rule: 'A container name has letters, numbers, hyphens and underscores.',
    page: CONTAINER,
    request: ({ name }) => several(name, container('my app')),
  }),
  refused({
    id: 'container-name-length',
    rule: 'A container name has at most 255 characters.',
    page: CONTAINER,
    request: ({ name }) => several(name, container('a'.repeat(256))),
  }),
  refused({
    id: 'container-name-twice',
    rule: 'Container names are unique within a task definition.',
    page: CONTAINER,
    request: ({ name }) => several(name, container('app'), container('app')),
  }),
  refused({
    id: 'family-characters',
    rule: 'A family has letters, numbers, hyphens and underscores.',
    page: PAGE,
    request: ({ name }) => plain(`${name}.web`),
  }),
  refused({
    id: 'no-memory',
    rule: 'Without memory of the task, each container has memory or memoryReservation.',
    page: CONTAINER,
    request: ({ name }) => several(name, { name: 'app', image: IMAGES.good.image }),
  }),
  refused({
    id: 'memory-below-reservation',
    rule: 'memory is greater than memoryReservation.',
    page: CONTAINER,
    request: ({ name }) => several(name, container('app', { memory: 64, memoryReservation: 128 })),
  }),
  refused({
    id: 'fargate-without-size',
    rule: 'Fargate needs cpu and memory of the task.',
    page: PAGE,
    request: ({ name }) => {
      const { cpu: _, memory: __, ...rest } = fargate(name);
      return rest;
    },
  }),
  refused({
    id: 'fargate-pair',
    rule: 'Fargate has pairs of cpu and memory; 256 and 4096 is not one.',
    page: PAGE,
    request: ({ name }) => fargate(name, 'good', { memory: '4096' }),
  }),
  refused({
    id: 'fargate-bridge',
    rule: 'Fargate needs network mode awsvpc.',
    page: PAGE,
    request: ({ name }) => fargate(name, 'good', { networkMode: 'bridge' }),
  }),
  refused({
    id: 'fargate-privileged',
    rule: 'Fargate has no privileged containers.',
    page: CONTAINER,
    request: (scope) => onFargate(scope, { privileged: true }),
  }),
  refused({
    id: 'fargate-log-driver',
    rule: 'Fargate has the log drivers awslogs, splunk and awsfirelens.',
    page: api('LogConfiguration'),
    request: (scope) => onFargate(scope, { logConfiguration: { logDriver: 'syslog' } }),
  }),
  refused({
    id: 'fargate-logs-without-execution-role',
    rule: 'Fargate needs an execution role for awslogs.',
    page: guide('task_execution_IAM_role'),
    request: (scope) => onFargate(scope, { logConfiguration: awslogs(scope, '/web') }),
  }),
  refused({
    id: 'fargate-secrets-without-execution-role',
    rule: 'Secrets on Fargate need an execution role.',
    page: guide('task_execution_IAM_role'),
    request: (scope) => onFargate(scope, { secrets: [{ name: 'TOKEN', valueFrom: 'parameter' }] }),
  }),
  call({
    id: 'ecs/register/secret-is-environment-variable',
    rule: 'The name of a secret is not the name of an environment variable.',
    page: guide('secrets-envvar-ssm-paramstore'),
    needs: ['ExecutionRole'],
    operation: REGISTER,
    request: (scope) => ({
      ...onFargate(scope, {
        environment: [{ name: 'TOKEN', value: 'x' }],
        secrets: [{ name: 'TOKEN', valueFrom: 'parameter' }],
      }),
      executionRoleArn: scope.output('ExecutionRole'),
    }),
    documented: { refused: REFUSED.refused },
  }),
  refused({
    id: 'host-port-of-awsvpc',
    rule: 'In awsvpc mode a host port is the container port.',
    page: api('PortMapping'),
    request: (scope) => onFargate(scope, { portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
  }),
  refused({
    id: 'health-check-interval',
    rule: 'The interval of a health check is 5 to 300 s.',
    page: api('HealthCheck'),
    request: ({ name }) => plain(name, { healthCheck: { command: ['CMD', 'true'], interval: 301 } }),
  }),
  refused({
    id: 'health-check-retries',
    rule: 'The retries of a health check are 1 to 10.',
    page: api('HealthCheck'),
    request: ({ name }) => plain(name, { healthCheck: { command: ['CMD', 'true'], retries: 11 } }),
  }),
  refused({
    id: 'depends-on-unknown',
    rule: 'dependsOn names a container of the task definition.',
    page: api('ContainerDependency'),
    request: ({ name }) => plain(name, { dependsOn: [{ containerName: 'db', condition: 'START' }] }),
  }),
  refused({
    id: 'depends-on-cycle',
    rule: 'Containers do not depend on each other in a circle.',
    page: api('ContainerDependency'),
    request: ({ name }) =>
      several(
        name,
        container('a', { dependsOn: [{ containerName: 'b', condition: 'START' }] }),
        container('b', { dependsOn: [{ containerName: 'a', condition: 'START' }] }),
      ),
  }),
  refused({
    id: 'depends-on-healthy',
    rule: 'The condition HEALTHY needs a health check of the container it names.',
    page: api('ContainerDependency'),
    request: ({ name }) =>
      several(name, container('a', { dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }), container('b')),
  }),
  refused({
    id: 'unknown-volume',
    rule: 'The source volume of a mount point is a volume of the task definition.',
    page: api('MountPoint'),
    request: ({ name }) => plain(name, { mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
  }),
  refused({
    id: 'ephemeral-storage',
    rule: 'Ephemeral storage of Fargate is 21 to 200 GiB.',
    page: api('EphemeralStorage'),
    request: ({ name }) => fargate(name, 'good', { ephemeralStorage: { sizeInGiB: 20 } }),
  }),
  refused({
    id: 'aws-tag',
    rule: 'Keys of tags do not begin with aws:.',
    page: api('Tag'),
    request: ({ name }) => plain(name, {}, { tags: [{ key: 'aws:team', value: 'web' }] }),
  }),
  refused({
    id: 'fifty-one-tags',
    rule: 'A resource has at most 50 tags.',
    page: api('Tag'),
    request: ({ name }) =>
      plain(name, {}, { tags: Array.from({ length: 51 }, (_, i) => ({ key: `key${i}`, value: '' })) }),
  }),
  refused({
    id: 'role-arn',
    rule: 'A role is named by its name or ARN.',
    page: PAGE,
    request: ({ name }) => fargate(name, 'good', { taskRoleArn: 'arn:aws:iam::role/web' }),
  }),
];

const SIBLINGS: readonly Row[] = [
  call({
    id: 'ecs/describe-task-definition/family',
    rule: 'A family stands for its latest ACTIVE revision.',
    page: api('DescribeTaskDefinition'),
    operation: 'ecs:DescribeTaskDefinition',
    before: async (scope) => {
      await register(scope, plain(scope.name));
      await register(scope, plain(scope.name, { memory: 256 }));
    },
    request: ({ name }) => ({ taskDefinition: name }),
    documented: { ok: { taskDefinition: { revision: 2, status: 'ACTIVE' } } },
  }),
  call({
    id: 'ecs/describe-task-definition/unknown',
    rule: 'An unknown family is a ClientException.',
    page: api('DescribeTaskDefinition'),
    operation: 'ecs:DescribeTaskDefinition',
    request: ({ name }) => ({ taskDefinition: name }),
    documented: { refused: 'ClientException', words: /^Unable to describe task definition\.$/ },
  }),
  call({
    id: 'ecs/deregister/inactive',
    rule: 'A deregistered revision is INACTIVE and can still be described.',
    page: api('DeregisterTaskDefinition'),
    operation: 'ecs:DeregisterTaskDefinition',
    before: (scope) => register(scope, plain(scope.name)),
    request: (_, taskDefinition) => ({ taskDefinition }),
    documented: { ok: { taskDefinition: { status: 'INACTIVE', deregisteredAt: '<time>' } } },
  }),
  call({
    id: 'ecs/deregister/without-revision',
    rule: 'Only a single revision, not a family, is deregistered.',
    page: api('DeregisterTaskDefinition'),
    operation: 'ecs:DeregisterTaskDefinition',
    before: (scope) => register(scope, plain(scope.name)),
    request: ({ name }) => ({ taskDefinition: name }),
    documented: REFUSED,
  }),
  call({
    id: 'ecs/delete-task-definitions/active',
    rule: 'Only a revision that was deregistered can be deleted; another one is a failure with its reason.',
    page: api('DeleteTaskDefinitions'),
    operation: 'ecs:DeleteTaskDefinitions',
    before: (scope) => register(scope, plain(scope.name)),
    request: (_, arn) => ({ taskDefinitions: [arn] }),
    documented: { ok: { taskDefinitions: empty, failures: [{ arn: present, reason: present }] } },
  }),
  call({
    id: 'ecs/delete-task-definitions/inactive',
    rule: 'A deregistered revision becomes DELETE_IN_PROGRESS.',
    page: api('DeleteTaskDefinitions'),
    operation: 'ecs:DeleteTaskDefinitions',
    before: async (scope) => {
      const taskDefinition = await register(scope, plain(scope.name));
      await scope.need('ecs:DeregisterTaskDefinition', { taskDefinition });
      return taskDefinition;
    },
    request: (_, arn) => ({ taskDefinitions: [arn] }),
    documented: { ok: { taskDefinitions: [{ status: 'DELETE_IN_PROGRESS' }], failures: empty } },
  }),
  call({
    id: 'ecs/list-task-definitions/newest-first',
    rule: 'DESC lists the newest revision first.',
    page: api('ListTaskDefinitions'),
    operation: 'ecs:ListTaskDefinitions',
    before: async (scope) => {
      await register(scope, plain(scope.name));
      await register(scope, plain(scope.name, { memory: 256 }));
    },
    request: ({ name }) => ({ familyPrefix: name, sort: 'DESC' }),
    documented: { ok: { taskDefinitionArns: [/:2$/, /:1$/], nextToken: absent } },
  }),
  call({
    id: 'ecs/register/describe-tags',
    rule: 'DescribeTaskDefinition shows tags when they are asked for.',
    page: api('DescribeTaskDefinition'),
    operation: 'ecs:DescribeTaskDefinition',
    before: (scope) => register(scope, plain(scope.name, {}, { tags: [{ key: 'team', value: 'web' }] })),
    request: (_, taskDefinition) => ({ taskDefinition }),
    documented: { ok: { taskDefinition: { revision: 1 }, tags: empty } },
  }),
];

export const TASK_DEFINITION_ROWS: readonly Row[] = [...ACCEPTED, ...REFUSALS, ...SIBLINGS];
