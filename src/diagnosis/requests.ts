/**
 * The fields of every request to ECS and ECR, by the service model of the SDK: what a refusal names is looked up among
 * the fields of the operation that was refused, which shows its path, who owns it, and which input sets it.
 */
import { membersOf, memberType, ROOT } from '../taskdef/schema.ts';
import { REQUESTS } from './requests.generated.ts';

export type Owner = 'container' | 'task definition' | 'service' | 'load balancer entry' | 'cluster' | 'request';

/** A field of a request, at its place. */
export interface Place {
  /** `loadBalancers.targetGroupArn`: without the numbers of lists. */
  readonly path: string;
  readonly name: string;
  readonly owner: Owner;
  /** The input of this action that sets it; undefined where none does. */
  readonly input: string | undefined;
}

/** The task definition has its own model: `ContainerDefinition` and what is below it stand there. */
function membersAt(structure: string): readonly (readonly [name: string, inner: string])[] {
  const own = REQUESTS[structure];
  if (own !== undefined)
    return own.split(' ').map((member) => {
      const [name = '', inner = ''] = member.split(':');
      return [name, inner];
    });
  return membersOf(structure).map((name) => [name, memberType(structure, name).replace(/\[\]$/, '')]);
}

const DEPTH = 6;
function* pathsBelow(structure: string, path: string, depth = 0): Generator<string> {
  if (depth >= DEPTH) return;
  for (const [name, inner] of membersAt(structure)) {
    const at = path === '' ? name : `${path}.${name}`;
    yield at;
    if (inner !== '') yield* pathsBelow(inner, at, depth + 1);
  }
}

/** What a request is called in the model; `RegisterTaskDefinition` is the task definition itself. */
const structureOf = (operation: string): string =>
  operation === 'RegisterTaskDefinition' ? ROOT : `${operation}Request`;

/** Fields of a request that say which resource is meant, and not how it should be. */
const ADDRESS = /^(?:cluster|service|serviceName|taskDefinition|clientToken|tags|tasks?|services|clusters)(?:\.|$)/;

/** @param path without the numbers of lists: `containerDefinitions.cpu` */
export function ownerAt(path: string, operation: string | undefined): Owner {
  if (operation === 'RegisterTaskDefinition')
    return path.includes('.') && isOfContainer(path) ? 'container' : 'task definition';
  if (!/^(?:Create|Update)(?:ExpressGateway)?Service$/.test(operation ?? '') || ADDRESS.test(path)) return 'request';
  return path.startsWith('loadBalancers.') ? 'load balancer entry' : 'service';
}
const isOfContainer = (path: string): boolean => path.startsWith('containerDefinitions.');

