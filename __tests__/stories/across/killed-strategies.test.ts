import type { DeployInputs } from '../../../src/inputs/types.ts';
import type { World } from '../../../src/ports.ts';
import { deploy } from '../../../src/stories/deploy.ts';
import { fetchService } from '../../../src/stories/run.ts';
import { balanced, TRAFFIC } from '../../support/balanced.ts';
import { killAt, type When } from '../../support/killed.ts';
import { CONTEXT, runOf, type Stage, TASK_DEFINITION } from '../../support/world.ts';

/** Runs that are killed while ECS moves traffic: at each write, and in each stage. Post reports, and a re-run reaches the same end. */

const STRATEGIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  BLUE_GREEN: {},
  LINEAR: { 'linear-step-percent': '50', 'linear-step-bake-minutes': '2' },
  CANARY: { 'canary-percent': '10', 'canary-bake-minutes': '2' },
};
const WRITES = /^(Register|Update|Stop|Continue|Tag|Create|Delete|Deregister)/;

const FORTH = ['UpdateService', 'SCALE_UP'];
/** What has to be among the places of the kills. */
const KILLED_IN: Readonly<Record<'good' | 'bad', Readonly<Record<string, readonly string[]>>>> = {
  good: {
    BLUE_GREEN: [...FORTH, 'BAKE_TIME'],
    LINEAR: [...FORTH, 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME'],
    CANARY: [...FORTH, 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME'],
  },
  bad: {
    BLUE_GREEN: [...FORTH, 'BAKE_TIME', 'StopServiceDeployment'],
    LINEAR: [...FORTH, 'PRODUCTION_TRAFFIC_SHIFT', 'StopServiceDeployment'],
    CANARY: [...FORTH, 'PRODUCTION_TRAFFIC_SHIFT', 'StopServiceDeployment'],
  },
};

interface Kill {
  readonly call: number;
  readonly when: When;
  /** What happened there. */
  readonly what: string;
}

const inputsOf = (strategy: string) => ({ strategy, ...STRATEGIES[strategy], ...TRAFFIC, 'bake-time-minutes': '3' });

function prepared(image: 'good' | 'bad'): Stage {
  const stage = balanced();
  stage.template({
    containerDefinitions: [{ ...TASK_DEFINITION.containerDefinitions[0], image: `example.com/app:${image}` }],
  });
  stage.simulator.script.image('app:bad', { exit: { afterSeconds: 60, code: 1 } });
  return stage;
}

/** Every write from UpdateService on, before and after ECS hears of it, and the first call in each stage of the deployment. */
async function killsOf(strategy: string, image: 'good' | 'bad'): Promise<Kill[]> {
  const stage = prepared(image);
  const { wire } = stage.simulator;
  const stages: (string | undefined)[] = [];
  const slow = wire.delay ?? (async () => {});
  wire.delay = () => {
    stages[wire.calls.length] ??= stageOf(stage);
    return slow();
  };
  await stage.deploy(inputsOf(strategy));
  // What comes before is the same for every strategy (killed.test.ts).
  const first = wire.calls.findIndex(({ operation }) => operation === 'UpdateService');
  const seen = new Set<string>();
  return wire.calls.flatMap(({ operation }, index): Kill[] => {
    const call = index + 1;
    if (index < first) return [];
    if (WRITES.test(operation))
      return (['asked', 'answered'] as const).map((when) => ({ call, when, what: operation }));
    const now = stages[index];
    if (now === undefined || seen.has(now)) return [];
    seen.add(now);
    return [{ call, when: 'answered', what: now }];
  });
}

function deploymentsOf(stage: Stage): readonly { status: string; lifecycleStage?: string }[] {
  const { serviceDeployments } = stage.simulator.call('ListServiceDeployments', {
    cluster: 'default',
    service: 'web',
  }) as unknown as { serviceDeployments: { serviceDeploymentArn: string }[] };
  const { serviceDeployments: all } = stage.simulator.call('DescribeServiceDeployments', {
    serviceDeploymentArns: serviceDeployments.map(({ serviceDeploymentArn }) => serviceDeploymentArn),
  }) as unknown as { serviceDeployments: { status: string; lifecycleStage?: string }[] };
  return all;
}

function stageOf(stage: Stage): string | undefined {
  const [newest] = deploymentsOf(stage);
  return newest && (newest.lifecycleStage ?? newest.status);
}

const cases = [
  ...Object.keys(STRATEGIES).flatMap((strategy) => [
    { strategy, image: 'good', onCancel: 'leave' } as const,
    { strategy, image: 'bad', onCancel: 'leave' } as const,
  ]),
  { strategy: 'CANARY', image: 'good', onCancel: 'rollback' } as const,
];

test.each(cases)(
  '$strategy of a $image image, killed at each write and in each stage, with on-cancel: $onCancel',
  async ({ strategy, image, onCancel }) => {
    const kills = await killsOf(strategy, image);
    expect(kills.map(({ what }) => what)).toEqual(expect.arrayContaining(KILLED_IN[image][strategy] ?? []));
    const start = (stage: Stage, world: World) => {
      const inputs = stage.inputs(inputsOf(strategy)) as DeployInputs;
      return deploy(runOf(inputs, world), fetchService(inputs, world));
    };
    for (const kill of kills) {
      const stage = prepared(image);
      const before = deploymentsOf(stage).length;
      const where = `killed at ${kill.what} (call ${kill.call}), ${kill.when}`;
      expect([where, await killAt(stage, kill, (world) => start(stage, world))]).toEqual([where, 'killed']);
      const begun = deploymentsOf(stage).length > before;
      const announced = stage.states.has('rollout');
      if (begun) expect([where, announced]).toEqual([where, true]);

      const reported = await stage.post({ ...inputsOf(strategy), 'on-cancel': onCancel });
      expect([where, reported?.kind]).toEqual([where, announced ? 'cancelled' : undefined]);
      if (begun && onCancel === 'rollback')
        expect([where, reported?.headline]).toEqual([where, expect.stringContaining('web was rolled back to web:1.')]);
      if (begun && onCancel === 'leave')
        expect([where, reported?.headline]).toEqual([
          where,
          expect.stringMatching(/ECS continues to roll out web:2: .* To undo it|web was rolled back to web:1/),
        ]);

      const world = stage.attempt(stage.simulator.wire.requestHandler(), { ...CONTEXT, runAttempt: '2' });
      const again = await start(stage, world);
      expect([where, again.kind]).toEqual([where, image === 'good' ? 'deployed' : 'rolled-back']);
      stage.clock.advance(1200);
      const { taskDefinition, runningCount, deployments } = stage.service();
      const end = image === 'good' ? /web:[23]$/ : /web:1$/;
      expect([where, taskDefinition]).toEqual([where, expect.stringMatching(end)]);
      expect([where, runningCount, deployments.length]).toEqual([where, 2, 1]);
      // What was rolled back is deployed again, and what ECS completed is rolled back by a deployment; nothing else is begun twice.
      const undone = reported?.headline.includes('was rolled back') ?? false;
      const all = deploymentsOf(stage);
      const completed = image === 'bad' && all.at(-1 - before)?.status === 'SUCCESSFUL';
      expect([where, all.length - before]).toEqual([where, undone || completed ? 2 : 1]);
      expect([where, stage.revisions()]).toEqual([where, ['web:1', expect.stringMatching(/^web:[23]$/)]]);
    }
  },
  60_000,
);
