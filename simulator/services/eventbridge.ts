import { ApiException, type CallContext, type Input, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

/** A rule of a bus. What a target has beyond its Id is kept as it was sent. */
interface SimRule {
  readonly definition: Input;
  readonly targets: Map<string, Input>;
  readonly tags: Map<string, string>;
}

/** "You can configure up to five targets per rule." https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html */
const MOST_TARGETS = 5;
const PAGE = 100;

const refused = (name: string, message: string): ApiException => new ApiException(name, message);
const list = (value: unknown): readonly Input[] => (Array.isArray(value) ? value : []);
const object = (value: unknown): Input => (typeof value === 'object' && value !== null ? (value as Input) : {});

/** Amazon EventBridge: rules and their targets. Nothing is started by them; what they would start is what a client reads. */
export class EventBridge implements Service {
  readonly name = 'events';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AWSEvents';
  readonly buses = new Map<string, Map<string, SimRule>>([['default', new Map()]]);

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const sdk = await import('@aws-sdk/client-eventbridge');
    const wrong = requestProblem(operation, input, sdk);
    if (wrong) throw refused('ValidationException', wrong.words);
    switch (operation) {
      case 'CreateEventBus':
        this.buses.set(String(input.Name), new Map());
        return { EventBusArn: `${arnOf(context)}:event-bus/${String(input.Name)}` };
      case 'ListEventBuses':
        return paged(
          [...this.buses.keys()].map((Name) => ({ Name, Arn: `${arnOf(context)}:event-bus/${Name}` })),
          input,
          'EventBuses',
        );
      case 'PutRule':
        return this.#putRule(input, context);
      case 'DescribeRule': {
        const { definition } = this.#rule(input.Name, input);
        return { ...definition, Arn: ruleArn(context, busOf(input), String(input.Name)), EventBusName: busOf(input) };
      }
      case 'ListRules':
        return this.#listRules(input, context);
      case 'ListRuleNamesByTarget': {
        const names = [...this.#bus(input)]
          .filter(([, { targets }]) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
          .map(([name]) => name);
        return paged(names, input, 'RuleNames');
      }
      case 'ListTargetsByRule':
        return paged([...this.#rule(input.Rule, input).targets.values()], input, 'Targets');
      case 'PutTargets':
        return this.#putTargets(input);
      case 'RemoveTargets': {
        const { targets } = this.#changeable(input.Rule, input);
        for (const id of input.Ids as string[]) targets.delete(id);
        return { FailedEntryCount: 0, FailedEntries: [] };
      }
      case 'DeleteRule': {
        // "Before you can delete the rule, you must remove all targets"; a rule that does not exist is deleted already.
        const rule = this.#bus(input).get(String(input.Name));
        if (rule && this.#changeable(input.Name, input).targets.size > 0)
          throw refused('ValidationException', "Rule can't be deleted since it has targets.");
        this.#bus(input).delete(String(input.Name));
        return {};
      }
      case 'TagResource':
        for (const { Key, Value } of list(input.Tags))
          this.#byArn(input.ResourceARN).tags.set(String(Key), String(Value));
        return {};
      case 'ListTagsForResource':
        return { Tags: [...this.#byArn(input.ResourceARN).tags].map(([Key, Value]) => ({ Key, Value })) };
      default:
        throw refused('UnknownOperationException', `The simulator does not know events:${operation}.`);
    }
  }

  #bus(input: Input): Map<string, SimRule> {
    const bus = this.buses.get(busOf(input));
    if (!bus) throw refused('ResourceNotFoundException', `Event bus ${busOf(input)} does not exist.`);
    return bus;
  }

  #rule(name: unknown, input: Input): SimRule {
    const rule = this.#bus(input).get(String(name));
    if (!rule)
      throw refused('ResourceNotFoundException', `Rule ${String(name)} does not exist on EventBus ${busOf(input)}.`);
    return rule;
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html (ManagedRuleException) */
  #changeable(name: unknown, input: Input): SimRule {
    const rule = this.#rule(name, input);
    if (rule.definition.ManagedBy !== undefined)
      throw refused('ManagedRuleException', `Rule ${String(name)} is managed by an AWS service.`);
    return rule;
  }

  #byArn(arn: unknown): SimRule {
    const [, path = ''] = String(arn).split(':rule/');
    const slash = path.lastIndexOf('/');
    const bus = slash < 0 ? 'default' : path.slice(0, slash);
    return this.#rule(path.slice(slash + 1), { EventBusName: bus });
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
  #putRule(input: Input, context: CallContext): object {
    const { Name, ScheduleExpression, EventPattern, Tags, EventBusName: _, ...rest } = input;
    const name = String(Name);
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw refused('ValidationException', `Invalid rule name ${name}.`);
    if (ScheduleExpression === undefined && EventPattern === undefined)
      throw refused('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
    if (ScheduleExpression !== undefined && busOf(input) !== 'default')
      throw refused('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
    if (ScheduleExpression !== undefined && !/^(?:rate|cron)\([^)]+\)$/.test(String(ScheduleExpression)))
      throw refused('ValidationException', 'Parameter ScheduleExpression is not valid.');
    const before = this.#bus(input).get(name);
    const definition = {
      State: 'ENABLED',
      ...rest,
      Name,
      ...(ScheduleExpression === undefined ? { EventPattern } : { ScheduleExpression }),
    };
    const tags = new Map(list(Tags).map(({ Key, Value }): [string, string] => [String(Key), String(Value)]));
    this.#bus(input).set(name, { definition, targets: before?.targets ?? new Map(), tags: before?.tags ?? tags });
    return { RuleArn: ruleArn(context, busOf(input), name) };
  }

  #listRules(input: Input, context: CallContext): object {
    const rules = [...this.#bus(input)]
      .filter(([name]) => name.startsWith(String(input.NamePrefix ?? '')))
      .map(([name, { definition }]) => ({
        ...definition,
        Arn: ruleArn(context, busOf(input), name),
        EventBusName: busOf(input),
      }));
    return paged(rules, input, 'Rules');
  }

  /**
   * A target of the same Id is replaced whole: what the new one does not have is gone. What is wrong with one of several fails alone, with
   * status 200. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
   */
  #putTargets(input: Input): object {
    const { targets } = this.#changeable(input.Rule, input);
    const given = list(input.Targets);
    const ids = given.map(({ Id }) => String(Id));
    if (new Set(ids).size < ids.length) throw refused('ValidationException', 'Duplicate target Ids in the request.');
    for (const target of given) {
      const { Arn, RoleArn } = target;
      if (target.EcsParameters === undefined) continue;
      const { TaskCount = 1, TaskDefinitionArn } = object(target.EcsParameters);
      if (RoleArn === undefined) throw refused('ValidationException', `RoleArn is required for target ${String(Arn)}.`);
      if (!/:cluster\//.test(String(Arn)))
        throw refused('ValidationException', `Parameter EcsParameters is not valid for target ${String(Arn)}.`);
      if (!/^arn:[\w-]+:ecs:[^:]+:\d{12}:task-definition\/[\w-]+(?::\d+)?$/.test(String(TaskDefinitionArn)))
        throw refused('ValidationException', `Provided Arn is not in correct format. ${String(TaskDefinitionArn)}`);
      if (Number(TaskCount) < 1) throw refused('ValidationException', 'TaskCount must be at least 1.');
    }
    const all = new Set([...targets.keys(), ...ids]);
    if (all.size > MOST_TARGETS)
      throw refused('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    for (const target of given) targets.set(String(target.Id), target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  }
}

const busOf = ({ EventBusName }: Input): string => {
  const name = String(EventBusName ?? 'default');
  return name.startsWith('arn:') ? (name.split(':event-bus/')[1] ?? name) : name;
};
const arnOf = ({ partition, region, accountId }: CallContext): string =>
  `arn:${partition}:events:${region}:${accountId}`;
const ruleArn = (context: CallContext, bus: string, name: string): string =>
  `${arnOf(context)}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;

/** One page: `Limit` from 1 to 100. */
function paged(items: readonly unknown[], { Limit = PAGE, NextToken }: Input, member: string): object {
  const size = Number(Limit);
  if (!Number.isInteger(size) || size < 1 || size > PAGE)
    throw refused('ValidationException', `Limit must be between 1 and ${PAGE}.`);
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from)) throw refused('ValidationException', 'NextToken is not valid.');
  const until = from + size;
  return { [member]: items.slice(from, until), ...(until < items.length ? { NextToken: String(until) } : {}) };
}
