import type { Surface } from './diagnosis.ts';
import { ACCESS, ACCESS_REST, LIMITS } from './rules/api-access.ts';
import { CLIENTS } from './rules/api-clients.ts';
import { CODE_DEPLOY_CALLS } from './rules/api-code-deploy.ts';
import { OTHERS } from './rules/api-others.ts';
import { REFUSALS } from './rules/api-refusals.ts';
import { SERVICE_CALLS, SERVICE_CALLS_REST } from './rules/api-service.ts';
import { SERVICE_SETTINGS } from './rules/api-service-settings.ts';
import { TASK_DEFINITION, TASK_DEFINITION_REFUSED, TASK_DEFINITION_REST } from './rules/api-taskdef.ts';
import { BALANCER, DISCOVERY } from './rules/balancer.ts';
import { BUILD, BUILD_STEP } from './rules/build.ts';
import { BUILD_BASE } from './rules/build-base.ts';
import { BUILD_BUILDER } from './rules/build-builder.ts';
import { BUILD_INSTRUCTIONS } from './rules/build-instruction.ts';
import { RUNNER_ENDED } from './rules/build-runner.ts';
import { BUILD_TOOLS } from './rules/build-tools.ts';
import { CAPACITY } from './rules/capacity.ts';
import { CODE_DEPLOY } from './rules/code-deploy.ts';
import { CONTAINERS } from './rules/containers.ts';
import { DEPLOYMENT, NOT_STEADY } from './rules/deployment.ts';
import { DISRUPTION, STOPPED_BY_HAND } from './rules/disruption.ts';
import { REGISTRY } from './rules/ecr.ts';
import { GITHUB } from './rules/github.ts';
import { IMAGE } from './rules/image.ts';
import { LOGGING } from './rules/logging.ts';
import { NETWORK } from './rules/network.ts';
import { BUILD_PROGRESS, NORMAL, PROGRESS } from './rules/normal.ts';
import { PLACEMENT } from './rules/placement.ts';
import { PULL_UNKNOWN, PULLING } from './rules/pull.ts';
import { ROLES } from './rules/roles.ts';
import type { Rule } from './rules/rule.ts';
import { SECRET_UNKNOWN, SECRETS_AND_FILES } from './rules/secrets.ts';
import { START_OF_CONTAINER } from './rules/start.ts';
import { CREDENTIALS } from './rules/sts.ts';
import { PLACEMENT_UNKNOWN, START_UNKNOWN } from './rules/unclear.ts';
import { VOLUMES } from './rules/volumes.ts';

/** What happens to tasks, services and deployments, the more telling rows first. */
const RUNTIME: readonly Rule[] = [
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
  ...CODE_DEPLOY,
  ...DEPLOYMENT,
  ...PLACEMENT,
  ...CAPACITY,
  ...CONTAINERS,
];
/** What calls of ours to ECS, ECR and STS are answered. */
const CALLS: readonly Rule[] = [
  ...CLIENTS,
  ...GITHUB,
  ...CODE_DEPLOY_CALLS,
  ...OTHERS,
  ...CREDENTIALS,
  ...REGISTRY,
  ...ACCESS,
  ...REFUSALS,
  ...TASK_DEFINITION,
  ...SERVICE_SETTINGS,
  ...SERVICE_CALLS,
  ...LIMITS,
];
const BUILDS: readonly Rule[] = [
  ...RUNNER_ENDED,
  ...BUILD_INSTRUCTIONS,
  ...BUILD,
  ...BUILD_BASE,
  ...BUILD_BUILDER,
  ...BUILD_TOOLS,
];
/** Where the message ends before it says why, and where only its kind is known. */
const REST: readonly Rule[] = [
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
  PROGRESS,
];

/** The whole table, each row once. */
export const RULES: readonly Rule[] = [...RUNTIME, ...CALLS, ...BUILDS, ...REST];

/** The rows that may answer on a surface; those of its own kind stand first, as a message may fit several. */
export const rulesFor = (surface: Surface): readonly Rule[] => BY_SURFACE[surface];

/** The first row of an id that may answer, whatever its patterns. */
export const ruleOf = (id: string): Rule | undefined => RULES.find((rule) => rule.id === id);

/** The row of an id that the matrix of phase and fault answers with, where no pattern of it need fit. */
export const generalRuleOf = (id: string): Rule | undefined =>
  RULES.find((rule) => rule.id === id && rule.general === true) ?? ruleOf(id);

const inOrder = (surface: Surface, ...groups: readonly (readonly Rule[])[]): readonly Rule[] =>
  [...new Set(groups.flat())].filter(({ surfaces }) => surfaces.includes(surface));
const forCalls = (surface: Surface): readonly Rule[] => inOrder(surface, NORMAL, CALLS, RUNTIME, BUILDS, REST);
const forTasks = (surface: Surface): readonly Rule[] => inOrder(surface, RULES);

const BY_SURFACE: Readonly<Record<Surface, readonly Rule[]>> = {
  'api.ecs': inOrder(
    'api.ecs',
    CLIENTS,
    GITHUB,
    CODE_DEPLOY_CALLS,
    OTHERS,
    NORMAL,
    ROLES,
    BALANCER,
    NETWORK,
    forCalls('api.ecs'),
  ),
  'api.ecr': forCalls('api.ecr'),
  'api.sts': forCalls('api.sts'),
  'buildx.stderr': inOrder(
    'buildx.stderr',
    RUNNER_ENDED,
    GITHUB,
    BUILD_INSTRUCTIONS,
    REGISTRY,
    IMAGE,
    BUILDS,
    CREDENTIALS,
    NORMAL,
    RUNTIME,
    CALLS,
    REST,
  ),
  'task.stoppedReason': forTasks('task.stoppedReason'),
  'container.reason': forTasks('container.reason'),
  'container.exitCode': forTasks('container.exitCode'),
  'container.log': forTasks('container.log'),
  'service.event': forTasks('service.event'),
  'deployment.rolloutStateReason': forTasks('deployment.rolloutStateReason'),
};
