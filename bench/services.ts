/**
 * `npm run bench -- --services`: one step that deploys 1, 10, 50 and 200 services of one cluster, against the simulator with the API
 * rates of ECS on. Time is virtual: each call takes 50 ms, and the figures are the same on every machine.
 */

import { listOf, stageWith, stepOf, together } from '../__tests__/support/services.ts';
import { tokenBuckets } from '../simulator/simulator.ts';
import type { DeployInputs, Target } from '../src/inputs/types.ts';
import type { ServicePhase } from '../src/outcome.ts';
import { ServicesLog } from '../src/report/services-log.ts';
import { deploy } from '../src/stories/deploy.ts';
import { rollOutServices } from '../src/stories/services.ts';

const COUNTS = [1, 10, 50, 200];
const ECS = /^(?:Describe|List|Register|Update|Stop|Continue)(?!Target|Log|Secret|Parameters|Alarm)/;

interface Figures {
  readonly services: number;
  readonly deployed: number;
  /** From the first call to the last verdict. */
  readonly seconds: number;
  readonly calls: number;
  readonly busiestMinute: number;
  readonly throttled: number;
  /** From ECS's own end of a deployment to the verdict of this run: the longest of all services. */
  readonly slowestVerdict: number;
}

/** One step with so many services. */
async function measure(count: number): Promise<Figures> {
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const stage = stageWith(names);
  const { clock, simulator } = stage;
  const at: number[] = [];
  let throttled = 0;
  const buckets = tokenBuckets(clock);
  simulator.wire.faults.push((call) => {
    if (call.service === 'ecs' && ECS.test(call.operation)) at.push(clock.now());
    const refused = buckets(call);
    if (refused) throttled++;
    return refused;
  });
  const verdicts = new Map<string, number>();
  class Timed extends ServicesLog {
    override phase(name: string, phase: ServicePhase): void {
      if (phase === 'deployed') verdicts.set(name, clock.now());
      super.phase(name, phase);
    }
  }
  const { targets, order } = stepOf(listOf(names));
  const world = together(stage);
  const start = clock.now();
  const results = await rollOutServices({ targets: targets as readonly Target<DeployInputs>[], order }, deploy, {
    world,
    progress: new Timed(world, names),
  });
  const seconds = clock.now() - start;
  const late = names.map((name) => {
    const { serviceDeployments } = simulator.call('ListServiceDeployments', {
      cluster: 'default',
      service: name,
    }) as unknown as { serviceDeployments: { finishedAt?: number }[] };
    return (verdicts.get(name) ?? Number.POSITIVE_INFINITY) - (serviceDeployments[0]?.finishedAt ?? 0);
  });
  return {
    services: count,
    deployed: results.filter(({ end }) => end.kind === 'ended' && end.outcome.kind === 'deployed').length,
    seconds,
    calls: at.length,
    busiestMinute: Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + 60).length)),
    throttled,
    slowestVerdict: Math.max(...late),
  };
}

const table = [['services', 'deployed', 'took s', 'calls', 'busiest minute', 'throttled', 'slowest verdict s']];
for (const count of COUNTS) {
  const { services, deployed, seconds, calls, busiestMinute, throttled, slowestVerdict } = await measure(count);
  const row = [services, deployed, seconds.toFixed(0), calls, busiestMinute, throttled, slowestVerdict.toFixed(1)];
  table.push(row.map(String));
}
const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
for (const row of table) console.log(row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
