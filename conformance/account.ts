/** The account at an endpoint, through the real SDK: calls, what they created, and its removal. */
import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as codedeploy from '@aws-sdk/client-codedeploy';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as events from '@aws-sdk/client-eventbridge';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sts from '@aws-sdk/client-sts';
import type { Stack } from './stack.ts';

const SDK = {
  ecs: [ecs, ecs.ECSClient],
  ecr: [ecr, ecr.ECRClient],
  logs: [logs, logs.CloudWatchLogsClient],
  sts: [sts, sts.STSClient],
  codedeploy: [codedeploy, codedeploy.CodeDeployClient],
  cloudwatch: [cloudwatch, cloudwatch.CloudWatchClient],
  events: [events, events.EventBridgeClient],
  scheduler: [scheduler, scheduler.SchedulerClient],
  autoscaling: [autoscaling, autoscaling.ApplicationAutoScalingClient],
} as const;
export type Operation = `${keyof typeof SDK}:${string}`;
export type Input = Readonly<Record<string, unknown>>;
// biome-ignore lint/suspicious/noExplicitAny: answers of many operations, read by the rows that know them
export type Output = Readonly<Record<string, any>>;

export type Answer =
  | { readonly kind: 'ok'; readonly output: Output }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string; readonly status: number }
  /** The endpoint does not have the operation at all: moto has a part of AWS. */
  | { readonly kind: 'not implemented'; readonly message: string }
  | { readonly kind: 'no answer'; readonly message: string };

/** Seconds of the endpoint's world. */
export interface Time {
  now(): number;
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
}

export interface Endpoint {
  /** Undefined: AWS itself. */
  readonly url: string | undefined;
  readonly region: string;
  readonly stack: Stack;
  readonly time: Time;
  /** Seconds between two looks at a rollout. */
  readonly pollSeconds: number;
}

/** A call that a row needs before its own was not answered as it must be. */
export class PreparationFailed extends Error {}

const CALL_SECONDS = 60;
/** Until tasks of a deleted service have stopped, its cluster cannot be deleted. */
const CLEAN_SECONDS = 300;
/** Answers by which an endpoint says that it does not have an operation. */
const NOT_IMPLEMENTED = /^(UnknownOperation(Exception)?|InvalidAction|NotImplemented(Error)?|501)$/;
/** What is gone already, or never came to be. */
const GONE = /NotFound|NotActive|NoSuch|ClientException|Inactive/;

export interface Undo {
  readonly operation: Operation;
  readonly input: Input;
  /** Services before the revisions they run, and clusters at the end. */
  readonly order: number;
}

/** How each kind of creation is undone; a row cannot forget it. */
const UNDO: Readonly<Record<string, (output: Output, input: Input) => readonly Undo[]>> = {
  'ecs:CreateService': ({ service }, { cluster }) => [
    { operation: 'ecs:DeleteService', input: { cluster, service: service?.serviceName, force: true }, order: 1 },
  ],
  'ecs:RegisterDaemonTaskDefinition': ({ daemonTaskDefinitionArn }) => [
    { operation: 'ecs:DeleteDaemonTaskDefinition', input: { daemonTaskDefinition: daemonTaskDefinitionArn }, order: 3 },
  ],
  'ecs:CreateExpressGatewayService': ({ service }) => [
    { operation: 'ecs:DeleteExpressGatewayService', input: { serviceArn: service?.serviceArn }, order: 1 },
  ],
  'ecs:RunTask': ({ tasks = [] }, { cluster }) =>
    tasks.map((task: Output) => ({ operation: 'ecs:StopTask', input: { cluster, task: task.taskArn }, order: 1 })),
  'ecs:RegisterTaskDefinition': ({ taskDefinition }) => [
    {
      operation: 'ecs:DeregisterTaskDefinition',
      input: { taskDefinition: taskDefinition?.taskDefinitionArn },
      order: 2,
    },
    {
      operation: 'ecs:DeleteTaskDefinitions',
      input: { taskDefinitions: [taskDefinition?.taskDefinitionArn] },
      order: 3,
    },
  ],
  'ecs:CreateCluster': ({ cluster }) => [
    { operation: 'ecs:DeleteCluster', input: { cluster: cluster?.clusterName }, order: 4 },
  ],
  'ecr:CreateRepository': (_, { repositoryName }) => [
    { operation: 'ecr:DeleteRepository', input: { repositoryName, force: true }, order: 4 },
  ],
  'ecr:PutImage': ({ image }, { repositoryName }) => [
    { operation: 'ecr:BatchDeleteImage', input: { repositoryName, imageIds: [image?.imageId] }, order: 2 },
  ],
  'codedeploy:CreateApplication': (_, { applicationName }) => [
    { operation: 'codedeploy:DeleteApplication', input: { applicationName }, order: 2 },
  ],
  'events:PutRule': (_, { Name }) => [{ operation: 'events:DeleteRule', input: { Name }, order: 2 }],
  'events:PutTargets': (_, { Rule, Targets }) => [
    { operation: 'events:RemoveTargets', input: { Rule, Ids: (Targets as Output[]).map(({ Id }) => Id) }, order: 1 },
  ],
  'scheduler:CreateSchedule': (_, { Name }) => [{ operation: 'scheduler:DeleteSchedule', input: { Name }, order: 1 }],
  'autoscaling:RegisterScalableTarget': (_, { ServiceNamespace, ScalableDimension, ResourceId }) => [
    {
      operation: 'autoscaling:DeregisterScalableTarget',
      input: { ServiceNamespace, ScalableDimension, ResourceId },
      order: 0,
    },
  ],
  'logs:CreateLogGroup': (_, { logGroupName }) => [
    { operation: 'logs:DeleteLogGroup', input: { logGroupName }, order: 4 },
  ],
  'cloudwatch:SetAlarmState': (_, { AlarmName }) => [
    {
      operation: 'cloudwatch:SetAlarmState',
      input: { AlarmName, StateValue: 'OK', StateReason: 'conformance' },
      order: 4,
    },
  ],
};

