/** What rows are made of: images, task definitions and services that AWS and the simulator both run. */
import type { Input, Output, Scope } from './account.ts';

/**
 * Public images by what their tasks do. On AWS the command does it; the simulator's tasks are a model, and it goes by the tag
 * (simulator.ts).
 */
const REPOSITORY = 'public.ecr.aws/docker/library/busybox';
export const IMAGES = {
  good: { image: `${REPOSITORY}:1.36.1`, command: ['sleep', '3600'] },
  better: { image: `${REPOSITORY}:1.37.0`, command: ['sleep', '3600'] },
  crashing: { image: `${REPOSITORY}:1.35.0`, command: ['sh', '-c', 'sleep 5; exit 3'] },
  unhealthy: { image: `${REPOSITORY}:1.34.1`, command: ['sleep', '3600'] },
  missing: { image: `${REPOSITORY}:no-such-tag`, command: ['sleep', '3600'] },
} as const;
export type Kind = keyof typeof IMAGES;

/** The health check fails where the kind says so, whatever the container does. */
const HEALTH_CHECK = (kind: Kind): Input => ({
  command: ['CMD-SHELL', kind === 'unhealthy' ? 'exit 1' : 'exit 0'],
  interval: 5,
  timeout: 2,
  retries: 2,
  startPeriod: 0,
});

/** `sleep` does not end on SIGTERM as process 1, so that tasks would take 30 s to stop. */
const container = (kind: Kind): Input => ({ name: 'app', ...IMAGES[kind], essential: true, stopTimeout: 2 });

/** A Fargate revision, ready to register. */
export const fargate = (family: string, kind: Kind = 'good', more: Input = {}): Input => ({
  family,
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [container(kind)],
  ...more,
});
export const withHealthCheck = (family: string, kind: Kind): Input =>
  fargate(family, kind, { containerDefinitions: [{ ...container(kind), healthCheck: HEALTH_CHECK(kind) }] });
/** A revision for EC2 without anything that is not needed. */
export const plain = (family: string, containers: Input = {}, more: Input = {}): Input => ({
  family,
  containerDefinitions: [{ name: 'app', image: IMAGES.good.image, memory: 128, ...containers }],
  ...more,
});

export const network = (scope: Scope): Input => ({
  awsvpcConfiguration: {
    subnets: scope.output('Subnets').split(','),
    securityGroups: [scope.output('SecurityGroup')],
    assignPublicIp: 'ENABLED',
  },
});
/** CreateService's input for a Fargate service of the row's name. */
export const service = (scope: Scope, more: Input = {}): Input => ({
  cluster: scope.output('Cluster'),
  serviceName: scope.name,
  taskDefinition: scope.name,
  desiredCount: 0,
  launchType: 'FARGATE',
  networkConfiguration: network(scope),
  ...more,
});

export async function register(scope: Scope, input: Input): Promise<string> {
  return (await scope.need('ecs:RegisterTaskDefinition', input)).taskDefinition.taskDefinitionArn;
}
/** A revision and a service without tasks, which costs nothing. */
export async function idleService(scope: Scope, more: Input = {}): Promise<Output> {
  await register(scope, fargate(scope.name));
  return (await scope.need('ecs:CreateService', service(scope, more))).service;
}

const WAIT_SECONDS = 600;
/** Until a service deployment of the service has ended. @returns its description, or the last one seen after ten minutes */
export async function settled(scope: Scope, serviceName: string): Promise<Output | undefined> {
  const { time, pollSeconds } = scope.endpoint;
  const until = time.now() + WAIT_SECONDS;
  for (;;) {
    const newest = await newestDeployment(scope, serviceName);
    if (newest !== undefined && ENDED.has(newest.status)) return newest;
    if (time.now() >= until) return newest;
    await scope.sleep(pollSeconds);
  }
}

export const ENDED = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

/** The newest service deployment, described. */
export async function newestDeployment(scope: Scope, serviceName: string): Promise<Output | undefined> {
  const cluster = scope.output('Cluster');
  const { serviceDeployments = [] } = await scope.need('ecs:ListServiceDeployments', { cluster, service: serviceName });
  const [newest] = [...(serviceDeployments as Output[])].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
  return newest === undefined ? undefined : describeDeployment(scope, newest.serviceDeploymentArn);
}
export async function describeDeployment(scope: Scope, arn: string): Promise<Output | undefined> {
  const described = await scope.need('ecs:DescribeServiceDeployments', { serviceDeploymentArns: [arn] });
  return described.serviceDeployments?.[0];
}

/** Of its form, and nowhere. */
export const NO_SUBNET = 'subnet-00000000000000000';
