import {
  actionOf,
  dnsHint,
  GUIDE,
  maybe,
  type Rule,
  refusalOf,
  regionOf,
  resourceOf,
  roleOf,
  targetOf,
  wayTo,
} from './rule.ts';

const AWSLOGS = `${GUIDE}/using_awslogs.html`;
const INIT = `${GUIDE}/resource-initialization-error.html`;
const groupOf = (text: string): string | undefined => /log-group:([^\s:*'",]+)/.exec(text)?.[1];

/** Where a container's output goes, prepared before the container starts. */
export const LOGGING: readonly Rule[] = [
  {
    id: 'log-permission-denied',
    nature: 'hopeless',
    match: [
      /not authorized to perform:? ?['"]?logs:\w+/i,
      /(?:log group|log stream|logger args|logging driver|CloudWatch Logs).{0,900}?(?:AccessDenied|not authorized|explicit deny)/i,
      /AccessDenied.{0,300}logs:(?:Create|Put|Describe)\w+/i,
    ],
    cause: (found) => {
      const action =
        actionOf(found) ??
        (/Create\w{0,10}log ?group|log group:/i.test(found.text) ? 'logs:CreateLogGroup' : 'logs:CreateLogStream');
      return `The task's execution role${maybe(roleOf(found))} may not write its logs (${action})${maybe(groupOf(found.text) ? `in the log group ${groupOf(found.text)}` : undefined)}.`;
    },
    remedy: (found) => {
      const action =
        actionOf(found) ??
        (/Create\w{0,10}log ?group|log group:/i.test(found.text) ? 'logs:CreateLogGroup' : 'logs:CreateLogStream');
      return `Allow ${action} on ${resourceOf(found) ?? 'the log group'} for the execution role (on EC2 without one: the instance role), beside logs:CreateLogStream and logs:PutLogEvents. AmazonECSTaskExecutionRolePolicy does not include logs:CreateLogGroup, which awslogs-create-group needs: allow it, or create the log group beforehand.${refusalOf(found)}`;
    },
    link: AWSLOGS,
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log group: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/d is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-2:123456789012:log-group:/ecs/web',
    ],
  },
  {
    id: 'log-group-missing',
    nature: 'hopeless',
    match: [
      /specified log group does not exist/i,
      /(?:log stream|logger args|logging driver|log group).{0,600}?(?:ResourceNotFoundException|does not exist)/i,
      /log group ['"]?(?<group>[\w./#-]+)['"]? (?:does not exist|not found|was not found)/i,
    ],
    unless: /connection issue|signal: killed/i,
    cause: ({ words: { group }, text }) =>
      `The log group${maybe(group ?? groupOf(text))} in awslogs-group of the task definition does not exist in Region ${regionOf({ text, words: {}, context: {}, surface: 'task.stoppedReason' })}.`.replace(
        ' in Region REGION',
        ' in its Region',
      ),
    remedy:
      'Create the log group (aws logs create-log-group --log-group-name NAME), correct awslogs-group or awslogs-region (input `log-configuration-options`), or set awslogs-create-group to true and allow logs:CreateLogGroup for the execution role.',
    link: AWSLOGS,
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    ],
  },
  {
    id: 'log-network',
    nature: 'ambiguous',
    match: [
      /connection issue between the task and (?:Amazon )?CloudWatch/i,
      /(?:logger args|log stream|log group|logging driver|CloudWatch Logs|logs\.[\w-]{1,30}\.amazonaws).{0,900}?(?:signal: killed|i\/o time|dial tcp|deadline exceeded|no such host|request canceled|RequestCanceled|RequestError|connection (?:refused|reset)|StatusCode: 0\b|send request failed|timed? ?out|connection issue)/i,
      /task cannot find the Amazon CloudWatch log group/i,
    ],
    cause: (found) =>
      `The task cannot reach Amazon CloudWatch Logs over its network${targetOf(found) ? ` (${targetOf(found)})` : ''}; the log group itself is probably fine.`,
    remedy: (found) => wayTo(found, ['logs']) + dnsHint(found),
    link: INIT,
    examples: [
      'ResourceInitializationError: failed to validate logger args: : signal: killed',
      'CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: RequestError: send request failed\ncaused by: Post https://logs.us-east-2.amazonaws.com/: dial tcp 10.20.10.16:443: i/o time',
    ],
  },
  {
    id: 'log-driver-missing',
    nature: 'hopeless',
    match: [
      /no log driver named ["']?(?<driver>[\w-]+)/i,
      /log(?:ging)? driver ["']?(?<driver>[\w-]{1,40})["']? (?:is )?(?:not (?:registered|supported|available|found)|disabled)/i,
      /Log driver (?<driver>[\w-]{1,40}) (?:is )?(?:not supported|disabled)/i,
    ],
    cause: ({ words: { driver } }) => `The container instance has no log driver${maybe(driver)}.`,
    remedy:
      'Choose a log driver that it has (input `log-configuration-log-driver`; Fargate: awslogs, splunk, awsfirelens), or add it to ECS_AVAILABLE_LOGGING_DRIVERS in /etc/ecs/ecs.config of the container instance.',
    link: AWSLOGS,
    examples: [
      "CannotCreateContainerError: Error response from daemon: logger: no log driver named 'awslogs' is registered",
    ],
  },
  {
    id: 'log-options-invalid',
    nature: 'hopeless',
    match: [
      /unknown log opt ["']?(?<option>[\w-]+)["']?(?: for (?<driver>[\w-]+) log driver)?/i,
      /must specify a value for log opt ["']?(?<option>[\w-]+)/i,
      /(?:invalid|missing) (?:value for )?log(?:ging)? opt(?:ion)?:? ?["']?(?<option>[\w-]+)?/i,
      /(?<option>(?:splunk|gelf|fluentd|syslog|awslogs)-[\w-]{1,40}) (?:is|are) (?:expected|required)/i,
      /failed to (?:create|initialize|validate) (?:logging driver|logger args)?:? ?.{0,80}(?:unable to connect or authenticate with splunk|splunk)/i,
    ],
    cause: ({ words: { option } }) =>
      `A log option${maybe(option)} of the task definition's logConfiguration is wrong or missing.`,
    remedy:
      'Correct logConfiguration.options (input `log-configuration-options`), as the log driver documents them: awslogs needs awslogs-group and awslogs-region, on Fargate awslogs-stream-prefix as well.',
    link: `${GUIDE}/specify-log-config.html`,
    examples: [
      "CannotStartContainerError: Error response from daemon: unknown log opt 'awslogs-prefix' for awslogs log driver",
    ],
  },
  {
    id: 'firelens-failed',
    nature: 'hopeless',
    match: [/firelens/i, /log_router|fluent-?bit.{0,80}(?:fail|error|exit)/i, /unable to download s3 config/i],
    cause: ({ text }) => `The FireLens log router could not be prepared or died: ${text}`,
    remedy:
      'Look at firelensConfiguration: a config file in S3 needs s3:GetObject and s3:GetBucketLocation for the execution role and a way to S3; the log router must be an essential container with a FireLens image (public.ecr.aws/aws-observability/aws-for-fluent-bit), and its own log says what it refuses.',
    link: `${GUIDE}/using_firelens.html`,
    examples: ['unable to generate firelens config file: unable to download firelens s3 config file'],
  },
  {
    id: 'log-setup-failed',
    nature: 'hopeless',
    match: [
      /failed to validate logger args/i,
      /failed to (?:initialize|create) (?:the )?logging driver/i,
      /failed to create (?:Cloudwatch|CloudWatch) log (?:stream|group)/i,
    ],
    cause: ({ text }) => `The log driver of the container could not be set up: ${text}`,
    remedy: (found) =>
      `Check logConfiguration: the log group in awslogs-group and its Region, the execution role's logs:CreateLogStream and logs:PutLogEvents, and the way there. ${wayTo(found, ['logs'])}`,
    link: AWSLOGS,
    examples: [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: : exit status 1',
    ],
  },
];
