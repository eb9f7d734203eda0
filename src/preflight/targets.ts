import { parseArn } from '../arn.ts';
import { asObjects, type JsonObject, type LoadBalancer, type TargetGroup } from '../model.ts';
import { strategyOf } from '../service/strategy.ts';
import { didYouMean } from '../spelling.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn } from './check.ts';
import { homeOf, judgeElsewhere, nameOf, networkModeOf, type PreflightSubject } from './subject.ts';

type Subject = Pick<PreflightSubject, 'service' | 'inputs'>;

/**
 * Load balancers in the form that they have for the second half of the tasks: ECS registers the new ones with the alternate target group.
 * Empty for a rolling update, which has no use for it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
function alternatesOf({ service, inputs: { strategy } }: Subject): LoadBalancer[] {
  if (service.codeDeploy?.kind === 'known') return pairOf(service, service.codeDeploy.targetGroups);
  if (strategyOf(service, strategy).kind === 'ROLLING') return [];
  // The input is for the service's one load balancer.
  const given = strategy?.traffic?.alternateTargetGroupArn;
  return service.loadBalancers.flatMap((balancer): LoadBalancer[] => {
    const targetGroupArn = given ?? balancer.advanced?.alternateTargetGroupArn;
    return targetGroupArn === undefined ? [] : [{ ...balancer, targetGroupArn }];
  });
}

/**
 * Of a deployment group of CodeDeploy, which names its pair: those that no task set uses now. CodeDeploy registers the replacement with one.
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TargetGroupPairInfo.html
 */
function pairOf({ loadBalancers }: Subject['service'], pair: readonly string[]): LoadBalancer[] {
  const [balancer] = loadBalancers;
  if (balancer === undefined) return [];
  const used = new Set(loadBalancers.map(({ targetGroupArn = '' }) => targetGroupName(targetGroupArn)));
  return pair.filter((name) => !used.has(name)).map((name) => ({ ...balancer, targetGroupArn: name }));
}

/** @param reference its ARN, or its name alone */
const targetGroupName = (reference: string): string => reference.split('/')[1] ?? reference;

/** Target groups that the service's tasks are registered with: ARNs, and names of those that only a deployment group names. */
export const targetGroupsOf = (subject: Subject): string[] => [
  ...new Set(
    [...subject.service.loadBalancers, ...alternatesOf(subject)].flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  ),
];

interface Mapping {
  /** Undefined for a range of ports. */
  readonly containerPort?: number;
  readonly hostPort: number;
  readonly protocol: string;
  readonly name?: string;
}

function mappingsOf(container: JsonObject): Mapping[] {
  return asObjects(container.portMappings).map(({ containerPort, hostPort, protocol, name }) => ({
    ...(typeof containerPort === 'number' ? { containerPort } : {}),
    hostPort: typeof hostPort === 'number' ? hostPort : 0,
    protocol: typeof protocol === 'string' ? protocol : 'tcp',
    ...(typeof name === 'string' ? { name } : {}),
  }));
}

/** Each load balancer of the service held against the task definition, which ECS does at UpdateService too. */
export function judgeTargets(
  subject: PreflightSubject,
  answers: ReadonlyMap<string, Answer<TargetGroup | undefined>>,
): Check[] {
  const known = new Set(subject.service.loadBalancers.map(({ targetGroupArn }) => targetGroupArn));
  const alternates = alternatesOf(subject).filter(({ targetGroupArn }) => !known.has(targetGroupArn));
  const asDeployed = (balancer: LoadBalancer): LoadBalancer => withItsPort(balancer, subject);
  return [
    ...subject.service.loadBalancers.map(asDeployed).map((balancer) => judgeTarget(balancer, subject, answers)),
    // What is wrong with container and port is reported once.
    ...alternates
      .map(asDeployed)
      .filter((balancer) => hasPort(balancer, subject))
      .map((balancer) => judgeTarget(balancer, subject, answers)),
  ];
}

/**
 * Of an Express Mode service ECS sends the requests to the port of the new revision, whatever it was before: "For Container port, update the
 * port your application listens on". https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-update-full.html
 */
function withItsPort(balancer: LoadBalancer, { service, definition }: PreflightSubject): LoadBalancer {
  if (!service.express) return balancer;
  const main = containersOf(definition).find(({ name }) => name === balancer.containerName);
  const containerPort = main && mappingsOf(main)[0]?.containerPort;
  return containerPort === undefined ? balancer : { ...balancer, containerPort };
}

const hasPort = ({ containerName, containerPort }: LoadBalancer, { definition }: PreflightSubject): boolean =>
  containersOf(definition).some(
    (one) => one.name === containerName && mappingsOf(one).some((mapping) => mapping.containerPort === containerPort),
  );

