import type { Configuration, Stage } from './state.ts';

/** One step of a service deployment. */
export type Step =
  | { readonly kind: 'hooks'; readonly stage: Stage; readonly hookStage: string }
  /** Tasks are started; ROLLING also stops the old ones. */
  | { readonly kind: 'scale'; readonly stage: 'SCALE_UP' }
  | { readonly kind: 'shift'; readonly stage: Stage; readonly weight?: number; readonly testWeight?: number }
  | { readonly kind: 'wait'; readonly stage: Stage; readonly seconds: number }
  /** Old tasks stop, then the deployment is complete. */
  | { readonly kind: 'clean'; readonly stage: 'CLEAN_UP' };

/** Defaults of stepBakeTimeInMinutes and canaryBakeTimeInMinutes (SDK: LinearConfiguration, CanaryConfiguration). */
const STEP_BAKE_MINUTES = 6;
const CANARY_BAKE_MINUTES = 10;

/**
 * The steps of a service deployment, by its strategy.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 * @param sources number of older revisions that still have tasks; with more than one, ECS reconciles first
 * @param alarmBakeSeconds bake time when alarms are enabled and the configuration sets none
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

/** Percent of production traffic after each shift, and the wait before the next one. */
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
