import type { Nature, Surface } from './diagnosis.ts';

/** Words taken from the message by the match's named groups. */
export type Words = Readonly<Record<string, string | undefined>>;

/**
 * One cause and how AWS words it. `cause` and `remedy` may name what the match took out of the message.
 * The first row that matches decides, so the more telling rows stand first. `example` is a message that must find it.
 */
export interface Rule {
  readonly id: string;
  readonly nature: Nature;
  readonly surfaces?: readonly Surface[];
  readonly match: RegExp;
  readonly cause: (words: Words) => string;
  readonly remedy: (words: Words) => string;
  readonly link?: string;
  readonly example: string;
}

const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
const named = (kind: string, name: string | undefined): string => (name ? `the ${kind} ${name}` : `the ${kind}`);

export const RULES: readonly Rule[] = [
  {
    id: 'image-platform-mismatch',
    nature: 'hopeless',
    match:
      /does not contain descriptor matching platform '?(?<platform>[\w/]+)|no matching manifest for (?<wanted>[\w/]+)|exec format error|image operating system .* cannot be used/i,
    cause: ({ platform, wanted }) =>
      `The image is not built for the architecture that the task runs on${platform || wanted ? ` (${platform ?? wanted})` : ''}.`,
    remedy: () =>
      'Add the platform to the input `platforms`, or set runtimePlatform.cpuArchitecture in the task definition to the architecture of the image.',
    link: `${GUIDE}/task_cannot_pull_image.html`,
    example:
      "CannotPullContainerError: failed to resolve ref: image Manifest does not contain descriptor matching platform 'linux/arm64'.",
  },
  {
    id: 'image-not-found',
    nature: 'hopeless',
    match:
      /(?<image>\S+): not found|manifest unknown|requested image not found|repository .* not found|manifest for (?<name>\S+) not found/i,
    cause: ({ image, name }) => `ECS cannot find ${named('image', image ?? name)}.`,
    remedy: () => 'Push that tag or digest to the repository, or correct the image in the task definition.',
    link: `${GUIDE}/task_cannot_pull_image.html`,
    example:
      'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:nope: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:nope: not found',
  },
  {
    id: 'secret-json-key-missing',
    nature: 'hopeless',
    match: /retrieved secret .*did not contain json key (?<key>[\w.-]+)/i,
    cause: ({ key }) => `The secret has no JSON key ${key ?? ''}.`,
    remedy: () => 'Add the key to the secret in Secrets Manager, or correct the valueFrom in the task definition.',
    link: `${GUIDE}/resource-initialization-error.html`,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password',
  },
  {
    id: 'ecr-auth-network',
    nature: 'ambiguous',
    // Said of ECR by name; "unable to pull secrets or registry auth" alone begins messages of both kinds.
    match:
      /(?:api\.ecr|ecr registry auth|GetAuthorizationToken).*(?:i\/o timeout|deadline exceeded|connection issue|dial tcp|request canceled)|CannotPull.*(?:i\/o timeout|request canceled|dial tcp|deadline exceeded)/is,
    cause: () => 'The task cannot reach ECR over its network.',
    remedy: () =>
      'In a private subnet add the VPC endpoints com.amazonaws.REGION.ecr.api and .ecr.dkr and the S3 gateway (443 open in the security groups), or a NAT route; in a public one assignPublicIp.',
    link: `${GUIDE}/task_cannot_pull_image.html`,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
  },
  {
    id: 'secret-network',
    nature: 'ambiguous',
    match: /(?:secret|ssm|parameter|asm).*(?:context deadline exceeded|i\/o timeout|dial tcp|connection issue)/is,
    cause: () => 'The task cannot reach Secrets Manager or Parameter Store over its network.',
    remedy: () =>
      'In a private subnet add the VPC endpoints com.amazonaws.REGION.secretsmanager and .ssm (443 open in their security group) or a NAT route; in a public one assignPublicIp.',
    link: `${GUIDE}/resource-initialization-error.html`,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: The task cannot pull secrets: context deadline exceeded',
  },
  {
    id: 'secret-access-denied',
    nature: 'hopeless',
    match: /not authorized to perform: (?<action>secretsmanager:\w+|ssm:\w+|kms:\w+)/i,
    cause: ({ action }) => `The task's execution role may not read a secret (${action ?? 'access denied'}).`,
    remedy: ({ action }) =>
      `Allow ${action ?? 'secretsmanager:GetSecretValue'} on it for the executionRoleArn of the task definition (and kms:Decrypt for an own key).`,
    link: `${GUIDE}/task_execution_IAM_role.html`,
    example:
      'ResourceInitializationError: unable to pull secrets: AccessDeniedException: User: arn:aws:sts::1:assumed-role/r/t is not authorized to perform: secretsmanager:GetSecretValue on resource: s',
  },
  {
    id: 'secret-not-found',
    nature: 'hopeless',
    match:
      /invalid (?:ssm )?parameters?: ?\[?(?<parameter>[^\]\s,]+)|secrets? manager can't find the specified secret|ParameterNotFound/i,
    cause: ({ parameter }) => `A secret of the task definition does not exist${parameter ? `: ${parameter}` : ''}.`,
    remedy: () => 'Create it in the region of the task, or correct the valueFrom in `secrets`.',
    link: `${GUIDE}/resource-initialization-error.html`,
    example:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: invalid ssm parameters: /web/TOKEN',
  },
  {
    id: 'log-network',
    nature: 'hopeless',
    match: /(?:log group|logger).*(?:connection issue|signal: killed|i\/o timeout|deadline exceeded)/is,
    cause: () => 'The task cannot reach CloudWatch Logs over its network.',
    remedy: () => 'Add the VPC endpoint com.amazonaws.REGION.logs (443 open in its security group), or a NAT route.',
    link: `${GUIDE}/resource-initialization-error.html`,
    example:
      'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed',
  },
  {
    id: 'log-group-missing',
    nature: 'hopeless',
    match: /(?:log group (?<group>\S+ )?does not exist|ResourceNotFoundException: The specified log group)/i,
    cause: () => 'The log group of the task definition does not exist.',
    remedy: () =>
      'Create it (aws logs create-log-group), or set the option awslogs-create-group with logs:CreateLogGroup for the execution role.',
    link: `${GUIDE}/resource-initialization-error.html`,
    example:
      'ResourceInitializationError: failed to validate logger args: create stream: ResourceNotFoundException: The specified log group does not exist.',
  },
  {
    id: 'image-pull-denied',
    nature: 'hopeless',
    match: /pull access denied|not authorized to perform: ecr:\w+|CannotPull\w*.*(?:403|denied|unauthorized)/i,
    cause: () => 'The image may not be pulled.',
    remedy: () =>
      'Give the execution role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer (AmazonECSTaskExecutionRolePolicy), and the repository policy this account.',
    link: `${GUIDE}/task_cannot_pull_image.html`,
    example:
      'CannotPullContainerError: pull access denied for app, repository does not exist or may require authorization',
  },
  {
    id: 'role-assume-failed',
    nature: 'hopeless',
    match:
      /unable to assume (?:the )?(?:service linked )?role (?<role>\S*)|ECS was unable to assume the role '?(?<arn>[^'\s]+)/i,
    cause: ({ role, arn }) => `ECS cannot assume ${named('role', arn ?? role)}.`,
    remedy: () => 'Let the role trust ecs-tasks.amazonaws.com, and look whether it exists.',
    link: `${GUIDE}/task_execution_IAM_role.html`,
    example: "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.",
  },
  {
    id: 'oom',
    nature: 'ambiguous',
    match: /OutOfMemory(?:Error)?/,
    cause: () => 'A container used more memory than its limit and was killed.',
    remedy: () => "Raise the container's memory (and the task's), or look for the leak.",
    link: `${GUIDE}/stopped-task-error-codes.html`,
    example: 'OutOfMemoryError: Container killed due to memory usage',
  },
  {
    id: 'entrypoint-not-found',
    nature: 'hopeless',
    match: /exec:? "?(?<program>[^":]+)"?.*(?:executable file not found|no such file or directory)/i,
    cause: ({ program }) => `The image has no program ${program ?? ''} to start.`,
    remedy: () => 'Correct command or entryPoint in the task definition, or the Dockerfile.',
    link: `${GUIDE}/stopped-task-error-codes.html`,
    example:
      'CannotStartContainerError: Error response from daemon: failed to create task: exec: "serve": executable file not found in $PATH: unknown',
  },
  {
    id: 'elb-health-check',
    nature: 'ambiguous',
    match:
      /failed (?:ELB|elastic load balancing)? ?health checks|health checks failed|target.*unhealthy|is unhealthy in.*target-?group/i,
    cause: () => 'The load balancer finds the task unhealthy.',
    remedy: () =>
      "Look at the target group's path, port and success codes, at the security group between load balancer and task, and whether health-check-grace-period-seconds covers the start.",
    link: `${GUIDE}/troubleshoot-service-load-balancers.html`,
    example:
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
  },
  {
    id: 'container-health-check',
    nature: 'ambiguous',
    match: /failed container health checks/i,
    cause: () => 'The container health check fails.',
    remedy: () => 'Run its command in the image by hand, and give it a startPeriod that covers the start.',
    link: `${GUIDE}/healthcheck.html`,
    example: 'Task failed container health checks',
  },
  {
    id: 'placement',
    nature: 'blocked',
    match: /unable to place a task because (?<why>[^.]+)/i,
    cause: ({ why }) => `No instance of the cluster can take the task: ${why ?? ''}.`,
    remedy: () =>
      'Add an instance or a capacity provider with managed scaling, or lower minimum-healthy-percent so that an old task makes room first.',
    link: `${GUIDE}/service-event-messages-list.html`,
    example:
      '(service web) was unable to place a task because no container instance met all of its requirements. Reason: The closest matching has insufficient memory available.',
  },
  {
    id: 'disruption',
    nature: 'self-heals',
    match: /spot|maintenance|host (?:EC2 )?\(?.*terminated|scaling activity|availability zone rebalanc/i,
    cause: () => 'AWS or a scaling action took the task away.',
    remedy: () => 'Nothing: ECS starts another one.',
    example: 'Your Spot Task was interrupted.',
  },
  {
    id: 'circuit-breaker',
    nature: 'symptom',
    match: /circuit breaker/i,
    cause: () => 'The deployment circuit breaker ended the rollout because too many tasks failed.',
    remedy: () => 'Look at the first stopped task: its reason is the cause.',
    link: `${GUIDE}/deployment-circuit-breaker.html`,
    example: 'ECS deployment circuit breaker: tasks failed to start.',
  },
  {
    id: 'deployment-alarm',
    nature: 'hopeless',
    surfaces: ['service.event', 'deployment.rolloutStateReason'],
    match: /alarm detected|alarms? .*ALARM/i,
    cause: () => 'A CloudWatch alarm of the deployment went to ALARM.',
    remedy: () => 'See which alarm of the service it was and why; the new revision runs, but not well.',
    link: `${GUIDE}/deployment-alarm-failure.html`,
    example: '(service web) deployment ecs-svc/1 deployment failed: alarm detected.',
  },
];
