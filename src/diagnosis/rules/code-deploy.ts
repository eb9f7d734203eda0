import { type Found, OF_TASKS, type Rule } from './rule.ts';

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
    id: 'codedeploy-timeout',
    technology: 'codedeploy',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'timed-out',
    match: [/^CodeDeploy TIMEOUT: /],
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
    cause: (found) => {
      const message = wordsOf(found)
        .replace(/^The ECS service cannot be updated due to an unexpected error: /, '')
        .replace(/ \(Service: .*$/s, '');
      return `ECS or Elastic Load Balancing refused what CodeDeploy asked for: ${message}`;
    },
    remedy:
      'Correct the AppSpec (container, port, network), the target groups and listeners of the deployment group, or the role of CodeDeploy (AWSCodeDeployRoleForECS), as the message says.',
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
    match: [/^CodeDeploy (?<why>(?!ALARM_ACTIVE)[A-Z_]{3,60}): /],
    cause: (found) => {
      const { why } = found.words;
      return `CodeDeploy ended the deployment${why ? ` (${why})` : ''}: ${wordsOf(found)}`;
    },
    remedy: 'Open the deployment in CodeDeploy (aws deploy get-deployment: errorInformation) and its lifecycle events.',
    link: `${GUIDE}/deployments-view-details.html`,
  },
];