function judgeTarget(
  { targetGroupArn, containerName, containerPort }: LoadBalancer,
  subject: PreflightSubject,
  answers: ReadonlyMap<string, Answer<TargetGroup | undefined>>,
): Check {
  const name = targetGroupArn ? `target group ${targetGroupName(targetGroupArn)}` : 'load balancer';
  const containers = containersOf(subject.definition);
  const names = containers.map(nameOf);
  const container = containers.find((one) => one.name === containerName);
  if (!container) {
    const meant = didYouMean(containerName ?? '', names);
    return bad(
      name,
      `the service sends to the container \`${containerName}\`, which the task definition does not have.`,
      `Rename the container (${meant ? `is it \`${meant}\`?` : `it has ${names.join(', ')}`}), or change the service's load balancer.`,
    );
  }
  const mappings = mappingsOf(container);
  const mapping = mappings.find((one) => one.containerPort === containerPort);
  if (!mapping) {
    const has = mappings.flatMap((one) => one.containerPort ?? []);
    return bad(
      name,
      `the service sends to port ${containerPort} of \`${containerName}\`, which has no such containerPort in portMappings.`,
      `${has.length > 0 ? `It has ${has.join(', ')}. ` : ''}Add \`{"containerPort": ${containerPort}}\` to its \`portMappings\`, or change the port in the service's load balancer.`,
    );
  }
  const where = `\`${containerName}\`:${containerPort}`;
  if (targetGroupArn === undefined)
    return skip(name, `sends to ${where}, which is there; the Classic Load Balancer itself is not checked.`);
  const { codeDeploy } = subject.service;
  const named = codeDeploy?.kind === 'known' && codeDeploy.targetGroups.includes(targetGroupArn);
  const away = named
    ? undefined
    : judgeElsewhere(name, parseArn(targetGroupArn)?.account ?? '', homeOf(subject.service));
  if (away) return away;
  const answer = answers.get(targetGroupArn);
  if (answer?.kind !== 'found') return notChecked(name, answer);
  if (!answer.value) {
    return bad(
      name,
      `target group ${targetGroupArn} does not exist, so no task could be registered with it.`,
      codeDeploy?.kind === 'known'
        ? `Create it again under this name, or give the deployment group ${codeDeploy.name} another one (aws deploy update-deployment-group --load-balancer-info ...).`
        : 'Create it again, and give it to the service (aws ecs update-service --load-balancers ...).',
    );
  }
  return judgeGroup(name, answer.value, { mapping, where, mode: networkModeOf(subject) });
}

/** Protocols of target groups that carry UDP. */
const UDP = /UDP|QUIC/;

function judgeGroup(
  name: string,
  group: TargetGroup,
  { mapping, where, mode }: { readonly mapping: Mapping; readonly where: string; readonly mode: string },
): Check {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html: awsvpc tasks are IPs, others are ports of instances
  const wanted = mode === 'awsvpc' ? 'ip' : 'instance';
  if (group.targetType !== wanted) {
    return bad(
      name,
      `has the target type ${group.targetType}, but tasks with the network mode ${mode} need ${wanted}.`,
      `A target type cannot be changed: create a target group of type ${wanted}, and give it to the service.`,
    );
  }
  const udpOnly = UDP.test(group.protocol) && !group.protocol.startsWith('TCP_');
  if (udpOnly !== (mapping.protocol === 'udp') && !group.protocol.startsWith('TCP_')) {
    return bad(
      name,
      `speaks ${group.protocol}, but the mapping of ${where} is for ${mapping.protocol}.`,
      `Write \`"protocol": "${udpOnly ? 'udp' : 'tcp'}"\` in the port mapping.`,
    );
  }
  if (!group.attached) {
    return warn(
      name,
      'is attached to no load balancer, so nothing is sent to the tasks, and none becomes healthy by it.',
    );
  }
  return (
    healthPort(name, group, { mapping, mode }) ??
    ok(name, `${group.protocol}, type ${group.targetType}, sends to ${where}.`)
  );
}

/** A health check on a port of its own only works where the tasks have that very port. */
function healthPort(
  name: string,
  { healthCheckPort }: TargetGroup,
  { mapping, mode }: { readonly mapping: Mapping; readonly mode: string },
): Check | undefined {
  if (healthCheckPort === 'traffic-port') return undefined;
  const port = Number(healthCheckPort);
  if (mode === 'bridge' && mapping.hostPort === 0) {
    return warn(
      name,
      `its health check uses port ${port} of the instance, but the tasks get a dynamic host port.`,
      'Set the health check port to traffic-port, unless another container listens there.',
    );
  }
  const traffic = mode === 'bridge' ? mapping.hostPort : mapping.containerPort;
  if (port === traffic) return undefined;
  return warn(
    name,
    `its health check uses port ${port}, and not ${traffic}, to which it sends.`,
    'Make sure that a container of the task listens there and that the security group lets it in.',
  );
}

/** Service Connect and VPC Lattice find ports by the name of their mapping. */
export function judgePortNames({ definition, service }: PreflightSubject): Check[] {
  return [
    ...judgePorts('Service Connect', service.serviceConnectPorts ?? [], definition),
    ...judgePorts('VPC Lattice', service.latticePorts ?? [], definition),
  ];
}

function judgePorts(who: string, wanted: readonly string[], definition: JsonObject): Check[] {
  if (wanted.length === 0) return [];
  const names = containersOf(definition).flatMap((container) => mappingsOf(container).flatMap((one) => one.name ?? []));
  const lacking = wanted.filter((name) => !names.includes(name));
  if (lacking.length === 0) return [ok(who, `finds the ports ${wanted.join(', ')}.`)];
  return lacking.map((name) => {
    const meant = didYouMean(name, names);
    return bad(
      who,
      `the service wants a port mapping with the name \`${name}\`, which the task definition does not have.`,
      `Give the port mapping that name in the template${meant ? `; it has \`${meant}\`` : ''}.`,
    );
  });
}
