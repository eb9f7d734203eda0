import { VirtualClock } from '../../simulator/clock.ts';
import type { Timings } from '../../simulator/ecs/timings.ts';
import { Simulator } from '../../simulator/simulator.ts';

export type Loose = Readonly<Record<string, unknown>>;
/** What an API answered, to be looked into without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: answers are as loose as the wire
export type Answer = any;

export const fargate = (image: string, more: Loose = {}): Loose => ({
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image, portMappings: [{ containerPort: 8080 }] }],
  ...more,
});
export const onInstances = (image: string, container: Loose = {}, more: Loose = {}): Loose => ({
  family: 'web',
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [{ name: 'app', image, cpu: 256, memory: 512, ...container }],
  ...more,
});
export const GROUP = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
export const REGISTRY = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-0123456789abcdef';
export const balanced: Loose = {
  loadBalancers: [{ targetGroupArn: GROUP, containerName: 'app', containerPort: 8080 }],
};

/** A service `web` that runs web:1 (image app:1) and is steady; web:2 is app:2, web:3 is app:3. */
export class Play {
  readonly clock = new VirtualClock();
  readonly simulator: Simulator;
  readonly script: Simulator['script'];

  constructor(settings: Loose = {}, { definition = fargate, timings }: Options = {}) {
    this.simulator = new Simulator(this.clock, timings ? { timings } : {});
    this.script = this.simulator.script;
    for (const tag of [1, 2, 3]) this.call('RegisterTaskDefinition', definition(`example.com/app:${tag}`));
    const awsvpc = definition('x').networkMode === 'awsvpc';
    this.simulator.loadBalancing.targetGroups.set(GROUP, { targetType: awsvpc ? 'ip' : 'instance' });
    this.simulator.cloudMap.services.set(REGISTRY, { records: ['A'], customHealth: true });
    const replica = settings.schedulingStrategy === 'DAEMON' ? {} : { desiredCount: 1 };
    const launchType = settings.capacityProviderStrategy ? {} : { launchType: awsvpc ? 'FARGATE' : 'EC2' };
    if (settings.desiredCount === 'none yet') return;
    this.call('CreateService', {
      serviceName: 'web',
      taskDefinition: 'web:1',
      ...launchType,
      ...replica,
      ...(awsvpc ? { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } } : {}),
      ...settings,
    });
    this.clock.advance(600);
  }

  call(operation: string, input: Loose): Answer {
    return this.simulator.call(operation, input);
  }

  deploy(taskDefinition: string, more: Loose = {}): Answer {
    return this.call('UpdateService', { service: 'web', taskDefinition, ...more }).service;
  }

  get truth() {
    return this.script.truth('web');
  }
  get service(): Answer {
    return this.call('DescribeServices', { services: ['web'] }).services[0];
  }
  /** The newest service deployment, as DescribeServiceDeployments shows it. */
  get rollout(): Answer {
    const { serviceDeployments } = this.call('ListServiceDeployments', { service: 'web' });
    const serviceDeploymentArns = [serviceDeployments[0].serviceDeploymentArn];
    return this.call('DescribeServiceDeployments', { serviceDeploymentArns }).serviceDeployments[0];
  }
  get statuses(): string[] {
    return this.call('ListServiceDeployments', { service: 'web' }).serviceDeployments.map(
      ({ status }: Answer) => status,
    );
  }
  /** Messages, oldest first. */
  get events(): string[] {
    return this.service.events.map(({ message }: Answer) => message).reverse();
  }
  get stopped(): Answer[] {
    const { taskArns } = this.call('ListTasks', { serviceName: 'web', desiredStatus: 'STOPPED' });
    return taskArns.length > 0 ? this.call('DescribeTasks', { tasks: taskArns }).tasks : [];
  }
  get tasks(): Answer[] {
    const { taskArns } = this.call('ListTasks', { serviceName: 'web' });
    return taskArns.length > 0 ? this.call('DescribeTasks', { tasks: taskArns }).tasks : [];
  }
  /** Seconds until it is so; fails after `limit`. */
  until(so: () => boolean, limit = 7200): number {
    for (let seconds = 0; seconds <= limit; seconds++) {
      if (so()) return seconds;
      this.clock.advance(1);
    }
    throw new Error(
      `Not within ${limit} s: ${JSON.stringify(this.service.deployments, null, 1)} ${this.events.join('\n')}`,
    );
  }
}

export interface Options {
  readonly definition?: (image: string) => Loose;
  readonly timings?: Timings;
}
