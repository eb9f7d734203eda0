/**
 * A RUN step of a Dockerfile that failed, by what its tool printed. BuildKit's plain output is split into the step, the
 * lines it printed and its exit code; the tool's own error line decides. Pure; at most the last 300 lines are read.
 */

import { failedStepOf } from '../image/build-output.ts';
import { defined } from '../model.ts';
import { type ApplicationError, adviceIn, readApplication, tellingLine } from './application.ts';
import type { ApplicationKind } from './application-classes.ts';
import { type Base, baseOf, causesIn, platformOf, withoutOtherSteps } from './build-lines.ts';
import { mapWords, of, type Text, together } from './say.ts';
import { advised, explainStatement } from './statement-remedies.ts';
import { statementIn } from './statements.ts';
import { gist } from './text.ts';
import { DOTNET } from './tools/dotnet.ts';
import { GENERAL } from './tools/general.ts';
import { JVM } from './tools/jvm.ts';
import { NATIVE } from './tools/native.ts';
import { NODE } from './tools/node.ts';
import { PYTHON } from './tools/python.ts';
import { SCRIPTING } from './tools/scripting.ts';
import { EMULATION, LINE_ENDS, OPERANDS, REFUSED, SYSTEM } from './tools/system.ts';
import { fill, type Row, type StepRule, type Tool, type Words } from './tools/tool.ts';

interface BuildStep {
  /** The command of the RUN instruction, without the shell in front; undefined where only its output is known. */
  readonly command?: string;
  readonly exitCode: number | undefined;
  /** The platform that it was built for, where the build has several. */
  readonly platform?: string;
  /** What its stage is made from, where the output shows it. */
  readonly base?: Base;
  /** The lines of the Dockerfile that BuildKit quotes as those of the step. */
  readonly quoted?: string;
  /** What the step printed, oldest first, without BuildKit's prefixes. */
  readonly lines: readonly string[];
}

export interface StepError {
  readonly cause: Text;
  readonly remedy: Text;
  /** The tool's line that says it. */
  readonly line: string;
  readonly rule?: StepRule;
  /** No row knows the tool's words: they are shown, and nothing is claimed. */
  readonly vague?: true;
}

