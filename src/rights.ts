import { type Denied, denialOf } from './diagnosis/denial.ts';
import { asFailure } from './failure.ts';
import type { AnyInputs } from './inputs/types.ts';
import type { JsonObject, TaskDefinition } from './model.ts';

/** An action that IAM denied. */
export interface Denial extends Denied {
  /** AWS was not asked, because this action before it was denied: whether the role has the right is not known. */
  readonly unasked?: { readonly after: string };
}

/** What the official actions need as well: without these there is no deploy. */
const REQUIRED = [
  'ecs:DescribeServices',
  'ecs:RegisterTaskDefinition',
  'iam:PassRole',
  'ecs:UpdateService',
  // Only with `service-definition`, for a service that does not exist.
  'ecs:CreateService',
  // Only for Express Mode services.
  'ecs:CreateExpressGatewayService',
  'ecs:UpdateExpressGatewayService',
  // Only for daemons: UpdateDaemon gets again what they say.
  'ecs:ListDaemons',
  'ecs:DescribeDaemon',
  'ecs:DescribeDaemonDeployments',
  'ecs:DescribeDaemonRevisions',
  'ecs:DescribeDaemonTaskDefinition',
  'ecs:RegisterDaemonTaskDefinition',
  'ecs:UpdateDaemon',
] as const;
/** What a service needs that CodeDeploy deploys. */
const CODE_DEPLOY: readonly string[] = [
  'codedeploy:GetDeploymentGroup',
  'codedeploy:CreateDeployment',
  // CreateDeployment registers its AppSpec as a revision of the application, and reads the deployment configuration.
  'codedeploy:RegisterApplicationRevision',
  'codedeploy:GetDeploymentConfig',
  'codedeploy:GetDeployment',
  // Where the deployment before only waits to remove its old task set, or for an approval.
  'codedeploy:ContinueDeployment',
];

/** What one-off tasks need: `pre-deploy`, `post-deploy`. */
const TASKS: readonly string[] = ['ecs:RunTask'];

/** What `schedules` needs, besides iam:PassRole on the role of each target. */
const SCHEDULES: readonly string[] = [
  'scheduler:GetSchedule',
  'scheduler:UpdateSchedule',
  'events:ListTargetsByRule',
  'events:PutTargets',
];

/** What `autoscaling: suspend`, `min-capacity` and `max-capacity` need. */
const SCALING: readonly string[] = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:ListTagsForResource',
  'application-autoscaling:RegisterScalableTarget',
  'application-autoscaling:TagResource',
];

