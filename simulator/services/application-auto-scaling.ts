import type { SimClock } from '../clock.ts';
import { ApiException, type CallContext, type Input, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

interface SimTarget {
  readonly id: string;
  min: number;
  max: number;
  suspended: Record<string, boolean>;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly activities: Input[];
}

const DIMENSION = 'ecs:service:DesiredCount';
const NONE = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: false };
/** "Maximum number of tags per resource: 50". https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TagResource.html */
const MOST_TAGS = 50;

const invalid = (message: string): ApiException => new ApiException('ValidationException', message);

/** Application Auto Scaling of ECS services: targets and their activities. Policies are what a test scales by (`scale`). */
export class ApplicationAutoScaling implements Service {
  readonly name = 'application-autoscaling';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'AnyScaleFrontendService';
  /** By `service/CLUSTER/SERVICE`. */
  readonly targets = new Map<string, SimTarget>();
  /** Desired count of a service; undefined where there is none. */
  count: (cluster: string, service: string) => number | undefined = () => undefined;
  setCount: (cluster: string, service: string, count: number) => void = () => {};
  readonly #clock: SimClock;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  async handle(operation: string, input: Input, context: CallContext): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-application-auto-scaling'));
    if (wrong) throw invalid(wrong.words);
    switch (operation) {
      case 'RegisterScalableTarget':
        return this.#register(input, context);
      case 'DescribeScalableTargets': {
        const ids = input.ResourceIds as string[] | undefined;
        const found = [...this.targets].filter(([resource]) => ids?.includes(resource) ?? true);
        return { ScalableTargets: found.map(([resource, target]) => describe(resource, target, context)) };
      }
      case 'DeregisterScalableTarget':
        if (!this.targets.delete(String(input.ResourceId)))
          throw new ApiException(
            'ObjectNotFoundException',
            `No scalable target registered for service namespace: ecs, resource ID: ${String(input.ResourceId)}, scalable dimension: ${DIMENSION}`,
          );
        return {};
      case 'DescribeScalingActivities': {
        const { ResourceId, MaxResults = 50 } = input;
        const of = [...this.targets].filter(([resource]) => ResourceId === undefined || resource === ResourceId);
        const activities = of.flatMap(([, target]) => target.activities);
        return { ScalingActivities: activities.toReversed().slice(0, Number(MaxResults)) };
      }
      case 'TagResource': {
        const { tags } = this.#byArn(input.ResourceARN);
        for (const [key, value] of Object.entries(input.Tags as Record<string, string>)) tags.set(key, value);
        if (tags.size > MOST_TAGS) throw new ApiException('TooManyTagsException', 'Too many tags.');
        return {};
      }
      case 'UntagResource': {
        const { tags } = this.#byArn(input.ResourceARN);
        for (const key of input.TagKeys as string[]) tags.delete(key);
        return {};
      }
      case 'ListTagsForResource':
        return { Tags: Object.fromEntries(this.#byArn(input.ResourceARN).tags) };
      default:
        throw new ApiException(
          'UnknownOperationException',
          `The simulator does not know application-autoscaling:${operation}.`,
        );
    }
  }

  /** The target that another AWS service registers for its own resource. */
  registerManaged(
    resource: string,
    { min, max }: { readonly min: number; readonly max: number },
    context: CallContext,
  ): void {
    const range = { MinCapacity: min, MaxCapacity: max };
    this.#register({ ServiceNamespace: 'ecs', ScalableDimension: DIMENSION, ResourceId: resource, ...range }, context);
  }

  /** A policy of the target wants another count; nothing where that direction is suspended. @returns whether it was scaled */
  scale(resource: string, count: number, policy = 'cpu'): boolean {
    const target = this.targets.get(resource);
    const [, cluster = '', service = ''] = resource.split('/');
    const now = this.count(cluster, service);
    if (!target || now === undefined) return false;
    const wanted = Math.min(target.max, Math.max(target.min, count));
    const stopped = wanted < now ? 'DynamicScalingInSuspended' : 'DynamicScalingOutSuspended';
    if (wanted === now || target.suspended[stopped]) return false;
    this.#set(resource, wanted, `monitor alarm web-alarm in state ALARM triggered policy ${policy}`);
    return true;
  }

  #set(resource: string, count: number, cause: string): void {
    const [, cluster = '', service = ''] = resource.split('/');
    this.setCount(cluster, service, count);
    this.targets.get(resource)?.activities.push({
      ActivityId: `activity-${this.targets.get(resource)?.activities.length ?? 0}`,
      ServiceNamespace: 'ecs',
      ResourceId: resource,
      ScalableDimension: DIMENSION,
      Description: `Setting desired count to ${count}.`,
      Cause: cause,
      StartTime: this.#clock.now(),
      EndTime: this.#clock.now(),
      StatusCode: 'Successful',
      StatusMessage: `Successfully set desired count to ${count}. Change successfully fulfilled by ecs.`,
    });
  }

