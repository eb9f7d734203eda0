import type { ServiceInputs } from '../../src/inputs/types.ts';
import type { ContainerInstance, ServiceState } from '../../src/model.ts';
import type { Answers } from '../../src/preflight/ask.ts';
import type { Answer, Check } from '../../src/preflight/check.ts';
import { judge } from '../../src/preflight/judge.ts';
import { type NeededResources, neededResources } from '../../src/preflight/needed.ts';
import { versionKey } from '../../src/preflight/references.ts';
import type { PreflightSubject } from '../../src/preflight/subject.ts';
import { ACCOUNT, REGION, role, SECRET, TARGETS } from './account.ts';

/** A definition that refers to one thing of each kind. */
export const WHOLE = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  taskRoleArn: role('task'),
  executionRoleArn: role('execution'),
  containerDefinitions: [
    {
      name: 'app',
      image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`,
      portMappings: [{ containerPort: 8080, name: 'http' }],
      secrets: [
        { name: 'PASSWORD', valueFrom: `${SECRET}:password::` },
        { name: 'FLAG', valueFrom: '/web/flag' },
      ],
      environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::settings/web.env' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'web' },
      },
    },
  ],
};

/** `WHOLE` with its only container changed. */
export const container = (change: object): object => ({
  ...WHOLE,
  containerDefinitions: [{ ...WHOLE.containerDefinitions[0], ...change }],
});

export const service = (change: Partial<ServiceState> = {}): ServiceState => ({
  arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/default/web`,
  partition: 'aws',
  region: REGION,
  account: ACCOUNT,
  name: 'web',
  clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/default`,
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
  deploymentController: 'ECS',
  launchType: 'FARGATE',
  capacityProviders: [],
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  taskDefinitionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/web:1`,
  deployments: [],
  events: [],
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  strategy: 'ROLLING',
  alarms: { names: ['web-5xx'], enable: true, rollback: true },
  loadBalancers: [{ targetGroupArn: TARGETS, containerName: 'app', containerPort: 8080 }],
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  enableExecuteCommand: false,
  enableEcsManagedTags: false,
  propagateTags: 'NONE',
  ...change,
});

export const INPUTS: ServiceInputs = { cluster: 'default', service: 'web', forceNewDeployment: false };

export interface Change {
  readonly definition?: object;
  readonly service?: Partial<ServiceState>;
  readonly inputs?: Partial<ServiceInputs>;
  readonly subject?: Partial<PreflightSubject>;
}
export const subject = (change: Change = {}): PreflightSubject => ({
  definition: (change.definition ?? WHOLE) as PreflightSubject['definition'],
  service: service(change.service),
  inputs: { ...INPUTS, ...change.inputs },
  fargate: true,
  ...change.subject,
});

/** On instances instead of Fargate: bridge, no network configuration, target type instance. */
export const onInstances = (change: Change = {}): Change => ({
  ...change,
  definition: {
    ...WHOLE,
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [
      { name: 'app', image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:1`, cpu: 256, memory: 512 },
    ],
    ...change.definition,
  },
  service: { launchType: 'EC2', subnets: [], securityGroups: [], loadBalancers: [], ...change.service },
  subject: { fargate: false, ...change.subject },
});

export const instance = (change: Partial<ContainerInstance> = {}): ContainerInstance => ({
  id: 'i-1',
  available: true,
  total: { cpu: 2048, memory: 4096, gpus: 0 },
  free: { cpu: 2048, memory: 4096, gpus: 0 },
  usedPorts: ['22/tcp'],
  architecture: 'x86_64',
  os: 'linux',
  ...change,
});

export const found = <T>(value: T): Answer<T> => ({ kind: 'found', value });
export const denied = (permission: string): Answer<never> => ({ kind: 'denied', permission });

export const TRUST = {
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ecs-tasks.amazonaws.com'] } },
};

/** Everything there and as it should be. */
export function goodAnswers(wanted: NeededResources): Answers {
  const all = <Use, T>(uses: readonly Use[], key: (use: Use) => string, value: (use: Use) => T) =>
    new Map(uses.map((use) => [key(use), found(value(use))]));
  const stages = (versionId: string | undefined, stage = 'AWSCURRENT') => ({ [versionId ?? 'v1']: [stage] });
  return {
    cluster: found({ name: 'default', status: 'ACTIVE', registeredInstances: 1 }),
    roles: all(
      wanted.roles,
      ({ arn }) => arn,
      ({ arn }) => ({ arn, trustPolicy: TRUST }),
    ),
    refusals: all(
      wanted.rights,
      ({ action }) => action,
      () => [],
    ),
    images: all(
      wanted.images,
      ({ reference }) => reference,
      () => ({ platforms: ['linux/amd64', 'linux/arm64'] }),
    ),
    secrets: all(
      wanted.secrets,
      ({ arn }) => arn,
      ({ versionId, stage }) => ({ versions: stages(versionId, stage), deleted: false }),
    ),
    secretKeys: all(
      wanted.secrets.filter(({ jsonKey }) => jsonKey !== undefined),
      versionKey,
      ({ jsonKey = '' }) => ({ kind: 'keys' as const, keys: [jsonKey] }),
    ),
    parameters: new Map(
      [...Map.groupBy(wanted.parameters, ({ region }) => region)].map(([region, uses]) => [
        region,
        found(uses.flatMap(({ names }) => names)),
      ]),
    ),
    logGroups: all(
      wanted.logGroups,
      ({ region, name }) => `${region}:${name}`,
      () => true,
    ),
    files: all(
      wanted.files,
      ({ arn }) => arn,
      () => true,
    ),
    targetGroups: all(
      wanted.targetGroups,
      (arn) => arn,
      (arn) => ({
        arn,
        targetType: wanted.instances ? 'instance' : 'ip',
        protocol: 'HTTP',
        port: 80,
        healthCheckPort: 'traffic-port',
        attached: true,
      }),
    ),
    alarms: wanted.alarms.length > 0 ? found(wanted.alarms.map((name) => ({ name, state: 'OK' }))) : undefined,
    instances: wanted.instances ? found([instance()]) : undefined,
    capacityProviders:
      wanted.capacityProviders.length > 0
        ? found(
            wanted.capacityProviders.map((name) => ({
              name,
              status: 'ACTIVE',
              compute: 'EC2' as const,
              addsInstances: true,
            })),
          )
        : undefined,
  };
}

/** The lines for a change of the subject and of the good answers to it. */
export function lines(
  change: Change = {},
  answers: Partial<Answers> | ((wanted: NeededResources) => Partial<Answers>) = {},
): Check[] {
  const about = subject(change);
  const wanted = neededResources(about);
  return judge(about, wanted, {
    ...goodAnswers(wanted),
    ...(typeof answers === 'function' ? answers(wanted) : answers),
  });
}

/** What no run checks, whatever the account answers. */
const NEVER_CHECKED: readonly string[] = ['Fargate quota', 'routes and security groups'];

/** As they are read: `bad secret db (...): ...`, without those that are well and those that no run checks. */
export const troubles = (checks: readonly Check[]): string[] =>
  checks
    .filter(({ status, subject: about }) => status !== 'ok' && !(status === 'skip' && NEVER_CHECKED.includes(about)))
    .map(({ status, text }) => `${status} ${text}`);
