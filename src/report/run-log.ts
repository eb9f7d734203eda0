import { lastPart } from '../arn.ts';
import type { ScanVerdict } from '../image/scan.ts';
import { defined, type Instant } from '../model.ts';
import type { Moment, OpenLog, Outcome, Progress, RollbackTarget, RolloutStart, Then } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { CheckLine } from '../preflight/check.ts';
import type { Deployment } from '../service/deployment.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Verdict } from '../watch/verdict.ts';
import type { Listener } from '../watch/watch.ts';
import { serviceLink } from './links.ts';
import { logChecks, logDifferences, logHeader, logMoments } from './log.ts';
import { narrate } from './narrate.ts';
import { outputsOf } from './outputs.ts';
import { Repeats } from './repeats.ts';
import { scanLines, scanSummaryOf } from './scan.ts';
import { counted, oneLine, plain } from './text.ts';

/** What a log writes to. */
type LogWorld = Pick<World, 'console' | 'clock' | 'masker'> & {
  readonly runner: Pick<World['runner'], 'setOutput' | 'writeSummary'>;
};

/** The time of a log that several services share. */
export interface LogTime {
  readonly startedAt: Instant;
  /** Of the last line: times never go back. */
  last: Instant;
}

/**
 * The progress of a run in its log and outputs: each moment is logged as it comes and kept for the summary, and outputs are set
 * as soon as they are known, so that a step that fails later still has them.
 */
export class RunLog implements Progress {
  readonly timeline: Moment[] = [];
  /** Resolves when a rollback has found its target; never for any other run. */
  readonly rollbackTarget: Promise<RollbackTarget>;
  readonly #world: LogWorld;
  readonly #isShown: (moment: Moment) => boolean;
  readonly #time: LogTime | undefined;
  readonly #targetFound: (target: RollbackTarget) => void;
  /** By deployment: one that is watched again, while ECS rolls it back, logs nothing twice. */
  readonly #last = new Map<string, Snapshot>();
  readonly #repeats = new Repeats();
  #logIsOpen = false;
  /** This run has asked for a rollback of its deployment. */
  #isRollback = false;
  readonly #verdicts = new WeakSet<Verdict>();
  /** Ids of the events of ECS that were logged with any deployment of the service: one that is looked at once more repeats none. */
  readonly #events = new Set<string>();

  /** @param isShown in the log; the timeline has every moment */
  constructor(
    world: LogWorld,
    { isShown = () => true, time }: { readonly isShown?: (moment: Moment) => boolean; readonly time?: LogTime } = {},
  ) {
    this.#world = world;
    this.#isShown = isShown;
    this.#time = time;
    const { promise, resolve } = Promise.withResolvers<RollbackTarget>();
    this.rollbackTarget = promise;
    this.#targetFound = resolve;
  }

  step(text: string, severity: Moment['severity'] = 'normal', begins?: Moment['begins']): void {
    if (begins === 'rolling-back') this.#isRollback = true;
    this.#log([{ at: this.#world.clock.now(), kind: 'step', severity, text, ...defined({ begins }) }]);
  }

  moved(text: string, at: Instant): void {
    this.#log([{ at, kind: 'step', severity: 'normal', text }]);
  }

  heartbeat(text: string): void {
    this.#log([{ at: this.#world.clock.now(), kind: 'heartbeat', severity: 'normal', text }]);
  }

