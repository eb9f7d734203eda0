import { type SimClock, VirtualClock } from './clock.ts';
import { CloudWatch } from './cloudwatch.ts';
import { Ecr } from './ecr.ts';
import { Ecs } from './ecs.ts';
import { Iam } from './iam.ts';
import { LoadBalancing } from './load-balancing.ts';
import { Logs } from './logs.ts';
import { ModelRuntime } from './model-runtime.ts';
import { Registry } from './registry.ts';
import type { TaskRuntime } from './runtime.ts';
import { S3 } from './s3.ts';
import { DEFAULT_TIMINGS, Scheduler, type Timings } from './scheduler.ts';
import { SecretsManager } from './secrets-manager.ts';
import { ApiException, type CallContext } from './service.ts';
import { Ssm } from './ssm.ts';
import { sts } from './sts.ts';
import { type Fault, Wire } from './wire.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
const CONTEXT: CallContext = { region: REGION, accountId: ACCOUNT, partition: 'aws', accessKeyId: 'SIMULATED' };

/** What may stand in for the defaults: a model that runs tasks, empty logs, quick timings. */
export interface Parts {
  readonly runtime?: TaskRuntime;
  readonly logs?: Logs;
  readonly timings?: Timings;
}

/** One AWS account: ECS, ECR with its registry, Logs, STS, and what tasks refer to, behind one wire. */
export class Simulator {
  readonly model: ModelRuntime;
  readonly scheduler: Scheduler;
  readonly ecs: Ecs;
  readonly ecr: Ecr;
  readonly registry = new Registry(ACCOUNT);
  readonly logs: Logs;
  /** What tasks refer to. */
  readonly iam = new Iam();
  readonly secretsManager = new SecretsManager();
  readonly ssm = new Ssm();
  readonly cloudwatch = new CloudWatch();
  readonly loadBalancing = new LoadBalancing();
  readonly s3 = new S3();
  readonly wire: Wire;

  constructor(clock: SimClock = new VirtualClock(), parts: Parts = {}) {
    this.model = new ModelRuntime(clock);
    this.logs = parts.logs ?? new Logs();
    this.scheduler = new Scheduler(clock, parts.runtime ?? this.model, parts.timings ?? DEFAULT_TIMINGS);
    this.ecs = new Ecs(clock, this.scheduler);
    this.ecr = new Ecr(this.registry);
    this.wire = new Wire(
      [
        this.ecs,
        this.ecr,
        this.logs,
        sts,
        this.iam,
        this.secretsManager,
        this.ssm,
        this.cloudwatch,
        this.loadBalancing,
        this.s3,
      ],
      ACCOUNT,
    );
  }

  /** A call as a client would make it, for setting up worlds. */
  call(operation: string, input: Readonly<Record<string, unknown>>): Record<string, never> {
    return this.ecs.handle(operation, input, CONTEXT) as Record<string, never>;
  }

  /** HTTP on loopback; the registry answers on the same port. */
  async listen(port = 0): Promise<{ endpoint: string; close(): Promise<void> }> {
    const server = await this.wire.listen(port, this.registry.handle);
    this.ecr.host = server.endpoint.replace('http://', '');
    return server;
  }
}

/** IAM says no to an action such as `ecs:ListServiceDeployments`, in AWS's words. */
export const deny =
  (action: string): Fault =>
  ({ service, operation }) =>
    `${service}:${operation}` === action
      ? new ApiException(
          'AccessDeniedException',
          `User: arn:aws:sts::${ACCOUNT}:assumed-role/deploy/session is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
        )
      : undefined;

/** The next calls of an operation are throttled. */
export function throttle(operation: string, times: number): Fault {
  let left = times;
  return (call) =>
    call.operation === operation && left-- > 0 ? new ApiException('ThrottlingException', 'Rate exceeded') : undefined;
}
