/**
 * The lines of a build's output as its tools printed them: without what runners, log viewers and scripts write around them,
 * and the chain of causes in the order in which each tool prints it. Pure, linear in the length of the text.
 */
import { withoutViewers } from './text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;?]{0,20}[A-Za-z]/g;
/** BuildKit's own words, behind which a bracket or a number is a prefix and not a part of the line. */
const OF_BUILDKIT = '(?=#\\d+ |ERROR: |error: |> \\[| > \\[|-{6}|\\d+\\.\\d+ |Dockerfile|##\\[)';
/**
 * What stands before a line: `gh run view --log` (job, step, time), the runner's time stamp, Jenkins' clock, seconds in
 * brackets (osc), the level of a logger, the line number of grep.
 */
const BEFORE = new RegExp(
  `^(?:[^\\t\\n|]{1,80}[\\t|][^\\t\\n|]{0,80}(?:[\\t|] ?)?\\uFEFF?(?=\\d{4}-\\d\\d-\\d\\dT)|\\uFEFF?\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:[\\d:.,]{4,20}(?:Z|[+-]\\d\\d:?\\d\\d)? |\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})? {1,4}${OF_BUILDKIT}|\\[ {0,6}\\d{1,6}\\.\\d{1,3}s\\] |(?:\\[(?:INFO|ERROR|WARN|DEBUG|info|error)\\]|(?:INFO|ERROR|WARN|WARNING|DEBUG) -) ${OF_BUILDKIT}|\\d{4}-[A-Z][a-z]{2}-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3,9}\\n|\\d{1,6}:${OF_BUILDKIT}|\\[\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:[\\d:.,]{4,20}(?:Z|[+-]\\d\\d:?\\d\\d)?\\] ?|\\[\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?\\] ?(?:$|${OF_BUILDKIT}))+`,
  'gm',
);
/** BuildKit's error, broken into two lines in a copy. */
const BROKEN_COMMAND = /process "[^"\n]{1,600}(?:\n[^"\n]{1,600})?"\s{1,20}did not\s{1,20}complete successfully/g;
const BROKEN = /(["']) ?\n\s{0,20}(did not complete successfully)/g;
const BROKEN_WORDS = /: ?\n {0,20}(?=failed to (?:fetch|authorize|solve|do|copy|push)\b)/g;
const BROKEN_LIST = /executor failed running \[[^\][]{1,1000}\]: (?:exit code|runc)/g;

/** The output without colours, carriage returns, prefixes and a common indentation; BuildKit's error is on one line again. */
export function plainOutput(text: string): string {
  const lines = withoutViewers(text.replace(COLOURS, '').replace(/\r{1,3}\n/g, '\n'))
    .replace(BEFORE, '')
    .replace(BROKEN, '$1 $2')
    .replace(BROKEN_COMMAND, (found) => found.replace(/\s+/g, ' '))
    .replace(BROKEN_WORDS, ': ')
    .replace(BROKEN_LIST, (found) => found.replace(/\s+/g, ' '));
  const indent = ' '.repeat(lines.search(/[^ ]|$/));
  return everyLineBegins(lines, indent) ? lines.replaceAll(`\n${indent}`, '\n').slice(indent.length) : lines;
}

const everyLineBegins = (text: string, indent: string): boolean =>
  text.split('\n').every((line) => line.startsWith(indent) || line.trim() === '');

/** The number of the step that failed, where BuildKit writes it. */
const FAILED = /^#(\d{1,5}) ERROR: (?:process ["']|executor failed running)/m;

/** Without the lines of steps that ran beside the one that failed, in which a tool may have printed anything. */
export function withoutOtherSteps(text: string): string {
  const failed = FAILED.exec(text)?.[1];
  if (failed === undefined) return text;
  // Old versions number what a step prints with 0: where the failed step has printed nothing, they are kept.
  const own = new RegExp(`^#${failed} \\d{1,6}\\.\\d`, 'm').test(text) ? [failed] : [failed, '0'];
  const isOfOther = (line: string): boolean =>
    /^#\d{1,5} /.test(line) && !own.some((number) => line.startsWith(`#${number} `));
  return text
    .split('\n')
    .filter((line) => !isOfOther(line))
    .join('\n');
}

/** The platform of the step that failed, by its title; undefined where it has none or is not shown. */
export function platformOf(text: string): string | undefined {
  return /(?:^|\n)(?:#\d+ |\s{0,8}> )\[(linux\/[\w/]{2,20}) [^\]\n]{1,80}\] RUN/.exec(withoutOtherSteps(text))?.[1];
}

/** What packages a stage takes, by the distribution that its base image is made from. */
export type Base = 'alpine' | 'debian' | 'redhat';

const HUB = /^(?:docker\.io\/(?:library\/)?|public\.ecr\.aws\/docker\/library\/)?/.source;
const BASES: readonly (readonly [Base, RegExp])[] = [
  ['alpine', new RegExp(`alpine|wolfi|${HUB}(?:composer|docker)(?:$|[:@])`)],
  [
    'redhat',
    /amazonlinux|amazoncorretto|\bal20\d\d|\/lambda\/|fedora|centos|rockylinux|almalinux|\bubi\d|rhel|oraclelinux/,
  ],
  ['debian', /debian|ubuntu|-slim|(?:bookworm|bullseye|buster|stretch|trixie|bionic|focal|jammy|noble)(?!\w)/],
  [
    'debian',
    new RegExp(
      `${HUB}(?:node|python|ruby|golang|rust|php|elixir|erlang|perl|gcc|haskell|buildpack-deps|r-base|eclipse-temurin|maven|gradle|swift|dart)(?:$|[:@])|^mcr\\.microsoft\\.com\\/(?:dotnet\\/(?:core\\/)?(?:sdk|aspnet|runtime)|playwright|devcontainers)(?!.*(?:azurelinux|mariner))`,
    ),
  ],
];

/** @param image as FROM names it; official images without a variant in their tag are made from Debian or Ubuntu */
export const baseOfImage = (image: string): Base | undefined =>
  BASES.find(([, form]) => form.test(image.slice(0, 300)))?.[0];

/** `[linux/arm64 build 1/7] FROM IMAGE`, `Step 1/7 : FROM IMAGE`, and a quoted line of the Dockerfile. */
const FROM =
  /(?:\[(?:linux\/[\w/]{2,20} )?(?<stage>[^\]\n]{0,80}?) {0,2}1\/\d{1,3}\] |^Step \d{1,3}\/\d{1,3} : |^\s{0,8}\d{1,5} \| (?:>>> | {4}))FROM (?:--platform=\S{1,60} )?(?<image>[^\s@]{1,300})/i;
const RUN =
  /^(?:#\d{1,5} |\s{0,8}(?:=> ERROR |> ))\[(?:linux\/[\w/]{2,20} )?([^\]\n]{0,80}?) {0,2}\d{1,3}\/\d{1,3}\] RUN/;

/**
 * The distribution of the stage whose RUN step failed: by the FROM of its name, else by the last one before the step.
 * @returns undefined where no FROM is shown, or several of different distributions and none is known to be the step's
 */
export function baseOf(text: string): Base | undefined {
  const stage = withoutOtherSteps(text)
    .split('\n')
    .map((line) => RUN.exec(line))
    .findLast((found) => found !== null)?.[1];
  const all = text.split('\n');
  // A stage that begins behind the instruction that failed is another one.
  const failed = all.findIndex((line) => /^\s{0,8}\d{1,5} \| >>>/.test(line));
  const froms = all.slice(0, failed < 0 ? undefined : failed).flatMap((line) => {
    const { image = '', stage: of } = FROM.exec(line)?.groups ?? {};
    return image === '' ? [] : [{ of, base: baseOfImage(image) }];
  });
  const own = froms.find(({ of }) => of !== undefined && of === stage) ?? froms.findLast(({ of }) => of === undefined);
  if (own) return own.base;
  const [base, ...others] = new Set(froms.map((from) => from.base));
  return others.length === 0 ? base : undefined;
}

/**
 * What an error was caused by, the deepest cause first, as tools print it below the error:
 * - cargo and the JVM: `Caused by:`, its words behind it or on the next line
 * - Node.js: `[cause]: Error: ...`
 * - uv: `├─▶` and `╰─▶`
 * - Gradle: `>` below "What went wrong", each further in than the one that it caused
 * @returns none where the tool prints no chain
 */
export function causesIn(lines: readonly string[]): readonly string[] {
  return [...named(lines), ...gradle(lines)].toReversed();
}

/** A cause that says no more than that a program failed: why stands in what that program printed. */
const ONLY_ENDED =
  /^process didn't exit successfully|^(?:Command|Process) (?:failed|exited) with (?:exit )?(?:code|status)\b/;

function named(lines: readonly string[]): string[] {
  return lines.flatMap((line, i) => {
    const words = /^\s{0,40}(?:Caused by: ?|caused by: |\[cause\]: |[├╰]─▶ )(.{0,1000})/.exec(line)?.[1];
    const reason = (words === '' ? lines[i + 1] : words)?.trim() ?? '';
    return reason === '' || ONLY_ENDED.test(reason) ? [] : [reason];
  });
}

function gradle(lines: readonly string[]): string[] {
  const from = lines.findLastIndex((line) => /^\* What went wrong:/.test(line));
  if (from < 0) return [];
  const behind = lines.slice(from + 1);
  const to = behind.findIndex((line) => /^\* /.test(line));
  return behind.slice(0, to < 0 ? undefined : to).filter((line) => /^\s*> /.test(line));
}