  diff(differences: readonly Difference[], from: string): void {
    logDifferences(this.#world.console, differences, from);
  }

  checks(checks: readonly CheckLine[], detail: 'lines' | 'counts'): void {
    this.step(`preflight: ${checkCounts(checks)}`);
    if (detail === 'lines') logChecks(this.#world.console, checks, 'Preflight checks that passed');
  }

  async scanned(verdict: ScanVerdict, gate: string): Promise<void> {
    for (const line of scanLines(verdict)) this.#world.console.line(line);
    await this.#world.runner.writeSummary(scanSummaryOf(verdict, gate));
  }

  known(facts: Partial<Outcome>): void {
    for (const [name, value] of Object.entries(outputsOf(facts))) this.#world.runner.setOutput(name, value);
  }

  withdrawn(): void {
    this.#world.runner.setOutput('task-definition-arn', '');
  }

  target(target: RollbackTarget): void {
    this.#targetFound(target);
  }

  started({ service, from, to, rollout, isRollback }: RolloutStart): void {
    const url = serviceLink(service);
    const cluster = lastPart(service.clusterArn);
    logHeader(this.#world.console, {
      service: service.name,
      cluster,
      to,
      rollout,
      ...defined({ from, isRollback, url: url || undefined }),
    });
  }

  watching(deployment: Deployment, then?: Then): Listener {
    return (snapshot, verdict) => {
      const previous = this.#last.get(deployment.id);
      const looks = {
        previous,
        current: snapshot,
        isRollback: this.#isRollback,
        logged: this.#events,
        ...defined({ then }),
      };
      const moments = narrate(looks, verdict, deployment);
      // A deployment that is looked at again after its end has the same verdict.
      const again = this.#verdicts.has(verdict);
      this.#log(again ? moments.filter(({ kind }) => kind !== 'verdict') : moments);
      this.#last.set(deployment.id, snapshot);
      for (const { id } of snapshot.events) this.#events.add(id);
      this.#verdicts.add(verdict);
    };
  }

  /** In a folded group; while one is open, what belongs to another is kept until its end. */
  taskLog(title: string): OpenLog {
    const kept: string[] = [];
    let state: 'kept' | 'open' = 'kept';
    const open = (): void => {
      this.#world.console.startGroup(oneLine(title, 300));
      for (const line of kept.splice(0)) this.#world.console.line(logLine(line));
    };
    return {
      lines: (unmasked) => {
        const lines = this.#world.masker.data(unmasked);
        if (state === 'open') {
          for (const line of lines) this.#world.console.line(logLine(line));
          return;
        }
        kept.push(...lines);
        if (this.#logIsOpen) return;
        this.#logIsOpen = true;
        state = 'open';
        open();
      },
      end: () => {
        if (state === 'kept' && kept.length === 0) return;
        if (state === 'kept') open();
        else this.#logIsOpen = false;
        this.#world.console.endGroup();
        state = 'kept';
      },
    };
  }

  tail(title: string, lines: readonly string[], taskId: string): void {
    this.#log([
      { at: this.#world.clock.now(), kind: 'log', severity: 'normal', text: [title, ...lines].join('\n'), taskId },
    ]);
  }

  lastSeen({ id }: Pick<Deployment, 'id'>): Snapshot | undefined {
    return this.#last.get(id);
  }

  #log(unmasked: readonly Moment[]): void {
    const { console, masker, clock } = this.#world;
    const now = clock.now();
    // ECS's clock differs from ours, and its events come late: what is logged later did not happen before.
    let last = Math.max(...[this.timeline.at(-1)?.at, this.#time?.last].map((at) => at ?? Number.NEGATIVE_INFINITY));
    const moments = masker.data(unmasked).map((moment) => {
      last = Math.max(last, Math.min(moment.at, now));
      return { ...moment, at: last };
    });
    this.timeline.push(...moments);
    if (this.#time) this.#time.last = last;
    // The summary counts from the first moment as well.
    const startedAt = this.#time?.startedAt ?? this.timeline[0]?.at;
    const shown = moments.filter(this.#isShown).flatMap((moment) => this.#repeats.shown(moment) ?? []);
    if (startedAt !== undefined) logMoments(console, startedAt, shown);
  }
}

/** A line of a container is its own; it is cut, and no command of the runner's. */
const logLine = (line: string): string => plain(line.slice(0, 2000)).trimEnd();

const CHECK_WORDS: Readonly<Record<CheckLine['status'], (count: number) => string>> = {
  ok: (count) => `${count} passed`,
  warn: (count) => counted(count, 'warning'),
  skip: (count) => `${count} not checked`,
  bad: (count) => `${count} failed`,
};

function checkCounts(checks: readonly CheckLine[]): string {
  return (['ok', 'warn', 'skip', 'bad'] as const)
    .map((wanted) => ({ wanted, count: checks.filter(({ status }) => status === wanted).length }))
    .filter(({ count }) => count > 0)
    .map(({ wanted, count }) => CHECK_WORDS[wanted](count))
    .join(', ');
}
