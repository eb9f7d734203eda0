import type { Fault } from '../diagnosis.ts';
import { of } from '../say.ts';
import { pageOf, serviceOf } from '../services.ts';
import { type Found, OF_CALLS, type Rule } from './rule.ts';

/** What is refused, in the words of the service's error; `NAME` in a text is what the message names. */
type Row = readonly [error: RegExp, failure: Fault, cause: string, remedy: string, transient?: 'transient'];

/** The name or ARN that the message is about: what stands in quotes, an ARN, or the word that ends it. */
const nameIn = (text: string): string | undefined =>
  [
    /field\(s\): (?<name>[\w][\w, ]{1,200}\w)/,
    /\bRule (?<name>[\w.-]{1,64}) does not exist/,
    /exist: (?<name>service\/[\w./-]{2,300})/,
    /for bucket: (?<name>[\w.-]{3,63}?)\.? /,
    /['"[\u2018](?<name>[\w./:@+=,-]{2,300})['"\]\u2019]/,
    /(?<name>arn:aws[\w-]{0,12}:[^\s'",)]{10,300})/,
    /\bname (?<name>[\w+=,.@-]{2,200}) (?:cannot|can't|does|was)\b/i,
    /(?:name|id|role|parameter|application|group):? (?<name>[\w./-]{2,200})\.?$/i,
  ]
    .map((pattern) => pattern.exec(text)?.groups?.name)
    .find((name) => name !== undefined);

const QUOTA = 'Delete what nothing uses, or ask for a higher quota in Service Quotas.';
const CODEDEPLOY_NAME =
  'Correct the name (inputs `codedeploy-application`, `codedeploy-deployment-group` of aws-actions/amazon-ecs-deploy-task-definition; its defaults are AppECS-CLUSTER-SERVICE and DgpECS-CLUSTER-SERVICE), the account and `aws-region`, or create it with computePlatform ECS.';
const APPSPEC =
  'Correct the AppSpec file: valid YAML or JSON with version 0.0 and Resources > TargetService > Type AWS::ECS::Service > Properties with TaskDefinition and LoadBalancerInfo (ContainerName, ContainerPort).';

/** By service, as `serviceOf` calls it: https://docs.aws.amazon.com/codedeploy/latest/APIReference/CommonErrors.html and its like. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  CodeDeploy: of('codedeploy', [
    [
      /ApplicationDoesNotExist/,
      'missing',
      'There is no CodeDeploy application NAME in this account and Region.',
      CODEDEPLOY_NAME,
    ],
    [
      /DeploymentGroupDoesNotExist/,
      'missing',
      'There is no CodeDeploy deployment group NAME in that application.',
      CODEDEPLOY_NAME,
    ],
    [
      /DeploymentConfigDoesNotExist|InvalidDeploymentConfigName/,
      'missing',
      'There is no CodeDeploy deployment configuration NAME for ECS.',
      'Use one that exists for ECS (CodeDeployDefault.ECSAllAtOnce, CodeDeployDefault.ECSCanary10Percent5Minutes), or create it with computePlatform ECS.',
    ],
    [
      /DeploymentDoesNotExist|InvalidDeploymentId|DeploymentIdRequired/,
      'missing',
      'There is no CodeDeploy deployment NAME in this account and Region.',
      'Take the id (d-...) from aws deploy list-deployments; check `aws-region` and the account.',
    ],
    [
      /DeploymentLimitExceeded/,
      'conflict',
      'CodeDeploy still runs a deployment of that deployment group (NAME), and it runs one at a time.',
      'Wait until it is done (aws deploy wait deployment-successful --deployment-id ID), or stop it (aws deploy stop-deployment); it may wait for its termination time. Give the workflow a `concurrency` group.',
      'transient',
    ],
    [
      /RevisionRequired/,
      'missing',
      'The request names no revision: CodeDeploy is not given the AppSpec file that says what to deploy.',
      'Give create-deployment the AppSpec file itself (--revision with revisionType AppSpecContent; for a tool its setting for the AppSpec), or the place of the file in S3 (--s3-location bucket=BUCKET,key=appspec.yaml,bundleType=YAML). aws ecs deploy does it by itself with --codedeploy-appspec.',
    ],
    [
      /AppSpec\b.{0,160}(?:not (?:a )?well-?formed|cannot be parsed|not valid (?:yaml|json))/i,
      'invalid',
      'The AppSpec file of the deployment is not valid YAML or JSON, so CodeDeploy cannot read it.',
      `${APPSPEC} YAML that is put into one line or a string of JSON loses its line breaks: write the AppSpec as JSON there.`,
    ],
    [
      /AppSpec file is required|AppSpec\b.{0,60}(?:could not be found|not found|missing)(?! or )/i,
      'missing',
      'The revision of the deployment has no AppSpec file where CodeDeploy looks for it.',
      'Put appspec.yaml (or appspec.json) at the root of the artifact, or name its path (input `codedeploy-appspec`; in CodePipeline AppSpecTemplatePath of the provider CodeDeployToECS).',
    ],
    [
      /InvalidRevision|RevisionDoesNotExist|AppSpec/,
      'invalid',
      'CodeDeploy cannot read the revision (AppSpec) of the deployment.',
      APPSPEC,
    ],
    [
      /InvalidRole|RoleRequired/,
      'invalid',
      'The service role of the CodeDeploy deployment group is missing or not valid.',
      'Give the deployment group (serviceRoleArn) a role that trusts codedeploy.amazonaws.com and has AWSCodeDeployRoleForECS.',
    ],
    [
      /UnsupportedActionForDeploymentType/,
      'conflict',
      'CodeDeploy does not take that action for this kind of deployment.',
      'Only a blue/green deployment that waits can be continued; look at its state (aws deploy get-deployment).',
    ],
    [
      /NameRequired|Invalid(?:Application|DeploymentGroup)Name/,
      'invalid',
      'The name of the CodeDeploy application or deployment group is empty or has characters that it may not have.',
      CODEDEPLOY_NAME,
    ],
  ]),
  'Elastic Load Balancing': [
    [
      /target type is ALB, the target must have at least one listener/i,
      'missing',
      'The Application Load Balancer that is registered as a target has no listener on the port of the target group, or not yet.',
      'Create a listener of that port on it before it is registered (in infrastructure code let the attachment depend on the listener), or set the port of the target group to that of a listener that it has.',
    ],
    [
      /must have an internet gateway|no internet gateway/i,
      'conflict',
      'The load balancer is internet-facing, and its VPC has no internet gateway, or the subnets have no route to one.',
      'Name public subnets (a route 0.0.0.0/0 to an internet gateway), or create the load balancer with scheme internal.',
    ],
    [
      /UnsupportedCertificate|certificate\b.{0,300}must have a fully[- ]qualified domain name/i,
      'invalid',
      'The load balancer does not take the certificate NAME: as a rule ACM has not issued it yet (its validation is pending), else it names no domain, or its key or signature is of a kind that load balancers do not have.',
      'Wait until its status is ISSUED (aws acm describe-certificate; create the DNS records of its validation, and in infrastructure code let the listener depend on the validation: aws_acm_certificate_validation). An imported certificate needs a domain name, a key of RSA 1024 to 4096 bits or ECDSA P-256, P-384 or P-521, and a SHA-2 signature.',
    ],
    [
      /Access Denied for bucket/i,
      'denied',
      'The load balancer may not write its access logs to the bucket NAME: the policy of the bucket does not allow it.',
      'Allow s3:PutObject on arn:aws:s3:::BUCKET/PREFIX/AWSLogs/ACCOUNT/* in the policy of the bucket for the principal logdelivery.elasticloadbalancing.amazonaws.com (in older Regions for the account of Elastic Load Balancing there). The bucket must be in the Region of the load balancer, and encrypted with SSE-S3; where one tool creates both, the policy must come first.',
    ],
    [
      /CertificateNotFound|requires? a certificate|Certificate .{0,300}not found/i,
      'missing',
      'The HTTPS or TLS listener has no certificate, or one that does not exist in this account and Region.',
      'Give the listener the ARN of an issued certificate of ACM in the Region of the load balancer, or make it an HTTP listener.',
    ],
    [
      /Default rule cannot be deleted/i,
      'denied',
      'The default rule of a listener cannot be deleted: it exists as long as the listener.',
      'Change its action (aws elbv2 modify-listener --default-actions), or delete the listener.',
    ],
    [
      // Where the message names the values that it takes, those count: they differ by protocol.
      /Health check (?!.{0,300}(?:\bone of\b|\bbetween \W?\d|\b\d{1,5}\W{1,3}(?:and|to)\W{1,3}\d)).{0,120}(?:must|invalid|not valid|between|less|greater)/i,
      'invalid',
      'A setting of the health check of the target group is not valid.',
      'Give a path that begins with / (a variable behind it may be empty), an interval from 5 to 300 seconds, a timeout from 2 to 120 seconds and below the interval, thresholds from 2 to 10, and as port traffic-port or 1 to 65535.',
    ],
    [
      /LoadBalancerNotFound/,
      'missing',
      'The load balancer NAME does not exist in this account and Region.',
      'Correct its ARN or name, `aws-region` and the account, or create it first.',
    ],
    [
      /ListenerNotFound|RuleNotFound/,
      'missing',
      'The listener or listener rule NAME does not exist any more.',
      'Take the ARN from aws elbv2 describe-listeners or describe-rules, and correct it where it is named (for blue/green productionListenerRule and testListenerRule in `loadBalancers` of the service).',
    ],
    [
      /Duplicate(?:Listener|LoadBalancerName|TargetGroupName)/,
      'conflict',
      'A listener on that port, or a load balancer or target group of the name NAME, exists already.',
      'Use the one that exists, or choose another name or port.',
    ],
    [
      /InvalidTarget/,
      'invalid',
      'The target NAME cannot be registered: it does not exist, is in another VPC, or is of another kind than the target group takes.',
      'Use a target group of target type ip for awsvpc tasks (instance for bridge and host) in the VPC of the subnets of the service.',
    ],
    [
      /SubnetNotFound|InvalidSubnet|InvalidSecurityGroup|AvailabilityZoneNotSupported/,
      'invalid',
      'A subnet or security group of the load balancer does not exist, or the subnet has no free addresses or a zone that is not supported.',
      'Name subnets with at least 8 free addresses in two Availability Zones, and security groups of the same VPC.',
    ],
    [
      /ResourceInUse/,
      'conflict',
      'The resource NAME is still in use: a listener, rule or service refers to it.',
      'Remove the listeners and rules that name it first, and the service that has it in `loadBalancers`.',
    ],
  ],
  'CloudWatch Logs': [
    [
      /KMS key .{0,80}(?:does not exist|not allowed)|kms ?key ?id\b.{0,120}(?:invalid|not valid|must)/i,
      'denied',
      'CloudWatch Logs may not use the KMS key of the log group, or the key does not exist in its Region.',
      of(
        'kms',
        'Allow the principal logs.REGION.amazonaws.com kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* in the policy of that key (its own policy: IAM alone is not enough), and name a symmetric key of the same Region by its ARN.',
      ),
    ],
    [
      /retention ?(?:in ?days|period)\b.{0,200}(?:must|constraint|invalid|not valid|allowed)/i,
      'invalid',
      'The retention of the log group is not one of the numbers of days that CloudWatch Logs takes.',
      'Use 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days, or no retention policy (kept for ever).',
    ],
    [
      /log ?group ?name\b.{0,200}(?:must|constraint|invalid|not valid|pattern)/i,
      'invalid',
      'The name of the log group is not valid.',
      'Use 1 to 512 letters, digits and . - _ / #, without spaces and colons and not beginning with aws/; look for a variable that is not filled.',
    ],
    [/LimitExceeded/, 'exhausted', 'The quota of log groups of the account in that Region is reached.', QUOTA],
    [
      /ResourceNotFound/,
      'missing',
      'The log group or log stream NAME does not exist in this account and Region: no container has written to it yet, or its name is another.',
      'Compare awslogs-group, awslogs-region and awslogs-stream-prefix in logConfiguration of the task definition with aws logs describe-log-groups; create the log group where it is missing.',
    ],
  ],
  'Secrets Manager': of(
    ['secrets-manager', 'kms'],
    [
      [
        /can't create (?:this|the) secret because|(?:name is|secret with this name is) already scheduled for deletion/,
        'conflict',
        'A secret of that name is scheduled for deletion, and keeps the name until then: the new one cannot be created.',
        'Restore the old one and use it (aws secretsmanager restore-secret --secret-id NAME), or delete it at once (delete-secret --secret-id NAME --force-delete-without-recovery) and create it again some minutes later; otherwise take another name.',
      ],
      [
        /marked for deletion|scheduled for deletion|marked deleted/,
        'missing',
        'The secret NAME is scheduled for deletion, so it cannot be read.',
        'Restore it (aws secretsmanager restore-secret), or name another secret.',
      ],
      [
        /ResourceNotFound|can't find the specified secret/i,
        'missing',
        'The secret NAME does not exist in this account and Region, or has no value of that version.',
        'Correct its name or ARN (input `secrets`), `aws-region` and the account; put a value into a new secret.',
      ],
      [
        /DecryptionFailure|EncryptionFailure/,
        'denied',
        'Secrets Manager cannot use the KMS key of the secret NAME.',
        'Enable the key, and allow kms:Decrypt on it for the role that reads the secret.',
      ],
    ],
  ),
  'Systems Manager': of('kms', [
    [
      /ParameterVersionNotFound/,
      'missing',
      'The parameter NAME has no such version or label.',
      'Correct the version behind the name (NAME:3), or leave it out for the newest.',
    ],
    [
      /ParameterNotFound/,
      'missing',
      'The parameter NAME does not exist in this account and Region.',
      'Correct its name with the leading slash (input `secrets`), `aws-region` and the account, or create it (aws ssm put-parameter).',
    ],
    [
      /InvalidKeyId/,
      'invalid',
      'The KMS key of the parameter NAME does not exist or is disabled.',
      'Enable the key, or store the parameter again with another (aws ssm put-parameter --key-id).',
    ],
  ]),
  KMS: of('kms', [
    [
      /Disabled|KMSInvalidState|pending deletion|is disabled/,
      'conflict',
      'The KMS key NAME is disabled or waits for its deletion.',
      'Enable it (aws kms enable-key), or cancel the deletion (aws kms cancel-key-deletion).',
    ],
    [
      /NotFound|does not exist/,
      'missing',
      'The KMS key NAME does not exist in this account and Region.',
      'Correct the key id, ARN or alias and its Region; a key of another account needs its whole ARN.',
    ],
  ]),
  'Cloud Map': [
    [
      /contains? registered instances|associated services|services? .{0,60}(?:still )?(?:associated|exists?) .{0,40}namespace|ResourceInUse.{0,200}(?:namespace|has)/i,
      'conflict',
      'What should be deleted from Cloud Map is still in use: the namespace has services, or the service has instances.',
      'Delete the services of the namespace first (aws servicediscovery list-services), and deregister their instances; a service of ECS that has them in `serviceRegistries` or Service Connect must be deleted or changed before.',
    ],
    [
      /NamespaceNotFound/,
      'missing',
      'The Cloud Map namespace NAME does not exist in this account and Region.',
      'Correct its id or ARN, or create it (aws servicediscovery create-private-dns-namespace).',
    ],
    [
      /ServiceNotFound/,
      'missing',
      'The Cloud Map service NAME does not exist in this account and Region.',
      'Correct registryArn in `serviceRegistries` of the service, or create it in the namespace (aws servicediscovery create-service).',
    ],
  ],
  EventBridge: of('eventbridge', [
    [
      /\bRule\b.{0,300}does not exist/i,
      'missing',
      'There is no rule NAME on that event bus in this account and Region.',
      'Create the rule first (aws events put-rule), or correct its name (the name alone, not the ARN), the event bus and the Region.',
    ],
    [
      /can(?:'t|not) be deleted since it has targets/i,
      'conflict',
      'The rule still has targets, and EventBridge deletes only a rule without any.',
      'Remove its targets first (aws events list-targets-by-rule, remove-targets), then the rule.',
    ],
    [
      /event ?bus\b.{0,300}(?:does not exist|not found)/i,
      'missing',
      'There is no event bus NAME in this account and Region.',
      'Correct its name or ARN, `aws-region` and the account; without a name it is the bus named default.',
    ],
    [
      /ManagedRule/,
      'denied',
      'The rule NAME was made by a service of AWS for itself, which alone may change it.',
      'Change it where that service is configured, or make a rule of your own.',
    ],
    [
      /InvalidEventPattern|event pattern (?:is )?(?:not valid|invalid)/i,
      'invalid',
      'The event pattern of the rule is not valid.',
      'Write valid JSON in which every value is a list: {"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"]} (aws events test-event-pattern checks it).',
    ],
    [
      /ScheduleExpression|cron\(|rate\(/,
      'invalid',
      'The schedule expression of the rule is not valid.',
      'Write rate(5 minutes), or cron(minute hour day-of-month month day-of-week year) with six fields in UTC, of which day-of-month or day-of-week is ?.',
    ],
    [
      /EcsParameters|Parameter\(s\) .{0,120}(?:not valid|required) for (?:target|AWS)/i,
      'invalid',
      'The target lacks what an ECS task as target needs, or has what its kind does not take.',
      "Let the target's Arn be that of the cluster, with RoleArn and EcsParameters (TaskDefinitionArn, LaunchType, for awsvpc NetworkConfiguration).",
    ],
    [
      /LimitExceeded/,
      'exhausted',
      'A quota of EventBridge is reached (rules of a bus, or 5 targets of a rule).',
      QUOTA,
    ],
  ]),
  'EventBridge Scheduler': of('eventbridge', [
    [
      /Unable to convert target input to TaskOverride/,
      'invalid',
      'The input of the schedule is not what a target of ECS takes: for RunTask it is the JSON of a TaskOverride, and this one has other fields.',
      'Write Input of the target as a JSON text of that form: {"containerOverrides":[{"name":"CONTAINER","environment":[{"name":"KEY","value":"VALUE"}]}]}. Leave it out where nothing is overridden.',
    ],
    [
      /missing the following field\(s\)/i,
      'missing',
      'The input of the schedule lacks fields of the API call that is its target: NAME.',
      'Add them to Target.Input: a JSON object with the fields as the API reference of that call names them (Cluster, TaskDefinition: the first letter is a capital). To run a task the templated target (the ARN of the cluster with EcsParameters) is simpler.',
    ],
    [
      /Schedule ?Expression|cron\(|rate\(/i,
      'invalid',
      'The schedule expression is not valid.',
      'Write rate(5 minutes), at(2027-01-31T03:00:00), or cron(minute hour day-of-month month day-of-week year) with six fields, of which day-of-month or day-of-week is ?; ScheduleExpressionTimezone sets the time zone.',
    ],
    [
      /time ?zone/i,
      'invalid',
      'The time zone of the schedule is not known.',
      'Write a name of the IANA database (Europe/Berlin, UTC) in ScheduleExpressionTimezone.',
    ],
    [
      /flexible ?time ?window/i,
      'missing',
      'FlexibleTimeWindow of the schedule is missing or not valid.',
      'Send {"Mode": "OFF"}, or Mode FLEXIBLE with MaximumWindowInMinutes from 1 to 1440.',
    ],
    [
      /Schedule ?group\b.{0,300}(?:does not exist|not found)/i,
      'missing',
      'There is no schedule group NAME in this account and Region.',
      'Create it first (aws scheduler create-schedule-group), or leave GroupName out for the group default.',
    ],
    [
      /Schedule\b.{0,300}(?:does not exist|not found)/i,
      'missing',
      'There is no schedule NAME in that schedule group.',
      'Correct its name, GroupName, `aws-region` and the account; a schedule with ActionAfterCompletion DELETE is gone after its last run.',
    ],
    [
      /Provided Arn|Target ?Arn|Arn is not in correct format|Invalid Arn/i,
      'invalid',
      "The target's Arn of the schedule is not one that Scheduler takes.",
      "Let Arn of the target be that of the ECS cluster (arn:aws:ecs:REGION:ACCOUNT:cluster/NAME) and put the task definition's into EcsParameters.TaskDefinitionArn.",
    ],
    [
      /StartDate|EndDate/i,
      'invalid',
      'StartDate or EndDate of the schedule is in the past or in the wrong order.',
      'Leave StartDate out or write a time to come, and let EndDate be after it.',
    ],
  ]),
  'Application Auto Scaling': [
    [
      /ECS service (?:doesn't|does not) exist/i,
      'missing',
      'Application Auto Scaling finds no ECS service of the resource id NAME.',
      'Correct the resource id (service/CLUSTER/SERVICE by their names, no ARN) and `aws-region`; where the same tool creates the service, let it create that first (depends_on).',
    ],
    [
      /only one TargetTrackingScaling policy/i,
      'conflict',
      'The service already has a target tracking policy for the same metric under another name.',
      'Update that policy (same PolicyName, see aws application-autoscaling describe-scaling-policies), or delete it before you add this one.',
    ],
    [
      /ALBRequestCountPerTarget|Resource ?Label/i,
      'missing',
      'The policy counts requests of a load balancer (ALBRequestCountPerTarget), and its ResourceLabel is missing or does not name a target group of the service.',
      'Set ResourceLabel to app/LOAD-BALANCER/ID/targetgroup/TARGET-GROUP/ID: the ends of the two ARNs; the target group must be behind that load balancer.',
    ],
    [
      /Unsupported service namespace, resource type or scalable dimension/i,
      'invalid',
      'Service namespace, resource id and scalable dimension of the request do not belong together.',
      'For an ECS service send --service-namespace ecs, --resource-id service/CLUSTER/SERVICE and --scalable-dimension ecs:service:DesiredCount.',
    ],
    [
      /step ?adjustments?\b|metric ?interval/i,
      'invalid',
      'The steps of the step scaling policy are not valid: they overlap, leave a gap, or have no open end.',
      'Let each step begin where the one before ends (MetricIntervalLowerBound, MetricIntervalUpperBound), and leave the last upper (or lowest lower) bound out.',
    ],
    [
      /FailedResourceAccess/,
      'denied',
      'Application Auto Scaling cannot reach the alarms or the service: its service-linked role lacks the permission, or does not exist.',
      'Create it (aws iam create-service-linked-role --aws-service-name ecs.application-autoscaling.amazonaws.com), and see that no service control policy denies it cloudwatch and ecs calls.',
    ],
    [
      /No scaling polic(?:y|ies) found/i,
      'missing',
      'The service has no scaling policy of that name.',
      'Take the name from aws application-autoscaling describe-scaling-policies --service-namespace ecs; where it should be deleted, it is gone already.',
    ],
    [
      /ObjectNotFound/,
      'missing',
      'The scalable target or scaling policy NAME does not exist.',
      'Register the service first (aws application-autoscaling register-scalable-target --resource-id service/CLUSTER/SERVICE), or correct the resource id.',
    ],
  ],
  IAM: [
    [
      /NoSuchEntity|cannot be found/,
      'missing',
      'IAM knows no such role, policy or provider: NAME.',
      'Correct the name (without path or ARN) and the account of the credentials, or create it.',
    ],
  ],
  S3: [
    [
      /NoSuchBucket/,
      'missing',
      'The bucket NAME does not exist.',
      'Correct the name of the bucket (for environment files the ARN in environmentFiles, input `env-files`).',
    ],
    [
      /NoSuchKey|NotFound\b/,
      'missing',
      'The object NAME does not exist in the bucket.',
      'Upload it, or correct the key (for environment files the ARN in environmentFiles, input `env-files`).',
    ],
    [
      /PermanentRedirect|IllegalLocationConstraint|AuthorizationHeaderMalformed/,
      'conflict',
      'The bucket is in another Region than the one that is asked.',
      'Set `aws-region` (or the Region of the step) to that of the bucket.',
    ],
  ],
};

const serviceIn = ({ text, reading }: Found): string | undefined =>
  serviceOf(text, reading.operation, reading.service) ?? reading.resource;

/** What services beside ECS and ECR refuse: each error that their APIs document for what deployments call. */
export const OTHERS: readonly Rule[] = Object.entries(ROWS).flatMap(([service, rows]) =>
  rows.map(
    ([error, failure, cause, remedy, transient]): Rule => ({
      id: 'request-refused',
      nature: transient ? 'ambiguous' : 'permanent',
      ...OF_CALLS,
      subject: 'request',
      failure,
      ...(transient ? { transient: true } : {}),
      match: [error],
      unless: /is not authorized to perform/i,
      when: (found) => serviceIn(found) === service,
      cause: ({ text }) => {
        const name = nameIn(text);
        return cause.replace(/ \(NAME\)|:? NAME/, (place) => (name ? place.replace('NAME', name) : ''));
      },
      remedy,
      link: pageOf(service),
    }),
  ),
);