/** The inputs by the path of the field that they set; `*` at its end: whatever stands below as well. */
const INPUTS: Readonly<Record<'taskDefinition' | 'service' | 'task' | 'repository', Readonly<Record<string, string>>>> =
  {
    taskDefinition: {
      family: 'task-definition-family',
      cpu: 'cpu',
      memory: 'memory',
      taskRoleArn: 'task-role-arn',
      executionRoleArn: 'execution-role-arn',
      'tags*': 'task-definition-tags',
      'containerDefinitions.image': 'image',
      'containerDefinitions.command': 'command',
      'containerDefinitions.environment*': 'environment-variables',
      'containerDefinitions.environmentFiles*': 'env-files',
      'containerDefinitions.secrets*': 'secrets',
      'containerDefinitions.dockerLabels': 'docker-labels',
      'containerDefinitions.logConfiguration': 'log-configuration-log-driver',
      'containerDefinitions.logConfiguration.logDriver': 'log-configuration-log-driver',
      'containerDefinitions.logConfiguration.options': 'log-configuration-options',
    },
    service: {
      cluster: 'cluster',
      service: 'service',
      serviceName: 'service',
      taskDefinition: 'task-definition',
      desiredCount: 'desired-count',
      platformVersion: 'platform-version',
      forceNewDeployment: 'force-new-deployment',
      enableExecuteCommand: 'enable-execute-command',
      enableECSManagedTags: 'enable-ecs-managed-tags',
      propagateTags: 'propagate-tags',
      healthCheckGracePeriodSeconds: 'health-check-grace-period-seconds',
      deploymentConfiguration: 'minimum-healthy-percent and maximum-percent',
      'deploymentConfiguration.minimumHealthyPercent': 'minimum-healthy-percent',
      'deploymentConfiguration.maximumPercent': 'maximum-percent',
      'deploymentConfiguration.deploymentCircuitBreaker*': 'circuit-breaker',
      'deploymentConfiguration.alarms*': 'alarms',
      'deploymentConfiguration.strategy': 'strategy',
      'deploymentConfiguration.bakeTimeInMinutes': 'bake-time-minutes',
      'deploymentConfiguration.lifecycleHooks*': 'lifecycle-hooks',
      'deploymentConfiguration.linearConfiguration.stepPercent': 'linear-step-percent',
      'deploymentConfiguration.linearConfiguration.stepBakeTimeInMinutes': 'linear-step-bake-minutes',
      'deploymentConfiguration.canaryConfiguration.canaryPercent': 'canary-percent',
      'deploymentConfiguration.canaryConfiguration.canaryBakeTimeInMinutes': 'canary-bake-minutes',
      'loadBalancers.advancedConfiguration.alternateTargetGroupArn': 'alternate-target-group',
      'loadBalancers.advancedConfiguration.productionListenerRule': 'production-listener-rule',
      'loadBalancers.advancedConfiguration.testListenerRule': 'test-listener-rule',
      'loadBalancers.advancedConfiguration.roleArn': 'load-balancer-role',
    },
    task: {
      cluster: 'cluster',
      taskDefinition: 'task-definition',
      launchType: 'run-task-launch-type',
      platformVersion: 'platform-version',
      startedBy: 'run-task-started-by',
      'tags*': 'run-task-tags',
      'capacityProviderStrategy*': 'run-task-capacity-provider-strategy',
      networkConfiguration: 'run-task-subnets and run-task-security-groups',
      'networkConfiguration.awsvpcConfiguration': 'run-task-subnets and run-task-security-groups',
      'networkConfiguration.awsvpcConfiguration.subnets': 'run-task-subnets',
      'networkConfiguration.awsvpcConfiguration.securityGroups': 'run-task-security-groups',
      'networkConfiguration.awsvpcConfiguration.assignPublicIp': 'run-task-assign-public-ip',
      'overrides.containerOverrides*': 'run-task-container-overrides',
      'volumeConfigurations*': 'run-task-managed-ebs-volume',
    },
    repository: {
      repositoryName: 'repository',
      imageTag: 'tags',
      lifecyclePolicyText: 'lifecycle-policy',
      'imageTagMutability*': 'repository-settings',
      'imageScanningConfiguration*': 'repository-settings',
      'encryptionConfiguration*': 'repository-settings',
    },
  };

function inputsOf(operation: string | undefined): Readonly<Record<string, string>> {
  if (operation === 'RegisterTaskDefinition') return INPUTS.taskDefinition;
  if (/^(?:Run|Start)Task$/.test(operation ?? '')) return INPUTS.task;
  return /Repository|Image|Layer|LifecyclePolicy/.test(operation ?? '') ? INPUTS.repository : INPUTS.service;
}

