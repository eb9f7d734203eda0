import { failedHealthCheck, serviceEvent, statusCauses } from '../../src/adapters/ecs-shapes.ts';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.ts';
import type { Place, RunContext } from '../../src/inputs/types.ts';
import {
  type DeploymentState,
  defined,
  type Instant,
  type Revision,
  type ServiceDeployment,
  type ServiceEvent,
  type ServiceState,
  type TaskState,
} from '../../src/model.ts';
import type { Moment, Outcome } from '../../src/outcome.ts';
import { narrate } from '../../src/report/narrate.ts';
import type { Deployment } from '../../src/service/deployment.ts';
import type { Snapshot } from '../../src/watch/snapshot.ts';
import type { Verdict } from '../../src/watch/verdict.ts';

/** Values of one rollout, `web:42` in place of `web:41`, that a test changes where it matters. */
export const START = 1_800_000_000;
const ARN = 'arn:aws:ecs:eu-central-1:123456789012';
export const revisionArn = (revision: number): string => `${ARN}:task-definition/web:${revision}`;
export const OURS = 'ecs-svc/2222222222222222222';
export const OLD = 'ecs-svc/1111111111111111111';

export const deployment: Deployment = {
  cluster: 'shop',
  service: 'web',
  id: OURS,
  taskDefinitionArn: revisionArn(42),
  previousTaskDefinitionArn: revisionArn(41),
  startedAt: START,
  timeoutSeconds: 1800,
  noProgressSeconds: 600,
};

export const ours = (counts: Partial<DeploymentState> = {}): DeploymentState => ({
  id: OURS,
  status: 'PRIMARY',
  taskDefinitionArn: revisionArn(42),
  desiredCount: 2,
  runningCount: 0,
  pendingCount: 0,
  failedTasks: 0,
  rolloutState: 'IN_PROGRESS',
  createdAt: START,
  updatedAt: START,
  ...defined({ rolloutCauses: statusCauses(counts.rolloutStateReason) }),
  ...counts,
});

export const old = (runningCount: number, rest: Partial<DeploymentState> = {}): DeploymentState =>
  ours({
    id: OLD,
    status: 'ACTIVE',
    taskDefinitionArn: revisionArn(41),
    rolloutState: 'COMPLETED',
    createdAt: START - 86_400,
    runningCount,
    ...rest,
  });

export const service = (deployments: readonly DeploymentState[], rest: Partial<ServiceState> = {}): ServiceState => ({
  arn: `${ARN}:service/shop/web`,
  partition: 'aws',
  region: 'eu-central-1',
  account: '123456789012',
  name: 'web',
  clusterArn: `${ARN}:cluster/shop`,
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
  deploymentController: 'ECS',
  capacityProviders: [],
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  taskDefinitionArn: revisionArn(42),
  deployments,
  events: [],
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  strategy: 'ROLLING',
  loadBalancers: [],
  subnets: [],
  securityGroups: [],
  enableExecuteCommand: false,
  enableEcsManagedTags: false,
  propagateTags: 'NONE',
  ...rest,
});

export const TASK_A = '2c473733308424022880765916ed57a9';
export const TASK_B = '916b9b68e6b441d9a1049958af5c0833';

export const task = (id: string, lastStatus: string, rest: Partial<TaskState> = {}): TaskState => ({
  arn: `${ARN}:task/shop/${id}`,
  id,
  startedBy: OURS,
  taskDefinitionArn: revisionArn(42),
  lastStatus,
  desiredStatus: lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING',
  healthStatus: 'UNKNOWN',
  containers: [],
  createdAt: START + 5,
  ...defined({ failedHealthCheck: failedHealthCheck(rest.stoppedReason) }),
  ...rest,
});

export const event = (seconds: number, message: string): ServiceEvent =>
  serviceEvent({ id: `${seconds} ${message}`, at: START + seconds, message: `(service web) ${message}` });

export const look = (
  seconds: number,
  deployments: readonly DeploymentState[],
  rest: Partial<Snapshot> = {},
): Snapshot => ({
  at: START + seconds,
  service: service(deployments),
  tasks: [],
  events: [],
  targetHealth: new Map(),
  logs: new Map(),
  denied: [],
  bestHealthy: 0,
  lastProgressAt: START,
  diagnoses: [],
  ...rest,
});

