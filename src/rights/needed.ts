/**
 * Every action of IAM that a run may need, by what asks for it, on resources as narrow as AWS allows:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { parseArn } from '../arn.ts';
import type {
  AnyInputs,
  BuildInputs,
  CodeDeployInputs,
  ScheduleSelector,
  TaskInputs,
  TaskOnlyInputs,
} from '../inputs/types.ts';
import type { ServiceState, TaskDefinition } from '../model.ts';
import { nameOfSchedule } from '../schedules/schedules.ts';
import { readTemplate } from '../taskdef/load.ts';
import { type Template, toTemplate } from '../taskdef/template.ts';
import { ANY, type Subject, subjectOf } from './subject.ts';

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Right {
  /** Sid of its statement; those of one Sid, resources and condition are one statement. */
  readonly sid: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly condition?: Condition;
  /** Without it the run ends; without the others it continues, and knows or can do less. */
  readonly needed: boolean;
}

/** What a run has seen. */
export interface KnownOfRun {
  readonly service: Pick<ServiceState, 'arn' | 'deploymentController'> | undefined;
  /** What it registers. */
  readonly definition: TaskDefinition | undefined;
}

/**
 * What a run asks for, by what it has seen.
 * @param all inputs of each service of the step
 * @param world has the files that they name
 */
export async function rightsOfRun(
  all: readonly AnyInputs[],
  { service, definition }: KnownOfRun,
  world: Parameters<typeof readTemplate>[1],
): Promise<readonly Right[]> {
  const account = parseArn(service?.arn ?? '')?.account;
  const known = definition && all.length === 1 ? toTemplate(definition, 'the task definition') : undefined;
  const rights = await Promise.all(
    all.map(async (inputs) => {
      const template = known ?? (await namedTemplate(inputs, world));
      const subject = subjectOf(inputs, { madeUp: new Set(), template, account });
      return rightsOf({
        ...subject,
        // Of a definition that is not known, only what every one needs.
        instances: template !== undefined && subject.instances,
        ...(service ? { controller: service.deploymentController } : {}),
      });
    }),
  );
  return rights.flat();
}

async function namedTemplate(
  inputs: AnyInputs,
  world: Parameters<typeof readTemplate>[1],
): Promise<Template | undefined> {
  const source = 'template' in inputs ? inputs.template.source : undefined;
  // What is wrong with the file is reported by the run itself.
  return source?.kind === 'file' ? readTemplate(source.path, world).catch(() => undefined) : undefined;
}

