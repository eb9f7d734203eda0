/** Runs a one-off task to its end. */

import { lastPart, regionOf } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { left, minutes, span } from '../duration.ts';
import { asFailure, Failure, sentence } from '../failure.ts';
import { defined, type Instant, type TaskLaunch, type TaskRequest, type TaskState } from '../model.ts';
import type { Clock, Ecs, Logs } from '../ports.ts';
import { secretsAmong } from '../secrets.ts';
import { POLICY } from '../watch/policy.ts';
import { type OnLines, TaskLog } from './follow-log.ts';
import { containerOf, essentialOf, labelOf, type PlannedTask, requestOf } from './request.ts';
import { ASKED_TO_STOP, intentOfTask, stopTask, type TaskIntent } from './stop.ts';
import { NOTICE_SECONDS, unendedEnd, unendedNotice } from './unended.ts';
import { judgeTask, mayBePlacedLater } from './verdict.ts';

export type TaskEnd =
  | { readonly kind: 'succeeded'; readonly task: TaskState }
  /** It was not to be waited for. */
  | { readonly kind: 'started'; readonly task: TaskState }
  | {
      readonly kind: 'failed';
      /** One or two sentences. */
      readonly reason: string;
      /** Absent where no task was started. */
      readonly task?: TaskState;
      readonly diagnosis?: Diagnosis;
      /** What to do about it, where no diagnosis has it. */
      readonly remedy?: string;
      /** The last lines of the container that failed. */
      readonly tail?: { readonly container: string; readonly lines: readonly string[] };
    };

/** Called in the order in which things happen. */
export interface TaskListener {
  /** Before RunTask, and again when the task is known: what post has to look for. */
  intent(intent: TaskIntent): void;
  /** `found`: an earlier attempt of the run had started it. */
  started(task: TaskState, how: 'new' | 'found'): void;
  /** Its lastStatus is another one. */
  moved(task: TaskState): void;
  readonly lines: OnLines;
  /** It is over, and needs no looking after. */
  ended(task: TaskState | undefined): void;
  /** What is waited for, or tried again; `warning` where something went wrong. */
  note(text: string, severity?: 'warning'): void;
  /** It is still waited for. */
  waiting(text: string): void;
}

interface TaskWorld {
  readonly clock: Clock;
  readonly ecs: Pick<Ecs, 'runTask' | 'stopTask' | 'describeTasks' | 'listTasks'>;
  readonly logs: Logs;
  readonly signal: AbortSignal;
}

const POLL_SECONDS = 3;
/** From one try to place the task to the next; doubles up to the longest. */
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 30;
/** After the first try that found no place. */
const FIRST_TOLD_SECONDS = 30;
/** A task that ECS created so long before it was asked is an earlier attempt's: by AWS's clock, whose seconds we know. */
const SKEW_SECONDS = 5;
/** DescribeTasks may not show a new task for some seconds. */
const MISSING_SECONDS = 60;
/** After StopTask: the stopTimeout of a container is 120 s at most. */
const STOP_SECONDS = 150;
/** A revision is known everywhere within some seconds of its registration. */
const PROPAGATION_SECONDS = [1, 2, 4, 8];
/** Lines reach CloudWatch some seconds after a container printed them. */
const DRAIN_SECONDS = 2;
const DRAINS = 3;

/** A task that could not be placed, time and again. */
interface Unplaced {
  readonly reason: string;
  readonly since: Instant;
  readonly until: Instant;
  readonly tries: number;
  /** The next line of the log about it. */
  readonly tellAt: Instant;
}

/**
 * Starts the task, or finds the one that an earlier attempt of this run started, and follows it to its end. It waits for
 * capacity within the time limit, for a quota of the account as long as a deployment does, and starts a task that failed again as often
 * as the inputs say.
 * @throws Failure of RunTask; CANCELLED when the run is, after the task was asked to stop
 */
export async function runTask(planned: PlannedTask, world: TaskWorld, listener: TaskListener): Promise<TaskEnd> {
  const { clock, signal } = world;
  const { retries, timeoutSeconds } = planned.task;
  let failures = 0;
  let deadline = clock.now() + timeoutSeconds;
  let pause = FIRST_PAUSE_SECONDS;
  let unplaced: Unplaced | undefined;
  for (let count = 0; ; count++) {
    signal.throwIfAborted();
    const end = await new Try(planned, world, listener).run(count, deadline);
    if (end.kind === 'succeeded' || end.kind === 'started') return end;
    if (end.kind === 'earlier') continue;
    if (neverStarted(end) && end.diagnosis && mayBePlacedLater(end.diagnosis)) {
      unplaced = again(unplaced, { reason: end.reason, diagnosis: end.diagnosis, now: clock.now(), deadline });
      if (clock.now() + pause < unplaced.until) {
        unplaced = reportUnplaced(unplaced, clock.now(), listener);
        await clock.sleep(pause, signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS);
        continue;
      }
    }
    if (failures >= retries) return withTries(end, unplaced, clock.now());
    failures++;
    unplaced = undefined;
    listener.note(`${sentence(end.reason)} Starting it again (retry ${failures} of ${retries}).`, 'warning');
    deadline = clock.now() + timeoutSeconds;
    pause = FIRST_PAUSE_SECONDS;
  }
}