interface Sendable {
  send(command: unknown, options: { abortSignal: AbortSignal }): Promise<Output>;
}

/** The SDK's clients of one endpoint. Credentials are the SDK's own choice, or made up for an endpoint on this machine. */
export class Clients {
  readonly #clients = new Map<string, Sendable>();
  readonly #config: object;

  constructor({ url, region }: Pick<Endpoint, 'url' | 'region'>, env: Readonly<Record<string, string | undefined>>) {
    const local = url !== undefined && env.AWS_ACCESS_KEY_ID === undefined && env.AWS_PROFILE === undefined;
    this.#config = {
      region,
      ...(url === undefined ? {} : { endpoint: url }),
      ...(local ? { credentials: { accessKeyId: 'CONFORMANCE', secretAccessKey: 'conformance' } } : {}),
      maxAttempts: 6,
      requestHandler: { requestTimeout: 30_000, connectionTimeout: 10_000 },
    };
  }

  async send(operation: Operation, input: Input, signal: AbortSignal): Promise<Answer> {
    const [service = '', name = ''] = operation.split(':');
    const [library, Client] = SDK[service as keyof typeof SDK];
    const Command = (library as unknown as Record<string, new (input: Input) => object>)[`${name}Command`];
    if (!Command) throw new Error(`The SDK has no ${operation}.`);
    const client =
      this.#clients.get(service) ?? (new (Client as new (config: object) => unknown)(this.#config) as Sendable);
    this.#clients.set(service, client);
    try {
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(CALL_SECONDS * 1000)]);
      return { kind: 'ok', output: await client.send(new Command(input), { abortSignal }) };
    } catch (thrown) {
      signal.throwIfAborted();
      return answerOf(thrown);
    }
  }
}

function answerOf(thrown: unknown): Answer {
  const {
    name = 'Error',
    message = '',
    $metadata,
    $response,
  } = thrown as {
    name?: string;
    message?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status === undefined) return { kind: 'no answer', message: `${name}: ${message}` };
  if (name === 'SyntaxError')
    return { kind: 'no answer', message: `HTTP ${status}, and the body is not in AWS's format` };
  if (NOT_IMPLEMENTED.test(name) || status === 501) return { kind: 'not implemented', message: `${name}: ${message}` };
  return { kind: 'refused', name, message, status };
}

/** What one row does in the account. All that it creates is removed by `clean`, whatever happened. */
export class Scope {
  readonly endpoint: Endpoint;
  /** The beginning of the row's names; a letter first, at most 60 characters. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly #clients: Clients;
  readonly #undo: Undo[] = [];

  constructor(clients: Clients, { endpoint, name, signal }: { endpoint: Endpoint; name: string; signal: AbortSignal }) {
    this.#clients = clients;
    this.endpoint = endpoint;
    this.name = name;
    this.signal = signal;
  }

  /** The value of an output of the stack; rows name what they need, so that it is there. */
  output(need: keyof Stack): string {
    return this.endpoint.stack[need] ?? '';
  }

  /** AWS's answer, also when it refuses. @throws when the run is cancelled */
  async ask(operation: Operation, input: Input): Promise<Answer> {
    const answer = await this.#clients.send(operation, input, this.signal);
    if (answer.kind === 'ok') this.#undo.push(...(UNDO[operation]?.(answer.output, input) ?? []));
    return answer;
  }

  /** The output of a call that must succeed for the row to make sense. @throws PreparationFailed */
  async need(operation: Operation, input: Input): Promise<Output> {
    const answer = await this.ask(operation, input);
    if (answer.kind === 'ok') return answer.output;
    const why = answer.kind === 'refused' ? `${answer.name}: ${answer.message}` : `${answer.kind}: ${answer.message}`;
    throw new PreparationFailed(`${operation}: ${why}`);
  }

  sleep(seconds: number): Promise<void> {
    return this.endpoint.time.sleep(seconds, this.signal);
  }

  /** What was created before, by a run that could not remove it: `clean` removes it too. */
  take(left: readonly Undo[]): void {
    this.#undo.push(...left);
  }

  /** Also after a cancellation. @returns what could not be removed, each with the reason */
  async clean(): Promise<string[]> {
    const left: string[] = [];
    const signal = AbortSignal.timeout(CLEAN_SECONDS * 2000);
    const all = [...new Map(this.#undo.splice(0).map((one) => [JSON.stringify(one), one])).values()];
    for (const undo of all.sort((a, b) => a.order - b.order)) {
      // A cleanup that is too late reports the rest, too.
      const problem = await this.#remove(undo, signal).catch((thrown: unknown) => String(thrown));
      if (problem !== undefined) left.push(`${undo.operation} ${JSON.stringify(undo.input)}: ${problem}`);
    }
    return left;
  }

  async #remove({ operation, input }: Undo, signal: AbortSignal): Promise<string | undefined> {
    const { time } = this.endpoint;
    const until = time.now() + CLEAN_SECONDS;
    for (;;) {
      const answer = await this.#clients.send(operation, input, signal);
      if (answer.kind === 'ok' || (answer.kind === 'refused' && GONE.test(answer.name))) return undefined;
      const words = answer.kind === 'refused' ? `${answer.name}: ${answer.message}` : answer.message;
      if (answer.kind === 'not implemented' || time.now() >= until) return words;
      await time.sleep(5, signal);
    }
  }
}
