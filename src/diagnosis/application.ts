/**
 * The application's own words: which of the lines that a container printed says why it ended, and what that means for
 * a task of ECS. Pure; reads at most the last 400 lines, each cut at 2,000 characters, line by line, so that its time
 * grows with the length of the text alone.
 */

import { defined } from '../model.ts';
import type { Row } from './application/row.ts';
import { ROWS } from './application/rows.ts';
import { type ApplicationKind, CLASSES, type Finding } from './application-classes.ts';
import {
  type AppWords,
  emptyIn,
  invalidIn,
  isSource,
  missingIn,
  packageIn,
  placeIn,
  targetIn,
  variableIn,
  withoutClients,
  wordsIn,
} from './application-words.ts';
import { inEnglish, withEnding } from './languages.ts';
import { type Statement, statementIn } from './statements.ts';
import { maskParts, withoutViewers } from './text.ts';

/** What a container's log says of its end. */
export interface ApplicationError extends Finding {
  /** The line that says it, without time stamp, level and colours; known sentences of other languages are in English. */
  readonly line: string;
  /** The line as it was printed, where it is not English or was cut off. */
  readonly printed?: string;
  /** `file:line` in the program's own code, where a stack names it. */
  readonly place?: string;
  /** The installed package in whose code it happened, where no frame of the stack before is the program's own. */
  readonly library?: string;
  /** The statement of a migration failed so: the tool needs to know when it is repaired. */
  readonly migrating?: true;
  /** What the row of its producer says instead of the class. */
  readonly row?: Row;
  /** What the sentence states by its own grammar, where no class or row knows it. */
  readonly statement?: Statement;
}

interface Classified extends Finding {
  readonly row?: Row;
  /** It only says what another error led to. */
  readonly symptom?: true;
}

const LINES = 400;
const LENGTH = 2_000;
/** An entry of a JSON logger holds a whole stack: it is read to here, and its lines are cut as any other. */
const JSON_LENGTH = 16_000;
const LINES_OF_ENTRY = 120;
const isJson = (line: string): boolean => /^\s{0,8}\{"/.test(line);

/**
 * The reason why the program ended, by what it printed.
 * @param text its last lines, as they came
 * @returns undefined where no line looks like an error
 */
export function readApplication(text: string): ApplicationError | undefined {
  const lines = linesOf(text);
  const last = stoppedBy(lines) ?? reasonIn(lines);
  if (!last) return undefined;
  const found = rootOf(last, lines) ?? last;
  const error = isSurvived(found, lines) ? { ...found, kind: 'request-failed' as const } : found;
  const cut = error.kind === 'error' && !error.row ? cutTraceback(lines) : undefined;
  if (cut !== undefined) return { kind: 'error', words: { cut }, line: error.line };
  const read = { ...error, words: { ...error.words, ...besides(error, lines) }, ...statedBy(error, lines) };
  return { ...read, ...defined({ printed: printedAs(read.line, lines) }) };
}

/** What a script leads to whose commands and paths are not what they look like. */
const OF_A_SCRIPT: ReadonlySet<ApplicationKind> = new Set([
  'app-attribute',
  'app-file-missing',
  'command-missing',
  'entry-missing',
  'error',
  'file-missing',
  'module-missing',
  'option-unknown',
  'own-fault',
  'script-error',
  'setting-invalid',
  'start-missing',
]);
/** A CR that a shell shows in a command or path: the script has Windows line ends, which every line of it is affected by. */
const SHOWN_CR =
  /\$'[^'\n]{0,200}\\r': \w|\bset: (?:-\\r: |Illegal option -$)|(?:^|: )(?:line )?\d{1,6}: (?:cd: )?[\w./+-]{1,200}\\r: (?:No such|(?:command )?not found)/;

/** An error that a script printed before, and from which the one that the program ended with follows. */
function rootOf({ kind }: ApplicationError, lines: readonly Line[]): ApplicationError | undefined {
  const root = OF_A_SCRIPT.has(kind) ? lines.find(({ text }) => SHOWN_CR.test(text)) : undefined;
  return root && { kind: 'line-ends', words: {}, line: root.text };
}

/** @returns undefined where the line was printed as it is read */
function printedAs(line: string, lines: readonly Line[]): string | undefined {
  const from = lines.find(({ text, printed }) => printed !== undefined && line.startsWith(text));
  return from?.printed === undefined ? undefined : from.printed + line.slice(from.text.length);
}

