import { lastSentence } from './api-taskdef.ts';
import { field, GUIDE, maybe, type Rule } from './rule.ts';

const SERVICE = `${GUIDE}/service_definition_parameters.html`;
const API_FAILURES = `${GUIDE}/api_failures_messages.html`;

/** Why CreateService, UpdateService, RunTask and the describe calls refuse. */
export const SERVICE_CALLS: readonly Rule[] = [
  {
    id: 'cluster-not-found',
    nature: 'hopeless',
    match: [
      /ClusterNotFound|Cluster (?:\S{1,255} )?(?:was )?not found|cluster .{0,120}does not exist|The referenced cluster was inactive/i,
      /^(?:.{0,300}[ :=])?MISSING\.?$/,
    ],
    when: (found) => !/MISSING\.?$/.test(found.text) || /DescribeClusters/.test(field(found, 'operation')),
    cause: 'The ECS cluster does not exist (or is INACTIVE) in this account and Region.',
    remedy:
      'Correct the inputs `cluster` and `aws-region`, and check the account of the credentials: without `cluster` it is the one named default.',
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
    unless: /namespace|Cloud ?Map|secret|unable to place/i,
    cause: (found) =>
      /DescribeTasks/.test(field(found, 'operation'))
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
    cause: ({ words: { container, port } }) =>
      port
        ? `The load balancer of the service wants container${maybe(container)} with port ${port}, which the new task definition does not have.`
        : `The service names the container${maybe(container)} in its load balancer or registry, and the new task definition has no container of that name.`,
    remedy: ({ words: { container, port } }) =>
      `Keep a container named ${container ?? 'as in the service'}${port ? ` with containerPort ${port} in portMappings` : ''} in the task definition, or update the loadBalancers (serviceRegistries) of the service.`,
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
    cause:
      "The task definition has networkMode 'awsvpc', and the service has no networkConfiguration (subnets, security groups).",
    remedy:
      'Give the service a networkConfiguration.awsvpcConfiguration with subnets and security groups, or keep the networkMode of the revision before.',
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
    cause:
      'The service has a networkConfiguration (or assignPublicIp) that does not fit the networkMode or launch type of the task definition.',
    remedy:
      'networkConfiguration is for networkMode awsvpc alone, and assignPublicIp ENABLED for Fargate: keep the networkMode of the revision before, or take it out of the service.',
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
    cause: ({ words: { type } }) =>
      type
        ? `The task definition is not made for the launch type ${type} of the service.`
        : 'Launch type and capacity provider strategy are both given, or do not fit the task definition: ECS takes one of them.',
    remedy: ({ words: { type } }) =>
      type
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
    remedy:
      'Associate it with the cluster (put-cluster-capacity-providers) or correct the capacity provider strategy of the service.',
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
    cause: ({ words: { kind } }) =>
      `The service has the ${kind ?? 'CODE_DEPLOY'} deployment controller: ECS itself may not roll it out.`,
    remedy:
      'Deploy it through what controls it (CodeDeploy for CODE_DEPLOY, task sets for EXTERNAL), or move the service to the ECS deployment controller, whose rolling and blue/green deployments this action drives.',
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
    remedy:
      'Give the task definition a task role with the ssmmessages permissions (input `task-role-arn`), or set the input `enable-execute-command` to false.',
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
export const SERVICE_CALLS_REST: readonly Rule[] = [
  {
    id: 'request-refused',
    nature: 'hopeless',
    surfaces: ['api.ecs'],
    match: [
      /InvalidParameter|ClientException|ValidationException|Invalid request|BadRequest|InvalidArn|^[A-Z]\w{3,60}Exception: /,
    ],
    cause: ({ text }) => `ECS refuses the request: ${lastSentence(text)}`,
    remedy: (found) =>
      `Correct what the message names${/Update|Create/.test(field(found, 'operation')) ? ' in the inputs or in the settings of the service' : ''}; the API reference of ${field(found, 'operation') || 'the call'} lists what is allowed.`,
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html',
    examples: ['InvalidParameterException: something new'],
  },
];