/** What a run does without, by action: it continues, and knows or can do less. */
const WITHOUT: Readonly<Record<string, string>> = {
  'ecs:DescribeTaskDefinition':
    'the difference to the running revision is not shown, an equal revision is not reused, and the previous revision is known by its ARN alone',
  'ecs:ListTaskDefinitions': 'older revisions of the family are not found as rollback targets',
  'ecs:TagResource':
    'the revision has no tags, so a later rollback finds it by its number or image, and not by its commit, ref or run; with `service-definition`, the tags of the service stay',
  'ecs:DescribeExpressGatewayService':
    'the URL of an Express Mode service is not shown, and what it has is not compared with the inputs, which are sent each time',
  'ecs:DeleteExpressGatewayService': 'an Express Mode service whose first deployment fails stays',
  'ecs:DeleteDaemonTaskDefinition': 'a daemon task definition of a deployment that failed stays',
  'ecs:UntagResource': 'tags of the service that `express-tags` does not list stay',
  'ecs:DeleteService': 'a service whose first deployment fails is scaled to 0 instead of being deleted',
  'ecs:ListServiceDeployments':
    'the deployment is judged by DescribeServices alone, and rollback targets are not proven',
  'ecs:DescribeServiceDeployments':
    'the deployment is judged by DescribeServices alone: its stage, alarms and circuit breaker are not seen',
  'ecs:DescribeServiceRevisions': 'the image digests that run are not proven',
  'ecs:ListTasks': 'the reasons of tasks that stop are seen in service events alone',
  'ecs:DescribeTasks': 'the reasons of tasks that stop are seen in service events alone',
  'ecs:DescribeCapacityProviders': 'whether the capacity providers of the service add instances is not known',
  'ecs:RunTask': 'one-off tasks (`pre-deploy`, `post-deploy`) cannot run',
  'ecs:StopTask': 'a one-off task whose run is cancelled or whose time is over runs until it ends',
  'codedeploy:GetDeploymentTarget': 'lifecycle events, hooks and traffic of a deployment by CodeDeploy are not seen',
  'codedeploy:StopDeployment': 'a deployment by CodeDeploy cannot be stopped and rolled back while it is under way',
  'codedeploy:ContinueDeployment':
    'a deployment by CodeDeploy that waits (for an approval, or to remove its old task set) is not continued',
  'codedeploy:ListDeployments': 'what CodeDeploy deployed before is not known',
  'codedeploy:BatchGetDeployments': 'what CodeDeploy deployed before is not known',
  'codedeploy:ListApplications': 'the deployment group of the service is not searched for',
  'codedeploy:BatchGetApplications': 'the deployment group of the service is not searched for',
  'codedeploy:ListDeploymentGroups': 'the deployment group of the service is not searched for',
  'codedeploy:BatchGetDeploymentGroups': 'the deployment group of the service is not searched for',
  'ecs:StopServiceDeployment': 'a rollback deploys the previous revision instead of stopping the deployment',
  'ecs:ContinueServiceDeployment':
    'a rollback deploys the previous revision instead of answering the lifecycle hook that waits',
  'ecs:DeregisterTaskDefinition': 'revisions that were not used stay registered',
  'ecr:DescribeRepositories': 'whether the tags of the repository are immutable is not known',
  'ecr:SetRepositoryPolicy': 'the new repository does not have its policy',
  'ecs:ListClusters':
    'clusters with a similar name are not listed, and whether other services use images that `lifecycle-policy` removes is not known',
  'ecs:ListTaskDefinitionFamilies': 'task definition families with a similar name are not listed',
  'ecs:ListServices':
    'services with a similar name are not listed, and whether other services use images that `lifecycle-policy` removes is not known',
  'ecr:PutLifecyclePolicy': 'the lifecycle policy is not put',
  'ecr:GetLifecyclePolicy': 'the lifecycle policy stays as it is',
  'ecr:StartLifecyclePolicyPreview': 'the lifecycle policy stays as it is',
  'ecr:GetLifecyclePolicyPreview': 'the lifecycle policy stays as it is',
  'ecr:DescribeImageScanFindings': 'the findings of the scan are not known, and `scan: wait` ends the run',
  'ecr:DescribeImageReplicationStatus': 'the replication of the image is not waited for',
  'ecr:DescribeImageSigningStatus': "ECR's signature is not waited for",
  'ecr:BatchGetImage': 'the image is not looked up in ECR, and one that exists is not reused',
  'ecr:DescribePullThroughCacheRules': 'pull-through caches are known by the prefixes that ECR proposes alone',
  'ecr:DescribeImages': 'the image is not looked up in ECR',
  'ecr:GetDownloadUrlForLayer': 'the platforms of the image are not known',
  'scheduler:GetSchedule': 'schedules of EventBridge Scheduler (`schedules`) are not found',
  'scheduler:UpdateSchedule': 'schedules of EventBridge Scheduler (`schedules`) are not moved to the revision',
  'scheduler:ListSchedules': 'schedules are not found by tag or by `all`, and those with a similar name are not listed',
  'scheduler:ListTagsForResource': 'schedules are not found by the tags of their group',
  'events:ListTargetsByRule': 'rules of EventBridge (`schedules`) are not found',
  'events:PutTargets': 'rules of EventBridge (`schedules`) are not moved to the revision',
  'events:ListRuleNamesByTarget': 'rules are not found by tag or by `all`',
  'events:ListEventBuses': 'rules of event buses other than the default one are not found by tag or by `all`',
  'events:ListRules': 'rules with a similar name are not listed',
  'events:ListTagsForResource': 'rules are not found by their tags',
  'application-autoscaling:DescribeScalableTargets': 'the scalable target of the service is not known',
  'application-autoscaling:RegisterScalableTarget':
    'scale-in is not suspended, and `min-capacity` and `max-capacity` are not set',
  'application-autoscaling:ListTagsForResource': 'whether an earlier run has left scale-in suspended is not known',
  'application-autoscaling:TagResource': 'what was suspended before cannot be noted, so scale-in is not suspended',
  'application-autoscaling:UntagResource': 'the note on the scalable target stays, and the next run takes it away',
  'application-autoscaling:DescribeScalingActivities': 'what scaled the service during the deployment is not shown',
  'logs:GetLogEvents': 'the last log lines of failed containers are not shown',
  'elasticloadbalancing:DescribeTargetHealth': 'how the load balancer sees the new tasks is not shown',
};

/**
 * What the run could not do without the action. Of what is not listed here, only the preflight asks.
 */
const consequenceOf = (action: string): string =>
  WITHOUT[action] ?? (isRequired(action) ? 'a deploy needs it' : 'a check of the preflight was skipped');

export const isRequired = (action: string): boolean =>
  [...REQUIRED, ...CODE_DEPLOY, ...TASKS, ...SCHEDULES, ...SCALING].includes(action) || PUSH.test(action);

const PUSH =
  /^ecr(?:-public)?:(?:GetAuthorizationToken|BatchCheckLayerAvailability|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)$/;