/** A program says that it was asked to end: by SIGTERM, which ECS sends, or by the signal that its image names. */
const ASKED_TO_STOP =
  /\b(?:[Rr]eceived|[Cc]aught|[Gg]ot|[Hh]andling)\b(?! from)[^\n]{0,30}?(?:\bSIG(?:TERM|QUIT)\b|\bsignal:? ?\(?(?:15|SIGTERM|term(?:inated)?)\b|\bTERM signal\b|\bterminated signal\b)|\bSIGTERM (?:signal )?(?:was )?(?:received|caught)\b|\bsignal \d{1,2} \(SIG(?:TERM|QUIT)\) received|\breceived (?:fast|smart) shutdown request|\b[Ss]ignal received: (?:terminated|SIGTERM|15)\b|^(?:- )?Gracefully (?:stopping|shutting down)\b|^worker: Warm shutdown|^npm (?:ERR!|error) signal SIGTERM/;
/** It passes the signal on, or was itself the one that sent it: its own end has another reason. */
const NOT_ITSELF = /\b[Ww]orker\b.{0,40}was sent|\bchild\b|subprocess|\bto (?:pid|process|worker|child)/;
/** An error that close before it may have led to it: the program ended itself, or its health check failed. */
const LEADS_TO_STOP = 15;

/** The end of a program that was asked to end: what it reports afterwards is no reason. */
function stoppedBy(lines: readonly Line[]): ApplicationError | undefined {
  const at = lines.findIndex(({ text }) => ASKED_TO_STOP.test(text) && !NOT_ITSELF.test(text));
  const line = lines[at];
  if (!line || lines.slice(at + 1).some(({ text }) => RECOVERED.test(text))) return undefined;
  const before = lines.slice(0, at);
  const error = reasonIn(before);
  const [telling] = tellingLines(before);
  if (
    error &&
    !isSurvived(error, lines) &&
    (error.kind !== 'error' || (telling && !isBanner(telling.text) && at - telling.index <= LEADS_TO_STOP))
  )
    return undefined;
  return { kind: 'asked-to-stop', words: {}, line: line.text };
}

/** Kinds that say nothing of the whole program: one request, message or row can end so while it works on. */
const OF_ONE: ReadonlySet<ApplicationKind> = new Set(['error', 'own-fault', 'duplicate-row']);
/** Frames and headings of servers that answer a request with an error and continue. */
const REQUEST =
  /\bException in ASGI application|\bException on \/\S{0,200} \[[A-Z]{3,7}\]|\bInternal Server Error: \/|\bError handling request\b|\bcall_next\(|\bfull_dispatch_request\b|\bLayer\.handle|\bprocess_params\b|\/koa-compose\/|\bServlet\.service\(\) for servlet\b|\bhttp: panic serving \S|\bpanic recovered:|\bnet\/http\.\(\*conn\)\.serve|exception has occurred while executing the request|\baction_(?:controller|dispatch)\b|\bapp\/controllers\/|\brunning \S{1,80}Endpoint\b.{0,60} terminated|\bdjango\/core\/handlers\/|Illuminate\\(?:Pipeline|Routing)/;
/** A request that was answered well. */
const SERVED =
  /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ["']?\/[^\n]{0,120}[\s=:]["']?[23]\d\d\b|\bCompleted 2\d\d\b|\|\s{1,3}2\d\d\s{1,3}\|/;
/** The program itself ended with it, whatever its stack passed through. */
const ENDED_WITH =
  /^Node\.js v\d|triggerUncaughtException|UnhandledPromiseRejection|\blifespan\b|Application startup failed|^Unhandled exception\.|Uncaught exception, exiting|Worker failed to boot|Booting worker/;

/** Whether the program answered a request with that error and continued. */
function isSurvived({ kind, line, row }: ApplicationError, lines: readonly Line[]): boolean {
  if (row?.cause !== undefined || !OF_ONE.has(kind)) return false;
  const at = lines.findLastIndex(({ text }) => text !== '' && line.startsWith(text));
  const stack = lines.slice(Math.max(0, at - STACK_BEFORE), at + STACK_BEHIND).map(({ text }) => text);
  if (at < 0 || [...stack, ...lines.slice(at).map(({ text }) => text)].some((text) => ENDED_WITH.test(text)))
    return false;
  const from = stack.findLastIndex((text, i) => i <= STACK_BEFORE && TRACEBACK.test(text));
  return (
    stack.slice(Math.max(0, from - 2)).some((text) => REQUEST.test(text)) ||
    lines.slice(at + 1).some(({ text }) => SERVED.test(text))
  );
}
/** How many lines a stack has above and below the words of its error. */
const [STACK_BEFORE, STACK_BEHIND] = [60, 40];

/** How far below a line that only announces stands what it announces. */
const ANNOUNCED = 12;

/** What the line states, or one that it announces; an exception that only code can cause states nothing of a setting. */
function statedBy(
  { kind, line, row }: ApplicationError,
  lines: readonly Line[],
): Pick<ApplicationError, 'statement'> & { readonly line?: string } {
  if (row) return {};
  const statement = statementIn(line);
  // A value that is there and wrong is more than a value that may be missing.
  if (kind === 'variable-missing' && statement?.form === 'choice' && statement.found !== undefined)
    return { statement };
  if (kind === 'request-failed') return {};
  if (!(kind === 'error' || (kind === 'own-fault' && !FAULT_OF_CODE.test(line)))) return {};
  if (statement) return { statement };
  const at = lines.findIndex(({ text }) => text !== '' && line.startsWith(text));
  if (kind !== 'error' || at < 0) return {};
  for (const { text, quiet } of lines.slice(at + 1, at + ANNOUNCED)) {
    if (quiet || text === '' || FRAME.test(text)) continue;
    const below = statementIn(text, 'entry');
    if (below?.subject && below.subject.kind !== 'phrase') return { statement: below, line: `${line} ${text}` };
  }
  return {};
}

/** What other lines of the same message add: further settings that are missing, what else is wrong with a certificate. */
function besides({ kind, line, words }: ApplicationError, lines: readonly Line[]): AppWords {
  const at = lines.findIndex(({ text }) => line.startsWith(text) && text !== '');
  const near = lines.slice(Math.max(0, at - NEAR), at + NEAR).map(({ text }) => text);
  if (kind === 'variable-missing') {
    const names = missingIn(near);
    const invalid = invalidIn(near.filter((text) => text !== '')).filter(
      (one) => !one.startsWith(`${words.name ?? ''} `),
    );
    return {
      ...(names.length > 1 ? { names: names.join(', ') } : {}),
      ...(invalid.length > 0 ? { invalid: invalid.join('; ') } : {}),
    };
  }
  if (kind === 'setting-invalid') {
    const close = lines.slice(Math.max(0, at - CLOSE), at + CLOSE).map(({ text }) => text);
    const missing = missingIn(close).filter((name) => name !== words.name);
    return { ...furtherInvalid(lines, words), ...(missing.length > 0 ? { missing: missing.join(', ') } : {}) };
  }
  if (kind === 'script-error')
    return defined({
      earlier: near
        .slice(Math.max(0, Math.min(at, NEAR) - CLOSE), Math.min(at, NEAR))
        .findLast((text) => OF_A_COMMAND.test(text)),
    });
  if (kind === 'error')
    return defined({ advice: adviceIn(lines.slice(Math.max(0, at - 2), at + 8).map(({ text }) => text)) });
  if (kind === 'module-missing') return defined({ empty: emptyIn(lines.map(({ text }) => text)) });
  if (kind !== 'tls') return {};
  const beside = near.filter((text) => text !== line && /certificate|x509|PKIX|self[- ]signed|CERT_/i.test(text));
  return beside.length > 0 ? { beside: beside.slice(0, 6).join('\n') } : {};
}

/** What a command of a script says of a system call (strerror, gai_strerror). */
const OF_A_COMMAND =
  /^[\w./-]{1,60}: (?:[^\n]{1,200}: )?(?:Name or service not known|Temporary failure in name resolution|No such file or directory|Permission denied|Connection refused|Operation not permitted|Read-only file system|Invalid argument|command not found)$/;

/** How far a validator's list of mistakes reaches, in lines. */
const CLOSE = 8;

/** Pydantic lists every setting that it does not accept: its name on one line, what is wrong on the next. */
function furtherInvalid(lines: readonly Line[], { name }: AppWords): AppWords {
  const from = lines.findLastIndex(({ text }) => /\bvalidation errors for \S{1,80}$/.test(text));
  if (from < 0) return {};
  const further = lines.slice(from + 1).flatMap(({ text }, i, below) => {
    const reason = /^(?<reason>[A-Z][^[\n]{2,160}?) {0,2}\[type=/.exec(below[i + 1]?.text ?? '')?.groups?.reason;
    return reason !== undefined && /^[\w.]{1,80}$/.test(text) && text !== name ? [{ name: text, reason }] : [];
  });
  if (further.length === 0) return {};
  const shown = further.slice(0, 4);
  return {
    more: shown.map((one) => `; ${one.name}: ${one.reason}`).join(''),
    also: `(and ${shown.map((one) => one.name).join(', ')})`,
  };
}

/** What a program advises itself, as programs write it; a link or a call for a bug report is no advice. */
const ADVICE: readonly RegExp[] = [
  /\b(?<advice>(?:[Pp]lease )?(?:[Rr]e-?)?[Rr]un(?:ning)?:? [`'"][^`'"\n]{3,160}[`'"][^\n]{0,120})/,
  /(?<![\w/.-])(?<advice>[Rr]un: (?=[\w./-]{2,60}(?:$| ))[^\n]{3,160})/,
  /^\W{0,4}(?:help|hint|tip|solution|suggestion|resolution|fix|action|try|(?:how )?to (?:fix|resolve|solve) (?:it|this(?: (?:issue|error|problem))?))\b ?[:=,] {0,3}(?<advice>[^\n]{8,240})/i,
  /(?:^|[.!;:] |\) | - )(?<advice>(?:[Pp]lease|[Tt]ry|[Mm]ake sure|[Ee]nsure|[Cc]onsider|[Yy]ou (?:must|should|need to|have to|may need)|[Dd]id you (?:mean|forget)|[Ss]et|[Ii]nstall|[Uu]pgrade|[Ee]nable|[Ss]pecify|[Pp]rovide|[Uu]se) (?!address the points|contact|report|open an|file an|see\b|try again|visit|refer|check the logs?\b|[Cc]trl|make sure you have the correct access)[^\n]{8,240})/,
];
/** What can be done as it is written: a command, an option, a variable, a file or a quoted name. */
const CONCRETE =
  /[`'"][^`'"\n]{2,120}[`'"]|(?<![\w-])--?[a-z][\w-]{1,40}|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b[\w-]+\.(?:json|ya?ml|toml|conf|cfg|ini|env|rb|py|[jt]s)\b/;
/** The sentence in which the lines of a program say what to do: of several the first that names how, else the last. */
export function adviceIn(lines: readonly string[]): string | undefined {
  const found = ADVICE.flatMap((pattern) =>
    lines.flatMap((line) => {
      const advice = pattern.exec(line.slice(0, 600))?.groups?.advice?.trim();
      return advice !== undefined && isAction(advice) && !NO_ADVICE.test(advice) ? [advice] : [];
    }),
  );
  return found.find((advice) => CONCRETE.test(advice)) ?? found.at(-1);
}
const NO_ADVICE =
  /bug report|node_modules|github\.com\/\S{1,80}\/issues|file an issue|--(?:help|manual|verbose|debug|stacktrace)\b/i;

/** What says nothing of its own: who is asked, what is only looked at, and the words that point back to another line. */
const POINTERS =
  /\b(?:please|try|you|your|must|should|need|have|may|might|to|again|later|make|be|sure|certain|ensure|check|verify|confirm|consider|note|see|look|at|that|whether|if|it|its|it's|this|these|those|they|them|the|a|an|is|are|was|were|not|and|or|of|in|for|with|correct(?:ly)?|right|valid|proper(?:ly)?|fine|ok|okay|okey|set|configured|running|working|provided|specified|available|everything|something|input|inputs|value|values|setting|settings|error|errors|above|below|following|details?|message|output|logs?|carefully|all|config(?:uration)?s?|options?|environment|arguments?|parameters?|connections?|network|spelling|file|files)\b/gi;
/** An imperative with an object of its own: "make sure it is correct" is none, as nothing in it can be done. */
const isAction = (advice: string): boolean => /[\w@$/-]{2,}/.test(advice.replace(POINTERS, ' '));

function reasonIn(lines: readonly Line[]): ApplicationError | undefined {
  const candidates = tellingLines(lines);
  const place = placeIn(lines.map((line) => line.text));
  const at = defined({ place, library: packageIn(lines.map((line) => line.text)) });
  // Some programs say it in words that look like no error: a line of a class is telling by itself.
  const [first] = candidates;
  for (const candidate of [...candidates, ...lines.slice(-LAST).toReversed()]) {
    // A warning is no reason where its program has logged an error that says something.
    if (candidate.quiet && first && !first.quiet && !isBanner(first.text)) continue;
    const classified = classify(candidate, lines);
    // What an outer line says in general is no answer where a deeper one says something of its own.
    if (
      classified &&
      candidate !== first &&
      first &&
      !isBanner(first.text) &&
      !classified.row &&
      LOOSE.has(classified.kind)
    )
      continue;
    if (!classified || (classified.row?.alone && first !== undefined && candidate !== first)) continue;
    const deeper = isSymptom(classified)
      ? reasonOf(candidate, classified.row?.technology, { candidates, lines })
      : undefined;
    if (deeper) return { ...deeper, ...at, ...(classified.kind === 'migration-failed' ? { migrating: true } : {}) };
    const surer = classified.row || !LOOSE.has(classified.kind) ? undefined : earnedNear(candidate, candidates, lines);
    if (surer) return { ...surer, ...at };
    const dumped = classified.row || !LOOSE.has(classified.kind) ? undefined : statedBefore(candidate, lines);
    if (dumped) return { ...dumped, ...at };
    const before =
      classified.kind === 'own-fault' &&
      NOTHING_THERE.test(candidate.text) &&
      reasonBefore(candidate, candidates, lines);
    const unearned = classified.kind === 'own-fault' && place === undefined && !FAULT_OF_CODE.test(candidate.text);
    return before || { ...classified, ...(unearned ? { kind: 'error' } : {}), ...at, line: whole(candidate, lines) };
  }
  const [line] = candidates;
  if (!line) {
    // Who only prints how to call it was called wrongly.
    const usage = lines.findLast(({ text }) => /^usage:?(?: |$)/i.test(text));
    const earned = usage && earnedBy(usage, lines);
    if (usage && earned) return { ...earned, line: usage.text };
    // Entry points say in plain words that the data is newer, and end.
    const stated = lines.slice(-LAST).find(({ text }) => statementIn(text)?.form === 'newer-data');
    return stated && { kind: 'error', words: {}, line: stated.text };
  }
  const stated = statedBefore(line, lines);
  if (stated) return { ...stated, ...at };
  const joined = line.chain ?? whole(line, lines);
  return { kind: 'error', words: wordsIn(joined), ...at, line: joined };
}

/** A value of several words that a message quotes (`the value "no password set"`) says nothing of the failure. */
const QUOTED =
  /(\b(?:value|contains|title|description|label|text|content|column|named?|called|string|query|header|comment|subject|body|input|key|field) )"[^"\n]{1,200} [^"\n]{1,200}"/gi;

/** What only code can do wrong; other exceptions are a product's or library's way to refuse a setting. */
const FAULT_OF_CODE =
  /\b(?:TypeError|ReferenceError|RangeError|NullPointerException|NoMethodError|AttributeError|IndexError|\w{0,20}IndexOutOfBounds\w{0,20}|NullReferenceException|ClassCastException|ZeroDivisionError|ArithmeticException|UnboundLocalError|NameError|RecursionError|IndentationError|SyntaxError|FunctionClauseError|CaseClauseError|MatchError|StackOverflowError|ParseError)\b|Parse error: syntax error|nil pointer|out of range|nil map|invalid memory|is not a function|Cannot read propert|is not defined|undefined method|Call to (?:undefined|a member)|called `(?:Result|Option)|with overflow|asleep|concurrent map/i;

/** A value that is not there is often what an error just before left behind. */
const NOTHING_THERE =
  /unwrap\(\)` on a `None`|nil pointer|NullPointerException|NullReferenceException|Cannot read propert|for nil\b|'NoneType'|of (?:undefined|null)\b|on null\b/;

/** The error that a program logged shortly before, where its class is a surer one. */
function reasonBefore(
  candidate: Line,
  candidates: readonly Line[],
  lines: readonly Line[],
): ApplicationError | undefined {
  for (const other of candidates) {
    if (other.index >= candidate.index || candidate.index - other.index > BEFORE) continue;
    const classified = classify(other, lines);
    if (classified && !LOOSE.has(classified.kind)) return { ...classified, line: whole(other, lines) };
  }
  return undefined;
}
const BEFORE = 20;

/** A migration that failed did so for the reason that the server gave. */
const isSymptom = ({ kind, row, symptom }: Classified): boolean =>
  row?.symptom ?? (kind === 'migration-failed' || symptom === true);

/** The reason of a symptom: what another line says of a connection, a login or a schema, what its producer said before, or a server's own sentence below it. */
function reasonOf(
  symptom: Line,
  technology: NonNullable<Classified['row']>['technology'],
  { candidates, lines }: { readonly candidates: readonly Line[]; readonly lines: readonly Line[] },
): ApplicationError | undefined {
  const below = lines.slice(symptom.index + 1, symptom.index + BELOW);
  for (const line of [...candidates, ...below]) {
    if (line.text === '' || FRAME.test(line.text)) continue;
    const classified = classify(line, lines);
    if (!classified || isSymptom(classified)) continue;
    const isOfProducer =
      line.index < symptom.index &&
      classified.row?.technology !== undefined &&
      classified.row.technology === technology;
    if (REASONS.has(classified.kind) || isOfProducer || (classified.row && below.includes(line)))
      return { ...classified, line: whole(line, lines) };
  }
  return undefined;
}

/** Classes that outer errors and general words reach as well. */
const LOOSE: ReadonlySet<ApplicationKind> = new Set([
  'configuration-invalid',
  'own-fault',
  'crash',
  'request-denied',
  'option-unknown',
  'setting-missing',
  'file-missing',
]);
/** The end of a program in general words: it stopped because something else had gone wrong before. */
const END =
  /^(?:(?:panic|fatal error|FATAL|ERROR|Error|[\w.]{1,120}(?:Error|Exception)): ){1,2}(?:[A-Za-z]+ ){0,5}(?:start(?:up|ing)?|boot(?:strap)?|init(?:iali[sz]ation|iali[sz]e)?|abort(?:ed|ing)?|exit(?:ing)?|shut(?:ting)? ?down|failed|terminated)[.!]{0,3}$/i;
const isBanner = (line: string): boolean => ECHO.test(line) || END.test(line);

/** A line shortly before a dump that a producer's own sentence explains, though it looks like no error. */
function statedBefore(dump: Line, lines: readonly Line[]): ApplicationError | undefined {
  for (const line of lines.slice(Math.max(0, dump.index - NEAR), dump.index).toReversed()) {
    if (line.text === '' || FRAME.test(line.text)) continue;
    const earned = earnedBy(line, lines, 'alone');
    if (earned && !earned.row?.alone && earned.kind !== 'stated' && !LOOSE.has(earned.kind))
      return { ...earned, line: whole(line, lines) };
  }
  return undefined;
}

/** A line near it whose producer says what failed: surer than words that any program may print. */
function earnedNear(near: Line, candidates: readonly Line[], lines: readonly Line[]): ApplicationError | undefined {
  for (const candidate of candidates) {
    if (Math.abs(candidate.index - near.index) > NEAR) continue;
    const earned = earnedBy(candidate, lines);
    if (earned && !earned.row?.alone) return { ...earned, line: whole(candidate, lines) };
  }
  return undefined;
}
const NEAR = 30;

/** How many lines before the end are read even where they look like no error. */
const LAST = 5;

/** The line that says most of what a program printed before it ended; undefined where none looks like an error. */
export function tellingLine(text: string): string | undefined {
  const lines = linesOf(text);
  const [line] = tellingLines(lines);
  const telling = line && whole(line, lines);
  return telling && (printedAs(telling, lines) ?? telling);
}

/** Announces what the next lines say: "1 validation error for Settings", "The following:". */
const ANNOUNCES = /validation errors? for \S{1,80}$|^terminate called after throwing an instance of '|[:[{(]$/;

const CONTINUED = /^\(\d{1,3}(?:\.\d{1,3}){3}\), port \d/;

/** A line that only announces is shown with the two that follow it. */
function whole({ text, index }: Line, lines: readonly Line[]): string {
  if (text.startsWith('** (EXIT) ')) return `${lines[index - 1]?.text ?? ''} ${text}`.trim();
  const next = lines[index + 1]?.text ?? '';
  // Wrapped by whoever copied it: the address that the client resolved stands in brackets.
  if (CONTINUED.test(next) && /["'\w]$/.test(text)) return `${text} ${next}`;
  if (!ANNOUNCES.test(text)) return text;
  const more = lines
    .slice(index + 1, index + 3)
    .flatMap((line) => (line.text === '' || FRAME.test(line.text) ? [] : [line.text]));
  return [text, ...more].join(' ');
}

interface Line {
  readonly text: string;
  /** Its logger marked it as no error: a warning, a notice, progress. */
  readonly quiet: boolean;
  /** Its logger started an entry with it: it has a time, a level or an object of its own. */
  readonly starts: boolean;
  /** It stands further in than the first column. */
  readonly indented: boolean;
  /** Where it stands in the list of all lines. */
  readonly index: number;
  /** The text as it was printed, where it is not English or was cut off. */
  readonly printed?: string;
  /** The whole chain of causes that ends with it. */
  readonly chain?: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;]{0,20}[A-Za-z]/g;
/** Erlang prints a text that it dumps as the list of its bytes: `<<101,110,118>>`; only printable ones are one. */
const BYTES = /<<((?:(?:10|3[2-9]|[4-9]\d|1[01]\d|12[0-6]),){7,900}(?:10|3[2-9]|[4-9]\d|1[01]\d|12[0-6]))>>/g;
/** A time, a process id, a level or a logger's name before the message. */
const PREFIXES: readonly RegExp[] = [
  // Syslog (RFC 3164 and 5424) and journald: `Nov  6 09:00:00 host app[12]: `.
  /^<\d{1,3}>1 \S{10,40} \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|\[[^\]]{0,300}\]) /,
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2}\s{1,2}\d{1,2} \d\d:\d\d:\d\d(?:[.,]\d{1,9})?:?\s+(?:[\w.-]{1,100} (?=[\w./-]{1,60}(?:\[\d{1,7}\])?: ))?/,
  /^(?:[\w.-]{1,100} )?(?![\w./-]{0,60}(?:[Ee]rror|ERROR|[Ee]xception|FATAL|[Pp]anic)\[)[\w./-]{1,60}\[\d{1,7}\]: /,
  // Celery: `[2024-02-27 12:00:00,017: ERROR/MainProcess] `.
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}: [A-Z]{4,8}\/[\w-]{1,60}\] /,
  // NestJS, Monolog (Laravel, Symfony), consola (Nuxt), PHP's FPM, and the marks that programs draw.
  /^\[Nest\] \d{1,7} {1,3}- \d{1,2}\/\d{1,2}\/\d{4}, \d{1,2}:\d\d:\d\d(?: [AP]M)? {1,6}/,
  /^[\w-]{1,40}\.(?:DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): /,
  /^\[[a-z][\w:@/-]{1,30}\] {1,4}(?=(?:INFO|WARN|ERROR|FATAL)\b)/,
  /^\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?: [\w/+-]{1,30})?\] /,
  /^(?:[\u2A2F\u2716\u2717\u2718\u274C\u00D7\u26D4\u{1F6A8}\u{1F4A5}]\uFE0F?|\u2A2F) {1,3}(?=\S)/u,
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?:?(?:\s+|(?=\{ |at ))/,
  // Serilog: `[07:33:23 FTL] `.
  /^\[\d\d:\d\d:\d\d(?:[.,]\d{1,9})? (?:VRB|DBG|INF|WRN|ERR|FTL)\]\s+/,
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s+/,
  /^\[(?:pid[: ]?)?\d{1,7}\]:?\s+/,
  // Python's logging with the name in front: the logger of uvicorn's ordinary lines is called `uvicorn.error`.
  /^[a-z][a-z\d]{0,40}(?:[._][a-z\d]{1,40}){1,6} (?=(?:INFO|DEBUG|WARNING|NOTICE|ERROR|CRITICAL) {1,6}\S)/,
  // Telegraf and the CloudWatch agent: `E! `.
  /^[DIWE]! (?=\S)/,
  // Fluent Bit names the line of its own source.
  /^(?:\[(?:error|warn|info)\] )?\[(?:\/[\w.-]{1,60}){1,12}\.(?:c|cc|cpp|h):\d{1,6}(?: errno=\d{1,3})?\] /,
  // Rust's env_logger, whose level and module stand in the bracket of the time; JBoss and Quarkus name the thread.
  /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z? {1,2}(?:TRACE|DEBUG|INFO|WARN|ERROR) {1,2}[\w:.-]{1,120}\] /,
  // A bracket is cut whole or not at all: `[FATAL tini (7)]` names who says it.
  /^(?:\[(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL)\]|(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|FATAL)\b(?!\]))(?:\s{0,3}\[[^\]]{0,80}\](?: \([\w .-]{1,60}\)(?= [A-Z]))?)?\s{0,3}(?:[:|-]\s{1,3}|(?<=\s))(?=\S)/,
];
/** Fields in which JSON loggers put the message (pino, bunyan, winston, zap, logrus, logback, serilog, structlog). */
const MESSAGE_FIELDS = [
  'msg',
  'message',
  '@m',
  'Message',
  'short_message',
  'full_message',
  'errorMessage',
  'event',
  'log',
  'error',
  'err',
  'exception',
  '@x',
  'Exception',
];
const STACK_FIELDS = ['stack', 'stacktrace', 'stackTrace', 'stack_trace', 'exc_info', 'throwable', 'thrown'];

function linesOf(text: string): Line[] {
  const plain = text
    .slice(-LINES * LENGTH)
    .replace(
      /\r(?=['"\u2019]|: (?:[Nn]o such|(?:command )?not found|bad interpreter|invalid|numeric|ambiguous|[Pp]ermission))/g,
      '\\r',
    )
    .replace(/\r\n?/g, '\n')
    .replace(COLOURS, '');
  const cut = withoutViewers(plain)
    .split('\n')
    .slice(-LINES)
    .map((line) =>
      line
        .slice(0, isJson(line) ? JSON_LENGTH : LENGTH)
        .replace(BYTES, (_, bytes: string) => String.fromCharCode(...bytes.split(',').map(Number)))
        .trimEnd(),
    )
    .flatMap((line) => line.split('\n', LINES_OF_ENTRY));
  // Rust and Go print quotes inside of quotes with a backslash.
  return cut
    .flatMap((line, at) => {
      const [said, quiet] = spoken(unwrapped(line));
      const isCut = at === cut.length - 1 || (isJson(line) && !line.endsWith('}'));
      const parts = said.replaceAll('\\"', '"').split('\n', LINES_OF_ENTRY);
      return parts.map((text, part) => ({
        text: text.slice(0, LENGTH),
        quiet,
        isEntry: part === 0 && said !== line,
        isCut: isCut && part === parts.length - 1,
      }));
    })
    .map(({ text, quiet, isEntry, isCut }, index) => {
      const printed = OF_A_CLIENT.test(text) ? '' : bare(text);
      const english = bare(inEnglish(isCut ? withEnding(printed) : printed));
      return {
        text: english,
        quiet: quiet || QUIET.test(text) || SKIPPED.test(text),
        starts: isEntry || isPrefixed(text),
        indented: /^\s/.test(text),
        index,
        ...(english === printed ? {} : { printed }),
      };
    });
}

/** Monolog appends the exception as JSON, cut where the line is too long: its class and message say it. */
const MONOLOG = '"exception":"[object] (';
const MONOLOG_LEVEL = /\b[\w-]{1,40}\.(?:DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): /;
const MONOLOG_CLASS = /^(?:\w{1,60}\\{1,2}){0,10}(?<name>\w{1,80})\(code: \w{1,12}\): (?<why>.{0,300}?)(?: at \/|$)/;
function unwrapped(line: string): string {
  const at = line.indexOf(MONOLOG);
  if (at < 0) return line;
  const { name, why = '' } = MONOLOG_CLASS.exec(line.slice(at + MONOLOG.length))?.groups ?? {};
  const head = MONOLOG_LEVEL.exec(line.slice(0, at));
  if (head === null || name === undefined) return line;
  const [level] = head;
  const logged = line.slice(head.index + level.length, at).replace(/ ?\{(?:"userId":[^,]{1,40},)?$/, '');
  const message = why === '' || logged.includes(why) || why.includes(logged) ? logged : `${logged} ${why}`;
  return `${level}${logged.includes(name) ? '' : `${name}: `}${message}`;
}

/** What a server in Go notes of one client that broke off (a health check over TCP, a scan): no error of its own. */
const OF_A_CLIENT = /\bhttp: TLS handshake error from \S/;

/** The level that a logger of plain text puts in front. */
const QUIET =
  /^(?:\d{4}[-/]\S{5,24} (?:\d\d:\S{5,20} )?)?[DIW]! |^\[\d\d:\d\d:\d\d(?:[.,]\d{1,9})? (?:VRB|DBG|INF|WRN)\] |^(?:\[[^\]]{1,40}\] )?[\w-]{1,40}\.(?:DEBUG|INFO|NOTICE|WARNING): |^[^a-z"'{}]{0,80}(?<![A-Za-z])(?:WARN|WARNING|INFO|NOTICE|DEBUG|TRACE)\b[\]:]?\s|^(?:\S{1,40} ){0,2}(?:warn|info|debug|notice|trace):\s|\blevel=(?:warn(?:ing)?|info|debug|trace)\b/;
/** What a program says itself that it does without. */
const SKIPPED =
  /^Include not found: \w|\bskip(?:ping|ped)?\b(?: it\b)?,|[,;:(] ?(?:skip(?:ping|ped)?|ignor(?:e|ing|ed)|continuing)(?: it| this| file)?[).]?$|\b(?:will be|is being) (?:skipped|ignored)\b|\b(?:falling back to|using) (?:the |its )?(?:built-in )?defaults?\b/i;
/** One of several attempts, after which it continues. */
const ATTEMPT =
  /\b(?:retrying|will retry|trying again|try again) in \d|\battempt (\d{1,3})(?:\/| of )(?!\1\b)\d{1,3}\b/i;
/** Levels of entries that are no error; 20, 30 and 40 are pino's and bunyan's. */
const QUIET_LEVEL = /^(?:trace|debug|info(?:rmation)?|notice|warn(?:ing)?|dbug|10|20|30|40|verbose|i|w|d)$/i;

/** What a JSON logger's line says, with its stack on further lines; any other line as it is. */
function spoken(line: string): readonly [said: string, quiet: boolean] {
  const start = line.indexOf('{');
  if (start < 0 || start > 100 || !line.endsWith('}'))
    return isJson(line) && line.includes('\\n') ? [unescaped(line), false] : logfmt(line);
  try {
    // What begins with a brace is an object.
    const entry = JSON.parse(line.slice(start)) as object;
    const fields = new Map<string, unknown>(Object.entries(entry));
    const parts = [
      ...withReason(fields),
      ...MESSAGE_FIELDS.flatMap((name) => textsOf(fields.get(name))),
      ...[...fields].flatMap(([name, value]) => (DOTTED_FIELD.test(name) ? textsOf(value) : [])),
      ...STACK_FIELDS.flatMap((name) => textsOf(fields.get(name))),
      ...nested(entry, 0),
    ];
    const level = String(fields.get('level') ?? fields.get('severity') ?? fields.get('@l') ?? fields.get('s'));
    const loud = /^(?:error|fatal|critical|50|60|panic|emerg|alert|f|e)$/i.test(level);
    return [
      parts.length === 0 ? line : `${loud ? 'ERROR: ' : ''}${[...new Set(parts)].join('\n')}`,
      QUIET_LEVEL.test(level),
    ];
  } catch {
    return [line, false];
  }
}

/** What was tried stands in one field, and why it failed in another: both are one sentence, as in `msg="..." error="..."`. */
function withReason(fields: ReadonlyMap<string, unknown>): string[] {
  const message = fields.get('msg') ?? fields.get('message');
  const reason = fields.get('error') ?? fields.get('err');
  const isShort = (text: unknown): text is string =>
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length < 400 &&
    !text.includes('\n') &&
    !text.startsWith('{');
  return isShort(message) && isShort(reason) && !message.includes(reason) && !reason.includes(message)
    ? [`${message.replace(/[:.]$/, '')}: ${reason}`]
    : [];
}

/** An entry that a log driver has cut is no JSON any more; its line ends are still those of the stack. */
const unescaped = (line: string): string =>
  isJson(line)
    ? line
        .replace(/\\[rn]/g, '\n')
        .replace(/\\t/g, ' ')
        .replaceAll('\\"', '"')
    : line;

/** ECS's and OpenTelemetry's names of an error's parts. */
const DOTTED_FIELD = /^(?:error|err|exception|exc)[._](?:message|stack_?trace|stack|cause|reason)$/i;

/** Errors that a logger puts deeper into its entry: `attr.error`, `detail.info.internal`. */
function nested(value: object, depth: number): string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'object' && inner !== null && depth < 3 && !Array.isArray(inner))
      return nested(inner, depth + 1);
    return depth > 0 && typeof inner === 'string' && NESTED_FIELD.test(name) ? [inner] : [];
  });
}
const NESTED_FIELD = /^(?:info|error|err|errmsg|error_?message|message|msg|exception|reason|cause|internal|details?)$/i;

/** The line of a logger that writes `level=error msg="..." error="..."` (logrus, slog, go-kit), as JSON's. */
function logfmt(line: string): readonly [said: string, quiet: boolean] {
  if (!/\b(?:msg|message|err|error)=/.test(line) || !/\b(?:level|lvl|severity|ts|time)=/.test(line)) {
    if (!/\b(?:msg|message)=/.test(line) || !/\b(?:err|error)=/.test(line)) return [line, false];
  }
  const fields = new Map(
    [...line.matchAll(/(?<![\w.])([A-Za-z_]\w{0,40})=(?:"((?:[^"\\]|\\.)*)"|(map\[[^\]\n]{1,500}\]|\S{1,500}))/g)].map(
      ([, name = '', quoted, bareWord = '']) => [
        name.toLowerCase(),
        unmapped(quoted ?? bareWord)
          .replace(/\\[nt]/g, ' ')
          .replace(/\\(.)/g, '$1'),
      ],
    ),
  );
  const parts = ['msg', 'message', 'error', 'err', 'reason'].flatMap((name) => fields.get(name) || []);
  const level = String(fields.get('level') ?? fields.get('lvl'));
  // Grafana before version 9 writes four letters.
  const loud = /^(?:error|eror|fatal|critical|panic|crit)$/i.test(level);
  return [
    parts.length === 0 ? line : `${loud ? 'ERROR: ' : ''}${[...new Set(parts)].join(': ')}`,
    QUIET_LEVEL.test(level),
  ];
}