/** One more try that found no place; another reason is waited for again. */
function again(
  before: Unplaced | undefined,
  {
    reason,
    diagnosis,
    now,
    deadline,
  }: { readonly reason: string; readonly diagnosis: Diagnosis; readonly now: Instant; readonly deadline: Instant },
): Unplaced {
  if (before?.reason === reason) return { ...before, tries: before.tries + 1 };
  // Quotas are shared with other services, which may release something.
  const until = diagnosis.needs === 'quota' ? Math.min(deadline, now + POLICY.sharedQuotaSeconds) : deadline;
  return { reason, since: now, until, tries: 1, tellAt: now };
}

/** The reason once, and then how long it lasts: after half a minute, and each time after twice as long. */
function reportUnplaced(unplaced: Unplaced, now: Instant, listener: TaskListener): Unplaced {
  const { reason, since, until, tries, tellAt } = unplaced;
  if (now < tellAt) return unplaced;
  if (tries === 1) listener.note(`${sentence(reason)} It is tried again for up to ${span(until - now)}.`, 'warning');
  else
    listener.waiting(`still not placed after ${tries} tries in ${span(now - since)}; gives up in ${left(until - now)}`);
  return { ...unplaced, tellAt: now + Math.max(FIRST_TOLD_SECONDS, now - since) };
}

function withTries<End extends Extract<TaskEnd, { kind: 'failed' }>>(
  end: End,
  unplaced: Unplaced | undefined,
  now: Instant,
): End {
  if (unplaced === undefined || unplaced.reason !== end.reason || unplaced.tries < 2) return end;
  const { tries, since } = unplaced;
  return { ...end, reason: `${sentence(end.reason)} It was tried ${tries} times in ${span(now - since)}.` };
}

/** `earlier`: what an earlier attempt of the run had started has ended, and says nothing of this one. */
type TryEnd = TaskEnd | { readonly kind: 'earlier' };

const neverStarted = ({ task }: Extract<TaskEnd, { kind: 'failed' }>): boolean =>
  task === undefined || (task.stopCode === 'TaskFailedToStart' && task.startedAt === undefined);

/** One RunTask and its result. */
class Try {
  readonly #planned: PlannedTask;
  readonly #world: TaskWorld;
  readonly #listener: TaskListener;

  constructor(planned: PlannedTask, world: TaskWorld, listener: TaskListener) {
    this.#planned = planned;
    this.#world = world;
    this.#listener = listener;
  }

