import { lastPart } from '../arn.ts';
import type { Instant } from '../model.ts';
import type {
  Moment,
  Outcome,
  Progress,
  RollbackTarget,
  RolloutPhase,
  ServicePhase,
  ServicesProgress,
  Then,
} from '../outcome.ts';
import type { Console, World } from '../ports.ts';
import type { Deployment } from '../service/deployment.ts';
import type { Snapshot } from '../watch/snapshot.ts';
import type { Verdict } from '../watch/verdict.ts';
import { limitOf } from './narrate.ts';
import { phaseOf } from './phases.ts';
import { type LogTime, RunLog } from './run-log.ts';
import { aligned, counted, elapsed, oneLine } from './text.ts';

type LogWorld = Pick<World, 'console' | 'clock' | 'masker' | 'runner'>;

/** Up to so many services every step of each is logged; of more, the table and what is out of the ordinary. */
const EVERY_STEP_UP_TO = 10;
/** From one table to the next, where something changed, and to its first line alone, where nothing did. */
const TABLE_EVERY_SECONDS = 15;
const QUIET_TABLE_EVERY_SECONDS = 60;

/** Until a deployment is watched. */
const BEFORE: ReadonlySet<ServicePhase> = new Set(['preparing', 'waiting', 'starting']);

/** Parts of a rollout that a service is in for minutes, by the step that begins them. */
const LIVE_PHASES: Readonly<Partial<Record<RolloutPhase, ServicePhase>>> = {
  verifying: 'verifying',
  after: 'post-deploy',
  holding: 'holding',
  'rolling-back': 'rolling back',
};

/** Phases that lead to another revision than the deployed one. */
const TO_ANOTHER: ReadonlySet<ServicePhase> = new Set(['rolling back', 'rolled-back']);

/** Its deployment has started. */
const DEPLOYED: ReadonlySet<ServicePhase> = new Set(['deploying', 'verifying', 'post-deploy', 'holding']);

/** What the live table shows of one service. */
export interface LiveRow {
  readonly name: string;
  phase: ServicePhase;
  /** What this run deploys, `web:42`, also while it is rolled back. */
  revision: string;
  /** Tasks of that revision, `1 of 2`. */
  tasks: string;
  /** What is rolled back to, once that is known. */
  back?: string;
  since: Instant;
  /** `gives up in 4 min`, while it is watched. */
  limit: string;
}

/** Rows of a table in the log; the services that move come first. */
const TABLE_ROWS = 30;

const MOVING: readonly ServicePhase[] = [
  'deploying',
  'verifying',
  'post-deploy',
  'holding',
  'rolling back',
  'stopping',
  'failed',
  'rolled-back',
  'starting',
  'preparing',
  'waiting',
];

/** `since`: the time of the log at which the phase started. */
const HEAD = ['service', 'phase', 'revision', 'tasks', 'since', 'limit'];
/** The phases are those of the outputs, and one of them is no English. */
const wordsOf = (phase: ServicePhase): string => (phase === 'rolled-back' ? 'rolled back' : phase);
const cellsOf = ({ name, phase, revision, tasks, back, since, limit }: LiveRow, startedAt: Instant): string[] => [
  name,
  back !== undefined && TO_ANOTHER.has(phase) ? `${wordsOf(phase)} to ${back}` : wordsOf(phase),
  revision,
  tasks,
  elapsed(Math.max(since, startedAt), startedAt),
  limit,
];

/** The table as lines: how many are in which phase, then those that move. */
export function liveTable(
  rows: readonly LiveRow[],
  { now, startedAt }: { readonly now: Instant; readonly startedAt: Instant },
): string[] {
  const counts = Map.groupBy(rows, ({ phase }) => phase);
  const title = [...counts].map(([phase, some]) => `${some.length} ${wordsOf(phase)}`).join(', ');
  const rank = ({ phase }: LiveRow): number => (MOVING.includes(phase) ? MOVING.indexOf(phase) : MOVING.length);
  const shown = [...rows].sort((a, b) => rank(a) - rank(b)).slice(0, TABLE_ROWS);
  const left = rows.length - shown.length;
  return [
    `${elapsed(now, startedAt).padStart(7)} ${counted(rows.length, 'service')}: ${title}`,
    ...aligned([HEAD, ...shown.map((row) => cellsOf(row, startedAt))]),
    ...(left > 0 ? [`        and ${left} more`] : []),
  ];
}