const LINES = 300;
const LENGTH = 1_000;
/** Of all lines together: what is older says less, and each pattern reads all of it. */
const TOTAL = 16_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;?]{0,20}[A-Za-z]/g;
/** BuildKit's, the runner's and compose's words around a line of the tool. */
const bare = (line: string): string =>
  line
    .slice(0, LENGTH)
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]{5,20}Z /, '')
    .replace(/^##\[error\]/, '')
    .replace(/^\s{0,20}\|?\s?/, '')
    .replace(/^(?:#\d+ )?(?:\d+\.\d+(?: |$))?/, '')
    // npm's debug log numbers its lines.
    .replace(/^\d{1,6} (error|warn) (?=\S)/, of('node', 'npm $1 '))
    .trimEnd();
/** BuildKit's own lines: titles, rules of dashes, the quoted Dockerfile and the errors that wrap the tool's. */
const FRAME =
  /^(?:ERROR|error): (?:[Ff]ailed to (?:solve|build|\w{1,12}$)|executor failed|process ["'])|^(?:[Ff]ailed to solve|executor failed|process ["'][^\n]{0,600}did not complete)|^-{6,}$|^\s?> \[|^\S*Dockerfile[^:]{0,40}:\d+$|^\d{1,5} \||^>>> |^(?:##\[error\])?Error: (?:buildx (?:call )?failed with|Docker build failed|Process completed)|^\s?The command ['"][^\n]{1,600}returned a non-zero code|^(?:ERROR: )?(?:Service ['"]|target )[^\n]{1,100}failed to (?:build|solve)|^Removing intermediate container|^---> |^Step \d{1,3}\/\d{1,3} : |^=> |^(?:View build details|What's next|Debug this build failure|exit status \d|JOB_EXIT|Build Failed: process)|^\[[\w./ -]{0,60}\d+\/\d+\] |^(?:DONE|CACHED|CANCELED)\b|^\.\.\.$/;
/** What tools print beside their errors and what is none: warnings, notices, progress. */
const NOISE =
  /^npm (?:warn|WARN|notice)\b|^(?:WARN|warning|Warning|WARNING)\b(?!.{0,80}(?:(?:fetching|Ignoring|updating|opening) http|Retrying|signature|checksum))|^debconf: |^(?:Get|Hit|Ign):\d|^(?:Setting up|Unpacking|Selecting previously|Preparing to unpack|Fetched) |^\s{0,4}(?:Downloading|Collecting|Using cached|Requirement already) |^(?:You should consider upgrading via|\[notice\])|^npm (?:ERR!|error) (?:A complete log|Log files|\s{0,4}\/.{0,120}debug)/;

/** The step that failed; undefined where BuildKit does not say that one did. */
export function failedStep(text: string): BuildStep | undefined {
  const failure =
    /process ["'](?:\/dev\/\.buildkit_qemu_emulator )?(?:(?:\/\w{1,12}){0,3}\/?\w{0,3}sh (?:-\w+ (?:pipefail )?)+)?(?<command>[^\n]{1,600}?)["'] did not complete successfully(?:: exit code: (?<code>\d{1,10}))?/.exec(
      text,
    ) ??
    /(?:The command|executor failed running) ["'[]?(?:\/bin\/\w+ (?:-\w+ )*)?(?<command>[^\n]{1,400}?)["'\]]? ?(?:(?:returned a non-zero code|: exit code):? (?<code>\d{1,4})|: runc did not terminate)/i.exec(
      text,
    );
  if (!failure?.groups) return undefined;
  const { command = '', code } = failure.groups;
  // What the runtime says where the step could not even start.
  const [, refusal] = /did not complete successfully: (?!exit code)([^\n]{1,400})/.exec(text) ?? [];
  const own = withoutOtherSteps(text);
  return {
    command: command.replace(/\s+/g, ' ').trim(),
    exitCode: code === undefined ? undefined : Number(code),
    ...defined({ platform: platformOf(text), base: baseOf(text) }),
    lines: linesOf(refusal === undefined ? own : `${own}\n${refusal}`),
  };
}

/** `> [deps 4/7] RUN npm ci:` and `=> ERROR [deps 4/7] RUN npm ci   6.1s`: BuildKit repeats the instruction. */
const TITLE =
  /^(?<frame>(?:#\d+ )?\s{0,8}(?:=> )?(?:(?:ERROR|CACHED|CANCELED) |> )?\[[^\]\n]{1,100}\] RUN) (?<command>[^\n]{1,4000})$/;
/** A line of the Dockerfile as BuildKit quotes it: `  12 | >>> RUN npm ci`. */
const QUOTED_LINE = /^\s{0,8}\d{1,5} \| /;
/** What else it says of files: the operands of these are the names that an error of the builder is about. */
const OF_FILES = /^\s{0,8}\d{1,5} \| >>> .{0,20}(?:COPY|ADD|FROM)\b/i;

/** That a here-document begins on that line, and whether a blank stands behind `<<`: nothing else of the command. */
function hereDocument(line: string): string[] {
  const [, number, opens] =
    /^\s{0,8}(\d{1,5}) \| .{0,400}?(?<!<)(<<-?[ \t]?)['"]?[A-Za-z]\w{0,40}['"]?(?:\s|$)/.exec(line) ?? [];
  return number === undefined || opens === undefined ? [] : [`${number} | ${opens}WORD`];
}

/**
 * The output without the instructions that BuildKit repeats: a word of a command, of its flags or of a comment beside it
 * is no message. What a mount takes `from` stays, as BuildKit itself resolves it.
 */
export function withoutEcho(text: string): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (QUOTED_LINE.test(line)) return OF_FILES.test(line) ? [line] : hereDocument(line);
      const { frame, command = '' } = TITLE.exec(line)?.groups ?? {};
      if (frame === undefined) return [line];
      const from = /^(?:--\S{1,300} )*?--mount=\S{0,200}?\b(from=[\w./:@${}-]{1,200})/.exec(command)?.[1];
      return [from === undefined ? frame : `${frame} --mount=${from}`];
    })
    .join('\n');
}

/** The command of a step in BuildKit's error: it names the step, and is no message either. */
export const withoutCommands = (text: string): string =>
  text.replace(
    /(process ["'])(?:\/dev\/\.buildkit_qemu_emulator )?((?:(?:\/\w{1,12}){0,3}\/?\w{0,3}sh (?:-\w+ )+)?)[^\n]{1,2000}?(["'] did not complete)/g,
    '$1$2$3',
  );

/**
 * A part of an output that ends before BuildKit says that the step failed: its title and what its tool printed.
 * @returns undefined where BuildKit says how it ended, or no RUN step is in it
 */
export function titledStep(text: string): BuildStep | undefined {
  if (/failed to (?:solve|build)|did not complete successfully/.test(text)) return undefined;
  const all = text.split('\n');
  const titles = all.filter((line) => /^\s{0,8}(?:=> ERROR |> )\[/.test(line) && TITLE.test(line));
  const title = titles.at(-1) ?? lastTitle(all);
  const command = TITLE.exec(title ?? '')?.groups?.command;
  if (command === undefined) return undefined;
  const bareCommand = command
    .replace(/\s{1,400}\d{1,6}\.\d ?s$|:$/, '')
    .replace(/^(?:--\S{1,300} )+/, '')
    .replace(/\s+/g, ' ');
  return { command: bareCommand, exitCode: undefined, ...defined({ base: baseOf(text) }), lines: linesOf(text) };
}

/** The title of the step whose lines end the text; undefined where it ended well, or other steps printed at the same time. */
function lastTitle(lines: readonly string[]): string | undefined {
  const at = lines.findLastIndex((line) => /^#\d{1,5} \[/.test(line));
  const [, id] = /^#(\d{1,5}) \[/.exec(lines[at] ?? '') ?? [];
  const after = lines.slice(at + 1).filter((line) => /^#\d{1,5} /.test(line));
  return id !== undefined && after.length > 0 && after.every((line) => new RegExp(`^#${id} \\d+\\.\\d`).test(line))
    ? lines[at]
    : undefined;
}

/** The output of a build, taken apart by the step that failed. */
interface BuildEnd {
  /** The command that failed, with what it printed and nothing that other steps did. */
  readonly step?: BuildStep;
  /** What BuildKit, buildx and the runner say of it: without the words of any program, and without those of a command. */
  readonly frame: string;
}

/**
 * The whole output of `docker buildx build --progress=plain`, in which the failing step decides and not the words of the programs that it ran.
 * @returns undefined for a part of an output, as it is copied from a log, or one without a failed step
 */
export function buildEnd(text: string): BuildEnd | undefined {
  const failed = failedStepOf(text);
  // A copy that begins in the middle of a step has a line of its program in place of the title.
  if (!failed || /^\d+\.\d+ /.test(failed.title)) return undefined;
  // Old versions of BuildKit number what a step prints with 0, not with the number of the step.
  if (failed.lines.length === 0 && /^#0 \d+\.\d+ /m.test(text)) return undefined;
  const own = failed.kind === 'buildkit' ? [failed.title, ...failed.lines] : [];
  const frame = [...own, ...withoutPrograms(text)].join('\n');
  const step = failed.kind === 'command' ? failedStep(failed.error ?? '') : undefined;
  if (!step) return { frame };
  const [, platform] = /^\[(linux\/[\w/]{2,20}) /.exec(failed.title) ?? [];
  const printed = linesOf(failed.lines.join('\n'), OF_ONE_STEP);
  // What the runtime says where the step could not start stands in BuildKit's error.
  const base = baseOf(text);
  return { frame, step: { ...step, lines: [...printed, ...step.lines], ...defined({ platform, base }) } };
}

/** Lines outside of steps, and how steps ended. */
function withoutPrograms(text: string): string[] {
  const lines: string[] = [];
  let quoted = false;
  for (const line of text.split('\n')) {
    // BuildKit repeats what the step printed, then the lines of the Dockerfile, each between two rules.
    if (/^-{6,}$/.test(line)) quoted = !quoted;
    else if (!quoted && (!/^#\d+ /.test(line) || /^#\d+ ERROR: /.test(line))) lines.push(withoutCommand(line));
  }
  return lines;
}

function withoutCommand(line: string): string {
  const [from, to] = [line.indexOf('process "'), line.lastIndexOf('" did not complete')];
  return from < 0 || to < from ? line : `${line.slice(0, from)}process "${line.slice(to)}`;
}

/** Words of BuildKit, Buildx, Docker, registries and the runner: not the output of a tool alone. */
const NOT_A_TOOL =
  /failed to (?:build(?=:|\s{0,4}$| (?:target|image|docker))|solve|push|compute|export|load|read dockerfile|resolve|fetch (?:anonymous|oauth|remote)|copy|do request|authorize|configure|receive|initialize)|Error response from daemon|(?!build failed(?: with an exception|\.|$))\bbuildx?(?:kit\w{0,4})? (?:build|call|failed|create|bake)|dockerfile(?!:\d)|toomanyrequests|^ERROR: (?:resolve|invalid (?:tag|key|value|platform|reference)|unknown flag|no builder|tag |cannot|could not parse|existing|additional|multi|Cache|docker)|\bdenied: |unauthorized: |(?:ex|im)porting (?:cache|to)|\/v2\/|docker (?:login|push|pull|tag)|docker(?:\.exe)?: |^(?:COPY|ADD) failed: |docker daemon|docker\.sock|credential helper|\bECR\b|\.dkr\.ecr/im;

/** The output of a tool without BuildKit's words about the step, as it is copied from a log. */
export function toolOutput(text: string): BuildStep | undefined {
  return NOT_A_TOOL.test(text)
    ? undefined
    : { exitCode: undefined, lines: linesOf(text), ...defined({ quoted: quotedIn(text) }) };
}

/** The instruction that failed, as BuildKit shows it: its lines begin with `>>>`. */
function quotedIn(text: string): string | undefined {
  const lines = text
    .split('\n')
    .flatMap((line) => /^\s{0,8}\d{1,5} \| >>> (?<shown>.{1,400})/.exec(line)?.groups?.shown ?? []);
  return lines.length === 0 ? undefined : lines.map((line) => line.replace(/\\$/, '').trim()).join(' ');
}

/** In a text with other lines BuildKit's own are separated from those of the program. */
const OF_ANY_TEXT = { clean: bare, frame: FRAME };
const OF_ONE_STEP = { clean: (line: string): string => line.slice(0, LENGTH).trimEnd(), frame: /(?!)/ };

function linesOf(text: string, { clean, frame } = OF_ANY_TEXT): string[] {
  const lines = text
    .slice(-4 * TOTAL)
    .replace(COLOURS, '')
    .replace(/[\u2018\u2019]/g, "'")
    .split(/\r?\n/)
    .slice(-LINES)
    .map(clean)
    .filter((line) => line !== '' && !frame.test(line));
  let length = 0;
  const first = lines.findLastIndex((line) => {
    length += line.length;
    return length > TOTAL;
  });
  return lines.slice(Math.min(first + 1, Math.max(lines.length - 1, 0)));
}

/** Named causes before general ones: what only one tool prints, then what many do. */
const TOOLS: readonly Tool[] = [
  EMULATION,
  REFUSED,
  LINE_ENDS,
  ...NODE,
  ...PYTHON,
  ...NATIVE,
  ...JVM,
  ...DOTNET,
  ...SCRIPTING,
  ...SYSTEM,
  OPERANDS,
];

type Answer = Pick<StepError, 'cause' | 'remedy' | 'rule'> & {
  readonly found: RegExpExecArray;
  /** What further lines of the same form name: one after the other would be found missing. */
  readonly others?: readonly string[];
};

/** A tool's own codes, where one has written a line of its form. */
function ofTools(lines: readonly string[], { command = '', base }: Partial<BuildStep> = {}): Answer | undefined {
  const text = lines.join('\n');
  const called = `${command}\n${text}`;
  const stage = stageWords(called, base);
  // What an error was caused by says more than the error: the deepest cause that a row knows, then any line.
  const scopes = [...causesIn(lines).map((cause) => [cause]), lines];
  for (const { form, rows } of TOOLS) {
    if (!form.test(called)) continue;
    for (const scope of scopes)
      for (const row of rows) {
        const answer = ofRow(row, { scope, text, called, stage });
        if (!answer) continue;
        // Of one failure the line that names something.
        return hasNames(answer) ? answer : (ofRow(row, { scope: lines, text, called, stage }) ?? answer);
      }
  }
  return undefined;
}

const hasNames = ({ found: { groups = {} } }: Answer): boolean => namesSomething(groups);

interface Scope {
  readonly scope: readonly string[];
  readonly text: string;
  readonly called: string;
  /** What the base image of the stage has for words that differ between distributions. */
  readonly stage: Words;
}

function ofRow(
  [match, cause, remedy, { rule, when, unless, lines = 1 } = {}]: Row,
  { scope, text, called, stage }: Scope,
): Answer | undefined {
  if (when?.test(called) === false || unless?.test(text)) return undefined;
  const found = firstMatch(lines === 1 ? scope : windows(scope, lines), match);
  if (!found) return undefined;
  const words: Words = { ...found.groups, ...stage };
  return {
    cause: fill(cause, words),
    remedy: typeof remedy === 'function' ? ofBase(remedy(words), stage) : fill(remedy, words),
    found,
    ...(lines === 1 ? { others: othersIn(scope, match, found) } : {}),
    ...defined({ rule }),
  };
}

/** How many names are shown at most. */
const SHOWN = 5;
/** A thing that is missing or refused: versions, codes and sentences are none of which several stand beside each other. */
const THING = /^(?=[^\n]*[A-Za-z])[\w@./+:~-]{2,100}$/;

/** The names of further lines that the row knows; none where its line has more than one name. */
function othersIn(lines: readonly string[], match: RegExp, { groups = {} }: RegExpExecArray): readonly string[] {
  const nameOfLine = (found: Words): string | undefined => {
    const named = Object.entries(found).filter(([, word]) => word);
    const [first, ...rest] = named;
    return rest.length === 0 && /^name\d?$/.test(first?.[0] ?? '') ? first?.[1] : undefined;
  };
  const own = nameOfLine(groups);
  if (own === undefined || !THING.test(own)) return [];
  const names = lines.flatMap((line) => nameOfLine(match.exec(line)?.groups ?? {}) ?? []);
  return [...new Set(names)].filter((name) => name !== own && THING.test(name)).slice(0, SHOWN);
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** The command that installs the compilers and make, by distribution. */
const TOOLCHAIN = of(['alpine', 'debian'], {
  alpine: 'apk add --no-cache build-base',
  debian: 'apt-get update && apt-get install -y build-essential',
  redhat: 'dnf install -y gcc gcc-c++ make, or yum or microdnf where there is no dnf',
  any: 'build-essential on Debian and Ubuntu, build-base on Alpine, gcc gcc-c++ make on Fedora, Red Hat and Amazon Linux',
});
/** The step has read the lists of packages before it installs. */
const UPDATED = /\bapt(?:-get)? (?:-\S{1,40} ){0,4}update\b[^\n]{0,40}(?:&&|;)/;
/** @param called the step's command and what it printed, where its FROM is not shown */
const stageWords = (called: string, from: Base | undefined): Words => {
  const base = from ?? packagesOf(called);
  return { base, updated: UPDATED.exec(called)?.[0], toolchain: TOOLCHAIN[base ?? 'any'] };
};
const ofBase = (text: Text, { toolchain = '' }: Words): Text =>
  mapWords(text, (words) => words.replaceAll('{toolchain}', toolchain));

/** The distribution of a stage, by the package manager that its step has called and that was there. */
function packagesOf(called: string): Base | undefined {
  if (/\b(?:apk|apt(?:-get)?|(?:micro)?dnf|yum): (?:command )?not found/.test(called)) return undefined;
  if (/\bapk (?:--\S{1,40} ){0,4}(?:add|update|upgrade)\b/.test(called)) return 'alpine';
  if (/\bapt(?:-get)? (?:-\S{1,40} ){0,4}(?:install|update|upgrade)\b/.test(called)) return 'debian';
  return /\b(?:microdnf|dnf|yum) (?:-\S{1,80} ){0,6}(?:install|update|upgrade)\b/.test(called) ? 'redhat' : undefined;
}

/** Each line with those behind it, for what a tool says on several. */
const windows = (lines: readonly string[], size: number): string[] =>
  lines.map((_, i) => lines.slice(i, i + size).join('\n'));

/** What many tools say. */
function ofAny(
  lines: readonly string[],
  { command = '', quoted = '', base }: Partial<BuildStep> = {},
): Answer | undefined {
  const text = lines.join('\n');
  const stage = stageWords(`${command}\n${quoted}\n${text}`, base);
  for (const { match, last, when, cause, remedy, rule } of GENERAL) {
    if (when && !when(text)) continue;
    const found = firstMatch(last ? lines.toReversed() : lines, match);
    if (!found) continue;
    const words: Words = { ...found.groups, ...stage };
    return {
      cause: cause(words),
      remedy: ofBase(typeof remedy === 'function' ? remedy(words) : remedy, stage),
      found,
      ...(last ? {} : { others: othersIn(lines, match, found) }),
      ...defined({ rule }),
    };
  }
  return undefined;
}

/** The first line that matches and names something; where none names anything, the first that matches. */
function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  let first: RegExpExecArray | undefined;
  for (const line of lines) {
    const found = pattern.exec(line);
    if (found && (found.groups === undefined || namesSomething(found.groups))) return found;
    first ??= found ?? undefined;
  }
  return first;
}

const namesSomething = (groups: Words): boolean => Object.values(groups).some((word) => word);

/** Warnings and progress decide only where nothing else is printed. */
function telling(lines: readonly string[]): readonly string[] {
  const rest = lines.filter((line) => !NOISE.test(line));
  return rest.length > 0 ? rest : lines;
}

/** Lines that only the tool of a step writes. */
const TOOL_LINE =
  /^(?:error: (?:invalid (?:source|target) release: |release version \d)|[X\u2718] \[ERROR\] |\* What went wrong:|[\w./-]{1,200}\.java:\d{1,6}: error: |npm (?:ERR!|error)|\s?ERR_PNPM|➤ YN\d{4}|E: |\[ERROR\]|ERROR: (?:Could not find a version|No matching distribution|Failed building|Could not build)|curl: \(\d|gyp ERR|Gem::Ext::BuildError|\*{3} extconf\.rb failed|configure: error: |CMake Error |go: |\*\* \(|make: \*\*\*|error\[E\d|.{0,200}\berror (?:TS|CS|NU|MSB|NETSDK)\d)/m;

/** An output without a step around it is read by the codes of tools, and by general words only beside a tool's line. */
export function explainOutput(step: BuildStep): StepError | undefined {
  const lines = telling(step.lines);
  const { quoted = '' } = step;
  const answer = ofTools(lines) ?? (TOOL_LINE.test(lines.join('\n')) ? ofAny(lines, { quoted }) : undefined);
  return answer && toStepError(step, answer);
}

const nameOf = ({ command, platform }: BuildStep): string =>
  command === undefined
    ? 'A step of the build'
    : `The build step \`${cut(command)}\`${platform ? ` (${platform})` : ''}`;

/** Without the spaces of words that were not named. */
const tidy = (text: Text): Text =>
  typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : mapWords(text, (words) => words.replace(/\s+/g, ' '));

/** A cause that ends with the words of a tool may bring its full stop along. */
const withoutEnd = (text: Text): Text => (typeof text === 'string' ? text.replace(/\.$/, '') : text);

const toStepError = (step: BuildStep, { cause, remedy, rule, found, others = [] }: Answer): StepError => ({
  cause: together(
    `${nameOf(step)} failed: `,
    withoutEnd(tidy(cause)),
    others.length === 0 ? '' : `; the same is said of ${listed(others)}`,
    `. (${cutAround(found)})`,
  ),
  remedy: tidy(remedy),
  line: oneLine(found.input),
  ...defined({ rule }),
});

/** What an exit code says where the tool says nothing. */
const CODES: Readonly<Record<number, string>> = {
  132: ': it ran an instruction that the CPU of the builder does not know (illegal instruction)',
  134: ': it ended itself (abort)',
  135: ': it crashed (bus error)',
  137: ': it was killed, mostly for lack of memory',
  139: ': it crashed (segmentation fault)',
  143: ': it was terminated',
};

/** Exit codes that only these tools end with: `man curl` (EXIT CODES), `man wget` (EXIT STATUS). */
const ENDS: readonly (readonly [tool: RegExp, codes: Readonly<Record<number, string>>])[] = [
  [
    /\bcurl\b/,
    {
      6: 'curl could not resolve the name of the host',
      7: 'curl could not connect to the host',
      18: 'the download by curl broke off before all of the file was there',
      22: 'the server answered curl with an HTTP error (400 or higher)',
      28: 'the download by curl took longer than its time limit',
      35: 'curl and the server did not agree on TLS',
      56: 'the connection of curl broke off while it read',
      60: "curl does not trust the server's certificate",
    },
  ],
  [
    /\bwget\b/,
    {
      4: 'wget got no answer over the network',
      5: "wget does not trust the server's certificate",
      8: 'the server answered wget with an HTTP error',
    },
  ],
];
const CERTIFICATES: Text = [
  'Install ca-certificates in that stage',
  { examples: [{ for: 'debian', words: 'apt-get install -y ca-certificates' }] },
  ' before the download; for an authority of the company add its certificate.',
];
const DOWNLOAD_AGAIN: Readonly<Record<number, Text>> = {
  22: 'Correct the URL or version in the RUN line (404), or give it the token that the server asks for as a build secret (input `build-secrets`). With curl -fSL the log shows the status.',
  8: 'Correct the URL or version in the RUN line (404), or give it the token that the server asks for as a build secret (input `build-secrets`).',
  35: 'Install ca-certificates in that stage, use a newer base image, and check the proxy of the runner.',
  60: CERTIFICATES,
  5: CERTIFICATES,
};

/** A step that printed nothing, by its command and exit code. */
function bySilence({
  command = '',
  exitCode = 0,
}: BuildStep): Pick<StepError, 'cause' | 'remedy' | 'rule'> | undefined {
  for (const [tool, codes] of ENDS) {
    const cause = tool.test(command) ? codes[exitCode] : undefined;
    if (cause === undefined) continue;
    const remedy = DOWNLOAD_AGAIN[exitCode];
    return remedy === undefined
      ? {
          cause: `${cause} (exit code ${exitCode})`,
          remedy:
            'Run the job again, and let the step retry (curl -fSL --retry 5 --retry-all-errors, wget --tries=5). If it persists, check that the runner reaches that host (proxy), or take the file from a mirror or the build context.',
          rule: 'build-network',
        }
      : { cause: `${cause} (exit code ${exitCode})`, remedy };
  }
  const asks = /\bapt(?:-get)? (?:[\w-]{1,30} ){0,3}?(?:dist-upgrade|full-upgrade|upgrade|install)\b/.exec(
    command,
  )?.[0];
  if (asks === undefined || exitCode !== 1 || / -\w{0,6}[yq]|--(?:yes|assume-yes|quiet)\b/.test(command))
    return undefined;
  return {
    cause: `${asks} asks before it changes anything, which a build cannot answer: the command has no -y`,
    remedy: [
      'Write -y behind it',
      {
        examples: [
          { for: 'debian', words: 'apt-get install -y' },
          { for: 'debian', words: 'apt-get upgrade -y' },
        ],
      },
      ', with DEBIAN_FRONTEND=noninteractive for packages that ask questions of their own.',
    ],
  };
}

/**
 * What the tool of a failed step says, explained.
 * @returns undefined where its lines say no more than the exit code
 */
export function explainStep(step: BuildStep): StepError | undefined {
  const lines = telling(step.lines);
  const answer = ofTools(lines, step) ?? ofAny(lines, step);
  if (answer) return toStepError(step, answer);
  // Some tools call a warning what they end with: it decides where a row knows it and no error was printed.
  const warned = ofTools(
    step.lines.slice(-12).filter((line) => /^warning\b/i.test(line)),
    step,
  );
  if (warned) return toStepError(step, warned);
  const named = nameOf(step);
  const silent = lines.length === 0 ? bySilence(step) : undefined;
  if (silent) return { ...silent, cause: together(`${named} failed: `, silent.cause, '.'), line: step.command ?? '' };
  const text = lines.join('\n');
  const place = compilerPlace(lines);
  if (place !== undefined)
    return {
      cause: `${named} failed: the compiler rejected ${place.name}. (${cut(place.line)})`,
      remedy:
        'Correct the code at that place. If the same command succeeds on your machine, run it on a clean checkout: a file or generated source may exist only there.',
      line: place.line,
    };
  const error = readApplication(text);
  const program = error && isShown(error) ? programOf(error.kind, error.words) : undefined;
  if (error && program)
    return {
      cause: `${named} failed: ${program.cause(error.words)}. (${cut(error.line)})`,
      remedy: program.remedy,
      line: error.line,
    };
  const line = causesIn(lines)[0] ?? tellingOf(lines) ?? lines.at(-1);
  const { exitCode } = step;
  const ended = exitCode === undefined ? '' : ` with exit code ${exitCode}${CODES[exitCode] ?? ''}`;
  if (line === undefined) return undefined;
  const statement = statementIn(line);
  if (statement) {
    const { cause, remedy } = explainStatement(statement, 'build');
    return { cause: `${named} failed: ${cause}. (${cut(line)})`, remedy, line };
  }
  if (exitCode === 137) return { cause: `${named} failed${ended}: ${cut(line)}`, remedy: KILLED, line, vague: true };
  const advice = adviceIn(lines.slice(-12).filter((one) => !NEW_PROJECT.test(one)));
  const remedy = advice && advised(cut(advice), 'build');
  if (remedy) return { cause: `${named} failed${ended}: ${cut(line)}`, remedy, line, vague: true };
  return {
    cause: `${named} failed${ended}: ${cut(line)}`,
    remedy:
      'Correct what that line names; the lines before it in the log of the build show more. Run the same command in the stage before it (docker build --target).',
    line,
    vague: true,
  };
}

/** What a killed program printed last says nothing of its end. */
const KILLED = 'Use a larger runner, or lower the parallelism of the step. The line is only what it printed last.';
/** Where a file of the project is missing, tools advise to begin a new project. */
const NEW_PROJECT = /\b(?:\w+ init\b|create (?:a new|one))/;

/** That something failed, without why: tools close with it, or print it above the error. */
const SUMMARY =
  /^(?:\d\d:\d\d:\d\d )?[\s│■✗✘×⨯>x#-]{0,8}(?:\[?(?:ERROR|error|Error)\]?)?(?: \[vite\])?[\s:✗✘×x]{0,6}(?:Nothing to do|(?:Fatal e|E)rror in , line 0|(?:Build|Compilation|Command|Install(?:ation)?) (?:failed|error occurred)(?: in [\d.]{1,8} ?m?s| with exit code \d{1,4}| with \d{1,5} errors?)?\.?|error during build:|Failed to compile\.?|ELIFECYCLE\b.{0,60}|Exit status \d{1,4}|BUILD FAIL(?:ED|URE)\b.{0,40}|process didn't exit successfully: .{1,400}|note: run with `RUST_BACKTRACE.{0,80}|make(?:\[\d{1,3}\])?: \*\*\* .{0,200}|Process exited with code \d{1,4}\.?)$/;
const STACK =
  /^\s{1,40}at \S|^\s{0,40}File "[^"\n]{1,300}", line \d|^\s{0,8}(?:file|path|loc|id|code|errno|syscall|type|digest): /;

/** Of a tool that no row knows the line that says why: not one that only says that it failed, nor one of its stack. */
function tellingOf(lines: readonly string[]): string | undefined {
  const own = lines.filter((line) => !SUMMARY.test(line));
  const why = tellingLine(own.filter((line) => !STACK.test(line)).join('\n'));
  if (why !== undefined) return why;
  const stack = own.findIndex((line) => STACK.test(line));
  return stack > 0 ? own[stack - 1] : tellingLine(lines.join('\n'));
}

/** `src/main.go:10:5: ...`, as compilers of all languages write it. */
function compilerPlace(lines: readonly string[]): { readonly name: string; readonly line: string } | undefined {
  for (const line of lines) {
    const name =
      /^(?:e: |error: |\[ERROR\] )?(?<name>(?:file:\/\/)?[\w@./-]{1,200}\.(?:go|rs|c|cc|cpp|cxx|h|hpp|kt|java|scala|swift|[cm]?[jt]sx?|vue|cs|fs|ex|proto|dart|zig|hs)[:(]\d{1,6})/.exec(
        line,
      )?.groups?.name;
    if (name !== undefined && !/\bwarning\b|: running "/i.test(line)) return { name: name.replace('(', ':'), line };
  }
  return undefined;
}

interface Program {
  readonly cause: (words: Words) => string;
  readonly remedy: Text;
}
const serverOf = ({ host, port }: Words): string => (host ? ` ${host}${port ? `:${port}` : ''}` : '');
const NO_VPC: Program = {
  cause: (words) => `it needs a server${serverOf(words)} that cannot be reached from the build`,
  remedy:
    'Do not let the build connect to databases or services of the VPC: the runner does not reach them. Move that command to the start of the container or to a task before the deployment, or give the build a placeholder.',
};

/** A server of the internet, which the build should reach. */
const PUBLIC: Program = {
  cause: (words) => `the server${serverOf(words)} did not answer the build`,
  remedy:
    'Run the job again. If it persists, check that the runner reaches that host (proxy: HTTP_PROXY as build argument, input `network`), and let the step retry.',
};
const isPublic = (host: string | undefined): boolean =>
  host !== undefined &&
  /\.[a-z]{2,}$/i.test(host) &&
  !/\.(?:internal|local|localdomain|svc|lan|corp)$|\.(?:rds|cache|docdb|kafka|es|aoss|mq)\..{0,200}amazonaws/i.test(
    host,
  );
/** Whether the line itself shows it: what runs in a build prints words of a network or a setting for other reasons as well. */
const isShown = ({ kind, words: { host, port, name, name2, name3 }, line }: ApplicationError): boolean => {
  if (PROGRAMS[kind] === NO_VPC)
    return (
      host !== undefined ||
      port !== undefined ||
      /refused|unreachable|timed? ?out|resolve|lookup|getaddrinfo|E[A-Z]{4,}/i.test(line)
    );
  return (
    kind !== 'variable-missing' ||
    /\benv\b|environment|variable/i.test(line) ||
    [name, name2, name3].some((one) => one !== undefined && /^[A-Z][A-Z0-9_]+$/.test(one))
  );
};
const programOf = (kind: ApplicationKind, words: Words): Program | undefined =>
  PROGRAMS[kind] === NO_VPC && isPublic(words.host) ? PUBLIC : PROGRAMS[kind];

/** What the error of a program means while the image is built: no task, no task role and no VPC are there yet. */
const PROGRAMS: Readonly<Partial<Record<ApplicationKind, Program>>> = {
  'connection-refused': NO_VPC,
  unreachable: NO_VPC,
  dns: NO_VPC,
  'variable-missing': {
    cause: ({ name, name2, name3 }) => {
      const variable = name ?? name2 ?? name3;
      return `it needs the environment variable${variable ? ` ${variable}` : ''}, which is not set while the image is built`;
    },
    remedy:
      'Declare it in the Dockerfile (ARG and ENV) and pass it with the input `build-args`; a secret value goes through `build-secrets` (RUN --mount=type=secret). Where only the running application needs it, do not read it during the build.',
  },
  'aws-credentials-missing': {
    cause: () => 'it calls AWS, and a build has no credentials (the task role is there only when the task runs)',
    remedy:
      'Move that command out of the build, or pass credentials as a build secret (input `build-secrets`, RUN --mount=type=secret).',
  },
  'permission-denied': {
    cause: ({ path }) => `the user of that stage may not write ${path ?? 'where the step writes'}`,
    remedy:
      'Put USER behind that step, or give the folder to the user first (COPY --chown, RUN chown) in the Dockerfile.',
  },
  'runtime-mismatch': {
    cause: ({ library }) =>
      library
        ? `the image of that stage lacks the library ${library}`
        : 'a program does not fit the runtime or libraries of the base image',
    remedy: [
      'Install the library in that stage, or use a base image with the version that the program needs',
      { examples: [{ for: ['debian', 'alpine', 'native'], words: 'glibc of Debian and musl of Alpine do not mix' }] },
      '.',
    ],
  },
  'option-unknown': {
    cause: ({ option, option2, option3, option4 }) =>
      `a tool does not know the option ${option ?? option2 ?? option3 ?? option4 ?? 'that the line names'}`,
    remedy: 'Correct the command in the RUN line, or install the version of the tool that has the option.',
  },
  'setting-missing': {
    cause: ({ name, name2 }) => `a program was started without ${name ?? name2 ?? 'a setting'}, which it needs`,
    remedy: 'Add it to the command in the RUN line, or to the configuration file that the step reads.',
  },
  'own-fault': {
    cause: () => 'a program that the step runs ended with an error of its own',
    remedy:
      'Read the stack above that line: where its first frame is your code, correct it there; where all are of a package, use another version of that package.',
  },
};

const oneLine = (text: string): string => (text.includes('\n') ? text.replace(/\s+/g, ' ').trim() : text);

/** At most 200 characters of the line, with what matched in them; of several lines those that matched. */
function cutAround({ input, index, 0: match }: RegExpExecArray): string {
  if (input.includes('\n')) return cut(oneLine(match));
  if (input.length <= 200) return input;
  const from = Math.max(0, Math.min(index - 40, input.length - 200));
  return `${from > 0 ? '...' : ''}${input.slice(from, Math.max(from + 194, Math.min(index + match.length, from + 400)))}...`;
}
const cut = (text: string): string => gist(text, 200);
