/**
 * The application's own words: which of the lines that a container printed says why it ended, and what that means for
 * a task of ECS. Pure; reads at most the last 400 lines, each cut at 2,000 characters, line by line, so that its time
 * grows with the length of the text alone.
 */
import { CLASSES, type Told } from './application-classes.ts';

/** What a container's log says of its end. */
export interface ApplicationError extends Told {
  /** The line that says it, without time stamp, level and colours. */
  readonly line: string;
}

const LINES = 400;
const LENGTH = 2_000;

/**
 * The reason why the program ended, by what it printed.
 * @param text its last lines, as they came
 * @returns undefined where no line looks like an error
 */
export function readApplication(text: string): ApplicationError | undefined {
  const lines = linesOf(text);
  const candidates = tellingLines(lines);
  // Some programs say it in words that look like no error: a line of a class is telling by itself.
  for (const candidate of [...candidates, ...lines.slice(-LAST).toReversed()]) {
    const classified = classify(candidate, lines);
    if (classified) return { ...classified, line: whole(candidate, lines) };
  }
  const [line] = candidates;
  return line && { kind: 'error', line: whole(line, lines), words: {} };
}

/** How many lines before the end are read even where they look like no error. */
const LAST = 5;

/** The line that says most of what a program printed before it ended; undefined where none looks like an error. */
export function tellingLine(text: string): string | undefined {
  const lines = linesOf(text);
  const [line] = tellingLines(lines);
  return line && whole(line, lines);
}

/** Announces what the next lines say: "1 validation error for Settings", "The following:". */
const ANNOUNCES = /validation errors? for \S{1,80}$|:$/;

/** A line that only announces is shown with the two that follow it. */
function whole({ text, index }: Line, lines: readonly Line[]): string {
  if (!ANNOUNCES.test(text)) return text;
  const at = lines.findIndex((line) => line.index === index);
  const more = lines
    .slice(at + 1, at + 3)
    .flatMap((line) => (line.text === '' || FRAME.test(line.text) ? [] : [line.text]));
  return [text, ...more].join(' ');
}

interface Line {
  readonly text: string;
  readonly index: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;]{0,20}[A-Za-z]/g;
/** A time, a process id, a level or a logger's name before what is said. */
const PREFIXES: readonly RegExp[] = [
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?:?\s+/,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s+/,
  /^\[(?:pid[: ]?)?\d{1,7}\]:?\s+/,
  /^\[?(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL)\]?(?:\s{0,3}\[[^\]]{0,80}\])?\s{0,3}(?:[:|-]\s{1,3}|(?<=\s))(?=\S)/,
];
/** Fields in which JSON loggers put the message (pino, bunyan, winston, zap, logrus, logback, serilog, structlog). */
const MESSAGE_FIELDS = [
  'msg',
  'message',
  '@m',
  'Message',
  'event',
  'log',
  'error',
  'err',
  'exception',
  '@x',
  'Exception',
];
const STACK_FIELDS = ['stack', 'stacktrace', 'stack_trace', 'exc_info', 'exception', '@x'];

