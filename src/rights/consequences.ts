/** What a run does without an action that IAM denied, in words, and the policy that allows it. */
import { parseArn } from '../arn.ts';
import type { Denied } from '../diagnosis/denial.ts';
import type { AnyInputs } from '../inputs/types.ts';
import type { JsonObject } from '../model.ts';

/** An action that IAM denied. */
export interface Denial extends Denied {
  /** The mode that ends without it. */
  readonly neededBy?: AnyInputs['mode'];
  /** AWS was not asked, because this action before it was denied: whether the role has the right is not known. */
  readonly unasked?: { readonly after: string };
}

/**
 * What only checks of the preflight ask for, and what shows a secret to whoever may use the role. Whoever may push a branch can change
 * the workflow of a pull request, so no policy has these unless they are asked for. ListBucket is of no use without GetObject.
 */
const READS_VALUES: ReadonlySet<string> = new Set(['secretsmanager:GetSecretValue', 's3:GetObject', 's3:ListBucket']);

/** @param permission an action, or several as a check names them: `s3:GetObject and s3:ListBucket` */
export const readsValues = (permission: string): boolean =>
  permission.split(' and ').some((action) => READS_VALUES.has(action));

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

const needing = (mode: AnyInputs['mode']): string => (mode === 'deploy' ? 'a deploy' : `\`mode: ${mode}\``);

/**
 * What the run could not do without the action. Of what is not listed here, only the preflight asks.
 */
const consequenceOf = ({ action, neededBy }: Pick<Denial, 'action' | 'neededBy'>): string =>
  neededBy !== undefined && (neededBy !== 'deploy' || WITHOUT[action] === undefined)
    ? `${needing(neededBy)} needs it`
    : (WITHOUT[action] ?? 'a check of the preflight was skipped');

/**
 * One line for each missing right, each once, those that the run needs first: the action, and what was not possible without it. Then those
 * that AWS was not asked for; what the run can do without is one line.
 */
export function linesOf(all: readonly Denial[]): string[] {
  const denied = new Map(all.flatMap((one) => (one.unasked ? [] : [[one.action, one] as const])));
  const denials = [...denied.values()].sort(byNeed);
  const checks = denials.filter(({ action, neededBy }) => neededBy === undefined && WITHOUT[action] === undefined);
  const others = denials.filter((one) => !checks.includes(one));
  return [
    ...others.map((one) => `${one.action}: ${consequenceOf(one)}.`),
    ...(checks.length > 0
      ? [`${checks.map(({ action }) => action).join(', ')}: checks of the preflight were skipped.`]
      : []),
    ...resourceLines(denials),
    ...unaskedLines(all),
  ];
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html: the account that pulls decides by IAM which of its roles may. */
const repositoryStatement = (actions: readonly string[]): string =>
  JSON.stringify({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::ACCOUNT_OF_THE_SERVICE:root' },
    Action: [
      ...new Set([...actions, 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability']),
    ],
  });

/** The pasted policy is half of what a repository of another account needs. Rules of a whole registry are not of a repository. */
function resourceLines(denials: readonly Denial[]): string[] {
  const ofRepositories = denials.filter(
    ({ byResource, resource }) => byResource && /:repository\/[^*]+$/.test(resource),
  );
  return [...Map.groupBy(ofRepositories, ({ resource }) => resource)].map(
    ([resource, same]) =>
      `${resource} is of account ${parseArn(resource)?.account}: its own policy there must allow ${same.map(({ action }) => action).join(', ')} to this role, and the pull to the execution role of the task. Add to that policy (\`aws ecr get-repository-policy\` shows it, with credentials of that account): ${repositoryStatement(same.map(({ action }) => action))}`,
  );
}

function unaskedLines(all: readonly Denial[]): string[] {
  const denied = new Set(all.flatMap(({ action, unasked }) => (unasked ? [] : [action])));
  // Of an action that was denied, the policy has further resources; its line is there.
  const open = all.flatMap((one) =>
    one.unasked && !denied.has(one.action) ? [{ ...one, after: one.unasked.after }] : [],
  );
  const needed = open.flatMap(({ action, after, neededBy }) =>
    neededBy === undefined ? [] : [`${action}: not asked for, as ${after} is denied; ${needing(neededBy)} needs it.`],
  );
  const optional = Map.groupBy(
    open.filter(({ neededBy }) => neededBy === undefined),
    ({ after }) => after,
  );
  return [
    ...new Set(needed),
    ...[...optional].map(([after, same]) => {
      const actions = [...new Set(same.map(({ action }) => action))];
      const them = actions.length === 1 ? 'it' : 'them';
      return `${actions.join(', ')}: not asked for, as ${after} is denied; the run continues without ${them}.`;
    }),
    ...(all.some(isOfAnyRole)
      ? ['iam:PassRole is not in the policy: which roles the run passes is not known yet. The next run names them.']
      : []),
  ];
}

/** A policy that allows to pass any role is none to paste. */
const isOfAnyRole = ({ action, resource, unasked }: Denial): boolean =>
  unasked !== undefined && action === 'iam:PassRole' && /:role\/\*$|^\*$/.test(resource);

/** Of two different actions. */
const byNeed = (a: Denial, b: Denial): number =>
  Number(b.neededBy !== undefined) - Number(a.neededBy !== undefined) || (a.action < b.action ? -1 : 1);

/** The policy that allows all of it, to paste into the role: one statement for each set of resources. */
export function policyOf(denials: readonly Denial[]): JsonObject {
  const resourcesOf = Map.groupBy(
    denials.filter((one) => !isOfAnyRole(one)),
    ({ action, passedTo = '' }) => `${action} ${passedTo}`,
  );
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
