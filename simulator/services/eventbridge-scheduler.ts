import type { SimClock } from '../clock.ts';
import { ApiException, type CallContext, type Input, type RestRequest, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

interface SimSchedule {
  readonly content: Input;
  readonly createdAt: number;
  readonly changedAt: number;
}

interface SimGroup {
  readonly tags: Map<string, string>;
  readonly schedules: Map<string, SimSchedule>;
}

const PAGE = 100;
const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const EXPRESSION =
  /^(?:at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\(\d+ (?:minute|hour|day)s?\)|cron\((?:\S+ ){5}\S+\))$/;
const DEFAULT_RETRIES = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

const object = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});
const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);
const bad = (message: string): ApiException => new ApiException('ValidationException', message);
const missing = (what: string): ApiException =>
  new ApiException('ResourceNotFoundException', `${what} does not exist.`, 404);

/** Operations by method and path; `{}` is the label. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, label: string])[] = [
  ['POST', /^\/schedules\/([^/]+)$/, 'CreateSchedule', 'Name'],
  ['GET', /^\/schedules\/([^/]+)$/, 'GetSchedule', 'Name'],
  ['PUT', /^\/schedules\/([^/]+)$/, 'UpdateSchedule', 'Name'],
  ['DELETE', /^\/schedules\/([^/]+)$/, 'DeleteSchedule', 'Name'],
  ['GET', /^\/schedules$/, 'ListSchedules', ''],
  ['POST', /^\/schedule-groups\/([^/]+)$/, 'CreateScheduleGroup', 'Name'],
  ['GET', /^\/schedule-groups$/, 'ListScheduleGroups', ''],
  ['GET', /^\/tags\/(.+)$/, 'ListTagsForResource', 'ResourceArn'],
  ['POST', /^\/tags\/(.+)$/, 'TagResource', 'ResourceArn'],
];
/** Names of query parameters that are not the member's own. */
const QUERY: Readonly<Record<string, string>> = {
  groupName: 'GroupName',
  ScheduleGroup: 'GroupName',
  clientToken: 'ClientToken',
};