/** @param path without the numbers of lists */
export function inputAt(path: string, operation: string | undefined): string | undefined {
  const inputs = inputsOf(operation);
  if (inputs[path] !== undefined) return inputs[path];
  const above = Object.keys(inputs).filter((key) => key.endsWith('*') && isBelow(path, key.slice(0, -1)));
  const longest = above.toSorted((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return inputs[longest];
  // What no input of its own sets, the file that describes the service does.
  const owner = ownerAt(path, operation);
  return owner === 'service' || owner === 'load balancer entry' ? 'service-definition' : undefined;
}
const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}.`);

const KNOWN = new Map<string, readonly Place[]>();

/** Every field of a request, those near its top first; none for an operation that is not known. */
export function placesIn(operation: string): readonly Place[] {
  const known = KNOWN.get(operation);
  if (known) return known;
  const paths = [...pathsBelow(structureOf(operation), '')];
  const places = paths
    .map(
      (path): Place => ({
        path,
        name: path.split('.').at(-1) ?? path,
        owner: ownerAt(path, operation),
        input: inputAt(path, operation),
      }),
    )
    .toSorted((a, b) => depthOf(a) - depthOf(b));
  KNOWN.set(operation, places);
  return places;
}
const depthOf = ({ path }: Place): number => path.split('.').length;

/** Names of one word that stand in many sentences: they are meant only where they are written as a name. */
const PLAIN = /^[a-z]{1,20}$/;
/** The last word of many names (`launch type`, `container name`): it is a name of its own only at the beginning. */
const TAIL = /^(?:type|name|value|key|version|arn|id|mode|user|driver|scope|label|reason|size)$/;
/** What turns a plain word into the name of a field: `name can not be blank`, `status should be one of`. */
const PREDICATE = /^(?:can|can't|cannot|could|must|should|may|contains?|has|is|was|are|exceeds?)$/i;

/** `stop timeout`, `stopTimeout`, `stop-timeout` and `stop_timeouts` are one name. */
const folded = (words: string): string => words.toLowerCase().replace(/s$/, '');

/** The longest run of words that can be the name of a field. */
const LONGEST = 6;

export interface Mention {
  readonly place: Place;
  readonly at: number;
  readonly end: number;
}

/**
 * The fields of a request that a text names, in its words or as the API writes them.
 * @param text a refusal without what stands around it
 */
export function mentionsIn(text: string, operation: string): Mention[] {
  const names = new Map<string, Place>();
  for (const place of placesIn(operation)) if (!names.has(folded(place.name))) names.set(folded(place.name), place);
  if (names.size === 0) return [];
  const words = [...text.slice(0, 2_000).matchAll(/[A-Za-z0-9]+/g)];
  const found: Mention[] = [];
  for (const [i, first] of words.entries()) {
    let run = '';
    let best: Mention | undefined;
    for (let length = 1; length <= LONGEST; length += 1) {
      const word = words[i + length - 1];
      if (word === undefined) break;
      const before = words[i + length - 2];
      // Words of one name stand beside each other.
      if (length > 1 && before && !/^[\s_-]$/.test(text.slice(before.index + before[0].length, word.index))) break;
      run += word[0];
      const place = names.get(folded(run));
      const end = word.index + word[0].length;
      // `names are not allowed` is about names, whichever they are of; `name` is a field.
      const isPlural = place !== undefined && PLAIN.test(place.name) && /s$/i.test(run) && !place.name.endsWith('s');
      if (
        place &&
        !isPlural &&
        (!PLAIN.test(place.name) || isNamed(text, { at: first.index, end, next: words[i + length]?.[0] }))
      )
        best = { place, at: first.index, end };
    }
    if (best) found.push(best);
  }
  return found;
}

/** Quoted, or the subject of a sentence. */
const isNamed = (
  text: string,
  { at, end, next = '' }: { at: number; end: number; next: string | undefined },
): boolean =>
  (/['"`]/.test(text[at - 1] ?? '') && /['"`]/.test(text[end] ?? '')) ||
  (((text[end] === ' ' && PREDICATE.test(next)) || text.slice(end).trim() === '') &&
    (!TAIL.test(text.slice(at, end).toLowerCase()) || /^(?:the |a )?$/i.test(text.slice(0, at))));
