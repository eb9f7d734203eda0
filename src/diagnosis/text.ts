import { clip } from '../clip.ts';
import type { Surface } from './diagnosis.ts';

/**
 * What the patterns see of a message, in characters. Each pattern takes linear time, but there are hundreds of them, and
 * some take hundreds of steps per character: this bound is what keeps any message, however long, below 50 ms.
 * ECS cuts its reasons at 1,024 characters; what is longer is build output, whose end says most, or noise.
 */
const LIMIT = 8_000;
const TAIL_SHARE = 0.75;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour of a terminal
const COLOURS = /\u001B\[[\d;]{0,20}[A-Za-z]/g;
/** What cannot be seen in an editor: spaces without width or break, marks of direction, a byte order mark in the midst of a text. */
export const UNSEEN = /[\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u2060\u3000\uFEFF]/;
/** BuildKit's own log of a cache that is not there yet: the block of one step, up to its last line. */
const CACHE_MISS =
  /^#\d+ ERROR: [^\n]{0,500}not found\n(?:-{3,}\n)? ?> importing cache manifest[^\n]{0,500}(?::\n|\n|$)|^#(\d+) importing cache manifest[^\n]{0,500}\n#\1 ERROR: [^\n]{0,500}\n/gm;

/**
 * The message as rules read it: plain quotes, no colours, one line (build output keeps its lines, without the runner's
 * time stamps and without the misses of a cache when another error follows), at most 8,000 characters.
 */
export function normalise(text: string, surface: Surface): string {
  const plain = clip(text, LIMIT, TAIL_SHARE)
    .replace(COLOURS, '')
    .replace(/[\u2018\u2019\u201B]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/\u00A0/g, ' ')
    .replace(/\r\n?/g, '\n');
  if (surface !== 'buildx.stderr') return plain.replace(/\s+/g, ' ').trim();
  const lines = plain
    .replace(/[^\S\n]+/g, ' ')
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
    .replace(/^(?:Error: )?buildx (?:call )?failed with: /gm, '')
    .trim();
  return /^(?:ERROR|error): /m.test(lines) ? lines.replace(CACHE_MISS, '') : lines;
}

/** Behind these stands what a long message is about; the last of them decides. */
const DECIDING = /nested exception is |\bReason: |: (?:error|ERROR|Error)\b:? |\bCaused by: |\bcaused by: /g;

/**
 * At most `limit` characters of a message: its beginning, unless what decides (the innermost exception, the reason that a
 * server gave) stands behind it; then that part.
 */
export function gist(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = (part: string): string => (part.length > limit ? `${part.slice(0, limit - 3)}...` : part);
  const last = [...text.matchAll(DECIDING)].findLast(({ index }) => index < text.length - 12);
  if (last === undefined || last.index === 0) return head(text);
  const shown = last[0].startsWith('nested')
    ? text.slice(last.index + last[0].length)
    : text.slice(last.index).replace(/^: /, '');
  return last.index + shown.length <= limit ? head(text) : `...${head(shown)}`;
}

/** What names that users gave stand behind: words of ECS, registries, and the types of resources in ARNs. */
const BEFORE = [
  '\\(service |^service |(?:dependency|target|container) \\[',
  '\\.dkr[.-]ecr[.-][\\w.-]{1,80}\\/(?:v2\\/)?',
  '(?:docker\\.io|ghcr\\.io|quay\\.io|gcr\\.io|\\.azurecr\\.io|\\.jfrog\\.io|\\.pkg\\.dev|public\\.ecr\\.aws|mcr\\.microsoft\\.com|registry\\.gitlab\\.com)(?::\\d{2,5})?\\/(?:v2\\/)?',
  '(?:failed to solve: |resolve ref |resolve source metadata for |load metadata for |manifest for |pull access denied for |repository with name )[\'"]?(?=[\\w-]{1,100}[/:\'"])(?![\\w-]{1,60}: )',
  ':(?:assumed-role|role|user|targetgroup|cluster|service|task-definition|repository|parameter|listener|listener-rule|loadbalancer)\\/|:(?:secret|function|alarm):|:log-group:\\/?',
].join('|');
// Images that AWS itself puts into a task are no names of users.
const NAMED = new RegExp(
  `(${BEFORE})(?!registry\\b|arn:aws|aws-service-role|AWSServiceRole|process\\b|(?:linux|windows)/|aws-guardduty-agent|amazon/amazon-ecs-pause|zq[a-z]\\b)([\\w.-]{1,255}(?:\\/(?!manifests\\b|blobs\\b|ECS|ecs-|GitHub)[\\w.-]{1,255}){0,5})`,
  'gm',
);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

export interface Masked {
  readonly text: string;
  /** The names again, in what was taken from the masked text. */
  readonly restore: (part: string) => string;
}

/** Words of failures as parts of a host name or a path: `timeout.prod.internal`, `/app/access-denied/x`. */
const PART =
  'access|denied|deny|timeout|found|refused|space|certificates?|certs?|missing|migrations?|migrate|password|invalid|urls?|uri|memory|pem|gpu|pools?|topics?|regions?|errors?|failed|failure|unknown|expired|unreachable|reset|locks?|limits?|ports?|tls|ssl|dns|module|permissions?|checksum|disk|heap';
const PARTS = new RegExp(
  `(?<=/(?:[\\w.]{1,40}-){0,3})(?:${PART})(?=[-/.\\s:'"\`)]|$)|\\b(?:${PART})(?=(?:-\\w{1,60}){0,4}(?:\\.[a-z][\\w-]{0,60}){2}\\b)|\\b(?:${PART})(?=-\\w{1,60}(?:-\\w{1,60}){0,3}:\\d)`,
  'g',
);

/** An application's line without words of failures in its hosts and paths: they name something, they are not a message. */
export const maskParts = (text: string): Masked => masked(text, PARTS, /zq([a-z])(?![a-z])/g);

/** The message without the names that users gave: a service called firelens-app does not mean that FireLens failed. */
export const mask = (text: string): Masked => masked(text, NAMED, /\bzq([a-z])\b/g);

/**
 * Each different name under a letter of its own, and the way back; more names than letters stay as they are.
 * @param pattern finds a name; where it has groups, the first stays in front and the second is the name
 */
function masked(text: string, pattern: RegExp, token: RegExp): Masked {
  const names: string[] = [];
  const without = text.replace(pattern, (whole: string, ...groups: readonly unknown[]) => {
    const [before, name] = typeof groups[0] === 'string' ? [groups[0], String(groups[1])] : ['', whole];
    const known = names.indexOf(name);
    const at = known >= 0 ? known : names.length;
    if (at >= LETTERS.length) return whole;
    if (known < 0) names.push(name);
    return `${before}zq${LETTERS[at]}`;
  });
  return {
    text: without,
    restore: (part) => part.replace(token, (found, letter: string) => names[LETTERS.indexOf(letter)] ?? found),
  };
}

/**
 * What log viewers write before each line: the container (Docker Compose), the stream of awslogs (`ecs/web/TASK`), the pod
 * (kubectl --prefix), and the runner's own marks.
 */
const VIEWERS =
  /^(?:\uFEFF|(?!\d{1,6} )[\w.-]{1,80}[-_]\d{1,3}\s{1,40}\|(?:\s|$)|(?!\d{1,6} )[\w.-]{1,80}\s{2,40}\|(?:\s|$)|[a-z0-9]{1,40}(?:[-_.][a-z0-9]{1,40}){1,6} \|(?:\s|$)|(?:\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:?\d\d) )?(?:[\w.-]{1,80}\/){1,4}[\da-f]{32}(?::? |$)|\[pod\/[\w./-]{1,250}\] ?|##\[(?:error|warning|group|debug|section|command)\]){1,4}/;
const STAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?: |$)/;
/** Prefixes that are one only where every line has it: line numbers of a viewer and of grep, and a time of its own on lines of a stack. */
const OF_EVERY_LINE: readonly RegExp[] = [/^\s{0,6}\d{1,6} {0,2}\|(?: |$)/, /^\d{1,6}[:-](?!\d\d[:-])/];
const CONTINUES = /^(?:\s|[)}\]]|$|at |Caused by: )/;
/** What names an instance, as the first words of each line: a pod and its container (stern, kail). */
const INSTANCE = /^[a-z][\w./-]{0,80}[-/][\w./-]{0,80}\d[\w./-]{0,80} (?:[a-z][\w-]{0,60} )?/;

/** The lines as the program printed them: without what a log viewer, a runner or grep has written before each. */
export function withoutViewers(text: string): string {
  let lines = text.split('\n').map((line) => line.replace(VIEWERS, ''));
  const said = lines.filter((line) => line.trim() !== '' && line !== '--');
  if (said.length < 2) return lines.join('\n');
  const cut = (form: RegExp): void => {
    lines = lines.map((line) => (line === '--' ? '' : line.replace(form, '')));
  };
  for (const form of OF_EVERY_LINE) if (said.every((line) => form.test(line))) cut(form);
  const [instance] = INSTANCE.exec(said[0] ?? '') ?? [];
  if (instance !== undefined && said.every((line) => line.startsWith(instance)))
    lines = lines.map((line) => (line.startsWith(instance) ? line.slice(instance.length) : line));
  const stamped = lines.filter((line) => line.trim() !== '');
  if (stamped.every((line) => STAMP.test(line)) && stamped.some((line) => CONTINUES.test(line.replace(STAMP, ''))))
    cut(STAMP);
  return lines.join('\n');
}