/** Go prints a structured error as `map[code:X message:Y]`: the values say it. */
const unmapped = (word: string): string =>
  word.startsWith('map[')
    ? word
        .slice(4)
        .replace(/\]$/, '')
        .replace(/(^| )[A-Za-z_]\w{0,40}:(?=[^\s\d])/g, '$1')
    : word;

function textsOf(value: unknown): string[] {
  // Winston below NestJS keeps the stacks of an error in a list.
  if (Array.isArray(value)) return value.slice(0, 4).flatMap(textsOf);
  if (typeof value === 'string')
    return value.trim() === '' ? [] : [value.startsWith('{') && value.endsWith('}') ? spoken(value)[0] : value];
  const { name, type, message, msg, stack } = (value ?? {}) as Record<string, unknown>;
  const kind = [name, type].find((one) => typeof one === 'string');
  const text = [message, msg].find((one) => typeof one === 'string');
  return [
    ...(text === undefined ? [] : [kind === undefined ? String(text) : `${String(kind)}: ${String(text)}`]),
    ...(typeof stack === 'string' ? [stack] : []),
  ];
}

/** A time or a level stands in front. */
const isPrefixed = (line: string): boolean =>
  PREFIXES.some((prefix) => /\d\d:\d\d|[A-Z]{4}/.test(prefix.exec(line)?.[0] ?? ''));