export const serviceDeployment = (rest: Partial<ServiceDeployment> = {}): ServiceDeployment => ({
  arn: `${ARN}:service-deployment/shop/web/abc`,
  status: 'IN_PROGRESS',
  createdAt: START,
  clusterArn: `${ARN}:cluster/shop`,
  serviceArn: `${ARN}:service/shop/web`,
  sources: [],
  hooks: [],
  ...defined({ statusCauses: statusCauses(rest.statusReason) }),
  ...rest,
});

export const diagnosis = (rest: Partial<Diagnosis> = {}): Diagnosis => ({
  rule: 'image-not-found',
  nature: 'permanent',
  subject: 'image',
  failure: 'missing',
  severity: 'failure',
  transient: false,
  cause: 'The image shop/web:1.5.0 is not in ECR.',
  remedy: 'Push the tag 1.5.0 to shop/web, or deploy a tag that exists.',
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html',
  evidence: {
    surface: 'task.stoppedReason',
    text: 'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref shop/web:1.5.0: not found',
    context: {},
  },
  ...rest,
});

export const waiting = (waitingFor = 'its tasks: 0 of 2 run', stuckAt?: Instant): Verdict => ({
  kind: 'waiting',
  waitingFor,
  pollAgainInSeconds: 3,
  suspected: [],
  ...defined({ stuckAt }),
});

export const tell = (previous: Snapshot | undefined, current: Snapshot, verdict: Verdict = waiting()): Moment[] =>
  narrate({ previous, current }, verdict, deployment);

export const texts = (moments: readonly Moment[]): string[] => moments.map(({ text }) => text);

const definition = { family: 'web', containerDefinitions: [{ name: 'app', image: 'shop/web:1.5.0' }] };
export const revision = (number: number): Revision => ({
  arn: revisionArn(number),
  family: 'web',
  revision: number,
  status: 'ACTIVE',
  definition,
  tags: [],
});

export const DIGEST = `sha256:${'ab12'.repeat(16)}`;

export const outcome = (rest: Partial<Outcome> = {}): Outcome => ({
  kind: 'deployed',
  headline: 'web:42 runs: 2 tasks, healthy.',
  service: service([ours({ runningCount: 2, rolloutState: 'COMPLETED' })]),
  revision: revision(42),
  previous: revision(41),
  image: {
    reference: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web@${DIGEST}`,
    repository: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web',
    digest: DIGEST,
    tags: ['1.5.0', 'c0ffee'],
    platforms: ['linux/amd64', 'linux/arm64'],
  },
  differences: [
    { subject: 'container app: image', kind: 'changed', before: 'shop/web:1.4.1', after: 'shop/web:1.5.0' },
    { subject: 'container app: environment DATABASE_URL', kind: 'changed' },
    { subject: 'cpu', kind: 'changed', before: '256', after: '512' },
  ],
  deployment,
  diagnoses: [],
  warnings: [],
  timeline: [],
  ...rest,
});

export const run: RunContext = {
  sha: 'c0ffee0000000000000000000000000000000000',
  ref: 'refs/heads/main',
  refName: 'main',
  refType: 'branch',
  repository: 'acme/shop',
  runId: '42',
  runAttempt: '1',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  eventName: 'push',
  actor: 'ada',
  workflow: 'release',
  job: 'deploy',
};

/** A console that keeps what a person would see. */
export function paper({ colour }: { readonly colour: boolean } = { colour: false }) {
  const lines: string[] = [];
  return {
    lines,
    colour,
    line: (text: string) => void lines.push(text),
    startGroup: (title: string) => void lines.push(`::group::${title}`),
    endGroup: () => void lines.push('::endgroup::'),
  };
}

/** The whole port, over such a console; what it was told beside lines is kept too. */
export function listening(lines = paper()) {
  const keep = (text: string): void => lines.line(text);
  return { ...lines, debug: keep, notice: keep, warning: keep, error: keep };
}

/** Where a report is written to: one service, and what the inputs say of its account. */
export const place = ({ accounts = [], role, environment, cluster = 'shop', comment = true }: Placed = {}): Place => ({
  aws: {
    region: 'eu-central-1',
    allowedAccountIds: accounts,
    ...(role === undefined ? {} : { role: { arn: role, sessionName: 's', durationSeconds: 1, audience: 'a' } }),
  },
  service: { cluster, service: 'web' },
  github: {
    comment,
    ...(environment === undefined ? {} : { deployment: { environment, transient: false, production: true } }),
  },
});
export interface Placed {
  readonly accounts?: readonly string[];
  readonly role?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly comment?: boolean;
}
