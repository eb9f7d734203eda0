/** The ECS daemon of a step in the simulated account. */
import type { VirtualClock } from '../../simulator/clock.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Call } from '../../simulator/wire/wire.ts';
import { createDependencies } from '../../simulator/world/dependencies.ts';
import { lastPart } from '../../src/arn.ts';
import type { DaemonInputs } from '../../src/inputs/types.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { render } from '../../src/taskdef/render.ts';
import { toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { provideImage } from './seed.ts';
import type { Break, Target } from './trial.ts';

type Input = Readonly<Record<string, unknown>>;
interface Container {
  readonly name: string;
  readonly image: string;
  readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> };
}

/** A first deployment of a daemon on the simulated instances. */
const DEPLOYED_SECONDS = 900;

/**
 * The daemon of the step runs its first revision: of the step's own daemon task definition, else a small one with a log group.
 * @param image of the first revision
 * @throws an error where AWS would refuse the definition
 */
export function seedDaemon(simulator: Simulator, { inputs, cluster, file }: DaemonTarget, image: string): void {
  const { region, accountId, partition } = simulator.context;
  const home = `arn:${partition}:ecs:${region}:${accountId}`;
  const name = lastPart(inputs.daemon);
  provideImage(simulator, image, [{ os: 'linux', architecture: 'amd64' }]);
  if (cluster !== 'default') simulator.call('CreateCluster', { clusterName: cluster });
  const definition = file
    ? fromFile(file, { inputs, image, region, accountId })
    : small(name, { inputs, image, region, accountId });
  createDependencies(simulator, definition);
  const { daemonTaskDefinitionArn } = simulator.call(
    'RegisterDaemonTaskDefinition',
    definition as never,
  ) as unknown as {
    readonly daemonTaskDefinitionArn: string;
  };
  for (const alarm of (inputs.deployment.alarms as { alarmNames?: readonly string[] } | undefined)?.alarmNames ?? [])
    simulator.cloudwatch.alarms.set(alarm, { state: 'OK' });
  simulator.call('CreateDaemon', {
    daemonName: name,
    clusterArn: `${home}:cluster/${cluster}`,
    daemonTaskDefinitionArn,
    capacityProviderArns: [`${home}:capacity-provider/managed-instances`],
  });
  (simulator.clock as VirtualClock).advance(DEPLOYED_SECONDS);
}

export interface DaemonTarget {
  readonly inputs: DaemonInputs;
  readonly cluster: string;
  /** What the step names as `task-definition`. */
  readonly file: Target['template'] | undefined;
}

/** The daemon of a step, where it has one. */
export function daemonOf({ inputs, cluster, template }: Target): DaemonTarget | undefined {
  if (inputs?.mode !== 'daemon') return undefined;
  return { inputs, cluster, file: inputs.template.source.kind === 'file' ? template : undefined };
}

interface Making {
  readonly inputs: DaemonInputs;
  readonly image: string;
  readonly region: string;
  readonly accountId: string;
}

function fromFile({ file, text }: Target['template'], { inputs, image, region, accountId }: Making): Input {
  const template = toTemplate(/\.ya?ml$/i.test(file) ? parseYaml(text, file) : parseJson(text, file), file);
  const builtIns = [
    ['AWS_REGION', region],
    ['AWS_ACCOUNT_ID', accountId],
    ['IMAGE', image],
  ] as const;
  return render(template, inputs.template, { builtIns }).definition;
}

const small = (name: string, { inputs, image, region, accountId }: Making): Input => ({
  family: name,
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${accountId}:role/execution`,
  containerDefinitions: [
    {
      name: inputs.template.containerName ?? name,
      image,
      essential: true,
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': `/ecs/${name}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
});

/** Makes the tasks of the definition that the run registers fail. */
export function breakDaemon(simulator: Simulator, kind: Break | undefined, { operation, input }: Call): void {
  if (operation !== 'RegisterDaemonTaskDefinition' || (kind !== 'crash' && kind !== 'image')) return;
  const { script, logs, clock, ecs } = simulator;
  const containers = (input.containerDefinitions ?? []) as readonly Container[];
  const [first] = containers;
  if (!first) return;
  if (kind === 'image') {
    script.image(first.image, {
      failToStart:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: not found',
    });
    return;
  }
  script.image(first.image, { exit: { afterSeconds: 3, code: 1 } });
  ecs.daemons.tasks.onEnd = ({ id }) => {
    for (const { name, logConfiguration } of containers) {
      const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix } = logConfiguration?.options ?? {};
      if (group === undefined || prefix === undefined) continue;
      for (const message of ['Starting the agent', 'Error: connect ECONNREFUSED 10.0.12.7:4317'])
        logs.append(group, `${prefix}/${name}/${id}`, { message, atSeconds: clock.now() });
    }
  };
}