/** Without what a logger writes before the words. `ERROR` stays a mark of its own. */
function bare(line: string): string {
  let rest = line.trim();
  let loud = false;
  for (let round = 0; round < 3; round++) {
    for (const prefix of PREFIXES) {
      const found = prefix.exec(rest);
      if (!found) continue;
      loud ||= /ERROR|^E! |ERR\b|FTL\b|SEVERE|CRITICAL|FATAL/.test(found[0]);
      rest = rest.slice(found[0].length);
    }
  }
  return loud && !LOUD.test(rest) ? `ERROR: ${rest}` : rest;
}

const LOUD = /^(?:ERROR|FATAL|CRITICAL|error|fatal|panic)\b/;
/** Frames of a stack, and words that only repeat that something failed. */
const FRAME =
  /^(?:at |File "|\.{3} \d+ more|goroutine \d|\^+$|from \S+:\d+:in|#\d+ |stack backtrace:|note: run with|\d+: 0x|in \S+\.(?:rb|py|ex|php):\d|node:internal|Node\.js v\d|\(node:\d+\)|(?:ERROR: {1,6})?Traceback|\(trapped\) error reading|created by )/;
const ECHO =
  /^(?:npm (?:ERR!|error)(?: (?:code|path|command|signal|errno|syscall|dest|file|cwd|Lifecycle|workspace|location|A complete log|Exit status|Failed at|This is probably)\b|$|.{0,20}_logs)|(?:error )?Command failed with exit code|(?:Error: )?Process completed with exit code|(?:ERROR: )?Elasticsearch (?:did not exit normally|died while starting up)|(?:ERROR: )?node validation exception$|A worker process has failed to exit gracefully|(?:[Ee]rror: )?exit status \d|fatal: Could not read from remote repository|error: Recipe `|ERR_PNPM_RECURSIVE|ELIFECYCLE|.{0,40}Worker (?:exiting|\(pid)|.{0,30}Shutting down|.{0,30}Reason: Worker failed|Exiting\b|.{0,20}exited with code|exit status \d|.{0,10}Error occurred during initialization of VM|.{0,10}Could not create the Java Virtual Machine|.{0,10}A fatal exception has occurred|FAILURE: Build failed|error: subprocess-exited-with-error|ERROR:$|.{0,10}process exited|Please make sure|See https?:|For more information|.{0,40}Application run failed|Error starting ApplicationContext|.{0,40}Failed to start (?:server|application)|.{0,20}Application startup failed|.{0,10}Startup failed\b|.{0,30}Uncaught exception, exiting|\*\* \(Mix\) Could not start application|\*\* \(EXIT\) (?:an exception was raised:$|exited in: |shutdown: failed to start child))/i;

interface Shape {
  readonly weight: number;
  readonly match: RegExp;
}

/** How surely a line of that shape is the reason; deeper causes before what they caused. */
const SHAPES: readonly Shape[] = [
  { weight: 90, match: /^Caused by: \S/ },
  // Monolog could not write its log: what it was to log is the error.
  { weight: 92, match: /^The exception occurred while attempting to log: (?!The stream or file)\S/ },
  { weight: 90, match: /^(?:-+> |\[cause\]: |caused by: )(?:\()?[\w.:]*(?:Exception|Error)\b/i },
  { weight: 85, match: /^(?:panic: |fatal error: |thread '[^']{0,80}' panicked at|\*\* \([\w.]+\) )/ },
  {
    weight: 84,
    match:
      /^(?:Unhandled exception\.? |An unhandled exception occurred: (?=\S)|Uncaught (?:Exception|Error)|PHP Fatal error:|Fatal error: )/i,
  },
  {
    weight: 82,
    match: /^(?:Exception in thread "[^"]{0,80}" )?(?:[a-z_$][\w$]*\.)+[A-Z]\w*(?:Exception|Error|Failure)\b(?:: |$)/,
  },
  { weight: 81, match: /^(?:[\w.]+::)*[A-Z]\w*(?:Error|Exception|Exit|NotFound|Refused)\b[^:]{0,60}: \S/ },
  {
    weight: 80,
    match:
      /^(?:(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Timeout|DoesNotExist)|(?:[a-z_]\w*\.){0,6}(?:exceptions?|exc|errors?|compat)\.[A-Z]\w+)\b: \S/,
  },
  { weight: 80, match: /^Error(?: \[\w+\])?: \S/ },
  // Python's argparse and tools that follow it.
  { weight: 78, match: /^[\w./-]{1,80}: error: \S/ },
  // A code of Oracle, Postgres, PHP's PDO or another product in front: ORA-12514, SQLSTATE[HY000].
  { weight: 77, match: /^(?:[A-Z]{2,8}-\d{3,6}\b|SQLSTATE\[\w{5}\])/ },
  // A class of Ruby whose name does not end in Error: `ActiveRecord::AdapterNotSpecified: `.
  { weight: 79, match: /^(?:[A-Z]\w{1,60}::){1,6}[A-Z]\w{1,60}: \S/ },
  // Ruby puts the class behind the message.
  { weight: 80, match: /: .{1,400} \((?:[A-Z]\w*::)*[A-Z]\w*\)$/ },
  { weight: 80, match: /^(?:segmentation fault|bus error|illegal instruction|aborted)\b.{0,40}$/i },
  {
    weight: 79,
    match:
      /^(?:Initial heap size set|Invalid (?:maximum|initial) heap|Too small (?:maximum|initial) heap|Could not reserve enough|# There is insufficient memory)/,
  },
  // OpenJ9 says the reason in a message with a code, then what follows from it.
  { weight: 79, match: /^JVMJ9GC\d{3}E \S/ },
  { weight: 78, match: /\[(?:emerg|alert|crit)\]/ },
  {
    weight: 78,
    match:
      /^(?:\w{1,40}\.){0,6}[A-Z][A-Za-z]{2,60}(?:Redirect|Exceeded|Failed|Denied|Unavailable|Missing|Malformed|Conflict): \S/,
  },
  {
    weight: 77,
    match:
      /^(?:nginx|httpd|apache2|caddy|haproxy|redis|postgres|mysqld)\b[^:]{0,40}: .*(?:error|fail|not found|denied|unknown|invalid)/i,
  },
  {
    weight: 76,
    match:
      /^(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|a|z)?sh: |^\S{1,120}: (?:line )?\d+: (?:(?:can't|cannot) \w{2,12} )?\S{1,200}: (?:not found|Permission denied|No such file|Is a directory|Read-only|nonexistent|Directory nonexistent)|: command not found$/,
  },
  { weight: 76, match: /^(?:\{?"?Kernel pid terminated|\{?"?init terminating in do_boot)/ },
  // Supervisors of several processes say at the level INFO that one of them ended.
  {
    weight: 66,
    match:
      /^(?:exited: \S{1,80} \((?:exit status \d{1,3}|terminated by \w{1,20}); not expected\)|gave up: \S{1,80} entered FATAL state)/,
  },
  { weight: 76, match: /^(?:exec |standard_init_linux|\[FATAL tini|env: \S+: No such)/ },
  { weight: 74, match: /^(?:\[[^\]]{1,40}\] )?(?:FATAL|CRITICAL|ALERT|EMERG|fatal)\b:? ?\S/ },
  { weight: 72, match: /^(?:ERROR|ERR|error)\b:? ?\S/ },
  { weight: 71, match: /^npm (?:ERR!|error) (?:Error: )?E[A-Z]{3,20}: \S/ },
  { weight: 70, match: /^npm (?:ERR!|error) \S/ },
  { weight: 68, match: /\b(?:FATAL|CRITICAL|ERROR|SEVERE|panic|level=(?:error|fatal))\b/ },
  {
    weight: 60,
    match:
      /\b(?:failed|failure|cannot|could not|couldn't|unable to|not found|no such|denied|refused|reset by peer|missing|must (?:be set|install|provide)|is not set|invalid|unrecognized|unsupported|timed out|unknown (?:command|option|flag|host)|already (?:in use|running)|parameter (?:null or )?not set|unbound variable|timeout|has been reached|not permitted|not a valid|insecure|refusing|wrong(?![-.])|doesn't exist|forbidden|unauthorized|problem|can't (?:locate|find|open)|there is no|please (?:set|use|configure|specify|provide|install|run)|too low|dubious|does not exist|not recognized|required|mismatch|expired|exception|error|bad address|(?:not |un)reachable)\b/i,
  },
];

/** What a program says when what it waited for is there, or when it has started: errors before that were overcome. */
const RECOVERED =
  /^(?!.*(?:not|fail|un(?:able|successful)|waiting|error|exception|refused|closed|lost)).*?(?:\b[Cc]onnected to |\bconnection (?:established|is ready|succeeded)|[Ss]uccessfully connected|\b[Ll]istening (?:on|at|for)\b|\b[Ss]tarted \w{1,80} in [\d.]{1,9} s|[Ss]erver (?:is )?(?:started|running|listening)|[Aa]pplication startup complete|ready to accept connections|\b(?:is|are) (?:now )?(?:ready|available|up)\b)/;

/** A connection that failed at first is retried. */
const RETRIED =
  /\b(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)\b|[Cc]onnection (?:refused|timed out|reset)|[Cc]ould not connect|[Uu]nable to connect|[Cc]annot connect|the database system is starting up/;

/** How many lines are read for their class: the time that a log of nothing but errors takes. */
const CANDIDATES = 60;

/** Lines that may say why, the most telling first; of equally telling ones the first of the last failure. */
function tellingLines(lines: readonly Line[]): Line[] {
  const found: { readonly line: Line; readonly weight: number }[] = [];
  const recovered = lines.findLastIndex(({ text }) => RECOVERED.test(text));
  for (const line of lines) {
    const { text } = line;
    if (text === '' || FRAME.test(text)) continue;
    const shape = SHAPES.find(({ match }) => match.test(text));
    if (!shape) continue;
    // Of several `Caused by` in one trace the last is the deepest.
    const deeper = shape.weight === 90 ? line.index * 1e-6 : 0;
    const overcome = line.index < recovered && (shape.weight < 80 || RETRIED.test(text)) ? 45 : 0;
    const attempt = ATTEMPT.test(text) ? 3 : 0;
    const quiet = line.quiet && shape.weight < 90 ? 40 : attempt;
    const weight = (ECHO.test(text) ? shape.weight - 50 : shape.weight) + deeper - Math.max(overcome, quiet);
    found.push({ line, weight });
  }
  for (const [depth, line] of chained(lines).entries()) {
    found.push({ line, weight: 90 + depth * 1e-3 });
    if (line.chain !== undefined) found.push({ line: { ...line, text: line.chain }, weight: 89.9 });
  }
  const python = lastOfTraceback(lines);
  if (python) found.push({ line: python, weight: 88 });
  const spring = springDescription(lines);
  if (spring) found.push({ line: spring, weight: 91.5 });
  const gradle = afterHeading(lines, '* What went wrong:');
  if (gradle) found.push({ line: gradle, weight: 91.5 });
  // Symfony and Laravel name the place on a line of its own.
  const symfony = lines.findLastIndex(({ text }) => /^In \S{1,200}\.php line \d{1,6}:$/.test(text));
  const message = symfony < 0 ? undefined : lines.slice(symfony + 1).find(({ text }) => text !== '');
  if (message) found.push({ line: message, weight: 83 });
  const rust = panicMessage(lines);
  if (rust) found.push({ line: rust, weight: 89 });
  const sorted = [...found].sort((a, b) => b.weight - a.weight || a.line.index - b.line.index);
  // A line that repeats (a retry) says nothing new; far down the list nothing is telling any more.
  const different = new Map(sorted.toReversed().map(({ line }) => [line.text, line]));
  return sorted.flatMap(({ line }) => (different.get(line.text) === line ? [line] : [])).slice(0, CANDIDATES);
}

/** `Caused by:` alone on its line (anyhow, eyre, miette), and the head of a report of color-eyre. */
const CHAIN = /^(?:Caused by|Reason|Causes?|Error):$/;
/** `0: failed to read`: further lines of one cause have no number. */
const LINK = /^\d{1,2}: (?=\S)/;

/** The links of the last chain of causes that is listed below its head, the outermost first. */
function chained(lines: readonly Line[]): Line[] {
  const head = lines.findLastIndex(({ text }) => CHAIN.test(text));
  if (head < 0) return [];
  const below = lines.slice(head + 1, head + 1 + BELOW);
  const end = below.findIndex(({ text, indented }) => text === '' || !(indented || LINK.test(text)));
  const block = below.slice(0, end < 0 ? undefined : end);
  const links = block.filter(({ text }) => LINK.test(text));
  const chain = (links.length > 0 ? links : block.slice(0, 1)).map((line) => ({
    ...line,
    text: line.text.replace(LINK, ''),
  }));
  // What the outer ones name (a file, a server) belongs to the deepest.
  const whole = chain.map(({ text }) => text).join(': ');
  return chain.map((line, i) => (i === chain.length - 1 && whole !== line.text ? { ...line, chain: whole } : line));
}

/** With the level of uvicorn's logger in front. */
const TRACEBACK = /^(?:ERROR: {1,6})?Traceback \(most recent call last\)/;
/** Python says what went wrong on the first line after the frames of the last traceback. */
function lastOfTraceback(lines: readonly Line[]): Line | undefined {
  const start = lines.findLastIndex(({ text }) => TRACEBACK.test(text));
  if (start < 0) return undefined;
  return lines.slice(start + 1).find(({ text }) => /^(?![\d.])[\w.]{0,120}[A-Z]\w{1,80}(?:: |$)/.test(text));
}

/** A traceback whose excerpt ends in its frames: the error itself is not in the lines. */
function cutTraceback(lines: readonly Line[]): string | undefined {
  const start = lines.findLastIndex(({ text }) => TRACEBACK.test(text));
  if (start < 0) return undefined;
  const below = lines.slice(start + 1).filter(({ text }) => text !== '');
  return below.some(({ text }) => text.startsWith('File "')) && below.every(({ indented }) => indented)
    ? below.findLast(({ text }) => text.startsWith('File "'))?.text
    : undefined;
}

/** Spring Boot's own analysis: the first line below `Description:`. */
function springDescription(lines: readonly Line[]): Line | undefined {
  const at = lines.findLastIndex(({ text }) => text === 'APPLICATION FAILED TO START');
  return at < 0 ? undefined : afterHeading(lines.slice(at), 'Description:');
}

function afterHeading(lines: readonly Line[], heading: string): Line | undefined {
  const at = lines.findLastIndex(({ text }) => text === heading);
  return at < 0 ? undefined : lines.slice(at + 1).find(({ text }) => text !== '');
}

/** Rust writes the place on one line and the message on the next (1.73 and later). */
function panicMessage(lines: readonly Line[]): Line | undefined {
  const at = lines.findLastIndex(({ text }) =>
    /^thread '.{0,80}' (?:\(\d+\) )?panicked at .{1,300}:\d+:\d+:$/.test(text),
  );
  return at < 0 ? undefined : lines[at + 1];
}

/** Kinds whose words may stand on the lines below the message: a JavaScript error prints its fields there. */
const NETWORK: ReadonlySet<ApplicationKind> = new Set(['connection-refused', 'unreachable', 'tls', 'dns']);
const REASONS: ReadonlySet<ApplicationKind> = new Set([
  ...NETWORK,
  'login-refused',
  'database-missing',
  'denied-by-database',
  'too-many-connections',
  'schema-misfit',
  'schema-missing',
  'migration-exists',
  'url-invalid',
  'module-missing',
  'variable-missing',
]);
/** Kinds whose own sentence may stand below the line that announces it; for others the lines below are another's words. */
const SEVERAL: ReadonlySet<ApplicationKind> = new Set([
  ...NETWORK,
  'local-socket',
  'setting-invalid',
  'setting-unknown',
  'runtime-mismatch',
]);

/** The line of a match in several lines: what it names stands there. */
function lineAt({ input, index, 0: match }: RegExpExecArray): string {
  const from = input.lastIndexOf('\n', index) + 1;
  const end = input.indexOf('\n', index + match.length);
  return input.slice(from, end < 0 ? undefined : end);
}
/** Read by the grammar of addresses, which is surer than where a word stands in a sentence. */
const addressOf = ({ host = '', port = '' }: AppWords): AppWords => ({ host, port });

/** Where the line puts the address of what did not answer, that is the one. */
function targeted(kind: ApplicationKind, words: AppWords, line: string): AppWords {
  const target = kind === 'connection-refused' || kind === 'unreachable' ? targetIn(line) : undefined;
  if (target === undefined) return words;
  const { host: _, host2: __, port, port2: ___, ...rest } = words;
  return { ...rest, ...target, ...defined({ port: target.port ?? (words.host === target.host ? port : undefined) }) };
}

const BELOW = 14;
const ABOVE = 5;

/** The line and those below it that belong to its entry: the next entry of a logger says something of its own. */
function entryOf(line: Line, lines: readonly Line[]): string {
  const below = lines.slice(line.index + 1, line.index + BELOW);
  const next = below.findIndex(({ starts }) => starts);
  return textOf([line, ...below.slice(0, next < 0 ? undefined : next)]);
}

/** The line and those below it. */
function aroundOf(line: Line, lines: readonly Line[]): string {
  return textOf(lines.slice(line.index, line.index + BELOW));
}
function beforeOf(line: Line, lines: readonly Line[]): string {
  return textOf(lines.slice(Math.max(0, line.index - ABOVE), line.index));
}
const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('\n');

/** Whether a pattern reads the lines below, too; asked once, and not for each line of a log. */
const FORMS = ROWS.map((row) => ({ row, spans: row.form.source.includes('\\n') }));
const PATTERNS = CLASSES.flatMap((one) =>
  one.match.map((pattern) => ({
    ...one,
    pattern,
    spans: SEVERAL.has(one.kind) || /\\n|\\s\{/.test(pattern.source),
  })),
);

/** What a producer's own code or sentence in the line says. */
function earnedBy(line: Line, lines: readonly Line[], read?: 'alone'): Classified | undefined {
  const said = whole(line, lines);
  const around = aroundOf(line, lines);
  for (const { row, spans } of FORMS) {
    const { kind, form, not, near } = row;
    if (read === 'alone' && spans) continue;
    const found = form.exec(spans ? around : said);
    if (!found || not?.test(said)) continue;
    if (near && !near.test(textOf(lines.slice(Math.max(0, line.index - NEAR), line.index + BELOW)))) continue;
    const named = Object.entries(found.groups ?? {}).flatMap(([name, word]) =>
      word ? [[name.replace(/\d$/, ''), clean(word)] as const] : [],
    );
    const typed = wordsIn(said);
    const words = targeted(kind, { ...typed, ...Object.fromEntries(named) }, said);
    return { kind, row, words: completed(kind, words, `${around}\n${beforeOf(line, lines)}`) };
  }
  return undefined;
}

/** The class of what the line says; the lines below it may hold the rest (Prisma, .NET and npm write several). */
function classify(line: Line, lines: readonly Line[]): Classified | undefined {
  const earned = earnedBy(line, lines);
  if (earned) return earned;
  const around = aroundOf(line, lines);
  const masked = maskParts(withoutClients(line.text).replace(QUOTED, '$1""'));
  const below = maskParts(withoutClients(entryOf(line, lines)).replace(QUOTED, '$1""'));
  for (const { kind, pattern, spans, when, symptom } of PATTERNS) {
    const alone = pattern.exec(masked.text);
    const found = alone ?? (spans ? pattern.exec(below.text) : null);
    if (!found) continue;
    const { restore } = alone ? masked : below;
    const named = Object.fromEntries(
      Object.entries(found.groups ?? {}).flatMap(([name, word]) =>
        // `read config: no such file` names no file.
        word && !(name.startsWith('path') && !/[/.]/.test(word)) && !(name.startsWith('host') && isSource(word))
          ? [[name, clean(restore(word))]]
          : [],
      ),
    );
    const typed = wordsIn(restore(lineAt(found)));
    const read = { ...typed, ...named, ...(kind === 'dns' || !typed.host || !typed.port ? {} : addressOf(typed)) };
    const words = targeted(kind, read, restore(lineAt(found)));
    if (when && !when(words, around, { line: restore(lineAt(found)), above: beforeOf(line, lines) })) continue;
    return { kind, words: completed(kind, words, `${around}\n${beforeOf(line, lines)}`), ...defined({ symptom }) };
  }
  return undefined;
}

/** `note: run with RUST_BACKTRACE=1` names no setting of the application. */
const HINTS = /^note: .{0,200}$|\bRUST_(?:BACKTRACE|LOG)\b|\bNODE_ENV\b/gm;

/** The words that the match did not name itself, where the line or those below it do. */
function completed(kind: ApplicationKind, words: AppWords, around: string): AppWords {
  if (kind === 'variable-missing' && !['name', 'name2', 'name3'].some((name) => words[name])) {
    const name = variableIn(around.replace(HINTS, ''));
    return name === undefined ? words : { ...words, name };
  }
  if (
    (kind === 'migration-failed' || kind === 'migration-exists') &&
    !['name', 'name2', 'table', 'column', 'version'].some((name) => words[name])
  ) {
    const migration = /\b(?<name>\d{8,17}[_-]\w{1,80}|V\d{1,8}(?:[._]\d{1,8}){0,4}__\w{1,80})\b/.exec(around)?.groups
      ?.name;
    return migration === undefined ? words : { ...words, name: migration };
  }
  if (kind === 'port-in-use' && !(words.port ?? words.port2)) {
    const port = /\b[Pp]ort:? (?<port>\d{1,5})\b/.exec(around)?.groups?.port;
    return port === undefined ? words : { ...words, port };
  }
  if (!NETWORK.has(kind) || (words.host ?? words.host2)) return words;
  const { host, port } = wordsIn(around);
  return host === undefined ? words : { ...words, host, ...defined({ port }) };
}

/** Without quotes and brackets around it; those that belong together in it (`fastapi[all]`, `List<String>`) stay. */
function clean(word: string): string {
  const bare = word.replace(/^['"`([{<]+|(?<!['"`)\]}>.,;:])['"`)\]}>.,;:]+$/g, '');
  if ((bare.match(/"/g)?.length ?? 0) % 2 === 1 && word.includes(`${bare}"`)) return `${bare}"`;
  const open = /[[<(]/.exec(bare)?.[0];
  const close = open && { '[': ']', '<': '>', '(': ')' }[open];
  return close && !bare.includes(close) && word.includes(bare + close) ? bare + close : bare;
}
