/** Which service of AWS refused a call: ECS's fields and remedies are not those of CodeDeploy or Elastic Load Balancing. */
import { of } from './say.ts';

/** The ids that adapters and clients write, the name for messages, and the operations that the service alone has. */
const SERVICES: readonly (readonly [id: RegExp, name: string, operations: RegExp])[] = [
  [/^ecr-public$|^ecr public$/i, 'ECR Public', /(?!)/],
  [
    /^ecr$|Container ?Registry|^AmazonECR$/i,
    'ECR',
    /^\w{2,40}(?:Repositor(?:y|ies)|Images?$|Image(?:Scan|Signing|Replication)|Layers?|PullThroughCache|LifecyclePolicy|RegistryPolicy)/,
  ],
  [/^sts$|Security ?Token/i, 'STS', /^AssumeRole|^GetCallerIdentity$|^Get(?:Session|Federation)Token$/],
  [
    /^codedeploy$/i,
    'CodeDeploy',
    /^(?!\w{0,20}Service)\w{2,40}(?:Deployment(?:s|Group|Groups|Config|Target|Targets|Instance|Instances)?|ApplicationRevision)$|^\w{2,20}Application$/,
  ],
  [
    /^(?:elasticloadbalancing|elbv?2?|lb|elastic ?load ?balanc\w{0,6}(?: ?v2)?)$/i,
    'Elastic Load Balancing',
    /TargetGroup|TargetHealth|^(?:De)?[Rr]egisterTargets$|Listener|LoadBalancer|^(?:Create|Delete|Modify|Describe)Rules?$/,
  ],
  [/^logs$|CloudWatch ?Logs/i, 'CloudWatch Logs', /Log(?:Group|Stream|Event)s?|RetentionPolicy/],
  [/^(?:cloudwatch|monitoring)$/i, 'CloudWatch', /Alarms?$|Metric/],
  [/^secrets ?manager$/i, of('secrets-manager', 'Secrets Manager'), /Secret/],
  [/^ssm$|Systems ?Manag/i, 'Systems Manager', /Parameters?(?:ByPath|History)?$/],
  [/^kms$/i, 'KMS', /^(?:Decrypt|Encrypt|GenerateDataKey\w{0,20}|DescribeKey|CreateGrant|ReEncrypt)$/],
  [
    /^iam$|Identity ?Management/i,
    'IAM',
    /^(?:Get|Create|Delete|Update|List|Tag|Attach|Detach|Put)(?:Role|User|AccessKey)|PolicyVersions?$|^CreatePolicy$|RolePolicy|ServiceLinkedRole|InstanceProfile|OpenIDConnectProvider|SimulatePrincipal|AssumeRolePolicy/,
  ],
  [
    /^ec2$/i,
    'EC2',
    /NetworkInterface|Subnets?$|SecurityGroup|Vpcs?$|VpcEndpoint|RunInstances|DescribeInstances|LaunchTemplate|Volumes?$|CreateFleet/,
  ],
  [
    /^(?:servicediscovery|route ?53 ?auto ?naming|cloud ?map)$/i,
    'Cloud Map',
    /Namespace|^(?:De)?[Rr]egisterInstance$|DiscoverInstances/,
  ],
  [/^application[- ]?auto[- ]?scaling$/i, 'Application Auto Scaling', /Scalable|ScalingPolic|ScalingActiv/],
  [/^autoscaling$/i, 'EC2 Auto Scaling', /AutoScalingGroup|InstanceRefresh/],
  [/^scheduler$/i, of('eventbridge', 'EventBridge Scheduler'), /^(?:Create|Update|Delete|Get)Schedule(?:Group)?$/],
  [
    /^(?:cloudwatch)?events$|^eventbridge$/i,
    'EventBridge',
    /^(?:Put|Remove)Targets$|^(?:Put|Delete|Describe|Enable|Disable)Rule$|EventBus/,
  ],
  [/^codebuild$/i, 'CodeBuild', /^(?:Create|Update|Delete|BatchGet)Projects?$|^(?:Start|Stop|Retry)Build(?:Batch)?$/],
  [/^codepipeline$/i, 'CodePipeline', /Pipelines?$|PipelineExecution$/],
  [/^cloudfront$/i, 'CloudFront', /Distributions?$|^CreateInvalidation$/],
  [/^apprunner$/i, 'App Runner', /(?!)/],
  [/^cloudformation$/i, 'CloudFormation', /Stacks?$|ChangeSet|StackEvents/],
  [/^s3$/i, 'S3', /^(?:Get|Put|Head|Delete|List)\w{0,20}(?:Object|Bucket)/],
  [/^lambda$/i, 'Lambda', /^Invoke|Function/],
  [
    /^ecs$|Container ?Service/i,
    'ECS',
    /Service|Task|Cluster|CapacityProvider|ContainerInstance|AccountSetting|ExecuteCommand|Attributes$|^(?:Un)?[Tt]agResource$/,
  ],
];