/** What docker asks for when it pushes, beside the token. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSHING = [
  'BatchCheckLayerAvailability',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
  'PutImage',
  'BatchGetImage',
].map((operation) => `ecr:${operation}`);

/**
 * What is asked for only once the first action was answered, with the kind of resource that it takes: a policy with the first
 * alone would be denied again in the next run.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const FOLLOWING: Readonly<Record<string, readonly (readonly [action: string, resource: string])[]>> = {
  'ecs:ListTasks': [['ecs:DescribeTasks', 'task']],
  'ecs:ListServiceDeployments': [
    ['ecs:DescribeServiceDeployments', 'service-deployment'],
    ['ecs:DescribeServiceRevisions', 'service-revision'],
    ['ecs:StopServiceDeployment', 'service-deployment'],
  ],
  'ecs:DescribeServiceDeployments': [
    ['ecs:DescribeServiceRevisions', 'service-revision'],
    ['ecs:StopServiceDeployment', 'service-deployment'],
  ],
  'ecs:DescribeTaskDefinition': [['ecs:ListTaskDefinitions', '*']],
  'ecs:RunTask': [
    ['ecs:DescribeTasks', 'task'],
    ['ecs:StopTask', 'task'],
  ],
};

/** Every denial that AWS gave this run, whether the run continued without the right or ended there. */
export class DenialLog {
  readonly #denials = new Map<string, Denial>();
  readonly #proven = new Set<string>();
  readonly #mode: AnyInputs['mode'];
  readonly #repository: string | undefined;
  #service: string | undefined;
  #definition: TaskDefinition | undefined;

  /** @param repository name of the ECR repository that the run pushes to */
  constructor(mode: AnyInputs['mode'], repository?: string) {
    this.#mode = mode;
    this.#repository = repository;
  }

  /** Whatever a call threw; what is not a denial is left out. */
  readonly note = (thrown: unknown): void => {
    const denial = denialOf(asFailure(thrown));
    // The trust policy of the role gives it, and no policy of a caller: a token has none.
    if (denial?.action === 'sts:AssumeRoleWithWebIdentity') return;
    // S3 does not say which of two it was: "s3:GetObject and s3:ListBucket".
    for (const action of denial?.action.split(' and ') ?? [])
      this.#denials.set(`${action} ${denial?.resource}`, { ...denial, action, resource: denial?.resource ?? '*' });
  };

  /** A call that AWS answered needs no right any more; what it shows names the resources of those that do. */
  readonly proven = (action: string): void => {
    this.#proven.add(action);
  };

  /** ARN of the service, as ECS gives it. */
  found(service: string): void {
    this.#service = service;
  }

  /** What is about to be registered: its roles have to be passed. */
  registering(definition: TaskDefinition): void {
    this.#definition = definition;
  }

