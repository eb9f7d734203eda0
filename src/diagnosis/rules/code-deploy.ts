import { of, type Text } from '../say.ts';
import { type Found, maybe, OF_TASKS, OF_TASKS_AND_ECS, type Rule } from './rule.ts';

const GUIDE = 'https://docs.aws.amazon.com/codedeploy/latest/userguide';
/** `(event AfterInstall, function validate: it reported Failed.; its log ends with: AssertionError)`, as src/code-deploy/deployed.ts writes it. */
const EVENT = /\(event (\w{1,40})(?:, function ([^:\s)]{1,140}(?::[^:\s)]{1,140}){0,7}))?(?::\s(.{1,2000}))?\)$/s;

const eventOf = ({ text }: Found) => {
  const [, event, lambda, words] = EVENT.exec(text) ?? [];
  return { event, lambda: lambda?.replace(/:$/, ''), words };
};
/** What CodeDeploy says, without its code and our addition. */
const wordsOf = ({ text }: Found): string =>
  text
    .replace(/^CodeDeploy [A-Z_]+: /, '')
    .replace(EVENT, '')
    .trim();

/** What CodeDeploy finds at the listeners before and while it shifts traffic; the words that Elastic Load Balancing has no part in. */
const LISTENERS: readonly (readonly [RegExp, cause: (arn: string) => string, remedy: Text])[] = of('codedeploy', [
  [
    /primary task ?set(?:'s)? target group (?:must|should|has to) be behind/i,
    (arn) =>
      `The listener or listener rule${arn} does not forward to the target group of the PRIMARY task set, which serves the traffic now: it was changed outside of CodeDeploy (console, infrastructure as code), or the deployment group names the wrong production or test listener.`,
    [
      'Let the production and the test listener (rule) forward to the target group that the primary task set has in `loadBalancers` (aws ecs describe-services, taskSets), or correct the listeners of the deployment group, then ',
      { deploys: 'deploy again' },
      '. Keep other tools from putting the listener back: they must leave its action alone (ignore_changes and its like).',
    ],
  ],
  [
    /green task ?set(?:'s)? target group .{0,40}(?:non-?zero|weight)/i,
    (arn) =>
      `The listener rule${arn} already sends a part of the traffic to the target group of the new (green) task set: its forward action has a weight for it.`,
    [
      'Let the rule forward to the target group in use (blue) alone, without weights or with 0 for the other, and ',
      { deploys: 'deploy again' },
      ': CodeDeploy sets the weights itself.',
    ],
  ],
  [
    /task ?set <?[\w/-]{3,80}>? is behind (?:prod(?:uction)?|test) listener|still serving production traffic/i,
    (arn) =>
      `The production listener${arn} forwards to a task set that CodeDeploy does not take for the primary one: the rule was changed outside of CodeDeploy, or the deployment before had not ended.`,
    [
      'Let the production listener (rule) forward to the target group of the PRIMARY task set (aws ecs describe-services, taskSets), then ',
      { deploys: 'deploy again' },
      '. Run one deployment at a time (`concurrency`), and let no other tool change the rule.',
    ],
  ],
  [
    /only target groups? in (?:the )?(?:ECS )?deployment group/i,
    (arn) =>
      `The listener${arn} forwards to a target group that does not belong to the CodeDeploy deployment group as well.`,
    'Take the other target groups out of the forward action of that listener (or give them a rule or listener of their own): only the two of the deployment group may be there.',
  ],
  [
    /only ALB supports gradual|gradual traffic routing/i,
    () =>
      'The deployment configuration shifts the traffic in steps (canary, linear), which a Network Load Balancer cannot do: only an Application Load Balancer has weights.',
    'Set the deployment configuration of the deployment group to CodeDeployDefault.ECSAllAtOnce (input `codedeploy-deployment-config`), or put the service behind an Application Load Balancer.',
  ],
]);
const listenerFault = (text: string) => LISTENERS.find(([words]) => words.test(text));
const listenerIn = (text: string): string =>
  maybe(
    /arn:aws[\w-]{0,12}:elasticloadbalancing:[\w:-]{5,60}:listener[^\s'",)]{5,300}?(?=\.?(?:[\s'",)]|$))/.exec(
      text,
    )?.[0],
  );

/** Which part of the AppSpec sets what ECS refused: CodeDeploy hands it to CreateTaskSet. */
const PARTS: readonly (readonly [RegExp, place: string, how: string])[] = of('codedeploy', [
  [
    /did not have a container port|container .{0,260}does not exist in the task definition|container ?(?:name|port)/i,
    'LoadBalancerInfo',
    'ContainerName and ContainerPort must be those of a container in the task definition (its name, a containerPort in its portMappings)',
  ],
  [
    /revision number|task ?definition\b.{0,80}(?:not found|does not exist|inactive)|describe task definition|family should/i,
    'TaskDefinition',
    'it takes the ARN of a registered revision, or family:number; a tag as latest, an image or an empty variable does not do (CodePipeline fills <TASK_DEFINITION>)',
  ],
  [
    /subnets?\b|security ?groups?\b|network ?configuration|awsvpc|assign ?public/i,
    'NetworkConfiguration',
    'subnets and security groups must exist in one VPC, that of the target groups',
  ],
  [/platform ?version|platform does not/i, 'PlatformVersion', 'LATEST, or leave it out'],
  [
    /capacity ?provider|launch ?type/i,
    'CapacityProviderStrategy',
    'only capacity providers of the cluster, at least one with a weight above 0; without it the one of the service stays',
  ],
]);
const partOf = (found: Found) => PARTS.find(([words]) => words.test(wordsOf(found)));
/** What ECS says, without CodeDeploy's introduction and the request data behind it. */
const refusedBy = (found: Found): string =>
  wordsOf(found)
    .replace(/^The ECS service cannot be updated due to an unexpected error: /, '')
    .replace(/ \(Service: .*$/s, '');

/** Why CodeDeploy ended a deployment: errorInformation of it. https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html */
export const CODE_DEPLOY: readonly Rule[] = [
  {
    id: 'codedeploy-hook-failed',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'failed',
    match: [/^CodeDeploy (?:HOOK_EXECUTION_FAILURE|INVALID_LAMBDA_FUNCTION|INVALID_LAMBDA_CONFIGURATION): /],
    cause: (found) => {
      const { event, lambda, words } = eventOf(found);
      const hook = `The hook${event ? ` ${event}` : ''}${lambda ? ` (Lambda function ${lambda})` : ''}`;
      return `${hook} failed the deployment: ${(words ?? wordsOf(found)).replace(/\.$/, '')}.`;
    },
    remedy: (found) =>
      `Look at the log of the function${eventOf(found).lambda ? '' : ' of the hook'} in CloudWatch (/aws/lambda/NAME) for what it checked. It must report Succeeded within an hour (codedeploy:PutLifecycleEventHookExecutionStatus), and CodeDeploy's role must be allowed to invoke it.`,
    link: `${GUIDE}/reference-appspec-file-structure-hooks.html`,
  },
  {
    id: 'codedeploy-hook-failed',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [/status callback|after a deployment hook is invoked/i],
    cause:
      'The Lambda function of a hook in the AppSpec did not report to CodeDeploy within an hour whether it succeeded: the deployment waited for it in vain.',
    remedy:
      'Let the function call PutLifecycleEventHookExecutionStatus with Succeeded or Failed on every way out of it, and allow its role codedeploy:PutLifecycleEventHookExecutionStatus. Its log (/aws/lambda/NAME) shows whether it ran, failed or timed out.',
    link: `${GUIDE}/troubleshooting-ecs.html`,
  },
  {
    id: 'codedeploy-timeout',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [/waiting for a notification to continue(?:.{0,60}period is (?<minutes>\d{1,5}) minutes)?/i],
    cause: ({ words: { minutes } }) =>
      `CodeDeploy waited${minutes ? ` ${minutes} minutes` : ''} for someone to continue the deployment (deploymentReadyOption STOP_DEPLOYMENT), and no one did, so it stopped it.`,
    remedy:
      'Continue it in time (`mode: continue` in a job behind an approval, or aws deploy continue-deployment --deployment-wait-type READY_WAIT). Or raise waitTimeInMinutes of the deployment group, or let it reroute at once (actionOnTimeout CONTINUE_DEPLOYMENT).',
    link: `${GUIDE}/troubleshooting-ecs.html`,
  },
  {
    id: 'codedeploy-refused',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS_AND_ECS,
    subject: 'load-balancer',
    failure: 'conflict',
    match: LISTENERS.map(([words]) => words),
    cause: ({ text }) => listenerFault(text)?.[1](listenerIn(text)) ?? text,
    remedy: ({ text }) => listenerFault(text)?.[2] ?? '',
    link: `${GUIDE}/troubleshooting-ecs.html`,
  },
  {
    id: 'codedeploy-timeout',
    technology: 'codedeploy',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [/^CodeDeploy TIMEOUT: |timed out while waiting for the replacement task ?set/],
    cause: (found) => `CodeDeploy gave the deployment up: ${wordsOf(found)}`,
    remedy:
      'Look at the stopped tasks of the replacement task set and the health checks of its target group: they say why it did not become healthy. If it waited for an approval, continue it in time (`mode: continue`).',
    link: `${GUIDE}/troubleshooting-ecs.html`,
  },
  {
    id: 'codedeploy-refused',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'invalid',
    match: [
      /^CodeDeploy (?:ECS_UPDATE_ERROR|INVALID_REVISION|INVALID_ECS_SERVICE|ELASTIC_LOAD_BALANCING_INVALID|MISSING_\w{1,60}): /,
    ],
    cause: (found) =>
      `${/^CodeDeploy ELASTIC/.test(found.text) ? 'Elastic Load Balancing' : 'ECS'} refused what CodeDeploy asked for: ${refusedBy(found)}`,
    remedy: (found) => {
      const [, place, how] = partOf(found) ?? [];
      return place === undefined
        ? 'Correct the AppSpec (container, port, network), the target groups and listeners of the deployment group, or the role of CodeDeploy (AWSCodeDeployRoleForECS), as the message says.'
        : `Correct ${place} in the AppSpec (Resources > TargetService > Properties; input \`codedeploy-appspec\`): ${how}.`;
    },
    link: `${GUIDE}/troubleshooting-ecs.html`,
  },
  {
    id: 'codedeploy-role',
    technology: 'codedeploy',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'denied',
    match: [/^CodeDeploy (?:IAM_ROLE_MISSING|IAM_ROLE_PERMISSIONS): /],
    cause: (found) => `The service role of the CodeDeploy deployment group cannot be used: ${wordsOf(found)}`,
    remedy:
      'Give the deployment group (serviceRoleArn) a role that trusts codedeploy.amazonaws.com and has AWSCodeDeployRoleForECS, and iam:PassRole on the task roles.',
    link: `${GUIDE}/getting-started-create-service-role.html`,
  },
  {
    id: 'codedeploy-ended',
    technology: 'codedeploy',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'stopped',
    // Who made the call is known to CloudTrail alone, which keeps it for 90 days.
    match: [/^CodeDeploy MANUAL_STOP: /],
    cause: (found) => `The deployment was stopped by a call of codedeploy:StopDeployment: ${wordsOf(found)}`,
    remedy: [
      'Before you ',
      { deploys: 'deploy again' },
      ', find who stopped it: CloudTrail has the call as the event `StopDeployment` (`aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopDeployment`).',
    ],
    link: `${GUIDE}/deployments-stop.html`,
  },
  {
    id: 'codedeploy-ended',
    technology: 'codedeploy',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'stopped',
    match: [/^CodeDeploy (?<why>(?!ALARM_ACTIVE)[A-Z_]{3,60}): /],
    cause: (found) => {
      const { why } = found.words;
      return `CodeDeploy ended the deployment${why ? ` (${why})` : ''}: ${wordsOf(found)}`;
    },
    remedy: 'Open the deployment in CodeDeploy (aws deploy get-deployment: errorInformation) and its lifecycle events.',
    link: `${GUIDE}/deployments-view-details.html`,
  },
];
