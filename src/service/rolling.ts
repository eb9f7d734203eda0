/**
 * The arithmetic of a deployment. A rolling update moves between lo = ceil(desired * minimum / 100) healthy tasks and
 * hi = floor(desired * maximum / 100) tasks at most. It can never move when neither a task may be stopped nor one
 * started: lo >= desired and hi <= desired.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 * The other strategies (BLUE_GREEN, LINEAR, CANARY) start a whole second set of tasks before any traffic moves, whatever the
 * percents say. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export interface RollingSettings {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  /** ROLLING when absent. */
  readonly strategy?: string;
}

export interface Waves {
  /** Healthy tasks at least. */
  readonly lo: number;
  /** Tasks at most, old and new. */
  readonly hi: number;
  readonly stuck: boolean;
  /** Tasks that can be replaced at a time; 0 when stuck or when there is nothing to replace. */
  readonly batch: number;
  /** For the log; or, when stuck, the sums and the nearest settings that move. */
  readonly sentence: string;
}

export function planWaves(settings: RollingSettings): Waves {
  const { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max, strategy = 'ROLLING' } = settings;
  if (strategy !== 'ROLLING') {
    const beside = `${strategy} deployment: ${tasks(desired)} of the new revision ${desired === 1 ? 'starts' : 'start'} beside the old ones, ${desired * 2} in all.`;
    const sentence = desired === 0 ? `${strategy} deployment: no task is wanted, so nothing is replaced.` : beside;
    return { lo: desired, hi: desired * 2, stuck: false, batch: desired, sentence };
  }
  if (settings.schedulingStrategy === 'DAEMON') {
    const stuck = min >= 100 && max <= 100 && desired > 0;
    const sentence = stuck
      ? `minimum-healthy-percent ${min} lets no daemon task stop, and maximum-percent ${max} lets none start beside it. Set minimum-healthy-percent below 100.`
      : `One daemon task an instance; ${min} % of them stay.`;
    return { lo: Math.ceil((desired * min) / 100), hi: desired, stuck, batch: stuck ? 0 : 1, sentence };
  }
  const lo = Math.ceil((desired * min) / 100);
  const hi = Math.floor((desired * max) / 100);
  if (desired === 0) return { lo, hi, stuck: false, batch: 0, sentence: 'No task is wanted, so nothing is replaced.' };
  const stuck = lo >= desired && hi <= desired;
  if (stuck) return { lo, hi, stuck, batch: 0, sentence: stuckSentence(settings, lo, hi) };
  const batch = Math.max(hi - desired, desired - lo);
  return { lo, hi, stuck, batch, sentence: `${tasks(hi)} at most, ${lo} healthy at least: ${batch} at a time.` };
}

const tasks = (count: number): string => `${count} task${count === 1 ? '' : 's'}`;

function stuckSentence(
  { desiredCount, minimumHealthyPercent: min, maximumPercent: max }: RollingSettings,
  lo: number,
  hi: number,
): string {
  // One task more than desired, or one less: the nearest percents whose rounding gives it.
  const raise = Math.ceil(((desiredCount + 1) * 100) / desiredCount);
  const lower = Math.floor(((desiredCount - 1) * 100) / desiredCount);
  return (
    `With ${tasks(desiredCount)} wanted, minimum-healthy-percent ${min} keeps ceil(${desiredCount} * ${min} / 100) = ${lo} of them, ` +
    `so none may stop, and maximum-percent ${max} allows floor(${desiredCount} * ${max} / 100) = ${hi}, so none may start: ` +
    `this rollout could never move. Set maximum-percent to ${raise} or more, or minimum-healthy-percent to ${lower} or less.`
  );
}

/** `Rolling update: 4 tasks at most, ...`: with the strategy in front, as the log and a plan name it. */
export const describeWaves = ({ sentence }: Waves, strategy: string): string =>
  strategy === 'ROLLING' ? `Rolling update: ${sentence[0]?.toLowerCase() ?? ''}${sentence.slice(1)}` : sentence;
