import type { Fault, Subject } from '../diagnosis.ts';
import { GUIDE, maybe, OF_ECS, type Rule, type Say } from './rule.ts';

const PARAMETERS = `${GUIDE}/task_definition_parameters.html`;
const SERVICE = `${GUIDE}/service_definition_parameters.html`;
const EXEC = `${GUIDE}/ecs-exec-troubleshooting.html`;

interface Refusal {
  readonly match: readonly RegExp[];
  readonly unless?: RegExp;
  readonly failure: Fault;
  readonly cause: Say;
  readonly remedy: Say;
  readonly technology?: NonNullable<Rule['technology']>;
}
const row =
  (id: string, subject: Subject, link: string) =>
  (refusal: Refusal): Rule => ({
    id,
    subject,
    link,
    nature: 'permanent',
    ...OF_ECS,
    ...refusal,
  });
const request = row(
  'request-refused',
  'request',
  'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html',
);
const taskDefinition = row('taskdef-malformed', 'task-definition', PARAMETERS);
const onFargate = row('taskdef-unsupported-on-fargate', 'task-definition', PARAMETERS);
const missingField = row('taskdef-missing-field', 'task-definition', PARAMETERS);
const service = row('request-refused', 'service', SERVICE);
const capacity = row('capacity-provider-invalid', 'capacity', `${GUIDE}/cluster-capacity-providers.html`);
const exec = row('execute-command-not-enabled', 'container', EXEC);

