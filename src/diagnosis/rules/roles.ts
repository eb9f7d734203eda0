import { of } from '../say.ts';
import {
  actionOf,
  allowed,
  first,
  GUIDE,
  IAM_GUIDE,
  maybe,
  OF_ECS,
  OF_TASKS,
  OF_TASKS_AND_ECS,
  type Rule,
  resourceOf,
  roleOf,
  unfilledIn,
} from './rule.ts';

const INFRASTRUCTURE = `${GUIDE}/infrastructure_IAM_role.html`;

/** Roles that ECS itself takes on, not its tasks. */
const ECS_ROLE =
  /provided for (?:this|the) (volume|load balancer|service connect|lifecycle hook|capacity provider)|infrastructure role/i;

/** `role` of CreateService. */
const OF_SERVICE = /provided for (?:this|the) service(?! connect)\b/i;

const UNFILLED_ROLE =
  'Register the task definition again with the ARN of the role, or without the field where it needs none (inputs `task-role-arn`, `execution-role-arn`), and deploy it. Look why the variable or output that fills it is empty; the role must trust ecs-tasks.amazonaws.com.';

/** Roles that ECS takes on, and what they may not do. */
export const ROLES: readonly Rule[] = [
  {
    // At registration ECS looks the value up; who may assume the role counts only when a task starts.
    id: 'role-assume-failed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'permission',
    failure: 'invalid',
    propagates: true,
    match: [
      /Role is not valid/i,
      /invalid (?:role )?arn:? ?['"]?(?<arn>arn:aws[\w-]{0,20}:(?:iam|sts)::[^\s'",]{1,300})/i,
    ],
    when: ({ reading }) => reading.operation === undefined || reading.operation === 'RegisterTaskDefinition',
    cause: ({ words, text }) => {
      const value = words.arn ?? /arn:aws[\w-]*:(?:iam|sts)::[^\s'",]+/.exec(text)?.[0];
      const type = /::\d{0,12}:(?!role\/)(?<type>[\w-]{2,30})\//.exec(value ?? '')?.groups?.type;
      return `The value of taskRoleArn or executionRoleArn in the task definition${value ? ` (${value})` : ''} is no role of this account: ${type ? `it is the ARN of another kind (${type})` : 'a wrong kind of ARN, a misspelt name or account, or a role that was deleted'}.`;
    },
    remedy:
      'Correct both values (inputs `task-role-arn`, `execution-role-arn`): arn:aws:iam::ACCOUNT:role/NAME with the path where the role has one; aws iam get-role --role-name NAME prints it. Not the ARN of an instance profile, user, policy or session. Create the role where it does not exist; leave out one that is empty.',
    link: `${GUIDE}/task_execution_IAM_role.html`,
  },
  {
    id: 'role-assume-failed',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'permission',
    failure: 'denied',
    propagates: true,
    match: [
      /\brole (?:with name |arn )?['"]?(?<role>arn:aws[\w-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,500}|[\w+=,.@-]{1,64})['"]? (?:does not exist|cannot be found|is not found|was not found)/i,
    ],
    cause: (found) => {
      const name = roleOf(found) ?? found.words.role;
      const unfilled = unfilledIn(name);
      return `The role${maybe(name)} that the task definition or service names does not exist${unfilled === undefined ? '' : `: "${unfilled}" is no name, but what is left where a value was missing`}.`;
    },
    remedy: (found) =>
      unfilledIn(roleOf(found) ?? found.words.role) !== undefined
        ? UNFILLED_ROLE
        : 'Create the role with a trust policy for ecs-tasks.amazonaws.com, or correct the ARN (inputs `execution-role-arn`, `task-role-arn`): account, path and spelling.',
    link: `${GUIDE}/task_execution_IAM_role.html`,
  },
  {
    id: 'ebs-attachment-failed',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'permission',
    failure: 'denied',
    propagates: true,
    match: [
      /unable to assume the configured ECS Infrastructure Role|ServiceAccessDeniedException for ECSInfrastructureRole\b/i,
    ],
    cause: (found) =>
      `ECS cannot take on the infrastructure role${maybe(roleOf(found))}, with which it makes volumes, launches instances or changes the load balancer for you.`,
    remedy: of(
      'ebs',
      'Let that role trust ecs.amazonaws.com and attach AmazonECSInfrastructureRolePolicyForVolumes (roleArn of a managed EBS volume), AmazonECSInfrastructureRolePolicyForLoadBalancers (advancedConfiguration.roleArn) or AmazonECSInfrastructureRolePolicyForManagedInstances (capacity provider). A new role takes some seconds to be known everywhere.',
    ),
    link: INFRASTRUCTURE,
  },
  {
    id: 'infrastructure-role-denied',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'permission',
    failure: 'denied',
    match: [
      /(?:unable|failed) to launch (?:an? |the )?(?:\w+ )?instance\(?s?\)?.{0,600}?(?:UnauthorizedOperation|not authorized|AccessDenied)/i,
    ],
    cause: (found) =>
      `The infrastructure role${maybe(roleOf(found))} of the capacity provider may not ${actionOf(found) ?? 'launch instances'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)}.`,
    remedy: (found) =>
      allowed(
        found,
        `Allow ${actionOf(found) ?? 'ec2:CreateFleet and ec2:RunInstances'} for the infrastructure role (AmazonECSInfrastructureRolePolicyForManagedInstances), and iam:PassRole on the role of the instance profile for it: the managed policy allows that only for roles whose name starts with ecsInstanceRole.`,
      ),
    link: INFRASTRUCTURE,
  },
  {
    id: 'lb-permission-denied',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'load-balancer',
    failure: 'denied',
    afterStart: true,
    match: [
      /not authorized to perform:? ?['"]?elasticloadbalancing:\w+/i,
      /unable to manage the ELB resources/i,
      /(?:target health|targets?|target-group|load balancer|listener)\b.{0,300}(?:because of|error:?|due to) .{0,20}(?:AccessDenied|not authorized)/i,
      /unable to assume role and validate the (?:specified )?(?:targetGroupArn|load ?balancer|listener)/i,
    ],
    cause: (found) => {
      if (/Infrastructure Role/i.test(found.text))
        return `ECS may not manage the load balancer with the infrastructure role${maybe(roleOf(found))}.`;
      if (/unable to assume role/i.test(found.text))
        return 'ECS could not take on the service role (`role` of the service) to look at the load balancer, its listeners and target groups.';
      return `The role${maybe(roleOf(found))} with which ECS manages the load balancer may not call ${actionOf(found) ?? 'Elastic Load Balancing'}.`;
    },
    remedy: (found) => {
      const action = actionOf(found) ?? 'elasticloadbalancing:RegisterTargets, DeregisterTargets and Describe*';
      if (/Infrastructure Role/i.test(found.text))
        return `Attach AmazonECSInfrastructureRolePolicyForLoadBalancers to the infrastructure role (advancedConfiguration.roleArn of the load balancer) and let it trust ecs.amazonaws.com.`;
      return allowed(
        found,
        `${/AWSServiceRoleForECS/.test(found.text) ? 'Allow the service-linked role' : 'Use the service-linked role AWSServiceRoleForECS (leave the service role out), or allow that role (the service role; with blue/green the infrastructure role of the load balancer)'} ${action} and let it trust ecs.amazonaws.com; check that the target group exists in the same account and Region.`,
      );
    },
    link: `${GUIDE}/AmazonECSInfrastructureRolePolicyForLoadBalancers.html`,
  },
  {
    id: 'role-assume-failed',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'permission',
    failure: 'invalid',
    propagates: true,
    match: [
      /assume (?:the |an? )?(?:\w+ )?role:? ?['"]?(?<arn>arn:aws[\w-]{0,20}:iam::\d{12}:role\/aws-service-role\/[^'"\s]{1,200}).{0,40}provided for this task/i,
    ],
    cause: ({ words: { arn } }) =>
      `The task definition names ${arn ?? 'a service-linked role'} as task role or execution role: it is a service-linked role, which only its own AWS service may use, and its trust policy cannot be changed.`,
    remedy:
      'Name a role of your own that trusts ecs-tasks.amazonaws.com in taskRoleArn and executionRoleArn (inputs `task-role-arn`, `execution-role-arn`), or leave the task role out.',
    link: `${GUIDE}/task-iam-roles.html`,
  },
  {
    id: 'role-assume-failed',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'permission',
    failure: 'denied',
    propagates: true,
    match: [
      /unable to assume (?:the )?(?<linked>service[- ]linked) role|(?<linked>service[- ]linked) role .{0,40}(?:does not|doesn't) exist/i,
      /unable to assume (?:the |an? )?(?:\w+ )?role:? ?['"]?(?<arn>arn:[^'"\s]+)?/i,
      /IAM (?:permissions policies|trust relationship|roles?).{0,80}misconfigured/i,
      /(?:failed|unable) to (?:retrieve|get|fetch) (?:task |execution )?(?:role )?credentials|unable to find execution role credentials|uses execution credentials, but the credentials are empty|execution role credentials not available|failed to assume role|role credentials could not be retrieved/i,
      /Role is not valid|role .{0,200}is invalid or cannot be assumed|ecs-tasks\.amazonaws\.com/i,
    ],
    unless: /AssumeRoleWithWebIdentity|sts:AssumeRole\b|OIDC|lifecycle hook/i,
    cause: ({ words: { linked, arn }, text }) => {
      if (linked)
        return 'ECS cannot take on its service-linked role (AWSServiceRoleForECS): the account does not have it, or no longer as AWS made it.';
      if (/misconfigured/i.test(text))
        return `ECS can no longer maintain the service: the IAM ${/trust/i.test(text) ? 'trust relationship' : 'permissions policies'} of its role were changed or are wrong.`;
      if (OF_SERVICE.test(text))
        return `ECS cannot assume the service role${maybe(first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]))} with which it registers the tasks of the service at its load balancer.`;
      if (ECS_ROLE.test(text))
        return `ECS cannot assume the infrastructure role${maybe(first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]))} that the ${ECS_ROLE.exec(text)?.[1]?.toLowerCase() ?? 'resource'} names.`;
      const unfilled = unfilledIn(first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]));
      if (unfilled !== undefined)
        return `The task definition names a role "${unfilled}" (${first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0])}): what fills taskRoleArn or executionRoleArn had no value, and no role of that name exists.`;
      return `ECS cannot assume the ${/execution role/i.test(text) ? 'execution role' : 'role'}${maybe(first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]))} of the task definition.`;
    },
    remedy: ({ words: { linked }, text }) => {
      if (linked)
        return 'Create the service-linked role in IAM once (its trust in ecs.amazonaws.com comes with it): aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com (a new one takes some seconds to be known everywhere).';
      if (/misconfigured/i.test(text))
        return 'Restore the IAM permissions and the trust of the service-linked role AWSServiceRoleForECS (or of the service role that was given), and of executionRoleArn and taskRoleArn (trust ecs-tasks.amazonaws.com).';
      if (OF_SERVICE.test(text))
        return 'Leave `role` of the service out where you can: the service-linked role AWSServiceRoleForECS is used then, and with awsvpc it must be. Otherwise let that role trust ecs.amazonaws.com (not ecs-tasks.amazonaws.com) with AmazonEC2ContainerServiceRole attached, and allow iam:PassRole on it for the role of the job; a new role takes some seconds to be known everywhere.';
      if (ECS_ROLE.test(text))
        return 'Let that role (roleArn of volumeConfigurations, of the load balancer or of the hook) trust ecs.amazonaws.com, not ecs-tasks.amazonaws.com, and check its ARN; a new role takes some seconds to be known everywhere.';
      if (unfilledIn(/arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]) !== undefined) return UNFILLED_ROLE;
      return 'Check that the role in taskRoleArn / executionRoleArn (inputs `task-role-arn`, `execution-role-arn`) exists and that its trust policy lets ecs-tasks.amazonaws.com call sts:AssumeRole, without a condition that does not hold; a new role takes some seconds to be known everywhere.';
    },
    link: `${IAM_GUIDE}/troubleshoot_roles.html`,
  },
];