/** All rights of a run with these inputs. */
export function rightsOf(subject: Subject): Right[] {
  const { inputs } = subject;
  switch (inputs.mode) {
    case 'build':
      return [...push(subject), ...imageChecks(subject)];
    case 'plan':
      // Which images run is read from the tasks where ECS does not record it.
      return [
        ...plans(subject),
        ...readsExpress(subject),
        ...glancesAtCodeDeploy(subject, ['codedeploy:GetDeploymentGroup']),
        ...readsTasks(subject),
        ...readsSchedules(subject),
        ...readsScaling(subject),
        ...preflight(subject),
        ...looksUpImages(subject),
      ];
    case 'deploy':
      return [
        ...plans(subject),
        ...registers(subject),
        ...changes(subject),
        ...createsService(subject),
        ...changesExpress(subject),
        ...passesToEcs(subject),
        ...watches(subject),
        ...deploysByCodeDeploy(subject),
        ...runsTasks(subject),
        ...movesSchedules(subject),
        ...scales(subject),
        ...preflight(subject),
        ...push(subject),
        ...looksUpImages(subject),
        ...imageChecks(subject),
      ];
    case 'rollback':
      return [
        ...findsTargets(subject),
        onFamily('ecs:TagResource', subject),
        ...changes(subject),
        ...watches(subject),
        ...deploysByCodeDeploy(subject),
        ...readsCodeDeployHistory(subject),
        ...movesSchedules(subject),
        // An urgent rollback does not depend on what is read for it.
        ...scales(subject).map((right) => (isReading(right) ? { ...right, needed: false } : right)),
        ...preflight(subject),
        ...looksUpImages(subject),
      ];
    case 'watch':
      return [
        ...onService('ecs:DescribeServices', subject),
        ...onTaskDefinitions('ecs:DescribeTaskDefinition'),
        ...changes(subject),
        ...watches(subject),
        ...deploysByCodeDeploy(subject),
        ...movesSchedules(subject),
        ...reportsScaling(subject),
      ];
    case 'continue':
      return [
        ...onService('ecs:DescribeServices', subject),
        ...onTaskDefinitions('ecs:DescribeTaskDefinition'),
        // The paused deployment is found and answered by these alone.
        ...needed(
          onHistory(
            [
              'ecs:ListServiceDeployments',
              'ecs:DescribeServiceDeployments',
              'ecs:ContinueServiceDeployment',
              'ecs:StopServiceDeployment',
            ],
            subject,
          ),
        ),
        ...changes(subject),
        ...watches(subject),
        ...reportsScaling(subject),
        ...deploysByCodeDeploy(subject),
        ...movesSchedules(subject),
      ];
    case 'register': {
      const describes = onTaskDefinitions('ecs:DescribeTaskDefinition');
      return [
        ...(inputs.template.source.kind === 'file' ? describes : needed(describes)),
        ...registersAlone(subject),
        ...movesSchedules(subject),
        ...push(subject),
        ...looksUpImages(subject),
        ...imageChecks(subject),
      ];
    }
    case 'daemon':
      return [...rollsOutDaemon(subject), ...push(subject), ...looksUpImages(subject), ...imageChecks(subject)];
    case 'task':
      return runsOneTask(subject, inputs);
    case 'status': {
      const reads = [
        ...onTaskDefinitions('ecs:DescribeTaskDefinition'),
        ...onHistory(['ecs:DescribeServiceRevisions'], subject),
        ...readsTasks(subject),
      ];
      if (inputs.service.service !== '' && !inputs.listed)
        return [
          ...findsTargets(subject),
          ...glancesAtCodeDeploy(subject),
          ...readsCodeDeployHistory(subject),
          ...reads,
          ...looksUpImages(subject),
        ];
      return [
        ...(inputs.listed ? [] : needed(onTaskDefinitions('ecs:ListServices'))),
        ...needed(onService('ecs:DescribeServices', subject)),
        ...reads,
      ];
    }
    case 'list':
      return [
        ...findsTargets(subject),
        ...glancesAtCodeDeploy(subject),
        ...readsCodeDeployHistory(subject),
        ...looksUpImages(subject),
      ];
  }
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

/** Whether a run that makes the call ends where it is denied; `rightsOf` knows the modes that are different. */
export const isRequired = (action: string): boolean =>
  [...REQUIRED, ...CODE_DEPLOY, ...TASKS, ...SCHEDULES, ...SCALING].includes(action) || OF_A_PUSH.test(action);

const OF_A_PUSH =
  /^ecr(?:-public)?:(?:GetAuthorizationToken|BatchCheckLayerAvailability|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload|PutImage)$/;

/** Actions of one statement; none where nothing of the kind is there. */
function rights(sid: string, actions: readonly string[], resources: readonly string[]): Right[] {
  const sorted = [...new Set(resources)].sort();
  if (sorted.length === 0) return [];
  return actions.map((action) => ({ sid, action, resources: sorted, needed: isRequired(action) }));
}
const needed = (all: readonly Right[]): Right[] => all.map((right) => ({ ...right, needed: true }));

const ecsArn = ({ home: { partition, region, account } }: Subject, path: string): string =>
  `arn:${partition}:ecs:${region}:${account}:${path}`;

const onService = (action: string, subject: Subject): Right[] =>
  rights('Service', [action], [ecsArn(subject, `service/${subject.cluster}/${subject.service}`)]);

/** Deployments and revisions of a service: "you must include an ARN for each required resource type", the service's too. */
const onHistory = (actions: readonly string[], subject: Subject): Right[] => {
  const path = `${subject.cluster}/${subject.service}`;
  const paths = [`service/${path}`, `service-deployment/${path}/*`, `service-revision/${path}/*`];
  return rights(
    'ServiceDeployments',
    actions,
    paths.map((one) => ecsArn(subject, one)),
  );
};

/** Every revision of the family. */
const onFamily = (action: string, subject: Subject): Right => ({
  sid: 'TaskDefinition',
  action,
  resources: [ecsArn(subject, `task-definition/${subject.family}:*`)],
  needed: isRequired(action),
});

/** ECS has no resource types for what reads task definitions. */
const onTaskDefinitions = (...actions: readonly string[]): Right[] => rights('TaskDefinitions', actions, [ANY]);

/** What a plan and a deploy read first. A template that is a revision has to be read. */
function plans(subject: Subject): Right[] {
  const { inputs } = subject;
  const describes = onTaskDefinitions('ecs:DescribeTaskDefinition');
  const fromFile = 'template' in inputs && inputs.template.source.kind === 'file';
  return [
    ...onService('ecs:DescribeServices', subject),
    ...onHistory(['ecs:DescribeServiceRevisions'], subject),
    ...(fromFile ? describes : needed(describes)),
  ];
}

/** A rollback and a list read the history of the service and the revisions in it. */
const findsTargets = (subject: Subject): Right[] => [
  ...onService('ecs:DescribeServices', subject),
  ...onHistory(['ecs:ListServiceDeployments', 'ecs:DescribeServiceRevisions'], subject),
  ...needed(onTaskDefinitions('ecs:DescribeTaskDefinition')),
  ...onTaskDefinitions('ecs:ListTaskDefinitions'),
];

function registers(subject: Subject): Right[] {
  const { inputs, roles } = subject;
  const keepsPolicy =
    'image' in inputs && inputs.image.kind === 'build' && inputs.image.build.lifecyclePolicy !== undefined;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
  const condition = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
  return [
    onFamily('ecs:RegisterTaskDefinition', subject),
    onFamily('ecs:TagResource', subject),
    ...onTaskDefinitions('ecs:DeregisterTaskDefinition'),
    ...(keepsPolicy ? findsUsedImages(subject) : []),
    ...rights('PassRoles', ['iam:PassRole'], roles).map((right) => ({ ...right, condition })),
  ];
}

/** Without a service there is no deployment whose failure takes the revision away. */
const registersAlone = (subject: Subject): Right[] =>
  registers(subject).filter(({ action }) => action !== 'ecs:DeregisterTaskDefinition');

/** No image of a rollback target may be removed, and none that another service of the account runs. */
const findsUsedImages = (subject: Subject): Right[] => [
  ...onTaskDefinitions('ecs:ListTaskDefinitions', 'ecs:ListClusters', 'ecs:ListServices'),
  ...rights('OtherServices', ['ecs:DescribeServices'], [ecsArn(subject, 'service/*')]).map((right) => ({
    ...right,
    needed: false,
  })),
];

/**
 * A definition of its own kind, and the daemon that takes it. A deployment and a revision need the ARN of the daemon too.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const rollsOutDaemon = (subject: Subject): Right[] => {
  const { inputs, cluster, daemon, family, roles } = subject;
  const onOf = (sid: string, actions: readonly string[], paths: readonly string[]): Right[] =>
    rights(
      sid,
      actions.map((operation) => `ecs:${operation}`),
      paths.map((path) => ecsArn(subject, path)),
    );
  const path = `${cluster}/${daemon}`;
  const inCluster = { ArnLike: { 'ecs:cluster': ecsArn(subject, `cluster/${cluster}`) } };
  const passes = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
  const lists = inputs.mode === 'daemon' && !inputs.daemon.startsWith('arn:');
  return [
    ...needed([
      ...(lists ? rights('ListDaemons', ['ecs:ListDaemons'], [ANY]) : []).map((right) => ({
        ...right,
        condition: inCluster,
      })),
      ...onOf('Daemon', ['DescribeDaemon', 'UpdateDaemon'], [`daemon/${path}`]),
      ...onOf(
        'DaemonDeployments',
        ['DescribeDaemonDeployments', 'DescribeDaemonRevisions'],
        [`daemon/${path}`, `daemon-deployment/${path}/*`, `daemon-revision/${path}/*`],
      ),
      // Of any family: what the daemon runs is compared, and may be of another one.
      ...onOf('DaemonTaskDefinitions', ['DescribeDaemonTaskDefinition'], ['daemon-task-definition/*']),
      ...onOf(
        'DaemonTaskDefinition',
        ['RegisterDaemonTaskDefinition', 'TagResource'],
        [`daemon-task-definition/${family}:*`],
      ),
    ]),
    ...onOf('DaemonTaskDefinition', ['DeleteDaemonTaskDefinition'], [`daemon-task-definition/${family}:*`]),
    ...readsTasks(subject),
    ...rights('Logs', ['logs:GetLogEvents'], subject.logStreams),
    ...rights('PassRoles', ['iam:PassRole'], roles).map((right) => ({ ...right, condition: passes })),
  ];
};

const changes = (subject: Subject): Right[] => [
  ...(subject.controller === 'CODE_DEPLOY' ? [] : onService('ecs:UpdateService', subject)),
  ...onHistory(['ecs:StopServiceDeployment', 'ecs:ContinueServiceDeployment'], subject),
];

/** Only a run that has seen the service knows. */
const isThere = ({ controller }: Subject): boolean => controller !== undefined;

/** With `service-definition`: a service that is missing, its tags, and what is done with it when its first deployment fails. */
const createsService = (subject: Subject): Right[] =>
  'serviceDefinition' in subject.inputs && subject.inputs.serviceDefinition !== undefined
    ? [
        ...(isThere(subject) ? [] : onService('ecs:CreateService', subject)),
        ...onService('ecs:TagResource', subject),
        ...(subject.deletes && !isThere(subject) ? onService('ecs:DeleteService', subject) : []),
      ]
    : [];

const expressOf = ({ inputs }: Subject) => ('service' in inputs ? inputs.service.express : undefined);

/** An Express Mode service: what the inputs are compared with. */
const readsExpress = (subject: Subject): Right[] =>
  expressOf(subject) ? onService('ecs:DescribeExpressGatewayService', subject) : [];

/** The same, and what creates, changes and deletes it; its URL is read in the end. */
function changesExpress(subject: Subject): Right[] {
  const express = expressOf(subject);
  if (!express) return [];
  const { create, tags, onlyTheseTags } = express;
  return [
    ...readsExpress(subject),
    ...onService('ecs:UpdateExpressGatewayService', subject),
    ...(create && !isThere(subject)
      ? [
          ...onService('ecs:CreateExpressGatewayService', subject),
          ...onService('ecs:DeleteExpressGatewayService', subject),
        ]
      : []),
    ...(tags.length > 0 ? onService('ecs:TagResource', subject) : []),
    ...(onlyTheseTags ? onService('ecs:UntagResource', subject) : []),
  ];
}

/** Roles that ECS itself takes: to move the traffic of a load balancer, and to call the functions of lifecycle hooks. */
function rolesOfEcs({ inputs, definedRoles }: Subject): readonly string[] {
  const strategy = 'service' in inputs ? inputs.service.strategy : undefined;
  const infrastructure = 'service' in inputs ? inputs.service.express?.infrastructureRoleArn : undefined;
  const roles = [strategy?.traffic?.roleArn, infrastructure, ...(strategy?.hooks ?? []).map(({ roleArn }) => roleArn)];
  return [...roles.filter((role): role is string => typeof role === 'string'), ...definedRoles];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
const passesToEcs = (subject: Subject): Right[] =>
  rights('PassRolesToEcs', ['iam:PassRole'], rolesOfEcs(subject)).map((right) => ({
    ...right,
    condition: { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } },
  }));

function readsTasks(subject: Subject): Right[] {
  // Its only resource type is a container instance, so the cluster is a condition:
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html
  const condition = { ArnLike: { 'ecs:cluster': ecsArn(subject, `cluster/${subject.cluster}`) } };
  return [
    ...rights('ListTasks', ['ecs:ListTasks'], [ANY]).map((right) => ({ ...right, condition })),
    ...rights('Tasks', ['ecs:DescribeTasks'], [ecsArn(subject, `task/${subject.cluster}/*`)]),
  ];
}

const watches = (subject: Subject): Right[] => [
  ...onHistory(
    ['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions'],
    subject,
  ),
  ...readsTasks(subject),
  ...rights('Logs', ['logs:GetLogEvents'], subject.logStreams),
  ...onEverything('elasticloadbalancing:DescribeTargetHealth'),
  ...(subject.instances ? onProviders(subject) : []),
];

/** Schedules of EventBridge Scheduler or rules of EventBridge, and what the input says of them. */
interface Scheduled {
  readonly sid: string;
  /** ARNs. */
  readonly resources: readonly string[];
  readonly read: string;
  readonly move: string;
  /** Lists those of a cluster, for `tag:` and `all`; and the names of all, for a name that does not exist. */
  readonly find: string;
  readonly names: string;
  /** `tags`: ARNs of what has the tags. */
  readonly tags: readonly [action: string, resources: readonly string[]];
  readonly service: string;
}

function scheduledBy(subject: Subject, selectors: readonly ScheduleSelector[]): readonly Scheduled[] {
  const { partition, region, account } = subject.home;
  const place = (service: string): string => `arn:${partition}:${service}:${region}:${account}`;
  const wide = selectors.some(({ kind }) => kind === 'tag' || kind === 'all');
  const arnsOf = (kind: 'schedule' | 'rule', base: string, any: string): readonly string[] =>
    wide
      ? [`${base}:${any}`]
      : selectors.flatMap((one) => {
          if (one.kind === 'name') return [`${base}:${nameOfSchedule({ kind, container: 'default', name: one.name })}`];
          return one.kind === 'id' && one.id.kind === kind ? [`${base}:${nameOfSchedule(one.id)}`] : [];
        });
  const [scheduler, events] = [place('scheduler'), place('events')];
  const both: readonly Scheduled[] = [
    {
      sid: 'Schedules',
      resources: arnsOf('schedule', scheduler, 'schedule/*/*'),
      read: 'scheduler:GetSchedule',
      move: 'scheduler:UpdateSchedule',
      find: 'scheduler:ListSchedules',
      names: 'scheduler:ListSchedules',
      tags: ['scheduler:ListTagsForResource', [`${scheduler}:schedule-group/*`]],
      service: 'scheduler.amazonaws.com',
    },
    {
      sid: 'Rules',
      resources: arnsOf('rule', events, 'rule/*'),
      read: 'events:ListTargetsByRule',
      move: 'events:PutTargets',
      find: 'events:ListRuleNamesByTarget',
      names: 'events:ListRules',
      tags: ['events:ListTagsForResource', [`${events}:rule/*`]],
      service: 'events.amazonaws.com',
    },
  ];
  return both.filter(({ resources }) => resources.length > 0);
}

/** `schedules`: what finds them. */
function readsSchedules(subject: Subject): Right[] {
  const selectors = 'schedules' in subject.inputs ? subject.inputs.schedules : [];
  const tagged = selectors.some(({ kind }) => kind === 'tag');
  const wide = tagged || selectors.some(({ kind }) => kind === 'all');
  const named = selectors.some(({ kind }) => kind === 'name' || kind === 'id');
  return scheduledBy(subject, selectors).flatMap(({ sid, resources, read, find, names, tags }) => [
    ...rights(sid, [read], resources),
    ...(wide ? needed(onEverything(find)) : []),
    ...(wide && sid === 'Rules' ? onEverything('events:ListEventBuses') : []),
    ...(tagged ? needed(rights(`${sid}Tags`, [tags[0]], tags[1])) : []),
    // For a name that does not exist.
    ...(named && !(wide && names === find) ? onEverything(names) : []),
  ]);
}

/**
 * The same, and what moves them. The roles of their targets are known to AWS alone.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_id-based-policies.html
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
function movesSchedules(subject: Subject): Right[] {
  const selectors = 'schedules' in subject.inputs ? subject.inputs.schedules : [];
  const { partition, account } = subject.home;
  return [
    ...readsSchedules(subject),
    ...scheduledBy(subject, selectors).flatMap(({ sid, resources, move, service }) => [
      ...rights(sid, [move], resources),
      ...rights(`PassRolesTo${sid}`, ['iam:PassRole'], [`arn:${partition}:iam::${account}:role/*`]).map((right) => ({
        ...right,
        condition: { StringEquals: { 'iam:PassedToService': service } },
      })),
    ]),
  ];
}

/** Of the service's scalable target, whose ARN has an id that AWS makes up. */
function onScalableTarget(actions: readonly string[], { home: { partition, region, account } }: Subject): Right[] {
  const target = `arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`;
  return rights(
    'ScalableTarget',
    actions.map((operation) => `application-autoscaling:${operation}`),
    [target],
  );
}

function readsScaling(subject: Subject): Right[] {
  if (!('service' in subject.inputs) || !subject.inputs.service.scaling) return [];
  return [
    ...onEverything('application-autoscaling:DescribeScalableTargets'),
    ...onScalableTarget(['ListTagsForResource'], subject),
  ];
}

/** What scaled a service during a deployment that another step or client started. */
const reportsScaling = (subject: Subject): Right[] =>
  'service' in subject.inputs && subject.inputs.service.scaling
    ? onEverything('application-autoscaling:DescribeScalingActivities')
    : [];

/** What the inputs say of CodeDeploy, where it deploys the service; the controller alone decides, where the run knows it. */
function codeDeployOf({ inputs, controller }: Subject): CodeDeployInputs | undefined {
  const given = 'service' in inputs ? inputs.service.codeDeploy : undefined;
  if (controller === undefined) return given;
  return controller === 'CODE_DEPLOY' ? (given ?? {}) : undefined;
}

/** Without a name, those of the usual names, or any whose deployment group names the service. */
function groupNames(subject: Subject) {
  const { cluster, service } = subject;
  const { application, deploymentGroup } = codeDeployOf(subject) ?? {};
  if (application === undefined && deploymentGroup === undefined)
    return { application: ANY, group: ANY, searched: true };
  return {
    application: application ?? `AppECS-${cluster}-${service}`,
    group: deploymentGroup ?? `DgpECS-${cluster}-${service}`,
    searched: false,
  };
}

/** Of the application, the deployment group and the deployment configuration of the service. */
function onCodeDeploy(actions: readonly string[], kind: 'group' | 'application' | 'config', subject: Subject): Right[] {
  const { home } = subject;
  const given = codeDeployOf(subject);
  if (!given) return [];
  const { application, group } = groupNames(subject);
  const [sid, resource] = {
    group: ['CodeDeployGroup', `deploymentgroup:${application}/${group}`],
    application: ['CodeDeployApplication', `application:${application}`],
    config: ['CodeDeployConfig', `deploymentconfig:${given.configName ?? ANY}`],
  }[kind] as [string, string];
  return rights(
    sid,
    actions.map((operation) => `codedeploy:${operation}`),
    [`arn:${home.partition}:codedeploy:${home.region}:${home.account}:${resource}`],
  );
}

/** Where no group has the usual name. */
function searchesGroup(subject: Subject): Right[] {
  if (!codeDeployOf(subject) || !groupNames(subject).searched) return [];
  return needed([
    ...onEverything('codedeploy:ListApplications'),
    ...onCodeDeploy(['BatchGetApplications', 'ListDeploymentGroups'], 'application', subject),
    ...onCodeDeploy(['BatchGetDeploymentGroups'], 'group', subject),
  ]);
}

/** Who deploys the service, and what is under way. */
const readsCodeDeploy = (subject: Subject): Right[] => [
  ...searchesGroup(subject),
  ...onCodeDeploy(['GetDeploymentGroup', 'GetDeployment', 'GetDeploymentTarget'], 'group', subject),
  ...onCodeDeploy(['GetDeploymentConfig'], 'config', subject),
];

/** A run that only reads knows less without them. */
const glancesAtCodeDeploy = (subject: Subject, needs: readonly string[] = []): Right[] =>
  readsCodeDeploy(subject).map((right) => ({ ...right, needed: needs.includes(right.action) }));

const readsCodeDeployHistory = (subject: Subject): Right[] =>
  onCodeDeploy(['ListDeployments', 'BatchGetDeployments'], 'group', subject);

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html */
const deploysByCodeDeploy = (subject: Subject): Right[] => [
  ...(subject.inputs.mode === 'deploy'
    ? readsCodeDeploy(subject)
    : glancesAtCodeDeploy(subject, [
        'codedeploy:GetDeployment',
        ...(subject.inputs.mode === 'rollback' ? ['codedeploy:GetDeploymentGroup'] : []),
      ])),
  ...onCodeDeploy(['CreateDeployment', 'ContinueDeployment'], 'group', subject),
  ...onCodeDeploy(['StopDeployment'], 'group', subject).map((right) => ({
    ...right,
    // CodeDeploy takes no other deployment while the failed one is under way.
    needed: subject.inputs.mode === 'rollback',
  })),
  ...onCodeDeploy(['RegisterApplicationRevision'], 'application', subject),
];

const isReading = ({ action }: Right): boolean => /:(?:Describe|List)/.test(action);

/** `autoscaling`, `min-capacity`, `max-capacity`: what is read, set, noted as a tag and reported. */
function scales(subject: Subject): Right[] {
  const scaling = 'service' in subject.inputs ? subject.inputs.service.scaling : undefined;
  if (!scaling) return [];
  const suspends = scaling.autoscaling === 'suspend';
  return [
    ...readsScaling(subject),
    ...onScalableTarget(['RegisterScalableTarget', ...(suspends ? ['TagResource'] : []), 'UntagResource'], subject),
    ...onEverything('application-autoscaling:DescribeScalingActivities'),
  ];
}

/** `pre-deploy` and `post-deploy`. */
const runsTasks = (subject: Subject): Right[] =>
  'tasks' in subject.inputs ? runs([...subject.inputs.tasks.before, ...subject.inputs.tasks.after], subject) : [];

function runs(tasks: readonly TaskInputs[], subject: Subject): Right[] {
  if (tasks.length === 0) return [];
  const one = [ecsArn(subject, `task/${subject.cluster}/*`)];
  return [
    onFamily('ecs:RunTask', subject),
    // How a task ends is known by its description alone.
    ...needed(rights('Tasks', ['ecs:DescribeTasks'], one)),
    ...rights('Tasks', ['ecs:StopTask'], one),
    ...(tasks.some(({ tags }) => tags.length > 0) ? rights('Tasks', ['ecs:TagResource'], one) : []),
    ...rights(
      'PassRolesOfTasks',
      ['iam:PassRole'],
      tasks.flatMap(({ taskRoleArn, executionRoleArn }) => [taskRoleArn ?? [], executionRoleArn ?? []].flat()),
    ).map((right) => ({
      ...right,
      condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    })),
    ...rights('Logs', ['logs:GetLogEvents'], subject.logStreams),
  ];
}

/** `mode: task`: a revision that exists, or one that is registered as a deploy does it; beside a service, or without one. */
function runsOneTask(subject: Subject, inputs: TaskOnlyInputs): Right[] {
  const registersIt = inputs.template.source.kind === 'file' || inputs.image.kind !== 'template';
  const describes = onTaskDefinitions('ecs:DescribeTaskDefinition');
  return [
    ...(inputs.service.service === '' ? [] : onService('ecs:DescribeServices', subject)),
    ...(inputs.template.source.kind === 'file' ? describes : needed(describes)),
    ...(registersIt ? registersAlone(subject) : []),
    ...runs([inputs.task], subject),
    ...looksUpImages(subject),
  ];
}

/** AWS has no resource types for these, or none that fit. */
const onEverything = (...actions: readonly string[]): Right[] => rights('NoResourceTypes', actions, [ANY]);
const onProviders = (subject: Subject): Right[] =>
  rights('CapacityProviders', ['ecs:DescribeCapacityProviders'], [ecsArn(subject, 'capacity-provider/*')]);

/** Checks before anything is changed: docs/preflight.md. Each alone may be denied. */
function preflight(subject: Subject): Right[] {
  const { roles, executionRole, secrets, secretsWithKeys, parameters, files, logStreams, cluster, inputs } = subject;
  if (!('preflight' in inputs) || !inputs.preflight) return [];
  const clusters = [ecsArn(subject, `cluster/${cluster}`)];
  const bucketOf = (file: string): string => file.replace(/^(arn:[\w-]+:s3:::[^/]+)\/.*$/, '$1');
  return [
    ...rights('Cluster', ['ecs:DescribeClusters'], clusters),
    ...(subject.instances
      ? [
          ...rights('Cluster', ['ecs:ListContainerInstances'], clusters),
          ...rights(
            'Instances',
            ['ecs:DescribeContainerInstances'],
            [ecsArn(subject, `container-instance/${cluster}/*`)],
          ),
          ...onProviders(subject),
        ]
      : []),
    ...rights('Roles', ['iam:GetRole'], [...roles, ...rolesOfEcs(subject)]),
    ...rights('ExecutionRole', ['iam:SimulatePrincipalPolicy'], executionRole === undefined ? [] : [executionRole]),
    ...rights('Secrets', ['secretsmanager:DescribeSecret'], secrets),
    ...rights('SecretKeys', ['secretsmanager:GetSecretValue'], secretsWithKeys),
    ...rights('EnvironmentFiles', ['s3:GetObject'], files),
    ...rights('EnvironmentBuckets', ['s3:ListBucket'], files.map(bucketOf)),
    ...onEverything(
      'elasticloadbalancing:DescribeTargetGroups',
      ...(parameters ? ['ssm:DescribeParameters'] : []),
      ...(logStreams.length > 0 ? ['logs:DescribeLogGroups'] : []),
      // The service may have alarms that no input names. "You can't return information about composite alarms if your
      // permission has a narrower scope": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      'cloudwatch:DescribeAlarms',
    ),
  ];
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSH = [
  'BatchCheckLayerAvailability',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
  'PutImage',
];
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

function push({ inputs, pushed }: Subject): Right[] {
  if (!('image' in inputs)) return [];
  const { image } = inputs;
  switch (pushed?.kind) {
    case 'public': {
      // https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html
      const actions = ['GetAuthorizationToken', ...PUSH].map((operation) => `ecr-public:${operation}`);
      return needed(rights('PublicRegistry', ['sts:GetServiceBearerToken', ...actions], [ANY]));
    }
    case 'ecr': {
      const repository = [pushed.arn];
      const pull = rights('Push', PULL, repository);
      // What an earlier job pushed is only read, and with `digests` merged.
      if (image.kind === 'commit') return pull;
      return [
        ...rights('Login', ['ecr:GetAuthorizationToken'], [ANY]),
        ...rights('Push', [...PUSH.map((operation) => `ecr:${operation}`), 'ecr:DescribeRepositories'], repository),
        ...pull,
        ...(image.kind === 'build' ? repositoryRights(image.build, repository) : []),
      ];
    }
    case 'other':
    case undefined:
      return [];
  }
}

/** A repository that is to be created and cannot be: the push fails. Its policies may be missing. */
function repositoryRights(build: BuildInputs, repository: readonly string[]): Right[] {
  const { createRepository, repositorySettings = {}, lifecyclePolicy } = build;
  const keeps = lifecyclePolicy !== undefined;
  return [
    ...needed(
      rights(
        'Repository',
        [
          ...(createRepository ? ['ecr:CreateRepository'] : []),
          ...(repositorySettings.creation?.tags ? ['ecr:TagResource'] : []),
        ],
        repository,
      ),
    ),
    ...rights(
      'Repository',
      [
        ...(repositorySettings.repositoryPolicy ? ['ecr:SetRepositoryPolicy'] : []),
        ...(keeps
          ? ['ecr:GetLifecyclePolicy', 'ecr:StartLifecyclePolicyPreview', 'ecr:GetLifecyclePolicyPreview']
          : []),
        ...(keeps || repositorySettings.lifecyclePolicy ? ['ecr:PutLifecyclePolicy'] : []),
      ],
      repository,
    ),
  ];
}

/** Images that exist: their digests and platforms. A plan looks up the image that a deploy would push or reuse. */
function looksUpImages({ images, pushed, inputs }: Subject): Right[] {
  const own = inputs.mode !== 'deploy' && pushed?.kind === 'ecr' ? [pushed.arn] : [];
  // "DescribePullThroughCacheRules" takes no resource.
  const asks = inputs.mode === 'deploy' || inputs.mode === 'plan' || inputs.mode === 'rollback';
  const perhapsCached = asks && images.some((arn) => /:repository\/[^/]+\//.test(arn));
  return [
    ...rights('Images', inputs.mode === 'list' ? PULL.slice(0, 1) : PULL, [...images, ...own]),
    ...(perhapsCached ? rights('Caches', ['ecr:DescribePullThroughCacheRules'], [ANY]) : []),
  ];
}

function imageChecks({ inputs, pushed, images }: Subject): Right[] {
  if (!('imageChecks' in inputs) || !inputs.imageChecks) return [];
  const { scan, regions, sign } = inputs.imageChecks;
  const checked = (operation: string): Right[] =>
    rights('ImageChecks', [`ecr:${operation}`], pushed?.kind === 'ecr' ? [pushed.arn] : images);
  return [
    ...(scan ? needed(checked('DescribeImageScanFindings')) : []),
    ...(regions.length > 0 ? checked('DescribeImageReplicationStatus') : []),
    ...(sign === 'ecr' ? checked('DescribeImageSigningStatus') : []),
  ];
}
