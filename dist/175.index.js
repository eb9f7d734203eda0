export const id = 175;
export const ids = [175];
export const modules = {

/***/ 175:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  dependenciesOf: () => (/* reexport */ dependenciesOf),
  diagnose: () => (/* reexport */ diagnose),
  diagnoseFailure: () => (/* reexport */ diagnoseFailure),
  diagnoseTask: () => (/* reexport */ diagnoseTask),
  rank: () => (/* binding */ rank)
});

;// CONCATENATED MODULE: ./src/diagnosis/rules/rule.ts
const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
const ECR_GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide';
const IAM_GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const DOCKER = 'https://docs.docker.com';
const TASK_SURFACES = [
    'task.stoppedReason',
    'container.reason',
    'container.exitCode',
    'container.log',
    'service.event',
    'deployment.rolloutStateReason',
];
const API_SURFACES = ['api.ecs', 'api.ecr', 'api.sts'];
const BUILD_SURFACES = ['buildx.stderr', 'api.ecr'];
/** ` NAME` where there is one, else nothing. */
const maybe = (name) => (name ? ` ${name}` : '');
/** The first of several groups that took part in the match. */
const first = (...names) => names.find((name) => name !== undefined && name !== '');
/** A field that stood beside the message, as text. */
const field = ({ context }, name) => {
    const value = context[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};
const REGION = /\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-|iso[a-z]?-)?(?:north|south|east|west|central)(?:east|west)?-\d\b/;
/** The Region that an ARN, host or endpoint in the message names; the word REGION where none is. */
const regionOf = ({ text }) => REGION.exec(text)?.[0] ?? 'REGION';
/** The IAM action that was refused: ecr:BatchGetImage, logs:CreateLogGroup, ... */
const actionOf = ({ text }) => /not authorized to perform:? ?['"]?([a-z0-9-]+:\w+)/i.exec(text)?.[1];
/** What the action was refused on. */
const resourceOf = ({ text }) => /\bon resource:? ?['"]?([^\s'",()]+)/i.exec(text)?.[1]?.replace(/[.;:]+$/, '');
/** The name of the role that was refused, taken from `assumed-role/NAME/session` or `role/NAME`. */
const roleOf = ({ text }) => /:(?:assumed-role|role)\/(?:[\w+=,.@-]{1,128}\/)*?([\w+=,.@-]{1,64})(?=\/|['"\s.,;)]|$)/.exec(text)?.[1];
/** Why IAM refused, where it says so: whose policy has to change. */
const refusalOf = ({ text }) => {
    if (/explicit deny in (?:an? )?(?:service|resource) control policy/i.test(text))
        return ' A service control policy of the organization denies it, so allowing it in the account is not enough.';
    if (/explicit deny/i.test(text))
        return ' A policy denies it explicitly: remove that Deny statement first.';
    if (/no resource-based policy allows/i.test(text))
        return ' The resource is in another account: its resource-based policy (repository policy, key policy) has to allow it as well.';
    if (/no permissions boundary allows|permissions boundary/i.test(text))
        return " The role's permissions boundary does not allow it.";
    if (/no VPC endpoint policy allows|VPC endpoint policy/i.test(text))
        return ' The VPC endpoint policy does not allow it.';
    return '';
};
/** The address or host that could not be reached. */
const targetOf = ({ text }) => /\bdial tcp:? (?:lookup )?([\w.:-]{3,255}?)(?::\d+)?(?=[: ]|$)/i.exec(text)?.[1] ??
    /(?:Post|Get|Head|Put) "?https?:\/\/([\w.-]+)/i.exec(text)?.[1];
/** A private address means that a VPC endpoint answers for the name, and only a security group can be in the way. */
const PRIVATE_ADDRESS = /\bdial tcp:? (?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;
/**
 * What a task needs to reach AWS services, by the VPC endpoints' last name (`ecr.api`, `logs`, `s3`).
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
function wayTo(found, services) {
    const region = regionOf(found);
    const interfaces = services.filter((service) => service !== 's3').map((name) => `com.amazonaws.${region}.${name}`);
    const gateway = services.includes('s3')
        ? `the S3 gateway endpoint (com.amazonaws.${region}.s3) in its route table`
        : undefined;
    const endpoints = [
        interfaces.length > 0
            ? `the interface VPC endpoint${interfaces.length > 1 ? 's' : ''} ${interfaces.join(', ')} with private DNS`
            : undefined,
        gateway,
    ].filter((part) => part !== undefined);
    const door = "allow TCP 443 out of the task's security group, and into the security group of each VPC endpoint from the task's";
    const routes = `In a private subnet it needs a route to a NAT gateway, or ${endpoints.join(' and ')}; in a public subnet a public IP (assignPublicIp: ENABLED) and a route to the internet gateway.`;
    return PRIVATE_ADDRESS.test(found.text)
        ? `The address is private, so a VPC endpoint (or proxy) exists and a security group is in the way: ${door}. Otherwise: ${routes}`
        : `Give each subnet of the service a way there. ${routes} In both cases ${door}.`;
}
/** A name that does not resolve is a DNS matter before it is a routing one. */
const dnsHint = ({ text }) => /no such host|server misbehaving|name resolution|could not resolve/i.test(text)
    ? ' The name does not resolve: turn on enableDnsSupport and enableDnsHostnames of the VPC, and private DNS of the VPC endpoint.'
    : '';
/** An image reference in the message, the way pullers and builders write it. */
const imageOf = ({ text, words }) => words.image ??
    /(?:resolve ref(?:erence)?|unpack image|manifest for|pull access denied for|pull(?: image)?|repository|load metadata for) ["']?([\w][\w.-]*(?::\d+)?(?:\/[\w.<>-]+)*(?::[\w.<>-]+)?(?:@sha256:\w+)?)["']?/i
        .exec(text)?.[1]
        ?.replace(/[.:]+$/, '');

;// CONCATENATED MODULE: ./src/diagnosis/rules/api-taskdef.ts

const PARAMETERS = `${GUIDE}/task_definition_parameters.html`;
const FARGATE = `${GUIDE}/fargate-tasks-services.html`;
const SIZES = `${GUIDE}/fargate-tasks-services.html#fargate-tasks-size`;
const containerOf = (text) => /container ['"](?<name>[^'"]{1,255})['"]/i.exec(text)?.groups?.name;
/** Why RegisterTaskDefinition refuses a definition. */
const TASK_DEFINITION = [
    {
        id: 'taskdef-concurrent-revision',
        nature: 'self-heals',
        severity: 'failure',
        match: [/Too many concurrent attempts to create a new revision/i],
        cause: 'Concurrent runs register revisions of the same task definition family at once.',
        remedy: 'Try again; give the workflow a `concurrency` group so that deployments of one family follow each other.',
        link: `${GUIDE}/service-quotas.html`,
        examples: ['Too many concurrent attempts to create a new revision of the specified family.'],
    },
    {
        id: 'taskdef-too-large',
        nature: 'hopeless',
        match: [
            /Max(?:imum)? allowed length is ['"]?(?<limit>\d+)/i,
            /task definition (?:size|is too large|exceeds)|exceeds? .{0,40}64 ?Ki?B|RequestEntityTooLarge/i,
        ],
        cause: ({ text, words: { limit } }) => `The task definition is too large${maybe(/Actual length: '?(\d+)/i.exec(text)?.[1])}: at most ${limit ?? '65536'} bytes are allowed (65536, 64 KiB).`,
        remedy: 'Move the environment variables to files in S3 (input `env-files`) or to Parameter Store / Secrets Manager (input `secrets`).',
        link: `${GUIDE}/service-quotas.html`,
        examples: [
            "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Actual length: '514430'. Max allowed length is '65536' bytes.",
        ],
    },
    {
        id: 'execution-role-missing',
        nature: 'hopeless',
        match: [
            /requires? (?:task definition to have )?(?:an? )?execution role/i,
            /must also specify a value for ['"]?executionRoleArn/i,
            /execution ?role(?:Arn)? (?:is required|must be (?:specified|provided))/i,
            /task definition .{0,80}(?:has no|without|missing) .{0,20}execution role/i,
        ],
        cause: 'The task definition has no executionRoleArn, which pulling from ECR, awslogs on Fargate and `secrets` need.',
        remedy: 'Add executionRoleArn to the task definition (input `execution-role-arn`): a role that trusts ecs-tasks.amazonaws.com with AmazonECSTaskExecutionRolePolicy.',
        link: `${GUIDE}/task_execution_IAM_role.html`,
        examples: [
            'ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.',
        ],
    },
    {
        id: 'taskdef-invalid-cpu-memory',
        nature: 'hopeless',
        unless: /at least one of|can ?not be (?:null|blank|empty)/i,
        match: [
            /Fargate requires that ['"]?(?<field>cpu|memory)['"]? be defined at the task level/i,
            /No Fargate configuration exists for (?:the )?given values|Fargate resource requirements/i,
            /Invalid ['"]?(?<field>cpu|memory)['"]? setting/i,
            /['"]?(?<field>cpu|memory)['"]?(?: setting| units?)? (?:for|of) (?:the )?containers? .{0,80}(?:greater|more|larger|exceed|higher) (?:than )?/i,
            /(?:memory|cpu).{0,40}(?:sum|total|combined).{0,80}(?:greater|exceed|more|lower|less)|(?:sum|total) of .{0,60}(?:cpu|memory).{0,80}(?:exceed|greater|more|lower|less)/i,
            /memoryReservation.{0,60}(?:greater|less|must|exceed|larger)/i,
            /(?:memory|cpu) (?:value|limit|setting)?.{0,30}(?:is not (?:valid|supported)|must be (?:at least|one of|between|greater|an integer))/i,
        ],
        cause: ({ words: { field }, text }) => /task level/i.test(text)
            ? `The task definition has no ${field ?? 'cpu and memory'} at the task level, which Fargate requires.`
            : /No Fargate configuration|Fargate resource requirements/i.test(text)
                ? 'Fargate has no task size with this cpu and memory together.'
                : `The cpu or memory of the task or of the container${maybe(containerOf(text))} does not fit${field ? ` ('${field}')` : ''}: a container may not have more than its task, and the sizes must be ones that exist.`,
        remedy: 'Set cpu and memory at the task level (inputs `cpu`, `memory`) to a pair that Fargate offers: 256: 512-2048 MiB, 512: 1-4 GB, 1024: 2-8 GB, 2048: 4-16 GB, 4096: 8-30 GB, 8192: 16-60 GB, 16384: 32-120 GB; and keep those of the containers within them.',
        link: SIZES,
        examples: [
            "ClientException: Fargate requires that 'cpu' be defined at the task level.",
            'ClientException: No Fargate configuration exists for given values.',
            "ClientException: The 'memory' setting for container is greater than for the task",
        ],
    },
    {
        id: 'taskdef-missing-field',
        nature: 'hopeless',
        match: [
            /(?<field>family|containerDefinitions|container definitions|image|name|container\.\w+) (?:can|should|must) ?not be (?:null or )?(?:blank|empty|null)/i,
            /at least one of ['"]?(?<field>memory)['"]? or ['"]?memoryReservation/i,
            /(?:Container list|containerDefinitions|containers?) (?:cannot|can not|should not|must not) be (?:empty|null)/i,
            /at least one (?:container|essential)|(?:no|must have an?) essential container/i,
            /Missing required parameter in (?:input|\w+)?:? ?["']?(?<field>[\w.[\]]+)/i,
            /(?:Value null at|1 validation error detected: Value null at) ['"](?<field>[\w.]+)/i,
        ],
        cause: ({ words: { field }, text }) => `The task definition lacks something that it must have${field ? `: ${field}` : ''}${containerOf(text) ? ` (container ${containerOf(text)})` : ''}. ECS says: ${lastSentence(text)}`,
        remedy: ({ words: { field } }) => `Add ${field ?? 'the field'} to the task definition (input \`task-definition\`)${field?.toLowerCase() === 'memory' ? ': memory or memoryReservation of the container, or memory of the task (input `memory`)' : ''}; at least one container must be essential and each needs name and image.`,
        link: PARAMETERS,
        examples: [
            'Family can not be blank.',
            'Container.image should not be null or empty.',
            "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
        ],
    },
    {
        id: 'taskdef-unsupported-on-fargate',
        nature: 'hopeless',
        match: [
            /(?<what>\S{1,80}) should not be set for volumes in Fargate/i,
            /Fargate only supports (?<what>.{1,80})/i,
            /(?:Fargate|FARGATE)\b.{0,80}(?:do(?:es)? not support|not supported|not support|unsupported|cannot|only|requires)(?<what>.{0,80})/,
            /(?<what>.{1,80}) (?:is|are) not supported (?:on|in|for|with|when using) (?:the )?(?:AWS )?Fargate/i,
            /(?:not compatible with|incompatible with) (?:launch type )?Fargate/i,
        ],
        unless: /execution role|task level|configuration exists|Launch type and Capacity|launch_type|launch type \w+ is not|requiresCompatib|platform version/i,
        cause: ({ text }) => `The task definition asks for something that Fargate does not support. ECS says: ${lastSentence(text)}`,
        remedy: ({ text }) => /volume|sourcePath|host\b/i.test(text)
            ? 'Take the host path out of the volume: on Fargate use an EFS volume, or an empty volume in ephemeral storage.'
            : 'Take it out of the task definition, or run the service on EC2: Fargate has networkMode awsvpc alone, no privileged containers, links, devices, extraHosts, placement constraints or GPU, and the log drivers awslogs, splunk and awsfirelens.',
        link: FARGATE,
        examples: [
            'ClientException: host.sourcePath should not be set for volumes in Fargate.',
            "ClientException: Fargate only supports network mode 'awsvpc'.",
        ],
    },
    {
        id: 'platform-version-unsupported',
        nature: 'hopeless',
        match: [
            /PlatformTaskDefinitionIncompatibility|PlatformUnknown/,
            /platform (?:version )?.{0,80}(?:does not (?:satisfy|exist|support)|not (?:supported|found))/i,
            /The specified platform/i,
        ],
        cause: 'The Fargate platform version does not exist, or does not offer what the task definition needs.',
        remedy: 'Use platform version LATEST (input `platform-version`): 1.4.0 or newer is needed for EFS volumes, ephemeralStorage, secrets by JSON key and Windows.',
        link: `${GUIDE}/platform_versions.html`,
        examples: [
            "PlatformTaskDefinitionIncompatibilityException: The specified platform does not satisfy the task definition's required capabilities",
        ],
    },
    {
        id: 'taskdef-inactive',
        nature: 'hopeless',
        match: [
            /Task ?Definition (?:\S{1,300} )?is (?<state>inactive|DELETE_IN_PROGRESS)/i,
            /task definition .{0,200}(?:has been |was )?(?:deregistered|inactive)/i,
        ],
        cause: 'The task definition revision is INACTIVE: it was deregistered.',
        remedy: 'Use an ACTIVE revision: register the task definition again, or choose another revision for a rollback (input `rollback-to`, `task-definition-arn`).',
        link: `${GUIDE}/deregister-task-definition-v2.html`,
        examples: ['InvalidParameterException: TaskDefinition is inactive'],
    },
    {
        id: 'taskdef-not-found',
        nature: 'hopeless',
        match: [
            /Unable to describe task definition|Revision is missing|TaskDefinition not found|task definition .{0,200}(?:does not exist|not found|could not be found|cannot be found)/i,
        ],
        unless: /container .{0,100}does not exist in the task definition/i,
        cause: ({ text }) => `There is no such task definition family or revision${maybe(/task-definition\/[\w:-]+/.exec(text)?.[0])} in this account and Region.`,
        remedy: 'Correct family and revision (inputs `task-definition-family`, `task-definition-arn`, `rollback-to`), and check `aws-region` and the account.',
        link: `${GUIDE}/task_definitions.html`,
        examples: ['ClientException: Unable to describe task definition.'],
    },
];
/** What the message says itself, without the SDK's beginning. */
const lastSentence = (text) => text
    .replace(/^An error occurred \(\w+\) when calling the \w+ operation(?: \([^)]{1,80}\))?: /, '')
    .replace(/^(?:\w+(?:Exception|Error)): /, '')
    .slice(0, 500);
/** Everything else that is wrong in the definition: ECS's own words say it best. */
const TASK_DEFINITION_REST = [
    {
        id: 'taskdef-malformed',
        nature: 'hopeless',
        surfaces: ['api.ecs'],
        match: [
            /tags can ?not be empty/i,
            /Parameter validation failed|Unknown (?:parameter|key|field) in|Invalid type for parameter|Unexpected key ['"]?[\w-]+|UnexpectedParameter|InvalidParameterType|MissingRequiredParameter/i,
            /SerializationException|STRUCTURE_VALUE|can ?not be (?:converted|deserialized)|Unexpected (?:token|character|end of JSON)|Error parsing parameter|Invalid JSON|not valid JSON/i,
            /must be unique|duplicate (?:container|volume|port|env\w*)|already (?:been )?(?:defined|used) (?:in|by) (?:another|the)/i,
            /host ?ports? and (?:the )?container ?ports?|hostPort|containerPort|port ?mappings?/i,
            /Invalid (?:setting|value|arn|revision number|log|image|request provided|namespace)|is not a valid (?:value|arn)|Unrecognized/i,
            /Unknown volume|volume ['"]?\S{1,255}['"]? (?:is not|not) (?:defined|found)|sourceVolume/i,
            /validation errors? detected|failed to satisfy constraint|Member must/i,
            /(?:healthChecks?|dependsOn|dependency|network ?mode|log ?drivers?|links?|environment|secrets?|mounts?|ulimits?|firelens|runtimePlatform|cpuArchitecture|operatingSystemFamily|ephemeralStorage|essential|logConfiguration|awslogs|volumes?)\b.{0,200}(?:must|should|cannot|can ?not|invalid|not (?:allowed|supported|valid)|requires?|required|only|match|specified)/i,
            /cyclic|circular|cycle/i,
        ],
        when: ({ context, text }) => /RegisterTaskDefinition/.test(`${String(context.operation ?? '')} ${text}`) ||
            !/Service\b|RunTask|Create|Update|Describe|Run/.test(String(context.operation ?? '')),
        cause: ({ text }) => `ECS refuses the task definition: ${lastSentence(text)}`,
        remedy: ({ text }) => /tags/i.test(text)
            ? 'Leave the key `tags` out of the task definition instead of an empty list, or give tags (input `task-definition-tags`).'
            : 'Correct that part of the task definition (input `task-definition`): field names and types as in RegisterTaskDefinition, names unique, and with networkMode awsvpc or host the hostPort equal to the containerPort or absent.',
        link: PARAMETERS,
        examples: [
            {
                text: 'An error occurred (ClientException) when calling the RegisterTaskDefinition operation: Tags can not be empty.',
                context: { operation: 'RegisterTaskDefinition' },
            },
        ],
    },
];
/** RegisterTaskDefinition was refused in words that nobody has seen yet. */
const TASK_DEFINITION_REFUSED = {
    id: 'taskdef-malformed',
    nature: 'hopeless',
    surfaces: ['api.ecs'],
    match: [/\w/],
    when: ({ context, text }) => /RegisterTaskDefinition|ECS Task Definition|(?:Family|Container\.?\w*) .{0,80}(?:character|contain|length)/i.test(`${String(context.operation ?? '')} ${text}`),
    cause: ({ text }) => `ECS refuses the task definition: ${lastSentence(text)}`,
    remedy: 'Correct what the message names in the task definition (input `task-definition`).',
    link: PARAMETERS,
    examples: ['ClientException: Family contains invalid characters'],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/api-access.ts


/** What IAM, the organization and the rate limits say to a call of ours. */
const ACCESS = [
    {
        id: 'account-blocked',
        nature: 'hopeless',
        match: [
            /BlockedException|account is (?:currently |temporarily )?(?:blocked|suspended|closed)|AccountSuspended|(?:account|subscription) .{0,60}(?:verification|not (?:been )?verified|pending)|OptInRequired|PendingVerification/i,
        ],
        cause: 'AWS has blocked or not yet verified the account.',
        remedy: 'Contact AWS Support from the account (billing, verification, abuse report); nothing in the workflow can help.',
        link: `${GUIDE}/api_failures_messages.html`,
        examples: ['BlockedException: Your account is currently blocked.'],
    },
    {
        id: 'passrole-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?iam:PassRole/i,
            /iam:PassRole|cannot pass role|(?:not authorized|permission) to pass (?:the |this )?role/i,
        ],
        unless: /capacity provider|InfrastructureRole|ManagedInstances/i,
        cause: (found) => `The role of this job${maybe(roleOf(found))} may not pass the role ${resourceOf(found) ?? 'of the task definition'} to ECS (iam:PassRole).`,
        remedy: (found) => `Allow iam:PassRole on ${resourceOf(found) ?? 'executionRoleArn and taskRoleArn'} for the role that this job uses, with the condition iam:PassedToService = ecs-tasks.amazonaws.com.${refusalOf(found)}`,
        link: `${IAM_GUIDE}/id_roles_use_passrole.html`,
        examples: [
            'An error occurred (AccessDeniedException) when calling the RegisterTaskDefinition operation: User: arn:aws:sts::123456789012:assumed-role/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/ecsTaskExecutionRole because no identity-based policy allows the iam:PassRole action',
        ],
    },
    {
        id: 'org-policy-denied',
        nature: 'hopeless',
        surfaces: ['api.ecs'],
        match: [
            /^(?:An error occurred )?\(?406\)?/,
            /\b(?:406|validate-[\w-]+|admission|gatekeeper|guardrail|policy-as-code|Hook\w* (?:failed|denied)|NotAcceptable)\b/i,
        ],
        cause: ({ text }) => `A policy of the organization (not of ECS) refuses the request. It says: ${lastSentence(text)}`,
        remedy: 'Change the task definition as the policy asks, or ask who keeps that policy for an exception.',
        link: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html',
        examples: [
            'An error occurred (406) when calling the RegisterTaskDefinition operation: validate-ecs-containers-readonly.validate-ecs-containers-readonly TEST: -> ECS Containers should have read-only access to its root filesystem',
        ],
    },
    {
        id: 'ecs-permission-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?(?:ecs|servicediscovery|application-autoscaling|codedeploy|cloudwatch|ec2|autoscaling|events|scheduler|s3|iam):\w+/i,
        ],
        unless: /sts:AssumeRole/i,
        cause: (found) => `The role of this job${maybe(roleOf(found))} may not call ${actionOf(found) ?? 'that action'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)}.`,
        remedy: (found) => `Allow ${actionOf(found) ?? 'the action'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)} for the role that this job uses (input \`role-to-assume\`).${refusalOf(found)}`,
        link: `${GUIDE}/security-iam.html`,
        examples: [
            'An error occurred (AccessDeniedException) when calling the DescribeServices operation: User: arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions is not authorized to perform: ecs:DescribeServices on resource: arn:aws:ecs:ca-central-1:***:service/myCluster/myService',
        ],
    },
    {
        id: 'api-throttled',
        nature: 'self-heals',
        surfaces: [...API_SURFACES, 'service.event', 'task.stoppedReason'],
        match: [
            /Throttl(?:ing|ed)|Rate exceeded|Request ?Limit ?Exceeded|TooManyRequests|Too Many Requests|SlowDown|PriorRequestNotComplete/i,
        ],
        unless: /ecr\b.{0,300}toomanyrequests|pull/i,
        cause: (found) => `AWS throttled the call${maybe(field(found, 'operation'))}: the account's rate was exceeded (throttling).`,
        remedy: 'Wait: it is tried again with back-off. If it stays, let fewer runs poll at once, or ask for a higher API rate.',
        link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html',
        examples: ['ThrottlingException: Rate exceeded', 'AmazonElasticLoadBalancingException: Rate exceeded'],
    },
];
/** AWS says no, and the message does not say to what. */
const ACCESS_REST = [
    {
        id: 'access-denied',
        nature: 'hopeless',
        match: [
            /AccessDenied|Access Denied|UnauthorizedOperation|not authorized|NotAuthorized|explicit deny|\bForbidden\b|is denied/i,
        ],
        cause: (found) => `AWS denies the access${actionOf(found) ? ` to ${actionOf(found)}` : ''}${roleOf(found) ? ` for ${roleOf(found)}` : ''}: ${lastSentence(found.text)}`,
        remedy: (found) => `Allow ${actionOf(found) ?? (field(found, 'operation') ? `the action ${field(found, 'operation')}` : 'the action')}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)} in the IAM policy of the role that was refused.${refusalOf(found)}`,
        link: `${IAM_GUIDE}/troubleshoot_access-denied.html`,
        examples: ['AccessDeniedException: Access denied'],
    },
    {
        id: 'network-unreachable',
        nature: 'ambiguous',
        surfaces: API_SURFACES,
        match: [
            /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ECONNABORTED|EPIPE|EHOSTUNREACH|socket hang up|getaddrinfo|Could not connect to the endpoint|Connect(?:ion)? ?timed? ?out|Read timeout on endpoint|TimeoutError|NetworkingError|connect timeout/i,
        ],
        cause: ({ text }) => `The endpoint of AWS cannot be reached from this runner: ${lastSentence(text)}`,
        remedy: 'Check `aws-region` (a Region that does not exist has no host), the network and proxy of the runner (HTTPS_PROXY, NO_PROXY), and try again.',
        link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
        examples: ['getaddrinfo ENOTFOUND ecs.eu-west-9.amazonaws.com'],
    },
];
/** What the account or the Region does not have. */
const LIMITS = [
    {
        id: 'service-update-limit',
        nature: 'ambiguous',
        transient: true,
        match: [/cannot be updated more than \d+ times?/i],
        cause: 'The service was updated too often in a short time, so ECS takes no further update now.',
        remedy: 'Wait some minutes and try again, and give the workflow a `concurrency` group so that deployments follow each other.',
        link: `${GUIDE}/service-quotas.html`,
        examples: ['Service cannot be updated more than 10 times in 10 minutes'],
    },
    {
        id: 'quota-reached',
        nature: 'hopeless',
        match: [
            /LimitExceeded|(?:limit|quota) .{0,80}(?:exceeded|reached)|maximum number of (?:services|tasks|clusters|container instances|\w+)|exceeds? (?:the )?(?:maximum|limit|quota)/i,
        ],
        unless: /RequestLimitExceeded|Rate|pull|images per repository|circuit/i,
        cause: ({ text }) => `A quota of the account is reached. AWS says: ${lastSentence(text)}`,
        remedy: 'Delete what is not needed, or ask for a higher quota in Service Quotas.',
        link: `${GUIDE}/service-quotas.html`,
        examples: ['LimitExceededException: The limit for your resource was exceeded.'],
    },
    {
        id: 'feature-unsupported',
        nature: 'hopeless',
        match: [
            /UnsupportedFeature|(?:feature|operation|parameter) .{0,100}(?:is|are) not supported|not (?:available|supported) in (?:this|the) Region/i,
        ],
        cause: ({ text }) => `AWS does not support this for the service or in this Region. It says: ${lastSentence(text)}`,
        remedy: 'Leave that setting out, or use a Region that has it; new account settings (opt-ins) may be needed.',
        link: `${GUIDE}/service_definition_parameters.html`,
        examples: ['UnsupportedFeatureException: The specified task is not supported in this Region.'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/api-service.ts


const SERVICE = `${GUIDE}/service_definition_parameters.html`;
const API_FAILURES = `${GUIDE}/api_failures_messages.html`;
/** Why CreateService, UpdateService, RunTask and the describe calls refuse. */
const SERVICE_CALLS = [
    {
        id: 'cluster-not-found',
        nature: 'hopeless',
        match: [
            /ClusterNotFound|Cluster (?:\S{1,255} )?(?:was )?not found|cluster .{0,120}does not exist|The referenced cluster was inactive/i,
            /^(?:.{0,300}[ :=])?MISSING\.?$/,
        ],
        when: (found) => !/MISSING\.?$/.test(found.text) || /DescribeClusters/.test(field(found, 'operation')),
        cause: 'The ECS cluster does not exist (or is INACTIVE) in this account and Region.',
        remedy: 'Correct the inputs `cluster` and `aws-region`, and check the account of the credentials: without `cluster` it is the one named default.',
        link: API_FAILURES,
        examples: [
            'ClusterNotFoundException: Cluster not found.',
            { text: 'MISSING', context: { operation: 'DescribeClusters' } },
        ],
    },
    {
        id: 'service-not-active',
        nature: 'hopeless',
        match: [
            /ServiceNotActive|Service (?:was|is) not ACTIVE|service .{0,255}is (?:INACTIVE|DRAINING)/i,
            /^(?:INACTIVE|DRAINING)$/,
        ],
        when: (found) => !/^[A-Z]+$/.test(found.text) || /(?:Describe|Update)Services?/.test(field(found, 'operation')),
        cause: 'The ECS service is not ACTIVE: it was deleted or is being deleted (INACTIVE, DRAINING).',
        remedy: 'Create the service again, or correct the inputs `service` and `cluster`.',
        link: API_FAILURES,
        examples: ['ServiceNotActiveException: Service was not ACTIVE'],
    },
    {
        id: 'service-not-found',
        nature: 'hopeless',
        match: [
            /ServiceNotFound|Service not found|service (?!deployment).{0,255}(?:does not exist|could not be found|was not found)/i,
            /^(?:.{0,300}[ :=])?MISSING\.?$/,
            /["']?reason["']?:? ?["']?MISSING/,
        ],
        unless: /namespace|Cloud ?Map|secret/i,
        cause: (found) => /DescribeTasks/.test(field(found, 'operation'))
            ? 'There is no such task in the cluster any more (stopped tasks are kept for about an hour).'
            : 'There is no such ECS service in the cluster.',
        remedy: 'Check the inputs `service`, `cluster` and `aws-region`, and that the service was created.',
        link: API_FAILURES,
        examples: [
            { text: 'MISSING', context: { operation: 'DescribeServices' } },
            'ServiceNotFoundException: Service not found.',
        ],
    },
    {
        id: 'container-not-in-taskdef',
        nature: 'hopeless',
        match: [
            /container (?<container>\S{1,255}) does not exist in the task definition/i,
            /container (?<container>\S{1,255}) did not have a container port (?<port>\d+)/i,
            /(?:container ?name|containerName) .{0,255}(?:not found|does not exist|not (?:in|part of) the task definition|must match)/i,
            /overrides? .{0,60}(?<container>\S{1,255}) .{0,40}not .{0,20}(?:in|container)/i,
        ],
        cause: ({ words: { container, port } }) => port
            ? `The load balancer of the service wants container${maybe(container)} with port ${port}, which the new task definition does not have.`
            : `The service names the container${maybe(container)} in its load balancer or registry, and the new task definition has no container of that name.`,
        remedy: ({ words: { container, port } }) => `Keep a container named ${container ?? 'as in the service'}${port ? ` with containerPort ${port} in portMappings` : ''} in the task definition, or update the loadBalancers (serviceRegistries) of the service.`,
        link: SERVICE,
        examples: [
            'InvalidParameterException: The container web does not exist in the task definition.',
            'InvalidParameterException: The container api did not have a container port 8080 defined.',
        ],
    },
    {
        id: 'network-config-missing',
        nature: 'hopeless',
        match: [
            /Network ?Configuration must be (?:provided|specified)/i,
            /(?:subnets?|awsvpcConfiguration|networkConfiguration) (?:can ?not|must not|should not) be (?:empty|null|blank)/i,
            /network ?configuration is (?:required|missing)/i,
        ],
        cause: "The task definition has networkMode 'awsvpc', and the service has no networkConfiguration (subnets, security groups).",
        remedy: 'Give the service a networkConfiguration.awsvpcConfiguration with subnets and security groups, or keep the networkMode of the revision before.',
        link: SERVICE,
        examples: [
            "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ],
    },
    {
        id: 'network-config-not-allowed',
        nature: 'hopeless',
        match: [
            /Network ?Configuration is not (?:valid|supported|allowed)/i,
            /assign ?public ?ip .{0,80}(?:not supported|only|invalid)/i,
        ],
        cause: 'The service has a networkConfiguration (or assignPublicIp) that does not fit the networkMode or launch type of the task definition.',
        remedy: 'networkConfiguration is for networkMode awsvpc alone, and assignPublicIp ENABLED for Fargate: keep the networkMode of the revision before, or take it out of the service.',
        link: SERVICE,
        examples: [
            'InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.',
        ],
    },
    {
        id: 'launch-type-conflict',
        nature: 'hopeless',
        match: [
            /either (?:a )?Launch ?Type or (?:a )?Capacity ?Provider ?Strategy/i,
            /(?:launch ?type|capacity ?provider ?strategy).{0,120}(?:but not both|cannot be (?:both )?specified|mutually exclusive|together)/i,
            /not compatible with the (?:selected )?compute (?:strategy|type)/i,
            /Task definition does not support launch_?type (?<type>\w+)/i,
            /(?:requiresCompatibilities|compatibilit).{0,160}(?:launch type|FARGATE|EC2|EXTERNAL)/i,
            /(?:not|un)supported .{0,40}launch ?type|launch ?type .{0,80}(?:not (?:supported|compatible)|incompatible)/i,
        ],
        cause: ({ words: { type } }) => type
            ? `The task definition is not made for the launch type ${type} of the service.`
            : 'Launch type and capacity provider strategy are both given, or do not fit the task definition: ECS takes one of them.',
        remedy: ({ words: { type } }) => type
            ? `Add ${type} to requiresCompatibilities of the task definition (with cpu, memory and networkMode awsvpc for Fargate), or change launch type or capacity provider of the service.`
            : 'Send either the launch type or the capacity provider strategy; changing from one to the other needs a new deployment of the service (input `force-new-deployment`).',
        link: SERVICE,
        examples: ['Specify either Launch Type or Capacity Provider Strategy, but not both.'],
    },
    {
        id: 'capacity-provider-invalid',
        nature: 'hopeless',
        match: [
            /capacity provider .{0,255}(?:not (?:found|associated|active)|does not exist|was not found|is invalid|in use)/i,
            /capacityProvider.{0,120}(?:invalid|not)/i,
        ],
        unless: /No Container Instances/i,
        cause: 'The capacity provider of the service is not associated with the cluster, or does not exist.',
        remedy: 'Associate it with the cluster (put-cluster-capacity-providers) or correct the capacity provider strategy of the service.',
        link: `${GUIDE}/cluster-capacity-providers.html`,
        examples: ['InvalidParameterException: The specified capacity provider gpu-spot was not found.'],
    },
    {
        id: 'wrong-deployment-controller',
        nature: 'hopeless',
        match: [
            /services? with an? (?<kind>\w+) deployment controller/i,
            /(?<kind>CODE_DEPLOY|EXTERNAL) deployment controller|deployment ?controller .{0,120}(?:not support|cannot|only|invalid|type)/i,
            /Please use (?:AWS )?Code ?Deploy/i,
        ],
        cause: ({ words: { kind } }) => `The service has the ${kind ?? 'CODE_DEPLOY'} deployment controller: ECS itself may not roll it out.`,
        remedy: 'Deploy it through what controls it (CodeDeploy for CODE_DEPLOY, task sets for EXTERNAL), or move the service to the ECS deployment controller, whose rolling and blue/green deployments this action drives.',
        link: `${GUIDE}/deployment-types.html`,
        examples: [
            'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Please use Code Deploy to trigger a new deployment.',
        ],
    },
    {
        id: 'execute-command-role-missing',
        nature: 'hopeless',
        match: [
            /valid taskRoleArn is not being used/i,
            /execute ?command .{0,160}(?:task ?role|taskRoleArn|not enabled|failed)/i,
        ],
        cause: 'ECS Exec (execute command) is on and the task definition has no valid taskRoleArn.',
        remedy: 'Give the task definition a task role with the ssmmessages permissions (input `task-role-arn`), or set the input `enable-execute-command` to false.',
        link: `${GUIDE}/ecs-exec.html`,
        examples: [
            "InvalidParameterException: The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
        ],
    },
    {
        id: 'grace-period-without-load-balancer',
        nature: 'hopeless',
        match: [/health ?check ?grace ?period.{0,160}(?:load balanc|only valid|not (?:valid|allowed))/i],
        cause: 'A health check grace period is set, and the service has no load balancer.',
        remedy: 'Leave the input `health-check-grace-period-seconds` out, or give the service a load balancer.',
        link: SERVICE,
        examples: [
            'InvalidParameterException: Health check grace period is only valid for services configured to use load balancers.',
        ],
    },
    {
        id: 'service-already-exists',
        nature: 'hopeless',
        match: [/Creation of service was not idempotent|service .{0,255}already exists/i],
        cause: 'A service of that name already exists in the cluster with other settings.',
        remedy: 'Update the service instead of creating it, or choose another name (input `service`).',
        link: API_FAILURES,
        examples: ['InvalidParameterException: Creation of service was not idempotent.'],
    },
    {
        id: 'deployment-in-progress',
        nature: 'ambiguous',
        match: [
            /UpdateInProgress|(?:deployment|update) (?:is )?(?:already )?in progress.{0,80}(?:cannot|try again|wait|not)|(?:cannot|can't|unable to) .{0,100}(?:while|because) .{0,60}deployment .{0,40}(?:in progress|active|running)|has an? (?:active|ongoing) deployment/i,
            /ConflictException|ResourceInUseException/,
        ],
        cause: 'Another deployment or update of the service is in the way.',
        remedy: 'Wait until it is done (input `on-active-deployment`: wait), and give the workflow a `concurrency` group.',
        link: `${GUIDE}/service-deployment.html`,
        examples: ['UpdateInProgressException: There is already a current Amazon ECS update in progress.'],
    },
    {
        id: 'deployment-not-found',
        nature: 'ambiguous',
        match: [
            /ServiceDeploymentNotFound|task set does not exist|service deployment .{0,160}(?:not (?:be )?found|does not exist)|TaskSetNotFound/i,
        ],
        cause: 'There is no such service deployment (they are kept for 90 days).',
        remedy: 'Check the ARN, or deploy again.',
        link: API_FAILURES,
        examples: ['ServiceDeploymentNotFoundException: The specified service deployment was not found.'],
    },
];
/** ECS refused the call, and its own words say it best. */
const SERVICE_CALLS_REST = [
    {
        id: 'request-refused',
        nature: 'hopeless',
        surfaces: ['api.ecs'],
        match: [
            /InvalidParameter|ClientException|ValidationException|Invalid request|BadRequest|InvalidArn|^[A-Z]\w{3,60}Exception: /,
        ],
        cause: ({ text }) => `ECS refuses the request: ${lastSentence(text)}`,
        remedy: (found) => `Correct what the message names${/Update|Create/.test(field(found, 'operation')) ? ' in the inputs or in the settings of the service' : ''}; the API reference of ${field(found, 'operation') || 'the call'} lists what is allowed.`,
        link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html',
        examples: ['InvalidParameterException: something new'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/balancer.ts

const BALANCERS = `${GUIDE}/troubleshoot-service-load-balancers.html`;
const portOf = (text) => /\(port (\d+)\)/.exec(text)?.[1];
const at = (text) => (portOf(text) ? ` on port ${portOf(text)}` : '');
/** What a load balancer says of the tasks behind it, and what is wrong with its target groups. */
const BALANCER = [
    {
        id: 'elb-az-disabled',
        nature: 'hopeless',
        match: [/Availability Zone that is not enabled for the load balancer|Target\.NotInUse.{0,80}zone/i],
        cause: 'The task runs in an Availability Zone that is not enabled for the load balancer, so it gets no traffic.',
        remedy: 'Enable that Availability Zone (a subnet there) for the load balancer, or take the subnet out of the service.',
        link: BALANCERS,
        examples: [
            '(service web) (instance i-1) (port 80) is unhealthy in (target-group arn:x) due to (reason Target is in an Availability Zone that is not enabled for the load balancer)',
        ],
    },
    {
        id: 'elb-unreachable',
        nature: 'ambiguous',
        match: [
            /(?:is unhealthy in|is not healthy in|health checks?).{0,500}(?:Request timed out|Connection (?:timed out|refused)|Target\.Timeout|timeout)/i,
            /Target\.Timeout/,
        ],
        cause: ({ text }) => `The load balancer cannot reach the task${at(text)}: its health check gets no answer in time.`,
        remedy: ({ text }) => `Let the task's security group accept the load balancer's security group${at(text) || ' on the container port'} (and the health check port), check that the application listens on 0.0.0.0 at that port, and that it answers within the health check timeout; give slow starts the input \`health-check-grace-period-seconds\`.`,
        link: BALANCERS,
        examples: [
            '(service web) (task 77) (port 5000) is unhealthy in (target-group arn:x) due to (reason Request timed out).',
        ],
    },
    {
        id: 'target-missing',
        nature: 'ambiguous',
        match: [/TARGET IS NOT FOUND|Target\.NotRegistered/i],
        cause: 'The task is not registered in the target group (any more), so it cannot become healthy there.',
        remedy: 'See whether something else deregisters targets of the target group, and whether the port and container name of the loadBalancers of the service are those of the task definition.',
        link: `${GUIDE}/service-event-messages-list.html`,
        examples: ['service (web) task set (x) (task 1) is not healthy in target-group (arn) due to TARGET IS NOT FOUND.'],
    },
    {
        id: 'target-group-missing',
        nature: 'hopeless',
        match: [
            /TARGET GROUP IS NOT FOUND/i,
            /TargetGroupNotFound/i,
            /(?:unable to find|could not find|cannot find|not found:?) (?:the )?target ?group/i,
            /target ?groups? ['"]?(?<arn>arn:aws[\w-]*:elasticloadbalancing:[^\s'"]+)?['"]? ?(?:not found|(?:was|were|is|are) not found|does not exist|do not exist)/i,
            /one or more (?:of the )?target groups? .{0,60}not (?:be )?found/i,
            /LoadBalancerNotFound|load balancer .{0,120}(?:not found|does not exist)|unable to find the load ?balancer/i,
        ],
        cause: ({ text }) => `The target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])} (or load balancer) of the service does not exist any more.`,
        remedy: 'Create the target group (and its listener) again and update the loadBalancers of the service, or make the service anew; check account and Region of the ARN.',
        link: BALANCERS,
        examples: [
            'service web task set (taskSet-1) (task 1) is not healthy in target-group (arn)) due to TARGET GROUP IS NOT FOUND.',
            'InvalidParameterException: Unable to find the targetGroup arn:aws:elasticloadbalancing:us-west-2:1:targetgroup/gone/1',
        ],
    },
    {
        id: 'target-group-not-attached',
        nature: 'hopeless',
        match: [
            /does not have an associated load balancer/i,
            /target group .{0,300}(?:not (?:attached|associated) (?:to|with) (?:a|any) (?:load balancer|listener))/i,
            /Target\.NotInUse/,
        ],
        cause: ({ text }) => `No listener of a load balancer forwards to the target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])}.`,
        remedy: 'Attach the target group to a listener (or one of its rules) of the load balancer first; in infrastructure code let the service depend on the listener.',
        link: BALANCERS,
        examples: [
            'InvalidParameterException: The target group with targetGroupArn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tg/97c0 does not have an associated load balancer.',
        ],
    },
    {
        id: 'target-type-mismatch',
        nature: 'hopeless',
        match: [
            /target type (?<had>\w+), which is incompatible with the (?<mode>\w+) network mode/i,
            /target type .{0,80}(?:incompatible|not compatible|not supported|must be)/i,
        ],
        cause: ({ words: { had, mode } }) => `The target group has the target type ${had ?? 'of another kind'}, which does not fit networkMode ${mode ?? 'of the task definition'}.`,
        remedy: 'Use a target group of target type ip for networkMode awsvpc (Fargate always), and of type instance for bridge or host. The type cannot be changed: make a new target group.',
        link: BALANCERS,
        examples: [
            'InvalidParameterException: The provided target group arn:aws:elasticloadbalancing:ap-northeast-1:1:targetgroup/b/6 has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.',
        ],
    },
    {
        id: 'target-group-full',
        nature: 'ambiguous',
        match: [
            /TooManyTargets|TooManyRegistrationsForTargetId|maximum number of targets|targets? per (?:target group|load balancer)/i,
        ],
        cause: 'The quota of targets of the target group or load balancer is reached, so the task is not registered.',
        remedy: 'Ask for a higher Elastic Load Balancing quota, or remove unused targets.',
        link: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html',
        examples: ['(service w) failed to register targets in (target-group arn:x) with (error TooManyTargets)'],
    },
    {
        id: 'target-registration-failed',
        nature: 'ambiguous',
        match: [/failed to (?:de)?register (?:targets|instances|container instance)/i],
        unless: /Internal failure|Rate exceeded|throttl/i,
        cause: ({ text }) => `ECS could not register the task at the load balancer: ${text}`,
        remedy: "Check that the target group exists in the VPC of the tasks, has the right target type, and that ECS's role may call elasticloadbalancing:RegisterTargets.",
        link: BALANCERS,
        examples: [
            "(service w) failed to register targets in (target-group arn:x) with (error The IP address '10.0.0.1' is not within the VPC)",
        ],
    },
    {
        id: 'elb-health-check',
        nature: 'ambiguous',
        transient: true,
        match: [/is unhealthy in \(elb (?<elb>[^)]{1,255})\) due to \(reason Instance has failed/i],
        cause: ({ words: { elb } }) => `The Classic Load Balancer${maybe(elb)} finds the instance of the task unhealthy: its health check failed.`,
        remedy: 'Check the ping path and port, and that the security group of the instance accepts the load balancer; give slow starts the input `health-check-grace-period-seconds`.',
        link: BALANCERS,
        examples: [
            'service web (task 1) (instance i-1) is unhealthy in (elb web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
        ],
    },
    {
        id: 'elb-health-check',
        nature: 'ambiguous',
        match: [
            /(?:unhealthy|health checks? failed).{0,600}(?:codes?|status)(?: code)?:? ?\[?(?<code>\d{3})/i,
            /failed (?:ELB|ALB|NLB|load balancer|elastic load balancing)\w* health checks?/i,
            /is (?:unhealthy|not healthy) in .{0,20}(?:target-?group|elb)/i,
            /health ?checks? failed|failed health ?checks?|UnhealthyThreshold|Target\.FailedHealthChecks|Target\.ResponseCodeMismatch|failing (?:elb |target group )?health checks?/i,
        ],
        unless: /container health checks|Service Connect|Cloud Map|service discovery/i,
        cause: ({ words: { code }, text }) => `The load balancer finds the task unhealthy: its health check${at(text)} fails${code ? ` with HTTP status ${code}` : ''}.`,
        remedy: ({ words: { code }, text }) => `${HINT[code ?? ''] ?? "Check the target group's health check path, port and success codes"}. Check also that the task's security group accepts the load balancer${at(text) || ' on the container port'}, that the application listens on 0.0.0.0, and that the input \`health-check-grace-period-seconds\` covers its start.`,
        link: BALANCERS,
        examples: [
            'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/app/0123456789abcdef)',
            '(service x) (instance i-1) (port 32875) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/d/1) due to (reason Health checks failed with these codes: [400])',
        ],
    },
];
const HINT = {
    '301': 'The health check path redirects: use the path it leads to, or accept the code (matcher 200-399)',
    '302': 'The health check path redirects: use the path it leads to, or accept the code (matcher 200-399)',
    '400': 'The application refuses the request (often by its Host header: allow the address of the task, or any host, for the health check path)',
    '401': 'The health check path asks for a login: use a path that needs none, or accept 401',
    '403': 'The health check path is forbidden: use a path that needs no login',
    '404': 'The health check path does not exist in the application: correct the path of the target group',
    '500': 'The application answers with an error of its own: read its log',
    '502': 'The process behind the port crashes or closes the connection: read its log, and check port and protocol (HTTP or HTTPS) of the target group',
    '503': 'The application says it is not ready: read its log and what it depends on',
    '504': 'The application does not answer in time: read its log and raise the timeout',
};
/** What a service in the mesh or in Cloud Map says. */
const DISCOVERY = [
    {
        id: 'service-connect-unhealthy',
        nature: 'ambiguous',
        match: [
            /service[- ]?connect.{0,300}(?:health check|unhealthy|fail|error|exit|timed? ?out|unable)/i,
            /(?:envoy|appnet|ecs-service-connect-\w+).{0,200}(?:fail|unhealthy|error|exit)/i,
        ],
        unless: /namespace .{0,120}not (?:be )?found/i,
        cause: 'The Service Connect proxy (ecs-service-connect, Envoy) of the task did not become healthy or ended.',
        remedy: 'Give the task room for the proxy (256 CPU units and 64 MiB more), look at its log (serviceConnectConfiguration.logConfiguration), and check that the subnet reaches ECS and the namespace exists; with TLS, that the Service Connect role may use AWS Private CA and KMS.',
        link: `${GUIDE}/service-connect.html`,
        examples: ['Task failed to start: Service Connect proxy (ecs-service-connect-1a2b) container health checks failed'],
    },
    {
        id: 'service-discovery-failed',
        nature: 'ambiguous',
        match: [
            /(?:Cloud ?Map|service discovery|servicediscovery|service registry|namespace)[\s\S]{0,300}(?:fail|unhealthy|not (?:be )?found|does not exist|error|not authorized|limit)/i,
            /unhealthy in (?:the )?\(?service registry|NamespaceNotFound\w*|SERVICE_DISCOVERY_INSTANCE_UNHEALTHY/,
        ],
        cause: ({ text }) => `Service discovery (Cloud Map) of the service failed: ${text}`,
        remedy: 'Check that the namespace and the registry (serviceRegistries, serviceConnectConfiguration.namespace) exist in the same Region and account, and that the role of ECS may call servicediscovery:RegisterInstance.',
        link: `${GUIDE}/service-discovery.html`,
        examples: [
            'InvalidParameterException: The namespace arn:aws:servicediscovery:us-east-1:1:namespace/ns-1 could not be found.',
            'NamespaceNotFoundException: The specified namespace was not found.',
        ],
    },
    {
        id: 'vpc-lattice-unhealthy',
        nature: 'ambiguous',
        match: [/VPC[ _]?Lattice/i],
        cause: ({ text }) => `VPC Lattice finds the target unhealthy or refused it: ${text}`,
        remedy: 'Check the VPC Lattice target group (health check path, port, target type IP) and the infrastructure role of vpcLatticeConfigurations.',
        link: `${GUIDE}/ecs-vpc-lattice.html`,
        examples: ['VPC_LATTICE_TARGET_UNHEALTHY'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/build.ts

const DOCKERFILE = `${DOCKER}/reference/dockerfile/`;
const MULTI = `${DOCKER}/build/building/multi-platform/`;
const one = (text) => (/(?:^|\n)ERROR: ([^\n]+)/.exec(text)?.[1] ?? text.trim().split('\n').at(-1) ?? text)
    .replace(/^(?:failed to (?:build|solve): )+/, '')
    .slice(0, 400);
/** What the Dockerfile, its steps and the runner make wrong. */
const BUILD = [
    {
        id: 'build-emulation-missing',
        nature: 'hopeless',
        severity: 'warning',
        surfaces: BUILD_SURFACES,
        match: [/platform (?<platform>\S+) cannot pass the validation/i],
        cause: ({ words: { platform } }) => `The builder's kernel cannot run programs of ${platform ?? 'that platform'}: binfmt_misc has no emulator (QEMU) for it.`,
        remedy: 'Register emulators before the build (docker/setup-qemu-action, or docker run --privileged tonistiigi/binfmt --install all), or build on a native runner (ubuntu-24.04-arm).',
        link: MULTI,
        examples: [
            'platform linux/arm64 cannot pass the validation, kernel support for miscellaneous binary may have not enabled.',
        ],
    },
    {
        id: 'build-emulation-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /exec format error/i,
            /Invalid ELF image for this architecture/i,
            /buildkit[_-]qemu|qemu-\w+(?:-static)?: Could not open|qemu: uncaught target signal/i,
            /cannot execute binary file/i,
        ],
        cause: ({ text }) => `A step of the build ran a program of another architecture (${/exec format error/i.test(text) ? 'exec format error' : 'QEMU failed'}): the builder has no working emulator (QEMU) for that platform.`,
        remedy: 'Add docker/setup-qemu-action before the build (binfmt), build each platform on a native runner (ubuntu-24.04-arm for linux/arm64), or cross-compile in a stage FROM --platform=$BUILDPLATFORM.',
        link: MULTI,
        examples: [
            '#9 0.213 exec /bin/sh: exec format error\nERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 255',
        ],
    },
    {
        id: 'build-disk-full',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /no space left on device|ENOSPC|disk quota exceeded|not enough (?:free )?(?:disk )?space|not enough space on the disk/i,
        ],
        cause: 'The disk of the runner is full: no space left on device.',
        remedy: 'Free disk before the build (docker system prune -af, remove unused tool folders of the runner), use a larger runner, or make the build context and layers smaller (.dockerignore).',
        link: `${DOCKER}/build/cache/garbage-collection/`,
        examples: ['ERROR: failed to solve: failed to copy files: copy file range failed: no space left on device'],
    },
    {
        id: 'build-oom',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /did not complete successfully: (?:exit code: 137|cannot allocate memory)/i,
            /heap out of memory|ResourceExhausted|cannot allocate memory|\bOOM\b|out of memory|signal: killed|\bKilled\b[^\n]{0,60}(?:exit|code)|c\+\+: (?:fatal )?error: Killed/i,
        ],
        cause: ({ text }) => `A step of the build was killed (exit code 137) or ran out of memory${maybe(stepOf(text))}: the runner has too little.`,
        remedy: 'Use a larger runner, lower the parallelism or heap of the step (--max-old-space-size, make -j2), and build other architectures natively: emulation needs more memory.',
        link: `${DOCKER}/build/builders/`,
        examples: [
            'ERROR: failed to solve: process "/bin/sh -c playwright install chromium" did not complete successfully: exit code: 137',
        ],
    },
    {
        id: 'build-dockerfile-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /failed to read dockerfile[^\n]{0,200}?(?:open (?<file>[^\s:]+))?: no such file/i,
            /unable to (?:prepare context: unable to evaluate|evaluate symlinks in Dockerfile path)|(?:Dockerfile \S{1,200} bigger than|ambiguous Dockerfile source)|Cannot locate (?:specified )?Dockerfile|the Dockerfile \([^)]+\) (?:cannot be empty|must be)|failed to read dockerfile|Dockerfile[^\n]{0,80}(?:not found|no such file)/i,
        ],
        unless: /(?:git|context) repository|prepare context: path/i,
        cause: ({ words: { file } }) => `The Dockerfile${maybe(file && !/buildkit-mount|\/tmp\//.test(file) ? file : undefined)} was not found in the build context.`,
        remedy: 'Correct the input `file` (path from the repository root) and `context`, and check that actions/checkout ran before and that .dockerignore does not leave it out.',
        link: DOCKERFILE,
        examples: [
            'failed to solve: failed to read dockerfile: open /var/lib/docker/tmp/buildkit-mount1551875758/Dockerfile: no such file or directory',
        ],
    },
    {
        id: 'build-dockerfile-syntax',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /contains no stages to build|invalid name for build stage|cannot (?:copy|mount) from stage|needs? to be defined before|isn't allowed as an ONBUILD|doesn't support variable expansion|flag specified: --|invalid chmod parameter|names can not be blank|VOLUME specified|takes no arguments|Missing command after/i,
            /dockerfile parse error|unknown instruction|dockerfile syntax|no build stage in current context|file with no instructions|unknown flag: --|(?<!docker (?:buildx )?build"? )requires (?:at least|exactly) \w+ arguments?|invalid (?:from flag|field|flag)|circular dependency detected on stage|Syntax error|failed to parse stage name|Dockerfile cannot be empty|the Dockerfile .{0,40}empty|unexpected end of statement|failed to process ["'][^\n]{0,200}: (?:missing|syntax|unsupported)/i,
        ],
        unless: /did not complete successfully/i,
        cause: ({ text }) => `The Dockerfile has an error: ${one(text)}`,
        remedy: 'Correct that line of the Dockerfile (the message names it); newer syntax needs `# syntax=docker/dockerfile:1` on its first line.',
        link: DOCKERFILE,
        examples: [
            'ERROR: failed to solve: dockerfile parse error on line 12: unknown instruction: RUNN (did you mean RUN?)',
        ],
    },
    {
        id: 'build-arg-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /base name \((?<name>[^)]*)\) should not be blank/i,
            /(?:build[- ]?arg|ARG) [^\n]{0,60}(?:not set|is required|missing|undefined)|failed to parse stage name ["']?[:$]/i,
        ],
        cause: ({ words: { name } }) => `A build argument that FROM uses${maybe(name)} is empty.`,
        remedy: ({ words: { name } }) => `Pass it as a build-arg (input \`build-args\`: ${(name ?? 'NAME').replace(/[${}]/g, '') || 'NAME'}=value), or give the ARG before FROM a default in the Dockerfile.`,
        link: `${DOCKER}/build/building/variables/`,
        examples: ['ERROR: failed to solve: base name (${BASE_IMAGE}) should not be blank'],
    },
    {
        id: 'build-target-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /target stage ["']?(?<stage>[^"'\s]+)["']? (?:could not be|not) found|failed to reach build target (?<name>\S+)|(?:stage|target) ["']?(?<other>[\w.-]+)["']? (?:not found|does not exist)/i,
        ],
        cause: ({ words: { stage, name, other } }) => `The Dockerfile has no stage${maybe(first(stage, name, other))}, which the input \`target\` asks for.`,
        remedy: 'Correct the input `target`, or name the stage in the Dockerfile (FROM image AS name).',
        link: `${DOCKER}/build/building/multi-stage/`,
        examples: ['ERROR: failed to solve: target stage "prod" could not be found'],
    },
    {
        id: 'build-copy-source-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /forbidden path outside the build context: (?<file>\S{1,300})/i,
            /failed to (?:compute cache key|calculate checksum of ref)[\s\S]{0,400}?["'](?<file>\/[^"'\n]{0,300})["']: not found/i,
            /failed to (?:walk|stat) (?<file>\/?\S{1,300}): (?:lstat [^\n]{0,300})?no such file/i,
            /(?:COPY|ADD) failed: [^\n]{0,200}(?:no such file|not found|no source files)|lstat (?<file>\S{1,300}): no such file/i,
            /failed to compute cache key[^\n]{0,300}(?<file>\/\S{1,300}) (?:does not exist|not found)|excluded by \.dockerignore/i,
        ],
        unless: /failed to build: resolve ?:/i,
        cause: ({ words: { file } }) => `COPY or ADD did not find ${file ?? 'a file'} in the build context.`,
        remedy: 'Check the path (it is read from the context, input `context`, not from the Dockerfile), whether .dockerignore leaves it out, and whether an earlier step of the workflow should have built it.',
        link: `${DOCKER}/build/concepts/context/`,
        examples: [
            'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref 27202219::zb2o: "/script.python": not found',
        ],
    },
    {
        id: 'build-secret-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /^(?:ERROR: )?failed to stat (?<file>[^\s:]{1,300}): stat /im,
            /secret (?<name>[\w.-]+): not found|(?:failed to stat|open) (?<file>\S{1,300}): no such file[^\n]{0,80}secret|secret[^\n]{0,80}(?:not found|no such file|is required)|could not parse secrets?|invalid secret/i,
        ],
        cause: ({ words: { name, file } }) => `The Dockerfile mounts the build secret${maybe(first(name, file))}, which was not given.`,
        remedy: ({ words: { name } }) => `Give it: input \`build-secrets\` (${name ?? 'id'}=value), \`build-secret-files\` or \`build-secret-envs\`; the id must be that of RUN --mount=type=secret,id=${name ?? 'id'}.`,
        link: `${DOCKER}/build/building/secrets/`,
        examples: ['ERROR: failed to solve: secret npm_token: not found'],
    },
    {
        id: 'build-ssh-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /SSH_AUTH_SOCK|invalid empty ssh agent|no SSH key|ssh[^\n]{0,60}(?:forward not enabled|not found|agent)|Host key verification failed|Permission denied \(publickey/i,
        ],
        cause: 'A step of the build needs an SSH agent or key, and has none that is accepted.',
        remedy: 'Load the key into an agent before the build and pass it with the input `ssh` (default), and add the host to known_hosts in the Dockerfile.',
        link: `${DOCKER}/reference/dockerfile/#run---mounttypessh`,
        examples: [
            'ERROR: failed to solve: failed to load cache key: unset SSH_AUTH_SOCK: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set',
        ],
    },
];
/** The step of the Dockerfile that failed. */
const stepOf = (text) => /process ["'](?:\/bin\/\w+ (?:-\w+ )*)?(?<step>[^\n]{1,300}?)["'] did not complete/.exec(text)?.groups?.step;
/** A step of the Dockerfile failed by itself; last, as what it printed may say more. */
const BUILD_STEP = [
    {
        id: 'build-command-failed',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /did not complete successfully: exit code: (?<code>\d+)/i,
            /(?:The command|executor failed running)[^\n]{1,400}(?:returned a non-zero code|exit code):? (?<code>\d+)/i,
            /did not complete successfully/i,
        ],
        cause: ({ words: { code }, text }) => code === '127'
            ? `A step of the build (${stepOf(text) ?? 'RUN'}) ended with exit code 127: its command was not found in that stage.`
            : `A step of the build (${stepOf(text) ?? 'RUN'}) failed${code ? ` with exit code ${code}` : ''}${code === '126' ? ': its command may not be executed (permission)' : code === '139' ? ': it crashed (segmentation fault; often emulation)' : ''}.`,
        remedy: ({ words: { code } }) => code === '127'
            ? 'Install the tool in that stage of the Dockerfile, or correct its name and PATH.'
            : 'Read the last lines that the step printed (above the error), and run the same command in the stage before it (docker build --target).',
        link: `${DOCKER}/build/building/best-practices/`,
        examples: ['ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1'],
    },
    {
        id: 'build-failed',
        nature: 'hopeless',
        surfaces: ['buildx.stderr'],
        match: [/failed to (?:solve|build|compute|load|export|copy)|^(?:ERROR|error): /im],
        cause: ({ text }) => `The build failed: ${one(text)}`,
        remedy: 'Read the lines above the error in the log of the build; the same `docker buildx build` can be run on your machine.',
        link: `${DOCKER}/build/`,
        examples: ['ERROR: failed to solve: something new'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/build-base.ts

const build_base_DOCKERFILE = `${DOCKER}/reference/dockerfile/`;
const build_base_MULTI = `${DOCKER}/build/building/multi-platform/`;
/** The base image that BuildKit names before "failed to resolve source metadata". */
const baseOf = (text) => /(?:failed to solve: |ERROR: |error: |^)((?:[\w.-]+(?::\d+)?\/)*[\w.-]+(?::[\w.-]+)?(?:@sha256:\w+)?): (?:failed to resolve source metadata|no match for platform|failed to do request|pull access denied|failed to authorize|not found|failed to copy)/m.exec(text)?.[1] ?? /(?:resolve source metadata for|load metadata for) ([\w./:@-]+?):? /.exec(`${text} `)?.[1];
/** What the images that FROM names lack: a platform, a permission, a tag. */
const BUILD_BASE = [
    {
        id: 'build-platform-unavailable',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /no match for platform in manifest(?: (?<digest>sha256:\w+))?/i,
            /no matching manifest for (?<platform>[\w/]+)/i,
            /does not (?:provide|contain|support|match)[^\n]{0,80}(?:the specified |descriptor matching )platform ?\(?['"]?(?<platform>[\w/]+)?|unsupported platform|unknown operating system or architecture/i,
        ],
        cause: ({ words: { digest, platform }, text }) => `The base image${maybe(baseOf(text))} is not there for the platform that is built${platform ? ` (${platform})` : ''}${digest ? ` (digest ${digest} is of one platform only)` : ''}.`,
        remedy: ({ words: { digest } }) => `Use a base image that has every platform in the input \`platforms\`${digest ? ', and pin the digest of its index (multi-platform manifest) instead of one platform' : ''}, or take the platform out; docker buildx imagetools inspect lists its platforms with the digest of each.`,
        link: build_base_MULTI,
        examples: ['ERROR: failed to solve: eclipse-temurin:11-jre-alpine: no match for platform in manifest: not found'],
    },
    {
        id: 'build-rate-limit',
        nature: 'ambiguous',
        transient: true,
        surfaces: BUILD_SURFACES,
        match: [/toomanyrequests|pull rate limit|429 Too Many Requests/i],
        unless: /\btoomanyrequests:? ?Rate exceeded\b|(?:failed to push|pushing)[^\n]{0,300}\b429\b/i,
        cause: ({ text }) => `The rate limit of the registry (Docker Hub counts pulls by IP address) stopped the pull of the base image${maybe(baseOf(text))}.`,
        remedy: 'Log in to Docker Hub before the build, or use the base image from public.ecr.aws or an ECR pull through cache.',
        link: `${DOCKER}/docker-hub/usage/`,
        examples: [
            'ERROR: failed to solve: node:20: failed to resolve source metadata for docker.io/library/node:20: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/node/manifests/sha256:1: 429 Too Many Requests',
        ],
    },
    {
        id: 'build-credential-helper',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [/error getting credentials|error (?:saving|storing) credentials|docker-credential-[\w-]+/i],
        cause: "Docker's credential helper failed, so no registry could be asked with a login.",
        remedy: 'Correct credsStore or credHelpers in ~/.docker/config.json of the runner (or remove them) and install the helper that they name (docker-credential-ecr-login, ...).',
        link: `${DOCKER}/reference/cli/docker/login/#credential-stores`,
        examples: [
            'ERROR: failed to solve: python:3.11.4-slim: failed to resolve source metadata for docker.io/library/python:3.11.4-slim: error getting credentials - err: exit status 1, out: ``',
        ],
    },
    {
        id: 'build-base-image-denied',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /pull access denied|insufficient_scope|(?:resolve source metadata|load metadata|failed to authorize|fetch (?:anonymous|oauth) token)[^\n]{0,600}(?:\b40[13]\b|denied|unauthorized|forbidden)/i,
            /unexpected status from (?:HEAD|GET) request to \S{1,400}\/manifests\/\S{1,200} 40[13]\b/i,
            /unexpected status code \[manifests [^\]\n]{1,200}\]: 40[13]/i,
        ],
        unless: /failed to push/i,
        cause: ({ text }) => `The base image${maybe(baseOf(text))} may not be pulled: it is private, misspelt, or without its registry host.`,
        remedy: 'Log in to its registry before the build (for ECR the role needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer there), write the full host in FROM, or correct the name.',
        link: build_base_DOCKERFILE,
        examples: [
            'ERROR: failed to solve: mycompany/base:1.0: failed to resolve source metadata for docker.io/mycompany/base:1.0: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
        ],
    },
    {
        id: 'build-base-image-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /(?:resolve source metadata|load metadata)[^\n]{0,600}(?:not found|manifest unknown|\b404\b)/i,
            /manifest (?:for \S+ )?(?:not found|unknown)/i,
            /(?:failed to solve|ERROR): (?:[\w./:@-]{1,400}: ){1,2}not found/i,
        ],
        unless: /cache|no such host|failed to push|secret |target stage/i,
        cause: ({ text }) => `The base image${maybe(baseOf(text))} does not exist: there is no such tag or digest.`,
        remedy: 'Correct the FROM line of the Dockerfile (name, tag, registry host).',
        link: build_base_DOCKERFILE,
        examples: [
            'ERROR: failed to solve: node:99: failed to resolve source metadata for docker.io/library/node:99: docker.io/library/node:99: not found',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/build-tools.ts

const DRIVERS = `${DOCKER}/build/builders/drivers/`;
const CACHE = `${DOCKER}/build/cache/backends/`;
const NO_WAY = 'i/o timeout|no such host|connection refused|connection reset|TLS handshake timeout|deadline exceeded|network is unreachable|no route to host|server misbehaving|Temporary failure in name resolution|Could not resolve|name resolution|request canceled|ETIMEDOUT|EAI_AGAIN|ENOTFOUND';
/** Docker, Buildx, BuildKit and the registries around them. */
const BUILD_TOOLS = [
    {
        id: 'build-daemon-unavailable',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /cannot connect to the docker daemon|is the docker daemon running|permission denied while trying to connect to the docker|docker(?:\.exe)?: (?:command )?not found|docker: executable file not found|spawn docker ENOENT|error during connect|failed to dial gRPC|dial unix \S+docker[^\n]{0,60}\.sock/i,
        ],
        cause: ({ text }) => /permission denied/i.test(text)
            ? 'The user of the runner may not use the Docker daemon (permission denied on its socket).'
            : 'There is no Docker daemon on this runner, or it cannot be reached.',
        remedy: 'Use a runner with Docker (ubuntu-latest), start the daemon on a self-hosted one, and add its user to the group docker; check DOCKER_HOST.',
        link: `${DOCKER}/engine/daemon/troubleshoot/`,
        examples: [
            'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        ],
    },
    {
        id: 'build-builder-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /no builder ["']?(?<builder>[\w.-]+)["']? found|builder ["']?(?<builder>[\w.-]+)["']? (?:not found|does not exist)|failed to find driver|no (?:valid|current) (?:drivers?|builder) found|no running node|failed to initialize builder|buildkit(?:d)? [^\n]{0,60}(?:not (?:running|ready)|exited)/i,
        ],
        cause: ({ words: { builder } }) => `There is no Buildx builder${maybe(builder)} on this runner, or it does not run.`,
        remedy: ({ words: { builder } }) => `Leave the input \`builder\` out (this action makes one), or create it first: docker buildx create --name ${builder ?? 'NAME'} --use (docker/setup-buildx-action).`,
        link: `${DOCKER}/build/builders/`,
        examples: ['ERROR: no builder "multiarch" found'],
    },
    {
        id: 'build-buildx-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /['"]?buildx['"]? is not a docker command|unknown (?:shorthand )?flag: [^\n]{0,60}|unknown docker command|BuildKit is enabled but the buildx component is missing|buildx: command not found|requires? (?:buildx|buildkit) (?:v|>=)?/i,
        ],
        cause: 'Docker Buildx is missing on this runner, or too old for what is asked.',
        remedy: 'Install a current Buildx (docker/setup-buildx-action), or use a hosted runner.',
        link: `${DOCKER}/build/`,
        examples: ["docker: 'buildx' is not a docker command."],
    },
    {
        id: 'build-context-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /buildx build["'] requires|build["'] requires (?:exactly )?1 argument/i,
            /please specify build context|failed to build: resolve ?: lstat (?<folder>[^\s:]+)|requires exactly 1 argument|(?:unable to prepare context|path) [^\n]{0,200}(?:not found|no such file)|context must be a directory|build context[^\n]{0,80}(?:not found|missing|empty|invalid)|path ["']?(?<path>\S{1,300}?)["']? not found|could not (?:checkout|clone)|failed to (?:fetch remote|load git)/i,
        ],
        cause: ({ words: { path } }) => `The build context${maybe(path)} is missing: no folder was given, or it is not there.`,
        remedy: 'Set the input `context` to a folder of the repository (. by default), and run actions/checkout before.',
        link: `${DOCKER}/build/concepts/context/`,
        examples: ['ERROR: please specify build context (e.g. "." for the current directory)'],
    },
    {
        id: 'build-driver-unsupported',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /(?<what>Attestations) are not supported by the current BuildKit|cannot export (?:multiple platforms|attestations|annotations) with|multi-platform enabled|for multi-node builds currently not supported/i,
            /(?<what>[\w -]{1,60}?) (?:is|are) (?:currently )?not supported (?:for|by|with) the (?<driver>[\w-]+) driver/i,
            /switch to a different driver|docker exporter does not (?:currently )?support|multiple platforms feature is currently not supported|does not support exporting manifest lists/i,
        ],
        cause: ({ words: { what, driver } }) => `${what?.replace(/^.*ERROR: /, '').trim() || 'What is asked'} is not supported by the ${driver ?? 'docker'} driver of the builder.`,
        remedy: 'Use a builder with the docker-container driver (docker/setup-buildx-action; leave the input `builder` out), or turn on the containerd image store; or leave the feature out (`provenance: false`, no `cache-to`, one platform in `platforms`).',
        link: DRIVERS,
        examples: [
            'ERROR: Attestation is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/attestations/',
        ],
    },
    {
        id: 'build-entitlement',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /additional privileges requested(?:: pass ['"]?--allow=(?<name>[\w.]+))?/i,
            /(?:device|entitlement)s? (?<name>\S{1,200}) (?:is|are) requested by the build but not allowed|(?<name>network\.host|security\.insecure|device) is not allowed/i,
            /(?:granting )?entitlement (?<name>[\w.]+) is not allowed|(?<name>network\.host|security\.insecure)[^\n]{0,80}(?:not allowed|entitlement)/i,
        ],
        cause: ({ words: { name } }) => `The builder does not allow the entitlement ${name ?? ''} that the build asks for.`,
        remedy: ({ words: { name } }) => `Create the builder with --allow-insecure-entitlement ${name ?? 'NAME'} (buildkitd-flags of docker/setup-buildx-action), or do without it.`,
        link: `${DOCKER}/reference/cli/docker/buildx/build/#allow`,
        examples: [
            'ERROR: failed to solve: granting entitlement network.host is not allowed by build daemon configuration',
        ],
    },
    {
        id: 'build-tag-missing',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [/tag is needed when pushing|can't push with no tags|no tags? (?:were |was )?specified/i],
        cause: 'The image has no tag (name), so it cannot be pushed.',
        remedy: 'Give the build a tag: inputs `repository` and `tags` of this action, --tag of docker buildx build.',
        link: `${DOCKER}/reference/cli/docker/buildx/build/#tag`,
        examples: ['ERROR: tag is needed when pushing to registry'],
    },
    {
        id: 'build-output-missing',
        nature: 'normal',
        severity: 'warning',
        surfaces: BUILD_SURFACES,
        match: [/No output specified (?:with|for)/i],
        cause: 'The build has no output: its result stays in the build cache and is not pushed, so the image is not in the registry.',
        remedy: 'Add --push (this action does by itself), or --load to keep it in the local Docker.',
        link: `${DOCKER}/build/exporters/`,
        examples: [
            'WARNING: No output specified with docker-container driver. Build result will only remain in the build cache. To push result image into registry use --push or to load image into docker use --load',
        ],
    },
    {
        id: 'build-cache-service',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /legacy service is shutting down|gha-cache-sunset|(?:ACTIONS_(?:CACHE|RESULTS|RUNTIME)_\w+|actions cache|cache service)[^\n]{0,200}/i,
            /failed to reserve cache|cache entry already exists|type=gha|artifactcache\S*|_apis\/artifactcache/i,
        ],
        cause: ({ text }) => /legacy|sunset/i.test(text)
            ? 'This Buildx or BuildKit is too old for the cache service of GitHub (API v2).'
            : "GitHub's cache service did not take or give the build cache.",
        remedy: 'Upgrade Buildx to 0.21 and BuildKit to 0.20 or newer (current docker/setup-buildx-action), or keep the cache in ECR instead (`cache-to: type=registry,...`); ignore-error=true lets the build go on without the cache.',
        link: `${CACHE}gha/`,
        examples: [
            'ERROR: failed to solve: This legacy service is shutting down, effective April 15, 2025. Migrate to the new service ASAP. For more information: https://gh.io/gha-cache-sunset',
        ],
    },
    {
        id: 'build-cache-export-failed',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /configuration for remote cache|image-manifest cache format|not set for (?:s3|azblob|gcs) cache|cache exporter type/i,
            /error writing (?:manifest|layer|config) blob|exporting cache|failed to (?:export|write|save|configure) [^\n]{0,40}cache|cache export|error exporting cache|unknown cache exporter|cache exporter/i,
        ],
        cause: ({ text }) => `The build cache could not be written to the registry${maybe(/\/v2\/([\w./-]+?)\/manifests/.exec(text)?.[1])}: ${/\b\d{3} [A-Z][\w ]{2,30}/.exec(text)?.[0] ?? 'it refused the manifest'}.`,
        remedy: 'Check that the repository in `cache-to` exists, takes mutable tags and may be pushed to; for ECR write type=registry,mode=max,image-manifest=true,oci-mediatypes=true, and ignore-error=true so that a cache never fails the build.',
        link: `${CACHE}registry/`,
        examples: [
            'error: failed to solve: error writing manifest blob: failed commit on ref "sha256:95b8": unexpected status from PUT request to xxxxxx/v2/zainfo/go-service-001/manifests/test: 404 Not Found',
        ],
    },
    {
        id: 'registry-push-denied',
        nature: 'hopeless',
        surfaces: BUILD_SURFACES,
        match: [
            /requested access to the resource is denied|\/blobs\/[^\n]{0,300}(?:unauthorized|denied)|push access denied|insufficient_scope|denied: (?:permission_denied|installation not allowed|not_found)/i,
        ],
        unless: /resolve source metadata|load metadata/i,
        cause: (found) => `The registry refused the push${maybe(imageOf(found) ? `of ${imageOf(found)}` : undefined)}: the name has no ECR host (so it went to Docker Hub), or the login has no right to it.`,
        remedy: 'Name the image with the full ECR URI (input `repository`: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME) and log in to that registry.',
        link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html',
        examples: ['denied: requested access to the resource is denied'],
    },
    {
        id: 'build-registry-outage',
        nature: 'ambiguous',
        transient: true,
        surfaces: BUILD_SURFACES,
        match: [
            /\b(?<code>50[0234]) (?:Bad Gateway|Service Unavailable|Service Temporarily Unavailable|Gateway Time-?out|Internal Server Error)/i,
            /received unexpected HTTP status: (?<code>5\d\d)/i,
            /\b(?:status|code):? (?<code>50[0234])\b/i,
        ],
        cause: ({ words: { code }, text }) => `The registry${/docker\.(?:io|com)/i.test(text) ? ' Docker Hub' : maybe(/https?:\/\/([\w.-]+)/.exec(text)?.[1])} answered with an error of its own (${code ?? '5xx'}).`,
        remedy: 'Try again in some minutes; look at its status page, and use a mirror (public.ecr.aws, an ECR pull through cache) for base images.',
        link: 'https://www.dockerstatus.com/',
        examples: [
            'ERROR: failed to solve: python:3.12-slim: failed to resolve source metadata for docker.io/library/python:3.12-slim: failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/python/manifests/sha256:0b: 502 Bad Gateway',
        ],
    },
    {
        id: 'build-connection-lost',
        nature: 'ambiguous',
        transient: true,
        surfaces: BUILD_SURFACES,
        match: [
            /failed to receive status|error reading from server|rpc error: code = Unavailable|closing transport due to|no active session|client connection is closing/i,
        ],
        cause: 'The connection to the builder (BuildKit) was lost: its container or machine ended or ran out of memory or disk.',
        remedy: 'Build again. If it comes back, use a larger runner or fewer steps at once (max-parallelism of BuildKit), and look at the log of the builder container.',
        link: `${DOCKER}/build/builders/drivers/docker-container/`,
        examples: [
            'ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
        ],
    },
    {
        id: 'push-connection-lost',
        nature: 'ambiguous',
        transient: true,
        surfaces: BUILD_SURFACES,
        match: [
            /^(?:ERROR: )?(?:unexpected )?EOF\.?\s*$/im,
            /closed pipe|broken pipe|cannot reuse body|use of closed network connection|write tcp [^\n]{0,200}|Retrying in \d+ seconds?|client disconnected/i,
            /(?:failed to push|pushing|blobs\/uploads|(?:Put|Post|Patch|Head) "?https:\/\/\d+\.dkr\.)[^\n]{0,600}(?:connection reset|EOF|i\/o timeout|connection refused|TLS handshake|stream error|INTERNAL_ERROR|timed out)/i,
        ],
        unless: /resolve source metadata/i,
        cause: 'The network connection to the registry was lost during the push.',
        remedy: 'Push again (this action does so three times). If it comes every time, the repository may not exist or not be allowed (Docker then says only EOF), or a proxy cuts long uploads.',
        link: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html',
        examples: [{ text: 'EOF', context: { preceding: 'Retrying in 1 second' } }],
    },
    {
        id: 'build-network',
        nature: 'ambiguous',
        transient: true,
        surfaces: BUILD_SURFACES,
        match: [
            new RegExp(NO_WAY, 'i'),
            /unexpected EOF|http2: |stream error|connection (?:timed out|was forcibly closed)/i,
        ],
        cause: ({ text }) => `The builder could not reach ${/(?:lookup|https?:\/\/|Head "https?:\/\/) ?([\w.-]+\.[a-z]{2,})/.exec(text)?.[1] ?? 'a host'} over the network.`,
        remedy: 'Try again; check DNS, firewall and proxy of the runner (HTTP_PROXY, HTTPS_PROXY and NO_PROXY as build-args and in the driver-opts of the builder).',
        link: `${DOCKER}/engine/cli/proxy/`,
        examples: [
            'ERROR: failed to solve: alpine:3.20: failed to resolve source metadata for docker.io/library/alpine:3.20: failed to do request: Head "https://registry-1.docker.io/v2/library/alpine/manifests/3.20": dial tcp: lookup registry-1.docker.io: i/o timeout',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/capacity.ts

const EVENTS = `${GUIDE}/service-event-messages-list.html`;
/** What AWS (Fargate, EC2, quotas of the account) does not have or does not give. */
const CAPACITY = [
    {
        id: 'capacity-provider-launch-failed',
        nature: 'blocked',
        severity: 'failure',
        match: [/VcpuLimitExceeded|InstanceLimitExceeded|vCPU (?:capacity|limit)|MaxSpotInstanceCountExceeded/i],
        unless: /you can run concurrently/i,
        cause: 'The EC2 vCPU quota of the account is used up, so the capacity provider cannot launch an instance.',
        remedy: 'Ask for a higher EC2 vCPU quota of that instance family (on-demand or Spot) in Service Quotas, or use smaller or other instance types in the capacity provider.',
        link: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html',
        examples: [
            '(service z) was unable to place a task. Reason: ResourceInitializationError: Unable to launch instance(s) for capacity provider mi. VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit',
        ],
    },
    {
        id: 'capacity-provider-launch-failed',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /unable to launch instance\(?s?\)? for capacity provider (?<provider>[\w-]+)/i,
            /UnfulfillableCapacity|InsufficientInstanceCapacity|InsufficientHostCapacity/i,
            /capacity provider .{0,160}(?:could not|failed to|unable to) (?:launch|scale|provision)/i,
        ],
        unless: /No Container Instances/i,
        cause: ({ words: { provider } }) => `EC2 did not give the capacity that the capacity provider${maybe(provider)} asked for: it has no such instances in those Availability Zones now.`,
        remedy: 'Widen the instance types and Availability Zones of the capacity provider, or use on-demand instead of Spot capacity; it may come back by itself.',
        link: `${GUIDE}/managed-instances-troubleshooting.html`,
        examples: [
            '(service a) was unable to place a task. Reason: ResourceInitializationError: Unable to launch instance(s) for capacity provider gpu-spot. UnfulfillableCapacity',
        ],
    },
    {
        id: 'fargate-quota',
        nature: 'ambiguous',
        match: [
            /requested (?<what>CPU|MEMORY|\w+) configuration is above your limit/i,
            /(?:reached|exceeded) (?:the|your) (?:limit|quota) on the number of (?<what>[\w ]{1,30}?) you can run/i,
            /(?:vCPU|task)s? (?:quota|limit) .{0,60}(?:reached|exceeded)|Fargate .{0,60}(?:quota|limit) .{0,40}(?:reached|exceeded)/i,
        ],
        cause: ({ words: { what } }) => `The account's Fargate quota is reached${what ? ` (${what === 'vCPUs' ? 'the number of vCPUs' : what} that may run at once)` : ''}.`,
        remedy: 'Ask for a higher Fargate vCPU quota in Service Quotas (AWS Fargate: on-demand or Spot vCPU resource count), lower the task size (inputs `cpu`, `memory`), or lower `maximum-percent` so that fewer tasks run at once during the rollout.',
        link: `${GUIDE}/service-quotas.html`,
        examples: [
            'service x was unable to place a task. Reason: The requested CPU configuration is above your limit.',
            "service x was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently",
        ],
    },
    {
        id: 'fargate-capacity',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /Capacity is unavailable at this time/i,
            /RESOURCE:FARGATE|\bRESOURCE$/,
            /(?:insufficient|no|not enough) (?:Fargate |FARGATE_SPOT |Spot )?capacity .{0,60}(?:Fargate|available|at this time|zone)|capacity (?:is )?(?:currently )?unavailable/i,
        ],
        cause: 'AWS has no Fargate capacity for such a task in those Availability Zones now (Fargate Spot runs out first).',
        remedy: 'Wait: ECS tries again. Add subnets in another Availability Zone, and give the capacity provider strategy a base of FARGATE beside FARGATE_SPOT; another task size or architecture may be free.',
        link: EVENTS,
        examples: [
            'service x was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
        ],
    },
    {
        id: 'provisioning-limit',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /provisioning capacity limit (?:was|has been|is) exceeded/i,
            /(?:tasks? in|of) (?:the )?PROVISIONING .{0,60}(?:limit|exceed)/i,
        ],
        cause: 'The cluster has reached the limit of tasks in PROVISIONING (500 wait for capacity at once).',
        remedy: 'Wait, or stagger the deployments; look why instances of the capacity provider do not appear (its Auto Scaling group).',
        link: `${GUIDE}/service-quotas.html`,
        examples: [
            'service x was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.',
        ],
    },
    {
        id: 'ec2-capacity',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [/could not launch \S{1,20} ?tasks? (?:for|in) deployment/i, /unable to launch \d+ tasks?/i],
        cause: 'The cluster lacked capacity for the rest of the tasks of the deployment.',
        remedy: 'Read the reason that follows the message, and add capacity: container instances, a capacity provider with managed scaling, or for Fargate more Availability Zones.',
        link: EVENTS,
        examples: ['service web could not launch 2 tasks for deployment ecs-svc/123.'],
    },
    {
        id: 'fargate-unsupported-az',
        nature: 'ambiguous',
        match: [
            /unable to place a task\.? Reason: Internal error/i,
            /(?:Fargate|platform version) .{0,80}not (?:supported|available) in (?:this |the )?(?:Availability Zone|Region)/i,
            /unsupported Availability Zone/i,
        ],
        cause: 'A subnet of the service is in an Availability Zone that Fargate (or the platform version or architecture) does not support.',
        remedy: 'Take that subnet out of the network configuration and use subnets in supported Availability Zones.',
        link: `${GUIDE}/AWS_Fargate-Regions.html`,
        examples: ['(service w) was unable to place a task. Reason: Internal error.'],
    },
    {
        id: 'ecs-throttled',
        nature: 'self-heals',
        match: [/operations are being throttled/i, /service scheduler .{0,60}throttl/i],
        cause: 'ECS throttles the operations of the service: throttling, not a fault of the revision.',
        remedy: 'Wait: ECS tries again later. Start fewer deployments of the account at once, or ask for a higher API rate.',
        link: EVENTS,
        examples: ['(service w) operations are being throttled. Will try again later.'],
    },
    {
        id: 'tasks-failing-to-start',
        nature: 'symptom',
        match: [/is unable to consistently start tasks successfully/i, /SERVICE_TASK_START_IMPAIRED/],
        cause: 'Tasks of the service fail to start again and again, so ECS waits longer between attempts.',
        remedy: 'Look at the stopped tasks: stoppedReason and the reason of each container say why. A new deployment ends the waiting.',
        link: `${GUIDE}/service-throttle-logic.html`,
        examples: ['(service w) is unable to consistently start tasks successfully.'],
    },
    {
        id: 'ephemeral-storage-timeout',
        nature: 'ambiguous',
        transient: true,
        match: [
            /(?:Time(?:d )?out|timed out) waiting for Ephemeral ?Storage/i,
            /Ephemeral ?Storage (?:provisioning|encryption).{0,80}(?:fail|time)/i,
        ],
        cause: 'Fargate did not provide the ephemeral storage of the task in time: a fault on the side of AWS.',
        remedy: 'Nothing at first: ECS starts another task. If it comes again, look at AWS Health and lower ephemeralStorage.',
        link: `${GUIDE}/fargate-task-storage.html`,
        examples: ['Timeout waiting for EphemeralStorage provisioning to complete.'],
    },
    {
        id: 'aws-internal-error',
        nature: 'self-heals',
        match: [
            /\(?error:? \(?Internal (?:failure|error|server error)|Internal failure\b/i,
            /InternalError(?:Exception)?\b|InternalFailure|InternalServerE(?:rror|xception)|Internal server error/i,
            /^(?:Unexpected )?(?:internal|server) (?:error|failure)\.?$/i,
            /ServerException|Service ?Unavailable(?:Exception|Error)?\b|(?:Service is temporarily|temporarily) unavailable/i,
            /ECS (?:was unable|encountered an internal|had an internal)/i,
        ],
        unless: /docker|buildx|resolve source metadata|httpRead|lifecycle hook|ECR|EFS|Infrastructure Role|assume|infrastructure/i,
        cause: 'An internal error on the side of AWS, not of the revision.',
        remedy: 'Wait and try again: ECS retries by itself. AWS Health shows outages; if it stays, open a support case with the request id.',
        link: 'https://health.aws.amazon.com/health/status',
        examples: ['(service web) failed to describe target health on (target-group web) with (error Internal failure)'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/containers.ts

const EXITS = `${GUIDE}/stopped-task-error-codes.html`;
/** The texts that say no more than that a container ended. */
const EXITED = [
    /essential container(?: in (?:the )?task)? (?:has )?(?:exited|stopped)/i,
    /\bexit(?:ed)?(?: with)?(?: an?)?(?: non-?zero)?(?: exit)?[ -]?(?:code|status)\b/i,
    /^EssentialContainerExited$/,
    /^(?:container )?exit(?:ed)?:? ?\(?-?\d+\)?$/i,
];
/** The exit code: the field beside the message, else the number in it. Windows writes large or negative ones. */
const exitCodeOf = (found) => {
    const code = field(found, 'exitCode') ||
        /\bexit(?:ed)?(?: with)?(?: an?)?(?: non-?zero)?(?: exit)?[ -]?(?:code|status)?:? ?\(?(-?(?:0x[\da-f]+|\d+))/i.exec(found.text)?.[1];
    return code ? Number(code) : undefined;
};
/** `OOMKilled`, as Docker's inspection has it. */
const isOomKilled = ({ context }) => context.oomKilled === true || context.OOMKilled === true;
const isOneOf = (...codes) => (found) => codes.includes(exitCodeOf(found) ?? Number.NaN) && !isHelper(found);
/** A container that may end without ending its task. */
const isHelper = (found) => found.context.essential === false;
const nameOf = (found) => maybe(field(found, 'container') || field(found, 'containerName'));
const LOGS = "Read the container's last log lines (CloudWatch Logs, or the log group of the task definition)";
/** How a container ended. */
const CONTAINERS = [
    {
        id: 'oom',
        nature: 'ambiguous',
        match: [
            /OutOfMemory(?:Error)?: ?Container|OutOfMemoryError\b(?!.{0,40}(?:Java|heap|GC|Metaspace))/,
            /killed due to memory usage|OOM-?Killed|oom-?kill|memory cgroup out of memory|used more memory than its limit/i,
            /Out of memory: Kill/i,
        ],
        unless: /PHP Fatal|java\.lang/i,
        cause: (found) => `The container${nameOf(found)} used more memory than its limit and was killed (out of memory).`,
        remedy: ({ context }) => `Raise the container's memory and the task's (input \`memory\`${context.taskMemory ? `, now ${String(context.taskMemory)} MiB` : ''}), or look for the leak; let the runtime's heap limit (-XX:MaxRAMPercentage, --max-old-space-size) stay below the memory limit.`,
        link: `${GUIDE}/stopped-task-error-codes.html`,
        examples: ['OutOfMemoryError: Container killed due to memory usage'],
    },
    {
        id: 'oom',
        nature: 'ambiguous',
        match: [
            /java\.lang\.OutOfMemoryError|heap out of memory|Reached heap limit|Allowed memory size of \d+ bytes exhausted|\bMemoryError\b|cannot allocate memory|fatal error: runtime: out of memory/i,
        ],
        unless: /failed to solve|did not complete successfully/i,
        cause: 'The program ran out of memory (heap) and ended.',
        remedy: "Raise the heap limit of the runtime and, above it, the container's memory (input `memory`), or look for the leak.",
        link: `${GUIDE}/memory-management.html`,
        examples: [
            'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
            'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
        ],
    },
    {
        id: 'oom',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOomKilled,
        cause: (found) => `The container${nameOf(found)} used more memory than its limit and was killed (out of memory).`,
        remedy: "Raise the container's memory and the task's (input `memory`), or look for the leak.",
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 137, oomKilled: true } }],
    },
    {
        id: 'container-health-check',
        nature: 'ambiguous',
        match: [
            /failed container health checks?/i,
            /container health checks? (?:failed|failing)|container (?:\S{1,255} )?(?:is|became) unhealthy/i,
            /health ?check .{0,60}(?:command|CMD).{0,80}(?:failed|unhealthy)/i,
        ],
        unless: /Service Connect|dependency/i,
        cause: (found) => `The container health check of the task fails: its command${nameOf(found)} ended with an error, is not in the image (curl, wget), or the application was not ready in time.`,
        remedy: 'Run the healthCheck command inside the image by hand. Give healthCheck a startPeriod (0-300 s) that covers the start, or more retries or timeout; see what the application logs meanwhile.',
        link: `${GUIDE}/healthcheck.html`,
        examples: ['Task failed container health checks'],
    },
    {
        id: 'segfault',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: [...EXITED, /SIGSEGV|segmentation fault/i],
        when: (found) => /SIGSEGV|segmentation fault/i.test(found.text) || isOneOf(139, -1073741819, 3221225477, -11)(found),
        cause: (found) => `The container${nameOf(found)} crashed with a segmentation fault (exit code ${exitCodeOf(found) ?? 139}; 139 is SIGSEGV).`,
        remedy: `Look at native libraries and the base image (musl or glibc), and whether the image is of the task's architecture (input \`platforms\`). ${LOGS}.`,
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 139, essential: true } }],
    },
    {
        id: 'entrypoint-not-executable',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOneOf(126),
        cause: (found) => `The command of the container${nameOf(found)} cannot be run (exit code 126: permission denied, or no program).`,
        remedy: 'Give the file the execute permission in the Dockerfile (RUN chmod +x, COPY --chmod=755) and a #! line with an interpreter that the image has; check the USER.',
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 126 } }],
    },
    {
        id: 'entrypoint-not-found',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOneOf(127, -1073741515, 3221225781),
        cause: (found) => `The command of the container${nameOf(found)} was not found in the image (exit code ${exitCodeOf(found) ?? 127}), or a library that it needs is missing.`,
        remedy: 'Correct command or entryPoint in the task definition (input `command`), the PATH, or what the Dockerfile installs.',
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 127 } }],
    },
    {
        id: 'sigkill-stop-timeout',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOneOf(137, -9),
        cause: (found) => `The container${nameOf(found)} was killed (exit code 137: SIGKILL) and no OutOfMemoryError was reported: most often it did not end within stopTimeout after SIGTERM.`,
        remedy: 'Handle SIGTERM (exec form of the entry point, an init process: linuxParameters.initProcessEnabled) or raise stopTimeout; look at the memory metrics to exclude a lack of memory of the task or host.',
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 137, essential: true } }],
    },
    {
        id: 'essential-container-exited-zero',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOneOf(0),
        cause: (found) => `The essential container${nameOf(found)} ended by itself without an error (exit code 0), which ends its task.`,
        remedy: 'Keep its main process running in the foreground (no daemon mode), or set essential to false for a helper that is meant to end, with dependsOn (SUCCESS or COMPLETE) where others wait for it.',
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 0, essential: true } }],
    },
    {
        id: 'sigterm-exit',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: isOneOf(143, 130, -15, 3221225786, -1073741510),
        cause: (found) => `The container${nameOf(found)} was asked to stop and did so (exit code ${exitCodeOf(found) ?? 143}: SIGTERM): it is a consequence of something else that ended the task.`,
        remedy: `Look for the container or health check that failed first, and who stopped the task. ${LOGS}.`,
        link: EXITS,
        examples: [{ text: 'Essential container in task exited', context: { exitCode: 143, essential: true } }],
    },
    {
        id: 'helper-container-exited',
        nature: 'normal',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: (found) => isHelper(found) && exitCodeOf(found) !== undefined,
        cause: (found) => `The container${nameOf(found)}, which is not essential, ended with exit code ${exitCodeOf(found) ?? ''}; its task goes on.`,
        remedy: 'Nothing, unless another container depends on its success: then read its log.',
        link: `${GUIDE}/task_definition_parameters.html`,
        examples: [{ text: 'exit code 1', context: { exitCode: 1, essential: false } }],
    },
    {
        id: 'app-crash',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: EXITED,
        when: (found) => exitCodeOf(found) !== undefined,
        cause: (found) => {
            const code = exitCodeOf(found) ?? 0;
            return `The application in the container${nameOf(found)} ended with exit code ${code}${MEANING[code] ?? ''}.`;
        },
        remedy: `${LOGS}: the error of the start is there. Compare the environment variables, secrets, command and reachable databases with those of the revision before.`,
        link: EXITS,
        examples: [
            { text: 'Essential container in task exited', context: { exitCode: 1, essential: true } },
            'container exited with non-zero exit code: 3',
        ],
    },
    {
        id: 'essential-container-exited',
        nature: 'symptom',
        surfaces: TASK_SURFACES,
        match: EXITED,
        cause: 'An essential container of the task ended, which ends the task.',
        remedy: `See which container it was, its exit code and reason (containers[].exitCode, containers[].reason). ${LOGS}.`,
        link: EXITS,
        examples: ['Essential container in task exited'],
    },
];
/** What exit codes above 128 and some others mean; 128 + n is signal n. */
const MEANING = {
    1: ' (its own error)',
    2: ' (its own error, or wrong usage of a shell command)',
    125: ' (Docker itself failed)',
    132: ' (SIGILL: illegal instruction, often built for a newer CPU or another architecture)',
    134: ' (SIGABRT: it aborted itself: an assertion, a failed allocation)',
    135: ' (SIGBUS)',
    136: ' (SIGFPE: arithmetic error)',
    255: ' (its own error, or out of range)',
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/deployment.ts

const BLUE_GREEN = `${GUIDE}/troubleshooting-blue-green.html`;
const deployment_EVENTS = `${GUIDE}/service-event-messages-list.html`;
const listenerRule = (text) => /arn:aws[\w-]*:elasticloadbalancing:[^\s'",)]+/.exec(text)?.[0]?.replace(/[.;]+$/, '');
/** What ends a deployment from above: alarms, hooks, traffic, the breaker. */
const DEPLOYMENT = [
    {
        id: 'lifecycle-hook-invalid',
        nature: 'hopeless',
        match: [
            /Invalid targetType|Invalid lifecycle stage|Invalid hookId|Provided hookId|hookId (?:is|must)|Continuing a service deployment is not allowed/i,
        ],
        cause: ({ text }) => `The lifecycle hook is not one that ECS takes, or its time is over: ${text}`,
        remedy: 'Use the targetType AWS_LAMBDA or PAUSE and a stage that it may have (no pause in the traffic-shift stages), and take the hookId of the present deployment from DescribeServiceDeployments (lifecycleHookDetails).',
        link: BLUE_GREEN,
        examples: ['Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE'],
    },
    {
        id: 'lifecycle-hook-failed',
        nature: 'hopeless',
        match: [
            /(?:because )?(?<stage>[A-Z][A-Z_]{5,60}) lifecycle hook\(?s?\)? (?:failed|timed out)/,
            /(?:lifecycle|pause) hook/i,
            /hook target (?<arn>arn:[^\s'"]+)/i,
            /HookStatus/,
            /hook execution failure/i,
        ],
        cause: ({ words: { stage }, text }) => {
            const hook = /arn:aws[\w-]*:lambda:[^\s'",)]+/.exec(text)?.[0];
            const why = /HookStatus|parse the response/i.test(text)
                ? 'its answer cannot be read (hookStatus is missing or wrong)'
                : /unable to assume/i.test(text)
                    ? `ECS could not assume its role${maybe(/arn:aws[\w-]*:iam::\S+/.exec(text)?.[0])}`
                    : /invoke|not authorized|AccessDenied/i.test(text)
                        ? 'ECS could not invoke it'
                        : /timed? ?out/i.test(text)
                            ? 'it did not finish in time'
                            : 'it returned FAILED';
            return `The lifecycle hook${maybe(stage)}${hook ? ` (Lambda function ${hook})` : ''} ended the deployment: ${why}.`;
        },
        remedy: (found) => (/invoke|not authorized|AccessDenied|unable to assume/i.test(found.text)
            ? 'Allow lambda:InvokeFunction on that Lambda function for the role of the lifecycle hook (roleArn), and let it trust ecs.amazonaws.com.'
            : 'Read the logs of the Lambda function; it must return {"hookStatus": "SUCCEEDED" | "FAILED" | "IN_PROGRESS"}. Check that it exists and what it tests.') +
            refusalOf(found),
        link: BLUE_GREEN,
        examples: [
            'Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-west-2:123456789012:function:myHook returned FAILED status.',
            'Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:us-west-2:123456789012:function:myHook due to HookStatus must not be null',
        ],
    },
    {
        id: 'bluegreen-networking-invalid',
        nature: 'hopeless',
        match: [
            /advancedConfiguration|ELBv1|ELBv2|loadBalancers must/,
            /is not associated with either productionListenerRule or testListenerRule/i,
            /invalid networking configuration/i,
            /(?:production|test)ListenerRule/,
            /cannot be used as both production and test listener rules?/i,
            /Duplicate targetGroupArn/i,
            /(?:alternate )?target group .{0,300}(?:unexpected weights?|both|alternate)/i,
            /unexpected (?:target group )?weights?|alternateTargetGroup|listener rules? (?:not found|.{0,160}does not exist)|rules? not found/i,
            /(?:listener rule|traffic) .{0,200}(?:modified outside|conflict|drift)/i,
        ],
        unless: /lifecycle hook|missing permissions/i,
        cause: ({ text }) => /Duplicate/i.test(text)
            ? `The same target group${maybe(listenerRule(text))} is named twice: blue/green needs a second, alternate target group.`
            : /weight/i.test(text)
                ? `A listener rule${maybe(listenerRule(text))} has weights that ECS did not set.`
                : /invalid ARN format/i.test(text)
                    ? `The listener rule${maybe(listenerRule(text))} is given as another kind of ARN.`
                    : /target ?group/i.test(text)
                        ? `The target group${maybe(listenerRule(text))} does not fit the listener rules of the blue/green deployment.`
                        : `A listener rule${maybe(listenerRule(text))} of the blue/green deployment was not found or does not fit.`,
        remedy: ({ text }) => /weight/i.test(text)
            ? 'Let only ECS change the weights of the rule: set 100 to the target group in use and 0 to the other, then deploy again.'
            : "Update the service's loadBalancers: productionListenerRule (and testListenerRule) must be existing rule ARNs of an Application Load Balancer, or listener ARNs of a Network Load Balancer; both target groups, which must differ, have to be in such a rule.",
        link: BLUE_GREEN,
        examples: [
            'deployment failed: Service deployment rolled back because of invalid networking configuration. One or more rules not found',
            'Service deployment rolled back because of invalid networking configuration: Target group arn:aws:elasticloadbalancing:us-west-2:1:targetgroup/a/b is not associated with either productionListenerRule or testListenerRule.',
            'Duplicate targetGroupArn found: arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/myecs-targetgroup/abc123',
        ],
    },
    {
        id: 'deployment-alarm',
        nature: 'hopeless',
        match: [
            /alarms? detected/i,
            /CloudWatch alarms?\(?s?\)?.{0,120}(?:trigger|ALARM|breach)/i,
            /(?:because|due to) .{0,60}alarms?\b/i,
            /alarms? .{0,200}(?:in (?:the )?ALARM state|was triggered|were triggered|went into ALARM)/i,
        ],
        unless: /policy .{0,80}(?:triggered)|Successfully set/i,
        cause: ({ text }) => `A CloudWatch alarm of the deployment went to ALARM${maybe(/\[([^\]]{1,300})\]/.exec(text)?.[1])}: the new revision runs, but not well.`,
        remedy: 'See which alarm of deploymentConfiguration.alarms (input `alarms`) is in ALARM and why (errors, latency, CPU), and the logs of the new tasks at that time.',
        link: `${GUIDE}/deployment-alarm-failure.html`,
        examples: ['(service my-svc) deployment ecs-svc/0205655736282798388 deployment failed: alarm detected.'],
    },
    {
        id: 'deployment-config-deadlock',
        nature: 'hopeless',
        match: [
            /unable to stop or start tasks during a deployment because of the service deployment configuration/i,
            /maximumPercent and minimumHealthyPercent cannot (?:both )?be 100|(?:both )?(?:maximumPercent|minimumHealthyPercent).{0,80}block deployments?/i,
            /(?:maximumPercent|minimumHealthyPercent) .{0,120}(?:must be|cannot be|should be|invalid|less than|greater than)/i,
        ],
        cause: 'With these minimumHealthyPercent and maximumPercent ECS may neither stop an old task nor start a new one, so the rollout cannot move.',
        remedy: 'Lower the input `minimum-healthy-percent` or raise `maximum-percent` (the default is 100 and 200), so that at least one task may stop or start at the desired count.',
        link: deployment_EVENTS,
        examples: [
            '(service w) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
        ],
    },
    {
        id: 'task-protection',
        nature: 'self-heals',
        severity: 'failure',
        match: [
            /tasks? under protection|task protection|protected tasks?|protection(?:Enabled)? .{0,60}scale[- ]in|unable to scale in/i,
        ],
        cause: 'Old tasks are under scale-in protection, so ECS cannot stop them until the protection ends.',
        remedy: 'Wait until the application ends the protection (or it expires), or end it with UpdateTaskProtection. Long jobs may hold a rollout back for hours: raise the input `wait-for-minutes`.',
        link: `${GUIDE}/task-scale-in-protection.html`,
        examples: [
            '(service x, taskSet ecs-svc/6163164058718610164) was unable to scale in due to (reason 1 tasks under protection)',
        ],
    },
    {
        id: 'circuit-breaker',
        nature: 'symptom',
        match: [
            /circuit[ -]?breaker(?! threshold value)/i,
            /deployment failed: tasks? failed to start/i,
            /deployment .{0,120}failed: tasks? failed/i,
            /SERVICE_DEPLOYMENT_FAILED/,
            /^tasks failed to (?:start|reach)/i,
        ],
        unless: /rolling back to/i,
        cause: ({ text }) => `The deployment circuit breaker ended the rollout because too many of its tasks failed to start or to stay healthy${maybe(/\((\d+ of \d+|\d+\/\d+)[^)]{0,60}\)/.exec(text)?.[1])}.`,
        remedy: 'Look at the first stopped task of the deployment: its stoppedReason and the reason of its containers are the cause.',
        link: `${GUIDE}/deployment-circuit-breaker.html`,
        examples: [
            'ECS deployment circuit breaker: tasks failed to start.',
            '(service api-service) (deployment ecs-svc/1111111111111111111) deployment failed: tasks failed to start.',
            'Service deployment rolled back because the circuit breaker threshold was exceeded.',
        ],
    },
    {
        id: 'rollback-in-progress',
        nature: 'symptom',
        match: [
            /rolling back (?:to|the)|rollback (?:is |was )?(?:in progress|started|initiated|requested)|ROLLBACK_(?:IN_PROGRESS|REQUESTED)/i,
            /(?:rolled back|rollback) (?:to|completed|successful)|was rolled back|ROLLBACK_(?:SUCCESSFUL|FAILED)|rollback failed/i,
            /stopp?ed (?:by|with) .{0,40}rollback|StopServiceDeployment/i,
        ],
        cause: ({ text }) => `ECS rolls the service back to the deployment before${maybe(/ecs-svc\/\d+/.exec(text)?.[0])}: the new revision failed.`,
        remedy: 'The cause is in what came before: the first stopped task, an alarm or a lifecycle hook.',
        link: `${GUIDE}/deployment-circuit-breaker.html`,
        examples: ['(service my-svc) rolling back to deployment ecs-svc/9086637243870003494.'],
    },
    {
        id: 'waiter-timeout',
        nature: 'symptom',
        match: [
            /Waiter \w+ failed: Max attempts exceeded/i,
            /Resource is not in the state \w+/i,
            /exceeded (?:max )?wait attempts|ResourceNotReady|WaiterTimeout|waiter has timed out|exceeded max wait time|Waiter has timed out/i,
            /(?:did not|not|failed to|never) (?:\w+ )?(?:reach(?:ed)? )?(?:a )?stabili[sz]e|(?:waiting|timeout) .{0,80}(?:steady|stable|stability|state)|timed out waiting for (?:service|deployment|ECS service)/i,
            /TimeoutError.{0,200}(?:waiter|services?Stable|maxWaitTime)/i,
            /Waiter \w{1,60} failed|Waiter encountered a terminal failure/i,
        ],
        unless: /unable to place|network interface|EBS|Ephemeral/i,
        cause: 'The client gave up waiting: the service was not stable in time. That is a symptom, not the cause.',
        remedy: 'Look at the events of the service and at the stopped tasks of the deployment: they say why it does not get stable. Only if all goes well but slowly raise the input `wait-for-minutes`.',
        link: `${GUIDE}/service-event-messages.html`,
        examples: ['Waiter ServicesStable failed: Max attempts exceeded', 'Resource is not in the state servicesStable'],
    },
];
/** The service does not get stable for a reason that is not in the message. */
const NOT_STEADY = {
    id: 'not-steady',
    nature: 'symptom',
    match: [
        /unable to reach (?:a )?steady state(?:.{0,300}Reason: (?<why>.{1,400}))?/i,
        /deployment failed(?:: (?<because>.{1,400}))?/i,
        /service deployment (?:was )?(?:stopped|rolled back)(?: because (?<because>.{1,400}))?/i,
    ],
    cause: ({ words: { why, because }, text }) => `The deployment did not get stable: ${first(why, because) ?? text}`,
    remedy: 'Look at the stopped tasks of the deployment and at the events of the service before: they say why.',
    link: deployment_EVENTS,
    examples: ['service web was unable to reach steady state.'],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/disruption.ts

const CODES = `${GUIDE}/stopped-task-error-codes.html`;
/** What takes a task away although nothing is wrong with it. */
const DISRUPTION = [
    {
        id: 'spot-interruption',
        nature: 'self-heals',
        match: [
            /Spot (?:Task|instance|capacity) .{0,40}(?:interrupt|terminat|reclaim)/i,
            /SpotInterruption|spot interruption|BidEvictedEvent|EC2 Spot .{0,40}(?:interrupt|terminat|reclaim)/i,
            /capacity .{0,30}reclaimed .{0,30}spot|spot .{0,60}no longer available/i,
        ],
        cause: 'AWS took the Spot capacity back, so the task was interrupted.',
        remedy: 'Nothing: ECS starts another task. Where it happens too often, give the service a base of on-demand capacity (FARGATE beside FARGATE_SPOT in the capacity provider strategy).',
        link: `${GUIDE}/fargate-capacity-providers.html`,
        examples: ['Your Spot Task was interrupted.', 'Your Spot instance was interrupted.'],
    },
    {
        id: 'fargate-maintenance',
        nature: 'self-heals',
        match: [
            /performing maintenance on the underlying/i,
            /(?:task|platform|host) (?:retirement|maintenance)|scheduled (?:for )?retirement|underlying (?:host|hardware|infrastructure) .{0,60}(?:maintenance|retir|degrad|fail)/i,
        ],
        cause: 'AWS does maintenance on the infrastructure under the task and replaces it.',
        remedy: 'Nothing: ECS starts another task on healthy infrastructure.',
        link: `${GUIDE}/task-maintenance.html`,
        examples: ['ECS is performing maintenance on the underlying infrastructure hosting the task'],
    },
    {
        id: 'host-terminated',
        nature: 'self-heals',
        match: [
            /Host EC2 ?\(instance (?<instance>i-\w+)\) ?(?:was |is )?(?<what>\w+)/i,
            /(?:EC2|container|host|external) instance .{0,100}(?:was |has been )?(?<what>terminated|stopped|shut down)\b/i,
            /InfrastructureHealth|TerminationNotice|instance .{0,60}impaired/i,
        ],
        unless: /forced by user|unable to place/i,
        cause: ({ words: { instance, what } }) => `The EC2 container instance${maybe(instance)} under the task ${what ? `was ${what.toLowerCase()}` : 'went away'}.`,
        remedy: 'Nothing, as long as the cluster has room for another task: ECS starts one. Otherwise look at the activity of the Auto Scaling group.',
        link: CODES,
        examples: [
            'Host EC2 (instance i-06aab15feb4568492) stopped.',
            'Host EC2 (instance i-0123456789abcdef0) terminated.',
        ],
    },
    {
        id: 'user-stopped',
        nature: 'normal',
        severity: 'warning',
        match: [
            /(?<instance>container instance) deregistration (?:was )?forced by user/i,
            /(?:task|service) (?:was )?stopped by (?:a )?user|stopped by user|User ?Initiated/i,
        ],
        cause: ({ words: { instance } }) => instance
            ? 'A user deregistered the container instance by force, which stopped its tasks.'
            : 'A user (or a tool of theirs) stopped the task with StopTask.',
        remedy: 'Nothing is wrong with the task; CloudTrail (StopTask, DeregisterContainerInstance) says who stopped it. ECS starts another one.',
        link: CODES,
        examples: ['Task stopped by user', 'Container instance deregistration forced by user'],
    },
];
/** Whatever a user typed as the reason of StopTask: nothing else in the table knew it. */
const STOPPED_BY_HAND = {
    id: 'user-stopped',
    nature: 'normal',
    severity: 'warning',
    surfaces: TASK_SURFACES,
    match: [/^[\s\S]*$/],
    when: (found) => field(found, 'stopCode') === 'UserInitiated',
    cause: ({ text }) => `A user (or a tool of theirs) stopped the task with StopTask and the reason "${text}".`,
    remedy: 'Nothing is wrong with the task; CloudTrail (StopTask) says who stopped it. ECS starts another one.',
    link: CODES,
    examples: [{ text: 'drill', context: { stopCode: 'UserInitiated' } }],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/ecr.ts

const ERRORS = `${ECR_GUIDE}/common-errors-docker.html`;
const OURS = ['api.ecr', 'buildx.stderr', 'api.ecs', 'api.sts'];
const PUSH_POLICY = 'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage';
/** The repository in an image reference or ARN. */
const repositoryOf = (text) => /:repository\/([\w./-]+)/.exec(text)?.[1] ??
    /amazonaws\.com(?:\.cn)?\/(?:v2\/)?([\w./-]+?)(?:\/(?:manifests|blobs)|[:@\s"']|$)/.exec(text)?.[1];
/** The registry of the run itself: login, push, repository. */
const REGISTRY = [
    {
        id: 'ecr-tag-immutable',
        nature: 'hopeless',
        match: [
            /cannot be overwritten because the (?:repository|tag) is immutable/i,
            /ImageTagAlreadyExists|TAG_INVALID|tag invalid|tag immutab/i,
        ],
        cause: ({ text }) => `The image tag${maybe(/image tag ['"]([^'"]+)/i.exec(text)?.[1])} already exists in the ECR repository${maybe(/in the ['"]([^'"]+)/i.exec(text)?.[1])}, whose tags are immutable.`,
        remedy: 'Push a new tag (input `tags`; the commit is one), or exclude such tags from the immutability of the repository. A cache needs a repository with mutable tags, or ignore-error=true in `cache-to`.',
        link: `${ECR_GUIDE}/image-tag-mutability.html`,
        examples: [
            "TAG_INVALID: The image tag '1.0.2' already exists in the 'x' repository and cannot be overwritten because the repository is immutable.",
        ],
    },
    {
        id: 'ecr-token-expired',
        nature: 'hopeless',
        match: [/authorization token has expired/i, /ecr.{0,200}(?:token .{0,20}expired|expired .{0,20}token)/i],
        cause: 'The login to ECR has expired: its token lives 12 hours.',
        remedy: 'Log in again: this action does so before each build; a login stored on a self-hosted runner must be renewed (aws ecr get-login-password | docker login --username AWS --password-stdin).',
        link: `${ECR_GUIDE}/registry_auth.html`,
        examples: ["denied: Your Authorization Token has expired. Please run 'aws ecr get-login' to fetch a new one."],
    },
    {
        id: 'ecr-login-missing',
        nature: 'hopeless',
        surfaces: OURS,
        match: [
            /no basic auth credentials/i,
            /interactive login from a non[- ]TTY/i,
            /must provide --username|password(?: is)? (?:empty|required)|--password-stdin|username (?:is )?empty/i,
            /401 Unauthorized/i,
            /unauthorized: authentication required|authentication required|Not Authorized|login attempt .{0,80}failed|docker login.{0,80}(?:fail|error)/i,
            /(?:error getting|storing) credentials|credential (?:helper|store).{0,80}(?:error|not found|fail)|docker-credential-[\w-]+/i,
        ],
        unless: /resolve source metadata|load metadata|docker\.io|pull access denied|ghcr\.io|oauth|not authorized to perform/i,
        cause: 'Docker is not logged in to the ECR registry: no password (token) was given, or the log in failed.',
        remedy: 'Check the AWS credentials that make the token (ecr:GetAuthorizationToken) and that the login is for the registry of the image (account and Region): pipe aws ecr get-login-password to docker login --username AWS --password-stdin. This action logs in by itself when it has credentials.',
        link: `${ECR_GUIDE}/registry_auth.html`,
        examples: ['Error: Cannot perform an interactive login from a non TTY device', 'no basic auth credentials'],
    },
    {
        id: 'ecr-cross-account-denied',
        nature: 'hopeless',
        surfaces: OURS,
        match: [/not authorized to perform:? ?['"]?ecr:\w+.{0,500}no resource-based policy allows/i],
        cause: (found) => `The role${maybe(roleOf(found))} may not call ${actionOf(found) ?? 'ECR'} on the repository${maybe(repositoryOf(found.text))}: its repository policy does not allow it (it belongs to another account or asks for one).`,
        remedy: (found) => `Allow ${actionOf(found) ?? 'the action'} (with ${PUSH_POLICY}) for that role in the repository policy of the repository${maybe(repositoryOf(found.text))}, and in the role's own policy.`,
        link: `${ECR_GUIDE}/repository-policies.html`,
        examples: [
            'User: arn:aws:sts::123456789012:assumed-role/runner/i-03 is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:us-east-1:123456789012:repository/pytorch because no resource-based policy allows the ecr:InitiateLayerUpload action',
        ],
    },
    {
        id: 'ecr-push-denied',
        nature: 'hopeless',
        surfaces: OURS,
        match: [/not authorized to perform:? ?['"]?ecr(?:-public)?:(?!GetAuthorizationToken)\w+/i],
        unless: /resolve source metadata/i,
        cause: (found) => `The role of this job${maybe(roleOf(found))} may not call ${actionOf(found) ?? 'ECR'} on the repository${maybe(repositoryOf(found.text))}.`,
        remedy: (found) => `Allow ${actionOf(found) ?? 'the action'} on the repository for the role that this job uses; a push needs the permissions ${PUSH_POLICY}, and ecr:GetAuthorizationToken on *.${refusalOf(found)}`,
        link: `${ECR_GUIDE}/image-push-iam.html`,
        examples: [
            'AccessDeniedException: User: arn:aws:sts::1:assumed-role/ci/x is not authorized to perform: ecr:PutImage on resource: arn:aws:ecr:eu-west-1:1:repository/a',
        ],
    },
    {
        id: 'ecr-push-refused-403',
        nature: 'hopeless',
        surfaces: OURS,
        match: [
            /PUT request to \S+\/manifests\/\S+: 403\b/i,
            /failed commit on ref ["']?(?:manifest|index)-\S+ .{0,300}\b403\b/i,
            /images per repository|(?:repository|image) .{0,80}(?:quota|limit) .{0,40}(?:exceed|reach)/i,
        ],
        cause: ({ text }) => `ECR refused the manifest of the image (403 Forbidden) in the repository${maybe(repositoryOf(text))}, although the layers were accepted: ecr:PutImage is not allowed, or the quota of images per repository is reached.`,
        remedy: 'Allow ecr:PutImage for the role that this job uses; then look at the number of images per repository (quota 20,000 by default; 100,000 for newer accounts) and add a lifecycle policy that deletes old ones.',
        link: `${ECR_GUIDE}/service-quotas.html`,
        examples: [
            'ERROR: failed to push 123456789012.dkr.ecr.eu-west-2.amazonaws.com/m/a:4: failed commit on ref "manifest-sha256:fdcb": unexpected status from PUT request to https://123456789012.dkr.ecr.eu-west-2.amazonaws.com/v2/m/a/manifests/sha256:fdcb: 403 Forbidden',
        ],
    },
    {
        id: 'ecr-repo-missing',
        nature: 'hopeless',
        surfaces: OURS,
        match: [
            /RepositoryNotFoundException|repository with name ['"](?<repository>[^'"]+)['"] does not exist/i,
            /name unknown: .{0,120}repository|NAME_UNKNOWN/i,
            /(?:push|unexpected status|blobs\/uploads).{0,400}404 Not Found|repository does not exist/i,
        ],
        unless: /resolve source metadata|manifests\/.{0,80}\b404\b|writing manifest|exporting cache|cache/i,
        cause: ({ words: { repository }, text }) => `The ECR repository${maybe(first(repository, repositoryOf(text)))} does not exist in that account and Region; ECR does not make it on a push.`,
        remedy: (found) => `Create the repository first (input \`create-repository\`: true does so, with ecr:CreateRepository), or correct the input \`repository\`, \`aws-region\` (the message says ${regionOf(found) === 'REGION' ? 'none' : regionOf(found)}) and the account.`,
        link: ERRORS,
        examples: [
            "RepositoryNotFoundException: The repository with name 'myapp/web' does not exist in the registry with id '123456789012'",
        ],
    },
    {
        id: 'ecr-image-missing',
        nature: 'hopeless',
        surfaces: ['api.ecr', 'api.ecs'],
        match: [/ImageNotFoundException|image with imageId .{0,200}does not exist|Requested image not found/i],
        cause: ({ text }) => `There is no such image in the ECR repository${maybe(/repository with name ['"]([^'"]+)/.exec(text)?.[1])}${maybe(/imageTag:?['"]?([^'",}]+)/.exec(text)?.[1])}.`,
        remedy: 'Build and push it first, or correct the tag or digest (inputs `image`, `rollback-to`); a lifecycle policy may have deleted it.',
        link: `${ECR_GUIDE}/LifecyclePolicies.html`,
        examples: [
            "ImageNotFoundException: The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'app' in the registry with id '123456789012'",
        ],
    },
    {
        id: 'ecr-throttled',
        nature: 'self-heals',
        surfaces: ['api.ecr'],
        match: [/toomanyrequests|Too Many Requests|\b429\b|Rate exceeded|Throttl|RequestLimitExceeded/i],
        cause: 'ECR throttled the call: the rate of the account was exceeded.',
        remedy: 'It is tried again with back-off. Let fewer jobs pull or push at once, or ask for a higher rate in Service Quotas.',
        link: `${ECR_GUIDE}/service-quotas.html`,
        examples: ['429: Too Many Requests'],
    },
    {
        id: 'ecr-throttled',
        nature: 'ambiguous',
        transient: true,
        surfaces: ['buildx.stderr'],
        match: [
            /toomanyrequests:? ?Rate exceeded/i,
            /(?:push|ecr)[^\n]{0,400}(?:toomanyrequests|Too Many Requests|\b429\b|Rate exceeded)/i,
        ],
        unless: /docker\.io|docker hub|pull rate limit|resolve source metadata/i,
        cause: 'ECR throttled the push: the rate of the account was exceeded.',
        remedy: 'Push again with back-off (this action does so three times); let fewer jobs push at once, or ask for a higher rate in Service Quotas.',
        link: `${ECR_GUIDE}/service-quotas.html`,
        examples: ['toomanyrequests: Rate exceeded'],
    },
    {
        id: 'ecr-push-denied',
        nature: 'hopeless',
        surfaces: OURS,
        match: [
            /(?:push|blobs|HEAD request|POST request|PUT request|uploads)[^\n]{0,600}403 Forbidden/i,
            /error parsing HTTP 403 response/i,
            /\.ecr[.-][^\n]{0,400}(?:\b403\b|denied)/i,
            /^(?:ERROR: )?(?:unexpected status: )?403 Forbidden/i,
        ],
        unless: /resolve source metadata|load metadata|pull access denied|failed to solve: (?!failed to push)[^\n]{1,300}?: unexpected status from \w+ request to \S+\/manifests\//i,
        cause: (found) => `ECR refused the push${maybe(imageOf(found) ? `of ${imageOf(found)}` : undefined)} (403 Forbidden): the role lacks permissions on the repository, or Docker is logged in to another registry.`,
        remedy: `Check the permissions ${PUSH_POLICY} on that repository, its repository policy, and that account and Region of the login are those of the image.`,
        link: ERRORS,
        examples: ['error parsing HTTP 403 response body: unexpected end of JSON input: ""'],
    },
    {
        id: 'ecr-kms-denied',
        nature: 'hopeless',
        surfaces: OURS,
        match: [/KmsException|KMS .{0,120}(?:denied|disabled|not (?:found|authorized))|kms:\w+/i],
        cause: 'The KMS key of the ECR repository cannot be used.',
        remedy: 'Check that the key is enabled and that its key policy allows the role kms:Decrypt, kms:GenerateDataKey, kms:DescribeKey and kms:CreateGrant.',
        link: `${ECR_GUIDE}/encryption-at-rest.html`,
        examples: ['KmsException: The operation failed due to a KMS exception'],
    },
    {
        id: 'ecr-layer-upload-failed',
        nature: 'ambiguous',
        surfaces: OURS,
        match: [
            /LayerPartTooSmall|InvalidLayerPart|UploadNotFound|EmptyUpload|LayersNotFound|InvalidLayerException|ReferencedImagesNotFound|BLOB_UPLOAD_INVALID|BLOB_UPLOAD_UNKNOWN|DIGEST_INVALID|blob upload (?:invalid|unknown)|(?:manifest )?blob unknown|MANIFEST_(?:BLOB_UNKNOWN|INVALID)|manifest invalid/i,
        ],
        cause: ({ text }) => `ECR did not accept a layer of the image: ${text.slice(0, 300)}`,
        remedy: 'Push again; if it stays, push all platforms with one build and make sure that every image an index names is pushed before it.',
        link: ERRORS,
        examples: ['LayersNotFoundException: The image failed validation due to layers not found: sha256:1'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/image.ts

const PULL = `${GUIDE}/task_cannot_pull_image.html`;
const ARCHITECTURE = `${GUIDE}/fargate-tasks-services.html`;
const wanted = (platform) => platform ? `${platform} (the architecture that the task asks for)` : 'the architecture of the machine it runs on';
const forPlatform = (platform) => {
    const linux = platform ?? 'linux/arm64';
    return `Build the image for that platform: add ${linux} to the input \`platforms\` (linux/amd64,linux/arm64 for both). Or change runtimePlatform.cpuArchitecture in the task definition (X86_64 is linux/amd64, ARM64 is linux/arm64) to what the image has; \`docker buildx imagetools inspect\` shows it, where entries unknown/unknown are attestations (provenance: false leaves them out).`;
};
/** What is wrong with the image itself: missing, misspelt, or built for something else. */
const IMAGE = [
    {
        id: 'image-windows-version-mismatch',
        nature: 'hopeless',
        match: [
            /no matching manifest for (?<platform>windows\/\w+) (?<build>10\.0\.[\d.]+)/i,
            /container operating system does not match the host operating system/i,
            /(?<platform>windows)\S* .{0,80}(?:os version|version) .{0,60}(?:does not match|not compatible|mismatch)/i,
            /a Windows version (?<build>10\.0\.[\d.]+)-based image is incompatible with a (?<host>10\.0\.[\d.]+) host/i,
        ],
        cause: ({ words: { build } }) => `The image is not built for the Windows version of the host${build ? ` (build ${build}: 10.0.17763 is Windows Server 2019, 10.0.20348 is 2022, 10.0.26100 is 2025)` : ''}.`,
        remedy: () => "Use a base image of the host's Windows version (ltsc2019, ltsc2022, ltsc2025), or set runtimePlatform.operatingSystemFamily of the task definition and the AMI of the container instances to the Windows version of the image.",
        link: `${GUIDE}/windows-considerations.html`,
        examples: [
            'CannotPullContainerError: no matching manifest for windows/amd64 10.0.17763 in the manifest list entries',
            'CannotCreateContainerError: Error response from daemon: The container operating system does not match the host operating system.',
        ],
    },
    {
        id: 'image-platform-mismatch',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /does not contain (?:a )?descriptor matching platform ["']?(?<platform>\w+\/\w+(?:\/\w+)?)/i,
            /no matching manifest for (?<platform>\w+\/\w+(?:\/\w+)?)/i,
            /no match for platform(?: (?<platform>\w+\/\w+(?:\/\w+)?))? in manifest/i,
            /image with reference \S+ was found but (?:its platform|does not match the specified platform).{0,60}?(?<platform>linux\/\w+)?/i,
            /image operating system ["'\w]+ cannot be used on this platform/i,
            /image's platform \((?<had>[\w/]+)\) does not match the detected host platform \((?<platform>[\w/]+)\).{0,400}(?:error|exec format)/i,
        ],
        cause: ({ words }) => `The image is not built for ${wanted(words.platform)}: its manifest has no such platform.`,
        remedy: ({ words }) => forPlatform(words.platform),
        link: PULL,
        examples: [
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
            'CannotPullContainerError: no matching manifest for linux/amd64 in the manifest list entries',
            'failed to pull and unpack image "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app/api:latest": no match for platform in manifest: not found',
        ],
    },
    {
        id: 'image-platform-mismatch',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /exec(?:ve)?:? ["']?(?<program>\/[\w./-]+)["']?: exec format error/i,
            /exec format error/i,
            /cannot execute binary file/i,
            /Invalid ELF image for this architecture/i,
            /rosetta error|qemu-\w+(?:-static)?: Could not open/i,
            /exec user process caused:? ["']?(?:exec )?(?:no such exec|bad CPU type)/i,
        ],
        cause: ({ words: { program }, context: { launchType } }) => `The program${maybe(program)} in the image is for another CPU architecture than the ${launchType === 'EXTERNAL' ? 'external instance' : 'machine'} it runs on (exec format error).`,
        remedy: () => `${forPlatform(undefined)} A script without a #! line as entry point says the same: then give it one.`,
        link: ARCHITECTURE,
        examples: [
            'standard_init_linux.go:228: exec user process caused: exec format error',
            'exec /usr/local/bin/streamlit: exec format error',
        ],
    },
    {
        id: 'image-wrong-registry',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /resolve ref(?:erence)? ["']?(?<image>docker\.io\/[^\s:"']+(?::[\w.-]+)?).{0,80}pull access denied/i,
            /pull access denied for (?<image>(?![\w.-]+\.[\w.-]+\/|[\w.-]+:\d+\/)[\w./-]+), repository does not exist/i,
            /pull access denied for (?<image>docker\.io\/\S+?), /i,
            /denied: requested access to the resource is denied/i,
        ],
        cause: (found) => `The image${maybe(imageOf(found))} has no registry host in its name, or is private there: it was looked for on Docker Hub (docker.io), which has no such public repository.`,
        remedy: () => "Check whether the image exists under that name. For ECR write the full URI in the task definition's image (ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG), as this action does with the input `repository`; for a private registry give the container repositoryCredentials.",
        link: PULL,
        examples: [
            'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/mycontainer:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
            "CannotPullContainerError: The task can't pull the image. Check whether the image exists. Error response from daemon: pull access denied for some/nonsense, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        ],
    },
    {
        id: 'image-not-found',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /repository with name ["'](?<repository>[^"']+)["'] does not exist in the registry(?: with id ["'](?<account>\d+))?/i,
            /repository (?<image>\S+) not found/i,
            /(?:API error \(404\)|name unknown|NAME_UNKNOWN|RepositoryNotFoundException).{0,120}?(?:repository )?(?<image>[\w.-]+\/[\w./<>-]+)?/i,
        ],
        unless: /manifest for \S+ not found/i,
        cause: (found) => {
            const { repository, account } = found.words;
            const name = first(repository, imageOf(found));
            return `The repository of the image${maybe(name)} does not exist${account ? ` in account ${account}` : ''} in that Region, so there is no image to pull.`;
        },
        remedy: (found) => `Correct the image URI in the task definition (account, Region ${regionOf(found)}, repository), or create the repository and push the image. With a pull through cache rule the execution role needs ecr:CreateRepository and ecr:BatchImportUpstreamImage.`,
        link: PULL,
        examples: [
            'CannotPullContainerError: API error (404): repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/<repo>/<image> not found',
            "Error response from daemon: repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/ecr-public/amazonlinux/amazonlinux not found: name unknown: The repository with name 'ecr-public/amazonlinux/amazonlinux' does not exist in the registry with id '123456789012'",
        ],
    },
    {
        id: 'image-not-found',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /manifest for (?<image>\S+) not found/i,
            /manifest unknown|Requested image not found|MANIFEST_UNKNOWN/i,
            /resolve ref(?:erence)? ["']?(?<image>[^\s"']{1,400}?)["']?:? .{0,600}?not found/i,
            /\bimage (?<image>[\w./:@-]+):? not found/i,
            /(?<![\w./-])(?<image>[\w.-]{1,255}(?:\/[\w.-]{1,255}){1,9}(?::[\w.-]{1,128}|@sha256:\w{1,64})): not found/i,
            /tag (?<image>\S{1,200}) (?:was )?not found in repository/i,
            /CannotPull\w{0,40}:? (?:the )?image (?:was )?not found/i,
            /CannotPull.{0,300}?(?<image>[\w./@-]{1,255}:[\w.-]{1,128}) (?:was )?not found/i,
            /unable to find image ["'](?<image>[^"']+)/i,
            /(?:No such image|image does not exist|ImageNotFoundException):? ?(?<image>[\w./:@-]+)?/i,
            /The task cannot (?:pull|find) (?:the )?(?:image )?["']?(?<image>[^\s"']+)["']? .{0,120}(?:does not exist|image (?:was )?not found)/i,
        ],
        unless: /pull access denied|no such host|executable file|secret|log group/i,
        cause: (found) => `The image${maybe(imageOf(found))} does not exist: the registry has no such tag or digest in that repository.`,
        remedy: () => "Push the image with that tag, or correct the container's image in the task definition (account, Region, repository, tag); a lifecycle policy of the repository may have deleted it. For a pull through cache check the upstream image and ecr:BatchImportUpstreamImage.",
        link: PULL,
        examples: [
            'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/backend:deadbeef: not found',
            'Error response from daemon: manifest for 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest not found: manifest unknown: Requested image not found',
        ],
    },
    {
        id: 'image-invalid-reference',
        nature: 'hopeless',
        match: [
            /invalid reference format(?:: (?<why>repository name[^\n]{0,80}must be lowercase))?/i,
            /repository name (?:\([^)]{1,200}\) )?must be (?:in )?lowercase|must be lowercase/i,
            /invalid tag ["'](?<image>[^"']+)["']/i,
            /could not parse (?:image )?reference:? ?["']?(?<image>[^\s"']+)?/i,
            /lookup (?<image>\.dkr\.ecr[\w.-]+)|(?<host>https:\/\/\.dkr\.ecr[\w.-]+)/i,
            /InvalidImageName|invalid image name/i,
        ],
        cause: (found) => /\.dkr\.ecr/.test(found.words.image ?? found.words.host ?? '') &&
            /^(?:https:\/\/)?\./.test(found.words.image ?? found.words.host ?? '')
            ? 'The registry host begins with a dot: the AWS account id in front of .dkr.ecr was empty, so the image reference is not valid.'
            : `The image reference${maybe(imageOf(found))} is not valid.`,
        remedy: () => 'Write it as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG: the AWS account id first, the repository name in lowercase, no spaces, a tag of letters, digits, dots, dashes and underscores. Look whether a variable in the inputs `repository`, `image` or `tags` is empty.',
        link: `${DOCKER}/reference/cli/docker/image/tag/`,
        examples: [
            'Error response from daemon: Get "https://.dkr.ecr.us-west-2.amazonaws.com/v2/": dialing .dkr.ecr.us-west-2.amazonaws.com:443 container via direct connection because  has no HTTPS proxy: connecting to .dkr.ecr.us-west-2.amazonaws.com:443: dial tcp: lookup .dkr.ecr.us-west-2.amazonaws.com: no such host',
            'ERROR: failed to build: invalid tag "123456789012.dkr.ecr.us-east-1.amazonaws.com/Web:1": repository name must be lowercase',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/logging.ts

const AWSLOGS = `${GUIDE}/using_awslogs.html`;
const INIT = `${GUIDE}/resource-initialization-error.html`;
const groupOf = (text) => /log-group:([^\s:*'",]+)/.exec(text)?.[1];
/** Where a container's output goes, prepared before the container starts. */
const LOGGING = [
    {
        id: 'log-permission-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?logs:\w+/i,
            /(?:log group|log stream|logger args|logging driver|CloudWatch Logs).{0,900}?(?:AccessDenied|not authorized|explicit deny)/i,
            /AccessDenied.{0,300}logs:(?:Create|Put|Describe)\w+/i,
        ],
        cause: (found) => {
            const action = actionOf(found) ??
                (/Create\w{0,10}log ?group|log group:/i.test(found.text) ? 'logs:CreateLogGroup' : 'logs:CreateLogStream');
            return `The task's execution role${maybe(roleOf(found))} may not write its logs (${action})${maybe(groupOf(found.text) ? `in the log group ${groupOf(found.text)}` : undefined)}.`;
        },
        remedy: (found) => {
            const action = actionOf(found) ??
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
        cause: ({ words: { group }, text }) => `The log group${maybe(group ?? groupOf(text))} in awslogs-group of the task definition does not exist in Region ${regionOf({ text, words: {}, context: {}, surface: 'task.stoppedReason' })}.`.replace(' in Region REGION', ' in its Region'),
        remedy: 'Create the log group (aws logs create-log-group --log-group-name NAME), correct awslogs-group or awslogs-region (input `log-configuration-options`), or set awslogs-create-group to true and allow logs:CreateLogGroup for the execution role.',
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
        cause: (found) => `The task cannot reach Amazon CloudWatch Logs over its network${targetOf(found) ? ` (${targetOf(found)})` : ''}; the log group itself is probably fine.`,
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
        remedy: 'Choose a log driver that it has (input `log-configuration-log-driver`; Fargate: awslogs, splunk, awsfirelens), or add it to ECS_AVAILABLE_LOGGING_DRIVERS in /etc/ecs/ecs.config of the container instance.',
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
            /(?:splunk|gelf|fluentd|syslog|awslogs)-[\w-]{1,40} (?:is|are) (?:expected|required)/i,
            /failed to (?:create|initialize|validate) (?:logging driver|logger args)?:? ?.{0,80}(?:unable to connect or authenticate with splunk|splunk)/i,
        ],
        cause: ({ words: { option } }) => `A log option${maybe(option)} of the task definition's logConfiguration is wrong or missing.`,
        remedy: 'Correct logConfiguration.options (input `log-configuration-options`), as the log driver documents them.',
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
        remedy: 'Look at firelensConfiguration: a config file in S3 needs s3:GetObject and s3:GetBucketLocation for the execution role and a way to S3; the log router must be an essential container with a FireLens image (public.ecr.aws/aws-observability/aws-for-fluent-bit), and its own log says what it refuses.',
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
        remedy: (found) => `Check logConfiguration: the log group in awslogs-group and its Region, the execution role's logs:CreateLogStream and logs:PutLogEvents, and the way there. ${wayTo(found, ['logs'])}`,
        link: AWSLOGS,
        examples: [
            'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: : exit status 1',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/network.ts

const NETWORKING = `${GUIDE}/task-networking.html`;
const subnetOf = (text) => /subnet-\w+/.exec(text)?.[0];
/** The task's own network interface (ENI) and network namespace. */
const NETWORK = [
    {
        id: 'subnet-ip-exhausted',
        nature: 'ambiguous',
        match: [
            /InsufficientFreeAddressesInSubnet|InsufficientCidrBlocks|not enough free (?:IP )?addresses|insufficient (?:free )?(?:IP )?addresses|subnet .{0,80}(?:out of|no (?:free|available)) (?:IP )?address|RESOURCE:SUBNET/i,
        ],
        cause: ({ text }) => `The subnet${maybe(subnetOf(text))} has no free IP address for the task's network interface (ENI).`,
        remedy: 'Give the service more or larger subnets, free addresses in this one (each awsvpc task takes one, and a rollout up to maximumPercent of the tasks), or lower the input `maximum-percent`.',
        link: NETWORKING,
        examples: [
            "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0aa1': InsufficientFreeAddressesInSubnet",
        ],
    },
    {
        id: 'subnet-ip-exhausted',
        nature: 'ambiguous',
        match: [
            /Create Network Interface with public IP assignment enabled in subnet ['"]?(?:\{\{)?[\w-]*(?:\}\})?['"]?\.?$/i,
        ],
        cause: ({ text }) => `The subnet${maybe(subnetOf(text))} gave no address for the task's network interface (ENI) with a public IP: as a rule it has no free IP address.`,
        remedy: 'Look at the available IP addresses of the subnet (describe-subnets), and give the service another or a larger one, or fewer tasks at once (input `maximum-percent`).',
        link: `${GUIDE}/failed-to-start-error.html`,
        examples: [
            "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0abc'",
        ],
    },
    {
        id: 'eni-limit',
        nature: 'ambiguous',
        match: [
            /network interface to (?:an )?unused device index/i,
            /AttachmentLimitExceeded|(?:ENI|network interface) (?:attachment )?limit (?:is |was )?(?:reached|exceeded)/i,
        ],
        cause: 'The container instance has no free place for another network interface (ENI), or too little CPU and memory for the awsvpc task.',
        remedy: 'Use a larger instance type, turn on ENI trunking (account setting awsvpcTrunking, then new instances), or let old tasks stop first (input `minimum-healthy-percent`).',
        link: `${GUIDE}/failed-to-start-error.html`,
        examples: ['Unable to attach network interface to unused device index'],
    },
    {
        id: 'eni-tag-policy',
        nature: 'hopeless',
        match: [/TagPolicyViolation|tag polic(?:y|ies)/i],
        cause: "A tag policy of the organization refuses the tags of the task's network interface (ENI), so the task cannot start.",
        remedy: 'Give the service the tags that the policy asks for and pass them on (inputs `task-definition-tags`, `propagate-tags`, `enable-ecs-managed-tags`), or except ec2:network-interface from the tag policy.',
        link: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html',
        examples: ['Unexpected EC2 error while attempting to tag the network interface: TagPolicyViolation'],
    },
    {
        id: 'eni-throttled',
        nature: 'ambiguous',
        transient: true,
        match: [
            /rate limit exceeded while preparing network interface/i,
            /(?:network interface|\bENI\b).{0,200}(?:RequestLimitExceeded|rate (?:limit )?exceeded|throttl)/i,
            /(?:RequestLimitExceeded|throttl).{0,200}(?:network interface|\bENI\b)/i,
        ],
        cause: 'EC2 throttled the calls that make the network interface (ENI) of the task: throttling, not a fault of the revision.',
        remedy: 'Wait: ECS tries again. Start fewer tasks at once (input `maximum-percent`), or ask for a higher EC2 API rate.',
        link: NETWORKING,
        examples: ['Rate limit exceeded while preparing network interface to be attached to instance'],
    },
    {
        id: 'eni-quota',
        nature: 'ambiguous',
        match: [
            /NetworkInterfaceLimitExceeded|limit (?:on|for) (?:the number of )?network interfaces|network interfaces? (?:per region )?(?:limit|quota)/i,
        ],
        cause: "The account's quota of network interfaces (ENIs) in the Region is used up.",
        remedy: 'Ask for a higher quota "Network interfaces per Region" in Service Quotas (Amazon VPC), or delete unused interfaces.',
        link: 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
        examples: [
            "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': NetworkInterfaceLimitExceeded",
        ],
    },
    {
        id: 'eni-permission-denied',
        nature: 'hopeless',
        match: [
            /(?:network interface|\bENI\b).{0,300}(?:UnauthorizedOperation|not authorized|AccessDenied|AuthFailure)/i,
            /not authorized to perform:? ?['"]?ec2:(?:\w*NetworkInterface\w*|DescribeSubnets|DescribeSecurityGroups)/i,
        ],
        cause: 'ECS may not make the network interface (ENI) of the task: its service-linked role lacks the permission.',
        remedy: 'Check that the service-linked role AWSServiceRoleForECS exists and that no service control policy denies ec2:CreateNetworkInterface or ec2:AttachNetworkInterface; in a shared subnet the owner must share the security group as well.',
        link: `${GUIDE}/using-service-linked-roles.html`,
        examples: [
            "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': UnauthorizedOperation",
        ],
    },
    {
        id: 'network-resource-missing',
        nature: 'hopeless',
        match: [
            /(?<kind>security group) ['"[]?(?<id>sg-\w+)['"\]]? does not exist/i,
            /(?<kind>subnet)(?: ID)? ['"[]?(?<id>subnet-\w+)['"\]]? does not exist/i,
            /Error retrieving (?<kind>security group|subnet) information for \[?(?<id>[\w-]+)/i,
            /InvalidGroup\.NotFound|InvalidGroupId|InvalidSecurityGroupID\.NotFound/i,
            /InvalidSubnet(?:ID)?\.NotFound/i,
        ],
        cause: ({ words: { kind, id }, text }) => {
            const what = (kind ?? (/subnet/i.test(text) ? 'subnet' : 'security group')).toLowerCase();
            return `The ${what}${maybe(id ?? /(?:sg|subnet)-\w+/.exec(text)?.[0])} of the service's network configuration does not exist.`;
        },
        remedy: 'Correct the subnet or security group id in networkConfiguration.awsvpcConfiguration of the service (same account, Region and VPC), or create it again.',
        link: NETWORKING,
        examples: [
            "Error retrieving security group information for [sg-0123456789abcdef0]: The security group 'sg-0123456789abcdef0' does not exist (ErrorCode: InvalidGroup.NotFound)",
            "Error retrieving subnet information for [subnet-0123456789abcdef0]: The subnet ID 'subnet-0123456789abcdef0' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
        ],
    },
    {
        id: 'security-group-vpc-mismatch',
        nature: 'hopeless',
        match: [
            /security groups? .{0,200}(?:same VPC|same network|different (?:VPC|networks?))/i,
            /belong to (?:the same|different) (?:VPC|networks?)/i,
            /InvalidParameterCombination.{0,100}(?:subnet|security group)/i,
        ],
        cause: ({ text }) => `The security group${maybe(/sg-\w+/.exec(text)?.[0])} is not in the VPC of the service's subnets.`,
        remedy: "Use a security group of the subnets' VPC, and subnets of one VPC, in networkConfiguration.awsvpcConfiguration.",
        link: NETWORKING,
        examples: [
            'An error occurred (InvalidParameterException) when calling the RunTask operation: Security group sg-0dd8a777c45711f1d does not appear to belong to the same VPC as the input subnets.',
        ],
    },
    {
        id: 'eni-provisioning-timeout',
        nature: 'ambiguous',
        transient: true,
        surfaces: TASK_SURFACES,
        match: [
            /netlink failure/i,
            /Time(?:d )?out waiting for (?:the )?(?:network interface|ENI)/i,
            /network interface (?:provisioning|attachment).{0,80}(?:time|fail|not)/i,
            /(?:ENI|elastic network interface|network interface).{0,120}(?:timed out|timeout|was not attached|failed to (?:attach|provision))/i,
            /ContainerNetworkingError|setup network namespace|cni (?:plugin|setup)|failed to (?:setup|set up|configure) (?:the )?(?:task |container )?network/i,
            /Unexpected EC2 error while attempting to \w{1,20} (?:the |a )?network interface/i,
            /(?:configure|set ?up) (?:\w{1,20} )?ENI\b|netplugin failed|ENI attachment/i,
            /^InternalError\b/,
            /interface .{0,60}(?:not found|already exists) .{0,60}namespace|branch ENI|trunk ENI/i,
        ],
        unless: /failed programming external connectivity/i,
        cause: ({ text }) => `The network interface (ENI) or network namespace of the task could not be set up in time${/secrets or registry/i.test(text) ? ' (the words about secrets mislead)' : ''}.`,
        remedy: "Once is no harm: ECS starts another task. If it comes again, check the subnet's free IP addresses, the subnets and security groups of the service, and on EC2 the agent and its CNI plugins (/var/log/ecs/).",
        link: NETWORKING,
        examples: [
            'ResourceInitializationError: Unable to pull secrets or registry auth: netlink failure',
            'Timeout waiting for network interface provisioning to complete.',
            'ContainerNetworkingError: failed to setup network namespace',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/normal.ts

const normal_EVENTS = `${GUIDE}/service-event-messages-list.html`;
const NOTHING = 'Nothing to do.';
/** Ordinary progress, told in the words that also tell of failures. */
const NORMAL = [
    {
        id: 'normal-operation',
        nature: 'normal',
        surfaces: TASK_SURFACES,
        match: [
            /has reached a steady state|STEADY_STATE\b/i,
            /has started \d+ tasks?\b/i,
            /\b(?:de)?registered \d+ (?:targets?|instances?|containers?|services?)\b/i,
            /has begun draining connections on \d+/i,
            /\bhas stopped \d+ (?:running |pending )?tasks?|\bstopped \d+ (?:pending|running) tasks?/i,
            /deployment (?:[\w/-]{1,80}\)? )?(?:completed|in progress|is in progress|started)\b/i,
            /has (?:started|begun) (?:a )?(?:new )?deployment|deployment (?:succeeded|successful)/i,
            /rolling update (?:is )?in progress/i,
            /SERVICE_DEPLOYMENT_(?:COMPLETED|IN_PROGRESS)|SERVICE_DESIRED_COUNT_UPDATED|TASKS_STOPPED/,
            /was updated: desired count|updated computedDesiredCount|Successfully set (?:desired count|min capacity)/i,
            /AZ[- ]?(?:un)?balanced|not AZ balanced|AZ Rebalanc/i,
        ],
        unless: /circuit breaker|roll(?:ing|ed) back|unable to|alarm detected|error/i,
        cause: 'Ordinary progress of the service.',
        remedy: NOTHING,
        link: normal_EVENTS,
        examples: [
            '(service web) has reached a steady state.',
            '(service api-service) is not AZ balanced with 3 tasks in eu-central-1a, 1 tasks in eu-central-1c. AZ Rebalancing in progress.',
            'ECS deployment ecs-svc/6405940160831029548 completed.',
            '(service web) registered 2 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123)',
        ],
    },
    {
        id: 'normal-operation',
        nature: 'normal',
        match: [
            /Scaling activity initiated|Service scheduler initiated|^ServiceSchedulerInitiated$/i,
            /Availability Zone rebalancing (?:initiated|in progress)/i,
            /container instance (?:\S{1,100} )?is in (?:the )?DRAINING (?:state|status)/i,
            /Service .{0,255}(?:was|is being) (?:scaled|deleted)/i,
            /Task set .{0,120}(?:was )?(?:scaled|deleted)/i,
            /Successfully set desired count/i,
        ],
        unless: /unable to place|unable to scale/i,
        cause: 'The service scheduler stopped the task on purpose: a deployment, scaling, rebalancing or draining replaces it.',
        remedy: NOTHING,
        link: `${GUIDE}/stopped-task-error-codes.html`,
        examples: [
            'Scaling activity initiated by (deployment ecs-svc/4770560200895743049)',
            'container instance is in DRAINING state',
            'Availability Zone rebalancing initiated by (deployment ecs-svc/55)',
        ],
    },
    {
        id: 'deployment-superseded',
        nature: 'symptom',
        severity: 'warning',
        surfaces: TASK_SURFACES,
        match: [/replaced by (?:a )?(?:new|another|newer) (?:service )?deployment/i, /superseded by/i],
        cause: 'A newer deployment of the same service replaced this one before it was done.',
        remedy: 'Look at the newer deployment. To let one finish before the next begins, give the workflow a `concurrency` group or set the input `on-active-deployment` to wait.',
        link: `${GUIDE}/service-deployment.html`,
        examples: ['Replaced by a new service deployment.'],
    },
    {
        id: 'normal-operation',
        nature: 'normal',
        match: [/ImageAlreadyExistsException/, /RepositoryAlreadyExistsException/, /LayerAlreadyExistsException/],
        unless: /immutable/i,
        cause: 'ECR already has it, which is fine: there is nothing to create or push.',
        remedy: NOTHING,
        link: `${ECR_GUIDE}/common-errors.html`,
        examples: [
            "RepositoryAlreadyExistsException: The repository with name 'myapp' already exists in the registry with id '123456789012'",
        ],
    },
];
/** Lines of a build that look like trouble and are none; only believed when nothing else is said. */
const BUILD_PROGRESS = [
    {
        id: 'normal-operation',
        nature: 'normal',
        surfaces: BUILD_SURFACES,
        match: [
            /(?:^|\n)#\d+ ERROR: [^\n]{0,400}not found(?:\n|$)[\s\S]{0,400}importing cache manifest/,
            /(?:importing|inferred) cache manifest from [^\n]{0,400}(?:not found|skipping)/i,
            /failed to configure registry cache importer: [^\n]{0,400}not found/i,
        ],
        unless: /\n(?:ERROR|error): |failed to solve/,
        cause: 'There is no build cache in the registry yet, so the build runs without it; the first build writes it.',
        remedy: NOTHING,
        link: 'https://docs.docker.com/build/cache/backends/registry/',
        examples: [
            '#7 ERROR: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:buildcache: not found\n > importing cache manifest from 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:buildcache',
        ],
    },
    {
        id: 'normal-operation',
        nature: 'normal',
        surfaces: BUILD_SURFACES,
        match: [
            /requested image's platform \([\w/]+\) does not match the detected host platform/i,
            /(?:^|\n)#\d+ (?:\[|DONE|CACHED|\d+\.\d+ |sha256:|exporting|pushing|importing|resolve|transferring|extracting|preparing|writing|naming|load|copying|sending)/,
            /\bnpm WARN\b|\bnpm warn\b|found 0 vulnerabilities|debconf: |Layer already exists|: Pushed\b|Login Succeeded|^\s*(?:latest|[\w.-]{1,128}): digest: sha256:/i,
            /(?:FromAsCasing|JSONArgsRecommended|LegacyKeyValueFormat|SecretsUsedInArgOrEnv|InvalidDefaultArgInFrom|UndefinedVar|WorkdirRelativePath|StageNameCasing|MaintainerDeprecated|ConsistentInstructionCasing|RedundantTargetPlatform|FromPlatformFlagConstDisallowed)\b/,
            /WARNING! Your (?:password|credentials) (?:will be|are) stored unencrypted/i,
            /^WARN(?:ING)?: (?:buildx|current commit|no output)/i,
        ],
        unless: /\b(?:ERROR|error):|failed to|did not complete|denied|unauthorized|exec format error|No output specified|no space left|cannot (?:pass|allocate)/,
        cause: 'Ordinary output of the build.',
        remedy: NOTHING,
        link: 'https://docs.docker.com/build/',
        examples: [
            '#17 [auth] sharing credentials for 123456789012.dkr.ecr.us-east-1.amazonaws.com',
            '#15 4.006 found 0 vulnerabilities',
            "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested",
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/placement.ts

const placement_EVENTS = `${GUIDE}/service-event-messages-list.html`;
const ROOM = 'add a container instance or a capacity provider with managed scaling, or lower the input `minimum-healthy-percent` below 100 so that an old task stops first and makes room';
/** What no EC2 container instance of the cluster can offer. All of it waits; whether it heals depends on the service. */
const PLACEMENT = [
    {
        id: 'insufficient-memory',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /insufficient memory/i,
            /RESOURCE:(?:MEMORY|MEM)\b/i,
            /instance .{0,200}(?:enough|no) (?:available |free )?memory/i,
            /not enough memory .{0,60}instance/i,
        ],
        cause: 'No container instance of the cluster has enough free memory for another copy of the task.',
        remedy: `Give the task less memory (input \`memory\`), or ${ROOM}.`,
        link: placement_EVENTS,
        examples: [
            'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance b1a73168 has insufficient memory available.',
            'RESOURCE:MEMORY',
        ],
    },
    {
        id: 'insufficient-cpu',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /insufficient CPU/i,
            /RESOURCE:CPU\b/i,
            /(?:enough|no) (?:available |free )?CPU/i,
            /not enough CPU .{0,60}instance/i,
        ],
        cause: 'No container instance of the cluster has enough free CPU units for another copy of the task.',
        remedy: `Lower the CPU reservation (input \`cpu\`), or ${ROOM}.`,
        link: placement_EVENTS,
        examples: [
            'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance container-instance-id has insufficient CPU units available.',
        ],
    },
    {
        id: 'insufficient-gpu',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /insufficient GPU/i,
            /RESOURCE:GPU\b/i,
            /\bGPUs?\b.{0,80}(?:not available|unavailable|insufficient)|task gpu \S+ not found in host gpus/i,
        ],
        cause: 'No container instance of the cluster has a free GPU: the old task holds it.',
        remedy: 'Let the old task stop first (input `minimum-healthy-percent`: 0) or add a GPU instance. At 100 % the new task can never be placed.',
        link: `${GUIDE}/ecs-gpu.html`,
        examples: ['(service x) was unable to place a task. Reason: TaskFailedToStart: RESOURCE:GPU.'],
    },
    {
        id: 'eni-limit',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /RESOURCE:ENI\b/i,
            /insufficient (?:ENI|network interface)|not enough (?:available )?(?:ENI|network interface)/i,
        ],
        cause: 'No container instance of the cluster has a free network interface (ENI) for another awsvpc task: the instance type allows only a few.',
        remedy: `Turn on ENI trunking (account setting awsvpcTrunking, then new instances), use a larger instance type, use networkMode bridge, or ${ROOM}.`,
        link: `${GUIDE}/container-instance-eni.html`,
        examples: [
            'service web was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0a encountered error "RESOURCE:ENI".',
        ],
    },
    {
        id: 'host-port-conflict',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /already using a port required by your task/i,
            /RESOURCE:PORTS?\b/i,
            /(?:insufficient|not enough|too many) (?:free |available )?(?:host )?ports\b/i,
        ],
        cause: 'Every container instance of the cluster already uses the static host port that the task asks for.',
        remedy: `Use dynamic host ports (hostPort 0 or absent, with a load balancer) or networkMode awsvpc, or ${ROOM}.`,
        link: placement_EVENTS,
        examples: ['The closest matching container-instance is already using a port required by your task.'],
    },
    {
        id: 'host-port-conflict',
        nature: 'hopeless',
        match: [
            /bind for (?:[\d.]+|\[?[0-9a-f:]+\]?):(?<port>\d+) failed: port is already allocated/i,
            /port is already allocated/i,
            /listen tcp\d? (?:[\d.]*|\[?[0-9a-f:]*\]?):(?<port>\d+): (?:bind|listen): address already in use/i,
            /failed programming external connectivity|(?:userland proxy|docker-proxy).{0,200}(?:address already in use|bind)/i,
            /HNS failed with error .{0,80}(?:specified port already exists|port)/i,
        ],
        cause: ({ words: { port } }) => `The host port${maybe(port)} that the container asks for is already in use on the container instance.`,
        remedy: ({ words: { port } }) => `Use a dynamic host port (hostPort 0 instead of${maybe(port) || ' a fixed port'}, with a load balancer) or networkMode awsvpc, or one container instance more than tasks; where another process of the host holds the port, stop it.`,
        link: `${GUIDE}/CannotCreateContainerError.html`,
        examples: ['CannotStartContainerError: bind for 0.0.0.0:8080 failed: port is already allocated'],
    },
    {
        id: 'capacity-provider-empty',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /No Container Instances were found in your capacity provider/i,
            /EMPTY[ _]CAPACITY[ _]PROVIDER/i,
            /capacity provider .{0,80}(?:is empty|has no (?:container )?instances)/i,
        ],
        cause: 'The capacity provider has no container instances, so there is nowhere to place the task.',
        remedy: 'Look at the activity of its Auto Scaling group: instances may fail to launch (the EC2 vCPU quota of the instance family, no capacity) or to join the cluster (ECS_CLUSTER in the user data, instance role, network); check managed scaling and the maximum size.',
        link: `${GUIDE}/cluster-auto-scaling.html`,
        examples: [
            'service x was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your capacity provider.',
            'TaskFailedToStart: EMPTY CAPACITY PROVIDER',
        ],
    },
    {
        id: 'no-container-instances',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /No Container Instances\b(?!.{0,80}capacity provider)/i,
            /no (?:active |registered )?(?:container )?instances? (?:are |were )?(?:found|registered|available)/i,
            /cluster .{0,80}has no (?:active |registered )?(?:container )?instances/i,
            /RESOURCE:INSTANCE/i,
        ],
        cause: 'No container instance is registered in the cluster (or all are draining), so no EC2 task can be placed.',
        remedy: 'Start container instances that join this cluster (ECS_CLUSTER in the user data, the instance role AmazonEC2ContainerServiceforEC2Role, a way to the ECS endpoints, the agent running), or run the service on Fargate. Check also the inputs `cluster` and `aws-region`.',
        link: `${GUIDE}/launch_container_instance.html`,
        examples: [
            'service m was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.',
        ],
    },
    {
        id: 'agent-disconnected',
        nature: 'blocked',
        severity: 'failure',
        match: [/Timed out waiting for (?:the )?(?:Amazon )?ECS Agent to start/i],
        cause: 'The ECS agent on the container instance did not start in time.',
        remedy: 'Read /var/log/ecs/ecs-agent.log on the instance and restart the agent (systemctl restart ecs); check ECS_CLUSTER, the instance role and the way to the ECS endpoints (ecs-agent, ecs-telemetry, ecs).',
        link: `${GUIDE}/logs.html`,
        examples: [
            'service web Timed out waiting for Amazon ECS Agent to start. Please check logs at /var/log/ecs/ecs-agent.log".',
        ],
    },
    {
        id: 'agent-disconnected',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /encountered error ["']?AGENT\b/i,
            /^AGENT$/,
            /agent (?:is |was )?(?:not connected|disconnected|unreachable)|agentConnected.{0,10}false|have (?:the|its|an) agent connected/i,
        ],
        cause: 'The ECS agent on the closest matching container instance is disconnected, so the instance takes no tasks.',
        remedy: 'It often reconnects by itself. Otherwise restart the agent (systemctl restart ecs) or replace the instance, and check its memory, disk and way to the ECS endpoints.',
        link: `${GUIDE}/service-event-messages-list.html`,
        examples: [
            'service x was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 1 encountered error "AGENT".',
            'AGENT',
        ],
    },
    {
        id: 'agent-disconnected',
        nature: 'blocked',
        severity: 'failure',
        match: [/TaskFailedToStart: ?AGENT\b/i, /\bTaskFailedToStart\b.{0,20}\bAGENT\b/],
        cause: 'The ECS agent on the container instance is disconnected, so the task could not start there.',
        remedy: 'Restart the agent (systemctl restart ecs) or replace the container instance, and look whether it runs out of memory or disk or cannot reach the ECS endpoints.',
        link: `${GUIDE}/logs.html`,
        examples: ['TaskFailedToStart: AGENT'],
    },
    {
        id: 'missing-attribute',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /missing an attribute required by your task/i,
            /^(?:TaskFailedToStart: )?ATTRIBUTE\b|error ["']?ATTRIBUTE\b/,
            /(?:missing|lacks?|without) (?:the |a )?required attribute/i,
            /insufficient (?<name>Inferentia|Neuron|accelerator)/i,
        ],
        cause: 'No container instance of the cluster has an attribute that the task needs (architecture, log driver, awsvpc, an agent feature, an Availability Zone).',
        remedy: 'Compare requiresAttributes of the task definition (describe-task-definition) with the attributes of the instances: update the ECS agent or AMI, register the log driver in ECS_AVAILABLE_LOGGING_DRIVERS, choose instances of the architecture in runtimePlatform, and for awsvpc have an instance in the subnets of the service.',
        link: `${GUIDE}/task-placement-constraints.html`,
        examples: [
            '(service x) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 12) is missing an attribute required by your task.',
        ],
    },
    {
        id: 'placement-constraint',
        nature: 'blocked',
        severity: 'failure',
        match: [
            /placement constraint/i,
            /(?:memberOf|distinctInstance) .{0,60}(?:unsatisfied|not satisfied|violat)/i,
            /PLACEMENT_CONSTRAINT_VIOLATED/,
        ],
        cause: 'No container instance of the cluster satisfies the placement constraint (memberOf or distinctInstance) of the task.',
        remedy: `Correct placementConstraints in the task definition or service, or add instances that satisfy it; with distinctInstance ${ROOM}.`,
        link: `${GUIDE}/task-placement-constraints.html`,
        examples: ['TaskFailedToStart: MemberOf placement constraint unsatisfied.'],
    },
    {
        id: 'instance-inactive',
        nature: 'blocked',
        severity: 'failure',
        transient: true,
        match: [
            /^(?:TaskFailedToStart: ?)?INACTIVE$/,
            /container instance .{0,100}(?:is|was) (?:INACTIVE|not active|deregistered)/i,
            /^LOCATION$|error ["']?LOCATION\b/,
        ],
        cause: 'The container instance that was chosen is no longer active in the cluster, or the task was not allowed in its location.',
        remedy: 'ECS chooses another instance; check that the cluster has an ACTIVE container instance in the Availability Zones of the subnets.',
        link: `${GUIDE}/api_failures_messages.html`,
        examples: ['INACTIVE'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/pull.ts

const pull_PULL = `${GUIDE}/task_cannot_pull_image.html`;
const EXECUTION_POLICY = `${GUIDE}/task_execution_IAM_role.html`;
/** What a way that does not exist or is shut looks like, in the words of Go's net, HTTP and the SDKs. */
const pull_NO_WAY = 'i/o time(?:out)?|context deadline exceeded|deadline exceeded|Client\\.Timeout|request canceled|context canceled|TLS handshake timeout|no such host|no route to host|network is unreachable|connection refused|connection reset|connection issue|server misbehaving|connect: |signal: killed|could not connect|dial tcp|timed out';
const noWay = (before) => new RegExp(`${before}.{0,900}?(?:${pull_NO_WAY})`, 'i');
/** Who may pull, and whether the registry can be reached. */
const PULLING = [
    {
        id: 'image-pull-rate-limit',
        nature: 'ambiguous',
        transient: true,
        surfaces: TASK_SURFACES,
        match: [
            /toomanyrequests/i,
            /pull rate limit/i,
            /429 Too Many Requests/i,
            /(?:CannotPull|pull).{0,300}rate exceeded/i,
        ],
        unless: /GetAuthorizationToken|secretsmanager|ssm/i,
        cause: (found) => `The registry's pull rate limit is reached${/docker/i.test(found.text) || !/\.ecr[.-]/.test(found.text) ? ' (Docker Hub counts pulls by IP address, so all tasks behind one NAT gateway share it)' : ''}; the image${maybe(imageOf(found))} was not sent.`,
        remedy: 'Pull it through ECR: a pull through cache rule, or a copy in a repository of yours (public.ecr.aws has the official images). Or authenticate to Docker Hub with repositoryCredentials in the container definition.',
        link: `${ECR_GUIDE}/pull-through-cache.html`,
        examples: [
            'You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limits.',
            'CannotPullContainerError: ERROR: toomanyrequests: Too Many Requests.',
        ],
    },
    {
        id: 'registry-tls-untrusted',
        nature: 'hopeless',
        match: [
            /x509: /i,
            /certificate signed by unknown authority|certificate (?:has expired|is not valid|verify failed)/i,
            /server gave HTTP response to HTTPS client/i,
        ],
        unless: /efs|secretsmanager|ssm/i,
        cause: ({ text }) => /HTTP response to HTTPS/i.test(text)
            ? 'The registry answers plain HTTP where HTTPS with a certificate is expected.'
            : "The registry's TLS certificate is not trusted (unknown authority, expired, or for another name).",
        remedy: 'Give the registry a publicly trusted certificate, or install its CA on the container instance or builder (/etc/docker/certs.d/HOST/ca.crt). Fargate trusts public authorities alone.',
        link: `${DOCKER}/engine/security/certificates/`,
        examples: [
            'CannotPullContainerError: Error response from daemon: Get https://registry.internal:5000/v2/: x509: certificate signed by unknown authority',
        ],
    },
    {
        id: 'registry-credentials-invalid',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /asm fetching (?<field>username|password)/i,
            /AuthorizationData is malformed|dockerauth: missing container's/i,
            /asm fetching authorization data: .{0,200}(?:unmarshal|invalid schema)/i,
            /incorrect username or password|unauthorized: authentication required|unauthorized: (?:bad|invalid) (?:credentials|username)/i,
            /CannotPullContainerAuthError/,
            /fail(?:ed)? to (?:authorize|fetch oauth token).{0,400}[?&]account=.{0,200}\b40[13]\b/i,
        ],
        unless: /not authorized to perform|can't find|ResourceNotFound|deadline exceeded|i\/o timeout/i,
        cause: ({ words, text }) => words.field
            ? `The secret of repositoryCredentials has no ${words.field}.`
            : /unmarshal|schema/i.test(text)
                ? 'The secret of repositoryCredentials is not the JSON that ECS expects.'
                : 'The registry refused the username or password of repositoryCredentials.',
        remedy: 'Store {"username": "...", "password": "..."} as JSON in the Secrets Manager secret that the container\'s repositoryCredentials.credentialsParameter names, with credentials that the registry accepts.',
        link: `${GUIDE}/private-auth.html`,
        examples: [
            'CannotPullContainerAuthError: asm fetching username: AuthorizationData is malformed, empty field',
            'CannotPullContainerAuthError: asm fetching authorization data: unable to unmarshal secret value, invalid schema',
        ],
    },
    {
        id: 'ecr-auth-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?ecr:GetAuthorizationToken/i,
            /(?:registry auth|GetAuthorizationToken|ecr auth).{0,900}?(?:AccessDenied|not authorized|UnrecognizedClient|explicit deny)/i,
        ],
        unless: /secretsmanager:|ssm:|kms:|from asm|from ssm/i,
        cause: (found) => found.surface.startsWith('api') || found.surface === 'buildx.stderr'
            ? `The role${maybe(roleOf(found))} of this job may not get a token for ECR (ecr:GetAuthorizationToken).`
            : `The task's execution role${maybe(roleOf(found))} may not get a token for ECR (ecr:GetAuthorizationToken).`,
        remedy: (found) => (found.surface.startsWith('api') || found.surface === 'buildx.stderr'
            ? 'Allow ecr:GetAuthorizationToken on * for the role that this job uses (role-to-assume).'
            : 'Attach AmazonECSTaskExecutionRolePolicy to the execution role (executionRoleArn of the task definition), or allow it ecr:GetAuthorizationToken on *. On EC2 without an execution role it is the instance role.') +
            refusalOf(found),
        link: EXECUTION_POLICY,
        examples: [
            'unable to retrieve ecr registry auth: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/... is not authorized to perform: ecr:GetAuthorizationToken',
        ],
    },
    {
        id: 'image-pull-denied',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /not authorized to perform:? ?['"]?ecr(?:-public)?:/i,
            /pull access denied/i,
            /no basic auth credentials/i,
            /(?:CannotPull|pull|resolve ref|repository|manifest).{0,900}?(?:403 Forbidden|401 Unauthorized|\b40[13]\b|AccessDenied|access denied|not authorized|unauthorized|denied)/i,
            /has the permissions to pull images/i,
        ],
        unless: /secretsmanager:|ssm:|kms:Decrypt|registry auth|log stream|log group/i,
        cause: (found) => `The execution role${maybe(roleOf(found))} (or the repository's policy) does not allow pulling the image${maybe(imageOf(found))}${found.text.includes('ecr:') ? ` (${actionOf(found) ?? 'access denied'})` : ''}.`,
        remedy: (found) => `Allow ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability (and ecr:GetAuthorizationToken on *) for the task's execution role, as AmazonECSTaskExecutionRolePolicy does; for an image of another account the repository policy there must allow it too. Check also that the repository exists under that name, and that an ecr.dkr or S3 VPC endpoint policy does not forbid it.${refusalOf(found)}`,
        link: pull_PULL,
        examples: [
            'CannotPullContainerError: ref pull has been retried 1 time(s): failed to pull and unpack image "123456789012.dkr.ecr.us-east-1.amazonaws.com/myapp:latest": failed to resolve reference: unexpected status code 403 Forbidden',
            "CannotPullContainerError: pull access denied for 123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/my-app, repository does not exist or may require 'docker login'",
        ],
    },
    {
        id: 'ecr-auth-network',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: [
            noWay('(?:registry auth|GetAuthorizationToken|ecr auth)'),
            /cannot pull registry auth from Amazon ECR/i,
            /unable to retrieve ecr registry auth/i,
            /unable to pull secrets or registry auth: pull command failed/i,
            /unable to pull secrets or registry auth:? ?(?:execution resource retrieval failed:?)? ?(?:signal: killed|service call has been retried \d+ time\(s\))?:?\s*$/i,
            /GetAuthorizationToken/i,
        ],
        unless: /from (?:asm|ssm)|secretsmanager|AWS Secrets Manager|Systems Manager|ssm:|netlink|not authorized|env files/i,
        cause: (found) => `The task cannot reach Amazon ECR over its network to get the registry token${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
        remedy: (found) => wayTo(found, ['ecr.api', 'ecr.dkr', 's3']) + dnsHint(found),
        link: `${GUIDE}/resource-initialization-error.html`,
        examples: [
            'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post https://api.ecr.us-east-1.amazonaws.com/: dial tcp 52.46.145.142:443: i/o timeout',
            'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s)',
        ],
    },
    {
        id: 'image-pull-network',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: [
            noWay('(?:CannotPull|resolve ref|pull and unpack|inspect image|ref pull|\\bpull(?:ing)?\\b|/v2/|api\\.ecr|dkr\\.ecr|registry|failed to copy)'),
            /failed to copy: http[Rr]ead(?:er)?[Ss]eeker: failed open: (?:unexpected status code|failed to do request|content at|server)/,
            /^API error\b(?: \(\d+\))?\.?$|^context cancel+ed\.?$|^pull command failed|error pulling image conf/i,
            /http[Rr]ead(?:er)?[Ss]eeker: failed open/,
            /inactivity time exceeded timeout while pulling image|(?:unexpected|short read|failed to copy).{0,60}\bEOF\b|unexpected EOF|CannotPull.{0,900}: EOF\.?$/i,
            /CannotPull\w*: (?:.{0,200}: )?(?:context canceled|RequestError|net\/http|Timeout)/i,
            /(?:can(?:'t|not) pull the image|connection issue between the task and the registry).{0,60}(?:network configuration|connection issue)?/i,
        ],
        unless: /from (?:asm|ssm)|secretsmanager|log stream|log group|logging driver|env files|no space left|efs|\b50[0234] |nfs|error during connect|docker_engine|docker\.sock|docker daemon/i,
        cause: (found) => `The task cannot reach the image registry over its network${targetOf(found) ? ` (${targetOf(found)})` : ''}; the image${maybe(imageOf(found))} was not pulled.`,
        remedy: (found) => (/docker\.io|docker\.com|quay\.io|ghcr\.io|gcr\.io|public\.ecr\.aws|mcr\.microsoft/i.test(found.text)
            ? 'The registry is on the internet: the subnet needs a route there, by a NAT gateway (private subnet) or a public IP and an internet gateway (public subnet, assignPublicIp: ENABLED); a VPC endpoint does not lead there, unless the image comes from ECR (pull through cache). For ECR: '
            : '') +
            wayTo(found, ['ecr.api', 'ecr.dkr', 's3']) +
            (/starport|s3[.-]|failed to copy|httpRead/i.test(found.text)
                ? ' The layers of an ECR image come from S3: look at the S3 gateway endpoint, its policy and its route.'
                : '') +
            dnsHint(found),
        link: pull_PULL,
        examples: [
            'CannotPullContainerError: Error response from daemon: Get https://XXX.dkr.ecr.eu-west-2.amazonaws.com/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
            'CannotPullContainerError: inspect image has been retried 5 time(s): failed to resolve ref "docker.io/library/nginx:latest": failed to do request: Head https://registry-1.docker.io/v2/library/nginx/manifests/latest: dial tcp 52.72.252.48:443: i/o timeout',
        ],
    },
];
/** A pull failed and the message ends before it says why. */
const PULL_UNKNOWN = {
    id: 'image-pull-unknown',
    nature: 'ambiguous',
    surfaces: TASK_SURFACES,
    match: [
        /CannotPull|inspect image has been retried|ref pull has been retried|image manifest has been retried|failed to pull|(?:can't|cannot|unable to|could not) pull/i,
    ],
    cause: (found) => `The image${maybe(imageOf(found))} could not be pulled, and the message does not say why: ${found.text}`,
    remedy: (found) => `Check that the image and its tag exist, then the permissions of the execution role (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer), then the network. ${wayTo(found, ['ecr.api', 'ecr.dkr', 's3'])}`,
    link: pull_PULL,
    examples: ['CannotPullContainerError: inspect image has been retried 1 time(s)'],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/roles.ts

const INFRASTRUCTURE = `${GUIDE}/infrastructure_IAM_role.html`;
/** Roles that ECS takes on, and what they may not do. */
const ROLES = [
    {
        id: 'ebs-attachment-failed',
        nature: 'hopeless',
        match: [
            /(?:EBS|volume).{0,300}assume .{0,60}Infrastructure Role/i,
            /Infrastructure Role.{0,400}(?:EBS|volume)/i,
            /unable to assume the configured ECS Infrastructure Role/i,
        ],
        cause: (found) => `ECS cannot take on the infrastructure role${maybe(roleOf(found))} to make the EBS volume of the task.`,
        remedy: 'Let the infrastructure role (roleArn of the managed EBS volume) trust ecs.amazonaws.com and attach AmazonECSInfrastructureRolePolicyForVolumes.',
        link: INFRASTRUCTURE,
        examples: [
            "ResourceInitializationError: ECS was unable to assume the configured ECS Infrastructure Role 'arn:aws:iam::123456789012:role/ecsInfra'. Please verify that the role being passed has the proper trust relationship with Amazon ECS",
        ],
    },
    {
        id: 'infrastructure-role-denied',
        nature: 'hopeless',
        match: [
            /unable to launch instance\(?s?\)?.{0,600}?(?:UnauthorizedOperation|not authorized|AccessDenied)/i,
            /(?:ManagedInstances|InfrastructureRole).{0,300}not authorized to perform/i,
            /not authorized to perform.{0,600}(?:InfrastructureRole|ManagedInstances)/i,
        ],
        cause: (found) => `The infrastructure role${maybe(roleOf(found))} of the capacity provider may not ${actionOf(found) ?? 'launch instances'}${maybe(resourceOf(found) ? `on ${resourceOf(found)}` : undefined)}.`,
        remedy: (found) => `Allow ${actionOf(found) ?? 'ec2:CreateFleet and ec2:RunInstances'} for the infrastructure role (AmazonECSInfrastructureRolePolicyForManagedInstances), and iam:PassRole on the instance role of the instance profile for it.${refusalOf(found)}`,
        link: INFRASTRUCTURE,
        examples: [
            '(service x) was unable to place a task. Reason: ResourceInitializationError: Unable to launch instance(s) for capacity provider test-managed. UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/ecsInfrastructureRole/ECSFargateManagedInstances is not authorized to perform: iam:PassRole on',
        ],
    },
    {
        id: 'lb-permission-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?elasticloadbalancing:\w+/i,
            /(?:de)?register(?:ing)? (?:targets|instances?).{0,300}(?:AccessDenied|not authorized|UnauthorizedOperation)/i,
            /unable to manage the ELB resources/i,
            /unable to assume role and validate the (?:specified )?(?:targetGroupArn|load ?balancer|listener)/i,
            /unable to assume role and validate/i,
        ],
        cause: (found) => /Infrastructure Role/i.test(found.text)
            ? `ECS may not manage the load balancer with the infrastructure role${maybe(roleOf(found))}.`
            : /unable to assume role/i.test(found.text)
                ? 'ECS could not take on the service role to look at the target group of the load balancer.'
                : `The role${maybe(roleOf(found))} with which ECS manages the load balancer may not call ${actionOf(found) ?? 'Elastic Load Balancing'}.`,
        remedy: (found) => (/Infrastructure Role/i.test(found.text)
            ? 'Attach AmazonECSInfrastructureRolePolicyForLoadBalancers to the infrastructure role (advancedConfiguration.roleArn of the load balancer) and let it trust ecs.amazonaws.com.'
            : `Use the service-linked role AWSServiceRoleForECS (leave the service role out), or allow ${actionOf(found) ?? 'elasticloadbalancing:RegisterTargets, DeregisterTargets and Describe*'} for that role; check that the target group exists in the same account and Region.`) +
            refusalOf(found),
        link: `${GUIDE}/AmazonECSInfrastructureRolePolicyForLoadBalancers.html`,
        examples: [
            'service myService failed to register targets in target-group myTargetGroup with (error User: arn:aws:sts::123456789012:assumed-role/myELBRole/ecs-service-scheduler is not authorized to perform: elasticloadbalancing:RegisterTargets on resource: arn)',
            "Service deployment rolled back because of invalid networking configuration. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role 'arn:aws:iam::123456789012:role/Admin'.",
            'InvalidParameterException: Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.',
        ],
    },
    {
        id: 'role-assume-failed',
        nature: 'hopeless',
        match: [
            /unable to assume (?:the )?(?<linked>service[- ]linked) role/i,
            /unable to assume (?:the |an? )?(?:\w+ )?role:? ?['"]?(?<arn>arn:[^'"\s]+)?/i,
            /IAM (?:permissions policies|trust relationship|roles?).{0,80}misconfigured/i,
            /(?:role|ecs-tasks).{0,300}(?:cannot|could not|can't|failed to|unable to) (?:be )?assumed?\b/i,
            /(?:failed|unable) to (?:retrieve|get|fetch) (?:task |execution )?(?:role )?credentials|unable to find execution role credentials|execution role credentials not available|failed to assume role/i,
            /Role is not valid|role .{0,200}is invalid or cannot be assumed|ecs-tasks\.amazonaws\.com/i,
            /does not have (?:a |the )?(?:proper |correct )?trust (?:relationship|policy)/i,
        ],
        unless: /AssumeRoleWithWebIdentity|sts:AssumeRole\b|OIDC|lifecycle hook/i,
        cause: ({ words: { linked, arn }, text }) => linked
            ? 'ECS cannot take on its service-linked role (AWSServiceRoleForECS).'
            : /misconfigured/i.test(text)
                ? `ECS can no longer maintain the service: the IAM ${/trust/i.test(text) ? 'trust relationship' : 'permissions policies'} of its role were changed or are wrong.`
                : `ECS cannot assume the role${maybe(first(arn, /arn:aws[\w-]*:iam::[^\s'",]+/.exec(text)?.[0]))} of the task definition.`,
        remedy: ({ words: { linked }, text }) => linked
            ? 'Create the service-linked role once: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com (a new one takes some seconds to be known everywhere).'
            : /misconfigured/i.test(text)
                ? 'Restore the IAM permissions and the trust of the service-linked role AWSServiceRoleForECS (or of the service role that was given), and of executionRoleArn and taskRoleArn (trust ecs-tasks.amazonaws.com).'
                : 'Check that the role in taskRoleArn / executionRoleArn (inputs `task-role-arn`, `execution-role-arn`) exists and that its trust policy lets ecs-tasks.amazonaws.com call sts:AssumeRole, without a condition that does not hold; a new role takes some seconds to be known everywhere.',
        link: `${IAM_GUIDE}/troubleshoot_roles.html`,
        examples: [
            "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
            'IAM trust relationship has been misconfigured or changed, and ECS can no longer maintain your service',
            'InvalidParameterException: Unable to assume the service linked role. Please verify that the ECS service linked role exists.',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/secrets.ts

const secrets_INIT = `${GUIDE}/resource-initialization-error.html`;
const SECRETS = `${GUIDE}/specifying-sensitive-data.html`;
const ENV_FILES = `${GUIDE}/use-environment-file.html`;
/** Names the place by its wording: Parameter Store or Secrets Manager. */
const isSsm = (text) => /\bssm\b|Systems Manager|Parameter Store|ParameterNotFound/i.test(text);
const store = (text) => (isSsm(text) ? 'SSM Parameter Store' : 'Secrets Manager');
/** The ARN or name of the secret, where the message has it whole. */
const secretOf = (text) => /(arn:aws[\w-]*:(?:secretsmanager|ssm):[\w-]*:\d*:(?:secret:|parameter\/?)[^\s'",;)\]]{1,512})/
    .exec(text)?.[1]
    ?.replace(/[.:]+$/, '');
const secrets_NO_WAY = /i\/o timeout|deadline exceeded|context d(?:eadline)?\b|connection issue|dial tcp|no such host|request ?cancel+ed|connection (?:refused|reset)|send request failed|RequestError|StatusCode: 0\b|canceled|network (?:configuration|connection)|signal: killed|timed out|no route to host/i;
/** Secrets, parameters and environment files that ECS reads for the task before it starts. */
const SECRETS_AND_FILES = [
    {
        id: 'env-file-denied',
        nature: 'hopeless',
        match: [
            /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b403\b|AccessDenied|Access Denied|Forbidden|not authorized)/i,
            /not authorized to perform:? ?['"]?s3:(?:GetObject|GetBucketLocation|ListBucket)/i,
        ],
        unless: /firelens/i,
        cause: (found) => `The task's execution role${maybe(roleOf(found))} may not read the environment file in S3 (403; S3 says so of a missing file as well).`,
        remedy: (found) => `Allow s3:GetObject on the file and s3:GetBucketLocation on its bucket for the execution role (executionRoleArn), kms:Decrypt for an own key, and check that the object named in environmentFiles (input \`env-files\`) exists.${refusalOf(found)}`,
        link: ENV_FILES,
        examples: [
            'ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden.',
        ],
    },
    {
        id: 'env-file-missing',
        nature: 'hopeless',
        match: [
            /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:\b404\b|NoSuchKey|NoSuchBucket|NotFound|Not Found|does not exist)/i,
        ],
        cause: 'The environment file of the task definition does not exist in S3.',
        remedy: 'Upload it, or correct the S3 ARN in environmentFiles (input `env-files`): bucket, key and Region.',
        link: ENV_FILES,
        examples: [
            'ResourceInitializationError: failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 404, NotFound: Not Found',
        ],
    },
    {
        id: 'env-file-network',
        nature: 'ambiguous',
        match: [
            new RegExp(`(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,900}?(?:${secrets_NO_WAY.source})`, 'i'),
            /file download command/i,
        ],
        cause: 'The task cannot reach Amazon S3 over its network to download the environment files.',
        remedy: (found) => wayTo(found, ['s3']) + dnsHint(found),
        link: secrets_INIT,
        examples: [
            "ResourceInitializationError: failed to download env files: The task can't download the environment variable files from Amazon S3. There is a connection issue between the task and Amazon S3. Check your task network configuration.",
        ],
    },
    {
        id: 'env-file-invalid',
        nature: 'hopeless',
        match: [
            /(?:env(?:ironment)?[ _-]?(?:variable )?files?|envfile).{0,400}?(?:parse|invalid|malformed|unable to (?:open|read))/i,
            /(?:unable to|cannot|invalid) .{0,200}(?:environmentFile|environment file|env file)/i,
        ],
        cause: 'An environment file cannot be read: one NAME=value a line, UTF-8, a name that ends in .env.',
        remedy: 'Correct the file in S3, or its ARN in environmentFiles (input `env-files`).',
        link: ENV_FILES,
        examples: ['unable to parse bucket and key from s3 ARN specified in environmentFile arn:aws:s3:::b'],
    },
    {
        id: 'env-file-unreadable',
        nature: 'ambiguous',
        match: [/failed to download env(?:ironment)? ?files?/i],
        cause: 'The task could not download its environment files from S3; ECS does not say why.',
        remedy: (found) => `Check s3:GetObject and s3:GetBucketLocation of the execution role (executionRoleArn), and that the object of environmentFiles (input \`env-files\`) exists. ${wayTo(found, ['s3'])}`,
        link: ENV_FILES,
        examples: ['ResourceInitializationError: failed to download env files'],
    },
    {
        id: 'secret-access-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?(?:secretsmanager|ssm|kms):\w+/i,
            /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters?|fetch secret|secret data).{0,900}?(?:AccessDenied|Access to KMS is not allowed|not authorized|KMS.{0,40}denied|explicit deny)/i,
            /Access to KMS is not allowed/i,
            /asm fetching secret.{0,600}AccessDenied/i,
        ],
        cause: (found) => {
            const kms = /kms/i.test(found.text);
            const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
            return `The task's execution role${maybe(roleOf(found))} may not read ${maybe(resourceOf(found) ?? secretOf(found.text)).trim() || `a secret of ${store(found.text)}`} (${kms && !actionOf(found) ? 'kms:Decrypt' : action}).`;
        },
        remedy: (found) => {
            const action = actionOf(found) ?? (isSsm(found.text) ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue');
            return `Allow ${action} on exactly that ARN for the execution role (executionRoleArn of the task definition, not the task role)${/kms/i.test(action) ? '' : ', and kms:Decrypt where the secret has a customer managed KMS key'}.${refusalOf(found)}`;
        },
        link: SECRETS,
        examples: [
            'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/t is not authorized to perform: secretsmanager:GetSecretValue',
            'Fetching secret data from SSM Parameter Store in us-west-2: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/1 is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-west-2:123456789012:parameter/x because no identity-based policy allows the ssm:GetParameters action',
        ],
    },
    {
        id: 'secret-json-key-missing',
        nature: 'hopeless',
        match: [
            /(?:did not|does not|doesn't) contain (?:the )?json key:? ?["']?(?<key>[^\s"':,]+)/i,
            /json key ["']?(?<key>[^\s"':,]{1,256})["']? (?:not found|does not exist|missing)/i,
        ],
        cause: ({ words: { key }, text }) => `The secret${maybe(secretOf(text))} has no JSON key ${key ?? ''}.`,
        remedy: ({ words: { key } }) => `Add the JSON key ${key ?? ''} to the secret in Secrets Manager, or write a key that it has in valueFrom (input \`secrets\`): ARN:JSON-KEY:VERSION-STAGE:VERSION-ID.`,
        link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
        examples: [
            'ResourceInitializationError: unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain json key connectionString',
        ],
    },
    {
        id: 'secret-json-key-missing',
        nature: 'hopeless',
        match: [
            /(?:from asm|secret).{0,600}?(?:invalid character .{1,12} looking for beginning of value|cannot unmarshal|unable to unmarshal|unexpected end of JSON input)/i,
        ],
        unless: /authorization data|AuthorizationData/i,
        cause: ({ text }) => `The valueFrom asks for a JSON key of the secret${maybe(secretOf(text))}, but what the secret holds is not JSON.`,
        remedy: 'Store a JSON object in the secret, or leave the JSON key out of valueFrom (input `secrets`) to get the whole value.',
        link: `${GUIDE}/secrets-envvar-secrets-manager.html`,
        examples: [
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: invalid character 'p' looking for beginning of value",
        ],
    },
    {
        id: 'secret-not-found',
        nature: 'hopeless',
        match: [
            /invalid (?:ssm )?parameters?: ?\[?(?<parameter>[^\]\s]+)/i,
            /can(?:'t|not) find the specified secret/i,
            /can(?:'t|not) retrieve the (?:secret|parameter)s? with (?:ARN|name) ['"]?(?<arn>[^'"\s]+)/i,
            /(?:\bsecrets?\b|\basm\b|\bssm\b|\bparameters?\b|SecretString).{0,900}?(?:ResourceNotFoundException|ParameterNotFound|does not exist|was marked for deletion|scheduled for deletion|InvalidParameters|version .{0,60}not found|staging label)/i,
            /SSM parameter:? ?['"]?(?<parameter>\S{1,1011}) is in an invalid format/i,
            /(?:from (?:asm|ssm)|secret).{0,300}ValidationException/i,
            /could not find a secretsmanager secretID|invalid ARN format for the AWS Secrets Manager/i,
        ],
        unless: /log stream|log group|logger args/i,
        cause: ({ words: { parameter, arn }, text }) => {
            const name = first(parameter?.replace(/[.,;]+$/, ''), arn, secretOf(text));
            return /deletion/i.test(text)
                ? `The secret${maybe(name)} was deleted (marked for deletion), so it cannot be read.`
                : `The ${isSsm(text) || parameter ? 'parameter (secret in SSM Parameter Store)' : 'secret in Secrets Manager'}${maybe(name)} that the task definition names does not exist in that Region.`;
        },
        remedy: (found) => `Create it in the task's Region and account (restore it if it is marked for deletion), or correct valueFrom in \`secrets\`: a parameter's name or ARN with its leading slash, a secret's whole ARN in Region ${regionOf(found)} with its six-character suffix. A new secret needs a value (a version with the stage AWSCURRENT).`,
        link: SECRETS,
        examples: [
            "ResourceNotFoundException: The task can't retrieve the secret with ARN 'arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf' from AWS Secrets Manager. Check whether the secret exists in the specified Region",
            'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /wishkit/key',
        ],
    },
    {
        id: 'secrets-throttled',
        nature: 'ambiguous',
        transient: true,
        match: [
            /(?:from (?:asm|ssm)|secrets? ?manager|Parameter Store|GetSecretValue|GetParameters).{0,900}?(?:ThrottlingException|Rate exceeded|TooManyUpdates)/i,
        ],
        cause: ({ text }) => `${store(text)} throttles the account's calls, so the secrets of the task were not read in time.`,
        remedy: 'ECS tries again. Start fewer tasks at once, or turn on higher throughput of Parameter Store.',
        link: SECRETS,
        examples: [
            'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: ThrottlingException: Rate exceeded',
        ],
    },
    {
        id: 'secret-network',
        nature: 'ambiguous',
        match: [
            new RegExp(`(?:from (?:asm|ssm)|AWS Secrets Manager|secretsmanager|Systems Manager|Parameter Store|GetSecretValue|GetParameters?|pull secrets from).{0,900}?(?:${secrets_NO_WAY.source})`, 'i'),
            new RegExp(`https?://(?:secretsmanager|ssm|kms)\\..{0,300}?(?:${secrets_NO_WAY.source})`, 'i'),
            new RegExp(`asm fetching.{0,600}?(?:${secrets_NO_WAY.source})`, 'i'),
        ],
        unless: /env files/i,
        cause: (found) => `The task cannot reach ${isSsm(found.text) ? 'AWS Systems Manager (SSM Parameter Store)' : 'AWS Secrets Manager'} over its network to read its secrets${targetOf(found) ? ` (${targetOf(found)})` : ''}.`,
        remedy: (found) => wayTo(found, isSsm(found.text) ? ['ssm', 'ssmmessages', 'kms'] : ['secretsmanager', 'kms']) + dnsHint(found),
        link: secrets_INIT,
        examples: [
            'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded. Please check your task network configuration.',
        ],
    },
];
/** A secret was not read, and the message ends before it says why: neither IAM nor the network may be blamed. */
const SECRET_UNKNOWN = {
    id: 'secret-unreadable-truncated',
    nature: 'ambiguous',
    match: [
        /unable to (?:retrieve|pull) secrets?\b|failed to fetch secret|Fetching secret data|trying to retrieve secret|asm fetching|ssm secret resource|asm secret resource|from (?:asm|ssm)\b/i,
    ],
    cause: ({ text }) => `The secret${maybe(secretOf(text))} could not be read, and the message is cut off before it says why: ${text}`,
    remedy: (found) => `Check both: the execution role's permissions (secretsmanager:GetSecretValue or ssm:GetParameters, kms:Decrypt) and the way there. ${wayTo(found, ['secretsmanager', 'ssm'])}`,
    link: secrets_INIT,
    examples: [
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:ap-northeast-1:5394593...',
    ],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/start.ts

const CREATE = `${GUIDE}/CannotCreateContainerError.html`;
const START = `${GUIDE}/cannot-start-container.html`;
/** What happens between the pull and the first line of the program. */
const START_OF_CONTAINER = [
    {
        id: 'entrypoint-not-executable',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /exec(?:ve)?:? \\?["']?(?<program>[^\s"'\\:]+)\\?["']?:? .{0,40}permission denied/i,
            /(?:starting|start) container process\b.{0,200}permission denied/i,
            /exec user process caused:? .{0,20}permission denied/i,
        ],
        cause: ({ words: { program } }) => `The command${maybe(program)} of the container may not be executed (permission denied).`,
        remedy: 'Give the file the execute permission in the Dockerfile (RUN chmod +x, COPY --chmod=755); check the USER and that entryPoint names a file, not a folder.',
        link: START,
        examples: [
            'CannotStartContainerError: Error response from daemon: OCI runtime create failed: container_linux.go:367: starting container process caused: exec: "/start.sh": permission denied: unknown',
        ],
    },
    {
        id: 'entrypoint-not-found',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /exec:? \\?["'](?<program>[^"'\\]{1,300})\\?["']:? (?:stat \S{1,300}: )?(?:executable file not|no such file)/i,
            /executable file (?:`(?<name>[^`]{1,200})` )?not found/i,
            /exec(?:ve)?:? (?<program>\/\S{1,300}?):? no such file/i,
            /stat (?<program>\/\S{1,300}): no such file/i,
            /starting container process(?: caused)?:? .{0,40}exec: \\?["'](?<program>[^"'\\]{1,300})\\?["']?:?(?: stat .{0,300})?$/i,
            /exec user process caused:? .{0,20}no such file or directory/i,
            /exec failed: No such file or directory|no such file or directory: unknown/i,
            /CreateProcess.{0,300}cannot find the (?:file|path) specified/i,
            /no command specified|No entrypoint or command/i,
            /chdir to cwd \(\\?["'](?<dir>[^"'\\]+)/i,
            /(?:^|\n|: )(?:\/bin\/)?(?:ba|da|a)?sh: (?:\d+: |line \d+: )?(?<program>[\w./-]{1,200}): (?:command )?not found/i,
        ],
        unless: /mount|volume|efs/i,
        cause: ({ words: { program, name, dir } }) => dir
            ? `The working directory ${dir} of the container does not exist in the image.`
            : `The image has no executable ${first(program, name) ?? 'of that name'} to start (executable file not found in PATH).`,
        remedy: 'Correct entryPoint or command in the task definition (input `command`; as a list of words: VAR=value in front needs a shell), or install the program in the Dockerfile. For a script check its #! line and its line ends (CRLF from Windows reads as "no such file").',
        link: START,
        examples: [
            'CannotStartContainerError: API error (400): OCI runtime create failed: container_linux.go:296: starting container process caused "exec: \\"not_found_command\\": executable file not found in $PATH": unknown\n',
            'CannotStartContainerError: exec: "uvicorn": executable file not found in $PATH',
            'exec /app/entrypoint.sh: no such file or directory',
        ],
    },
    {
        id: 'gpu-runtime-missing',
        nature: 'hopeless',
        match: [
            /could not select device driver .{0,40}(?:gpu|capabilities)/i,
            /nvidia-container-cli|libnvidia-ml|nvidia-smi|unknown (?:or invalid )?runtime name: nvidia/i,
        ],
        cause: 'The container instance has no GPU runtime (NVIDIA driver or container toolkit) for the container that asks for a GPU.',
        remedy: 'Use the GPU variant of the ECS-optimized AMI on a GPU instance type, with ECS_ENABLE_GPU_SUPPORT=true.',
        link: `${GUIDE}/ecs-gpu.html`,
        examples: [
            'CannotCreateContainerError: Error response from daemon: could not select device driver "" with capabilities: [[gpu]]',
        ],
    },
    {
        id: 'disk-full',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: [
            /no space left on device/i,
            /Thin Pool has \d+ free data blocks/i,
            /There is not enough space on the disk/i,
            /disk quota exceeded|insufficient disk space/i,
        ],
        cause: ({ text }) => /thin pool/i.test(text)
            ? "The container instance's thin pool for images is full: there is no disk space left."
            : 'The disk is full: no space left on device. The image and what containers write exceed it (20 GiB ephemeral storage on Fargate by default).',
        remedy: ({ text, context }) => context.launchType === 'EC2' || /docker\/tmp|var\/lib\/docker|thin pool/i.test(text)
            ? 'Free disk on the container instance: remove unused images (docker system prune; ECS_IMAGE_CLEANUP_INTERVAL, ECS_NUM_IMAGES_DELETE_PER_CYCLE of the agent), give it a larger volume, or make the image smaller. On Fargate set ephemeralStorage.sizeInGiB.'
            : 'Set ephemeralStorage.sizeInGiB (21-200) in the task definition, or make the image smaller; on EC2 enlarge the disk volume of the container instance or remove unused images.',
        link: `${GUIDE}/fargate-task-storage.html`,
        examples: [
            'CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer ...: symlink libssh.so.4.8.4 /var/lib/containerd/x/libssh.so.4: no space left on device: unknown',
            'CannotCreateContainerError: API error (500): devmapper: Thin Pool has 1000 free data blocks which is less than minimum required 4454 free data blocks.',
        ],
    },
    {
        id: 'docker-storage-error',
        nature: 'ambiguous',
        transient: true,
        match: [
            /(?:devicemapper|devmapper)\b/i,
            /failed to register layer/i,
            /failed to (?:extract|prepare|mount|commit) (?:layer|snapshot|extraction)|error creating overlay mount|layer (?:does not exist|not known)|blob not found|input\/output error|unexpected commit digest|filesystem .{0,40}corrupt|hcsshim::ImportLayer/i,
        ],
        unless: /no space left|i\/o timeout|buildx/i,
        cause: ({ text }) => `The storage driver of the container instance's Docker (${/devic|devm/i.test(text) ? 'devicemapper' : 'layers of the image'}) failed: a fault of the host, not of the image.`,
        remedy: 'ECS tries again elsewhere. Replace the container instance, and use a current ECS-optimized AMI (overlay2 instead of devicemapper).',
        link: CREATE,
        examples: [
            'CannotCreateContainerError: API error (500): devicemapper: Error running deviceResume dm_task_run failed',
        ],
    },
    {
        id: 'docker-timeout',
        nature: 'ambiguous',
        transient: true,
        match: [
            /DockerTimeoutError|ContainerRuntimeTimeoutError/,
            /Could not transition to \w+; timed out/i,
            /(?:Cannot(?:Create|Start|Inspect|Stop)Container\w*|container runtime|docker daemon|containerd).{0,300}(?:timed out|deadline exceeded)/i,
            /cannot connect to the docker daemon|daemon is not running|dockerd? (?:is )?not responding/i,
            /error during connect|pipe\/docker_engine|docker\.sock/i,
        ],
        unless: /CannotPull(?!.*(?:error during connect|docker_engine|docker\.sock|docker daemon))|log stream|logger args|logging driver|buildx/i,
        cause: ({ text }) => `The container runtime (Docker) of the container instance did not answer in time: it timed out${maybe(/timed out after waiting [\w.]+/i.exec(text)?.[0]?.replace(/^timed out /i, ''))}.`,
        remedy: 'Look at the load of the instance: CPU, disk throughput (burst credits of its volume) and the Docker daemon; restart or replace it. ECS_CONTAINER_CREATE_TIMEOUT and ECS_CONTAINER_START_TIMEOUT of the agent may be raised.',
        link: `${GUIDE}/stopped-task-error-codes.html`,
        examples: ['DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s'],
    },
    {
        id: 'dependency-failed',
        nature: 'symptom',
        match: [
            /dependency graph: .{0,120}dependency \[(?<dependency>[^\]]+)\] for target \[(?<target>[^\]]+)\](?<why>[\s\S]{0,80})/i,
            /(?:container ordering|dependent) .{0,60}dependenc|dependency (?:\S{1,255} )?(?:did not|failed|not resolved|never)/i,
            /dependent container (?:is )?not in expected state|TaskDependencyError/i,
            /dependency graph:/i,
        ],
        cause: ({ words: { dependency, target } }) => `The container${maybe(target)} was not started because the container${maybe(dependency)} that it depends on failed or did not get ready.`,
        remedy: ({ words: { dependency } }) => `Look at the container${maybe(dependency)}: its exit code, health and log are the cause. Otherwise correct dependsOn in the task definition, or raise startTimeout.`,
        link: `${GUIDE}/task_definition_parameters.html`,
        examples: [
            'dependency graph: failed to resolve container ordering dependency [init] for target [web] as dependency did not exit successfully.',
        ],
    },
    {
        id: 'task-stopped-before-start',
        nature: 'symptom',
        match: [/TaskStoppedBeforePullBegin|stopped before (?:the )?image pull/i],
        cause: 'The task was stopped before the image of this container was pulled.',
        remedy: 'Look at why the task was stopped: its stoppedReason, and the containers that ended before.',
        link: `${GUIDE}/stopped-task-errors.html`,
        examples: ['TaskStoppedBeforePullBeginError: Task stopped before image pull could begin for task'],
    },
    {
        id: 'execute-command-failed',
        nature: 'normal',
        severity: 'warning',
        match: [/ExecuteCommandAgent/i, /execute command agent/i, /(?:SSM agent|ssm-agent).{0,120}(?:fail|unable|error)/i],
        cause: 'The agent of ECS Exec (ExecuteCommandAgent) could not be started in the container.',
        remedy: 'Give the task role ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel, a way to the ssmmessages endpoint and a writable root file system; or set the input `enable-execute-command` to false.',
        link: `${GUIDE}/ecs-exec-troubleshooting.html`,
        examples: ['ExecuteCommandAgent Initialization failed - unable to start ExecuteCommandAgent [create]'],
    },
    {
        id: 'gmsa-failed',
        nature: 'hopeless',
        match: [/credentialspec|credential spec|gMSA|kerberos ticket|credentials fetcher/i],
        cause: ({ text }) => `The credential spec (gMSA) of the container could not be used: ${text}`,
        remedy: "Check credentialSpecs in the task definition (an S3 or SSM ARN), the execution role's access to it and to the secret of the account, and that the instance reaches the Active Directory.",
        link: `${GUIDE}/windows-gmsa.html`,
        examples: ['unsupported credentialspec ARN, only s3/ssm ARNs are valid'],
    },
    {
        id: 'container-config-invalid',
        nature: 'hopeless',
        surfaces: TASK_SURFACES,
        match: [
            /HostConfigError|DockerClientConfigError/,
            /Minimum memory limit (?:allowed )?is|memory (?:limit|reservation) .{0,60}(?:less than|smaller than|larger than|must be)/i,
            /(?:invalid|unknown|unsupported|conflicting|not allowed).{0,60}(?:option|capabilit|ulimit|sysctl|network mode|device|hostname|user|host config|mode|isolation)/i,
            /unable to find user (?<user>[\w:-]+)|no matching entries in (?:passwd|group) file/i,
            /error gathering device information|linux (?:spec user|runtime spec)/i,
        ],
        unless: /EFS|invalid reference|manifest|lookup|awslogs|log opt|pull/i,
        cause: ({ words: { user }, text }) => user || /passwd|group file/i.test(text)
            ? `The user${maybe(user)} that the container runs as does not exist in the image.`
            : `The container runtime refuses a setting of the container definition: ${text}`,
        remedy: 'Correct that setting of the container in the task definition (user, memory, linuxParameters, ulimits, systemControls, devices).',
        link: CREATE,
        examples: [
            'CannotStartContainerError: Error response from daemon: unable to find user appuser: no matching entries in passwd file',
        ],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/sts.ts

const OIDC = 'https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws';
const PERMISSIONS = '`permissions: id-token: write` (and contents: read) in the job or workflow';
/** The credentials of the run: GitHub's OIDC token, the role, keys. */
const CREDENTIALS = [
    {
        id: 'oidc-permission-missing',
        nature: 'hopeless',
        match: [
            /`?id-token`? permission|missing id-token: ?write|id-token: ?write permission/i,
            /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)/,
            /did not (?:receive|inject|provide) .{0,40}(?:OIDC|ID) token|unable to get (?:an? )?(?:OIDC|ID)[ _]?token/i,
        ],
        cause: 'GitHub gave the job no OIDC token: the permission id-token: write is missing.',
        remedy: `Set ${PERMISSIONS}; in a reusable workflow the caller must grant it too, and pull requests from forks never get it.`,
        link: OIDC,
        examples: [
            'Unable to get ID Token: missing id-token: write permission',
            'Error: Could not assume role with OIDC: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable',
        ],
    },
    {
        id: 'oidc-provider-missing',
        nature: 'hopeless',
        match: [
            /No OpenID ?Connect provider found/i,
            /OpenID ?Connect provider .{0,120}(?:not found|does not exist|doesn't)/i,
            /(?:thumbprint|HTTPS certificate).{0,80}(?:match|invalid)|retrieve verification key/i,
        ],
        cause: 'The AWS account has no identity provider for GitHub (token.actions.githubusercontent.com).',
        remedy: 'Create an IAM OIDC identity provider with the URL https://token.actions.githubusercontent.com and the audience sts.amazonaws.com in the account of the role, and check the account id in `role-to-assume`.',
        link: OIDC,
        examples: [
            'InvalidIdentityToken: No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
        ],
    },
    {
        id: 'oidc-audience-mismatch',
        nature: 'hopeless',
        match: [
            /Incorrect token audience|(?:invalid|wrong|incorrect|not (?:a )?valid) .{0,30}audience|audience .{0,80}(?:not (?:match|allowed)|invalid|mismatch)/i,
        ],
        cause: 'The audience of the OIDC token is not one that the identity provider in AWS knows.',
        remedy: 'Set the input `audience` to a client id of the provider: sts.amazonaws.com as a rule (China: sts.amazonaws.com.cn), and the same in the aud condition of the trust policy.',
        link: OIDC,
        examples: ['InvalidIdentityToken: Incorrect token audience'],
    },
    {
        id: 'oidc-trust-mismatch',
        nature: 'hopeless',
        match: [
            /(?<!is )Not authorized to perform:? ?sts:(?:AssumeRoleWithWebIdentity|TagSession)/i,
            /AssumeRoleWithWebIdentity.{0,200}(?:AccessDenied|not authorized|denied)|AccessDenied.{0,80}AssumeRoleWithWebIdentity/i,
            /(?:Could not|unable to|failed to) assume (?:the )?role with OIDC/i,
            /InvalidIdentityToken|IDPRejectedClaim|IDP ?Communication/i,
        ],
        unless: /ID token|expired|Request Token|DurationSeconds|ARN is invalid|failed to satisfy/i,
        cause: (found) => `The trust policy of the role${maybe(roleOf(found))} does not accept the OIDC token of this workflow (repository, branch, environment or audience), or the role does not exist.`,
        remedy: "Compare the trust policy's conditions with the token: token.actions.githubusercontent.com:sub (repo:OWNER/NAME:ref:refs/heads/BRANCH, repo:OWNER/NAME:environment:NAME for jobs with an environment, new repositories with ids) and :aud (sts.amazonaws.com); check the ARN in `role-to-assume`.",
        link: OIDC,
        examples: ['Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity'],
    },
    {
        id: 'credentials-duration',
        nature: 'hopeless',
        match: [
            /DurationSeconds (?:exceeds|.{0,60}(?:MaxSessionDuration|limit|less than|greater than|Member must))/i,
            /MaxSessionDuration/i,
            /(?:session|role).{0,60}duration .{0,60}(?:exceed|1 hour|chaining)/i,
            /durationSeconds.{0,120}(?:failed to satisfy|must)/i,
        ],
        cause: 'The session is asked for longer than the role allows: DurationSeconds is above its MaxSessionDuration (or above one hour with role chaining).',
        remedy: 'Lower the input `role-duration-seconds`, or raise the maximum session duration (MaxSessionDuration) of the role in IAM.',
        link: `${IAM_GUIDE}/id_roles_update-role-settings.html`,
        examples: ['The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
    },
    {
        id: 'credentials-expired',
        nature: 'hopeless',
        match: [
            /ExpiredToken|RequestExpired|TokenRefreshRequired/i,
            /(?:security )?token (?:included in the request |provided )?(?:is|has) expired/i,
            /credentials? (?:\w+ )?(?:have|has|are|is) expired|session (?:has )?expired|token is expired|Signature expired/i,
        ],
        unless: /authorization token has expired|get-login/i,
        cause: 'The AWS credentials of the step have expired during the run.',
        remedy: 'Let this action take them on itself (input `role-to-assume` refreshes them in a long wait), or raise `role-duration-seconds`; a clock that is wrong does the same.',
        link: `${IAM_GUIDE}/id_credentials_temp.html`,
        examples: ['ExpiredTokenException: The security token included in the request is expired'],
    },
    {
        id: 'role-chain-denied',
        nature: 'hopeless',
        match: [
            /not authorized to perform:? ?['"]?sts:(?:AssumeRole|TagSession|SetSourceIdentity)\b/i,
            /AssumeRole\b.{0,200}(?:AccessDenied|denied)|is not authorized to assume/i,
        ],
        cause: (found) => `${roleOf(found) ?? 'The user or role of this job'} may not assume the role${maybe(resourceOf(found))} (${actionOf(found) ?? 'sts:AssumeRole'}).`,
        remedy: (found) => `Allow ${actionOf(found) ?? 'sts:AssumeRole'} on that role in the policy of the caller, and name the caller in the trust policy of the role (sts:TagSession too where session tags are sent).${refusalOf(found)}`,
        link: `${IAM_GUIDE}/troubleshoot_roles.html`,
        examples: [
            'AccessDenied: User: arn:aws:iam::112233445566:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::998877665544:role/deploy',
        ],
    },
    {
        id: 'credentials-missing',
        nature: 'hopeless',
        match: [
            /(?:could not|unable to|cannot) (?:load|locate|find|be loaded).{0,40}credentials|credentials could not be loaded|no (?:valid )?(?:AWS )?credential/i,
            /CredentialsProviderError|NoCredentialProviders|NoCredentialsError|Missing ?(?:Authentication ?Token|credentials)|Missing credentials in config/i,
            /no EC2 IMDS role found|failed to (?:refresh cached|retrieve) credentials|profile .{0,60}could not be found|must specify .{0,40}credentials/i,
        ],
        cause: 'The step has no AWS credentials: none could be loaded from any provider.',
        remedy: `Give it the input \`role-to-assume\` with ${PERMISSIONS}, or run aws-actions/configure-aws-credentials before it; look whether the secrets with keys are empty (forks get none).`,
        link: OIDC,
        examples: [
            'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
        ],
    },
    {
        id: 'region-missing',
        nature: 'hopeless',
        match: [
            /(?:missing|no|invalid|specify an?|provide an?|unknown) (?:AWS )?region|region (?:is|was) (?:missing|not (?:set|specified|valid))|Region not accepted|not a valid region|(?:must|need to) specify a region/i,
        ],
        cause: 'No AWS Region is set, or it is not one that exists.',
        remedy: 'Set the input `aws-region` (or AWS_REGION in the environment), such as eu-west-1.',
        link: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html',
        examples: [
            'ConfigError: Missing region in config',
            'You must specify a region. You can also configure your region by running "aws configure".',
        ],
    },
    {
        id: 'credentials-invalid',
        nature: 'hopeless',
        match: [
            /UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|InvalidToken|AuthFailure|InvalidClientToken/i,
            /security token included in the request is invalid|request signature we calculated does not match|Credential .{0,60}(?:not valid|malformed)|The AWS Access Key Id .{0,60}(?:does not exist|needs)/i,
        ],
        cause: 'The AWS credentials are invalid: AWS does not know the access key or token, or the signature does not match.',
        remedy: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (all three of temporary credentials, without spaces, of the right partition and an enabled Region), or use `role-to-assume` instead of keys.',
        link: `${IAM_GUIDE}/troubleshoot_general.html`,
        examples: [
            'An error occurred (UnrecognizedClientException) when calling the GetFunction operation: The security token included in the request is invalid.',
        ],
    },
    {
        id: 'role-arn-invalid',
        nature: 'hopeless',
        match: [
            /(?:roleArn|role arn|Request ARN|ARN) .{0,80}(?:is invalid|invalid|failed to satisfy|not valid|malformed)|invalid (?:role )?ARN|roleSessionName/i,
        ],
        unless: /secret|target|listener|Rule|task definition|cluster/i,
        cause: 'The ARN or the session name of the role is not valid.',
        remedy: 'Write `role-to-assume` as arn:aws:iam::ACCOUNT:role/NAME (aws-cn, aws-us-gov in those partitions), and `role-session-name` with 2-64 of A-Z, a-z, 0-9 and +=,.@-_.',
        link: `${IAM_GUIDE}/reference_identifiers.html`,
        examples: [
            'ValidationError: Request ARN is invalid',
            "1 validation error detected: Value 'my session' at 'roleSessionName' failed to satisfy constraint",
        ],
    },
    {
        id: 'sts-region-disabled',
        nature: 'hopeless',
        match: [/RegionDisabled|STS is not activated in this region/i],
        cause: 'STS is not activated for the account in that Region.',
        remedy: 'Activate STS for the Region in the account settings of IAM, or use another `aws-region`.',
        link: `${IAM_GUIDE}/id_credentials_temp_enable-regions.html`,
        examples: ['RegionDisabledException: STS is not activated in this region for account:123456789012.'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules/unclear.ts

const unclear_CREATE = `${GUIDE}/CannotCreateContainerError.html`;
const unclear_START = `${GUIDE}/cannot-start-container.html`;
const unclear_EVENTS = `${GUIDE}/service-event-messages-list.html`;
const unclear_ROOM = 'add a container instance or a capacity provider with managed scaling, or lower the input `minimum-healthy-percent` below 100 so that an old task stops first and makes room';
/** The container did not start, and all that is known is what the runtime said. */
const START_UNKNOWN = [
    {
        id: 'container-start-failed',
        nature: 'ambiguous',
        match: [
            /CannotStartContainer\w*:? ?(?<why>[\s\S]{0,600})/,
            /failed to get container status:? ?(?<why>[\s\S]{0,600})/i,
            /(?:OCI runtime|runc|shim task|container process)[\s\S]{0,80}(?:failed|error)(?<why>[\s\S]{0,600})/i,
        ],
        cause: ({ text }) => `The container could not be started: ${text}`,
        remedy: 'Where the message names no other fault, increase the memory of the container (input `memory`): too little is the usual reason that AWS documents. Then check entryPoint, mounts and limits by starting the image with docker run.',
        link: unclear_START,
        examples: ['CannotStartContainerError: failed to get container status: <reason>'],
    },
    {
        id: 'container-create-failed',
        nature: 'ambiguous',
        match: [
            /CannotCreateContainer\w*|ContainerVanishedError|CannotInspectContainer\w*|CannotRemoveContainer\w*|CannotStopContainer\w*|NoSuchContainerError|ImpossibleStateTransitionError/,
        ],
        cause: ({ text }) => `The container instance could not create or handle the container: ${text}`,
        remedy: 'Read what the container runtime said, the agent log of the instance (/var/log/ecs/ecs-agent.log), and replace the instance if only it does so.',
        link: unclear_CREATE,
        examples: ['CannotCreateContainerError: Error response from daemon: something new'],
    },
    {
        id: 'resource-initialization-failed',
        nature: 'ambiguous',
        match: [/ResourceInitializationError:? ?(?<why>[\s\S]{1,600})/],
        cause: ({ words: { why }, text }) => `ECS could not prepare a resource of the task (network, secrets, logs, volumes): ${why ?? text}`,
        remedy: "Check the execution role's permissions and the way of the subnets to the AWS services: a NAT gateway, or VPC endpoints (ecr.api, ecr.dkr, logs, secretsmanager, ssm, the S3 gateway endpoint) with TCP 443 open in the security groups.",
        link: `${GUIDE}/resource-initialization-error.html`,
        examples: ['ResourceInitializationError: something new'],
    },
    {
        id: 'task-start-failed-unknown',
        nature: 'unknown',
        match: [
            /^(?:\(?service .{0,255}\)? )?Task failed to start\.?:?\s*(?:\(|$)/i,
            /^Task ?Failed ?To ?Start:?$/i,
            /Task failed to start/i,
        ],
        cause: 'The task failed to start, and the message alone does not say why.',
        remedy: 'Look at the reason and exit code of every container of the task (sidecars as well), and at the events of the service.',
        link: `${GUIDE}/stopped-task-errors.html`,
        examples: ['Task failed to start'],
    },
];
/** No instance can take the task, and the message does not say what it lacks. */
const PLACEMENT_UNKNOWN = {
    id: 'placement-failed',
    nature: 'blocked',
    severity: 'failure',
    transient: true,
    match: [
        /unable to place (?:a |the |\d+ )?tasks?(?: because (?<because>[^.]{1,300}))?(?:.{0,300}?Reason: (?<why>.{1,500}))?/i,
        /no container instance met all of its requirements/i,
        /unable to place/i,
    ],
    cause: ({ words: { because, why }, text }) => `ECS could not place the task: ${(first(why, because) ?? text).replace(/\.$/, '')}.`,
    remedy: `See what the reason asks for. On EC2 ${unclear_ROOM}; on Fargate check the subnets, the quotas and the permissions of the roles.`,
    link: unclear_EVENTS,
    examples: ['(service web) was unable to place a task because no container instance met all of its requirements.'],
};

;// CONCATENATED MODULE: ./src/diagnosis/rules/volumes.ts

const EFS = `${GUIDE}/efs-volumes.html`;
const fileSystem = (text) => /\bfs-[0-9a-f]+/.exec(text)?.[0];
/** EFS, EBS, bind mounts and other volumes of the task. */
const VOLUMES = [
    {
        id: 'volume-permission',
        nature: 'hopeless',
        match: [
            /failed to chown (?<path>\S{1,400}?):/i,
            /(?:copy file info|volumes?\/).{0,400}operation not permitted/i,
            /lchown .{0,300}operation not permitted/i,
        ],
        unless: /EFS utils|buildkit/i,
        cause: ({ words: { path } }) => `Docker may not change the owner (chown) of the volume${maybe(path)}: the EFS access point enforces another user.`,
        remedy: "Drop PosixUser from the EFS access point, or let the image's directory at that path belong to the uid and gid of the access point.",
        link: EFS,
        examples: [
            'CannotCreateContainerError: failed to copy file info for /var/lib/ecs/volumes/ecs-app-1: failed to chown /var/lib/ecs/volumes/ecs-app-1: operation not permitted',
        ],
    },
    {
        id: 'efs-mount-target-missing',
        nature: 'hopeless',
        match: [
            /Failed to resolve .{0,80}\.efs\./i,
            /Failed to resolve ["']?fs-/i,
            /(?:has an? EFS )?mount target .{0,120}(?:not (?:be )?found|does not exist|missing|no )/i,
            /(?:efs|nfs).{0,300}(?:Name or service not known|could not resolve|no such host|does not have .{0,20}mount target)/i,
        ],
        cause: ({ text }) => `The EFS file system${maybe(fileSystem(text))} has no mount target in the Availability Zone of the task, or its name does not resolve in the VPC.`,
        remedy: 'Create a mount target of the file system in every Availability Zone of the subnets of the service, in the same VPC, check the file system id, and turn on enableDnsSupport and enableDnsHostnames of the VPC.',
        link: EFS,
        examples: [
            'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-12345678.efs.us-east-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID. : unsuccessful EFS utils command execution; code: 1',
        ],
    },
    {
        id: 'efs-access-denied',
        nature: 'hopeless',
        match: [
            /(?:efs|nfs4?).{0,500}(?:access denied|AccessDenied|not authorized|permission denied|b?'?Unauthorized)/i,
            /elasticfilesystem:Client\w+/i,
        ],
        cause: ({ text }) => `The EFS file system${maybe(fileSystem(text))} refused the mount (access denied by its policy or access point).`,
        remedy: 'With IAM authorization (authorizationConfig.iam ENABLED, which needs transitEncryption) allow elasticfilesystem:ClientMount, ClientWrite (and ClientRootAccess) for the task role, and check the file system policy and the access point.',
        link: EFS,
        examples: [
            "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/' : unsuccessful EFS utils command execution; code: 32",
        ],
    },
    {
        id: 'efs-path-missing',
        nature: 'hopeless',
        match: [
            /(?:efs|nfs4?).{0,500}No such file or directory/i,
            /(?:efs|nfs4?).{0,300}(?:access point .{0,60}(?:not found|does not exist)|mounting .{0,200}failed, reason given by server)/i,
        ],
        unless: /botocore.{0,40}No such file/i,
        cause: ({ text }) => `The directory to mount does not exist in the EFS file system${maybe(fileSystem(text))}.`,
        remedy: 'Create the directory that rootDirectory in efsVolumeConfiguration names, use /, or use an access point that creates it (CreationInfo).',
        link: EFS,
        examples: [
            'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: mounting fs-1.efs.us-east-1.amazonaws.com:/data/x failed, reason given by server: No such file or directory : unsuccessful EFS utils command execution; code: 32',
        ],
    },
    {
        id: 'efs-network',
        nature: 'ambiguous',
        match: [
            /(?:\bEFS\b|nfs4?|mount\.\w+|stunnel).{0,900}?(?:refused|reset by peer|timed? ?out|timeout|no route to host|unreachable|deadline exceeded|signal: killed)/i,
            /EFS utils|EFS volumes?|efs-utils/i,
            /mount\.(?:nfs4?|efs)/i,
        ],
        cause: ({ text }) => {
            const how = /refused/i.test(text)
                ? 'the connection was refused'
                : /reset/i.test(text)
                    ? 'the connection was reset'
                    : /time/i.test(text)
                        ? 'it timed out'
                        : 'the mount failed';
            return `The task could not mount the EFS file system${maybe(fileSystem(text))} over the network (NFS, port 2049): ${how}.`;
        },
        remedy: "Allow TCP 2049 into the security group of the EFS mount targets from the task's security group, and out of the latter; have a mount target in the Availability Zone of each subnet. With an App Mesh proxy exclude port 2049 (EgressIgnoredPorts).",
        link: EFS,
        examples: [
            "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out' : unsuccessful EFS utils command execution; code: 32",
            'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection refused : unsuccessful EFS utils command execution; code: 32',
        ],
    },
    {
        id: 'ebs-attachment-failed',
        nature: 'ambiguous',
        match: [
            /\bEBS\b/,
            /(?:CreateVolume|AttachVolume|ec2:CreateVolume)\b/i,
            /(?:volume|snapshot) .{0,200}(?:ATTACHED|attach(?:ed|ment)?).{0,120}(?:time|fail|unable|not)/i,
            /InvalidSnapshot|VolumeLimitExceeded|MaxIOPSLimitExceeded|VolumeInUse/,
            /(?:mount|format|stage) .{0,40}(?:device|volume).{0,200}(?:filesystem|xfs|ext4)/i,
        ],
        cause: ({ text }) => `The EBS volume of the task could not be made or attached: ${text}`,
        remedy: 'Check the infrastructure role (AmazonECSInfrastructureRolePolicyForVolumes; kms:CreateGrant, kms:Decrypt and kms:GenerateDataKeyWithoutPlaintext for an own key), the snapshot, size and type in volumeConfigurations, and the EBS quotas.',
        link: `${GUIDE}/ebs-volumes.html`,
        examples: [
            'Timeout waiting for EBS volume attachment to reach the ATTACHED state',
            'EBS volume attachment failed: UnauthorizedOperation: not authorized to perform: ec2:CreateVolume',
        ],
    },
    {
        id: 'fsx-failed',
        nature: 'hopeless',
        match: [/fsx(?:windows)?(?:fileserver)?\b/i],
        cause: ({ text }) => `The FSx for Windows File Server volume of the task could not be mounted: ${text}`,
        remedy: "Check the file system id and root directory, the secret with the credentials and the execution role's access to it, port 445 in the security groups, and that the instance has joined the domain.",
        link: `${GUIDE}/wfsx-volumes.html`,
        examples: ['failed to map fsxwindowsfileserver resource on the container instance'],
    },
    {
        id: 'volume-failed',
        nature: 'ambiguous',
        surfaces: TASK_SURFACES,
        match: [
            /CannotCreateVolumeError|CannotInspectVolumeError|InvalidVolumeError/,
            /(?:error while )?mounting volume .{0,300}|error (?:mounting|while creating mount source path)|failed to mount local volume/i,
            /(?:invalid|unknown) (?:mount|volume)|bind source path does not exist|bind mount .{0,100}(?:fail|error)|volume driver|plugin ["']?\S{1,100}["']? not found/i,
            /rootfs .{0,200}caused.{0,60}(?:mount|not a directory)|not a directory: unknown/i,
        ],
        unless: /buildkit|failed to solve/i,
        cause: ({ text }) => `A volume of the task could not be made or mounted: ${text}`,
        remedy: 'Check volumes and mountPoints of the task definition: the path on the host, the driver plugin on the container instance, and that a file is not mounted onto a directory.',
        link: `${GUIDE}/using_data_volumes.html`,
        examples: ['CannotCreateVolumeError: Error response from daemon: plugin "rexray/ebs" not found'],
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/rules.ts
























/** What happens to tasks, services and deployments, the more telling rows first. */
const RUNTIME = [
    ...NORMAL,
    ...DISRUPTION,
    ...SECRETS_AND_FILES,
    ...LOGGING,
    ...VOLUMES,
    ...ROLES,
    ...NETWORK,
    ...IMAGE,
    ...PULLING,
    ...BALANCER,
    ...DISCOVERY,
    ...START_OF_CONTAINER,
    ...DEPLOYMENT,
    ...PLACEMENT,
    ...CAPACITY,
    ...CONTAINERS,
];
/** What calls of ours to ECS, ECR and STS are answered. */
const CALLS = [
    ...CREDENTIALS,
    ...REGISTRY,
    ...ACCESS,
    ...TASK_DEFINITION,
    ...SERVICE_CALLS,
    ...LIMITS,
];
const BUILDS = [...BUILD, ...BUILD_BASE, ...BUILD_TOOLS];
/** Where the message ends before it says why, and where only its kind is known. */
const REST = [
    ...BUILD_STEP.slice(0, 1),
    SECRET_UNKNOWN,
    PULL_UNKNOWN,
    ...START_UNKNOWN,
    PLACEMENT_UNKNOWN,
    NOT_STEADY,
    ...TASK_DEFINITION_REST,
    ...ACCESS_REST,
    TASK_DEFINITION_REFUSED,
    ...SERVICE_CALLS_REST,
    ...BUILD_PROGRESS,
    ...BUILD_STEP.slice(1),
    STOPPED_BY_HAND,
];
/** The whole table, each row once. */
const RULES = [...RUNTIME, ...CALLS, ...BUILDS, ...REST];
/** The rooms in which something most likely belongs stand first; all others follow, as messages travel. */
function rulesFor(surface) {
    switch (surface) {
        case 'api.ecs':
            return FOR_ECS;
        case 'api.ecr':
        case 'api.sts':
            return FOR_CALLS;
        case 'buildx.stderr':
            return FOR_BUILDS;
        case 'task.stoppedReason':
        case 'container.reason':
        case 'container.exitCode':
        case 'container.log':
        case 'service.event':
        case 'deployment.rolloutStateReason':
            return RULES;
    }
}
const inOrder = (...rooms) => [...new Set(rooms.flat())];
const FOR_CALLS = inOrder(NORMAL, CALLS, RUNTIME, BUILDS, REST);
const FOR_ECS = inOrder(NORMAL, ROLES, BALANCER, NETWORK, FOR_CALLS);
const FOR_BUILDS = inOrder(REGISTRY, IMAGE, BUILDS, CREDENTIALS, NORMAL, RUNTIME, CALLS, REST);

;// CONCATENATED MODULE: ./src/diagnosis/text.ts
/** Longer messages are build output, whose end tells most, or noise. */
const LIMIT = 20_000;
const HALF = LIMIT / 2;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;]{0,20}[A-Za-z]/g;
/** BuildKit's own log of a cache that is not there yet: the block of one step, up to its last line. */
const CACHE_MISS = /^#\d+ ERROR: [^\n]{0,500}not found\n(?:-{3,}\n)? ?> importing cache manifest[^\n]{0,500}(?::\n|\n|$)|^#(\d+) importing cache manifest[^\n]{0,500}\n#\1 ERROR: [^\n]{0,500}\n/gm;
/**
 * The message as rules read it: plain quotes, no colours, one line (build output keeps its lines, without the runner's
 * time stamps and without the misses of a cache when another error follows), at most 20,000 characters.
 */
function normalise(text, surface) {
    const short = text.length > LIMIT ? `${text.slice(0, HALF)}\n${text.slice(-HALF)}` : text;
    const plain = short
        .replace(COLOURS, '')
        .replace(/[\u2018\u2019\u201B]/g, "'")
        .replace(/[\u201C\u201D]/g, '"')
        .replace(/\u00A0/g, ' ')
        .replace(/\r\n?/g, '\n');
    if (surface !== 'buildx.stderr')
        return plain.replace(/\s+/g, ' ').trim();
    const lines = plain
        .replace(/[^\S\n]+/g, ' ')
        .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
        .replace(/^(?:Error: )?buildx (?:call )?failed with: /gm, '')
        .trim();
    return /^(?:ERROR|error): /m.test(lines) ? lines.replace(CACHE_MISS, '') : lines;
}
/** Names that users gave: behind `(service `, in a repository of ECR, and in ARNs. */
const NAMED = /(\(service |\.dkr[.-]ecr[.-][\w.-]{1,80}\/(?:v2\/)?|:(?:assumed-role|role|user|targetgroup|cluster|service|task-definition|repository|parameter)\/|:secret:|:log-group:\/?)(?!registry\b|aws-service-role|AWSServiceRole|zq[a-z]\b)([\w.-]{1,255}(?:\/(?!manifests\b|blobs\b|ECS|ecs-|GitHub)[\w.-]{1,255}){0,5})/g;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** The message without the names that users gave: a service called firelens-app is no trouble of FireLens. */
function mask(text) {
    const names = [];
    const masked = text.replace(NAMED, (whole, before, name) => {
        const known = names.indexOf(name);
        const at = known >= 0 ? known : names.length;
        if (at >= LETTERS.length)
            return whole;
        if (known < 0)
            names.push(name);
        return `${before}zq${LETTERS[at]}`;
    });
    return {
        text: masked,
        restore: (part) => part.replace(/\bzq([a-z])\b/g, (token, letter) => names[LETTERS.indexOf(letter)] ?? token),
    };
}

;// CONCATENATED MODULE: ./src/diagnosis/explain.ts


const SEVERITY = {
    hopeless: 'failure',
    ambiguous: 'failure',
    symptom: 'failure',
    unknown: 'failure',
    blocked: 'warning',
    'self-heals': 'warning',
    normal: 'normal',
};
/**
 * One message explained; a text that no rule knows is shown as it is and called unknown. Where the message is only a
 * symptom, the reasons that stood beside it (`reason`, `stoppedReason`) are asked as well.
 */
function diagnose(evidence) {
    const said = explain(evidence);
    if (!tellsNoCause(said) && !EXIT_CODE_ONLY.has(said.rule))
        return said;
    for (const field of ['reason', 'containerReason', 'stoppedReason', 'statusReason']) {
        const text = evidence.context[field];
        if (typeof text !== 'string' || text === evidence.text)
            continue;
        const beside = explain({ ...evidence, text });
        if (!tellsNoCause(beside) && !EXIT_CODE_ONLY.has(beside.rule))
            return { ...beside, evidence };
    }
    return said;
}
const tellsNoCause = ({ nature }) => nature === 'symptom' || nature === 'unknown';
/** What is told from an exit code alone: a reason beside it knows better (OutOfMemoryError with exit code 137). */
const EXIT_CODE_ONLY = new Set([
    'app-crash',
    'sigkill-stop-timeout',
    'sigterm-exit',
    'segfault',
    'essential-container-exited-zero',
]);
/** Rows that repeat what was said. */
const SAYS_LITTLE = new Set(['unknown', 'build-failed', 'access-denied']);
/** Build output is read line by line first; what was wrapped into short lines is read as one. */
function explain(evidence) {
    const text = spelled(normalise(evidence.text, evidence.surface), evidence);
    const said = lookUp(text, evidence);
    if (!SAYS_LITTLE.has(said.rule) || !text.includes('\n'))
        return said;
    const whole = lookUp(text.replace(/\s+/g, ' '), evidence);
    return SAYS_LITTLE.has(whole.rule) ? said : whole;
}
/** An exit code that stands alone, or only beside the text, in words. */
function spelled(text, { surface, context }) {
    if (surface !== 'container.exitCode' || !/^-?\d{0,10}$/.test(text))
        return text;
    const code = text || context.exitCode;
    return code === undefined || code === null ? text : `exit code ${String(code)}`;
}
function lookUp(text, evidence) {
    const masked = mask(text);
    const said = { text, words: {}, context: evidence.context, surface: evidence.surface };
    for (const rule of rulesFor(evidence.surface)) {
        const found = find(rule, said, masked);
        if (found)
            return told(rule, found, evidence);
    }
    return {
        rule: 'unknown',
        nature: 'unknown',
        severity: 'failure',
        transient: false,
        cause: evidence.text.trim() === '' ? 'No reason was given.' : evidence.text,
        remedy: 'This message is not known here: look it up in the troubleshooting pages of Amazon ECS, with what happened just before it.',
        link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html',
        evidence,
    };
}
/** Whether a row matches is asked without the names of users; what is told has them. */
function find(rule, said, { text, restore }) {
    if (rule.surfaces && !rule.surfaces.includes(said.surface))
        return undefined;
    for (const pattern of rule.match) {
        const match = pattern.exec(text);
        if (!match)
            continue;
        const found = { ...said, text, words: match.groups ?? {} };
        if (rule.unless?.test(text) || rule.when?.(found) === false)
            return undefined;
        const words = Object.entries(found.words).map(([name, word]) => [name, word && restore(word)]);
        return { ...said, words: Object.fromEntries(words) };
    }
    return undefined;
}
const say = (words, found) => (typeof words === 'string' ? words : words(found)).trim();
const told = (rule, found, evidence) => ({
    rule: rule.id,
    nature: rule.nature,
    severity: rule.severity ?? SEVERITY[rule.nature],
    transient: rule.transient ?? rule.nature === 'self-heals',
    cause: say(rule.cause, found),
    remedy: say(rule.remedy, found),
    link: rule.link,
    evidence,
});

// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
;// CONCATENATED MODULE: ./src/diagnosis/failures.ts


/** Rows that only repeat what was said: the failure's own words stand. */
const SAYS_NO_MORE = new Set(['unknown', 'request-refused', 'access-denied', 'build-failed', 'quota-reached']);
/**
 * A failure whose message and remedy are the root cause of what an AWS call or `docker buildx build` said. Failures
 * that a room has already put into words of its own, and texts that the table does not know, come back as they are.
 */
function diagnoseFailure(failure) {
    const found = ofCall(failure) ?? ofBuild(failure);
    if (!found || SAYS_NO_MORE.has(found.rule) || found.severity === 'normal')
        return failure;
    const said = failure.api ? `${callOf(failure.api)}: ${failure.api.message}` : failure.message;
    return new src_failure/* Failure */.H(failure.code, `${found.cause} (${oneLine(said)})`, {
        remedy: found.link ? `${found.remedy} See ${found.link}` : found.remedy,
        mistakes: failure.mistakes,
        cause: failure.cause,
        ...(failure.api ? { api: failure.api } : {}),
    });
}
const callOf = ({ service, operation }) => `${service}:${operation}`;
const oneLine = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 400);
/** Only what the adapters worded themselves: `ecs:UpdateService failed: ...`. */
function ofCall({ api, message }) {
    if (!api || !message.startsWith(`${callOf(api)} failed: `))
        return undefined;
    const surface = api.service === 'ecr' ? 'api.ecr' : api.service === 'sts' ? 'api.sts' : 'api.ecs';
    const text = /^(?:Error|unknown)?$/i.test(api.name) ? api.message : `${api.name}: ${api.message}`;
    return diagnose({ surface, text, context: { operation: api.operation } });
}
function ofBuild({ code, message, cause }) {
    if (code !== 'BUILD_FAILED' && code !== 'PUSH_FAILED')
        return undefined;
    return diagnose({ surface: 'buildx.stderr', text: typeof cause === 'string' ? cause : message, context: {} });
}

;// CONCATENATED MODULE: ./src/diagnosis/task.ts

const NO_DEPENDENCIES = new Map();
/** ECS, a user or EC2 ended the task from outside: what its containers then did is the consequence. */
const FROM_OUTSIDE = new Set([
    'UserInitiated',
    'ServiceSchedulerInitiated',
    'SpotInterruption',
    'TerminationNotice',
    'InfrastructureHealth',
]);
const HEALTH = new Set(['container-health-check', 'elb-health-check', 'elb-unreachable']);
/** Rows that say where something failed, and not why: any other cause tells more. */
const VAGUE = new Set([
    'image-pull-unknown',
    'container-start-failed',
    'container-create-failed',
    'resource-initialization-failed',
    'secret-unreadable-truncated',
    'log-setup-failed',
]);
const WEIGHT = {
    hopeless: 0,
    ambiguous: 10,
    blocked: 20,
    'self-heals': 30,
    unknown: 40,
    symptom: 50,
    normal: 60,
};
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Reads `dependsOn` of a task definition. */
function dependenciesOf(definition) {
    const named = (entry) => isObject(entry) && typeof entry.containerName === 'string' ? [entry.containerName] : [];
    return new Map(definition.containerDefinitions.map(({ name, dependsOn }) => [
        name,
        Array.isArray(dependsOn) ? dependsOn.flatMap(named) : [],
    ]));
}
/**
 * Why a task stopped: the container that failed first and not those that were ended with it, a root cause before a
 * symptom. ECS gives no time for the end of a container, so what others depend on is taken to have failed first, and
 * SIGTERM (143) or SIGKILL (137) beside another's own failure to be the consequence of it.
 * @param essential names of the essential containers; undefined: all
 * @param dependsOn as `dependenciesOf` reads them
 * @returns undefined when the task has not stopped, or nothing says why
 */
function diagnoseTask(task, essential, dependsOn = NO_DEPENDENCIES) {
    if (task.lastStatus !== 'STOPPED' && task.stoppedReason === undefined)
        return undefined;
    const context = fieldsOf(task);
    const stopped = task.stoppedReason
        ? diagnose({ surface: 'task.stoppedReason', text: task.stoppedReason, context })
        : undefined;
    const found = HEALTH.has(stopped?.rule ?? '')
        ? unhealthy(task, stopped, essential)
        : FROM_OUTSIDE.has(task.stopCode ?? '') || stopped?.nature === 'self-heals'
            ? stopped
            : firstFailed(task, stopped, { essential, dependsOn });
    return found && { ...found, taskId: task.id };
}
const fieldsOf = ({ stopCode, launchType }) => ({
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(launchType === undefined ? {} : { launchType }),
});
/** A failed health check ended the task; only a container that was out of memory before that tells more. */
function unhealthy(task, stopped, essential) {
    const starved = task.containers
        .flatMap((container) => explainContainer(container, task, essential) ?? [])
        .find(({ rule }) => rule === 'oom');
    if (starved)
        return starved;
    const sick = task.containers.find(({ healthStatus }) => healthStatus === 'UNHEALTHY')?.name;
    const named = stopped?.rule === 'container-health-check' && sick;
    return stopped && named ? { ...stopped, container: sick } : stopped;
}
function explainContainer({ name, reason, exitCode }, task, essential) {
    if (reason === undefined && exitCode === undefined)
        return undefined;
    const context = {
        ...fieldsOf(task),
        container: name,
        ...(exitCode === undefined ? {} : { exitCode }),
        ...(essential === undefined ? {} : { essential: essential.has(name) }),
    };
    const byCode = exitCode === undefined
        ? undefined
        : diagnose({ surface: 'container.exitCode', text: `exit code ${exitCode}`, context });
    const byReason = reason ? diagnose({ surface: 'container.reason', text: reason, context }) : undefined;
    const vague = byReason === undefined || (byReason.nature === 'unknown' && byCode !== undefined);
    const found = vague ? byCode : byReason;
    return found && { ...found, container: name };
}
function firstFailed(task, stopped, shape) {
    const explained = task.containers.flatMap((container) => explainContainer(container, task, shape.essential) ?? []);
    const blamed = new Set(task.containers.flatMap(({ reason }) => /dependency \[([^\]]+)\] for target/.exec(reason ?? '')?.[1] ?? []));
    const ownFailure = explained.some(({ rule }) => rule !== 'sigterm-exit' && rule !== 'sigkill-stop-timeout');
    const weight = (diagnosis) => {
        const { rule, nature, container = '' } = diagnosis;
        if (rule === 'sigterm-exit' || (rule === 'sigkill-stop-timeout' && ownFailure))
            return 45;
        if (blamed.has(container))
            return WEIGHT.ambiguous;
        return WEIGHT[nature] + (VAGUE.has(rule) ? 5 : rule === 'essential-container-exited-zero' ? 2 : 0);
    };
    const ordered = [...explained].sort((a, b) => weight(a) - weight(b) || depth(b, shape.dependsOn) - depth(a, shape.dependsOn));
    const [first] = ordered.map((diagnosis) => (blamed.has(diagnosis.container ?? '') ? asCause(diagnosis) : diagnosis));
    if (!first || !stopped)
        return first ?? stopped;
    return weight(first) <= weight(stopped) ? first : stopped;
}
/** A helper that was not essential, and yet others waited for its success. */
const asCause = (diagnosis) => diagnosis.rule === 'helper-container-exited'
    ? {
        ...diagnosis,
        rule: 'app-crash',
        nature: 'ambiguous',
        severity: 'failure',
        cause: `The container ${diagnosis.container ?? ''}, for which others wait (dependsOn), failed: ${diagnosis.evidence.text}.`,
        remedy: 'Read its last log lines (CloudWatch Logs): the error is there.',
    }
    : diagnosis;
/** How many containers wait for this one, directly or not; a cycle (which ECS refuses) ends the walk. */
function depth({ container }, dependsOn) {
    const waiting = new Set();
    const queue = [container ?? ''];
    for (const name of queue) {
        for (const [other, needs] of dependsOn) {
            if (needs.includes(name) && !waiting.has(other)) {
                waiting.add(other);
                queue.push(other);
            }
        }
    }
    return waiting.size;
}

;// CONCATENATED MODULE: ./src/diagnosis/diagnose.ts



const RANK = ['hopeless', 'ambiguous', 'blocked', 'unknown', 'symptom', 'self-heals', 'normal'];
/** Root causes before symptoms, each cause once. */
function rank(diagnoses) {
    const first = new Map();
    for (const diagnosis of diagnoses) {
        const key = `${diagnosis.rule} ${diagnosis.cause}`;
        if (!first.has(key))
            first.set(key, diagnosis);
    }
    return [...first.values()].sort((a, b) => RANK.indexOf(a.nature) - RANK.indexOf(b.nature));
}


/***/ })

};
