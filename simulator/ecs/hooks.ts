import type { SimClock } from '../clock.ts';
import type { HookRun, Ids, SimServiceDeployment } from './state.ts';

/** What the Lambda function of a lifecycle hook returns, and after how many seconds; `words` replaces AWS's sentence. */
export interface HookAnswer {
  readonly result: 'SUCCEEDED' | 'FAILED';
  readonly seconds?: number;
  readonly words?: string;
}

/** SDK: DeploymentLifecycleHook.timeoutConfiguration. */
const DEFAULT_TIMEOUT_MINUTES = 1440;

/** The result of the hooks of one stage. */
export type HooksResult = { readonly kind: 'passed' } | { readonly kind: 'rolled-back'; readonly reason: string };

/**
 * Runs the lifecycle hooks of a stage in parallel: Lambda functions return what the script sets, PAUSE hooks wait for
 * ContinueServiceDeployment or their timeout. One hook that fails rolls the deployment back.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 */
export class Hooks {
  /** By function ARN; other functions succeed after one second. */
  readonly answers = new Map<string, HookAnswer>();
  readonly #clock: SimClock;
  readonly #ids: Ids;

  constructor(clock: SimClock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Calls `done` at once with `passed` when the stage has no hooks. */
  run(deployment: SimServiceDeployment, stage: string, done: (result: HooksResult) => void): void {
    const configured = (deployment.configuration.lifecycleHooks ?? []).filter(({ lifecycleStages = [] }) =>
      lifecycleStages.includes(stage),
    );
    if (configured.length === 0) {
      done({ kind: 'passed' });
      return;
    }
    const runs = configured.map(({ targetType = 'AWS_LAMBDA', hookTargetArn, timeoutConfiguration }): HookRun => {
      const { timeoutInMinutes = DEFAULT_TIMEOUT_MINUTES, action = 'ROLLBACK' } = timeoutConfiguration ?? {};
      return {
        hookId: this.#ids.word(),
        targetType,
        stage,
        status: targetType === 'PAUSE' ? 'AWAITING_ACTION' : 'IN_PROGRESS',
        expiresAt: this.#clock.now() + timeoutInMinutes * 60,
        timeoutAction: action,
        ...(hookTargetArn === undefined ? {} : { targetArn: hookTargetArn }),
      };
    });
    deployment.hooks.push(...runs);
    const settle = (): void => {
      if (runs.every(({ status }) => status === 'SUCCEEDED')) done({ kind: 'passed' });
    };
    for (const run of runs) this.#follow(run, settle, (reason) => done({ kind: 'rolled-back', reason }));
  }

  #follow(run: HookRun, settle: () => void, refuse: (reason: string) => void): void {
    this.#callbacks.set(run, { settle, refuse });
    this.#clock.after(run.expiresAt - this.#clock.now(), () => {
      if (run.status !== 'AWAITING_ACTION' && run.status !== 'IN_PROGRESS') return;
      run.status = 'TIMED_OUT';
      if (run.timeoutAction === 'ROLLBACK') refuse(rolledBack(run, `Lifecycle hook ${nameOf(run)} timed out.`));
      else this.#pass(run);
    });
    if (run.targetType === 'PAUSE') return;
    const { result, seconds = 1, words } = this.answers.get(run.targetArn ?? '') ?? { result: 'SUCCEEDED' };
    this.#clock.after(seconds, () => {
      if (run.status !== 'IN_PROGRESS') return;
      if (result === 'SUCCEEDED') {
        this.#pass(run);
        return;
      }
      run.status = 'FAILED';
      refuse(rolledBack(run, words ?? `Lifecycle hook target ${run.targetArn ?? ''} returned FAILED status.`));
    });
  }

  readonly #callbacks = new WeakMap<HookRun, { settle: () => void; refuse: (reason: string) => void }>();

  #pass(run: HookRun): void {
    run.status = 'SUCCEEDED';
    this.#callbacks.get(run)?.settle();
  }

  /** ContinueServiceDeployment for a PAUSE hook that awaits an action. */
  answer(run: HookRun, action: 'CONTINUE' | 'ROLLBACK'): void {
    if (action === 'CONTINUE') {
      this.#pass(run);
      return;
    }
    run.status = 'FAILED';
    this.#callbacks.get(run)?.refuse(rolledBack(run, `Rollback was requested for lifecycle hook ${run.hookId}.`));
  }
}

const nameOf = ({ targetArn, hookId }: HookRun): string => targetArn ?? hookId;
const rolledBack = ({ stage }: HookRun, why: string): string =>
  `Service deployment rolled back because ${stage} lifecycle hook(s) failed. ${why}`;
