import { fieldIn } from '../refusal-fields.ts';
import { of } from '../say.ts';
import { lastSentence } from './api-taskdef.ts';
import { ANYWHERE, AWS, GUIDE, maybe, OF_ECS, type Rule, TASK_SIDE } from './rule.ts';

const SERVICE = `${GUIDE}/service_definition_parameters.html`;

/** Settings of the service that do not fit each other or the task definition. */
export const SERVICE_SETTINGS: readonly Rule[] = [
  {
    id: 'request-refused',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'load-balancer',
    failure: 'missing',
    match: [/host port mapping for (?:the )?container port (?<port>\d{1,5}) is required/i],
    cause: ({ words: { port } }) =>
      `The load balancer of the service is a Classic Load Balancer (loadBalancerName), which needs a fixed host port for the container port${maybe(port)}.`,
    remedy:
      'Set hostPort in portMappings of that container, or use an Application or Network Load Balancer: give targetGroupArn in `loadBalancers` of the service.',
    link: SERVICE,
  },
  {
    id: 'request-refused',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [/long arn format/i],
    cause:
      'The service has the old, short ARN format (it was created before long ARNs), and ECS tags only resources with long ARNs.',
    remedy:
      'Opt in to long ARNs (aws ecs put-account-setting --name serviceLongArnFormat --value enabled) and create the service again; until then deploy without tags (inputs `propagate-tags`, `enable-ecs-managed-tags`).',
    link: SERVICE,
  },
  {
    id: 'request-refused',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'volume',
    failure: 'missing',
    match: [/volume configuration provided but no matching|configuredAtLaunch/i],
    unless:
      /only one of|and host\b|required|must (?:be )?(?:provide|specif|configure)|missing|not (?:provided|specified)/i,
    cause:
      'The service configures a volume (volumeConfigurations) that the task definition does not have, or not with configuredAtLaunch.',
    remedy:
      'Keep a volume of that name with `configuredAtLaunch: true` in `volumes` of the task definition, or remove the entry from volumeConfigurations of the service.',
    link: SERVICE,
  },
  {
    id: 'container-not-in-taskdef',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'task-definition',
    failure: 'missing',
    match: [
      /container (?<container>\S{1,255}) does not exist in the task definition/i,
      /container (?<container>\S{1,255}) did not have a container port (?<port>\d+)/i,
      /(?:container ?name|containerName) .{0,255}(?:not found|does not exist|not (?:in|part of) the task definition|must match)/i,
    ],
    cause: ({ words: { container, port } }) =>
      port
        ? `The load balancer of the service wants container${maybe(container)} with port ${port}, which the new task definition does not have.`
        : `The service names the container${maybe(container)} in its load balancer or registry, and the new task definition has no container of that name.`,
    remedy: ({ words: { container, port } }) =>
      `Keep a container named ${container ?? 'as in the service'}${port ? ` with containerPort ${port} in portMappings` : ''} in the task definition, or update the loadBalancers (serviceRegistries) of the service.`,
    link: SERVICE,
  },
  {
    id: 'network-config-missing',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [
      /Network ?Configuration must be (?:provided|specified)/i,
      /awsvpc (?:network mode )?(?:must|requires?) (?:have |specify )?(?:a )?network ?configuration/i,
      /(?:subnets?|awsvpcConfiguration|networkConfiguration) (?:can ?not|must not|should not) be (?:empty|null|blank)/i,
    ],
    cause: ({ text }) =>
      /subnets? (?:can ?not|must not|should not) be/i.test(text)
        ? 'The list of subnets in networkConfiguration.awsvpcConfiguration is empty: as a rule the variable or output that fills it is.'
        : "The task definition has networkMode 'awsvpc', and the service has no networkConfiguration (subnets, security groups).",
    remedy:
      'Give the service a networkConfiguration.awsvpcConfiguration with subnets and security groups, or keep the networkMode of the revision before.',
    link: SERVICE,
  },
  {
    id: 'network-config-not-allowed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [/assign ?public ?ip is not supported for this launch type/i],
    cause:
      'networkConfiguration sets assignPublicIp to ENABLED, and the launch type of the request is not Fargate (EC2 or EXTERNAL): only tasks on Fargate get a public address.',
    remedy:
      'Take assignPublicIp out (or DISABLED) and keep the rest of networkConfiguration; tasks with awsvpc on EC2 then need private subnets with a NAT gateway or VPC endpoints as their way out. Where the task was meant for Fargate, set that launch type.',
    link: SERVICE,
  },
  {
    id: 'network-config-not-allowed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [
      /Network ?Configuration is not (?:valid|supported|allowed)/i,
      /assign ?public ?ip .{0,80}(?:not supported|only|invalid)/i,
    ],
    cause:
      'The service has a networkConfiguration (or assignPublicIp) that does not fit the networkMode or launch type of the task definition.',
    remedy:
      'networkConfiguration is for networkMode awsvpc alone, and assignPublicIp ENABLED for Fargate: keep the networkMode of the revision before, or take it out of the service.',
    link: SERVICE,
  },
  {
    id: 'launch-type-conflict',
    nature: 'permanent',
    surfaces: ['task.stoppedReason', 'api.ecs'],
    producers: [...TASK_SIDE, ...AWS],
    launch: ANYWHERE,
    subject: 'service',
    failure: 'conflict',
    match: [
      /(?:launch ?type|capacity ?provider ?strategy).{0,120}(?:but not both|cannot be (?:both )?specified|mutually exclusive|together)/i,
      /not compatible with the (?:selected )?compute (?:strategy|type)|task definition .{0,60}(?:not compatible|incompatible) .{0,60}(?:launch ?type|capacity provider)/i,
      /Task definition does not support launch_?type (?<type>\w+)/i,
      /(?:not|un)supported .{0,40}launch ?type|launch ?type .{0,80}(?:not (?:supported|compatible)|incompatible)/i,
    ],
    cause: ({ words: { type }, text }) =>
      type || /task definition/i.test(text)
        ? `The task definition is not made for the launch type${maybe(type)} (or capacity provider) of the service.`
        : 'Launch type (launchType) and capacity provider strategy (capacityProviderStrategy) are both given, or do not fit the task definition: ECS takes one of them.',
    remedy: ({ words: { type }, text }) =>
      type || /task definition/i.test(text)
        ? `Add ${type ?? 'that launch type'} to requiresCompatibilities of the task definition (with cpu, memory and networkMode awsvpc for Fargate), or change launch type or capacity provider of the service.`
        : 'Send either the launch type or the capacity provider strategy; changing from one to the other needs a new deployment of the service (input `force-new-deployment`).',
    link: SERVICE,
  },
  {
    id: 'capacity-provider-invalid',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'capacity',
    failure: 'exhausted',
    match: [
      /capacity provider .{0,255}(?:not (?:found|associated|active)|does not exist|was not found|is invalid|in use)/i,
    ],
    unless: /No Container Instances/i,
    cause: 'The capacity provider of the service is not associated with the cluster, or does not exist.',
    remedy:
      'Associate it with the cluster (put-cluster-capacity-providers) or correct the capacity provider strategy of the service.',
    link: `${GUIDE}/cluster-capacity-providers.html`,
  },
  {
    id: 'wrong-deployment-controller',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [/cannot force a new deployment on services with an? (?<kind>CODE_DEPLOY|EXTERNAL) deployment controller/i],
    cause: ({ words: { kind } }) =>
      `ECS cannot force a new deployment (forceNewDeployment) of the service: its deployment controller is ${kind}, so ECS does not deploy it itself.`,
    remedy: ({ words: { kind } }) =>
      `Leave \`force-new-deployment\` out for this service and start the deployment where its controller is: ${kind === 'EXTERNAL' ? 'a new task set (CreateTaskSet)' : of('codedeploy', 'a deployment in CodeDeploy (aws deploy create-deployment) with the same task definition')}.`,
    link: `${GUIDE}/deployment-types.html`,
  },
  {
    id: 'wrong-deployment-controller',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'conflict',
    match: [
      /Unable to update (?<what>[\w ,-]{3,80}?) on services with an? (?<kind>CODE_DEPLOY|EXTERNAL) deployment controller/i,
      /^(?:\w+: )?(?:The )?(?<setting>[\w ,-]{3,80}?) (?:is|are) not supported (?:for|with|when|by) .{0,60}(?<kind>CODE_DEPLOY|EXTERNAL) deployment controller/i,
      /^(?:\w+: )?(?:The )?(?<setting>(?!(?:the |this )?(?:service|operation|request|call|UpdateService) (?:does|do) not)[\w ,-]{3,80}?) (?:does|do) not support (?:the |an? )?(?:services (?:with|that use) )?(?:the |an? )?(?<kind>CODE_DEPLOY|EXTERNAL) deployment controller/i,
      /(?<kind>CODE_DEPLOY|EXTERNAL) deployment controller|deployment ?controller .{0,120}(?:not support|cannot|only|invalid|type)/i,
    ],
    cause: ({ words: { kind, what, setting } }) =>
      setting
        ? `${setting} is not supported by the ${kind ?? 'CODE_DEPLOY'} deployment controller of the service.`
        : `The service has the ${kind ?? 'CODE_DEPLOY'} deployment controller: ECS itself may not ${what ? `change its ${what}` : 'roll it out'}.`,
    remedy: ({ words: { setting } }) =>
      setting
        ? 'Leave that setting (its input) out for this service, or move the service to the ECS deployment controller, which supports it.'
        : [
            'Deploy it through what controls it',
            { examples: [{ for: 'codedeploy', words: 'CodeDeploy for CODE_DEPLOY' }, 'task sets for EXTERNAL'] },
            ', or move the service to the ECS deployment controller, whose rolling and blue/green deployments this action drives.',
          ],
    link: `${GUIDE}/deployment-types.html`,
  },
  {
    id: 'execute-command-not-enabled',
    nature: 'ambiguous',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [/execute command was not enabled|execute command agent isn't running/i],
    cause: 'ECS Exec was not on when the task was started, or its agent does not run in the task.',
    remedy:
      'Set the input `enable-execute-command` to true and deploy again: only tasks started after that take it. In a task that has it, describe-tasks shows the state of ExecuteCommandAgent; then check the ssmmessages permissions of the task role and the way to that endpoint.',
    link: `${GUIDE}/ecs-exec-troubleshooting.html`,
  },
  {
    id: 'execute-command-role-missing',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'missing',
    match: [/valid taskRoleArn is not being used/i, /execute ?command .{0,160}(?:task ?role|taskRoleArn)/i],
    cause: 'ECS Exec (execute command) is on and the task definition has no valid taskRoleArn.',
    remedy:
      'Give the task definition a task role with the ssmmessages permissions (input `task-role-arn`), or set the input `enable-execute-command` to false.',
    link: `${GUIDE}/ecs-exec.html`,
  },
  {
    id: 'grace-period-without-load-balancer',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'load-balancer',
    failure: 'invalid',
    match: [/health ?check ?grace ?period.{0,160}(?:load balanc|only valid|not (?:valid|allowed))/i],
    cause: 'A health check grace period is set, and the service has no load balancer.',
    remedy: 'Leave the input `health-check-grace-period-seconds` out, or give the service a load balancer.',
    link: SERVICE,
  },
  {
    id: 'service-role-not-allowed',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'permission',
    failure: 'conflict',
    match: [/cannot specify an IAM role for services/i],
    cause:
      'The service names a service role (role), which ECS does not take here: such services use the service-linked role AWSServiceRoleForECS.',
    remedy:
      'Leave `role` out of the service: with networkMode awsvpc, several target groups or service discovery ECS uses its service-linked role by itself (aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com makes it).',
    link: `${GUIDE}/using-service-linked-roles.html`,
  },
  {
    id: 'scheduling-strategy-invalid',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service',
    failure: 'invalid',
    match: [
      /scheduling strategy.{0,80}(?:not supported|not valid|invalid|cannot)/i,
      /(?:not supported|cannot be (?:set|used|specified)).{0,60}(?:DAEMON|scheduling strategy)/i,
    ],
    cause: ({ text }) =>
      `What is asked does not fit the scheduling strategy of the service. ECS says: ${lastSentence(text)}`,
    remedy: ({ text, reading }) => {
      const field = fieldIn(lastSentence(text), reading.operation);
      return field && !/^(?:schedulingStrategy|desiredCount|launchType)/.test(field.name)
        ? `Remove ${field.name}${field.input} from the ${field.owner}, or create the service again as REPLICA: a DAEMON service runs one task on each instance and is not placed by settings.`
        : 'A DAEMON service has no desiredCount, runs on EC2 alone (not on Fargate) and with the ECS deployment controller: leave the input `desired-count` out, or recreate the service as REPLICA.';
    },
    link: SERVICE,
  },
  {
    id: 'service-connect-port-missing',
    nature: 'permanent',
    ...OF_ECS,
    subject: 'service-discovery',
    failure: 'missing',
    match: [
      /port ?name ['"]?(?<portName>[\w-]{1,64})['"]?.{0,160}(?:does not exist|not (?:be )?found|not defined|must|match)/i,
    ],
    cause: ({ words: { portName } }) =>
      `Service Connect of the service uses the port name${maybe(portName)}, which the portMappings of the new task definition do not have.`,
    remedy: ({ words: { portName } }) =>
      `Give the port mapping in the task definition the name ${portName ?? 'that serviceConnectConfiguration names'}, or update the serviceConnectConfiguration of the service.`,
    link: `${GUIDE}/service-connect.html`,
  },
];
