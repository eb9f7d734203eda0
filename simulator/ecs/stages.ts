import type { Configuration, Stage } from './state.ts';

/** One thing that a service deployment does; hooks run before a stage or after it. */
export type Step =
  | { readonly kind: 'hooks'; readonly stage: Stage; readonly hookStage: string }
  /** Tasks are brought up; rolling: and the old ones replaced. */
  | { readonly kind: 'scale'; readonly stage: 'SCALE_UP' }
  | { readonly kind: 'shift'; readonly stage: Stage; readonly weight?: number; readonly testWeight?: number }
  | { readonly kind: 'wait'; readonly stage: Stage; readonly seconds: number }
  /** What is old goes, then the deployment is complete. */
  | { readonly kind: 'clean'; readonly stage: 'CLEAN_UP' };

/** Bake times of linear and canary steps where none is set. */
const STEP_BAKE_MINUTES = 6;
const CANARY_BAKE_MINUTES = 10;

/**
 * The way of a service deployment by its strategy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 * @param sources older revisions that still have tasks; more than one makes ECS reconcile first
 * @param alarmBakeSeconds bake time where alarms are watched and the configuration sets none
 */
export function stepsOf(
  configuration: Configuration,
  { sources, alarmBakeSeconds }: { readonly sources: number; readonly alarmBakeSeconds: number },
): readonly Step[] {
  const { strategy, bakeTimeInMinutes, alarms } = configuration;
  const bakeSeconds =
    bakeTimeInMinutes === undefined ? (alarms?.enable ? alarmBakeSeconds : 0) : bakeTimeInMinutes * 60;
  return [
    ...(sources > 1 ? [hooks('RECONCILE_SERVICE')] : []),
    hooks('PRE_SCALE_UP'),
    { kind: 'scale', stage: 'SCALE_UP' },
    hooks('POST_SCALE_UP'),
    ...(strategy === 'ROLLING' ? [] : traffic(configuration)),
    ...(bakeSeconds > 0 ? [{ kind: 'wait', stage: 'BAKE_TIME', seconds: bakeSeconds } as const] : []),
    { kind: 'clean', stage: 'CLEAN_UP' },
  ];
}

const hooks = (stage: Stage, hookStage: string = stage): Step => ({ kind: 'hooks', stage, hookStage });

function traffic(configuration: Configuration): Step[] {
  return [
    hooks('TEST_TRAFFIC_SHIFT'),
    { kind: 'shift', stage: 'TEST_TRAFFIC_SHIFT', testWeight: 100 },
    hooks('POST_TEST_TRAFFIC_SHIFT'),
    ...shiftsOf(configuration).flatMap(({ weight, bakeSeconds }): Step[] => [
      hooks('POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT'),
      hooks('PRODUCTION_TRAFFIC_SHIFT'),
      { kind: 'shift', stage: 'PRODUCTION_TRAFFIC_SHIFT', weight },
      ...(bakeSeconds > 0 ? [{ kind: 'wait', stage: 'PRODUCTION_TRAFFIC_SHIFT', seconds: bakeSeconds } as const] : []),
    ]),
    hooks('POST_PRODUCTION_TRAFFIC_SHIFT'),
  ];
}

/** Percent of production traffic after each shift, and how long it stays so before the next. */
function shiftsOf({ strategy, linearConfiguration, canaryConfiguration }: Configuration) {
  if (strategy === 'CANARY') {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = CANARY_BAKE_MINUTES } = canaryConfiguration ?? {};
    return [
      { weight: canaryPercent, bakeSeconds: canaryBakeTimeInMinutes * 60 },
      { weight: 100, bakeSeconds: 0 },
    ];
  }
  if (strategy !== 'LINEAR') return [{ weight: 100, bakeSeconds: 0 }];
  const { stepPercent = 10, stepBakeTimeInMinutes = STEP_BAKE_MINUTES } = linearConfiguration ?? {};
  return Array.from({ length: Math.ceil(100 / stepPercent) }, (_, i) => {
    const weight = Math.min(100, (i + 1) * stepPercent);
    return { weight, bakeSeconds: weight < 100 ? stepBakeTimeInMinutes * 60 : 0 };
  });
}

/**
 * How many failed tasks the circuit breaker takes: COUNT as it is, a percentage of the desired count else, by default
 * BOUNDED_PERCENT 50: at least 3, at most 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function breakerThreshold({ deploymentCircuitBreaker: breaker }: Configuration, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker.thresholdConfiguration ?? {};
  if (type === 'COUNT') return Math.max(1, value);
  const share = Math.max(1, Math.ceil((value * desiredCount) / 100));
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}
