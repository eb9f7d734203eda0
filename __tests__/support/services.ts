import { REGION } from '../../simulator/simulator.ts';
import { batchedEcs, onBeats, type WholeEcs } from '../../src/adapters/ecs-batched.ts';
import { parseServices } from '../../src/inputs/services.ts';
import type { DeployInputs, Step, Target } from '../../src/inputs/types.ts';
import { Masker } from '../../src/masker.ts';
import type { Outcome, ServiceResult } from '../../src/outcome.ts';
import type { World } from '../../src/ports.ts';
import { ServicesLog } from '../../src/report/services-log.ts';
import { deploy } from '../../src/stories/deploy.ts';
import { intentsOf, saveHandover, settledOf } from '../../src/stories/handover.ts';
import { post, unsettled } from '../../src/stories/post.ts';
import { rollOutServices } from '../../src/stories/services.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { definitionOf } from './task-definition.ts';
import { CONTEXT, Stage } from './world.ts';

/** Services of those names, each with a family of its own that runs `example.com/NAME:1`, and a file NAME.json for `:2`. */
export function stageWith(names: readonly string[], clusters: readonly string[] = ['default']): Stage {
  const stage = new Stage().withService();
  for (const cluster of clusters)
    if (cluster !== 'default') stage.simulator.call('CreateCluster', { clusterName: cluster });
  for (const name of names) {
    stage.simulator.call('RegisterTaskDefinition', definitionOf(name, `example.com/${name}:1`));
    stage.files.set(`${name}.json`, JSON.stringify(definitionOf(name, `example.com/${name}:2`)));
    for (const cluster of clusters)
      stage.simulator.call('CreateService', {
        cluster,
        serviceName: name,
        taskDefinition: name,
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      });
  }
  stage.clock.advance(120);
  stage.simulator.wire.calls.length = 0;
  return stage;
}

/** `- service: web` with its file, for each. */
export const listOf = (names: readonly string[], more: Readonly<Record<string, string>> = {}): string =>
  names
    .map((name) => `- service: ${name}\n  task-definition: ${name}.json\n${more[name] ? `  ${more[name]}\n` : ''}`)
    .join('');

export const stepOf = (services: string, given: Readonly<Record<string, string>> = {}): Step =>
  parseServices(new Map(Object.entries({ 'aws-region': REGION, services, ...given })), {
    context: CONTEXT,
    env: {},
    yaml: parseYaml,
  });

/** The world of a run of several services, as createWorld makes it. */
export const together = (stage: Stage, world: World = stage.world): World => ({
  ...world,
  clock: onBeats(stage.clock),
  ecs: batchedEcs(world.ecs as WholeEcs, { clock: stage.clock, signal: world.signal }),
});

export function deployServices(
  stage: Stage,
  services: string,
  { given = {}, world = stage.world }: { given?: Readonly<Record<string, string>>; world?: World } = {},
): Promise<readonly ServiceResult[]> {
  const { targets, order, inputs } = stepOf(services, given);
  if ('recovery' in inputs)
    saveHandover(
      inputs,
      world.runner,
      targets.map(({ name }) => name),
    );
  const own = together(stage, world);
  const log = new ServicesLog(
    own,
    targets.map(({ name }) => name),
  );
  const all = targets as readonly Target<DeployInputs>[];
  return rollOutServices({ targets: all, order }, deploy, { world: own, progress: log });
}

/** Post of all services that main left unsettled. */
export function postServices(stage: Stage, onCancel: 'leave' | 'rollback' = 'leave'): Promise<readonly Outcome[]> {
  const world = together(stage, { ...stage.world, signal: new AbortController().signal, masker: new Masker() });
  const state = (name: string): string => stage.states.get(name) ?? '';
  const intents = intentsOf(state);
  const log = new ServicesLog(world, ['-', ...intents.map(({ service }) => service)]);
  return Promise.all(
    unsettled(intents, settledOf(state)).map((one) =>
      post({ ...one, onCancel }, { world, progress: log.of(one.intent.service) }),
    ),
  );
}

/** `worker: deployed` for each, in order. */
export const endsOf = (results: readonly ServiceResult[]): string[] =>
  results.map(({ name, end }) => `${name}: ${end.kind === 'ended' ? end.outcome.kind : end.kind}`);

/** What a service runs: `worker:2`. */
export const runs = (stage: Stage, name: string, cluster = 'default'): string => {
  const { services } = stage.simulator.call('DescribeServices', { cluster, services: [name] }) as unknown as {
    services: { taskDefinition: string }[];
  };
  return services[0]?.taskDefinition.split('/').at(-1) ?? '';
};
