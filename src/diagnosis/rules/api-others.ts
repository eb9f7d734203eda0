import type { Fault } from '../diagnosis.ts';
import { serviceOf } from '../services.ts';
import { type Found, OF_CALLS, type Rule } from './rule.ts';

/** What is refused, in the words of the service's error; `NAME` in a text is what the message names. */
type Row = readonly [error: RegExp, failure: Fault, cause: string, remedy: string, transient?: 'transient'];

/** The name or ARN that the message is about: what stands in quotes, an ARN, or the word that ends it. */
const nameIn = (text: string): string | undefined =>
  [
    /['"[\u2018](?<name>[\w./:@+=,-]{2,300})['"\]\u2019]/,
    /(?<name>arn:aws[\w-]{0,12}:[^\s'",)]{10,300})/,
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
  CodeDeploy: [
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
      /DeploymentAlreadyCompleted/,
      'conflict',
      'The CodeDeploy deployment NAME is over already, so it cannot be stopped or continued.',
      'Look at its state (aws deploy get-deployment), and create a new deployment where one is needed.',
    ],
    [
      /DeploymentIsNotInReadyState|InvalidDeploymentStatus/,
      'conflict',
      'The CodeDeploy deployment NAME does not wait for a command now.',
      'Continue it only while its state is Ready (aws deploy get-deployment).',
      'transient',
    ],
    [
      /InvalidRevision|RevisionRequired|RevisionDoesNotExist|AppSpec/,
      'invalid',
      'CodeDeploy cannot read the revision (AppSpec) of the deployment.',
      APPSPEC,
    ],
    [
      /InvalidFileExistsBehavior|InvalidIgnoreApplicationStop|InvalidUpdateOutdated|InvalidTargetInstances|InvalidEC2Tag|InvalidOnPremises/,
      'invalid',
      'The request has an option that CodeDeploy takes for EC2 machines only, not for ECS.',
      'Leave that option out of CreateDeployment: fileExistsBehavior, ignoreApplicationStopFailures, updateOutdatedInstancesOnly, targetInstances and EC2 tags are not for ECS.',
    ],
    [
      /InvalidRole|RoleRequired/,
      'invalid',
      'The service role of the CodeDeploy deployment group is missing or not valid.',
      'Give the deployment group (serviceRoleArn) a role that trusts codedeploy.amazonaws.com and has AWSCodeDeployRoleForECS.',
    ],
    [
      /ECSServiceMappingLimit/,
      'conflict',
      'The ECS service already belongs to another CodeDeploy deployment group.',
      'Use that deployment group, or delete it first: a service can belong to one only.',
    ],
    [
      /DeploymentGroupAlreadyExists|ApplicationAlreadyExists/,
      'conflict',
      'A CodeDeploy resource of the name NAME exists already.',
      'Update it instead of creating it, or choose another name.',
    ],
    [
      /Invalid(?:AlarmConfig|AutoRollback)/,
      'invalid',
      'The alarms or the rollback settings of the CodeDeploy deployment are not valid.',
      'Name alarms that exist, each once (at most 10), and the events DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM or DEPLOYMENT_STOP_ON_REQUEST.',
    ],
    [
      /Invalid(?:DeploymentStyle|BlueGreen|TrafficRouting)/,
      'invalid',
      'The deployment group has a style or traffic setting that CodeDeploy does not take for ECS.',
      'Use deploymentStyle BLUE_GREEN with WITH_TRAFFIC_CONTROL, and blueGreenDeploymentConfiguration with deploymentReadyOption and terminateBlueInstancesOnDeploymentSuccess.',
    ],
    [
      /UnsupportedActionForDeploymentType/,
      'conflict',
      'CodeDeploy does not take that action for this kind of deployment.',
      'Only a blue/green deployment that waits can be continued; look at its state (aws deploy get-deployment).',
    ],
    [
      /DescriptionTooLong/,
      'invalid',
      'The description of the CodeDeploy deployment is too long.',
      'Shorten it (input `codedeploy-deployment-description`).',
    ],
    [
      /NameRequired|Invalid(?:Application|DeploymentGroup)Name/,
      'invalid',
      'The name of the CodeDeploy application or deployment group is empty or has characters that it may not have.',
      CODEDEPLOY_NAME,
    ],
  ],
  'Elastic Load Balancing': [
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
      /CertificateNotFound|SSLPolicyNotFound/,
      'missing',
      'The certificate or TLS policy NAME of the listener does not exist in this Region.',
      'Give the ARN of an issued ACM certificate in the Region of the load balancer, and a policy of aws elbv2 describe-ssl-policies.',
    ],
    [
      /InvalidTarget/,
      'invalid',
      'The target NAME cannot be registered: it does not exist, is in another VPC, or is of another kind than the target group takes.',
      'Use a target group of target type ip for awsvpc tasks (instance for bridge and host) in the VPC of the subnets of the service.',
    ],
    [
      /TooMany(?:Tags|Actions)/,
      'exhausted',
      'The load balancer, listener or rule has more tags or actions than it may have.',
      'Remove some; this limit cannot be raised.',
    ],
    [/TooMany/, 'exhausted', 'A quota of Elastic Load Balancing is reached.', QUOTA],
    [
      /SubnetNotFound|InvalidSubnet|InvalidSecurityGroup|AvailabilityZoneNotSupported/,
      'invalid',
      'A subnet or security group of the load balancer does not exist, or the subnet has no free addresses or a zone that is not supported.',
      'Name subnets with at least 8 free addresses in two Availability Zones, and security groups of the same VPC.',
    ],
    [
      /IncompatibleProtocols|UnsupportedProtocol|InvalidConfigurationRequest|InvalidScheme|InvalidLoadBalancerAction/,
      'invalid',
      'Settings of the load balancer, listener or target group do not fit each other (protocol, health check, action).',
      'Compare protocol and health check of target group and listener: HTTP and HTTPS belong to an Application Load Balancer, TCP, TLS and UDP to a Network Load Balancer.',
    ],
    [
      /ResourceInUse/,
      'conflict',
      'The resource NAME is still in use: a listener, rule or service refers to it.',
      'Remove the listeners and rules that name it first, and the service that has it in `loadBalancers`.',
    ],
    [
      /HealthUnavailable/,
      'internal',
      'Elastic Load Balancing could not read the health of the targets for a moment.',
      'Run again in some minutes.',
      'transient',
    ],
  ],
  'CloudWatch Logs': [
    [
      /ResourceNotFound/,
      'missing',
      'The log group or log stream NAME does not exist in this account and Region: no container has written to it yet, or its name is another.',
      'Compare awslogs-group, awslogs-region and awslogs-stream-prefix in logConfiguration of the task definition with aws logs describe-log-groups; create the log group where it is missing.',
    ],
    [
      /ResourceAlreadyExists/,
      'conflict',
      'The log group or log stream NAME exists already.',
      'Leave the call out, or import what exists into the stack.',
    ],
    [
      /OperationAborted/,
      'conflict',
      'Two requests changed the same log group at once.',
      'Run again; let one job change the log group at a time.',
      'transient',
    ],
    [/LimitExceeded/, 'exhausted', 'A quota of CloudWatch Logs is reached.', QUOTA],
  ],
  'Secrets Manager': [
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
    [
      /ResourceExists/,
      'conflict',
      'A secret of the name NAME exists already (one that is being deleted keeps its name).',
      'Use it, restore it (aws secretsmanager restore-secret), or choose another name.',
    ],
  ],
  'Systems Manager': [
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
    [
      /ParameterAlreadyExists/,
      'conflict',
      'A parameter of the name NAME exists already.',
      'Add --overwrite to aws ssm put-parameter, or choose another name.',
    ],
    [
      /TooManyUpdates/,
      'conflict',
      'The parameter NAME is being changed by another request.',
      'Run again in some seconds.',
      'transient',
    ],
    [
      /ParameterLimitExceeded|ParameterMaxVersionLimit/,
      'exhausted',
      'Parameter Store holds as many parameters, or versions of NAME, as it may.',
      'Delete parameters that nothing uses or old labels of versions, or use the advanced tier.',
    ],
    [
      /ParameterPatternMismatch|HierarchyTypeMismatch|HierarchyLevelLimit|UnsupportedParameterType/,
      'invalid',
      'The name or type of the parameter NAME is not one that Parameter Store takes.',
      'Use letters, digits and _ . - with a leading slash, at most 15 levels; the type of an existing parameter cannot be changed.',
    ],
  ],
  KMS: [
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
    [
      /KeyUnavailable|DependencyTimeout|KMSInternal/,
      'internal',
      'KMS could not use the key for a moment.',
      'Run again in some minutes.',
      'transient',
    ],
    [
      /IncorrectKey|InvalidCiphertext|InvalidKeyUsage/,
      'invalid',
      'The data was encrypted with another KMS key, or for another use, than the request names.',
      'Name the key with which it was encrypted, and one for ENCRYPT_DECRYPT.',
    ],
  ],
  'Cloud Map': [
    [
      /NamespaceAlreadyExists|ServiceAlreadyExists/,
      'conflict',
      'A Cloud Map namespace or service of the name NAME exists already.',
      'Use its ARN, or choose another name.',
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
    [
      /ResourceInUse/,
      'conflict',
      'The Cloud Map namespace or service NAME still has services or instances in it.',
      'Delete the ECS services that register there first, then its instances and services.',
    ],
    [/LimitExceeded/, 'exhausted', 'A quota of Cloud Map is reached.', QUOTA],
    [
      /DuplicateRequest/,
      'conflict',
      'The same request to Cloud Map is still running.',
      'Wait until it is done (aws servicediscovery get-operation), then run again.',
      'transient',
    ],
  ],
  'Application Auto Scaling': [
    [
      /ObjectNotFound/,
      'missing',
      'The scalable target or scaling policy NAME does not exist.',
      'Register the service first (aws application-autoscaling register-scalable-target --resource-id service/CLUSTER/SERVICE), or correct the resource id.',
    ],
    [
      /ConcurrentUpdate/,
      'conflict',
      'Another request changes the same scalable target.',
      'Run again in some seconds.',
      'transient',
    ],
    [
      /FailedResourceAccess/,
      'denied',
      'Application Auto Scaling cannot read the alarms or the service behind the policy.',
      'Check that AWSServiceRoleForApplicationAutoScaling_ECSService exists, and that the alarm and the service do.',
    ],
    [/LimitExceeded/, 'exhausted', 'A quota of Application Auto Scaling is reached.', QUOTA],
  ],
  IAM: [
    [
      /has been taken in this account/,
      'conflict',
      'The service-linked role exists already.',
      'Leave the call out: nothing is missing.',
    ],
    [
      /NoSuchEntity|cannot be found/,
      'missing',
      'IAM knows no such role, policy or provider: NAME.',
      'Correct the name (without path or ARN) and the account of the credentials, or create it.',
    ],
    [
      /EntityAlreadyExists/,
      'conflict',
      'A role, policy or provider of the name NAME exists already.',
      'Use it or import it into the stack, or choose another name.',
    ],
    [
      /MalformedPolicyDocument/,
      'invalid',
      'IAM does not accept the policy document.',
      'Correct its JSON: Version "2012-10-17", statements with Effect, Action and Resource (a trust policy has Principal and no Resource); a principal in it must exist.',
    ],
    [
      /ConcurrentModification/,
      'conflict',
      'Several requests change the same role or policy at once.',
      'Run again in some minutes.',
      'transient',
    ],
    [/LimitExceeded/, 'exhausted', 'A quota of IAM is reached (policies of a role, roles of the account).', QUOTA],
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
  CloudFormation: [
    [
      /No updates are to be performed/,
      'none',
      'The template changes nothing, so there is no update to do.',
      'Leave the call out, or take this answer as success (--no-fail-on-empty-changeset of aws cloudformation deploy).',
    ],
    [
      /ROLLBACK_COMPLETE state|ROLLBACK_FAILED state/,
      'conflict',
      'The stack NAME failed at its creation or rollback and takes no update in that state.',
      'Delete it and create it again (ROLLBACK_COMPLETE), or run aws cloudformation continue-update-rollback (UPDATE_ROLLBACK_FAILED).',
    ],
    [
      /_IN_PROGRESS state/,
      'conflict',
      'The stack NAME is being changed by another run.',
      'Wait until it is done (aws cloudformation wait), and give the workflow a `concurrency` group.',
      'transient',
    ],
    [
      /Stack .{0,200}does not exist/,
      'missing',
      'There is no stack NAME in this account and Region.',
      'Correct the name, `aws-region` and the account, or create it.',
    ],
    [
      /InsufficientCapabilities|Requires capabilities/,
      'denied',
      'The template makes IAM resources, and the call does not acknowledge that.',
      'Add --capabilities CAPABILITY_NAMED_IAM (and CAPABILITY_AUTO_EXPAND for macros) to the call.',
    ],
  ],
};

const LINKS: Readonly<Record<string, string>> = {
  CodeDeploy: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting.html',
  'Elastic Load Balancing': 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html',
  'CloudWatch Logs': 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html',
  'Secrets Manager': 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html',
  'Systems Manager': 'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-organize.html',
  KMS: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
  'Cloud Map': 'https://docs.aws.amazon.com/cloud-map/latest/api/CommonErrors.html',
  'Application Auto Scaling': 'https://docs.aws.amazon.com/autoscaling/application/APIReference/CommonErrors.html',
  IAM: 'https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html',
  S3: 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
  CloudFormation: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html',
};

const serviceIn = ({ text, reading }: Found): string | undefined => serviceOf(text, reading.operation, reading.service);

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
      when: (found) => serviceIn(found) === service,
      cause: ({ text }) => {
        const name = nameIn(text);
        return cause.replace(/ \(NAME\)|:? NAME/, (place) => (name ? place.replace('NAME', name) : ''));
      },
      remedy,
      link: LINKS[service] ?? 'https://docs.aws.amazon.com/',
    }),
  ),
);