  /**
   * "Any parameters that you don't specify are not changed by this update request"; and of each call: "Application Auto Scaling retrieves the
   * current capacity of the resource. If it's below the minimum capacity or above the maximum capacity, Application Auto Scaling adjusts the
   * capacity of the scalable target to place it within these bounds".
   * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
   */
  #register(input: Input, context: CallContext): object {
    const { ServiceNamespace, ScalableDimension, MinCapacity, MaxCapacity, SuspendedState, Tags } = input;
    const resource = String(input.ResourceId);
    const [, cluster = '', service] = /^service\/([^/]+)\/([^/]+)$/.exec(resource) ?? [];
    if (ServiceNamespace !== 'ecs' || ScalableDimension !== DIMENSION || service === undefined)
      throw invalid(`Unsupported service namespace, resource type or scalable dimension: ${resource}`);
    const existing = this.targets.get(resource);
    if (!existing && (MinCapacity === undefined || MaxCapacity === undefined))
      throw invalid('MinCapacity and MaxCapacity must be specified when registering a new scalable target');
    if (existing && Tags !== undefined)
      throw invalid('Tags can be specified only when a scalable target is registered: use TagResource.');
    const [min, max] = [Number(MinCapacity ?? existing?.min), Number(MaxCapacity ?? existing?.max)];
    if (min > max) throw invalid('Maximum capacity cannot be less than minimum capacity');
    const count = this.count(cluster, service);
    if (count === undefined) throw invalid(`ECS service doesn't exist: ${resource}`);
    const suspended = {
      ...NONE,
      ...(existing && SuspendedState === undefined ? existing.suspended : (SuspendedState as object)),
    };
    const target = existing ?? {
      id: String(this.targets.size).padStart(12, '0'),
      min,
      max,
      suspended,
      createdAt: this.#clock.now(),
      tags: new Map(Object.entries((Tags ?? {}) as Record<string, string>)),
      activities: [],
    };
    Object.assign(target, { min, max, suspended });
    this.targets.set(resource, target);
    const inside = Math.min(max, Math.max(min, count));
    const bound = inside < count ? `maximum capacity was set to ${max}` : `minimum capacity was set to ${min}`;
    if (inside !== count) this.#set(resource, inside, bound);
    return { ScalableTargetARN: arnOf(target, context) };
  }

  #byArn(arn: unknown): SimTarget {
    const found = [...this.targets.values()].find(({ id }) => String(arn).endsWith(`:scalable-target/${id}`));
    if (found) return found;
    throw new ApiException('ResourceNotFoundException', `The specified resource doesn't exist: ${String(arn)}`);
  }
}

const arnOf = ({ id }: SimTarget, { partition, region, accountId }: CallContext): string =>
  `arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/${id}`;

const describe = (resource: string, target: SimTarget, context: CallContext): object => ({
  ServiceNamespace: 'ecs',
  ResourceId: resource,
  ScalableDimension: DIMENSION,
  MinCapacity: target.min,
  MaxCapacity: target.max,
  RoleARN: `arn:${context.partition}:iam::${context.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
  CreationTime: target.createdAt,
  SuspendedState: target.suspended,
  ScalableTargetARN: arnOf(target, context),
});
