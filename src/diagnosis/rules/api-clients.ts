import { API, AWS, GUIDE, LOGINS, maybe, OF_CALLS, OF_ECS, type Rule } from './rule.ts';

const RENDER = 'https://github.com/aws-actions/amazon-ecs-render-task-definition';
const DEPLOY = 'https://github.com/aws-actions/amazon-ecs-deploy-task-definition';
const permanent = {
  nature: 'permanent',
  ...OF_ECS,
  subject: 'task-definition',
} as const;

/**
 * What the actions of AWS (aws-actions/amazon-ecs-*) say by themselves, before or after a call: their words look like
 * those of ECS, and mean the files and inputs of the workflow.
 */
export const CLIENTS: readonly Rule[] = [
  {
    ...permanent,
    id: 'taskdef-malformed',
    technology: 'terraform',
    failure: 'invalid',
    match: [
      /Error decoding JSON: json: cannot unmarshal (?<have>object|string|number|bool) into Go value of type \[\](?:\*?ecs\.|types\.)ContainerDefinition/,
    ],
    cause: ({ words: { have } }) =>
      `Terraform could not read container_definitions, before any call to AWS: it has to be a JSON list of container definitions, and a JSON ${have ?? 'value'} stands there.`,
    remedy:
      'Give container_definitions the list alone ([ { "name": ..., "image": ... } ], even for one container); family, volumes, cpu and the roles of a whole task definition are arguments of the resource itself.',
    link: 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition',
  },
  {
    ...permanent,
    id: 'request-refused',
    surfaces: API,
    producers: [...AWS, ...LOGINS],
    subject: 'credentials',
    failure: 'denied',
    match: [
      /OptInRequired|needs a subscription for the service|SubscriptionRequired|account is (?:currently )?(?:not (?:yet )?(?:signed up|activated|verified)|being verified)/i,
    ],
    cause:
      'The AWS account may not use this service yet: its sign-up (payment, verification) is not finished, or the Region is one that must be enabled first.',
    remedy:
      'Finish the sign-up of the account (verification mail, payment method; it may take a day), and enable the Region where it is an opt-in one (aws account enable-region --region-name REGION). The credentials and policies need not change.',
    link: 'https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html',
  },
  {
    ...permanent,
    id: 'region-missing',
    surfaces: API,
    producers: [...AWS, ...LOGINS],
    subject: 'request',
    failure: 'invalid',
    match: [
      /Provided region_name ['"]?(?<region>[^'"]{0,60}?)['"]? doesn't match a supported format/i,
      /Region (?:is )?not accepted: region=['"]?(?<region>[^'"]{0,60}?)['"]? is not a valid hostname/i,
      /(?:Region is not valid|Invalid (?:AWS )?region(?: name)?):? ?['"]?(?<region>[^'"\n]{1,60}?)['"]?\.?$/i,
    ],
    cause: ({ words: { region } }) =>
      `The Region that the step was given${maybe(region && `(${region})`)} is not the code of a Region: it is the name that the console shows, an Availability Zone, or has a blank or quotation mark in it.`,
    remedy:
      'Write the code of the Region, such as eu-west-1 or ap-south-1 (input `aws-region`, AWS_REGION): small letters, no blanks, without the letter of a zone. Look whether a variable or secret brings a line break with it.',
    link: 'https://docs.aws.amazon.com/general/latest/gr/rande.html',
  },
  {
    nature: 'permanent',
    ...OF_CALLS,
    id: 'request-refused',
    subject: 'request',
    failure: 'missing',
    match: [
      /API for service ['"]?(?<service>[\w-]{1,40})['"]? is either not included in your current license plan or has not yet been emulated/i,
    ],
    cause: ({ words: { service } }) =>
      `The call went to LocalStack, not to AWS, and that LocalStack does not have the API of ${service ?? 'that service'}.`,
    remedy:
      'To call AWS itself take the endpoint away (AWS_ENDPOINT_URL, endpoint-url, awslocal) and give real credentials; to stay with LocalStack use an edition that has that service.',
    link: 'https://docs.localstack.cloud/aws/services/',
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'invalid',
    match: [
      /argument (?<what>operation|command|--[\w-]{2,60}): Invalid choice|Unknown options: ?(?<what2>--[\w-]{2,60})|unrecognized arguments?: ?(?<what3>\S{1,60})/i,
    ],
    cause: ({ words: { what, what2, what3 } }) =>
      `The AWS CLI does not know the ${what2 ?? what3 ?? what ?? 'argument'} that it was given: it is misspelt, or this CLI is older than it.`,
    remedy: [
      'Compare the command with `aws ecs help`; where it is right, install a current AWS CLI (version 2) on the runner: the one of a distribution',
      {
        examples: [
          { for: 'debian', words: 'apt' },
          { for: 'python', words: 'pip' },
        ],
      },
      ' is often years old.',
    ],
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'missing',
    technology: 'cloudformation',
    match: [
      /\bSSM parameter (?<parameter>\/cdk-bootstrap\/[\w/-]{1,80}) not found|Has the environment been bootstrapped/,
      /This CDK deployment requires bootstrap stack version ['"]?(?<need>\d{1,3})['"]?,? (?:but )?(?:found|got) (?:an older version |version )?['"]?(?<have>\d{1,3})/i,
    ],
    cause: ({ words: { need, have } }) =>
      need === undefined
        ? 'The account and Region of the deployment are not bootstrapped for the CDK, or with another qualifier: its stack CDKToolkit and the version parameter are not there.'
        : `The bootstrap stack (CDKToolkit) of that account and Region has version ${have ?? ''}, and the deployment needs ${need}.`,
    remedy:
      'Run cdk bootstrap aws://ACCOUNT/REGION once with credentials that may create roles and buckets, for exactly the account and Region of the stack (and the same --qualifier). Check `aws-region` and the account of the credentials first.',
    link: 'https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html',
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'denied',
    technology: 'cloudformation',
    match: [
      /\/cdk-bootstrap\/[^\n]{0,200}\bAccessDenied\w*|\bcould not be used to assume ['"]?arn:\S{1,200}:role\/cdk-/,
    ],
    cause:
      'The CDK may not use its bootstrap resources: the credentials of the job may not read the version parameter, or not take on the cdk-* roles of that account and Region.',
    remedy:
      'Allow sts:AssumeRole on arn:aws:iam::ACCOUNT:role/cdk-* (and ssm:GetParameter on parameter/cdk-bootstrap/*) for the role of the job (input `role-to-assume`). For another account bootstrap it with --trust of the account of that role.',
    link: 'https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html',
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'invalid',
    match: [/Error parsing parameter ['"]?(?<argument>-{0,2}[\w-]{2,60})['"]?: ?(?<why>[^\n]{0,160})/i],
    cause: ({ words: { argument, why } }) =>
      `The AWS CLI cannot read the value of ${argument ?? 'an argument'}: ${why ?? 'it is not of the form that it takes'}`,
    remedy: ({ words: { why } }) =>
      /json/i.test(why ?? '')
        ? 'Make the value valid JSON (check it with `jq .`): double quotes, no comma at the end, and the variables in it filled. From a file write file://NAME.json.'
        : 'Put the whole value in single quotes: shorthand as awsvpcConfiguration={subnets=[subnet-1],securityGroups=[sg-1],assignPublicIp=ENABLED} without spaces and without quotes inside, or JSON.',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-quoting-strings.html',
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'failed',
    match: [/unexpected state '(?<state>[\w ]{2,60})', wanted target/i],
    cause: ({ words: { state } }) =>
      `The tool waited for a resource, which ended in the state ${state ?? 'that it names'}: AWS took the call, and what it started then failed.`,
    remedy: ({ text }) =>
      /service_?discovery|namespace/i.test(text)
        ? 'Ask Cloud Map for the reason, which the tool does not print: aws servicediscovery list-operations --filters Name=STATUS,Values=FAIL, then get-operation (ErrorCode, ErrorMessage). Correct that, and run again.'
        : 'Ask AWS for the reason, which the tool does not print: the describe call of that resource (describe-capacity-providers: updateStatusReason; describe-clusters: attachments; describe-services: events), then run again.',
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html',
  },
  {
    ...permanent,
    id: 'credentials-missing',
    surfaces: API,
    producers: [...AWS, ...LOGINS],
    subject: 'credentials',
    failure: 'missing',
    match: [
      /config profile \((?<profile>[^)]{1,80})\) could not be found|failed to get shared config profile,? (?<profile2>\S{1,80})|\bProfile (?<profile3>[\w.-]{1,80}) could not be found/i,
    ],
    cause: ({ words: { profile, profile2, profile3 } }) =>
      `The AWS profile${maybe(profile ?? profile2 ?? profile3)} is not in the configuration of the runner (~/.aws/config).`,
    remedy:
      'Remove AWS_PROFILE, --profile or `profile` from the step, and take the credentials of the job (input `role-to-assume`); a profile of your own machine is not on the runner.',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html',
  },
  {
    ...permanent,
    id: 'taskdef-malformed',
    failure: 'invalid',
    match: [
      /containerDefinitions section is not present or is not an array|(?:containerDefinitions|container definitions?) (?:property |section |array )?(?:is )?(?:not (?:present|defined|an array)|missing|undefined) ?(?:in|at|or|$)/i,
    ],
    cause:
      'The task definition file has no array `containerDefinitions` at its top level, so it is not in the form that RegisterTaskDefinition takes.',
    remedy:
      'Where the file is the answer of describe-task-definition, keep only what stands below `taskDefinition` (aws ecs describe-task-definition --query taskDefinition). Otherwise put the containers into a top-level array `containerDefinitions` (input `task-definition`).',
    link: `${GUIDE}/task_definition_parameters.html`,
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'missing',
    match: [
      /(?:Failed|Unable) to (?:retrieve|get) attribute \[?(?<attribute>\w{1,60})\]? (?:for|of) resource \[?(?<resource>[\w.:/-]{1,255})\]?/i,
    ],
    cause: ({ words: { attribute, resource } }) =>
      `${attribute ?? 'An attribute'} of the resource ${resource ?? ''} of the stack cannot be read: what the stack made was deleted or changed outside of it.`,
    remedy: ({ words: { resource = 'it' } }) =>
      `Look for ${resource} in the resources of the stack and in its service. Where it is gone, create it again under the same name, or take it out of the template (with what refers to it), deploy, and add it again under another logical id.`,
    link: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html',
  },
  {
    ...permanent,
    id: 'container-not-in-taskdef',
    failure: 'missing',
    match: [/The AWS ECS container (?<container>[\w-]{1,255}) does not exist/],
    cause: ({ words: { container } }) =>
      `imagedefinitions.json of the CodePipeline action names the container${maybe(container)}, and the task definition of the service has none of that name.`,
    remedy: ({ words: { container } }) =>
      `Write as \`name\` in imagedefinitions.json the name of a container as the task definition of the service has it (aws ecs describe-task-definition; not the name of the repository or of the service), or call the container ${container ?? 'so'} there.`,
    link: 'https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html',
  },
  {
    ...permanent,
    id: 'container-not-in-taskdef',
    failure: 'missing',
    match: [
      /Could not find container definition with matching name|no container (?:definition )?(?:named|with (?:the )?name)/i,
    ],
    cause: 'No container in `containerDefinitions` of the task definition has the name that the step was given.',
    remedy:
      'Write the `name` of the container as it stands in the task definition file (input `container-name`; upper and lower case count), or correct the name in the file.',
    link: RENDER,
  },
  {
    ...permanent,
    id: 'taskdef-not-found',
    failure: 'missing',
    match: [
      /Task definition file does not exist: ?(?<path>\S{1,300})?|(?:ENOENT|no such file)\b.{0,60}?(?<path>[\w./-]{0,200}task-?def\w{0,20}[\w./-]{0,60}\.(?:json|ya?ml))/i,
    ],
    cause: ({ words: { path } }) =>
      `The task definition file${maybe(path)} does not exist in the workspace of the job.`,
    remedy:
      'Check out the repository before the step (actions/checkout), and write the path of the file relative to its root (input `task-definition`). A file that an earlier job made must come as an artifact.',
    link: RENDER,
  },
  {
    ...permanent,
    id: 'taskdef-malformed',
    failure: 'invalid',
    match: [
      /Cannot parse the environment variable ['"](?<entry>[^'"]{1,200})|Environment variable pairs must be of the form/i,
    ],
    cause: 'A line of the environment variables given to the step is not of the form NAME=value.',
    remedy:
      'Write one NAME=value a line (input `environment-variables`), without a space before the = and without a value that goes over several lines.',
    link: RENDER,
  },
  {
    ...permanent,
    id: 'taskdef-malformed',
    failure: 'invalid',
    match: [/Cannot parse the secret ['"]|Secrets must be of the form NAME=valueFrom/i],
    cause: 'A line of the secrets given to the step is not of the form NAME=valueFrom.',
    remedy: 'Write one NAME=ARN of the secret or parameter a line (input `secrets`).',
    link: RENDER,
  },
  {
    ...permanent,
    id: 'taskdef-malformed',
    failure: 'invalid',
    match: [
      /Cannot read property ['"](?<property>\w{1,60})['"] of (?:null|undefined)/i,
      /Cannot read properties of (?:null|undefined)(?: \(reading ['"](?<property>\w{1,60})['"]\))?/i,
    ],
    when: ({ reading, text }) => reading.operation === 'RegisterTaskDefinition' || /task ?def/i.test(text),
    cause: ({ words: { property } }) =>
      `The tool could not read the task definition: something is null or missing where it looks for${maybe(property && `\`${property}\``) || ' a field'}. ECS was not asked.`,
    remedy:
      'Check that the file (input `task-definition`) is one JSON object with `containerDefinitions`, without null in its lists and fields: describe-task-definition and the console print many nulls, remove them.',
    link: DEPLOY,
  },
  {
    ...permanent,
    id: 'request-refused',
    subject: 'request',
    failure: 'failed',
    match: [/Run task failed: (?<why>.{1,300})/i],
    when: ({ text }) => /Run task failed: \[(?:null|undefined)?\]/i.test(text),
    cause: 'RunTask started no task, and the action that asked for it prints no reason.',
    remedy:
      'Run the same call with the AWS CLI (aws ecs run-task) and read `failures[].reason` in its answer: RESOURCE:..., AGENT, MISSING and the like say what the cluster lacks.',
    link: `${GUIDE}/api_failures_messages.html`,
  },
  {
    technology: 'codedeploy',
    ...permanent,
    id: 'taskdef-malformed',
    subject: 'deployment',
    failure: 'missing',
    match: [/AppSpec file must include property ['"]?(?<property>\w{1,40})/i],
    cause: ({ words: { property } }) =>
      `The AppSpec file of CodeDeploy has no \`${property ?? 'property'}\` where the action looks for it.`,
    remedy: ({ words: { property } }) =>
      `Add \`${property ?? 'the property'}\` to the AppSpec file: Resources > TargetService > Properties with TaskDefinition and LoadBalancerInfo.`,
    link: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html',
  },
  {
    ...permanent,
    id: 'wrong-deployment-controller',
    subject: 'service',
    failure: 'conflict',
    match: [/Unsupported deployment controller: ?(?<kind>\w{1,30})/i],
    cause: ({ words: { kind } }) =>
      kind === 'ECS'
        ? 'The release of the action that answered does not take the deployment controller ECS, which is the one that services have by default: a fault of that release, not of the service.'
        : `The service has the deployment controller${maybe(kind)}, which the action that answered does not drive.`,
    remedy: ({ words: { kind } }) =>
      kind === 'ECS'
        ? 'Use the latest release of that action in `uses:` (or the one before the release that first printed it).'
        : [
            'Deploy it through what owns that controller',
            { examples: ['task sets for EXTERNAL', { for: 'codedeploy', words: 'CodeDeploy for CODE_DEPLOY' }] },
            ', or move the service to the ECS deployment controller.',
          ],
    link: DEPLOY,
  },
];
