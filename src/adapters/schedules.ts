import type { Target as RuleTarget } from '@aws-sdk/client-eventbridge';
import type { UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { BuildMiddleware, DeserializeMiddleware } from '@smithy/types';
import { Failure } from '../failure.ts';
import { inTurns } from '../in-turns.ts';
import {
  defined,
  isObject,
  type Json,
  type JsonObject,
  type ScheduledTask,
  type ScheduleId,
  type ScheduleMove,
  type ScheduleState,
} from '../model.ts';
import type { Schedules } from '../ports.ts';
import {
  type ApiAction,
  ATTEMPTS,
  type AwsConfig,
  lazyClients,
  paged,
  type Retry,
  required,
  unlessMissing,
  withRetry,
} from './aws.ts';

const PER_PAGE = 100;
const DEFAULT_BUS = 'default';
/** So many are read side by side: both services limit their calls by account. */
const AT_A_TIME = 10;

/**
 * The port Schedules over EventBridge and EventBridge Scheduler, whose libraries are loaded with the first question to each.
 *
 * Both updates replace everything: of a schedule an omitted field "will be set to its system-default value" (a disabled one starts to
 * run), of a target it is gone. So what is read is kept as AWS wrote it and sent back as it is, with members that this release of the SDK
 * does not know: the SDK itself drops those.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function createSchedules(config: AwsConfig, retry: Retry): Schedules {
  const own = { ...config, ...ATTEMPTS };
  const rules = createRules(own, retry);
  const schedules = createScheduler(own, retry);
  const read = (id: ScheduleId): Promise<ScheduleState | undefined> =>
    id.kind === 'rule' ? rules.read(id) : schedules.read(id);
  return {
    read,
    move: (state, moves) => (state.id.kind === 'rule' ? rules.move(state, moves) : schedules.move(state, moves)),
    async ofCluster(cluster, buses) {
      const lists = await Promise.all([
        schedules.list((target) => target === cluster),
        inTurns(buses, AT_A_TIME, (bus) => rules.ofTarget(cluster, bus)),
      ]);
      return (await inTurns(lists.flat(2), AT_A_TIME, read)).flatMap((state) => state ?? []);
    },
    buses: rules.buses,
    list: async () => (await Promise.all([schedules.list(() => true), rules.list()])).flat(),
    async tags({ kind, container, name }, { account, region, partition }) {
      const place = `arn:${partition}:${kind === 'rule' ? 'events' : 'scheduler'}:${region}:${account}`;
      return kind === 'rule'
        ? rules.tags(`${place}:rule/${container === 'default' ? '' : `${container}/`}${name}`)
        : schedules.tags(`${place}:schedule-group/${container}`);
    },
  };
}

/** Members that GetSchedule adds and UpdateSchedule does not take. */
const READ_ONLY = ['Arn', 'CreationDate', 'LastModificationDate'];

function createScheduler(config: AwsConfig, retry: Retry) {
  const clients = lazyClients(
    config,
    () => import('@aws-sdk/client-scheduler'),
    (sdk, given) => new sdk.SchedulerClient(given),
  );
  /** Tags of a group, asked once: several schedules are in it. */
  const asked = new Map<string, Promise<{ readonly key: string; readonly value: string }[]>>();
  return {
    read: (id: ScheduleId): Promise<ScheduleState | undefined> =>
      unlessMissing(async () => {
        const { sdk, client } = await clients(config.region);
        const content = await withRetry(retry, 'scheduler:GetSchedule', async () => {
          const command = new sdk.GetScheduleCommand({ Name: id.name, GroupName: id.container });
          const kept = keepAnswer(command.middlewareStack);
          await client.send(command);
          return kept();
        });
        const target = required(
          isObject(content.Target) ? content.Target : undefined,
          'scheduler:GetSchedule',
          'Target',
        );
        return { id, content, ...targetsOf([target]) };
      }),

    async move({ id, content }: ScheduleState, moves: readonly ScheduleMove[]): Promise<void> {
      const { sdk, client } = await clients(config.region);
      const body = Object.fromEntries(Object.entries(content).filter(([member]) => !READ_ONLY.includes(member)));
      const moved: JsonObject = { ...body, GroupName: id.container, Target: withRevision(content.Target ?? {}, moves) };
      await whileBusy(retry, 'scheduler:UpdateSchedule', async () => {
        // What the SDK would write is replaced as a whole; the members are those that it insists on.
        const command = new sdk.UpdateScheduleCommand({
          ...moved,
          Name: id.name,
        } as unknown as UpdateScheduleCommandInput);
        sendAsIs(command.middlewareStack, moved);
        await client.send(command);
      });
    },

    /** @param wanted by the ARN of its target */
    async list(wanted: (target: string) => boolean): Promise<ScheduleId[]> {
      const { sdk, client } = await clients(config.region);
      return paged(async (NextToken) => {
        const page = { MaxResults: PER_PAGE, ...defined({ NextToken }) };
        const answer = await withRetry(retry, 'scheduler:ListSchedules', () =>
          client.send(new sdk.ListSchedulesCommand(page)),
        );
        const items = required(answer.Schedules, 'scheduler:ListSchedules', 'Schedules').flatMap(
          ({ Name = '', GroupName = 'default', Target }): ScheduleId | [] =>
            wanted(Target?.Arn ?? '') ? { kind: 'schedule', container: GroupName, name: Name } : [],
        );
        return { items, next: answer.NextToken };
      });
    },

    tags(ResourceArn: string) {
      const answer =
        asked.get(ResourceArn) ??
        (async () => {
          const { sdk, client } = await clients(config.region);
          const { Tags = [] } = await withRetry(retry, 'scheduler:ListTagsForResource', () =>
            client.send(new sdk.ListTagsForResourceCommand({ ResourceArn })),
          );
          return Tags.map(({ Key: key = '', Value: value = '' }) => ({ key, value }));
        })();
      asked.set(ResourceArn, answer);
      return answer;
    },
  };
}

function createRules(config: AwsConfig, retry: Retry) {
  const clients = lazyClients(
    config,
    () => import('@aws-sdk/client-eventbridge'),
    (sdk, given) => new sdk.EventBridgeClient(given),
  );
  /** Names, page by page. */
  async function names(
    action: ApiAction,
    ask: (page: { readonly Limit: number; readonly NextToken?: string }) => Promise<{
      readonly names: readonly string[] | undefined;
      readonly next: string | undefined;
    }>,
  ): Promise<string[]> {
    return paged(async (NextToken) => {
      const answer = await withRetry(retry, action, () => ask({ Limit: PER_PAGE, ...defined({ NextToken }) }));
      return { items: required(answer.names, action, 'RuleNames'), next: answer.next };
    });
  }
  return {
    read: (id: ScheduleId): Promise<ScheduleState | undefined> =>
      unlessMissing(async () => {
        const { sdk, client } = await clients(config.region);
        const all = await paged(async (NextToken) => {
          const content = await withRetry(retry, 'events:ListTargetsByRule', async () => {
            const command = new sdk.ListTargetsByRuleCommand({
              Rule: id.name,
              EventBusName: id.container,
              ...defined({ NextToken }),
            });
            const kept = keepAnswer(command.middlewareStack);
            await client.send(command);
            return kept();
          });
          const { Targets: targets, NextToken: next } = content;
          const items = objectsIn(required(targets, 'events:ListTargetsByRule', 'Targets'));
          return { items, next: typeof next === 'string' ? next : undefined };
        });
        return { id, content: { Targets: all }, ...targetsOf(all) };
      }),

    async move({ id, content }: ScheduleState, moves: readonly ScheduleMove[]): Promise<void> {
      const { sdk, client } = await clients(config.region);
      const moved = objectsIn(content.Targets ?? []).filter(({ Id }) => moves.some(({ target }) => target === Id));
      const body = {
        Rule: id.name,
        EventBusName: id.container,
        Targets: moved.map((target) => withRevision(target, moves)),
      };
      await whileBusy(retry, 'events:PutTargets', async () => {
        const command = new sdk.PutTargetsCommand({ ...body, Targets: body.Targets as unknown as RuleTarget[] });
        sendAsIs(command.middlewareStack, body);
        const { FailedEntries = [] } = await client.send(command);
        const [failed] = FailedEntries;
        // What is wrong with a target comes with status 200.
        if (failed) throw Object.assign(new Error(failed.ErrorMessage ?? ''), { name: failed.ErrorCode ?? 'Error' });
      });
    },

    async ofTarget(TargetArn: string, bus: string): Promise<ScheduleId[]> {
      const { sdk, client } = await clients(config.region);
      const EventBusName = bus === DEFAULT_BUS ? undefined : bus;
      const found = await names('events:ListRuleNamesByTarget', async (page) => {
        const query = { TargetArn, ...page, ...defined({ EventBusName }) };
        const answer = await client.send(new sdk.ListRuleNamesByTargetCommand(query));
        return { names: answer.RuleNames, next: answer.NextToken };
      });
      return found.map((name) => ({ kind: 'rule', container: bus, name }));
    },

    async buses(): Promise<readonly string[]> {
      const { sdk, client } = await clients(config.region);
      return names('events:ListEventBuses', async (page) => {
        const answer = await client.send(new sdk.ListEventBusesCommand(page));
        return { names: answer.EventBuses?.map(({ Name = '' }) => Name), next: answer.NextToken };
      });
    },

    async list(): Promise<ScheduleId[]> {
      const { sdk, client } = await clients(config.region);
      const found = await names('events:ListRules', async (page) => {
        const answer = await client.send(new sdk.ListRulesCommand(page));
        return { names: answer.Rules?.map(({ Name = '' }) => Name), next: answer.NextToken };
      });
      return found.map((name) => ({ kind: 'rule', container: DEFAULT_BUS, name }));
    },

    async tags(ResourceARN: string) {
      const { sdk, client } = await clients(config.region);
      const { Tags = [] } = await withRetry(retry, 'events:ListTagsForResource', () =>
        client.send(new sdk.ListTagsForResourceCommand({ ResourceARN })),
      );
      return Tags.map(({ Key: key = '', Value: value = '' }) => ({ key, value }));
    },
  };
}

const objectsIn = (list: Json): readonly JsonObject[] => (Array.isArray(list) ? list.filter(isObject) : []);

/** What the targets run, and the ARNs of those that run no ECS task. */
function targetsOf(targets: readonly JsonObject[]): Pick<ScheduleState, 'targets' | 'others'> {
  const tasks = targets.map((target): ScheduledTask | undefined => {
    const { Id, EcsParameters, RoleArn } = target;
    const taskDefinition = isObject(EcsParameters) ? EcsParameters.TaskDefinitionArn : undefined;
    if (typeof taskDefinition !== 'string') return undefined;
    return {
      taskDefinition,
      ...defined({
        target: typeof Id === 'string' ? Id : undefined,
        role: typeof RoleArn === 'string' ? RoleArn : undefined,
      }),
    };
  });
  return {
    targets: tasks.flatMap((task) => task ?? []),
    others: targets.flatMap(({ Arn }, index) => (tasks[index] === undefined ? [String(Arn)] : [])),
  };
}

/** The target with the revision of its move, and all else as it is. */
function withRevision(target: Json, moves: readonly ScheduleMove[]): Json {
  if (!isObject(target) || !isObject(target.EcsParameters)) return target;
  const { EcsParameters: parameters, Id } = target;
  const move = moves.find(({ target: id, from }) => id === Id && from === parameters.TaskDefinitionArn);
  return move ? { ...target, EcsParameters: { ...parameters, TaskDefinitionArn: move.to } } : target;
}

/** As much of a command's middleware stack as is used here. */
interface Stack {
  add(middleware: DeserializeMiddleware<never, never>, options: { step: 'deserialize'; priority: 'low' }): void;
  add(middleware: BuildMiddleware<never, never>, options: { step: 'build'; priority: 'high' }): void;
}

/**
 * Keeps the answer as it came. The body is read whole by the request handler (`timeLimited`).
 * @returns the answer, once the command was sent
 */
function keepAnswer(stack: unknown): () => JsonObject {
  let body: unknown;
  const keep: DeserializeMiddleware<never, never> = (next) => async (given) => {
    const answer = await next(given);
    body = (answer.response as { readonly body?: unknown }).body;
    return answer;
  };
  (stack as Stack).add(keep, { step: 'deserialize', priority: 'low' });
  return () => {
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body ?? '');
    const parsed = JSON.parse(text) as Json;
    return isObject(parsed) ? parsed : {};
  };
}

/** Sends this body in place of what the SDK would write; it is signed as any other. */
function sendAsIs(stack: unknown, content: JsonObject): void {
  const replace: BuildMiddleware<never, never> = (next) => async (given) => {
    (given.request as { body?: unknown }).body = JSON.stringify(content);
    return next(given);
  };
  (stack as Stack).add(replace, { step: 'build', priority: 'high' });
}

/** Pauses before the next attempt where another client changes the same rule or schedule. */
const BUSY_SECONDS = [1, 2, 4];

/** The same call again while AWS answers that another change is under way; each of these sets what is wanted, so twice does no harm. */
async function whileBusy(retry: Retry, action: ApiAction, send: () => Promise<void>): Promise<void> {
  for (const pause of BUSY_SECONDS) {
    try {
      return await withRetry(retry, action, send);
    } catch (thrown) {
      const busy = thrown instanceof Failure && /Concurrent|^Conflict|^Internal/.test(thrown.api?.name ?? '');
      if (!busy) throw thrown;
      await retry.clock.sleep(pause, retry.signal);
    }
  }
  return withRetry(retry, action, send);
}