/** Exceptions that one service alone has. */
const EXCEPTIONS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:Deployment(?:Group|Config|Limit|DoesNot|Already|IsNot|Id)\w*|Application(?:DoesNot|Name)\w*|ECSServiceMapping\w*|Revision(?:Required|DoesNot)\w*|Invalid(?:Revision|AutoRollback\w*|TrafficRouting\w*|Deployment\w*|ECSService|LoadBalancerInfo|TargetGroupPair|FileExistsBehavior|AlarmConfig|BlueGreen\w*|ApplicationName|ComputePlatform|Role))Exception/,
    'CodeDeploy',
  ],
  [/\bAppSpec file\b/, 'CodeDeploy'],
  [
    /\b(?:(?:LoadBalancer|Listener|Rule|TargetGroup|Certificate|SSLPolicy|Subnet|AllocationId)NotFound|Duplicate(?:Listener|LoadBalancerName|TargetGroupName)|TooMany(?:Listeners|LoadBalancers|Rules|TargetGroups|Targets|Certificates|Actions|Unique\w+|Registrations\w+)|TargetGroupAssociationLimit|PriorityInUse|IncompatibleProtocols|InvalidConfigurationRequest|InvalidTarget\b|HealthUnavailable|UnsupportedProtocol)/,
    'Elastic Load Balancing',
  ],
  [
    /\b(?:Parameter(?:NotFound|VersionNotFound|AlreadyExists|LimitExceeded|MaxVersion\w+|Pattern\w+)|HierarchyTypeMismatch)/,
    'Systems Manager',
  ],
  [
    /\bKMS(?:InvalidState|Internal)|\b(?:IncorrectKey|InvalidCiphertext|KeyUnavailable|InvalidKeyUsage)Exception/,
    'KMS',
  ],
  [/\bFailedResourceAccessException\b|\bscalable target\b/, 'Application Auto Scaling'],
  [/\bNoSuchEntity|\bEntityAlreadyExists/, 'IAM'],
  [
    /\b(?:\w{2,30}PerSecurityGroup|SecurityGroup|Vpc|Address|NatGateway|InternetGateway|Instance|Vcpu|Subnet|NetworkInterface|RouteTable|Route|Volume|VpcEndpoint)LimitExceeded/,
    'EC2',
  ],
  [/\bInvalid(?:SubnetID|Subnet|Group|SecurityGroupID|VpcID|NetworkInterfaceID|InstanceID)\.NotFound/, 'EC2'],
];

/**
 * @param given the service's id, where the adapter knows it
 * @returns the name for messages; undefined where neither the call nor the words show it
 */
