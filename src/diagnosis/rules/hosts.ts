import { of } from '../say.ts';
import type { Found, Say } from './rule.ts';

/** Words about the host of a task: who may change what on it depends on whose it is. */
interface HostWords {
  /** A container instance of the user's own Auto Scaling group; also where the launch type is not known. */
  readonly ec2: string;
  /** A machine of the user's own, registered with ECS Anywhere: in no VPC, and no AWS API adds another one. */
  readonly external: string;
  /** An instance of ECS Managed Instances: without a login, and its agent, runtime and operating system are AWS's. */
  readonly managed: string;
}

/** The words for the host that the message is about. */
export function byHost({ reading: { launch } }: Found, { ec2, external, managed }: HostWords): string {
  if (launch === 'EXTERNAL') return external;
  return launch === 'MANAGED_INSTANCES' ? managed : ec2;
}

/** What the host of the task is called. */
export const hostName = (found: Found): string =>
  byHost(found, { ec2: 'container instance', external: 'external instance', managed: 'instance' });

/** The same as a remedy. */
export const onHosts =
  (words: HostWords): Say =>
  (found) =>
    byHost(found, words);

/** A fault of software that AWS manages. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html */
export const AWS_MANAGES =
  'AWS manages the instance with its agent, container runtime and operating system (ECS Managed Instances): drain it, so that ECS starts the tasks on another one, and open a support case if it comes back.';

/** How a cluster gets another host: ECS adds Managed Instances itself, as their capacity provider allows. */
export const moreRoom = (found: Found): string =>
  byHost(found, {
    ec2: 'Add a container instance, or a capacity provider with managed scaling',
    external: 'Register another external instance in the cluster',
    managed:
      'Let the capacity provider launch an instance for it: its instanceRequirements must allow one that is large enough, and the EC2 quota one more',
  });

/**
 * How an old task goes first and makes room, where no host can be added: ECS stops one early under the strategy ROLLING alone. The
 * others, and CodeDeploy, keep every old task until the new ones have taken over, whatever the percents.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 * @param rolling the way under ROLLING
 * @returns undefined for a task that was run alone: it replaces no other
 */
export function stopFirst({ context: { oneOff, strategy } }: Found, rolling = LOWER_PERCENT): string | undefined {
  if (oneOff === true) return undefined;
  if (typeof strategy !== 'string') return rolling;
  return strategy === 'CODE_DEPLOY'
    ? of(
        'codedeploy',
        'lower the desired count (input `desired-count`): CodeDeploy keeps every old task until the new ones have taken over',
      )
    : `use \`strategy: ROLLING\` with minimumHealthyPercent (input \`minimum-healthy-percent\`) below 100: a ${strategy} deployment keeps every old task until the new ones have taken over`;
}

const LOWER_PERCENT =
  'lower minimumHealthyPercent (input `minimum-healthy-percent`) below 100 so that an old task stops first and makes room';

/** The same at the end of a sentence; nothing for a task that was run alone. */
export function orStopFirst(found: Found, rolling?: string): string {
  const way = stopFirst(found, rolling);
  return way === undefined ? '' : `, or ${way}`;
}

/** What brings the agent of a host back. */
export const restartAgent = (found: Found): string =>
  byHost(found, {
    ec2: 'Restart the agent (systemctl restart ecs), or replace the container instance, and look whether it runs out of memory or disk or cannot reach the ECS endpoints.',
    external:
      'See that the external instance is on and reaches the endpoints of ECS (ecs, ecs-a, ecs-t) and Systems Manager over HTTPS, then restart its agents (systemctl restart ecs amazon-ssm-agent); its logs are in /var/log/ecs/. An activation that has expired or a deregistered machine needs a new registration.',
    managed: AWS_MANAGES,
  });