/** Amazon EventBridge Scheduler: schedules in groups. Nothing is started by them; what they would start is what a client reads. */
export class EventBridgeScheduler implements Service {
  readonly name = 'scheduler';
  readonly protocol = 'rest-json' as const;
  readonly targetPrefix = '';
  readonly groups = new Map<string, SimGroup>([['default', { tags: new Map(), schedules: new Map() }]]);
  readonly #clock: SimClock;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  route({ method, path, query }: RestRequest): { operation: string; input: Input } | undefined {
    for (const [wanted, pattern, operation, label] of ROUTES) {
      const found = method === wanted ? pattern.exec(path) : undefined;
      if (!found) continue;
      const given = [...query].map(([name, value]): [string, unknown] => [
        QUERY[name] ?? name,
        name === 'MaxResults' ? Number(value) : value,
      ]);
      const named = label === '' ? [] : [[label, decodeURIComponent(found[1] ?? '')]];
      return { operation, input: Object.fromEntries([...given, ...named]) };
    }
    return undefined;
  }

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-scheduler'));
    if (wrong) throw bad(wrong.words);
    const arn = (kind: string, path: string): string =>
      `arn:${context.partition}:scheduler:${context.region}:${context.accountId}:${kind}/${path}`;
    const scheduleArn = arn('schedule', `${String(input.GroupName ?? 'default')}/${String(input.Name)}`);
    switch (operation) {
      case 'CreateSchedule': {
        if (this.#group(input).schedules.has(String(input.Name)))
          throw new ApiException('ConflictException', `Schedule ${String(input.Name)} already exists.`, 409);
        this.#put(input, this.#clock.now());
        return { ScheduleArn: scheduleArn };
      }
      case 'GetSchedule': {
        const { content, createdAt, changedAt } = this.#schedule(input);
        return { ...content, Arn: scheduleArn, CreationDate: createdAt, LastModificationDate: changedAt };
      }
      case 'UpdateSchedule':
        this.#put(input, this.#schedule(input).createdAt);
        return { ScheduleArn: scheduleArn };
      case 'DeleteSchedule':
        this.#schedule(input);
        this.#group(input).schedules.delete(String(input.Name));
        return {};
      case 'ListSchedules':
        return this.#list(input, arn);
      case 'CreateScheduleGroup': {
        const name = String(input.Name);
        if (!NAME.test(name)) throw bad(`Invalid schedule group name ${name}.`);
        if (this.groups.has(name))
          throw new ApiException('ConflictException', `Schedule group ${name} already exists.`, 409);
        const tags = list(input.Tags).map(({ Key, Value }): [string, string] => [String(Key), String(Value)]);
        this.groups.set(name, { tags: new Map(tags), schedules: new Map() });
        return { ScheduleGroupArn: arn('schedule-group', name) };
      }
      case 'ListScheduleGroups': {
        const groups = [...this.groups.keys()].map((name) => ({
          Arn: arn('schedule-group', name),
          Name: name,
          State: 'ACTIVE',
        }));
        return paged(groups, input, 'ScheduleGroups');
      }
      case 'TagResource':
        for (const { Key, Value } of list(input.Tags))
          this.#groupOf(input.ResourceArn).tags.set(String(Key), String(Value));
        return {};
      case 'ListTagsForResource':
        return { Tags: [...this.#groupOf(input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })) };
      default:
        throw new ApiException('UnknownOperationException', `The simulator does not know scheduler:${operation}.`, 404);
    }
  }

  /** "You can tag schedule groups": a schedule has no tags. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-tags.html */
  #groupOf(arn: unknown): SimGroup {
    const [, name] = /:schedule-group\/([^/]+)$/.exec(String(arn)) ?? [];
    if (name === undefined) throw bad(`Invalid resource ARN ${String(arn)}: only schedule groups have tags.`);
    return this.#group({ GroupName: name });
  }

  #group({ GroupName = 'default' }: Input): SimGroup {
    const group = this.groups.get(String(GroupName));
    if (!group) throw missing(`Schedule group ${String(GroupName)}`);
    return group;
  }

  #schedule(input: Input): SimSchedule {
    const schedule = this.#group(input).schedules.get(String(input.Name));
    if (!schedule) throw missing(`Schedule ${String(input.Name)}`);
    return schedule;
  }

  #list(input: Input, arn: (kind: string, path: string) => string): object {
    if (input.GroupName !== undefined) this.#group(input);
    const all = [...this.groups]
      .filter(([name]) => input.GroupName === undefined || input.GroupName === name)
      .flatMap(([group, { schedules }]) =>
        [...schedules].map(([name, { content, createdAt, changedAt }]) => ({
          Arn: arn('schedule', `${group}/${name}`),
          Name: name,
          GroupName: group,
          State: content.State,
          CreationDate: createdAt,
          LastModificationDate: changedAt,
          Target: { Arn: object(content.Target).Arn },
        })),
      );
    const { NamePrefix = '', State } = input;
    const shown = all.filter((one) => one.Name.startsWith(String(NamePrefix)) && (State ?? one.State) === one.State);
    return paged(shown, input, 'Schedules');
  }

  /**
   * Creates or replaces: "EventBridge Scheduler uses all values, including empty values, specified in the request and overrides the existing
   * schedule ... if you do not provide a value for an optional field, that field will be set to its system-default value."
   * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
   */
  #put(input: Input, createdAt: number): void {
    const { ClientToken: _, ...given } = input;
    checkSchedule(given);
    const target = object(given.Target);
    const content = {
      GroupName: 'default',
      State: 'ENABLED',
      ScheduleExpressionTimezone: 'UTC',
      ActionAfterCompletion: 'NONE',
      ...given,
      Target: { ...target, RetryPolicy: { ...DEFAULT_RETRIES, ...object(target.RetryPolicy) } },
    };
    this.#group(input).schedules.set(String(input.Name), { content, createdAt, changedAt: this.#clock.now() });
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html, and the types of its members */
function checkSchedule(given: Input): void {
  const { Name, ScheduleExpression, State, ActionAfterCompletion, StartDate, EndDate } = given;
  const { Mode, MaximumWindowInMinutes: minutes } = object(given.FlexibleTimeWindow);
  const target = object(given.Target);
  if (!NAME.test(String(Name))) throw bad(`Invalid schedule name ${String(Name)}.`);
  if (!EXPRESSION.test(String(ScheduleExpression)))
    throw bad(`Invalid Schedule Expression ${String(ScheduleExpression)}.`);
  if (State !== undefined && State !== 'ENABLED' && State !== 'DISABLED')
    throw bad('State must be ENABLED or DISABLED.');
  if (ActionAfterCompletion !== undefined && !['NONE', 'DELETE'].includes(String(ActionAfterCompletion)))
    throw bad('ActionAfterCompletion must be NONE or DELETE.');
  if (Mode !== 'OFF' && Mode !== 'FLEXIBLE') throw bad('Mode of FlexibleTimeWindow must be OFF or FLEXIBLE.');
  if ((Mode === 'FLEXIBLE') !== (minutes !== undefined))
    throw bad('MaximumWindowInMinutes is for a flexible time window, which has to have it.');
  if (minutes !== undefined && (Number(minutes) < 1 || Number(minutes) > 1440))
    throw bad('MaximumWindowInMinutes must be between 1 and 1440.');
  if (StartDate !== undefined && EndDate !== undefined && Number(StartDate) >= Number(EndDate))
    throw bad('The StartDate must be before the EndDate.');
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(String(target.RoleArn))) throw bad('Provided RoleArn is not valid.');
  checkEcs(target);
  const { MaximumEventAgeInSeconds: age = 60, MaximumRetryAttempts: retries = 0 } = object(target.RetryPolicy);
  if (Number(age) < 60 || Number(age) > 86_400) throw bad('MaximumEventAgeInSeconds must be between 60 and 86400.');
  if (Number(retries) < 0 || Number(retries) > 185) throw bad('MaximumRetryAttempts must be between 0 and 185.');
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html */
function checkEcs({ Arn, EcsParameters }: Input): void {
  const toCluster = /:ecs:[^:]+:\d{12}:cluster\//.test(String(Arn));
  if (EcsParameters === undefined) {
    if (toCluster) throw bad('EcsParameters is required for an Amazon ECS target.');
    return;
  }
  if (!toCluster) throw bad(`EcsParameters is not valid for the target ${String(Arn)}.`);
  const { TaskCount = 1, LaunchType, CapacityProviderStrategy } = object(EcsParameters);
  if (Number(TaskCount) < 1 || Number(TaskCount) > 10) throw bad('TaskCount must be between 1 and 10.');
  if (LaunchType !== undefined && CapacityProviderStrategy !== undefined)
    throw bad('If a CapacityProviderStrategy is specified, the LaunchType parameter must be omitted.');
}

function paged(items: readonly unknown[], { MaxResults = PAGE, NextToken }: Input, member: string): object {
  const size = Number(MaxResults);
  if (!Number.isInteger(size) || size < 1 || size > PAGE) throw bad(`MaxResults must be between 1 and ${PAGE}.`);
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw bad('NextToken is not valid.');
  const until = from + size;
  return { [member]: items.slice(from, until), ...(until < items.length ? { NextToken: String(until) } : {}) };
}
