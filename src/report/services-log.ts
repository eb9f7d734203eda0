import { lastPart } from '../arn.ts';
import type { Instant } from '../model.ts';
import type { Moment, Outcome, Progress, RollbackTarget, ServicePhase, ServicesProgress } from '../outcome.ts';
import type { Console, World } from '../ports.ts';
import { oursIn } from '../watch/snapshot.ts';
import { RunLog } from './run-log.ts';
import { type LiveRow, liveTable } from './services-table.ts';
import { oneLine } from './text.ts';

type LogWorld = Pick<World, 'console' | 'clock' | 'masker' | 'runner'>;

/** Up to so many services every step of each is logged; of more, the table and what is out of the ordinary. */
const EVERY_STEP_UP_TO = 10;
/** From one table to the next, where something changed. */
const TABLE_EVERY_SECONDS = 15;
/** The log of a run of several services: the lines of each with its name in front, and a table of them all whenever something changed. */
export class ServicesLog implements ServicesProgress {
  readonly whole: Progress;
  /** Of a rollback, once the first target is known. */
  readonly rollbackTarget: Promise<RollbackTarget>;
  readonly #world: LogWorld;
  readonly #rows: ReadonlyMap<string, LiveRow>;
  readonly #width: number;
  readonly #startedAt: Instant;
  readonly #targetFound: (target: RollbackTarget) => void;
  #tableAt: Instant;
  #lastTable = '';

  constructor(world: LogWorld, names: readonly string[]) {
    this.#world = world;
    const now = world.clock.now();
    this.#startedAt = now;
    this.#tableAt = now;
    this.#rows = new Map(
      names.map((name) => [name, { name, phase: 'preparing', revision: '', tasks: '', since: now }]),
    );
    this.#width = Math.min(30, Math.max(...names.map(({ length }) => length)));
    this.whole = new RunLog(world);
    const { promise, resolve } = Promise.withResolvers<RollbackTarget>();
    this.rollbackTarget = promise;
    this.#targetFound = resolve;
  }

  of(name: string): Progress {
    const row = this.#rows.get(name);
    const { runner } = this.#world;
    // The outputs of the step are those of all services; the report sets them at the end.
    const own = { ...this.#world, console: this.console(name), runner: { ...runner, setOutput: () => {} } };
    const many = this.#rows.size > EVERY_STEP_UP_TO;
    const log = new RunLog(own, (moment) => isShown(moment, many));
    const watching: Progress['watching'] = (deployment) => {
      const listener = log.watching(deployment);
      return (snapshot, verdict) => {
        listener(snapshot, verdict);
        const ours = oursIn(snapshot.service, deployment);
        if (row) {
          row.revision = lastPart(deployment.taskDefinitionArn);
          row.tasks = ours ? `${ours.runningCount} of ${ours.desiredCount}` : '';
          if (row.phase === 'waiting' || row.phase === 'preparing') this.phase(name, 'deploying');
        }
        this.#table();
      };
    };
    return {
      timeline: log.timeline,
      step: (text, severity, begins) => log.step(text, severity, begins),
      diff: (differences, from) => {
        if (!many) log.diff(differences, from);
      },
      checks: (checks, detail) => {
        if (!many || checks.some(({ status }) => status === 'bad' || status === 'warn')) log.checks(checks, detail);
      },
      scanned: async (verdict, gate) => log.scanned(verdict, gate),
      known: (facts: Partial<Outcome>) => log.known(facts),
      withdrawn: () => log.withdrawn(),
      target: (target) => this.#targetFound(severalTargets(target, this.#rows.size)),
      started: (start) => {
        log.step(`deploying ${start.to} in place of ${start.from}. ${start.rollout}`);
        if (row) row.revision = start.to;
        this.phase(name, 'deploying');
      },
      lastSeen: (deployment) => log.lastSeen(deployment),
      taskLog: (title) => log.taskLog(title),
      tail: (title, lines, taskId) => log.tail(title, lines, taskId),
      watching,
    };
  }

  /** The log with the service's name before each line; groups of services that log at the same time would be mixed up. */
  console(name: string): Console {
    const { console } = this.#world;
    const before = `${oneLine(name, this.#width).padEnd(this.#width)} | `;
    return {
      line: (text) => console.line(`${before}${text.replace(/^\s*\n/, '')}`),
      startGroup: (title) => console.line(`${before}${title}`),
      endGroup: () => {},
      debug: (text) => console.debug(`${before}${text}`),
      notice: (text, title) => console.notice(`${name}: ${text}`, title),
      warning: (text, title) => console.warning(`${name}: ${text}`, title),
      error: (text, title, place) => console.error(`${name}: ${text}`, title, place),
      colour: console.colour,
    };
  }

  phase(name: string, phase: ServicePhase): void {
    const row = this.#rows.get(name);
    if (!row || row.phase === phase) return;
    row.phase = phase;
    row.since = this.#world.clock.now();
    this.#table();
  }

  /** Where something changed since the last one, and not more often than it can be read. */
  #table(): void {
    const now = this.#world.clock.now();
    if (now - this.#tableAt < TABLE_EVERY_SECONDS) return;
    const rows = [...this.#rows.values()];
    const text = JSON.stringify(rows);
    if (text === this.#lastTable) return;
    this.#lastTable = text;
    this.#tableAt = now;
    for (const line of liveTable(rows, { now, startedAt: this.#startedAt })) this.#world.console.line(line);
  }
}

/** Heartbeats and counts are in the table. */
function isShown({ kind, severity }: Moment, many: boolean): boolean {
  if (kind === 'heartbeat' || kind === 'counts') return false;
  return !many || severity === 'warning' || severity === 'failure' || kind === 'diagnosis' || kind === 'verdict';
}

const severalTargets = ({ revision, commit }: RollbackTarget, count: number): RollbackTarget => ({
  revision: count > 1 ? `${revision} and ${count - 1} more` : revision,
  commit,
});
