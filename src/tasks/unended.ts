/**
 * A one-off task that does not end: what it is doing, as far as its log shows, and which input changes how long it is waited for.
 * The usual cause is an image whose command starts a server, which the task runs where no other command is given.
 */
import { clip } from '../clip.ts';
import { left, minutes, span } from '../duration.ts';
import type { Instant } from '../model.ts';
import { containerOf, essentialOf, isForOne, type PlannedTask } from './request.ts';

/** Since its containers run: most commands that end have ended by then, or print something. */
export const NOTICE_SECONDS = 60;
const LONGEST_LINE = 160;

/**
 * Lines of programs that serve requests or wait for work, once they do, each in the words of its producer:
 * Node (express, Fastify, Next.js, Vite), Python (uvicorn, gunicorn, Flask, Django, Celery), Ruby (puma, sidekiq), Java (Spring Boot,
 * Quarkus, Jetty), .NET (Kestrel), Go (gin, echo), PHP (built-in server, php-fpm, Apache), nginx, databases and caches.
 */
const SERVES: readonly RegExp[] = [
  /\b(?:[Nn]ow )?[Ll]istening (?:on|at)(?: the)?:? ?(?:\w+ )?(?:https?:\/\/|tcp:|port|Port|socket|[\d.*[]|localhost|:\d)/,
  /\b[Ll]istening and serving HTTPS? on\b/,
  /\b(?:[Ss]erver|[Aa]pp(?:lication)?|[Ss]ervice|API|api|Uvicorn|Hypercorn|Daphne)(?: is)?(?: now)? (?:running|listening|started|up|ready|live)\b.{0,40}?(?:\bport\b|https?:\/\/|\d{1,3}(?:\.\d{1,3}){3}|:\d{2,5}\b)/,
  /\b(?:Tomcat|Netty|Jetty|Undertow|HTTP server|http server|web server|[Ss]tarted server)(?: is)?(?: started)? (?:on|at)\b.{0,40}\d/,
  /\* Running on https?:\/\//,
  /\b(?:Starting d|D)evelopment [Ss]erver (?:at |\()https?:\/\//,
  /\bApplication startup complete\b|\bApplication started\. Press Ctrl\+C to shut down/,
  /^\W*Local:\s+https?:\/\//,
  /\bConfiguration complete; ready for start up\b|\bstart worker process(?:es)?\b|\bresuming normal operations\b/,
  /\bready to (?:accept|handle) connections\b/i,
  /\bcelery@\S+ ready\b|\bStarting processing, hit Ctrl-C to stop\b/,
];
/** A debugger's port, what is waited for, and what failed. */
const OTHERWISE =
  /\b(?:Debugger|inspector|JDWP|not|nothing|no longer|waiting|wait|fail(?:ed|s|ure)?|unable|cannot|error|until|stopped)\b/i;

/** @returns the first line that only a program prints which serves requests, or waits for work; undefined where none does */
export const servingLine = (lines: readonly string[]): string | undefined =>
  lines.find((line) => !OTHERWISE.test(line.slice(0, 1000)) && SERVES.some((form) => form.test(line.slice(0, 1000))));

/** What the containers of the task have printed so far; by container, of each its newest lines. */
export type Printed = ReadonlyMap<string, readonly string[]>;

/** Lines of the container whose end is that of the task; of all essential ones where several could be. */
function ownLines(planned: PlannedTask, printed: Printed): readonly string[] {
  const own = containerOf(planned);
  const names = own === undefined ? essentialOf(planned.definition) : [own];
  return names.flatMap((name) => printed.get(name) ?? []);
}

/** Inputs in which the command stands, or belongs. */
function commandInput({ task, phase }: PlannedTask): { readonly given: boolean; readonly name: string } {
  const overrides = task.containerOverrides.some(({ command }) => command !== undefined);
  if (phase === 'task' && overrides && !isForOne(task)) return { given: true, name: '`run-task-container-overrides`' };
  const name = phase === 'task' ? '`command`' : `\`${phase}\``;
  return { given: task.command !== undefined, name };
}

/** The input that changes how long its end is waited for. */
export const limitInput = ({ phase }: Pick<PlannedTask, 'phase'>): string =>
  phase === 'task' ? '`wait-for-minutes`' : `\`timeout-minutes\` in \`${phase}\``;

/** The command that runs, as a subject: whose it is, and where it is changed. */
function whatRuns(planned: PlannedTask): string {
  const { given, name } = commandInput(planned);
  if (given) return `the command that ${name} gives`;
  const container = containerOf(planned);
  const own = planned.definition.containerDefinitions.find((one) => one.name === container);
  const of = [own?.command ?? []].flat().length > 0 ? 'the task definition' : 'the image';
  return `${container === undefined ? 'the containers run' : `the container ${container} runs`} the command of ${of}, which`;
}

const quoted = (line: string): string => `"${clip(line.trim(), LONGEST_LINE)}"`;

/**
 * What to report of a task that still runs.
 * @param at.running since when its containers run; at.end when it is stopped
 * @returns `serves` where its log shows that it will not end by itself
 */
export function unendedNotice(
  planned: PlannedTask,
  printed: Printed,
  at: { readonly now: Instant; readonly running: Instant; readonly end: Instant },
): { readonly kind: 'serves' | 'running'; readonly text: string } {
  const lines = ownLines(planned, printed);
  const line = servingLine(lines);
  const still = `still RUNNING after ${span(at.now - at.running)}`;
  const limit = `It is stopped in ${left(at.end - at.now)} (${limitInput(planned)}).`;
  if (line !== undefined) {
    const { given, name } = commandInput(planned);
    return {
      kind: 'serves',
      text: `${still}: ${whatRuns(planned)} starts a server, which does not end by itself; it printed ${quoted(line)}. ${given ? `Change ${name} to a command that ends` : `Give a command that ends with ${name}`}. ${limit}`,
    };
  }
  const last = lines.findLast((one) => one.trim() !== '');
  const seen = last === undefined ? 'Nothing of its log has arrived.' : `Its newest line: ${quoted(last)}.`;
  return { kind: 'running', text: `${still}. ${seen} ${limit}` };
}

/**
 * Why a task was stopped at its time limit, and what to do about it.
 * @returns `reason`: sentences for the headline; `remedy`: one step
 */
export function unendedEnd(
  planned: PlannedTask,
  printed: Printed,
): { readonly reason: string; readonly remedy: string } {
  const lines = ownLines(planned, printed);
  const line = servingLine(lines);
  const late = `It did not end within ${minutes(planned.task.timeoutSeconds)} and was stopped.`;
  const { given, name } = commandInput(planned);
  if (line !== undefined) {
    const starts = whatRuns(planned);
    return {
      reason: `${late} ${starts[0]?.toUpperCase()}${starts.slice(1)} starts a server, which does not end by itself: it printed ${quoted(line)}.`,
      remedy: `${given ? `Change ${name} to a command that ends` : `Give the task a command that ends, with ${name}`}, such as \`npm run migrate\`; what serves requests is deployed as a service.`,
    };
  }
  const last = lines.findLast((one) => one.trim() !== '');
  return {
    reason: `${late} ${last === undefined ? 'None of its log was readable, or it printed nothing.' : `The last line that it printed: ${quoted(last)}.`}`,
    remedy: `If it was still at work, raise ${limitInput(planned)} (${minutes(planned.task.timeoutSeconds)} now). If its work was done, find what keeps the process alive: an open connection or a timer.${given ? '' : ` It ran without ${name}: if the image starts a server, give a command that ends.`}`,
  };
}