/** The log of a run of several services: the lines of each with its name in front, and a table of them all whenever something changed. */
export class ServicesLog implements ServicesProgress {
  readonly whole: Progress;
  /** Of a rollback, once the first target is known. */
  readonly rollbackTarget: Promise<RollbackTarget>;
  readonly #world: LogWorld;
  readonly #rows: ReadonlyMap<string, LiveRow>;
  readonly #width: number;
  readonly #time: LogTime;
  readonly #targetFound: (target: RollbackTarget) => void;
  #tableAt: Instant;
  #lastTable = '';

  constructor(world: LogWorld, names: readonly string[]) {
    this.#world = world;
    const now = world.clock.now();
    this.#time = { startedAt: now, last: now };
    this.#tableAt = now;
    this.#rows = new Map(
      names.map((name) => [name, { name, phase: 'preparing', revision: '', tasks: '', since: now, limit: '' }]),
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
    const log = new RunLog(own, { isShown: (moment) => isShown(moment, many), time: this.#time });
    // It grows while other services log: as lines, not as a group.
    const tasks = new RunLog({ ...own, console: this.#lines(name) });
    const watching: Progress['watching'] = (deployment, then) => {
      const listener = log.watching(deployment, then);
      return (snapshot, verdict) => {
        listener(snapshot, verdict);
        if (row) {
          showTasks(row, snapshot, deployment);
          if (phaseOf(snapshot, deployment) === 'rolling-back') this.phase(name, 'rolling back');
          else if (BEFORE.has(row.phase)) this.phase(name, 'deploying');
          const isRollback = row.phase === 'rolling back';
          const back = isRollback ? revisionBack(row, deployment) : undefined;
          if (back !== undefined) row.back = back;
          row.limit = limitOf(snapshot, verdict, { deployment, isRollback }) ?? '';
          const ended = endOf(verdict, { isRollback, then });
          if (ended) this.phase(name, ended);
        }
        this.#table();
      };
    };
    return {
      timeline: log.timeline,
      step: (text, severity, begins) => {
        log.step(text, severity, begins);
        const phase = begins && LIVE_PHASES[begins];
        if (phase) this.phase(name, phase);
      },
      moved: (text, at) => log.moved(text, at),
      heartbeat: (text) => {
        log.heartbeat(text);
        if (row) row.limit = text;
        this.#table();
      },
      diff: (differences, from) => {
        if (!many) log.diff(differences, from);
      },
      checks: (checks, detail) => {
        if (!many || checks.some(({ status }) => status === 'bad' || status === 'warn')) log.checks(checks, detail);
      },
      scanned: async (verdict, gate) => log.scanned(verdict, gate),
      known: (facts: Partial<Outcome>) => {
        log.known(facts);
        if (row && facts.revision) row.revision = lastPart(facts.revision.arn);
      },
      withdrawn: () => log.withdrawn(),
      target: (target) => this.#targetFound(severalTargets(target, this.#rows.size)),
      started: (start) => {
        log.step(
          `${start.isRollback ? 'rolling back to' : 'deploying'} ${start.to}${start.from === undefined ? '' : ` in place of ${start.from}`}. ${start.rollout}`,
        );
        if (row) row.revision = start.to;
        this.phase(name, 'deploying');
      },
      lastSeen: (deployment) => log.lastSeen(deployment),
      taskLog: (title) => tasks.taskLog(title),
      tail: (title, lines, taskId) => log.tail(title, lines, taskId),
      watching,
    };
  }

  /** The log with the service's name before each line. A group is logged when it is whole: lines of another service would be folded with it. */
  console(name: string): Console {
    const { console } = this.#world;
    const lines = this.#lines(name);
    let group: { readonly title: string; readonly lines: string[] } | undefined;
    return {
      ...lines,
      line: (text) => (group ? void group.lines.push(text) : lines.line(text)),
      startGroup: (title) => {
        group = { title, lines: [] };
      },
      endGroup: () => {
        if (!group) return;
        console.startGroup(this.#named(name, group.title));
        for (const text of group.lines) lines.line(text);
        console.endGroup();
        group = undefined;
      },
    };
  }

  /** The same without groups. */
  #lines(name: string): Console {
    const { console } = this.#world;
    return {
      line: (text) => console.line(this.#named(name, text.replace(/^\s*\n/, ''))),
      startGroup: (title) => console.line(this.#named(name, title)),
      endGroup: () => {},
      debug: (text) => console.debug(this.#named(name, text)),
      notice: (text, title) => console.notice(`${name}: ${text}`, title),
      warning: (text, title) => console.warning(`${name}: ${text}`, title),
      error: (text, title, place) => console.error(`${name}: ${text}`, title, place),
      colour: console.colour,
    };
  }

  readonly #named = (name: string, text: string): string =>
    `${oneLine(name, this.#width).padEnd(this.#width)} | ${text}`;

  phase(name: string, phase: ServicePhase): void {
    const row = this.#rows.get(name);
    // What is deployed already is not only stopped.
    const next = phase === 'stopping' && row && DEPLOYED.has(row.phase) ? 'rolling back' : phase;
    if (!row || row.phase === next) return;
    row.phase = next;
    row.limit = '';
    row.since = this.#world.clock.now();
    this.#table();
  }

  /** Where something changed since the last one, and not more often than it can be read; else once a minute. */
  #table(): void {
    const now = this.#world.clock.now();
    if (now - this.#tableAt < TABLE_EVERY_SECONDS) return;
    const rows = [...this.#rows.values()];
    const text = JSON.stringify(rows.map(({ limit: _, ...row }) => row));
    const isSame = text === this.#lastTable;
    if (isSame && now - this.#tableAt < QUIET_TABLE_EVERY_SECONDS) return;
    this.#lastTable = text;
    this.#tableAt = now;
    this.#time.last = now;
    const [title = '', ...lines] = liveTable(rows, { now, startedAt: this.#time.startedAt });
    // The same rows again would push what happened out of sight.
    for (const line of isSame ? [`${title}; as before`] : [title, ...lines]) this.#world.console.line(line);
  }
}

/** Of the revision that the run deploys: a rollback may be a deployment of its own, of another one. */
function showTasks(row: LiveRow, { service }: Snapshot, { id, taskDefinitionArn }: Deployment): void {
  const watched = lastPart(taskDefinitionArn);
  const isRollback = row.phase === 'rolling back';
  if (!isRollback || row.revision === '') row.revision = watched;
  const deployed = service.deployments.filter((one) =>
    row.revision === watched ? one.id === id : lastPart(one.taskDefinitionArn) === row.revision,
  );
  const running = deployed.reduce((sum, { runningCount }) => sum + runningCount, 0);
  const desired = deployed.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
  if (isRollback && desired === 0) row.tasks = `${running} left`;
  else row.tasks = deployed.length === 0 ? '' : `${running} of ${desired}`;
}

const revisionBack = ({ revision }: LiveRow, deployment: Deployment): string | undefined => {
  const watched = lastPart(deployment.taskDefinitionArn);
  return (watched === revision ? lastPart(deployment.previousTaskDefinitionArn) : watched) || undefined;
};

/** The phase of a service whose verdict the log has: the table must not be one poll behind it. Undefined where more is to come. */
function endOf(
  { kind }: Verdict,
  { isRollback, then }: { readonly isRollback: boolean; readonly then: Then | undefined },
): ServicePhase | undefined {
  switch (kind) {
    case 'succeeded':
      if (isRollback) return 'rolled-back';
      return then === undefined ? 'deployed' : undefined;
    case 'rolled-back':
    case 'superseded':
    case 'paused':
      return kind;
    case 'failed':
    case 'stuck':
    case 'timed-out':
    case 'stopped':
      return 'failed';
    default:
      return undefined;
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