  async run(count: number, deadline: Instant): Promise<TryEnd> {
    const { ecs, clock } = this.#world;
    const request = requestOf(this.#planned, count);
    const askedAt = clock.now();
    const intent = intentOfTask(labelOf(this.#planned), request, askedAt);
    this.#listener.intent(intent);
    const launch = await this.#launch(request);
    switch (launch.kind) {
      case 'unplaced':
        this.#listener.ended(undefined);
        return this.#unplaced(launch.reason, request);
      case 'token-in-use':
        this.#listener.ended(undefined);
        await this.#endOfOthers(launch.tasks, deadline);
        return { kind: 'earlier' };
      case 'started': {
        const known = { ...intent, task: launch.task.arn };
        this.#listener.intent(known);
        if ((launch.task.createdAt ?? askedAt) >= askedAt - SKEW_SECONDS)
          return this.#follow(launch.task, 'new', { intent: known, deadline });
        let [now] = await ecs.describeTasks(request.cluster, [launch.task.arn]);
        // One that was asked to stop, as a cancelled attempt asks, is on its way out: its end says nothing of this attempt.
        if (now && now.desiredStatus === 'STOPPED' && now.lastStatus !== 'STOPPED') {
          await this.#endOfOthers([now.arn], deadline);
          [now] = await ecs.describeTasks(request.cluster, [now.arn]);
        }
        if (now && now.lastStatus !== 'STOPPED') return this.#follow(now, 'found', { intent: known, deadline });
        this.#listener.ended(now);
        // What was done before the deployment stays done; what proves a deployment is proven again.
        if (now && this.#planned.phase === 'pre-deploy' && this.#judge(now).kind === 'succeeded') {
          this.#listener.note(`An earlier attempt of this run ran it in task ${lastPart(now.arn)}: exit code 0.`);
          return { kind: 'succeeded', task: now };
        }
        return { kind: 'earlier' };
      }
    }
  }

  /** The revision was registered moments ago: that ECS does not find it is a matter of seconds. */
  async #launch(request: TaskRequest): Promise<TaskLaunch> {
    const { ecs, clock, signal } = this.#world;
    for (const seconds of PROPAGATION_SECONDS) {
      try {
        return await ecs.runTask(request);
      } catch (thrown) {
        if (asFailure(thrown).api?.detail !== 'unknown-revision') throw thrown;
        await clock.sleep(seconds, signal);
      }
    }
    return ecs.runTask(request);
  }

  async #unplaced(words: string, { launchType }: TaskRequest): Promise<TaskEnd> {
    const { explainUnplaced } = await import('../watch/troubles.ts');
    const diagnosis = explainUnplaced(words, launchType);
    const quoted = diagnosis.cause.includes(words) ? '' : ` (RunTask: ${words})`;
    return { kind: 'failed', reason: `${diagnosis.cause.replace(/\.$/, '')}${quoted}.`, diagnosis };
  }

  /** Tasks of an earlier attempt that has other parameters, such as a revision that is gone: two never run at once. */
  async #endOfOthers(arns: readonly string[], deadline: Instant): Promise<void> {
    const { ecs, clock, signal } = this.#world;
    const { clusterArn } = this.#planned.home;
    for (let noted = false; ; noted = true) {
      const running = (await ecs.describeTasks(clusterArn, arns)).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
      if (running.length === 0) return;
      const names = running.map(({ arn }) => lastPart(arn)).join(', ');
      if (clock.now() >= deadline)
        throw new Failure(
          'CONFLICT',
          `An earlier attempt of this run started task ${names}, which has not ended in time.`,
          {
            remedy: 'Wait for its end, or stop it (`aws ecs stop-task`), and run the job again.',
          },
        );
      if (!noted) this.#listener.note(`An earlier attempt of this run started task ${names}; waiting for its end.`);
      await clock.sleep(POLL_SECONDS, signal);
    }
  }