export function serviceOf(text: string, operation: string | undefined, given?: unknown): string | undefined {
  const groups =
    /\boperation error (?<id>[\w .-]{2,40}): \w{3,60},|\b(?<own>[a-z][a-z0-9-]{1,30}):[A-Z]\w{3,60} failed: /.exec(
      text,
    )?.groups;
  const written = typeof given === 'string' ? given : (groups?.id ?? groups?.own);
  return (
    ofId(written) ??
    // A service that does not have its own name here keeps the one that its client writes.
    (groups?.id !== undefined && given === undefined ? groups.id : undefined) ??
    shared(text, operation) ??
    ofTerraform(text) ??
    // What ECS quotes of another service, ECS refuses: the call decides before the words.
    (operation === undefined ? undefined : SERVICES.find(([, , words]) => words.test(operation.slice(0, 80)))?.[1]) ??
    ofId(/\(Service: (?<java>\w{2,40})[;,]/.exec(text)?.groups?.java) ??
    ofResource(text) ??
    EXCEPTIONS.find(([words]) => words.test(text.slice(0, 2_000)))?.[1]
  );
}

/** Operations of one name: services of ECS and App Runner, rules of a listener and of an event bus. */
function shared(text: string, operation: string | undefined): string | undefined {
  // App Runner has services too; ECS has no such exception.
  if (/^(?:Create|Update|Delete)Service$/.test(operation ?? ''))
    return /InvalidRequestException|image repository type/i.test(text.slice(0, 2_000)) ? 'App Runner' : undefined;
  if (operation !== 'DeleteRule') return undefined;
  return /listener|elasticloadbalancing|RuleNotFound|OperationNotPermitted|default rule/i.test(text.slice(0, 2_000))
    ? 'Elastic Load Balancing'
    : 'EventBridge';
}

/** Terraform and CloudFormation name the kind of resource instead of the call: the longest name of a service that it begins with. */
export function ofResource(text: string): string | undefined {
  const { noun = '', type } =
    /\b(?:creating|updating|reading|retrieving|deleting|modifying|putting|setting) (?<noun>[A-Z][\w.]{1,20}(?: \w{1,20}){0,4})|\bAWS::(?<type>\w{2,40})::/.exec(
      text.slice(0, 2_000),
    )?.groups ?? {};
  const words = noun.split(' ');
  const named = words.map((_, i) => ofId(words.slice(0, words.length - i).join(' ')));
  return ofId(type) ?? named.find((service) => service !== undefined);
}

/** By the type of a resource of Terraform, as `aws_service_discovery_service`. */
function ofTerraform(text: string): string | undefined {
  const kind = /\baws_(?<kind>[a-z]{2,30}(?:_[a-z]{2,30}){0,4})\b/.exec(text.slice(0, 2_000))?.groups?.kind;
  return kind && OF_RESOURCES.find(([form]) => form.test(kind))?.[1];
}

/** The names of its resources that do not begin with that of their service. */
const OF_RESOURCES: readonly (readonly [RegExp, string])[] = [
  [/^service_discovery_/, 'Cloud Map'],
  [/^a?lb(?:_|$)/, 'Elastic Load Balancing'],
  [/^iam_/, 'IAM'],
  [/^appautoscaling_/, 'Application Auto Scaling'],
  [/^cloudwatch_log_/, 'CloudWatch Logs'],
  [/^cloudwatch_event_/, 'EventBridge'],
  [/^codedeploy_/, 'CodeDeploy'],
];

const ofId = (id: string | undefined): string | undefined =>
  id === undefined
    ? undefined
    : SERVICES.find(([words]) => words.test(id.replace(/^(?:(?:Amazon|AWS) ?){1,2}/, '')))?.[1];

/** What Service Quotas calls a service: https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html */
const QUOTA_CODES: Readonly<Record<string, string>> = {
  ECR: 'ecr',
  'ECR Public': 'ecr-public',
  CodeDeploy: 'codedeploy',
  'Elastic Load Balancing': 'elasticloadbalancing',
  'CloudWatch Logs': 'logs',
  CloudWatch: 'monitoring',
  [of('secrets-manager', 'Secrets Manager')]: 'secretsmanager',
  'Systems Manager': 'ssm',
  KMS: 'kms',
  IAM: 'iam',
  EC2: 'ec2',
  'Cloud Map': 'servicediscovery',
  'Application Auto Scaling': 'application-autoscaling',
  'EC2 Auto Scaling': 'autoscaling',
  [of('eventbridge', 'EventBridge Scheduler')]: 'scheduler',
  EventBridge: 'events',
  'App Runner': 'apprunner',
  CloudFormation: 'cloudformation',
  S3: 's3',
  Lambda: 'lambda',
  ECS: 'ecs',
};

/** The code for `aws service-quotas`; undefined where it is not known. */
export const quotaCodeOf = (service: string | undefined, text: string): string | undefined =>
  service === 'EC2' && /security ?group|\bvpc|gateway|subnet|route|endpoint|network ?interface|\bENI/i.test(text)
    ? 'vpc'
    : QUOTA_CODES[service ?? ''];

/** What each service documents of its errors. */
const PAGES: Readonly<Record<string, string>> = {
  CodeDeploy: 'https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting.html',
  'Elastic Load Balancing': 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html',
  'CloudWatch Logs': 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html',
  [of('secrets-manager', 'Secrets Manager')]:
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html',
  'Systems Manager': 'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-organize.html',
  KMS: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html',
  'Cloud Map': 'https://docs.aws.amazon.com/cloud-map/latest/api/CommonErrors.html',
  EventBridge: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html',
  [of('eventbridge', 'EventBridge Scheduler')]:
    'https://docs.aws.amazon.com/scheduler/latest/UserGuide/troubleshooting.html',
  'Application Auto Scaling': 'https://docs.aws.amazon.com/autoscaling/application/APIReference/CommonErrors.html',
  IAM: 'https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html',
  S3: 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
};

/** Services whose reference has one page for each operation. */
const REFERENCES: Readonly<Record<string, string>> = {
  ECS: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference',
  ECR: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference',
};

/** Of services whose errors have no page that is known. */
const GENERAL = 'https://docs.aws.amazon.com/';

/** The page about what a service refuses. */
export function pageOf(service: string | undefined, operation?: string): string {
  const reference = REFERENCES[service ?? ''];
  if (reference === undefined) return PAGES[service ?? ''] ?? GENERAL;
  return operation === undefined || !/^[A-Z][A-Za-z]{3,60}$/.test(operation)
    ? `${reference}/CommonErrors.html`
    : `${reference}/API_${operation}.html`;
}

/** The page about the quotas of a service. */
export function quotasOf(service: string | undefined): string {
  if (service === 'ECS') return 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html';
  return service === 'ECR'
    ? 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html'
    : 'https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html';
}