function linesOf(text: string): Line[] {
  const raw = text.length > LINES * LENGTH ? text.slice(-LINES * LENGTH) : text;
  const cut = raw
    .replace(/\r(?=['"\u2019])/g, '\\r')
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .slice(-LINES)
    .map((line) => line.slice(0, LENGTH).replace(COLOURS, '').trimEnd());
  return cut.flatMap((line) => spoken(line).split('\n')).map((line, index) => ({ text: bare(line), index }));
}

/** What a JSON logger's line says, with its stack on further lines; any other line as it is. */
function spoken(line: string): string {
  const start = line.indexOf('{');
  if (start < 0 || start > 100 || !line.endsWith('}')) return line;
  try {
    const entry: unknown = JSON.parse(line.slice(start));
    if (typeof entry !== 'object' || entry === null) return line;
    const fields = new Map<string, unknown>(Object.entries(entry));
    const parts = [
      ...MESSAGE_FIELDS.flatMap((name) => textsOf(fields.get(name))),
      ...STACK_FIELDS.flatMap((name) => textsOf(fields.get(name))),
    ];
    const level = String(fields.get('level') ?? fields.get('severity') ?? fields.get('@l') ?? '');
    const loud = /^(?:error|fatal|critical|50|60|panic|emerg|alert)$/i.test(level);
    return parts.length === 0 ? line : `${loud ? 'ERROR: ' : ''}${[...new Set(parts)].join('\n')}`;
  } catch {
    return line;
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const { name, type, message, msg, stack } = value as Record<string, unknown>;
  const kind = [name, type].find((one) => typeof one === 'string');
  const said = [message, msg].find((one) => typeof one === 'string');
  return [
    ...(said === undefined ? [] : [kind === undefined ? String(said) : `${String(kind)}: ${String(said)}`]),
    ...(typeof stack === 'string' ? [stack] : []),
  ];
}

/** Without what a logger writes before the words. `ERROR` stays a mark of its own. */
function bare(line: string): string {
  let rest = line.trim();
  let loud = false;
  for (let round = 0; round < 3; round++) {
    for (const prefix of PREFIXES) {
      const found = prefix.exec(rest);
      if (!found) continue;
      loud ||= /ERROR|ERR\b|SEVERE|CRITICAL|FATAL/.test(found[0]);
      rest = rest.slice(found[0].length);
    }
  }
  return loud && !LOUD.test(rest) ? `ERROR: ${rest}` : rest;
}

const LOUD = /^(?:ERROR|FATAL|CRITICAL|error|fatal|panic)\b/;
/** Frames of a stack, and words that only repeat that something failed. */
const FRAME =
  /^(?:at |File "|\.{3} \d+ more|goroutine \d+|\s*\^+\s*$|from \S+:\d+:in|#\d+ |stack backtrace:|note: run with|\d+: 0x|in \S+\.(?:rb|py|ex|php):\d+|node:internal|Node\.js v\d|\(node:\d+\)|Traceback|created by )/;
const ECHO =
  /^(?:npm (?:ERR!|error)(?: (?:code|path|command|signal|errno|Lifecycle|workspace|location|A complete log|Exit status|Failed at|This is probably)\b|\s*$|.{0,20}_logs)|error Command failed with exit code|ERR_PNPM_RECURSIVE|ELIFECYCLE|\s*ELIFECYCLE|.{0,40}Worker (?:exiting|\(pid)|.{0,30}Shutting down|.{0,30}Reason: Worker failed|Exiting\b|.{0,20}exited with code|exit status \d|ERROR:\s*$|.{0,10}process exited|Please make sure|See https?:|For more information|.{0,40}Application run failed|Error starting ApplicationContext|.{0,40}Failed to start (?:server|application)|.{0,20}Application startup failed|.{0,10}Startup failed\b|.{0,30}Uncaught exception, exiting)/i;

interface Shape {
  readonly weight: number;
  readonly match: RegExp;
}

/** How surely a line of that shape is the reason; deeper causes before what they caused. */
const SHAPES: readonly Shape[] = [
  { weight: 90, match: /^Caused by: \S/ },
  { weight: 90, match: /^(?:-+> |\[cause\]: |caused by: )(?:\()?[\w.:]*(?:Exception|Error)\b/i },
  { weight: 85, match: /^(?:panic: |fatal error: |thread '[^']{0,80}' panicked at|\*\* \([\w.]+\) )/ },
  { weight: 84, match: /^(?:Unhandled exception\.? |Uncaught (?:Exception|Error)|PHP Fatal error:|Fatal error: )/i },
  {
    weight: 82,
    match: /^(?:Exception in thread "[^"]{0,80}" )?(?:[a-z_$][\w$]*\.)+[A-Z]\w*(?:Exception|Error|Failure)\b(?:: |$)/,
  },
  { weight: 81, match: /^(?:[\w.]+::)*[A-Z]\w*(?:Error|Exception|Exit|NotFound|Refused)\b[^:]{0,60}: \S/ },
  {
    weight: 80,
    match: /^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Timeout|DoesNotExist|ImproperlyConfigured)\b: \S/,
  },
  { weight: 80, match: /^(?:Uncaught )?Error(?: \[[\w]+\])?: \S/ },
  { weight: 79, match: /^Error: \w+/ },
  { weight: 78, match: /\[(?:emerg|alert|crit)\]/ },
  {
    weight: 77,
    match:
      /^(?:nginx|httpd|apache2|caddy|haproxy|redis|postgres|mysqld)\b[^:]{0,40}: .*(?:error|fail|not found|denied|unknown|invalid)/i,
  },
  {
    weight: 76,
    match:
      /^(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|a|z)?sh: |^\S{1,120}: (?:line )?\d+: \S{1,200}: (?:not found|Permission denied|No such file)|: command not found$/,
  },
  { weight: 76, match: /^(?:exec |standard_init_linux|\[FATAL tini|env: ['‘`]?\S+['’`]?: No such)/ },
  { weight: 74, match: /^(?:FATAL|CRITICAL|fatal)\b:? ?\S/ },
  { weight: 72, match: /^(?:ERROR|ERR|error)\b:? ?\S/ },
  { weight: 70, match: /^npm (?:ERR!|error) \S/ },
  { weight: 68, match: /\b(?:FATAL|CRITICAL|ERROR|SEVERE|panic|level=(?:error|fatal))\b/ },
  {
    weight: 60,
    match:
      /\b(?:failed|failure|cannot|could not|couldn't|unable to|not found|no such|denied|refused|missing|must (?:be set|install|provide)|is not set|invalid|unrecognized|unsupported|timed out|unknown (?:command|option|flag|host)|already (?:in use|running)|does not exist|not recognized|required|mismatch|expired|exception|error)\b/i,
  },
];

/** Lines that may say why, the most telling first; of equally telling ones the first of the last failure. */
function tellingLines(lines: readonly Line[]): Line[] {
  const found: { readonly line: Line; readonly weight: number }[] = [];
  let afterCause = 0;
  for (const line of lines) {
    const { text } = line;
    if (text === '' || FRAME.test(text)) continue;
    const shape = SHAPES.find(({ match }) => match.test(text));
    if (!shape) continue;
    // Of several `Caused by` in one trace the last is the deepest.
    afterCause = shape.weight === 90 ? afterCause + 0.01 : afterCause;
    const deeper = shape.weight === 90 ? afterCause : 0;
    const weight = (ECHO.test(text) ? shape.weight - 50 : shape.weight) + deeper;
    found.push({ line, weight });
  }
  const python = lastOfTraceback(lines);
  if (python) found.push({ line: python, weight: 88 });
  const spring = springDescription(lines);
  if (spring) found.push({ line: spring, weight: 91.5 });
  const rust = panicMessage(lines);
  if (rust) found.push({ line: rust, weight: 89 });
  return [...found].sort((a, b) => b.weight - a.weight || a.line.index - b.line.index).map(({ line }) => line);
}

/** Python says what went wrong on the first line after the frames of the last traceback. */
function lastOfTraceback(lines: readonly Line[]): Line | undefined {
  const start = lines.findLastIndex(({ text }) => text.startsWith('Traceback (most recent call last)'));
  if (start < 0) return undefined;
  return lines
    .slice(start + 1)
    .find(
      ({ text }) =>
        /^[A-Za-z_][\w.]*(?:: .*)?$/.test(text) &&
        /[A-Z]\w*(?:Error|Exception|Exit|Warning|Interrupt|\w)(?::|$)/.test(text.split(' ')[0] ?? ''),
    );
}

/** Spring Boot's own analysis: the first line below `Description:`. */
function springDescription(lines: readonly Line[]): Line | undefined {
  const at = lines.findLastIndex(({ text }) => text === 'APPLICATION FAILED TO START');
  const description = at < 0 ? -1 : lines.findIndex(({ text }, i) => i > at && text === 'Description:');
  return description < 0 ? undefined : lines.slice(description + 1).find(({ text }) => text !== '');
}

/** Rust writes the place on one line and the message on the next (1.73 and later). */
function panicMessage(lines: readonly Line[]): Line | undefined {
  const at = lines.findLastIndex(({ text }) =>
    /^thread '.{0,80}' (?:\(\d+\) )?panicked at .{1,300}:\d+:\d+:$/.test(text),
  );
  return at < 0 ? undefined : lines[at + 1];
}

/** The class of what the line says; two lines around it may hold the rest (Prisma, .NET and npm write several). */
function classify(line: Line, lines: readonly Line[]): Told | undefined {
  const at = lines.findIndex(({ index }) => index === line.index);
  const around = lines
    .slice(Math.max(0, at), at + 14)
    .map(({ text }) => text)
    .join('\n');
  for (const { kind, match, when } of CLASSES) {
    for (const pattern of match) {
      const found = pattern.exec(line.text) ?? pattern.exec(around);
      if (!found) continue;
      const words = Object.fromEntries(
        Object.entries(found.groups ?? {}).flatMap(([name, word]) => (word ? [[name, clean(word)]] : [])),
      );
      if (when && !when(words, around)) continue;
      return { kind, words };
    }
  }
  return undefined;
}

const clean = (word: string): string => word.replace(/^['"`([{<]+|['"`)\]}>.,;:]+$/g, '');
