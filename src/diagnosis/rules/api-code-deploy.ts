import { of } from '../say.ts';
import { type Found, OF_CALLS, type Rule } from './rule.ts';

const GUIDE = 'https://docs.aws.amazon.com/codedeploy/latest/userguide';
const row = (
  failure: Rule['failure'],
  match: readonly RegExp[],
  words: Pick<Rule, 'cause' | 'remedy'> & Partial<Pick<Rule, 'id' | 'link' | 'when'>>,
): Rule => ({
  id: 'request-refused',
  technology: 'codedeploy',
  nature: 'permanent',
  ...OF_CALLS,
  subject: 'deployment',
  failure,
  match,
  link: `${GUIDE}/deployment-groups-create-ecs.html`,
  ...words,
});

/** The parts of a deployment group, and how ECS wants each of them. */
const PARTS: readonly (readonly [RegExp, name: string, how: string])[] = of('codedeploy', [
  [
    /blue ?green ?deployment ?configuration/i,
    'blueGreenDeploymentConfiguration',
    'deploymentReadyOption (actionOnTimeout CONTINUE_DEPLOYMENT) and terminateBlueInstancesOnDeploymentSuccess (action TERMINATE, terminationWaitTimeInMinutes)',
  ],
  [
    /deployment ?(?:style|type|option)/i,
    'deploymentStyle',
    'deploymentType BLUE_GREEN with deploymentOption WITH_TRAFFIC_CONTROL',
  ],
  [
    /load ?balancer ?info|target ?group|\belb/i,
    'loadBalancerInfo',
    'targetGroupPairInfoList alone, with two target groups and prodTrafficRoute (listener ARNs); elbInfoList and targetGroupInfoList are for EC2',
  ],
  [/ecs ?services?/i, 'ecsServices', 'exactly one pair of clusterName and serviceName'],
  [
    /deployment ?config/i,
    'deploymentConfigName',
    'one of the compute platform ECS, such as CodeDeployDefault.ECSAllAtOnce (input `codedeploy-deployment-config`)',
  ],
  [
    /tag|auto ?scaling|on-?premises|instance|file ?exists|trigger/i,
    'what is for EC2 alone (tag filters, Auto Scaling groups, instances)',
    'none of it',
  ],
]);
const partOf = ({ text }: Found) => PARTS.find(([words]) => words.test(text));

