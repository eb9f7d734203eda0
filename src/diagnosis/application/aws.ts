import { isA, type Row } from './row.ts';

/** AWS's SDKs and CLI: who calls, from where, and what AWS answered. Before anything that looks like a setting or a network. */
export const AWS: readonly Row[] = [
  {
    // Only agents of ECS call these, and a program that runs beside the application (Service Connect, the agent).
    kind: 'stated',
    form: /\bnot authorized to perform:? (?<action>ecs:(?:Poll|DiscoverPollEndpoint|StartTelemetrySession|RegisterContainerInstance|Submit\w{4,30}Changes?|PutSystemLogEvents))\b/,
    cause:
      'An agent of ECS (of the container instance, or of Service Connect in the task) was denied {action}; the application itself does not make that call: {line}',
    remedy:
      'Allow {action} for the role that the line names: for an instance role attach AmazonEC2ContainerServiceforEC2Role. Where the task still ended, read the log of the container that is essential: this line alone does not end it.',
  },
  isA('aws-region-missing', /Cannot fetch region variable from config file, environment variables/),
  {
    kind: 'aws-credentials-missing',
    form: /(?:Either the environment variable )?AWS_WEB_IDENTITY_TOKEN_FILE (?:or the javaproperty|must be set|is not set|environment variable (?:not|is not|must))|aws\.webIdentityTokenFile must be set|Web identity (?:token file|configuration) not specified|failed to read web identity token|unable to read (?:web identity )?token file/i,
    cause:
      '{who} asks for its AWS credentials as a pod of Kubernetes does (web identity token), which a task of ECS does not have: {line}',
    remedy:
      'Let the SDK use its default chain of credentials, which takes the task role (input `task-role-arn`): remove the web identity provider from the code or configuration, and AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN from `environment`.',
  },
  {
    kind: 'stated',
    form: /\bClientException: The referenced cluster was inactive/,
    cause:
      'ECS refused a call because the cluster that it names is not active in that account and Region (never created, or deleted). On a container instance the ECS agent says so, which registers the instance in the cluster of ECS_CLUSTER, or in `default` where it knew of none when it started: {line}',
    remedy:
      'On an instance write ECS_CLUSTER=NAME into /etc/ecs/ecs.config at the very start of the user data, before the agent starts, with the name of an active cluster of that Region; on one that runs, correct the file and restart the agent (systemctl restart ecs). In an application correct the cluster and Region of its call.',
  },
  {
    // The bare address, without the path that the variable holds.
    kind: 'aws-credentials-missing',
    form: /https?:\/\/169\.254\.170\.2\/?(?=[`'"\s)])[^\n]{0,160}\b40[04]\b/,
    cause:
      '{who} asked the bare address of the credentials endpoint of ECS (169.254.170.2), without the path of its task: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is empty in that process: the one that starts it hands on no variables, or the task definition has no task role: {line}',
    remedy: [
      'Hand AWS_CONTAINER_CREDENTIALS_RELATIVE_URI on to that process',
      {
        for: 'php',
        words:
          ': php-fpm clears it (clear_env = no in the pool, or env[AWS_CONTAINER_CREDENTIALS_RELATIVE_URI] = $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)',
      },
      '; sudo, cron, env -i and su - drop it as well, and a cached configuration may hold an empty one. Where the whole container lacks it, set taskRoleArn in the task definition (input `task-role-arn`).',
    ],
  },
  {
    // What the endpoint of the ECS agent, or a client of it, says of a task without a task role.
    kind: 'aws-credentials-missing',
    form: /CredentialsV\d?Request|CREDENTIALS_(?:RELATIVE|FULL)_URI\b.{0,160}\b(?:is|are|be|was|were|not) (?:not )?(?:set|defined|found|present)|CREDENTIALS_RELATIVE_URI not found|relative[ _]?uri\b.{0,120}(?:no |not |missing|empty|40[04])|(?:container (?:metadata|credentials?)|credentials? endpoint|169\.254\.170\.2\b).{0,160}(?:ID not found|\b40[04]\b|no task role|not found)|\b40[04]\b.{0,80}(?:container metadata|container credentials?|credentials endpoint|169\.254\.170\.2\b)|no (?:IAM )?(?:task )?role (?:is )?(?:attached|assigned|associated|configured)(?: (?:to|with|for) (?:the |this )?task)/i,
    not: /ECS_CONTAINER_METADATA|\/v[234]\/(?:metadata|stats|tasks?)\b|from any (?:of the )?provider/,
    cause:
      '{who} got no credentials from the credentials endpoint of ECS (169.254.170.2): the task definition has no task role (taskRoleArn), or the request ran outside of the task: {line}',
    remedy: [
      'Set taskRoleArn in the task definition (input `task-role-arn`) to a role that ecs-tasks.amazonaws.com may assume, and ',
      { deploys: 'deploy again' },
      '. Where it is set, keep AWS_CONTAINER_CREDENTIALS_RELATIVE_URI in the environment of the process (sudo, cron and env -i drop it), and make the request in the task itself.',
    ],
  },
  isA(
    'aws-profile-missing',
    /(?:config|credentials?) profile \(?['"]?(?<profile>[\w.-]{1,60})['"]?\)? (?:could not|cannot|couldn't) be found|failed to get shared config profile,? ?(?<profile2>[\w.-]{0,60})|Could not resolve credentials using profile|ProfileNotFound|Profile (?:file )?(?<profile3>[\w.-]{1,60}) (?:could not be found|not found) in (?:the )?shared/i,
  ),
  isA(
    'aws-credentials-missing',
    /Unable to locate credentials|NoCredentialsError|NoCredentialProviders|CredentialsProviderError|MissingCredentials(?:Error)?\b|Could not load credentials from any|Unable to load (?:AWS )?credentials from any|failed to refresh cached credentials|failed to retrieve credentials\b|no EC2 IMDS role found|Unable to get IAM security credentials|Failed to resolve AWS credentials|CredentialsNotLoaded|no providers in chain provided credentials|CredentialsError: Missing credentials|Missing credentials in config|unable to sign request without credentials|No valid credential sources? found|retrieving credentials from the (?:instance profile|EC2|ECS)|no valid providers in chain|Cannot retrieve (?:AWS )?credentials|CredentialsException: |could not find (?:any )?AWS credentials|Unable to find (?:AWS )?credentials|no AWS credentials|[Nn]o (?:valid )?AWS authentication|\/\.aws\/credentials['"`]?:? [^\n]{0,40}no such file|no such file or directory\b[^\n]{0,40}\/\.aws\/credentials|credential provider was not enabled|failed to (?:load|get|obtain) (?:AWS )?credentials from (?:the )?(?:provider|environment|chain|IMDS)/i,
  ),
  {
    kind: 'stated',
    form: /PartialCredentialsError|Partial credentials found|AWS_ACCESS_KEY_ID is set,? but AWS_SECRET_ACCESS_KEY/i,
    cause: '{who} has only one part of an AWS key: {line}',
    remedy:
      'Remove AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from `environment` and `secrets`, so that the SDK uses the task role (input `task-role-arn`), or set both.',
  },
  isA(
    'aws-region-missing',
    /You must specify a region|NoRegionError|Missing region in config|Invalid Configuration: Missing Region|Error: Region is missing\b|MissingRegionError|Unable to load region from any|Unable to find a region via the region provider|No RegionEndpoint or ServiceURL|A "region" configuration value is required|MissingRegion: could not find region|options: region: \(string\)|Missing required (?:client configuration options|parameter): .{0,40}region/i,
  ),
  {
    // The look-up of the host's own data, without credentials.
    kind: 'stated',
    form: /169\.254\.169\.254\/latest\/(?:meta-data\/(?!iam\b)(?<what>[a-z-]{2,40})|dynamic\/(?<what2>[a-z-]{2,40}))|\bec2[ _]?metadata is not available/i,
    not: /credential/i,
    cause:
      '{who} asked the metadata service of an EC2 instance{ (what)} and got no answer: {noMetadata}. Whether the program continues without is not in that line: {line}',
    remedy:
      'Give the program by a setting what it looks up (AWS_REGION for the Region), turn the look-up off where it has an option (the X-Ray daemon: -o), or use the current image with the settings for ECS (CloudWatch agent: CW_CONFIG_CONTENT). If the lines after it show that it works, nothing is wrong.',
  },
  // Only credentials and metadata live at link-local addresses.
  isA(
    'aws-credentials-missing',
    /169\.254\.(?:169\.254|170\.2|170\.23)\b/,
    /retrieve region|metadata\/v\d|ECS_CONTAINER_METADATA|\/v[234]\/(?:metadata|stats|tasks?)\b/,
  ),
  {
    kind: 'stated',
    technology: 'emulation',
    form: /(?:connect to the endpoint URL:? "?|Could not connect to |endpoint:? ?"?|connect ECONNREFUSED |dial tcp |https?:\/\/)(?<host>localhost|127\.0\.0\.1|\[?::1\]?|localstack|dynamodb-local|minio):(?<port>4566|4572|9324|4100)\b/,
    cause:
      '{who} calls AWS at {host}:{port}, an emulator of your own machine (LocalStack or the like), which the task does not have.',
    remedy:
      'Remove the endpoint from `environment` (AWS_ENDPOINT_URL, AWS_ENDPOINT or the option of the client), so that the SDK calls AWS itself.',
  },
  {
    kind: 'stated',
    form: /RequestTimeTooSkewed|difference between the request time and the current time is too large|Signature (?:expired|not yet current)/i,
    cause:
      'AWS refused a call of the application{container} because the clock of its host, or the time at which it signed, is wrong: {line}',
    remedy:
      'On EC2 let chrony keep the time of the instance (Amazon Time Sync Service, 169.254.169.123). On Fargate sign each request when it is sent, not long before.',
  },
  {
    kind: 'stated',
    form: /Email address is not verified|MailFromDomainNotVerified|identities failed the check in region/i,
    cause:
      'Amazon SES refused a message: an address or domain is not verified in that Region, or the account is in the sandbox: {line}',
    remedy:
      'Verify the sender (in the sandbox the recipients, too) in SES in the Region that the application uses, or ask for production access.',
  },
  {
    kind: 'aws-denied',
    form: /error occurred \((?:403|Forbidden)\) when calling the (?<operation>Head\w{2,40}|\w{3,60}) operation/,
    cause:
      'AWS denied the application{container} the call {operation}: the task role (taskRoleArn) does not allow it, or the object is not there and the role may not list the bucket.',
    remedy: [
      'Allow the action behind {operation} in the task role (input `task-role-arn`): s3:GetObject on arn:aws:s3:::BUCKET/* for HeadObject, s3:ListBucket on the bucket for HeadBucket.',
      { for: 'kms', words: ' A bucket policy or KMS key may have to allow it as well.' },
    ],
  },
  {
    kind: 'stated',
    form: /key element does not match the schema|ValidationException: (?:One or more parameter values|The provided key|Requested resource|Invalid (?:Key|Filter|Projection|Update)|.{0,60}Missing the key)/,
    cause: 'DynamoDB refused a request of the application{container} because it does not fit the table: {line}',
    remedy:
      'Compare the keys and types of the request with the key schema of the table (aws dynamodb describe-table), and the table name in `environment` with the one that was meant.',
  },
  {
    kind: 'stated',
    form: /InvalidParameterValue|InvalidParameterException: |InvalidParameterCombination|ParamValidationError|Parameter validation failed|MissingRequiredParameter|MultipleValidationErrors|SerializationException: |is not a valid (?:ARN|bucket name)|Invalid bucket name/,
    not: /SQLSTATE|kafka/i,
    cause: '{who} makes a call of AWS with a parameter that is missing or not valid: {line}',
    remedy:
      'Set the value behind that parameter in `environment` or `secrets` (a name or ARN of a bucket, queue, topic or table that is empty or cut off), or correct the call in the code.',
  },
];