  #judge(task: TaskState): ReturnType<typeof judgeTask> {
    const { definition } = this.#planned;
    return judgeTask(task, { container: containerOf(this.#planned), essential: essentialOf(definition) });
  }

  async #follow(
    started: TaskState,
    how: 'new' | 'found',
    { intent, deadline }: { readonly intent: TaskIntent; readonly deadline: Instant },
  ): Promise<TaskEnd> {
    const { clock, ecs, logs, signal } = this.#world;
    const { definition, task: inputs, home } = this.#planned;
    const log = new TaskLog(definition, started.id, { logs, secrets: secretsAmong(inputs.environment) });
    this.#listener.started(started, how);
    if (!this.#planned.wait) {
      this.#listener.ended(started);
      return { kind: 'started', task: started };
    }
    let task = started;
    let seenAt = clock.now();
    let stopped = false;
    let end = deadline;
    const reporter = new UnendedReporter(this.#planned, this.#listener);
    try {
      while (task.lastStatus !== 'STOPPED') {
        if (clock.now() >= end) {
          if (stopped) break;
          stopped = true;
          this.#listener.note(`not ended after ${minutes(inputs.timeoutSeconds)}: stopping it`, 'warning');
          await ecs.stopTask(home.clusterArn, started.arn, 'Stopped by ecs-rollout: its time limit is over.');
          end = clock.now() + STOP_SECONDS;
        }
        await clock.sleep(POLL_SECONDS, signal);
        const now = await this.#look(started.arn);
        if (now !== 'missing') seenAt = clock.now();
        else if (clock.now() - seenAt > MISSING_SECONDS)
          throw new Failure('NOT_FOUND', `ECS has not shown task ${started.id} for ${MISSING_SECONDS} s.`);
        if (typeof now === 'object') {
          if (now.lastStatus !== task.lastStatus) this.#listener.moved(now);
          task = now;
        }
        await log.poll(this.#listener.lines);
        if (!stopped) reporter.look(task, log, { now: clock.now(), end });
      }
      await this.#drain(log);
    } catch (thrown) {
      if (task.lastStatus === 'STOPPED') this.#listener.ended(task);
      throw await this.#abandon(asFailure(thrown), { intent, task });
    }
    this.#listener.ended(task);
    return this.#endOf(task, log, stopped ? unendedEnd(this.#planned, log.last) : undefined);
  }

  /** A poll that fails says nothing of the task, which runs on: undefined. */
  async #look(arn: string): Promise<TaskState | 'missing' | undefined> {
    try {
      const [found] = await this.#world.ecs.describeTasks(this.#planned.home.clusterArn, [arn]);
      return found ?? 'missing';
    } catch (thrown) {
      const { code } = asFailure(thrown);
      if (code !== 'THROTTLED' && code !== 'UNAVAILABLE') throw thrown;
      return undefined;
    }
  }

  async #drain(log: TaskLog): Promise<void> {
    const { clock, signal } = this.#world;
    for (let more = 0; more < DRAINS; more++) {
      const found = await log.poll(this.#listener.lines);
      const nothingToRead = log.hints.size >= this.#planned.definition.containerDefinitions.length;
      if (nothingToRead || (!found && log.last.size > 0 && more > 0)) return;
      await clock.sleep(DRAIN_SECONDS, signal);
    }
    await log.poll(this.#listener.lines);
  }

  /** A run that ends before its task leaves none behind. */
  async #abandon(
    failure: Failure,
    { intent, task }: { readonly intent: TaskIntent; readonly task: TaskState },
  ): Promise<Failure> {
    if (task.lastStatus === 'STOPPED') return failure;
    const cancelled = failure.code === 'CANCELLED';
    const why = `Stopped by ecs-rollout: the run ${cancelled ? 'was cancelled' : 'failed'}.`;
    const stopped = await stopTask(intent, why, this.#world.ecs);
    if (stopped) this.#listener.note(stopped);
    if (stopped?.endsWith(ASKED_TO_STOP)) this.#listener.ended(task);
    return new Failure(failure.code, failure.message, {
      state: stopped ?? (await this.#endedMeanwhile(intent, task)),
      mistakes: failure.mistakes,
      cause: failure.cause ?? failure,
      ...defined({ remedy: failure.remedy, api: failure.api }),
    });
  }

  /** It ended as the run did: a migration that is done must not be taken for one that is not. */
  async #endedMeanwhile({ label, cluster }: TaskIntent, { arn }: TaskState): Promise<string> {
    const ended = `The ${label} has ended`;
    const [now] = await this.#world.ecs.describeTasks(cluster, [arn]).catch(() => []);
    // Its containers have ended before ECS calls it STOPPED.
    const done = now?.containers.every(({ exitCode }) => exitCode !== undefined);
    switch (now && done && this.#judge({ ...now, lastStatus: 'STOPPED' }).kind) {
      case 'succeeded':
        return `${ended} well (exit code 0).`;
      case 'failed':
        return `${ended}, and has failed.`;
      default:
        return `${ended}.`;
    }
  }

  async #endOf(task: TaskState, log: TaskLog, stopped: ReturnType<typeof unendedEnd> | undefined): Promise<TaskEnd> {
    const verdict = this.#judge(task);
    if (verdict.kind === 'succeeded' && stopped === undefined) return { kind: 'succeeded', task };
    const region = regionOf(task.arn) ?? '';
    const { explainTask } = await import('../watch/troubles.ts');
    const found = explainTask(task, this.#planned.definition, { logs: log.last, region });
    const container =
      (verdict.kind === 'failed' ? verdict.container : undefined) ?? found?.container ?? containerOf(this.#planned);
    const lines = container === undefined ? undefined : log.last.get(container);
    const reason = stopped?.reason ?? (found ? sentence(found.cause) : withoutDiagnosis(task));
    return {
      kind: 'failed',
      reason,
      task,
      ...defined({
        diagnosis: stopped === undefined ? found : undefined,
        remedy: stopped?.remedy,
        tail: container !== undefined && lines && lines.length > 0 ? { container, lines } : undefined,
      }),
    };
  }
}

/** Reports once that a task still runs, and once that it serves, as soon as its log shows it. */
class UnendedReporter {
  readonly #planned: PlannedTask;
  readonly #listener: Pick<TaskListener, 'note'>;
  #running: Instant | undefined;
  #noted: 'running' | 'serves' | undefined;

  constructor(planned: PlannedTask, listener: Pick<TaskListener, 'note'>) {
    this.#planned = planned;
    this.#listener = listener;
  }

  look(
    { lastStatus, startedAt }: TaskState,
    log: TaskLog,
    { now, end }: { readonly now: Instant; readonly end: Instant },
  ): void {
    if (lastStatus !== 'RUNNING') return;
    this.#running ??= startedAt ?? now;
    if (this.#noted === 'serves' || now - this.#running < NOTICE_SECONDS) return;
    const { kind, text } = unendedNotice(this.#planned, log.last, { now, running: this.#running, end });
    if (kind === this.#noted) return;
    this.#noted = kind;
    this.#listener.note(text, kind === 'serves' ? 'warning' : undefined);
  }
}

const withoutDiagnosis = ({ stoppedReason }: TaskState): string =>
  stoppedReason === undefined ? 'It stopped, and ECS gave no reason.' : sentence(stoppedReason);