/** Calls to CodeDeploy that need more than the name of the exception. https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html */
export const CODE_DEPLOY_CALLS: readonly Rule[] = of('codedeploy', [
  row(
    'conflict',
    [
      /compute platform (?:(?:of|for) (?:the |this )?application\b.{0,80}?)?(?:is|of|:|=)? ?['"]?(?<platform>Server|Lambda)\b|\b(?<platform2>Server|Lambda) (?:compute platform|application|deployment group)\b/i,
    ],
    {
      cause: ({ words: { platform, platform2 }, text }) =>
        `The CodeDeploy application was created for the compute platform ${platform ?? platform2 ?? 'Server'}, and the request is for ECS. CodeDeploy says: "${text.replace(/^\w{3,80}Exception: /, '').slice(0, 300)}"`,
      remedy:
        'Use or create an application of the platform ECS (aws deploy create-application --application-name NAME --compute-platform ECS), and the deployment group in it: the platform of an application cannot be changed.',
    },
  ),
  row(
    'invalid',
    [
      /\bFor (?:an )?(?:Amazon )?ECS (?:blue\/green )?deployments?(?: groups?)?, .{3,200}\b(?:must|should|can ?not|may not|required)\b/i,
    ],
    {
      cause: (found) => {
        const [, name] = partOf(found) ?? [];
        return `The CodeDeploy deployment group does not fit the compute platform ECS${name ? `: ${name} is missing or set as for another platform` : ''}. CodeDeploy says: "${found.text.replace(/^\w{3,80}Exception: /, '').slice(0, 300)}"`;
      },
      remedy: (found) => {
        const [, name, how] = partOf(found) ?? [];
        return name === undefined
          ? 'Change the deployment group as the message says: ECS takes ecsServices, loadBalancerInfo.targetGroupPairInfoList, deploymentStyle BLUE_GREEN with WITH_TRAFFIC_CONTROL, and blueGreenDeploymentConfiguration.'
          : `Set ${name} of the deployment group as ECS wants it: ${how}.`;
      },
    },
  ),
  row('conflict', [/deployment ?option value is set to WITH_TRAFFIC_CONTROL, but either no load balancer/i], {
    cause:
      'CodeDeploy read the deployment group as one for EC2, where targetGroupPairInfoList does not count: as a rule the application was created without computePlatform ECS (Server is the default).',
    remedy:
      'Create the application again with computePlatform ECS (aws deploy create-application --compute-platform ECS; the platform cannot be changed), then the deployment group in it with loadBalancerInfo.targetGroupPairInfoList: two target groups and prodTrafficRoute.',
  }),
  row('conflict', [/ECS service must (?:be configured for|use|have) .{0,20}CODE_DEPLOY deployment controller/i], {
    id: 'wrong-deployment-controller',
    cause:
      'The ECS service has another deployment controller than CODE_DEPLOY, so CodeDeploy cannot deploy it: as a rule ECS, the default.',
    remedy:
      'Create the service with deploymentController CODE_DEPLOY (AWS describes the change of an existing one only from CODE_DEPLOY to ECS). Or leave CodeDeploy out: with the controller ECS the input `strategy: BLUE_GREEN` (CANARY, LINEAR) does the same.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-types.html',
  }),
  row('denied', [/Could not load ECS service information for cluster.{0,600}?(?:not authorized|AccessDenied)/i], {
    cause: ({ text }) =>
      `The service role of the CodeDeploy deployment group${/assumed-role\/([\w+=,.@-]{1,64})/.exec(text)?.[1]?.replace(/^/, ' ') ?? ''} may not read the ECS service (${/ecs:\w{3,40}/.exec(text)?.[0] ?? 'ecs:DescribeServices'}).`,
    remedy:
      'Attach AWSCodeDeployRoleForECS to that role (serviceRoleArn of the deployment group); the role of the job is not meant.',
    link: `${GUIDE}/getting-started-create-service-role.html`,
  }),
  row('missing', [/Could not load ECS service information for cluster|InvalidECSServiceException/i], {
    cause: ({ text }) =>
      `CodeDeploy does not find the ECS service of the deployment group, or cannot use it: ${text.replace(/^\w{3,80}Exception: /, '').slice(0, 300)}`,
    remedy:
      'Correct clusterName and serviceName in ecsServices of the deployment group (same account and Region): the service must be ACTIVE and have deploymentController CODE_DEPLOY.',
  }),
  row(
    'conflict',
    [
      /ECSServiceMappingLimitExceeded|ECS service .{0,120}(?:already )?associated with (?:more than one|another) deployment group/i,
    ],
    {
      cause: 'The ECS service already belongs to another CodeDeploy deployment group, and it can belong to one only.',
      remedy:
        'Use that deployment group (aws deploy list-deployment-groups, get-deployment-group: ecsServices; input `codedeploy-deployment-group`), or delete it first.',
    },
  ),
  row('conflict', [/DeploymentIsNotInReadyState/], {
    cause:
      'The deployment does not wait to be continued: its new task set is not ready yet, or it has been continued or ended already.',
    remedy:
      'Look at its status (aws deploy get-deployment): continue it when it is Ready. A deployment group with actionOnTimeout CONTINUE_DEPLOYMENT continues by itself.',
  }),
  row('missing', [/InvalidAlarmConfig|Alarm name .{1,255} does not exist/i], {
    cause: ({ text }) =>
      `An alarm of the deployment group does not exist in this account and Region${/Alarm name ([\w .:/-]{1,255}?) does not/i.exec(text)?.[1]?.replace(/^/, ': ') ?? ''}.`,
    remedy:
      'Correct the name in alarmConfiguration of the deployment group (the name of the CloudWatch alarm, not its ARN), create it first, or set enabled to false.',
  }),
  row('invalid', [/DescriptionTooLong/], {
    cause: 'The description of the deployment is longer than CodeDeploy takes.',
    remedy:
      'Shorten it (input `codedeploy-deployment-description`): a commit message or a title that is put in may be long.',
  }),
  row('exhausted', [/AlarmsLimitExceeded/], {
    cause:
      'The deployment group names more than the 10 alarms that CodeDeploy allows, and this limit cannot be raised.',
    remedy: 'Name at most 10 alarms, or put several into one composite alarm of CloudWatch.',
  }),
  row('invalid', [/InvalidLifecycleEventHookExecutionId|LifecycleEventAlreadyCompleted/], {
    cause:
      'The function of the hook reported to CodeDeploy with an id that is not that of a hook which waits: another one, or it has reported or ended already.',
    remedy:
      'Send DeploymentId and LifecycleEventHookExecutionId from the event of the function unchanged as deploymentId and lifecycleEventHookExecutionId, once, before the hook ends.',
  }),
  row('conflict', [/DeploymentAlreadyCompleted/], {
    cause: 'The deployment has ended already, so it can be neither stopped nor continued.',
    remedy: 'Nothing to stop. To go back to the task definition before start a new deployment with it.',
  }),
  row(
    'conflict',
    [/InvalidComputePlatform|compute ?platform (?:of|for) .{0,120}(?:does not match|must|invalid|different)/i],
    {
      cause:
        'The compute platform does not fit: application, deployment configuration and revision (AppSpec) must all be for ECS.',
      remedy:
        'Use an application that was created with computePlatform ECS, and a deployment configuration of it (CodeDeployDefault.ECS...); the platform of an application cannot be changed.',
    },
  ),
  row('conflict', [/(?:Application|DeploymentGroup|DeploymentConfig)AlreadyExistsException/], {
    cause: ({ text }) =>
      `CodeDeploy already has ${/ApplicationAlready/.test(text) ? 'an application' : 'a deployment group or configuration'} of that name.`,
    remedy:
      'Use or update what exists (aws deploy update-deployment-group), bring it under the tool that creates it (import), or choose another name.',
  }),
]);