/** ECS's own checks of a task definition, whose words do not name the field that has to change. */
const OF_TASK_DEFINITIONS: readonly Rule[] = [
  taskDefinition({
    match: [
      /memory ?reservation\b.{0,160}(?:greater|less|lower|smaller|larger|more|exceed)|(?:greater|less|lower|smaller|larger|more) (?:than |or equal (?:to )?)+(?:the )?['"`]?memory ?reservation/i,
    ],
    failure: 'conflict',
    cause: ({ text }) =>
      `The hard limit \`memory\` of the container${maybe(/container ['"]?([\w-]{1,255})/i.exec(text)?.[1])} is below its \`memoryReservation\` (soft limit), or both do not fit the memory of the task.`,
    remedy:
      'Set memoryReservation of that container below its memory, and memory at most to that of the task (input `memory`); or leave memoryReservation out.',
  }),
  taskDefinition({
    technology: 'secrets-manager',
    match: [
      /(?<store>Systems Manager|Secrets Manager)? ?(?:parameter )?(?:name|ARN|secret) specified for secret (?<secret>[\w.-]{1,255}) is (?:invalid|not valid)/i,
    ],
    failure: 'invalid',
    cause: ({ words: { secret } }) =>
      `valueFrom of the secret ${secret} in the task definition is neither the name or ARN of a parameter nor the ARN of a secret: what is not an ARN of Secrets Manager is read as the name of a parameter.`,
    remedy: ({ words: { secret } }) =>
      `Write in valueFrom of ${secret} (input \`secrets\`) the whole ARN of the secret (arn:aws:secretsmanager:...:secret:NAME-AbCdEf, with :KEY:: for one key of its JSON) or the name or ARN of the parameter. Look for the value itself in its place, a blank, a quotation mark or a variable that is not filled.`,
  }),
  onFargate({
    technology: 'firelens',
    match: [/firelens ?configuration\b.{0,60}config[- ]file.{0,40}\bs3\b/i],
    failure: 'conflict',
    cause:
      'firelensConfiguration of the log router reads its configuration file from S3 (config-file-type s3), which Fargate does not support.',
    remedy:
      'Put the file into the image of the log router and name it with config-file-type file and config-file-value /PATH, or use the image aws-for-fluent-bit:init-latest, which fetches it from S3 (aws_fluent_bit_init_s3_1 in its environment).',
  }),
  taskDefinition({
    match: [/image\b.{0,300}\btag (?:must not|cannot|can not|should not) be empty|invalid image.{0,200}:['"]?(?:$| )/i],
    failure: 'missing',
    cause: 'The image reference of a container ends without a tag: what the workflow put behind the colon is empty.',
    remedy:
      'Fill the variable that the tag comes from (input `image` or `tags`): an output of an earlier step or job that does not exist is an empty text.',
  }),
  taskDefinition({
    technology: 'firelens',
    match: [/firelensConfiguration (?:object )?is specified, at least one container/i],
    failure: 'conflict',
    cause:
      'The task definition has a log router (firelensConfiguration), and no container sends its log there: each has another log driver than awsfirelens, which ECS refuses.',
    remedy:
      'Set the log driver awsfirelens on a container whose log the router is to get (logConfiguration.logDriver, input `log-configuration-log-driver`), or take firelensConfiguration out of the router (and the router itself) where no container uses it any more.',
  }),
  taskDefinition({
    technology: 'firelens',
    match: [
      /firelens log driver .{0,120}firelensConfiguration must be provided|awsfirelens\b.{0,120}(?:requires?|must).{0,80}firelensConfiguration/i,
    ],
    failure: 'missing',
    cause:
      'A container uses the log driver awsfirelens, and no container of the task definition is the log router (firelensConfiguration).',
    remedy:
      'Add a container with `"firelensConfiguration": {"type": "fluentbit"}`, the image public.ecr.aws/aws-observability/aws-for-fluent-bit and `essential: true`, or use another log driver (input `log-configuration-log-driver`).',
  }),
  missingField({
    match: [/at least one (?:container .{0,40})?essential|at least one .{0,40}\bessential\b|essential set to true/i],
    failure: 'missing',
    cause: 'No container of the task definition is essential (`essential: true`), and ECS asks for at least one.',
    remedy: 'Set `essential: true` on the main container, or leave `essential` out: true is the default.',
  }),
  taskDefinition({
    match: [
      /(?:host|container) ?ports? (?<port>\d{1,5})? ?(?:is |are )?(?:already )?(?:duplicated?|used)|duplicate (?:host|container) ?port:? ?(?<port2>\d{1,5})?/i,
    ],
    failure: 'conflict',
    cause: ({ words: { port, port2 } }) =>
      `Two entries of portMappings in the task definition use the same port${maybe(port ?? port2)}; with networkMode awsvpc or host all containers of the task share their ports.`,
    remedy:
      'Let each container listen on a containerPort of its own and correct its portMappings, or remove the entry that stands twice.',
  }),
  taskDefinition({
    match: [/dependency container .{0,80}(?:can ?not|must not) be (?:an )?essential/i],
    failure: 'conflict',
    cause:
      'A container waits (dependsOn) for the end (COMPLETE) or success (SUCCESS) of a container that is essential: when that one ends, the whole task stops.',
    remedy:
      'Set `essential: false` on the container that the other waits for, or wait for START or HEALTHY in `dependsOn`.',
  }),
  taskDefinition({
    match: [/(?:circular|cyclic|cycles?)\b.{0,60}\bdependen|dependen\w{2,5}\b.{0,60}\b(?:circular|cycles?|itself)\b/i],
    failure: 'conflict',
    cause: 'The containers wait for each other in a circle (dependsOn, links or volumesFrom).',
    remedy: 'Remove one `dependsOn` entry of the circle, so that one container starts first.',
  }),
  taskDefinition({
    match: [/log driver (?<driver>[\w-]{2,40}) requires options?:? ?(?<options>[\w, -]{3,200})/i],
    failure: 'missing',
    cause: ({ words: { driver, options } }) =>
      `logConfiguration of a container uses the log driver${maybe(driver)} without the options that it needs: ${options?.trim() ?? ''}.`,
    remedy: ({ words: { options } }) =>
      `Add ${options?.trim() ?? 'them'} to logConfiguration.options of that container (input \`log-configuration-options\`).`,
  }),
  taskDefinition({
    match: [
      /log driver (?<driver>[\w-]{2,40}) (?:disallows|does not (?:allow|support)) options?:? ?(?<options>[\w, -]{3,200})/i,
    ],
    failure: 'invalid',
    cause: ({ words: { driver, options } }) =>
      `The log driver${maybe(driver)} does not take these options of logConfiguration: ${options?.trim() ?? ''}.`,
    remedy: ({ words: { options } }) =>
      `Remove ${options?.trim() ?? 'them'} from logConfiguration.options of the container (input \`log-configuration-options\`), or correct the spelling.`,
  }),
  taskDefinition({
    match: [/(?:^|: )too many containers/i],
    failure: 'exhausted',
    cause: 'The task definition has more containers than the 10 that ECS allows in one.',
    remedy: 'Remove containers, or split them over several task definitions and services.',
  }),
  taskDefinition({
    match: [
      /sum of (?:all )?(?:the )?container(?:s'?)? ['"]?(?<field>cpu|memory)['"]? values? (?:can ?not|must not|should not|exceeds?)/i,
      /(?:total|combined|sum of) .{0,40}(?<field>cpu|memory).{0,60}containers?.{0,60}(?:greater|more|exceed)/i,
      /Invalid ['"]?(?<field>memory|cpu)['"]? setting for container.{0,300}(?:exceed|greater|more) .{0,40}task/i,
    ],
    failure: 'conflict',
    cause: ({ words: { field = 'cpu' } }) =>
      `The containers ask for more ${field} together than the task has (\`${field}\` at the task level).`,
    remedy: ({ words: { field = 'cpu' } }) =>
      `Raise ${field} of the task (input \`${field}\`), or lower ${field === 'memory' ? 'memory and memoryReservation' : 'cpu'} of the containers until their sum fits.`,
  }),
  taskDefinition({
    match: [
      /secret names? must be unique and not shared.{0,120}environment variables?(?:.{0,60}?['"](?<variable>[\w.-]{1,255})['"])?/i,
    ],
    failure: 'conflict',
    cause: ({ words: { variable } }) =>
      `The same variable${maybe(variable)} is set twice in a container: in \`secrets\` and in \`environment\` (or twice in \`secrets\`).`,
    remedy: ({ words: { variable } }) =>
      `Keep${maybe(variable) || ' it'} in one of the two only (inputs \`secrets\`, \`environment-variables\`): remove it from \`environment\` where the value is a secret.`,
  }),
  onFargate({
    match: [
      /Fargate only supports? network ?mode|network ?mode\b.{0,60}(?:not (?:supported|valid|compatible)|unsupported|must be).{0,60}(?:Fargate|awsvpc)/i,
    ],
    failure: 'conflict',
    cause: 'The task definition is for Fargate and has another networkMode than awsvpc, the only one that Fargate has.',
    remedy:
      'Set `networkMode: "awsvpc"` in the task definition; the service then needs networkConfiguration, and hostPort must be left out or equal to containerPort.',
  }),
  taskDefinition({
    match: [
      /health ?check command\b.{0,120}(?:required|must|should|prefix|begin|start|empty|CMD)|\bCMD-SHELL\b.{0,80}(?:must|should|required)|(?:must|should).{0,60}\bCMD-SHELL\b/i,
    ],
    failure: 'invalid',
    cause:
      'The health check (`healthCheck`) of a container has no command, or one that does not begin with CMD or CMD-SHELL.',
    remedy:
      'Write `"command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"]`, or ["CMD", "program", "argument"] without a shell.',
  }),
  taskDefinition({
    match: [
      /container names? (?:must|should) be unique|duplicate container names?:? ?['"]?(?<container>[\w-]{1,255})?|containers? .{0,40}(?:same|duplicate) name/i,
    ],
    failure: 'conflict',
    cause: ({ words: { container } }) =>
      `Two containers in \`containerDefinitions\` have the same name${maybe(container)}.`,
    remedy:
      'Give each container a name of its own, and correct dependsOn, links and the load balancer of the service with it.',
  }),
  taskDefinition({
    match: [
      /root ?directory\b.{0,120}access ?point|access ?point\b.{0,120}(?:root ?directory|transit ?encryption|encryption in transit)|transit ?encryption\b.{0,80}(?:must|required|enabled)/i,
    ],
    failure: 'conflict',
    cause: ({ text }) =>
      /encryption/i.test(text)
        ? 'efsVolumeConfiguration uses an access point or IAM without transitEncryption.'
        : 'efsVolumeConfiguration has a rootDirectory beside an access point, which sets the directory itself.',
    remedy: ({ text }) =>
      /encryption/i.test(text)
        ? 'Set `transitEncryption: "ENABLED"` in efsVolumeConfiguration.'
        : 'Remove rootDirectory from efsVolumeConfiguration (or set it to "/").',
  }),
  taskDefinition({
    match: [/ephemeral ?storage\b.{0,120}(?:between|at least|minimum|maximum|greater|less|range)/i],
    failure: 'invalid',
    cause: 'ephemeralStorage.sizeInGiB of the task definition is outside of what Fargate gives: 21 to 200 GiB.',
    remedy: 'Write a whole number from 21 to 200; for 20 GiB, the default, leave ephemeralStorage out.',
  }),
  taskDefinition({
    match: [
      /(?<what>links|hostname|extra ?hosts|dns ?servers|dns ?search ?domains)\b.{0,60}(?:not supported|can ?not be|not allowed|unsupported).{0,60}(?:awsvpc|network ?mode)/i,
    ],
    failure: 'conflict',
    cause: ({ words: { what } }) =>
      `A container has \`${camelOf(what)}\`, which networkMode awsvpc (or host) does not have.`,
    remedy: ({ words: { what } }) =>
      /links/i.test(what ?? '')
        ? 'Remove `links`: with awsvpc the containers of a task reach each other at localhost and the containerPort.'
        : `Remove \`${camelOf(what)}\` from the container definition, or use networkMode bridge (EC2 only).`,
  }),
];

const camelOf = (words = 'links'): string =>
  words.toLowerCase().replace(/\s(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What keeps a cluster, and how it goes away. */
const HOLDERS: readonly (readonly [RegExp, string])[] = [
  [/service/i, 'Delete its services first (aws ecs delete-service --force), then the cluster.'],
  [
    /instance/i,
    'Deregister its container instances first (scale the Auto Scaling group to 0), then delete the cluster.',
  ],
  [/task/i, 'Stop its tasks first (aws ecs stop-task), then delete the cluster.'],
];

/** The Cloud Map record and the network mode, the target group and its service: what belongs together. */
const OF_NEIGHBOURS: readonly Rule[] = [
  service({
    match: [
      /(?:target group|load balancer)\b.{0,300}\bVPCs?\b.{0,120}(?:does not match|not the same|differ)|(?:target group|load balancer)\b.{0,300}(?:must be in|not in) the same VPC|VPC of the (?:target group|load balancer)/i,
    ],
    failure: 'conflict',
    cause: 'The target group (load balancer) of the service and the subnets of its tasks are in different VPCs.',
    remedy:
      'Use a target group in the VPC of the subnets of the service (networkConfiguration), or subnets of the VPC of the load balancer; the VPC of a target group cannot be changed.',
  }),
  service({
    match: [/dynamic host port\b.{0,60}\btarget group\b.{0,300}health check port specified/i],
    failure: 'conflict',
    cause: ({ text }) =>
      `The task definition has a dynamic host port (hostPort 0), and the health check of the target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])} asks a fixed port.`,
    remedy:
      'Set the health check port of the target group to traffic-port (aws elbv2 modify-target-group --health-check-port traffic-port), or give the container a fixed hostPort.',
  }),
  service({
    match: [/at least one of maximumPercent or minimumHealthyPercent/i],
    failure: 'missing',
    cause:
      'The deploymentConfiguration of the request is empty: ECS asks for maximumPercent or minimumHealthyPercent in it.',
    remedy:
      'Give minimumHealthyPercent or maximumPercent (inputs `minimum-healthy-percent`, `maximum-percent`), or leave deploymentConfiguration out.',
  }),
  service({
    match: [
      /minimum capacity (?:can ?not|must not|should not) be (?:greater|larger|more)|MinCapacity.{0,60}(?:greater|exceed).{0,40}MaxCapacity/i,
    ],
    failure: 'conflict',
    cause: 'The minimum capacity of the scalable target is larger than its maximum.',
    remedy:
      'Lower --min-capacity or raise --max-capacity of register-scalable-target, so that the minimum is at most the maximum.',
  }),
  row(
    'platform-version-unsupported',
    'service',
    `${GUIDE}/platform_versions.html`,
  )({
    technology: 'efs',
    match: [/specified platform does not satisfy/i],
    failure: 'conflict',
    cause:
      'The Fargate platform version of the request does not offer what the task definition needs (requiresAttributes).',
    remedy:
      'Use platform version LATEST (input `platform-version`): 1.4.0 or newer is needed for EFS volumes, ephemeralStorage, secrets by JSON key and Windows.',
  }),
  service({
    match: [
      /\bnamespace["']? ?\((?<namespace>[\w.-]{1,255})\) is an invalid ARN|namespace.{0,80}(?:invalid|not (?:a )?valid) ARN/i,
    ],
    failure: 'invalid',
    cause: ({ words: { namespace } }) =>
      `The tool takes the Cloud Map namespace only as an ARN, and was given a name${maybe(namespace)}.`,
    remedy: [
      'Create the namespace first and give its ARN',
      { examples: [{ for: 'terraform', words: 'in Terraform aws_service_discovery_http_namespace.NAME.arn' }] },
      '.',
    ],
  }),
  service({
    match: [/NoUpdateAvailable/],
    failure: 'none',
    cause: 'The ECS agent of the container instance already has the newest version that can be installed over it.',
    remedy: 'Nothing to do for the agent; leave the call out, or take this answer as "up to date".',
  }),
  service({
    match: [/MissingVersionException|can't determine the current version of the Amazon ECS container agent/i],
    failure: 'missing',
    cause:
      'ECS does not know the version of the agent on the container instance: the agent is not connected, or too old to report it.',
    remedy:
      'See agentConnected in describe-container-instances and restart the agent (systemctl restart ecs); replace the instance with one of the current ECS-optimized AMI where it stays so.',
  }),
  service({
    match: [
      /referenced task was not found|^(?:\w+: )?(?:The )?task ['"]?\S{0,255}['"]? ?(?:was |could )?not (?:be )?found/i,
    ],
    failure: 'missing',
    cause:
      'There is no such task in that cluster: ECS keeps a stopped task for about an hour, and the cluster or Region may be another.',
    remedy:
      'Take the ARN from aws ecs list-tasks of the same cluster (with --desired-status STOPPED for ended ones); check the inputs `cluster` and `aws-region`.',
  }),
  service({
    match: [/ResourceNotFoundException|specified resource (?:was not|could not be) found/i],
    failure: 'missing',
    cause: ({ reading }) =>
      `The resource whose ARN ${reading.operation ?? 'the request'} names does not exist in this account and Region, or was deleted meanwhile.`,
    remedy:
      'Compare the ARN with the describe call of that resource; a service needs its long ARN (service/CLUSTER/NAME).',
  }),
  service({
    match: [/TargetNotFoundException/],
    failure: 'missing',
    cause: 'There is no such container instance (or other target) in that cluster and Region.',
    remedy:
      'Take the id or ARN from aws ecs list-container-instances of the same cluster; check the inputs `cluster` and `aws-region`.',
  }),
];

/** What Elastic Load Balancing says to the tools that make the load balancer of a service. */
const balancer = row(
  'request-refused',
  'load-balancer',
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html',
);
const OF_BALANCERS: readonly Rule[] = [
  balancer({
    match: [
      /health check (?<what>matcher)s?\b[^.\n]{0,80}\btarget groups? with the (?<protocol>TCP|UDP|TLS|TCP_UDP) protocol/i,
      /(?<what>matcher)s? (?:is|are) not supported[^.\n]{0,60}\b(?<protocol>TCP|UDP|TLS|TCP_UDP)\b/i,
    ],
    failure: 'conflict',
    cause: ({ words: { what = 'matcher', protocol = 'TCP' } }) =>
      `The health check of the target group has a ${what.toLowerCase()}, and its protocol is ${protocol}: a check that only connects reads no answer.`,
    remedy: ({ words: { what = 'matcher' } }) =>
      `Remove the ${what.toLowerCase()} (Matcher of the target group) from the request, or set HealthCheckProtocol to HTTP where the application answers HTTP. A tool that keeps the old value needs it set to nothing, or a new target group.`,
  }),
  balancer({
    match: [
      /TargetGroupAssociationLimit|target groups? cannot be associated with more than one load balancer:? ?(?<arn>arn:\S{1,300})?/i,
    ],
    failure: 'conflict',
    cause: ({ text }) =>
      `The target group${maybe(/arn:aws[\w-]*:elasticloadbalancing:[^\s'")]+/.exec(text)?.[0])} already belongs to another load balancer, and a target group can belong to one only.`,
    remedy:
      'Create a target group for this load balancer, or remove the old one from the listeners and rules of the other load balancer first.',
  }),
  balancer({
    match: [/target group ['"]?(?<arn>arn:\S{1,300}?)['"]? is currently in use by a listener or a rule/i],
    failure: 'conflict',
    cause: ({ words: { arn } }) =>
      `The target group${maybe(arn)} cannot be deleted: a listener or a listener rule still forwards to it.`,
    remedy: [
      'Point that listener or rule to another target group, or delete it first.',
      { for: 'terraform', words: ' In Terraform give the new target group another name with create_before_destroy.' },
    ],
  }),
  balancer({
    match: [/PriorityInUse|Priority ['"]?(?<priority>\d{1,5})['"]? is currently in use/i],
    failure: 'conflict',
    cause: ({ text }) =>
      `The listener already has a rule with the priority${maybe(/Priority ['"]?(\d{1,5})/.exec(text)?.[1])}.`,
    remedy:
      'Choose a priority that no rule of the listener has (aws elbv2 describe-rules), or leave it out where the tool can choose one.',
  }),
  balancer({
    match: [
      /(?<kind>target group|load balancer) name ['"]?(?<name>[\w-]{1,255})['"]? (?:cannot|can't|must not) be longer than ['"]?(?<limit>\d{1,3})/i,
    ],
    failure: 'invalid',
    cause: ({ words: { kind, name, limit } }) =>
      `The name of the ${kind?.toLowerCase() ?? 'resource'}${maybe(name)} is longer than ${limit ?? '32'} characters.`,
    remedy: [
      'Shorten the name, or let the tool make one',
      {
        examples: [
          { for: 'terraform', words: 'name_prefix in Terraform' },
          { for: 'cloudformation', words: 'no name in the CDK' },
        ],
      },
      '.',
    ],
  }),
];

/** What CodeDeploy and CloudFormation's hook for it say; their words look like fields of a service. */
const OF_CODE_DEPLOY: readonly Rule[] = [
  row(
    'request-refused',
    'deployment',
    'https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create.html',
  )({
    technology: 'codedeploy',
    match: [
      /deployment group\b.{0,200}(?:valid pair of target groups|load balanc)|InvalidLoadBalancerInfo|InvalidTargetGroupPair|TargetGroupPair/i,
    ],
    failure: 'missing',
    cause:
      'The CodeDeploy deployment group has no valid pair of target groups with a listener, which blue/green on ECS needs.',
    remedy:
      'Give the deployment group loadBalancerInfo.targetGroupPairInfoList: two target groups and prodTrafficRoute with the listener of the load balancer. The CodeDeploy application must have computePlatform ECS.',
  }),
  row(
    'request-refused',
    'deployment',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/blue-green.html',
  )({
    technology: ['cloudformation', 'codedeploy'],
    match: [
      /logical Id \[(?<id>\w{1,255})\] is the same between initial and final template/i,
      /CodeDeployBlueGreenHook/i,
    ],
    failure: 'failed',
    cause: ({ words: { id }, text }) =>
      id || /is the same between/i.test(text)
        ? `CloudFormation's blue/green hook needs a new logical id for what changed${maybe(id)}; the template has the same one as before.`
        : `CloudFormation's blue/green hook (CodeDeploy) refused the change: ${text}`,
    remedy: ({ words: { id } }) =>
      id
        ? 'Change the task definition or the task set in the way that the hook follows: one update may change only them, and no other resource or output.'
        : 'Read the failure message of the hook in the events of the stack.',
  }),
];

/** ECS's own checks of services, clusters and their tags. */
const OF_SERVICES: readonly Rule[] = [
  service({
    match: [/(?:lifecycle )?hook role\b.{0,300}(?:cannot|could not|can't) be assumed/i],
    failure: 'denied',
    cause: ({ text }) =>
      `ECS cannot take on the role of a lifecycle hook${maybe(/arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,200}/.exec(text)?.[0])}.`,
    remedy:
      'Let the trust policy of that role (roleArn in `lifecycle-hooks`) allow ecs.amazonaws.com sts:AssumeRole, and the role itself lambda:InvokeFunction on the function. A new role takes some seconds to be known everywhere.',
  }),
  service({
    match: [/service has task sets\b|delete (?:the|its|all) task sets/i],
    failure: 'conflict',
    cause: 'The service still has task sets, with which this change cannot be made.',
    remedy:
      'Delete the task sets that do not serve traffic first (aws ecs describe-services: taskSets, aws ecs delete-task-set), then make the change.',
  }),
  row(
    'request-refused',
    'volume',
    SERVICE,
  )({
    match: [
      /volume ?configurations?\b.{0,80}(?:required|must be|missing|not (?:provided|specified))|configured ?at ?launch.{0,80}(?:required|must|missing|no volume configuration)/i,
    ],
    failure: 'missing',
    cause: ({ text }) =>
      `The task definition has a volume${maybe(/\[(?<volume>[\w-]{1,255})\]/.exec(text)?.groups?.volume)} that is configured at launch, and the request brings no volumeConfigurations for it.`,
    remedy: ({ reading }) =>
      `Add an entry with the name of that volume to \`volumeConfigurations\` of the ${/^RunTask|^StartTask/.test(reading.operation ?? '') ? 'request' : 'service'} (managedEBSVolume with roleArn and sizeInGiB), or set \`configuredAtLaunch: false\` and give the volume a source in the task definition.`,
  }),
  service({
    match: [/tags? (?:keys? |values? )?contain\w{0,3} invalid characters?/i],
    failure: 'invalid',
    cause: 'The key or value of a tag has a character that AWS does not allow in tags.',
    remedy:
      'Use only letters, digits, spaces and _ . / = + - : @ in keys and values (input `task-definition-tags`): a branch name, a commit message or an author often brings brackets, commas or quotes.',
  }),
  service({
    match: [/new ARN and resource ID format must be enabled/i],
    failure: 'conflict',
    cause:
      'The account (or the role of this job) has not opted in to the long ARN format, and ECS tags only resources with long ARNs.',
    remedy:
      'Opt in once (aws ecs put-account-setting-default --name serviceLongArnFormat --value enabled; taskLongArnFormat and containerInstanceLongArnFormat as well) and run again, or deploy without tags (inputs `propagate-tags`, `enable-ecs-managed-tags`).',
  }),
  service({
    match: [/values for ['"]?containerName['"]? and ['"]?containerPort['"]? must be specified/i],
    failure: 'missing',
    cause:
      'An entry of `serviceRegistries` of the service (Cloud Map) has no containerName and containerPort, which networkMode host and bridge need: their DNS records are SRV.',
    remedy:
      'Add containerName and containerPort, as in the task definition, to that entry of `serviceRegistries`; the Cloud Map service must have SRV records.',
  }),
  service({
    match: [/service can ?not be stopped while (?:it is scaled above 0|the primary deployment is scaled above 0)/i],
    failure: 'conflict',
    cause: 'The service still has tasks (desiredCount above 0), and ECS deletes only a service that is scaled to 0.',
    remedy: 'Set its desired count to 0 first (aws ecs update-service --desired-count 0), or delete it with --force.',
  }),
  service({
    match: [/cluster can ?not be deleted while (?<what>Services|Container ?Instances|Tasks|\w+) are active/i],
    failure: 'conflict',
    cause: ({ words: { what } }) =>
      `The cluster still has ${what?.toLowerCase() ?? 'resources'} that are active, so ECS does not delete it.`,
    remedy: ({ words: { what } }) =>
      HOLDERS.find(([words]) => words.test(what ?? ''))?.[1] ?? 'Remove them first, then delete the cluster.',
  }),
  service({
    match: [/(?:^|: )cluster (?:was|is) not ACTIVE/i],
    failure: 'conflict',
    cause: 'The cluster is not ACTIVE at the moment: it is still being created, changed or deleted.',
    remedy:
      'Wait until describe-clusters shows ACTIVE and run again. Where it shows INACTIVE, the cluster was deleted: create it, or correct the input `cluster`.',
  }),
  service({
    match: [/load ?balancers? can have at most (?<limit>\d{1,2}) items?/i],
    failure: 'exhausted',
    cause: ({ words: { limit } }) =>
      `\`loadBalancers\` of the service has more than the ${limit ?? '5'} target groups that ECS allows.`,
    remedy: 'Remove entries from `loadBalancers` of the service, or split the service.',
  }),
  service({
    match: [
      /(?<what>subnets|security ?groups) can have at most (?<limit>\d{1,2}) items?|at most (?<limit>\d{1,2}) (?<what>subnets|security ?groups)/i,
    ],
    failure: 'exhausted',
    cause: ({ words: { what, limit } }) =>
      `networkConfiguration names more ${what?.toLowerCase() ?? 'entries'} than the ${limit ?? 'number'} that ECS allows.`,
    remedy: ({ words: { what, limit } }) =>
      `Name at most ${limit ?? 'that many'} ${what?.toLowerCase() ?? 'of them'} in networkConfiguration.awsvpcConfiguration.`,
  }),
  service({
    match: [
      /override for container named (?<container>[\w-]{1,255}) is not a container|container ?overrides?\b.{0,80}(?:not (?:found|exist)|does not exist|is not a container)/i,
    ],
    failure: 'missing',
    cause: ({ words: { container } }) =>
      `The overrides of the task name the container${maybe(container)}, which the task definition does not have.`,
    remedy:
      'Write in overrides.containerOverrides the `name` of a container as it stands in containerDefinitions of that revision (upper and lower case count).',
  }),
  service({
    match: [
      /No scalable target (?:was )?found for service namespace: ecs(?:.{0,40}resource ID: (?<resource>service\/[\w./-]{1,300}))?/i,
    ],
    failure: 'missing',
    cause: ({ words: { resource } }) =>
      `The service${maybe(resource)} is not registered with Application Auto Scaling as a scalable target.`,
    remedy:
      'Register it first (aws application-autoscaling register-scalable-target with --resource-id service/CLUSTER/SERVICE), or correct cluster and service name in the resource id.',
  }),
];

const CAPACITIES: readonly Rule[] = [
  row(
    'request-refused',
    'host',
    `${GUIDE}/ecs-agent-config.html`,
  )({
    match: [
      /container instance type changes are not supported(?:.{0,160}registered as (?<type>\w{1,30}\.[\w-]{1,20}))?/i,
    ],
    failure: 'conflict',
    cause: ({ words: { type } }) =>
      `The EC2 instance has another instance type than when it was registered${maybe(type && `(${type})`)}, and ECS keeps the type of a container instance, so its agent ends.`,
    remedy:
      'Deregister the container instance (aws ecs deregister-container-instance --force), delete /var/lib/ecs/data/agent.db on it and start the agent again: it registers as a new one. Better start a new instance of the new type from the launch template.',
  }),
  capacity({
    match: [
      /capacity provider ['"]?(?<provider>[\w-]{1,255})['"]? is not in an? ACTIVE state/i,
      /capacity provider(?:s)? (?:\S{1,255} )?(?:is|are|was) not (?:in an? )?ACTIVE/i,
      /capacity provider (?:\S{1,255} )?.{0,60}(?:has been|was|is being) deleted/i,
    ],
    failure: 'conflict',
    cause: ({ words: { provider } }) =>
      `The capacity provider${maybe(provider)} is not ACTIVE: it is still being created, or is being deleted.`,
    remedy:
      'Wait until describe-capacity-providers shows ACTIVE, then run again. Where it is being deleted, create it again or name another one.',
  }),
  capacity({
    match: [/no capacity providers? with a weight value greater than zero/i],
    failure: 'missing',
    cause: ({ text }) =>
      `${/defined in the default/i.test(text) ? 'The default capacity provider strategy of the cluster' : 'The capacity provider strategy'} has no provider with a weight above 0, so ECS does not know where to place the tasks.`,
    remedy: ({ text }) =>
      /defined in the default/i.test(text)
        ? 'Give a provider of the cluster a weight of 1 or more in its default strategy (aws ecs put-cluster-capacity-providers --default-capacity-provider-strategy), or give the service a launchType or a strategy of its own.'
        : 'Give at least one provider in capacityProviderStrategy a weight of 1 or more.',
  }),
  capacity({
    match: [/managed termination protection\b.{0,200}(?:invalid|must|scale[- ]in)/i],
    failure: 'conflict',
    cause:
      'The capacity provider asks for managed termination protection, and its Auto Scaling group has no instance protection from scale-in.',
    remedy:
      'Turn on "new instances protected from scale in" for the Auto Scaling group (and managed scaling for the provider), or set managedTerminationProtection to DISABLED.',
  }),
  capacity({
    match: [
      /Auto ?Scaling group\b.{0,120}(?:already (?:being )?used|in use|associated) (?:by|with) (?:another|a) capacity provider/i,
    ],
    failure: 'conflict',
    cause: 'The Auto Scaling group already belongs to another capacity provider; each group can have only one.',
    remedy: 'Use that capacity provider, or create a new Auto Scaling group for this one.',
  }),
  capacity({
    match: [
      /capacity provider .{0,200}(?:in use|is being used|still associated|can ?not be (?:deleted|removed|disassociated))/i,
    ],
    failure: 'conflict',
    cause: 'The capacity provider is still in use by a service or its cluster, so it cannot be removed.',
    remedy:
      'Move the services to another strategy first (with `force-new-deployment`), then disassociate the provider from the cluster (put-cluster-capacity-providers) and delete it.',
  }),
];

/** What a request has one too many of, and what an earlier stack has left. */
const OF_LEFTOVERS: readonly Rule[] = [
  request({
    match: [/multiple capacity providers is not supported when using a MANAGED_INSTANCES/i],
    failure: 'conflict',
    cause:
      'The capacity provider strategy has several providers, and one of them is of ECS Managed Instances, which must be the only one.',
    remedy:
      'Keep exactly one provider in capacityProviderStrategy of the service, or leave the strategy out of the update where it does not change (a tool may send it each time).',
  }),
  request({
    match: [/(?<vpc>vpc-\w{4,30})\b[^\n]{0,60}already been associated with the hosted zone (?<zone>\w{4,40})/i],
    failure: 'conflict',
    cause: ({ words: { vpc, zone } }) =>
      `The VPC ${vpc ?? ''} already has a private hosted zone of that domain name (${zone ?? ''}), so a second namespace of the same name cannot be made in it: as a rule one is left over from an earlier stack.`,
    remedy: ({ words: { zone } }) =>
      `Use the namespace that is there (aws servicediscovery list-namespaces), or delete it with its hosted zone ${zone ?? ''} if nothing uses it any more; otherwise take another domain name.`,
  }),
];

/** What ExecuteCommand says. */
const EXECUTE: readonly Rule[] = [
  exec({
    technology: 'kms',
    match: [
      /couldn't start the session because encryption is not set up on the selected (?<what>CloudWatch Logs log group|(?:Amazon )?S3 bucket)/i,
    ],
    failure: 'denied',
    cause: ({ words: { what = 'log group' } }) =>
      `ECS Exec refused the session: the cluster asks for an encrypted ${what}, and the agent in the task could not see that it is. It has no encryption, or the task role may not ask for it.`,
    remedy: ({ words: { what = '' } }) =>
      /bucket/i.test(what)
        ? 'Allow s3:GetEncryptionConfiguration on the bucket (with s3:PutObject) for the task role (input `task-role-arn`), and encrypt the bucket; or set s3EncryptionEnabled to false in executeCommandConfiguration of the cluster.'
        : 'Allow logs:DescribeLogGroups, logs:DescribeLogStreams, logs:CreateLogStream and logs:PutLogEvents for the task role (input `task-role-arn`), and associate a KMS key with the log group; or set cloudWatchEncryptionEnabled to false in executeCommandConfiguration of the cluster.',
  }),
  exec({
    match: [
      /couldn't start the session because we are unable to validate encryption on (?:the selected )?(?<what>CloudWatch Logs log group|(?:Amazon )?S3 bucket)/i,
    ],
    failure: 'denied',
    cause: ({ words: { what = 'log group' } }) =>
      `ECS Exec refused the session: the agent in the task could not ask whether the ${what} of the session is encrypted.`,
    remedy: ({ words: { what = '' } }) =>
      /bucket/i.test(what)
        ? 'Allow s3:GetEncryptionConfiguration on the bucket for the task role (input `task-role-arn`); from another account its policy has to allow it as well.'
        : 'Allow logs:DescribeLogGroups for the task role (input `task-role-arn`), and see that the task reaches CloudWatch Logs.',
  }),
  exec({
    technology: 'kms',
    match: [/Fetching data key failed|unable to retrieve data key/i],
    failure: 'denied',
    cause:
      'ECS Exec could not encrypt the session: the task role, or who runs execute-command, may not use the KMS key of executeCommandConfiguration.',
    remedy:
      'Allow kms:Decrypt on that key for the task role (input `task-role-arn`) and kms:GenerateDataKey for who runs execute-command; see the key policy, too, and that the task reaches KMS.',
  }),
  exec({
    match: [
      /Unable to start (?:command|shell): Failed to start pty[^\n]{0,60}?(?:fork\/exec |exec: ["']?)(?<program>[\w./+-]{1,100})["']?: (?:no such file|executable file not found)/i,
    ],
    failure: 'missing',
    cause: ({ words: { program } }) =>
      `The session of ECS Exec opened, and the container has no program ${program ?? 'of that name'}.`,
    remedy:
      'Name a program that the image has in --command (/bin/sh in place of /bin/bash); a distroless image has no shell at all.',
  }),
  exec({
    match: [/SessionManagerPlugin is not found|session-manager-plugin[^\n]{0,40}not (?:found|installed)/i],
    failure: 'missing',
    cause: 'The AWS CLI needs the Session Manager plugin for execute-command, and this machine does not have it.',
    remedy:
      'Install session-manager-plugin where the command runs (docs of Systems Manager), and see that it is in PATH.',
  }),
  exec({
    match: [
      /Setting up data channel with id \S{1,120} failed[^\n]{0,300}|Cannot perform start session: (?<why>[^\n]{1,160})/i,
    ],
    failure: 'unreachable',
    cause: ({ text }) =>
      `ECS Exec started the session, and its data channel did not come up: ${/Cannot perform start session: [^\n]{1,160}|Setting up data channel with id \S{1,120} failed[^\n]{0,200}/i.exec(text)?.[0] ?? ''}`,
    remedy:
      'Run it from a terminal (it is interactive), with a current session-manager-plugin and a network that lets WebSockets to ssmmessages.REGION.amazonaws.com through (proxy). For Forbidden see the ssmmessages permissions of the task role and the policy of its VPC endpoint.',
  }),
  exec({
    match: [/TargetNotConnected|execute command failed due to an internal error/i],
    failure: 'unreachable',
    cause:
      'The agent of ECS Exec in the task is not connected to Systems Manager for one of four reasons: the task started without ECS Exec, the task role lacks the ssmmessages permissions, the task does not reach the ssmmessages endpoint, or the target names a task or container that does not run.',
    remedy:
      'See enableExecuteCommand of the task and lastStatus of its ExecuteCommandAgent (aws ecs describe-tasks). Allow ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel for the task role (input `task-role-arn`) and let the subnets reach ssmmessages (NAT gateway or VPC endpoint); set enableExecuteCommand of the service, then start new tasks.',
  }),
  exec({
    match: [/Interactive is the only mode supported/i],
    failure: 'missing',
    cause: 'ExecuteCommand was called without interactive mode, the only one that ECS has.',
    remedy: 'Add `--interactive` to aws ecs execute-command (`interactive: true` in an SDK).',
  }),
];

/** ECS reads the type of a resource out of its identifier: where that is not well formed, it names a type that no call takes. */
const OF_IDENTIFIERS: readonly Rule[] = [
  request({
    match: [
      /Unexpected number of separators|Invalid identifier: ?(?!Identifier is for)(?:Unexpected|Expected|Malformed)/i,
    ],
    failure: 'invalid',
    cause: ({ reading: { operation } }) =>
      `An id or ARN in the request${operation ? ` (${operation})` : ''} is malformed: it is not one name or ARN, or it has too many or too few parts.`,
    remedy:
      'Give each id or ARN as a value of its own: several that a variable holds in one string (separated by line breaks, blanks or commas) must be split first. Look for quotes and for an ARN of another kind in it.',
  }),
  request({
    match: [/Unsupported resource type:? ?['"]?(?<type>[\w-]{1,40})/i],
    failure: 'invalid',
    cause: ({ words: { type }, reading: { operation } }) =>
      `An identifier in the request${operation ? ` (${operation})` : ''} is malformed, or the ARN of another kind (${type}): ECS could not read it as what the call asks for.`,
    remedy:
      'Give each field the bare name, or the whole ARN of that kind: no quotes or white space inside the value, no name with a slash. Check the variables behind `cluster`, `service` and the ids of tasks: the ARN of a cluster belongs only into `cluster`.',
  }),
];

/** Refusals whose own words are known, each with the field, its owner and what to change. */
export const REFUSALS: readonly Rule[] = [
  ...OF_IDENTIFIERS,
  ...OF_LEFTOVERS,
  ...OF_BALANCERS,
  ...OF_CODE_DEPLOY,
  ...EXECUTE,
  ...OF_TASK_DEFINITIONS,
  ...CAPACITIES,
  ...OF_NEIGHBOURS,
  ...OF_SERVICES,
];