  /**
   * All that is missing, and what was not asked for because of it, so that one change of the policy is enough: the actions that
   * follow a denied one, and, where a right that a deploy needs is denied, those that it would have needed next.
   */
  list(): readonly Denial[] {
    const denied = [...this.#denials.values()];
    const known = new Set([...this.#proven, ...denied.map(({ action }) => action)]);
    const unasked = denied.flatMap(({ action }) =>
      (FOLLOWING[action] ?? [])
        .filter(([next]) => !known.has(next))
        .map(([next, kind]): Denial => ({ action: next, resource: this.#resource(kind), unasked: { after: action } })),
    );
    const needed = denied.find(({ action }) => isRequired(action));
    const rest = needed && this.#mode === 'deploy' ? this.#needed(denied, needed.action) : [];
    const following = [...unasked, ...this.#pushing(denied)];
    return [...denied, ...rest, ...new Map(following.map((one) => [one.action, one])).values()];
  }

  /** Without a token nothing is pushed, so that docker never asks for what a push needs. */
  #pushing(denied: readonly Denial[]): Denial[] {
    const after = 'ecr:GetAuthorizationToken';
    if (this.#repository === undefined || !denied.some(({ action }) => action === after)) return [];
    const [, partition, region, account] = /^arn:([\w-]+):ecs:([\w-]+):(\d+):/.exec(this.#service ?? '') ?? [];
    const resource = `arn:${partition ?? 'aws'}:ecr:${region ?? '*'}:${account ?? '*'}:repository/${this.#repository}`;
    return PUSHING.filter((next) => !denied.some(({ action }) => action === next)).map((action) => ({
      action,
      resource,
      unasked: { after },
    }));
  }

  #needed(denied: readonly Denial[], after: string): Denial[] {
    const service = this.#service ?? '*';
    const { family, executionRoleArn, taskRoleArn }: JsonObject = this.#definition ?? {};
    const [prefix] = service.split(':service/');
    const definitions = service === '*' || typeof family !== 'string' ? '*' : `${prefix}:task-definition/${family}:*`;
    const roles = [executionRoleArn, taskRoleArn].flatMap((role) =>
      typeof role === 'string' && role.startsWith('arn:') ? [role] : [],
    );
    const all = [
      { action: 'ecs:RegisterTaskDefinition', resource: definitions },
      // Once a revision is registered, its roles have been passed.
      ...(this.#proven.has('ecs:RegisterTaskDefinition')
        ? []
        : roles.map((resource) => ({ action: 'iam:PassRole', resource }))),
      ...this.#deploying(denied, service),
    ];
    return all
      .filter(
        ({ action, resource }) =>
          !this.#proven.has(action) &&
          !denied.some((one) => one.action === action && (action !== 'iam:PassRole' || one.resource === resource)),
      )
      .map((one) => ({ ...one, unasked: { after } }));
  }

  /** What carries out the deployment: ECS, or CodeDeploy where it was asked about the service. */
  #deploying(denied: readonly Denial[], service: string): { readonly action: string; readonly resource: string }[] {
    const asked = [...this.#proven, ...denied.map(({ action }) => action)];
    if (!asked.some((action) => action.startsWith('codedeploy:')))
      return [{ action: 'ecs:UpdateService', resource: service }];
    const groups = denied.flatMap(
      ({ resource }) => /^(.+):deploymentgroup:([^/]+)\/(.+)$/.exec(resource)?.slice(1) ?? [],
    );
    const [prefix, application, group] = groups;
    const ofGroup = prefix === undefined ? '*' : `${prefix}:deploymentgroup:${application}/${group}`;
    const ofApplication = prefix === undefined ? '*' : `${prefix}:application:${application}`;
    return [
      ...['GetDeployment', 'GetDeploymentTarget', 'CreateDeployment', 'StopDeployment'].map((operation) => ({
        action: `codedeploy:${operation}`,
        resource: ofGroup,
      })),
      { action: 'codedeploy:GetDeploymentConfig', resource: '*' },
      { action: 'codedeploy:RegisterApplicationRevision', resource: ofApplication },
    ];
  }

  /** `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*`; those of a service deployment have the service's name as well. */
  #resource(kind: string): string {
    const [prefix, path] = (this.#service ?? '').split(':service/');
    if (kind === '*' || path === undefined) return '*';
    const [cluster] = path.split('/');
    return `${prefix}:${kind}/${kind === 'task' ? cluster : path}/*`;
  }
}

/** One line for each missing right, each once, required ones first: the action, and what was not possible without it. */
export function linesOf(all: readonly Denial[]): string[] {
  const denials = all.filter(({ unasked }) => !unasked);
  const unasked = all.flatMap(({ action, unasked }) =>
    unasked
      ? [`${action}: not asked for, as ${unasked.after} is denied${isRequired(action) ? '; a deploy needs it' : ''}.`]
      : [],
  );
  const actions = [...new Set(denials.map(({ action }) => action))].sort(byNeed);
  const checks = actions.filter((action) => !isRequired(action) && WITHOUT[action] === undefined);
  const others = actions.filter((action) => !checks.includes(action));
  return [
    ...others.map((action) => `${action}: ${consequenceOf(action)}.`),
    ...(checks.length > 0 ? [`${checks.join(', ')}: checks of the preflight were skipped.`] : []),
    ...new Set(unasked),
  ];
}

/** Of two different actions. */
const byNeed = (a: string, b: string): number => Number(isRequired(b)) - Number(isRequired(a)) || (a < b ? -1 : 1);

/** The policy that allows all of it, to paste into the role: one statement for each set of resources. */
export function policyOf(denials: readonly Denial[]): JsonObject {
  const resourcesOf = Map.groupBy(denials, ({ action, passedTo = '' }) => `${action} ${passedTo}`);
  const statements = Map.groupBy(
    [...resourcesOf.values()].flatMap((some) => {
      const [{ action, passedTo } = { action: '' }] = some;
      return { action, passedTo, resources: resourcesFor(some) };
    }),
    ({ action, passedTo, resources }) => JSON.stringify([action === 'iam:PassRole', passedTo, resources]),
  );
  return {
    Version: '2012-10-17',
    Statement: [...statements.values()].map((some) => ({
      Effect: 'Allow',
      Action: some.map(({ action }) => action).sort(),
      Resource: [...(some[0]?.resources ?? [])],
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
      ...(some[0]?.action === 'iam:PassRole'
        ? { Condition: { StringEquals: { 'iam:PassedToService': some[0].passedTo ?? 'ecs-tasks.amazonaws.com' } } }
        : {}),
    })),
  };
}

/** All of them in one order; `*` holds every other. */
function resourcesFor(denials: readonly Denial[]): string[] {
  const resources = [...new Set(denials.map(({ resource }) => resource))].sort();
  return resources.includes('*') ? ['*'] : resources;
}
